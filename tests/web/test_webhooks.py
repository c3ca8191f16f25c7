"""What the carrier tells: once or many times the same, in order or not, whatever it holds, and never a 500."""

from __future__ import annotations

import asyncio
import logging

import pytest

from crisis_hub.domain.vocabulary import MessageState
from crisis_hub.web import reach_webhooks, webhooks
from tests.night import PUBLIC
from tests.web.kit import NOBODY, WRITER, call_form, hook, house, signed, text_form, twiml

DOORS = [route.path for route in webhooks.routes(reach_webhooks.HANDLERS)]
TEXT, CALL = text_form(), call_form()


# ---------------------------------------------------------------------------------- once and many times


async def test_the_same_text_twice_is_one_text_and_the_same_answer() -> None:
    async with house() as tonight:
        first = await hook(tonight, "/twilio/text", TEXT)
        head = await tonight.store.head()
        again = await hook(tonight, "/twilio/text", TEXT)
        retried = await hook(tonight, "/twilio/text", TEXT, headers={"I-Twilio-Idempotency-Token": "x"})
        assert first.status_code == again.status_code == 200
        assert first.text == again.text == retried.text
        assert "<Message" in first.text
        assert await tonight.store.head() == head
        (case,) = tonight.house.board.cases()
        assert len((await tonight.case(case.id)).conversation.messages) == 2, "theirs and the line's answer"


