"""Reads `rotas/*.yaml`: who takes turns, one rota per file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId


def read_rota(page: Page) -> Rota | None:
    """Return the rota, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    zone = data["timezone"]
    try:
        layers = tuple(_layers(page, data.get("layers", []), ZoneInfo(zone)))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(zone, available_timezones())
        page.wrong(("timezone",), f"“{zone}” is not a time zone. Write one such as America/Chicago.{hint}")
        return None
    if page.refused:
        return None
    last_resort = tuple(PersonId(person) for person in data.get("last_resort", []))
    if not layers and not last_resort:
        page.wrong((), "This rota has nobody in it. Add a layer, or people under last_resort.")
        return None
    return Rota(data["rota"], zone, layers, last_resort)


def _layers(page: Page, entries: list[dict[str, Any]], zone: ZoneInfo) -> Iterator[Layer]:
    for number, entry in enumerate(entries):
        start = _start(page, ("layers", number, "start"), entry["start"], zone)
        if start is not None:
            people = tuple(PersonId(person) for person in entry["people"])
            yield Layer(Turn(entry["type"]), entry.get("shift_length", 1), start, people)


def _start(page: Page, path: Path, said: str, zone: ZoneInfo) -> datetime | None:
    """Read wall-clock time of the rota's zone; a time with an offset is turned into it."""
    try:
        start = datetime.fromisoformat(said)
    except ValueError:
        page.wrong(path, f"“{said}” is not a date and time. Write it as 2026-01-05T08:00.")
        return None
    return start.astimezone(zone).replace(tzinfo=None) if start.tzinfo else start
