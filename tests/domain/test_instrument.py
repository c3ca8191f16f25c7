"""What answers mean: in any order, with holes, and never less than they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import pytest

from crisis_hub.domain.instrument import (
    RESERVED,
    Flag,
    Instrument,
    Item,
    Level,
    Option,
    Outside,
    bindings,
    must_be_asked,
    raised_flags,
    reached,
    score,
    spoken,
    values_of,
    why_not,
    worst_of,
)
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.truth import Judged, Truth, Value
from tests.domain.given import DANGER, MOOD, Is, Says, Throws, both, either, yes_no

SAID = ("yes", "no", "unknown", "refused", None)


def answers(*said: str | None) -> dict[str, str]:
    """Return answers to sad, tired and now; None was not asked."""
    return {item: what for item, what in zip(("sad", "tired", "now"), said, strict=False) if what is not None}


def test_nothing_asked_is_not_assessed() -> None:
    result = score(MOOD, {})

    assert (result.risk, result.band, result.complete, result.next) == (Risk.NOT_ASSESSED, None, False, "sad")
    assert (result.instrument, result.version, result.words, result.total) == ("mood", "1", "", None)


@pytest.mark.parametrize(
    ("said", "band", "risk", "complete"),
    [
        (("no", "no"), "negative", Risk.NONE, True),
        (("yes", "no", "no"), "some", Risk.MODERATE, True),
        (("yes", "no", "yes"), "acute", Risk.HIGH, True),
        # A level that settles is told at once; any other only when everything was asked.
        ((None, None, "yes"), "acute", Risk.HIGH, False),
        (("yes",), None, Risk.MODERATE, False),
        # What is not finished is incomplete, never negative.
        (("no",), None, Risk.NOT_ASSESSED, False),
        (("no", "unknown"), None, Risk.NOT_ASSESSED, False),
        (("no", "refused"), None, Risk.NOT_ASSESSED, False),
        (("refused", "refused"), None, Risk.NOT_ASSESSED, False),
        # An answer that contradicts the others counts when it is the worse one.
        (("no", "no", "yes"), "acute", Risk.HIGH, True),
    ],
)
def test_levels(said: tuple[str | None, ...], band: str | None, risk: Risk, complete: bool) -> None:
    result = score(MOOD, answers(*said))

    assert (result.band, result.risk, result.complete) == (band, risk, complete)


def test_negative_is_read_only_when_every_asked_item_was_answered_with_no() -> None:
    """The one mistake that must not happen: a person who was not asked, or would not say, shown as safe."""
    for said in product(SAID, repeat=3):
        if score(MOOD, answers(*said)).risk is Risk.NONE:
            assert said[:2] == ("no", "no")


def test_a_worse_answer_never_lowers_the_level() -> None:
    for said in product(SAID, repeat=3):
        for place in range(3):
            worse = (*said[:place], "yes", *said[place + 1 :])

            assert not is_worse(score(MOOD, answers(*said)).risk, score(MOOD, answers(*worse)).risk)


def test_a_level_that_calms_waits_for_every_answer_even_when_it_is_not_the_last() -> None:
    """ "Low" stands after "not assessed" in the queue, so half a screen must not put anybody there."""
    low = Level("low", Risk.LOW, either(Is("sad", "yes")), {})
    screen = replace(MOOD, levels=(MOOD.levels[0], low, MOOD.levels[2]))

    assert score(screen, answers("yes")).risk is Risk.NOT_ASSESSED
    assert score(screen, answers("yes", "refused", "no")).risk is Risk.NOT_ASSESSED
    assert score(screen, answers("yes", "no", "no")).risk is Risk.LOW


def test_the_level_that_was_reached_is_the_one_that_is_scored() -> None:
    for said in product(SAID, repeat=3):
        for second_hand in (False, True):
            level = reached(MOOD, answers(*said), second_hand=second_hand)
            assert (level.risk if level else Risk.NOT_ASSESSED) is score(
                MOOD, answers(*said), second_hand=second_hand
            ).risk
    assert reached(MOOD, answers("no", "no")) is MOOD.levels[2]


def test_a_level_that_has_to_wait_does_not_hide_one_that_holds_already() -> None:
    """A band of symptoms may stand before a level of danger: half a screen still shows the danger."""
    band = Level("much", Risk.NOT_ASSESSED, either(Is("sad", "yes")), {})
    screen = replace(MOOD, levels=(band, *MOOD.levels))

    assert score(screen, answers("yes")).risk is Risk.MODERATE
    assert reached(screen, answers("yes")) is MOOD.levels[1]
    assert reached(screen, answers("yes", "no", "no")) is band


def test_a_question_behind_a_door_is_asked_only_when_the_door_is_open() -> None:
    assert score(MOOD, answers("no", "no")).next is None
    assert score(MOOD, answers("yes", "no")).next == "now"


def test_a_question_whose_condition_breaks_is_asked() -> None:
    """A question too many does no harm; one too few may hide the answer that mattered."""
    screen = replace(MOOD, items=(yes_no("sad"), yes_no("tired"), yes_no("now", both(Throws()))))

    result = score(screen, answers("no", "no"))

    assert (result.next, result.complete, result.risk) == ("now", False, Risk.NOT_ASSESSED)


def test_an_optional_item_leaves_nothing_open() -> None:
    assert score(MOOD, answers("no", "no")).complete
    assert score(MOOD, answers("no", "no") | {"age": "30"}).complete


def test_whoever_dodges_a_question_is_marked() -> None:
    assert score(MOOD, answers("yes", "refused", "no")).flags == ("refused_or_unknown",)
    assert score(MOOD, answers("yes", "unknown", "no")).flags == ("refused_or_unknown",)
    assert score(MOOD, answers("yes", "no", "no")).flags == ()


def test_unknown_is_to_conditions_as_if_it_were_not_there_and_refused_can_be_asked_for() -> None:
    given = {"sad": "unknown", "tired": "refused", "age": "refused"}

    assert bindings(MOOD, given) == {"tired": "refused"}
    assert bindings(MOOD, {"age": "17"}) == {"age": 17.0}


@pytest.mark.parametrize("said", ["maybe", "yes", ""])
def test_an_answer_that_the_item_no_longer_takes_counts_as_unknown(said: str) -> None:
    """Files change in the middle of a case; an old answer must neither stop everything nor count as no."""
    assert bindings(MOOD, {"age": said}) == {}
    assert score(MOOD, {"sad": "no", "tired": "somewhat"}).risk is Risk.NOT_ASSESSED
    assert score(MOOD, {"sad": "no", "gone": "yes", "tired": "no"}).risk is Risk.NONE


def test_words_are_given_in_the_language_or_in_english() -> None:
    positive = answers("yes", "no", "no")

    assert score(MOOD, positive, "es").words == "Algo."
    assert score(MOOD, positive, "pl").words == "Some."
    assert spoken({"pl": "Trochę"}, "en") == "Trochę"
    assert spoken({"pl": "Trochę", "en": "Some"}, "es") == "Some"
    assert spoken({}, "en") == ""


# ------------------------------------------------------------------------------------------ totals


def often(id: str) -> Item:
    """How often, from 0 to 3."""
    options = tuple(Option(code, {}, value) for code, value in (("never", 0), ("some", 1), ("most", 2), ("daily", 3)))
    return Item(id, {"en": id}, "choice", options=(*options, Option("other", {})))


COUNTED = Instrument("counted", "1", "Counted", (often("a"), often("b"), often("c")), (), totals=True)


def test_a_total_adds_the_values_of_the_options() -> None:
    assert score(COUNTED, {"a": "daily", "b": "some", "c": "never"}).total == 4
    assert score(COUNTED, {"a": "daily", "b": "other", "c": "most"}).total == 5
    assert score(replace(COUNTED, totals=False), {"a": "daily", "b": "some", "c": "never"}).total is None


def test_what_somebody_else_said_adds_up_to_no_total() -> None:
    """A sum from a worried mother must not be filed as the person's own score."""
    calm = Level("minimal", Risk.NONE, both(Reaches("total_at_least", 0.0)), {})
    scale = replace(COUNTED, levels=(calm,))
    given = {"a": "daily", "b": "some", "c": "never"}

    assert score(scale, given).total == 4
    assert score(scale, given).complete
    assert score(scale, given, second_hand=True).total is None
    assert not score(scale, given, second_hand=True).complete


