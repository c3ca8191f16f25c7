"""People who write: answered at once, in their language, in one thread, until they say stop."""

from __future__ import annotations

from crisis_hub.domain.vocabulary import CaseState, MessageState
from tests.night import ANA, LINE, night
from tests.stories.scenes import WRITER, taken_by_rui


async def test_somebody_who_writes_spanish_is_answered_in_spanish() -> None:
    async with night() as tonight:
        writer = tonight.phone(WRITER)
        case = await tonight.text(WRITER, "hola, no puedo más, ayuda por favor")
        await tonight.seconds(2)

        assert case.language == "es"
        assert "línea" in writer.expect_text().body
        script = (await tonight.get("rui", f"/api/cases/{case.id}/script")).json()
        assert script["language"] == "es"


async def test_a_talk_goes_back_and_forth_and_shows_how_far_each_message_got() -> None:
    async with night() as tonight:
        writer = tonight.phone(WRITER)
        case = await taken_by_rui(tonight)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "I am Rui. I am here with you."})
        await tonight.seconds(5)
        writer.text("thank you", LINE)
        await tonight.seconds(2)

        writer.expect_text("I am Rui")
        messages = (await tonight.case(case.id)).conversation.messages
        assert [(m.author, m.state.value) for m in messages] == [
            ("person", "received"),
            ("line", "delivered"),
            ("rui", "delivered"),
            ("person", "received"),
        ]


async def test_stop_in_the_middle_of_a_talk_stops_our_texts_and_everybody_sees_it() -> None:
    """It is a wish to get no more texts, and in a crisis perhaps more than that."""
    async with night() as tonight:
        writer = tonight.phone(WRITER)
        case = await taken_by_rui(tonight)
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
        await tonight.seconds(3)
        received = len(writer.texts)
        writer.text("STOP", LINE)
        await tonight.seconds(1)

        now = (await tonight.get("rui", f"/api/cases/{case.id}")).json()
        assert now["texting_stopped"] is True
        refused = await tonight.post("rui", f"/api/cases/{case.id}/messages", {"text": "Please answer."})
        assert (refused.status_code, "stopped our texts" in refused.json()["detail"]) == (409, True)
        await tonight.seconds(5)
        ours = [text for text in writer.texts[received:] if "unsubscribed" not in text.body]
        assert ours == []
        ladders = [x.ladder for x in (await tonight.case(case.id)).escalations]
        assert ladders == ["clinical", "supervisors"]

        writer.text("START", LINE)
        await tonight.seconds(1)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "Good that you are back."})
        await tonight.seconds(5)
        writer.expect_text("Good that you are back.")


async def test_words_on_their_way_when_stop_arrives_are_not_sent_and_are_shown_as_failed() -> None:
    async with night() as tonight:
        writer = tonight.phone(WRITER)
        case = await taken_by_rui(tonight)
        tonight.carrier.faults.switch_on("rest_503", only="Messages", seconds=3, count=1)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "One more thing."})
        writer.text("stop", LINE)
        await tonight.seconds(10)

        assert not any("One more thing" in text.body for text in writer.texts)
        message = (await tonight.case(case.id)).conversation.messages[-2]
        assert (message.state, message.detail) == (MessageState.FAILED, "The person has stopped our texts.")


async def test_a_text_after_the_case_was_closed_is_a_new_case_that_knows_the_earlier_one() -> None:
    async with night() as tonight:
        first = await taken_by_rui(tonight)
        await tonight.done("rui", f"/api/cases/{first.id}/close", {"outcome": "safe", "reason": "calmer"})
        second = await tonight.text(WRITER, "it is bad again")

        assert second.id != first.id
        assert second.state is CaseState.WAITING
        detail = (await tonight.get("rui", f"/api/cases/{second.id}")).json()
        assert [earlier["id"] for earlier in detail["earlier"]] == [first.id]


async def test_a_text_from_a_colleagues_phone_is_never_a_case() -> None:
    async with night() as tonight:
        ana = tonight.phone(ANA)
        for words in ("1", "hello?", "stop", "help"):
            ana.text(words, LINE)
            await tonight.seconds(2)

        assert tonight.house.board.cases() == []
        assert all("page" in text.body.lower() for text in ana.texts if "subscribe" not in text.body.lower())


async def test_ten_people_at_once_are_ten_cases_in_the_order_in_which_they_came() -> None:
    async with night() as tonight:
        numbers = [f"+155501007{n:02}" for n in range(10)]
        for number in numbers:
            tonight.phone(number).text("help", LINE)
            await tonight.seconds(1)

        waiting = tonight.house.board.cases()
        assert len({case.contact_ref for case in waiting}) == 10
        assert [case.opened_at for case in waiting] == sorted(case.opened_at for case in waiting)
        for number in numbers:
            tonight.phone(number).expect_text("This is the crisis line")
