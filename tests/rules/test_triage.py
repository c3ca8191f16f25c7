"""The words that move a waiting person forward, and the longest waits: as shipped, and with mistakes in them."""

# ruff: noqa: E501 (a mistake, its place and its sentence are read best on one line)

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli import rules
from crisis_hub.cli.triage import try_words
from crisis_hub.domain.queue import LONGEST, Waits
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.triage import Says, gravest, notice
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]
EN, ES, QUEUE = "triage/en.yaml", "triage/es.yaml", "triage/queue.yaml"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A copy of what this is about, and of nothing else."""
    shutil.copytree(RULES / "triage", tmp_path / "rules" / "triage")
    return tmp_path / "rules"


app = typer.Typer()
app.add_typer(rules.app, name="rules")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def says(text: str, book: Rulebook) -> Says | None:
    return gravest(noticed.says for noticed in notice(text, book.lexicon))


# ------------------------------------------------------------------------------------------ as shipped


def test_every_example_is_noticed_or_left_alone(shipped: RulesFolder) -> None:
    tried = list(try_words(shipped))

    assert [one.sentence("rules/") for one in tried if one.why] == []
    assert {one.kind for one in tried} == {"matches", "stays_calm"}


def test_both_languages_speak_of_the_same_things(book: Rulebook) -> None:
    kinds = {
        language: {x.id.removeprefix(f"{language}-"): x.says for x in book.lexicon.entries if x.language == language}
        for language in ("en", "es")
    }

    assert kinds["en"] == kinds["es"]
    assert set(kinds["en"].values()) == set(Says)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i took all my pills", Says.DANGER_NOW),
        ("Im on the bridge and cant do this anymore", Says.DANGER_NOW),
        ("he's got a knife", Says.DANGER_NOW),
        ("kms rn", Says.DANGER_NOW),
        ("i wanna die", Says.DANGER),
        ("thinking abt suiside again", Says.DANGER),
        ("I feel hopeless", Says.WATCH),
        ("Me tomé todas las pastillas", Says.DANGER_NOW),
        ("MI ESPOSO TIENE UN CUCHILLO", Says.DANGER_NOW),
        ("kiero morirme", Says.DANGER),
        ("ya no puedo más", Says.WATCH),
        ("hola im fine pero me quiero matar", Says.DANGER),
    ],
)
def test_words_of_both_languages_are_noticed(book: Rulebook, text: str, expected: Says) -> None:
    assert says(text, book) is expected


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "can somebody talk to me",
        "I'm just killing time",
        "I'm dying to see the new movie",
        "I'm dead tired",
        "my back is killing me",
        "this traffic is killing me",
        "that joke slayed me",
        "I don't want to die",
        "I'm not suicidal",
        "I am NOT going to kill myself",
        "my phone is dead",
        "it is a dead end job",
        "hola, necesito hablar",
        "me muero de risa",
        "me muero de ganas de verte",
        "estoy muerta de cansancio",
        "me mata esta espera",
        "estamos matando el tiempo",
        "no me quiero morir",
        "no me voy a matar",
        "me muero de hambre",
    ],
)
def test_sayings_and_denials_are_left_alone_by_every_entry(book: Rulebook, text: str) -> None:
    assert notice(text, book.lexicon) == ()


def test_the_shipped_waits_are_the_built_in_ones(book: Rulebook) -> None:
    """So that a folder without the file keeps the same promise."""
    assert book.waits == Waits()


def test_the_words_say_that_nobody_validated_them() -> None:
    assert "NOT clinically validated" in (RULES / EN).read_text("utf-8")
    assert "SIN validación clínica" in (RULES / ES).read_text("utf-8")


def test_a_folder_without_words_has_the_shipped_ones(tmp_path: Path) -> None:
    """They call nobody, so nobody is called by surprise."""
    book = RulesFolder(tmp_path, RULES).load()

    assert says("i want to die", book) is Says.DANGER


# ------------------------------------------------------------------------------------------ changed and broken


def test_a_wait_is_changed_in_its_file(room: Path, edit: Edit) -> None:
    edit(QUEUE, "high: 3", "high: 2")
    edit(QUEUE, "call_back: 15", "call_back: 45")
    book = RulesFolder(room).load()

    assert book.waits.of(Risk.HIGH, hung_up=False) == timedelta(minutes=2)
    assert book.waits.of(Risk.HIGH, hung_up=True) == timedelta(minutes=45)
    assert book.waits.of(Risk.LOW, hung_up=False) == LONGEST[Risk.LOW]


def test_a_wait_that_is_left_out_is_the_built_in_one(room: Path) -> None:
    (room / QUEUE).write_text("longest_wait_minutes: {none: 20}\n")
    book = RulesFolder(room).load()

    assert book.waits.of(Risk.NONE, hung_up=False) == timedelta(minutes=20)
    assert book.waits.of(Risk.MODERATE, hung_up=False) == LONGEST[Risk.MODERATE]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (EN, "says: danger_now", "says: danger-now", "9: entries.en-act-under-way.says: “danger-now” cannot stand here; it can be danger_now, danger, watch. Did you mean “danger_now”?"),
        (EN, "      - i took pills\n", "      - '!!!'\n", "12: entries.en-act-under-way.words.1: “!!!” has no letter or digit, so nothing could match."),
        (EN, "      - i took pills\n", "      - a b c d e f g h i j k l m\n", "12: entries.en-act-under-way.words.1: This has 13 words; at most 12 are looked for."),
        (EN, "      - i took pills\n", "      - I’m hanging myself\n", "entries.en-act-under-way.words.55: “im hanging myself” is the same as “I’m hanging myself” above."),
        (EN, "      - not going to jump\n", "      - never ever\n", "entries.en-act-under-way.unless.10: “never ever” shares no word with “words”, so it spares nothing."),
        (EN, "- id: en-death-soon", "- id: en-act-under-way", "entries.en-act-under-way.id: “en-act-under-way” stands here twice."),
        (EN, "      matches:\n", "      match:\n", "entries.en-act-under-way.examples: “matches” is missing."),
        (EN, "language: en\n", "", "“language” is missing."),
        (EN, "id: en-suicide", "id: es-suicide", "entries.es-suicide: The entry “es-suicide” stands in triage/en.yaml already."),
        (QUEUE, "high: 3", "high: 12", "8: longest_wait_minutes.moderate: “high” would wait longer than “moderate”, which needs less."),
        (QUEUE, "  none: 15\n", "  none: 2\n", "11: longest_wait_minutes.none: “low” would wait longer than “none”, which needs less."),
        (QUEUE, "high: 3", "high: soon", "7: longest_wait_minutes.high: Here stands “soon”, but it must be a whole number. Whole minutes, from 1 to 240."),
        (QUEUE, "high: 3", "hihg: 3", "7: longest_wait_minutes.hihg: There is no field called “hihg” here"),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at(room: Path, edit: Edit, file: str, old: str, new: str, said: str) -> None:
    edit(file, old, new)
    problems = RulesFolder(room).load().problems

    assert any(said in sentence for sentence in problems), problems


def test_a_broken_file_leaves_its_last_good_version_in_force(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    folder.load()
    edit(EN, "language: en", "language: [en")
    edit(QUEUE, "high: 3", "high: 12")
    book = folder.load()

    assert says("i want to die", book) is Says.DANGER
    assert book.waits == Waits()
    assert len(book.problems) == 2


def test_a_change_reaches_a_hub_that_runs(room: Path, edit: Edit) -> None:
    folder = RulesFolder(room)
    before = folder.load()
    edit(EN, "      - wanna die\n", "      - wanna dye\n")
    after = folder.reload_if_changed()

    assert after is not None
    assert after.version != before.version
    assert (says("wanna dye", before), says("wanna dye", after)) == (None, Says.DANGER)


# ------------------------------------------------------------------------------------------ the command line


def test_test_says_which_text_is_not_as_it_should_be(room: Path, edit: Edit) -> None:
    edit(EN, "        - I’m on the bridge\n", "        - I like bridges\n")
    edit(ES, "        - no me quiero morir\n", "        - me quiero morir\n")
    result = run("rules", "test", str(room))
    entries, texts = len(RulesFolder(room).load().lexicon.entries), len(list(try_words(_loaded(room))))

    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "/triage/" in line] == [
        f"{room}/triage/en.yaml:87: entries.en-act-under-way.examples.matches.3: The entry must notice this text and does not.",
        f"{room}/triage/es.yaml:320: entries.es-suicide.examples.stays_calm.1: The entry must leave this text alone and notices it. Add a phrase to “unless”, or another word.",
    ]
    assert result.stdout.endswith(f"{entries} entries of words, {texts} texts: {texts - 2} as they should be.\n")


def test_check_counts_the_entries(room: Path) -> None:
    result = run("rules", "check", str(room))

    assert f"{len(_loaded(room).entries)} entries of words" in result.stdout


def _loaded(room: Path) -> RulesFolder:
    folder = RulesFolder(room)
    folder.load()
    return folder
