"""Random rotas by plain dice: many in little time, where the minute-by-minute test draws few and looks longer.

Everything that a file can say comes up: every unit, hours, holidays, zones of layers, shorter shifts, "instead of",
temporary schedules, overrides (also empty ones, and of somebody who is not there), calendars of other programs, and a
last resort.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random  # noqa: TID251 - the test that throws them says with which seed

from crisis_hub.domain.covering import Change, Override, Temporary
from crisis_hub.domain.layers import Booking, Layer
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.windows import Holidays, OnHolidays, Window
from tests.domain.rota_oracle import BASES, DAY, DAYS, MINUTES, PEOPLE, instant

_LONGEST = {Turn.HOURLY: 30, Turn.DAILY: 9, Turn.WEEKLY: 5, Turn.MONTHLY: 3}
_HARD = (0, 15, 30, 59, 60, 75, 90, 105, 120, 135, 150, 165, 179, 180, 195, 210, 1380, 1410, 1439)
_ALIKE = ("America/Chicago", "Europe/Warsaw", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe")


class Dice:
    """Throws rotas of one zone, around a few days on which most of what they say happens."""

    def __init__(self, seed: str, zone: str, odd_days: tuple[int, ...]) -> None:
        self._dice = Random(seed)  # noqa: S311 - dice of a test
        self._zone = zone
        self._odd_days = odd_days

    def part(self, days: int) -> range:
        """Return some days, as minutes, more often than not around an odd one."""
        dice = self._dice
        middle = dice.choice(self._odd_days) if self._odd_days and dice.random() < 0.6 else dice.randrange(DAYS)
        first = min(max(middle - dice.randrange(days), 0), DAYS - days) * DAY
        return range(first, first + days * DAY)

    def moment(self, part: range) -> int:
        """Return one minute of a part."""
        return self._dice.choice(part)

    def rota(self, part: range) -> Rota:
        """Return a rota of which something happens within these minutes."""
        dice, zone = self._dice, self._zone
        base = BASES[zone]
        dates = (
            base + timedelta(days=part.start // DAY + dice.randrange(-2, 5)) for _ in range(dice.choice((0, 0, 2)))
        )
        yearly = (
            base + timedelta(days=part.start // DAY + dice.randrange(-2, 5)) for _ in range(dice.choice((0, 0, 1)))
        )
        holidays = Holidays(frozenset(dates), frozenset((day.month, day.day) for day in yearly))
        return Rota(
            "thrown",
            zone,
            self._layers(part),
            tuple(dice.sample(PEOPLE, dice.choice((0, 1, 2)))),
            holidays,
            tuple(Temporary(*self._span(part), self._layers(part)) for _ in range(dice.choice((0, 0, 1, 2)))),
            tuple(self._override(part) for _ in range(dice.choice((0, 1, 2, 4)))),
        )

    def _layers(self, part: range) -> tuple[Layer, ...]:
        names = ("first", "second", "third")[: self._dice.choice((1, 1, 2, 3))]
        return tuple(self._layer(part, name, [other for other in names if other != name]) for name in names)

    def _layer(self, part: range, name: str, beside: list[str]) -> Layer:
        dice, zone = self._dice, self._zone
        others = tuple(dice.sample(beside, dice.randint(0, len(beside)) if dice.random() < 0.5 else 0))
        people = tuple(dice.choices(PEOPLE, k=dice.randint(1, 4)))
        since = instant(zone, dice.choice(part)) if dice.random() < 0.2 else None
        until = instant(zone, dice.choice(part)) if dice.random() < 0.2 else None
        if dice.random() < 0.1:
            booked = self._booked(part)
            return Layer(Turn.DAILY, 1, _MIDNIGHT, people[:1], name, None, since, until, None, (), others, booked)
        turn = dice.choice((Turn.HOURLY, Turn.DAILY, Turn.WEEKLY, Turn.MONTHLY))
        own = dice.choice(_ALIKE) if zone in _ALIKE and dice.random() < 0.4 else zone
        first = max(part.start // DAY - dice.choice((1, 3, 40, 200)), 2 if own != zone else -30)
        start = datetime.combine(BASES[own] + timedelta(days=first), time()) + timedelta(minutes=self._of_day())
        on_for = timedelta(minutes=dice.randint(1, 3 * DAY)) if dice.random() < 0.4 else None
        windows = tuple(self._window() for _ in range(dice.choice((0, 0, 1, 2))))
        length = dice.randint(1, _LONGEST[turn])
        own_zone = own if own != zone else None
        return Layer(turn, length, start, people, name, own_zone, since, until, on_for, windows, others)

    def _booked(self, part: range) -> tuple[Booking, ...]:
        edges = sorted(self._dice.sample(range(max(part.start - DAY, 0), min(part.stop + DAY, MINUTES)), 6))
        return tuple(
            Booking(instant(self._zone, begins), instant(self._zone, ends))
            for begins, ends in zip(edges[::2], edges[1::2], strict=True)
        )

    def _window(self) -> Window:
        dice = self._dice
        start = self._of_day()
        end = start if dice.random() < 0.2 else self._of_day()
        days = frozenset(range(7)) if dice.random() < 0.4 else frozenset(dice.sample(range(7), dice.randint(0, 6)))
        return Window(days, time(*divmod(start, 60)), time(*divmod(end, 60)), dice.choice(list(OnHolidays)))

    def _override(self, part: range) -> Override:
        person, other = self._dice.sample(PEOPLE, 2)
        change = self._dice.choice(list(Change))
        return Override(change, person, *self._span(part), other if change is Change.REPLACE else None)

    def _span(self, part: range) -> tuple[datetime, datetime]:
        """Return a span that touches the part; one in ten is empty."""
        begins = max(self._dice.choice(part) - self._dice.choice((0, DAY)), 0)
        length = 0 if self._dice.random() < 0.1 else self._dice.randint(1, 2 * DAY)
        return instant(self._zone, begins), instant(self._zone, begins + length)

    def _of_day(self) -> int:
        return self._dice.choice(_HARD) if self._dice.random() < 0.5 else self._dice.randrange(DAY)


_MIDNIGHT = datetime(2025, 1, 1)  # noqa: DTZ001 - a time of the wall clock
