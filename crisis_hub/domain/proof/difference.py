"""What a change of the rules changes: the combinations of answers whose risk, band or actions are others than before.

An instrument whose questions stayed the same is walked once with the lines of both versions, so that what either of
them tells apart is told apart. A rule that changed is walked in both versions over everything that either looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crisis_hub.domain.instrument import Flag, Instrument
from crisis_hub.domain.items import Item
from crisis_hub.domain.proof.axes import Seen, axes_of
from crisis_hub.domain.proof.cuts import cuts_of
from crisis_hub.domain.proof.inside import Inside
from crisis_hub.domain.proof.judging import CannotWalk, Choices
from crisis_hub.domain.proof.oracle import Situation, outcome_of
from crisis_hub.domain.proof.space import Mask, TooLarge
from crisis_hub.domain.proof.world import Workshop, World
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.rules import Rulebook

_RESULTS = ("risk", "band")


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is not as before: what, in how many of the combinations walked, and the smallest of them."""

    what: str
    id: str
    sentence: str
    differ: int = 0
    walked: int = 0
    example: str = ""
    before: str = ""
    after: str = ""


def differences(old: Rulebook, new: Rulebook) -> Iterator[Changed]:
    """Return everything that differs between two rulebooks: instruments, rules, ladders."""
    for id in sorted({*old.instruments, *new.instruments}):
        yield from _of_instrument(id, old, new)
    rules_old, rules_new = ({rule.id: rule for rule in book.rules} for book in (old, new))
    for id in sorted({*rules_old, *rules_new}):
        if found := _of_rule(rules_old.get(id), rules_new.get(id), old, new):
            yield found
    for name in sorted({*old.ladders, *new.ladders}):
        before, after = old.ladders.get(name), new.ladders.get(name)
        if before is None or after is None or before.steps != after.steps or before.then != after.then:
            yield Changed("ladder", name, f"The ladder is {_state(before, after)}.")


def _state(before: object | None, after: object | None) -> str:
    return "new" if before is None else "gone" if after is None else "changed"


def _of_instrument(id: str, old: Rulebook, new: Rulebook) -> Iterator[Changed]:
    before, after = old.instrument(id), new.instrument(id)
    if before is None or after is None:
        yield Changed("instrument", id, f"The instrument is {_state(before, after)}.")
        return
    others = [item for item in (i.id for i in (*before.items, *after.items)) if not _same_question(before, after, item)]
    if others or before.sums != after.sums or before.totals != after.totals:
        names = ", ".join(dict.fromkeys(others)) or "sums"
        yield Changed(
            "instrument", id, f"What can be answered or counted is not the same ({names}), so it is not walked."
        )
        return
    if _weighing(before) == _weighing(after):
        return
    try:
        yield from _walked(before, after, old, new)
    except (TooLarge, CannotWalk) as problem:
        yield Changed("instrument", id, f"The weighing is changed; it could not be walked: {problem}.")


def _same_question(before: Instrument, after: Instrument, id: str) -> bool:
    """Say whether an item can be answered, counts and is ordered as before; when it is asked may differ."""
    one, other = before.item(id), after.item(id)
    return one is not None and other is not None and _bare(one) == _bare(other)


def _bare(item: Item) -> object:
    options = tuple((option.code, option.value, option.tells_nothing) for option in item.options)
    return item.id, item.kind, options, item.least, item.most, dict(item.points)


def _weighing(instrument: Instrument) -> object:
    levels = [(level.band, level.risk, level.when, level.settles) for level in instrument.levels]
    flags = [(flag.id, flag.when, flag.risk) for flag in instrument.flags]
    return levels, flags, [(item.id, item.asked_when, item.optional) for item in instrument.items]


def _walked(before: Instrument, after: Instrument, old: Rulebook, new: Rulebook) -> Iterator[Changed]:
    """Walk both versions over the axes that either of them needs."""
    asked = (item.asked_when for item in after.items)
    more = tuple(Flag(f"asked {number}", when, {}) for number, when in enumerate(asked) if when is not None)
    both = replace(
        before,
        levels=(*before.levels, *after.levels),
        flags=(*before.flags, *after.flags, *more),
        items=tuple(_needed_in_either(item, after) for item in before.items),
    )
    cuts = {item.id: _cuts(old, before.id, item.id) | _cuts(new, before.id, item.id) for item in both.items}
    for over in (False, True):
        axes = axes_of(both, Seen(frozenset({"band", "risk"}), cuts=cuts))
        inside = [Inside(one, axes, deep=True, over=over) for one in (before, after)]
        for name in _RESULTS:
            differ = _unlike(inside[0].fact(name), inside[1].fact(name), inside[0].space.full)
            if differ:
                yield _told(inside[0], name, differ, old, new, over=over)
                return


def _needed_in_either(item: Item, after: Instrument) -> Item:
    """Return an item as optional only where it is so in both versions, and without a condition of its own."""
    other = after.item(item.id)
    optional = item.optional and other is not None and other.optional
    same = other is not None and other.asked_when == item.asked_when and other.optional == item.optional
    return item if same else replace(item, optional=optional)


def _cuts(book: Rulebook, instrument: str, item: str) -> frozenset[float]:
    return cuts_of(book).get(instrument, {}).get(item, frozenset())


def _unlike(one: Choices, other: Choices, full: Mask) -> Mask:
    same = 0
    for value, mask in one.items():
        same |= mask & other.get(value, 0)
    return full & ~same


def _told(inside: Inside, name: str, differ: Mask, old: Rulebook, new: Rulebook, *, over: bool) -> Changed:
    id = inside.instrument.id
    case = Situation({id: inside.answers(inside.space.fewest(differ, inside.costs))}, {}, over)
    before, after = outcome_of(case, old), outcome_of(case, new)
    said = f"Answers mean another {name}."
    walked = inside.space.size
    return Changed("instrument", id, said, differ.bit_count(), walked, case.words(), before.words(), after.words())


def _of_rule(before: Reading | None, after: Reading | None, old: Rulebook, new: Rulebook) -> Changed | None:
    """Return how a rule differs, with the smallest case in which that shows."""
    if before is not None and after is not None and (before.when, before.then) == (after.when, after.then):
        return None
    said = f"The rule is {_state(before, after)}."
    both = [replace(rule, id=f"{rule.id} {when}") for rule, when in ((before, "before"), (after, "after")) if rule]
    rule = after or before
    assert rule is not None
    shop = Workshop(new if after is not None else old)
    for over in (False, True):
        try:
            world = World(tuple(both), shop, over)
        except (TooLarge, CannotWalk) as problem:
            return Changed("rule", rule.id, f"{said} It could not be walked: {problem}.")
        fires = [world.fires(one) for one in both]
        other_care = before is None or after is None or before.then != after.then
        differ = (fires[0] | fires[-1]) if other_care else fires[0] ^ fires[-1]
        if differ:
            values = next(world.smallest(differ))
            case = Situation(world.answers(values), world.about(values), over)
            was, now = outcome_of(case, old), outcome_of(case, new)
            return Changed(
                "rule", rule.id, said, differ.bit_count(), world.space.size, case.words(), was.words(), now.words()
            )
    return Changed("rule", rule.id, f"{said} It holds in the same cases as before.")
