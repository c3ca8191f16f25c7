"""What pages came to and who was on call how long: folded forward from the ledger, kept nowhere else.

Only the open part of the ledger is read, so that no private word is in a report.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crisis_hub.application.ports import Store
from crisis_hub.application.rotas import Rotas
from crisis_hub.domain import events as e
from crisis_hub.domain.fairness import Load, loads
from crisis_hub.domain.proposal import Plan, Planned, Wanted, propose, usual
from crisis_hub.domain.reports import Asked, Looked, PageReport, page_report
from crisis_hub.domain.rota import Override, Rota, spans
from crisis_hub.domain.turns import Rhythm
from crisis_hub.domain.vocabulary import EscalationId, PageId, PersonId

_AT_ONCE = 1000

WORKED_OUT_WITH: Final = "rotas_as_written_today"
"""What hours on call are reckoned with, said beside them: what the files said before they were edited is kept nowhere.

What was arranged by hand counts as it was at the time, since it stands in the ledger.
"""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """What one person carried on one rota."""

    rota: str
    load: Load


class Reports:
    """Knows every page there ever was; remembers how far it has read, and begins anew after a restart."""

    def __init__(self, store: Store, rotas: Rotas, *, drill: bool) -> None:
        self._store = store
        self._rotas = rotas
        self._drill = drill
        self._pages: dict[PageId, Asked] = {}
        self._ladders: dict[EscalationId, Looked] = {}
        self._drills: set[str] = set()
        self._sequence = 0
        self._one_reader = asyncio.Lock()

    async def pages(self, start: datetime, end: datetime, zone: ZoneInfo) -> PageReport:
        """Return the figures over the ladders that began between two instants; rehearsals count only in a rehearsal."""
        await self._catch_up()
        ladders = [x for x in self._ladders.values() if start <= x.started_at < end and x.drill == self._drill]
        return page_report(self._pages.values(), ladders, zone)

    async def load(self, rota: Rota, start: datetime, end: datetime) -> tuple[Load, ...]:
        """Return what everybody on a rota carries, by the rota as it stands now and what was arranged on it."""
        await self._catch_up()
        await self._rotas.fresh_enough()
        # Beside everything else: a year of a large rota takes a second, and no page may wait for it.
        return await asyncio.to_thread(loads, rota, start, end, self._rotas.overrides(rota.name), self._paged())

    async def on_call(self, start: datetime, end: datetime) -> Sequence[OnDuty]:
        """Return what everybody carried on every rota."""
        found = []
        for rota in self._rotas.all():
            found += [OnDuty(rota.name, load) for load in await self.load(rota, start, end)]
        return found

    async def proposal(self, rota: Rota, start: datetime, end: datetime, people: Sequence[PersonId]) -> Plan:
        """Return a fair plan, in the rhythm of the rota's first layer, around everybody's leave."""
        await self._rotas.fresh_enough()
        first = next(iter(rota.layers), None)
        rhythm = Rhythm(first.turn, first.shift_length, first.start) if first else usual()
        zone = (first.timezone if first else None) or rota.timezone
        who = tuple(dict.fromkeys(people or (p for layer in rota.layers for p in layer.people)))
        away: dict[PersonId, list[e.Stint]] = defaultdict(list)
        for leave in self._rotas.leave():
            away[leave.person].append(leave.stint)
        rest = rota.rules.rest or timedelta()
        wanted = Wanted(who, rhythm, zone, rest, rota.holidays)
        return await asyncio.to_thread(propose, wanted, start, end, away)

    async def standing(self, rota: Rota, plan: Plan) -> frozenset[Planned]:
        """Return what of a plan the rota has already: slots throughout which their person is on call in any case."""
        await self._rotas.fresh_enough()
        return await asyncio.to_thread(_standing, rota, plan, self._rotas.overrides(rota.name))

    def _paged(self) -> Mapping[PersonId, Sequence[datetime]]:
        found: defaultdict[PersonId, list[datetime]] = defaultdict(list)
        for page in self._pages.values():
            ladder = self._ladders.get(page.escalation)
            if ladder is not None and ladder.drill == self._drill:
                found[page.person].append(page.at)
        return found

    # ---------------------------------------------------------------------------------- reading

    async def _catch_up(self) -> None:
        """Read what the ledger has beyond what was read; of two who ask at once, the second waits for the first."""
        async with self._one_reader:
            while page := await self._store.since(self._sequence, _AT_ONCE):
                for recorded in page:
                    self._apply(recorded)
                    self._sequence = recorded.sequence

    def _apply(self, recorded: e.Recorded) -> None:
        fact, at = recorded.fact, recorded.at
        match fact:
            case e.CaseOpened(drill=True):
                self._drills.add(recorded.stream)
            case e.EscalationStarted(escalation=id):
                self._ladders[id] = Looked(id, at, recorded.stream in self._drills)
            case e.PersonPaged():
                self._pages[fact.page] = Asked(fact.page, fact.escalation, fact.person, fact.name, at)
            case e.PageTaken():
                self._taken(fact, at)
            case e.PagePassed(page=page) if page in self._pages:
                self._pages[page].passed_at = at
            case e.EscalationExhausted(escalation=id) if id in self._ladders:
                self._ladders[id].exhausted_at = at
            case e.EscalationStoodDown(escalation=id) if id in self._ladders:
                self._ladders[id].stood_down_at = at

    def _taken(self, fact: e.PageTaken, at: datetime) -> None:
        page, ladder = self._pages.get(fact.page), self._ladders.get(fact.escalation)
        if page is not None and page.taken_at is None:
            page.taken_at = at
        if ladder is not None and ladder.taken_at is None:
            ladder.taken_at = at


def _standing(rota: Rota, plan: Plan, overrides: Sequence[Override]) -> frozenset[Planned]:
    if not plan.shifts:
        return frozenset()
    held: defaultdict[PersonId, list[e.Stint]] = defaultdict(list)
    for span in spans(rota, plan.shifts[0].stint.start, plan.shifts[-1].stint.end, overrides):
        for person in span.people:
            theirs = held[person]
            begun = theirs.pop().start if theirs and theirs[-1].end == span.start else span.start
            theirs.append(e.Stint(begun, span.end))
    return frozenset(
        one
        for one in plan.shifts
        if any(stint.start <= one.stint.start and one.stint.end <= stint.end for stint in held[one.person])
    )
