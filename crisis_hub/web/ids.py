"""Ids and names as others see them: what does not look like an id of ours names nothing."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi.routing import APIRoute
from pydantic import AfterValidator, BeforeValidator

from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.vocabulary import CaseId

_CASE = re.compile(r"[0-9a-f]{32}")
_PAGE = re.compile(r"[0-9a-f]{32}-[0-9A-Za-z_.@+-]{1,200}")


def case_id(text: str) -> CaseId:
    """Return the text as a case's id; the ledger's other streams (staff, for one) are no cases and are not found."""
    if not _CASE.fullmatch(text):
        raise NotFound("There is no such case.")
    return CaseId(text)


def page_id(text: str) -> str:
    """Return the text as a page's id, which begins with its case's."""
    if not _PAGE.fullmatch(text):
        raise NotFound("There is no such page.")
    return text


def arranged_id(text: str) -> str:
    """Return the text as the id of something that was arranged: a cover, an override, a leave."""
    if not _CASE.fullmatch(text):
        raise NotFound("There is nothing by that id.")
    return text


def name_of(route: APIRoute) -> str:
    """Name an operation of the API as its function is named."""
    return route.name


def _blank_is_absent(value: object) -> object:
    return None if value == "" else value


CasePath = Annotated[str, AfterValidator(case_id)]
ArrangedPath = Annotated[str, AfterValidator(arranged_id)]
PagePath = Annotated[str, AfterValidator(page_id)]

MaybeBlank = BeforeValidator(_blank_is_absent)
"""For a query parameter that may stand there with nothing behind it: `?state=&risk=high`."""
