"""APScheduler as a metronome: it calls the night watch every second, and remembers nothing.

Its own defaults would drop a beat that is late by a second, and pile up beats while one is slow; both are set
otherwise here. Deadlines are rows of the store: without the scheduler they would only be found later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Metronome:
    """Beats."""

    def __init__(self, beat: Callable[[], Awaitable[None]], seconds: float = 1.0) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_job(beat, "interval", seconds=seconds, id="night watch")

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop."""
        self._scheduler.shutdown(wait=False)
