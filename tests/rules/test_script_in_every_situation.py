"""The shipped script for everybody who may reach us: which parts are open, and what is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crisis_hub.application.guide import talk_of
from crisis_hub.application.outline import View, parts
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.instrument import Instrument, Item
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook, scores
from crisis_hub.domain.script import BESIDES, Place, Script, next_item, places
from tests.domain.given import RUI, Given, call_comes, claim, text_comes

ALWAYS = ["connect", "what_happened", "danger_now", "safety", "at_home", "plan_together", "close"]
OF_ANOTHER = ["connect", "what_happened", "danger_there", "other_person", "plan_with_caller", "close"]
SUICIDAL = ["connect", "what_happened", "danger_now", "safety", "right_now", "principles", "at_home"]

SITUATIONS = {
    # who reached us and what they said: the parts that are open, and the next questions
    "nothing said yet": ("", ALWAYS, "ch_right_now.safe_to_talk ch_intake.caller ch_intake.age ch_intake.access"),
    "an adult": (
        "ch_right_now.safe_to_talk=yes ch_intake.caller=self ch_intake.age=40 ch_intake.access=no",
        ALWAYS,
        "ch_right_now.attempt_now ch_overdose_withdrawal.o1 ch_overdose_withdrawal.o2 ch_violence_inquiry.v10",
    ),
    "a minor": (
        "ch_right_now.safe_to_talk=yes ch_intake.caller=self ch_intake.age=15 ch_intake.access=no",
        [*ALWAYS[:5], "minor", *ALWAYS[5:]],
        "ch_right_now.attempt_now ch_overdose_withdrawal.o1",
    ),
    "worried about an adult": (
        "ch_right_now.safe_to_talk=yes ch_intake.caller=other ch_intake.access=no",
        OF_ANOTHER,
        "ch_third_party.t_attempt ch_third_party.t_place ch_overdose_withdrawal.o2 ch_violence_inquiry.v10",
    ),
    "worried about a minor": (
        "ch_right_now.safe_to_talk=yes ch_intake.caller=other ch_third_party.subject_age=9",
        OF_ANOTHER,
        "ch_intake.access ch_third_party.t_attempt",
    ),
    "cannot speak freely": (
        "ch_right_now.safe_to_talk=no ch_intake.caller=self ch_intake.age=30 ch_intake.access=no",
        ["connect", "overheard", *(part for part in ALWAYS[1:] if part != "at_home")],
        "ch_right_now.safe_way ch_right_now.attempt_now",
    ),
    "needs an interpreter": (
        "ch_right_now.safe_to_talk=yes ch_intake.caller=self ch_intake.age=30 ch_intake.access=yes",
        ["connect", "access", *ALWAYS[1:]],
        "ch_access.interpreter",
    ),
    "does not say who speaks": ("ch_intake.caller=refused", ALWAYS, "ch_right_now.safe_to_talk ch_intake.age"),
    "thoughts of suicide some time": (
        "asq.q1=yes asq.q2=no asq.q3=no asq.q4=no asq.q5=no",
        [*SUICIDAL, "needs", "plan_together", "close"],
        "ch_right_now.safe_to_talk",
    ),
    "thoughts of suicide now": (
        "asq.q1=yes asq.q5=yes",
        ["connect", "what_happened", "where", *SUICIDAL[2:], "plan_together", "close"],
        "ch_right_now.safe_to_talk",
    ),
    "an attempt under way": (
        "ch_right_now.attempt_now=yes",
        ["connect", "what_happened", "where", *SUICIDAL[2:], "plan_together", "close"],
        "ch_right_now.place ch_right_now.alone ch_overdose_withdrawal.o1",
    ),
    "took something": (
        "ch_overdose_withdrawal.o1=yes",
        ["connect", "what_happened", "where", "danger_now", "overdose", "safety", "right_now", *ALWAYS[4:]],
        "ch_right_now.place ch_right_now.alone ch_right_now.attempt_now ch_overdose_withdrawal.o2",
    ),
    "a weapon in hand": (
        "ch_violence_inquiry.v10=yes",
        ["connect", "what_happened", "where", "danger_now", "violence", "safety", "right_now", *ALWAYS[4:]],
        "ch_right_now.place",
    ),
    "imminent, and will not work with us": (
        "ch_right_now.attempt_now=yes ch_right_now.together=no",
        ["connect", "what_happened", "where", *SUICIDAL[2:], "considerations", "plan_together", "close"],
        "ch_right_now.place",
    ),
    "afraid at home": (
        "ch_intake.caller=self ch_partner.afraid=yes",
        [*ALWAYS[:5], "partner", *ALWAYS[5:]],
        "ch_right_now.safe_to_talk",
    ),
    "a child is harmed": (
        "ch_intake.caller=self ch_abuse.someone=yes",
        [*ALWAYS[:5], "abuse", "needs", *ALWAYS[5:]],
        "ch_right_now.safe_to_talk",
    ),
    "tells of drinking": (
        "ch_violence_inquiry.v9=yes",
        [*ALWAYS[:4], "right_now", "withdrawal", "at_home", "substance", *ALWAYS[5:]],
        "ch_right_now.safe_to_talk",
    ),
    "drinks a lot": (
        "ch_intake_needs.drinking_or_drugs=yes single_alcohol.q1=12",
        [*ALWAYS[:4], "withdrawal", "at_home", "needs", "substance", "drinking", *ALWAYS[5:]],
        "ch_right_now.safe_to_talk",
    ),
}


def talk(book: Rulebook, said: str, channel: str = "text", language: str = "en") -> Given:
    given = Given(book)
    given.when(text_comes() if channel == "text" else call_comes(), claim())
    for one in said.split():
        place, _, answer = one.partition("=")
        instrument, _, item = place.partition(".")
        given.when(RecordAnswer(RUI, instrument, item, answer, ""))
    assert given.so_far is not None
    given.so_far = replace(given.so_far, language=language)
    return given


def walked(given: Given) -> tuple[Script, list[Place], View]:
    book, case = given.rulebook, given.case
    script = book.scripts["first"]
    laid = talk_of(case, script, book.instruments, book)
    walk = places(script, book.instruments, laid)
    return script, walk, View(walk, None, laid, case.language, "en", {})


def open_parts(given: Given) -> list[str]:
    script, _, view = walked(given)
    return [part.id for part in parts(script, view) if part.opened]


def next_question(given: Given) -> str | None:
    _, walk, _ = walked(given)
    place = next_item(walk, imminent=given.case.risk is Risk.IMMINENT)
    return f"{place.ask.instrument}.{place.ask.item}" if place else None


def questions(given: Given) -> Iterator[str]:
    """Give the questions in the order in which they are put forward, when none of them is answered for good."""
    while asked := next_question(given):
        yield asked
        instrument, _, item = asked.partition(".")
        given.when(RecordAnswer(RUI, instrument, item, "unknown", ""))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("channel", ["text", "voice"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_everybody_is_asked_what_fits_them(book: Rulebook, situation: str, channel: str, language: str) -> None:
    said, opened, asked = SITUATIONS[situation]
    given = talk(book, said, channel, language)

    assert open_parts(given) == opened
    found = [question for question, _ in zip(questions(given), asked.split(), strict=False)]
    assert found == asked.split()


@pytest.mark.parametrize(
    "said",
    [
        "ch_right_now.attempt_now=yes",
        "ch_overdose_withdrawal.o2=yes",
        "ch_violence_inquiry.v10=yes",
        "ch_intake.caller=other ch_third_party.t_attempt=yes",
        "ch_right_now.attempt_now=yes ch_violence_inquiry.v9=yes ch_intake_needs.sleep=none ch_right_now.together=no",
    ],
)
def test_while_it_is_imminent_nothing_but_safety_is_put_forward(book: Rulebook, said: str) -> None:
    given = talk(book, said)
    urgent = {
        f"{ask.instrument}.{ask.item}"
        for section in book.scripts["first"].sections
        if section.urgent
        for ask in section.asks
    }
    asked = list(questions(given))

    assert given.case.risk is Risk.IMMINENT
    assert asked
    assert set(asked) <= urgent
    assert not [one for one in asked if one.startswith(("ch_intake", "ch_plan", "asq.", "single_", "audit_c."))]


def test_a_third_party_is_never_asked_the_screens_of_the_person_themself(book: Rulebook) -> None:
    asked = list(questions(talk(book, "ch_intake.caller=other")))
    of_the_person = ("asq.", "ch_four_principles.", "ch_partner.", "ch_minor.", "ch_considerations.", "cssrs", "lap.")

    assert not [one for one in asked if one.startswith(of_the_person)]
    assert "ch_right_now.attempt_now" not in asked
    assert "ch_overdose_withdrawal.o1" not in asked


@pytest.mark.parametrize("name", ["asq", "ch_right_now", "ch_violence_inquiry", "ch_overdose_withdrawal", "phq9"])
def test_no_answer_of_a_third_party_ever_calms(book: Rulebook, name: str) -> None:
    items = [item for item in book.instruments[name].items if not item.person and not item.optional]
    calm = " ".join(f"{name}.{item.id}={item.order[0] if item.order else 'unknown'}" for item in items)
    for said in (f"ch_intake.caller=other {calm}", f"{calm} ch_intake.caller=other"):
        found = {score.instrument: score for score in scores(talk(book, said).case, book)}

        assert (found[name].risk, found[name].band, found[name].complete) == (Risk.NOT_ASSESSED, None, False)


def test_the_age_of_the_other_person_is_the_age_that_counts(book: Rulebook) -> None:
    given = talk(book, "ch_intake.caller=other ch_third_party.subject_age=15")
    _, walk, view = walked(given)

    assert view.talk.values["ch_intake.age"] == 15
    assert not [place for place in walk if place.item.id == "age" and place.wanted]


def test_an_age_that_was_given_is_not_asked_again(book: Rulebook) -> None:
    given = talk(book, "asq.age=15 ch_intake.caller=self")

    assert "ch_intake.age" not in list(questions(given))


def test_every_question_of_the_script_is_there(book: Rulebook) -> None:
    for section in book.scripts["first"].sections:
        for ask in section.asks:
            assert book.instruments[ask.instrument].item(ask.item) is not None, ask


def test_every_part_that_can_be_reached_by_nothing_said_is_named_in_this_table(book: Rulebook) -> None:
    """A part that no situation opens would be a part that nobody ever saw; two need a wording pack."""
    seen = {part for _, opened, _ in SITUATIONS.values() for part in opened}

    ids = {section.id for section in book.scripts["first"].sections}
    assert ids - seen == {"columbia", "partner_published", BESIDES}


def own(book: Rulebook) -> list[tuple[Instrument, Item]]:
    return [(one, item) for one in book.instruments.values() if one.wording == "own" for item in one.items]


def test_no_word_of_our_own_is_english_only(book: Rulebook) -> None:
    script = book.scripts["first"]
    texts = [(script.id, script.title)]
    for section in script.sections:
        words = (section.title, section.about, section.listen, section.help, section.calm, section.may_skip)
        texts += [(section.id, text) for text in (*words, *(saying.words for saying in section.say)) if text]
    for instrument, item in own(book):
        options = [option.labels for option in item.options]
        texts += [(f"{instrument.id}.{item.id}", text) for text in (item.say, item.why, item.concept, *options) if text]
        texts += [(instrument.id, level.words) for level in instrument.levels if level.words]

    assert [where for where, text in texts if not {"en", "es"} <= set(text)] == []


def test_our_own_words_do_not_shout(book: Rulebook) -> None:
    said = [text for _, item in own(book) for text in (*item.say.values(), *item.why.values())]
    said += [t for section in book.scripts["first"].sections for saying in section.say for t in saying.words.values()]

    assert [text for text in said if "!" in text or "¡" in text] == []


def test_every_part_that_asks_says_what_it_is_for_and_whether_it_may_be_skipped(book: Rulebook) -> None:
    for section in book.scripts["first"].sections:
        assert section.about or section.id == BESIDES, section.id
        if section.urgent and section.id != "considerations":
            assert not section.may_skip, f"{section.id}: what a life hangs on is not skipped with one key"


def test_the_script_says_that_it_is_not_validated(book: Rulebook) -> None:
    assert book.scripts["first"].validated is False
