"""The checker finds what is planted: every class of fault, one at a time, in a history that is otherwise good."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crisis_hub.adapters.clock import HandClock
from tests.chaos.checker import FAIL, INFO, INVOKE, OK, Duty, Fact, Found, History, Ledger, check, doubled

CASE, LADDER, PAGE, TRY = "case1", "case1-e1", "case1-e1-1-ana", "case1-e1-1-ana-0"
RECEIPT = (("attempt", TRY), ("state", "delivered"))


class Night:
    """A small run in which everything went well: two texts, an answer, a page, a reply; and ways to spoil it."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.history = History(self.clock)
        self.facts: list[Fact] = []
        self.effects = [
            Duty("k1", CASE, "page_step", f"{LADDER}/1", "confirmed", False),
            Duty("k2", CASE, "send_page", TRY, "handed_over", False),
        ]
        self.deadlines: list[Duty] = []
        self._play()

    def _play(self) -> None:
        self.text("SM1", "+1")
        self.fact("CaseOpened", channel="text")
        self.fact("MessageReceived", carrier_id="SM1")
        self.pass_time(1)
        self.note("text", INVOKE, sid="SM2", sender="+1")
        self.note("text", INFO, sid="SM2")
        self.note("text", FAIL, sid="SM2", status=503)
        self.note("text", OK, sid="SM2", answer="<Response/>")
        self.fact("MessageReceived", carrier_id="SM2")
        self.pass_time(1)
        self.note("claim", INVOKE, case=CASE, person="rui")
        self.fact("CaseClaimed", person="rui")
        self.note("claim", OK, case=CASE, person="rui")
        self.pass_time(1)
        answer = {"case": CASE, "instrument": "asq", "item": "q5", "answer": "yes"}
        self.note("answer", INVOKE, **answer, calls_for="clinical")
        self.fact("AnswerRecorded", instrument="asq", item="q5", answer="yes")
        self.fact("EscalationStarted", escalation=LADDER, steps=[{"wait_seconds": 60}, {"wait_seconds": 60}])
        self.fact("StepTaken", escalation=LADDER, step=1)
        self.note("answer", OK, **answer)
        self.pass_time(1)
        self.fact("PersonPaged", escalation=LADDER, page=PAGE, person="ana", attempts=[{"attempt": TRY}])
        self.note("page", OK, attempt=TRY, case=CASE, sid="SM5")
        self.fact("AttemptProgressed", attempt=TRY, state="sent")
        self.pass_time(1)
        self.fact("AttemptProgressed", **dict(RECEIPT))
        self.note("message", INVOKE, case=CASE, body="I am here")
        self.fact("MessageWritten", author="rui", message="m1")
        self.note("sent", OK, body="I am here")
        self.note("message", OK, case=CASE, body="I am here")
        self.pass_time(5)
        self.note("take", INVOKE, person="ana", means="reply", case=CASE)
        self.fact("PageTaken", escalation=LADDER, page=PAGE, person="ana", means="reply")
        self.note("take", OK, person="ana", case=CASE, yours=True)
        self.pass_time(60)

    def text(self, sid: str, sender: str, *, answered: bool = True) -> None:
        self.note("text", INVOKE, sid=sid, sender=sender)
        if answered:
            self.note("text", OK, sid=sid, answer="<Response/>")

    def note(self, what: str, type: str, **value: object) -> None:
        self.history.note("test", what, type, **value)

    def fact(self, type: str, stream: str = CASE, **data: Any) -> None:  # noqa: ANN401 - a fact's data
        version = sum(fact.stream == stream for fact in self.facts) + 1
        self.facts.append(Fact(len(self.facts) + 1, stream, version, type, self.clock.now(), "x", "", data))

    def pass_time(self, seconds: float) -> None:
        self.clock._now += timedelta(seconds=seconds)  # nobody sleeps by this clock

    def without(self, type: str) -> None:
        """Take facts of a type out, as if they had never been: the numbers stay whole."""
        self.replace(lambda fact: None if fact.type == type else fact)

    def change(self, type: str, **changed: object) -> None:
        self.replace(lambda fact: replace(fact, data={**fact.data, **changed}) if fact.type == type else fact)

    def replace(self, by: Callable[[Fact], Fact | None]) -> None:
        kept = [changed for fact in self.facts if (changed := by(fact)) is not None]
        versions: dict[str, int] = {}
        self.facts = []
        for number, fact in enumerate(kept, 1):
            versions[fact.stream] = versions.get(fact.stream, 0) + 1
            self.facts.append(replace(fact, sequence=number, version=versions[fact.stream]))

    def forget(self, what: str, type: str = "") -> None:
        """Take lines out of the history."""
        self.history.lines = [x for x in self.history.lines if x.what != what or (type and x.type != type)]

    def check(self, **how: Any) -> Found:  # noqa: ANN401 - what the checker takes
        return check(self.history, Ledger(self.facts, self.effects, self.deadlines), **how)


