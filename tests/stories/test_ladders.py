"""Ladders: nobody sleeps through one, nobody who took one is forgotten, and a person can hurry each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisis_hub.adapters.telephony.simulator import ASLEEP, AWAKE, Person, Press
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Reach
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method
from tests.night import LINE, STAFF, Night, night, shipped
from tests.stories.scenes import (
    CALLER,
    at_high_risk,
    at_imminent_risk,
    ladder,
    link_on,
    page,
    paged,
    taken_by_rui,
)

RUNNING, TAKEN, EXHAUSTED = EscalationState.RUNNING, EscalationState.TAKEN, EscalationState.EXHAUSTED
BEN = "ben"  # on call in the week of these nights


BY_TEXT = [replace(one, reach=one.reach[:1]) for one in STAFF]
"""People without a telephone that rings: a step then waits as long as it says."""


def with_ladder(*steps: e.Step, name: str = "clinical") -> Rulebook:
    """The shipped rules, with other steps for high risk, or for another ladder."""
    book = shipped()
    return replace(book, ladders={**book.ladders, name: Ladder(name, steps, contact_within_seconds=600)})


def role(name: str) -> e.Target:
    return e.Target("role", name)


async def shown(tonight: Night, case: Case, number: int = -1) -> dict[str, Any]:
    """Return a ladder as a supervisor's screen gets it."""
    escalations = (await tonight.get("sam", f"/api/cases/{case.id}")).json()["escalations"]
    found: dict[str, Any] = escalations[number]
    return found


# ------------------------------------------------------------------------------------- nobody sleeps through


async def test_at_imminent_risk_a_sleeper_is_rung_twice_in_a_row_and_the_next_are_not_kept_waiting() -> None:
    steps = (e.Step((e.Target("rota", "clinicians"),), 300), e.Step((role("clinical_lead"),), 300))
    async with night(rulebook=with_ladder(*steps, name="imminent")) as tonight:
        ben = tonight.phone_of(BEN, ASLEEP)
        case = await at_imminent_risk(tonight)
        await tonight.seconds(35)  # it rings out
        assert [call.status for call in ben.calls] == ["no-answer", "ringing"]
        tonight.phone_of("lee", ASLEEP)
        assert "lee" in await paged(tonight, case), "everybody is asked while the sleeper is rung again"
        ben.answer()
        await tonight.seconds(5)
        ben.press("4")
        await tonight.seconds(3)

        assert (await ladder(tonight, case)).taken_by == BEN
        calls = [a for a in (await page(tonight, case, BEN)).attempts if a.method is Method.VOICE]
        assert [(a.number, a.state) for a in calls] == [(1, AttemptState.FAILED), (2, AttemptState.TAKEN)]


async def test_a_heavy_sleeper_has_as_many_calls_as_they_asked_for() -> None:
    number = "+15550100002"
    ways = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 0, repeat=3))
    staff = [replace(one, reach=ways) if one.id == BEN else one for one in STAFF]
    async with night(staff=staff) as tonight:
        ben = tonight.phone_of(BEN, Person(declines_after=1))
        case = await at_high_risk(tonight)
        await tonight.seconds(30)

        assert len(ben.calls) == 3
        assert await paged(tonight, case) == [BEN, "sam"]
        first, *again = [a for a in (await page(tonight, case, BEN)).attempts if a.method is Method.VOICE]
        assert (first.id, *(a.id for a in again)) == (first.id, f"{first.id}.2", f"{first.id}.3")


@pytest.mark.parametrize(
    "person", [Person(busy=True), Person(declines_after=1), Person(calls_fail=True)], ids=["busy", "declined", "failed"]
)
async def test_a_telephone_that_cannot_be_reached_costs_seconds_and_not_the_steps_whole_time(person: Person) -> None:
    async with night() as tonight:
        tonight.phone_of(BEN, person)
        case = await at_high_risk(tonight)
        await tonight.seconds(6)

        assert await paged(tonight, case) == [BEN, "sam"]


async def test_a_voicemail_takes_nothing_and_is_not_listened_to_before_the_next_is_asked() -> None:
    async with night() as tonight:
        tonight.phone_of(BEN, Person(machine_after=3, hangs_up_after=40))
        case = await at_high_risk(tonight)
        await tonight.seconds(12)

        x = await ladder(tonight, case)
        assert (x.state, await paged(tonight, case)) == (RUNNING, [BEN, "sam"])
        assert not tonight.phone_of(BEN).calls[0].is_over, "it still records our menu"


