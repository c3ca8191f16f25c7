"""Words that may be shown only with permission: installed whole with the record of it, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli import rules, score
from crisis_hub.domain.script import Ask, Script, Section, Talk, next_item, places
from tests.rules.conftest import RULES

app = typer.Typer()
app.add_typer(rules.app, name="rules")
app.command("score")(score.score)

LETTER = {
    "granted_by": "Example Rights",
    "granted_to": "Example Line",
    "granted_on": "2026-01-31",
    "scope": "Screener, English, calls and texts",
    "document": "letter 12",
}


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with a few instruments and nothing else, which is read in no time."""
    place = tmp_path / "rules" / "instruments"
    place.mkdir(parents=True)
    for name in ("asq", "ctrs", "hark", "locus", "phq2"):
        shutil.copy(RULES / f"instruments/{name}.yaml", place)
    return place.parent


def pack(**changed: object) -> dict[str, Any]:
    """Return a good pack for the HARK in made-up words, with some fields changed."""
    words = {f"h{n}": f"Made-up question {n}?" for n in range(1, 5)}
    said = {"pack": "hark", "language": "en", "permission": LETTER, "notice": "(c) Example", "say": words}
    return {**said, **changed}


def install(room: Path, said: object) -> Result:
    file = room.parent / "pack.yaml"
    file.write_text(yaml.safe_dump(said), "utf-8")
    return CliRunner().invoke(app, ["rules", "install-pack", str(file), "--rules", str(room)])


def test_a_pack_makes_an_instrument_showable(room: Path) -> None:
    result = install(room, pack())
    folder = RulesFolder(room)
    hark = folder.load().instruments["hark"]

    assert result.exit_code == 0
    assert f"installed as {room}/packs/hark.en.yaml." in result.stdout
    assert "Granted by Example Rights to Example Line on 2026-01-31" in result.stdout
    assert (hark.worded, hark.packs) == (True, ("en",))
    assert [item.say for item in hark.items] == [{"en": f"Made-up question {n}?"} for n in range(1, 5)]
    assert "(c) Example" in hark.notice
    assert not any(note.startswith("hark:") and "pack" in note for note in folder.notes)


def test_without_a_pack_it_is_told_that_it_can_be_scored_and_not_shown(room: Path) -> None:
    folder = RulesFolder(room)
    folder.load()

    assert any(note.startswith("hark: no wording pack is installed") for note in folder.notes)


def test_a_second_pack_of_the_same_language_replaces_the_first(room: Path) -> None:
    install(room, pack())
    result = install(room, pack(stem="In the past year:"))

    assert "It replaces the pack that was there." in result.stdout
    assert RulesFolder(room).load().instruments["hark"].items[0].say == {"en": "In the past year: Made-up question 1?"}


def test_packs_in_two_languages_stand_beside_each_other(room: Path) -> None:
    install(room, pack())
    install(room, pack(language="es"))
    hark = RulesFolder(room).load().instruments["hark"]

    assert (hark.packs, set(hark.items[0].say)) == (("en", "es"), {"en", "es"})


def test_a_pack_words_the_answers_of_a_choice_too(room: Path) -> None:
    options = {item: {str(n): f"answer {n}" for n in range(1, 6)} for item in "abc"}
    words = dict.fromkeys("abc", "Made up?")
    result = install(room, pack(pack="ctrs", say=words, options=options))
    ctrs = RulesFolder(room).load().instruments["ctrs"]

    assert result.exit_code == 0, result.stderr
    assert ctrs.items[0].options[0].labels["en"] == "answer 1"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"permission": None}, "permission: Here stands nothing"),
        ({"permission": {**LETTER, "document": ""}}, "permission.document: This is empty."),
        ({"permission": {**LETTER, "granted_on": "last year"}}, "permission.granted_on: “last year” does not fit"),
        ({"permission": {**LETTER, "granted_on": "2026-02-31"}}, "permission.granted_on: “2026-02-31” is not a day."),
        ({"say": {"h1": "One?"}}, "say: The words of h2, h3, h4 are missing."),
        ({"say": {**pack()["say"], "h5": "Five?"}}, "say.h5: hark has no item “h5”"),
        ({"options": {"h1": {"maybe": "Maybe"}}}, "options.h1.maybe: h1 has no answer “maybe”."),
        ({"options": {"h7": {"yes": "Yes"}}}, "options.h7: hark has no item “h7”"),
        ({"pack": "hrak"}, "pack: There is no instrument called “hrak” to give words to. Did you mean “hark”?"),
        ({"pack": "locus"}, "pack: locus is class C"),
        ({"pack": "phq2", "say": {"q1": "a", "q2": "b"}}, "language: The words of phq2 in “en” ship with it and stay."),
        ({"pack": "ctrs", "say": dict.fromkeys("abc", "x")}, "options: The words of the answers 1, 2, 3, 4, 5 of a"),
        ({"language": "English"}, "language: “English” does not fit here."),
        ({"colour": "red"}, "colour: There is no field called “colour” here"),
    ],
)
def test_a_pack_that_is_not_whole_is_refused_and_nothing_is_written(
    room: Path, changed: dict[str, Any], said: str
) -> None:
    result = install(room, pack(**changed))

    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.endswith("Nothing was installed.\n")
    assert not (room / "packs").exists()


