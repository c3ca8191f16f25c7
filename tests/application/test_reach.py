"""Adding, proving and losing ways to be reached; pages by push and e-mail; test pages."""

from __future__ import annotations

import asyncio
import re

import pytest

from crisis_hub.application.ports import CarrierBusy, CarrierRefused
from crisis_hub.domain.errors import NotAllowed, NotFound, TooLate, Wrong
from crisis_hub.domain.events import PersonRegistered, Reach
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PersonId, Role, TakenBy
from crisis_hub.domain.ways import Way
from tests.application.hands import ANA, PUBLIC, STAFF, WRITER, Hands, hands

OWN, BROWSER, MAIL = "+15550100077", '{"endpoint": "https://push.example.net/x"}', "ana@example.org"


def on(method: Method, at_hands: Hands, person: str = "ana") -> Way:
    """Return somebody's newest way of that kind."""
    return next(way for way in reversed(at_hands.colleague(person).ways.all) if way.method is method)


def id_of(way: Way, at_hands: Hands, person: str = "ana") -> str:
    """Return its name."""
    return at_hands.reachability.id_of(PersonId(person), way.method, way.address)


async def add(at_hands: Hands, method: Method, address: str, person: str = "ana") -> str:
    """Add a way and return its name."""
    await at_hands.reachability.add(person, method, address, 0, ())
    return id_of(on(method, at_hands, person), at_hands, person)


def code_in(words: str) -> str:
    """Return the six digits in a sentence."""
    found = re.search(r"\d{6}", words)
    assert found is not None
    return found[0]


async def reached(at_hands: Hands, method: Method, address: str) -> None:
    """Add a way and give its code."""
    way = await add(at_hands, method, address)
    if method is Method.SMS:
        words = at_hands.texts_to(address)[-1].words
    elif method is Method.EMAIL:
        words = at_hands.mail.mailed[-1].body
    elif method is Method.PUSH:
        words = str(at_hands.push.pushed[-1][1]["title"])
    else:
        words = at_hands.reachability.spoken_code("ana", way)[0].replace(". ", "")
    await at_hands.reachability.verify("ana", way, code_in(words))


def listed(*reach: Reach) -> PersonRegistered:
    """Ana on file with these ways."""
    return PersonRegistered(PersonId("ana"), "Ana", (Role.CLINICIAN,), ("en",), "ana", reach, "hash")


# ------------------------------------------------------------------------------------------ codes


@pytest.mark.parametrize(
    ("method", "address"),
    [(Method.SMS, OWN), (Method.VOICE, OWN), (Method.EMAIL, MAIL), (Method.PUSH, BROWSER)],
)
async def test_a_way_counts_once_its_code_was_given(method: Method, address: str) -> None:
    async with hands() as at_work:
        await add(at_work, method, address)
        assert address not in [reach.address for reach in at_work.colleague("ana").reach]

        await at_work.clock.advance(40)
        await reached(at_work, method, address)

        assert (method, address) in [(r.method, r.address) for r in at_work.colleague("ana").reach]


async def test_a_wrong_code_proves_nothing_and_after_five_the_right_one_neither() -> None:
    async with hands() as at_work:
        way = await add(at_work, Method.EMAIL, MAIL)
        right = code_in(at_work.mail.mailed[-1].body)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _ in range(5):
            with pytest.raises(Wrong):
                await at_work.reachability.verify("ana", way, wrong)

        with pytest.raises(Wrong, match="counts no longer"):
            await at_work.reachability.verify("ana", way, right)
        assert not on(Method.EMAIL, at_work).verified


async def test_a_code_counts_for_a_quarter_of_an_hour_and_only_the_newest() -> None:
    async with hands() as at_work:
        way = await add(at_work, Method.EMAIL, MAIL)
        first = code_in(at_work.mail.mailed[-1].body)
        await at_work.clock.advance(60)
        await at_work.reachability.send_code("ana", way)
        second = code_in(at_work.mail.mailed[-1].body)
        assert first != second
        with pytest.raises(Wrong):
            await at_work.reachability.verify("ana", way, first)

        await at_work.clock.advance(15 * 60 + 1)
        with pytest.raises(Wrong, match="counts no longer"):
            await at_work.reachability.verify("ana", way, second)


