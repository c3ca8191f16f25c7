"""The ledger in memory: the twin of the SQL store, for tests and rehearsals; it ends with the process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest
from itertools import count

from crisis_hub.adapters.store.codec import storable
from crisis_hub.adapters.store.rows import Prepared, Row, inscribe, prepare, recorded, refusal
from crisis_hub.adapters.store.vault import StreamKey, Vault
from crisis_hub.application.ports import (
    EVERY_PRIORITY,
    CaseQuery,
    CaseRow,
    Claimed,
    Deadline,
    Effect,
    Entry,
    Session,
    Settled,
    Settlement,
)
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.vocabulary import CaseId, CaseState, PersonId

_MAY_CHANGE = {"claimed", Settlement.HANDED_OVER, Settlement.UNKNOWN}


@dataclass(slots=True)
class _Planned:
    """An effect and how it stands; `ready_at` is when it may be taken, None once nothing is left to do."""

    effect: Effect
    ready_at: datetime | None
    state: str = "planned"
    owner: str = ""
    tries: int = 0
    unsent: int = 0
    detail: str = ""


@dataclass(slots=True)
class _Due:
    """A deadline and when somebody may take it."""

    deadline: Deadline
    ready_at: datetime


@dataclass(slots=True)
class _Ledger:
    """All that is kept."""

    rows: list[Row] = field(default_factory=list)
    streams: dict[str, list[Row]] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    effects: dict[str, _Planned] = field(default_factory=dict)
    deadlines: dict[str, _Due] = field(default_factory=dict)
    cases: dict[CaseId, tuple[str, CaseRow]] = field(default_factory=dict)


class MemoryStore:
    """The port `Store`, kept in this process; private words are sealed as in the real ones."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._kept = _Ledger()
        self._numbers = count(1001)

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        """Write one entry, or raise `Conflict` or `MarkTaken` and write nothing."""
        prepared = prepare(entry)
        entry = prepared.entry
        stream = self._kept.streams.get(entry.stream, [])
        refused = refusal(entry, len(stream), self._kept.marks)
        if refused is not None:
            raise refused
        key = self._sealing_key(entry.stream) if prepared.private else None
        rows, facts = inscribe(prepared, len(self._kept.rows), key)
        self._kept.rows += rows
        self._kept.streams[entry.stream] = stream + rows
        self._follow(prepared)
        return facts

    def _sealing_key(self, stream: str) -> StreamKey:
        wrapped = self._kept.keys.get(stream)
        if wrapped is not None:
            return self._vault.unwrap(stream, wrapped)
        key = self._vault.new_key(stream)
        self._kept.keys[stream] = key.wrapped
        return key

    def _follow(self, prepared: Prepared) -> None:
        entry, kept = prepared.entry, self._kept
        for mark in entry.unmarks:
            kept.marks.pop(mark, None)
        kept.marks.update(entry.marks)
        for name in entry.reached:
            kept.deadlines.pop(name, None)
        for deadline in entry.deadlines:
            kept.deadlines[deadline.key] = _Due(deadline, deadline.due_at)
        for effect in entry.effects:
            kept.effects.setdefault(effect.key, _Planned(effect, effect.not_before))
        for settled in entry.settled:
            self._settle(settled)
        if entry.row is not None:
            kept.cases[entry.row.case] = (entry.stream, entry.row)

    async def read(self, stream: str) -> Sequence[Recorded]:
        """Return a stream's facts, oldest first, opened."""
        wrapped = self._kept.keys.get(stream)
        key = None if wrapped is None else self._vault.unwrap(stream, wrapped)
        return [recorded(row, key) for row in self._kept.streams.get(stream, ())]

    async def news(self, stream: str, version: int) -> Sequence[Recorded] | None:
        """Return a stream's facts after that version, opened; nothing when it has no key."""
        wrapped = self._kept.keys.get(stream)
        if wrapped is None:
            return None
        key = self._vault.unwrap(stream, wrapped)
        return [recorded(row, key) for row in self._kept.streams.get(stream, ())[version:]]

    async def since(self, sequence: int, limit: int = 1000) -> Sequence[Recorded]:
        """Return the facts after `sequence`, left sealed."""
        return [recorded(row) for row in self._kept.rows[sequence : sequence + limit]]

    async def head(self) -> int:
        """Return the sequence of the newest fact."""
        return len(self._kept.rows)

    async def marks(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the values of those marks that exist."""
        found = self._kept.marks
        return {key: found[storable(key)] for key in keys if storable(key) in found}

    async def marks_below(self, prefix: str) -> Mapping[str, str]:
        """Return every mark whose key begins with `prefix`."""
        return {key: value for key, value in self._kept.marks.items() if key.startswith(storable(prefix))}

    async def claim_effects(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, priorities: tuple[int, int] = EVERY_PRIORITY
    ) -> Sequence[Claimed]:
        """Take effects that may be taken now, most urgent first."""
        first, last = priorities
        ready = [
            one
            for one in self._kept.effects.values()
            if one.ready_at is not None and one.ready_at <= now and first <= one.effect.priority <= last
        ]
        taken = nsmallest(limit, ready, key=lambda one: (one.effect.priority, one.effect.not_before, one.effect.key))
        for one in taken:
            one.state, one.owner, one.tries = "claimed", owner, one.tries + 1
            one.ready_at = now + timedelta(seconds=lease_seconds)
        return [Claimed(one.effect, one.tries, one.unsent) for one in taken]

    async def take_effect(self, key: str, now: datetime, owner: str, lease_seconds: float) -> bool:
        """Take one effect that is planned, due or not, or ours already."""
        one = self._kept.effects.get(key)
        if one is None or (one.state != "planned" and (one.state, one.owner) != ("claimed", owner)):
            return False
        one.state, one.owner, one.tries = "claimed", owner, one.tries + 1
        one.ready_at = now + timedelta(seconds=lease_seconds)
        return True

    async def settle(self, settled: Settled) -> None:
        """Say what became of an effect."""
        self._settle(settled)

    def _settle(self, settled: Settled) -> None:
        found = self._kept.effects.get(settled.key)
        if found is not None and found.owner == settled.owner and found.state in _MAY_CHANGE:
            found.state, found.detail, found.ready_at = settled.outcome, settled.detail, None

    async def retry(self, key: str, owner: str, at: datetime, *, unsent: bool = False) -> None:
        """Give a claimed effect back, to be tried again at `at`; `unsent` when surely nothing went out this time."""
        found = self._kept.effects.get(key)
        if found is not None and found.owner == owner and found.state == "claimed":
            found.state, found.owner, found.ready_at = "planned", "", at
            found.unsent = found.tries if unsent else found.unsent

    async def claim_deadlines(self, now: datetime, owner: str, lease_seconds: float, limit: int) -> Sequence[Deadline]:
        """Take deadlines that are due, earliest first."""
        ready = [one for one in self._kept.deadlines.values() if one.ready_at <= now]
        taken = nsmallest(limit, ready, key=lambda one: (one.deadline.due_at, one.deadline.key))
        for one in taken:
            one.ready_at = now + timedelta(seconds=lease_seconds)
        return [one.deadline for one in taken]

    async def drop_deadline(self, key: str) -> None:
        """Take a deadline away."""
        self._kept.deadlines.pop(key, None)

    async def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """List cases, newest first."""
        found = sorted(self._matching(query), key=lambda row: row.case, reverse=True)
        return found[: query.limit]

    def _matching(self, query: CaseQuery) -> Iterable[CaseRow]:
        for _, row in self._kept.cases.values():
            if (
                (query.state is None or row.state == query.state)
                and (query.risk is None or row.risk == query.risk)
                and (not query.number or row.number == query.number)
                and (query.contact_ref is None or row.contact_ref == query.contact_ref)
                and (query.before is None or row.case < query.before)
            ):
                yield row

    async def open_streams(self) -> Sequence[str]:
        """Return the streams of all cases that are not closed."""
        return sorted(s for s, row in self._kept.cases.values() if row.state is not CaseState.CLOSED)

    async def next_number(self) -> str:
        """Return the next case number."""
        return str(next(self._numbers))

    async def forget(self, stream: str) -> None:
        """Destroy the key of a stream."""
        self._kept.keys.pop(stream, None)

    async def check(self) -> None:
        """Return at once: memory can always be written."""

    async def close(self) -> None:
        """Do nothing: there is no connection to let go of."""


class MemorySessions:
    """The port `Sessions`, kept in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, Session] = {}

    async def put(self, session: Session) -> None:
        """Keep a session."""
        self._kept[session.token_hash] = session

    async def get(self, token_hash: str) -> Session | None:
        """Return the session of that token, whether or not it is over."""
        return self._kept.get(token_hash)

    async def end(self, token_hash: str) -> None:
        """End one session."""
        self._kept.pop(token_hash, None)

    async def end_all(self, person: PersonId) -> None:
        """End every session of a person."""
        self._keep(lambda session: session.person != person)

    async def purge(self, now: datetime) -> None:
        """Forget sessions that are over."""
        self._keep(lambda session: session.expires_at > now)

    def _keep(self, wanted: Callable[[Session], bool]) -> None:
        self._kept = {name: session for name, session in self._kept.items() if wanted(session)}
