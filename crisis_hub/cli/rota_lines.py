"""`crisis-hub rota shifts` and `rota windows`: questions about turns and hours, a line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from crisis_hub.adapters.rules_folder.problems import did_you_mean, listed
from crisis_hub.domain.turns import Rhythm, Turn, place_of, turns_between
from crisis_hub.domain.walls import FAR_FUTURE, FAR_PAST, first_instant, wall_of
from crisis_hub.domain.windows import NO_HOLIDAYS, Window, run_at

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_SHIFTS = 200_000

Asked = Mapping[str, Any]


class CannotSay(Exception):
    """A question cannot be answered; the message says why."""


def answer_lines(lines: Iterable[bytes], answer: Callable[[Asked], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Answer a line each; one that cannot be answered becomes an object with its `id` and an `error`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        asked: Any = None
        try:
            asked = _read(line)
            if not isinstance(asked, dict):
                raise CannotSay("a line must be an object with fields.")
            yield {"id": asked.get("id"), **answer(asked)}
        except (CannotSay, ValueError, OverflowError) as problem:
            yield {
                "id": asked.get("id") if isinstance(asked, dict) else None,
                "error": f"line {number}: {_said(problem)}",
            }


def shifts_of(asked: Asked) -> dict[str, Any]:
    """Return the shifts that touch a span, each in its whole length; raise `CannotSay`.

    The rotation has no beginning and no end: `start` only says when one of its hand-overs is, the one to the first of
    the people.
    """
    zone = _zone(asked)
    rhythm = Rhythm(_turn(asked), _length(asked), _wall(asked, "start", zone))
    people = _people(asked)
    start, end = _instant(asked, "from", zone), _instant(asked, "to", zone)
    if end < start:
        raise CannotSay("“to” lies before “from”.")
    found: list[dict[str, str]] = []
    for held in turns_between(rhythm, zone, start, end) if start < end else ():
        if len(found) == _MOST_SHIFTS:
            raise CannotSay(f"these are more than {_MOST_SHIFTS} shifts. Ask for a shorter span.")
        person = people[place_of(rhythm, zone, held.number) % len(people)]
        found.append({"start": _local(held.start, zone), "end": _local(held.end, zone), "person": person})
    return {"shifts": found}


def window_of(asked: Asked) -> dict[str, Any]:
    """Return whether a window is open at an instant, and when it or the next one begins and ends; raise `CannotSay`."""
    zone = _zone(asked)
    window = Window(_days(asked), _time(asked, "from"), _time(asked, "to"))
    run = run_at(window, NO_HOLIDAYS, zone, _instant(asked, "at", zone))
    if run is None:
        return {"active": False, "start": None, "end": None}
    return {
        "active": run.open,
        "start": None if run.start == FAR_PAST else _local(run.start, zone),
        "end": None if run.end == FAR_FUTURE else _local(run.end, zone),
    }


def _said(problem: Exception) -> str:
    if isinstance(problem, CannotSay):
        return str(problem)
    return "these times lie too far away."


def _read(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise CannotSay(f"this is not JSON ({problem}).") from None


def _field(asked: Asked, name: str) -> object:
    if asked.get(name) is None:
        raise CannotSay(f"“{name}” is missing.")
    return asked[name]


def _text(asked: Asked, name: str) -> str:
    said = _field(asked, name)
    if not isinstance(said, str):
        raise CannotSay(f"“{name}” must be a text.")
    return said.strip()


def _zone(asked: Asked) -> ZoneInfo:
    said = _text(asked, "timezone")
    try:
        return ZoneInfo(said)
    except (ValueError, OSError, LookupError):
        hint = did_you_mean(said, available_timezones())
        raise CannotSay(f"“{said}” is not a time zone. Write one such as America/Chicago.{hint}") from None


def _turn(asked: Asked) -> Turn:
    said = _text(asked, "type").lower()
    if said not in set(Turn):
        raise CannotSay(f"“type” can be {listed(Turn)}, not “{said}”.{did_you_mean(said, Turn)}")
    return Turn(said)


def _length(asked: Asked) -> int:
    said = 1 if asked.get("shift_length") is None else asked["shift_length"]
    if not isinstance(said, int) or isinstance(said, bool) or said < 1:
        raise CannotSay("“shift_length” must be a whole number from 1 on.")
    return said


def _people(asked: Asked) -> list[str]:
    said = _field(asked, "people")
    if not isinstance(said, list) or not said or not all(isinstance(person, str) for person in said):
        raise CannotSay("“people” must be a list with at least one name.")
    return said


def _moment(asked: Asked, name: str) -> datetime:
    said = _text(asked, name)
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise CannotSay(f"“{name}”: “{said}” is not a time. Write it as 2026-01-05T08:00:00-06:00.") from None


def _instant(asked: Asked, name: str, zone: ZoneInfo) -> datetime:
    """Read an instant; a time without an offset is one of the zone's wall clock."""
    moment = _moment(asked, name)
    return moment if moment.tzinfo else first_instant(moment, zone)


def _wall(asked: Asked, name: str, zone: ZoneInfo) -> datetime:
    moment = _moment(asked, name)
    return wall_of(moment, zone) if moment.tzinfo else moment


def _days(asked: Asked) -> frozenset[int]:
    said = _field(asked, "days")
    if not isinstance(said, list):
        raise CannotSay("“days” must be a list such as [“Mon”, “Tue”].")
    return frozenset(_day(day) for day in said)


def _day(said: object) -> int:
    word = str(said).strip().lower()
    for number, (short, whole) in enumerate(zip(DAYS, _WHOLE, strict=True)):
        if word in (short.lower(), whole):
            return number
    raise CannotSay(f"“{said}” is not a day; there are {listed(DAYS)}.")


def _time(asked: Asked, name: str) -> time:
    said = _text(asked, name)
    try:
        # The end of a day is the beginning of the next.
        at = time() if said in ("24:00", "24:00:00") else time.fromisoformat(said)
    except ValueError:
        at = None
    if at is None or at.tzinfo:
        raise CannotSay(f"“{name}”: “{said}” is not a time of day. Write it as 08:00.")
    return at


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
