"""The whole mind: what a command makes true, and what that means.

`decide` asks the case, then weighs what the case has become, until nothing new follows. The same history, command,
rulebook and instant give the same facts for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain import commands as c
from crisis_hub.domain import duties, taking
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.climbing import next_escalation
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.respond import respond
from crisis_hub.domain.risk import Risk, at_least, is_worse, worst
from crisis_hub.domain.rules import Judgement, Rulebook, judge, scores
from crisis_hub.domain.vocabulary import CaseState, DutyKind, EscalationState, PersonId

Facts = list[e.CaseFact]

MOST_ROUNDS = 8
"""A rule may look at the risk that another raised; each round must raise or page something new, so few are needed."""


def decide(
    history: Iterable[tuple[e.CaseFact, datetime]], command: c.Command, rulebook: Rulebook, now: datetime
) -> tuple[e.CaseFact, ...]:
    """Return the facts that follow from the command; raise `Refused` when it cannot be."""
    return decide_on(fold(history), command, rulebook, now)


def decide_on(case: Case | None, command: c.Command, rulebook: Rulebook, now: datetime) -> tuple[e.CaseFact, ...]:
    """Decide on a case that was folded before."""
    return decided(case, command, rulebook, now)[0]


def decided(
    case: Case | None, command: c.Command, rulebook: Rulebook, now: datetime
) -> tuple[tuple[e.CaseFact, ...], Case | None]:
    """Decide on a case that was folded before; return the facts, and the case after them."""
    facts = respond(case, command, rulebook, now)
    facts = [*facts, *(taking.seen(case, command, facts) if case else ())]
    after = fold(((fact, now) for fact in facts), case)
    for _ in range(MOST_ROUNDS):
        more = (
            weigh(after, rulebook, now, case.risk if case else after.risk) if after and _worth_weighing(facts) else []
        )
        if not more:
            break
        facts = [*facts, *more]
        after = fold(((fact, now) for fact in more), after)
    named = _name_the_rulebook(after, facts, rulebook)
    return (*facts, *named), fold(((fact, now) for fact in named), after)


def weigh(case: Case, rulebook: Rulebook, now: datetime, before: Risk) -> Facts:
    """Return what the case's answers call for that was not yet said: rules, risk and pages.

    `before` is the risk before the command: only a rise above it makes a ladder begin again that somebody had taken.
    """
    if case.state is CaseState.CLOSED:
        return []
    judgements = judge(case, rulebook)
    fresh = [j for j in judgements if j.holds and case.fired.get(j.reading.id) != j.reading.version]
    facts: Facts = [_fired(j) for j in fresh]
    facts += [e.RuleEased(j.reading.id) for j in judgements if not j.holds and j.reading.id in case.fired]
    facts += _raise(case, judgements, fresh)
    risk = next((fact.risk for fact in facts if isinstance(fact, e.RiskRaised)), case.risk)
    facts += _page(case, fresh, risk, is_worse(risk, before), rulebook, now)
    facts += duties.begin(case.duties, [j.reading for j in fresh], rulebook.jurisdiction, now)
    facts += duties.answered(case.duties, _complete(case, rulebook))
    facts += _call_for_broken(case, judgements, facts, rulebook, now)
    facts += _unsettle(case, judgements)
    return facts


def _unsettle(case: Case, judgements: list[Judgement]) -> Facts:
    """Take back a calm that code found and that nothing carries any more: a taken-back "no" must not go on calming."""
    if case.risk not in (Risk.NONE, Risk.LOW) or case.risk_by is not None:
        return []
    carried = any(j.holds and is_worse(j.reading.risk, Risk.NOT_ASSESSED) for j in judgements)
    return [] if carried else [e.RiskUnsettled()]


def _complete(case: Case, rulebook: Rulebook) -> frozenset[str]:
    """Return the questionnaires that somebody owes and that are complete by now."""
    if not any(duty.open and duty.kind is DutyKind.ASK for duty in case.duties):
        return frozenset()
    return frozenset(score.instrument for score in scores(case, rulebook) if score.complete)


def _name_the_rulebook(case: Case | None, facts: Facts, rulebook: Rulebook) -> Facts:
    """Say with which rulebook a case is judged, when it is judged for the first time or by another than before."""
    if case is None or (case.rulebook, case.sign_off) == (rulebook.version, rulebook.sign_off):
        return []
    judged = any(isinstance(fact, e.AnswerRecorded | e.RuleFired) for fact in facts)
    return [e.RulebookUsed(rulebook.version, rulebook.sign_off)] if judged else []


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an answer would do: the risk if it would rise, and the ladders that would begin."""

    risk: Risk | None
    ladders: tuple[e.EscalationStarted, ...]


def foresee(case: Case, instrument: str, item: str, answer: str, rulebook: Rulebook, now: datetime) -> Outlook:
    """Return what giving this answer now would lead to, by deciding it and throwing the facts away."""
    command = c.RecordAnswer(PersonId("nobody"), instrument, item, answer, "only to see")
    facts = decide_on(case, command, rulebook, now)
    risk = next((fact.risk for fact in reversed(facts) if isinstance(fact, e.RiskRaised)), None)
    return Outlook(risk, tuple(fact for fact in facts if isinstance(fact, e.EscalationStarted)))


