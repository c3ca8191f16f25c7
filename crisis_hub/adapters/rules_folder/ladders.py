"""Reads `ladders/*.yaml`: in which order people are tried, one ladder per file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from crisis_hub.adapters.rules_folder.fingerprint import fingerprint
from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.domain.escalation import CONTACT_WITHIN_SECONDS, DIRECT, EVERYONE, SUPERVISORS, Ladder
from crisis_hub.domain.events import Step, Target

EVERYBODY = EVERYONE.steps[0].targets
"""Whom `page: everyone` reaches: the same people as the floor's own ladder."""


def read_ladder(page: Page, rotas: Collection[str]) -> Ladder | None:
    """Return the ladder, or nothing after noting what is wrong; the shape was checked before."""
    data: dict[str, Any] = page.data  # type: ignore[assignment]
    if data["ladder"] in (EVERYONE.name, DIRECT):
        page.wrong(("ladder",), f"“{data['ladder']}” is built in and cannot be changed. Choose another name.")
    steps = tuple(_steps(page, data["steps"], rotas))
    if page.refused:
        return None
    contact_within = data.get("contact_within_seconds", CONTACT_WITHIN_SECONDS)
    return Ladder(data["ladder"], steps, data.get("then", "alarm"), fingerprint(data), contact_within)


def check_ladder_name(page: Page, path: Path, name: str, ladders: Mapping[str, Ladder]) -> None:
    """Note a ladder that does not exist; soft, since everybody is paged then, which is more care and not less."""
    known = [*ladders, EVERYONE.name, SUPERVISORS.name]
    if name not in known:
        page.wrong(
            path,
            f"There is no ladder called “{name}”; there are {listed(dict.fromkeys(known))}."
            f"{did_you_mean(name, known)} Until this is mended, everybody would be paged.",
            soft=True,
        )


def _steps(page: Page, entries: list[dict[str, Any]], rotas: Collection[str]) -> Iterator[Step]:
    for number, entry in enumerate(entries):
        path: Path = ("steps", number, "page")
        said = entry["page"]
        targets: list[Target] = []
        for place, one in enumerate(said) if isinstance(said, list) else [(None, said)]:
            here = path if place is None else (*path, place)
            targets.extend(target for target in _targets(page, here, one, rotas) if target not in targets)
        yield Step(tuple(targets), entry["wait_seconds"], entry.get("takers", 1))


def _targets(page: Page, path: Path, said: str | dict[str, str], rotas: Collection[str]) -> Iterator[Target]:
    if isinstance(said, str):
        yield from EVERYBODY
        return
    kind, name = next(iter(said.items()))
    if kind == "rota" and name not in rotas:
        page.wrong(
            (*path, kind),
            f"There is no rota called “{name}”; there are {listed(rotas) or 'none'}.{did_you_mean(name, rotas)}",
        )
    yield Target(kind, name)
