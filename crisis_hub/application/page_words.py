"""What a paged person is told, on the channel on which they spoke; always what is so, and never what was hoped for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crisis_hub.application.staff import Directory
from crisis_hub.application.words import say, spoken_number, urgency
from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation_state import Escalation, Page
from crisis_hub.domain.events import Recorded
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import ContactId, EscalationState, PageState


@dataclass(frozen=True, slots=True)
class Asked:
    """A page with the case and ladder it belongs to."""

    case: Case
    escalation: Escalation
    page: Page


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a page when its person spoke; `already` says that the ladder was over before."""

    asked: Asked
    sequence: int
    already: bool
    facts: tuple[Recorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Aloud:
    """What somebody who pressed a key hears, and the room of the call into which they are then put, if any."""

    words: str
    language: str
    room: ContactId | None = None


class PageWords:
    """Says it in the person's language."""

    def __init__(self, directory: Directory, rulebook: Callable[[], Rulebook], public_url: str) -> None:
        self._directory = directory
        self._rulebook = rulebook
        self._public_url = public_url

    def language(self, asked: Asked) -> str:
        """Return the language in which this person is spoken to."""
        person = self._directory.person(asked.page.person)
        return person.languages[0] if person and person.languages else "en"

    # --------------------------------------------------------------------------------- by text

    def taken(self, asked: Asked, language: str) -> str:
        """Say who has the case, after somebody wrote that they do."""
        return self._say(self._who_has_it(asked), asked, language)

    def passed(self, asked: Asked, language: str) -> str:
        """Say where the case goes, after somebody passed it on."""
        return self._say(_where_it_goes(asked), asked, language)

    def not_understood(self, language: str) -> str:
        """Say that a reply took nothing."""
        return say(self._rulebook(), language, "page_unknown_reply")

    def which(self, numbers: Iterable[str], language: str) -> str:
        """Ask which of several cases is meant."""
        return say(self._rulebook(), language, "page_which", numbers=", ".join(sorted(set(numbers))))

    def none(self, language: str) -> str:
        """Say that no page waits."""
        return say(self._rulebook(), language, "page_none")

    # -------------------------------------------------------------------------------- by voice

    def menu(self, asked: Asked, *, joins: bool = True) -> str:
        """Return what a paged person hears: how urgent, which case, which keys; `joins` if they can be put through."""
        language, rulebook, number = self.language(asked), self._rulebook(), asked.case.number
        drill = say(rulebook, language, "drill") if asked.case.drill else ""
        word, spoken = urgency(rulebook, language, asked.escalation.urgency), spoken_number(number)
        menu = say(rulebook, language, "page_call", drill=drill, urgency=word, number=number, number_spoken=spoken)
        if not joins or asked.case.conversation.running_call() is None:
            return menu
        return f"{menu.strip()} {say(rulebook, language, 'page_call_join')}"

    def taken_aloud(self, asked: Asked, *, joins: bool) -> str:
        """Say who has the case, after a key said that they do; `joins` when they are put through to the person."""
        key = "page_taken_join" if joins else self._who_has_it(asked)
        return self._say(f"{key}_call", asked, self.language(asked))

    def passed_aloud(self, asked: Asked) -> str:
        """Say where the case goes, after a key passed it on."""
        return self._say(f"{_where_it_goes(asked)}_call", asked, self.language(asked))

    # ---------------------------------------------------------------------------------- inside

    def _who_has_it(self, asked: Asked) -> str:
        escalation = asked.escalation
        if escalation.state is EscalationState.STOOD_DOWN:
            return "page_stood_down"
        if not escalation.has_taken(asked.page.person):
            return "page_taken_other"
        if escalation.wants_somebody:
            return "page_taken_more"
        return "page_taken_together" if len(escalation.takers) > 1 else "page_taken"

    def _say(self, key: str, asked: Asked, language: str) -> str:
        number, link = asked.case.number, f"{self._public_url}/case/{asked.case.id}"
        name = others(asked.escalation, asked.page) or "Somebody"
        spoken = spoken_number(number)
        return say(self._rulebook(), language, key, number=number, number_spoken=spoken, link=link, name=name)


def others(escalation: Escalation, page: Page) -> str:
    """Return the names of those who have it besides this page's person."""
    return " and ".join(taker.name for taker in escalation.takers if taker.person != page.person)


def _where_it_goes(asked: Asked) -> str:
    """Tell what became of a case that somebody passed on: the next, the others of the same step, or the alarm."""
    escalation = asked.escalation
    if escalation.state is EscalationState.STOOD_DOWN:
        return "page_stood_down"
    if escalation.state is EscalationState.TAKEN:
        return "page_taken_other"
    if escalation.state is EscalationState.EXHAUSTED:
        return "page_passed_last"
    return "page_passed_others" if others_are_asked(asked) else "page_passed"


def others_are_asked(asked: Asked) -> bool:
    """Say whether somebody else on the step of this page may still take it, so that no next person is asked yet."""
    escalation = asked.escalation
    still_asked = any(page.step == escalation.step and page.state is PageState.OPEN for page in escalation.pages)
    return escalation.step == asked.page.step and still_asked
