"""Effects and deadlines: each is done by one at a time, and by somebody in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from crisis_hub.application.ports import Claimed, Settled, Settlement, Store
from tests.contracts.store.conftest import Place
from tests.contracts.store.samples import NOW, deadline, effect, entry, later, plain

LEASE = 4


async def _plan(store: Store, *effects: str) -> None:
    await store.append(replace(entry("case-a"), effects=tuple(effect(key) for key in effects)))


async def test_an_effect_is_claimed_as_it_was_planned(store: Store) -> None:
    planned = effect("case-a:1:page", priority=0)
    await store.append(replace(entry("case-a"), effects=(planned,)))
    assert list(await store.claim_effects(NOW, "w", LEASE, 10)) == [Claimed(planned, 1)]


async def test_an_effect_is_not_claimed_before_its_time(store: Store) -> None:
    await store.append(replace(entry("case-a"), effects=(effect("e", at=later(10)),)))
    assert not await store.claim_effects(later(9.999), "w", LEASE, 10)
    assert await store.claim_effects(later(10), "w", LEASE, 10)


async def test_the_most_urgent_effects_are_claimed_first_and_then_the_oldest(store: Store) -> None:
    planned = (
        effect("text-late", at=later(2), priority=5),
        effect("text-early", at=later(1), priority=5),
        effect("page", at=later(3), priority=0),
        effect("alarm", at=later(3), priority=1),
    )
    await store.append(replace(entry("case-a"), effects=planned))
    first = await store.claim_effects(later(5), "w", LEASE, 2)
    second = await store.claim_effects(later(5), "w", LEASE, 10)
    assert [one.effect.key for one in (*first, *second)] == ["page", "alarm", "text-early", "text-late"]


async def test_what_one_worker_holds_no_other_is_given(store: Store) -> None:
    await _plan(store, "e")
    assert await store.claim_effects(NOW, "one", LEASE, 10)
    assert not await store.claim_effects(later(LEASE - 0.001), "other", LEASE, 10)


async def test_when_the_lease_is_over_another_is_given_it_and_knows_that_it_was_begun(store: Store) -> None:
    await _plan(store, "e")
    await store.claim_effects(NOW, "one", LEASE, 10)
    [again] = await store.claim_effects(later(LEASE), "other", LEASE, 10)
    assert again.tries == 2


async def test_workers_of_two_processes_never_hold_the_same_effect(place: Place) -> None:
    one, other = await place.open(), await place.open()
    await _plan(one, *[f"e{n}" for n in range(60)])
    claims = await asyncio.gather(
        *[store.claim_effects(NOW, f"w{n}", LEASE, 7) for n in range(10) for store in (one, other)]
    )
    count = Counter(claimed.effect.key for each in claims for claimed in each)
    assert set(count.values()) == {1}
    left = await one.claim_effects(NOW, "w", LEASE, 100)
    assert len(count) + len(left) == 60


async def test_a_settled_effect_is_never_claimed_again(store: Store) -> None:
    await _plan(store, *Settlement)
    await store.claim_effects(NOW, "w", LEASE, 10)
    for outcome in Settlement:
        await store.settle(Settled(outcome, "w", outcome))
    assert not await store.claim_effects(later(10_000), "w", LEASE, 10)


async def test_an_entry_settles_the_effect_that_led_to_it(store: Store) -> None:
    await _plan(store, "e")
    await store.claim_effects(NOW, "w", LEASE, 10)
    settled = (Settled("e", "w", Settlement.HANDED_OVER, "SM1"),)
    await store.append(replace(entry("case-a", 1), settled=settled))
    assert not await store.claim_effects(later(10_000), "w", LEASE, 10)


async def test_the_word_of_a_worker_whose_lease_has_passed_on_is_ignored(store: Store) -> None:
    await _plan(store, "e", "f")
    await store.claim_effects(NOW, "slow", LEASE, 10)
    await store.claim_effects(later(LEASE), "quick", LEASE, 10)

    await store.settle(Settled("e", "slow", Settlement.CONFIRMED))
    await store.append(replace(entry("case-a", 1, plain()), settled=(Settled("f", "slow", Settlement.CONFIRMED),)))
    await store.retry("e", "slow", later(LEASE))

    assert await store.head() == 2  # what it found out is true all the same
    assert not await store.claim_effects(later(LEASE + 1), "third", LEASE, 10)
    again = await store.claim_effects(later(2 * LEASE), "third", LEASE, 10)
    assert {one.effect.key: one.tries for one in again} == {"e": 3, "f": 3}


async def test_a_last_word_is_not_taken_back(database: Place) -> None:
    store = await database.open()
    await _plan(store, "e")
    await store.claim_effects(NOW, "w", LEASE, 10)
    await store.settle(Settled("e", "w", Settlement.HANDED_OVER, "SM1"))
    await store.settle(Settled("e", "w", Settlement.CONFIRMED, "SM1"))
    await store.settle(Settled("e", "w", Settlement.FAILED, "late"))
    await store.retry("e", "w", NOW)
    assert await database.run("SELECT state, detail FROM effects") == [("confirmed", "SM1")]


async def test_an_effect_given_back_is_tried_again_at_its_new_time(store: Store) -> None:
    await _plan(store, "e")
    await store.claim_effects(NOW, "w", LEASE, 10)
    await store.retry("e", "w", later(30))
    assert not await store.claim_effects(later(29), "x", LEASE, 10)
    [again] = await store.claim_effects(later(30), "x", LEASE, 10)
    assert again.tries == 2


async def test_one_effect_can_be_taken_before_it_is_due_but_by_nobody_else_and_not_when_it_is_over(
    place: Place,
) -> None:
    store, other = await place.open(), await place.open()
    await _plan(store, "e")
    await store.claim_effects(NOW, "w", LEASE, 10)
    assert not await other.take_effect("e", NOW, "x", LEASE)
    await store.retry("e", "w", later(30), unsent=True)

    assert await other.take_effect("e", NOW, "x", LEASE)
    assert not await store.take_effect("e", NOW, "w", LEASE)
    assert await other.take_effect("e", NOW, "x", LEASE)
    assert not await store.claim_effects(later(LEASE - 1), "w", LEASE, 10)
    [again] = await store.claim_effects(later(LEASE), "w", LEASE, 10)  # who took it has died
    assert (again.tries, again.begun) == (4, True)
    await store.settle(Settled("e", "w", Settlement.HANDED_OVER, "SM1"))
    assert not await other.take_effect("e", later(99), "x", LEASE)
    assert not await other.take_effect("never", NOW, "x", LEASE)


async def test_the_next_worker_is_told_whether_the_try_before_surely_went_nowhere(
    place: Place,
) -> None:
    """Whichever process takes it; and only of the very try before, since one that died in between said nothing."""
    store, other = await place.open(), await place.open()
    await _plan(store, "e")
    [first] = await store.claim_effects(NOW, "w", LEASE, 10)
    assert not first.begun
    await store.retry("e", "w", NOW, unsent=True)
    [second] = await other.claim_effects(NOW, "x", LEASE, 10)
    assert (second.tries, second.begun) == (2, False)
    [third] = await store.claim_effects(later(LEASE), "y", LEASE, 10)  # the second died
    assert (third.tries, third.begun) == (3, True)
    await store.retry("e", "y", later(LEASE))
    [fourth] = await other.claim_effects(later(LEASE), "z", LEASE, 10)
    assert fourth.begun
    await store.retry("e", "y", later(LEASE), unsent=True)  # too late: it is another's by now
    await other.retry("e", "z", later(LEASE), unsent=True)
    [fifth] = await store.claim_effects(later(LEASE), "w", LEASE, 10)
    assert (fifth.tries, fifth.unsent, fifth.begun) == (5, 4, False)


async def test_planning_an_effect_twice_is_planning_it_once(store: Store) -> None:
    await _plan(store, "e")
    await store.claim_effects(NOW, "w", LEASE, 10)
    await store.settle(Settled("e", "w", Settlement.CONFIRMED))
    await store.append(replace(entry("case-a", 1), effects=(effect("e"), effect("e"))))
    assert not await store.claim_effects(later(100), "w", LEASE, 10)


async def test_a_deadline_is_claimed_when_it_is_due_the_earliest_first(store: Store) -> None:
    planned = (deadline("late", later(20)), deadline("early", later(10)), deadline("far", later(100)))
    await store.append(replace(entry("case-a"), deadlines=planned))
    assert not await store.claim_deadlines(later(9), "w", LEASE, 10)
    assert list(await store.claim_deadlines(later(20), "w", LEASE, 10)) == [planned[1], planned[0]]


async def test_no_more_deadlines_are_given_than_asked_for(store: Store) -> None:
    planned = tuple(deadline(f"d{n}", later(n)) for n in range(5))
    await store.append(replace(entry("case-a"), deadlines=planned))
    assert [one.key for one in await store.claim_deadlines(later(9), "w", LEASE, 2)] == ["d0", "d1"]


async def test_a_deadline_comes_again_until_an_entry_says_that_it_is_reached(store: Store) -> None:
    await store.append(replace(entry("case-a"), deadlines=(deadline("d"),)))
    assert await store.claim_deadlines(NOW, "one", LEASE, 10)
    assert not await store.claim_deadlines(later(LEASE - 1), "other", LEASE, 10)
    assert await store.claim_deadlines(later(LEASE), "other", LEASE, 10)
    await store.append(replace(entry("case-a", 1), reached=("d",)))
    assert not await store.claim_deadlines(later(1000), "other", LEASE, 10)


async def test_a_deadline_about_which_there_is_nothing_to_say_is_dropped(store: Store) -> None:
    await store.append(replace(entry("case-a"), deadlines=(deadline("d"), deadline("e"))))
    await store.drop_deadline("d")
    await store.drop_deadline("never there")
    assert [one.key for one in await store.claim_deadlines(NOW, "w", LEASE, 10)] == ["e"]


async def test_a_deadline_planned_anew_is_due_at_its_new_time(store: Store) -> None:
    await store.append(replace(entry("case-a"), deadlines=(deadline("d", later(10)),)))
    await store.append(replace(entry("case-a", 1), reached=("d",), deadlines=(deadline("d", later(50)),)))
    assert not await store.claim_deadlines(later(49), "w", LEASE, 10)
    assert await store.claim_deadlines(later(50), "w", LEASE, 10)


async def test_watches_of_two_processes_never_hold_the_same_deadline(place: Place) -> None:
    one, other = await place.open(), await place.open()
    await one.append(replace(entry("case-a"), deadlines=tuple(deadline(f"d{n}") for n in range(60))))
    claims = await asyncio.gather(
        *[store.claim_deadlines(NOW, f"w{n}", LEASE, 7) for n in range(10) for store in (one, other)]
    )
    count = Counter(due.key for each in claims for due in each)
    assert set(count.values()) == {1}
    left = await one.claim_deadlines(NOW, "w", LEASE, 100)
    assert len(count) + len(left) == 60


async def test_a_lane_takes_only_what_is_in_it_and_leaves_the_rest(store: Store) -> None:
    """An imminent page has workers of its own, and they must never be given anything else."""
    planned = tuple(effect(f"of priority {n}", priority=n) for n in range(8))
    await store.append(replace(entry("case-a"), effects=planned))

    urgent = await store.claim_effects(NOW, "w", LEASE, 10, (0, 0))
    pages = await store.claim_effects(NOW, "w", LEASE, 10, (1, 2))
    none = await store.claim_effects(NOW, "w", LEASE, 10, (1, 2))
    rest = await store.claim_effects(NOW, "w", LEASE, 10)

    taken = [[one.effect.priority for one in claimed] for claimed in (urgent, pages, none, rest)]
    assert taken == [[0], [1, 2], [], [3, 4, 5, 6, 7]]
