"""What the shipped rules do for a person: risk, pages and what is owed, in whole cases as the hub decides them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.decision import decide_on
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CarrierId, CaseId, ContactId, ContactRef, MessageId, PersonId
from tests.rules.conftest import RULES

NOW = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
BOOK = RulesFolder(RULES).load()
RO = PersonId("ro")
ALL_NO = "asq.q1=no asq.q2=no asq.q3=no asq.q4=no"


def texted(text: str = "hello", message: str = "m") -> c.ReceiveText:
    return c.ReceiveText(
        CaseId("case"), "4127", MessageId(message), ContactId("k"), CarrierId(f"SM{message}"), ContactRef("r"),
        "+15550100", "+15550199", text, 0, "en", True, "",
    )  # fmt: skip


def called(recent: int = 0) -> c.ReceiveCall:
    return c.ReceiveCall(
        CaseId("case"), "4127", ContactId("k"), CarrierId("CA1"), ContactRef("r"), "+15550100", "+15550199",
        "en", True, recent,
    )  # fmt: skip


def said(answers: str) -> list[c.Command]:
    """Read answers as they are written below: `instrument.item=answer`, with spaces between them."""
    found: list[c.Command] = []
    for one in answers.split():
        place, _, answer = one.partition("=")
        instrument, _, item = place.partition(".")
        found.append(c.RecordAnswer(RO, instrument, item, answer, "as they said"))
    return found


def lived(*commands: c.Command, case: Case | None = None) -> tuple[Case, list[e.CaseFact]]:
    """Decide one command after another; return the case and everything that became true."""
    facts: list[e.CaseFact] = []
    for command in commands:
        new = decide_on(case, command, BOOK, NOW)
        case = fold(((fact, NOW) for fact in new), case)
        facts += new
    assert case is not None
    return case, facts


def owed(case: Case) -> set[str]:
    return {duty.id for duty in case.duties if duty.open}


def paged(facts: Iterable[e.CaseFact]) -> set[str]:
    return {fact.ladder for fact in facts if isinstance(fact, e.EscalationStarted)}


SITUATIONS = [
    # answers, the risk, who is paged, and what is owed
    ("ch_right_now.attempt_now=yes", Risk.IMMINENT, {"imminent"}, {"emergency-without_consent", "follow_up"}),
    ("ch_overdose_withdrawal.o1=yes", Risk.IMMINENT, {"imminent"}, {"emergency-without_consent", "follow_up"}),
    ("ch_violence_inquiry.v10=yes", Risk.IMMINENT, {"imminent"}, {"emergency-without_consent", "follow_up"}),
    (
        "ch_right_now.intent=yes ch_right_now.means=reach ch_right_now.together=no",
        Risk.IMMINENT,
        {"clinical", "imminent"},
        {"emergency-without_consent", "consult", "means_safety", "follow_up"},
    ),
    ("asq.q1=yes asq.q5=yes", Risk.HIGH, {"clinical"}, {"means_safety", "follow_up"}),
    ("asq.q1=yes asq.q4=yes ch_right_now.plan=yes", Risk.HIGH, {"clinical"}, {"follow_up"}),
    ("asq.q1=yes", Risk.MODERATE, set(), set()),
    (ALL_NO, Risk.NONE, set(), set()),
    # contradictory: the worse answer counts, and somebody says how it fits
    (f"{ALL_NO} ch_right_now.plan=yes", Risk.MODERATE, set(), {"reason"}),
    (f"{ALL_NO} phq9.q9=1", Risk.LOW, set(), {"reason"}),
    (
        f"{ALL_NO} cssrs_screener_recent.q4=yes cssrs_screener_recent.q2=yes",
        Risk.HIGH,
        {"clinical"},
        {"reason", "means_safety", "follow_up"},
    ),
    # another questionnaire calls for the ASQ; once it is complete nobody has to say so
    ("phq9.q9=1", Risk.LOW, set(), {"ask-asq"}),
    ("pss3.q2=yes", Risk.MODERATE, set(), {"ask-asq"}),
    (
        "pss3.q3=yes pss3.q3a=within_24h",
        Risk.HIGH,
        {"clinical"},
        {"ask-asq", "ask-ch_overdose_withdrawal", "follow_up"},
    ),
    ("pss3.q2=no pss3.q3=yes pss3.q3a=over_6_months pss3.q1=no", Risk.LOW, set(), set()),
    (
        "lifeline_four_principles.attempt_in_progress=yes",
        Risk.IMMINENT,
        {"imminent"},
        {"emergency-without_consent", "follow_up"},
    ),
    ("mh_triage_scale.code=A", Risk.IMMINENT, {"imminent"}, {"emergency", "follow_up"}),
    ("ctrs.a=3 ctrs.b=3 ctrs.c=3", Risk.HIGH, {"clinical"}, {"consult", "follow_up"}),
    # young people
    ("ch_intake.age=15 asq.q1=refused", Risk.MODERATE, set(), {"notify-clinician"}),
    ("ch_intake.age=40 asq.q1=refused", Risk.NOT_ASSESSED, set(), set()),
    ("ch_intake.age=15 asq.q5=yes", Risk.HIGH, {"clinical"}, {"notify-supervisor", "means_safety", "follow_up"}),
    ("ch_minor.safe_adult=no asq.q1=yes", Risk.MODERATE, set(), {"consult"}),
    # violence and the duty to protect
    (
        "ch_violence_inquiry.v1=yes ch_violence_inquiry.v4=yes",
        Risk.MODERATE,
        {"supervisors"},
        {"report-duty_to_protect", "consult"},
    ),
    ("ch_violence_inquiry.v3=yes ch_violence_inquiry.v11=yes", Risk.MODERATE, set(), {"notify-supervisor"}),
    # the body
    (
        "ch_overdose_withdrawal.o6=yes ch_overdose_withdrawal.o7=yes",
        Risk.HIGH,
        {"clinical"},
        {"emergency", "follow_up"},
    ),
    # partners
    ("lap.l3=yes", Risk.HIGH, {"clinical"}, {"follow_up"}),
    ("da5.d4=yes", Risk.MODERATE, set(), {"notify-clinician"}),
    ("hark.h1=yes", Risk.MODERATE, set(), {"ask-ch_partner"}),
    ("ch_partner.needs_doctor=yes", Risk.HIGH, {"clinical"}, {"emergency", "follow_up"}),
    ("ch_partner.hurt=yes ch_partner.can_hear=yes", Risk.MODERATE, set(), {"notify-supervisor"}),
    # abuse
    ("ch_abuse.child=yes", Risk.MODERATE, set(), {"report-child"}),
    ("ch_abuse.elder=yes", Risk.MODERATE, set(), {"report-elder"}),
    ("ch_abuse.injured=yes", Risk.HIGH, {"clinical"}, {"emergency", "follow_up"}),
    # somebody worried about somebody else
    ("ch_intake.caller=other", Risk.LOW, set(), set()),
    (
        "ch_intake.caller=other ch_third_party.t_attempt=yes",
        Risk.IMMINENT,
        {"clinical", "imminent"},
        {"emergency-without_consent", "follow_up"},
    ),
    (
        "ch_third_party.t_said=yes ch_third_party.t_plan=yes ch_third_party.t_alone=yes ch_third_party.t_willing=no",
        Risk.HIGH,
        {"clinical"},
        {"emergency-without_consent", "consult", "follow_up"},
    ),
    # help against somebody's will: people who decide are brought in, nothing is decided
    ("ch_considerations.confused=yes", Risk.MODERATE, set(), {"notify-clinician"}),
    (
        "ch_considerations.still_imminent=yes ch_considerations.refuses_all=yes",
        Risk.IMMINENT,
        {"clinical", "imminent"},
        {"emergency-without_consent", "consult", "notify-clinician", "follow_up"},
    ),
]


@pytest.mark.parametrize(("answers", "risk", "ladders", "duties"), SITUATIONS, ids=[one[0] for one in SITUATIONS])
def test_what_answers_call_for(answers: str, risk: Risk, ladders: set[str], duties: set[str]) -> None:
    case, facts = lived(texted(), *said(answers))

    assert (case.risk, paged(facts), owed(case)) == (risk, ladders, duties)


def test_an_attempt_in_progress_asks_for_nobodys_consent_and_for_no_talk_before_help() -> None:
    case, _ = lived(texted(), *said("ch_right_now.attempt_now=yes"))

    assert "consult" not in owed(case)
    assert "emergency" not in owed(case)


def test_help_that_goes_to_somebody_unasked_is_talked_over_unless_an_attempt_is_under_way() -> None:
    """Active rescue needs a second pair of eyes; saving a life that is going does not wait for them."""
    at_once = {
        "attempt-in-progress", "overdose-now", "violence-now", "other-person-attempt", "principles-attempt-in-progress",
    }  # fmt: skip
    for rule in BOOK.rules:
        kinds = {(owe.kind.value, owe.of) for owe in rule.owes}
        if ("emergency", "without_consent") in kinds and rule.id not in at_once:
            assert ("consult", "") in kinds, rule.id


def test_a_person_who_hangs_up_at_risk_is_not_forgotten() -> None:
    case, _ = lived(called(), *said("asq.q1=yes asq.q5=no"))
    case, facts = lived(c.EndContact(ContactId("k"), "completed"), case=case)

    assert owed(case) == {"notify-supervisor", "follow_up"}
    assert paged(facts) == set()


def test_a_person_who_hangs_up_in_imminent_danger_makes_people_decide() -> None:
    case, _ = lived(called(), c.SetRisk(RO, Risk.IMMINENT, "He said goodbye."))
    case, facts = lived(c.EndContact(ContactId("k"), "completed"), case=case)

    assert {"emergency-without_consent", "consult", "notify-supervisor"} <= owed(case)
    assert paged(facts) == {"supervisors"}


def test_a_talk_that_we_end_before_the_questions_are_finished_wants_a_reason() -> None:
    there, gone = (c.NoteRoom(ContactId("k"), RO, here=here, why="") for here in (True, False))
    ours = [called(), c.ClaimCase(RO, "Rosa"), there, *said("asq.q1=no asq.q2=no")]
    case, _ = lived(*ours, gone, c.EndContact(ContactId("k"), "completed"))
    assert owed(case) == {"reason"}

    whole = [called(), c.ClaimCase(RO, "Rosa"), there, *said(ALL_NO)]
    case, _ = lived(*whole, gone, c.EndContact(ContactId("k"), "completed"))
    assert owed(case) == set()


def test_stop_is_seen_by_a_supervisor_and_rings_only_at_high_risk() -> None:
    calm, _ = lived(texted(), *said(ALL_NO))
    calm, facts = lived(texted("STOP", "m2"), case=calm)
    assert (owed(calm), paged(facts)) == ({"notify-supervisor"}, set())

    high, _ = lived(texted(), *said("asq.q5=yes"))
    high, facts = lived(texted("STOP", "m2"), case=high)
    assert "notify-supervisor" in owed(high)
    assert paged(facts) == {"supervisors"}


def test_who_comes_back_within_a_day_at_risk_is_seen_by_a_clinician() -> None:
    assert owed(lived(called(recent=1), *said("asq.q1=yes"))[0]) == {"notify-clinician", "follow_up"}
    assert owed(lived(called(recent=1))[0]) == set()
    assert owed(lived(called(recent=3))[0]) == {"notify-supervisor"}


def test_what_is_owed_is_owed_once_and_holds_the_case_until_it_is_settled() -> None:
    case, _ = lived(texted(), *said("asq.q1=yes asq.q5=yes ch_right_now.means=home ch_right_now.plan=yes"))
    assert sorted(duty.id for duty in case.duties) == ["follow_up", "means_safety"]

    case, _ = lived(c.ClaimCase(RO, "Rosa"), c.StandDown(RO, "She is with her sister."), case=case)
    with pytest.raises(Refused, match="means safety"):
        lived(c.CloseCase(RO, "safe", ""), case=case)
    case, _ = lived(c.MeetDuty(RO, "means_safety", "Her sister keeps them."), case=case)
    case, _ = lived(c.CloseCase(RO, "safe", ""), case=case)

    assert owed(case) == {"follow_up"}


def test_an_unanswered_or_refused_question_never_lowers_what_was_owed() -> None:
    case, _ = lived(texted(), *said("ch_right_now.intent=yes ch_right_now.means=reach ch_right_now.together=no"))
    before = owed(case)
    case, _ = lived(*said("ch_right_now.intent=unknown ch_right_now.together=refused"), case=case)

    assert case.risk is Risk.IMMINENT
    assert owed(case) == before