@pytest.mark.parametrize("hole", [None, "unknown", "refused"])
def test_a_total_with_a_hole_is_no_total(hole: str | None) -> None:
    """A sum that leaves an answer out looks like a low score."""
    given = {"a": "daily", "b": "daily"} | ({"c": hole} if hole else {})
    reached = Level("often", Risk.MODERATE, both(Is("a", "daily")), {})

    assert score(COUNTED, given).total is None
    assert score(replace(COUNTED, levels=(reached,)), given).total is None


# ------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("item", [*MOOD.items, *DANGER.items], ids=lambda item: item.id)
def test_unknown_and_refused_can_always_be_answered(item: Item) -> None:
    assert why_not(item, "unknown") is None
    assert why_not(item, "refused") is None


@pytest.mark.parametrize(
    ("item", "answer", "why"),
    [
        ("sad", "yes", None),
        ("sad", "Yes", "sad can be answered with yes, no, unknown or refused, not with “Yes”."),
        ("sad", "", "sad can be answered with yes, no, unknown or refused, not with “”."),
        ("age", "17", None),
        ("age", "17.5", None),
        ("age", "old", "age asks for a number, unknown or refused, not for “old”."),
        ("age", "0", None),
        ("age", "130", None),
        ("age", "x" * 50, "age asks for a number, unknown or refused, not for “" + "x" * 40 + "”."),
        ("age", "-1", "age cannot be less than 0."),
        ("age", "131", "age cannot be more than 130."),
        ("age", "nan", "age asks for a number, unknown or refused, not for “nan”."),
        ("age", "inf", "age asks for a number, unknown or refused, not for “inf”."),
    ],
)
def test_what_can_be_answered(item: str, answer: str, why: str | None) -> None:
    found = MOOD.item(item)
    assert found is not None

    assert why_not(found, answer) == why


