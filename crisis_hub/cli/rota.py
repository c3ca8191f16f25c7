"""`crisis-hub rota`: who is on call, from the files alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.rota import on_call
from crisis_hub.settings import SHIPPED_RULES, Settings

app = typer.Typer(no_args_is_help=True, help="Who is on call.")


@app.callback()
def _rota() -> None:
    """Keep `rota` a word of its own, with commands below it."""


@app.command("who")
def who(
    rota: Annotated[str, typer.Option(help="One rota; all of them when left out.")] = "",
    at: Annotated[str, typer.Option(help="An instant, ISO 8601 with offset; now when left out.")] = "",
) -> None:
    """Say who is on call, until when, and who is next; exit 1 when nobody is."""
    instant = _instant(at)
    rotas = RulesFolder(Settings().rules_dir, SHIPPED_RULES).load().rotas
    chosen = [one for one in rotas.values() if rota in ("", one.name)]
    if not chosen:
        typer.echo(f"There is no rota called {rota!r}; there are {', '.join(rotas) or 'none'}.", err=True)
        raise typer.Exit(2)
    empty = False
    for one in chosen:
        now = on_call(one, instant)
        people = ", ".join(now.people) or "nobody"
        until = f" until {now.until.isoformat()}" if now.until else ""
        after = f", then {', '.join(now.following)}" if now.following else ""
        last = " (last resort)" if now.by_last_resort and now.people else ""
        typer.echo(f"{one.name}: {people}{last}{until}{after}")
        empty = empty or not now.people
    raise typer.Exit(1 if empty else 0)


def _instant(text: str) -> datetime:
    if not text:
        return SystemClock().now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        typer.echo(f"--at {text!r} is not a time; write it as 2026-01-05T08:00:00-06:00.", err=True)
        raise typer.Exit(2) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
