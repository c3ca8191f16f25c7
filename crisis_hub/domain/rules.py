"""The rulebook and the judge: which rules hold for a case, and why.

Everything that can raise a risk or page somebody is a `Reading`: the rules of the files, the levels of the
instruments, and the floor, which is code. One judge reads them all alike.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Saw
from crisis_hub.domain.floor import BARE_INSTRUMENTS, FLOOR
from crisis_hub.domain.instrument import (
    REFUSED,
    UNKNOWN,
    Instrument,
    Level,
    Score,
    bindings,
    reached,
    score,
    spoken,
    values_of,
)
from crisis_hub.domain.paperwork import Form, Jurisdiction
from crisis_hub.domain.queue import Waits
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.script import Script
from crisis_hub.domain.speaking import at_second_hand
from crisis_hub.domain.triage import NO_WORDS, Lexicon
from crisis_hub.domain.truth import Traced, Truth, Value, Verdict

_MOST_JUDGED = 256
_MOST_SCORED = 4096


@dataclass(frozen=True, slots=True)
class _Scored:
    """One instrument's answers, read once: what conditions see of them, the score, and its levels as readings."""

    values: Mapping[str, Value]
    score: Score
    levels: tuple[Judgement, ...]


@dataclass(slots=True)
class _Remembering:
    """A reading, and what it said of the values that it looked at before."""

    reading: Reading
    names: tuple[str, ...]
    said: dict[Hashable, Judgement] = field(default_factory=dict)

    def judge(self, values: Mapping[str, Value]) -> Judgement:
        """Judge the reading; one answer more changes what few readings look at, and the others need not look again."""
        key = tuple([values.get(name) for name in self.names])
        try:
            known = self.said.get(key)
        except TypeError:  # a list, which cannot be a key; the conditions remember what they found in it
            return Judgement(self.reading, self.reading.when.judge(values))
        if known is None:
            if len(self.said) >= _MOST_JUDGED:
                self.said.clear()
            known = self.said[key] = Judgement(self.reading, self.reading.when.judge(values))
        return known


@dataclass(slots=True)
class _Memory:
    """What was judged and scored before: the same for ever, and most cases look alike to a condition."""

    judged: dict[Hashable, tuple[Judgement, ...]] = field(default_factory=dict)
    scored: dict[Hashable, _Scored] = field(default_factory=dict)
    readings: dict[str, _Remembering] = field(default_factory=dict)
    whole: dict[str, Instrument] = field(default_factory=dict)

    def judge(self, reading: Reading, values: Mapping[str, Value]) -> Judgement:
        """Judge a reading of this rulebook."""
        known = self.readings.get(reading.id)
        if known is None:
            known = self.readings[reading.id] = _Remembering(reading, tuple(sorted(reading.when.names())))
        return known.judge(values)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that clinicians wrote, as one version; `problems` names the files that were refused."""

    version: str
    rules: tuple[Reading, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    scripts: Mapping[str, Script] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    jurisdiction: Jurisdiction | None = None
    lexicon: Lexicon = NO_WORDS
    waits: Waits = field(default_factory=Waits)
    problems: tuple[str, ...] = ()
    sign_off: str = "none"
    memory: _Memory = field(default_factory=_Memory, init=False, repr=False, compare=False)

    def instrument(self, id: str) -> Instrument | None:
        """Return the instrument of that id; what the floor reads is there whatever the files leave out."""
        known = self.memory.whole.get(id)
        if known is None and (known := self._whole(id)) is not None:
            self.memory.whole[id] = known
        return known

    def _whole(self, id: str) -> Instrument | None:
        written, bare = self.instruments.get(id), BARE_INSTRUMENTS.get(id)
        if written is None or bare is None:
            return written or bare
        left_out = tuple(replace(item, optional=True) for item in bare.items if written.item(item.id) is None)
        return replace(written, items=(*written.items, *left_out)) if left_out else written


EMPTY = Rulebook(version="empty")
"""No files at all: only the floor is left."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reading and how it was judged for a case."""

    reading: Reading
    verdict: Verdict
    holds: bool = field(init=False)
    """Whether it holds: only a plain yes does."""
    broken: tuple[Traced, ...] = field(init=False)
    """The conditions that could not be judged."""

    def __post_init__(self) -> None:
        """Work out once what is asked of every judgement, again and again."""
        object.__setattr__(self, "holds", self.verdict.truth is Truth.YES)
        object.__setattr__(self, "broken", tuple(self.verdict.broken()))

    def saw(self) -> tuple[Saw, ...]:
        """Return what each condition saw, its values as JSON."""
        return tuple(
            Saw(t.path, t.text, t.judged.truth.value, json.dumps(dict(t.judged.saw), default=list, ensure_ascii=False))
            for t in self.verdict.trace
        )


