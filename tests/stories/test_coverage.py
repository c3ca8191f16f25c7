"""Nobody on call: seen before it matters, told once, and never the end of a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crisis_hub.domain.events import CoverageChanged, NobodyToPage, Step, Target
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import EscalationState, PersonId
from tests.night import ANA, LINE, STAFF, Night, night, shipped
from tests.stories.scenes import at_high_risk


def book(*people: str, last_resort: tuple[str, ...] = (), steps: tuple[Step, ...] = ()) -> Rulebook:
    """The shipped rules, with these people on call, these left for the last, and these steps."""
    whole = shipped()
    rota = whole.rotas["clinicians"]
    layers = (replace(rota.layers[0], people=tuple(map(PersonId, people))),) if people else ()
    rota = replace(rota, layers=layers, last_resort=tuple(map(PersonId, last_resort)))
    ladder = whole.ladders["clinical"]
    ladder = replace(ladder, steps=steps or ladder.steps)
    return replace(whole, rotas={"clinicians": rota}, ladders={**whole.ladders, "clinical": ladder})


def texts(tonight: Night, person: str) -> list[str]:
    """What somebody was written that is no page."""
    return [one.body for one in tonight.phone_of(person).texts if "/p/" not in one.body]


async def changes(tonight: Night) -> list[CoverageChanged]:
    """What was written down of coverage."""
    return [one.fact for one in await tonight.store.since(0, 10_000) if isinstance(one.fact, CoverageChanged)]


async def takes_off(tonight: Night, who: str, start: datetime, hours: float) -> dict[str, Any]:
    """Sam takes somebody off the rota for a while."""
    body = {"change": "remove", "person": who, "why": "A course.", "anyway": True}
    body |= {"start": start.isoformat(), "end": (start + timedelta(hours=hours)).isoformat()}
    return await tonight.done("sam", "/api/rotas/clinicians/overrides", body)


async def on_call(tonight: Night, rota: str = "clinicians") -> dict[str, Any]:
    """What the board says of a rota."""
    found = (await tonight.get("sam", "/api/board")).json()["on_call"]
    return next(one for one in found if one["rota"] == rota)


# ------------------------------------------------------------------------------------------ before it matters


async def test_a_gap_is_told_once_by_text_in_the_morning_is_red_meanwhile_and_its_end_is_told_too() -> None:
    async with night() as tonight:
        assert not (await on_call(tonight))["lacking"]
        made = await takes_off(tonight, "ana", tonight.clock.now() + timedelta(days=5), 6)
        await tonight.seconds(12)

        now = await on_call(tonight)
        assert now["lacking"]
        assert now["trouble"].startswith("clinicians: Nobody is on call from Thu 05 Mar 2026 21:00")
        assert now["trouble"].endswith("; Sam Okoro would be called.")
        assert texts(tonight, "sam") == []  # it is nine in the evening, and there are five days left
        coverage = (await tonight.get("rui", "/api/coverage")).json()
        assert [(one["lack"], one["red"]) for one in coverage["findings"]] == [("nobody", True)]

        await tonight.clock.advance(11 * 3600)
        await tonight.seconds(3)
        [told] = texts(tonight, "sam")
        assert "Nobody is on call from Thu 05 Mar 2026 21:00" in told
        assert "/rota" in told
        assert texts(tonight, "ana") == texts(tonight, "lee") == []
        await tonight.minutes(3)
        assert len(texts(tonight, "sam")) == 1

        await tonight.done("sam", f"/api/rotas/clinicians/overrides/{made['id']}/end")
        await tonight.seconds(12)
        assert texts(tonight, "sam")[1].removeprefix("DRILL. ").startswith("No longer so: clinicians: Nobody")
        assert not (await on_call(tonight))["lacking"]
        assert [bool(one.news) for one in await changes(tonight)] == [True, True, False]


async def test_a_gap_that_begins_soon_is_told_in_the_night() -> None:
    async with night() as tonight:
        await takes_off(tonight, "ben", tonight.clock.now() + timedelta(hours=4), 2)
        await tonight.seconds(13)

        assert len(texts(tonight, "sam")) == 1


async def test_who_told_the_carrier_to_stop_turns_the_rota_red_until_they_say_start() -> None:
    async with night() as tonight:
        tonight.phone(ANA).text("STOP", LINE)
        await tonight.seconds(13)
        now = await on_call(tonight)
        assert (now["lacking"], "Ana Ortiz has told the carrier" in now["trouble"]) == (True, True)
        tonight.phone(ANA).text("START", LINE)
        await tonight.seconds(13)

        assert not (await on_call(tonight))["lacking"]


async def test_nothing_is_written_down_as_days_go_by_while_nothing_changes() -> None:
    async with night(rulebook=book("ana", "ben", last_resort=("sam",))) as tonight:
        before = len(await changes(tonight))
        for _ in range(20):
            await tonight.clock.advance(24 * 3600)
            await tonight.seconds(1)

        assert len(await changes(tonight)) == before + 2  # what is known of a lack that lasts is kept, in silence
        assert texts(tonight, "sam") == []


# ------------------------------------------------------------------------------------------ when it matters

ON_CALL, SUPERVISOR = Step((Target("rota", "clinicians"),), 120), Step((Target("role", "supervisor"),), 120)


async def test_with_nobody_on_call_the_last_resort_and_the_next_step_are_paged_in_the_same_breath() -> None:
    async with night(rulebook=book(last_resort=("lee",), steps=(ON_CALL, SUPERVISOR))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(2)

        case = await tonight.case(case.id)
        [ladder] = case.escalations
        assert (ladder.state, ladder.step) == (EscalationState.RUNNING, 2)
        assert [(page.person, page.step) for page in ladder.pages] == [("lee", 1), ("sam", 2)]
        assert len(tonight.phone_of("lee").texts) == 1
        standing = (await tonight.get("sam", "/api/board")).json()["service"]
        assert any(f"Case {case.number}: nobody was on call for step 1" in one for one in standing["troubles"])
        assert standing["coverage"]["red"] > 0
        shown = (await tonight.get("rui", f"/api/cases/{case.id}")).json()["escalations"][0]
        assert [step["nobody"] for step in shown["steps"]] == [True, False]


async def test_somebody_on_call_whom_no_page_would_reach_is_nobody() -> None:
    staff = [replace(one, reach=()) if one.id == "ana" else one for one in STAFF]
    async with night(rulebook=book("ana", last_resort=("lee",), steps=(ON_CALL, SUPERVISOR)), staff=staff) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(2)

        pages = (await tonight.case(case.id)).escalations[0].pages
        assert [(page.person, page.step) for page in pages] == [("lee", 1), ("sam", 2)]
        assert "Nobody who is on call can be reached" in (await on_call(tonight))["trouble"]


async def test_when_a_whole_ladder_was_asleep_whoever_is_left_is_paged_and_can_take_it() -> None:
    async with night(rulebook=book("ana", last_resort=("lee", "sam"), steps=(ON_CALL, SUPERVISOR))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.minutes(6)

        [ladder] = (await tonight.case(case.id)).escalations
        assert ladder.state is EscalationState.EXHAUSTED
        assert {page.person: page.step for page in ladder.pages} == {"ana": 1, "sam": 2, "lee": 3}
        shown = (await tonight.get("rui", f"/api/cases/{case.id}")).json()["escalations"][0]
        assert [target["words"] for target in shown["steps"][2]["targets"]] == ["the last resort"]
        tonight.phone_of("lee").text("1", LINE)
        await tonight.seconds(2)
        [ladder] = (await tonight.case(case.id)).escalations
        assert (ladder.state, ladder.taken_by) == (EscalationState.TAKEN, "lee")


async def test_who_is_on_leave_is_left_in_peace_unless_nobody_else_is_left() -> None:
    steps = (Step((Target("person", "ana"),), 60),)
    for last_resort, left in ((("lee", "ben"), ["ben"]), (("lee", "ana"), ["lee"])):
        async with night(rulebook=book("ana", last_resort=last_resort, steps=steps)) as tonight:
            end = (tonight.clock.now() + timedelta(days=3)).isoformat()
            body = {"person": "lee", "start": tonight.clock.now().isoformat(), "end": end}
            await tonight.done("sam", "/api/leave", body)
            case = await at_high_risk(tonight)
            await tonight.minutes(4)

            [ladder] = (await tonight.case(case.id)).escalations
            assert [page.person for page in ladder.pages if page.step == 2] == left


async def test_a_ladder_that_found_nobody_at_all_ends_with_everybody_who_can_be_reached() -> None:
    gone = Step((Target("person", "gone"),), 120)
    async with night(rulebook=book("gone", last_resort=("gone",), steps=(gone, gone))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)

        [ladder] = (await tonight.case(case.id)).escalations
        assert ladder.state is EscalationState.EXHAUSTED
        assert {page.person for page in ladder.pages} == {"ana", "ben", "sam", "lee"}
        assert {page.step for page in ladder.pages} == {3}


async def test_when_everybody_of_the_last_resort_was_asked_already_nobody_is_woken_twice() -> None:
    async with night(rulebook=book("ana", last_resort=("sam",), steps=(ON_CALL, SUPERVISOR))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.minutes(6)

        [ladder] = (await tonight.case(case.id)).escalations
        assert [page.person for page in ladder.pages] == ["ana", "sam"]
        facts = [one.fact for one in await tonight.house.hub.history(case.id)]
        assert [one.step for one in facts if isinstance(one, NobodyToPage)] == [3]
