"""The floor: what is imminent whatever any file says, and the items that must always be there to be answered.

The screeners have no imminent level; it comes from circumstances: an attempt under way, violence or a weapon in hand,
an overdose taken, signs that a life is going. The own-word items of `ch_right_now`, `ch_violence_inquiry` and
`ch_overdose_withdrawal` carry them, and stay answerable with an empty `rules/` folder. A clinician must sign off this
page like every rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crisis_hub.domain.instrument import Instrument, Item
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.truth import Clause, Judged, Truth, Value


@dataclass(frozen=True, slots=True)
class SaidYes:
    """Holds when an item was answered with yes."""

    name: str

    @property
    def text(self) -> str:
        """Return the condition as a line."""
        return f'{self.name} == "yes"'

    @property
    def names(self) -> frozenset[str]:
        """Return the one fact that it looks at."""
        return frozenset({self.name})

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        """Judge the answer; one that is not there is unknown."""
        if self.name not in facts:
            return Judged(Truth.UNKNOWN)
        answer = facts[self.name]
        return Judged(Truth.YES if answer == "yes" else Truth.NO, ((self.name, answer),))


def _imminent(id: str, when: Clause, because: str) -> Reading:
    return Reading(f"floor#{id}", "1", when, (RaiseRisk(Risk.IMMINENT),), because, "built in")


_N = "ch_right_now."
_V = "ch_violence_inquiry."
_O = "ch_overdose_withdrawal."

FLOOR: tuple[Reading, ...] = (
    _imminent(
        "attempt-now",
        Clause("all", (SaidYes(_N + "attempt_now"),)),
        "An attempt is under way or about to begin.",
    ),
    _imminent(
        "violence-now",
        Clause("all", (SaidYes(_V + "v10"),)),
        "Violence is happening, or a weapon is in hand.",
    ),
    _imminent(
        "violence-intended",
        Clause(
            "all",
            (
                SaidYes(_V + "v1"),
                SaidYes(_V + "v7"),
                Clause("any", (SaidYes(_V + "v5"), SaidYes(_V + "v6"))),
            ),
        ),
        "Means to hurt somebody, with a plan or a weapon within reach.",
    ),
    _imminent(
        "overdose",
        Clause("any", (SaidYes(_O + "o1"), SaidYes(_O + "o2"))),
        "Took something in the last 24 hours, or shows signs of an overdose.",
    ),
)
"""What is imminent with no file at all."""


def _yes_no(id: str, concept: str) -> Item:
    return Item(id=id, concept={"en": concept}, kind="yes_no", say={"en": concept})


BARE_INSTRUMENTS: Mapping[str, Instrument] = {
    "ch_right_now": Instrument(
        "ch_right_now",
        "floor",
        "Right now, in own words",
        (_yes_no("attempt_now", "Is an attempt under way, or about to begin?"),),
        (),
        source="built in",
    ),
    "ch_violence_inquiry": Instrument(
        "ch_violence_inquiry",
        "floor",
        "Violence, in own words",
        (
            _yes_no("v1", "Thoughts of seriously hurting someone?"),
            _yes_no("v5", "Is there a plan: how, when or where?"),
            _yes_no("v6", "Is a weapon within reach?"),
            _yes_no("v7", "Do they mean to act, or cannot say that they will not?"),
            _yes_no("v10", "Is violence happening now, or a weapon in hand?"),
        ),
        (),
        source="built in",
    ),
    "ch_overdose_withdrawal": Instrument(
        "ch_overdose_withdrawal",
        "floor",
        "Overdose, in own words",
        (
            _yes_no("o1", "Taken something in the last 24 hours, to harm themselves or more than meant?"),
            _yes_no("o2", "Hard to wake, breathing slowly or noisily, blue lips, chest pain or a seizure?"),
        ),
        (),
        source="built in",
    ),
}
"""The questions that must always be there, for when no file could be read."""
