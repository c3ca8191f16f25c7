"""What is arranged by hand on top of the rotas: overrides, requests for cover, and leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain.covering import Change
from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class Stint:
    """A span of being on call: start included, end not."""

    start: datetime
    end: datetime

    def meets(self, other: Stint) -> bool:
        """Say whether the two have an instant in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class OverrideMade:
    """From `start` until `end`, `person` comes in addition, stays away, or stands in for `for_whom`.

    `against` holds a sentence for each rule that it breaks, knowingly and with a reason.
    """

    override: str
    change: Change
    person: PersonId
    for_whom: PersonId | None
    start: datetime
    end: datetime
    by: PersonId
    against: tuple[str, ...]
    why: str = private()


@dataclass(frozen=True, slots=True)
class OverrideEnded:
    """An override counts no longer, from the moment of this fact on."""

    override: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class CoverAsked:
    """Somebody is looked for who takes a shift of `person`: anybody, or the one `of` whom it is asked.

    In exchange, `person` would take the shift of `of` that lies `in_exchange`.
    """

    cover: str
    person: PersonId
    start: datetime
    end: datetime
    asked_by: PersonId
    of: PersonId | None
    in_exchange: Stint | None
    note: str = private()


@dataclass(frozen=True, slots=True)
class CoverTaken:
    """`person` takes the shift from this moment on; `by` said so, and `against` says which rules it breaks."""

    cover: str
    person: PersonId
    by: PersonId
    against: tuple[str, ...]
    why: str = private()


@dataclass(frozen=True, slots=True)
class CoverDeclined:
    """`person` does not take it; with `nobody_left`, everybody who was asked has said so."""

    cover: str
    person: PersonId
    by: PersonId
    nobody_left: bool
    reason: str = private()


@dataclass(frozen=True, slots=True)
class CoverLapsed:
    """The shift began and nobody had taken it: it stays with the person whose it is."""

    cover: str


@dataclass(frozen=True, slots=True)
class CoverWithdrawn:
    """The request is taken back; if somebody had taken the shift, it returns from this moment on.

    `against` says which rules that breaks.
    """

    cover: str
    by: PersonId
    reason: str = private()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveTaken:
    """`person` is away from `start` until `end`, and on call on no rota."""

    leave: str
    person: PersonId
    start: datetime
    end: datetime
    by: PersonId
    why: str = private()


@dataclass(frozen=True, slots=True)
class LeaveEnded:
    """Somebody is back from this moment on, or does not go at all."""

    leave: str
    by: PersonId
