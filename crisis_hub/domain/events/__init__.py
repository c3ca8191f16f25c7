"""Every fact that can become true, in the past tense.

A fact says only what happened; when, by whom and because of what stand on its envelope (`Recorded`). Fields made
with `private()` hold a person's own words or number: the store keeps them sealed under the case's own key, and
whoever reads facts without opening them sees `SEALED` instead.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from crisis_hub.domain.events.canary import CanaryAnswered, CanaryFailed, CanaryReleased
from crisis_hub.domain.events.care import (
    AnswerRecorded,
    AssistAsked,
    Because,
    CaseClaimed,
    CaseClosed,
    CaseReleased,
    NoteWritten,
    OutsideResultRecorded,
    RiskLowered,
    RiskLoweringProposed,
    RiskRaised,
    RiskUnsettled,
    RulebookUsed,
    RuleBroke,
    RuleEased,
    RuleFired,
    Saw,
    SectionSkipped,
    SectionTakenUp,
)
from crisis_hub.domain.events.contacts import (
    CaseOpened,
    ContactArrived,
    ContactEnded,
    MessageProgressed,
    MessageReceived,
    MessageWritten,
    RoomJoined,
    RoomLeft,
    RoomRung,
    TextingResumed,
    TextingStopped,
    WordsNoticed,
)
from crisis_hub.domain.events.coverage import CoverageChanged, Lacking
from crisis_hub.domain.events.duties import DutyDeclined, DutyDeclineProposed, DutyMet, DutyOpened, RecordWritten
from crisis_hub.domain.events.ladders import (
    AttemptMerged,
    AttemptProgressed,
    AttemptRepeated,
    EscalationExhausted,
    EscalationStarted,
    EscalationStoodDown,
    NobodyToPage,
    PagePassed,
    PageTaken,
    PersonPaged,
    PlannedAttempt,
    Step,
    StepTaken,
    TakerSeen,
    TakerSilent,
    Target,
)
from crisis_hub.domain.events.rotas import (
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    LeaveEnded,
    LeaveTaken,
    OverrideEnded,
    OverrideMade,
    Stint,
)
from crisis_hub.domain.events.rulebooks import RulebookLoaded, RulebookSigned, SignOffProposed
from crisis_hub.domain.events.sealing import SEALED, private
from crisis_hub.domain.events.staff import (
    CalendarLinkRenewed,
    PersonRegistered,
    PersonRemoved,
    Reach,
    TestPageProgressed,
    TestPageSent,
    TestPageTaken,
    WayAdded,
    WayCodeSent,
    WayCodeWrong,
    WayOptedIn,
    WayOptedOut,
    WayProved,
    WayRemoved,
    WayVerified,
)
from crisis_hub.domain.records import replace

__all__ = [
    "SEALED",
    "AnswerRecorded",
    "AssistAsked",
    "AttemptMerged",
    "AttemptProgressed",
    "AttemptRepeated",
    "Because",
    "CalendarLinkRenewed",
    "CanaryAnswered",
    "CanaryFact",
    "CanaryFailed",
    "CanaryReleased",
    "CaseClaimed",
    "CaseClosed",
    "CaseFact",
    "CaseOpened",
    "CaseReleased",
    "ContactArrived",
    "ContactEnded",
    "CoverAsked",
    "CoverDeclined",
    "CoverLapsed",
    "CoverTaken",
    "CoverWithdrawn",
    "CoverageChanged",
    "DutyDeclineProposed",
    "DutyDeclined",
    "DutyMet",
    "DutyOpened",
    "EscalationExhausted",
    "EscalationStarted",
    "EscalationStoodDown",
    "Fact",
    "Lacking",
    "LeaveEnded",
    "LeaveTaken",
    "MessageProgressed",
    "MessageReceived",
    "MessageWritten",
    "NobodyToPage",
    "NotOfACase",
    "NoteWritten",
    "OutsideResultRecorded",
    "OverrideEnded",
    "OverrideMade",
    "PagePassed",
    "PageTaken",
    "PersonPaged",
    "PersonRegistered",
    "PersonRemoved",
    "PlannedAttempt",
    "Reach",
    "RecordWritten",
    "Recorded",
    "RiskLowered",
    "RiskLoweringProposed",
    "RiskRaised",
    "RiskUnsettled",
    "RoomJoined",
    "RoomLeft",
    "RoomRung",
    "RotaFact",
    "RuleBroke",
    "RuleEased",
    "RuleFired",
    "RulebookLoaded",
    "RulebookSigned",
    "RulebookUsed",
    "RulesFact",
    "Saw",
    "SectionSkipped",
    "SectionTakenUp",
    "SignOffProposed",
    "StaffFact",
    "Step",
    "StepTaken",
    "Stint",
    "TakerSeen",
    "TakerSilent",
    "Target",
    "TestPageProgressed",
    "TestPageSent",
    "TestPageTaken",
    "TextingResumed",
    "TextingStopped",
    "WayAdded",
    "WayCodeSent",
    "WayCodeWrong",
    "WayOptedIn",
    "WayOptedOut",
    "WayProved",
    "WayRemoved",
    "WayVerified",
    "WordsNoticed",
    "private",
    "without_words",
]

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
    | AttemptRepeated
    | AttemptMerged
    | PageTaken
    | PagePassed
    | EscalationExhausted
    | EscalationStoodDown
    | TakerSeen
    | TakerSilent
)
"""What can become true of a case."""

StaffFact = (
    PersonRegistered
    | PersonRemoved
    | WayAdded
    | WayCodeSent
    | WayCodeWrong
    | WayVerified
    | WayRemoved
    | WayProved
    | WayOptedOut
    | WayOptedIn
    | TestPageSent
    | TestPageProgressed
    | TestPageTaken
    | CalendarLinkRenewed
)
"""What can become true of the people who work here."""

RulesFact = RulebookLoaded | SignOffProposed | RulebookSigned
"""What can become true of the rulebook."""

RotaFact = (
    CoverAsked
    | CoverDeclined
    | CoverLapsed
    | CoverTaken
    | CoverWithdrawn
    | LeaveEnded
    | LeaveTaken
    | OverrideEnded
    | OverrideMade
)
"""What can become true of the rotas beside their files; leave stands in the stream of the staff."""

CanaryFact = CanaryReleased | CanaryFailed | CanaryAnswered
"""What can become true of the test pages by which we watch ourselves."""

NotOfACase = StaffFact | RulesFact | RotaFact | CoverageChanged | CanaryFact
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
