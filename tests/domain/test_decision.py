"""What answers call for: rules fire once, risk only rises by itself, and no risk goes unheard."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.decision import foresee
from crisis_hub.domain.floor import BARE_INSTRUMENTS, FLOOR
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.truth import Clause
from crisis_hub.domain.vocabulary import EscalationState, MessageId, MessageState
from tests.domain.given import (
    ANA,
    DANGER,
    LADDERS,
    MOOD,
    RUI,
    SAM,
    Given,
    Is,
    Throws,
    at_risk,
    both,
    call_comes,
    call_ends,
    claim,
    either,
    judged,
    kinds,
    only,
    paged,
    rule,
    rulebook,
    said,
    stand_down,
    takes,
    text_comes,
    time_is_over,
    yes_no,
)

PLAN = rule("plan", Is("danger.plan", "yes"), Risk.MODERATE)
WEAPON = rule("weapon", Is("danger.weapon", "yes"), Risk.HIGH, "clinical")
NEAR = rule("near", Is("danger.how_far", "near"), Risk.IMMINENT, "clinical")
ARMED_NOW = (said("ch_violence_inquiry.v10=yes"), "floor#violence-now")
OVERDOSE = (said("ch_overdose_withdrawal.o1=yes"), "floor#overdose")


def talk(*rules: Reading, book: Rulebook | None = None) -> Given:
    """A case that was claimed, under these rules."""
    given = Given(rulebook(*rules, ladders=LADDERS) if book is None else book)
    given.when(text_comes(), claim())
    return given


def fired(given: Given) -> list[str]:
    return [fact.rule for fact in given.all(e.RuleFired)]


def begun(facts: tuple[e.CaseFact, ...]) -> list[str]:
    return [fact.ladder for fact in only(facts, e.EscalationStarted)]


def taken(given: Given) -> None:
    """Ana takes the newest ladder."""
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)))


# ------------------------------------------------------------------------------------------ firing


def test_a_rule_fires_in_the_same_breath_as_the_answer_and_keeps_what_it_saw() -> None:
    """The answer and the decision to page are one transaction, or an answer could be kept and nobody called."""
    given = talk(WEAPON)

    facts = given.when(said("danger.weapon=yes"))

    assert kinds(facts) == [
        "AnswerRecorded",
        "RuleFired",
        "RiskRaised",
        "EscalationStarted",
        "StepTaken",
        "RulebookUsed",
    ]
    one = only(facts, e.RuleFired)[0]
    assert (one.rule, one.version, one.because, one.source) == ("weapon", "1", "because of weapon", "a test")
    assert [(s.path, s.condition, s.verdict, json.loads(s.values)) for s in one.saw] == [
        ("when, all, 1 of 1", "danger.weapon == 'yes'", "yes", {"danger.weapon": "yes"})
    ]
    assert only(facts, e.RiskRaised)[0] == e.RiskRaised(Risk.HIGH, (e.Because("weapon", "because of weapon"),), None)


def test_a_rule_fires_once() -> None:
    given = talk(WEAPON)
    given.when(said("danger.weapon=yes"), said("danger.plan=no"), said("danger.weapon=yes", "as he said"))

    assert fired(given) == ["weapon"]
    assert len(given.case.escalations) == 1


@pytest.mark.parametrize("then", ["no", "unknown", "refused"])
def test_a_rule_that_no_longer_holds_eases_and_may_fire_anew(then: str) -> None:
    given = talk(PLAN)
    given.when(said("danger.plan=yes"))

    assert only(given.when(said(f"danger.plan={then}")), e.RuleEased) == [e.RuleEased("plan")]
    assert only(given.when(said("danger.plan=yes")), e.RuleFired)[0].rule == "plan"
    assert fired(given) == ["plan", "plan"]


@pytest.mark.parametrize("then", ["no", "unknown", "refused"])
def test_taking_an_answer_back_lowers_nothing(then: str) -> None:
    """Only a person lowers a risk."""
    given = talk(WEAPON)
    given.when(said("danger.weapon=yes"), said(f"danger.weapon={then}"))

    assert given.case.risk is Risk.HIGH
    assert given.ladder.state is EscalationState.RUNNING


def test_a_rule_on_a_missing_answer_does_not_fire() -> None:
    given = talk(rule("both", both(Is("danger.weapon", "yes"), Is("danger.plan", "yes")), Risk.HIGH))
    given.when(said("danger.weapon=yes"))

    assert fired(given) == []


def test_the_worst_reason_counts_and_every_rule_for_it_is_named() -> None:
    another = rule("armed", Is("danger.weapon", "yes"), Risk.HIGH)
    given = talk(PLAN, WEAPON, another, rule("calm", Is("danger.weapon", "yes"), Risk.LOW))

    facts = given.when(said("danger.weapon=yes"))

    assert [because.rule for because in only(facts, e.RiskRaised)[0].because] == ["weapon", "armed"]
    assert given.case.risk is Risk.HIGH


def test_a_rule_that_says_as_much_as_a_level_is_named_in_its_place() -> None:
    """A rule says more than a score: who wrote it and why."""
    given = talk(rule("now", Is("mood.now", "yes"), Risk.HIGH))

    facts = given.when(said("mood.now=yes"))

    assert [f.rule for f in only(facts, e.RuleFired)] == ["mood#acute", "now"]
    assert [because.rule for because in only(facts, e.RiskRaised)[0].because] == ["now"]


def test_a_reading_with_two_risks_raises_to_the_worse() -> None:
    two = Reading("two", "1", both(Is("danger.plan", "yes")), (RaiseRisk(Risk.LOW), RaiseRisk(Risk.HIGH)), "", "")

    given = talk(two)
    given.when(said("danger.plan=yes"))

    assert given.case.risk is Risk.HIGH


def test_a_level_raises_the_risk_and_is_named_when_no_rule_says_more() -> None:
    given = talk()

    facts = given.when(said("mood.sad=yes"))

    assert only(facts, e.RiskRaised)[0] == e.RiskRaised(Risk.MODERATE, (e.Because("mood#some", "Some."),), None)


def test_a_rule_may_look_at_the_level_at_the_risk_and_at_what_is_known() -> None:
    """A rule that waits for the risk that another rule raises fires in the same breath."""
    second = rule("after", Is("case.risk", "high"), "friends")
    given = talk(rule("level", Is("mood.band", "acute"), Risk.HIGH), second)

    facts = given.when(said("mood.now=yes"))

    assert [f.rule for f in only(facts, e.RuleFired)] == ["mood#acute", "level", "after"]
    assert begun(facts) == ["clinical", "friends"]


def test_a_rule_that_appears_in_the_middle_of_a_case_fires_at_the_next_answer() -> None:
    given = talk()
    given.when(said("danger.weapon=yes"))
    given.rulebook = rulebook(WEAPON, ladders=LADDERS)

    assert "RuleFired" in kinds(given.when(said("danger.plan=no")))


def test_the_end_of_a_call_is_seen_by_rules() -> None:
    given = Given(rulebook(rule("over", Is("case.over", value=True), "supervisors"), ladders=LADDERS))
    given.when(call_comes(), claim())

    assert begun(given.when(call_ends())) == ["supervisors"]


def test_a_risk_that_a_person_lowered_is_seen_by_rules() -> None:
    given = at_risk()
    given.rulebook = rulebook(rule("low", Is("case.risk", "low"), "friends"), ladders=LADDERS)

    assert begun(given.when(judged(Risk.LOW))) == ["friends"]


def test_a_rule_that_appears_in_the_middle_of_a_talk_fires_at_the_next_text() -> None:
    """Whoever is not asked anything just now still gets the care of the newest rules."""
    given = talk()
    given.rulebook = rulebook(rule("texts", Is("case.channel", "text"), "friends"), ladders=LADDERS)

    assert begun(given.when(text_comes("are you there?", "SM2"))) == ["friends"]


def test_texting_stopped_and_resumed_are_seen_by_rules() -> None:
    stopped = rule("stopped", Is("case.texting_stopped", value=True), "supervisors")
    given = talk(stopped)

    assert "RuleFired" in kinds(given.when(text_comes("stop", "SM2")))
    assert "RuleEased" in kinds(given.when(text_comes("start", "SM3")))
    assert "RuleFired" in kinds(given.when(text_comes("stop", "SM4")))


def test_a_delivery_receipt_is_not_worth_judging_anything() -> None:
    given = talk(rule("always", Is("case.channel", "text"), Risk.LOW))
    given.when(c.WriteMessage(RUI, MessageId("o1"), "I am here."))
    given.rulebook = rulebook(WEAPON, rule("new", Is("case.channel", "text"), Risk.HIGH))

    facts = given.when(c.ProgressMessage(MessageId("o1"), MessageState.SENT, None, ""))

    assert kinds(facts) == ["MessageProgressed"]


def test_a_closed_case_is_judged_no_more() -> None:
    given = talk(rule("over", Is("case.contacts", 1), Risk.HIGH), book=EMPTY)
    given.when(c.CloseCase(RUI, "safe", ""))
    given.rulebook = rulebook(rule("over", Is("case.contacts", 1), Risk.HIGH))

    assert given.when(c.WriteNote(RUI, "n1", "later")) == (e.NoteWritten("n1", RUI, "later"),)


# ------------------------------------------------------------------------------------------ the floor


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ARMED_NOW,
        OVERDOSE,
        (said("ch_overdose_withdrawal.o2=yes"), "floor#overdose"),
        (said("ch_right_now.attempt_now=yes"), "floor#attempt-now"),
    ],
)
@pytest.mark.parametrize("book", [EMPTY, rulebook()], ids=["no files", "no rules"])
def test_imminent_risk_pages_every_clinician_and_supervisor_with_no_file_at_all(
    answer: c.RecordAnswer, why: str, book: Rulebook
) -> None:
    given = talk(book=book)

    facts = given.when(answer)

    assert given.case.risk is Risk.IMMINENT
    assert fired(given) == [why]
    assert begun(facts) == ["everyone"]
    assert {target.name for target in given.ladder.steps[0].targets} == {"clinician", "supervisor", "clinical_lead"}
    assert only(facts, e.StepTaken)[0].step == 1


@pytest.mark.parametrize("reading", FLOOR, ids=lambda reading: reading.id)
def test_what_the_floor_reads_can_always_be_answered(reading: Reading) -> None:
    """A condition on an item that nobody can answer would be a floor on paper."""
    for name in reading.when.names():
        instrument, _, item = name.partition(".")
        found = BARE_INSTRUMENTS[instrument].item(item)
        assert found is not None
        assert found.kind == "yes_no"
    assert reading.risk is Risk.IMMINENT


def test_meant_violence_needs_a_plan_or_a_weapon() -> None:
    given = talk(book=EMPTY)

    assert given.when(said("ch_violence_inquiry.v1=yes"), said("ch_violence_inquiry.v7=yes"))[1:] == ()
    assert only(given.when(said("ch_violence_inquiry.v6=yes")), e.RiskRaised)[0].risk is Risk.IMMINENT


def test_high_risk_pages_with_no_file_at_all() -> None:
    given = talk(book=EMPTY)

    assert begun(given.when(judged(Risk.HIGH))) == ["everyone"]


def test_what_a_person_judges_to_be_high_or_imminent_pages_too() -> None:
    given = talk()

    assert begun(given.when(judged(Risk.HIGH))) == ["clinical"]
    assert begun(given.when(judged(Risk.IMMINENT))) == ["imminent"]
    assert {x.why for x in given.case.escalations} == {"A person said so."}


@pytest.mark.parametrize("risk", [Risk.NONE, Risk.LOW, Risk.MODERATE])
def test_below_high_nobody_is_woken_by_the_floor(risk: Risk) -> None:
    given = talk()

    assert begun(given.when(judged(risk))) == []


def test_a_lighter_ladder_of_a_rule_never_stands_in_for_the_floors_own() -> None:
    """Rules add care; they never take it away."""
    given = talk(NEAR)

    assert begun(given.when(said("danger.how_far=near"))) == ["clinical", "imminent"]


def test_a_lighter_ladder_that_runs_already_does_not_stand_in_either() -> None:
    given = talk(NEAR)
    given.when(said("danger.how_far=near"), stand_down(), c.Escalate(RUI, "friends", ""))
    given.when(judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))

    assert begun(given.when(judged(Risk.IMMINENT))) == ["imminent"]


def test_an_answer_to_the_floors_own_items_counts_even_when_their_file_is_gone() -> None:
    given = talk(book=rulebook())
    given.when(said("ch_violence_inquiry.v1=yes"))
    given.rulebook = EMPTY

    given.when(said("ch_violence_inquiry.v7=yes"), said("ch_violence_inquiry.v5=yes"))

    assert given.case.risk is Risk.IMMINENT


def test_the_floors_own_items_can_be_answered_whatever_a_file_leaves_out() -> None:
    """A file that rewrites the questions on violence must not take away the one that saves a life."""
    rewritten = replace(BARE_INSTRUMENTS["ch_violence_inquiry"], items=(yes_no("anger"),), version="9")
    given = talk(book=rulebook(instruments=(rewritten,)))
    given.when(said("ch_violence_inquiry.anger=no"))

    facts = given.when(said("ch_violence_inquiry.v10=yes"))

    assert begun(facts) == ["everyone"]
    asked = given.rulebook.instrument("ch_violence_inquiry")
    assert asked is not None
    assert [(item.id, item.optional) for item in asked.items][:2] == [("anger", False), ("v1", True)]


def test_a_ladder_for_another_reason_does_not_stand_in_for_high_risk() -> None:
    """The level raises the risk; a rule that only tells the friends must not be all that happens."""
    given = talk(rule("tell", Is("mood.now", "yes"), "friends"))

    assert begun(given.when(said("mood.now=yes"))) == ["friends", "clinical"]


def test_somebody_called_for_a_lesser_risk_does_not_stand_in_for_high_risk() -> None:
    """The level raises the risk and names no ladder; who is rung for moderate risk has not heard of high."""
    given = talk(rule("tell", Is("danger.plan", "yes"), Risk.MODERATE, "friends"))
    given.when(said("danger.plan=yes"))

    assert begun(given.when(said("mood.now=yes"))) == ["clinical"]
    assert [x.running for x in given.case.escalations] == [True, True]


def test_whoever_took_high_risk_before_it_was_lowered_is_called_again_when_it_is_back() -> None:
    given = at_risk()
    taken(given)
    given.when(judged(Risk.LOW))

    assert begun(given.when(said("mood.now=yes"))) == ["clinical"]


def test_a_supervisor_called_for_a_broken_rule_does_not_stand_in_for_high_risk() -> None:
    given = at_risk()
    taken(given)
    given.rulebook = rulebook(rule("broken", both(Throws()), Risk.LOW), ladders=LADDERS)
    given.when(said("danger.plan=no"), judged(Risk.LOW))
    assert [(x.about, x.running) for x in given.case.escalations] == [("risk", False), ("supervision", True)]

    assert begun(given.when(said("mood.now=yes"))) == ["clinical"]


def test_a_rise_to_high_while_somebody_is_being_called_for_as_much_calls_nobody_twice() -> None:
    given = talk(rule("tell", Is("danger.plan", "yes"), Risk.HIGH, "friends"))
    given.when(said("danger.plan=yes"), judged(Risk.LOW))

    assert begun(given.when(said("mood.now=yes"))) == []
    assert (given.ladder.ladder, given.ladder.running, given.case.risk) == ("friends", True, Risk.HIGH)


def test_whoever_is_called_is_told_the_reason_that_made_the_risk_so_great() -> None:
    given = talk(rule("calm", Is("mood.now", "yes"), Risk.LOW))

    facts = given.when(said("mood.now=yes"))

    assert [fact.why for fact in only(facts, e.EscalationStarted)] == ["Right now."]


def test_a_rule_that_raises_to_high_says_itself_who_must_know() -> None:
    given = talk(rule("own", Is("danger.weapon", "yes"), Risk.HIGH, "friends"))

    assert begun(given.when(said("danger.weapon=yes"))) == ["friends"]


def test_a_ladder_that_is_not_there_pages_everybody() -> None:
    given = talk(rule("lost", Is("danger.weapon", "yes"), "no-such-ladder"))

    assert begun(given.when(said("danger.weapon=yes"))) == ["everyone"]


# ------------------------------------------------------------------------------------------ once, and anew


def test_a_ladder_that_runs_is_not_begun_again_for_another_rule() -> None:
    given = talk(WEAPON, rule("plan", Is("danger.plan", "yes"), Risk.HIGH, "clinical"))
    given.when(said("danger.weapon=yes"))

    assert begun(given.when(said("danger.plan=yes"))) == []


def test_a_ladder_that_runs_already_does_not_keep_the_next_one_from_beginning() -> None:
    given = at_risk()
    given.rulebook = rulebook(rule("both", Is("danger.plan", "yes"), "clinical", "friends"), ladders=LADDERS)

    assert begun(given.when(said("danger.plan=yes"))) == ["friends"]


def test_a_ladder_that_was_taken_is_not_begun_again_without_a_rise() -> None:
    """Whoever has the case is not woken for the sixth yes of the same kind."""
    given = talk(WEAPON, rule("plan", Is("danger.plan", "yes"), Risk.HIGH, "clinical"))
    given.when(said("danger.weapon=yes"))
    taken(given)

    facts = given.when(said("danger.plan=yes"))

    assert "RuleFired" in kinds(facts)
    assert begun(facts) == []


def test_a_rise_pages_again_whoever_took_it_before() -> None:
    given = talk(WEAPON, NEAR)
    given.when(said("danger.weapon=yes"))
    taken(given)

    assert begun(given.when(said("danger.how_far=near"))) == ["clinical", "imminent"]


def test_what_was_lowered_is_not_raised_by_the_same_old_answers() -> None:
    """A person's judgement stands against answers that they knew."""
    given = talk(WEAPON)
    given.when(said("danger.weapon=yes"))
    taken(given)
    given.when(judged(Risk.LOW))

    given.when(said("danger.plan=no"), said("danger.weapon=yes", "a toy, he says"), text_comes("ok", "SM2"))

    assert given.case.risk is Risk.LOW
    assert len(given.case.escalations) == 1


