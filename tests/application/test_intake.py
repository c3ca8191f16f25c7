"""Whoever reaches us finds their case, or gets one; once, however often the carrier says it."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.application.intake import CallIn, CallTaken, TextIn
from crisis_hub.application.ports import CaseQuery, StoreUnavailable
from crisis_hub.domain.commands import CloseCase
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId
from tests.application.hands import BOOK, LINE, WRITER, Hands, hands

CLOSE = CloseCase(PersonId("rui"), "safe", "")


async def call(here: Hands, sid: str = "CA1", caller: str = WRITER) -> CallTaken:
    return await here.intake.call(CallIn(sid, caller, LINE))


async def cases(here: Hands) -> int:
    return len(await here.ledger.cases(CaseQuery()))


# ------------------------------------------------------------------------------------------ texts


async def test_a_text_opens_a_case_and_is_answered_by_the_line() -> None:
    async with hands() as here:
        taken = await here.text("i cant do this anymore")
        case = await here.case(taken.case)

        assert "You have reached the crisis line" in taken.reply
        assert [m.text for m in case.conversation.messages] == ["i cant do this anymore", taken.reply]
        assert case.conversation.contacts[0].address == WRITER


async def test_the_same_text_five_times_at_once_is_one_message_in_one_case_and_answered_alike() -> None:
    """Carriers repeat themselves; a person must not be two people because of it."""
    async with hands() as here:
        answers = await asyncio.gather(*(here.text("help") for _ in range(5)))
        case = await here.case(answers[0].case)

        assert len(set(answers)) == 1
        assert [m.text for m in case.conversation.messages] == ["help", answers[0].reply]
        assert await cases(here) == 1


async def test_the_same_text_again_an_hour_later_changes_nothing() -> None:
    async with hands() as here:
        first = await here.text("help")
        head = await here.ledger.head()
        await here.do(first.case, CLOSE)
        await here.clock.advance(3600)

        assert await here.text("help") == first
        assert await here.ledger.head() == head + 1


async def test_five_times_at_two_processes_is_still_once() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        answers = await asyncio.gather(*(here.text("help") for here in (one, two, one, two, one)))

        assert len(set(answers)) == 1
        assert await cases(one) == 1


async def test_different_texts_of_one_number_at_once_are_one_case() -> None:
    """People in need write in many short pieces."""
    async with hands() as here:
        taken = await asyncio.gather(*(here.text(words, f"SM-{words}") for words in "abcdef"))
        case = await here.case(taken[0].case)

        assert {one.case for one in taken} == {case.id}
        assert sorted(m.text for m in case.conversation.messages if m.author == "person") == list("abcdef")
        assert sum(bool(one.reply) for one in taken) == 1
        assert await cases(here) == 1


async def test_a_text_and_a_call_of_one_number_at_once_are_one_case() -> None:
    async with hands() as here:
        text, spoken = await asyncio.gather(here.text(), call(here))

        assert text.case == spoken.case
        assert {c.channel for c in (await here.case(text.case)).conversation.contacts} == {"text", "voice"}


async def test_a_text_after_the_case_was_closed_opens_a_new_one() -> None:
    async with hands() as here:
        first = await here.text()
        await here.do(first.case, CLOSE)

        second = await here.text("again", "SM2")

        assert second.case != first.case
        assert second.reply
        assert (await here.case(second.case)).number != (await here.case(first.case)).number


async def test_a_text_that_comes_while_its_case_is_being_closed_is_not_lost() -> None:
    async with hands() as here:
        first = await here.text()
        here.ledger.meanwhile = lambda: here.hub.do(first.case, CLOSE, "person:rui")

        second = await here.text("wait", "SM2")

        assert second.case != first.case
        kept = await here.case(second.case)
        assert "wait" in [m.text for m in kept.conversation.messages]


async def test_a_call_that_comes_while_its_case_is_being_closed_gets_a_room_all_the_same() -> None:
    async with hands() as here:
        first = await call(here)
        here.ledger.meanwhile = lambda: here.hub.do(first.case, CLOSE, "person:rui")

        second = await call(here, "CA2")

        assert second.case != first.case
        assert (await here.case(second.case)).conversation.running_call() is not None


async def test_a_case_that_somebody_else_opened_a_moment_ago_is_found() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        one.ledger.meanwhile = lambda: two.text("first", "SM1")

        second = await one.text("second", "SM2")

        case = await one.case(second.case)
        assert [m.text for m in case.conversation.messages if m.author == "person"] == ["first", "second"]
        assert await cases(one) == 1


# ------------------------------------------------------------------------------------------ withheld numbers


@pytest.mark.parametrize(
    "number",
    [
        "",
        "Anonymous",
        "ANONYMOUS",
        "unknown",
        "sip:anonymous@anonymous.invalid",
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
        "+7748283",
        "266696687",
        "+1266696687",
    ],
)
async def test_people_who_withhold_their_number_are_never_taken_for_one_another(number: str) -> None:
    """Two strangers in one case: each would be answered with what the other said."""
    async with hands() as here:
        one, other = await call(here, "CA1", number), await call(here, "CA2", number)
        first, second = await here.text("a", "SM1", number), await here.text("b", "SM2", number)

        assert len({one.case, other.case, first.case, second.case}) == 4


async def test_the_same_withheld_call_again_is_the_same_call() -> None:
    async with hands() as here:
        assert await call(here, "CA1", "Anonymous") == await call(here, "CA1", "Anonymous")


async def test_a_number_written_in_two_ways_is_one_person() -> None:
    async with hands() as here:
        one = await here.text("a", "SM1", "+1 (555) 010-0900")
        other = await here.text("b", "SM2", "+15550100900")

        assert one.case == other.case


# ------------------------------------------------------------------------------------------ calls


async def test_a_call_gets_a_room_of_its_own_and_the_same_call_the_same_room() -> None:
    async with hands() as here:
        taken = await asyncio.gather(*(call(here) for _ in range(5)))

        assert len({(one.case, one.contact) for one in taken}) == 1
        assert "You have reached the crisis line" in taken[0].greeting
        assert len((await here.case(taken[0].case)).conversation.contacts) == 1


async def test_a_repeat_caller_comes_back_to_the_same_case_in_a_new_room() -> None:
    async with hands() as here:
        first = await call(here)
        assert await here.intake.call_over("CA1", "completed")
        second = await call(here, "CA2")

        assert second.case == first.case
        assert second.contact != first.contact


async def test_the_end_of_a_call_is_kept_once_and_of_a_strange_call_not_at_all() -> None:
    async with hands() as here:
        taken = await call(here)
        assert await here.intake.call_over("CA1", "no-answer")
        assert await here.intake.call_over("CA1", "completed")
        assert not await here.intake.call_over("CA9", "completed")

        assert (await here.case(taken.case)).conversation.contacts[0].how_ended == "no-answer"


# ------------------------------------------------------------------------------------------ trouble


async def test_with_the_ledger_gone_nothing_is_answered_as_if_it_were_kept() -> None:
    """Then the carrier plays the number's fallback, and brings the text again."""
    async with hands() as here:
        here.ledger.go_down()
        with pytest.raises(StoreUnavailable):
            await here.text()
        here.ledger.mend()

        assert (await here.text()).reply


