"""Two hubs on one PostgreSQL and one Valkey are one hub: one case a text, one page a step, one winner, one board.

Then the same with Valkey stopped in the middle, and once more when it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.telephony.simulator import Call
from crisis_hub.adapters.telephony.simulator import Message as Text
from tests.chaos.checker import INVOKE, OK, check
from tests.chaos.hubs import Hub, Place, Zygote, rules_with_waits, until
from tests.chaos.ledger import read_ledger, still_to_do
from tests.chaos.outside import Outside, case_of, link_of, outside
from tests.chaos.screens import Screen, screen
from tests.servers import PostgresServer, RedisServer

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

_WAIT = 8
"""Seconds for each step of a ladder."""

_PEOPLE = 6


@dataclass
class Pair:
    """Two hubs, their shared ledger, and a supervisor's screen on each."""

    place: Place
    one: Hub
    two: Hub
    outside: Outside
    screens: list[Screen]

    @property
    def urls(self) -> tuple[str, str]:
        """Return where they are."""
        return self.one.url, self.two.url

    async def boards_are_alike(self) -> None:
        """Wait until both hubs and both screens show the ledger's newest number and the same cases."""
        seen: list[object] = [None]

        async def alike() -> bool:
            head, _ = await still_to_do(self.place.database_url)
            boards = [await self.outside.get("sam", "/api/board", url) for url in self.urls]
            numbers = [*(board["sequence"] for board in boards), *(shown.sequence for shown in self.screens)]
            shown = [{case["id"]: case for case in board["cases"]} for board in boards]
            shown += [one.cases for one in self.screens]
            seen[0] = (head, numbers)
            return set(numbers) == {head} and all(cases == shown[0] for cases in shown)

        await until(alike, lambda: f"the boards do not become alike: {seen[0]}", pause=0.1)
        assert [shown.gaps for shown in self.screens] == [[], []]

    async def troubles(self) -> list[list[str]]:
        """Return what each hub says is wrong."""
        answers = [await self.outside.request("GET", f"{url}/ready") for url in self.urls]
        assert all(answer and answer.status == 200 for answer in answers), answers
        return [answer.data["troubles"] for answer in answers if answer]


@contextlib.asynccontextmanager
async def a_pair(
    nursery: Zygote, database_url: str, redis: RedisServer, folder: Path, seed: int
) -> AsyncIterator[Pair]:
    """Start two hubs and connect a screen to each."""
    async with outside(SystemClock(), seed) as world, contextlib.AsyncExitStack() as stack:
        rules = rules_with_waits(folder, _WAIT)
        place = Place(folder, database_url, world.carrier_url, redis_url=redis.url, rules=rules)
        await place.prepare()
        hubs = [Hub(nursery, place, "one"), Hub(nursery, place, "two")]
        for hub in hubs:
            await hub.start()
            stack.push_async_callback(_end, hub)
            await hub.ready()
        world.serve(*(hub.url for hub in hubs))
        await world.sign_in(hubs[0].url, "rui", "ria", "sam")
        screens = [await stack.enter_async_context(screen(world, hub.url)) for hub in hubs]
        yield Pair(place, hubs[0], hubs[1], world, screens)


async def _end(hub: Hub) -> None:
    if hub.pid is not None:
        await hub.kill()


async def test_two_hubs_are_one_hub_with_valkey_without_it_and_with_it_again(
    nursery: Zygote, postgres: PostgresServer, own_redis: RedisServer, tmp_path: Path, seed: int
) -> None:
    async with a_pair(nursery, postgres.new_database(), own_redis, tmp_path, seed) as pair:
        world = pair.outside
        pager = _Pager(pair)
        await _an_hour(pair, pager, "with the bell", 0)
        assert await pair.troubles() == [[], []]

        # Stopped while work goes on: some of what follows was begun with the bell and ends without it.
        going_on = asyncio.create_task(_an_hour(pair, pager, "the bell falls silent", 100))
        own_redis.stop()
        await going_on
        await until(lambda: _say(pair, "Redis"), lambda: "nobody noticed that the bell is silent")
        await _an_hour(pair, pager, "without the bell", 200)

        own_redis.start()
        await until(lambda: _say(pair, ""), lambda: "the bell is not heard again", pause=0.1)
        await _an_hour(pair, pager, "with the bell again", 300)

        await until(lambda: _done(pair), lambda: "the hubs do not come to rest", pause=0.1)
        await pair.boards_are_alike()
        ledger = await read_ledger(pair.place.database_url)
        found = check(world.history, ledger, late_seconds=100, quiet_seconds=30, pages_once=True)
        assert found.good, f"{found.story()}\n{pair.one.log()[-2000:]}\n{pair.two.log()[-2000:]}"
        assert found.counts["people"] == 4 * (_PEOPLE + 1)
        _screens_saw_the_ledger(pair, [fact.type for fact in ledger.facts])
        for hub in (pair.one, pair.two):
            await hub.stop()
        print(found.story())  # noqa: T201 - shown with -s


