"""`crisis-hub carrier`: the simulated carrier alone, on a real socket."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from crisis_hub.adapters.clock import FastClock, SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN, Account, Carrier, Seeded, bound
from crisis_hub.application.ports import Clock

DEFAULT_NUMBER = "+15550100100"
DEFAULT_HUB_URL = "http://127.0.0.1:8000"
DEFAULT_PORT = 8001

app = typer.Typer(add_completion=False)


def run_carrier(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    *,
    account_sid: str = ACCOUNT_SID,
    auth_token: str = AUTH_TOKEN,
    number: str = DEFAULT_NUMBER,
    hub_url: str = DEFAULT_HUB_URL,
    hub_listens: str | None = None,
    seed: int = 0,
    speed: float = 1.0,
) -> None:
    """Serve the simulated carrier until it is told to stop.

    `hub_url` is the hub's public address, below which webhooks are posted and for which they are signed;
    `hub_listens` is where it is really reached, if that is somewhere else.
    """
    clock: Clock = SystemClock() if speed == 1.0 else FastClock(speed)
    reach = {hub_url.rstrip("/"): hub_listens.rstrip("/")} if hub_listens else None
    carrier = Carrier(
        clock, RandomIds(clock), chance=Seeded(seed), account=Account(account_sid, auth_token), reach=reach
    )
    carrier.rent(number, hub_url)
    try:
        listening = bound(host, port)
    except OSError as error:
        typer.echo(
            f"The carrier cannot listen on {host}:{port} ({error.strerror}); choose another --port.",
            err=True,
        )
        raise typer.Exit(2) from error
    address = f"http://{host}:{listening.getsockname()[1]}"
    for line in _settings(address, account_sid, auth_token, number, hub_url):
        typer.echo(line)
    config = uvicorn.Config(carrier.app, log_level="warning", access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listening])


def _settings(address: str, account_sid: str, auth_token: str, number: str, hub_url: str) -> list[str]:
    """Say how to point the hub here."""
    return [
        f"# The simulated carrier listens on {address} and posts its webhooks to {hub_url}.",
        f"# Phones, people and faults: {address}/sim",
        f"CRISIS_HUB_TWILIO_API_URL={address}",
        f"CRISIS_HUB_TWILIO_ACCOUNT_SID={account_sid}",
        f"CRISIS_HUB_TWILIO_AUTH_TOKEN={auth_token}",
        f"CRISIS_HUB_TWILIO_NUMBER={number}",
        f"CRISIS_HUB_PUBLIC_URL={hub_url}",
    ]


@app.command("carrier")
def carrier(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    hub_url: Annotated[str, typer.Option(help="The hub's public address.")] = DEFAULT_HUB_URL,
    number: Annotated[str, typer.Option(help="The line's number.")] = DEFAULT_NUMBER,
    seed: Annotated[int, typer.Option(help="Seed of its chances.")] = 0,
    speed: Annotated[float, typer.Option(help="How many times as fast its people live.")] = 1.0,
) -> None:
    """Serve the simulated carrier alone: Twilio's REST API, TwiML, signed webhooks, phones with people."""
    run_carrier(host, port, hub_url=hub_url, number=number, seed=seed, speed=speed)
