"""One line of CEL: what is refused when the file is loaded, and how facts are judged."""

from __future__ import annotations

import pytest

from crisis_hub.adapters.rules_folder.conditions import CelCondition, ConditionRefused, Declared, Kind, Vocabulary
from crisis_hub.domain.truth import Judged, Truth, Value

FACTS = Vocabulary(
    {
        "asq.q1": Declared(Kind.TEXT, frozenset({"yes", "no", "refused"})),
        "asq.q5": Declared(Kind.TEXT, frozenset({"yes", "no", "refused"})),
        "asq.band": Declared(Kind.TEXT, frozenset({"acute_positive", "negative"})),
        "asq.complete": Declared(Kind.YES_OR_NO),
        "phq9.total": Declared(Kind.NUMBER),
        "age": Declared(Kind.NUMBER),
        "case.contacts": Declared(Kind.WHOLE),
        "case.language": Declared(Kind.TEXT),
        "known": Declared(Kind.LIST),
    }
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # syntax
        ("", "The line is empty."),
        ("   ", "The line is empty."),
        ('asq.q1 = "yes"', "Write == (two signs)"),
        ('asq.q1 == "yes" and asq.q5 == "yes"', "Write && instead of “and”"),
        ('asq.q1 == "yes', "A quote is not closed."),
        ('(asq.q1 == "yes"', "cannot be read from character"),
        ("\x00", "cannot be read from character"),
        # names
        ('asq.q6 == "yes"', "There is no fact called “asq.q6”. Did you mean “asq.q"),
        ('asq.bnad == "negative"', "Did you mean “asq.band”?"),
        ("phq8.total > 3", "Did you mean “phq9.total”?"),
        ("asq.q1 == yes", 'it must stand in quotes: "yes"'),
        ('answer(asq.q1) == "yes"', "There is no function called “answer”."),
        ('"asq.q9" in known', "There is no fact called “asq.q9”."),
        # types
        ("asq.q1 == 1", "An answer is a text and stands in quotes"),
        ("asq.q1", "does not say yes or no"),
        ("phq9.total", "does not say yes or no"),
        ('phq9.total == "many"', "cannot stand between"),
        # what can never be
        ('asq.q1 == "maybe"', "“asq.q1” can never be “maybe”; it can be no, refused, yes."),
        ('"maybe" != asq.q1', "can never be “maybe”"),
        ('asq.q1 in ["yes", "refusd"]', "Did you mean “refused”?"),
        ('asq.band == "acute_postive"', "Did you mean “acute_positive”?"),
        ('!(asq.q5 == "unknown")', "is never “unknown” to a condition"),
        # length
        ('asq.q1 == "yes" || ' * 40 + "true", "at most 500 are read"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_with_what_to_do(line: str, said: str) -> None:
    with pytest.raises(ConditionRefused) as refused:
        FACTS.compile(line)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("line", "facts", "truth"),
    [
        ('asq.q1 == "yes"', {"asq.q1": "yes"}, Truth.YES),
        ('asq.q1 == "yes"', {"asq.q1": "refused"}, Truth.NO),
        ('asq.q1 == "yes"', {}, Truth.UNKNOWN),
        ('!(asq.q1 == "yes")', {}, Truth.UNKNOWN),  # not of unknown is unknown
        ('asq.q1 == "yes" && asq.complete', {"asq.q1": "no"}, Truth.NO),  # no decides
        ('asq.q1 == "yes" && asq.complete', {"asq.q1": "yes"}, Truth.UNKNOWN),
        ('asq.complete || asq.q1 == "yes"', {"asq.q1": "yes"}, Truth.YES),  # yes decides
        ("asq.complete", {"asq.complete": True}, Truth.YES),
        ("phq9.total > 9", {"phq9.total": 10.0}, Truth.YES),  # whole numbers are understood
        ("age<18", {"age": 17.5}, Truth.YES),
        ("age != -1", {"age": 17.5}, Truth.YES),
        ("case.contacts > 1", {"case.contacts": 2}, Truth.YES),
        ('"asq.q1" in known', {"known": ["asq.q1"]}, Truth.YES),
        ('!("asq.q5" in known)', {"known": ["asq.q1"]}, Truth.YES),
        ('case.language == "age < 18"', {"case.language": "age < 18"}, Truth.YES),  # nothing changes inside quotes
    ],
)
def test_facts_are_judged_in_three_values(line: str, facts: dict[str, Value], truth: Truth) -> None:
    assert FACTS.compile(line).judge(facts).truth is truth


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("1 / (case.contacts - case.contacts) == 1", {"case.contacts": 2}),
        ('known[5] == "x"', {"known": []}),
        ("int(case.language) > 1", {"case.language": "en"}),
        ('case.language.matches("(")', {"case.language": "en"}),
        ('asq.q1 == "yes"', {"asq.q1": 3}),  # a fact of the wrong type
        ('case.language == "en"', {"case.language": "\ud800"}),  # half a character
        ("known.exists(a, known.exists(b, known.exists(c, a + b + c == '')))", {"known": ["x"] * 300}),  # too long
    ],
)
def test_anything_else_that_goes_wrong_is_broken_and_never_raises(line: str, facts: dict[str, Value]) -> None:
    judged = FACTS.compile(line).judge(facts)

    assert judged.truth is Truth.BROKEN
    assert judged.error


def test_it_says_what_it_looks_at_and_what_it_saw() -> None:
    condition = FACTS.compile('asq.q1 == "yes" && known.exists(k, k == "asq.q5") && age > 3')

    assert condition.names == {"asq.q1", "known", "age"}
    assert condition.judge({"asq.q1": "no", "age": 4.0, "asq.q5": "no", "known": ["asq.q1"]}) == Judged(
        Truth.NO, (("age", 4.0), ("asq.q1", "no"), ("known", ["asq.q1"]))
    )
    assert condition.text.startswith("asq.q1")
    assert isinstance(condition, CelCondition)


def test_what_it_said_before_never_stands_for_other_facts() -> None:
    """Lines remember what they said; to Python 1 is true, to a rule it is a fact of the wrong type."""
    line = FACTS.compile('asq.complete && "asq.q1" in known')

    for _ in range(2):
        assert line.judge({"asq.complete": True, "known": ["asq.q1"]}).truth is Truth.YES
        assert line.judge({"asq.complete": True, "known": []}).truth is Truth.NO
        assert line.judge({"asq.complete": True}).truth is Truth.UNKNOWN
        assert FACTS.compile("asq.complete").judge({"asq.complete": 1}).truth is Truth.BROKEN

    plain = FACTS.compile("asq.complete")
    assert [plain.judge({"asq.complete": value}).truth for value in (True, 1, True, 1.0, False, 0)] == [
        Truth.YES, Truth.BROKEN, Truth.YES, Truth.BROKEN, Truth.NO, Truth.BROKEN,
    ]  # fmt: skip


def test_it_does_not_remember_without_end() -> None:
    line = FACTS.compile("age > 3")
    for age in range(2000):
        line.judge({"age": float(age)})

    assert len(line._memory) <= 256
