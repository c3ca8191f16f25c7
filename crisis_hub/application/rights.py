"""Who may see and do what. Checked at every call and for every live message, at the moment it happens."""

from __future__ import annotations

from crisis_hub.application.owed import OwedDuty
from crisis_hub.application.staff import Person
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotAllowed
from crisis_hub.domain.vocabulary import CaseState, DutyKind, Role

_WATCHES_ALL = (Role.SUPERVISOR, Role.CLINICAL_LEAD)
_CLINICAL = (Role.RESPONDER, Role.CLINICIAN, *_WATCHES_ALL)


def sees_board(person: Person) -> bool:
    """Say whether they may see cases without their words: everybody clinical, and auditors."""
    return person.has(*_CLINICAL, Role.AUDITOR)


def reads_words(person: Person, case: Case) -> bool:
    """Say whether they may read what was said: who has the case, who was paged for it, who watches over all, and,
    while it waits, every responder, since one of them must take it."""
    if person.has(*_WATCHES_ALL) or case.responder == person.id:
        return True
    if any(page.person == person.id for x in case.escalations for page in x.pages):
        return True
    return person.has(Role.RESPONDER) and case.state is CaseState.WAITING


def sees_owed(person: Person, owed: OwedDuty) -> bool:
    """Say whether it is for them to see: who watches over all, who can settle it, and the role that a notice is for."""
    if person.has(*_WATCHES_ALL) or owed.responder == person.id or person.id in owed.paged:
        return True
    return owed.duty.kind is DutyKind.NOTIFY and owed.duty.of in person.roles


def must_see_board(person: Person) -> None:
    """Refuse who may not see cases."""
    if not sees_board(person):
        raise NotAllowed("Your role does not see cases.")


def must_read_rules(person: Person) -> None:
    """Refuse who neither works with the rules nor looks after them; they hold no word of anybody's."""
    if not person.has(*_CLINICAL, Role.AUDITOR, Role.ADMIN):
        raise NotAllowed("Your role does not see the rules.")


def must_read(person: Person, case: Case) -> None:
    """Refuse who may not read what was said in this case."""
    if not reads_words(person, case):
        raise NotAllowed(
            "You can read a case that waits, that is yours, or for which you were paged. Ask a supervisor for this one."
        )


def must_read_history(person: Person, case: Case) -> bool:
    """Refuse who may not see the history; return whether they may see its words too."""
    if person.has(Role.AUDITOR):
        return reads_words(person, case)
    must_read(person, case)
    return True


def must_claim(person: Person) -> None:
    """Refuse who does not answer the line."""
    if not person.has(Role.RESPONDER, *_WATCHES_ALL):
        raise NotAllowed("Only responders and supervisors can take a case from the queue.")


def must_work_on(person: Person, case: Case) -> None:
    """Refuse who is not at work on this case: its responder, a person paged for it, or who watches over all."""
    if person.has(*_WATCHES_ALL) or case.responder == person.id:
        return
    if any(page.person == person.id for x in case.escalations for page in x.pages):
        return
    if case.state is CaseState.WAITING and person.has(Role.RESPONDER):
        raise NotAllowed(f"Take case {case.number} first; then you can work on it.")
    raise NotAllowed(f"Case {case.number} is with {case.responder_name or 'somebody else'}.")


def must_release(person: Person, case: Case) -> None:
    """Refuse who neither has the case nor watches over all."""
    if case.responder != person.id and not person.has(*_WATCHES_ALL):
        raise NotAllowed(f"Only {case.responder_name or 'its responder'} or a supervisor can give this case back.")


def plans_rotas(person: Person) -> bool:
    """Say whether they may arrange shifts for others, and overrule the rules of a rota with a reason."""
    return person.has(*_WATCHES_ALL)


def must_act_for(asker: Person, person: str) -> None:
    """Refuse who arranges something for somebody else without watching over all."""
    if asker.id != person and not plans_rotas(asker):
        raise NotAllowed("Only a supervisor or the clinical lead can arrange this for somebody else.")


def must_supervise(person: Person) -> None:
    """Refuse who does not watch over all."""
    if not person.has(*_WATCHES_ALL):
        raise NotAllowed("Only a supervisor or the clinical lead can do this.")


def plans(person: Person) -> bool:
    """Say whether they look after who is on call, and so may know how colleagues can be reached."""
    return person.has(*_WATCHES_ALL, Role.ADMIN)


def must_see_reports(person: Person) -> None:
    """Refuse who neither watches over all nor looks after the house; a report holds nothing of anybody's case."""
    if not person.has(*_WATCHES_ALL, Role.ADMIN, Role.AUDITOR):
        raise NotAllowed("Reports are for supervisors, the clinical lead, administrators and auditors.")
