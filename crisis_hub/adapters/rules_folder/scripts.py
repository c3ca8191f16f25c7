"""Reads `scripts/*.yaml`: what to say and ask, one script per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crisis_hub.adapters.rules_folder.clauses import read_clause
from crisis_hub.adapters.rules_folder.conditions import Vocabulary
from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.adapters.rules_folder.wording import check_places, fill_numbers
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.script import Ask, Saying, Script, Section
from crisis_hub.domain.truth import Clause

_CLAUSES = ("opens_when", "unless", "when")
_WORDS = ("title", "about", "listen", "help", "calm", "may_skip")


def read_script(
    page: Page, instruments: Mapping[str, Instrument], vocabulary: Vocabulary, numbers: Mapping[str, str]
) -> Script | None:
    """Return the script, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    _check_texts(page, (), data, numbers)
    sections = tuple(_sections(page, data["sections"], instruments, vocabulary, numbers))
    if page.refused:
        return None
    return Script(data["script"], str(data["version"]), data["title"], sections, bool(data.get("validated", False)))


def _check_texts(page: Page, path: Path, said: object, numbers: Mapping[str, str]) -> None:
    """Look at every word that is shown; conditions hold no places to fill."""
    if isinstance(said, str):
        check_places(page, path, said, frozenset(numbers), what="A script")
    elif isinstance(said, dict):
        for key, value in said.items():
            if key not in ("asks", *_CLAUSES):
                _check_texts(page, (*path, key), value, numbers)
    elif isinstance(said, list):
        for number, value in enumerate(said):
            _check_texts(page, (*path, number), value, numbers)


def _sections(
    page: Page,
    entries: list[dict[str, Any]],
    instruments: Mapping[str, Instrument],
    vocabulary: Vocabulary,
    numbers: Mapping[str, str],
) -> Iterator[Section]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        path: Path = ("sections", number)
        if entry["id"] in seen:
            page.wrong((*path, "id"), f"“{entry['id']}” stands here twice. Rename one of them.")
        seen.add(entry["id"])
        yield Section(
            id=entry["id"],
            say=tuple(_sayings(page, (*path, "say"), entry.get("say", []), vocabulary, numbers)),
            asks=tuple(_asks(page, (*path, "asks"), entry.get("asks", []), instruments)),
            opens_when=_clause(page, path, entry, "opens_when", vocabulary),
            unless=_clause(page, path, entry, "unless", vocabulary),
            urgent=bool(entry.get("urgent", False)),
            **{field: _filled(entry.get(field, {}), numbers) for field in _WORDS},
        )


def _sayings(
    page: Page, path: Path, entries: list[dict[str, Any]], vocabulary: Vocabulary, numbers: Mapping[str, str]
) -> Iterator[Saying]:
    for number, entry in enumerate(entries):
        here = (*path, number)
        words = {language: text for language, text in entry.items() if language not in _CLAUSES}
        if not words:
            page.wrong(here, "There are no words here. Write them for each language, such as {en: Hello, es: Hola}.")
        when, unless = (_clause(page, here, entry, name, vocabulary) for name in ("when", "unless"))
        yield Saying(_filled(words, numbers), when, unless)


def _clause(page: Page, path: Path, entry: Mapping[str, Any], name: str, vocabulary: Vocabulary) -> Clause | None:
    return read_clause(page, (*path, name), entry[name], vocabulary) if name in entry else None


def _asks(page: Page, path: Path, entries: list[str], instruments: Mapping[str, Instrument]) -> Iterator[Ask]:
    for number, entry in enumerate(entries):
        name, _, item = entry.partition(".")
        why = _why_not(name, item, instruments)
        if why:
            # soft: the rest of the script is still the best help there is
            page.wrong((*path, number), why, soft=True)
        yield Ask(name, item)


def _why_not(name: str, item: str, instruments: Mapping[str, Instrument]) -> str:
    instrument = instruments.get(name)
    if instrument is None:
        return (
            f"There is no instrument called “{name}”; there are {listed(instruments)}.{did_you_mean(name, instruments)}"
        )
    items = [known.id for known in instrument.items]
    if item not in items:
        return f"{name} has no item “{item}”; it has {listed(items)}.{did_you_mean(item, items)}"
    return ""


def _filled(words: Mapping[str, str], numbers: Mapping[str, str]) -> dict[str, str]:
    return {language: fill_numbers(text, numbers) for language, text in words.items()}