def test_a_new_reason_raises_again_and_pages_again() -> None:
    given = talk(WEAPON, rule("plan", Is("danger.plan", "yes"), Risk.HIGH, "clinical"))
    given.when(said("danger.weapon=yes"))
    taken(given)
    given.when(judged(Risk.LOW))

    facts = given.when(said("danger.plan=yes"))

    assert given.case.risk is Risk.HIGH
    assert begun(facts) == ["clinical"]


def test_the_same_reason_given_anew_raises_again() -> None:
    """No, then yes again: that is news."""
    given = talk(WEAPON)
    given.when(said("danger.weapon=yes"))
    taken(given)
    given.when(judged(Risk.LOW), said("danger.weapon=no"))

    assert begun(given.when(said("danger.weapon=yes"))) == ["clinical"]


def test_a_rise_pages_anew_when_the_last_ladder_ended_in_an_alarm() -> None:
    """An alarm that stands is a screen; a new overdose must wake somebody."""
    given = talk(book=EMPTY)
    given.when(OVERDOSE[0])
    given.when(time_is_over(given))
    given.when(time_is_over(given))
    assert given.ladder.state is EscalationState.EXHAUSTED
    assert begun(given.when(said("ch_overdose_withdrawal.o2=yes"))) == []
    given.when(judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))

    assert begun(given.when(ARMED_NOW[0])) == ["everyone"]


