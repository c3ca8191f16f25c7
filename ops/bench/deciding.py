"""Figure 4: the mind alone, with no clock, no disk and no network."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from cel_expr_python import cel

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.decision import decide, decide_on
from crisis_hub.domain.rules import Rulebook, facts_of, judge
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.settings import SHIPPED_RULES
from ops.bench.report import Figure, Row, spread
from ops.bench.sample import BEGAN, FACTS, RULES, long_history, rulebook_of_fifty
from ops.bench.scene import FOLDER

_MICRO = 1e6
_NOW = BEGAN + timedelta(hours=1)
_COMMAND = RecordAnswer(PersonId("rui"), "ch_violence_inquiry", "v9", "no", "asked once more")
"""The same answer in other words: news, which every rule is judged for and none fires at."""

_COLD_READINGS = 5


def measure(seconds: float) -> Figure:
    """Measure deciding, and the bare evaluation of the same conditions."""
    book = rulebook_of_fifty(FOLDER / "rules")
    history = long_history(book)
    case = fold(history)
    assert case is not None
    shipped = RulesFolder(SHIPPED_RULES).load()
    bare = _repeated(seconds, _bare(case, book))
    whole = _repeated(seconds, lambda: decide(history, _COMMAND, book, _NOW))
    rows = (
        spread(f"bare CEL: the {RULES} conditions, compiled, one after the other", bare, _MICRO),
        spread(f"decide: {FACTS} facts folded, an answer, {RULES} rules", whole, _MICRO, _beside(whole, bare)),
        spread("  of which fold", _repeated(seconds, lambda: fold(history)), _MICRO),
        spread("decide_on: the same on the folded case", _repeated(seconds, _on(case, book)), _MICRO),
        Row("  the first time after the rules were read (median of 5)", None, _cold(case) * _MICRO),
        spread(f"judge: the {RULES} rules and the levels", _repeated(seconds, lambda: judge(case, book)), _MICRO),
        spread("judge: the shipped rulebook", _repeated(seconds, lambda: judge(case, shipped)), _MICRO),
    )
    notes = ("Conditions remember what they said of values seen before; “bare CEL” and “the first time” do not.",)
    return Figure(f"4. decide over {FACTS} facts and {RULES} rules", "µs", rows, notes=notes)


def _on(case: Case, book: Rulebook) -> Callable[[], object]:
    return lambda: decide_on(case, _COMMAND, book, _NOW)


def _cold(case: Case) -> float:
    times = []
    for _ in range(_COLD_READINGS):
        book = rulebook_of_fifty(FOLDER / "rules")
        begun = time.perf_counter()
        decide_on(case, _COMMAND, book, _NOW)
        times.append(time.perf_counter() - begun)
    return sorted(times)[_COLD_READINGS // 2]


def _bare(case: Case, book: Rulebook) -> Callable[[], object]:
    """Compile the 50 lines with the library alone, and give each the values that it names."""
    values = facts_of(case, book)
    lines = [condition for rule in book.rules for condition in rule.when.conditions()]
    names = sorted({name for line in lines for name in line.names})
    environment = cel.NewEnv(variables={name: cel.Type.STRING for name in names})
    ready = [
        (environment.compile(line.text), {name: values[name] for name in line.names if name in values})
        for line in lines
    ]

    def evaluate() -> None:
        for program, seen in ready:
            program.eval(data=seen).value()

    return evaluate


def _repeated(seconds: float, work: Callable[[], object]) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until:
        work()
        times.append(time.perf_counter() - begun)
    return times


def _beside(ours: list[float], bare: list[float]) -> str:
    ratio = sorted(ours)[len(ours) // 2] / sorted(bare)[len(bare) // 2]
    return f"{ratio:.1f} times the bare conditions"
