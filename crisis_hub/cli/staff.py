"""`crisis-hub staff`: the people who work here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.passwords import Argon2Passwords
from crisis_hub.application.staff import Directory
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.cli.staff_file import StaffFileError, read_staff
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The people who work here.")


@app.callback()
def _staff() -> None:
    """Keep `staff` a word of its own, with commands below it."""


@app.command("import")
def staff_import(
    file: Annotated[Path, typer.Argument(help="A staff file; see README.")],
    remove_others: Annotated[bool, typer.Option(help="Remove everybody whom the file does not name.")] = False,
) -> None:
    """Make the staff list say what a file says, and tell what changed; can be repeated."""
    try:
        listed = read_staff(file)
    except StaffFileError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem
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
