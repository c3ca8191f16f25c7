"""A list of staff becomes facts: only what differs from what is known is written, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisis_hub.application.ports import Passwords
from crisis_hub.application.staff import Directory, Person
from crisis_hub.domain.events import PersonRegistered, PersonRemoved, Reach, StaffFact
from crisis_hub.domain.vocabulary import PersonId, Role


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a staff file lists them; the password counts only while they have none."""

    id: PersonId
    name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    username: str
    password: str
    reach: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import changed, in sentences."""

    sentences: tuple[str, ...]


async def import_staff(
    directory: Directory, passwords: Passwords, listed: Sequence[Listed], actor: str, *, remove_others: bool = False
) -> Changes:
    """Make the directory say what the list says, and tell what changed."""
    await directory.load()
    facts: list[StaffFact] = []
    sentences: list[str] = []
    for one in listed:
        known = directory.person(one.id)
        registered = _registered(one, known, passwords)
        if known is not None and _same(known, registered):
            continue
        facts.append(registered)
        sentences.append(_sentence(one, known, registered))
    if remove_others:
        names = {one.id for one in listed}
        for person in directory.everybody():
            if person.id not in names:
                facts.append(PersonRemoved(person.id))
                sentences.append(f"{person.name} ({person.id}) was removed.")
    await directory.record(tuple(facts), actor)
    return Changes(tuple(sentences))


def _registered(one: Listed, known: Person | None, passwords: Passwords) -> PersonRegistered:
    kept = known.password_hash if known else ""
    hashed = kept or (passwords.hash(one.password) if one.password else "")
    return PersonRegistered(one.id, one.name, one.roles, one.languages, one.username, one.reach, hashed)


def _same(known: Person, fact: PersonRegistered) -> bool:
    return _as_registered(known) == fact


def _as_registered(known: Person) -> PersonRegistered:
    return PersonRegistered(
        known.id, known.name, known.roles, known.languages, known.username, known.listed, known.password_hash
    )


def _sentence(one: Listed, known: Person | None, fact: PersonRegistered) -> str:
    if known is None:
        return f"{one.name} ({one.id}) is new: {', '.join(one.roles)}."
    before = _as_registered(known)
    fields = ("name", "roles", "languages", "username", "reach", "password_hash")
    names = {"reach": "ways to be reached", "password_hash": "password", "username": "user name"}
    changed = [names.get(f, f) for f in fields if getattr(before, f) != getattr(fact, f)]
    return f"{one.name} ({one.id}) changed: {', '.join(changed)}."
