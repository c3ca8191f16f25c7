"""Word to those who go on call, some hours before a shift and when it begins. It never holds up a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crisis_hub.application.plans import SEND_NOTICE
from crisis_hub.application.ports import (
    CarrierBusy,
    Claimed,
    Clock,
    Effect,
    Entry,
    MarkTaken,
    Settled,
    Settlement,
    Store,
    TelephonyError,
)
from crisis_hub.application.reaching import Reaching, quiet_way
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.events import Stint
from crisis_hub.domain.rota import Rota, spans
from crisis_hub.domain.vocabulary import Method, PersonId

_STREAM = "hand-off"
_EVERY = timedelta(seconds=30)
_LATE = timedelta(minutes=15)
"""A notice that could not be given for so long is not given any more."""
_SHORTEST = timedelta(minutes=5)
"""How near to its beginning a shift may be for a notice before it to make sense beside the one at its start."""
_LOOK_BACK, _LOOK_AHEAD = timedelta(hours=1), timedelta(days=8)
_LAST, _MOST_TRIES = 9, 8


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody goes on call on a rota; `when` is `before` or `start`."""

    rota: str
    person: PersonId
    stint: Stint
    when: str


class HandOffs:
    """Gives notice of shifts that begin."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        store: Store,
        clock: Clock,
        directory: Directory,
        rotas: Rotas,
        reaching: Reaching,
        before: timedelta,
        owner: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._rotas = rotas
        self._reaching = reaching
        self._before = before
        self._owner = owner
        self._looked_at: datetime | None = None
        self._planned: dict[str, datetime] = {}

    async def round(self) -> None:
        """Plan the notices that are due; the ledger's marks keep each of them from being planned twice."""
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < _EVERY:
            return
        self._looked_at = now
        self._planned = {mark: at for mark, at in self._planned.items() if now - at < _LOOK_AHEAD}
        for rota in self._rotas.all():
            for notice in self._due(rota, now):
                await self._plan(notice, now)

    def _due(self, rota: Rota, now: datetime) -> Iterator[Notice]:
        for person, stint in self._beginning(rota, now):
            if timedelta() <= now - stint.start < _LATE:
                yield Notice(rota.name, person, stint, "start")
            elif _SHORTEST < stint.start - now <= self._before:
                yield Notice(rota.name, person, stint, "before")

    def _beginning(self, rota: Rota, now: datetime) -> Iterator[tuple[PersonId, Stint]]:
        """Yield who comes on call soon or just now; who stays on call from one shift to the next hears nothing."""
        arranged = self._rotas.overrides(rota.name)
        walked = list(spans(rota, now - _LOOK_BACK, now + _LOOK_AHEAD, arranged))
        for place, span in enumerate(walked[1:], start=1):
            if span.start > now + self._before:
                return
            for person in span.people:
                if person not in walked[place - 1].people:
                    later = (one.start for one in walked[place:] if person not in one.people)
                    yield person, Stint(span.start, next(later, walked[-1].end))

    async def _plan(self, notice: Notice, now: datetime) -> None:
        mark = f"hand-off:{notice.rota}:{notice.person}:{notice.stint.start.isoformat()}:{notice.when}"
        if mark in self._planned:
            return
        self._planned[mark] = now
        words = [notice.rota, notice.person, notice.stint.start.isoformat(), notice.stint.end.isoformat(), notice.when]
        effect = Effect(mark, _STREAM, SEND_NOTICE, json.dumps(words), now, _LAST)
        try:
            await self._store.append(Entry(_STREAM, 0, (), now, "watch", effects=(effect,), marks=((mark, "1"),)))
        except MarkTaken:
            return  # another process, or this one before it was started again, was first

    async def send(self, claimed: Claimed) -> None:
        """Give one notice, if the shift is still that person's."""
        notice = _read(claimed.effect.subject)
        person = self._directory.person(notice.person)
        outcome = Settlement.DROPPED
        if person and self._still_stands(notice):
            try:
                await self._say(person, notice)
                outcome = Settlement.HANDED_OVER
            except CarrierBusy as busy:
                if claimed.tries < _MOST_TRIES:
                    wait = max(busy.retry_after, 5.0 * claimed.tries)
                    again = self._clock.now() + timedelta(seconds=wait)
                    await self._store.retry(claimed.effect.key, self._owner, again)
                    return
                outcome = Settlement.FAILED
            except TelephonyError:
                outcome = Settlement.FAILED  # a notice is a kindness; sending it twice would be none
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome))

    def _still_stands(self, notice: Notice) -> bool:
        rota = next((one for one in self._rotas.all() if one.name == notice.rota), None)
        now = self._clock.now()
        if rota is None or now - notice.stint.start >= _LATE:
            return False
        return notice.person in self._rotas.on_call(rota, max(now, notice.stint.start)).people

    async def _say(self, person: Person, notice: Notice) -> None:
        way = quiet_way(person)
        if way is None:
            return
        rota = next(one for one in self._rotas.all() if one.name == notice.rota)
        zone = ZoneInfo(rota.timezone)
        start, end = (_said(at, zone) for at in (notice.stint.start, notice.stint.end))
        words = self._reaching.say(person, f"notice_{notice.when}", rota=rota.name, start=start, end=end)
        subject = self._reaching.say(person, "notice_subject", rota=rota.name)
        if way.method is Method.SMS:
            await self._reaching.text(way.address, words, "/twilio/page/notice")
        elif way.method is Method.PUSH:
            link = f"{self._reaching.public_url}/my-shifts"
            message = {"kind": "notice", "title": subject, "body": words, "url": link, "tag": f"on-call-{rota.name}"}
            await self._reaching.push(way.address, message)
        else:
            await self._reaching.mail(way.address, subject, words)


def _read(subject: str) -> Notice:
    rota, person, start, end, when = json.loads(subject)
    return Notice(rota, PersonId(person), Stint(datetime.fromisoformat(start), datetime.fromisoformat(end)), when)


def _said(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"
