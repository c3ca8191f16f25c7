"""Tries the lexicon on its own examples: each entry must notice its texts, and leave the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.rules_folder.triage import Listed, Sample
from crisis_hub.domain.triage import Lexicon, notice


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one example; `why` is empty when the entry did as the example says."""

    listed: Listed
    kind: str
    number: int
    sample: Sample
    why: str

    def sentence(self, folder: str) -> str:
        """Return file, line, field and what went wrong."""
        where = f"entries.{self.listed.entry.id}.examples.{self.kind}.{self.number}"
        return f"{folder}{self.listed.file}:{self.sample.line}: {where}: {self.why}"


def try_words(rules: RulesFolder) -> Iterator[Tried]:
    """Look for every entry in each of its examples, beside all others of every language."""
    lexicon = rules.rulebook.lexicon
    for listed in rules.entries:
        for kind, samples in (("matches", listed.matches), ("stays_calm", listed.stays_calm)):
            for number, sample in enumerate(samples, start=1):
                yield Tried(listed, kind, number, sample, _why_not(listed, kind, sample, lexicon))


def _why_not(listed: Listed, kind: str, sample: Sample, lexicon: Lexicon) -> str:
    found = any(noticed.entry == listed.entry.id for noticed in notice(sample.text, lexicon))
    if kind == "matches" and not found:
        return "The entry must notice this text and does not."
    if kind == "stays_calm" and found:
        return "The entry must leave this text alone and notices it. Add a phrase to “unless”, or another word."
    return ""
