"""Several pages to one telephone in a short while become one text; what is imminent goes by itself and at once.

The first text always leaves at once. Those that follow on its heels wait a few seconds for each other. What waits is
remembered only here: should this process die, each page is still planned in the ledger and goes out by itself.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from crisis_hub.application.hub import Hub
from crisis_hub.application.ports import Clock
from crisis_hub.application.reaching import Try
from crisis_hub.domain.commands import MergeAttempt
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptId, AttemptState, CarrierId, Method, PageState, PersonId

WINDOW = timedelta(seconds=10)
"""How long a text waits at most for others that go to the same person."""
MOST = 8
"""How many pages one text tells of: each has a line and a link of its own."""
_CARRIED_BY_ANOTHER = timedelta(seconds=2)
_MOST_KNOWN = 10_000

_Place = tuple[PersonId, str]
"""A person and one of their ways."""


class Bundles:
    """Says of each text whether it goes now, waits, or goes along with another."""

    def __init__(self, hub: Hub, clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._left: dict[_Place, datetime] = {}
        self._waiting: dict[_Place, dict[AttemptId, tuple[str, datetime]]] = {}
        self._carried: set[AttemptId] = set()
        self._going: OrderedDict[AttemptId, None] = OrderedDict()

    def waits_until(self, one: Try) -> datetime | None:
        """Return until when a text waits for others to the same person; nothing when it goes now."""
        if not _may_be_merged(one):
            return None
        now, place, attempt = self._clock.now(), _place(one), one.attempt.id
        if attempt in self._going:  # it waited before, or it began; a carrier that is busy is trouble enough
            return None
        if attempt in self._carried:
            return now + _CARRIED_BY_ANOTHER
        waiting = self._waiting.setdefault(place, {})
        if attempt in waiting:
            if now < waiting[attempt][1]:
                return waiting[attempt][1]
            self._goes(attempt)
            return None
        left = self._left.get(place)
        if left is None or now >= left + WINDOW:
            self._left[place] = now
            self._goes(attempt)
            return None
        waiting[attempt] = (one.case.id, left + WINDOW)
        return left + WINDOW

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
        self._carried.update(attempt for attempt, _ in chosen)
        found = []
        try:
            for attempt, (stream, _) in chosen:
                other = await self._wanted(stream, attempt)
                if other is None:
                    self._carried.discard(attempt)
                else:
                    found.append(other)
        except BaseException:  # whatever broke, nobody carries them now, so each goes by itself
            for attempt, _ in chosen:
                self._carried.discard(attempt)
                self._goes(attempt)
            raise
        return tuple(found)

    async def went_along(self, leader: Try, others: tuple[Try, ...], carrier_id: CarrierId) -> None:
        """Record that these went out in the text of another."""
        why = f"In one text with case {leader.case.number}."
        for one in others:
            command = MergeAttempt(one.attempt.id, leader.attempt.id, carrier_id, why)
            await self._hub.do(one.case.id, command, "paging", leader.attempt.id)

    def release(self, others: tuple[Try, ...]) -> None:
        """Let go of what went along, or did not: whatever is still planned goes out by itself, and at once."""
        for one in others:
            self._carried.discard(one.attempt.id)
            self._goes(one.attempt.id)

    async def _wanted(self, stream: str, attempt_id: AttemptId) -> Try | None:
        case = await self._hub.case(stream)
        escalation = case.escalation_of_attempt(attempt_id)
        page = escalation.page_of(attempt_id) if escalation else None
        attempt = escalation.attempt(attempt_id) if escalation else None
        if escalation is None or page is None or attempt is None or not escalation.wants_somebody:
            return None
        if page.state is not PageState.OPEN or attempt.state is not AttemptState.PLANNED:
            return None
        return Try(case, escalation, page, attempt)


def _place(one: Try) -> _Place:
    """Return where a text goes: of somebody with two numbers, neither may be left out because of the other."""
    return one.page.person, one.attempt.way or str(one.attempt.reach)


def _may_be_merged(one: Try) -> bool:
    return one.attempt.method is Method.SMS and one.escalation.urgency is not Risk.IMMINENT
