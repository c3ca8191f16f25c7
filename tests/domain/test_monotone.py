"""The carrier's word may come late, twice and in any order: what is shown ends the same, and never moves back."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain import commands as c
from crisis_hub.domain import conversation, escalation
from crisis_hub.domain import events as e
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, MessageId, MessageState, Method
from tests.domain.given import ANA, RUI, Given, at_risk, claim, paged, takes, text_comes, told, tried

PROGRESS = [MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.UNKNOWN]
TRIED = [AttemptState.SENT, AttemptState.DELIVERED, AttemptState.FAILED, AttemptState.UNKNOWN]
BEST_MESSAGE = [MessageState.UNKNOWN, MessageState.SENT, MessageState.FAILED, MessageState.DELIVERED]
LAST_ATTEMPT = [AttemptState.UNKNOWN, AttemptState.SENT, AttemptState.DELIVERED, AttemptState.FAILED]


def written() -> Given:
    given = Given()
    given.when(text_comes(), claim(), c.WriteMessage(RUI, MessageId("o1"), "I am here."))
    return given


def state_of_message(given: Given) -> MessageState:
    message = given.case.conversation.message(MessageId("o1"))
    assert message is not None
    return message.state


def waked() -> Given:
    given = at_risk()
    given.when(paged(given, ANA, ways=(Method.SMS,)))
    return given


@settings(max_examples=20, deadline=None)
@for_all(st.lists(st.sampled_from(PROGRESS), min_size=1, max_size=8))
def test_a_message_never_moves_back(words: list[MessageState]) -> None:
    given = written()
    shown = [MessageState.PLANNED]
    for word in words:
        given.when(told("o1", word))
        shown.append(state_of_message(given))

    ranks = [([MessageState.PLANNED, *BEST_MESSAGE]).index(state) for state in shown]
    assert ranks == sorted(ranks)
    assert shown[-1] is max(words, key=BEST_MESSAGE.index)
    assert len(given.all(e.MessageProgressed)) == len(set(shown)) - 1


@settings(max_examples=20, deadline=None)
@for_all(st.lists(st.sampled_from(TRIED), min_size=1, max_size=8))
def test_an_attempt_never_moves_back(words: list[AttemptState]) -> None:
    given = waked()
    page = given.page_of(ANA)
    shown = [AttemptState.PLANNED]
    for word in words:
        given.when(tried(page, 0, word))
        shown.append(given.page_of(ANA).attempts[0].state)

    ranks = [([AttemptState.PLANNED, *LAST_ATTEMPT]).index(state) for state in shown]
    assert ranks == sorted(ranks)
    assert shown[-1] is max(words, key=LAST_ATTEMPT.index)


@pytest.mark.parametrize("order", list(permutations(PROGRESS, 3)))
def test_a_message_ends_the_same_in_every_order(order: tuple[MessageState, ...]) -> None:
    given = written()
    given.when(*(told("o1", word) for word in order))

    assert state_of_message(given) is max(order, key=BEST_MESSAGE.index)


@pytest.mark.parametrize("state", TRIED)
def test_what_was_taken_stays_taken_whatever_the_carrier_says_later(state: AttemptState) -> None:
    """Every page call ends with "completed", also the one that was just answered with 1."""
    given = waked()
    page = given.page_of(ANA)
    given.when(takes(page))

    assert given.when(tried(page, 0, state)) == ()
    assert given.page_of(ANA).attempts[0].state is AttemptState.TAKEN
    assert given.ladder.state is EscalationState.TAKEN


def test_the_carriers_id_is_kept_when_later_news_comes_without_one() -> None:
    given = waked()
    page = given.page_of(ANA)
    given.when(tried(page, 0, AttemptState.SENT))
    given.when(c.ProgressAttempt(page.attempts[0].id, AttemptState.DELIVERED, None, ""))

    assert given.page_of(ANA).attempts[0].carrier_id == "CA-" + page.attempts[0].id


def test_no_two_words_stand_alike() -> None:
    """If two did, the one that came first would count, and the order of arrival would decide."""
    for one, other in pairwise(LAST_ATTEMPT):
        assert escalation.goes_forward(one, other)
        assert not escalation.goes_forward(other, one)
    for earlier, later in pairwise(BEST_MESSAGE):
        assert conversation.goes_forward(earlier, later)
        assert not conversation.goes_forward(later, earlier)