def test_a_ladder_that_was_stood_down_begins_again_for_a_new_reason() -> None:
    given = talk(WEAPON, rule("plan", Is("danger.plan", "yes"), Risk.HIGH, "clinical"))
    given.when(said("danger.weapon=yes"), stand_down())

    assert begun(given.when(said("danger.plan=yes"))) == ["clinical"]


def test_a_greater_urgency_begins_the_same_ladder_again() -> None:
    given = talk(
        rule("first", Is("danger.plan", "yes"), Risk.MODERATE, "imminent"),
        rule("then", Is("danger.weapon", "yes"), Risk.IMMINENT),
    )
    given.when(said("danger.plan=yes"))

    assert begun(given.when(said("danger.weapon=yes"))) == ["imminent"]
    assert [x.urgency for x in given.case.escalations] == [Risk.MODERATE, Risk.IMMINENT]


def test_ladders_begun_in_one_breath_have_names_of_their_own() -> None:
    given = talk(rule("all", Is("danger.plan", "yes"), Risk.IMMINENT, "clinical", "friends", "clinical"))

    given.when(said("danger.plan=yes"))

    assert [(x.id, x.ladder) for x in given.case.escalations] == [
        ("c1-e1", "clinical"),
        ("c1-e2", "friends"),
        ("c1-e3", "imminent"),
    ]


