"""How people are reached, on the wire: never a whole address, and never a code."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from crisis_hub.domain.vocabulary import AttemptState, Method
from crisis_hub.web.schemas.base import In, Out, PersonRef

Urgency = Literal["imminent", "high", "other"]


class DelaysOut(Out):
    """After how many seconds a way is tried, by how urgent the page is."""

    imminent: int
    high: int
    other: int


class WayOut(Out):
    """One way to reach somebody; `own` says that they added it by themselves, `counts` that pages go out by it."""

    id: str
    method: Method
    address: str = Field(description="What of the address may be seen on a screen that others see.")
    after_seconds: DelaysOut
    for_: list[Urgency] = Field(serialization_alias="for", description="Urgencies it is for; empty: all.")
    own: bool
    counts: bool
    verified_at: datetime | None
    code_sent_at: datetime | None
    opted_out: bool
    last_proved_at: datetime | None


class TestPageOut(Out):
    """A test page, how far it got, and when it was taken."""

    __test__ = False

    way: str
    method: Method
    state: AttemptState
    detail: str
    sent_at: datetime
    taken_at: datetime | None


class MyReachOut(Out):
    """How the asker is reached; `push_key` is what a browser needs to subscribe, `last_proved_at` the newest proof."""

    ways: list[WayOut]
    tests: list[TestPageOut]
    push_key: str | None
    last_proved_at: datetime | None


class SubscriptionKeysIn(In):
    """What seals for a browser."""

    p256dh: Annotated[str, Field(min_length=1, max_length=200)]
    auth: Annotated[str, Field(min_length=1, max_length=100)]


class SubscriptionIn(In):
    """What `PushSubscription.toJSON()` gives."""

    endpoint: Annotated[str, Field(min_length=1, max_length=2000)]
    keys: SubscriptionKeysIn
    expirationTime: float | None = None  # noqa: N815 - as browsers write it


class WayIn(In):
    """A way to add: a number, an e-mail address, or what a browser gave for push."""

    method: Method
    address: Annotated[str | None, Field(max_length=300)] = None
    subscription: SubscriptionIn | None = None
    after_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    for_: Annotated[list[Urgency], Field(alias="for", max_length=3, default_factory=list)]


class CodeIn(In):
    """The code that was sent."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class TestPageIn(In):
    """By which way a test page goes out; by every way that counts when none is named. `again` is only counted."""

    __test__ = False

    way: Annotated[str | None, Field(max_length=100)] = None
    again: Annotated[int | None, Field(ge=0, le=1000)] = None


class ColleagueReachOut(Out):
    """How well somebody can be reached; `lacks` is a sentence for each thing that is wrong."""

    person: PersonRef
    ways: list[Method]
    verified: bool
    opted_out: bool
    last_proved_at: datetime | None
    lacks: list[str]


class StaffReachOut(Out):
    """How well everybody can be reached who can be paged."""

    people: list[ColleagueReachOut]


class CalendarLinkOut(Out):
    """Where a calendar can be subscribed to. Whoever has the link can read it."""

    url: str
