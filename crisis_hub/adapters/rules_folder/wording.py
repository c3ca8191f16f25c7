"""Reads `wording/<language>/*.yaml`: what the line says by itself, and the numbers it may name.

Each text may hold only its own places (`{number}`, `{link}` …): a page can thereby never hold a private word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crisis_hub.adapters.rules_folder.problems import Page, Path, did_you_mean, listed
from crisis_hub.domain.risk import Risk

PLACES: Mapping[str, frozenset[str]] = {
    "text_first_reply": frozenset(),
    "call_greeting": frozenset(),
    "hold": frozenset(),
    "page_sms": frozenset({"drill", "urgency", "number", "link"}),
    "page_call": frozenset({"drill", "urgency", "number", "number_spoken"}),
    "page_call_join": frozenset(),
    "page_sms_many": frozenset({"drill", "pages"}),
    "page_sms_one_of_many": frozenset({"urgency", "number", "link"}),
    "page_taken": frozenset({"number", "link"}),
    "page_taken_call": frozenset({"number_spoken"}),
    "page_taken_other": frozenset({"number", "name"}),
    "page_taken_other_call": frozenset({"number_spoken", "name"}),
    "page_taken_join_call": frozenset({"number_spoken"}),
    "page_taken_more": frozenset({"number", "link"}),
    "page_taken_more_call": frozenset({"number_spoken"}),
    "page_taken_together": frozenset({"number", "name", "link"}),
    "page_taken_together_call": frozenset({"number_spoken", "name"}),
    "page_stood_down": frozenset({"number"}),
    "page_stood_down_call": frozenset({"number_spoken"}),
    "page_passed": frozenset({"number"}),
    "page_passed_call": frozenset({"number_spoken"}),
    "page_passed_others": frozenset({"number"}),
    "page_passed_others_call": frozenset({"number_spoken"}),
    "page_passed_last": frozenset({"number"}),
    "page_passed_last_call": frozenset({"number_spoken"}),
    "page_unknown_reply": frozenset(),
    "page_which": frozenset({"numbers"}),
    "page_none": frozenset(),
    "page_mail_subject": frozenset({"drill", "urgency", "number"}),
    "page_mail": frozenset({"drill", "urgency", "number", "link"}),
    "code_text": frozenset({"code"}),
    "code_call": frozenset({"code"}),
    "code_mail_subject": frozenset(),
    "test_sms": frozenset({"link"}),
    "test_call": frozenset(),
    "test_mail_subject": frozenset(),
    "test_mail": frozenset({"link"}),
    "test_title": frozenset(),
    "test_taken": frozenset(),
    "staff_stopped": frozenset(),
    "staff_started": frozenset(),
    "staff_started_waiting": frozenset({"numbers"}),
    "notice_before": frozenset({"rota", "start", "end"}),
    "notice_start": frozenset({"rota", "start", "end"}),
    "notice_subject": frozenset({"rota"}),
    "cover_asked": frozenset({"rota", "whose", "start", "end", "zone", "link"}),
    "cover_asked_of": frozenset({"rota", "whose", "start", "end", "zone", "link"}),
    "cover_asked_swap": frozenset({"rota", "whose", "start", "end", "other_start", "other_end", "zone", "link"}),
    "cover_taken": frozenset({"rota", "name", "whose", "start", "end", "zone", "link"}),
    "cover_given": frozenset({"rota", "whose", "start", "end", "zone", "by", "link"}),
    "cover_swapped": frozenset({"rota", "name", "whose", "start", "end", "other_start", "other_end", "zone", "link"}),
    "cover_declined": frozenset({"rota", "name", "whose", "start", "end", "zone", "link"}),
    "cover_declined_by_all": frozenset({"rota", "whose", "start", "end", "zone", "link"}),
    "cover_withdrawn": frozenset({"rota", "start", "end", "zone", "whose", "name", "link"}),
    "cover_withdrawn_swap": frozenset(
        {"rota", "whose", "start", "end", "name", "other_start", "other_end", "zone", "link"}
    ),
    "cover_lapsed": frozenset({"rota", "whose", "start", "end", "zone", "link"}),
    "cover_lapsed_nobody": frozenset({"rota", "whose", "start", "end", "zone", "link"}),
    "cover_subject": frozenset({"rota"}),
    "cover_mail": frozenset({"told"}),
    "coverage_text": frozenset({"drill", "told", "link"}),
    "coverage_mail_subject": frozenset({"drill", "about"}),
    "coverage_mail": frozenset({"drill", "told", "link"}),
    "coverage_mended": frozenset({"told"}),
    "drill": frozenset(),
}
"""The texts there are, and what each may hold; `name` is that of the colleague who has the case already."""

_MUST_HOLD = {
    "page_sms": ("drill", "urgency", "number", "link"),
    "page_call": ("drill", "urgency"),
    "page_sms_many": ("drill", "pages"),
    "page_sms_one_of_many": ("urgency", "number", "link"),
    "page_which": ("numbers",),
    "staff_started_waiting": ("numbers",),
    "page_mail_subject": ("drill", "urgency", "number"),
    "page_mail": ("drill", "urgency", "number", "link"),
    "code_text": ("code",),
    "code_call": ("code",),
    "test_sms": ("link",),
    "test_mail": ("link",),
    "coverage_text": ("drill", "told"),
    "coverage_mail": ("drill", "told"),
    "coverage_mended": ("told",),
}

NUMBERS: Mapping[str, str] = {"emergency": "911", "lifeline": "988"}
"""The numbers of the United States, for when no `wording/numbers.yaml` says others."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def read_numbers(page: Page) -> dict[str, str]:
    """Return the telephone numbers that texts may name."""
    data: dict[str, object] = page.data  # type: ignore[assignment]
    return {**NUMBERS, **{name: str(number) for name, number in data.items()}}


