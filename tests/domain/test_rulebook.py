"""The rulebook: what is always there whatever the files say, and a memory that never grows without end."""

from __future__ import annotations

from dataclasses import replace

from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rulebook import MOST_JUDGED, MOST_SCORED, Memory, Remembering
from crisis_hub.domain.rules import EMPTY, facts_of, judge, score_of
from crisis_hub.domain.truth import Truth
from tests.domain.given import MOOD, Given, Is, both, claim, rule, rulebook, said, text_comes, yes_no

INQUIRY = BARE_INSTRUMENTS["ch_violence_inquiry"]


def test_what_no_file_brings_is_there_bare_or_not_at_all() -> None:
    assert EMPTY.instrument("ch_violence_inquiry") == INQUIRY
    assert EMPTY.instrument("mood") is None
    assert rulebook().instrument("mood") is MOOD
    assert (EMPTY.version, EMPTY.sign_off) == ("empty", "none")


def test_a_file_keeps_its_own_questions_as_they_are_and_gets_the_missing_ones_as_optional() -> None:
    written = replace(INQUIRY, version="9", items=(yes_no("mine"), INQUIRY.items[2], INQUIRY.items[0]))
    book = rulebook(instruments=(written,))

    whole = book.instrument(INQUIRY.id)

    assert whole is not None
    assert book.instrument(INQUIRY.id) is whole  # put together once
    assert whole.version == "9"
    assert [(item.id, item.optional) for item in whole.items] == [
        ("mine", False),
        ("v6", False),
        ("v1", False),
        ("v5", True),
        ("v7", True),
        ("v10", True),
    ]


def test_a_file_that_brings_every_question_of_the_floor_is_left_alone() -> None:
    written = replace(INQUIRY, items=(*INQUIRY.items, yes_no("more")))

    assert rulebook(instruments=(written,)).instrument(INQUIRY.id) == written


def test_a_question_of_the_floor_that_a_file_brings_under_another_name_is_not_asked_twice() -> None:
    """`also` says under which other names an item is answered."""
    renamed = replace(INQUIRY.items[0], id="thoughts", also=("v1",))
    written = replace(INQUIRY, items=(renamed, *INQUIRY.items[1:]))

    whole = rulebook(instruments=(written,)).instrument(INQUIRY.id)

    assert whole == written


# ------------------------------------------------------------------------------------------ remembering


def test_a_reading_says_the_same_from_memory_as_anew_and_forgets_in_time() -> None:
    """A service that runs for months must not fill the machine with what it once judged."""
    reading = rule("r", Is("a", 7.0))
    remembering = Remembering(reading, ("a",))

    for turn in range(2):
        for value in range(MOST_JUDGED + 3):
            assert remembering.judge({"a": float(value)}).holds is (value == 7), turn
            assert len(remembering.said) <= MOST_JUDGED


def test_a_reading_looks_again_only_when_something_changed_that_it_looks_at() -> None:
    remembering = Remembering(rule("r", both(Is("a", 1), Is("b", 2))), ("a", "b"))

    first = remembering.judge({"a": 1, "b": 2, "other": 1})

    assert remembering.judge({"a": 1, "b": 2, "other": 2}) is first
    assert remembering.judge({"a": 1, "b": 3}).verdict.truth is Truth.NO
    assert remembering.judge({"b": 2}).verdict.truth is Truth.UNKNOWN
    assert remembering.judge({"a": 1, "b": 2}) is first


def test_a_list_is_judged_anew_each_time() -> None:
    remembering = Remembering(rule("r", Is("seen", ["x"])), ("seen",))

    assert remembering.judge({"seen": ["x"]}).holds
    assert not remembering.judge({"seen": ["y"]}).holds
    assert remembering.said == {}


def test_each_reading_has_a_memory_of_its_own() -> None:
    memory = Memory()
    one, other = rule("one", both(Is("a", 1), Is("b", 1))), rule("other", Is("a", 2))

    first = memory.judge(one, {"a": 1, "b": 1})
    assert first.reading is one
    assert memory.judge(one, {"a": 1, "b": 1}) is first
    assert memory.judge(other, {"a": 1}).reading is other
    assert not memory.judge(other, {"a": 1}).holds
    assert memory.judge(one, {"a": 1, "b": 1}).holds
    assert not memory.judge(one, {"a": 1, "b": 2}).holds
    assert memory.readings["one"].names == ("a", "b")


def test_what_a_rulebook_remembers_of_cases_has_an_end() -> None:
    given = Given(rulebook(rule("old", Is("mood.age", 7.0), Risk.LOW)))
    given.when(text_comes(), claim(), said("mood.age=7"))
    judged, scored = given.rulebook.memory.judged, given.rulebook.memory.scored
    some_score = next(iter(scored.values()))
    judged.update({("filler", n): () for n in range(MOST_JUDGED - len(judged))})
    scored.update({("filler", n): some_score for n in range(MOST_SCORED - len(scored))})
    assert (len(judged), len(scored)) == (MOST_JUDGED, MOST_SCORED)

    given.when(said("mood.age=8"))

    assert 0 < len(judged) < MOST_JUDGED
    assert 0 < len(scored) < MOST_SCORED
    assert facts_of(given.case, given.rulebook)["mood.age"] == 8.0
    assert [j.holds for j in judge(given.case, given.rulebook) if j.reading.id == "old"] == [False]


def test_what_was_judged_and_scored_before_comes_from_memory() -> None:
    """The limit of a millisecond for each answer stands on this."""
    given = Given(rulebook(rule("old", Is("mood.age", 7.0), Risk.LOW)))
    given.when(text_comes(), claim(), said("mood.age=7"))
    first = judge(given.case, given.rulebook)
    scored = score_of(given.case, "mood", given.rulebook)

    given.when(text_comes("still here", "SM2"))

    assert all(one is other for one, other in zip(first, judge(given.case, given.rulebook), strict=True))
    assert score_of(given.case, "mood", given.rulebook) is scored
