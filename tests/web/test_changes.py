"""Changes: one winner of a race, and nothing done twice however often it is asked."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.domain.events import CaseClaimed, MessageWritten, NoteWritten, Recorded
from tests.night import Night
from tests.web.kit import WRITER, claimed, house, key, paged, problem, same

KEY = key("3f1d9a-claim")


async def facts_of(tonight: Night, id: str, kind: type) -> list[Recorded]:
    return [one for one in await tonight.house.hub.history(id) if isinstance(one.fact, kind)]


async def test_of_many_who_claim_at_once_one_wins_and_the_others_hear_who() -> None:
    async with house() as tonight:
        case = await tonight.text(WRITER, "hello")
        people = ["rui", "ria", "sam", "lee"] * 3
        for who in people:
            await tonight.sign_in(who)
        answers = await asyncio.gather(*(tonight.post(who, f"/api/cases/{case.id}/claim") for who in people))
        winner = (await tonight.case(case.id)).responder_name
        assert len(await facts_of(tonight, case.id, CaseClaimed)) == 1
        for who, answer in zip(people, answers, strict=True):
            person = tonight.house.directory.person(who)
            assert person is not None
            if person.name == winner:
                assert answer.status_code == 200
            else:
                refused = problem(answer, 409)
                assert refused["who"] == winner
                assert str(winner) in refused["detail"]


# -------------------------------------------------------------------------------------- once is enough


async def test_the_same_wish_with_the_same_key_is_granted_once_and_answered_alike() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at, body = f"/api/cases/{case.id}/messages", {"text": "I am here"}
        first = await tonight.post("rui", at, body, **KEY)
        assert first.status_code == 200
        await tonight.text(WRITER, "thank you")  # life goes on between the two
        again = await tonight.post("rui", at, body, **KEY)
        assert again.status_code == 200
        assert same(again.json(), first.json())
        assert len(await facts_of(tonight, case.id, MessageWritten)) == 2, "the line's own and this one"
        other = await tonight.post("rui", at, body, **key("another"))
        assert other.json()["sequence"] > first.json()["sequence"]


async def test_many_at_once_with_one_key_are_one() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at, body = f"/api/cases/{case.id}/notes", {"text": "calm now"}
        answers = await asyncio.gather(*(tonight.post("rui", at, body, **KEY) for _ in range(8)))
        assert {answer.status_code for answer in answers} == {200}
        assert all(same(answer.json(), answers[0].json()) for answer in answers)
        assert len(await facts_of(tonight, case.id, NoteWritten)) == 1


async def test_who_gave_a_case_back_hears_so_again_when_the_answer_got_lost() -> None:
    """The second asking would be refused by itself: the case is not theirs any more."""
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/release"
        first = await tonight.post("rui", at, {"reason": "end of my shift"}, **KEY)
        again = await tonight.post("rui", at, {"reason": "end of my shift"}, **KEY)
        assert first.status_code == again.status_code == 200
        assert same(first.json(), again.json())
        problem(await tonight.post("rui", at, {"reason": "end of my shift"}), 403)


async def test_a_wish_that_changed_nothing_is_remembered_too() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/claim"
        first = await tonight.post("rui", at, **KEY)
        assert first.json()["facts"] == []
        await tonight.done("rui", f"/api/cases/{case.id}/release")
        again = await tonight.post("rui", at, **KEY)
        assert again.json()["facts"] == []
        assert (await tonight.case(case.id)).responder is None, "an old wish is not granted anew"


async def test_a_refused_wish_leaves_its_key_free() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/claim"
        problem(await tonight.post("ria", at, **KEY), 409)
        await tonight.done("rui", f"/api/cases/{case.id}/release")
        assert (await tonight.post("ria", at, **KEY)).status_code == 200


async def test_a_key_stands_for_one_wish_only() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        other = await claimed(tonight, number="+15550100901")
        at = f"/api/cases/{case.id}/notes"
        assert (await tonight.post("rui", at, {"text": "calm now"}, **KEY)).status_code == 200
        for path, body in (
            (at, {"text": "not calm"}),
            (f"/api/cases/{case.id}/messages", {"text": "calm now"}),
            (f"/api/cases/{other.id}/notes", {"text": "calm now"}),
        ):
            assert problem(await tonight.post("rui", path, body, **KEY), 422)["field"] == "Idempotency-Key"
        assert len(await facts_of(tonight, case.id, NoteWritten)) == 1
        assert await facts_of(tonight, other.id, NoteWritten) == []


async def test_two_people_may_use_the_same_key() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at, body = f"/api/cases/{case.id}/notes", {"text": "calm now"}
        await tonight.post("rui", at, body, **KEY)
        await tonight.post("sam", at, body, **KEY)
        assert [one.actor for one in await facts_of(tonight, case.id, NoteWritten)] == ["person:rui", "person:sam"]


@pytest.mark.parametrize("word", ["", "x" * 201])
async def test_a_key_that_is_none_is_refused(word: str) -> None:
    async with house() as tonight:
        case = await tonight.text(WRITER, "hello")
        refused = problem(await tonight.post("rui", f"/api/cases/{case.id}/claim", **key(word)), 422)
        assert refused["field"].lower() == "idempotency-key"


async def test_the_words_of_a_wish_are_not_kept_in_the_clear() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        await tonight.post("rui", f"/api/cases/{case.id}/notes", {"text": "Jonathan"}, **KEY)
        marks = await tonight.store.marks_below("request:")
        assert len(marks) == 1
        assert "Jonathan" not in str(marks)


@pytest.mark.parametrize(("act", "state"), [("take", "taken"), ("pass", "passed")])
async def test_pages_honour_the_key_too(act: str, state: str) -> None:
    async with house() as tonight:
        page = (await paged(tonight)).escalations[0].pages[0]
        at = f"/api/pages/{page.id}/{act}"
        first = await tonight.post(page.person, at, **KEY)
        again = await tonight.post(page.person, at, **KEY)
        assert (first.json()["state"], first.json()["already"]) == (state, False)
        assert first.json()["facts"]
        assert same(again.json(), first.json())
        problem(await tonight.post("sam", at, **KEY), 403)
