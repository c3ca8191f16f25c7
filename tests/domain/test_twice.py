"""Twice is the same as once, for every command there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.script import Script, Section
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, ContactId, DutyKind, MessageId, MessageState
from tests.domain.given import (
    ANA,
    BEN,
    LADDERS,
    RUI,
    SAM,
    Given,
    Is,
    at_risk,
    call_comes,
    call_ends,
    claim,
    judged,
    paged,
    passes,
    rule,
    rulebook,
    said,
    stand_down,
    takes,
    text_comes,
    time_is_over,
    told,
    tried,
)


def a_text() -> Given:
    given = Given(rulebook(ladders=LADDERS))
    given.when(text_comes(), claim())
    return given


def a_call() -> Given:
    given = Given(rulebook(ladders=LADDERS))
    given.when(call_comes(), claim())
    return given


def a_page() -> Given:
    given = at_risk()
    given.when(paged(given, ANA, BEN))
    return given


def merged(given: Given) -> c.MergeAttempt:
    mine, other = given.page_of(ANA).attempts[0].id, given.page_of(BEN).attempts[0].id
    return c.MergeAttempt(mine, other, CarrierId("SM9"), "two in one")


def silent() -> Given:
    ladders = tuple(replace(ladder, contact_within_seconds=600) for ladder in LADDERS)
    given = at_risk(book=rulebook(ladders=ladders))
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)))
    return given.later(600)


def written() -> Given:
    given = a_text()
    given.when(c.WriteMessage(RUI, MessageId("o1"), "I am here."))
    return given


def proposed() -> Given:
    given = at_risk(Risk.IMMINENT)
    given.when(judged(Risk.LOW, SAM))
    return given


def owing() -> Given:
    asks = rule("weapon", Is("danger.weapon", "yes"), Owe(DutyKind.REPORT, "child"), Owe(DutyKind.CONSULT))
    given = a_text()
    given.rulebook = rulebook(asks)
    given.when(said("danger.weapon=yes"))
    return given


def scripted() -> Given:
    given = a_text()
    section = Section("mood", {"en": "Mood"}, may_skip={"en": "When it can wait."})
    given.rulebook = replace(given.rulebook, scripts={"first": Script("first", "1", {}, (section,))})
    return given


ROOM = ContactId("v-CA1")

CASES: list[tuple[Callable[[], Given], Callable[[Given], c.Command]]] = [
    (Given, lambda _: text_comes(reply="You have reached us.")),
    (a_text, lambda _: text_comes("stop", "SM2")),
    (a_call, lambda _: text_comes("the line broke", "SM2")),
    (Given, lambda _: call_comes()),
    (a_text, lambda _: call_comes()),
    (a_call, lambda _: call_ends()),
    (written, lambda _: told("o1", MessageState.DELIVERED)),
    (lambda: (g := Given(), g.when(text_comes()))[0], lambda _: claim()),
    (a_text, lambda _: c.ReleaseCase(RUI, "end of shift")),
    (a_text, lambda _: said("mood.now=yes", "tonight")),
    (a_text, lambda _: c.WriteMessage(RUI, MessageId("o1"), "I am here.")),
    (a_text, lambda _: c.WriteNote(RUI, "n1", "a note")),
    (scripted, lambda _: c.SkipSection(RUI, "mood", skip=True)),
    (a_text, lambda _: judged(Risk.IMMINENT)),
    (at_risk, lambda _: judged(Risk.LOW)),
    (lambda: at_risk(Risk.IMMINENT), lambda _: judged(Risk.LOW)),
    (proposed, lambda _: judged(Risk.LOW, RUI)),
    (a_text, lambda _: c.AskForAssist(RUI, "Rui")),
    (a_call, lambda _: c.JoinRoom(RUI)),
    (a_call, lambda _: c.NoteRoom(ROOM, RUI, here=True, why="")),
    (
        lambda: (g := a_call(), g.when(c.NoteRoom(ROOM, RUI, here=True, why="")))[0],
        lambda _: c.NoteRoom(ROOM, RUI, here=False, why=""),
    ),
    (a_text, lambda _: c.Escalate(RUI, "clinical", "now")),
    (a_page, lambda _: stand_down()),
    (a_page, lambda given: c.Escalate(RUI, "friends", "somebody he knows", 1, BEN)),
    (a_page, lambda given: c.ClimbTo(SAM, given.ladder.id, 2)),
    (a_page, merged),
    (silent, lambda given: c.MissTaker(given.ladder.id)),
    (silent, lambda _: c.BeHere(ANA)),
    (a_page, time_is_over),
    (at_risk, lambda given: paged(given, ANA)),
    (at_risk, paged),
    (a_page, lambda given: tried(given.page_of(ANA), 0, AttemptState.SENT)),
    (a_page, lambda given: takes(given.page_of(ANA))),
    (a_page, lambda given: passes(given.page_of(ANA))),
    (owing, lambda _: c.MeetDuty(RUI, "consult", "Talked to Ana.")),
    (owing, lambda _: c.DeclineDuty(RUI, "report-child.oral", "It is known to them.")),
    (
        lambda: (g := owing(), g.when(c.DeclineDuty(RUI, "report-child.oral", "known")))[0],
        lambda _: c.DeclineDuty(SAM, "report-child.oral", "I agree."),
    ),
    (a_text, lambda _: c.WriteRecord(RUI, "report", "who", "me")),
    (a_text, lambda _: c.RecordOutsideResult(RUI, "r1", "scale", "2", "Dr. Other", "2026-03-01", "", "")),
    (a_text, lambda _: c.CloseCase(RUI, "safe", "")),
]


@pytest.mark.parametrize(("before", "ask"), CASES, ids=lambda x: "")
def test_the_second_time_nothing_happens(before: Callable[[], Given], ask: Callable[[Given], c.Command]) -> None:
    given = before()
    command = ask(given)
    assert given.when(command) != ()
    once = given.case

    given.later(1)
    try:
        again = given.when(command)
    except Refused:
        again = ()

    assert again == ()
    assert given.case == once


def test_no_command_is_left_out() -> None:
    tried_out = {type(ask(before())) for before, ask in CASES}

    assert tried_out == set(get_args(c.Command))


def test_a_rule_that_pages_pages_once_however_often_the_answer_is_given() -> None:
    given = Given(rulebook(rule("r", Is("mood.now", "yes"), Risk.HIGH, "clinical"), ladders=LADDERS))
    given.when(text_comes(), said("mood.now=yes"))
    once = given.case

    given.when(said("mood.now=yes"), said("mood.now=yes"))

    assert given.case == once
