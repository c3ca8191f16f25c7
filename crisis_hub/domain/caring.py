"""How a case answers what is done for the person: taken, asked, judged, noted, closed."""

from __future__ import annotations

from typing import assert_never

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.answers import read_answer
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.instrument import REFUSED, UNKNOWN
from crisis_hub.domain.owing import must_be_settled
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.speaking import is_stale, who_speaks
from crisis_hub.domain.vocabulary import CaseState

Facts = list[e.CaseFact]
CareCommand = (
    c.ClaimCase
    | c.ReleaseCase
    | c.RecordAnswer
    | c.WriteNote
    | c.SkipSection
    | c.SetRisk
    | c.AskForAssist
    | c.CloseCase
)


def answer(case: Case, command: CareCommand, rulebook: Rulebook) -> Facts:
    """Return what becomes true of the case."""
    match command:
        case c.ClaimCase():
            return _claim(case, command)
        case c.ReleaseCase():
            return _release(case, command)
        case c.RecordAnswer():
            return _record_answer(case, command, rulebook)
        case c.WriteNote():
            return _write_note(case, command)
        case c.SkipSection():
            return _skip(case, command, rulebook)
        case c.SetRisk():
            return _set_risk(case, command)
        case c.AskForAssist():
            return _ask_for_assist(case, command)
        case c.CloseCase():
            return _close(case, command)
        case _ as never:
            assert_never(never)


def _claim(case: Case, command: c.ClaimCase) -> Facts:
    case.must_be_open()
    if case.responder == command.by:
        return []
    if case.responder is not None:
        raise SomebodyWasFirst(f"{case.responder_name} has case {case.number}.", str(case.responder_name))
    return [e.CaseClaimed(command.by, command.name)]


def _release(case: Case, command: c.ReleaseCase) -> Facts:
    case.must_be_open()
    if case.responder is None:
        return []
    return [e.CaseReleased(command.by, command.reason)]


def _record_answer(case: Case, command: c.RecordAnswer, rulebook: Rulebook) -> Facts:
    case.must_be_open()
    instrument = rulebook.instrument(command.instrument)
    if instrument is None:
        raise Wrong("instrument", f"There is no instrument called “{command.instrument}” in the rulebook.")
    item = instrument.item(command.item)
    if item is None:
        known = ", ".join(item.id for item in instrument.items)
        raise Wrong("item", f"{instrument.id} has no item “{command.item}”; it has {known}.")
    said, wrong = read_answer(item, command.answer)
    if wrong:
        raise Wrong("answer", wrong)
    if item.needs_words and command.answer not in (UNKNOWN, REFUSED) and not command.words.strip():
        raise Wrong("words", f"{instrument.id} {item.id} is a judgement: say in your own words why.")
    older = case.answers.get(instrument.id, {}).get(item.id)
    again = older is not None and is_stale(older, who_speaks(case, rulebook.instrument))
    if older and not again and (older.answer, older.words) == (said, command.words):
        return []
    return [e.AnswerRecorded(instrument.id, instrument.version, item.id, said, command.by, command.words)]


def _write_note(case: Case, command: c.WriteNote) -> Facts:
    known = any(note.id == command.note for note in case.notes)
    return [] if known else [e.NoteWritten(command.note, command.by, command.text)]


def _skip(case: Case, command: c.SkipSection, rulebook: Rulebook) -> Facts:
    case.must_be_open()
    if not command.skip:
        return [e.SectionTakenUp(command.section, command.by)] if command.section in case.skipped else []
    if command.section in case.skipped:
        return []
    section = next(
        (s for script in rulebook.scripts.values() for s in script.sections if s.id == command.section), None
    )
    if section is None:
        raise Wrong("section", f"The script has no part called “{command.section}”.")
    if not section.may_skip:
        raise Wrong("skip", "This part cannot be skipped. Any question in it can be answered with “no answer yet”.")
    return [e.SectionSkipped(section.id, command.by)]


def _set_risk(case: Case, command: c.SetRisk) -> Facts:
    case.must_be_open()
    if command.risk is Risk.NOT_ASSESSED:
        raise Wrong("risk", "Nobody can take back that a risk was assessed; say none, low or what it is.")
    if command.risk is case.risk:
        return []
    if is_worse(command.risk, case.risk):
        because = e.Because("person", "A person judged it so.")
        return [e.RiskRaised(command.risk, (because,), command.by), *_kept_reason(command)]
    if not command.reason.strip():
        raise Wrong("reason", "Lowering the risk needs a reason.")
    if case.risk is not Risk.IMMINENT:
        return [e.RiskLowered(command.risk, command.by, None, command.reason)]
    proposed = e.RiskLoweringProposed(command.risk, command.by, command.reason)
    if case.lowering == proposed:
        return []
    if case.lowering is None or case.lowering.by == command.by or case.lowering.risk is not command.risk:
        return [proposed]
    return [e.RiskLowered(command.risk, case.lowering.by, command.by, command.reason)]


def _kept_reason(command: c.SetRisk) -> Facts:
    """Keep the reason for a rise as a note, since it is in a person's own words."""
    note = f"risk-{command.risk.value}-{command.by}"
    return [e.NoteWritten(note, command.by, command.reason)] if command.reason.strip() else []


def _ask_for_assist(case: Case, command: c.AskForAssist) -> Facts:
    case.must_be_open()
    return [] if case.assist else [e.AssistAsked(command.by, command.name)]


def _close(case: Case, command: c.CloseCase) -> Facts:
    if case.state is CaseState.CLOSED:
        return []
    if any(x.wants_somebody for x in case.escalations):
        raise TooLate(
            "A page is still open: somebody must take it, or stand it down with a reason, before the case closes."
        )
    must_be_settled(case)
    return [e.CaseClosed(command.outcome, command.by, command.reason)]
