"""What is done for the person: taken by one, asked, judged, noted, closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.errors import SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseState
from tests.domain.given import (
    DANGER,
    RIA,
    RUI,
    SAM,
    Given,
    at_risk,
    claim,
    judged,
    kinds,
    paged,
    rulebook,
    said,
    stand_down,
    takes,
    text_comes,
    yes_no,
)


def opened() -> Given:
    given = Given(rulebook())
    given.when(text_comes())
    return given


# ------------------------------------------------------------------------------------------ claim, release


def test_one_wins_and_the_others_learn_who() -> None:
    given = opened()

    assert given.when(claim(RUI)) == (e.CaseClaimed(RUI, "Rui"),)
    assert (given.case.state, given.case.responder, given.case.waiting_since) == (CaseState.ACTIVE, RUI, None)
    with pytest.raises(SomebodyWasFirst, match="Rui has case 1001") as refused:
        given.when(claim(RIA))
    assert refused.value.who == "Rui"


def test_a_case_that_is_given_back_waits_again_from_now_on() -> None:
    given = opened()
    given.when(claim(RUI), c.AskForAssist(RUI, "Rui"))
    given.later(60).when(c.ReleaseCase(RUI, "end of shift"))

    assert (given.case.state, given.case.responder, given.case.assist) == (CaseState.WAITING, None, None)
    assert given.case.waiting_since == given.now
    assert kinds(given.when(claim(RIA))) == ["CaseClaimed"]


# ------------------------------------------------------------------------------------------ answers


def test_an_answer_is_kept_with_the_version_it_was_given_to() -> None:
    given = opened()

    facts = given.when(said("mood.age=17", "almost eighteen"))

    assert facts[0] == e.AnswerRecorded("mood", "1", "age", "17", RUI, "almost eighteen")


def test_a_changed_answer_counts_and_the_older_one_stays_in_history() -> None:
    given = opened()
    given.when(said("mood.sad=yes"), said("mood.sad=no"))

    assert given.case.plain_answers("mood") == {"sad": "no"}
    assert given.case.answers["mood"]["sad"].changed == 1
    assert [fact.answer for fact in given.all(e.AnswerRecorded)] == ["yes", "no"]


def test_the_same_answer_in_other_words_is_kept() -> None:
    given = opened()
    given.when(said("danger.plan=yes", "with pills"))

    assert kinds(given.when(said("danger.plan=yes", "with pills, tonight"))) == ["AnswerRecorded"]


def test_a_judgement_needs_the_reason_for_it_unless_it_is_left_open() -> None:
    judgement = replace(DANGER, id="own", items=(replace(yes_no("grave"), needs_words=True),))
    given = Given(rulebook(instruments=(judgement,)))
    given.when(text_comes())

    for blank in ("", "  "):
        with pytest.raises(Wrong, match="is a judgement: say in your own words why") as refused:
            given.when(said("own.grave=yes", blank))
        assert refused.value.field == "words"
    assert "AnswerRecorded" in kinds(given.when(said("own.grave=unknown")))
    assert "AnswerRecorded" in kinds(given.when(said("own.grave=yes", "She gave her dog away.")))


@pytest.mark.parametrize(
    ("what", "field", "why"),
    [
        ("mod.sad=yes", "instrument", "There is no instrument called “mod”"),
        ("mood.happy=yes", "item", "mood has no item “happy”; it has sad, tired, now, age."),
        ("mood.sad=perhaps", "answer", "sad can be answered with yes, no, unknown or refused"),
    ],
)
def test_a_wrong_answer_is_refused_by_field(what: str, field: str, why: str) -> None:
    with pytest.raises(Wrong, match=why) as refused:
        opened().when(said(what))

    assert refused.value.field == field


# ------------------------------------------------------------------------------------------ a person's judgement


def test_a_person_may_raise_the_risk_and_the_reason_is_kept_as_a_note() -> None:
    given = opened()

    facts = given.when(judged(Risk.MODERATE, reason="the way she said it"))

    assert facts[:2] == (
        e.RiskRaised(Risk.MODERATE, (e.Because("person", "A person judged it so."),), RUI),
        e.NoteWritten("risk-moderate-rui", RUI, "the way she said it"),
    )


def test_lowering_needs_a_reason() -> None:
    given = opened()
    given.when(judged(Risk.MODERATE))

    with pytest.raises(Wrong, match="Lowering the risk needs a reason"):
        given.when(judged(Risk.LOW, reason="  "))
    assert given.when(judged(Risk.LOW, reason="a misunderstanding"))[:1] == (
        e.RiskLowered(Risk.LOW, RUI, None, "a misunderstanding"),
    )


def test_nobody_can_take_back_that_a_risk_was_assessed() -> None:
    given = opened()
    given.when(judged(Risk.LOW))

    with pytest.raises(Wrong, match="Nobody can take back"):
        given.when(judged(Risk.NOT_ASSESSED))


def test_from_imminent_a_second_person_must_agree_to_the_same_level() -> None:
    """One tired person at four in the morning must not be able to end it alone."""
    given = at_risk(Risk.IMMINENT)

    assert kinds(given.when(judged(Risk.LOW, RUI))) == ["RiskLoweringProposed"]
    assert given.case.risk is Risk.IMMINENT
    assert kinds(given.when(judged(Risk.LOW, RUI, "I am sure"))) == ["RiskLoweringProposed"]
    assert kinds(given.when(judged(Risk.MODERATE, SAM))) == ["RiskLoweringProposed"]
    assert given.when(judged(Risk.MODERATE, RUI, "yes"))[:1] == (e.RiskLowered(Risk.MODERATE, SAM, RUI, "yes"),)
    assert (given.case.risk, given.case.lowering) == (Risk.MODERATE, None)


def test_a_new_rise_forgets_what_was_proposed_before_it() -> None:
    given = at_risk(Risk.IMMINENT)
    given.when(judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))
    given.when(judged(Risk.IMMINENT, SAM))

    assert kinds(given.when(judged(Risk.LOW, SAM))) == ["RiskLoweringProposed"]


# ------------------------------------------------------------------------------------------ assist, notes, close


def test_a_supervisor_is_called_once() -> None:
    given = opened()

    assert given.when(c.AskForAssist(RUI, "Rui")) == (e.AssistAsked(RUI, "Rui"),)
    assert given.when(c.AskForAssist(RIA, "Ria")) == ()


def test_notes_stay_in_order_even_on_a_closed_case() -> None:
    given = opened()
    given.when(c.WriteNote(RUI, "n1", "first"), c.CloseCase(RUI, "safe", ""), c.WriteNote(RUI, "n2", "second"))

    assert [(note.id, note.text) for note in given.case.notes] == [("n1", "first"), ("n2", "second")]


def test_a_case_is_not_closed_while_somebody_is_wanted() -> None:
    given = at_risk()

    with pytest.raises(TooLate, match="A page is still open"):
        given.when(c.CloseCase(RUI, "safe", ""))
    given.when(stand_down())
    assert kinds(given.when(c.CloseCase(RUI, "safe", ""))) == ["CaseClosed"]
    assert (given.case.state, given.case.outcome) == (CaseState.CLOSED, "safe")


def test_a_case_whose_page_was_taken_can_be_closed() -> None:
    given = at_risk()
    given.when(paged(given, SAM))
    given.when(takes(given.page_of(SAM)))

    assert kinds(given.when(c.CloseCase(RUI, "safe", ""))) == ["CaseClosed"]


@pytest.mark.parametrize(
    "command",
    [
        claim(),
        c.ReleaseCase(RUI, ""),
        said("mood.sad=yes"),
        judged(Risk.HIGH),
        c.AskForAssist(RUI, "Rui"),
        c.Escalate(RUI, "everyone", ""),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_closed_case_stays_closed(command: c.Command) -> None:
    given = opened()
    given.when(c.CloseCase(RUI, "safe", ""))

    with pytest.raises(TooLate, match="Case 1001 is closed"):
        given.when(command)
