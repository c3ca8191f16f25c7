"""Two carriers, or two numbers at one: what the first surely did not take goes out by the second in the same breath.

What the first may have taken is not sent by the second here: whoever asked looks it up first and asks again, and by
then the first is left alone if it stays silent. A room is at the carrier where its caller is, so people are rung into
rooms by the first alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from crisis_hub.adapters.telephony.breaker import Guarded, is_ours
from crisis_hub.application.ports import (
    CarrierBusy,
    CarrierCall,
    CarrierProgress,
    CarrierRefused,
    CarrierText,
    OutcomeUnknown,
    Telephony,
)
from crisis_hub.domain.vocabulary import CarrierId

_NOT_FOUND = "20404"

_T = TypeVar("_T")
_Asking = Callable[[Telephony], Awaitable[_T]]


class TwoCarriers:
    """The telephony port over a first carrier and one that stands in."""

    def __init__(self, first: Guarded, second: Guarded) -> None:
        self._first = first
        self._second = second

    async def send_text(self, to: str, body: str, status_path: str) -> CarrierId:
        """Send a text by whichever takes it."""
        return await self._by_either(lambda carrier: carrier.send_text(to, body, status_path))

    async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
        """Place a call by whichever takes it."""
        return await self._by_either(lambda carrier: carrier.place_call(to, answer_path, status_path))

    async def find_texts(self, to: str, since: datetime) -> Sequence[CarrierText]:
        """List the texts of both, newest first; raises when either cannot say."""
        found = await asyncio.gather(self._first.find_texts(to, since), self._second.find_texts(to, since))
        return sorted((*found[0], *found[1]), key=lambda text: text.at, reverse=True)

    async def find_calls(self, to: str, since: datetime) -> Sequence[CarrierCall]:
        """List the calls of both, newest first; raises when either cannot say."""
        found = await asyncio.gather(self._first.find_calls(to, since), self._second.find_calls(to, since))
        return sorted((*found[0], *found[1]), key=lambda call: call.at, reverse=True)

    async def text_state(self, message: CarrierId) -> CarrierProgress:
        """Say how far a text got at whichever has it."""
        return await self._where_it_is(lambda carrier: carrier.text_state(message))

    async def call_state(self, call: CarrierId) -> CarrierProgress:
        """Say how far a call got at whichever has it."""
        return await self._where_it_is(lambda carrier: carrier.call_state(call))

    async def move_call(self, call: CarrierId, path: str) -> None:
        """Move a call at whichever has it."""
        await self._where_it_is(lambda carrier: carrier.move_call(call, path))

    async def end_call(self, call: CarrierId) -> None:
        """End a call at whichever has it."""
        await self._where_it_is(lambda carrier: carrier.end_call(call))

    async def ring_into_room(self, to: str, room: str, status_path: str) -> CarrierId:
        """Ring somebody into a room, by the carrier whose room it is."""
        return await self._first.ring_into_room(to, room, status_path)

    def trouble(self) -> str:
        """Say which carrier does not answer; nothing while both do."""
        first, second = self._first.open_since, self._second.open_since
        if first and second:
            return f"Neither carrier has answered since {max(first, second):%H:%M:%S} UTC. Page somebody by hand."
        if first:
            return f"The first carrier has not answered since {first:%H:%M:%S} UTC; pages go out by the second."
        if second:
            return f"The second carrier has not answered since {second:%H:%M:%S} UTC; pages go out by the first."
        return ""

    async def _by_either(self, asking: _Asking[_T]) -> _T:
        """Ask the first, and the second when the first surely did not take it for a reason of its own."""
        try:
            return await self._first.ask(asking)
        except CarrierBusy as busy:
            return await self._by_second(asking, busy)
        except CarrierRefused as refusal:
            if not is_ours(refusal):
                raise
            return await self._by_second(asking, refusal)

    async def _by_second(self, asking: _Asking[_T], trouble: CarrierBusy | CarrierRefused) -> _T:
        try:
            return await self._second.ask(asking)
        except CarrierBusy as busy:
            if isinstance(trouble, CarrierBusy) and trouble.retry_after < busy.retry_after:
                raise trouble from busy
            raise
        except CarrierRefused as refusal:
            if isinstance(trouble, CarrierBusy) and is_ours(refusal):
                raise trouble from refusal  # the first may take it in a moment; the second never will
            raise

    async def _where_it_is(self, asking: _Asking[_T]) -> _T:
        try:
            return await self._first.ask(asking)
        except (CarrierBusy, CarrierRefused, OutcomeUnknown) as trouble:
            if isinstance(trouble, CarrierRefused) and trouble.code != _NOT_FOUND and not is_ours(trouble):
                raise
            try:
                return await self._second.ask(asking)
            except CarrierRefused as refusal:
                if refusal.code == _NOT_FOUND:
                    raise trouble from refusal
                raise
