"""Reads what the hub answers, and says what is wrong with it in Twilio's codes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from crisis_hub.adapters.telephony.simulator.webhooks import Document

NOT_XML = 12100
NOT_TWIML = 12200
WRONG_CONTENT = 12300

_LONGEST = 64 * 1024
_LONGEST_SAY = 4096


class BadTwiml(Exception):
    """The carrier cannot follow this document."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that the hub's answer asks for."""

    body: str
    to: str = ""
    callback_url: str = ""


def read(document: Document) -> list[ET.Element]:
    """Return the verbs of a voice document, in order."""
    text = document.text.strip()
    if not text:
        return []
    kind = document.content_type.partition(";")[0].strip().lower()
    if kind not in {"text/xml", "application/xml", "text/html"}:
        raise BadTwiml(WRONG_CONTENT, f"content type {kind or 'missing'}")
    if len(text) > _LONGEST:
        raise BadTwiml(NOT_XML, "the document is longer than 64 kB")
    try:
        root = ET.fromstring(text.encode())  # noqa: S314 - our own hub wrote it
    except (ET.ParseError, UnicodeError) as error:
        raise BadTwiml(NOT_XML, str(error)) from error
    if root.tag != "Response":
        raise BadTwiml(NOT_TWIML, f"the root is {root.tag}, not Response")
    if any(len(say.text or "") > _LONGEST_SAY for say in root.iter("Say")):
        raise BadTwiml(NOT_TWIML, "a Say is longer than 4,096 characters")
    return list(root)


def read_replies(document: Document) -> list[Reply]:
    """Return the texts that an answer to a text asks for; plain text is a reply by itself."""
    if document.content_type.startswith("text/plain"):
        return [Reply(document.text.strip())] if document.text.strip() else []
    return [_reply(verb) for verb in read(document) if verb.tag in {"Message", "Sms"}]


def truth(verb: ET.Element, name: str, default: bool) -> bool:
    """Read an attribute that is true or false."""
    value = verb.get(name)
    return default if value is None else value.lower() == "true"


def whole(verb: ET.Element, name: str, default: int) -> int:
    """Read an attribute that is a whole number."""
    try:
        return int(verb.get(name) or default)
    except ValueError as error:
        raise BadTwiml(NOT_TWIML, f"{name} of {verb.tag} is no number") from error


def _reply(verb: ET.Element) -> Reply:
    body = verb.find("Body")
    words = (body.text if body is not None else verb.text) or ""
    return Reply(words.strip(), verb.get("to") or "", verb.get("statusCallback") or verb.get("action") or "")