def test_a_good_night_is_good() -> None:
    night = Night()
    found = night.check(pages_once=True)
    assert found.good, found.story()
    assert found.counts["texts"] == 2
    assert found.counts["pages"] == 1
    assert Ledger(night.facts, night.effects).at_rest()


def test_words_that_were_not_sent_are_allowed_when_the_responder_is_told() -> None:
    night = Night()
    night.forget("sent")
    night.fact("MessageProgressed", message="m1", state="failed")
    assert night.check().good


# -------------------------------------------------------------------------------- the four classes of texts


def test_an_accepted_text_that_is_not_there_is_lost() -> None:
    night = Night()
    night.text("SM3", "+1")
    assert night.check().lost == {"SM3"}


def test_a_text_on_the_carriers_list_that_is_not_there_is_lost() -> None:
    night = Night()
    night.text("SM3", "+1", answered=False)
    assert night.check().good  # nobody promised anything
    assert night.check(listed=["SM3"]).lost == {"SM3"}


def test_a_text_that_nobody_sent_is_unexpected() -> None:
    night = Night()
    night.fact("MessageReceived", carrier_id="SM9")
    assert night.check().unexpected == {"SM9"}


def test_a_text_that_is_there_twice_is_duplicated() -> None:
    night = Night()
    night.fact("MessageReceived", carrier_id="SM1")
    assert night.check().duplicated == {"SM1"}


def test_a_text_whose_answer_was_lost_and_that_is_there_is_recovered() -> None:
    night = Night()
    night.text("SM3", "+1", answered=False)
    night.note("text", INFO, sid="SM3")
    night.fact("MessageReceived", carrier_id="SM3")
    found = night.check()
    assert found.good, found.story()
    assert found.recovered == {"SM3"}


def test_a_person_with_two_cases_is_found() -> None:
    night = Night()
    night.text("SM3", "+1")
    night.fact("CaseOpened", "case2", channel="text")
    night.fact("MessageReceived", "case2", carrier_id="SM3")
    assert night.check().doubled_cases == {"+1"}


# -------------------------------------------------------------------------------------- everything else


def _a_case_of_nobody(night: Night) -> None:
    night.fact("CaseOpened", "case2", channel="text")


def _two_people_in_one_case(night: Night) -> None:
    night.text("SM3", "+2")
    night.fact("MessageReceived", carrier_id="SM3")


def _another_answer_to_the_same_text(night: Night) -> None:
    night.note("text", OK, sid="SM1", answer="<Response><Message/></Response>")


def _a_gap(night: Night) -> None:
    night.facts[3:] = [replace(fact, sequence=fact.sequence + 1) for fact in night.facts[3:]]


def _a_missing_version(night: Night) -> None:
    night.facts[-1] = replace(night.facts[-1], version=night.facts[-1].version + 1)


def _a_lost_answer(night: Night) -> None:
    night.without("AnswerRecorded")


def _a_doubled_answer(night: Night) -> None:
    night.fact("AnswerRecorded", instrument="asq", item="q5", answer="yes")


def _an_older_answer_stands(night: Night) -> None:
    night.note("answer", INVOKE, case=CASE, instrument="asq", item="q5", answer="no")
    night.note("answer", OK, case=CASE, instrument="asq", item="q5", answer="no")
    night.fact("AnswerRecorded", instrument="asq", item="q5", answer="no")
    night.note("answer", INVOKE, case=CASE, instrument="asq", item="q5", answer="yes")
    night.note("answer", OK, case=CASE, instrument="asq", item="q5", answer="yes")


def _two_responders(night: Night) -> None:
    night.fact("CaseClaimed", person="ria")


def _a_claim_that_never_was(night: Night) -> None:
    night.note("claim", OK, case=CASE, person="ria")


def _words_sent_twice(night: Night) -> None:
    night.note("sent", OK, body="I am here")


def _words_never_sent(night: Night) -> None:
    night.forget("sent")


def _words_recorded_twice(night: Night) -> None:
    night.fact("MessageWritten", author="rui", message="m2")


def _no_end(night: Night) -> None:
    night.without("PageTaken")
    night.forget("take")


def _a_late_end(night: Night) -> None:
    night.replace(lambda f: replace(f, at=f.at + timedelta(seconds=130)) if f.type == "PageTaken" else f)


