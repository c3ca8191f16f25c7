"""The ways to reach a member of staff: which count, since when they are proved, and how soon each is tried.

What an administrator put on file counts at once, since a page to a number that nobody checked is better than none. What
somebody adds by themselves counts from the moment they gave the code that was sent there: otherwise the number of a
person in need could be passed off as a colleague's, and their texts would be read as answers to pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from crisis_hub.domain.events import (
    PersonRegistered,
    Reach,
    StaffFact,
    TestPageProgressed,
    TestPageSent,
    TestPageTaken,
    WayAdded,
    WayCodeSent,
    WayCodeWrong,
    WayOptedIn,
    WayOptedOut,
    WayProved,
    WayRemoved,
    WayVerified,
)
from crisis_hub.domain.records import replace
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, Method, TakenBy

OTHER = "other"
"""Every urgency that has no word of its own where delays are written."""

NUMBERS = (Method.SMS, Method.VOICE)
"""Ways whose address is a telephone number."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way, with what is known of it; `own` says that the person added it, `codes` when each code was sent."""

    reach: Reach
    own: bool = False
    verified_at: datetime | None = None
    proved_at: datetime | None = None
    opted_out_at: datetime | None = None
    nonce: str = ""
    codes: tuple[datetime, ...] = ()
    wrong: int = 0

    @property
    def method(self) -> Method:
        """Return by what means."""
        return self.reach.method

    @property
    def address(self) -> str:
        """Return where to."""
        return self.reach.address

    @property
    def theirs(self) -> bool:
        """Say whether it belongs to the person: an administrator wrote it down, or they gave the code sent there."""
        return not self.own or self.verified_at is not None

    @property
    def verified(self) -> bool:
        """Say whether the person showed that it reaches them: by a code, or by taking what was sent there."""
        return self.verified_at is not None or self.proved_at is not None

    @property
    def counts(self) -> bool:
        """Say whether pages go out by it."""
        return self.theirs and self.opted_out_at is None


@dataclass(frozen=True, slots=True)
class TestPage:
    """A page to try whether somebody can be woken, about nobody."""

    __test__ = False

    id: str
    method: Method
    address: str
    sent_at: datetime
    state: AttemptState = AttemptState.PLANNED
    detail: str = ""
    taken_at: datetime | None = None


class SentCode(NamedTuple):
    """A code that went out; it stays known when its way is taken back, so that nobody begins to count anew."""

    address: str
    at: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways of one person, those on file first, with their last test pages and the last codes, oldest first."""

    all: tuple[Way, ...] = ()
    tests: tuple[TestPage, ...] = field(default=())
    codes: tuple[SentCode, ...] = field(default=())

    def way(self, method: Method, address: str) -> Way | None:
        """Return the way by that means to that address."""
        return next((way for way in self.all if (way.method, way.address) == (method, address)), None)

    @property
    def counting(self) -> tuple[Reach, ...]:
        """Return the ways by which pages go out."""
        return tuple(way.reach for way in self.all if way.counts)


NO_WAYS = Ways()

_TESTS_KEPT = _CODES_KEPT = 20


def planned(reach: Iterable[Reach], urgency: Risk) -> tuple[tuple[int, Reach, int], ...]:
    """Return which ways are tried for a page of this urgency: the place of each, and after how many seconds.

    When no way is meant for it, all are: whoever excluded everything did not mean to be reached by nothing.
    """
    placed = [(place, way, delay(way, urgency)) for place, way in enumerate(reach)]
    word = _word(urgency)
    meant = [one for one in placed if not one[1].only or word in one[1].only]
    return tuple(meant or placed)


def delay(way: Reach, urgency: Risk) -> int:
    """Return after how many seconds a way is tried: at imminent risk at once, unless somebody wrote otherwise."""
    if urgency is Risk.IMMINENT:
        return way.imminent_after or 0
    if urgency is Risk.HIGH and way.high_after is not None:
        return way.high_after
    return way.after_seconds


def _word(urgency: Risk) -> str:
    return urgency.value if urgency in (Risk.IMMINENT, Risk.HIGH) else OTHER


def after(ways: Ways, fact: StaffFact, at: datetime) -> Ways:
    """Return a person's ways as they are after a fact about this person."""
    match fact:
        case PersonRegistered(reach=reach):
            return replace(ways, all=_on_file(ways, reach))
        case WayAdded(method=method, address=address, after_seconds=seconds, only=only):
            if ways.way(method, address):
                return ways
            return replace(ways, all=(*ways.all, Way(Reach(method, address, seconds, only=only), own=True)))
        case WayRemoved(method=method, address=address):
            kept = (way for way in ways.all if not (way.own and (way.method, way.address) == (method, address)))
            return replace(ways, all=tuple(kept))
        case TestPageSent() | TestPageProgressed() | TestPageTaken():
            return _tested(ways, fact, at)
        case WayCodeSent() | WayCodeWrong() | WayVerified() | WayProved() | WayOptedOut() | WayOptedIn():
            moved = tuple(_moved(way, fact, at) for way in ways.all)
            sent = (SentCode(fact.address, at, fact.nonce),) if isinstance(fact, WayCodeSent) else ()
            return replace(ways, all=moved, codes=(*ways.codes, *sent)[-_CODES_KEPT:])
    return ways


Moving = WayCodeSent | WayCodeWrong | WayVerified | WayProved | WayOptedOut | WayOptedIn


def _moved(way: Way, fact: Moving, at: datetime) -> Way:
    if (way.method, way.address) != (fact.method, fact.address):
        return way
    match fact:
        case WayCodeSent(nonce=nonce):
            return replace(way, nonce=nonce, codes=(*way.codes, at), wrong=0)
        case WayCodeWrong():
            return replace(way, wrong=way.wrong + 1)
        case WayVerified():
            return replace(way, verified_at=at, nonce="")
        case WayProved():
            return replace(way, proved_at=at)
        case WayOptedOut():
            return replace(way, opted_out_at=at)
        case WayOptedIn():
            return replace(way, opted_out_at=None)


def _on_file(ways: Ways, reach: tuple[Reach, ...]) -> tuple[Way, ...]:
    """Return the ways after the list on file changed: what was learned of an address stays with it."""
    listed = []
    for one in reach:
        known = ways.way(one.method, one.address)
        listed.append(replace(known, reach=one, own=False) if known else Way(one))
    addresses = {(way.method, way.address) for way in listed}
    own = (way for way in ways.all if way.own and (way.method, way.address) not in addresses)
    return (*listed, *own)


def _tested(ways: Ways, fact: TestPageSent | TestPageProgressed | TestPageTaken, at: datetime) -> Ways:
    if isinstance(fact, TestPageSent):
        tests = (*ways.tests, TestPage(fact.test, fact.method, fact.address, at))
        return replace(ways, tests=tests[-_TESTS_KEPT:])
    return replace(ways, tests=tuple(_heard(test, fact, at) if test.id == fact.test else test for test in ways.tests))


def _heard(test: TestPage, fact: TestPageProgressed | TestPageTaken, at: datetime) -> TestPage:
    if isinstance(fact, TestPageTaken):
        return replace(test, state=AttemptState.TAKEN, taken_at=at)
    return test if test.taken_at else replace(test, state=fact.state, detail=fact.detail)


def answered_by(means: TakenBy, methods: Iterable[Method]) -> Method | None:
    """Return the way that an answer proves: its own, or for a button the only way that brought a link."""
    if means is TakenBy.DIGIT:
        return Method.VOICE
    if means is TakenBy.REPLY:
        return Method.SMS
    links = {method for method in methods if method is not Method.VOICE}
    return links.pop() if len(links) == 1 else None
