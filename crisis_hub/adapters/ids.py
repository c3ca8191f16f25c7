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


_WORDS = (
    "amber anchor apple badger basil beacon birch canoe cedar clover copper coral dahlia delta ember falcon fern "
    "ginger harbor hazel heron indigo island ivory juniper kettle lantern laurel lemon linden maple marble meadow "
    "mint nutmeg olive orchid otter pebble pepper pine plum poppy quartz raven river robin saffron sage sorrel "
    "sparrow spruce sunrise teal thyme tulip velvet violet walnut willow winter"
)


def spoken_password() -> str:
    """Return a password that can be read aloud: four words, for sign-ins that last for one rehearsal."""
    return "-".join(secrets.choice(_WORDS.split()) for _ in range(4))
