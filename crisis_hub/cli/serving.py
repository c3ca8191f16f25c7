"""`crisis-hub serve`: one process of the service, from settings."""

from __future__ import annotations

import asyncio
import socket
from typing import Annotated

import typer
import uvicorn
import uvloop

from crisis_hub import logs
from crisis_hub.adapters.telephony.simulator import bound
from crisis_hub.settings import CannotStart, Settings
from crisis_hub.wiring import House, house

app = typer.Typer(add_completion=False)


def _settings_help() -> str:
    lines = ["Serve from settings. Environment variables, also from .env:\n"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else f" Default: {field.default}"
        lines.append(f"\b\nCRISIS_HUB_{name.upper()}\n  {field.description}{default}\n")
    return "\n".join(lines)


@app.command("serve", help=_settings_help())
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