def test_no_number_at_all_is_refused_where_nothing_limits_it() -> None:
    free = Item("weight", {}, "number")

    assert why_not(free, "nan") == "weight asks for a number, unknown or refused, not for “nan”."
    assert why_not(free, "-1e9") is None


def test_a_refusal_never_repeats_more_than_a_few_words_of_what_was_said() -> None:
    found = DANGER.item("how_far")
    assert found is not None

    assert why_not(found, "x" * 5000) == (
        "how_far can be answered with near, far, unknown or refused, not with “" + "x" * 40 + "”."
    )


def test_the_worst_of_several_instruments_counts() -> None:
    worse, better = score(MOOD, answers("yes", "no", "no")), score(MOOD, answers("no", "no"))

    assert worst_of([better, worse]) is Risk.MODERATE
    assert worst_of([]) is Risk.NOT_ASSESSED


def test_an_unknown_condition_leaves_the_question_unasked() -> None:
    screen = replace(MOOD, items=(yes_no("sad"), yes_no("now", both(Says(Truth.UNKNOWN)))))

    assert score(screen, {"sad": "no"}).complete


# ------------------------------------------------------------------------------------ bounds, sums and flags


@dataclass(frozen=True, slots=True)
class Reaches:
    """Holds when a number is at least so much."""

    name: str
    least: float

    @property
    def text(self) -> str:
        return f"{self.name} >= {self.least}"

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.name})

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        seen = facts.get(self.name)
        if not isinstance(seen, float):
            return Judged(Truth.UNKNOWN)
        return Judged(Truth.YES if seen >= self.least else Truth.NO, ((self.name, seen),))


@pytest.mark.parametrize("hole", [{}, {"c": "unknown"}, {"c": "refused"}])
def test_the_bounds_of_a_total_hold_whatever_the_missing_answer_turns_out_to_be(hole: dict[str, str]) -> None:
    seen = values_of(COUNTED, {"a": "daily", "b": "some", **hole})

    assert (seen["total_at_least"], seen["total_at_most"], "total" in seen) == (4.0, 7.0, False)


def test_with_every_answer_there_the_bounds_are_the_total() -> None:
    seen = values_of(COUNTED, {"a": "daily", "b": "some", "c": "never"})

    assert (seen["total"], seen["total_at_least"], seen["total_at_most"]) == (4.0, 4.0, 4.0)


def test_an_item_that_need_not_be_asked_leaves_the_bounds_alone() -> None:
    extra = replace(often("d"), optional=True)
    longer = replace(COUNTED, items=(*COUNTED.items, extra))
    given = {"a": "never", "b": "never", "c": "never"}

    assert values_of(longer, given)["total_at_most"] == 0.0
    assert values_of(longer, {**given, "d": "daily"})["total"] == 3.0


