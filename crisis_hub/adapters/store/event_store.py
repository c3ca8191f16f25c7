"""The port `Store` on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from crisis_hub.adapters.store.address import Address, make_folder
from crisis_hub.adapters.store.append import Appender, settlement
from crisis_hub.adapters.store.codec import instant, stamp, storable, washed
from crisis_hub.adapters.store.dialects import Dialect, PostgresDialect, SqliteDialect
from crisis_hub.adapters.store.postgres_door import PostgresDoor
from crisis_hub.adapters.store.rows import Prepared, Row, prepare, recorded
from crisis_hub.adapters.store.sqlite_door import SqliteDoor
from crisis_hub.adapters.store.statements import DutyOrders, LedgerOrders
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.store.work import Cell, Order, Result, Rows, Work, ask
from crisis_hub.application.ports import (
    EVERY_PRIORITY,
    CaseQuery,
    CaseRow,
    Claimed,
    Clock,
    Deadline,
    Effect,
    Entry,
    Settled,
)
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseId, CaseState, Channel, ContactRef

_FIRST_NUMBER = 1001
_NUMBERS_AT_ONCE = 20
_CHECK = "(check)"
"""Under this name lie the check's own counter and a key; no stream is called so."""


class Door(Protocol):
    """The way to one database."""

    async def append(self, entry: Prepared) -> tuple[Recorded, ...]:
        """Write one entry together with all that wait."""

    async def write(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own."""

    async def read(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work that only reads."""

    async def destroy(self, work: Callable[[], Work[Result]]) -> Result:
        """Do work in a transaction of its own, and leave as little trace as possible of what it deleted."""

    async def close(self) -> None:
        """Finish what was asked for, then let go."""


class SqlStore:
    """The ledger in a database; connects when it is first used, and again whenever it must."""

    def __init__(self, door: Door, dialect: Dialect, clock: Clock, vault: Vault) -> None:
        self.door = door
        self.dialect = dialect
        self._clock = clock
        self._vault = vault
        self._ledger = LedgerOrders(dialect)
        self._duties = DutyOrders(dialect)
        self._numbers = iter(range(0))
        self._numbering = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, clock: Clock, vault: Vault) -> SqlStore:
        """Return the store at `sqlite:///path` or `postgresql://…`; its tables must be there (`upgrade`)."""
        address = Address.of(url)
        if address.path is None:
            dialect: Dialect = PostgresDialect(address.place())
            door: Door = PostgresDoor(address.rest, dialect, Appender(dialect, vault))
        else:
            await asyncio.to_thread(make_folder, address.path)
            dialect = SqliteDialect(address.place())
            door = SqliteDoor(address.path, dialect, Appender(dialect, vault))
        return cls(door, dialect, clock, vault)

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        """Write one entry durably, or raise `Conflict` or `MarkTaken` and write nothing."""
        return await self.door.append(prepare(entry))

    async def read(self, stream: str) -> Sequence[Recorded]:
        """Return a stream's facts, oldest first, opened."""

        def work() -> Work[list[Recorded]]:
            # Facts before key: every fact seen was sealed with a key that was there by then.
            rows = yield from ask(self._ledger.stream, storable(stream))
            wrapped = yield from ask(self._ledger.key, storable(stream))
            key = self._vault.unwrap(stream, bytes(wrapped[0][0])) if wrapped else None
            return [recorded(Row(*row), key) for row in rows]

        return await self.door.read(work)

    async def news(self, stream: str, version: int) -> Sequence[Recorded] | None:
        """Return a stream's facts after that version, opened; nothing when it has no key."""

        def work() -> Work[list[Recorded] | None]:
            rows = yield from ask(self._ledger.stream_after, storable(stream), version)
            wrapped = yield from ask(self._ledger.key, storable(stream))
            if not wrapped:
                return None
            # Most of the time there is no news, and to open a key takes longer than to look.
            key = self._vault.unwrap(stream, bytes(wrapped[0][0])) if rows else None
            return [recorded(Row(*row), key) for row in rows]

        return await self.door.read(work)

    async def since(self, sequence: int, limit: int = 1000) -> Sequence[Recorded]:
        """Return the facts after `sequence` in commit order, left sealed."""

        def work() -> Work[list[Recorded]]:
            rows = yield from ask(self._ledger.since, sequence, limit)
            return [recorded(Row(*row)) for row in rows]

        return await self.door.read(work)

    async def head(self) -> int:
        """Return the sequence of the newest fact."""
        [[sequence]] = await self._look(self._ledger.head)
        return int(sequence)

    async def marks(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the values of those marks that exist."""
        found = await self._look(self._ledger.marks, self.dialect.pack([storable(key) for key in keys]))
        known: dict[str, str] = {key: value for key, value in found}  # noqa: C416 - rows are not pairs to mypy
        return {key: known[storable(key)] for key in keys if storable(key) in known}

    async def marks_below(self, prefix: str) -> Mapping[str, str]:
        """Return every mark whose key begins with `prefix`."""
        first = storable(prefix)
        found = await self._look(self._ledger.marks_between, first, first + "\U0010ffff")
        return {key: value for key, value in found}  # noqa: C416 - rows are not pairs to mypy

    async def claim_effects(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, priorities: tuple[int, int] = EVERY_PRIORITY
    ) -> Sequence[Claimed]:
        """Take effects that may be taken now, most urgent first."""
        duties, at, until = self._duties, stamp(now), stamp(now + timedelta(seconds=lease_seconds))
        if not await self._look(duties.any_effect, at, *priorities):  # the usual case, and it costs no commit
            return ()
        taken = await self._change(duties.claim_effects, at, *priorities, limit, owner, until)
        claimed = [_claimed(*row) for row in taken]
        return sorted(claimed, key=lambda one: (one.effect.priority, one.effect.not_before, one.effect.key))

    async def take_effect(self, key: str, now: datetime, owner: str, lease_seconds: float) -> bool:
        """Take one effect that is planned, due or not, or ours already."""
        until = stamp(now + timedelta(seconds=lease_seconds))
        return bool(await self._change(self._duties.take_effect, storable(key), owner, until))

    async def settle(self, settled: Settled) -> None:
        """Say what became of an effect."""
        await self._change(self._duties.settle, *settlement(washed(settled)))

    async def retry(self, key: str, owner: str, at: datetime, *, unsent: bool = False) -> None:
        """Give a claimed effect back, to be tried again at `at`; `unsent` when surely nothing went out this time."""
        order = self._duties.retry_unsent if unsent else self._duties.retry
        await self._change(order, storable(key), owner, stamp(at))

    async def claim_deadlines(self, now: datetime, owner: str, lease_seconds: float, limit: int) -> Sequence[Deadline]:
        """Take deadlines that are due, earliest first."""
        duties, at, until = self._duties, stamp(now), stamp(now + timedelta(seconds=lease_seconds))
        if not await self._look(duties.any_deadline, at):
            return ()
        taken = await self._change(duties.claim_deadlines, at, limit, until)
        due = [Deadline(key, stream, kind, subject, instant(at)) for key, stream, kind, subject, at in taken]
        return sorted(due, key=lambda one: (one.due_at, one.key))

    async def drop_deadline(self, key: str) -> None:
        """Take a deadline away."""
        await self._change(self._duties.drop_deadline, storable(key))

    async def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """List cases, newest first."""
        wanted = {
            "state": query.state and query.state.value,
            "risk": query.risk and query.risk.value,
            "number": storable(query.number),
            "contact_ref": query.contact_ref,
            "before": query.before and storable(query.before),
        }
        filters = {name: value for name, value in wanted.items() if value}
        found = await self._look(self._ledger.cases(tuple(filters)), *filters.values(), query.limit)
        return [_case_row(row) for row in found]

    async def open_streams(self) -> Sequence[str]:
        """Return the streams of all cases that are not closed."""
        return [stream for [stream] in await self._look(self._ledger.open_streams)]

    async def next_number(self) -> str:
        """Return the next case number; a process takes some at a time, so restarts leave gaps."""
        async with self._numbering:
            number = next(self._numbers, None)
            if number is None:
                [[top]] = await self._change(self._ledger.count, "case_numbers", _NUMBERS_AT_ONCE)
                first = _FIRST_NUMBER + top - _NUMBERS_AT_ONCE
                self._numbers = iter(range(first, first + _NUMBERS_AT_ONCE))
                number = next(self._numbers)
        return str(number)

    async def forget(self, stream: str) -> None:
        """Destroy the key of a stream. Backups keep it until they are themselves destroyed."""

        def work() -> Work[None]:
            yield from ask(self._ledger.take_head)  # after every entry that is on its way, before every later one
            yield from ask(self._ledger.forget, storable(stream))

        await self.door.destroy(work)

    async def check(self) -> None:
        """Return when a write was just now made durable, and the ledger's keys open."""

        def work() -> Work[None]:
            yield from ask(self._ledger.take_head)
            wrapped = yield from ask(self._ledger.key, _CHECK)
            if wrapped:
                self._vault.unwrap(_CHECK, bytes(wrapped[0][0]))
            else:
                yield from ask(self._ledger.new_key, _CHECK, self._vault.new_key(_CHECK).wrapped)
            yield from ask(self._ledger.note, _CHECK, int(self._clock.now().timestamp()))

        await self.door.write(work)

    async def close(self) -> None:
        """Finish what was asked for, then let go of every connection."""
        await self.door.close()

    async def _look(self, order: Order, *values: Cell) -> Rows:
        return await self.door.read(lambda: ask(order, *values))

    async def _change(self, order: Order, *values: Cell) -> Rows:
        return await self.door.write(lambda: ask(order, *values))


def _claimed(  # noqa: PLR0917 - a row, in the order of its columns
    key: str, stream: str, kind: str, subject: str, not_before: str, priority: int, tries: int, unsent: int
) -> Claimed:
    return Claimed(Effect(key, stream, kind, subject, instant(not_before), priority), tries, unsent)


def _case_row(row: Sequence[Cell]) -> CaseRow:
    case, _, number, state, risk, channel, language, contact_ref, responder, drill, opened, changed = row
    return CaseRow(
        CaseId(case),
        number,
        CaseState(state),
        Risk(risk),
        Channel(channel),
        language,
        ContactRef(contact_ref),
        responder,
        bool(drill),
        instant(opened),
        instant(changed),
    )
