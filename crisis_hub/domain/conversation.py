"""The life of one call or text thread: who reached us how, what was written, and how far each message got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import CarrierId, Channel, ContactId, MessageId, MessageState, PersonId

PERSON = "person"
"""The author of what the person in need wrote."""

LINE = "line"
"""The author of what the line says by itself."""

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Words after which the carrier lets none of our texts through; in a crisis they may also mean what they say."""

START_WORDS = frozenset({"start", "unstop", "yes"})
"""Words that lift it again. "yes" counts only while texting is stopped."""

_MESSAGE_RANK = {
    MessageState.RECEIVED: 0,
    MessageState.PLANNED: 0,
    MessageState.UNKNOWN: 1,
    MessageState.SENT: 2,
    MessageState.FAILED: 3,
    MessageState.DELIVERED: 4,
}
"""No two words of the carrier stand alike, so that their order of arrival never decides which one counts."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One call or one text thread."""

    id: ContactId
    channel: Channel
    carrier_id: CarrierId
    address: str
    line: str
    began_at: datetime
    ended_at: datetime | None = None
    how_ended: str | None = None
    answered: bool = False
    """Somebody of ours was in the room with them."""
    abruptly: bool = False
    """The person left before we did."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, and how far it got in words that were acknowledged."""

    id: MessageId
    contact: ContactId
    author: str
    text: str
    state: MessageState
    at: datetime
    carrier_id: CarrierId | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that was said and written in a case, oldest first."""

    contacts: tuple[Contact, ...] = ()
    messages: tuple[Message, ...] = ()
    seen: frozenset[CarrierId] = frozenset()
    texting_stopped: bool = False
    rung: frozenset[PersonId] = frozenset()
    in_room: frozenset[PersonId] = frozenset()

    def contact(self, id: ContactId) -> Contact | None:
        """Return the contact of that id."""
        return next((contact for contact in self.contacts if contact.id == id), None)

    def message(self, id: MessageId) -> Message | None:
        """Return the message of that id."""
        return next((message for message in reversed(self.messages) if message.id == id), None)

    def running_call(self) -> Contact | None:
        """Return the call that is still on the line."""
        return next((c for c in reversed(self.contacts) if c.channel is Channel.VOICE and c.ended_at is None), None)

    def thread(self) -> Contact | None:
        """Return the newest text thread."""
        return next((c for c in reversed(self.contacts) if c.channel is Channel.TEXT), None)

    def arrived(self, contact: Contact) -> Conversation:
        """A call began, or the first text of a thread came."""
        return replace(self, contacts=(*self.contacts, contact), seen=self.seen | {contact.carrier_id})

    def ended(self, id: ContactId, how: str, at: datetime, *, abruptly: bool = False) -> Conversation:
        """A call is over, and its room is empty; whoever is in the room of a newer call stays there."""
        newest = self.running_call()
        contacts = tuple(
            replace(c, ended_at=at, how_ended=how, abruptly=abruptly) if c.id == id else c for c in self.contacts
        )
        if newest is not None and newest.id != id:
            return replace(self, contacts=contacts)
        return replace(self, contacts=contacts, in_room=frozenset(), rung=frozenset())

    def joined(self, contact: ContactId, person: PersonId) -> Conversation:
        """Somebody of ours is in the room of a call."""
        contacts = tuple(replace(c, answered=True) if c.id == contact else c for c in self.contacts)
        return replace(self, contacts=contacts, rung=self.rung - {person}, in_room=self.in_room | {person})

    def was_answered(self, contact: ContactId) -> bool:
        """Say whether anybody of ours ever was in the room of a call."""
        found = self.contact(contact)
        return found is not None and found.answered

    def wrote(self, message: Message) -> Conversation:
        """A message came or was written down."""
        seen = self.seen | {message.carrier_id} if message.carrier_id else self.seen
        return replace(self, messages=(*self.messages, message), seen=seen)

    def progressed(self, id: MessageId, state: MessageState, carrier_id: CarrierId | None, detail: str) -> Conversation:
        """A message of ours got further."""
        messages = tuple(
            replace(m, state=state, carrier_id=carrier_id or m.carrier_id, detail=detail) if m.id == id else m
            for m in self.messages
        )
        return replace(self, messages=messages)


def goes_forward(now: MessageState, then: MessageState) -> bool:
    """Say whether `then` is news after `now`: a late, doubled or reordered word never moves a message back."""
    return _MESSAGE_RANK[then] > _MESSAGE_RANK[now]


def is_stop_word(text: str) -> bool:
    """Say whether the carrier takes this text for a wish to get no more of ours."""
    return _bare(text) in STOP_WORDS


def is_start_word(text: str) -> bool:
    """Say whether the carrier takes this text for a wish to get ours again."""
    return _bare(text) in START_WORDS


def _bare(text: str) -> str:
    return text.strip().strip(".!").lower()
