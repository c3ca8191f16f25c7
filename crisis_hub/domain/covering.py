"""Who comes in addition, who stays away, and who stands in for whom: arranged by hand on top of a rota's layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crisis_hub.domain.layers import Duty, Layer
from crisis_hub.domain.vocabulary import PersonId


class Change(StrEnum):
    """What an override does."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Override:
    """From one instant until another, `person` comes in addition, stays away, or stands in for `for_whom`."""

    change: Change
    person: PersonId
    start: datetime
    end: datetime
    for_whom: PersonId | None = None

    def holds_at(self, at: datetime) -> bool:
        """Say whether it counts at an instant."""
        return self.start <= at < self.end

    def applied(self, duties: Iterable[Duty]) -> tuple[Duty, ...]:
        """Return who is on call with it, given who is without."""
        if self.change is Change.ADD:
            return (*duties, Duty(self.person))
        if self.change is Change.REMOVE:
            return tuple(duty for duty in duties if duty.person != self.person)
        return tuple(
            duty._replace(person=self.person, for_whom=duty.person) if duty.person == self.for_whom else duty
            for duty in duties
        )


@dataclass(frozen=True, slots=True)
class Temporary:
    """Layers that count in place of all others of the rota from one instant until another."""

    start: datetime
    end: datetime
    layers: tuple[Layer, ...]

    def holds_at(self, at: datetime) -> bool:
        """Say whether it counts at an instant."""
        return self.start <= at < self.end
