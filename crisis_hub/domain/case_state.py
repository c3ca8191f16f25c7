"""The state of a case: what its facts add up to, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crisis_hub.domain import events as e
from crisis_hub.domain.conversation import Conversation
from crisis_hub.domain.duties import Duties
from crisis_hub.domain.errors import TooLate
from crisis_hub.domain.escalation_state import Escalation
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    CaseId,
    CaseState,
    Channel,
    ContactRef,
    EscalationId,
    PageId,
    PersonId,
)

_A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest answer to an item; `changed` counts the older ones, which stay in history."""

    answer: str
    words: str
    by: PersonId
    at: datetime
    version: str
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A note for colleagues."""

    id: str
    by: PersonId
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in one field of a record by now."""

    words: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class OutsideResult:
    """What somebody outside found with an instrument that is not asked here."""

    id: str
    instrument: str
    value: str
    rated_by: str
    rated_on: str
    document: str
    words: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Assist:
    """A supervisor is wanted here."""

    by: PersonId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One crisis of one person, from first contact until it is closed with an outcome."""

    id: CaseId
    number: str
    channel: Channel
    language: str
    contact_ref: ContactRef
    drill: bool
    opened_at: datetime
    state: CaseState = CaseState.WAITING
    waiting_since: datetime | None = None
    responder: PersonId | None = None
    responder_name: str | None = None
    claimed_at: datetime | None = None
    risk: Risk = Risk.NOT_ASSESSED
    risk_since: datetime | None = None
    risk_by: PersonId | None = None
    because: tuple[e.Because, ...] = ()
    lowering: e.RiskLoweringProposed | None = None
    conversation: Conversation = field(default_factory=Conversation)
    noticed: tuple[e.WordsNoticed, ...] = ()
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    fired: Mapping[str, str] = field(default_factory=dict)
    broken: frozenset[tuple[str, str]] = frozenset()
    escalations: tuple[Escalation, ...] = ()
    notes: tuple[Note, ...] = ()
    duties: Duties = ()
    records: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)
    outside: tuple[OutsideResult, ...] = ()
    skipped: frozenset[str] = frozenset()
    rulebook: str = ""
    sign_off: str = "none"
    recent: int = 0
    assist: Assist | None = None
    last_from_person_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    def escalation(self, id: EscalationId) -> Escalation | None:
        """Return the ladder of that id."""
        return next((escalation for escalation in self.escalations if escalation.id == id), None)

    def escalation_of_page(self, page: PageId) -> Escalation | None:
        """Return the ladder to which a page belongs."""
        return next((x for x in self.escalations if x.page(page)), None)

    def escalation_of_attempt(self, attempt: AttemptId) -> Escalation | None:
        """Return the ladder to which an attempt belongs."""
        return next((x for x in self.escalations if x.attempt(attempt)), None)

    def must_be_open(self) -> None:
        """Refuse what can no longer be asked of a closed case."""
        if self.state is CaseState.CLOSED:
            raise TooLate(f"Case {self.number} is closed.")

    @property
    def over(self) -> bool:
        """Say whether every contact has ended: nobody is there any more to be asked."""
        contacts = self.conversation.contacts
        return bool(contacts) and all(contact.ended_at for contact in contacts)

    @property
    def ended_abruptly(self) -> bool:
        """Say whether the person left last time before we did: hung up on somebody, or before anybody answered."""
        return self.over and self.conversation.contacts[-1].abruptly

    @property
    def contacts_within_a_day(self) -> int:
        """Return how often this number reached us in the 24 hours before its newest contact, that one included."""
        contacts = self.conversation.contacts
        newest = contacts[-1].began_at if contacts else self.opened_at
        return self.recent + sum(newest - contact.began_at <= _A_DAY for contact in contacts)

    def plain_answers(self, instrument: str) -> dict[str, str]:
        """Return the latest answers to an instrument, by item."""
        return {item: given.answer for item, given in self.answers.get(instrument, {}).items()}
