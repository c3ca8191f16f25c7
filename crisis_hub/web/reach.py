"""How people are reached, over HTTP: their ways, codes, test pages, and calendars to subscribe to.

What is asked here may be asked again without harm: a code on its way is not sent twice, nor is a test page.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field
from starlette.routing import Route

from crisis_hub.application.staff import Person
from crisis_hub.domain.errors import NotAllowed, NotFound, Wrong
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import Method, Role
from crisis_hub.domain.ways import OTHER, TestPage, Way, delay
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.ids import name_of
from crisis_hub.web.parts import Parts
from crisis_hub.web.schemas import reach as r

router = APIRouter(prefix="/api", tags=["reach"], generate_unique_id_function=name_of)

WayPath = Annotated[str, Field(max_length=100)]
RotaPath = Annotated[str, Field(max_length=100)]

PROVED_FOR = timedelta(days=30)
_SHOWN_TESTS = 5


def calendar_routes() -> list[Route]:
    """Return the doors of calendars, which telephones ask without signing in."""
    return [Route("/calendar/{token}.ics", _calendar, methods=["GET"])]


# ---------------------------------------------------------------------------------------------- ways


@router.get("/me/reach")
async def my_reach(request: Request, asker: Asker) -> r.MyReachOut:
    """Return how the asker is reached, and what is known of each way."""
    return _reach_out(parts_of(request), asker.id)


@router.post("/me/reach")
async def add_way(request: Request, asker: Asker, body: r.WayIn) -> r.MyReachOut:
    """Add a way to be reached and send a code there; it counts once the code was given."""
    parts = parts_of(request)
    await parts.reachability.add(asker.id, body.method, _address(body), body.after_seconds, body.for_)
    return _reach_out(parts, asker.id)


@router.post("/me/reach/{way}/code")
async def send_code(request: Request, way: WayPath, asker: Asker) -> r.MyReachOut:
    """Send a code once more, also to a way that an administrator put on file."""
    parts = parts_of(request)
    await parts.reachability.send_code(asker.id, way)
    return _reach_out(parts, asker.id)


@router.post("/me/reach/{way}/verify")
async def verify_way(request: Request, way: WayPath, asker: Asker, body: r.CodeIn) -> r.MyReachOut:
    """Give the code that was sent."""
    parts = parts_of(request)
    await parts.reachability.verify(asker.id, way, body.code)
    return _reach_out(parts, asker.id)


@router.post("/me/reach/{way}/remove")
async def remove_way(request: Request, way: WayPath, asker: Asker) -> r.MyReachOut:
    """Take back a way that the asker added."""
    parts = parts_of(request)
    await parts.reachability.remove(asker.id, way)
    return _reach_out(parts, asker.id)


@router.post("/me/test-page")
async def send_test_page(
    request: Request, asker: Asker, body: Annotated[r.TestPageIn | None, Body()] = None
) -> r.MyReachOut:
    """Send the asker a test page, to be taken like a real one; it proves that they can be woken."""
    parts = parts_of(request)
    await parts.trials.send(asker, body.way if body else None)
    return _reach_out(parts, asker.id)


@router.get("/people/reach")
async def staff_reach(request: Request, asker: Asker) -> r.StaffReachOut:
    """Say of everybody who can be paged what is wrong with how they are reached; no address is shown."""
    if not asker.has(Role.SUPERVISOR, Role.CLINICAL_LEAD, Role.ADMIN):
        raise NotAllowed("Only supervisors, the clinical lead and administrators see how others are reached.")
    parts = parts_of(request)
    now = parts.clock.now()
    paged = (p for p in parts.directory.everybody() if p.ways.all or p.has(Role.CLINICIAN, Role.SUPERVISOR))
    return r.StaffReachOut(people=[_colleague_out(person, now) for person in paged])


# ----------------------------------------------------------------------------------------- calendars


@router.get("/me/calendar")
async def my_calendar(request: Request, asker: Asker) -> r.CalendarLinkOut:
    """Return the link at which the asker's shifts can be subscribed to."""
    return r.CalendarLinkOut(url=parts_of(request).calendars.link_of_person(asker.id))


@router.post("/me/calendar/renew")
async def renew_my_calendar(request: Request, asker: Asker) -> r.CalendarLinkOut:
    """Make the link of the asker's calendar another; the old one opens nothing any more."""
    calendars = parts_of(request).calendars
    await calendars.renew_of_person(asker.id)
    return r.CalendarLinkOut(url=calendars.link_of_person(asker.id))


