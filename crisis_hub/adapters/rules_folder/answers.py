"""Turns what a file or a program says as an answer into an answer of the heart."""

from __future__ import annotations

import math

from crisis_hub.domain.instrument import NO, REFUSED, UNKNOWN, YES, Item, why_not

_LOINC = {"LA33-6": YES, "LA32-8": NO}
"""LOINC's answer codes for yes and no; every yes-or-no item has them."""


def read_answer(item: Item, said: object) -> tuple[str, str]:
    """Return the answer and an empty text, or an empty answer and why it cannot be one."""
    if isinstance(said, bool):
        said = YES if said else NO
    if isinstance(said, int | float):
        if not math.isfinite(said):
            return "", f"{item.id} needs a number that can be counted, not {said}."
        answer = _of_number(item, said)
    elif isinstance(said, str):
        answer = _of_text(item, said.strip())
        if item.kind == "number" and answer.strip("+-").casefold() in ("nan", "inf", "infinity"):
            return "", f"{item.id} needs a number that can be counted, not “{answer}”."
    else:
        return "", f"{item.id} needs a word or a number, not a list, a set of fields or nothing."
    wrong = why_not(item, answer)
    return ("", wrong) if wrong else (answer, "")


def _of_number(item: Item, said: float) -> str:
    """Read a number as itself, as the option that has it for its code, or as the option that counts so much."""
    word = f"{said:g}" if abs(said) < 1e6 else str(said)
    if item.kind == "number" or any(option.code == word for option in item.options):
        return word
    if item.kind == "yes_no":
        return {0: NO, 1: YES}.get(said, word)  # type: ignore[call-overload,no-any-return]
    return next((option.code for option in item.options if option.value == said), word)


def _of_text(item: Item, said: str) -> str:
    if item.kind == "yes_no" and said in _LOINC:
        return _LOINC[said]
    by_loinc = next((option.code for option in item.options if option.loinc and option.loinc == said), None)
    if by_loinc:
        return by_loinc
    plain = said.casefold()
    return plain if plain in (YES, NO, UNKNOWN, REFUSED) else _number_in_quotes(item, said)


def _number_in_quotes(item: Item, said: str) -> str:
    """Read “2” like 2 where the options have numbers."""
    if item.kind != "choice" or any(option.code == said for option in item.options):
        return said
    try:
        return _of_number(item, float(said))
    except ValueError:
        return said