async def test_somebody_elses_code_proves_nothing() -> None:
    async with hands() as at_work:
        await add(at_work, Method.EMAIL, "ben@example.org", "ben")
        bens = code_in(at_work.mail.mailed[-1].body)
        way = await add(at_work, Method.EMAIL, MAIL)

        with pytest.raises(Wrong):
            await at_work.reachability.verify("ana", way, bens)
        with pytest.raises(NotFound):
            await at_work.reachability.verify("ben", way, bens)


async def test_asking_twice_sends_one_code_and_asking_often_none() -> None:
    async with hands() as at_work:
        await add(at_work, Method.EMAIL, MAIL)
        await add(at_work, Method.EMAIL, MAIL)
        assert len(at_work.mail.mailed) == 1

        for minute in range(4):
            await at_work.clock.advance(60)
            await add(at_work, Method.EMAIL, f"ana{minute}@example.org")
        with pytest.raises(TooLate, match="hour"):
            await add(at_work, Method.EMAIL, "ana9@example.org")
        assert len(at_work.mail.mailed) == 5


async def test_who_takes_a_way_back_and_adds_it_again_is_sent_no_more_codes_than_others() -> None:
    async with hands() as at_work:
        for _ in range(5):
            way = await add(at_work, Method.EMAIL, MAIL)
            await at_work.reachability.remove("ana", way)
        with pytest.raises(TooLate, match="hour"):
            await add(at_work, Method.EMAIL, MAIL)
        assert len(at_work.mail.mailed) == 5

        await at_work.clock.advance(3601)
        await add(at_work, Method.EMAIL, MAIL)
        assert len(at_work.mail.mailed) == 6


async def test_one_address_is_sent_few_codes_however_many_colleagues_ask() -> None:
    async with hands() as at_work:
        for _ in range(5):
            way = await add(at_work, Method.EMAIL, MAIL, "ben")
            await at_work.reachability.remove("ben", way)
        with pytest.raises(TooLate, match="hour"):
            await add(at_work, Method.EMAIL, MAIL)
        assert len(at_work.mail.mailed) == 5


async def test_who_has_no_code_left_cannot_find_out_which_numbers_are_colleagues() -> None:
    async with hands() as at_work:
        for number in range(5):
            await add(at_work, Method.EMAIL, f"ben{number}@example.org", "ben")
        with pytest.raises(TooLate, match="hour"):
            await add(at_work, Method.SMS, ANA, "ben")


async def test_many_codes_tried_at_once_are_counted_like_many_in_a_row() -> None:
    async with hands() as at_work:
        way = await add(at_work, Method.EMAIL, MAIL)
        right = int(code_in(at_work.mail.mailed[-1].body))
        tries = [f"{(right + more) % 1_000_000:06d}" for more in (*range(1, 30), 0)]

        verify = at_work.reachability.verify
        said = await asyncio.gather(*(verify("ana", way, one) for one in tries), return_exceptions=True)

        assert sum("not the code" in str(one) for one in said) == 5
        assert sum("counts no longer" in str(one) for one in said) == 25
        assert not on(Method.EMAIL, at_work).verified


async def test_codes_asked_for_at_once_are_one() -> None:
    async with hands() as at_work:
        way = await add(at_work, Method.EMAIL, MAIL)
        await at_work.clock.advance(60)

        await asyncio.gather(*(at_work.reachability.send_code("ana", way) for _ in range(9)))

        assert len(at_work.mail.mailed) == 2


async def test_a_number_that_is_another_colleagues_cannot_be_added() -> None:
    async with hands() as at_work:
        with pytest.raises(Wrong, match="somebody else"):
            await add(at_work, Method.SMS, ANA, "ben")


async def test_a_number_that_nobody_proved_is_nobodys_and_its_texts_open_a_case() -> None:
    """Somebody in need must not be taken for a colleague because a colleague typed their number."""
    async with hands() as at_work:
        await add(at_work, Method.SMS, WRITER)

        assert at_work.directory.at_address(WRITER) is None
        await reached_again(at_work)
        found = at_work.directory.at_address(WRITER)
        assert found is not None
        assert found.id == "ana"


async def reached_again(at_work: Hands) -> None:
    """Give the code that was sent to the writer's number."""
    way = id_of(on(Method.SMS, at_work), at_work)
    await at_work.reachability.verify("ana", way, code_in(at_work.texts_to(WRITER)[-1].words))


@pytest.mark.parametrize(
    ("method", "said"), [(Method.SMS, "hello"), (Method.SMS, "+1"), (Method.EMAIL, "ana"), (Method.VOICE, "")]
)
async def test_what_is_no_address_is_refused(method: Method, said: str) -> None:
    async with hands() as at_work:
        with pytest.raises(Wrong):
            await add(at_work, method, said)


