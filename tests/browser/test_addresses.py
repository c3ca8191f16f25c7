"""Addresses that lead nowhere say so in words, whoever asks."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.screens import Screens
from tests.browser.town import ANA, ROSA, SAM, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("path", ["/nowhere", "/case/one/two"])
async def test_an_unknown_address_says_so_in_words_and_leads_back(town: Town, screens: Screens, path: str) -> None:
    page = await screens.open(path, ROSA)
    await expect(page.get_by_role("heading", name="There is no page at this address.")).to_be_visible(timeout=5_000)
    await page.get_by_role("link", name="Go to the start").click()
    await expect(page.get_by_role("heading", name="Waiting")).to_be_visible()


@pytest.mark.parametrize("who", [ROSA, SAM])
async def test_a_case_that_does_not_exist_says_so_in_words(town: Town, screens: Screens, who: str) -> None:
    page = await screens.open("/case/nosuchcase", who)
    await expect(page.get_by_role("main").get_by_text("There is no such case.")).to_be_visible()


async def test_a_case_of_somebody_else_says_who_may_read_it(town: Town, screens: Screens) -> None:
    case = await town.text_arrives("not for everybody")
    await town.claim(case)
    page = await screens.open(f"/case/{case['id']}", ANA)
    await expect(page.get_by_role("main")).to_contain_text("You can read a case that waits, that is yours")
    assert "not for everybody" not in await page.content()
