"""What people do about how they are reached: add a way, prove it by a code, take it back, stop and start texts."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import timedelta

from crisis_hub.application.codes import MOST_WRONG, Codes
from crisis_hub.application.hub import Hub
from crisis_hub.application.plans import answer_marks, page_mark
from crisis_hub.application.ports import (
    Addresses,
    Claimed,
    Clock,
    Ids,
    MarkTaken,
    Secrets,
    Settled,
    Settlement,
    Store,
)
from crisis_hub.application.reaching import Reaching
from crisis_hub.application.reply_grammar import understood
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotAllowed, NotFound, TooLate, Wrong
from crisis_hub.domain.events import (
    PageTaken,
    StaffFact,
    WayAdded,
    WayCodeWrong,
    WayOptedIn,
    WayOptedOut,
    WayProved,
    WayRemoved,
    WayVerified,
)
from crisis_hub.domain.vocabulary import AttemptId, Method, PageId, PersonId, TakenBy
from crisis_hub.domain.ways import NUMBERS, Way

CODE_COUNTS = timedelta(minutes=15)
"""How long a code counts after it was sent."""

_MOST_OWN = 10
_PROVED_ANEW = timedelta(days=1)
_STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "alto"})
_START = frozenset({"start", "unstop"})


class Reachability:
    """Keeps the ways of the people who work here."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        store: Store,
        clock: Clock,
        ids: Ids,
        secrets: Secrets,
        directory: Directory,
        reaching: Reaching,
        addresses: Addresses,
        owner: str,
    ) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._directory = directory
        self._reaching = reaching
        self._codes = Codes(clock, ids, secrets, directory, reaching)
        self._addresses = addresses
        self._owner = owner

    def id_of(self, person: PersonId, method: Method, address: str) -> str:
        """Name a way without telling its address."""
        return self._reaching.name_of(person, method, address)

    def way(self, person: str, id: str) -> Way:
        """Return a way of somebody by its name."""
        known = self._person(person)
        for way in known.ways.all:
            if self.id_of(known.id, way.method, way.address) == id:
                return way
        raise NotFound("There is no such way to reach you; look at the list again.")

    # --------------------------------------------------------------------------------- by oneself

    async def add(self, person: str, method: Method, said: str, after_seconds: int, only: Sequence[str]) -> None:
        """Add a way and send its code; the same way again sends at most another code."""
        known = self._person(person)
        try:
            address = self._addresses.normal(method, said)
        except ValueError as problem:
            raise Wrong("subscription" if method is Method.PUSH else "address", _sentence(str(problem))) from problem
        new = known.ways.way(method, address) is None
        if (
            new
        ):  # before it is said whose it is: numbers could be tried one after the other until that names a colleague
            self._codes.must_be_left(known, address)
        if self._is_anothers(known, method, address):
            raise Wrong("address", "This belongs to somebody else here. Use one that only you read.")
        if new:
            if sum(way.own for way in known.ways.all) >= _MOST_OWN:
                raise TooLate(f"You added {_MOST_OWN} ways already. Remove one first.")
            await self._record(known, WayAdded(known.id, method, after_seconds, tuple(only), address))
        way = self._person(person).ways.way(method, address)
        if way is not None and way.verified_at is None:
            await self._codes.send(self._person(person).id, way)

    async def send_code(self, person: str, id: str) -> None:
        """Send a code once more, also to a way that is on file."""
        way = self.way(person, id)
        if way.verified_at is None:
            await self._codes.send(self._person(person).id, way)

    async def verify(self, person: str, id: str, said: str) -> None:
        """Believe that a way is somebody's once they give the code that was sent there.

        Each try leaves a mark of its number, so that many at once are counted like many in a row.
        """
        for _ in range(MOST_WRONG + 1):
            known, way = self._person(person), self.way(person, id)
            if way.verified_at is not None:
                return
            if not way.codes or self._clock.now() - way.codes[-1] > CODE_COUNTS or way.wrong >= MOST_WRONG:
                break
            if self._is_anothers(known, way.method, way.address):
                raise Wrong("code", "This belongs to somebody else here by now. Remove it.")
            right = hmac.compare_digest(self._codes.of(known, way).encode(), "".join(said.split()).encode())
            fact = (WayVerified if right else WayCodeWrong)(known.id, way.method, way.address)
            try:
                await self._record(known, fact, marks=((f"code tried {way.nonce} {way.wrong}", ""),))
            except MarkTaken:
                await self._directory.load()
                continue
            if right:
                return
            raise Wrong("code", "This is not the code that was sent. Look at it again.")
        raise Wrong("code", "This code counts no longer. Ask for another one.")

    async def remove(self, person: str, id: str) -> None:
        """Take back a way that somebody added by themselves; what is on file only an administrator changes."""
        known = self._person(person)
        try:
            way = self.way(person, id)
        except NotFound:
            return  # it is gone already
        if not way.own:
            raise NotAllowed("An administrator put this on file, so only they can take it away.")
        await self._record(known, WayRemoved(known.id, way.method, way.address))

    # ------------------------------------------------------------------------------ stop and start

    async def stopped_or_started(
        self, person: Person, sender: str, text: str, told: str, carrier_id: str = ""
    ) -> str | None:
        """Hear whether a text means that no more shall come, or that it shall again; returns what to answer.

        `told` is the carrier's own word for it, where it has one. What was answered is kept with the fact under
        `carrier_id`; raises `MarkTaken` when that text did something already.
        """
        word = told.casefold() or "".join(text.split()).casefold()
        way = person.ways.way(Method.SMS, sender)
        if way is None or word not in _STOP | _START:
            return None
        stop = word in _STOP
        if not stop and way.opted_out_at is None and understood(text) is not None:
            return None  # carriers take a plain “yes” for START, and here it takes a page
        answer = self._reaching.say(person, "staff_stopped") if stop else await self._started(person)
        if stop is (way.opted_out_at is None):
            out = WayOptedOut(person.id, Method.SMS, "texted STOP", sender) if stop else None
            fact = out or WayOptedIn(person.id, Method.SMS, sender)
            await self._directory.record((fact,), f"person:{person.id}", answer_marks(carrier_id, answer))
        return answer

    async def _started(self, person: Person) -> str:
        """Say that texts come again; while pages wait, also that none was taken by it: a “yes” may have meant one."""
        waiting = set()
        for place in (await self._store.marks_below(page_mark(person.id))).values():
            stream, _, page = place.partition("/")
            case = await self._hub.case(stream)
            escalation = case.escalation_of_page(PageId(page))
            if escalation is not None and escalation.wants_somebody:
                waiting.add(case.number)
        key = "staff_started_waiting" if waiting else "staff_started"
        return self._reaching.say(person, key, numbers=", ".join(sorted(waiting)))

    async def opted_out(self, claimed: Claimed) -> None:
        """Write down that the carrier sends nothing more there, or that the browser listens no more."""
        attempt_id = AttemptId(claimed.effect.subject)
        case = await self._hub.case(claimed.effect.stream)
        escalation = case.escalation_of_attempt(attempt_id)
        page = escalation.page_of(attempt_id) if escalation else None
        attempt = escalation.attempt(attempt_id) if escalation else None
        person = self._directory.person(page.person) if page else None
        way = self._reaching.meant(person, attempt) if person and attempt else None
        if person and way:
            await self.closed(person, way.method, way.address)
        await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.CONFIRMED))

    async def closed(self, person: Person, method: Method, address: str) -> None:
        """Write down once that nothing arrives there any more."""
        way = person.ways.way(method, address)
        if way is not None and way.opted_out_at is None:
            why = "the browser listens no more" if method is Method.PUSH else "the carrier says so"
            await self._record(person, WayOptedOut(person.id, method, why, address))

    # -------------------------------------------------------------------------------------- proof

    async def prove(self, claimed: Claimed) -> None:
        """Write down that a page which came by a way was taken: nothing proves a way better."""
        page_id = PageId(claimed.effect.subject)
        history = await self._hub.history(claimed.effect.stream)
        facts = (one.fact for one in history)
        taken = next((fact for fact in facts if isinstance(fact, PageTaken) and fact.page == page_id), None)
        person = self._directory.person(taken.person) if taken else None
        if taken and person:
            case = await self._hub.case(claimed.effect.stream)
            proof = self.proof(person, self._answered(person, case, taken), taken.means)
            await self._directory.record(proof, f"person:{person.id}")
        await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.CONFIRMED))

    def _answered(self, person: Person, case: Case, taken: PageTaken) -> Way | None:
        """Return the way that was answered; nothing when nobody can say which, or none was: who takes a page on our
        own screens has shown nothing of their telephone."""
        escalation = case.escalation_of_page(taken.page)
        attempt = escalation.attempt(taken.attempt) if escalation and taken.attempt is not None else None
        return self._reaching.meant(person, attempt) if attempt else None

    def proof(self, person: Person, way: Way | None, means: TakenBy) -> tuple[StaffFact, ...]:
        """Return what is to be written down when somebody was reached by a way; once a day is enough."""
        now = self._clock.now()
        if way is None or (way.proved_at is not None and now - way.proved_at < _PROVED_ANEW):
            return ()
        return (WayProved(person.id, way.method, means, way.address),)

    # --------------------------------------------------------------------------------------- codes

    def spoken_code(self, person: str, id: str) -> tuple[str, str]:
        """Return what a call says that brings a code, and in which language."""
        known, way = self._person(person), self.way(person, id)
        spelled = ". ".join(self._codes.of(known, way))
        return self._reaching.say(known, "code_call", code=spelled), known.languages[0] if known.languages else "en"

    # ---------------------------------------------------------------------------------------- help

    def _is_anothers(self, person: Person, method: Method, address: str) -> bool:
        """Say whether somebody else is reached there: a reply must never be taken for the wrong one's."""
        kinds = NUMBERS if method in NUMBERS else (method,)
        return any(
            way.theirs and way.method in kinds and way.address == address
            for other in self._directory.everybody()
            if other.id != person.id
            for way in other.ways.all
        )

    def _person(self, id: str) -> Person:
        found = self._directory.person(id)
        if found is None:
            raise NotFound("There is nobody of that name on the staff.")
        return found

    async def _record(self, person: Person, *facts: StaffFact, marks: tuple[tuple[str, str], ...] = ()) -> None:
        await self._directory.record(facts, f"person:{person.id}", marks)


def unverified(people: Iterable[Person]) -> list[Person]:
    """Return who has not shown of any of their ways that it reaches them."""
    return [person for person in people if person.reach and not person.verified]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
