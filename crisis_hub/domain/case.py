"""What a case is: the state that its facts add up to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from crisis_hub.domain import climbed, duties
from crisis_hub.domain import events as e
from crisis_hub.domain.case_state import Answer, Assist, Case, Note, OutsideResult, Written
from crisis_hub.domain.conversation import LINE, PERSON, Contact, Conversation, Message
from crisis_hub.domain.escalation_state import Escalation
from crisis_hub.domain.records import replace
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseState, MessageState


def fold(facts: Iterable[tuple[e.CaseFact, datetime]], case: Case | None = None) -> Case | None:
    """Return what the facts add up to, from `case` on."""
    for fact, at in facts:
        case = evolve(case, fact, at)
    return case


def evolve(case: Case | None, fact: e.CaseFact, at: datetime) -> Case:  # noqa: C901, PLR0911, PLR0912 - one arm for each family of facts
    """Return the case after one more fact."""
    if case is None:
        return _opened(fact, at)
    match fact:
        case e.CaseOpened():
            return case
        case e.ContactArrived() | e.ContactEnded() | e.MessageReceived() | e.MessageWritten() | e.MessageProgressed():
            return _talked(case, fact, at)
        case e.WordsNoticed():
            return replace(case, noticed=(*case.noticed, fact))
        case e.TextingStopped() | e.TextingResumed() | e.RoomRung() | e.RoomJoined() | e.RoomLeft():
            return replace(case, conversation=_connected(case.conversation, fact))
        case e.CaseClaimed() | e.CaseReleased() | e.CaseClosed() | e.AssistAsked() | e.NoteWritten():
            return _handled(case, fact, at)
        case e.AnswerRecorded():
            return _answered(case, fact, at)
        case e.RiskRaised() | e.RiskLoweringProposed() | e.RiskLowered() | e.RiskUnsettled():
            return _weighed(case, fact, at)
        case e.RuleFired() | e.RuleEased() | e.RuleBroke() | e.RulebookUsed():
            return _judged(case, fact)
        case e.DutyOpened() | e.DutyMet() | e.DutyDeclineProposed() | e.DutyDeclined():
            return replace(case, duties=_owed(case, fact, at))
        case e.SectionSkipped(section, _):
            return replace(case, skipped=case.skipped | {section})
        case e.SectionTakenUp(section, _):
            return replace(case, skipped=case.skipped - {section})
        case e.RecordWritten() | e.OutsideResultRecorded():
            return _filed(case, fact, at)
        case e.EscalationStarted():
            return replace(case, escalations=(*case.escalations, climbed.started(fact, at)))
        case e.AttemptProgressed() | e.AttemptMerged():
            return _climbed(case, case.escalation_of_attempt(fact.attempt), fact, at)
        case (
            e.StepTaken()
            | e.PersonPaged()
            | e.NobodyToPage()
            | e.AttemptRepeated()
            | e.PageTaken()
            | e.PagePassed()
            | e.EscalationExhausted()
            | e.EscalationStoodDown()
            | e.TakerSeen()
            | e.TakerSilent()
        ):
            return _climbed(case, case.escalation(fact.escalation), fact, at)
        case _ as never:
            assert_never(never)


def _opened(fact: e.CaseFact, at: datetime) -> Case:
    if not isinstance(fact, e.CaseOpened):
        raise TypeError(f"A case begins with CaseOpened, not with {type(fact).__name__}.")
    return Case(
        fact.case,
        fact.number,
        fact.channel,
        fact.language,
        fact.contact_ref,
        fact.drill,
        at,
        waiting_since=at,
        recent=fact.recent,
    )


def _talked(case: Case, fact: e.CaseFact, at: datetime) -> Case:
    talk = case.conversation
    match fact:
        case e.ContactArrived(contact, channel, carrier_id, line, address):
            talk = talk.arrived(Contact(contact, channel, carrier_id, address, line, at))
            return replace(case, conversation=talk, last_from_person_at=at)
        case e.ContactEnded(contact, how):
            left_us = bool(talk.in_room) or case.state is CaseState.WAITING or not talk.was_answered(contact)
            return replace(case, conversation=talk.ended(contact, how, at, abruptly=left_us))
        case e.MessageReceived(message, contact, carrier_id, _, text):
            talk = talk.wrote(Message(message, contact, PERSON, text, MessageState.RECEIVED, at, carrier_id))
            return replace(case, conversation=talk, last_from_person_at=at)
        case e.MessageWritten(message, contact, author, text):
            return replace(
                case, conversation=talk.wrote(Message(message, contact, author, text, MessageState.PLANNED, at))
            )
        case e.MessageProgressed(message, state, carrier_id, detail):
            return replace(case, conversation=talk.progressed(message, state, carrier_id, detail))
    return case


def _connected(talk: Conversation, fact: e.CaseFact) -> Conversation:
    match fact:
        case e.TextingStopped():
            return replace(talk, texting_stopped=True)
        case e.TextingResumed():
            return replace(talk, texting_stopped=False)
        case e.RoomRung(_, person):
            return replace(talk, rung=talk.rung | {person})
        case e.RoomJoined(contact, person):
            return talk.joined(contact, person)
        case e.RoomLeft(_, person):
            return replace(talk, rung=talk.rung - {person}, in_room=talk.in_room - {person})
    return talk


def _handled(case: Case, fact: e.CaseFact, at: datetime) -> Case:
    match fact:
        case e.CaseClaimed(person, name):
            return replace(
                case, state=CaseState.ACTIVE, responder=person, responder_name=name, claimed_at=at, waiting_since=None
            )
        case e.CaseReleased():
            return replace(
                case,
                state=CaseState.WAITING,
                responder=None,
                responder_name=None,
                claimed_at=None,
                waiting_since=at,
                assist=None,
            )
        case e.CaseClosed(outcome):
            return replace(case, state=CaseState.CLOSED, closed_at=at, outcome=outcome, waiting_since=None, assist=None)
        case e.AssistAsked(by, name):
            return replace(case, assist=Assist(by, name, at))
        case e.NoteWritten(note, by, text):
            return replace(case, notes=(*case.notes, Note(note, by, text, at)))
    return case


def _answered(case: Case, fact: e.AnswerRecorded, at: datetime) -> Case:
    before = case.answers.get(fact.instrument, {})
    older = before.get(fact.item)
    answer = Answer(fact.answer, fact.words, fact.by, at, fact.version, older.changed + 1 if older else 0)
    return replace(case, answers={**case.answers, fact.instrument: {**before, fact.item: answer}})


def _weighed(case: Case, fact: e.CaseFact, at: datetime) -> Case:
    match fact:
        case e.RiskRaised(risk, because, by):
            return replace(case, risk=risk, risk_since=at, risk_by=by, because=because, lowering=None)
        case e.RiskUnsettled():
            return replace(case, risk=Risk.NOT_ASSESSED, risk_since=at, risk_by=None, because=(), lowering=None)
        case e.RiskLoweringProposed():
            return replace(case, lowering=fact)
        case e.RiskLowered(risk, by):
            because = (e.Because("person", f"Lowered by {by}, with a reason."),)
            return replace(case, risk=risk, risk_since=at, risk_by=by, because=because, lowering=None)
    return case


def _judged(case: Case, fact: e.CaseFact) -> Case:
    match fact:
        case e.RuleFired(rule, version):
            return replace(case, fired={**case.fired, rule: version})
        case e.RuleEased(rule):
            return replace(case, fired={name: version for name, version in case.fired.items() if name != rule})
        case e.RuleBroke(rule, _, path):
            return replace(case, broken=case.broken | {(rule, path)})
        case e.RulebookUsed(version, sign_off):
            return replace(case, rulebook=version, sign_off=sign_off)
    return case


def _owed(case: Case, fact: e.CaseFact, at: datetime) -> duties.Duties:
    match fact:
        case e.DutyOpened():
            return duties.opened(case.duties, fact, at)
        case e.DutyMet():
            return duties.met(case.duties, fact, at)
        case e.DutyDeclineProposed():
            return duties.proposed(case.duties, fact)
        case e.DutyDeclined():
            return duties.declined(case.duties, fact, at)
    return case.duties


def _filed(case: Case, fact: e.CaseFact, at: datetime) -> Case:
    match fact:
        case e.RecordWritten(record, name, by, words):
            before = case.records.get(record, {})
            return replace(case, records={**case.records, record: {**before, name: Written(words, by, at)}})
        case e.OutsideResultRecorded():
            result = OutsideResult(
                fact.result,
                fact.instrument,
                fact.value,
                fact.rated_by,
                fact.rated_on,
                fact.document,
                fact.words,
                fact.by,
                at,
            )
            return replace(case, outside=(*case.outside, result))
    return case


def _climbed(case: Case, escalation: Escalation | None, fact: e.CaseFact, at: datetime) -> Case:
    if escalation is None:
        return case
    moved = climbed.moved(escalation, fact, at)
    escalations = tuple(moved if x.id == escalation.id else x for x in case.escalations)
    return replace(case, escalations=escalations)


__all__ = ["LINE", "PERSON", "Answer", "Assist", "Case", "Note", "evolve", "fold"]
