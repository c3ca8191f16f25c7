"""One case in which everything happens that can, so that no fact is left without a sample."""

from __future__ import annotations

from crisis_hub.domain import commands as c
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, ContactId, MessageId, MessageState
from tests.domain.given import (
    ANA,
    BEN,
    RUI,
    SAM,
    Given,
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


def a_full_night() -> Given:
    """A case in which nearly everything happens that can."""
    given = Given(rulebook(rule("broken", Throws(), Risk.HIGH)))
    room = ContactId("v-CA1")
    given.when(text_comes(reply="You have reached us."), claim(), said("mood.now=yes"), said("mood.now=no"))
    given.when(c.WriteMessage(RUI, MessageId("o1"), "I am here."), told("o1", MessageState.SENT))
    given.when(text_comes("stop", "SM2"), text_comes("start", "SM3"))
    given.when(call_comes(), c.JoinRoom(RUI), c.NoteRoom(room, RUI, here=True, why=""))
    given.when(c.NoteRoom(room, RUI, here=False, why=""), call_ends())
    given.when(c.AskForAssist(RUI, "Rui"), c.WriteNote(RUI, "n1", "a note"), c.ReleaseCase(RUI, "tired"), claim(SAM))
    given.when(paged(given, ANA, BEN))
    given.when(tried(given.page_of(ANA), 0, AttemptState.SENT), passes(given.page_of(ANA)), time_is_over(given))
    given.when(paged(given))
    given.when(stand_down(), judged(Risk.IMMINENT), judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))
    given.when(c.Escalate(RUI, "everyone", ""))
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)), c.CloseCase(SAM, "safe", "at home"))
    return given
