"""What a rule asks of people: owed until a person did it, or said why not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.vocabulary import DutyKind, DutyState
from tests.domain.given import NOON, RUI, SAM, Given, Is, claim, only, rule, rulebook, said, text_comes

WEAPON = Is("danger.weapon", "yes")


def talk(*then: Owe) -> Given:
    given = Given(rulebook(rule("weapon", WEAPON, *then), rule("plan", Is("danger.plan", "yes"), *then)))
    given.when(text_comes(), claim(), said("danger.weapon=no"))
    return given


def test_what_a_rule_asks_for_is_owed_in_the_same_breath_as_the_answer() -> None:
    given = talk(Owe(DutyKind.CONSULT), Owe(DutyKind.FOLLOW_UP, "", 24))

    facts = given.when(said("danger.weapon=yes"))

    assert only(facts, e.DutyOpened) == [
        e.DutyOpened("consult", DutyKind.CONSULT, "", "weapon", "because of weapon", None),
        e.DutyOpened("follow_up", DutyKind.FOLLOW_UP, "", "weapon", "because of weapon", NOON + timedelta(hours=24)),
    ]


def test_what_is_owed_already_is_not_owed_twice() -> None:
    given = talk(Owe(DutyKind.CONSULT))
    given.when(said("danger.weapon=yes"), said("danger.plan=yes"))

    assert [duty.id for duty in given.case.duties] == ["consult"]


def test_every_reason_to_look_is_told_by_itself() -> None:
    given = talk(Owe(DutyKind.NOTIFY, "supervisor"))
    given.when(said("danger.weapon=yes"), said("danger.plan=yes"))

    assert [(duty.id, duty.rule) for duty in given.case.duties] == [
        ("notify-supervisor", "weapon"),
        ("notify-supervisor-2", "plan"),
    ]


def test_what_was_done_is_owed_again_when_a_rule_asks_anew() -> None:
    given = talk(Owe(DutyKind.CONSULT))
    given.when(said("danger.weapon=yes"), c.MeetDuty(RUI, "consult", "Talked to Sam."), said("danger.plan=yes"))

    assert [(duty.id, duty.state) for duty in given.case.duties] == [
        ("consult", DutyState.MET),
        ("consult-2", DutyState.OPEN),
    ]


def test_a_report_is_owed_in_the_parts_and_hours_of_the_place() -> None:
    given = talk(Owe(DutyKind.REPORT, "child"))
    given.when(said("danger.weapon=yes"))

    assert [(duty.id, duty.due_at) for duty in given.case.duties] == [
        ("report-child.oral", NOON),
        ("report-child.written", NOON + timedelta(hours=36)),
    ]


def test_a_report_that_no_table_knows_is_owed_all_the_same() -> None:
    given = talk(Owe(DutyKind.REPORT, "elder"))
    given.when(said("danger.weapon=yes"))

    assert [(duty.id, duty.due_at) for duty in given.case.duties] == [("report-elder", None)]


@pytest.mark.parametrize("kind", [DutyKind.EMERGENCY, DutyKind.CONSULT, DutyKind.MEANS_SAFETY, DutyKind.REASON])
def test_a_case_that_owes_care_cannot_close(kind: DutyKind) -> None:
    given = talk(Owe(kind))
    given.when(said("danger.weapon=yes"))

    with pytest.raises(TooLate, match="Still owed in this case"):
        given.when(c.CloseCase(RUI, "safe", ""))

    given.when(c.MeetDuty(RUI, given.case.duties[0].id, "done, by me"))
    assert only(given.when(c.CloseCase(RUI, "safe", "")), e.CaseClosed)


@pytest.mark.parametrize("kind", [DutyKind.NOTIFY, DutyKind.FOLLOW_UP, DutyKind.REPORT])
def test_what_outlives_a_case_does_not_hold_it_open_and_can_be_done_later(kind: DutyKind) -> None:
    given = talk(Owe(kind, "elder"))
    given.when(said("danger.weapon=yes"), c.CloseCase(RUI, "safe", ""))

    given.when(c.MeetDuty(SAM, given.case.duties[0].id, "done"))

    assert given.case.duties[0].state is DutyState.MET


@pytest.mark.parametrize(
    "kind", [DutyKind.REASON, DutyKind.CONSULT, DutyKind.EMERGENCY, DutyKind.REPORT, DutyKind.MEANS_SAFETY]
)
def test_a_tick_is_not_enough_where_somebody_must_say_what_was_done(kind: DutyKind) -> None:
    given = talk(Owe(kind))
    given.when(said("danger.weapon=yes"))

    with pytest.raises(Wrong, match="what was done"):
        given.when(c.MeetDuty(RUI, given.case.duties[0].id, "  "))


def test_declining_needs_a_reason() -> None:
    given = talk(Owe(DutyKind.MEANS_SAFETY))
    given.when(said("danger.weapon=yes"))

    with pytest.raises(Wrong, match="needs a reason"):
        given.when(c.DeclineDuty(RUI, "means_safety", " "))
    given.when(c.DeclineDuty(RUI, "means_safety", "Nothing is near them."))
    assert given.case.duties[0].state is DutyState.DECLINED


@pytest.mark.parametrize("kind", [DutyKind.EMERGENCY, DutyKind.REPORT])
def test_one_person_alone_cannot_decline_emergency_services_or_a_report(kind: DutyKind) -> None:
    given = talk(Owe(kind, "elder"))
    given.when(said("danger.weapon=yes"))
    duty = given.case.duties[0].id

    given.when(c.DeclineDuty(RUI, duty, "They are safe."))
    given.when(c.DeclineDuty(RUI, duty, "They are safe, I said."))
    assert len([one for one in given.case.duties if one.open]) == 1

    given.when(c.DeclineDuty(SAM, duty, "I read it and agree."))
    assert (given.case.duties[0].by, given.case.duties[0].second) == (RUI, SAM)
    assert given.case.duties[0].state is DutyState.DECLINED

    given.when(c.MeetDuty(SAM, duty, "They were called after all."))
    assert given.case.duties[0].words == "They were called after all."


def test_a_questionnaire_that_is_owed_is_met_by_its_answers() -> None:
    given = talk(Owe(DutyKind.ASK, "mood"))
    given.when(said("danger.weapon=yes"), said("mood.sad=no"))
    assert given.case.duties[0].open

    given.when(said("mood.tired=no"))

    assert given.case.duties[0].state is DutyState.MET


def test_a_questionnaire_that_is_owed_is_not_ticked_away() -> None:
    given = talk(Owe(DutyKind.ASK, "mood"))
    given.when(said("danger.weapon=yes"))

    with pytest.raises(Wrong, match="ends by itself"):
        given.when(c.MeetDuty(RUI, "ask-mood", "asked it"))
    given.when(c.DeclineDuty(RUI, "ask-mood", "They fell asleep."))
    assert given.case.duties[0].state is DutyState.DECLINED


def test_a_duty_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="owes nothing called"):
        talk(Owe(DutyKind.CONSULT)).when(c.MeetDuty(RUI, "consult", "done"))


def test_the_case_keeps_the_rulebook_it_was_judged_with() -> None:
    given = talk(Owe(DutyKind.CONSULT))
    assert (given.case.rulebook, given.case.sign_off) == ("test", "none")
    assert len(given.all(e.RulebookUsed)) == 1

    given.when(said("danger.plan=no"))

    assert len(given.all(e.RulebookUsed)) == 1


# ------------------------------------------------------------------------------------------ papers


def test_a_field_of_a_record_can_be_changed_and_the_old_words_stay_in_history() -> None:
    given = talk()
    given.when(c.WriteRecord(RUI, "report", "who", "me"), c.WriteRecord(SAM, "report", "who", "me and Rui"))

    assert given.case.records["report"]["who"].words == "me and Rui"
    assert [fact.words for fact in given.all(e.RecordWritten)] == ["me", "me and Rui"]


def test_a_record_says_what_it_has_when_asked_for_what_it_has_not() -> None:
    given = talk()

    with pytest.raises(Wrong, match="There is no form called “reprt”; there are report"):
        given.when(c.WriteRecord(RUI, "reprt", "who", "me"))
    with pytest.raises(Wrong, match="has no field “whom”; it has who, kind"):
        given.when(c.WriteRecord(RUI, "report", "whom", "me"))
    with pytest.raises(Wrong, match="can be child, elder, not “dog”"):
        given.when(c.WriteRecord(RUI, "report", "kind", "dog"))


def test_a_result_from_outside_is_kept_as_it_was_given_and_only_with_who_and_when() -> None:
    given = talk()
    given.when(c.RecordOutsideResult(RUI, "r1", "scale", "2", "Dr. Other", "2026-03-01", "letter", "as written"))

    assert [(r.value, r.rated_by, r.rated_on, r.document) for r in given.case.outside] == [
        ("2", "Dr. Other", "2026-03-01", "letter")
    ]
    for day in ("2026-02-31", "some day"):
        with pytest.raises(Wrong, match="is not a day"):
            given.when(c.RecordOutsideResult(RUI, "r5", "scale", "1", "Dr. Other", day, "", ""))
    for rated_by, rated_on in (("", "2026-03-01"), ("Dr. Other", " ")):
        with pytest.raises(Wrong, match="who rated it and when"):
            given.when(c.RecordOutsideResult(RUI, "r2", "scale", "1", rated_by, rated_on, "", ""))
    with pytest.raises(Wrong, match="can be 1, 2, not “9”"):
        given.when(c.RecordOutsideResult(RUI, "r3", "scale", "9", "Dr. Other", "2026-03-01", "", ""))
    with pytest.raises(Wrong, match="Results from outside are kept for scale"):
        given.when(c.RecordOutsideResult(RUI, "r4", "mood", "1", "Dr. Other", "2026-03-01", "", ""))
