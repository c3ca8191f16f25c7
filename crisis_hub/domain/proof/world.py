"""Some readings over everything that they look at: outcomes of instruments, and facts of the case itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from crisis_hub.domain.instrument import Instrument, score
from crisis_hub.domain.proof.axes import DEEP, Axis, Seen, axes_of, inner_lines, lines_of
from crisis_hub.domain.proof.case_facts import values_of_the_case, why_impossible
from crisis_hub.domain.proof.cuts import cuts_of
from crisis_hub.domain.proof.inside import Inside
from crisis_hub.domain.proof.judging import CannotWalk, Choices, Sets, judge_sets, looks, member
from crisis_hub.domain.proof.outcomes import Outcomes, Step
from crisis_hub.domain.proof.replies import Line, Move
from crisis_hub.domain.proof.space import Mask, Space
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.truth import Condition, Value

CASE = "case"
RISK = "case.risk"


@dataclass(slots=True)
class Workshop:
    """A rulebook, and the instruments that were walked before: many rules ask the same of them."""

    book: Rulebook
    walked: int = 0
    _cuts: dict[str, dict[str, frozenset[float]]] = field(init=False)
    _axes: dict[object, tuple[Axis, ...]] = field(default_factory=dict)
    _insides: dict[object, Inside] = field(default_factory=dict)
    _outcomes: dict[object, Outcomes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cuts = {id: dict(found) for id, found in cuts_of(self.book).items()}

    def outcomes(self, instrument: Instrument, seen: Seen, *, over: bool) -> Outcomes:
        """Return the outcomes of an instrument under what is seen of it."""
        inside = self.inside(instrument, seen, over=over)
        names = tuple(sorted({*seen.facts, *(member("known", word) for word in seen.known)}))
        key = (id(inside), names)
        if key not in self._outcomes:
            self._outcomes[key] = Outcomes(inside, names)
        return self._outcomes[key]

    def inside(self, instrument: Instrument, seen: Seen, *, over: bool) -> Inside:
        """Return an instrument over every combination that shows in what is seen of it."""
        over = over and seen.deep and any(inner_lines(instrument, "over"))
        seen = replace(seen, cuts=self._cuts.get(instrument.id, {}), quiet=_is_quiet(instrument, seen))
        axes = self._axes_of(instrument, seen)
        key = (instrument.id, over, seen.deep, tuple(_likeness(axis) for axis in axes))
        if key not in self._insides:
            self._insides[key] = Inside(instrument, axes, deep=seen.deep, over=over)
            self.walked += self._insides[key].space.size
        return self._insides[key]

    def _axes_of(self, instrument: Instrument, seen: Seen) -> tuple[Axis, ...]:
        key = (instrument.id, seen.deep, seen.quiet, "total" in seen.facts, seen.lines, seen.known)
        if key not in self._axes:
            self._axes[key] = axes_of(instrument, seen)
        return self._axes[key]


def _is_quiet(instrument: Instrument, seen: Seen) -> bool:
    """Say whether of all answers together only the risk is looked at, and is not there when nothing was asked."""
    lists = any("\x00" in fact for fact in seen.facts)
    if seen.facts & DEEP != {"risk"} or seen.known or lists:
        return False
    return all(score(instrument, {}, over=over).risk is Risk.NOT_ASSESSED for over in (False, True))


def _likeness(axis: Axis) -> object:
    return (
        tuple(item.id for item in axis.items),
        axis.replies.groups,
        tuple(tuple(value.items()) for value in axis.values),
    )


@dataclass(slots=True)
class World:
    """Readings over the product of what they look at; `over` says whether the talk has ended."""

    readings: tuple[Reading, ...]
    shop: Workshop
    over: bool
    space: Space = field(init=False)
    outcomes: dict[str, Outcomes] = field(init=False)
    of_the_case: dict[str, tuple[Value, ...]] = field(init=False)
    _numbers: dict[str, int] = field(init=False)
    _sets: dict[str, Sets] = field(init=False, default_factory=dict)
    _possible: Mask | None = field(init=False, default=None)
    _unsettled: Mask | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        seen = _everything_seen(self.readings)
        self.outcomes = {}
        for id, looked in seen.items():
            instrument = self.shop.book.instrument(id)
            if instrument is None:
                raise CannotWalk(f"there is no instrument {id}")
            self.outcomes[id] = self.shop.outcomes(instrument, looked, over=self.over)
        conditions = [c for reading in self.readings for c in reading.when.conditions()]
        names = sorted({n for condition in conditions for n in condition.names if n.startswith("case.")})
        self.of_the_case = {
            name: values_of_the_case(name, (c for c in conditions if name in c.names), over=self.over) for name in names
        }
        sizes = [*(len(o.facts) for o in self.outcomes.values()), *(len(v) for v in self.of_the_case.values())]
        self._numbers = {name: number for number, name in enumerate((*self.outcomes, *self.of_the_case))}
        self.space = Space(sizes, " and ".join(self._numbers) or "nothing")
        self.shop.walked += self.space.size

    def fires(self, reading: Reading) -> Mask:
        """Return where a reading holds."""
        return self._judged(reading).yes & self.possible

    def breaks(self, reading: Reading) -> Mask:
        """Return where a reading cannot be judged."""
        return self._judged(reading).broken & self.possible

    @property
    def possible(self) -> Mask:
        """Return the combinations of facts of the case that can stand together."""
        if self._possible is None:
            self._possible = self.space.full & ~self._impossible()
        return self._possible

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Return every step of every axis, with the axis's name; a risk that rises is a step towards worse."""
        for id, outcomes in self.outcomes.items():
            yield from ((id, step) for step in outcomes.steps)
        for before, after in pairwise(range(len(self.of_the_case.get(RISK, ())))):
            values = self.of_the_case[RISK]
            move = Move("a", (str(values[before]),), str(values[after]))
            yield RISK, Step(RISK, move, (before,), after)

    def lost(self, held: Mask, kept: Mask, name: str, step: Step) -> Mask:
        """Return where what is held before a step, whatever the reply was, is not kept after it.

        Where a reading raises the risk above the one that the case has, the case will not stay as it is; its care is
        that of the case with the risk raised, which is walked as well.
        """
        axis = self._numbers[name]
        lost = self.space.where(axis, step.after) & self.possible & ~kept
        for before in step.before:
            if not lost:
                return 0
            lost &= self.space.moved(held, axis, before, step.after)
        return lost & ~self.unsettled if lost else 0

    @property
    def unsettled(self) -> Mask:
        """Return where a reading raises the risk above that of the case."""
        if self._unsettled is None:
            self._unsettled = 0
            for place, value in enumerate(self.of_the_case.get(RISK, ())):
                raising = (reading for reading in self.readings if is_worse(reading.risk, Risk(str(value))))
                for reading in raising:
                    self._unsettled |= self.fires(reading) & self.space.where(self._numbers[RISK], place)
        return self._unsettled

    def keeps(self, reading: Reading) -> Mask:
        """Return where a reading holds or, for an instrument's "low", where nothing is known that would be lower.

        An unfinished questionnaire is not assessed, and stands before "low" in the order of who needs somebody.
        """
        sets = self._judged(reading)
        calms = reading.risk is Risk.LOW and "#" in reading.id
        return (sets.yes | (sets.unknown if calms else 0)) & self.possible

    def smallest(self, mask: Mask, most: int = 3, free: str = "") -> Iterator[tuple[int, ...]]:
        """Return combinations that need the fewest answers, some of each size; `free` names an axis without price."""
        costs = self._costs()
        if free in self._numbers:
            costs[self._numbers[free]] = [0] * len(costs[self._numbers[free]])
        for place in self.space.cheapest_first(mask, costs, most):
            yield self.space.values(place)

    def answers(self, values: Sequence[int]) -> dict[str, dict[str, str]]:
        """Return the fewest answers that make a combination so."""
        found = {id: outcomes.answers(values[self._numbers[id]]) for id, outcomes in self.outcomes.items()}
        return {id: answers for id, answers in found.items() if answers}

    def about(self, values: Sequence[int]) -> dict[str, Value | None]:
        """Return the facts of the case in a combination."""
        return {name: held[values[self._numbers[name]]] for name, held in self.of_the_case.items()}

    def _costs(self) -> list[list[int]]:
        instruments = [[len(o.answers(place)) for place in range(len(o.facts))] for o in self.outcomes.values()]
        return [*instruments, *([min(place, 1) for place in range(len(v))] for v in self.of_the_case.values())]

    def _impossible(self) -> Mask:
        found = 0
        names = ("case.contacts", "case.contacts_within_a_day")
        for one in self.of_the_case.get(names[0], (None,)):
            for other in self.of_the_case.get(names[1], (None,)):
                facts = {name: value for name, value in zip(names, (one, other), strict=True) if value is not None}
                if why_impossible(facts, over=self.over):
                    held = self.space.full
                    for name, value in facts.items():
                        held &= self.space.where(self._numbers[name], self.of_the_case[name].index(value))
                    found |= held
        return found

    def _judged(self, reading: Reading) -> Sets:
        if reading.id not in self._sets:
            self._sets[reading.id] = judge_sets(reading.when, self.space, self._choices)
        return self._sets[reading.id]

    def _choices(self, condition: Condition) -> list[tuple[str, Choices]]:
        found: list[tuple[str, Choices]] = []
        for name in sorted(condition.names):
            words = words_of(condition, name)
            if words is None:
                found.append((name, self._fact(name)))
            elif name == "known":
                found += [(member(name, word), self._known(word)) for word in words]
            else:
                found += [(member(name, word), self._fact(member(name, word))) for word in words]
        return found

    def _known(self, word: str) -> Choices:
        id, _, fact = word.rpartition(".")
        return {True: self.space.full} if id == CASE else self._of_outcome(id, member("known", fact))

    def _fact(self, name: str) -> Choices:
        if name in self.of_the_case:
            axis = self._numbers[name]
            return {value: self.space.where(axis, place) for place, value in enumerate(self.of_the_case[name])}
        id, fact = split_name(name)
        return self._of_outcome(id, fact)

    def _of_outcome(self, id: str, fact: str) -> Choices:
        outcomes, axis = self.outcomes[id], self._numbers[id]
        column = outcomes.names.index(fact)
        found: dict[Value | None, list[int]] = {}
        for place, facts in enumerate(outcomes.facts):
            found.setdefault(facts[column], []).append(place)
        return {value: self.space.any_of(axis, places) for value, places in found.items()}


