"""A clinician's page at three in the night: looking changes nothing, one touch takes it, nothing private is on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import httpx
import pytest

from crisis_hub.domain.escalation import Escalation, Ladder
from crisis_hub.domain.events import Step, Target
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.vocabulary import EscalationState, PageState
from crisis_hub.web import sheets
from tests.night import Night, night
from tests.web.kit import WRITER, book, claimed, house, link_of, paged

PREVIEWERS = (
    "WhatsApp/2.23 A",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; Google-Safe-Browsing)",
    "Slackbot-LinkExpanding 1.0",
)


class Page(HTMLParser):
    """What is on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


async def page_of(tonight: Night, link: str, method: str = "GET") -> Page:
    answer = await tonight.browser.request(method, link)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    await tonight.settle()
    return Page(answer.text)


async def asked(tonight: Night) -> tuple[str, str, str]:
    """A page goes out; returns its link, its case's id and its person."""
    case = await paged(tonight)
    person = case.escalations[0].pages[0].person
    return link_of(tonight, person), case.id, person


async def ladder(tonight: Night, case: str) -> Escalation:
    return (await tonight.case(case)).escalations[0]


# ----------------------------------------------------------------------------------- looking and taking


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
async def test_nothing_but_the_posted_button_takes_a_page(method: str) -> None:
    async with house() as tonight:
        link, case, _ = await asked(tonight)
        head = await tonight.store.head()
        for address in (link, f"{link}/pass", f"{link}?take=1&_method=POST", f"{link}?"):
            for agent in PREVIEWERS:
                headers = {"User-Agent": agent, "X-HTTP-Method-Override": "POST", "Purpose": "prefetch"}
                answer = await tonight.browser.request(method, address, headers=headers)
                assert answer.status_code in (200, 405)
        await tonight.settle()
        assert await tonight.store.head() == head
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING


async def test_head_says_what_get_says_without_its_body() -> None:
    async with house() as tonight:
        link, _, _ = await asked(tonight)
        looked, got = await tonight.browser.head(link), await tonight.browser.get(link)
        assert looked.status_code == got.status_code == 200
        assert looked.headers["content-length"] == got.headers["content-length"]


async def test_one_touch_takes_it_and_a_second_does_no_harm() -> None:
    async with house() as tonight:
        link, case, person = await asked(tonight)
        taken = await page_of(tonight, link, "POST")
        assert "You have it" in taken.text
        now = await ladder(tonight, case)
        assert (now.state, now.taken_by, now.taken_means) == (EscalationState.TAKEN, person, "button")
        head = await tonight.store.head()
        assert "You have it" in (await page_of(tonight, link, "POST")).text
        assert "You have it" in (await page_of(tonight, link)).text
        assert "You have it" in (await page_of(tonight, f"{link}/pass", "POST")).text, "taken is taken"
        assert await tonight.store.head() == head


async def test_who_comes_second_is_told_who_has_it() -> None:
    async with house() as tonight:
        link, _case, _ = await asked(tonight)
        await tonight.minutes(3)  # the ladder climbs to the supervisor
        assert "You have it" in (await page_of(tonight, link_of(tonight, "sam"), "POST")).text
        for method in ("GET", "POST"):
            late = await page_of(tonight, link, method)
            assert "Sam Okoro has it" in late.text
            assert late.all("form") == []


async def test_passing_sends_it_on_at_once() -> None:
    async with house() as tonight:
        link, case, _ = await asked(tonight)
        passed = await page_of(tonight, f"{link}/pass", "POST")
        assert "Passed on" in passed.text
        now = await ladder(tonight, case)
        assert (now.step, now.pages[0].state) == (2, PageState.PASSED)
        assert "Passed on" in (await page_of(tonight, f"{link}/pass")).text, "loading it again only looks"


async def test_once_everybody_was_tried_whoever_passed_it_may_still_take_it() -> None:
    async with house() as tonight:
        link, case, _ = await asked(tonight)
        await page_of(tonight, f"{link}/pass", "POST")
        await tonight.minutes(10)
        assert (await ladder(tonight, case)).state is EscalationState.EXHAUSTED
        page = await page_of(tonight, link)
        assert "Everybody was tried" in page.text
        assert "You can sleep" not in page.text
        assert "You have it" in (await page_of(tonight, link, "POST")).text


