"""Which page a reply means, and which try of it an answer was given to; where nobody can say, none."""

from __future__ import annotations

from datetime import datetime

from crisis_hub.application.page_words import Asked
from crisis_hub.application.reply_grammar import Reply
from crisis_hub.domain.escalation_state import Attempt, Page
from crisis_hub.domain.risk import need
from crisis_hub.domain.vocabulary import AttemptState, Method


def chosen_of(open_pages: list[Asked], reply: Reply) -> list[Asked]:
    """Return the pages that a reply means: of the case it names, of the only one there is, or of all of them.

    Of several pages for one case it is the newest, then the more urgent.
    """
    cases = {asked.case.id for asked in open_pages if reply.number in ("", asked.case.number)}
    if len(cases) > 1 and not reply.every:
        return []
    return [
        max((asked for asked in open_pages if asked.case.id == case), key=_newest) for case in sorted(cases, key=str)
    ]


def _newest(asked: Asked) -> tuple[datetime, int]:
    return asked.page.at, -need(asked.escalation.urgency)


def answers(page: Page, way: str) -> str:
    """Return the try that a text answers, when it came from where one went; empty when nobody can say."""
    gone = (one for one in page.attempts if one.method is Method.SMS and one.state is not AttemptState.PLANNED)
    return next((one.id for one in gone if way and one.way == way), "")


def link_end(attempt: Attempt) -> str:
    """Return what stands behind the token in a link, so that it says which way brought it; a text's has no end."""
    return "" if attempt.method is Method.SMS else f".{attempt.reach}"


def brought_the_link(page: Page, token: str) -> str:
    """Return the try that brought this link of the page; empty when nobody can say, as with texts to two numbers."""
    end = token.rstrip(".").partition(".")[2]
    never = (AttemptState.PLANNED, AttemptState.FAILED)
    gone = [one for one in page.attempts if one.method is not Method.VOICE and one.state not in never]
    same = [one.id for one in gone if link_end(one) == (f".{end}" if end else "")]
    return same[0] if len(same) == 1 else ""


def told_of(open_pages: list[Asked]) -> list[Asked]:
    """Return the pages of which somebody may have been told by now; all of them when that is none."""
    never = (AttemptState.PLANNED, AttemptState.FAILED)
    return [x for x in open_pages if any(one.state not in never for one in x.page.attempts)] or open_pages


def place_of(asked: Asked) -> str:
    """Name the place of a page, as marks do."""
    return f"{asked.case.id}/{asked.page.id}"
