"""Who is on call at an instant: the one resolver for paging, for display, for export and for finding gaps.

All layers of a rota count together; one that stands instead of others hides them while it has somebody. A temporary
schedule takes the place of all layers. On top of that come the overrides, one after the other, so that the later word
counts. Whoever is then left is on call; when nobody is, the last resort is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crisis_hub.domain.covering import Change, Override, Temporary
from crisis_hub.domain.layers import Duty, Layer, Stretch, stretch_at
from crisis_hub.domain.rest import NO_RULES, ShiftRules
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import FAR_FUTURE, FAR_PAST
from crisis_hub.domain.windows import NO_HOLIDAYS, Holidays

__all__ = [
    "Duty",
    "Gap",
    "Layer",
    "OnCall",
    "Override",
    "Rota",
    "Shift",
    "Span",
    "Turn",
    "gaps",
    "on_call",
    "shifts",
    "spans",
]

_HORIZON = timedelta(days=5 * 366)
"""Nobody is told of a change farther ahead than this."""


@dataclass(frozen=True, slots=True)
class Rota:
    """Layers of turns, what is arranged by hand on top of them, and a `last_resort` for when nobody is on call."""

    name: str
    timezone: str
    layers: tuple[Layer, ...]
    last_resort: tuple[PersonId, ...] = ()
    holidays: Holidays = NO_HOLIDAYS
    temporary: tuple[Temporary, ...] = ()
    overrides: tuple[Override, ...] = ()
    rules: ShiftRules = NO_RULES


@dataclass(frozen=True, slots=True)
class Shift:
    """One span of being on call, start included and end not, both as instants; `why` says by which layer or change."""

    person: PersonId
    start: datetime
    end: datetime
    why: Duty


@dataclass(frozen=True, slots=True)
class Span:
    """Who is on call from one instant until another; nobody, where `people` is empty."""

    start: datetime
    end: datetime
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A span during which nobody is on call but the last resort."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at an instant, until when, and who comes next; `by_last_resort` when nobody else is there.

    `until` is the next hand-over, also of one among several and of a person to themself; `why` has an entry for each
    reason, so somebody who is on call by two layers has two.
    """

    people: tuple[PersonId, ...]
    until: datetime | None
    following: tuple[PersonId, ...]
    by_last_resort: bool = False
    why: tuple[Duty, ...] = ()


def on_call(rota: Rota, at: datetime, overrides: Sequence[Override] = ()) -> OnCall:
    """Return who is on call at an instant; `overrides` come after those of the rota."""
    walk = _Walk(rota, overrides)
    now = walk.at(at)
    ahead = now
    while ahead.duties == now.duties and ahead.end - at < _HORIZON:
        ahead = walk.at(ahead.end)
    changes = ahead.duties != now.duties
    until, following = (ahead.start, _people(ahead.duties)) if changes else (None, ())
    if not now.duties:
        return OnCall(_last_resort(rota, at, overrides), until, following, by_last_resort=True)
    return OnCall(_people(now.duties), until, following, why=now.duties)


