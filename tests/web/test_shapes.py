"""Every call of the API on its happy path, and the shapes that INTERFACE.md promises."""

from __future__ import annotations

from typing import Any

from tests.night import PASSWORD, PUBLIC
from tests.web.kit import WRITER, call_form, claimed, hook, house, paged, problem

CASE = {
    "id", "number", "state", "channel", "language", "risk", "risk_because", "opened_at", "waiting_since", "responder",
    "drill", "sequence", "escalations",
}  # fmt: skip
ESCALATION = {"id", "ladder", "state", "step", "taken_by", "next_due_at", "pages"}
PAGE = {"id", "person", "state", "attempts"}
ATTEMPT = {"method", "state", "at", "carrier_id"}
DETAIL = {"contacts", "messages", "assessments", "escalations", "rescues", "follow_ups", "notes"}
FACT = {"sequence", "type", "at", "actor", "cause", "data"}


def has_the_shape_of_a_case(case: dict[str, Any]) -> None:
    assert set(case) >= CASE
    for escalation in case["escalations"]:
        assert set(escalation) >= ESCALATION
        for page in escalation["pages"]:
            assert set(page) >= PAGE
            for attempt in page["attempts"]:
                assert set(attempt) >= ATTEMPT


def has_the_shape_of_done(done: dict[str, Any], *facts: str) -> None:
    assert set(done) >= {"sequence", "facts", "case"}
    assert [fact["type"] for fact in done["facts"]][: len(facts)] == list(facts)
    assert all(set(fact) == {"sequence", "type"} for fact in done["facts"])
    if done["facts"]:
        assert done["facts"][-1]["sequence"] == done["sequence"] == done["case"]["sequence"]
    has_the_shape_of_a_case(done["case"])


async def test_sign_in_and_who_am_i() -> None:
    async with house() as tonight:
        answer = await tonight.browser.post("/api/login", json={"username": "rui", "password": PASSWORD})
        said = answer.json()
        assert set(said) >= {"token", "expires_at", "person"}
        assert said["person"] == {
            "id": "rui", "name": "Rui Alves", "role": "responder", "roles": ["responder"], "languages": ["en"],
        }  # fmt: skip
        me = (await tonight.get("rui", "/api/me")).json()
        assert me["person"]["id"] == "rui"
        assert me["service"] == "Harbor Line"
        assert me["drill"] is True


async def test_the_board() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await tonight.text("+15550100901", "hello")
        board = (await tonight.get("sam", "/api/board")).json()
        assert set(board) >= {"sequence", "cases", "on_call", "service"}
        assert board["sequence"] == tonight.house.board.sequence
        assert board["cases"][0]["id"] == case.id, "whoever needs somebody most comes first"
        for one in board["cases"]:
            has_the_shape_of_a_case(one)
        assert board["on_call"][0]["rota"] == "clinicians"
        assert board["service"]["waiting"] == 1
        assert board["service"]["pages_open"] == 1


async def test_a_page_in_the_case_says_how_far_each_try_got() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        shown = (await tonight.get("rui", f"/api/cases/{case.id}")).json()
        has_the_shape_of_a_case(shown)
        assert shown["risk"] == "high"
        assert shown["risk_because"][0]["rule"]
        escalation = shown["escalations"][0]
        assert (escalation["ladder"], escalation["state"], escalation["step"]) == ("clinical", "running", 1)
        attempts = {one["method"]: one for one in escalation["pages"][0]["attempts"]}
        assert attempts["sms"]["state"] == "delivered"
        assert attempts["sms"]["carrier_id"].startswith("SM")
        assert attempts["voice"]["state"] == "sent"


async def test_one_case_with_its_words() -> None:
    async with house() as tonight:
        case = await claimed(tonight, "i cannot sleep")
        await tonight.answer(case, "asq.q1=no")
        await tonight.done("rui", f"/api/cases/{case.id}/notes", {"text": "sounds tired"})
        detail = (await tonight.get("rui", f"/api/cases/{case.id}")).json()
        assert set(detail) >= CASE | DETAIL
        assert detail["messages"][0]["text"] == "i cannot sleep"
        assert detail["messages"][0]["author"] == "person"
        assert detail["contacts"][0]["address_masked"] == "•••00"
        assert WRITER not in str(detail)
        assert detail["notes"][0]["text"] == "sounds tired"
        assert detail["notes"][0]["by_name"] == "Rui Alves"
        assert detail["assessments"][0]["instrument"] == "asq"
        assert detail["sequence"] == tonight.house.board.sequence


async def test_a_case_of_long_ago_keeps_its_sequence() -> None:
    """The board lets go of closed cases; the number of their last fact stays what it was."""
    async with house() as tonight:
        case = await claimed(tonight)
        done = await tonight.done("rui", f"/api/cases/{case.id}/close", {"outcome": "safe"})
        tonight.house.board._picture._closed.clear()
        tonight.house.board._picture.sequences.clear()
        assert (await tonight.get("sam", f"/api/cases/{case.id}")).json()["sequence"] == done["sequence"]
        listed = (await tonight.get("sam", "/api/cases")).json()["cases"]
        assert [one["sequence"] for one in listed] == [done["sequence"]]


