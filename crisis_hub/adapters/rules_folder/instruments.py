"""Reads `instruments/*.yaml`: one questionnaire per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crisis_hub.adapters.rules_folder.clauses import read_clause
from crisis_hub.adapters.rules_folder.conditions import Vocabulary
from crisis_hub.adapters.rules_folder.facts import item_facts
from crisis_hub.adapters.rules_folder.instrument_checks import check_names, check_terms
from crisis_hub.adapters.rules_folder.problems import Page
from crisis_hub.domain.instrument import NO, YES, Flag, Instrument, Item, Level, Option, Outside
from crisis_hub.domain.items import BY_KIND
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.truth import Clause

_TOTALS = frozenset({"total", "total_at_least", "total_at_most"})


def read_instrument(page: Page) -> Instrument | None:
    """Return the instrument, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    entries = data.get("items", [])
    check_names(page, data)
    check_terms(page, data)
    totals, sums = bool(data.get("totals", False)), _sums(data)
    bare = [_item(entry, None, {}) for entry in entries]
    vocabulary = item_facts(bare, sums, totals=totals)
    items = tuple(_items(page, entries, vocabulary, data.get("stem", {})))
    levels = tuple(_levels(page, data.get("levels", []), vocabulary))
    flags = tuple(_flags(page, data.get("flags", []), vocabulary))
    if page.refused:
        return None
    return Instrument(
        id=data["instrument"],
        version=str(data["version"]),
        title=data["title"],
        items=items,
        levels=levels,
        wording=data.get("wording", "own"),
        source=_source(data),
        totals=totals,
        licence=data.get("licence", "A"),
        notice=data.get("notice", "").strip(),
        clears=bool(data.get("clears", False)),
        validated=bool(data.get("validated", False)),
        loinc=data.get("loinc", {}),
        sums=sums,
        flags=flags,
        outside=_outside(data["outside"]) if "outside" in data else None,
    )


def _sums(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(members) for name, members in data.get("sums", {}).items()}


def _items(
    page: Page, entries: list[dict[str, Any]], vocabulary: Vocabulary, stem: Mapping[str, str]
) -> Iterator[Item]:
    for number, entry in enumerate(entries):
        when, path = None, ("items", number, "asked_when")
        if "asked_when" in entry:
            when = read_clause(page, path, entry["asked_when"], vocabulary)
        item = _item(entry, when, stem)
        if when is not None and item.id in when.names():
            page.wrong(path, f"{item.id} is asked depending on its own answer, so it would never be asked.")
        if when is not None and item.range_of_points() != (0, 0) and _TOTALS & when.names():
            page.wrong(path, f"{item.id} counts towards the total, so whether it is asked cannot depend on the total.")
        yield item


def _item(entry: Mapping[str, Any], when: Clause | None, stem: Mapping[str, str]) -> Item:
    return Item(
        id=entry["id"],
        concept=entry["concept"],
        kind=entry["kind"],
        say=_after(stem if entry.get("stem", True) else {}, entry.get("say", {})),
        why=entry.get("why", {}),
        options=tuple(_option(option) for option in entry.get("options", [])),
        asked_when=when,
        optional=bool(entry.get("optional", False)),
        least=entry.get("least"),
        most=entry.get("most"),
        loinc=entry.get("loinc", ""),
        also=tuple(entry.get("also", ())),
        points=entry.get("points", {}),
        person=entry.get("person", ""),
        needs_words=bool(entry.get("needs_words", False)),
        order=_order(entry),
        worse=entry.get("worse", "") if entry["kind"] == "number" else "",
    )


def _after(stem: Mapping[str, str], say: Mapping[str, str]) -> dict[str, str]:
    """Put the stem before the question, so that each can be read aloud by itself."""
    return {language: f"{stem[language]} {words}" if language in stem else words for language, words in say.items()}


def _order(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the answers from best to worst, as the file says it or as it follows from what options count."""
    said = entry.get("order")
    if said is not None:
        return () if said == "none" else tuple(str(code) for code in said)
    if entry.get("worse") == NO:
        return (YES, NO)
    if entry.get("worse") == "lower" and entry["kind"] == "choice":
        counted = sorted(entry["options"], key=lambda option: -float(option.get("value", 0)))
        return tuple(str(option["code"]) for option in counted)
    return BY_KIND


def _option(entry: Mapping[str, Any]) -> Option:
    return Option(
        code=str(entry["code"]),
        labels=entry.get("labels") or entry.get("concept", {}),
        value=entry.get("value"),
        loinc=entry.get("loinc"),
        also=tuple(entry.get("also", ())),
        tells_nothing=bool(entry.get("tells_nothing", False)),
    )


def _levels(page: Page, entries: list[dict[str, Any]], vocabulary: Vocabulary) -> Iterator[Level]:
    for number, entry in enumerate(entries):
        risk = Risk(entry["risk"])
        if risk is Risk.NONE and number + 1 < len(entries):
            page.wrong(("levels", number), "Levels stand from worst to best, so the one without risk comes last.")
        if number and is_worse(risk, Risk(entries[number - 1]["risk"])):
            page.wrong(
                ("levels", number, "risk"), "Levels stand from worst to best; this one is worse than the one above it."
            )
        when = read_clause(page, ("levels", number, "when"), entry["when"], vocabulary)
        if when is not None:
            settles, at_once = bool(entry.get("settles", False)), bool(entry.get("at_once", False))
            yield Level(entry["band"], risk, when, entry.get("words", {}), settles, at_once)


def _flags(page: Page, entries: list[dict[str, Any]], vocabulary: Vocabulary) -> Iterator[Flag]:
    for number, entry in enumerate(entries):
        when = read_clause(page, ("flags", number, "when"), entry["when"], vocabulary)
        if when is not None:
            yield Flag(entry["id"], when, entry.get("words", {}), Risk(entry.get("risk", Risk.NOT_ASSESSED)))


def _outside(entry: Mapping[str, Any]) -> Outside:
    return Outside(
        results={str(result["code"]): result["labels"] for result in entry.get("results", [])},
        headings={heading["id"]: heading["labels"] for heading in entry.get("headings", [])},
    )


def _source(data: Mapping[str, Any]) -> str:
    return " ".join(part.strip() for part in (data.get("source", ""), data.get("notice", "")) if part)
