"""Figure 4: the mind alone, with no clock, no disk and no network: only the processor's time is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from statistics import median
from typing import TypeVar

from cel_expr_python import cel

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.decision import decide, decide_on
from crisis_hub.domain.events import CaseOpened
from crisis_hub.domain.rules import Rulebook, facts_of, judge
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.settings import SHIPPED_RULES
from ops.bench.report import Figure, Row, spread
from ops.bench.sample import BEGAN, FACTS, RULES, History, long_history, rulebook_of_fifty
from ops.bench.scene import FOLDER

_MICRO = 1e6
_NOW = BEGAN + timedelta(hours=1)
_COMMAND = RecordAnswer(PersonId("rui"), "ch_violence_inquiry", "v9", "no", "asked once more")
"""The same answer in other words: news, which every rule is judged for and none fires at."""

_COLD_READINGS = 5

_Given = TypeVar("_Given")


def measure(seconds: float) -> Figure:
    """Measure deciding, and the bare evaluation of the same conditions."""
    book = rulebook_of_fifty(FOLDER / "rules")
    shipped = RulesFolder(SHIPPED_RULES).load()
    history = long_history(book)
    case = fold(history)
    assert case is not None
    cases, histories = _New(case), _NewHistory(history)
    bare = _repeated(seconds, lambda: None, _bare(case, book))
    whole = _repeated(seconds, histories.next, lambda given: decide(given, _COMMAND, book, _NOW))
    beside = f"{median(whole) / median(bare):.1f} times the bare conditions"

    def on(given: Case) -> object:
        return decide_on(given, _COMMAND, book, _NOW)

    rows = (
        spread(f"bare CEL: the {RULES} conditions, compiled, one after the other", bare, _MICRO),
        spread(f"decide: {FACTS} facts folded, an answer, {RULES} rules", whole, _MICRO, beside),
        spread("  of which fold", _repeated(seconds, lambda: history, fold), _MICRO),
        spread("decide_on: the same on the folded case", _repeated(seconds, cases.next, on), _MICRO),
        spread("  once more for a case that looks the same", _repeated(seconds, lambda: case, on), _MICRO),
        Row(f"  the first time after the rules were read (of {_COLD_READINGS})", None, _cold(case) * _MICRO),
        spread(
            f"judge: {RULES} rules and the levels", _repeated(seconds, cases.next, lambda c: judge(c, book)), _MICRO
        ),
        spread("judge: the shipped rulebook", _repeated(seconds, cases.next, lambda c: judge(c, shipped)), _MICRO),
    )
    notes = (
        "A condition remembers what it said of the same values, and the judge what was said of a case that looks the",
        "same. Where nothing else stands, the conditions had seen the values and the judge had not seen the case.",
    )
    return Figure(f"4. decide over {FACTS} facts and {RULES} rules", "µs CPU", rows, notes=notes)


class _New:
    """Gives the same case again and again, in another language each time, so that no judge has seen it before."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._numbers = count()

    def next(self) -> Case:
        return replace(self._case, language=f"x{next(self._numbers)}")


class _NewHistory:
    """Gives the same history again and again, as that of another case."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._numbers = count()

    def next(self) -> History:
        (opened, at), *rest = self._history
        assert isinstance(opened, CaseOpened)
        return [(replace(opened, language=f"y{next(self._numbers)}"), at), *rest]


def _cold(case: Case) -> float:
    times = []
    for _ in range(_COLD_READINGS):
        book = rulebook_of_fifty(FOLDER / "rules")
        begun = time.thread_time()
        decide_on(case, _COMMAND, book, _NOW)
        times.append(time.thread_time() - begun)
    return median(times)


def _bare(case: Case, book: Rulebook) -> Callable[[None], object]:
    """Compile the 50 lines with the library alone, and give each the values that it names."""
    values = facts_of(case, book)
    lines = [condition for rule in book.rules for condition in rule.when.conditions()]
    names = sorted({name for line in lines for name in line.names})
    environment = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.STRING))
    ready = [
        (environment.compile(line.text), {name: values[name] for name in line.names if name in values})
        for line in lines
    ]

    def evaluate(_: None) -> None:
        for program, seen in ready:
            program.eval(data=seen).value()

    return evaluate


def _repeated(seconds: float, given: Callable[[], _Given], work: Callable[[_Given], object]) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        what = given()
        begun = time.thread_time()
        work(what)
        times.append(time.thread_time() - begun)
    return times
