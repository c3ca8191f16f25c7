"""The link in a page: a telephone at night, one hand, no JavaScript."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from crisis_hub.adapters.telephony.simulator import Person
from tests.browser.screens import Screens
from tests.browser.town import ANA, ANAS_PHONE, ROSA, SAMS_PHONE, Json, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def paged(town: Town) -> tuple[Json, str, str]:
    """An imminent case for which two people are paged; the case, and the link of each."""
    case = await town.text_arrives("nobody may read this on a page")
    await town.claim(case)
    case = await town.answer(case, "ch_right_now.attempt_now=yes")
    links = [(await town.page_text(phone, case["number"])).body.split()[-1] for phone in (ANAS_PHONE, SAMS_PHONE)]
    return case, links[0], links[1]


async def on_a_telephone(screens: Screens, link: str) -> Page:
    return await screens.open(link, width=320, height=640, dark=True, scripts=False)


async def escalation(town: Town, case: Json) -> Json:
    found: Json = (await town.case(case["id"]))["escalations"][0]
    return found


async def test_looking_at_the_link_takes_nothing_and_one_button_takes_it(town: Town, screens: Screens) -> None:
    # Her telephone fetches every link by itself, as message apps do.
    town.phone(ANAS_PHONE, Person(previews_links=True))
    case, link, _ = await paged(town)
    page = await on_a_telephone(screens, link)
    twin = await on_a_telephone(screens, link)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Imminent")
    await expect(page.locator("main")).to_contain_text(f"case {case['number']}")
    assert "nobody may read this" not in await page.content()
    looked_at = await escalation(town, case)
    assert looked_at["state"] == "running"
    assert {one["state"] for one in looked_at["pages"]} == {"open"}

    button = page.get_by_role("button", name="I have it")
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= 64
    assert box["y"] + box["height"] <= 640, "the button is on the screen without scrolling"
    await button.click()
    await expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    taken = await escalation(town, case)
    assert (taken["state"], taken["taken_by"], taken["taken_means"]) == ("taken", "ana", "button")

    # A second touch, here from a window that does not know it yet, changes nothing and says the same.
    await twin.get_by_role("button", name="I have it").click()
    await expect(twin.get_by_role("heading", name="You have it")).to_be_visible()
    again = await escalation(town, case)
    assert (again["taken_by"], again["taken_at"]) == ("ana", taken["taken_at"])


async def test_the_link_of_somebody_else_says_who_has_it(town: Town, screens: Screens) -> None:
    case, anas, sams = await paged(town)
    late = await on_a_telephone(screens, sams)
    await (await on_a_telephone(screens, anas)).get_by_role("button", name="I have it").click()

    await late.get_by_role("button", name="I have it").click()
    await expect(late.get_by_role("heading", name="Dr. Ana Osei has it")).to_be_visible()
    assert (await escalation(town, case))["taken_by"] == "ana"
    again = await on_a_telephone(screens, sams)
    await expect(again.get_by_role("heading", name="Dr. Ana Osei has it")).to_be_visible()
    await expect(again.get_by_role("button")).to_have_count(0)


async def test_passing_it_on_is_no_taking_and_the_responder_sees_it(town: Town, screens: Screens) -> None:
    case, anas, _ = await paged(town)
    console = await screens.open(f"/case/{case['id']}", ROSA)
    page = await on_a_telephone(screens, anas)
    await page.get_by_role("button", name="Pass to the next person now").click()
    await expect(page.get_by_role("heading", name="Passed on")).to_be_visible()

    rung = console.locator(".ladder li").filter(has_text="Dr. Ana Osei")
    await expect(rung).to_contain_text("Dr. Ana Osei passed it on.")
    await expect(console.get_by_role("heading", name="Clinician page: nobody has it yet")).to_be_visible()
    assert (await escalation(town, case))["state"] == "running"


async def test_whoever_took_it_signs_in_and_stands_in_the_case(town: Town, screens: Screens) -> None:
    case, anas, _ = await paged(town)
    page = await screens.open(anas, ANA, width=320, height=640)
    await page.get_by_role("button", name="I have it").click()
    await page.get_by_role("link", name="Sign in and read").click()
    await expect(page.get_by_role("heading", name=f"Case {case['number']}")).to_be_visible()
    await expect(page.get_by_role("log")).to_contain_text("nobody may read this on a page")


async def test_a_link_that_was_cut_off_on_the_way_says_so(town: Town, screens: Screens) -> None:
    page = await on_a_telephone(screens, "/p/cutoff")
    await expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("This link is not one of ours, or it was cut off on the way.")
