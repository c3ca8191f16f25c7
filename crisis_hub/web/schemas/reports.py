"""Whether somebody will be on call, how the load lies, and what pages came to."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from crisis_hub.application.reports import WORKED_OUT_WITH
from crisis_hub.domain.lacks import Lack
from crisis_hub.web.schemas.base import Out, PersonRef


class FindingOut(Out):
    """One thing that is wrong with a rota or ladder (`about`); it is red when a page may wake nobody because of it."""

    about: str
    lack: Lack
    sentence: str
    person: PersonRef | None
    start: datetime | None
    end: datetime | None
    red: bool


class CoverageOut(Out):
    """What is wrong with rotas and ladders until an instant, the red first; `whole` when nothing is."""

    checked_at: datetime | None
    until: datetime | None
    whole: bool
    findings: list[FindingOut]


class CoverageFigures(Out):
    """How much is wrong with rotas and ladders in the days ahead, for the board."""

    whole: bool
    findings: int
    red: int


class LoadOut(Out):
    """What one person carries: hours on call, and the nights, weekends and holidays with three hours or more of them.

    `wakes` counts the times at which a page came at night while they were on call.
    """

    person: PersonRef
    hours: float
    nights: int
    weekends: int
    holidays: int
    wakes: int


class RotaLoadOut(Out):
    """How the load of a rota lies between two instants, by the rota as it stands now."""

    rota: str
    start: datetime
    end: datetime
    people: list[LoadOut]
    worked_out_with: Literal["rotas_as_written_today"] = WORKED_OUT_WITH


class PlannedShiftOut(Out):
    """One shift of a proposal; it `stands` when this person is on call then in any case, so nothing is to be done."""

    person: PersonRef
    start: datetime
    end: datetime
    stands: bool


class ProposalOut(Out):
    """A fair plan between two instants, and what it would mean for each person; nothing is changed by asking."""

    rota: str
    shifts: list[PlannedShiftOut]
    load: list[LoadOut]


class TimesOut(Out):
    """How many pages there were, how many were taken by whom they went to, and how long that took.

    `never_taken` counts those whose ladder nobody at all took.
    """

    pages: int
    taken: int
    never_taken: int
    median_seconds: float | None
    p90_seconds: float | None


class PersonTimesOut(TimesOut):
    """The figures of one person."""

    person: PersonRef


class HourTimesOut(TimesOut):
    """The figures of the pages that began in one hour of the day, by the clock of `timezone`."""

    hour: int


class LaddersOut(Out):
    """How many ladders began, how many were taken by anybody, and how long after they began."""

    started: int
    taken: int
    never_taken: int
    median_seconds: float | None
    p90_seconds: float | None


class PageReportOut(TimesOut):
    """What pages came to between two instants."""

    start: datetime
    end: datetime
    timezone: str
    ladders: LaddersOut
    by_person: list[PersonTimesOut]
    by_hour: list[HourTimesOut]


class OnCallLoadOut(LoadOut):
    """What one person carried on one rota."""

    rota: str


class OnCallReportOut(Out):
    """Who was on call for how long between two instants, by the rotas as they stand now."""

    start: datetime
    end: datetime
    people: list[OnCallLoadOut]
    worked_out_with: Literal["rotas_as_written_today"] = WORKED_OUT_WITH


As = Literal["json", "csv"]
