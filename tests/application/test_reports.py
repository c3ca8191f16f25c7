"""Reports, folded from the ledger: rehearsals apart, arrangements counted, leave respected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from crisis_hub.application.ports import Entry
from crisis_hub.application.reports import Reports
from crisis_hub.application.rotas import stream_of
from crisis_hub.application.staff import STREAM as STAFF_STREAM
from crisis_hub.domain import events as e
from crisis_hub.domain.covering import Change
from crisis_hub.domain.rest import ShiftRules
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.vocabulary import (
    CaseId,
    Channel,
    ContactRef,
    EscalationId,
    PageId,
    PersonId,
    TakenBy,
)
from tests.application.hands import BOOK, Hands, hands
from tests.application.test_paging import rota

UTC_ZONE = ZoneInfo("UTC")
ANA, BEN, SAM = PersonId("ana"), PersonId("ben"), PersonId("sam")
WEEKLY = rota("ana", "ben", last_resort=["sam"])
BOTH = replace(BOOK, rotas={"clinicians": WEEKLY})


def reports(here: Hands, *, drill: bool = False) -> Reports:
    """Reports over the ledger of these hands."""
    return Reports(here.ledger, here.rotas, drill=drill)


async def a_ladder(here: Hands, id: str, *, drill: bool, taken: bool = True, after: int = 30) -> None:
    """A case with a ladder on which Ana was asked."""
    opened = e.CaseOpened(CaseId(id), "1001", Channel.TEXT, "en", ContactRef("ref"), drill)
    escalation, page = EscalationId(f"{id}-e1"), PageId(f"{id}-e1-1-ana")
    steps = (e.Step((e.Target("person", "ana"),), 120),)
    asked = e.PersonPaged(page, escalation, 1, ANA, "Ana", ())
    began = e.EscalationStarted(escalation, "clinical", Risk.HIGH, steps, "why")
    now = here.clock.now()
    await here.ledger.append(Entry(id, 0, (opened, began, asked), now, "test"))
    end: e.Fact = (
        e.PageTaken(page, escalation, ANA, "Ana", TakenBy.REPLY) if taken else e.EscalationExhausted(escalation)
    )
    await here.ledger.append(Entry(id, 3, (end,), now + timedelta(seconds=after), "test"))


async def whole(here: Hands, asked: Reports) -> tuple[int, int, int, float | None]:
    """The figures of the last hour."""
    now = here.clock.now()
    found = (await asked.pages(now - timedelta(hours=1), now + timedelta(hours=1), UTC_ZONE)).pages
    return found.count, found.taken, found.never_taken, found.median_seconds


async def test_rehearsals_count_only_in_a_rehearsal() -> None:
    async with hands(BOTH) as here:
        await a_ladder(here, "a" * 32, drill=False)
        await a_ladder(here, "b" * 32, drill=True, after=90)

        assert await whole(here, reports(here)) == (1, 1, 0, 30)
        assert await whole(here, reports(here, drill=True)) == (1, 1, 0, 90)


async def test_what_came_after_the_last_report_is_in_the_next_and_nothing_is_counted_twice() -> None:
    async with hands(BOTH) as here:
        asked = reports(here)
        await a_ladder(here, "a" * 32, drill=False)
        assert await whole(here, asked) == (1, 1, 0, 30)
        await a_ladder(here, "b" * 32, drill=False, taken=False)

        assert await whole(here, asked) == (2, 1, 1, 30)
        assert await whole(here, asked) == (2, 1, 1, 30)


async def test_an_override_counts_in_the_load_of_who_was_there() -> None:
    async with hands(BOTH) as here:
        start = here.clock.now()
        day = start + timedelta(days=1)
        asked = reports(here)
        before = {x.load.person: x.load.hours for x in await asked.on_call(start, start + timedelta(days=2))}
        first = max(before, key=lambda who: before[who])
        made = e.OverrideMade("o1", Change.REPLACE, SAM, first, start, day, SAM, (), "is ill")
        await here.ledger.append(Entry(stream_of("clinicians"), 0, (made,), start, "test"))
        await here.board.catch_up()
        after = {x.load.person: x.load.hours for x in await asked.on_call(start, start + timedelta(days=2))}

        assert after[SAM] > 0
        assert sum(after.values()) == sum(before.values()) == 48


async def test_a_proposal_goes_around_leave_and_keeps_the_rest_that_the_rota_asks_for() -> None:
    daily = replace(
        WEEKLY,
        layers=(replace(WEEKLY.layers[0], turn=Turn.HOURLY, shift_length=12, start=datetime(2026, 1, 5, 8)),),  # noqa: DTZ001
        rules=ShiftRules(rest=timedelta(hours=12)),
    )
    async with hands(replace(BOTH, rotas={"clinicians": daily})) as here:
        start = here.clock.now() + timedelta(days=1)
        leave = e.LeaveTaken("l1", ANA, start, start + timedelta(days=2), ANA, "away")
        known = len(await here.ledger.read(STAFF_STREAM))
        await here.ledger.append(Entry(STAFF_STREAM, known, (leave,), start, "test"))
        await here.board.catch_up()
        plan = await reports(here).proposal(daily, start, start + timedelta(days=6), (ANA, BEN, SAM))

        anas = [one.stint for one in plan.shifts if one.person == ANA]
        assert anas
        assert min(stint.start for stint in anas) >= leave.end
        for who in (BEN, SAM):
            own = [one.stint for one in plan.shifts if one.person == who]
            assert all(b.start - a.end >= timedelta(hours=11) for a, b in pairwise(own))


async def test_without_names_everybody_of_the_rota_is_planned() -> None:
    async with hands(BOTH) as here:
        start = here.clock.now()
        plan = await reports(here).proposal(WEEKLY, start, start + timedelta(days=28), ())

        assert {one.person for one in plan.shifts} == {ANA, BEN}
