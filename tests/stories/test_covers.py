"""Nights in which shifts change hands: a page goes to whoever has the shift in the second of its step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crisis_hub.adapters.telephony.simulator import Line, Person
from crisis_hub.application.cover_wishes import Ask
from crisis_hub.application.covers import Covers
from crisis_hub.application.shifts import Shifts
from crisis_hub.domain.covers import CoverState
from crisis_hub.domain.errors import SomebodyWasFirst
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import CoverLapsed, CoverTaken, Step, Stint, Target
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import STAFF as THE_STAFF
from tests.application.hands import Hands, World, hands
from tests.night import PUBLIC, Night, night, shipped
from tests.stories.scenes import at_high_risk, ladder, paged, pages_on

MINE = f"{PUBLIC}/my-shifts"
ON_CALL = Target("rota", "clinicians")
NEXT_HOURS = {"start": "2026-03-01T03:00:00Z", "end": "2026-03-01T12:00:00Z"}


def twice_the_rota() -> Rulebook:
    """The shipped rules, with a ladder that asks the rota twice, a minute apart."""
    book = shipped()
    steps = (Step((ON_CALL,), 60), Step((ON_CALL,), 60), Step((Target("role", "supervisor"),), 60))
    return replace(book, ladders={**book.ladders, "clinical": Ladder("clinical", steps)})


# ------------------------------------------------------------------------------------------ pages


async def test_a_swap_in_the_middle_of_a_page_the_next_step_asks_who_has_the_shift_now() -> None:
    """Ben sleeps. Ana takes his shift while his telephone rings: the second step wakes her, and his page stays his."""
    async with night(rulebook=twice_the_rota()) as tonight:
        tonight.phone_of("ana", Person(replies=(Line("1", when=r"Case (\d+)", after=5),)))
        case = await at_high_risk(tonight)
        await tonight.seconds(20)
        assert await paged(tonight, case) == ["ben"]

        await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **NEXT_HOURS})
        await tonight.seconds(1)
        assert await paged(tonight, case) == ["ben"]
        await tonight.seconds(60)

        assert await paged(tonight, case) == ["ben", "ana"]
        assert (await ladder(tonight, case)).taken_by == "ana"


async def test_who_handed_the_shift_over_is_not_woken_and_who_took_it_is() -> None:
    async with night() as tonight:
        cover = await tonight.done("ben", "/api/covers", {"rota": "clinicians", **NEXT_HOURS})
        await tonight.done("ana", f"/api/covers/{cover['id']}/take")
        case = await at_high_risk(tonight)
        await tonight.seconds(3)

        assert await paged(tonight, case) == ["ana"]
        assert pages_on(tonight.phone_of("ben"), case.number) == 0


async def test_a_shift_changes_hands_and_back_and_both_are_told_by_text_and_nobody_twice() -> None:
    async with night() as tonight:
        ask = {"rota": "clinicians", "of": "ana", "note": "my sister is ill", **NEXT_HOURS}
        cover = await tonight.done("ben", "/api/covers", ask)
        await tonight.seconds(2)
        await tonight.done("ana", f"/api/covers/{cover['id']}/take")
        await tonight.seconds(2)
        await tonight.done("ben", f"/api/covers/{cover['id']}/withdraw", {"reason": "she is well"})
        await tonight.minutes(1)

        notices = {who: told_of_covers(tonight, who) for who in ("ana", "ben", "sam", "lee")}
        when = "from Sat 28 Feb 21:00 until Sun 01 Mar 06:00 (America/Chicago)"
        assert notices == {
            "ana": [
                f"On clinicians you are asked to take the shift of Ben Hollis {when}. {MINE}",
                f"On clinicians the shift {when} is with Ben Hollis again and no longer with Ana Ortiz. {MINE}",
            ],
            "ben": [f"On clinicians Ana Ortiz now has the shift of Ben Hollis {when}. {MINE}"],
            "sam": [],
            "lee": [],
        }


async def test_at_the_end_of_the_cover_the_shift_is_back() -> None:
    async with night(rulebook=twice_the_rota()) as tonight:
        short = {"start": "2026-03-01T03:00:00Z", "end": "2026-03-01T03:01:20Z"}
        await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **short})
        await tonight.seconds(65)
        case = await at_high_risk(tonight)
        await tonight.seconds(60)

        assert await paged(tonight, case) == ["ana", "ben"]


async def test_leave_leaves_a_gap_that_everybody_sees_and_the_last_resort_fills() -> None:
    async with night() as tonight:
        await tonight.done("ben", "/api/leave", {**NEXT_HOURS, "why": "ill"})
        board = (await tonight.get("sam", "/api/board")).json()
        [now] = board["on_call"]
        assert ([one["id"] for one in now["people"]], now["by_last_resort"], now["lacking"]) == (["sam"], True, True)
        assert now["trouble"] == "Nobody has a shift on clinicians; the last resort would be paged."

        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        assert set(await paged(tonight, case)) == {"sam"}
        assert tonight.phone_of("ben").texts == []


async def test_when_everybody_of_a_role_is_on_leave_they_are_paged_all_the_same() -> None:
    """A page to somebody on leave is worse than one to a colleague, and better than none."""
    only = Ladder("clinical", (Step((Target("role", "clinician"),), 60), Step((Target("role", "clinician"),), 60)))
    async with night(rulebook=replace(shipped(), ladders={**shipped().ladders, "clinical": only})) as tonight:
        await tonight.done("ana", "/api/leave", NEXT_HOURS)
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        assert await paged(tonight, case) == ["ben"]

        await tonight.done("ben", "/api/leave", NEXT_HOURS)
        await tonight.seconds(60)
        assert sorted((await paged(tonight, case))[:3]) == ["ana", "ben", "ben"]


# ------------------------------------------------------------------------------------------ requests


async def test_a_request_that_nobody_took_lapses_when_the_shift_begins_and_the_shift_stays() -> None:
    async with night() as tonight:
        soon = {"start": "2026-03-01T03:01:00Z", "end": "2026-03-01T12:00:00Z"}
        cover = await tonight.done("ben", "/api/covers", {"rota": "clinicians", **soon})
        await tonight.seconds(59)
        assert await states(tonight) == {cover["id"]: "open"}
        await tonight.seconds(2)

        assert await states(tonight) == {cover["id"]: "lapsed"}
        [lapsed] = [one for one in await tonight.store.since(0) if isinstance(one.fact, CoverLapsed)]
        assert (lapsed.actor, lapsed.at.isoformat()) == ("watch", "2026-03-01T03:01:00+00:00")
        assert (await tonight.post("ana", f"/api/covers/{cover['id']}/take")).status_code == 409
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        assert await paged(tonight, case) == ["ben"]


async def test_the_screens_hear_of_a_cover_without_asking() -> None:
    async with night() as tonight:
        before = tonight.house.service.on_call()[0]
        await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **NEXT_HOURS})
        await tonight.seconds(1)
        after = tonight.house.service.on_call()[0]

        assert [[one.id for one in seen.people] for seen in (before, after)] == [["ben"], ["ana"]]


def told_of_covers(tonight: Night, who: str) -> list[str]:
    """Return the texts about covers on somebody's phone; those about a shift that begins are others."""
    return [one.body for one in tonight.phone_of(who).texts if one.body.startswith("On clinicians ")]


