"""One case in which everything happens that can, so that no fact is left without a sample."""

from __future__ import annotations

from dataclasses import replace

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.script import Script, Section
from crisis_hub.domain.triage import Entry, Lexicon, Says
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, ContactId, DutyKind, MessageId, MessageState, Method
from tests.domain.given import (
    ANA,
    BEN,
    RUI,
    SAM,
    Given,
    Is,
    Throws,
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


def silent_taker(given: Given) -> None:
    """Somebody is called again and again, takes it, is silent, and is seen only the second time."""
    given.when(c.Escalate(RUI, "everyone", "at once"))
    reach = (e.Reach(Method.SMS, "+15550100001", 0), e.Reach(Method.VOICE, "+15550100001", 0, repeat=2))
    asked = tuple(c.PersonToPage(who, who.title(), reach) for who in (ANA, BEN))
    given.when(c.PageThese(given.ladder.id, given.ladder.step, asked, ""))
    mine, other = given.page_of(ANA), given.page_of(BEN).attempts[0]
    given.when(tried(mine, 1, AttemptState.FAILED, "busy"), c.ClimbTo(SAM, given.ladder.id, 2))
    given.when(c.MergeAttempt(mine.attempts[0].id, other.id, CarrierId("SM9"), "two in one"), takes(mine))
    given.later(600).when(c.MissTaker(given.ladder.id))
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)), c.BeHere(ANA))


def a_full_night() -> Given:
    """A case in which nearly everything happens that can."""
    lexicon = Lexicon((Entry("die", "en", Says.DANGER, ("want to die",), "Writes of dying.", "1"),))
    weapon = rule("weapon", Is("danger.weapon", "yes"), Owe(DutyKind.REPORT, "child"), Owe(DutyKind.CONSULT))
    script = Script("first", "1", {}, (Section("mood", {"en": "Mood"}, may_skip={"en": "When it can wait."}),))
    book = rulebook(rule("broken", Throws(), Risk.HIGH), weapon)
    given = Given(replace(book, lexicon=lexicon, scripts={"first": script}))
    room = ContactId("v-CA1")
    given.when(text_comes(reply="You have reached us."), claim())
    given.when(said("mood.sad=no"), said("mood.tired=no"), said("mood.tired=unknown"))
    given.when(said("mood.now=yes"), said("mood.now=no"))
    given.when(c.WriteMessage(RUI, MessageId("o1"), "I am here."), told("o1", MessageState.SENT))
    given.when(text_comes("stop", "SM2"), text_comes("start", "SM3"), text_comes("I want to die", "SM4"))
    given.when(call_comes(), c.JoinRoom(RUI), c.NoteRoom(room, RUI, here=True, why=""))
    given.when(c.NoteRoom(room, RUI, here=False, why=""), call_ends())
    given.when(c.AskForAssist(RUI, "Rui"), c.WriteNote(RUI, "n1", "a note"), c.ReleaseCase(RUI, "tired"), claim(SAM))
    given.when(paged(given, ANA, BEN))
    given.when(tried(given.page_of(ANA), 0, AttemptState.SENT), passes(given.page_of(ANA)), time_is_over(given))
    given.when(paged(given))
    silent_taker(given)
    given.when(stand_down(), judged(Risk.IMMINENT), judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))
    given.when(c.Escalate(RUI, "everyone", ""))
    given.when(paged(given, ANA))
    given.when(said("danger.weapon=yes"), c.MeetDuty(SAM, "consult", "Talked to Ana."))
    given.when(c.DeclineDuty(SAM, "report-child.oral", "known"), c.DeclineDuty(ANA, "report-child.oral", "I agree"))
    given.when(c.WriteRecord(SAM, "report", "who", "me"))
    given.when(c.RecordOutsideResult(SAM, "r1", "scale", "2", "Dr. Other", "2026-03-01", "letter", "as they wrote"))
    given.when(c.SkipSection(SAM, "mood", skip=True), c.SkipSection(SAM, "mood", skip=False))
    given.when(takes(given.page_of(ANA)), c.CloseCase(SAM, "safe", "at home"))
    return given
