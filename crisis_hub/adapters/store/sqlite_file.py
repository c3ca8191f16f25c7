"""One connection to an SQLite file: made anew when it must be, and never to a file that is no longer there."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from crisis_hub.adapters.store.dialects import Dialect
from crisis_hub.adapters.store.work import Result, Work
from crisis_hub.application.ports import StoreUnavailable

_PATIENCE_MS = 1500
_SETTINGS = (
    f"PRAGMA busy_timeout = {_PATIENCE_MS}",
    "PRAGMA synchronous = FULL",  # a commit that was answered survives a power cut
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
)
# What is deleted is overwritten: a destroyed key must not be found in what is left of its page.
WRITER_SETTINGS = (
    *_SETTINGS,
    "PRAGMA journal_mode = WAL",  # so it is already, unless the file is a backup that was put back
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 2000",
)
READER_SETTINGS = (*_SETTINGS, "PRAGMA query_only = ON")

_log = logging.getLogger(__name__)


class SqliteFile:
    """One connection to the file, made anew when it must be."""

    def __init__(self, path: Path, dialect: Dialect, settings: Sequence[str]) -> None:
        self._path = path
        self._dialect = dialect
        self._settings = settings
        self._open: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    def drive(self, work: Work[Result]) -> Result:
        """Do work without a transaction around it."""
        try:
            return _drive(self._connection(), work)
        except (sqlite3.Error, OSError) as error:
            self._explain(error)
            raise

    def transact(self, work: Work[Result]) -> Result:
        """Do work in a transaction: all of it is durable when this returns, or nothing of it is there."""
        try:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = _drive(connection, work)
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
        except (sqlite3.Error, OSError) as error:
            self._explain(error)
            raise
        return result

    def scrub(self) -> None:
        """Bring the log beside the file to its end: it may still hold pages as they were before a deletion."""
        try:
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        except sqlite3.Error:
            _log.warning("the log of %s could not be cut just now; the next checkpoint does it", self._path)

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def _connection(self) -> sqlite3.Connection:
        """Return the connection, after a look whether the file is still the one it was opened on.

        SQLite would go on writing into a file that somebody removed or replaced: durable, and lost.
        """
        found = os.stat(self._path)  # noqa: PTH116 - a few microseconds on the hot path
        identity = (found.st_dev, found.st_ino)
        if self._open is None or identity != self._identity:
            self.close()
            self._open = self._connect()
            self._identity = identity
        return self._open

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a missing file is an error here, never quietly a new and empty ledger.
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        for setting in self._settings:
            connection.execute(setting).close()
        return connection

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def _explain(self, error: Exception) -> None:
        """Raise `StoreUnavailable` with a sentence, if that is what the error means."""
        if isinstance(error, FileNotFoundError):
            self.close()
            raise StoreUnavailable(
                f"the database {self._path} is gone; put it back, or run crisis-hub db upgrade for a new one"
            ) from error
        trouble = self._dialect.trouble(error)
        if trouble is not None:
            if trouble.lost:
                self.close()
            raise StoreUnavailable(trouble.sentence) from error


def _drive(connection: sqlite3.Connection, work: Work[Result]) -> Result:
    """Run what the work asks for until it is done."""
    try:
        asked = next(work)
        while True:
            if asked.many:
                arrange = asked.order.arrange
                connection.executemany(asked.order.sql, [arrange(row) for row in asked.values])
                asked = work.send(())
            else:
                cursor = connection.execute(asked.order.sql, asked.order.arrange(asked.values))
                asked = work.send(cursor.fetchall())
    except StopIteration as done:
        result: Result = done.value
        return result
