"""Reads `escalation/*.yaml`: rules with their examples, many in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crisis_hub.adapters.rules_folder.clauses import read_clause
from crisis_hub.adapters.rules_folder.conditions import Vocabulary
from crisis_hub.adapters.rules_folder.examples import Example, read_example
from crisis_hub.adapters.rules_folder.fingerprint import fingerprint
from crisis_hub.adapters.rules_folder.ladders import check_ladder_name
from crisis_hub.adapters.rules_folder.problems import Page, Path, listed
from crisis_hub.domain.duties import WITHOUT_CONSENT
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.reading import Action, Owe, PageLadder, RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import DutyKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the heart reads it, the file it stands in, and its own examples."""

    file: str
    reading: Reading
    fires: tuple[Example, ...]
    stays_calm: tuple[Example, ...]


def read_rules(
    page: Page, instruments: Mapping[str, Instrument], ladders: Mapping[str, Ladder], vocabulary: Vocabulary
) -> tuple[Rule, ...]:
    """Return the rules of a file, or none after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    seen: set[str] = set()
    rules: list[Rule] = []
    for number, entry in enumerate(data["rules"]):
        path: Path = ("rules", number)
        if entry["id"] in seen:
            page.wrong((*path, "id"), f"“{entry['id']}” stands here twice. Rename one of them.")
        seen.add(entry["id"])
        when = read_clause(page, (*path, "when"), entry["when"], vocabulary)
        then = tuple(_actions(page, (*path, "then"), entry["then"], ladders, instruments))
        fires, calm = (
            tuple(_examples(page, (*path, "examples", kind), entry["examples"][kind], instruments))
            for kind in ("fires", "stays_calm")
        )
        if when is not None:
            reading = Reading(
                entry["id"],
                fingerprint({"when": entry["when"], "then": entry["then"]}),
                when,
                then,
                entry["because"].strip(),
                entry["source"].strip(),
            )
            rules.append(Rule(page.file, reading, fires, calm))
    return () if page.refused else tuple(rules)


def _actions(
    page: Page,
    path: Path,
    entries: list[dict[str, Any]],
    ladders: Mapping[str, Ladder],
    instruments: Mapping[str, Instrument],
) -> Iterator[Action]:
    raised = 0
    for number, entry in enumerate(entries):
        kind, said = next(iter(entry.items()))
        here = (*path, number, kind)
        if kind == "page":
            check_ladder_name(page, here, said, ladders)
            yield PageLadder(said)
        elif kind == "raise_risk":
            raised += 1
            yield RaiseRisk(Risk(said))
            if raised > 1:
                page.wrong(here, "A rule can raise the risk only once. Keep the higher one.")
        else:
            if kind == "ask" and said not in instruments:
                page.wrong(here, f"There is no instrument called “{said}”; there are {listed(instruments)}.", soft=True)
            yield _owe(kind, said)


def _owe(kind: str, said: Any) -> Owe:  # noqa: ANN401 - the schema has seen to it
    match kind:
        case "recommend":
            return Owe(DutyKind.EMERGENCY, WITHOUT_CONSENT if said.endswith(WITHOUT_CONSENT) else "")
        case "require":
            return Owe(DutyKind(said))
        case "follow_up":
            return Owe(DutyKind.FOLLOW_UP, "", float(said))
        case _:
            return Owe(DutyKind(kind), said)


def _examples(
    page: Page, path: Path, entries: list[dict[str, Any]], instruments: Mapping[str, Instrument]
) -> Iterator[Example]:
    for number, entry in enumerate(entries):
        yield read_example(page, (*path, number), entry, instruments)
