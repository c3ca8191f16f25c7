"""Shifts as an iCalendar file (RFC 5545), in UTC, so that no reader has to know a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from crisis_hub.application.ports import CalendarEvent

_ASK_AGAIN = timedelta(minutes=30)
PERSON = "X-CRISIS-HUB-PERSON"
"""The property that names the person by their id, for whoever reads the file as a layer of a rota."""


class ICalendarFile:
    """The port `CalendarWriter`."""

    def written(self, name: str, events: Sequence[CalendarEvent], now: datetime) -> bytes:
        """Return the calendar as bytes."""
        calendar = Calendar()
        calendar.add("prodid", "-//crisis_hub//on call//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _one_line(name))
        calendar.add("refresh-interval", _ASK_AGAIN, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT30M")
        for one in events:
            calendar.add_component(_event(one, now))
        return bytes(calendar.to_ical())


def _event(one: CalendarEvent, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@crisis-hub")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", one.start.astimezone(UTC))
    event.add("dtend", one.end.astimezone(UTC))
    event.add("summary", _one_line(one.title))
    event.add("transp", "TRANSPARENT")
    event.add(PERSON, one.person)
    return event


def _one_line(words: str) -> str:
    """Return a name as it fits on the file's own lines: a break in it would end the line, or begin a property."""
    return " ".join(words.split())
