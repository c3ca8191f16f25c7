"""Nights on which the carrier fails us."""

from __future__ import annotations

import pytest

from crisis_hub.adapters.telephony.simulator import AWAKE, FaultKind
from crisis_hub.domain.vocabulary import EscalationState, MessageState
from tests.night import Night, night
from tests.stories.test_pages import high, on_call

WRITER = "+15550100920"


def break_it(tonight: Night, kind: FaultKind, count: int, only: str = "") -> None:
    """Switch a fault on for the next few times."""
    tonight.carrier.faults.switch_on(kind, count=count, only=only)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REST_429,
        FaultKind.REST_500,
        FaultKind.REST_500_AFTER,
        FaultKind.REST_503,
        FaultKind.REST_SILENT_BEFORE,
        FaultKind.REST_SILENT_AFTER,
    ],
)
async def test_a_page_gets_through_whatever_the_carrier_answers_at_first(kind: FaultKind) -> None:
    """A double page is harmless, a lost one is not."""
    async with night() as tonight:
        break_it(tonight, kind, 2)
        case = await high(tonight)
        await tonight.seconds(30)

        clinician = tonight.phone_of(on_call(case))
        clinician.expect_text(case.number)
        clinician.expect_call()


async def test_words_for_the_person_are_never_sent_twice_when_the_answer_was_lost() -> None:
    """The carrier's own list says that the first one went out."""
    async with night() as tonight:
        writer = tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "hello")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        break_it(tonight, FaultKind.REST_SILENT_AFTER, 1)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "I am here with you."})
        await tonight.seconds(30)

        writer.expect_text("I am here with you.")
        bodies = [m.body for m in tonight.carrier.exchange.messages.values() if m.to == WRITER]
        assert bodies.count("I am here with you.") == 1
        assert (await tonight.case(case.id)).conversation.messages[-1].state is MessageState.DELIVERED


async def test_doubled_and_late_webhooks_make_one_case_with_one_message() -> None:
    """The carrier repeats itself."""
    async with night() as tonight:
        tonight.phone(WRITER, AWAKE)
        break_it(tonight, FaultKind.WEBHOOK_DOUBLED, 3)
        case = await tonight.text(WRITER, "hello")
        await tonight.seconds(30)

        assert len(tonight.house.board.cases()) == 1
        received = [m for m in (await tonight.case(case.id)).conversation.messages if m.author == "person"]
        assert len(received) == 1


async def test_lost_status_webhooks_never_stop_a_ladder() -> None:
    """What the carrier does not tell us is not taken for good news."""
    async with night() as tonight:
        case = await high(tonight)
        break_it(tonight, FaultKind.WEBHOOK_LOST, 50)
        await tonight.minutes(6)

        assert (await tonight.case(case.id)).escalations[0].state is EscalationState.EXHAUSTED


async def test_a_stop_word_in_the_middle_of_a_case_is_seen_and_nothing_more_is_sent() -> None:
    """"quit" may mean our texts, or something else; a person must look."""
    async with night() as tonight:
        writer = tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "hello")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        writer.text("quit")
        await tonight.seconds(2)
        assert (await tonight.case(case.id)).conversation.texting_stopped
        refused = await tonight.post("rui", f"/api/cases/{case.id}/messages", {"text": "are you there?"})
        assert (refused.status_code, "stopped our texts" in refused.json()["detail"]) == (409, True)

        writer.text("start")
        await tonight.seconds(2)
        assert not (await tonight.case(case.id)).conversation.texting_stopped


async def test_a_spanish_first_text_is_answered_in_spanish() -> None:
    """The first words a person gets are in their language."""
    async with night() as tonight:
        writer = tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "hola, no sé con quién hablar")
        assert case.language == "es"
        writer.expect_text("crisis")
