"""What the line says by itself: always something, and never more than it should."""

from __future__ import annotations

import re

import pytest

from crisis_hub.application.words import BUILT_IN, language_of, say, spoken_number, urgency
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import EMPTY, Rulebook

BOOK = Rulebook(
    version="1",
    wording={
        "en": {"hold": "Please hold for {name}.", "recognise": "hello help i'm"},
        "es": {"hold": "Espere.", "page_none": "", "recognise": "hola ayuda"},
    },
)


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_every_sentence_is_there_with_no_file_at_all(key: str) -> None:
    assert say(EMPTY, "en", key) == BUILT_IN[key]
    assert say(EMPTY, "xx", key) == BUILT_IN[key]


def test_the_persons_language_comes_first_then_english_then_our_own_words() -> None:
    assert say(BOOK, "es", "hold") == "Espere."
    assert say(BOOK, "pl", "hold", name="a person") == "Please hold for a person."
    assert say(BOOK, "es", "page_none") == BUILT_IN["page_none"]
    assert say(BOOK, "es", "no-such-key") == ""


@pytest.mark.parametrize(
    "sentence",
    ["Hold {", "Hold }", "Hold {}", "Hold {0}", "Hold {name.first}", "Hold {name!r:>1000000}", "{unknown} {name", "{{"],
)
def test_no_typing_error_in_a_file_silences_the_line(sentence: str) -> None:
    """A brace too many must not cost somebody the answer to their first text."""
    book = Rulebook(version="1", wording={"en": {"hold": sentence}})

    assert say(book, "en", "hold", name="Ana") == sentence


def test_a_value_is_said_as_it_is_and_fills_no_further_place() -> None:
    book = Rulebook(version="1", wording={"en": {"hold": "{name} and {number}"}})

    assert say(book, "en", "hold", name="{number}", number="{name}") == "{number} and {name}"


def test_a_page_has_no_place_for_a_private_word() -> None:
    """A page lies open on a locked screen beside somebody's bed."""
    for key in ("page_sms", "page_call"):
        places = set(re.findall(r"\{(\w+)\}", BUILT_IN[key]))
        assert places <= {"drill", "urgency", "number", "number_spoken", "link"}


@pytest.mark.parametrize("risk", Risk)
def test_every_urgency_has_a_word(risk: Risk) -> None:
    assert urgency(EMPTY, "en", risk)


def test_numbers_are_spoken_figure_by_figure() -> None:
    assert spoken_number("1047") == "1 0 4 7"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hola!", "es"), ("¿ayuda?", "es"), ("HELP", "en"), ("I'm here", "en"), ("hm", "pl"), ("hola help", "en")],
)
def test_the_language_is_guessed_from_words_that_give_it_away(text: str, language: str) -> None:
    assert language_of(BOOK, text, "pl") == language


def test_with_no_wording_the_default_is_spoken() -> None:
    assert language_of(EMPTY, "hola", "en") == "en"
