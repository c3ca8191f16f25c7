"""The hands at work with twins all around: a ledger that fails on demand, a carrier in memory, a hand-moved clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from crisis_hub.adapters.addresses import KnownAddresses
from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import HandClock, let_everything_run
from crisis_hub.adapters.ids import CountedIds
from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.memory_mail import MemoryMail
from crisis_hub.adapters.push.memory import MemoryPush
from crisis_hub.adapters.store.memory import MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.telephony.memory import Accepted, Asked, MemoryTelephony
from crisis_hub.application import reactions
from crisis_hub.application.board import Board
from crisis_hub.application.calls import Calls
from crisis_hub.application.cover_notices import CoverNotices
from crisis_hub.application.errands import Errands
from crisis_hub.application.hub import Done, Hub
from crisis_hub.application.intake import Intake, TextIn, TextTaken
from crisis_hub.application.lookups import Lookups
from crisis_hub.application.other_calls import OtherCalls
from crisis_hub.application.pages import Asked as AskedPage
from crisis_hub.application.pages import Pages
from crisis_hub.application.paging import Paging
from crisis_hub.application.plans import NOTE_OPT_OUT, PROVE_WAY, SEND_COVER_NOTICE, TELL_OF_COVER
from crisis_hub.application.ports import (
    EVERY_PRIORITY,
    Claimed,
    Conflict,
    Deadline,
    Entry,
    StoreError,
    StoreUnavailable,
)
from crisis_hub.application.reach import Reachability
from crisis_hub.application.reaching import Reaching, Senders
from crisis_hub.application.replies import Replies
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.staff import Directory, Person
from crisis_hub.application.trial_pages import TrialPages
from crisis_hub.application.watch import Watch
from crisis_hub.domain.case import Case
from crisis_hub.domain.commands import ClaimCase, Command, RecordAnswer, SetRisk
from crisis_hub.domain.escalation import Escalation
from crisis_hub.domain.events import PersonRegistered, Reach, Recorded
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import Method, PageState, PersonId, Role
from tests.domain.given import LADDERS, Is, rule, rulebook

PUBLIC = "https://hub.example.org"
LINE = "+15550100100"
WRITER = "+15550100900"

ANA, BEN, SAM, RUI = "+15550100001", "+15550100002", "+15550100003", "+15550100005"

BOOK = rulebook(
    rule("weapon", Is("danger.weapon", "yes"), Risk.HIGH, "clinical"),
    rule("plan", Is("danger.plan", "yes"), Risk.MODERATE),
    ladders=LADDERS,
)


def person(
    id: str, role: Role, number: str, *, ways: Sequence[Method] = (Method.SMS, Method.VOICE)
) -> PersonRegistered:
    """Somebody on the staff, reached by these ways in the same second."""
    reach = tuple(Reach(way, number, 0) for way in ways)
    return PersonRegistered(PersonId(id), id.title(), (role,), ("en",), id, reach, f"hash of {id}")


STAFF = (
    person("ana", Role.CLINICIAN, ANA),
    person("ben", Role.CLINICIAN, BEN),
    person("sam", Role.SUPERVISOR, SAM),
    person("rui", Role.RESPONDER, RUI),
)


def any_push(_subscription: str) -> str:
    """Find nothing wrong with any browser."""
    return ""


class Ledger(MemoryStore):
    """The ledger's twin, which takes its time like a real one, and is gone, or full of neighbours, when told to."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault)
        self.trouble: StoreError | None = None
        self.conflicts = 0
        self.entries: list[Entry] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        """Done once, right before the next write: what happens elsewhere between a decision and its record."""
        self.reads = 0

    async def _pass(self) -> None:
        await let_everything_run(2)
        if self.trouble is not None:
            raise self.trouble

    def go_down(self) -> None:
        """Be gone until `mend`."""
        self.trouble = StoreUnavailable("The database is gone; start it.")

    def mend(self) -> None:
        """Be there again."""
        self.trouble = None

    async def append(self, entry: Entry) -> tuple[Recorded, ...]:
        """Write one entry, or fail as told."""
        await self._pass()
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        if self.conflicts > 0:
            self.conflicts -= 1
            raise Conflict("somebody else wrote first")
        written = await super().append(entry)
        self.entries.append(entry)
        return written

    async def read(self, stream: str) -> Sequence[Recorded]:
        """Return a stream's facts."""
        self.reads += 1
        await self._pass()
        return await super().read(stream)

    async def news(self, stream: str, version: int) -> Sequence[Recorded] | None:
        """Return a stream's facts after that version."""
        await self._pass()
        return await super().news(stream, version)

    async def since(self, sequence: int, limit: int = 1000) -> Sequence[Recorded]:
        """Return the facts after `sequence`."""
        await self._pass()
        return await super().since(sequence, limit)

    async def marks(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the values of those marks that exist."""
        await self._pass()
        return await super().marks(keys)

    async def claim_effects(
        self, now: datetime, owner: str, lease_seconds: float, limit: int, priorities: tuple[int, int] = EVERY_PRIORITY
    ) -> Sequence[Claimed]:
        """Take up to `limit` effects."""
        await self._pass()
        return await super().claim_effects(now, owner, lease_seconds, limit, priorities)

    async def claim_deadlines(self, now: datetime, owner: str, lease_seconds: float, limit: int) -> Sequence[Deadline]:
        """Take up to `limit` deadlines."""
        await self._pass()
        return await super().claim_deadlines(now, owner, lease_seconds, limit)


class World:
    """What all processes share: the clock, the ids, the ledger, the carrier."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.ids = CountedIds()
        self.secrets = Keyring(bytes(range(32)))
        self.ledger = Ledger(Vault(self.secrets.vault_key()))
        self.telephony = MemoryTelephony(self.clock, self.ids)


class Hands:
    """One process: everything of `application/`, joined as in wiring.py, with twins for the world."""

    def __init__(self, world: World, book: Rulebook = BOOK, owner: str = "one") -> None:
        self.world = world
        self.clock, self.ledger, self.telephony = world.clock, world.ledger, world.telephony
        self.book = book
        self.bus = MemoryBus()
        self._working = True
        clock, store, secrets, bus, telephony = self.clock, self.ledger, world.secrets, self.bus, self.telephony

        def current() -> Rulebook:
            return self.book

        self.directory = Directory(store, clock)
        self.hub = Hub(store, bus, clock, secrets, current)
        self.board = Board(store, bus)
        self.intake = Intake(self.hub, store, clock, world.ids, secrets, current, "en", drill=False)
        self.pages = Pages(self.hub, store, clock, secrets, self.directory, current, PUBLIC)
        self.push, self.mail = MemoryPush(world.ids), MemoryMail(world.ids)
        senders = Senders(telephony, self.push, self.mail)
        self.reaching = Reaching(senders, secrets, self.directory, current, PUBLIC)
        self.reachability = Reachability(
            self.hub, store, clock, world.ids, secrets, self.directory, self.reaching, KnownAddresses(any_push), owner
        )
        self.trials = TrialPages(store, clock, world.ids, secrets, self.directory, self.reaching, self.reachability)
        self.rotas = Rotas(store, bus, clock, current, self.board.catch_up)
        others = OtherCalls(store, self.board, self.directory, clock)
        self.lookups = Lookups(self.hub, self.board, others, telephony, clock, secrets, self.reaching.address, owner)
        self.paging = Paging(
            self.hub, store, telephony, clock, self.directory, current, self.reaching, self.lookups, self.rotas, owner
        )
        self.replies = Replies(self.hub, store, telephony, clock, owner)
        self.calls = Calls(self.hub, store, telephony, clock, self.directory, owner)
        cover_notices = CoverNotices(store, clock, self.directory, self.rotas, self.reaching, owner)
        kinds = {
            reactions.PAGE_STEP: self.paging.page_step,
            reactions.SEND_PAGE: self.paging.send,
            reactions.TELL_TAKEN: self.paging.tell_taken,
            reactions.STOP_RINGING: self.paging.stop_ringing,
            reactions.SEND_TEXT: self.replies.send,
            reactions.RING_ROOM: self.calls.ring_into_room,
            PROVE_WAY: self.reachability.prove,
            NOTE_OPT_OUT: self.reachability.opted_out,
            TELL_OF_COVER: cover_notices.tell,
            SEND_COVER_NOTICE: cover_notices.send,
        }
        self.errands = Errands(store, bus, clock, kinds, owner)
        self.watch = Watch(self.hub, store, bus, clock, self.board, self.errands, owner)

    async def open(self, *, working: bool = True) -> None:
        """Fold what is there, and begin to work."""
        self._working = working
        await self.directory.load()
        await self.board.load()
        self.board.watch(lambda change: self.rotas.hear(change.recorded))
        await self.rotas.fresh()
        self.watch.also(self.rotas.round)
        if working:
            self.errands.start()
            self.errands.wake()

    async def close(self) -> None:
        """Stop."""
        self.watch.close()
        self.board.close()
        await self.errands.close()

    # ------------------------------------------------------------------------------------- time

    async def settle(self) -> None:
        """Let everything that needs no time come to its end."""
        if not self._working:
            await let_everything_run(50)
            return
        for _ in range(500):
            await let_everything_run(8)
            if self.errands.idle() and self.watch.idle():
                return
        raise AssertionError("the hands do not come to rest")

    async def seconds(self, count: int) -> None:
        """Let seconds pass, with the watch going its round at each."""
        for _ in range(count):
            await self.clock.advance(1)
            await self.watch.tick()
            await self.settle()

    # ------------------------------------------------------------------------------------- doing

    async def text(self, words: str = "hello", sid: str = "SM1", sender: str = WRITER) -> TextTaken:
        """Somebody writes."""
        return await self.intake.text(TextIn(sid, sender, LINE, words, 0))

    async def a_case(self, sender: str = WRITER, sid: str = "SM1") -> str:
        """Return the stream of a case that somebody claimed."""
        taken = await self.text(sid=sid, sender=sender)
        await self.do(taken.case, ClaimCase(PersonId("rui"), "Rui"))
        return taken.case

    async def do(self, stream: str, command: Command) -> Done:
        """Do something to a case, and let what follows from it happen."""
        done = await self.hub.do(stream, command, "person:rui")
        await self.settle()
        return done

    async def answer(self, stream: str, what: str) -> Done:
        """Give an answer, written as `instrument.item=answer`."""
        place, _, answer = what.partition("=")
        instrument, _, item = place.partition(".")
        return await self.do(stream, RecordAnswer(PersonId("rui"), instrument, item, answer, ""))

    async def judge(self, stream: str, risk: Risk) -> Done:
        """Say how great the risk is."""
        return await self.do(stream, SetRisk(PersonId("rui"), risk, "as I see it"))

    # ------------------------------------------------------------------------------------- looking

    async def case(self, stream: str) -> Case:
        """Return a case as the ledger has it."""
        return await self.hub.case(stream)

    async def ladder(self, stream: str) -> Escalation:
        """Return the ladder of a case that began last."""
        return (await self.case(stream)).escalations[-1]

    async def page_of(self, stream: str, person: str) -> AskedPage:
        """Return the newest page of somebody."""
        case = await self.case(stream)
        found = [(x, page) for x in case.escalations for page in x.pages if page.person == person]
        return AskedPage(case, *found[-1])

    async def open_pages(self, stream: str) -> list[str]:
        """Return who could take a page of this case."""
        case = await self.case(stream)
        return [page.person for x in case.escalations for page in x.pages if page.state is PageState.OPEN]

    def colleague(self, id: str) -> Person:
        """Return somebody on the staff."""
        found = self.directory.person(id)
        assert found is not None
        return found

    def texts_to(self, number: str) -> list[Accepted]:
        """Return the texts that the carrier accepted for a number."""
        return self.telephony.sent_to(number, Asked.TEXT)

    def calls_to(self, number: str) -> list[Accepted]:
        """Return the calls that the carrier accepted for a number."""
        return self.telephony.sent_to(number, Asked.CALL)


@asynccontextmanager
async def hands(
    book: Rulebook = BOOK,
    staff: Sequence[PersonRegistered] = STAFF,
    *,
    world: World | None = None,
    owner: str = "one",
    working: bool = True,
) -> AsyncIterator[Hands]:
    """Open one process; with a `world`, one more beside those that share it."""
    at_work = Hands(world or World(), book, owner)
    if world is None:
        await at_work.directory.record(tuple(staff), "test")
    await at_work.open(working=working)
    at_work.clock.settle = at_work.settle
    try:
        yield at_work
    finally:
        await at_work.close()
