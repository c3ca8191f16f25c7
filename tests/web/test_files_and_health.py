"""Files and built screens, and what operators and their machines ask: alive, ready, figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from crisis_hub.web.app import create_app
from tests.night import PUBLIC
from tests.web.kit import NOBODY, BreakableStore, claimed, guarded, house, problem

A_BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_files_that_never_change_are_asked_for_once() -> None:
    async with house() as tonight:
        page = await tonight.browser.get("/p/nonsense")
        link = page.text.partition('href="')[2].partition('"')[0]
        assert link.startswith("/static/sheet.css?v=")
        style = await tonight.browser.get(link)
        assert style.headers["content-type"].startswith("text/css")
        assert "immutable" in style.headers["cache-control"]
        again = await tonight.browser.get(link, headers={"If-None-Match": style.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["content-security-policy"]
        assert (await tonight.browser.head(link)).status_code == 200


async def test_the_built_screens_are_served_at_every_address_they_draw(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>crisis_hub</title>")
    (tmp_path / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "service-worker.js").write_text("1")
    async with house() as tonight:
        parts = tonight.house.app.state.parts
        app = create_app(replace(parts, place=replace(parts.place, screens=tmp_path)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as browser:
            for path in ("/", "/board", f"/case/{NOBODY}", "/rota/clinicians", "/my-shifts", "/reports", "/sign-in"):
                for method in ("GET", "HEAD"):
                    answer = await browser.request(method, path)
                    assert answer.status_code == 200
                    assert answer.headers["content-type"].startswith("text/html")
                    assert answer.headers["cache-control"] == "no-cache"
                    guarded(answer)
            script = await browser.get("/assets/index-abc.js")
            assert "immutable" in script.headers["cache-control"]
            assert "javascript" in script.headers["content-type"]
            worker = await browser.get("/service-worker.js")
            assert "javascript" in worker.headers["content-type"]
            assert worker.headers["cache-control"] == "no-cache"
            guarded(worker)
            problem(await browser.get("/assets/../index.html/x"), 404)
            problem(await browser.get("/assets/%2e%2e/%2e%2e/etc/passwd"), 404)
        app.state.live.close()


@pytest.mark.parametrize("path", ["/nowhere", "/case/one/two", "/rota/a/b", "/p", "/board/"])
async def test_a_person_at_an_address_that_leads_nowhere_reads_so_and_finds_back(path: str) -> None:
    async with house() as tonight:
        for method in ("GET", "HEAD"):
            answer = await tonight.browser.request(method, path, headers=A_BROWSER)
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")
            guarded(answer)
        page = (await tonight.browser.get(path, headers=A_BROWSER)).text
        assert "There is no page at this address." in page
        assert 'href="/"' in page


async def test_a_program_at_an_address_that_leads_nowhere_gets_its_document() -> None:
    async with house() as tonight:
        problem(await tonight.browser.get("/nowhere"), 404)
        problem(await tonight.browser.post("/nowhere", headers=A_BROWSER), 404)
        for path in ("/api/nowhere", "/assets/nowhere.js", "/static/nowhere.css"):
            problem(await tonight.browser.get(path, headers=A_BROWSER), 404)


async def test_without_built_screens_the_start_page_says_so() -> None:
    async with house() as tonight:
        answer = await tonight.browser.get("/")
        assert answer.status_code == 503
        assert "make demo" in answer.text


# -------------------------------------------------------------------------------------------- operations


async def test_health_fails_when_the_night_watch_no_longer_goes_round() -> None:
    """A process that answers and no longer watches would be kept alive for ever by whoever asks it."""
    async with house() as tonight:
        assert (await tonight.browser.get("/health")).status_code == 200
        await tonight.clock.advance(31)
        assert (await tonight.browser.get("/health")).status_code == 503

        await tonight.seconds(1)
        assert (await tonight.browser.get("/health")).status_code == 200


async def test_health_says_that_we_are_alive_even_when_nothing_can_be_written() -> None:
    async with house(store := BreakableStore()) as tonight:
        store.down = True
        for method in ("GET", "HEAD"):
            assert (await tonight.browser.request(method, "/health")).status_code == 200
        store.down = False


async def test_ready_says_what_cannot_be_done() -> None:
    async with house(store := BreakableStore()) as tonight:
        fine = await tonight.browser.get("/ready")
        assert (fine.status_code, fine.json()["ready"]) == (200, True)
        store.down = True
        broken = await tonight.browser.get("/ready")
        assert (broken.status_code, broken.json()["ready"]) == (503, False)
        assert "locked" in broken.json()["troubles"][0]
        store.down = False


async def test_figures_for_prometheus_hold_no_word_and_no_number() -> None:
    async with house() as tonight:
        case = await claimed(tonight, "my name is Jonathan")
        answer = await tonight.browser.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "crisis_hub_cases_open 1.0" in answer.text
        assert 'crisis_hub_facts_total{type="CaseClaimed"} 1.0' in answer.text
        for private in ("Jonathan", "+1555", case.id, case.number):
            assert private not in answer.text
