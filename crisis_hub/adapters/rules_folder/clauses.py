"""Reads `when:` into a clause: a line, a list of lines, or `all`, `any`, `not` inside each other."""

from __future__ import annotations

from crisis_hub.adapters.rules_folder.conditions import ConditionRefused, Vocabulary
from crisis_hub.adapters.rules_folder.problems import Page, Path
from crisis_hub.domain.truth import Clause, Condition

_MOST_LINES = 100


def read_clause(page: Page, path: Path, said: object, vocabulary: Vocabulary) -> Clause | None:
    """Return the clause, or nothing after noting what is wrong with it; the shape was checked before."""
    part = _part(page, path, said, vocabulary)
    if part is None or isinstance(part, Clause):
        return part
    return Clause("all", (part,))


def _part(page: Page, path: Path, said: object, vocabulary: Vocabulary) -> Condition | Clause | None:
    if isinstance(said, str):
        return _line(page, path, said, vocabulary)
    if isinstance(said, list):
        return _group(page, path, "all", said, vocabulary)
    assert isinstance(said, dict)
    how, inner = next(iter(said.items()))
    lines = inner if isinstance(inner, list) else [inner]
    if how == "not" and len(lines) != 1:
        page.wrong((*path, how), "not takes exactly one line. For “none of these” write not: [{any: [...]}].")
        return None
    if isinstance(inner, list):
        return _group(page, (*path, how), how, inner, vocabulary)
    part = _part(page, (*path, how), inner, vocabulary)
    return Clause(how, (part,)) if part else None


def _group(page: Page, path: Path, how: str, lines: list[object], vocabulary: Vocabulary) -> Clause | None:
    if len(lines) > _MOST_LINES:
        page.wrong(path, f"There are {len(lines)} lines; at most {_MOST_LINES} are read. Split the rule.")
        return None
    parts = [_part(page, (*path, number), line, vocabulary) for number, line in enumerate(lines)]
    whole = tuple(part for part in parts if part is not None)
    return Clause(how, whole) if len(whole) == len(parts) else None


def _line(page: Page, path: Path, text: str, vocabulary: Vocabulary) -> Condition | None:
    try:
        return vocabulary.compile(text)
    except ConditionRefused as refused:
        page.wrong(path, str(refused))
        return None
