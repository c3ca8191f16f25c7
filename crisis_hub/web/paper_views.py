"""How what is owed and written down looks from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from crisis_hub.application.owed import OwedDuty
from crisis_hub.domain.case import Case
from crisis_hub.domain.duties import HOLDS_THE_CASE_OPEN, NEEDS_A_SECOND, WITHOUT_CONSENT, Duty
from crisis_hub.domain.events import SEALED
from crisis_hub.domain.instrument import spoken
from crisis_hub.domain.paperwork import Form
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import DutyKind
from crisis_hub.web import schemas as s

_TITLES: Mapping[DutyKind, str] = {
    DutyKind.EMERGENCY: "Decide on emergency services",
    DutyKind.CONSULT: "Consult a clinician or a supervisor",
    DutyKind.MEANS_SAFETY: "Put distance between the person and the means",
    DutyKind.REASON: "Write down your reason",
    DutyKind.FOLLOW_UP: "Call or write to the person again",
}


def duties_out(case: Case, rulebook: Rulebook, names: Callable[[str], str] | None = None) -> list[s.DutyOut]:
    """Return everything that is or was owed in a case, oldest first."""
    return [_duty_out(duty, rulebook, names) for duty in case.duties]


def duty_title(duty: Duty, rulebook: Rulebook) -> str:
    """Return what is to be done, in words for whoever is to do it."""
    about, _, part = duty.of.partition(".")
    if duty.kind is DutyKind.ASK:
        instrument = rulebook.instrument(duty.of)
        return f"Ask: {instrument.title if instrument else duty.of}"
    if duty.kind is DutyKind.NOTIFY:
        return f"For the {duty.of.replace('_', ' ')} to see"
    if duty.kind is DutyKind.REPORT:
        place = rulebook.jurisdiction
        words = next((d.words for d in place.deadlines(about) if d.what == part), None) if place else None
        return spoken(words, "en") if words else f"Report: {about.replace('_', ' ')}"
    if duty.of == WITHOUT_CONSENT:
        return "Decide on emergency services now; consent is not needed"
    return _TITLES[duty.kind]


def _duty_out(duty: Duty, rulebook: Rulebook, names: Callable[[str], str] | None) -> s.DutyOut:
    def name(person: str | None) -> str | None:
        return names(person) if names and person else None

    return s.DutyOut(
        id=duty.id,
        kind=duty.kind,
        of=duty.of,
        title=duty_title(duty, rulebook),
        why=duty.why,
        rule=duty.rule,
        state=duty.state,
        opened_at=duty.opened_at,
        due_at=duty.due_at,
        ended_at=duty.ended_at,
        by=duty.by,
        by_name=name(duty.by),
        second=duty.second,
        second_name=name(duty.second),
        decline_proposed_by=duty.proposed,
        decline_proposed_by_name=name(duty.proposed),
        needs_second=duty.kind in NEEDS_A_SECOND,
        holds_the_case_open=duty.kind in HOLDS_THE_CASE_OPEN,
        words="" if duty.words == SEALED else duty.words,
    )


def owed_out(owed: OwedDuty, rulebook: Rulebook, names: Callable[[str], str], now: datetime) -> s.OwedOut:
    """Return something that is owed, with the case in which it is."""
    return s.OwedOut(
        **dict(_duty_out(owed.duty, rulebook, names)),
        case=owed.case,
        case_number=owed.number,
        drill=owed.drill,
        closed_at=owed.closed_at,
        overdue=owed.overdue(now),
    )


def record_out(case: Case, form: Form, language: str = "en") -> s.RecordOut:
    """Return a record and what stands in it."""
    written = case.records.get(form.id, {})
    fields = []
    for blank in form.blanks:
        filled = written.get(blank.id)
        fields.append(
            s.BlankOut(
                id=blank.id,
                label=spoken(blank.label, language),
                help=spoken(blank.help, language),
                needed=blank.needed,
                choices=list(blank.choices),
                words=filled.words if filled else "",
                by=filled.by if filled else None,
                at=filled.at if filled else None,
            )
        )
    return s.RecordOut(
        id=form.id,
        title=spoken(form.title, language),
        note=spoken(form.note, language),
        source=form.source,
        begun=bool(written),
        complete=all(field.words for field in fields if field.needed),
        fields=fields,
    )


def outside_out(case: Case, rulebook: Rulebook) -> list[s.OutsideResultOut]:
    """Return what somebody outside found."""
    return [
        s.OutsideResultOut(
            id=result.id,
            instrument=result.instrument,
            title=found.title if (found := rulebook.instrument(result.instrument)) else result.instrument,
            value=result.value,
            rated_by=result.rated_by,
            rated_on=result.rated_on,
            document=result.document,
            words=result.words,
            by=result.by,
            at=result.at,
        )
        for result in case.outside
    ]
