"""`crisis-hub rules explain --case NUMBER`: why a case on record stands where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.application.ports import CaseQuery, Store
from crisis_hub.cli.explain import explain_case
from crisis_hub.domain.case import Case, fold
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import CannotStart, Settings

Say = Callable[[str], None]


async def find_case(store: Store, number: str) -> Case | None:
    """Return the newest case of that number as the ledger has it, or nothing."""
    rows = await store.cases(CaseQuery(number=number.lstrip("#"), limit=1))
    if not rows:
        return None
    history = await store.read(rows[0].case)
    return fold((one.fact, one.at) for one in history)  # type: ignore[misc]  # a case's stream holds case facts


def explain_on_record(rules: RulesFolder, number: str, say: Say, warn: Say) -> int:
    """Say what the rules make of a recorded case; return 1 when there is none of that number."""
    case = asyncio.run(_read(Settings(), number))
    if case is None:
        warn(f"There is no case {number} in this ledger.")
        return 1
    fired = ", ".join(sorted(case.fired)) or "none"
    say(f"Case {case.number}, {case.state.value}, judged with version {case.rulebook or 'none yet'}; fired: {fired}")
    if case.rulebook and case.rulebook != rules.rulebook.version:
        say(f"What follows is said by version {rules.rulebook.version}, which is another.")
    for line in explain_case(case, rules.rulebook):
        say(line)
    return 0


def must_have_a_ledger(settings: Settings) -> None:
    """Refuse to make an empty ledger only to find nothing in it."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.embedded and not file.is_file():
        raise CannotStart(f"There is no ledger at {file} yet (CRISIS_HUB_DATABASE_URL): no case to judge again.")


async def _read(settings: Settings, number: str) -> Case | None:
    must_have_a_ledger(settings)
    store = await open_store(settings, SystemClock(), open_keyring(settings))
    try:
        return await find_case(store, number)
    finally:
        await store.close()
