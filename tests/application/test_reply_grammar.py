"""What people write back to a page, half asleep and with the habits of other systems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_hub.application.reply_grammar import PASS, TAKE, Reply, understood

SAID = [
    ("1", Reply(take=True)),
    (" 1. ", Reply(take=True)),
    ("“1”", Reply(take=True)),
    ("'Take'", Reply(take=True)),
    ("ACK", Reply(take=True)),
    ("4", Reply(take=True)),
    ("sí!", Reply(take=True)),
    ("4127", Reply(take=True, number="4127")),
    ("#4127", Reply(take=True, number="4127")),
    ("1 4127", Reply(take=True, number="4127")),
    ("ack4127", Reply(take=True, number="4127")),
    ("take #4127", Reply(take=True, number="4127")),
    ("4127 yes", Reply(take=True, number="4127")),
    ("all", Reply(take=True, every=True)),
    ("take all", Reply(take=True, every=True)),
    ("2", Reply(take=False)),
    ("pass 4127", Reply(take=False, number="4127")),
    ("paso", Reply(take=False)),
    ("PASS ALL", Reply(take=False, every=True)),
    ("１", Reply(take=True)),
    ("４１２７", Reply(take=True, number="4127")),
    ("ＡＣＫ　４１２７", Reply(take=True, number="4127")),
    ("٤١٢٧", Reply(take=True, number="4127")),
    ("SI\u0301", Reply(take=True)),
    ("«take» —", Reply(take=True)),
    ("\u200f1\u200f", Reply(take=True)),
]


@pytest.mark.parametrize(("text", "meant"), SAID, ids=[text for text, _ in SAID])
def test_what_people_write_is_understood(text: str, meant: Reply) -> None:
    assert understood(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "who is this",
        "1 2",
        "yes no",
        "4127 4128",
        "all 4127",
        "take it please",
        "I cannot",
        "ok",
        "Ñ",
        "один 1",
        "1" * 300,
        "take\x00?!me",
        "①",
        "½",
        "１ ２",
    ],
    ids=repr,
)
def test_what_could_mean_two_things_means_nothing(text: str) -> None:
    assert understood(text) is None


@given(st.text(max_size=1600))
def test_no_text_breaks_it_and_only_a_known_word_or_a_number_does_anything(text: str) -> None:
    meant = understood(text)

    if meant is not None and not meant.number and not meant.every:
        plain = unicodedata.normalize("NFKC", text).casefold().replace("í", "i")
        figures = {str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal()}
        assert any(word in plain or word in figures for word in TAKE | PASS)
