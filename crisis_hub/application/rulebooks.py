"""The rulebook in force: since when, who answers for it, and what each of its rules has done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crisis_hub.application.ports import Bus, Clock, Conflict, Entry, Store
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.errors import NotAllowed, TooLate, Wrong
from crisis_hub.domain.events import (
    Fact,
    Recorded,
    RulebookLoaded,
    RulebookSigned,
    RuleFired,
    RulesFact,
    SignOffProposed,
)
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId, Role

STREAM = "rules"
"""The stream in which stands which rulebook came into force, and who signed it."""

_MAY_SIGN = (Role.CLINICIAN, Role.CLINICAL_LEAD, Role.SUPERVISOR)
_CLINICAL = (Role.CLINICIAN, Role.CLINICAL_LEAD)
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Fired:
    """How often a rule fired, and when last."""

    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Who answers for a version: nobody, one person who proposed it, or two."""

    version: str
    loaded_at: datetime | None = None
    proposed: SignOffProposed | None = None
    signed: RulebookSigned | None = None
    signed_at: datetime | None = None


class Rulebooks:
    """Keeps the rulebook that is in force, and writes down when another comes in its place."""

    def __init__(
        self, store: Store, bus: Bus, clock: Clock, load: Callable[[], Rulebook], directory: Directory
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._load = load
        self._directory = directory
        self._facts: list[Recorded] = []
        self._now: tuple[Rulebook, int, Rulebook] | None = None
        self._fired: dict[str, Fired] = {}
        self._counted = 0
        self._counting = asyncio.Lock()
        self._noted = ""

    def current(self) -> Rulebook:
        """Return the rulebook in force, with who answers for it."""
        loaded = self._load()
        if self._now is None or self._now[0] is not loaded or self._now[1] != len(self._facts):
            self._now = loaded, len(self._facts), replace(loaded, sign_off=self.words())
        return self._now[2]

    def standing(self) -> Standing:
        """Return who answers for the version in force."""
        standing = Standing(self._load().version)
        for recorded in self._facts:
            fact = recorded.fact
            if not isinstance(fact, RulesFact) or fact.version != standing.version:
                continue
            match fact:
                case RulebookLoaded():
                    standing = replace(standing, loaded_at=recorded.at)
                case SignOffProposed():
                    standing = replace(standing, proposed=fact)
                case RulebookSigned():
                    standing = replace(standing, signed=fact, signed_at=recorded.at)
        return standing

    def words(self) -> str:
        """Return who answers for the version in force, in words; "none" when nobody does."""
        standing = self.standing()
        if standing.signed is None or standing.signed_at is None:
            return "none"
        who = f"{self.name_of(standing.signed.by)} and {self.name_of(standing.signed.second)}"
        return f"{who}, {standing.signed_at:%d %B %Y}"

    async def note(self) -> None:
        """Read what other processes wrote, and write down that another rulebook came into force here.

        Only a change of our own is written: of two processes with different files, neither answers the other.
        """
        self._facts = [*await self._store.read(STREAM)]
        book = self._load()
        self._noted = book.version
        if self._newest() == book.version:
            return
        try:
            await self._write(RulebookLoaded(book.version, len(book.rules), book.problems), "rules-folder")
        except Conflict:
            self._facts = [*await self._store.read(STREAM)]

    def hear(self, recorded: Recorded) -> None:
        """Take in a fact that another process wrote."""
        if isinstance(recorded.fact, RulesFact) and all(one.version != recorded.version for one in self._facts):
            self._facts.append(recorded)

    def changed(self) -> bool:
        """Say whether another version came into force here since the last was written down."""
        return self._noted != self._load().version

    def trouble(self) -> str:
        """Say that another process is at work with other rules than ours; nothing when all agree."""
        newest = self._newest()
        if newest in ("", self._load().version):
            return ""
        return (
            f"Two processes use different rules: {self._load().version} here, {newest} elsewhere. Compare their files."
        )

    def _newest(self) -> str:
        loaded = [one.fact.version for one in self._facts if isinstance(one.fact, RulebookLoaded)]
        return loaded[-1] if loaded else ""

    async def sign(self, person: Person, version: str, why: str) -> Standing:
        """Answer for the version in force; the second person's word makes it signed.

        Raises `NotAllowed` for who may not, `Wrong` without a reason, `TooLate` when the version has moved on.
        """
        if not person.has(*_MAY_SIGN):
            raise NotAllowed("Rules are signed by clinicians, the clinical lead and supervisors.")
        if not why.strip():
            raise Wrong("reason", "Say what you checked and why these rules may be used.")
        self._facts = [*await self._store.read(STREAM)]
        standing = self.standing()
        if version != standing.version:
            raise TooLate(f"The rules have changed since you read them: version {standing.version} is in force.")
        if standing.signed is not None:
            if person.id in (standing.signed.by, standing.signed.second):
                return standing
            raise Wrong("version", f"This version is signed already, by {self.words()}.")
        first = standing.proposed
        if first is None or first.by == person.id:
            if first is None or first.why != why:
                await self._write(SignOffProposed(version, person.id, why), f"person:{person.id}")
            return self.standing()
        if not (person.has(*_CLINICAL) or self._clinical(first.by)):
            raise NotAllowed("One of the two who sign must be a clinician or the clinical lead.")
        await self._write(RulebookSigned(version, first.by, person.id, why), f"person:{person.id}")
        return self.standing()

    def name_of(self, id: PersonId) -> str:
        """Return somebody's name, or their id when they no longer work here."""
        person = self._directory.person(id)
        return person.name if person else id

    def _clinical(self, id: PersonId) -> bool:
        person = self._directory.person(id)
        return person is not None and person.has(*_CLINICAL)

    async def tally(self) -> Mapping[str, Fired]:
        """Count how often each rule fired, in every case there ever was; only what is new is read."""
        async with self._counting:
            while page := await self._store.since(self._counted, _AT_ONCE):
                for recorded in page:
                    if isinstance(recorded.fact, RuleFired):
                        before = self._fired.get(recorded.fact.rule)
                        self._fired[recorded.fact.rule] = Fired((before.times if before else 0) + 1, recorded.at)
                self._counted = page[-1].sequence
        return self._fired

    async def _write(self, fact: Fact, actor: str) -> None:
        recorded = await self._store.append(Entry(STREAM, len(self._facts), (fact,), self._clock.now(), actor))
        for one in recorded:
            self.hear(one)
        await self._bus.ring(recorded)
