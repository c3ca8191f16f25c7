"""What is arranged by hand: overrides of a rota by whoever watches over all, and everybody's leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crisis_hub.application import rights
from crisis_hub.application.cover_wishes import MOST_OPEN, Anyway, must_overrule
from crisis_hub.application.ports import Clock, Ids
from crisis_hub.application.rotas import Rotas, stream_of
from crisis_hub.application.shifts import Shifts
from crisis_hub.application.staff import STREAM as STAFF
from crisis_hub.application.staff import Person
from crisis_hub.domain.arranged import HandMade, Leave
from crisis_hub.domain.covering import Change
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.events import Fact, LeaveEnded, LeaveTaken, OverrideEnded, OverrideMade, Recorded, Stint
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class Wanted:
    """An override as it is asked for."""

    change: Change
    person: str
    stint: Stint
    for_whom: str | None = None
    why: str = ""


class Arranging:
    """Changes of rotas beside covers."""

    def __init__(self, rotas: Rotas, shifts: Shifts, clock: Clock, ids: Ids) -> None:
        self._rotas = rotas
        self._shifts = shifts
        self._clock = clock
        self._ids = ids

    # ---------------------------------------------------------------------------------- overrides

    async def override(self, asker: Person, name: str, wanted: Wanted, *, anyway: bool = False) -> HandMade:
        """Add, remove or replace somebody for a while; asked for again while it counts, it is the same override."""
        rights.must_supervise(asker)
        await self._rotas.fresh()
        rota, id = self._rotas.rota(name), self._ids.new()
        written = await self._record(rota, lambda: self._override(rota, id, asker, wanted, anyway), asker)
        same = None if written else self._same_override(rota, wanted)
        return same or self._rotas.arranged(name).overrides[id]

    async def end_override(self, asker: Person, name: str, id: str) -> HandMade:
        """Let an override count no longer; one that is over stays as it was."""
        rights.must_supervise(asker)
        await self._rotas.fresh()
        rota = self._rotas.rota(name)
        await self._record(rota, lambda: self._end_override(rota, id, asker), asker)
        return self._rotas.arranged(name).overrides[id]

    def _override(self, rota: Rota, id: str, asker: Person, wanted: Wanted, anyway: bool) -> Sequence[Fact]:
        stint, person = self._ahead(wanted.stint), self._shifts.person(wanted.person)
        if self._same_override(rota, wanted) is not None:
            return ()
        if not wanted.why.strip():
            raise Wrong("why", "Say why; whoever looks at the rota later wants to know.")
        for_whom = self._for_whom(rota, wanted, person, stint)
        against: tuple[str, ...] = ()
        if wanted.change is not Change.REMOVE:
            self._shifts.must_be_able(person, stint)
            whole = self._shifts.pieces(rota, for_whom, stint) if for_whom else [stint]
            found = [(piece, one) for piece in whole for one in self._shifts.against(rota, person, piece)]
            broken = dict.fromkeys(self._shifts.sentence(rota, person, one) for _, one in found if one.forbidden)
            against = must_overrule(tuple(broken), asker, Anyway(anyway, wanted.why))
        made = OverrideMade(
            id, wanted.change, person.id, for_whom, stint.start, stint.end, asker.id, against, wanted.why
        )
        return (made,)

    def _for_whom(self, rota: Rota, wanted: Wanted, person: Person, stint: Stint) -> PersonId | None:
        """Return in whose place somebody stands; refuse to take away who is not there."""
        if wanted.change is Change.ADD:
            if wanted.for_whom is not None:
                raise Wrong("for_whom", "Who is added stands in for nobody. Leave this out, or replace somebody.")
            return None
        if wanted.change is Change.REPLACE and wanted.for_whom is None:
            raise Wrong("for_whom", "Say in whose place they stand.")
        field = "person" if wanted.change is Change.REMOVE else "for_whom"
        gone = PersonId(wanted.person if wanted.change is Change.REMOVE else wanted.for_whom or "")
        if wanted.change is Change.REPLACE and gone == person.id:
            raise Wrong("for_whom", "Nobody can stand in for themself.")
        if not self._shifts.pieces(rota, gone, stint):
            raise Wrong(field, f"{self._shifts.name(gone)} is not on call on {rota.name} at that time.")
        return None if wanted.change is Change.REMOVE else gone

    def _end_override(self, rota: Rota, id: str, asker: Person) -> Sequence[Fact]:
        made = self._rotas.arranged(rota.name).overrides.get(id)
        if made is None:
            raise NotFound("There is no such override.")
        return () if made.ended_at or made.end <= self._clock.now() else (OverrideEnded(id, asker.id),)

    def _same_override(self, rota: Rota, wanted: Wanted) -> HandMade | None:
        stint = self._ahead(wanted.stint)
        for one in self._rotas.arranged(rota.name).overrides.values():
            made = one.made
            same = (made.change, made.person, made.end) == (wanted.change, wanted.person, wanted.stint.end)
            begun = stint.start > wanted.stint.start and made.start <= stint.start
            if same and made.for_whom == wanted.for_whom and not one.ended_at and (begun or made.start == stint.start):
                return one
        return None

    # ---------------------------------------------------------------------------------- leave

    async def take_leave(self, asker: Person, person: str, stint: Stint, why: str = "") -> Leave:
        """Be away: on call on no rota for that time. Said again, it is the same leave."""
        rights.must_act_for(asker, person)
        who, id = self._shifts.person(person), self._ids.new()
        await self._rotas.fresh()
        written = await self._rotas.record(STAFF, lambda: self._leave(id, who, asker, stint, why), _actor(asker))
        same = None if written else self._same_leave(who, stint)
        return same or self._rotas.leave_called(id)

    async def end_leave(self, asker: Person, id: str) -> Leave:
        """Be back, or do not go at all."""
        await self._rotas.fresh()
        rights.must_act_for(asker, self._rotas.leave_called(id).person)
        await self._rotas.record(STAFF, lambda: self._end_leave(id, asker), _actor(asker))
        return self._rotas.leave_called(id)

    def _leave(self, id: str, who: Person, asker: Person, stint: Stint, why: str) -> Sequence[Fact]:
        ahead = self._ahead(stint)
        if self._same_leave(who, stint) is not None:
            return ()
        coming = sum(one.person == who.id and one.stint.end > self._clock.now() for one in self._rotas.leave())
        if coming >= MOST_OPEN:
            raise TooLate(f"{MOST_OPEN} leaves lie ahead of {who.name} already. End one first.")
        return (LeaveTaken(id, who.id, ahead.start, ahead.end, asker.id, why),)

    def _same_leave(self, who: Person, stint: Stint) -> Leave | None:
        ahead = self._ahead(stint)
        for one in self._rotas.leave():
            begun = ahead.start > stint.start and one.stint.start <= ahead.start
            if one.person == who.id and one.stint.end == stint.end and (begun or one.stint.start == ahead.start):
                return one
        return None

    def _end_leave(self, id: str, asker: Person) -> Sequence[Fact]:
        leave = self._rotas.leave_called(id)
        return () if leave.ended_at or leave.stint.end <= self._clock.now() else (LeaveEnded(id, asker.id),)

    # ---------------------------------------------------------------------------------- both

    def _ahead(self, stint: Stint) -> Stint:
        return self._shifts.ahead(stint, self._clock.now())

    async def _record(self, rota: Rota, decide: Callable[[], Sequence[Fact]], asker: Person) -> Sequence[Recorded]:
        return await self._rotas.record(stream_of(rota.name), decide, _actor(asker))


def _actor(person: Person) -> str:
    return f"person:{person.id}"
