"""The bench: measures, prints one table, and with `--json` the same as data."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ops.bench import deciding, fanout, inbound, pages, rotas, rulebook, rush
from ops.bench.helper import Trouble
from ops.bench.machine import machine
from ops.bench.report import Figure, as_data, table
from ops.bench.scene import FOLDER


def _figures(seconds: float, rounds: int, samples: int) -> dict[str, Callable[[], Figure]]:
    return {
        "inbound": lambda: inbound.measure(seconds, rounds),
        "pages": lambda: pages.measure(samples),
        "rush": lambda: rush.measure(whole=samples > 30),
        "boards": lambda: fanout.measure(samples),
        "decide": lambda: deciding.measure(seconds),
        "rulebook": lambda: rulebook.measure(seconds),
        "rotas": lambda: rotas.measure(seconds),
    }


_SHORT, _WHOLE = (1.0, 1, 30), (1.5, 3, 200)


def main() -> int:
    """Read the options, measure and say."""
    options = argparse.ArgumentParser(prog="ops/bench/run.py", description=__doc__)
    names = list(_figures(*_SHORT))
    options.add_argument("--only", action="append", choices=names, help="measure only this; can be repeated")
    options.add_argument("--short", action="store_true", help="a look in a minute: shorter and fewer runs")
    options.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON, too; - for the screen")
    given = options.parse_args()
    begun = time.perf_counter()
    shutil.rmtree(FOLDER, ignore_errors=True)
    where = machine()
    found = []
    try:
        for name, measure in _figures(*(_SHORT if given.short else _WHOLE)).items():
            if not given.only or name in given.only:
                print(f"measuring: {name} …", file=sys.stderr)
                found.append(measure())
    except Trouble as trouble:
        print(f"The bench stopped: {trouble}", file=sys.stderr)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    where["took"] = f"{time.perf_counter() - begun:.0f} s"
    print(table(where, found))
    if given.json:
        written = json.dumps(as_data(where, found), indent=2)
        print(written) if str(given.json) == "-" else given.json.write_text(written + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
