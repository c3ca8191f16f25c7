"""What must be written down, and by when: forms of our own, and a table of what the law of a place asks for.

The software records considerations and routes them to the authorised person. It never decides that somebody is
reported, held or committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of a form; `needed` says whether the form is incomplete without it."""

    id: str
    label: Mapping[str, str]
    help: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in: a mandated report, considerations, a disclosure."""

    id: str
    version: str
    title: Mapping[str, str]
    blanks: tuple[Blank, ...]
    note: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def blank(self, id: str) -> Blank | None:
        """Return the field of that id."""
        return next((blank for blank in self.blanks if blank.id == id), None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One part of a report and the hours in which it is due, counted from the moment it is owed."""

    what: str
    within_hours: float
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What the law of one place asks for, as far as somebody looked it up; `checked` says who and when."""

    id: str
    name: str
    reports: Mapping[str, tuple[Deadline, ...]]
    source: str = ""
    checked: str = ""

    def deadlines(self, about: str) -> tuple[Deadline, ...]:
        """Return the parts of a report about a child, an elder and so on; none where nobody looked it up."""
        return self.reports.get(about, ())
