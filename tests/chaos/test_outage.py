"""The database is gone: the carrier is told so at once, nothing is half-written, and all goes on when it is back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crisis_hub.adapters.clock import SystemClock
from tests.chaos.checker import INVOKE, OK, Ledger, check
from tests.chaos.hubs import NUMBER_OF, Hub, Place, Zygote, rules_with_waits, until
from tests.chaos.ledger import read_ledger, still_to_do
from tests.chaos.outside import Answer, Outside, case_of, outside, text_form
from tests.chaos.screens import Screen, screen
from tests.night import LINE
from tests.servers import PostgresServer

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

_WAIT = 8
"""Seconds for each step of a ladder."""

_OTHERS = tuple(f"+155505001{number:02d}" for number in range(12))


@dataclass(frozen=True)
class Base:
    """A database that can be taken away and given back, and what the hub says of it meanwhile."""

    url: str
    gone: Callable[[], AbstractContextManager[None]]
    says: str


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Base:
    """SQLite that another program locks, and PostgreSQL that is stopped."""
    if request.param == "sqlite":
        path = tmp_path / "hub.db"
        return Base(f"sqlite:///{path}", lambda: _locked(path), "locked by another program")
    server: PostgresServer = request.getfixturevalue("own_postgres")
    return Base(server.new_database(), lambda: _stopped(server), "cannot be reached")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _stopped(server: PostgresServer) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@dataclass
class House:
    """A hub with a case that somebody works on, and a screen that watches."""

    place: Place
    hub: Hub
    outside: Outside
    screen: Screen
    case: str

    async def ready(self) -> Answer:
        """Return what the hub says of itself."""
        answer = await self.outside.request("GET", f"{self.hub.url}/ready")
        assert answer
        return answer


@asynccontextmanager
async def a_house(nursery: Zygote, base: Base, folder: Path, seed: int) -> AsyncIterator[House]:
    """Start a hub, and let somebody take a case."""
    async with outside(SystemClock(), seed) as world:
        place = Place(folder, base.url, world.carrier_url, rules=rules_with_waits(folder, _WAIT))
        await place.prepare()
        hub = Hub(nursery, place)
        await hub.start()
        try:
            await hub.ready()
            world.serve(hub.url)
            await world.sign_in(hub.url, "rui", "sam")
            case = case_of(await world.text("+15550500001", "please help"))
            assert (await world.claim("rui", case)).status == 200
            async with screen(world, hub.url) as shown:
                yield House(place, hub, world, shown, case)
        finally:
            if hub.pid is not None:
                await hub.kill()


async def test_without_its_database_the_hub_says_so_and_goes_on_when_it_is_back(
    nursery: Zygote, base: Base, tmp_path: Path, seed: int
) -> None:
    async with a_house(nursery, base, tmp_path, seed) as house:
        world, hub = house.outside, house.hub
        sids = {sender: world.new_sid() for sender in _OTHERS}
        body = {"instrument": "asq", "item": "q5", "answer": "yes"}
        before = await read_ledger(base.url)
        with base.gone():
            began = world.clock.now()
            await _everything_is_refused(house, sids, body)
            print(f"refused within {(world.clock.now() - began).total_seconds():.1f} s")  # noqa: T201 - with -s
            said = await house.ready()
            assert said.status == 503
            assert any(base.says in sentence for sentence in said.data["troubles"]), said
            alive = await world.request("GET", f"{hub.url}/health")
            assert alive == Answer(200, '{"alive":true}')
        after = await read_ledger(base.url)
        assert after == before, "something was written by halves"

        await until(lambda: _is_ready(house), lambda: "the hub does not recover by itself")
        assert hub.lives == 1
        # What the carrier still has to bring, and what the responder's screen repeats.
        await asyncio.gather(*(world.text(sender, "help", sid=sid, copies=2) for sender, sid in sids.items()))
        world.history.note("rui", "answer", INVOKE, case=house.case, calls_for="clinical", **body)
        again = await world.ask("rui", f"/api/cases/{house.case}/answers", body, key="the same answer")
        assert again.status == 200, again
        world.history.note("rui", "answer", OK, case=house.case, **body)
        ledger = await _comes_to_rest(house)
        assert sum(fact.type == "CaseOpened" for fact in ledger.facts) == 1 + len(_OTHERS)
        assert {line.value["case"] for line in world.history.of("page", OK)} == {house.case}


async def _everything_is_refused(house: House, sids: dict[str, str], body: dict[str, str]) -> None:
    """Post everything that the carrier and people post: 503 each, and soon enough for the carrier to wait for it."""
    world, url = house.outside, house.hub.url
    forms = {
        "/twilio/text": [*(text_form(sid, sender, "help") for sender, sid in sids.items())],
        "/twilio/voice": [{"CallSid": "CA1", "From": "+15550500077", "To": LINE, "CallStatus": "ringing"}],
    }
    forms["/twilio/text"].append(text_form(world.new_sid(), NUMBER_OF["ana"], "1"))
    posted = [world.post(path, form, url) for path, several in forms.items() for form in several]
    answers = await asyncio.gather(*posted, _answer(house, body))
    assert [answer.status for answer in answers if answer] == [503] * (len(posted) + 1), answers
    unsigned = await world.request("POST", f"{url}/twilio/text", data=text_form(world.new_sid(), "+1555", "help"))
    assert unsigned
    assert unsigned.status == 403


async def _answer(house: House, body: dict[str, str]) -> Answer | None:
    headers = {**house.outside.bearer("rui"), "Idempotency-Key": "the same answer"}
    url = f"{house.hub.url}/api/cases/{house.case}/answers"
    return await house.outside.request("POST", url, json=body, headers=headers)


async def test_a_page_on_its_way_when_the_database_goes_is_recorded_or_sent_again(
    nursery: Zygote, base: Base, tmp_path: Path, seed: int
) -> None:
    """The carrier accepts the page, and nobody can write that down."""
    async with a_house(nursery, base, tmp_path, seed) as house:
        world = house.outside
        asked = asyncio.Event()

        def moment(name: str) -> None:
            if name.startswith("the carrier is asked"):
                asked.set()

        world.moment = moment
        world.gate.clear()
        await world.answer("rui", house.case, "asq.q5", "yes", calls_for="clinical")
        await asyncio.wait_for(asked.wait(), 60)
        with base.gone():
            world.gate.set()
            await until(lambda: _was_accepted(house), lambda: "the carrier got no page")
            await until(lambda: _is_not_ready(house), lambda: "the hub does not notice that its database is gone")
        await until(lambda: _is_ready(house), lambda: "the hub does not recover by itself")
        await _comes_to_rest(house)
        assert house.hub.lives == 1


async def _was_accepted(house: House) -> bool:
    return any(True for _ in house.outside.history.of("page", OK))


async def _is_ready(house: House) -> bool:
    return (await house.ready()).status == 200


async def _is_not_ready(house: House) -> bool:
    return (await house.ready()).status == 503


async def _comes_to_rest(house: House) -> Ledger:
    """Wait until nothing is left to do, judge the run, and see that the screen has missed nothing."""
    left = [-1]

    async def rests() -> bool:
        _, left[0] = await still_to_do(house.place.database_url)
        return left[0] == 0

    await until(rests, lambda: f"the hub does not come to rest: {left[0]} things are left to do", pause=0.1)
    ledger = await read_ledger(house.place.database_url)
    found = check(house.outside.history, ledger, late_seconds=100, quiet_seconds=30)
    assert found.good, f"{found.story()}\n{house.hub.log()[-3000:]}"

    async def shows() -> bool:
        head, _ = await still_to_do(house.place.database_url)
        return house.screen.sequence == head

    await until(shows, lambda: f"the screen stands at {house.screen.sequence}", pause=0.1)
    assert house.screen.gaps == []
    return ledger
