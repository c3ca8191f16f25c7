"""What holds for every talk, however it went."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain import events as e
from crisis_hub.domain.case import fold
from crisis_hub.domain.commands import Climb
from crisis_hub.domain.decision import decide, decide_on
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.vocabulary import EscalationState
from tests.domain.given import (
    ANA,
    LADDERS,
    NOON,
    Given,
    Is,
    Throws,
    both,
    claim,
    either,
    paged,
    rule,
    rulebook,
    said,
    takes,
    text_comes,
    time_is_over,
)

BOOK = rulebook(
    rule("plan", Is("danger.plan", "yes"), Risk.MODERATE),
    rule("armed", both(Is("danger.weapon", "yes"), Is("danger.how_far", "near")), Risk.IMMINENT, "clinical"),
    rule("either", either(Is("danger.weapon", "yes"), Is("mood.now", "yes")), Risk.HIGH, "clinical"),
    rule("refuses", Is("mood.now", "refused"), Risk.MODERATE, "friends"),
    rule("after", Is("case.risk", "high"), "friends"),
    rule("broken", both(Is("danger.plan", "no"), Throws()), Risk.LOW),
    ladders=LADDERS,
)
WORDS = {"mood": ("sad", "tired", "now"), "danger": ("weapon", "plan", "how_far"), "ch_violence_inquiry": ("v1", "v10")}
ITEMS = [(name, item) for name, items in WORDS.items() for item in items]


def what(item: tuple[str, str], answer: str) -> str:
    usual = {"yes": "near", "no": "far"} if item[1] == "how_far" else {}
    return f"{item[0]}.{item[1]}={usual.get(answer, answer)}"


ANSWERS = st.lists(
    st.tuples(st.sampled_from(ITEMS), st.sampled_from(["yes", "no", "unknown", "refused"])), min_size=1, max_size=6
).map(lambda given: [what(item, answer) for item, answer in given])
ONCE_EACH = st.dictionaries(
    st.sampled_from(ITEMS), st.sampled_from(["yes", "no", "unknown", "refused"]), min_size=1, max_size=6
).map(lambda given: [what(item, answer) for item, answer in given.items()])


def after(answers: Sequence[str], book: Rulebook = BOOK) -> Given:
    given = Given(book)
    given.when(text_comes(), claim())
    for answer in answers:
        given.when(said(answer))
    return given


@settings(max_examples=20, deadline=None)
@for_all(ONCE_EACH.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(answers))))
def test_the_risk_does_not_depend_on_the_order_of_the_answers(orders: tuple[list[str], list[str]]) -> None:
    """A person tells things in their own order."""
    one, other = (after(order) for order in orders)

    assert one.case.risk is other.case.risk
    assert one.case.fired == other.case.fired


@settings(max_examples=20, deadline=None)
@for_all(ANSWERS, st.sampled_from(ITEMS))
def test_turning_an_answer_to_unknown_never_lowers(answers: list[str], item: tuple[str, str]) -> None:
    given = after(answers)
    before = given.case.risk

    given.when(said(what(item, "unknown")))

    assert not is_worse(before, given.case.risk)


@settings(max_examples=20, deadline=None)
@for_all(ANSWERS)
def test_no_answer_whatsoever_lowers_the_risk(answers: list[str]) -> None:
    given = Given(BOOK)
    given.when(text_comes(), claim())
    seen = [given.case.risk]
    for answer in answers:
        given.when(said(answer))
        seen.append(given.case.risk)

    assert not any(is_worse(before, then) for before, then in pairwise(seen))
    assert given.all(e.RiskLowered) == []


@settings(max_examples=20, deadline=None)
@for_all(ANSWERS)
def test_deciding_is_deterministic(answers: list[str]) -> None:
    """The same history, command, rulebook and instant give the same facts for ever."""
    given = after(answers[:-1])
    command = said(answers[-1])

    first = decide(given.history, command, BOOK, NOON)

    assert decide(list(given.history), command, BOOK, NOON) == first
    assert decide_on(fold(given.history), command, BOOK, NOON) == first


@settings(max_examples=20, deadline=None)
@for_all(ANSWERS, st.sampled_from([BOOK, EMPTY]))
def test_no_imminent_or_high_risk_goes_unheard(answers: list[str], book: Rulebook) -> None:
    """Whenever the risk is that great, a ladder for it was begun, whatever the files say."""
    known = [a for a in answers if book is BOOK or a.startswith("ch_")]
    given = after(known, book)

    for fact, at in given.history:
        if isinstance(fact, e.RiskRaised) and fact.risk in (Risk.HIGH, Risk.IMMINENT):
            begun = [f.ladder for f, when in given.history if isinstance(f, e.EscalationStarted) and when == at]
            assert begun
            if fact.risk is Risk.IMMINENT:
                assert {"imminent", "everyone"} & set(begun)


@settings(max_examples=20, deadline=None)
@for_all(ANSWERS, st.lists(st.sampled_from(["page", "climb", "take", "nobody"]), max_size=8))
def test_every_ladder_ends_with_a_person_or_with_an_alarm(answers: list[str], moves: list[str]) -> None:
    """Somebody took it, or an alarm says that nobody did; there is no third end."""
    given = after([*answers, "ch_violence_inquiry.v10=yes"])
    for move in moves:
        running = [x for x in given.case.escalations if x.running]
        if not running:
            break
        if move == "page":
            given.when(paged(given, ANA))
        elif move == "nobody":
            given.when(paged(given))
        elif move == "climb":
            given.when(time_is_over(given))
        elif pages := list(given.ladder.open_pages()):
            given.when(takes(pages[0]))
    for x in given.case.escalations:
        for step in range(1, len(x.steps) + 1):
            given.when(Climb(x.id, step))

    ends = {x.state for x in given.case.escalations}
    assert ends <= {EscalationState.TAKEN, EscalationState.EXHAUSTED}
    taken = [x for x in given.case.escalations if x.state is EscalationState.TAKEN]
    assert {x.id for x in taken} == {fact.escalation for fact in given.all(e.PageTaken)}
