"""A carrier that does not answer is left alone for a moment: whoever must page is told at once, not after a time-out.

Only silence and unreachability count. A carrier that says "slower" or "not this number" is at work, and asking it
again for another page is right; so a busy night never closes the way for an imminent page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierCall,
    CarrierProgress,
    CarrierRefused,
    CarrierText,
    Clock,
    OutcomeUnknown,
    Telephony,
)
from crisis_hub.domain.vocabulary import CarrierId

_ACCOUNT_CODES = frozenset({"20003", "20005", "20403", "21210", "21606", "21603", "30002", "30034", "30038", "63038"})
"""What is wrong with us and not with whom we want to reach: shut out, suspended, a number not ours, over a limit."""

_PROBE_AGAIN = 0.5

_T = TypeVar("_T")


def is_ours(refusal: CarrierRefused) -> bool:
    """Say whether a refusal is about our account or number, so that another carrier may well say yes."""
    return refusal.code in _ACCOUNT_CODES or refusal.code in {"401", "403"}


class Guarded:
    """One carrier behind a breaker: closed, open for a while, or letting one request through to see."""

    def __init__(self, telephony: Telephony, clock: Clock, *, most_failures: int, pause_seconds: float) -> None:
        self._telephony = telephony
        self._clock = clock
        self._most = most_failures
        self._pause = timedelta(seconds=pause_seconds)
        self._failures = 0
        self._open_until: datetime | None = None
        self._probing = False
        self.open_since: datetime | None = None
        """Since when the carrier has not answered; none while it does."""

    async def ask(self, asking: Callable[[Telephony], Awaitable[_T]]) -> _T:
        """Ask the carrier, or raise `CarrierBusy` at once while it is left alone."""
        probe = self._let_through()
        try:
            answer = await asking(self._telephony)
        except CarrierBusy as busy:
            self._note(well=not busy.down)
            raise
        except OutcomeUnknown:
            self._note(well=False)
            raise
        except CarrierRefused as refusal:
            self._note(well=not is_ours(refusal))
            raise
        finally:
            if probe:
                self._probing = False
        self._note(well=True)
        return answer

    def _let_through(self) -> bool:
        """Return whether this is the one request that sees how the carrier is; raise while nothing is let through."""
        if self._open_until is None:
            return False
        wait = (self._open_until - self._clock.now()).total_seconds()
        if wait > 0:
            raise CarrierBusy("the carrier did not answer a moment ago, and is left alone", max(wait, 0.1))
        if self._probing:
            raise CarrierBusy("the carrier is being tried again", _PROBE_AGAIN)
        self._probing = True
        return True

    def _note(self, *, well: bool) -> None:
        if well:
            self._failures, self._open_until, self.open_since = 0, None, None
            return
        self._failures += 1
        if self._failures >= self._most:
            now = self._clock.now()
            self._open_until = now + self._pause
            self.open_since = self.open_since or now

    # ------------------------------------------------------------------ the port

    async def send_text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Send a text, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.send_text(to, body, status_path))

    async def find_texts(self, to: str, since: datetime) -> Sequence[CarrierText]:
        """List texts, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.find_texts(to, since))

    async def find_calls(self, to: str, since: datetime) -> Sequence[CarrierCall]:
        """List calls, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.find_calls(to, since))

    async def text_state(self, message: CarrierId) -> CarrierProgress:
        """Say how far a text got, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.text_state(message))

    async def call_state(self, call: CarrierId) -> CarrierProgress:
        """Say how far a call got, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.call_state(call))

    async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Place a call, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.place_call(to, answer_path, status_path))

    async def ring_into_room(self, to: str, room: str, status_path: str) -> CarrierId:
        """Ring somebody into a room, unless the carrier is left alone."""
        return await self.ask(lambda carrier: carrier.ring_into_room(to, room, status_path))

    async def move_call(self, call: CarrierId, path: str) -> None:
        """Move a call, unless the carrier is left alone."""
        await self.ask(lambda carrier: carrier.move_call(call, path))

    async def end_call(self, call: CarrierId) -> None:
        """End a call, unless the carrier is left alone."""
        await self.ask(lambda carrier: carrier.end_call(call))

    def trouble(self) -> str:
        """Say that the carrier does not answer; nothing while it does."""
        if self.open_since is None:
            return ""
        return f"The carrier has not answered since {self.open_since:%H:%M:%S} UTC. Pages are tried again every second."
