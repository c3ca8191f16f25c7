"""Rotas on file: what can be written, which mistakes are told, and the `rota` commands."""

# ruff: noqa: E501 (a mistake, its place and its sentence are read best on one line)

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli import rota as command
from crisis_hub.domain.rota import Rota, on_call
from crisis_hub.domain.vocabulary import PersonId
from tests.rules.conftest import RULES

NIGHTS = """\
rota: nights
timezone: America/Chicago
holidays: [us, team]
layers:
  - name: office
    type: weekly
    start: 2026-01-05T08:00
    people: [ana, ben]
    only: {days: [Mon, Tue, Wed, Thu, Fri], from: 08:00, to: 20:00, on_holidays: false}
  - name: night
    type: daily
    start: 2026-01-05T20:00
    people: [ben, ana]
    only: [{from: 20:00, to: 08:00}]
  - name: holiday
    type: daily
    start: 2026-01-01T08:00
    people: [sam]
    on_holidays: only
    instead_of: [office, night]
  - name: east
    type: weekly
    start: 2026-01-05T08:00
    people: [dora]
    timezone: Asia/Kolkata
    effective: {from: 2026-06-01T00:00, until: 2026-06-08T00:00+05:30}
temporary:
  - from: 2026-12-24T08:00
    to: 2026-12-26T08:00
    layers:
      - {type: daily, start: 2026-12-24T08:00, people: [sam, ana], on_for: 12h}
overrides:
  - {replace: ben, with: cleo, from: 2026-11-24T08:00, to: 2026-11-25T08:00}
  - {add: emil, from: 2026-11-24T10:00, to: 2026-11-24T11:00}
  - {remove: ana, from: 2026-11-24T10:30, to: 2026-11-24T11:00}
last_resort: [lee]
"""
US = 'holidays: us\ndates: [{date: 2026-11-26, name: Thanksgiving}, 2026-11-30]\nevery_year: ["12-25", "01-01"]\n'
TEAM = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Away\r\nDTSTART;VALUE=DATE:20261127\r\nDTEND;VALUE=DATE:20261129\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20240704T000000Z\r\nRRULE:FREQ=\r\n YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

