"""Turns what a file, a program or a person says as an answer into an answer of the heart.

Taken are codes, LOINC answer codes, numbers (as themselves, as a code, or as what an option counts), true and false,
and the words of an option in English, written large or small. What is not understood is refused, never guessed.
"""

from __future__ import annotations

import math

from crisis_hub.domain.items import NO, REFUSED, UNKNOWN, YES, Item, Option, answers_of, why_not

_YES_OR_NO = {"LA33-6": YES, "LA32-8": NO, "true": YES, "false": NO, "1": YES, "0": NO}
"""LOINC's answer codes for yes and no, which every yes-or-no item has, and how programs write them."""


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
    word = str(int(said)) if float(said).is_integer() and abs(said) < 1e15 else repr(float(said))
    if item.kind == "number" or item.option(word) is not None:
        return word
    if said in (0, 1) and {YES, NO} <= set(answers_of(item)):
        return YES if said else NO
    return next((option.code for option in item.options if option.value == said), word)


def _of_text(item: Item, said: str) -> str:
    if item.option(said) is not None:
        return said
    plain = _plain(said)
    if plain in (YES, NO, UNKNOWN, REFUSED):
        return plain
    if {YES, NO} <= set(answers_of(item)) and (found := _YES_OR_NO.get(said) or _YES_OR_NO.get(plain)):
        return found
    return next((option.code for option in item.options if _means(option, said, plain)), _number_in_quotes(item, said))


def _means(option: Option, said: str, plain: str) -> bool:
    words = (option.code, option.labels.get("en", ""), *option.also)
    return (bool(option.loinc) and option.loinc == said) or plain in [_plain(word) for word in words if word]


def _plain(words: str) -> str:
    """Return words as they are compared: small letters, single spaces, no full stop."""
    return " ".join(words.casefold().split()).rstrip(".")


def _number_in_quotes(item: Item, said: str) -> str:
    """Read “2” like 2 where the options have numbers."""
    if item.kind != "choice":
        return said
    try:
        return _of_number(item, float(said))
    except ValueError:
        return said
