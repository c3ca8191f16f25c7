"""`crisis-hub db`: the tables of the ledger."""

from __future__ import annotations

import asyncio

import typer

from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The database.")


@app.callback()
def _db() -> None:
    """Keep `db` a word of its own, with commands below it."""


@app.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables up to date; harmless when they are."""
    settings = Settings()
    asyncio.run(upgrade(settings.database_url))
    typer.echo("The database is up to date.")
