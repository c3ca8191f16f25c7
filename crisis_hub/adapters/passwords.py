"""Passwords as argon2id hashes, computed off the loop, so that a sign-in never holds up a call."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError


class Argon2Passwords:
    """Hashes with argon2id; the default costs are RFC 9106's low-memory choice."""

    def __init__(self, time_cost: int = 3, memory_kib: int = 65536) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib)
        # Checked when nobody has that name, so that a wrong name takes as long as a wrong password.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hasher.hash(password)

    async def matches(self, stored: str, password: str) -> bool:
        """Say whether this is the password."""
        return await asyncio.to_thread(self._check, stored or self._nobody, password) and bool(stored)

    def _check(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
