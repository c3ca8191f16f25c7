"""Simulated staff and callers: they do what people would, and stand back when somebody real is there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from crisis_hub.adapters.telephony.simulator import Carrier, Chance, Line, Person, Press
from crisis_hub.application.ports import Clock
from crisis_hub.cli.demo_stories import STORIES, Story, person_of
from crisis_hub.domain.case import Case
from crisis_hub.domain.conversation import PERSON
from crisis_hub.domain.queue import waiting
from crisis_hub.domain.vocabulary import Channel, PersonId, Role
from crisis_hub.wiring import House

log = logging.getLogger(__name__)

LINE = "+15550100100"

_MOST_QUESTIONS = 20
_CALM_QUESTION = {
    "ch_right_now.safe_to_talk": "yes",
    "ch_right_now.together": "yes",
    "ch_intake.caller": "self",
    "ch_intake.age": "34",
    "ch_four_principles.someone_near": "yes",
    "ch_four_principles.reason_to_live": "yes",
    "ch_intake_needs.safe_place": "yes",
    "ch_plan.means_safer": "agreed",
    "ch_plan.with_someone": "yes",
    "ch_plan.call_back": "yes",
}
"""What simulated people say where a “no” would be the worse answer, or none at all."""
_SETTLED = {
    "emergency": "Called emergency services; they said that they are with the person.",
    "consult": "Talked it over with the supervisor of this shift.",
    "means_safety": "Everything is locked away, and a neighbour has the key.",
    "reason": "They were tired and wanted to stop here; we agreed on talking again.",
    "ask": "They did not want more questions today.",
}
"""What a simulated responder writes about each kind of thing that was owed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A simulated responder with their own sign-in."""

    person: PersonId
    name: str
    username: str
    password: str


class Callers:
    """Starts one story after another, so that the board always lives."""

    def __init__(self, house: House, carrier: Carrier, clock: Clock, chance: Chance, most: int) -> None:
        self._house = house
        self._carrier = carrier
        self._clock = clock
        self._chance = chance
        self._most = most
        self._turn = count()

    async def play(self) -> None:
        """Let people call and text until the night is over."""
        for wait in (1.0, 4.0, 6.0, 8.0):
            await self._clock.sleep(wait)
            self._begin()
        while True:
            await self._clock.sleep(between(self._chance, 12, 28))
            if len(self._house.board.cases()) < self._most:
                self._begin()

    def _begin(self) -> None:
        turn = next(self._turn)
        story = STORIES[turn % len(STORIES)]
        number = number_of(story, turn // len(STORIES))
        phone = self._carrier.phone(number, person_of(story, self._house.tools.rulebook()))
        for words in story.opens:
            phone.text(words, LINE)
        if story.channel is Channel.VOICE:
            phone.call(LINE)


def number_of(story: Story, again: int) -> str:
    """Return the number a story is played from; later rounds come from others, but for the one who calls again."""
    return (
        story.number
        if story.name in ("calm call", "repeat caller")
        else f"{story.number[:-3]}{(int(story.number[-3:]) + 10 * again) % 1000:03d}"
    )


def story_of(case: Case) -> Story | None:
    """Return whose story a case is, by the words or the number it began with."""
    texts = [m.text for m in case.conversation.messages if m.author == PERSON]
    if texts:
        return next((story for story in STORIES if story.opens and story.opens[0] == texts[0]), None)
    digits = case.conversation.contacts[0].address[-1:]
    return next((s for s in STORIES if s.channel is case.channel and s.number[-1:] == digits), None)


class Responder:
    """A simulated responder: takes who waits, asks what the script asks, writes down what is said, closes."""

    def __init__(self, actor: Actor, house: House, http: httpx.AsyncClient, clock: Clock, chance: Chance) -> None:
        self._actor = actor
        self._house = house
        self._http = http
        self._clock = clock
        self._chance = chance
        self._headers: dict[str, str] = {}

    async def work(self) -> None:
        """Work until the night is over; whatever fails is left to the next round, as a tired colleague would."""
        await self._sign_in()
        while True:
            await self._clock.sleep(between(self._chance, 2, 5))
            try:
                case = self._next()
                if case is not None:
                    await self._take(case)
            except (httpx.HTTPError, KeyError) as problem:
                log.warning("a simulated responder stumbled", extra={"why": repr(problem)})

    async def _sign_in(self) -> None:
        body = {"username": self._actor.username, "password": self._actor.password}
        answer = await self._http.post("/api/login", json=body)
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        self._http.cookies.clear()

    def _next(self) -> Case | None:
        """Return who has waited long enough; longer when somebody real could take them."""
        patience = 75.0 if somebody_real(self._house, Role.RESPONDER) else 9.0
        now = self._clock.now()
        for case in waiting(self._house.board.cases(), now, self._house.tools.rulebook().waits):
            waits = (now - case.waiting_since).total_seconds() if case.waiting_since else 0.0
            if waits > patience and story_of_board(case):
                return case
        return None

    async def _take(self, case: Case) -> None:
        claimed = await self._post(f"/api/cases/{case.id}/claim")
        if claimed.status_code != 200:
            return
        whole = await self._house.hub.case(case.id)
        story = story_of(whole)
        if whole.channel is Channel.VOICE and not await self._join(case.id):
            await self._close(case.id, "Hung up before we could talk")
            return
        if story is not None:
            await self._ask(case.id, story)
        await self._finish(case.id, story)

    async def _join(self, case: str) -> bool:
        joined = await self._post(f"/api/cases/{case}/join")
        await self._clock.sleep(5)
        return joined.status_code == 200

    async def _ask(self, case: str, story: Story) -> None:
        for _ in range(_MOST_QUESTIONS):
            guide = (await self._get(f"/api/cases/{case}/script")).json()
            question = guide.get("next")
            if question is None or not await self._mine(case):
                return
            await self._put(case, story, question)
            place = f"{question['instrument']}.{question['item']}"
            said, _ = story.said.get(place, (_CALM_QUESTION.get(place, _default(question)), ""))
            body = {"instrument": question["instrument"], "item": question["item"], "answer": said}
            await self._post(f"/api/cases/{case}/answers", body)
            await self._clock.sleep(between(self._chance, 2, 5))

    async def _put(self, case: str, story: Story, question: dict[str, Any]) -> None:
        """Ask, and wait until something is said, or long enough."""
        if story.channel is Channel.VOICE:
            await self._clock.sleep(between(self._chance, 4, 8))
            return
        before = self._heard(case)
        await self._post(f"/api/cases/{case}/messages", {"text": question["say"]})
        for _ in range(12):
            await self._clock.sleep(1)
            if self._heard(case) > before:
                return

    def _heard(self, case: str) -> int:
        known = self._house.board.case(case)
        return sum(m.author == PERSON for m in known.conversation.messages) if known else 0

    async def _finish(self, case: str, story: Story | None) -> None:
        """Stay until nobody is looked for any more, then say goodbye and close."""
        for _ in range(90):
            known = self._house.board.case(case)
            if known is None or not any(x.wants_somebody for x in known.escalations):
                break
            await self._clock.sleep(3)
        await self._clock.sleep(between(self._chance, 15, 40))
        if await self._mine(case):
            await self._close(case, story.outcome if story else "Talked")

    async def _close(self, case: str, outcome: str) -> None:
        await self._settle(case)
        await self._post(f"/api/cases/{case}/close", {"outcome": outcome})

    async def _settle(self, case: str) -> None:
        """Say what was done about everything that keeps the case from closing."""
        for duty in (await self._get(f"/api/cases/{case}")).json()["duties"]:
            if duty["state"] == "open" and duty["holds_the_case_open"]:
                body = {"done": duty["kind"] != "ask", "words": _SETTLED[duty["kind"]]}
                await self._post(f"/api/cases/{case}/duties/{duty['id']}", body)

    async def _mine(self, case: str) -> bool:
        known = self._house.board.case(case)
        return known is not None and known.responder == self._actor.person

    async def _get(self, path: str) -> httpx.Response:
        return await self._http.get(path, headers=self._headers)

    async def _post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self._http.post(path, json=body, headers=self._headers)


class Phones:
    """The telephones of simulated staff: they take pages, unless somebody real is signed in for them."""

    def __init__(self, house: House, carrier: Carrier, clock: Clock, staff: Sequence[tuple[PersonId, str]]) -> None:
        self._house = house
        self._carrier = carrier
        self._clock = clock
        self._staff = staff
        self._real: dict[PersonId, bool] = {}

    async def mind(self) -> None:
        """Look now and then who is really there."""
        while True:
            for place, (person, number) in enumerate(self._staff):
                real = self._house.service.is_here(person)
                if self._real.get(person) != real:
                    self._real[person] = real
                    self._carrier.phone(number, _quiet() if real else _wakes(place))
            await self._clock.sleep(3)


def somebody_real(house: House, role: Role) -> bool:
    """Say whether a person with that role has a screen open; simulated ones have none."""
    return any(house.service.is_here(person.id) for person in house.directory.with_role(role))


def story_of_board(case: Case) -> bool:
    """Say whether the demo began this case; whatever a newcomer sends in by hand is left to them."""
    return bool(case.conversation.contacts)


def _quiet() -> Person:
    """Let it ring for a long time, so that whoever is there can take it themselves."""
    return Person(answers_after=50, presses=(Press("4", after=4, when="press 4|oprima"),))


def _wakes(place: int) -> Person:
    """Wake up by text or by call, by turns."""
    if place % 2:
        return Person(answers_after=14, presses=(Press("4", after=4, when="press 4|oprima"),))
    return Person(replies=(Line("1", after=24, when="Reply 1|Responda 1", again=True),))


def _default(question: dict[str, Any]) -> str:
    codes = [option["answer"] for option in question["options"]]
    return "no" if "no" in codes else "unknown"


def between(chance: Chance, low: float, high: float) -> float:
    """Return a number of seconds between the two."""
    return low + (high - low) * chance.random()


async def together(*plays: Coroutine[None, None, None]) -> None:
    """Play everything at once until the night is over."""
    async with asyncio.TaskGroup() as group:
        for play in plays:
            group.create_task(play)
