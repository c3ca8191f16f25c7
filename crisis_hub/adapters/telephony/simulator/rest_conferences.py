"""The REST API's conferences and the people in them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator import errors
from crisis_hub.adapters.telephony.simulator.conferences import Wish
from crisis_hub.adapters.telephony.simulator.payloads import (
    base,
    conference_payload,
    page,
    participant_payload,
)
from crisis_hub.adapters.telephony.simulator.rest import Desk, form_of, list_of, route
from crisis_hub.adapters.telephony.simulator.rest_calls import order_of
from crisis_hub.adapters.telephony.simulator.state import Callback, Conference, Participant


def routes(desk: Desk) -> list[Route]:
    """Return what can be done with conferences."""
    return [
        route(desk, "Conferences.json", "GET", _list),
        route(desk, "Conferences/{room}.json", "GET", _fetch),
        route(desk, "Conferences/{room}.json", "POST", _update),
        route(desk, "Conferences/{room}/Participants.json", "POST", _add),
        route(desk, "Conferences/{room}/Participants.json", "GET", _list_participants),
        route(desk, "Conferences/{room}/Participants/{call}.json", "GET", _fetch_participant),
        route(desk, "Conferences/{room}/Participants/{call}.json", "POST", _change),
        route(desk, "Conferences/{room}/Participants/{call}.json", "DELETE", _remove),
    ]


async def _list(desk: Desk, request: Request) -> Response:
    query = dict(request.query_params)
    rooms = [
        room
        for room in reversed(desk.exchange.conferences.values())
        if query.get("FriendlyName", room.name) == room.name and query.get("Status", room.status) == room.status
    ]
    rows = [conference_payload(desk.account, room) for room in rooms]
    return JSONResponse(page("conferences", rows, f"{base(desk.account)}/Conferences.json", query))


async def _fetch(desk: Desk, request: Request) -> Response:
    return JSONResponse(conference_payload(desk.account, _room(desk, request)))


async def _update(desk: Desk, request: Request) -> Response:
    room, form = _room(desk, request), await form_of(request)
    if form.get("Status") == "completed":
        desk.rooms.end(room)
    return JSONResponse(conference_payload(desk.account, room))


async def _add(desk: Desk, request: Request) -> Response:
    order, wish = await order_of(request), await _wish(request)
    room = desk.rooms.room_named(request.path_params["room"])
    try:
        call = desk.calls.place_into(order, room, wish)
    except errors.Refusal:
        desk.rooms.drop_unused(room)
        raise
    shown = Participant(
        call,
        call.created,
        label=wish.label,
        muted=wish.muted,
        coaching=bool(wish.coached_sid),
        coached_sid=wish.coached_sid,
        start_on_enter=wish.start_on_enter,
        end_on_exit=wish.end_on_exit,
    )
    return JSONResponse(participant_payload(desk.account, room, shown, "queued"), status_code=201)


async def _wish(request: Request) -> Wish:
    form = await form_of(request)
    events = frozenset(await list_of(request, "ConferenceStatusCallbackEvent"))
    return Wish(
        label=form.get("Label", ""),
        muted=form.get("Muted") == "true",
        coached_sid=form.get("CallSidToCoach", "") if form.get("Coaching") == "true" else "",
        start_on_enter=form.get("StartConferenceOnEnter", "true") == "true",
        end_on_exit=form.get("EndConferenceOnExit", "false") == "true",
        wait_url=form.get("WaitUrl"),
        wait_method=form.get("WaitMethod", "POST").upper(),
        callback=Callback(form.get("ConferenceStatusCallback", ""), events),
    )


async def _list_participants(desk: Desk, request: Request) -> Response:
    room, query = _room(desk, request), dict(request.query_params)
    rows = [participant_payload(desk.account, room, one, "connected") for one in room.participants.values()]
    return JSONResponse(
        page("participants", rows, f"{base(desk.account)}/Conferences/{room.sid}/Participants.json", query)
    )


async def _fetch_participant(desk: Desk, request: Request) -> Response:
    room, participant = _participant(desk, request)
    return JSONResponse(participant_payload(desk.account, room, participant, "connected"))


async def _change(desk: Desk, request: Request) -> Response:
    room, participant = _participant(desk, request)
    form = await form_of(request)
    coached = form.get("CallSidToCoach", "") if form.get("Coaching") == "true" else ""
    if coached and (other := room.participants.get(coached)) and other.hold:
        raise errors.Refusal(400, 16027, "Cannot coach a participant who is on hold")
    desk.rooms.change(
        room,
        participant,
        muted=_flag(form, "Muted"),
        hold=_flag(form, "Hold"),
        hold_url=form.get("HoldUrl"),
        coached_sid=coached if "Coaching" in form else None,
    )
    if "EndConferenceOnExit" in form:
        participant.end_on_exit = form["EndConferenceOnExit"] == "true"
    return JSONResponse(participant_payload(desk.account, room, participant, "connected"))


async def _remove(desk: Desk, request: Request) -> Response:
    _, participant = _participant(desk, request)
    desk.rooms.leave(participant.call)
    return Response(status_code=204)


def _flag(form: dict[str, str], name: str) -> bool | None:
    return form[name] == "true" if name in form else None


def _room(desk: Desk, request: Request) -> Conference:
    room = desk.exchange.room(request.path_params["room"])
    if room is None:
        raise errors.not_found(request.url.path)
    return room


def _participant(desk: Desk, request: Request) -> tuple[Conference, Participant]:
    room = _room(desk, request)
    participant = room.participants.get(request.path_params["call"])
    if participant is None:
        raise errors.not_found(request.url.path)
    return room, participant