async def test_what_is_stood_down_says_so() -> None:
    async with house() as tonight:
        link, case, _ = await asked(tonight)
        await tonight.done("rui", f"/api/cases/{case}/stand-down", {"reason": "false alarm"})
        for method in ("GET", "POST"):
            assert "Stood down" in (await page_of(tonight, link, method)).text
        assert (await ladder(tonight, case)).state is EscalationState.STOOD_DOWN


# ------------------------------------------------------------------------------------------ unknown links


@pytest.mark.parametrize(
    "token", ["x", "A" * 22, "A" * 5000, "%00", "é", "<script>alert(1)</script>", "..%2f..%2fapi", "' or 1=1--"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_an_unknown_link_is_not_found_in_plain_words(token: str, method: str) -> None:
    async with house() as tonight:
        for path in (f"/p/{token}", f"/p/{token}/pass"):
            answer = await tonight.browser.request(method, path)
            assert answer.status_code == 404
            if "/" in token or "%2f" in token:
                continue  # more than one step below /p: another address altogether
            assert answer.headers["content-type"].startswith("text/html")
            if method != "HEAD":
                assert "not one of ours" in answer.text
                assert "<script" not in answer.text


async def test_an_old_link_ends_but_never_while_somebody_is_wanted() -> None:
    async with house() as tonight:
        link, case, _ = await asked(tonight)
        await tonight.minutes(10)
        assert (await ladder(tonight, case)).state is EscalationState.EXHAUSTED
        await tonight.clock.advance(timedelta(days=3).total_seconds())
        assert "I have it" in (await page_of(tonight, link)).text
        await page_of(tonight, link, "POST")
        await tonight.clock.advance(timedelta(hours=11).total_seconds())
        assert "You have it" in (await page_of(tonight, link)).text
        await tonight.clock.advance(timedelta(hours=2).total_seconds())
        for method in ("GET", "POST"):
            answer = await tonight.browser.request(method, link)
            assert answer.status_code == 404
            assert "over" in answer.text


# --------------------------------------------------------------------------------------- what is on it


async def test_no_private_word_is_on_it_before_or_after() -> None:
    async with house() as tonight:
        case = await claimed(tonight, "my name is Jonathan and i have pills")
        await tonight.done("rui", f"/api/cases/{case.id}/notes", {"text": "Jonathan lives in Elm Street"})
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
        await tonight.seconds(2)
        person = (await ladder(tonight, case.id)).pages[0].person
        link = link_of(tonight, person)
        for method in ("GET", "POST", "GET"):
            answer = await tonight.browser.request(method, link)
            for private in ("Jonathan", "pills", "Elm", WRITER, "suicid", "Rui", "asq", "killing"):
                assert private not in answer.text
        # Once it is taken, not even the urgency is left for whoever finds the telephone.
        after = Page((await tonight.browser.get(link)).text)
        assert "High" not in after.text
        assert after.all("a")[0]["href"] == f"/case/{case.id}"
        refused = await tonight.browser.get(f"/api/cases/{case.id}")
        assert refused.status_code == 401


async def test_it_works_without_scripts_and_with_nothing_from_outside() -> None:
    async with house() as tonight:
        link, _, _ = await asked(tonight)
        page = await page_of(tonight, link)
        assert page.all("script") == []
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert not any("style" in attributes for _, attributes in page.tags)
        (form,) = page.all("form")
        assert (form["method"], form["action"]) == ("post", link)
        assert [button.get("formaction") for button in page.all("button")] == [None, f"{link}/pass"]
        assert all(str(one["href"]).startswith("/static/") for one in page.all("link"))
        assert page.all("html")[0]["lang"] == "en"
        assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
        assert len(page.all("h1")) == 1
        assert "DRILL" in page.text


async def test_page_and_style_together_are_small() -> None:
    async with house() as tonight:
        link, _, _ = await asked(tonight)
        for method in ("GET", "POST"):
            answer = await tonight.browser.request(method, link)
            style = (sheets.STATIC / "sheet.css").stat().st_size
            headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
            assert len(answer.content) + style + 2 * headers < 15_000


async def test_times_are_told_in_the_zone_of_the_rota_and_the_zone_is_named() -> None:
    async with house() as tonight:  # 03:00 UTC is nine in the evening before, in Chicago
        link, _, _ = await asked(tonight)
        text = (await page_of(tonight, link)).text
        assert re.search(r"as of 21:00:\d\d CST", text)
        assert re.search(r"At 21:02:\d\d CST it goes to every supervisor", text)
        assert "UTC" not in text
        assert re.search(r"Since 21:00:\d\d CST", (await page_of(tonight, link, "POST")).text)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("America/Sao_Paulo", "00:00:0. UTC-03"), ("Asia/Kolkata", "08:30:0. IST"), ("Nowhere/Atall", "03:00:0. UTC")],
)
async def test_a_zone_without_a_name_is_told_by_its_distance(zone: str, shown: str) -> None:
    rotas = {"clinicians": replace(book().rotas["clinicians"], timezone="UTC")}
    async with night(rulebook=replace(book(), rotas=rotas)) as tonight:
        link, _, _ = await asked(tonight)
        rotas["clinicians"] = replace(rotas["clinicians"], timezone=zone)
        answer = await tonight.browser.get(link)
        rotas["clinicians"] = replace(rotas["clinicians"], timezone="UTC")
        assert re.search(f"as of {shown}<", answer.text), answer.text


