"""A rule in a sentence, for people who read rules and do not write them.

What a condition means is taken from its own line only where the line is of the simplest kinds; any other line is
shown as it stands, since a wrong sentence about a rule is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis_hub.domain.duties import WITHOUT_CONSENT
from crisis_hub.domain.instrument import REFUSED, YES, Instrument, spoken
from crisis_hub.domain.reading import Action, PageLadder, RaiseRisk, Reading
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.truth import Clause, Condition
from crisis_hub.domain.vocabulary import DutyKind

_EQUAL = re.compile(r'^([a-z0-9_]+)\.([a-z0-9_]+) (==|!=) "([^"]*)"$')
_ONE_OF = re.compile(r'^([a-z0-9_]+)\.([a-z0-9_]+) in \[((?:"[^"]*"(?:, )?)+)\]$')
_NUMBER = re.compile(r"^([a-z0-9_]+)\.([a-z0-9_]+) (<|<=|>|>=|==) (-?[\d.]+)$")
_TRUE = re.compile(r"^(!?)([a-z0-9_]+)\.([a-z0-9_]+)(?: == (true|false))?$")
_FLAG = re.compile(r'^(!?)\(?"([^"]+)" in ([a-z0-9_]+)\.flags\)?$')
_KNOWN = re.compile(r'^(!?)\(?"([a-z0-9_]+)\.([a-z0-9_]+)" in known\)?$')
_WORDS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "==": "exactly"}
_CASE = {
    "risk": "the risk of the case",
    "channel": "the channel",
    "language": "the language",
    "contacts": "the number of contacts",
    "contacts_within_a_day": "the number of contacts within 24 hours",
    "texting_stopped": "the person stopped our texts",
    "over": "every contact has ended",
    "ended_abruptly": "the person left before we did",
}
_RESULTS = {
    "band": "the result of {}",
    "risk": "the risk read from {}",
    "total": "the total of {}",
    "complete": "{} is complete",
}


def sentence(reading: Reading, rulebook: Rulebook) -> str:
    """Return the rule as one sentence: when, then, because."""
    then = _listed([action_words(action, rulebook) for action in reading.then])
    because = reading.because
    if not because[:2].strip().isupper() or because[1:2] == " ":  # “ASQ …” stays as it is
        because = because[:1].lower() + because[1:]
    return f"When {_clause(reading.when, rulebook)}: {then}; because {because}"


def action_words(action: Action, rulebook: Rulebook) -> str:
    """Return what a rule adds, in words."""
    if isinstance(action, RaiseRisk):
        return f"the risk is at least {action.risk.value}"
    if isinstance(action, PageLadder):
        return f"the ladder “{action.ladder}” is called"
    of = action.of.replace("_", " ")
    without = ", without waiting for consent" if action.of == WITHOUT_CONSENT else ""
    return {
        DutyKind.EMERGENCY: f"a person decides on emergency services{without}",
        DutyKind.ASK: f"{_title(action.of, rulebook)} must be asked",
        DutyKind.NOTIFY: f"the {of} is told",
        DutyKind.FOLLOW_UP: f"somebody calls or writes again within {action.within_hours or 0:g} hours",
        DutyKind.REPORT: f"a report is opened ({of})",
        DutyKind.CONSULT: "the responder consults somebody",
        DutyKind.MEANS_SAFETY: "distance to the means is made",
        DutyKind.REASON: "the responder writes down a reason",
    }[action.kind]


def lines(clause: Clause, rulebook: Rulebook, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Give every line of a clause: how deep it stands, its words, and the line itself (none for all, any, not)."""
    heads = {"all": "all of these", "any": "at least one of these", "not": "not"}
    if depth or len(clause.parts) > 1 or clause.how == "not":
        yield depth, heads[clause.how], ""
        depth += 1
    for part in clause.parts:
        if isinstance(part, Clause):
            yield from lines(part, rulebook, depth)
        else:
            yield depth, _condition(part, rulebook), part.text


def _clause(clause: Clause, rulebook: Rulebook) -> str:
    parts = [
        f"({_clause(part, rulebook)})"
        if isinstance(part, Clause) and len(part.parts) > 1
        else _clause(part, rulebook)
        if isinstance(part, Clause)
        else _condition(part, rulebook)
        for part in clause.parts
    ]
    if clause.how == "not":
        return f"it is not so that {parts[0]}"
    return (" and " if clause.how == "all" else " or ").join(parts)


def _condition(condition: Condition, rulebook: Rulebook) -> str:
    text = condition.text.strip()
    if found := _EQUAL.match(text):
        place, name, sign, value = found.groups()
        verb = "is" if sign == "==" else "is not"
        return f"{_subject(place, name, rulebook)} {verb} {_value(place, name, value, rulebook)}"
    if found := _ONE_OF.match(text):
        place, name, values = found.groups()
        words = [_value(place, name, value, rulebook) for value in re.findall(r'"([^"]*)"', values)]
        return f"{_subject(place, name, rulebook)} is {' or '.join(words)}"
    if found := _NUMBER.match(text):
        place, name, sign, number = found.groups()
        return f"{_subject(place, name, rulebook)} is {_WORDS[sign]} {number}"
    if found := _FLAG.match(text):
        no, flag, place = found.groups()
        return f"{_title(place, rulebook)} {'does not show' if no else 'shows'} “{flag.replace('_', ' ')}”"
    if found := _KNOWN.match(text):
        no, place, name = found.groups()
        return f"{_subject(place, name, rulebook)} has {'no answer yet' if no else 'an answer'}"
    return _plain(text, rulebook)


def _plain(text: str, rulebook: Rulebook) -> str:
    found = _TRUE.match(text)
    if not found:
        return f"`{text}`"
    no, place, name, value = found.groups()
    negated = bool(no) != (value == "false")
    words = _subject(place, name, rulebook)
    return f"not yet: {words}" if negated else words


def _subject(place: str, name: str, rulebook: Rulebook) -> str:
    if place == "case":
        return _CASE.get(name, name.replace("_", " "))
    if name in _RESULTS:
        return _RESULTS[name].format(_title(place, rulebook))
    instrument = rulebook.instrument(place)
    item = instrument.item(name) if instrument else None
    return f"“{spoken(item.concept, 'en')}” ({place}.{name})" if item else f"{place}.{name}"


def _value(place: str, name: str, value: str, rulebook: Rulebook) -> str:
    instrument = rulebook.instrument(place)
    item = instrument.item(name) if instrument else None
    option = next((o for o in item.options if o.code == value), None) if item else None
    if option is not None:
        return f"“{spoken(option.labels, 'en')}”"
    if value == REFUSED:
        return "not told (they do not want to say)"
    return value if value == YES else value.replace("_", " ")


def _title(id: str, rulebook: Rulebook) -> str:
    instrument: Instrument | None = rulebook.instrument(id)
    return instrument.title if instrument else id


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
