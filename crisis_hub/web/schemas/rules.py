"""The rulebook as people read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from crisis_hub.web.schemas.base import In, Out


class LineOut(Out):
    """One line of what must be so: how deep it stands, in words, and as it is written (none for all, any, not)."""

    depth: int
    words: str
    line: str


class RuleOut(Out):
    """One rule in a sentence, with its examples and how often it fired."""

    id: str
    file: str
    version: str
    sentence: str
    when: list[LineOut]
    then: list[str]
    because: str
    source: str
    fires: list[str]
    stays_calm: list[str]
    fired: int
    last_fired_at: datetime | None


class CodeOut(Out):
    """A code and how people call it."""

    code: str
    label: str


class OutsideToolOut(Out):
    """What may be written down of a tool that was used elsewhere; with no results, any value may stand there."""

    results: list[CodeOut]
    headings: list[CodeOut]


class InstrumentOut(Out):
    """One questionnaire: where it comes from, on what terms, and whether it can be shown."""

    id: str
    title: str
    version: str
    licence: str
    wording: str
    shown: bool
    validated: bool
    items: int
    source: str
    outside: OutsideToolOut | None


class SignatureOut(Out):
    """Who answers for the version in force."""

    state: str
    proposed_by: str | None
    proposed_by_id: str | None
    signed_by: list[str]
    reason: str
    first_reason: str
    at: datetime | None


class RulesOut(Out):
    """The rulebook in force."""

    version: str
    loaded_at: datetime | None
    sign_off: str
    signature: SignatureOut
    problems: list[str]
    rules: list[RuleOut]
    instruments: list[InstrumentOut]
    ladders: list[str]
    jurisdiction: str | None


class SignOffIn(In):
    """Somebody's word for the version they have read."""

    version: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
