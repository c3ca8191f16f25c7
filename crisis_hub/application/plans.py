"""What is to be done in the world because of a fact: what is planned, by which name, and the marks that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_hub.application.ports import Deadline, Effect, Secrets
from crisis_hub.domain.case import Case

PAGE_STEP, SEND_PAGE, TELL_TAKEN, STOP_RINGING = "page_step", "send_page", "tell_taken", "stop_ringing"
SEND_TEXT, RING_ROOM = "send_text", "ring_room"
PROVE_WAY, NOTE_OPT_OUT, SEND_NOTICE = "prove_way", "note_opt_out", "send_notice"
TELL_OF_COVER, SEND_COVER_NOTICE = "tell_of_cover", "send_cover_notice"
STEP_OVER, CONTACT_OVER = "step_over", "contact_over"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done because of one fact."""

    effects: tuple[Effect, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    unmarks: tuple[str, ...] = ()


NOTHING = Plan()


@dataclass(frozen=True, slots=True)
class Place:
    """The fact's place and time."""

    stream: str
    version: int
    at: datetime

    def effect(self, kind: str, subject: str, priority: int, after_seconds: float = 0) -> Effect:
        """Return an effect whose key is this fact's place, so that planning it twice is planning it once."""
        key = f"{self.stream}:{self.version}:{kind}:{subject}"
        return Effect(key, self.stream, kind, subject, self.at + timedelta(seconds=after_seconds), priority)


@dataclass(frozen=True, slots=True)
class Moment(Place):
    """The place and time of a fact about a case, and the case as it is after the whole command."""

    case: Case
    secrets: Secrets


def open_mark(contact_ref: str) -> str:
    """Name the mark that says which open case a telephone number belongs to."""
    return f"open:{contact_ref}"


def carrier_mark(carrier_id: str) -> str:
    """Name the mark that says that a call or message was already taken in."""
    return f"carrier:{carrier_id}"


def all_mark(carrier_id: str) -> str:
    """Name the mark that says which pages a text about all of them meant when it came first."""
    return f"meant:{carrier_id}"


def answer_marks(carrier_id: str, answer: str) -> tuple[tuple[str, str], ...]:
    """Return the mark that keeps what was answered to a text which was about no page; none without the text's id."""
    return ((carrier_mark(carrier_id), f"={answer}"),) if carrier_id else ()


def page_mark(person: str, page: str = "") -> str:
    """Name the mark of a page that a person could take; without a page, what all of that person's begin with."""
    return f"page:{person}:{page}"


def token_mark(token_hash: str) -> str:
    """Name the mark that says to which page a link belongs."""
    return f"token:{token_hash}"
