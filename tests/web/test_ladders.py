"""Ladders over HTTP: who may hurry one, what is refused and why, and that being there twice is being there once."""

from __future__ import annotations

from tests.web.kit import house, paged


async def test_a_ladder_is_hurried_by_who_works_on_the_case_and_by_nobody_else() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        where = f"/api/cases/{case.id}/escalations/{case.escalations[0].id}/next"

        for who in ("ria", "ada", "aud"):
            assert (await tonight.post(who, where)).status_code == 403
        assert (await tonight.post("rui", where.replace("-e1", "-e9"))).status_code == 404
        assert (await tonight.post("rui", where, {"step": 0})).status_code == 422
        assert (await tonight.post("rui", where)).json()["case"]["escalations"][0]["step"] == 2


async def test_the_same_wish_with_the_same_key_moves_it_one_step() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        where = f"/api/cases/{case.id}/escalations/{case.escalations[0].id}/next"
        key = {"Idempotency-Key": "hurry"}

        answers = [(await tonight.post("rui", where, None, **key)).json() for _ in range(3)]

        assert [answer["case"]["escalations"][0]["step"] for answer in answers] == [2, 2, 2]
        assert len({answer["sequence"] for answer in answers}) == 1


async def test_whoever_may_read_the_case_may_say_that_they_are_there_and_it_is_recorded_of_its_taker_once() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        asked = case.escalations[0].pages[0]
        where = f"/api/cases/{case.id}/here"
        assert (await tonight.post("ada", where)).status_code == 403
        assert (await tonight.done("rui", where))["facts"] == []
        assert (await tonight.done(asked.person, where))["facts"] == [], "asked is not taken"
        await tonight.done(asked.person, f"/api/pages/{asked.id}/take")

        said = [await tonight.done(asked.person, where) for _ in range(2)]

        assert [[fact["type"] for fact in answer["facts"]] for answer in said] == [["TakerSeen"], []]
        shown = said[-1]["case"]["escalations"][0]
        assert (shown["contact_due_at"], shown["seen_at"] is None) == (None, False)


async def test_a_person_who_cannot_be_reached_is_not_asked_for() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        body = {"ladder": "clinical", "reason": "they know each other", "person": "nobody"}

        refused = await tonight.post("rui", f"/api/cases/{case.id}/escalate", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "person")
        refused = await tonight.post("rui", f"/api/cases/{case.id}/escalate", {**body, "person": "ana", "step": 9})
        assert (refused.status_code, refused.json()["field"]) == (422, "step")


async def test_who_works_on_a_case_hears_whom_they_can_page_and_nobody_else_does() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        where = f"/api/cases/{case.id}/whom"
        for who in ("ria", "ada", "aud"):
            assert (await tonight.get(who, where)).status_code == 403

        found = (await tonight.get("rui", where)).json()

        ladders = {one["name"]: one["steps"] for one in found["ladders"]}
        assert ladders["clinical"][0] == "on call, clinicians"
        assert {"clinical", "supervisors", "everyone"} <= set(ladders)
        assert {"ana", "ben", "sam"} <= {one["id"] for one in found["people"]}
        assert not any(one["away"] for one in found["people"])
        for one in found["people"]:
            body = {"ladder": "clinical", "reason": "they know each other", "person": one["id"]}
            assert (await tonight.post("rui", f"/api/cases/{case.id}/escalate", body)).status_code == 200
        for name, steps in ladders.items():
            body = {"ladder": name, "reason": "more people", "step": len(steps)}
            assert (await tonight.post("sam", f"/api/cases/{case.id}/escalate", body)).status_code == 200
