"""The rules at work in a case: the floor, broken rules, any order, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.decision import decide_on
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.instrument import REFUSED, UNKNOWN
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import EMPTY, Rulebook, judge
from crisis_hub.domain.vocabulary import CarrierId, CaseId, ContactId, ContactRef, MessageId, PersonId
from tests.rules.conftest import RULES

NOW = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
SHIPPED = RulesFolder(RULES).load()

Given = tuple[str, str, str]
"""Instrument, item, answer."""


def talk(book: Rulebook, answers: Iterable[Given], text: str = "hello") -> tuple[Case, list[e.CaseFact]]:
    """Open a case by text and give the answers one after another."""
    first = c.ReceiveText(
        CaseId("case"), "4127", MessageId("m"), ContactId("k"), CarrierId("SM1"), ContactRef("r"),
        "+15550100", "+15550199", text, 0, "en", True, "",
    )  # fmt: skip
    facts: list[e.CaseFact] = []
    case: Case | None = None
    commands: list[c.Command] = [first]
    commands += [c.RecordAnswer(PersonId("ro"), instrument, item, answer, "so") for instrument, item, answer in answers]
    for command in commands:
        new = decide_on(case, command, book, NOW)
        case = fold(((fact, NOW) for fact in new), case)
        facts += new
    assert case is not None
    return case, facts


def ladders(facts: list[e.CaseFact]) -> list[str]:
    return [fact.ladder for fact in facts if isinstance(fact, e.EscalationStarted)]


def test_an_acute_screen_pages_the_clinician_and_says_why() -> None:
    case, facts = talk(SHIPPED, [("asq", "q1", "yes"), ("asq", "q5", "yes")])

    assert (case.risk, ladders(facts)) == (Risk.HIGH, ["clinical"])
    fired = next(fact for fact in facts if isinstance(fact, e.RuleFired) and fact.rule == "asq-acute")
    assert [(saw.condition, saw.verdict, saw.values) for saw in fired.saw] == [
        ('asq.band == "acute_positive"', "yes", '{"asq.band": "acute_positive"}')
    ]


def test_means_within_reach_makes_it_imminent_and_pages_everybody_at_once() -> None:
    case, facts = talk(SHIPPED, [("asq", "q5", "yes"), ("ch_right_now", "means", "reach")])

    assert (case.risk, ladders(facts)) == (Risk.IMMINENT, ["clinical", "imminent"])
    assert [b.rule for b in case.because] == ["asq-acute-means-within-reach"]


@pytest.mark.parametrize(
    ("answers", "risk", "paged"),
    [
        ([("ch_right_now", "attempt_now", "yes")], Risk.IMMINENT, ["imminent"]),
        ([("ch_violence_inquiry", "v10", "yes")], Risk.IMMINENT, ["imminent"]),
        ([("ch_overdose_withdrawal", "o1", "yes")], Risk.IMMINENT, ["imminent"]),
        ([("ch_right_now", "plan", "yes"), ("ch_right_now", "means", "home")], Risk.HIGH, ["clinical"]),
        ([("ch_overdose_withdrawal", "o6", "yes")], Risk.MODERATE, []),
        ([("asq", "q1", "yes")], Risk.MODERATE, []),
        ([("asq", "q1", "yes"), ("asq", "q5", "refused")], Risk.MODERATE, ["clinical"]),
        ([("asq", f"q{n}", "no") for n in range(1, 5)], Risk.NONE, []),
        ([("asq", "q1", "unknown")], Risk.NOT_ASSESSED, []),
    ],
)
def test_what_answers_lead_to(answers: list[Given], risk: Risk, paged: list[str]) -> None:
    case, facts = talk(SHIPPED, answers)

    assert (case.risk, ladders(facts)) == (risk, paged)


def test_texts_stopped_at_high_risk_call_a_supervisor() -> None:
    case, _ = talk(SHIPPED, [("asq", "q5", "yes")])
    stop = c.ReceiveText(
        case.id, "4127", MessageId("m2"), ContactId("k"), CarrierId("SM2"), ContactRef("r"),
        "+15550100", "+15550199", "STOP", 0, "en", True, "",
    )  # fmt: skip

    assert ladders(list(decide_on(case, stop, SHIPPED, NOW))) == ["supervisors"]


FLOOR_ANSWERS: list[list[Given]] = [
    [("ch_violence_inquiry", "v10", "yes")],
    [("ch_violence_inquiry", item, "yes") for item in ("v1", "v7", "v5")],
    [("ch_violence_inquiry", item, "yes") for item in ("v1", "v7", "v6")],
    [("ch_overdose_withdrawal", "o1", "yes")],
    [("ch_overdose_withdrawal", "o2", "yes")],
]


@pytest.mark.parametrize("answers", FLOOR_ANSWERS)
@pytest.mark.parametrize("kept", ["nothing", "nowhere", "instruments", "escalation", "ladders", "all broken"])
def test_the_floor_holds_whatever_files_there_are(tmp_path: Path, answers: list[Given], kept: str) -> None:
    book = EMPTY
    if kept != "nothing":
        book = RulesFolder(_partly(tmp_path, kept)).load()
    case, facts = talk(book, answers)

    assert case.risk is Risk.IMMINENT
    assert any(isinstance(fact, e.StepTaken) for fact in facts)
    assert ladders(facts)[0] in ("everyone", "imminent")


def _partly(folder: Path, kept: str) -> Path:
    for path in RULES.rglob("*.yaml"):
        file = path.relative_to(RULES)
        if kept in (file.parts[0], "all broken"):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("rules: [" if kept == "all broken" else path.read_text("utf-8"), "utf-8")
    return folder if kept != "nowhere" else folder / "nowhere"


def test_a_rule_that_breaks_at_a_case_calls_a_supervisor_once_and_stops_no_other(room: Path) -> None:
    (room / "escalation/breaks.yaml").write_text(
        """
