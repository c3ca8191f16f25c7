"""Those in this process who want to hear the bell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

from crisis_hub.domain.events import Recorded

Heard: TypeAlias = Callable[[Sequence[Recorded]], None]

_log = logging.getLogger(__name__)


class Listeners:
    """A list of ears; one that breaks does not keep the others from hearing."""

    def __init__(self) -> None:
        self._ears: dict[object, Heard] = {}

    def add(self, heard: Heard) -> Callable[[], None]:
        """Call `heard` from now on, until what is returned is called."""
        ticket = object()  # the same function may listen twice
        self._ears[ticket] = heard

        def stop() -> None:
            self._ears.pop(ticket, None)

        return stop

    def tell(self, recorded: Sequence[Recorded]) -> None:
        """Let everybody hear, in the order in which they came."""
        for ear in tuple(self._ears.values()):
            try:
                ear(recorded)
            except Exception:  # noqa: BLE001 - logged; the others must hear all the same
                _log.exception("a listener broke; the next look into the ledger makes up for it")
