"""A member of staff is rung on their own telephone and brought to the caller; once, and with a named end."""

from __future__ import annotations

from crisis_hub.adapters.telephony.memory import Accepted, Asked
from crisis_hub.application.intake import CallIn
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import ClaimCase, EndContact, JoinRoom
from crisis_hub.domain.vocabulary import ContactId, PersonId
from tests.application.hands import LINE, RUI, WRITER, Hands, hands

ME = PersonId("rui")


async def a_call(here: Hands) -> tuple[str, ContactId]:
    taken = await here.intake.call(CallIn("CA1", WRITER, LINE))
    await here.do(taken.case, ClaimCase(ME, "Rui"))
    return taken.case, taken.contact


def rung(here: Hands) -> list[Accepted]:
    return here.telephony.sent_to(RUI, Asked.RING_INTO_ROOM)


async def why_left(here: Hands, case: str) -> list[str]:
    return [one.fact.why for one in await here.hub.history(case) if isinstance(one.fact, e.RoomLeft)]


async def test_the_responders_own_telephone_rings_into_the_callers_room() -> None:
    async with hands() as here:
        case, room = await a_call(here)
        await here.do(case, JoinRoom(ME))

        assert [one.words for one in rung(here)] == [room]
        assert (await here.case(case)).conversation.rung == {"rui"}


async def test_a_caller_who_hung_up_meanwhile_is_not_rung_for() -> None:
    async with hands() as here:
        case, room = await a_call(here)
        here.telephony.be_busy(3.0)
        await here.do(case, JoinRoom(ME))
        await here.do(case, EndContact(room, "completed"))
        await here.seconds(5)

        assert rung(here) == []


async def test_a_busy_carrier_is_asked_again_and_in_the_end_it_is_said() -> None:
    async with hands() as here:
        case, _ = await a_call(here)
        here.telephony.be_busy(1.0, times=2)
        await here.do(case, JoinRoom(ME))
        await here.seconds(3)
        assert len(rung(here)) == 1

    async with hands() as here:
        case, _ = await a_call(here)
        here.telephony.be_busy(1.0, times=None)
        await here.do(case, JoinRoom(ME))
        await here.seconds(10)
        assert await why_left(here, case) == ["the twin is busy"]


async def test_a_refusal_is_said_and_the_button_works_again() -> None:
    async with hands() as here:
        case, _ = await a_call(here)
        here.telephony.refuse("21217", f"Phone number {RUI} does not appear to be valid")
        await here.do(case, JoinRoom(ME))

        assert await why_left(here, case) == ["21217: Phone number (number) does not appear to be valid"]
        await here.do(case, JoinRoom(ME))
        assert len(rung(here)) == 1


async def test_an_unknown_outcome_is_said_and_nobody_is_rung_twice() -> None:
    async with hands() as here:
        case, _ = await a_call(here)
        here.telephony.fall_silent(accepted=True)
        await here.do(case, JoinRoom(ME))
        await here.seconds(5)

        assert len(rung(here)) == 1
        assert await why_left(here, case) == ["Not known whether it rings: the twin is silent"]


async def test_who_has_no_voice_number_is_told() -> None:
    async with hands() as here:
        case, _ = await a_call(here)
        await here.do(case, JoinRoom(PersonId("nobody")))

        assert await why_left(here, case) == ["There is no voice number on file for them."]
