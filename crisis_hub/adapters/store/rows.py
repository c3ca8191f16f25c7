"""An entry on its way into the ledger, and a fact on its way out: what all stores do alike."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from crisis_hub.adapters.store.codec import Encoded, decode, encode, instant, stamp, washed
from crisis_hub.adapters.store.vault import BrokenSeal, Place, StreamKey
from crisis_hub.application.ports import Conflict, Entry, MarkTaken, StoreError
from crisis_hub.domain.events import Recorded

_log = logging.getLogger(__name__)


class Row(NamedTuple):
    """A fact as it lies in the ledger; `payload` is readable, `sealed` is not."""

    sequence: int
    stream: str
    version: int
    type: str
    at: str
    actor: str
    cause: str
    payload: str
    sealed: bytes | None


class Prepared(NamedTuple):
    """An entry whose facts are already bytes; `private` says whether it needs the stream's key."""

    entry: Entry
    facts: tuple[Encoded, ...]
    at: str
    private: bool


def prepare(entry: Entry) -> Prepared:
    """Turn an entry into what can be written; what is wrong with it shows here, before it meets others."""
    texts = "".join(
        chain(
            (entry.stream, entry.actor, entry.cause),
            chain.from_iterable(entry.marks),
            entry.unmarks,
            entry.reached,
            (f"{effect.key}{effect.subject}" for effect in entry.effects),
            (f"{deadline.key}{deadline.subject}" for deadline in entry.deadlines),
            (f"{settled.key}{settled.detail}" for settled in entry.settled),
            () if entry.row is None else (entry.row.language, entry.row.responder, entry.row.number),
        )
    )
    if not texts.isascii() or "\x00" in texts:
        entry = replace(washed(replace(entry, facts=())), facts=entry.facts)
    for at in chain((effect.not_before for effect in entry.effects), (one.due_at for one in entry.deadlines)):
        if at.tzinfo is None:
            raise ValueError("an instant must have a zone")
    facts = tuple([encode(fact) for fact in entry.facts])
    return Prepared(entry, facts, stamp(entry.at), any(fact.private is not None for fact in facts))


def refusal(entry: Entry, version: int, marks: Mapping[str, str]) -> StoreError | None:
    """Say why an entry may not be written on top of this version and these marks, or None.

    A taken mark is told before a grown stream: it means that the same thing was done already.
    """
    for key, _ in entry.marks:
        if key in marks and key not in entry.unmarks:
            return MarkTaken(key, marks[key])
    if version != entry.expected:
        return Conflict(f"{entry.stream} stands at version {version}, not at {entry.expected}")
    return None


def inscribe(prepared: Prepared, head: int, key: StreamKey | None) -> tuple[list[Row], tuple[Recorded, ...]]:
    """Return the rows and recorded facts of an entry that follows sequence `head`, private words sealed."""
    entry, rows, recorded = prepared.entry, [], []
    stream, actor, cause = entry.stream, entry.actor, entry.cause
    for step, (kind, payload, private, fact) in enumerate(prepared.facts, 1):
        sequence, version = head + step, entry.expected + step
        sealed = None
        if private is not None and key is not None:
            sealed = key.seal(Place(stream, version, kind), private)
        rows.append(Row(sequence, stream, version, kind, prepared.at, actor, cause, payload.decode(), sealed))
        recorded.append(Recorded(sequence, stream, version, entry.at, actor, cause, fact))
    return rows, tuple(recorded)


def recorded(row: Row, key: StreamKey | None = None) -> Recorded:
    """Return a row as a fact on its envelope, opened with the stream's key, or left sealed without one."""
    private = None
    if key is not None and row.sealed is not None:
        private = _opened(row, key, row.sealed)
    fact = decode(row.type, row.payload, private)
    return Recorded(row.sequence, row.stream, row.version, instant(row.at), row.actor, row.cause, fact)


def _opened(row: Row, key: StreamKey, sealed: bytes) -> bytes | None:
    try:
        return key.unseal(Place(row.stream, row.version, row.type), sealed)
    except BrokenSeal as broken:
        # The rest of the case must stay readable: somebody may be answering it right now.
        _log.error("%s; it is shown as sealed", broken)
        return None
