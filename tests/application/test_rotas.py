"""The rotas as the hands know them: fresh when it counts, one look for many askers, and a page without any."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from crisis_hub.application.arranging import Arranging, Wanted
from crisis_hub.application.cover_wishes import MOST_OPEN, Anyway, Ask
from crisis_hub.application.covers import Covers
from crisis_hub.application.ports import Entry, StoreError
from crisis_hub.application.rotas import stream_of
from crisis_hub.application.shifts import Shifts
from crisis_hub.application.staff import STREAM as STAFF
from crisis_hub.domain.covering import Change
from crisis_hub.domain.covers import CoverState
from crisis_hub.domain.errors import NotAllowed, NotFound, SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.events import CoverWithdrawn, LeaveTaken, OverrideMade, Stint, Target
from crisis_hub.domain.rest import ShiftRules
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rota import shifts
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from tests.application.hands import STAFF as THE_STAFF
from tests.application.hands import Hands, World, hands, person
from tests.application.test_paging import on_ladder, rota

ANA, BEN, SAM = PersonId("ana"), PersonId("ben"), PersonId("sam")
BOOK = on_ladder(Target("rota", "clinicians"), rotas=[rota("ana", last_resort=["sam"])])
"""Ana is on call, week after week."""

ROTA = "clinicians"


def hours(here: Hands, begin: float, end: float) -> Stint:
    now = here.clock.now()
    return Stint(now + timedelta(hours=begin), now + timedelta(hours=end))


def covers(here: Hands) -> Covers:
    return Covers(here.rotas, Shifts(here.rotas, here.directory), here.clock, here.world.ids)


def arranging(here: Hands) -> Arranging:
    return Arranging(here.rotas, Shifts(here.rotas, here.directory), here.clock, here.world.ids)


def who(here: Hands, after: float = 0) -> list[str]:
    at = here.clock.now() + timedelta(hours=after)
    return list(here.rotas.on_call(here.rotas.rota(ROTA), at).people)


async def elsewhere(here: Hands, id: str = "o", who: PersonId = BEN) -> None:
    """Another process, whose bell nobody here hears, puts Ben in Ana's place."""
    stint = hours(here, 0, 9)
    made = OverrideMade(id, Change.REPLACE, who, ANA, stint.start, stint.end, SAM, (), "ill")
    known = len(await here.ledger.read(stream_of(ROTA)))
    await here.ledger.append(Entry(stream_of(ROTA), known, (made,), here.clock.now(), "elsewhere"))


# ------------------------------------------------------------------------------------------ reading


async def test_what_another_process_wrote_is_known_once_asked_for_and_not_before() -> None:
    async with hands(BOOK) as here:
        await elsewhere(here)
        assert who(here) == ["ana"]
        await here.rotas.fresh()
        assert who(here) == ["ben"]


async def test_a_page_goes_to_who_took_the_shift_in_another_process_a_moment_ago() -> None:
    async with hands(BOOK) as here:
        case = await here.a_case()
        await elsewhere(here)
        await here.judge(case, Risk.HIGH)

        assert await here.open_pages(case) == ["ben"]


async def test_many_who_ask_at_once_share_one_look_and_each_sees_what_was_there_when_it_asked() -> None:
    """A burst of a thousand pages must not read the ledger a thousand times before the first goes out."""
    async with hands(BOOK, working=False) as here:
        looks = 0
        catch_up = here.rotas._catch_up
        assert catch_up is not None

        async def counted() -> None:
            nonlocal looks
            looks += 1
            await catch_up()

        here.rotas._catch_up = counted
        await asyncio.gather(*(here.rotas.fresh() for _ in range(1000)))
        assert looks <= 2

        before = asyncio.create_task(here.rotas.fresh())
        await elsewhere(here)
        await asyncio.gather(before, *(here.rotas.fresh() for _ in range(10)))
        assert who(here) == ["ben"]


