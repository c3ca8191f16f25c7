"""What SQLite and PostgreSQL say differently: a few words of SQL, and what their errors mean.

Statements are written with SQLAlchemy Core and compiled here, once, to the driver's own text. The driver is
then called directly, which costs a fraction of a Core execution.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeAlias, cast

import asyncpg
import orjson
from sqlalchemy import Dialect as CoreDialect
from sqlalchemy import Table, Text, bindparam, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.sql.selectable import TableValuedAlias

from crisis_hub.adapters.store.work import Cell, Order

Insert: TypeAlias = sqlite.Insert | postgresql.Insert

_UPGRADE = "the database has not the tables of this version; run crisis-hub db upgrade"


class Trouble(NamedTuple):
    """Why the database cannot be used, as a sentence, and whether the connection is of no more use."""

    sentence: str
    lost: bool = False


class Dialect(Protocol):
    """One kind of database."""

    def order(self, statement: CompilerElement, *names: str) -> Order:
        """Compile a statement whose values will be given for these parameters, in this order."""

    def insert(self, table: Table) -> Insert:
        """Begin an insert that can say what happens when the row is there."""

    def listed(self, name: str) -> TableValuedAlias:
        """Return the parameter `name`, a list of texts made by `pack`, as a table of one column, `value`."""

    def pack(self, texts: Sequence[str]) -> Cell:
        """Return a list of texts as this database takes it."""

    def trouble(self, error: Exception) -> Trouble | None:
        """Say why the database cannot be used, or None when the error is about something else."""


def compiled(core: CoreDialect, statement: CompilerElement, names: Sequence[str]) -> Order:
    """Compile a statement; values it holds itself are filled in among those that are given."""
    text = cast(SQLCompiler, statement.compile(dialect=core, column_keys=list(names)))
    wanted = list(text.positiontup or ())
    if wanted == list(names):
        return Order(str(text), lambda values: values)
    places: list[int] = []
    fixed: list[Cell] = []
    for name in wanted:
        if name in names:
            places.append(names.index(name))
        else:
            places.append(len(names) + len(fixed))
            fixed.append(text.binds[name].value)
    return Order(str(text), lambda values: [(*values, *fixed)[place] for place in places])


class SqliteDialect:
    """SQLite, spoken with the standard library's driver."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._core = sqlite.dialect(paramstyle="qmark")

    def order(self, statement: CompilerElement, *names: str) -> Order:
        """Compile a statement."""
        return compiled(self._core, statement, names)

    def insert(self, table: Table) -> Insert:
        """Begin an insert."""
        return sqlite.insert(table)

    def listed(self, name: str) -> TableValuedAlias:
        """Return a JSON list as a table."""
        return func.json_each(bindparam(name, type_=Text())).table_valued("value")

    def pack(self, texts: Sequence[str]) -> Cell:
        """Return a JSON list."""
        return orjson.dumps(texts).decode()

    def trouble(self, error: Exception) -> Trouble | None:
        """Say why the database cannot be used."""
        code = getattr(error, "sqlite_errorcode", None)
        if not isinstance(error, sqlite3.DatabaseError) or code is None:
            return None
        if code == sqlite3.SQLITE_ERROR:
            return Trouble(_UPGRADE) if "no such" in str(error) else None
        known = _SQLITE_TROUBLES.get(code & 0xFF)
        return known and Trouble(f"the database {self._path} {known.sentence}", known.lost)


_SQLITE_TROUBLES = {
    sqlite3.SQLITE_BUSY: Trouble("is locked by another program; end that program, or wait until it is done"),
    sqlite3.SQLITE_LOCKED: Trouble("is locked by another program; end that program, or wait until it is done"),
    sqlite3.SQLITE_FULL: Trouble("is full: no space is left on the disk, or its size limit is reached; make room"),
    sqlite3.SQLITE_CANTOPEN: Trouble("cannot be opened; put it back, or run crisis-hub db upgrade for a new one", True),
    sqlite3.SQLITE_READONLY: Trouble("cannot be written; let this user write the file and its folder", True),
    sqlite3.SQLITE_PERM: Trouble("cannot be read; let this user read and write the file and its folder", True),
    sqlite3.SQLITE_IOERR: Trouble("cannot be read or written: the disk reports an error; look at the disk", True),
    sqlite3.SQLITE_NOMEM: Trouble("cannot be used: no memory is left", True),
    sqlite3.SQLITE_CORRUPT: Trouble("is damaged; stop the service and restore a backup", True),
    sqlite3.SQLITE_NOTADB: Trouble("is not a database; put the right file back", True),
}


class PostgresDialect:
    """PostgreSQL, spoken with asyncpg."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._core: CoreDialect = asyncpg_dialect()  # type: ignore[no-untyped-call]

    def order(self, statement: CompilerElement, *names: str) -> Order:
        """Compile a statement."""
        return compiled(self._core, statement, names)

    def insert(self, table: Table) -> Insert:
        """Begin an insert."""
        return postgresql.insert(table)

    def listed(self, name: str) -> TableValuedAlias:
        """Return an array as a table."""
        return func.unnest(bindparam(name, type_=postgresql.ARRAY(Text))).table_valued("value").render_derived()

    def pack(self, texts: Sequence[str]) -> Cell:
        """Return a list, which asyncpg sends as an array."""
        return list(texts)

    def trouble(self, error: Exception) -> Trouble | None:
        """Say why the database cannot be used."""
        if isinstance(error, ValueError):  # asyncpg could not send a value, and calls that an interface error
            return None
        for kinds, known in _POSTGRES_TROUBLES:
            if isinstance(error, kinds):
                return Trouble(f"the database at {self._place} {known.sentence}", known.lost)
        return None


_POSTGRES_TROUBLES: tuple[tuple[tuple[type[Exception], ...], Trouble], ...] = (
    (
        (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError),
        Trouble("has not the tables of this version; run crisis-hub db upgrade"),
    ),
    ((asyncpg.DiskFullError,), Trouble("is full: no space is left on its disk; make room")),
    (
        (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError),
        Trouble("is locked by another program; end that program, or wait until it is done"),
    ),
    (
        (asyncpg.ReadOnlySQLTransactionError,),
        Trouble("cannot be written: it is a standby, or set to read only", True),
    ),
    (
        (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError),
        Trouble("does not let us in; check name, user and password in DATABASE_URL", True),
    ),
    (
        (asyncpg.TooManyConnectionsError,),
        Trouble("has no connection left; raise its max_connections or run fewer processes", True),
    ),
    (
        (
            asyncpg.PostgresConnectionError,
            asyncpg.OperatorInterventionError,
            asyncpg.InterfaceError,
            OSError,
            TimeoutError,
        ),
        Trouble("cannot be reached or does not answer; start it, or check DATABASE_URL and the network", True),
    ),
    (
        (asyncpg.InsufficientResourcesError, asyncpg.PostgresIOError),
        Trouble("is short of resources; look at its log", True),
    ),
)
