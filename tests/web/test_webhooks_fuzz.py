"""Whatever the carrier signs, and whatever strangers send: 200, 204 or 403, and a case that can still be read."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crisis_hub.domain.case import Case
from crisis_hub.web import reach_webhooks, webhooks
from tests.night import ANA, LINE
from tests.web.kit import NOBODY, WRITER, hook, paged, text_form
from tests.web.nights import LongNight, long_night

DOORS = [route.path for route in webhooks.routes(reach_webhooks.HANDLERS)]

NAMES = (
    "MessageSid", "SmsSid", "SmsMessageSid", "CallSid", "From", "To", "Body", "NumMedia", "MessageStatus", "SmsStatus",
    "CallStatus", "Digits", "AnsweredBy", "ErrorCode", "StatusCallbackEvent", "MediaUrl0", "AddOns", "", "\x00",
)  # fmt: skip
WORDS = (
    "", "1", "2", "stop", "START", "SM1", "CA1", "SM" + "0" * 32, WRITER, ANA, LINE, "anonymous", "completed",
    "delivered", "failed", "in-progress", "participant-leave", "levitating", "10", "-1", "²", "1e9", "\x00", "\ufffd",
    "💙" * 40, "x" * 1600, "<Response/>", "' or 1=1", "\u202e", "٣",
)  # fmt: skip

names = st.sampled_from(NAMES) | st.text(max_size=20)
words = st.sampled_from(WORDS) | st.text(max_size=200)
pairs = st.lists(st.tuples(names, words), max_size=14)
quick = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def long() -> Iterator[LongNight]:
    with long_night() as opened:
        yield opened


@pytest.fixture(scope="module")
def case(long: LongNight) -> Case:
    """A case with a page that is out, so that there is something to be wrong about."""
    return long.run(paged(long.tonight))


def good(answer: httpx.Response, *codes: int) -> None:
    assert answer.status_code in codes, (answer.status_code, answer.text)
    assert "location" not in answer.headers


def still_readable(long: LongNight) -> None:
    """Nothing that came in may keep anybody from seeing the board or the newest case."""

    async def look() -> None:
        assert (await long.tonight.get("sam", "/api/board")).status_code == 200
        shown = await long.tonight.get("sam", f"/api/cases/{long.tonight.newest().id}")
        assert shown.status_code == 200
        assert (await long.tonight.get("sam", f"/api/cases/{long.tonight.newest().id}/facts")).status_code == 200

    long.run(look())


@quick
@example(door="/twilio/text", fields=list(text_form(words="x" * 1600, NumMedia="10").items()), query="")
@example(door="/twilio/text", fields=[("From", ANA), ("Body", "1")], query="")
@example(door="/twilio/voice", fields=[], query="")
@given(door=st.sampled_from(DOORS), fields=pairs, query=st.sampled_from(["", "own", "?case=staff", f"?case={NOBODY}"]))
def test_whatever_is_signed_is_taken_and_harms_nothing(
    long: LongNight, case: Case, door: str, fields: list[tuple[str, str]], query: str
) -> None:
    if query == "own":
        page = case.escalations[0].pages[0]
        query = f"?case={case.id}&attempt={page.attempts[1].id}&message=x&contact=y&person=rui&language=es"
    answer = long.run(hook(long.tonight, door + query, fields))
    good(answer, 200, 204)
    if answer.status_code == 200:
        assert answer.headers["content-type"].startswith("text/xml")
        again = long.run(hook(long.tonight, door + query, fields))
        good(again, 200, 204)
    still_readable(long)


@quick
@given(
    door=st.sampled_from(DOORS),
    body=st.binary(max_size=400) | st.sampled_from([b"{}", b"null", b"%", b"%ED%A0%80=%00", b"&" * 600, b"=" * 50]),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "application/json", "text/plain", "", "multipart/form-data"]
    ),
    signature=st.text(alphabet=st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=60),
)
def test_whatever_strangers_send_is_refused_and_nothing_is_written(
    long: LongNight, door: str, body: bytes, kind: str, signature: str
) -> None:
    head = long.run(long.tonight.store.head())
    headers = {b"X-Twilio-Signature": signature.encode("latin-1"), b"Content-Type": kind.encode()}
    answer = long.run(long.tonight.browser.post(door, content=body, headers=headers))
    good(answer, 403)
    assert long.run(long.tonight.store.head()) == head