# ------------------------------------------------------------------------------------------ when a rule breaks

BROKEN = rule("broken", both(Is("danger.plan", "yes"), Throws()), Risk.HIGH)


def test_a_broken_rule_is_told_and_a_supervisor_is_called_once() -> None:
    """A rule that cannot be judged never means no."""
    given = talk(BROKEN)

    broke = given.all(e.RuleBroke)
    assert broke == [e.RuleBroke("broken", "1", "when, all, 2 of 2", "ZeroDivisionError: division by zero")]
    assert [(x.ladder, x.about) for x in given.case.escalations] == [("supervisors", "supervision")]
    given.when(said("danger.plan=yes"), said("danger.weapon=yes"), text_comes("hm", "SM2"))
    assert given.all(e.RuleBroke) == broke
    assert len(given.case.escalations) == 1


@pytest.mark.parametrize("place", [0, 1])
def test_the_other_rules_fire_all_the_same(place: int) -> None:
    rules = [WEAPON, BROKEN] if place else [BROKEN, WEAPON]
    given = talk(*rules)

    facts = given.when(said("danger.weapon=yes"))

    assert only(facts, e.RuleFired)[0].rule == "weapon"
    assert begun(facts) == ["clinical"]


def test_a_second_broken_rule_is_told_too_but_calls_nobody_anew() -> None:
    given = talk(BROKEN)
    given.rulebook = rulebook(BROKEN, rule("worse", Clause("any", (Throws(),)), Risk.HIGH), ladders=LADDERS)

    given.when(said("danger.plan=no"))

    assert [fact.rule for fact in given.all(e.RuleBroke)] == ["broken", "worse"]
    assert len(given.case.escalations) == 1


