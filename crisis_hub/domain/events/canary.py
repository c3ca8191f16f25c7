"""A test page of our own flies the whole way every few minutes: released, and back again or not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CanaryReleased:
    """A test page is to go out to the number that answers by itself."""

    canary: str


@dataclass(frozen=True, slots=True)
class CanaryFailed:
    """A test page did not get out at all."""

    canary: str
    why: str


@dataclass(frozen=True, slots=True)
class CanaryAnswered:
    """The answer to a test page came back through the carrier's signed webhook."""

    canary: str