async def _an_hour(pair: Pair, pager: _Pager, when: str, first: int) -> None:
    """Everything that two hubs could do twice, or each in its own way."""
    numbers = range(first, first + _PEOPLE)
    cases = await asyncio.gather(*(_a_text_through_both(pair, when, number) for number in numbers))
    assert len(set(cases)) == _PEOPLE
    await _two_first_texts_at_once(pair, when, first + 50)
    await asyncio.gather(*(_a_talk(pair, pager, case, number) for case, number in zip(cases, numbers, strict=True)))
    await asyncio.gather(*(pager.taken[case].wait() for case in cases))
    await pair.boards_are_alike()


async def _a_text_through_both(pair: Pair, when: str, number: int) -> str:
    """The very same text to both at once, and another one that goes to one of them."""
    world, sender = pair.outside, f"+155504{number:05d}"
    first = await world.text(sender, f"{when}: please help", copies=2)
    await world.text(sender, f"{when}: are you there", copies=1 + number % 2 * 4)
    return case_of(first)


async def _two_first_texts_at_once(pair: Pair, when: str, number: int) -> None:
    """Two texts of somebody who never wrote before, one to each hub in the same instant."""
    world, sender = pair.outside, f"+155504{number:05d}"
    sids = [world.new_sid(), world.new_sid()]
    await asyncio.gather(*(world.text(sender, f"{when}: {sid}", copies=2, sid=sid) for sid in sids))


async def _a_talk(pair: Pair, pager: _Pager, case: str, number: int) -> None:
    """A claim raced through both, then answers and words through the one and the other in turn."""
    world, (one, two) = pair.outside, pair.urls
    pager.expect(case, "one" if number % 3 == 0 else "both")
    claims = await asyncio.gather(world.claim("rui", case, one), world.claim("ria", case, two))
    assert sorted(claim.status for claim in claims) == [200, 409], claims
    won = "rui" if claims[0].status == 200 else "ria"
    lost = next(claim for claim in claims if claim.status == 409)
    assert lost.data["who"] == {"rui": "Rui Alves", "ria": "Ria Berg"}[won]
    pager.numbers[case] = next(claim.data["case"]["number"] for claim in claims if claim.status == 200)
    await world.answer(won, case, "asq.q1", "yes", hub=one)
    # Said, taken back and said again, through one and the other: what one of them remembers is not what is true.
    for said, hub in (("yes", one), ("no", two), ("yes", one)):
        await world.answer(won, case, "asq.q2", said, hub=hub)
    await world.answer(won, case, "asq.q3", "no", hub=two)
    await world.write(won, case, f"I am here, {number}.", hub=two)
    question = "ch_violence_inquiry.v10" if number % 2 else "asq.q5"
    await _the_same_answer_through_both(pair, won, case, question)


async def _the_same_answer_through_both(pair: Pair, person: str, case: str, question: str) -> None:
    """The answer that pages, sent twice under one key: once to each hub, at once."""
    world, key = pair.outside, f"{case}-{question}"
    instrument, _, item = question.partition(".")
    body = {"instrument": instrument, "item": item, "answer": "yes"}
    world.history.note(person, "answer", INVOKE, case=case, calls_for="somebody", **body)
    path = f"/api/cases/{case}/answers"
    said = await asyncio.gather(*(world.ask(person, path, body, key=key, hub=url) for url in pair.urls))
    assert [answer.status for answer in said] == [200, 200], said
    assert said[0].data["facts"] == said[1].data["facts"]
    world.history.note(person, "answer", OK, case=case, **body)


class _Pager:
    """Staff who take what they are paged for: the same reply through both hubs, or two people at once."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._how: dict[str, str] = {}
        self._acts: set[asyncio.Task[None]] = set()
        self.numbers: dict[str, str] = {}
        self.taken: dict[str, asyncio.Event] = {}
        pair.outside.on_page = self._paged

    def expect(self, case: str, how: str) -> None:
        """Say how the pages of a case are to be taken."""
        self._how[case] = how
        self.taken[case] = asyncio.Event()

    def _paged(self, case: str, attempt: str, person: str, what: Text | Call) -> None:
        if isinstance(what, Text):
            act = asyncio.get_running_loop().create_task(self._take(case, attempt, person, what.body))
            self._acts.add(act)
            act.add_done_callback(self._acts.discard)

    async def _take(self, case: str, attempt: str, person: str, words: str) -> None:
        world, number = self._pair.outside, self.numbers[case]
        link = link_of(words, number)
        assert link, words
        if self._how[case] == "one":
            await world.take_by_reply(person, case, number)
        else:
            await asyncio.gather(
                world.take_by_reply(person, case, number, copies=2), world.take_by_button(person, case, attempt, link)
            )
        self.taken[case].set()


async def _say(pair: Pair, word: str) -> bool:
    """Say whether each hub names that trouble, or, for no word, none at all."""
    troubles = await pair.troubles()
    if not word:
        return troubles == [[], []]
    return all(any(word in sentence for sentence in one) for one in troubles)


async def _done(pair: Pair) -> bool:
    _, left = await still_to_do(pair.place.database_url)
    return left == 0


def _screens_saw_the_ledger(pair: Pair, types: list[str]) -> None:
    """Every change on every screen is the fact of that number."""
    for shown in pair.screens:
        assert [sequence for sequence, _ in shown.changes] == list(range(shown.first + 1, shown.sequence + 1))
        assert [type for _, type in shown.changes] == types[shown.first : shown.sequence]
