"""An unknown call or text finds its case, or opens one. Answered only after it is written down."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from crisis_hub.application.hub import Done, Hub
from crisis_hub.application.ports import CaseQuery, Clock, Ids, MarkTaken, Secrets, Store, StoreUnavailable
from crisis_hub.application.reactions import carrier_mark, open_mark
from crisis_hub.application.words import language_of, say
from crisis_hub.domain.case import Case
from crisis_hub.domain.commands import EndContact, ReceiveCall, ReceiveText
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import CarrierId, CaseId, ContactId, ContactRef, MessageId

_NUMBER = re.compile(r"^\+?[0-9][0-9 ().-]{2,24}$")

_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE and PRIVATE as a telephone's keys spell them.

Twilio once put such digits in place of the word, and some networks still do; everybody behind one is somebody else.
"""

_MOST_RECENT = 50
_MOST_TRIES = 10
_MOST_KNOWN = 10_000
"""People of whose open case is known without a look; who has not written for longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text as the carrier tells of it."""

    carrier_id: str
    sender: str
    line: str
    text: str
    media: int


@dataclass(frozen=True, slots=True)
class CallIn:
    """A call as the carrier tells of it."""

    carrier_id: str
    caller: str
    line: str


@dataclass(frozen=True, slots=True)
class TextTaken:
    """Where a text went, and what the line answers at once (nothing, when it says nothing by itself)."""

    case: CaseId
    reply: str
    reply_id: MessageId


@dataclass(frozen=True, slots=True)
class CallTaken:
    """Where a call went: its case, its room, and the words to greet with."""

    case: CaseId
    contact: ContactId
    greeting: str
    language: str


