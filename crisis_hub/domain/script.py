"""What to say and ask next, over the instruments, in each language: a guide, never a cage.

Any item can be answered at any time and in any order; `next_item` only says which one the script would ask now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crisis_hub.domain.instrument import UNKNOWN, Instrument, Item, holds_or_breaks
from crisis_hub.domain.truth import Clause, Value


@dataclass(frozen=True, slots=True)
class Ask:
    """One item that a section asks, of one instrument."""

    instrument: str
    item: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the talk: words to begin with, items to ask, and when it opens (always, when nothing is said)."""

    id: str
    title: Mapping[str, str]
    say: tuple[Mapping[str, str], ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    opens_when: Clause | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Sections in the order in which they usually come."""

    id: str
    version: str
    title: Mapping[str, str]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the script, whether it is to be asked, and its answer so far."""

    section: Section
    ask: Ask
    item: Item
    instrument: Instrument
    wanted: bool
    answer: str | None


def places(
    script: Script,
    instruments: Mapping[str, Instrument],
    answers: Mapping[str, Mapping[str, str]],
    values: Mapping[str, Value],
) -> Iterator[Place]:
    """Walk the script, telling of each item whether it is wanted and what was answered."""
    for section in script.sections:
        opened = holds_or_breaks(section.opens_when, values)
        for ask in section.asks:
            instrument = instruments.get(ask.instrument)
            item = instrument.item(ask.item) if instrument else None
            if instrument is None or item is None:
                continue
            answer = answers.get(ask.instrument, {}).get(ask.item)
            yield Place(section, ask, item, instrument, opened and _wanted(instrument, item, values), answer)


def next_item(walk: list[Place]) -> Place | None:
    """Return the first wanted item that was not asked, or nothing when all were."""
    unasked = (place for place in walk if place.wanted and place.answer is None)
    return next(unasked, None)


def missing(walk: list[Place]) -> list[Place]:
    """Return what is wanted and was not answered, or answered with "unknown": it is never taken for no."""
    return [place for place in walk if place.wanted and place.answer in (None, UNKNOWN)]


def _wanted(instrument: Instrument, item: Item, values: Mapping[str, Value]) -> bool:
    prefix = f"{instrument.id}."
    own = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    return holds_or_breaks(item.asked_when, own)
