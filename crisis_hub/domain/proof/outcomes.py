"""What an instrument is to the rules: the distinct combinations of the facts that they look at, and how they change.

Two combinations of answers that show a rule the same facts are one outcome to it. What is promised of a change of one
answer becomes a step between outcomes, each with the smallest answers that take it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crisis_hub.domain.proof.axes import Link
from crisis_hub.domain.proof.inside import Inside
from crisis_hub.domain.proof.replies import ABSENT, Move
from crisis_hub.domain.proof.space import Lookup, Mask, Space, lowest
from crisis_hub.domain.truth import Value

Facts = tuple[Value | None, ...]
"""A value for each name that is looked at; `None` where the fact is not there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer changes: from any of the outcomes `before` to the outcome `after`."""

    item: str
    move: Move
    before: tuple[int, ...]
    after: int
    axis: int = 0
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A step with the answers around it: all answers after it, and what the one item said before."""

    instrument: str
    step: Step
    after: Mapping[str, str]

    def before(self, reply: str) -> dict[str, str]:
        """Return all answers before the step, with that reply to the item."""
        answers = {**self.after, self.step.item: reply}
        return {id: said for id, said in answers.items() if said != ABSENT}


@dataclass(slots=True)
class Outcomes:
    """The outcomes of an instrument under some names: values, and the answers that reach each of them."""

    inside: Inside
    names: tuple[str, ...]
    masks: dict[Facts, Mask] = field(init=False)
    facts: tuple[Facts, ...] = field(init=False)
    _places: dict[Facts, int] = field(init=False)
    _steps: list[Step] | None = field(init=False, default=None)
    _examples: dict[int, dict[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        found: dict[Facts, Mask] = {(): self.inside.space.full}
        for name in self.names:
            choices = self.inside.fact(name)
            split = ((facts, mask & held, value) for facts, mask in found.items() for value, held in choices.items())
            found = {(*facts, value): both for facts, both, value in split if both}
        self.masks = found
        self.facts = tuple(found)
        self._places = {facts: place for place, facts in enumerate(found)}

    def answers(self, outcome: int) -> dict[str, str]:
        """Return the fewest answers that reach an outcome."""
        if outcome not in self._examples:
            place = self._space.fewest(self.masks[self.facts[outcome]], self.inside.costs)
            self._examples[outcome] = self.inside.answers(place)
        return self._examples[outcome]

    @property
    def steps(self) -> list[Step]:
        """Return every step of which something is promised, each pair of outcomes once for an item and a kind."""
        if self._steps is None:
            self._steps = list(self._walk())
        return self._steps

    def changes(self, step: Step, most: int = 3) -> Iterator[Change]:
        """Return the smallest answers around which a step is taken, some of each size."""
        space, link = self._space, step.link
        assert link is not None
        mask = self.masks[self.facts[step.after]] & space.where(step.axis, link.after)
        for outcome, value in zip(step.before, link.before, strict=True):
            mask &= space.moved(self.masks[self.facts[outcome]], step.axis, value, link.after)
        for place in space.cheapest_first(mask, self.inside.costs, most):
            yield Change(self.inside.instrument.id, step, {**self.inside.answers(place), **link.example})

    @property
    def _space(self) -> Space:
        return self.inside.space

    def _walk(self) -> Iterator[Step]:
        facts = (self.inside.fact(name) for name in self.names)
        labels = [{value: Lookup(mask) for value, mask in choices.items()} for choices in facts]
        seen: set[tuple[object, ...]] = set()
        for number, axis in enumerate(self.inside.axes):
            for link in axis.links:
                for outcomes in self._split(number, link.before, link.after, labels):
                    key = (link.move, outcomes, axis.items[0].id)
                    if set(outcomes) != {outcomes[0]} and key not in seen:
                        seen.add(key)
                        yield Step(link.item, link.move, outcomes[1:], outcomes[0], number, link)

    def _split(
        self, axis: int, befores: Sequence[int], after: int, labels: list[dict[Value | None, Lookup]]
    ) -> Iterator[tuple[int, ...]]:
        """Return which outcomes go together: first the one after the change, then one for each reply before it."""
        space = self._space
        parts: list[tuple[tuple[int, ...], Mask]] = [
            ((place,), mask)
            for place, facts in enumerate(self.facts)
            if (mask := self.masks[facts] & space.where(axis, after))
        ]
        for before in befores:
            found: list[tuple[tuple[int, ...], Mask]] = []
            for places, whole in parts:
                left = whole
                while left:
                    here = self._outcome(self._moved_place(lowest(left), axis, before), labels)
                    same = space.moved(self.masks[self.facts[here]], axis, before, after) & left
                    left &= ~same
                    found.append(((*places, here), same))
            parts = found
        return (places for places, _ in parts)

    def _moved_place(self, place: int, axis: int, value: int) -> int:
        stride, size = self._space.strides[axis], self._space.sizes[axis]
        return place + (value - place // stride % size) * stride

    def _outcome(self, place: int, labels: list[dict[Value | None, Lookup]]) -> int:
        facts = tuple(next(value for value, held in label.items() if place in held) for label in labels)
        return self._places[facts]
