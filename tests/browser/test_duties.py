"""What rules ask of people, on the screens: owed, done, not to be done by two, written down, and never forgotten."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.looking import reads_well
from tests.browser.screens import Screens, tab_to
from tests.browser.town import ROSA, SAM, Json, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAVED = re.compile(r"^saved \d\d:\d\d$")
EMERGENCY = "Decide on emergency services now; consent is not needed"


async def an_attempt(town: Town) -> Json:
    """A case in which help is to be sent without asking, and nobody is being looked for any more."""
    case = await town.text_arrives("it is too late now")
    await town.claim(case)
    case = await town.answer(case, "ch_right_now.attempt_now=yes")
    await town.ask(SAM, "POST", f"/api/cases/{case['id']}/stand-down", {"reason": "This test is about what is owed."})
    return case


async def a_child_is_harmed(town: Town) -> Json:
    case = await town.text_arrives("my neighbour hits her kid")
    await town.claim(case)
    return await town.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes")


async def duty(town: Town, case: Json, kind: str) -> Json:
    """The duty of that kind, as a supervisor reads it."""
    found: list[Json] = [one for one in (await town.case(case["id"]))["duties"] if one["kind"] == kind]
    assert len(found) == 1, found
    return found[0]


async def console(screens: Screens, case: Json, who: str = ROSA, *, keyboard_only: bool = False) -> Page:
    page = await screens.open(f"/case/{case['id']}", who, keyboard_only=keyboard_only)
    await expect(page.locator(".live")).to_contain_text("Live")
    await expect(page.get_by_role("region", name="Still owed")).to_be_visible()
    return page


# ------------------------------------------------------------------------------------------- owed


async def test_what_holds_a_case_open_is_said_before_it_is_closed_and_done_by_keyboard_alone(
    town: Town, screens: Screens
) -> None:
    case = await an_attempt(town)
    page = await console(screens, case, keyboard_only=True)
    owed = page.get_by_role("region", name="Still owed")
    await expect(page.locator(".owed-line")).to_contain_text(EMERGENCY)
    await expect(owed.get_by_role("listitem").first).to_contain_text(EMERGENCY)

    await tab_to(page, page.get_by_role("button", name="Close…"))
    await page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Close this case")
    await expect(form).to_contain_text("One thing is still owed")
    await expect(form.get_by_role("listitem")).to_have_text([EMERGENCY])
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Go to what is owed")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#h-owed")).to_be_focused()

    # Not done by a tick: which service, and by whom.
    await tab_to(page, owed.get_by_role("button", name=f"Done… {EMERGENCY}", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Which service was called")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(owed.get_by_role("alert")).to_have_text("Say it in a few words.")
    assert (await duty(town, case, "emergency"))["state"] == "open"
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.type("911, by me, at 21:10.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(owed.get_by_role("button", name=EMERGENCY)).to_have_count(0)
    await expect(form).not_to_contain_text("still owed")
    assert (await duty(town, case, "emergency"))["words"] == "911, by me, at 21:10."


async def test_one_key_leads_to_what_is_owed_and_back(town: Town, screens: Screens) -> None:
    case = await an_attempt(town)
    page = await console(screens, case, keyboard_only=True)
    await tab_to(page, page.get_by_label("Reply"), most=150)
    await page.keyboard.press("Control+o")
    await expect(page.locator("#h-owed")).to_be_focused()
    await page.keyboard.press("Control+o")
    await expect(page.get_by_label("Reply")).to_be_focused()


async def test_not_calling_emergency_services_takes_two_people_and_both_see_why(town: Town, screens: Screens) -> None:
    case = await an_attempt(town)
    rosa = await console(screens, case)
    sam = await console(screens, case, SAM)

    await rosa.get_by_role("button", name=f"Not to be done… {EMERGENCY}").click()
    await expect(rosa.get_by_text("a second one must agree")).to_be_visible()
    await rosa.get_by_label("Why it shall not be done").fill("Their mother is there and drives them to the hospital.")
    await rosa.get_by_role("button", name="Propose not to do it").click()
    await expect(rosa.locator(".duty-emergency")).to_contain_text("You would not do this")

    # One alone has changed nothing: it is still owed, and holds the case open.
    assert (await duty(town, case, "emergency"))["state"] == "open"
    emergency = sam.locator(".duty-emergency")
    await expect(emergency).to_contain_text("Rosa Ruiz would not do this")
    await expect(emergency).to_contain_text("Their mother is there")
    await emergency.get_by_role("button", name="Agree, with your reason…").click()
    await emergency.get_by_label("Why you agree").fill("I spoke with the mother.")
    await emergency.get_by_role("button", name="Agree: it shall not be done").click()

    await expect(rosa.locator(".duty-emergency")).to_have_count(0)
    settled = rosa.locator(".settled")
    await settled.get_by_text("Done or declined").click()
    await expect(settled).to_contain_text("not to be done by Rosa Ruiz and Sam Lindqvist")
    found = await duty(town, case, "emergency")
    assert (found["state"], found["by"], found["second"]) == ("declined", ROSA, SAM)


async def test_a_notice_stands_on_the_board_until_its_role_has_seen_it_and_no_private_word_with_it(
    town: Town, screens: Screens
) -> None:
    case = await an_attempt(town)
    await town.answer(case, "ch_intake.age=16")
    emergency = await duty(town, case, "emergency")
    path = f"/api/cases/{case['id']}/duties/{emergency['id']}"
    await town.ask(ROSA, "POST", path, {"done": False, "words": "nobody else may read this"})
    board = await screens.open("/board", SAM)
    need = board.locator(".needs li").filter(has_text="For the supervisor to see")
    await expect(need).to_contain_text(f"Case {case['number']}")
    await expect(need).to_contain_text("under 18")
    assert "nobody else may read this" not in await board.content()
    responder = await screens.open("/board", ROSA)
    theirs = responder.locator(".needs li").filter(has_text="For the supervisor to see")
    await expect(theirs.get_by_role("link", name="Open")).to_be_visible()
    await expect(theirs.get_by_role("button", name="Seen")).to_have_count(0)

    await need.get_by_role("button", name="Seen").click()
    await expect(need).to_have_class("gone")  # it keeps its place while somebody points there
    await board.mouse.move(5, 5)

    await expect(need).to_have_count(0)
    await expect(theirs).to_have_count(0)
    assert (await duty(town, case, "notify"))["by"] == SAM


# ---------------------------------------------------------------------------------------- records


async def test_a_report_opens_its_record_in_one_step_and_each_field_is_saved_as_it_is_left(
    town: Town, screens: Screens
) -> None:
    case = await a_child_is_harmed(town)
    page = await console(screens, case)
    await page.get_by_role("button", name="Open the record").click()
    records = page.get_by_role("region", name="Records of this case")
    await expect(records).to_contain_text("No jurisdiction is chosen: due times are not known.")
    await expect(records).to_contain_text("The software decides nothing")
    await expect(records.get_by_role("heading", name="Report of suspected abuse or neglect")).to_be_focused()

    await records.get_by_label("Who reports").fill("Rosa Ruiz")
    await records.get_by_label("Their role here").focus()
    await expect(field(records, "Who reports")).to_have_text(SAVED)
    await records.get_by_role("radio", name="Child").check()
    await expect(field(records, "Who is concerned")).to_have_text(SAVED)
    listed = (await town.ask(SAM, "GET", f"/api/cases/{case['id']}/records"))["records"]
    kept = {one["id"]: one["words"] for form in listed for one in form["fields"] if one["words"]}
    assert kept == {"reporter_name": "Rosa Ruiz", "report_type": "child"}

    await page.keyboard.press("Escape")
    await expect(records).to_have_count(0)
    await page.reload()
    await page.get_by_role("button", name="Open the record").click()
    await expect(records.get_by_label("Who reports")).to_have_value("Rosa Ruiz")


def field(records: Locator, label: str) -> Locator:
    """What a field says of itself."""
    return records.locator(".record-field").filter(has_text=label).get_by_role("status")


async def test_a_field_that_could_not_be_saved_says_so_keeps_its_words_and_is_tried_again(
    town: Town, screens: Screens
) -> None:
    case = await a_child_is_harmed(town)
    page = await console(screens, case)
    await page.get_by_role("button", name="Open the record").click()
    records = page.get_by_role("region", name="Records of this case")
    cut = f"**/api/cases/{case['id']}/records/*"

    async def no_way(route: Route) -> None:
        await route.abort()

    await page.route(cut, no_way)
    await records.get_by_label("Who reports").fill("Rosa Ruiz")
    await records.get_by_label("Their role here").focus()
    said = field(records, "Who reports")
    await expect(said).to_have_text("not saved")

    # Put away and opened again, it is still there, and still says that it is not saved.
    await page.get_by_role("button", name="Close the records").click()
    await page.get_by_role("button", name="Open the record").click()
    await expect(records.get_by_label("Who reports")).to_have_value("Rosa Ruiz")
    await expect(said).to_have_text("not saved yet")
    await page.unroute(cut)
    await records.get_by_label("Who reports").focus()
    await records.get_by_label("Their role here").focus()
    await expect(said).to_have_text(SAVED)


async def test_a_result_from_outside_is_kept_as_it_was_given(town: Town, screens: Screens) -> None:
    case = await a_child_is_harmed(town)
    page = await console(screens, case)
    await page.get_by_role("button", name="Records", exact=True).click()
    await page.get_by_role("button", name="Results from outside").click()
    room = page.get_by_role("region", name="Results from outside")
    await room.get_by_role("button", name="Keep this result").click()
    await expect(room.get_by_role("alert")).to_contain_text("Choose the tool")
    await room.get_by_label("Tool").select_option("locus")
    await room.get_by_label("Result", exact=True).select_option("4")
    await room.get_by_label("Rated by").fill("Dr. Kim, county clinic")
    await room.get_by_label("Rated on").fill("2026-11-20")
    await room.get_by_label("Where the document is").fill("County record 4471")
    await room.get_by_role("button", name="Keep this result").click()

    await expect(room.get_by_role("listitem")).to_contain_text("Level 4. Rated by: Dr. Kim, county clinic, 2026-11-20.")
    await expect(room.get_by_label("Rated by")).to_have_value("")
    (kept,) = (await town.case(case["id"]))["outside_results"]
    assert (kept["instrument"], kept["value"], kept["document"]) == ("locus", "4", "County record 4471")


# ------------------------------------------------------------------------------------------- looks


async def test_what_is_owed_and_its_forms_read_well_wide_and_narrow_in_light_and_dark(
    town: Town, screens: Screens
) -> None:
    case = await an_attempt(town)
    await town.answer(case, "ch_intake.age=16", "ch_abuse.someone=yes", "ch_abuse.child=yes")
    page = await console(screens, case)
    await page.get_by_role("button", name=f"Not to be done… {EMERGENCY}").click()
    await page.get_by_role("button", name="Close…").press("Enter")
    await expect(page.get_by_text("still owed. Do")).to_be_visible()
    await reads_well(page)


@pytest.mark.parametrize("form", ["Report of suspected abuse or neglect", "Results from outside"])
async def test_the_records_read_well_wide_and_narrow_in_light_and_dark(town: Town, screens: Screens, form: str) -> None:
    case = await a_child_is_harmed(town)
    page = await console(screens, case)
    await page.get_by_role("button", name="Records", exact=True).press("Enter")
    await page.get_by_role("button", name=form).press("Enter")
    await expect(page.get_by_role("heading", name=form)).to_be_visible()
    await reads_well(page)
