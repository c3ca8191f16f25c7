"""The folder while the hub runs: what is good stays, what is mended comes back, nothing vanishes by accident."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.rules import EMPTY, Rulebook
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]

BREAK = ("escalation/suicide.yaml", "asq.band ==", "asq.bnad ==")


def _rule_ids(book: Rulebook) -> set[str]:
    return {rule.id for rule in book.rules}


def test_nothing_changed_gives_nothing(room: Path) -> None:
    folder = RulesFolder(room)
    folder.load()

    assert folder.reload_if_changed() is None


def test_the_version_names_the_contents(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    first = folder.load().version
    edit("escalation/suicide.yaml", "right now need a clinician", "right now need somebody")
    changed = folder.reload_if_changed()

    assert changed is not None
    assert changed.version != first
    assert RulesFolder(RULES).load().version == first


def test_a_rule_keeps_its_version_until_it_changes_itself(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    before = {rule.id: rule.version for rule in folder.load().rules}
    edit("escalation/suicide.yaml", "right now need a clinician", "right now need somebody")
    assert {rule.id: rule.version for rule in folder.load().rules} == before, (
        "other words, and nothing is done otherwise"
    )

    edit("escalation/suicide.yaml", "raise_risk: high", "raise_risk: imminent")
    after = {rule.id: rule.version for rule in folder.load().rules}
    assert {name for name in before if before[name] != after[name]} == {"asq-acute"}


def test_a_broken_file_leaves_its_last_good_version_and_all_others_in_force(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    before = folder.load()
    edit(*BREAK)
    edit("escalation/violence.yaml", "Violence is happening,", "Violence goes on,")
    after = folder.reload_if_changed()

    assert after is not None
    assert _rule_ids(after) == _rule_ids(before)
    assert next(r for r in after.rules if r.id == "violence-now").because.startswith("Violence goes on")
    assert after.problems == (
        "escalation/suicide.yaml:6: rules.asq-acute.when.all.1: There is no fact called “asq.bnad”. "
        "Did you mean “asq.band”? The last good version of this file stays in force.",
    )


def test_at_a_first_start_a_broken_file_is_out_and_the_rest_is_in_force(room: Path, edit: Edit) -> None:
    edit(*BREAK)
    book = RulesFolder(room).load()

    assert "asq-acute" not in _rule_ids(book)
    assert {"violence-now", "overdose-now"} <= _rule_ids(book)


def test_a_mended_file_is_in_force_again(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    before = folder.load()
    edit(*BREAK)
    folder.load()
    edit(BREAK[0], BREAK[2], BREAK[1])

    assert folder.load() == before


def test_a_broken_instrument_keeps_the_rules_that_stand_on_it(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    before = folder.load()
    edit("instruments/asq.yaml", "kind: yes_no", "kind: yesno")
    after = folder.load()

    assert len(after.problems) == 1
    assert _rule_ids(after) == _rule_ids(before)
    assert after.instruments["asq"] == before.instruments["asq"]


def test_a_broken_instrument_at_a_first_start_is_replaced_by_the_shipped_one(room: Path, edit: Edit) -> None:
    edit("instruments/asq.yaml", "kind: yes_no", "kind: yesno")
    book = RulesFolder(room, RULES).load()

    assert "asq-acute" in _rule_ids(book)
    assert book.problems[0].endswith("The shipped file of that name is in force instead.")


def test_a_rule_that_pages_a_ladder_which_is_gone_stays_in_force(room: Path) -> None:
    """To lose the rule would be less care; the heart pages everybody for a ladder that it does not know."""
    (room / "ladders/clinical.yaml").unlink()
    book = RulesFolder(room).load()

    assert "asq-acute" in _rule_ids(book)
    assert any("There is no ladder called “clinical”" in sentence for sentence in book.problems)


def test_a_file_that_somebody_deletes_is_retired(room: Path) -> None:
    folder = RulesFolder(room)
    folder.load()
    (room / "escalation/talk.yaml").unlink()
    book = folder.reload_if_changed()

    assert book is not None
    assert "texts-stopped-at-risk" not in _rule_ids(book)
    assert book.problems == ()


def test_a_folder_that_vanishes_whole_takes_nothing_with_it(room: Path) -> None:
    folder = RulesFolder(room)
    before = folder.load()
    shutil.move(room, room.with_name("elsewhere"))
    gone = folder.reload_if_changed()

    assert gone is not None
    assert gone.rules == before.rules
    assert any("What was read last stays in force" in sentence for sentence in gone.problems)

    shutil.move(room.with_name("elsewhere"), room)
    back = folder.reload_if_changed()

    assert back is not None
    assert back.problems == ()


def test_without_a_folder_only_the_floor_is_left(tmp_path: Path) -> None:
    book = RulesFolder(tmp_path / "nowhere").load()

    assert book.version == EMPTY.version
    assert book.rules == ()
    assert "nowhere" in book.problems[0]


def test_an_empty_folder_takes_words_and_questions_of_the_shipped_ones_but_never_who_is_called(tmp_path: Path) -> None:
    folder = RulesFolder(tmp_path, RULES)
    book = folder.load()

    assert {"asq", "ch_violence_inquiry"} <= set(book.instruments)
    assert set(book.scripts) == {"first"}
    assert "text_first_reply" in book.wording["es"]
    assert (book.rules, dict(book.ladders), dict(book.rotas)) == ((), {}, {})
    assert [note for note in folder.notes if "shipped" in note]
    assert book.problems == ()


def test_a_room_of_the_operator_is_never_mixed_with_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "instruments").mkdir()
    shutil.copy(RULES / "instruments/asq.yaml", tmp_path / "instruments/asq.yaml")
    book = RulesFolder(tmp_path, RULES).load()

    assert set(book.instruments) == {"asq"}


def test_a_file_written_within_the_same_second_is_seen(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    folder.load()
    path = room / "escalation/suicide.yaml"
    state = path.stat()
    edit("escalation/suicide.yaml", "right now need a", "right now meet a")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    assert folder.reload_if_changed() is not None


def test_the_shapes_of_the_interface_are_accepted_exactly(tmp_path: Path) -> None:
    shapes = {
        "rotas/clinicians.yaml": """
