"""Which facts conditions may look at, made from the instruments that are in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisis_hub.adapters.rules_folder.conditions import Declared, Kind, Vocabulary
from crisis_hub.domain.instrument import REFUSED, RESERVED, Instrument, Item
from crisis_hub.domain.items import answers_of
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import Channel

RESERVED_ITEMS = RESERVED | {"band", "complete", "risk", "flags"}
"""Words that stand beside the items of an instrument (`asq.band`), so no item may have them."""

_INSIDE = {
    "known": Declared(Kind.LIST),
    "asked": Declared(Kind.LIST),
    "over": Declared(Kind.YES_OR_NO),
}

RESERVED_INSTRUMENTS = frozenset({"case", "known"})

_CASE = {
    "case.channel": Declared(Kind.TEXT, frozenset(channel.value for channel in Channel)),
    "case.language": Declared(Kind.TEXT),
    "case.risk": Declared(Kind.TEXT, frozenset(risk.value for risk in Risk)),
    "case.contacts": Declared(Kind.WHOLE),
    "case.contacts_within_a_day": Declared(Kind.WHOLE),
    "case.texting_stopped": Declared(Kind.YES_OR_NO),
    "case.over": Declared(Kind.YES_OR_NO),
    "case.ended_abruptly": Declared(Kind.YES_OR_NO),
    "known": Declared(Kind.LIST),
}


def item_facts(items: Iterable[Item], sums: Iterable[str] = (), *, totals: bool = False) -> Vocabulary:
    """Return what lines inside an instrument may look at: its items by their bare ids, its sums and its total."""
    added = [*sums, *(("total", "total_at_least", "total_at_most") if totals else ())]
    numbers = {name: Declared(Kind.NUMBER) for name in added}
    return Vocabulary({**numbers, **{item.id: _item(item) for item in items}, **_INSIDE})


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
    risks = {level.risk for level in instrument.levels} | {flag.risk for flag in instrument.flags}
    yield f"{instrument.id}.risk", Declared(Kind.TEXT, frozenset(risk.value for risk in risks - {Risk.NOT_ASSESSED}))
    flags = frozenset(flag.id for flag in instrument.flags)
    yield f"{instrument.id}.flags", Declared(Kind.LIST, flags | {"refused_or_unknown"})


def _item(item: Item) -> Declared:
    if item.kind == "number":
        return Declared(Kind.NUMBER)
    if item.kind == "text":
        return Declared(Kind.TEXT)
    telling = (code for code in answers_of(item) if not item.tells_nothing(code))
    return Declared(Kind.TEXT, frozenset(telling) | {REFUSED})
