"""Nights on the telephone."""

from __future__ import annotations

from crisis_hub.adapters.telephony.simulator import Person
from crisis_hub.domain.vocabulary import CaseState, Channel
from tests.night import LINE, night

CALLER = "+15550100910"


async def test_a_caller_is_greeted_waits_with_sound_and_is_joined_by_a_responder() -> None:
    """Nobody is met by silence, and whoever answers is really in the room."""
    async with night() as tonight:
        caller = tonight.phone(CALLER, Person(talks_for=300))
        tonight.phone_of("rui", Person(answers_after=2))
        caller.call(LINE)
        await tonight.seconds(40)
        case = tonight.newest()
        assert (case.channel, case.state) == (Channel.VOICE, CaseState.WAITING)
        assert "911" in caller.words_heard()

        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.done("rui", f"/api/cases/{case.id}/join")
        await tonight.seconds(8)
        assert (await tonight.case(case.id)).conversation.in_room == {"rui"}

        await tonight.minutes(6)
        over = await tonight.case(case.id)
        assert over.conversation.running_call() is None
        assert over.conversation.in_room == frozenset()


async def test_a_caller_who_hangs_up_while_waiting_stays_on_the_board() -> None:
    """Whoever gave up is a person to call back, not a line that vanished."""
    async with night() as tonight:
        tonight.phone(CALLER, Person(gives_up_after=20)).call(LINE)
        await tonight.minutes(1)

        [row] = (await tonight.get("sam", "/api/board")).json()["cases"]
        assert (row["state"], row["call_over"]) == ("waiting", True)


async def test_the_same_caller_again_comes_back_to_the_same_case() -> None:
    """A line that broke off is not a new person."""
    async with night() as tonight:
        phone = tonight.phone(CALLER, Person(gives_up_after=10))
        phone.call(LINE)
        await tonight.seconds(40)
        first = tonight.newest()
        phone.call(LINE)
        await tonight.seconds(40)

        assert [case.id for case in tonight.house.board.cases()] == [first.id]
        assert len((await tonight.case(first.id)).conversation.contacts) == 2


async def test_a_responder_who_does_not_pick_up_is_not_shown_in_the_room() -> None:
    """The screen says who is there, never who was meant to be."""
    async with night() as tonight:
        tonight.phone(CALLER, Person(talks_for=300)).call(LINE)
        await tonight.seconds(30)
        case = tonight.newest()
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.done("rui", f"/api/cases/{case.id}/join")
        await tonight.minutes(1.5)

        talk = (await tonight.case(case.id)).conversation
        assert talk.in_room == frozenset()
        assert talk.rung == frozenset()
