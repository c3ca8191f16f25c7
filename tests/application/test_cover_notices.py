"""Who is told of a request for cover: whom it concerns, once, in their language, and without a private word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from crisis_hub.application.arranging import Arranging
from crisis_hub.application.cover_wishes import Ask
from crisis_hub.application.covers import Covers
from crisis_hub.application.errands import LANES
from crisis_hub.application.plans import SEND_COVER_NOTICE, TELL_OF_COVER
from crisis_hub.application.ports import Claimed, Settlement
from crisis_hub.application.shifts import Shifts
from crisis_hub.domain.events import PersonRegistered, Reach, Stint, Target, WayOptedOut
from crisis_hub.domain.records import replace
from crisis_hub.domain.vocabulary import Method, PersonId, Role
from tests.application.hands import ANA, BEN, RUI, SAM, STAFF, Hands, hands, person
from tests.application.test_paging import on_ladder, rota

BOOK = on_ladder(Target("rota", "clinicians"), rotas=[rota("ana", last_resort=["ben"])])
"""Ana has every shift, and Ben is named as the last resort."""

MAIL = "ben@example.org"
NOTE = "a wedding that nobody need know of"


def covers(here: Hands) -> Covers:
    return Covers(here.rotas, Shifts(here.rotas, here.directory), here.clock, here.world.ids)


def stint(here: Hands, begin: float = 1, end: float = 9) -> Stint:
    return Stint(here.clock.now() + timedelta(hours=begin), here.clock.now() + timedelta(hours=end))


async def asked(here: Hands, by: str = "ana", of: str | None = None, hours: Stint | None = None) -> str:
    wish = Ask(PersonId("ana"), hours or stint(here), PersonId(of) if of else None, None, NOTE)
    cover = await covers(here).ask(here.colleague(by), "clinicians", wish)
    await here.seconds(2)
    return cover.id


async def leave(here: Hands, who: str, hours: Stint) -> None:
    arranging = Arranging(here.rotas, Shifts(here.rotas, here.directory), here.clock, here.world.ids)
    await arranging.take_leave(here.colleague(who), who, hours)


def told(here: Hands, number: str) -> list[str]:
    """Return the notices that somebody got by text, oldest first."""
    return [one.words for one in here.texts_to(number)]


def settled(here: Hands) -> list[tuple[str, str]]:
    """Return what became of every notice, and why."""
    kept = here.ledger._kept.effects.values()
    return [(one.state, one.detail) for one in kept if one.effect.kind == SEND_COVER_NOTICE]


def staff(ben: Sequence[Reach], languages: tuple[str, ...] = ("en",)) -> tuple[PersonRegistered, ...]:
    changed = replace(person("ben", Role.CLINICIAN, BEN), reach=tuple(ben), languages=languages)
    return tuple(changed if one.person == "ben" else one for one in STAFF)


async def test_everybody_on_the_rota_is_asked_once_and_who_asked_is_not() -> None:
    async with hands(BOOK) as here:
        await asked(here)
        [notice] = told(here, BEN)
        assert notice.startswith("On clinicians cover is asked for: the shift of Ana from ")
        assert notice.endswith("https://hub.example.org/my-shifts")
        assert (told(here, ANA), told(here, SAM), told(here, RUI)) == ([], [], [])
        await here.seconds(30)
        assert len(told(here, BEN)) == 1


async def test_the_span_is_said_by_the_clocks_of_the_rota() -> None:
    there = replace(BOOK.rotas["clinicians"], timezone="Asia/Tokyo")
    async with hands(replace(BOOK, rotas={"clinicians": there})) as here:
        hours = stint(here)
        await asked(here, hours=hours)
        start = hours.start + timedelta(hours=9)
        assert f"from {start:%a %d %b %H:%M} until " in told(here, BEN)[0]
        assert "(Asia/Tokyo)" in told(here, BEN)[0]


async def test_only_the_one_who_is_asked_hears_of_it() -> None:
    async with hands(BOOK) as here:
        await asked(here, of="sam")
        assert told(here, BEN) == []
        assert told(here, SAM)[0].startswith("On clinicians you are asked to take the shift of Ana")


async def test_whose_shift_was_taken_hears_of_it_and_who_took_it_knows() -> None:
    async with hands(BOOK) as here:
        id = await asked(here, of="ben")
        await covers(here).take(here.colleague("ben"), id)
        await here.seconds(2)
        assert told(here, ANA)[0].startswith("On clinicians Ben now has the shift of Ana from ")
        assert len(told(here, BEN)) == 1, "the request"


async def test_a_shift_that_is_taken_at_once_was_asked_of_nobody() -> None:
    async with hands(BOOK) as here:
        await covers(here).take_shift(here.colleague("ben"), "clinicians", "ana", stint(here))
        await here.seconds(2)
        assert told(here, BEN) == []
        assert len(told(here, ANA)) == 1


async def test_both_hear_of_a_shift_that_a_supervisor_gives() -> None:
    async with hands(BOOK) as here:
        await covers(here).take_shift(here.colleague("sam"), "clinicians", "ana", stint(here), by="ben")
        await here.seconds(2)
        assert "you now have the shift of Ana" in told(here, BEN)[0]
        assert "arranged by Sam" in told(here, BEN)[0]
        assert "Ben now has the shift of Ana" in told(here, ANA)[0]
        assert told(here, SAM) == []


async def test_whose_shift_is_declined_hears_of_it() -> None:
    async with hands(BOOK) as here:
        id = await asked(here, of="ben")
        await covers(here).decline(here.colleague("ben"), id, reason=NOTE)
        await here.seconds(2)
        assert told(here, ANA)[0].startswith("On clinicians Ben declined the shift of Ana")


async def test_when_everybody_who_was_asked_has_declined_whose_shift_it_is_hears_of_it_once() -> None:
    async with hands(replace(BOOK, rotas={"clinicians": rota("ana", last_resort=["ben", "sam"])})) as here:
        id = await asked(here)
        await covers(here).decline(here.colleague("ben"), id)
        await here.seconds(2)
        assert told(here, ANA) == [], "one is left who may say yes"
        await covers(here).decline(here.colleague("sam"), id)
        await here.seconds(2)
        [notice] = told(here, ANA)
        assert "everybody who was asked declined the shift of Ana" in notice


async def test_a_swap_names_both_shifts_when_it_is_asked_made_and_taken_back() -> None:
    """Ben has the week after Ana's."""
    async with hands(replace(BOOK, rotas={"clinicians": rota("ana", "ben")})) as here:
        now = here.clock.now()
        whose = {
            person: next(
                day
                for day in range(1, 20)
                if here.rotas.on_call(here.rotas.rota("clinicians"), now + timedelta(days=day)).people == (person,)
            )
            for person in ("ana", "ben")
        }
        hers, his = (
            Stint(now + timedelta(days=whose[one]), now + timedelta(days=whose[one], hours=2)) for one in ("ana", "ben")
        )
        wish = Ask(PersonId("ana"), hers, PersonId("ben"), his, NOTE)
        id = (await covers(here).ask(here.colleague("ana"), "clinicians", wish)).id
        await here.seconds(2)
        await covers(here).take(here.colleague("ben"), id)
        await here.seconds(2)
        await covers(here).withdraw(here.colleague("sam"), id)
        await here.seconds(2)

        asks, undone = told(here, BEN)
        made, undone_too = told(here, ANA)
        assert "you are asked to swap: the shift of Ana from " in asks
        assert "Ben now has the shift of Ana from " in made
        assert undone == undone_too
        assert "the swap was taken back: Ana has the shift from " in undone
        zone = ZoneInfo("America/Chicago")
        for notice in (asks, made, undone):
            assert all(f"{one.start.astimezone(zone):%a %d %b %H:%M}" in notice for one in (hers, his))
            assert "{" not in notice


