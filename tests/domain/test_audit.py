"""What should have happened by now and has not is said in a sentence, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crisis_hub.domain.audit import findings
from crisis_hub.domain.vocabulary import AttemptState, Method
from tests.domain.given import ANA, Given, at_risk, paged, stand_down, takes, time_is_over, tried


def said(given: Given, seconds: float) -> list[str]:
    return [*findings([given.case], given.now + timedelta(seconds=seconds))]


def a_page() -> Given:
    given = at_risk()
    given.when(paged(given, ANA))
    return given


def test_a_ladder_on_time_is_not_spoken_of() -> None:
    given = a_page()
    given.when(tried(given.page_of(ANA), 0, AttemptState.DELIVERED), tried(given.page_of(ANA), 1, AttemptState.SENT))

    assert said(given, 30) == []


def test_a_step_on_which_nobody_was_paged_is_told() -> None:
    given = at_risk()

    assert said(given, 15) == []
    assert said(given, 16) == [
        "Case 1001: nobody was paged yet on step 1 of the ladder “clinical”. Page somebody by hand."
    ]


def test_a_step_whose_time_is_long_over_is_told_with_when_it_was_due() -> None:
    given = a_page()
    given.when(tried(given.page_of(ANA), 1, AttemptState.FAILED), tried(given.page_of(ANA), 0, AttemptState.DELIVERED))

    assert said(given, 135) == []
    assert said(given, 136) == [
        "Case 1001: the ladder “clinical” should have taken its next step at 12:02:00 UTC. Page somebody by hand."
    ]


@pytest.mark.parametrize("state", [None, AttemptState.UNKNOWN])
def test_a_way_that_was_due_and_did_not_leave_is_told(state: AttemptState | None) -> None:
    given = a_page()
    given.when(tried(given.page_of(ANA), 1, AttemptState.DELIVERED))
    if state:
        given.when(tried(given.page_of(ANA), 0, state))

    assert said(given, 16) == ["Case 1001: the text to Ana has not left yet."]


def test_what_the_carrier_took_and_never_spoke_of_again_is_told_a_call_later_than_a_text() -> None:
    given = a_page()
    given.when(tried(given.page_of(ANA), 0, AttemptState.SENT), tried(given.page_of(ANA), 1, AttemptState.SENT))

    assert said(given, 60) == []
    assert said(given, 61) == ["Case 1001: the carrier took the text to Ana and has not said what became of it."]
    assert len(said(given, 91)) == 2


def test_a_ladder_that_is_over_is_not_spoken_of() -> None:
    taken, stood_down, next_step = a_page(), a_page(), a_page()
    taken.when(takes(taken.page_of(ANA)))
    stood_down.when(stand_down())
    next_step.when(time_is_over(next_step))

    assert said(taken, 9999) == said(stood_down, 9999) == []
    assert any("step 2" in sentence for sentence in said(next_step, 16))


def test_a_ladder_that_ended_with_nobody_is_told() -> None:
    """Taken, but by nobody: it can only be a mistake of ours, and somebody must page by hand."""
    given = a_page()
    given.when(takes(given.page_of(ANA)))
    [*others, ladder] = given.case.escalations
    broken = replace(given.case, escalations=(*others, replace(ladder, taken_by=None, takers=())))

    assert said(given, 5) == []
    assert [*findings([broken], given.now)] == [
        "Case 1001: the ladder “clinical” ended and nobody has it. Page somebody by hand."
    ]


def test_a_taker_who_did_not_come_and_for_whom_nobody_else_was_paged_is_told() -> None:
    given = a_page()
    given.when(takes(given.page_of(ANA)))
    [*others, ladder] = given.case.escalations
    due = given.now + timedelta(seconds=600)
    waiting = replace(given.case, escalations=(*others, replace(ladder, contact_due_at=due, seen_at=None)))

    assert [*findings([waiting], due + timedelta(seconds=15))] == []
    assert [*findings([waiting], due + timedelta(seconds=16))] == [
        "Case 1001: Ana took the ladder “clinical” and was not seen since; nobody else was paged. "
        "Page somebody by hand."
    ]


@pytest.mark.parametrize("method", list(Method))
def test_every_way_can_be_spoken_of(method: Method) -> None:
    given = at_risk()
    given.when(paged(given, ANA, ways=(method,)))

    assert len(said(given, 16)) == 1