# --------------------------------------------------------------------------------- several pages, one person


async def test_five_pages_to_one_person_are_two_texts_and_each_is_answered_by_its_number() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        cases = [await at_high_risk(tonight, f"+1555010091{n}") for n in range(5)]
        await tonight.seconds(15)
        pages = [text.body for text in ben.texts if "/p/" in text.body]
        assert len(pages) == 2
        assert all(f"Case {case.number}." in pages[1] for case in cases[1:])
        assert f"Case {cases[0].number}." in pages[0]
        assert pages[1].count("/p/") == 4

        leader = (await page(tonight, cases[1], BEN)).attempts[0]
        for case in cases[2:]:
            text = (await page(tonight, case, BEN)).attempts[0]
            assert (text.merged_into, text.state, text.carrier_id) == (
                leader.id,
                AttemptState.DELIVERED,
                leader.carrier_id,
            )
            history = (await tonight.get("sam", f"/api/cases/{case.id}/facts")).json()["facts"]
            [merged] = [one for one in history if one["type"] == "AttemptMerged"]
            assert merged["data"]["why"] == f"In one text with case {cases[1].number}."

        ben.text(cases[3].number, LINE)
        await tonight.seconds(2)
        ben.text("all", LINE)
        await tonight.seconds(2)
        assert {(await ladder(tonight, case)).taken_by for case in cases} == {BEN}


async def test_an_imminent_page_never_waits_for_others_and_goes_by_itself() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        await at_high_risk(tonight, "+15550100911")
        await at_high_risk(tonight, "+15550100912")
        before = tonight.clock.now()
        case = await at_imminent_risk(tonight, "+15550100913")

        await tonight.seconds(1)
        text = (await page(tonight, case, BEN)).attempts[0]
        assert (text.at - before).total_seconds() < 4
        [body] = [one.body for one in ben.texts if f"ase {case.number}." in one.body]
        assert body.count("/p/") == 1
        assert text.merged_into is None


async def test_a_merged_text_that_fails_fails_for_every_page_in_it_and_the_next_way_goes_at_once() -> None:
    number = "+15550100002"
    ways = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 90))
    staff = [replace(one, reach=ways) if one.id == BEN else one for one in STAFF]
    async with night(staff=staff) as tonight:
        cases = [await at_high_risk(tonight, f"+1555010091{n}") for n in range(3)]
        tonight.phone_of(BEN, Person(texts_fail=30007))
        await tonight.seconds(14)

        for case in cases[1:]:
            text, call = (await page(tonight, case, BEN)).attempts
            assert (text.state, call.state is AttemptState.PLANNED) == (AttemptState.FAILED, False)
            assert (call.at - text.at).total_seconds() <= 2


# -------------------------------------------------------------------------------------------- two who take it


TWO = e.Step((e.Target("rota", "clinicians"), role("supervisor")), 60, takers=2)


