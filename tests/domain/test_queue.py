"""Who is answered next, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.conversation import Contact, Conversation
from crisis_hub.domain.queue import NEEDS, Waits, in_order, rank, waiting
from crisis_hub.domain.risk import Risk, need
from crisis_hub.domain.triage import Says
from crisis_hub.domain.vocabulary import (
    CarrierId,
    CaseId,
    CaseState,
    Channel,
    ContactId,
    ContactRef,
    MessageId,
    PersonId,
)
from tests.domain.given import NOON

WAITS = Waits()


def case(
    name: str, risk: Risk, seconds: int, *says: Says, gone: bool = False, state: CaseState = CaseState.WAITING
) -> Case:
    """A case that has waited this long, whose words spoke of this."""
    since = NOON - timedelta(seconds=seconds)
    contact = Contact(ContactId(name), Channel.VOICE, CarrierId(name), "", "", since, since if gone else None)
    return Case(
        CaseId(name),
        name,
        Channel.VOICE,
        "en",
        ContactRef(name),
        False,
        since,
        state,
        waiting_since=since if state is CaseState.WAITING else None,
        risk=risk,
        risk_by=PersonId("rui"),
        conversation=Conversation(contacts=(contact,)),
        noticed=tuple(noticed(one) for one in says),
    )


def noticed(says: Says) -> e.WordsNoticed:
    return e.WordsNoticed(MessageId("m1"), f"an-entry-that-says-{says}", says, "1")


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    """Any queue there may be, some of it overdue."""
    return [
        case(
            f"c{number}",
            draw(st.sampled_from(Risk)),
            draw(st.integers(0, 1200)),
            *draw(st.lists(st.sampled_from(Says), max_size=2)),
            gone=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 8)))
    ]


ALL_WAITS = st.builds(
    Waits,
    longest=st.dictionaries(st.sampled_from(Risk), st.integers(1, 20).map(lambda n: timedelta(minutes=n))),
    call_back=st.integers(0, 30).map(lambda n: timedelta(minutes=n)),
)
"""Also such as no file could hold, where more need waits longer."""


def places(queue: Sequence[Case]) -> list[str]:
    return [one.id for one in queue]


# ------------------------------------------------------------------------------------------ the guarantee


@settings(max_examples=150, deadline=None)
@for_all(cases(), ALL_WAITS)
def test_only_danger_now_or_somebody_overdue_for_longer_goes_before_who_is_overdue(
    queue: list[Case], waits: Waits
) -> None:
    """Whatever arrives: this is what makes the longest wait a promise."""
    ordered = waiting(queue, NOON, waits)
    for place, one in enumerate(ordered):
        mine = rank(one, waits)
        if mine.like is Risk.IMMINENT or mine.overdue_at > NOON:
            continue
        for other in (rank(before, waits) for before in ordered[:place]):
            assert other.like is Risk.IMMINENT or other.overdue_at <= mine.overdue_at


@settings(max_examples=150, deadline=None)
@for_all(cases(), st.sampled_from(Says), st.data(), ALL_WAITS)
def test_words_never_move_a_case_back_past_another(
    queue: list[Case], says: Says, data: st.DataObject, waits: Waits
) -> None:
    chosen = data.draw(st.sampled_from(queue))
    more = replace(chosen, noticed=(*chosen.noticed, noticed(says)))
    before = places(waiting(queue, NOON, waits))
    after = places(waiting([more if one is chosen else one for one in queue], NOON, waits))

    assert set(after[: after.index(chosen.id)]) <= set(before[: before.index(chosen.id)])
    assert [id for id in after if id != chosen.id] == [id for id in before if id != chosen.id]


@settings(max_examples=60, deadline=None)
@for_all(cases(), st.integers(0, 3600), ALL_WAITS)
def test_the_order_does_not_depend_on_how_the_cases_came(queue: list[Case], seconds: int, waits: Waits) -> None:
    now = NOON + timedelta(seconds=seconds)

    assert waiting(queue, now, waits) == waiting(queue[::-1], now, waits)
    assert {one.id for one in waiting(queue, now, waits)} == {one.id for one in queue}


@for_all(ALL_WAITS, st.booleans())
def test_whoever_needs_more_never_waits_longer(waits: Waits, gone: bool) -> None:
    longest = [waits.of(who, hung_up=gone) for who in NEEDS]

    assert all(more <= less for more, less in pairwise(longest))


# ------------------------------------------------------------------------------------------ what is said of it


def test_the_reason_stands_beside_each_place() -> None:
    spoke = case("spoke", Risk.LOW, 400, Says.WATCH, Says.DANGER, gone=True)
    waits = case("waits", Risk.NOT_ASSESSED, 301)

    assert rank(spoke, WAITS).because(NOON) == ("Their words speak of danger", "Hung up: call back")
    assert rank(waits, WAITS).because(NOON) == ("Not assessed yet", "Waited longer than 5 minutes")
    assert rank(case("calm", Risk.HIGH, 1, Says.WATCH), WAITS).because(NOON) == ("High risk",)


def test_words_never_touch_the_risk() -> None:
    spoke = case("spoke", Risk.NONE, 1, Says.DANGER_NOW)

    assert (rank(spoke, WAITS).like, spoke.risk) == (Risk.IMMINENT, Risk.NONE)


def test_a_wait_is_spoken_in_minutes_or_in_seconds() -> None:
    for seconds, words in ((60, "1 minute"), (600, "10 minutes"), (90, "90 seconds")):
        waits = Waits(longest=dict.fromkeys(Risk, timedelta(seconds=seconds)))

        assert rank(case("one", Risk.LOW, 700), waits).because(NOON)[-1] == f"Waited longer than {words}"


# ------------------------------------------------------------------------------------------ the board


def test_only_who_waits_is_in_the_queue() -> None:
    known = [case(state.value, Risk.HIGH, 1, state=state) for state in CaseState]

    assert [one.number for one in waiting(known, NOON, WAITS)] == ["waiting"]


def test_the_board_shows_those_who_wait_in_the_order_of_the_queue() -> None:
    known = [
        case("overdue", Risk.LOW, 900),
        case("high, claimed", Risk.HIGH, 5000, state=CaseState.ACTIVE),
        case("imminent, claimed", Risk.IMMINENT, 1, state=CaseState.ACTIVE),
        case("high", Risk.HIGH, 1),
        case("imminent", Risk.IMMINENT, 1),
        case("none, claimed", Risk.NONE, 9999, state=CaseState.ACTIVE),
    ]
    order = in_order(known, NOON, WAITS)

    assert places(order) == [
        "imminent",
        "imminent, claimed",
        "overdue",
        "high",
        "high, claimed",
        "none, claimed",
    ]
    assert [one for one in order if one.state is CaseState.WAITING] == waiting(known, NOON, WAITS)


def test_without_words_and_overdue_the_need_decides() -> None:
    queue = [case(risk.value, risk, 1) for risk in Risk]

    assert [need(one.risk) for one in waiting(queue, NOON, WAITS)] == list(range(len(Risk)))
