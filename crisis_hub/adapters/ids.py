"""The only place that makes up names: rising with time, so that tables stay in order."""

from __future__ import annotations

import secrets
from itertools import count

from crisis_hub.application.ports import Clock


class RandomIds:
    """Ids of 48 bits of time and 80 bits of chance."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> str:
        """Return a new id."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return f"{milliseconds:012x}{secrets.token_hex(10)}"


class CountedIds:
    """Ids that are the same in every run, for tests and rehearsals."""

    def __init__(self) -> None:
        self._next = count(1)

    def new(self) -> str:
        """Return the next number, as an id."""
        return f"{next(self._next):032x}"
