"""What is asked of a case: the bodies of its changes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crisis_hub.domain.risk import Risk
from crisis_hub.web.schemas.base import In

Words = Annotated[str, Field(min_length=1, max_length=1600)]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]


class AnswerIn(In):
    """An answer to one item; numbers may come as numbers."""

    instrument: Name
    item: Name
    answer: Annotated[str, Field(max_length=2000)] | int | Annotated[float, Field(allow_inf_nan=False)] | bool
    words: Annotated[str, Field(max_length=2000)] = ""


class MessageIn(In):
    """Words for the person."""

    text: Words


class NoteIn(In):
    """A note for colleagues."""

    text: Annotated[str, Field(min_length=1, max_length=10000)]


class SectionIn(In):
    """Whether a part of the script is laid aside, or taken up again."""

    skip: bool


class RiskIn(In):
    """A person's own judgement of the risk; lowering asks for a reason."""

    risk: Risk
    reason: Annotated[str, Field(max_length=1000)] = ""


class EscalateIn(In):
    """Start a ladder by hand, at its first step or a later one; with a person, they are asked before its steps."""

    ladder: Name
    reason: Reason
    step: int = Field(default=1, ge=1, le=100)
    person: Name | None = None


class NextStepIn(In):
    """Move a running ladder on: to that step, or to the next one."""

    step: int | None = Field(default=None, ge=1, le=100)


class ReasonIn(In):
    """A reason, in a sentence."""

    reason: Reason


class ReleaseIn(In):
    """Why a case goes back to the queue."""

    reason: Annotated[str, Field(max_length=1000)] = ""


class CloseIn(In):
    """How a case ended."""

    outcome: Annotated[str, Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(max_length=1000)] = ""
