"""Word to those whom a request for cover concerns: asked, taken, given, declined, taken back, lapsed.

Who hears what is found anew when a notice goes out, so that nobody is asked for a shift that was taken meanwhile. A
notice never holds the note or the reason that somebody wrote, and never holds up a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crisis_hub.application.plans import SEND_COVER_NOTICE
from crisis_hub.application.ports import (
    CarrierBusy,
    Claimed,
    Clock,
    Effect,
    Entry,
    Settled,
    Settlement,
    Store,
    TelephonyError,
)
from crisis_hub.application.reaching import Reaching
from crisis_hub.application.rotas import PREFIX, Rotas
from crisis_hub.application.shifts import people_of
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.covers import Cover, CoverState
from crisis_hub.domain.events import (
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Reach,
    Stint,
)
from crisis_hub.domain.rota import Rota, spans
from crisis_hub.domain.vocabulary import Method, PersonId, Role

CoverNews = CoverAsked | CoverTaken | CoverDeclined | CoverLapsed | CoverWithdrawn
_COVER_NEWS = (CoverAsked, CoverTaken, CoverDeclined, CoverLapsed, CoverWithdrawn)

_STREAM = "cover-notices"
_LAST, _MOST_TRIES = 9, 8
_TEXT, _MAIL = "text", "mail"
_BY: Mapping[str, tuple[Method, ...]] = {_TEXT: (Method.SMS, Method.PUSH), _MAIL: (Method.EMAIL,)}
"""Ways that wake nobody who sleeps: a notice never rings."""
_NOBODY = "cover_lapsed_nobody"


class CoverNotices:
    """Finds out who is concerned, and tells each of them once."""

    def __init__(
        self, store: Store, clock: Clock, directory: Directory, rotas: Rotas, reaching: Reaching, owner: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._rotas = rotas
        self._reaching = reaching
        self._owner = owner

    # ---------------------------------------------------------------------------------- planning

    async def tell(self, claimed: Claimed) -> None:
        """Plan a notice for everybody whom a fact concerns; each is sent, and tried again, by itself."""
        key, stream = claimed.effect.key, claimed.effect.stream
        now, version = self._clock.now(), int(claimed.effect.subject)
        effects = []
        for id in await self._concerned(stream, version):
            person = self._directory.person(id)
            if person is None:
                continue
            for by in (_TEXT, _MAIL) if _way(person, _MAIL) else (_TEXT,):
                subject = json.dumps([stream, version, id, by])
                effects.append(Effect(f"{key}:{id}:{by}", _STREAM, SEND_COVER_NOTICE, subject, now, _LAST))
        done = Settled(key, self._owner, Settlement.CONFIRMED)
        # Planned once more after a lease ran out, each has the key it had, and nobody is told twice.
        await self._store.append(Entry(_STREAM, 0, (), now, "errands", effects=tuple(effects), settled=(done,)))

    # ---------------------------------------------------------------------------------- who

    async def _concerned(self, stream: str, version: int) -> Mapping[PersonId, str]:
        """Return who is to hear of a fact now, and which sentence; nobody, when it is no longer so."""
        found = await self._news(stream, version)
        return self._heard_by(*found) if found else {}

    async def _news(self, stream: str, version: int) -> tuple[Rota, CoverNews, Cover] | None:
        await self._rotas.fresh()
        name = stream.removeprefix(PREFIX)
        rota = next((one for one in self._rotas.all() if one.name == name), None)
        recorded = await self._store.read(stream)
        fact = next((one.fact for one in recorded if one.version == version), None)
        if rota is None or not isinstance(fact, _COVER_NEWS):
            return None
        cover = self._rotas.arranged(name).covers.get(fact.cover)
        return (rota, fact, cover) if cover and cover.ends_at > self._clock.now() else None

    def _heard_by(self, rota: Rota, fact: CoverNews, cover: Cover) -> Mapping[PersonId, str]:
        asked = cover.asked
        owners = (asked.person, asked.asked_by)
        match fact:
            case CoverAsked() if cover.seen_at(self._clock.now()) is CoverState.OPEN:
                return self._asked(rota, cover)
            case CoverTaken() if cover.state is CoverState.TAKEN and cover.taken_by == fact.person:
                told: dict[PersonId, str] = dict.fromkeys(owners, "cover_taken")
                told[fact.person] = "cover_given"
                if asked.in_exchange:
                    told = dict.fromkeys(told, "cover_swapped")
                return _without(told, fact.by)
            case CoverDeclined(nobody_left=True) if cover.state is CoverState.DECLINED:
                key = "cover_declined" if asked.of else "cover_declined_by_all"
                return _without(dict.fromkeys(owners, key), fact.by)
            case CoverWithdrawn() if cover.taken_by:  # one that nobody had taken changes nobody's plans
                key = "cover_withdrawn_swap" if asked.in_exchange else "cover_withdrawn"
                return _without(dict.fromkeys((*owners, cover.taken_by), key), fact.by)
            case CoverLapsed():
                return self._lapsed(rota, cover)
            case _:
                return {}

    def _asked(self, rota: Rota, cover: Cover) -> Mapping[PersonId, str]:
        asked = cover.asked
        if asked.of:
            key = "cover_asked_swap" if asked.in_exchange else "cover_asked_of"
            return _without({asked.of: key}, asked.asked_by)
        away = {leave.person for leave in self._rotas.leave() if leave.stint.meets(cover.stint)}
        left = people_of(rota) - {asked.person, *cover.declined_by, *away}
        return _without(dict.fromkeys(sorted(left), "cover_asked"), asked.asked_by)

    def _lapsed(self, rota: Rota, cover: Cover) -> Mapping[PersonId, str]:
        """Tell whose it stays, and supervisors when that is nobody who could be paged."""
        asked, start = cover.asked, max(cover.asked.start, self._clock.now())
        on_call = [one.people for one in spans(rota, start, asked.end, self._rotas.overrides(rota.name))]
        told: dict[PersonId, str] = {}
        if any(asked.person in people for people in on_call):
            told = dict.fromkeys((asked.person, asked.asked_by), "cover_lapsed")
        if not all(any(self._can_be_paged(id) for id in people) for people in on_call):
            bosses = self._directory.with_role(Role.SUPERVISOR) or self._directory.with_role(Role.CLINICAL_LEAD)
            told |= dict.fromkeys((one.id for one in bosses), _NOBODY)
        return told

    def _can_be_paged(self, id: PersonId) -> bool:
        person = self._directory.person(id)
        return person is not None and bool(person.reach)

    # ---------------------------------------------------------------------------------- sending

    async def send(self, claimed: Claimed) -> None:
        """Give one notice once; what became of it, also that there was no way to give it, stands in the settlement."""
        stream, version, id, by = json.loads(claimed.effect.subject)
        person, found = self._directory.person(id), await self._news(stream, version)
        key = self._heard_by(*found).get(PersonId(id)) if found else None
        outcome, detail = Settlement.DROPPED, ""
        if person is None or found is None or key is None:
            detail = "no longer so"
        elif (way := _way(person, by)) is None:
            detail = "opted out" if person.opted_out else "no way to be told"
        else:
            try:
                await self._carry(person, way, key, found)
                outcome = Settlement.HANDED_OVER
            except CarrierBusy as busy:
                if claimed.tries < _MOST_TRIES:
                    wait = max(busy.retry_after, 5.0 * claimed.tries)
                    again = self._clock.now() + timedelta(seconds=wait)
                    await self._store.retry(claimed.effect.key, self._owner, again)
                    return
                outcome, detail = Settlement.FAILED, "the carrier was busy too long"
            except TelephonyError as problem:  # a notice is a kindness; sending it twice would be none
                outcome, detail = Settlement.FAILED, type(problem).__name__
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome, detail))

    async def _carry(self, person: Person, way: Reach, key: str, found: tuple[Rota, CoverNews, Cover]) -> None:
        rota, fact, cover = found
        link = f"{self._reaching.public_url}/my-shifts"
        if key == _NOBODY:
            link = f"{self._reaching.public_url}/rota/{quote(rota.name)}"
        words = self._reaching.say(person, key, **self._values(rota, fact, cover), link=link)
        subject = self._reaching.say(person, "cover_subject", rota=rota.name)
        if way.method is Method.SMS:
            await self._reaching.text(way.address, words, "/twilio/page/notice")
        elif way.method is Method.PUSH:
            message = {"kind": "notice", "title": subject, "body": words, "url": link, "tag": f"cover-{cover.id}"}
            await self._reaching.push(way.address, message)
        else:
            await self._reaching.mail(way.address, subject, self._reaching.say(person, "cover_mail", told=words))

    def _values(self, rota: Rota, fact: CoverNews, cover: Cover) -> Mapping[str, str]:
        asked = cover.asked
        other = fact.person if isinstance(fact, CoverDeclined) else cover.taken_by or asked.of
        start, end = _said(cover.stint, rota)
        values = {"rota": rota.name, "zone": rota.timezone, "start": start, "end": end}
        values |= {"whose": self._name(asked.person), "name": self._name(other or "")}
        if isinstance(fact, CoverTaken):
            values["by"] = self._name(fact.by)
        if asked.in_exchange:
            values["other_start"], values["other_end"] = _said(asked.in_exchange, rota)
        return values

    def _name(self, id: str) -> str:
        person = self._directory.person(id)
        return person.name if person else id


def _way(person: Person, by: str) -> Reach | None:
    """Return the way to tell somebody so; an address that does not count is none."""
    ways = (way for method in _BY[by] for way in person.reach if way.method is method)
    return next(ways, None)


def _without(told: Mapping[PersonId, str], actor: PersonId) -> Mapping[PersonId, str]:
    """Leave out who did it: they know."""
    return {id: key for id, key in told.items() if id != actor}


def _said(stint: Stint, rota: Rota) -> Sequence[str]:
    zone = ZoneInfo(rota.timezone)
    return [f"{at.astimezone(zone):%a %d %b %H:%M}" for at in (stint.start, stint.end)]
