"""How people are reached, over HTTP, and what the carrier says of codes and test pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from icalendar import Calendar

from crisis_hub.adapters.clock import let_everything_run
from crisis_hub.application.ports import Entry, StoreUnavailable
from crisis_hub.domain.events import Recorded, TestPageTaken
from tests.night import ANA, BEN, Night
from tests.web.kit import WRITER, BreakableStore, claimed, guarded, hook, house, problem, text_form, twiml

PUSH = {"endpoint": "https://push.example.net/x", "keys": {"p256dh": "BP", "auth": "AA"}}


async def reach(tonight: Night, who: str = "ana") -> dict[str, Any]:
    """Return how somebody is reached."""
    answer = await tonight.get(who, "/api/me/reach")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_ways_are_shown_without_their_addresses() -> None:
    async with house() as tonight:
        answer = await tonight.get("ana", "/api/me/reach")

        guarded(answer)
        body = answer.json()
        assert ANA not in answer.text
        assert [(w["method"], w["address"], w["counts"], w["verified_at"], w["own"]) for w in body["ways"]] == [
            ("sms", "…0001", True, None, False),
            ("voice", "…0001", True, None, False),
        ]
        assert body["ways"][0]["after_seconds"] == {"imminent": 0, "high": 0, "other": 0}
        assert body["push_key"] == "the key of this house"


@pytest.mark.parametrize(
    "wish",
    [
        {"method": "sms", "address": "+15550100077"},
        {"method": "voice", "address": "+15550100077"},
        {"method": "email", "address": "ana@example.org"},
        {"method": "push", "subscription": PUSH},
    ],
    ids=lambda wish: str(wish["method"]),
)
async def test_a_way_is_added_proved_and_taken_back(wish: dict[str, Any]) -> None:
    async with house() as tonight:
        tonight.phone("+15550100077")
        added = await tonight.done("ana", "/api/me/reach", wish)
        await tonight.seconds(3)
        way = added["ways"][-1]
        assert (way["method"], way["counts"], way["verified_at"]) == (wish["method"], False, None)

        answer = await tonight.post("ana", f"/api/me/reach/{way['id']}/verify", {"code": "not it"})
        assert problem(answer, 422)["field"] == "code"
        proved = await tonight.done("ana", f"/api/me/reach/{way['id']}/verify", {"code": await code(tonight, way)})
        assert proved["ways"][-1]["counts"]
        assert proved["ways"][-1]["verified_at"]

        gone = await tonight.done("ana", f"/api/me/reach/{way['id']}/remove")
        assert way["id"] not in [one["id"] for one in gone["ways"]]


async def code(tonight: Night, way: dict[str, Any]) -> str:
    """Read the code where it was sent."""
    if way["method"] == "email":
        words = tonight.mail.mailed[-1].body
    elif way["method"] == "push":
        words = tonight.push.pushed[-1][1]["title"]
    elif way["method"] == "sms":
        words = tonight.phone("+15550100077").texts[-1].body
    else:
        path = f"/twilio/reach/code?person=ana&way={way['id']}"
        answer = await hook(tonight, path, {"CallSid": "CA" + "7" * 32})
        words = "".join(twiml(answer).itertext()).replace(". ", "")
    found = re.search(r"\d{6}", words)
    assert found is not None, words
    return found[0]


async def test_somebody_elses_way_is_not_there() -> None:
    async with house() as tonight:
        way = (await reach(tonight, "ben"))["ways"][0]["id"]
        for what in ("code", "verify"):
            answer = await tonight.post(
                "ana", f"/api/me/reach/{way}/{what}", {"code": "1"} if what == "verify" else None
            )
            problem(answer, 404)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"method": "sms", "address": "12"}, "address"),
        ({"method": "sms"}, "address"),
        ({"method": "push"}, "subscription"),
        ({"method": "email", "address": "nobody"}, "address"),
        ({"method": "pigeon", "address": "x"}, "method"),
        ({"method": "sms", "address": "+15550100077", "for": ["sometimes"]}, None),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(wish: dict[str, Any], field: str | None) -> None:
    async with house() as tonight:
        found = problem(await tonight.post("ana", "/api/me/reach", wish), 422)
        assert field is None or found["field"] == field


async def test_nobody_reads_this_without_signing_in_and_others_only_who_may() -> None:
    async with house() as tonight:
        for path in ("/api/me/reach", "/api/me/calendar", "/api/people/reach"):
            problem(await tonight.browser.get(path), 401)
        problem(await tonight.get("ana", "/api/people/reach"), 403)
        for who in ("sam", "lee", "ada"):
            answer = await tonight.get(who, "/api/people/reach")
            assert answer.status_code == 200
            assert ANA not in answer.text
            assert ANA[-4:] not in answer.text


async def test_supervisors_see_who_lacks_what() -> None:
    async with house() as tonight:
        found = {one["person"]["id"]: one for one in (await tonight.get("sam", "/api/people/reach")).json()["people"]}
        assert found["ana"]["lacks"] == [
            "No way was shown to reach them.",
            "No page and no test page was taken in 30 days.",
        ]

        await hook(tonight, "/twilio/text", text_form("SM" + "5" * 32, "STOP", ANA))
        await tonight.done("ben", "/api/me/test-page")
        await hook(tonight, "/twilio/text", text_form("SM" + "6" * 32, "1", BEN))

        found = {one["person"]["id"]: one for one in (await tonight.get("sam", "/api/people/reach")).json()["people"]}
        assert found["ana"]["opted_out"]
        assert found["ben"]["lacks"] == []


# ------------------------------------------------------------------------------------- test pages


async def test_a_test_page_is_taken_by_reply_and_the_same_reply_again_is_answered_alike() -> None:
    async with house() as tonight:
        await tonight.done("ana", "/api/me/test-page", {"again": 1})
        first = await hook(tonight, "/twilio/text", text_form("SM" + "5" * 32, "1", ANA))
        second = await hook(tonight, "/twilio/text", text_form("SM" + "5" * 32, "1", ANA))

        assert "reached you" in first.text
        assert first.text == second.text
        tests = {one["method"]: one for one in (await reach(tonight))["tests"]}
        assert tests["sms"]["state"] == "taken"
        assert tests["voice"]["state"] != "taken"


async def test_a_reply_to_a_test_page_that_is_brought_again_takes_no_real_page() -> None:
    async with house() as tonight:
        await tonight.done("ana", "/api/me/test-page")
        form = text_form("SM" + "5" * 32, "1", ANA)
        first = await hook(tonight, "/twilio/text", form)
        case = await claimed(tonight)
        await tonight.done("sam", f"/api/cases/{case.id}/escalate", by_hand("ana"))
        await tonight.seconds(2)
        assert [page.person for x in (await tonight.case(case.id)).escalations for page in x.open_pages()] == ["ana"]

        again = await hook(tonight, "/twilio/text", form)

        assert again.text == first.text
        assert [x.state.value for x in (await tonight.case(case.id)).escalations] == ["running"]
        await hook(tonight, "/twilio/text", text_form("SM" + "6" * 32, "1", ANA))
        assert [x.state.value for x in (await tonight.case(case.id)).escalations] == ["taken"]


async def test_an_old_stop_that_is_brought_again_after_start_stops_nothing() -> None:
    async with house() as tonight:
        stop = text_form("SM" + "5" * 32, "STOP", ANA)
        first = await hook(tonight, "/twilio/text", stop)
        assert (await reach(tonight))["ways"][0]["opted_out"]
        await hook(tonight, "/twilio/text", text_form("SM" + "6" * 32, "START", ANA))

        assert (await hook(tonight, "/twilio/text", stop)).text == first.text
        assert not (await reach(tonight))["ways"][0]["opted_out"]


class _DiesBefore(BreakableStore):
    """Takes in nothing that leaves a mark without a fact: a process that died after the fact."""

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        if entry.stream == "page-replies" and self.dies:
            raise StoreUnavailable("The database is gone; start it.")
        return await super().append(entry)

    dies = False


async def test_what_a_text_did_and_that_it_did_it_are_written_together() -> None:
    """Died right after a test page was taken, the same text brought again is still about the test page."""
    store = _DiesBefore()
    async with house(store) as tonight:
        await tonight.done("ana", "/api/me/test-page")
        store.dies = True
        form = text_form("SM" + "5" * 32, "1", ANA)
        await hook(tonight, "/twilio/text", form)
        store.dies = False
        assert (await reach(tonight))["last_proved_at"]
        case = await claimed(tonight)
        await tonight.done("sam", f"/api/cases/{case.id}/escalate", by_hand("ana"))
        await tonight.seconds(2)

        assert "reached you" in (await hook(tonight, "/twilio/text", form)).text
        assert [x.state.value for x in (await tonight.case(case.id)).escalations] == ["running"]


class _Slow(BreakableStore):
    """Lets others in between while it reads and writes marks, as a real one does."""

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        await let_everything_run(2)
        return await super().append(entry)

    async def marks(self, keys: Sequence[str]) -> Mapping[str, str]:
        await let_everything_run(2)
        return await super().marks(keys)


async def test_a_stop_that_changed_nothing_stops_nothing_later_either() -> None:
    """She wrote STOP twice and START after that; the second STOP is brought again."""
    async with house() as tonight:
        await hook(tonight, "/twilio/text", text_form("SM" + "4" * 32, "STOP", ANA))
        second = text_form("SM" + "5" * 32, "STOP", ANA)
        await hook(tonight, "/twilio/text", second)
        await hook(tonight, "/twilio/text", text_form("SM" + "6" * 32, "START", ANA))

        await hook(tonight, "/twilio/text", second)
        assert not (await reach(tonight))["ways"][0]["opted_out"]


async def test_a_reply_to_a_test_page_brought_five_times_at_once_is_one() -> None:
    async with house(_Slow()) as tonight:
        await tonight.done("ana", "/api/me/test-page")
        form = text_form("SM" + "5" * 32, "1", ANA)
        answers = await asyncio.gather(*(hook(tonight, "/twilio/text", form) for _ in range(5)))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        facts = [one.fact for one in await tonight.store.read("staff")]
        assert sum(isinstance(one, TestPageTaken) for one in facts) == 1


def by_hand(person: str) -> dict[str, Any]:
    """Page one person of our choice."""
    return {"ladder": "clinical", "reason": "I want her to see it.", "person": person}


async def test_a_test_page_is_taken_by_digit_and_other_keys_say_it_again() -> None:
    async with house() as tonight:
        sent = await tonight.done("ana", "/api/me/test-page")
        voice = next(one["id"] for one in sent["ways"] if one["method"] == "voice")
        test = tonight.house.directory.person("ana")
        assert test is not None
        id = next(one.id for one in test.ways.tests if one.method == "voice")
        query = f"person=ana&test={id}"
        menu = await hook(tonight, f"/twilio/reach/test?{query}", {"CallSid": "CA" + "7" * 32})
        assert "Nobody is in danger" in menu.text
        again = await hook(tonight, f"/twilio/reach/digits?{query}", {"CallSid": "CA" + "7" * 32, "Digits": "9"})
        assert "Nobody is in danger" in again.text

        await hook(tonight, f"/twilio/reach/digits?{query}", {"CallSid": "CA" + "7" * 32, "Digits": "4"})

        found = await reach(tonight)
        assert next(one for one in found["ways"] if one["id"] == voice)["last_proved_at"]


async def test_a_link_that_is_looked_at_takes_nothing_and_its_button_does() -> None:
    async with house() as tonight:
        await tonight.done("ana", "/api/me/reach", {"method": "push", "subscription": PUSH})
        way = (await reach(tonight))["ways"][-1]
        await tonight.done("ana", f"/api/me/reach/{way['id']}/verify", {"code": await code(tonight, way)})
        await tonight.done("ana", "/api/me/test-page", {"way": way["id"]})
        link = tonight.push.pushed[-1][1]["url"]

        looked = await tonight.browser.get(link)
        guarded(looked)
        assert looked.status_code == 200
        assert (await reach(tonight))["last_proved_at"] is None

        pressed = await tonight.browser.post(link)
        assert "It reached you" in pressed.text
        assert (await reach(tonight))["last_proved_at"]
        assert (await tonight.browser.get(link[:-1])).status_code == 404


async def test_what_the_carrier_refuses_for_good_is_seen_on_the_test_page_and_the_way() -> None:
    async with house() as tonight:
        await tonight.done("ana", "/api/me/test-page")
        person = tonight.house.directory.person("ana")
        assert person is not None
        id = next(one.id for one in person.ways.tests if one.method == "sms")
        form = {"MessageSid": "SM" + "7" * 32, "MessageStatus": "undelivered", "ErrorCode": "21610"}
        await hook(tonight, f"/twilio/reach/status?person=ana&test={id}", form)

        found = await reach(tonight)
        assert [one["opted_out"] for one in found["ways"]] == [True, False]
        assert next(one for one in found["tests"] if one["method"] == "sms")["state"] == "failed"


async def test_stop_from_a_person_in_need_is_no_staff_matter() -> None:
    async with house() as tonight:
        await hook(tonight, "/twilio/text", text_form("SM" + "5" * 32, "STOP", WRITER))

        assert tonight.newest().contact_ref


# -------------------------------------------------------------------------------------- calendars


async def test_a_calendar_is_read_at_its_link_and_nowhere_else() -> None:
    async with house() as tonight:
        for path, who in (("/api/me/calendar", "ana"), ("/api/rotas/clinicians/calendar-link", "sam")):
            url = (await tonight.get(who, path)).json()["url"]
            answer = await tonight.browser.get(url)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/calendar")
            events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
            assert events
            assert ANA not in answer.text
            assert (await tonight.browser.get(url.replace(".ics", "x.ics"))).status_code == 404
        assert (await tonight.browser.get("/calendar/.ics")).status_code == 404


async def test_ones_own_calendar_says_what_the_resolver_says() -> None:
    async with house() as tonight:
        url = (await tonight.get("ana", "/api/me/calendar")).json()["url"]
        events: list[Any] = Calendar.from_ical((await tonight.browser.get(url)).content).walk("VEVENT")
        now = tonight.clock.now()
        on_call = {who.id for one in tonight.house.service.on_call(now) for who in one.people}

        mine = any(event.start <= now < event.end for event in events)
        assert mine == ("ana" in on_call)
        uids = [str(event["UID"]) for event in events]
        assert len(set(uids)) == len(uids)
        again = Calendar.from_ical((await tonight.browser.get(url)).content).walk("VEVENT")
        assert [str(event["UID"]) for event in again] == uids


async def test_a_link_made_anew_closes_the_old_one() -> None:
    async with house() as tonight:
        old = (await tonight.get("ana", "/api/me/calendar")).json()["url"]
        new = (await tonight.done("ana", "/api/me/calendar/renew"))["url"]

        assert old != new
        assert (await tonight.browser.get(old)).status_code == 404
        assert (await tonight.browser.get(new)).status_code == 200
        problem(await tonight.post("ana", "/api/rotas/clinicians/calendar-link/renew"), 403)
        problem(await tonight.get("ana", "/api/rotas/nobody/calendar-link"), 404)