async def test_rotas_that_cannot_be_read_are_no_reason_not_to_page() -> None:
    async with hands(BOOK) as here:
        case = await here.a_case()

        async def broken() -> None:
            raise StoreError("a fact of a newer version")

        here.rotas._catch_up = broken
        await here.judge(case, Risk.HIGH)

        assert await here.open_pages(case) == ["ana"]


async def test_a_stream_that_could_not_be_read_is_read_the_next_time() -> None:
    async with hands(BOOK, working=False) as here:
        await elsewhere(here)
        await here.board.catch_up()
        here.ledger.go_down()
        with pytest.raises(StoreError):
            await here.rotas._read_what_is_stale()
        here.ledger.mend()
        await here.rotas.fresh()
        assert who(here) == ["ben"]


# ------------------------------------------------------------------------------------------ writing


async def test_of_many_who_take_a_shift_at_once_one_wins_and_every_other_is_told_who() -> None:
    staff = (*THE_STAFF, *(person(f"c{n}", Role.CLINICIAN, f"+1555010020{n}") for n in range(9)))
    async with hands(BOOK, staff, working=False) as here:
        cover = await covers(here).ask(here.colleague("ana"), ROTA, Ask(ANA, hours(here, 1, 9)))
        asking = [covers(here).take(here.colleague(f"c{n}"), cover.id) for n in range(9)]
        answers = await asyncio.gather(*asking, return_exceptions=True)

        won = [one for one in answers if not isinstance(one, BaseException)]
        lost = [one for one in answers if isinstance(one, SomebodyWasFirst)]
        assert (len(won), len(lost)) == (1, 8)
        assert {one.who for one in lost} == {here.colleague(str(won[0].taken_by)).name}


async def test_a_neighbour_who_wrote_first_makes_it_decide_again_on_what_is_there_then() -> None:
    """Between the look and the write somebody else put Ben in Ana's place: there is nothing left to take from her."""
    async with hands(BOOK, working=False) as here:
        cover = await covers(here).ask(here.colleague("ana"), ROTA, Ask(ANA, hours(here, 1, 9)))
        here.ledger.meanwhile = lambda: elsewhere(here, who=SAM)
        with pytest.raises(TooLate):
            await covers(here).take(here.colleague("ben"), cover.id)


async def test_a_request_lapses_once_however_many_processes_notice() -> None:
    world = World()
    async with hands(BOOK, world=world, working=False) as one:
        await one.directory.record(THE_STAFF, "test")
        async with hands(BOOK, world=world, owner="two", working=False) as two:
            cover = await covers(one).ask(one.colleague("ana"), ROTA, Ask(ANA, hours(one, 1, 9)))
            await two.rotas.fresh()
            await one.clock.advance(3600)
            await asyncio.gather(one.rotas.round(), two.rotas.round(), one.rotas.round(), two.rotas.round())

            history = await one.rotas.history(ROTA)
            assert [type(fact.fact).__name__ for fact in history] == ["CoverAsked", "CoverLapsed"]
            assert {covers(here).find(cover.id)[1].state for here in (one, two)} == {CoverState.LAPSED}


async def test_when_everybody_of_the_rota_has_declined_the_request_is_over() -> None:
    async with hands(on_ladder(rotas=[rota("ana", "ben", last_resort=["sam"])]), working=False) as here:
        now_on = who(here)[0]
        other = {"ana": "ben", "ben": "ana"}[now_on]
        cover = await covers(here).ask(here.colleague(now_on), ROTA, Ask(PersonId(now_on), hours(here, 1, 9)))
        assert (await covers(here).decline(here.colleague(other), cover.id)).state is CoverState.OPEN
        assert (await covers(here).decline(here.colleague(other), cover.id)).declined_by == (other,)
        assert (await covers(here).decline(here.colleague("sam"), cover.id)).state is CoverState.DECLINED


