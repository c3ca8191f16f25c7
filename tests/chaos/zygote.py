"""A process that has imported the hub and does nothing but fork: each fork is a whole hub, up in half a second.

Importing takes seconds, and a run that kills its hub many times would be spent with it. What is forked has no loop,
no thread, no connection and no file yet: the hub begins in the child as it begins anywhere else.

It reads one JSON object a line from its standard input and answers each with one:

    {"do": "start", "port": 20001, "env": {...}, "log": "/path", "folder": "/path"}  ->  {"pid": 4711}
    {"do": "wait", "pid": 4711}                                                       ->  {"ended": "signal 9"}

When its standard input ends, because the test ended or was killed itself, every hub ends with it.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from typing import Any

import httpcore  # noqa: F401 - imported by the hub at its first page; here, for every hub at once
import uvicorn
import uvloop

from crisis_hub import logs
from crisis_hub.adapters.telephony.simulator import bound
from crisis_hub.settings import Settings
from crisis_hub.wiring import house
from tests.chaos import ablations

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Answer orders until there are no more."""
    hubs: set[int] = set()
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - standard output is the channel
    for line in sys.stdin:
        order = json.loads(line)
        answer: dict[str, object]
        if order["do"] == "start":
            pid = _fork(order)
            hubs.add(pid)
            answer = {"pid": pid}
        else:
            pid = order["pid"]
            _, status = os.waitpid(pid, 0)
            hubs.discard(pid)
            answer = {"ended": _how(status)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - as above
    for pid in hubs:
        os.kill(pid, signal.SIGKILL)


def _how(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"


def _fork(order: dict[str, Any]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        _settle_in(order)
        _hub(order["port"])
        status = 0
    except BaseException as error:  # noqa: BLE001 - written to the log; a child must never return to the loop above
        print(f"the hub ended: {error!r}", file=sys.stderr, flush=True)  # noqa: T201 - its log
    finally:
        os._exit(status)


def _settle_in(order: dict[str, Any]) -> None:
    """Become a process of its own: its own folder, settings and log, and no hold on the parent's channel."""
    os.chdir(order["folder"])
    for name in [name for name in os.environ if name.startswith("CRISIS_HUB_")]:
        del os.environ[name]
    os.environ.update(order["env"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nowhere, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _hub(port: int) -> None:
    settings = Settings()
    logs.begin(settings.log_level)
    ablations.apply(os.environ.get(ablations.VARIABLE, ""))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, port))


async def _serve(settings: Settings, port: int) -> None:
    """Do what `crisis-hub serve` does."""
    built = await house(settings)
    config = uvicorn.Config(
        built.app,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        http="httptools",
        timeout_graceful_shutdown=3,
        log_config=None,
    )
    await uvicorn.Server(config).serve(sockets=[bound("127.0.0.1", port)])


if __name__ == "__main__":
    main()
