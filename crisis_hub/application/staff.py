"""The people who work here, folded from the staff stream; never from a table of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis_hub.application.ports import Bus, Clock, Conflict, Entry, Store
from crisis_hub.domain.events import CalendarLinkRenewed, PersonRegistered, PersonRemoved, Reach, Recorded, StaffFact
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import PersonId, Role
from crisis_hub.domain.ways import NO_WAYS, NUMBERS, Ways, after

STREAM = "staff"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `reach` is how pages go out to them, `listed` what is on file, `ways` all that is known."""

    id: PersonId
    name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    username: str
    reach: tuple[Reach, ...]
    password_hash: str
    listed: tuple[Reach, ...] = ()
    ways: Ways = NO_WAYS

    @property
    def verified(self) -> bool:
        """Say whether they showed of one of their ways that it reaches them."""
        return any(way.counts and way.verified for way in self.ways.all)

    @property
    def proved_at(self) -> datetime | None:
        """Return when they last took a page or a test page."""
        return max((way.proved_at for way in self.ways.all if way.proved_at), default=None)

    @property
    def opted_out(self) -> bool:
        """Say whether nothing more may be sent to one of their ways."""
        return any(way.opted_out_at for way in self.ways.all if way.theirs)

    def has(self, *roles: Role) -> bool:
        """Say whether they have any of these roles."""
        return any(role in self.roles for role in roles)


class Directory:
    """Who works here now. Kept in memory and folded anew when the staff stream grows."""

    def __init__(self, store: Store, clock: Clock, bus: Bus | None = None) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._people: dict[PersonId, Person] = {}
        self._version = 0
        self._renewed: Counter[str] = Counter()

    async def load(self) -> None:
        """Know the staff as the ledger has them now; a long list is folded anew only when it grew."""
        if self._version and await self._store.news(STREAM, self._version) == []:
            return
        recorded = await self._store.read(STREAM)
        self._people = _fold(recorded)
        self._renewed = Counter(one.fact.of for one in recorded if isinstance(one.fact, CalendarLinkRenewed))
        self._version = len(recorded)

    def everybody(self) -> Sequence[Person]:
        """Return everybody, by name."""
        return sorted(self._people.values(), key=lambda person: person.name)

    def person(self, id: str) -> Person | None:
        """Return the person of that id."""
        return self._people.get(PersonId(id))

    def by_username(self, username: str) -> Person | None:
        """Return the person who signs in with that name."""
        return next((p for p in self._people.values() if p.username and p.username == username), None)

    def at_address(self, address: str) -> Person | None:
        """Return the person whose telephone this is, so that their text is a reply and never a new case."""
        return next((p for p in self._people.values() if address in _numbers(p)), None)

    def renewals(self, calendar: str) -> int:
        """Return how often the link of a calendar was made anew."""
        return self._renewed[calendar]

    def with_role(self, role: Role) -> Sequence[Person]:
        """Return everybody with that role, by name."""
        return [person for person in self.everybody() if role in person.roles]

    async def record(
        self, facts: tuple[StaffFact, ...], actor: str, marks: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Recorded, ...]:
        """Write staff facts down, then know them; with `marks`, which must be new."""
        if not facts:
            return ()
        while True:
            await self.load()
            try:
                now = self._clock.now()
                written = await self._store.append(Entry(STREAM, self._version, facts, now, actor, marks=marks))
            except Conflict:
                continue
            await self.load()
            if self._bus is not None:
                await self._bus.ring(written)
            return written


def _numbers(person: Person) -> Iterable[str]:
    return (way.address for way in person.ways.all if way.method in NUMBERS and way.theirs)


def _fold(recorded: Iterable[Recorded]) -> dict[PersonId, Person]:
    people: dict[PersonId, Person] = {}
    for envelope in recorded:
        match envelope.fact:
            case PersonRegistered(person, name, roles, languages, username, reach, password_hash):
                before = people.get(person)
                ways = after(before.ways if before else NO_WAYS, envelope.fact, envelope.at)
                people[person] = Person(
                    person, name, roles, languages, username, ways.counting, password_hash, reach, ways
                )
            case PersonRemoved(person):
                people.pop(person, None)
            case fact if isinstance(fact, StaffFact) and (known := people.get(getattr(fact, "person", PersonId("")))):
                ways = after(known.ways, fact, envelope.at)
                people[known.id] = replace(known, reach=ways.counting, ways=ways)
    return people
