"""How a case answers a command: with facts, with nothing (it is so already), or by refusing.

Four families of commands, each in a room of its own: what is said (`talking`), what is done for the person
(`caring`), the ladders (`climbing`), and what is owed and written down (`owing`). Repeating a command that did its
work changes nothing. What the answers mean is weighed afterwards, by `decision`.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from crisis_hub.domain import caring, climbing, owing, talking
from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.rules import Rulebook


def respond(case: Case | None, command: c.Command, rulebook: Rulebook, now: datetime) -> list[e.CaseFact]:
    """Return what becomes true; raise `Refused` when it cannot."""
    if isinstance(command, c.ReceiveText | c.ReceiveCall):
        return talking.arrive(case, command, rulebook.lexicon)
    if case is None:
        raise NotFound("There is no such case.")
    match command:
        case c.EndContact() | c.ProgressMessage() | c.WriteMessage() | c.JoinRoom() | c.NoteRoom():
            return talking.answer(case, command)
        case (
            c.ClaimCase()
            | c.ReleaseCase()
            | c.RecordAnswer()
            | c.WriteNote()
            | c.SkipSection()
            | c.SetRisk()
            | c.AskForAssist()
            | c.CloseCase()
        ):
            return caring.answer(case, command, rulebook)
        case (
            c.Escalate()
            | c.ClimbTo()
            | c.StandDown()
            | c.Climb()
            | c.PageThese()
            | c.ProgressAttempt()
            | c.MergeAttempt()
            | c.TakePage()
            | c.PassPage()
            | c.BeHere()
            | c.MissTaker()
        ):
            return climbing.answer(case, command, rulebook, now)
        case c.MeetDuty() | c.DeclineDuty() | c.WriteRecord() | c.RecordOutsideResult():
            return owing.answer(case, command, rulebook)
        case _ as never:
            assert_never(never)
