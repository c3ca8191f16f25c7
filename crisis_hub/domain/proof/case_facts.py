"""The facts of the case itself: what they can be, which go together, and a made-up case in which they are so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from crisis_hub.domain.case import Answer, Case
from crisis_hub.domain.conversation import Contact, Conversation
from crisis_hub.domain.proof.judging import CannotWalk, looks
from crisis_hub.domain.proof.replies import around
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.truth import Condition, Value
from crisis_hub.domain.vocabulary import CarrierId, CaseId, Channel, ContactId, ContactRef, PersonId

Answers = Mapping[str, Mapping[str, str]]
"""Replies by instrument and item."""

_THEN = datetime(2000, 1, 10, tzinfo=UTC)
"""When made-up cases happen: no rule looks at the clock, so any instant will do."""

_LANGUAGES = ("en", "es", "xx")
_FIXED: Mapping[str, tuple[Value, ...]] = {
    "case.channel": tuple(channel.value for channel in Channel),
    "case.risk": tuple(risk.value for risk in Risk),
    "case.texting_stopped": (False, True),
}
_COUNTS = ("case.contacts", "case.contacts_within_a_day")


def values_of_the_case(name: str, conditions: Iterable[Condition], *, over: bool) -> tuple[Value, ...]:
    """Return the values of a fact of the case that some condition may tell apart, the usual one first."""
    if name in _FIXED:
        return _FIXED[name]
    if name == "case.over":
        return (over,)
    if name == "case.ended_abruptly":
        return (False, True) if over else (False,)
    if name not in (*_COUNTS, "case.language"):
        raise CannotWalk(f"{name} is not a fact of the case of which the proof knows what it can be")
    constants: set[str | float | bool] = set()
    for condition in conditions:
        found = looks(condition, name)
        if found is None:
            raise CannotWalk(f"{condition.text} does more with {name} than compare it")
        constants |= found
    if name == "case.language":
        words = sorted(str(constant) for constant in constants)
        return (*words, next(word for word in _LANGUAGES if word not in words))
    counts = {int(number) for number in around(float(c) for c in constants if not isinstance(c, str)) if number >= 0}
    return tuple(sorted(counts | {1}))


def why_impossible(facts: Mapping[str, Value | None], *, over: bool) -> str:
    """Return why these facts of the case never stand together, or nothing when they can."""
    contacts, lately = facts.get("case.contacts", 1), facts.get("case.contacts_within_a_day")
    if over and contacts == 0:
        return "Nobody who never reached us has gone."
    if lately == 0 and contacts != 0:
        return "The newest contact is always within a day of itself."
    return ""


def made_up(answers: Answers, about: Mapping[str, Value | None], *, over: bool) -> Case:
    """Return a case with these answers and these facts."""
    channel = Channel(str(about.get("case.channel") or Channel.TEXT.value))
    contacts = _whole(about.get("case.contacts"), 1)
    lately = _whole(about.get("case.contacts_within_a_day"), contacts)
    abruptly = about.get("case.ended_abruptly") is True
    talk = Conversation(
        contacts=tuple(
            _contact(contacts - number, number < lately, channel, over, abruptly)
            for number in reversed(range(contacts))
        ),
        texting_stopped=about.get("case.texting_stopped") is True,
    )
    return Case(
        id=CaseId("made-up"),
        number="0",
        channel=channel,
        language=str(about.get("case.language") or "en"),
        contact_ref=ContactRef("made-up"),
        drill=True,
        opened_at=_THEN,
        risk=Risk(str(about.get("case.risk") or Risk.NOT_ASSESSED.value)),
        conversation=talk,
        recent=max(0, lately - contacts),
        answers={
            instrument: {item: Answer(said, "", PersonId("made-up"), _THEN, "") for item, said in given.items()}
            for instrument, given in answers.items()
            if given
        },
    )


def _whole(value: Value | None, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) else otherwise


def _contact(number: int, lately: bool, channel: Channel, over: bool, abruptly: bool) -> Contact:
    began = _THEN if lately else _THEN - timedelta(days=3)
    name = f"made-up-{number}"
    ended = _THEN if over else None
    how = "" if over else None
    return Contact(ContactId(name), channel, CarrierId(name), "", "", began, ended, how, abruptly=abruptly)
