"""An attempt under way on a call, on a small screen: what matters is in sight, and what is said of the call is true."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from crisis_hub.adapters.telephony.simulator import Person
from tests.browser.looking import reads_well
from tests.browser.screens import Screens
from tests.browser.town import LINE, ROSA, ROSAS_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EMERGENCY = "Decide on emergency services now; consent is not needed"


async def in_sight(page: Page, what: Locator) -> bool:
    """Whether all of it can be read without scrolling anything."""
    seen = await what.evaluate(
        """element => {
            const box = element.getBoundingClientRect();
            if (box.height === 0) return false;
            for (const y of [box.top + 2, box.bottom - 2]) {
                const found = document.elementFromPoint(box.left + box.width / 2, y);
                if (found === null || !(element.contains(found) || found.contains(element))) return false;
            }
            return true;
        }"""
    )
    return bool(seen)


async def test_a_call_says_who_is_there_and_an_attempt_under_way_shows_what_matters_first(
    town: Town, screens: Screens
) -> None:
    town.phone(ROSAS_PHONE, Person(answers_after=0.3))
    page = await screens.open("/", ROSA, keyboard_only=True)
    caller = town.stranger()
    caller.call(LINE)
    case = await town.newcomer("voice")
    await expect(page.get_by_role("button", name=f"Answer {case['number']} Enter")).to_be_focused()
    await page.keyboard.press("Enter")

    # Nobody talks yet, so nothing says so, and the next key rings one's own telephone.
    ring = page.get_by_role("button", name="Ring my telephone")
    await expect(ring).to_be_focused()
    await expect(page.locator(".answers input").first).to_be_visible()
    await expect(ring).to_be_focused()
    await expect(page.locator(".case-bar")).to_contain_text("nobody has joined yet")
    await expect(page.locator(".case-bar")).not_to_contain_text("Talking")
    await page.keyboard.press("Enter")
    await expect(page.locator(".case-bar")).to_contain_text("Talking")
    await expect(page.locator(".answers input").first).to_be_focused()

    # Asked for in place, left again: one stands where one stood.
    say = page.get_by_role("button", name="Say it is imminent now")
    await say.press("Enter")
    await expect(page.get_by_role("button", name="Yes, it is imminent now")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(say).to_be_focused()
    records = page.get_by_role("button", name="Records")
    await records.press("Enter")
    await expect(page.locator("#h-records")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(records).to_be_focused()

    await town.answer(case, "ch_right_now.attempt_now=yes")
    care = page.locator("#care")
    await expect(care.locator(".risk-word")).to_have_text("Imminent")
    owed = page.get_by_role("region", name="Still owed")
    await expect(owed).to_be_visible()
    await expect(care.locator(".tried-now")).to_contain_text("call placed")
    assert await in_sight(page, care.locator(".count"))
    for what in (
        care.locator(".count"),
        care.locator(".tried-now"),
        care.get_by_role("button", name="Emergency services…"),
        owed.get_by_role("button", name=f"Done… {EMERGENCY}", exact=True),
        owed.get_by_role("button", name=f"Not to be done… {EMERGENCY}", exact=True),
    ):
        assert await in_sight(page, what), what

    # Notes are one line now; the key opens them, and what was typed stays when they fold.
    notes = page.get_by_role("textbox", name="Notes")
    await expect(notes).to_have_count(0)
    await page.locator(".answers input").first.focus()
    await page.keyboard.press("F2")
    await expect(notes).to_be_focused()
    await page.keyboard.type("Kitchen, second floor.")
    await page.keyboard.press("F2")
    await expect(notes).to_have_count(0)
    await expect(page.locator(".answers input").first).to_be_focused()
    await expect(page.locator("#notes")).to_contain_text("not saved yet")
    await page.keyboard.press("F2")
    await expect(notes).to_have_value("Kitchen, second floor.")

    # What holds the case open is said before anybody presses the button.
    await page.get_by_role("button", name="Close…").press("Enter")
    form = page.get_by_role("form", name="Close this case")
    await expect(form).to_contain_text("Clinician page: nobody has it yet")
    await form.get_by_role("button", name="Go to the page").press("Enter")
    await expect(page.locator("#h-page")).to_be_focused()

    caller.hang_up()
    controls = page.get_by_role("group", name="Call")
    await expect(controls).to_contain_text("The call is over.")
    await expect(controls).to_contain_text("If they call again")
    await expect(page.locator(".case-bar")).not_to_contain_text("Talking")
    await expect(page.locator(".thread[aria-current]")).to_contain_text("call over")
    assert await in_sight(page, page.locator(".top"))
    await reads_well(page)