def test_with_no_file_a_broken_rule_takes_the_built_in_ladder() -> None:
    given = talk(book=rulebook(BROKEN))

    assert [(x.ladder, x.steps[0].targets[0].name) for x in given.case.escalations] == [("supervisors", "supervisor")]


def test_a_broken_level_is_told_like_a_rule() -> None:
    screen = replace(MOOD, levels=(replace(MOOD.levels[0], when=either(Throws())), *MOOD.levels[1:]))
    given = talk(book=rulebook(instruments=(screen,)))

    given.when(said("mood.sad=yes"))

    assert [fact.rule for fact in given.all(e.RuleBroke)] == ["mood#acute"]
    assert given.case.risk is Risk.MODERATE


def test_a_running_risk_ladder_does_not_stand_in_for_the_supervisor() -> None:
    given = at_risk(book=rulebook(ladders=LADDERS))
    given.rulebook = rulebook(BROKEN, ladders=LADDERS)

    given.when(said("danger.plan=yes"))

    assert [x.about for x in given.case.escalations] == ["risk", "supervision"]


def test_the_supervisor_is_told_how_urgent_it_is_and_gets_a_ladder_of_its_own() -> None:
    """The broken rule is called for in the same breath as the risk, and neither stands in for the other."""
    given = talk(WEAPON)
    given.rulebook = rulebook(WEAPON, BROKEN, ladders=LADDERS)

    facts = given.when(said("danger.weapon=yes"))

    clinical, supervisors = only(facts, e.EscalationStarted)
    assert (clinical.escalation, clinical.ladder, clinical.urgency, clinical.why, clinical.about) == (
        "c1-e1",
        "clinical",
        Risk.HIGH,
        "because of weapon",
        "risk",
    )
    assert supervisors.steps == LADDERS[2].steps  # their own file stands before what is built in
    assert (supervisors.escalation, supervisors.ladder, supervisors.why, supervisors.about) == (
        "c1-e2",
        "supervisors",
        "A rule could not be judged; a person must look at this case.",
        "supervision",
    )
    assert {step.due_at - given.now for step in only(facts, e.StepTaken)} == {timedelta(seconds=120)}


