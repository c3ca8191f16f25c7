"""How we are doing, beside the cases: who is on call, who is at work, what is wrong with the house itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.application.board import Board
from crisis_hub.application.canary import Standing as Canary
from crisis_hub.application.ports import Clock
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.lacks import Finding
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import CaseState, PersonId, Role


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """Who is on call on one rota; `trouble` is a sentence when nobody is who should be."""

    rota: str
    people: tuple[Person, ...]
    until: datetime | None
    next: tuple[Person, ...]
    trouble: str | None
    by_last_resort: bool = False

    @property
    def lacking(self) -> bool:
        """Say whether somebody must look at it: nobody has the shift who should."""
        return self.trouble is not None


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody whose screen is connected, and the numbers of the cases they have."""

    person: Person
    busy_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures and the troubles at one instant."""

    waiting: int
    longest_wait_since: datetime | None
    open: int
    high: int
    imminent: int
    pages_open: int
    oldest_page_since: datetime | None
    at_work: tuple[AtWork, ...]
    troubles: tuple[str, ...]
    rulebook: Rulebook


class Service:
    """Says how we are doing."""

    def __init__(
        self, board: Board, directory: Directory, clock: Clock, rulebook: Callable[[], Rulebook], rotas: Rotas
    ) -> None:
        self._board = board
        self._directory = directory
        self._clock = clock
        self._rulebook = rulebook
        self._rotas = rotas
        self._present: Counter[PersonId] = Counter()
        self._doubts: list[Callable[[], str]] = []
        self.canary: Callable[[], Canary | None] = lambda: None
        """How the canary is that flies as a text; the hall joins it."""
        self.canary_call: Callable[[], Canary | None] = lambda: None
        """How the canary is that flies as a call; the hall joins it."""
        self.coverage: Callable[[], Sequence[Finding]] = tuple
        """What is wrong with rotas and ladders in the days ahead, the worst first; the hall joins it."""

    def doubt(self, ask: Callable[[], str]) -> None:
        """Ask this, too, when troubles are listed; it answers with a sentence, or with nothing when all is well."""
        self._doubts.append(ask)

    def came(self, person: PersonId) -> None:
        """Somebody's screen is connected."""
        self._present[person] += 1

    def left(self, person: PersonId) -> None:
        """One of somebody's screens is gone."""
        self._present[person] -= 1
        self._present += Counter()

    def is_here(self, person: PersonId) -> bool:
        """Say whether somebody has a screen open."""
        return self._present[person] > 0

    def on_call(self, at: datetime | None = None, rota: str | None = None) -> list[OnCallNow]:
        """Return who is on call, rota by rota; with no rota at all, say that every clinician is."""
        ahead = [one for one in self.coverage() if one.red] if at is None else []
        at = at or self._clock.now()
        if not self._rulebook().rotas and rota is None:
            everybody = tuple(self._directory.with_role(Role.CLINICIAN))
            return [OnCallNow("clinicians", everybody, None, (), "No rota is in force, so every clinician is on call.")]
        rotas = [r for r in self._rulebook().rotas.values() if rota in (None, r.name)]
        found = []
        for one in rotas:
            now = self._rotas.on_call(one, at)
            people = self._people(now.people)
            trouble = next((lack.sentence() for lack in ahead if lack.about == one.name), None)
            if not people:
                trouble = f"Nobody is on call on {one.name}."
            elif now.by_last_resort:
                trouble = f"Nobody has a shift on {one.name}; the last resort would be paged."
            found.append(
                OnCallNow(one.name, people, now.until, self._people(now.following), trouble, now.by_last_resort)
            )
        return found

    def standing(self) -> Standing:
        """Count, and list what is wrong."""
        cases = self._board.cases()
        waits = [c.waiting_since for c in cases if c.state is CaseState.WAITING and c.waiting_since]
        pages = [x.started_at for c in cases for x in c.escalations if x.wants_somebody]
        rulebook = self._rulebook()
        return Standing(
            len(waits),
            min(waits, default=None),
            len(cases),
            _count(cases, Risk.HIGH),
            _count(cases, Risk.IMMINENT),
            len(pages),
            min(pages, default=None),
            self._at_work(cases),
            tuple(sentence for ask in self._doubts if (sentence := ask())),
            rulebook,
        )

    def _at_work(self, cases: Sequence[Case]) -> tuple[AtWork, ...]:
        busy: dict[PersonId, list[str]] = {}
        for case in cases:
            if case.responder:
                busy.setdefault(case.responder, []).append(case.number)
        people = [p for p in self._directory.everybody() if p.id in self._present or p.id in busy]
        return tuple(AtWork(person, tuple(sorted(busy.get(person.id, ())))) for person in people)

    def _people(self, ids: Sequence[PersonId]) -> tuple[Person, ...]:
        return tuple(person for id in ids if (person := self._directory.person(id)))


def _count(cases: Sequence[Case], risk: Risk) -> int:
    return sum(case.risk is risk for case in cases)
