"""Who may do what: every call, every role, one's own case and somebody else's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crisis_hub.application.staff_list import import_staff
from crisis_hub.domain.case import Case
from crisis_hub.domain.vocabulary import Role
from tests.night import STAFF, Night
from tests.web.kit import NOBODY, WRITER, claimed, house, paged, problem

ROLES = ("responder", "clinician", "supervisor", "clinical_lead", "admin", "auditor")

# Somebody of each role who has nothing to do with the case. (It is with Rui; Ben was on call and is paged.)
STRANGER = {
    "responder": "ria",
    "clinician": "ana",
    "supervisor": "sam",
    "clinical_lead": "lee",
    "admin": "ada",
    "auditor": "aud",
}


@dataclass(frozen=True)
class Call:
    """One call of the API, and what each role who is a stranger to the case gets for it."""

    method: str
    path: str
    codes: dict[str, int]
    body: dict[str, Any] | None = None
    own: int = 200

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def codes(**allowed: int) -> dict[str, int]:
    """Everybody is refused but those who are named."""
    return {role: allowed.get(role, 403) for role in ROLES}


EVERYBODY = dict.fromkeys(ROLES, 200)
WATCHERS = codes(supervisor=200, clinical_lead=200)
SEE_BOARD = codes(responder=200, clinician=200, supervisor=200, clinical_lead=200, auditor=200)

CALLS = [
    Call("GET", "/api/me", EVERYBODY),
    Call("GET", "/api/on-call", EVERYBODY),
    Call("GET", "/api/board", SEE_BOARD),
    Call("GET", "/api/cases", SEE_BOARD),
    Call("GET", "/api/duties", SEE_BOARD),
    Call("GET", "/api/cases/{id}", WATCHERS),
    Call("GET", "/api/cases/{id}/facts", WATCHERS | {"auditor": 200}),
    Call("GET", "/api/cases/{id}/script", WATCHERS),
    Call("GET", "/api/cases/{id}/whom", WATCHERS),
    # The case is taken: who may take cases hears who has it, the others that they may not.
    Call("POST", "/api/cases/{id}/claim", codes(responder=409, supervisor=409, clinical_lead=409)),
    Call("POST", "/api/cases/{id}/answers", WATCHERS, {"instrument": "asq", "item": "q2", "answer": "no"}),
    Call("POST", "/api/cases/{id}/messages", WATCHERS, {"text": "I am here"}),
    Call("POST", "/api/cases/{id}/notes", WATCHERS, {"text": "calm"}),
    Call("POST", "/api/cases/{id}/risk", WATCHERS, {"risk": "imminent"}),
    Call("POST", "/api/cases/{id}/assist", WATCHERS),
    Call("POST", "/api/cases/{id}/join", codes(supervisor=409, clinical_lead=409), own=409),  # there is no call
    Call("POST", "/api/cases/{id}/escalate", WATCHERS, {"ladder": "supervisors", "reason": "help"}),
    Call("POST", "/api/cases/{id}/close", codes(supervisor=409, clinical_lead=409), {"outcome": "safe"}, own=409),
    Call("POST", "/api/pages/{page}/take", codes()),
    Call("POST", "/api/pages/{page}/pass", codes()),
    Call("POST", "/api/cases/{id}/stand-down", WATCHERS, {"reason": "over"}),
    Call("POST", "/api/cases/{id}/release", WATCHERS, {"reason": "end of my shift"}),
]


async def ask(tonight: Night, who: str, call: Call, case: Case) -> int:
    page = case.escalations[0].pages[0]
    person = page.person if who == "paged" else who
    path = call.path.format(id=case.id, page=page.id)
    answer = await (tonight.get(person, path) if call.method == "GET" else tonight.post(person, path, call.body))
    if answer.status_code >= 400:
        problem(answer, answer.status_code)
    return answer.status_code


async def ask_all(tonight: Night, who: str, case: Case, calls: Iterable[Call]) -> dict[str, int]:
    found = {}
    for call in calls:
        before = await tonight.store.head()
        found[call.name] = await ask(tonight, who, call, case)
        if found[call.name] in (401, 403, 404):
            assert await tonight.store.head() == before, f"a refusal writes nothing: {call.name}"
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_a_stranger_to_the_case_gets_what_their_role_allows(role: str) -> None:
    async with house() as tonight:
        case = await paged(tonight)
        assert {case.responder, case.escalations[0].pages[0].person}.isdisjoint(STRANGER.values())
        found = await ask_all(tonight, STRANGER[role], case, CALLS)
        assert found == {call.name: call.codes[role] for call in CALLS}


async def test_whose_case_it_is_may() -> None:
    async with house() as tonight:
        calls = [call for call in CALLS if "{page}" not in call.path]
        found = await ask_all(tonight, "rui", await paged(tonight), calls)
        assert found == {call.name: call.own for call in calls}


async def test_who_was_paged_may_read_and_work_but_not_give_the_case_away() -> None:
    async with house() as tonight:
        found = await ask_all(tonight, "paged", await paged(tonight), CALLS)
        expected = {call.name: call.own for call in CALLS}
        refused = {"POST /api/cases/{id}/release": 403, "POST /api/cases/{id}/claim": 403}
        assert found == expected | refused


async def test_nobody_may_without_signing_in() -> None:
    async with house() as tonight:
        for call in CALLS:
            path = call.path.format(id=NOBODY, page=f"{NOBODY}-e1-1-ben")
            answer = await tonight.browser.request(call.method, path, json=call.body)
            problem(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("id", [NOBODY, "staff", "page-replies", "%00", "..", "x" * 500, "é"])
async def test_what_is_not_there_is_not_found(id: str) -> None:
    """Also the ledger's other streams: `staff` is no case."""
    async with house() as tonight:
        sent = await tonight.sign_in("sam")
        for call in CALLS:
            if "{" in call.path:
                path = call.path.format(id=id, page=f"{id}-e1-1-sam")
                problem(await tonight.browser.request(call.method, path, json=call.body, headers=sent), 404)


