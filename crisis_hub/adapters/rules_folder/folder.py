"""The clinicians' room on disk: read whole, checked whole, and never worse than its last good version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from crisis_hub.adapters.rules_folder.escalation import Rule
from crisis_hub.adapters.rules_folder.files import Listing, list_folder
from crisis_hub.adapters.rules_folder.fingerprint import version_of
from crisis_hub.adapters.rules_folder.packs import pack_notes, with_packs
from crisis_hub.adapters.rules_folder.papers import in_force
from crisis_hub.adapters.rules_folder.problems import Problem, listed
from crisis_hub.adapters.rules_folder.reading_round import Good, Round
from crisis_hub.adapters.rules_folder.triage import Listed, lexicon_of, waits_of
from crisis_hub.adapters.rules_folder.wording import missing_words
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.reading import RuleOnFile
from crisis_hub.domain.rules import EMPTY, Rulebook

_Stamp = tuple[tuple[str, int, int, int], ...]


class RulesFolder:
    """Reads `rules/` into a rulebook; keeps the last good version of every file while this process lives."""

    def __init__(self, path: Path, shipped: Path | None = None) -> None:
        self.path = path
        self.rulebook: Rulebook = EMPTY
        self.rules: tuple[Rule, ...] = ()
        self.entries: tuple[Listed, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self.notes: tuple[str, ...] = ()
        self._shipped = shipped
        self._good: dict[str, Good] = {}
        self._stamp: _Stamp = ()

    def load(self) -> Rulebook:
        """Read everything and return the rulebook that is in force now; never raises for what a file says."""
        listing = list_folder(self.path, self._shipped)
        self._stamp = _stamp(listing)
        if not listing.own and self._good and self._had_own():
            return self._keep_all(listing)
        reading = Round(self._shipped, self._good)
        reading.read(listing.files)
        self._good = reading.good
        self.problems = (*listing.problems, *reading.problems)
        self.rules = reading.rules
        self.entries = reading.entries
        self.rulebook = self._bind(reading)
        self.notes = (*listing.notes, *_notes(self.rulebook))
        return self.rulebook

    def reload_if_changed(self) -> Rulebook | None:
        """Read again and return the rulebook when a file came, went or was written since; else return nothing."""
        changed = _stamp(list_folder(self.path, self._shipped)) != self._stamp
        return self.load() if changed else None

    def on_file(self) -> tuple[RuleOnFile, ...]:
        """Return the rules in force with the files they stand in and their examples in short words."""
        return tuple(
            RuleOnFile(
                rule.file,
                rule.reading,
                tuple(example.in_words() for example in rule.fires),
                tuple(example.in_words() for example in rule.stays_calm),
            )
            for rule in self.rules
        )

    def _bind(self, reading: Round) -> Rulebook:
        rooms = reading.rooms
        contents = {name: good.raw for name, good in reading.good.items()}
        return Rulebook(
            version=version_of(contents) if contents else EMPTY.version,
            rules=tuple(rule.reading for rule in reading.rules),
            instruments=with_packs(rooms["instruments"], rooms["packs"].values()),
            scripts=rooms["scripts"],
            ladders=rooms["ladders"],
            rotas=rooms["rotas"],
            wording=_by_language(rooms["wording"]),
            forms=rooms["records"],
            jurisdiction=in_force(rooms["jurisdictions"].values()),
            lexicon=lexicon_of(rooms["triage"]),
            waits=waits_of(rooms["triage"]),
            problems=tuple(problem.sentence() for problem in self.problems),
        )

    def _had_own(self) -> bool:
        return any(not name.startswith("wording/numbers") for name in self._good)

    def _keep_all(self, listing: Listing) -> Rulebook:
        """A folder that is empty all at once was moved, unmounted or lost: nobody retires every rule in one stroke."""
        gone = Problem(
            "", 0, "", f"All files of {self.path} are gone. What was read last stays in force until they are back."
        )
        self.problems = (*listing.problems, gone)
        self.rulebook = replace(self.rulebook, problems=tuple(problem.sentence() for problem in self.problems))
        return self.rulebook


def _stamp(listing: Listing) -> _Stamp:
    return tuple(found.stamp() for found in listing.files)


def _by_language(texts: dict[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, text in texts.items():
        language, _, key = name.partition("/")
        found.setdefault(language, {})[key] = text
    return found


def _notes(rulebook: Rulebook) -> Iterator[str]:
    """Say what is missing but no mistake: texts and wordings in languages that the line speaks."""
    yield from missing_words(rulebook.wording)
    yield from pack_notes(rulebook.instruments.values())
    if rulebook.jurisdiction is None:
        yield "No jurisdiction is in force (exactly one file must say “here: true”), so reports have no due time."
    for language in sorted(rulebook.wording):
        for instrument in rulebook.instruments.values():
            gone = list(_unspoken(instrument, language))
            if gone:
                yield f"{instrument.id}: {listed(gone)} not worded in “{language}”; English is shown, with a mark."


def _unspoken(instrument: Instrument, language: str) -> Iterator[str]:
    return (item.id for item in instrument.items if item.say and language not in item.say)
