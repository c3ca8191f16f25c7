"""How great the risk is: none < low < moderate < high < imminent, and "not assessed", which is none of them.

The order and the law that results combine by maximum follow the published screeners' own practice: an answer
sets a floor, and nothing that was not asked or not answered ever pulls a level down.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Risk(StrEnum):
    """A level of risk, from best to worst; `NOT_ASSESSED` stands outside the order."""

    NOT_ASSESSED = "not_assessed"
    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    IMMINENT = "imminent"


_RANK = {risk: rank for rank, risk in enumerate(Risk)}
_NEED = (Risk.IMMINENT, Risk.HIGH, Risk.MODERATE, Risk.NOT_ASSESSED, Risk.LOW, Risk.NONE)
_NEED_RANK = {risk: rank for rank, risk in enumerate(_NEED)}


def is_worse(risk: Risk, than: Risk) -> bool:
    """Say whether `risk` stands above `than`; anything assessed stands above "not assessed"."""
    return _RANK[risk] > _RANK[than]


def at_least(risk: Risk, floor: Risk) -> bool:
    """Say whether an assessed `risk` reaches `floor`; "not assessed" reaches nothing."""
    return risk is not Risk.NOT_ASSESSED and _RANK[risk] >= _RANK[floor]


def worst(risks: Iterable[Risk]) -> Risk:
    """Return the worst of them, or "not assessed" when there are none."""
    return max(risks, key=_RANK.__getitem__, default=Risk.NOT_ASSESSED)


def need(risk: Risk) -> int:
    """Rank by who needs somebody first (0 is first): "not assessed" stands before low, since it may be anything."""
    return _NEED_RANK[risk]
