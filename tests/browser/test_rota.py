"""Who is on call, drawn; one's own shifts on a telephone; and how one is reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from crisis_hub.adapters.clock import SystemClock
from tests.browser.looking import reads_well
from tests.browser.screens import Screens
from tests.browser.town import ANA, ANAS_PHONE, ROSA, SAM, Town, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROTA = "/api/rotas/clinicians"


def soon(hours: int) -> str:
    """A whole hour, so many hours from now."""
    return (SystemClock().now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)).isoformat()


@pytest_asyncio.fixture(loop_scope="session")
async def hole(town: Town) -> AsyncIterator[None]:
    """Nobody is on call for an hour of this week, though always the one clinician was."""
    body = {"change": "remove", "person": ANA, "start": soon(1), "end": soon(2), "why": "Dentist"}
    made = await town.ask(SAM, "POST", f"{ROTA}/overrides", body)
    yield
    await town.ask(SAM, "POST", f"{ROTA}/overrides/{made['id']}/end", {})


async def _rota_of_that_week(screens: Screens, who: str) -> Page:
    """The rota; in the last hours of a Sunday, the hour that is meant lies in the week after."""
    page = await screens.open("/rota", who)
    await expect(page.get_by_role("heading", name="On call: clinicians")).to_be_visible()
    if await page.locator(".gap-notice").count() == 0:
        await expect(page.locator(".whole, .gap-notice").first).to_be_visible()
    if await page.locator(".gap-notice").count() == 0:
        await page.get_by_role("button", name="Week after").click()
    return page


async def test_a_hole_in_the_rota_stands_above_the_week_in_red_and_in_it(
    town: Town, screens: Screens, hole: None
) -> None:
    page = await _rota_of_that_week(screens, SAM)
    await expect(page.get_by_role("heading", name="Nobody is on call from")).to_be_visible()
    await expect(page.locator(".gap-notice")).to_contain_text("Sam Lindqvist")
    await expect(page.locator(".layer-who .shift.gap").first).to_contain_text("Nobody")


async def test_a_supervisor_fills_a_hole_in_two_touches_and_the_rota_is_whole(
    town: Town, screens: Screens, hole: None
) -> None:
    page = await _rota_of_that_week(screens, SAM)
    await page.get_by_role("button", name="Find somebody").click()
    row = page.get_by_role("row").filter(has_text="Sam Lindqvist")
    await row.get_by_role("button", name="Put on call").click()
    await expect(page.locator(".gap-notice")).to_have_count(0)
    made = [one for one in (await town.ask(SAM, "GET", f"{ROTA}/calendar"))["overrides"] if one["person"]["id"] == SAM]
    assert [one["change"] for one in made] == ["add"]
    await page.get_by_role("button", name="End it Sam Lindqvist as well").click()
    await expect(page.locator(".gap-notice")).to_be_visible()


async def test_a_shift_is_asked_away_on_a_telephone_and_taken_by_a_supervisor(town: Town, screens: Screens) -> None:
    mine = await screens.open("/my-shifts", ANA, width=320, height=640)
    await expect(mine.get_by_text("You are on call now: clinicians")).to_be_visible()
    await mine.get_by_role("button", name="Ask for cover").nth(1).click()
    await mine.get_by_label("A word to them").fill("A wedding in the family.")
    await mine.get_by_role("button", name="Ask", exact=True).click()
    await expect(mine.get_by_text("The shift is still yours")).to_be_visible()

    sam = await screens.open("/my-shifts", SAM)
    covers = sam.get_by_role("region", name="Cover, asked for and arranged")
    await expect(covers).to_contain_text("A wedding in the family.")
    await covers.get_by_role("button", name="Take it").click()
    await expect(covers).to_contain_text("Sam Lindqvist took it for Dr. Ana Osei")

    await mine.reload()
    await mine.get_by_role("button", name="Take back").click()
    await expect(mine.get_by_role("region", name="Cover, asked for and arranged")).to_contain_text("Nobody asks")


async def test_a_test_page_is_sent_and_taken_and_then_counts(town: Town, screens: Screens) -> None:
    page = await screens.open("/my-shifts", ANA, width=320, height=640)
    before = len(town.carrier.phone(ANAS_PHONE).texts)
    await page.get_by_role("button", name="Send me a test page").click()
    await expect(page.get_by_text("It is on its way.")).to_be_visible()
    phone = town.carrier.phone(ANAS_PHONE)
    await until(lambda: len(phone.texts) > before, "the text of a test page")
    phone.text("1")
    row = page.get_by_role("list", name="Test pages").get_by_role("listitem").filter(has_text="text,")
    await expect(row.first).to_contain_text("taken after")


async def test_who_answers_the_line_sees_the_rota_and_changes_nothing(town: Town, screens: Screens) -> None:
    page = await screens.open("/rota", ROSA)
    await expect(page.get_by_role("heading", name="Shifts to come")).to_be_visible()
    for name in ("Add a cover", "Take this shift", "Find somebody", "Propose a fair plan"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_an_address_of_a_rota_that_is_not_there_says_so(town: Town, screens: Screens) -> None:
    page = await screens.open("/rota/nowhere", SAM)
    await expect(page.get_by_text("There is no rota called “nowhere”.")).to_be_visible()


@pytest.mark.parametrize("who", [SAM, ANA])
async def test_the_rota_reads_well_wide_and_narrow_in_light_and_dark(
    town: Town, screens: Screens, hole: None, who: str
) -> None:
    page = await _rota_of_that_week(screens, who)
    if who == SAM:
        await page.get_by_role("button", name="Find somebody").click()
        await expect(page.get_by_role("heading", name="Who could be on call then")).to_be_visible()
    await reads_well(page)


async def test_the_form_of_a_cover_reads_well(town: Town, screens: Screens) -> None:
    page = await screens.open("/rota", SAM)
    await page.get_by_role("button", name="Add a cover").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Choose the person.")).to_be_visible()
    await reads_well(page)


async def test_my_shifts_read_well_wide_and_narrow_in_light_and_dark(town: Town, screens: Screens) -> None:
    page = await screens.open("/my-shifts", ANA)
    await page.get_by_role("button", name="Ask for cover").first.click()
    await page.get_by_role("button", name="Add a way").click()
    await page.get_by_role("button", name="Enter leave").click()
    await page.get_by_role("button", name="Show the address").click()
    await expect(page.get_by_label("Address to subscribe to")).to_be_visible()
    await reads_well(page)


async def test_the_reports_read_well_wide_and_narrow_in_light_and_dark(town: Town, screens: Screens) -> None:
    page = await screens.open("/reports", SAM)
    await expect(page.get_by_role("heading", name="Who carried how much")).to_be_visible()
    await reads_well(page)


async def test_the_board_shows_who_was_tried_by_what_and_what_is_next(town: Town, screens: Screens) -> None:
    case = await town.text_arrives("it is now")
    await town.claim(case)
    await town.answer(case, "asq.q1=yes", "asq.q5=yes")
    await town.page_text(ANAS_PHONE, case["number"])
    page = await screens.open("/board", SAM)
    tries = page.get_by_role("list", name="who was tried").first
    await expect(tries).to_contain_text("Dr. Ana Osei text")
    await expect(tries).to_contain_text("Dr. Ana Osei call")
    began = datetime.fromisoformat((await town.case(case["id"]))["escalations"][0]["started_at"])
    assert SystemClock().now() - began < timedelta(minutes=2)
