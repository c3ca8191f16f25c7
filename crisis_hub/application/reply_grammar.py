"""What a paged person means by a text: take it, pass it on, which one, or all of them.

People write half asleep, with whatever their last system taught them: `1`, `ack`, `take 4127`, `4127`, `"4"`, `all`.
Anything that could mean two things means nothing, and is answered with what to write. "OK" is such a word: it may only
say that the text was read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TAKE = frozenset({"1", "4", "take", "ack", "acknowledge", "yes", "y", "si", "tomar", "tomo"})
PASS = frozenset({"2", "5", "pass", "next", "no", "n", "paso", "pasar", "siguiente"})
_ALL = frozenset({"all", "todo", "todos", "everything"})
_WORD = re.compile(r"[a-z]+|[0-9]+")
_ACCENTS = str.maketrans("áéíóú", "aeiou")
_LONGEST = 40
_WIDE = {sign + 0xFEE0: sign for sign in range(0x21, 0x7F)}
"""The letters and figures of keyboards that write them as wide as their own signs."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was meant: take (or else pass), the case it names (none: whichever), or every case."""

    take: bool
    number: str = ""
    every: bool = False


def understood(text: str) -> Reply | None:
    """Return what a text means, or nothing when it could mean anything."""
    bare = _figures(text.translate(_WIDE)).strip().casefold().translate(_ACCENTS)
    words = _WORD.findall(bare)
    if not words or len(words) > 3 or len(bare) > _LONGEST or sum(map(len, words)) < sum(map(str.isalnum, bare)):
        return None
    numbers = [word for word in words if len(word) > 1 and word.isdigit()]
    every = [word for word in words if word in _ALL]
    verbs = [word for word in words if word in TAKE | PASS]
    if len(numbers) + len(every) + len(verbs) != len(words) or len(numbers) + len(every) > 1 or len(verbs) > 1:
        return None
    take = not verbs or verbs[0] in TAKE
    if not verbs and not numbers and not every:
        return None
    return Reply(take, numbers[0] if numbers else "", bool(every))


def _figures(text: str) -> str:
    """Return a text with the figures of every script as ours; circled and raised ones mean something else."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
