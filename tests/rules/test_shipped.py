"""What ships must be right as it stands: it loads, its examples hold, it can be spoken, it ends in a person."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.rules_folder.wording import PLACES
from crisis_hub.application.words import BUILT_IN
from crisis_hub.cli.rules import try_examples
from crisis_hub.domain.events import Target
from crisis_hub.domain.rota import on_call
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES

REFERENCE = {
    "asq": ["q1", "q2", "q3", "q4", "q5"],
    "ch_violence_inquiry": [f"v{n}" for n in range(1, 12)],
    "ch_overdose_withdrawal": [f"o{n}" for n in range(1, 8)],
}
"""Ids of the reference, which are binding; more items may exist."""

ASQ_WORDS = [
    "In the past few weeks, have you wished you were dead?",
    "In the past few weeks, have you felt that you or your family would be better off if you were dead?",
    "In the past week, have you been having thoughts about killing yourself?",
    "Have you ever tried to kill yourself?",
    "Are you having thoughts of killing yourself right now?",
]


def test_every_file_loads_without_a_problem(shipped: RulesFolder) -> None:
    assert [problem.sentence() for problem in shipped.problems] == []


def test_every_example_fires_or_stays_calm(shipped: RulesFolder) -> None:
    assert [o.sentence("rules/") for o in try_examples(shipped) if o.why] == []
    assert all(rule.fires and rule.stays_calm for rule in shipped.rules)


def test_ids_are_those_of_the_reference(book: Rulebook) -> None:
    for name, items in REFERENCE.items():
        assert [item.id for item in book.instruments[name].items if item.id in items] == items


def test_the_asq_is_shown_in_its_published_words_and_only_in_those(book: Rulebook) -> None:
    asq = book.instruments["asq"]

    assert [item.say for item in asq.items if item.kind == "yes_no"] == [{"en": words} for words in ASQ_WORDS]
    assert asq.wording == "published"
    assert "NIMH" in asq.source


def test_own_questions_speak_english_and_spanish_and_say_that_they_are_not_validated(book: Rulebook) -> None:
    for instrument in book.instruments.values():
        if instrument.wording == "own" and instrument.outside is None:
            assert all({"en", "es"} <= set(item.say or item.concept) for item in instrument.items), instrument.id
            assert "not clinically validated" in instrument.source.lower()
    script = book.scripts["first"]
    for section in script.sections:
        assert all({"en", "es"} <= set(words) for words in (section.title, *(s.words for s in section.say)) if words), (
            section.id
        )


def test_what_is_missing_in_spanish_is_said(shipped: RulesFolder) -> None:
    assert "asq: q1, q2, q3, q4, q5 not worded in “es”; English is shown, with a mark." in shipped.notes
    silent = {note.partition(":")[0] for note in shipped.notes if "not worded in “es”" in note}
    assert silent == {"asq", "audit_c", "gad7", "phq2", "phq9", "single_alcohol", "single_drug"}


def test_imminent_pages_the_rota_and_the_supervisors_at_once_then_everybody(book: Rulebook) -> None:
    first, second = book.ladders["imminent"].steps

    assert (first.targets, first.wait_seconds) == ((Target("rota", "clinicians"), Target("role", "supervisor")), 60)
    assert {target.name for target in second.targets} == {"clinician", "supervisor", "clinical_lead"}
    assert book.ladders["imminent"].then == "alarm"


def test_the_ladder_of_the_interface_is_the_clinical_one(book: Rulebook) -> None:
    steps = [(step.targets, step.wait_seconds) for step in book.ladders["clinical"].steps]

    assert steps == [((Target("rota", "clinicians"),), 120), ((Target("role", "supervisor"),), 120)]


def test_somebody_is_always_on_call(book: Rulebook) -> None:
    rota = book.rotas["clinicians"]
    monday = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)  # 08:00 in Chicago

    assert on_call(rota, monday).people == ("ana",)
    assert on_call(rota, monday.replace(day=12)).people == ("ben",)
    assert on_call(rota, datetime(2020, 1, 1, tzinfo=UTC)).people == ("sam",)


def test_wording_has_every_sentence_that_the_line_says(book: Rulebook) -> None:
    for language in ("en", "es"):
        assert set(BUILT_IN) <= set(book.wording[language])
    assert set(PLACES) == {key for key in BUILT_IN if not key.startswith("urgency_")}


def test_a_page_holds_only_its_own_places(book: Rulebook) -> None:
    for texts in book.wording.values():
        places = set(re.findall(r"\{(\w+)\}", texts["page_sms"]))
        assert places == {"drill", "urgency", "number", "link"}


def test_first_words_name_the_numbers_of_the_one_place(book: Rulebook) -> None:
    for texts in book.wording.values():
        assert "911" in texts["text_first_reply"]
        assert "988" in texts["text_first_reply"]
        assert "{" not in texts["text_first_reply"]


def test_the_numbers_are_changed_in_one_place(room: Path) -> None:
    (room / "wording/numbers.yaml").write_text('emergency: "112"\n')

    changed = RulesFolder(room).load()

    said = json.dumps([dict(changed.wording), [str(s) for s in changed.scripts["first"].sections]])
    assert "112" in said
    assert "911" not in said


def test_editors_see_the_schemas_that_the_loader_uses() -> None:
    """If this fails: cp crisis_hub/adapters/rules_folder/schemas/*.json rules/schemas/"""
    inside = RULES.parent / "crisis_hub/adapters/rules_folder/schemas"
    ours = {path.name: path.read_text("utf-8") for path in inside.iterdir()}

    assert {path.name: path.read_text("utf-8") for path in (RULES / "schemas").iterdir()} == ours


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_file_names_its_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")

    assert (path.parent / schema).is_file()
