"""Whether rotas and ladders hold: spans with nobody, layers that never have anybody, people who cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, product
from zoneinfo import ZoneInfo

from crisis_hub.domain.coverage_people import named_on, people_coverage
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Target
from crisis_hub.domain.lacks import Finding, Known, Lack, name_of, names_of, said
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.records import replace
from crisis_hub.domain.rota import Override, Rota, Span, gaps, spans
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import first_instant

__all__ = ["Finding", "Known", "Lack", "ladder_coverage", "rota_coverage"]


def rota_coverage(
    rota: Rota, start: datetime, end: datetime, known: Known | None = None, overrides: Iterable[Override] = ()
) -> tuple[Finding, ...]:
    """Return what is wrong with a rota between two instants; without `known`, everybody is believed to be reachable."""
    arranged = tuple(overrides)
    found = [*_empty_spans(rota, start, end, known, arranged), *_empty_layers(rota)]
    if known is not None:
        found += people_coverage(rota, start, end, known, arranged)
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
            found += _twice(ladder.name, first, second, rotas, lines, known)
    if known is not None:
        zone = next((rotas[t.name].timezone for _, t in steps if t.kind == "rota" and t.name in rotas), "UTC")
        found += named_on(ladder, known, start, end, zone)
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------------------------ rotas


def _empty_spans(
    rota: Rota, start: datetime, end: datetime, known: Known | None, overrides: tuple[Override, ...]
) -> Iterator[Finding]:
    begun: tuple[Lack, datetime] | None = None
    for begins, people in (*((span.start, span.people) for span in spans(rota, start, end, overrides)), (end, None)):
        lack = _lack(people, known)
        if begun and lack is not begun[0]:
            yield _empty_span(rota, begun[0], begun[1], begins, known)
        if lack is None:
            begun = None
        elif begun is None or lack is not begun[0]:
            begun = lack, begins


def _lack(people: tuple[PersonId, ...] | None, known: Known | None) -> Lack | None:
    if people is None:
        return None
    if not people:
        return Lack.NOBODY
    reached = known is None or any(person in known and known[person].reached for person in people)
    return None if reached else Lack.NOBODY_REACHED


def _empty_span(rota: Rota, lack: Lack, start: datetime, end: datetime, known: Known | None) -> Finding:
    who = "Nobody is on call" if lack is Lack.NOBODY else "Nobody who is on call can be reached"
    then = f"{names_of(rota.last_resort, known)} would be called" if rota.last_resort else "nobody would be called"
    told = f"{rota.name}: {who} from {said(start, rota.timezone)} until {said(end, rota.timezone)}; {then}."
    return Finding(lack, rota.name, told, start, end, planned=lack is Lack.NOBODY and _by_plan(rota, start, end))


def _by_plan(rota: Rota, start: datetime, end: datetime) -> bool:
    """Say whether the turns alone leave a span empty, with nothing that was arranged by hand."""
    plain = replace(rota, overrides=(), temporary=())
    return any((gap.start, gap.end) == (start, end) for gap in gaps(plain, start, end))


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


def _since(layer: Layer, rota: Rota) -> datetime:
    return layer.since or first_instant(layer.start, ZoneInfo(layer.timezone or rota.timezone))


# ------------------------------------------------------------------------------------------ ladders


def _twice(
    ladder: str,
    first: tuple[int, Target],
    second: tuple[int, Target],
    rotas: Mapping[str, Rota],
    lines: Sequence[Iterable[Span]],
    known: Known | None,
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
                zone = next(rotas[target.name].timezone for target in (one, other) if target.name in rotas)
                told = (
                    f"{ladder}: {name_of(person, known)} stands on steps {low} and {high} from {said(since, zone)} "
                    f"until {said(until, zone)}, so that one of them tries nobody else."
                )
                yield Finding(Lack.TWICE, ladder, told, since, until, person)


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
