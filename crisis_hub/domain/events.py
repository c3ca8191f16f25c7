"""Every fact that can become true, in the past tense.

A fact says only what happened; when, by whom and because of what stand on its envelope (`Recorded`). Fields made
with `private()` hold a person's own words or number: the store keeps them sealed under the case's own key, and
whoever reads facts without opening them sees `SEALED` instead.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from crisis_hub.domain.records import replace
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.triage import Says
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    CaseId,
    Channel,
    ContactId,
    ContactRef,
    DutyKind,
    EscalationId,
    MessageId,
    MessageState,
    Method,
    PageId,
    PersonId,
    Role,
    TakenBy,
)

SEALED = "(sealed)"
"""What stands in a private field that was not opened, or whose key was destroyed."""


def private() -> Any:  # noqa: ANN401 - as `field` itself, it stands where a value of any type will
    """Mark a field as words or numbers of a person, to be kept sealed."""
    return field(metadata={"private": True})


# ---------------------------------------------------------------------------------------------- contacts


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


# ------------------------------------------------------------------------------------------------- care


@dataclass(frozen=True, slots=True)
class CaseClaimed:
    """A responder has this case."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class CaseReleased:
    """The responder gave the case back to the queue."""

    person: PersonId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class AnswerRecorded:
    """An item was answered: `yes`, `no`, `unknown`, `refused`, a number or an option's code.

    An older answer is kept in history.
    """

    instrument: str
    version: str
    item: str
    answer: str
    by: PersonId
    words: str = private()


@dataclass(frozen=True, slots=True)
class Because:
    """One reason behind a level of risk: which rule or level, and its sentence."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class RiskRaised:
    """The risk is now this, computed or said by a person, and these are the reasons."""

    risk: Risk
    because: tuple[Because, ...]
    by: PersonId | None


@dataclass(frozen=True, slots=True)
class RiskLoweringProposed:
    """A person wants to lower the risk from imminent; a second person must agree."""

    risk: Risk
    by: PersonId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class RiskLowered:
    """A person lowered the risk, with a reason and, from imminent, with a second person."""

    risk: Risk
    by: PersonId
    second: PersonId | None
    reason: str = private()


@dataclass(frozen=True, slots=True)
class RiskUnsettled:
    """What had calmed no longer holds, and nobody judged it so: the risk is not assessed again."""


@dataclass(frozen=True, slots=True)
class Saw:
    """What one condition of a rule saw and how it judged: `yes`, `no`, `unknown` or `broken`."""

    path: str
    condition: str
    verdict: str
    values: str


@dataclass(frozen=True, slots=True)
class RuleFired:
    """A rule holds for this case; `saw` keeps what each of its conditions saw."""

    rule: str
    version: str
    because: str
    source: str
    saw: tuple[Saw, ...]


@dataclass(frozen=True, slots=True)
class RuleEased:
    """A rule that had fired no longer holds, so it may fire anew."""

    rule: str


@dataclass(frozen=True, slots=True)
class RuleBroke:
    """A rule could not be judged; `path` names the condition. A supervisor is called instead."""

    rule: str
    version: str
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class RulebookUsed:
    """From here on the case is judged with this version of the rulebook; `sign_off` is who answers for it."""

    version: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class DutyOpened:
    """A rule asks something of people: `kind` and `of` say what, `due_at` until when."""

    duty: str
    kind: DutyKind
    of: str
    rule: str
    why: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyMet:
    """Somebody did it; `words` say what was done. Without `by`, the answers themselves did it."""

    duty: str
    by: PersonId | None
    words: str = private()


@dataclass(frozen=True, slots=True)
class DutyDeclineProposed:
    """Somebody says that it shall not be done; a second person must agree."""

    duty: str
    by: PersonId
    words: str = private()


@dataclass(frozen=True, slots=True)
class DutyDeclined:
    """It shall not be done, for this reason; `second` agreed where a second person is needed."""

    duty: str
    by: PersonId
    second: PersonId | None
    words: str = private()


@dataclass(frozen=True, slots=True)
class RecordWritten:
    """One field of a record (a report, considerations) was filled in; what stood there before stays in history."""

    record: str
    field: str
    by: PersonId
    words: str = private()


@dataclass(frozen=True, slots=True)
class OutsideResultRecorded:
    """Somebody outside rated the person with an instrument that is not asked here; kept as they gave it."""

    result: str
    instrument: str
    by: PersonId
    value: str = private()
    rated_on: str = private()
    rated_by: str = private()
    document: str = private()
    words: str = private()


@dataclass(frozen=True, slots=True)
class SectionSkipped:
    """Somebody laid a part of the script aside: it is not put forward, and stays on the list of what is missing."""

    section: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class SectionTakenUp:
    """A part of the script that was laid aside is put forward again."""

    section: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Somebody wrote a note for colleagues."""

    note: str
    by: PersonId
    text: str = private()