async def test_what_is_on_file_can_be_proved_and_not_removed() -> None:
    async with hands() as at_work:
        way = id_of(on(Method.SMS, at_work), at_work)
        await at_work.reachability.send_code("ana", way)
        await at_work.reachability.verify("ana", way, code_in(at_work.texts_to(ANA)[-1].words))

        assert at_work.colleague("ana").verified
        with pytest.raises(NotAllowed):
            await at_work.reachability.remove("ana", way)


async def test_what_somebody_added_they_take_back_and_twice_is_once() -> None:
    async with hands() as at_work:
        await reached(at_work, Method.EMAIL, MAIL)
        way = id_of(on(Method.EMAIL, at_work), at_work)

        await at_work.reachability.remove("ana", way)
        await at_work.reachability.remove("ana", way)

        assert MAIL not in [one.address for one in at_work.colleague("ana").ways.all]


async def test_a_code_that_cannot_be_sent_is_said() -> None:
    async with hands() as at_work:
        at_work.mail.trouble = CarrierRefused("550", "the mail server refuses (550)")
        with pytest.raises(Wrong, match="Nothing can be sent there"):
            await add(at_work, Method.EMAIL, MAIL)
        at_work.mail.trouble = CarrierBusy("away")
        await at_work.clock.advance(60)
        with pytest.raises(TooLate):
            await add(at_work, Method.EMAIL, MAIL)


# --------------------------------------------------------------------------------- pages and proof


async def test_an_imminent_page_goes_out_by_every_way_at_once_whatever_the_delays() -> None:
    ana = listed(
        Reach(Method.SMS, ANA, 0),
        Reach(Method.VOICE, ANA, 60),
        Reach(Method.PUSH, BROWSER, 90),
        Reach(Method.EMAIL, MAIL, 120),
    )
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        case = await at_work.a_case()
        await at_work.judge(case, Risk.IMMINENT)

        assert [len(x) for x in (at_work.texts_to(ANA), at_work.calls_to(ANA))] == [1, 1]
        assert [len(x) for x in (at_work.push.pushed, at_work.mail.mailed)] == [1, 1]


async def test_a_high_page_keeps_the_delays() -> None:
    ana = listed(Reach(Method.SMS, ANA, 0), Reach(Method.EMAIL, MAIL, 60, 1, None, 20, ()))
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)
        await at_work.seconds(19)
        assert at_work.mail.mailed == []

        await at_work.seconds(2)
        assert [mailed.to for mailed in at_work.mail.mailed] == [MAIL]


PRIVATE = "I have pills and my name is Zuzanna"


async def test_push_and_mail_say_urgency_number_and_link_and_nothing_private() -> None:
    ana = listed(Reach(Method.PUSH, BROWSER, 0), Reach(Method.EMAIL, MAIL, 0))
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        taken = await at_work.text(PRIVATE)
        await at_work.judge(taken.case, Risk.IMMINENT)
        number = (await at_work.case(taken.case)).number
        _, pushed = at_work.push.pushed[0]
        mailed = at_work.mail.mailed[0]

        assert pushed["number"] == number
        assert pushed["urgency"] == "imminent"
        assert pushed["url"].startswith(f"{PUBLIC}/p/")
        assert (pushed["take"], pushed["pass"]) == (pushed["url"], f"{pushed['url']}/pass")
        assert number in mailed.subject
        assert pushed["url"].rpartition(".")[0] in mailed.body
        assert pushed["url"] not in mailed.body, "each link says which way brought it"
        said = f"{pushed} {mailed}"
        assert not any(word in said for word in ("pills", "Zuzanna", WRITER, WRITER[1:], "Ana"))


async def test_where_push_and_mail_are_not_set_up_the_other_ways_still_go_out() -> None:
    ana = listed(Reach(Method.PUSH, BROWSER, 0), Reach(Method.SMS, ANA, 60))
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        at_work.push.trouble = CarrierRefused("unset", "Web push is not set up here")
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)

        assert len(at_work.texts_to(ANA)) == 1, "the next way at once"


async def test_a_page_that_was_taken_proves_the_way_it_came_by() -> None:
    async with hands() as at_work:
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)
        asked = await at_work.page_of(case, "ana")

        await at_work.pages.take(asked, TakenBy.REPLY, attempt=asked.page.attempts[0].id)
        await at_work.settle()

        ana = at_work.colleague("ana")
        assert [(way.method, way.verified) for way in ana.ways.all] == [(Method.SMS, True), (Method.VOICE, False)]
        assert ana.proved_at == at_work.clock.now()


