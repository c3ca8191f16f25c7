"""Figure 5: the whole shipped rulebook on one answer, and how its cost grows with the number of rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from statistics import median

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.telephony.simulator import Seeded
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.commands import Command, ReceiveText, RecordAnswer
from crisis_hub.domain.decision import decided
from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES
from crisis_hub.domain.rules import Rulebook, judge
from crisis_hub.domain.vocabulary import CarrierId, CaseId, ContactId, ContactRef, MessageId, PersonId
from crisis_hub.settings import SHIPPED_RULES
from ops.bench.report import Aim, Figure, Row, spread

_MICRO = 1e6
_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_ASKED = ("asq", "ch_right_now", "ch_violence_inquiry", "ch_overdose_withdrawal")
_TALKS, _ANSWERS = 40, 24
_TIMES = (1, 2, 4)


def measure(seconds: float) -> Figure:
    """Measure what one answer costs in talks that nobody had before, with the rules once, twice and four times."""
    shipped = RulesFolder(SHIPPED_RULES).load()
    talks = [[*_a_talk(shipped, seed)] for seed in range(_TALKS)]
    judged = {times: _judging(seconds, talks, _several(shipped, times)) for times in _TIMES}
    decisions = _deciding(seconds, talks, shipped)
    one, most = median(judged[1]) * _MICRO, median(judged[_TIMES[-1]]) * _MICRO
    rules = len(shipped.rules)
    rows: list[Row] = [
        spread(
            f"judge: {rules * times} rules, an answer in a new talk",
            judged[times],
            _MICRO,
            _each(judged[times], rules * times),
        )
        for times in _TIMES
    ]
    rows.append(spread(f"decide: {rules} rules, all rounds until nothing follows", decisions, _MICRO))
    aims = (
        Aim("judge the shipped rulebook on one answer, median", one, 1000, unit=" µs"),
        Aim(f"{_TIMES[-1]} times the rules, times the cost", most / one, float(_TIMES[-1])),
    )
    return Figure("5. the shipped rulebook on one answer", "µs CPU", tuple(rows), aims)


def _each(times: list[float], rules: int) -> str:
    return f"{median(times) * _MICRO / rules:.1f} µs a rule"


def _a_talk(book: Rulebook, seed: int) -> Iterator[Command]:
    """Give a talk's answers in an order and of a kind that depend on the seed alone."""
    luck = Seeded(seed)
    number = f"{seed:032x}"
    yield ReceiveText(
        CaseId(number), str(seed), MessageId("m"), ContactId("t"), CarrierId(f"SM{seed}"), ContactRef("r"),
        "+15550100900", "+15550100100", "hello", 0, "en", False, "",
    )  # fmt: skip
    items = [(name, item) for name in _ASKED for item in book.instruments[name].items]
    for _ in range(_ANSWERS):
        name, item = items[int(luck.random() * len(items))]
        codes = [option.code for option in item.options] or [YES, NO, NO]
        choices = [*codes, REFUSED, UNKNOWN] if item.kind != "number" else ["17", "40"]
        yield RecordAnswer(PersonId("rui"), name, item.id, choices[int(luck.random() * len(choices))], "")


def _several(book: Rulebook, times: int) -> Rulebook:
    rules = tuple(replace(rule, id=f"{rule.id}-{time}") for time in range(times) for rule in book.rules)
    return replace(book, rules=rules)


def _judging(seconds: float, talks: list[list[Command]], book: Rulebook) -> list[float]:
    def judged(case: Case) -> None:
        judge(case, book)

    return _walked(seconds, talks, book, after=judged)


def _deciding(seconds: float, talks: list[list[Command]], book: Rulebook) -> list[float]:
    return _walked(seconds, talks, book, after=None)


def _walked(
    seconds: float, talks: list[list[Command]], book: Rulebook, after: Callable[[Case], None] | None
) -> list[float]:
    """Walk through the talks and time one kind of work at each answer; the memory of cases is emptied before each talk.

    What conditions and readings said of single values is kept, as in a hub that has worked for a minute.
    """
    times: list[float] = []
    clock = SystemClock()
    until = clock.now().timestamp() + seconds
    for talk in cycle(talks):
        if clock.now().timestamp() > until and len(times) > _ANSWERS:
            return times
        case: Case | None = None
        for command in talk:
            book.memory.judged.clear()
            begun = time.thread_time()
            facts, decided_case = decided(case, command, book, _NOW)
            decided_in = time.thread_time() - begun
            if after is not None and decided_case is not None:
                book.memory.judged.clear()
                begun = time.thread_time()
                after(decided_case)
                times.append(time.thread_time() - begun)
            elif case is not None:
                times.append(decided_in)
            case = fold(((fact, _NOW) for fact in facts), case)
    return times
