"""Rotas on the wire: who is on call when, what was arranged by hand, requests for cover, leave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crisis_hub.domain.covering import Change
from crisis_hub.domain.covers import CoverState
from crisis_hub.web.schemas.base import In, Out, PersonRef
from crisis_hub.web.schemas.board import OnCallOut


def _instant(value: datetime) -> datetime:
    """Take a time without a zone for UTC, as everywhere."""
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("this time lies too far away") from None


Instant = Annotated[datetime, AfterValidator(_instant)]
PersonName = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(max_length=500)]


class ShiftRulesOut(Out):
    """What a rota asks of shifts; none where nothing is asked."""

    rest_hours: float | None
    longest_hours: float | None


class RotaLayerOut(Out):
    """A layer of a rota: people who take turns."""

    name: str
    type: str
    people: list[PersonRef]
    timezone: str


class RotaOut(Out):
    """A rota as its file says it."""

    name: str
    timezone: str
    last_resort: list[PersonRef]
    layers: list[RotaLayerOut]
    rules: ShiftRulesOut


class RotaList(Out):
    """Every rota in force."""

    rotas: list[RotaOut]


class StintOut(Out):
    """A span: start included, end not."""

    start: datetime
    end: datetime


class RotaSpanOut(Out):
    """Who is on call from one instant until another; the last resort, where nobody has a shift."""

    start: datetime
    end: datetime
    people: list[PersonRef]
    by_last_resort: bool


class LayerShiftOut(Out):
    """A shift as a layer alone plans it."""

    person: PersonRef
    start: datetime
    end: datetime


class LayerShiftsOut(Out):
    """What a layer plans, before anybody arranges anything by hand."""

    name: str
    shifts: list[LayerShiftOut]


class ShiftOut(Out):
    """A shift with everything that was arranged: whose, why, and for whom."""

    person: PersonRef
    start: datetime
    end: datetime
    layer: str
    why: str
    for_whom: PersonRef | None
    cover: str | None


class OverrideOut(Out):
    """Somebody comes in addition, stays away, or stands in for somebody, because a supervisor said so."""

    id: str
    rota: str
    change: Change
    person: PersonRef
    for_whom: PersonRef | None
    start: datetime
    end: datetime
    why: str
    by: PersonRef
    made_at: datetime
    against: list[str] = Field(description="The rules of the rota that it breaks, knowingly.")


class CoverOut(Out):
    """A request for cover, what became of it, and what the asker may do with it."""

    id: str
    rota: str
    state: CoverState
    person: PersonRef = Field(description="Whose shift it is.")
    start: datetime
    end: datetime
    asked_by: PersonRef
    asked_at: datetime
    of: PersonRef | None = Field(description="Who alone is asked; none asks everybody.")
    in_exchange: StintOut | None
    note: str
    taken_by: PersonRef | None
    taken_at: datetime | None
    declined_by: list[PersonRef]
    lapses_at: datetime
    may: list[Literal["take", "decline", "withdraw"]]
    warnings: list[str]


class CoverList(Out):
    """Requests for cover, the earliest shift first."""

    covers: list[CoverOut]


class LeaveOut(Out):
    """Somebody is away; the reason is for themself and for whoever watches over all."""

    id: str
    person: PersonRef
    start: datetime
    end: datetime
    why: str
    by: PersonRef


class LeaveList(Out):
    """Who is away now or will be."""

    leave: list[LeaveOut]


class RotaCalendarOut(Out):
    """A rota between two instants: who is on call, when nobody is, and everything that was arranged."""

    rota: str
    timezone: str
    from_: datetime = Field(serialization_alias="from")
    to: datetime
    now: OnCallOut
    spans: list[RotaSpanOut]
    layers: list[LayerShiftsOut]
    shifts: list[ShiftOut]
    gaps: list[StintOut]
    overrides: list[OverrideOut]
    covers: list[CoverOut]
    leave: list[LeaveOut]


class MyShiftOut(Out):
    """A shift of one's own."""

    rota: str
    start: datetime
    end: datetime
    layer: str
    for_whom: PersonRef | None
    cover: str | None


class MyShiftsOut(Out):
    """What lies ahead of somebody: their shifts, the requests for cover that concern them, their leave."""

    shifts: list[MyShiftOut]
    covers: list[CoverOut]
    leave: list[LeaveOut]
    on_call_now: list[str]


# ------------------------------------------------------------------------------------------ asked


class OverrideIn(In):
    """An override that a supervisor asks for."""

    change: Change
    person: PersonName
    start: Instant
    end: Instant
    for_whom: PersonName | None = None
    why: Words = ""
    anyway: bool = False


class StintIn(In):
    """A span."""

    start: Instant
    end: Instant


class CoverIn(In):
    """A wish for cover: by anybody, or by one person `of` whom it is asked, perhaps `in_exchange` for their shift."""

    rota: PersonName
    start: Instant
    end: Instant
    person: PersonName | None = None
    of: PersonName | None = None
    in_exchange: StintIn | None = None
    note: Words = ""


class TakeCoverIn(In):
    """Who takes it, oneself when nobody is named; `anyway` overrules the rota's rules, with a reason."""

    person: PersonName | None = None
    anyway: bool = False
    why: Words = ""


class DeclineCoverIn(In):
    """Who does not take it, and why."""

    person: PersonName | None = None
    reason: Words = ""


class WithdrawIn(In):
    """Why it is taken back; `anyway` overrules the rules of the rota, with that reason."""

    reason: Words = ""
    anyway: bool = False


class TakeShiftIn(In):
    """Whose shift is taken, and by whom; oneself when nobody is named."""

    person: PersonName
    start: Instant
    end: Instant
    by: PersonName | None = None
    anyway: bool = False
    why: Words = ""


class LeaveIn(In):
    """Who is away, oneself when nobody is named, and when."""

    start: Instant
    end: Instant
    person: PersonName | None = None
    why: Words = ""
