"""What is still owed stays in sight when its case is closed and no longer on the board."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.looking import reads_well
from tests.browser.screens import Screens
from tests.browser.town import ROSA, SAM, Json, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REPORT = "Report: child"


async def a_child_is_harmed(town: Town) -> Json:
    case = await town.text_arrives("my neighbour hits her kid")
    await town.claim(case)
    return await town.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes")


async def close(town: Town, case: Json) -> None:
    await town.settle(case)
    await town.ask(ROSA, "POST", f"/api/cases/{case['id']}/close", {"outcome": "safe"})


async def report_of(town: Town, case: Json) -> Json:
    """The report that a case owes, as a supervisor reads it."""
    found: list[Json] = [one for one in (await town.case(case["id"]))["duties"] if one["kind"] == "report"]
    assert len(found) == 1, found
    return found[0]


def listed(page: Page) -> Locator:
    return page.get_by_role("region", name="Still owed after closing")


async def test_a_report_moves_from_the_closed_case_to_the_board_and_is_done_there(town: Town, screens: Screens) -> None:
    case = await a_child_is_harmed(town)
    sam, rosa = await screens.open("/board", SAM), await screens.open("/board", ROSA)
    for page in (sam, rosa):
        await expect(page.locator("#cases")).to_contain_text(case["number"])
        await expect(listed(page)).to_have_count(0)

    await close(town, case)
    for page in (sam, rosa):
        await expect(page.locator("#cases tbody tr").filter(has_text=case["number"])).to_have_count(0)
        await expect(listed(page).get_by_role("listitem")).to_contain_text(REPORT)
        await expect(listed(page).get_by_role("link", name=f"Open case {case['number']}")).to_be_visible()
    await sam.reload()
    await expect(listed(sam)).to_contain_text(REPORT)

    await listed(sam).get_by_role("button", name=f"Done… {REPORT}", exact=True).press("Enter")
    await sam.get_by_label("Who was told, and when").fill("County hotline, by me, at nine.")
    await reads_well(sam)
    await listed(sam).get_by_role("button", name="Save").press("Enter")
    await expect(sam.get_by_role("heading", name="Still owed after closing")).to_be_focused()
    await expect(listed(sam)).to_contain_text("Nothing is owed.")
    await expect(listed(rosa)).to_contain_text("Nothing is owed.")
    report = await report_of(town, case)
    assert (report["state"], report["by"], report["words"]) == ("met", SAM, "County hotline, by me, at nine.")


async def test_not_to_report_is_agreed_to_only_where_the_reason_can_be_read(town: Town, screens: Screens) -> None:
    case = await a_child_is_harmed(town)
    await close(town, case)
    rosa, sam = await screens.open("/board", ROSA), await screens.open("/board", SAM)
    await listed(rosa).get_by_role("button", name=f"Not to be done… {REPORT}", exact=True).click()
    await rosa.get_by_label("Why it shall not be done").fill("The school has reported it already.")
    await rosa.get_by_role("button", name="Propose not to do it").click()
    await expect(listed(rosa)).to_contain_text("You would not do this")

    await expect(listed(sam)).to_contain_text("Rosa Ruiz would not do this")
    await expect(listed(sam)).to_contain_text("Open the case to read why")
    await expect(listed(sam).get_by_role("button")).to_have_count(0)
    assert "school has reported" not in await sam.content()
    await listed(sam).get_by_role("link", name=f"Open case {case['number']}").click()
    owed = sam.get_by_role("region", name="Still owed")
    await expect(owed).to_contain_text("The school has reported it already.")
    await owed.get_by_role("button", name="Agree, with your reason…").click()
    await owed.get_by_label("Why you agree").fill("I called the school.")
    await owed.get_by_role("button", name="Agree: it shall not be done").click()

    await rosa.mouse.move(5, 5)
    await expect(listed(rosa)).to_contain_text("Nothing is owed.")
    assert (await report_of(town, case))["second"] == SAM
