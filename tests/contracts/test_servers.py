"""The servers that tests run against are real, come back with their data, and leave nothing behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from tests import servers
from tests.servers import CannotRun, PostgresServer, RedisServer


async def test_each_postgres_database_is_empty_and_its_own(postgres: PostgresServer) -> None:
    one, other = postgres.new_database(), postgres.new_database()
    connection = await asyncpg.connect(one)
    await connection.execute("create table mark (word text)")
    await connection.close()
    connection = await asyncpg.connect(other)
    assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    await connection.close()


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_postgres_comes_back_on_the_same_port_with_its_data(own_postgres: PostgresServer, how: str) -> None:
    url = own_postgres.new_database()
    connection = await asyncpg.connect(url)
    await connection.execute("create table mark (word text)")
    await connection.execute("insert into mark values ('still here')")
    await connection.close()

    getattr(own_postgres, how)()
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(url)

    own_postgres.start()
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select word from mark") == "still here"
    await connection.close()


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_redis_comes_back_on_the_same_port_with_its_data(own_redis: RedisServer, how: str) -> None:
    async with Redis.from_url(own_redis.url) as client:
        await client.xadd("bell", {"sequence": "1"})

    getattr(own_redis, how)()
    assert not _listens(own_redis.url)

    own_redis.start()
    async with Redis.from_url(own_redis.url) as client:
        assert await client.xlen("bell") == 1


async def test_redis_is_empty_when_a_test_begins(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.dbsize() == 0


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that any user can reach; pytest's own are closed to the user `nobody`."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_server_stops_when_its_starter_is_killed(open_folder: Path) -> None:
    script = (
        "from tests.servers import postgres_server, redis_server\n"
        "import os, signal\n"
        "with postgres_server() as postgres, redis_server() as redis:\n"
        "    print(postgres.url, redis.url, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "TMPDIR": str(open_folder)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    urls = done.stdout.split()
    assert len(urls) == 2, done.stderr
    servers.wait_until(lambda: not any(map(_listens, urls)), "a server outlived its starter")
    servers.wait_until(lambda: not any(open_folder.iterdir()), "data was left behind")


def test_the_wheels_serve_where_the_system_has_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("unshare", "sh", "true"):
        (tmp_path / program).symlink_to(f"/usr/bin/{program}")
    monkeypatch.setattr(servers, "_SYSTEM_POSTGRES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with servers.postgres_server() as postgres, servers.redis_server() as redis:
        assert _listens(postgres.url)
        assert _listens(redis.url)
        assert postgres.new_database()


if os.geteuid() == 0:  # anybody else has no need to become `nobody`, and nothing is left out then

    def test_postgres_runs_as_nobody_where_namespaces_are_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(servers, "_NAMESPACE", ["false"])
        with servers.postgres_server() as postgres:
            assert postgres.new_database()
            postgres.stop()
            postgres.start()
            assert _listens(postgres.url)


def test_a_server_from_the_environment_is_used_but_never_stopped(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(servers.POSTGRES_VARIABLE, postgres.url)
    with servers.postgres_server() as given:
        assert given.new_database().startswith(postgres.url.rsplit("/", 1)[0])
        with pytest.raises(CannotRun, match=servers.POSTGRES_VARIABLE):
            given.stop()
    assert _listens(postgres.url)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname or "", parts.port or 0)) == 0
