"""Which ways to reach somebody count, how soon each is tried, and what proves one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crisis_hub.domain.events import (
    PersonRegistered,
    Reach,
    StaffFact,
    TestPageProgressed,
    TestPageSent,
    TestPageTaken,
    WayAdded,
    WayCodeSent,
    WayCodeWrong,
    WayOptedIn,
    WayOptedOut,
    WayProved,
    WayRemoved,
    WayVerified,
)
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, Method, PersonId, Role, TakenBy
from crisis_hub.domain.ways import NO_WAYS, Ways, after, answered_by, planned

ANA = PersonId("ana")
NUMBER, MAIL = "+15550100001", "ana@example.org"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def registered(*reach: Reach) -> PersonRegistered:
    """Ana stands on file with these ways."""
    return PersonRegistered(ANA, "Ana", (Role.CLINICIAN,), ("en",), "ana", reach, "")


def ways(*facts: StaffFact) -> Ways:
    """Return Ana's ways after these facts, one a minute."""
    found = NO_WAYS
    for minute, fact in enumerate(facts):
        found = after(found, fact, NOON + timedelta(minutes=minute))
    return found


SMS, VOICE = Reach(Method.SMS, NUMBER, 0), Reach(Method.VOICE, NUMBER, 60)
ADDED = WayAdded(ANA, Method.EMAIL, 30, (), MAIL)


def addresses(found: Ways) -> Sequence[str]:
    """Return where pages go."""
    return [reach.address for reach in found.counting]


def test_what_is_on_file_counts_at_once_and_is_not_verified() -> None:
    found = ways(registered(SMS, VOICE))

    assert found.counting == (SMS, VOICE)
    assert not any(way.verified for way in found.all)


def test_what_somebody_adds_counts_only_after_the_code() -> None:
    """Otherwise the number of a person in need could be passed off as a colleague's."""
    pending = ways(registered(SMS), ADDED, WayCodeSent(ANA, Method.EMAIL, "n", MAIL))
    assert addresses(pending) == [NUMBER]
    assert not pending.all[1].theirs

    proved = after(pending, WayVerified(ANA, Method.EMAIL, MAIL), NOON)
    assert addresses(proved) == [NUMBER, MAIL]


def test_no_other_fact_than_the_code_makes_an_added_way_count() -> None:
    for fact in (
        WayProved(ANA, Method.EMAIL, TakenBy.BUTTON, MAIL),
        WayOptedIn(ANA, Method.EMAIL, MAIL),
        WayCodeWrong(ANA, Method.EMAIL, MAIL),
        TestPageTaken(ANA, "t", TakenBy.BUTTON),
    ):
        assert addresses(ways(registered(SMS), ADDED, fact)) == [NUMBER]


def test_who_opted_out_is_not_texted_and_still_called() -> None:
    out = ways(registered(SMS, VOICE), WayOptedOut(ANA, Method.SMS, "texted STOP", NUMBER))
    assert out.counting == (VOICE,)

    assert after(out, WayOptedIn(ANA, Method.SMS, NUMBER), NOON).counting == (SMS, VOICE)


def test_a_new_list_keeps_what_was_learned_of_an_address_and_forgets_the_others() -> None:
    before = ways(
        registered(SMS, VOICE),
        WayVerified(ANA, Method.SMS, NUMBER),
        ADDED,
        WayVerified(ANA, Method.EMAIL, MAIL),
        registered(Reach(Method.SMS, NUMBER, 90), Reach(Method.VOICE, "+15550100009", 0)),
    )

    assert [(w.address, w.reach.after_seconds, w.verified) for w in before.all] == [
        (NUMBER, 90, True),
        ("+15550100009", 0, False),
        (MAIL, 30, True),
    ]


def test_an_added_way_that_comes_to_stand_on_file_is_there_once() -> None:
    found = ways(ADDED, WayVerified(ANA, Method.EMAIL, MAIL), registered(Reach(Method.EMAIL, MAIL, 0)))

    assert [(way.address, way.own, way.verified) for way in found.all] == [(MAIL, False, True)]


def test_only_what_somebody_added_can_be_removed() -> None:
    found = ways(registered(SMS), ADDED, WayRemoved(ANA, Method.EMAIL, MAIL), WayRemoved(ANA, Method.SMS, NUMBER))

    assert addresses(found) == [NUMBER]
    assert len(found.all) == 1


def test_wrong_codes_are_counted_until_the_next_code() -> None:
    wrong = ways(ADDED, WayCodeSent(ANA, Method.EMAIL, "n", MAIL), *[WayCodeWrong(ANA, Method.EMAIL, MAIL)] * 3)
    assert wrong.all[0].wrong == 3

    again = after(wrong, WayCodeSent(ANA, Method.EMAIL, "m", MAIL), NOON)
    assert (again.all[0].wrong, again.all[0].nonce, len(again.all[0].codes)) == (0, "m", 2)


def test_a_test_page_that_was_taken_stays_taken() -> None:
    found = ways(
        registered(SMS),
        TestPageSent(ANA, "t", Method.SMS, NUMBER),
        TestPageTaken(ANA, "t", TakenBy.REPLY),
        TestPageProgressed(ANA, "t", AttemptState.FAILED, "late word"),
    )

    assert [(test.state, test.taken_at) for test in found.tests] == [(AttemptState.TAKEN, NOON + timedelta(minutes=2))]


# ------------------------------------------------------------------------------------- order and delay


SLOW = Reach(Method.VOICE, NUMBER, 120, 1, None, 30, ())


@pytest.mark.parametrize(
    ("urgency", "seconds"), [(Risk.IMMINENT, 0), (Risk.HIGH, 30), (Risk.MODERATE, 120), (Risk.NONE, 120)]
)
def test_delays_follow_the_urgency_and_at_imminent_risk_there_is_none(urgency: Risk, seconds: int) -> None:
    assert [after for _, _, after in planned((SLOW,), urgency)] == [seconds]


def test_a_delay_at_imminent_risk_is_kept_where_somebody_wrote_it() -> None:
    assert [after for _, _, after in planned((Reach(Method.VOICE, NUMBER, 0, 1, 20, None, ()),), Risk.IMMINENT)] == [20]


def test_a_way_for_some_urgencies_is_left_out_of_the_others_and_keeps_its_place() -> None:
    mail = Reach(Method.EMAIL, MAIL, 0, 1, None, None, ("other",))

    assert [place for place, _, _ in planned((mail, SMS), Risk.IMMINENT)] == [1]
    assert [place for place, _, _ in planned((mail, SMS), Risk.MODERATE)] == [0, 1]


@pytest.mark.parametrize("urgency", Risk)
def test_nobody_can_be_reached_by_nothing_at_all(urgency: Risk) -> None:
    """Who excluded every way did not mean to sleep through the night."""
    for only in (("other",), ("high",), ("imminent",)):
        assert planned((Reach(Method.EMAIL, MAIL, 5, 1, None, None, only),), urgency)


def test_a_digit_proves_the_call_a_reply_the_text_and_a_button_the_only_link() -> None:
    every = (Method.SMS, Method.VOICE, Method.PUSH)

    assert answered_by(TakenBy.DIGIT, every) is Method.VOICE
    assert answered_by(TakenBy.REPLY, every) is Method.SMS
    assert answered_by(TakenBy.BUTTON, every) is None
    assert answered_by(TakenBy.BUTTON, (Method.VOICE, Method.PUSH)) is Method.PUSH
