"""What to say and ask next: the script laid over the answers, with what each answer would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crisis_hub.application.paging import Paging
from crisis_hub.application.ports import Clock
from crisis_hub.domain.case import Case
from crisis_hub.domain.decision import foresee
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES, Instrument, Item, spoken
from crisis_hub.domain.risk import Risk, at_least, worst
from crisis_hub.domain.rules import Rulebook, facts_of, judge, scores
from crisis_hub.domain.script import Ask, Place, Script, Section, missing, next_item, places
from crisis_hub.domain.truth import Truth
from crisis_hub.domain.vocabulary import CaseState

_LABELS: Mapping[str, Mapping[str, str]] = {
    YES: {"en": "Yes", "es": "Sí"},
    NO: {"en": "No", "es": "No"},
    REFUSED: {"en": "Does not want to say", "es": "No quiere decirlo"},
    UNKNOWN: {"en": "No answer yet, move on", "es": "Sin respuesta todavía, seguir"},
}
_HINTS: Mapping[str, Mapping[str, str]] = {
    REFUSED: {"en": "never counts as no", "es": "nunca cuenta como no"},
    UNKNOWN: {"en": "stays on the list", "es": "queda en la lista"},
}

_BARE_SCRIPT = Script(
    "built-in",
    "built in",
    {"en": "Built-in questions"},
    (
        Section(
            "now",
            {"en": "Right now"},
            asks=tuple(Ask(i.id, item.id) for i in BARE_INSTRUMENTS.values() for item in i.items),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an answer would do."""

    risk: Risk | None
    pages: list[str]
    asks: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given."""

    answer: str
    label: str
    hint: str | None
    quiet: bool
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Question:
    """One item with words to say."""

    instrument: str
    item: str
    concept: str
    say: str
    language: str
    other_languages: dict[str, str]
    why: str | None
    wording: str
    type: str
    options: list[Choice]
    answer: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline."""

    instrument: str
    item: str
    concept: str
    answer: str | None
    answer_label: str | None
    state: str
    risk: Risk | None


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the outline."""

    id: str
    title: str
    say: list[str]
    help: str | None
    items: list[Line]


@dataclass(frozen=True, slots=True)
class Guide:
    """Where the talk stands: the next question, the outline, what is still missing."""

    script: str
    title: str
    version: str
    sign_off: str
    language: str
    asked: int
    of: int
    next: Question | None
    questions: list[Question]
    outline: list[Part]
    missing: list[Line]
    flags: list[str]


class Guides:
    """Lays the script over a case."""

    def __init__(self, clock: Clock, rulebook: Callable[[], Rulebook], paging: Paging) -> None:
        self._clock = clock
        self._rulebook = rulebook
        self._paging = paging

    def guide(self, case: Case, wanted: str = "") -> Guide:
        """Return where the talk stands; `wanted` ("instrument.item") asks for that question instead of the next."""
        rulebook = self._rulebook()
        script = next(iter(rulebook.scripts.values()), _BARE_SCRIPT)
        instruments = {**BARE_INSTRUMENTS, **rulebook.instruments}
        answers = {id: case.plain_answers(id) for id in case.answers}
        walk = list(places(script, instruments, answers, facts_of(case, rulebook)))
        now = _chosen(walk, wanted) or next_item(walk)
        weights = _weights(case, rulebook)
        wanted_now = _once(place for place in walk if place.wanted)
        return Guide(
            script.id,
            spoken(script.title, "en"),
            script.version,
            rulebook.sign_off,
            case.language,
            sum(place.answer is not None for place in wanted_now),
            len(wanted_now),
            self._question(case, now) if now and case.state is not CaseState.CLOSED else None,
            [],
            [_part(section, walk, now, case.language, weights) for section in script.sections],
            [_line(place, now, weights) for place in _once(missing(walk))],
            sorted({flag for score in scores(case, rulebook) for flag in score.flags}),
        )

    def _question(self, case: Case, place: Place) -> Question:
        item, instrument = place.item, place.instrument
        words = item.say or item.concept
        language = case.language if case.language in words else "en"
        wording = instrument.wording if case.language in words else "missing"
        return Question(
            instrument.id,
            item.id,
            spoken(item.concept, "en"),
            spoken(words, language),
            language,
            {other: text for other, text in words.items() if other != language},
            spoken(item.why, "en") or None,
            wording,
            item.kind,
            self._choices(case, instrument, item),
            place.answer,
        )

    def _choices(self, case: Case, instrument: Instrument, item: Item) -> list[Choice]:
        spoken_options = [(option.code, spoken(option.labels, "en")) for option in item.options]
        if item.kind == "yes_no":
            spoken_options = [(NO, _LABELS[NO]["en"]), (YES, _LABELS[YES]["en"])]
        loud = [self._choice(case, instrument, item, code, label, quiet=False) for code, label in spoken_options]
        quiet = [
            self._choice(case, instrument, item, code, _LABELS[code]["en"], quiet=True) for code in (REFUSED, UNKNOWN)
        ]
        return [*loud, *quiet]

    def _choice(self, case: Case, instrument: Instrument, item: Item, code: str, label: str, *, quiet: bool) -> Choice:
        hint = _HINTS[code]["en"] if code in _HINTS else None
        return Choice(code, label, hint, quiet, self._outlook(case, instrument, item, code))

    def _outlook(self, case: Case, instrument: Instrument, item: Item, code: str) -> Outlook:
        seen = foresee(case, instrument.id, item.id, code, self._rulebook(), self._clock.now())
        paged: dict[str, None] = {}
        for begun in seen.ladders:
            for person in self._paging.resolve(begun.steps[0].targets):
                paged.setdefault(person.name)
        return Outlook(seen.risk, list(paged), None)


def _weights(case: Case, rulebook: Rulebook) -> dict[Ask, Risk]:
    """Return, for each answer that some reading stands on, the worst risk that it helped to raise."""
    weights: dict[Ask, Risk] = {}
    for judgement in judge(case, rulebook):
        if not judgement.holds or not at_least(judgement.reading.risk, Risk.LOW):
            continue
        instrument = judgement.reading.id.partition("#")[0]
        for traced in judgement.verdict.trace:
            if traced.judged.truth is not Truth.YES:
                continue
            for name, _ in traced.judged.saw:
                place, _, item = name.rpartition(".")
                ask = Ask(place or instrument, item)
                weights[ask] = worst([weights.get(ask, Risk.NOT_ASSESSED), judgement.reading.risk])
    return weights


def _once(walk: Iterable[Place]) -> list[Place]:
    """Keep the first place of each item; two sections may ask the same."""
    kept: dict[Ask, Place] = {}
    for place in walk:
        kept.setdefault(place.ask, place)
    return list(kept.values())


def _chosen(walk: list[Place], wanted: str) -> Place | None:
    return next((place for place in walk if f"{place.ask.instrument}.{place.ask.item}" == wanted), None)


def _part(section: Section, walk: list[Place], now: Place | None, language: str, weights: Mapping[Ask, Risk]) -> Part:
    lines = [_line(place, now, weights) for place in walk if place.section is section and _shown(place)]
    return Part(
        section.id,
        spoken(section.title, "en"),
        [spoken(words, language) for words in section.say],
        spoken(section.help, "en") or None,
        lines,
    )


def _shown(place: Place) -> bool:
    return place.wanted or place.answer is not None


def _line(place: Place, now: Place | None, weights: Mapping[Ask, Risk]) -> Line:
    state = "answered" if place.answer is not None else "open"
    if now is not None and place.ask == now.ask:
        state = "now"
    return Line(
        place.ask.instrument,
        place.ask.item,
        spoken(place.item.concept, "en"),
        place.answer,
        label_of(place.item, place.answer),
        state,
        weights.get(place.ask),
    )


def label_of(item: Item, answer: str | None) -> str | None:
    """Return an answer in the words of the item's options."""
    if answer is None:
        return None
    option = next((o for o in item.options if o.code == answer), None)
    if option is not None:
        return spoken(option.labels, "en")
    if answer == UNKNOWN:
        return "Not known"
    return _LABELS[answer]["en"] if answer in _LABELS else answer
