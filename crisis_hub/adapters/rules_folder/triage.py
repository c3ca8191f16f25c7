"""Reads `triage/*.yaml`: words that move a waiting person forward, and how long anybody waits at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from crisis_hub.adapters.rules_folder.fingerprint import fingerprint
from crisis_hub.adapters.rules_folder.problems import Page, Path
from crisis_hub.domain.queue import CALL_BACK, LONGEST, NEEDS, Waits
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.triage import MOST_WORDS, Entry, Lexicon, Says, plain_words

QUEUE_FILE = "triage/queue.yaml"
WAITS = "queue.yaml"
"""Under which name the waits stand among the entries; no entry can be called so."""

_CALL_BACK = "call_back"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as somebody may write it, and on which line it stands."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as the heart reads it, the file it stands in, and its own examples."""

    file: str
    entry: Entry
    matches: tuple[Sample, ...]
    stays_calm: tuple[Sample, ...]


def read_lexicon(page: Page) -> tuple[Listed, ...]:
    """Return the entries of a file, or none after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    seen: set[str] = set()
    listed: list[Listed] = []
    for number, said in enumerate(data["entries"]):
        path: Path = ("entries", number)
        if said["id"] in seen:
            page.wrong((*path, "id"), f"“{said['id']}” stands here twice. Rename one of them.")
        seen.add(said["id"])
        _check_phrases(page, path, said)
        examples = said["examples"]
        listed.append(
            Listed(
                page.file,
                _entry(said, data["language"]),
                tuple(_samples(page, (*path, "examples", "matches"), examples["matches"])),
                tuple(_samples(page, (*path, "examples", "stays_calm"), examples["stays_calm"])),
            )
        )
    return () if page.refused else tuple(listed)


def read_waits(page: Page) -> Waits | None:
    """Return the longest waits, or nothing after noting that somebody who needs more would wait longer."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    said: dict[str, int] = data["longest_wait_minutes"]
    minutes = {name: timedelta(minutes=number) for name, number in said.items()}
    longest = {risk: minutes.get(risk.value, LONGEST[risk]) for risk in Risk}
    for more, less in pairwise(NEEDS):
        if longest[more] > longest[less]:
            page.wrong(
                ("longest_wait_minutes", less.value if less.value in said else more.value),
                f"“{more.value}” would wait longer than “{less.value}”, which needs less. Change one of them.",
            )
    return None if page.refused else Waits(longest, minutes.get(_CALL_BACK, CALL_BACK))


def lexicon_of(room: Mapping[str, Any]) -> Lexicon:
    """Return what was read of all languages as one lexicon."""
    return Lexicon(tuple(one.entry for one in room.values() if isinstance(one, Listed)))


def waits_of(room: Mapping[str, Any]) -> Waits:
    """Return the longest waits that were read, or the built-in ones."""
    waits = room.get(WAITS)
    return waits if isinstance(waits, Waits) else Waits()


def _entry(said: dict[str, Any], language: str) -> Entry:
    return Entry(
        said["id"],
        language,
        Says(said["says"]),
        tuple(said["words"]),
        said["because"].strip(),
        fingerprint([language, said]),
        tuple(said.get("unless", ())),
    )


def _check_phrases(page: Page, path: Path, said: dict[str, Any]) -> None:
    for field in ("words", "unless"):
        known: dict[tuple[str, ...], str] = {}
        for number, phrase in enumerate(said.get(field, ())):
            where = (*path, field, number)
            words = tuple(plain_words(phrase))
            if not words:
                page.wrong(where, f"“{phrase}” has no letter or digit, so nothing could match. Write words.")
            elif len(words) > MOST_WORDS:
                page.wrong(where, f"This has {len(words)} words; at most {MOST_WORDS} are looked for. Shorten it.")
            elif words in known:
                page.wrong(where, f"“{phrase}” is the same as “{known[words]}” above. Remove one of them.")
            known.setdefault(words, phrase)
    spoken = {word for phrase in said["words"] for word in plain_words(phrase)}
    for number, phrase in enumerate(said.get("unless", ())):
        words = tuple(plain_words(phrase))
        if words and not spoken.intersection(words):
            page.wrong((*path, "unless", number), f"“{phrase}” shares no word with “words”, so it spares nothing.")


def _samples(page: Page, path: Path, texts: list[str]) -> Iterator[Sample]:
    for number, text in enumerate(texts):
        yield Sample(page.line((*path, number)), text)
