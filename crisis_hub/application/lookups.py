"""Asks the carrier what it never told us: whether a page went out whose outcome nobody learned, and how one ended.

A look-up only ever saves a second page or finds out sooner that a way failed. Whenever it cannot say for sure, the
page is sent again: a double page is harmless, and a lost one is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crisis_hub.application.board import Board
from crisis_hub.application.carrier_states import ATTEMPT_STATES
from crisis_hub.application.hub import Ends, Hub
from crisis_hub.application.other_calls import OtherCalls
from crisis_hub.application.ports import (
    CarrierProgress,
    CarrierRefused,
    Claimed,
    Clock,
    MarkTaken,
    Secrets,
    Settled,
    Settlement,
    StoreUnavailable,
    Telephony,
    TelephonyError,
)
from crisis_hub.domain.case import Case
from crisis_hub.domain.commands import ProgressAttempt
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.escalation_state import Attempt, Page
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, Method

log = logging.getLogger(__name__)

SENT_AGAIN = "sent again, since nobody knew whether the first went out"
"""What is said of a page that may have reached somebody twice."""

FOUND = "found at the carrier"
"""What is said of a page whose first sending turned out to have reached the carrier."""

SILENT_SECONDS = 60.0
"""How long the carrier may say nothing about what it took before it is asked."""

_AGAIN, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
_AT_ONCE = 20
_EARLIER = timedelta(seconds=2)
"""The carrier's clock may be a little behind ours, and knows whole seconds only."""

_NOT_FOUND = "20404"


class Earlier(StrEnum):
    """What is known of an earlier try to send the same."""

    NONE = "none"
    ARRIVED = "arrived"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Silent:
    """One try of which the carrier has said nothing final for too long."""

    stream: str
    attempt: Attempt
    carrier_id: CarrierId


