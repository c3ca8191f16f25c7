"""Whether rotas and ladders hold: what is found, and that nothing is found where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from crisis_hub.domain.coverage import Lack, ladder_coverage, rota_coverage
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Step, Target
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import OnHolidays, Window

ANA, BEN, SAM = (PersonId(name) for name in ("ana", "ben", "sam"))
START = datetime.fromisoformat("2026-01-05T08:00-06:00")
END = START + timedelta(days=14)
WEEKLY = Layer(Turn.WEEKLY, 1, datetime.fromisoformat("2026-01-05T08:00"), (ANA, BEN), "main")
ROTA = Rota("clinicians", "America/Chicago", (WEEKLY,), (SAM,))
ALL = {ANA: True, BEN: True, SAM: True}


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
    found = rota_coverage(ROTA, START, END, {**ALL, BEN: False})

    assert [(one.lack, one.start, one.end) for one in found] == [
        (Lack.NOBODY_REACHED, START + timedelta(days=7), END),
        (Lack.NO_REACH, None, None),
    ]


def test_who_is_unknown_is_named_once_also_under_last_resort() -> None:
    found = rota_coverage(replace(ROTA, last_resort=(SAM, ANA)), START, END, {ANA: True, BEN: True})

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
