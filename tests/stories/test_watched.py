"""Nights seen from outside: whoever watches over us hears from us only while everything is well."""

from __future__ import annotations

from crisis_hub.adapters.telephony.simulator import Fault, FaultKind
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method
from tests.night import BEN, night
from tests.stories.scenes import at_high_risk, at_imminent_risk, ladder, page
from tests.stories.test_reached import BROWSER, MAIL, reached_by


class Outside:
    """Counts the signs of life."""

    def __init__(self) -> None:
        self.heard = 0

    async def ping(self) -> None:
        """Hear one."""
        self.heard += 1


async def test_the_sign_of_life_is_given_every_minute_stops_while_a_page_is_late_and_comes_again() -> None:
    outside = Outside()
    async with night(pinger=outside) as tonight:
        await tonight.seconds(185)
        assert outside.heard == 4

        tonight.carrier.faults.add(Fault(FaultKind.REST_503, count=None))
        case = await at_high_risk(tonight)
        await tonight.seconds(20)
        before = outside.heard
        await tonight.minutes(5)
        assert outside.heard == before, "a page has not left: silence is the alarm"

        tonight.carrier.faults.switch_off()
        await tonight.seconds(30)
        assert (await page(tonight, case, "ben")).attempts[0].state is AttemptState.DELIVERED
        await tonight.done("rui", f"/api/cases/{case.id}/stand-down", {"reason": "their mother is with them"})
        await tonight.seconds(61)
        assert outside.heard > before


async def test_with_the_carrier_gone_a_page_still_goes_out_by_push_and_by_mail_and_is_taken() -> None:
    """They are ways of their own: nothing of them waits for the carrier of texts and calls."""
    ways = (Reach(Method.SMS, BEN, 0), Reach(Method.PUSH, BROWSER, 0), Reach(Method.EMAIL, MAIL, 0))
    async with night(staff=reached_by(*ways)) as tonight:
        tonight.carrier.faults.add(Fault(FaultKind.REST_SILENT_BEFORE, count=None))
        case = await at_imminent_risk(tonight)
        await tonight.seconds(1)

        states = {a.method: a.state for a in (await page(tonight, case, "ben")).attempts}
        assert (states[Method.PUSH], states[Method.EMAIL]) == (AttemptState.SENT, AttemptState.SENT)
        await tonight.browser.post(tonight.push.pushed[0][1]["take"])
        await tonight.settle()

        x = await ladder(tonight, case)
        assert (x.state, x.taken_by) == (EscalationState.TAKEN, "ben")
        tonight.carrier.faults.switch_off()
