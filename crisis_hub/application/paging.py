"""A step was taken: find who is on call, reach them by every way they gave, and record what came of it.

A page may reach somebody twice, since a lost one is worse. It never holds a name, a number, a place or a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from crisis_hub.application.bundles import Bundles
from crisis_hub.application.hub import Ends, Hub
from crisis_hub.application.last_resort import people_left, unmanned
from crisis_hub.application.lookups import SENT_AGAIN, Earlier, Lookups
from crisis_hub.application.page_words import others
from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierRefused,
    Claimed,
    Clock,
    OutcomeUnknown,
    Settled,
    Settlement,
    Store,
    Telephony,
    TelephonyError,
)
from crisis_hub.application.reaching import Reaching, Try, quiet_way, try_of
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.commands import Climb, PageThese, PersonToPage, ProgressAttempt
from crisis_hub.domain.escalation import Attempt, Escalation
from crisis_hub.domain.events import Target
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    EscalationId,
    EscalationState,
    PageId,
    PageState,
    PersonId,
    Role,
)

_MOST_TRIES = 20
_QUICK_TRIES, _LADDER_WAITS, _LONGEST_PAUSE = 10, 12, 5.0
_UNDER_WAY = timedelta(seconds=1)
_REACHES = (AttemptState.SENT, AttemptState.DELIVERED)


class Paging:
    """Reaches staff."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        store: Store,
        telephony: Telephony,
        clock: Clock,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        reaching: Reaching,
        lookups: Lookups,
        rotas: Rotas,
        owner: str,
    ) -> None:
        self._hub = hub
        self._store = store
        self._telephony = telephony
        self._clock = clock
        self._directory = directory
        self._rulebook = rulebook
        self._reaching = reaching
        self._lookups = lookups
        self._rotas = rotas
        self._owner = owner
        self._bundles = Bundles(hub, store, clock, owner)
        self._under_way: set[AttemptId] = set()

    # ---------------------------------------------------------------------------------- who

    async def page_step(self, claimed: Claimed) -> None:
        """Resolve who is on call for the step, now, and record that they are paged."""
        escalation_id, step = _split(claimed.effect.subject)
        stream = claimed.effect.stream
        case = await self._hub.case(stream)
        escalation = case.escalation(EscalationId(escalation_id))
        await self._rotas.fresh_enough()  # somebody may have taken the shift a moment ago, in another process
        found, nobody = self._asked(escalation, int(step)) if escalation else ([], "")
        people = tuple(PersonToPage(p.id, p.name, p.reach, self._reaching.names(p)) for p in found)
        command = PageThese(EscalationId(escalation_id), int(step), people, nobody)
        settled = Settled(claimed.effect.key, self._owner, Settlement.CONFIRMED)
        await self._hub.do(stream, command, "paging", claimed.effect.key, Ends(settled=(settled,)))

    def _asked(self, escalation: Escalation, step: int) -> tuple[list[Person], str]:
        """Return whom a step means now, and why nobody waits for them if they are only the last resort."""
        if step > len(escalation.steps):
            left = people_left(escalation, self._rulebook(), self._directory, self._rotas.at_hand)
            return left, "" if left else "Nobody is left who was not asked."
        targets = escalation.steps[step - 1].targets
        people = self.resolve(targets)
        empty = unmanned(targets, self._rulebook(), self._has_a_shift)
        if people and empty:
            return (
                people,
                f"Nobody is on call on {', '.join(empty)}; the last resort is paged, and the next step taken.",
            )
        return people, "" if people else self._nobody(targets)

    def _has_a_shift(self, rota: Rota) -> bool:
        """Say whether somebody is on call there whom a page would reach, the last resort left aside."""
        now = self._rotas.on_call(rota, self._clock.now())
        return not now.by_last_resort and any(person.reach for person in self._known(now.people))

    def resolve(self, targets: Iterable[Target]) -> list[Person]:
        """Return the people whom these targets mean at this instant, each once."""
        found: dict[PersonId, Person] = {}
        for target in targets:
            for person in self._one(target):
                found.setdefault(person.id, person)
        return list(found.values())

    def _one(self, target: Target) -> Iterable[Person]:
        if target.kind == "role":
            known = target.name in set(Role)
            return self._rotas.at_hand(self._directory.with_role(Role(target.name)) if known else ())
        if target.kind == "person":
            return self._known([PersonId(target.name)])
        rota = self._rulebook().rotas.get(target.name)
        if rota is None:
            # A ladder that names a rota which is not there must not page nobody: all clinicians stand in.
            return self._rotas.at_hand(self._directory.with_role(Role.CLINICIAN))
        now = self._rotas.on_call(rota, self._clock.now())
        reached = [person for person in self._known(now.people) if person.reach]
        return reached or self._rotas.at_hand(self._known(rota.last_resort))

    def _known(self, ids: Iterable[PersonId]) -> list[Person]:
        return [person for id in ids if (person := self._directory.person(id))]

    def _nobody(self, targets: Iterable[Target]) -> str:
        return "Nobody was found for " + ", ".join(f"{target.kind} {target.name}" for target in targets) + "."

    # ---------------------------------------------------------------------------------- how

    async def send(self, claimed: Claimed) -> None:
        """Make one attempt, unless the ladder no longer looks for anybody."""
        case = await self._hub.case(claimed.effect.stream)
        attempt_id = AttemptId(claimed.effect.subject)
        one = try_of(case, attempt_id)
        if one is None or not _still_wanted(one):
            await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.DROPPED))
            return
        if attempt_id in self._under_way:  # it was planned more when another way failed, just as it began
            await self._store.retry(claimed.effect.key, self._owner, self._clock.now() + _UNDER_WAY, unsent=True)
            return
        self._under_way.add(attempt_id)
        try:
            await self._make(claimed, one)
        finally:
            self._under_way.discard(attempt_id)

    async def _make(self, claimed: Claimed, one: Try) -> None:
        # First of all: a text that a dead worker may have sent must not wait for others as if it were fresh.
        earlier = await self._lookups.earlier(claimed, one.case, one.page, one.attempt)
        if earlier is Earlier.ARRIVED:
            return
        if self._bundles.carries(claimed):
            return
        later = self._bundles.waits_until(one, claimed) if earlier is Earlier.NONE else None
        if later is not None:
            await self._store.retry(claimed.effect.key, self._owner, later, unsent=True)
            return
        others = await self._bundles.companions(one)
        unsent = False
        try:
            unsent = await self._send(claimed, one, others, SENT_AGAIN if earlier is Earlier.UNKNOWN else "")
        finally:
            await self._bundles.release(others, unsent=unsent)

    async def _send(self, claimed: Claimed, one: Try, others: tuple[Try, ...], detail: str) -> bool:
        """Hand a text or call over, with others if need be; return whether surely nothing went out."""
        try:
            if others:
                carrier_id = await self._reaching.pages((one, *others))
            else:
                carrier_id = await self._reaching.page(one.case, one.escalation, one.page, one.attempt)
        except CarrierRefused as refusal:
            await self._say(claimed, one.attempt, AttemptState.FAILED, None, f"{refusal.code}: {refusal.reason}")
        except (CarrierBusy, OutcomeUnknown) as trouble:
            if isinstance(trouble, OutcomeUnknown):
                await self._nobody_knows(others, trouble)
            await self._again(claimed, one.attempt, trouble)
            return isinstance(trouble, CarrierBusy)
        else:
            await self._say(claimed, one.attempt, AttemptState.SENT, carrier_id, detail)
            await self._bundles.went_along(one, others, carrier_id)
            return False
        return True

    async def _nobody_knows(self, others: tuple[Try, ...], trouble: OutcomeUnknown) -> None:
        """Record that a text with these in it may have gone out, so that each is looked up before it is sent again."""
        for one in others:
            unknown = ProgressAttempt(one.attempt.id, AttemptState.UNKNOWN, None, str(trouble))
            await self._hub.do(one.case.id, unknown, "carrier", one.attempt.id)

    async def tell_taken(self, claimed: Claimed) -> None:
        """Tell somebody who was paged too that another has it, or that nobody need come, so that they can sleep."""
        case = await self._hub.case(claimed.effect.stream)
        page_id = PageId(claimed.effect.subject)
        escalation = case.escalation_of_page(page_id)
        page = escalation.page(page_id) if escalation else None
        person = self._directory.person(page.person) if page else None
        outcome = Settlement.DROPPED
        if escalation and page and person and quiet_way(person):
            if escalation.state is EscalationState.STOOD_DOWN:
                words = self._reaching.words(person, "page_stood_down", case)
            else:
                key = "page_taken_together" if escalation.has_taken(person.id) else "page_taken_other"
                who = others(escalation, page) or "Somebody"
                words = self._reaching.words(person, key, case, name=who, link=self._reaching.link_to(case))
            try:
                await self._reaching.tell(person, words, case)
                outcome = Settlement.HANDED_OVER
            except CarrierBusy as busy:
                if claimed.tries < _MOST_TRIES:
                    again = self._clock.now() + timedelta(seconds=busy.retry_after)
                    await self._store.retry(claimed.effect.key, self._owner, again)
                    return
                outcome = Settlement.FAILED
            except (CarrierRefused, OutcomeUnknown):
                outcome = Settlement.FAILED
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome))

    async def stop_ringing(self, claimed: Claimed) -> None:
        """Hang up a page's call that nobody answered yet, now that somebody has the case."""
        case = await self._hub.case(claimed.effect.stream)
        escalation = case.escalation_of_attempt(AttemptId(claimed.effect.subject))
        attempt = escalation.attempt(AttemptId(claimed.effect.subject)) if escalation else None
        outcome = Settlement.DROPPED
        if attempt and attempt.carrier_id and attempt.state is AttemptState.SENT:
            try:
                await self._telephony.end_call(attempt.carrier_id)
                outcome = Settlement.HANDED_OVER
            except TelephonyError:
                outcome = Settlement.FAILED  # it stops by itself after some rings
        await self._store.settle(Settled(claimed.effect.key, self._owner, outcome))

    async def _again(self, claimed: Claimed, attempt: Attempt, trouble: CarrierBusy | OutcomeUnknown) -> None:
        """Try again soon, as long as anybody is wanted: a second page is harmless and a lost one is not.

        A carrier that is down for ten minutes finds the page waiting when it is back. Meanwhile the ladder does not
        wait for somebody who cannot be reached.
        """
        if claimed.tries >= _LADDER_WAITS and (at := await self._step_of(claimed, attempt)):
            await self._hub.do(claimed.effect.stream, Climb(*at), "paging", claimed.effect.key)
        state = AttemptState.UNKNOWN if isinstance(trouble, OutcomeUnknown) else attempt.state
        if state is not attempt.state:
            await self._hub.do(claimed.effect.stream, ProgressAttempt(attempt.id, state, None, str(trouble)), "carrier")
        busy = isinstance(trouble, CarrierBusy)
        wait = max(trouble.retry_after if isinstance(trouble, CarrierBusy) else 1.0, _patience(claimed.tries))
        again = self._clock.now() + timedelta(seconds=wait)
        await self._store.retry(claimed.effect.key, self._owner, again, unsent=busy)

    async def _step_of(self, claimed: Claimed, attempt: Attempt) -> tuple[EscalationId, int] | None:
        """Return the step of an attempt's page, or nothing when another way has reached the carrier."""
        one = try_of(await self._hub.case(claimed.effect.stream), attempt.id)
        if one is None or any(a.state in _REACHES for a in one.page.attempts):
            return None
        return one.escalation.id, one.page.step

    async def _say(
        self, claimed: Claimed, attempt: Attempt, state: AttemptState, carrier_id: CarrierId | None, detail: str
    ) -> None:
        outcome = Settlement.FAILED if state is AttemptState.FAILED else Settlement.HANDED_OVER
        settled = Settled(claimed.effect.key, self._owner, outcome, detail)
        command = ProgressAttempt(attempt.id, state, carrier_id, detail)
        await self._hub.do(claimed.effect.stream, command, "carrier", claimed.effect.key, Ends(settled=(settled,)))


def _still_wanted(one: Try) -> bool:
    return (
        one.escalation.wants_somebody
        and one.page.state is PageState.OPEN
        and one.attempt.state in (AttemptState.PLANNED, AttemptState.UNKNOWN)
    )


def _patience(tries: int) -> float:
    """Return the seconds before the next try: soon at first, and never so long that a page would be late for it."""
    return min(1.0 * 1.3 ** max(0, tries - _QUICK_TRIES), _LONGEST_PAUSE)


def _split(subject: str) -> tuple[str, str]:
    escalation, _, step = subject.rpartition("/")
    return escalation, step
