"""The way to an SQLite file: one thread that writes and one that reads, each with its own connection.

What waits while one commit is on its way to the disk is written together by the next: many people, one wait.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from crisis_hub.adapters.store.append import Appender, Outcome
from crisis_hub.adapters.store.dialects import Dialect
from crisis_hub.adapters.store.rows import Prepared
from crisis_hub.adapters.store.work import Result, Work
from crisis_hub.application.ports import StoreError, StoreUnavailable
from crisis_hub.domain.events import Recorded

GROUP = 128
"""How many entries are committed together at most."""

_PATIENCE_MS = 1500
_SETTINGS = (
    f"PRAGMA busy_timeout = {_PATIENCE_MS}",
    "PRAGMA synchronous = FULL",  # a commit that was answered survives a power cut
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
)
# What is deleted is overwritten: a destroyed key must not be found in what is left of its page.
_WRITER_SETTINGS = (
    *_SETTINGS,
    "PRAGMA journal_mode = WAL",  # so it is already, unless the file is a backup that was put back
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 2000",
)
_READER_SETTINGS = (*_SETTINGS, "PRAGMA query_only = ON")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    """Something a thread is to do, and who waits for it: an entry to be written, or a piece of work."""

    future: asyncio.Future[Any]
    entry: Prepared | None = None
    work: Callable[[], Work[Any]] | None = None
    scrub: bool = False


class SqliteDoor:
    """Reads, writes and appends in one SQLite file."""

    def __init__(self, path: Path, dialect: Dialect, appender: Appender) -> None:
        self._writer = _Clerk(_File(path, dialect, _WRITER_SETTINGS), appender, changes=True)
        self._reader = _Clerk(_File(path, dialect, _READER_SETTINGS), appender, changes=False)

    async def append(self, entry: Prepared) -> tuple[Recorded, ...]:
        """Write one entry together with all that wait; it is written even when who asked no longer waits."""
        future: asyncio.Future[tuple[Recorded, ...]] = asyncio.get_running_loop().create_future()
        self._writer.give(_Job(future, entry=entry))
        return await future

    async def write(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own."""
        return await self._ask(self._writer, work)

    async def read(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work that only reads."""
        return await self._ask(self._reader, work)

    async def _ask(self, clerk: _Clerk, work: Callable[[], Work[Result]], *, scrub: bool = False) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        clerk.give(_Job(future, work=work, scrub=scrub))
        return await future

    async def destroy(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own, and leave no trace of what it deleted in the files."""
        return await self._ask(self._writer, work, scrub=True)

    async def close(self) -> None:
        """Finish what was asked for, then let go of the file."""
        await asyncio.gather(self._writer.end(), self._reader.end())


class _Clerk:
    """A thread that does one job after the other; entries that wait together are one job."""

    def __init__(self, file: _File, appender: Appender, *, changes: bool) -> None:
        self._file = file
        self._appender = appender
        self._changes = changes
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._over = False

    def give(self, job: _Job) -> None:
        if self._over:
            raise StoreUnavailable("the ledger is closed: the service is stopping")
        if self._thread is None or not self._thread.is_alive():
            # A daemon, so that a process that is told to end ends; a commit is whole or not there at all.
            self._thread = Thread(target=self._serve, name="ledger", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    async def end(self) -> None:
        self._over = True
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _serve(self) -> None:
        held: _Job | None = None
        while job := held or self._jobs.get():
            held = None
            if job.entry is None:
                answer = self._answer(job)
                _tell([(job.future, answer)])
            else:
                group, held = self._all_that_wait(job)
                answers = self._commit([each.entry for each in group if each.entry])
                answer = answers[0]
                _tell(list(zip([each.future for each in group], answers, strict=True)))
            if type(answer) is StoreUnavailable:  # and not one stream's broken key, which is its own affair
                self._turn_away(held, answer)
                held = None
        self._file.close()

    def _all_that_wait(self, first: _Job) -> tuple[list[_Job], _Job | None]:
        """Return the group that begins with this job, and what was found behind it that is no entry."""
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None or job.entry is None:
                if job is None:
                    self._jobs.put(None)  # the end: seen again when the group is done
                return group, job
            group.append(job)
        return group, None

    def _turn_away(self, held: _Job | None, why: StoreUnavailable) -> None:
        """Give everybody who waits the same bad news; waiting for it again would take each of them seconds."""
        waiting = [] if held is None else [held]
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            waiting.append(job)
        _tell([(job.future, why) for job in waiting])

    def _commit(self, group: Sequence[Prepared]) -> list[Outcome]:
        try:
            return self._file.transact(self._appender.write(group)).outcomes
        except StoreUnavailable as gone:
            return [gone for _ in group]
        except Exception as error:  # noqa: BLE001 - logged, or tried again one by one
            if len(group) > 1:  # one of them cannot be written: it must not take the others with it
                _log.warning("a group of %d broke (%s) and is written one by one", len(group), type(error).__name__)
                return [self._commit([entry])[0] for entry in group]
            _log.exception("an entry for %s could not be written", group[0].entry.stream)
            return [StoreError(f"the entry could not be written: {type(error).__name__}")]

    def _answer(self, job: _Job) -> Any:  # noqa: ANN401 - whatever the work returns, or an exception
        assert job.work is not None
        try:
            answer = self._file.transact(job.work()) if self._changes else self._file.drive(job.work())
            if job.scrub:
                self._file.scrub()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            return error
        return answer


class _File:
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


def _tell(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    """Hand answers to those who wait, in one turn of their loop."""
    try:
        answers[0][0].get_loop().call_soon_threadsafe(_hand_over, answers)
    except (IndexError, RuntimeError):  # nobody waits, or their loop has ended
        return


def _hand_over(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, answer in answers:
        if future.done():  # who asked no longer waits
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
