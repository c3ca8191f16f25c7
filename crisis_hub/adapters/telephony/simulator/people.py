"""Who is behind a phone: what they do when it rings, press, write back, and when they give up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_FIRST_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """Words that a person writes or says: so many seconds after a text that matches `when`, empty for any.

    `words` may point into the match: `\\1` stands for what the first brackets of `when` caught.
    """

    words: str
    after: float = 3.0
    when: str = ""
    again: bool = False

    def fits(self, text: str) -> re.Match[str] | None:
        """Return the match if this line answers that text."""
        return re.search(self.when, text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Press:
    """A key that is pressed so many seconds after the last one, once words that match `when` were heard."""

    digit: str
    after: float = 2.0
    when: str = ""

    def fits(self, heard: str) -> bool:
        """Say whether enough was heard to press."""
        return re.search(self.when, heard, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody behaves; everything left out is something they never do."""

    answers_after: float | None = None
    declines_after: float | None = None
    machine_after: float | None = None
    """A voicemail picks up, listens and never presses anything."""
    screened_after: float | None = None
    """A call-screening bot picks up and asks who is calling; it never presses anything either."""
    busy: bool = False
    presses: tuple[Press, ...] = ()
    hangs_up_after: float | None = None
    """Seconds from being connected, whatever is said."""
    gives_up_after: float | None = None
    """Seconds that a caller waits until somebody joins."""
    talks_for: float | None = None
    """Seconds from the moment that somebody joined."""
    says: tuple[Line, ...] = ()
    """Spoken, one after the other, once somebody joined."""
    opens: tuple[Line, ...] = ()
    """Texts that a person begins with."""
    replies: tuple[Line, ...] = ()
    """Each is sent once, in answer to the first text that it fits."""
    opens_links_after: float | None = None
    """The link in a text is opened and its button pressed."""
    previews_links: bool = False
    """The phone itself fetches every link, as message apps and scanners do."""
    texts_fail: int = 0
    """The code with which every text to this phone fails: 30003 unreachable, 30007 filtered …"""
    calls_fail: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Person:
        """Make a person from plain data, refusing what it does not know."""
        if unknown := set(data) - {one.name for one in fields(cls)}:
            raise ValueError(f"unknown fields of a person: {', '.join(sorted(unknown))}")
        made = dict(data)
        for name in ("says", "opens", "replies"):
            if name in made:
                made[name] = tuple(Line(**line) for line in made[name])
        if "presses" in made:
            made["presses"] = tuple(Press(**press) for press in made["presses"])
        person = cls(**made)
        person.check()
        return person

    def check(self) -> None:
        """Refuse patterns that are none, before anybody is called."""
        lines, presses = (*self.says, *self.opens, *self.replies), self.presses
        for pattern in [*(line.when for line in lines), *(press.when for press in presses)]:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a pattern: {pattern!r} ({error})") from error

    def pickup(self) -> tuple[float, str] | None:
        """Return when the ringing ends and how, or nothing if the phone is left to ring."""
        if self.busy:
            return 0.0, "busy"
        moments = [
            (self.answers_after, "human"),
            (self.declines_after, "busy"),
            (self.machine_after, "machine_start"),
            (self.screened_after, "unknown"),
        ]
        return min(((after, how) for after, how in moments if after is not None), default=None)


def first_link(text: str) -> str | None:
    """Return the first web address in a text."""
    found = _FIRST_URL.search(text)
    return found.group().rstrip(".,;)") if found else None


AWAKE = Person(answers_after=4.0, presses=(Press("1", after=6.0),))
"""Answers and takes the page with a digit."""
ASLEEP = Person()
"""Hears nothing: texts arrive, calls ring out."""
VOICEMAIL = Person(machine_after=20.0, hangs_up_after=30.0)
"""Does not answer; the machine does."""
UNREACHABLE = Person(texts_fail=30003, calls_fail=True)
"""Switched off or out of range."""
FILTERED = Person(texts_fail=30007)
"""The network takes our texts for spam."""

KNOWN = {
    "awake": AWAKE,
    "asleep": ASLEEP,
    "voicemail": VOICEMAIL,
    "unreachable": UNREACHABLE,
    "filtered": FILTERED,
}
"""People who can be called by name."""