async def test_who_took_a_shift_hears_when_it_is_taken_back() -> None:
    async with hands(BOOK) as here:
        id = await asked(here, of="ben")
        await covers(here).take(here.colleague("ben"), id)
        await here.seconds(2)
        await covers(here).withdraw(here.colleague("ana"), id, NOTE)
        await here.seconds(2)
        assert "is with Ana again and no longer with Ben" in told(here, BEN)[-1]
        assert len(told(here, ANA)) == 1


async def test_a_request_that_is_withdrawn_before_anybody_took_it_changes_nobodys_plans() -> None:
    async with hands(BOOK) as here:
        id = await asked(here, of="ben")
        await covers(here).withdraw(here.colleague("ana"), id)
        await here.seconds(2)
        assert len(told(here, BEN)) == 1


async def test_a_lapse_is_told_to_whose_shift_it_stays_and_to_no_supervisor() -> None:
    async with hands(BOOK) as here:
        soon = Stint(here.clock.now() + timedelta(seconds=10), here.clock.now() + timedelta(hours=8))
        await asked(here, hours=soon)
        await here.seconds(15)
        assert "It stays with Ana" in told(here, ANA)[-1]
        assert told(here, SAM) == []


async def test_a_lapse_that_leaves_a_shift_with_nobody_is_told_to_supervisors() -> None:
    async with hands(BOOK) as here:
        soon = Stint(here.clock.now() + timedelta(seconds=10), here.clock.now() + timedelta(hours=8))
        await asked(here, hours=soon)
        await leave(here, "ana", Stint(soon.start, soon.end))
        await here.seconds(15)
        assert "nobody who can be paged is on call" in told(here, SAM)[0]
        assert told(here, SAM)[0].endswith("/rota/clinicians")
        assert told(here, ANA) == [], "it is not hers to keep"


