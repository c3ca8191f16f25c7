"""Everything that is asked of cases over HTTP."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from crisis_hub.application import rights
from crisis_hub.application.hub import Done, Ends
from crisis_hub.application.ports import CaseQuery, MarkTaken
from crisis_hub.application.staff import Person
from crisis_hub.domain import commands as c
from crisis_hub.domain.errors import NotAllowed, Wrong
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.vocabulary import CaseId, CaseState, MessageId, Role
from crisis_hub.web import schemas as s
from crisis_hub.web import views
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.facts import fact_out
from crisis_hub.web.parts import Parts

router = APIRouter(prefix="/api/cases", tags=["cases"])

Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]

_EARLIER = 10


# ----------------------------------------------------------------------------------------- looking


@router.get("")
async def list_cases(
    request: Request,
    asker: Asker,
    state: CaseState | None = None,
    risk: Risk | None = None,
    q: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> s.CaseList:
    """List cases, newest first; `q` finds a case by its number."""
    rights.must_see_board(asker)
    parts = parts_of(request)
    query = CaseQuery(state=state, risk=risk, number=q.strip().lstrip("#"), before=CaseId(cursor) if cursor else None)
    rows = await parts.store.cases(query)
    cases = []
    for row in rows:
        case = parts.board.case(row.case) or await parts.hub.case(row.case)
        cases.append(views.case_out(case, parts.board.sequence_of(row.case)))
    following = rows[-1].case if len(rows) == query.limit else None
    return s.CaseList(cases=cases, next=following)


@router.get("/{id}")
async def get_case(request: Request, id: str, asker: Asker) -> s.CaseDetail:
    """Return one case with what was said."""
    parts = parts_of(request)
    rights.must_see_board(asker)
    case = await parts.hub.case(id)
    rights.must_read(asker, case)
    rows = await parts.store.cases(CaseQuery(contact_ref=case.contact_ref, limit=_EARLIER))
    earlier = [
        s.EarlierOut(id=r.case, number=r.number, channel=r.channel, opened_at=r.opened_at, risk=r.risk, state=r.state)
        for r in rows
        if r.case != case.id
    ]

    def name(person: str) -> str:
        found = parts.directory.person(person)
        return found.name if found else parts.place.name

    return views.detail_out(case, parts.board.sequence_of(id), parts.rulebook(), name, earlier)


@router.get("/{id}/facts")
async def get_facts(request: Request, id: str, asker: Asker) -> s.FactList:
    """Return a case's history, oldest first; an auditor sees it without its words."""
    parts = parts_of(request)
    rights.must_see_board(asker)
    recorded = await parts.hub.history(id)
    with_words = rights.must_read_history(asker, await parts.hub.case(id))
    return s.FactList(facts=[fact_out(one, with_words=with_words) for one in recorded])


@router.get("/{id}/script")
async def get_script(
    request: Request, id: str, asker: Asker, item: Annotated[str, Query(max_length=120)] = ""
) -> s.ScriptOut:
    """Return what to say and ask next; `item` ("instrument.item") asks for that question instead."""
    parts = parts_of(request)
    case = await parts.hub.case(id)
    rights.must_read(asker, case)
    return s.ScriptOut.model_validate(parts.guides.guide(case, item))


# ------------------------------------------------------------------------------------------- doing


@router.post("/{id}/claim")
async def claim(request: Request, id: str, asker: Asker, key: Key = None) -> s.Done:
    """Take a case; one wins, the others get 409 and who has it."""
    rights.must_claim(asker)
    return await _do(request, id, c.ClaimCase(asker.id, asker.name), asker, key)


@router.post("/{id}/release")
async def release(request: Request, id: str, body: s.ReleaseIn, asker: Asker, key: Key = None) -> s.Done:
    """Give a case back to the queue."""
    rights.must_release(asker, await parts_of(request).hub.case(id))
    return await _do(request, id, c.ReleaseCase(asker.id, body.reason), asker, key)


@router.post("/{id}/answers")
async def answer(request: Request, id: str, body: s.AnswerIn, asker: Asker, key: Key = None) -> s.Done:
    """Write down an answer; what it means is decided and recorded with it."""
    command = c.RecordAnswer(asker.id, body.instrument, body.item, _plain(body.answer), body.words)
    return await _work(request, id, command, asker, key)


@router.post("/{id}/messages")
async def write_message(request: Request, id: str, body: s.MessageIn, asker: Asker, key: Key = None) -> s.Done:
    """Write to the person."""
    message = MessageId(parts_of(request).ids.new())
    return await _work(request, id, c.WriteMessage(asker.id, message, body.text), asker, key)


