"""One group of entries becomes true: the heart of the store, run inside one transaction on either database.

The head row is taken first, so that of all processes one at a time decides and writes. Then every entry is
judged on top of those before it; one that may not be written is left out and told so alone. What remains is
written with one statement for each table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from crisis_hub.adapters.store.codec import stamp
from crisis_hub.adapters.store.dialects import Dialect
from crisis_hub.adapters.store.rows import Prepared, Row, inscribe, refusal
from crisis_hub.adapters.store.statements import AppendOrders
from crisis_hub.adapters.store.vault import StreamKey, Vault
from crisis_hub.adapters.store.work import Cell, Work, ask, ask_for_each
from crisis_hub.application.ports import CaseRow, Deadline, Effect, Entry, Settled, StoreError
from crisis_hub.domain.events import Recorded

Outcome: TypeAlias = tuple[Recorded, ...] | StoreError
"""What became of one entry: its facts as recorded, or why it was not written."""


@dataclass(slots=True)
class Group:
    """What came of one group: an outcome for each entry, and the rows that were written for it."""

    outcomes: list[Outcome]
    rows: list[Row]


@dataclass(slots=True)
class _Stand:
    """How things stand for the next entry of the group: what the database said, and what came before it."""

    head: int
    versions: dict[str, int] = field(default_factory=dict)
    wrapped: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    keys: dict[str, StreamKey] = field(default_factory=dict)


class _Changes:
    """All that a group changes, as the difference between before and after."""

    def __init__(self) -> None:
        self.facts: list[Row] = []
        self.new_keys: list[tuple[str, bytes]] = []
        self.unmarked: set[str] = set()
        self.marks: dict[str, str] = {}
        self.reached: set[str] = set()
        self.deadlines: dict[str, Deadline] = {}
        self.effects: dict[str, Effect] = {}
        self.settled: list[Settled] = []
        self.cases: dict[str, tuple[str, CaseRow]] = {}

    def follow(self, entry: Entry) -> None:
        """Add what this entry brings about beside its facts."""
        for key in entry.unmarks:
            self.unmarked.add(key)
            self.marks.pop(key, None)
        self.marks.update(entry.marks)
        for key in entry.reached:
            self.reached.add(key)
            self.deadlines.pop(key, None)
        for deadline in entry.deadlines:
            self.deadlines[deadline.key] = deadline
        for effect in entry.effects:
            self.effects.setdefault(effect.key, effect)
        self.settled += entry.settled
        if entry.row is not None:
            self.cases[entry.row.case] = (entry.stream, entry.row)


class Appender:
    """Writes groups of entries."""

    def __init__(self, dialect: Dialect, vault: Vault) -> None:
        self._dialect = dialect
        self._vault = vault
        self._orders = AppendOrders(dialect)

    def write(self, group: Sequence[Prepared]) -> Work[Group]:
        """Write what may be written of these entries, in this order."""
        stand = yield from self._look(group)
        changes = _Changes()
        outcomes = [self._judge(prepared, stand, changes) for prepared in group]
        yield from self._put_down(changes, stand.head)
        return Group(outcomes, changes.facts)

    def is_there(self, row: Row) -> Work[bool]:
        """Say whether exactly this row was written, once whoever may still be writing it has ended."""
        yield from ask(self._orders.take_head)
        found = yield from ask(self._orders.fact_at, row.sequence)
        return bool(found) and Row(*found[0]) == row

    def _look(self, group: Sequence[Prepared]) -> Work[_Stand]:
        """Take the head row and learn how the streams and marks of the group stand."""
        orders, pack = self._orders, self._dialect.pack
        [[head]] = yield from ask(orders.take_head)
        stand = _Stand(head)
        streams = {prepared.entry.stream for prepared in group}
        for stream, version, wrapped in (yield from ask(orders.stand, pack(list(streams)))):
            stand.versions[stream] = version or 0
            if wrapped is not None:
                stand.wrapped[stream] = bytes(wrapped)
        wanted = {key for prepared in group for key, _ in prepared.entry.marks}
        if wanted:
            known = yield from ask(orders.marks, pack(list(wanted)))
            stand.marks = {key: value for key, value in known}  # noqa: C416 - rows are not pairs to mypy
        return stand

    def _judge(self, prepared: Prepared, stand: _Stand, changes: _Changes) -> Outcome:
        """Let one entry become true on top of the others, or say why it may not."""
        entry = prepared.entry
        refused = refusal(entry, stand.versions[entry.stream], stand.marks)
        if refused is not None:
            return refused
        try:
            key = self._key(entry.stream, stand, changes) if prepared.private else None
        except StoreError as wrong:
            return wrong
        rows, facts = inscribe(prepared, stand.head, key)
        stand.head += len(rows)
        stand.versions[entry.stream] += len(rows)
        for mark in entry.unmarks:
            stand.marks.pop(mark, None)
        stand.marks.update(entry.marks)
        changes.facts += rows
        changes.follow(entry)
        return facts

    def _key(self, stream: str, stand: _Stand, changes: _Changes) -> StreamKey:
        key = stand.keys.get(stream)
        if key is None:
            wrapped = stand.wrapped.get(stream)
            if wrapped is None:
                key = self._vault.new_key(stream)
                changes.new_keys.append((stream, key.wrapped))
            else:
                key = self._vault.unwrap(stream, wrapped)
            stand.keys[stream] = key
        return key

    def _put_down(self, changes: _Changes, head: int) -> Work[None]:
        orders = self._orders
        yield from ask_for_each(orders.facts, changes.facts)
        yield from ask_for_each(orders.keys, changes.new_keys)
        yield from ask_for_each(orders.unmark, [(key,) for key in changes.unmarked])
        yield from ask_for_each(orders.mark, list(changes.marks.items()))
        yield from ask_for_each(orders.reached, [(key,) for key in changes.reached])
        yield from ask_for_each(orders.deadlines, [_deadline(one) for one in changes.deadlines.values()])
        yield from ask_for_each(orders.effects, [_effect(one) for one in changes.effects.values()])
        yield from ask_for_each(orders.settle, [settlement(one) for one in changes.settled])
        yield from ask_for_each(orders.cases, [_case(*one) for one in changes.cases.values()])
        if changes.facts:
            yield from ask(orders.move_head, head)


def settlement(settled: Settled) -> tuple[Cell, ...]:
    """Return the values that the statement `settle` asks for."""
    return settled.key, settled.owner, settled.outcome.value, settled.detail


def _effect(effect: Effect) -> tuple[Cell, ...]:
    not_before = stamp(effect.not_before)
    return effect.key, effect.stream, effect.kind, effect.subject, not_before, effect.priority, not_before


def _deadline(deadline: Deadline) -> tuple[Cell, ...]:
    due_at = stamp(deadline.due_at)
    return deadline.key, deadline.stream, deadline.kind, deadline.subject, due_at, due_at


def _case(stream: str, row: CaseRow) -> tuple[Cell, ...]:
    return (
        row.case,
        stream,
        row.number,
        row.state.value,
        row.risk.value,
        row.channel.value,
        row.language,
        row.contact_ref,
        row.responder,
        row.drill,
        stamp(row.opened_at),
        stamp(row.changed_at),
    )
