"""Which way a page went by is known by its name, so that what is learned of one is never said of another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crisis_hub.application.hub import Done
from crisis_hub.application.plans import NOTE_OPT_OUT
from crisis_hub.application.ports import CarrierText, Claimed, Effect, StoreUnavailable
from crisis_hub.application.reaching import Try
from crisis_hub.domain.commands import MergeAttempt
from crisis_hub.domain.events import PersonPaged, Reach, Recorded
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptId, AttemptState, Method, TakenBy
from tests.application.hands import ANA, BEN, STAFF, Hands, hands
from tests.application.test_reach import BROWSER, MAIL, listed

FIRST, SECOND = ANA, "+15550100077"
TWO_NUMBERS = (listed(Reach(Method.SMS, FIRST, 0), Reach(Method.SMS, SECOND, 0)), *STAFF[1:])


def closed(here: Hands) -> list[str]:
    """Return the addresses of Ana's that nothing may be sent to."""
    return [way.address for way in here.colleague("ana").ways.all if way.opted_out_at]


def proved(here: Hands) -> list[str]:
    """Return the addresses of Ana's that were shown to reach her."""
    return [way.address for way in here.colleague("ana").ways.all if way.proved_at]


async def at_high_risk(here: Hands, sender: str = "+15550100900", sid: str = "SM1") -> str:
    case = await here.a_case(sender, sid)
    await here.judge(case, Risk.HIGH)
    return case


async def test_one_opt_out_closes_one_way_however_often_it_is_told() -> None:
    """The place of a way among those that count changes when one is closed; its name does not."""
    async with hands(staff=TWO_NUMBERS) as here:
        here.telephony.refuse("21610", "unsubscribed", times=None, only=FIRST)
        case = await at_high_risk(here)
        assert closed(here) == [FIRST]

        attempt = (await here.page_of(case, "ana")).page.attempts[0]
        again = Effect("told again", case, NOTE_OPT_OUT, attempt.id, here.clock.now(), 9)
        await here.reachability.opted_out(Claimed(again, 1))

        assert closed(here) == [FIRST]
        assert len(here.texts_to(SECOND)) == 1


async def test_a_second_opt_out_while_the_page_runs_closes_the_second_way() -> None:
    """It is not lost either, because another way was closed after the page began."""
    async with hands(staff=TWO_NUMBERS) as here:
        here.telephony.refuse("21610", "unsubscribed", times=None, only=FIRST)
        case = await at_high_risk(here)
        attempt = (await here.page_of(case, "ana")).page.attempts[1]
        await here.pages.progressed(case, attempt.id, AttemptState.FAILED, attempt.carrier_id, "undelivered 21610")
        await here.settle()

        assert closed(here) == [FIRST, SECOND]


@pytest.mark.parametrize("number", [FIRST, SECOND])
async def test_a_reply_proves_the_number_it_came_from(number: str) -> None:
    async with hands(staff=TWO_NUMBERS) as here:
        await at_high_risk(here)
        await here.pages.text_reply(here.colleague("ana"), "1", "SM9", number)
        await here.settle()

        assert proved(here) == [number]


async def test_a_reply_proves_its_number_also_when_a_way_before_it_was_closed_meanwhile() -> None:
    async with hands(staff=TWO_NUMBERS) as here:
        await at_high_risk(here)
        await here.reachability.closed(here.colleague("ana"), Method.SMS, FIRST)
        await here.pages.text_reply(here.colleague("ana"), "1", "SM9", SECOND)
        await here.settle()

        assert proved(here) == [SECOND]


async def test_where_nobody_can_say_which_number_was_answered_none_is_proved() -> None:
    async with hands(staff=TWO_NUMBERS) as here:
        await at_high_risk(here)
        await here.pages.text_reply(here.colleague("ana"), "1", "SM9")
        await here.settle()

        assert proved(here) == []


# ------------------------------------------------------------------------------------------ what an answer proves


async def test_the_button_on_our_own_screens_proves_no_way_at_all() -> None:
    """Who sat at the console when the page came may have lost the telephone weeks ago."""
    async with hands() as here:
        case = await at_high_risk(here)
        page = (await here.page_of(case, "ana")).page

        await here.pages.take_as(page.id, "ana", take=True)
        await here.settle()

        assert (await here.ladder(case)).taken_by == "ana"
        assert proved(here) == []
        taken = [a.state for a in (await here.page_of(case, "ana")).page.attempts]
        assert AttemptState.TAKEN not in taken, "nobody is seen to have answered a text that they never looked at"


async def pressed(here: Hands, link: str) -> None:
    """Somebody opens a link and presses its button."""
    token = link.rpartition("/p/")[2].split()[0]
    await here.pages.take_by_link(await here.pages.by_token(token), TakenBy.BUTTON, token)
    await here.settle()


EVERY_LINK = (
    listed(
        Reach(Method.VOICE, FIRST, 0),
        Reach(Method.SMS, FIRST, 0),
        Reach(Method.PUSH, BROWSER, 0),
        Reach(Method.EMAIL, MAIL, 0),
    ),
    *STAFF[1:],
)


