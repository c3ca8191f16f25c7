"""Promises (a), (b) and (f): what one changed answer may never take away.

Each reading is walked alone first. Where one alone loses something, it is walked together with the readings that the
real judge names as making up for it, until nothing is lost any more or the real judge confirms that something is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from crisis_hub.domain.proof.judging import CannotWalk
from crisis_hub.domain.proof.oracle import (
    Effect,
    Outcome,
    Situation,
    care_of,
    effect_words,
    effects_of,
    outcome_of,
)
from crisis_hub.domain.proof.outcomes import Step
from crisis_hub.domain.proof.readings import all_readings, givers, raisers
from crisis_hub.domain.proof.report import Finding, not_proved
from crisis_hub.domain.proof.space import Mask, TooLarge
from crisis_hub.domain.proof.world import RISK, Workshop, World
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.risk import Risk

Progress = Callable[[str], None]

_MOST_ROUNDS = 24
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Where:
    """A change of which something is promised: of which kind, at which item of which instrument."""

    kind: str
    instrument: str
    item: str
    over: bool

    @property
    def name(self) -> str:
        """Return the item's full name."""
        return self.item if self.instrument == RISK else f"{self.instrument}.{self.item}"


@dataclass(frozen=True, slots=True)
class Trial:
    """One changed answer around which care may be lost: the cases before it, one for each reply, and after it."""

    before: tuple[Situation, ...]
    after: Situation
    instrument: str
    item: str


