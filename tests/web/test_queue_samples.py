"""The samples of the order of those who wait, which the browser puts in order by itself, here put in order by us."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crisis_hub.domain.case import Case
from crisis_hub.domain.conversation import Contact, Conversation
from crisis_hub.domain.events import WordsNoticed
from crisis_hub.domain.queue import Waits, in_order, rank
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.triage import Says
from crisis_hub.domain.vocabulary import (
    CarrierId,
    CaseId,
    CaseState,
    Channel,
    ContactId,
    ContactRef,
    MessageId,
    PersonId,
)
from crisis_hub.web.queue import rank_out

FILE = Path(__file__).parent.parent / "samples" / "queue" / "order.json"
WAITS = Waits()
Sample = dict[str, Any]


def case_of(said: Sample) -> Case:
    opened = datetime.fromisoformat(said["opened_at"])
    id = said["id"]
    contact = Contact(
        ContactId(id), Channel.VOICE, CarrierId(id), "", "", opened, opened if said["call_over"] else None
    )
    thread = Contact(ContactId(f"{id}-t"), Channel.TEXT, CarrierId(f"{id}-t"), "", "", opened)
    return Case(
        CaseId(id),
        "1",
        Channel.VOICE,
        "en",
        ContactRef(id),
        False,
        opened,
        CaseState(said["state"]),
        waiting_since=datetime.fromisoformat(said["waiting_since"]) if said["waiting_since"] else None,
        risk=Risk(said["risk"]),
        risk_by=PersonId("rui"),
        conversation=Conversation(contacts=(contact, thread) if said.get("writes") else (contact,)),
        noticed=tuple(WordsNoticed(MessageId("m"), says, Says(says), "1") for says in said["says"]),
    )


def samples() -> list[Sample]:
    return list(json.loads(FILE.read_text("utf-8")))


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one["what"])
def test_the_order_and_every_rank_are_those_of_the_sample(sample: Sample) -> None:
    now = datetime.fromisoformat(sample["now"])
    cases = [case_of(said) for said in sample["cases"]]

    for case, said in zip(cases, sample["cases"], strict=True):
        shown = rank_out(case, WAITS)
        assert (json.loads(shown.model_dump_json()) if shown else None) == said["rank"]
    assert [case.id for case in in_order(cases, now, WAITS)] == sample["order"]
    waits = [case for case in cases if case.state is CaseState.WAITING]
    assert {case.id for case in waits if rank(case, WAITS).overdue_at <= now} == set(sample["overdue"])
