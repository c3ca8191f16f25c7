"""Whether rotas and ladders hold: spans with nobody, layers that never have anybody, people who cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations, product
from zoneinfo import ZoneInfo

from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Target
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.rota import Override, Rota, Span, spans
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import FAR_FUTURE, first_instant

Known = Mapping[PersonId, bool]
"""The people who work here, and whether each of them can be reached."""


class Lack(StrEnum):
    """What is wrong."""

    NOBODY = "nobody"
    NOBODY_REACHED = "nobody_reached"
    EMPTY_LAYER = "empty_layer"
    UNKNOWN_PERSON = "unknown_person"
    NO_REACH = "no_reach"
    NO_LAST_RESORT = "no_last_resort"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a rota or ladder; what is wrong for a while has a start and an end."""

    lack: Lack
    about: str
    told: str
    start: datetime | None = None
    end: datetime | None = None

    @property
    def leaves_nobody(self) -> bool:
        """Say whether there is a time at which a page would reach nobody but the last resort."""
        return self.lack in (Lack.NOBODY, Lack.NOBODY_REACHED)

    def sentence(self) -> str:
        """Return it in words."""
        return self.told


def rota_coverage(
    rota: Rota, start: datetime, end: datetime, known: Known | None = None, overrides: Iterable[Override] = ()
) -> tuple[Finding, ...]:
    """Return what is wrong with a rota between two instants; without `known`, everybody is believed to be reachable."""
    arranged = tuple(overrides)
    found = [*_empty_spans(rota, start, end, known, arranged), *_empty_layers(rota)]
    if known is not None:
        found += _people(rota, start, end, known, arranged)
    if not rota.last_resort:
        found.append(
            Finding(Lack.NO_LAST_RESORT, rota.name, f"{rota.name}: Nobody stands under last_resort. Add somebody.")
        )
    return tuple(found)