@router.get("/rotas/{rota}/calendar-link")
async def rota_calendar_link(request: Request, rota: RotaPath, asker: Asker) -> r.CalendarLinkOut:
    """Return the link at which a rota can be subscribed to."""
    return r.CalendarLinkOut(url=parts_of(request).calendars.link_of_rota(rota))


@router.post("/rotas/{rota}/calendar-link/renew")
async def renew_rota_calendar_link(request: Request, rota: RotaPath, asker: Asker) -> r.CalendarLinkOut:
    """Make the link of a rota's calendar another."""
    if not asker.has(Role.SUPERVISOR, Role.CLINICAL_LEAD, Role.ADMIN):
        raise NotAllowed("Only supervisors, the clinical lead and administrators make this link anew.")
    calendars = parts_of(request).calendars
    await calendars.renew_of_rota(rota, asker.id)
    return r.CalendarLinkOut(url=calendars.link_of_rota(rota))


async def _calendar(request: Request) -> Response:
    try:
        written = await parts_of(request).calendars.written(request.path_params["token"])
    except NotFound as missing:
        return Response(missing.why, 404, media_type="text/plain")
    return Response(written, media_type="text/calendar; charset=utf-8")


# --------------------------------------------------------------------------------------------- views


def _address(body: r.WayIn) -> str:
    if body.method is Method.PUSH:
        if body.subscription is None:
            raise Wrong("subscription", "Allow this browser to be woken first.")
        keys = body.subscription.keys
        known = {"endpoint": body.subscription.endpoint, "keys": {"auth": keys.auth, "p256dh": keys.p256dh}}
        return json.dumps(known, sort_keys=True)
    if not body.address:
        raise Wrong("address", "Write where you want to be reached.")
    return body.address


def _reach_out(parts: Parts, id: str) -> r.MyReachOut:
    person = parts.directory.person(id)
    if person is None:
        raise NotFound("There is nobody of that name on the staff.")
    tests = [_test_out(parts, person, test) for test in reversed(person.ways.tests[-_SHOWN_TESTS:])]
    return r.MyReachOut(
        ways=[_way_out(parts, person, way) for way in person.ways.all],
        tests=tests,
        push_key=parts.push_key or None,
        last_proved_at=person.proved_at,
    )


def _way_out(parts: Parts, person: Person, way: Way) -> r.WayOut:
    delays = r.DelaysOut(
        imminent=delay(way.reach, Risk.IMMINENT), high=delay(way.reach, Risk.HIGH), other=way.reach.after_seconds
    )
    urgencies: list[r.Urgency] = [word for word in ("imminent", "high", OTHER) if word in way.reach.only]  # type: ignore[misc]
    return r.WayOut(
        id=parts.reachability.id_of(person.id, way.method, way.address),
        method=way.method,
        address=masked(way.method, way.address),
        after_seconds=delays,
        for_=urgencies,
        own=way.own,
        counts=way.counts,
        verified_at=way.verified_at or way.proved_at,
        code_sent_at=way.codes[-1] if way.codes and way.nonce else None,
        opted_out=way.opted_out_at is not None,
        last_proved_at=way.proved_at,
    )


def _test_out(parts: Parts, person: Person, test: TestPage) -> r.TestPageOut:
    return r.TestPageOut(
        way=parts.reachability.id_of(person.id, test.method, test.address),
        method=test.method,
        state=test.state,
        detail=test.detail,
        sent_at=test.sent_at,
        taken_at=test.taken_at,
    )


def _colleague_out(person: Person, now: datetime) -> r.ColleagueReachOut:
    return r.ColleagueReachOut(
        person=s.PersonRef(id=person.id, name=person.name),
        ways=list(dict.fromkeys(way.method for way in person.reach)),
        verified=person.verified,
        opted_out=person.opted_out,
        last_proved_at=person.proved_at,
        lacks=list(_lacks(person, now)),
    )


def _lacks(person: Person, now: datetime) -> list[str]:
    found = []
    if not person.reach:
        found.append("No way to be reached.")
    if person.opted_out:
        found.append("Nothing more may be sent to one of their numbers or browsers.")
    if person.reach and not person.verified:
        found.append("No way was shown to reach them.")
    if person.reach and (person.proved_at is None or now - person.proved_at > PROVED_FOR):
        found.append(f"No page and no test page was taken in {PROVED_FOR.days} days.")
    return found


def masked(method: Method, address: str) -> str:
    """Return what of an address is enough to know it again."""
    if method is Method.PUSH:
        return "this or another browser"
    if method is Method.EMAIL:
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"…{address[-4:]}"
