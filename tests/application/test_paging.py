"""Reaching staff: the right people, by every way, until one has it; a double page is harmless, a lost one is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from crisis_hub.adapters.telephony.memory import Asked
from crisis_hub.application.pages import Asked as AskedPage
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import ProgressAttempt
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Reach, Step, Target
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.rules import EMPTY, Rulebook
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, EscalationState, Method, PersonId, Role, TakenBy
from tests.application.hands import ANA, BEN, BOOK, PUBLIC, SAM, STAFF, Hands, hands, person

SECRET = "I have his pills"


def on_ladder(*targets: Target, rotas: Sequence[Rota] = (), then: Sequence[Target] = ()) -> Rulebook:
    """The ladder for high risk tries these, then those."""
    steps = (Step(targets, 60), *((Step(tuple(then), 60),) if then else ()))
    ladders = {**BOOK.ladders, "clinical": Ladder("clinical", steps)}
    return replace(BOOK, ladders=ladders, rotas={rota.name: rota for rota in rotas})


def rota(*people: str, last_resort: Sequence[str] = (), start: str = "2026-01-05T08:00") -> Rota:
    layer = Layer(Turn.WEEKLY, 1, datetime.fromisoformat(start), tuple(PersonId(one) for one in people))
    layers = (layer,) if people else ()
    return Rota("clinicians", "America/Chicago", layers, tuple(PersonId(one) for one in last_resort))


ROTA = Target("rota", "clinicians")


async def at_high_risk(here: Hands, *who: str) -> str:
    case = await here.a_case(*who)
    await here.judge(case, Risk.HIGH)
    return case


async def paged(here: Hands, case: str) -> list[str]:
    """Return who was paged, in order."""
    return [page.person for x in (await here.case(case)).escalations for page in x.pages]


def states(asked: AskedPage) -> list[str]:
    return [attempt.state.value for attempt in asked.page.attempts]


# ------------------------------------------------------------------------------------------ who


async def test_who_is_on_call_is_paged_by_text_and_call_in_the_same_second() -> None:
    async with hands(on_ladder(ROTA, rotas=[rota("ana", "ben")])) as here:
        case = await at_high_risk(here)
        on_call = await paged(here, case)

        assert len(on_call) == 1
        number = {"ana": ANA, "ben": BEN}[on_call[0]]
        [text], [call] = here.texts_to(number), here.calls_to(number)
        assert text.at == call.at == here.clock.now()


async def test_who_is_on_call_is_asked_when_the_step_is_taken() -> None:
    """The shift changes between two steps: who has it now is paged, not who had it when the ladder began."""
    change = rota("ana", "ben", start="2026-02-22T20:00")
    book = on_ladder(ROTA, rotas=[change], then=[ROTA])
    async with hands(book) as here:
        assert here.clock.now().isoformat() == "2026-03-01T03:00:00+00:00"
        await here.clock.advance(23 * 3600 - 30)  # half a minute before eight in the evening in Chicago
        case = await at_high_risk(here)
        assert await paged(here, case) == ["ana"]
        await here.seconds(61)

        assert await paged(here, case) == ["ana", "ben"]


@pytest.mark.parametrize(
    ("book", "who"),
    [
        # A ladder that names a rota which is not there must not page nobody.
        (on_ladder(ROTA), ["ana", "ben"]),
        (on_ladder(ROTA, rotas=[rota(last_resort=["sam"])]), ["sam"]),
        (on_ladder(ROTA, rotas=[rota("gone", last_resort=["sam"])]), ["sam"]),
        (on_ladder(Target("role", "supervisor")), ["sam"]),
        (on_ladder(Target("person", "ben")), ["ben"]),
        (on_ladder(Target("role", "clinician"), Target("person", "ana"), Target("role", "supervisor")), None),
        (EMPTY, None),
    ],
    ids=["no rota", "nobody in it", "somebody unknown", "role", "person", "each once", "no files"],
)
async def test_whom_a_step_means(book: Rulebook, who: list[str] | None) -> None:
    async with hands(book) as here:
        case = await at_high_risk(here)

        assert await paged(here, case) == (who or ["ana", "ben", "sam"])


@pytest.mark.parametrize(
    "target", [Target("role", "no-such-role"), Target("person", "nobody"), Target("role", "admin")]
)
async def test_a_step_that_means_nobody_says_so_and_the_next_is_taken_at_once(target: Target) -> None:
    async with hands(on_ladder(target, then=[Target("role", "supervisor")])) as here:
        case = await at_high_risk(here)

        assert await paged(here, case) == ["sam"]
        [nobody] = [one.fact for one in await here.hub.history(case) if isinstance(one.fact, e.NobodyToPage)]
        assert nobody.why == f"Nobody was found for {target.kind} {target.name}."


async def test_somebody_without_any_number_is_passed_over_and_the_reason_is_kept() -> None:
    """ "Nobody was found" would send somebody to look at the rota, where nothing is wrong."""
    mute = replace(person("ana", Role.CLINICIAN, ANA), reach=())
    async with hands(
        on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")]), [mute, *STAFF[2:]]
    ) as here:
        case = await at_high_risk(here)

        assert await paged(here, case) == ["sam"]
        [nobody] = [one.fact for one in await here.hub.history(case) if isinstance(one.fact, e.NobodyToPage)]
        assert nobody.why == "None of them has a telephone number on file."


async def test_with_nobody_reachable_at_all_the_alarm_stands_at_once() -> None:
    async with hands(EMPTY, []) as here:
        case = await at_high_risk(here)

        assert (await here.ladder(case)).state is EscalationState.EXHAUSTED


# ------------------------------------------------------------------------------------------ what a page says


async def test_a_page_says_the_urgency_the_number_how_to_answer_and_the_link_and_nothing_else() -> None:
    async with hands() as here:
        case = (await here.text(SECRET)).case
        await here.judge(case, Risk.HIGH)
        [text] = here.texts_to(ANA)
        token = here.world.secrets.page_token((await here.page_of(case, "ana")).page.id)

        assert text.words == f"HIGH. Crisis line, case 1001. Reply 1 or 1001 to take it, 2 to pass. {PUBLIC}/p/{token}"
        assert SECRET not in repr([one for one in here.telephony.accepted if one.to != "+15550100900"])


async def test_a_page_is_written_in_the_language_of_who_is_paged() -> None:
    spanish = replace(person("ana", Role.CLINICIAN, ANA), languages=("es", "en"))
    wording = {"es": {"page_sms": "{urgency}: caso {number}", "urgency_high": "ALTO"}, "en": {}}
    async with hands(replace(BOOK, wording=wording), [spanish, *STAFF[1:]]) as here:
        await at_high_risk(here)

        assert here.texts_to(ANA)[0].words == "ALTO: caso 1001"
        assert here.texts_to(BEN)[0].words.startswith("HIGH. Crisis line, case 1001.")


# ------------------------------------------------------------------------------------------ how far it got


async def test_what_the_carrier_took_is_sent_and_not_more() -> None:
    async with hands() as here:
        case = await at_high_risk(here)

        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]


async def test_a_later_way_is_tried_only_when_its_time_has_come() -> None:
    reach = (Reach(Method.SMS, ANA, 0), Reach(Method.VOICE, ANA, 30))
    late = replace(person("ana", Role.CLINICIAN, ANA), reach=reach)
    async with hands(on_ladder(Target("person", "ana")), [late]) as here:
        case = await at_high_risk(here)
        await here.seconds(29)
        assert here.calls_to(ANA) == []
        await here.seconds(1)

        assert len(here.calls_to(ANA)) == 1
        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]


async def test_an_attempt_that_is_still_to_come_is_dropped_once_somebody_has_it() -> None:
    """Whoever has the case, or was spared it, is not rung half a minute later."""
    reach = (Reach(Method.SMS, ANA, 0), Reach(Method.VOICE, ANA, 30))
    late = replace(person("ana", Role.CLINICIAN, ANA), reach=reach)
    async with hands(on_ladder(Target("role", "clinician")), [late, STAFF[1]]) as here:
        case = await at_high_risk(here)
        await here.pages.take(await here.page_of(case, "ben"), TakenBy.BUTTON)
        await here.seconds(60)

        assert here.calls_to(ANA) == []
        assert "planned" in states(await here.page_of(case, "ana"))


@pytest.mark.parametrize("accepted", [True, False], ids=["it was sent", "it was not"])
async def test_an_unknown_outcome_is_shown_looked_up_and_sent_again_when_it_was_not_sent(accepted: bool) -> None:
    """A double page is harmless, a lost one is not; and what the carrier holds need not be doubled."""
    async with hands(on_ladder(Target("person", "ana"))) as here:
        here.telephony.fall_silent(accepted=accepted, times=2, only=ANA)
        case = await at_high_risk(here)
        assert states(await here.page_of(case, "ana")) == ["unknown", "unknown"]
        await here.seconds(2)

        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]
        assert len(here.texts_to(ANA)) == len(here.calls_to(ANA)) == 1


async def test_a_busy_carrier_is_asked_again_after_as_long_as_it_wishes() -> None:
    async with hands(on_ladder(Target("person", "ana"))) as here:
        here.telephony.be_busy(5.0, times=2)
        case = await at_high_risk(here)
        await here.seconds(4)
        assert here.texts_to(ANA) == []
        assert states(await here.page_of(case, "ana")) == ["planned", "planned"]
        await here.seconds(1)

        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]


async def test_while_a_carrier_stays_busy_the_ladder_climbs_and_the_page_is_tried_on() -> None:
    async with hands(on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")])) as here:
        here.telephony.be_busy(0.5, times=None, only=ANA)
        case = await at_high_risk(here)
        await here.seconds(30)

        assert states(await here.page_of(case, "ana")) == ["planned", "planned"]
        assert await paged(here, case) == ["ana", "sam"]

        here.telephony.mend()
        await here.seconds(6)
        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]


async def test_the_ladder_climbs_also_when_the_try_that_was_to_say_so_died() -> None:
    """A worker that died at the twelfth try said nothing; the next one does."""
    async with hands(on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")])) as here:
        here.telephony.be_busy(0.5, times=None, only=ANA)
        case = await at_high_risk(here)
        for planned in here.ledger._kept.effects.values():
            if planned.effect.kind == "send_page":
                planned.tries = 12
        await here.seconds(2)

        assert await paged(here, case) == ["ana", "sam"]
        await here.seconds(20)
        assert await paged(here, case) == ["ana", "sam"], "once is enough"


async def test_a_refused_page_is_failed_and_the_next_person_is_paged_at_once() -> None:
    async with hands(on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")])) as here:
        here.telephony.refuse("21610", "Attempt to send to unsubscribed recipient", times=None, only=ANA)
        case = await at_high_risk(here)
        asked = await here.page_of(case, "ana")

        assert states(asked) == ["failed", "failed"]
        assert asked.page.attempts[0].detail == "21610: Attempt to send to unsubscribed recipient"
        assert len(here.texts_to(SAM)) == 1


async def test_a_number_in_the_carriers_words_is_not_kept_in_the_open() -> None:
    """What the carrier says of an attempt lies unsealed; a telephone number never may."""
    async with hands(on_ladder(Target("person", "ana"))) as here:
        here.telephony.refuse("21211", f"The 'To' number {ANA} is not a valid phone number (1-555-010-0001)")
        case = await at_high_risk(here)

        detail = (await here.page_of(case, "ana")).page.attempts[0].detail
        assert detail == "21211: The 'To' number (number) is not a valid phone number (number)"


async def test_somebody_who_left_meanwhile_fails_and_the_ladder_climbs() -> None:
    async with hands(on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")])) as here:
        here.telephony.be_busy(2.0, times=2)
        case = await at_high_risk(here)
        await here.directory.record((e.PersonRemoved(PersonId("ana")),), "test")
        await here.seconds(3)

        assert (await here.page_of(case, "ana")).page.attempts[0].detail.startswith("gone")
        assert await paged(here, case) == ["ana", "sam"]


# ------------------------------------------------------------------------------------------ once somebody has it


async def test_who_was_paged_too_is_told_once_and_what_rings_is_hung_up() -> None:
    async with hands(EMPTY) as here:  # everybody, twice
        case = await at_high_risk(here)
        await here.seconds(121)
        before = {number: len(here.texts_to(number)) for number in (ANA, BEN, SAM)}
        await here.pages.take(await here.page_of(case, "ana"), TakenBy.REPLY)
        await here.settle()

        after = {number: here.texts_to(number)[before[number] :] for number in (ANA, BEN, SAM)}
        assert [one.words for one in after[BEN]] == ["Ana has case 1001. There is nothing left to do."]
        assert [len(after[number]) for number in (ANA, BEN, SAM)] == [0, 1, 1]
        rung = {one.carrier_id for number in (ANA, BEN, SAM) for one in here.calls_to(number)}
        assert {one.carrier_id for one in here.telephony.accepted if one.asked is Asked.END} == rung


async def test_who_passed_it_on_is_rung_no_more() -> None:
    async with hands() as here:
        case = await at_high_risk(here)
        await here.pages.pass_on(await here.page_of(case, "ana"), TakenBy.REPLY)
        await here.settle()

        ended = {one.carrier_id for one in here.telephony.accepted if one.asked is Asked.END}
        assert ended == {one.carrier_id for one in here.calls_to(ANA)}


async def test_a_call_that_was_answered_is_left_to_its_person() -> None:
    async with hands() as here:
        case = await at_high_risk(here)
        asked = await here.page_of(case, "ben")
        await here.do(case, ProgressAttempt(asked.page.attempts[1].id, AttemptState.DELIVERED, None, "in-progress"))
        await here.pages.take(await here.page_of(case, "ana"), TakenBy.REPLY)
        await here.settle()

        ended = {one.carrier_id for one in here.telephony.accepted if one.asked is Asked.END}
        assert ended == {one.carrier_id for one in here.calls_to(ANA)}


async def test_a_call_that_is_placed_while_the_page_is_being_taken_is_hung_up() -> None:
    """Ana takes it by text while the carrier still thinks about the call to her; nobody wakes her twice."""
    async with hands(on_ladder(Target("person", "ana"))) as here:
        here.telephony.fall_silent(accepted=False, times=2, only=ANA)
        case = await at_high_risk(here)
        asked = await here.page_of(case, "ana")
        await here.pages.take(asked, TakenBy.REPLY)
        await here.do(case, ProgressAttempt(asked.page.attempts[1].id, AttemptState.SENT, CarrierId("CA-late"), ""))
        await here.settle()
        here.telephony.arrive(CarrierId("CA-late"))
        await here.seconds(5)

        ends = [one for one in here.ledger.entries for effect in one.effects if effect.kind == "stop_ringing"]
        assert len(ends) == 1


async def test_telling_the_others_never_holds_anything_up() -> None:
    async with hands() as here:
        case = await at_high_risk(here)
        here.telephony.refuse("21610", times=1, only=BEN)
        here.telephony.be_busy(1.0, times=1, only=SAM)
        await here.pages.take(await here.page_of(case, "ana"), TakenBy.REPLY)
        await here.seconds(3)

        assert (await here.ladder(case)).state is EscalationState.TAKEN
