"""What a case asks of people, done or declined, and the records it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.vocabulary import DutyKind, PersonId


@dataclass(frozen=True, slots=True)
class DutyOpened:
    """A rule asks something of people: `kind` and `of` say what, `due_at` until when."""

    duty: str
    kind: DutyKind
    of: str
    rule: str
    why: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyMet:
    """Somebody did it; `words` say what was done. Without `by`, the answers themselves did it."""

    duty: str
    by: PersonId | None
    words: str = private()


@dataclass(frozen=True, slots=True)
class DutyDeclineProposed:
    """Somebody says that it shall not be done; a second person must agree."""

    duty: str
    by: PersonId
    words: str = private()


@dataclass(frozen=True, slots=True)
class DutyDeclined:
    """It shall not be done, for this reason; `second` agreed where a second person is needed."""

    duty: str
    by: PersonId
    second: PersonId | None
    words: str = private()


@dataclass(frozen=True, slots=True)
class RecordWritten:
    """One field of a record (a report, considerations) was filled in; what stood there before stays in history."""

    record: str
    field: str
    by: PersonId
    words: str = private()
