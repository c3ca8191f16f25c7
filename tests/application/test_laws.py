"""Two laws over every command: the live board is one folded from scratch, and a replay gives what the hub saw."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import get_args

from crisis_hub.application.board import fold_from_scratch
from crisis_hub.domain.case import fold
from crisis_hub.domain.commands import Command
from crisis_hub.domain.vocabulary import CaseState
from tests.application.hands import hands
from tests.domain.full_night import a_full_night
from tests.domain.given import CASE, Given


def test_every_command_is_asked_in_that_night() -> None:
    """So that the laws below are tried on all of them."""
    assert {type(command) for command in a_full_night().asked} == set(get_args(Command))


def pace(night: Given) -> list[tuple[Command, float]]:
    """Return every command of a night, and how many seconds pass before it."""
    times = night.asked_at
    waits = [0.0, *((later - earlier).total_seconds() for earlier, later in pairwise(times))]
    return list(zip(night.asked, waits, strict=True))


async def test_after_every_command_the_board_and_the_replay_agree_with_the_hub() -> None:
    night = a_full_night()
    async with hands(night.rulebook, working=False) as here:
        for command, seconds in pace(night):
            await here.clock.advance(seconds)
            done = await here.hub.do(CASE, command, "test")
            facts = await here.ledger.since(0, 10_000)
            scratch = fold_from_scratch(facts)
            recorded = await here.ledger.read(CASE)

            assert here.board.cases() == scratch.cases()
            assert here.board.sequence == scratch.sequence == len(facts)
            assert fold((one.fact, one.at) for one in recorded) == done.case  # type: ignore[misc]
            assert done.sequence == recorded[-1].sequence
        assert (await here.case(CASE)).state is CaseState.CLOSED


async def test_every_command_asked_twice_of_the_hub_is_once() -> None:
    """Carriers, phones and workers repeat themselves; the ledger does not."""
    night = a_full_night()
    async with hands(night.rulebook, working=False) as once, hands(night.rulebook, working=False) as twice:
        for command, seconds in pace(night):
            await asyncio.gather(once.clock.advance(seconds), twice.clock.advance(seconds))
            await once.hub.do(CASE, command, "test")
            await twice.hub.do(CASE, command, "test")
            if type(command).__name__ != "StandDown":  # refused the second time: there is nothing left to stand down
                await twice.hub.do(CASE, command, "test")

        first, second = [[one.fact for one in await here.ledger.read(CASE)] for here in (once, twice)]
        assert first == second
