"""The live picture: numbered, current, without private words, and the same as one folded from scratch."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.application import board as board_module
from crisis_hub.application.board import Board, Change, Picture, fold_from_scratch
from crisis_hub.domain.commands import CloseCase, WriteNote
from crisis_hub.domain.events import SEALED
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import Hands, hands

CLOSE = CloseCase(PersonId("rui"), "safe", "she is at home with her sister")


async def is_true(here: Hands) -> None:
    """The live board says what one folded from scratch says."""
    facts = await here.ledger.since(0, 100_000)
    scratch = fold_from_scratch(facts)

    assert here.board.sequence == scratch.sequence == len(facts)
    assert here.board.cases() == scratch.cases()
    for case in scratch.cases():
        assert here.board.sequence_of(case.id) == scratch.sequences[case.id]


async def busy(here: Hands) -> list[str]:
    """Three cases: one at risk, one closed, one that waits."""
    first = await here.a_case("+15550100901", "SM1")
    await here.judge(first, Risk.IMMINENT)
    second = await here.a_case("+15550100902", "SM2")
    await here.do(second, CLOSE)
    third = (await here.text("hello", "SM3", "+15550100903")).case
    await here.settle()
    return [first, second, third]


# ------------------------------------------------------------------------------------------ true


async def test_the_live_board_equals_one_folded_from_scratch() -> None:
    async with hands() as here:
        first, _, third = await busy(here)

        assert [case.id for case in here.board.cases()] == [first, third]
        await is_true(here)


async def test_the_same_facts_one_by_one_or_in_another_process_give_the_same_board() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        await busy(one)
        await two.watch.tick()

        assert two.board.cases() == one.board.cases()
        await is_true(two)


async def test_a_process_that_starts_in_the_middle_folds_what_is_open() -> None:
    async with hands() as one:
        await busy(one)
        async with hands(world=one.world, owner="two") as two:
            assert two.board.cases() == one.board.cases()
            await is_true(two)


async def test_a_case_that_begins_and_one_that_closes_while_the_board_is_loaded_are_right() -> None:
    async with hands() as one:
        case = await one.a_case()
        late = Board(one.ledger, one.bus)

        await asyncio.gather(late.load(), one.hub.do(case, CLOSE, "x"), one.text("new", "SM9", "+15550100909"))
        await late.catch_up()

        assert late.cases() == one.board.cases()
        assert late.sequence == one.board.sequence


async def test_the_board_holds_no_private_word() -> None:
    """Whoever looks over a supervisor's shoulder learns that somebody needs help, and not what they said."""
    async with hands() as here:
        case = (await here.text("CANARY in a text")).case
        await here.do(case, WriteNote(PersonId("rui"), "n1", "CANARY in a note"))
        await here.do(case, CLOSE)
        seen = here.board.case(case)

        assert seen is not None
        assert "CANARY" not in repr(seen)
        assert "sister" not in repr(seen)
        assert {contact.address for contact in seen.conversation.contacts} == {SEALED}


# ------------------------------------------------------------------------------------------ numbered changes


async def test_every_change_is_told_in_order_without_a_gap_with_the_case_as_it_was() -> None:
    async with hands() as here:
        told: list[Change] = []
        stop = here.board.watch(told.append)
        start = here.board.sequence
        case = await here.a_case()
        await here.judge(case, Risk.HIGH)
        count = len(told)
        stop()
        await here.do(case, WriteNote(PersonId("rui"), "n1", "a note"))

        assert [change.sequence for change in told] == list(range(start + 1, start + count + 1))
        states = [change.case.risk for change in told if change.case]
        assert states == sorted(states, key=[Risk.NOT_ASSESSED, Risk.HIGH].index)


async def test_who_comes_back_after_a_short_absence_gets_what_they_missed() -> None:
    async with hands() as here:
        await here.a_case()
        seen = here.board.sequence
        await here.text("more", "SM2")
        missed = here.board.changes_after(seen)

        assert missed is not None
        assert [change.sequence for change in missed] == list(range(seen + 1, here.board.sequence + 1))
        assert here.board.changes_after(here.board.sequence) == ()


