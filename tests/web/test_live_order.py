"""The order of those who wait over the live board: as time passes, and when the longest waits are changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crisis_hub.domain.queue import Waits
from crisis_hub.domain.risk import Risk
from crisis_hub.web import schemas as s
from tests.night import Night
from tests.web.kit import WRITER, book, house
from tests.web.sockets import screen

QUIET, LOUD = "+15550100901", "+15550100902"


def change_waits(tonight: Night, minutes: int) -> None:
    """Somebody wrote other waits into the file, and it was read."""
    changed = replace(book(), waits=Waits(longest=dict.fromkeys(Risk, timedelta(minutes=minutes))))
    live = tonight.house.app.state.live
    live._parts = replace(live._parts, rulebook=lambda: changed)


async def test_a_snapshot_has_the_order_of_its_own_moment() -> None:
    """Many come back at once and share one; a second later the order may be another with nothing recorded."""
    async with house() as tonight:
        quiet = await tonight.text(QUIET, "hello")
        await tonight.seconds(295)
        loud = await tonight.text(LOUD, "i want to die")
        for seconds, expected in ((0, [loud.id, quiet.id]), (10, [quiet.id, loud.id])):
            await tonight.seconds(seconds)
            async with screen(tonight, "sam") as socket:
                first = await socket.heard()
                assert isinstance(first, s.Snapshot)
                assert [case.id for case in first.cases] == expected


async def test_other_waits_reach_every_screen_that_is_open() -> None:
    """No fact tells of them, so that a screen would go on with the old ones for as long as it stays open."""
    async with house() as tonight:
        await tonight.text(WRITER, "hello")
        async with screen(tonight, "sam") as socket:
            first = await socket.heard()
            assert isinstance(first, s.Snapshot)
            assert first.cases[0].rank is not None
            assert first.cases[0].rank.longest_wait_seconds == 300
            change_waits(tonight, 2)
            await tonight.seconds(2)
            again = [one for one in await socket.all_so_far() if isinstance(one, s.Snapshot)]

            assert [one.cases[0].rank.longest_wait_seconds for one in again if one.cases[0].rank] == [120]


async def test_who_may_not_see_cases_is_told_of_none_of_them_when_the_waits_change() -> None:
    async with house() as tonight:
        await tonight.text(WRITER, "hello")
        async with screen(tonight, "ada") as socket:
            change_waits(tonight, 2)
            await tonight.seconds(2)

            assert all(one.cases == [] for one in await socket.all_so_far() if isinstance(one, s.Snapshot))