@dataclass(slots=True)
class Steadiness:
    """Walks every reading of a rulebook over every change of one answer."""

    shop: Workshop
    say: Progress = lambda line: None
    readings: tuple[Reading, ...] = field(init=False)
    findings: list[Finding] = field(init=False, default_factory=list)
    _suspects: dict[Where, dict[str, set[str]]] = field(init=False, default_factory=dict)
    _replies: dict[Where, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.readings = all_readings(self.shop.book)

    def walk(self) -> list[Finding]:
        """Return everything that is found against the three promises."""
        for over in (False, True):
            for number, reading in enumerate(self.readings, start=1):
                self.say(f"readings {number}/{len(self.readings)}{', talk over' if over else ''}")
                self._walk_alone(reading, over=over)
        for where, readings in self._suspects.items():
            self._try_together(where, readings)
        return self.findings

    def _walk_alone(self, reading: Reading, *, over: bool) -> None:
        try:
            world = World((reading,), self.shop, over)
        except (TooLarge, CannotWalk) as problem:
            self._open(reading.id, str(problem))
            return
        held, kept = world.fires(reading), world.keeps(reading)
        if broken := world.breaks(reading):
            self._tell_broken(world, reading, broken)
        for name, step in world.steps():
            if step.move.kind == "f" and over:
                continue
            where = Where(step.move.kind, name, step.item, over)
            for reply, alone in _one_by_one(step):
                self._replies.setdefault(where, set()).add(reply)
                if world.lost(held, kept, name, alone):
                    self._suspects.setdefault(where, {}).setdefault(reading.id, set()).add(reply)

    def _try_together(self, where: Where, readings: dict[str, set[str]]) -> None:
        """Look for care that is really lost; one case for each item and reading is enough."""
        known = {reading.id: reading for reading in self.readings}
        effects: dict[Effect, list[Reading]] = {}
        for id in readings:
            for effect in care_of(known[id]):
                effects.setdefault(effect, []).append(known[id])
        told: set[str] = set()
        for effect, suspects in effects.items():
            failing = set[str]().union(*(readings[reading.id] for reading in suspects))
            if where.kind == "b" and self._replies[where] - failing:
                continue  # of several replies without an order, one is never better than saying nothing
            fresh = [reading for reading in suspects if reading.id not in told]
            found = self._search(where, effect, suspects) if fresh else None
            if found is not None:
                told.update(reading.id for reading in suspects)
                self._add(found)

    def _search(self, where: Where, effect: Effect, suspects: list[Reading]) -> Finding | None:
        together = list(suspects)
        names = ", ".join(reading.id for reading in suspects)
        for _ in range(_MOST_ROUNDS):
            try:
                world = World(tuple(together), self.shop, where.over)
            except (TooLarge, CannotWalk) as problem:
                return not_proved(where.kind, names, str(problem))
            trials = list(self._trials(world, together, where, effect))
            if not trials:
                return None
            more: list[Reading] = []
            for trial in trials:
                if self._loses(trial, effect):
                    return self._told(where, effect, self._shrunk(trial, effect), names)
                outcome = outcome_of(trial.after, self.shop.book)
                risk = Risk(str(trial.after.about.get(RISK) or Risk.NOT_ASSESSED.value))
                behind = (*givers(outcome, effect, self.readings), *raisers(outcome, risk, self.readings))
                more += [reading for reading in behind if reading not in together]
            if not more:
                return not_proved(
                    where.kind,
                    names,
                    f"{where.name} seems to take away {effect_words(effect)}, "
                    f"but the judge does not confirm it, for instance at {trials[0].after.words()}",
                )
            together += dict.fromkeys(more)
        return not_proved(where.kind, names, f"too many rules make up for each other at {where.name}")

    def _trials(self, world: World, together: list[Reading], where: Where, effect: Effect) -> Iterator[Trial]:
        """Return the smallest cases around which nothing that is walked keeps the care."""
        held = kept = 0
        for reading in together:
            gives = effect in effects_of(reading)
            held |= world.fires(reading) if gives else 0
            kept |= world.keeps(reading) if gives else 0
        found: list[Trial] = []
        for name, step in world.steps():
            same = (step.move.kind, name, step.item) == (where.kind, where.instrument, where.item)
            if same and (lost := world.lost(held, kept, name, step)):
                found += _cases(world, name, step, lost)
        yield from sorted(found, key=_size)[:_MOST_TRIED]

    def _loses(self, trial: Trial, effect: Effect) -> bool:
        book = self.shop.book
        held = all(outcome_of(before, book).has(effect) for before in trial.before)
        return held and not outcome_of(trial.after, book).keeps(effect)

    def _shrunk(self, trial: Trial, effect: Effect) -> Trial:
        """Leave out every answer and fact without which the care is still lost."""
        smaller = True
        while smaller:
            smaller = False
            for candidate in _without_one(trial):
                if self._loses(candidate, effect):
                    trial, smaller = candidate, True
                    break
        return trial

    def _told(self, where: Where, effect: Effect, trial: Trial, names: str) -> Finding:
        book = self.shop.book
        befores = [outcome_of(before, book) for before in trial.before]
        before, after = befores[0], outcome_of(trial.after, book)
        return Finding(
            promise=where.kind,
            sentence=_sentence(where, effect, trial),
            rule=_behind(befores, effect, names),
            example=trial.before[0].words(),
            before=before.words(),
            after=f"{trial.after.words()}: {after.words()}",
        )

    def _tell_broken(self, world: World, reading: Reading, broken: Mask) -> None:
        values = next(world.smallest(broken))
        case = Situation(world.answers(values), world.about(values), world.over)
        if reading.id in outcome_of(case, self.shop.book).broken:
            said = "The rule cannot be judged in this case, so a supervisor would be called each time."
            self._add(Finding("c", said, reading.id, case.words()))

    def _open(self, rule: str, why: str) -> None:
        for promise in ("a", "b", "f"):
            self._add(not_proved(promise, rule, why))

    def _add(self, finding: Finding) -> None:
        known = {(one.promise, one.rule, one.sentence) for one in self.findings}
        if (finding.promise, finding.rule, finding.sentence) not in known:
            self.findings.append(finding)


def _one_by_one(step: Step) -> Iterator[tuple[str, Step]]:
    """Return a step from each single reply before it."""
    for reply, outcome in zip(step.move.before, step.before, strict=True):
        yield reply, replace(step, before=(outcome,))


def _cases(world: World, name: str, step: Step, lost: Mask) -> Iterator[Trial]:
    """Return the smallest cases of one step."""
    for values in world.smallest(lost, free=name):
        answers, about = world.answers(values), world.about(values)
        if name == RISK:
            cases = [
                Situation(answers, {**about, RISK: risk}, world.over) for risk in (*step.move.before, step.move.after)
            ]
            yield Trial(tuple(cases[:-1]), cases[-1], name, RISK)
            continue
        for change in world.outcomes[name].changes(step):
            around = [change.before(reply) for reply in (*step.move.before, step.move.after)]
            cases = [Situation(_with(answers, name, said), about, world.over) for said in around]
            yield Trial(tuple(cases[:-1]), cases[-1], name, step.item)
            break


def _with(answers: dict[str, dict[str, str]], instrument: str, said: dict[str, str]) -> dict[str, dict[str, str]]:
    found = {**answers, instrument: said}
    return {id: given for id, given in found.items() if given}


def _size(trial: Trial) -> int:
    answers = sum(len(given) for given in trial.before[0].answers.values())
    return answers * 10 + sum(value not in (None, False, "not_assessed") for value in trial.after.about.values())


def _without_one(trial: Trial) -> Iterator[Trial]:
    """Return the trial without one of the answers that stay the same, and without one fact of the case."""
    for id, given in trial.after.answers.items():
        for item in given:
            if (id, item) != (trial.instrument, trial.item):
                yield replace(
                    trial,
                    before=tuple(_drop(case, id, item) for case in trial.before),
                    after=_drop(trial.after, id, item),
                )
    for name, value in trial.after.about.items():
        if value is not None and name not in ("case.over", trial.item):
            yield replace(
                trial, before=tuple(_forget(case, name) for case in trial.before), after=_forget(trial.after, name)
            )


def _drop(case: Situation, id: str, item: str) -> Situation:
    answers = {
        one: {key: said for key, said in given.items() if (one, key) != (id, item)}
        for one, given in case.answers.items()
    }
    return replace(case, answers={one: given for one, given in answers.items() if given})


def _forget(case: Situation, name: str) -> Situation:
    return replace(case, about={key: value for key, value in case.about.items() if key != name})


def _behind(outcomes: list[Outcome], effect: Effect, names: str) -> str:
    """Return the rules that gave the care before it was lost, or what was walked when none of a file did."""
    gave = [r.id for r in outcomes[0].readings if effect in effects_of(r)]
    return ", ".join(gave) or names


def _sentence(where: Where, effect: Effect, trial: Trial) -> str:
    said = trial.after.answers.get(where.instrument, {}).get(trial.item, "not asked")
    after = trial.after.about.get(RISK, said) if where.instrument == RISK else said
    lost = effect_words(effect)
    if where.kind == "a":
        return f"When {where.name} gets worse and becomes {after}, {lost} is lost."
    if where.kind == "b":
        return f"When {where.name} is {after}, {lost} is lost, though every real answer calls for it."
    return f"When {where.name} is answered with {after} after the rest, {lost} is lost, so the order matters."