async def test_who_was_away_too_long_or_is_ahead_gets_a_new_snapshot() -> None:
    async with hands() as one:
        await busy(one)
        async with hands(world=one.world, owner="two") as two:
            await two.text("new", "SM9")

            assert two.board.changes_after(1) is None
            assert two.board.changes_after(two.board.sequence + 1) is None
            assert one.board.changes_after(0) is None


async def test_a_gap_in_the_numbers_is_never_painted_over() -> None:
    """Facts of another process came between: the ledger is read, nothing is guessed."""
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        await two.text("hello", "SM2", "+15550100902")
        assert (two.board.behind, two.board.case(case)) == (True, None)
        await two.watch.tick()

        assert case in {one.id for one in two.board.cases()}
        await is_true(two)


async def test_a_picture_refuses_a_fact_that_does_not_follow() -> None:
    async with hands() as here:
        await here.a_case()
        facts = await here.ledger.since(0)
        picture = Picture()
        picture.apply(facts[0])

        with pytest.raises(ValueError, match="fact 3 does not follow 1"):
            picture.apply(facts[2])


async def test_facts_that_were_heard_already_are_not_folded_again() -> None:
    async with hands() as here:
        case = await here.a_case()
        facts = await here.ledger.since(0)
        here.board._heard(facts)
        here.board._heard(facts[-1:])
        seen = here.board.case(case)

        assert seen is not None
        assert len(seen.conversation.messages) == 2
        await is_true(here)


# ------------------------------------------------------------------------------------------ closed cases


async def test_a_closed_case_leaves_the_board_and_can_still_be_looked_at() -> None:
    async with hands() as here:
        case = await here.a_case()
        await here.do(case, CLOSE)

        assert here.board.cases() == []
        seen = here.board.case(case)
        assert seen is not None
        assert seen.outcome == "safe"


async def test_news_of_a_case_that_was_closed_long_ago_is_folded_whole() -> None:
    """A process that was not there when it was open still knows what it is."""
    async with hands() as one:
        case = await one.a_case()
        await one.do(case, CLOSE)
        async with hands(world=one.world, owner="two") as two:
            assert two.board.case(case) is None
            await one.do(case, WriteNote(PersonId("rui"), "n1", "called back"))
            await two.watch.tick()
            seen = two.board.case(case)

            assert seen is not None
            assert seen.outcome == "safe"
            assert [note.id for note in seen.notes] == ["n1"]
            await is_true(two)


async def test_two_readers_at_once_fold_a_stranger_once() -> None:
    """The watch and a bell may both read the ledger at the same time."""
    async with hands() as one:
        case = await one.a_case()
        await one.do(case, CLOSE)
        async with hands(world=one.world, owner="two") as two:
            await one.do(case, WriteNote(PersonId("rui"), "n1", "called back"))
            await asyncio.gather(*(two.board.catch_up() for _ in range(4)))
            seen = two.board.case(case)

            assert seen is not None
            assert len(seen.conversation.messages) == 2
            assert len(seen.notes) == 1


async def test_catching_up_reads_no_case_that_it_sees_from_its_beginning() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        await busy(one)
        before = one.ledger.reads
        await two.board.catch_up()

        assert one.ledger.reads == before


async def test_what_was_closed_long_ago_is_let_go() -> None:
    """Or a year of cases would stay in memory."""
    picture = Picture()
    async with hands() as here:
        case = await here.a_case()
        await here.do(case, CLOSE)
        facts = [one for one in await here.ledger.since(0) if one.stream == case]
    most = board_module._CLOSED_KEPT
    for number in range(most + 1):
        for one in facts:
            picture.put(type(one)(one.sequence, f"s{number}", one.version, one.at, one.actor, one.cause, one.fact))

    assert picture.case("s0") is None
    assert picture.case("s1") is not None
    assert len(picture.sequences) == most
