"""The numbers with which any line of a rulebook compares a number: every reading is walked over the same ones."""

from __future__ import annotations

from collections.abc import Mapping

from crisis_hub.domain.proof.axes import inner_lines
from crisis_hub.domain.proof.judging import looks
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.truth import Condition


def cuts_of(book: Rulebook) -> Mapping[str, Mapping[str, frozenset[float]]]:
    """Return, by instrument and item, the numbers with which any line of the rulebook compares a number."""
    found: dict[str, dict[str, frozenset[float]]] = {}
    for id in book.instruments:
        instrument = book.instrument(id)
        for item in instrument.items if instrument else ():
            if instrument is not None and item.kind == "number":
                inside = {(line.condition, line.name) for line in inner_lines(instrument, item.id)}
                name = f"{id}.{item.id}"
                rules = {(c, name) for rule in book.rules for c in rule.when.conditions() if name in c.names}
                found.setdefault(id, {})[item.id] = _numbers_in(inside | rules)
    return found


def _numbers_in(lines: set[tuple[Condition, str]]) -> frozenset[float]:
    constants = (constant for condition, name in lines for constant in looks(condition, name) or ())
    return frozenset(float(constant) for constant in constants if not isinstance(constant, str))
