"""Whether rotas and ladders hold: what is found, and that nothing is found where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from crisis_hub.domain.coverage import Lack, ladder_coverage, rota_coverage
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Step, Stint, Target
from crisis_hub.domain.lacks import Colleague
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import OnHolidays, Window

ANA, BEN, SAM = (PersonId(name) for name in ("ana", "ben", "sam"))
START = datetime.fromisoformat("2026-01-05T08:00-06:00")
END = START + timedelta(days=14)
WEEKLY = Layer(Turn.WEEKLY, 1, datetime.fromisoformat("2026-01-05T08:00"), (ANA, BEN), "main")
ROTA = Rota("clinicians", "America/Chicago", (WEEKLY,), (SAM,))
WELL = Colleague(proved_at=START)
ALL = {ANA: WELL, BEN: WELL, SAM: WELL}


def test_where_all_is_well_nothing_is_found() -> None:
    assert rota_coverage(ROTA, START, END) == ()
    assert rota_coverage(ROTA, START, END, ALL) == ()


def test_a_span_with_nobody_is_told_by_the_clock_of_the_rota_with_who_would_be_called() -> None:
    away = Override(Change.REMOVE, ANA, START + timedelta(days=1), START + timedelta(days=2))
    (found,) = rota_coverage(ROTA, START, END, ALL, [away])

    assert found.leaves_nobody
    assert (found.start, found.end) == (away.start, away.end)
    assert found.sentence() == (
        "clinicians: Nobody is on call from Tue 06 Jan 2026 08:00 (America/Chicago) "
        "until Wed 07 Jan 2026 08:00 (America/Chicago); sam would be called."
    )
    alone = replace(ROTA, last_resort=(), overrides=(away,))
    assert [one.lack for one in rota_coverage(alone, START, END)] == [Lack.NOBODY, Lack.NO_LAST_RESORT]
    assert "; nobody would be called." in rota_coverage(alone, START, END)[0].sentence()


def test_somebody_who_cannot_be_reached_is_nobody() -> None:
    found = rota_coverage(ROTA, START, END, {**ALL, BEN: Colleague(ways=0)})

    assert [(one.lack, one.start, one.end) for one in found] == [
        (Lack.NOBODY_REACHED, START + timedelta(days=7), END),
        (Lack.NO_REACH, None, None),
    ]


def test_who_is_unknown_is_named_once_also_under_last_resort() -> None:
    found = rota_coverage(replace(ROTA, last_resort=(SAM, ANA)), START, END, {ANA: WELL, BEN: WELL})

    assert [one.sentence() for one in found] == ["clinicians: Nobody among the staff is called “sam”."]


def test_who_only_stood_in_a_layer_that_is_over_may_have_left() -> None:
    over = Layer(Turn.WEEKLY, 1, datetime.fromisoformat("2025-01-06T08:00"), (PersonId("gone"),), "old", until=START)

    assert rota_coverage(replace(ROTA, layers=(over, WEEKLY)), START, END, ALL) == ()


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (replace(WEEKLY, people=()), "there are no people in it"),
        (replace(WEEKLY, only=(Window(frozenset(), time(8), time(9)),)), "its hours never come"),
        (replace(WEEKLY, only=(Window(holidays=OnHolidays.ONLY),)), "its hours never come"),
        (replace(WEEKLY, until=START - timedelta(days=1)), "it ends before it begins"),
    ],
)
def test_a_layer_in_which_nobody_ever_has_a_shift(layer: Layer, why: str) -> None:
    found = rota_coverage(replace(ROTA, layers=(WEEKLY, replace(layer, name="odd"))), START, END, ALL)

    assert [one.sentence() for one in found] == [f"clinicians: In “odd” nobody ever has a shift: {why}."]


# ------------------------------------------------------------------------------------------ people


@pytest.mark.parametrize(
    ("ben", "lack", "red", "told"),
    [
        (Colleague(opted_out=True), Lack.OPTED_OUT, True, "has told the carrier to send nothing more"),
        (Colleague("Ben", ways=0), Lack.NO_REACH, True, "Ben has no way to be reached"),
        (replace(WELL, verified=False), Lack.NOT_VERIFIED, False, "has not confirmed with a code"),
        (Colleague(), Lack.NOT_PROVED, False, "ben has taken no page and no test page in 30 days."),
        (replace(WELL, proved_at=START - timedelta(days=30, seconds=1)), Lack.NOT_PROVED, False, "in 30 days"),
    ],
)
def test_the_worst_that_is_wrong_with_how_somebody_is_reached_is_told(
    ben: Colleague, lack: Lack, red: bool, told: str
) -> None:
    found = [one for one in rota_coverage(ROTA, START, END, {**ALL, BEN: ben}) if not one.leaves_nobody]

    assert [(one.lack, one.red, one.who) for one in found] == [(lack, red, BEN)]
    assert told in found[0].sentence()


def test_a_test_page_taken_thirty_days_ago_still_proves_it() -> None:
    ben = replace(WELL, proved_at=START - timedelta(days=30))

    assert rota_coverage(ROTA, START, END, {**ALL, BEN: ben}) == ()


def leave(person: PersonId, start: datetime, end: datetime) -> tuple[Colleague, Override]:
    """Somebody who is away, and what that does to every rota."""
    return replace(WELL, away=(Stint(start, end),)), Override(Change.REMOVE, person, start, end)


def test_who_is_on_leave_and_has_shifts_is_told_also_where_somebody_else_is_there() -> None:
    both = replace(ROTA, layers=(WEEKLY, replace(WEEKLY, name="second", people=(BEN, ANA))))
    away, off = leave(ANA, START + timedelta(days=1), START + timedelta(days=3))
    (found,) = rota_coverage(both, START, END, {**ALL, ANA: away}, [off])

    assert (found.lack, found.who, found.red) == (Lack.ON_LEAVE, ANA, False)
    assert (found.start, found.end) == (off.start, off.end)
    alone = rota_coverage(ROTA, START, END, {**ALL, ANA: away}, [off])
    assert [one.lack for one in alone] == [Lack.NOBODY, Lack.ON_LEAVE]


def test_a_leave_that_is_covered_or_lies_between_the_shifts_is_no_lack() -> None:
    away, off = leave(ANA, START + timedelta(days=1), START + timedelta(days=3))
    cover = Override(Change.REPLACE, BEN, off.start, off.end, ANA)
    between, free = leave(BEN, START, START + timedelta(days=2))

    assert rota_coverage(ROTA, START, END, {**ALL, ANA: away}, [cover, off]) == ()
    assert rota_coverage(ROTA, START, END, {**ALL, BEN: between}, [free]) == ()


def test_a_last_resort_or_a_person_on_a_step_who_is_on_leave_is_told() -> None:
    away, off = leave(SAM, START - timedelta(days=3), START + timedelta(days=2))
    (resort,) = rota_coverage(ROTA, START, END, {**ALL, SAM: away}, [off])
    (named,) = ladder_coverage(ladder(CLINICIANS, Target("person", "sam")), ROTAS, START, END, {**ALL, SAM: away})

    assert (resort.lack, resort.start, resort.end) == (Lack.ON_LEAVE, START, off.end)
    assert "stands under last_resort" in resort.sentence()
    assert (named.lack, named.who) == (Lack.ON_LEAVE, SAM)


def test_who_would_be_called_is_told_by_name_where_names_are_known() -> None:
    off = Override(Change.REMOVE, ANA, START, END)
    (found,) = rota_coverage(ROTA, START, END, {**ALL, SAM: replace(WELL, name="Sam Okoro")}, [off])

    assert found.sentence().endswith("; Sam Okoro would be called.")


def test_a_span_is_planned_only_where_the_turns_alone_leave_it_empty() -> None:
    nights = replace(WEEKLY, only=(Window(start=time(20), end=time(8)),))
    off = Override(Change.REMOVE, ANA, START + timedelta(hours=14), START + timedelta(hours=16))
    found = rota_coverage(replace(ROTA, layers=(nights,)), START, START + timedelta(days=2), None, [off])

    assert [(one.start - START, one.planned) for one in found if one.start] == [
        (timedelta(0), True),
        (timedelta(hours=14), False),
        (timedelta(hours=24), True),
    ]


# ------------------------------------------------------------------------------------------ ladders


def ladder(*targets: Target) -> Ladder:
    return Ladder("clinical", tuple(Step((target,), 120) for target in targets))


CLINICIANS, SUPERVISOR = Target("rota", "clinicians"), Target("role", "supervisor")
SECOND = replace(ROTA, name="second", layers=(replace(WEEKLY, people=(SAM, BEN)),))
ROTAS = {"clinicians": ROTA, "second": SECOND}


def test_a_ladder_whose_steps_try_different_people_is_well() -> None:
    other = replace(SECOND, layers=(replace(WEEKLY, people=(BEN, ANA)),))

    assert ladder_coverage(ladder(CLINICIANS, SUPERVISOR), ROTAS, START, END, ALL) == ()
    assert ladder_coverage(ladder(CLINICIANS, Target("rota", "second")), {**ROTAS, "second": other}, START, END) == ()


def test_the_same_person_on_two_steps_is_found_with_the_first_time_at_which_it_is_so() -> None:
    (found,) = ladder_coverage(ladder(CLINICIANS, SUPERVISOR, Target("rota", "second")), ROTAS, START, END, ALL)

    assert (found.lack, found.start, found.end) == (Lack.TWICE, START + timedelta(days=7), END)
    assert found.sentence().startswith("clinical: ben stands on steps 1 and 3 from Mon 12 Jan 2026 08:00")


def test_a_person_by_name_who_is_also_on_call_and_the_same_rota_twice() -> None:
    by_name = ladder_coverage(ladder(CLINICIANS, Target("person", "ana")), ROTAS, START, END, ALL)
    again = ladder_coverage(ladder(CLINICIANS, CLINICIANS), ROTAS, START, END, ALL)
    unknown = ladder_coverage(ladder(Target("person", "gone")), ROTAS, START, END, ALL)

    assert [(one.lack, one.start) for one in by_name] == [(Lack.TWICE, START)]
    assert [one.sentence() for one in again] == ["clinical: Steps 1 and 2 page the same: rota clinicians."]
    assert [one.lack for one in unknown] == [Lack.UNKNOWN_PERSON]


def test_the_last_resort_of_one_step_may_be_the_person_of_another() -> None:
    empty = replace(ROTA, layers=())
    found = ladder_coverage(ladder(CLINICIANS, Target("person", "sam")), {"clinicians": empty}, START, END)

    assert [one.sentence().split(" from")[0] for one in found] == ["clinical: sam stands on steps 1 and 2"]


def test_who_is_tried_twice_on_one_and_the_same_step_is_only_tried_once() -> None:
    both = Ladder("clinical", (Step((CLINICIANS, Target("person", "ana")), 120), Step((SUPERVISOR,), 120)))

    assert ladder_coverage(both, ROTAS, START, END, ALL) == ()
