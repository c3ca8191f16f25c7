"""Every instrument against its published table, and every published mistake put back into a copy and caught."""

# ruff: noqa: E501 (a mistake and what it replaces are read best on one line)

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.instrument import score
from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES
from tests.rules.instruments.published import DEFECTS, OTHERS, Vignette, qs, result_of, same, spread, wrong_ones

# ------------------------------------------------------------------------------------------ C-SSRS, whole

LEVEL_IF_YES = {
    "q1": Risk.LOW,
    "q2": Risk.LOW,
    "q3": Risk.MODERATE,
    "q4": Risk.HIGH,
    "q5": Risk.HIGH,
    "q6": Risk.MODERATE,
    "q6_recent": Risk.HIGH,
}
"""The published table: the level is the worst of the answers that are yes, and none when all are no."""


def _patterns() -> list[dict[str, str]]:
    behind_q2 = [{"q2": "no"}] + [
        {"q2": "yes", "q3": a, "q4": b, "q5": c} for a, b, c in product(("yes", "no"), repeat=3)
    ]
    behind_q6 = [{"q6": "no"}, {"q6": "yes", "q6_recent": "no"}, {"q6": "yes", "q6_recent": "yes"}]
    return [{"q1": q1, **two, **six} for q1 in ("yes", "no") for two in behind_q2 for six in behind_q6]


def test_there_are_54_patterns() -> None:
    assert len({tuple(pattern.items()) for pattern in _patterns()}) == 54


@pytest.mark.parametrize("answers", _patterns(), ids=lambda a: "".join(said[0] for said in a.values()))
def test_every_pattern_of_the_cssrs_gives_the_published_level(book: Rulebook, answers: dict[str, str]) -> None:
    result = score(book.instruments["cssrs_screener_recent"], answers)
    expected = worst([Risk.NONE, *(LEVEL_IF_YES[item] for item, said in answers.items() if said == "yes")])

    assert (result.risk, result.band, result.complete, result.next) == (expected, expected.value, True, None)
    assert "contradictory" not in result.flags


@pytest.mark.parametrize(
    ("recent", "over", "risk"),
    [
        (None, False, Risk.MODERATE),
        (None, True, Risk.HIGH),
        ("unknown", False, Risk.HIGH),
        ("refused", False, Risk.HIGH),
        ("no", True, Risk.MODERATE),
        ("yes", False, Risk.HIGH),
    ],
)
def test_an_act_of_which_nobody_says_when(book: Rulebook, recent: str | None, over: bool, risk: Risk) -> None:
    """While the talk goes on the question can still be asked; afterwards it is read as recent."""
    answers = {"q1": "no", "q2": "no", "q6": "yes", **({"q6_recent": recent} if recent else {})}

    assert score(book.instruments["cssrs_screener_recent"], answers, over=over).risk is risk


def test_answers_of_the_cssrs_that_contradict_each_other_are_marked(book: Rulebook) -> None:
    screen = book.instruments["cssrs_screener_recent"]

    assert "contradictory" in score(screen, {"q1": "no", "q2": "no", "q4": "yes", "q6": "no"}).flags
    assert "contradictory" in score(screen, {"q6": "no", "q6_recent": "yes"}).flags


# ------------------------------------------------------------------------------------------ bands by total

BANDS = [
    ("phq9", qs(9), 3, [("minimal", 4), ("mild", 9), ("moderate", 14), ("moderately_severe", 19), ("severe", 27)]),
    ("phq2", qs(2), 3, [("negative", 2), ("positive", 6)]),
    ("gad7", qs(7), 3, [("minimal", 4), ("mild", 9), ("moderate", 14), ("severe", 21)]),
]
"""Each instrument, its items, the most that one counts, and the highest total of each band."""

TOTALS = [
    (name, items, most, total)
    for name, items, most, bands in BANDS
    for total in range(bands[-1][1] + 1)
]  # fmt: skip


