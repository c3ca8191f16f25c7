"""Webhooks whose signature was wrong: one is a stranger's knock, several in a minute may be a rotated token.

Then every call and text meets the carrier's fallback, and somebody must hear of it at once.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from crisis_hub.application.ports import Clock

_ENOUGH = 3
_WINDOW = timedelta(seconds=60)


class Refusals:
    """Counts what looked like the carrier and was not signed by it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: deque[datetime] = deque(maxlen=_ENOUGH)

    def note(self, signature: str) -> None:
        """Count one, if it was signed at all."""
        if signature:
            self._last.append(self._clock.now())

    def trouble(self) -> str:
        """Return a sentence when there were several within the last minute, else an empty string."""
        if len(self._last) < _ENOUGH or self._last[0] + _WINDOW <= self._clock.now():
            return ""
        return (
            "Calls and texts are being refused because their signature is wrong. If the carrier's token was "
            "rotated, give both in CRISIS_HUB_TWILIO_AUTH_TOKEN; if our address changed, mend CRISIS_HUB_PUBLIC_URL."
        )
