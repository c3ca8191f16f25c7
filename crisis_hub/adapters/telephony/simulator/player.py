"""Follows TwiML on one leg, verb by verb, as the carrier does."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urljoin

from crisis_hub.adapters.telephony.simulator import fields
from crisis_hub.adapters.telephony.simulator.conferences import Conferences, Wish
from crisis_hub.adapters.telephony.simulator.sounds import SOUNDS, Sounds
from crisis_hub.adapters.telephony.simulator.state import Call, Callback, Exchange
from crisis_hub.adapters.telephony.simulator.twiml_reader import NOT_TWIML, BadTwiml, read, truth, whole
from crisis_hub.adapters.telephony.simulator.webhooks import Document, WebhookFailed, Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work

STOCK_ERROR = "We are sorry, an application error has occurred. Goodbye."
"""What a caller hears when we fail and there is no fallback; no caller of ours should ever hear it."""

_MOST_DOCUMENTS = 500  # in one call; more is a circle


class Ended(Exception):
    """The instructions end the call; `status` is how."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Next:
    """Where the instructions go on."""

    url: str
    method: str = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)


class Dialer(Protocol):
    """How the player reaches other phones."""

    async def bridge(self, call: Call, dial: ET.Element) -> dict[str, str]:
        """Ring the numbers of a Dial, connect the first who answers, and say how it went."""

    def pick_up(self, call: Call) -> None:
        """Answer a call that came in, if it is still ringing."""


class Player:
    """Fetches what to do and does it, until the document or the call ends."""

    def __init__(
        self,
        *,
        exchange: Exchange,
        work: Work,
        webhooks: Webhooks,
        sounds: Sounds,
        rooms: Conferences,
        dialer: Dialer,
    ) -> None:
        self._exchange, self._work, self._webhooks = exchange, work, webhooks
        self._sounds, self._rooms, self._dialer = sounds, rooms, dialer

    async def play(self, call: Call, start: Next | str) -> None:
        """Follow an address or a document; raise `Ended` when the instructions say so."""
        document = await self._open(call, start)
        for _ in range(_MOST_DOCUMENTS):
            try:
                following = await self._perform(call, document)
            except BadTwiml as bad:
                following = Next("", extra={"ErrorCode": str(bad.code), "ErrorUrl": document.url})
            if following is None:
                return
            document = await (self._open(call, following) if following.url else self._fall_back(call, following.extra))
        raise Ended("completed")

    async def _open(self, call: Call, start: Next | str) -> Document:
        if isinstance(start, str):
            return Document("", "text/xml", start)
        form = fields.call_fields(self._exchange.account, call) | dict(start.extra)
        try:
            return await self._webhooks.ask(start.url, form, method=start.method, subject=call.sid)
        except WebhookFailed as failed:
            return await self._fall_back(call, {"ErrorCode": str(failed.code), "ErrorUrl": failed.url})

    async def _fall_back(self, call: Call, trouble: Mapping[str, str]) -> Document:
        """Ask the fallback address once; without one the caller hears the stock error."""
        url, call.fallback_url = call.fallback_url, ""
        if url:
            form = fields.call_fields(self._exchange.account, call) | dict(trouble)
            try:
                return await self._webhooks.ask(url, form, subject=call.sid)
            except WebhookFailed:
                pass
        self._dialer.pick_up(call)
        await self._sounds.say(call, STOCK_ERROR)
        raise Ended

    async def _perform(self, call: Call, document: Document) -> Next | None:
        verbs = read(document)
        if not (verbs and verbs[0].tag == "Reject"):
            self._dialer.pick_up(call)
        for verb in verbs:
            following = await self._do(call, verb, document.url)
            if following is not None:
                return following
        return None

    async def _do(self, call: Call, verb: ET.Element, base: str) -> Next | None:
        if verb.tag in SOUNDS:
            await self._sounds.make(call, verb)
        elif verb.tag == "Gather":
            return await self._gather(call, verb, base)
        elif verb.tag == "Dial":
            return await self._dial(call, verb, base)
        elif verb.tag == "Redirect":
            return _next(verb, (verb.text or "").strip(), base)
        elif verb.tag == "Hangup":
            raise Ended
        elif verb.tag == "Reject":
            raise Ended("busy" if verb.get("reason") == "busy" else "no-answer")
        elif verb.tag != "Record":
            raise BadTwiml(NOT_TWIML, f"{verb.tag} is not a verb that this carrier knows")
        return None

    async def _gather(self, call: Call, gather: ET.Element, base: str) -> Next | None:
        wanted, finish = whole(gather, "numDigits", 0), gather.get("finishOnKey", "#")
        timeout = float(whole(gather, "timeout", 5))
        if strange := [part.tag for part in gather if part.tag not in SOUNDS]:
            raise BadTwiml(NOT_TWIML, f"{strange[0]} cannot stand in a Gather")
        # A key pressed while the words are spoken cuts them short, as on a real call.
        speaking = self._work.start(self._speak(call, gather))
        digits = ""
        try:
            while not (wanted and len(digits) >= wanted):
                key = await self._work.key_before(speaking, call.keys) or await self._work.key_within(
                    timeout, call.keys
                )
                if not key or key == finish:
                    break
                speaking.cancel()
                digits += key
        finally:
            speaking.cancel()
        if digits or truth(gather, "actionOnEmptyResult", False):
            return _next(gather, gather.get("action") or base, base, {"Digits": digits, "msg": "Gather End"})
        return None

    async def _speak(self, call: Call, gather: ET.Element) -> None:
        for verb in gather:
            await self._sounds.make(call, verb)

    async def _dial(self, call: Call, dial: ET.Element, base: str) -> Next | None:
        conference = dial.find("Conference")
        if conference is not None:
            outcome = await self._confer(call, conference, base)
        else:
            outcome = await self._dialer.bridge(call, dial)
        action = dial.get("action")
        return _next(dial, action, base, outcome) if action else None

    async def _confer(self, call: Call, verb: ET.Element, base: str) -> dict[str, str]:
        participant = self._rooms.join(call, (verb.text or "").strip(), wish(verb, base))
        await self._work.rest(participant.left.wait())
        return {"DialCallStatus": "answered"}


def wish(verb: ET.Element, base: str) -> Wish:
    """Read how a `<Conference>` wants the leg to be in its room."""
    events = frozenset((verb.get("statusCallbackEvent") or "").split())
    wait_url = verb.get("waitUrl")
    return Wish(
        label=verb.get("participantLabel") or "",
        muted=truth(verb, "muted", False),
        coached_sid=verb.get("coach") or "",
        start_on_enter=truth(verb, "startConferenceOnEnter", True),
        end_on_exit=truth(verb, "endConferenceOnExit", False),
        wait_url=urljoin(base, wait_url) if wait_url else wait_url,
        wait_method=(verb.get("waitMethod") or "POST").upper(),
        callback=Callback(urljoin(base, verb.get("statusCallback") or ""), events),
    )


def _next(verb: ET.Element, url: str, base: str, extra: Mapping[str, str] | None = None) -> Next:
    return Next(urljoin(base, url), (verb.get("method") or "POST").upper(), extra or {})
