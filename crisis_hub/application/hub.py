"""The one door: read, decide, record, tell. Nothing changes a case in any other way."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.application.ports import (
    Bus,
    CaseRow,
    Clock,
    Conflict,
    Deadline,
    Effect,
    Entry,
    Secrets,
    Settled,
    Store,
    StoreUnavailable,
)
from crisis_hub.application.reactions import Moment, Plan, react
from crisis_hub.domain.case import Case, evolve
from crisis_hub.domain.commands import Command
from crisis_hub.domain.decision import decided
from crisis_hub.domain.errors import NotFound, Refused
from crisis_hub.domain.events import CaseFact, Recorded
from crisis_hub.domain.rules import Rulebook

_MOST_KNOWN = 4000
"""Cases kept folded in memory, so that a case in full swing is not read again for every text; the oldest go first."""

_MOST_TRIES = 25
"""Each try loses only to a neighbour who got something done; so many in a row mean that something is wrong."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command made true, and the case after it."""

    facts: tuple[Recorded, ...]
    case: Case
    sequence: int


@dataclass(frozen=True, slots=True)
class Ends:
    """What led to a command and is over once it is recorded: an effect's lease, a deadline, a mark of the asker."""

    settled: tuple[Settled, ...] = ()
    reached: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


NOTHING_ENDS = Ends()


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    sequence: int
    case: Case | None


_NOTHING_KNOWN = _Known(0, 0, None)


class Hub:
    """The only way to change a case."""

    def __init__(
        self, store: Store, bus: Bus, clock: Clock, secrets: Secrets, rulebook: Callable[[], Rulebook]
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._secrets = secrets
        self._rulebook = rulebook
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def begin(self, stream: str, command: Command, actor: str, cause: str) -> Done:
        """Do the first command on a case whose id was made up just now, so that there is nothing to read of it."""
        return await self._do(stream, command, (actor, cause), NOTHING_ENDS, _NOTHING_KNOWN)

    async def do(self, stream: str, command: Command, actor: str, cause: str = "", ends: Ends = NOTHING_ENDS) -> Done:
        """Decide the command on the case and record what follows, durably and whole.

        Raises `Refused` when it cannot be, `MarkTaken` when a mark stands against it, `StoreUnavailable` when
        nothing can be written. Somebody else's change in between only makes it decide again.
        """
        return await self._do(stream, command, (actor, cause), ends, self._known.get(stream))

    async def _do(
        self, stream: str, command: Command, through: tuple[str, str], ends: Ends, remembered: _Known | None
    ) -> Done:
        for _ in range(_MOST_TRIES):
            known = remembered or await self._read(stream)
            now = self._clock.now()
            try:
                facts, after = decided(known.case, command, self._rulebook(), now)
                if facts or ends != NOTHING_ENDS:
                    return await self._record(stream, known, (facts, after), now, through, ends)
                if remembered is None:
                    return self._unchanged(known)
            except Refused:
                if remembered is None:
                    raise
            except Conflict:
                pass
            # Another process may have changed the case: "it is so already" and "no" are said of the ledger only.
            self._known.pop(stream, None)
            remembered = None
        raise StoreUnavailable("This case changes faster than it can be written to; try again.")

    async def case(self, stream: str) -> Case:
        """Return a case as the ledger has it now, with its words; raise `NotFound` when there is none."""
        known = await self._read(stream)
        if known.case is None:
            raise NotFound("There is no such case.")
        return known.case

    def remembered(self, stream: str) -> Case | None:
        """Return a case as it was a while ago, if it is in memory; only what can never change may be told by it."""
        return self._known.get(stream, _NOTHING_KNOWN).case

    async def look(self, stream: str) -> Done:
        """Return a case as the ledger has it now and at which sequence; raise `NotFound` when there is none."""
        return self._unchanged(await self._read(stream))

    async def history(self, stream: str) -> Sequence[Recorded]:
        """Return a case's facts, oldest first, with their words."""
        recorded = await self._store.read(stream)
        if not recorded:
            raise NotFound("There is no such case.")
        return recorded

    def forget(self, stream: str) -> None:
        """Let go of what is remembered of a case, because another process has changed it."""
        self._known.pop(stream, None)

    async def _record(
        self,
        stream: str,
        known: _Known,
        decision: tuple[tuple[CaseFact, ...], Case | None],
        now: datetime,
        through: tuple[str, str],
        ends: Ends,
    ) -> Done:
        facts, after = decision
        plan = self._plan(stream, known.version, facts, now, after)
        recorded = await self._store.append(
            Entry(
                stream,
                known.version,
                facts,
                now,
                *through,
                plan.effects,
                plan.deadlines,
                (*plan.marks, *ends.marks),
                plan.unmarks,
                ends.settled,
                ends.reached,
                _row(after, now) if after and facts else None,
            )
        )
        sequence = recorded[-1].sequence if recorded else known.sequence
        if any(one.fact is not fact for one, fact in zip(recorded, facts, strict=True)):
            after = _folded(known, recorded).case  # the ledger could not hold it as it was, and what it holds is true
        self._remember(stream, _Known(known.version + len(facts), sequence, after))
        if recorded:
            await self._bus.ring(recorded)
        if after is None:
            raise NotFound("There is no such case.")
        return Done(recorded, after, sequence)

    def _plan(self, stream: str, version: int, facts: tuple[CaseFact, ...], now: datetime, after: Case | None) -> Plan:
        effects: list[Effect] = []
        deadlines: list[Deadline] = []
        marks: list[tuple[str, str]] = []
        unmarks: list[str] = []
        for number, fact in enumerate(facts, start=version + 1):
            assert after is not None  # a case that has facts exists
            plan = react(fact, Moment(stream, number, now, after, self._secrets))
            effects.extend(plan.effects)
            deadlines.extend(plan.deadlines)
            marks.extend(plan.marks)
            unmarks.extend(plan.unmarks)
        return Plan(tuple(effects), tuple(deadlines), tuple(marks), tuple(unmarks))

    async def _read(self, stream: str) -> _Known:
        """Read a case as the ledger has it: what is remembered is only where the reading begins."""
        known = self._known.get(stream, _NOTHING_KNOWN)
        recorded = await self._store.news(stream, known.version) if known.version else None
        if recorded is None:  # nothing is remembered, or nothing of it may be: its words were destroyed
            self._known.pop(stream, None)
            known, recorded = _NOTHING_KNOWN, await self._store.read(stream)
        if recorded or not known.version:
            known = _folded(known, recorded)
            self._remember(stream, known)
        return known

    def _remember(self, stream: str, known: _Known) -> None:
        newer = self._known.get(stream)
        if newer is not None and newer.version > known.version:
            return
        self._known[stream] = known
        self._known.move_to_end(stream)
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

    def _unchanged(self, known: _Known) -> Done:
        if known.case is None:
            raise NotFound("There is no such case.")
        return Done((), known.case, known.sequence)


def _folded(known: _Known, recorded: Sequence[Recorded]) -> _Known:
    """Return what is known after these facts, too."""
    case = known.case
    for envelope in recorded:
        case = evolve(case, envelope.fact, envelope.at)  # type: ignore[arg-type]  # a case's stream holds case facts
    return _Known(known.version + len(recorded), recorded[-1].sequence if recorded else known.sequence, case)


def _row(case: Case, now: datetime) -> CaseRow:
    return CaseRow(
        case.id,
        case.number,
        case.state,
        case.risk,
        case.channel,
        case.language,
        case.contact_ref,
        case.responder or "",
        case.drill,
        case.opened_at,
        now,
    )
