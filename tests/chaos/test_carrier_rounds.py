"""Rounds of SIGKILL while the carrier is at its worst: a fifth of all orders unanswered, a fifth of all pages failing.

Nothing may be lost and nobody may be said to have taken what they did not. A page may be doubled, but only where
nobody could know; and how many were is counted. `CRISIS_HUB_KILLS=100` makes it a long run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crisis_hub.adapters.telephony.simulator import FaultKind
from tests.chaos.checker import Found, doubled
from tests.chaos.hubs import Zygote
from tests.chaos.outside import Luck, Outside
from tests.chaos.runs import a_run, killed_under_load, kills_of_a_run

KILLS = kills_of_a_run(12)

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600 + 10 * KILLS)]


async def test_kills_beside_a_carrier_at_its_worst_lose_no_page_and_take_none(
    nursery: Zygote, database_url: str, tmp_path: Path, seed: int
) -> None:
    async with a_run(nursery, database_url, tmp_path, seed) as run:
        world = run.outside
        _at_its_worst(world)
        async with killed_under_load(run, KILLS, Luck(seed, "rounds"), Luck(seed, "load of the rounds")) as survival:
            twice = doubled(world.history, survival.ledger)
            assert survival.found.good, survival.report()
            assert twice.unexplained == [], f"{twice.unexplained}\n{survival.report()}"
            print(_figures(survival.found, len(twice.known), world))  # noqa: T201 - shown with -s or on failure


def _at_its_worst(world: Outside) -> None:
    """A fifth of the orders get no answer that says anything, half of those taken; a fifth of the pages fail."""
    faults = world.carrier.faults
    for kind, probability in (
        (FaultKind.REST_500, 0.10),
        (FaultKind.REST_500_AFTER, 0.11),  # of what is left: a tenth of all
    ):
        faults.switch_on(kind, probability=probability, only="POST")
    for kind in (FaultKind.TEXT_UNDELIVERED, FaultKind.CALL_FAILS):
        faults.switch_on(kind, probability=0.2)
    for kind, probability in ((FaultKind.WEBHOOK_LOST, 0.1), (FaultKind.WEBHOOK_DOUBLED, 0.2)):
        faults.switch_on(kind, probability=probability, only="status")


def _figures(found: Found, twice: int, world: Outside) -> str:
    struck = world.carrier.faults.struck
    unknown = struck[FaultKind.REST_500.value] + struck[FaultKind.REST_500_AFTER.value]
    failed = struck[FaultKind.TEXT_UNDELIVERED.value] + struck[FaultKind.CALL_FAILS.value]
    return (
        f"{found.counts['kills']} kills, {found.counts['pages']} pages at the carrier, {found.counts['ladders']} "
        f"ladders: lost 0, false takes 0, doubled {twice} (all where the outcome was unknown); "
        f"{unknown} orders without an answer, {failed} pages that failed; {found.story()}"
    )
