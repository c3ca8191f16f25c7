"""Which facts conditions may look at, made from the instruments that are in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisis_hub.adapters.rules_folder.conditions import Declared, Kind, Vocabulary
from crisis_hub.domain.instrument import NO, REFUSED, YES, Instrument, Item
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import Channel

RESERVED_ITEMS = frozenset({"band", "total", "complete", "risk"})
"""Words that stand beside the items of an instrument (`asq.band`), so no item may have them."""

RESERVED_INSTRUMENTS = frozenset({"case", "known"})

_CASE = {
    "case.channel": Declared(Kind.TEXT, frozenset(channel.value for channel in Channel)),
    "case.language": Declared(Kind.TEXT),
    "case.risk": Declared(Kind.TEXT, frozenset(risk.value for risk in Risk)),
    "case.contacts": Declared(Kind.WHOLE),
    "case.texting_stopped": Declared(Kind.YES_OR_NO),
    "known": Declared(Kind.LIST),
}


def item_facts(items: Iterable[Item]) -> Vocabulary:
    """Return what lines inside an instrument may look at: its items by their bare ids."""
    return Vocabulary({item.id: _item(item) for item in items})


def case_facts(instruments: Iterable[Instrument]) -> Vocabulary:
    """Return what rules and scripts may look at: the case, and every item and result of the instruments."""
    facts = dict(_CASE)
    for instrument in instruments:
        facts.update(_instrument(instrument))
    return Vocabulary(facts)


def _instrument(instrument: Instrument) -> Iterator[tuple[str, Declared]]:
    for item in instrument.items:
        yield f"{instrument.id}.{item.id}", _item(item)
    yield f"{instrument.id}.complete", Declared(Kind.YES_OR_NO)
    yield f"{instrument.id}.total", Declared(Kind.NUMBER)
    yield f"{instrument.id}.band", Declared(Kind.TEXT, frozenset(level.band for level in instrument.levels))
    yield f"{instrument.id}.risk", Declared(Kind.TEXT, frozenset(level.risk.value for level in instrument.levels))


def _item(item: Item) -> Declared:
    if item.kind == "number":
        return Declared(Kind.NUMBER)
    if item.kind == "text":
        return Declared(Kind.TEXT)
    return Declared(Kind.TEXT, frozenset([option.code for option in item.options] or [YES, NO]) | {REFUSED})
