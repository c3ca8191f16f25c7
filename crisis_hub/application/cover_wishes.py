"""What follows from a wish about cover, decided on what the ledger says at that moment: facts, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crisis_hub.application import rights
from crisis_hub.application.ports import Clock
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.shifts import Extra, Shifts, people_of
from crisis_hub.application.staff import Person
from crisis_hub.domain import covers as domain
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.covers import Cover, CoverState
from crisis_hub.domain.errors import NotAllowed, NotFound, SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.events import CoverAsked, CoverDeclined, CoverTaken, CoverWithdrawn, Fact, Stint
from crisis_hub.domain.rest import objections
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.vocabulary import PersonId

MOST_OPEN = 50
"""Requests that may be open for one person on one rota: more than anybody needs, and no list without end."""


@dataclass(frozen=True, slots=True)
class Anyway:
    """Whether a supervisor overrules the rules of a rota, and why."""

    wanted: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: cover for a shift of `person`, of anybody or of one person, perhaps in exchange for a shift."""

    person: PersonId
    stint: Stint
    of: PersonId | None = None
    in_exchange: Stint | None = None
    note: str = ""


class Wishes:
    """Decides; reads what is arranged and writes nothing."""

    def __init__(self, rotas: Rotas, shifts: Shifts, clock: Clock) -> None:
        self._rotas = rotas
        self._shifts = shifts
        self._clock = clock

    # ---------------------------------------------------------------------------------- wishes

    def ask(self, rota: Rota, id: str, asker: Person, wish: Ask) -> Sequence[Fact]:
        """Ask for cover; asked again while it is open, nothing more becomes true."""
        stint = self.ahead(wish.stint)
        if self.open_like(rota, wish) is not None:
            return ()
        self._must_have(rota, wish.person, stint, "start")
        self._must_not_flood(rota, wish.person)
        if wish.of is not None:
            self._must_make_sense(rota, wish, self._shifts.person(wish.of, "of"))
        elif wish.in_exchange is not None:
            raise Wrong("of", "Say whose shift it would be exchanged for.")
        exchange = wish.in_exchange
        return (CoverAsked(id, wish.person, stint.start, stint.end, asker.id, wish.of, exchange, wish.note),)

    def take(self, rota: Rota, id: str, asker: Person, taker: Person, anyway: Anyway) -> Sequence[Fact]:
        """Take what was asked, unless somebody was first or the shift is no longer theirs to give."""
        cover, now = self.cover(rota, id), self._clock.now()
        had = self._shifts.name(cover.taken_by or "")
        unchecked = CoverTaken(id, taker.id, asker.id, (), anyway.why)
        if not domain.take(cover, unchecked, now, had, for_somebody=rights.plans_rotas(asker)):
            return ()
        stint, other = self.ahead(cover.stint), cover.asked.in_exchange
        if not self._shifts.has_whole(rota, cover.asked.person, stint):
            raise TooLate(f"{self._shifts.name(cover.asked.person)} no longer has this shift. Look again.")
        if other and not self._shifts.has_whole(rota, taker.id, other):
            raise TooLate(f"{taker.name} no longer has the shift that was offered in exchange. Look again.")
        against = self._must_be_right(rota, cover.asked, taker, asker, anyway)
        return (CoverTaken(id, taker.id, asker.id, against, anyway.why), *self._moot(rota, cover.asked, asker, id))

    def take_at_once(
        self, rota: Rota, id: str, asker: Person, taker: Person, wish: Ask, anyway: Anyway
    ) -> Sequence[Fact]:
        """Take a shift that nobody need have offered; where cover was asked for it, that is taken."""
        stint = self.ahead(wish.stint)
        if self.taken_like(rota, wish, taker.id) is not None:
            return ()
        for cover in self._rotas.arranged(rota.name).covers.values():
            if cover.asked.person != wish.person or cover.asked.in_exchange is not None:
                continue
            if cover.state is CoverState.TAKEN and any(_span(x).meets(stint) for x in cover.overrides()):
                who = self._shifts.name(cover.taken_by or "")
                raise SomebodyWasFirst(f"{who} has taken this shift already.", who)
            if _alike(cover, wish.stint, stint) and domain.may_take(cover, taker.id, self._clock.now()):
                return self.take(rota, cover.id, asker, taker, anyway)
        self._must_have(rota, wish.person, stint, "start")
        if taker.id == wish.person:
            raise Wrong("person", "It is their own shift; there is nothing to take.")
        asked = CoverAsked(id, wish.person, stint.start, stint.end, asker.id, taker.id, None, wish.note)
        against = self._must_be_right(rota, asked, taker, asker, anyway)
        taken = CoverTaken(id, taker.id, asker.id, against, anyway.why)
        return (asked, taken, *self._moot(rota, asked, asker, id))

    def decline(self, rota: Rota, id: str, asker: Person, who: Person, reason: str) -> Sequence[Fact]:
        """Say no; when nobody is left who was asked, the request is over."""
        cover = self.cover(rota, id)
        said_no = {*cover.declined_by, who.id}
        left = {cover.asked.of} if cover.asked.of else people_of(rota) - {cover.asked.person}
        declined = CoverDeclined(id, who.id, asker.id, not left - said_no, reason)
        return domain.decline(cover, declined, self._clock.now())

    def withdraw(self, rota: Rota, id: str, asker: Person, reason: str = "", *, anyway: bool = False) -> Sequence[Fact]:
        """Take it back; a shift that was taken returns, unless whose it is is away or took another one since."""
        cover, now = self.cover(rota, id), self._clock.now()
        if not domain.withdraw(cover, CoverWithdrawn(id, asker.id, reason), now):
            return ()
        if not self.may_withdraw(asker, cover):
            name = self._shifts.name(cover.asked.person)
            swap = cover.state is CoverState.TAKEN and cover.asked.in_exchange is not None
            who = "a supervisor" if swap else f"{name} or a supervisor"
            raise NotAllowed(f"Only {who} can take this back. If you took the shift, ask for cover in your turn.")
        against: tuple[str, ...] = ()
        if cover.state is CoverState.TAKEN:
            for one in cover.overrides():
                self._must_return(rota, one)
            broken = [sentence for one in cover.overrides() for sentence in self._against_return(rota, cover, one)]
            against = must_overrule(broken, asker, Anyway(anyway, reason), "reason")
        return (CoverWithdrawn(id, asker.id, reason, against),)

    def may_withdraw(self, asker: Person, cover: Cover) -> bool:
        """Say whether it is theirs to take back; a swap that was taken is two people's, and a supervisor's to undo."""
        if rights.plans_rotas(asker):
            return True
        if cover.state is CoverState.TAKEN:
            return asker.id == cover.asked.person and cover.asked.in_exchange is None
        return asker.id in (cover.asked.person, cover.asked.asked_by)

    # ---------------------------------------------------------------------------------- looking

    def cover(self, rota: Rota, id: str) -> Cover:
        """Return a request on a rota; raise `NotFound` when there is none by that id."""
        found = self._rotas.arranged(rota.name).covers.get(id)
        if found is None:
            raise NotFound("There is no such request for cover.")
        return found

    def open_like(self, rota: Rota, wish: Ask) -> Cover | None:
        """Return the open request that asks for the same."""
        now, stint = self._clock.now(), self.ahead(wish.stint)
        for cover in self._rotas.arranged(rota.name).covers.values():
            asked = cover.asked
            same = (asked.person, asked.of, asked.in_exchange) == (wish.person, wish.of, wish.in_exchange)
            if same and _alike(cover, wish.stint, stint) and cover.seen_at(now) is CoverState.OPEN:
                return cover
        return None

    def taken_like(self, rota: Rota, wish: Ask, taker: PersonId) -> Cover | None:
        """Return the request by which somebody has the wanted shift already."""
        stint = self.ahead(wish.stint)
        for cover in self._rotas.arranged(rota.name).covers.values():
            same = cover.state is CoverState.TAKEN and (cover.asked.person, cover.taken_by) == (wish.person, taker)
            if same and cover.asked.start <= stint.start and stint.end <= cover.asked.end:
                return cover
        return None

    def ahead(self, stint: Stint) -> Stint:
        """Return what of a span still lies ahead; refuse one that is empty or over."""
        return self._shifts.ahead(stint, self._clock.now())

    def against(self, rota: Rota, asked: CoverAsked, taker: Person) -> Sequence[tuple[str, bool]]:
        """Return what speaks against somebody taking a shift: a sentence each, and whether it stands in the way."""
        now = self._clock.now()
        wanted, other = Stint(max(asked.start, now), asked.end), asked.in_exchange
        given_away: Mapping[str, Sequence[Override]] = {}
        found: list[tuple[str, bool]] = []
        if not self._shifts.belongs(rota, taker, asked.person):
            found.append((f"{taker.name} takes no turns on {rota.name} and does other work.", True))
        person = self._shifts.known(asked.person)
        if other and person:
            given_away = {rota.name: (Override(Change.REPLACE, asked.person, other.start, other.end, taker.id),)}
            gives = Override(Change.REPLACE, taker.id, wanted.start, wanted.end, asked.person)
            found += self._sentences(rota, person, other, {rota.name: (gives,)})
        return (*found, *self._sentences(rota, taker, wanted, given_away))

    # ---------------------------------------------------------------------------------- checking

    def _sentences(self, rota: Rota, person: Person, wanted: Stint, extra: Extra) -> list[tuple[str, bool]]:
        found = self._shifts.against(rota, person, wanted, extra)
        return [(self._shifts.sentence(rota, person, one), one.forbidden) for one in found]

    def _must_have(self, rota: Rota, person: PersonId, stint: Stint, field: str) -> None:
        if not self._shifts.has_whole(rota, person, stint):
            name = self._shifts.person(person).name
            raise Wrong(field, f"{name} is not on call on {rota.name} for the whole of this time.")

    def _must_not_flood(self, rota: Rota, person: PersonId) -> None:
        now, covers = self._clock.now(), self._rotas.arranged(rota.name).covers.values()
        if sum(one.asked.person == person and one.seen_at(now) is CoverState.OPEN for one in covers) >= MOST_OPEN:
            raise TooLate(f"There are {MOST_OPEN} open requests for this person already. Withdraw one first.")

    def _must_make_sense(self, rota: Rota, wish: Ask, of: Person) -> None:
        if of.id == wish.person:
            raise Wrong("of", "It is their own shift; ask somebody else.")
        if wish.in_exchange is None:
            return
        if self.ahead(wish.in_exchange) != wish.in_exchange or wish.in_exchange.meets(wish.stint):
            raise Wrong("in_exchange", "The other shift must lie ahead, and beside the first.")
        self._must_have(rota, of.id, wish.in_exchange, "in_exchange")

    def _must_be_right(
        self, rota: Rota, asked: CoverAsked, taker: Person, asker: Person, anyway: Anyway
    ) -> tuple[str, ...]:
        """Refuse what the rules forbid; return the sentences of those that are overruled, to be kept."""
        self._shifts.must_be_able(taker, Stint(asked.start, asked.end))
        if asked.in_exchange:
            self._shifts.must_be_able(self._shifts.person(asked.person), asked.in_exchange)
        return must_overrule([one for one, forbidden in self.against(rota, asked, taker) if forbidden], asker, anyway)

    def _must_return(self, rota: Rota, one: Override) -> None:
        """Refuse to send a shift back to somebody who is away, or from somebody who has handed it on."""
        if one.end <= self._clock.now() or one.for_whom is None:
            return
        stint = self.ahead(_span(one))
        self._shifts.must_be_able(self._shifts.person(one.for_whom), stint)
        if not self._shifts.has_whole(rota, one.person, stint):
            raise TooLate(
                f"{self._shifts.name(one.person)} has handed this shift on. Ask a supervisor to set it right."
            )

    def _against_return(self, rota: Rota, cover: Cover, one: Override) -> Iterator[str]:
        """Say which rules a shift would break that comes back, beside what its person took up since they gave it away.

        The turns that the files gave them beside it stood there before, and are measured by no rule.
        """
        person = self._shifts.known(one.for_whom) if one.for_whom else None
        if person is None or one.end <= self._clock.now():
            return
        stint, reach = self.ahead(_span(one)), rota.rules.reach
        gone = [_span(other) for other in cover.overrides() if other.person == person.id]  # what a swap takes back
        held = self._shifts.taken_up(person.id, Stint(stint.start - reach, stint.end + reach))
        left = [x for x in held if not (x.rota == rota.name and any(x.stint.meets(span) for span in gone))]
        for found in objections(rota.rules, stint, left):
            if found.forbidden:
                yield self._shifts.sentence(rota, person, found)

    def _moot(self, rota: Rota, asked: CoverAsked, asker: Person, id: str) -> Iterator[Fact]:
        """Withdraw what else was asked for a shift that is taken now: nobody could take it any more."""
        for cover in self._rotas.arranged(rota.name).covers.values():
            if cover.id == id or cover.state is not CoverState.OPEN or cover.asked.person != asked.person:
                continue
            if cover.stint.meets(Stint(asked.start, asked.end)):
                yield CoverWithdrawn(cover.id, asker.id, "The shift was taken in another way.")


def must_overrule(broken: Sequence[str], asker: Person, anyway: Anyway, field: str = "why") -> tuple[str, ...]:
    """Refuse to break rules, unless whoever watches over all does it knowingly and says why."""
    if not broken:
        return ()
    if not anyway.wanted:
        raise Wrong("person", " ".join(broken))
    if not rights.plans_rotas(asker):
        raise NotAllowed("Only a supervisor or the clinical lead can overrule the rules of a rota.")
    if not anyway.why.strip():
        raise Wrong(field, "Say why it is done although a rule speaks against it.")
    return tuple(broken)


def _alike(cover: Cover, asked: Stint, ahead: Stint) -> bool:
    """Say whether a request is for this span; of one that has begun only the end can be compared."""
    begun = ahead.start > asked.start and cover.asked.start <= ahead.start
    return cover.asked.end == asked.end and (begun or cover.asked.start == asked.start)


def _span(one: Override) -> Stint:
    return Stint(one.start, one.end)
