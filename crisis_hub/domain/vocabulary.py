"""The small words that every room shares."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", str)
PersonId = NewType("PersonId", str)
ContactId = NewType("ContactId", str)
MessageId = NewType("MessageId", str)
EscalationId = NewType("EscalationId", str)
PageId = NewType("PageId", str)
AttemptId = NewType("AttemptId", str)

ContactRef = NewType("ContactRef", str)
"""A keyed hash of a telephone number: equal numbers have equal refs, and nobody can go back from one."""

CarrierId = NewType("CarrierId", str)
"""The carrier's own id of a call or message (`CA…`, `SM…`)."""


class Channel(StrEnum):
    """How somebody reached us."""

    VOICE = "voice"
    TEXT = "text"


class Method(StrEnum):
    """How a member of staff is paged."""

    SMS = "sms"
    VOICE = "voice"
    PUSH = "push"
    EMAIL = "email"


class Role(StrEnum):
    """What a member of staff does here; it decides what they may see and do."""

    RESPONDER = "responder"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    CLINICAL_LEAD = "clinical_lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class CaseState(StrEnum):
    """Where a case stands with us."""

    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"


class EscalationState(StrEnum):
    """How a ladder stands: only a person's word takes it."""

    RUNNING = "running"
    TAKEN = "taken"
    EXHAUSTED = "exhausted"
    STOOD_DOWN = "stood_down"


class PageState(StrEnum):
    """How one person's page stands."""

    OPEN = "open"
    TAKEN = "taken"
    PASSED = "passed"
    ENDED = "ended"


class AttemptState(StrEnum):
    """How far one try by one method got; each word is what was acknowledged, never what was meant."""

    PLANNED = "planned"
    SENT = "sent"
    DELIVERED = "delivered"
    TAKEN = "taken"
    FAILED = "failed"
    UNKNOWN = "unknown"


class MessageState(StrEnum):
    """How far a message to or from the person got."""

    RECEIVED = "received"
    PLANNED = "planned"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TakenBy(StrEnum):
    """The only ways in which a person can take a page."""

    REPLY = "reply"
    DIGIT = "digit"
    BUTTON = "button"


class DutyKind(StrEnum):
    """What a rule can ask of people besides a page; each is done, or declined with a reason, by a person."""

    EMERGENCY = "emergency"
    CONSULT = "consult"
    MEANS_SAFETY = "means_safety"
    REASON = "reason"
    ASK = "ask"
    NOTIFY = "notify"
    FOLLOW_UP = "follow_up"
    REPORT = "report"


class DutyState(StrEnum):
    """How a duty stands."""

    OPEN = "open"
    MET = "met"
    DECLINED = "declined"
