"""A fact as an outsider reads it: plain names and values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime

from crisis_hub.domain.events import Recorded, without_words
from crisis_hub.web import schemas as s


def fact_out(recorded: Recorded, *, with_words: bool) -> s.FactOut:
    """Return a fact with its envelope; without words, private fields say that they are sealed."""
    fact = recorded.fact if with_words else without_words(recorded.fact)
    data = {f.name: _plain(getattr(fact, f.name)) for f in fields(fact) if f.name not in ("password_hash", "address")}
    return s.FactOut(
        sequence=recorded.sequence,
        type=type(fact).__name__,
        at=recorded.at,
        actor=recorded.actor,
        cause=recorded.cause,
        data=data,
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(one) for one in value]
    return value
