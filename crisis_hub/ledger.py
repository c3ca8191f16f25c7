"""The ledger and its key, opened from settings: what a command needs that only reads or writes facts."""

from __future__ import annotations

from crisis_hub.adapters.keyring import KeyFileError, Keyring
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.application.ports import Clock, StoreUnavailable
from crisis_hub.settings import CannotStart, Settings


def open_keyring(settings: Settings) -> Keyring:
    """Read the key; on the embedded default make it when there is none."""
    path = settings.key_file()
    if path is None:
        raise CannotStart(
            "CRISIS_HUB_SECRET_KEY_FILE is needed with PostgreSQL; make it once with `crisis-hub key new FILE`."
        )
    try:
        return Keyring.from_file(path, make=settings.embedded)
    except KeyFileError as problem:
        raise CannotStart(str(problem)) from problem


async def open_store(settings: Settings, clock: Clock, keyring: Keyring) -> SqlStore:
    """Open the ledger; on SQLite bring its tables up to date first."""
    try:
        if settings.embedded:
            await upgrade(settings.database_url)
        store = await SqlStore.open(settings.database_url, clock, Vault(keyring.vault_key()))
        await store.head()
    except StoreUnavailable as problem:
        raise CannotStart(f"{problem} (CRISIS_HUB_DATABASE_URL)") from problem
    return store
