"""How a ladder looks from outside: folded state in, wire shapes out."""

from __future__ import annotations

from collections.abc import Mapping

from crisis_hub.domain.escalation_state import Attempt, Escalation, Ladder, Page
from crisis_hub.domain.events import Target
from crisis_hub.domain.vocabulary import AttemptState, EscalationState
from crisis_hub.web import schemas as s

_TARGET_WORDS: Mapping[tuple[str, str], str] = {
    ("role", "clinician"): "every clinician",
    ("role", "supervisor"): "every supervisor",
    ("role", "clinical_lead"): "the clinical lead",
    ("role", "responder"): "every responder",
}


def escalation_out(x: Escalation) -> s.EscalationOut:
    """Return a ladder at work."""
    taken = x.state is EscalationState.TAKEN
    return s.EscalationOut(
        id=x.id,
        ladder=x.ladder,
        urgency=x.urgency,
        about=x.about,
        why=x.why,
        state=x.state,
        step=x.step,
        steps=[*(_step_out(x, number) for number in range(1, len(x.steps) + 1)), *_last_resort_out(x)],
        started_at=x.started_at,
        ended_at=x.ended_at,
        taken_by=x.taken_by,
        taken_by_name=x.taken_by_name,
        taken_means=x.taken_means.value if x.taken_means else None,
        taken_at=x.ended_at if taken else None,
        takers=s.TakersOut(
            needed=x.takers_needed, have=[s.PersonRef(id=taker.person, name=taker.name) for taker in x.takers]
        ),
        contact_due_at=x.contact_due_at if x.waits_for_contact else None,
        seen_at=x.seen_at,
        silent_taker=s.PersonRef(id=x.takers[0].person, name=x.takers[0].name) if x.silent and x.takers else None,
        next_due_at=x.due_at,
        next=_next_out(x),
        pages=[page_out(page) for page in x.pages],
    )


def _step_out(x: Escalation, number: int) -> s.StepOut:
    step = x.steps[number - 1]
    taken = dict(zip(x.stood_on, x.steps_taken, strict=True)).get(number)
    return s.StepOut(
        number=number,
        targets=[s.TargetOut(kind=t.kind, name=t.name, words=target_words(t)) for t in step.targets],
        wait_seconds=step.wait_seconds,
        takers=step.takers,
        taken_at=taken[0] if taken else None,
        due_at=taken[1] if taken else None,
        nobody=number in x.empty_steps,
    )


def _last_resort_out(x: Escalation) -> list[s.StepOut]:
    """Return the step after the last, once a whole ladder found nobody: whoever was left is asked."""
    number = len(x.steps) + 1
    asked = [page.at for page in x.pages if page.step == number]
    if not asked and number not in x.empty_steps:
        return []
    target = s.TargetOut(kind="last_resort", name="", words="the last resort")
    found = s.StepOut(
        number=number,
        targets=[target],
        wait_seconds=0,
        takers=1,
        taken_at=asked[0] if asked else x.ended_at,
        due_at=None,
        nobody=number in x.empty_steps,
    )
    return [found]


def ladder_out(ladder: Ladder) -> s.LadderOut:
    """Return a ladder that can be started by hand."""
    return s.LadderOut(name=ladder.name, steps=[", ".join(map(target_words, step.targets)) for step in ladder.steps])


def target_words(target: Target) -> str:
    """Return whom a target means, in words."""
    return _TARGET_WORDS.get((target.kind, target.name)) or f"{target.kind} {target.name}".replace("rota ", "on call, ")


def page_out(page: Page) -> s.PageOut:
    """Return one person's page."""
    attempts = [_attempt_out(attempt) for attempt in page.attempts]
    return s.PageOut(
        id=page.id, step=page.step, person=page.person, name=page.name, state=page.state, at=page.at, attempts=attempts
    )


def _attempt_out(a: Attempt) -> s.AttemptOut:
    return s.AttemptOut(
        id=a.id,
        method=a.method,
        state=a.state,
        number=a.number,
        at=a.at,
        planned_at=a.planned_at,
        after_seconds=a.after_seconds,
        merged_into=a.merged_into,
        detail=a.detail,
        carrier_id=a.carrier_id,
    )


def _next_out(x: Escalation) -> list[s.NextOut]:
    """Return what is still to be sent, then the next step, soonest first."""
    if not x.wants_somebody:
        return []
    coming = [
        s.NextOut(
            at=a.planned_at,
            step=page.step,
            person=s.PersonRef(id=page.person, name=page.name),
            method=a.method,
            whom=page.name,
        )
        for page in x.open_pages()
        for a in page.attempts
        if a.state is AttemptState.PLANNED
    ]
    if x.due_at is not None:
        last = x.step >= len(x.steps)
        whom = "the alarm at every desk" if last else " and ".join(target_words(t) for t in x.steps[x.step].targets)
        coming.append(s.NextOut(at=x.due_at, step=x.step + 1, person=None, method=None, whom=whom))
    return sorted(coming, key=lambda one: one.at)
