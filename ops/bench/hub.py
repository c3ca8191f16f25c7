"""A hub to be measured: the whole house behind the server that `crisis-hub serve` uses.

`--store sqlite` is what people run. `--store memory` is the same house with the ledger in memory: everything is still
parsed, checked, decided, written as bytes, sealed and shown on the board, and only the database is missing.
`--store none` only reads the form, checks the signature and answers.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub import logs
from crisis_hub.adapters.store.memory import MemorySessions, MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN
from crisis_hub.application.intake import Intake, TextIn, TextTaken
from crisis_hub.application.staff_list import import_staff
from crisis_hub.cli.serving import listen, serve_house
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.vocabulary import CaseId, MessageId
from crisis_hub.settings import SHIPPED_RULES, Settings
from crisis_hub.wiring import House, house
from ops.bench.rush_hub import rush_hour
from ops.bench.scene import FOLDER, LINE, PUBLIC, STAFF


class Stamps:
    """When each fact was durable, as the bell told it."""

    def __init__(self, built: House) -> None:
        self._kept: list[tuple[str, int, str, float]] = []
        built.tools.bus.listen(self._heard)
        built.app.router.routes.insert(0, Route("/bench/stamps", self._tell))

    def _heard(self, recorded: Sequence[Recorded]) -> None:
        at = time.perf_counter()
        self._kept += [(one.stream, one.sequence, type(one.fact).__name__, at) for one in recorded]

    async def _tell(self, _request: Request) -> Response:
        kept, self._kept = self._kept, []
        return JSONResponse(kept)


class _Silent(Intake):
    """Takes a text and does nothing with it."""

    def __init__(self) -> None:
        """Need nothing."""

    async def text(self, text: TextIn) -> TextTaken:
        """Answer at once."""
        return TextTaken(CaseId(""), "", MessageId(""))


async def serve(store: str, port: int, carrier: str, *, stamps: bool, people: int = 0) -> None:
    """Serve until told to stop."""
    folder = FOLDER / f"hub-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = _settings(folder, carrier)
    logs.begin(settings.log_level)
    built = await house(settings)
    if store == "memory":
        built = await _in_memory(built, settings)
    if people:
        built = await rush_hour(built, settings, people)
    await import_staff(built.directory, built.tools.passwords, STAFF, "bench")
    if store == "none":
        built.app.state.parts = replace(built.app.state.parts, intake=_Silent())
    if stamps:
        Stamps(built)
    with listen("127.0.0.1", port) as listening:
        await serve_house(built, listening)
    shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, carrier: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'crisis_hub.db'}",
        redis_url="",
        public_url=PUBLIC,
        rules_dir=SHIPPED_RULES,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        twilio_api_url=carrier,
        twilio_number=LINE,
        secret_key_file=folder / "secret.key",
    )


async def _in_memory(built: House, settings: Settings) -> House:
    await built.tools.store.close()
    store = MemoryStore(Vault(built.tools.keyring.vault_key()))
    tools = replace(built.tools, store=store, sessions=MemorySessions())
    return House(tools, built.app.state.parts.place, settings.language)


def main() -> None:
    """Read the options and serve."""
    options = argparse.ArgumentParser()
    options.add_argument("--store", choices=["sqlite", "memory", "none"], default="sqlite")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--carrier", default="http://127.0.0.1:9")
    options.add_argument("--stamps", type=int, default=0)
    options.add_argument("--people", type=int, default=0)
    given = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(given.store, given.port, given.carrier, stamps=bool(given.stamps), people=given.people))


if __name__ == "__main__":
    main()