def test_a_rule_that_breaks_at_a_known_risk_is_as_urgent_as_that_risk() -> None:
    given = at_risk()
    given.rulebook = rulebook(BROKEN, ladders=LADDERS)

    given.when(said("danger.plan=no"))

    assert (given.ladder.about, given.ladder.urgency) == ("supervision", Risk.HIGH)


def test_one_rule_that_breaks_in_two_places_is_told_for_each_and_calls_once() -> None:
    given = talk(rule("twice", both(Throws(), Throws()), Risk.HIGH))

    assert [fact.path for fact in given.all(e.RuleBroke)] == ["when, all, 1 of 2", "when, all, 2 of 2"]
    assert len(given.case.escalations) == 1


# ------------------------------------------------------------------------------------------ by which rules


def test_a_case_says_once_by_which_rulebook_and_whose_signature_it_is_judged() -> None:
    given = talk(WEAPON)
    assert given.all(e.RulebookUsed) == []

    given.when(said("danger.plan=no"))
    given.when(said("danger.plan=yes"), said("danger.weapon=yes"))

    assert given.all(e.RulebookUsed) == [e.RulebookUsed("test", "none")]


@pytest.mark.parametrize(("version", "sign_off"), [("next", "none"), ("test", "ana")])
def test_another_rulebook_or_another_signature_is_told_with_the_next_answer(version: str, sign_off: str) -> None:
    given = talk(WEAPON)
    given.when(said("danger.plan=no"))
    given.rulebook = replace(given.rulebook, version=version, sign_off=sign_off)

    assert given.when(c.WriteNote(RUI, "n1", "a note")) == (e.NoteWritten("n1", RUI, "a note"),)
    assert given.when(said("danger.plan=yes"))[-1] == e.RulebookUsed(version, sign_off)
    assert (given.case.rulebook, given.case.sign_off) == (version, sign_off)


