"""A step was taken: find who is on call, reach them by every way they gave, and record what came of it.

A page may reach somebody twice, since a lost one is worse. It never holds a name, a number, a place or a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from crisis_hub.application.hub import Ends, Hub
from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierRefused,
    Claimed,
    Clock,
    OutcomeUnknown,
    Secrets,
    Settled,
    Settlement,
    Store,
    Telephony,
    TelephonyError,
)
from crisis_hub.application.staff import Directory, Person
from crisis_hub.application.words import say, urgency
from crisis_hub.domain.case import Case
from crisis_hub.domain.commands import Climb, PageThese, PersonToPage, ProgressAttempt
from crisis_hub.domain.escalation import Attempt, Escalation, Page
from crisis_hub.domain.events import Target
from crisis_hub.domain.rota import on_call
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    EscalationId,
    EscalationState,
    Method,
    PageId,
    PageState,
    PersonId,
    Role,
)

_MOST_TRIES = 20
_QUICK_TRIES, _LADDER_WAITS, _LONGEST_PAUSE = 10, 12, 5.0
_REACHES = (AttemptState.SENT, AttemptState.DELIVERED)


class Paging:
    """Reaches staff."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        store: Store,
        telephony: Telephony,
        clock: Clock,
        secrets: Secrets,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        public_url: str,
        owner: str,
    ) -> None:
        self._hub = hub
        self._store = store
        self._telephony = telephony
        self._clock = clock
        self._secrets = secrets
        self._directory = directory
        self._rulebook = rulebook
        self._public_url = public_url
        self._owner = owner

    # ---------------------------------------------------------------------------------- who

    async def page_step(self, claimed: Claimed) -> None:
        """Resolve who is on call for the step, now, and record that they are paged."""
        escalation_id, step = _split(claimed.effect.subject)
        stream = claimed.effect.stream
        case = await self._hub.case(stream)
        escalation = case.escalation(EscalationId(escalation_id))
        targets = escalation.steps[int(step) - 1].targets if escalation else ()
        people = tuple(PersonToPage(p.id, p.name, p.reach) for p in self.resolve(targets))
        nobody = "" if people else self._nobody(targets)
        command = PageThese(EscalationId(escalation_id), int(step), people, nobody)
        settled = Settled(claimed.effect.key, self._owner, Settlement.CONFIRMED)
        await self._hub.do(stream, command, "paging", claimed.effect.key, Ends(settled=(settled,)))

    def resolve(self, targets: Iterable[Target]) -> list[Person]:
        """Return the people whom these targets mean at this instant, each once."""
        found: dict[PersonId, Person] = {}
        for target in targets:
            for person in self._one(target):
                found.setdefault(person.id, person)
        return list(found.values())

    def _one(self, target: Target) -> Iterable[Person]:
        if target.kind == "role":
            return self._directory.with_role(Role(target.name)) if target.name in set(Role) else ()
        if target.kind == "person":
            return self._known([PersonId(target.name)])
        rota = self._rulebook().rotas.get(target.name)
        if rota is None:
            # A ladder that names a rota which is not there must not page nobody: all clinicians stand in.
            return self._directory.with_role(Role.CLINICIAN)
        return self._known(on_call(rota, self._clock.now()).people) or self._known(rota.last_resort)

    def _known(self, ids: Iterable[PersonId]) -> list[Person]:
        return [person for id in ids if (person := self._directory.person(id))]

    def _nobody(self, targets: Iterable[Target]) -> str:
        return "Nobody was found for " + ", ".join(f"{target.kind} {target.name}" for target in targets) + "."

    # ---------------------------------------------------------------------------------- how

    async def send(self, claimed: Claimed) -> None:
        """Make one attempt, unless the ladder no longer looks for anybody."""
        case = await self._hub.case(claimed.effect.stream)
        attempt_id = AttemptId(claimed.effect.subject)
        escalation = case.escalation_of_attempt(attempt_id)
        page = escalation.page_of(attempt_id) if escalation else None
        attempt = escalation.attempt(attempt_id) if escalation else None
        if not escalation or not page or not attempt or not _still_wanted(escalation, page, attempt):
            await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.DROPPED))
            return
        try:
            carrier_id = await self._reach(case, escalation, page, attempt)
        except CarrierRefused as refusal:
            await self._say(claimed, attempt, AttemptState.FAILED, None, f"{refusal.code}: {refusal.reason}")
        except (CarrierBusy, OutcomeUnknown) as trouble:
            await self._again(claimed, attempt, trouble)
        else:
            await self._say(claimed, attempt, AttemptState.SENT, carrier_id, "")

    async def tell_taken(self, claimed: Claimed) -> None:
        """Tell somebody who was paged too that another has it, or that nobody need come, so that they can sleep."""
        case = await self._hub.case(claimed.effect.stream)
        page_id = PageId(claimed.effect.subject)
        escalation = case.escalation_of_page(page_id)
        page = escalation.page(page_id) if escalation else None
        person = self._directory.person(page.person) if page else None
        outcome = Settlement.DROPPED
        if escalation and page and person and (address := _text_address(person)):
            if escalation.state is EscalationState.STOOD_DOWN:
                words = self._say_to(person, "page_stood_down", case)
            else:
                words = self._say_to(person, "page_taken_other", case, name=escalation.taken_by_name or "Somebody")
            try:
                await self._telephony.send_text(address, words, "/twilio/page/notice")
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

    async def _reach(self, case: Case, escalation: Escalation, page: Page, attempt: Attempt) -> CarrierId:
        person = self._directory.person(page.person)
        reach = person.reach[attempt.reach] if person and attempt.reach < len(person.reach) else None
        if person is None or reach is None:
            raise CarrierRefused("gone", "This person's telephone number is no longer on file")
        query = f"case={case.id}&attempt={attempt.id}"
        status = f"/twilio/page/status?{query}"
        if attempt.method is Method.VOICE:
            return await self._telephony.place_call(reach.address, f"/twilio/page/voice?{query}", status)
        link = f"{self._public_url}/p/{self._secrets.page_token(page.id)}"
        language = person.languages[0] if person.languages else "en"
        word = urgency(self._rulebook(), language, escalation.urgency)
        return await self._telephony.send_text(
            reach.address, self._say_to(person, "page_sms", case, urgency=word, link=link), status
        )

    def _say_to(self, person: Person, key: str, case: Case, **values: str) -> str:
        language = person.languages[0] if person.languages else "en"
        drill = say(self._rulebook(), language, "drill") if case.drill else ""
        return say(self._rulebook(), language, key, number=case.number, drill=drill, **values)

    async def _again(self, claimed: Claimed, attempt: Attempt, trouble: CarrierBusy | OutcomeUnknown) -> None:
        """Try again soon, as long as anybody is wanted: a second page is harmless and a lost one is not.

        A carrier that is down for ten minutes finds the page waiting when it is back. Meanwhile the ladder does not
        wait for somebody who cannot be reached.
        """
        if claimed.tries == _LADDER_WAITS and (at := await self._step_of(claimed, attempt)):
            await self._hub.do(claimed.effect.stream, Climb(*at), "paging", claimed.effect.key)
        state = AttemptState.UNKNOWN if isinstance(trouble, OutcomeUnknown) else attempt.state
        if state is not attempt.state:
            await self._hub.do(claimed.effect.stream, ProgressAttempt(attempt.id, state, None, str(trouble)), "carrier")
        wait = max(trouble.retry_after if isinstance(trouble, CarrierBusy) else 1.0, _patience(claimed.tries))
        await self._store.retry(claimed.effect.key, self._owner, self._clock.now() + timedelta(seconds=wait))

    async def _step_of(self, claimed: Claimed, attempt: Attempt) -> tuple[EscalationId, int] | None:
        """Return the step of an attempt's page, or nothing when another way has reached the carrier."""
        case = await self._hub.case(claimed.effect.stream)
        escalation = case.escalation_of_attempt(attempt.id)
        page = escalation.page_of(attempt.id) if escalation else None
        if escalation is None or page is None or any(a.state in _REACHES for a in page.attempts):
            return None
        return escalation.id, page.step

    async def _say(
        self, claimed: Claimed, attempt: Attempt, state: AttemptState, carrier_id: CarrierId | None, detail: str
    ) -> None:
        outcome = Settlement.FAILED if state is AttemptState.FAILED else Settlement.HANDED_OVER
        settled = Settled(claimed.effect.key, self._owner, outcome, detail)
        command = ProgressAttempt(attempt.id, state, carrier_id, detail)
        await self._hub.do(claimed.effect.stream, command, "carrier", claimed.effect.key, Ends(settled=(settled,)))


def _still_wanted(escalation: Escalation, page: Page, attempt: Attempt) -> bool:
    return (
        escalation.wants_somebody
        and page.state is PageState.OPEN
        and attempt.state in (AttemptState.PLANNED, AttemptState.UNKNOWN)
    )


def _patience(tries: int) -> float:
    """Return the seconds before the next try: soon at first, and never so long that a page would be late for it."""
    return min(1.0 * 1.3 ** max(0, tries - _QUICK_TRIES), _LONGEST_PAUSE)


def _text_address(person: Person) -> str | None:
    return next((reach.address for reach in person.reach if reach.method is Method.SMS), None)


def _split(subject: str) -> tuple[str, str]:
    escalation, _, step = subject.rpartition("/")
    return escalation, step
