"""`crisis-hub rota`: who is on call, when nobody is, and what turns and hours come to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.rules_folder.problems import did_you_mean
from crisis_hub.cli.rota_ledger import rotas_on_record
from crisis_hub.cli.rota_lines import Asked, answer_lines, shifts_of, window_of
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.cli.staff_file import StaffFileError, read_staff
from crisis_hub.domain.coverage import Finding, Known, ladder_coverage, rota_coverage
from crisis_hub.domain.lacks import Colleague
from crisis_hub.domain.rota import OnCall, Rota
from crisis_hub.domain.rulebook import Rulebook

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Who is on call.")

_Rota = Annotated[str, typer.Option(help="One rota; all of them when left out.")]
_Folder = Annotated[Path | None, typer.Option("--rules", help="The folder of rules.", metavar="DIR")]
_FARTHEST = timedelta(days=10 * 366)
_MOST_DAYS = 400


@app.callback()
def _rota() -> None:
    """Keep `rota` a word of its own, with commands below it."""


@app.command("who")
def who(
    rota: _Rota = "",
    at: Annotated[str, typer.Option(help="An instant, ISO 8601 with offset; now when left out.")] = "",
    folder: _Folder = None,
) -> None:
    """Say who is on call, why, until when, and who is next; exit 1 when nobody is."""
    instant = _instant(at)
    empty = False
    book = open_rules(folder).rulebook
    chosen, rotas = _chosen(book, rota), rotas_on_record(book)
    for one in chosen:
        now = rotas.on_call(one, instant)
        typer.echo(_sentence(one, now))
        empty = empty or not now.people
    raise typer.Exit(1 if empty else 0)


@app.command("gaps")
def gaps(
    days: Annotated[int, typer.Option(help="How many days ahead to look.", min=1, max=_MOST_DAYS)] = 14,
    rota: _Rota = "",
    staff: Annotated[Path | None, typer.Option(help="The staff file: who is known, and can be reached.")] = None,
    folder: _Folder = None,
) -> None:
    """Say when nobody is on call, and what else is wrong with rotas and ladders; exit 1 when nobody is at some time."""
    book = open_rules(folder).rulebook
    chosen = _chosen(book, rota)
    now = SystemClock().now().replace(second=0, microsecond=0)
    known = _known(staff) if staff else None
    rotas, until = rotas_on_record(book), now + timedelta(days=days)
    arranged = {name: rotas.overrides(name) for name in book.rotas}
    found = [finding for one in chosen for finding in rota_coverage(one, now, until, known, arranged[one.name])]
    for ladder in () if rota else book.ladders.values():
        found += ladder_coverage(ladder, book.rotas, now, until, known, arranged)
    for finding in found:
        typer.echo(finding.sentence())
    if not any(finding.leaves_nobody for finding in found):
        typer.echo(f"Somebody is on call at every minute of the next {days} days.")
    raise typer.Exit(1 if any(finding.leaves_nobody for finding in found) else 0)


@app.command("shifts")
def shifts(
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl", help="Read {id, timezone, type, shift_length, start, people, from, to} per line, write one each."
        ),
    ] = False,
) -> None:
    """Say which shifts of a rotation touch a span of time."""
    _print_lines(jsonl, "shifts", shifts_of)


@app.command("windows")
def windows(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read {id, timezone, days, from, to, at} per line, write one each.")
    ] = False,
) -> None:
    """Say whether hours of some days hold an instant, and when they or the next ones begin and end."""
    _print_lines(jsonl, "windows", window_of)


def coverage_ahead(book: Rulebook, days: int = 14) -> Iterable[Finding]:
    """Return what is wrong with the rotas and ladders in force, in the days ahead."""
    now = SystemClock().now().replace(second=0, microsecond=0)
    for rota in book.rotas.values():
        yield from rota_coverage(rota, now, now + timedelta(days=days))
    for ladder in book.ladders.values():
        yield from ladder_coverage(ladder, book.rotas, now, now + timedelta(days=days))


def _sentence(rota: Rota, now: OnCall) -> str:
    zone = ZoneInfo(rota.timezone)
    people = ", ".join(now.people) or "nobody"
    last = " (last resort)" if now.by_last_resort and now.people else ""
    why = "; ".join(duty.sentence() for duty in now.why)
    until = f" until {now.until.astimezone(zone).isoformat()}" if now.until else ""
    after = ""
    if now.until:
        after = f", then {', '.join(now.following) or 'nobody'}"
    return f"{rota.name}: {people}{last}{until}{after}" + (f" [{why}]" if why else "")


def _chosen(book: Rulebook, name: str) -> list[Rota]:
    chosen = [one for one in book.rotas.values() if name in ("", one.name)]
    if not chosen:
        names = ", ".join(book.rotas) or "none"
        typer.echo(f"There is no rota called “{name}”; there are {names}.{did_you_mean(name, book.rotas)}", err=True)
        raise typer.Exit(2)
    return chosen


def _known(staff: Path) -> Known:
    try:
        people = read_staff(staff)
    except StaffFileError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None
    # What was proved to be somebody's own stands in the ledger and not in the file, so nothing is said of it here.
    now = SystemClock().now()
    return {person.id: Colleague(person.name, len(person.reach), proved_at=now) for person in people}


def _print_lines(jsonl: bool, name: str, answer: Callable[[Asked], dict[str, Any]]) -> None:
    if not jsonl:
        typer.echo(f"crisis-hub rota {name}: write --jsonl and give a line of JSON for each question.", err=True)
        raise typer.Exit(2)
    failed = False
    for result in answer_lines(sys.stdin.buffer, answer):
        failed = failed or "error" in result
        # plain ASCII: an id may hold half a character, which no terminal or pipe can carry
        sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    raise typer.Exit(1 if failed else 0)


def _instant(text: str) -> datetime:
    now = SystemClock().now()
    if not text:
        return now
    try:
        instant = datetime.fromisoformat(text)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        near = abs(instant - now) <= _FARTHEST
    except (ValueError, OverflowError):
        typer.echo(f"--at {text!r} is not a time; write it as 2026-01-05T08:00:00-06:00.", err=True)
        raise typer.Exit(2) from None
    if not near:
        typer.echo("--at lies more than ten years away; no rota is made that far ahead.", err=True)
        raise typer.Exit(2)
    return instant
