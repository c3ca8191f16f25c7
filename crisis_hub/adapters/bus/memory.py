"""The bell inside one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crisis_hub.adapters.bus.listeners import Heard, Listeners
from crisis_hub.domain.events import Recorded


class MemoryBus:
    """The port `Bus` where there is only one process."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    async def ring(self, recorded: Sequence[Recorded]) -> None:
        """Tell everybody in this process."""
        if recorded:
            self._listeners.tell(recorded)

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call `heard` at each ring; returns how to stop."""
        return self._listeners.add(heard)

    async def start(self) -> None:
        """Do nothing: there is nobody else."""

    async def close(self) -> None:
        """Do nothing: there is no connection."""

    def trouble(self) -> str:
        """Return an empty string: nothing can break."""
        return ""
