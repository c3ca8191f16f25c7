"""Reads `rotas/calendars/*.ics`: who is on call when, as another program planned it, for a layer `type: calendar`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import prod
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from crisis_hub.adapters.rules_folder.problems import Page, did_you_mean, listed
from crisis_hub.adapters.rules_folder.yaml_lines import MOST_BYTES, Unreadable
from crisis_hub.domain.layers import Booking, Layer
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import FAR_PAST, first_instant, last_instant, wall_of

_FAR = timedelta(days=3 * 366)
"""How far past the newest date in the file an event is repeated that never ends: export the file anew before then."""
_MOST = 20_000
_SHORT_TURNS = frozenset({"SECONDLY", "MINUTELY"})
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MOST_A_DAY = 24
_WHO = "X-CRISIS-HUB-PERSON"


class Booked(NamedTuple):
    """A span in the file, with every word by which it may name its person; without a zone it is a wall clock's."""

    start: datetime
    end: datetime
    words: tuple[str, ...]


Calendars = Mapping[str, Sequence[Booked]]
"""What stands in rotas/calendars, file by file."""


def read_booked(file: str, raw: bytes) -> Page:
    """Return the file's spans as a page; raise `Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(1, f"The file is larger than {MOST_BYTES // 1024} KB. Keep the shifts that lie ahead.")
    try:
        calendar = Calendar.from_ical(raw)
        spans = sorted(_spans(calendar), key=lambda one: (str(one.start), one.words))
    except Unreadable:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as problem:
        raise Unreadable(1, "This is not a calendar file that can be read. Export it again as .ics.") from problem
    if not spans:
        raise Unreadable(1, "There is no event with a beginning and an end in this calendar.")
    return Page(file, {"calendar": PurePosixPath(file).name, "booked": spans}, {(): 1})


def bookings(
    page: Page, path: tuple[str | int, ...], booked: Sequence[Booked], people: object, zone: ZoneInfo
) -> Mapping[PersonId, tuple[Booking, ...]]:
    """Return each person's spans, touching ones joined; tell on the page of whom nobody is known."""
    names = _names(people)
    found: dict[PersonId, list[tuple[datetime, datetime]]] = {}
    strangers: dict[str, None] = {}
    for one in booked:
        persons = {names[word.casefold()] for word in one.words if word.casefold() in names}
        if not persons:
            strangers[one.words[0] if one.words else "an event without a name"] = None
        start, end = _instant(one.start, zone, last=False), _instant(one.end, zone, last=True)
        for person in persons:
            found.setdefault(person, []).append((start, end))
    for stranger in list(strangers)[:5]:
        said = f"“{stranger}” in this calendar is nobody under people. Write whose it is."
        page.wrong((*path, "people"), said, soft=True)
    listed_first = dict.fromkeys(names.values())  # the order of the file, not of chance
    return {person: tuple(_joined(found[person])) for person in listed_first if person in found}


def _names(people: object) -> dict[str, PersonId]:
    if isinstance(people, dict):
        listed = {str(id): [str(id), *(str(name) for name in names)] for id, names in people.items()}
    else:
        assert isinstance(people, list)
        listed = {str(id): [str(id)] for id in people}
    return {name.casefold(): PersonId(id) for id, names in listed.items() for name in names}


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[Booking]:
    begun: tuple[datetime, datetime] | None = None
    for start, end in sorted(spans):
        if begun is None or start > begun[1]:
            if begun is not None:
                yield Booking(*begun)
            begun = start, end
        else:
            begun = begun[0], max(begun[1], end)
    if begun is not None:
        yield Booking(*begun)


def _spans(calendar: Component) -> Iterator[Booked]:
    events = [one for one in calendar.walk("VEVENT") if "DTSTART" in one]
    if not events:
        return
    for event in events:
        _must_be_shifts(event)
    newest = max(_utc(_first(event)) for event in events)
    oldest = min(_utc(_first(event)) for event in events)
    query = recurring_ical_events.of(calendar)
    for count, event in enumerate(query.between(oldest - timedelta(days=1), newest + _FAR)):
        if count >= _MOST:
            raise Unreadable(1, f"There are more than {_MOST} events in this calendar. Keep those that lie ahead.")
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            start, end = _wall(event.start), _wall(event.end)
            if _utc(start) < _utc(end):
                yield Booked(start, end, tuple(_words(event)))


def _must_be_shifts(event: Component) -> None:
    """Refuse what repeats more often than anybody's shifts: it would be written out whole before it can be counted."""
    found: Any = event.get("RRULE", [])
    for rule in found if isinstance(found, list) else [found]:
        a_day = prod(len(rule.get(part, [])) or 1 for part in _CLOCK)
        if a_day > _MOST_A_DAY or _SHORT_TURNS & {str(word).upper() for word in rule.get("FREQ", [])}:
            raise Unreadable(1, "An event is repeated more often than once an hour. Keep shifts only.")


def _first(event: Component) -> datetime:
    begins: Any = event["DTSTART"]
    return _wall(begins.dt)


def _wall(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _instant(at: datetime, zone: ZoneInfo, *, last: bool) -> datetime:
    """Return an instant; a time without a zone is one of the rota's wall clock."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    return last_instant(at, zone) if last else first_instant(at, zone)


def _words(event: Component) -> Iterator[str]:
    """Yield what may name the person: our own word for it, who is invited, and what the event is called."""
    if _WHO in event:
        yield str(event[_WHO])
        return
    summary = str(event.get("SUMMARY", "")).strip()
    if summary:
        yield summary
    invited: Any = event.get("ATTENDEE", [])
    for one in invited if isinstance(invited, list) else [invited]:
        yield str(one).removeprefix("mailto:").removeprefix("MAILTO:")
        if one.params.get("CN"):
            yield str(one.params["CN"])


def calendar_layers(
    page: Page, path: tuple[str | int, ...], entry: dict[str, Any], base: Layer, zone: ZoneInfo, calendars: Calendars
) -> Iterator[Layer]:
    """Yield one layer for each person in the file, all under the one name; `base` says what else holds for them."""
    file = entry["file"]
    booked = calendars.get(file)
    if booked is None:
        there = listed(calendars) or "none"
        hint = did_you_mean(file, calendars)
        page.wrong((*path, "file"), f"There is no file “{file}” in rotas/calendars; there are {there}.{hint}")
        return
    found = bookings(page, path, booked, entry["people"], zone)
    if not found:
        page.wrong((*path, "people"), f"No event of “{file}” is of anybody under people. Write whose they are.")
    for person, spans in found.items():
        start = wall_of(spans[0].start, zone)
        yield replace(base, start=start, people=(person,), booked=spans, since=base.since or FAR_PAST)
