"""Nights on which the carrier is the trouble: silent, gone, shut out, or keeping the end of a page to itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import httpx
import pytest

from crisis_hub.adapters.telephony.breaker import Guarded
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN, FaultKind, Line, Person, Press
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony
from crisis_hub.adapters.telephony.two_carriers import TwoCarriers
from crisis_hub.domain.case import Case
from crisis_hub.domain.vocabulary import AttemptState
from tests.night import ANA, BEN, CARRIER, LINE, PUBLIC, Night, night
from tests.stories.scenes import WRITER

CANARY = "+15550100777"
SECOND = "+15550100101"
ECHO = Person(replies=(Line(r"\1", after=2.0, when=r"(?s)(.+)", again=True),))
"""A number that sends back whatever it gets."""


async def at_risk(tonight: Night, number: str = WRITER) -> Case:
    """Somebody writes and says what pages the clinicians."""
    case = await tonight.text(number, "i need somebody")
    await tonight.done("rui", f"/api/cases/{case.id}/claim")
    await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
    return await tonight.case(case.id)


def attempts(case: Case) -> list[tuple[str, str]]:
    return [(a.method.value, a.state.value) for x in case.escalations for p in x.pages for a in p.attempts]


# ------------------------------------------------------------------------------------------ the canary


async def test_the_canary_flies_the_whole_way_and_its_age_is_seen() -> None:
    async with night(canary_number=CANARY) as tonight:
        tonight.phone(CANARY, ECHO)
        await tonight.seconds(10)

        ready = (await tonight.browser.get("/ready")).json()["canary"]
        board = (await tonight.get("sam", "/api/board")).json()["service"]["canary"]
        assert (ready["late"], board["late"]) == (False, False)
        assert ready["age_seconds"] < 10
        assert board["age_seconds"] == 0
        assert tonight.house.board.cases() == []  # it is nobody's case, and nobody is answered
        assert len(tonight.phone(CANARY, ECHO).texts) == 1


async def test_when_answers_do_not_come_in_the_canary_tells_before_a_page_is_missed() -> None:
    """The signature is wrong since somebody changed the token: pages go out, and no answer is believed."""
    async with night(canary_number=CANARY) as tonight:
        tonight.phone(CANARY, ECHO)
        tonight.carrier.faults.switch_on(FaultKind.WEBHOOK_WRONGLY_SIGNED)
        await tonight.seconds(70)

        ready = await tonight.browser.get("/ready")
        assert ready.json()["canary"]["late"] is True
        assert any("canary page is late" in one for one in ready.json()["troubles"])
        board = (await tonight.get("sam", "/api/board")).json()["service"]
        assert any("canary page is late" in one for one in board["troubles"])
        assert not await tonight.house._is_well()  # so the sign of life to the outside stops

        tonight.carrier.faults.switch_off()
        await tonight.seconds(300)
        assert (await tonight.browser.get("/ready")).json()["canary"]["late"] is False


async def test_without_a_number_the_board_says_that_there_is_no_canary() -> None:
    async with night() as tonight:
        await tonight.seconds(2)
        assert (await tonight.browser.get("/ready")).json()["canary"] is None
        assert (await tonight.get("sam", "/api/board")).json()["service"]["canary"] is None


PICKS_UP = Person(answers_after=2, presses=(Press("4", 3),))
"""A number that picks up every call and presses 4."""


async def test_a_canary_call_is_placed_picked_up_and_answered_by_a_key_and_its_age_is_seen() -> None:
    async with night(canary_call_number=CANARY) as tonight:
        tonight.phone(CANARY, PICKS_UP)
        await tonight.seconds(12)

        ready = (await tonight.browser.get("/ready")).json()
        board = (await tonight.get("sam", "/api/board")).json()["service"]
        assert (ready["canary"], ready["canary_call"]["late"], board["canary_call"]["late"]) == (None, False, False)
        assert ready["canary_call"]["age_seconds"] < 12
        figures = (await tonight.browser.get("/metrics")).text
        assert "crisis_hub_canary_call_age_seconds -1.0" not in figures
        assert tonight.house.board.cases() == []
        [call] = tonight.phone(CANARY).calls
        assert call.is_over, "it rings nobody any longer than it must"
        assert await tonight.house._is_well()

        await tonight.seconds(300)
        assert len(tonight.phone(CANARY).calls) == 2


@pytest.mark.parametrize(
    ("behind", "fault"),
    [
        (Person(answers_after=2), None),
        (Person(machine_after=2), None),
        (Person(answers_after=2, presses=(Press("7", 3),)), None),
        (Person(busy=True), None),
        (PICKS_UP, FaultKind.WEBHOOK_WRONGLY_SIGNED),
        (PICKS_UP, FaultKind.CALL_FAILS),
        (PICKS_UP, FaultKind.REST_503),
    ],
    ids=["no key", "machine", "another key", "busy", "wrong token", "calls fail", "carrier down"],
)
async def test_whatever_is_wrong_with_calls_the_canary_call_is_late_before_a_page_is(
    behind: Person, fault: FaultKind | None
) -> None:
    async with night(canary_call_number=CANARY) as tonight:
        tonight.phone(CANARY, behind)
        if fault:
            tonight.carrier.faults.switch_on(fault)
        await tonight.seconds(75)

        troubles = (await tonight.browser.get("/ready")).json()["troubles"]
        assert any("canary call is late" in one for one in troubles)
        service = (await tonight.get("sam", "/api/board")).json()["service"]
        assert any("canary call is late" in one for one in service["troubles"])
        assert not await tonight.house._is_well()
        tonight.carrier.faults.switch_off()


async def test_nobody_can_bring_a_canary_call_back_without_the_carriers_signature() -> None:
    async with night(canary_call_number=CANARY) as tonight:
        tonight.phone(CANARY)
        await tonight.seconds(3)
        [code] = tonight.house.canary_call._released
        form = {"Digits": "4", "CallSid": "CA1"}
        posted = await tonight.browser.post(f"/twilio/canary/digits?canary={code}", data=form)

        assert posted.status_code == 403
        assert (await tonight.browser.get("/ready")).json()["canary_call"]["answered_at"] is None


# ------------------------------------------------------------------------------------------ unknown, and silent


async def test_a_time_out_after_accepting_is_looked_up_and_nobody_is_woken_twice() -> None:
    async with night() as tonight:
        ana, ben = tonight.phone(ANA), tonight.phone(BEN)
        tonight.carrier.faults.switch_on(FaultKind.REST_SILENT_AFTER, count=4, only="POST")
        tonight.carrier.faults.switch_on(FaultKind.WEBHOOK_LOST, only="/twilio/page/status")
        case = await at_risk(tonight)
        await tonight.seconds(20)

        case = await tonight.case(case.id)
        found = [(a.state, a.detail) for x in case.escalations for p in x.pages for a in p.attempts]
        paged = [phone for phone in (ana, ben) if phone.texts]
        assert paged
        assert all(len(phone.texts) == 1 for phone in paged)
        assert (AttemptState.SENT, "found at the carrier") in found


async def test_a_page_whose_receipts_are_lost_is_asked_about_and_the_next_way_is_tried() -> None:
    async with night() as tonight:
        tonight.phone(ANA, Person(texts_fail=30003, calls_fail=True))
        tonight.phone(BEN, Person(texts_fail=30003, calls_fail=True))
        tonight.carrier.faults.switch_on(FaultKind.WEBHOOK_LOST, only="/twilio/page/status")
        case = await at_risk(tonight)
        await tonight.seconds(58)
        assert {state for _, state in attempts(await tonight.case(case.id))} == {"sent"}
        await tonight.seconds(6)

        states = [state for _, state in attempts(await tonight.case(case.id))]
        assert states[:2] == ["failed", "failed"]


# ------------------------------------------------------------------------------------------ a second carrier


@asynccontextmanager
async def night_with_two() -> AsyncIterator[Night]:
    """A night on which pages may go out by a second number, as the hall joins it."""
    async with night() as tonight:
        tonight.carrier.rent(SECOND, PUBLIC)
        pair = [_guarded(tonight, number) for number in (LINE, SECOND)]
        pager = TwoCarriers(*pair)
        for owner in (tonight.house.paging, tonight.house.lookups):
            owner._telephony = pager  # as wiring.py would have given it
        reaching = tonight.house.reaching
        reaching._senders = replace(reaching._senders, telephony=pager)
        tonight.house.service.doubt(pager.trouble)
        yield tonight
        for one in pair:
            await one._telephony.aclose()  # type: ignore[attr-defined]


def _guarded(tonight: Night, number: str) -> Guarded:
    transport = httpx.ASGITransport(tonight.carrier.app)
    twilio = TwilioTelephony(
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        number=number,
        public_url=PUBLIC,
        clock=tonight.clock,
        api_url=CARRIER if number == LINE else f"{CARRIER}/second",
        transport=_Prefixed(transport),
    )
    return Guarded(twilio, tonight.clock, most_failures=2, pause_seconds=15)


class _Prefixed(httpx.AsyncBaseTransport):
    """Two ways to the same carrier, told apart by a word that faults can name."""

    down: ClassVar[type[httpx.TransportError] | None] = None

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        second = request.url.path.startswith("/second")
        if not second and _Prefixed.down:
            raise _Prefixed.down("the first carrier is gone")
        if second:
            request.url = request.url.copy_with(raw_path=request.url.raw_path.removeprefix(b"/second"))
        return await self._inner.handle_async_request(request)


async def test_with_the_first_carrier_gone_pages_go_out_by_the_second_in_the_same_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with night_with_two() as tonight:
        ana, ben = tonight.phone(ANA), tonight.phone(BEN)
        monkeypatch.setattr(_Prefixed, "down", httpx.ConnectError)
        case = await at_risk(tonight)
        await tonight.seconds(2)

        texts = [*ana.texts, *ben.texts]
        assert texts
        assert {text.from_ for text in texts} == {SECOND}
        troubles = (await tonight.get("sam", "/api/board")).json()["service"]["troubles"]
        assert any("pages go out by the second" in one for one in troubles)
        paged = ana if ana.texts else ben
        paged.text("1", SECOND)  # the answer comes to the number the page came from
        await tonight.seconds(3)
        assert {x.state.value for x in (await tonight.case(case.id)).escalations} == {"taken"}


async def test_with_the_first_carrier_silent_pages_go_out_by_the_second_in_the_same_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worst kind: it takes requests and never answers. Its silence is believed after two of them."""
    async with night_with_two() as tonight:
        ana, ben = tonight.phone(ANA), tonight.phone(BEN)
        monkeypatch.setattr(_Prefixed, "down", httpx.ReadTimeout)
        await at_risk(tonight)
        await tonight.seconds(30)

        assert {text.from_ for text in [*ana.texts, *ben.texts]} == {SECOND}


async def test_what_was_doubled_is_counted_where_operators_look() -> None:
    async with night() as tonight:
        tonight.carrier.faults.switch_on(FaultKind.REST_SILENT_AFTER, count=2, only="POST")
        tonight.carrier.faults.switch_on(FaultKind.REST_503, only="GET")
        tonight.carrier.faults.switch_on(FaultKind.WEBHOOK_LOST, only="/twilio/page/status")
        await at_risk(tonight)
        await tonight.seconds(15)

        figures = (await tonight.browser.get("/metrics")).text
        assert 'crisis_hub_page_tries_total{outcome="sent_again"} 2.0' in figures
        assert 'crisis_hub_page_tries_total{outcome="unknown"} 2.0' in figures
        assert "crisis_hub_canary_age_seconds -1.0" in figures