rules:
  - id: breaks
    when: {all: ['1 / (case.contacts - case.contacts) == 1']}
    then: [{raise_risk: low}]
    because: A test.
    source: A test
    examples: {fires: [{asq: {q1: "yes"}}], stays_calm: [{asq: {q1: "no"}}]}
"""
    )
    book = RulesFolder(room).load()
    assert book.problems == ()
    case, facts = talk(book, [("asq", "q1", "yes"), ("asq", "q5", "yes")])

    broke = [fact for fact in facts if isinstance(fact, e.RuleBroke)]
    assert [(fact.rule, fact.path, fact.error) for fact in broke] == [
        ("breaks", "when, all, 1 of 1", "INVALID_ARGUMENT: divide by zero")
    ]
    assert sorted(ladders(facts)) == ["clinical", "supervisors"]
    assert case.risk is Risk.HIGH


def test_unknown_waits_and_says_for_what(book: Rulebook) -> None:
    case, _ = talk(book, [("ch_right_now", "plan", "yes")])
    judgement = next(j for j in judge(case, book) if j.reading.id == "plan-and-means")

    assert [traced.text for traced in judgement.verdict.missing()] == ['ch_right_now.means in ["home", "reach"]']


# ------------------------------------------------------------------------------------------- properties


def _possible(book: Rulebook) -> list[Given]:
    found = []
    for instrument in {**BARE_INSTRUMENTS, **book.instruments}.values():
        for item in instrument.items:
            words = [option.code for option in item.options] or (
                ["12", "40"] if item.kind == "number" else ["yes", "no"]
            )
            found += [(instrument.id, item.id, word) for word in [*words, REFUSED, UNKNOWN]]
    return found


ANSWERS = st.lists(st.sampled_from(_possible(SHIPPED)), max_size=12, unique_by=lambda given: given[:2])
LIGHT = settings(max_examples=60, deadline=None)


@LIGHT
@given(answers=ANSWERS, data=st.data())
def test_the_order_of_answers_does_not_change_the_risk(answers: list[Given], data: st.DataObject) -> None:
    other = data.draw(st.permutations(answers))

    assert talk(SHIPPED, answers)[0].risk is talk(SHIPPED, other)[0].risk


@LIGHT
@given(answers=ANSWERS, data=st.data())
def test_an_answer_that_nobody_knows_leaves_what_the_others_say(answers: list[Given], data: st.DataObject) -> None:
    if not answers:
        return
    at = data.draw(st.integers(0, len(answers) - 1))
    without = [*answers[:at], *answers[at + 1 :]]
    instrument, item, _ = answers[at]
    rest = talk(SHIPPED, without)[0].risk
    unknown = talk(SHIPPED, [*answers[:at], (instrument, item, UNKNOWN), *answers[at + 1 :]])[0].risk

    assert not is_worse(rest, unknown)


@LIGHT
@given(answers=ANSWERS)
def test_high_and_imminent_always_page_somebody(answers: list[Given]) -> None:
    case, facts = talk(SHIPPED, answers)

    if case.risk in (Risk.HIGH, Risk.IMMINENT):
        assert ladders(facts)
