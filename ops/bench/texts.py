"""Signed texts, written out beforehand as the bytes of whole HTTP requests."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha1
from typing import NamedTuple
from urllib.parse import urlencode

from crisis_hub.adapters.telephony.simulator import AUTH_TOKEN, Account, Message
from crisis_hub.adapters.telephony.simulator.fields import text_fields
from ops.bench.scene import LINE, PUBLIC

PATH = "/twilio/text"
OPENING = 256
"""How many cases are opened before anything counts: a text into an open case belongs to one opened so long ago."""

_WORDS = (
    "Is anybody there? I do not know what to do any more.",
    "I could not sleep again and everything is too much tonight",
    "he left and I am alone in the flat, can somebody talk to me please",
    "I have not told anyone. I am scared of what I might do.",
    "thank you. It helps that you answer. I am still here, in the kitchen, and I think I can wait a little.",
)


class Text(NamedTuple):
    """One request, and whether it opens a case."""

    request: bytes
    opens: bool


def texts(first: int, count: int) -> Iterator[Text]:
    """Write texts: `OPENING` that open cases, then by turns one that opens a case and one into a case opened before.

    Each has an id of its own, and `first` sets the numbers apart from those of other batches.
    """
    opened = follow = 0
    for place in range(count):
        opens = place < OPENING or place % 2 == 0
        if opens:
            sender, opened = opened, opened + 1
        else:
            sender, follow = follow, follow + 1
        yield Text(request(first + place, f"+144{first + sender:09d}"), opens)


def request(number: int, sender: str, words: str = "") -> bytes:
    """Write one signed text."""
    now = datetime.now(UTC)
    words = words or _WORDS[number % len(_WORDS)]
    message = Message(f"SM{number:032x}", LINE, sender, words, "inbound", "received", now, now)
    fields = text_fields(Account(), message)
    body = urlencode(fields).encode()
    signed = PUBLIC + PATH + "".join(name + fields[name] for name in sorted(fields))
    signature = b64encode(hmac.digest(AUTH_TOKEN.encode(), signed.encode(), sha1)).decode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: hub.example.org\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {message.sid}\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
