"""Passwords as argon2id hashes, computed off the loop, so that a sign-in never holds up a call."""

from __future__ import annotations

import asyncio
import contextlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError


class Argon2Passwords:
    """Hashes with argon2id; the default costs are RFC 9106's low-memory choice."""

    def __init__(self, time_cost: int = 3, memory_kib: int = 65536) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib)
        self._nobody = ""

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hasher.hash(password)

    async def matches(self, stored: str, password: str) -> bool:
        """Say whether this is the password."""
        return await asyncio.to_thread(self._check, stored, password)

    def _check(self, stored: str, password: str) -> bool:
        if not stored:
            self._take_as_long(password)
            return False
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _take_as_long(self, password: str) -> None:
        """Let a wrong name take as long as a wrong password.

        The hash to check against is made when it is first needed, which takes as long as a check: made at the start,
        it was the greatest part of a restart, and a restart is when pages wait.
        """
        if not self._nobody:
            self._nobody = self._hasher.hash("nobody has this password")
            return
        with contextlib.suppress(VerifyMismatchError):
            self._hasher.verify(self._nobody, password)
