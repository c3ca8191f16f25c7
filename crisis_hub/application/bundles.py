"""Several pages to one telephone in a short while become one text; what is imminent goes by itself and at once.

The first text always leaves at once. Those that follow on its heels wait a few seconds for each other. What waits is
remembered only here: should this process die, each page is still planned in the ledger and goes out by itself. What
goes along is taken in the ledger first, so that no other process sends it at the same moment.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.errands import LEASE_SECONDS
from crisis_hub.application.hub import Ends, Hub
from crisis_hub.application.ports import Claimed, Clock, Settled, Settlement, Store, StoreError
from crisis_hub.application.reaching import Try, try_of
from crisis_hub.domain.commands import MergeAttempt
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptId, AttemptState, CarrierId, Method, PageState, PersonId

WINDOW = timedelta(seconds=10)
"""How long a text waits at most for others that go to the same person, counted from when it was to leave."""
MOST = 8
"""How many pages one text tells of: each has a line and a link of its own."""
_CARRIED_BY_ANOTHER = timedelta(seconds=2)
_MOST_KNOWN = 10_000

_Place = tuple[PersonId, str]
"""A person and one of their ways."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A text that waits: its case, the effect by which it is to be sent, and how long it waits at most."""

    stream: str
    effect: str
    until: datetime


class Bundles:
    """Says of each text whether it goes now, waits, or goes along with another."""

    def __init__(self, hub: Hub, store: Store, clock: Clock, owner: str) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._owner = owner
        self._left: dict[_Place, datetime] = {}
        self._waiting: dict[_Place, dict[AttemptId, _Waiting]] = {}
        self._carried: dict[AttemptId, _Waiting] = {}
        self._going: OrderedDict[AttemptId, None] = OrderedDict()

    def carries(self, claimed: Claimed) -> bool:
        """Say whether what is to be sent goes along with another just now, which will give it back or settle it."""
        return any(one.effect == claimed.effect.key for one in self._carried.values())

    def waits_until(self, one: Try, claimed: Claimed) -> datetime | None:
        """Return until when a text waits for others to the same person; nothing when it goes now."""
        if not _may_be_merged(one):
            return None
        now, place, attempt, effect = self._clock.now(), _place(one), one.attempt.id, claimed.effect
        if attempt in self._going:  # it waited before, or it began; a carrier that is busy is trouble enough
            return None
        if attempt in self._carried:
            return now + _CARRIED_BY_ANOTHER
        waiting = self._waiting.setdefault(place, {})
        if attempt in waiting:
            if now < waiting[attempt].until:
                return waiting[attempt].until
            self._goes(attempt)
            return None
        left = self._left.get(place)
        # In another process it may have waited before: together no longer than in one.
        until = min(left, effect.not_before) + WINDOW if left else now
        if now >= until:
            self._left[place] = now
            self._goes(attempt)
            return None
        waiting[attempt] = _Waiting(one.case.id, effect.key, until)
        return until

    def _goes(self, attempt: AttemptId) -> None:
        self._going[attempt] = None
        if len(self._going) > _MOST_KNOWN:
            self._going.popitem(last=False)

    async def companions(self, one: Try) -> tuple[Try, ...]:
        """Return what goes along with this text: the others that wait to go there, and are still wanted."""
        if not _may_be_merged(one):
            return ()
        waiting = self._waiting.get(_place(one), {})
        waiting.pop(one.attempt.id, None)
        self._left[_place(one)] = self._clock.now()
        chosen = list(waiting.items())[: MOST - 1]
        for attempt, _ in chosen:
            del waiting[attempt]
        self._carried.update(chosen)
        found = []
        try:
            for attempt, asked in chosen:
                other = await self._taken(attempt, asked)
                if other is None:
                    del self._carried[attempt]
                else:
                    found.append(other)
        except BaseException:  # whatever broke, nobody carries them now, so each goes by itself
            for attempt, _ in chosen:
                self._carried.pop(attempt, None)
                self._goes(attempt)
            with suppress(StoreError):  # what cannot be given back comes back when its lease ends
                for _, asked in chosen:
                    await self._give_back(asked, unsent=True)
            raise
        return tuple(found)

    async def went_along(self, leader: Try, others: tuple[Try, ...], carrier_id: CarrierId) -> None:
        """Record that these went out in the text of another."""
        why = f"In one text with case {leader.case.number}."
        for one in others:
            command = MergeAttempt(one.attempt.id, leader.attempt.id, carrier_id, why)
            settled = Settled(self._carried[one.attempt.id].effect, self._owner, Settlement.HANDED_OVER)
            await self._hub.do(one.case.id, command, "paging", leader.attempt.id, Ends(settled=(settled,)))

    async def release(self, others: tuple[Try, ...], *, unsent: bool) -> None:
        """Let go of what went along, or did not: whatever is still wanted goes out by itself, and at once."""
        for one in others:
            carried = self._carried.pop(one.attempt.id)
            self._goes(one.attempt.id)
            await self._give_back(carried, unsent=unsent)

    async def _give_back(self, carried: _Waiting, *, unsent: bool) -> None:
        await self._store.retry(carried.effect, self._owner, self._clock.now(), unsent=unsent)

    async def _taken(self, attempt: AttemptId, asked: _Waiting) -> Try | None:
        """Return what can go along, taken in the ledger; nothing when it is no longer wanted, or is being sent."""
        other = await self._wanted(asked.stream, attempt)
        if other is None:
            return None
        ours = await self._store.take_effect(asked.effect, self._clock.now(), self._owner, LEASE_SECONDS)
        return other if ours else None

    async def _wanted(self, stream: str, attempt_id: AttemptId) -> Try | None:
        one = try_of(await self._hub.case(stream), attempt_id)
        if one is None or not one.escalation.wants_somebody:
            return None
        return one if one.page.state is PageState.OPEN and one.attempt.state is AttemptState.PLANNED else None


def _place(one: Try) -> _Place:
    """Return where a text goes: of somebody with two numbers, neither may be left out because of the other."""
    return one.page.person, one.attempt.way or str(one.attempt.reach)


def _may_be_merged(one: Try) -> bool:
    return one.attempt.method is Method.SMS and one.escalation.urgency is not Risk.IMMINENT