async def test_the_same_text_five_times_at_once_is_one_text_and_the_same_answer() -> None:
    async with house() as tonight:
        answers = await asyncio.gather(*(hook(tonight, "/twilio/text", TEXT) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        (case,) = tonight.house.board.cases()
        received = [m for m in (await tonight.case(case.id)).conversation.messages if m.author == "person"]
        assert len(received) == 1


async def test_five_texts_of_one_person_at_once_are_one_case() -> None:
    async with house() as tonight:
        forms = [text_form(f"SM{n:032}", f"text {n}") for n in range(5)]
        answers = await asyncio.gather(*(hook(tonight, "/twilio/text", form) for form in forms))
        assert {answer.status_code for answer in answers} == {200}
        assert sum("<Message" in answer.text for answer in answers) == 1, "the line answers the first by itself"
        (case,) = tonight.house.board.cases()
        words = {m.text for m in (await tonight.case(case.id)).conversation.messages if m.author == "person"}
        assert words == {f"text {n}" for n in range(5)}


async def test_a_call_has_a_room_of_its_own_and_twice_the_same_one() -> None:
    async with house() as tonight:
        answers = await asyncio.gather(*(hook(tonight, "/twilio/voice", CALL) for _ in range(5)))
        assert len({answer.text for answer in answers}) == 1
        root = twiml(answers[0])
        assert root[0].tag == "Say"
        room = root.find("Dial/Conference")
        assert room is not None
        assert room.get("endConferenceOnExit") == "false"
        other = twiml(await hook(tonight, "/twilio/voice", call_form("CA" + "2" * 32, "+15550100901")))
        other_room = other.find("Dial/Conference")
        assert other_room is not None
        assert room.text != other_room.text
        assert WRITER not in answers[0].text, "the name of a room says nothing of who is in it"
        assert len(tonight.house.board.cases()) == 2


async def test_what_is_heard_while_waiting_is_spoken_in_the_persons_language() -> None:
    async with house() as tonight:
        english = twiml(await hook(tonight, "/twilio/voice/hold?language=en", CALL))
        spanish = twiml(await hook(tonight, "/twilio/voice/hold?language=es", CALL))
        assert english[0].text != spanish[0].text
        assert english[1].tag in ("Pause", "Play")
        twiml(await hook(tonight, "/twilio/voice/hold", CALL))


async def test_words_of_people_never_become_orders() -> None:
    async with house() as tonight:
        hostile = "</Message><Redirect>https://evil.example.org</Redirect>"
        twiml(await hook(tonight, "/twilio/text", text_form(words=hostile)))
        again = twiml(await hook(tonight, "/twilio/voice", call_form(caller=hostile)))
        assert again.find(".//Redirect") is None


# --------------------------------------------------------------------------------------- hostile forms


@pytest.mark.parametrize(
    "more",
    [
        {"Body": ""},
        {"Body": "x" * 1600},
        {"Body": "💙" * 1600},
        {"Body": "a\x00b\ufffe\u202e"},
        {"Body": "\ufffd"},
        {"NumMedia": "10", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/png"},
        {"NumMedia": "-1"},
        {"NumMedia": "9" * 5000},
        {"NumMedia": "²"},
        {"From": ""},
        {"From": "anonymous"},
        {"From": "+15550100900\x00"},
        {"From": "whatsapp:+15550100900"},
        {"To": ""},
        {"MessageSid": "", "SmsSid": "", "SmsMessageSid": ""},
        {"MessageSid": "SM\x00", "SmsSid": "../../etc", "SmsMessageSid": "é"},
        {"MessageSid": "S" * 10_000, "SmsSid": "S" * 10_000, "SmsMessageSid": "S" * 10_000},
    ],
)
async def test_a_strange_text_is_kept_and_harms_nothing(more: dict[str, str]) -> None:
    async with house() as tonight:
        form = TEXT | more
        first = twiml(await hook(tonight, "/twilio/text", form))
        again = twiml(await hook(tonight, "/twilio/text", form))
        assert [e.tag for e in first.iter()] == [e.tag for e in again.iter()]
        (case,) = tonight.house.board.cases()
        shown = (await tonight.get("sam", f"/api/cases/{case.id}")).json()
        assert len([m for m in shown["messages"] if m["author"] == "person"]) == 1
        assert "\x00" not in str(shown)


async def test_fields_that_stand_there_twice_are_read_once() -> None:
    async with house() as tonight:
        pairs = [*TEXT.items(), ("Body", "hello"), ("Body", "another"), ("From", "+15550100999")]
        assert (await hook(tonight, "/twilio/text", pairs)).status_code == 200
        (case,) = tonight.house.board.cases()
        assert (await tonight.case(case.id)).conversation.messages[0].text == "hello"


async def test_half_characters_are_refused_or_made_whole() -> None:
    """Nobody can sign half a character; what the wire holds of one is read as a replacement character."""
    async with house() as tonight:
        read_as = signed("/twilio/text", {"Body": "\ufffd\ufffd\ufffd", "MessageSid": "SM" + "7" * 32})
        body = b"Body=%ED%A0%80&MessageSid=SM" + b"7" * 32
        assert (await hook(tonight, "/twilio/text", {}, read_as, body)).status_code == 200
        assert (await hook(tonight, "/twilio/text", {}, read_as, b"Body=%ED%A0&MessageSid=SM1")).status_code == 403


async def test_the_same_letters_cut_anew_do_not_come_in_again_and_again() -> None:
    """Names and values are signed without a mark in between, so who overheard a form can cut it in many ways."""
    async with house() as tonight:
        form = {"Body": "hello", "From": WRITER, "Zip": ""}  # no id of the carrier's
        good = signed("/twilio/text", form)
        for cut in (form, {"Body": "hello", "From": WRITER, "Zi": "p"}, {"Body": "hello", "From": WRITER, "Z": "ip"}):
            assert (await hook(tonight, "/twilio/text", cut, good)).status_code == 200
        (case,) = tonight.house.board.cases()
        received = [m for m in (await tonight.case(case.id)).conversation.messages if m.author == "person"]
        assert len(received) == 1


@pytest.mark.parametrize("door", [door for door in DOORS if door not in ("/twilio/text", "/twilio/voice")])
@pytest.mark.parametrize(
    "query", ["", "?case=&attempt=&message=", f"?case={NOBODY}&attempt=x&message=y", "?case=staff"]
)
async def test_news_of_something_that_is_not_there_is_harmless(door: str, query: str) -> None:
    async with house() as tonight:
        before = await tonight.store.head()
        for form in (
            {},
            {"CallSid": "CA1", "CallStatus": "completed", "MessageStatus": "delivered", "Digits": "1"},
            {"CallStatus": "in-progress", "StatusCallbackEvent": "participant-leave", "CallSid": "CA9"},
            {"CallStatus": "levitating", "MessageStatus": "eaten", "ErrorCode": "99999", "Digits": "ABC"},
        ):
            answer = await hook(tonight, door + query, form)
            assert answer.status_code in (200, 204)
            if answer.status_code == 200:
                twiml(answer)
            else:
                assert answer.content == b""
        assert await tonight.store.head() == before


# ----------------------------------------------------------------------------------- late and out of order


async def test_a_messages_progress_never_goes_back() -> None:
    async with house() as tonight:
        reply = twiml(await hook(tonight, "/twilio/text", TEXT)).find("Message")
        assert reply is not None
        status = str(reply.get("action")).removeprefix(PUBLIC)
        (case,) = tonight.house.board.cases()

        async def told(word: str, **more: str) -> MessageState:
            form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": word, **more}
            assert (await hook(tonight, status, form)).status_code == 204
            return (await tonight.case(case.id)).conversation.messages[1].state

        assert await told("queued") == MessageState.SENT
        assert await told("delivered") == MessageState.DELIVERED
        for late in ("sent", "queued", "failed", "undelivered", "read", "levitating", ""):
            assert await told(late, ErrorCode="30003") == MessageState.DELIVERED
        head = await tonight.store.head()
        assert await told("delivered") == MessageState.DELIVERED
        assert await tonight.store.head() == head, "the same word twice is written once"


async def test_a_status_without_an_id_keeps_the_id_we_know() -> None:
    async with house() as tonight:
        reply = twiml(await hook(tonight, "/twilio/text", TEXT)).find("Message")
        assert reply is not None
        status = str(reply.get("action")).removeprefix(PUBLIC)
        await hook(tonight, status, {"MessageSid": "SM" + "9" * 32, "MessageStatus": "sent"})
        await hook(tonight, status, {"MessageStatus": "delivered"})
        (case,) = tonight.house.board.cases()
        message = (await tonight.case(case.id)).conversation.messages[1]
        assert (message.state, message.carrier_id) == (MessageState.DELIVERED, "SM" + "9" * 32)


@pytest.mark.parametrize(
    "over",
    [
        ("/twilio/voice/status", {"CallStatus": "completed"}),
        ("/twilio/voice/room", {"StatusCallbackEvent": "participant-leave"}),
    ],
)
async def test_a_call_is_over_once(over: tuple[str, dict[str, str]]) -> None:
    async with house() as tonight:
        await hook(tonight, "/twilio/voice", CALL)
        (case,) = tonight.house.board.cases()
        path, form = over
        form = CALL | form
        await hook(tonight, path, form | {"CallSid": "CA" + "8" * 32})  # somebody else left
        assert (await tonight.case(case.id)).conversation.running_call() is not None
        for _ in range(2):
            assert (await hook(tonight, path, form)).status_code == 204
        await hook(tonight, "/twilio/voice/status", CALL | {"CallStatus": "ringing"})
        await hook(tonight, "/twilio/voice/status", CALL | {"CallStatus": "completed"})
        ends = [one for one in await tonight.house.hub.history(case.id) if type(one.fact).__name__ == "ContactEnded"]
        assert len(ends) == 1


async def test_what_breaks_here_goes_to_the_carriers_fallback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with house() as tonight:
        monkeypatch.setattr(tonight.house.intake, "_ref", _breaks)
        for door, form in (("/twilio/text", TEXT), ("/twilio/voice", CALL)):
            answer = await hook(tonight, door, form)
            assert answer.status_code == 503
            assert "Jonathan" not in answer.text
        assert sum(record.levelno == logging.ERROR for record in caplog.records) == 2


def _breaks(*_: object) -> None:
    raise RuntimeError("Jonathan's number cannot be")
