"""Entries as the hub writes them, with private words that can be searched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crisis_hub.application.ports import CaseRow, Deadline, Effect, Entry
from crisis_hub.domain.events import CaseOpened, ContactArrived, Fact, MessageReceived, TextingResumed
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    CarrierId,
    CaseId,
    CaseState,
    Channel,
    ContactId,
    ContactRef,
    MessageId,
)

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
CANARY = "sparrowgrass-under-the-viaduct"
NUMBER = "+15550109999"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def message(words: str = CANARY) -> MessageReceived:
    return MessageReceived(MessageId("m1"), ContactId("c1"), CarrierId("SM1"), 0, words)


def plain() -> Fact:
    return TextingResumed(ContactId("c1"))


def opened(name: str) -> tuple[Fact, ...]:
    return (
        CaseOpened(CaseId(name), "1001", Channel.TEXT, "en", ContactRef("ref-" + name), False),
        ContactArrived(ContactId("c1"), Channel.TEXT, CarrierId("SM1"), "+15550100000", NUMBER),
        message(),
    )


def row(name: str, state: CaseState = CaseState.WAITING, number: str = "1001") -> CaseRow:
    return CaseRow(
        CaseId(name),
        number,
        state,
        Risk.NOT_ASSESSED,
        Channel.TEXT,
        "en",
        ContactRef("ref-" + name),
        "",
        False,
        NOW,
        NOW,
    )


def entry(stream: str, expected: int = 0, *facts: Fact) -> Entry:
    return Entry(stream, expected, facts or (message(),), NOW, "line", "SM1")


def whole(name: str, number: str = "1001") -> Entry:
    """An entry with something in every table."""
    stream = f"case-{name}"
    return replace(
        entry(stream, 0, *opened(name)),
        effects=(effect(f"{stream}:effect", stream),),
        deadlines=(deadline(f"{stream}:deadline", stream=stream),),
        marks=((f"sid:{name}", name),),
        row=row(name, number=number),
    )


def effect(key: str, stream: str = "case-a", at: datetime = NOW, priority: int = 5) -> Effect:
    return Effect(key, stream, "send_text", "m1", at, priority)


def deadline(key: str, due_at: datetime = NOW, stream: str = "case-a") -> Deadline:
    return Deadline(key, stream, "step", "e1:1", due_at)
