"""A questionnaire: its items, which of them must be asked, and what the answers mean.

Answers are `yes`, `no`, `unknown`, `refused`, an option's code, or a number written as text. An item that is absent
was not asked. `unknown` says that it was asked and nobody knows: it never counts as no, and to every condition it
is as if it were not there. `refused` can be asked for by a condition; otherwise it behaves the same.

Conditions inside an instrument see the items by their bare ids, the named sums (points so far), `known` (what has an
answer or was refused), `asked` (also what nobody knows), `over` (nobody is there any more to be asked) and, where
the answers add up, `total` (only when nothing is missing), `total_at_least` and `total_at_most` (whatever the missing
answers turn out to be).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crisis_hub.domain.items import NO, REFUSED, UNKNOWN, YES, Item, Option, as_value, spoken, why_not
from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.truth import Clause, Truth, Value

__all__ = [
    "NO",
    "REFUSED",
    "RESERVED",
    "UNKNOWN",
    "YES",
    "Flag",
    "Instrument",
    "Item",
    "Level",
    "Option",
    "Outside",
    "Score",
    "as_value",
    "bindings",
    "holds_or_breaks",
    "must_be_asked",
    "raised_flags",
    "reached",
    "score",
    "spoken",
    "understood",
    "values_of",
    "why_not",
    "worst_of",
]

RESERVED = frozenset({"total", "total_at_least", "total_at_most", "known", "asked", "over"})
"""What conditions inside an instrument see beside its items and sums."""

_NOT_SAID = (UNKNOWN, REFUSED)
_NEEDS_ALL = (Risk.NOT_ASSESSED, Risk.NONE, Risk.LOW)
"""Risks that a level gives only when every item that must be asked was answered: they calm, or say nothing."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a set of answers means: the published band's name, and the risk that we read from it.

    A risk of "not assessed" says that the band tells nothing about danger, as with scales of symptoms.
    """

    band: str
    risk: Risk
    when: Clause
    words: Mapping[str, str]
    settles: bool = False
    at_once: bool = False
    """Whether it stands although others are still open: a low risk that was said aloud, and not one that calms."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that must be seen whatever the level is; `risk` is the least that it stands for."""

    id: str
    when: Clause
    words: Mapping[str, str]
    risk: Risk = Risk.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Outside:
    """What may be written down of a tool that was used elsewhere: results and headings for notes, with their labels."""

    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as data; `levels` stand from worst to best, the first that holds counts.

    `licence` is A (its words may ship), B (they come from the operator's packs, named by language in `packs`) or
    C (nothing is asked or scored, `outside` says which results may be recorded).
    """

    id: str
    version: str
    title: str
    items: tuple[Item, ...]
    levels: tuple[Level, ...]
    wording: str = "own"
    source: str = ""
    totals: bool = False
    licence: str = "A"
    notice: str = ""
    validated: bool = False
    loinc: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    outside: Outside | None = None
    clears: bool = False
    """Whether its best result may be read as "no risk" for the whole case: only a screen for suicide may."""
    packs: tuple[str, ...] = ()

    def item(self, id: str) -> Item | None:
        """Return the item of that id, or the one that answers also come to under that name."""
        exact = (item for item in self.items if item.id == id)
        other = (item for item in self.items if id and id in (item.loinc, *item.also))
        return next(exact, None) or next(other, None)

    @property
    def worded(self) -> bool:
        """Say whether a responder may be shown its items."""
        return self.licence == "A" or (self.licence == "B" and bool(self.packs))

    @property
    def can_calm(self) -> bool:
        """Say whether some level of it says that there is little danger, or none, or nothing about it."""
        return any(level.risk in _NEEDS_ALL and not level.at_once for level in self.levels)

    @property
    def of_the_person(self) -> tuple[Item, ...]:
        """Return the items that are facts of the person, such as age, which count wherever they were answered."""
        return tuple(item for item in self.items if item.person)


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


def score(
    instrument: Instrument,
    answers: Mapping[str, str],
    language: str = "en",
    *,
    over: bool = False,
    second_hand: bool = False,
) -> Score:
    """Read the answers; `over` says that nobody is there any more to be asked.

    A level that holds sets the risk at once, however much is still open, since a worse answer can only raise it.
    A level that calms ("negative", "low") or says nothing about danger is read only when every item that must be
    asked was answered with more than "unknown" or "refused": a screen that is not finished is incomplete, never
    negative, and has no total. A flag and its risk stand at once. Answers at second hand, by somebody who speaks for
    another, can be as alarming as any, and never finish or calm anything.
    """
    answers = understood(instrument, answers)
    second_hand = second_hand and instrument.can_calm
    values = values_of(instrument, answers, over=over)
    asked = _asked(instrument, values)
    open_items = [item for item in asked if item.id not in answers]
    dodged = any(answers.get(item.id) in _NOT_SAID for item in asked)
    finished = not open_items and not dodged and not second_hand
    held = _first_that_holds(instrument, values, finished)
    flags = _flags(instrument, values)
    # A screen whose needed answers were dodged and that reached no level is not finished, however much was asked.
    complete = not (open_items or second_hand or (dodged and held is None)) and instrument.outside is None
    total = None if second_hand else values.get("total")
    return Score(
        instrument.id,
        instrument.version,
        complete,
        total if isinstance(total, float) else None,
        held.band if held and (complete or held.settles) else None,
        worst([held.risk if held else Risk.NOT_ASSESSED, *(flag.risk for flag in flags)]),
        spoken(held.words, language) if held else "",
        (*(flag.id for flag in flags), *(("refused_or_unknown",) if dodged else ())),
        open_items[0].id if open_items else None,
    )


def reached(
    instrument: Instrument, answers: Mapping[str, str], *, over: bool = False, second_hand: bool = False
) -> Level | None:
    """Return the level that the answers given so far have reached."""
    answers = understood(instrument, answers)
    values = values_of(instrument, answers, over=over)
    finished = not second_hand and _finished(_asked(instrument, values), answers)
    return _first_that_holds(instrument, values, finished)


def raised_flags(instrument: Instrument, answers: Mapping[str, str], *, over: bool = False) -> tuple[Flag, ...]:
    """Return the flags that the answers given so far have raised."""
    return _flags(instrument, values_of(instrument, answers, over=over))


def must_be_asked(instrument: Instrument, answers: Mapping[str, str], *, over: bool = False) -> tuple[Item, ...]:
    """Return the items that these answers make necessary, answered or not."""
    return tuple(_asked(instrument, values_of(instrument, answers, over=over)))


def understood(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers with `unknown` for each that tells nothing or is not taken, as after a change of the file."""
    items = ((item, answers[item.id]) for item in instrument.items if item.id in answers)
    return {item.id: UNKNOWN if why_not(item, said) or item.tells_nothing(said) else said for item, said in items}


def bindings(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, Value]:
    """Return the answers as conditions see them: under the item's bare id, `unknown` left out, numbers as numbers."""
    known = understood(instrument, answers)
    return {
        item.id: as_value(item, known[item.id])
        for item in instrument.items
        if known.get(item.id, UNKNOWN) != UNKNOWN and not (item.kind == "number" and known[item.id] == REFUSED)
    }


def values_of(instrument: Instrument, answers: Mapping[str, str], *, over: bool = False) -> dict[str, Value]:
    """Return everything that conditions inside the instrument may look at."""
    given = understood(instrument, answers)
    values = bindings(instrument, given)
    values["known"] = [id for id, said in given.items() if said != UNKNOWN]
    values["asked"] = list(given)
    values["over"] = over
    for name, members in instrument.sums.items():
        found = (item.points_of(given.get(item.id)) for item in instrument.items if item.id in members)
        values[name] = sum((points for points in found if points is not None), 0.0)
    if instrument.totals:
        values.update(_totals(instrument, given, values))
    return values


def worst_of(scores: list[Score]) -> Risk:
    """Return the worst risk that any of them reads."""
    return worst(score.risk for score in scores)


def holds_or_breaks(when: Clause | None, values: Mapping[str, Value]) -> bool:
    """Say whether something is to be asked; what cannot be judged is asked, since a question too many does no harm."""
    return when is None or when.judge(values).truth in (Truth.YES, Truth.BROKEN)


def _totals(
    instrument: Instrument, given: Mapping[str, str], values: Mapping[str, Value]
) -> Iterator[tuple[str, float]]:
    """Give the bounds of the total, whatever the missing answers turn out to be, and the total when none is missing."""
    asked = _asked(instrument, values)
    needed = {item.id for item in asked}
    least = most = 0.0
    for item in instrument.items:
        points = item.points_of(given.get(item.id))
        if points is not None:
            low = high = points
        else:
            low, high = item.range_of_points() if item.id in needed else (0.0, 0.0)
        least, most = least + low, most + high
    yield "total_at_least", least
    yield "total_at_most", most
    if _finished(asked, given):
        yield "total", least


def _asked(instrument: Instrument, values: Mapping[str, Value]) -> list[Item]:
    return [item for item in instrument.items if not item.optional and holds_or_breaks(item.asked_when, values)]


def _finished(asked: list[Item], given: Mapping[str, str]) -> bool:
    return all(given.get(item.id, UNKNOWN) not in _NOT_SAID for item in asked)


def _first_that_holds(instrument: Instrument, values: Mapping[str, Value], finished: bool) -> Level | None:
    broke = False
    for level in instrument.levels:
        if level.risk in _NEEDS_ALL and not level.at_once and (broke or not finished):
            continue  # nothing calms while a worse level could not be judged
        truth = level.when.judge(values).truth
        if truth is Truth.YES:
            return level
        broke = broke or truth is Truth.BROKEN
    return None


def _flags(instrument: Instrument, values: Mapping[str, Value]) -> tuple[Flag, ...]:
    return tuple(flag for flag in instrument.flags if flag.when.judge(values).truth is Truth.YES)
