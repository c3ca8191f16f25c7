"""What paged people say back. Only their own word takes a page, and only the page they mean."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.application.pages import LINK_LASTS, Aloud
from crisis_hub.application.ports import Entry, StoreUnavailable
from crisis_hub.domain.commands import Climb, StandDown
from crisis_hub.domain.errors import NotAllowed, NotFound
from crisis_hub.domain.events import PersonRemoved, Recorded
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageState, PersonId, Role, TakenBy
from tests.application.hands import ANA, BEN, PUBLIC, STAFF, Hands, hands, person

TAKEN, RUNNING = EscalationState.TAKEN, EscalationState.RUNNING


async def paged(here: Hands, sender: str = "+15550100900", sid: str = "SM1") -> str:
    """Return a case at high risk, for which Ana and Ben were paged."""
    case = await here.a_case(sender, sid)
    await here.judge(case, Risk.HIGH)
    return case


async def reply(here: Hands, words: str, sid: str = "SM-reply", who: str = "ana") -> str:
    answer = await here.pages.text_reply(here.colleague(who), words, sid)
    await here.settle()
    return answer


async def state(here: Hands, case: str) -> EscalationState:
    return (await here.ladder(case)).state


# ------------------------------------------------------------------------------------------ by text


@pytest.mark.parametrize("words", ["1", " 1. ", "Take", "YES", "y", "sí", "1001", "#1001"])
async def test_a_reply_takes_the_page(words: str) -> None:
    async with hands() as here:
        case = await paged(here)

        answer = await reply(here, words)

        x = await here.ladder(case)
        assert (x.state, x.taken_by, x.taken_means) == (TAKEN, "ana", TakenBy.REPLY)
        assert (
            answer
            == f"You have case 1001. Open it now; while you are on it, nobody else is paged. {PUBLIC}/case/{case}"
        )


@pytest.mark.parametrize("words", ["2", "pass", "No"])
async def test_a_reply_passes_the_page(words: str) -> None:
    async with hands() as here:
        case = await paged(here)

        assert await reply(here, words) == "You passed on case 1001. Others are being asked."
        assert await here.open_pages(case) == ["ben"]


@pytest.mark.parametrize(
    "words", ["", "ok", "on my way", "11", "1 2", "3", "1001 1002", "999", "I will take it", "🙂", "0"]
)
async def test_words_that_are_not_understood_take_nothing(words: str) -> None:
    """A page that was "taken" by a misunderstanding is a page that nobody has."""
    async with hands() as here:
        case = await paged(here)

        assert "nothing was taken" in await reply(here, words)
        assert await state(here, case) is RUNNING


@pytest.mark.parametrize("words", ["1", "2", "hello", "1001"])
async def test_with_no_page_waiting_a_reply_does_nothing_and_offers_help(words: str) -> None:
    async with hands() as here:
        await here.a_case()
        head = await here.ledger.head()

        assert "No page waits for you" in await reply(here, words)
        assert await here.ledger.head() == head


async def test_with_two_cases_it_is_asked_which_and_the_number_tells() -> None:
    async with hands() as here:
        first = await paged(here)
        second = await paged(here, "+15550100901", "SM2")

        assert "1001, 1002" in await reply(here, "1", "SM-a")
        assert "1001, 1002" in await reply(here, "2", "SM-b")
        assert {await state(here, first), await state(here, second)} == {RUNNING}
        assert "You have case 1002" in await reply(here, "1002", "SM-c")
        assert (await state(here, first), await state(here, second)) == (RUNNING, TAKEN)


async def test_two_pages_of_one_case_are_one_question_and_one_word() -> None:
    """ "Nobody else is paged" must be true."""
    async with hands() as here:
        case = await paged(here)
        await here.clock.advance(1)
        await here.judge(case, Risk.IMMINENT)

        assert "You have case" in await reply(here, "1")
        assert [x.state for x in (await here.case(case)).escalations] == [TAKEN, TAKEN]
        await here.settle()
        assert [one.words for one in here.texts_to(BEN)][-1] == "Ana has case 1001. There is nothing left to do."
        assert sum("Ana has case" in one.words for one in here.texts_to(BEN)) == 1
        await here.seconds(300)
        assert [x.state for x in (await here.case(case)).escalations] == [TAKEN, TAKEN]


async def test_the_same_reply_again_never_takes_a_newer_page() -> None:
    """The carrier repeats an old "1", or somebody replays it, hours after another page went out."""
    async with hands() as here:
        first = await paged(here)
        answer = await reply(here, "1", "SM-old")
        second = await paged(here, "+15550100901", "SM2")

        assert await reply(here, "1", "SM-old") == answer
        assert (await state(here, first), await state(here, second)) == (TAKEN, RUNNING)


async def test_an_old_word_that_meant_nothing_never_takes_a_newer_page() -> None:
    async with hands() as here:
        await here.a_case()
        answer = await reply(here, "1", "SM-old")
        case = await paged(here, "+15550100901", "SM2")

        assert await reply(here, "1", "SM-old") == answer
        assert await state(here, case) is RUNNING


@pytest.mark.parametrize("words", ["1", "2", "what"])
async def test_the_same_reply_five_times_at_once_is_one_reply(words: str) -> None:
    async with hands() as here:
        await paged(here)
        ana = here.colleague("ana")

        answers = await asyncio.gather(*(here.pages.text_reply(ana, words, "SM-r") for _ in range(5)))
        await here.settle()
        head = await here.ledger.head()

        assert len(set(answers)) == 1
        assert await reply(here, words, "SM-r") == answers[0]
        assert await here.ledger.head() == head


async def test_of_two_who_reply_at_once_one_has_it_and_the_other_learns_who() -> None:
    async with hands() as here:
        case = await paged(here)

        one, other = await asyncio.gather(reply(here, "1", "SM-a", "ana"), reply(here, "1", "SM-b", "ben"))

        first = (await here.ladder(case)).taken_by_name
        answers = {"Ana": one, "Ben": other}
        assert first is not None
        assert "You have case 1001" in answers.pop(first)
        assert list(answers.values()) == [f"{first} has case 1001. There is nothing left to do."]


async def test_after_it_was_taken_or_stood_down_a_reply_takes_nothing() -> None:
    async with hands() as here:
        case = await paged(here)
        await reply(here, "1", "SM-a", "ben")
        assert "No page waits for you" in await reply(here, "1", "SM-b", "ana")
        await here.judge(case, Risk.IMMINENT)
        await here.do(case, StandDown(PersonId("sam"), "in hand"))
        assert "No page waits for you" in await reply(here, "1", "SM-c", "ana")


async def test_a_page_under_the_alarm_can_still_be_taken_by_reply() -> None:
    async with hands() as here:
        case = await paged(here)
        for step in (1, 2):
            await here.do(case, Climb((await here.ladder(case)).id, step))
        assert await state(here, case) is EscalationState.EXHAUSTED

        assert "You have case" in await reply(here, "1")


async def test_a_passed_page_is_not_what_the_next_reply_means() -> None:
    async with hands() as here:
        await paged(here)
        await reply(here, "2", "SM-a")

        assert "No page waits for you" in await reply(here, "1", "SM-b")


# ------------------------------------------------------------------------------------------ by link


async def link(here: Hands, number: str = ANA) -> str:
    """Return the token of the link in the newest page to a number."""
    return here.texts_to(number)[-1].words.rpartition("/p/")[2]


async def test_looking_at_a_link_changes_nothing_however_often() -> None:
    """Telephones and mail scanners open links by themselves."""
    async with hands() as here:
        case = await paged(here)
        head = await here.ledger.head()
        for _ in range(2):
            await here.pages.by_token(await link(here))
        asked = await here.pages.by_token(await link(here))

        assert (asked.case.id, asked.page.person) == (case, "ana")
        assert await here.ledger.head() == head
        assert await state(here, case) is RUNNING


async def test_the_button_takes_it_and_a_second_touch_does_no_harm() -> None:
    async with hands() as here:
        await paged(here)
        asked = await here.pages.by_token(await link(here))

        first = await here.pages.take(asked, TakenBy.BUTTON)
        again = await here.pages.take(asked, TakenBy.BUTTON)

        assert (first.already, again.already, again.facts) == (False, True, ())
        assert first.asked.escalation.taken_by == again.asked.escalation.taken_by == "ana"


async def test_who_comes_second_learns_who_has_it() -> None:
    async with hands() as here:
        await paged(here)
        await here.pages.take(await here.pages.by_token(await link(here, BEN)), TakenBy.BUTTON)

        late = await here.pages.take(await here.pages.by_token(await link(here)), TakenBy.BUTTON)

        assert late.already
        assert late.asked.escalation.taken_by_name == "Ben"


async def test_the_link_of_somebody_who_left_takes_nothing() -> None:
    """Otherwise the ladder would stop with somebody who no longer works here."""
    async with hands() as here:
        case = await paged(here)
        await here.directory.record((PersonRemoved(PersonId("ana")),), "test")

        with pytest.raises(NotFound, match="no longer works here"):
            await here.pages.by_token(await link(here))
        assert await state(here, case) is RUNNING


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "../../etc"])
async def test_a_link_that_is_not_ours_is_not_found(token: str) -> None:
    async with hands() as here:
        await paged(here)

        with pytest.raises(NotFound):
            await here.pages.by_token(token)


async def test_every_page_has_a_link_of_its_own_that_cannot_be_guessed() -> None:
    async with hands() as here:
        await paged(here)
        tokens = {await link(here, ANA), await link(here, BEN)}

        assert len(tokens) == 2
        assert {len(token) for token in tokens} == {22}


async def test_a_link_ends_some_time_after_its_page_did_and_never_before() -> None:
    async with hands() as here:
        await paged(here)
        token = await link(here)
        await here.clock.advance(LINK_LASTS.total_seconds() * 3)
        asked = await here.pages.by_token(token)
        await here.pages.take(asked, TakenBy.BUTTON)
        await here.clock.advance(LINK_LASTS.total_seconds() - 1)
        assert (await here.pages.by_token(token)).escalation.state is TAKEN
        await here.clock.advance(1)

        with pytest.raises(NotFound, match="over"):
            await here.pages.by_token(token)


# ------------------------------------------------------------------------------------------ from inside


async def test_nobody_takes_the_page_of_somebody_else() -> None:
    async with hands() as here:
        case = await paged(here)
        page = (await here.page_of(case, "ana")).page.id

        for take in (True, False):
            with pytest.raises(NotAllowed, match="sent to Ana"):
                await here.pages.take_as(page, "ben", take)
        assert await state(here, case) is RUNNING
        answered = await here.pages.take_as(page, "ana", take=True)
        assert answered.asked.page.state is PageState.TAKEN


async def test_a_page_that_is_not_there_is_not_found() -> None:
    async with hands() as here:
        case = await paged(here)

        for asking in (
            here.pages.by_id("gone"),
            here.pages.by_id(f"{case}-e9-1-ana"),
            here.pages.by_attempt(case, "gone"),
        ):
            with pytest.raises(NotFound):
                await asking


# ------------------------------------------------------------------------------------------ by digit


async def test_only_one_and_two_mean_something_on_the_telephone() -> None:
    async with hands() as here:
        case = await paged(here)
        asked = await here.page_of(case, "ana")

        for digit in ("", "3", "*", "#", "11", "0"):
            assert await here.pages.digit(asked, digit) is None
        assert await state(here, case) is RUNNING
        said = await here.pages.digit(asked, "1")
        assert said == Aloud(
            "You have case 1 0 0 1. Open it; while you are on it, nobody else is paged. Goodbye.", "en"
        )
        assert (await here.ladder(case)).taken_means is TakenBy.DIGIT


async def test_a_digit_passes_and_a_late_digit_is_told_who_has_it() -> None:
    async with hands() as here:
        case = await paged(here)
        ana, ben = await here.page_of(case, "ana"), await here.page_of(case, "ben")

        assert await here.pages.digit(ana, "2") == Aloud("You passed it on. Others are being asked. Goodbye.", "en")
        await here.pages.digit(ben, "1")
        said = await here.pages.digit(ana, "1")

        assert said == Aloud("Ben has case 1 0 0 1. There is nothing left to do. Goodbye.", "en")


async def test_a_call_says_the_urgency_and_the_number_figure_by_figure_and_nothing_else() -> None:
    async with hands() as here:
        case = await paged(here)
        words, language = here.pages.call_words(await here.page_of(case, "ana"))

        assert words == (
            "This is the crisis line. HIGH. Case 1 0 0 1. To take it, press 4. "
            "To pass it to the next person, press 5. To hear it again, press star."
        )
        assert language == "en"


# ------------------------------------------------------------------------------------------ the carrier's word


@pytest.mark.parametrize("word", [AttemptState.SENT, AttemptState.DELIVERED, AttemptState.FAILED])
async def test_whatever_the_carrier_says_takes_nothing(word: AttemptState) -> None:
    async with hands() as here:
        case = await paged(here)
        asked = await here.page_of(case, "ana")
        for attempt in asked.page.attempts:
            await here.pages.progressed(case, attempt.id, word, "SM-x", "as it says")
        await here.settle()

        assert await state(here, case) is RUNNING
        assert (await here.page_of(case, "ana")).page.state is PageState.OPEN


async def test_what_the_carrier_only_says_again_costs_no_look_at_the_ledger() -> None:
    """It tells of every try five times, and just when a hundred are on their way. What is news is never passed over."""
    async with hands() as here:
        case = await paged(here)
        attempt = (await here.page_of(case, "ana")).page.attempts[0]
        await here.pages.progressed(case, attempt.id, AttemptState.DELIVERED, attempt.carrier_id, "delivered")
        here.ledger.go_down()

        for word in (AttemptState.SENT, AttemptState.DELIVERED):
            await here.pages.progressed(case, attempt.id, word, attempt.carrier_id, "as it says")
        for word, detail in ((AttemptState.FAILED, "undelivered"), (AttemptState.DELIVERED, "machine_start")):
            with pytest.raises(StoreUnavailable):
                await here.pages.progressed(case, attempt.id, word, attempt.carrier_id, detail)
        with pytest.raises(StoreUnavailable):
            await here.pages.progressed(case, "no-such-attempt", AttemptState.SENT, "SM-x", "")


# ------------------------------------------------------------------------------------------ broken off in the middle


async def broken_off(here: Hands, words: str) -> None:
    """Somebody writes about all of their pages, and the ledger is gone once the first was done."""
    writing, written = here.ledger.append, list[Entry]()

    async def dies_after_one(entry: Entry) -> tuple[Recorded, ...]:
        if any(key.startswith("carrier:SM-all") for key, _ in entry.marks):
            if written:
                raise StoreUnavailable("The database is gone; start it.")
            written.append(entry)
        return await writing(entry)

    here.ledger.append = dies_after_one  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable):
        await here.pages.text_reply(here.colleague("ana"), words, "SM-all")
    here.ledger.append = writing  # type: ignore[method-assign]


@pytest.mark.parametrize("words", ["all", "pass all"])
async def test_a_reply_to_all_that_broke_off_is_finished_when_it_is_brought_again(words: str) -> None:
    """The mark is left with the last page: the carrier brings the text again, and the rest is done and told."""
    async with hands() as here:
        cases = [await paged(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        await broken_off(here, words)
        waiting = [case for case in cases if "ana" in await here.open_pages(case)]
        assert len(waiting) == 2

        answer = await reply(here, words, "SM-all")

        for case in cases:
            assert "ana" not in await here.open_pages(case)
            assert (await here.case(case)).number in answer
        assert await reply(here, words, "SM-all") == answer


@pytest.mark.parametrize("words", ["all", "pass all"])
async def test_a_page_that_came_after_a_reply_to_all_is_not_meant_by_it_when_it_is_brought_again(words: str) -> None:
    """What all means is fixed when the text comes first: nobody takes what they had not heard of when they wrote."""
    async with hands() as here:
        for n in range(3):
            await paged(here, f"+1555010091{n}", f"SM{n}")
        await broken_off(here, words)
        later = await paged(here, "+15550100919", "SM9")

        answer = await reply(here, words, "SM-all")

        assert "ana" in await here.open_pages(later)
        assert (await here.case(later)).number not in answer
        assert await reply(here, words, "SM-all") == answer
        assert "ana" in await here.open_pages(later)


async def test_a_reply_to_all_of_which_others_did_the_rest_meanwhile_still_tells_what_it_took() -> None:
    async with hands() as here:
        cases = [await paged(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        await broken_off(here, "all")
        [mine] = [case for case in cases if "ana" not in await here.open_pages(case)]
        await reply(here, "all", "SM-ben", "ben")
        later = await paged(here, "+15550100919", "SM9")

        answer = await reply(here, "all", "SM-all")

        assert answer.startswith(f"You have case {(await here.case(mine)).number}.")
        assert "ana" in await here.open_pages(later)


async def test_a_reply_to_all_means_only_what_somebody_was_told_of() -> None:
    """The second text waits for a third; who writes now has read the first."""
    texted = (person("ana", Role.CLINICIAN, ANA, ways=(Method.SMS,)), *STAFF[1:])
    async with hands(staff=texted) as here:
        first = await paged(here)
        second = await paged(here, "+15550100901", "SM2")
        assert len(here.texts_to(ANA)) == 1

        assert "You have case 1001" in await reply(here, "all", "SM-a")
        assert (await state(here, first), await state(here, second)) == (TAKEN, RUNNING)
        await here.seconds(12)
        assert "You have case 1002" in await reply(here, "all", "SM-b")