rota: clinicians
timezone: America/Chicago
layers:
  - {type: weekly, shift_length: 1, start: 2026-01-05T08:00, people: [ana, ben]}
last_resort: [sam]
""",
        "ladders/clinical.yaml": """
ladder: clinical
steps:
  - {page: {rota: clinicians}, wait_seconds: 120}
  - {page: {role: supervisor}, wait_seconds: 120}
  - {page: {person: sam}, wait_seconds: 1}
then: alarm                       # when nobody took it
""",
        "escalation/suicide.yaml": """
rules:
  - id: asq-acute
    when: {all: ['asq.band == "acute_positive"']}
    then: [{raise_risk: high}, {page: clinical}]
    because: Thoughts of killing oneself right now need a clinician at once.
    source: NIMH ASQ, acute positive screen
    examples:
      fires:      [{asq: {q1: "yes", q2: "no", q3: "no", q4: "no", q5: "yes"}}]
      stays_calm: [{asq: {q1: "no", q2: "no", q3: "no", q4: "no"}}]
  - id: nested
    when: {any: ['asq.q1 == "yes"', {not: [{all: ['asq.q2 == "no"', 'asq.q3 == "no"']}]}, {not: 'asq.complete'}]}
    then: [{page: clinical}]
    because: A test.
    source: A test
    examples:
      fires:      [{asq: {q1: yes}}]
      stays_calm: [{asq: {q1: no, q2: no, q3: no, q4: no}}]
""",
    }
    for file, text in shapes.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)

    book = RulesFolder(tmp_path, RULES).load()

    assert book.problems == ()
    assert {rule.id for rule in book.rules} == {"asq-acute", "nested"}


def test_dates_come_in_every_usual_dress(room: Path, edit: Edit) -> None:
    for dress in ("2026-01-05T08:00:00", '"2026-01-05T08:00"', "2026-01-05 08:00:00", "2026-01-05T14:00:00Z"):
        path = room / "rotas/clinicians.yaml"
        text = path.read_text("utf-8")
        edit("rotas/clinicians.yaml", "2026-01-05T08:00", dress)
        book = RulesFolder(room).load()
        path.write_text(text, "utf-8")

        assert book.problems == ()
        assert book.rotas["clinicians"].layers[0].start.isoformat() == "2026-01-05T08:00:00", dress
