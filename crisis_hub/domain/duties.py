"""What a rule asks of people besides a page: owed until somebody did it, or said why not.

Emergency services are recommended, never called by the system: a person decides. Nothing here is done by itself, and
nothing here is forgotten: what keeps a case from closing is owed by whoever has it, the rest outlives the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crisis_hub.domain import events as e
from crisis_hub.domain.reading import Owe, Reading
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import DutyKind, DutyState, PersonId

if TYPE_CHECKING:
    from crisis_hub.domain.paperwork import Jurisdiction

HOLDS_THE_CASE_OPEN = frozenset(
    {DutyKind.EMERGENCY, DutyKind.CONSULT, DutyKind.MEANS_SAFETY, DutyKind.REASON, DutyKind.ASK}
)
"""What must be done or declined before a case closes; reports, follow-ups and notices outlive it."""

NEEDS_A_SECOND = frozenset({DutyKind.EMERGENCY, DutyKind.REPORT})
"""What one person alone cannot decline."""

WITHOUT_CONSENT = "without_consent"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is owed in a case; `proposed` is who would decline it, when a second person must agree."""

    id: str
    kind: DutyKind
    of: str
    rule: str
    why: str
    opened_at: datetime
    due_at: datetime | None
    state: DutyState = DutyState.OPEN
    words: str = ""
    proposed: PersonId | None = None
    by: PersonId | None = None
    second: PersonId | None = None
    ended_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Say whether it is still owed."""
        return self.state is DutyState.OPEN

    @property
    def holds_the_case_open(self) -> bool:
        """Say whether the case cannot close before this is done or declined."""
        return self.open and self.kind in HOLDS_THE_CASE_OPEN


Duties = tuple[Duty, ...]


def of_id(duties: Duties, id: str) -> Duty | None:
    """Return the duty of that id."""
    return next((duty for duty in duties if duty.id == id), None)


# ---------------------------------------------------------------------------------------- what is decided


def begin(
    duties: Duties, fresh: list[Reading], jurisdiction: Jurisdiction | None, now: datetime
) -> Iterator[e.DutyOpened]:
    """Open what newly fired rules ask for; what is owed already is not owed twice.

    A notice is told once for each rule, since every reason to look is another one.
    """
    opened = [*duties]
    for reading in fresh:
        for action in reading.owes:
            for kind, of, hours in _in_parts(action, jurisdiction):
                due = now + timedelta(hours=hours) if hours is not None else None
                if any(duty.open and _covers(duty, kind, of, reading.id, due) for duty in opened):
                    continue
                name = _name(opened, kind, of)
                opened.append(Duty(name, kind, of, reading.id, reading.because, now, due))
                yield e.DutyOpened(name, kind, of, reading.id, reading.because, due)


def _covers(duty: Duty, kind: DutyKind, of: str, rule: str, due: datetime | None) -> bool:
    """Say whether what is owed already is the same, and no later than what is asked for now."""
    same = (duty.kind, duty.of) == (kind, of) and (kind is not DutyKind.NOTIFY or duty.rule == rule)
    return same and (due is None or (duty.due_at is not None and duty.due_at <= due))


def _in_parts(action: Owe, jurisdiction: Jurisdiction | None) -> Iterator[tuple[DutyKind, str, float | None]]:
    """A report is owed in as many parts as the law of the place names, each with its own hour."""
    parts = jurisdiction.deadlines(action.of) if jurisdiction and action.kind is DutyKind.REPORT else ()
    if not parts:
        yield action.kind, action.of, action.within_hours
    for part in parts:
        yield action.kind, f"{action.of}.{part.what}", part.within_hours


def _name(duties: Sequence[Duty], kind: DutyKind, of: str) -> str:
    """Name a duty so that a person can say it, and so that the same one later is another."""
    bare = f"{kind.value}-{of}" if of else kind.value
    again = sum((duty.kind, duty.of) == (kind, of) for duty in duties)
    return f"{bare}-{again + 1}" if again else bare


def answered(duties: Duties, complete: frozenset[str]) -> list[e.DutyMet]:
    """Return the questionnaires that were owed and are complete by now; nobody has to say so besides."""
    return [e.DutyMet(d.id, None, "") for d in duties if d.open and d.kind is DutyKind.ASK and d.of in complete]


# ------------------------------------------------------------------------------------- what became of it


def opened(duties: Duties, fact: e.DutyOpened, at: datetime) -> Duties:
    """Something is owed."""
    return (*duties, Duty(fact.duty, fact.kind, fact.of, fact.rule, fact.why, at, fact.due_at))


def met(duties: Duties, fact: e.DutyMet, at: datetime) -> Duties:
    """It was done."""
    return _changed(duties, fact.duty, state=DutyState.MET, by=fact.by, words=fact.words, ended_at=at, proposed=None)


def proposed(duties: Duties, fact: e.DutyDeclineProposed) -> Duties:
    """Somebody would decline it."""
    return _changed(duties, fact.duty, proposed=fact.by, words=fact.words)


def declined(duties: Duties, fact: e.DutyDeclined, at: datetime) -> Duties:
    """It shall not be done."""
    return _changed(
        duties,
        fact.duty,
        state=DutyState.DECLINED,
        by=fact.by,
        second=fact.second,
        words=fact.words,
        ended_at=at,
        proposed=None,
    )


def _changed(duties: Duties, id: str, **changes: object) -> Duties:
    return tuple(replace(duty, **changes) if duty.id == id else duty for duty in duties)  # type: ignore[arg-type]