def shifts(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Iterator[Shift]:
    """Yield the shifts that touch a span, each in its whole length, in the order in which they end."""
    if start >= end:
        return
    walk = _Walk(rota, overrides)
    here = walk.at(start)
    begun = {duty: walk.beginning(duty, here) for duty in here.duties}
    while begun or here.end < end:
        following = walk.at(here.end) if here.end < FAR_FUTURE else _NOBODY
        for duty in here.duties:
            if duty in begun and duty not in following.duties:
                yield Shift(duty.person, begun.pop(duty), here.end, duty)
        if here.end < end:
            begun.update((duty, here.end) for duty in following.duties if duty not in begun)
        here = following


def spans(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Iterator[Span]:
    """Yield who is on call between two instants, span after span without a hole, cut to the two."""
    walk = _Walk(rota, overrides)
    at = begun = start
    people: tuple[PersonId, ...] | None = None
    while at < end:
        here = walk.at(at)
        now = _people(here.duties)
        if people is not None and now != people:
            yield Span(begun, at, people)
            begun = at
        people = now
        at = min(here.end, end)
    if people is not None:
        yield Span(begun, end, people)


def gaps(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Iterator[Gap]:
    """Yield the spans between two instants during which nobody is on call, the last resort left aside."""
    for span in spans(rota, start, end, overrides):
        if not span.people:
            yield Gap(span.start, span.end)


# ------------------------------------------------------------------------------------------ the resolver


class _Moment(NamedTuple):
    """Everybody's duties, and a span for which they are the same."""

    duties: tuple[Duty, ...]
    start: datetime
    end: datetime


_NOBODY = _Moment((), FAR_FUTURE, FAR_FUTURE)


class _Walk:
    """Resolves one instant after another; what a layer said is asked again only when its span is over."""

    def __init__(self, rota: Rota, overrides: Sequence[Override]) -> None:
        self._rota = rota
        self._overrides = (*rota.overrides, *overrides)
        arranged: tuple[Temporary | Override, ...] = (*rota.temporary, *self._overrides)
        self._edges = sorted({edge for one in arranged for edge in (one.start, one.end)})
        self._holding: dict[int, tuple[tuple[Layer, ...], tuple[Override, ...]]] = {}
        self._seen: dict[int, Stretch] = {}

    def at(self, at: datetime) -> _Moment:
        """Return who is on call at an instant, and a span around it."""
        place = bisect_right(self._edges, at)
        start = self._edges[place - 1] if place else FAR_PAST
        end = self._edges[place] if place < len(self._edges) else FAR_FUTURE
        layers, overrides = self._held(place, at)
        turns: list[tuple[Layer, Duty]] = []
        for layer in layers:
            stretch = self._stretch(layer, at)
            start, end = max(start, stretch.start), min(end, stretch.end)
            if stretch.duty is not None:
                turns.append((layer, stretch.duty))
        duties = _visible(turns)
        for override in overrides:
            duties = override.applied(duties)
        return _Moment(tuple(dict.fromkeys(duties)), start, end)

    def _held(self, place: int, at: datetime) -> tuple[tuple[Layer, ...], tuple[Override, ...]]:
        """Return which layers and overrides count; between two edges these are the same, so they are sought once."""
        if place not in self._holding:
            layers = self._rota.layers
            for temporary in self._rota.temporary:
                if temporary.holds_at(at):
                    layers = temporary.layers
            self._holding[place] = layers, tuple(one for one in self._overrides if one.holds_at(at))
        return self._holding[place]

    def beginning(self, duty: Duty, here: _Moment) -> datetime:
        """Return since when somebody has had a duty that they have here."""
        while here.start > FAR_PAST:
            before = self.at(here.start - timedelta.resolution)
            if duty not in before.duties:
                break
            here = before
        return here.start

    def _stretch(self, layer: Layer, at: datetime) -> Stretch:
        seen = self._seen.get(id(layer))
        if seen is None or not seen.start <= at < seen.end:
            seen = stretch_at(layer, self._rota.timezone, self._rota.holidays, at)
            self._seen[id(layer)] = seen
        return seen


def _visible(turns: Sequence[tuple[Layer, Duty]]) -> tuple[Duty, ...]:
    """Leave out the layers in whose stead others have somebody, unless nobody at all would be left."""
    hidden = {name for layer, _ in turns for name in layer.instead_of if name != layer.name}
    left = tuple(duty for layer, duty in turns if layer.name not in hidden)
    return left or tuple(duty for _, duty in turns)


def _last_resort(rota: Rota, at: datetime, overrides: Sequence[Override]) -> tuple[PersonId, ...]:
    """Leave out who is away, unless everybody is: somebody on leave is a better last resort than nobody."""
    arranged = (*rota.overrides, *overrides)
    away = {one.person for one in arranged if one.change is Change.REMOVE and one.holds_at(at)}
    return tuple(person for person in rota.last_resort if person not in away) or rota.last_resort


def _people(duties: Sequence[Duty]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(duty.person for duty in duties))
