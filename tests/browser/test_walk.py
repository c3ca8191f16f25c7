"""The main job in real browsers: a text is answered by keyboard alone, a page goes out, is taken, and all see it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from crisis_hub.adapters.telephony.simulator import Line, Person, Press
from tests.browser.screens import Screens, answer, tab_to
from tests.browser.town import ANAS_PHONE, LINE, PASSWORD, ROSA, SAM, SAMS_PHONE, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TO_IMMINENT = (
    ("safe to talk", "Yes"),
    ("who it is about", "Themselves"),
    ("age", "34"),
    ("needs another way to talk", "No"),
    ("an attempt under way", "Yes"),
)
"""The questions in the order in which the script asks them, and what is said to each."""


async def sign_in_by_keyboard(page: Page, who: str) -> None:
    await tab_to(page, page.get_by_label("User name"))
    await page.keyboard.type(who)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")


Take = Callable[[Town, str], Awaitable[None]]


async def take_by_reply(town: Town, number: str) -> None:
    text = await town.page_text(ANAS_PHONE, number)
    assert "how to say this" not in text.body
    town.carrier.phone(ANAS_PHONE).text("1")


async def take_by_digit(town: Town, number: str) -> None:
    await town.page_text(ANAS_PHONE, number)
    town.carrier.phone(ANAS_PHONE).answer()


@pytest.mark.parametrize(
    ("take", "how"),
    [(take_by_reply, "By text reply."), (take_by_digit, "By a digit on the telephone.")],
    ids=["by reply", "by digit"],
)
async def test_a_text_is_answered_by_keyboard_alone_until_a_page_goes_out_and_is_taken_and_a_supervisor_sees_it_live(
    town: Town, screens: Screens, take: Take, how: str
) -> None:
    town.phone(ANAS_PHONE, Person(presses=(Press("4", after=0.2, when="press 4"),)))
    supervisor = await screens.open("/board", SAM)
    await expect(supervisor.get_by_text("No case is open.")).to_be_visible()
    await supervisor.evaluate("window.neverReloaded = true")

    responder = await screens.open("/", keyboard_only=True)
    await sign_in_by_keyboard(responder, ROSA)
    await expect(responder.get_by_text("nobody waits", exact=False).first).to_be_visible()
    case = await town.text_arrives("i dont know how to say this")
    number = case["number"]

    # From ringing to the first question on the screen and in focus: one key.
    await expect(responder.get_by_role("button", name=f"Answer {number} Enter")).to_be_focused()
    await responder.keyboard.press("Enter")
    for question, words in TO_IMMINENT:
        await expect(responder.locator("#h-ask")).to_contain_text(question, ignore_case=True)
        await expect(responder.locator(".answers input").first).to_be_focused()
        await answer(responder, words)

    # The page goes out, and the responder sees to whom and how far it got.
    care = responder.locator("#care")
    await expect(care.locator(".risk-word")).to_have_text("Imminent")
    await expect(care.get_by_role("heading", name="Clinician page: nobody has it yet")).to_be_visible()
    for name in ("Dr. Ana Osei", "Sam Lindqvist"):
        rung = care.locator(".ladder li").filter(has_text=name)
        await expect(rung).to_contain_text(re.compile(r"Text delivered \d:\d\d, call placed, not answered"))

    # The supervisor sees the same without doing anything.
    row = supervisor.get_by_role("row").filter(has_text=number)
    await expect(row).to_contain_text("Imminent")
    await expect(row).to_contain_text("Rosa Ruiz")
    await counts_down(supervisor, number)

    await take(town, number)

    await expect(care.get_by_role("heading", name="Clinician page: Dr. Ana Osei has it")).to_be_visible()
    await expect(care).to_contain_text(how)
    await expect(row).to_contain_text("Dr. Ana Osei has it")
    await expect(supervisor.get_by_text("Nothing needs you now.")).to_be_visible()
    assert await supervisor.evaluate("window.neverReloaded") is True
    taken = (await town.case(case["id"]))["escalations"]
    assert [(one["state"], one["taken_by"]) for one in taken] == [("taken", "ana")]


async def counts_down(board: Page, number: str) -> None:
    """The time to the next step is shown and goes down, second by second."""
    cell = board.get_by_role("row").filter(has_text=number).locator(".page-cell")
    await expect(cell).to_contain_text(re.compile(r"Step 1 of 2, next in 0:[0-5]\d"))
    first = await cell.inner_text()
    seconds = int(first[-2:])
    await expect(cell).to_contain_text(re.compile(rf"next in 0:({seconds - 1:02}|{seconds - 2:02}|{seconds - 3:02})"))


async def test_a_responder_writes_reads_notes_asks_for_help_and_closes_without_a_pointer(
    town: Town, screens: Screens
) -> None:
    supervisor = await screens.open("/board", SAM)
    responder = await screens.open("/", ROSA, keyboard_only=True)
    phone = town.stranger(Person(replies=(Line("yes. im in my room", after=0.2, when="safe for you"),)))
    phone.text("can i talk to someone", LINE)
    await expect(responder.get_by_role("button", name="Enter")).to_be_focused()
    await responder.keyboard.press("Enter")
    await expect(responder.locator(".answers input").first).to_be_focused()

    # The words of the question go into the reply, from there to the person, and their answer comes back.
    await responder.keyboard.press("Control+i")
    await expect(responder.get_by_label("Reply")).to_be_focused()
    await responder.keyboard.press("Control+Enter")
    talk = responder.get_by_role("log")
    await expect(talk.get_by_role("listitem").filter(has_text="Is it safe for you")).to_contain_text("delivered")
    await expect(talk.get_by_role("listitem").filter(has_text="yes. im in my room")).to_contain_text("They")
    await expect(responder.get_by_label("Reply")).to_have_value("")

    # Notes are one key away, and the same key leads back.
    reply = responder.get_by_label("Reply")
    await responder.keyboard.press("F2")
    notes = responder.get_by_role("textbox", name="Notes")
    await expect(notes).to_be_focused()
    await responder.keyboard.type("In their room, door closed.")
    await responder.keyboard.press("Control+Enter")
    await expect(responder.get_by_role("list", name="Notes so far")).to_contain_text("In their room, door closed.")
    await responder.keyboard.press("F2")
    await expect(reply).to_be_focused()

    # A supervisor is one key away, and sees it at once.
    await responder.keyboard.press("F9")
    await expect(responder.get_by_role("button", name="Supervisor asked")).to_be_visible()
    await expect(supervisor.get_by_role("heading", name="Rosa Ruiz asks for you")).to_be_visible()

    # The arrows choose as well as digits do.
    await tab_to(responder, responder.locator(".answers input").first)
    await responder.keyboard.press("ArrowDown")
    await expect(responder.get_by_role("radio", name="Yes")).to_be_checked()
    await responder.keyboard.press("Enter")
    outline = responder.get_by_role("region", name="Script and answers")
    await expect(outline.get_by_role("button", name="Safe to talk or text here")).to_contain_text("Yes")

    # "It is imminent now" is said in two touches, in place, whatever question stands there.
    await tab_to(responder, responder.get_by_role("button", name="Say it is imminent now"))
    await responder.keyboard.press("Enter")
    await expect(responder.get_by_role("button", name="Yes, it is imminent now")).to_be_focused()
    await responder.keyboard.press("Enter")
    await expect(responder.locator(".risk-word")).to_have_text("Imminent")

    # While somebody is looked for, the case does not close; the sentence says why.
    await close_by_keyboard(responder)
    await expect(responder.get_by_role("alert").filter(has_text="page is still open")).to_be_visible()
    await take_by_reply(town, (await town.newcomer())["number"])
    await expect(responder.get_by_role("heading", name="Dr. Ana Osei has it")).to_be_visible()
    await responder.keyboard.press("Enter")
    await expect(responder.get_by_role("heading", name="Waiting")).to_be_visible()
    await expect(supervisor.get_by_text("No case is open.")).to_be_visible()


async def close_by_keyboard(page: Page) -> None:
    await tab_to(page, page.get_by_role("button", name="Close…"))
    await page.keyboard.press("Enter")
    outcome = page.get_by_label("How it ended")
    await expect(outcome).to_be_focused()
    await page.keyboard.type("Safe")
    await expect(outcome).to_have_value("safe_for_now")
    await tab_to(page, page.get_by_role("button", name="Close the case"))
    await page.keyboard.press("Enter")


async def test_somebody_of_ones_own_choice_is_paged_by_keyboard_and_it_goes_on_to_the_steps(
    town: Town, screens: Screens
) -> None:
    case = await town.text_arrives("i only talk to sam")
    await town.claim(case)
    page = await screens.open(f"/case/{case['id']}", ROSA, keyboard_only=True)
    await expect(page.locator(".answers input").first).to_be_focused()
    await tab_to(page, page.get_by_role("button", name="Page somebody…"))
    await page.keyboard.press("Enter")
    whom = page.get_by_label("Whom first")
    await expect(whom).to_be_focused()
    await page.keyboard.type("Sam")
    await expect(whom).to_have_value(SAM)
    form = page.get_by_role("form", name="Page a person or a step")
    await expect(form).to_contain_text("Sam Lindqvist is paged now.")
    await tab_to(page, form.get_by_label("Because"))
    await tab_to(page, form.get_by_role("button", name="Page now"))
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_have_text("Say why, in a few words.")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.type("They know Sam.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(form).to_have_count(0)
    await expect(page.get_by_role("button", name="Page somebody…")).to_be_focused()
    await town.page_text(SAMS_PHONE, case["number"])
    await expect(page.locator("#care .ladder li").filter(has_text="Sam Lindqvist")).to_contain_text("Text")
    (begun,) = (await town.case(case["id"]))["escalations"]
    assert [one["targets"][0]["name"] for one in begun["steps"]] == [SAM, "clinicians", "supervisor"]
    assert not [text for text in town.carrier.phone(ANAS_PHONE).texts if case["number"] in text.body]
