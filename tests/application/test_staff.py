"""The people who work here: folded from facts, imported from a list, found by their telephone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from crisis_hub.application.staff import Directory
from crisis_hub.application.staff_list import Listed, import_staff
from crisis_hub.domain.events import PersonRegistered, PersonRemoved, Reach
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from tests.application.hands import ANA, BEN, STAFF, World, hands, person
from tests.application.test_door import SlowPasswords


def listed(id: str, role: Role = Role.CLINICIAN, password: str = "", number: str = ANA) -> Listed:
    return Listed(PersonId(id), id.title(), (role,), ("en",), id, password, (Reach(Method.SMS, number, 0),))


def directory(world: World) -> Directory:
    return Directory(world.ledger, world.clock)


# ------------------------------------------------------------------------------------------ the directory


async def test_a_text_from_a_number_in_somebodys_reach_is_theirs() -> None:
    """A page that is answered must not become a new case."""
    async with hands(working=False) as here:
        found = here.directory.at_address(BEN)

        assert found is not None
        assert found.id == "ben"
        assert here.directory.at_address("+15550100900") is None
        assert here.directory.at_address("") is None


async def test_the_newest_record_of_a_person_counts_and_a_removed_one_is_gone() -> None:
    async with hands(working=False) as here:
        moved = replace(STAFF[0], name="Ana Moved", roles=(Role.SUPERVISOR,))
        await here.directory.record((moved, PersonRemoved(PersonId("ben"))), "test")

        assert here.colleague("ana").name == "Ana Moved"
        assert here.directory.person("ben") is None
        assert [one.id for one in here.directory.with_role(Role.SUPERVISOR)] == ["ana", "sam"]
        assert [one.name for one in here.directory.everybody()] == ["Ana Moved", "Rui", "Sam"]


async def test_a_list_that_did_not_grow_is_not_folded_anew() -> None:
    """It is asked for before every page that may have gone out already, and just when many may have."""
    async with hands(working=False) as here:
        other = directory(here.world)
        await other.load()
        before = here.ledger.reads

        await other.load()
        assert here.ledger.reads == before

        await here.directory.record((person("zoe", Role.CLINICIAN, "+15550100099"),), "test")
        await other.load()
        assert other.person("zoe")


async def test_nobody_signs_in_with_an_empty_name() -> None:
    async with hands(staff=[replace(STAFF[0], username="")], working=False) as here:
        assert here.directory.by_username("") is None


async def test_two_who_record_at_once_both_succeed() -> None:
    world = World()
    one, other = directory(world), directory(world)

    await asyncio.gather(one.record((STAFF[0],), "a"), other.record((STAFF[1],), "b"))
    await one.load()

    assert [p.id for p in one.everybody()] == ["ana", "ben"]


async def test_nothing_to_record_writes_nothing() -> None:
    world = World()

    assert await directory(world).record((), "test") == ()
    assert await world.ledger.head() == 0


# ------------------------------------------------------------------------------------------ the import


async def test_an_import_says_what_is_new_and_again_says_nothing() -> None:
    world, passwords = World(), SlowPasswords()
    people = [listed("ana"), listed("sam", Role.SUPERVISOR)]
    at = directory(world)

    first = await import_staff(at, passwords, people, "cli")
    head = await world.ledger.head()
    again = await import_staff(at, passwords, people, "cli")

    assert first.sentences == ("Ana (ana) is new: clinician.", "Sam (sam) is new: supervisor.")
    assert again.sentences == ()
    assert await world.ledger.head() == head


async def test_an_import_says_what_changed() -> None:
    world, passwords, at = World(), SlowPasswords(), None
    at = directory(world)
    await import_staff(at, passwords, [listed("ana")], "cli")

    changed = replace(listed("ana", Role.SUPERVISOR, number=BEN), name="Ana Ortiz", languages=("en", "es"))
    changes = await import_staff(at, passwords, [changed], "cli")

    assert changes.sentences == ("Ana Ortiz (ana) changed: name, roles, languages, ways to be reached.",)


async def test_a_password_counts_only_while_there_is_none() -> None:
    """The list stays on a disk somewhere; whoever finds it must not come in with it."""
    world, passwords, at = World(), SlowPasswords(), None
    at = directory(world)
    await import_staff(at, passwords, [listed("ana", password="")], "cli")
    assert at.everybody()[0].password_hash == ""
    await import_staff(at, passwords, [listed("ana", password="first")], "cli")
    changes = await import_staff(at, passwords, [listed("ana", password="second")], "cli")

    assert changes.sentences == ()
    assert at.everybody()[0].password_hash == "hash of first"


async def test_others_stay_unless_they_are_to_be_removed() -> None:
    world, passwords, at = World(), SlowPasswords(), None
    at = directory(world)
    await import_staff(at, passwords, [listed("ana"), listed("ben")], "cli")

    assert (await import_staff(at, passwords, [listed("ana")], "cli")).sentences == ()
    changes = await import_staff(at, passwords, [listed("ana")], "cli", remove_others=True)

    assert changes.sentences == ("Ben (ben) was removed.",)
    assert [one.id for one in at.everybody()] == ["ana"]


async def test_numbers_and_hashes_of_staff_lie_sealed() -> None:
    world = World()
    await directory(world).record((person("ana", Role.CLINICIAN, ANA),), "test")
    [recorded] = await world.ledger.since(0)

    assert isinstance(recorded.fact, PersonRegistered)
    assert recorded.fact.reach == ()
    assert ANA not in repr(recorded)
    assert "hash of ana" not in repr(recorded)
