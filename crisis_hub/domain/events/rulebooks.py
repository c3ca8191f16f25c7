"""Which rulebook is in force, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.vocabulary import PersonId


@dataclass(frozen=True, slots=True)
class RulebookLoaded:
    """A rulebook came into force."""

    version: str
    rules: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOffProposed:
    """A clinician answers for this version of the rulebook; a second person must agree."""

    version: str
    by: PersonId
    why: str


@dataclass(frozen=True, slots=True)
class RulebookSigned:
    """Two people answer for this version of the rulebook, for this reason."""

    version: str
    by: PersonId
    second: PersonId
    why: str
