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
    """One item, with words to say in the case's language.

    `notice` says whose questionnaire it is and on what terms; without words (`worded`) only its label can be shown.
    """

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
    section: str
    instrument_title: str
    licence: Literal["A", "B", "C"]
    notice: str
    validated: bool
    worded: bool
    needs_words: bool
    least: float | None
    most: float | None


class OutlineItem(Out):
    """One line of the outline: what it is about, and its answer so far.

    `state`: answered, open, now, or closed for what the answers do not call for.
    """

    instrument: str
    item: str
    concept: str
    answer: str | None
    answer_label: str | None
    state: str
    risk: Risk | None
    worded: bool


class OutlineSection(Out):
    """One part of the script: what it is for, what to listen for, what calms, when it may be skipped.

    It is `opened` when the answers call for it; `others` are its questions that nothing calls for so far. A `skipped`
    part is not put forward, and its questions stay on the list of what is missing.
    """

    id: str
    title: str
    say: list[str]
    help: str | None
    items: list[OutlineItem]
    about: str | None
    listen: str | None
    calm: str | None
    may_skip: str | None
    skipped: bool
    opened: bool
    urgent: bool
    others: list[OutlineItem]


class ResultOut(Out):
    """What the answers to one questionnaire mean so far, in words; `open` counts what must still be asked.

    Answers at `second_hand`, by somebody who speaks for another, never finish or calm anything.
    """

    instrument: str
    title: str
    band: str | None
    words: str
    risk: Risk
    total: float | None
    complete: bool
    open: int
    second_hand: bool
    validated: bool


class ScriptOut(Out):
    """What to say and ask next, what was asked, and what is still missing.

    `waiting` says that nothing is put forward though questions are left: the risk is imminent, or parts were skipped.
    """

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
    validated: bool
    reader: str
    waiting: bool
    results: list[ResultOut]