def judge(case: Case, rulebook: Rulebook) -> list[Judgement]:
    """Judge every reading for this case, each by itself: the floor, the levels of what was asked, then the rules."""
    seen, memory = _seen(case, rulebook), rulebook.memory.judged
    known = memory.get(seen)
    if known is None:
        if len(memory) >= _MOST_JUDGED:
            memory.clear()
        known = memory[seen] = tuple(_judge(case, rulebook))
    return [*known]


def _seen(case: Case, rulebook: Rulebook) -> Hashable:
    """Return everything that judging looks at; a text that comes changes none of it."""
    answers = [(id, *[(item, given.answer) for item, given in items.items()]) for id, items in case.answers.items()]
    return *_of_the_case(case).values(), *answers, at_second_hand(case, rulebook.instrument)


def _judge(case: Case, rulebook: Rulebook) -> Iterator[Judgement]:
    scored = _all_scored(case, rulebook)
    values = _values(case, scored)
    memory = rulebook.memory
    yield from (memory.judge(reading, values) for reading in FLOOR)
    for one in scored.values():
        yield from one.levels if isinstance(one, _Scored) else ()
    yield from (memory.judge(rule, values) for rule in rulebook.rules)


def scores(case: Case, rulebook: Rulebook) -> list[Score]:
    """Return what the answers to each instrument mean."""
    return [one.score for one in _all_scored(case, rulebook).values() if isinstance(one, _Scored)]


def score_of(case: Case, instrument: str, rulebook: Rulebook) -> Score | None:
    """Return what the answers to one instrument mean, or nothing when its file is gone or nothing was asked."""
    one = _all_scored(case, rulebook).get(instrument)
    return one.score if isinstance(one, _Scored) else None


def facts_of(case: Case, rulebook: Rulebook) -> dict[str, Value]:
    """Return what conditions may look at, under dotted names; what nobody answered is not there."""
    return _values(case, _all_scored(case, rulebook))


def _of_the_case(case: Case) -> dict[str, str | int | bool]:
    return {
        "case.channel": case.channel.value,
        "case.language": case.language,
        "case.risk": case.risk.value,
        "case.contacts": len(case.conversation.contacts),
        "case.contacts_within_a_day": case.contacts_within_a_day,
        "case.texting_stopped": case.conversation.texting_stopped,
        "case.over": case.over,
        "case.ended_abruptly": case.ended_abruptly,
    }


def _values(case: Case, scored: Mapping[str, _Scored | Mapping[str, Value]]) -> dict[str, Value]:
    values: dict[str, Value] = {**_of_the_case(case)}
    for one in scored.values():
        values.update(one.values if isinstance(one, _Scored) else one)
    values["known"] = sorted(values)
    return values


def _all_scored(case: Case, rulebook: Rulebook) -> dict[str, _Scored | Mapping[str, Value]]:
    """Read each instrument's answers; where its file is gone they stay bare, and keep their meaning for the floor."""
    person = _facts_of_the_person(case, rulebook)
    second_hand = at_second_hand(case, rulebook.instrument)
    return {id: _scored(case, id, person, rulebook, id in second_hand) for id in case.answers}