@pytest.mark.parametrize("method", [Method.SMS, Method.PUSH, Method.EMAIL])
async def test_the_button_behind_a_link_proves_the_way_that_brought_the_link(method: Method) -> None:
    async with hands(staff=EVERY_LINK) as here:
        case = await at_high_risk(here)
        links = {
            Method.SMS: here.texts_to(FIRST)[-1].words,
            Method.PUSH: str(here.push.pushed[-1][1]["take"]),
            Method.EMAIL: here.mail.mailed[-1].body,
        }

        await pressed(here, links[method])

        assert [way.method for way in here.colleague("ana").ways.all if way.proved_at] == [method]
        page = (await here.page_of(case, "ana")).page
        assert [a.method for a in page.attempts if a.state is AttemptState.TAKEN] == [method]


async def test_a_link_that_came_to_two_numbers_proves_neither() -> None:
    async with hands(staff=TWO_NUMBERS) as here:
        await at_high_risk(here)
        await pressed(here, here.texts_to(FIRST)[-1].words)

        assert (proved(here), len(here.texts_to(SECOND))) == ([], 1)


@pytest.mark.parametrize("end", [".0", ".9", ".x", ".1.2", ".-1"])
async def test_a_link_with_another_end_takes_the_page_and_proves_nothing_that_did_not_come(end: str) -> None:
    """A program that breaks the end of a link must not cost the page."""
    staff = (listed(Reach(Method.VOICE, FIRST, 0), Reach(Method.SMS, FIRST, 0)), *STAFF[1:])
    async with hands(staff=staff) as here:
        case = await at_high_risk(here)
        link = here.texts_to(FIRST)[-1].words.rpartition("/p/")[2]

        await pressed(here, f"/p/{link}{end}")

        assert (await here.ladder(case)).taken_by == "ana"
        assert proved(here) == []


async def test_a_text_from_the_number_that_was_called_proves_nothing_of_the_number_that_was_texted() -> None:
    apart = (listed(Reach(Method.SMS, FIRST, 0), Reach(Method.VOICE, SECOND, 0)), *STAFF[1:])
    async with hands(staff=apart) as here:
        case = await at_high_risk(here)
        await here.pages.text_reply(here.colleague("ana"), "1", "SM9", SECOND)
        await here.settle()

        assert (await here.ladder(case)).taken_by == "ana"
        assert proved(here) == []


async def test_a_way_that_was_closed_before_its_time_is_not_tried_and_no_other_in_its_place() -> None:
    """The other number has a text of its own."""
    later = (listed(Reach(Method.SMS, SECOND, 0), Reach(Method.SMS, FIRST, 30)), *STAFF[1:])
    async with hands(staff=later) as here:
        case = await at_high_risk(here)
        await here.reachability.closed(here.colleague("ana"), Method.SMS, FIRST)
        await here.seconds(32)

        assert (len(here.texts_to(FIRST)), len(here.texts_to(SECOND))) == (0, 1)
        assert (await here.page_of(case, "ana")).page.attempts[1].state is AttemptState.FAILED


async def test_who_was_given_a_new_number_meanwhile_is_reached_there() -> None:
    later = (listed(Reach(Method.EMAIL, MAIL, 0), Reach(Method.SMS, FIRST, 30)), *STAFF[1:])
    async with hands(staff=later) as here:
        await at_high_risk(here)
        await here.directory.record((listed(Reach(Method.SMS, SECOND, 30), Reach(Method.EMAIL, MAIL, 0)),), "test")
        await here.seconds(32)

        assert (len(here.texts_to(FIRST)), len(here.texts_to(SECOND))) == (0, 1)


async def test_a_list_put_in_another_order_moves_no_page_to_another_number() -> None:
    later = (listed(Reach(Method.SMS, FIRST, 0), Reach(Method.SMS, SECOND, 30)), *STAFF[1:])
    async with hands(staff=later) as here:
        await at_high_risk(here)
        await here.directory.record((listed(Reach(Method.SMS, SECOND, 30), Reach(Method.SMS, FIRST, 0)),), "test")
        await here.seconds(32)

        assert (len(here.texts_to(FIRST)), len(here.texts_to(SECOND))) == (1, 1)


async def test_a_page_of_before_ways_had_names_teaches_only_what_is_certain() -> None:
    """Its number may mean another way by now; where there is one way of its kind there is no doubt."""
    staff = (
        listed(Reach(Method.SMS, FIRST, 0), Reach(Method.SMS, SECOND, 0), Reach(Method.PUSH, BROWSER, 0)),
        *STAFF[1:],
    )
    async with hands(staff=staff) as here:
        case = await at_high_risk(here)
        text, _, push = (await here.page_of(case, "ana")).page.attempts
        ana = here.colleague("ana")

        assert here.reaching.meant(ana, replace(text, way="")) is None
        found = here.reaching.meant(ana, replace(push, way=""))
        assert found is not None
        assert found.address == BROWSER


