"""What would change it: for each item, one other answer after which the risk or the care would not be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from crisis_hub.domain.case import Answer, Case
from crisis_hub.domain.instrument import REFUSED, Instrument, Item
from crisis_hub.domain.proof.axes import Seen, sight_of
from crisis_hub.domain.proof.cuts import cuts_of
from crisis_hub.domain.proof.oracle import Outcome, outcome_of_case
from crisis_hub.domain.proof.readings import instruments_of
from crisis_hub.domain.proof.replies import real_answers
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId

_RANK = {risk: rank for rank, risk in enumerate(Risk)}


@dataclass(frozen=True, slots=True)
class Other:
    """One other answer, the one that was given ("" for none), and what would hold with it."""

    instrument: str
    item: str
    given: str
    answer: str
    outcome: Outcome


def what_would_change(case: Case, book: Rulebook) -> list[Other]:
    """Return for each item the answer that would change most, those of begun questionnaires first, then the worst."""
    now = outcome_of_case(case, book)
    cuts = cuts_of(book)
    found: list[Other] = []
    for instrument in instruments_of(book):
        for item in instrument.items:
            others = list(_others(case, instrument, item, book, cuts.get(instrument.id, {})))
            changing = [other for other in others if _care(other.outcome) != _care(now)]
            if changing:
                found.append(max(changing, key=lambda other: _size(other.outcome)))
    begun = {id for id, given in case.answers.items() if given}
    return sorted(found, key=lambda other: (other.instrument not in begun, -_RANK[other.outcome.risk]))


def _others(
    case: Case, instrument: Instrument, item: Item, book: Rulebook, cuts: Mapping[str, frozenset[float]]
) -> Iterator[Other]:
    given = case.answers.get(instrument.id, {}).get(item.id)
    said = given.answer if given is not None else ""
    sight = sight_of(instrument, item, Seen(frozenset(), cuts=cuts))
    for answer in (*real_answers(item, sight), REFUSED):
        if answer != said:
            outcome = outcome_of_case(_with(case, instrument.id, item.id, answer), book)
            yield Other(instrument.id, item.id, said, answer, outcome)


def _with(case: Case, instrument: str, item: str, answer: str) -> Case:
    made = Answer(answer, "", PersonId("made-up"), case.opened_at, "")
    given = {**case.answers.get(instrument, {}), item: made}
    return replace(case, answers={**case.answers, instrument: given})


def _care(outcome: Outcome) -> object:
    """Return what counts as a change; "none" beside "not assessed" is one as well, since somebody may rely on it."""
    return outcome.risk, outcome.actions


def _size(outcome: Outcome) -> tuple[int, int]:
    return _RANK[outcome.risk], len(outcome.actions)
