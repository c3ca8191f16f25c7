"""Everything that can go wrong at a carrier, each switchable by name, limited, and counted as it strikes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from hashlib import sha256
from itertools import count
from typing import Any, Protocol


class FaultKind(StrEnum):
    """What can be made to go wrong."""

    WEBHOOK_LOST = "webhook_lost"
    WEBHOOK_DOUBLED = "webhook_doubled"
    WEBHOOK_LATE = "webhook_late"
    WEBHOOK_REORDERED = "webhook_reordered"
    WEBHOOK_UNSIGNED = "webhook_unsigned"
    WEBHOOK_WRONGLY_SIGNED = "webhook_wrongly_signed"
    WEBHOOK_SECOND_TOKEN = "webhook_second_token"  # noqa: S105 - the name of a fault
    REST_429 = "rest_429"
    REST_500 = "rest_500"
    REST_500_AFTER = "rest_500_after"
    REST_503 = "rest_503"
    REST_SILENT_BEFORE = "rest_silent_before"
    REST_SILENT_AFTER = "rest_silent_after"
    REST_LATENCY = "rest_latency"
    LIST_LAGS = "list_lags"
    TEXT_REFUSED = "text_refused"
    TEXT_UNDELIVERED = "text_undelivered"
    TEXT_UNCONFIRMED = "text_unconfirmed"
    CALL_FAILS = "call_fails"


@dataclass(slots=True)
class Fault:
    """What goes wrong: the next `count` times or for ever, where `only` stands in address or number."""

    kind: FaultKind
    count: int | None = None
    probability: float = 1.0
    only: str = ""
    seconds: float = 0.0
    times: int = 2
    code: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        self.kind = FaultKind(self.kind)
        if not 0.0 <= self.probability <= 1.0 or self.seconds < 0 or self.times < 1 or (self.count or 1) < 0:
            raise ValueError(f"a fault that cannot be: {self}")

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Fault:
        """Make a fault from plain data, refusing fields that it does not know."""
        known = {one.name: one for one in fields(cls)}
        if unknown := set(data) - set(known):
            raise ValueError(f"unknown fields of a fault: {', '.join(sorted(unknown))}")
        if "kind" not in data:
            raise ValueError("a fault needs a kind")
        return cls(**data)


class Chance(Protocol):
    """Where luck comes from; Python's own `Random` fits."""

    def random(self) -> float:
        """Return the next number from 0 up to, but not including, 1."""


class Seeded:
    """Luck that comes out the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._next = count()

    def random(self) -> float:
        """Return the next number from 0 up to, but not including, 1."""
        drawn = sha256(f"{self._seed}:{next(self._next)}".encode()).digest()
        return int.from_bytes(drawn[:6], "big") / 2**48


class Faults:
    """The faults that are switched on, and how often each struck."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._active: list[Fault] = []
        self.struck: Counter[str] = Counter()

    def switch_on(self, kind: FaultKind | str, **how: float | str) -> Fault:
        """Let something go wrong from now on."""
        fault = Fault.read({"kind": kind, **how})
        self._active.append(fault)
        return fault

    def add(self, fault: Fault) -> None:
        """Let that fault strike from now on."""
        self._active.append(fault)

    def switch_off(self, kind: FaultKind | str | None = None) -> None:
        """Let one kind, or everything, go right again."""
        self._active = [fault for fault in self._active if kind is not None and fault.kind != kind]

    def active(self) -> list[Fault]:
        """Return what is switched on."""
        return list(self._active)

    def strikes(self, kind: FaultKind, subject: str = "") -> Fault | None:
        """Return the fault of that kind that strikes this subject now, if one does, and count it."""
        for fault in self._active:
            if fault.kind is not kind or fault.only not in subject:
                continue
            if fault.probability < 1.0 and self._chance.random() >= fault.probability:
                continue
            self._use(fault)
            self.struck[kind.value] += 1
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._active.remove(fault)
