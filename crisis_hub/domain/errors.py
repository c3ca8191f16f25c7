"""Why a command can be refused.

    Refused
    ├── NotFound            there is no such case, page or person
    ├── NotAllowed          this person may not do this
    ├── TooLate             the case has moved on
    │   └── SomebodyWasFirst    another person already has it
    └── Wrong               a field says something that cannot be

Each message is one sentence for the person who asked. Nothing was written when one of these is raised.
"""

from __future__ import annotations


class Refused(Exception):
    """The command was refused and nothing was written."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotFound(Refused):
    """There is nothing by that name."""


class NotAllowed(Refused):
    """This person may not do this."""


class TooLate(Refused):
    """The case has moved on, so this can no longer be done."""


class SomebodyWasFirst(TooLate):
    """Another person already has it; `who` says who."""

    def __init__(self, why: str, who: str) -> None:
        super().__init__(why)
        self.who = who


class Wrong(Refused):
    """The field `field` says something that cannot be."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