@dataclass(frozen=True, slots=True)
class AssistAsked:
    """A member of staff wants a supervisor with them, now."""

    by: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case is over, with this outcome."""

    outcome: str
    by: PersonId
    reason: str = private()


# ------------------------------------------------------------------------------------------- escalation


@dataclass(frozen=True, slots=True)
class Target:
    """Who is tried on a step: `kind` is rota, role, person or everyone; `name` says which."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: who is paged, and how many seconds pass before the next."""

    targets: tuple[Target, ...]
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class EscalationStarted:
    """Somebody must know: a ladder began, and keeps the steps it began with."""

    escalation: EscalationId
    ladder: str
    urgency: Risk
    steps: tuple[Step, ...]
    why: str
    about: str = "risk"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The ladder stands on this step (the first is 1) until `due_at`."""

    escalation: EscalationId
    step: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """One try by one method: the person's `reach`-th way, so many seconds after they are paged."""

    attempt: AttemptId
    method: Method
    reach: int
    after_seconds: int


@dataclass(frozen=True, slots=True)
class PersonPaged:
    """One person is asked to take the case."""

    page: PageId
    escalation: EscalationId
    step: int
    person: PersonId
    name: str
    attempts: tuple[PlannedAttempt, ...]


@dataclass(frozen=True, slots=True)
class NobodyToPage:
    """A step found nobody whom it could page; the ladder climbs at once."""

    escalation: EscalationId
    step: int
    why: str


@dataclass(frozen=True, slots=True)
class AttemptProgressed:
    """An attempt got further, or failed; `detail` is the carrier's word or code."""

    attempt: AttemptId
    state: AttemptState
    carrier_id: CarrierId | None
    detail: str


@dataclass(frozen=True, slots=True)
class PageTaken:
    """The paged person said "I have it", by digit, button or reply."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    name: str
    means: TakenBy


@dataclass(frozen=True, slots=True)
class PagePassed:
    """The paged person passed it on; the ladder climbs at once."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    means: TakenBy


@dataclass(frozen=True, slots=True)
class EscalationExhausted:
    """Every step was taken and nobody took the page: the alarm stands at every desk until somebody does."""

    escalation: EscalationId


@dataclass(frozen=True, slots=True)
class EscalationStoodDown:
    """A person ended the ladder, with a reason."""

    escalation: EscalationId
    by: PersonId
    reason: str = private()


# ------------------------------------------------------------------------------------------------ staff


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a member of staff, tried so many seconds after a step pages them."""

    method: Method
    address: str
    after_seconds: int


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A member of staff is known, or is now known differently; the whole record, as of this fact."""

    person: PersonId
    name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    username: str
    reach: tuple[Reach, ...] = private()
    password_hash: str = private()


@dataclass(frozen=True, slots=True)
class PersonRemoved:
    """A member of staff no longer works here: cannot sign in, cannot be paged."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class RulebookLoaded:
    """A rulebook came into force."""

    version: str
    rules: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOffProposed:
    """A clinician answers for this version of the rulebook; a second person must agree."""

    version: str
    by: PersonId
    why: str


@dataclass(frozen=True, slots=True)
class RulebookSigned:
    """Two people answer for this version of the rulebook, for this reason."""

    version: str
    by: PersonId
    second: PersonId
    why: str


_Any = TypeVar("_Any", bound="Fact")


def without_words(fact: _Any) -> _Any:
    """Return the fact with every private field sealed, as whoever may not read it sees it."""
    hidden = _hidden(cast("Hashable", type(fact)))
    return replace(fact, **hidden) if hidden else fact


@cache
def _hidden(kind: Hashable) -> dict[str, Any]:
    """Return the private fields of a class of facts, and what stands in each while it is sealed."""
    return {
        f.name: () if f.name == "reach" else SEALED for f in fields(cast("type", kind)) if f.metadata.get("private")
    }


CaseFact = (
    CaseOpened
    | ContactArrived
    | ContactEnded
    | MessageReceived
    | WordsNoticed
    | MessageWritten
    | MessageProgressed
    | TextingStopped
    | TextingResumed
    | RoomRung
    | RoomJoined
    | RoomLeft
    | CaseClaimed
    | CaseReleased
    | AnswerRecorded
    | RiskRaised
    | RiskLoweringProposed
    | RiskLowered
    | RiskUnsettled
    | RuleFired
    | RuleEased
    | RuleBroke
    | RulebookUsed
    | DutyOpened
    | DutyMet
    | DutyDeclineProposed
    | DutyDeclined
    | RecordWritten
    | OutsideResultRecorded
    | SectionSkipped
    | SectionTakenUp
    | NoteWritten
    | AssistAsked
    | CaseClosed
    | EscalationStarted
    | StepTaken
    | PersonPaged
    | NobodyToPage
    | AttemptProgressed
    | PageTaken
    | PagePassed
    | EscalationExhausted
    | EscalationStoodDown
)
"""What can become true of a case."""

StaffFact = PersonRegistered | PersonRemoved
"""What can become true of the people who work here."""

RulesFact = RulebookLoaded | SignOffProposed | RulebookSigned
"""What can become true of the rulebook."""

NotOfACase = StaffFact | RulesFact
"""What can become true beside the cases."""

Fact = CaseFact | NotOfACase
"""Everything that can become true."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact on its envelope: where it stands in the ledger, when it became true, through whom and because of what."""

    sequence: int
    stream: str
    version: int
    at: datetime
    actor: str
    cause: str
    fact: Fact
