"""The main job, as one night after another: phones, people and minutes."""

from __future__ import annotations

from crisis_hub.adapters.telephony.simulator import AWAKE, VOICEMAIL, Person, Press
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import EscalationState, PageState
from tests.night import night

WRITER = "+15550100900"


async def test_a_text_becomes_a_case_an_answer_pages_and_a_reply_takes_it() -> None:
    """The whole walk in one breath."""
    async with night() as tonight:
        writer = tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "i cant do this anymore")
        writer.expect_text("crisis line")

        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.answer(case, "asq.q1=yes", "asq.q2=no", "asq.q3=yes", "asq.q4=no", "asq.q5=yes")

        await tonight.seconds(2)
        now = await tonight.case(case.id)
        assert now.risk is Risk.HIGH
        clinician = tonight.phone_of(now.escalations[0].pages[0].person)
        page = clinician.expect_text(case.number)
        assert "cant do this" not in page.body
        clinician.expect_call()

        clinician.text("1")
        await tonight.seconds(2)
        taken = await tonight.case(case.id)
        assert taken.escalations[0].state is EscalationState.TAKEN
        assert taken.escalations[0].pages[0].state is PageState.TAKEN
        clinician.expect_text("You have case")
        await tonight.minutes(9)
        clinician.expect_nothing_else()


async def test_voicemail_takes_nothing_and_the_ladder_climbs() -> None:
    """A machine that answers is not a person, and silence is never consent."""
    async with night() as tonight:
        tonight.phone_of("ana", VOICEMAIL)
        tonight.phone_of("ben", VOICEMAIL)
        presser = tonight.phone_of("sam", Person(answers_after=3, presses=(Press("1"),)))
        case = await tonight.text(WRITER, "hello")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")

        await tonight.seconds(15)
        assert (await tonight.case(case.id)).escalations[0].state is EscalationState.RUNNING
        await tonight.minutes(4)
        assert "ben" not in [one.person for one in (await tonight.case(case.id)).escalations[0].takers]

        taken = (await tonight.case(case.id)).escalations[0]
        assert taken.state is EscalationState.TAKEN
        assert taken.taken_by_name == "Sam Okoro"
        presser.expect_call()
