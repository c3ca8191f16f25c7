"""The watch over who will be on call: looks after each edit, writes it down once, and tells whoever looks after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from crisis_hub.application.coverage import ANNOUNCE_COVERAGE, CoverageWatch
from crisis_hub.application.coverage_words import CoverageWords
from crisis_hub.application.ports import Claimed, Effect, Entry, StoreUnavailable
from crisis_hub.application.reaching import Reaching, Senders
from crisis_hub.application.rotas import stream_of
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.events import CoverageChanged, OverrideEnded, PersonRegistered, Reach
from crisis_hub.domain.lacks import Lack
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import CarrierId, Method, PersonId, Role
from tests.application.hands import BOOK, PUBLIC, SAM, STAFF, Hands, World, hands, person
from tests.application.test_paging import rota

FULL = replace(rota("ana", last_resort=["sam"]), timezone="America/Chicago")
STREAM = stream_of("clinicians")


def with_gap(here: Hands, days: float, hours: float = 8) -> Rulebook:
    """The rules, with a rota on which nobody is for a while, so many days from now."""
    start = here.clock.now() + timedelta(days=days)
    off = Override(Change.REMOVE, PersonId("ana"), start, start + timedelta(hours=hours))
    return replace(BOOK, rotas={"clinicians": replace(FULL, overrides=(off,))})


def whole() -> Rulebook:
    """The rules, with a rota on which Ana always is."""
    return replace(BOOK, rotas={"clinicians": FULL})


@dataclass
class Mailbox:
    """A mail server's twin."""

    got: list[tuple[str, str, str]] = field(default_factory=list)

    async def send_mail(self, to: str, subject: str, body: str) -> CarrierId:
        """Keep one e-mail."""
        self.got.append((to, subject, body))
        return CarrierId(f"<{len(self.got)}>")


def watch_of(here: Hands) -> CoverageWatch:
    """The watch of one process, which hears what this process hears."""
    watch = CoverageWatch(here.ledger, here.bus, here.clock, here.directory, lambda: here.book, here.rotas)
    here.board.watch(lambda change: watch.hear(change.recorded))
    return watch


def words_of(here: Hands, mail: Mailbox | None = None) -> CoverageWords:
    """Who carries the news."""
    senders = Senders(here.telephony, mail=mail)
    reaching = Reaching(senders, here.world.secrets, here.directory, lambda: here.book, PUBLIC)
    return CoverageWords(
        here.ledger, here.telephony, reaching, here.clock, here.directory, lambda: here.book, PUBLIC, "one", drill=False
    )


async def told(here: Hands) -> list[CoverageChanged]:
    """What stands in the rota's stream about coverage."""
    return [one.fact for one in await here.ledger.read(STREAM) if isinstance(one.fact, CoverageChanged)]


async def news(here: Hands) -> list[list[str]]:
    """What was news, of reds only, since nobody in these tests proved anything."""
    return [[words for words in one.news if "Nobody is on call" in words] for one in await told(here)]


@asynccontextmanager
async def watched(book: Rulebook | None = None) -> AsyncIterator[tuple[Hands, CoverageWatch]]:
    """A process with a watch, which looked once."""
    async with hands(book or whole(), working=False) as here:
        watch = watch_of(here)
        await watch.round()
        yield here, watch


async def test_an_edit_is_looked_at_within_seconds_and_otherwise_once_an_hour() -> None:
    async with watched() as (here, watch):
        first = watch.coverage.checked_at
        for _ in range(30):
            await here.clock.advance(60)
            await watch.round()
        assert watch.coverage.checked_at == first
        here.book = with_gap(here, 3)
        await watch.round()

        assert watch.coverage.checked_at == here.clock.now()
        assert [one.lack for one in watch.now() if one.red] == [Lack.NOBODY]
        await here.clock.advance(3600)
        await watch.round()
        assert watch.coverage.checked_at == here.clock.now()


async def test_edits_that_come_together_are_looked_at_once() -> None:
    async with watched() as (here, watch):
        await here.clock.advance(60)
        here.book = with_gap(here, 3)
        await watch.round()
        looked = watch.coverage.checked_at
        await here.clock.advance(5)
        here.book = whole()
        await watch.round()
        assert watch.coverage.checked_at == looked
        await here.clock.advance(5)
        await watch.round()

        assert watch.coverage.checked_at == here.clock.now()
        assert not [one for one in watch.now() if one.red]


async def test_a_fact_about_the_staff_from_anywhere_is_an_edit() -> None:
    async with watched() as (here, watch):
        await here.clock.advance(60)
        gone = replace(person("ana", Role.CLINICIAN, "+15550100001"), reach=())
        await here.directory.record((gone,), "test")
        await here.board.catch_up()
        await watch.round()

        assert [one.lack for one in watch.now() if one.red] == [Lack.NOBODY_REACHED, Lack.NO_REACH]