async def test_what_cannot_be_placed_is_never_lost_in_silence() -> None:
    async with hands() as here:
        here.ledger.conflicts = 10_000

        with pytest.raises(StoreUnavailable):
            await here.text()
        with pytest.raises(StoreUnavailable):
            await call(here)


# ------------------------------------------------------------------------------------------ language

SPANISH = Rulebook(
    version="es",
    wording={
        "en": {"recognise": "hello help please", "text_first_reply": "Hello."},
        "es": {"recognise": "hola ayuda no puedo", "text_first_reply": "Hola."},
    },
)


@pytest.mark.parametrize(
    ("words", "language", "reply"),
    [
        ("Hola, ¡ayuda! no puedo más", "es", "Hola."),
        ("HELP please", "en", "Hello."),
        ("zzz", "en", "Hello."),
        ("", "en", "Hello."),
    ],
)
async def test_the_line_answers_in_the_language_of_the_first_text(words: str, language: str, reply: str) -> None:
    async with hands(SPANISH) as here:
        taken = await here.text(words)

        assert (taken.reply, (await here.case(taken.case)).language) == (reply, language)


async def test_with_no_wording_at_all_the_line_still_speaks() -> None:
    async with hands(Rulebook(version="empty")) as here:
        assert "call 911" in (await here.text()).reply
        assert "call 911" in (await call(here, "CA1", "+15550100999")).greeting


async def test_a_text_in_the_middle_does_not_change_the_language() -> None:
    async with hands(SPANISH) as here:
        taken = await here.text("hola ayuda")
        await here.intake.text(TextIn("SM2", WRITER, LINE, "hello please", 0))

        assert (await here.case(taken.case)).language == "es"
        assert BOOK.wording == {}


async def test_who_comes_back_within_a_day_is_told_apart_from_who_comes_back_later() -> None:
    """Calling again soon is a sign of its own; cases of the day before say nothing about tonight."""
    async with hands() as here:
        seen = []
        for number, hours in enumerate((0, 1, 25)):
            await here.clock.advance(hours * 3600)
            taken = await here.text("hello", f"SM{number}")
            seen.append((await here.case(taken.case)).contacts_within_a_day)
            await here.do(taken.case, CLOSE)

        assert seen == [1, 2, 1]
