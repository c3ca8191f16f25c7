"""How the load of a rota lies on its people: hours, nights, weekends, holidays, and how often a page woke them.

A night, a weekend or a holiday counts for whoever is on call during it for three hours or more, so that a hand-over at
midnight is not a night for two. Hours are real ones: the night on which clocks are put back is an hour longer. Days and
nights are those of the layer's own zone: who stands in for another continent's night works by day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from crisis_hub.domain.events import Stint
from crisis_hub.domain.rota import Override, Rota, shifts
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import first_instant, last_instant, wall_of
from crisis_hub.domain.windows import NO_HOLIDAYS, Holidays

COUNTS = timedelta(hours=3)
"""How long somebody is on call in a night, on a weekend or on a holiday for it to count."""

_DUSK, _DAWN = time(22), time(6)
_DAY = timedelta(days=1)
_SATURDAY = 5
_SAME_WAKE = timedelta(minutes=30)
"""Pages that come so soon after each other find somebody awake."""


class Kind(Enum):
    """What weighs more than its hours."""

    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


Mark = tuple[Kind, date]
"""One night by the date of its evening, one weekend by that of its Saturday, one holiday by its own."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carried, or would."""

    person: PersonId
    time: timedelta
    nights: int = 0
    weekends: int = 0
    holidays: int = 0
    wakes: int = 0

    @property
    def hours(self) -> float:
        """Return the hours on call."""
        return round(self.time / timedelta(hours=1), 2)


Held = Mapping[PersonId, Sequence[tuple[Stint, str]]]
"""When people are on call, each span with the zone in which its days and nights are counted."""


def loads(
    rota: Rota,
    start: datetime,
    end: datetime,
    overrides: Sequence[Override] = (),
    paged: Mapping[PersonId, Sequence[datetime]] | None = None,
) -> tuple[Load, ...]:
    """Return what everybody of a rota carries between two instants, who carries most first; `paged` says when each was
    paged."""
    held = on_duty(rota, start, end, overrides)
    named = dict.fromkeys(person for layer in rota.layers for person in layer.people)
    people = dict.fromkeys((*held, *named))
    found = [load_of(p, held.get(p, ()), rota.holidays, (paged or {}).get(p, ())) for p in people]
    return tuple(sorted(found, key=lambda one: (-one.time, one.person)))


def on_duty(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Held:
    """Return when everybody is on call between two instants, cut to them."""
    layers = (*rota.layers, *(layer for temporary in rota.temporary for layer in temporary.layers))
    zones = {layer.name: layer.timezone for layer in reversed(layers)}
    held: defaultdict[PersonId, list[tuple[Stint, str]]] = defaultdict(list)
    for shift in shifts(rota, start, end, overrides):
        stint = Stint(max(shift.start, start), min(shift.end, end))
        held[shift.person].append((stint, zones.get(shift.why.layer) or rota.timezone))
    return held


def load_of(
    person: PersonId,
    held: Sequence[tuple[Stint, str]],
    holidays: Holidays = NO_HOLIDAYS,
    paged: Iterable[datetime] = (),
) -> Load:
    """Return what one person carries who is on call at these times."""
    whole = merged(stint for stint, _ in held)
    marks = marks_of(held, holidays)
    count = {kind: sum(one is kind for one, _ in marks) for kind in Kind}
    return Load(
        person,
        sum((stint.end - stint.start for stint in whole), timedelta()),
        count[Kind.NIGHT],
        count[Kind.WEEKEND],
        count[Kind.HOLIDAY],
        _wakes(held, paged),
    )


def marks_of(held: Sequence[tuple[Stint, str]], holidays: Holidays) -> frozenset[Mark]:
    """Return the nights, weekends and holidays that count for somebody on call at these times."""
    found: set[Mark] = set()
    for name in {zone for _, zone in held}:
        spent: defaultdict[Mark, timedelta] = defaultdict(timedelta)
        for stint in merged(stint for stint, zone in held if zone == name):
            for mark, length in _spent(stint, ZoneInfo(name), holidays):
                spent[mark] += length
        found.update(mark for mark, length in spent.items() if length >= COUNTS)
    return frozenset(found)


def merged(stints: Iterable[Stint]) -> list[Stint]:
    """Return spans without the overlaps between them: nobody is on call twice at once."""
    found: list[Stint] = []
    for stint in sorted(stints, key=lambda one: one.start):
        if found and stint.start <= found[-1].end:
            found[-1] = Stint(found[-1].start, max(found[-1].end, stint.end))
        else:
            found.append(stint)
    return found


def at_night(at: datetime, zone: ZoneInfo) -> bool:
    """Say whether people sleep at an instant."""
    wall = wall_of(at, zone).time()
    return wall >= _DUSK or wall < _DAWN


def _spent(stint: Stint, zone: ZoneInfo, holidays: Holidays) -> Iterator[tuple[Mark, timedelta]]:
    """Yield how much of a span lies in each night, weekend and holiday, day by day."""
    day = wall_of(stint.start, zone).date() - _DAY
    last = wall_of(stint.end, zone).date()
    while day <= last:
        dusk, dawn = datetime.combine(day, _DUSK), datetime.combine(day + _DAY, _DAWN)
        yield (Kind.NIGHT, day), _common(stint, first_instant(dusk, zone), last_instant(dawn, zone))
        midnight, next_midnight = datetime.combine(day, time()), datetime.combine(day + _DAY, time())
        whole = first_instant(midnight, zone), first_instant(next_midnight, zone)
        if day.weekday() >= _SATURDAY:
            yield (Kind.WEEKEND, day - (day.weekday() - _SATURDAY) * _DAY), _common(stint, *whole)
        if day in holidays:
            yield (Kind.HOLIDAY, day), _common(stint, *whole)
        day += _DAY


def _common(stint: Stint, start: datetime, end: datetime) -> timedelta:
    return max(timedelta(), min(stint.end, end) - max(stint.start, start))


def _wakes(held: Sequence[tuple[Stint, str]], paged: Iterable[datetime]) -> int:
    """Count the pages at night while on call; one that comes soon after another finds somebody awake."""
    count, before = 0, None
    for at in sorted(paged):
        zones = [ZoneInfo(zone) for stint, zone in held if stint.start <= at < stint.end]
        if any(at_night(at, zone) for zone in zones):
            if before is None or at - before > _SAME_WAKE:
                count += 1
            before = at
    return count