async def test_the_name_of_a_way_tells_nothing_of_its_address() -> None:
    async with hands(staff=TWO_NUMBERS) as here:
        case = await at_high_risk(here)
        paged = [one.fact for one in await here.hub.history(case) if isinstance(one.fact, PersonPaged)]

        names = {attempt.way for fact in paged for attempt in fact.attempts}
        assert len(names) == 4  # two numbers of Ana's, a text and a call to Ben
        assert all(len(name) == 22 for name in names)
        assert not any(number[-4:] in name for name in names for number in (FIRST, SECOND, BEN))


# ------------------------------------------------------------------------------------------ merged texts


async def test_both_numbers_of_somebody_get_every_page_and_the_first_at_once() -> None:
    """Texts wait for each other by number: who has two must not miss on one what went to the other."""
    async with hands(staff=TWO_NUMBERS) as here:
        numbers = []
        for n in range(3):
            case = await at_high_risk(here, f"+1555010091{n}", f"SM{n}")
            numbers.append((await here.case(case)).number)
        assert (len(here.texts_to(FIRST)), len(here.texts_to(SECOND))) == (1, 1)
        await here.seconds(12)

        for address in (FIRST, SECOND):
            said = " ".join(text.words for text in here.texts_to(address))
            assert all(number in said for number in numbers)


async def test_texts_that_wait_go_by_themselves_when_the_ledger_failed_while_they_were_gathered() -> None:
    """Whoever was to carry them broke; nobody carries them now, and none may wait for ever."""
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0)), *STAFF[1:])) as here:
        cases = [await at_high_risk(here, f"+1555010091{n}", f"SM{n}") for n in range(4)]
        assert len(here.texts_to(ANA)) == 1
        reading, failed, bundles = here.ledger.read, list[str](), here.paging._bundles

        async def gone(stream: str) -> Sequence[Recorded]:
            if bundles._carried and len(failed) < 3:
                failed.append(stream)
                raise StoreUnavailable("The database is gone; start it.")
            return await reading(stream)

        here.ledger.read = gone  # type: ignore[method-assign]
        await here.seconds(60)

        assert failed
        said = " ".join(text.words for text in here.texts_to(ANA))
        for case in cases:
            assert (await here.page_of(case, "ana")).page.attempts[0].state is AttemptState.SENT
            assert (await here.case(case)).number in said


async def test_a_text_that_waited_for_others_was_surely_not_sent_and_nobody_asks_the_carrier_for_it() -> None:
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0)), *STAFF[1:])) as here:
        asked = list[str]()
        finding = here.telephony.find_texts

        async def counted(to: str, since: datetime) -> Sequence[CarrierText]:
            asked.append(to)
            return await finding(to, since)

        here.telephony.find_texts = counted  # type: ignore[method-assign]
        cases = [await at_high_risk(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        await here.seconds(14)

        assert {(await here.page_of(case, "ana")).page.attempts[0].state for case in cases} == {AttemptState.SENT}
        assert asked == []


async def test_what_another_process_is_sending_just_now_does_not_go_along_too() -> None:
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0)), *STAFF[1:])) as here:
        cases = [await at_high_risk(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        [theirs] = (await here.page_of(cases[2], "ana")).page.attempts
        planned = [one.effect for one in here.ledger._kept.effects.values()]
        [key] = [one.key for one in planned if (one.kind, one.subject) == ("send_page", theirs.id)]
        assert await here.ledger.take_effect(key, here.clock.now(), "another process", 20)
        await here.seconds(14)

        numbers = [(await here.case(case)).number for case in cases]
        said = [[number for number in numbers if number in text.words] for text in here.texts_to(ANA)]
        assert said == [numbers[:1], numbers[1:2]]


async def test_a_text_that_goes_along_and_is_never_heard_of_is_looked_up_before_it_is_sent_again() -> None:
    """Whoever carried it died: the ledger knows that it was taken, and the carrier's list tells the rest."""
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0)), *STAFF[1:])) as here:
        cases = [await at_high_risk(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        doing = here.hub.do

        async def dies(*args: Any, **named: Any) -> Done:  # noqa: ANN401 - whatever the hub is told
            if isinstance(args[1], MergeAttempt):
                raise asyncio.CancelledError
            return await doing(*args, **named)

        here.hub.do = dies  # type: ignore[method-assign]
        await here.seconds(14)
        here.hub.do = doing  # type: ignore[method-assign]
        await here.seconds(25)

        assert len(here.texts_to(ANA)) == 2
        assert {(await here.page_of(case, "ana")).page.attempts[0].state for case in cases} == {AttemptState.SENT}


async def test_a_text_waits_ten_seconds_and_no_more_however_many_processes_see_it() -> None:
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0)), *STAFF[1:])) as here:
        case = await at_high_risk(here, "+15550100911", "SM1")
        asked, now = await here.page_of(case, "ana"), here.clock.now()
        attempt = replace(asked.page.attempts[0], id=AttemptId("another"))
        another = Try(asked.case, asked.escalation, asked.page, attempt)
        effect = Effect("e", case, "send_page", attempt.id, now - timedelta(seconds=9), 1)

        assert here.paging._bundles.waits_until(another, Claimed(effect, 2)) == now + timedelta(seconds=1)
