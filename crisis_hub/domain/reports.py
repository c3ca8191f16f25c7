"""How long it took until somebody had a page, and how often nobody did: figures over pages and ladders.

A page is one person who was asked. It was taken when that person took it. It was never taken when nobody at all took
the ladder that it belongs to; who was asked in vain while somebody else took it did not miss anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from crisis_hub.domain.vocabulary import EscalationId, PageId, PersonId


@dataclass(slots=True)
class Asked:
    """One person was asked at an instant; when they took or passed it, if they did."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    name: str
    at: datetime
    taken_at: datetime | None = None
    passed_at: datetime | None = None

    @property
    def seconds(self) -> float | None:
        """Return how long this person took to take it."""
        return (self.taken_at - self.at).total_seconds() if self.taken_at else None


@dataclass(slots=True)
class Looked:
    """One ladder looked for somebody; when it was first taken, and when nobody was left to be tried."""

    escalation: EscalationId
    started_at: datetime
    drill: bool
    taken_at: datetime | None = None
    exhausted_at: datetime | None = None
    stood_down_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Say whether it was taken, stood down, or came to its end."""
        return bool(self.taken_at or self.stood_down_at or self.exhausted_at)

    @property
    def never_taken(self) -> bool:
        """Say whether it came to its end, or was stood down, and nobody had taken it."""
        return self.over and self.taken_at is None

    @property
    def seconds(self) -> float | None:
        """Return how long it took until somebody had it."""
        return (self.taken_at - self.started_at).total_seconds() if self.taken_at else None


@dataclass(frozen=True, slots=True)
class Times:
    """Figures over some pages, or some ladders; the times are of those that were taken, none where none was."""

    count: int
    taken: int
    never_taken: int
    median_seconds: float | None
    p90_seconds: float | None


@dataclass(frozen=True, slots=True)
class PageReport:
    """Figures over all pages of a while, over their ladders, for each person and for each hour of the day."""

    pages: Times
    ladders: Times
    by_person: tuple[tuple[PersonId, str, Times], ...]
    by_hour: tuple[tuple[int, Times], ...]


def page_report(pages: Iterable[Asked], ladders: Iterable[Looked], zone: ZoneInfo) -> PageReport:
    """Return the figures; hours are those of the zone's wall clock, and each page counts in the hour it began."""
    of = {ladder.escalation: ladder for ladder in ladders}
    every = [page for page in pages if page.escalation in of]

    def figures(some: Sequence[Asked]) -> Times:
        never = sum(of[page.escalation].never_taken for page in some)
        return _times(len(some), never, [page.seconds for page in some])

    people = dict.fromkeys(page.person for page in sorted(every, key=lambda page: page.at, reverse=True))
    named = {page.person: page.name for page in every}
    hours = _by(every, lambda page: page.at.astimezone(zone).hour)
    who = _by(every, lambda page: page.person)
    found = list(of.values())
    return PageReport(
        figures(every),
        _times(len(found), sum(one.never_taken for one in found), [one.seconds for one in found]),
        tuple((person, named[person], figures(who[person])) for person in sorted(people, key=lambda p: named[p])),
        tuple((hour, figures(hours.get(hour, []))) for hour in range(24)),
    )


def percentile(values: Iterable[float], share: float) -> float | None:
    """Return the least of the values that so large a share of them do not exceed; nothing of nothing."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _times(count: int, never_taken: int, seconds: Iterable[float | None]) -> Times:
    taken = [one for one in seconds if one is not None]
    return Times(count, len(taken), never_taken, median(taken) if taken else None, percentile(taken, 0.9))


def _by(pages: Iterable[Asked], key: Callable[[Asked], object]) -> dict[object, list[Asked]]:
    found: dict[object, list[Asked]] = {}
    for page in pages:
        found.setdefault(key(page), []).append(page)
    return found
