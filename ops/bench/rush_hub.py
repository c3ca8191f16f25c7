"""Inside a hub that is measured: many people, a ladder for each, and many answers by which rules page at one time."""

from __future__ import annotations

import asyncio
import math
import time
from collections import UserDict
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator import Seeded
from crisis_hub.application.intake import TextIn
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import PersonRegistered, Reach, Step, Target
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from crisis_hub.settings import Settings
from crisis_hub.wiring import House
from ops.bench.scene import LINE

_WAIT_SECONDS = 3600
_RAISES = ("asq", "q5", "yes")
"""The answer after which the shipped rules say that the risk is imminent, and page."""


class Turns(UserDict[str, Ladder]):
    """Ladders of which, whatever name a rule gives, the one is begun whose turn it is: each pages another person."""

    turn = ""

    def get(self, key: str, default: Ladder | None = None) -> Ladder | None:  # type: ignore[override]
        """Return the ladder whose turn it is."""
        return self.data.get(self.turn) or self.data.get(key, default)


def _name(number: int) -> str:
    return f"p{number:04d}"


async def rush_hour(built: House, settings: Settings, people: int) -> House:
    """Return the same house with so many clinicians, each with a ladder that pages them alone by text and call."""
    book = built.tools.rulebook()
    ladders = {_name(n): Ladder(_name(n), (Step((Target("person", _name(n)),), _WAIT_SECONDS),)) for n in range(people)}
    turns = Turns({**book.ladders, **ladders})
    whole = replace(book, ladders=turns)
    tools = replace(built.tools, rulebook=lambda: whole, reload_rules=lambda: None)
    house = House(tools, built.app.state.parts.place, settings.language)
    await house.directory.record(tuple(_person(n) for n in range(people)), "bench")
    Rush(house, turns)
    return house


def _person(number: int) -> PersonRegistered:
    address = f"+1555{number:07d}"
    reach = (Reach(Method.SMS, address, 0), Reach(Method.VOICE, address, 0))
    name = _name(number)
    return PersonRegistered(PersonId(name), name, (Role.CLINICIAN,), ("en",), name, reach, "no password")


class Rush:
    """Gives answers, all at once or as they come, and says when each was given."""

    def __init__(self, house: House, turns: Turns) -> None:
        self._house = house
        self._turns = turns
        self._texts = 0
        self._next = 0
        routes = house.app.router.routes
        routes.insert(0, Route("/bench/cases", self._cases))
        routes.insert(0, Route("/bench/rush", self._rush))

    async def _cases(self, request: Request) -> Response:
        """Open so many cases."""
        streams = []
        for _ in range(int(request.query_params["count"])):
            self._texts += 1
            text = TextIn(f"SM{self._texts:032d}", f"+144{self._texts:09d}", LINE, "please help", 0)
            streams.append((await self._house.intake.text(text)).case)
        return JSONResponse(streams)

    async def _rush(self, request: Request) -> Response:
        """Answer in each of these cases; `per_second` of them as by chance, or with 0 all at once."""
        streams = request.query_params["cases"].split(",")
        per_second = float(request.query_params["per_second"])
        chance, asked, doing = Seeded(len(streams)), {}, []
        begun, due = time.perf_counter(), 0.0
        for stream in streams:
            if per_second:
                due += -math.log(1.0 - chance.random()) / per_second
                await asyncio.sleep(max(0.0, begun + due - time.perf_counter()))
            ladder, self._next = _name(self._next % 1000), self._next + 1
            asked[stream] = time.perf_counter()
            doing.append(asyncio.create_task(self._answer(stream, ladder)))
        await asyncio.gather(*doing)
        return JSONResponse(asked)

    async def _answer(self, stream: str, ladder: str) -> None:
        self._turns.turn = ladder  # the case is in memory, so the decision is made before anything else has a turn
        await self._house.hub.do(stream, RecordAnswer(PersonId("sam"), *_RAISES, ""), "person:sam")
        self._turns.turn = ""
