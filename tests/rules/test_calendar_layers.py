"""A layer that another program planned: an .ics file in rotas/calendars becomes shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crisis_hub.adapters.exchange.icalendar_file import ICalendarFile
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.application.ports import CalendarEvent
from crisis_hub.domain.rota import Rota, on_call, shifts
from crisis_hub.domain.vocabulary import PersonId

ROTA = """
rota: clinicians
timezone: America/Chicago
layers:
  - {type: calendar, file: oncall.ics, name: planned elsewhere, people: PEOPLE}
last_resort: [sam]
"""


def event(*lines: str) -> str:
    """Write one event."""
    return "\r\n".join(["BEGIN:VEVENT", "UID:u1@x", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


def calendar(*events: str) -> str:
    """Write a calendar file."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//somebody else//EN"]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""])


def folder(tmp_path: Path, ics: str | bytes | None, people: str = "[ana, ben]") -> RulesFolder:
    """Write a rules folder with this calendar and read it."""
    (tmp_path / "rotas/calendars").mkdir(parents=True)
    (tmp_path / "rotas/clinicians.yaml").write_text(ROTA.replace("PEOPLE", people), "utf-8")
    if ics is not None:
        written = ics if isinstance(ics, bytes) else ics.encode()
        (tmp_path / "rotas/calendars/oncall.ics").write_bytes(written)
    read = RulesFolder(tmp_path, None)
    read.load()
    return read


def rota(tmp_path: Path, ics: str | bytes, people: str = "[ana, ben]") -> Rota:
    """Return the rota of such a folder, read without a word of trouble about it."""
    read = folder(tmp_path, ics, people)
    assert [p for p in read.rulebook.problems if "rotas/" in p] == []
    return read.rulebook.rotas["clinicians"]


def who(found: Rota, at: str) -> Sequence[str]:
    """Return who is on call then."""
    return on_call(found, datetime.fromisoformat(at)).people


def test_an_event_is_a_shift_of_the_person_it_names_start_included_and_end_not(tmp_path: Path) -> None:
    found = rota(tmp_path, calendar(event("DTSTART:20260105T140000Z", "DTEND:20260105T220000Z", "SUMMARY:ana")))

    assert who(found, "2026-01-05T13:59:59+00:00") == ("sam",)
    assert who(found, "2026-01-05T14:00:00+00:00") == ("ana",)
    assert who(found, "2026-01-05T21:59:59+00:00") == ("ana",)
    assert who(found, "2026-01-05T22:00:00+00:00") == ("sam",)


def test_an_event_that_repeats_keeps_its_wall_clock_over_the_change_of_clocks(tmp_path: Path) -> None:
    """The eighth of March 2026 has 23 hours in Chicago; who comes at eight comes at eight."""
    found = rota(
        tmp_path, calendar(event("DTSTART:20260302T080000", "DTEND:20260302T160000", "RRULE:FREQ=DAILY", "SUMMARY:ben"))
    )

    assert who(found, "2026-03-07T14:00:00+00:00") == ("ben",)
    assert who(found, "2026-03-07T13:59:00+00:00") == ("sam",)
    assert who(found, "2026-03-09T13:00:00+00:00") == ("ben",)
    assert who(found, "2026-03-09T21:00:00+00:00") == ("sam",)
    assert who(found, "2028-03-07T15:00:00+00:00") == ("ben",)


def test_one_time_moved_one_time_left_out_and_one_cancelled(tmp_path: Path) -> None:
    moved = event("RECURRENCE-ID:20260107T140000Z", "DTSTART:20260107T200000Z", "DTEND:20260107T210000Z", "SUMMARY:ana")
    series = event(
        "DTSTART:20260105T140000Z",
        "DTEND:20260105T150000Z",
        "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE:20260106T140000Z",
        "SUMMARY:ana",
    )
    called_off = event("DTSTART:20260201T140000Z", "DTEND:20260201T150000Z", "STATUS:CANCELLED", "SUMMARY:ben")
    found = rota(tmp_path, calendar(series, moved, called_off.replace("u1@", "u2@")))

    assert who(found, "2026-01-06T14:30:00+00:00") == ("sam",)
    assert who(found, "2026-01-07T14:30:00+00:00") == ("sam",)
    assert who(found, "2026-01-07T20:30:00+00:00") == ("ana",)
    assert who(found, "2026-02-01T14:30:00+00:00") == ("sam",)


