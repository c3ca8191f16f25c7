"""How a case answers what concerns duties and papers: done, declined, filled in, filed."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from crisis_hub.domain import commands as c
from crisis_hub.domain import duties as owed
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import DutyKind, DutyState

Facts = list[e.CaseFact]
PaperCommand = c.MeetDuty | c.DeclineDuty | c.WriteRecord | c.RecordOutsideResult

_TICKED = frozenset({DutyKind.NOTIFY})
"""What is done by looking at it; of everything else somebody says in words what was done."""


def answer(case: Case, command: PaperCommand, rulebook: Rulebook) -> Facts:
    """Return what becomes true of the case; papers may be finished after it was closed."""
    match command:
        case c.MeetDuty():
            return _meet(case, command)
        case c.DeclineDuty():
            return _decline(case, command)
        case c.WriteRecord():
            return _write_record(case, command, rulebook)
        case c.RecordOutsideResult():
            return _file_outside_result(case, command, rulebook)
        case _ as never:
            assert_never(never)


def _duty(case: Case, id: str) -> owed.Duty:
    duty = owed.of_id(case.duties, id)
    if duty is None:
        raise NotFound(f"Case {case.number} owes nothing called “{id}”.")
    return duty


def _meet(case: Case, command: c.MeetDuty) -> Facts:
    duty = _duty(case, command.duty)
    if duty.state is DutyState.MET:
        return []
    if duty.kind is DutyKind.ASK:
        raise Wrong(
            "done", "This ends by itself once every question is answered. If it shall not be asked, say why not."
        )
    if duty.kind not in _TICKED and not command.words.strip():
        raise Wrong("words", "Say in a few words what was done, and by whom.")
    return [e.DutyMet(duty.id, command.by, command.words)]


def _decline(case: Case, command: c.DeclineDuty) -> Facts:
    duty = _duty(case, command.duty)
    if not duty.open:
        return []
    if not command.words.strip():
        raise Wrong("words", "Declining this needs a reason.")
    if duty.kind not in owed.NEEDS_A_SECOND:
        return [e.DutyDeclined(duty.id, command.by, None, command.words)]
    if duty.proposed is None or duty.proposed == command.by:
        if (duty.proposed, duty.words) == (command.by, command.words):
            return []
        return [e.DutyDeclineProposed(duty.id, command.by, command.words)]
    return [e.DutyDeclined(duty.id, duty.proposed, command.by, command.words)]


def _write_record(case: Case, command: c.WriteRecord, rulebook: Rulebook) -> Facts:
    form = rulebook.forms.get(command.record)
    if form is None:
        known = ", ".join(rulebook.forms) or "none"
        raise Wrong("record", f"There is no form called “{command.record}”; there are {known}.")
    blank = form.blank(command.field)
    if blank is None:
        raise Wrong(
            "field", f"{form.id} has no field “{command.field}”; it has {', '.join(b.id for b in form.blanks)}."
        )
    if blank.choices and command.words and command.words not in blank.choices:
        raise Wrong("words", f"{blank.id} can be {', '.join(blank.choices)}, not “{command.words[:40]}”.")
    older = case.records.get(form.id, {}).get(blank.id)
    if (older.words if older else "") == command.words:
        return []
    return [e.RecordWritten(form.id, blank.id, command.by, command.words)]


def _file_outside_result(case: Case, command: c.RecordOutsideResult, rulebook: Rulebook) -> Facts:
    instrument = rulebook.instrument(command.instrument)
    outside = instrument.outside if instrument else None
    if outside is None:
        known = ", ".join(i.id for i in rulebook.instruments.values() if i.outside) or "none"
        raise Wrong("instrument", f"Results from outside are kept for {known}, not for “{command.instrument}”.")
    if outside.results and command.value not in outside.results:
        raise Wrong("value", f"{command.instrument} can be {', '.join(outside.results)}, not “{command.value[:40]}”.")
    for field in ("rated_by", "rated_on"):
        if not getattr(command, field).strip():
            raise Wrong(field, "A result from outside needs who rated it and when.")
    if not _is_a_day(command.rated_on):
        raise Wrong("rated_on", f"“{command.rated_on[:20]}” is not a day. Write it as 2026-03-01.")
    if command.value and not outside.results:
        raise Wrong("value", f"{command.instrument} has no results to choose from; write what was found in words.")
    if any(result.id == command.result for result in case.outside):
        return []
    return [
        e.OutsideResultRecorded(
            command.result,
            command.instrument,
            command.by,
            command.value,
            command.rated_on,
            command.rated_by,
            command.document,
            command.words,
        )
    ]


def _is_a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text.strip()))
    except ValueError:
        return False


def must_be_settled(case: Case) -> None:
    """Refuse to close a case that still owes something to the person."""
    held = [duty for duty in case.duties if duty.holds_the_case_open]
    if held:
        still = "; ".join(duty.id.replace("_", " ").replace("-", ": ", 1) for duty in held)
        raise TooLate(f"Still owed in this case: {still}. Do it, or say why not, before the case closes.")
