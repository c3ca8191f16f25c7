"""Who works here, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.vocabulary import Method, PersonId, Role


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a member of staff, tried so many seconds after a step pages them."""

    method: Method
    address: str
    after_seconds: int


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A member of staff is known, or is now known differently; the whole record, as of this fact."""

    person: PersonId
    name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    username: str
    reach: tuple[Reach, ...] = private()
    password_hash: str = private()


@dataclass(frozen=True, slots=True)
class PersonRemoved:
    """A member of staff no longer works here: cannot sign in, cannot be paged."""

    person: PersonId
