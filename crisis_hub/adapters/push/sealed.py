"""What goes to one browser is sealed for it alone (RFC 8291), and says who sends it (VAPID, RFC 8292).

The push service in between carries bytes that it cannot read. The key that signs is derived from the hub's own, so that
a browser's permission outlives every restart, and there is no second key to lose.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT, _AUTH, _SALT = 65, 16, 16
_RECORD = 4096
LONGEST_MESSAGE = _RECORD - _POINT - _SALT - 5 - 17
"""What fits into the one record that every push service takes: with its head and its seal."""


class BadSubscription(ValueError):
    """What a browser gave cannot be pushed to; the message says why, and names no address."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser listens, and what seals for it."""

    endpoint: str
    key: ec.EllipticCurvePublicKey
    auth: bytes


def read_subscription(written: str) -> Subscription:
    """Read what a browser's `PushSubscription.toJSON()` gave."""
    try:
        data = json.loads(written)
        endpoint, keys = data["endpoint"], data["keys"]
        point, auth = from_base64url(keys["p256dh"]), from_base64url(keys["auth"])
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as problem:
        raise BadSubscription("this is not what a browser gives for push") from problem
    if not isinstance(endpoint, str) or len(auth) != _AUTH:
        raise BadSubscription("this is not what a browser gives for push")
    return Subscription(endpoint, key, auth)


def sealed(message: bytes, to: Subscription, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Seal a message for one browser with a key pair and a salt that are used for nothing else."""
    if len(message) > LONGEST_MESSAGE:
        raise ValueError(f"a push holds {LONGEST_MESSAGE} bytes at most")
    mine, theirs = _point(own.public_key()), _point(to.key)
    shared = own.exchange(ec.ECDH(), to.key)
    secret = _derived(shared, to.auth, b"WebPush: info\0" + theirs + mine, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def sealed_afresh(message: bytes, to: Subscription) -> bytes:
    """Seal a message with a key pair and a salt made just now."""
    return sealed(message, to, ec.generate_private_key(_CURVE), os.urandom(_SALT))


class Sender:
    """Who sends, for push services: a key pair and an address at which a person answers."""

    def __init__(self, secret: bytes, contact: str) -> None:
        # A scalar of the curve from 32 bytes of the keyring; the few that are too large wrap around.
        self._key = ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, _CURVE)
        self._contact = contact
        self.public_key = base64url(_point(self._key.public_key()))
        """What a browser needs to subscribe: `applicationServerKey`."""

    def authorization(self, audience: str, expires_at: datetime) -> str:
        """Return the header that proves to the push service at `audience` who sends."""
        claims = {"aud": audience, "exp": int(expires_at.timestamp()), "sub": self._contact}
        signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={self.public_key}"


def base64url(data: bytes) -> str:
    """Write bytes as browsers do, without the padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read bytes with or without padding."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _json(data: Mapping[str, object]) -> str:
    return base64url(json.dumps(data, separators=(",", ":")).encode())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)
