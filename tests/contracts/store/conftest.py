"""Every store there is, empty, with a way to open the same one again as another process would."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.memory import MemorySessions, MemoryStore
from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.adapters.store.sessions import SqlSessions
from crisis_hub.adapters.store.tables import metadata
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.application.ports import Sessions, Store

MASTER_KEY = bytes(range(32))


class Place:
    """Where a ledger lies."""

    def __init__(self, kind: str, url: str = "") -> None:
        self.kind = kind
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///"))
        self.spoiled = False
        """Whether more was changed than rows, so that nobody else may use the database after this test."""
        self._opened: list[Store] = []
        self._memory = MemoryStore(Vault(MASTER_KEY))

    async def open(self, master_key: bytes = MASTER_KEY) -> Store:
        """Open the ledger, each time as if from another process (memory has only one)."""
        store: Store = self._memory
        if self.kind != "memory":
            store = await SqlStore.open(self.url, HandClock(), Vault(master_key))
        self._opened.append(store)
        return store

    async def sessions(self) -> Sessions:
        if self.kind == "memory":
            return MemorySessions()
        store = await self.open()
        assert isinstance(store, SqlStore)
        return SqlSessions(store)

    async def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement behind the store's back."""
        self.spoiled = self.spoiled or statement.startswith("CREATE") or "alembic" in statement
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                found = connection.execute(statement).fetchall()
            connection.close()
            return found
        other = await asyncpg.connect(self.url)
        try:
            return [tuple(record) for record in await other.fetch(statement)]
        finally:
            await other.close()

    async def close(self) -> None:
        await asyncio.gather(*[store.close() for store in self._opened])


@pytest.fixture(scope="session")
def used_databases() -> list[str]:
    """PostgreSQL databases with our tables that tests have given back: emptying one is quicker than making one."""
    return []


async def _postgres(request: pytest.FixtureRequest) -> Place:
    used = request.getfixturevalue("used_databases")
    if not used:
        url = request.getfixturevalue("postgres").new_database()
        await upgrade(url)
        return Place("postgres", url)
    place = Place("postgres", used.pop())
    tables = ", ".join(name for name in metadata.tables if name != "head")
    await place.run(f"TRUNCATE {tables}")
    await place.run("UPDATE head SET sequence = 0")
    return place


async def _prepared(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """Give an empty ledger of a kind, and close what the test opened."""
    if kind == "postgres":
        place = await _postgres(request)
    elif kind == "sqlite":
        place = Place(kind, f"sqlite:///{request.getfixturevalue('tmp_path')}/ledger/hub.db")
        await upgrade(place.url)
    else:
        place = Place(kind)
    yield place
    await place.close()
    if kind == "postgres" and not place.spoiled:
        request.getfixturevalue("used_databases").append(place.url)


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """Every kind of store."""
    async for here in _prepared(request.param, request):
        yield here


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """Every kind of store that lies in a database."""
    async for here in _prepared(request.param, request):
        yield here


@pytest_asyncio.fixture
async def file(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """A store in an SQLite file."""
    async for here in _prepared("sqlite", request):
        yield here


@pytest_asyncio.fixture
async def store(place: Place) -> Store:
    return await place.open()
