"""What is owed and written down in a case, as others see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from crisis_hub.domain.vocabulary import DutyKind, DutyState
from crisis_hub.web.schemas.base import In, Out

_Words = Annotated[str, Field(max_length=4000)]


class DutyOut(Out):
    """Something that a rule asks of people; `words` are there only for those who may read the case.

    Whoever reads the case also gets the names of the people; the board has their ids.
    """

    id: str
    kind: DutyKind
    of: str
    title: str
    why: str
    rule: str
    state: DutyState
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    by: str | None
    by_name: str | None
    second: str | None
    second_name: str | None
    decline_proposed_by: str | None
    decline_proposed_by_name: str | None
    needs_second: bool
    holds_the_case_open: bool
    words: str


class OwedOut(DutyOut):
    """Something that is still owed, and in which case; without words, since whoever may read them opens the case."""

    case: str
    case_number: str
    drill: bool
    closed_at: datetime | None
    overdue: bool


class OwedList(Out):
    """What is still owed, the earliest due first; what has no hour comes last."""

    duties: list[OwedOut]


class DutyIn(In):
    """What became of a duty: done, or not to be done, and why."""

    done: bool
    words: _Words = ""


class BlankOut(Out):
    """One field of a record, and what stands in it."""

    id: str
    label: str
    help: str
    needed: bool
    choices: list[str]
    words: str
    by: str | None
    at: datetime | None


class RecordOut(Out):
    """A record to fill in; `complete` once every needed field holds something."""

    id: str
    title: str
    note: str
    source: str
    begun: bool
    complete: bool
    fields: list[BlankOut]


class RecordList(Out):
    """Every record that can be kept in a case."""

    records: list[RecordOut]
    jurisdiction: str | None


class RecordIn(In):
    """What is to stand in one field of a record."""

    field: Annotated[str, Field(min_length=1, max_length=80)]
    words: _Words


class OutsideResultOut(Out):
    """What somebody outside found with an instrument that is not asked here."""

    id: str
    instrument: str
    title: str
    value: str
    rated_by: str
    rated_on: str
    document: str
    words: str
    by: str
    at: datetime


class OutsideResultIn(In):
    """A result to keep, as it was given to us."""

    instrument: Annotated[str, Field(min_length=1, max_length=80)]
    value: Annotated[str, Field(max_length=80)] = ""
    rated_by: Annotated[str, Field(min_length=1, max_length=200)]
    rated_on: Annotated[str, Field(min_length=1, max_length=40)]
    document: Annotated[str, Field(max_length=400)] = ""
    words: _Words = ""
