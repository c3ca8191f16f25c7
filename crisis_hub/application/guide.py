"""What to say and ask next: the script laid over the answers, with what each answer would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crisis_hub.application.outline import LABELS, Line, Part, View, line, once, parts, weights_of
from crisis_hub.application.paging import Paging
from crisis_hub.application.ports import Clock
from crisis_hub.domain.case import Case
from crisis_hub.domain.decision import foresee
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES, Instrument, Item, must_be_asked, score, spoken
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook, answers_to, facts_of
from crisis_hub.domain.script import Ask, Place, Script, Section, Talk, missing, next_item, places
from crisis_hub.domain.speaking import at_second_hand
from crisis_hub.domain.vocabulary import CaseState, DutyKind

_HINTS: Mapping[str, Mapping[str, str]] = {
    REFUSED: {"en": "never counts as no", "es": "nunca cuenta como no"},
    UNKNOWN: {"en": "stays on the list", "es": "queda en la lista"},
}

_BARE_SCRIPT = Script(
    "built-in",
    "built in",
    {"en": "Built-in questions", "es": "Preguntas incluidas"},
    (
        Section(
            "now",
            {"en": "Right now", "es": "En este momento"},
            asks=tuple(Ask(i.id, item.id) for i in BARE_INSTRUMENTS.values() for item in i.items),
            urgent=True,
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
    """One item with words to say; `worded` is false when there are none, and only its label can be shown."""

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
    section: str
    instrument_title: str
    licence: str
    notice: str
    validated: bool
    worded: bool
    needs_words: bool
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers to one questionnaire mean so far, in words; `open` counts what must still be asked."""

    instrument: str
    title: str
    band: str | None
    words: str
    risk: Risk
    total: float | None
    complete: bool
    open: int
    second_hand: bool
    validated: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Where the talk stands: the next question, the outline, what is still missing.

    `waiting` says that questions are left which are not put forward while the risk is imminent or which were skipped.
    """

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
    validated: bool
    reader: str
    waiting: bool
    results: list[Result]


class Guides:
    """Lays the script over a case."""

    def __init__(self, clock: Clock, rulebook: Callable[[], Rulebook], paging: Paging) -> None:
        self._clock = clock
        self._rulebook = rulebook
        self._paging = paging

    def guide(self, case: Case, wanted: str = "", reader: str = "en") -> Guide:
        """Return where the talk stands; `wanted` ("instrument.item") asks for that question instead of the next.

        Words for the person are in the case's language, words for the responder in the `reader`'s.
        """
        rulebook = self._rulebook()
        script = next(iter(rulebook.scripts.values()), _BARE_SCRIPT)
        instruments = {**BARE_INSTRUMENTS, **rulebook.instruments}
        talk = talk_of(case, script, instruments, rulebook)
        walk = places(script, instruments, talk)
        imminent = case.risk is Risk.IMMINENT
        now = _chosen(walk, wanted) or next_item(walk, imminent=imminent)
        view = View(walk, now, talk, case.language, reader, weights_of(case, rulebook))
        wanted_now = once(place for place in walk if place.wanted)
        results = list(_results(case, instruments, talk, rulebook, reader))
        return Guide(
            script.id,
            spoken(script.title, reader),
            script.version,
            rulebook.sign_off,
            case.language,
            sum(place.answer is not None for place in wanted_now),
            len(wanted_now),
            self._question(case, now, reader) if now and case.state is not CaseState.CLOSED else None,
            [],
            parts(script, view),
            [line(place, view) for place in once(missing(walk))],
            sorted({flag for flags, _ in results for flag in flags}),
            script.validated,
            reader,
            now is None and any(place.answer is None for place in wanted_now),
            [result for _, result in results if result is not None],
        )

    def _question(self, case: Case, place: Place, reader: str) -> Question:
        item, instrument = place.item, place.instrument
        words = item.say if instrument.worded and item.say else item.concept
        language = case.language if case.language in words else "en"
        worded = instrument.worded and bool(item.say)
        found = worded and case.language in item.say
        return Question(
            instrument.id,
            item.id,
            spoken(item.concept, reader),
            spoken(words, language),
            language,
            {other: text for other, text in words.items() if other != language},
            spoken(item.why, reader) or None,
            ("own" if instrument.wording == "own" else "published") if found else "missing",
            item.kind,
            self._choices(case, instrument, item, reader),
            place.answer,
            place.section.id,
            instrument.title,
            instrument.licence,
            instrument.notice or instrument.source,
            instrument.validated,
            worded,
            item.needs_words,
            item.least,
            item.most,
        )

    def _choices(self, case: Case, instrument: Instrument, item: Item, reader: str) -> list[Choice]:
        offered = [(option.code, spoken(option.labels, reader)) for option in item.options]
        if item.kind == "yes_no":
            offered = [(code, spoken(LABELS[code], reader)) for code in (NO, YES)]
        loud = [Choice(c, label, None, False, self._outlook(case, instrument, item, c)) for c, label in offered]
        quiet = [
            Choice(
                code,
                spoken(LABELS[code], reader),
                spoken(_HINTS[code], reader),
                True,
                self._outlook(case, instrument, item, code),
            )
            for code in (REFUSED, UNKNOWN)
        ]
        return [*loud, *quiet]

    def _outlook(self, case: Case, instrument: Instrument, item: Item, code: str) -> Outlook:
        seen = foresee(case, instrument.id, item.id, code, self._rulebook(), self._clock.now())
        paged: dict[str, None] = {}
        for begun in seen.ladders:
            for person in self._paging.resolve(begun.steps[0].targets):
                paged.setdefault(person.name)
        return Outlook(seen.risk, list(paged), None)


def talk_of(case: Case, script: Script, instruments: Mapping[str, Instrument], rulebook: Rulebook) -> Talk:
    """Return what the script is laid over: answers, what is known of the person, what is owed or skipped."""
    owed = frozenset(duty.of for duty in case.duties if duty.open and duty.kind is DutyKind.ASK)
    asked = {ask.instrument for section in script.sections for ask in section.asks} | owed | set(case.answers)
    return Talk(
        {id: answers_to(case, instruments[id], rulebook) for id in asked if id in instruments},
        facts_of(case, rulebook),
        {id: case.plain_answers(id) for id in case.answers},
        owed,
        case.skipped,
        case.over,
    )


def _results(
    case: Case, instruments: Mapping[str, Instrument], talk: Talk, rulebook: Rulebook, reader: str
) -> Iterator[tuple[tuple[str, ...], Result | None]]:
    """Give the flags of each questionnaire that was begun, and what it means where it can mean something."""
    second_hand = at_second_hand(case, rulebook.instrument)
    for id in case.answers:
        instrument = instruments.get(id)
        if instrument is None:
            continue
        at_second = id in second_hand
        found = score(instrument, talk.answers[id], reader, over=case.over, second_hand=at_second)
        result = Result(
            id,
            instrument.title,
            found.band,
            found.words,
            found.risk,
            found.total,
            found.complete,
            _still_open(instrument, talk),
            at_second and instrument.can_calm,
            instrument.validated,
        )
        yield found.flags, result if instrument.levels else None


def _still_open(instrument: Instrument, talk: Talk) -> int:
    given = talk.answers[instrument.id]
    return sum(given.get(item.id, UNKNOWN) == UNKNOWN for item in must_be_asked(instrument, given, over=talk.over))


def _chosen(walk: Sequence[Place], wanted: str) -> Place | None:
    return next((place for place in walk if f"{place.ask.instrument}.{place.ask.item}" == wanted), None)
