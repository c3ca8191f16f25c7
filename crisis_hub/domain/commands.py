"""Everything that can be asked of a case, in the imperative.

Ids and names come with the command, since the heart makes up nothing. Whoever asks stands in `by`; that this
person may ask was checked at the door.
"""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.events import Reach
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    CaseId,
    ContactId,
    ContactRef,
    EscalationId,
    MessageId,
    MessageState,
    PageId,
    PersonId,
    TakenBy,
)


@dataclass(frozen=True, slots=True)
class ReceiveText:
    """A text came from the carrier; opens the case when there is none. `reply` is what the line answers by itself."""

    case: CaseId
    number: str
    message: MessageId
    contact: ContactId
    carrier_id: CarrierId
    contact_ref: ContactRef
    address: str
    line: str
    text: str
    media: int
    language: str
    drill: bool
    reply: str
    recent: int = 0


@dataclass(frozen=True, slots=True)
class ReceiveCall:
    """A call came from the carrier; opens the case when there is none."""

    case: CaseId
    number: str
    contact: ContactId
    carrier_id: CarrierId
    contact_ref: ContactRef
    address: str
    line: str
    language: str
    drill: bool
    recent: int = 0


@dataclass(frozen=True, slots=True)
class EndContact:
    """The carrier said that a call is over."""

    contact: ContactId
    how: str


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """The carrier said how far a message of ours got."""

    message: MessageId
    state: MessageState
    carrier_id: CarrierId | None
    detail: str


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """Take this case."""

    by: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class ReleaseCase:
    """Give this case back to the queue."""

    by: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Write down what was said to one item."""

    by: PersonId
    instrument: str
    item: str
    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class WriteMessage:
    """Send words to the person."""

    by: PersonId
    message: MessageId
    text: str


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Keep a note for colleagues."""

    by: PersonId
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class SkipSection:
    """Lay a part of the script aside, or take it up again."""

    by: PersonId
    section: str
    skip: bool


@dataclass(frozen=True, slots=True)
class SetRisk:
    """Say how great the risk is, in a person's own judgement."""

    by: PersonId
    risk: Risk
    reason: str


@dataclass(frozen=True, slots=True)
class AskForAssist:
    """Call a supervisor to this case, now."""

    by: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class JoinRoom:
    """Ring this person's telephone and bring them into the room of the call."""

    by: PersonId


@dataclass(frozen=True, slots=True)
class NoteRoom:
    """The carrier said that a person joined the room (`here`), left it or could not be brought in."""

    contact: ContactId
    person: PersonId
    here: bool
    why: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """Start a ladder by hand, or move it on to that step when it runs; with a person, page them before its steps."""

    by: PersonId
    ladder: str
    reason: str
    step: int = 1
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class ClimbTo:
    """Move a running ladder on to a later step now; one past the last says that nobody is left."""

    by: PersonId
    escalation: EscalationId
    step: int


@dataclass(frozen=True, slots=True)
class BeHere:
    """Say that one is looking at the case: whoever took its page is in contact with it."""

    by: PersonId


@dataclass(frozen=True, slots=True)
class MissTaker:
    """The time is over in which whoever took this ladder had to be in contact with the case."""

    escalation: EscalationId


@dataclass(frozen=True, slots=True)
class StandDown:
    """End every running ladder of this case."""

    by: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class Climb:
    """The time of a step is over: take the next one, unless the ladder has moved on."""

    escalation: EscalationId
    step: int


@dataclass(frozen=True, slots=True)
class PersonToPage:
    """Somebody whom a step reaches, with the ways to reach them and the name of each."""

    person: PersonId
    name: str
    reach: tuple[Reach, ...]
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageThese:
    """Page these people for a step; with none of them, say why there is nobody."""

    escalation: EscalationId
    step: int
    people: tuple[PersonToPage, ...]
    nobody_because: str


@dataclass(frozen=True, slots=True)
class ProgressAttempt:
    """The carrier said how far an attempt got."""

    attempt: AttemptId
    state: AttemptState
    carrier_id: CarrierId | None
    detail: str


@dataclass(frozen=True, slots=True)
class TakePage:
    """The paged person says "I have it", in answer to this attempt if it is known."""

    page: PageId
    by: PersonId
    means: TakenBy
    attempt: AttemptId | None = None


@dataclass(frozen=True, slots=True)
class MergeAttempt:
    """Say that what a text had to tell went out in the text of another page to the same person, and why."""

    attempt: AttemptId
    into: AttemptId
    carrier_id: CarrierId
    why: str


@dataclass(frozen=True, slots=True)
class PassPage:
    """The paged person passes it to the next, now."""

    page: PageId
    by: PersonId
    means: TakenBy


@dataclass(frozen=True, slots=True)
class MeetDuty:
    """Say that what a rule asks for was done, and what was done."""

    by: PersonId
    duty: str
    words: str


@dataclass(frozen=True, slots=True)
class DeclineDuty:
    """Say that what a rule asks for shall not be done, and why."""

    by: PersonId
    duty: str
    words: str


@dataclass(frozen=True, slots=True)
class WriteRecord:
    """Fill in one field of a record."""

    by: PersonId
    record: str
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class RecordOutsideResult:
    """Keep what somebody outside found with an instrument that is not asked here."""

    by: PersonId
    result: str
    instrument: str
    value: str
    rated_by: str
    rated_on: str
    document: str
    words: str


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Close the case with an outcome."""

    by: PersonId
    outcome: str
    reason: str


Command = (
    ReceiveText
    | ReceiveCall
    | EndContact
    | ProgressMessage
    | ClaimCase
    | ReleaseCase
    | RecordAnswer
    | WriteMessage
    | WriteNote
    | SkipSection
    | SetRisk
    | AskForAssist
    | JoinRoom
    | NoteRoom
    | Escalate
    | StandDown
    | Climb
    | PageThese
    | ProgressAttempt
    | TakePage
    | PassPage
    | ClimbTo
    | BeHere
    | MissTaker
    | MergeAttempt
    | MeetDuty
    | DeclineDuty
    | WriteRecord
    | RecordOutsideResult
    | CloseCase
)
"""Everything that can be asked of a case."""
