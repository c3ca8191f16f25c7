"""The REST API's messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator import errors
from crisis_hub.adapters.telephony.simulator.faults import FaultKind
from crisis_hub.adapters.telephony.simulator.payloads import base, message_payload, page
from crisis_hub.adapters.telephony.simulator.rest import Desk, form_of, route
from crisis_hub.adapters.telephony.simulator.state import Message
from crisis_hub.adapters.telephony.simulator.texts import listed

_DAY = timedelta(days=1)
_LAG_SECONDS = 30.0


def routes(desk: Desk) -> list[Route]:
    """Return what can be done with messages."""
    return [
        route(desk, "Messages.json", "POST", _create),
        route(desk, "Messages.json", "GET", _list),
        route(desk, "Messages/{sid}.json", "GET", _fetch),
    ]


async def _create(desk: Desk, request: Request) -> Response:
    form = await form_of(request)
    message = desk.texts.send(
        form.get("To", ""), form.get("From", ""), form.get("Body", ""), form.get("StatusCallback", "")
    )
    return JSONResponse(message_payload(desk.account, message), status_code=201)


async def _fetch(desk: Desk, request: Request) -> Response:
    message = desk.exchange.messages.get(request.path_params["sid"])
    if message is None:
        raise errors.not_found(request.url.path)
    return JSONResponse(message_payload(desk.account, message))


async def _list(desk: Desk, request: Request) -> Response:
    query = dict(request.query_params)
    since, until = _span(query)
    found = listed(_visible(desk), query.get("To", ""), query.get("From", ""), since, until)
    rows = [message_payload(desk.account, message) for message in found]
    return JSONResponse(page("messages", rows, f"{base(desk.account)}/Messages.json", query))


def _visible(desk: Desk) -> list[Message]:
    """Return what the list shows: all of it, or, while it lags, only what is older."""
    messages = list(desk.exchange.messages.values())
    lag = desk.faults.strikes(FaultKind.LIST_LAGS, "Messages")
    if lag is None:
        return messages
    newest = desk.work.clock.now() - timedelta(seconds=lag.seconds or _LAG_SECONDS)
    return [message for message in messages if message.created <= newest]


def _span(query: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    """Read the three spellings in which dates are asked for."""
    if "DateSent" in query:
        start, whole_day = _date(query["DateSent"])
        return start, start + (_DAY if whole_day else timedelta(seconds=1))
    since = _date(query["DateSent>"])[0] if "DateSent>" in query else None
    until = None
    if "DateSent<" in query:
        until, whole_day = _date(query["DateSent<"])
        until += _DAY if whole_day else timedelta()
    return since, until


def _date(text: str) -> tuple[datetime, bool]:
    """Read a day, or an instant, in UTC; say whether it was a day."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise errors.wrong_value("DateSent", text) from None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at, len(text) == len("2026-01-01")
