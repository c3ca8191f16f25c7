"""Shifts as calendars to which a telephone subscribes: one of each person, one of each rota, at links nobody can guess.

A link is a key: whoever has it reads who is on call when, and nothing else. It is made anew when it was seen by others.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.ports import CalendarEvent, CalendarWriter, Clock, Secrets
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.events import CalendarLinkRenewed
from crisis_hub.domain.rota import Rota, spans
from crisis_hub.domain.vocabulary import PersonId

_BACK, _AHEAD = timedelta(days=31), timedelta(days=183)
"""How much of the past a calendar shows, and how much of what is planned."""


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose calendar a link is: a person's or a rota's."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class Calendars:
    """Writes calendars, and knows their links."""

    def __init__(
        self,
        clock: Clock,
        secrets: Secrets,
        directory: Directory,
        rotas: Rotas,
        writer: CalendarWriter,
        public_url: str,
    ) -> None:
        self._clock = clock
        self._secrets = secrets
        self._directory = directory
        self._rotas = rotas
        self._writer = writer
        self._public_url = public_url

    def link_of_person(self, person: PersonId) -> str:
        """Return where somebody's own shifts can be subscribed to."""
        return self._link(_Whose("person", person))

    def link_of_rota(self, rota: str) -> str:
        """Return where a rota can be subscribed to; raises `NotFound` when there is none of that name."""
        return self._link(_Whose("rota", self._rotas.rota(rota).name))

    async def renew_of_person(self, person: PersonId) -> None:
        """Make somebody's link another; the old one opens nothing from then on."""
        await self._renew(_Whose("person", person), person)

    async def renew_of_rota(self, rota: str, by: PersonId) -> None:
        """Make a rota's link another."""
        await self._renew(_Whose("rota", self._rotas.rota(rota).name), by)

    async def written(self, token: str) -> bytes:
        """Return the calendar behind a link, as it is now."""
        whose = self._behind(token)
        await self._rotas.fresh_enough()
        now = self._clock.now()
        if whose.kind == "person":
            found = [x for rota in self._rotas.all() for x in self._events(rota, now) if x.person == whose.name]
            person = self._directory.person(whose.name)
            return self._writer.written(f"On call: {person.name if person else whose.name}", found, now)
        return self._writer.written(
            f"On call: {whose.name}", list(self._events(self._rotas.rota(whose.name), now)), now
        )

    def _link(self, whose: _Whose) -> str:
        return f"{self._public_url}/calendar/{self._token(whose)}.ics"

    async def _renew(self, whose: _Whose, by: PersonId) -> None:
        await self._directory.record((CalendarLinkRenewed(str(whose), by),), f"person:{by}")

    def _token(self, whose: _Whose) -> str:
        return self._secrets.word(f"calendar {self._directory.renewals(str(whose))} {whose}")

    def _behind(self, token: str) -> _Whose:
        for whose in self._all():
            if hmac.compare_digest(self._token(whose).encode(), token.encode()):
                return whose
        raise NotFound("This link is not one of ours, or another one was made in its place.")

    def _all(self) -> Sequence[_Whose]:
        people = [_Whose("person", person.id) for person in self._directory.everybody()]
        return [*people, *(_Whose("rota", rota.name) for rota in self._rotas.all())]

    def _events(self, rota: Rota, now: datetime) -> Iterator[CalendarEvent]:
        """Yield everybody's time on call, each in one piece from when they come until they go."""
        begun: dict[PersonId, datetime] = {}
        until = now - _BACK
        for span in spans(rota, now - _BACK, now + _AHEAD, self._rotas.overrides(rota.name)):
            for person in [one for one in begun if one not in span.people]:
                yield self._event(rota, person, begun.pop(person), span.start)
            for person in span.people:
                begun.setdefault(person, span.start)
            until = span.end
        for person, start in begun.items():
            yield self._event(rota, person, start, until)

    def _event(self, rota: Rota, person: PersonId, start: datetime, end: datetime) -> CalendarEvent:
        known = self._directory.person(person)
        uid = self._secrets.word(f"shift {rota.name} {person} {start.isoformat()}")
        return CalendarEvent(uid, start, end, f"{rota.name}: {known.name if known else person}", person)