async def states(tonight: Night) -> dict[str, str]:
    covers = (await tonight.get("sam", "/api/covers")).json()["covers"]
    return {one["id"]: one["state"] for one in covers}


# ------------------------------------------------------------------------------------------ two processes


@asynccontextmanager
async def two_processes() -> AsyncIterator[tuple[Hands, Hands]]:
    """Two processes over one ledger, neither of which hears the bell of the other."""
    world = World()
    async with hands(shipped(), THE_STAFF, world=world, owner="one", working=False) as first:
        await first.directory.record(THE_STAFF, "test")
        async with hands(shipped(), world=world, owner="two", working=False) as second:
            yield first, second


def covers_of(process: Hands) -> Covers:
    return Covers(process.rotas, Shifts(process.rotas, process.directory), process.clock, process.world.ids)


def shift(process: Hands) -> Stint:
    return Stint(process.clock.now() + timedelta(hours=1), process.clock.now() + timedelta(hours=9))


async def test_of_two_who_take_a_cover_at_the_same_moment_in_two_processes_one_wins() -> None:
    async with two_processes() as (first, second):
        ben, ana, sam = (first.colleague(id) for id in ("ben", "ana", "sam"))
        cover = await covers_of(first).ask(ben, "clinicians", Ask(PersonId("ben"), shift(first)))
        answers = await asyncio.gather(
            covers_of(first).take(ana, cover.id), covers_of(second).take(sam, cover.id), return_exceptions=True
        )

        [won] = [one for one in answers if not isinstance(one, BaseException)]
        [lost] = [one for one in answers if isinstance(one, SomebodyWasFirst)]
        assert won.state is CoverState.TAKEN
        assert lost.who == first.colleague(str(won.taken_by)).name
        taken = [one for one in await first.ledger.since(0) if isinstance(one.fact, CoverTaken)]
        assert len(taken) == 1