async def test_mail_comes_beside_the_text_to_who_has_it_and_both_in_their_language() -> None:
    spanish = {**BOOK.wording, "es": {"cover_asked": "Se pide: {whose}. {link}", "cover_subject": "Guardias: {rota}"}}
    ways = (Reach(Method.SMS, BEN, 0), Reach(Method.EMAIL, MAIL, 0))
    async with hands(replace(BOOK, wording=spanish), staff(ways, ("es",))) as here:
        await asked(here)
        assert told(here, BEN)[0].startswith("Se pide: Ana.")
        [mailed] = here.mail.mailed
        assert (mailed.to, mailed.subject) == (MAIL, "Guardias: clinicians")
        assert "Se pide: Ana." in mailed.body


async def test_no_note_and_no_reason_goes_out() -> None:
    ways = (Reach(Method.SMS, BEN, 0), Reach(Method.EMAIL, MAIL, 0))
    async with hands(BOOK, staff(ways)) as here:
        id = await asked(here, of="ben")
        await covers(here).decline(here.colleague("ben"), id, reason=NOTE)
        await here.seconds(2)
        planned = [effect.subject for entry in here.ledger.entries for effect in entry.effects]
        assert len(told(here, BEN)) == len(told(here, ANA)) == 1
        assert NOTE not in f"{told(here, BEN)} {told(here, ANA)} {here.mail.mailed} {planned}"


async def test_who_stopped_their_texts_gets_none_and_the_settlement_says_so() -> None:
    async with hands(BOOK) as here:
        stopped = WayOptedOut(PersonId("ben"), Method.SMS, "texted STOP", BEN)
        await here.directory.record((stopped,), "test")
        await asked(here)
        assert told(here, BEN) == []
        assert settled(here) == [(Settlement.DROPPED, "opted out")]


async def test_who_has_no_number_gets_none_and_the_settlement_says_so() -> None:
    async with hands(BOOK, staff(())) as here:
        await asked(here)
        assert settled(here) == [(Settlement.DROPPED, "no way to be told")]


async def test_nobody_is_asked_for_a_shift_that_was_taken_while_the_carrier_was_busy() -> None:
    async with hands(BOOK) as here:
        here.telephony.be_busy(30.0, only=BEN)
        id = await asked(here)
        assert told(here, BEN) == []
        await covers(here).take(here.colleague("ben"), id)
        await here.seconds(60)
        assert told(here, BEN) == []
        assert settled(here)[0] == (Settlement.DROPPED, "no longer so")


async def test_who_could_not_be_told_while_the_carrier_was_busy_is_told_later() -> None:
    async with hands(BOOK) as here:
        here.telephony.be_busy(5.0, only=BEN)
        await asked(here)
        assert told(here, BEN) == []
        await here.seconds(10)
        assert len(told(here, BEN)) == 1


async def test_a_notice_that_may_have_gone_out_is_not_sent_again() -> None:
    async with hands(BOOK) as here:
        here.telephony.fall_silent(accepted=True, only=BEN)
        await asked(here)
        await here.seconds(90)
        assert len(told(here, BEN)) == 1
        assert settled(here) == [(Settlement.FAILED, "OutcomeUnknown")]


async def test_planning_again_after_a_lease_ran_out_tells_nobody_twice() -> None:
    async with hands(BOOK) as here:
        await asked(here)
        again = [one for entry in here.ledger.entries for one in entry.effects if one.kind == TELL_OF_COVER]
        await here.errands.run(Claimed(again[0], 2))
        await here.seconds(5)
        assert len(told(here, BEN)) == len(settled(here)) == 1


async def test_every_word_about_cover_goes_in_the_lane_of_notices() -> None:
    """A page has a lane of its own and never waits for one of these."""
    notices = next(lane for lane in LANES if lane.name == "notices")
    async with hands(BOOK) as here:
        id = await asked(here, of="ben")
        await covers(here).decline(here.colleague("ben"), id)
        await here.seconds(2)
        planned = [one for entry in here.ledger.entries for one in entry.effects]
        assert [one.kind for one in planned] == [TELL_OF_COVER, SEND_COVER_NOTICE] * 2
        assert all(notices.first <= one.priority <= notices.last for one in planned)
