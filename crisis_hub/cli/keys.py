"""`crisis-hub key`: the key that seals everything private."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.keyring import KeyFileError, Keyring

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The key that seals everything private.")


@app.callback()
def _keys() -> None:
    """Keep `key` a word of its own, with commands below it."""


@app.command("new")
def new(file: Annotated[Path, typer.Argument(help="Where to write it; must not exist yet.")]) -> None:
    """Make a new key, readable by this user alone."""
    if file.exists():
        typer.echo(f"{file} exists and is not overwritten: what it sealed could never be read again.", err=True)
        raise typer.Exit(1)
    try:
        Keyring.from_file(file, make=True)
    except KeyFileError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem
    typer.echo(f"{file} was made. Keep a copy of it apart from the database's backups.")