# ------------------------------------------------------------------------------- waiting cases


async def test_a_waiting_case_is_open_to_whoever_may_take_it() -> None:
    async with house() as tonight:
        case = await tonight.text(WRITER, "hello")
        at = f"/api/cases/{case.id}"
        reads = {who: (await tonight.get(who, at)).status_code for who in STRANGER.values()}
        assert reads == {"ria": 200, "ana": 403, "sam": 200, "lee": 200, "ada": 403, "aud": 403}
        body = {"text": "hello"}
        refused = problem(await tonight.post("ria", f"{at}/messages", body), 403)
        assert "first" in refused["detail"]


# -------------------------------------------------------------------------------- no clinical data, no words

SECRET = "my name is Jonathan"


async def secretive(tonight: Night) -> Case:
    case = await claimed(tonight, SECRET)
    await tonight.done("rui", f"/api/cases/{case.id}/notes", {"text": "Jonathan has a sister"})
    await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": "I hear you, Jonathan"})
    await tonight.done("rui", f"/api/cases/{case.id}/risk", {"risk": "high", "reason": "Jonathan has pills"})
    await tonight.done("rui", f"/api/cases/{case.id}/release", {"reason": "Jonathan wants a woman"})
    return await tonight.case(case.id)


async def test_an_auditor_reads_histories_without_their_words() -> None:
    async with house() as tonight:
        case = await secretive(tonight)
        answer = await tonight.get("aud", f"/api/cases/{case.id}/facts")
        facts = answer.json()["facts"]
        assert [fact["type"] for fact in facts].count("NoteWritten") == 2
        assert "(sealed)" in answer.text
        for path in (f"/api/cases/{case.id}/facts", "/api/board", "/api/cases"):
            text = (await tonight.get("aud", path)).text
            assert "Jonathan" not in text
            assert WRITER not in text
        for path in (f"/api/cases/{case.id}", f"/api/cases/{case.id}/script"):
            problem(await tonight.get("aud", path), 403)


async def test_lists_and_answers_hold_no_words_whoever_asks() -> None:
    async with house() as tonight:
        case = await secretive(tonight)
        done = await tonight.post("sam", f"/api/cases/{case.id}/claim")
        for answer in (done, await tonight.get("sam", "/api/board"), await tonight.get("sam", "/api/cases")):
            assert answer.status_code == 200
            assert "Jonathan" not in answer.text
            assert WRITER not in answer.text


async def test_an_administrator_who_was_paged_by_mistake_still_sees_no_case() -> None:
    """Roles outrank circumstances: whoever keeps the machines gets no clinical data by way of a page."""
    async with house() as tonight:
        case = await paged(tonight)
        page = case.escalations[0].pages[0]
        person = tonight.house.directory.person(page.person)
        assert person is not None
        await tonight.sign_in(page.person)
        await _becomes_admin(tonight, page.person)
        for path in ("", "/facts", "/script"):
            problem(await tonight.get(page.person, f"/api/cases/{case.id}{path}"), 403)
        done = await tonight.done(page.person, f"/api/pages/{page.id}/take")
        assert done["case"] is None
        assert done["state"] == "taken"


async def _becomes_admin(tonight: Night, who: str) -> None:
    staff = [replace(one, roles=(Role.ADMIN,)) if one.id == who else one for one in STAFF]
    await import_staff(tonight.house.directory, tonight.house.tools.passwords, staff, "test")
