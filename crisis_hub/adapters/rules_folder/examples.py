"""Examples of a rule: made-up cases in which it must fire or must stay calm, and how to judge them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.domain.answers import read_answer
from crisis_hub.domain.case import Answer, Case
from crisis_hub.domain.conversation import Contact, Conversation
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CarrierId, CaseId, Channel, ContactId, ContactRef, PersonId

_THEN = datetime(2000, 1, 1, tzinfo=UTC)
"""When made-up cases happen: no rule looks at the clock, so any instant will do."""

_CASE_WORDS: Mapping[str, type] = {
    "channel": str,
    "language": str,
    "risk": str,
    "contacts": int,
    "contacts_within_a_day": int,
    "texting_stopped": bool,
    "over": bool,
    "ended_abruptly": bool,
}


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up case: answers by instrument and item, and what is known of the case itself."""

    line: int
    answers: Mapping[str, Mapping[str, str]]
    about: Mapping[str, str | int | bool]

    def in_words(self) -> str:
        """Return it in a line, such as `asq: q1 yes, q5 refused · case: channel text`."""
        parts = [
            f"{name}: {', '.join(f'{item} {said}' for item, said in given.items())}"
            for name, given in self.answers.items()
        ]
        if self.about:
            parts.append(
                "case: "
                + ", ".join(f"{name.replace('_', ' ')} {str(said).lower()}" for name, said in self.about.items())
            )
        return " · ".join(parts) or "nothing is known"

    def case(self) -> Case:
        """Return the case that it describes."""
        contacts = self.about.get("contacts", 1)
        assert isinstance(contacts, int)
        channel = Channel(str(self.about.get("channel", "text")))
        within_a_day = self.about.get("contacts_within_a_day", contacts)
        assert isinstance(within_a_day, int)
        abruptly = self.about.get("ended_abruptly") is True
        over = abruptly or self.about.get("over") is True
        talk = Conversation(
            contacts=tuple(_contact(number, channel, over, abruptly) for number in range(contacts)),
            texting_stopped=self.about.get("texting_stopped", False) is True,
        )
        return Case(
            id=CaseId("example"),
            number="0",
            channel=channel,
            language=str(self.about.get("language", "en")),
            contact_ref=ContactRef("example"),
            drill=True,
            opened_at=_THEN,
            risk=Risk(str(self.about.get("risk", Risk.NOT_ASSESSED.value))),
            conversation=talk,
            recent=max(0, within_a_day - contacts),
            answers={
                instrument: {item: Answer(answer, "", PersonId("example"), _THEN, "") for item, answer in given.items()}
                for instrument, given in self.answers.items()
            },
        )


def read_example(page: Page, path: Path, said: object, instruments: Mapping[str, Instrument]) -> Example:
    """Read answers as a file or a program writes them, noting everything that cannot be an answer."""
    answers: dict[str, dict[str, str]] = {}
    about: dict[str, str | int | bool] = {}
    if not isinstance(said, dict):
        page.wrong(path, 'Here must stand instruments with their answers, such as {asq: {q1: "yes"}}.')
        said = {}
    for name, given in said.items():
        if not isinstance(given, dict):
            page.wrong((*path, name), f'“{name}” needs items with their answers, such as {{q1: "yes"}}.')
        elif name == "case":
            about = _about(page, (*path, name), given)
        elif name in instruments:
            answers[name] = _answers(page, (*path, name), given, instruments[name])
        else:
            known = [*instruments, "case"]
            page.wrong(
                (*path, name),
                f"There is no instrument called “{name}”; there are {listed(known)}.{did_you_mean(name, known)}",
            )
    return Example(page.line(path), answers, about)


def _answers(page: Page, path: Path, given: dict[str, object], instrument: Instrument) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, said in given.items():
        item = instrument.item(name)
        if item is None:
            known = [item.id for item in instrument.items]
            page.wrong(
                (*path, name),
                f"{instrument.id} has no item “{name}”; it has {listed(known)}.{did_you_mean(name, known)}",
            )
            continue
        answer, wrong = read_answer(item, said)
        if wrong:
            page.wrong((*path, name), wrong)
        else:
            found[item.id] = answer
    return found


def _about(page: Page, path: Path, given: dict[str, object]) -> dict[str, str | int | bool]:
    found: dict[str, str | int | bool] = {}
    for name, said in given.items():
        kind = _CASE_WORDS.get(name)
        if kind is None:
            page.wrong(
                (*path, name), f"A case has no “{name}”; it has {listed(_CASE_WORDS)}.{did_you_mean(name, _CASE_WORDS)}"
            )
        elif type(said) is not kind:
            words = {str: "a word", int: "a whole number", bool: "true or false"}
            page.wrong((*path, name), f"“{name}” must be {words[kind]}.")
        elif wrong := _not_allowed(name, said):
            page.wrong((*path, name), wrong)
        else:
            found[name] = said  # type: ignore[assignment]
    return found


def _not_allowed(name: str, said: object) -> str:
    allowed = {"risk": [risk.value for risk in Risk], "channel": [channel.value for channel in Channel]}.get(name)
    if allowed is not None and said not in allowed:
        return f"“{name}” can be {listed(allowed)}, not “{said}”.{did_you_mean(str(said), allowed)}"
    if name.startswith("contacts") and isinstance(said, int) and not 0 <= said <= 1000:
        return f"“{name}” must be between 0 and 1000."
    return ""


def _contact(number: int, channel: Channel, over: bool, abruptly: bool) -> Contact:
    name = f"example-{number}"
    ended = _THEN if over else None
    return Contact(ContactId(name), channel, CarrierId(name), "", "", _THEN, ended, abruptly=abruptly)
