"""The people who work here, folded from the staff stream; never from a table of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crisis_hub.application.ports import Clock, Conflict, Entry, Store
from crisis_hub.domain.events import PersonRegistered, PersonRemoved, Reach, Recorded, StaffFact
from crisis_hub.domain.vocabulary import PersonId, Role

STREAM = "staff"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff."""

    id: PersonId
    name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    username: str
    reach: tuple[Reach, ...]
    password_hash: str

    def has(self, *roles: Role) -> bool:
        """Say whether they have any of these roles."""
        return any(role in self.roles for role in roles)


class Directory:
    """Who works here now. Kept in memory and folded anew when the staff stream grows."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._people: dict[PersonId, Person] = {}
        self._version = 0

    async def load(self) -> None:
        """Fold the staff stream."""
        recorded = await self._store.read(STREAM)
        self._people = _fold(recorded)
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
        return next((p for p in self._people.values() for reach in p.reach if reach.address == address), None)

    def with_role(self, role: Role) -> Sequence[Person]:
        """Return everybody with that role, by name."""
        return [person for person in self.everybody() if role in person.roles]

    async def record(self, facts: tuple[StaffFact, ...], actor: str) -> tuple[Recorded, ...]:
        """Write staff facts down, then know them."""
        if not facts:
            return ()
        while True:
            await self.load()
            try:
                written = await self._store.append(Entry(STREAM, self._version, facts, self._clock.now(), actor))
            except Conflict:
                continue
            await self.load()
            return written


def _fold(recorded: Iterable[Recorded]) -> dict[PersonId, Person]:
    people: dict[PersonId, Person] = {}
    for envelope in recorded:
        match envelope.fact:
            case PersonRegistered(person, name, roles, languages, username, reach, password_hash):
                people[person] = Person(person, name, roles, languages, username, reach, password_hash)
            case PersonRemoved(person):
                people.pop(person, None)
    return people
