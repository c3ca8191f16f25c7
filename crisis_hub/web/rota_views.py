"""Rotas as others see them: names instead of ids, and only what the asker may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from crisis_hub.application import rights
from crisis_hub.application.shifts import people_of
from crisis_hub.application.staff import Person
from crisis_hub.domain.arranged import HandMade, Leave
from crisis_hub.domain.covering import Temporary
from crisis_hub.domain.covers import Cover
from crisis_hub.domain.events import Stint
from crisis_hub.domain.rota import Layer, Rota, Shift, shifts, spans
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.web import schemas as s
from crisis_hub.web.parts import Parts
from crisis_hub.web.views import on_call_out


class RotaViews:
    """Draws rotas for one person."""

    def __init__(self, parts: Parts, asker: Person) -> None:
        self._parts = parts
        self._asker = asker

    def person(self, id: str) -> s.PersonRef:
        """Return a person by id and name."""
        return s.PersonRef(id=id, name=self._parts.shifts.name(id))

    def maybe(self, id: str | None) -> s.PersonRef | None:
        """Return a person, or nothing for nobody."""
        return self.person(id) if id else None

    def rota(self, rota: Rota) -> s.RotaOut:
        """Return a rota as its file says it."""
        layers = (*rota.layers, *(layer for one in rota.temporary for layer in one.layers))
        return s.RotaOut(
            name=rota.name,
            timezone=rota.timezone,
            last_resort=[self.person(id) for id in rota.last_resort],
            layers=[self._layer(layer, rota) for layer in layers],
            rules=s.ShiftRulesOut(
                rest_hours=rota.rules.rest.total_seconds() / 3600 if rota.rules.rest is not None else None,
                longest_hours=rota.rules.longest.total_seconds() / 3600 if rota.rules.longest is not None else None,
            ),
        )

    def calendar(self, rota: Rota, within: Stint) -> s.RotaCalendarOut:
        """Return a rota between two instants."""
        parts, start, end = self._parts, within.start, within.end
        overrides = parts.rotas.overrides(rota.name)
        found = list(spans(rota, start, end, overrides))
        people = {id for span in found for id in span.people} | people_of(rota)
        arranged = parts.rotas.arranged(rota.name)
        [now] = parts.service.on_call(None, rota.name)
        return s.RotaCalendarOut(
            rota=rota.name,
            timezone=rota.timezone,
            from_=start,
            to=end,
            now=on_call_out(now),
            spans=[self._span(rota, span.start, span.end, span.people) for span in found],
            layers=[self._layer_shifts(planned, within) for planned in _layers(rota)],
            shifts=[self.shift(rota, one) for one in shifts(rota, start, end, overrides)],
            gaps=[s.StintOut(start=span.start, end=span.end) for span in found if not span.people],
            overrides=[
                self.override(rota, one)
                for one in arranged.overrides.values()
                if one.counts and Stint(one.made.start, one.end).meets(within)
            ],
            covers=[self.cover(rota, one) for one in arranged.covers.values() if _about(one, within)],
            leave=[self.leave(one) for one in parts.rotas.leave() if one.person in people and one.stint.meets(within)],
        )

    def shift(self, rota: Rota, shift: Shift) -> s.ShiftOut:
        """Return a shift, with the reason in words and the cover behind it."""
        duty = shift.why
        name = self._parts.shifts.name
        named = duty._replace(person=PersonId(name(duty.person)))
        if duty.for_whom:
            named = named._replace(for_whom=PersonId(name(duty.for_whom)))
        return s.ShiftOut(
            person=self.person(shift.person),
            start=shift.start,
            end=shift.end,
            layer=duty.layer,
            why=named.sentence(),
            for_whom=self.maybe(duty.for_whom),
            cover=self._cover_of(rota, shift),
        )

    def override(self, rota: Rota, one: HandMade) -> s.OverrideOut:
        """Return an override; one that was ended counts until then."""
        made = one.made
        return s.OverrideOut(
            id=made.override,
            rota=rota.name,
            change=made.change,
            person=self.person(made.person),
            for_whom=self.maybe(made.for_whom),
            start=made.start,
            end=max(one.end, made.start),
            why=made.why,
            by=self.person(made.by),
            made_at=one.made_at,
            against=list(made.against),
        )

    def cover(self, rota: Rota, cover: Cover) -> s.CoverOut:
        """Return a request for cover, and what the asker may do with it."""
        asked, exchange = cover.asked, cover.asked.in_exchange
        covers = self._parts.covers
        return s.CoverOut.model_validate(
            {
                "id": cover.id,
                "rota": rota.name,
                "state": cover.seen_at(self._parts.clock.now()),
                "person": self.person(asked.person),
                "start": asked.start,
                "end": asked.end,
                "asked_by": self.person(asked.asked_by),
                "asked_at": cover.asked_at,
                "of": self.maybe(asked.of),
                "in_exchange": s.StintOut(start=exchange.start, end=exchange.end) if exchange else None,
                "note": asked.note,
                "taken_by": self.maybe(cover.taken_by),
                "taken_at": cover.taken_at,
                "declined_by": [self.person(id) for id in cover.declined_by],
                "lapses_at": cover.lapses_at,
                "may": list(covers.may(self._asker, rota, cover)),
                "warnings": list(covers.warnings(self._asker, rota, cover)),
            }
        )

    def leave(self, leave: Leave) -> s.LeaveOut:
        """Return somebody's leave; why they are away is not for everybody."""
        reads = self._asker.id == leave.person or rights.plans_rotas(self._asker)
        return s.LeaveOut(
            id=leave.taken.leave,
            person=self.person(leave.person),
            start=leave.stint.start,
            end=leave.stint.end,
            why=leave.taken.why if reads else "",
            by=self.person(leave.taken.by),
        )

    def mine(self, person: PersonId, within: Stint) -> s.MyShiftsOut:
        """Return what lies ahead of somebody."""
        parts, now = self._parts, self._parts.clock.now()
        found: list[s.MyShiftOut] = []
        on_call_now: list[str] = []
        for rota in parts.rotas.all():
            overrides = parts.rotas.overrides(rota.name)
            theirs = (one for one in shifts(rota, within.start, within.end, overrides) if one.person == person)
            found.extend(self._my_shift(rota, one) for one in theirs)
            if person in parts.rotas.on_call(rota, now).people:
                on_call_now.append(rota.name)
        covers = [self.cover(rota, one) for rota, one in parts.covers.all() if one.ends_at > within.start]
        return s.MyShiftsOut(
            shifts=sorted(found, key=lambda one: (one.start, one.rota)),
            covers=[one for one in covers if concerns(one, person)],
            leave=[self.leave(one) for one in parts.rotas.leave() if one.person == person and one.stint.end > now],
            on_call_now=on_call_now,
        )

    def _my_shift(self, rota: Rota, shift: Shift) -> s.MyShiftOut:
        drawn = self.shift(rota, shift)
        return s.MyShiftOut(
            rota=rota.name,
            start=drawn.start,
            end=drawn.end,
            layer=drawn.layer,
            for_whom=drawn.for_whom,
            cover=drawn.cover,
        )

    def _layer(self, layer: Layer, rota: Rota) -> s.RotaLayerOut:
        return s.RotaLayerOut(
            name=layer.name,
            type=layer.kind,
            people=[self.person(id) for id in layer.people],
            timezone=layer.timezone or rota.timezone,
        )

    def _span(self, rota: Rota, start: datetime, end: datetime, people: Sequence[PersonId]) -> s.RotaSpanOut:
        called = people or self._parts.rotas.on_call(rota, start).people
        return s.RotaSpanOut(start=start, end=end, people=[self.person(id) for id in called], by_last_resort=not people)

    def _layer_shifts(self, planned: tuple[str, Rota], within: Stint) -> s.LayerShiftsOut:
        name, alone = planned
        drawn = [
            s.LayerShiftOut(person=self.person(one.person), start=one.start, end=one.end)
            for one in shifts(alone, within.start, within.end)
        ]
        return s.LayerShiftsOut(name=name, shifts=drawn)

    def _cover_of(self, rota: Rota, shift: Shift) -> str | None:
        """Return the request by which somebody stands where they stand, the newest when there are several."""
        found = [
            cover.id
            for cover in self._parts.rotas.arranged(rota.name).covers.values()
            for one in cover.overrides()
            if (one.person, one.for_whom) == (shift.person, shift.why.for_whom)
            and Stint(one.start, one.end).meets(Stint(shift.start, shift.end))
        ]
        return found[-1] if found else None


def concerns(cover: s.CoverOut, person: str) -> bool:
    """Say whether a request concerns somebody: it is about them, asked of them, taken by them or theirs to take."""
    named = (cover.person, cover.asked_by, cover.of, cover.taken_by)
    return any(one is not None and one.id == person for one in named) or "take" in cover.may


def _layers(rota: Rota) -> Iterable[tuple[str, Rota]]:
    """Yield each layer as a rota of its own, silent while a temporary schedule takes its place."""
    silent = tuple(Temporary(one.start, one.end, ()) for one in rota.temporary)
    for layer in rota.layers:
        yield layer.name, replace(rota, layers=(layer,), temporary=silent, overrides=(), last_resort=())
    for one in rota.temporary:
        for layer in one.layers:
            alone = (Temporary(one.start, one.end, (layer,)),)
            yield layer.name, replace(rota, layers=(), temporary=alone, overrides=(), last_resort=())


def _about(cover: Cover, within: Stint) -> bool:
    exchange = cover.asked.in_exchange
    return cover.stint.meets(within) or (exchange is not None and exchange.meets(within))