def ladder_coverage(
    ladder: Ladder,
    rotas: Mapping[str, Rota],
    start: datetime,
    end: datetime,
    known: Known | None = None,
    overrides: Mapping[str, Iterable[Override]] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with a ladder between two instants: the same person on two steps, or somebody unknown.

    Steps that page a role or everybody are left aside: they are meant to reach also those who were tried before.
    """
    arranged = overrides or {}
    found: list[Finding] = []
    steps = [(number, target) for number, step in enumerate(ladder.steps, start=1) for target in step.targets]
    for first, second in combinations(steps, 2):
        if first[0] < second[0]:
            lines = [_timeline(target, rotas, start, end, arranged) for _, target in (first, second)]
            found += _twice(ladder.name, first, second, rotas, lines)
    if known is not None:
        for step in ladder.steps:
            named = [PersonId(target.name) for target in step.targets if target.kind == "person"]
            found += (finding for person in named if (finding := _unreached(ladder.name, person, known)))
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------------------------ rotas


def _empty_spans(
    rota: Rota, start: datetime, end: datetime, known: Known | None, overrides: tuple[Override, ...]
) -> Iterator[Finding]:
    begun: tuple[Lack, datetime] | None = None
    for begins, people in (*((span.start, span.people) for span in spans(rota, start, end, overrides)), (end, None)):
        lack = _lack(people, known)
        if begun and lack is not begun[0]:
            yield _empty_span(rota, begun[0], begun[1], begins)
        if lack is None:
            begun = None
        elif begun is None or lack is not begun[0]:
            begun = lack, begins


def _lack(people: tuple[PersonId, ...] | None, known: Known | None) -> Lack | None:
    if people is None:
        return None
    if not people:
        return Lack.NOBODY
    reached = known is None or any(known.get(person) for person in people)
    return None if reached else Lack.NOBODY_REACHED


def _empty_span(rota: Rota, lack: Lack, start: datetime, end: datetime) -> Finding:
    who = "Nobody is on call" if lack is Lack.NOBODY else "Nobody who is on call can be reached"
    then = f"{', '.join(rota.last_resort)} would be called" if rota.last_resort else "nobody would be called"
    told = f"{rota.name}: {who} from {_said(start, rota)} until {_said(end, rota)}; {then}."
    return Finding(lack, rota.name, told, start, end)


def _empty_layers(rota: Rota) -> Iterator[Finding]:
    for layer in (*rota.layers, *(layer for temporary in rota.temporary for layer in temporary.layers)):
        why = _why_never(layer, rota)
        if why:
            told = f"{rota.name}: In “{layer.name}” nobody ever has a shift: {why}."
            yield Finding(Lack.EMPTY_LAYER, rota.name, told)


def _why_never(layer: Layer, rota: Rota) -> str:
    if not layer.people:
        return "there are no people in it"
    if layer.only and all(window.never(rota.holidays) for window in layer.only):
        return "its hours never come"
    if layer.until and layer.until <= _since(layer, rota):
        return "it ends before it begins"
    return ""


def _people(
    rota: Rota, start: datetime, end: datetime, known: Known, overrides: tuple[Override, ...]
) -> Iterator[Finding]:
    named: dict[PersonId, None] = {}
    for layer in rota.layers:
        # Who only stood in a layer that is over may have left for good.
        if (layer.until or FAR_FUTURE) > start and _since(layer, rota) < end:
            named.update(dict.fromkeys(layer.people))
    for span in spans(rota, start, end, overrides):
        named.update(dict.fromkeys(span.people))
    named.update(dict.fromkeys(rota.last_resort))
    for person in named:
        if finding := _unreached(rota.name, person, known):
            yield finding


def _unreached(about: str, person: PersonId, known: Known) -> Finding | None:
    if person not in known:
        return Finding(Lack.UNKNOWN_PERSON, about, f"{about}: Nobody among the staff is called “{person}”.")
    if not known[person]:
        return Finding(Lack.NO_REACH, about, f"{about}: {person} has no way to be reached. Add a number.")
    return None


def _since(layer: Layer, rota: Rota) -> datetime:
    return layer.since or first_instant(layer.start, ZoneInfo(layer.timezone or rota.timezone))


# ------------------------------------------------------------------------------------------ ladders


def _twice(
    ladder: str,
    first: tuple[int, Target],
    second: tuple[int, Target],
    rotas: Mapping[str, Rota],
    lines: Sequence[Iterable[Span]],
) -> Iterator[Finding]:
    """Find who stands on both steps, and when for the first time."""
    (low, one), (high, other) = first, second
    if one == other and one.kind in ("rota", "person"):
        told = f"{ladder}: Steps {low} and {high} page the same: {one.kind} {one.name}."
        yield Finding(Lack.TWICE, ladder, told)
        return
    seen: set[PersonId] = set()
    for ours, theirs in product(*lines):
        since, until = max(ours.start, theirs.start), min(ours.end, theirs.end)
        for person in ours.people if since < until else ():
            if person in theirs.people and person not in seen:
                seen.add(person)
                zone = next(rotas[target.name] for target in (one, other) if target.name in rotas)
                told = (
                    f"{ladder}: {person} stands on steps {low} and {high} from {_said(since, zone)} "
                    f"until {_said(until, zone)}, so that one of them tries nobody else."
                )
                yield Finding(Lack.TWICE, ladder, told, since, until)


def _timeline(
    target: Target,
    rotas: Mapping[str, Rota],
    start: datetime,
    end: datetime,
    overrides: Mapping[str, Iterable[Override]],
) -> Iterator[Span]:
    if target.kind == "person":
        yield Span(start, end, (PersonId(target.name),))
    elif target.kind == "rota" and target.name in rotas:
        for span in spans(rotas[target.name], start, end, tuple(overrides.get(target.name, ()))):
            yield Span(span.start, span.end, span.people or rotas[target.name].last_resort)


def _said(at: datetime, rota: Rota) -> str:
    return f"{at.astimezone(ZoneInfo(rota.timezone)):%a %d %b %Y %H:%M} ({rota.timezone})"
