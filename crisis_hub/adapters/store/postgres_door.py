"""The way to a PostgreSQL database: a pool for what reads and changes single things, and one task that appends.

What waits while one commit is on its way is written together by the next, as on SQLite. A connection may be lost
at any moment; whether a commit that got no answer became true is then looked up, never guessed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import asyncpg

from crisis_hub.adapters.store.append import Appender, Group, Outcome
from crisis_hub.adapters.store.dialects import Dialect
from crisis_hub.adapters.store.rows import Prepared
from crisis_hub.adapters.store.work import Result, Work
from crisis_hub.application.ports import StoreError, StoreUnavailable
from crisis_hub.domain.events import Recorded

GROUP = 128
"""How many entries are committed together at most."""

_PATIENCE = 2.0
_CONNECT = 1.5
_POOL = 8
_SETTINGS = {
    "application_name": "crisis_hub",
    "lock_timeout": "1500",
    # A process that stopped in the middle of a group must not hold the head row for the others.
    "idle_in_transaction_session_timeout": "5000",
}
# Whoever was answered was answered for good; a server set to answer before its disk does is overruled.
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_UNKNOWN = (
    "the connection to the database was lost at the moment of writing, and whether it was written cannot be seen "
    "yet; ask again, twice is the same as once"
)

_log = logging.getLogger(__name__)

Connection: TypeAlias = Any
"""An asyncpg connection, which has no types of its own."""

Waiting: TypeAlias = tuple[Prepared, "asyncio.Future[tuple[Recorded, ...]]"]


class PostgresDoor:
    """Reads, writes and appends in one PostgreSQL database."""

    def __init__(self, rest: str, dialect: Dialect, appender: Appender) -> None:
        self._url = f"postgresql://{rest}"
        self._dialect = dialect
        self._appending = _Appending(self._url, dialect, appender)
        self._pool: Any = None

    async def append(self, entry: Prepared) -> tuple[Recorded, ...]:
        """Write one entry together with all that wait; it is written even when who asked no longer waits."""
        return await self._appending.give(entry)

    async def write(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own; work that is lost on its way is done again, so it must bear that."""

        async def transact(connection: Connection) -> Result:
            await connection.execute("BEGIN")
            try:
                result = await _drive(connection, work())
                await connection.execute("COMMIT")
            except StoreError:  # from the work itself: the connection is sound
                await connection.execute("ROLLBACK")
                raise
            return result

        return await self._with_connection(transact)

    async def read(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work that only reads."""
        return await self._with_connection(lambda connection: _drive(connection, work()))

    async def destroy(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own; PostgreSQL keeps deleted rows until its next vacuum."""
        return await self.write(work)

    async def close(self) -> None:
        """Finish what was asked for, then let go of every connection."""
        await self._appending.end()
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None

    async def _with_connection(self, act: Callable[[Connection], Awaitable[Result]]) -> Result:
        try:
            async with asyncio.timeout(_PATIENCE):
                try:
                    return await self._once(act)
                except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError):
                    return await self._once(act)  # the pool's connection was from before a restart
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise _explained(self._dialect, error) from error

    async def _once(self, act: Callable[[Connection], Awaitable[Result]]) -> Result:
        if self._pool is None:
            self._pool = _pool(self._url)
            await self._pool
        connection = await self._pool.acquire()
        try:
            return await act(connection)
        except StoreError:
            raise
        except BaseException:
            connection.terminate()  # nobody knows in what state it is
            raise
        finally:
            await self._pool.release(connection)


