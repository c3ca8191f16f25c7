"""What follows from facts, and whether somebody is told to look for it."""

from __future__ import annotations

from crisis_hub.adapters.keyring import Keyring
from crisis_hub.application.reactions import Moment, calls_for_work, react
from crisis_hub.domain.case import evolve
from tests.domain.full_night import a_full_night
from tests.domain.given import Given, text_comes


def test_every_fact_that_plans_something_to_be_done_calls_for_work() -> None:
    case, planned = None, 0
    for version, (fact, at) in enumerate(a_full_night().history, 1):
        case = evolve(case, fact, at)
        if react(fact, Moment("case", version, at, case, Keyring(bytes(32)))).effects:
            planned += 1
            assert calls_for_work(fact), fact
    assert planned > 5


def test_a_text_that_came_calls_for_none() -> None:
    facts = Given().when(text_comes(reply="You have reached us."))

    assert len(facts) == 4
    assert not any(calls_for_work(fact) for fact in facts)
