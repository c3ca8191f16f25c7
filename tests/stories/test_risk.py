"""What is weighed and decided in the night: the floor, the rules, a person's judgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crisis_hub.domain.reading import PageLadder, RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.truth import Clause
from crisis_hub.domain.vocabulary import EscalationState
from tests.domain.given import Throws
from tests.night import STAFF, Night, night, shipped
from tests.stories.scenes import at_high_risk, at_imminent_risk, ladder, paged, taken_by_rui


@dataclass(frozen=True)
class Lowering:
    """The words with which a risk is lowered."""

    risk: str = "moderate"
    reason: str = "He is with a friend now and gave her the keys."

    def body(self) -> dict[str, str]:
        return {"risk": self.risk, "reason": self.reason}


async def lower(tonight: Night, case: str, who: str, words: Lowering = Lowering()) -> int:
    return (await tonight.post(who, f"/api/cases/{case}/risk", words.body())).status_code


async def test_from_imminent_one_person_alone_lowers_nothing() -> None:
    async with night() as tonight:
        case = await at_imminent_risk(tonight)
        for _ in range(3):
            assert await lower(tonight, case.id, "rui") == 200
        proposed = (await tonight.get("rui", f"/api/cases/{case.id}")).json()
        assert (proposed["risk"], proposed["lowering_proposed"]) == ("imminent", "moderate")

        assert await lower(tonight, case.id, "sam") == 200
        assert (await tonight.case(case.id)).risk is Risk.MODERATE
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING


async def test_what_was_lowered_rises_again_with_a_new_reason_and_pages_again() -> None:
    async with night() as tonight:
        case = await at_imminent_risk(tonight)
        await tonight.done("sam", f"/api/cases/{case.id}/stand-down", {"reason": "A false alarm."})
        await lower(tonight, case.id, "rui")
        await lower(tonight, case.id, "sam")
        await tonight.answer(case, "ch_violence_inquiry.v1=no", "asq.q1=no")
        assert (await tonight.case(case.id)).risk is Risk.MODERATE

        await tonight.answer(case, "ch_overdose_withdrawal.o1=yes")
        await tonight.seconds(2)
        now = await tonight.case(case.id)
        assert now.risk is Risk.IMMINENT
        assert [x.state.value for x in now.escalations] == ["stood_down", "running"]


@pytest.mark.parametrize("item", ["ch_violence_inquiry.v10=yes", "ch_overdose_withdrawal.o2=yes"])
async def test_with_no_rules_at_all_imminent_risk_wakes_everybody_who_can_be_reached(item: str) -> None:
    """The floor is code: it holds on the night on which nothing could be read."""
    async with night(rulebook=EMPTY) as tonight:
        case = await taken_by_rui(tonight)
        await tonight.answer(case, item)
        await tonight.seconds(5)

        assert sorted(await paged(tonight, case)) == ["ana", "ben", "lee", "sam"]
        for who in ("ana", "ben", "lee", "sam"):
            tonight.phone_of(who).expect_text("IMMINENT")
            tonight.phone_of(who).expect_call()
        tonight.phone_of("rui").expect_nothing_else()


async def test_an_empty_rules_folder_is_no_rules_at_all_and_the_board_says_so(tmp_path: Path) -> None:
    async with night(rules=tmp_path) as tonight:
        case = await taken_by_rui(tonight)
        await tonight.answer(case, "ch_right_now.attempt_now=yes")
        await tonight.seconds(5)

        assert sorted(await paged(tonight, case)) == ["ana", "ben", "lee", "sam"]
        board = (await tonight.get("sam", "/api/board")).json()
        assert board["on_call"][0]["trouble"] == "No rota is in force, so every clinician is on call."


async def test_with_no_rules_at_all_a_persons_own_judgement_pages_too() -> None:
    async with night(rulebook=EMPTY) as tonight:
        case = await taken_by_rui(tonight)
        await tonight.done("rui", f"/api/cases/{case.id}/risk", {"risk": "high"})
        await tonight.seconds(2)

        assert sorted(await paged(tonight, case)) == ["ana", "ben", "lee", "sam"]


def with_a_broken_rule() -> Rulebook:
    """The shipped rules and one that throws whenever it is looked at."""
    actions = (RaiseRisk(Risk.HIGH), PageLadder("clinical"))
    broken = Reading("broken", "1", Clause("all", (Throws(),)), actions, "because", "a test")
    book = shipped()
    return replace(book, rules=(broken, *book.rules))


async def test_a_rule_that_throws_pages_a_supervisor_once_and_stops_no_other_rule() -> None:
    """A rule that cannot be judged never means no."""
    async with night(rulebook=with_a_broken_rule()) as tonight:
        case = await taken_by_rui(tonight)
        await tonight.seconds(3)
        assert await paged(tonight, case) == ["sam"]
        tonight.phone_of("sam").text("1")
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
        await tonight.seconds(3)

        now = (await tonight.get("sam", f"/api/cases/{case.id}")).json()
        assert now["broken_rules"] == ["broken"]
        assert now["risk"] == "high"
        assert await paged(tonight, case) == ["sam", "ben"]
        facts = (await tonight.get("sam", f"/api/cases/{case.id}/facts")).json()["facts"]
        broke = [fact["data"] for fact in facts if fact["type"] == "RuleBroke"]
        assert [(one["rule"], one["path"], one["error"]) for one in broke] == [
            ("broken", "when, all, 1 of 1", "ZeroDivisionError: division by zero")
        ]


async def test_a_responder_calls_a_supervisor_who_comes_and_works_on_the_case() -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        asked = await tonight.done("rui", f"/api/cases/{case.id}/assist")
        assert asked["case"]["assist_asked_by"] == "Rui Alves"
        board = (await tonight.get("sam", "/api/board")).json()
        assert [one["assist_asked_by"] for one in board["cases"]] == ["Rui Alves"]

        await tonight.done("sam", f"/api/cases/{case.id}/notes", {"text": "I am with you."})
        await tonight.answer(case, "asq.q1=yes", who="sam")
        assert (await tonight.case(case.id)).risk is Risk.MODERATE


async def test_when_nobody_at_all_can_be_reached_the_alarm_stands_at_once() -> None:
    """No waiting through steps that reach nobody: the board says it in the same second."""
    mute = [replace(one, reach=()) for one in STAFF]
    async with night(staff=mute) as tonight:
        case = await at_high_risk(tonight)

        x = await ladder(tonight, case)
        assert (x.state, x.pages) == (EscalationState.EXHAUSTED, ())
        ready = await tonight.browser.get("/ready")
        assert (ready.status_code, "nobody can be paged" in ready.text) == (503, True)


async def test_an_answer_given_five_times_pages_once() -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        await tonight.answer(case, *["ch_violence_inquiry.v10=yes"] * 5)
        await tonight.seconds(5)

        assert await paged(tonight, case) == ["ben", "sam"]
        assert len((await tonight.case(case.id)).escalations) == 1


async def test_whoever_takes_it_while_the_risk_rises_is_asked_once() -> None:
    """Two ladders run for the same person: one "1" is enough, and no alarm stands over a case that somebody has."""
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.answer(case, "ch_right_now.means=reach")
        await tonight.seconds(5)
        ben = tonight.phone_of("ben")
        ben.text("1")
        await tonight.seconds(3)
        ben.expect_text("nobody else is paged")
        await tonight.minutes(9)

        now = await tonight.case(case.id)
        both = [("clinical", "taken"), ("imminent", "taken")]
        assert [(x.ladder, x.state.value) for x in now.escalations] == both
        assert await paged(tonight, case) == ["ben", "ben", "sam"]

        await tonight.minutes(1)  # and when they are silent, the greater one begins anew, and not both
        now = await tonight.case(case.id)
        assert [(x.ladder, x.state.value) for x in now.escalations] == [*both, ("imminent", "running")]


async def test_a_rise_from_high_to_imminent_wakes_again_who_has_it_already() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        tonight.phone_of("ben").text("1")
        await tonight.seconds(3)
        await tonight.answer(case, "ch_right_now.means=reach")
        await tonight.seconds(3)

        now = await tonight.case(case.id)
        assert [(x.ladder, x.state.value) for x in now.escalations] == [("clinical", "taken"), ("imminent", "running")]
        assert await paged(tonight, case) == ["ben", "ben", "sam"]
