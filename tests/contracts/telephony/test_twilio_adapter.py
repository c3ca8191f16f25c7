"""What our adapter asks of Twilio, and how it reads answers that are none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx
import pytest

from crisis_hub.adapters.clock import HandClock, SystemClock
from crisis_hub.adapters.telephony.simulator import bound
from crisis_hub.adapters.telephony.twilio_adapter import TWILIO_API_URL, TwilioTelephony
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, Clock, OutcomeUnknown
from crisis_hub.domain.vocabulary import CarrierId
from tests.contracts.telephony.world import LINE

ANA = "+15550100001"
SID = "AC" + "1" * 32


class Answering(httpx.AsyncBaseTransport):
    """A carrier that answers the same to everything, and remembers what it was asked."""

    def __init__(self, status: int = 201, body: object = None, headers: dict[str, str] | None = None) -> None:
        self.status, self.headers, self.requests = status, headers, list[httpx.Request]()
        self.body = body if isinstance(body, str) else json.dumps(body or {"sid": "SM1", "call_sid": "CA1"})

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, text=self.body, headers=self.headers)

    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.requests[-1].content.decode(), keep_blank_values=True)


@asynccontextmanager
async def reaching(
    transport: httpx.AsyncBaseTransport | None = None,
    api_url: str = "http://127.0.0.1:1",
    clock: Clock | None = None,
) -> AsyncIterator[TwilioTelephony]:
    telephony = TwilioTelephony(
        account_sid=SID,
        auth_token="token",
        number=LINE,
        public_url="https://hub.example.org/",
        clock=clock or SystemClock(),
        api_url=api_url,
        transport=transport,
    )
    yield telephony
    await telephony.aclose()


async def test_it_speaks_to_twilio_unless_told_otherwise() -> None:
    transport = Answering()
    async with reaching(transport, api_url=TWILIO_API_URL) as telephony:
        await telephony.send_text(ANA, "x", "/s")

    assert str(transport.requests[0].url) == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
    assert transport.requests[0].headers["authorization"].startswith("Basic ")


async def test_a_text_asks_for_its_progress_below_the_public_address() -> None:
    transport = Answering()
    async with reaching(transport) as telephony:
        await telephony.send_text(ANA, "Case 7", "/twilio/page/status?a=1")

    assert transport.form() == {
        "To": [ANA],
        "From": [LINE],
        "Body": ["Case 7"],
        "StatusCallback": ["https://hub.example.org/twilio/page/status?a=1"],
    }


async def test_a_call_asks_for_every_step_that_is_news_and_for_machines_beside_the_call() -> None:
    transport = Answering()
    async with reaching(transport) as telephony:
        await telephony.place_call(ANA, "/twilio/page/answer", "/twilio/page/status")

    assert transport.form() == {
        "To": [ANA],
        "From": [LINE],
        "Url": ["https://hub.example.org/twilio/page/answer"],
        "Method": ["POST"],
        "StatusCallback": ["https://hub.example.org/twilio/page/status"],
        "StatusCallbackMethod": ["POST"],
        "StatusCallbackEvent": ["initiated", "answered", "completed"],
        "Timeout": ["30"],
        "MachineDetection": ["Enable"],
        "AsyncAmd": ["true"],
        "AsyncAmdStatusCallback": ["https://hub.example.org/twilio/page/status"],
        "AsyncAmdStatusCallbackMethod": ["POST"],
    }


async def test_somebody_is_rung_into_a_room_that_does_not_end_with_them() -> None:
    transport = Answering()
    async with reaching(transport) as telephony:
        call = await telephony.ring_into_room(ANA, "room-7", "/twilio/page/status")

    form = transport.form()
    assert call == "CA1"
    assert transport.requests[0].url.path.endswith("/Conferences/room-7/Participants.json")
    assert (form["EndConferenceOnExit"], form["Beep"], form["EarlyMedia"]) == (["false"], ["false"], ["true"])
    assert form["StatusCallbackEvent"] == ["initiated", "answered", "completed"]


async def test_the_list_is_asked_in_utc() -> None:
    transport = Answering(200, {"messages": [], "next_page_uri": None})
    async with reaching(transport) as telephony:
        await telephony.find_texts(ANA, datetime.fromisoformat("2026-03-01T21:30:15.9-06:00"))

    query = dict(transport.requests[0].url.params)
    assert query["DateSent>"] == "2026-03-02T03:30:15Z"
    assert (query["To"], query["From"]) == (ANA, LINE)


async def test_the_region_of_the_machine_does_not_change_where_pages_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    transport = Answering()
    async with reaching(transport, api_url=TWILIO_API_URL) as telephony:
        await telephony.send_text(ANA, "x", "/s")

    assert transport.requests[0].url.host == "api.twilio.com"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}, "21610"),
        (401, {"code": 20003, "message": "Authenticate", "status": 401}, "20003"),
        (404, "<html>not here</html>", "404"),
        (400, [], "400"),
        (302, "", "302"),  # a redirect is never followed with a page in hand
    ],
)
async def test_a_no_is_a_no_with_the_carriers_code(status: int, body: object, code: str) -> None:
    async with reaching(Answering(status, body)) as telephony:
        for asking in (telephony.send_text(ANA, "x", "/s"), telephony.find_texts(ANA, datetime.now(UTC))):  # noqa: TID251
            with pytest.raises(CarrierRefused) as refused:
                await asking

            assert refused.value.code == code


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "3", 3.0),
        (503, None, 1.0),
        (429, "Wed, 21 Oct 2026 07:28:00 GMT", 1.0),
        (503, "86400", 30.0),
        (429, "-1", 0.1),
    ],
)
async def test_not_now_says_when(status: int, retry_after: str | None, seconds: float) -> None:
    headers = {"Retry-After": retry_after} if retry_after else None
    async with reaching(Answering(status, {}, headers)) as telephony:
        with pytest.raises(CarrierBusy) as busy:
            await telephony.send_text(ANA, "x", "/s")

    assert busy.value.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"code": 20500, "message": "broken", "status": 500}),
        (502, "<html>bad gateway</html>"),
        (504, ""),
        (200, "<html>a proxy says hello</html>"),
        (201, "[]"),
        (201, "null"),
        (201, '{"status": "queued"}'),
    ],
)
async def test_what_cannot_be_read_leaves_the_outcome_open(status: int, body: object) -> None:
    async with reaching(Answering(status, body)) as telephony:
        with pytest.raises(OutcomeUnknown):
            await telephony.send_text(ANA, "x", "/s")


async def test_a_call_that_is_already_over_is_ended_without_complaint_and_nothing_else_is() -> None:
    async with reaching(Answering(400, {"code": 21220, "message": "Invalid call state", "status": 400})) as over:
        await over.end_call(CarrierId("CA1"))
    async with reaching(Answering(400, {"code": 21218, "message": "Invalid", "status": 400})) as wrong:
        with pytest.raises(CarrierRefused):
            await wrong.end_call(CarrierId("CA1"))


# ---------------------------------------------------------------- real sockets


async def test_a_refused_connection_means_that_nothing_was_accepted() -> None:
    with bound("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
    async with reaching(api_url=f"http://127.0.0.1:{port}") as telephony:
        with pytest.raises(CarrierBusy):
            await telephony.send_text(ANA, "x", "/s")


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{", b"\x00nonsense\r\n\r\n"]
)
async def test_a_connection_lost_after_sending_leaves_the_outcome_open(said: bytes) -> None:
    async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        writer.write(said)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(cut_off, sock=bound("127.0.0.1", 0))
    async with server, reaching(api_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as telephony:
        with pytest.raises(OutcomeUnknown):
            await telephony.send_text(ANA, "x", "/s")


async def test_a_kept_connection_that_ends_under_the_next_text_is_not_asked_twice() -> None:
    asked: list[bytes] = []
    taken = b'{"sid": "SM1"}'

    async def takes_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"Body=x"))
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(taken), taken))
        asked.append(await reader.readuntil(b"Body=y"))
        writer.close()

    server = await asyncio.start_server(takes_one, sock=bound("127.0.0.1", 0))
    async with server, reaching(api_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as telephony:
        await telephony.send_text(ANA, "x", "/s")
        with pytest.raises(OutcomeUnknown):
            await telephony.send_text(ANA, "y", "/s")

    assert len(asked) == 2


async def test_patience_ends_by_the_given_clock() -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

    clock = HandClock()
    async with reaching(Silent(), clock=clock) as telephony:
        asking = asyncio.ensure_future(telephony.send_text(ANA, "x", "/s"))
        await clock.advance(3.9)
        still_waiting = not asking.done()
        await clock.advance(0.2)

        assert still_waiting
        with pytest.raises(OutcomeUnknown, match="4 seconds"):
            await asking


async def test_forty_pages_at_once_are_forty_requests() -> None:
    transport = Answering()
    async with reaching(transport) as telephony:
        await asyncio.gather(*(telephony.place_call(ANA, "/a", "/s") for _ in range(40)))

    assert len(transport.requests) == 40