def _taken_twice(night: Night) -> None:
    night.note("take", INVOKE, person="ana", means="digit", attempt=TRY)
    night.fact("PageTaken", escalation=LADDER, page=PAGE, person="ana", means="digit")


def _told_to_have_it(night: Night) -> None:
    night.note("take", OK, person="sam", case=CASE, yours=True)


def _never_paged(night: Night) -> None:
    night.forget("page")


def _one_of_two_never_sent(night: Night) -> None:
    night.without("PageTaken")
    night.forget("take")
    night.fact("EscalationExhausted", escalation=LADDER)
    night.change("PersonPaged", attempts=[{"attempt": TRY}, {"attempt": f"{PAGE}-1"}])
    night.effects.append(Duty("k3", CASE, "send_page", f"{PAGE}-1", "dropped", False))


def _paged_after_the_take(night: Night) -> None:
    night.note("page", OK, attempt=TRY, case=CASE)


def _climbs_after_the_take(night: Night) -> None:
    night.fact("StepTaken", escalation=LADDER, step=2)
    night.effects.append(Duty("k3", CASE, "page_step", f"{LADDER}/2", "dropped", False))


def _no_ladder_with_the_answer(night: Night) -> None:
    night.replace(
        lambda f: replace(f, at=f.at + timedelta(milliseconds=1)) if f.type in ("EscalationStarted", "StepTaken") else f
    )


def _no_first_step(night: Night) -> None:
    night.without("StepTaken")


def _a_step_without_its_paging(night: Night) -> None:
    del night.effects[0]


def _a_page_without_its_sending(night: Night) -> None:
    del night.effects[1]


def _back_to_sent(night: Night) -> None:
    night.fact("AttemptProgressed", attempt=TRY, state="sent")


def _delivered_twice(night: Night) -> None:
    night.fact("AttemptProgressed", **dict(RECEIPT))


def _an_effect_left_over(night: Night) -> None:
    night.effects.append(Duty("k3", CASE, "tell_taken", PAGE, "claimed", True))


def _a_deadline_left_over(night: Night) -> None:
    night.deadlines.append(Duty("k4", CASE, "step_over", f"{LADDER}/1", "due", True))


def _found_as_another_text(night: Night) -> None:
    night.note("page", OK, attempt="case1-e1-1-ben-0", case=CASE, sid="SM7")
    night.fact("AttemptProgressed", attempt=TRY, state="failed", carrier_id="SM7")


def _merged_into_a_text_that_does_not_tell_of_it(night: Night) -> None:
    night.fact("AttemptMerged", attempt=TRY, into="case1-e1-1-ben-0", carrier_id="SM7")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_a_case_of_nobody, "I3: case case2 was opened by nobody"),
        (_two_people_in_one_case, "I3: case case1 holds the words of 2 people"),
        (_another_answer_to_the_same_text, "I2: the same text SM1 got 2 different answers"),
        (_a_gap, "I10: fact 4 of the ledger has the number 5"),
        (_a_missing_version, "I10: case1 goes from"),
        (_a_lost_answer, "I1: the answer"),
        (_a_doubled_answer, "recorded 2 times"),
        (_an_older_answer_stands, "I1: yes was said last to ('case1', 'asq', 'q5'), and no stands there"),
        (_two_responders, "claim: ria took case1 from rui"),
        (_a_claim_that_never_was, "claim: ria was told to have case1 and never had it"),
        (_words_sent_twice, "I2: the words 'I am here' to case1 were sent 2 times"),
        (_words_never_sent, "I2: the words 'I am here' to case1 were sent 0 times"),
        (_words_recorded_twice, "I2: 1 messages were written to case1 and 2 recorded"),
        (_no_end, "I5: ladder case1-e1 has no end"),
        (_a_late_end, "I5: ladder case1-e1 ended"),
        (_taken_twice, "I6: ladder case1-e1 was taken 2 times"),
        (_told_to_have_it, "I1: sam was told to have case1 and has it not"),
        (_never_paged, "I1: ladder case1-e1 called for somebody and nobody was paged"),
        (_one_of_two_never_sent, f"I1: the page {PAGE}-1 never reached the carrier"),
        (_paged_after_the_take, "I7: case1-e1-1-ana-0 was sent 1 times after somebody had the case"),
        (_climbs_after_the_take, "I7: ladder case1-e1 went on with StepTaken after somebody had the case"),
        (_no_ladder_with_the_answer, "I8: the answer"),
        (_no_first_step, "I8: ladder case1-e1 began without its first step"),
        (_a_step_without_its_paging, "I8: the step case1-e1/1 was taken and its paging never planned"),
        (_a_page_without_its_sending, "I8: the page case1-e1-1-ana-0 was recorded and its sending never planned"),
        (_back_to_sent, "I9: attempt case1-e1-1-ana-0 went back to sent"),
        (_delivered_twice, "I9: attempt case1-e1-1-ana-0 went back to delivered"),
        (_found_as_another_text, f"I3: {TRY} is said to have gone out as SM7"),
        (_merged_into_a_text_that_does_not_tell_of_it, f"I3: {TRY} is said to have gone out as SM7"),
        (_an_effect_left_over, "I1: the effect k3 is still claimed"),
        (_a_deadline_left_over, "I5: the deadline k4 is still there"),
    ],
)
def test_what_is_planted_is_found(spoil: Callable[[Night], None], says: str) -> None:
    night = Night()
    spoil(night)
    found = night.check()
    assert not found.good
    assert any(sentence.startswith(says) or says in sentence for sentence in found.broken), found.story()


