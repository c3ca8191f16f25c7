"""Safeguards taken out of a hub, one at a time, to see that the tests notice: `python -m tests.chaos.ablations`.

    python -m tests.chaos.ablations                every one of them; each takes half a minute to two minutes
    python -m tests.chaos.ablations texts_doubled  only these

Nothing in the tree is changed: the hub's process takes the safeguard out of itself after it was forked. An ablation
counts as caught when the test it names fails and says the words it names, so not for any other reason.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from starlette.responses import Response

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.store.event_store import SqlStore
from crisis_hub.application import errands, reactions
from crisis_hub.application.board import Board
from crisis_hub.application.hub import NOTHING_ENDS, Hub
from crisis_hub.application.intake import Intake
from crisis_hub.application.paging import Paging
from crisis_hub.application.ports import Entry, OutcomeUnknown, Settled, Settlement
from crisis_hub.application.reactions import Plan, open_mark
from crisis_hub.application.replies import Replies
from crisis_hub.application.watch import Watch
from crisis_hub.domain import caring, climbing, talking
from crisis_hub.domain import conversation as talk
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.decision import decided
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, CaseState, EscalationState, TakenBy
from crisis_hub.web import sheets, webhooks
from crisis_hub.web.auth import parts_of

VARIABLE = "CHAOS_ABLATION"

Any_: TypeAlias = Any
"""Whatever the safeguard is given: what is put in its place looks at little of it."""

_KILLS, _BETWEEN = "test_kill_nine.py -k kills_lose_and_sqlite", "test_kill_nine.py -k between_and_sqlite"
_TWO, _OUTAGE = "test_two_processes.py", "test_outage.py -k says_so_and_sqlite"

_MANY = "50"
"""How often a hub is killed: some safeguards are missed in a few of its lives only."""

_begun: set[asyncio.Task[Any_]] = set()


class Ablation(NamedTuple):
    """What is taken out, which test must notice, and in which words."""

    take_out: Callable[[], None]
    test: str
    says: str


def apply(name: str) -> None:
    """Take a safeguard out of this process; none for an empty name."""
    if name:
        ABLATIONS[name].take_out()


def _put(owner: object, name: str, instead: object) -> Any_:
    """Put something else in the place of what must be there, and return what was there."""
    whole = getattr(owner, name)
    setattr(owner, name, instead)
    return whole


def _react(fact: type, *reactions_to_it: Callable[[Any_, Any_], Plan]) -> None:
    table = dict(reactions.REACTIONS)
    assert table[fact], f"nothing follows from {fact.__name__}, so nothing can be taken out"
    table[fact] = reactions_to_it
    _put(reactions, "REACTIONS", table)


# -------------------------------------------------------------------------------------------- texts


def _no_marks_of_texts() -> None:
    _react(e.MessageReceived)


def _no_dedupe() -> None:
    """Neither the mark of the carrier's id nor the case's own memory of it."""
    _no_marks_of_texts()
    _put(talking, "_takes_nothing", lambda case, carrier_id: case.state is CaseState.CLOSED)


def _no_open_mark() -> None:
    _react(e.CaseOpened)
    _put(Intake, "_know", lambda self, ref, case: None)


def _answered_before_it_is_durable() -> None:
    """The later texts of a case: answered at once, written a moment after."""

    async def text(self: Any_, one: Any_) -> Any_:
        mark = open_mark(self._ref(one.sender, one.carrier_id))
        case = (await self._store.marks([mark])).get(mark)
        if case is None:
            return await whole(self, one)

        async def later() -> None:
            await SystemClock().sleep(0.1)
            await whole(self, one)

        _begun.add(asyncio.get_running_loop().create_task(later()))
        return _taken(case)

    whole = _put(Intake, "text", text)


def _taken(case: str) -> Any_:
    return type("Taken", (), {"case": case, "reply": "", "reply_id": ""})()


def _texts_not_looked_up() -> None:
    async def send_once(self: Any_, claimed: Any_, message: Any_, to: str, stream: str, *_: Any_) -> CarrierId:
        path = f"/twilio/text/status?case={stream}&message={message.id}"
        sent: CarrierId = await self._telephony.send_text(to, message.text, path)
        return sent

    _put(Replies, "_send_once", send_once)


# -------------------------------------------------------------------------------------------- pages


def _settled_before_it_is_sent() -> None:
    async def send(self: Any_, claimed: Any_) -> None:
        await self._store.settle(Settled(claimed.effect.key, self._owner, Settlement.CONFIRMED))
        await whole(self, claimed)

    whole = _put(Paging, "send", send)


def _lease_without_end() -> None:
    _put(errands, "LEASE_SECONDS", 1e6)


def _no_lease() -> None:
    _put(errands, "LEASE_SECONDS", -1.0)


def _no_deadline() -> None:
    whole = reactions.REACTIONS[e.StepTaken]
    _react(e.StepTaken, lambda fact, moment: replace(whole[0](fact, moment), deadlines=()))


def _answer_and_ladder_apart() -> None:
    """Two transactions, with the time of a slow disk between them."""

    async def append(self: SqlStore, entry: Entry) -> Any_:
        if len(entry.facts) < 2 or not isinstance(entry.facts[0], e.AnswerRecorded):
            return await whole(self, entry)
        first = replace(entry, facts=entry.facts[:1], effects=(), deadlines=(), row=None)
        recorded = await whole(self, first)
        await SystemClock().sleep(0.1)
        rest = replace(entry, expected=entry.expected + 1, facts=entry.facts[1:], marks=(), settled=())
        return (*recorded, *await whole(self, rest))

    whole = _put(SqlStore, "append", append)


def _effects_forgotten() -> None:
    """The facts are written and what follows from them is not."""

    def follow(self: Any_, entry: Entry) -> None:
        whole(self, replace(entry, effects=()))

    from crisis_hub.adapters.store.append import _Changes  # noqa: PLC0415 - private, and only this one needs it

    whole = _put(_Changes, "follow", follow)


def _unknown_counts_as_sent() -> None:
    async def again(self: Any_, claimed: Any_, attempt: Any_, trouble: Any_) -> None:
        if isinstance(trouble, OutcomeUnknown):
            await self._say(claimed, attempt, AttemptState.SENT, None, "")
        else:
            await whole(self, claimed, attempt, trouble)

    whole = _put(Paging, "_again", again)


def _taken_ladders_climb_on() -> None:
    def climb(case: Any_, command: Any_, now: Any_) -> Any_:
        escalation = case.escalation(command.escalation)
        over = escalation is None or escalation.step != command.step
        stopped = not over and escalation.state not in (EscalationState.RUNNING, EscalationState.TAKEN)
        return [] if over or stopped else ladders.climb(escalation, now)

    _put(climbing, "_climb", climb)


def _news_goes_back() -> None:
    _put(ladders, "goes_forward", lambda now, then: True)
    _put(talk, "goes_forward", lambda now, then: True)


# -------------------------------------------------------------------------------------------- takes


def _delivery_takes() -> None:
    async def progressed(self: Any_, stream: str, attempt: str, state: Any_, *rest: Any_) -> None:
        await whole(self, stream, attempt, state, *rest)
        if state is AttemptState.DELIVERED:
            await self.take(await self.by_attempt(stream, attempt), TakenBy.REPLY)

    whole = _put(_pages(), "progressed", progressed)


def _looking_takes() -> None:
    async def look(request: Any_) -> Response:
        return await sheets._answer(request, parts_of(request).pages.take)

    _put(sheets, "_look", look)


def _pages() -> type:
    from crisis_hub.application.pages import Pages  # noqa: PLC0415 - as above

    return Pages


# -------------------------------------------------------------------------------------------- two processes


def _two_winners() -> None:
    _put(caring, "_claim", lambda case, command: [e.CaseClaimed(command.by, command.name)])


def _memory_is_believed() -> None:
    """What a process remembers of a case is taken for the ledger's word."""

    async def do(
        self: Any_, stream: str, command: Any_, actor: str, cause: str = "", ends: Any_ = NOTHING_ENDS
    ) -> Any_:
        known = self._known.get(stream)
        if known is not None and ends == NOTHING_ENDS:
            try:
                facts, _ = decided(known.case, command, self._rulebook(), self._clock.now())
            except Refused:
                raise
            if not facts:
                return self._unchanged(known)
        return await whole(self, stream, command, actor, cause, ends)

    whole = _put(Hub, "do", do)


