"""The span that a question is about: its `from` and `to` in the address, and how far and how long they may reach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Query

from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.events import Stint
from crisis_hub.web.ids import MaybeBlank

From = Annotated[datetime | None, MaybeBlank, Query(alias="from")]
To = Annotated[datetime | None, MaybeBlank]

_FARTHEST = timedelta(days=10 * 366)


def instant(field: str, said: datetime | None, now: datetime) -> datetime | None:
    """Return an instant that was asked for, in UTC; nobody asks for one that is more than ten years away."""
    if said is None:
        return None
    try:
        found = (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        found = None
    if found is None or abs(found - now) > _FARTHEST:
        raise Wrong(field, "Ask for an instant within ten years of now.")
    return found


def span(begins: datetime, ends: datetime, longest: timedelta) -> Stint:
    """Return the time between two instants, unless it runs backwards or is longer than can be looked at together."""
    if ends <= begins:
        raise Wrong("to", "This ends before it begins. Look at the two times again.")
    if ends - begins > longest:
        raise Wrong("to", f"At most {longest.days} days can be looked at together.")
    return Stint(begins, ends)
