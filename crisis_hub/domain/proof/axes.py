"""The axes on which an instrument's answers vary: one for each question that shows, one for questions that count alike.

What is seen of a question decides how many replies must be told apart. Questions that count only by their points, and
of which nothing else is seen, are walked together by what they show as a whole: twelve such questions with four
replies each are at most 455 cases instead of sixteen million.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from math import inf

from crisis_hub.domain.instrument import Instrument, Item
from crisis_hub.domain.proof.judging import conditions_of, looks
from crisis_hub.domain.proof.replies import ABSENT, MISSING, Line, Move, Replies, Sight, moves, replies_to
from crisis_hub.domain.truth import Clause, Condition

DEEP = frozenset({"band", "risk", "complete", "total", "flags"})
"""What an instrument makes of all its answers together, beside the single answers."""

_Sums = Mapping[str, float]
_BY_TOTAL = frozenset({"total", "total_at_least", "total_at_most"})


@dataclass(frozen=True, slots=True)
class Link:
    """A promised change along an axis: the values before and after it, the item, and the replies after it."""

    move: Move
    before: tuple[int, ...]
    after: int
    item: str
    example: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies: for each value, replies to its items that stand for it (all but a few have one item)."""

    items: tuple[Item, ...]
    values: tuple[Mapping[str, str], ...]
    replies: Replies
    links: tuple[Link, ...]
    shows: _Shows | None = None
    numbers: Mapping[Hashable, int] = field(default_factory=dict)

    @property
    def alone(self) -> str:
        """Return the id of its only item, or nothing when it stands for several."""
        return self.items[0].id if len(self.items) == 1 else ""

    def place(self, replies: Sequence[str]) -> int:
        """Return the value that shows the same as these replies to its items, each the first of its group."""
        pick = tuple(self.replies.group_of(reply) for reply in replies)
        return pick[0] if self.shows is None else self.numbers[self.shows.of(pick)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at of an instrument: facts by their short names, and the lines of rules by those names."""

    facts: frozenset[str]
    lines: tuple[Line, ...] = ()
    known: frozenset[str] = frozenset()
    cuts: Mapping[str, frozenset[float]] = field(default_factory=dict, compare=False)

    quiet: bool = False
    """Of all answers together only the risk is looked at, and with no answer there is none: then an item that was not
    asked and one that was dodged are the same."""

    @property
    def deep(self) -> bool:
        """Say whether anything is looked at that takes all answers together."""
        return bool((self.facts | self.known) & DEEP) or any(fact.startswith("flags\x00") for fact in self.facts)


def axes_of(instrument: Instrument, seen: Seen) -> tuple[Axis, ...]:
    """Return the axes that must be walked for what is seen."""
    plain: list[Axis] = []
    alike: dict[Hashable, list[Item]] = {}
    bystander: Axis | None = None
    for item in instrument.items:
        sight = sight_of(instrument, item, seen)
        replies = replies_to(instrument, item, sight)
        if len(replies.groups) == 1:
            continue
        if not seen.deep or sight.lines or sight.known or sight.asked:
            plain.append(_single(item, replies))
        elif item.optional and not sight.points:
            bystander = bystander or _single(item, replies)
        else:
            alike.setdefault(_counts(instrument, item, replies), []).append(item)
    together = [_together(instrument, tuple(items), seen) for items in alike.values()]
    return (*plain, *together, *([bystander] if bystander else []))


def sight_of(instrument: Instrument, item: Item, seen: Seen) -> Sight:
    """Return what is seen of one item."""
    own = tuple(inner_lines(instrument, item.id)) if seen.deep else ()
    outer = tuple(line for line in seen.lines if line.name.rpartition(".")[2] == item.id)
    inner = list(conditions_of(tuple(clauses(instrument)))) if seen.deep else []
    return Sight(
        lines=(*own, *outer),
        points=seen.deep and item.id in _counted(instrument, seen, inner),
        known=item.id in seen.known or _listed(inner, "known", item.id),
        asked=_listed(inner, "asked", item.id),
        given=seen.deep and not seen.quiet,
        needed=seen.deep and not item.optional and not seen.quiet,
        told=seen.deep and not item.optional and seen.quiet,
        cuts=seen.cuts.get(item.id, frozenset()),
    )


def clauses(instrument: Instrument) -> Iterator[Clause]:
    """Return every clause that stands in an instrument."""
    yield from (item.asked_when for item in instrument.items if item.asked_when is not None)
    yield from (level.when for level in instrument.levels)
    yield from (flag.when for flag in instrument.flags)


def inner_lines(instrument: Instrument, name: str) -> Iterator[Line]:
    """Return the lines inside an instrument that look at one name."""
    for clause in clauses(instrument):
        yield from lines_of(clause, name)


def lines_of(clause: Clause, name: str) -> Iterator[Line]:
    """Return the lines of a clause that look at a name; without a "not" in it, only their "yes" matters."""
    plain = not _has_not(clause)
    yield from (Line(condition, name, plain) for condition in clause.conditions() if name in condition.names)


def _has_not(clause: Clause) -> bool:
    return clause.how == "not" or any(isinstance(part, Clause) and _has_not(part) for part in clause.parts)


def _listed(conditions: list[Condition], name: str, item: str) -> bool:
    """Say whether a line looks for the item in a list; one that does more with the list sees every item."""
    for condition in conditions:
        if name in condition.names:
            words = looks(condition, name)
            if words is None or item in words:
                return True
    return False


def _counted(instrument: Instrument, seen: Seen, inner: list[Condition]) -> set[str]:
    """Return the items whose points somebody sees."""
    by_total, sums = sums_seen(instrument, seen, inner)
    return {item.id for item in instrument.items} if by_total else {id for name in sums for id in instrument.sums[name]}


def sums_seen(instrument: Instrument, seen: Seen, inner: list[Condition]) -> tuple[bool, dict[str, float]]:
    """Return whether the total is seen, and each named sum that is seen with the number from which it is only "more".

    Whatever a line compares a sum with, beyond the greatest of those numbers all sums are the same to it; a sum that
    a line does more with, or that counts something below zero, is never only "more".
    """
    names = frozenset[str]().union(*(condition.names for condition in inner))
    sums: dict[str, float] = {}
    for name in sorted(names & instrument.sums.keys()):
        cuts = [looks(condition, name) for condition in inner if name in condition.names]
        known = [float(cut) for found in cuts for cut in found or () if not isinstance(cut, str)]
        least = min(
            (item.range_of_points()[0] for item in instrument.items if item.id in instrument.sums[name]), default=0
        )
        sums[name] = inf if None in cuts or not known or least < 0 else max(known) + 1
    return instrument.totals and bool(names & _BY_TOTAL or "total" in seen.facts), sums


def _counts(instrument: Instrument, item: Item, replies: Replies) -> Hashable:
    """Return what makes two items count alike."""
    points = tuple(item.points_of(group[0] or None) for group in replies.groups)
    sums = frozenset(name for name, members in instrument.sums.items() if item.id in members)
    asked = item.optional, item.asked_when
    return item.kind, replies.groups, points, item.range_of_points(), asked, sums, item.order, item.worse


def _single(item: Item, replies: Replies) -> Axis:
    values = tuple({item.id: group[0]} for group in replies.groups)
    links = (
        Link(move, tuple(replies.group_of(r) for r in move.before), after, item.id, {item.id: move.after})
        for move in moves(replies)
        for after in (replies.group_of(move.after),)
    )
    return Axis((item,), values, replies, tuple(links))


def _together(instrument: Instrument, items: tuple[Item, ...], seen: Seen) -> Axis:
    """Walk items that count alike by what they show as a whole; the fewest answers stand for what shows the same."""
    replies = replies_to(instrument, items[0], sight_of(instrument, items[0], seen))
    if len(items) == 1:
        return _single(items[0], replies)
    inner = list(conditions_of(tuple(clauses(instrument))))
    shows = _Shows.make(instrument, items, replies, *sums_seen(instrument, seen, inner))
    firsts = range(len(replies.groups))
    picks = sorted(combinations_with_replacement(firsts, len(items)), key=shows.answered)
    numbers: dict[Hashable, int] = {}
    values: list[Mapping[str, str]] = []
    for pick in picks:
        if shows.of(pick) not in numbers:
            numbers[shows.of(pick)] = len(values)
            values.append(shows.replies_of(pick))
    links: dict[tuple[object, ...], Link] = {}
    for pick in picks:
        for link in _links(shows, pick, numbers):
            links.setdefault((link.move, link.before, link.after), link)
    return Axis(items, tuple(values), replies, tuple(links.values()), shows, numbers)


def _links(shows: _Shows, pick: tuple[int, ...], numbers: Mapping[Hashable, int]) -> Iterator[Link]:
    for move, befores, group in shows.moves:
        if group in pick:
            at = pick.index(group)
            before = tuple(numbers[shows.of((*pick[:at], other, *pick[at + 1 :]))] for other in befores)
            item = shows.items[at].id
            yield Link(move, before, numbers[shows.of(pick)], item, {**shows.replies_of(pick), item: move.after})


@dataclass(frozen=True, slots=True)
class _Shows:
    """What several items that count alike show as a whole: sums, and whether any is unasked, dodged or answered."""

    items: tuple[Item, ...]
    firsts: tuple[str, ...]
    points: tuple[float, ...]
    missing: tuple[bool, ...]
    most: float | None
    moves: tuple[tuple[Move, tuple[int, ...], int], ...]

    @classmethod
    def make(
        cls,
        instrument: Instrument,
        items: tuple[Item, ...],
        replies: Replies,
        by_total: bool,
        sums: Mapping[str, float],
    ) -> _Shows:
        """Work out once what each reply shows; `most` is the sum beyond which nobody sees a difference."""
        item, firsts = items[0], tuple(group[0] for group in replies.groups)
        missing = tuple(reply in MISSING or item.tells_nothing(reply) for reply in firsts)
        pairs = zip(firsts, missing, strict=True)
        points = tuple(0.0 if gone else item.points_of(reply) or 0.0 for reply, gone in pairs)
        caps = [cap for name, cap in sums.items() if item.id in instrument.sums[name]]
        known = tuple(
            (move, tuple(replies.group_of(reply) for reply in move.before), replies.group_of(move.after))
            for move in moves(replies)
        )
        return cls(items, firsts, points, missing, None if by_total else max(caps, default=0.0), known)

    def of(self, pick: tuple[int, ...]) -> Hashable:
        """Return what one pick of a group for each item shows."""
        total = sum([self.points[number] for number in pick])
        missing = [number for number in pick if self.missing[number]]
        unasked = [number for number in missing if self.firsts[number] == ABSENT]
        return (
            total if self.most is None else min(total, self.most),
            len(missing) if self.most is None else None,
            bool(unasked),
            len(missing) > len(unasked),
            len(unasked) < len(pick),
        )

    def replies_of(self, pick: tuple[int, ...]) -> dict[str, str]:
        """Return the replies that a pick stands for."""
        return {item.id: self.firsts[number] for item, number in zip(self.items, pick, strict=True)}

    def answered(self, pick: tuple[int, ...]) -> int:
        """Return how many items are answered in a pick."""
        return sum(self.firsts[number] != ABSENT for number in pick)