def _facts_of_the_person(case: Case, rulebook: Rulebook) -> dict[str, str]:
    """Return age, sex and the like as they were answered to any instrument: whoever said it once is not asked again."""
    found: dict[str, str] = {}
    for id, given in case.answers.items():
        instrument = rulebook.instrument(id)
        for item in instrument.of_the_person if instrument else ():
            answer = given.get(item.id)
            if answer is not None and answer.answer not in (UNKNOWN, REFUSED):
                found[item.person] = answer.answer
    return found


def answers_to(case: Case, instrument: Instrument, rulebook: Rulebook) -> dict[str, str]:
    """Return the answers to an instrument, with what is known of the person from elsewhere."""
    return _with_person(case, instrument, _facts_of_the_person(case, rulebook))


def _with_person(case: Case, instrument: Instrument, person: Mapping[str, str]) -> dict[str, str]:
    answers = case.plain_answers(instrument.id)
    for item in instrument.of_the_person if person else ():
        if answers.get(item.id, UNKNOWN) == UNKNOWN and item.person in person:
            answers[item.id] = person[item.person]
    return answers


def _scored(
    case: Case, id: str, person: Mapping[str, str], rulebook: Rulebook, second_hand: bool
) -> _Scored | Mapping[str, Value]:
    instrument = rulebook.instrument(id)
    if instrument is None:
        return {f"{id}.{item}": a for item, a in case.plain_answers(id).items() if a != UNKNOWN}
    answers = _with_person(case, instrument, person)
    key = (id, case.over, second_hand, *answers.items())
    memory = rulebook.memory.scored
    known = memory.get(key)
    if known is None:
        if len(memory) >= _MOST_SCORED:
            memory.clear()
        known = memory[key] = _score_anew(instrument, answers, case.over, second_hand)
    return known


def _score_anew(instrument: Instrument, answers: Mapping[str, str], over: bool, second_hand: bool) -> _Scored:
    result = score(instrument, answers, over=over, second_hand=second_hand)
    here = reached(instrument, answers, over=over, second_hand=second_hand)
    levels = tuple(_levels(instrument, answers, over, here))
    return _Scored(dict(_seen_of(instrument, answers, result)), result, levels)


def _seen_of(instrument: Instrument, answers: Mapping[str, str], result: Score) -> Iterator[tuple[str, Value]]:
    for item, value in bindings(instrument, answers).items():
        yield f"{instrument.id}.{item}", value
    yield f"{instrument.id}.complete", result.complete
    yield f"{instrument.id}.flags", list(result.flags)
    if result.band is not None:
        yield f"{instrument.id}.band", result.band
    if result.total is not None:
        yield f"{instrument.id}.total", result.total
    if result.risk is not Risk.NOT_ASSESSED:
        yield f"{instrument.id}.risk", result.risk.value


def _levels(instrument: Instrument, answers: Mapping[str, str], over: bool, here: Level | None) -> Iterator[Judgement]:
    """Give each level as a reading that holds when it is the one reached, so that it fires and explains itself."""
    values = values_of(instrument, answers, over=over)
    for level in instrument.levels:
        reading = Reading(
            f"{instrument.id}#{level.band}",
            instrument.version,
            level.when,
            (RaiseRisk(level.risk),),
            spoken(level.words, "en") or f"{instrument.title}: {level.band.replace('_', ' ')}",
            instrument.title,
        )
        trace = level.when.judge(values).trace
        yield Judgement(reading, Verdict(Truth.YES if level is here else Truth.NO, trace))
    for flag in instrument.flags:
        reading = Reading(
            f"{instrument.id}#{flag.id}",
            instrument.version,
            flag.when,
            (RaiseRisk(flag.risk),),
            spoken(flag.words, "en") or f"{instrument.title}: {flag.id.replace('_', ' ')}",
            instrument.title,
        )
        yield Judgement(reading, flag.when.judge(values))
