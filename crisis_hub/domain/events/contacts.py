"""People reach us, write, are answered and put through."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.triage import Says
from crisis_hub.domain.vocabulary import (
    CarrierId,
    CaseId,
    Channel,
    ContactId,
    ContactRef,
    MessageId,
    MessageState,
    PersonId,
)


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """Somebody reached us, and this is now a case."""

    case: CaseId
    number: str
    channel: Channel
    language: str
    contact_ref: ContactRef
    drill: bool
    recent: int = 0
    """How many other cases of the same number began in the 24 hours before."""


@dataclass(frozen=True, slots=True)
class ContactArrived:
    """A call began, or the first text of a thread came."""

    contact: ContactId
    channel: Channel
    carrier_id: CarrierId
    line: str
    address: str = private()


@dataclass(frozen=True, slots=True)
class ContactEnded:
    """A call is over; `how` is the carrier's word for it."""

    contact: ContactId
    how: str


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The person wrote."""

    message: MessageId
    contact: ContactId
    carrier_id: CarrierId
    media: int
    text: str = private()


@dataclass(frozen=True, slots=True)
class WordsNoticed:
    """Words of a message speak of danger, says this entry of the lexicon; it moves a waiting person forward only."""

    message: MessageId
    entry: str
    says: Says
    version: str


@dataclass(frozen=True, slots=True)
class MessageWritten:
    """Words for the person were written down, to be sent; `author` is a person's id, or "line" for the line itself."""

    message: MessageId
    contact: ContactId
    author: str
    text: str = private()


@dataclass(frozen=True, slots=True)
class MessageProgressed:
    """The carrier said how far a message of ours got."""

    message: MessageId
    state: MessageState
    carrier_id: CarrierId | None
    detail: str


@dataclass(frozen=True, slots=True)
class TextingStopped:
    """The person sent a word that makes the carrier refuse further texts from us."""

    contact: ContactId
    word: str


@dataclass(frozen=True, slots=True)
class TextingResumed:
    """The person sent the word that lets us write again."""

    contact: ContactId


@dataclass(frozen=True, slots=True)
class RoomRung:
    """A member of staff's own telephone is being rung, to join the call's room."""

    contact: ContactId
    person: PersonId


@dataclass(frozen=True, slots=True)
class RoomJoined:
    """A member of staff is in the room with the caller."""

    contact: ContactId
    person: PersonId


@dataclass(frozen=True, slots=True)
class RoomLeft:
    """A member of staff is no longer in the room, or could not be brought in; `why` says which."""

    contact: ContactId
    person: PersonId
    why: str
