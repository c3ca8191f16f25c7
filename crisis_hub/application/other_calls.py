"""Whether a call that the carrier lists may be another than the one that is looked for.

The carrier does not say what a call was about. But whatever makes us call somebody is written down before it is done:
a page, a colleague rung into a room, a code, a test page. Where nothing of that kind was written down for a telephone,
a call to it can only be the one. Whenever that is not certain, it may be another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from crisis_hub.application.board import Board
from crisis_hub.application.ports import Clock, Store
from crisis_hub.application.staff import Directory
from crisis_hub.domain import events as e
from crisis_hub.domain.escalation_state import Attempt, Escalation, Page
from crisis_hub.domain.vocabulary import AttemptState, Method, PersonId

_LATE = timedelta(seconds=60)
"""How long after it was written down somebody may be called by what is no page: it is tried a few times."""

_LOOKED_THROUGH = 1000
_WAITING = (AttemptState.PLANNED, AttemptState.UNKNOWN)


class OtherCalls:
    """Looks through what may have made us call a telephone."""

    def __init__(self, store: Store, board: Board, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._board = board
        self._directory = directory
        self._clock = clock

    async def may_be_one(self, page: Page, attempt: Attempt, to: str, since: datetime) -> bool:
        """Say whether a call to `to` since then may be another than this attempt.

        Must be asked after the carrier was: then whatever led to a call on its list stands in the ledger by now.
        """
        await self._board.catch_up()
        await self._directory.load()
        theirs = self._people_at(to) | {page.person}
        if any(self._page_waits(one, attempt, theirs) for case in self._board.cases() for one in case.escalations):
            return True
        facts = await self._since(since - _LATE)
        return facts is None or any(
            _may_call(one.fact, page, theirs, attempt.id) and (one.at >= since or not _of_a_page(one.fact))
            for one in facts
        )

    def _people_at(self, to: str) -> set[PersonId]:
        everybody = self._directory.everybody()
        return {one.id for one in everybody if any(way.address == to for way in one.ways.all)}

    def _page_waits(self, ladder: Escalation, attempt: Attempt, people: Collection[PersonId]) -> bool:
        """Say whether another call of a page is due and nobody knows what came of it: a worker may have died."""
        now = self._clock.now()
        return any(
            a.id != attempt.id
            and a.method is Method.VOICE
            and a.state in _WAITING
            and page.at + timedelta(seconds=a.after_seconds) <= now
            for page in ladder.pages
            if page.person in people
            for a in page.attempts
        )

    async def _since(self, at: datetime) -> Sequence[e.Recorded] | None:
        """Return every fact since an instant; nothing when there are too many to look through."""
        known = self._board.back_to(at)
        if known is not None:
            return known
        first = max(0, self._board.sequence - _LOOKED_THROUGH)
        read = await self._store.since(first, 2 * _LOOKED_THROUGH)
        whole = first == 0 or (bool(read) and read[0].at < at)
        return [one for one in read if one.at >= at] if whole else None


def _of_a_page(fact: e.Fact) -> bool:
    return isinstance(fact, e.PersonPaged | e.AttemptProgressed | e.AttemptRepeated)


def _may_call(fact: e.Fact, page: Page, people: Collection[PersonId], attempt: str) -> bool:
    """Say whether a fact may have had one of these people called, by anything else than this attempt."""
    match fact:
        case e.RoomRung(_, person):
            return person in people
        case e.WayCodeSent(person=person, method=method) | e.TestPageSent(person=person, method=method):
            return person in people and method is Method.VOICE
        case e.PersonPaged(page=other, person=person, attempts=attempts):
            by_call = any(one.method is Method.VOICE and one.after_seconds == 0 for one in attempts)
            return other != page.id and person in people and by_call
        case e.AttemptProgressed(attempt=other):
            own = next((one for one in page.attempts if one.id == other), None)
            if own is not None:
                return own.method is Method.VOICE and other != attempt
            return any(other.rpartition("-")[0].endswith(f"-{person}") for person in people)
        case e.AttemptRepeated(attempt=other):
            return other != attempt and any(f"-{person}-" in other for person in people)
    return False
