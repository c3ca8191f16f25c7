"""What a case is: the state that its facts add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.conversation import LINE, PERSON, Contact, Conversation, Message
from crisis_hub.domain.errors import TooLate
from crisis_hub.domain.escalation import Escalation
from crisis_hub.domain.records import replace
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    CaseId,
    CaseState,
    Channel,
    ContactRef,
    EscalationId,
    EscalationState,
    MessageState,
    PageId,
    PersonId,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest answer to an item; `changed` counts the older ones, which stay in history."""

    answer: str
    words: str
    by: PersonId
    at: datetime
    version: str
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A note for colleagues."""

    id: str
    by: PersonId
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Assist:
    """A supervisor is wanted here."""

    by: PersonId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One crisis of one person, from first contact until it is closed with an outcome."""

    id: CaseId
    number: str
    channel: Channel
    language: str
    contact_ref: ContactRef
    drill: bool
    opened_at: datetime
    state: CaseState = CaseState.WAITING
    waiting_since: datetime | None = None
    responder: PersonId | None = None
    responder_name: str | None = None
    claimed_at: datetime | None = None
    risk: Risk = Risk.NOT_ASSESSED
    risk_since: datetime | None = None
    because: tuple[e.Because, ...] = ()
    lowering: e.RiskLoweringProposed | None = None
    conversation: Conversation = field(default_factory=Conversation)
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    fired: Mapping[str, str] = field(default_factory=dict)
    broken: frozenset[tuple[str, str]] = frozenset()
    escalations: tuple[Escalation, ...] = ()
    notes: tuple[Note, ...] = ()
    assist: Assist | None = None
    last_from_person_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    def escalation(self, id: EscalationId) -> Escalation | None:
        """Return the ladder of that id."""
        return next((escalation for escalation in self.escalations if escalation.id == id), None)

    def escalation_of_page(self, page: PageId) -> Escalation | None:
        """Return the ladder to which a page belongs."""
        return next((x for x in self.escalations if x.page(page)), None)

    def escalation_of_attempt(self, attempt: AttemptId) -> Escalation | None:
        """Return the ladder to which an attempt belongs."""
        return next((x for x in self.escalations if x.attempt(attempt)), None)

    def must_be_open(self) -> None:
        """Refuse what can no longer be asked of a closed case."""
        if self.state is CaseState.CLOSED:
            raise TooLate(f"Case {self.number} is closed.")

    def plain_answers(self, instrument: str) -> dict[str, str]:
        """Return the latest answers to an instrument, by item."""
        return {item: given.answer for item, given in self.answers.get(instrument, {}).items()}


def fold(facts: Iterable[tuple[e.CaseFact, datetime]], case: Case | None = None) -> Case | None:
    """Return what the facts add up to, from `case` on."""
    for fact, at in facts:
        case = evolve(case, fact, at)
    return case


def evolve(case: Case | None, fact: e.CaseFact, at: datetime) -> Case:  # noqa: C901, PLR0911 - one arm for each family of facts
    """Return the case after one more fact."""
    if case is None:
        return _opened(fact, at)
    match fact:
        case e.CaseOpened():
            return case
        case e.ContactArrived() | e.ContactEnded() | e.MessageReceived() | e.MessageWritten() | e.MessageProgressed():
            return _talked(case, fact, at)
        case e.TextingStopped() | e.TextingResumed() | e.RoomRung() | e.RoomJoined() | e.RoomLeft():
            return replace(case, conversation=_connected(case.conversation, fact))
        case e.CaseClaimed() | e.CaseReleased() | e.CaseClosed() | e.AssistAsked() | e.NoteWritten():
            return _handled(case, fact, at)
        case e.AnswerRecorded():
            return _answered(case, fact, at)
        case e.RiskRaised() | e.RiskLoweringProposed() | e.RiskLowered():
            return _weighed(case, fact, at)
        case e.RuleFired() | e.RuleEased() | e.RuleBroke():
            return _judged(case, fact)
        case e.EscalationStarted():
            return replace(case, escalations=(*case.escalations, ladders.started(fact, at)))
        case e.AttemptProgressed():
            return _climbed(case, case.escalation_of_attempt(fact.attempt), fact, at)
        case (
            e.StepTaken()
            | e.PersonPaged()
            | e.NobodyToPage()
            | e.PageTaken()
            | e.PagePassed()
            | e.EscalationExhausted()
            | e.EscalationStoodDown()
        ):
            return _climbed(case, case.escalation(fact.escalation), fact, at)
        case _ as never:
            assert_never(never)


def _opened(fact: e.CaseFact, at: datetime) -> Case:
    if not isinstance(fact, e.CaseOpened):
        raise TypeError(f"A case begins with CaseOpened, not with {type(fact).__name__}.")
    return Case(fact.case, fact.number, fact.channel, fact.language, fact.contact_ref, fact.drill, at, waiting_since=at)


def _talked(case: Case, fact: e.CaseFact, at: datetime) -> Case:
    talk = case.conversation
    match fact:
        case e.ContactArrived(contact, channel, carrier_id, line, address):
            talk = talk.arrived(Contact(contact, channel, carrier_id, address, line, at))
            return replace(case, conversation=talk, last_from_person_at=at)
        case e.ContactEnded(contact, how):
            return replace(case, conversation=talk.ended(contact, how, at))
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
        case e.RoomJoined(_, person):
            return replace(talk, rung=talk.rung - {person}, in_room=talk.in_room | {person})
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
        case e.RiskRaised(risk, because):
            return replace(case, risk=risk, risk_since=at, because=because, lowering=None)
        case e.RiskLoweringProposed():
            return replace(case, lowering=fact)
        case e.RiskLowered(risk, by):
            because = (e.Because("person", f"Lowered by {by}, with a reason."),)
            return replace(case, risk=risk, risk_since=at, because=because, lowering=None)
    return case


def _judged(case: Case, fact: e.CaseFact) -> Case:
    match fact:
        case e.RuleFired(rule, version):
            return replace(case, fired={**case.fired, rule: version})
        case e.RuleEased(rule):
            return replace(case, fired={name: version for name, version in case.fired.items() if name != rule})
        case e.RuleBroke(rule, _, path):
            return replace(case, broken=case.broken | {(rule, path)})
    return case


def _climbed(case: Case, escalation: Escalation | None, fact: e.CaseFact, at: datetime) -> Case:
    if escalation is None:
        return case
    moved = _moved(escalation, fact, at)
    escalations = tuple(moved if x.id == escalation.id else x for x in case.escalations)
    return replace(case, escalations=escalations)


def _moved(escalation: Escalation, fact: e.CaseFact, at: datetime) -> Escalation:  # noqa: PLR0911 - one arm for each fact
    match fact:
        case e.StepTaken():
            return ladders.stepped(escalation, fact, at)
        case e.PersonPaged():
            return ladders.paged(escalation, fact, at)
        case e.NobodyToPage(_, step):
            return replace(escalation, empty_steps=escalation.empty_steps | {step})
        case e.AttemptProgressed():
            return ladders.progressed(escalation, fact, at)
        case e.PageTaken(page, _, person, name, means):
            return ladders.ended(escalation, EscalationState.TAKEN, at, (page, person, name, means))
        case e.PagePassed(page):
            return ladders.passed(escalation, page)
        case e.EscalationExhausted():
            return ladders.ended(escalation, EscalationState.EXHAUSTED, at)
        case e.EscalationStoodDown():
            return ladders.ended(escalation, EscalationState.STOOD_DOWN, at)
    return escalation


__all__ = ["LINE", "PERSON", "Answer", "Assist", "Case", "Note", "evolve", "fold"]
