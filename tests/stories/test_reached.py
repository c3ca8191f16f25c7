"""Nights on which somebody is reached by push or e-mail, is told of their shift, or has stopped their texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crisis_hub.adapters.telephony.simulator import Fault, FaultKind, Person, Press
from crisis_hub.application.staff_list import Listed
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.events import Reach
from crisis_hub.domain.records import replace
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PersonId, Role
from tests.night import BEN, LINE, PASSWORD, STAFF, Night, night, shipped
from tests.stories.scenes import WRITER, at_high_risk, at_imminent_risk, ladder, page, pages_on

BROWSER, MAIL = '{"endpoint": "https://push.example.net/x"}', "ben@example.org"


def reached_by(*reach: Reach) -> Sequence[Listed]:
    """Everybody is reached as always but Ben, who is on call."""
    ben = Listed(PersonId("ben"), "Ben Hollis", (Role.CLINICIAN,), ("en",), "ben", PASSWORD, reach)
    return [ben if one.id == "ben" else one for one in STAFF]


async def test_a_page_by_push_is_taken_with_one_touch_on_the_notification() -> None:
    staff = reached_by(Reach(Method.PUSH, BROWSER, 0), Reach(Method.VOICE, BEN, 60))
    async with night(staff=staff) as tonight:
        case = await at_high_risk(tonight)
        _, message = tonight.push.pushed[0]
        assert message["kind"] == "page"
        assert (await page(tonight, case, "ben")).attempts[0].state is AttemptState.SENT

        answer = await tonight.browser.post(message["take"])
        await tonight.settle()

        assert answer.status_code == 200
        taken = await ladder(tonight, case)
        assert (taken.state, taken.taken_by) == (EscalationState.TAKEN, "ben")
        await tonight.seconds(90)
        ben = tonight.house.directory.person("ben")
        assert ben is not None
        assert [(way.method, way.verified) for way in ben.ways.all] == [(Method.PUSH, True), (Method.VOICE, False)]


async def test_a_push_that_is_passed_on_the_notification_goes_to_the_next_person() -> None:
    async with night(staff=reached_by(Reach(Method.PUSH, BROWSER, 0))) as tonight:
        case = await at_high_risk(tonight)

        await tonight.browser.post(tonight.push.pushed[0][1]["pass"])
        await tonight.seconds(2)

        assert (await ladder(tonight, case)).step == 2


async def test_a_page_by_mail_is_taken_by_its_link() -> None:
    async with night(staff=reached_by(Reach(Method.EMAIL, MAIL, 0))) as tonight:
        case = await at_imminent_risk(tonight)
        mailed = next(one for one in tonight.mail.mailed if one.to == MAIL)
        link = next(word for word in mailed.body.split() if "/p/" in word)
        await tonight.browser.get(link)
        assert (await ladder(tonight, case)).running, "a mail program that looks at every link takes nothing"

        await tonight.browser.post(link)
        assert (await ladder(tonight, case)).taken_by == "ben"


async def test_what_is_pushed_and_mailed_holds_no_word_of_the_person() -> None:
    staff = reached_by(Reach(Method.PUSH, BROWSER, 0), Reach(Method.EMAIL, MAIL, 0))
    async with night(staff=staff) as tonight:
        case = await at_imminent_risk(tonight)
        said = f"{tonight.push.pushed} {tonight.mail.mailed}"

        assert case.number in said
        assert not any(private in said for private in (WRITER, WRITER[1:], "anymore", "Rui", "Ben"))


# ------------------------------------------------------------------------------------- hand-off


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Nine hours after nights begin."""


def turns(*people: str, overrides: tuple[Override, ...] = ()) -> Rulebook:
    """Clinicians who take turns, a day each, from noon to noon."""
    start = datetime(2026, 2, 28, 12)  # noqa: DTZ001 - of the wall clock
    layer = Layer(Turn.DAILY, 1, start, tuple(PersonId(one) for one in people), "turns")
    rota = Rota("clinicians", "UTC", (layer,), (PersonId("sam"),), overrides=overrides)
    return replace(shipped(), rotas={"clinicians": rota})


def told(tonight: Night, person: str) -> Sequence[str]:
    """Return the words about shifts that somebody got by text."""
    return [text.body for text in tonight.phone_of(person).texts if "on call for" in text.body]


async def hours(tonight: Night, count: float) -> None:
    """Let hours pass, with a round of the watch at every minute."""
    for _ in range(int(count * 60)):
        await tonight.clock.advance(60)
        await tonight.house.watch.tick()
        await tonight.settle()