WEIGHED = (
    e.CaseOpened,
    e.ContactArrived,
    e.ContactEnded,
    e.MessageReceived,
    e.AnswerRecorded,
    e.RiskRaised,
    e.RiskLowered,
    e.RiskUnsettled,
    e.TextingStopped,
    e.TextingResumed,
)
"""Facts after which a condition may see something else."""


def _worth_weighing(facts: Facts) -> bool:
    """Say whether anything happened that a condition could see; a delivery receipt is not worth judging every rule."""
    return any(isinstance(fact, WEIGHED) for fact in facts)


def _fired(judgement: Judgement) -> e.RuleFired:
    reading = judgement.reading
    return e.RuleFired(reading.id, reading.version, reading.because, reading.source, judgement.saw())


def _raise(case: Case, judgements: list[Judgement], fresh: list[Judgement]) -> Facts:
    """Raise the risk to the worst that anything new calls for; what held before it was lowered does not count anew."""
    risk = worst([case.risk, *(j.reading.risk for j in fresh)])
    if not is_worse(risk, case.risk):
        return []
    holding = [j.reading for j in judgements if j.holds and j.reading.risk is risk]
    rules = [reading for reading in holding if "#" not in reading.id] or holding
    return [e.RiskRaised(risk, tuple(e.Because(r.id, r.because) for r in rules), None)]


def _page(case: Case, fresh: list[Judgement], risk: Risk, risen: bool, rulebook: Rulebook, now: datetime) -> Facts:
    facts: Facts = []
    begun: list[str] = []
    for name, why in _called_for(case, fresh, risk, risen):
        ladder = rulebook.ladders.get(name, ladders.EVERYONE)
        if ladder.name in begun or _on_it(case, ladder.name, risk, risen):
            continue
        begun.append(ladder.name)
        id = next_escalation(case, len(begun) - 1)
        facts += ladders.begin(id, ladder, risk, why, ladders.RISK, now)
    return facts


def _called_for(case: Case, fresh: list[Judgement], risk: Risk, risen: bool) -> Iterator[tuple[str, str]]:
    """Name the ladders that the new readings page, then the floor's own, which no rule can take away."""
    yield from ((ladder, j.reading.because) for j in fresh for ladder in j.reading.ladders)
    why = next((j.reading.because for j in fresh if j.reading.risk is risk), "A person said so.")
    if risen and risk is Risk.IMMINENT:
        yield "imminent", why
    elif risen and risk is Risk.HIGH and not _named_for(fresh, risk) and not _being_called(case, risk):
        yield "clinical", why


def _named_for(fresh: list[Judgement], risk: Risk) -> bool:
    """Say whether what raised the risk this far names a ladder itself; one for another reason does not count."""
    return any(j.reading.ladders for j in fresh if at_least(j.reading.risk, risk))


def _being_called(case: Case, risk: Risk) -> bool:
    """Say whether somebody is being looked for at this urgency just now."""
    return any(x.about == ladders.RISK and x.running and at_least(x.urgency, risk) for x in case.escalations)


def _on_it(case: Case, ladder: str, risk: Risk, risen: bool) -> bool:
    """Say whether this ladder is at work for a risk as great, or somebody took it and nothing is worse since.

    Worse is a risen risk, and a person who called, wrote anew or hung up after it began: whoever took it then took
    something else.
    """
    return any(
        x.ladder == ladder
        and x.about == ladders.RISK
        and not is_worse(risk, x.urgency)
        and (x.running or (x.state is EscalationState.TAKEN and not risen and not _came_or_went(case, x.started_at)))
        for x in case.escalations
    )


def _came_or_went(case: Case, since: datetime) -> bool:
    return any(
        contact.began_at > since or (contact.ended_at is not None and contact.ended_at > since)
        for contact in case.conversation.contacts
    )


def _call_for_broken(case: Case, judgements: list[Judgement], facts: Facts, rulebook: Rulebook, now: datetime) -> Facts:
    """Tell of every rule that could not be judged, and call a supervisor once."""
    broke: Facts = [
        e.RuleBroke(j.reading.id, j.reading.version, traced.path, traced.judged.error)
        for j in judgements
        for traced in j.broken
        if (j.reading.id, traced.path) not in case.broken
    ]
    if not broke or any(x.about == ladders.SUPERVISION for x in case.escalations):
        return broke
    begun = sum(isinstance(fact, e.EscalationStarted) for fact in facts)
    ladder: Ladder = rulebook.ladders.get("supervisors", ladders.SUPERVISORS)
    why = "A rule could not be judged; a person must look at this case."
    urgency = case.risk
    return [*broke, *ladders.begin(next_escalation(case, begun), ladder, urgency, why, ladders.SUPERVISION, now)]
