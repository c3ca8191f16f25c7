"""Private words lie sealed, open only where they belong, and can be destroyed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crisis_hub.adapters.store.sqlite_door import GROUP
from crisis_hub.adapters.store.tables import metadata
from crisis_hub.application.ports import Store, StoreUnavailable
from crisis_hub.domain.events import SEALED, MessageReceived, PersonRegistered, Reach, Recorded
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from tests.contracts.store.conftest import Place
from tests.contracts.store.samples import CANARY, NUMBER, entry, message, opened, plain, whole


def _all_bytes(file: Place) -> bytes:
    return b"|".join(path.read_bytes() for path in file.path.parent.iterdir())


def _words(recorded: Recorded) -> str:
    assert isinstance(recorded.fact, MessageReceived)
    return recorded.fact.text


async def test_who_reads_in_commit_order_sees_private_fields_sealed(store: Store) -> None:
    registered = PersonRegistered(
        PersonId("ana"),
        "Ana",
        (Role.CLINICIAN,),
        ("en",),
        "ana",
        (Reach(Method.SMS, NUMBER, 0),),
        "argon2-hash",
    )
    await store.append(entry("staff", 0, registered, message()))
    first, second = await store.since(0)
    assert first.fact == replace(registered, reach=(), password_hash=SEALED)
    assert _words(second) == SEALED
    assert (await store.read("staff"))[0].fact == registered


async def test_no_private_word_stands_in_any_row(database: Place) -> None:
    store = await database.open()
    await store.append(whole("a"))
    for table in metadata.tables:
        for row in await database.run(f"SELECT * FROM {table}"):  # noqa: S608 - our own table names
            for cell in row:
                text = cell if isinstance(cell, bytes) else str(cell).encode()
                assert CANARY.encode() not in text, table
                assert NUMBER.encode() not in text, table


async def test_no_private_word_stands_in_any_file(file: Place) -> None:
    store = await file.open()
    await store.append(whole("a"))
    content = _all_bytes(file)
    assert b"MessageReceived" in content
    assert CANARY.encode() not in content
    assert NUMBER.encode() not in content


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("stream = 'case-a' AND version = 1", "stream = 'case-a' AND version = 2"),
        ("stream = 'case-a' AND version = 1", "stream = 'case-b' AND version = 1"),
    ],
)
async def test_sealed_words_moved_to_another_fact_do_not_open(database: Place, source: str, target: str) -> None:
    store = await database.open()
    await store.append(entry("case-a", 0, message("one"), message("two")))
    await store.append(entry("case-b", 0, message("three")))
    moved = f"(SELECT sealed FROM facts WHERE {source})"  # noqa: S608 - our own words
    await database.run(f"UPDATE facts SET sealed = {moved} WHERE {target}")  # noqa: S608 - our own words
    words = [_words(one) for stream in ("case-a", "case-b") for one in await store.read(stream)]
    assert words == (["one", SEALED, "three"] if "case-a" in target else ["one", "two", SEALED])


async def test_sealed_words_that_were_changed_do_not_open_and_the_rest_of_the_case_does(
    database: Place,
) -> None:
    store = await database.open()
    await store.append(entry("case-a", 0, message("one"), message("two")))
    shortened = "substr(sealed, 1, length(sealed) - 1)"
    await database.run(f"UPDATE facts SET sealed = {shortened} WHERE version = 1")  # noqa: S608 - our own words
    assert [_words(one) for one in await store.read("case-a")] == [SEALED, "two"]


async def test_a_stream_key_moved_to_another_stream_does_not_open(database: Place) -> None:
    store = await database.open()
    await store.append(entry("case-a"))
    await store.append(entry("case-b"))
    await database.run(
        "UPDATE stream_keys SET wrapped = (SELECT wrapped FROM stream_keys WHERE stream = 'case-a') "
        "WHERE stream = 'case-b'"
    )
    with pytest.raises(StoreUnavailable, match="case-b"):
        await store.read("case-b")


async def test_a_stream_whose_key_is_broken_takes_nobody_with_it(database: Place) -> None:
    store = await database.open()
    await store.append(entry("case-a"))
    broken = "zeroblob(60)" if database.kind == "sqlite" else "decode(repeat('00', 60), 'hex')"
    await database.run(f"UPDATE stream_keys SET wrapped = {broken}")  # noqa: S608 - our own words
    hurt = {0, 1, 2, GROUP - 1, GROUP + 5}  # first and last of a group, and in the middle of one
    entries = [entry("case-a", 1) if n in hurt else entry(f"case-{n}") for n in range(GROUP + 20)]
    done = await asyncio.gather(*[store.append(one) for one in entries], return_exceptions=True)
    assert {n for n, one in enumerate(done) if isinstance(one, StoreUnavailable)} == hurt
    reads = await asyncio.gather(
        *[store.read(stream) for stream in ("case-a", "case-7", "case-a", "case-8")], return_exceptions=True
    )
    assert [isinstance(one, StoreUnavailable) for one in reads] == [True, False, True, False]


async def test_a_forgotten_stream_keeps_its_history_and_loses_its_words(store: Store) -> None:
    await store.append(entry("case-a", 0, plain(), message()))
    await store.append(entry("case-b"))
    await store.forget("case-a")
    history = await store.read("case-a")
    assert [one.fact for one in history] == [plain(), message(SEALED)]
    assert [_words(one) for one in await store.read("case-b")] == [CANARY]


async def test_what_one_process_forgot_no_other_can_read(place: Place) -> None:
    one, other = await place.open(), await place.open()
    await one.append(entry("case-a"))
    assert [_words(each) for each in await other.read("case-a")] == [CANARY]
    await one.forget("case-a")
    assert [_words(each) for each in await other.read("case-a")] == [SEALED]
    await other.append(entry("case-a", 1))
    assert [_words(each) for each in await one.read("case-a")] == [SEALED, CANARY]


async def test_new_words_in_a_forgotten_stream_are_kept_and_the_old_stay_gone(store: Store) -> None:
    await store.append(entry("case-a"))
    await store.forget("case-a")
    await store.append(entry("case-a", 1, message("new words")))
    assert [_words(one) for one in await store.read("case-a")] == [SEALED, "new words"]


async def test_a_destroyed_key_is_not_found_in_the_files(file: Place) -> None:
    store = await file.open()
    for name in "abc":
        await store.append(entry(f"case-{name}", 0, *opened(name)))
    [(wrapped,)] = await file.run("SELECT wrapped FROM stream_keys WHERE stream = 'case-b'")
    assert wrapped in _all_bytes(file)
    await store.forget("case-b")
    assert wrapped not in _all_bytes(file)


async def test_with_another_master_key_nothing_opens_and_the_check_says_why(database: Place) -> None:
    store = await database.open()
    await store.check()
    await store.append(entry("case-a"))
    stranger = await database.open(master_key=b"x" * 32)
    with pytest.raises(StoreUnavailable, match="secret key file"):
        await stranger.check()
    with pytest.raises(StoreUnavailable, match="secret key file"):
        await stranger.read("case-a")
    with pytest.raises(StoreUnavailable, match="secret key file"):
        await stranger.append(entry("case-a", 1))
    assert [one.fact for one in await stranger.since(0)] == [message(SEALED)]


async def test_a_database_file_can_be_read_by_its_owner_only(file: Place) -> None:
    store = await file.open()
    await store.append(entry("case-a"))
    assert {oct(path.stat().st_mode & 0o777) for path in file.path.parent.iterdir()} == {"0o600"}


async def test_news_of_a_forgotten_stream_is_told_to_nobody_who_remembers_it(store: Store) -> None:
    """Whoever folded its words before must not add to them: nothing else says that they are to be let go."""
    await store.append(entry("case-a", 0, plain(), message()))
    await store.forget("case-a")
    assert await store.news("case-a", 1) is None
    assert await store.news("case-a", 2) is None
