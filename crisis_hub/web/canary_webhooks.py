"""What the carrier tells us of a canary call: that it was picked up, and which key was pressed; signed, too."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from crisis_hub.web.parts import Parts
from crisis_hub.web.webhooks import Handler, Otherwise, Told, no_more_words, twiml

_WORDS = "This is a test of our pages. Nobody need do anything."
_TAKE = frozenset({"1", "4"})


async def _voice(parts: Parts, told: Told) -> Response:
    """Say what a page would say, and wait for a key as a page does."""
    return twiml(parts.words.page_menu(_WORDS, "en", f"/twilio/canary/digits?{told.raw_query}"))


async def _digits(parts: Parts, told: Told) -> Response:
    if told.form.word("Digits")[:1] not in _TAKE:
        return await _voice(parts, told)
    await parts.canary_call.came_back(told.query.get("canary", ""))
    return twiml(parts.words.nothing())


HANDLERS: Mapping[str, tuple[Handler, Otherwise]] = {
    "/twilio/canary/voice": (_voice, no_more_words),
    "/twilio/canary/digits": (_digits, no_more_words),
}
"""The doors of canary calls."""
