"""The REST API's calls."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator import errors
from crisis_hub.adapters.telephony.simulator.calls import Order
from crisis_hub.adapters.telephony.simulator.payloads import base, call_payload, page
from crisis_hub.adapters.telephony.simulator.player import Next
from crisis_hub.adapters.telephony.simulator.rest import Desk, form_of, list_of, route
from crisis_hub.adapters.telephony.simulator.state import Call, Callback

CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})

_LONGEST_RING = 600


def routes(desk: Desk) -> list[Route]:
    """Return what can be done with calls."""
    return [
        route(desk, "Calls.json", "POST", _create),
        route(desk, "Calls.json", "GET", _list),
        route(desk, "Calls/{sid}.json", "GET", _fetch),
        route(desk, "Calls/{sid}.json", "POST", _update),
    ]


async def order_of(request: Request) -> Order:
    """Read what the hub wants of a call."""
    form = await form_of(request)
    events = frozenset(await list_of(request, "StatusCallbackEvent")) or frozenset({"completed"})
    if wrong := events - CALL_EVENTS:
        raise errors.wrong_value("StatusCallbackEvent", " ".join(sorted(wrong)))
    return Order(
        to=form.get("To", ""),
        from_=form.get("From", ""),
        url=form.get("Url", ""),
        twiml=form.get("Twiml", ""),
        method=form.get("Method", "POST").upper(),
        fallback_url=form.get("FallbackUrl", ""),
        callback=Callback(form.get("StatusCallback", ""), events),
        ring_seconds=_ring_seconds(form.get("Timeout", "60")),
        machine_detection=_detection(form),
        machine_url=form.get("AsyncAmdStatusCallback", ""),
    )


def _ring_seconds(text: str) -> float:
    if not text.isdigit() or int(text) > _LONGEST_RING:
        raise errors.wrong_value("Timeout", text)
    return float(text)


def _detection(form: dict[str, str]) -> str:
    if form.get("MachineDetection", "") not in {"Enable", "DetectMessageEnd"}:
        return ""
    return "async" if form.get("AsyncAmd", "") == "true" else "sync"


async def _create(desk: Desk, request: Request) -> Response:
    order = await order_of(request)
    if not order.url and not order.twiml:
        raise errors.Refusal(400, 21205, "Url parameter is required.")
    return JSONResponse(call_payload(desk.account, desk.calls.place(order)), status_code=201)


async def _fetch(desk: Desk, request: Request) -> Response:
    return JSONResponse(call_payload(desk.account, _call(desk, request)))


async def _list(desk: Desk, request: Request) -> Response:
    query = dict(request.query_params)
    wanted: dict[str, Callable[[Call], str]] = {
        "To": lambda call: call.to,
        "From": lambda call: call.from_,
        "Status": lambda call: call.status,
        "ParentCallSid": lambda call: call.parent.sid if call.parent else "",
    }
    calls = list(reversed(desk.exchange.calls.values()))
    for name, value_of in wanted.items():
        if name in query:
            calls = [call for call in calls if value_of(call) == query[name]]
    rows = [call_payload(desk.account, call) for call in calls]
    return JSONResponse(page("calls", rows, f"{base(desk.account)}/Calls.json", query))


async def _update(desk: Desk, request: Request) -> Response:
    call, form = _call(desk, request), await form_of(request)
    status, url, twiml = form.get("Status", ""), form.get("Url", ""), form.get("Twiml", "")
    if status not in {"", "completed", "canceled"}:
        raise errors.wrong_value("Status", status)
    if call.is_over:
        raise errors.wrong_call_state("redirect" if url or twiml else "hang up")
    if status == "completed" or (status == "canceled" and call.status in {"queued", "ringing"}):
        desk.calls.hang_up(call)
    elif url or twiml:
        call.fallback_url = form.get("FallbackUrl", call.fallback_url)
        desk.calls.move(call, twiml or Next(url, form.get("Method", "POST").upper()))
    return JSONResponse(call_payload(desk.account, call))


def _call(desk: Desk, request: Request) -> Call:
    call = desk.exchange.calls.get(request.path_params["sid"])
    if call is None:
        raise errors.not_found(request.url.path)
    return call
