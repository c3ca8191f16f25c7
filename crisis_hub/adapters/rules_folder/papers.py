"""Reads `records/*.yaml` and `jurisdictions/*.yaml`: what must be written down, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crisis_hub.adapters.rules_folder.problems import Page
from crisis_hub.domain.paperwork import Blank, Deadline, Form, Jurisdiction


def read_record(page: Page) -> Form | None:
    """Return the form, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    names = [field["id"] for field in data["fields"]]
    for number, name in enumerate(names):
        if name in names[:number]:
            page.wrong(("fields", number, "id"), f"“{name}” stands here twice. Rename one of them.")
    if page.refused:
        return None
    blanks = tuple(
        Blank(
            field["id"],
            field["label"],
            field.get("help", {}),
            tuple(field.get("choices", ())),
            field.get("needed", False),
        )
        for field in data["fields"]
    )
    return Form(data["record"], data["version"], data["title"], blanks, data.get("note", {}), data["source"].strip())


def read_jurisdiction(page: Page) -> tuple[Jurisdiction, bool] | None:
    """Return the place and whether it is the one in force; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    if page.refused:
        return None
    reports = {
        about: tuple(Deadline(part["what"], float(part["within_hours"]), part["words"]) for part in parts)
        for about, parts in data["reports"].items()
    }
    place = Jurisdiction(data["jurisdiction"], data["name"], reports, data["source"].strip(), data.get("checked", ""))
    return place, data["here"]


def in_force(places: Iterable[tuple[Jurisdiction, bool]]) -> Jurisdiction | None:
    """Return the place that applies here; with two of them none does, and `rules check` says so."""
    here = [place for place, applies in places if applies]
    return here[0] if len(here) == 1 else None
