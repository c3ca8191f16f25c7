"""The one door: whole or not at all, decided on what is true, and told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from crisis_hub.application.hub import Ends
from crisis_hub.application.ports import MarkTaken, StoreUnavailable
from crisis_hub.application.reactions import PAGE_STEP, STEP_OVER
from crisis_hub.domain.commands import ClaimCase, Climb, CloseCase, EndContact, ReleaseCase, WriteNote
from crisis_hub.domain.errors import NotFound, SomebodyWasFirst, TooLate
from crisis_hub.domain.events import SEALED, Recorded
from crisis_hub.domain.vocabulary import CaseState, ContactId, EscalationId, PersonId
from tests.application.hands import hands

RUI, RIA = ClaimCase(PersonId("rui"), "Rui"), ClaimCase(PersonId("ria"), "Ria")
RELEASE = ReleaseCase(PersonId("rui"), "end of shift")
NOTHING = EndContact(ContactId("none"), "completed")


async def test_the_answer_the_ladder_and_its_deadline_are_one_entry() -> None:
    """If they were two, a process could die between them, and the answer would be kept and nobody called."""
    async with hands(working=False) as here:
        case = await here.a_case()
        here.ledger.entries.clear()

        await here.answer(case, "danger.weapon=yes")

        [entry] = here.ledger.entries
        assert [type(fact).__name__ for fact in entry.facts] == [
            "AnswerRecorded",
            "RuleFired",
            "RiskRaised",
            "EscalationStarted",
            "StepTaken",
            "RulebookUsed",
        ]
        assert [effect.kind for effect in entry.effects] == [PAGE_STEP]
        assert [deadline.kind for deadline in entry.deadlines] == [STEP_OVER]


async def test_when_somebody_else_wrote_first_it_is_decided_again() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.ledger.conflicts = 3

        done = await here.do(case, WriteNote(PersonId("rui"), "n1", "a note"))

        assert len(done.facts) == 1
        assert len((await here.case(case)).notes) == 1


async def test_of_many_who_claim_at_once_one_wins_and_the_others_learn_who() -> None:
    async with hands() as here:
        case = (await here.text()).case
        claims = [ClaimCase(PersonId(f"p{n}"), f"Person {n}") for n in range(8)]

        outcomes = await asyncio.gather(*(here.hub.do(case, one, "x") for one in claims), return_exceptions=True)

        refused = [one for one in outcomes if isinstance(one, SomebodyWasFirst)]
        winner = (await here.case(case)).responder_name
        assert len(refused) == 7
        assert {one.who for one in refused} == {winner}


async def test_with_conflicts_without_end_the_asker_is_told_to_come_again() -> None:
    """A webhook that is answered so is brought again by the carrier; "refused" would lose it."""
    async with hands() as here:
        case = await here.a_case()
        here.ledger.conflicts = 1000

        with pytest.raises(StoreUnavailable, match="changes faster"):
            await here.do(case, WriteNote(PersonId("rui"), "n1", "a note"))


async def test_a_ledger_that_is_gone_writes_nothing_and_is_asked_again_later() -> None:
    async with hands() as here:
        case = await here.a_case()
        here.ledger.go_down()
        with pytest.raises(StoreUnavailable):
            await here.do(case, RELEASE)
        here.ledger.mend()

        assert (await here.case(case)).responder == "rui"
        assert len((await here.do(case, RELEASE)).facts) == 1


# ------------------------------------------------------------------------------------------ what is remembered


async def test_a_case_in_full_swing_is_read_once_and_shown_as_the_ledger_has_it() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        await one.hub.case(case)
        before = one.ledger.reads

        for number in range(5):
            await two.do(case, WriteNote(PersonId("rui"), f"n{number}", f"note {number}"))
            seen = await one.hub.case(case)
            assert [note.text for note in seen.notes][-1] == f"note {number}"

        assert one.ledger.reads <= before + 1  # the second process read it once, and this one never again
        remembered = await one.hub.case(case)
        one.hub.forget(case)
        assert await one.hub.case(case) == remembered


async def test_what_the_ledger_could_not_hold_is_not_remembered_either() -> None:
    """A lone half of a character is made harmless when it is written; memory must not say something else."""
    async with hands() as here:
        case = await here.a_case()
        await here.do(case, WriteNote(PersonId("rui"), "n1", "half \ud83d of it"))
        remembered = (await here.hub.case(case)).notes[-1]

        here.hub.forget(case)

        assert remembered == (await here.hub.case(case)).notes[-1]


async def test_words_that_were_destroyed_are_not_shown_from_memory() -> None:
    async with hands() as here:
        case = await here.a_case()
        await here.do(case, WriteNote(PersonId("rui"), "n1", "a secret"))
        await here.hub.case(case)

        await here.ledger.forget(case)

        assert [note.text for note in (await here.hub.case(case)).notes] == [SEALED]
        assert [note.text for note in (await here.hub.case(case)).notes] == [SEALED]


# ------------------------------------------------------------------------------------------ two processes


async def test_what_another_process_wrote_is_seen_before_anything_is_decided() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = (await one.text()).case
        await two.do(case, RUI)

        with pytest.raises(SomebodyWasFirst) as refused:
            await one.do(case, RIA)
        assert refused.value.who == "Rui"


async def test_a_refusal_is_never_said_of_an_old_memory() -> None:
    """Rui gave it back through another process; whoever asks here must get it."""
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        await two.do(case, RELEASE)

        done = await one.do(case, RIA)

        assert done.case.responder == "ria"


async def test_it_is_so_already_is_never_said_of_an_old_memory() -> None:
    """Rui's case was given away elsewhere; "you have it already" would leave a person with nobody."""
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        await two.do(case, RELEASE)
        await two.do(case, RIA)

        with pytest.raises(SomebodyWasFirst) as refused:
            await one.do(case, RUI)
        assert refused.value.who == "Ria"