async def test_who_comes_on_call_hears_of_it_before_and_when_it_begins_once_each() -> None:
    async with night(rulebook=turns("ana", "ben")) as tonight:
        await tonight.seconds(5)
        assert told(tonight, "ben") == ["You are on call for clinicians from Sun 01 Mar 12:00 until Mon 02 Mar 12:00."]
        assert told(tonight, "ana") == []

        await hours(tonight, 9.25)

        assert told(tonight, "ben")[1:] == ["You are on call for clinicians now, until Mon 02 Mar 12:00."]
        assert told(tonight, "ana") == [], "hers begins in a day"
        assert tonight.phone_of("ben").calls == [], "a notice never rings"


async def test_who_stays_on_call_hears_nothing_and_who_stands_in_does() -> None:
    cover = Override(Change.REPLACE, PersonId("rui"), NOON, NOON + timedelta(hours=8), PersonId("ana"))
    async with night(rulebook=turns("ana", overrides=(cover,))) as tonight:
        await hours(tonight, 9.2)

        assert len(told(tonight, "rui")) == 2
        assert [words for words in told(tonight, "ana") if "12:00" in words and "01 Mar" in words] == []


async def test_a_shift_that_was_given_away_meanwhile_is_not_announced() -> None:
    async with night(rulebook=turns("ana", "ben")) as tonight:
        await tonight.seconds(2)
        body = {"person": "rui", "start": NOON.isoformat(), "end": (NOON + timedelta(days=1)).isoformat()}
        change = {"change": "replace", "for_whom": "ben", "why": "is ill", "anyway": True}
        answer = await tonight.post("sam", "/api/rotas/clinicians/overrides", {**body, **change})
        assert answer.status_code == 200, answer.text

        await hours(tonight, 9.2)

        assert [words for words in told(tonight, "ben") if "now" in words] == []
        assert len([words for words in told(tonight, "rui") if "now" in words]) == 1


async def test_a_house_that_is_opened_anew_says_nothing_twice() -> None:
    async with night(rulebook=turns("ana", "ben")) as tonight:
        await tonight.seconds(5)
        again = tonight.house.hand_offs
        again._looked_at, again._planned = None, {}  # as a process that has just begun
        await tonight.seconds(60)

        assert len(told(tonight, "ben")) == 1


# ------------------------------------------------------------------------------------ opted out


async def test_who_texted_stop_is_called_and_not_texted_and_the_page_is_not_lost() -> None:
    async with night(rulebook=turns("ben")) as tonight:
        tonight.phone_of("ben", Person(answers_after=4, presses=(Press("4", after=6),))).text("STOP", LINE)
        await tonight.seconds(3)

        case = await at_high_risk(tonight)
        await tonight.seconds(30)

        assert pages_on(tonight.phone_of("ben"), case.number) == 0
        assert (await ladder(tonight, case)).taken_by == "ben"
        found = tonight.house.directory.person("ben")
        assert found is not None
        assert found.opted_out


async def test_a_notice_that_waits_for_the_carrier_says_nothing_of_a_shift_that_was_given_away() -> None:
    async with night(rulebook=turns("ana", "ben")) as tonight:
        await hours(tonight, 8.9)
        tonight.carrier.faults.add(Fault(FaultKind.REST_429, count=None))
        await hours(tonight, 0.15)
        body = {"person": "rui", "start": NOON.isoformat(), "end": (NOON + timedelta(days=1)).isoformat()}
        change = {"change": "replace", "for_whom": "ben", "why": "is ill", "anyway": True}
        assert (await tonight.post("sam", "/api/rotas/clinicians/overrides", {**body, **change})).status_code == 200
        tonight.carrier.faults.switch_off()
        await hours(tonight, 0.1)

        assert [words for words in told(tonight, "ben") if "now" in words] == []


async def test_a_notice_that_was_given_before_keeps_no_other_from_being_given() -> None:
    async with night(rulebook=turns("ana", "ben")) as tonight:
        await tonight.seconds(5)
        rotas = tonight.books[-1].rotas
        later = replace(rotas["clinicians"], name="zone b", layers=turns("ana", "rui").rotas["clinicians"].layers)
        tonight.books.append(replace(tonight.books[-1], rotas={**rotas, "zone b": later}))
        tonight.house.hand_offs._looked_at, tonight.house.hand_offs._planned = None, {}  # a process that just began
        await tonight.seconds(60)

        assert len(told(tonight, "rui")) == 1
