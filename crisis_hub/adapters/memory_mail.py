"""E-mail's twin in memory."""

from __future__ import annotations

from typing import NamedTuple

from crisis_hub.application.ports import Ids, TelephonyError
from crisis_hub.domain.vocabulary import CarrierId


class Mailed(NamedTuple):
    """An e-mail that was handed over."""

    to: str
    subject: str
    body: str


class MemoryMail:
    """The mail port without any server behind it."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.trouble: TelephonyError | None = None
        self.mailed: list[Mailed] = []

    async def send_mail(self, to: str, subject: str, body: str) -> CarrierId:
        """Remember an e-mail, or fail as told."""
        if self.trouble is not None:
            raise self.trouble
        self.mailed.append(Mailed(to, subject, body))
        return CarrierId(f"<{self._ids.new()}@example.org>")
