"""How a case looks from outside: folded state in, wire shapes out. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable

from crisis_hub.application.canary import Standing as Canary
from crisis_hub.application.service import OnCallNow, Service
from crisis_hub.application.staff import Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.conversation import PERSON, Contact
from crisis_hub.domain.events import SEALED
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook, score_of
from crisis_hub.web import schemas as s
from crisis_hub.web.ladder_views import escalation_out
from crisis_hub.web.paper_views import duties_out, outside_out
from crisis_hub.web.parts import Parts, Place
from crisis_hub.web.queue import in_order, noticed_out, rank_out

Names = Callable[[str], str]


def case_out(case: Case, sequence: int, rulebook: Rulebook) -> s.Case:
    """Return a case without its words."""
    return s.Case(**_case_fields(case, sequence, rulebook))


def _case_fields(case: Case, sequence: int, rulebook: Rulebook) -> dict[str, object]:
    call = case.conversation.running_call()
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state,
        "channel": case.channel,
        "language": case.language,
        "risk": case.risk,
        "risk_because": [s.BecauseOut(rule=b.rule, words=b.words) for b in case.because],
        "risk_since": case.risk_since,
        "lowering_proposed": case.lowering.risk if case.lowering else None,
        "opened_at": case.opened_at,
        "waiting_since": case.waiting_since,
        "rank": rank_out(case, rulebook.waits),
        "claimed_at": case.claimed_at,
        "closed_at": case.closed_at,
        "last_from_person_at": case.last_from_person_at,
        "outcome": case.outcome,
        "responder": case.responder,
        "responder_name": case.responder_name,
        "assist_asked_at": case.assist.at if case.assist else None,
        "assist_asked_by": case.assist.name if case.assist else None,
        "texting_stopped": case.conversation.texting_stopped,
        "call_over": any(c.ended_at for c in case.conversation.contacts) and call is None,
        "in_room": sorted(case.conversation.in_room),
        "broken_rules": sorted({rule for rule, _ in case.broken}),
        "duties": [duty.model_copy(update={"words": ""}) for duty in duties_out(case, rulebook)],
        "rulebook": case.rulebook,
        "sign_off": case.sign_off,
        "drill": case.drill,
        "sequence": sequence,
        "escalations": [escalation_out(x) for x in case.escalations],
        "rescues": [],
        "follow_ups": [],
    }


def detail_out(
    case: Case, sequence: int, rulebook: Rulebook, names: Names, earlier: list[s.EarlierOut]
) -> s.CaseDetail:
    """Return a case with its words, for whoever may read them."""
    return s.CaseDetail(
        **{**_case_fields(case, sequence, rulebook), "duties": duties_out(case, rulebook, names)},
        contacts=[_contact_out(contact) for contact in case.conversation.contacts],
        messages=[
            s.MessageOut(
                id=m.id,
                author=m.author,
                author_name="" if m.author == PERSON else names(m.author),
                text=m.text,
                state=m.state,
                detail=m.detail,
                at=m.at,
            )
            for m in case.conversation.messages
        ],
        noticed=noticed_out(case, rulebook),
        assessments=[_assessment_out(case, id, rulebook) for id in case.answers],
        notes=[s.NoteOut(id=n.id, by=n.by, by_name=names(n.by), text=n.text, at=n.at) for n in case.notes],
        outside_results=outside_out(case, rulebook),
        earlier=earlier,
    )


def _contact_out(contact: Contact) -> s.ContactOut:
    return s.ContactOut(
        id=contact.id,
        channel=contact.channel,
        began_at=contact.began_at,
        ended_at=contact.ended_at,
        how_ended=contact.how_ended,
        address_masked="" if contact.address == SEALED else f"•••{contact.address[-2:]}",
    )


def _assessment_out(case: Case, id: str, rulebook: Rulebook) -> s.AssessmentOut:
    instrument = rulebook.instrument(id)
    result = score_of(case, id, rulebook)
    return s.AssessmentOut(
        instrument=id,
        title=instrument.title if instrument else id,
        version=instrument.version if instrument else "",
        answers=[
            s.AnswerOut(item=item, answer=a.answer, words=a.words, by=a.by, at=a.at, changed=a.changed)
            for item, a in case.answers[id].items()
        ],
        total=result.total if result else None,
        band=result.band if result else None,
        risk=result.risk if result else Risk.NOT_ASSESSED,
        complete=result.complete if result else False,
        flags=list(result.flags) if result else [],
    )


def on_call_out(found: OnCallNow) -> s.OnCallOut:
    """Return who is on call on one rota."""
    return s.OnCallOut(
        rota=found.rota,
        people=[person_ref(p) for p in found.people],
        until=found.until,
        next=[person_ref(p) for p in found.next],
        trouble=found.trouble,
        by_last_resort=found.by_last_resort,
        lacking=found.lacking,
    )


def person_ref(person: Person) -> s.PersonRef:
    """Return somebody by id and name."""
    return s.PersonRef(id=person.id, name=person.name)


def person_out(person: Person) -> s.PersonOut:
    """Return who is signed in."""
    return s.PersonOut(
        id=person.id,
        name=person.name,
        role=person.roles[0],
        roles=list(person.roles),
        languages=list(person.languages),
    )


def service_out(service: Service, place: Place) -> s.ServiceOut:
    """Return how we are doing."""
    now = service.standing()
    return s.ServiceOut(
        name=place.name,
        drill=place.drill,
        waiting=now.waiting,
        longest_wait_since=now.longest_wait_since,
        open=now.open,
        high=now.high,
        imminent=now.imminent,
        pages_open=now.pages_open,
        oldest_page_since=now.oldest_page_since,
        at_work=[
            s.StaffOut(id=w.person.id, name=w.person.name, roles=list(w.person.roles), busy_with=list(w.busy_with))
            for w in now.at_work
        ],
        troubles=list(now.troubles),
        canary=canary_out(service.canary()),
        canary_call=canary_out(service.canary_call()),
        coverage=coverage_figures(service),
        rules_version=now.rulebook.version,
        rules_problems=list(now.rulebook.problems),
        sign_off=now.rulebook.sign_off,
    )


def canary_out(found: Canary | None) -> s.CanaryOut | None:
    """Return how a canary is, its age in whole minutes: screens are told of news, and a second is none."""
    if found is None:
        return None
    age = None if found.age_seconds is None else found.age_seconds // 60 * 60
    return s.CanaryOut(sent_at=found.sent_at, answered_at=found.answered_at, age_seconds=age, late=found.late)


def coverage_figures(service: Service) -> s.CoverageFigures:
    """Return how much is wrong with rotas and ladders in the days ahead."""
    found = service.coverage()
    return s.CoverageFigures(whole=not found, findings=len(found), red=sum(one.red for one in found))


def board_out(parts: Parts) -> s.BoardOut:
    """Return the live picture: every open case, the one that needs somebody most first."""
    return s.BoardOut(
        sequence=parts.board.sequence,
        at=parts.clock.now(),
        cases=cases_out(parts),
        on_call=on_call_now(parts.service),
        service=service_out(parts.service, parts.place),
    )


def on_call_now(service: Service) -> list[s.OnCallOut]:
    """Return who is on call now, rota by rota."""
    return [on_call_out(found) for found in service.on_call()]


def cases_out(parts: Parts) -> list[s.Case]:
    """Return every open case, the one that needs somebody most first."""
    board, rulebook = parts.board, parts.rulebook()
    return [case_out(case, board.sequence_of(case.id), rulebook) for case in in_order(parts, board.cases())]
