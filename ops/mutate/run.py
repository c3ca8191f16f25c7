"""`make mutate`: breaks the heart in many small ways and counts how many of them the tests notice.

mutmut changes the functions, `beside.py` what mutmut leaves alone. Prints a table by module, lists every change that
nobody noticed, and fails when a module stays below the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ops.mutate import beside

KILLED = frozenset({1, 3})
"""pytest's own exit codes for tests that failed, and for one that could not even run."""
TIMED_OUT = frozenset({-24, 24, 36, 152, 255})
"""How mutmut says that a run did not end; that, too, is noticed."""
CLASS_MARK = "ǁ"
"""What mutmut writes around the name of a class."""
REASONS = Path("ops/mutate/survivors.md")
FOUND = Path("mutants/survivors.txt")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no test noticed: its place, as `survivors.md` names it, and what was changed."""

    place: str
    text: str


@dataclass(slots=True)
class Tally:
    """What became of the changes of one module."""

    made: int = 0
    noticed: int = 0
    survivors: list[Survivor] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return how many of them were noticed, in percent."""
        return 100.0 * self.noticed / self.made if self.made else 100.0


def main() -> int:
    """Run both, tell, and return what the shell should know."""
    asked = _asked()
    with Path("pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)["tool"]["mutmut"]
    modules = [Path(name) for name in settings["only_mutate"]]
    if not asked.keep:
        shutil.rmtree("mutants", ignore_errors=True)
    ran = subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", str(asked.children)], check=False)
    if ran.returncode:
        print("crisis_hub: mutmut did not come to its end, see above.", file=sys.stderr)
        return 2
    tallies = {path.stem: _by_mutmut(path) for path in modules}
    if not asked.functions_only:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider"]
        command += [*settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"]]
        _add_beside(tallies, modules, command)
    _tell(tallies, asked.limit)
    return int(any(tally.share < asked.limit for tally in tallies.values()))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="how many run at once")
    parser.add_argument("--limit", type=float, default=90.0, help="percent that must be noticed, in each module")
    parser.add_argument("--keep", action="store_true", help="go on from the last run where its results still hold")
    parser.add_argument("--functions-only", action="store_true", help="leave out tables, defaults and properties")
    return parser.parse_args()


def _by_mutmut(path: Path) -> Tally:
    results: dict[str, int | None] = json.loads(Path("mutants", f"{path}.meta").read_text())["exit_code_by_key"]
    tally = Tally(len(results))
    for name, code in results.items():
        if code in KILLED or code in TIMED_OUT:
            tally.noticed += 1
        else:
            tally.survivors.append(Survivor(_place(name), _shown(name)))
    return tally


def _place(name: str) -> str:
    """Return `rules._levels` for `crisis_hub.domain.rules.x__levels__mutmut_24`; a method comes after its class."""
    module, _, mangled = name.removeprefix("crisis_hub.domain.").partition(".")
    function = mangled.rpartition("__mutmut_")[0]
    return f"{module}.{function[2:].replace(CLASS_MARK, '.')}"


def _shown(name: str) -> str:
    """Return a change as its function and the lines that differ."""
    told = subprocess.run([sys.executable, "-m", "mutmut", "show", name], capture_output=True, text=True, check=False)
    lines = [line for line in told.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n    ".join([name, *lines])


def _add_beside(tallies: dict[str, Tally], modules: list[Path], command: list[str]) -> None:
    counts, unnoticed = beside.survivors(modules, command)
    lost = Counter(change.module for change in unnoticed)
    for module, count in counts.items():
        tallies[module].made += count
        tallies[module].noticed += count - lost[module]
    for change in unnoticed:
        tallies[change.module].survivors.append(Survivor(f"{change.module}.{change.where}", str(change)))


def _tell(tallies: dict[str, Tally], limit: float) -> None:
    survivors = [one for tally in tallies.values() for one in tally.survivors]
    FOUND.write_text("\n\n".join(one.text for one in survivors) + "\n")
    print(f"\n{'module':<14}{'changes':>9}{'noticed':>9}{'survived':>10}{'percent':>9}")
    for module, tally in tallies.items():
        below = "" if tally.share >= limit else f"   below {limit:g}"
        print(
            f"{module:<14}{tally.made:>9}{tally.noticed:>9}{tally.made - tally.noticed:>10}{tally.share:>9.1f}{below}"
        )
    print(f"\nWhat nobody noticed stands in {FOUND}; why it may stay so, in {REASONS}.")
    reasons = REASONS.read_text()
    if missing := sorted({one.place for one in survivors if f"`{one.place}`" not in reasons}):
        print(f"No reason is given there for: {', '.join(missing)}.")


if __name__ == "__main__":
    sys.exit(main())
