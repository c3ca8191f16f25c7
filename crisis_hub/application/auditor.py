"""Looks at the board with fresh eyes on every round and says what is late; nobody has to ask it."""

from __future__ import annotations

import logging

from crisis_hub.application.board import Board
from crisis_hub.application.ports import Clock
from crisis_hub.domain.audit import findings

log = logging.getLogger(__name__)

_MOST_SAID = 5


class Auditor:
    """Keeps what it found last, so that the board and `/ready` can say it."""

    def __init__(self, board: Board, clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self.found: tuple[str, ...] = ()

    async def look(self) -> None:
        """Look once; what is new is written to the log."""
        found = tuple(findings(self._board.cases(), self._clock.now()))
        for sentence in found:
            if sentence not in self.found:
                log.warning("late: %s", sentence)
        self.found = found

    def trouble(self) -> str:
        """Return what is late, in a few sentences, or nothing."""
        shown = " ".join(self.found[:_MOST_SAID])
        more = len(self.found) - _MOST_SAID
        return f"{shown} And {more} more." if more > 0 else shown
