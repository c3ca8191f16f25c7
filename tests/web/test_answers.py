"""What every answer carries, whatever was asked: headers, problem documents, limits, and no way around."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from tests.web.kit import NOBODY, claimed, guarded, hook, house, paged, problem, text_form


async def test_every_kind_of_answer_carries_the_headers() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        browser = tonight.browser
        answers = [
            await tonight.get("sam", "/api/board"),
            await tonight.get("ada", "/api/board"),  # 403
            await tonight.get("sam", f"/api/cases/{NOBODY}"),  # 404
            await tonight.post("ria", f"/api/cases/{case.id}/claim"),  # 409
            await tonight.post("sam", f"/api/cases/{case.id}/notes", {}),  # 422
            await browser.get("/api/board"),  # 401
            await browser.delete("/api/board"),  # 405
            await browser.get("/nowhere"),  # 404
            await browser.get("/static/sheet.css"),
            await browser.get("/static/nothing.css"),
            await browser.post("/static/sheet.css"),
            await browser.get("/static/../app.py"),
            await browser.get("/"),
            await browser.get("/health"),
            await browser.get("/ready"),
            await browser.get("/metrics"),
            await browser.get("/openapi.json"),
            await browser.get("/p/nonsense"),
            await browser.get("/api/live"),
            await browser.get("/twilio/voice"),
            await browser.post("/twilio/voice"),
            await hook(tonight, "/twilio/text", text_form()),
        ]
        for answer in answers:
            guarded(answer)
        assert {answer.status_code for answer in answers} >= {200, 401, 403, 404, 405, 409, 422, 426, 503}


async def test_what_is_private_is_never_kept_by_a_cache() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        for path in ("/api/board", f"/api/cases/{case.id}", "/api/me", "/metrics"):
            assert (await tonight.get("rui", path)).headers["cache-control"] == "no-store"


async def test_errors_are_problem_documents() -> None:
    async with house() as tonight:
        browser = tonight.browser
        problem(await browser.get("/nowhere"), 404)
        problem(await browser.get("/api/nowhere"), 404)
        refused = await browser.delete("/api/board")
        assert "GET" in refused.headers["allow"]
        problem(refused, 405)
        problem(await browser.get("/static/nothing.css"), 404)
        upgrade = await browser.get("/api/live")
        assert upgrade.headers["upgrade"] == "websocket"
        problem(upgrade, 426)


async def test_a_wrong_field_is_named_and_why() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at = f"/api/cases/{case.id}"

        async def refused(path: str, body: object) -> str:
            headers = await tonight.sign_in("rui")
            answer = await tonight.browser.post(f"{at}/{path}", json=body, headers=headers)
            said = problem(answer, 422)
            assert said["detail"]
            return str(said["field"])

        assert await refused("answers", {"instrument": "asq", "item": "q1"}) == "answer"
        assert await refused("answers", {"instrument": "asq", "item": "q1", "answer": None}) == "answer"
        assert await refused("answers", {"instrument": "asq", "item": "q1", "answer": "perhaps"}) == "answer"
        assert await refused("answers", {"instrument": "asq", "item": "q9", "answer": "yes"}) == "item"
        assert await refused("answers", {"instrument": "nope", "item": "q1", "answer": "yes"}) == "instrument"
        assert await refused("answers", {"instrument": "as q", "item": "q1", "answer": "yes"}) == "instrument"
        assert await refused("messages", {"text": ""}) == "text"
        assert await refused("messages", {"text": "   "}) == "text"
        assert await refused("messages", {"text": "x" * 1601}) == "text"
        assert await refused("messages", {"text": "x", "to": "+15550100999"}) == "to"
        assert await refused("risk", {"risk": "enormous"}) == "risk"
        assert await refused("escalate", {"ladder": "nope", "reason": "why not"}) == "ladder"
        assert await refused("stand-down", {}) == "reason"
        assert await refused("close", {}) == "outcome"
        assert await refused("notes", []) == "body"
        assert await refused("notes", "text") == "body"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"\xff\xfe",
        b'{"text": "\\ud800"}',
        b'{"\\ud800": "x", "text": "x"}',
        b'{"text": "' + b"\\u0000" + b'"}',
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"text": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"text": "x", "text": "y"}',
    ],
)
async def test_no_body_breaks_anything(body: bytes) -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        headers = {**await tonight.sign_in("rui"), "Content-Type": "application/json", "Idempotency-Key": "k"}
        answer = await tonight.browser.post(f"/api/cases/{case.id}/notes", content=body, headers=headers)
        if answer.status_code != 200:
            problem(answer, answer.status_code)
            assert answer.status_code == 422
        shown = await tonight.get("rui", f"/api/cases/{case.id}")
        assert shown.status_code == 200


async def test_a_body_of_another_kind_is_refused() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        headers = {**await tonight.sign_in("rui"), "Content-Type": "text/plain"}
        answer = await tonight.browser.post(
            f"/api/cases/{case.id}/notes", content=b'{"text": "from a foreign form"}', headers=headers
        )
        problem(answer, 422)


# --------------------------------------------------------------------------------------------- limits


async def test_what_is_too_long_is_refused_however_it_comes() -> None:
    async with house() as tonight:
        case = await claimed(tonight)
        at, headers = f"/api/cases/{case.id}/notes", await tonight.sign_in("rui")
        long = b'{"text": "' + b"x" * 300_000 + b'"}'

        async def in_pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(long), 10_000):
                yield long[start : start + 10_000]

        for content in (long, in_pieces()):
            sent = {**headers, "Content-Type": "application/json"}
            answer = await tonight.browser.post(at, content=content, headers=sent)
            problem(answer, 413)
            guarded(answer)
        login = await tonight.browser.post("/api/login", content=long, headers={"Content-Type": "application/json"})
        problem(login, 413)


# --------------------------------------------------------------------------- what nobody expected


async def test_what_nobody_expected_is_a_document_and_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with house() as tonight:
        await tonight.sign_in("sam")
        monkeypatch.setattr(tonight.house.board, "cases", _breaks)
        answer = await tonight.get("sam", "/api/board")
        assert "Jonathan" not in problem(answer, 500)["detail"]
        guarded(answer)
        assert any(record.levelno == logging.ERROR and record.exc_info for record in caplog.records)
        monkeypatch.undo()


def _breaks(*_: object) -> None:
    raise RuntimeError("Jonathan's case is in a state that cannot be")


@pytest.mark.parametrize(
    "path",
    ["/api/board/", "/api/cases/", "/health/", "/twilio/voice/", "/twilio/text/", "/static", "/p/", "//api/board"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_is_ever_sent_elsewhere(path: str, method: str) -> None:
    """A carrier that is redirected comes back with GET and without the form."""
    async with house() as tonight:
        answer = await tonight.browser.request(method, path)
        assert answer.status_code in (403, 404, 405)
        assert "location" not in answer.headers
