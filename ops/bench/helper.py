"""Other processes of the bench: started from here, told what to do in lines of JSON, ended from here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ops.bench.scene import FOLDER

Data = dict[str, Any]

_PATIENCE_SECONDS = 90.0


class Trouble(Exception):
    """A measurement cannot be made; the message says why."""


class Helper:
    """One other process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def cpu(self) -> float:
        """Return how many seconds of the processor it has used so far, or 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, **what: object) -> Data:
        """Send one line of JSON and return the line that comes back."""
        into, out = _pipes(self._process)
        into.write(json.dumps(what) + "\n")
        into.flush()
        line = out.readline()
        if not line:
            raise Trouble(f"A process of the bench ended early; what it said stands in {FOLDER}/*.log.")
        answer: Data = json.loads(line)
        if "trouble" in answer:
            raise Trouble(answer["trouble"])
        return answer


@contextmanager
def started(module: str, **options: object) -> Iterator[Helper]:
    """Run a module of the bench for as long as the block lasts; options become `--name value`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with (FOLDER / f"{module}.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"ops.bench.{module}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=_surroundings(),
        )
        try:
            yield Helper(process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in _pipes(process):
                pipe.close()


def _surroundings() -> dict[str, str]:
    """Return our own environment, but let Python keep what it compiled: a hub that compiles all starts in 15 s."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def serve_lines(answer: Callable[[Data], Mapping[str, object]]) -> None:
    """Be such a process: answer each line of standard input on standard output."""
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Trouble as trouble:
            said = {"trouble": str(trouble)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def free_port() -> int:
    """Return a port of this machine that nobody uses just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for(port: int, path: str = "/health") -> None:
    """Return once a server answers there."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS) as one:
                one.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
                if one.recv(12).startswith(b"HTTP/1.1"):
                    return
        except ConnectionError:
            time.sleep(0.02)
    raise Trouble(f"Nobody answers on port {port}; what the servers said stands in {FOLDER}/*.log.")
