"""A call: it waits, the responder's own telephone rings, both stand in one room, and its end is shown."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from crisis_hub.adapters.telephony.simulator import Person
from tests.browser.screens import Screens, tab_to
from tests.browser.town import LINE, ROSA, ROSAS_PHONE, SAM, Town, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_call_waits_is_joined_from_the_responders_own_telephone_and_its_end_is_shown(
    town: Town, screens: Screens
) -> None:
    rosas = town.phone(ROSAS_PHONE, Person(answers_after=0.3))
    supervisor = await screens.open("/board", SAM)
    responder = await screens.open("/", ROSA, keyboard_only=True)
    caller = town.stranger()
    caller.call(LINE)
    case = await town.newcomer("voice")
    row = supervisor.get_by_role("row").filter(has_text=case["number"])
    await expect(row).to_contain_text("Call")
    await expect(row).to_contain_text("Waiting")
    assert "crisis line" in caller.words_heard()

    await expect(responder.get_by_role("button", name=f"Answer {case['number']} Enter")).to_be_focused()
    await responder.keyboard.press("Enter")
    controls = responder.get_by_role("group", name="Call")
    await expect(controls).to_contain_text("In the room: the caller")
    await tab_to(responder, controls.get_by_role("button", name="Ring my telephone"))
    await responder.keyboard.press("Enter")
    await expect(controls).to_contain_text("In the room: the caller, you")

    # They hear each other, and nobody was asked to type what is said.
    caller.say("Is somebody there?")
    await until(lambda: "Is somebody there?" in rosas.words_heard(), "the responder hears the caller")
    await expect(responder.get_by_label("Reply")).to_have_count(0)

    caller.hang_up()
    await expect(controls).to_contain_text("The call is over.")
    await expect(row).to_contain_text("Rosa Ruiz")


async def test_a_telephone_that_nobody_answers_brings_nobody_into_the_room(town: Town, screens: Screens) -> None:
    town.phone(ROSAS_PHONE, Person(declines_after=0.3))
    responder = await screens.open("/", ROSA)
    caller = town.stranger()
    caller.call(LINE)
    case = await town.newcomer("voice")
    await responder.get_by_role("button", name=f"Answer {case['number']} Enter").press("Enter")
    controls = responder.get_by_role("group", name="Call")
    await controls.get_by_role("button", name="Ring my telephone").press("Enter")
    await until(lambda: any(call.status == "busy" for call in town.carrier.phone(ROSAS_PHONE).calls), "a declined call")
    await expect(controls).to_contain_text("In the room: the caller")
    await expect(controls).not_to_contain_text("the caller, you")
    await expect(controls.get_by_role("button", name="Ring my telephone")).to_be_visible()

    caller.hang_up()
    await expect(controls).to_contain_text("The call is over.")
