"""The file is locked, full, gone or broken: said quickly and in a sentence, nothing half-written, and then on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.store.work import Order, ask
from crisis_hub.application.ports import Effect, Store, StoreUnavailable
from tests.contracts.store.conftest import MASTER_KEY, Place
from tests.contracts.store.samples import NOW, entry, later, message, whole

QUICK = 2.5
"""Seconds within which bad news must come."""


async def _refused(asked: Awaitable[object], words: str) -> None:
    """Wait for what was asked, which must fail, quickly, with a sentence that has these words."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(StoreUnavailable, match=words):
        await asked
    assert loop.time() - begun < QUICK


async def test_a_locked_file_is_said_quickly_to_everybody_who_waits_and_works_after_release(
    file: Place,
) -> None:
    store = await file.open()
    await store.append(entry("case-a"))
    locker = sqlite3.connect(file.path, isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    await asyncio.gather(
        *[_refused(store.append(whole(str(n))), "locked by another program") for n in range(10)],
        _refused(store.check(), "locked"),
        _refused(store.next_number(), "locked"),
    )
    assert [one.sequence for one in await store.since(0)] == [1]  # reading goes on
    locker.execute("COMMIT")
    locker.close()
    await store.append(whole("b"))
    await store.check()
    assert await store.head() == 4
    assert await store.marks([f"sid:{n}" for n in range(10)]) == {}


async def test_a_full_disk_is_said_and_nothing_is_half_written(file: Place) -> None:
    store = await file.open()
    assert isinstance(store, SqlStore)
    await store.append(entry("case-a"))
    [[pages]] = await store.door.write(lambda: ask(_pragma("page_count")))
    await store.door.write(lambda: ask(_pragma(f"max_page_count = {pages + 1}")))

    big = "x" * 20_000
    await _refused(store.append(entry("case-b", 0, *[message(big)] * 3)), "is full")
    assert await store.head() == 1
    assert list(await store.read("case-b")) == []

    await store.door.write(lambda: ask(_pragma("max_page_count = 1000000")))
    await store.append(entry("case-b", 0, message(big)))
    assert [one.sequence for one in await store.since(0)] == [1, 2]


def _pragma(words: str) -> Order:
    return Order(f"PRAGMA {words}", lambda values: values)


async def test_a_file_that_was_taken_away_is_noticed_and_not_written_into_the_void(file: Place) -> None:
    store = await file.open()
    await store.append(entry("case-a"))
    kept = file.path.with_name("kept.db")
    await store.check()
    for path in sorted(file.path.parent.iterdir()):
        path.rename(str(path).replace("hub.db", "kept.db"))
    await _refused(store.append(entry("case-b")), "is gone")
    await _refused(store.check(), "is gone")
    await _refused(store.read("case-a"), "is gone")
    assert not file.path.exists()  # and no new and empty ledger in its place

    for path in sorted(kept.parent.iterdir()):
        path.rename(str(path).replace("kept.db", "hub.db"))
    await store.append(entry("case-b"))
    assert [one.stream for one in await store.since(0)] == ["case-a", "case-b"]


async def test_a_file_that_was_exchanged_for_another_is_the_one_that_is_used(
    file: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = await file.open()
    await store.append(entry("case-a"))
    backup = tmp_path_factory.mktemp("backup") / "hub.db"
    await file.run(f"VACUUM INTO '{backup}'")
    await store.append(entry("case-b"))
    for path in list(file.path.parent.iterdir()):
        path.unlink()
    backup.rename(file.path)
    [recorded] = await store.append(entry("case-c"))
    assert recorded.sequence == 2
    assert [one.stream for one in await store.since(0)] == ["case-a", "case-c"]


async def test_a_file_without_our_tables_says_what_to_run(file: Place) -> None:
    store = await file.open()
    file.path.unlink()
    sqlite3.connect(file.path).execute("CREATE TABLE t (a)").connection.close()
    await _refused(store.append(entry("case-a")), "crisis-hub db upgrade")
    await _refused(store.head(), "crisis-hub db upgrade")


async def test_a_file_that_is_no_database_says_so(file: Place) -> None:
    store = await file.open()
    file.path.write_bytes(b"this is a letter, not a database, and it is long enough to be looked at" * 20)
    await _refused(store.append(entry("case-a")), "not a database")


async def test_a_store_can_be_opened_before_its_file_is_made(file: Place) -> None:
    url = f"sqlite:///{file.path.parent}/not/yet/there.db"
    store: Store = await SqlStore.open(url, HandClock(), Vault(MASTER_KEY))
    await _refused(store.head(), "crisis-hub db upgrade")
    await store.close()


async def test_claims_that_find_nothing_need_no_write(file: Place) -> None:
    store = await file.open()
    await store.append(entry("case-a"))
    locker = sqlite3.connect(file.path, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    assert not await store.claim_effects(later(9), "w", 4, 10)
    assert not await store.claim_deadlines(later(9), "w", 4, 10)
    locker.close()


async def test_commits_are_made_to_survive_a_power_cut(file: Place) -> None:
    store = await file.open()
    assert isinstance(store, SqlStore)
    [[synchronous]] = await store.door.write(lambda: ask(_pragma("synchronous")))
    [[mode]] = await store.door.write(lambda: ask(_pragma("journal_mode")))
    assert (synchronous, mode) == (2, "wal")


async def test_what_is_wrong_with_one_entry_is_not_said_of_the_database(file: Place) -> None:
    store = await file.open()
    too_great = Effect("e", "case-a", "k", "s", NOW, priority=2**70)
    with pytest.raises(Exception, match="could not be written") as caught:
        await store.append(replace(entry("case-a"), effects=(too_great,)))
    assert not isinstance(caught.value, StoreUnavailable)
    await store.append(entry("case-a"))