def _the_ledger_is_not_swept() -> None:
    """A board that only listens to the bell."""

    async def nothing(self: Any_) -> None:
        """Sweep nothing."""

    def tick(self: Any_) -> Any_:
        self._board = _Deaf()
        return whole(self)

    class _Deaf:
        behind = False
        catch_up = nothing

    whole = _put(Watch, "tick", tick)
    assert hasattr(Board, "catch_up")


# -------------------------------------------------------------------------------------------- outage


def _trouble_is_hidden() -> None:
    """The carrier is told that all is well when nothing could be written."""
    _put(webhooks, "_not_now", lambda why: Response("<Response/>", media_type="text/xml"))


ABLATIONS: dict[str, Ablation] = {
    "texts_doubled": Ablation(_no_dedupe, _KILLS, r"duplicated: \["),
    "texts_without_mark": Ablation(_no_marks_of_texts, _KILLS, r"was never accepted|duplicated: \["),
    "cases_doubled": Ablation(_no_open_mark, _KILLS, r"doubled_cases: \["),
    "answered_too_early": Ablation(_answered_before_it_is_durable, _KILLS, r"lost: \["),
    "words_not_looked_up": Ablation(_texts_not_looked_up, _KILLS, r"were sent 2 times"),
    "settled_too_early": Ablation(_settled_before_it_is_sent, _BETWEEN, r"never reached the carrier|nobody was paged"),
    "lease_without_end": Ablation(_lease_without_end, _BETWEEN, r"does not come to rest"),
    "no_lease": Ablation(_no_lease, _TWO, r"was sent \d+ times"),
    "no_deadline": Ablation(_no_deadline, _KILLS, r"has no end"),
    "answer_without_ladder": Ablation(_answer_and_ladder_apart, _KILLS, r"without the ladder that it calls for"),
    "effects_forgotten": Ablation(_effects_forgotten, _BETWEEN, r"its paging never planned|nobody was paged"),
    "unknown_is_sent": Ablation(_unknown_counts_as_sent, _KILLS, r"never reached the carrier|nobody was paged"),
    "taken_and_climbing": Ablation(_taken_ladders_climb_on, _TWO, r"I7: ladder"),
    "news_goes_back": Ablation(_news_goes_back, _KILLS, r"went back to"),
    "delivery_takes": Ablation(_delivery_takes, _KILLS, r"false_takes: \["),
    "looking_takes": Ablation(_looking_takes, _KILLS, r"false_takes: \["),
    "two_winners": Ablation(_two_winners, _TWO, r"assert \[200, 200\] == \[200, 409\]"),
    "memory_is_believed": Ablation(_memory_is_believed, _TWO, r"was said last to|AssertionError"),
    "ledger_not_swept": Ablation(_the_ledger_is_not_swept, _TWO, r"boards do not become alike"),
    "trouble_is_hidden": Ablation(_trouble_is_hidden, _OUTAGE, r"== \[503|AssertionError"),
}


def main(names: Sequence[str]) -> int:
    """Try ablations and print what came of each; 0 when every one was caught."""
    missed = 0
    for name in names or ABLATIONS:
        ablation = ABLATIONS[name]
        file, *rest = ablation.test.split(" ", 1)
        only = ["-k", rest[0].removeprefix("-k ").replace("_and_", " and ")] if rest else []
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"tests/chaos/{file}", *only],
            cwd=Path(__file__).resolve().parents[2],
            env={"CRISIS_HUB_KILLS": _MANY, **os.environ, VARIABLE: name},
            capture_output=True,
            text=True,
            check=False,
        )
        caught = done.returncode == 1 and re.search(ablation.says, done.stdout)
        missed += not caught
        said = caught.group() if caught else f"MISSED (exit {done.returncode})\n{done.stdout[-1500:]}"
        print(f"{name}: {said}", flush=True)  # noqa: T201 - a tool for people at a terminal
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
