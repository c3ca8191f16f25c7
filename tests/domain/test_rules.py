"""The judge: what conditions see of a case, and what every reading says of itself."""

from __future__ import annotations

from collections import UserList
from dataclasses import replace

import pytest

from crisis_hub.domain.instrument import Flag, Instrument, Item, Level, Option
from crisis_hub.domain.reading import RaiseRisk, Reading
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Judgement, Rulebook, answers_to, facts_of, judge, score_of, scores
from crisis_hub.domain.truth import Truth
from tests.domain.given import (
    MOOD,
    Given,
    Is,
    Throws,
    both,
    call_comes,
    call_ends,
    claim,
    either,
    judged,
    rule,
    rulebook,
    said,
    text_comes,
)

OF_A_NEW_TEXT = {
    "case.channel": "text",
    "case.language": "en",
    "case.risk": "not_assessed",
    "case.contacts": 1,
    "case.contacts_within_a_day": 1,
    "case.texting_stopped": False,
    "case.over": False,
    "case.ended_abruptly": False,
}

INTAKE = Instrument("intake", "1", "Intake", (Item("years", {}, "number", person="age"),), ())
YOUTH = Instrument(
    "youth",
    "7",
    "Youth screen",
    (Item("age", {}, "number", person="age"), Item("hurt", {}, "yes_no", asked_when=both(Is("age", 17.0)))),
    (
        Level("very_sad", Risk.HIGH, both(Is("hurt", "yes")), {"es": "Dijo que sí.", "en": "Said yes."}, settles=True),
        Level("not_so_sad", Risk.LOW, both(Is("hurt", "no")), {}),
    ),
    flags=(
        Flag("is_young", both(Is("age", 17.0)), {"es": "Menor de edad.", "en": "Not yet 18."}, Risk.LOW),
        Flag("not_told", both(Is("hurt", "refused")), {}),
    ),
)


def a_talk(*answers: str, book: Rulebook | None = None) -> Given:
    given = Given(rulebook(instruments=(INTAKE, YOUTH)) if book is None else book)
    given.when(text_comes(), claim(), *(said(answer) for answer in answers))
    return given


def judgement(given: Given, id: str) -> Judgement:
    return next(j for j in judge(given.case, given.rulebook) if j.reading.id == id)


# ------------------------------------------------------------------------------------------ what conditions see


def test_a_case_that_just_began_shows_what_is_known_of_it_and_nothing_else() -> None:
    given = a_talk()

    assert facts_of(given.case, given.rulebook) == {**OF_A_NEW_TEXT, "known": sorted(OF_A_NEW_TEXT)}


def test_a_call_that_its_caller_ended_before_anybody_answered_is_seen_as_such() -> None:
    given = Given(rulebook())
    given.when(call_comes(), call_ends(), judged(Risk.HIGH))

    seen = facts_of(given.case, given.rulebook)

    assert (seen["case.channel"], seen["case.over"], seen["case.ended_abruptly"]) == ("voice", True, True)
    assert seen["case.risk"] == "high"


def test_answers_and_what_they_mean_are_seen_under_the_name_of_their_questionnaire() -> None:
    given = a_talk("mood.sad=yes", "mood.tired=no", "mood.now=refused", "mood.age=40")

    seen = facts_of(given.case, given.rulebook)

    assert {name: value for name, value in seen.items() if name.startswith("mood.")} == {
        "mood.sad": "yes",
        "mood.tired": "no",
        "mood.now": "refused",
        "mood.age": 40.0,
        "mood.complete": True,
        "mood.band": "some",
        "mood.risk": "moderate",
        "mood.flags": ["refused_or_unknown"],
    }
    assert seen["known"] == sorted(name for name in seen if name != "known")


def test_what_is_not_known_is_not_there_at_all() -> None:
    """A band, a total or a risk that stood there empty would read like an answer."""
    given = a_talk("danger.weapon=unknown")

    seen = facts_of(given.case, given.rulebook)

    assert {name for name in seen if name.startswith("danger.")} == {"danger.complete", "danger.flags"}


def test_a_total_is_seen_only_when_nothing_is_missing() -> None:
    counted = Instrument(
        "counted",
        "1",
        "Counted",
        tuple(Item(id, {}, "yes_no", points={"yes": 2}) for id in ("a", "b")),
        (),
        totals=True,
    )
    given = a_talk("counted.a=yes", book=rulebook(instruments=(counted,)))
    assert "counted.total" not in facts_of(given.case, given.rulebook)

    given.when(said("counted.b=yes"))

    assert facts_of(given.case, given.rulebook)["counted.total"] == 4.0


