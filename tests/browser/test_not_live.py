"""A screen that is cut off says so, keeps what was typed, and misses nothing when it is back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.looking import reads_well
from tests.browser.screens import Screens
from tests.browser.town import ROSA, SAM, Json, Town, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SINCE = re.compile(r"Not live since \d\d:\d\d:\d\d")
SOON = 15_000
"""Milliseconds: heartbeats come every 4 s, silence counts after 6 s, and for 5 s it is only "reconnecting"."""


@pytest_asyncio.fixture(loop_scope="session")
async def frail_town(town: Town) -> AsyncIterator[Town]:
    """A town whose hub may be hurt; whatever became of it, the next test finds it well."""
    yield town
    await town.hub.revive()


async def open_case(town: Town, words: str) -> Json:
    case = await town.text_arrives(words)
    await town.claim(case)
    return case


def not_live(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text=SINCE)


async def waits_for_live(button: Locator) -> None:
    await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(button).to_have_accessible_description(re.compile("Comes back with the connection"))


async def shows_the_board_of(town: Town, page: Page) -> None:
    """The screen shows exactly the cases that `GET /api/board` has, each with its risk and who has it."""
    cases = await town.board()
    words = {"imminent": "Imminent", "high": "High", "moderate": "Moderate", "not_assessed": "Not assessed"}
    expected = {one["number"]: (words[one["risk"]], one["responder_name"] or "nobody yet") for one in cases}
    rows = page.locator("#cases tbody tr")
    await expect(rows).to_have_count(len(expected))
    for number, (risk, who) in expected.items():
        row = rows.filter(has_text=number)
        await expect(row.locator(".c-risk")).to_have_text(risk)
        await expect(row.locator(".c-with")).to_have_text(who)


async def test_when_the_hub_is_killed_every_screen_says_since_when_keeps_what_was_typed_and_comes_back_whole(
    frail_town: Town, screens: Screens
) -> None:
    town = frail_town
    case = await open_case(town, "first")
    board = await screens.open("/board", SAM)
    console = await screens.open(f"/case/{case['id']}", ROSA)
    queue = await screens.open("/", ROSA)
    waits = await town.text_arrives("second")
    await console.get_by_role("textbox", name="Notes").fill("Typed before the cut.")
    await expect(board.locator("#cases")).to_contain_text(waits["number"])

    town.hub.kill()
    for page in (board, console, queue):
        await expect(not_live(page)).to_be_visible(timeout=SOON)
    await expect(board.locator(".numbers")).to_have_class(re.compile("stale"))
    await reads_well(board)

    # What needs fresh figures waits; what is said and noted can still be tried, and stays where it was typed.
    await waits_for_live(console.get_by_role("button", name="Give back"))
    await waits_for_live(console.get_by_role("button", name="Close…"))
    await waits_for_live(queue.get_by_role("button", name=f"Answer {waits['number']} Enter"))
    await queue.get_by_role("button", name=f"Answer {waits['number']} Enter").press("Enter")
    await console.get_by_label("Reply").fill("I am still here.")
    await console.get_by_label("Reply").press("Control+Enter")
    await console.get_by_role("textbox", name="Notes").press("Control+Enter")
    await expect(console.get_by_role("alert").filter(has_text="What you typed is still here")).to_have_count(2)
    await expect(console.get_by_label("Reply")).to_have_value("I am still here.")
    await expect(console.get_by_role("textbox", name="Notes")).to_have_value("Typed before the cut.")

    await town.hub.start()
    third = await open_case(town, "third, before any screen is back")
    await town.answer(third, "ch_right_now.attempt_now=yes")
    for page in (board, console, queue):
        await expect(not_live(page)).to_be_hidden(timeout=SOON)
        await expect(page.locator(".live")).to_contain_text("Live")
    await shows_the_board_of(town, board)

    # Said again, it is done; and done once.
    await console.get_by_label("Reply").press("Control+Enter")
    await console.get_by_role("textbox", name="Notes").press("Control+Enter")
    await expect(console.get_by_label("Reply")).to_have_value("")
    await expect(console.get_by_role("textbox", name="Notes")).to_have_value("")
    now = await town.case(case["id"])
    assert [one["text"] for one in now["notes"]] == ["Typed before the cut."]
    assert [one["text"] for one in now["messages"] if one["author"] == ROSA] == ["I am still here."]
    await expect(queue.get_by_role("button", name=f"Answer {waits['number']} Enter")).not_to_have_attribute(
        "aria-disabled", "true"
    )


async def test_a_hub_that_hangs_with_its_connections_open_is_noticed_by_its_silence(
    frail_town: Town, screens: Screens
) -> None:
    case = await open_case(frail_town, "hello")
    board = await screens.open("/board", SAM)
    await expect(board.locator("#cases")).to_contain_text(case["number"])

    frail_town.hub.freeze()
    await expect(not_live(board)).to_be_visible(timeout=SOON)
    frail_town.hub.thaw()
    await expect(not_live(board)).to_be_hidden(timeout=SOON)
    await shows_the_board_of(frail_town, board)


async def test_a_quiet_night_stays_live_by_heartbeats_alone(town: Town, screens: Screens) -> None:
    board = await screens.open("/board", SAM)
    await expect(board.get_by_text("No case is open.")).to_be_visible()
    beats: list[str] = []
    board.on("websocket", lambda socket: socket.on("framereceived", lambda frame: beats.append(str(frame))))
    await board.reload()
    await expect(board.locator(".live")).to_contain_text("Live")
    # The page itself writes down every state that the link goes through.
    await board.evaluate("""() => {
        const live = document.querySelector(".live");
        window.states = [live.innerText];
        const look = () => window.states.push(live.innerText);
        new MutationObserver(look).observe(live, {subtree: true, childList: true, characterData: true});
    }""")
    await until(lambda: len([beat for beat in beats if '"heartbeat"' in beat]) >= 2, "two heartbeats")
    assert {words.split()[0] for words in await board.evaluate("window.states")} == {"Live"}
