"""What every test may ask for, and two laws for all of them.

No network but this machine's own; and, when the whole suite is run, no test that is quietly left out.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

import hypothesis
import pytest

from tests.servers import CannotRun, PostgresServer, RedisServer, postgres_server, redis_server

Server = TypeVar("Server")


# ---------------------------------------------------------------------------------------- real servers


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run. Do not stop it: take `own_postgres` for that."""
    yield from _started(postgres_server())


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty PostgreSQL database that only this test uses."""
    return postgres.new_database()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, to be stopped and started at will."""
    yield from _started(postgres_server())


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """One Valkey or Redis for the whole run. Do not stop it: take `own_redis` for that."""
    yield from _started(redis_server())


@pytest.fixture
def redis_url(shared_redis: RedisServer) -> str:
    """The address of a Valkey or Redis that is empty when the test begins."""
    shared_redis.clear()
    return shared_redis.url


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Valkey or Redis of this test's own, to be stopped and started at will."""
    yield from _started(redis_server())


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that `make test` found or brought."""
    path = os.environ.get("CRISIS_HUB_CHROMIUM")
    if not path:
        pytest.skip("no browser: put the path that ops/setup/chromium.sh prints into CRISIS_HUB_CHROMIUM")
    return path


def _started(context: AbstractContextManager[Server]) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(context)
        except CannotRun as reason:
            pytest.skip(str(reason))
        yield server


# ---------------------------------------------------------------------------------------- no test left out


def _must_run() -> bool:
    # `make test` sets it.
    return os.environ.get("CRISIS_HUB_TESTS_MUST_RUN") == "1"


# Whether a change is good must not depend on luck: the whole suite tries the same examples each time. Run by hand, the
# same tests try new ones, and what they find becomes an example of its own.
hypothesis.settings.register_profile("same_examples", derandomize=True)
if _must_run():
    hypothesis.settings.load_profile("same_examples")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a test that could not run as failed, with its reason. (One that is expected to fail did run.)"""
    report = yield
    if report.skipped and _must_run() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} could not run: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that left itself out while it was read."""
    report = yield
    if report.skipped and _must_run():
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} could not run: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    # For a skip, pytest keeps file, line and reason.
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext


# ---------------------------------------------------------------------------------------- no network


class ForeignAddress(PermissionError):
    """A test tried to leave this machine."""


_attempts: list[str] = []


def _is_this_machine(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    # Python reports these before it acts, whichever library asks. (uvloop does not report what it does; a
    # test that runs a server on uvloop must point it at loopback addresses itself.)
    host: object = None
    if event in {"socket.connect", "socket.sendto"}:
        # Paths of Unix sockets are not tuples, and stay on this machine.
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    if not _is_this_machine(host):
        _attempts.append(f"{event} {host!r}")
        raise ForeignAddress(f"tests speak to this machine only, not to {host!r}; use a server on 127.0.0.1")


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """Fail a test that tried to leave this machine, even when the code under test swallowed the refusal."""
    _attempts.clear()
    yield
    assert not _attempts, f"the test tried to leave this machine: {', '.join(_attempts)}"
