"""A recorded case judged again with another rulebook: what that would have said, and when.

Only what people and carriers did is taken from the record. What the hub concluded from it (rules, risk, ladders,
duties) is left out and concluded anew, fact by fact, with the other rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.decision import MOST_ROUNDS, WEIGHED, weigh
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import Rulebook

_CONCLUDED = (e.RuleFired, e.RuleEased, e.RuleBroke, e.RulebookUsed, e.DutyOpened)
"""What the hub concludes by itself."""


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What was concluded of a case from its first fact to its last."""

    risk: Risk
    rules: frozenset[str]
    pages: frozenset[tuple[str, Risk]]
    duties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One case of which another rulebook would have concluded something else."""

    case: str
    number: str
    opened_at: datetime
    was: Conclusions
    would_be: Conclusions

    def sentences(self) -> Iterator[str]:
        """Say in what they differ."""
        was, would = self.was, self.would_be
        if was.risk is not would.risk:
            word = "higher" if is_worse(would.risk, was.risk) else "lower"
            yield f"risk {would.risk.value}, {word} than {was.risk.value}".replace("_", " ")
        yield from _listed("would page", (f"{name} at {risk.value}" for name, risk in would.pages - was.pages))
        yield from _listed("would not page", (f"{name} at {risk.value}" for name, risk in was.pages - would.pages))
        yield from _listed("would fire", would.rules - was.rules)
        yield from _listed("would not fire", was.rules - would.rules)
        yield from _listed("would ask for", would.duties - was.duties)
        yield from _listed("would not ask for", was.duties - would.duties)


def compare(history: Iterable[tuple[e.CaseFact, datetime]], rulebook: Rulebook) -> Difference | None:
    """Return in what the rulebook would have differed from what was recorded, or nothing."""
    facts = [*history]
    opened = facts[0][0]
    if not isinstance(opened, e.CaseOpened):
        raise TypeError(f"A case begins with CaseOpened, not with {type(opened).__name__}.")
    was = _concluded(fact for fact, _ in facts)
    would_be = _concluded(_judged_again(facts, rulebook))
    if was == would_be:
        return None
    return Difference(opened.case, opened.number, facts[0][1], was, would_be)


def _judged_again(facts: list[tuple[e.CaseFact, datetime]], rulebook: Rulebook) -> Iterator[e.CaseFact]:
    case: Case | None = None
    by_hand = _ladders_by_hand(facts)
    for fact, at in facts:
        if not _is_given(fact, by_hand):
            continue
        before = case
        case = fold([(fact, at)], case)
        yield fact
        if case is None or not isinstance(fact, WEIGHED):
            continue
        for _ in range(MOST_ROUNDS):
            more = weigh(case, rulebook, at, before.risk if before else case.risk)
            if not more:
                break
            yield from more
            case = fold(((one, at) for one in more), case) or case


def _ladders_by_hand(facts: list[tuple[e.CaseFact, datetime]]) -> frozenset[str]:
    """Return the ladders that a person began: those are followed by that person's reason."""
    named = {fact.note.removesuffix("-why") for fact, _ in facts if isinstance(fact, e.NoteWritten)}
    return frozenset(named)


def _is_given(fact: e.CaseFact, by_hand: frozenset[str]) -> bool:
    """Say whether people or carriers did this; what the hub concluded is concluded anew."""
    if isinstance(fact, e.EscalationStarted):
        return fact.escalation in by_hand
    if isinstance(fact, e.StepTaken):
        return fact.escalation in by_hand
    if isinstance(fact, e.RiskRaised):
        return fact.by is not None
    if isinstance(fact, e.DutyMet):
        return fact.by is not None
    return not isinstance(fact, _CONCLUDED)


def _concluded(facts: Iterable[e.CaseFact]) -> Conclusions:
    risk = Risk.NOT_ASSESSED
    rules: set[str] = set()
    pages: set[tuple[str, Risk]] = set()
    owed: set[str] = set()
    for fact in facts:
        match fact:
            case e.RiskRaised():
                risk = fact.risk if is_worse(fact.risk, risk) else risk
            case e.RuleFired():
                rules.add(fact.rule)
            case e.RuleBroke():
                rules.add(f"{fact.rule} (and could not be judged)")
            case e.EscalationStarted() if fact.about == ladders.RISK:
                pages.add((fact.ladder, fact.urgency))
            case e.DutyOpened():
                owed.add(f"{fact.kind.value}-{fact.of}" if fact.of else fact.kind.value)
            case _:
                pass
    return Conclusions(risk, frozenset(rules), frozenset(pages), frozenset(owed))


def _listed(verb: str, names: Iterable[str]) -> Iterator[str]:
    words = sorted(names)
    if words:
        yield f"{verb} {', '.join(words).replace('_', ' ')}"
