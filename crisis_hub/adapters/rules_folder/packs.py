"""Reads `packs/*.yaml`: the words of a questionnaire in one language, with the record of the permission to show them.

A pack is whole or not used at all: half a screen in published words would be another screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crisis_hub.adapters.rules_folder.problems import Page, did_you_mean, listed
from crisis_hub.adapters.rules_folder.schema import check_shape
from crisis_hub.adapters.rules_folder.yaml_lines import Unreadable, read_yaml
from crisis_hub.domain.instrument import Instrument, Item, Option


@dataclass(frozen=True, slots=True)
class Permission:
    """Who granted it, to whom, on which day, for what, and where it is kept."""

    granted_by: str
    granted_to: str
    granted_on: str
    scope: str
    document: str
    until: str = ""

    def sentence(self) -> str:
        """Return it as one sentence."""
        ends = f" until {self.until}" if self.until else ""
        granted = f"Granted by {self.granted_by} to {self.granted_to} on {self.granted_on}{ends}"
        return f"{granted}: {self.scope} ({self.document})."


@dataclass(frozen=True, slots=True)
class Pack:
    """The words of one instrument in one language."""

    instrument: str
    language: str
    notice: str
    permission: Permission
    say: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


def read_pack(page: Page, instruments: Mapping[str, Instrument]) -> Pack | None:
    """Return the pack, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    instrument = instruments.get(data["pack"])
    if instrument is None:
        hint = did_you_mean(data["pack"], instruments)
        page.wrong(("pack",), f"There is no instrument called “{data['pack']}” to give words to.{hint}")
    else:
        _check(page, data, instrument)
    for field in ("granted_on", "until"):
        if field in data["permission"] and not _is_day(data["permission"][field]):
            page.wrong(("permission", field), f"“{data['permission'][field]}” is not a day. Write 2026-01-31.")
    if page.refused:
        return None
    stem = f"{data['stem']} " if "stem" in data else ""
    return Pack(
        instrument=data["pack"],
        language=data["language"],
        notice=data["notice"].strip(),
        permission=Permission(**data["permission"]),
        say={item: f"{stem}{words}" for item, words in data["say"].items()},
        options=data.get("options", {}),
    )


def examine_pack(file: str, raw: bytes, instruments: Mapping[str, Instrument]) -> tuple[Page, Pack | None]:
    """Read a pack that is not installed yet: the page with everything that is wrong, and the pack when nothing is."""
    try:
        page = read_yaml(file, raw)
    except Unreadable as problem:
        page = Page(file, None, {(): problem.line, problem.path: problem.line})
        page.wrong(problem.path, problem.message)
        return page, None
    check_shape(page, "pack")
    return page, None if page.refused else read_pack(page, instruments)


def with_packs(instruments: Mapping[str, Instrument], packs: Iterable[Pack]) -> dict[str, Instrument]:
    """Return the instruments with the words of the packs."""
    found = dict(instruments)
    for pack in packs:
        if pack.instrument in found:
            found[pack.instrument] = _worded(found[pack.instrument], pack)
    return found


def pack_notes(instruments: Iterable[Instrument]) -> Iterator[str]:
    """Say which instruments cannot be shown because no pack is installed, and which only by labels of our own."""
    for instrument in instruments:
        if instrument.licence == "B" and not instrument.worded:
            yield (
                f"{instrument.id}: no wording pack is installed, so it can be scored and cannot be shown; "
                "scripts pass over it. crisis-hub rules install-pack FILE installs one."
            )
        elif instrument.licence == "A" and not any(item.say for item in instrument.items):
            yield f"{instrument.id}: none of its questions is worded; labels of our own are shown, with a mark."


def _check(page: Page, data: Mapping[str, Any], instrument: Instrument) -> None:
    if instrument.licence == "C":
        page.wrong(("pack",), f"{instrument.id} is class C: only results from outside are kept, nothing is shown.")
        return
    shipped = data["language"] not in instrument.packs and any(
        data["language"] in item.say for item in instrument.items
    )
    if instrument.licence == "A" and shipped:
        page.wrong(("language",), f"The words of {instrument.id} in “{data['language']}” ship with it and stay.")
    asked = {item.id: item for item in instrument.items if not item.person}
    for name in data["say"]:
        if name not in asked:
            page.wrong(("say", name), _no_such(instrument, name, asked))
    gone = [id for id in asked if id not in data["say"]]
    if gone:
        page.wrong(("say",), f"The words of {listed(gone)} are missing. A pack is used whole or not at all.")
    _check_options(page, data.get("options", {}), instrument, asked)


def _check_options(
    page: Page, options: Mapping[str, Mapping[str, str]], instrument: Instrument, asked: Mapping[str, Item]
) -> None:
    for name, words in options.items():
        if name not in asked:
            page.wrong(("options", name), _no_such(instrument, name, asked))
            continue
        for code in words:
            if asked[name].option(code) is None:
                page.wrong(("options", name, code), f"{name} has no answer “{code}”.")
    for item in asked.values():
        left_out = [o.code for o in item.options if o.code not in options.get(item.id, {})]
        if left_out:
            page.wrong(("options",), f"The words of the answers {listed(left_out)} of {item.id} are missing.")


def _no_such(instrument: Instrument, name: str, asked: Mapping[str, Item]) -> str:
    return f"{instrument.id} has no item “{name}”; it has {listed(asked, 30)}.{did_you_mean(name, asked)}"


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def _worded(instrument: Instrument, pack: Pack) -> Instrument:
    notice = " ".join(part for part in (instrument.notice, pack.notice) if part)
    return replace(
        instrument,
        items=tuple(_worded_item(item, pack) for item in instrument.items),
        packs=(*instrument.packs, pack.language),
        notice=notice,
        source=f"{instrument.source} {pack.notice}".strip(),
    )


def _worded_item(item: Item, pack: Pack) -> Item:
    if item.id not in pack.say:
        return item
    labels = pack.options.get(item.id, {})
    return replace(
        item,
        say={**item.say, pack.language: pack.say[item.id]},
        options=tuple(_worded_option(option, labels, pack.language) for option in item.options),
    )


def _worded_option(option: Option, labels: Mapping[str, str], language: str) -> Option:
    return replace(option, labels={**option.labels, language: labels[option.code]}) if option.code in labels else option
