"""`crisis-hub rules replay`: what a changed rulebook would have said of the cases on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.application.ports import Store
from crisis_hub.cli.explain_one import must_have_a_ledger
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.domain import events as e
from crisis_hub.domain.replay import Difference, compare
from crisis_hub.domain.rules import Rulebook
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import Settings

Say = Callable[[str], None]

_AT_ONCE = 1000


async def differences(store: Store, rulebook: Rulebook, since: datetime) -> tuple[list[Difference], int]:
    """Judge every case that began since then; return those that differ, and how many there are."""
    found: list[Difference] = []
    number = 0
    async for stream in _streams(store, since):
        number += 1
        history = [(one.fact, one.at) for one in await store.read(stream)]
        difference = compare(history, rulebook)  # type: ignore[arg-type]  # a case's stream holds case facts
        if difference is not None:
            found.append(difference)
    return found, number


async def _streams(store: Store, since: datetime) -> AsyncIterator[str]:
    sequence = 0
    while page := await store.since(sequence, _AT_ONCE):
        for recorded in page:
            if isinstance(recorded.fact, e.CaseOpened) and recorded.at >= since:
                yield recorded.stream
        sequence = page[-1].sequence


def tell(found: list[Difference], number: int, rules: RulesFolder, say: Say) -> int:
    """Say what would have differed; return 1 when anything would."""
    for difference in found:
        began, said = f"{difference.opened_at:%Y-%m-%d %H:%M} UTC", "; ".join(difference.sentences())
        say(f"Case {difference.number}, {began}: {said}.")
    say(
        f"{number} cases judged again with version {rules.rulebook.version}: "
        f"{len(found)} would have differed, {number - len(found)} not."
    )
    return 1 if found else 0


def replay_command(
    since: Annotated[str, typer.Option("--since", help="Judge cases that began on this day or later: 2026-11-01.")],
    folder: Annotated[Path | None, typer.Option("--rules", help="The working copy.", metavar="DIR")] = None,
) -> None:
    """Judge recorded cases with the working copy of the rules, and say what would have differed."""
    try:
        begin = datetime.combine(date.fromisoformat(since), time(), UTC)
    except ValueError:
        typer.echo(f"--since: “{since}” is not a day. Write it as 2026-11-01.", err=True)
        raise typer.Exit(2) from None
    rules = open_rules(folder)
    for problem in rules.problems:
        typer.echo(problem.sentence(f"{rules.path}/"), err=True)
    settings = Settings()
    must_have_a_ledger(settings)
    found, number = asyncio.run(_run(settings, rules.rulebook, begin))
    raise typer.Exit(tell(found, number, rules, typer.echo))


async def _run(settings: Settings, rulebook: Rulebook, since: datetime) -> tuple[list[Difference], int]:
    store = await open_store(settings, SystemClock(), open_keyring(settings))
    try:
        return await differences(store, rulebook, since)
    finally:
        await store.close()
