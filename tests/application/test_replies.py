"""Words for the person in need: sent once, looked up before they are ever sent again, never after they said stop."""

from __future__ import annotations

import pytest

from crisis_hub.adapters.telephony.memory import Asked
from crisis_hub.domain.commands import ProgressMessage, WriteMessage
from crisis_hub.domain.conversation import Message
from crisis_hub.domain.vocabulary import CarrierId, MessageId, MessageState, PersonId
from tests.application.hands import WRITER, Hands, hands

WORDS = "I am here with you."


async def write(here: Hands, case: str, words: str = WORDS, id: str = "o1") -> None:
    await here.do(case, WriteMessage(PersonId("rui"), MessageId(id), words))


async def message(here: Hands, case: str, id: str = "o1") -> Message:
    found = (await here.case(case)).conversation.message(MessageId(id))
    assert found is not None
    return found


def sent(here: Hands) -> list[str]:
    return [one.words for one in here.texts_to(WRITER)]


async def test_words_are_sent_and_shown_as_sent_with_the_carriers_id() -> None:
    async with hands() as here:
        case = await here.a_case()
        await write(here, case)

        assert sent(here) == [WORDS]
        one = await message(here, case)
        assert (one.state, one.carrier_id) == (MessageState.SENT, here.texts_to(WRITER)[0].carrier_id)


async def test_the_automatic_reply_is_not_sent_a_second_time() -> None:
    """It went out in the answer to the carrier's own webhook."""
    async with hands() as here:
        await here.a_case()
        await here.seconds(5)

        assert sent(here) == []


@pytest.mark.parametrize("accepted", [True, False], ids=["it had been sent", "it had not"])
async def test_an_unknown_outcome_is_looked_up_first_and_never_doubled(accepted: bool) -> None:
    """Twice "I am here with you" in a bad night reads like a machine."""
    async with hands() as here:
        case = await here.a_case()
        here.telephony.fall_silent(accepted=accepted)
        await write(here, case)
        assert (await message(here, case)).state is MessageState.PLANNED
        await here.seconds(3)

        assert sent(here) == [WORDS]
        one = await message(here, case)
        assert (one.state, one.carrier_id) == (MessageState.SENT, here.texts_to(WRITER)[0].carrier_id)


async def test_while_the_list_cannot_be_read_nothing_is_sent_again() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.fall_silent(accepted=True)
        await write(here, case)
        here.telephony.fall_silent(accepted=False, times=2)
        await here.seconds(10)

        assert sent(here) == [WORDS]
        assert (await message(here, case)).state is MessageState.SENT


async def test_the_same_words_written_twice_are_two_messages() -> None:
    """A look at the carrier's list must not take the first one for the second."""
    async with hands() as here:
        case = await here.a_case()
        await write(here, case, id="o1")
        here.telephony.fall_silent(accepted=False)
        await write(here, case, id="o2")
        await here.seconds(3)

        assert sent(here) == [WORDS, WORDS]
        assert (await message(here, case, "o1")).carrier_id != (await message(here, case, "o2")).carrier_id


async def test_the_carriers_own_news_settles_an_unknown_outcome() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.fall_silent(accepted=True)
        await write(here, case)
        await here.do(case, ProgressMessage(MessageId("o1"), MessageState.DELIVERED, CarrierId("SM9"), ""))
        await here.seconds(5)

        assert sent(here) == [WORDS]
        assert (await message(here, case)).state is MessageState.DELIVERED


async def test_a_busy_carrier_is_asked_again() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.be_busy(2.0, times=2)
        await write(here, case)
        await here.seconds(5)

        assert sent(here) == [WORDS]


async def test_a_refusal_is_shown_at_once_without_the_number() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.refuse("21211", f"Invalid 'To' Phone Number: {WRITER}")
        await write(here, case)

        one = await message(here, case)
        assert (one.state, one.detail) == (MessageState.FAILED, "21211: Invalid 'To' Phone Number: (number)")


async def test_a_carrier_that_stays_silent_ends_as_failed_so_that_the_responder_knows() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.be_busy(1.0, times=None)
        await write(here, case)
        await here.seconds(35)

        one = await message(here, case)
        assert one.state is MessageState.FAILED
        assert one.detail.startswith("Given up after 30 tries")


async def test_what_was_written_before_stop_is_not_sent_after_it() -> None:
    """Stop means stop at once, and the responder sees that the words did not arrive."""
    async with hands() as here:
        case = await here.a_case()
        here.telephony.be_busy(5.0)
        await write(here, case)
        await here.text("stop", "SM2")
        await here.seconds(10)

        assert sent(here) == []
        one = await message(here, case)
        assert (one.state, one.detail) == (MessageState.FAILED, "The person has stopped our texts.")


async def test_what_was_erased_is_not_sent() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.telephony.be_busy(5.0)
        await write(here, case)
        await here.ledger.forget(case)
        await here.seconds(10)

        assert [one for one in here.telephony.accepted if one.asked is Asked.TEXT] == []