def test_a_rule_that_fires_without_any_answer_names_the_rulebook_too() -> None:
    given = Given(rulebook(rule("stopped", Is("case.texting_stopped", value=True), Risk.LOW)))
    given.when(text_comes())

    assert given.when(text_comes("stop", "SM2"))[-1] == e.RulebookUsed("test", "none")


# ------------------------------------------------------------------------------------------ looking ahead


def test_what_an_answer_would_do_is_known_before_it_is_given() -> None:
    """The responder sees who would be woken before they press."""
    given = talk(WEAPON, PLAN)

    yes = foresee(given.case, "danger", "weapon", "yes", given.rulebook, given.now)
    no = foresee(given.case, "danger", "weapon", "no", given.rulebook, given.now)

    assert (yes.risk, [x.ladder for x in yes.ladders]) == (Risk.HIGH, ["clinical"])
    assert (no.risk, no.ladders) == (None, ())
    assert given.case.answers == {}


def test_what_happens_is_what_was_foreseen() -> None:
    given = talk(WEAPON, NEAR, PLAN)

    for what in ("weapon=yes", "plan=yes", "how_far=near", "how_far=far"):
        item, _, answer = what.partition("=")
        seen = foresee(given.case, "danger", item, answer, given.rulebook, given.now)
        facts = given.when(said(f"danger.{what}"))

        risks = [fact.risk for fact in only(facts, e.RiskRaised)]
        assert (seen.risk, [x.ladder for x in seen.ladders]) == (risks[-1] if risks else None, begun(facts))


def test_looking_ahead_tells_the_risk_in_which_it_all_ends() -> None:
    given = talk(WEAPON, rule("then", Is("case.risk", "high"), Risk.IMMINENT))

    seen = foresee(given.case, "danger", "weapon", "yes", given.rulebook, given.now)

    assert (seen.risk, [x.ladder for x in seen.ladders]) == (Risk.IMMINENT, ["clinical", "imminent"])


def test_looking_ahead_asks_for_no_reason() -> None:
    """A judgement needs the responder's own words when it is given, not when they only look."""
    item = replace(yes_no("grave"), needs_words=True)
    screen = replace(DANGER, id="own", items=(item,))
    given = talk(book=rulebook(rule("grave", Is("own.grave", "yes"), Risk.HIGH), instruments=(screen,)))

    assert foresee(given.case, "own", "grave", "yes", given.rulebook, given.now).risk is Risk.HIGH


def test_looking_ahead_at_an_answer_that_was_given_shows_it_as_not_yet_given() -> None:
    given = talk(PLAN)
    given.when(said("danger.plan=no"))

    assert foresee(given.case, "danger", "plan", "yes", given.rulebook, given.now).risk is Risk.MODERATE
    given.when(said("danger.plan=yes"))
    assert foresee(given.case, "danger", "plan", "yes", given.rulebook, given.now).risk is None


def test_an_alarm_that_stands_does_not_keep_a_new_reason_from_being_paged() -> None:
    """Nobody took the first page: whoever comes on since, or wakes up, must hear of what is found now."""
    weapon = rule("weapon", Is("danger.weapon", "yes"), Risk.HIGH, "clinical")
    plan = rule("plan", Is("danger.plan", "yes"), Risk.HIGH, "clinical")
    given = Given(rulebook(weapon, plan, ladders=LADDERS))
    given.when(text_comes(), claim(), said("danger.weapon=yes"))
    given.when(time_is_over(given))
    given.when(time_is_over(given))
    assert given.ladder.state is EscalationState.EXHAUSTED

    begun = only(given.when(said("danger.plan=yes")), e.EscalationStarted)

    assert [fact.ladder for fact in begun] == ["clinical"]