@pytest.mark.parametrize(("name", "items", "most", "total"), TOTALS, ids=[f"{row[0]} {row[3]}" for row in TOTALS])
def test_every_total_has_its_published_band(book: Rulebook, name: str, items: list[str], most: int, total: int) -> None:
    bands = next(bands for found, _, _, bands in BANDS if found == name)
    expected = next(band for band, upper in bands if total <= upper)
    for order in (items, items[::-1]):
        answers = {item: str(points) for item, points in spread(order, total, most).items()}
        result = score(book.instruments[name], answers)
        flagged = name == "phq9" and answers["q9"] != "0"

        assert (result.total, result.band, result.complete) == (total, expected, True)
        assert result.risk is (Risk.LOW if flagged else Risk.NOT_ASSESSED)
        assert result.flags == (("suicide_item",) if flagged else ())


@pytest.mark.parametrize("total", range(11))
def test_every_total_of_the_dast(book: Rulebook, total: int) -> None:
    upper = [("none", 0), ("low", 2), ("moderate", 5), ("substantial", 8), ("severe", 10)]
    points = spread(qs(10), total, 1)
    answers = {item: "yes" if bool(point) is (item != "q3") else "no" for item, point in points.items()}
    result = score(book.instruments["dast10"], answers)

    assert (result.total, result.band) == (total, next(band for band, most in upper if total <= most))
    assert result.risk is Risk.NOT_ASSESSED


@pytest.mark.parametrize("hole", [None, "unknown", "refused"])
@pytest.mark.parametrize("name", ["phq9", "phq2", "gad7", "dast10", "audit_c"])
def test_a_scale_with_a_hole_has_no_total_and_no_band(book: Rulebook, name: str, hole: str | None) -> None:
    instrument = book.instruments[name]
    for missing in [item.id for item in instrument.items if not item.optional]:
        answers = {item.id: item.order[-1] for item in instrument.items if item.id != missing and not item.person}
        result = score(instrument, answers | ({missing: hole} if hole else {}), over=True)

        assert (result.total, result.band, result.complete) == (None, None, False), missing


# ------------------------------------------------------------------------------------------ the four principles

FOUR = "lifeline_four_principles"
ASKED = {"suicidal_ideation": "no", "history_of_attempts": "no", "attempt_in_progress": "no"}
SIGN = {"desire": "hopelessness", "capability": "means_available", "intent": "plan_method_known"}
WEIGHED = {
    (): ("none", Risk.NONE),
    ("desire",): ("low", Risk.LOW),
    ("capability",): ("low", Risk.LOW),
    ("intent",): ("moderate", Risk.MODERATE),
    ("desire", "capability"): ("moderate", Risk.MODERATE),
    ("desire", "intent"): ("moderate", Risk.MODERATE),
    ("capability", "intent"): ("moderate", Risk.MODERATE),
    ("desire", "capability", "intent"): ("high", Risk.HIGH),
}


@pytest.mark.parametrize("buffers", ["yes", "no", None])
@pytest.mark.parametrize("signs", WEIGHED)
def test_the_four_principles_are_weighed_and_buffers_never_subtract(
    book: Rulebook, signs: tuple[str, ...], buffers: str | None
) -> None:
    instrument = book.instruments[FOUR]
    needed = [item.id for item in instrument.items if not item.optional]
    answers = {**same(needed, "no"), **{SIGN[sign]: "yes" for sign in signs}}
    if buffers:
        answers |= same([item.id for item in instrument.items if item.optional], buffers)
    result = score(instrument, answers)

    assert (result.band, result.risk, result.complete) == (*WEIGHED[signs], True)


def test_an_attempt_under_way_is_imminent_whatever_else_is_open(book: Rulebook) -> None:
    result = score(book.instruments[FOUR], {"attempt_in_progress": "yes"})

    assert (result.band, result.risk) == ("imminent", Risk.IMMINENT)


def test_three_questions_are_asked_of_everybody_and_a_sign_opens_the_others(book: Rulebook) -> None:
    instrument = book.instruments[FOUR]

    assert score(instrument, ASKED).band == "none"
    for item in ("suicidal_ideation", "history_of_attempts", "hopelessness", "currently_intoxicated"):
        assert score(instrument, {**ASKED, item: "yes"}).next is not None, item
    assert score(instrument, {**ASKED, "suicidal_ideation": "refused"}).next == "harm_to_others_ideation"


# ------------------------------------------------------------------------------------------ one by one


