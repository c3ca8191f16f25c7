"""The watch of the watch has a time of its own: it sees every case in the end, and holds up nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crisis_hub.application.auditor import Auditor
from crisis_hub.application.board import Board
from crisis_hub.domain.case import Case
from crisis_hub.domain.vocabulary import CaseId
from tests.domain.given import at_risk


class Ticking:
    """A clock on which every look takes a while."""

    def __init__(self, step: float) -> None:
        self._now, self._step = at_risk().now + timedelta(minutes=10), timedelta(seconds=step)

    def now(self) -> datetime:
        self._now += self._step
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class OnBoard(Board):
    """A board with these cases on it."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.kept = {str(case.id): case for case in cases}

    def cases(self) -> list[Case]:
        """Return them."""
        return list(self.kept.values())

    def case(self, stream: str) -> Case | None:
        """Return one of them."""
        return self.kept.get(stream)


def late_cases(count: int) -> OnBoard:
    """So many cases on which nobody was paged for ten minutes."""
    case = at_risk().case
    return OnBoard([replace(case, id=CaseId(f"{number:032x}"), number=str(1000 + number)) for number in range(count)])


async def test_a_quiet_night_is_looked_at_in_one_round() -> None:
    auditor = Auditor(late_cases(50), Ticking(0.001))

    await auditor.look()

    assert len({sentence.partition(":")[0] for sentence in auditor.found}) == 50


async def test_a_round_ends_when_its_time_is_over_and_the_next_goes_on_from_there() -> None:
    """Five hundred cases at a slow machine: no round is held up, and each case is looked at all the same."""
    clock = Ticking(0.02)
    auditor = Auditor(late_cases(500), clock)
    rounds = 0
    while not auditor.found:
        before = clock.now()
        await auditor.look()
        rounds += 1
        assert clock.now() - before < timedelta(seconds=0.5)
        assert rounds < 100

    assert rounds > 1
    assert len({sentence.partition(":")[0] for sentence in auditor.found}) == 500


async def test_a_case_that_was_mended_since_the_look_began_is_not_spoken_of() -> None:
    board = late_cases(500)
    auditor = Auditor(board, Ticking(0.02))
    await auditor.look()
    for key in list(board.kept)[-100:]:
        board.kept[key] = replace(board.kept[key], escalations=())
    while not auditor.found:
        await auditor.look()

    assert len({sentence.partition(":")[0] for sentence in auditor.found}) == 400


async def test_an_audit_that_cannot_keep_up_says_so() -> None:
    auditor = Auditor(late_cases(500), Ticking(0.3))
    for _ in range(60):
        await auditor.look()

    assert auditor.trouble().startswith("The audit of running pages cannot keep up")


async def test_much_that_is_late_is_said_in_few_words() -> None:
    auditor = Auditor(late_cases(20), Ticking(0.0001))
    await auditor.look()

    assert auditor.trouble().endswith("more.")
    assert Auditor(late_cases(0), Ticking(0.001)).trouble() == ""
