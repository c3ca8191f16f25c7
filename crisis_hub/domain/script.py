"""What to say and ask next, over the instruments, in each language: a guide, never a cage.

Any item can be answered at any time and in any order; `next_item` only says which one the script would ask now. What
is still missing is never hidden: neither by a part that was laid aside, nor because a questionnaire was begun that
the script does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crisis_hub.domain.instrument import (
    UNKNOWN,
    Instrument,
    Item,
    holds_or_breaks,
    must_be_asked,
    values_of,
)
from crisis_hub.domain.truth import Clause, Truth, Value

BESIDES = "besides"
"""The part that takes up what the script itself does not hold: questionnaires that were begun, or are owed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One item that a section asks, of one instrument."""

    instrument: str
    item: str


@dataclass(frozen=True, slots=True)
class Saying:
    """Words to say, in each language: only `when` something holds, never when `unless` does."""

    words: Mapping[str, str]
    when: Clause | None = None
    unless: Clause | None = None

    def fits(self, values: Mapping[str, Value]) -> bool:
        """Say whether these words fit the case: a line that waits for a fact is not said yet."""
        return not _forbids(self.unless, values) and holds_or_breaks(self.when, values)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the talk.

    It opens by itself when `opens_when` holds (always, when nothing is said) and stays shut while `unless` does.
    An `urgent` one goes on while the risk is imminent; all others wait. One with words in `may_skip` can be laid aside.
    """

    id: str
    title: Mapping[str, str]
    say: tuple[Saying, ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    opens_when: Clause | None = None
    unless: Clause | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    listen: Mapping[str, str] = field(default_factory=dict)
    calm: Mapping[str, str] = field(default_factory=dict)
    may_skip: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """Sections in the order in which they usually come."""

    id: str
    version: str
    title: Mapping[str, str]
    sections: tuple[Section, ...]
    validated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the script, whether it is to be asked, and its answer so far.

    `skipped` says that its part was laid aside; it is wanted all the same.
    """

    section: Section
    ask: Ask
    item: Item
    instrument: Instrument
    wanted: bool
    answer: str | None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """What the script is laid over: answers, among them facts of the person given elsewhere, and what else is known.

    `begun` are the questionnaires of which something was really answered, with those answers; `owed` those that
    somebody must still ask; `skipped` the parts that were laid aside.
    """

    answers: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Value]
    begun: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    owed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    over: bool = False


def places(script: Script, instruments: Mapping[str, Instrument], talk: Talk) -> list[Place]:
    """Walk the script, telling of each item whether it is wanted and what was answered."""
    opened = _opened(script, instruments, talk)
    walk = [place for section in script.sections for place in _of(section, section.id in opened, instruments, talk)]
    besides = next((s for s in script.sections if s.id == BESIDES), Section(BESIDES, _BESIDES_TITLE))
    more = list(_besides(besides, script, walk, instruments, talk))
    where = _start_of(besides, script, walk)
    return [*walk[:where], *more, *walk[where:]]


def is_open(section: Section, values: Mapping[str, Value]) -> bool:
    """Say whether a section comes up by itself; what cannot be judged is open: a question too many harms nobody."""
    return not _forbids(section.unless, values) and holds_or_breaks(section.opens_when, values)


def next_item(walk: Iterable[Place], *, imminent: bool = False) -> Place | None:
    """Return the first wanted item that was not asked and can be said, or nothing when all were.

    While the risk is imminent only the urgent parts put questions forward: nothing else matters then.
    """
    unasked = (p for p in walk if p.wanted and p.answer is None and not p.skipped and _sayable(p))
    return next((place for place in unasked if place.section.urgent or not imminent), None)


def missing(walk: Iterable[Place]) -> list[Place]:
    """Return what is wanted and has no answer, or only "unknown": the urgent first, what was skipped last."""
    gone = [place for place in walk if place.wanted and _says_nothing(place)]
    return sorted(gone, key=lambda place: (place.skipped, not place.section.urgent))


_BESIDES_TITLE = {"en": "Asked besides", "es": "Preguntado además"}


def _sayable(place: Place) -> bool:
    return place.instrument.worded


def _says_nothing(place: Place) -> bool:
    return place.answer is None or place.answer == UNKNOWN or place.item.tells_nothing(place.answer)


def _forbids(unless: Clause | None, values: Mapping[str, Value]) -> bool:
    return unless is not None and unless.judge(values).truth is Truth.YES


def _of(section: Section, opened: bool, instruments: Mapping[str, Instrument], talk: Talk) -> Iterator[Place]:
    skipped = section.id in talk.skipped
    for ask in section.asks:
        instrument = instruments.get(ask.instrument)
        item = instrument.item(ask.item) if instrument else None
        if instrument is None or item is None:
            continue
        given = talk.answers.get(ask.instrument, {})
        answer = given.get(item.id)
        if answer is None and not instrument.worded and not talk.begun.get(ask.instrument):
            continue  # its words may not be shown, and nobody began it, so there is nothing to ask
        wanted = opened and _wanted(instrument, item, given, talk)
        yield Place(section, ask, item, instrument, wanted, answer, skipped)


def _opened(script: Script, instruments: Mapping[str, Instrument], talk: Talk) -> frozenset[str]:
    """Return the sections that are open: by themselves, or since somebody began them by hand."""
    sections = {section.id: section for section in script.sections if is_open(section, talk.values)}
    asked = {ask for section in sections.values() for ask in section.asks}
    for section in script.sections:
        if section.id in sections or _forbids(section.unless, talk.values):
            continue
        if any(ask not in asked and _answered_by_hand(ask, instruments, talk) for ask in section.asks):
            sections[section.id] = section
            asked.update(section.asks)
    return frozenset(sections)


def _answered_by_hand(ask: Ask, instruments: Mapping[str, Instrument], talk: Talk) -> bool:
    """Say whether somebody answered this itself; a fact of the person may have come from anywhere."""
    instrument = instruments.get(ask.instrument)
    item = instrument.item(ask.item) if instrument else None
    return item is not None and not item.person and item.id in talk.begun.get(ask.instrument, {})


def _besides(
    section: Section, script: Script, walk: list[Place], instruments: Mapping[str, Instrument], talk: Talk
) -> Iterator[Place]:
    """Give what the script does not ask: of what is owed all that no open part has, of what was begun the rest."""
    shut = {ask.instrument for s in script.sections if _forbids(s.unless, talk.values) for ask in s.asks}
    owed = talk.owed - shut
    wanted = {place.ask for place in walk if place.wanted}
    scripted = {place.ask for place in walk}
    for id in sorted({*owed, *talk.begun}):
        instrument = instruments.get(id)
        given = talk.answers.get(id, {})
        for item in must_be_asked(instrument, given, over=talk.over) if instrument else ():
            ask = Ask(id, item.id)
            if instrument and ask not in (wanted if id in owed else scripted):
                yield Place(section, ask, item, instrument, True, given.get(item.id), BESIDES in talk.skipped)


def _start_of(section: Section, script: Script, walk: list[Place]) -> int:
    """Return where the places of a section begin in the walk; at the end when the script has no such section."""
    ids = [s.id for s in script.sections]
    if section.id not in ids:
        return len(walk)
    before = frozenset(ids[: ids.index(section.id)])
    return sum(place.section.id in before for place in walk)


def _wanted(instrument: Instrument, item: Item, given: Mapping[str, str], talk: Talk) -> bool:
    prefix = f"{instrument.id}."
    own = {name.removeprefix(prefix): value for name, value in talk.values.items() if name.startswith(prefix)}
    return holds_or_breaks(item.asked_when, {**values_of(instrument, given, over=talk.over), **own})
