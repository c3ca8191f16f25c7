"""Words that may mean danger: found whatever hides them, spared where they do not count, at a bounded cost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain import events as e
from crisis_hub.domain.case import fold
from crisis_hub.domain.queue import Waits, rank
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.triage import MOST_WORDS, NO_WORDS, Entry, Lexicon, Noticed, Says, gravest, notice, plain_words
from tests.domain.given import LADDERS, NOON, Given, call_comes, claim, judged, rulebook, text_comes


def entry(id: str, says: Says, *words: str, unless: tuple[str, ...] = ()) -> Entry:
    return Entry(id, "en", says, words, "Because.", f"v-{id}", unless)


DIE = entry("die", Says.DANGER, "want to die", "wanna die", unless=("dont want to die", "want to die of laughter"))
NOW = entry("now", Says.DANGER_NOW, "took pills", "ya me tomé todo")
TIRED = entry("tired", Says.WATCH, "no puedo más", "want")
LEXICON = Lexicon((DIE, NOW, TIRED))


def ids(text: str, lexicon: Lexicon = LEXICON) -> list[str]:
    return [noticed.entry for noticed in notice(text, lexicon)]


# ------------------------------------------------------------------------------------------ what is found


@pytest.mark.parametrize(
    "text",
    [
        "i want to die",
        "I WANT TO DIE",
        "…want\nto\tdie!!!",
        "want—to—die",
        "wänt tö díe",
        "ｗａｎｔ ｔｏ ｄｉｅ",
        "want to di\u200be",
        "wa\u00adnt to die",
        "hola, i want to die, adiós",
        "I don't want to die but I wanna die",
    ],
)
def test_words_are_found_whatever_hides_them(text: str) -> None:
    assert "die" in ids(text)


@pytest.mark.parametrize(
    "text",
    ["", "...", "i wanted to diet", "wan to die", "die to want", "want die to", "unwant to die", "I don’t want to die"],
)
def test_only_whole_words_in_their_order_count(text: str) -> None:
    assert "die" not in ids(text)


def test_accents_and_apostrophes_make_no_difference() -> None:
    assert ids("YA NO PUEDO MAS") == ["tired"]
    assert plain_words("Can’t, can't & can`t — ¿Qué?") == ["cant", "cant", "cant", "que"]


def test_of_several_entries_the_gravest_comes_first_and_each_once() -> None:
    found = notice("want to die, took pills, want to die, no puedo más", LEXICON)

    assert found == (
        Noticed("now", Says.DANGER_NOW, "v-now"),
        Noticed("die", Says.DANGER, "v-die"),
        Noticed("tired", Says.WATCH, "v-tired"),
    )
    assert gravest(one.says for one in found) is Says.DANGER_NOW
    assert gravest([]) is None


def test_what_is_spared_for_one_entry_still_counts_for_another() -> None:
    assert ids("i dont want to die") == ["tired"]
    assert ids("i want to die of laughter") == ["tired"]


def test_a_phrase_that_nothing_could_match_is_refused() -> None:
    for phrase in ("", "!!!", " ".join(["word"] * (MOST_WORDS + 1))):
        with pytest.raises(ValueError, match="must have between 1 and 12 words"):
            Lexicon((entry("bad", Says.WATCH, phrase),))


# ------------------------------------------------------------------------------------------ at a bounded cost


class Counted(str):
    """A word that counts how often it was looked up."""

    __slots__ = ()
    looked = 0

    def __hash__(self) -> int:
        Counted.looked += 1
        return super().__hash__()

    __eq__ = str.__eq__


@pytest.mark.parametrize("word", ["a", "b"])
def test_the_work_grows_with_the_length_of_a_text_and_with_nothing_its_writer_chooses(word: str) -> None:
    """Every phrase begins like every other and fails on its last word: the worst that can be looked for."""
    hostile = Lexicon(
        tuple(entry(f"e{n}", Says.WATCH, " ".join(["a"] * (MOST_WORDS - 1) + [f"x{n}"])) for n in range(500))
    )
    work = []
    for length in (400, 800, 1600):
        Counted.looked = 0
        list(hostile.ends([Counted(word)] * length))
        work.append(Counted.looked)

    assert work[-1] <= 1600 * MOST_WORDS
    assert all(more <= 2.2 * less for less, more in pairwise(work))


@settings(max_examples=200, deadline=None)
@for_all(st.text(max_size=1600))
def test_any_text_at_all_can_be_looked_at(text: str) -> None:
    assert all(isinstance(one, Noticed) for one in notice(text, LEXICON))


@settings(max_examples=100, deadline=None)
@for_all(
    st.lists(st.sampled_from(["want", "to", "die", "dont", "took", "pills", "of", "laughter"]), max_size=30),
    st.lists(st.sampled_from([DIE, NOW, TIRED]), unique=True),
    st.sampled_from([DIE, NOW, TIRED]),
)
def test_one_more_entry_never_hides_what_another_notices(words: list[str], entries: list[Entry], more: Entry) -> None:
    text = " ".join(words)
    before = set(ids(text, Lexicon(tuple(entries))))
    after = set(ids(text, Lexicon((*[one for one in entries if one is not more], more))))

    assert before <= after


# ------------------------------------------------------------------------------------------ what it does to a case


def book(lexicon: Lexicon = LEXICON) -> Rulebook:
    return replace(rulebook(ladders=LADDERS), lexicon=lexicon)


def test_a_text_is_recorded_with_what_it_speaks_of_and_without_its_words() -> None:
    given = Given(book())
    facts = given.when(text_comes("i took pills and want to die"))

    found = [fact for fact in facts if isinstance(fact, e.WordsNoticed)]
    assert [(fact.message, fact.entry, fact.says, fact.version) for fact in found] == [
        ("m-SM1", "now", Says.DANGER_NOW, "v-now"),
        ("m-SM1", "die", Says.DANGER, "v-die"),
        ("m-SM1", "tired", Says.WATCH, "v-tired"),
    ]
    assert "pills" not in repr(found)


def test_what_was_noticed_once_is_not_said_again() -> None:
    given = Given(book())
    given.when(text_comes("want"), text_comes("want", "SM2"), text_comes("want to die", "SM3"))

    assert [fact.entry for fact in given.all(e.WordsNoticed)] == ["tired", "die"]


def test_words_never_decide() -> None:
    """They raise no risk, fire no rule and page nobody."""
    loud, silent = Given(book()), Given(book(NO_WORDS))
    for given in (loud, silent):
        given.when(text_comes("i took pills and want to die"), claim(), judged(Risk.LOW))

    assert [fact for fact, _ in loud.history if not isinstance(fact, e.WordsNoticed)] == [f for f, _ in silent.history]
    assert replace(loud.case, noticed=()) == silent.case


def test_a_call_has_no_words_to_notice() -> None:
    given = Given(book())

    assert not any(isinstance(fact, e.WordsNoticed) for fact in given.when(call_comes()))


def test_the_rank_after_a_replay_is_the_same_whatever_lexicon_is_in_force_later() -> None:
    given = Given(book())
    given.when(text_comes("i took pills"))
    given.rulebook = book(NO_WORDS)
    given.when(text_comes("are you there", "SM2"))
    again = fold(given.history)

    assert again == given.case
    assert again is not None
    assert rank(again, Waits()) == rank(given.case, Waits())
    assert rank(again, Waits()).because(NOON) == ("Their words speak of danger now",)
