"""What the carrier tells us. Signed, or refused; answered only after it is written down; never a 5xx but 503.

Plain routes on purpose: these are the doors through which everybody in need comes, and they must stay light.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from crisis_hub.application.intake import CallIn, TextIn
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.application.words import say
from crisis_hub.domain.commands import NoteRoom, ProgressMessage
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.vocabulary import (
    AttemptState,
    CarrierId,
    ContactId,
    MessageId,
    MessageState,
    PersonId,
)
from crisis_hub.web.auth import parts_of
from crisis_hub.web.parts import Parts

_LONGEST_FORM = 64 * 1024
_LONGEST_TEXT = 10_000
_SID = re.compile(r"^[A-Za-z0-9]{2,64}$")

Form = dict[str, str]
Handler = Callable[[Parts, Form, Request], Awaitable[Response]]

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
    handlers: dict[str, Handler] = {
        "/twilio/text": _text,
        "/twilio/text/status": _text_status,
        "/twilio/voice": _voice,
        "/twilio/voice/hold": _hold,
        "/twilio/voice/room": _room,
        "/twilio/voice/staff": _staff_leg,
        "/twilio/voice/status": _voice_status,
        "/twilio/page/voice": _page_voice,
        "/twilio/page/digits": _page_digits,
        "/twilio/page/status": _page_status,
        "/twilio/page/notice": _nothing_more,
    }
    return [Route(path, _guarded(handler), methods=["POST"]) for path, handler in handlers.items()]


def _guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Check the signature before anything else, and turn what can go wrong into an answer the carrier understands."""

    async def serve(request: Request) -> Response:
        parts = parts_of(request)
        pairs = await _form(request)
        if pairs is None or not parts.signature.holds(
            _path(request), pairs, request.headers.get("x-twilio-signature", "")
        ):
            return PlainTextResponse("This was not signed by the carrier.", 403)
        form: Form = {}
        for name, value in pairs:
            form.setdefault(name, value)
        try:
            return await handler(parts, form, request)
        except StoreUnavailable as problem:
            # The carrier then plays the number's fallback, which needs none of our code.
            return PlainTextResponse(str(problem), 503, {"Retry-After": "2"})
        except Refused:
            # Late or strange news about something that is not there (any more): known, and nothing follows.
            return Response(status_code=204)

    return serve


async def _form(request: Request) -> Sequence[tuple[str, str]] | None:
    """Read the form, blank fields too, since they are signed; nothing when it is too long or no form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return None
    try:
        return parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=500)
    except ValueError:
        return None


def _path(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or request.url.path
    return f"{path}?{query}" if query else path


# -------------------------------------------------------------------------------------------- texts


async def _text(parts: Parts, form: Form, request: Request) -> Response:
    sender = _clean(form.get("From", ""), 40)
    text = _clean(form.get("Body", ""), _LONGEST_TEXT)
    sid = _sid(form, "MessageSid", "SmsSid", "SmsMessageSid")
    colleague = parts.directory.at_address(sender)
    if colleague is not None:
        answer = await parts.pages.text_reply(colleague, text, sid)
        return _twiml(parts.words.reply(answer, "/twilio/page/notice"))
    taken = await parts.intake.text(
        TextIn(sid, sender, _clean(form.get("To", ""), 40), text, _number(form, "NumMedia"))
    )
    if not taken.reply:
        return _twiml(parts.words.nothing())
    status = f"/twilio/text/status?case={taken.case}&message={taken.reply_id}"
    return _twiml(parts.words.reply(taken.reply, status))


async def _text_status(parts: Parts, form: Form, request: Request) -> Response:
    state = _MESSAGE_STATES.get(form.get("MessageStatus") or form.get("SmsStatus", ""))
    case, message = request.query_params.get("case", ""), request.query_params.get("message", "")
    if state is not None and case and message:
        detail = _clean(form.get("ErrorCode", ""), 20) if state is MessageState.FAILED else ""
        sid = CarrierId(_sid(form, "MessageSid", "SmsSid"))
        await parts.hub.do(case, ProgressMessage(MessageId(message), state, sid, detail), "carrier", sid)
    return Response(status_code=204)


# -------------------------------------------------------------------------------------------- calls


async def _voice(parts: Parts, form: Form, request: Request) -> Response:
    call = CallIn(_sid(form, "CallSid"), _clean(form.get("From", ""), 40), _clean(form.get("To", ""), 40))
    taken = await parts.intake.call(call)
    status = f"/twilio/voice/room?case={taken.case}&contact={taken.contact}"
    return _twiml(parts.words.wait_in_room(taken.greeting, taken.language, taken.contact, status))


async def _hold(parts: Parts, form: Form, request: Request) -> Response:
    language = request.query_params.get("language", "en")
    return _twiml(parts.words.hold_sound(say(parts.rulebook(), language, "hold"), language))


async def _room(parts: Parts, form: Form, request: Request) -> Response:
    """Hear who left a room: when it was the caller, their call is over, even if no other word of it comes."""
    if form.get("StatusCallbackEvent") == "participant-leave":
        await parts.intake.call_over(_sid(form, "CallSid"), "left")
    return Response(status_code=204)


async def _voice_status(parts: Parts, form: Form, request: Request) -> Response:
    status = form.get("CallStatus", "")
    if status in _CALL_OVER:
        await parts.intake.call_over(_sid(form, "CallSid"), status)
    return Response(status_code=204)


async def _staff_leg(parts: Parts, form: Form, request: Request) -> Response:
    """Hear how far the call to a colleague's own telephone got."""
    status = form.get("CallStatus", "")
    query = request.query_params
    here = status in ("in-progress", "answered")
    if here or status in _CALL_OVER:
        command = NoteRoom(
            ContactId(query.get("contact", "")), PersonId(query.get("person", "")), here=here, why=status
        )
        await parts.hub.do(query.get("case", ""), command, "carrier", _sid(form, "CallSid"))
    return Response(status_code=204)


