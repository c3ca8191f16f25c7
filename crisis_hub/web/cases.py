"""Everything that is asked of cases over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from crisis_hub.application import rights
from crisis_hub.application.ports import CaseQuery
from crisis_hub.application.staff import Person
from crisis_hub.domain import commands as c
from crisis_hub.domain import escalation, queue
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotAllowed, Wrong
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseId, CaseState, EscalationId, MessageId, Role
from crisis_hub.web import schemas as s
from crisis_hub.web import views
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.changes import Wish
from crisis_hub.web.facts import fact_out
from crisis_hub.web.ids import CasePath, MaybeBlank, case_id, name_of
from crisis_hub.web.ladder_views import ladder_out
from crisis_hub.web.parts import Parts
from crisis_hub.web.schemas.asked import Name

router = APIRouter(prefix="/api/cases", tags=["cases"], generate_unique_id_function=name_of)

_EARLIER = 10


# ----------------------------------------------------------------------------------------- looking


@router.get("")
async def list_cases(
    request: Request,
    asker: Asker,
    state: Annotated[CaseState | None, MaybeBlank] = None,
    risk: Annotated[Risk | None, MaybeBlank] = None,
    q: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[Annotated[str, Field(max_length=64)] | None, MaybeBlank] = None,
) -> s.CaseList:
    """List cases, newest first; those that wait all at once, in the order of the queue. `q` finds one by its number."""
    rights.must_see_board(asker)
    number = q.strip().lstrip("#")
    if number and not (number.isascii() and number.isalnum()):
        return s.CaseList(cases=[], next=None)
    parts = parts_of(request)
    if state is CaseState.WAITING:
        await parts.board.catch_up()  # another process may have taken somebody in a moment ago
        found = queue.waiting(_alike(parts.board.cases(), risk, number), parts.clock.now(), parts.rulebook().waits)
        return s.CaseList(cases=[_shown(parts, case, parts.board.sequence_of(case.id)) for case in found], next=None)
    query = CaseQuery(state=state, risk=risk, number=number, before=case_id(cursor) if cursor else None)
    rows = await parts.store.cases(query)
    cases = [_shown(parts, *await _as_shown(parts, row.case)) for row in rows]
    following = rows[-1].case if len(rows) == query.limit else None
    return s.CaseList(cases=cases, next=following)


def _alike(cases: list[Case], risk: Risk | None, number: str) -> list[Case]:
    return [case for case in cases if risk in (None, case.risk) and number in ("", case.number)]


def _shown(parts: Parts, case: Case, sequence: int) -> s.Case:
    return views.case_out(case, sequence, parts.rulebook())


async def _as_shown(parts: Parts, id: CaseId) -> tuple[Case, int]:
    """Return a case as the board has it, or as the ledger has it when the board let it go long ago."""
    case = parts.board.case(id)
    if case is not None:
        return case, parts.board.sequence_of(id)
    seen = await parts.hub.look(id)
    return seen.case, seen.sequence


@router.get("/{id}")
async def get_case(request: Request, id: CasePath, asker: Asker) -> s.CaseDetail:
    """Return one case with what was said."""
    parts = parts_of(request)
    rights.must_see_board(asker)
    seen = await parts.hub.look(id)
    rights.must_read(asker, seen.case)
    rows = await parts.store.cases(CaseQuery(contact_ref=seen.case.contact_ref, limit=_EARLIER))
    earlier = [
        s.EarlierOut(id=r.case, number=r.number, channel=r.channel, opened_at=r.opened_at, risk=r.risk, state=r.state)
        for r in rows
        if r.case != id
    ]

    def name(person: str) -> str:
        found = parts.directory.person(person)
        return found.name if found else parts.place.name

    return views.detail_out(seen.case, seen.sequence, parts.rulebook(), name, earlier)


@router.get("/{id}/facts")
async def get_facts(request: Request, id: CasePath, asker: Asker) -> s.FactList:
    """Return a case's history, oldest first; an auditor sees it without its words."""
    parts = parts_of(request)
    rights.must_see_board(asker)
    recorded = await parts.hub.history(id)
    with_words = rights.must_read_history(asker, await parts.hub.case(id))
    return s.FactList(facts=[fact_out(one, with_words=with_words) for one in recorded])


@router.get("/{id}/script")
async def get_script(
    request: Request,
    id: CasePath,
    asker: Asker,
    item: Annotated[str, Query(max_length=120)] = "",
    reader: Annotated[str, Query(max_length=20)] = "en",
) -> s.ScriptOut:
    """Return what to say and ask next; `item` ("instrument.item") asks for that question instead.

    Words for the responder are in the language of the `reader`, where there are some.
    """
    parts = parts_of(request)
    rights.must_see_board(asker)
    case = await parts.hub.case(id)
    rights.must_read(asker, case)
    return s.ScriptOut.model_validate(parts.guides.guide(case, item, reader))


@router.get("/{id}/whom")
async def get_whom(request: Request, id: CasePath, asker: Asker) -> s.WhomOut:
    """Return whom one can page by hand: the ladders with their steps, and every colleague who can be reached."""
    parts = parts_of(request)
    rights.must_work_on(asker, await parts.hub.case(id))
    await parts.rotas.fresh_enough()
    now, book = parts.clock.now(), parts.rulebook().ladders
    built_in = [one for one in (escalation.SUPERVISORS, escalation.EVERYONE) if one.name not in book]
    people = [
        s.PageableOut(id=one.id, name=one.name, roles=list(one.roles), away=parts.rotas.on_leave(one.id, now))
        for one in parts.directory.everybody()
        if one.reach
    ]
    return s.WhomOut(ladders=[ladder_out(one) for one in (*book.values(), *built_in)], people=people)


