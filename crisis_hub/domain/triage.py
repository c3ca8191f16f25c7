"""Words in a text that may mean danger: they may move a waiting person forward, and do nothing else.

The lexicon is open and not clinically validated. What it notices never touches the risk, a rule or a page; a text in
which it notices nothing says nothing about how the person is. All languages are looked for at once, since people mix
them. The cost grows with the length of the text and with nothing that its writer could choose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST_WORDS = 12
"""The longest phrase that can be looked for; it bounds the work for each word of a text."""

_JOINERS = "'’‘ʼ`´"


class Says(StrEnum):
    """What words may speak of, the gravest first."""

    DANGER_NOW = "danger_now"
    DANGER = "danger"
    WATCH = "watch"


_GRAVITY = {says: place for place, says in enumerate(Says)}


@dataclass(frozen=True, slots=True)
class Entry:
    """Phrases that speak of one thing; where the words of an `unless` phrase stand, they do not count."""

    id: str
    language: str
    says: Says
    words: tuple[str, ...]
    because: str
    version: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noticed:
    """An entry whose words stand in a text."""

    entry: str
    says: Says
    version: str


@dataclass(slots=True)
class _Node:
    """A place in the tree of phrases: which word may follow, and which entries' phrases end here."""

    then: dict[str, _Node] = field(default_factory=dict)
    speaks: list[int] = field(default_factory=list)
    spares: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every entry of every language, made ready to be looked for."""

    entries: tuple[Entry, ...] = ()
    _root: _Node = field(default_factory=_Node, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for number, entry in enumerate(self.entries):
            for phrase in entry.words:
                self._end_of(phrase).speaks.append(number)
            for phrase in entry.unless:
                self._end_of(phrase).spares.append(number)

    def _end_of(self, phrase: str) -> _Node:
        words = plain_words(phrase)
        if not words or len(words) > MOST_WORDS:
            raise ValueError(f"“{phrase}” must have between 1 and {MOST_WORDS} words.")
        node = self._root
        for word in words:
            node = node.then.setdefault(word, _Node())
        return node

    def ends(self, words: list[str]) -> Iterator[tuple[int, int, _Node]]:
        """Give every phrase that stands among the words: where it begins, where it ends, and its place in the tree."""
        for start in range(len(words)):
            node: _Node | None = self._root
            for end in range(start, min(start + MOST_WORDS, len(words))):
                node = node.then.get(words[end]) if node else None
                if node is None:
                    break
                if node.speaks or node.spares:
                    yield start, end + 1, node


NO_WORDS = Lexicon()
"""A lexicon that notices nothing."""


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case, accents, apostrophes and whatever else hides them."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf"))
    for joiner in _JOINERS:
        text = text.replace(joiner, "")
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def notice(text: str, lexicon: Lexicon) -> tuple[Noticed, ...]:
    """Return the entries whose words stand in the text, the gravest first."""
    if not lexicon.entries:
        return ()
    words = plain_words(text)
    spoken: dict[int, list[tuple[int, int]]] = {}
    spared: dict[int, bytearray] = {}
    for start, end, node in lexicon.ends(words):
        for number in node.speaks:
            spoken.setdefault(number, []).append((start, end))
        for number in node.spares:
            spared.setdefault(number, bytearray(len(words)))[start:end] = b"\1" * (end - start)
    nowhere = bytearray(len(words))
    found = (
        lexicon.entries[number]
        for number, places in spoken.items()
        if any(not any(spared.get(number, nowhere)[start:end]) for start, end in places)
    )
    return tuple(Noticed(x.id, x.says, x.version) for x in sorted(found, key=lambda x: (_GRAVITY[x.says], x.id)))


def gravest(said: Iterable[Says]) -> Says | None:
    """Return the gravest of what words spoke of, or nothing when they spoke of nothing."""
    return min(said, key=_GRAVITY.__getitem__, default=None)
