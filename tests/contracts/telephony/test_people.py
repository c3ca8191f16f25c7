"""People behind phones do what they are described to do, minute by minute, with the clock moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.responses import HTMLResponse, Response

from crisis_hub.adapters.telephony.simulator import (
    ASLEEP,
    AWAKE,
    FILTERED,
    UNREACHABLE,
    VOICEMAIL,
    Line,
    Person,
    Press,
)
from tests.contracts.telephony.world import Asked, World, twiml, world

PAGE = "Case 41: imminent. Reply 1 KX7 to take, 2 KX7 to pass: https://hub.example.org/p/abc123."


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        made.hub.answers |= {"/menu": menu(), "/digits": digit}
        yield made


def menu() -> str:
    return twiml(*["<Gather numDigits='1' timeout='8' action='/digits'><Say>Press 1</Say></Gather>"] * 3, "<Hangup/>")


def digit(asked: Asked) -> str:
    return twiml("<Say>Thank you</Say><Hangup/>") if asked["Digits"] == "1" else menu()


async def page_by_call(w: World, person: Person, seconds: float = 120) -> list[str]:
    phone = w.phone("01", person)
    await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(seconds)
    return w.hub.told("/progress", "CallStatus")


async def page_by_text(w: World, person: Person, body: str = PAGE, seconds: float = 60) -> list[str]:
    phone = w.phone("01", person)
    await w.asks(w.telephony.send_text(phone.number, body, "/progress"))
    await w.clock.advance(seconds)
    return w.hub.told("/progress", "MessageStatus")


# ---------------------------------------------------------------- ringing


async def test_somebody_awake_answers_and_presses(w: World) -> None:
    told = await page_by_call(w, AWAKE)

    assert [status for status in told if status] == ["initiated", "in-progress", "completed"]
    assert w.hub.told("/digits", "Digits") == ["1"]
    assert [one["AnsweredBy"] for one in w.hub.on("/progress") if one["MachineDetectionDuration"]] == ["human"]


async def test_a_wrong_digit_first_and_then_the_right_one(w: World) -> None:
    await page_by_call(w, Person(answers_after=3.0, presses=(Press("9"), Press("1"))))

    assert w.hub.told("/digits", "Digits") == ["9", "1"]
    assert w.phone("01").words_heard().endswith("Thank you")


async def test_somebody_waits_for_the_words_before_pressing(w: World) -> None:
    w.hub.answers["/menu"] = twiml("<Pause length='9'/>", menu()[10:-11])

    await page_by_call(w, Person(answers_after=0.0, presses=(Press("1", after=1.0, when="press 1"),)))

    assert w.hub.told("/digits", "Digits") == ["1"]


async def test_somebody_asleep_lets_it_ring_out(w: World) -> None:
    told = await page_by_call(w, ASLEEP)

    assert told == ["initiated", "no-answer"]
    assert w.phone("01").expect_call().heard == []


@pytest.mark.parametrize(
    ("person", "ends"),
    [
        (Person(busy=True), "busy"),
        (Person(declines_after=4.0), "busy"),
        (UNREACHABLE, "failed"),
    ],
)
async def test_calls_that_are_not_taken(w: World, person: Person, ends: str) -> None:
    assert (await page_by_call(w, person))[-1] == ends


@pytest.mark.parametrize(
    ("person", "answered_by"),
    [(VOICEMAIL, "machine_start"), (Person(screened_after=1.0), "unknown")],
)
async def test_a_machine_listens_to_everything_and_never_presses(w: World, person: Person, answered_by: str) -> None:
    told = await page_by_call(w, person)

    assert told[-1] == "completed"
    assert w.hub.on("/digits") == []
    assert w.phone("01").words_heard() == "Press 1 / Press 1 / Press 1"
    assert w.hub.on("/progress")[-1]["AnsweredBy"] == answered_by


async def test_somebody_answers_and_hangs_up_without_a_word(w: World) -> None:
    told = await page_by_call(w, Person(answers_after=2.0, hangs_up_after=0.5))

    assert told[-1] == "completed"
    assert w.hub.on("/digits") == []


async def test_a_phone_can_be_moved_by_hand(w: World) -> None:
    phone = w.phone("01")
    await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(5)

    phone.answer()
    await w.clock.advance(1)
    phone.press("1")
    await w.clock.advance(10)

    assert w.hub.told("/digits", "Digits") == ["1"]
    with pytest.raises(AssertionError, match="no call on"):
        phone.press("1")


# ---------------------------------------------------------------- texts


async def test_a_reply_can_repeat_what_the_text_asked_for(w: World) -> None:
    await page_by_text(w, Person(replies=(Line(r"1 \1", after=5.0, when=r"reply 1 (\w+)"),)))

    assert w.hub.told("/twilio/text", "Body") == ["1 KX7"]
    assert w.hub.on("/twilio/text")[0]["From"] == "+15550100001"


async def test_each_reply_is_given_once_unless_it_is_meant_to_come_again(w: World) -> None:
    once = Person(replies=(Line("yes", when="Case"), Line("what?", again=True)))

    for _ in range(3):
        await page_by_text(w, once, body="Case 41")

    assert w.hub.told("/twilio/text", "Body") == ["yes", "what?", "what?"]


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (UNREACHABLE, ["sent", "undelivered"]),
        (FILTERED, ["sent", "undelivered"]),
        (ASLEEP, ["sent", "delivered"]),
    ],
)
async def test_texts_that_nobody_reads(w: World, person: Person, told: list[str]) -> None:
    assert await page_by_text(w, person) == told
    assert w.hub.on("/twilio/text") == []


def page_with_button(asked: Asked) -> Response:
    return HTMLResponse(
        "<form method=post action='/p/abc123'><input type=hidden name=seen value=7>"
        "<button name=do value=take>I have it</button><button name=do value=pass>Pass</button></form>"
    )


async def test_a_link_is_opened_and_its_first_button_pressed(w: World) -> None:
    w.hub.answers["/p/abc123"] = page_with_button

    await page_by_text(w, Person(opens_links_after=8.0))

    looked, pressed = w.hub.on("/p/abc123")
    assert (looked.form, pressed.form) == ({}, {"seen": "7", "do": "take"})
    assert pressed.headers["origin"] == "https://hub.example.org"


async def test_a_preview_only_looks(w: World) -> None:
    w.hub.answers["/p/abc123"] = page_with_button

    await page_by_text(w, Person(previews_links=True))

    assert [one.form for one in w.hub.on("/p/abc123")] == [{}]


# ---------------------------------------------------------------- people who reach out


async def test_a_conversation_runs_by_turns_and_by_keywords(w: World) -> None:
    w.hub.answers["/twilio/text"] = twiml("<Message>Someone is here. Are you safe now?</Message>")
    person = Person(
        opens=(Line("hi", after=0.0), Line("i cant do this anymore", after=20.0)),
        replies=(Line("no", after=10.0, when="safe now"), Line("im at home", after=5.0, when="where")),
    )
    phone = w.phone("02", person)

    phone.begin()
    await w.clock.advance(60)
    await w.asks(w.telephony.send_text(phone.number, "Where are you?", "/s"))
    await w.clock.advance(30)

    assert w.hub.told("/twilio/text", "Body") == ["hi", "no", "i cant do this anymore", "im at home"]


async def test_a_caller_gives_up_when_nobody_comes(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Dial><Conference waitUrl='/hold'>room-7</Conference></Dial>")
    w.hub.answers["/hold"] = twiml("<Say>Please stay</Say><Pause length='10'/>")
    caller = w.phone("02", Person(gives_up_after=45.0))

    call = caller.call()
    await w.clock.advance(44)
    waiting = call.status
    await w.clock.advance(5)

    assert (waiting, call.status, call.seconds()) == ("in-progress", "completed", 45)
    assert caller.words_heard().count("Please stay") == 5


async def test_expectations_say_what_is_there_when_they_fail(w: World) -> None:
    phone = w.phone("01")
    await page_by_text(w, ASLEEP)

    with pytest.raises(AssertionError, match=r"got no text with 'Case 42'; texts: 'Case 41"):
        phone.expect_text("Case 42")
    with pytest.raises(AssertionError, match="got 1 more than expected"):
        phone.expect_nothing_else()
    phone.expect_text("Case 41")
    phone.expect_nothing_else()


def test_a_person_can_be_described_in_plain_data_and_nonsense_is_refused() -> None:
    person = Person.read({"answers_after": 2, "presses": [{"digit": "1"}], "replies": [{"words": "1"}]})

    assert person == Person(answers_after=2, presses=(Press("1"),), replies=(Line("1"),))
    for nonsense in ({"mood": "bad"}, {"replies": [{"words": "1", "when": "("}]}):
        with pytest.raises(ValueError, match=r"person|pattern"):
            Person.read(nonsense)
