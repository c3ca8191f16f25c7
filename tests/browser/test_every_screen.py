"""What holds on every screen: readable at 320 px and in the dark, nothing for axe to say, a focus that can be seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.looking import reads_well, whats_wrong
from tests.browser.screens import Screens
from tests.browser.town import ADA, ANA, ANAS_PHONE, LINE, ROSA, SAM, SAMS_PHONE, Json, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = "https://example.org/" + "a-very-long-address-without-any-space-" * 3


@dataclass(frozen=True)
class Night:
    """A night in which everything is going on at once."""

    waiting: Json
    paging: Json
    taken: Json
    call: Json
    links: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def night(whole_town: Town) -> Night:
    town = whole_town
    await town.close_everything()

    taken = await town.text_arrives("i lost the job and now the flat. nobody knows")
    await town.claim(taken)
    taken = await town.answer(taken, "ch_right_now.safe_to_talk=yes", "asq.q1=yes", "asq.q5=yes")
    text = await town.page_text(ANAS_PHONE, taken["number"])
    town.carrier.phone(ANAS_PHONE).text("1")

    paging = await town.text_arrives(f"tell my mom i love her {LONG}")
    await town.claim(paging)
    path = f"/api/cases/{paging['id']}"
    await town.ask(ROSA, "POST", f"{path}/messages", {"text": "I am here with you. Where are you right now?"})
    await town.ask(ROSA, "POST", f"{path}/notes", {"text": f"Kitchen, door open. {LONG}"})
    await town.ask(ROSA, "POST", f"{path}/assist", {})
    paging = await town.answer(paging, "asq.q1=yes", "asq.q2=refused", "ch_right_now.attempt_now=yes")
    links = {"taken": text.body.split()[-1]}
    for who, number in (("asking", ANAS_PHONE), ("passed", SAMS_PHONE)):
        links[who] = (await town.page_text(number, paging["number"])).body.split()[-1]
    await town.http.post(f"{links['passed']}/pass")

    known = {one["id"] for one in await town.board()}
    town.stranger().call(LINE)
    call = (await town.when(lambda now: {one["id"] for one in now} - known, "a call"))[-1]
    await town.claim(call)
    waiting = await town.text_arrives("hola, no sé con quién hablar. perdí a mi mamá en marzo")
    return Night(waiting, paging, taken, call, links)


Walk = Callable[[Screens, Night], Awaitable[Page]]


async def sign_in(screens: Screens, night: Night) -> Page:
    page = await screens.open("/")
    await expect(page.get_by_label("User name")).to_be_visible()
    return page


async def sign_in_refused(screens: Screens, night: Night) -> Page:
    page = await sign_in(screens, night)
    await page.get_by_role("button", name="Sign in").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Enter your user name")
    return page


async def queue(screens: Screens, night: Night) -> Page:
    page = await screens.open("/", ROSA)
    await expect(page.get_by_role("row").filter(has_text=night.waiting["number"])).to_be_visible()
    return page


async def console(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.paging['id']}", ROSA)
    await expect(page.locator(".answers")).to_be_visible()
    await expect(page.locator("#care .ladder")).to_contain_text("Dr. Ana Osei")
    return page


async def console_with_everything_open(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.taken['id']}", ROSA)
    await expect(page.locator(".live")).to_contain_text("Live")  # until then, some buttons wait
    for button in ("Close…", "Ask something else", "Why?", "Change", "Emergency services…"):
        await page.get_by_role("button", name=button, exact=True).press("Enter")
    await page.get_by_role("button", name="Say it is imminent now").press("Enter")
    await page.locator("summary", has_text="words to say").first.press("Enter")
    await expect(page.get_by_role("button", name="Yes, it is imminent now")).to_be_visible()
    await expect(page.get_by_label("How it ended")).to_be_visible()
    await expect(page.get_by_label("I judge the risk to be")).to_be_visible()
    return page


async def call(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.call['id']}", ROSA)
    await expect(page.get_by_role("button", name="Ring my telephone")).to_be_visible()
    await expect(page.locator(".answers")).to_be_visible()
    return page


async def a_waiting_case(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.waiting['id']}", ROSA)
    await expect(page.get_by_role("button", name=f"Answer {night.waiting['number']}")).to_be_visible()
    return page


async def board(screens: Screens, night: Night) -> Page:
    page = await screens.open("/board", SAM)
    await expect(page.locator("#cases tbody tr")).to_have_count(4)
    await expect(page.get_by_role("heading", name="Rosa Ruiz asks for you")).to_be_visible()
    return page


async def reading_along(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.paging['id']}", SAM)
    await page.get_by_role("button", name="Stand down…").press("Enter")
    await expect(page.get_by_text("You read along")).to_be_visible()
    return page


async def not_yours(screens: Screens, night: Night) -> Page:
    page = await screens.open(f"/case/{night.call['id']}", ANA)
    await expect(page.get_by_text("You can read a case that waits")).to_be_visible()
    return page


async def no_such_case(screens: Screens, night: Night) -> Page:
    page = await screens.open("/case/nosuchcase", ROSA)
    await expect(page.get_by_text("There is no such case.")).to_be_visible()
    return page


async def administrator(screens: Screens, night: Night) -> Page:
    page = await screens.open("/", ADA)
    await expect(page.get_by_text("You are signed in as administrator.")).to_be_visible()
    return page


async def page_asking(screens: Screens, night: Night) -> Page:
    page = await screens.open(night.links["asking"])
    await expect(page.get_by_role("button", name="I have it")).to_be_visible()
    return page


async def page_taken(screens: Screens, night: Night) -> Page:
    page = await screens.open(night.links["taken"])
    await expect(page.get_by_role("heading", name="You have it")).to_be_visible()
    return page


async def page_passed(screens: Screens, night: Night) -> Page:
    page = await screens.open(night.links["passed"])
    # When everybody was tried meanwhile, whoever passed it on is asked once more.
    passed = page.get_by_role("heading", name="Passed on").or_(page.get_by_text("Everybody was tried"))
    await expect(passed).to_be_visible()
    return page


async def page_of_nobody(screens: Screens, night: Night) -> Page:
    return await screens.open("/p/cutoff")


EVERY_SCREEN: tuple[Walk, ...] = (
    sign_in,
    sign_in_refused,
    queue,
    console,
    console_with_everything_open,
    call,
    a_waiting_case,
    board,
    reading_along,
    not_yours,
    no_such_case,
    administrator,
    page_asking,
    page_taken,
    page_passed,
    page_of_nobody,
)


@pytest.mark.parametrize("walk", EVERY_SCREEN, ids=lambda walk: walk.__name__.replace("_", " "))
async def test_every_screen_reads_well_wide_and_narrow_in_light_and_dark_for_axe_and_by_keyboard(
    screens: Screens, night: Night, walk: Walk
) -> None:
    page = await walk(screens, night)
    await reads_well(page)


# ----------------------------------------------------------------------------- the watch is awake


async def test_a_screen_that_loads_what_it_may_not_is_noticed(screens: Screens, night: Night) -> None:
    page = await sign_in(screens, night)
    async with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        await page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert len(screens.wrong) == 1
    screens.wrong.clear()


async def test_a_screen_that_reads_badly_is_noticed(screens: Screens, night: Night) -> None:
    page = await sign_in(screens, night)
    await page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`
        *:focus-visible { outline: none !important }
        h1 { color: #ddd; width: 1500px }
        h1 + form { margin-top: -3em; background: white; position: relative }
        .hint { width: 1ch; overflow-wrap: anywhere }`);
      document.adoptedStyleSheets = [sheet];
      document.querySelector("label").remove();
      document.querySelector("button").tabIndex = -1;
    }""")
    found = await whats_wrong(page)
    for sign in (
        "scrolls sideways",
        "color-contrast",
        "label (",
        "no ring around the focus",
        "Tab did not reach <button",
        "broken into letters",
        'covered: "Sign in"',
    ):
        assert sign in found
