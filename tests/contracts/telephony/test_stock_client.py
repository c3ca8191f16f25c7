"""Twilio's own client library, unchanged, against the simulated carrier over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.conference.participant import ParticipantInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Carrier,
    FaultKind,
    Pace,
    Person,
    Press,
    served,
)
from tests.contracts.telephony.world import LINE, Hub, twiml

ANA = "+15550100001"
SOON = Pace(text_sent=0.0, text_delivered=0.0, text_arrives=0.0, call_starts=0.0, machine_known=0.0, speech=False)

T = TypeVar("T")


@dataclass
class Line:
    """A running hub, a running carrier, and the stock client that asks it."""

    hub: Hub
    carrier: Carrier
    client: Any
    address: str

    async def ask(self, asking: Callable[[Any], T]) -> T:
        """Ask in a thread, as a program that knows nothing of our loop would."""
        return await asyncio.to_thread(asking, self.client)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    clock, hub = SystemClock(), Hub()
    async with served(hub.app) as hub_address:
        hub.public_url = hub_address
        carrier = Carrier(clock, RandomIds(clock), pace=SOON)
        carrier.rent(LINE, hub_address)
        async with served(carrier.app) as address:
            http = TwilioHttpClient(pool_connections=True)
            client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=http, environment={"-": "-"})
            client.api.base_url = address
            yield Line(hub, carrier, client, address)
            assert not carrier.work.failures
            http.session.close()


def _send(client: Client, body: str) -> MessageInstance:
    return client.messages.create(to=ANA, from_=LINE, body=body)


def _ring_into_room(client: Client, to: str) -> ParticipantInstance:
    return client.conferences("room-7").participants.create(
        from_=LINE, to=to, early_media=True, beep="false", end_conference_on_exit=False
    )


async def test_a_message_is_created_fetched_and_listed(line: Line) -> None:
    made = await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="Case 7"))
    await line.carrier.idle()

    fetched = await line.ask(lambda c: c.messages(made.sid).fetch())
    listed = await line.ask(lambda c: c.messages.list(to=ANA))

    assert made.status == "queued"
    assert made.sid.startswith("SM")
    assert len(made.sid) == 34
    assert (fetched.status, fetched.body, fetched.direction) == ("delivered", "Case 7", "outbound-api")
    assert fetched.date_sent.tzinfo is not None
    assert [one.sid for one in listed] == [made.sid]


async def test_messages_are_listed_by_number_and_date_in_pages_newest_first(line: Line) -> None:
    made = [(await line.ask(partial(_send, body=str(n)))).sid for n in range(5)]
    await line.carrier.idle()
    now = datetime.now(UTC)  # noqa: TID251 - the stock client asks the machine's clock too

    in_pages = await line.ask(lambda c: c.messages.list(to=ANA, page_size=2))
    from_us = await line.ask(lambda c: c.messages.list(from_=LINE, limit=3))
    recent = await line.ask(lambda c: c.messages.list(date_sent_after=now - timedelta(hours=1)))
    future = await line.ask(lambda c: c.messages.list(date_sent_after=now + timedelta(hours=1)))
    before = await line.ask(lambda c: c.messages.list(date_sent_before=now - timedelta(hours=1)))
    nobody = await line.ask(lambda c: c.messages.list(to="+15550100999"))

    assert [one.sid for one in in_pages] == made[::-1]
    assert [one.sid for one in from_us] == made[:1:-1]
    assert len(recent) == 5
    assert (future, before, nobody) == ([], [], [])


async def test_progress_of_a_message_is_posted_in_order_and_signed(line: Line) -> None:
    status = f"{line.hub.public_url}/twilio/text/status?page=7"
    made = await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="Case 7", status_callback=status))
    await line.carrier.idle()

    assert line.hub.told("/twilio/text/status", "MessageStatus") == ["sent", "delivered"]
    assert {one["MessageSid"] for one in line.hub.asked} == {made.sid}
    assert all(one.signed for one in line.hub.asked)


async def test_a_call_is_placed_answered_and_follows_our_words(line: Line) -> None:
    line.hub.answers["/menu"] = twiml("<Gather numDigits='1' action='/digits'><Say>Press 1</Say></Gather>")
    line.hub.answers["/digits"] = twiml("<Say>Thank you</Say><Hangup/>")
    ana = line.carrier.phone(ANA, Person(answers_after=0.0, presses=(Press("1", after=0.0, when="Press 1"),)))
    base = line.hub.public_url

    made = await line.ask(
        lambda c: c.calls.create(
            to=ANA,
            from_=LINE,
            url=f"{base}/menu",
            status_callback=f"{base}/progress",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            machine_detection="Enable",
            async_amd="true",
            async_amd_status_callback=f"{base}/machine",
        )
    )
    await line.carrier.exchange.calls[made.sid].over.wait()
    await line.carrier.idle()
    fetched = await line.ask(lambda c: c.calls(made.sid).fetch())
    listed = await line.ask(lambda c: c.calls.list(to=ANA, status="completed"))

    assert made.status == "queued"
    assert made.sid.startswith("CA")
    assert ana.words_heard() == "Press 1 / Thank you"
    assert fetched.status == "completed"
    assert fetched.duration == "0"
    assert [one.sid for one in listed] == [made.sid]
    assert line.hub.told("/digits", "Digits") == ["1"]
    assert line.hub.told("/progress", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"]
    assert line.hub.told("/progress", "SequenceNumber") == ["0", "1", "2", "3"]
    assert all(one.signed for one in line.hub.asked)


async def test_a_running_call_is_moved_and_ended(line: Line) -> None:
    line.hub.answers["/wait"] = twiml("<Pause length='3600'/>")
    line.hub.answers["/moved"] = twiml("<Say>You were moved</Say><Pause length='3600'/>")
    ana, base = line.carrier.phone(ANA, Person(answers_after=0.0)), line.hub.public_url

    made = await line.ask(lambda c: c.calls.create(to=ANA, from_=LINE, url=f"{base}/wait"))
    await line.carrier.idle()
    await line.ask(lambda c: c.calls(made.sid).update(url=f"{base}/moved"))
    await line.carrier.idle()
    running = await line.ask(lambda c: c.calls(made.sid).fetch())
    await line.ask(lambda c: c.calls(made.sid).update(status="completed"))
    over = await line.ask(lambda c: c.calls(made.sid).fetch())

    assert (running.status, over.status) == ("in-progress", "completed")
    assert ana.words_heard() == "You were moved"
    with pytest.raises(TwilioRestException) as refused:
        await line.ask(lambda c: c.calls(made.sid).update(url=f"{base}/wait"))
    assert refused.value.code == 21220


async def test_twiml_can_be_given_with_the_call(line: Line) -> None:
    ana = line.carrier.phone(ANA, Person(answers_after=0.0))

    made = await line.ask(lambda c: c.calls.create(to=ANA, from_=LINE, twiml=twiml("<Say>Straight</Say>")))
    await line.carrier.exchange.calls[made.sid].over.wait()

    assert ana.words_heard() == "Straight"


async def test_people_are_rung_into_a_room_held_muted_and_taken_out(line: Line) -> None:
    for number in (ANA, "+15550100002"):
        line.carrier.phone(number, Person(answers_after=0.0))
        participant = await line.ask(partial(_ring_into_room, to=number))
        assert participant.status == "queued"
        assert participant.call_sid.startswith("CA")
    await line.carrier.idle()

    (room,) = await line.ask(lambda c: c.conferences.list(friendly_name="room-7", status="in-progress"))
    people = await line.ask(lambda c: c.conferences(room.sid).participants.list())
    last = people[-1].call_sid
    held = await line.ask(lambda c: c.conferences(room.sid).participants(last).update(hold=True, muted=True))
    fetched = await line.ask(lambda c: c.conferences("room-7").participants(last).fetch())
    await line.ask(lambda c: c.conferences(room.sid).participants(last).delete())
    await line.carrier.idle()

    assert room.sid.startswith("CF")
    assert len(people) == 2
    assert (held.hold, held.muted, fetched.hold) == (True, True, True)
    assert line.carrier.exchange.calls[last].status == "completed"
    ended = await line.ask(lambda c: c.conferences(room.sid).update(status="completed"))
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert await line.ask(lambda c: c.conferences.list(status="in-progress")) == []


@pytest.mark.parametrize(
    ("to", "from_", "body", "code"),
    [
        ("nobody", LINE, "x", 21211),
        ("+15550100001", "+15550100999", "x", 21606),  # a number that is not ours
        ("+15550100001", LINE, "", 21602),
        ("+15550100001", LINE, "x" * 1601, 21617),
    ],
)
async def test_a_message_that_cannot_be_is_refused_with_twilios_code(
    line: Line, to: str, from_: str, body: str, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await line.ask(lambda c: c.messages.create(to=to, from_=from_, body=body))

    assert (refused.value.status, refused.value.code) == (400, code)


async def test_a_wrong_token_and_unknown_things_are_refused(line: Line) -> None:
    stranger = Client(ACCOUNT_SID, "wrong", http_client=line.client.http_client, environment={"-": "-"})
    stranger.api.base_url = line.address

    with pytest.raises(TwilioRestException) as unauthorized:
        await asyncio.to_thread(lambda: stranger.messages.create(to=ANA, from_=LINE, body="x"))
    with pytest.raises(TwilioRestException) as unknown:
        await line.ask(lambda c: c.messages("SM" + "0" * 32).fetch())

    assert (unauthorized.value.status, unauthorized.value.code) == (401, 20003)
    assert (unknown.value.status, unknown.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (FaultKind.REST_429, 429, 20429),
        (FaultKind.REST_500, 500, 20500),
        (FaultKind.REST_503, 503, 20503),
        (FaultKind.TEXT_REFUSED, 400, 21211),
    ],
)
async def test_ordered_faults_have_twilios_shape(line: Line, kind: FaultKind, status: int, code: int) -> None:
    line.carrier.faults.switch_on(kind, count=1)

    with pytest.raises(TwilioRestException) as refused:
        await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="x"))
    again = await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="x"))

    assert (refused.value.status, refused.value.code) == (status, code)
    assert again.sid
    assert line.carrier.faults.struck == {kind: 1}


async def test_whoever_wrote_stop_gets_nothing_more_until_start(line: Line) -> None:
    phone = line.carrier.phone(ANA)
    phone.text("Stop")
    await line.carrier.idle()

    with pytest.raises(TwilioRestException) as refused:
        await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="x"))
    phone.text("start")
    await line.carrier.idle()
    again = await line.ask(lambda c: c.messages.create(to=ANA, from_=LINE, body="x"))

    assert refused.value.code == 21610
    assert again.sid
    assert line.hub.told("/twilio/text", "Body") == ["Stop", "start"]  # the hub hears of both
    phone.expect_text("unsubscribed")


async def test_errors_are_written_as_twilio_writes_them(line: Line) -> None:
    async with httpx.AsyncClient(base_url=line.address) as http:
        answer = await http.get(f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json")

    assert answer.status_code == 401
    assert answer.json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
