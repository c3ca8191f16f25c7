"""Who is answered next: by need, never past the longest wait, moved forward by words, and alike on every screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.queue import Waits, rank
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.triage import NO_WORDS
from tests.night import Night, night, shipped

CALM, LOUD, OTHER, CALLER = "+15550100901", "+15550100902", "+15550100903", "+15550100904"


async def queue(tonight: Night) -> list[dict[str, Any]]:
    """Those who wait, as the API lists them; the board shows them in the same order."""
    listed = (await tonight.get("rui", "/api/cases?state=waiting")).json()["cases"]
    board = (await tonight.get("rui", "/api/board")).json()["cases"]
    assert [one["id"] for one in board if one["state"] == "waiting"] == [one["id"] for one in listed]
    return list(listed)


def reasons(one: dict[str, Any]) -> list[str]:
    return [reason["words"] for reason in one["rank"]["because"]]


async def noticed(tonight: Night, case: Case) -> list[str]:
    return [one.fact.entry for one in await tonight.house.hub.history(case.id) if isinstance(one.fact, e.WordsNoticed)]


async def test_words_of_danger_move_a_text_forward_and_do_nothing_else() -> None:
    async with night() as tonight:
        calm = await tonight.text(CALM, "hello, is anybody there")
        await tonight.seconds(30)
        loud = await tonight.text(LOUD, "i took all my pills")
        await tonight.seconds(2)
        listed = await queue(tonight)

        assert [one["id"] for one in listed] == [loud.id, calm.id]
        assert listed[0]["rank"]["class"] == "imminent"
        assert reasons(listed[0]) == ["Their words speak of danger now"]
        assert reasons(listed[1]) == ["Not assessed yet"]
        after = await tonight.case(loud.id)
        assert (after.risk, after.fired, after.escalations) == (Risk.NOT_ASSESSED, {}, ())
        assert await noticed(tonight, loud) == ["en-act-under-way"]
        assert await noticed(tonight, calm) == []


async def test_later_words_move_somebody_who_waits_already() -> None:
    async with night() as tonight:
        first = await tonight.text(CALM, "hola")
        second = await tonight.text(LOUD, "hola")
        assert [one["id"] for one in await queue(tonight)] == [first.id, second.id]

        tonight.phone(LOUD).text("ya no quiero vivir", "+15550100100")
        await tonight.seconds(2)

        listed = await queue(tonight)
        assert [one["id"] for one in listed] == [second.id, first.id]
        assert reasons(listed[0]) == ["Their words speak of danger"]


async def test_nobody_waits_for_ever_behind_greater_need() -> None:
    """The guarantee: past their longest wait, only danger now goes before them, however much arrives."""
    async with night() as tonight:
        calm = await tonight.text(CALM, "hello")
        await tonight.seconds(290)
        await tonight.text(LOUD, "i want to die")
        assert [one["id"] for one in await queue(tonight)][-1] == calm.id
        assert (await queue(tonight))[-1]["rank"]["longest_wait_seconds"] == 300

        await tonight.seconds(15)
        await tonight.text(OTHER, "i want to die too")

        assert (await queue(tonight))[0]["id"] == calm.id


async def test_whoever_hung_up_is_said_to_have_and_comes_later() -> None:
    async with night() as tonight:
        phone = tonight.phone(CALLER)
        phone.call("+15550100100")
        await tonight.seconds(5)
        phone.hang_up()
        await tonight.seconds(2)
        calm = await tonight.text(CALM, "hello")
        listed = await queue(tonight)

        assert listed[0]["id"] == calm.id
        assert reasons(listed[1]) == ["Not assessed yet", "Hung up: call back"]


async def test_whoever_is_answered_has_no_place_any_more_and_a_responder_reads_why_they_had_it() -> None:
    async with night() as tonight:
        case = await tonight.text(LOUD, "I want to die")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        seen = (await tonight.get("rui", f"/api/cases/{case.id}")).json()

        assert seen["rank"] is None
        assert [(one["entry"], one["says"], one["because"]) for one in seen["noticed"]] == [
            ("en-suicide", "danger", "Writes of suicide, or of wanting to be dead.")
        ]
        assert seen["noticed"][0]["message"] == seen["messages"][0]["id"]
        assert await queue(tonight) == []


async def test_the_board_and_the_queue_tell_nothing_of_what_was_written() -> None:
    async with night() as tonight:
        await tonight.text(LOUD, "I want to die")
        board = (await tonight.get("sam", "/api/board")).text

        assert "en-suicide" not in board
        assert "wanting to be dead" not in board


async def test_another_process_with_another_lexicon_shows_the_same_rank() -> None:
    async with night() as one:
        case = await one.text(LOUD, "i took all my pills")
        async with night(rulebook=replace(shipped(), lexicon=NO_WORDS), store=one.store) as two:
            await two.house.board.catch_up()
            here, there = one.house.board.case(case.id), two.house.board.case(case.id)

            assert here is not None
            assert here == there
            assert rank(here, Waits()).like is Risk.IMMINENT


async def test_the_list_of_those_who_wait_can_be_narrowed() -> None:
    async with night() as tonight:
        case = await tonight.text(CALM, "hello")
        await tonight.text(LOUD, "hello")

        by_number = (await tonight.get("rui", f"/api/cases?state=waiting&q={case.number}")).json()
        by_risk = (await tonight.get("rui", "/api/cases?state=waiting&risk=high")).json()
        assert ([one["id"] for one in by_number["cases"]], by_number["next"]) == ([case.id], None)
        assert by_risk["cases"] == []
