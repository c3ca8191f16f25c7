"""What ships of each instrument: its ids, its codes, its words where they may ship, and none where they may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from crisis_hub.adapters.rules_folder.loinc import can_be_loinc
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES
from tests.rules.instruments.published import BVC, qs

FILES = sorted((RULES / "instruments").glob("*.yaml"))

IDS = {
    "cssrs_screener_recent": [*qs(6), "q6_recent"],
    "asq": qs(5),
    "pss3": [*qs(3), "q3a"],
    "phq9": [*qs(9), "difficulty"],
    "phq2": qs(2),
    "gad7": qs(7),
    "audit_c": qs(3),
    "single_alcohol": ["q1"],
    "single_drug": ["q1"],
    "dast10": qs(10),
    "bvc": BVC,
    "da5": qs(5, "d"),
    "lap": qs(11, "l"),
    "hark": qs(4, "h"),
    "ctrs": ["a", "b", "c"],
    "mh_triage_scale": ["code"],
    "ch_violence_inquiry": qs(11, "v"),
    "ch_overdose_withdrawal": qs(7, "o"),
}
CLASS_B = ["bvc", "cssrs_screener_recent", "ctrs", "da5", "dast10", "hark", "lap", "lifeline_four_principles", "mh_triage_scale"]  # fmt: skip  # noqa: E501
CLASS_C = ["asam_dimensions", "cans", "locus"]

CODES = {
    "cssrs_screener_recent": (
        {"panel": "93373-9", "derived_level": "93374-7", "panel_full_lifetime_recent": "93245-9"},
        ["93246-7", "93247-5", "93248-3", "93249-1", "93250-9", "93267-3", "93269-9"],
    ),
    "phq9": (
        {"panel": "44249-1", "total": "44261-6"},
        ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8", "69722-7"],
    ),
    "phq2": ({"panel": "55757-9", "total": "55758-7"}, ["44250-9", "44255-8"]),
    "gad7": (
        {"panel": "69737-5", "total": "70274-6"},
        ["69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"],
    ),
    "audit_c": ({"panel": "72109-2", "total": "75626-2"}, ["68518-0", "68519-8", "68520-6"]),
    "dast10": ({"panel": "82666-9", "total": "82667-7"}, []),
    "hark": ({"panel": "76499-3", "total": "76504-0"}, ["76500-8", "76501-6", "76502-4", "76503-2"]),
    "single_alcohol": ({"item": "68517-2"}, ["68517-2"]),
    "single_drug": ({"item": "68524-8"}, ["68524-8"]),
    "asq": ({"derived_level": "93374-7"}, []),
    "pss3": ({"derived_level": "93374-7"}, []),
    "safe_t": ({"derived_level": "93374-7"}, []),
}
"""The codes that were seen at their sources: of the whole, and of the items in order."""

FREQUENCY = [
    ("0", "Not at all", "LA6568-5"),
    ("1", "Several days", "LA6569-3"),
    ("2", "More than half the days", "LA6570-1"),
    ("3", "Nearly every day", "LA6571-9"),
]

WORDS = {
    "phq9": [
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself - or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Moving or speaking so slowly that other people could have noticed. Or the opposite - being so fidgety or"
        " restless that you have been moving around a lot more than usual",
        "Thoughts that you would be better off dead, or of hurting yourself in some way",
    ],
    "phq2": ["Little interest or pleasure in doing things", "Feeling down, depressed, or hopeless"],
    "gad7": [
        "Feeling nervous, anxious, or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid, as if something awful might happen",
    ],
}
STEM = {
    "phq9": "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    "phq2": "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    "gad7": "Over the last 2 weeks, how often have you been bothered by the following problems?",
}


def _codes(data: object) -> list[str]:
    """Return everything that stands under “loinc” anywhere in a file."""
    found: list[str] = []
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "loinc":
                found += [value] if isinstance(value, str) else list(value.values())
            else:
                found += _codes(value)
    elif isinstance(data, list):
        found = [code for entry in data for code in _codes(entry)]
    return found


def test_ids_are_the_binding_ones(book: Rulebook) -> None:
    for name, ids in IDS.items():
        found = [item.id for item in book.instruments[name].items]
        assert [id for id in found if id in ids] == ids, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_code_has_its_check_digit(path: Path) -> None:
    codes = _codes(yaml.safe_load(path.read_text("utf-8")))

    assert [code for code in codes if not can_be_loinc(code)] == []


@pytest.mark.parametrize("code", ["93243-5", "93263-3", "44249-2", "LA6568-6", "LA33-5", "LA-1", "44249", "x-1"])
def test_a_mistyped_code_is_seen(code: str) -> None:
    assert not can_be_loinc(code)


def test_codes_are_the_published_ones(book: Rulebook) -> None:
    for name, (whole, items) in CODES.items():
        instrument = book.instruments[name]
        assert whole.items() <= instrument.loinc.items(), name
        assert [item.loinc for item in instrument.items if item.loinc] == items, name


def test_the_panel_of_the_gad7_is_not_its_total(book: Rulebook) -> None:
    assert (book.instruments["gad7"].loinc["panel"], book.instruments["gad7"].loinc["total"]) == ("69737-5", "70274-6")


def test_the_asq_has_no_code_but_that_of_the_level(book: Rulebook) -> None:
    """No panel and no item of it was ever coded; those seen elsewhere are invented or belong to the C-SSRS."""
    asq = book.instruments["asq"]

    assert dict(asq.loinc) == {"derived_level": "93374-7"}
    assert not any(item.loinc for item in asq.items)


@pytest.mark.parametrize("name", WORDS)
def test_published_words_are_shown_exactly_and_the_lowest_answer_is_not_at_all(book: Rulebook, name: str) -> None:
    asked = [item for item in book.instruments[name].items if not item.optional]

    assert [item.say for item in asked] == [{"en": f"{STEM[name]} {words}"} for words in WORDS[name]]
    for item in asked:
        assert [(o.code, o.labels["en"], o.loinc) for o in item.options] == FREQUENCY
        assert [o.value for o in item.options] == [0, 1, 2, 3]


def test_the_question_about_difficulty_stands_alone_and_does_not_count(book: Rulebook) -> None:
    item = book.instruments["phq9"].item("difficulty")

    assert item is not None
    assert item.say["en"].startswith("How difficult have these problems made it")
    assert item.range_of_points() == (0, 0)


def test_class_b_ships_no_words(book: Rulebook) -> None:
    assert sorted(i.id for i in book.instruments.values() if i.licence == "B") == CLASS_B
    for name in CLASS_B:
        instrument = book.instruments[name]
        assert not instrument.worded
        assert not any(item.say for item in instrument.items)
        assert instrument.notice


def test_class_c_is_neither_asked_nor_scored(book: Rulebook) -> None:
    assert sorted(i.id for i in book.instruments.values() if i.licence == "C") == CLASS_C
    for name in CLASS_C:
        instrument = book.instruments[name]
        assert (instrument.items, instrument.levels, instrument.worded) == ((), (), False)
        assert instrument.outside is not None
    locus, asam = book.instruments["locus"].outside, book.instruments["asam_dimensions"].outside
    assert locus is not None
    assert list(locus.results) == ["1", "2", "3", "4", "5", "6"]
    assert asam is not None
    assert (len(asam.headings), dict(asam.results)) == (6, {})


def test_every_instrument_says_where_it_comes_from_and_every_published_one_who_made_it(book: Rulebook) -> None:
    for instrument in book.instruments.values():
        assert instrument.source, instrument.id
        assert instrument.wording == "own" or instrument.notice, instrument.id


def test_every_item_says_which_answer_is_worse_or_that_none_is(book: Rulebook) -> None:
    """The proof over the rules stands on it."""
    for instrument in book.instruments.values():
        for item in instrument.items:
            if item.kind == "choice" and item.order:
                assert sorted(item.order) == sorted(o.code for o in item.options if not o.tells_nothing), item.id
            assert item.kind != "yes_no" or sorted(item.order) in (["no", "yes"], []), item.id


def test_levels_and_flags_speak_english_and_spanish(book: Rulebook) -> None:
    for instrument in book.instruments.values():
        for said in (*(level.words for level in instrument.levels), *(flag.words for flag in instrument.flags)):
            assert {"en", "es"} <= set(said), instrument.id


def test_safe_t_asks_for_a_reason_in_words(book: Rulebook) -> None:
    needing = [item.id for item in book.instruments["safe_t"].items if item.needs_words]

    assert needing == ["level"]


def test_age_and_sex_are_facts_of_the_person(book: Rulebook) -> None:
    assert [item.person for item in book.instruments["asq"].of_the_person] == ["age"]
    assert [item.person for item in book.instruments["audit_c"].of_the_person] == ["sex"]


def test_no_file_names_what_only_builders_know(book: Rulebook) -> None:
    everything = json.dumps([path.read_text("utf-8") for path in FILES])

    assert "/work/" not in everything
    assert "reference/" not in everything