async def test_without_a_rota_the_times_are_in_utc_and_say_so() -> None:
    async with night(rulebook=EMPTY) as tonight:
        case = await claimed(tonight)
        await tonight.answer(case, "ch_violence_inquiry.v10=yes")
        await tonight.seconds(2)
        page = await page_of(tonight, link_of(tonight, "ana"))
        assert re.search(r"as of 03:00:\d\d UTC", page.text)
        assert "Imminent" in page.text


async def test_a_name_cannot_break_the_page() -> None:
    target = Target("role", "<b>clinicians</b>")
    book = Rulebook(
        "odd", ladders={"clinical": Ladder("clinical", (Step((Target("role", "clinician"),), 60), Step((target,), 60)))}
    )
    async with night(rulebook=book) as tonight:
        case = await claimed(tonight)
        await tonight.done("rui", f"/api/cases/{case.id}/escalate", {"ladder": "clinical", "reason": "please"})
        await tonight.seconds(2)
        answer = await tonight.browser.get(link_of(tonight, "ana"))
        assert "<b>clinicians" not in answer.text
        assert "&lt;b&gt;clinicians" in answer.text


async def test_a_link_is_not_told_to_other_sites() -> None:
    async with house() as tonight:
        link, _, _ = await asked(tonight)
        answer: httpx.Response = await tonight.browser.get(link)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert {"name": "robots", "content": "noindex"} in Page(answer.text).all("meta")


async def test_who_has_it_reads_by_when_they_must_be_seen_on_the_case_and_afterwards_that_others_were_asked() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        asked = (await tonight.case(case.id)).escalations[0].pages[0]
        link = f"/p/{tonight.house.tools.keyring.page_token(asked.id)}"
        await tonight.browser.post(link)
        await tonight.settle()
        assert "or you and the others are asked again" in (await tonight.browser.get(link)).text
        await tonight.minutes(11)

        page = (await tonight.browser.get(link)).text
        assert "<h1>Asked again</h1>" in page
        assert "You have it" not in page


async def test_who_is_seen_on_the_case_reads_that_nobody_else_is_paged() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        asked = (await tonight.case(case.id)).escalations[0].pages[0]
        link = f"/p/{tonight.house.tools.keyring.page_token(asked.id)}"
        await tonight.browser.post(link)
        await tonight.done(asked.person, f"/api/cases/{case.id}/here")

        assert "Nobody else will be paged for this" in (await tonight.browser.get(link)).text
