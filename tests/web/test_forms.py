"""What is read out of a form, field by field."""

from __future__ import annotations

import pytest

from crisis_hub.web.forms import Form, clean


def test_words_are_made_storable_and_are_not_endless() -> None:
    assert clean("a\x00b\ud800c", 10) == "a\ufffdb?c"
    assert Form([("Body", "x" * 20_000)], "").text("Body", 10_000) == "x" * 10_000
    assert Form([], "").text("Body", 10) == ""


def test_the_first_field_that_says_something_counts() -> None:
    form = Form([("CallStatus", ""), ("MessageStatus", "sent"), ("MessageStatus", "read")], "")
    assert form.word("CallStatus", "MessageStatus") == "sent"
    assert form.word("Nothing") == ""


@pytest.mark.parametrize(
    ("said", "number"), [("3", 3), ("", 0), ("-1", 0), ("²", 0), ("1e3", 0), ("9" * 6, 0), ("٣", 0)]
)
def test_a_number_is_small_and_plain(said: str, number: int) -> None:
    assert Form([("NumMedia", said)], "").number("NumMedia") == number


@pytest.mark.parametrize("said", ["", "SM", "S" * 65, "SM\n", "SM 1", "../x", "é" * 4])
def test_what_is_no_id_is_none(said: str) -> None:
    form = Form([("MessageSid", said), ("SmsSid", "SM1")], "signature")
    assert form.sid("MessageSid", "SmsSid") == ("SM" if said == "SM" else "SM1")
    assert form.sid_or_made("Nothing") == Form([], "signature").sid_or_made("Nothing")
    assert form.sid_or_made("Nothing") != Form([], "another").sid_or_made("Nothing")
