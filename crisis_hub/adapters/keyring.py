"""The hub's own key, and what is computed with it.

One key of 32 bytes lies in a file that only its owner may read; a key for each purpose is derived from it
(HKDF), so that knowing one of them says nothing about the others.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crisis_hub.domain.vocabulary import ContactRef, PageId

_LENGTH = 32
_MAKE = "a new one is made with: (umask 077; openssl rand -base64 32 > FILE)"


class KeyFileError(Exception):
    """The key file cannot be used; the message is one sentence that names it and says what to do."""


class Keyring:
    """Everything that is derived from the hub's own key; implements the port `Secrets`."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != _LENGTH:
            raise ValueError(f"the hub's key must have {_LENGTH} bytes")
        self._master = master_key
        self._contacts = self.derive("contact refs")
        self._pages = self.derive("page tokens")
        self._tokens = self.derive("token hashes")
        self._words = self.derive("words")
        self._codes = self.derive("codes")

    @classmethod
    def from_file(cls, path: Path, *, make: bool = False) -> Keyring:
        """Read the key file; with `make`, write a new one first when there is none. Raises `KeyFileError`."""
        if make:
            _make(path)
        return cls(_read(path))

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes that belong to this purpose alone."""
        return HKDF(SHA256(), _LENGTH, salt=None, info=b"crisis_hub " + purpose.encode()).derive(self._master)

    def vault_key(self) -> bytes:
        """Return the key that wraps the keys of all streams."""
        return self.derive("vault")

    def contact_ref(self, number: str) -> ContactRef:
        """Return the keyed hash of a telephone number; spaces, brackets and dashes make no difference."""
        return ContactRef(_keyed(self._contacts, normal_number(number)))

    def page_token(self, page: PageId) -> str:
        """Return the secret word of a page's link: 22 characters, 132 bits, the same each time."""
        return _keyed(self._pages, page)[:22]

    def token_hash(self, token: str) -> str:
        """Return the hash under which a token may be stored."""
        return _keyed(self._tokens, token)

    def word(self, purpose: str) -> str:
        """Return a secret word for this purpose alone: 22 characters, 132 bits, the same each time."""
        return _keyed(self._words, purpose)[:22]

    def code(self, purpose: str) -> str:
        """Return six digits for this purpose alone, the same each time."""
        digest = hmac.digest(self._codes, purpose.encode("utf-8", "surrogatepass"), "sha256")
        return f"{int.from_bytes(digest, 'big') % 1_000_000:06d}"

    def new_token(self) -> str:
        """Return a secret of 192 bits that nobody can guess, as 32 characters."""
        return _base64url(os.urandom(24))


def normal_number(number: str) -> str:
    """Write a number as plus and digits; what has letters (`anonymous`, `sip:…`) in small letters."""
    text = number.strip()
    if any(sign.isalpha() for sign in text):
        return text.casefold()
    digits = "".join(sign for sign in text if sign.isdecimal())
    return f"+{digits}" if text.startswith("+") else digits


def _keyed(key: bytes, text: str) -> str:
    return _base64url(hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# --------------------------------------------------------------------------------------------- the key file


def _make(path: Path) -> None:
    """Write a new key unless there is one; of two processes starting at once one makes it and both use it.

    It is written whole under another name and then linked into place: nobody ever reads half a key.
    """
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(draft, base64.b64encode(os.urandom(_LENGTH)) + b"\n")
        _link(draft, path)
    except OSError as error:
        raise KeyFileError(
            f"the secret key file {path} cannot be made ({error.strerror}): let this user write its folder"
        ) from None


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a key that a power cut takes back would make everything sealed unreadable
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(1024)
    except FileNotFoundError:
        raise KeyFileError(f"the secret key file {path} is not there: put it back, or {_MAKE}") from None
    except OSError as error:
        raise KeyFileError(
            f"the secret key file {path} cannot be read ({error.strerror}): let this user read it"
        ) from None
    if mode & 0o077:
        raise KeyFileError(f"the secret key file {path} is open to others (mode {mode:04o}): run chmod 600 {path}")
    return _key(path, content)


def _key(path: Path, content: bytes) -> bytes:
    try:
        key = base64.b64decode(content.strip().replace(b"-", b"+").replace(b"_", b"/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _LENGTH:
        raise KeyFileError(
            f"the secret key file {path} does not hold {_LENGTH} bytes in base64: put the right one back; {_MAKE}"
        )
    return key
