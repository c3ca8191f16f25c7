"""In which order waiting people are answered: by need, then who is still there, then who has waited longest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crisis_hub.domain.case import Case
from crisis_hub.domain.risk import need
from crisis_hub.domain.vocabulary import CaseState


def waiting(cases: Iterable[Case]) -> list[Case]:
    """Return the cases that wait, whoever is next first."""
    return sorted((case for case in cases if case.state is CaseState.WAITING), key=_rank)


def by_need(cases: Iterable[Case]) -> list[Case]:
    """Return all cases, the one that needs somebody most first."""
    return sorted(cases, key=lambda case: (need(case.risk), case.state is not CaseState.WAITING, case.opened_at))


def hung_up(case: Case) -> bool:
    """Say whether every call of the case is over and nobody wrote: a person to call back, who no longer listens."""
    contacts = case.conversation.contacts
    return bool(contacts) and all(contact.ended_at for contact in contacts)


def _rank(case: Case) -> tuple[int, bool, datetime]:
    return need(case.risk), hung_up(case), case.waiting_since or case.opened_at
