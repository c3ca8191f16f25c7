"""`crisis-hub`: every command, and nothing but translating between a terminal and the rooms below."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
import uvloop
from pydantic import ValidationError

from crisis_hub import logs
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.passwords import Argon2Passwords
from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.adapters.telephony.simulator import bound
from crisis_hub.application.staff import Directory
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.cli import carrier, demo, keys, report, rota, rules, score
from crisis_hub.cli.staff_file import StaffFileError, read_staff
from crisis_hub.connections import CannotStart, open_keyring, open_store
from crisis_hub.settings import Settings
from crisis_hub.wiring import House, house

app = typer.Typer(no_args_is_help=True, add_completion=False, help="crisis_hub: the open system for crisis lines.")
db = typer.Typer(no_args_is_help=True, help="The database.")
staff = typer.Typer(no_args_is_help=True, help="The people who work here.")
app.add_typer(db, name="db")
app.add_typer(staff, name="staff")
app.add_typer(rules.app, name="rules")
app.add_typer(rota.app, name="rota")
app.add_typer(report.app, name="report")
app.add_typer(keys.app, name="key")
app.command("score")(score.score)


def main() -> None:
    """Run a command; what goes wrong as expected is one sentence on standard error."""
    try:
        app()
    except CannotStart as problem:
        stop(str(problem))
    except ValidationError as problem:
        first = problem.errors()[0]
        name = "CRISIS_HUB_" + "_".join(str(part) for part in first["loc"]).upper()
        stop(f"{name}: {first['msg']}.")


def stop(sentence: str, code: int = 2) -> NoReturn:
    """Say one sentence on standard error and end."""
    typer.echo(sentence, err=True)
    sys.exit(code)


def _settings_help() -> str:
    lines = ["Serve from settings. Environment variables, also from .env:\n"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else f" Default: {field.default}"
        lines.append(f"\b\nCRISIS_HUB_{name.upper()}\n  {field.description}{default}\n")
    return "\n".join(lines)


@app.command(help=_settings_help())
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve crisis_hub."""
    settings = Settings()
    logs.begin(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, host, port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    with listen(host, port) as listening:
        await serve_house(await house(settings), listening)


def listen(host: str, port: int) -> socket.socket:
    """Take the address first, so that a taken port is said before anything else is done."""
    try:
        return bound(host, port)
    except OSError as problem:
        raise CannotStart(f"Cannot listen on {host}:{port} ({problem.strerror}); choose another --port.") from problem


async def serve_house(built: House, listening: socket.socket) -> None:
    """Serve a house until it is told to stop."""
    config = uvicorn.Config(
        built.app,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        http="httptools",
        timeout_graceful_shutdown=3,
        log_config=None,
    )
    await uvicorn.Server(config).serve(sockets=[listening])


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables up to date; harmless when they are."""
    settings = Settings()
    asyncio.run(upgrade(settings.database_url))
    typer.echo("The database is up to date.")


@staff.command("import")
def staff_import(
    file: Annotated[Path, typer.Argument(help="A staff file; see README.")],
    remove_others: Annotated[bool, typer.Option(help="Remove everybody whom the file does not name.")] = False,
) -> None:
    """Make the staff list say what a file says, and tell what changed; can be repeated."""
    try:
        listed = read_staff(file)
    except StaffFileError as problem:
        stop(str(problem), 1)
    changes = asyncio.run(_import(Settings(), file, listed, remove_others))
    for sentence in changes:
        typer.echo(sentence)
    if not changes:
        typer.echo("Nothing changed.")


async def _import(settings: Settings, file: Path, listed: Sequence[Listed], remove_others: bool) -> tuple[str, ...]:
    clock = SystemClock()
    store = await open_store(settings, clock, open_keyring(settings))
    try:
        directory = Directory(store, clock)
        changes = await import_staff(
            directory, Argon2Passwords(), listed, f"file:{file.name}", remove_others=remove_others
        )
    finally:
        await store.close()
    return changes.sentences


@app.command("carrier")
def run_carrier(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = carrier.DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    hub_url: Annotated[str, typer.Option(help="The hub's public address.")] = carrier.DEFAULT_HUB_URL,
    number: Annotated[str, typer.Option(help="The line's number.")] = carrier.DEFAULT_NUMBER,
    seed: Annotated[int, typer.Option(help="Seed of its chances.")] = 0,
    speed: Annotated[float, typer.Option(help="How many times as fast its people live.")] = 1.0,
) -> None:
    """Serve the simulated carrier alone: Twilio's REST API, TwiML, signed webhooks, phones with people."""
    carrier.run_carrier(host, port, hub_url=hub_url, number=number, seed=seed, speed=speed)


@app.command("demo")
def run_demo(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    callers: Annotated[int, typer.Option(help="How many simulated people may be on the line at once.")] = 6,
    seed: Annotated[int, typer.Option(help="Seed of the night; the same seed plays the same people.")] = 1,
    speed: Annotated[float, typer.Option(help="How many times as fast simulated people live.")] = 1.0,
) -> None:
    """Play a night: the service, a simulated carrier and simulated people, all marked DRILL."""
    night = demo.Night(port=port, callers=callers, seed=seed, speed=speed)
    with listen("127.0.0.1", port) as listening:
        asyncio.run(demo.play(night, lambda built: serve_house(built, listening)))
