"""What was private stays private: canaries wherever a person can say something, looked for everywhere else."""

from __future__ import annotations

import logging

import pytest

from crisis_hub.adapters.store.memory import MemoryStore
from tests.night import STAFF, Night, night
from tests.stories.scenes import WRITER, at_imminent_risk

SAID = {
    "text": "my name is Zebulon Quill, 12 Canary Row",
    "reply": "Stay with me, Zebulon-in-a-reply",
    "note": "Zebulon-in-a-note has a brother",
    "words": "Zebulon-in-an-answer has pills",
    "reason": "Zebulon-in-a-reason is calmer",
}
CANARIES = ("Zebulon", "Canary Row", WRITER[1:], *(one.reach[0].address[1:] for one in STAFF))


async def a_night_full_of_words(tonight: Night) -> str:
    """Say something private in every place where one can."""
    case = await at_imminent_risk(tonight)
    phone, at = tonight.phone(WRITER), f"/api/cases/{case.id}"
    phone.text(SAID["text"])
    await tonight.seconds(2)
    await tonight.done("rui", f"{at}/messages", {"text": SAID["reply"]})
    await tonight.done("rui", f"{at}/notes", {"text": SAID["note"]})
    body = {"instrument": "ch_right_now", "item": "plan", "answer": "yes", "words": SAID["words"]}
    await tonight.done("rui", f"{at}/answers", body)
    tonight.carrier.faults.switch_on("webhook_lost", count=4, only="/text/status")
    tonight.carrier.faults.switch_on("rest_500_after", count=1, only="POST")  # so that it is looked up in a list
    await tonight.done("rui", f"{at}/messages", {"text": SAID["reply"]})
    await tonight.seconds(5)
    tonight.carrier.faults.switch_on("text_refused", count=2, only=WRITER)
    tonight.carrier.faults.switch_on("text_refused", count=1, only=tonight.phone_of("ben").number)
    await tonight.done("rui", f"{at}/messages", {"text": SAID["reply"]})
    for who in ("rui", "sam"):
        await tonight.done(who, f"{at}/risk", {"risk": "moderate", "reason": SAID["reason"]})
    await tonight.done("rui", f"{at}/stand-down", {"reason": SAID["reason"]})
    await tonight.done("rui", f"{at}/release", {"reason": SAID["reason"]})
    await tonight.done("sam", f"{at}/claim")
    await tonight.settle_duties("sam", case.id, SAID["reason"])
    await tonight.done("sam", f"{at}/close", {"outcome": "safe", "reason": SAID["reason"]})
    await tonight.minutes(5)
    return case.id


def find(where: str, text: str) -> list[str]:
    return [f"{canary} in {where}" for canary in CANARIES if canary in text]


async def test_nothing_private_is_in_a_page_a_log_a_table_or_on_the_board(caplog: pytest.LogCaptureFixture) -> None:
    """A page lies on a locked screen beside somebody's bed; a log lies on a disk that many may read."""
    caplog.set_level(logging.DEBUG)
    async with night() as tonight:
        case = await a_night_full_of_words(tonight)
        board = (await tonight.get("sam", "/api/board")).text
        listed = (await tonight.get("sam", "/api/cases")).text
        link = next(t.body.rpartition(" ")[2] for t in tonight.phone_of("ben").texts if "/p/" in t.body)
        sheet = (await tonight.browser.get(link)).text
        facts = await tonight.store.since(0, 100_000)
        for_audit = (await tonight.get("aud", f"/api/cases/{case}/facts")).text

        staff = [tonight.phone_of(one.id) for one in STAFF]
        pages = "\n".join(text.body for phone in staff for text in phone.texts)
        spoken = "\n".join(phone.words_heard() for phone in staff)
        store = tonight.store
        assert isinstance(store, MemoryStore)
        rows = "\n".join(f"{row[:8]}" for row in store._kept.rows)
        outbox = repr(store._kept.effects) + repr(store._kept.deadlines) + repr(store._kept.marks)
        assert "Reply 1" in pages
        found = [
            *find("a page", pages),
            *find("a call", spoken),
            *find("the log", caplog.text),
            *find("the board", board),
            *find("the list", listed),
            *find("the page behind the link", sheet),
            *find("the facts left sealed", repr([one for one in facts if one.stream == case])),
            *find("what an auditor sees", for_audit),
            *find("the tables", rows),
            *find("the outbox", outbox),
        ]
        assert found == []


async def test_who_may_read_it_can_read_all_of_it() -> None:
    """Or the test above would be content with a hub that keeps nothing."""
    async with night() as tonight:
        case = await a_night_full_of_words(tonight)
        history = (await tonight.get("sam", f"/api/cases/{case}/facts")).text

        for words in SAID.values():
            assert words in history


async def test_what_was_erased_can_be_read_by_nobody_and_the_history_stays_whole() -> None:
    async with night() as tonight:
        case = await a_night_full_of_words(tonight)
        before = await tonight.store.head()
        await tonight.store.forget(case)
        history = (await tonight.get("sam", f"/api/cases/{case}/facts")).json()["facts"]

        assert "Zebulon" not in repr(history)
        assert len(history) == len(await tonight.store.read(case))
        assert await tonight.store.head() == before
