"""The live picture: the board, and the messages that keep it current."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from crisis_hub.domain.vocabulary import Role
from crisis_hub.web.schemas.base import Out, PersonRef
from crisis_hub.web.schemas.cases import Case
from crisis_hub.web.schemas.reports import CoverageFigures


class OnCallOut(Out):
    """Who is on call on one rota, until when, and who is next."""

    rota: str
    people: list[PersonRef]
    until: datetime | None
    next: list[PersonRef]
    trouble: str | None
    by_last_resort: bool
    lacking: bool


class StaffOut(Out):
    """A member of staff at work: signed in and connected."""

    id: str
    name: str
    roles: list[Role]
    busy_with: list[str]


class CanaryOut(Out):
    """The test page that flies the whole way of a page every few minutes, and how long ago one came back."""

    sent_at: datetime | None
    answered_at: datetime | None
    age_seconds: float | None
    late: bool


class ServiceOut(Out):
    """How we are doing: what supervisors look at first."""

    name: str
    drill: bool
    waiting: int
    longest_wait_since: datetime | None
    open: int
    high: int
    imminent: int
    pages_open: int
    oldest_page_since: datetime | None
    at_work: list[StaffOut]
    troubles: list[str]
    canary: CanaryOut | None
    canary_call: CanaryOut | None
    coverage: CoverageFigures
    rules_version: str
    rules_problems: list[str]
    sign_off: str


class BoardOut(Out):
    """The live picture at one sequence."""

    sequence: int
    at: datetime
    cases: list[Case]
    on_call: list[OnCallOut]
    service: ServiceOut


class Snapshot(BoardOut):
    """The whole picture; comes first, unless `after` could be continued. Who may not see cases gets none of them."""

    kind: Literal["snapshot"] = "snapshot"


class Change(Out):
    """One fact, and its case right after it; none where the fact is about no case, or not for this person's eyes."""

    kind: Literal["change"] = "change"
    sequence: int
    type: str
    case: Case | None


class ServiceNews(Out):
    """The figures, the people on call or the troubles are different now."""

    kind: Literal["service"] = "service"
    sequence: int
    on_call: list[OnCallOut]
    service: ServiceOut


class Heartbeat(Out):
    """The line is alive, and everything up to `sequence` was sent."""

    kind: Literal["heartbeat"] = "heartbeat"
    sequence: int
    at: datetime


LiveMessage = Snapshot | Change | ServiceNews | Heartbeat
"""Everything that comes over `GET /api/live`."""
