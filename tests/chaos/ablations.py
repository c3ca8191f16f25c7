"""Safeguards that can be taken out of a hub, one at a time, to see that the tests notice."""

from __future__ import annotations

VARIABLE = "CHAOS_ABLATION"


def apply(name: str) -> None:
    """Take a safeguard out of this process."""
    if name:
        raise ValueError(name)
