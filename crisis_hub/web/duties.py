"""What is owed over all cases, over HTTP: also in those that are closed, which no board shows any more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from crisis_hub.application import rights
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.ids import name_of
from crisis_hub.web.paper_views import owed_out

router = APIRouter(prefix="/api/duties", tags=["cases"], generate_unique_id_function=name_of)


@router.get("")
async def list_duties(
    request: Request,
    asker: Asker,
    closed: Annotated[bool, Query(description="Only what is owed in closed cases.")] = False,
) -> s.OwedList:
    """List what is still owed, the earliest due first: to supervisors and the clinical lead everything, to others what
    is owed in cases that they had last or were paged for, and notices to their role."""
    rights.must_see_board(asker)
    parts = parts_of(request)
    owed = [one for one in await parts.owed.open() if rights.sees_owed(asker, one) and (one.closed_at or not closed)]

    def name(person: str) -> str:
        found = parts.directory.person(person)
        return found.name if found else person

    rulebook, now = parts.rulebook(), parts.clock.now()
    return s.OwedList(duties=[owed_out(one, rulebook, name, now) for one in owed])
