"""A long case and a big rulebook: 200 facts, and 50 rules that go through the loader like any clinician's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.decision import decide
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import (
    CarrierId,
    CaseId,
    Channel,
    ContactId,
    ContactRef,
    MessageId,
    MessageState,
    PersonId,
)
from crisis_hub.settings import SHIPPED_RULES
from ops.bench.helper import Trouble

FACTS, RULES = 200, 50
BEGAN = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
_RUI = PersonId("rui")

History = list[tuple[e.CaseFact, datetime]]


def rulebook_of_fifty(folder: Path) -> Rulebook:
    """Write 50 rules beside the shipped instruments, and load them as the service does."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SHIPPED_RULES, folder)
    for file in (folder / "escalation").glob("*.yaml"):
        file.unlink()
    (folder / "escalation" / "bench.yaml").write_text(yaml.safe_dump({"rules": _rules()}, allow_unicode=True))
    rules = RulesFolder(folder)
    book = rules.load()
    if len(book.rules) != RULES or book.problems:
        raise Trouble(f"The 50 rules were not all read: {book.problems}")
    return book


def _rules() -> list[dict[str, Any]]:
    """Write rules of one condition each, over two answers of an instrument; none holds in the long case."""
    asked = [f"v{number}" for number in range(1, 12)]
    return [
        {
            "id": f"bench-{number}",
            "when": f'ch_violence_inquiry.{one} == "yes" && ch_violence_inquiry.{two} in ["no", "refused"]',
            "then": [{"raise_risk": "low"}],
            "because": "A rule to be measured.",
            "source": "bench",
            "examples": {
                "fires": [{"ch_violence_inquiry": {one: "yes", two: "no"}}],
                "stays_calm": [{"ch_violence_inquiry": {one: "no", two: "no"}}],
            },
        }
        for number, (one, two) in enumerate(list(combinations(asked, 2))[:RULES])
    ]


def long_history(book: Rulebook) -> History:
    """Return 200 facts of one case: every question answered, with what followed from it, and a long conversation."""
    contact = ContactId("contact")
    facts: list[e.CaseFact] = [
        e.CaseOpened(CaseId("case"), "1001", Channel.TEXT, "en", ContactRef("ref"), drill=True),
        e.ContactArrived(contact, Channel.TEXT, CarrierId("SM0"), "+15550100100", "+15550100200"),
        e.CaseClaimed(_RUI, "Rui"),
    ]
    for instrument in book.instruments.values():
        for item in instrument.items:
            if item.kind == "yes_no":
                command = RecordAnswer(_RUI, instrument.id, item.id, "no", "")
                facts.extend(decide(_dated(facts), command, book, BEGAN))
    turn = 0
    while len(facts) < FACTS:
        turn += 1
        message, sid = MessageId(f"m{turn}"), CarrierId(f"SM{turn}")
        match turn % 3:
            case 0:
                facts.append(e.MessageReceived(message, contact, sid, 0, "I am still here, and it is a little better."))
            case 1:
                facts.append(e.MessageWritten(message, contact, _RUI, "I am with you. Take your time."))
            case _:
                before = MessageId(f"m{turn - 1}")
                facts.append(e.MessageProgressed(before, MessageState.DELIVERED, sid, ""))
    return _dated(facts)


def _dated(facts: list[e.CaseFact]) -> History:
    return [(fact, BEGAN + timedelta(seconds=number)) for number, fact in enumerate(facts)]