def test_answers_whose_file_is_gone_stay_bare_and_keep_their_meaning() -> None:
    given = a_talk("danger.weapon=yes", "danger.plan=unknown", "mood.sad=no")

    gone = Rulebook(version="gone")
    seen = facts_of(given.case, gone)

    assert {name: seen[name] for name in seen if "case." not in name and name != "known"} == {
        "danger.weapon": "yes",
        "mood.sad": "no",
    }
    assert {j.reading.id.partition("#")[0] for j in judge(given.case, gone)} == {"floor"}
    assert scores(given.case, gone) == []
    assert score_of(given.case, "danger", gone) is None


def test_each_questionnaire_that_was_begun_has_a_score() -> None:
    given = a_talk("mood.sad=yes", "danger.weapon=no")

    assert [one.instrument for one in scores(given.case, given.rulebook)] == ["mood", "danger"]
    found = score_of(given.case, "mood", given.rulebook)
    assert found is not None
    assert (found.instrument, found.risk, found.next) == ("mood", Risk.MODERATE, "tired")
    assert score_of(given.case, "youth", given.rulebook) is None


def test_a_screen_is_scored_with_nobody_left_to_ask_when_the_call_is_over() -> None:
    left = Level("left_open", Risk.HIGH, both(Is("over", value=True)), {})
    screen = replace(MOOD, id="screen", levels=(left,))
    given = Given(rulebook(instruments=(screen,)))
    given.when(call_comes(), claim(), said("screen.sad=yes"))
    assert facts_of(given.case, given.rulebook).get("screen.risk") is None

    given.when(call_ends())

    assert facts_of(given.case, given.rulebook)["screen.risk"] == "high"
    assert judgement(given, "screen#left_open").holds
    assert judgement(given, "screen#left_open").verdict.trace[0].judged.truth is Truth.YES


# ------------------------------------------------------------------------------------------ facts of the person


def test_an_age_that_was_said_once_counts_in_every_questionnaire_that_asks_for_it() -> None:
    given = a_talk("intake.years=17", "youth.hurt=yes")

    assert answers_to(given.case, YOUTH, given.rulebook) == {"hurt": "yes", "age": "17"}
    assert facts_of(given.case, given.rulebook)["youth.age"] == 17.0
    assert answers_to(given.case, MOOD, given.rulebook) == {}


@pytest.mark.parametrize("dodged", ["unknown", "refused"])
def test_an_age_that_nobody_told_is_not_carried_over(dodged: str) -> None:
    given = a_talk("youth.age=17", f"intake.years={dodged}")

    assert answers_to(given.case, YOUTH, given.rulebook) == {"age": "17"}
    assert answers_to(given.case, INTAKE, given.rulebook) == {"years": "17" if dodged == "unknown" else "refused"}


def test_an_answer_to_the_questionnaire_itself_stands_before_one_from_elsewhere() -> None:
    given = a_talk("youth.age=30", "intake.years=17")

    assert answers_to(given.case, YOUTH, given.rulebook) == {"age": "30"}


def test_only_facts_of_that_name_are_carried_over() -> None:
    given = a_talk("intake.years=17")
    other = replace(YOUTH, items=(replace(YOUTH.items[0], person="sex"), YOUTH.items[1]))

    assert answers_to(given.case, other, given.rulebook) == {}


# ------------------------------------------------------------------------------------------ what a reading says


def test_each_level_and_flag_is_a_reading_that_says_where_it_comes_from() -> None:
    given = a_talk("youth.age=17", "youth.hurt=yes")

    assert [
        (j.reading.id, j.reading.version, j.reading.because, j.reading.source, j.reading.then, j.holds)
        for j in judge(given.case, given.rulebook)
        if j.reading.id.startswith("youth#")
    ] == [
        ("youth#very_sad", "7", "Said yes.", "Youth screen", (RaiseRisk(Risk.HIGH),), True),
        ("youth#not_so_sad", "7", "Youth screen: not so sad", "Youth screen", (RaiseRisk(Risk.LOW),), False),
        ("youth#is_young", "7", "Not yet 18.", "Youth screen", (RaiseRisk(Risk.LOW),), True),
        ("youth#not_told", "7", "Youth screen: not told", "Youth screen", (RaiseRisk(Risk.NOT_ASSESSED),), False),
    ]
    assert judgement(given, "youth#very_sad").reading.when is YOUTH.levels[0].when
    assert judgement(given, "youth#is_young").reading.when is YOUTH.flags[0].when


