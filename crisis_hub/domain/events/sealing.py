"""How a fact marks what is private in it."""

from __future__ import annotations

from dataclasses import field
from typing import Any

SEALED = "(sealed)"
"""What stands in a private field that was not opened, or whose key was destroyed."""


def private() -> Any:  # noqa: ANN401 - as `field` itself, it stands where a value of any type will
    """Mark a field as words or numbers of a person, to be kept sealed."""
    return field(metadata={"private": True})
