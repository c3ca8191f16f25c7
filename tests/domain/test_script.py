"""What to ask next: a guide over the instruments, never a cage."""

from __future__ import annotations

from collections.abc import Mapping

from crisis_hub.domain.script import Ask, Place, Script, Section, missing, next_item, places
from crisis_hub.domain.truth import Clause, Value
from tests.domain.given import DANGER, MOOD, Is, Throws, both

INSTRUMENTS = {"mood": MOOD, "danger": DANGER}


def script(opens: Clause | None = None) -> Script:
    mood = Section("mood", {"en": "Mood"}, asks=tuple(Ask("mood", item) for item in ("sad", "tired", "now")))
    danger = Section(
        "danger", {"en": "Danger"}, asks=(Ask("danger", "plan"), Ask("danger", "weapon")), opens_when=opens
    )
    return Script("first", "1", {"en": "First"}, (mood, danger))


def walk(said: Mapping[str, str], opens: Clause | None = None) -> list[Place]:
    answers: dict[str, dict[str, str]] = {}
    for name, answer in said.items():
        instrument, _, item = name.partition(".")
        answers.setdefault(instrument, {})[item] = answer
    values: dict[str, Value] = {name: answer for name, answer in said.items() if answer != "unknown"}
    return list(places(script(opens), INSTRUMENTS, answers, values))


def asked_next(said: Mapping[str, str], opens: Clause | None = None) -> str | None:
    place = next_item(walk(said, opens))
    return f"{place.ask.instrument}.{place.ask.item}" if place else None


def test_items_are_asked_in_the_order_of_the_script() -> None:
    assert asked_next({}) == "mood.sad"
    assert asked_next({"mood.sad": "no"}) == "mood.tired"
    assert asked_next({"mood.sad": "no", "mood.tired": "no"}) == "danger.plan"


def test_a_question_behind_a_door_is_asked_once_the_door_opens() -> None:
    assert asked_next({"mood.sad": "yes", "mood.tired": "no"}) == "mood.now"


def test_what_was_answered_out_of_turn_is_not_asked_again() -> None:
    """People tell things in their own order."""
    assert asked_next({"danger.plan": "yes"}) == "mood.sad"
    assert asked_next({"danger.plan": "yes", "mood.sad": "no", "mood.tired": "no"}) == "danger.weapon"


def test_what_nobody_knows_is_not_asked_again_at_once_but_stays_missing() -> None:
    """ "Unknown" is never taken for "no", and never forgotten."""
    said = {"mood.sad": "unknown", "mood.tired": "no", "danger.plan": "refused", "danger.weapon": "no"}

    assert asked_next(said) is None
    assert [place.ask.item for place in missing(walk(said))] == ["sad"]


def test_a_section_opens_when_its_condition_holds() -> None:
    opens = both(Is("mood.sad", "yes"))

    assert asked_next({"mood.sad": "no", "mood.tired": "no"}, opens) is None
    assert asked_next({"mood.sad": "yes", "mood.tired": "no", "mood.now": "no"}, opens) == "danger.plan"
    assert not any(place.wanted for place in walk({}, opens) if place.section.id == "danger")


def test_a_section_whose_condition_breaks_is_open() -> None:
    assert asked_next({"mood.sad": "no", "mood.tired": "no"}, both(Throws())) == "danger.plan"


def test_an_item_that_is_not_in_any_file_is_left_out() -> None:
    """A script that is newer than the instruments must not stop the talk."""
    gone = Script("x", "1", {}, (Section("a", {}, asks=(Ask("mood", "gone"), Ask("gone", "sad"), Ask("mood", "sad"))),))

    assert [place.item.id for place in places(gone, INSTRUMENTS, {}, {})] == ["sad"]
