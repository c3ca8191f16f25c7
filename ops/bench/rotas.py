"""Figure 6: who is on call now, over a rota of 500 people in 50 layers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from statistics import median

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.domain.rota import Layer, Rota, Turn, gaps, on_call
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import Holidays, OnHolidays, Window
from ops.bench.report import Aim, Figure, Row, spread

_MILLI = 1e3
_LAYERS, _PEOPLE = 50, 500
_ZONES = ("America/Chicago", "Europe/Warsaw", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca")
_START = datetime(2019, 1, 7, 8)  # noqa: DTZ001 - a time of the wall clock
_STEP = timedelta(hours=7, minutes=13)


def measure(seconds: float) -> Figure:
    """Measure who is on call at instants all over two years, and the gaps of the two weeks ahead."""
    rota = _a_rota()
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    one = _timed(seconds, lambda number: on_call(rota, now + number % 2400 * _STEP))
    lone = replace(rota, layers=rota.layers[:1])
    single = _timed(seconds, lambda number: on_call(lone, now + number % 2400 * _STEP))
    ahead = _timed(
        seconds, lambda number: list(gaps(rota, now + number * _STEP, now + number * _STEP + 14 * 24 * _HOUR))
    )
    rows: list[Row] = [
        spread("on_call: 10 people, 1 layer", single, _MILLI),
        spread(f"on_call: {_PEOPLE} people, {_LAYERS} layers, five zones", one, _MILLI),
        spread("gaps: the same, 14 days ahead", ahead, _MILLI),
    ]
    aims = (Aim("who is on call now, median", median(one) * _MILLI, 5, unit=" ms"),)
    return Figure("6. who is on call, over 500 people in 50 layers", "ms CPU", tuple(rows), aims)


_HOUR = timedelta(hours=1)


def _a_rota() -> Rota:
    people = [PersonId(f"p{number}") for number in range(_PEOPLE)]
    each = _PEOPLE // _LAYERS
    layers = tuple(_a_layer(number, tuple(people[number * each : (number + 1) * each])) for number in range(_LAYERS))
    return Rota("everybody", _ZONES[0], layers, (), Holidays(yearly=frozenset({(12, 25), (1, 1)})))


def _a_layer(number: int, people: tuple[PersonId, ...]) -> Layer:
    """Return a layer of each kind in turn: every unit, some with hours, some without holidays, some shorter."""
    turn = list(Turn)[number % len(Turn)]
    hours = Window(frozenset(range(5)), time_of_day(20), time_of_day(8), OnHolidays.NOT)
    return Layer(
        turn,
        12 if turn is Turn.HOURLY else 1 + number % 3,
        _START + number * _HOUR,
        people,
        f"layer {number}",
        _ZONES[number % len(_ZONES)],
        on_for=_HOUR * 10 if number % 7 == 0 else None,
        only=(hours,) if number % 3 else (),
        instead_of=(f"layer {number - 1}",) if number % 10 == 9 else (),
    )


def _timed(seconds: float, asked: Callable[[int], object]) -> list[float]:
    times: list[float] = []
    clock = SystemClock()
    until = clock.now().timestamp() + seconds
    number = 0
    while clock.now().timestamp() < until or len(times) < 20:
        begun = time.thread_time()
        asked(number)
        times.append(time.thread_time() - begun)
        number += 1
    return times
