"""Push's twin in memory: it remembers what it was asked to push, and refuses or falls silent when told to."""

from __future__ import annotations

import json
from typing import Any

from crisis_hub.application.ports import Ids, TelephonyError
from crisis_hub.domain.vocabulary import CarrierId


class MemoryPush:
    """The push port without any browser behind it."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.trouble: TelephonyError | None = None
        self.pushed: list[tuple[str, dict[str, Any]]] = []
        """Every message that was taken, with the subscription it went to."""

    async def push(self, subscription: str, message: str) -> CarrierId:
        """Remember a message, or fail as told."""
        if self.trouble is not None:
            raise self.trouble
        self.pushed.append((subscription, json.loads(message)))
        return CarrierId(f"push-{self._ids.new()}")
