"""The only place that knows status codes: refusals become problem documents (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from crisis_hub.application.door import NotSignedIn, TooManyTries, WrongSignIn
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.domain.errors import NotAllowed, NotFound, Refused, SomebodyWasFirst, TooLate, Wrong

log = logging.getLogger(__name__)

_TITLES = {
    400: "That request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "There is no such thing",
    405: "Not in this way",
    409: "Somebody or something was first",
    413: "Too long",
    422: "A field is wrong",
    429: "Too many tries",
    500: "Something broke here",
    503: "Nothing can be recorded just now",
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """Return a problem document that says in one sentence what is wrong and what to do."""
    body = {"type": "about:blank", "title": _TITLES.get(status, "Problem"), "status": status, "detail": detail}
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Turn every expected refusal into its document; an unexpected error wakes somebody through the log."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(WrongSignIn, _wrong_sign_in)
    app.add_exception_handler(TooManyTries, _too_many)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


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
    first = errors[0] if errors else {"loc": ("body",), "msg": "It cannot be read."}
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path")) or "body"
    detail = f"{field}: {first['msg']}."
    fields = [{"field": ".".join(map(str, e["loc"][1:])) or "body", "why": e["msg"]} for e in errors]
    return problem(422, detail, field=field, errors=fields)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = error.detail if error.detail != _plain(error.status_code) else "There is nothing at this address."
    return problem(error.status_code, detail, dict(error.headers or {}))


async def _broken(request: Request, error: Exception) -> JSONResponse:
    log.error("a request failed", exc_info=error, extra={"path": request.url.path})
    return problem(500, "Something broke here. It was written to the log; try again, and tell your administrator.")


def _plain(status: int) -> str:
    return {404: "Not Found", 405: "Method Not Allowed"}.get(status, "")