def read_wording(page: Page, numbers: Mapping[str, str]) -> dict[str, str] | None:
    """Return the texts by their keys (`urgency_high` for words of urgency), or nothing after noting what is wrong."""
    data: dict[str, object] = page.data  # type: ignore[assignment]
    texts: dict[str, str] = {}
    for key, said in data.items():
        if isinstance(said, dict):
            texts.update({f"{key}_{name}": str(word) for name, word in said.items()})
        elif isinstance(said, list):
            texts[key] = " ".join(str(word) for word in said)
        else:
            texts[key] = str(said)
            _check(page, key, texts[key], numbers)
    if page.refused:
        return None
    return {key: fill_numbers(text, numbers) for key, text in texts.items()}


def missing_words(wording: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a sentence for each language in which something that English has is missing."""
    english = wording.get("en", {})
    wanted = set(english) | set(PLACES) | {f"urgency_{risk.value}" for risk in Risk}
    found = []
    for language, texts in sorted({"en": {}, **wording}.items()):
        gone = sorted(wanted - set(texts) - {"recognise"})
        if gone and texts:
            found.append(f"wording/{language}: {listed(gone)} missing; English is used there, or a built-in text.")
    return found


def fill_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """Put the telephone numbers into a text and leave every other place as it is."""
    return _PLACE.sub(lambda match: numbers.get(match[1], match[0]), text)


def check_places(page: Page, path: Path, text: str, allowed: frozenset[str], what: str) -> None:
    """Note every place in a text that nothing will fill."""
    for place in _PLACE.findall(text):
        if place not in allowed:
            can = f"it can hold {listed('{' + name + '}' for name in sorted(allowed))}"
            page.wrong(path, f"{what} cannot hold {{{place}}}; {can}.{did_you_mean(place, allowed)}")
    if "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        page.wrong(path, "A curly bracket stands alone. Write {name}, or leave it out.")


def _check(page: Page, key: str, text: str, numbers: Mapping[str, str]) -> None:
    check_places(page, (key,), text, PLACES.get(key, frozenset()) | set(numbers), key)
    for place in _MUST_HOLD.get(key, ()):
        if f"{{{place}}}" not in text:
            page.wrong((key,), f"{{{place}}} is missing from {key}; without it nobody can act on the text.")
