"""The only place that knows status codes: refusals become problem documents (RFC 9457)."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from crisis_hub.application.door import NotSignedIn, TooManyTries, WrongSignIn
from crisis_hub.application.ports import Conflict, MarkTaken, StoreUnavailable
from crisis_hub.domain.errors import NotAllowed, NotFound, Refused, SomebodyWasFirst, TooLate, Wrong

_TITLES = {
    401: "Sign in first",
    403: "Not allowed",
    404: "There is no such thing",
    405: "Not in this way",
    409: "Somebody or something was first",
    413: "Too long",
    422: "A field is wrong",
    426: "Open a socket",
    429: "Too many tries",
    500: "Something broke here",
    503: "Nothing can be recorded just now",
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: object) -> JSONResponse:
    """Return a problem document that says in one sentence what is wrong and what to do."""
    title = _TITLES.get(status, "Problem")
    body = {"type": "about:blank", "title": title, "status": status, "detail": storable(detail)}
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")


def storable(words: str) -> str:
    """Return words that can be sent: half a character, as hostile JSON may hold, becomes a replacement character."""
    return words.encode("utf-8", "replace").decode()


def install(app: FastAPI) -> None:
    """Turn every expected refusal into its document; what nobody expected is the guard's."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(Conflict, _somebody_was_first)
    app.add_exception_handler(MarkTaken, _somebody_was_first)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(WrongSignIn, _wrong_sign_in)
    app.add_exception_handler(TooManyTries, _too_many)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http)


async def _refused(request: Request, refusal: Exception) -> JSONResponse:
    match refusal:
        case NotFound():
            return problem(404, refusal.why)
        case NotAllowed():
            return problem(403, refusal.why)
        case SomebodyWasFirst():
            return problem(409, refusal.why, who=refusal.who)
        case TooLate():
            return problem(409, refusal.why)
        case Wrong():
            return problem(422, refusal.why, field=refusal.field)
    return problem(409, str(refusal))


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    return problem(503, str(error), {"Retry-After": "2"})


async def _somebody_was_first(request: Request, error: Exception) -> JSONResponse:
    return problem(409, "Something changed at the same moment. Look again, then try again.")


async def _not_signed_in(request: Request, error: Exception) -> JSONResponse:
    return problem(401, "You are not signed in, or your session is over.", {"WWW-Authenticate": "Bearer"})


async def _wrong_sign_in(request: Request, error: Exception) -> JSONResponse:
    return problem(401, "The user name or the password is wrong.")


async def _too_many(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooManyTries)
    return problem(429, str(error), {"Retry-After": str(error.wait_seconds)})


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    fields = [{"field": _field(e["loc"]), "why": storable(str(e["msg"]))} for e in errors]
    first = fields[0] if fields else {"field": "body", "why": "It cannot be read"}
    return problem(422, f"{first['field']}: {first['why']}.", field=first["field"], errors=fields)


def _field(where: tuple[str | int, ...]) -> str:
    """Return the name of a field as the asker wrote it; what lies deeper is for whoever wrote the type."""
    return storable(str(where[1])[:100]) if len(where) > 1 and isinstance(where[1], str) else "body"


async def http(request: Request, error: Exception) -> JSONResponse:
    """Return the document for what the framework refused by itself."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # what the framework says of a body that is no JSON
        return problem(422, "The body cannot be read; send JSON.", field="body")
    detail = error.detail if error.detail != _plain(error.status_code) else "There is nothing at this address."
    return problem(error.status_code, detail, dict(error.headers or {}))


def _plain(status: int) -> str:
    return {404: "Not Found", 405: "Method Not Allowed"}.get(status, "")