async def test_a_deadline_is_not_ended_by_a_process_that_knows_nothing_of_its_ladder() -> None:
    """If it were, the ladder would never climb."""
    async with hands(working=False) as one, hands(world=one.world, owner="two", working=False) as two:
        case = await one.a_case()
        await two.answer(case, "danger.weapon=yes")
        escalation = (await two.ladder(case)).id

        await one.hub.do(case, Climb(EscalationId(escalation), 1), "watch", "", Ends(reached=("the deadline",)))

        assert (await one.ladder(case)).step == 2


# ------------------------------------------------------------------------------------------ ends


async def test_what_led_to_a_command_ends_even_when_nothing_follows() -> None:
    async with hands(working=False) as here:
        case = await here.a_case()
        await here.answer(case, "danger.weapon=yes")
        late = await here.ladder(case)
        await here.clock.advance(500)
        [deadline] = await here.ledger.claim_deadlines(here.clock.now(), "x", 1, 10)
        await here.do(case, Climb(late.id, 1))

        await here.hub.do(case, Climb(late.id, 1), "watch", deadline.key, Ends(reached=(deadline.key,)))

        left = await here.ledger.claim_deadlines(here.clock.now().replace(year=2030), "x", 1, 10)
        assert [one.subject for one in left] == [f"{late.id}/2"]


async def test_a_mark_that_is_there_already_keeps_the_whole_command_from_being_written() -> None:
    """The client's own key: the same request twice is one request."""
    async with hands() as here:
        case = (await here.text()).case
        ends = Ends(marks=(("request:1", case),))
        await here.hub.do(case, RUI, "person:rui", "request:1", ends)
        before = await here.ledger.head()

        with pytest.raises(MarkTaken) as taken:
            await here.hub.do(case, RELEASE, "person:rui", "request:1", ends)

        assert (taken.value.key, taken.value.value) == ("request:1", case)
        assert await here.ledger.head() == before


async def test_a_mark_is_left_even_when_nothing_changes() -> None:
    async with hands() as here:
        case = await here.a_case()

        done = await here.hub.do(case, RUI, "person:rui", "", Ends(marks=(("request:1", case),)))

        assert done.facts == ()
        assert await here.ledger.marks(["request:1"]) == {"request:1": case}


# ------------------------------------------------------------------------------------------ looking and telling


async def test_the_bell_rings_after_the_commit_and_only_for_facts() -> None:
    async with hands() as here:
        heard: list[Sequence[Recorded]] = []
        here.bus.listen(heard.append)
        taken = await here.text()
        await here.hub.do(taken.case, NOTHING, "carrier")

        assert [[type(one.fact).__name__ for one in told] for told in heard] == [
            ["CaseOpened", "ContactArrived", "MessageReceived", "MessageWritten"]
        ]
        assert heard[0][-1].sequence == await here.ledger.head()


async def test_a_case_that_is_not_there_is_not_found() -> None:
    async with hands() as here:
        for asking in (here.hub.case("gone"), here.hub.history("gone"), here.hub.look("gone")):
            with pytest.raises(NotFound):
                await asking
        with pytest.raises(NotFound):
            await here.hub.do("gone", RUI, "x")
        assert await here.ledger.read("gone") == []


async def test_history_and_case_say_the_same() -> None:
    async with hands() as here:
        case = await here.a_case()
        seen = await here.hub.look(case)

        assert seen.case == await here.case(case)
        assert seen.sequence == (await here.hub.history(case))[-1].sequence


async def test_a_closed_case_says_so() -> None:
    async with hands() as here:
        case = await here.a_case()
        await here.do(case, CloseCase(PersonId("rui"), "safe", ""))

        assert (await here.case(case)).state is CaseState.CLOSED
        with pytest.raises(TooLate):
            await here.do(case, RIA)