async def test_an_earlier_case_of_the_same_person_is_named() -> None:
    async with house() as tonight:
        first = await claimed(tonight)
        await tonight.done("rui", f"/api/cases/{first.id}/close", {"outcome": "safe"})
        second = await claimed(tonight)
        earlier = (await tonight.get("rui", f"/api/cases/{second.id}")).json()["earlier"]
        assert [one["id"] for one in earlier] == [first.id]


async def test_lists_are_filtered_and_come_in_pages() -> None:
    async with house() as tonight:
        cases = [await tonight.text(f"+155501009{n:02}", "hello") for n in range(3)]
        await tonight.done("rui", f"/api/cases/{cases[0].id}/claim")

        async def listed(query: str) -> list[str]:
            answer = await tonight.get("sam", f"/api/cases{query}")
            assert answer.status_code == 200, answer.text
            assert set(answer.json()) == {"cases", "next"}
            return [one["number"] for one in answer.json()["cases"]]

        assert await listed("") == [case.number for case in reversed(cases)]
        assert await listed("?state=&risk=&q=&cursor=") == await listed("")
        assert await listed("?state=active") == [cases[0].number]
        assert await listed("?risk=high") == []
        assert await listed(f"?q=%23{cases[1].number}") == [cases[1].number]
        assert await listed("?q=%00") == await listed("?q=O'Neil") == await listed("?q=%C2%B2") == []
        assert await listed(f"?cursor={cases[1].id}") == [cases[0].number]
        problem(await tonight.get("sam", "/api/cases?state=sleeping"), 422)
        problem(await tonight.get("sam", "/api/cases?cursor=nonsense"), 404)


async def test_a_full_page_names_the_next() -> None:
    async with house() as tonight:
        for n in range(51):
            tonight.carrier.phone(f"+155502{n:05}").text("hello")
        await tonight.seconds(1)
        page = (await tonight.get("sam", "/api/cases")).json()
        assert len(page["cases"]) == 50
        rest = (await tonight.get("sam", f"/api/cases?cursor={page['next']}")).json()
        assert len(rest["cases"]) == 1
        assert rest["next"] is None


async def test_the_history() -> None:
    async with house() as tonight:
        case = await claimed(tonight, "i cannot sleep")
        facts = (await tonight.get("rui", f"/api/cases/{case.id}/facts")).json()["facts"]
        assert all(set(fact) == FACT for fact in facts)
        assert facts[0]["type"] == "CaseOpened"
        assert [fact["sequence"] for fact in facts] == sorted(fact["sequence"] for fact in facts)
        assert facts[-1]["actor"] == "person:rui"
        assert "i cannot sleep" in str(facts)
        assert WRITER not in str(facts), "a number is nobody's business, whoever reads"


async def test_the_script() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        script = (await tonight.get("rui", f"/api/cases/{case.id}/script")).json()
        assert script["next"]["say"]
        assert {one["answer"] for one in script["next"]["options"]} >= {"yes", "no", "unknown", "refused"}
        wanted = f"{script['next']['instrument']}.{script['next']['item']}"
        assert {"about", "listen", "calm", "may_skip", "skipped", "opened", "others"} <= set(script["outline"][0])
        assert {"notice", "licence", "validated", "worded"} <= set(script["next"])
        asked = (await tonight.get("rui", f"/api/cases/{case.id}/script?item={wanted}")).json()
        assert asked["next"]["item"] == script["next"]["item"]


async def test_every_change_returns_what_became_true() -> None:
    async with house() as tonight:
        case = await tonight.text(WRITER, "hello")
        at = f"/api/cases/{case.id}"
        has_the_shape_of_done(await tonight.done("rui", f"{at}/claim"), "CaseClaimed")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/release"), "CaseReleased")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/claim"), "CaseClaimed")
        body: dict[str, Any] = {"instrument": "asq", "item": "q1", "answer": "no"}
        has_the_shape_of_done(await tonight.done("rui", f"{at}/answers", body), "AnswerRecorded")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/messages", {"text": "I am here"}), "MessageWritten")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/notes", {"text": "calm"}), "NoteWritten")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/risk", {"risk": "moderate"}), "RiskRaised")
        lower = {"risk": "low", "reason": "a friend is there now"}
        has_the_shape_of_done(await tonight.done("rui", f"{at}/risk", lower), "RiskLowered")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/assist"), "AssistAsked")
        ladder = {"ladder": "clinical", "reason": "I want a second opinion"}
        has_the_shape_of_done(await tonight.done("rui", f"{at}/escalate", ladder), "EscalationStarted", "StepTaken")
        problem(await tonight.post("rui", f"{at}/close", {"outcome": "safe"}), 409)
        down = {"reason": "they are asleep now"}
        has_the_shape_of_done(await tonight.done("rui", f"{at}/stand-down", down), "EscalationStoodDown")
        has_the_shape_of_done(await tonight.done("rui", f"{at}/close", {"outcome": "safe", "reason": ""}), "CaseClosed")