def test_points_of_a_yes_no_item_count_for_the_answer_that_they_name() -> None:
    reverse = Item("r", {}, "yes_no", points={"no": 1})

    assert [reverse.points_of(said) for said in ("no", "yes", "refused", "unknown", None)] == [
        1.0,
        0.0,
        None,
        None,
        None,
    ]
    assert reverse.range_of_points() == (0.0, 1.0)
    assert yes_no("plain").points_of("yes") is None
    assert yes_no("plain").range_of_points() == (0.0, 0.0)


def test_a_named_sum_is_there_from_the_start_and_only_grows() -> None:
    screen = replace(COUNTED, totals=False, sums={"first": ("a", "b")})

    assert values_of(screen, {})["first"] == 0.0
    assert isinstance(values_of(screen, {})["first"], float)  # conditions know no other kind of number
    assert values_of(screen, {"a": "refused", "b": "most", "c": "daily"})["first"] == 2.0
    assert "total_at_least" not in values_of(screen, {})


def test_known_and_asked_tell_apart_what_nobody_knows_and_what_nobody_asked() -> None:
    seen = values_of(MOOD, {"sad": "unknown", "tired": "refused", "age": "refused"}, over=True)

    assert (seen["asked"], seen["known"], seen["over"]) == (["sad", "tired", "age"], ["tired", "age"], True)
    assert values_of(MOOD, {})["over"] is False


HINT = Flag("hint", both(Is("a", "daily")), {"en": "Look here."}, Risk.LOW)
NOTE = Flag("note", both(Is("b", "daily")), {"en": "And here."})


def test_a_flag_and_its_risk_stand_at_once_and_never_lower_the_level() -> None:
    often_so = Level("often", Risk.MODERATE, both(Reaches("total_at_least", 5)), {})
    screen = replace(COUNTED, levels=(often_so,), flags=(HINT, NOTE))

    first = score(screen, {"a": "daily"})
    assert (first.flags, first.risk, first.band, first.complete) == (("hint",), Risk.LOW, None, False)
    second = score(screen, {"a": "daily", "b": "daily"})
    assert (second.flags, second.risk) == (("hint", "note"), Risk.MODERATE)
    assert score(screen, {"a": "daily", "c": "refused"}).flags == ("hint", "refused_or_unknown")
    assert [flag.id for flag in raised_flags(screen, {"b": "daily"})] == ["note"]


def test_what_is_over_can_raise_a_flag_and_open_a_question() -> None:
    ended = both(Is("over", value=True))
    screen = replace(MOOD, items=(yes_no("sad"), yes_no("alone", ended)), flags=(Flag("left", ended, {}),))

    assert [flag.id for flag in raised_flags(screen, {}, over=True)] == ["left"]
    assert raised_flags(screen, {}) == ()
    assert [item.id for item in must_be_asked(screen, {}, over=True)] == ["sad", "alone"]
    assert [item.id for item in must_be_asked(screen, {})] == ["sad"]


def test_a_question_behind_a_closed_door_counts_nothing_in_the_bounds() -> None:
    points = {"no": 1, "yes": 5}
    behind = Item("behind", {}, "yes_no", asked_when=both(Is("door", "yes")), points=points)
    screen = Instrument("doors", "1", "Doors", (yes_no("door"), behind), (), totals=True)

    assert values_of(screen, {"door": "no"})["total_at_least"] == 0.0
    assert values_of(screen, {"door": "no"})["total_at_most"] == 0.0
    assert values_of(screen, {"door": "yes"})["total_at_least"] == 1.0
    assert values_of(screen, {"door": "yes"})["total_at_most"] == 5.0


def test_a_band_that_says_nothing_about_danger_waits_for_every_answer_and_sets_no_risk() -> None:
    bands = (
        Level("much", Risk.NOT_ASSESSED, both(Reaches("total_at_least", 3)), {}),
        Level("little", Risk.NOT_ASSESSED, both(Reaches("total", 0)), {}),
    )
    scale = replace(COUNTED, levels=bands)

    assert score(scale, {"a": "daily", "b": "daily"}).band is None
    assert reached(scale, {"a": "daily", "b": "daily", "c": "unknown"}) is None
    whole = score(scale, {"a": "daily", "b": "never", "c": "never"})
    assert (whole.band, whole.risk, whole.total) == ("much", Risk.NOT_ASSESSED, 3)
    assert score(scale, {"a": "some", "b": "never", "c": "never"}).band == "little"