def words_of(condition: Condition, name: str) -> list[str] | None:
    """Return the words that a line looks for in a list, or nothing when the name is not a list."""
    if name != "known" and not name.endswith(".flags"):
        return None
    words = looks(condition, name)
    if words is None:
        raise CannotWalk(f"{condition.text} does more with {name} than look for a word in it")
    return sorted(str(word) for word in words)


def split_name(name: str) -> tuple[str, str]:
    """Return the instrument and the short name of a fact, with the word where the fact is a list."""
    whole, mark, word = name.partition("\x00")
    id, _, fact = whole.rpartition(".")
    return id, f"{fact}{mark}{word}"


def _everything_seen(readings: Sequence[Reading]) -> dict[str, Seen]:
    facts: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    lines: dict[str, list[Line]] = {}
    for reading in readings:
        for name in sorted(reading.when.names()):
            if name.startswith("case."):
                continue
            for line in lines_of(reading.when, name):
                for id, fact, listed in _looked_at(line.condition, name):
                    (known if listed else facts).setdefault(id, set()).add(fact)
                    if name != "known":
                        lines.setdefault(id, []).append(line)
    return {
        id: Seen(frozenset(facts.get(id, ())), tuple(dict.fromkeys(lines.get(id, ()))), frozenset(known.get(id, ())))
        for id in sorted({*facts, *known})
    }


def _looked_at(condition: Condition, name: str) -> Iterator[tuple[str, str, bool]]:
    words = words_of(condition, name)
    for word in words if words is not None else [name]:
        if name == "known":
            id, _, fact = word.rpartition(".")
            if id not in ("", CASE):
                yield id, fact, True
        else:
            yield (*split_name(member(name, word) if words is not None else name), False)