async def test_nobody_asks_without_end() -> None:
    async with hands(BOOK, working=False) as here:
        ana = here.colleague("ana")
        for n in range(MOST_OPEN):
            await covers(here).ask(ana, ROTA, Ask(ANA, hours(here, 1, 2 + n)))
            await arranging(here).take_leave(ana, "ana", hours(here, 1, 2 + n))
        with pytest.raises(TooLate, match="Withdraw one first"):
            await covers(here).ask(ana, ROTA, Ask(ANA, hours(here, 1, 99)))
        with pytest.raises(TooLate, match="End one first"):
            await arranging(here).take_leave(ana, "ana", hours(here, 1, 99))


async def test_an_override_counts_from_its_start_to_its_end_and_not_after() -> None:
    async with hands(BOOK, working=False) as here:
        await elsewhere(here)
        await here.rotas.fresh()
        assert (who(here), who(here, 9), who(here, -1)) == (["ben"], ["ana"], ["ana"])


# ------------------------------------------------------------------------------------------ who may


async def test_nobody_who_cannot_be_reached_takes_a_shift_not_even_by_a_supervisors_word() -> None:
    mute = person("mute", Role.CLINICIAN, "+15550100099", ways=())
    async with hands(BOOK, (*THE_STAFF, mute), working=False) as here:
        sam = here.colleague("sam")
        for anyway in (Anyway(), Anyway(True, "he will sit by the desk")):
            with pytest.raises(Wrong, match="no way to be reached"):
                await covers(here).take_shift(sam, ROTA, "ana", hours(here, 1, 9), "mute", anyway)
        wanted = Wanted(Change.ADD, "mute", hours(here, 1, 9), None, "so")
        with pytest.raises(Wrong, match="no way to be reached"):
            await arranging(here).override(sam, ROTA, wanted, anyway=True)
        assert who(here, 2) == ["ana"]


async def test_a_responder_takes_no_clinicians_shift_but_a_supervisor_may_give_it_to_them() -> None:
    async with hands(BOOK, working=False) as here:
        with pytest.raises(Wrong, match="takes no turns"):
            await covers(here).take_shift(here.colleague("rui"), ROTA, "ana", hours(here, 1, 9))
        given = Anyway(True, "trained last week")
        await covers(here).take_shift(here.colleague("sam"), ROTA, "ana", hours(here, 1, 9), "rui", given)
        assert who(here, 2) == ["rui"]


async def test_who_handed_a_shift_on_is_not_sent_it_back() -> None:
    cal = person("cal", Role.CLINICIAN, "+15550100098", ways=(Method.SMS,))
    async with hands(BOOK, (*THE_STAFF, cal), working=False) as here:
        first = await covers(here).take_shift(here.colleague("ben"), ROTA, "ana", hours(here, 1, 9))
        await covers(here).take_shift(here.colleague("cal"), ROTA, "ben", hours(here, 1, 9))
        assert who(here, 2) == ["cal"]
        with pytest.raises(TooLate, match="handed this shift on"):
            await covers(here).withdraw(here.colleague("ana"), first.id)
        assert who(here, 2) == ["cal"]
        with pytest.raises(NotAllowed):
            await covers(here).withdraw(here.colleague("ben"), first.id)


async def test_leave_counts_on_every_rota_from_the_moment_it_is_said() -> None:
    async with hands(BOOK) as here:
        leave = await arranging(here).take_leave(here.colleague("ana"), "ana", hours(here, -24, 9), "ill")
        assert leave.stint.start == here.clock.now()
        assert (who(here), who(here, 9)) == (["sam"], ["ana"])
        assert here.rotas.on_leave(ANA, here.clock.now())
        [recorded] = [one for one in await here.ledger.read(STAFF) if isinstance(one.fact, LeaveTaken)]
        assert recorded.actor == "person:ana"
        with pytest.raises(NotFound):
            await arranging(here).end_leave(here.colleague("ana"), "x")


# ----------------------------------------------------------------------- two rotas in the same instant

TWO = replace(BOOK, rotas={**BOOK.rotas, "children": replace(rota("ana"), name="children")})
"""Ana is on call on both; what others take of hers on one says nothing of the other."""


