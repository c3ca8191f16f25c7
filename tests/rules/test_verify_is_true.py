"""The sets of the proof must say of every combination what the real score and the real judge say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.instrument import REFUSED, UNKNOWN, Instrument, Item, score
from crisis_hub.domain.items import answers_of
from crisis_hub.domain.proof.axes import Seen
from crisis_hub.domain.proof.case_facts import made_up
from crisis_hub.domain.proof.inside import Inside
from crisis_hub.domain.proof.oracle import Situation
from crisis_hub.domain.proof.readings import all_readings, instruments_of
from crisis_hub.domain.proof.replies import ABSENT
from crisis_hub.domain.proof.space import Lookup
from crisis_hub.domain.proof.world import Workshop, World
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.rules import Rulebook, facts_of
from crisis_hub.domain.truth import Truth, Value
from tests.rules.conftest import RULES

BOOK: Rulebook = RulesFolder(RULES).load()
SHOP = Workshop(BOOK)
INSTRUMENTS = {instrument.id: instrument for instrument in instruments_of(BOOK)}
READINGS = {reading.id: reading for reading in all_readings(BOOK)}
T = TypeVar("T")


def replies(item: Item) -> list[str]:
    """Every reply; of a number more than the proof itself tries."""
    numbers = [str(n) for n in (0, 1, 2, 3, 4, 9, 10, 13, 14, 17, 18, 30, 64, 65, 100)] if item.kind == "number" else []
    least = item.least if item.least is not None else float("-inf")
    most = item.most if item.most is not None else float("inf")
    inside = [number for number in numbers if least <= float(number) <= most]
    return [ABSENT, *answers_of(item), *inside, UNKNOWN, REFUSED]


CHOICES = {(id, item.id): replies(item) for id, instrument in INSTRUMENTS.items() for item in instrument.items}


class Draw:
    """Numbers that look drawn by lot and are the same in every run."""

    def __init__(self, seed: str) -> None:
        self.state = int.from_bytes(sha256(seed.encode()).digest()[:8], "big")

    def below(self, end: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % end

    def of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]


def answers_to(instrument: Instrument, draw: Draw) -> dict[str, str]:
    """Answers with every mixture of full, empty and dodged, so that finished screens come up as well."""
    favourite, same = draw.of(["any", "real", "same", "same"]), draw.below(6)
    found = {}
    for item in instrument.items:
        choices = CHOICES[instrument.id, item.id]
        if favourite == "same":
            reply = choices[min(same, len(choices) - 1)] if draw.below(6) else draw.of(choices)
        else:
            reply = draw.of(answers_of(item) or choices if favourite == "real" else choices)
        if reply != ABSENT:
            found[item.id] = reply
    return found


def place_of(inside: Inside, answers: dict[str, str]) -> int:
    """The combination of the space that stands for these answers."""
    walked = {item.id for axis in inside.axes for item in axis.items}
    if inside.deep and not walked >= answers.keys():
        # Of the items that only show that something was asked, one is walked, and it comes last.
        bystander = inside.axes[-1].items[0]
        answers = {**answers, bystander.id: inside.axes[-1].replies.groups[-1][0]} if bystander.optional else answers
    values = []
    for axis in inside.axes:
        groups = [
            axis.replies.groups[group_of(axis.replies.groups, answers.get(item.id, ABSENT))][0] for item in axis.items
        ]
        values.append(axis.place(groups))
    return inside.space.place(values)


def group_of(groups: tuple[tuple[str, ...], ...], reply: str) -> int:
    for number, group in enumerate(groups):
        if reply in group:
            return number
    # A number that the proof did not try: the nearest that it did try stands on the same side of every cut.
    tried = [(abs(float(r) - float(reply)), n) for n, group in enumerate(groups) for r in group if is_number(r)]
    return min(tried)[1]


def is_number(reply: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", reply))


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("id", sorted(INSTRUMENTS))
def test_sets_say_what_the_score_says(id: str, over: bool) -> None:
    instrument = INSTRUMENTS[id]
    facts = frozenset({"band", "risk", "complete", "total", *(f"flags\x00{flag.id}" for flag in instrument.flags)})
    inside = SHOP.inside(instrument, Seen(facts | {"flags\x00refused_or_unknown"}), over=over)
    quiet = SHOP.inside(instrument, Seen(frozenset({"risk"})), over=over)
    where = {name: {v: Lookup(m) for v, m in inside.fact(name).items()} for name in sorted(facts)}
    risks = {value: Lookup(mask) for value, mask in quiet.fact("risk").items()}

    draw = Draw(f"{id} {over}")
    for _ in range(120):
        answers = answers_to(instrument, draw)
        real = real_facts(instrument, answers, over)
        place = place_of(inside, answers)
        assert {name: at(held, place) for name, held in where.items()} == {name: real[name] for name in where}, answers
        assert at(risks, place_of(quiet, answers)) == real["risk"], answers


def real_facts(instrument: Instrument, answers: dict[str, str], over: bool) -> dict[str, Value | None]:
    """What rules see, from the real score; nothing when nothing was asked."""
    case = made_up({instrument.id: answers}, {}, over=over)
    facts = facts_of(case, BOOK)
    found: dict[str, Value | None] = {
        name: facts.get(f"{instrument.id}.{name}") for name in ("band", "risk", "complete", "total")
    }
    flags = score(instrument, answers, over=over).flags
    for flag in (*(flag.id for flag in instrument.flags), "refused_or_unknown"):
        found[f"flags\x00{flag}"] = flag in flags if answers else None
    return found


def at(held: dict[Value | None, Lookup], place: int) -> Value | None:
    found = [value for value, lookup in held.items() if place in lookup]
    assert len(found) == 1
    return found[0]


def situation(reading: Reading, worlds: dict[bool, World], draw: Draw) -> Situation:
    names = {name.partition(".")[0] for name in reading.when.names() if not name.startswith(("case.", "known"))}
    answers = {id: answers_to(INSTRUMENTS[id], draw) for id in sorted(names) if draw.below(8)}
    over = bool(draw.below(2))
    about = {name: draw.of(values) for name, values in worlds[over].of_the_case.items()}
    return Situation({id: given for id, given in answers.items() if given}, about, over)


@pytest.mark.parametrize("id", sorted(rule.id for rule in BOOK.rules))
def test_a_rule_holds_in_the_world_where_it_holds_for_the_judge(id: str) -> None:
    reading = READINGS[id]
    worlds = {over: World((reading,), SHOP, over) for over in (False, True)}
    fires = {over: world.fires(reading) for over, world in worlds.items()}
    draw = Draw(id)
    for _ in range(60):
        case = situation(reading, worlds, draw)
        world = worlds[case.over]
        place = world_place(world, case)
        if world.possible >> place & 1:
            truth = reading.when.judge(facts_of(case.case(), BOOK)).truth
            assert bool(fires[case.over] >> place & 1) == (truth is Truth.YES), case.words()


def world_place(world: World, case: Situation) -> int:
    values = []
    for id, outcomes in world.outcomes.items():
        place = place_of(outcomes.inside, dict(case.answers.get(id, {})))
        values.append(next(n for n, facts in enumerate(outcomes.facts) if outcomes.masks[facts] >> place & 1))
    values += [held.index(case.about[name]) for name, held in world.of_the_case.items()]
    return world.space.place(values)
