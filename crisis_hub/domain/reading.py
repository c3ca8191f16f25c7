"""A reading: when something holds, then what, because of what. Rules, levels and the floor all take this form."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.truth import Clause


@dataclass(frozen=True, slots=True)
class RaiseRisk:
    """The risk is at least this."""

    risk: Risk


@dataclass(frozen=True, slots=True)
class PageLadder:
    """Somebody on this ladder must know."""

    ladder: str


Action = RaiseRisk | PageLadder


@dataclass(frozen=True, slots=True)
class Reading:
    """When these conditions hold, this care is added, for this reason and from this source."""

    id: str
    version: str
    when: Clause
    then: tuple[Action, ...]
    because: str
    source: str

    @property
    def risk(self) -> Risk:
        """Return the worst risk to which it raises, or "not assessed" when it raises none."""
        return worst(action.risk for action in self.then if isinstance(action, RaiseRisk))

    @property
    def ladders(self) -> tuple[str, ...]:
        """Return the ladders that it pages."""
        return tuple(action.ladder for action in self.then if isinstance(action, PageLadder))
