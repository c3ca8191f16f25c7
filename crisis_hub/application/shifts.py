"""Who has which shifts over all rotas, and whether somebody could take one more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.events import Stint
from crisis_hub.domain.rest import Breach, Held, Objection, objections
from crisis_hub.domain.rota import Override, Rota, shifts, spans
from crisis_hub.domain.vocabulary import PersonId

Extra = Mapping[str, Sequence[Override]]
"""Overrides, by rota, that would count besides those that do."""


_FARTHEST = timedelta(days=2 * 366)


class Shifts:
    """Looks through all rotas for one person."""

    def __init__(self, rotas: Rotas, directory: Directory) -> None:
        self._rotas = rotas
        self._directory = directory

    def person(self, id: str, field: str = "person") -> Person:
        """Return a member of staff; refuse the field when nobody is called so."""
        person = self._directory.person(id)
        if person is None:
            raise Wrong(field, f"Nobody among the staff is called “{id}”.")
        return person

    def known(self, id: str) -> Person | None:
        """Return a member of staff, or nothing when they no longer work here."""
        return self._directory.person(id)

    def name(self, id: str) -> str:
        """Return somebody's name, or their id when they no longer work here."""
        person = self._directory.person(id)
        return person.name if person else id

    def ahead(self, stint: Stint, now: datetime) -> Stint:
        """Return what of a span still lies ahead; refuse one that is empty, over, or too far away to mean."""
        if stint.end <= stint.start:
            raise Wrong("end", "This ends before it begins. Look at the two times again.")
        if stint.end <= now:
            raise Wrong("end", "This time is over; what was cannot be arranged any more.")
        if stint.end - now > _FARTHEST:
            raise Wrong("end", "This ends more than two years from now. Look at the year again.")
        return Stint(max(stint.start, now), stint.end)

    def pieces(self, rota: Rota, person: PersonId, within: Stint) -> Sequence[Stint]:
        """Return when somebody is on call on a rota within a span, or would be but for their leave."""
        overrides = self._rotas.overrides(rota.name, besides=person)
        found = spans(rota, within.start, within.end, overrides)
        return _joined([Stint(span.start, span.end) for span in found if person in span.people])

    def has_whole(self, rota: Rota, person: PersonId, stint: Stint) -> bool:
        """Say whether a span belongs to somebody's shifts from its beginning to its end."""
        return list(self.pieces(rota, person, stint)) == [stint]

    def held(self, person: PersonId, within: Stint, extra: Extra | None = None) -> Sequence[Held]:
        """Return the shifts of somebody that touch a span, on all rotas."""
        found: list[Held] = []
        for rota in self._rotas.all():
            overrides = (*self._rotas.overrides(rota.name), *(extra or {}).get(rota.name, ()))
            theirs = (x for x in shifts(rota, within.start, within.end, overrides) if x.person == person)
            found.extend(Held(rota.name, Stint(one.start, one.end)) for one in theirs)
        return found

    def taken_up(self, person: PersonId, within: Stint) -> Sequence[Held]:
        """Return the shifts that somebody has because it was so arranged, and not by their turns in the files."""
        found: list[Held] = []
        for rota in self._rotas.all():
            held = shifts(rota, within.start, within.end, self._rotas.overrides(rota.name))
            theirs = (x for x in held if x.person == person and (x.why.turn is None or x.why.for_whom is not None))
            found.extend(Held(rota.name, Stint(one.start, one.end)) for one in theirs)
        return found

    def must_be_able(self, person: Person, stint: Stint) -> None:
        """Refuse somebody who could not be reached or is away; no word of a supervisor changes that."""
        if not person.reach:
            raise Wrong("person", f"{person.name} has no way to be reached. Add a number first.")
        for leave in self._rotas.leave():
            if leave.person == person.id and leave.stint.meets(stint):
                raise Wrong("person", f"{person.name} is on leave {_day(leave.stint)}. End the leave first.")

    def belongs(self, rota: Rota, person: Person, whose: PersonId | None) -> bool:
        """Say whether somebody may take shifts here by themselves: who takes turns on it, or does the same work."""
        if person.id in people_of(rota):
            return True
        other = self._directory.person(whose) if whose else None
        return other is not None and any(role in person.roles for role in other.roles)

    def against(self, rota: Rota, person: Person, wanted: Stint, extra: Extra | None = None) -> Sequence[Objection]:
        """Return what speaks against somebody taking a shift on a rota, by its rules, over all rotas."""
        around = Stint(wanted.start - rota.rules.reach, wanted.end + rota.rules.reach)
        return objections(rota.rules, wanted, self.held(person.id, around, extra))

    def sentence(self, rota: Rota, person: Person, one: Objection) -> str:
        """Return an objection in words, by the clocks of the rota."""
        span = said(one.held, rota)
        if one.breach is Breach.TWO_AT_ONCE:
            return f"{person.name} is on call on {one.rota} {span}, which is at the same time."
        if one.breach is Breach.TOO_LONG:
            allowed = f"{_hours(rota.rules.longest)} are allowed"
            return f"{person.name} would be on call for {_counted(one.hours)} at a stretch, {span}; {allowed}."
        asked = f"; {_hours(rota.rules.rest)} are asked for" if one.forbidden else ""
        return (
            f"{person.name} has a shift on {one.rota} {span}, with only {_counted(one.hours)} of rest between{asked}."
        )


def people_of(rota: Rota) -> set[PersonId]:
    """Return everybody whom the file of a rota names."""
    layers = (*rota.layers, *(layer for one in rota.temporary for layer in one.layers))
    return {*(person for layer in layers for person in layer.people), *rota.last_resort}


def said(stint: Stint, rota: Rota) -> str:
    """Return a span in words, by the clocks of a rota."""
    zone = ZoneInfo(rota.timezone)
    start, end = stint.start.astimezone(zone), stint.end.astimezone(zone)
    return f"from {start:%a %d %b %H:%M} until {end:%a %d %b %H:%M} ({rota.timezone})"


def _counted(hours: float) -> str:
    return f"{hours:g} hour" if hours == 1 else f"{hours:g} hours"


def _hours(length: timedelta | None) -> str:
    return f"{length / timedelta(hours=1):g}" if length is not None else "none"


def _day(stint: Stint) -> str:
    return f"from {stint.start:%d %B %Y %H:%M} until {stint.end:%d %B %Y %H:%M} (UTC)"


def _joined(pieces: Sequence[Stint]) -> list[Stint]:
    joined: list[Stint] = []
    for piece in pieces:
        if joined and joined[-1].end == piece.start:
            joined[-1] = Stint(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return joined