class Lookups:
    """Looks up unknown outcomes and silent tries."""

    def __init__(  # noqa: PLR0917 - joined once, in wiring.py
        self,
        hub: Hub,
        board: Board,
        others: OtherCalls,
        telephony: Telephony,
        clock: Clock,
        secrets: Secrets,
        address: Callable[[Page, Attempt], str | None],
        owner: str,
    ) -> None:
        self._hub = hub
        self._board = board
        self._others = others
        self._telephony = telephony
        self._clock = clock
        self._secrets = secrets
        self._address = address
        self._owner = owner
        self._asked: dict[str, tuple[datetime, timedelta]] = {}
        self._under_way: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------------------------- unknown outcomes

    async def earlier(self, claimed: Claimed, case: Case, page: Page, attempt: Attempt) -> Earlier:
        """Say what became of an earlier try: one that reached the carrier is recorded so, and nothing need be sent.

        One of which nobody can say is on record as unknown, and the page must be sent again.
        """
        begun = _may_have_begun(claimed, page, attempt) or claimed.begun
        if attempt.state is not AttemptState.UNKNOWN and not begun:
            return Earlier.NONE
        try:
            found = await self._find(case, page, attempt)
        except TelephonyError:
            found = None
        if found is not None and await self._record(claimed, attempt, *found):
            return Earlier.ARRIVED
        if attempt.state is AttemptState.PLANNED:
            words = "begun by a worker that never said what came of it; sent again"
            await self._progress(claimed.effect.stream, attempt, AttemptState.UNKNOWN, None, words)
        return Earlier.UNKNOWN

    async def _find(self, case: Case, page: Page, attempt: Attempt) -> tuple[CarrierId, str] | None:
        """Return what the carrier holds of this try and how far it got, when there is no doubt that it is this one."""
        to = self._address(page, attempt)
        if to is None:
            return None
        since = page.at - _EARLIER
        if attempt.method is Method.SMS:
            # One text can tell of several pages, so it may be known as that of another page, but not of this one.
            token, tried = self._secrets.page_token(page.id), {a.carrier_id for a in page.attempts}
            texts = await self._telephony.find_texts(to, since)
            mine = (one for one in texts if token in one.body and one.carrier_id not in tried)
            return next(((one.carrier_id, one.state) for one in mine), None)
        if attempt.method is not Method.VOICE:
            return None
        if not _hastened(page, attempt):
            since = max(since, page.at + timedelta(seconds=attempt.after_seconds) - _EARLIER)
        calls = await self._telephony.find_calls(to, since)
        if not calls:
            return None
        known = self._known(case)
        found = next((one for one in calls if one.carrier_id not in known), None)
        if found is None or await self._others.may_be_one(page, attempt, to, since):
            return None
        return found.carrier_id, found.state

    def _known(self, case: Case) -> set[CarrierId]:
        """Return the carrier's ids of everything that is known to be another try."""
        return {a.carrier_id for one in (case, *self._board.cases()) for _, a in _tries(one) if a.carrier_id}

    async def _record(self, claimed: Claimed, attempt: Attempt, carrier_id: CarrierId, word: str) -> bool:
        """Write down that it went out the first time; no other try may claim the same message or call."""
        settled = Settled(claimed.effect.key, self._owner, Settlement.HANDED_OVER, FOUND)
        ends = Ends(settled=(settled,), marks=((_found_mark(attempt, carrier_id), attempt.id),))
        command = ProgressAttempt(attempt.id, AttemptState.SENT, carrier_id, FOUND)
        try:
            await self._hub.do(claimed.effect.stream, command, "carrier", claimed.effect.key, ends)
        except MarkTaken:
            return False
        state = ATTEMPT_STATES.get(word, AttemptState.SENT)
        if state is not AttemptState.SENT:
            await self._progress(claimed.effect.stream, attempt, state, carrier_id, word)
        return True

    # ---------------------------------------------------------------------------------- silent tries

    async def round(self) -> None:
        """Ask about what was handed over and of which nothing final was heard; the watch does not wait for it."""
        silent = list(self._silent())
        keep = {one.attempt.id for one in silent}
        self._asked = {id: asked for id, asked in self._asked.items() if id in keep}
        due = [one for one in silent if self._is_due(one)]
        if due and self._under_way is None:
            self._under_way = asyncio.create_task(self._ask_all(due[:_AT_ONCE]), name="lookups")

    async def close(self) -> None:
        """Let go of what is being asked."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    def _silent(self) -> Iterator[_Silent]:
        now = self._clock.now()
        for case in self._board.cases():
            wanted = {page.id for x in case.escalations if x.wants_somebody for page in x.open_pages()}
            for page, attempt in _tries(case):
                waits = attempt.state is AttemptState.SENT or (
                    attempt.method is Method.VOICE and attempt.state is AttemptState.DELIVERED
                )
                silent = (now - attempt.at).total_seconds() >= SILENT_SECONDS
                carried = attempt.method in (Method.SMS, Method.VOICE)
                if page.id in wanted and waits and silent and carried and attempt.carrier_id:
                    yield _Silent(str(case.id), attempt, attempt.carrier_id)

    def _is_due(self, one: _Silent) -> bool:
        asked = self._asked.get(one.attempt.id)
        return asked is None or self._clock.now() - asked[0] >= asked[1]

    async def _ask_all(self, due: list[_Silent]) -> None:
        try:
            await asyncio.gather(*(self._ask(one) for one in due))
        finally:
            self._under_way = None

    async def _ask(self, one: _Silent) -> None:
        before = self._asked.get(one.attempt.id)
        pause = min(before[1] * 2, _LONGEST_PAUSE) if before else _AGAIN
        self._asked[one.attempt.id] = self._clock.now(), pause
        asking = self._telephony.call_state if one.attempt.method is Method.VOICE else self._telephony.text_state
        try:
            progress = await _answer(asking(one.carrier_id))
            state = ATTEMPT_STATES.get(progress.state)
            if state is not None:
                words = " ".join(x for x in (progress.state, progress.code) if x)
                await self._progress(one.stream, one.attempt, state, one.carrier_id, words)
        except TelephonyError as trouble:
            log.info("a silent page could not be looked up: %s", trouble)
        except (Refused, StoreUnavailable) as trouble:
            log.warning("what was looked up could not be recorded: %s", trouble)

    async def _progress(
        self, stream: str, attempt: Attempt, state: AttemptState, carrier_id: CarrierId | None, words: str
    ) -> None:
        await self._hub.do(stream, ProgressAttempt(attempt.id, state, carrier_id, words), "carrier", carrier_id or "")


def _found_mark(attempt: Attempt, carrier_id: CarrierId) -> str:
    """Name what only one try can have been: a call is one try's, and a text one try's of each page it tells of."""
    page = attempt.id.rpartition("-")[0]
    return f"found:{carrier_id}" if attempt.method is Method.VOICE else f"found:{carrier_id}:{page}"


def _may_have_begun(claimed: Claimed, page: Page, attempt: Attempt) -> bool:
    """Say whether another errand for the same try may have begun it: one is planned more when another way failed.

    What runs after the first was due may find it begun. The first itself finds it still waiting only when the other,
    which was to run at once, came to nothing; whether that one had reached the carrier only the carrier knows.
    """
    if attempt.number > 1:
        return False
    due = page.at + timedelta(seconds=attempt.after_seconds)
    if claimed.effect.not_before > due:
        return True
    return claimed.effect.not_before == due and _hastened(page, attempt)


def _hastened(page: Page, attempt: Attempt) -> bool:
    """Say whether a way that was to be tried later may have been tried at once, because another had failed."""
    others = (a for a in page.attempts if a.id != attempt.id and a.number == 1)
    return attempt.after_seconds > 0 and any(a.state is AttemptState.FAILED or a.by_machine for a in others)


async def _answer(asking: Awaitable[CarrierProgress]) -> CarrierProgress:
    """Return what the carrier says; what it knows nothing of was lost on its side."""
    try:
        return await asking
    except CarrierRefused as refusal:
        if refusal.code != _NOT_FOUND:
            raise
        return CarrierProgress("failed", "not found at the carrier")


def _tries(case: Case) -> Iterator[tuple[Page, Attempt]]:
    return ((page, attempt) for x in case.escalations for page in x.pages for attempt in page.attempts)