def test_a_page_that_no_fact_knows_is_unexpected() -> None:
    night = Night()
    night.note("page", OK, attempt="case9-e1-1-ana-0", case="case9")
    assert night.check().unexpected == {"page case9-e1-1-ana-0"}


def test_a_page_sent_twice_is_allowed_only_when_the_hub_did_not_know() -> None:
    night = Night()
    night.history.lines.insert(-3, replace(next(night.history.of("page")), number=0))
    assert night.check().good
    assert not night.check(pages_once=True).good
    unsure = {"attempt": TRY, "state": "unknown"}
    night.replace(lambda f: replace(f, data=unsure) if f.data.get("state") == "sent" else f)
    assert night.check(pages_once=True).good


# ------------------------------------------------------------------------------------------ false takes


@pytest.mark.parametrize("means", ["delivered", "voicemail", "opened", ""])
def test_nothing_but_a_digit_a_reply_or_a_button_takes(means: str) -> None:
    night = Night()
    night.change("PageTaken", means=means)
    assert len(night.check().false_takes) == 1


def test_a_take_that_nobody_made_is_false() -> None:
    night = Night()
    night.forget("take")
    assert len(night.check().false_takes) == 1


@pytest.mark.parametrize(
    "other", [{"person": "ben"}, {"means": "digit"}, {"case": "case2"}, {"page": "case1-e1-1-ben"}]
)
def test_what_somebody_else_or_in_another_way_or_for_another_page_did_is_no_proof(other: dict[str, str]) -> None:
    night = Night()
    night.forget("take")
    act = {"person": "ana", "means": "reply", "case": CASE} | other
    night.history.lines.append(replace(night.history.lines[0], what="take", type=INVOKE, value=act))
    assert len(night.check().false_takes) == 1


def test_an_act_after_the_take_is_no_proof_of_it() -> None:
    night = Night()
    night.forget("take")
    night.note("take", INVOKE, person="ana", means="reply", case=CASE)  # a minute later
    assert len(night.check().false_takes) == 1


def test_a_take_by_somebody_who_was_not_paged_is_false() -> None:
    night = Night()
    night.change("PersonPaged", person="ben")
    assert len(night.check().false_takes) == 1


def test_one_act_proves_one_take() -> None:
    night = Night()
    other = "case1-e2"
    night.fact("EscalationStarted", escalation=other, steps=[{"wait_seconds": 60}])
    night.fact("StepTaken", escalation=other, step=1)
    night.fact("PersonPaged", escalation=other, page=f"{other}-1-ana", person="ana", attempts=[])
    night.fact("PageTaken", escalation=other, page=f"{other}-1-ana", person="ana", means="reply")
    assert len(night.check().false_takes) == 1


def test_a_pass_needs_its_proof_too() -> None:
    night = Night()
    night.without("PageTaken")
    night.fact("PagePassed", escalation=LADDER, page=PAGE, person="ana", means="digit")
    night.fact("EscalationExhausted", escalation=LADDER)
    assert len(night.check().false_takes) == 1


def test_a_history_can_be_kept(tmp_path: Path) -> None:
    written = Night().history.write(tmp_path / "history.jsonl").read_text().splitlines()
    assert len(written) == len(Night().history.lines)
    assert json.loads(written[0])["what"] == "text"


def test_a_page_that_was_doubled_is_known_or_unexplained() -> None:
    night = Night()
    night.history.note("carrier", "page", OK, attempt=TRY, case="case1", kind="sms", sid="SM9", to="+1")
    assert doubled(night.history, Ledger(night.facts)).unexplained == [TRY]

    night.fact("AttemptProgressed", attempt=TRY, state="unknown")
    assert doubled(night.history, Ledger(night.facts)).known == [TRY]
    assert doubled(Night().history, Ledger(Night().facts)).known == []
