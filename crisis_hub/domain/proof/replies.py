"""What can be said to a question, which replies no condition tells apart, and which of two replies is worse.

A reply is an answer, or "" where the item was not asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from crisis_hub.domain.instrument import REFUSED, UNKNOWN, Instrument, Item, bindings
from crisis_hub.domain.items import answers_of
from crisis_hub.domain.proof.judging import CannotWalk, looks
from crisis_hub.domain.truth import Condition, Truth, Value, judge_safely

ABSENT = ""
MISSING = (ABSENT, UNKNOWN, REFUSED)
"""The replies that tell nothing: not asked, asked and nobody knows, asked and refused."""


@dataclass(frozen=True, slots=True)
class Line:
    """A condition that looks at an item, and under which name; `plain` when only its "yes" matters to its clause."""

    condition: Condition
    name: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of an item: the lines that look at it, and what else of it shows.

    `points`: what it counts; `known`, `asked`: whether it is listed; `given`: whether it was asked at all; `needed`:
    whether it is open, dodged or answered; `told`: only whether it is answered.
    `cuts` are all numbers with which any line at all compares it, so that every reading is walked over the same ones.
    """

    lines: tuple[Line, ...] = ()
    points: bool = False
    known: bool = False
    asked: bool = False
    given: bool = False
    needed: bool = False
    told: bool = False
    cuts: frozenset[float] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one reply: from any of `before` to `after`, as `kind` a (worse), b (missing) or f (given)."""

    kind: str
    before: tuple[str, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies to an item in groups that nothing tells apart; the first of a group stands for it."""

    item: Item
    groups: tuple[tuple[str, ...], ...]

    def group_of(self, reply: str) -> int:
        """Return the number of the group that holds a reply."""
        return next(number for number, group in enumerate(self.groups) if reply in group)

    @property
    def count(self) -> int:
        """Return how many replies there are before any are taken together."""
        return sum(len(group) for group in self.groups)


def replies_to(instrument: Instrument, item: Item, sight: Sight) -> Replies:
    """Return the replies to an item, those together that nothing tells apart."""
    groups: dict[Hashable, list[str]] = {}
    for reply in (ABSENT, *real_answers(item, sight), *_nothing(item), REFUSED, UNKNOWN):
        groups.setdefault(_shows(instrument, item, reply, sight), []).append(reply)
    return Replies(item, tuple(tuple(group) for group in groups.values()))


def real_answers(item: Item, sight: Sight) -> tuple[str, ...]:
    """Return the answers that tell something; of a number, one at, between and beyond each constant it meets."""
    worded = tuple(code for code in answers_of(item) if not item.tells_nothing(code))
    return (*worded, *_numbers(item, sight)) if item.kind == "number" else worded


def moves(replies: Replies) -> Iterator[Move]:
    """Return every change of a reply of which something is promised, once for each pair of groups."""
    item = replies.item
    everything = tuple(reply for group in replies.groups for reply in group)
    real = tuple(reply for reply in everything if reply not in MISSING and not item.tells_nothing(reply))
    order = in_order(item, real)
    seen: set[tuple[object, ...]] = set()
    for move in (*_worse(order), *_blanked(order, real), *_given(replies)):
        befores = tuple(replies.group_of(reply) for reply in move.before)
        after = replies.group_of(move.after)
        if set(befores) != {after} and (move.kind, befores, after) not in seen:
            seen.add((move.kind, befores, after))
            yield move


def in_order(item: Item, replies: tuple[str, ...]) -> tuple[str, ...]:
    """Return those replies that have an order, from best to worst."""
    if item.kind != "number":
        return tuple(code for code in item.order if code in replies)
    numbers = [reply for reply in replies if _is_number(reply)]
    if item.worse not in ("higher", "lower"):
        return ()
    return tuple(sorted(numbers, key=float, reverse=item.worse == "lower"))


def _worse(order: tuple[str, ...]) -> Iterator[Move]:
    """Give each single step towards worse; whatever holds for each of them holds for the long ones."""
    for better, worse in pairwise(order):
        yield Move("a", (better,), worse)


def _blanked(order: tuple[str, ...], real: tuple[str, ...]) -> Iterator[Move]:
    """Give each real answer's becoming missing; where there is an order, the best answer speaks for the ordered."""
    unordered = tuple(reply for reply in real if reply not in order)
    against = (*order[:1], *unordered)
    if against:
        yield from (Move("b", against, missing) for missing in MISSING)


def _given(replies: Replies) -> Iterator[Move]:
    for group in replies.groups:
        yield from (Move("f", (ABSENT,), reply) for reply in group[:1])


def _shows(instrument: Instrument, item: Item, reply: str, sight: Sight) -> Hashable:
    """Return everything that anybody can see of a reply."""
    held = bindings(instrument, {item.id: reply}).get(item.id) if reply else None
    missing = held is None or reply == REFUSED
    return (
        reply != ABSENT if sight.given else None,
        (reply != ABSENT, missing) if sight.needed else None,
        missing if sight.told else None,
        None if not sight.points or missing else item.points_of(reply),
        (held is not None, missing and reply == REFUSED) if sight.known else None,
        reply != ABSENT if sight.asked else None,
        *(_said(line, held) for line in sight.lines),
    )


def _said(line: Line, held: Value | None) -> Hashable:
    if line.condition.names != {line.name}:
        return str(held)
    truth = judge_safely(line.condition, {line.name: held} if held is not None else {}).truth
    return truth is Truth.YES if line.plain and truth is not Truth.BROKEN else truth


def _nothing(item: Item) -> list[str]:
    return [code for code in answers_of(item) if item.tells_nothing(code)]


def _numbers(item: Item, sight: Sight) -> list[str]:
    for line in sight.lines:
        if looks(line.condition, line.name) is None:
            raise CannotWalk(f"{line.condition.text} does more with {line.name} than compare it with a number")
    return [f"{number:g}" for number in around(sight.cuts) if _can_be(item, number)] or _one(item)


def around(cuts: Iterable[float]) -> list[float]:
    """Return a number below, at, between and above all of these."""
    known = sorted(cuts)
    found = [known[0] - 1] if known else []
    for number, cut in enumerate(known):
        found.append(cut)
        if number + 1 < len(known):
            gap = known[number + 1] - cut
            found.append(cut + 1 if gap > 1 else cut + gap / 2)
    return [*found, known[-1] + 1] if known else []


def _one(item: Item) -> list[str]:
    return [f"{item.least if item.least is not None else 0:g}"]


def _can_be(item: Item, number: float) -> bool:
    return (item.least is None or number >= item.least) and (item.most is None or number <= item.most)


def _is_number(reply: str) -> bool:
    try:
        float(reply)
    except ValueError:
        return False
    return True
