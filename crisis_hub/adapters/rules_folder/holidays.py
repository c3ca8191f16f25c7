"""Reads `rotas/holidays/*`: which dates are holidays, written by hand or taken from a calendar file (.ics)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from crisis_hub.adapters.rules_folder.problems import Page
from crisis_hub.adapters.rules_folder.yaml_lines import MOST_BYTES, Unreadable
from crisis_hub.domain.windows import Holidays

_DAY = timedelta(days=1)
_MOST_DAYS = 60
_LEAP_YEAR = 2024
_WHOLE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?")
_EVERY_YEAR = re.compile(r"FREQ=YEARLY(;INTERVAL=1)?")


def read_holidays(page: Page) -> Holidays | None:
    """Return the calendar, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    dates, yearly = set(), set()
    for number, entry in enumerate(data.get("dates", [])):
        said = entry["date"] if isinstance(entry, dict) else entry
        try:
            dates.add(date.fromisoformat(said))
        except ValueError:
            page.wrong(("dates", number), f"“{said}” is not a date. Write it as 2026-12-25.")
    for number, said in enumerate(data.get("every_year", [])):
        try:
            # A year that has the 29th of February.
            day = date.fromisoformat(f"{_LEAP_YEAR}-{said}")
            yearly.add((day.month, day.day))
        except ValueError:
            page.wrong(("every_year", number), f"“{said}” is not a day of the year. Write month and day, as 12-25.")
    if not dates and not yearly and not page.refused:
        page.wrong((), "There is no holiday in this calendar. Write some under dates or every_year.")
    return None if page.refused else Holidays(frozenset(dates), frozenset(yearly))


def read_calendar(file: str, raw: bytes) -> Page:
    """Return a calendar file as if it had been written by hand; raise `Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(1, f"The file is larger than {MOST_BYTES // 1024} KB. Keep holidays only.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(1, "The file is not in UTF-8. Save it as UTF-8.") from None
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise Unreadable(1, "This is not a calendar file. It must begin with BEGIN:VCALENDAR.")
    data: dict[str, Any] = {"holidays": PurePosixPath(file).stem, "dates": [], "every_year": []}
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    for line, event in _events(text):
        for kind, day in _days(line, event):
            said = day.isoformat() if kind == "dates" else f"{day:%m-%d}"
            lines[kind, len(data[kind])] = line
            data[kind].append(said)
    return Page(file, data, lines)


def _events(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each event's properties and the line on which it begins; long lines go on after a space."""
    begun, event = 0, dict[str, str]()
    for number, line in _unfolded(text):
        name, _, value = line.partition(":")
        word = name.partition(";")[0].strip().upper()
        if (word, value.strip().upper()) == ("BEGIN", "VEVENT"):
            begun, event = number, {}
        elif (word, value.strip().upper()) == ("END", "VEVENT") and begun:
            yield begun, event
            begun = 0
        elif begun:
            event.setdefault(word, value.strip())


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    begun, whole = 1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith((" ", "\t")):
            whole += line[1:]
            continue
        yield begun, whole
        begun, whole = number, line
    yield begun, whole


def _days(line: int, event: dict[str, str]) -> Iterator[tuple[str, date]]:
    if event.get("STATUS", "").upper() == "CANCELLED":
        return
    first = _date(line, "DTSTART", event)
    # The end is the day after the last one.
    last = max(first, _date(line, "DTEND", event) - _DAY) if "DTEND" in event else first
    if (last - first).days >= _MOST_DAYS:
        raise Unreadable(line, f"This lasts longer than {_MOST_DAYS} days. Keep holidays only.")
    rule = event.get("RRULE", "").upper()
    if rule and not _EVERY_YEAR.fullmatch(rule):
        raise Unreadable(line, f"“{rule}” is not read here; only FREQ=YEARLY is. Write each date by itself.")
    for number in range((last - first).days + 1):
        yield ("every_year" if rule else "dates"), first + number * _DAY


def _date(line: int, name: str, event: dict[str, str]) -> date:
    written = _WHOLE_DAY.fullmatch(event.get(name, ""))
    try:
        if written is not None:
            return date(*(int(part) for part in written.groups()[:3]))
    except ValueError:
        pass
    raise Unreadable(line, f"This event has no {name} that is a date, such as {name};VALUE=DATE:20261225.")
