"""What the carrier tells us. Signed, or refused; answered only after it is written down; never a 5xx but 503.

Plain routes on purpose: these are the doors through which everybody in need comes, and they must stay light.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crisis_hub.application.carrier_states import ATTEMPT_STATES
from crisis_hub.application.intake import CallIn, TextIn
from crisis_hub.application.pages import Asked
from crisis_hub.application.ports import MarkTaken, StoreUnavailable
from crisis_hub.application.staff import Person
from crisis_hub.application.words import say
from crisis_hub.domain.commands import NoteRoom, ProgressMessage
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.vocabulary import ContactId, MessageId, MessageState, PersonId
from crisis_hub.web.auth import parts_of
from crisis_hub.web.forms import Form, read_pairs
from crisis_hub.web.ids import case_id
from crisis_hub.web.parts import Parts
from crisis_hub.web.refusals import Refusals

log = logging.getLogger(__name__)

_LONGEST_TEXT = 10_000
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One signed webhook: its form, and the words that we put into its address ourselves."""

    form: Form
    query: dict[str, str]
    raw_query: str


Handler = Callable[[Parts, Told], Awaitable[Response]]
Otherwise = Callable[[Parts], Response]
"""What to answer when there is nothing (any more) that the carrier could mean."""

_MESSAGE_STATES = {
    "accepted": MessageState.SENT,
    "queued": MessageState.SENT,
    "sending": MessageState.SENT,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
_CALL_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def routes(more: Mapping[str, tuple[Handler, Otherwise]]) -> list[Route]:
    """Return the carrier's doors."""
    handlers: dict[str, tuple[Handler, Otherwise]] = {
        # Who calls or writes must never meet silence: what cannot be placed here goes to the carrier's fallback.
        "/twilio/text": (_text, _try_elsewhere),
        "/twilio/voice": (_voice, _try_elsewhere),
        "/twilio/text/status": (_text_status, noted),
        "/twilio/voice/hold": (_hold, no_more_words),
        "/twilio/voice/room": (_room, noted),
        "/twilio/voice/staff": (_staff_leg, noted),
        "/twilio/voice/status": (_voice_status, noted),
        "/twilio/page/voice": (_page_voice, no_more_words),
        "/twilio/page/digits": (_page_digits, no_more_words),
        "/twilio/page/status": (_page_status, noted),
        "/twilio/page/notice": (_nothing_follows, noted),
    }
    return [Route(path, _guarded(*both), methods=["POST"]) for path, both in {**handlers, **more}.items()]


def _guarded(handler: Handler, otherwise: Otherwise) -> Callable[[Request], Awaitable[Response]]:
    """Check the signature before anything else, and turn what can go wrong into an answer the carrier understands."""

    async def serve(request: Request) -> Response:
        parts = parts_of(request)
        signature = request.headers.get("x-twilio-signature", "")
        pairs = await read_pairs(request)
        path, query = _address(request)
        if pairs is None or not parts.signature.holds(path + (f"?{query}" if query else ""), pairs, signature):
            _refusals_of(request).note(signature)
            return PlainTextResponse("This was not signed by the carrier.", 403)
        try:
            told = Told(Form(pairs, signature), dict(request.query_params) if query else {}, query)
            return await handler(parts, told)
        except StoreUnavailable as problem:
            return _not_now(str(problem))
        except Refused:
            return otherwise(parts)
        except Exception:
            log.exception("a webhook failed", extra={"path": path})
            return _not_now("Something broke here.")

    return serve


def _refusals_of(request: Request) -> Refusals:
    refusals = request.app.state.refusals
    assert isinstance(refusals, Refusals)
    return refusals


def _address(request: Request) -> tuple[str, str]:
    """Return path and query as they were sent, letter by letter, since they are signed."""
    path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or request.url.path
    return path, request.scope["query_string"].decode("latin-1")


def _not_now(why: str) -> Response:
    """Answer 503: the carrier then plays the number's fallback, which needs none of our code."""
    return PlainTextResponse(why, 503, {"Retry-After": "2"})


def _try_elsewhere(parts: Parts) -> Response:
    return _not_now("This could not be placed.")


def noted(parts: Parts) -> Response:
    """Answer that it was taken in."""
    return Response(status_code=204)


def no_more_words(parts: Parts) -> Response:
    """Let a call that can mean nothing any more come to its end."""
    return twiml(parts.words.nothing())


# -------------------------------------------------------------------------------------------- texts


async def _text(parts: Parts, told: Told) -> Response:
    form = told.form
    sender, text = form.text("From", _LONGEST_NUMBER), form.text("Body", _LONGEST_TEXT)
    sid = form.sid_or_made("MessageSid", "SmsSid", "SmsMessageSid")
    if await parts.canary.heard(sender, text):
        return twiml(parts.words.nothing())
    colleague = parts.directory.at_address(sender)
    if colleague is not None:
        answer = await _about_no_page(parts, colleague, TextIn(sid, sender, "", text, 0), form.word("OptOutType"))
        answer = answer or await parts.pages.text_reply(colleague, text, sid, sender)
        return twiml(parts.words.reply(answer, "/twilio/page/notice"))
    taken = await parts.intake.text(
        TextIn(sid, sender, form.text("To", _LONGEST_NUMBER), text, form.number("NumMedia"))
    )
    if not taken.reply:
        return twiml(parts.words.nothing())
    status = f"/twilio/text/status?case={taken.case}&message={taken.reply_id}"
    return twiml(parts.words.reply(taken.reply, status))


async def _about_no_page(parts: Parts, colleague: Person, text: TextIn, told: str) -> str | None:
    """Hear a text about something else than a page (STOP, START, a test page); nothing when it may be about one.

    The same text again must not mean something else the second time, when a page waits by then.
    """
    before = await parts.pages.answered_before(colleague, text.carrier_id)
    if before is not None:
        return before
    said = (text.sender, text.text)
    try:
        answer = await parts.reachability.stopped_or_started(colleague, *said, told, text.carrier_id)
        answer = answer or await parts.trials.replied(colleague, *said, text.carrier_id)
    except MarkTaken:  # it was brought twice at once, and the other was quicker
        return await parts.pages.answered_before(colleague, text.carrier_id)
    return await parts.pages.remember(colleague, text.carrier_id, answer) if answer else None


async def _text_status(parts: Parts, told: Told) -> Response:
    state = _MESSAGE_STATES.get(told.form.word("MessageStatus", "SmsStatus"))
    message = told.query.get("message", "")
    if state is not None and message:
        detail = told.form.text("ErrorCode", 20) if state is MessageState.FAILED else ""
        sid = told.form.sid("MessageSid", "SmsSid")
        command = ProgressMessage(MessageId(message), state, sid, detail)
        await parts.hub.do(case_id(told.query.get("case", "")), command, "carrier", sid or "")
    return noted(parts)


# -------------------------------------------------------------------------------------------- calls


async def _voice(parts: Parts, told: Told) -> Response:
    form = told.form
    call = CallIn(form.sid_or_made("CallSid"), form.text("From", _LONGEST_NUMBER), form.text("To", _LONGEST_NUMBER))
    taken = await parts.intake.call(call)
    status = f"/twilio/voice/room?case={taken.case}&contact={taken.contact}"
    return twiml(parts.words.wait_in_room(taken.greeting, taken.language, taken.contact, status))


async def _hold(parts: Parts, told: Told) -> Response:
    language = told.query.get("language", "en")
    return twiml(parts.words.hold_sound(say(parts.rulebook(), language, "hold"), language))


async def _room(parts: Parts, told: Told) -> Response:
    """Hear who came and left: when the caller left, their call is over, even if no other word of it comes."""
    event, sid = told.form.word("StatusCallbackEvent"), told.form.sid("CallSid")
    if event == "participant-leave":
        await _call_over(parts, told, "left")
    if sid is not None and event in ("participant-join", "participant-leave"):
        case, contact = case_id(told.query.get("case", "")), told.query.get("contact", "")
        await parts.pages.in_room(case, contact, sid, here=event == "participant-join")
    return noted(parts)


async def _voice_status(parts: Parts, told: Told) -> Response:
    status = told.form.word("CallStatus")
    if status in _CALL_OVER:
        await _call_over(parts, told, status)
    return noted(parts)


async def _call_over(parts: Parts, told: Told, how: str) -> None:
    sid = told.form.sid("CallSid")
    if sid is not None:
        await parts.intake.call_over(sid, how)


async def _staff_leg(parts: Parts, told: Told) -> Response:
    """Hear how far the call to a colleague's own telephone got."""
    status, query = told.form.word("CallStatus"), told.query
    here = status in ("in-progress", "answered")
    if here or status in _CALL_OVER:
        contact, person = ContactId(query.get("contact", "")), PersonId(query.get("person", ""))
        command = NoteRoom(contact, person, here=here, why=status)
        await parts.hub.do(case_id(query.get("case", "")), command, "carrier", told.form.sid("CallSid") or "")
    return noted(parts)


# -------------------------------------------------------------------------------------------- pages


async def _page_voice(parts: Parts, told: Told) -> Response:
    return _page_menu(parts, told, await _asked(parts, told))


async def _page_digits(parts: Parts, told: Told) -> Response:
    asked = await _asked(parts, told)
    digit, attempt = told.form.word("Digits")[:1], told.query.get("attempt", "")
    said = await parts.pages.digit(asked, digit, attempt, joins=_reaches_our_rooms(parts, told))
    if said is None:  # a key that means nothing: say it all again
        return _page_menu(parts, told, asked)
    if said.room is None:
        return twiml(parts.words.say_and_hang_up(said.words, said.language))
    status = f"/twilio/voice/room?case={asked.case.id}&contact={said.room}"
    return twiml(parts.words.join_room(said.words, said.language, said.room, status))


async def _asked(parts: Parts, told: Told) -> Asked:
    return await parts.pages.by_attempt(case_id(told.query.get("case", "")), told.query.get("attempt", ""))


def _page_menu(parts: Parts, told: Told, asked: Asked) -> Response:
    words, language = parts.pages.call_words(asked, joins=_reaches_our_rooms(parts, told))
    return twiml(parts.words.page_menu(words, language, f"/twilio/page/digits?{told.raw_query}"))


def _reaches_our_rooms(parts: Parts, told: Told) -> bool:
    """Say whether a call can be put through to a caller: rooms are the first account's, and by any other account's
    call somebody would stand in a room of the same name, alone."""
    return not parts.second_account or told.form.text("AccountSid", 60) != parts.second_account


async def _page_status(parts: Parts, told: Told) -> Response:
    form = told.form
    word = form.word("CallStatus", "MessageStatus", "SmsStatus")
    if not word and form.text("AnsweredBy", 30):  # who picked up is found out beside the call, and told by itself
        word = "in-progress"
    state = ATTEMPT_STATES.get(word)
    if state is not None:
        detail = " ".join(x for x in (word, form.text("AnsweredBy", 30), form.text("ErrorCode", 20)) if x)
        case, attempt = case_id(told.query.get("case", "")), told.query.get("attempt", "")
        sid = form.sid("CallSid", "MessageSid", "SmsSid")
        await parts.pages.progressed(case, attempt, state, sid, detail)
        for other in filter(None, told.query.get("with", "").split(",")):  # what went along in the same text
            await parts.pages.progressed(case_id(other.partition("-")[0]), other, state, sid, detail)
    return noted(parts)


async def _nothing_follows(parts: Parts, told: Told) -> Response:
    return noted(parts)


def twiml(document: str) -> Response:
    """Answer with what the carrier shall do."""
    return Response(document, media_type="text/xml")
