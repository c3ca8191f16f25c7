"""Whether the people of a rota or ladder can be reached, were proved to be, and are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.lacks import PROVED_FOR, Colleague, Finding, Known, Lack, name_of, said
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.rota import Rota, spans
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import FAR_FUTURE, first_instant


def people_coverage(
    rota: Rota, start: datetime, end: datetime, known: Known, overrides: Sequence[Override] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with the people of a rota between two instants."""
    named = _named(rota, start, end, overrides)
    for person in named:
        yield from _person(rota.name, person, known, start)
        colleague = known.get(person)
        if colleague and colleague.away:
            yield from _on_leave(rota, person, colleague, start, end, overrides)


def named_on(ladder: Ladder, known: Known, start: datetime, end: datetime, timezone: str) -> Iterator[Finding]:
    """Yield what is wrong with the people whom a ladder names."""
    targets = [target for step in ladder.steps for target in step.targets if target.kind == "person"]
    for person in dict.fromkeys(PersonId(target.name) for target in targets):
        yield from _person(ladder.name, person, known, start)
        colleague = known.get(person)
        for away in colleague.away if colleague else ():
            since, until = max(away.start, start), min(away.end, end)
            if since < until:
                span = f"from {said(since, timezone)} until {said(until, timezone)}"
                told = f"{ladder.name}: {name_of(person, known)} stands on a step and is on leave {span}."
                yield Finding(Lack.ON_LEAVE, ladder.name, told, since, until, person)


def _named(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override]) -> Iterable[PersonId]:
    named: dict[PersonId, None] = {}
    for layer in rota.layers:
        # Who only stood in a layer that is over may have left for good.
        if (layer.until or FAR_FUTURE) > start and _since(layer, rota) < end:
            named.update(dict.fromkeys(layer.people))
    for span in spans(rota, start, end, overrides):
        named.update(dict.fromkeys(span.people))
    named.update(dict.fromkeys(rota.last_resort))
    return named


def _since(layer: Layer, rota: Rota) -> datetime:
    return layer.since or first_instant(layer.start, ZoneInfo(layer.timezone or rota.timezone))


def _person(about: str, person: PersonId, known: Known, start: datetime) -> Iterator[Finding]:
    """Say the worst that is wrong with how somebody is reached: the lesser things follow from it."""
    colleague = known.get(person)
    if colleague is None:
        told = f"{about}: Nobody among the staff is called “{person}”."
        yield Finding(Lack.UNKNOWN_PERSON, about, told, who=person)
        return
    name = name_of(person, known)
    if colleague.opted_out:
        told = f"{about}: {name} has told the carrier to send nothing more. Ask them to text START."
        yield Finding(Lack.OPTED_OUT, about, told, who=person)
    elif not colleague.reached:
        told = f"{about}: {name} has no way to be reached. Add a number."
        yield Finding(Lack.NO_REACH, about, told, who=person)
    elif not colleague.verified:
        told = f"{about}: {name} has not confirmed with a code that a number or address is theirs."
        yield Finding(Lack.NOT_VERIFIED, about, told, who=person)
    elif not colleague.proved(start):
        told = f"{about}: {name} has taken no page and no test page in {PROVED_FOR.days} days."
        yield Finding(Lack.NOT_PROVED, about, told, who=person)


def _on_leave(
    rota: Rota,
    person: PersonId,
    colleague: Colleague,
    start: datetime,
    end: datetime,
    overrides: Sequence[Override],
) -> Iterator[Finding]:
    """Say when somebody would be on call who is on leave, and when the last resort is."""
    for away in colleague.away:
        since, until = max(away.start, start), min(away.end, end)
        if since >= until:
            continue
        there = [one for one in overrides if not _only_leave(one, person, away.start, away.end)]
        missed = [span for span in spans(rota, since, until, there) if person in span.people]
        if missed:
            first, last = missed[0].start, missed[-1].end
            span = f"between {said(first, rota.timezone)} and {said(last, rota.timezone)}"
            told = f"{rota.name}: {colleague.name or person} is on leave and has shifts {span}."
            yield Finding(Lack.ON_LEAVE, rota.name, told, first, last, person)
        elif person in rota.last_resort:
            span = f"from {said(since, rota.timezone)} until {said(until, rota.timezone)}"
            told = f"{rota.name}: {colleague.name or person} stands under last_resort and is on leave {span}."
            yield Finding(Lack.ON_LEAVE, rota.name, told, since, until, person)


def _only_leave(override: Override, person: PersonId, start: datetime, end: datetime) -> bool:
    """Say whether this is the leave itself, which takes the person off every rota."""
    held = (override.change, override.person, override.start, override.end)
    return held == (Change.REMOVE, person, start, end)
