"""The simulated carrier follows TwiML as the real one does, and what people hear can be asserted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response

from crisis_hub.adapters.telephony.simulator import Person, Press
from crisis_hub.adapters.telephony.simulator.player import STOCK_ERROR
from tests.contracts.telephony.world import LINE, PUBLIC_URL, Asked, World, twiml, world

MENU = twiml(*["<Gather numDigits='1' timeout='8' action='/digits'><Say>Press 1 to take it</Say></Gather>"] * 3)


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def rung(w: World, person: Person, *, seconds: float = 120.0) -> str:
    """Ring a phone with a menu of ours, and return the words that were heard."""
    phone = w.phone("01", person)
    await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(seconds)
    return phone.words_heard()


async def test_a_digit_goes_to_the_action_and_cuts_the_words_short(w: World) -> None:
    w.hub.answers["/menu"] = MENU
    w.hub.answers["/digits"] = twiml("<Say>You have it</Say>")

    heard = await rung(w, Person(answers_after=2.0, presses=(Press("1", after=0.5),)))

    assert heard == "Press 1 to take it / You have it"
    assert w.hub.told("/digits", "Digits") == ["1"]
    assert w.hub.told("/progress", "CallStatus")[-1] == "completed"


async def test_without_a_digit_the_menu_is_said_three_times_and_then_it_hangs_up(w: World) -> None:
    w.hub.answers["/menu"] = MENU

    heard = await rung(w, Person(answers_after=2.0))

    assert heard == " / ".join(["Press 1 to take it"] * 3)
    assert w.hub.on("/digits") == []
    assert w.hub.on("/progress")[-1]["CallDuration"] == "30"  # three times the words and eight seconds


async def test_several_digits_end_with_the_hash_key_or_with_silence(w: World) -> None:
    w.hub.answers["/menu"] = twiml("<Gather timeout='3' action='/digits'/>")
    w.hub.answers["/digits"] = twiml("<Hangup/>")

    await rung(w, Person(answers_after=0.0, presses=tuple(Press(key, after=1.0) for key in "42#9")))
    await rung(w, Person(answers_after=0.0, presses=tuple(Press(key, after=1.0) for key in "17")))

    assert w.hub.told("/digits", "Digits") == ["42", "17"]


async def test_a_gather_without_an_action_asks_its_own_document_again(w: World) -> None:
    w.hub.answers["/menu"] = lambda asked: twiml(f"<Say>Got {asked['Digits'] or 'nothing'}</Say>", MENU[10:-11])
    w.hub.answers["/digits"] = twiml("<Redirect>/menu</Redirect>")

    heard = await rung(w, Person(answers_after=0.0, presses=(Press("5", when="Press"),)))

    assert heard.startswith("Got nothing / Press 1 to take it / Got nothing / Press 1")


async def test_redirects_are_followed_and_a_circle_ends(w: World) -> None:
    w.hub.answers["/menu"] = twiml("<Redirect>/menu</Redirect>")

    await rung(w, Person(answers_after=0.0))

    await w.carrier.idle()  # a circle needs no time, only turns
    # What became of the machine detection may be told last, and carries no status.
    said = [status for status in w.hub.told("/progress", "CallStatus") if status]
    assert said[-1] == "completed"
    assert len(w.hub.on("/menu")) < 1000


async def test_say_play_pause_and_loops_take_their_time_and_are_heard(w: World) -> None:
    w.hub.answers["/menu"] = twiml(
        "<Say language='es-US' loop='2'>Hola</Say><Pause length='10'/><Play>https://x.example/a.mp3</Play>"
    )
    phone = w.phone("01", Person(answers_after=0.0))

    await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(60)

    assert [(one.what, one.words, one.language) for one in phone.heard()] == [
        ("say", "Hola", "es-US"),
        ("say", "Hola", "es-US"),
        ("play", "https://x.example/a.mp3", ""),
    ]
    assert (phone.heard()[2].at - phone.heard()[0].at).total_seconds() > 10


async def test_a_caller_hears_what_the_hub_says_and_the_25_fields_arrive(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Say>You are not alone</Say>")
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(30)

    (asked,) = w.hub.on("/twilio/voice")
    assert caller.words_heard() == "You are not alone"
    assert asked.signed
    assert asked["From"] == caller.number
    assert asked["To"] == LINE
    assert asked["CallStatus"] == "ringing"
    assert asked.form["CallerCity"] == ""
    assert asked.form["ToZip"] == ""
    assert len(asked.form) == 25
    assert w.hub.told("/twilio/voice/status", "CallStatus") == ["completed"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (Response("no", status_code=500), "11200"),
        (Response("no", status_code=403), "11200"),
        (Response("<Response><Say>unclosed", media_type="text/xml"), "12100"),
        (Response("<Answer/>", media_type="text/xml"), "12200"),
        (Response("<Response><Sing/></Response>", media_type="text/xml"), "12200"),
        (Response("{}", media_type="application/json"), "12300"),
        (Response(f"<Response><Say>{'x' * 4097}</Say></Response>", media_type="text/xml"), "12200"),
    ],
)
async def test_when_we_fail_the_static_fallback_plays_and_learns_why(w: World, broken: Response, code: str) -> None:
    number = w.carrier.exchange.numbers[LINE]
    number.voice_fallback_url = PUBLIC_URL + "/fallback"
    w.hub.answers |= {"/twilio/voice": broken, "/fallback": twiml("<Say>Please call 9 8 8</Say>")}
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(30)

    (asked,) = w.hub.on("/fallback")
    assert caller.words_heard() == "Please call 9 8 8"
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == (code, PUBLIC_URL + "/twilio/voice")


async def test_a_bin_kept_at_the_carrier_plays_while_the_hub_is_dead(w: World) -> None:
    w.carrier.keep_twiml("https://bin.example/1", twiml("<Say>We are connecting you</Say>"))
    w.carrier.exchange.numbers[LINE].voice_fallback_url = "https://bin.example/1"
    w.carrier.faults.switch_on("webhook_lost")
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(30)

    assert caller.words_heard() == "We are connecting you"


async def test_without_a_fallback_the_caller_hears_the_stock_error(w: World) -> None:
    w.hub.answers["/twilio/voice"] = Response(status_code=500)
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(30)

    assert caller.words_heard() == STOCK_ERROR


async def test_a_rejected_call_is_never_answered(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Reject reason='busy'/>")
    caller = w.phone("02")

    call = caller.call()
    await w.clock.advance(5)

    assert (call.status, call.started) == ("busy", None)


async def test_a_dial_rings_several_numbers_and_connects_the_first_who_answers(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml(
        f"<Dial action='/after'><Number>{w.phone('11').number}</Number><Number>{w.phone('12').number}</Number></Dial>"
    )
    w.hub.answers["/after"] = twiml("<Say>Goodbye</Say>")
    slow, quick = w.phone("11", Person(answers_after=9.0)), w.phone("12", Person(answers_after=3.0))
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(5)
    quick.say("Duty desk")
    caller.say("Please help")
    await w.clock.advance(10)
    quick.hang_up()
    await w.clock.advance(10)

    assert caller.words_heard() == "Duty desk / Goodbye"
    assert quick.words_heard() == "Please help"
    assert slow.expect_call().status == "canceled"
    assert w.hub.told("/after", "DialCallStatus") == ["completed"]


async def test_a_dialled_number_is_screened_so_that_a_voicemail_does_not_swallow_the_caller(w: World) -> None:
    duty = w.phone("11", Person(machine_after=2.0))
    w.hub.answers["/twilio/voice"] = twiml(
        f"<Dial><Number url='{PUBLIC_URL}/screen'>{duty.number}</Number></Dial><Say>Please call 9 8 8</Say>"
    )
    w.hub.answers["/screen"] = twiml(
        "<Gather numDigits='1' timeout='8' action='/empty'><Say>Press any key</Say></Gather><Hangup/>"
    )
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(40)

    assert caller.words_heard() == "Please call 9 8 8"
    assert duty.words_heard() == "Press any key"


async def test_a_moved_call_follows_its_new_words_at_once(w: World) -> None:
    w.hub.answers |= {"/menu": twiml("<Pause length='600'/>"), "/next": twiml("<Say>Moved</Say>")}
    phone = w.phone("01", Person(answers_after=0.0))

    call = await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(5)
    await w.asks(w.telephony.move_call(call, "/next"))
    await w.clock.advance(5)

    assert phone.words_heard() == "Moved"
    assert phone.expect_call().status == "completed"


async def test_a_slow_answer_is_given_up_after_fifteen_seconds(w: World) -> None:
    async def slow(_: Asked) -> str:
        await w.clock.sleep(20)
        return twiml("<Say>Too late</Say>")

    w.hub.answers["/twilio/voice"] = slow
    w.carrier.keep_twiml("https://bin.example/1", twiml("<Say>Fallback</Say>"))
    w.carrier.exchange.numbers[LINE].voice_fallback_url = "https://bin.example/1"
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(14)
    before = caller.words_heard()
    await w.clock.advance(5)

    assert (before, caller.words_heard()) == ("", "Fallback")


async def test_whoever_hangs_up_while_we_speak_is_gone(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Pause length='60'/><Say>Never heard</Say>")
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(10)
    caller.hang_up()
    await w.clock.advance(100)

    assert caller.words_heard() == ""
    assert w.hub.on("/twilio/voice/status")[-1]["CallDuration"] == "10"