class Intake:
    """Takes in what the carrier brings."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        store: Store,
        clock: Clock,
        ids: Ids,
        secrets: Secrets,
        rulebook: Callable[[], Rulebook],
        language: str,
        drill: bool,
    ) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._ids = ids
        self._secrets = secrets
        self._rulebook = rulebook
        self._language = language
        self._drill = drill
        self._cases: OrderedDict[ContactRef, str] = OrderedDict()

    async def text(self, text: TextIn) -> TextTaken:
        """Write a text down in the case it belongs to; the same text again changes nothing and is answered alike."""
        ref = self._ref(text.sender, text.carrier_id)
        for turn in range(_MOST_TRIES):
            marks = await self._marks(text.carrier_id, ref, guess=turn == 0)
            seen = marks.get(carrier_mark(text.carrier_id))
            if seen is not None:
                return await self._text_again(seen)
            message = MessageId(self._ids.new())
            command, case = await self._text_command(text, ref, message, marks.get(open_mark(ref)))
            try:
                do = self._hub.do if open_mark(ref) in marks else self._hub.begin
                done = await do(case, command, "contact", text.carrier_id)
            except MarkTaken:
                continue  # the same text, or another of the same person, came through another door just now
            if done.facts and self._took(done, text.carrier_id):
                self._know(ref, case)
                return _text_taken(done.case, message)
            self._hub.forget(case)
        raise StoreUnavailable(f"The text {text.carrier_id} could not be placed; the carrier must bring it again.")

    async def call(self, call: CallIn) -> CallTaken:
        """Write a call down in the case it belongs to; the same call again gets the same room."""
        ref = self._ref(call.caller, call.carrier_id)
        for turn in range(_MOST_TRIES):
            marks = await self._marks(call.carrier_id, ref, guess=turn == 0)
            seen = marks.get(carrier_mark(call.carrier_id))
            if seen is not None:
                case, _, contact = seen.partition("/")
                return self._call_taken(await self._hub.case(case), ContactId(contact))
            contact = ContactId(self._ids.new())
            command, stream = await self._call_command(call, ref, contact, marks.get(open_mark(ref)))
            try:
                do = self._hub.do if open_mark(ref) in marks else self._hub.begin
                done = await do(stream, command, "contact", call.carrier_id)
            except MarkTaken:
                continue
            if done.facts and self._took(done, call.carrier_id):
                self._know(ref, stream)
                return self._call_taken(done.case, ContactId(contact))
            self._hub.forget(stream)
        raise StoreUnavailable(f"The call {call.carrier_id} could not be placed; the carrier must bring it again.")

    async def _marks(self, carrier_id: str, ref: ContactRef, *, guess: bool) -> Mapping[str, str]:
        """Return what the marks say of this contact.

        At first that is only guessed, and no look into the ledger is needed: that nobody brought this contact before,
        and that the person's case is the one to which this process wrote last. A guess that is wrong is refused when
        it is to be written, as is everything that another process did in between.
        """
        if not guess:
            return await self._store.marks([carrier_mark(carrier_id), open_mark(ref)])
        known = self._cases.get(ref)
        return {} if known is None else {open_mark(ref): known}

    def _know(self, ref: ContactRef, case: str) -> None:
        self._cases[ref] = case
        self._cases.move_to_end(ref)
        if len(self._cases) > _MOST_KNOWN:
            self._cases.popitem(last=False)

    async def call_over(self, carrier_id: str, how: str) -> bool:
        """Write down that a caller's call is over; says whether we knew the call."""
        mark = carrier_mark(carrier_id)
        seen = (await self._store.marks([mark])).get(mark)
        if seen is None:
            return False
        case, _, contact = seen.partition("/")
        await self._hub.do(case, EndContact(ContactId(contact), how), "carrier", carrier_id)
        return True

    async def _text_again(self, seen: str) -> TextTaken:
        case, _, message = seen.partition("/")
        return _text_taken(await self._hub.case(case), MessageId(message))

    async def _text_command(
        self, text: TextIn, ref: ContactRef, message: MessageId, open_case: str | None
    ) -> tuple[ReceiveText, str]:
        case = open_case or self._ids.new()
        number = "" if open_case else await self._store.next_number()
        language = language_of(self._rulebook(), text.text, self._language)
        reply = "" if open_case else say(self._rulebook(), language, "text_first_reply")
        command = ReceiveText(
            CaseId(case),
            number,
            message,
            ContactId(self._ids.new()),
            CarrierId(text.carrier_id),
            ref,
            text.sender,
            text.line,
            text.text,
            text.media,
            language,
            self._drill,
            reply,
            0 if open_case else await self._recent(ref),
        )
        return command, case

    async def _call_command(
        self, call: CallIn, ref: ContactRef, contact: ContactId, open_case: str | None
    ) -> tuple[ReceiveCall, str]:
        case = open_case or self._ids.new()
        number = "" if open_case else await self._store.next_number()
        command = ReceiveCall(
            CaseId(case),
            number,
            contact,
            CarrierId(call.carrier_id),
            ref,
            call.caller,
            call.line,
            self._language,
            self._drill,
            0 if open_case else await self._recent(ref),
        )
        return command, case

    async def _recent(self, ref: ContactRef) -> int:
        """Count the cases of this number that began within the last day; a person who comes back soon is told apart."""
        since = self._clock.now() - timedelta(hours=24)
        rows = await self._store.cases(CaseQuery(contact_ref=ref, limit=_MOST_RECENT))
        return sum(row.opened_at >= since for row in rows)

    def _call_taken(self, case: Case, contact: ContactId) -> CallTaken:
        greeting = say(self._rulebook(), case.language, "call_greeting")
        return CallTaken(case.id, contact, greeting, case.language)

    def _took(self, done: Done, carrier_id: str) -> bool:
        """Say whether the case has it; a case that closed a moment ago takes nothing, and a new one must open."""
        return CarrierId(carrier_id) in done.case.conversation.seen

    def _ref(self, number: str, carrier_id: str) -> ContactRef:
        """Return the ref of a number; whoever withholds theirs is somebody of their own each time."""
        shown = _NUMBER.match(number) and number.lstrip("+").removeprefix("1") not in _WITHHELD
        return self._secrets.contact_ref(number if shown else f"withheld:{carrier_id}")


def _text_taken(case: Case, message: MessageId) -> TextTaken:
    reply_id = MessageId(f"{message}-r")
    reply = case.conversation.message(reply_id)
    return TextTaken(case.id, reply.text if reply else "", reply_id)
