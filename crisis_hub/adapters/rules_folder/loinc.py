"""Tells whether a LOINC code can be one: its last digit follows from the others, so a mistyped code is seen."""

from __future__ import annotations


def can_be_loinc(code: str) -> bool:
    """Say whether the check digit of a code (44249-1) or of an answer's code (LA6568-5) is right."""
    number, _, digit = code.removeprefix("LA").partition("-")
    if not (number.isdigit() and digit.isdigit()):
        return False
    expected = _luhn(number)
    if code.startswith("LA"):
        expected = (expected + (5 if len(number) % 2 == 0 else 2)) % 10
    return int(digit) == expected


def _luhn(number: str) -> int:
    """Return the mod-10 digit: every second one from the right is doubled, and the digits of all are added."""
    doubled = "".join(str(int(d) * 2) if place % 2 == 0 else d for place, d in enumerate(reversed(number)))
    return -sum(int(d) for d in doubled) % 10
