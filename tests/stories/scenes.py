"""How nights begin: somebody writes, a responder takes it, the answers call for somebody."""

from __future__ import annotations

from crisis_hub.adapters.telephony.simulator import Phone
from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation import Escalation, Page
from tests.night import Night

WRITER = "+15550100900"
CALLER = "+15550100901"


async def taken_by_rui(tonight: Night, words: str = "i cant do this anymore", number: str = WRITER) -> Case:
    """Somebody writes, and Rui takes the case."""
    case = await tonight.text(number, words)
    await tonight.done("rui", f"/api/cases/{case.id}/claim")
    return case


async def at_high_risk(tonight: Night, number: str = WRITER) -> Case:
    """Somebody has thoughts of killing themselves right now: the clinician on call is paged."""
    case = await taken_by_rui(tonight, number=number)
    await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
    return case


async def at_imminent_risk(tonight: Night, number: str = WRITER) -> Case:
    """Violence is happening: the clinician on call and every supervisor are paged in the same second."""
    case = await taken_by_rui(tonight, number=number)
    await tonight.answer(case, "ch_violence_inquiry.v10=yes")
    return case


async def ladder(tonight: Night, case: Case, number: int = -1) -> Escalation:
    """Return a ladder of the case, the newest if nothing else is said."""
    return (await tonight.case(case.id)).escalations[number]


async def page(tonight: Night, case: Case, person: str) -> Page:
    """Return the newest page of somebody for this case."""
    now = await tonight.case(case.id)
    return [page for x in now.escalations for page in x.pages if page.person == person][-1]


async def paged(tonight: Night, case: Case) -> list[str]:
    """Return who was paged, in order."""
    now = await tonight.case(case.id)
    return [page.person for x in now.escalations for page in x.pages]


def pages_on(phone: Phone, number: str) -> int:
    """Count the texts on a phone that ask to take this case."""
    return sum(f"ase {number}. Reply 1" in text.body for text in phone.texts)


def link_on(phone: Phone) -> str:
    """Return the path of the newest link on a phone."""
    bodies = [text.body for text in phone.texts if "/p/" in text.body]
    return "/p/" + bodies[-1].rpartition("/p/")[2]
