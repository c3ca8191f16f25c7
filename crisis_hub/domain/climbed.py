"""What became of a ladder: its state after each fact."""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis_hub.domain import events as e
from crisis_hub.domain.escalation_state import Attempt, Escalation, Page, Taker
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageId, PageState, TakenBy


def started(fact: e.EscalationStarted, at: datetime) -> Escalation:
    """A ladder began."""
    return Escalation(
        fact.escalation,
        fact.ladder,
        fact.urgency,
        fact.steps,
        fact.why,
        fact.about,
        EscalationState.RUNNING,
        at,
        fact.contact_within_seconds,
    )


def moved(escalation: Escalation, fact: e.CaseFact, at: datetime) -> Escalation:  # noqa: C901, PLR0911 - one arm for each fact
    """Return the ladder after one more fact about it."""
    match fact:
        case e.StepTaken():
            return _stepped(escalation, fact, at)
        case e.PersonPaged():
            return _paged(escalation, fact, at)
        case e.NobodyToPage(_, step):
            return replace(escalation, empty_steps=escalation.empty_steps | {step})
        case e.AttemptProgressed():
            return progressed(escalation, fact, at)
        case e.AttemptRepeated():
            return _repeated(escalation, fact, at)
        case e.AttemptMerged():
            return _merged(escalation, fact, at)
        case e.PageTaken():
            return taken(escalation, fact, at)
        case e.PagePassed(page):
            return passed(escalation, page)
        case e.EscalationExhausted():
            return replace(escalation, state=EscalationState.EXHAUSTED, due_at=None, ended_at=at)
        case e.EscalationStoodDown():
            return _over(escalation, EscalationState.STOOD_DOWN, at)
        case e.TakerSeen():
            return replace(escalation, seen_at=at)
        case e.TakerSilent():
            return replace(escalation, silent=True)
    return escalation


def _stepped(escalation: Escalation, fact: e.StepTaken, at: datetime) -> Escalation:
    return replace(
        escalation,
        step=fact.step,
        due_at=fact.due_at,
        steps_taken=(*escalation.steps_taken, (at, fact.due_at)),
        stood_on=(*escalation.stood_on, fact.step),
    )


def _paged(escalation: Escalation, fact: e.PersonPaged, at: datetime) -> Escalation:
    attempts = tuple(
        Attempt(
            a.attempt,
            a.method,
            a.reach,
            a.after_seconds,
            AttemptState.PLANNED,
            at,
            at + timedelta(seconds=a.after_seconds),
            tries=a.tries,
            way=a.way,
        )
        for a in fact.attempts
    )
    page = Page(fact.page, fact.step, fact.person, fact.name, PageState.OPEN, at, attempts)
    return replace(escalation, pages=(*escalation.pages, page))


def progressed(escalation: Escalation, fact: e.AttemptProgressed, at: datetime) -> Escalation:
    """An attempt got further, or failed."""

    def move(attempt: Attempt) -> Attempt:
        if attempt.id != fact.attempt:
            return attempt
        return replace(
            attempt, state=fact.state, carrier_id=fact.carrier_id or attempt.carrier_id, detail=fact.detail, at=at
        )

    pages = tuple(replace(page, attempts=tuple(move(a) for a in page.attempts)) for page in escalation.pages)
    return replace(escalation, pages=pages)


def _repeated(escalation: Escalation, fact: e.AttemptRepeated, at: datetime) -> Escalation:
    before, page = escalation.attempt(fact.after), escalation.page_of(fact.after)
    if before is None or page is None:
        return escalation
    again = Attempt(
        fact.attempt,
        before.method,
        before.reach,
        fact.after_seconds,
        AttemptState.PLANNED,
        at,
        at + timedelta(seconds=fact.after_seconds),
        number=before.number + 1,
        tries=before.tries,
        way=before.way,
    )
    longer = replace(page, attempts=(*page.attempts, again))
    return replace(escalation, pages=tuple(longer if p.id == page.id else p for p in escalation.pages))


def _merged(escalation: Escalation, fact: e.AttemptMerged, at: datetime) -> Escalation:
    sent = e.AttemptProgressed(fact.attempt, AttemptState.SENT, fact.carrier_id, fact.why)
    after = progressed(escalation, sent, at)

    def mark(attempt: Attempt) -> Attempt:
        return replace(attempt, merged_into=fact.into) if attempt.id == fact.attempt else attempt

    pages = tuple(replace(page, attempts=tuple(mark(a) for a in page.attempts)) for page in after.pages)
    return replace(after, pages=pages)


def taken(escalation: Escalation, fact: e.PageTaken, at: datetime) -> Escalation:
    """Somebody has it; the ladder is over once as many have it as its steps ask for."""
    pages = tuple(_answered(page, fact) if page.id == fact.page else page for page in escalation.pages)
    takers = escalation.takers
    if not escalation.has_taken(fact.person):
        takers = (*takers, Taker(fact.person, fact.name, at))
    escalation = replace(escalation, pages=pages, takers=takers)
    if len(takers) < escalation.takers_needed:
        return escalation
    within = escalation.contact_within_seconds
    return replace(
        _over(escalation, EscalationState.TAKEN, at),
        taken_by=takers[0].person,
        taken_by_name=" and ".join(taker.name for taker in takers),
        taken_means=fact.means,
        contact_due_at=at + timedelta(seconds=within) if within else None,
    )


def passed(escalation: Escalation, page: PageId) -> Escalation:
    """One person passed it on."""
    pages = tuple(replace(p, state=PageState.PASSED) if p.id == page else p for p in escalation.pages)
    return replace(escalation, pages=pages)


def _over(escalation: Escalation, state: EscalationState, at: datetime) -> Escalation:
    pages = tuple(
        replace(page, state=PageState.ENDED) if page.state is PageState.OPEN else page for page in escalation.pages
    )
    return replace(escalation, state=state, pages=pages, due_at=None, ended_at=at)


def _answered(page: Page, fact: e.PageTaken) -> Page:
    attempts = tuple(replace(a, state=AttemptState.TAKEN) if _is_answer(page, a, fact) else a for a in page.attempts)
    return replace(page, state=PageState.TAKEN, attempts=attempts)


def _is_answer(page: Page, attempt: Attempt, fact: e.PageTaken) -> bool:
    """Say whether this is the try that was answered: the one that is named, else all of the kind that was answered.

    A button names its try when it stood behind a link; on our own screens it answers none.
    """
    if fact.attempt is not None:
        return attempt.id == fact.attempt
    kind = {TakenBy.DIGIT: Method.VOICE, TakenBy.REPLY: Method.SMS}.get(fact.means)
    return attempt.method is kind and attempt.state is not AttemptState.FAILED