def test_a_pack_without_the_record_of_its_permission_is_refused(room: Path) -> None:
    said = pack()
    del said["permission"]
    result = install(room, said)

    assert result.exit_code == 1
    assert "“permission” is missing. Add it. Who gave the permission, to whom, when, for what" in result.stderr


@pytest.mark.parametrize("field", LETTER)
def test_each_part_of_the_record_is_needed(room: Path, field: str) -> None:
    result = install(room, pack(permission={name: said for name, said in LETTER.items() if name != field}))

    assert result.exit_code == 1
    assert f"permission: “{field}” is missing." in result.stderr


def test_a_pack_put_there_by_hand_without_its_record_is_refused_when_it_is_read(room: Path) -> None:
    (room / "packs").mkdir()
    said = pack()
    del said["permission"]
    (room / "packs/hark.en.yaml").write_text(yaml.safe_dump(said), "utf-8")
    book = RulesFolder(room).load()

    assert not book.instruments["hark"].worded
    assert any(problem.startswith("packs/hark.en.yaml") and "“permission”" in problem for problem in book.problems)


def test_what_is_no_pack_at_all_is_refused(room: Path) -> None:
    assert install(room, ["a"]).exit_code == 1
    assert install(room, "x: [").exit_code == 1
    missing = CliRunner().invoke(app, ["rules", "install-pack", str(room / "no.yaml"), "--rules", str(room)])
    assert (missing.exit_code, len(missing.stderr.splitlines())) == (2, 1)


def test_a_missing_language_of_class_a_can_be_added_and_its_own_words_stay(room: Path) -> None:
    said = pack(
        pack="phq2",
        language="es",
        say={"q1": "Uno", "q2": "Dos"},
        options={q: {str(n): f"r{n}" for n in range(4)} for q in ("q1", "q2")},
    )

    assert install(room, said).exit_code == 0
    assert install(room, said).exit_code == 0
    assert set(RulesFolder(room).load().instruments["phq2"].items[0].say) == {"en", "es"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    kind: yes_no\n",
            '    kind: yes_no\n    say: {en: "Published words?"}\n',
            "items.h1.say: hark is class B",
        ),
        ("wording: pack", "wording: published", "wording: hark is class B, so its wording is “pack”"),
        ("totals: true", "totals: true\nstem: {en: Published}", "stem: hark is class B"),
    ],
)
def test_a_file_of_class_b_that_carries_words_is_refused(room: Path, old: str, new: str, said: str) -> None:
    path = room / "instruments/hark.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    book = RulesFolder(room).load()

    assert "hark" not in book.instruments
    assert any(said in problem for problem in book.problems)


def test_a_file_of_class_b_that_carries_the_words_of_answers_is_refused(room: Path) -> None:
    path = room / "instruments/ctrs.yaml"
    path.write_text(path.read_text("utf-8").replace('concept: {en: "1: none"', 'labels: {en: "1: none"', 1), "utf-8")
    problems = RulesFolder(room).load().problems

    assert any("labels: ctrs is class B" in problem and "write “concept”" in problem for problem in problems)


@pytest.mark.parametrize("field", ["totals: true", "stem: {en: x}", "levels: [{band: a, risk: low, when: over}]"])
def test_a_file_of_class_c_that_asks_or_scores_is_refused(room: Path, field: str) -> None:
    path = room / "instruments/locus.yaml"
    path.write_text(path.read_text("utf-8") + field + "\n", "utf-8")
    book = RulesFolder(room).load()

    assert "locus" not in book.instruments
    assert any("locus is class C: nothing of it is asked or scored" in problem for problem in book.problems)


def test_a_script_passes_over_what_may_not_be_shown_and_asks_it_once_a_pack_is_there(room: Path) -> None:
    script = Script("s", "1", {}, (Section("s", {}, asks=(Ask("hark", "h1"), Ask("asq", "q1"))),))

    def first() -> str:
        walk = places(script, RulesFolder(room).load().instruments, Talk({}, {}))
        place = next_item(walk)
        return place.ask.instrument if place else ""

    assert first() == "asq"
    install(room, pack())
    assert first() == "hark"


def test_scoring_needs_no_pack() -> None:
    """Everything that can be scored can be scored on a machine where nobody has any permission."""
    names = [path.stem for path in (RULES / "instruments").glob("*.yaml")]
    lines = "".join(f'{{"id": "{name}", "instrument": "{name}", "answers": {{}}}}\n' for name in names)
    result = CliRunner().invoke(app, ["score", "--jsonl", "--rules", str(RULES)], input=lines)
    said = [json.loads(line) for line in result.stdout.splitlines()]

    assert [line["id"] for line in said] == names
    failed = {line["id"]: line["error"] for line in said if "error" in line}
    assert sorted(failed) == ["asam_dimensions", "cans", "locus"]
    assert all("nothing is asked or scored here" in why for why in failed.values())
