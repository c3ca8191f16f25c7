"""`crisis-hub demo`: the whole service on the embedded default, with a simulated carrier and simulated people."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
import typer

from crisis_hub import logs
from crisis_hub.adapters.clock import FastClock, SystemClock
from crisis_hub.adapters.ids import RandomIds, spoken_password
from crisis_hub.adapters.telephony.simulator import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Carrier,
    Line,
    Person,
    Press,
    Seeded,
    served,
)
from crisis_hub.application.ports import Clock
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.cli import demo_people as people
from crisis_hub.cli.serving import listen, serve_house
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from crisis_hub.settings import SHIPPED_RULES, CannotStart, Settings
from crisis_hub.wiring import House, house

app = typer.Typer(add_completion=False)

_SERVICE = "Harbor Line"
_CANARY = "+15550100099"
"""A number that sends back whatever it gets, so that the demo's canary flies as a real one does."""
_CANARY_CALL = "+15550100098"
"""A number that picks up and presses 4."""

Serve = Callable[[House], Awaitable[None]]

_REAL: tuple[tuple[str, str, Role, str], ...] = (
    ("rosa", "Rosa Ruiz", Role.RESPONDER, "+15550100010"),
    ("ana", "Dr. Ana Osei", Role.CLINICIAN, "+15550100001"),
    ("sam", "Sam Lindqvist", Role.SUPERVISOR, "+15550100003"),
    ("lee", "Lee Haddad", Role.CLINICAL_LEAD, "+15550100004"),
    ("ada", "Ada Kaya", Role.ADMIN, ""),
    ("aud", "Aud Brandt", Role.AUDITOR, ""),
)
_SIMULATED: tuple[tuple[str, str, Role, str], ...] = (
    ("ben", "Ben Hollis", Role.CLINICIAN, "+15550100002"),
    ("joy", "Joy Mensah", Role.RESPONDER, "+15550100011"),
    ("tom", "Tom Abara", Role.RESPONDER, "+15550100012"),
    ("elif", "Elif Nair", Role.RESPONDER, "+15550100013"),
)


@dataclass(frozen=True, slots=True)
class Night:
    """What kind of night is played."""

    port: int
    callers: int
    seed: int
    speed: float


async def play(night: Night, serve: Serve) -> None:
    """Play until somebody stops it."""
    if night.speed <= 0 or night.callers < 0:
        raise CannotStart("--speed must be above 0, and --callers must not be below 0.")
    logs.begin("WARNING")
    clock: Clock = SystemClock() if night.speed == 1.0 else FastClock(night.speed)
    url = f"http://127.0.0.1:{night.port}"
    carrier = Carrier(clock, RandomIds(clock), chance=Seeded(night.seed))
    carrier.rent(people.LINE, url)
    carrier.phone(_CANARY, Person(replies=(Line(r"\1", after=1.0, when=r"(?s)(.+)", again=True),)))
    carrier.phone(_CANARY_CALL, Person(answers_after=1, presses=(Press("4", 2),)))
    async with served(carrier.app) as carrier_url:
        built = await house(_settings(night.port, url, carrier_url), clock)
        listed = _staff()
        await import_staff(built.directory, built.tools.passwords, listed, "demo")
        acting = asyncio.create_task(_act(night, built, carrier, clock, listed))
        _print(url, carrier_url, listed)
        try:
            await serve(built)
        finally:
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)


def _settings(port: int, url: str, carrier_url: str) -> Settings:
    """Begin with an empty ledger, in a folder that is ours while we hold the port."""
    folder = Path("var") / f"demo-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rules = Path("rules")
    return Settings(
        database_url=f"sqlite:///{folder / 'crisis_hub.db'}",
        redis_url="",
        public_url=url,
        rules_dir=rules if rules.is_dir() else SHIPPED_RULES,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        twilio_api_url=carrier_url,
        twilio_number=people.LINE,
        secret_key_file=folder / "secret.key",
        service_name=_SERVICE,
        canary_number=_CANARY,
        canary_call_number=_CANARY_CALL,
        drill=True,
    )


def _staff() -> list[Listed]:
    return [_listed(*one) for one in (*_REAL, *_SIMULATED)]


def _listed(id: str, name: str, role: Role, number: str) -> Listed:
    reach = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 0)) if number else ()
    languages = ("en", "es") if id in ("rosa", "ana", "elif") else ("en",)
    return Listed(PersonId(id), name, (role,), languages, id, spoken_password(), reach)


async def _act(night: Night, built: House, carrier: Carrier, clock: Clock, listed: list[Listed]) -> None:
    """Bring the simulated people on, once the house is open."""
    chance = Seeded(night.seed)
    simulated = [one for one in listed if one.id in {s[0] for s in _SIMULATED} and Role.RESPONDER in one.roles]
    for one in simulated:
        carrier.phone(one.reach[0].address, Person(answers_after=2))
    carrier.phone("+15550100010", Person(answers_after=2))
    on_phones = [(one.id, one.reach[0].address) for one in listed if one.reach and Role.RESPONDER not in one.roles]
    transport = httpx.ASGITransport(built.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{night.port}") as http:
        responders = [
            people.Responder(
                people.Actor(one.id, one.name, one.username, one.password),
                built,
                http,
                clock,
                Seeded(night.seed + n),
            )
            for n, one in enumerate(simulated)
        ]
        await clock.sleep(0.5)
        await people.together(
            people.Callers(built, carrier, clock, chance, night.callers).play(),
            people.Phones(built, carrier, clock, on_phones).mind(),
            *(responder.work() for responder in responders),
        )


def _print(url: str, carrier_url: str, listed: list[Listed]) -> None:
    rows = [one for one in listed if one.id in {real[0] for real in _REAL}]
    typer.echo(f"\ncrisis_hub, a drill: everybody who calls and texts here is simulated.\n\n  Open  {url}\n")
    typer.echo(f"  {'Sign in as':<16}{'user name':<12}password")
    for one in rows:
        typer.echo(f"  {one.roles[0].replace('_', ' '):<16}{one.username:<12}{one.password}")
    typer.echo(
        "\n  A good start: sign in as sam (supervisor) and watch the board; then, in another browser window,"
        "\n  as rosa (responder), and answer somebody who waits. Pages go to simulated phones;"
        f"\n  what they heard and read: {carrier_url}/sim"
        "\n\n  Nothing here is clinically validated. Stop with Ctrl C.\n"
    )


@app.command("demo")
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    callers: Annotated[int, typer.Option(help="How many simulated people may be on the line at once.")] = 6,
    seed: Annotated[int, typer.Option(help="Seed of the night; the same seed plays the same people.")] = 1,
    speed: Annotated[float, typer.Option(help="How many times as fast simulated people live.")] = 1.0,
) -> None:
    """Play a night: the service, a simulated carrier and simulated people, all marked DRILL."""
    night = Night(port=port, callers=callers, seed=seed, speed=speed)
    with listen("127.0.0.1", port) as listening:
        asyncio.run(play(night, lambda built: serve_house(built, listening)))
