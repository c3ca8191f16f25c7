"""The live picture, folded from facts: a snapshot, then numbered changes.

The board holds every open case without its private words. It is a read model like any other: folded from scratch it
must be the same, and a test says so after every story. Nobody writes to it; it reads what the ledger says, in the
ledger's order, and misses nothing, since a gap in the numbers makes it read.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.application.ports import Bus, Store
from crisis_hub.domain.case import Case, evolve
from crisis_hub.domain.events import (
    CaseFact,
    Fact,
    NotOfACase,
    Recorded,
    without_words,
)
from crisis_hub.domain.vocabulary import CaseState

_KEPT = 5000
"""Changes kept for those who come back after a short absence; who was away longer gets a new snapshot."""

_CLOSED_KEPT = 500
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, and the case as it was right after it (none, when the fact is about no case)."""

    recorded: Recorded
    case: Case | None

    @property
    def sequence(self) -> int:
        """Return the ledger's number of the fact."""
        return self.recorded.sequence


class Picture:
    """The cases at one sequence; a plain fold, the same on every process."""

    def __init__(self) -> None:
        self.sequence = 0
        self.sequences: dict[str, int] = {}
        self._open: dict[str, Case] = {}
        self._closed: OrderedDict[str, Case] = OrderedDict()

    def apply(self, recorded: Recorded) -> Change:
        """Apply the next fact; it must be the next in the ledger."""
        if recorded.sequence != self.sequence + 1:
            raise ValueError(f"fact {recorded.sequence} does not follow {self.sequence}")
        self.sequence = recorded.sequence
        return self.put(recorded)

    def put(self, recorded: Recorded) -> Change:
        """Fold one fact in, whatever its number."""
        fact = recorded.fact
        if isinstance(fact, NotOfACase):
            return Change(recorded, None)
        case = evolve(self.case(recorded.stream), without_words(fact), recorded.at)
        self.sequences[recorded.stream] = recorded.sequence
        self._keep(recorded.stream, case)
        return Change(recorded, case)

    def case(self, stream: str) -> Case | None:
        """Return a case that is open or was closed not long ago."""
        return self._open.get(stream) or self._closed.get(stream)

    def cases(self) -> list[Case]:
        """Return the open cases, the oldest first; whoever shows them puts them in order, which changes with time."""
        return sorted(self._open.values(), key=lambda case: (case.opened_at, case.id))

    def _keep(self, stream: str, case: Case) -> None:
        if case.state is not CaseState.CLOSED:
            self._open[stream] = case
            return
        self._open.pop(stream, None)
        self._closed[stream] = case
        if len(self._closed) > _CLOSED_KEPT:
            gone, _ = self._closed.popitem(last=False)
            self.sequences.pop(gone, None)


class Board:
    """Keeps a picture current and tells whoever watches."""

    def __init__(self, store: Store, bus: Bus) -> None:
        self._store = store
        self._bus = bus
        self._picture = Picture()
        self._recent: deque[Change] = deque(maxlen=_KEPT)
        self._watchers: list[Callable[[Change], None]] = []
        self._stop_listening: Callable[[], None] | None = None
        self._one_reader = asyncio.Lock()
        self._behind = False

    async def load(self) -> None:
        """Fold everything that is open, then follow the ledger; must be called before anything else."""
        head = await self._store.head()
        for stream in await self._store.open_streams():
            for recorded in await self._store.read(stream):
                if recorded.sequence <= head:
                    self._picture.put(recorded)
        self._picture.sequence = head
        await self.catch_up()
        self._stop_listening = self._bus.listen(self._heard)

    def close(self) -> None:
        """Stop following."""
        if self._stop_listening:
            self._stop_listening()

    @property
    def sequence(self) -> int:
        """Return the number of the last fact in the picture."""
        return self._picture.sequence

    @property
    def behind(self) -> bool:
        """Say whether a bell told of facts that the picture does not hold yet."""
        return self._behind

    def cases(self) -> list[Case]:
        """Return the open cases, the oldest first; whoever shows them puts them in order, which changes with time."""
        return self._picture.cases()

    def case(self, stream: str) -> Case | None:
        """Return a case as the board has it."""
        return self._picture.case(stream)

    def sequence_of(self, stream: str) -> int:
        """Return the number of the last fact about a case."""
        return self._picture.sequences.get(stream, 0)

    def watch(self, watcher: Callable[[Change], None]) -> Callable[[], None]:
        """Call `watcher` at each change from now on; returns how to stop."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def changes_after(self, sequence: int) -> Sequence[Change] | None:
        """Return what came after `sequence`, or nothing when that is too long ago to continue."""
        if sequence > self.sequence:
            return None
        if sequence == self.sequence:
            return ()
        if not self._recent or self._recent[0].sequence > sequence + 1:
            return None
        return [change for change in self._recent if change.sequence > sequence]

    def back_to(self, at: datetime) -> Sequence[Recorded] | None:
        """Return the facts since an instant, the oldest first; nothing when that is longer ago than what is kept."""
        kept = [change.recorded for change in reversed(self._recent)]
        if not kept or (kept[-1].at >= at and kept[-1].sequence > 1):
            return None
        return [one for one in reversed(kept) if one.at >= at]

    async def catch_up(self) -> None:
        """Read what the ledger has beyond the picture; the night watch does this every second."""
        async with self._one_reader:  # two at once would fold the same strangers in twice
            while True:
                recorded = await self._store.since(self._picture.sequence, _AT_ONCE)
                await self._fetch_strangers(recorded)
                self._apply(recorded)
                if len(recorded) < _AT_ONCE:
                    self._behind = False
                    return

    async def _fetch_strangers(self, recorded: Iterable[Recorded]) -> None:
        """Fold cases that were let go (closed long ago) and of which something is told again."""
        known: set[str] = set()
        for one in recorded:
            new = one.stream not in known and not _about_no_case(one.fact)
            known.add(one.stream)
            if new and one.version > 1 and self._picture.case(one.stream) is None:
                for earlier in await self._store.read(one.stream):
                    if earlier.version < one.version:
                        self._picture.put(earlier)

    def _heard(self, recorded: Sequence[Recorded]) -> None:
        """Take in what this process wrote at once; anything else waits for `catch_up`."""
        if recorded and recorded[0].sequence == self.sequence + 1 and self._knows(recorded[0]):
            self._apply(recorded)
        elif not recorded or recorded[-1].sequence > self.sequence:
            self._behind = True

    def _knows(self, first: Recorded) -> bool:
        return first.version == 1 or _about_no_case(first.fact) or self._picture.case(first.stream) is not None

    def _apply(self, recorded: Iterable[Recorded]) -> None:
        for one in recorded:
            if one.sequence <= self._picture.sequence:
                continue
            change = self._picture.apply(one)
            self._recent.append(change)
            for watcher in self._watchers:
                watcher(change)


def fold_from_scratch(facts: Iterable[Recorded]) -> Picture:
    """Return the picture that all these facts add up to."""
    picture = Picture()
    for recorded in facts:
        picture.apply(recorded)
    return picture


def _about_no_case(fact: Fact | CaseFact) -> bool:
    return isinstance(fact, NotOfACase)
