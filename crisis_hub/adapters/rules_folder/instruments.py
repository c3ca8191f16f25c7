"""Reads `instruments/*.yaml`: one questionnaire per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crisis_hub.adapters.rules_folder.clauses import read_clause
from crisis_hub.adapters.rules_folder.conditions import Vocabulary
from crisis_hub.adapters.rules_folder.facts import RESERVED_INSTRUMENTS, RESERVED_ITEMS, item_facts
from crisis_hub.adapters.rules_folder.problems import Page, Path
from crisis_hub.domain.instrument import REFUSED, UNKNOWN, Instrument, Item, Level, Option
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.truth import Clause


def read_instrument(page: Page) -> Instrument | None:
    """Return the instrument, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    _check_names(page, data)
    bare = [_item(entry, None) for entry in data["items"]]
    vocabulary = item_facts(bare)
    items = tuple(_items(page, data["items"], vocabulary))
    levels = tuple(_levels(page, data.get("levels", []), vocabulary))
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
        totals=bool(data.get("totals", False)),
    )


def _check_names(page: Page, data: Mapping[str, Any]) -> None:
    if data["instrument"] in RESERVED_INSTRUMENTS:
        page.wrong(("instrument",), f"“{data['instrument']}” has a meaning of its own. Choose another name.")
    _no_doubles(page, ("items",), [item["id"] for item in data["items"]])
    _no_doubles(page, ("levels",), [level["band"] for level in data.get("levels", [])])
    for number, item in enumerate(data["items"]):
        path: Path = ("items", number)
        if item["id"] in RESERVED_ITEMS:
            page.wrong((*path, "id"), f"“{item['id']}” has a meaning of its own. Choose another name.")
        _check_options(page, path, item)
    if data.get("wording") == "published" and not data.get("notice"):
        page.wrong(("wording",), "A published wording needs its “notice”: who made it and on what terms it is shown.")


def _check_options(page: Page, path: Path, item: Mapping[str, Any]) -> None:
    options = item.get("options", [])
    if item["kind"] == "choice" and not options:
        page.wrong(path, "A choice needs “options”: the answers to choose from.")
    if item["kind"] != "choice" and options:
        page.wrong((*path, "options"), f"Only a choice has options; this item's kind is {item['kind']}.")
    _no_doubles(page, (*path, "options"), [str(option["code"]) for option in options])
    for number, option in enumerate(options):
        if str(option["code"]) in (UNKNOWN, REFUSED):
            page.wrong((*path, "options", number, "code"), f"“{option['code']}” can be answered anyway. Leave it out.")
    if item.get("least", 0) > item.get("most", float("inf")):
        page.wrong((*path, "least"), "“least” is greater than “most”.")


def _no_doubles(page: Page, path: Path, names: list[str]) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            page.wrong((*path, number), f"“{name}” stands here twice. Rename one of them.")


def _items(page: Page, entries: list[dict[str, Any]], vocabulary: Vocabulary) -> Iterator[Item]:
    for number, entry in enumerate(entries):
        when = None
        if "asked_when" in entry:
            path: Path = ("items", number, "asked_when")
            when = read_clause(page, path, entry["asked_when"], vocabulary)
            if when is not None and entry["id"] in when.names():
                page.wrong(path, f"{entry['id']} is asked depending on its own answer, so it would never be asked.")
        yield _item(entry, when)


def _item(entry: Mapping[str, Any], when: Clause | None) -> Item:
    return Item(
        id=entry["id"],
        concept=entry["concept"],
        kind=entry["kind"],
        say=entry.get("say", {}),
        why=entry.get("why", {}),
        options=tuple(_option(option) for option in entry.get("options", [])),
        asked_when=when,
        optional=bool(entry.get("optional", False)),
        least=entry.get("least"),
        most=entry.get("most"),
    )


def _option(entry: Mapping[str, Any]) -> Option:
    return Option(str(entry["code"]), entry["labels"], entry.get("value"), entry.get("loinc"))


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
            yield Level(entry["band"], risk, when, entry.get("words", {}), bool(entry.get("settles", False)))


def _source(data: Mapping[str, Any]) -> str:
    return " ".join(part.strip() for part in (data.get("source", ""), data.get("notice", "")) if part)
