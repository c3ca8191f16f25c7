"""Brings a database to the tables of this version; harmless and quick when it is there already."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import asyncpg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crisis_hub.adapters.store.address import Address, make_folder
from crisis_hub.adapters.store.dialects import Dialect, PostgresDialect, SqliteDialect
from crisis_hub.adapters.store.tables import metadata
from crisis_hub.application.ports import StoreUnavailable

_FOLDER = Path(__file__).parent
_LOCK = 0x63726973  # "cris": the number under which upgrading processes queue on PostgreSQL
_PATIENCE = 30  # seconds; another process may be in the middle of a long upgrade
_MOST_TURNS = 100


async def upgrade(url: str) -> None:
    """Make or change the tables; of several processes that try at once, one does it and the others wait.

    Raises `StoreUnavailable` with a sentence when it cannot be done; then nothing was changed.
    """
    address = Address.of(url)
    try:
        if address.path is None:
            await _upgrade_postgres(address)
        else:
            await asyncio.to_thread(_upgrade_sqlite, address.path)
    except CommandError as error:
        raise StoreUnavailable(
            f"the database {address.place()} was made by a newer version of crisis_hub; run that one ({error})"
        ) from error
    except (SQLAlchemyError, OSError, asyncpg.PostgresError, sqlite3.Error) as error:
        dialect = PostgresDialect(address.place()) if address.path is None else SqliteDialect(address.place())
        _explain(dialect, error)
        raise


def _explain(dialect: Dialect, error: BaseException) -> None:
    """Raise `StoreUnavailable` with a sentence if that is what the error, or one behind it, means."""
    behind: BaseException | None = error
    while isinstance(behind, Exception):
        trouble = dialect.trouble(behind)
        if trouble is not None:
            raise StoreUnavailable(trouble.sentence) from error
        behind = behind.__cause__ or getattr(behind, "orig", None)


async def _upgrade_postgres(address: Address) -> None:
    engine = create_async_engine(f"postgresql+asyncpg://{address.rest}", poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(bring_up)
    finally:
        await engine.dispose()


def bring_up(connection: Connection) -> None:
    """Run the steps that are missing, inside the transaction that is open."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    scripts = ScriptDirectory.from_config(config)

    def missing(revision: str, _: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(config, scripts, fn=missing) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()


def _upgrade_sqlite(path: Path) -> None:
    make_folder(path)
    # Made by us and not by SQLite, so that only this user can read it; files beside it take over its mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _begin_by_hand)
    event.listen(engine, "begin", _begin_at_once)
    with engine.begin() as connection:
        bring_up(connection)
    # The way of writing is a property of the file: it is set once, here, and not by everybody who opens it.
    plain = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        _write_ahead(plain)
    finally:
        plain.close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the way of writing; SQLite waits here for readers, but refuses at once while a neighbour writes."""
    for _ in range(_MOST_TURNS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE")  # this does wait, until the neighbour is done
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_by_hand(connection: DBAPIConnection, _: object) -> None:
    connection.isolation_level = None


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
