"""One question of a questionnaire: how it can be answered, what an answer counts, and which answer is worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan

from crisis_hub.domain.truth import Clause

YES, NO, UNKNOWN, REFUSED = "yes", "no", "unknown", "refused"

BY_KIND = ("by kind",)
"""Stands where nobody said which answer is worse."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that an item offers; `value` counts towards a total, `also` are other ways to write it.

    One that `tells_nothing` ("unable to answer") is kept as it was said and read like "unknown".
    """

    code: str
    labels: Mapping[str, str]
    value: float | None = None
    loinc: str | None = None
    also: tuple[str, ...] = ()
    tells_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `kind` is yes_no, choice or number; `asked_when` says when it must be asked.

    There is no kind for free text: a person's own words stand beside an answer, where they are kept sealed.
    `also` are other ids under which answers may come, beside the LOINC code. `points` says what answers to a yes_no
    item count; a choice takes it from its options. The options of a number are words that may stand for one.
    `person` names the fact of the person that it asks for (age, sex). With `needs_words` it can be answered only with
    the responder's own reason. `order` are its answers from best to worst (for yes and no: no, yes; for a choice: by
    what its options count; empty when none is worse), `worse` is the worse direction of a number.
    """

    id: str
    concept: Mapping[str, str]
    kind: str
    say: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    asked_when: Clause | None = None
    optional: bool = False
    least: float | None = None
    most: float | None = None
    loinc: str = ""
    also: tuple[str, ...] = ()
    points: Mapping[str, float] = field(default_factory=dict)
    person: str = ""
    needs_words: bool = False
    order: tuple[str, ...] = BY_KIND
    worse: str = ""

    def __post_init__(self) -> None:
        """Put the usual order in place where none was said."""
        if self.order == BY_KIND:
            object.__setattr__(self, "order", _usual_order(self))

    def option(self, code: str | None) -> Option | None:
        """Return the option of that code."""
        return next((option for option in self.options if option.code == code), None)

    def tells_nothing(self, answer: str) -> bool:
        """Say whether an answer is one that nothing can be read from."""
        option = self.option(answer)
        return option is not None and option.tells_nothing

    def points_of(self, answer: str | None) -> float | None:
        """Return what an answer counts, or nothing when there is none that counts."""
        if answer is None or answer in (UNKNOWN, REFUSED):
            return None
        if self.kind == "yes_no":
            return float(self.points.get(answer, 0)) if self.points else None
        option = self.option(answer)
        return None if option is None or option.value is None or self.kind != "choice" else float(option.value)

    def range_of_points(self) -> tuple[float, float]:
        """Return the least and the most that an answer can count; both are zero where none counts."""
        found = [self.points_of(code) for code in answers_of(self)]
        counted = [points for points in found if points is not None]
        return min(counted, default=0.0), max(counted, default=0.0)


def _usual_order(item: Item) -> tuple[str, ...]:
    if item.kind == "yes_no":
        return (NO, YES)
    counted = [(option.value, option.code) for option in item.options if option.value is not None]
    if item.kind != "choice" or len(counted) < len(item.options):
        return ()
    return tuple(code for _, code in sorted(counted, key=lambda pair: pair[0]))


def answers_of(item: Item) -> list[str]:
    """Return every answer but a number, `unknown` and `refused` that an item takes."""
    return [option.code for option in item.options] or ([] if item.kind == "number" else [YES, NO])


def as_value(item: Item, answer: str) -> str | float:
    """Return an answer as a condition sees it."""
    if item.kind != "number":
        return answer
    word = item.option(answer)
    return float(answer) if word is None or word.value is None else float(word.value)


def why_not(item: Item, answer: str) -> str | None:
    """Return why this cannot be an answer to the item, or nothing when it can."""
    allowed = answers_of(item)
    if answer in (UNKNOWN, REFUSED, *allowed):
        return None
    if item.kind == "number":
        return _why_not_number(item, answer)
    return f"{item.id} can be answered with {', '.join(allowed)}, {UNKNOWN} or {REFUSED}, not with “{answer[:40]}”."


def spoken(words: Mapping[str, str], language: str) -> str:
    """Return the words in that language, or in English where they are missing."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def _why_not_number(item: Item, answer: str) -> str | None:
    try:
        number = float(answer)
    except ValueError:
        number = nan
    if not isfinite(number):
        return f"{item.id} asks for a number, {UNKNOWN} or {REFUSED}, not for “{answer[:40]}”."
    if item.least is not None and number < item.least:
        return f"{item.id} cannot be less than {item.least:g}."
    if item.most is not None and number > item.most:
        return f"{item.id} cannot be more than {item.most:g}."
    return None
