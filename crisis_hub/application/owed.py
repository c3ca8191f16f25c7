"""What is still owed in every case, also in those that are closed: folded forward from the ledger, kept nowhere else.

The board shows open cases only; a report, a call back or a notice outlives its case and must stay in sight. Only the
open part of the ledger is read, so no private word is in here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crisis_hub.application.ports import Store
from crisis_hub.domain import duties
from crisis_hub.domain import events as e
from crisis_hub.domain.duties import Duties, Duty
from crisis_hub.domain.vocabulary import CaseId, PersonId

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class OwedDuty:
    """Something that is owed, and whose case it is or was: who had it last, and who was ever paged for it."""

    case: CaseId
    number: str
    drill: bool
    responder: PersonId | None
    paged: frozenset[PersonId]
    closed_at: datetime | None
    duty: Duty

    def overdue(self, now: datetime) -> bool:
        """Say whether it should have been done by now."""
        return self.duty.due_at is not None and self.duty.due_at <= now


@dataclass(slots=True)
class _Account:
    """What one case owes, as far as it was read."""

    case: CaseId
    number: str
    drill: bool
    responder: PersonId | None = None
    paged: set[PersonId] = field(default_factory=set)
    closed_at: datetime | None = None
    duties: Duties = ()


class Owed:
    """Knows everything that is owed; remembers how far it has read, and begins anew after a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts: dict[str, _Account] = {}
        self._sequence = 0
        self._one_reader = asyncio.Lock()

    async def open(self) -> Sequence[OwedDuty]:
        """Return everything that is owed by now, in open and closed cases, the earliest due first."""
        await self._catch_up()
        found = [_owed(account, duty) for account in self._accounts.values() for duty in account.duties]
        return sorted(found, key=_by_due)

    async def _catch_up(self) -> None:
        """Read what the ledger has beyond what was read; of two who ask at once, the second waits for the first."""
        async with self._one_reader:  # or both would apply the same page
            while page := await self._store.since(self._sequence, _AT_ONCE):
                for recorded in page:
                    self._apply(recorded)
                    self._sequence = recorded.sequence

    def _apply(self, recorded: e.Recorded) -> None:
        fact = recorded.fact
        if isinstance(fact, e.CaseOpened):
            self._accounts[recorded.stream] = _Account(fact.case, fact.number, fact.drill)
            return
        account = self._accounts.get(recorded.stream)
        if account is None:
            return
        _note_people(account, fact)
        if isinstance(fact, e.CaseClosed):
            account.closed_at = recorded.at
        account.duties = tuple(duty for duty in _with(account.duties, recorded) if duty.open)
        if account.closed_at is not None and not account.duties:
            del self._accounts[recorded.stream]  # a closed case begins to owe nothing more


def _note_people(account: _Account, fact: e.Fact) -> None:
    match fact:
        case e.CaseClaimed(person):
            account.responder = person
        case e.CaseReleased():
            account.responder = None
        case e.PersonPaged():
            account.paged.add(fact.person)


def _with(known: Duties, recorded: e.Recorded) -> Duties:
    """Return the duties after a fact, as the case itself folds them."""
    match recorded.fact:
        case e.DutyOpened() as fact:
            return duties.opened(known, fact, recorded.at)
        case e.DutyMet() as fact:
            return duties.met(known, fact, recorded.at)
        case e.DutyDeclineProposed() as fact:
            return duties.proposed(known, fact)
        case e.DutyDeclined() as fact:
            return duties.declined(known, fact, recorded.at)
    return known


def _owed(account: _Account, duty: Duty) -> OwedDuty:
    return OwedDuty(
        account.case,
        account.number,
        account.drill,
        account.responder,
        frozenset(account.paged),
        account.closed_at,
        duty,
    )


def _by_due(owed: OwedDuty) -> tuple[bool, datetime, datetime, str]:
    """What has no hour comes after what has one; then the older first."""
    due = owed.duty.due_at
    return due is None, due or owed.duty.opened_at, owed.duty.opened_at, f"{owed.case} {owed.duty.id}"
