"""Which rulebook is in force since when, who answers for it, and what its rules have done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from crisis_hub.application.rulebooks import STREAM, Rulebooks
from crisis_hub.application.staff import Person
from crisis_hub.domain.errors import NotAllowed, TooLate, Wrong
from crisis_hub.domain.events import RulebookLoaded, RulebookSigned
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import PersonId, Role
from tests.application.hands import BOOK, Hands, hands

WHY = "Read every rule and tried the examples."


def person(id: str, *roles: Role) -> Person:
    return Person(PersonId(id), id.title(), roles, ("en",), id, (), "")


ANA = person("ana", Role.CLINICIAN)
SAM, SIA, RUI = person("sam", Role.SUPERVISOR), person("sia", Role.SUPERVISOR), person("rui", Role.RESPONDER)


@dataclass
class Shelf:
    """What lies in the rules folder just now."""

    book: Rulebook


@asynccontextmanager
async def shelf() -> AsyncIterator[tuple[Hands, Shelf, Rulebooks]]:
    async with hands() as here:
        lying = Shelf(BOOK)
        books = Rulebooks(here.ledger, here.bus, here.clock, lambda: lying.book, here.directory)
        await books.note()
        yield here, lying, books


async def test_a_rulebook_that_comes_into_force_is_written_down_once() -> None:
    async with shelf() as (here, lying, books):
        await books.note()
        other = Rulebooks(here.ledger, here.bus, here.clock, lambda: lying.book, here.directory)
        await other.note()

        lying.book = replace(BOOK, version="newer")
        assert books.changed()
        await books.note()
        await other.note()

        written = [one.fact for one in await here.ledger.read(STREAM)]
        assert [fact.version for fact in written if isinstance(fact, RulebookLoaded)] == [BOOK.version, "newer"]
        assert not books.changed()


async def test_nobody_answers_for_a_rulebook_until_two_people_do() -> None:
    async with shelf() as (_, _, books):
        assert books.current().sign_off == "none"

        await books.sign(ANA, BOOK.version, WHY)
        await books.sign(ANA, BOOK.version, WHY)
        assert books.current().sign_off == "none"

        standing = await books.sign(SAM, BOOK.version, "Read it with Ana.")
        assert standing.signed == RulebookSigned(BOOK.version, ANA.id, SAM.id, "Read it with Ana.")
        assert books.current().sign_off.startswith("Ana and Sam, ")


async def test_a_signature_holds_for_the_version_that_was_read_and_for_no_other() -> None:
    async with shelf() as (_, lying, books):
        await books.sign(ANA, BOOK.version, WHY)
        lying.book = replace(BOOK, version="newer")

        with pytest.raises(TooLate, match="The rules have changed since you read them"):
            await books.sign(SAM, BOOK.version, WHY)
        await books.note()
        await books.sign(SAM, "newer", WHY)
        assert books.current().sign_off == "none"

        lying.book = BOOK
        await books.note()
        await books.sign(SAM, BOOK.version, WHY)
        assert books.current().sign_off != "none"
        lying.book = replace(BOOK, version="newer")
        assert books.current().sign_off == "none"


async def test_one_of_the_two_is_a_clinician_and_neither_is_anybody() -> None:
    async with shelf() as (_, _, books):
        with pytest.raises(NotAllowed, match="Rules are signed by clinicians"):
            await books.sign(RUI, BOOK.version, WHY)
        with pytest.raises(Wrong, match="what you checked"):
            await books.sign(ANA, BOOK.version, "  ")

        await books.sign(SAM, BOOK.version, WHY)
        with pytest.raises(NotAllowed, match="One of the two"):
            await books.sign(SIA, BOOK.version, WHY)
        await books.sign(ANA, BOOK.version, WHY)
        assert books.current().sign_off != "none"


async def test_another_process_hears_of_a_signature() -> None:
    async with shelf() as (here, lying, books):
        other = Rulebooks(here.ledger, here.bus, here.clock, lambda: lying.book, here.directory)
        await other.note()
        here.board.watch(lambda change: other.hear(change.recorded))

        await books.sign(ANA, BOOK.version, WHY)
        await books.sign(SAM, BOOK.version, WHY)
        await here.settle()

        assert other.current().sign_off == books.current().sign_off != "none"


async def test_a_rule_is_counted_each_time_it_fires() -> None:
    async with shelf() as (here, _, books):
        case = await here.a_case()
        await here.answer(case, "danger.weapon=yes")
        assert {rule: fired.times for rule, fired in (await books.tally()).items()} == {"weapon": 1}

        other = await here.a_case("+15550100901", "SM9")
        await here.answer(other, "danger.weapon=yes")
        fired = (await books.tally())["weapon"]
        assert (fired.times, fired.last_at) == (2, here.clock.now())


async def test_two_processes_with_different_rules_do_not_answer_each_other_for_ever() -> None:
    """One keeps the last good version of a broken file, the other was started after it broke."""
    async with shelf() as (here, _, books):
        other = Rulebooks(here.ledger, here.bus, here.clock, lambda: replace(BOOK, version="other"), here.directory)
        for _ in range(5):
            for one in (books, other):
                if one.changed():
                    await one.note()
            for recorded in await here.ledger.read(STREAM):
                books.hear(recorded)
                other.hear(recorded)

        assert len(await here.ledger.read(STREAM)) == 2
        assert "Two processes use different rules" in books.trouble()
        assert other.trouble() == ""


async def test_two_who_ask_at_once_count_each_firing_once() -> None:
    async with shelf() as (here, _, books):
        case = await here.a_case()
        await here.answer(case, "danger.weapon=yes")
        await asyncio.gather(*(books.tally() for _ in range(4)))

        assert (await books.tally())["weapon"].times == 1
