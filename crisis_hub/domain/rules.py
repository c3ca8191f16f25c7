"""The judge: which rules hold for a case, and why.

Everything that can raise a risk or page somebody is a `Reading`: the rules of the files, the levels of the
instruments, and the floor, which is code. One judge reads them all alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from crisis_hub.domain.case import Case
from crisis_hub.domain.floor import FLOOR
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
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rulebook import EMPTY, MOST_JUDGED, MOST_SCORED, Judgement, Rulebook, Scored
from crisis_hub.domain.speaking import at_second_hand
from crisis_hub.domain.truth import Truth, Value, Verdict


def judge(case: Case, rulebook: Rulebook) -> list[Judgement]:
    """Judge every reading for this case, each by itself: the floor, the levels of what was asked, then the rules."""
    seen, memory = _seen(case, rulebook), rulebook.memory.judged
    known = memory.get(seen)
    if known is None:
        if len(memory) >= MOST_JUDGED:
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
        yield from one.levels if isinstance(one, Scored) else ()
    yield from (memory.judge(rule, values) for rule in rulebook.rules)


def scores(case: Case, rulebook: Rulebook) -> list[Score]:
    """Return what the answers to each instrument mean."""
    return [one.score for one in _all_scored(case, rulebook).values() if isinstance(one, Scored)]


def score_of(case: Case, instrument: str, rulebook: Rulebook) -> Score | None:
    """Return what the answers to one instrument mean, or nothing when its file is gone or nothing was asked."""
    one = _all_scored(case, rulebook).get(instrument)
    return one.score if isinstance(one, Scored) else None


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


def _values(case: Case, scored: Mapping[str, Scored | Mapping[str, Value]]) -> dict[str, Value]:
    values: dict[str, Value] = {**_of_the_case(case)}
    for one in scored.values():
        values.update(one.values if isinstance(one, Scored) else one)
    values["known"] = sorted(values)
    return values


def _all_scored(case: Case, rulebook: Rulebook) -> dict[str, Scored | Mapping[str, Value]]:
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
) -> Scored | Mapping[str, Value]:
    instrument = rulebook.instrument(id)
    if instrument is None:
        return {f"{id}.{item}": a for item, a in case.plain_answers(id).items() if a != UNKNOWN}
    answers = _with_person(case, instrument, person)
    key = (id, case.over, second_hand, *answers.items())
    memory = rulebook.memory.scored
    known = memory.get(key)
    if known is None:
        if len(memory) >= MOST_SCORED:
            memory.clear()
        known = memory[key] = _score_anew(instrument, answers, case.over, second_hand)
    return known


def _score_anew(instrument: Instrument, answers: Mapping[str, str], over: bool, second_hand: bool) -> Scored:
    result = score(instrument, answers, over=over, second_hand=second_hand)
    here = reached(instrument, answers, over=over, second_hand=second_hand)
    levels = tuple(_levels(instrument, answers, over, here))
    return Scored(dict(_seen_of(instrument, answers, result)), result, levels)


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
            (RaiseRisk(level.risk),) if instrument.clears or level.risk is not Risk.NONE else (),
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


__all__ = ["EMPTY", "Judgement", "Rulebook", "answers_to", "facts_of", "judge", "score_of", "scores"]
