"""What it means that something was recorded."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from crisis_hub.application.ports import CaseQuery, Conflict, MarkTaken, Store, StoreError
from crisis_hub.domain.events import Recorded
from tests.contracts.store.conftest import Place
from tests.contracts.store.samples import (
    NOW,
    deadline,
    effect,
    entry,
    later,
    message,
    opened,
    plain,
    row,
    whole,
)


async def test_what_was_appended_is_read_back_as_it_was_returned(store: Store) -> None:
    first = await store.append(entry("case-a", 0, *opened("a")))
    second = await store.append(entry("case-a", 3, plain(), message("more")))

    assert [one.sequence for one in (*first, *second)] == [1, 2, 3, 4, 5]
    assert [one.version for one in (*first, *second)] == [1, 2, 3, 4, 5]
    assert list(await store.read("case-a")) == [*first, *second]
    assert second[1] == Recorded(5, "case-a", 5, NOW, "line", "SM1", message("more"))
    assert await store.head() == 5


async def test_an_empty_ledger_has_nothing_to_say(store: Store) -> None:
    assert await store.head() == 0
    assert list(await store.since(0)) == []
    assert list(await store.read("case-a")) == []
    assert await store.marks(["sid:1"]) == {}
    assert await store.claim_effects(NOW, "w", 4, 10) in ((), [])


async def test_streams_share_one_sequence_and_have_their_own_versions(store: Store) -> None:
    await store.append(entry("case-a", 0, plain()))
    await store.append(entry("case-b", 0, plain()))
    [third] = await store.append(entry("case-a", 1, plain()))
    assert (third.sequence, third.version) == (3, 2)
    assert [one.sequence for one in await store.read("case-a")] == [1, 3]
    assert [one.stream for one in await store.since(1)] == ["case-b", "case-a"]


async def test_news_is_what_came_after_and_is_read_as_the_whole_is(store: Store) -> None:
    await store.append(entry("case-a", 0, plain(), message("one")))
    await store.append(entry("case-b", 0, message("elsewhere")))
    await store.append(entry("case-a", 2, message("two"), plain()))
    whole = list(await store.read("case-a"))
    for version in range(5):
        news = await store.news("case-a", version)
        assert news is not None
        assert list(news) == whole[version:]


async def test_a_reader_is_given_no_more_than_it_asks_for(store: Store) -> None:
    await store.append(entry("case-a", 0, *[plain()] * 5))
    assert [one.sequence for one in await store.since(1, limit=2)] == [2, 3]


@pytest.mark.parametrize("expected", [0, 2])
async def test_an_entry_for_another_version_than_the_streams_is_a_conflict_and_writes_nothing(
    store: Store, expected: int
) -> None:
    await store.append(entry("case-a"))
    stale = replace(
        entry("case-a", expected),
        marks=(("sid:2", "a"),),
        effects=(effect("e"),),
        deadlines=(deadline("d"),),
        row=row("a"),
    )
    with pytest.raises(Conflict):
        await store.append(stale)
    assert await store.head() == 1
    assert await store.marks(["sid:2"]) == {}
    assert not await store.claim_effects(later(60), "w", 4, 10)
    assert not await store.claim_deadlines(later(60), "w", 4, 10)
    assert not await store.cases(CaseQuery())


async def test_of_many_that_decided_on_the_same_version_one_wins(store: Store) -> None:
    done = await asyncio.gather(*[store.append(entry("case-a")) for _ in range(20)], return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in done) == 1
    assert sum(isinstance(one, Conflict) for one in done) == 19
    assert len(await store.read("case-a")) == 1


async def test_a_conflict_takes_nobody_with_it(store: Store) -> None:
    entries = [entry(f"case-{n}", 7 if n % 5 == 2 else 0) for n in range(40)]
    done = await asyncio.gather(*[store.append(one) for one in entries], return_exceptions=True)
    assert [isinstance(one, Conflict) for one in done] == [n % 5 == 2 for n in range(40)]
    assert [one.sequence for one in await store.since(0)] == list(range(1, 33))


async def test_entries_for_one_stream_that_wait_together_follow_each_other(store: Store) -> None:
    done = await asyncio.gather(*[store.append(entry("case-a", n)) for n in range(10)])
    assert [one.version for [one] in done] == list(range(1, 11))


async def test_a_taken_mark_is_told_with_its_value_and_nothing_is_written(store: Store) -> None:
    await store.append(replace(entry("case-a"), marks=(("sid:1", "case-a"),)))
    with pytest.raises(MarkTaken) as caught:
        await store.append(replace(entry("case-b"), marks=(("sid:0", "x"), ("sid:1", "case-b"))))
    assert (caught.value.key, caught.value.value) == ("sid:1", "case-a")
    assert await store.head() == 1
    assert await store.marks(["sid:0", "sid:1"]) == {"sid:1": "case-a"}


async def test_the_same_mark_five_times_at_once_is_made_once(store: Store) -> None:
    entries = [replace(entry(f"case-{n}"), marks=(("sid:1", str(n)),)) for n in range(5)]
    done = await asyncio.gather(*[store.append(one) for one in entries], return_exceptions=True)
    won = [n for n, one in enumerate(done) if isinstance(one, tuple)]
    assert len(won) == 1
    assert {one.value for one in done if isinstance(one, MarkTaken)} == {str(won[0])}
    assert await store.head() == 1


async def test_a_taken_mark_is_told_before_a_grown_stream(store: Store) -> None:
    await store.append(replace(entry("case-a"), marks=(("sid:1", "case-a"),)))
    with pytest.raises(MarkTaken):
        await store.append(replace(entry("case-a"), marks=(("sid:1", "case-a"),)))


async def test_a_mark_that_was_taken_away_can_be_made_again(store: Store) -> None:
    await store.append(replace(entry("case-a"), marks=(("open:1", "a"), ("sid:1", "a"))))
    await store.append(replace(entry("case-a", 1), unmarks=("open:1", "never-there")))
    assert await store.marks(["open:1", "sid:1"]) == {"sid:1": "a"}
    await store.append(replace(entry("case-b"), marks=(("open:1", "b"),)))
    assert await store.marks(["open:1"]) == {"open:1": "b"}


async def test_one_entry_can_take_a_mark_away_and_make_it_anew(store: Store) -> None:
    await store.append(replace(entry("case-a"), marks=(("open:1", "a"),)))
    await store.append(replace(entry("case-a", 1), unmarks=("open:1",), marks=(("open:1", "b"),)))
    assert await store.marks(["open:1"]) == {"open:1": "b"}


async def test_marks_made_and_taken_away_by_entries_that_wait_together_end_as_the_last_one_says(
    store: Store,
) -> None:
    await asyncio.gather(
        store.append(replace(entry("case-a", 0), marks=(("open:1", "a"), ("open:2", "a")))),
        store.append(replace(entry("case-a", 1), unmarks=("open:1", "open:2"))),
        store.append(replace(entry("case-a", 2), marks=(("open:2", "b"),))),
    )
    assert await store.marks(["open:1", "open:2"]) == {"open:2": "b"}


async def test_every_reader_finds_the_ledger_without_a_gap_while_many_write(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    stores = [await place.open(), await place.open()]
    total = 120
    seen: list[Recorded] = []

    async def read() -> None:
        while len(seen) < total:
            new = await stores[0].since(len(seen))
            assert [one.sequence for one in new] == list(range(len(seen) + 1, len(seen) + len(new) + 1))
            seen.extend(new)
            await asyncio.wait([asyncio.ensure_future(stores[1].head())])

    async def write(number: int) -> tuple[Recorded, ...]:
        first = await stores[number % 2].append(entry(f"case-{number}", 0, plain(), message()))
        return (*first, *await stores[(number + 1) % 2].append(entry(f"case-{number}", 2)))

    _, *written = await asyncio.gather(read(), *[write(number) for number in range(total // 3)])
    by_sequence = {one.sequence: one for each in written if each for one in each}
    assert sorted(by_sequence) == list(range(1, total + 1))
    assert [(one.stream, one.version) for one in seen] == [
        (by_sequence[one.sequence].stream, by_sequence[one.sequence].version) for one in seen
    ]
    assert caplog.text == ""  # they took turns: nobody ran into another and had to begin again


async def test_two_stores_on_one_ledger_let_one_of_two_win(place: Place) -> None:
    one, other = await place.open(), await place.open()
    for turn in range(20):
        done = await asyncio.gather(
            one.append(replace(entry("case-a", turn), marks=((f"sid:{turn}", "one"),))),
            other.append(replace(entry("case-a", turn), marks=((f"sid:{turn}", "other"),))),
            return_exceptions=True,
        )
        assert sorted(isinstance(each, StoreError) for each in done) == [False, True]
    assert await one.head() == 20
    assert [each.version for each in await other.read("case-a")] == list(range(1, 21))


async def test_an_entry_that_the_database_cannot_take_leaves_no_trace_and_takes_nobody_with_it(
    database: Place,
) -> None:
    store = await database.open()
    if database.kind == "sqlite":
        await database.run(
            "CREATE TRIGGER breaks BEFORE INSERT ON cases WHEN new.number = 'boom' "
            "BEGIN SELECT RAISE(ABORT, 'boom'); END"
        )
    else:
        await database.run(
            "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF new.number = 'boom' THEN RAISE 'boom'; END IF; RETURN new; END $$"
        )
        await database.run("CREATE TRIGGER breaks BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION breaks()")
    entries = [whole(str(n), number="boom" if n == 5 else "1001") for n in range(10)]
    done = await asyncio.gather(*[store.append(one) for one in entries], return_exceptions=True)

    assert [type(one) for one in done] == [StoreError if n == 5 else tuple for n in range(10)]
    assert [one.sequence for one in await store.since(0)] == list(range(1, 28))
    assert list(await store.read("case-5")) == []
    assert await store.marks(["sid:4", "sid:5"]) == {"sid:4": "4"}
    assert len(await store.claim_effects(later(1), "w", 4, 20)) == 9
    assert len(await store.claim_deadlines(later(1), "w", 4, 20)) == 9
    assert len(await store.cases(CaseQuery())) == 9
    assert await database.run("SELECT count(*) FROM stream_keys") == [(9,)]


async def test_who_no_longer_waits_disturbs_nobody_and_the_words_are_kept(store: Store) -> None:
    waiting = [asyncio.ensure_future(store.append(entry(f"case-{n}"))) for n in range(10)]
    await asyncio.wait(waiting[:1], timeout=0)
    for task in waiting[3:6]:
        task.cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(one, tuple) for one in done[:3] + done[6:])
    assert len(await store.since(0)) == 10


async def test_text_that_no_database_can_hold_is_made_harmless(store: Store) -> None:
    hostile = replace(
        entry("case-a", 0, message("so \ud83d\x00 sad \U0001f614")),
        actor="na\x00me \udc00",
        marks=(("sid:\x00\ud800", "va\x00lue"),),
        effects=(replace(effect("e\x00"), subject="\udfff"),),
    )
    [recorded] = await store.append(hostile)
    assert recorded.fact == message("so \ufffd\ufffd sad \U0001f614")
    assert list(await store.read("case-a")) == [recorded]
    assert await store.marks(["sid:\x00\ud800"]) == {"sid:\x00\ud800": "va\ufffdlue"}
    [claimed] = await store.claim_effects(NOW, "w", 4, 1)
    assert claimed.effect.subject == "\ufffd"


async def test_an_instant_without_a_zone_is_refused_before_anything_is_written(store: Store) -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - that is the point
    for wrong in (replace(entry("a"), at=naive), replace(entry("a"), effects=(effect("e", at=naive),))):
        with pytest.raises(ValueError, match="zone"):
            await store.append(wrong)
    assert await store.head() == 0


async def test_a_closed_store_says_so(database: Place) -> None:
    store = await database.open()
    await store.append(entry("case-a"))
    await store.close()
    with pytest.raises(StoreError):
        await store.append(entry("case-b"))


async def test_what_was_asked_for_before_closing_is_done(database: Place) -> None:
    store = await database.open()
    waiting = [asyncio.ensure_future(store.append(entry(f"case-{n}"))) for n in range(50)]
    await asyncio.wait(waiting[:1], timeout=0)
    await store.close()
    await asyncio.gather(*waiting)
    assert len(await (await database.open()).since(0)) == 50
