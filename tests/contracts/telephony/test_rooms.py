"""Rooms: hold sound while alone, who hears whom, who is told what, and that nobody is dropped by somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import Response
from twilio.rest import Client

from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN, Person, Phone
from crisis_hub.adapters.telephony.twiml import HOLD_PATH, TwilioWords
from tests.contracts.telephony.world import PUBLIC_URL, World, world

WORDS = TwilioWords(PUBLIC_URL)


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        made.hub.answers |= {
            "/twilio/voice": WORDS.wait_in_room("You are not alone", "en", "room-7", "/twilio/voice/room"),
            HOLD_PATH: WORDS.hold_sound("Please stay with us", "en"),
        }
        yield made


async def calls_in(w: World) -> Phone:
    caller = w.phone("02", Person())
    caller.call()
    await w.clock.advance(10)
    return caller


async def joins(w: World, last_digits: str) -> Phone:
    phone = w.phone(last_digits, Person(answers_after=2.0))
    await w.asks(w.telephony.ring_into_room(phone.number, "room-7", "/progress"))
    await w.clock.advance(5)
    return phone


async def changes(w: World, phone: Phone, **how: object) -> None:
    """Change somebody in the room through the REST API, with the maker's library."""
    http: Any = w.telephony._http
    client: Any = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=http, environment={"-": "-"})
    client.api.base_url = "http://127.0.0.1"
    call = phone.current_call()
    await w.asks(client.conferences("room-7").participants(call.sid).update_async(**how))


async def test_a_caller_waits_with_hold_sound_until_somebody_joins(w: World) -> None:
    caller = await calls_in(w)
    alone = [one.what for one in caller.heard()]
    await w.clock.advance(60)
    responder = await joins(w, "01")
    await w.clock.advance(60)
    after = [one.what for one in caller.heard()]

    assert alone == ["say", "hold", "say"]
    assert after[-1] == "together"
    assert caller.words_heard().startswith("You are not alone / Please stay with us / Please stay with us")
    assert [one.what for one in responder.heard()] == ["together"]
    assert w.hub.on(HOLD_PATH)[0].signed
    assert w.hub.on(HOLD_PATH)[0].path == f"{HOLD_PATH}?language=en"


async def test_the_room_tells_who_came_and_went_in_order(w: World) -> None:
    caller = await calls_in(w)
    responder = await joins(w, "01")
    responder.hang_up()
    await w.clock.advance(1)
    still_there = caller.current_call().status
    caller.hang_up()
    await w.clock.advance(1)

    assert still_there == "in-progress"
    assert w.hub.told("/twilio/voice/room", "StatusCallbackEvent") == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert w.hub.told("/twilio/voice/room", "SequenceNumber") == ["1", "2", "3", "4", "5", "6"]
    assert {one["FriendlyName"] for one in w.hub.on("/twilio/voice/room")} == {"room-7"}
    assert w.hub.on("/twilio/voice/room")[-1]["ReasonConferenceEnded"] == "last-participant-left"
    assert all(one.signed for one in w.hub.asked)


async def test_when_the_responder_leaves_the_caller_hears_the_hold_sound_again(w: World) -> None:
    caller = await calls_in(w)
    responder = await joins(w, "01")
    responder.hang_up()
    await w.clock.advance(3)

    assert [one.what for one in caller.heard()][-3:] == ["together", "hold", "say"]


async def test_people_hear_each_other_and_not_who_is_muted_or_on_hold(w: World) -> None:
    caller, responder = await calls_in(w), await joins(w, "01")
    responder.say("Hello")
    caller.say("Please help")
    await changes(w, responder, muted=True)
    responder.say("Nobody hears this")
    await changes(w, responder, muted=False)
    await changes(w, caller, hold=True)
    responder.say("Nor this")
    await changes(w, caller, hold=False)
    responder.say("I am back")

    assert [one.words for one in caller.heard() if one.what == "voice"] == ["Hello", "I am back"]
    assert [one.words for one in responder.heard() if one.what == "voice"] == ["Please help"]


async def test_a_coach_is_heard_by_the_coached_person_only(w: World) -> None:
    caller, responder, supervisor = await calls_in(w), await joins(w, "01"), await joins(w, "03")
    await changes(w, supervisor, coaching=True, call_sid_to_coach=responder.current_call().sid)
    supervisor.say("Ask about means")
    caller.say("I am at the bridge")

    assert "Ask about means" in responder.words_heard()
    assert "Ask about means" not in caller.words_heard()
    assert "I am at the bridge" in supervisor.words_heard()


async def test_a_broken_hold_sound_does_not_end_the_call(w: World) -> None:
    w.hub.answers[HOLD_PATH] = Response(status_code=500)
    caller = await calls_in(w)
    await w.clock.advance(600)
    responder = await joins(w, "01")
    responder.say("Hello")

    assert caller.words_heard() == "You are not alone / Hello"
    assert len(w.hub.on(HOLD_PATH)) == 1


async def test_an_empty_hold_sound_is_no_storm_of_requests(w: World) -> None:
    w.hub.answers[HOLD_PATH] = WORDS.nothing()
    await calls_in(w)
    await w.clock.advance(50)

    assert len(w.hub.on(HOLD_PATH)) <= 61


async def test_whoever_does_not_answer_leaves_no_room_behind(w: World) -> None:
    phone = w.phone("01")
    await w.asks(w.telephony.ring_into_room(phone.number, "room-9", "/progress"))
    await w.clock.advance(60)

    assert w.hub.told("/progress", "CallStatus") == ["initiated", "no-answer"]
    assert w.carrier.exchange.room("room-9") is None


async def test_a_responder_who_is_first_in_the_room_waits_for_the_caller(w: World) -> None:
    responder = await joins(w, "01")
    caller = await calls_in(w)
    responder.say("Hello")

    assert [one.what for one in responder.heard()] == ["hold", "play", "together"]
    assert "Hello" in caller.words_heard()
