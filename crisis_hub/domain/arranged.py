"""Everything that is arranged by hand on one rota, and who is on leave: folds of their facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.covers import Cover, evolve_cover
from crisis_hub.domain.events import (
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Fact,
    LeaveEnded,
    LeaveTaken,
    OverrideEnded,
    OverrideMade,
    Recorded,
    Stint,
)
from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class HandMade:
    """An override made by hand, when it was made, and when it was ended before its time."""

    made: OverrideMade
    made_at: datetime
    ended_at: datetime | None = None

    @property
    def end(self) -> datetime:
        """Return until when it counts."""
        return min(self.made.end, self.ended_at or self.made.end)

    @property
    def counts(self) -> bool:
        """Say whether it counts at any time: one that was ended before it began does not."""
        return self.made.start < self.end

    def override(self) -> Override:
        """Return it as the resolver takes it."""
        return Override(self.made.change, self.made.person, self.made.start, self.end, self.made.for_whom)


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away for a while."""

    taken: LeaveTaken
    ended_at: datetime | None = None

    @property
    def person(self) -> PersonId:
        """Return who is away."""
        return self.taken.person

    @property
    def stint(self) -> Stint:
        """Return from when until when; empty when it was ended before it began."""
        end = min(self.taken.end, self.ended_at or self.taken.end)
        return Stint(self.taken.start, max(end, self.taken.start))

    def holds_at(self, at: datetime) -> bool:
        """Say whether they are away at an instant."""
        return self.stint.start <= at < self.stint.end

    def override(self) -> Override:
        """Return it as the resolver takes it."""
        return Override(Change.REMOVE, self.person, self.stint.start, self.stint.end)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What people arranged on one rota; `counting` is what counts on top of its layers, the later word last."""

    overrides: Mapping[str, HandMade] = field(default_factory=dict)
    covers: Mapping[str, Cover] = field(default_factory=dict)
    counting: tuple[Override, ...] = ()


NOTHING_ARRANGED = Arranged()


def arranged(recorded: Iterable[Recorded]) -> Arranged:
    """Fold the facts of a rota's stream; facts of other kinds are passed over."""
    overrides: dict[str, HandMade] = {}
    covers: dict[str, Cover] = {}
    order: list[str] = []
    for one in recorded:
        _fold(overrides, covers, one.fact, one.at)
        if isinstance(one.fact, OverrideMade):
            order.append(one.fact.override)
        elif isinstance(one.fact, CoverTaken):
            order.append(one.fact.cover)
    return Arranged(overrides, covers, tuple(_counting(overrides, covers, order)))


def leave_of(recorded: Iterable[Recorded]) -> dict[str, Leave]:
    """Fold who is on leave out of the staff's stream."""
    found: dict[str, Leave] = {}
    for one in recorded:
        match one.fact:
            case LeaveTaken(leave=id):
                found[id] = Leave(one.fact)
            case LeaveEnded(leave=id) if id in found:
                found[id] = Leave(found[id].taken, one.at)
            case _:
                pass
    return found


def _fold(overrides: dict[str, HandMade], covers: dict[str, Cover], fact: Fact, at: datetime) -> None:
    match fact:
        case OverrideMade(override=id):
            overrides[id] = HandMade(fact, at)
        case OverrideEnded(override=id) if id in overrides:
            before = overrides[id]
            overrides[id] = HandMade(before.made, before.made_at, before.ended_at or at)
        case CoverAsked(cover=id):
            covers[id] = Cover(id, fact, at)
        case CoverTaken() | CoverDeclined() | CoverLapsed() | CoverWithdrawn() if fact.cover in covers:
            covers[fact.cover] = evolve_cover(covers[fact.cover], fact, at)


def _counting(
    overrides: Mapping[str, HandMade], covers: Mapping[str, Cover], order: Iterable[str]
) -> Iterator[Override]:
    for id in order:
        if id in covers:
            yield from covers[id].overrides()
        elif id in overrides and overrides[id].counts:
            yield overrides[id].override()