@router.post("/{id}/notes")
async def write_note(request: Request, id: str, body: s.NoteIn, asker: Asker, key: Key = None) -> s.Done:
    """Keep a note for colleagues."""
    note = parts_of(request).ids.new()
    return await _work(request, id, c.WriteNote(asker.id, note, body.text), asker, key)


@router.post("/{id}/risk")
async def set_risk(request: Request, id: str, body: s.RiskIn, asker: Asker, key: Key = None) -> s.Done:
    """Say how great the risk is; lowering asks for a reason, from imminent for a second person with a reason of their own."""
    case = await parts_of(request).hub.case(id)
    confirms = case.lowering is not None and case.lowering.by != asker.id
    if confirms and not asker.has(Role.CLINICIAN, Role.SUPERVISOR, Role.CLINICAL_LEAD):
        raise NotAllowed("The second person must be a clinician, a supervisor or the clinical lead.")
    if is_worse(case.risk, body.risk) and body.risk is not Risk.NOT_ASSESSED and len(body.reason) < 3:
        raise Wrong("reason", "Lowering the risk needs a reason.")
    return await _work(request, id, c.SetRisk(asker.id, body.risk, body.reason), asker, key)


@router.post("/{id}/assist")
async def assist(request: Request, id: str, asker: Asker, key: Key = None) -> s.Done:
    """Call a supervisor to this case, now."""
    return await _work(request, id, c.AskForAssist(asker.id, asker.name), asker, key)


@router.post("/{id}/join")
async def join(request: Request, id: str, asker: Asker, key: Key = None) -> s.Done:
    """Ring one's own telephone and join the room of the call."""
    return await _work(request, id, c.JoinRoom(asker.id), asker, key)


@router.post("/{id}/escalate")
async def escalate(request: Request, id: str, body: s.EscalateIn, asker: Asker, key: Key = None) -> s.Done:
    """Start a ladder by hand."""
    return await _work(request, id, c.Escalate(asker.id, body.ladder, body.reason), asker, key)


@router.post("/{id}/stand-down")
async def stand_down(request: Request, id: str, body: s.ReasonIn, asker: Asker, key: Key = None) -> s.Done:
    """End every running ladder of this case."""
    return await _work(request, id, c.StandDown(asker.id, body.reason), asker, key)


@router.post("/{id}/close")
async def close(request: Request, id: str, body: s.CloseIn, asker: Asker, key: Key = None) -> s.Done:
    """Close a case with an outcome; refused while a page is open."""
    return await _work(request, id, c.CloseCase(asker.id, body.outcome, body.reason), asker, key)


# ----------------------------------------------------------------------------------------- the hands


async def _work(request: Request, id: str, command: c.Command, asker: Person, key: str | None) -> s.Done:
    parts = parts_of(request)
    case = parts.board.case(id)
    try:
        rights.must_work_on(asker, case or await parts.hub.case(id))
    except NotAllowed:
        # Another process may have given them the case a moment ago; the ledger has the last word.
        rights.must_work_on(asker, await parts.hub.case(id))
    return await _do(request, id, command, asker, key)


async def _do(request: Request, id: str, command: c.Command, asker: Person, key: str | None) -> s.Done:
    parts = parts_of(request)
    if parts.board.case(id) is None:
        await parts.hub.case(id)  # raises NotFound before a mark is left for a case that is not there
    if key is None:
        return _done(await parts.hub.do(id, command, f"person:{asker.id}"))
    cause = "request:" + hashlib.sha256(f"{asker.id}|{id}|{key}".encode()).hexdigest()
    try:
        done = await parts.hub.do(id, command, f"person:{asker.id}", cause, Ends(marks=((cause, id),)))
    except MarkTaken as taken:
        if taken.key != cause:
            raise
        return await _done_before(parts, id, cause)
    return _done(done)


async def _done_before(parts: Parts, id: str, cause: str) -> s.Done:
    """Answer a repeated request with what the first one made true."""
    recorded = await parts.hub.history(id)
    facts = tuple(one for one in recorded if one.cause == cause)
    return _done(Done(facts, await parts.hub.case(id), recorded[-1].sequence))


def _done(done: Done) -> s.Done:
    return s.Done(
        sequence=done.sequence,
        facts=[s.FactRef(sequence=one.sequence, type=type(one.fact).__name__) for one in done.facts],
        case=views.case_out(done.case, done.sequence),
    )


def _plain(answer: str | float | bool) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return str(answer)