async def test_a_page_that_somebody_else_took_proves_nothing_of_hers() -> None:
    async with hands() as at_work:
        case = await at_work.a_case()
        await at_work.judge(case, Risk.IMMINENT)
        asked = await at_work.page_of(case, "ben")
        await at_work.pages.take(asked, TakenBy.DIGIT, attempt=asked.page.attempts[1].id)
        await at_work.settle()

        assert at_work.colleague("ana").proved_at is None
        assert at_work.colleague("ben").proved_at is not None


# ------------------------------------------------------------------------------------- opting out


@pytest.mark.parametrize("text", ["STOP", "stop ", "Unsubscribe", "STOPALL", "opt out"])
async def test_stop_from_a_colleague_keeps_texts_away_and_calls_coming(text: str) -> None:
    async with hands() as at_work:
        answer = await at_work.reachability.stopped_or_started(at_work.colleague("ana"), ANA, text, "")

        ana = at_work.colleague("ana")
        assert answer
        assert ana.opted_out
        assert [reach.method for reach in ana.reach] == [Method.VOICE]
        found = at_work.directory.at_address(ANA)
        assert found is not None, "START must still be heard"

        await at_work.reachability.stopped_or_started(ana, ANA, "START", "")
        assert not at_work.colleague("ana").opted_out


async def test_the_carriers_own_word_for_it_counts_and_other_texts_do_not() -> None:
    async with hands() as at_work:
        ana = at_work.colleague("ana")
        assert await at_work.reachability.stopped_or_started(ana, ANA, "1", "") is None
        assert await at_work.reachability.stopped_or_started(ana, ANA, "please stop calling me", "") is None
        assert not at_work.colleague("ana").opted_out

        assert await at_work.reachability.stopped_or_started(ana, ANA, "arrêt", "STOP")
        assert at_work.colleague("ana").opted_out


async def test_a_text_that_the_carrier_refuses_for_good_is_an_opt_out() -> None:
    async with hands() as at_work:
        at_work.telephony.refuse("21610", "Attempt to send to unsubscribed recipient", times=None, only=ANA)
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)
        await at_work.settle()

        assert at_work.colleague("ana").opted_out


async def test_a_browser_that_is_gone_counts_no_more() -> None:
    ana = listed(Reach(Method.SMS, ANA, 0), Reach(Method.PUSH, BROWSER, 0))
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        at_work.push.trouble = CarrierRefused("410", "this browser listens no more")
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)
        await at_work.settle()

        assert [reach.method for reach in at_work.colleague("ana").reach] == [Method.SMS]


async def test_an_ordinary_failure_is_no_opt_out() -> None:
    async with hands() as at_work:
        at_work.telephony.refuse("30003", "Unreachable destination handset", times=None, only=ANA)
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)
        await at_work.settle()

        assert not at_work.colleague("ana").opted_out


# ------------------------------------------------------------------------------------- test pages


async def test_a_test_page_goes_out_by_every_way_and_a_reply_proves_the_text() -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))
        assert [len(x) for x in (at_work.texts_to(ANA), at_work.calls_to(ANA))] == [1, 1]
        assert "Nobody is in danger" in at_work.texts_to(ANA)[0].words

        assert await at_work.trials.replied(at_work.colleague("ana"), ANA, " 1")

        ana = at_work.colleague("ana")
        assert [(way.method, way.verified) for way in ana.ways.all] == [(Method.SMS, True), (Method.VOICE, False)]


async def test_sent_again_at_once_it_is_the_same_one() -> None:
    async with hands() as at_work:
        for _ in range(3):
            await at_work.trials.send(at_work.colleague("ana"))

        assert len(at_work.texts_to(ANA)) == 1


async def test_a_reply_while_a_real_page_waits_is_about_the_real_one() -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)

        assert await at_work.trials.replied(at_work.colleague("ana"), ANA, "1") is None
        await at_work.pages.text_reply(at_work.colleague("ana"), "1", "SM77")
        assert (await at_work.ladder(case)).state is EscalationState.TAKEN


@pytest.mark.parametrize("text", ["pass", "4127", "what is this", ""])
async def test_only_a_yes_takes_a_test_page(text: str) -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))

        assert await at_work.trials.replied(at_work.colleague("ana"), ANA, text) is None
        assert at_work.colleague("ana").proved_at is None