async def test_of_two_processes_that_look_at_once_one_writes_and_one_person_gets_one_text() -> None:
    world = World()
    async with hands(whole(), world=world, working=False) as one:
        await one.directory.record(STAFF, "test")
        async with hands(one.book, world=world, owner="two", working=False) as two:
            await two.directory.load()
            mine, others = watch_of(one), watch_of(two)
            await mine.look()
            one.book = two.book = with_gap(one, 3)
            world.ledger.meanwhile = others.look
            await mine.look()
            await others.look()

            assert await news(one) == [[], [mine.now()[0].sentence()]]
            assert len({effect.key for entry in world.ledger.entries for effect in entry.effects}) == 1


async def test_who_was_slower_than_another_edit_looks_again_at_what_was_told_and_tells_it_still() -> None:
    async with watched() as (here, watch):
        here.book = with_gap(here, 3)

        async def arranged() -> None:
            made = OverrideEnded("o1", PersonId("sam"))
            known = len(await here.ledger.read(STREAM))
            await here.ledger.append(Entry(STREAM, known, (made,), here.clock.now(), "test"))

        here.ledger.meanwhile = arranged
        await watch.look()

        assert len((await news(here))[-1]) == 1


async def test_after_a_restart_nothing_is_told_again_and_what_changed_meanwhile_is() -> None:
    async with watched() as (here, watch):
        here.book = with_gap(here, 3)
        await watch.look()
        await watch_of(here).look()
        assert len(await told(here)) == 2
        here.book = whole()
        again = watch_of(here)
        await again.look()

        last = (await told(here))[-1]
        assert (last.news, len(last.mended), last.red) == ((), 1, True)


async def test_a_look_that_failed_is_made_again() -> None:
    async with watched() as (here, watch):
        await here.clock.advance(60)
        here.book = with_gap(here, 3)
        here.ledger.go_down()
        with pytest.raises(StoreUnavailable):
            await watch.round()
        here.ledger.mend()
        await watch.round()

        assert [one.lack for one in watch.now() if one.red] == [Lack.NOBODY]


# ------------------------------------------------------------------------------------------ who is told, and how


def effects(here: Hands) -> list[Effect]:
    """What was planned to be told."""
    return [x for entry in here.ledger.entries for x in entry.effects if x.kind == ANNOUNCE_COVERAGE]


MAIL = Reach(Method.EMAIL, "sam@example.org", 0)


def with_mail(one: PersonRegistered) -> PersonRegistered:
    """Somebody who can be written e-mails, too."""
    return replace(one, reach=(*one.reach, MAIL))


async def test_red_goes_by_text_and_e_mail_and_the_rest_by_e_mail_only() -> None:
    async with hands(whole(), [*STAFF[:2], with_mail(STAFF[2])], working=False) as here:
        mail, watch = Mailbox(), watch_of(here)
        words = words_of(here, mail)
        await watch.look()
        assert [x.subject.rpartition("/")[2] for x in effects(here)] == ["email"]
        here.book = with_gap(here, 0.2)
        await watch.look()
        for effect in effects(here):
            await words.announce(Claimed(effect, 1))

        assert [x.subject.rpartition("/")[2] for x in effects(here)] == ["email", "sms", "email"]
        [text] = here.texts_to(SAM)
        assert text.words.startswith("clinicians: Nobody is on call from Sun 01 Mar 2026 01:48 (America/Chicago)")
        assert text.words.endswith(f"{PUBLIC}/rota")
        assert [(to, subject) for to, subject, _ in mail.got] == [(MAIL.address, "On call: clinicians")] * 2
        assert "has not confirmed with a code" in mail.got[0][2]


async def test_without_a_supervisor_the_clinical_lead_is_told() -> None:
    lee = person("lee", Role.CLINICAL_LEAD, "+15550100004")
    async with hands(whole(), [STAFF[0], lee], working=False) as here:
        here.book = with_gap(here, 0.2)
        await watch_of(here).look()

        assert [x.subject for x in effects(here)] == ["1/lee/sms"]


async def test_a_carrier_that_is_busy_is_tried_again_and_one_that_says_no_is_not() -> None:
    async with watched() as (here, watch):
        here.book = with_gap(here, 0.2)
        await watch.look()
        words = words_of(here)
        now = here.clock.now() + timedelta(seconds=1)
        [claimed] = await here.ledger.claim_effects(now, "one", 20, 10)
        here.telephony.be_busy(3)
        await words.announce(claimed)
        assert await here.ledger.claim_effects(now, "one", 20, 10) == []
        [again] = await here.ledger.claim_effects(now + timedelta(seconds=5), "one", 20, 10)
        here.telephony.refuse("21211")
        await words.announce(again)

        assert await here.ledger.claim_effects(now + timedelta(hours=9), "one", 20, 10) == []
        assert here.texts_to(SAM) == []


async def test_who_has_left_meanwhile_is_not_told() -> None:
    async with watched() as (here, watch):
        here.book = with_gap(here, 0.2)
        await watch.look()
        [effect] = effects(here)
        gone = replace(effect, subject=effect.subject.replace("sam", "gone"))
        await words_of(here).announce(Claimed(gone, 1))

        assert here.texts_to(SAM) == []
