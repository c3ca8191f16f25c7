"""While nothing can be written: 503 for the carrier's fallback, a document for programs, plain words for people."""

from __future__ import annotations

import pytest

from crisis_hub.web import sheets
from tests.night import Night
from tests.web.kit import BreakableStore, call_form, claimed, hook, house, link_of, paged, problem, text_form


async def test_texts_and_calls_go_to_the_carriers_fallback_and_come_in_later() -> None:
    async with house(store := BreakableStore()) as tonight:
        head = await store.head()
        store.down = True
        for path, form in (("/twilio/text", text_form()), ("/twilio/voice", call_form())):
            answer = await hook(tonight, path, form)
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert "locked" in answer.text
        store.down = False
        assert await store.head() == head
        assert tonight.house.board.cases() == []
        assert (await hook(tonight, "/twilio/text", text_form())).status_code == 200
        assert len(tonight.house.board.cases()) == 1


async def test_an_unsigned_stranger_learns_nothing_of_the_outage() -> None:
    async with house(store := BreakableStore()) as tonight:
        store.down = True
        assert (await hook(tonight, "/twilio/text", text_form(), "wrong")).status_code == 403
        store.down = False


async def test_status_news_is_asked_for_again() -> None:
    async with house(store := BreakableStore()) as tonight:
        case = await paged(tonight)
        attempt = case.escalations[0].pages[0].attempts[0].id
        store.down = True
        path = f"/twilio/page/status?case={case.id}&attempt={attempt}"
        assert (await hook(tonight, path, {"MessageStatus": "failed", "MessageSid": "SM1"})).status_code == 503
        store.down = False


async def test_changes_are_refused_in_a_document_and_nothing_is_half_written() -> None:
    async with house(store := BreakableStore()) as tonight:
        case = await claimed(tonight)
        head = await store.head()
        await tonight.sign_in("rui")
        store.down = True
        for path, body in (
            (f"/api/cases/{case.id}/notes", {"text": "calm"}),
            (f"/api/cases/{case.id}/answers", {"instrument": "asq", "item": "q5", "answer": "yes"}),
            (f"/api/cases/{case.id}/risk", {"risk": "imminent"}),
        ):
            answer = await tonight.browser.post(path, json=body, headers=tonight.sessions["rui"])
            assert "locked" in problem(answer, 503)["detail"]
            assert answer.headers["retry-after"]
        problem(await tonight.browser.get(f"/api/cases/{case.id}", headers=tonight.sessions["rui"]), 503)
        store.down = False
        assert await store.head() == head
        assert tonight.house.board.sequence == head


async def test_a_wish_that_was_not_recorded_may_be_said_again_with_its_key() -> None:
    async with house(store := BreakableStore()) as tonight:
        case = await claimed(tonight)
        headers = {**await tonight.sign_in("rui"), "Idempotency-Key": "k"}
        path, body = f"/api/cases/{case.id}/notes", {"text": "calm"}
        store.down = True
        problem(await tonight.browser.post(path, json=body, headers=headers), 503)
        store.down = False
        assert (await tonight.browser.post(path, json=body, headers=headers)).status_code == 200


async def test_a_page_says_plainly_that_nothing_was_recorded() -> None:
    async with house(store := BreakableStore()) as tonight:
        link = await _page(tonight)
        store.down = True
        for method in ("GET", "POST"):
            answer = await tonight.browser.request(method, link)
            assert answer.status_code == 503
            assert answer.headers["content-type"].startswith("text/html")
            assert "Not recorded" in answer.text
            assert "You have it" not in answer.text
        store.down = False
        assert "You have it" in (await tonight.browser.post(link)).text


async def test_whatever_breaks_a_woken_person_reads_plain_words_and_the_log_keeps_no_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with house() as tonight:
        monkeypatch.setattr(tonight.house.pages, "by_token", _breaks)
        answer = await tonight.browser.get("/p/a-secret-word")
        assert answer.status_code == 503
        assert "Not recorded" in answer.text
        monkeypatch.undo()
        monkeypatch.setattr(sheets, "sheet", _breaks)  # even the page of plain words cannot be drawn
        problem(await tonight.browser.get("/p/a-secret-word"), 500)
        monkeypatch.undo()
        assert len(caplog.records) >= 2
        for record in caplog.records:
            assert "a-secret-word" not in str(record.__dict__)


def _breaks(*_: object, **__: object) -> None:
    raise RuntimeError("this cannot be")


async def test_a_digit_that_cannot_be_recorded_is_not_thanked_for() -> None:
    async with house(store := BreakableStore()) as tonight:
        case = await paged(tonight)
        attempt = case.escalations[0].pages[0].attempts[1].id
        store.down = True
        path = f"/twilio/page/digits?case={case.id}&attempt={attempt}"
        assert (await hook(tonight, path, {"CallSid": "CA1", "Digits": "1"})).status_code == 503
        store.down = False
        assert (await tonight.case(case.id)).escalations[0].running


async def _page(tonight: Night) -> str:
    case = await paged(tonight)
    return link_of(tonight, case.escalations[0].pages[0].person)


async def test_the_board_that_is_still_on_the_screens_says_that_the_watch_cannot_go_its_round() -> None:
    async with house(store := BreakableStore()) as tonight:
        store.down = True
        await tonight.house.watch.tick()
        said = tonight.house.service.standing().troubles
        assert any("locked" in one for one in said)
        store.down = False
        await tonight.seconds(2)
        assert not any("locked" in one for one in tonight.house.service.standing().troubles)
