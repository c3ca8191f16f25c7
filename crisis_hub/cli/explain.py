"""A case and a rulebook in words: the risk, who is paged, which rules hold and why, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator

from crisis_hub.cli.explain_changes import changes_in_words
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.decision import weigh
from crisis_hub.domain.reading import Action, PageLadder, RaiseRisk, Reading
from crisis_hub.domain.rules import Judgement, Rulebook, judge, scores
from crisis_hub.domain.truth import Traced, Truth

_MOST_ROUNDS = 8


def explain_case(case: Case, rulebook: Rulebook) -> Iterator[str]:
    """Say what the case's answers mean, line by line."""
    facts, after = settle(case, rulebook)
    started = [fact for fact in facts if isinstance(fact, e.EscalationStarted)]
    yield f"Risk: {after.risk.value.replace('_', ' ')}"
    for fact in started:
        yield f"Pages: ladder “{fact.ladder}” at {fact.urgency.value}, because: {fact.why}"
    if not started:
        yield "Pages: nobody"
    for score in scores(after, rulebook):
        state = "complete" if score.complete else f"not complete, next {score.next}"
        yield f"{score.instrument}: {score.band or 'no band'}, {score.risk.value.replace('_', ' ')}, {state}"
    yield from _judgements(judge(after, rulebook))
    yield ""
    yield from changes_in_words(case, rulebook)
    yield ""
    yield f"Rulebook {rulebook.version}, clinician sign-off: {rulebook.sign_off}."


def settle(case: Case, rulebook: Rulebook) -> tuple[list[e.CaseFact], Case]:
    """Weigh the case until nothing new follows, as the hub does after every answer."""
    facts: list[e.CaseFact] = []
    before = case.risk
    for _ in range(_MOST_ROUNDS):
        more = weigh(case, rulebook, case.opened_at, before)
        if not more:
            break
        facts += more
        case = fold(((fact, case.opened_at) for fact in more), case) or case
    return facts, case


def _judgements(judgements: list[Judgement]) -> Iterator[str]:
    holding = [j for j in judgements if j.holds]
    broken = [j for j in judgements if any(j.verdict.broken())]
    waiting = [j for j in judgements if j.verdict.truth is Truth.UNKNOWN and _rule(j)]
    calm = [j for j in judgements if j.verdict.truth is Truth.NO and _rule(j)]
    for judgement in holding:
        yield from ("", f"HOLDS    {judgement.reading.id}: {judgement.reading.because}")
        yield f"         source: {judgement.reading.source}; adds: {_adds(judgement.reading)}"
        yield from (_traced(traced) for traced in judgement.verdict.trace)
    for judgement in broken:
        yield from ("", f"BROKEN   {judgement.reading.id}: a supervisor is called.")
        yield from (_traced(traced) for traced in judgement.verdict.trace)
    for judgement in waiting:
        yield from ("", f"WAITS    {judgement.reading.id}: not known yet.")
        yield from (_traced(traced) for traced in judgement.verdict.trace)
    if calm:
        yield from ("", f"CALM     {', '.join(j.reading.id for j in calm)}")


def _rule(judgement: Judgement) -> bool:
    """Say whether it is a rule of a file and not a level or the floor, which would only repeat them."""
    return "#" not in judgement.reading.id


def _adds(reading: Reading) -> str:
    return ", ".join(_action(action) for action in reading.then)


def _action(action: Action) -> str:
    if isinstance(action, RaiseRisk):
        return f"risk at least {action.risk.value}"
    if isinstance(action, PageLadder):
        return f"page {action.ladder}"
    more = f" {action.of.replace('_', ' ')}" if action.of else ""
    within = f" within {action.within_hours:g} h" if action.within_hours is not None else ""
    return f"owed: {action.kind.value.replace('_', ' ')}{more}{within}"


def _traced(traced: Traced) -> str:
    saw = ", ".join(f"{name} = {value!r}" for name, value in traced.judged.saw)
    end = traced.judged.error or (f"saw {saw}" if saw else "no answer yet")
    return f"         {traced.judged.truth.value:8} {traced.text}   ({end})"
