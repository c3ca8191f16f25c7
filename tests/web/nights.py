"""A house that stays open over many examples of one property, on a loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tests.night import Night
from tests.web.kit import house

Answer = TypeVar("Answer")


class LongNight:
    """One night, asked many times."""

    def __init__(self, runner: asyncio.Runner, tonight: Night) -> None:
        self._runner = runner
        self.tonight = tonight

    def run(self, asking: Coroutine[None, None, Answer]) -> Answer:
        """Ask something and wait for the answer."""
        return self._runner.run(asking)


@contextmanager
def long_night() -> Iterator[LongNight]:
    """Open a house; at the end the laws must hold as after every night."""
    with asyncio.Runner() as runner:
        opened = house()
        tonight = runner.run(opened.__aenter__())
        try:
            yield LongNight(runner, tonight)
        except BaseException:
            runner.run(opened.__aexit__(None, None, None))
            raise
        runner.run(opened.__aexit__(None, None, None))
