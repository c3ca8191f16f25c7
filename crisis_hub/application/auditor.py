"""Looks at the board with fresh eyes on every round and says what is late; nobody has to ask it.

It has a time of its own: a night with many cases must not hold up the round that lets ladders climb. What it did not
get to is looked at on the next round, and if it cannot keep up that is said as well.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from crisis_hub.application.board import Board
from crisis_hub.application.ports import Clock
from crisis_hub.domain.audit import findings
from crisis_hub.domain.case import Case

log = logging.getLogger(__name__)

BUDGET = timedelta(milliseconds=200)
"""How much of a round it may take; a round comes every second."""

LONGEST = timedelta(seconds=10)
"""How long it may take to have looked at every case once."""

_AT_ONCE = 20
_MOST_SAID = 5


class Auditor:
    """Keeps what it found last, so that the board and `/ready` can say it."""

    def __init__(self, board: Board, clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self._left: list[Case] = []
        self._so_far: list[str] = []
        self._began = clock.now()
        self._behind = False
        self.found: tuple[str, ...] = ()

    async def look(self) -> None:
        """Look for as long as the budget allows; what is new is written to the log once everything was looked at."""
        until = self._clock.now() + BUDGET
        if not self._left:
            self._begin()
        while self._left and self._clock.now() < until:
            now = self._clock.now()
            some, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
            # As they are by now: what was mended since the look began must not be said.
            self._so_far += findings((self._board.case(str(case.id)) or case for case in some), now)
            await self._clock.sleep(0)
        if not self._left:
            self._say(tuple(self._so_far), self._clock.now())
        elif self._clock.now() - self._began > LONGEST:
            self._behind = True

    def trouble(self) -> str:
        """Return what is late, in a few sentences, or nothing."""
        said = [*(["The audit of running pages cannot keep up with this night."] if self._behind else ()), *self.found]
        more = len(said) - _MOST_SAID
        return " ".join(said[:_MOST_SAID]) + (f" And {more} more." if more > 0 else "")

    def _begin(self) -> None:
        self._left, self._so_far, self._began = self._board.cases(), [], self._clock.now()

    def _say(self, found: tuple[str, ...], now: datetime) -> None:
        for sentence in found:
            if sentence not in self.found:
                log.warning("late: %s", sentence)
        self.found = found
        self._behind = now - self._began > LONGEST
