"""Somebody instead of somebody: a request for cover from the moment it is asked until it is taken or comes to an end.

    open ──> taken ──────> withdrawn      the shift returns to the person whose it is
      ├────> declined                     everybody who was asked said no
      ├────> lapsed                       the shift began and nobody had taken it
      └────> withdrawn

Until somebody takes it the shift stays with the person whose it is, and on every way out it returns to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.errors import SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.events import (
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Stint,
)
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import PersonId


class CoverState(StrEnum):
    """How a request for cover stands."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Cover:
    """A request for cover, and what became of it."""

    id: str
    asked: CoverAsked
    asked_at: datetime
    state: CoverState = CoverState.OPEN
    taken_by: PersonId | None = None
    taken_at: datetime | None = None
    declined_by: tuple[PersonId, ...] = ()
    ended_at: datetime | None = None

    @property
    def stint(self) -> Stint:
        """Return the shift that is asked for."""
        return Stint(self.asked.start, self.asked.end)

    @property
    def ends_at(self) -> datetime:
        """Return when the last shift that it is about is over."""
        return max(self.asked.end, self.asked.in_exchange.end) if self.asked.in_exchange else self.asked.end

    @property
    def lapses_at(self) -> datetime:
        """Return until when it can be taken: the beginning of the first of its shifts.

        What is asked while the shift runs already can be taken until it ends.
        """
        mine = self.asked.start if self.asked.start > self.asked_at else self.asked.end
        return min(mine, self.asked.in_exchange.start) if self.asked.in_exchange else mine

    def seen_at(self, now: datetime) -> CoverState:
        """Return how it stands, also when nobody has written down yet that it lapsed."""
        return CoverState.LAPSED if self.is_due(now) else self.state

    def is_due(self, now: datetime) -> bool:
        """Say whether it is still open though its time is over."""
        return self.state is CoverState.OPEN and now >= self.lapses_at

    def overrides(self) -> tuple[Override, ...]:
        """Return what it changes on the rota: who took the shift stands in from that moment on, and in exchange."""
        if self.taken_by is None or self.taken_at is None:
            return ()
        whole = [(self.taken_by, self.asked.person, self.stint)]
        if self.asked.in_exchange:
            whole.append((self.asked.person, self.taken_by, self.asked.in_exchange))
        return tuple(
            Override(Change.REPLACE, person, start, end, for_whom)
            for person, for_whom, stint in whole
            if (start := max(stint.start, self.taken_at)) < (end := min(stint.end, self.ended_at or stint.end))
        )


# ------------------------------------------------------------------------------------------ deciding


def may_take(cover: Cover, person: PersonId, now: datetime, *, for_somebody: bool = False) -> bool:
    """Say whether somebody could take it now, as far as the request itself says."""
    if cover.seen_at(now) is not CoverState.OPEN or person == cover.asked.person:
        return False
    return for_somebody or cover.asked.of in (None, person)


def take(cover: Cover, taken: CoverTaken, now: datetime, name: str, *, for_somebody: bool) -> tuple[CoverTaken, ...]:
    """Return what becomes true when somebody takes it; `name` is that of who has it already, if anybody does."""
    if cover.state is CoverState.TAKEN:
        if cover.taken_by == taken.person:
            return ()
        raise SomebodyWasFirst(f"{name} has taken this shift already.", name)
    _must_be_open(cover, now)
    if taken.person == cover.asked.person:
        raise Wrong("person", "It is their own shift; there is nothing to take.")
    if cover.asked.in_exchange and taken.person != cover.asked.of:
        raise Wrong("person", "It is asked in exchange for a shift of somebody else; only they can take it.")
    if not may_take(cover, taken.person, now, for_somebody=for_somebody):
        raise Wrong("person", "Somebody else was asked. A supervisor can give it to another person.")
    return (taken,)


def decline(cover: Cover, declined: CoverDeclined, now: datetime) -> tuple[CoverDeclined, ...]:
    """Return what becomes true when somebody says no; the request stays open for others who were asked."""
    if declined.person in cover.declined_by:
        return ()
    _must_be_open(cover, now)
    if declined.person == cover.asked.person:
        raise Wrong("person", "It is their own request; it can be withdrawn.")
    if cover.asked.of not in (None, declined.person):
        raise Wrong("person", "Somebody else was asked.")
    return (declined,)


def withdraw(cover: Cover, withdrawn: CoverWithdrawn, now: datetime) -> tuple[CoverWithdrawn, ...]:
    """Return what becomes true when it is taken back; a shift that is over stays as it was."""
    if cover.state is CoverState.WITHDRAWN:
        return ()
    if cover.state is not CoverState.TAKEN:
        _must_be_open(cover, now)
    elif now >= cover.ends_at:
        raise TooLate("This shift is over.")
    return (withdrawn,)


def _must_be_open(cover: Cover, now: datetime) -> None:
    state = cover.seen_at(now)
    if state is CoverState.LAPSED:
        raise TooLate("The shift began before anybody took it. Ask again for what is left of it.")
    if state is CoverState.DECLINED:
        raise TooLate("Everybody who was asked has declined. Ask somebody else.")
    if state is CoverState.WITHDRAWN:
        raise TooLate("This request was withdrawn.")
    if state is CoverState.TAKEN:
        raise TooLate("Somebody has taken this shift already.")


# ------------------------------------------------------------------------------------------ what became of it

CoverFact = CoverTaken | CoverDeclined | CoverLapsed | CoverWithdrawn


def evolve_cover(cover: Cover, fact: CoverFact, at: datetime) -> Cover:
    """Return the request after a fact."""
    match fact:
        case CoverTaken():
            return replace(cover, state=CoverState.TAKEN, taken_by=fact.person, taken_at=at)
        case CoverDeclined():
            state = CoverState.DECLINED if fact.nobody_left else cover.state
            return replace(cover, state=state, declined_by=(*cover.declined_by, fact.person))
        case CoverLapsed():
            return replace(cover, state=CoverState.LAPSED)
        case CoverWithdrawn():
            return replace(cover, state=CoverState.WITHDRAWN, ended_at=at)
