"""Promise (c): every rule and every level can come true, and no rule says only what others say anyway.

A rule is shadowed when in every case in which it holds, other rules of the files already give all its risk and all
its actions. The floor and the levels of instruments do not count: a rule may well repeat them, to say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.proof.axes import Seen, clauses
from crisis_hub.domain.proof.inside import Inside
from crisis_hub.domain.proof.judging import CannotWalk
from crisis_hub.domain.proof.oracle import Effect, Situation, effects_of, outcome_of
from crisis_hub.domain.proof.readings import instruments_of
from crisis_hub.domain.proof.report import Finding, not_proved
from crisis_hub.domain.proof.space import TooLarge
from crisis_hub.domain.proof.world import Workshop, World
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.risk import Risk, at_least

_MOST_ROUNDS = 24
_TRIED_EACH_SIZE = 2
_MOST_TRIED = 8


@dataclass(slots=True)
class Life:
    """Looks for what can never come true, and for what never adds anything."""

    shop: Workshop
    say: Callable[[str], None] = lambda line: None
    findings: list[Finding] = field(init=False, default_factory=list)

    def walk(self) -> list[Finding]:
        """Return everything that is found."""
        rules = self.shop.book.rules
        for number, rule in enumerate(rules, start=1):
            self.say(f"rules {number}/{len(rules)}")
            try:
                found = self._of_rule(rule)
            except (TooLarge, CannotWalk) as problem:
                found = not_proved("c", rule.id, str(problem))
            self.findings += [found] if found is not None else []
        for instrument in instruments_of(self.shop.book):
            self.findings += self._of_instrument(instrument)
        return self.findings

    def _of_rule(self, rule: Reading) -> Finding | None:
        firing = list(self._cases((rule,), rule, ()))
        if not firing:
            return Finding("c", "No answers and no facts of a case make this rule hold; it is dead.", rule.id)
        confirmed = [case for case in firing if self._holds(rule, case)]
        if not confirmed:
            why = f"it seems to hold at {firing[0].words()}, but the judge does not confirm it"
            return not_proved("c", rule.id, why)
        if not effects_of(rule):
            return Finding("c", "This rule gives no risk and no action.", rule.id, confirmed[0].words())
        return self._shadow(rule, confirmed)

    def _shadow(self, rule: Reading, cases: list[Situation]) -> Finding | None:
        """Add the rules that say as much, case by case, until a case is left that only this rule speaks to."""
        others: list[Reading] = []
        for _ in range(_MOST_ROUNDS):
            more: list[Reading] = []
            for case in cases:
                saying = self._others(rule, case)
                if not _all_said(rule, saying):
                    return None
                more += [other for other in saying if other not in others]
            if others and not more:
                return not_proved("c", rule.id, f"it seems to add something at {cases[0].words()}, but it does not")
            smallest = cases[0]
            others += dict.fromkeys(more)
            cases = [case for case in self._cases((rule, *others), rule, tuple(others)) if self._holds(rule, case)]
            if not cases:
                said = ", ".join(other.id for other in others)
                sentence = f"Wherever this rule holds, other rules already say all that it says: {said}."
                return Finding("c", sentence, rule.id, smallest.words())
        return not_proved("c", rule.id, "too many other rules say the same")

    def _cases(self, walked: tuple[Reading, ...], rule: Reading, others: tuple[Reading, ...]) -> Iterator[Situation]:
        """Return the smallest cases in which a rule holds and those others do not say all that it says."""
        for over in (False, True):
            world = World(walked, self.shop, over)
            held = world.fires(rule)
            if others:
                said = world.space.full
                for effect in _said_by(rule):
                    gives = 0
                    for other in others:
                        gives |= world.fires(other) if _says(other, effect) else 0
                    said &= gives
                held &= ~said
            for tried, values in enumerate(world.smallest(held, _TRIED_EACH_SIZE)):
                if tried == _MOST_TRIED:
                    break
                yield Situation(world.answers(values), world.about(values), over)

    def _holds(self, rule: Reading, case: Situation) -> bool:
        return any(reading.id == rule.id for reading in outcome_of(case, self.shop.book).readings)

    def _others(self, rule: Reading, case: Situation) -> list[Reading]:
        files = {other.id for other in self.shop.book.rules}
        holding = outcome_of(case, self.shop.book).readings
        others = (other for other in holding if other.id in files and other.id != rule.id)
        return [other for other in others if any(_says(other, effect) for effect in _said_by(rule))]

    def _of_instrument(self, instrument: Instrument) -> Iterator[Finding]:
        """Return the levels and flags that no answers reach, and the lines that cannot be judged."""
        try:
            found = [self._inside(instrument, over=over) for over in (False, True)]
        except (TooLarge, CannotWalk) as problem:
            yield not_proved("c", instrument.id, str(problem))
            return
        for number, level in enumerate(instrument.levels):
            if not any(inside.reached[number] for inside in found):
                yield Finding("c", f"No answers reach the level “{level.band}”; it is dead.", instrument.id)
        for flag in instrument.flags:
            if not any(inside.flags[flag.id] for inside in found):
                yield Finding("c", f"No answers raise the flag “{flag.id}”; it is dead.", instrument.id)
        yield from _broken(instrument, found[0])

    def _inside(self, instrument: Instrument, *, over: bool) -> Inside:
        return self.shop.inside(instrument, Seen(frozenset({"risk"})), over=over)


def _broken(instrument: Instrument, inside: Inside) -> Iterator[Finding]:
    for clause in clauses(instrument):
        if mask := inside.judge(clause).broken:
            answers = {instrument.id: inside.answers(inside.space.fewest(mask, inside.costs))}
            text = next(iter(clause.conditions())).text
            said = f"A line cannot be judged for some answers; the clause begins with {text}."
            yield Finding("c", said, instrument.id, Situation(answers, {}).words())


def _said_by(rule: Reading) -> tuple[Effect, ...]:
    """Return all its actions, and of its risk the worst alone: whoever gives that gives the lower ones too."""
    effects = effects_of(rule)
    risks = [effect for effect in effects if isinstance(effect, Risk)][:1]
    return (*risks, *(effect for effect in effects if not isinstance(effect, Risk)))


def _says(other: Reading, effect: Effect) -> bool:
    return at_least(other.risk, effect) if isinstance(effect, Risk) else effect in other.then


def _all_said(rule: Reading, others: list[Reading]) -> bool:
    return all(any(_says(other, effect) for other in others) for effect in _said_by(rule))
