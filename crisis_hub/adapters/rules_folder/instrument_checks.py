"""What must be right in the file of a questionnaire beyond its shape: names, options, orders, codes, its licence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crisis_hub.adapters.rules_folder.facts import RESERVED_INSTRUMENTS, RESERVED_ITEMS
from crisis_hub.adapters.rules_folder.loinc import can_be_loinc
from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES

DODGED = "refused_or_unknown"
"""The flag that every questionnaire has."""

_OWN_MEANING = "has a meaning of its own. Choose another name."
_NOT_SHOWN = "is class B: its words may not stand here, they come from a pack with the record of the permission."
_WORSE = {"yes_no": (YES, NO), "choice": ("higher", "lower"), "number": ("higher", "lower")}


def check_names(page: Page, data: Mapping[str, Any]) -> None:
    """Note names that are taken, stand twice or name nothing, and codes that cannot be right."""
    if data["instrument"] in RESERVED_INSTRUMENTS:
        page.wrong(("instrument",), f"“{data['instrument']}” {_OWN_MEANING}")
    items = data.get("items", [])
    _no_doubles(page, ("items",), [item["id"] for item in items])
    _no_doubles(page, ("levels",), [level["band"] for level in data.get("levels", [])])
    bands, flags = ([entry[key] for entry in data.get(room, [])] for room, key in (("levels", "band"), ("flags", "id")))
    _no_doubles(page, ("flags",), flags)
    for number, flag in enumerate(flags):
        if flag in bands or flag == DODGED:
            page.wrong(
                ("flags", number, "id"), f"“{flag}” is the name of a level or has a meaning of its own. Choose another."
            )
    _check_also(page, items)
    for number, item in enumerate(items):
        path: Path = ("items", number)
        if item["id"] in RESERVED_ITEMS:
            page.wrong((*path, "id"), f"“{item['id']}” {_OWN_MEANING}")
        _check_options(page, path, item)
        _check_order(page, path, item)
    _check_sums(page, data, [item["id"] for item in items])
    for path, code in _codes(data):
        if not can_be_loinc(code):
            page.wrong(path, f"“{code}” cannot be a LOINC code: its last digit does not follow from the others.")


def check_terms(page: Page, data: Mapping[str, Any]) -> None:
    """Note what the licence does not allow: words of class B, items of class C, published words without a notice."""
    licence, name = data.get("licence", "A"), data["instrument"]
    if data.get("wording") == "published" and not data.get("notice"):
        page.wrong(("wording",), "A published wording needs its “notice”: who made it and on what terms it is shown.")
    if licence != "C":
        if "outside" in data:
            page.wrong(("outside",), "Only class C has results from outside; the others are asked and scored here.")
        if not data.get("items"):
            page.wrong(("items",), "“items” is missing. Add it. The questions, in the order in which they are asked.")
    if licence == "A":
        _check_labels(page, data)
    elif licence == "B":
        _check_no_words(page, data, name)
    else:
        for field in ("items", "levels", "flags", "totals", "sums", "stem"):
            if field in data:
                page.wrong((field,), f"{name} is class C: nothing of it is asked or scored here. Remove “{field}”.")
        if "outside" not in data:
            page.wrong((), f"{name} is class C, so “outside” must say which results may be written down.")


def _check_no_words(page: Page, data: Mapping[str, Any], name: str) -> None:
    if data.get("wording", "own") != "pack":
        page.wrong(("wording",), f"{name} is class B, so its wording is “pack”: it comes from the operator's pack.")
    if "stem" in data:
        page.wrong(("stem",), f"{name} {_NOT_SHOWN}")
    for number, item in enumerate(data.get("items", [])):
        if "say" in item:
            page.wrong(("items", number, "say"), f"{name} {_NOT_SHOWN}")
        for place, option in enumerate(item.get("options", [])):
            if "labels" in option:
                path: Path = ("items", number, "options", place, "labels")
                page.wrong(path, f"{name} {_NOT_SHOWN} For words of our own write “concept”.")


def _check_labels(page: Page, data: Mapping[str, Any]) -> None:
    for number, item in enumerate(data.get("items", [])):
        for place, option in enumerate(item.get("options", [])):
            if "labels" not in option and "concept" not in option:
                page.wrong(("items", number, "options", place), "“labels” is missing. Add it. The words of the answer.")


def _check_options(page: Page, path: Path, item: Mapping[str, Any]) -> None:
    options, kind = item.get("options", []), item["kind"]
    if kind == "choice" and not options:
        page.wrong(path, "A choice needs “options”: the answers to choose from.")
    if kind == "yes_no" and options:
        page.wrong((*path, "options"), "Only a choice has options; this item's kind is yes_no.")
    if kind != "yes_no" and "points" in item:
        page.wrong((*path, "points"), "Only a yes_no item has points; the options of a choice have a “value”.")
    _no_doubles(page, (*path, "options"), [str(option["code"]) for option in options])
    for number, option in enumerate(options):
        if str(option["code"]) in (UNKNOWN, REFUSED):
            page.wrong((*path, "options", number, "code"), f"“{option['code']}” can be answered anyway. Leave it out.")
        if kind == "number" and "value" not in option:
            page.wrong((*path, "options", number), "A word that stands for a number needs a “value”: which number.")
    if item.get("least", 0) > item.get("most", float("inf")):
        page.wrong((*path, "least"), "“least” is greater than “most”.")


def _check_order(page: Page, path: Path, item: Mapping[str, Any]) -> None:
    """Ask that it is said which answer is worse, or that none is: the proof over the rules stands on it."""
    kind, options = item["kind"], item.get("options", [])
    codes = [str(option["code"]) for option in options if not option.get("tells_nothing")] or [YES, NO]
    order, worse = item.get("order"), item.get("worse")
    if order is not None and worse is not None:
        page.wrong((*path, "order"), "“order” and “worse” say the same. Keep one of them.")
    elif worse is not None and worse not in _WORSE[kind]:
        page.wrong((*path, "worse"), f"“{worse}” cannot stand here; it can be {listed(_WORSE[kind])}.")
    elif isinstance(order, list) and kind == "number":
        page.wrong((*path, "order"), "Numbers have no list of answers. Write “worse”, or order: none.")
    elif isinstance(order, list) and sorted(str(code) for code in order) != sorted(codes):
        page.wrong((*path, "order"), f"“order” must name each answer once; they are {listed(codes)}.")
    elif order is None and worse is None and kind == "number":
        page.wrong(path, "Write “worse”: whether a higher or a lower number is worse, or order: none.")
    elif order is None and kind == "choice" and any("value" not in option for option in options):
        page.wrong(path, "Write “order”: the answers from best to worst, or order: none when no answer is worse.")


def _check_also(page: Page, items: list[dict[str, Any]]) -> None:
    taken = {item["id"] for item in items}
    for number, item in enumerate(items):
        for place, name in enumerate([*item.get("also", []), *([item["loinc"]] if "loinc" in item else [])]):
            if name in taken:
                page.wrong(("items", number, "also", place), f"“{name}” is an answer to another item already.")
            taken.add(name)


def _check_sums(page: Page, data: Mapping[str, Any], items: list[str]) -> None:
    for name, members in data.get("sums", {}).items():
        if name in items or name in RESERVED_ITEMS:
            page.wrong(("sums", name), f"“{name}” {_OWN_MEANING}")
        for place, member in enumerate(members):
            if member not in items:
                hint = did_you_mean(member, items)
                page.wrong(("sums", name, place), f"There is no item “{member}”; there are {listed(items)}.{hint}")


def _codes(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for name, code in data.get("loinc", {}).items():
        yield ("loinc", name), code
    for number, item in enumerate(data.get("items", [])):
        if "loinc" in item:
            yield ("items", number, "loinc"), item["loinc"]
        for place, option in enumerate(item.get("options", [])):
            if "loinc" in option:
                yield ("items", number, "options", place, "loinc"), option["loinc"]


def _no_doubles(page: Page, path: Path, names: list[str]) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            page.wrong((*path, number), f"“{name}” stands here twice. Rename one of them.")
