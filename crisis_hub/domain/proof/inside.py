"""What every combination of answers to one instrument means: sets in place of single scores.

It says of sets what `domain.instrument.score` says of one set of answers, and must say the same; a test draws
combinations by the thousand and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from crisis_hub.domain.instrument import UNKNOWN, Instrument, Item, bindings, understood
from crisis_hub.domain.proof.axes import Axis, clauses
from crisis_hub.domain.proof.judging import CannotWalk, Choices, Sets, judge_sets, looks, member
from crisis_hub.domain.proof.replies import ABSENT, MISSING
from crisis_hub.domain.proof.space import Mask, Space
from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.truth import Clause, Condition, Value

_NEEDS_ALL = (Risk.NOT_ASSESSED, Risk.NONE, Risk.LOW)
_TOTALS = ("total", "total_at_least", "total_at_most")

Reply = Callable[[Item, str], bool]


class Inside:
    """One instrument over every combination of answers that can be told apart; `over` as in `score`."""

    def __init__(self, instrument: Instrument, axes: tuple[Axis, ...], *, deep: bool, over: bool = False) -> None:
        self.instrument = instrument
        self.axes = axes
        self.deep = deep
        self.over = over
        self.space = Space([len(axis.values) for axis in self.axes], instrument.id)
        self._alone = {axis.alone: number for number, axis in enumerate(self.axes) if axis.alone}
        self._sums: dict[str, dict[float, Mask]] = {}
        self._wanted: dict[tuple[str, bool], Mask] = {}

    def answers(self, place: int) -> dict[str, str]:
        """Return the answers of the combination at that place."""
        picked = zip(self.axes, self.space.values(place), strict=True)
        return {id: said for axis, value in picked for id, said in axis.values[value].items() if said != ABSENT}

    @property
    def costs(self) -> list[list[int]]:
        """Return how many answers each value of each axis stands for."""
        return [[sum(said != ABSENT for said in value.values()) for value in axis.values] for axis in self.axes]

    def fact(self, name: str) -> Choices:
        """Return where each value of a fact is so; `name` is the fact's short name, or a word of its flags."""
        whole, _, word = name.partition("\x00")
        if whole == "flags":
            held = self.flags.get(word, 0) & self.started
            return _split({True: held, False: self.started & ~held, None: self._everywhere & ~self.started})
        if whole == "known":
            return self._is_known(word)
        if self.deep and name in ("band", "risk", "complete", "total"):
            return self._result(name)
        return self._of_item(name)

    def _result(self, name: str) -> Choices:
        if name == "complete":
            found: dict[Value | None, Mask] = {True: self.complete, False: self._everywhere & ~self.complete}
        elif name == "total":
            found = {value: mask & self.finished for value, mask in self._points("total_at_least").items()}
            found = found if self.instrument.totals else {}
        elif name == "band":
            found = {}
            for level, mask in zip(self.instrument.levels, self.reached, strict=True):
                held = mask if level.settles else mask & self.complete
                found[level.band] = found.get(level.band, 0) | held
        else:
            found = {risk.value: mask for risk, mask in self.risks.items() if risk is not Risk.NOT_ASSESSED}
        return self._else_none({value: mask & self.started for value, mask in found.items()})

    def _else_none(self, found: dict[Value | None, Mask]) -> Choices:
        rest = self._everywhere
        for mask in found.values():
            rest &= ~mask
        return _split({**found, None: rest})

    @property
    def _everywhere(self) -> Mask:
        return self.space.full

    @cached_property
    def started(self) -> Mask:
        """Return where anything at all was asked: an instrument that nobody touched has no results."""
        untouched = self._everywhere
        for number, axis in enumerate(self.axes):
            places = [p for p, value in enumerate(axis.values) if set(value.values()) == {ABSENT}]
            untouched &= self.space.any_of(number, places)
        return self._everywhere & ~untouched

    @cached_property
    def complete(self) -> Mask:
        """Return where every item that must be asked was, and dodging some did not leave it without a level."""
        held = 0
        for mask in self.reached:
            held |= mask
        if self.instrument.outside is not None:
            return 0
        return self._everywhere & ~self._open & ~(self.dodged & ~held)

    @cached_property
    def finished(self) -> Mask:
        """Return where every item that must be asked has a real answer."""
        return self._everywhere & ~self._open & ~self.dodged

    @cached_property
    def dodged(self) -> Mask:
        """Return where an item that must be asked was answered with "unknown" or "refused"."""
        return self._needed_with(lambda item, said: said != ABSENT and _missing(self.instrument, item, said))

    @cached_property
    def _open(self) -> Mask:
        return self._needed_with(lambda item, said: said == ABSENT)

    @cached_property
    def reached(self) -> list[Mask]:
        """Return where each level is the one that counts, in the order of the levels."""
        found, left = [], self._everywhere
        for level in self.instrument.levels:
            held = self.judge(level.when).yes & left
            if level.risk in _NEEDS_ALL and not level.at_once:
                held &= self.finished
            found.append(held)
            left &= ~held
        return found

    @cached_property
    def flags(self) -> dict[str, Mask]:
        """Return where each flag is raised."""
        found = {flag.id: self.judge(flag.when).yes for flag in self.instrument.flags}
        return {**found, "refused_or_unknown": self.dodged}

    @cached_property
    def risks(self) -> dict[Risk, Mask]:
        """Return where the instrument reads each risk, from its level and its flags."""
        found: dict[Risk, Mask] = {Risk.NOT_ASSESSED: self._everywhere}
        told: list[tuple[Risk, Mask]] = [
            *((level.risk, mask) for level, mask in zip(self.instrument.levels, self.reached, strict=True)),
            *((flag.risk, self.flags[flag.id]) for flag in self.instrument.flags),
        ]
        for risk, mask in told:
            for held in list(found):
                moved = found[held] & mask if worst([held, risk]) is not held else 0
                if moved:
                    found[held] &= ~moved
                    found[risk] = found.get(risk, 0) | moved
        return found

    def judge(self, clause: Clause, *, with_totals: bool = True) -> Sets:
        """Judge a clause that stands in the instrument."""
        return judge_sets(clause, self.space, lambda condition: self._choices(condition, with_totals))

    def broken(self) -> Iterator[tuple[Clause, Mask]]:
        """Return the clauses that cannot be judged somewhere, and where."""
        for clause in clauses(self.instrument):
            if mask := self.judge(clause).broken:
                yield clause, mask

    def _choices(self, condition: Condition, with_totals: bool) -> list[tuple[str, Choices]]:
        found: list[tuple[str, Choices]] = []
        for name in sorted(condition.names):
            if name in ("known", "asked"):
                found += self._listing(condition, name)
            else:
                found.append((name, self._of_name(name, with_totals)))
        return found

    def _of_name(self, name: str, with_totals: bool) -> Choices:
        if name == "over":
            return {self.over: self._everywhere}
        if name in _TOTALS:
            if not with_totals or not self.instrument.totals:
                return {None: self._everywhere}
            found = self._points("total_at_most" if name == "total_at_most" else "total_at_least")
            keep = self.finished if name == "total" else self._everywhere
            return self._else_none({value: mask & keep for value, mask in found.items()})
        if name in self.instrument.sums:
            return {value: mask for value, mask in self._points(name).items() if mask}
        return self._of_item(name)

    def _of_item(self, name: str) -> Choices:
        """Return where each value of an item is so; one that nobody tells apart is as if it had not been asked."""
        if name not in self._alone:
            return {None: self._everywhere}
        number = self._alone[name]
        found: dict[Value | None, Mask] = {}
        for place, value in enumerate(self.axes[number].values):
            held = _bound(self.instrument, name, value[name])
            found[held] = found.get(held, 0) | self.space.where(number, place)
        return found

    def _listing(self, condition: Condition, name: str) -> list[tuple[str, Choices]]:
        words = looks(condition, name)
        if words is None:
            raise CannotWalk(f"{condition.text} does more with “{name}” than look for a word in it")
        even_unknown = name == "asked"
        listed = sorted(str(word) for word in words)
        return [(member(name, word), self._is_listed(word, even_unknown=even_unknown)) for word in listed]

    def _is_known(self, name: str) -> Choices:
        """Return where a fact is there for the rules."""
        missing = self._everywhere & ~self.started if name == "flags" else self.fact(name).get(None, 0)
        return _split({True: self._everywhere & ~missing, False: missing})

    def _is_listed(self, item: str, *, even_unknown: bool) -> Choices:
        """Return where an item is among those that were asked, or among those of which something is known."""
        if item not in self._alone:
            return {False: self._everywhere}
        number = self._alone[item]
        told = [
            understood(self.instrument, value).get(item, ABSENT) if value[item] else ABSENT
            for value in self.axes[number].values
        ]
        places = [p for p, said in enumerate(told) if said != ABSENT and (even_unknown or said != UNKNOWN)]
        listed = self.space.any_of(number, places)
        return _split({True: listed, False: self._everywhere & ~listed})

    def _needed_with(self, so: Reply) -> Mask:
        """Return where some item that must be asked has a reply of that kind."""
        found = 0
        for number, axis in enumerate(self.axes):
            items = [item for item in axis.items if not item.optional]
            places = [p for p, value in enumerate(axis.values) if any(so(item, value[item.id]) for item in items)]
            if places:
                # Items that are walked together have no `asked_when`, so the first speaks for all of them.
                found |= self.space.any_of(number, places) & self._asked(items[0])
        return found

    def _asked(self, item: Item, *, with_totals: bool = True) -> Mask:
        if item.optional or item.asked_when is None:
            return 0 if item.optional else self._everywhere
        key = (item.id, with_totals)
        if key not in self._wanted:
            sets = self.judge(item.asked_when, with_totals=with_totals)
            self._wanted[key] = sets.yes | sets.broken
        return self._wanted[key]

    def _points(self, name: str) -> dict[float, Mask]:
        """Return where a sum has each of its values, adding one axis after the other."""
        if name not in self._sums:
            found = {0.0: self._everywhere}
            for number, axis in enumerate(self.axes):
                found = self._added(found, number, axis, name)
            self._sums[name] = found
        return self._sums[name]

    def _added(self, found: dict[float, Mask], number: int, axis: Axis, name: str) -> dict[float, Mask]:
        members = self.instrument.sums.get(name)
        counted = [item for item in axis.items if members is None or item.id in members]
        if not counted:
            return found
        worth: dict[float, Mask] = {}
        for place, value in enumerate(axis.values):
            where = self.space.where(number, place)
            for points, held in self._worth(counted, value, name, where):
                worth[points] = worth.get(points, 0) | held
        total: dict[float, Mask] = {}
        for before, mask in found.items():
            for points, held in worth.items():
                if both := mask & held:
                    total[before + points] = total.get(before + points, 0) | both
        return total

    def _worth(
        self, counted: list[Item], value: Mapping[str, str], name: str, where: Mask
    ) -> Iterator[tuple[float, Mask]]:
        """Give what one value of an axis counts; what a missing answer may count depends on whether it is needed."""
        sure, maybe, needed = 0.0, 0.0, self._everywhere
        for item in counted:
            points = None if _missing(self.instrument, item, value[item.id]) else item.points_of(value[item.id])
            if points is not None:
                sure += points
            elif name in _TOTALS and not item.optional:
                maybe += item.range_of_points()[name == "total_at_most"]
                needed = self._asked(item, with_totals=False)
        if maybe:
            yield sure + maybe, where & needed
            yield sure, where & ~needed
        else:
            yield sure, where


def _split(found: Mapping[Value | None, Mask]) -> Choices:
    return {value: mask for value, mask in found.items() if mask}


def _bound(instrument: Instrument, item: str, said: str) -> Value | None:
    return bindings(instrument, {item: said}).get(item) if said != ABSENT else None


def _missing(instrument: Instrument, item: Item, said: str) -> bool:
    return said in MISSING or understood(instrument, {item.id: said})[item.id] in MISSING