@pytest.mark.parametrize("one", [*DEFECTS, *OTHERS], ids=lambda one: one.name)
def test_made_up_people_get_the_published_results(book: Rulebook, one: Vignette) -> None:
    found = result_of(book, one)

    assert (found.band, found.risk.value, found.complete, found.total) == (one.band, one.risk, one.complete, one.total)
    assert set(one.flags) <= set(found.flags)


REINTRODUCED = [
    ("q4 is high", "cssrs_screener_recent", "        - 'q4 == \"yes\"'\n        - 'q5", "        - 'q5"),
    (
        "an act in the lifetime alone is moderate",
        "cssrs_screener_recent",
        "        - 'q6_recent == \"yes\"'\n",
        "        - 'q6 == \"yes\"'\n",
    ),
    (
        "an act in the lifetime alone is moderate",
        "cssrs_screener_recent",
        "'q3 == \"yes\"', 'q6 == \"yes\"'",
        "'q3 == \"yes\"'",
    ),
    (
        "an act about which nobody says when is read as recent",
        "cssrs_screener_recent",
        "- 'q6_recent == \"refused\"'",
        "- 'q6_recent == \"no\" && q6 == \"no\"'",
    ),
    ("question 9 at a minimal total", "phq9", "    when: {any: ['q9 in [", "    when: {all: ['total >= 5', 'q9 in ["),
    ("question 9 alone, so far", "phq9", "    when: {any: ['q9 in [", "    when: {all: ['total >= 1', 'q9 in ["),
    ("question 9 at a minimal total", "phq9", "[\"1\", \"2\", \"3\"]'", "[\"2\", \"3\"]'"),
    ("DAST: no to question 3 counts", "dast10", '    worse: "no"\n    points: {"no": 1}', '    points: {"yes": 1}'),
    (
        "DAST: 4 and 5 are not reversed",
        "dast10",
        '{en: "Blackouts or flashbacks", es: "Lagunas o recuerdos súbitos"}\n    kind: yes_no\n    points: {"yes": 1}',
        '{en: "Blackouts or flashbacks", es: "Lagunas o recuerdos súbitos"}\n    kind: yes_no\n    points: {"no": 1}',
    ),
    ("q5 yes with all others no is acute", "asq", "when: {any: ['q5 == \"yes\"']}", "when: {all: ['q5 == \"yes\"', 'q1 == \"yes\"']}"),
    ("a minor who refuses is positive", "asq", "'age < 18'", "'age < 17'"),
    ("AUDIT-C: nobody knows", "audit_c", "any: ['!(\"sex\" in known)', 'sex != \"male\"']", "any: ['sex == \"female\"']"),
    ("LAP: three others", "lap", "other_signs >= 4", "other_signs >= 3"),
    ("DA-5: three", "da5", "total_at_least >= 3", "total_at_least >= 4"),
    ("BVC: three", "bvc", "total_at_least >= 3", "total_at_least >= 4"),
    ("CTRS: nine", "ctrs", "total_at_most <= 9", "total_at_most <= 8"),
    ("PSS-3: months_1_6", "pss3", '"within_month", "months_1_6"', '"within_month"'),
    ("PSS-3: low mood alone", "pss3", "        - 'q2 == \"yes\"'\n", "        - 'q2 == \"yes\"'\n        - 'q1 == \"yes\"'\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "old", "new"), REINTRODUCED, ids=[f"{r[1]}: {r[0]}" for r in REINTRODUCED])
def test_a_published_mistake_put_back_is_caught(tmp_path: Path, name: str, file: str, old: str, new: str) -> None:
    good = (RULES / f"instruments/{file}.yaml").read_text("utf-8")
    assert old in good
    (tmp_path / "instruments").mkdir()
    (tmp_path / f"instruments/{file}.yaml").write_text(good.replace(old, new, 1), "utf-8")
    spoilt = RulesFolder(tmp_path).load()

    assert spoilt.problems == ()
    assert name in list(wrong_ones(spoilt, [one for one in (*DEFECTS, *OTHERS) if one.instrument == file]))


def test_no_vignette_shares_its_name_with_another() -> None:
    names = [(one.instrument, one.name) for one in (*DEFECTS, *OTHERS)]

    assert len(names) == len(set(names))
