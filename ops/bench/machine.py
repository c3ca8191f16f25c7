"""The machine, in words, and what its disk does with one commit."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from ops.bench.scene import FOLDER

_ROW = b"x" * 700


def machine() -> dict[str, str]:
    """Say where this was measured, and how busy it was already."""
    load = os.getloadavg()[0]
    busy = "" if load < 0.5 else "  (busy with other things: every figure suffers)"
    return {
        "cores": str(os.cpu_count()),
        "cpu": _cpu(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "disk": f"append 4 KiB + fsync {median(_fsyncs(0.5)) * 1000:.3f} ms (median)",
        "load": f"{load:.2f} when it began{busy}",
    }


def commits(seconds: float) -> list[float]:
    """Return how long bare commits took: SQLite, WAL, FULL, one row of 0.7 kB, nothing around it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "floor.db"
    _remove(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE facts (sequence INTEGER PRIMARY KEY, payload BLOB)")
    try:
        return _repeat(seconds, lambda: connection.execute("INSERT INTO facts (payload) VALUES (?)", (_ROW,)).close())
    finally:
        connection.close()
        _remove(path)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _fsyncs(seconds: float) -> list[float]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "floor.bin"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)

    def append() -> None:
        os.write(handle, bytes(4096))
        os.fsync(handle)

    try:
        return _repeat(seconds, append)
    finally:
        os.close(handle)
        path.unlink()


def _repeat(seconds: float, work: Callable[[], None]) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds
    begun = time.perf_counter()
    while begun < until:
        work()
        now = time.perf_counter()
        times.append(now - begun)
        begun = now
    return times


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown"
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    return f"{found.get('model name', 'unknown')}, {found.get('cpu MHz', '?')} MHz"