def test_a_level_explains_itself_by_what_its_conditions_saw_also_when_a_worse_one_was_reached() -> None:
    """Both conditions hold, only the first level counts; the second one's trace still tells what is true."""
    screen = replace(MOOD, levels=(MOOD.levels[1], replace(MOOD.levels[1], band="again")))
    given = a_talk("mood.sad=yes", "mood.tired=no", book=rulebook(instruments=(screen,)))

    first, second = judgement(given, "mood#some"), judgement(given, "mood#again")

    assert (first.holds, second.holds, second.verdict.truth) == (True, False, Truth.NO)
    assert [t.judged.truth for t in second.verdict.trace] == [Truth.YES, Truth.NO]


def test_the_floor_is_read_first_then_levels_then_rules() -> None:
    given = a_talk("mood.sad=yes", book=rulebook(rule("mine", Is("mood.sad", "yes"), Risk.LOW)))

    read = [j.reading.id for j in judge(given.case, given.rulebook)]

    assert [id.partition("#")[0] for id in read] == ["floor"] * 4 + ["mood"] * 3 + ["mine"]
    assert judgement(given, "mine").holds


def test_what_was_judged_before_is_judged_anew_when_something_changed() -> None:
    """Remembering is for speed; it must never answer for another state of the case."""
    given = a_talk(book=rulebook(rule("armed", Is("danger.weapon", "yes"), Risk.HIGH)))
    seen = []
    for answer in ("no", "yes", "unknown", "no", "yes"):
        given.when(said(f"danger.weapon={answer}"))
        seen.append(judgement(given, "armed").verdict.truth)

    assert seen == [Truth.NO, Truth.YES, Truth.UNKNOWN, Truth.NO, Truth.YES]


def test_asking_twice_says_the_same_and_hands_out_a_list_of_its_own() -> None:
    given = a_talk("danger.weapon=yes")
    first = judge(given.case, given.rulebook)
    first.clear()

    assert judge(given.case, given.rulebook) != []


def test_a_condition_on_a_list_is_judged_like_any_other() -> None:
    """What is known is a list, which cannot be looked up in a memory."""

    given = a_talk(book=rulebook(rule("flagged", Is("danger.flags", ["refused_or_unknown"]), Risk.LOW)))

    given.when(said("danger.weapon=yes"))
    assert judgement(given, "flagged").verdict.truth is Truth.NO
    given.when(said("danger.weapon=refused"))
    assert judgement(given, "flagged").holds


def test_a_word_of_somebody_else_calms_nothing() -> None:
    who = Instrument(
        "who", "1", "Who", (Item("caller", {}, "choice", options=(Option("other", {}),), person="caller"),), ()
    )
    given = a_talk("who.caller=other", "mood.sad=no", "mood.tired=no", book=rulebook(instruments=(who,)))

    assert "mood.risk" not in facts_of(given.case, given.rulebook)
    assert not judgement(given, "mood#negative").holds
    given.when(said("mood.sad=yes"))
    assert judgement(given, "mood#some").holds


# ------------------------------------------------------------------------------------------ judgements


def test_a_judgement_tells_what_each_condition_saw_in_words_that_can_be_kept() -> None:
    given = a_talk("danger.weapon=yes")
    reading = rule("r", either(Is("danger.weapon", "yes"), Is("danger.flags", ["ñ"]), Throws(), Is("gone", 1)))
    one = Judgement(reading, reading.when.judge(facts_of(given.case, given.rulebook)))

    assert [(s.path, s.condition, s.verdict, s.values) for s in one.saw()] == [
        ("when, any, 1 of 4", "danger.weapon == 'yes'", "yes", '{"danger.weapon": "yes"}'),
        ("when, any, 2 of 4", "danger.flags == ['ñ']", "no", '{"danger.flags": []}'),
        ("when, any, 3 of 4", "1 / 0 == 1", "broken", "{}"),
        ("when, any, 4 of 4", "gone == 1", "unknown", "{}"),
    ]
    assert one.holds
    assert [traced.path for traced in one.broken] == ["when, any, 3 of 4"]


def test_names_are_kept_as_they_are_written() -> None:
    reading: Reading = rule("r", Is("who", "Zoë"))

    assert Judgement(reading, reading.when.judge({"who": "Zoë"})).saw()[0].values == '{"who": "Zoë"}'
    for several in (("a", "b"), UserList(["a", "b"])):
        assert Judgement(reading, reading.when.judge({"who": several})).saw()[0].values == '{"who": ["a", "b"]}'


def test_only_a_plain_yes_holds() -> None:
    reading = rule("r", Is("a", 1))

    assert [Judgement(reading, reading.when.judge(seen)).holds for seen in ({"a": 1}, {"a": 2}, {})] == [
        True,
        False,
        False,
    ]