async def take(here: Hands, rota: str, who: PersonId = BEN) -> None:
    await covers(here).take_shift(here.colleague(who), rota, "ana", hours(here, 1, 9))


@asynccontextmanager
async def two_processes(book: Rulebook = TWO) -> AsyncIterator[tuple[Hands, Hands]]:
    """Two that share a ledger, and of whose bells the other hears nothing."""
    world = World()
    async with hands(book, world=world, working=False) as one:
        await one.directory.record(THE_STAFF, "test")
        async with hands(book, world=world, owner="two", working=False) as two:
            yield one, two


async def test_two_shifts_at_once_are_not_granted_because_two_rotas_were_asked_in_the_same_instant() -> None:
    async with two_processes() as (one, two):
        one.ledger.meanwhile = lambda: take(two, "children")
        with pytest.raises(Wrong, match="at the same time"):
            await take(one, ROTA)

        await one.rotas.fresh()
        assert who(one, 2) == ["ana"]
        assert list(one.rotas.on_call(one.rotas.rota("children"), one.clock.now() + timedelta(hours=2)).people) == [BEN]


async def test_a_shift_is_not_granted_to_who_went_on_leave_in_the_same_instant() -> None:
    async with two_processes() as (one, two):
        one.ledger.meanwhile = lambda: arranging(two).take_leave(two.colleague(BEN), BEN, hours(two, 0, 24))
        with pytest.raises(Wrong, match="on leave"):
            await take(one, ROTA)


async def test_two_overrides_by_hand_in_the_same_instant_keep_the_same_rule() -> None:
    async with two_processes() as (one, two):

        async def override(here: Hands, rota: str) -> None:
            wanted = Wanted(Change.REPLACE, BEN, hours(here, 1, 9), ANA, "She is ill.")
            await arranging(here).override(here.colleague(SAM), rota, wanted)

        one.ledger.meanwhile = lambda: override(two, "children")
        with pytest.raises(Wrong, match="at the same time"):
            await override(one, ROTA)


async def test_a_swap_asks_of_both_what_they_were_granted_in_the_same_instant() -> None:
    """Ben gives a shift and gets one of Ana's: he must not have been put on another rota for that time meanwhile."""
    children = replace(rota("sam"), name="children")
    swaps = replace(TWO, rotas={ROTA: rota("ana", "ben"), "children": children})
    async with two_processes(swaps) as (one, two):
        his, hers = hours(one, 1, 5), hours(one, 72, 76)
        asked = await covers(one).ask(one.colleague(BEN), ROTA, Ask(BEN, his, ANA, hers))
        added = Wanted(Change.ADD, BEN, hers, None, "Two are wanted.")
        one.ledger.meanwhile = lambda: arranging(two).override(two.colleague(SAM), "children", added)
        with pytest.raises(Wrong, match="at the same time"):
            await covers(one).take(one.colleague(ANA), asked.id)


async def test_shifts_of_two_people_in_the_same_instant_stand_in_nobodys_way() -> None:
    async with two_processes() as (one, two):
        await one.directory.record((person("lee", Role.CLINICIAN, "+15550100004"),), "test")
        await two.directory.load()
        one.ledger.meanwhile = lambda: take(two, "children", PersonId("lee"))
        await take(one, ROTA)

        assert who(one, 2) == ["ben"]
        assert list(await one.ledger.marks_below("time:ben:")) == ["time:ben:1"]


# ------------------------------------------------------------------------------------------ a shift that comes back

OTHER = replace(rota("sam", last_resort=["sam"]), name="chat")
RESTED = replace(rota("ana", last_resort=["sam"]), rules=ShiftRules(rest=timedelta(hours=6)))
WITH_CHAT = on_ladder(Target("rota", "clinicians"), rotas=[RESTED, OTHER])


