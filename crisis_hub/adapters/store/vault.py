"""Private words under lock: AES-256-GCM, with a key for each stream, wrapped by the hub's own key.

A sealed text says which key closed it and is bound to its place (stream, version, type), so that it cannot be
opened anywhere else. A stream's wrapped key lies beside its facts and nowhere else: unwrapping takes 3 µs, so
no process keeps keys in memory, and a key that was destroyed is gone for every process at once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crisis_hub.application.ports import StoreUnavailable

_NAME = 8
_NONCE = 12
_KEY = 32


class WrongKey(StoreUnavailable):
    """The hub's own key is not the one under which this ledger was sealed."""


class BrokenSeal(Exception):
    """Sealed bytes were changed, or moved here from somewhere else."""


class Place(NamedTuple):
    """Where a sealed text belongs; it opens nowhere else."""

    stream: str
    version: int
    type: str


@dataclass(frozen=True, slots=True)
class StreamKey:
    """The key of one stream, ready for use; `wrapped` is the form in which it is stored."""

    name: bytes
    wrapped: bytes
    _cipher: AESGCM

    def seal(self, place: Place, words: bytes) -> bytes:
        """Close `words` so that they open only with this key and at this place."""
        nonce = os.urandom(_NONCE)
        return self.name + nonce + self._cipher.encrypt(nonce, words, orjson.dumps([*place]))

    def unseal(self, place: Place, sealed: bytes) -> bytes | None:
        """Open what was sealed here; None when it was by another key, now gone. Raises `BrokenSeal`."""
        if sealed[:_NAME] != self.name:
            return None
        nonce, closed = sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, closed, orjson.dumps([*place]))
        except (InvalidTag, ValueError):
            raise BrokenSeal(f"the seal of {place.type} {place.version} of {place.stream} does not hold") from None


class Vault:
    """Makes and unwraps the keys of streams."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != _KEY:
            raise ValueError("the master key must have 32 bytes")
        self._master = AESGCM(master_key)

    def new_key(self, stream: str) -> StreamKey:
        """Make a key that nobody has used, for this stream."""
        chance = os.urandom(_NAME + _NONCE + _KEY)
        name, nonce, key = chance[:_NAME], chance[_NAME:-_KEY], chance[-_KEY:]
        wrapped = name + nonce + self._master.encrypt(nonce, key, _wrapping(stream, name))
        return StreamKey(name, wrapped, AESGCM(key))

    def unwrap(self, stream: str, wrapped: bytes) -> StreamKey:
        """Return the key of this stream from its stored form. Raises `WrongKey`."""
        name, nonce, closed = wrapped[:_NAME], wrapped[_NAME : _NAME + _NONCE], wrapped[_NAME + _NONCE :]
        try:
            key = self._master.decrypt(nonce, closed, _wrapping(stream, name))
        except (InvalidTag, ValueError):
            raise WrongKey(
                f"the key of {stream} does not open: the secret key file is not the one under which "
                "this ledger was sealed; put the right file back"
            ) from None
        return StreamKey(name, wrapped, AESGCM(key))


def _wrapping(stream: str, name: bytes) -> bytes:
    """Bind a wrapped key to its stream and its name, so that neither can be exchanged."""
    return b"crisis_hub stream key\x00" + name + stream.encode()