def test_what_is_over_can_be_asked_for_by_a_level() -> None:
    ended = Level("left_open", Risk.HIGH, both(Is("over", True)), {})
    screen = replace(MOOD, levels=(ended, *MOOD.levels))

    assert score(screen, {"sad": "yes"}).risk is Risk.MODERATE
    assert score(screen, {"sad": "yes"}, over=True).risk is Risk.HIGH
    assert reached(screen, {}, over=True) is ended
    assert reached(screen, {}) is None


def test_an_answer_that_tells_nothing_is_read_like_unknown() -> None:
    item = Item("q", {}, "choice", options=(Option("no", {}), Option("unable", {}, tells_nothing=True)))
    screen = Instrument("s", "1", "S", (item,), (Level("negative", Risk.NONE, both(Is("q", "no")), {}),))

    assert score(screen, {"q": "unable"}).risk is Risk.NOT_ASSESSED
    assert not score(screen, {"q": "unable"}).complete
    assert values_of(screen, {"q": "unable"})["known"] == []
    assert score(screen, {"q": "no"}).risk is Risk.NONE


# ------------------------------------------------------------------------------------------ the model


def test_the_usual_order_is_from_best_to_worst() -> None:
    assert yes_no("sad").order == ("no", "yes")
    assert often("a").order == ()  # one of its answers counts nothing, so nobody can say where it stands
    counted = Item("c", {}, "choice", options=(Option("b", {}, 2), Option("a", {}, 0), Option("z", {}, 1)))
    assert counted.order == ("a", "z", "b")
    same = Item("s", {}, "choice", options=(Option("z", {}, 1), Option("y", {}, 0), Option("a", {}, 1)))
    assert same.order == ("y", "z", "a")  # what counts the same stays as it was written
    assert Item("n", {}, "number").order == ()
    assert Item("p", {}, "yes_no", order=("yes", "no")).order == ("yes", "no")
    assert Item("f", {}, "yes_no", order=()).order == ()
    assert replace(Item("f", {}, "yes_no", order=()), optional=True).order == ()


def test_what_a_file_does_not_say_is_never_to_the_credit_of_an_instrument() -> None:
    """Nothing counts as validated, sourced or added up unless somebody wrote so."""
    bare = Instrument("bare", "1", "Bare", (), ())

    assert (bare.validated, bare.totals, bare.wording, bare.source, bare.notice) == (False, False, "own", "", "")
    plain = Item("q", {}, "yes_no")
    assert (plain.loinc, plain.person, plain.worse, plain.needs_words, plain.optional) == ("", "", "", False, False)


def test_no_item_may_take_a_name_under_which_conditions_see_something_else() -> None:
    whole = replace(COUNTED, sums={"first": ("a", "b")})
    seen = values_of(whole, {"a": "daily", "b": "some", "c": "never"})

    assert set(seen) - {"a", "b", "c", "first"} == RESERVED


def test_an_item_is_found_under_its_other_names() -> None:
    screen = replace(MOOD, items=(Item("h1", {}, "yes_no", loinc="76500-8", also=("q1",)), yes_no("q2")))

    assert [found.id for name in ("h1", "q1", "76500-8", "q2") if (found := screen.item(name))] == ["h1"] * 3 + ["q2"]
    assert screen.item("q3") is None
    assert screen.item("") is None


@pytest.mark.parametrize(
    ("licence", "packs", "worded"), [("A", (), True), ("B", (), False), ("B", ("en",), True), ("C", ("en",), False)]
)
def test_who_may_be_shown_the_words(licence: str, packs: tuple[str, ...], worded: bool) -> None:
    assert replace(MOOD, licence=licence, packs=packs).worded is worded


def test_a_tool_used_elsewhere_is_never_complete_here() -> None:
    tool = Instrument("tool", "1", "Tool", (), (), licence="C", outside=Outside({"1": {"en": "Level 1"}}))
    result = score(tool, {})

    assert (result.complete, result.risk, result.next) == (False, Risk.NOT_ASSESSED, None)


def test_facts_of_the_person_are_told() -> None:
    screen = replace(MOOD, items=(*MOOD.items, Item("years", {}, "number", person="age")))

    assert [item.id for item in screen.of_the_person] == ["years"]


def test_what_must_be_asked_follows_the_answers() -> None:
    assert [item.id for item in must_be_asked(MOOD, {})] == ["sad", "tired"]
    assert [item.id for item in must_be_asked(MOOD, {"sad": "yes"})] == ["sad", "tired", "now"]
