"""The server is stopped, cut off, hung or busy: said quickly, told truthfully, and then on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable

import asyncpg
import pytest
import pytest_asyncio

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.migrations.upgrade import upgrade
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.store.work import Order, ask
from crisis_hub.application.ports import StoreUnavailable
from tests.contracts.store.conftest import MASTER_KEY
from tests.contracts.store.cut_wire import Wire
from tests.contracts.store.samples import entry, later, whole
from tests.servers import PostgresServer

QUICK = 4.5
"""Seconds within which bad news must come; two waits of 2 s where a lost commit is looked up."""


async def _open(url: str) -> SqlStore:
    return await SqlStore.open(url, HandClock(), Vault(MASTER_KEY))


async def _refused(asked: Awaitable[object], words: str) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(StoreUnavailable, match=words):
        await asked
    assert loop.time() - begun < QUICK


@pytest_asyncio.fixture
async def wire(postgres_url: str) -> AsyncIterator[Wire]:
    """A wire to an empty ledger, that can be cut."""
    await upgrade(postgres_url)
    async with Wire(postgres_url) as ready:
        yield ready


async def test_a_stopped_server_is_said_quickly_and_the_store_goes_on_when_it_is_back(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.new_database()
    await upgrade(url)
    store = await _open(url)
    await store.append(whole("a"))
    own_postgres.stop()
    await asyncio.gather(
        *[_refused(store.append(entry(f"case-{n}")), "cannot be reached") for n in range(5)],
        _refused(store.check(), "cannot be reached"),
        _refused(store.read("case-a"), "cannot be reached"),
        _refused(store.claim_effects(later(1), "w", 4, 1), "cannot be reached"),
    )
    own_postgres.start()
    await store.append(entry("case-b"))
    await store.check()
    assert [one.sequence for one in await store.since(0)] == [1, 2, 3, 4]
    await store.close()


async def test_a_server_that_was_restarted_in_between_is_not_noticed_by_anybody(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.new_database()
    await upgrade(url)
    store = await _open(url)
    await store.append(whole("a"))
    await store.head()
    own_postgres.stop()
    own_postgres.start()
    done = await asyncio.gather(*[store.append(entry(f"case-{n}")) for n in range(5)], store.head(), store.check())
    assert done[0]
    assert await store.head() == 8
    await store.close()


async def test_a_commit_whose_answer_was_lost_is_told_as_done_when_it_is_done(wire: Wire) -> None:
    store = await _open(wire.url)
    await store.append(entry("case-a"))
    wire.cut_on, wire.server_hears = b"COMMIT", True
    [recorded] = await store.append(entry("case-b"))
    assert wire.cuts == 1
    assert recorded.sequence == 2
    assert list(await store.read("case-b")) == [recorded]
    await store.close()


async def test_a_commit_that_never_arrived_is_told_as_not_done(wire: Wire) -> None:
    store = await _open(wire.url)
    await store.append(entry("case-a"))
    wire.cut_on, wire.server_hears = b"COMMIT", False
    await _refused(store.append(whole("b")), "nothing was written")
    assert wire.cuts == 1
    assert list(await store.read("case-b")) == []
    assert await store.marks(["sid:b"]) == {}
    await store.append(whole("b"))
    assert await store.head() == 4
    await store.close()


async def test_a_connection_lost_in_the_middle_of_a_group_leaves_nothing_and_is_tried_again(
    wire: Wire,
) -> None:
    store = await _open(wire.url)
    await store.append(entry("case-a"))
    wire.cut_on = b"case-b"
    [*recorded] = await store.append(whole("b"))
    assert wire.cuts == 1
    assert [one.sequence for one in recorded] == [2, 3, 4]
    await store.close()


async def test_a_network_that_swallows_everything_is_said_within_seconds(wire: Wire) -> None:
    store = await _open(wire.url)
    await store.append(entry("case-a"))
    await store.head()
    wire.hold = True
    await asyncio.gather(
        _refused(store.append(entry("case-b")), "does not answer"),
        _refused(store.head(), "does not answer"),
        _refused(store.check(), "does not answer"),
    )
    wire.hold = False
    await store.append(entry("case-c"))
    assert await store.head() == 2
    await store.close()


async def test_a_head_row_that_another_program_holds_is_said_and_let_go_of(wire: Wire) -> None:
    store = await _open(wire.url)
    await store.append(entry("case-a"))
    holder = await asyncpg.connect(wire.url)
    await holder.execute("BEGIN; SELECT * FROM head FOR UPDATE")
    await _refused(store.append(entry("case-b")), "locked by another program")
    await holder.execute("ROLLBACK")
    await holder.close()
    await store.append(entry("case-b"))
    assert await store.head() == 2
    await store.close()


async def test_a_wrong_address_is_said_without_the_password(postgres_url: str) -> None:
    store = await _open(postgres_url.replace("postgres@", "postgres:sesame@") + "_not_there")
    with pytest.raises(StoreUnavailable, match="_not_there does not let us in") as caught:
        await store.head()
    assert "sesame" not in str(caught.value)
    await store.close()


async def test_a_database_without_our_tables_says_what_to_run(postgres_url: str) -> None:
    store = await _open(postgres_url)
    await _refused(store.append(entry("case-a")), "crisis-hub db upgrade")
    await _refused(store.head(), "crisis-hub db upgrade")
    await store.close()


async def test_a_server_set_to_answer_before_its_disk_does_is_overruled(postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    operator = await asyncpg.connect(postgres_url)
    await operator.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await operator.close()
    await upgrade(postgres_url)
    store = await _open(postgres_url)
    show = Order("SHOW synchronous_commit", lambda values: values)
    [[setting]] = await store.door.write(lambda: ask(show))
    assert setting == "on"
    await store.close()