async def test_a_shift_that_was_taken_in_another_process_counts_at_the_very_next_step() -> None:
    """No bell is heard between the two, and no round of the watch is gone: the ledger itself is asked."""
    async with two_processes() as (first, second):
        stint = Stint(first.clock.now(), first.clock.now() + timedelta(hours=9))
        assert [one.id for one in second.paging.resolve([ON_CALL])] == ["ben"]
        await covers_of(first).take_shift(first.colleague("ana"), "clinicians", "ben", stint)

        await second.rotas.fresh()
        assert [one.id for one in second.paging.resolve([ON_CALL])] == ["ana"]
        for name in ("clinicians",):
            assert first.rotas.overrides(name) == second.rotas.overrides(name) != ()


async def test_a_page_step_reads_the_rota_anew() -> None:
    world = World()
    async with hands(twice_the_rota(), THE_STAFF, world=world, owner="one") as first:
        await first.directory.record(THE_STAFF, "test")
        async with hands(shipped(), world=world, owner="two", working=False) as second:
            stint = Stint(second.clock.now(), second.clock.now() + timedelta(hours=9))
            await covers_of(second).take_shift(second.colleague("ana"), "clinicians", "ben", stint)
            case = await first.a_case()
            await first.answer(case, "asq.q1=yes")
            await first.answer(case, "asq.q5=yes")

            assert [page.person for x in (await first.case(case)).escalations for page in x.pages] == ["ana"]


@pytest.mark.parametrize("at", ["2026-03-08T07:30:00+00:00", "2026-11-01T06:30:00+00:00"])
async def test_a_cover_over_the_change_of_clocks_lasts_from_instant_to_instant(at: str) -> None:
    """When clocks are changed an instant is still an instant: no hour is lost, and none counts twice."""
    middle = datetime.fromisoformat(at)
    async with night() as tonight:
        await tonight.clock.advance((middle - tonight.clock.now()).total_seconds() - 4 * 3600)
        tonight.sessions.clear()
        [now] = (await tonight.get("rui", "/api/on-call?rota=clinicians")).json()
        [whose] = [one["id"] for one in now["people"]]
        taker = {"ana": "ben", "ben": "ana"}[whose]
        span = {
            "start": f"{middle - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{middle + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
        }
        await tonight.done(taker, "/api/rotas/clinicians/take-shift", {"person": whose, **span})
        [drawn] = [
            one for one in (await tonight.get("rui", "/api/rotas/clinicians/calendar")).json()["shifts"] if one["cover"]
        ]

        assert (drawn["start"], drawn["end"], drawn["person"]["id"]) == (span["start"], span["end"], taker)
