"""A questionnaire: its items, which of them must be asked, and what the answers mean.

Answers are `yes`, `no`, `unknown`, `refused`, an option's code, or a number written as text. An item that is absent
was not asked. `unknown` says that it was asked and nobody knows: it never counts as no, and to every condition it
is as if it were not there. `refused` can be asked for by a condition; otherwise it behaves the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan

from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.truth import Clause, Truth, Value

YES, NO, UNKNOWN, REFUSED = "yes", "no", "unknown", "refused"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that an item offers; `value` counts towards a total."""

    code: str
    labels: Mapping[str, str]
    value: float | None = None
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `kind` is yes_no, choice or number; `asked_when` says when it must be asked.

    There is no kind for free text: a person's own words stand beside an answer, where they are kept sealed.
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


@dataclass(frozen=True, slots=True)
class Level:
    """What a set of answers means: the published band's name, and the risk that we read from it."""

    band: str
    risk: Risk
    when: Clause
    words: Mapping[str, str]
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as data; `levels` stand from worst to best, the first that holds counts."""

    id: str
    version: str
    title: str
    items: tuple[Item, ...]
    levels: tuple[Level, ...]
    wording: str = "own"
    source: str = ""
    totals: bool = False

    def item(self, id: str) -> Item | None:
        """Return the item of that id."""
        return next((item for item in self.items if item.id == id), None)


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers given so far mean; `complete` is false while an item that must be asked is unanswered."""

    instrument: str
    version: str
    complete: bool
    total: float | None
    band: str | None
    risk: Risk
    words: str
    flags: tuple[str, ...]
    next: str | None


def score(instrument: Instrument, answers: Mapping[str, str], language: str = "en") -> Score:
    """Read the answers.

    A level that holds sets the risk at once, however much is still open, since a worse answer can only raise it.
    A level that calms ("negative", "low") is read only when every item that must be asked was answered with more
    than "unknown" or "refused": a screen that is not finished is incomplete, never negative, and has no total.
    """
    answers = understood(instrument, answers)
    asked = _asked(instrument, bindings(instrument, answers))
    open_items = [item for item in asked if item.id not in answers]
    dodged = any(answers.get(item.id) in (UNKNOWN, REFUSED) for item in asked)
    held = reached(instrument, answers)
    # A screen whose needed answers were dodged and that reached no level is not finished, however much was asked.
    complete = not open_items and not (dodged and held is None)
    return Score(
        instrument.id,
        instrument.version,
        complete,
        _total(instrument, answers) if instrument.totals and complete and not dodged else None,
        held.band if held and (complete or held.settles) else None,
        held.risk if held else Risk.NOT_ASSESSED,
        spoken(held.words, language) if held else "",
        ("refused_or_unknown",) if dodged else (),
        open_items[0].id if open_items else None,
    )


def reached(instrument: Instrument, answers: Mapping[str, str]) -> Level | None:
    """Return the level that the answers given so far have reached."""
    answers = understood(instrument, answers)
    values = bindings(instrument, answers)
    asked = _asked(instrument, values)
    finished = all(answers.get(item.id, UNKNOWN) not in (UNKNOWN, REFUSED) for item in asked)
    return _first_that_holds(instrument, values, finished)


def understood(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers with `unknown` for each that the item does not take, as after a change of the file."""
    items = ((item, answers[item.id]) for item in instrument.items if item.id in answers)
    return {item.id: UNKNOWN if why_not(item, answer) else answer for item, answer in items}


def bindings(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, Value]:
    """Return the answers as conditions see them: under the item's bare id, `unknown` left out, numbers as numbers."""
    known = understood(instrument, answers)
    return {
        item.id: as_value(item, known[item.id])
        for item in instrument.items
        if known.get(item.id, UNKNOWN) != UNKNOWN and not (item.kind == "number" and known[item.id] == REFUSED)
    }


def as_value(item: Item, answer: str) -> Value:
    """Return an answer as a condition sees it."""
    return float(answer) if item.kind == "number" else answer


def why_not(item: Item, answer: str) -> str | None:
    """Return why this cannot be an answer to the item, or nothing when it can."""
    if answer in (UNKNOWN, REFUSED):
        return None
    if item.kind == "number":
        return _why_not_number(item, answer)
    allowed = [option.code for option in item.options] or [YES, NO]
    if answer in allowed:
        return None
    return f"{item.id} can be answered with {', '.join(allowed)}, {UNKNOWN} or {REFUSED}, not with “{answer[:40]}”."


def spoken(words: Mapping[str, str], language: str) -> str:
    """Return the words in that language, or in English where they are missing."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def worst_of(scores: list[Score]) -> Risk:
    """Return the worst risk that any of them reads."""
    return worst(score.risk for score in scores)


def _asked(instrument: Instrument, values: Mapping[str, Value]) -> list[Item]:
    return [item for item in instrument.items if not item.optional and holds_or_breaks(item.asked_when, values)]


def holds_or_breaks(when: Clause | None, values: Mapping[str, Value]) -> bool:
    """Say whether something is to be asked; what cannot be judged is asked, since a question too many does no harm."""
    return when is None or when.judge(values).truth in (Truth.YES, Truth.BROKEN)


def _first_that_holds(instrument: Instrument, values: Mapping[str, Value], finished: bool) -> Level | None:
    for level in instrument.levels:
        if level.risk in (Risk.NONE, Risk.LOW) and not finished:
            continue
        if level.when.judge(values).truth is Truth.YES:
            return level
    return None


def _total(instrument: Instrument, answers: Mapping[str, str]) -> float:
    total = 0.0
    for item in instrument.items:
        answer = answers.get(item.id)
        option = next((o for o in item.options if o.code == answer), None)
        if option is not None and option.value is not None:
            total += option.value
    return total


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
