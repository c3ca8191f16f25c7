"""Watches whether somebody will be on call: after every edit and all day long, two weeks ahead.

What is wrong stands on the board as long as it is wrong. It is written down, and told to supervisors, only when it is
something else than was told before: the ledger says since when it was known, and nobody is told the same thing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.ports import Bus, Clock, Conflict, Effect, Entry, Store
from crisis_hub.application.rotas import Rotas, stream_of
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.coverage import ladder_coverage, rota_coverage
from crisis_hub.domain.coverage_change import NEVER_TOLD, News, Told, news, when_to_tell, worth_keeping
from crisis_hub.domain.events import CoverageChanged, NotOfACase, Recorded
from crisis_hub.domain.lacks import Colleague, Finding, Known
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import Method, Role

log = logging.getLogger(__name__)

ANNOUNCE_COVERAGE = "announce_coverage"

AHEAD = timedelta(days=14)
"""How far is looked."""

_EVERY = timedelta(hours=1)
_PAUSE = timedelta(seconds=10)
"""How long edits are waited for that come together with one."""

_PRIORITY = 7
_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is wrong in the days until `until`, as it was last looked at."""

    checked_at: datetime | None = None
    until: datetime | None = None
    findings: tuple[Finding, ...] = ()

    def at(self, now: datetime) -> tuple[Finding, ...]:
        """Return what is wrong and not over yet, the red first and then the soonest."""
        left = [one for one in self.findings if one.end is None or one.end > now]
        return tuple(sorted(left, key=lambda one: (not one.red, one.start or now, one.about)))


class CoverageWatch:
    """Looks, writes down what changed, and plans who is told."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        clock: Clock,
        directory: Directory,
        rulebook: Callable[[], Rulebook],
        rotas: Rotas,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._directory = directory
        self._rulebook = rulebook
        self._rotas = rotas
        self._edited = True
        self._looked: Rulebook | None = None
        self.coverage = Coverage()

    # ---------------------------------------------------------------------------------- what is known

    def now(self) -> tuple[Finding, ...]:
        """Return what is wrong in the days ahead, as it was last looked at."""
        return self.coverage.at(self._clock.now())

    def trouble(self) -> str:
        """Return what is red anywhere, in a few sentences."""
        red = [one.sentence() for one in self.now() if one.red]
        more = f" And {len(red) - _MOST_SAID} more." if len(red) > _MOST_SAID else ""
        return " ".join(red[:_MOST_SAID]) + more

    # ---------------------------------------------------------------------------------- looking

    def hear(self, recorded: Recorded) -> None:
        """Look again soon when something about staff, rotas or rules became true, here or elsewhere."""
        if isinstance(recorded.fact, NotOfACase) and not isinstance(recorded.fact, CoverageChanged):
            self._edited = True

    async def round(self) -> None:
        """Look when something was edited, or when an hour went by."""
        now, last = self._clock.now(), self.coverage.checked_at
        edited = self._edited or self._looked is not self._rulebook()
        wait = _PAUSE if edited else _EVERY
        if last is None or now - last >= wait:
            await self.look()

    async def look(self) -> None:
        """Look now, and write down what changed."""
        self._edited, self._looked = False, self._rulebook()
        try:
            await self._rotas.fresh()
            now = self._clock.now()
            until = now + AHEAD
            found: list[Finding] = []
            for stream, about, timezone, findings in self._areas(now, until):
                found += findings
                await self._tell(stream, about, timezone, findings, now, until)
            self.coverage = Coverage(now, until, tuple(found))
        except BaseException:
            self._edited = True
            raise

    def _areas(self, now: datetime, until: datetime) -> Iterator[tuple[str, str, str, tuple[Finding, ...]]]:
        """Yield for every rota and ladder where it is written down, its name, its zone and what is wrong with it."""
        book, known = self._rulebook(), self._known()
        overrides = {name: self._rotas.overrides(name) for name in book.rotas}
        for rota in book.rotas.values():
            found = rota_coverage(rota, now, until, known, overrides[rota.name])
            yield stream_of(rota.name), rota.name, rota.timezone, found
        for ladder in book.ladders.values():
            found = ladder_coverage(ladder, book.rotas, now, until, known, overrides)
            zones = (book.rotas[t.name].timezone for step in ladder.steps for t in step.targets if t.name in book.rotas)
            yield f"ladder-{ladder.name}", ladder.name, next(zones, "UTC"), found

    def _known(self) -> Known:
        away = [(one.person, one.stint) for one in self._rotas.leave()]
        return {
            person.id: Colleague(
                person.name,
                len(person.reach),
                person.verified,
                person.opted_out,
                person.proved_at,
                tuple(stint for who, stint in away if who == person.id),
            )
            for person in self._directory.everybody()
        }

    # ---------------------------------------------------------------------------------- telling

    async def _tell(
        self, stream: str, about: str, timezone: str, found: Sequence[Finding], now: datetime, until: datetime
    ) -> None:
        """Write down what is news about one rota or ladder; whoever looks first writes, the others find it told."""
        while True:
            recorded = await self._store.read(stream)
            told = _last(recorded)
            fresh = news(told, found, now, timezone)
            if not fresh and not worth_keeping(told, found, now):
                return
            at = when_to_tell(now, fresh.found, timezone)
            entry = self._entry(stream, len(recorded), about, fresh, now, until, at)
            try:
                written = await self._store.append(entry)
            except Conflict:
                continue
            await self._bus.ring(written)
            return

    def _entry(  # noqa: PLR0917 - one row of the ledger
        self, stream: str, version: int, about: str, fresh: News, now: datetime, until: datetime, at: datetime
    ) -> Entry:
        people = self._told_people() if fresh else ()
        red = any(one.red for one in fresh.found) or any(one.red for one in fresh.mended)
        fact = CoverageChanged(
            about,
            until,
            fresh.lacks,
            tuple(one.sentence() for one in fresh.found),
            tuple(one.told for one in fresh.mended),
            red,
            tuple(person.id for person in people),
        )
        effects = tuple(
            Effect(
                f"{stream}:{version + 1}:{ANNOUNCE_COVERAGE}:{person.id}/{method.value}",
                stream,
                ANNOUNCE_COVERAGE,
                f"{version + 1}/{person.id}/{method.value}",
                at,
                _PRIORITY,
            )
            for person in people
            for method in _by(person, red)
        )
        level = logging.WARNING if red else logging.INFO
        log.log(level, "coverage of %s changed: %s", about, " ".join((*fact.news, *fact.mended)))
        return Entry(stream, version, (fact,), now, "coverage", effects=effects)

    def _told_people(self) -> Sequence[Person]:
        return self._directory.with_role(Role.SUPERVISOR) or self._directory.with_role(Role.CLINICAL_LEAD)


def _last(recorded: Sequence[Recorded]) -> Told:
    """Return what was written down last."""
    facts = (one.fact for one in reversed(recorded) if isinstance(one.fact, CoverageChanged))
    last = next(facts, None)
    return Told(last.lacks, last.until) if last else NEVER_TOLD


def _by(person: Person, red: bool) -> Iterable[Method]:
    """Return by what somebody is told: red by text as well, the rest in their mailbox only."""
    methods = [reach.method for reach in person.reach]
    if red and Method.SMS in methods:
        yield Method.SMS
    if Method.EMAIL in methods:
        yield Method.EMAIL


def address_of(person: Person, method: Method) -> str | None:
    """Return where somebody is written to by that means."""
    return next((reach.address for reach in person.reach if reach.method is method), None)
