"""Real hub processes: started, asked whether they are ready, killed, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.passwords import Argon2Passwords
from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN
from crisis_hub.application.staff import Directory
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import SHIPPED_RULES, Settings
from tests.chaos import ablations
from tests.night import LINE, PASSWORD, PUBLIC

_ROOT = Path(__file__).resolve().parents[2]
_FIRST_PORT, _LAST_PORT = 20_000, 29_999  # below those that the machine gives to whoever connects
_TRIES, _PAUSE = 3000, 0.02


async def until(
    holds: Callable[[], Awaitable[object]], otherwise: Callable[[], str], tries: int = _TRIES, pause: float = _PAUSE
) -> None:
    """Look again and again, a bounded number of times, until something holds."""
    clock = SystemClock()
    for _ in range(tries):
        if await holds():
            return
        await clock.sleep(pause)
    raise AssertionError(otherwise())


# -------------------------------------------------------------------------------------------- people and rules


def _person(id: str, name: str, role: Role, last: int, voice_after: int = 0) -> Listed:
    number = f"+155501000{last:02d}"
    reach = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, voice_after))
    return Listed(PersonId(id), name, (role,), ("en",), id, PASSWORD, reach)


STAFF = (
    _person("ana", "Ana Ortiz", Role.CLINICIAN, 1),
    _person("ben", "Ben Hollis", Role.CLINICIAN, 2),
    _person("sam", "Sam Okoro", Role.SUPERVISOR, 3, voice_after=5),
    _person("rui", "Rui Alves", Role.RESPONDER, 6),
    _person("ria", "Ria Berg", Role.RESPONDER, 8),
)
WHOSE = {one.reach[0].address: str(one.id) for one in STAFF}
NUMBER_OF = {str(one.id): one.reach[0].address for one in STAFF}


def rules_with_waits(folder: Path, seconds: int) -> Path:
    """Copy the shipped rules, with every step of every ladder waiting only so long, and nobody waiting for contact."""
    copy = folder / "rules"
    shutil.copytree(SHIPPED_RULES, copy)
    for ladder in (copy / "ladders").glob("*.yaml"):
        shorter = re.sub(r"wait_seconds: \d+", f"wait_seconds: {seconds}", ladder.read_text())
        # Whoever takes a page here never opens the case, and a run must come to rest.
        ladder.write_text(re.sub(r"contact_within_seconds: \d+", "contact_within_seconds: 0", shorter))
    return copy


# -------------------------------------------------------------------------------------------- processes


class Zygote:
    """The process that hubs are forked from; see zygote.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.zygote"],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def start(self, **order: object) -> int:
        """Fork a hub and return its process id."""
        return int(str(self._ask({"do": "start", **order})["pid"]))

    def wait(self, pid: int) -> str:
        """Wait for a hub's end and say how it came."""
        return str(self._ask({"do": "wait", "pid": pid})["ended"])

    def close(self) -> None:
        """End it, and every hub that still runs."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _ask(self, order: Mapping[str, object]) -> dict[str, object]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, object]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process that hubs are forked from ended ({self._process.poll()})")
        answer: dict[str, object] = json.loads(line)
        return answer


@contextmanager
def zygote() -> Iterator[Zygote]:
    """Run a process to fork hubs from."""
    running = Zygote()
    try:
        yield running
    finally:
        running.close()


@dataclass
class Place:
    """What the hubs of one run share: database, bell, rules, key, carrier."""

    folder: Path
    database_url: str
    carrier_url: str
    redis_url: str = ""
    rules: Path = SHIPPED_RULES
    public_url: str = PUBLIC
    environment: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        """Return the environment of a hub here."""
        return {
            "CRISIS_HUB_DATABASE_URL": self.database_url,
            "CRISIS_HUB_REDIS_URL": self.redis_url,
            "CRISIS_HUB_PUBLIC_URL": self.public_url,
            "CRISIS_HUB_RULES_DIR": str(self.rules),
            "CRISIS_HUB_TWILIO_API_URL": self.carrier_url,
            "CRISIS_HUB_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "CRISIS_HUB_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "CRISIS_HUB_TWILIO_NUMBER": LINE,
            "CRISIS_HUB_SECRET_KEY_FILE": str(self.folder / "secret.key"),
            "CRISIS_HUB_LOG_LEVEL": "WARNING",
            "CRISIS_HUB_FRONTEND_DIR": str(self.folder / "no-screens"),
            ablations.VARIABLE: os.environ.get(ablations.VARIABLE, ""),
            **self.environment,
        }

    async def prepare(self) -> None:
        """Make the tables, the key and the staff."""
        key = self.folder / "secret.key"
        key.write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")
        key.chmod(0o600)
        settings = Settings(database_url=self.database_url, secret_key_file=key)
        await upgrade(self.database_url)
        clock = SystemClock()
        store = await open_store(settings, clock, open_keyring(settings))
        try:
            cheap = Argon2Passwords(time_cost=1, memory_kib=64)
            await import_staff(Directory(store, clock), cheap, STAFF, "test")
        finally:
            await store.close()


class Hub:
    """One hub: the same port and settings through all its lives."""

    def __init__(self, zygote: Zygote, place: Place, name: str = "hub") -> None:
        self._zygote = zygote
        self._place = place
        self._log = place.folder / f"{name}.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.pid: int | None = None
        self.lives = 0

    async def start(self) -> None:
        """Begin a life; `ready` says when it answers."""
        assert self.pid is None
        self.lives += 1
        order = {"port": self.port, "log": str(self._log), "folder": str(self._place.folder)}
        # Not on the loop: the carrier lives on it, and must answer whatever a fork takes.
        self.pid = await asyncio.to_thread(self._zygote.start, env=self._place.settings(), **order)

    def strike(self) -> None:
        """End it with SIGKILL at this very instant; `gone` must follow."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)

    async def gone(self) -> str:
        """Wait until the process is no more, and say how it ended."""
        assert self.pid is not None
        pid, self.pid = self.pid, None
        return await asyncio.to_thread(self._zygote.wait, pid)

    async def kill(self) -> None:
        """End it with SIGKILL."""
        self.strike()
        assert await self.gone() == "signal 9"

    async def stop(self) -> None:
        """End it as an operator would; it comes to its end by itself."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGTERM)
        assert await self.gone() in ("exit 0", "signal 15")  # uvicorn passes the signal on when all is done

    async def ready(self) -> None:
        """Return once it answers."""

        async def answers() -> bool:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                return False
            writer.close()
            await writer.wait_closed()
            return True

        await until(answers, lambda: f"the hub does not come up: {self.log()[-3000:]}")

    def log(self) -> str:
        """Return what it logged in all its lives."""
        return self._log.read_text() if self._log.exists() else ""


def free_port() -> int:
    """Return a port that nobody has, and that nobody is given for a connection of their own.

    While a hub is dead its port must stay free: a port from the machine's own range could become the near end of the
    very connection that tries to reach it.
    """
    first = _FIRST_PORT + os.getpid() * 7 % (_LAST_PORT - _FIRST_PORT)
    for port in [*range(first, _LAST_PORT), *range(_FIRST_PORT, first)]:
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return int(port)
    raise RuntimeError("no port is free")


_given: set[int] = set()
