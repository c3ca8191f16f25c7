"""What is owed in a case, and what is written down about it, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request

from crisis_hub.application import rights
from crisis_hub.application.staff import Person
from crisis_hub.domain import commands as c
from crisis_hub.domain.case import Case
from crisis_hub.domain.duties import NEEDS_A_SECOND, of_id
from crisis_hub.domain.errors import NotAllowed
from crisis_hub.domain.vocabulary import DutyKind, Role
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.changes import Wish
from crisis_hub.web.ids import CasePath, name_of
from crisis_hub.web.paper_views import record_out

router = APIRouter(prefix="/api/cases/{id}", tags=["cases"], generate_unique_id_function=name_of)


@router.post("/duties/{duty}")
async def settle_duty(id: CasePath, duty: str, body: s.DutyIn, wish: Wish) -> s.Done:
    """Say that what a rule asks for was done, or that it shall not be done and why."""

    def may(person: Person, case: Case) -> None:
        owed = of_id(case.duties, duty)
        if owed is not None and owed.kind is DutyKind.NOTIFY and person.has(Role(owed.of)):
            return
        rights.must_work_on(person, case)
        seconding = owed is not None and owed.proposed not in (None, person.id) and owed.kind in NEEDS_A_SECOND
        if seconding and not body.done and not person.has(Role.CLINICIAN, Role.SUPERVISOR, Role.CLINICAL_LEAD):
            raise NotAllowed("The second person must be a clinician, a supervisor or the clinical lead.")

    if body.done:
        return await wish.do(id, c.MeetDuty(wish.asker.id, duty, body.words), may)
    return await wish.do(id, c.DeclineDuty(wish.asker.id, duty, body.words), may, afresh=True)


@router.get("/records")
async def list_records(request: Request, id: CasePath, asker: Asker) -> s.RecordList:
    """Return every record that can be kept in this case, with what stands in it."""
    parts = parts_of(request)
    rights.must_see_board(asker)
    case = await parts.hub.case(id)
    rights.must_read(asker, case)
    rulebook = parts.rulebook()
    place = rulebook.jurisdiction
    return s.RecordList(
        records=[record_out(case, form) for form in rulebook.forms.values()], jurisdiction=place.name if place else None
    )


@router.post("/records/{record}")
async def write_record(id: CasePath, record: str, body: s.RecordIn, wish: Wish) -> s.Done:
    """Fill in one field of a record; what stood there before stays in the history."""
    return await wish.work(id, c.WriteRecord(wish.asker.id, record, body.field, body.words))


@router.post("/outside-results")
async def file_outside_result(id: CasePath, body: s.OutsideResultIn, wish: Wish) -> s.Done:
    """Keep what somebody outside found with an instrument that is not asked here."""
    command = c.RecordOutsideResult(
        wish.asker.id,
        wish.parts.ids.new(),
        body.instrument,
        body.value,
        body.rated_by,
        body.rated_on,
        body.document,
        body.words,
    )
    return await wish.work(id, command)
