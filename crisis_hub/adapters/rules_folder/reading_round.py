"""One reading of the whole folder: every file by itself, the last good version of those that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from crisis_hub.adapters.rules_folder.calendars import read_booked
from crisis_hub.adapters.rules_folder.conditions import Vocabulary
from crisis_hub.adapters.rules_folder.escalation import Rule, read_rules
from crisis_hub.adapters.rules_folder.facts import case_facts
from crisis_hub.adapters.rules_folder.files import CALENDARS, HOLIDAYS, NUMBERS_FILE, Found, shipped_twin
from crisis_hub.adapters.rules_folder.holidays import read_calendar, read_holidays
from crisis_hub.adapters.rules_folder.instruments import read_instrument
from crisis_hub.adapters.rules_folder.ladders import read_ladder
from crisis_hub.adapters.rules_folder.packs import read_pack
from crisis_hub.adapters.rules_folder.papers import read_jurisdiction, read_record
from crisis_hub.adapters.rules_folder.problems import Page, Problem
from crisis_hub.adapters.rules_folder.rotas import read_rota
from crisis_hub.adapters.rules_folder.schema import check_shape
from crisis_hub.adapters.rules_folder.scripts import read_script
from crisis_hub.adapters.rules_folder.triage import QUEUE_FILE, WAITS, Listed, read_lexicon, read_waits
from crisis_hub.adapters.rules_folder.wording import NUMBERS, read_numbers, read_wording
from crisis_hub.adapters.rules_folder.yaml_lines import Unreadable, read_yaml
from crisis_hub.domain.floor import BARE_INSTRUMENTS

_MOST_PAGES = 256

Things = tuple[tuple[str, Any], ...]
"""What a file holds: names and what they stand for."""

_SCHEMAS = {
    "wording": "wording",
    "instruments": "instrument",
    "packs": "pack",
    "scripts": "script",
    HOLIDAYS: "holidays",
    CALENDARS: "",
    "rotas": "rota",
    "ladders": "ladder",
    "records": "record",
    "jurisdictions": "jurisdiction",
    "triage": "triage",
    "escalation": "escalation",
}
_CALLED = {
    "wording": "text",
    "instruments": "instrument",
    "packs": "pack",
    "scripts": "script",
    HOLIDAYS: "calendar",
    CALENDARS: "calendar",
    "rotas": "rota",
    "ladders": "ladder",
    "records": "record",
    "jurisdictions": "jurisdiction",
    "triage": "entry",
    "escalation": "rule",
}

_OF_THEIR_OWN = {NUMBERS_FILE: "numbers", QUEUE_FILE: "queue"}
"""Files with another schema than their neighbours."""

_LISTS = {"escalation": "rules", "triage": "entries"}
"""In which field a file holds many things."""


@dataclass(frozen=True, slots=True)
class Good:
    """A version of a file that could be used: its bytes, what they say, and what that makes."""

    raw: bytes
    page: Page
    things: Things


@dataclass(slots=True)
class Round:
    """Reads files room by room; what was read before is there for those that refer to it."""

    shipped: Path | None
    before: Mapping[str, Good]
    good: dict[str, Good] = field(default_factory=dict)
    rooms: dict[str, dict[str, Any]] = field(default_factory=lambda: {room: {} for room in _SCHEMAS})
    numbers: Mapping[str, str] = field(default_factory=lambda: NUMBERS)
    problems: list[Problem] = field(default_factory=list)
    _owners: dict[tuple[str, str], str] = field(default_factory=dict)
    _vocabulary: Vocabulary | None = None

    def read(self, files: Iterable[Found]) -> None:
        """Read every file; the numbers come first, since texts hold them."""
        for found in sorted(files, key=lambda f: (list(_SCHEMAS).index(f.room), f.file != NUMBERS_FILE, f.file)):
            self._read(found)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules in force, with their examples."""
        return tuple(self.rooms["escalation"].values())

    @property
    def entries(self) -> tuple[Listed, ...]:
        """Return the words in force that may mean danger, with their examples."""
        return tuple(one for one in self.rooms["triage"].values() if isinstance(one, Listed))

    def _read(self, found: Found) -> None:
        page, raw = self._open(found)
        things = self._things(found, page) if not page.refused else ()
        self._claim(found, page, things)
        if not page.problems:
            self._keep(found, Good(raw, page, things))
        elif before := self.before.get(found.file):
            self._keep(found, before)
            self._report(page, "The last good version of this file stays in force.")
        elif not page.refused:
            self._keep(found, Good(raw, page, things))
            self._report(page, "The file is in force as it is written.")
        elif twin := shipped_twin(found, self.shipped):
            self._report(page, "The shipped file of that name is in force instead.")
            self._read(twin)
        else:
            self._report(page, "Nothing of this file is in force.")

    def _open(self, found: Found) -> tuple[Page, bytes]:
        """Return the file as a page of the right shape, or with what is wrong noted on it."""
        try:
            raw = found.path.read_bytes()
        except OSError as problem:
            said = f"The file cannot be read ({problem.strerror}). Look at its rights."
            return _unreadable(found, Unreadable(0, said)), b""
        before = self.before.get(found.file)
        if before is not None and before.raw == raw:
            # What it refers to may have changed, its shape has not; the hub stands still while files are read.
            return Page(found.file, before.page.data, before.page.lines), raw
        try:
            return _page(found.file, raw, _OF_THEIR_OWN.get(found.file, _SCHEMAS[found.room])), raw
        except Unreadable as problem:
            return _unreadable(found, problem), raw

    def _things(self, found: Found, page: Page) -> Things:
        if found.file == NUMBERS_FILE:
            return (("numbers", read_numbers(page)),)
        if found.file == QUEUE_FILE:
            waits = read_waits(page)
            return ((WAITS, waits),) if waits else ()
        match found.room:
            case "wording":
                language = found.file.split("/")[1]
                texts = read_wording(page, self.numbers) or {}
                return tuple((f"{language}/{key}", text) for key, text in texts.items())
            case "packs":
                pack = read_pack(page, self._instruments())
                return ((f"{pack.instrument}.{pack.language}", pack),) if pack else ()
            case "triage":
                return tuple((listed.entry.id, listed) for listed in read_lexicon(page))
            case "escalation":
                rules = read_rules(page, self._instruments(), self.rooms["ladders"], self._facts())
                return tuple((rule.reading.id, rule) for rule in rules)
            case _:
                return self._one_thing(found, page)

    def _one_thing(self, found: Found, page: Page) -> Things:
        made: Any
        match found.room:
            case "instruments":
                made, name = read_instrument(page), "instrument"
            case "scripts":
                made, name = read_script(page, self._instruments(), self._facts(), self.numbers), "script"
            case "rotas/holidays":
                made, name = read_holidays(page), "holidays"
            case "rotas":
                made, name = read_rota(page, self.rooms[HOLIDAYS], self.rooms[CALENDARS]), "rota"
            case "rotas/calendars":
                assert isinstance(page.data, dict)
                made, name = page.data["booked"], "calendar"
            case "records":
                made, name = read_record(page), "record"
            case "jurisdictions":
                made, name = read_jurisdiction(page), "jurisdiction"
            case _:
                made, name = read_ladder(page, self.rooms["rotas"]), "ladder"
        assert isinstance(page.data, dict)
        return ((page.data[name], made),) if made is not None else ()

    def _instruments(self) -> dict[str, Any]:
        return {**BARE_INSTRUMENTS, **self.rooms["instruments"]}

    def _facts(self) -> Vocabulary:
        """Return what conditions may look at; made once, since every instrument was read before it is asked for."""
        if self._vocabulary is None:
            self._vocabulary = case_facts(self._instruments().values())
        return self._vocabulary

    def _claim(self, found: Found, page: Page, things: Things) -> None:
        """Refuse a name that another file has already."""
        for name, _ in things:
            owner = self._owners.get((found.room, name))
            if owner is not None:
                lists = _LISTS.get(found.room)
                where = (lists, [n for n, _ in things].index(name)) if lists else ()
                called = name.rpartition("/")[2]
                page.wrong(
                    where, f"The {_CALLED[found.room]} “{called}” stands in {owner} already. Rename or remove one."
                )

    def _keep(self, found: Found, version: Good) -> None:
        self.good[found.file] = version
        if found.file == NUMBERS_FILE:
            self.numbers = dict(version.things)["numbers"]
            return
        for name, thing in version.things:
            if (found.room, name) not in self._owners:
                self._owners[found.room, name] = found.file
                self.rooms[found.room][name] = thing

    def _report(self, page: Page, standing: str) -> None:
        first, *rest = page.problems
        self.problems += [replace(first, message=f"{first.message} {standing}"), *rest]


def _page(file: str, raw: bytes, schema: str) -> Page:
    """Return a page of its own each time, since what is wrong is noted on it; what the file says is shared."""
    read = _shaped(file, raw, schema)
    return Page(read.file, read.data, read.lines, [*read.problems])


@lru_cache(maxsize=_MOST_PAGES)
def _shaped(file: str, raw: bytes, schema: str) -> Page:
    if not schema:
        return read_booked(file, raw)
    page = read_calendar(file, raw) if file.endswith(".ics") else read_yaml(file, raw)
    check_shape(page, schema)
    return page


def _unreadable(found: Found, problem: Unreadable) -> Page:
    page = Page(found.file, None, {(): problem.line, problem.path: problem.line})
    page.wrong(problem.path, problem.message)
    return page
