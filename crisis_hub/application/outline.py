"""The script as a list: its parts, what was answered in each, what else could be asked, and what it weighed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crisis_hub.domain.case import Case
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES, Item, spoken
from crisis_hub.domain.risk import Risk, at_least, worst
from crisis_hub.domain.rules import Rulebook, judge
from crisis_hub.domain.script import BESIDES, Ask, Place, Script, Section, Talk, is_open
from crisis_hub.domain.truth import Truth

LABELS: Mapping[str, Mapping[str, str]] = {
    YES: {"en": "Yes", "es": "Sí"},
    NO: {"en": "No", "es": "No"},
    REFUSED: {"en": "Does not want to say", "es": "No quiere decirlo"},
    UNKNOWN: {"en": "No answer yet, move on", "es": "Sin respuesta todavía, seguir"},
}
_NOT_KNOWN = {"en": "Not known", "es": "No se sabe"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline; `state` is answered, open, now, or closed for what the answers do not call for."""

    instrument: str
    item: str
    concept: str
    answer: str | None
    answer_label: str | None
    state: str
    risk: Risk | None
    worded: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the outline; `others` are questions that nothing calls for, which can be asked all the same."""

    id: str
    title: str
    say: list[str]
    help: str | None
    items: list[Line]
    about: str | None
    listen: str | None
    calm: str | None
    may_skip: str | None
    skipped: bool
    opened: bool
    urgent: bool
    others: list[Line]


@dataclass(frozen=True, slots=True)
class View:
    """What every line is drawn with: where the talk stands, in which languages, and what each answer weighed."""

    walk: Sequence[Place]
    now: Place | None
    talk: Talk
    language: str
    reader: str
    weights: Mapping[Ask, Risk]


def parts(script: Script, view: View) -> list[Part]:
    """Return the parts of the outline, with the one for what is asked besides where something stands in it."""
    sections = list(script.sections)
    if not any(section.id == BESIDES for section in sections):
        sections += list({id(p.section): p.section for p in view.walk if p.section.id == BESIDES}.values())
    return [part for part in (_part(section, view) for section in sections) if _speaks(part)]


def line(place: Place, view: View) -> Line:
    """Return one item as a line."""
    state = "answered" if place.answer is not None else "open" if place.wanted else "closed"
    if view.now is not None and place.ask == view.now.ask:
        state = "now"
    return Line(
        place.ask.instrument,
        place.ask.item,
        spoken(place.item.concept, view.reader),
        place.answer,
        label_of(place.item, place.answer, view.reader),
        state,
        view.weights.get(place.ask),
        place.instrument.worded,
    )


def weights_of(case: Case, rulebook: Rulebook) -> dict[Ask, Risk]:
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


def once(walk: Iterable[Place]) -> list[Place]:
    """Keep the first place of each item; two sections may ask the same."""
    kept: dict[Ask, Place] = {}
    for place in walk:
        kept.setdefault(place.ask, place)
    return list(kept.values())


def label_of(item: Item, answer: str | None, language: str = "en") -> str | None:
    """Return an answer in the words of the item's options."""
    if answer is None:
        return None
    option = next((o for o in item.options if o.code == answer), None)
    if option is not None:
        return spoken(option.labels, language)
    if answer == UNKNOWN:
        return spoken(_NOT_KNOWN, language)
    return spoken(LABELS[answer], language) if answer in LABELS else answer


def _said_here(place: Place, view: View) -> bool:
    """Say whether this was answered itself; a fact of the person that was told elsewhere is shown there."""
    return place.item.id in view.talk.begun.get(place.ask.instrument, {})


def _speaks(part: Part) -> bool:
    """Say whether a part has anything to show; one whose words are not installed, or that nobody needs, has nothing."""
    return bool(part.items or part.others or part.say or part.listen)


def _part(section: Section, view: View) -> Part:
    here = [place for place in view.walk if place.section.id == section.id]
    elsewhere = {place.ask for place in view.walk if place.wanted and place.section.id != section.id}
    shown = [place for place in here if place.wanted or (_said_here(place, view) and place.ask not in elsewhere)]
    values = view.talk.values
    return Part(
        section.id,
        spoken(section.title, view.reader),
        [spoken(saying.words, view.language) for saying in section.say if saying.fits(values)],
        spoken(section.help, view.reader) or None,
        [line(place, view) for place in shown],
        spoken(section.about, view.reader) or None,
        spoken(section.listen, view.reader) or None,
        spoken(section.calm, view.reader) or None,
        spoken(section.may_skip, view.reader) or None,
        section.id in view.talk.skipped,
        any(place.wanted for place in here) or is_open(section, values),
        section.urgent,
        [line(place, view) for place in here if place not in shown and place.instrument.worded],
    )
