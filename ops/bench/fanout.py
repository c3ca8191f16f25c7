"""Figure 3: a change is durable; the last of 500 live boards has it."""

from __future__ import annotations

import socket
import time

from ops.bench.asking import Asker
from ops.bench.helper import Helper, free_port, started, wait_for
from ops.bench.report import Aim, Figure, spread

BOARDS = 500
_CASES = 10
_NOBODY = "-"
"""The smallest server asks nobody who they are."""
_APART_SECONDS = 0.05


def measure(samples: int) -> Figure:
    """Send texts into open cases with 500 boards watching, and do the same with ready frames of the same size."""
    with started("boards") as boards:
        ours, size = _of_hub(boards, samples)
        floor = _of_floor(boards, samples, size)
    rows = (
        spread(f"smallest server: begun → last of {BOARDS} has a ready frame", floor, 1000),
        spread(f"hub: commit → last of {BOARDS} boards has the change", ours, 1000, f"{size} bytes each"),
    )
    ratio, worst = (rows[1].p50 or 0) / (rows[0].p50 or 1), (rows[1].p99 or 0) / (rows[0].p99 or 1)
    aims = (Aim("p50 / smallest server", ratio, 2.5), Aim("p99 / smallest server", worst, 2.5))
    return Figure(f"3. Commit → change received by the last of {BOARDS} live boards", "ms", rows, aims)


def _of_hub(boards: Helper, samples: int) -> tuple[list[float], int]:
    port = free_port()
    with started("hub", port=port, stamps=1):
        wait_for(port)
        asker = Asker(port)
        for one in range(_CASES):
            asker.text(one, f"+144{one:09d}")
        boards.ask(do="open", port=port, boards=BOARDS, token=asker.token)
        asker.ask("GET", "/bench/stamps")
        for one in range(samples):
            time.sleep(_APART_SECONDS)
            asker.text(_CASES + one, f"+144{one % _CASES:09d}")
        said = boards.ask(do="wait", changes=samples)
        stamps = asker.ask("GET", "/bench/stamps")
        boards.ask(do="close")
        asker.close()
    return [last - at for last, (_, _, _, at) in zip(said["last"], stamps, strict=True)], int(said["size"])


def _of_floor(boards: Helper, samples: int, size: int) -> list[float]:
    port = free_port()
    with started("floors", kind="boards", port=port, size=size):
        wait_for(port)
        boards.ask(do="open", port=port, boards=BOARDS, token=_NOBODY)
        begun: list[float] = []
        with socket.create_connection(("127.0.0.1", port)) as trigger, trigger.makefile("r") as answers:
            for _ in range(samples):
                time.sleep(_APART_SECONDS)
                trigger.sendall(b"now")
                begun.append(float(answers.readline()))
        said = boards.ask(do="wait", changes=samples)
        boards.ask(do="close")
    return [last - at for last, at in zip(said["last"], begun, strict=True)]