async def test_a_true_or_a_number_is_an_answer_too() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/answers"
        await tonight.done("rui", at, {"instrument": "asq", "item": "q1", "answer": False})
        assert (await tonight.case(case.id)).plain_answers("asq") == {"q1": "no"}


async def test_joining_a_call_rings_ones_own_telephone() -> None:
    async with house() as tonight:
        await hook(tonight, "/twilio/voice", call_form())
        case = tonight.newest()
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        has_the_shape_of_done(await tonight.done("rui", f"/api/cases/{case.id}/join"), "RoomRung")
        problem(await tonight.post("rui", f"/api/cases/{case.id}/messages", {"text": "hello"}), 409)


async def test_a_page_is_taken_and_a_second_take_says_who_has_it() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        page = case.escalations[0].pages[0]
        at = f"/api/pages/{page.id}"
        done = await tonight.done(page.person, f"{at}/take")
        assert set(done) >= {"sequence", "facts", "case", "page", "state", "escalation", "taken_by", "already"}
        assert [fact["type"] for fact in done["facts"]] == ["PageTaken"]
        assert (done["state"], done["taken_by"], done["already"]) == ("taken", page.person, False)
        has_the_shape_of_a_case(done["case"])
        again = await tonight.done(page.person, f"{at}/take")
        assert (again["taken_by"], again["already"], again["facts"]) == (page.person, True, [])
        late = await tonight.done(page.person, f"{at}/pass")
        assert (late["state"], late["already"]) == ("taken", True)


async def test_a_page_is_passed() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        page = case.escalations[0].pages[0]
        done = await tonight.done(page.person, f"/api/pages/{page.id}/pass")
        assert (done["state"], done["already"]) == ("passed", False)
        assert done["facts"][0]["type"] == "PagePassed"
        assert (await tonight.case(case.id)).escalations[0].step == 2


async def test_who_is_on_call() -> None:
    async with house() as tonight:
        now = (await tonight.get("rui", "/api/on-call")).json()
        assert set(now[0]) >= {"rota", "people", "until", "next"}
        assert (await tonight.get("rui", "/api/on-call?rota=&at=")).json() == now
        assert (await tonight.get("rui", "/api/on-call?rota=clinicians")).json() == now
        later = (await tonight.get("rui", "/api/on-call?at=2026-03-05T09:00:00-06:00")).json()
        assert later[0]["people"] != now[0]["people"]
        naive = (await tonight.get("rui", "/api/on-call?at=2026-03-05T15:00:00")).json()
        assert naive == later, "an instant without a zone is in UTC"
        problem(await tonight.get("rui", "/api/on-call?rota=cooks"), 404)


async def test_calendars_end_somewhere() -> None:
    async with house() as tonight:
        for at in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "1990-01-01T00:00:00Z"):
            assert problem(await tonight.get("rui", f"/api/on-call?at={at}"), 422)["field"] == "at"
        problem(await tonight.get("rui", "/api/on-call?at=tomorrow"), 422)


async def test_lowering_an_imminent_risk_takes_two() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/risk"
        await tonight.done("rui", at, {"risk": "imminent"})
        assert problem(await tonight.post("rui", at, {"risk": "low"}), 422)["field"] == "reason"
        proposed = await tonight.done("rui", at, {"risk": "low", "reason": "it was a drill"})
        assert (proposed["case"]["risk"], proposed["case"]["lowering_proposed"]) == ("imminent", "low")
        confirmed = await tonight.done("sam", at, {"risk": "low", "reason": "I heard it too"})
        assert confirmed["case"]["risk"] == "low"


async def test_a_second_responder_is_not_the_second_person() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}/risk"
        await tonight.done("rui", at, {"risk": "imminent"})
        await tonight.done("sam", at, {"risk": "low", "reason": "heard it"})
        problem(await tonight.post("rui", at, {"risk": "low", "reason": "me too"}), 403)
        assert (await tonight.case(case.id)).risk == "imminent"


async def test_links_in_pages_lead_to_our_own_public_address() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        body = tonight.phone_of(case.escalations[0].pages[0].person).expect_text(case.number).body
        assert f"{PUBLIC}/p/" in body


async def test_a_part_of_the_script_is_laid_aside_and_taken_up_again() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}"

        async def skipped() -> list[str]:
            script = (await tonight.get("sam", f"{at}/script?reader=es")).json()
            return [part["id"] for part in script["outline"] if part["skipped"]]

        has_the_shape_of_done(await tonight.done("rui", f"{at}/sections/connect", {"skip": True}), "SectionSkipped")
        assert await skipped() == ["connect"]
        has_the_shape_of_done(await tonight.done("rui", f"{at}/sections/connect", {"skip": False}), "SectionTakenUp")
        assert await skipped() == []
        problem(await tonight.post("rui", f"{at}/sections/danger_now", {"skip": True}), 422)
        problem(await tonight.post("rui", f"{at}/sections/no_such_part", {"skip": True}), 422)
        problem(await tonight.post("ria", f"{at}/sections/connect", {"skip": True}), 403)
