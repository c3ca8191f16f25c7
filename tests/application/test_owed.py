"""What is still owed stays in sight: in open and in closed cases, after a restart, for every process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from crisis_hub.application import owed as owed_module
from crisis_hub.application.owed import Owed, OwedDuty
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.application.rights import sees_owed
from crisis_hub.domain.commands import ClaimCase, CloseCase, DeclineDuty, MeetDuty, ReleaseCase
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.vocabulary import DutyKind, PersonId
from tests.application.hands import Hands, World, hands
from tests.domain.given import LADDERS, Is, rule, rulebook

BOOK = rulebook(
    rule("elder", Is("danger.weapon", "yes"), Owe(DutyKind.REPORT, "elder", 36.0), Owe(DutyKind.NOTIFY, "clinician")),
    rule("call-back", Is("danger.plan", "yes"), Owe(DutyKind.FOLLOW_UP, "", 24.0)),
    ladders=LADDERS,
)
CLOSE = CloseCase(PersonId("rui"), "safe", "")
REPORT, CALL_BACK, NOTICE = "report-elder", "follow_up", "notify-clinician"


def ids(found: Sequence[OwedDuty]) -> list[str]:
    return [one.duty.id for one in found]


async def closed_case(here: Hands, *answers: str, sender: str = "+15550100900", sid: str = "SM1") -> str:
    case = await here.a_case(sender, sid)
    for one in answers:
        await here.answer(case, one)
    await here.do(case, CLOSE)
    return case


# ------------------------------------------------------------------------------------------ what is owed


async def test_what_outlives_a_case_is_still_known_after_it_was_closed_earliest_due_first() -> None:
    async with hands(BOOK) as here:
        case = await closed_case(here, "danger.weapon=yes", "danger.plan=yes")
        found = await Owed(here.ledger).open()

        assert ids(found) == [CALL_BACK, REPORT, NOTICE]
        assert {(one.case, one.number, one.responder) for one in found} == {
            (case, (await here.case(case)).number, "rui")
        }
        assert {one.closed_at for one in found} == {(await here.case(case)).closed_at}
        assert found[0].closed_at is not None
        assert found[0].duty in (await here.case(case)).duties


async def test_what_was_done_or_declined_is_owed_no_more_and_a_proposal_alone_changes_nothing() -> None:
    async with hands(BOOK) as here:
        case = await closed_case(here, "danger.weapon=yes", "danger.plan=yes")
        owed = Owed(here.ledger)
        await owed.open()

        await here.do(case, MeetDuty(PersonId("sam"), CALL_BACK, "Called; she is well."))
        await here.do(case, DeclineDuty(PersonId("rui"), REPORT, "It was reported by the school."))
        found = await owed.open()
        assert ids(found) == [REPORT, NOTICE]
        assert found[0].duty.proposed == "rui"
        assert "school" not in repr(found)

        await here.do(case, DeclineDuty(PersonId("sam"), REPORT, "I saw the report."))
        await here.do(case, MeetDuty(PersonId("sam"), NOTICE, ""))
        assert await owed.open() == []


async def test_an_open_case_is_told_from_a_closed_one_and_has_whoever_has_it_now() -> None:
    async with hands(BOOK) as here:
        case = await here.a_case()
        await here.answer(case, "danger.plan=yes")
        owed = Owed(here.ledger)
        assert [(one.closed_at, one.responder) for one in await owed.open()] == [(None, "rui")]

        await here.do(case, ReleaseCase(PersonId("rui"), "end of my shift"))
        assert [one.responder for one in await owed.open()] == [None]
        await here.do(case, ClaimCase(PersonId("ria"), "Ria"))
        assert [one.responder for one in await owed.open()] == ["ria"]


async def test_overdue_is_what_should_have_been_done_by_now() -> None:
    async with hands(BOOK) as here:
        await closed_case(here, "danger.plan=yes")
        [owed] = await Owed(here.ledger).open()
        due = owed.duty.due_at

        assert due is not None
        assert not owed.overdue(here.clock.now())
        assert owed.overdue(due)


async def test_a_notice_is_for_its_role_to_see_and_the_rest_for_who_can_settle_it() -> None:
    async with hands(BOOK) as here:
        await closed_case(here, "danger.weapon=yes")
        found = await Owed(here.ledger).open()
        seen = {
            who: [one.duty.id for one in found if sees_owed(here.colleague(who), one)] for who in ("sam", "rui", "ana")
        }

        assert seen == {"sam": [REPORT, NOTICE], "rui": [REPORT, NOTICE], "ana": [NOTICE]}


async def test_a_closed_case_that_owes_nothing_is_let_go() -> None:
    """Or a year of cases would stay in memory."""
    async with hands(BOOK) as here:
        await closed_case(here)
        case = await closed_case(here, "danger.plan=yes", sender="+15550100901", sid="SM2")
        owed = Owed(here.ledger)
        await owed.open()
        assert set(owed._accounts) == {case}

        await here.do(case, MeetDuty(PersonId("sam"), CALL_BACK, "Called; she is well."))
        await owed.open()
        assert owed._accounts == {}


# ------------------------------------------------------------------------------------------ how it is read


async def test_it_survives_a_restart_and_is_the_same_in_every_process() -> None:
    world = World()
    async with hands(BOOK, world=world) as one, hands(BOOK, world=world, owner="two") as two:
        early = Owed(one.ledger)
        await closed_case(one, "danger.weapon=yes")
        await early.open()
        await closed_case(two, "danger.plan=yes", sender="+15550100901", sid="SM2")

        assert ids(await early.open()) == [CALL_BACK, REPORT, NOTICE]
        assert await Owed(two.ledger).open() == await early.open()


async def test_two_who_ask_at_once_apply_each_page_once() -> None:
    async with hands(BOOK) as here:
        case = await here.a_case()
        owed = Owed(here.ledger)
        await owed.open()
        await here.answer(case, "danger.weapon=yes")
        await here.answer(case, "danger.plan=yes")
        answers = await asyncio.gather(*(owed.open() for _ in range(4)))

        assert [ids(found) for found in answers] == [[CALL_BACK, REPORT, NOTICE]] * 4


async def test_a_ledger_longer_than_a_page_is_read_whole_and_only_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with hands(BOOK) as here:
        for number in range(3):
            await closed_case(
                here, "danger.weapon=yes", "danger.plan=yes", sender=f"+1555010091{number}", sid=f"SM{number}"
            )
        whole = await Owed(here.ledger).open()
        monkeypatch.setattr(owed_module, "_AT_ONCE", 2)
        by_twos = Owed(here.ledger)

        assert await by_twos.open() == whole
        assert by_twos._sequence == await here.ledger.head()
        assert await by_twos.open() == whole
        assert len(whole) == 9


async def test_a_ledger_that_is_gone_for_a_while_says_so_and_is_read_when_it_is_back() -> None:
    async with hands(BOOK) as here:
        await closed_case(here, "danger.weapon=yes", "danger.plan=yes")
        owed = Owed(here.ledger)
        here.ledger.go_down()
        with pytest.raises(StoreUnavailable):
            await owed.open()
        here.ledger.mend()

        assert ids(await owed.open()) == [CALL_BACK, REPORT, NOTICE]
