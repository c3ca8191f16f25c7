"""All promises of one rulebook, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from crisis_hub.domain.items import answers_of
from crisis_hub.domain.proof.ground import check_floor, check_ladders, states_of_the_floor
from crisis_hub.domain.proof.life import Life
from crisis_hub.domain.proof.readings import all_readings, instruments_of
from crisis_hub.domain.proof.report import Promise
from crisis_hub.domain.proof.steadiness import Steadiness
from crisis_hub.domain.proof.world import Workshop
from crisis_hub.domain.rules import Rulebook

Progress = Callable[[str], None]

_HOW = {
    "a": "each reading over each step of one answer towards worse, other answers and the facts of the case being "
    "whatever they may; what no line tells apart is walked once",
    "b": "each reading over each answer becoming absent, unknown or refused, against the best real answer",
    "c": "each rule over the outcomes of what it looks at, each level over the answers of its instrument",
    "d": "the real decision for each reading at high or above, and each ladder by itself",
    "e": "every subset of the files that the floor needs, with and without all others; the rest cannot touch it",
    "f": "each reading over each item going from unasked to each reply while the talk goes on",
}


def verify(book: Rulebook, say: Progress = lambda line: None) -> list[Promise]:
    """Walk a rulebook and return all promises, each with what was found against it."""
    shop = Workshop(book)
    found = {letter: Promise(letter, how=_HOW[letter]) for letter in _HOW}
    steady = Steadiness(shop, say)
    for finding in steady.walk():
        found[finding.promise].findings.append(finding)
    for letter in "abf":
        found[letter].walked = shop.walked
    found["c"].findings += Life(shop, say).walk()
    found["c"].walked = shop.walked
    found["d"].findings += check_ladders(shop, say)
    found["d"].walked = len(all_readings(book)) + len(book.ladders)
    say("floor")
    found["e"].findings += check_floor(book)
    found["e"].walked = states_of_the_floor(book)
    return list(found.values())


def stands_for(book: Rulebook) -> int:
    """Return how many combinations of answers there are to the instruments, a number counting as one answer."""
    return sum(prod(len(answers_of(item)) + 3 for item in instrument.items) for instrument in instruments_of(book))
