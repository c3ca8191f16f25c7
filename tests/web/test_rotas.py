"""Rotas over HTTP: the calendar, covers and swaps, overrides, leave; who may do what, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crisis_hub.domain.rest import ShiftRules
from crisis_hub.domain.rules import Rulebook
from tests.night import Night, night
from tests.web.kit import NOBODY, book, guarded, house, problem

# These nights begin on Sunday, 1 March 2026, 03:00 UTC, in Ben's week; Ana's begins on Monday at 14:00 UTC.
BENS = {"start": "2026-03-01T06:00:00Z", "end": "2026-03-01T18:00:00Z"}
ANAS = {"start": "2026-03-03T06:00:00Z", "end": "2026-03-03T18:00:00Z"}
NEXT = {"start": "2026-03-10T06:00:00Z", "end": "2026-03-10T18:00:00Z"}
"""A day of Ben's, the week after Ana's."""


def with_rules(rules: ShiftRules) -> Rulebook:
    shipped = book()
    return replace(shipped, rotas={"clinicians": replace(shipped.rotas["clinicians"], rules=rules)})


async def ask(tonight: Night, who: str = "ben", **more: object) -> dict[str, Any]:
    return await tonight.done(who, "/api/covers", {"rota": "clinicians", **BENS, **more})


async def calendar(tonight: Night, who: str = "rui", query: str = "") -> dict[str, Any]:
    answer = await tonight.get(who, f"/api/rotas/clinicians/calendar{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def on_call_at(tonight: Night, at: str) -> list[str]:
    answer = await tonight.get("rui", f"/api/on-call?rota=clinicians&at={at}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()[0]["people"]]


def ids(people: Sequence[dict[str, str]]) -> list[str]:
    return [one["id"] for one in people]


# ------------------------------------------------------------------------------------------ looking


async def test_every_rota_is_listed_with_its_layers_and_rules() -> None:
    async with night(rulebook=with_rules(ShiftRules(timedelta(hours=11), timedelta(hours=24)))) as tonight:
        [rota] = (await tonight.get("rui", "/api/rotas")).json()["rotas"]

        assert (rota["name"], rota["timezone"]) == ("clinicians", "America/Chicago")
        assert rota["last_resort"] == [{"id": "sam", "name": "Sam Okoro"}]
        [layer] = rota["layers"]
        assert (layer["type"], ids(layer["people"]), layer["timezone"]) == ("weekly", ["ana", "ben"], "America/Chicago")
        assert rota["rules"] == {"rest_hours": 11.0, "longest_hours": 24.0}


async def test_the_calendar_says_who_is_on_call_why_and_when_nobody_is() -> None:
    async with house() as tonight:
        await tonight.done("ben", "/api/leave", {**BENS, "why": "a wedding"})
        seen = await calendar(tonight)

        assert (seen["from"], seen["to"]) == ("2026-02-28T03:00:00Z", "2026-03-15T03:00:00Z")
        assert ids(seen["now"]["people"]) == ["ben"]
        assert seen["gaps"] == [BENS]
        resorts = [span for span in seen["spans"] if span["by_last_resort"]]
        assert [(ids(span["people"]), span["start"], span["end"]) for span in resorts] == [
            (["sam"], BENS["start"], BENS["end"])
        ]
        assert [one["person"]["id"] for one in seen["shifts"]] == ["ben", "ben", "ana", "ben"]
        assert seen["shifts"][0]["why"] == "Ben Hollis by “layer 1”"
        [layer] = seen["layers"]
        assert [one["person"]["id"] for one in layer["shifts"]] == ["ben", "ana", "ben"]
        [leave] = seen["leave"]
        assert (leave["person"]["id"], leave["why"]) == ("ben", "")


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
        "?from=2026-01-01&to=2027-01-01",
        "?from=9999-12-31T23:59:59-12:00",
        "?from=0001-01-01",
        "?to=1990-01-01",
        "?from=soon",
    ],
)
async def test_a_calendar_that_cannot_be_drawn_is_refused(query: str) -> None:
    async with house() as tonight:
        problem(await tonight.get("rui", f"/api/rotas/clinicians/calendar{query}"), 422)
        problem(await tonight.get("rui", f"/api/me/shifts{query}"), 422)


async def test_what_is_not_there_is_not_found_and_nobody_looks_without_signing_in() -> None:
    async with house() as tonight:
        for path in ("/api/rotas/nights/calendar", "/api/rotas/nights/facts", "/api/covers?rota=nights"):
            problem(await tonight.get("rui", path), 404)
        for path in (f"/api/covers/{NOBODY}/take", "/api/covers/x/take", f"/api/leave/{NOBODY}/end"):
            problem(await tonight.post("sam", path), 404)
        problem(await tonight.post("sam", f"/api/rotas/clinicians/overrides/{NOBODY}/end"), 404)
        for path in ("/api/rotas", "/api/covers", "/api/leave", "/api/me/shifts"):
            answer = await tonight.browser.get(path)
            problem(answer, 401)
            guarded(answer)


# ------------------------------------------------------------------------------------------ covers


async def test_a_cover_is_asked_and_taken_and_everybody_sees_the_same() -> None:
    async with house() as tonight:
        asked = await ask(tonight, note="a wedding")
        assert (asked["state"], asked["person"]["id"], asked["may"]) == ("open", "ben", ["withdraw"])
        assert (await tonight.get("ana", "/api/me/shifts")).json()["covers"][0]["may"] == ["take", "decline"]
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ben"]

        taken = await tonight.done("ana", f"/api/covers/{asked['id']}/take")

        assert (taken["state"], taken["taken_by"]["id"], taken["note"]) == ("taken", "ana", "a wedding")
        assert await on_call_at(tonight, "2026-03-01T05:59:59Z") == ["ben"]
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ana"]
        assert await on_call_at(tonight, "2026-03-01T18:00:00Z") == ["ben"]
        [mine] = [x for x in (await tonight.get("ana", "/api/me/shifts")).json()["shifts"] if x["for_whom"]]
        assert (mine["start"], mine["end"], mine["for_whom"]["id"]) == (BENS["start"], BENS["end"], "ben")
        assert mine["cover"] == asked["id"]
        [drawn] = [x for x in (await calendar(tonight))["shifts"] if x["cover"]]
        assert drawn["why"] == "Ana Ortiz by “layer 1” for Ben Hollis"


async def test_who_comes_second_is_told_who_was_first_and_the_first_may_say_it_again() -> None:
    async with house() as tonight:
        asked = await ask(tonight)
        path = f"/api/covers/{asked['id']}/take"
        first = await tonight.done("ana", path)

        assert problem(await tonight.post("sam", path), 409)["who"] == "Ana Ortiz"
        assert await tonight.done("ana", path) == first
        assert len((await tonight.get("sam", "/api/rotas/clinicians/facts")).json()["facts"]) == 2


async def test_asking_twice_is_asking_once() -> None:
    async with house() as tonight:
        assert (await ask(tonight))["id"] == (await ask(tonight, note="again"))["id"]
        assert len((await tonight.get("sam", "/api/covers?rota=clinicians&state=open")).json()["covers"]) == 1


async def test_a_cover_is_declined_by_all_who_were_asked_or_withdrawn_by_who_asked() -> None:
    async with house() as tonight:
        asked = await ask(tonight)
        path = f"/api/covers/{asked['id']}"
        assert (await tonight.done("ana", f"{path}/decline", {"reason": "a journey"}))["state"] == "open"
        assert (await tonight.done("sam", f"{path}/decline"))["state"] == "declined"
        problem(await tonight.post("ana", f"{path}/take"), 409)

        asked = await ask(tonight, of="ana")
        assert (await tonight.done("ana", f"/api/covers/{asked['id']}/decline"))["state"] == "declined"
        asked = await ask(tonight)
        problem(await tonight.post("ana", f"/api/covers/{asked['id']}/withdraw"), 403)
        assert (await tonight.done("ben", f"/api/covers/{asked['id']}/withdraw"))["state"] == "withdrawn"
        problem(await tonight.post("ana", f"/api/covers/{asked['id']}/take"), 409)


async def test_a_swap_is_refused_once_the_other_shift_has_gone_to_somebody_else() -> None:
    """Otherwise one of the two would work for nothing in return, and somebody would be on call twice."""
    async with house() as tonight:
        asked = await ask(tonight, of="ana", in_exchange=ANAS)
        await tonight.done("sam", "/api/rotas/clinicians/take-shift", {"person": "ana", **ANAS})
        problem(await tonight.post("ana", f"/api/covers/{asked['id']}/take"), 409)
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ben"]
        assert await on_call_at(tonight, "2026-03-03T12:00:00Z") == ["sam"]


async def test_a_swap_gives_each_the_shift_of_the_other_and_only_a_supervisor_undoes_it() -> None:
    async with house() as tonight:
        asked = await ask(tonight, of="ana", in_exchange=ANAS)
        problem(await tonight.post("sam", f"/api/covers/{asked['id']}/take"), 422)
        await tonight.done("ana", f"/api/covers/{asked['id']}/take")

        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ana"]
        assert await on_call_at(tonight, "2026-03-03T12:00:00Z") == ["ben"]
        assert await on_call_at(tonight, "2026-03-03T19:00:00Z") == ["ana"]
        for who in ("ben", "ana"):
            problem(await tonight.post(who, f"/api/covers/{asked['id']}/withdraw"), 403)
        await tonight.done("sam", f"/api/covers/{asked['id']}/withdraw", {"reason": "by mistake"})
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ben"]
        assert await on_call_at(tonight, "2026-03-03T12:00:00Z") == ["ana"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (ANAS, "start"),
        ({"end": "2026-03-02T20:00:00Z"}, "start"),
        ({"end": BENS["start"]}, "end"),
        ({"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z"}, "end"),
        ({"end": "2099-03-02T20:00:00Z"}, "end"),
        ({"of": "ben"}, "of"),
        ({"of": "nobody"}, "of"),
        ({"in_exchange": ANAS}, "of"),
        ({"of": "ana", "in_exchange": NEXT}, "in_exchange"),
        ({"of": "ana", "in_exchange": BENS}, "in_exchange"),
    ],
    ids=[
        "not theirs",
        "half theirs",
        "ends first",
        "over",
        "far away",
        "themself",
        "nobody",
        "of whom",
        "not hers",
        "same time",
    ],
)
async def test_what_cannot_be_covered_is_refused_with_its_field(more: dict[str, Any], field: str) -> None:
    async with house() as tonight:
        body = {"rota": "clinicians", **BENS, **more}
        assert problem(await tonight.post("ben", "/api/covers", body), 422)["field"] == field


async def test_nobody_arranges_for_others_but_supervisors() -> None:
    async with house() as tonight:
        problem(await tonight.post("ana", "/api/covers", {"rota": "clinicians", **BENS, "person": "ben"}), 403)
        asked = await ask(tonight, "sam", person="ben")
        problem(await tonight.post("rui", f"/api/covers/{asked['id']}/take", {"person": "ana"}), 403)
        problem(await tonight.post("rui", f"/api/covers/{asked['id']}/take"), 422)  # does other work
        taken = await tonight.done("sam", f"/api/covers/{asked['id']}/take", {"person": "ana"})
        assert (taken["taken_by"]["id"], taken["asked_by"]["id"]) == ("ana", "sam")
        for body in ({"change": "add", "person": "ana", **ANAS, "why": "x"},):
            problem(await tonight.post("ana", "/api/rotas/clinicians/overrides", body), 403)
        problem(await tonight.post("ana", "/api/leave", {**ANAS, "person": "ben"}), 403)


async def test_a_shift_is_taken_in_one_step_and_a_request_for_it_with_it() -> None:
    async with house() as tonight:
        asked = await ask(tonight)
        taken = await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **BENS})
        assert (taken["id"], taken["state"]) == (asked["id"], "taken")
        again = await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **BENS})
        assert again["id"] == taken["id"]
        body = {"person": "ben", **BENS, "by": "lee"}
        assert problem(await tonight.post("sam", "/api/rotas/clinicians/take-shift", body), 409)["who"] == "Ana Ortiz"

        other = await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **NEXT})
        assert (other["state"], other["of"]["id"]) == ("taken", "ana")
        assert await on_call_at(tonight, "2026-03-10T12:00:00Z") == ["ana"]


async def test_what_else_was_asked_for_a_shift_is_over_once_it_is_taken() -> None:
    async with house() as tonight:
        everybody, one = await ask(tonight), await ask(tonight, of="ana")
        await tonight.done("ana", f"/api/covers/{one['id']}/take")
        listed = {x["id"]: x["state"] for x in (await tonight.get("sam", "/api/covers")).json()["covers"]}
        assert listed == {everybody["id"]: "withdrawn", one["id"]: "taken"}


# ------------------------------------------------------------------------------------------ rules


async def test_too_little_rest_is_refused_and_a_supervisor_may_overrule_it_with_a_reason() -> None:
    async with night(rulebook=with_rules(ShiftRules(rest=timedelta(hours=11)))) as tonight:
        night_before = {"start": "2026-03-02T06:00:00Z", "end": "2026-03-02T13:00:00Z"}
        asked = await ask(tonight, **night_before)
        [mine] = (await tonight.get("ana", "/api/covers?mine=true")).json()["covers"]
        assert mine["warnings"] == [
            "Ana Ortiz has a shift on clinicians from Mon 02 Mar 08:00 until Mon 09 Mar 08:00 (America/Chicago), "
            "with only 1 hour of rest between; 11 are asked for."
        ]
        path = f"/api/covers/{asked['id']}/take"

        refused = problem(await tonight.post("ana", path), 422)
        assert (refused["field"], refused["detail"]) == ("person", mine["warnings"][0])
        problem(await tonight.post("ana", path, {"anyway": True, "why": "I will be fine"}), 403)
        assert problem(await tonight.post("sam", path, {"person": "ana", "anyway": True}), 422)["field"] == "why"
        await tonight.done("sam", path, {"person": "ana", "anyway": True, "why": "nobody else is in town"})
        fact = (await tonight.get("sam", "/api/rotas/clinicians/facts")).json()["facts"][-1]
        assert (fact["type"], fact["data"]["against"]) == ("CoverTaken", mine["warnings"])


async def test_nobody_is_on_call_twice_at_once() -> None:
    async with house() as tonight:
        add = {"change": "add", "person": "ana", **BENS, "why": "a storm"}
        await tonight.done("sam", "/api/rotas/clinicians/overrides", add)
        refused = problem(await tonight.post("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **BENS}), 422)
        assert "at the same time" in refused["detail"]


# ------------------------------------------------------------------------------------------ overrides


@pytest.mark.parametrize(
    ("body", "during"),
    [
        ({"change": "add", "person": "ana"}, ["ben", "ana"]),
        ({"change": "remove", "person": "ben"}, ["sam"]),
        ({"change": "replace", "person": "lee", "for_whom": "ben"}, ["lee"]),
    ],
)
async def test_a_supervisor_changes_who_is_on_call_and_ends_it(body: dict[str, Any], during: list[str]) -> None:
    async with house() as tonight:
        body = {**body, **BENS, "why": "a storm"}
        made = await tonight.done("sam", "/api/rotas/clinicians/overrides", body)
        assert (made["why"], made["by"]["id"], made["against"]) == ("a storm", "sam", [])
        assert await tonight.done("sam", "/api/rotas/clinicians/overrides", body) == made
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == during
        assert [x["id"] for x in (await calendar(tonight))["overrides"]] == [made["id"]]

        end = f"/api/rotas/clinicians/overrides/{made['id']}/end"
        problem(await tonight.post("ben", end), 403)
        assert await tonight.done("sam", end) == await tonight.done("sam", end)
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ben"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"change": "replace", "person": "ana"}, "for_whom"),
        ({"change": "replace", "person": "ben", "for_whom": "ben"}, "for_whom"),
        ({"change": "replace", "person": "lee", "for_whom": "ana"}, "for_whom"),
        ({"change": "add", "person": "ana", "for_whom": "ben"}, "for_whom"),
        ({"change": "add", "person": "nobody"}, "person"),
        ({"change": "remove", "person": "ana"}, "person"),
        ({"change": "add", "person": "ana", "why": " "}, "why"),
        ({"change": "swap", "person": "ana"}, "change"),
    ],
)
async def test_an_override_that_means_nothing_is_refused(body: dict[str, Any], field: str) -> None:
    async with house() as tonight:
        answer = await tonight.post("sam", "/api/rotas/clinicians/overrides", {**BENS, "why": "so", **body})
        assert problem(answer, 422)["field"] == field


# ------------------------------------------------------------------------------------------ leave


async def test_who_is_on_leave_is_on_no_rota_and_takes_no_shift_until_it_is_ended() -> None:
    async with house() as tonight:
        leave = await tonight.done("ben", "/api/leave", {**BENS, "why": "an operation"})
        assert await tonight.done("ben", "/api/leave", {**BENS, "why": "an operation"}) == leave
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["sam"]
        [seen] = (await tonight.get("rui", "/api/leave")).json()["leave"]
        assert (seen["person"]["id"], seen["why"], leave["why"]) == ("ben", "", "an operation")
        assert (await tonight.get("sam", "/api/leave")).json()["leave"][0]["why"] == "an operation"

        add = {"change": "add", "person": "ben", **BENS, "why": "he is back", "anyway": True}
        assert "leave" in problem(await tonight.post("sam", "/api/rotas/clinicians/overrides", add), 422)["detail"]
        problem(await tonight.post("ana", f"/api/leave/{leave['id']}/end"), 403)
        await tonight.done("ben", f"/api/leave/{leave['id']}/end")
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ben"]
        assert (await tonight.get("sam", "/api/leave")).json()["leave"] == []


async def test_the_shift_of_somebody_on_leave_can_be_taken() -> None:
    async with house() as tonight:
        await tonight.done("ben", "/api/leave", BENS)
        await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **BENS})
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ana"]
        assert (await calendar(tonight))["gaps"] == []


async def test_a_shift_does_not_return_to_somebody_who_is_away() -> None:
    async with house() as tonight:
        taken = await tonight.done("ana", "/api/rotas/clinicians/take-shift", {"person": "ben", **BENS})
        await tonight.done("ben", "/api/leave", BENS)
        answer = await tonight.post("sam", f"/api/covers/{taken['id']}/withdraw")
        assert "on leave" in problem(answer, 422)["detail"]
        assert await on_call_at(tonight, "2026-03-01T12:00:00Z") == ["ana"]


async def test_words_about_why_are_sealed_in_the_ledger_and_left_out_of_the_history() -> None:
    async with house() as tonight:
        await tonight.done("ben", "/api/leave", {**ANAS, "why": "CANARY of ben"})
        asked = await ask(tonight, note="CANARY of the note")
        await tonight.done("ana", f"/api/covers/{asked['id']}/decline", {"reason": "CANARY of ana"})
        history = (await tonight.get("aud", "/api/rotas/clinicians/facts")).text
        assert "CANARY" not in history
        assert not any("CANARY" in str(one.fact) for one in await tonight.store.since(0))
