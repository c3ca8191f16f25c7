"""Asking for cover, taking a shift, swapping two: every wish is decided on the ledger as it stands, so that of two who
take the same shift one wins, and every wish may be sent again without harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crisis_hub.application import rights
from crisis_hub.application.cover_wishes import Anyway, Ask, Wishes
from crisis_hub.application.ports import Clock, Ids
from crisis_hub.application.rotas import Rotas, stream_of
from crisis_hub.application.shifts import Shifts
from crisis_hub.application.staff import Person
from crisis_hub.domain import covers as domain
from crisis_hub.domain.covers import Cover, CoverState
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.events import CoverTaken, Fact, Stint
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.vocabulary import PersonId

NOT_ANYWAY = Anyway()


class Covers:
    """Requests for cover."""

    def __init__(self, rotas: Rotas, shifts: Shifts, clock: Clock, ids: Ids) -> None:
        self._rotas = rotas
        self._shifts = shifts
        self._wishes = Wishes(rotas, shifts, clock)
        self._clock = clock
        self._ids = ids

    # ---------------------------------------------------------------------------------- looking

    def find(self, id: str) -> tuple[Rota, Cover]:
        """Return a request and its rota; raise `NotFound` when there is none by that id."""
        for rota in self._rotas.all():
            cover = self._rotas.arranged(rota.name).covers.get(id)
            if cover is not None:
                return rota, cover
        raise NotFound("There is no such request for cover.")

    def all(self) -> Sequence[tuple[Rota, Cover]]:
        """Return every request there ever was, the earliest shift first."""
        found = [(rota, one) for rota in self._rotas.all() for one in self._rotas.arranged(rota.name).covers.values()]
        return sorted(found, key=lambda pair: (pair[1].asked.start, pair[1].id))

    def may(self, asker: Person, rota: Rota, cover: Cover) -> Sequence[str]:
        """Return what somebody may do with it now: take, decline, withdraw."""
        now, boss = self._clock.now(), rights.plans_rotas(asker)
        found: list[str] = []
        if domain.may_take(cover, asker.id, now, for_somebody=boss and cover.asked.in_exchange is None):
            belongs = boss or self._shifts.belongs(rota, asker, cover.asked.person)
            found += ["take"] if belongs and asker.reach else []
        if domain.may_take(cover, asker.id, now) and asker.id not in cover.declined_by:
            found += ["decline"] if self._shifts.belongs(rota, asker, cover.asked.person) else []
        over = cover.seen_at(now) not in (CoverState.OPEN, CoverState.TAKEN) or cover.ends_at <= now
        return [*found, "withdraw"] if not over and self._wishes.may_withdraw(asker, cover) else found

    def warnings(self, asker: Person, rota: Rota, cover: Cover) -> Sequence[str]:
        """Return what speaks against this person taking it, in sentences."""
        if "take" not in self.may(asker, rota, cover):
            return ()
        return [sentence for sentence, _ in self._wishes.against(rota, cover.asked, asker)]

    # ---------------------------------------------------------------------------------- doing

    async def ask(self, asker: Person, name: str, wish: Ask) -> Cover:
        """Ask for cover; asked again while it is open, it is the same request."""
        rights.must_act_for(asker, wish.person)
        rota, id = await self._rota(name), self._ids.new()
        if await self._record(rota, lambda: self._wishes.ask(rota, id, asker, wish), asker):
            return self.find(id)[1]
        return self._wishes.open_like(rota, wish) or self.find(id)[1]

    async def take(self, asker: Person, id: str, person: str | None = None, anyway: Anyway = NOT_ANYWAY) -> Cover:
        """Take a shift that somebody asked cover for; of several one wins, and the others are told who."""
        rights.must_act_for(asker, person or asker.id)
        rota, taker = await self._rota_of(id), self._shifts.person(person or asker.id)
        await self._record(rota, lambda: self._wishes.take(rota, id, asker, taker, anyway), asker)
        return self.find(id)[1]

    async def decline(self, asker: Person, id: str, person: str | None = None, reason: str = "") -> Cover:
        """Say no; the request stays open for others who were asked."""
        rights.must_act_for(asker, person or asker.id)
        rota, who = await self._rota_of(id), self._shifts.person(person or asker.id)
        await self._record(rota, lambda: self._wishes.decline(rota, id, asker, who, reason), asker)
        return self.find(id)[1]

    async def withdraw(self, asker: Person, id: str, reason: str = "", *, anyway: bool = False) -> Cover:
        """Take a request back; a shift that was taken returns to the person whose it is."""
        rota = await self._rota_of(id)
        await self._record(rota, lambda: self._wishes.withdraw(rota, id, asker, reason, anyway=anyway), asker)
        return self.find(id)[1]

    async def take_shift(
        self, asker: Person, name: str, whose: str, stint: Stint, by: str | None = None, anyway: Anyway = NOT_ANYWAY
    ) -> Cover:
        """Take a shift of somebody in one step, whether or not they asked for cover."""
        rights.must_act_for(asker, by or asker.id)
        rota, id = await self._rota(name), self._ids.new()
        taker, wish = self._shifts.person(by or asker.id), Ask(PersonId(whose), stint)
        facts = await self._record(rota, lambda: self._wishes.take_at_once(rota, id, asker, taker, wish, anyway), asker)
        for fact in facts:
            if isinstance(fact, CoverTaken):
                return self.find(fact.cover)[1]
        return self._wishes.taken_like(rota, wish, taker.id) or self.find(id)[1]

    async def _rota(self, name: str) -> Rota:
        await self._rotas.fresh()
        return self._rotas.rota(name)

    async def _rota_of(self, id: str) -> Rota:
        await self._rotas.fresh()
        return self.find(id)[0]

    async def _record(self, rota: Rota, decide: Callable[[], Sequence[Fact]], asker: Person) -> Sequence[Fact]:
        written = await self._rotas.record(stream_of(rota.name), decide, f"person:{asker.id}")
        return [one.fact for one in written]
