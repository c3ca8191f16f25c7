"""What can be wrong with rotas and ladders, and what has to be known of people to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crisis_hub.domain.events import Stint
from crisis_hub.domain.vocabulary import PersonId

PROVED_FOR = timedelta(days=30)
"""For how long a page that was taken, or a test page, proves that somebody can be woken."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """How well somebody on the staff can be reached.

    `ways` counts those that a page would go out by; `verified` says that one of them was proved to be theirs by a code;
    `proved_at` is when they last took a page or a test page; `opted_out` says that a carrier may no longer write to one
    of their numbers.
    """

    name: str = ""
    ways: int = 1
    verified: bool = True
    opted_out: bool = False
    proved_at: datetime | None = None
    away: tuple[Stint, ...] = ()

    @property
    def reached(self) -> bool:
        """Say whether a page could go out to them at all."""
        return self.ways > 0

    def proved(self, at: datetime) -> bool:
        """Say whether they showed not long before an instant that a page wakes them."""
        return self.proved_at is not None and at - self.proved_at <= PROVED_FOR


Known = Mapping[PersonId, Colleague]
"""The people who work here."""


class Lack(StrEnum):
    """What is wrong."""

    NOBODY = "nobody"
    NOBODY_REACHED = "nobody_reached"
    EMPTY_LAYER = "empty_layer"
    UNKNOWN_PERSON = "unknown_person"
    NO_REACH = "no_reach"
    OPTED_OUT = "opted_out"
    NOT_VERIFIED = "not_verified"
    NOT_PROVED = "not_proved"
    ON_LEAVE = "on_leave"
    NO_LAST_RESORT = "no_last_resort"
    TWICE = "twice"


_LEAVES_NOBODY = (Lack.NOBODY, Lack.NOBODY_REACHED)
_RED = (*_LEAVES_NOBODY, Lack.UNKNOWN_PERSON, Lack.NO_REACH, Lack.OPTED_OUT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a rota or ladder; what is wrong for a while has a start and an end.

    `who` is the person whom it concerns, if it is one. A span is `planned` when the turns alone leave it empty, with
    nothing arranged by hand: then it comes again.
    """

    lack: Lack
    about: str
    told: str
    start: datetime | None = None
    end: datetime | None = None
    who: PersonId | None = None
    planned: bool = False

    @property
    def leaves_nobody(self) -> bool:
        """Say whether there is a time at which a page would reach nobody but the last resort."""
        return self.lack in _LEAVES_NOBODY

    @property
    def red(self) -> bool:
        """Say whether a page may wake nobody because of it."""
        return self.lack in _RED

    def sentence(self) -> str:
        """Return it in words."""
        return self.told


def name_of(person: PersonId, known: Known | None) -> str:
    """Return how somebody is called, or their id where that is not known."""
    found = known.get(person) if known else None
    return (found.name if found else "") or person


def names_of(people: Iterable[PersonId], known: Known | None) -> str:
    """Return how several are called, one after the other."""
    return ", ".join(name_of(person, known) for person in people)


def said(at: datetime, timezone: str) -> str:
    """Return an instant as the clocks of a zone show it."""
    return f"{at.astimezone(ZoneInfo(timezone)):%a %d %b %Y %H:%M} ({timezone})"