FILE = "rotas/nights.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rota, and one more that uses everything."""
    room = tmp_path / "rules"
    (room / "rotas/holidays").mkdir(parents=True)
    shutil.copy(RULES / "rotas/clinicians.yaml", room / "rotas")
    (room / FILE).write_text(NIGHTS, "utf-8")
    (room / "rotas/holidays/us.yaml").write_text(US, "utf-8")
    (room / "rotas/holidays/team.ics").write_text(TEAM, "utf-8")
    return room


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace words in a file; they must be there."""
    path = folder / file
    text = path.read_bytes().decode()
    assert old in text, old
    path.write_bytes(text.replace(old, new, 1).encode())


def problems(folder: Path) -> list[str]:
    rules = RulesFolder(folder)
    rules.load()
    return [problem.sentence() for problem in rules.problems]


def nights(folder: Path) -> Rota:
    return RulesFolder(folder).load().rotas["nights"]


@pytest.mark.parametrize(
    ("at", "people"),
    [
        ("2026-11-23T12:00-06:00", ["ana"]),
        ("2026-11-24T09:00-06:00", ["ana"]),
        ("2026-11-24T10:15-06:00", ["ana", "emil"]),
        ("2026-11-24T10:30-06:00", ["emil"]),
        ("2026-11-23T22:00-06:00", ["ben"]),
        ("2026-11-25T22:00-06:00", ["ben"]),
        # Thanksgiving, and the two days of the calendar file
        ("2026-11-26T00:00-06:00", ["sam"]),
        ("2026-11-27T23:00-06:00", ["sam"]),
        ("2026-11-28T23:59-06:00", ["sam"]),
        ("2026-11-29T00:00-06:00", ["ana"]),
        ("2027-07-04T12:00-05:00", ["sam"]),
        ("2026-12-25T12:00-06:00", ["ana"]),
        ("2026-12-25T20:00-06:00", ["lee"]),
        ("2026-06-01T01:00+05:30", ["dora"]),
        ("2026-06-08T00:00+05:30", ["lee"]),
    ],
)
def test_everything_that_can_be_written_counts(folder: Path, at: str, people: list[str]) -> None:
    assert problems(folder) == []
    assert list(on_call(nights(folder), datetime.fromisoformat(at)).people) == people


ROTA = "rota: nights\ntimezone: America/Chicago\n"
LAYERS = "layers: [{type: daily, start: 2026-01-05T08:00, people: [ana]}]\n"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (LAYERS + "last_resort: []\noverrides: []\ntemporary: []\n", ["ana"]),
        ("layers: []\nlast_resort: [lee]\n", ["lee"]),
        ("layers: []\noverrides: [{add: emil, from: 2026-11-24T08:00, to: 2026-11-25T08:00}]\n", ["emil"]),
        (LAYERS + "temporary: [{from: 2026-11-24T08:00, to: 2026-11-25T08:00, layers: []}]\n", []),
    ],
    ids=["lists with nothing", "last resort alone", "overrides alone", "nobody for a while"],
)
def test_a_list_with_nothing_in_it_takes_no_rota_out_of_force(folder: Path, text: str, people: list[str]) -> None:
    (folder / FILE).write_text(ROTA + text, "utf-8")

    assert problems(folder) == []
    assert list(on_call(nights(folder), datetime.fromisoformat("2026-11-24T09:00-06:00")).people) == people


def test_a_rota_without_anybody_at_all_is_told(folder: Path) -> None:
    (folder / FILE).write_text(ROTA + "layers: []\nlast_resort: []\n", "utf-8")

    assert ["This rota has nobody in it" in sentence for sentence in problems(folder)] == [True]


MISTAKES = [
    ("timezone: America/Chicago", "timezone: America/Chicgo", "2: timezone: “America/Chicgo” is not a time zone. Write one such as America/Chicago. Did you mean “America/Chicago”?"),
    ("timezone: Asia/Kolkata", "timezone: Asia/Kolkatta", "25: layers.4.timezone: “Asia/Kolkatta” is not a time zone."),
    ("holidays: [us, team]", "holidays: [us, teem]", "3: holidays: There is no calendar called “teem” in rotas/holidays; there are team, us. Did you mean “team”?"),
    ("holidays: [us, team]\n", "", "8: layers.1.only.on_holidays: This needs a calendar."),
    ("start: 2026-01-05T20:00", "start: 5 January", "12: layers.2.start: “5 January” is not a date and time."),
    ("start: 2026-01-05T20:00", "start: 0026-01-05T20:00", "12: layers.2.start: The year 26 is too far away."),
    ("type: daily\n    start: 2026-01-05T20:00", "type: dayly\n    start: 2026-01-05T20:00", "11: layers.2.type: “dayly” cannot stand here; it can be hourly, daily, weekly, monthly, calendar. Did you mean “daily”?"),
    ("[Mon, Tue, Wed", "[Mon, Tues, Wed", "9: layers.1.only.days.2: “Tues” cannot stand here"),
    ("from: 08:00, to: 20:00", "from: 8, to: 20:00", "9: layers.1.only.from: Here stands “8”, but it must be a text."),
    ("from: 08:00, to: 20:00", "from: 25:00, to: 20:00", "9: layers.1.only.from: “25:00” does not fit here. A time of day, such as 20:00."),
    ("instead_of: [office, night]", "instead_of: [office, nigth]", "20: layers.3.instead_of: There is no layer called “nigth” here; there are office, night, east. Did you mean “night”?"),
    ("people: [ben, ana]\n", "people: [ben, ana]\n    instead_of: holiday\n", "14: layers.2.instead_of: “night” would stand instead of itself. Break the circle."),
    ("instead_of: [office, night]", "instead_of: holiday", "20: layers.3.instead_of: “holiday” would stand instead of itself."),
    ("name: night\n", "name: office\n", "10: layers.2.name: Two layers are called “office”."),
    ("until: 2026-06-08T00:00+05:30", "until: 2026-06-01T00:00", "26: layers.4.effective: This ends before it begins."),
    ("on_for: 12h", "on_for: 12", "31: temporary.1.layers.1.on_for: Here stands “12”, but it must be a text. How long after"),
    ("to: 2026-12-26T08:00", "to: 2026-12-23T08:00", "29: temporary.1.to: This ends before it begins."),
    ("overrides:\n", "  - from: 2026-12-26T07:00\n    to: 2026-12-27T08:00\n    layers: [{type: daily, start: 2026-12-24T08:00, people: [sam]}]\noverrides:\n", "27: temporary: Two temporary schedules overlap."),
    ("with: cleo, ", "", "33: overrides.1: Write one of add: ana"),
    ("add: emil", "add: emil, remove: ana", "34: overrides.2: Write one of add: ana"),
    ("with: cleo", "wiht: cleo", "33: overrides.1.wiht: There is no field called “wiht” here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_mistakes_are_told_with_line_and_field(folder: Path, old: str, new: str, said: str) -> None:
    edit(folder, FILE, old, new)

    assert any(sentence.startswith(f"{FILE}:{said}") for sentence in problems(folder)), problems(folder)


CALENDARS = [
    ("us.yaml", "2026-11-26", "2026-11-31", "us.yaml:2: dates.1: “2026-11-31” is not a date. Write it as 2026-12-25."),
    ("us.yaml", "12-25", "Christmas", "us.yaml:3: every_year.1: “Christmas” is not a day of the year."),
    ("us.yaml", US, "holidays: us\n", "us.yaml:1: There is no holiday in this calendar."),
    ("us.yaml", "holidays: us", "holidays: team", "us.yaml:1: The calendar “team” stands in rotas/holidays/team.ics already."),
    ("team.ics", "BEGIN:VCALENDAR", "HELLO", "team.ics:1: This is not a calendar file."),
    ("team.ics", "20261127", "20261327", "team.ics:2: This event has no DTSTART that is a date"),
    ("team.ics", "YEARLY", "WEEKLY", "team.ics:7: “FREQ=WEEKLY” is not read here; only FREQ=YEARLY is."),
    ("team.ics", "20261129", "20281129", "team.ics:2: This lasts longer than 60 days."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), CALENDARS)
def test_mistakes_in_calendars(folder: Path, file: str, old: str, new: str, said: str) -> None:
    edit(folder, f"rotas/holidays/{file}", old, new)

    assert any(sentence.startswith(f"rotas/holidays/{said}") for sentence in problems(folder)), problems(folder)


# ------------------------------------------------------------------------------------------ the commands


def run(*args: str, lines: list[dict[str, Any]] | None = None, raw: str = "") -> Result:
    stdin = "\n".join(json.dumps(line) for line in lines) if lines is not None else raw
    return CliRunner().invoke(command.app, list(args), input=stdin)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


ROTATION = {
    "timezone": "America/Chicago",
    "type": "daily",
    "shift_length": 1,
    "start": "2017-03-11T08:00:00-06:00",
    "people": ["a", "b"],
}


def test_shifts_are_those_that_touch_the_span_in_their_whole_length() -> None:
    asked = {"id": "x", **ROTATION, "from": "2017-03-11T20:00:00-06:00", "to": "2017-03-12T08:00:00.000001-05:00"}
    result = run("shifts", "--jsonl", lines=[asked])

    assert result.exit_code == 0
    assert answers(result) == [
        {
            "id": "x",
            "shifts": [
                {"start": "2017-03-11T08:00:00-06:00", "end": "2017-03-12T08:00:00-05:00", "person": "a"},
                {"start": "2017-03-12T08:00:00-05:00", "end": "2017-03-13T08:00:00-05:00", "person": "b"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("change", "people"),
    [
        # a shift that ends where the span begins, or begins where it ends, is not in it
        ({"from": "2017-03-12T08:00:00-05:00", "to": "2017-03-13T08:00:00-05:00"}, ["b"]),
        ({"from": "2017-03-12T08:00:00-05:00", "to": "2017-03-12T08:00:00-05:00"}, []),
        # hand-overs lie before the start, too
        ({"from": "2017-03-09T12:00:00Z", "to": "2017-03-11T14:00:00Z"}, ["b", "a", "b"]),
        # two days each; times without an offset are those of the zone; one person alone hands over as well
        ({"from": "2017-03-11T08:00", "to": "2017-03-15T08:00", "shift_length": 2}, ["a", "b"]),
        ({"from": "2017-03-11T08:00", "to": "2017-03-14T08:00", "people": ["a"]}, ["a", "a", "a"]),
        ({"from": "2017-03-11T23:59Z", "to": "2017-03-12T00:00Z", "shift_length": None}, ["a"]),
    ],
)
def test_who_has_which_shift(change: dict[str, Any], people: list[str]) -> None:
    (found,) = answers(run("shifts", "--jsonl", lines=[{"id": 1, **ROTATION, **change}]))

    assert [shift["person"] for shift in found["shifts"]] == people


SPAN = {"from": "2017-03-11T08:00Z", "to": "2017-03-12T08:00Z"}
NO_SHIFTS: list[tuple[dict[str, Any], str]] = [
    ({"timezone": "Mars"}, "“Mars” is not a time zone."),
    ({"timezone": "../../etc/passwd"}, "is not a time zone."),
    ({"timezone": None}, "“timezone” is missing."),
    ({"type": "weekley"}, "Did you mean “weekly”?"),
    ({"shift_length": 0}, "“shift_length” must be a whole number from 1 on."),
    ({"shift_length": True}, "“shift_length” must be a whole number from 1 on."),
    ({"people": []}, "“people” must be a list with at least one name."),
    ({"start": "soon"}, "“start”: “soon” is not a time."),
    ({"to": "2017-03-10T08:00Z"}, "“to” lies before “from”."),
    ({"type": "hourly", "to": "2117-03-10T08:00Z"}, "these are more than 200000 shifts."),
    ({"from": "9999-12-30T00:00Z", "to": "9999-12-31T23:00Z"}, "these times lie too far away."),
    ({"type": "monthly", "shift_length": 999999}, ""),
]


@pytest.mark.parametrize(("change", "said"), NO_SHIFTS)
def test_a_line_that_cannot_be_answered_says_why_and_the_others_are_answered(change: dict[str, Any], said: str) -> None:
    good = {"id": "good", **ROTATION, **SPAN}
    result = run("shifts", "--jsonl", lines=[good, {"id": "bad", **ROTATION, **SPAN, **change}, good])
    first, bad, last = answers(result)

    assert "shifts" in first
    assert last == first
    assert (bad["id"], said in bad["error"], bad["error"].startswith("line 2: ")) == ("bad", True, True), bad
    assert result.exit_code == 1


def test_lines_that_are_no_questions() -> None:
    result = run("shifts", "--jsonl", raw="nonsense\n\n[]\n")

    assert [answer["id"] for answer in answers(result)] == [None, None]
    assert all(set(answer) == {"id", "error"} for answer in answers(result))
    assert run("shifts").exit_code == run("windows").exit_code == 2


@pytest.mark.parametrize(
    ("days", "hours", "at", "answer"),
    [
        (["Mon"], ("08:00", "20:00"), "2026-01-05T14:00:00Z", (True, "2026-01-05T08:00:00-06:00", "2026-01-05T20:00:00-06:00")),
        (["mon", "Tuesday"], ("08:00", "24:00"), "2026-01-06T06:00:00Z", (False, "2026-01-06T08:00:00-06:00", "2026-01-07T00:00:00-06:00")),
        (["Sun"], ("00:00", "01:30"), "2026-11-01T01:00:00-06:00", (True, "2026-11-01T00:00:00-05:00", "2026-11-01T01:30:00-06:00")),
        (["Sat", "Sun"], ("00:00", "00:00"), "2026-03-07T12:00:00Z", (True, "2026-03-07T00:00:00-06:00", "2026-03-09T00:00:00-05:00")),
        ([], ("08:00", "20:00"), "2026-01-05T14:00:00Z", (False, None, None)),
        (["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ("08:00", "08:00"), "2026-01-05T14:00:00Z", (True, None, None)),
    ],
)  # fmt: skip
def test_windows(days: list[str], hours: tuple[str, str], at: str, answer: tuple[bool, str | None, str | None]) -> None:
    asked = {"id": 7, "timezone": "America/Chicago", "days": days, "from": hours[0], "to": hours[1], "at": at}
    is_active, start, end = answer

    assert answers(run("windows", "--jsonl", lines=[asked])) == [
        {"id": 7, "active": is_active, "start": start, "end": end}
    ]


def test_who_says_why_until_when_and_who_is_next(folder: Path) -> None:
    result = run("who", "--rota", "nights", "--at", "2026-11-24T09:00-06:00", "--rules", str(folder))

    assert result.stdout == "nights: ana until 2026-11-24T10:00:00-06:00, then ana, emil [ana by “office”]\n"
    assert result.exit_code == 0
    nobody = folder / FILE
    nobody.write_text(NIGHTS.replace("last_resort: [lee]\n", ""), "utf-8")
    result = run("who", "--rota", "nights", "--at", "2026-12-25T21:00-06:00", "--rules", str(folder))
    assert (result.exit_code, result.stdout.startswith("nights: nobody until ")) == (1, True)
    assert run("who", "--rota", "nigths", "--rules", str(folder)).exit_code == 2
    assert run("who", "--at", "soon", "--rules", str(folder)).exit_code == 2


def test_gaps_are_told_and_who_cannot_be_reached(folder: Path, tmp_path: Path) -> None:
    shipped = run("gaps", "--rota", "clinicians", "--rules", str(folder))
    assert (shipped.exit_code, shipped.stdout) == (0, "Somebody is on call at every minute of the next 14 days.\n")
    staff = tmp_path / "staff.yaml"
    staff.write_text("people:\n  - {id: ana, name: Ana, roles: [clinician]}\n", "utf-8")
    result = run("gaps", "--rota", "clinicians", "--rules", str(folder), "--staff", str(staff))

    assert result.exit_code == 1
    assert "clinicians: Nobody who is on call can be reached from " in result.stdout
    assert "clinicians: Ana has no way to be reached. Add a number.\n" in result.stdout
    assert "clinicians: Nobody among the staff is called “ben”.\n" in result.stdout
    weekends = run("gaps", "--rota", "nights", "--rules", str(folder), "--days", "30")
    assert (weekends.exit_code, "; lee would be called." in weekends.stdout) == (1, True)


def test_what_the_files_say_of_years_ahead_is_still_the_same_person(folder: Path) -> None:
    """A rota without an end goes on; nothing is asked again from the start."""
    rota = RulesFolder(folder).load().rotas["clinicians"]
    week = timedelta(weeks=1)
    at = datetime.fromisoformat("2035-05-07T13:00:00+00:00")

    assert {on_call(rota, at).people, on_call(rota, at + week).people} == {(PersonId("ana"),), (PersonId("ben"),)}
