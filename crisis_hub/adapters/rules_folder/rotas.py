"""Reads `rotas/*.yaml`: who takes turns, one rota per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from crisis_hub.adapters.rules_folder.calendars import Calendars, calendar_layers
from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.domain.covering import Change, Override, Temporary
from crisis_hub.domain.rest import ShiftRules
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import first_instant, wall_of
from crisis_hub.domain.windows import MONDAY_TO_SUNDAY, Holidays, OnHolidays, Window

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ON_HOLIDAYS = {"true": OnHolidays.AS_ALWAYS, "false": OnHolidays.NOT, "only": OnHolidays.ONLY}
_YEARS = range(1970, 2200)

Data = dict[str, Any]


def read_rota(page: Page, calendars: Mapping[str, Holidays], booked: Calendars) -> Rota | None:
    """Return the rota, or nothing after noting what is wrong; the shape was checked before."""
    data: Data = page.data  # type: ignore[assignment]
    zone = _zone(page, ("timezone",), data["timezone"])
    if zone is None:
        return None
    holidays = _holidays(page, data, calendars)
    layers = tuple(_layers(page, ("layers",), data.get("layers", []), zone, booked))
    temporary = tuple(_temporary(page, data.get("temporary", []), zone, booked))
    overrides = tuple(_overrides(page, data.get("overrides", []), zone))
    last_resort = tuple(PersonId(person) for person in data.get("last_resort", []))
    if page.refused:
        return None
    if not (layers or last_resort or temporary or overrides):
        page.wrong((), "This rota has nobody in it. Add a layer, or people under last_resort.")
        return None
    rules = _rules(data.get("rules", {}))
    return Rota(data["rota"], data["timezone"], layers, last_resort, holidays, temporary, overrides, rules)


def _rules(entry: Data) -> ShiftRules:
    rest, longest = entry.get("rest_hours"), entry.get("longest_hours")
    return ShiftRules(
        None if rest is None else timedelta(hours=rest), None if longest is None else timedelta(hours=longest)
    )


def _zone(page: Page, path: Path, said: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(said)
    except (LookupError, ValueError, OSError):
        hint = did_you_mean(said, available_timezones())
        page.wrong(path, f"“{said}” is not a time zone. Write one such as America/Chicago.{hint}")
        return None


def _holidays(page: Page, data: Data, calendars: Mapping[str, Holidays]) -> Holidays:
    named = _several(data.get("holidays"))
    found = Holidays()
    for name in named:
        if name in calendars:
            found |= calendars[name]
        else:
            page.wrong(
                ("holidays",),
                f"There is no calendar called “{name}” in rotas/holidays; there are {listed(calendars) or 'none'}."
                f"{did_you_mean(name, calendars)}",
            )
    if not named:
        for path in _asks_for_holidays(data):
            page.wrong(path, "This needs a calendar. Name one of rotas/holidays under “holidays” of the rota.")
    return found


def _asks_for_holidays(data: Data) -> Iterator[Path]:
    """Yield where something depends on holidays."""
    groups: list[tuple[Path, list[Data]]] = [(("layers",), data.get("layers", []))]
    for number, temporary in enumerate(data.get("temporary", [])):
        groups.append((("temporary", number, "layers"), temporary["layers"]))
    for path, layers in groups:
        for number, layer in enumerate(layers):
            if "on_holidays" in layer:
                yield (*path, number, "on_holidays")
            for where, window in _windows(layer):
                if "on_holidays" in window:
                    yield (*path, number, *where, "on_holidays")


# ------------------------------------------------------------------------------------------ layers


def _layers(page: Page, path: Path, entries: list[Data], zone: ZoneInfo, booked: Calendars) -> Iterator[Layer]:
    names = [str(entry.get("name", f"layer {number}")) for number, entry in enumerate(entries, start=1)]
    _check_names(page, path, names, entries)
    for number, (name, entry) in enumerate(zip(names, entries, strict=True)):
        layer = _layer(page, (*path, number), name, entry, zone)
        if layer is None:
            continue
        if entry["type"] == "calendar":
            own = ZoneInfo(layer.timezone) if layer.timezone else zone
            yield from calendar_layers(page, (*path, number), entry, layer, own, booked)
        else:
            yield layer


def _layer(page: Page, path: Path, name: str, entry: Data, zone: ZoneInfo) -> Layer | None:
    own = _zone(page, (*path, "timezone"), entry["timezone"]) if "timezone" in entry else zone
    if own is None:
        return None
    effective = entry.get("effective", {})
    since = _instant(page, (*path, "effective", "from"), effective.get("from"), own)
    until = _instant(page, (*path, "effective", "until"), effective.get("until"), own)
    start = _start(page, (*path, "start"), entry.get("start", "2000-01-01"), own)
    if since and until and until <= since:
        page.wrong((*path, "effective"), "This ends before it begins. Look at the two times again.")
    if start is None:
        return None
    return Layer(
        Turn.DAILY if entry["type"] == "calendar" else Turn(entry["type"]),
        entry.get("shift_length", 1),
        start,
        tuple(PersonId(person) for person in entry["people"]),
        name,
        entry.get("timezone"),
        since,
        until,
        _length(entry.get("on_for")),
        _only(page, path, entry),
        tuple(_several(entry.get("instead_of"))),
    )


def _check_names(page: Page, path: Path, names: Sequence[str], entries: list[Data]) -> None:
    above = {name: _several(entry.get("instead_of")) for name, entry in zip(names, entries, strict=True)}
    for number, (name, entry) in enumerate(zip(names, entries, strict=True)):
        here = (*path, number)
        if name in names[:number]:
            page.wrong((*here, "name"), f"Two layers are called “{name}”. Give each a name of its own.")
        for other in _several(entry.get("instead_of")):
            if other not in names:
                known = [one for one in names if one != name]
                said = f"There is no layer called “{other}” here; there are {listed(known) or 'no others'}."
                page.wrong((*here, "instead_of"), f"{said}{did_you_mean(other, known)}")
            elif _leads_to(other, name, above):
                page.wrong((*here, "instead_of"), f"“{name}” would stand instead of itself. Break the circle.")


def _leads_to(name: str, wanted: str, above: Mapping[str, Sequence[str]]) -> bool:
    """Say whether a layer stands, by itself or by way of others, instead of the wanted one."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        one = ahead.pop()
        if one == wanted:
            return True
        if one not in seen:
            seen.add(one)
            ahead += above.get(one, ())
    return False


