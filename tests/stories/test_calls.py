"""People who call: never met by silence, never cut off by us, and with a named fate."""

from __future__ import annotations

from crisis_hub.adapters.telephony.simulator import Line, Person
from crisis_hub.domain.vocabulary import CaseState, Channel
from tests.night import Night, night
from tests.stories.scenes import CALLER

ANSWERS = Person(answers_after=3)


async def waiting(tonight: Night, person: Person = Person()) -> str:  # noqa: B008 - frozen
    """Somebody calls and waits; returns their case."""
    tonight.phone(CALLER, person).call()
    await tonight.seconds(5)
    return tonight.newest().id


async def joined(tonight: Night, case: str, who: str = "rui") -> None:
    """A member of staff takes the case and joins the room."""
    tonight.phone_of(who, ANSWERS)
    await tonight.post(who, f"/api/cases/{case}/claim")
    await tonight.done(who, f"/api/cases/{case}/join")
    await tonight.seconds(6)


async def test_a_caller_is_greeted_waits_with_words_and_is_joined_by_a_person() -> None:
    async with night() as tonight:
        caller = tonight.phone(CALLER)
        case = await waiting(tonight)
        assert "This is the crisis line" in caller.words_heard()
        assert tonight.newest().state is CaseState.WAITING
        await tonight.seconds(40)
        assert caller.words_heard().count("You are still connected") >= 2

        await joined(tonight, case)
        rui = tonight.phone_of("rui")
        caller.say("hello?")
        rui.say("I am here.")
        await tonight.seconds(1)

        assert "I am here." in caller.words_heard()
        assert "hello?" in rui.words_heard()
        now = await tonight.case(case)
        assert (now.state, now.channel) == (CaseState.ACTIVE, Channel.VOICE)
        assert now.conversation.in_room == {"rui"}


async def test_a_caller_who_gives_up_has_a_named_fate_and_still_stands_in_the_queue() -> None:
    """Somebody hung up after a minute and a half: they are called back, not forgotten."""
    async with night() as tonight:
        case = await waiting(tonight, Person(gives_up_after=90))
        await tonight.seconds(100)

        now = await tonight.case(case)
        [contact] = now.conversation.contacts
        assert contact.ended_at is not None
        assert contact.how_ended in {"left", "completed"}
        [row] = (await tonight.get("sam", "/api/board")).json()["cases"]
        assert (row["id"], row["state"], row["call_over"]) == (case, "waiting", True)


async def test_a_repeat_caller_comes_back_to_the_same_case_and_the_same_responder() -> None:
    async with night() as tonight:
        case = await waiting(tonight)
        await joined(tonight, case)
        tonight.phone(CALLER).hang_up()
        await tonight.seconds(30)
        await waiting(tonight)
        await joined(tonight, case)

        now = await tonight.case(case)
        assert now.responder == "rui"
        assert [bool(c.ended_at) for c in now.conversation.contacts] == [True, False]
        assert now.conversation.in_room == {"rui"}
        assert [one.id for one in tonight.house.board.cases()] == [case]


async def test_a_responder_who_leaves_does_not_end_the_call() -> None:
    """The line of the person in need is ended by nobody but them."""
    async with night() as tonight:
        case = await waiting(tonight)
        await joined(tonight, case)
        tonight.phone_of("rui").hang_up()
        await tonight.seconds(5)
        assert not tonight.phone(CALLER).current_call().is_over
        assert (await tonight.case(case)).conversation.in_room == frozenset()

        await joined(tonight, case, "sam")
        assert (await tonight.case(case)).conversation.in_room == {"sam"}
        assert not tonight.phone(CALLER).current_call().is_over


async def test_a_responder_who_does_not_pick_up_is_shown_and_can_be_rung_again() -> None:
    async with night() as tonight:
        case = await waiting(tonight)
        await tonight.done("rui", f"/api/cases/{case}/claim")
        await tonight.done("rui", f"/api/cases/{case}/join")
        await tonight.seconds(60)
        talk = (await tonight.case(case)).conversation
        assert (talk.in_room, talk.rung) == (frozenset(), frozenset())

        await joined(tonight, case)
        assert (await tonight.case(case)).conversation.in_room == {"rui"}


async def test_a_whole_call_from_the_first_ring_to_the_end() -> None:
    async with night() as tonight:
        caller = Person(talks_for=30, says=(Line("I have lost my job.", 2), Line("Thank you.", 5)))
        case = await waiting(tonight, caller)
        await joined(tonight, case)
        await tonight.seconds(60)
        done = await tonight.done("rui", f"/api/cases/{case}/close", {"outcome": "safe", "reason": "calmer now"})

        assert "I have lost my job." in tonight.phone_of("rui").words_heard()
        assert done["case"]["state"] == "closed"
        assert done["case"]["call_over"] is True
        assert tonight.house.board.cases() == []


async def test_who_calls_and_then_writes_is_one_case() -> None:
    async with night() as tonight:
        case = await waiting(tonight)
        tonight.phone(CALLER).hang_up()
        await tonight.seconds(2)
        again = await tonight.text(CALLER, "the line broke")

        assert again.id == case
        assert [c.channel for c in again.conversation.contacts] == [Channel.VOICE, Channel.TEXT]
        answered = await tonight.done("rui", f"/api/cases/{case}/claim")
        assert answered["case"]["state"] == "active"
        await tonight.done("rui", f"/api/cases/{case}/messages", {"text": "I am here now."})
        await tonight.seconds(3)
        tonight.phone(CALLER).expect_text("I am here now.")


async def test_two_people_who_withhold_their_numbers_are_two_cases() -> None:
    async with night() as tonight:
        for _ in range(2):
            tonight.phone("Anonymous").call()
            await tonight.seconds(1)

        assert len(tonight.house.board.cases()) == 2
