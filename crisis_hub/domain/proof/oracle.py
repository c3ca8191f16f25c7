"""What the real judge says of one made-up case; nothing is claimed against a rulebook that this does not confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crisis_hub.domain.case import Case
from crisis_hub.domain.proof.case_facts import Answers, made_up
from crisis_hub.domain.reading import Action, Owe, PageLadder, RaiseRisk, Reading
from crisis_hub.domain.risk import Risk, at_least, worst
from crisis_hub.domain.rules import Rulebook, judge, scores
from crisis_hub.domain.truth import Value
from crisis_hub.domain.vocabulary import DutyKind

_MOST_ROUNDS = 8

_ABOUT_THE_RECORD = frozenset({DutyKind.REASON, DutyKind.ASK})

Effect = Risk | Action
"""One piece of care that a reading gives: the risk is at least this, or one action."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A made-up case: answers, facts of the case under their dotted names, and whether the talk has ended."""

    answers: Answers
    about: Mapping[str, Value | None]
    over: bool = False

    def words(self) -> str:
        """Return the case in a line, such as `asq.q1=yes case.channel=text`."""
        said = [f"{id}.{item}={reply}" for id, given in self.answers.items() for item, reply in given.items()]
        about = {name: value for name, value in self.about.items() if name != "case.over" and value is not None}
        facts = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in about.items()]
        return " ".join([*said, *facts, *(["case.over=true"] if self.over else [])]) or "no answer at all"

    def case(self) -> Case:
        """Return the case."""
        return made_up(self.answers, self.about, over=self.over)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds for a case: the risk, everything that is called for, and the readings behind it."""

    risk: Risk
    actions: frozenset[Action]
    readings: tuple[Reading, ...]
    broken: tuple[str, ...]

    def has(self, effect: Effect) -> bool:
        """Say whether this care is given."""
        return at_least(self.risk, effect) if isinstance(effect, Risk) else effect in self.actions

    def keeps(self, effect: Effect) -> bool:
        """Say whether this care is still given; what is not assessed (any more) is not lower than "low"."""
        return self.has(effect) or (effect is Risk.LOW and self.risk is Risk.NOT_ASSESSED)

    def words(self) -> str:
        """Return the risk and the care in a line."""
        care = sorted(action_words(action) for action in self.actions)
        return f"{self.risk.value.replace('_', ' ')}, {', '.join(care) or 'no page'}"


def outcome_of(situation: Situation, book: Rulebook) -> Outcome:
    """Judge a made-up case for real."""
    return outcome_of_case(situation.case(), book)


def outcome_of_case(case: Case, book: Rulebook) -> Outcome:
    """Judge a case for real, again while the risk that it raises makes more rules hold."""
    outcome = _judged(case, book)
    for _ in range(_MOST_ROUNDS):
        if outcome.risk is case.risk:
            break
        case = replace(case, risk=outcome.risk)
        outcome = _judged(case, book)
    return outcome


def _judged(case: Case, book: Rulebook) -> Outcome:
    judgements = judge(case, book)
    holding = tuple(judgement.reading for judgement in judgements if judgement.holds)
    risks = (*(reading.risk for reading in holding), *(score.risk for score in scores(case, book)))
    return Outcome(
        worst([case.risk, *risks]),
        frozenset(action for reading in holding for action in reading.then if not isinstance(action, RaiseRisk)),
        holding,
        tuple(j.reading.id for j in judgements if any(j.verdict.broken())),
    )


def effects_of(reading: Reading) -> tuple[Effect, ...]:
    """Return everything that a reading gives, each level of risk by itself, the worst first."""
    levels = (Risk.IMMINENT, Risk.HIGH, Risk.MODERATE, Risk.LOW)
    raised = tuple(level for level in levels if at_least(reading.risk, level))
    return (*raised, *(action for action in reading.then if not isinstance(action, RaiseRisk)))


def care_of(reading: Reading) -> tuple[Effect, ...]:
    """Return what a reading gives that no worse or missing answer may take away again.

    To write down a reason, or to ask further, is owed because answers contradict each other or are missing. It is
    no longer owed when they do not and are not, so it is left out here.
    """
    return tuple(e for e in effects_of(reading) if not (isinstance(e, Owe) and e.kind in _ABOUT_THE_RECORD))


def effect_words(effect: Effect) -> str:
    """Return a piece of care in words."""
    return f"risk {effect.value}" if isinstance(effect, Risk) else action_words(effect)


def action_words(action: Action) -> str:
    """Return an action in words."""
    if isinstance(action, RaiseRisk):
        return f"risk {action.risk.value}"
    if isinstance(action, PageLadder):
        return f"page {action.ladder}"
    within = f" within {action.within_hours:g} h" if action.within_hours is not None else ""
    return " ".join(["owed", action.kind.value.replace("_", " "), *action.of.replace("_", " ").split()]) + within
