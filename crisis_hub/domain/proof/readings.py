"""Everything that gives care, as readings of one form: the floor, the rules, and what the instruments read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crisis_hub.domain.floor import BARE_INSTRUMENTS, FLOOR
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.proof.oracle import Effect, Outcome
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk, at_least, is_worse
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.truth import Clause, Judged, Truth, Value

LEVELS = (Risk.IMMINENT, Risk.HIGH, Risk.MODERATE, Risk.LOW, Risk.NONE)


@dataclass(frozen=True, slots=True)
class Reads:
    """Holds when an instrument reads at least this risk; while it reads none at all, that is unknown."""

    instrument: str
    risk: Risk

    @property
    def text(self) -> str:
        """Return the condition as a line."""
        return f"{self.instrument} reads at least {self.risk.value}"

    @property
    def names(self) -> frozenset[str]:
        """Return the one fact that it looks at."""
        return frozenset({f"{self.instrument}.risk"})

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        """Judge the risk that the instrument reads."""
        said = facts.get(f"{self.instrument}.risk")
        if said is None:
            return Judged(Truth.UNKNOWN)
        return Judged(Truth.YES if at_least(Risk(str(said)), self.risk) else Truth.NO)


def instruments_of(book: Rulebook) -> Iterator[Instrument]:
    """Return every instrument that can be answered, with those of the floor."""
    for id in dict.fromkeys([*book.instruments, *BARE_INSTRUMENTS]):
        instrument = book.instrument(id)
        if instrument is not None and instrument.items:
            yield instrument


def reads(instrument: str, risk: Risk) -> Reading:
    """Return an instrument's reaching a risk as a reading."""
    when = Clause("all", (Reads(instrument, risk),))
    return Reading(f"{instrument}#{risk.value}", "", when, (RaiseRisk(risk),), "", "")


def all_readings(book: Rulebook) -> tuple[Reading, ...]:
    """Return the floor, the rules, and for each instrument each risk that it can read."""
    found = [*FLOOR, *book.rules]
    for instrument in instruments_of(book):
        told = {level.risk for level in instrument.levels} | {flag.risk for flag in instrument.flags}
        found += [reads(instrument.id, risk) for risk in LEVELS if any(at_least(one, risk) for one in told)]
    return tuple(found)


def raisers(outcome: Outcome, above: Risk, known: tuple[Reading, ...]) -> list[Reading]:
    """Return the readings that raised the risk of a case above this, in the form in which they are walked."""
    return givers(outcome, outcome.risk, known) if is_worse(outcome.risk, above) else []


def givers(outcome: Outcome, effect: Effect, known: tuple[Reading, ...]) -> list[Reading]:
    """Return the readings that gave this care in a case, in the form in which they are walked."""
    by_id = {reading.id: reading for reading in known}
    found: list[Reading] = []
    for reading in outcome.readings:
        gives = at_least(reading.risk, effect) if isinstance(effect, Risk) else effect in reading.then
        if gives and reading.id in by_id:
            found.append(by_id[reading.id])
        elif gives and isinstance(effect, Risk) and "#" in reading.id:
            walked = by_id.get(f"{reading.id.partition('#')[0]}#{effect.value}")
            found += [walked] if walked is not None else []
    return found