async def test_a_test_page_answered_an_hour_later_proves_nothing() -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))
        test = at_work.colleague("ana").ways.tests[0]
        await at_work.clock.advance(3600)

        await at_work.trials.take(at_work.colleague("ana"), test, TakenBy.REPLY)

        assert at_work.colleague("ana").proved_at is None


async def test_a_digit_does_not_prove_the_text_nor_a_reply_the_call() -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))
        for test in at_work.colleague("ana").ways.tests:
            crossed = TakenBy.DIGIT if test.method is Method.SMS else TakenBy.REPLY
            await at_work.trials.take(at_work.colleague("ana"), test, crossed)

        assert at_work.colleague("ana").proved_at is None


async def test_a_test_page_that_the_carrier_refuses_says_so() -> None:
    async with hands() as at_work:
        at_work.telephony.refuse("21211", "Invalid 'To' Phone Number", times=None, only=ANA)
        await at_work.trials.send(at_work.colleague("ana"))

        assert {test.state for test in at_work.colleague("ana").ways.tests} == {AttemptState.FAILED}


async def test_only_the_whole_link_opens_a_test_page() -> None:
    async with hands() as at_work:
        await at_work.trials.send(at_work.colleague("ana"))
        ana = at_work.colleague("ana")
        token = at_work.trials.token(ana, ana.ways.tests[0].id)

        assert at_work.trials.by_token(token)[0].id == "ana"
        for broken in (token[:-1], token[:32], token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x" * 60):
            with pytest.raises(NotFound):
                at_work.trials.by_token(broken)


async def test_nobody_is_sent_test_pages_without_end() -> None:
    async with hands() as at_work:

        async def many() -> None:
            for _ in range(20):
                await at_work.trials.send(at_work.colleague("ana"))
                await at_work.clock.advance(30)

        with pytest.raises(TooLate):
            await many()


async def test_who_is_reached_by_push_alone_is_told_that_somebody_else_has_it() -> None:
    ana = listed(Reach(Method.PUSH, BROWSER, 0))
    async with hands(staff=(ana, *STAFF[1:])) as at_work:
        case = await at_work.a_case()
        await at_work.judge(case, Risk.IMMINENT)
        await at_work.pages.take(await at_work.page_of(case, "ben"), TakenBy.REPLY)
        await at_work.settle()

        first, last = (message for _, message in at_work.push.pushed)
        assert (first["kind"], last["kind"]) == ("page", "notice")
        assert first["tag"] == last["tag"], "it takes the place of the page"
        assert "Ben has case" in last["title"]


async def test_a_yes_that_the_carrier_takes_for_start_is_an_answer_to_a_page() -> None:
    """Carriers hear START in a plain yes; who never stopped our texts means the page."""
    async with hands() as at_work:
        ana = at_work.colleague("ana")
        assert await at_work.reachability.stopped_or_started(ana, ANA, "yes", "START") is None
        assert await at_work.reachability.stopped_or_started(ana, ANA, "Unstop", "START")

        await at_work.reachability.stopped_or_started(ana, ANA, "stop", "STOP")
        ana = at_work.colleague("ana")
        assert await at_work.reachability.stopped_or_started(ana, ANA, "yes", "START"), "it is how texts come again"
        assert not at_work.colleague("ana").opted_out


@pytest.mark.parametrize(("text", "told"), [("yes", "START"), ("START", "START"), ("unstop", "")])
async def test_who_lets_texts_come_again_while_a_page_waits_hears_that_it_was_not_taken(text: str, told: str) -> None:
    """They may have meant the page, or only the texts: what happened is said, and how to take it, and it stays open."""
    async with hands() as at_work:
        await at_work.reachability.stopped_or_started(at_work.colleague("ana"), ANA, "stop", "STOP")
        case = await at_work.a_case()
        await at_work.judge(case, Risk.HIGH)

        answer = await at_work.reachability.stopped_or_started(at_work.colleague("ana"), ANA, text, told)

        assert answer is not None
        assert "Pages come to this number by text again." in answer
        assert "took no page" in answer
        assert "1001" in answer
        assert (await at_work.ladder(case)).state is EscalationState.RUNNING
        assert "You have case 1001" in await at_work.pages.text_reply(at_work.colleague("ana"), "1001", "SM5", ANA)

        again = await at_work.reachability.stopped_or_started(at_work.colleague("ana"), ANA, "START", "START")
        assert again == "Pages come to this number by text again."
