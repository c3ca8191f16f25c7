"""The rulebook: everything that clinicians wrote, as one version, and what was judged by it before."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Saw
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.instrument import Instrument, Score
from crisis_hub.domain.paperwork import Form, Jurisdiction
from crisis_hub.domain.queue import Waits
from crisis_hub.domain.reading import Reading
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.script import Script
from crisis_hub.domain.triage import NO_WORDS, Lexicon
from crisis_hub.domain.truth import Traced, Truth, Value, Verdict

MOST_JUDGED = 256
MOST_SCORED = 4096


@dataclass(frozen=True, slots=True)
class Scored:
    """One instrument's answers, read once: what conditions see of them, the score, and its levels as readings."""

    values: Mapping[str, Value]
    score: Score
    levels: tuple[Judgement, ...]


@dataclass(slots=True)
class Remembering:
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
            if len(self.said) >= MOST_JUDGED:
                self.said.clear()
            known = self.said[key] = Judgement(self.reading, self.reading.when.judge(values))
        return known


@dataclass(slots=True)
class Memory:
    """What was judged and scored before: the same for ever, and most cases look alike to a condition."""

    judged: dict[Hashable, tuple[Judgement, ...]] = field(default_factory=dict)
    scored: dict[Hashable, Scored] = field(default_factory=dict)
    readings: dict[str, Remembering] = field(default_factory=dict)
    whole: dict[str, Instrument] = field(default_factory=dict)

    def judge(self, reading: Reading, values: Mapping[str, Value]) -> Judgement:
        """Judge a reading of this rulebook."""
        known = self.readings.get(reading.id)
        if known is None:
            known = self.readings[reading.id] = Remembering(reading, tuple(sorted(reading.when.names())))
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
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

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