async def test_a_step_for_two_is_taken_when_two_have_it() -> None:
    async with night(rulebook=with_ladder(TWO, e.Step((role("clinical_lead"),), 60))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        ben, sam = tonight.phone_of(BEN), tonight.phone_of("sam")
        ben.text("1", LINE)
        await tonight.seconds(3)
        x = await ladder(tonight, case)
        assert (x.state, [taker.person for taker in x.takers]) == (RUNNING, [BEN])
        ben.expect_text("One more person is wanted")
        assert ben.calls[-1].is_over
        assert not sam.calls[-1].is_over, "the other is still rung"
        assert (await shown(tonight, case))["takers"] == {"needed": 2, "have": [{"id": BEN, "name": "Ben Hollis"}]}

        sam.text("1", LINE)
        await tonight.seconds(3)
        x = await ladder(tonight, case)
        assert (x.state, x.taken_by_name) == (TAKEN, "Ben Hollis and Sam Okoro")
        ben.expect_text(f"You have case {case.number} together with Sam Okoro")
        sam.expect_text(f"You have case {case.number} together with Ben Hollis")


async def test_one_of_two_is_not_enough_and_the_ladder_climbs_on() -> None:
    async with night(rulebook=with_ladder(TWO, e.Step((role("clinical_lead"),), 60))) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        tonight.phone_of(BEN).text("1", LINE)
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(40)

        assert "lee" in await paged(tonight, case)
        assert (await ladder(tonight, case)).state is RUNNING
        tonight.phone_of("lee").text("1", LINE)
        await tonight.seconds(3)
        assert (await ladder(tonight, case)).taken_by_name == "Ben Hollis and Lee Chen"


# ---------------------------------------------------------------------------------- who took it and is silent


async def test_who_takes_it_and_is_not_seen_on_the_case_is_asked_again_and_the_others_with_them() -> None:
    """Somebody pressed a button half asleep and fell asleep again."""
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_high_risk(tonight)
        await tonight.seconds(5)
        await tonight.browser.post(link_on(ben))
        await tonight.settle()
        due = (await shown(tonight, case))["contact_due_at"]
        assert due is not None
        await tonight.minutes(9)
        assert len((await tonight.case(case.id)).escalations) == 1
        await tonight.minutes(2)

        first, again = (await tonight.case(case.id)).escalations
        assert (first.state, first.silent, again.state) == (TAKEN, True, RUNNING)
        assert (await shown(tonight, case, 0))["silent_taker"] == {"id": BEN, "name": "Ben Hollis"}
        assert "was not in contact with the case for 10 minutes" in again.why
        assert BEN in [one.person for one in again.pages]
        refused = await tonight.post("rui", f"/api/cases/{case.id}/close", {"outcome": "safe", "reason": "calmer"})
        assert refused.status_code == 409

        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(2)
        await tonight.done(BEN, f"/api/cases/{case.id}/here")
        await tonight.minutes(30)
        assert len((await tonight.case(case.id)).escalations) == 2


async def test_who_looks_at_the_case_in_time_is_left_alone_and_said_to_be_there() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(3)
        for _ in range(2):
            await tonight.done(BEN, f"/api/cases/{case.id}/here")
        facts = (await tonight.get("sam", f"/api/cases/{case.id}/facts")).json()["facts"]
        assert [one["type"] for one in facts].count("TakerSeen") == 1
        await tonight.minutes(25)

        assert len((await tonight.case(case.id)).escalations) == 1
        x = await shown(tonight, case)
        assert (x["contact_due_at"], x["silent_taker"]) == (None, None)


@pytest.mark.parametrize("act", ["notes", "messages"])
async def test_whatever_the_taker_does_on_the_case_is_contact_and_what_others_do_is_not(act: str) -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(3)
        await tonight.done("rui", f"/api/cases/{case.id}/notes", {"text": "Ben has it"})
        assert (await ladder(tonight, case)).seen_at is None
        await tonight.done(BEN, f"/api/cases/{case.id}/{act}", {"text": "I am on it."})

        assert (await ladder(tonight, case)).seen_at is not None


async def test_a_case_that_was_closed_meanwhile_wakes_nobody_anew() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(3)
        await tonight.settle_duties("rui", case.id)
        await tonight.done("rui", f"/api/cases/{case.id}/close", {"outcome": "safe", "reason": "calmer"})
        count = len(tonight.phone_of(BEN).texts)
        await tonight.minutes(15)

        assert len((await tonight.case(case.id)).escalations) == 1
        assert len(tonight.phone_of(BEN).texts) == count


# ------------------------------------------------------------------------------------------ hurried by hand


async def test_a_ladder_is_moved_on_by_hand_and_the_old_timer_says_nothing() -> None:
    steps = [e.Step((role(name),), 120) for name in ("clinician", "supervisor", "clinical_lead")]
    async with night(rulebook=with_ladder(*steps), staff=BY_TEXT) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(100)
        x = await ladder(tonight, case)
        await tonight.done("rui", f"/api/cases/{case.id}/escalations/{x.id}/next")
        assert (await ladder(tonight, case)).step == 2
        assert "sam" in await paged(tonight, case)
        await tonight.seconds(30)  # the time of the first step is over

        now = await ladder(tonight, case)
        assert (now.step, "lee" in await paged(tonight, case)) == (2, False)
        assert (await shown(tonight, case))["next"][-1]["whom"] == "the clinical lead"


async def test_a_ladder_is_moved_to_a_step_and_past_the_last_it_is_the_alarm() -> None:
    steps = [e.Step((role(name),), 120) for name in ("clinician", "supervisor", "clinical_lead")]
    async with night(rulebook=with_ladder(*steps)) as tonight:
        case = await at_high_risk(tonight)
        where = f"/api/cases/{case.id}/escalations/{(await ladder(tonight, case)).id}/next"
        await tonight.done("rui", where, {"step": 3})
        x = await shown(tonight, case)
        assert (x["step"], [step["taken_at"] is None for step in x["steps"]]) == (3, [False, True, False])
        assert (await tonight.post("rui", where, {"step": 2})).status_code == 409
        assert (await tonight.post("rui", where, {"step": 9})).status_code == 422
        assert "sam" not in await paged(tonight, case)
        await tonight.done("rui", where)

        assert (await ladder(tonight, case)).state is EXHAUSTED
        tonight.phone_of("lee").text("1", LINE)
        await tonight.seconds(2)
        assert (await tonight.post("rui", where)).status_code == 409


async def test_a_person_can_be_asked_by_name_and_the_ladder_comes_after_them() -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        where = f"/api/cases/{case.id}/escalate"
        body = {"ladder": "clinical", "person": "ana", "reason": "She knows him"}
        await tonight.done("rui", where, body)
        await tonight.done("rui", where, body)
        assert await paged(tonight, case) == ["ana"]
        await tonight.seconds(60)

        assert await paged(tonight, case) == ["ana", BEN], "Ana's telephone rang out, and the ladder went on"
        refused = await tonight.post("rui", where, {**body, "person": "nobody"})
        assert (refused.status_code, refused.json()["field"]) == (422, "person")


async def test_a_ladder_can_begin_at_a_later_step() -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        body = {"ladder": "clinical", "step": 2, "reason": "a supervisor at once"}
        await tonight.done("rui", f"/api/cases/{case.id}/escalate", body)

        assert await paged(tonight, case) == ["sam"]


# -------------------------------------------------------------------------------------------- truthful words


async def test_who_passes_it_on_with_nobody_left_hears_that_the_alarm_stands() -> None:
    async with night(rulebook=with_ladder(e.Step((e.Target("person", BEN),), 60))) as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_high_risk(tonight)
        await tonight.seconds(5)
        ben.text("2", LINE)
        await tonight.seconds(2)

        ben.expect_text(f"Nobody is left to ask for case {case.number}")
        assert (await ladder(tonight, case)).state is EXHAUSTED


async def test_who_passes_it_on_while_others_are_asked_hears_so() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_imminent_risk(tonight)
        await tonight.seconds(5)
        ben.text("2", LINE)
        await tonight.seconds(2)

        ben.expect_text(f"You passed on case {case.number}. Others are being asked.")
        assert (await ladder(tonight, case)).step == 1


# ------------------------------------------------------------------------------------------- into the call


async def test_one_takes_the_page_and_joins_the_call_with_the_same_key() -> None:
    async with night() as tonight:
        caller = tonight.phone(CALLER)
        caller.call()
        await tonight.seconds(5)
        case = tonight.newest()
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        ben = tonight.phone_of(BEN, Person(answers_after=3, presses=(Press("1", 12),)))
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
        await tonight.seconds(25)

        assert (await ladder(tonight, case)).taken_by == BEN
        assert "To take it and join the call, press 1" in ben.words_heard()
        assert "You are put through to the call now" in ben.words_heard()
        ben.say("I am a clinician.")
        await tonight.seconds(1)
        assert "I am a clinician." in caller.words_heard()
        assert (await tonight.case(case.id)).conversation.in_room == {BEN}
        assert (await ladder(tonight, case)).seen_at is not None, "talking to the person is contact"

        ben.hang_up()
        await tonight.seconds(2)
        now = await tonight.case(case.id)
        assert now.conversation.in_room == frozenset()
        assert now.conversation.running_call() is not None, "the caller stays on the line"


async def test_without_a_call_one_takes_it_like_four() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN, AWAKE)
        case = await at_high_risk(tonight)
        await tonight.seconds(15)

        assert (await ladder(tonight, case)).taken_by == BEN
        assert "join the call" not in ben.words_heard()


# ------------------------------------------------------------------------------------------ what comes next


async def test_what_is_sent_next_is_told_with_its_time_and_to_whom() -> None:
    number = "+15550100002"
    ways = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 40))
    staff = [replace(one, reach=ways) if one.id == BEN else one for one in STAFF]
    async with night(staff=staff) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        x = await shown(tonight, case)

        call, step = x["next"]
        assert (call["method"], call["person"]) == ("voice", {"id": BEN, "name": "Ben Hollis"})
        assert (step["method"], step["person"], step["whom"], step["step"]) == (None, None, "every supervisor", 2)
        assert step["at"] == x["next_due_at"]
        text = x["pages"][0]["attempts"][0]
        assert (text["try"], text["after_seconds"], text["planned_at"]) == (1, 0, x["pages"][0]["at"])
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(2)
        assert (await shown(tonight, case))["next"] == []
