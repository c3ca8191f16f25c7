"""What the carrier tells us. Signed, or refused; answered only after it is written down; never a 5xx but 503.

Plain routes on purpose: these are the doors through which everybody in need comes, and they must stay light.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crisis_hub.application.intake import CallIn, TextIn
from crisis_hub.application.pages import Asked
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.application.words import say
from crisis_hub.domain.commands import NoteRoom, ProgressMessage
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.vocabulary import AttemptState, ContactId, MessageId, MessageState, PersonId
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
_ATTEMPT_STATES = {
    "accepted": AttemptState.SENT,
    "queued": AttemptState.SENT,
    "sending": AttemptState.SENT,
    "sent": AttemptState.SENT,
    "initiated": AttemptState.SENT,
    "ringing": AttemptState.SENT,
    "delivered": AttemptState.DELIVERED,
    "read": AttemptState.DELIVERED,
    "in-progress": AttemptState.DELIVERED,
    "answered": AttemptState.DELIVERED,
    # A call that ended was answered by nobody who pressed a key, whatever picked it up.
    "completed": AttemptState.FAILED,
    "busy": AttemptState.FAILED,
    "no-answer": AttemptState.FAILED,
    "undelivered": AttemptState.FAILED,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.FAILED,
}
_CALL_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def routes() -> list[Route]:
    """Return the carrier's doors."""
    handlers: dict[str, tuple[Handler, Otherwise]] = {
        # Who calls or writes must never meet silence: what cannot be placed here goes to the carrier's fallback.
        "/twilio/text": (_text, _try_elsewhere),
        "/twilio/voice": (_voice, _try_elsewhere),
        "/twilio/text/status": (_text_status, _noted),
        "/twilio/voice/hold": (_hold, _no_more_words),
        "/twilio/voice/room": (_room, _noted),
        "/twilio/voice/staff": (_staff_leg, _noted),
        "/twilio/voice/status": (_voice_status, _noted),
        "/twilio/page/voice": (_page_voice, _no_more_words),
        "/twilio/page/digits": (_page_digits, _no_more_words),
        "/twilio/page/status": (_page_status, _noted),
        "/twilio/page/notice": (_nothing_follows, _noted),
    }
    return [Route(path, _guarded(*both), methods=["POST"]) for path, both in handlers.items()]


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


def _noted(parts: Parts) -> Response:
    return Response(status_code=204)


def _no_more_words(parts: Parts) -> Response:
    return _twiml(parts.words.nothing())


# -------------------------------------------------------------------------------------------- texts


async def _text(parts: Parts, told: Told) -> Response:
    form = told.form
    sender, text = form.text("From", _LONGEST_NUMBER), form.text("Body", _LONGEST_TEXT)
    sid = form.sid_or_made("MessageSid", "SmsSid", "SmsMessageSid")
    colleague = parts.directory.at_address(sender)
    if colleague is not None:
        answer = await parts.pages.text_reply(colleague, text, sid)
        return _twiml(parts.words.reply(answer, "/twilio/page/notice"))
    taken = await parts.intake.text(
        TextIn(sid, sender, form.text("To", _LONGEST_NUMBER), text, form.number("NumMedia"))
    )
    if not taken.reply:
        return _twiml(parts.words.nothing())
    status = f"/twilio/text/status?case={taken.case}&message={taken.reply_id}"
    return _twiml(parts.words.reply(taken.reply, status))


async def _text_status(parts: Parts, told: Told) -> Response:
    state = _MESSAGE_STATES.get(told.form.word("MessageStatus", "SmsStatus"))
    message = told.query.get("message", "")
    if state is not None and message:
        detail = told.form.text("ErrorCode", 20) if state is MessageState.FAILED else ""
        sid = told.form.sid("MessageSid", "SmsSid")
        command = ProgressMessage(MessageId(message), state, sid, detail)
        await parts.hub.do(case_id(told.query.get("case", "")), command, "carrier", sid or "")
    return _noted(parts)


# -------------------------------------------------------------------------------------------- calls


async def _voice(parts: Parts, told: Told) -> Response:
    form = told.form
    call = CallIn(form.sid_or_made("CallSid"), form.text("From", _LONGEST_NUMBER), form.text("To", _LONGEST_NUMBER))
    taken = await parts.intake.call(call)
    status = f"/twilio/voice/room?case={taken.case}&contact={taken.contact}"
    return _twiml(parts.words.wait_in_room(taken.greeting, taken.language, taken.contact, status))


async def _hold(parts: Parts, told: Told) -> Response:
    language = told.query.get("language", "en")
    return _twiml(parts.words.hold_sound(say(parts.rulebook(), language, "hold"), language))


async def _room(parts: Parts, told: Told) -> Response:
    """Hear who left a room: when it was the caller, their call is over, even if no other word of it comes."""
    if told.form.word("StatusCallbackEvent") == "participant-leave":
        await _call_over(parts, told, "left")
    return _noted(parts)


async def _voice_status(parts: Parts, told: Told) -> Response:
    status = told.form.word("CallStatus")
    if status in _CALL_OVER:
        await _call_over(parts, told, status)
    return _noted(parts)


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
    return _noted(parts)


# -------------------------------------------------------------------------------------------- pages


async def _page_voice(parts: Parts, told: Told) -> Response:
    return _page_menu(parts, told, await _asked(parts, told))


async def _page_digits(parts: Parts, told: Told) -> Response:
    asked = await _asked(parts, told)
    said = await parts.pages.digit(asked, told.form.word("Digits")[:1])
    if said is None:  # a key that means nothing: say it all again
        return _page_menu(parts, told, asked)
    return _twiml(parts.words.say_and_hang_up(*said))


async def _asked(parts: Parts, told: Told) -> Asked:
    return await parts.pages.by_attempt(case_id(told.query.get("case", "")), told.query.get("attempt", ""))


def _page_menu(parts: Parts, told: Told, asked: Asked) -> Response:
    words, language = parts.pages.call_words(asked)
    return _twiml(parts.words.page_menu(words, language, f"/twilio/page/digits?{told.raw_query}"))


async def _page_status(parts: Parts, told: Told) -> Response:
    form = told.form
    word = form.word("CallStatus", "MessageStatus", "SmsStatus")
    state = _ATTEMPT_STATES.get(word)
    if state is not None:
        detail = " ".join(x for x in (word, form.text("AnsweredBy", 30), form.text("ErrorCode", 20)) if x)
        case, attempt = case_id(told.query.get("case", "")), told.query.get("attempt", "")
        await parts.pages.progressed(case, attempt, state, form.sid("CallSid", "MessageSid", "SmsSid"), detail)
    return _noted(parts)


async def _nothing_follows(parts: Parts, told: Told) -> Response:
    return _noted(parts)


def _twiml(document: str) -> Response:
    return Response(document, media_type="text/xml")
