"""The script: what to say and ask next."""

from __future__ import annotations

from typing import Literal

from crisis_hub.domain.risk import Risk
from crisis_hub.web.schemas.base import Out


class OutlookOut(Out):
    """What an answer would do, said before it is given: the risk it leads to if that is higher, and whom it pages."""

    risk: Risk | None
    pages: list[str]
    asks: str | None


class OptionOut(Out):
    """One answer that can be given; `quiet` ones (does not want to say, no answer yet) never count as no."""

    answer: str
    label: str
    hint: str | None
    quiet: bool
    outlook: OutlookOut


class QuestionOut(Out):
    """One item, with words to say in the case's language."""

    instrument: str
    item: str
    concept: str
    say: str
    language: str
    other_languages: dict[str, str]
    why: str | None
    wording: Literal["published", "own", "missing"]
    type: str
    options: list[OptionOut]
    answer: str | None


class OutlineItem(Out):
    """One line of the outline: what it is about, and its answer so far. `state`: answered, open, skipped, now."""

    instrument: str
    item: str
    concept: str
    answer: str | None
    answer_label: str | None
    state: str
    risk: Risk | None


class OutlineSection(Out):
    """One part of the script."""

    id: str
    title: str
    say: list[str]
    help: str | None
    items: list[OutlineItem]


class ScriptOut(Out):
    """What to say and ask next, what was asked, and what is still missing."""

    script: str
    title: str
    version: str
    sign_off: str
    language: str
    asked: int
    of: int
    next: QuestionOut | None
    questions: list[QuestionOut]
    outline: list[OutlineSection]
    missing: list[OutlineItem]
    flags: list[str]