async def given_away_and_another_taken(here: Hands, begin: float, end: float) -> str:
    """Ben takes Ana's shift of the hours 10 to 18, and Ana one of Sam's on the other rota; return the first."""
    given = await covers(here).take_shift(here.colleague("ben"), ROTA, "ana", hours(here, 10, 18), "ben", OVERRULED)
    wanted = Wanted(Change.REPLACE, "ana", hours(here, begin, end), "sam", "asked her")
    await arranging(here).override(here.colleague("sam"), "chat", wanted, anyway=True)
    return given.id


OVERRULED = Anyway(True, "nobody else")


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [(12, 16, "at the same time"), (4, 9, "only 1 hour of rest"), (20, 24, "only 2 hours of rest")],
)
async def test_a_shift_does_not_come_back_to_who_took_another_too_near_to_it(
    begin: float, end: float, said: str
) -> None:
    async with hands(WITH_CHAT, working=False) as here:
        id = await given_away_and_another_taken(here, begin, end)
        with pytest.raises(Wrong, match=said):
            await covers(here).withdraw(here.colleague("ana"), id)
        with pytest.raises(NotAllowed, match="supervisor"):
            await covers(here).withdraw(here.colleague("ana"), id, "I can do both", anyway=True)
        assert who(here, 13) == ["ben"]


async def test_a_supervisor_gives_it_back_all_the_same_with_a_reason_and_the_rule_is_kept_with_it() -> None:
    async with hands(WITH_CHAT, working=False) as here:
        id = await given_away_and_another_taken(here, 4, 9)
        with pytest.raises(Wrong, match="Say why"):
            await covers(here).withdraw(here.colleague("sam"), id, anyway=True)
        await covers(here).withdraw(here.colleague("sam"), id, "Ben is ill", anyway=True)
        assert who(here, 13) == ["ana"]
        last = (await here.rotas.history(ROTA))[-1].fact
        assert isinstance(last, CoverWithdrawn)
        assert "only 1 hour of rest" in last.against[0]


async def test_a_shift_comes_back_beside_the_turns_that_the_file_gives_and_after_enough_rest() -> None:
    async with hands(WITH_CHAT, working=False) as here:
        id = await given_away_and_another_taken(here, 25, 30)
        await covers(here).withdraw(here.colleague("ana"), id)
        assert who(here, 13) == ["ana"]


async def test_what_a_swap_takes_back_stands_in_nobodys_way() -> None:
    weekly = rota("ana", "ben", last_resort=["sam"])
    layers = tuple(replace(layer, turn=Turn.DAILY) for layer in weekly.layers)
    daily = replace(weekly, layers=layers, rules=ShiftRules(rest=timedelta(hours=6)))
    async with hands(on_ladder(Target("rota", "clinicians"), rotas=[daily]), working=False) as here:
        now = here.clock.now()
        _, one, other = list(shifts(daily, now, now + timedelta(days=3)))[:3]
        wish = Ask(one.person, Stint(one.start, one.end), other.person, Stint(other.start, other.end))
        swap = await covers(here).ask(here.colleague(one.person), ROTA, wish)
        await covers(here).take(here.colleague("sam"), swap.id, other.person, OVERRULED)
        assert here.rotas.on_call(daily, one.start).people == (other.person,)
        await covers(here).withdraw(here.colleague("sam"), swap.id)
        assert here.rotas.on_call(daily, one.start).people == (one.person,)
        assert here.rotas.on_call(daily, other.start).people == (other.person,)


async def test_a_shift_does_not_come_back_in_the_instant_in_which_another_is_taken() -> None:
    async with two_processes(WITH_CHAT) as (one, two):
        given = await covers(one).take_shift(one.colleague("ben"), ROTA, "ana", hours(one, 10, 18))
        wanted = Wanted(Change.REPLACE, "ana", hours(one, 12, 16), "sam", "asked her")
        one.ledger.meanwhile = lambda: arranging(two).override(two.colleague("sam"), "chat", wanted)
        with pytest.raises(Wrong, match="at the same time"):
            await covers(one).withdraw(one.colleague("ana"), given.id)
        assert who(one, 13) == ["ben"]
