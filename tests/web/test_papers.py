"""What is owed in a case, what is written down about it, and the rules that ask for it, over HTTP."""

from __future__ import annotations

from typing import Any

from crisis_hub.domain.case import Case
from tests.night import Night
from tests.web.kit import claimed, house, paged, problem

WORDS = "Talked to Ana; she stays on the line with us."


async def owed(tonight: Night, who: str, id: str) -> dict[str, dict[str, Any]]:
    """Return what a case owes, by id, as somebody sees it."""
    return {duty["id"]: duty for duty in (await tonight.get(who, f"/api/cases/{id}")).json()["duties"]}


async def in_danger(tonight: Night) -> Case:
    """A case in which an attempt is under way."""
    case = await claimed(tonight)
    await tonight.answer(case, "ch_right_now.attempt_now=yes")
    await tonight.seconds(2)
    return await tonight.case(case.id)


# ------------------------------------------------------------------------------------------ duties


async def test_what_a_rule_asks_for_comes_with_the_answer_and_says_what_and_why() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        duties = await owed(tonight, "rui", case.id)

        emergency = duties["emergency-without_consent"]
        assert emergency["title"] == "Decide on emergency services now; consent is not needed"
        assert (emergency["state"], emergency["needs_second"], emergency["holds_the_case_open"]) == ("open", True, True)
        assert emergency["why"]


async def test_a_case_that_owes_something_says_so_when_it_is_to_be_closed() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        await tonight.done("sam", f"/api/cases/{case.id}/stand-down", {"reason": "help is there"})
        refused = problem(await tonight.post("rui", f"/api/cases/{case.id}/close", {"outcome": "safe"}), 409)
        assert "Still owed in this case" in refused["detail"]

        await tonight.settle_duties("rui", case.id)
        await tonight.done("rui", f"/api/cases/{case.id}/close", {"outcome": "safe"})


async def test_the_words_of_a_duty_are_read_by_who_may_read_the_case_and_stand_on_no_board() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        at = f"/api/cases/{case.id}/duties/emergency-without_consent"
        await tonight.done("rui", at, {"done": True, "words": "County dispatch, reference 4711."})

        assert (await owed(tonight, "rui", case.id))["emergency-without_consent"]["words"].startswith("County")
        for who, path in (("sam", "/api/board"), ("aud", "/api/cases"), ("rui", "/api/board")):
            assert "4711" not in (await tonight.get(who, path)).text
        [shown] = (await tonight.get("sam", "/api/board")).json()["cases"]
        assert {duty["words"] for duty in shown["duties"]} == {""}


async def test_a_responder_who_has_the_case_now_is_no_second_person_either() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        at = f"/api/cases/{case.id}/duties/emergency-without_consent"
        await tonight.done("rui", at, {"done": False, "words": "The father is with them and drives."})
        await tonight.done("rui", f"/api/cases/{case.id}/release", {"reason": "end of shift"})
        await tonight.done("ria", f"/api/cases/{case.id}/claim")

        refused = problem(await tonight.post("ria", at, {"done": False, "words": "I agree."}), 403)
        assert "second person" in refused["detail"]
        assert (await owed(tonight, "ria", case.id))["emergency-without_consent"]["state"] == "open"


async def test_emergency_services_are_declined_by_two_and_the_second_is_no_responder() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        at = f"/api/cases/{case.id}/duties/emergency-without_consent"
        await tonight.done("rui", at, {"done": False, "words": "The father is with them and drives."})
        duty = (await owed(tonight, "rui", case.id))["emergency-without_consent"]
        assert (duty["state"], duty["decline_proposed_by"]) == ("open", "rui")

        problem(await tonight.post("ria", at, {"done": False, "words": "I agree."}), 403)
        await tonight.done("sam", at, {"done": False, "words": "I heard it too."})
        duty = (await owed(tonight, "rui", case.id))["emergency-without_consent"]
        assert (duty["state"], duty["by"], duty["second"]) == ("declined", "rui", "sam")


async def test_who_is_not_at_work_on_a_case_settles_nothing_in_it() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        for who in ("ria", "ada", "aud"):
            answer = await tonight.post(
                who, f"/api/cases/{case.id}/duties/emergency-without_consent", {"done": True, "words": WORDS}
            )
            problem(answer, 403)


async def test_a_duty_that_is_not_there_is_not_found_and_one_without_words_says_what_is_missing() -> None:
    async with house() as tonight:
        case = await in_danger(tonight)
        problem(await tonight.post("rui", f"/api/cases/{case.id}/duties/nothing", {"done": True}), 404)
        at = f"/api/cases/{case.id}/duties/emergency-without_consent"
        refused = problem(await tonight.post("rui", at, {"done": True}), 422)
        assert "what was done" in refused["detail"]
        assert (await tonight.post("rui", at, {"done": "perhaps", "words": "x"})).status_code == 422


