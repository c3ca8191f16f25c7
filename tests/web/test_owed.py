"""What is still owed over all cases, over HTTP: who sees which of it, and who may still settle it."""

from __future__ import annotations

from typing import Any

from crisis_hub.domain.case import Case
from tests.night import Night
from tests.web.kit import claimed, house, paged, problem

CLOSED = "/api/duties?closed=true"
WORDS = "Told the county by telephone at nine."


async def harmed(tonight: Night, who: str = "rui", number: str = "+15550100900") -> Case:
    """A case in which a report is owed, and which is closed."""
    case = await claimed(tonight, "my neighbour hits her kid", who, number)
    await tonight.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes", who=who)
    return await closed(tonight, case, who)


async def closed(tonight: Night, case: Case, who: str = "rui") -> Case:
    """Close a case, after everything that held it open."""
    if any(ladder.running for ladder in (await tonight.case(case.id)).escalations):
        await tonight.done("sam", f"/api/cases/{case.id}/stand-down", {"reason": "help is there"})
    for duty in (await tonight.case(case.id)).duties:
        if duty.holds_the_case_open:
            body = {"done": False, "words": "not now"}
            await tonight.done(who, f"/api/cases/{case.id}/duties/{duty.id}", body)
    await tonight.done(who, f"/api/cases/{case.id}/close", {"outcome": "safe"})
    return await tonight.case(case.id)


async def owed(tonight: Night, who: str, path: str = CLOSED) -> list[dict[str, Any]]:
    """What somebody is shown."""
    answer = await tonight.get(who, path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["duties"]
    return found


async def test_a_report_of_a_closed_case_is_shown_with_its_case_its_title_and_why() -> None:
    async with house() as tonight:
        case = await harmed(tonight)
        [report] = await owed(tonight, "sam")

        assert (report["case"], report["case_number"], report["kind"]) == (case.id, case.number, "report")
        assert report["title"] == "Report: child"
        assert report["why"]
        assert report["closed_at"]
        assert (report["due_at"], report["overdue"]) == (None, False)


async def test_open_cases_are_among_them_only_when_all_is_asked_for() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        await tonight.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes")

        assert await owed(tonight, "sam") == []
        found = await owed(tonight, "sam", "/api/duties")
        assert "report" in {one["kind"] for one in found}
        assert {one["closed_at"] for one in found} == {None}
        assert found == await owed(tonight, "sam", "/api/duties?closed=false")
        problem(await tonight.get("sam", "/api/duties?closed=perhaps"), 422)


async def test_supervisors_and_the_lead_see_all_others_only_what_is_theirs() -> None:
    async with house() as tonight:
        mine, other = await harmed(tonight), await harmed(tonight, "ria", "+15550100901")
        seen = {
            who: sorted(one["case"] for one in await owed(tonight, who))
            for who in ("sam", "lee", "rui", "ria", "ana", "ben", "aud")
        }

        assert seen["sam"] == seen["lee"] == sorted([mine.id, other.id])
        assert (seen["rui"], seen["ria"]) == ([mine.id], [other.id])
        assert seen["ana"] == seen["ben"] == seen["aud"] == []
        problem(await tonight.get("ada", CLOSED), 403)
        problem(await tonight.browser.get(CLOSED), 401)


async def test_who_was_paged_for_a_case_sees_what_it_still_owes() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        person = case.escalations[0].pages[0].person
        await tonight.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes")
        await closed(tonight, case)

        assert "report" in {one["kind"] for one in await owed(tonight, person)}


async def test_a_notice_is_seen_by_its_role_and_can_be_put_away_after_the_case_was_closed() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await tonight.text("+15550100900", "STOP")
        await closed(tonight, case)
        [notice] = [one for one in await owed(tonight, "sam") if one["kind"] == "notify"]

        await tonight.done("sam", f"/api/cases/{case.id}/duties/{notice['id']}", {"done": True})
        assert "notify" not in {one["kind"] for one in await owed(tonight, "sam")}


async def test_a_supervisor_settles_what_a_closed_case_owes_and_so_does_who_had_it_and_nobody_else() -> None:
    async with house() as tonight:
        case, other = await harmed(tonight), await harmed(tonight, "ria", "+15550100901")
        at, there = (f"/api/cases/{one.id}/duties/report-child" for one in (case, other))
        for who in ("ria", "ana", "ada", "aud"):
            problem(await tonight.post(who, at, {"done": True, "words": WORDS}), 403)

        await tonight.done("sam", at, {"done": True, "words": WORDS})
        await tonight.done("ria", there, {"done": True, "words": WORDS})
        assert await owed(tonight, "sam") == []
        assert (await tonight.case(case.id)).duties[0].by == "sam"


async def test_not_to_report_is_proposed_and_agreed_to_after_closing_and_the_list_holds_no_words() -> None:
    async with house() as tonight:
        case = await harmed(tonight)
        at = f"/api/cases/{case.id}/duties/report-child"
        await tonight.done("rui", at, {"done": False, "words": "CANARY: the school did"})
        answer = await tonight.get("sam", CLOSED)
        [report] = answer.json()["duties"]
        assert (report["decline_proposed_by"], report["decline_proposed_by_name"]) == ("rui", "Rui Alves")
        assert (report["words"], "CANARY" in answer.text) == ("", False)

        await tonight.done("sam", at, {"done": False, "words": "I read it."})
        assert await owed(tonight, "sam") == []


async def test_what_is_late_says_so_and_stands_before_what_has_no_hour() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await tonight.answer(case, "ch_abuse.someone=yes", "ch_abuse.child=yes")
        await closed(tonight, case)
        found = await owed(tonight, "sam")
        assert [(one["kind"], one["overdue"]) for one in found] == [("follow_up", False), ("report", False)]

        await tonight.clock.advance(24 * 3600)
        tonight.sessions.clear()  # they are over, too
        found = await owed(tonight, "sam")
        assert [(one["kind"], one["overdue"]) for one in found] == [("follow_up", True), ("report", False)]
