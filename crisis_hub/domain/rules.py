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
from crisis_hub.domain.instrument import UNKNOWN, Instrument, Score, bindings, reached, score, spoken
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.script import Script
from crisis_hub.domain.truth import Truth, Value, Verdict

_MOST_JUDGED = 256


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
    problems: tuple[str, ...] = ()
    sign_off: str = "none"
    judged: dict[Hashable, tuple[Judgement, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `judge` said of what it saw before: the same for ever, and most cases look alike to a condition."""

    def instrument(self, id: str) -> Instrument | None:
        """Return the instrument of that id; what the floor reads is there whatever the files leave out."""
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

    @property
    def holds(self) -> bool:
        """Say whether it holds: only a plain yes does."""
        return self.verdict.truth is Truth.YES

    def saw(self) -> tuple[Saw, ...]:
        """Return what each condition saw, its values as JSON."""
        return tuple(
            Saw(t.path, t.text, t.judged.truth.value, json.dumps(dict(t.judged.saw), default=list, ensure_ascii=False))
            for t in self.verdict.trace
        )


def judge(case: Case, rulebook: Rulebook) -> list[Judgement]:
    """Judge every reading for this case, each by itself: the floor, the levels of what was asked, then the rules."""
    seen = _seen(case)
    known = rulebook.judged.get(seen)
    if known is None:
        if len(rulebook.judged) >= _MOST_JUDGED:
            rulebook.judged.clear()
        known = rulebook.judged[seen] = tuple(_judge(case, rulebook))
    return [*known]


def _seen(case: Case) -> Hashable:
    """Return everything that judging looks at; a text that comes changes none of it."""
    talk = case.conversation
    answers = [(id, *[(item, given.answer) for item, given in items.items()]) for id, items in case.answers.items()]
    return case.channel, case.language, case.risk, len(talk.contacts), talk.texting_stopped, *answers


def _judge(case: Case, rulebook: Rulebook) -> list[Judgement]:
    values = facts_of(case, rulebook)
    judgements = [Judgement(reading, reading.when.judge(values)) for reading in FLOOR]
    for id in case.answers:
        instrument = rulebook.instrument(id)
        if instrument is not None:
            judgements.extend(_levels(instrument, case))
    judgements.extend(Judgement(rule, rule.when.judge(values)) for rule in rulebook.rules)
    return judgements


def scores(case: Case, rulebook: Rulebook) -> list[Score]:
    """Return what the answers to each instrument mean."""
    return [
        score(instrument, case.plain_answers(id), case.language)
        for id in case.answers
        if (instrument := rulebook.instrument(id)) is not None
    ]


def facts_of(case: Case, rulebook: Rulebook) -> dict[str, Value]:
    """Return what conditions may look at, under dotted names; what nobody answered is not there."""
    values: dict[str, Value] = {
        "case.channel": case.channel.value,
        "case.language": case.language,
        "case.risk": case.risk.value,
        "case.contacts": len(case.conversation.contacts),
        "case.texting_stopped": case.conversation.texting_stopped,
    }
    for id in case.answers:
        instrument = rulebook.instrument(id)
        answers = case.plain_answers(id)
        values.update(_scored(instrument, answers) if instrument else _bare(id, answers))
    values["known"] = sorted(values)
    return values


def _scored(instrument: Instrument, answers: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    for item, value in bindings(instrument, answers).items():
        yield f"{instrument.id}.{item}", value
    result = score(instrument, answers)
    yield f"{instrument.id}.complete", result.complete
    if result.band is not None:
        yield f"{instrument.id}.band", result.band
    if result.total is not None:
        yield f"{instrument.id}.total", result.total
    if result.risk is not Risk.NOT_ASSESSED:
        yield f"{instrument.id}.risk", result.risk.value


def _bare(instrument: str, answers: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    """Answers to an instrument whose file is gone keep their meaning for the floor."""
    return ((f"{instrument}.{item}", answer) for item, answer in answers.items() if answer != UNKNOWN)


def _levels(instrument: Instrument, case: Case) -> Iterator[Judgement]:
    """Give each level as a reading that holds when it is the one reached, so that it fires and explains itself."""
    answers = case.plain_answers(instrument.id)
    values = bindings(instrument, answers)
    here = reached(instrument, answers)
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
