"""What to ask next: a guide over the instruments, never a cage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crisis_hub.domain.instrument import must_be_asked
from crisis_hub.domain.script import BESIDES, Ask, Place, Saying, Script, Section, Talk, missing, next_item, places
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
    return places(script(opens), INSTRUMENTS, Talk(answers, values, answers))


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
    said["danger.how_far"] = "far"

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

    assert [place.item.id for place in places(gone, INSTRUMENTS, Talk({}, {}))] == ["sad"]


# ------------------------------------------------------------------------------------------ never a cage


def talk(said: Mapping[str, str], skipped: frozenset[str] = frozenset(), owed: frozenset[str] = frozenset()) -> Talk:
    answers: dict[str, dict[str, str]] = {}
    for name, answer in said.items():
        instrument, _, item = name.partition(".")
        answers.setdefault(instrument, {})[item] = answer
    values: dict[str, Value] = {name: answer for name, answer in said.items() if answer != "unknown"}
    return Talk(answers, values, answers, owed, skipped)


def names(walk: Iterable[Place]) -> list[str]:
    return [f"{place.ask.instrument}.{place.ask.item}" for place in walk]


SAD = Section("mood", {"en": "Mood"}, asks=(Ask("mood", "sad"),), may_skip={"en": "When it can wait."})
ARMED = Section("danger", {"en": "Danger"}, asks=(Ask("danger", "plan"), Ask("danger", "weapon")), urgent=True)
ONLY_SAD = Script("only", "1", {}, (SAD,))


def test_a_part_that_was_laid_aside_is_not_put_forward_and_stays_missing_last() -> None:
    both_parts = Script("two", "1", {}, (SAD, replace(ARMED, urgent=False)))
    walk = places(both_parts, INSTRUMENTS, talk({}, frozenset({"mood"})))

    asked = next_item(walk)
    assert asked is not None
    assert asked.ask == Ask("danger", "plan")
    assert names(missing(walk))[-1] == "mood.sad"


def test_while_the_risk_is_imminent_only_what_is_urgent_is_put_forward() -> None:
    walk = places(Script("two", "1", {}, (SAD, ARMED)), INSTRUMENTS, talk({}))
    asked = places(
        Script("two", "1", {}, (SAD, ARMED)), INSTRUMENTS, talk({"danger.plan": "no", "danger.weapon": "no"})
    )

    first, urgent = next_item(walk), next_item(walk, imminent=True)
    assert (first and first.ask, urgent and urgent.ask) == (Ask("mood", "sad"), Ask("danger", "plan"))
    assert next_item(asked, imminent=True) is None
    assert "mood.sad" in names(missing(asked)), "it waits, and is not forgotten"
    assert names(missing(walk))[0] == "danger.plan", "what is urgent stands first"


def test_a_questionnaire_that_somebody_began_by_hand_is_put_forward_to_its_end() -> None:
    walk = places(ONLY_SAD, INSTRUMENTS, talk({"mood.sad": "no", "danger.plan": "no"}))

    asked = next_item(walk)
    assert asked is not None
    assert asked.ask == Ask("danger", "weapon")
    assert "danger.weapon" in names(missing(walk))


def test_a_questionnaire_that_is_owed_is_asked_though_the_script_does_not_hold_it() -> None:
    begun = places(ONLY_SAD, INSTRUMENTS, talk({"mood.sad": "no"}))
    owed = places(ONLY_SAD, INSTRUMENTS, talk({"mood.sad": "no"}, owed=frozenset({"danger"})))

    assert next_item(place for place in begun if place.ask.instrument == "danger") is None
    assert {"danger.plan", "danger.weapon"} <= set(names(missing(owed)))


def test_what_is_asked_besides_stands_where_the_script_has_room_for_it() -> None:
    room = Section(BESIDES, {"en": "Besides"})
    end = replace(ARMED, asks=(Ask("danger", "plan"),))
    walk = places(Script("x", "1", {}, (room, end)), INSTRUMENTS, talk({}, owed=frozenset({"mood"})))

    assert next(place.section.id for place in walk) == BESIDES
    assert names(walk)[-1] == "danger.plan"


def test_a_part_that_nothing_calls_for_opens_when_somebody_asks_in_it_by_hand() -> None:
    never = both(Is("mood.sad", "yes"))
    shut = places(script(never), INSTRUMENTS, talk({}))
    by_hand = places(script(never), INSTRUMENTS, talk({"danger.weapon": "no"}))

    assert not any(place.wanted for place in shut if place.section.id == "danger")
    assert "danger.plan" in names(missing(by_hand))


def test_what_shuts_a_part_is_stronger_than_what_opens_it() -> None:
    shut = replace(ARMED, unless=both(Is("mood.sad", "yes")))
    held = places(Script("x", "1", {}, (SAD, shut)), INSTRUMENTS, talk({"mood.sad": "yes", "danger.plan": "yes"}))
    open_ = places(Script("x", "1", {}, (SAD, shut)), INSTRUMENTS, talk({"danger.plan": "yes"}))

    assert not any(place.wanted for place in held if place.section.id == "danger")
    assert any(place.wanted for place in open_ if place.section.id == "danger"), "what nobody knows shuts nothing"


def test_what_shuts_a_part_and_cannot_be_judged_leaves_it_open() -> None:
    broken = replace(ARMED, unless=both(Throws()))

    assert all(place.wanted for place in places(Script("x", "1", {}, (broken,)), INSTRUMENTS, talk({})))


def test_words_are_said_only_where_they_fit() -> None:
    minor = both(Is("who", "minor"))

    assert [Saying({}, when=minor).fits(values) for values in ({"who": "minor"}, {"who": "adult"}, {})] == [
        True,
        False,
        False,
    ]
    assert [Saying({}, unless=minor).fits(values) for values in ({"who": "minor"}, {"who": "adult"}, {})] == [
        False,
        True,
        True,
    ]
    assert Saying({}, when=both(Throws())).fits({})


def test_words_that_may_not_be_shown_are_never_put_forward_and_what_was_begun_of_them_stays_missing() -> None:
    unworded = {**INSTRUMENTS, "danger": replace(DANGER, licence="B")}
    fresh = places(script(), unworded, talk({"mood.sad": "no", "mood.tired": "no"}))
    begun = places(script(), unworded, talk({"mood.sad": "no", "mood.tired": "no", "danger.plan": "yes"}))

    assert [next_item(fresh), missing(fresh)] == [None, []]
    assert next_item(begun) is None
    assert "danger.weapon" in names(missing(begun))


ITEMS = [("mood", item.id) for item in MOOD.items] + [("danger", item.id) for item in DANGER.items]


@given(
    said=st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(["yes", "no", "refused", "unknown"])),
    skipped=st.sets(st.sampled_from(["mood", "danger"])),
    owed=st.sets(st.sampled_from(["mood", "danger"])),
    imminent=st.booleans(),
)
def test_whatever_was_said_nothing_that_is_wanted_is_lost(
    said: dict[tuple[str, str], str], skipped: set[str], owed: set[str], imminent: bool
) -> None:
    """What is wanted is answered or missing; what is put forward is wanted, unanswered and, in danger, urgent."""
    here = Script("two", "1", {}, (SAD, ARMED))
    flat = {f"{instrument}.{item}": answer for (instrument, item), answer in said.items()}
    walk = places(here, INSTRUMENTS, talk(flat, frozenset(skipped), frozenset(owed)))
    known = {name for name, answer in flat.items() if answer != "unknown"}

    assert {name for place, name in zip(walk, names(walk), strict=True) if place.wanted} <= known | {
        *names(missing(walk))
    }
    for instrument in {*owed, *(i for i, _ in said)}:
        needed = must_be_asked(INSTRUMENTS[instrument], {i: a for (n, i), a in said.items() if n == instrument})
        assert {f"{instrument}.{item.id}" for item in needed} <= known | {*names(walk)}
    asked = next_item(walk, imminent=imminent)
    if asked is not None:
        assert asked.wanted
        assert asked.answer is None
        assert not asked.skipped
        assert asked.section.urgent or not imminent
