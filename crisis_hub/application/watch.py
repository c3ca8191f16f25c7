"""The night watch: every second it looks for what is due, what was never done and what nobody was told.

It remembers nothing. Everything it acts on stands in the ledger's rows, so that a process that dies at any moment is
replaced by any other, and the loss of a bell or of the scheduler costs a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from crisis_hub.application.board import Board
from crisis_hub.application.errands import Errands
from crisis_hub.application.hub import Ends, Hub
from crisis_hub.application.plans import CONTACT_OVER, STEP_OVER
from crisis_hub.application.ports import Bus, Clock, Deadline, Store, StoreUnavailable
from crisis_hub.domain.commands import Climb, Command, MissTaker
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.vocabulary import EscalationId

log = logging.getLogger(__name__)

_LEASE_SECONDS = 5.0
_AT_ONCE = 200
_LONGEST_ROUND = timedelta(seconds=30)


class Watch:
    """The rounds of one process."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self, hub: Hub, store: Store, bus: Bus, clock: Clock, board: Board, errands: Errands, owner: str
    ) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._board = board
        self._errands = errands
        self._owner = owner
        self._rounds: list[Callable[[], Awaitable[None]]] = []
        self._catching_up: asyncio.Task[None] | None = None
        self._again = False
        self._stop_listening = bus.listen(self._heard)
        self._finished_at: datetime | None = None
        self.trouble = ""

    def whole(self) -> bool:
        """Say whether a whole round was gone not long ago: a process whose watch hangs is no watch."""
        return self._finished_at is not None and self._clock.now() - self._finished_at < _LONGEST_ROUND

    def also(self, round: Callable[[], Awaitable[None]]) -> None:
        """Do this on every round, too."""
        self._rounds.append(round)

    async def tick(self) -> None:
        """Go one round: act on what is due, look for work that was never done, catch the board up.

        Each part stands alone: what breaks in one of them must not keep a ladder from climbing.
        """
        self._errands.wake()
        self.trouble = ""
        for round in (self._deadlines, self._board.catch_up, *self._rounds):
            try:
                await round()
            except StoreUnavailable as problem:
                self.trouble = str(problem)
            except Exception:
                log.exception("a round of the watch failed")
        self._finished_at = self._clock.now()

    def idle(self) -> bool:
        """Say whether the board has caught up with every bell."""
        return self._catching_up is None

    def close(self) -> None:
        """Stop listening."""
        self._stop_listening()

    async def _deadlines(self) -> None:
        due = await self._store.claim_deadlines(self._clock.now(), self._owner, _LEASE_SECONDS, _AT_ONCE)
        for deadline in due:
            try:
                await self._act_on(deadline)
            except StoreUnavailable:
                raise
            except Exception:  # one that breaks must not keep the others waiting; it comes again when its lease is over
                log.exception("a deadline broke", extra={"deadline": deadline.key})

    async def _act_on(self, deadline: Deadline) -> None:
        """Do what is due now; if the case has moved on, the deadline says nothing and goes."""
        command = _due(deadline)
        if command is None:
            log.error("a deadline of an unknown kind", extra={"deadline": deadline.key})
            return
        try:
            await self._hub.do(deadline.stream, command, "watch", deadline.key, Ends(reached=(deadline.key,)))
        except NotFound:
            await self._store.drop_deadline(deadline.key)

    def _heard(self, recorded: Sequence[Recorded]) -> None:
        """At a bell whose facts did not fit, read the ledger at once instead of waiting for the next round.

        And once more a turn later, since the bell may reach us before it reaches the board.
        """
        self._catch_up_if_behind()
        asyncio.get_running_loop().call_soon(self._catch_up_if_behind)

    def _catch_up_if_behind(self) -> None:
        if not self._board.behind:
            return
        if self._catching_up is not None:
            self._again = True
            return
        self._catching_up = asyncio.create_task(self._catch_up(), name="catch-up")

    async def _catch_up(self) -> None:
        try:
            while True:
                self._again = False
                await self._board.catch_up()
                if not self._again:
                    return
        except StoreUnavailable as problem:
            self.trouble = str(problem)
        except Exception:
            log.exception("catching up failed; the next round tries again")
        finally:
            self._catching_up = None


def _due(deadline: Deadline) -> Command | None:
    """Return what a deadline asks for: the next step, or somebody anew when whoever took it is silent."""
    if deadline.kind == CONTACT_OVER:
        return MissTaker(EscalationId(deadline.subject))
    if deadline.kind != STEP_OVER:
        return None
    escalation, _, step = deadline.subject.rpartition("/")
    return Climb(EscalationId(escalation), int(step))