class _Appending:
    """The one task of this process that appends, over a connection of its own."""

    def __init__(self, url: str, dialect: Dialect, appender: Appender) -> None:
        self._url = url
        self._dialect = dialect
        self._appender = appender
        self._waiting: list[Waiting] = []
        self._called = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection = None
        self._over = False

    async def give(self, entry: Prepared) -> tuple[Recorded, ...]:
        if self._over:
            raise StoreUnavailable("the ledger is closed: the service is stopping")
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve(), name="ledger")
        future: asyncio.Future[tuple[Recorded, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        self._called.set()
        return await future

    async def end(self) -> None:
        self._over = True
        self._called.set()
        if self._task is not None:
            await self._task
        self._let_go()

    async def _serve(self) -> None:
        while self._waiting or not self._over:
            self._called.clear()
            if not self._waiting:
                await self._called.wait()
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            outcomes = await self._commit([entry for entry, _ in group]) if group else []
            if outcomes and type(outcomes[-1]) is StoreUnavailable:  # and not one stream's broken key
                # Everybody else who waits would hear the same, only later.
                group, self._waiting = group + self._waiting, []
                outcomes += [outcomes[-1]] * (len(group) - len(outcomes))
            for (_, future), outcome in zip(group, outcomes, strict=True):
                _tell(future, outcome)

    async def _commit(self, group: Sequence[Prepared]) -> list[Outcome]:
        try:
            return await self._transact(group)
        except StoreUnavailable as gone:
            return [gone for _ in group]
        except Exception as error:  # noqa: BLE001 - logged, or tried again one by one
            self._let_go()
            if len(group) > 1:  # one of them cannot be written: it must not take the others with it
                _log.warning("a group of %d broke (%s) and is written one by one", len(group), type(error).__name__)
                return [(await self._commit([entry]))[0] for entry in group]
            _log.exception("an entry for %s could not be written", group[0].entry.stream)
            return [StoreError(f"the entry could not be written: {type(error).__name__}")]

    async def _transact(self, group: Sequence[Prepared]) -> list[Outcome]:
        """Write a group; begin again once when the connection turns out to be from before a restart."""
        fresh = self._connection is None
        written = None
        try:
            async with asyncio.timeout(_PATIENCE):
                written = await self._write(group)
                await self._connection.execute("COMMIT")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            said_no = isinstance(error, asyncpg.PostgresError) and not self._is_closed()
            self._let_go()
            if written is not None and not said_no:
                return await self._find_out(written)
            if not fresh and isinstance(error, asyncpg.PostgresConnectionError | asyncpg.InterfaceError):
                return await self._transact(group)
            raise _explained(self._dialect, error) from error
        return written.outcomes

    async def _write(self, group: Sequence[Prepared]) -> Group:
        if self._connection is None:
            self._connection = await _connect(self._url)
        await self._connection.execute("BEGIN")
        return await _drive(self._connection, self._appender.write(group))

    async def _find_out(self, written: Group) -> list[Outcome]:
        """The answer to a commit was lost: look whether the group is there, on a new connection.

        Taking the head row waits for the lost transaction's end, so what is seen then stays so.
        """
        if not written.rows:
            raise StoreUnavailable(_UNKNOWN)
        try:
            async with asyncio.timeout(_PATIENCE):
                self._connection = await _connect(self._url)
                await self._connection.execute("BEGIN")
                there = await _drive(self._connection, self._appender.is_there(written.rows[0]))
                await self._connection.execute("ROLLBACK")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            self._let_go()
            raise StoreUnavailable(_UNKNOWN) from error
        if not there:
            raise StoreUnavailable("the connection to the database was lost, and nothing was written; ask again")
        return written.outcomes

    def _is_closed(self) -> bool:
        return self._connection is None or bool(self._connection.is_closed())

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None


async def _drive(connection: Connection, work: Work[Result]) -> Result:
    """Run what the work asks for until it is done."""
    try:
        asked = next(work)
        while True:
            arrange = asked.order.arrange
            if asked.many:
                await connection.executemany(asked.order.sql, [arrange(row) for row in asked.values])
                asked = work.send(())
            else:
                asked = work.send(await connection.fetch(asked.order.sql, *arrange(asked.values)))
    except StopIteration as done:
        result: Result = done.value
        return result


async def _connect(url: str) -> Connection:
    connection = await asyncpg.connect(url, timeout=_CONNECT, server_settings=_SETTINGS)
    await _make_durable(connection)
    return connection


def _pool(url: str) -> Any:  # noqa: ANN401 - asyncpg has no types
    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=_POOL,
        timeout=_CONNECT,
        server_settings=_SETTINGS,
        init=_make_durable,
        reset=_leave_as_it_is,  # nothing here changes a connection, and each reset would be a round trip
    )


async def _make_durable(connection: Connection) -> None:
    await connection.execute(_DURABLE)


async def _leave_as_it_is(connection: Connection) -> None:
    """Do nothing before a connection goes back to the pool."""


def _explained(dialect: Dialect, error: Exception) -> Exception:
    """Return the error as `StoreUnavailable` with a sentence, if that is what it means, else as it is."""
    trouble = dialect.trouble(error)
    return error if trouble is None else StoreUnavailable(trouble.sentence)


def _tell(future: asyncio.Future[tuple[Recorded, ...]], outcome: Outcome) -> None:
    if future.done():  # who asked no longer waits
        return
    if isinstance(outcome, StoreError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
