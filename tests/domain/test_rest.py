"""What speaks against one more shift: two at once, too little rest, too long at a stretch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_hub.domain.events import Stint
from crisis_hub.domain.rest import NO_RULES, Breach, Held, ShiftRules, objections

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TWO, LITTLE, LONG = Breach.TWO_AT_ONCE, Breach.TOO_LITTLE_REST, Breach.TOO_LONG


def at(begin: float, end: float) -> Stint:
    """A span, in hours from a noon."""
    return Stint(NOON + timedelta(hours=begin), NOON + timedelta(hours=end))


def rules(rest: float | None = None, longest: float | None = None) -> ShiftRules:
    return ShiftRules(*(None if hours is None else timedelta(hours=hours) for hours in (rest, longest)))


WANTED = at(0, 12)


@pytest.mark.parametrize(
    ("asked", "held", "found"),
    [
        (NO_RULES, at(11, 20), [(TWO, True)]),
        (NO_RULES, at(-5, 0.1), [(TWO, True)]),
        (NO_RULES, at(3, 4), [(TWO, True)]),
        (NO_RULES, at(-9, 40), [(TWO, True)]),
        (NO_RULES, at(20, 30), []),
        (NO_RULES, at(19, 30), [(LITTLE, False)]),
        (NO_RULES, at(12, 24), [(LITTLE, False)]),
        (NO_RULES, at(-12, -1), [(LITTLE, False)]),
        (NO_RULES, at(12, 12 + 168), []),  # a week is stood by, not worked through
        (rules(rest=11), at(12, 12 + 168), [(LITTLE, True)]),
        (rules(rest=11), at(22.9, 30), [(LITTLE, True)]),
        (rules(rest=11), at(23, 30), []),
        (rules(rest=11), at(-20, -11), []),
        (rules(rest=11), at(-20, -10.9), [(LITTLE, True)]),
        (rules(rest=0), at(12, 24), []),
        (rules(rest=0, longest=24), at(12, 24), []),
        (rules(rest=0, longest=23), at(12, 24), [(LONG, True)]),
        (rules(rest=0, longest=23), at(13, 25), []),
        (rules(rest=0, longest=23), at(-12, 0), [(LONG, True)]),
        (rules(longest=11), at(40, 50), [(LONG, True)]),
    ],
)
def test_what_speaks_against_a_shift(asked: ShiftRules, held: Stint, found: list[tuple[Breach, bool]]) -> None:
    seen = objections(asked, WANTED, [Held("nights", held)])

    assert [(one.breach, one.forbidden) for one in seen] == found


def test_a_stretch_grows_by_everything_that_touches_on_both_sides() -> None:
    held = [
        Held("a", at(12, 20)),
        Held("a", at(-8, 0)),
        Held("b", at(20, 22)),
        Held("b", at(-9, -7)),
        Held("a", at(24, 30)),
    ]
    [one] = objections(rules(rest=0, longest=24), WANTED, held)

    assert (one.breach, one.held, one.hours) == (LONG, at(-9, 22), 31.0)


@given(st.integers(-60, 60), st.integers(1, 40), st.integers(-60, 60), st.integers(1, 40), st.integers(0, 24))
def test_what_is_allowed_never_overlaps_and_always_leaves_the_rest(a: int, b: int, c: int, d: int, rest: int) -> None:
    wanted, held = at(a, a + b), at(c, c + d)
    allowed = not objections(rules(rest=rest), wanted, [Held("x", held)])
    free = max(held.start - wanted.end, wanted.start - held.end)

    assert allowed == (free >= timedelta(hours=rest))
