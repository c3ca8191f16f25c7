"""Who works here, and how they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.vocabulary import AttemptState, Method, PersonId, Role, TakenBy


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a member of staff, tried so many seconds after a step pages them.

    A call is made up to `repeat` times in a row while nobody answers it. At imminent risk it is tried at once, or
    after `imminent_after`; at high risk after `high_after` where that is said. `only` names the urgencies it is for
    (`imminent`, `high`, `other`), none of them: all.
    """

    method: Method
    address: str
    after_seconds: int
    repeat: int = 1
    imminent_after: int | None = None
    high_after: int | None = None
    only: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class WayAdded:
    """Somebody wants to be reached by one more way; it counts once they gave the code that is sent there."""

    person: PersonId
    method: Method
    after_seconds: int
    only: tuple[str, ...]
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayCodeSent:
    """A code is sent to an address; `nonce` makes it another code each time, and is no secret."""

    person: PersonId
    method: Method
    nonce: str
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayCodeWrong:
    """Somebody gave a code that is not the one that was sent."""

    person: PersonId
    method: Method
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayVerified:
    """Somebody gave the code: what is sent there reaches them."""

    person: PersonId
    method: Method
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayRemoved:
    """Somebody took back a way that they had added."""

    person: PersonId
    method: Method
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayProved:
    """Somebody took a page, or a test page, that came by this way."""

    person: PersonId
    method: Method
    means: TakenBy
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayOptedOut:
    """Nothing more may be sent there: the person texted STOP, the carrier says so, or the browser listens no more."""

    person: PersonId
    method: Method
    why: str
    address: str = private()


@dataclass(frozen=True, slots=True)
class WayOptedIn:
    """The person texted START: what is sent there arrives again."""

    person: PersonId
    method: Method
    address: str = private()


@dataclass(frozen=True, slots=True)
class TestPageSent:
    """Somebody tries whether they can be woken."""

    __test__ = False

    person: PersonId
    test: str
    method: Method
    address: str = private()


@dataclass(frozen=True, slots=True)
class TestPageProgressed:
    """What the carrier says of a test page."""

    __test__ = False

    person: PersonId
    test: str
    state: AttemptState
    detail: str


@dataclass(frozen=True, slots=True)
class TestPageTaken:
    """Somebody took their test page, by digit, button or reply."""

    __test__ = False

    person: PersonId
    test: str
    means: TakenBy


@dataclass(frozen=True, slots=True)
class CalendarLinkRenewed:
    """The link of a calendar that can be subscribed to is another from now on; `of` is `person:…` or `rota:…`."""

    of: str
    by: PersonId