async def test_a_notice_is_seen_by_whoever_it_is_for() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await tonight.text("+15550100900", "STOP")
        notice = next(d for d in (await owed(tonight, "sam", case.id)).values() if d["kind"] == "notify")
        problem(await tonight.post("ria", f"/api/cases/{case.id}/duties/{notice['id']}", {"done": True}), 403)
        await tonight.done("sam", f"/api/cases/{case.id}/duties/{notice['id']}", {"done": True})
        assert (await owed(tonight, "sam", case.id))[notice["id"]]["state"] == "met"


# ------------------------------------------------------------------------------------------ papers


async def test_a_record_is_filled_in_field_by_field_and_says_when_it_is_whole() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/records"
        listed = (await tonight.get("rui", at)).json()
        record = next(one for one in listed["records"] if one["id"] == "mandated_report")
        assert (record["begun"], record["complete"]) == (False, False)

        for field in record["fields"]:
            words = field["choices"][0] if field["choices"] else "as told"
            if field["needed"]:
                await tonight.done("rui", f"{at}/mandated_report", {"field": field["id"], "words": words})
        listed = (await tonight.get("rui", at)).json()
        record = next(one for one in listed["records"] if one["id"] == "mandated_report")
        assert (record["begun"], record["complete"]) == (True, True)

        problem(await tonight.post("rui", f"{at}/mandated_report", {"field": "nothing", "words": "x"}), 422)
        problem(await tonight.get("ria", at), 403)
        assert "as told" not in (await tonight.get("sam", "/api/board")).text


async def test_a_result_from_outside_is_kept_with_who_and_when() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/outside-results"
        body = {"instrument": "locus", "value": "3", "rated_by": "Dr. Other", "rated_on": "2026-11-01"}
        await tonight.done("rui", at, body)
        [kept] = (await tonight.get("rui", f"/api/cases/{case.id}")).json()["outside_results"]
        assert (kept["instrument"], kept["value"], kept["rated_by"]) == ("locus", "3", "Dr. Other")

        problem(await tonight.post("rui", at, {**body, "value": "99"}), 422)
        problem(await tonight.post("rui", at, {**body, "instrument": "asq"}), 422)
        assert (await tonight.post("rui", at, {**body, "rated_by": ""})).status_code == 422


# ------------------------------------------------------------------------------------------ the rules page


async def test_the_rules_are_read_by_everybody_who_works_with_them_and_count_what_fired() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        for who in ("rui", "ana", "sam", "lee", "aud", "ada"):
            assert (await tonight.get(who, "/api/rules")).status_code == 200
        page = (await tonight.get("sam", "/api/rules")).json()
        rules = {rule["id"]: rule for rule in page["rules"]}
        assert rules["asq-acute"]["fired"] == 1
        assert rules["violence-now"]["fired"] == 0
        assert rules["asq-acute"]["sentence"].startswith("When the result of Ask Suicide-Screening Questions (ASQ)")
        assert page["sign_off"] == "none"
        shown = {one["id"]: one["shown"] for one in page["instruments"]}
        assert shown["asq"]
        assert not shown["cssrs_screener_recent"]
        assert (await tonight.get("rui", f"/api/cases/{case.id}")).json()["rulebook"] == page["version"]


async def test_two_people_sign_the_version_that_is_in_force() -> None:
    async with house() as tonight:
        version = (await tonight.get("lee", "/api/rules")).json()["version"]
        body = {"version": version, "reason": "Read every rule and tried its examples."}
        problem(await tonight.post("rui", "/api/rules/sign-off", body), 403)
        problem(await tonight.post("lee", "/api/rules/sign-off", {**body, "version": "older"}), 409)

        assert (await tonight.done("lee", "/api/rules/sign-off", body))["signature"]["state"] == "proposed"
        assert (await tonight.done("lee", "/api/rules/sign-off", body))["sign_off"] == "none"
        signed = await tonight.done("ana", "/api/rules/sign-off", body)
        assert signed["signature"]["state"] == "signed"
        assert (await tonight.get("sam", "/api/board")).json()["service"]["sign_off"] == signed["sign_off"] != "none"

        case = await claimed(tonight)
        await tonight.answer(case, "asq.q1=no")
        assert (await tonight.get("rui", f"/api/cases/{case.id}")).json()["sign_off"] == signed["sign_off"]
