"""The way to an SQLite file: one thread that writes and one that reads, each with its own connection.

What waits while one commit is on its way to the disk is written together by the next: many people, one wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from crisis_hub.adapters.store.append import Appender, Outcome
from crisis_hub.adapters.store.dialects import Dialect
from crisis_hub.adapters.store.rows import Prepared
from crisis_hub.adapters.store.sqlite_file import READER_SETTINGS, WRITER_SETTINGS, SqliteFile
from crisis_hub.adapters.store.work import Result, Work
from crisis_hub.application.ports import StoreError, StoreUnavailable
from crisis_hub.domain.events import Recorded

GROUP = 128
"""How many entries are committed together at most."""

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
        self._writer = _Clerk(SqliteFile(path, dialect, WRITER_SETTINGS), appender, changes=True)
        self._reader = _Clerk(SqliteFile(path, dialect, READER_SETTINGS), appender, changes=False)

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

    def __init__(self, file: SqliteFile, appender: Appender, *, changes: bool) -> None:
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
