"""What migrations make is what the code expects."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.store.address import Address
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.migrations.upgrade import _write_ahead, bring_up, upgrade
from crisis_hub.adapters.store.tables import metadata
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.application.ports import StoreUnavailable
from tests.contracts.store.conftest import MASTER_KEY, Place
from tests.contracts.store.samples import whole


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
    return list(compare_metadata(context, metadata))


def _shape(connection: Connection) -> dict[str, object]:
    """Return what the comparison above does not see: keys, checks, partial indexes, defaults, collations."""
    look = inspect(connection)
    return {
        table: (
            look.get_pk_constraint(table),
            look.get_check_constraints(table),
            sorted(map(_index, look.get_indexes(table))),
            [(one["name"], repr(one["type"]), one["nullable"], one["default"]) for one in look.get_columns(table)],
        )
        for table in sorted(metadata.tables)
    }


def _index(index: ReflectedIndex) -> str:
    where = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {where}"


def _made_new(connection: Connection) -> dict[str, object]:
    metadata.drop_all(connection)
    metadata.create_all(connection)
    return _shape(connection)


def _compare(connection: Connection) -> None:
    assert _differences(connection) == []
    migrated = _shape(connection)
    assert migrated == _made_new(connection)


async def test_the_migrated_tables_are_the_ones_that_the_code_describes(database: Place) -> None:
    database.spoiled = True
    if database.kind == "sqlite":
        engine: Engine = create_engine(database.url, poolclass=NullPool)
        with engine.connect() as connection:
            _compare(connection)
        return
    address = Address.of(database.url)
    other = create_async_engine(f"postgresql+asyncpg://{address.rest}", poolclass=NullPool)
    async with other.connect() as connected:
        await connected.run_sync(_compare)
    await other.dispose()


async def test_sqlite_tables_that_are_their_own_index_are_made_so(file: Place) -> None:
    made = dict(await file.run("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    for name, table in metadata.tables.items():
        wanted = not table.dialect_options["sqlite"]["with_rowid"]
        assert ("WITHOUT ROWID" in made[name]) == wanted, name


async def test_upgrading_again_changes_nothing(database: Place) -> None:
    store = await database.open()
    await store.append(whole("a"))
    await upgrade(database.url)
    await upgrade(database.url)
    assert await store.head() == 3
    await store.append(whole("b"))


async def test_upgrading_while_somebody_writes_disturbs_nobody(database: Place) -> None:
    store = await database.open()
    await asyncio.gather(*[store.append(whole(str(n))) for n in range(50)], upgrade(database.url))
    assert await store.head() == 150


_UPGRADE_IN_FOUR_PROCESSES = """
import asyncio, os, sys
from crisis_hub.adapters.store.migrations.upgrade import upgrade
for url in sys.argv[1:]:
    children = [os.fork() for _ in range(2)]  # each of two makes one more: four processes
    asyncio.run(upgrade(url))
    if 0 in children:
        os._exit(os.waitstatus_to_exitcode(os.wait()[1]) if children[1] else 0)
    assert [os.waitstatus_to_exitcode(os.wait()[1]) for _ in children] == [0, 0]
"""


async def test_many_processes_upgrading_at_once_make_one_ledger(postgres_url: str, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/new/hub.db", postgres_url]
    command = [sys.executable, "-W", "error", "-c", _UPGRADE_IN_FOUR_PROCESSES, *urls]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert (await process.communicate())[1].decode() == ""
    assert process.returncode == 0


def test_the_way_of_writing_is_set_once_a_neighbour_has_written(tmp_path: Path) -> None:
    """SQLite refuses this at once while a neighbour is about to write; the neighbour is done when we begin to wait."""
    neighbour, ours = (sqlite3.connect(tmp_path / "hub.db", isolation_level=None) for _ in range(2))
    with contextlib.closing(neighbour), contextlib.closing(ours):
        neighbour.execute("CREATE TABLE letters (words)")
        neighbour.execute("BEGIN IMMEDIATE")

        def let_go(said: str) -> None:
            if said.startswith("BEGIN") and neighbour.in_transaction:
                neighbour.execute("COMMIT")

        ours.set_trace_callback(let_go)
        _write_ahead(ours)
        assert not neighbour.in_transaction
        assert ours.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


async def test_a_step_that_fails_half_way_leaves_nothing(file: Place) -> None:
    file.path.unlink()
    engine = create_engine(file.url, poolclass=NullPool)

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        bring_up(connection)
        raise ZeroDivisionError

    with engine.connect() as connection, pytest.raises(ZeroDivisionError):
        fail(connection)
    with sqlite3.connect(file.path) as plain:
        assert plain.execute("SELECT count(*) FROM sqlite_master").fetchall() == [(0,)]
    plain.close()


async def test_a_database_of_a_newer_version_is_left_alone(database: Place) -> None:
    await database.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="newer version"):
        await upgrade(database.url)


async def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{port}/hub cannot be reached"):
        await upgrade(f"postgresql://hub@127.0.0.1:{port}/hub")


async def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path}/file/hub.db"
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        await upgrade(url)
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        await SqlStore.open(url, HandClock(), Vault(MASTER_KEY))


async def test_a_file_that_is_no_database_is_not_upgraded(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await upgrade(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Dear Sir")


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "", "nonsense", "sqlite:///"])
async def test_an_address_of_another_kind_is_refused_with_what_would_do(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///path/to/file.db or postgresql://"):
        await upgrade(url)


def test_a_password_is_never_part_of_what_is_shown() -> None:
    assert Address.of("postgresql://ana:sesame@db.example:6543/hub").place() == "db.example:6543/hub"
