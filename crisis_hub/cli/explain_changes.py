"""What would change it, in words: one other answer for each item, those of begun questionnaires first."""

from __future__ import annotations

from collections.abc import Iterator

from crisis_hub.domain.case import Case
from crisis_hub.domain.proof.nearby import Other, what_would_change
from crisis_hub.domain.proof.oracle import action_words, outcome_of_case
from crisis_hub.domain.rules import Rulebook

MOST_SHOWN = 12


def changes_in_words(case: Case, rulebook: Rulebook) -> Iterator[str]:
    """Say which single other answer would change the risk or the care, line by line."""
    now = outcome_of_case(case, rulebook)
    found = what_would_change(case, rulebook)
    if not found:
        yield "What would change it: no single answer."
        return
    yield "What would change it, had it been answered so from the start:"
    for other in found[:MOST_SHOWN]:
        instead = f" instead of {other.given}" if other.given else ""
        after = other.outcome
        care = [f"also {action_words(action)}" for action in sorted(after.actions - now.actions, key=action_words)]
        care += [
            f"no longer {action_words(action)}" for action in sorted(now.actions - after.actions, key=action_words)
        ]
        said = ", ".join([f"risk {_words(other)}", *care])
        yield f"         {other.instrument}.{other.item} = {other.answer}{instead}: {said}"
    if len(found) > MOST_SHOWN:
        yield f"         and {len(found) - MOST_SHOWN} more."


def _words(other: Other) -> str:
    return other.outcome.risk.value.replace("_", " ")
