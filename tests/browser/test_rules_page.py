"""The rules, as anybody who works here may read them, and as two people sign them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.looking import reads_well
from tests.browser.screens import Screens, tab_to
from tests.browser.town import ADA, ANA, ROSA, SAM, Json, Town

SIGN = re.compile(r"^Sign\b(?! out)")

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def rules(town: Town) -> Json:
    return await town.ask(SAM, "GET", "/api/rules")


@pytest.mark.parametrize("who", [ROSA, ANA, SAM, ADA])
async def test_the_rules_are_one_link_away_for_everybody_who_may_read_them(
    town: Town, screens: Screens, who: str
) -> None:
    page = await screens.open("/", who)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Rules").click()
    await expect(page.get_by_role("heading", name="Rules in force")).to_be_visible()
    book = await rules(town)
    await expect(page.get_by_text(f"Version {book['version']}")).to_be_visible()
    await expect(page.locator("article")).to_have_count(len(book["rules"]))


async def test_a_rule_is_found_by_its_words_and_shows_its_line_its_examples_and_how_often_it_fired(
    town: Town, screens: Screens
) -> None:
    case = await town.text_arrives("it is now")
    await town.claim(case)
    await town.answer(case, "ch_right_now.attempt_now=yes")
    page = await screens.open("/rules", ROSA, keyboard_only=True)
    await tab_to(page, page.get_by_label("Find a rule or a questionnaire"))
    await page.keyboard.type("attempt in progress")
    rule = page.locator("article").filter(has_text="Rule attempt-in-progress")
    await expect(page.locator("article").filter(has_text="Rule child-harmed")).to_have_count(0)
    await expect(rule).to_contain_text("fired")
    await expect(rule).not_to_contain_text("never fired")
    await tab_to(page, rule.get_by_text("When, line by line"))
    await page.keyboard.press("Enter")
    await expect(rule.locator("code").first).to_contain_text("ch_right_now.attempt_now")
    await tab_to(page, rule.get_by_text("Examples"))
    await page.keyboard.press("Enter")
    await expect(rule.get_by_text("Stays calm")).to_be_visible()


async def test_a_questionnaire_whose_words_need_a_permission_says_so(town: Town, screens: Screens) -> None:
    page = await screens.open("/rules", ROSA)
    for name, words in (
        ("Brøset Violence Checklist", "no, needs a wording pack"),
        ("Level of Care Utilization System", "no, results from outside only"),
        ("Ask Suicide-Screening Questions", "yes"),
    ):
        row = page.get_by_role("row").filter(has_text=name)
        await expect(row.get_by_role("cell").nth(1)).to_have_text(words)


async def test_rules_are_signed_by_two_people_of_whom_the_second_sees_who_proposed_it_and_why(
    town: Town, screens: Screens
) -> None:
    sam = await screens.open("/rules", SAM, keyboard_only=True)
    await expect(sam.get_by_role("heading", name="Clinician sign-off: none.")).to_be_visible()
    await expect(sam.get_by_text("Nothing here is clinically validated.")).to_be_visible()
    await tab_to(sam, sam.get_by_role("button", name="Sign this version…"))
    await sam.keyboard.press("Enter")
    await expect(sam.get_by_label("What you checked")).to_be_focused()
    await sam.keyboard.type("Read all rules with the team.")
    await sam.keyboard.press("Tab")
    await sam.keyboard.press("Enter")
    await expect(sam.get_by_role("heading", name="Clinician sign-off: one of two.")).to_be_visible()
    await expect(sam.get_by_role("button", name=SIGN)).to_have_count(0)

    responder = await screens.open("/rules", ROSA)
    await expect(responder.get_by_text("Sam Lindqvist would sign this version:")).to_be_visible()
    await expect(responder.get_by_role("button", name=SIGN)).to_have_count(0)

    ana = await screens.open("/rules", ANA)
    await expect(ana.get_by_text("Read all rules with the team.")).to_be_visible()
    await ana.get_by_role("button", name="Sign as the second person…").click()
    await ana.get_by_label("What you checked").fill("Checked the imminent ones against our protocol.")
    await ana.get_by_role("button", name="Sign", exact=True).click()
    await expect(ana.get_by_role("heading", name="Clinician sign-off: Sam Lindqvist, Dr. Ana Osei.")).to_be_visible()
    assert (await rules(town))["signature"]["state"] == "signed"


async def test_a_refused_file_is_named_with_its_line_while_the_page_is_open_and_nothing_else_changes(
    town: Town, screens: Screens
) -> None:
    before = (await rules(town))["version"]
    file = town.hub.rules / "escalation" / "abuse.yaml"
    good = file.read_text(encoding="utf-8")
    page = await screens.open("/rules", SAM)
    await expect(page.locator("article").first).to_be_visible()
    try:
        file.write_text(good.replace("raise_risk: moderate", "raise_risk: enormous", 1), encoding="utf-8")
        await expect(page.get_by_role("region", name="Refused files")).to_contain_text(re.compile(r"abuse\.yaml:\d+"))
    finally:
        file.write_text(good, encoding="utf-8")
    await expect(page.get_by_role("region", name="Refused files")).to_have_count(0)
    assert (await rules(town))["version"] == before


async def test_a_case_that_was_judged_with_other_rules_than_those_in_force_says_so(
    town: Town, screens: Screens
) -> None:
    case = await town.text_arrives("are you there")
    await town.claim(case)
    await town.answer(case, "asq.q1=yes", "asq.q5=yes")
    version = (await rules(town))["version"]
    file = town.hub.rules / "escalation" / "abuse.yaml"
    good = file.read_text(encoding="utf-8")
    page = await screens.open(f"/case/{case['id']}", ROSA)
    await expect(page.locator(".judged")).to_contain_text(f"Rules version {version}.")
    try:
        file.write_text(f"{good}# Read once more.\n", encoding="utf-8")
        said = f"This case was judged with rules version {version}; another one is in force now."
        await expect(page.locator(".judged")).to_contain_text(said)
    finally:
        file.write_text(good, encoding="utf-8")
    await expect(page.locator(".judged")).to_contain_text(f"Rules version {version}.")


@pytest.mark.parametrize("who", [SAM, ADA])
async def test_the_rules_read_well_wide_and_narrow_in_light_and_dark(town: Town, screens: Screens, who: str) -> None:
    page = await screens.open("/rules", who)
    await page.get_by_label("Find a rule or a questionnaire").fill("suicide")
    await page.locator("article summary").first.press("Enter")
    await page.locator("article summary").nth(1).press("Enter")
    await reads_well(page)
