"""Covers: a request is open until one thing ends it, and until it is taken the shift stays whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_hub.domain.arranged import Arranged, arranged, leave_of
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.covers import Cover, CoverState, decline, evolve_cover, may_take, take, withdraw
from crisis_hub.domain.errors import Refused, SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.events import (
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Fact,
    LeaveEnded,
    LeaveTaken,
    OverrideEnded,
    OverrideMade,
    Recorded,
    Stint,
)
from crisis_hub.domain.rota import Layer, Rota, Turn, on_call
from crisis_hub.domain.vocabulary import PersonId

ANA, BEN, CAL, SAM = PersonId("ana"), PersonId("ben"), PersonId("cal"), PersonId("sam")
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
OPEN, TAKEN, DECLINED, LAPSED, WITHDRAWN = CoverState


def hour(count: float) -> datetime:
    return NOW + timedelta(hours=count)


SHIFT = Stint(hour(2), hour(14))


def asked(of: PersonId | None = None, exchange: Stint | None = None, shift: Stint = SHIFT) -> Cover:
    return Cover("c", CoverAsked("c", ANA, shift.start, shift.end, ANA, of, exchange, ""), NOW)


def taking(person: PersonId = BEN) -> CoverTaken:
    return CoverTaken("c", person, person, (), "")


def taken(cover: Cover, at: datetime = NOW, person: PersonId = BEN) -> Cover:
    return evolve_cover(cover, taking(person), at)


def written(*facts: tuple[Fact, datetime]) -> list[Recorded]:
    return [Recorded(n, "rota-x", n, at, "test", "", fact) for n, (fact, at) in enumerate(facts, start=1)]


# ------------------------------------------------------------------------------------------ taking


def test_the_first_wins_and_may_say_it_again_and_the_second_is_told_who() -> None:
    after = taken(asked())
    assert take(after, taking(), NOW, "Ben", for_somebody=False) == ()
    with pytest.raises(SomebodyWasFirst) as told:
        take(after, taking(CAL), NOW, "Ben", for_somebody=True)
    assert told.value.who == "Ben"


@pytest.mark.parametrize(
    ("cover", "who", "may"),
    [
        (asked(), BEN, True),
        (asked(), ANA, False),
        (asked(BEN), BEN, True),
        (asked(BEN), CAL, False),
        (evolve_cover(asked(), CoverWithdrawn("c", ANA, ""), NOW), BEN, False),
        (evolve_cover(asked(), CoverLapsed("c"), NOW), BEN, False),
        (evolve_cover(asked(), CoverDeclined("c", CAL, CAL, True, ""), NOW), BEN, False),
        (evolve_cover(asked(), CoverDeclined("c", CAL, CAL, False, ""), NOW), BEN, True),
        (taken(asked()), CAL, False),
    ],
)
def test_who_may_take_it(cover: Cover, who: PersonId, may: bool) -> None:
    assert may_take(cover, who, NOW) is may
    if may:
        assert take(cover, taking(who), NOW, "", for_somebody=False) == (taking(who),)
    else:
        with pytest.raises((TooLate, Wrong)):
            take(cover, taking(who), NOW, "", for_somebody=False)


def test_a_supervisor_may_give_it_to_another_than_was_asked_but_not_in_exchange_for_a_shift() -> None:
    assert take(asked(BEN), taking(CAL), NOW, "", for_somebody=True)
    with pytest.raises(Wrong):
        take(asked(BEN, Stint(hour(20), hour(30))), taking(CAL), NOW, "", for_somebody=True)


@pytest.mark.parametrize(
    ("cover", "lapses"),
    [
        (asked(), hour(2)),
        (asked(shift=Stint(NOW, hour(14))), hour(14)),
        (asked(BEN, Stint(hour(1), hour(2))), hour(1)),
        (asked(BEN, Stint(hour(20), hour(30))), hour(2)),
    ],
    ids=["at its beginning", "asked while it runs", "the other shift is first", "the other shift is later"],
)
def test_it_can_be_taken_until_the_shift_begins_and_not_a_moment_longer(cover: Cover, lapses: datetime) -> None:
    before = lapses - timedelta.resolution
    assert (cover.lapses_at, cover.is_due(before), cover.is_due(lapses)) == (lapses, False, True)
    assert (cover.seen_at(before), cover.seen_at(lapses)) == (OPEN, LAPSED)
    assert take(cover, taking(), before, "", for_somebody=False)
    for refused in (
        lambda: take(cover, taking(), lapses, "", for_somebody=True),
        lambda: decline(cover, CoverDeclined("c", BEN, BEN, True, ""), lapses),
        lambda: withdraw(cover, CoverWithdrawn("c", ANA, ""), lapses),
    ):
        with pytest.raises(TooLate):
            refused()


# ------------------------------------------------------------------------------------------ what it changes


def test_until_it_is_taken_it_changes_nothing_and_then_only_its_own_span() -> None:
    assert asked().overrides() == ()
    assert taken(asked()).overrides() == (Override(Change.REPLACE, BEN, SHIFT.start, SHIFT.end, ANA),)


def test_taking_it_in_the_middle_and_taking_it_back_change_no_hour_that_is_over() -> None:
    """Who was on call then was on call then, whatever is arranged afterwards."""
    late = taken(asked(shift=Stint(NOW, hour(14))), hour(4))
    assert [(one.start, one.end) for one in late.overrides()] == [(hour(4), hour(14))]
    back = evolve_cover(late, CoverWithdrawn("c", ANA, ""), hour(6))
    assert [(one.start, one.end) for one in back.overrides()] == [(hour(4), hour(6))]
    unused = evolve_cover(taken(asked()), CoverWithdrawn("c", ANA, ""), hour(1))
    assert unused.overrides() == ()


def test_a_swap_changes_both_shifts() -> None:
    other = Stint(hour(20), hour(30))
    assert taken(asked(BEN, other)).overrides() == (
        Override(Change.REPLACE, BEN, SHIFT.start, SHIFT.end, ANA),
        Override(Change.REPLACE, ANA, other.start, other.end, BEN),
    )


def test_it_is_taken_back_until_it_is_over() -> None:
    after = taken(asked())
    assert withdraw(after, CoverWithdrawn("c", ANA, ""), hour(13))
    with pytest.raises(TooLate):
        withdraw(after, CoverWithdrawn("c", ANA, ""), hour(14))
    assert withdraw(evolve_cover(after, CoverWithdrawn("c", ANA, ""), NOW), CoverWithdrawn("c", ANA, ""), NOW) == ()


# ------------------------------------------------------------------------------------------ the fold

ALWAYS = Rota("x", "UTC", (Layer(Turn.WEEKLY, 1, datetime.fromisoformat("2026-01-05"), (ANA,), "all"),), (SAM,))
ASKED = CoverAsked("c", ANA, SHIFT.start, SHIFT.end, ANA, None, None, "")


def people(so_far: Arranged, at: datetime, *more: Override) -> tuple[PersonId, ...]:
    return on_call(ALWAYS, at, (*so_far.counting, *more)).people


def test_the_later_word_counts() -> None:
    """Cover and then cover of the cover; an override that was ended counts no longer."""
    second = CoverAsked("d", BEN, SHIFT.start, SHIFT.end, BEN, None, None, "")
    handed_on = written((ASKED, NOW), (taking(), NOW), (second, NOW), (CoverTaken("d", CAL, CAL, (), ""), NOW))
    assert people(arranged(handed_on), hour(3)) == (CAL,)
    made = OverrideMade("o", Change.REPLACE, SAM, CAL, SHIFT.start, SHIFT.end, SAM, (), "")
    overruled = [*handed_on, *written((made, NOW))]
    assert people(arranged(overruled), hour(3)) == (SAM,)
    ended = [*overruled, *written((OverrideEnded("o", SAM), hour(5)))]
    assert [people(arranged(ended), hour(n)) for n in (4.9, 5)] == [(SAM,), (CAL,)]


def test_leave_counts_whatever_was_arranged_before_or_after_it() -> None:
    away = LeaveTaken("l", BEN, hour(0), hour(100), BEN, "")
    for order in ([(away, NOW)], [(away, hour(1))]):
        [leave] = leave_of(written(*order)).values()
        covered = arranged(written((ASKED, NOW), (taking(), NOW)))
        assert on_call(ALWAYS, hour(3), (*covered.counting, leave.override())).people == (SAM,)
    back = leave_of(written((away, NOW), (LeaveEnded("l", BEN), hour(1))))["l"]
    assert (back.holds_at(NOW), back.holds_at(hour(1))) == (True, False)
    never = leave_of(written((away, hour(-5)), (LeaveEnded("l", BEN), hour(-1))))["l"]
    assert never.stint == Stint(NOW, NOW)


def test_somebody_on_leave_is_no_last_resort_unless_nobody_else_is_left() -> None:
    two = replace(ALWAYS, layers=(), last_resort=(SAM, CAL))
    away = [Override(Change.REMOVE, who, NOW, hour(9)) for who in (SAM, CAL)]
    assert on_call(two, hour(1), away[:1]).people == (CAL,)
    assert on_call(two, hour(1), away).people == (SAM, CAL)
    assert on_call(two, hour(9), away[:1]).people == (SAM, CAL)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take ben", "take cal", "decline ben", "decline cal", "withdraw", "lapse"]), st.integers(0, 5)
    ),
    max_size=8,
)


def stepped(cover: Cover, step: str, now: datetime) -> Cover:
    """Try a step; what is refused changes nothing."""
    word, _, who = step.partition(" ")
    person = PersonId(who)
    nobody_left = cover.asked.of is not None
    facts: tuple[CoverTaken | CoverDeclined | CoverLapsed | CoverWithdrawn, ...] = ()
    try:
        if word == "take":
            facts = take(cover, taking(person), now, "", for_somebody=False)
        elif word == "decline":
            facts = decline(cover, CoverDeclined("c", person, person, nobody_left, ""), now)
        elif word == "withdraw":
            facts = withdraw(cover, CoverWithdrawn("c", ANA, ""), now)
        elif cover.is_due(now):
            facts = (CoverLapsed("c"),)
    except Refused:
        return cover
    for fact in facts:
        cover = evolve_cover(cover, fact, now)
    return cover


@given(STEPS, st.sampled_from([None, BEN]))
def test_whatever_is_tried_somebody_has_the_shift_at_every_hour(
    steps: list[tuple[str, int]], of: PersonId | None
) -> None:
    """Ana until it is taken, whoever took it until it is taken back, and never nobody and never two."""
    cover, at = asked(of), 0
    for step, passes in steps:
        at += passes
        after = stepped(cover, step, hour(at))
        for passed in range(at):
            seen = [on_call(ALWAYS, hour(passed), one.overrides()).people for one in (cover, after)]
            assert seen[0] == seen[1], "what is over was changed"
        cover = after
    for count in range(16):
        found = on_call(ALWAYS, hour(count), cover.overrides()).people
        assert len(found) == 1
        if cover.state in (OPEN, DECLINED, LAPSED):
            assert found == (ANA,)