# -------------------------------------------------------------------------------------------- pages


async def _page_voice(parts: Parts, form: Form, request: Request) -> Response:
    asked = await parts.pages.by_attempt(request.query_params.get("case", ""), request.query_params.get("attempt", ""))
    words, language = parts.pages.call_words(asked)
    return _twiml(parts.words.page_menu(words, language, f"/twilio/page/digits?{request.url.query}"))


async def _page_digits(parts: Parts, form: Form, request: Request) -> Response:
    asked = await parts.pages.by_attempt(request.query_params.get("case", ""), request.query_params.get("attempt", ""))
    said = await parts.pages.digit(asked, form.get("Digits", "")[:1])
    if said is None:  # a key that means nothing: say it all again
        words, language = parts.pages.call_words(asked)
        return _twiml(parts.words.page_menu(words, language, f"/twilio/page/digits?{request.url.query}"))
    return _twiml(parts.words.say_and_hang_up(*said))


async def _page_status(parts: Parts, form: Form, request: Request) -> Response:
    word = form.get("CallStatus") or form.get("MessageStatus") or form.get("SmsStatus", "")
    state = _ATTEMPT_STATES.get(word)
    if state is not None:
        detail = " ".join(
            x for x in (word, _clean(form.get("AnsweredBy", ""), 30), _clean(form.get("ErrorCode", ""), 20)) if x
        )
        sid = _sid(form, "CallSid", "MessageSid", "SmsSid")
        query = request.query_params
        await parts.pages.progressed(query.get("case", ""), query.get("attempt", ""), state, sid, detail)
    return Response(status_code=204)


async def _nothing_more(parts: Parts, form: Form, request: Request) -> Response:
    return Response(status_code=204)


# -------------------------------------------------------------------------------------------- forms


def _sid(form: Form, *names: str) -> str:
    """Return the carrier's id; when it is missing or strange, one made from the form, so that nothing is lost or doubled."""
    for name in names:
        if _SID.match(form.get(name, "")):
            return form[name]
    whole = "\n".join(f"{name}={value}" for name, value in sorted(form.items()))
    return "XX" + hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:32]


def _clean(value: str, longest: int) -> str:
    """Make words storable everywhere: no NUL, no half of a character, not endless."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:longest]


def _number(form: Form, name: str) -> int:
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _twiml(document: str) -> Response:
    return Response(document, media_type="text/xml")
