"""Conditions over sets: a condition is asked once for every combination of its own names, a clause puts sets together.

A condition is known to the heart only as something that judges facts, so it is never read. What may be known of it
are the constants with which it compares each name (`looks`, when the room that compiled it says so); they tell which
numbers, free texts and listed words are worth trying.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from crisis_hub.domain.proof.space import Mask, Space
from crisis_hub.domain.truth import Clause, Condition, Truth, Value, judge_safely

MOST_ASKED = 50_000
"""A line that has more combinations of its own names than this is not walked."""

Choices = Mapping[Value | None, Mask]
"""The values that a name can have, each with the combinations where it has it; `None` is where it is not there."""


class CannotWalk(Exception):
    """Something is written so that its cases cannot be counted; the message says what."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Where something holds, where it does not, where it is not known, and where it cannot be judged."""

    yes: Mask
    no: Mask
    unknown: Mask
    broken: Mask


def looks(condition: Condition, name: str) -> frozenset[str | float | bool] | None:
    """Return the constants with which a line compares a name, or nothing when it does something else with it."""
    found: Mapping[str, frozenset[str | float | bool]] = getattr(condition, "looks", {})
    return found.get(name)


def conditions_of(clauses: Iterator[Clause] | tuple[Clause, ...]) -> Iterator[Condition]:
    """Return every condition of the clauses."""
    for clause in clauses:
        yield from clause.conditions()


def judge_sets(clause: Clause, space: Space, choices: Callable[[Condition], list[tuple[str, Choices]]]) -> Sets:
    """Judge a clause for every combination at once; `choices` names what each condition can see."""
    parts = [
        judge_sets(part, space, choices) if isinstance(part, Clause) else ask_all(part, space, choices(part))
        for part in clause.parts
    ]
    return _combined(clause.how, parts, space)


def ask_all(condition: Condition, space: Space, names: list[tuple[str, Choices]]) -> Sets:
    """Ask one condition for every combination of what its names can be."""
    count = prod(len(choices) for _, choices in names)
    if count > MOST_ASKED:
        raise CannotWalk(f"{condition.text} has {count:,} cases of its own; put its parts on lines of their own")
    found = dict.fromkeys(Truth, 0)
    for picked in product(*(choices.items() for _, choices in names)):
        mask = space.full
        for _, held in picked:
            mask &= held
        if mask:
            facts = _facts([(name, value) for (name, _), (value, _) in zip(names, picked, strict=True)])
            found[judge_safely(condition, facts).truth] |= mask
    return Sets(found[Truth.YES], found[Truth.NO], found[Truth.UNKNOWN], found[Truth.BROKEN])


def member(name: str, word: str) -> str:
    """Return the name of "this word is in that list", under which one case of a list is walked."""
    return f"{name}\x00{word}"


def _facts(pairs: list[tuple[str, Value | None]]) -> dict[str, Value]:
    """Put a case together; words of lists become the list again, and a list that is not there has no words."""
    facts: dict[str, Value] = {}
    for name, value in pairs:
        whole, _, word = name.partition("\x00")
        if not word:
            facts.update({name: value} if value is not None else {})
        elif value is not None:
            held = facts.get(whole, [])
            assert isinstance(held, list)
            facts[whole] = [*held, word] if value is True else held
    return facts


def _combined(how: str, parts: list[Sets], space: Space) -> Sets:
    """Put parts together by the tables of `domain.truth`: what decides, then what is broken, then what is unknown."""
    if how == "not":
        return Sets(parts[0].no, parts[0].yes, parts[0].unknown, parts[0].broken)
    decided = broken = unknown = 0
    for part in parts:
        decided |= part.no if how == "all" else part.yes
        broken |= part.broken
        unknown |= part.unknown
    broken &= ~decided
    unknown &= ~(decided | broken)
    rest = space.full & ~(decided | broken | unknown)
    return Sets(rest, decided, unknown, broken) if how == "all" else Sets(decided, rest, unknown, broken)
