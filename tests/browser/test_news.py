"""News draws the screens anew and moves nothing: neither the focus, nor what was scrolled, nor what was opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.screens import Screens, tab_to
from tests.browser.test_rota import ROTA, hole, soon
from tests.browser.town import ROSA, SAM, Json, Town

__all__ = ["hole"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

News = Callable[[int], Awaitable[None]]

STEPS = 24

_WHERE = """() => {
    globalThis.stood = document.activeElement;
    globalThis.height = stood.getBoundingClientRect().top;
}"""
_MOVED = """(still) => {
    const say = (one) => (one ?? document.body).outerHTML.slice(0, 100);
    const at = document.activeElement;
    if (at !== stood) return `the focus went from ${say(stood)} to ${say(at)}`;
    // A page that became shorter than it was scrolled can only end at its end.
    const page = document.scrollingElement;
    const atItsEnd = page.scrollTop > 0 && page.scrollTop + innerHeight >= page.scrollHeight - 1;
    const by = Math.round(stood.getBoundingClientRect().top - height);
    return still && Math.abs(by) > 2 && !atItsEnd ? `${say(stood)} jumped by ${by} px` : "";
}"""


async def walk_through_news(page: Page, news: News, *, still: bool = True) -> None:
    """Walk with Tab, and at each second stop let something happen; one stands where one stood, and comes further.

    Not `still` is a list in which a line may come or go above the one that has the focus.
    """
    seen: set[str] = set()
    for step in range(STEPS):
        await page.keyboard.press("Tab")
        if step % 2:
            continue
        await page.evaluate(_WHERE)
        await news(step)
        assert await page.evaluate(_MOVED, still) == "", f"after step {step}"
        seen.add(await page.evaluate("document.activeElement.outerHTML"))
    assert len(seen) > STEPS // 3, "the walk came nowhere"


async def a_second(page: Page) -> None:
    """Every counter has stepped on, so that whatever is drawn each second was drawn."""
    clock = page.locator(".clock")
    before = await clock.inner_text()
    await expect(clock).not_to_have_text(before)


async def test_on_the_rota(town: Town, screens: Screens, hole: None) -> None:
    page = await screens.open("/rota", SAM)
    await expect(page.get_by_role("heading", name="On call: clinicians")).to_be_visible()
    await expect(page.locator(".whole, .gap-notice").first).to_be_visible()
    if await page.locator(".gap-notice").count() == 0:
        await page.get_by_role("button", name="Week after").click()
    await page.get_by_role("button", name="Find somebody").click()
    await expect(page.locator("#h-who")).to_be_focused()
    made: list[str] = []

    async def news(step: int) -> None:
        if step % 4 == 0:  # the live picture has somebody else who is next on call
            body = {"change": "add", "person": SAM, "start": soon(3), "end": soon(4), "why": f"News {step}"}
            made.append((await town.ask(SAM, "POST", f"{ROTA}/overrides", {**body, "anyway": True}))["id"])
        else:
            await town.ask(SAM, "POST", f"{ROTA}/overrides/{made.pop()}/end", {})
        await a_second(page)

    try:
        await walk_through_news(page, news, still=False)
        await expect(page.get_by_role("heading", name="Who could be on call then")).to_be_visible()
    finally:
        for one in made:
            await town.ask(SAM, "POST", f"{ROTA}/overrides/{one}/end", {})


async def test_on_the_board(town: Town, screens: Screens) -> None:
    first = await town.text_arrives("first of all")
    page = await screens.open("/board", SAM)
    await expect(page.get_by_role("row").filter(has_text=first["number"])).to_be_visible()

    async def news(step: int) -> None:
        await town.text_arrives(f"one more, {step}")
        await expect(page.locator(".numbers")).to_contain_text(str(step // 2 + 2))

    await walk_through_news(page, news)


async def in_a_case(town: Town, screens: Screens) -> tuple[Page, Json]:
    case = await town.text_arrives("hello")
    await town.claim(case)
    page = await screens.open(f"/case/{case['id']}", ROSA)
    await expect(page.locator(".live")).to_contain_text("Live")
    await expect(page.locator(".answers input").first).to_be_focused()
    return page, case


async def test_in_a_case_while_a_colleague_writes_answers_and_judges(town: Town, screens: Screens) -> None:
    page, case = await in_a_case(town, screens)
    await page.get_by_role("button", name="Emergency services…").press("Enter")
    await page.get_by_role("button", name="Change", exact=True).press("Enter")
    await page.get_by_role("button", name="Records", exact=True).press("Enter")
    await page.get_by_role("button", name="Results from outside").press("Enter")
    await expect(page.get_by_label("Tool")).to_be_visible()
    await page.get_by_label("Rated by").fill("Dr. Kim")
    path = f"/api/cases/{case['id']}"
    answers = iter(("ch_intake.age=16", "ch_abuse.someone=yes", "ch_abuse.child=yes", "ch_right_now.attempt_now=yes"))

    async def news(step: int) -> None:
        if step in (4, 8, 12, 16):
            await town.answer(case, next(answers), who=SAM)
        await town.ask(SAM, "POST", f"{path}/notes", {"text": f"News {step}."})
        if step < 16:
            await expect(page.get_by_role("list", name="Notes so far")).to_contain_text(f"News {step}.")
        else:  # the notes are one line by now
            await expect(page.locator("#care .risk-word")).to_have_text("Imminent")
            await a_second(page)

    await page.locator("#h-records").focus()
    await walk_through_news(page, news)
    await expect(page.get_by_label("I judge the risk to be")).to_be_visible()
    await expect(page.get_by_role("group", name="Emergency services")).to_be_visible()
    await expect(page.get_by_label("Rated by")).to_have_value("Dr. Kim")


async def test_a_question_that_somebody_else_answers_takes_no_focus_and_no_open_words_away(
    town: Town, screens: Screens
) -> None:
    page, case = await in_a_case(town, screens)
    title = page.locator("#h-ask")
    asked = await title.inner_text()

    # Asked once more whether it is imminent, and then another question stands there.
    await page.get_by_role("button", name="Say it is imminent now").press("Enter")
    yes = page.get_by_role("button", name="Yes, it is imminent now")
    await expect(yes).to_be_focused()
    await town.answer(case, "ch_right_now.safe_to_talk=yes", who=SAM)
    await expect(title).not_to_have_text(asked)
    await expect(yes).to_be_focused()
    await page.keyboard.press("Escape")

    # In the reply, and in the answers themselves: no digit meant for one question may answer another.
    await page.get_by_label("Reply").focus()
    asked = await title.inner_text()
    await answer_what_is_asked(town, case)
    await expect(title).not_to_have_text(asked)
    await expect(page.get_by_label("Reply")).to_be_focused()
    await tab_to(page, page.locator(".answers input").first, most=150)
    asked = await title.inner_text()
    await answer_what_is_asked(town, case)
    await expect(title).not_to_have_text(asked)
    await expect(title).to_be_focused()


async def answer_what_is_asked(town: Town, case: Json) -> None:
    """A supervisor says that there is no answer yet."""
    script = await town.ask(SAM, "GET", f"/api/cases/{case['id']}/script")
    question = script["next"]
    await town.answer(case, f"{question['instrument']}.{question['item']}=unknown", who=SAM)


async def test_a_script_that_comes_late_takes_the_focus_from_nobody(town: Town, screens: Screens) -> None:
    case = await town.text_arrives("hello")
    await town.claim(case)
    page = await screens.open("/board", ROSA)
    held: list[Route] = []
    late = asyncio.Event()

    async def hold(route: Route) -> None:
        held.append(route)
        await late.wait()
        await route.continue_()

    await page.route("**/script?*", hold)
    await page.goto(f"{town.hub.url}/case/{case['id']}")
    records = page.get_by_role("button", name="Records", exact=True)
    await records.focus()
    assert held
    late.set()
    await expect(page.locator(".answers input").first).to_be_visible()
    await expect(records).to_be_focused()


async def test_an_alarm_pushes_out_of_sight_neither_that_the_screen_is_live_nor_anything_else(
    town: Town, screens: Screens
) -> None:
    page = await screens.open("/board", SAM)
    case = await town.text_arrives("it is now")
    await town.claim(case)
    await town.answer(case, "asq.q1=yes", "asq.q5=yes")
    alarm = page.locator(".alarm")
    await expect(alarm).to_be_visible()
    for width in (320, 640, 1000, 1120, 1280, 1600):
        await page.set_viewport_size({"width": width, "height": 900})
        # The longest that an alarm says, in its place.
        await alarm.locator("b").evaluate("one => { one.textContent = 'Nobody took the page: case 100200' }")
        assert await page.evaluate("document.scrollingElement.scrollWidth") <= width
        for what in (page.locator(".live"), alarm.get_by_role("link"), alarm.get_by_role("button")):
            await expect(what).to_be_in_viewport(ratio=1)
