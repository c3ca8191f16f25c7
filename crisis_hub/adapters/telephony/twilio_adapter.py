"""Texts and calls through Twilio's own library, with the question that matters answered: was it accepted?"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from crisis_hub.adapters.telephony.http_client import PooledHttp
from crisis_hub.application.ports import (
    CarrierCall,
    CarrierProgress,
    CarrierRefused,
    CarrierText,
    Clock,
    OutcomeUnknown,
)
from crisis_hub.domain.vocabulary import CarrierId

TWILIO_API_URL = "https://api.twilio.com"

_PATIENCE_SECONDS = 4.0
_RING_SECONDS = 30
_CALL_EVENTS = ["initiated", "answered", "completed"]
"""Not "ringing": it decides nothing and shows nothing, and a thousand calls at once would say it a thousand times."""
_LISTED = 200  # texts to one number; far more than a night holds
_LISTED_CALLS = 50  # one page of the carrier's list, newest first: what is looked for was placed a moment ago
_CALL_IS_OVER = 21220  # "invalid call state"

_T = TypeVar("_T")


class TwilioTelephony:
    """The telephony port over Twilio's REST API, or over anything that speaks like it."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        number: str,
        public_url: str,
        clock: Clock,
        api_url: str = TWILIO_API_URL,
        patience: float = _PATIENCE_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._number = number
        self._public_url = public_url.rstrip("/")
        self._http = PooledHttp(clock, patience, transport)
        # An explicit, empty environment: the library would otherwise let TWILIO_REGION change where pages go.
        self._client: Any = Client(account_sid, auth_token, http_client=self._http, environment={"-": "-"})
        self._client.api.base_url = api_url.rstrip("/")

    async def send_text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Send `body` to the number `to`; progress is posted to `status_path` below our public address."""
        message = await _answer(
            self._client.messages.create_async(
                to=to, from_=self._number, body=body, status_callback=self._at(status_path)
            )
        )
        return _named(message.sid)

    async def find_texts(self, to: str, since: datetime) -> Sequence[CarrierText]:
        """List what the carrier holds of our messages to `to` since then, newest first."""
        messages = await _answer(
            self._client.messages.list_async(
                # The library writes the date as it stands and calls it UTC.
                to=to,
                from_=self._number,
                date_sent_after=since.astimezone(UTC),
                limit=_LISTED,
            )
        )
        texts = [_text(message, since) for message in messages]
        return sorted(texts, key=lambda text: text.at, reverse=True)

    async def find_calls(self, to: str, since: datetime) -> Sequence[CarrierCall]:
        """List what the carrier holds of our calls to `to` since then, newest first.

        A call that was never answered has no time of its start, and the carrier's own filter passes over it: so
        the newest are listed, and what is older is left out here.
        """
        listed = await _answer(self._client.calls.list_async(to=to, from_=self._number, limit=_LISTED_CALLS))
        second = since.astimezone(UTC).replace(microsecond=0)
        calls = [call for call in (_call(one, second) for one in listed) if call.at >= second]
        return sorted(calls, key=lambda call: call.at, reverse=True)

    async def text_state(self, message: CarrierId) -> CarrierProgress:
        """Return how far a message of ours got."""
        found = await _answer(self._client.messages(message).fetch_async())
        return CarrierProgress(found.status or "", str(found.error_code or ""))

    async def call_state(self, call: CarrierId) -> CarrierProgress:
        """Return how far a call got."""
        found = await _answer(self._client.calls(call).fetch_async())
        return CarrierProgress(found.status or "")

    async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Ring `to`; once answered, the call follows what `answer_path` says."""
        status_url = self._at(status_path)
        call = await _answer(
            self._client.calls.create_async(
                to=to,
                from_=self._number,
                url=self._at(answer_path),
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=_CALL_EVENTS,
                timeout=_RING_SECONDS,
                # Whether a machine answered is worth knowing and never decides anything; it is found out
                # beside the call, so that a person hears the menu at once.
                machine_detection="Enable",
                async_amd="true",
                async_amd_status_callback=status_url,
                async_amd_status_callback_method="POST",
            )
        )
        return _named(call.sid)

    async def ring_into_room(self, to: str, room: str, status_path: str) -> CarrierId:
        """Ring `to` and, once answered, put them into the conference `room`."""
        participant = await _answer(
            self._client.conferences(room).participants.create_async(
                from_=self._number,
                to=to,
                status_callback=self._at(status_path),
                status_callback_method="POST",
                status_callback_event=_CALL_EVENTS,
                timeout=_RING_SECONDS,
                early_media=True,
                beep="false",
                start_conference_on_enter=True,
                # The person in need stays on the line when whoever was rung leaves.
                end_conference_on_exit=False,
            )
        )
        return _named(participant.call_sid)

    async def move_call(self, call: CarrierId, path: str) -> None:
        """Let a running call follow what `path` says from now on."""
        await _answer(self._client.calls(call).update_async(url=self._at(path), method="POST"))

    async def end_call(self, call: CarrierId) -> None:
        """Hang up; harmless when the call is already over."""
        try:
            await _answer(self._client.calls(call).update_async(status="completed"))
        except CarrierRefused as refused:
            if refused.code != str(_CALL_IS_OVER):
                raise

    async def aclose(self) -> None:
        """Give back every connection."""
        await self._http.close()

    def _at(self, path: str) -> str:
        return path if urlsplit(path).scheme else self._public_url + path


async def _answer(asking: Awaitable[_T]) -> _T:
    """Wait for what the library makes of an answer; errors of the carrier come sorted out of `PooledHttp`."""
    try:
        return await asking
    except (TwilioException, ValueError, KeyError, TypeError, AttributeError) as error:
        # An answer came, and it was no answer of the carrier's: some proxy may have eaten an acceptance.
        raise OutcomeUnknown(f"an answer that cannot be read: {error}") from error


def _named(sid: str | None) -> CarrierId:
    if not sid:
        raise OutcomeUnknown("an answer without an id")
    return CarrierId(sid)


def _text(message: MessageInstance, since: datetime) -> CarrierText:
    at = message.date_sent or message.date_created or since
    return CarrierText(
        carrier_id=CarrierId(message.sid),
        to=message.to or "",
        body=message.body or "",
        state=message.status or "",
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
    )


def _call(call: CallInstance, since: datetime) -> CarrierCall:
    at = call.date_created or call.start_time or since
    return CarrierCall(
        carrier_id=CarrierId(call.sid),
        to=call.to or "",
        state=call.status or "",
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
    )
