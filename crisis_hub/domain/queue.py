"""In which order waiting people are answered, and why.

Danger now comes first. Then comes everybody who has waited longer than they ever should, the longest overdue first,
so that nobody waits for ever behind greater need. Then need decides, then who is still there, then who has waited
longest. The words of a text may move somebody forward, never back; `triage` says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crisis_hub.domain.case import Case
from crisis_hub.domain.risk import Risk, need
from crisis_hub.domain.triage import Says, gravest
from crisis_hub.domain.vocabulary import CaseState

NEEDS: tuple[Risk, ...] = tuple(sorted(Risk, key=need))
"""Who needs somebody first, first."""

_RAISED_TO: Mapping[Says, Risk] = {
    Says.DANGER_NOW: Risk.IMMINENT,
    Says.DANGER: Risk.HIGH,
    Says.WATCH: Risk.MODERATE,
}
"""Like whom somebody waits whose words speak of this; their risk stays what it is."""


def _minutes(**minutes: int) -> Mapping[Risk, timedelta]:
    return {Risk(name): timedelta(minutes=number) for name, number in minutes.items()}


LONGEST: Mapping[Risk, timedelta] = _minutes(imminent=1, high=3, moderate=5, not_assessed=5, low=10, none=15)
CALL_BACK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long anybody waits at most before only danger now may go before them; own proposals, not validated."""

    longest: Mapping[Risk, timedelta] = field(default_factory=lambda: LONGEST)
    call_back: timedelta = CALL_BACK
    """For somebody who hung up: those who still listen are answered before them for longer."""

    def of(self, who: Risk, *, hung_up: bool) -> timedelta:
        """Return the longest wait; whoever needs more never waits longer than somebody who needs less."""
        longest = min(self.longest.get(less, LONGEST[less]) for less in NEEDS[need(who) :])
        return max(longest, self.call_back) if hung_up else longest


class Reason(StrEnum):
    """Why somebody stands where they stand."""

    IMMINENT = "imminent"
    HIGH = "high"
    MODERATE = "moderate"
    NOT_ASSESSED = "not_assessed"
    LOW = "low"
    NONE = "none"
    DANGER_NOW = "danger_now"
    DANGER = "danger"
    WATCH = "watch"
    HUNG_UP = "hung_up"


WORDS: Mapping[Reason, str] = {
    Reason.IMMINENT: "Imminent risk",
    Reason.HIGH: "High risk",
    Reason.MODERATE: "Moderate risk",
    Reason.NOT_ASSESSED: "Not assessed yet",
    Reason.LOW: "Low risk",
    Reason.NONE: "No risk found",
    Reason.DANGER_NOW: "Their words speak of danger now",
    Reason.DANGER: "Their words speak of danger",
    Reason.WATCH: "Their words may mean danger",
    Reason.HUNG_UP: "Hung up: call back",
}


@dataclass(frozen=True, slots=True)
class Rank:
    """Like whom somebody waits, why, and from when on they have waited too long."""

    like: Risk
    reasons: tuple[Reason, ...]
    since: datetime
    longest: timedelta

    @property
    def overdue_at(self) -> datetime:
        """Return the instant from which only danger now, or who is overdue for longer, goes before them."""
        return self.since + self.longest

    def because(self, now: datetime) -> tuple[str, ...]:
        """Return the reasons in words, the wait among them once it is too long."""
        waited = (f"Waited longer than {spoken_wait(self.longest)}",) if self.overdue_at <= now else ()
        return (*(WORDS[reason] for reason in self.reasons), *waited)


def rank(case: Case, waits: Waits) -> Rank:
    """Return how a case stands in the queue, or would stand if it were waiting."""
    said = gravest(one.says for one in case.noticed)
    own = _own(case)
    like = min(own, _RAISED_TO[said] if said else own, key=need)
    gone = hung_up(case)
    reasons = [Reason(case.risk.value)] if like is own else []
    if said and like is _RAISED_TO[said]:
        reasons.append(Reason(said.value))
    if gone:
        reasons.append(Reason.HUNG_UP)
    return Rank(like, tuple(reasons), case.waiting_since or case.opened_at, waits.of(like, hung_up=gone))


def _own(case: Case) -> Risk:
    """Return like whom somebody waits by their risk: a calm that no person judged moves nobody back."""
    calm = case.risk in (Risk.NONE, Risk.LOW)
    return Risk.NOT_ASSESSED if calm and case.risk_by is None else case.risk


def waiting(cases: Iterable[Case], now: datetime, waits: Waits) -> list[Case]:
    """Return the cases that wait, whoever is next first."""
    return in_order((case for case in cases if case.state is CaseState.WAITING), now, waits)


def in_order(cases: Iterable[Case], now: datetime, waits: Waits) -> list[Case]:
    """Return all cases, the one that needs somebody most first; those that wait stand in the order of the queue."""
    return sorted(cases, key=lambda case: _place(case, now, waits))


def hung_up(case: Case) -> bool:
    """Say whether every call of the case is over and nobody wrote: a person to call back, who no longer listens."""
    contacts = case.conversation.contacts
    return bool(contacts) and all(contact.ended_at for contact in contacts)


def spoken_wait(wait: timedelta) -> str:
    """Return a wait in words: "90 seconds", "1 minute", "5 minutes"."""
    seconds = int(wait.total_seconds())
    number, unit = (seconds // 60, "minute") if seconds % 60 == 0 else (seconds, "second")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_DANGER_NOW, _OVERDUE, _OTHERS = range(3)


def _place(case: Case, now: datetime, waits: Waits) -> tuple[int, int, bool, bool, datetime, str]:
    if case.state is not CaseState.WAITING:
        group = _DANGER_NOW if case.risk is Risk.IMMINENT else _OTHERS
        return group, need(case.risk), True, False, case.opened_at, case.id
    place = rank(case, waits)
    if place.like is Risk.IMMINENT:
        return _DANGER_NOW, 0, False, Reason.HUNG_UP in place.reasons, place.since, case.id
    if place.overdue_at <= now:
        return _OVERDUE, 0, False, False, place.overdue_at, case.id
    return _OTHERS, need(place.like), False, Reason.HUNG_UP in place.reasons, place.since, case.id
