"""A reading: when something holds, then what, because of what. Rules, levels and the floor all take this form."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_hub.domain.risk import Risk, worst
from crisis_hub.domain.truth import Clause
from crisis_hub.domain.vocabulary import DutyKind


@dataclass(frozen=True, slots=True)
class RaiseRisk:
    """The risk is at least this."""

    risk: Risk


@dataclass(frozen=True, slots=True)
class PageLadder:
    """Somebody on this ladder must know."""

    ladder: str


@dataclass(frozen=True, slots=True)
class Owe:
    """Somebody owes this care: it stays on the screen until a person did it, or declined it with a reason.

    `of` says more: whom to tell (a role), what to ask (an instrument), what to report (child, elder, …), or, for
    emergency services, `without_consent`. `within_hours` counts from the moment the rule fires.
    """

    kind: DutyKind
    of: str = ""
    within_hours: float | None = None


Action = RaiseRisk | PageLadder | Owe


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

    @property
    def owes(self) -> tuple[Owe, ...]:
        """Return what else it asks of people."""
        return tuple(action for action in self.then if isinstance(action, Owe))


@dataclass(frozen=True, slots=True)
class RuleOnFile:
    """A rule as it stands in its file, with its examples in short words."""

    file: str
    reading: Reading
    fires: tuple[str, ...]
    stays_calm: tuple[str, ...]
