"""Who gets in, who is told why not, and who sees nothing of anybody's case."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.screens import Screens
from tests.browser.town import ADA, PASSWORD, ROSA, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def sign_in(page: Page, who: str, password: str) -> None:
    await page.get_by_label("User name").fill(who)
    await page.get_by_label("Password").fill(password)
    await page.keyboard.press("Enter")


async def test_a_wrong_password_is_said_in_words_and_what_was_typed_stays(town: Town, screens: Screens) -> None:
    page = await screens.open("/")
    await sign_in(page, ROSA, "not this one")
    problem = page.get_by_role("alert").filter(has_text="That did not work")
    await expect(problem).to_contain_text("The user name or the password is wrong.")
    await expect(problem).to_be_focused()
    await expect(page.get_by_label("User name")).to_have_value(ROSA)

    # The same words for a name that nobody has: nobody learns who works here.
    await sign_in(page, "nobody", "not this one")
    await expect(problem).to_contain_text("The user name or the password is wrong.")

    await sign_in(page, ROSA, PASSWORD)
    await expect(page.get_by_role("heading", name="Waiting")).to_be_visible()


async def test_an_empty_form_says_which_field_is_missing(town: Town, screens: Screens) -> None:
    page = await screens.open("/")
    await page.get_by_role("button", name="Sign in").press("Enter")
    await expect(page.get_by_role("alert").get_by_role("link", name="Enter your user name")).to_be_visible()
    await sign_in(page, ROSA, "")
    await expect(page.get_by_role("alert").get_by_role("link", name="Enter your password")).to_be_visible()
    await expect(page.get_by_label("Password")).to_have_accessible_description("Enter your password")


async def test_whoever_signs_out_leaves_an_empty_screen_and_no_way_back(town: Town, screens: Screens) -> None:
    case = await town.text_arrives("words that stay here")
    await town.claim(case)
    page = await screens.open("/")
    await sign_in(page, ROSA, PASSWORD)
    await page.get_by_role("link", name=case["number"]).click()
    await expect(page.get_by_role("log")).to_contain_text("words that stay here")
    await page.get_by_role("textbox", name="Notes").fill("not saved, and not for the next person at this desk")

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    html = await page.content()
    assert case["number"] not in html
    assert "words that stay here" not in html
    assert (await page.request.get(f"{town.hub.url}/api/board")).status == 401

    await sign_in(page, ROSA, PASSWORD)
    await expect(page.get_by_role("log")).to_contain_text("words that stay here")
    await expect(page.get_by_role("textbox", name="Notes")).to_have_value("")


async def test_an_administrator_sees_nothing_of_any_case_on_the_screen_or_behind_it(
    town: Town, screens: Screens
) -> None:
    case = await town.text_arrives("for the eyes of a responder")
    await town.claim(case)
    await town.answer(case, "ch_right_now.attempt_now=yes")

    page = await screens.open("/")
    behind: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: behind.append(str(frame))))
    await sign_in(page, ADA, PASSWORD)
    await expect(page.get_by_text("You are signed in as administrator.")).to_be_visible()
    for path in ("/", "/board", f"/case/{case['id']}"):
        await page.goto(town.hub.url + path)
        await expect(page.get_by_text("They see no case and no word of any conversation")).to_be_visible()
        shown = " ".join([await page.content(), *behind])
        for word in (case["number"], case["responder_name"] or "Rosa Ruiz", "for the eyes", "Imminent"):
            assert word not in shown, f"{word} at {path}"
    for path in ("/api/board", "/api/cases", f"/api/cases/{case['id']}", f"/api/cases/{case['id']}/facts"):
        assert (await page.request.get(town.hub.url + path)).status == 403, path
