"""A ladder: who is asked, when the next is asked, and what ends it. Only a person's word does."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.climbed import started
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.escalation import EVERYONE, SUPERVISORS, Ladder, Page, goes_forward
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    EscalationId,
    EscalationState,
    Method,
    PageId,
    PageState,
    TakenBy,
)
from tests.domain.given import (
    ANA,
    BEN,
    LADDERS,
    RUI,
    SAM,
    Given,
    at_risk,
    judged,
    kinds,
    ladder,
    only,
    paged,
    passes,
    rulebook,
    stand_down,
    takes,
    text_comes,
    time_is_over,
    tried,
)

SENT, DELIVERED, FAILED, UNKNOWN = (
    AttemptState.SENT,
    AttemptState.DELIVERED,
    AttemptState.FAILED,
    AttemptState.UNKNOWN,
)


def on_step(step: int) -> Given:
    """A ladder of two steps that stands on this one, with Ana paged on it."""
    given = at_risk()
    for _ in range(step - 1):
        given.when(time_is_over(given))
    given.when(paged(given, ANA))
    return given


# ------------------------------------------------------------------------------------------ climbing


def test_a_ladder_begins_with_its_first_step_at_once() -> None:
    given = at_risk()

    assert (given.ladder.ladder, given.ladder.step, given.ladder.state) == ("clinical", 1, EscalationState.RUNNING)
    assert given.ladder.due_at == given.now + timedelta(seconds=120)


def test_when_its_time_is_over_the_next_step_is_taken() -> None:
    given = on_step(1)

    assert given.later(120).when(time_is_over(given)) == (
        e.StepTaken(given.ladder.id, 2, given.now + timedelta(seconds=120)),
    )
    assert given.page_of(ANA).state is PageState.OPEN


def test_after_the_last_step_the_alarm_stands() -> None:
    given = on_step(2)

    assert given.when(time_is_over(given)) == (e.EscalationExhausted(given.ladder.id),)
    assert (given.ladder.state, given.ladder.due_at) == (EscalationState.EXHAUSTED, None)


def test_a_late_timer_says_nothing() -> None:
    """A deadline names its step; when the ladder has moved on, nobody is skipped."""
    given = on_step(1)
    late = time_is_over(given)
    given.when(late)

    assert given.when(late) == ()
    assert given.ladder.step == 2
    given.when(paged(given, BEN))
    given.when(takes(given.page_of(BEN)))
    assert given.when(c.Climb(given.ladder.id, 2)) == ()
    assert given.when(c.Climb(EscalationId("c1-e9"), 1)) == ()


def test_a_ladder_keeps_the_steps_it_began_with() -> None:
    """A change of the rules in the middle of the night must not leave a running ladder without its end."""
    given = on_step(1)
    given.rulebook = rulebook(ladders=(ladder("clinical", "responder"),))

    given.when(time_is_over(given))
    given.when(paged(given, BEN), time_is_over(given))

    assert [step.targets[0].name for step in given.ladder.steps] == ["clinician", "supervisor"]
    assert given.ladder.state is EscalationState.EXHAUSTED


# ------------------------------------------------------------------------------------------ paging


def test_a_person_is_paged_by_every_way_they_gave() -> None:
    given = at_risk()
    reach = (e.Reach(Method.SMS, "+1", 0), e.Reach(Method.VOICE, "+1", 0), e.Reach(Method.VOICE, "+2", 30))

    facts = given.when(c.PageThese(given.ladder.id, 1, (c.PersonToPage(ANA, "Ana", reach),), ""))

    page = only(facts, e.PersonPaged)[0]
    ways = [(Method.SMS, 0, 0), (Method.VOICE, 1, 0), (Method.VOICE, 2, 30)]
    assert [(a.method, a.reach, a.after_seconds) for a in page.attempts] == ways
    assert len({a.attempt for a in page.attempts}) == 3
    shown = given.page_of(ANA)
    assert (shown.id, shown.step, shown.name, shown.at) == (page.page, 1, "Ana", given.now)
    assert [(a.method, a.reach, a.after_seconds) for a in shown.attempts] == ways
    assert {(a.state, a.at, a.detail) for a in shown.attempts} == {(AttemptState.PLANNED, given.now, "")}


def test_who_has_no_number_is_left_out_and_the_others_are_paged() -> None:
    given = at_risk()
    people = (c.PersonToPage(ANA, "Ana", ()), c.PersonToPage(BEN, "Ben", (e.Reach(Method.SMS, "+1", 0),)))

    facts = given.when(c.PageThese(given.ladder.id, 1, people, ""))

    assert [fact.person for fact in only(facts, e.PersonPaged)] == [BEN]


@pytest.mark.parametrize(
    ("people", "said", "kept"),
    [
        ((), "Nobody is on call.", "Nobody is on call."),
        ((c.PersonToPage(ANA, "Ana", ()),), "", "None of them has a telephone number on file."),
    ],
)
def test_a_step_that_reaches_nobody_says_so_and_climbs_at_once(
    people: tuple[c.PersonToPage, ...], said: str, kept: str
) -> None:
    given = at_risk()

    facts = given.when(c.PageThese(given.ladder.id, 1, people, said))

    assert kinds(facts) == ["NobodyToPage", "StepTaken"]
    assert only(facts, e.NobodyToPage)[0].why == kept


def test_with_nobody_anywhere_the_alarm_is_there_at_once() -> None:
    """Nobody waits through empty steps."""
    given = at_risk()
    given.when(paged(given))

    assert kinds(given.when(paged(given))) == ["NobodyToPage", "EscalationExhausted"]


def test_a_step_that_the_ladder_has_not_taken_pages_nobody() -> None:
    given = at_risk()
    given.when(time_is_over(given))

    people = paged(given, ANA)
    assert given.when(c.PageThese(people.escalation, 3, people.people, "")) == ()
    assert given.when(c.PageThese(EscalationId("c1-e9"), 1, people.people, "")) == ()


@pytest.mark.parametrize("times", [1, 2])
def test_a_step_whose_paging_comes_late_still_pages_and_the_ladder_stays_where_it_is(times: int) -> None:
    """The hub was down for longer than the step: a late page is better than none, even under the alarm."""
    given = at_risk()
    people = paged(given, ANA)
    for _ in range(times):
        given.when(time_is_over(given))

    assert kinds(given.when(c.PageThese(people.escalation, 1, people.people, ""))) == ["PersonPaged"]
    assert given.when(c.PageThese(people.escalation, 1, people.people, "")) == ()


def test_a_step_that_reaches_nobody_climbs_only_where_the_ladder_stands() -> None:
    given = at_risk()
    given.when(time_is_over(given))

    assert kinds(given.when(c.PageThese(given.ladder.id, 1, (), "Nobody is on call."))) == ["NobodyToPage"]


# ------------------------------------------------------------------------------------------ attempts


def test_a_delivered_text_and_an_answered_call_take_nothing() -> None:
    """A telephone that rang is not a person who has it."""
    given = on_step(1)
    given.when(tried(given.page_of(ANA), 0, DELIVERED), tried(given.page_of(ANA), 1, DELIVERED))

    assert given.ladder.state is EscalationState.RUNNING
    assert given.page_of(ANA).state is PageState.OPEN


def test_when_every_attempt_has_failed_the_ladder_climbs_at_once() -> None:
    given = on_step(1)

    assert kinds(given.when(tried(given.page_of(ANA), 0, FAILED, "30003"))) == ["AttemptProgressed"]
    assert kinds(given.when(tried(given.page_of(ANA), 1, FAILED, "busy"))) == ["AttemptProgressed", "StepTaken"]
    assert given.page_of(ANA).state is PageState.OPEN


@pytest.mark.parametrize("state", [AttemptState.PLANNED, UNKNOWN])
def test_while_one_way_has_not_left_yet_the_step_waits(state: AttemptState) -> None:
    given = on_step(1)
    if state is not AttemptState.PLANNED:
        given.when(tried(given.page_of(ANA), 0, state))

    given.when(tried(given.page_of(ANA), 1, FAILED, "busy"))
    given.when(tried(given.page_of(ANA), 0, DELIVERED))

    assert given.ladder.step == 1, "the text left after the call had failed: it has its time"


@pytest.mark.parametrize("state", [SENT, DELIVERED])
@pytest.mark.parametrize("word", ["busy", "no-answer", "completed", "failed"])
def test_a_text_that_lies_beside_a_telephone_that_rang_in_vain_is_not_waited_for(
    state: AttemptState, word: str
) -> None:
    """Two minutes beside somebody who sleeps are two minutes of nothing."""
    given = on_step(1)
    given.when(tried(given.page_of(ANA), 0, state))

    assert kinds(given.when(tried(given.page_of(ANA), 1, FAILED, word))) == ["AttemptProgressed", "StepTaken"]
    assert given.page_of(ANA).state is PageState.OPEN, "and yet they may still take it"


def test_a_text_alone_has_its_time() -> None:
    given = at_risk()
    given.when(paged(given, ANA, ways=(Method.SMS,)))

    given.when(tried(given.page_of(ANA), 0, DELIVERED))

    assert given.ladder.step == 1


def test_a_machine_that_picks_up_lets_the_next_be_asked_and_takes_nothing() -> None:
    given = on_step(1)
    given.when(tried(given.page_of(ANA), 0, DELIVERED), tried(given.page_of(ANA), 1, DELIVERED, "in-progress"))
    heard = tried(given.page_of(ANA), 1, DELIVERED, "in-progress machine_start")

    assert kinds(given.when(heard)) == ["AttemptProgressed", "StepTaken"]
    assert given.when(heard) == (), "the same word again is no news"
    assert given.ladder.state is EscalationState.RUNNING
    assert given.page_of(ANA).state is PageState.OPEN


def test_a_human_who_picks_up_is_waited_for() -> None:
    given = on_step(1)
    given.when(tried(given.page_of(ANA), 0, FAILED, "30003"))

    given.when(tried(given.page_of(ANA), 1, DELIVERED, "in-progress human"))

    assert given.ladder.step == 1


# ------------------------------------------------------------------------------------------ calls in a row


def rung(risk: Risk = Risk.HIGH, repeat: int = 1) -> Given:
    """A page to Ana by text and telephone; her way says how many calls she wants in a row."""
    given = at_risk(risk)
    reach = (e.Reach(Method.SMS, "+15550100001", 0), e.Reach(Method.VOICE, "+15550100001", 0, repeat=repeat))
    person = c.PersonToPage(ANA, "Ana", reach)
    given.when(c.PageThese(given.ladder.id, 1, (person,), ""))
    return given


def calls(given: Given) -> list[str]:
    return [a.id.rpartition("-")[2] for a in given.page_of(ANA).attempts if a.method is Method.VOICE]


@pytest.mark.parametrize(
    ("risk", "repeat", "rings"), [(Risk.HIGH, 1, 1), (Risk.HIGH, 3, 3), (Risk.IMMINENT, 1, 2), (Risk.IMMINENT, 4, 4)]
)
def test_a_call_that_nobody_takes_is_made_again_as_often_as_wished_and_twice_at_imminent_risk(
    risk: Risk, repeat: int, rings: int
) -> None:
    given = rung(risk, repeat)
    given.when(tried(given.page_of(ANA), 0, DELIVERED))
    for way in range(1, rings + 3):
        if way < len(given.page_of(ANA).attempts):
            given.when(tried(given.page_of(ANA), way, FAILED, "no-answer"))

    assert calls(given) == ["1", *(f"1.{number}" for number in range(2, rings + 1))]
    assert [a.number for a in given.page_of(ANA).attempts[1:]] == list(range(1, rings + 1))
    assert given.ladder.step == 2


def test_a_busy_telephone_is_rung_again_a_little_later() -> None:
    given = rung(repeat=2)

    facts = given.when(tried(given.page_of(ANA), 1, FAILED, "busy"))

    [again] = only(facts, e.AttemptRepeated)
    assert again.after_seconds == 5
    assert given.page_of(ANA).attempts[-1].planned_at == given.now + timedelta(seconds=5)
    assert given.when(tried(given.page_of(ANA), 1, FAILED, "busy")) == ()


@pytest.mark.parametrize("word", ["21211: not a number", "failed", "canceled"])
def test_a_call_that_reached_no_telephone_is_not_made_again(word: str) -> None:
    given = rung(repeat=5)

    assert not only(given.when(tried(given.page_of(ANA), 1, FAILED, word)), e.AttemptRepeated)


def test_at_imminent_risk_the_next_is_asked_while_the_sleeper_is_rung_again() -> None:
    given = rung(Risk.IMMINENT)
    given.when(tried(given.page_of(ANA), 0, DELIVERED))

    facts = given.when(tried(given.page_of(ANA), 1, FAILED, "no-answer"))

    assert kinds(facts) == ["AttemptProgressed", "AttemptRepeated", "StepTaken"]


def test_at_high_risk_the_calls_in_a_row_come_before_the_next_person() -> None:
    given = rung(Risk.HIGH, 2)
    given.when(tried(given.page_of(ANA), 0, DELIVERED))

    assert kinds(given.when(tried(given.page_of(ANA), 1, FAILED, "no-answer"))) == [
        "AttemptProgressed",
        "AttemptRepeated",
    ]
    assert kinds(given.when(tried(given.page_of(ANA), 2, FAILED, "no-answer"))) == ["AttemptProgressed", "StepTaken"]


def test_who_has_it_or_passed_it_on_is_not_rung_again() -> None:
    for word in (takes, passes):
        given = rung(repeat=3)
        given.when(word(given.page_of(ANA)))
        given.when(tried(given.page_of(ANA), 1, FAILED, "completed"))

        assert calls(given) == ["1"]


def test_a_failure_of_an_earlier_step_moves_nothing() -> None:
    given = on_step(1)
    given.when(time_is_over(given))

    given.when(tried(given.page_of(ANA), 0, FAILED), tried(given.page_of(ANA), 1, FAILED))

    assert given.ladder.step == 2


def test_failures_after_the_alarm_change_nothing_but_what_is_shown() -> None:
    given = on_step(2)
    given.when(time_is_over(given))

    given.when(tried(given.page_of(ANA), 0, FAILED))
    assert kinds(given.when(tried(given.page_of(ANA), 1, FAILED))) == ["AttemptProgressed"]


def test_what_the_carrier_said_of_an_attempt_is_shown_and_the_others_stay_as_they_were() -> None:
    given = on_step(1)
    asked_at = given.now
    page = given.page_of(ANA)

    given.later(7).when(tried(page, 0, FAILED, "30003"))

    first, second = given.page_of(ANA).attempts
    assert (first.state, first.detail, first.at) == (FAILED, "30003", given.now)
    assert first.carrier_id == f"CA-{first.id}"
    assert (second.state, second.detail, second.at, second.carrier_id) == (AttemptState.PLANNED, "", asked_at, None)
    given.when(c.ProgressAttempt(second.id, SENT, CarrierId("CA-known"), ""))
    given.when(c.ProgressAttempt(second.id, DELIVERED, None, ""))
    assert given.page_of(ANA).attempts[1].carrier_id == "CA-known"


def test_an_attempt_belongs_to_one_page() -> None:
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    attempt = given.page_of(BEN).attempts[1]

    assert given.ladder.page_of(attempt.id) == given.page_of(BEN)
    assert given.ladder.attempt(attempt.id) == attempt
    assert given.ladder.page_of(AttemptId("none")) is None
    assert given.ladder.attempt(AttemptId("none")) is None


def test_news_of_an_attempt_that_is_not_ours_says_nothing() -> None:
    given = on_step(1)

    assert given.when(c.ProgressAttempt(AttemptId("none"), SENT, None, "")) == ()


# ------------------------------------------------------------------------------------------ taken


@pytest.mark.parametrize("means", TakenBy)
def test_a_person_takes_it_and_the_ladder_is_still(means: TakenBy) -> None:
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    page = given.page_of(ANA)

    assert given.when(takes(page, means)) == (e.PageTaken(page.id, given.ladder.id, ANA, "Ana", means),)
    x = given.ladder
    assert (x.state, x.taken_by, x.taken_by_name, x.taken_means, x.due_at) == (
        EscalationState.TAKEN,
        ANA,
        "Ana",
        means,
        None,
    )
    assert x.ended_at == given.now
    assert given.page_of(ANA).state is PageState.TAKEN
    assert given.page_of(BEN).state is PageState.ENDED
    assert list(x.open_pages()) == []


@pytest.mark.parametrize(
    ("means", "methods"), [(TakenBy.REPLY, [Method.SMS]), (TakenBy.BUTTON, []), (TakenBy.DIGIT, [Method.VOICE])]
)
def test_the_attempt_that_was_answered_is_shown_as_taken(means: TakenBy, methods: list[Method]) -> None:
    """A button that names no try stood on our own screens: no text and no call was answered by it."""
    given = on_step(1)
    given.when(takes(given.page_of(ANA), means))

    assert [a.method for a in given.page_of(ANA).attempts if a.state is AttemptState.TAKEN] == methods


def test_a_second_take_is_harmless_and_the_first_one_stays() -> None:
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    given.when(takes(given.page_of(ANA)))

    assert given.when(takes(given.page_of(BEN))) == ()
    assert given.ladder.taken_by == ANA


def test_a_page_of_an_earlier_step_can_still_be_taken() -> None:
    given = on_step(1)
    given.when(time_is_over(given), takes(given.page_of(ANA)))

    assert given.ladder.taken_by == ANA


def test_an_exhausted_page_can_still_be_taken() -> None:
    """Whoever wakes up late is the one the alarm was waiting for."""
    given = on_step(2)
    given.later(120).when(time_is_over(given))
    assert given.page_of(ANA).state is PageState.OPEN
    assert given.ladder.ended_at == given.now

    assert kinds(given.when(takes(given.page_of(ANA)))) == ["PageTaken"]
    assert given.ladder.state is EscalationState.TAKEN


def test_whoever_passed_it_on_may_still_take_it() -> None:
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    given.when(passes(given.page_of(ANA)), takes(given.page_of(ANA)))

    assert given.ladder.taken_by == ANA


def on_two_ladders() -> tuple[Given, Page, Page]:
    """Ana is paged for high risk, then for imminent risk, together with Sam."""
    given = at_risk()
    given.when(paged(given, ANA))
    high = given.page_of(ANA)
    given.when(judged(Risk.IMMINENT))
    given.when(paged(given, ANA, SAM))
    return given, high, given.page_of(ANA)


def states(given: Given) -> list[EscalationState]:
    return [x.state for x in given.case.escalations]


def test_one_word_takes_every_page_that_a_person_holds_for_the_case() -> None:
    """Whoever took the greater page must not be rung again for the lesser, nor have the alarm stand over it."""
    given, high, imminent = on_two_ladders()

    facts = given.when(takes(imminent, TakenBy.BUTTON))

    assert [fact.page for fact in only(facts, e.PageTaken)] == [imminent.id, high.id]
    assert states(given) == [EscalationState.TAKEN, EscalationState.TAKEN]


def test_a_word_given_to_the_lesser_page_does_not_take_the_greater() -> None:
    """They pressed 1 on the call for high risk and have not heard of imminent yet."""
    given, high, _ = on_two_ladders()
    given.when(takes(high, TakenBy.DIGIT))

    assert states(given) == [EscalationState.TAKEN, EscalationState.RUNNING]


def test_a_ladder_that_asked_somebody_else_goes_on() -> None:
    """It may have another reason, for which another person must know."""
    given, _, _ = on_two_ladders()
    given.when(takes(given.page_of(SAM)))

    assert states(given) == [EscalationState.RUNNING, EscalationState.TAKEN]


def test_one_word_passes_every_page_that_a_person_holds_for_the_case() -> None:
    given, high, imminent = on_two_ladders()

    facts = given.when(passes(imminent))

    assert [fact.page for fact in only(facts, e.PagePassed)] == [imminent.id, high.id]
    assert [x.step for x in given.case.escalations] == [2, 1]
    assert given.when(passes(high)) == ()


@pytest.mark.parametrize("command", [c.TakePage, c.PassPage])
def test_nobody_takes_or_passes_the_page_of_somebody_else(command: type[c.TakePage | c.PassPage]) -> None:
    given = on_step(1)

    for page, person in ((given.page_of(ANA).id, BEN), (PageId("none"), ANA)):
        with pytest.raises(NotFound):
            given.when(command(page, person, TakenBy.REPLY))
    assert given.ladder.state is EscalationState.RUNNING


# ------------------------------------------------------------------------------------------ passed


def test_a_pass_of_the_only_person_on_the_step_climbs_at_once() -> None:
    given = on_step(1)

    assert kinds(given.when(passes(given.page_of(ANA)))) == ["PagePassed", "StepTaken"]


def test_a_pass_waits_for_the_others_on_the_step() -> None:
    given = at_risk()
    given.when(paged(given, ANA, BEN))

    assert kinds(given.when(passes(given.page_of(ANA)))) == ["PagePassed"]
    assert [page.person for page in given.ladder.open_pages()] == [BEN]
    assert kinds(given.when(passes(given.page_of(BEN)))) == ["PagePassed", "StepTaken"]
    given.when(paged(given, SAM))
    given.when(takes(given.page_of(SAM)))
    assert [page.state for page in given.ladder.pages] == [PageState.PASSED, PageState.PASSED, PageState.TAKEN]


@pytest.mark.parametrize("passes_first", [True, False])
def test_a_pass_and_a_failure_together_leave_nobody_so_the_ladder_climbs(passes_first: bool) -> None:
    """Ana passes it on and Ben is out of reach: to wait out the step would be silence."""
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    ben = given.page_of(BEN)
    last: list[c.Command] = [passes(given.page_of(ANA)), tried(ben, 0, FAILED), tried(ben, 1, FAILED)]

    given.when(*(last if passes_first else [*last[1:], last[0]]))

    assert given.ladder.step == 2


def test_a_pass_from_an_earlier_step_moves_nothing() -> None:
    given = on_step(1)
    given.when(time_is_over(given))

    assert kinds(given.when(passes(given.page_of(ANA)))) == ["PagePassed"]
    assert given.ladder.step == 2


def test_a_pass_on_the_last_step_raises_the_alarm() -> None:
    given = on_step(2)

    assert kinds(given.when(passes(given.page_of(ANA)))) == ["PagePassed", "EscalationExhausted"]


# ------------------------------------------------------------------------------------------ by hand, stood down


def test_a_ladder_can_be_started_by_hand_with_a_reason() -> None:
    given = Given(rulebook(ladders=LADDERS))
    given.when(text_comes())

    facts = given.when(c.Escalate(RUI, "clinical", "She will not answer me."))

    assert kinds(facts) == ["EscalationStarted", "StepTaken", "NoteWritten"]
    assert only(facts, e.EscalationStarted)[0].why == "Asked for by rui."
    assert only(facts, e.NoteWritten)[0].text == "She will not answer me."


def test_a_ladder_that_is_running_is_not_started_twice_but_one_that_is_over_is() -> None:
    given = at_risk()

    assert given.when(c.Escalate(RUI, "clinical", "")) == ()
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)))
    assert "EscalationStarted" in kinds(given.when(c.Escalate(RUI, "clinical", "")))


@pytest.mark.parametrize("name", ["everyone", "supervisors"])
def test_the_built_in_ladders_need_no_file(name: str) -> None:
    given = Given()
    given.when(text_comes())

    assert only(given.when(c.Escalate(RUI, name, "")), e.EscalationStarted)[0].ladder == name


def test_an_unknown_ladder_is_refused_with_those_that_there_are() -> None:
    given = at_risk()

    with pytest.raises(Wrong, match="there are clinical, imminent, supervisors, friends, everyone"):
        given.when(c.Escalate(RUI, "night", ""))


def test_standing_down_ends_every_ladder_that_wants_somebody() -> None:
    given = at_risk()
    given.when(paged(given, ANA), judged(Risk.IMMINENT))
    given.when(paged(given, ANA, SAM))

    facts = given.when(stand_down())

    assert [fact.escalation for fact in only(facts, e.EscalationStoodDown)] == [x.id for x in given.case.escalations]
    assert {page.state for x in given.case.escalations for page in x.pages} == {PageState.ENDED}
    assert given.when(takes(given.page_of(ANA))) == ()


def test_an_alarm_can_be_stood_down_and_then_there_is_nothing_left_to_stand_down() -> None:
    given = on_step(2)
    given.when(time_is_over(given), stand_down())

    assert given.ladder.state is EscalationState.STOOD_DOWN
    with pytest.raises(TooLate, match="No page is open"):
        given.when(stand_down())


def test_each_step_waits_as_long_as_it_says() -> None:
    steps = tuple(e.Step((e.Target("role", "clinician"),), wait) for wait in (60, 300, 20))
    given = Given(rulebook(ladders=(Ladder("uneven", steps),)))
    given.when(text_comes(), c.Escalate(RUI, "uneven", ""))
    began = given.now
    waits = [given.ladder.due_at]
    for _ in range(2):
        given.later(1000).when(time_is_over(given))
        waits.append(given.ladder.due_at)

    times = [began + timedelta(seconds=n * 1000) for n in range(3)]
    assert waits == [at + timedelta(seconds=wait) for at, wait in zip(times, (60, 300, 20), strict=True)]
    assert given.ladder.steps_taken == tuple(zip(times, waits, strict=True))
    assert given.ladder.started_at == began


# ------------------------------------------------------------------------------------------ the floor's own


def built_in(ladder: Ladder) -> list[tuple[int, list[tuple[str, str]]]]:
    return [(step.wait_seconds, [(target.kind, target.name) for target in step.targets]) for step in ladder.steps]


def test_the_ladder_that_needs_no_file_asks_everybody_twice_and_then_raises_the_alarm() -> None:
    everybody = [("role", "clinician"), ("role", "supervisor"), ("role", "clinical_lead")]

    assert built_in(EVERYONE) == [(120, everybody), (120, everybody)]
    assert (EVERYONE.name, EVERYONE.then, EVERYONE.version) == ("everyone", "alarm", "built in")


def test_the_ladder_for_a_broken_rule_asks_supervisors_then_everybody() -> None:
    everybody = [("role", "supervisor"), ("role", "clinical_lead"), ("role", "clinician")]

    assert built_in(SUPERVISORS) == [(120, [("role", "supervisor")]), (120, everybody)]
    assert (SUPERVISORS.name, SUPERVISORS.then, SUPERVISORS.version) == ("supervisors", "alarm", "built in")


def test_a_ladder_that_began_has_taken_no_step_until_a_fact_says_so() -> None:
    fact = e.EscalationStarted(EscalationId("c1-e1"), "clinical", Risk.HIGH, LADDERS[0].steps, "why", "risk")

    x = started(fact, Given(rulebook()).now)

    assert (x.step, x.due_at, x.steps_taken, x.pages, x.running) == (0, None, (), (), True)
    assert Ladder("plain", ()).version == ""


def test_an_attempt_only_goes_forward() -> None:
    in_order = [AttemptState.PLANNED, UNKNOWN, SENT, DELIVERED, FAILED, AttemptState.TAKEN]
    assert set(in_order) == set(AttemptState)

    for earlier, later in combinations(in_order, 2):
        assert goes_forward(earlier, later)
        assert not goes_forward(later, earlier)
    assert not any(goes_forward(state, state) for state in AttemptState)
