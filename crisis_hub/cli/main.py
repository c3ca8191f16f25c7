"""`crisis-hub`: every command. A command's rooms are opened only when it is called, so that each starts quickly."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup

from crisis_hub.settings import CannotStart

_COMMANDS = {
    "serve": ("serving", "Serve crisis_hub."),
    "demo": ("demo", "Play a night: the service, a simulated carrier and simulated people, all marked DRILL."),
    "carrier": ("carrier", "Serve the simulated carrier alone: Twilio's REST API, TwiML, signed webhooks, phones."),
    "db": ("db", "The database."),
    "key": ("keys", "The key that seals everything private."),
    "staff": ("staff", "The people who work here."),
    "rules": ("rules", "The rules: checked, tried out, compared, explained."),
    "rota": ("rota", "Who is on call."),
    "report": ("report", "How long pages took, and who was on call for how long."),
    "score": ("score", "Score answers to an instrument."),
}
"""Each command, the module of this room that has it as its `app`, and what it is for."""


class Commands(TyperGroup):
    """The commands by name; a module is imported when its command is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - click's own context
        """Return the names in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - click's own context and command
        """Return what the help needs of a command: its name and one sentence."""
        known = _COMMANDS.get(cmd_name)
        return TyperCommand(cmd_name, help=known[1]) if known else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - click's own context and command
        """Return the command that is called, with everything that it needs."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and name in _COMMANDS:
            module = import_module(f"crisis_hub.cli.{_COMMANDS[name][0]}")
            command = typer.main.get_command(module.app)
            command.name = name
        return name, command, rest


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False)


@app.callback()
def _hub() -> None:
    """crisis_hub: the open system for crisis lines."""


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
