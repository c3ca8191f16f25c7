"""What people arranged on the rotas, for the commands that say who is on call: read from the ledger where there is one.

Without a ledger the files are the whole truth. With one that cannot be read nothing is said at all: a rota without its
covers may name somebody who handed the shift over.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.store.memory import MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.application.ports import Store, StoreError
from crisis_hub.application.rotas import Rotas
from crisis_hub.domain.rulebook import Rulebook
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import CannotStart, Settings


def rotas_on_record(book: Rulebook) -> Rotas:
    """Return the rotas with everything that was arranged on them; with nothing, where no ledger was made yet."""
    settings = Settings()
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.embedded and not file.is_file():
        return _over(MemoryStore(Vault(bytes(32))), book)
    return asyncio.run(_read(settings, book))


async def _read(settings: Settings, book: Rulebook) -> Rotas:
    store = await open_store(settings, SystemClock(), open_keyring(settings))
    try:
        rotas = _over(store, book)
        await rotas.fresh()
    except StoreError as problem:
        raise CannotStart(f"What was arranged on the rotas cannot be read: {problem}") from problem
    finally:
        await store.close()
    return rotas


def _over(store: Store, book: Rulebook) -> Rotas:
    return Rotas(store, MemoryBus(), SystemClock(), lambda: book)
