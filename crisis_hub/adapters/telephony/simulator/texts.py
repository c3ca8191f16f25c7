"""The life of a text: accepted, sent, delivered or not; what comes in, with the words that mean "no more"."""

from __future__ import annotations

import re
from datetime import datetime

from crisis_hub.adapters.telephony.simulator import errors, fields
from crisis_hub.adapters.telephony.simulator.faults import FaultKind, Faults
from crisis_hub.adapters.telephony.simulator.pace import Pace
from crisis_hub.adapters.telephony.simulator.phones import Phones
from crisis_hub.adapters.telephony.simulator.state import Exchange, Message, Number
from crisis_hub.adapters.telephony.simulator.twiml_reader import BadTwiml, Reply, read_replies
from crisis_hub.adapters.telephony.simulator.webhooks import Document, WebhookFailed, Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work
from crisis_hub.application.ports import Ids

# Twilio's default lists for long codes, matched on the whole text without regard to case.
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})

_STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
_STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe."
)
_HELP = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 1600


def is_number(text: str) -> bool:
    """Say whether this could be a telephone number as the carrier writes them."""
    return _E164.fullmatch(text) is not None


class Texts:
    """Everything that the carrier does with texts."""

    def __init__(
        self,
        *,
        exchange: Exchange,
        work: Work,
        faults: Faults,
        webhooks: Webhooks,
        phones: Phones,
        ids: Ids,
        pace: Pace,
    ) -> None:
        self._exchange, self._work, self._faults = exchange, work, faults
        self._webhooks, self._phones, self._ids, self._pace = webhooks, phones, ids, pace

    def send(self, to: str, from_: str, body: str, callback_url: str, direction: str = "outbound-api") -> Message:
        """Accept a text from the hub, or refuse it as Twilio would."""
        self._check(to, from_, body)
        message = self._new(to, from_, body, direction, "queued")
        message.callback_url = callback_url
        self._work.start(self._carry(message))
        return message

    def arrive(self, from_: str, to: str, body: str) -> Message:
        """Take a text from a phone and bring it to the hub."""
        # No network carries half a character.
        message = self._new(to, from_, body.encode("utf-8", "replace").decode(), "inbound", "received")
        message.sent = message.created
        message.final.set()
        self._work.start(self._bring(message))
        return message

    def _check(self, to: str, from_: str, body: str) -> None:
        if not to:
            raise errors.missing("To")
        if not is_number(to):
            raise errors.invalid_to(to)
        if from_ not in self._exchange.numbers:
            raise errors.not_ours(from_, 21606)
        if not body:
            raise errors.empty_body()
        if len(body) > _LONGEST:
            raise errors.too_long()
        if (to, from_) in self._exchange.opted_out:
            raise errors.opted_out()
        if fault := self._faults.strikes(FaultKind.TEXT_REFUSED, to):
            code = fault.code or 21211
            raise errors.Refusal(400, code, errors.CODES.get(code, "Refused"))

    def _new(self, to: str, from_: str, body: str, direction: str, status: str) -> Message:
        now = self._work.clock.now()
        message = Message(f"SM{self._ids.new()}", to, from_, body, direction, status, now, now)
        self._exchange.messages[message.sid] = message
        return message

    async def _carry(self, message: Message) -> None:
        await self._work.sleep(self._pace.text_sent)
        phone = self._phones.at(message.to)
        message.sent = self._work.clock.now()
        self._becomes(message, "sent")
        await self._work.sleep(self._pace.text_delivered)
        fault = self._faults.strikes(FaultKind.TEXT_UNDELIVERED, message.to)
        if code := (fault.code or 30003) if fault else phone.person.texts_fail:
            message.error_code = code
            self._becomes(message, "undelivered")
            return
        phone.receive(message)
        if self._faults.strikes(FaultKind.TEXT_UNCONFIRMED, message.to):
            # It arrived, but no receipt ever says so.
            message.final.set()
            return
        self._becomes(message, "delivered")

    def _becomes(self, message: Message, status: str) -> None:
        message.status, message.updated = status, self._work.clock.now()
        form = fields.text_progress_fields(self._exchange.account, message)
        self._webhooks.tell(message.callback_url, form, message.sid)
        if status != "sent":
            message.final.set()

    async def _bring(self, message: Message) -> None:
        await self._work.sleep(self._pace.text_arrives)
        self._mind_keywords(message)
        number = self._exchange.numbers.get(message.to)
        if number is None or not number.text_url:
            return
        form = fields.text_fields(self._exchange.account, message)
        document = await self._ask(number, form, message.sid)
        if document:
            await self._obey(document, message, number)

    async def _ask(self, number: Number, form: dict[str, str], subject: str) -> Document | None:
        try:
            return await self._webhooks.ask(number.text_url, form, subject=subject)
        except WebhookFailed as failed:
            # Without a fallback the text is gone: that is what Twilio does, and why the hub must reconcile.
            return await self._ask_fallback(number, form, failed.code, failed.url, subject)

    async def _ask_fallback(
        self, number: Number, form: dict[str, str], code: int, url: str, subject: str
    ) -> Document | None:
        if not number.text_fallback_url:
            return None
        form = form | {"ErrorCode": str(code), "ErrorUrl": url}
        try:
            return await self._webhooks.ask(number.text_fallback_url, form, subject=subject)
        except WebhookFailed:
            return None

    async def _obey(self, document: Document, message: Message, number: Number) -> None:
        for reply in await self._replies(document, message, number):
            try:
                self.send(reply.to or message.from_, message.to, reply.body, reply.callback_url, "outbound-reply")
            except errors.Refusal as refused:
                self._note_refused(message, reply.body, refused.code)

    async def _replies(self, document: Document, message: Message, number: Number) -> list[Reply]:
        try:
            return read_replies(document)
        except BadTwiml as bad:
            form = fields.text_fields(self._exchange.account, message)
            fallback = await self._ask_fallback(number, form, bad.code, document.url, message.sid)
        try:
            return read_replies(fallback) if fallback else []
        except BadTwiml:
            return []

    def _note_refused(self, message: Message, body: str, code: int) -> None:
        """Keep a reply that could not be sent: Twilio lists it as failed, with the code."""
        failed = self._new(message.from_, message.to, body, "outbound-reply", "failed")
        failed.error_code = code
        failed.final.set()

    def _mind_keywords(self, message: Message) -> None:
        """Do what Twilio does by itself on STOP, START and HELP, whatever the hub answers."""
        word, pair = message.body.strip().upper(), (message.from_, message.to)
        if word in STOP_WORDS and pair not in self._exchange.opted_out:
            self._exchange.opted_out.add(pair)
            self._answer_keyword(message, _STOPPED)
        elif word in START_WORDS and pair in self._exchange.opted_out:
            self._exchange.opted_out.discard(pair)
            self._answer_keyword(message, _STARTED)
        elif word in HELP_WORDS:
            self._answer_keyword(message, _HELP)

    def _answer_keyword(self, message: Message, words: str) -> None:
        answer = self._new(message.from_, message.to, words, "outbound-reply", "queued")
        self._work.start(self._carry(answer))


def listed(
    messages: list[Message], to: str, from_: str, since: datetime | None, until: datetime | None
) -> list[Message]:
    """Return the messages that a list asks for, newest first."""
    return [
        one
        for one in reversed(messages)
        if (not to or one.to == to)
        and (not from_ or one.from_ == from_)
        and (since is None or (one.sent or one.created) >= since)
        and (until is None or (one.sent or one.created) <= until)
    ]
