"""What people and programs write as an answer is understood, or refused; never guessed."""

from __future__ import annotations

import pytest

from crisis_hub.domain.answers import read_answer
from crisis_hub.domain.items import Item, Option, as_value, why_not

YES_NO = Item("now", {"en": "Now"}, "yes_no")
OFTEN = Item(
    "often",
    {"en": "How often"},
    "choice",
    options=(
        Option("0", {"en": "Not at all"}, 0, "LA6568-5"),
        Option("1", {"en": "Several days"}, 1, "LA6569-3"),
        Option("3", {"en": "Nearly every day"}, 3, "LA6571-9"),
    ),
)
WHEN = Item(
    "when",
    {"en": "When"},
    "choice",
    options=(
        Option("today", {"en": "Today", "es": "Hoy"}, also=("within 24 h",)),
        Option("no", {"en": "Never"}),
        Option("yes", {"en": "Once"}),
        Option("unable", {"en": "Unable to answer"}, tells_nothing=True),
    ),
)
SWAPPED = Item("swapped", {}, "choice", options=(Option("1", {}, 2), Option("2", {}, 1)))
CROSSED = Item("crossed", {}, "choice", options=(Option("a", {"en": "b"}), Option("b", {"en": "a"})))
WEIGHT = Item("weight", {}, "number")
DAYS = Item(
    "days", {"en": "Days"}, "number", least=0, most=366, options=(Option("no", {}, value=0), Option("yes", {}, value=1))
)


@pytest.mark.parametrize(
    ("item", "said", "answer"),
    [
        *[(YES_NO, said, "yes") for said in ("yes", "Yes ", "YES.", True, "true", "TRUE", 1, 1.0, "LA33-6")],
        *[(YES_NO, said, "no") for said in ("no", "No", False, "false", "False", 0, "LA32-8")],
        *[(item, "Refused", "refused") for item in (YES_NO, OFTEN, WHEN, DAYS)],
        *[(item, "unknown", "unknown") for item in (YES_NO, OFTEN, WHEN, DAYS)],
        *[(OFTEN, said, "3") for said in (3, 3.0, "3", "3.0", "LA6571-9", "nearly  every day", "Nearly every day")],
        (OFTEN, 0, "0"),
        (OFTEN, "not at all", "0"),
        (WHEN, "Within 24 H", "today"),
        (WHEN, "TODAY", "today"),
        (WHEN, "never", "no"),
        (WHEN, True, "yes"),
        (WHEN, 0, "no"),
        (WHEN, "LA33-6", "yes"),
        (WHEN, "unable to answer", "unable"),
        (DAYS, 12, "12"),
        (DAYS, 12.0, "12"),
        # A number is a number, also where a word could stand for it.
        (DAYS, 1, "1"),
        (DAYS, 0, "0"),
        (WEIGHT, 999_999, "999999"),
        (WEIGHT, 1_000_000, "1000000"),
        (WEIGHT, 1_234_567.5, "1234567.5"),
        # A code stands before what another option counts.
        (SWAPPED, 1, "1"),
        (SWAPPED, "2", "2"),
        (SWAPPED, "2.0", "2"),
        # A code stands before the words of another option.
        (CROSSED, "b", "b"),
        (CROSSED, "B", "a"),
        (DAYS, "12", "12"),
        (DAYS, True, "yes"),
        (DAYS, "No", "no"),
    ],
)
def test_what_is_understood(item: Item, said: object, answer: str) -> None:
    assert read_answer(item, said) == (answer, "")
    assert why_not(item, answer) is None


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (YES_NO, "not at all sure"),
        (YES_NO, 2),
        (YES_NO, ""),
        (YES_NO, "LA6568-5"),
        (OFTEN, "Not at all sure"),
        (OFTEN, 2),
        (OFTEN, True),
        (OFTEN, "true"),
        (OFTEN, "LA33-6"),
        (WHEN, "Hoy"),
        (DAYS, -1),
        (DAYS, 367),
        (DAYS, "many"),
        (DAYS, "nan"),
        (DAYS, float("inf")),
        (YES_NO, None),
        (YES_NO, ["yes"]),
        (YES_NO, {"yes": 1}),
    ],
)
def test_what_is_refused(item: Item, said: object) -> None:
    answer, why = read_answer(item, said)

    assert answer == ""
    assert why.startswith(item.id)


@pytest.mark.parametrize("said", ["nan", "NaN", "inf", "+inf", "-Infinity", "infinity"])
def test_what_computers_write_for_no_number_at_all_is_named_as_such(said: str) -> None:
    assert read_answer(WEIGHT, said) == ("", f"weight needs a number that can be counted, not “{said}”.")
    assert read_answer(YES_NO, said)[1].startswith("now can be answered with yes, no, unknown or refused")


@pytest.mark.parametrize("said", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_cannot_be_counted_is_named_as_such(said: float) -> None:
    assert read_answer(DAYS, said) == ("", f"days needs a number that can be counted, not {said}.")


def test_what_is_neither_word_nor_number_is_named_as_such() -> None:
    assert read_answer(DAYS, None) == ("", "days needs a word or a number, not a list, a set of fields or nothing.")


def test_a_word_that_stands_for_a_number_is_kept_as_it_was_said_and_counts_as_the_number() -> None:
    assert as_value(DAYS, "yes") == 1.0
    assert as_value(DAYS, "no") == 0.0
    assert as_value(DAYS, "30") == 30.0
    assert as_value(YES_NO, "yes") == "yes"