# ------------------------------------------------------------------------------------------- doing


@router.post("/{id}/claim")
async def claim(id: CasePath, wish: Wish) -> s.Done:
    """Take a case; one wins, the others get 409 and who has it."""
    command = c.ClaimCase(wish.asker.id, wish.asker.name)
    return await wish.do(id, command, lambda person, _: rights.must_claim(person))


@router.post("/{id}/release")
async def release(id: CasePath, wish: Wish, body: s.ReleaseIn | None = None) -> s.Done:
    """Give a case back to the queue."""
    reason = body.reason if body else ""
    return await wish.do(id, c.ReleaseCase(wish.asker.id, reason), rights.must_release)


@router.post("/{id}/answers")
async def answer(id: CasePath, body: s.AnswerIn, wish: Wish) -> s.Done:
    """Write down an answer; what it means is decided and recorded with it."""
    said = _plain(body.answer)
    return await wish.work(id, c.RecordAnswer(wish.asker.id, body.instrument, body.item, said, body.words))


@router.post("/{id}/messages")
async def write_message(id: CasePath, body: s.MessageIn, wish: Wish) -> s.Done:
    """Write to the person."""
    message = MessageId(wish.parts.ids.new())
    return await wish.work(id, c.WriteMessage(wish.asker.id, message, body.text))


@router.post("/{id}/notes")
async def write_note(id: CasePath, body: s.NoteIn, wish: Wish) -> s.Done:
    """Keep a note for colleagues."""
    return await wish.work(id, c.WriteNote(wish.asker.id, wish.parts.ids.new(), body.text))


@router.post("/{id}/sections/{section}")
async def set_section(id: CasePath, section: Name, body: s.SectionIn, wish: Wish) -> s.Done:
    """Lay a part of the script aside, or take it up again; what it asks stays on the list of what is missing."""
    return await wish.work(id, c.SkipSection(wish.asker.id, section, body.skip))


@router.post("/{id}/risk")
async def set_risk(id: CasePath, body: s.RiskIn, wish: Wish) -> s.Done:
    """Say how great the risk is; lowering asks for a reason, from imminent for a second person and their reason."""

    def may(person: Person, case: Case) -> None:
        rights.must_work_on(person, case)
        proposed = case.lowering
        if proposed is None or proposed.by == person.id or proposed.risk is not body.risk:
            return
        if not person.has(Role.CLINICIAN, Role.SUPERVISOR, Role.CLINICAL_LEAD):
            raise NotAllowed("The second person must be a clinician, a supervisor or the clinical lead.")

    return await wish.do(id, c.SetRisk(wish.asker.id, body.risk, body.reason), may, afresh=True)


@router.post("/{id}/assist")
async def assist(id: CasePath, wish: Wish) -> s.Done:
    """Call a supervisor to this case, now."""
    return await wish.work(id, c.AskForAssist(wish.asker.id, wish.asker.name))


@router.post("/{id}/join")
async def join(id: CasePath, wish: Wish) -> s.Done:
    """Ring one's own telephone and join the room of the call."""
    return await wish.work(id, c.JoinRoom(wish.asker.id))


@router.post("/{id}/escalate")
async def escalate(id: CasePath, body: s.EscalateIn, wish: Wish) -> s.Done:
    """Start a ladder by hand, or move it on to a step when it runs; with a person, ask them before its steps."""
    person = None
    if body.person is not None:
        found = wish.parts.directory.person(body.person)
        if found is None or not found.reach:
            raise Wrong("person", f"There is nobody “{body.person}” on the staff who can be reached.")
        person = found.id
    return await wish.work(id, c.Escalate(wish.asker.id, body.ladder, body.reason, body.step, person))


@router.post("/{id}/escalations/{escalation}/next")
async def next_step(id: CasePath, escalation: Name, wish: Wish, body: s.NextStepIn | None = None) -> s.Done:
    """Move a running ladder on now: to a later step, or to the next one; one past the last raises the alarm."""
    step = body.step if body else None
    if step is None:
        running = (await wish.parts.hub.case(id)).escalation(EscalationId(escalation))
        step = running.step + 1 if running else 1
    return await wish.work(id, c.ClimbTo(wish.asker.id, EscalationId(escalation), step))


@router.post("/{id}/here")
async def here(id: CasePath, wish: Wish) -> s.Done:
    """Say that one is looking at the case; whoever took its page and is seen here is not asked again."""
    return await wish.do(id, c.BeHere(wish.asker.id), rights.must_read)


@router.post("/{id}/stand-down")
async def stand_down(id: CasePath, body: s.ReasonIn, wish: Wish) -> s.Done:
    """End every running ladder of this case."""
    return await wish.work(id, c.StandDown(wish.asker.id, body.reason))


@router.post("/{id}/close")
async def close(id: CasePath, body: s.CloseIn, wish: Wish) -> s.Done:
    """Close a case with an outcome; refused while a page is open."""
    return await wish.work(id, c.CloseCase(wish.asker.id, body.outcome, body.reason))


def _plain(answer: str | float | bool) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return str(answer)