def _only(page: Page, path: Path, entry: Data) -> tuple[Window, ...]:
    default = entry.get("on_holidays")
    found = [_window(page, (*path, *where), window, default) for where, window in _windows(entry)]
    if not found and default is not None and _on_holidays(default) is not OnHolidays.AS_ALWAYS:
        return (Window(holidays=_on_holidays(default)),)
    return tuple(window for window in found if window is not None)


def _windows(entry: Data) -> Iterator[tuple[Path, Data]]:
    only = entry.get("only", [])
    if isinstance(only, dict):
        yield ("only",), only
        return
    for number, window in enumerate(only):
        yield ("only", number), window


def _window(page: Page, path: Path, entry: Data, default: object) -> Window | None:
    days = frozenset(_DAYS.index(day) for day in entry["days"]) if "days" in entry else MONDAY_TO_SUNDAY
    start = _time(page, (*path, "from"), entry.get("from", "00:00"))
    end = _time(page, (*path, "to"), entry.get("to", "00:00"))
    if start is None or end is None:
        return None
    return Window(days, start, end, _on_holidays(entry.get("on_holidays", default)))


def _on_holidays(said: object) -> OnHolidays:
    return _ON_HOLIDAYS["true" if said is None else str(said).lower()]


# ------------------------------------------------------------------------------------------ by hand


def _temporary(page: Page, entries: list[Data], zone: ZoneInfo, booked: Calendars) -> Iterator[Temporary]:
    found: list[tuple[datetime, datetime]] = []
    for number, entry in enumerate(entries):
        path: Path = ("temporary", number)
        span = _span(page, path, entry, zone)
        layers = tuple(_layers(page, (*path, "layers"), entry["layers"], zone, booked))
        if span is not None:
            found.append(span)
            yield Temporary(*span, layers)
    for (_, end), (start, _) in pairwise(sorted(found)):
        if start < end:
            page.wrong(("temporary",), "Two temporary schedules overlap. End one before the other begins.")


def _overrides(page: Page, entries: list[Data], zone: ZoneInfo) -> Iterator[Override]:
    for number, entry in enumerate(entries):
        path: Path = ("overrides", number)
        span = _span(page, path, entry, zone)
        said = [change for change in Change if change.value in entry]
        if len(said) != 1 or (said[0] is Change.REPLACE) is not ("with" in entry):
            page.wrong(path, "Write one of add: ana, remove: ana, or replace: ana together with: ben.")
        elif span is not None:
            change, named = said[0], PersonId(entry[said[0].value])
            if change is Change.REPLACE:
                yield Override(change, PersonId(entry["with"]), *span, named)
            else:
                yield Override(change, named, *span)


def _span(page: Page, path: Path, entry: Data, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    start = _instant(page, (*path, "from"), entry["from"], zone)
    end = _instant(page, (*path, "to"), entry["to"], zone)
    if start is None or end is None:
        return None
    if end <= start:
        page.wrong((*path, "to"), "This ends before it begins. Look at the two times again.")
        return None
    return start, end


# ------------------------------------------------------------------------------------------ times


def _moment(page: Page, path: Path, said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        page.wrong(path, f"“{said}” is not a date and time. Write it as 2026-01-05T08:00.")
        return None
    if moment.year not in _YEARS:
        page.wrong(path, f"The year {moment.year} is too far away. Look at it again.")
        return None
    return moment


def _start(page: Page, path: Path, said: str, zone: ZoneInfo) -> datetime | None:
    """Read a time of the zone's wall clock; one with an offset is turned into it."""
    moment = _moment(page, path, said)
    return wall_of(moment, zone) if moment and moment.tzinfo else moment


def _instant(page: Page, path: Path, said: str | None, zone: ZoneInfo) -> datetime | None:
    moment = _moment(page, path, said) if said is not None else None
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else first_instant(moment, zone)


def _time(page: Page, path: Path, said: str) -> time | None:
    try:
        # The end of a day is the beginning of the next.
        return time() if said == "24:00" else time.fromisoformat(said).replace(tzinfo=None)
    except ValueError:
        page.wrong(path, f"“{said}” is not a time of day. Write it as 08:00.")
        return None


def _length(said: str | None) -> timedelta | None:
    return int(said[:-1]) * _UNITS[said[-1]] if said is not None else None


def _several(said: str | list[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())
