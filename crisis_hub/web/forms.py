"""What the carrier's forms hold, made harmless: read once, cleaned once, never trusted to be there."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl

from starlette.requests import Request

from crisis_hub.domain.vocabulary import CarrierId

LONGEST_FORM = 64 * 1024
_MOST_FIELDS = 500
_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_PLAIN = "application/x-www-form-urlencoded"

Pairs = list[tuple[str, str]]


class Form:
    """A form that the carrier signed; of a field that stands there twice, the first counts."""

    def __init__(self, pairs: Pairs, signature: str) -> None:
        self._signature = signature
        self._fields: dict[str, str] = {}
        for name, value in pairs:
            self._fields.setdefault(name, value)

    def word(self, *names: str) -> str:
        """Return the first of these fields that says something, as it came."""
        return next((value for name in names if (value := self._fields.get(name))), "")

    def text(self, name: str, longest: int) -> str:
        """Return words that can be stored everywhere: no NUL, no half of a character, not endless."""
        return clean(self._fields.get(name, ""), longest)

    def number(self, name: str) -> int:
        """Return a small number; 0 for what is none."""
        value = self._fields.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0

    def sid(self, *names: str) -> CarrierId | None:
        """Return the carrier's own id of this call or message, if one of these fields holds any."""
        return next((CarrierId(x) for name in names if _SID.fullmatch(x := self._fields.get(name, ""))), None)

    def sid_or_made(self, *names: str) -> CarrierId:
        """Return the carrier's id, or one made of the signature, so that nothing is lost, and nothing comes in twice.

        The signature is the same for every way to cut the same letters into names and values, so that a form cut
        anew by somebody who overheard it is the same form.
        """
        made = hashlib.sha256(self._signature.encode("utf-8", "replace")).hexdigest()[:32]
        return self.sid(*names) or CarrierId(f"XX{made}")


async def read_pairs(request: Request) -> Pairs | None:
    """Read the fields, blank ones too, since they are signed; nothing when it is too long or no form."""
    kind = request.headers.get("content-type")
    if kind is not None and kind.partition(";")[0].strip().lower() != _PLAIN:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    text = body.decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None


def clean(value: str, longest: int) -> str:
    """Make words storable everywhere."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:longest]