def test_two_at_once_are_both_on_call_and_a_guest_list_names_people_too(tmp_path: Path) -> None:
    invited = event(
        "DTSTART:20260105T140000Z",
        "DTEND:20260105T220000Z",
        "SUMMARY:On call",
        "ATTENDEE;CN=Ana Ortiz:mailto:ana@line.example.org",
        "ATTENDEE:mailto:Ben@Line.example.org",
    )
    found = rota(tmp_path, calendar(invited), "{ana: [Ana Ortiz], ben: [ben@line.example.org]}")

    assert who(found, "2026-01-05T15:00:00+00:00") == ("ana", "ben")


def test_a_whole_day_is_a_day_of_the_rotas_zone(tmp_path: Path) -> None:
    found = rota(tmp_path, calendar(event("DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260106", "SUMMARY:ana")))

    assert who(found, "2026-01-05T05:59:00+00:00") == ("sam",)
    assert who(found, "2026-01-05T06:00:00+00:00") == ("ana",)
    assert who(found, "2026-01-06T06:00:00+00:00") == ("sam",)


def test_what_we_write_ourselves_comes_back_as_it_was(tmp_path: Path) -> None:
    start = datetime(2026, 1, 5, 14, tzinfo=UTC)
    written = [
        CalendarEvent(f"u{n}", start + timedelta(days=n), start + timedelta(days=n, hours=8), "clinicians: Ana", who)
        for n, who in enumerate([PersonId("ana"), PersonId("ben"), PersonId("ana")])
    ]
    found = rota(tmp_path, ICalendarFile().written("clinicians", written, start))

    read = shifts(found, start - timedelta(days=1), start + timedelta(days=9))
    assert [(x.person, x.start, x.end) for x in read] == [(x.person, x.start, x.end) for x in written]


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    read = folder(tmp_path, calendar(event("DTSTART:20260105T140000Z", "DTEND:20260105T220000Z", "SUMMARY:ana")))
    later = calendar(event("DTSTART:20260105T140000Z", "DTEND:20260105T220000Z", "SUMMARY:ben"), "")
    (tmp_path / "rotas/calendars/oncall.ics").write_text(later, "utf-8")

    read.reload_if_changed()

    assert who(read.rulebook.rotas["clinicians"], "2026-01-05T15:00:00+00:00") == ("ben",)


@pytest.mark.parametrize(
    ("ics", "said"),
    [
        (None, "There is no file “oncall.ics” in rotas/calendars"),
        ("hello", "calendar"),
        (calendar(), "There is no event"),
        (b"\xff\xfe\x00", "calendar"),
        (
            calendar(event("DTSTART:20260105T140000Z", "DTEND:20260105T220000Z", "SUMMARY:Zoe")),
            "“Zoe” in this calendar",
        ),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, ics: str | bytes | None, said: str) -> None:
    problems = folder(tmp_path, ics).rulebook.problems

    assert any(said in problem for problem in problems), problems


def test_somebody_unknown_in_the_file_takes_nobody_else_off_call(tmp_path: Path) -> None:
    zoe = event("DTSTART:20260106T140000Z", "DTEND:20260106T220000Z", "SUMMARY:Zoe").replace("u1@", "u2@")
    ana = event("DTSTART:20260105T140000Z", "DTEND:20260105T220000Z", "SUMMARY:ana")
    read = folder(tmp_path, calendar(ana, zoe))

    assert any("“Zoe” in this calendar is nobody under people" in problem for problem in read.rulebook.problems)
    assert who(read.rulebook.rotas["clinicians"], "2026-01-05T15:00:00+00:00") == ("ana",)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40"],
)
def test_what_repeats_more_often_than_shifts_do_is_refused_before_it_is_written_out(tmp_path: Path, rule: str) -> None:
    # It ends after a day here, so that this test ends too where it is not refused.
    short = f"RRULE:{rule};UNTIL=20260303T080000Z"
    read = folder(tmp_path, calendar(event("DTSTART:20260302T080000Z", "DURATION:PT1S", short, "SUMMARY:ben")))

    assert any("repeated more often than once an hour" in str(problem) for problem in read.rulebook.problems)


def test_a_break_in_a_name_begins_no_line_of_its_own() -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    shift = CalendarEvent("u1", start, start + timedelta(hours=1), "nights\r\nATTACH:x\rURL:y", PersonId("ana"))

    written = ICalendarFile().written("On call: Ana\r\nURL:z\n", [shift], start).decode()

    assert "X-WR-CALNAME:On call: Ana URL:z\r\n" in written
    assert "SUMMARY:nights ATTACH:x URL:y\r\n" in written
