"""The rotas as they are now: what the files say, and on top of it what people arranged, folded from the ledger.

Everything that asks who is on call asks with `overrides` of here: paging, screens, calendars, coverage. Whoever acts on
the answer calls `fresh` first, so that a shift which was handed over a moment ago in another process counts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from crisis_hub.application.plans import Place
from crisis_hub.application.ports import (
    Bus,
    Clock,
    Conflict,
    Effect,
    Entry,
    MarkTaken,
    Store,
    StoreError,
    StoreUnavailable,
)
from crisis_hub.application.reactions import react
from crisis_hub.application.staff import STREAM as STAFF
from crisis_hub.application.staff import Person
from crisis_hub.domain.arranged import NOTHING_ARRANGED, Arranged, Leave, arranged, leave_of
from crisis_hub.domain.covering import Change
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.events import (
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Fact,
    LeaveTaken,
    OverrideMade,
    Recorded,
    RotaFact,
)
from crisis_hub.domain.rota import OnCall, Override, Rota, on_call
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId

log = logging.getLogger(__name__)

PREFIX = "rota-"
"""What the streams of rotas begin with."""

_MOST_TRIES = 25

Decide = Callable[[], Sequence[Fact]]
"""Says which facts become true next, or refuses; asked when everything of the stream is known here."""


def stream_of(rota: str) -> str:
    """Return the stream in which stands what was arranged on a rota."""
    return PREFIX + rota


class Rotas:
    """What was arranged by hand, kept in memory and read again as soon as the ledger has more of it."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        clock: Clock,
        rulebook: Callable[[], Rulebook],
        catch_up: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._rulebook = rulebook
        self._catch_up = catch_up
        self._arranged: dict[str, Arranged] = {}
        self._leave: Mapping[str, Leave] = {}
        self._lengths: dict[str, int] = {}
        self._stale: set[str] = {STAFF}
        self._one_reader = asyncio.Lock()
        self._asked = self._answered = 0

    # ---------------------------------------------------------------------------------- reading

    def hear(self, recorded: Recorded) -> None:
        """Take note that something was arranged, here or elsewhere; it is read when it is next asked for."""
        if isinstance(recorded.fact, RotaFact):
            self._stale.add(recorded.stream)

    async def fresh(self) -> None:
        """Know everything that the ledger knew when this was asked; many who ask at once share one look."""
        self._asked += 1
        mine = self._asked
        async with self._one_reader:
            if self._answered >= mine:
                return
            upto = self._asked
            if self._catch_up is not None:
                await self._catch_up()
            await self._read_what_is_stale()
            self._answered = upto

    async def fresh_enough(self) -> None:
        """Be fresh if that can be; a page by what was known a moment ago is better than none."""
        try:
            await self.fresh()
        except StoreError:
            log.exception("what was arranged on the rotas cannot be read; what was known before still counts")

    async def _read_what_is_stale(self) -> None:
        new = {stream_of(name) for name in self._rulebook().rotas if stream_of(name) not in self._arranged}
        for stream in sorted(self._stale | new):
            self._stale.discard(stream)  # first, since what is heard of while we read may not be in it
            try:
                self._keep(stream, await self._store.read(stream))
            except BaseException:
                self._stale.add(stream)
                raise

    def _keep(self, stream: str, recorded: Sequence[Recorded]) -> None:
        if len(recorded) < self._lengths.get(stream, 0):
            return  # somebody else read more of it meanwhile
        self._lengths[stream] = len(recorded)
        if stream == STAFF:
            self._leave = leave_of(recorded)
        else:
            self._arranged[stream] = arranged(recorded)

    # ---------------------------------------------------------------------------------- who

    def rota(self, name: str) -> Rota:
        """Return a rota that is in force; raise `NotFound` when there is none of that name."""
        rota = self._rulebook().rotas.get(name)
        if rota is None:
            raise NotFound(f"There is no rota called “{name}”.")
        return rota

    def all(self) -> Sequence[Rota]:
        """Return every rota in force."""
        return tuple(self._rulebook().rotas.values())

    def arranged(self, rota: str) -> Arranged:
        """Return what was arranged on a rota."""
        return self._arranged.get(stream_of(rota), NOTHING_ARRANGED)

    def leave(self) -> Sequence[Leave]:
        """Return everybody's leave, the earliest first, without what was ended before it began."""
        found = [one for one in self._leave.values() if one.stint.start < one.stint.end]
        return sorted(found, key=lambda one: (one.stint.start, one.taken.leave))

    def leave_called(self, id: str) -> Leave:
        """Return one leave; raise `NotFound` when there is none by that id."""
        if id not in self._leave:
            raise NotFound("There is no such leave.")
        return self._leave[id]

    def overrides(self, rota: str, besides: PersonId | None = None) -> tuple[Override, ...]:
        """Return what counts on top of a rota's file: what was made by hand, covers, and then leave.

        Leave comes last, since nobody who is away can be on call by an earlier or later word. `besides` leaves out the
        leave of one person, to see which shifts they would have.
        """
        away = (one.override() for one in self.leave() if one.person != besides)
        return (*self.arranged(rota).counting, *away)

    def on_call(self, rota: Rota, at: datetime) -> OnCall:
        """Return who is on call at an instant, with everything that was arranged."""
        # What is over cannot count again, and of years of covers only a few lie ahead.
        return on_call(rota, at, [one for one in self.overrides(rota.name) if one.end > at])

    def on_leave(self, person: PersonId, at: datetime) -> bool:
        """Say whether somebody is away at an instant."""
        return any(one.person == person and one.holds_at(at) for one in self._leave.values())

    def at_hand(self, people: Iterable[Person]) -> Sequence[Person]:
        """Leave out who is on leave now, unless that is everybody: then they are a better choice than nobody."""
        asked, now = tuple(people), self._clock.now()
        return tuple(person for person in asked if not self.on_leave(person.id, now)) or asked

    # ---------------------------------------------------------------------------------- writing

    async def record(self, stream: str, decide: Decide, actor: str) -> tuple[Recorded, ...]:
        """Decide on a stream as the ledger has it and write what follows; whoever writes first wins, the others decide
        again on what is then there."""
        people: frozenset[PersonId] = frozenset()
        for _ in range(_MOST_TRIES):
            marks = [await self._next_of(person) for person in sorted(people)]
            known = await self._read_for(stream, people)
            facts = tuple(decide())
            if not facts:
                return ()
            concerned = self._concerned(stream, facts)
            if not concerned <= people:  # look at all of theirs first, and decide on that
                people = concerned
                continue
            now = self._clock.now()
            effects = _planned(stream, len(known), facts, now)
            entry = Entry(stream, len(known), facts, now, actor, effects=effects, marks=tuple(marks))
            try:
                written = await self._store.append(entry)
            except (Conflict, MarkTaken):
                continue
            self._keep(stream, [*known, *written])
            await self._bus.ring(written)
            return written
        raise StoreUnavailable("This rota changes faster than it can be written to; try again.")

    async def _next_of(self, person: PersonId) -> tuple[str, str]:
        """Return the mark of the next change to somebody's time: two on different rotas cannot both leave it.

        It must be asked for before what they have is read, so that whatever changed in between is noticed.
        """
        before = await self._store.marks_below(f"time:{person}:")
        return f"time:{person}:{len(before) + 1}", ""

    async def _read_for(self, stream: str, people: frozenset[PersonId]) -> Sequence[Recorded]:
        """Read a stream; when somebody's time changes, every other in which they may have shifts or leave, too."""
        for other in {stream_of(rota.name) for rota in self.all()} | {STAFF} if people else ():
            if other != stream:
                self._keep(other, await self._store.read(other))
        known = await self._store.read(stream)
        self._keep(stream, known)
        return known

    def _concerned(self, stream: str, facts: Iterable[Fact]) -> frozenset[PersonId]:
        """Return whose time on call, or away, these facts take up."""
        found: set[PersonId] = set()
        for fact in facts:
            if isinstance(fact, CoverTaken):
                found.add(fact.person)
                cover = self.arranged(stream.removeprefix(PREFIX)).covers.get(fact.cover)
                if cover is not None and cover.asked.in_exchange is not None:
                    found.add(cover.asked.person)
            elif isinstance(fact, CoverWithdrawn):
                cover = self.arranged(stream.removeprefix(PREFIX)).covers.get(fact.cover)
                returned = cover.overrides() if cover is not None else ()
                found.update(one.for_whom for one in returned if one.for_whom is not None)
            elif isinstance(fact, LeaveTaken) or (isinstance(fact, OverrideMade) and fact.change is not Change.REMOVE):
                found.add(fact.person)
        return frozenset(found)

    async def history(self, rota: str) -> Sequence[Recorded]:
        """Return everything that was ever arranged on a rota, oldest first."""
        recorded = await self._store.read(stream_of(rota))
        return [one for one in recorded if isinstance(one.fact, RotaFact)]

    async def round(self) -> None:
        """Write down which requests for cover lapsed; the night watch does this on every round."""
        await self._read_what_is_stale()
        for rota in self.all():
            now = self._clock.now()
            if any(cover.is_due(now) for cover in self.arranged(rota.name).covers.values()):
                await self.record(stream_of(rota.name), partial(self._lapsing, rota.name), "watch")

    def _lapsing(self, rota: str) -> Sequence[Fact]:
        now = self._clock.now()
        return [CoverLapsed(cover.id) for cover in self.arranged(rota).covers.values() if cover.is_due(now)]


def _planned(stream: str, version: int, facts: Sequence[Fact], now: datetime) -> tuple[Effect, ...]:
    """Return what is to be done because of these facts, to be written with them."""
    plans = (react(fact, Place(stream, number, now)) for number, fact in enumerate(facts, start=version + 1))
    return tuple(effect for plan in plans for effect in plan.effects)
