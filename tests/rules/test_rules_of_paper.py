"""The shipped forms, the law of a place, and how honestly every rule says where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import DutyKind
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]

FORMS = {"mandated_report", "involuntary_considerations", "emergency_disclosure", "duty_to_protect"}


def test_there_is_a_form_for_everything_that_a_rule_can_ask_to_be_reported(book: Rulebook) -> None:
    reports = {owe.of for rule in book.rules for owe in rule.owes if owe.kind is DutyKind.REPORT}
    about = book.forms["mandated_report"].blank("report_type")

    assert set(book.forms) == FORMS
    assert about is not None
    assert reports - {"duty_to_protect"} <= set(about.choices)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_form_speaks_english_and_spanish_and_needs_only_some_of_it(book: Rulebook, form: str) -> None:
    paper = book.forms[form]

    for words in (paper.title, paper.note, *(blank.label for blank in paper.blanks)):
        assert {"en", "es"} <= set(words)
    for blank in paper.blanks:
        assert not blank.help or {"en", "es"} <= set(blank.help), blank.id
    assert any(blank.needed for blank in paper.blanks)
    assert not all(blank.needed for blank in paper.blanks)


def test_the_considerations_gather_and_never_decide(book: Rulebook) -> None:
    paper = book.forms["involuntary_considerations"]

    assert {"basis", "less_restrictive", "who_may_initiate", "routed_to"} <= {b.id for b in paper.blanks if b.needed}
    assert not any("decision" in blank.id for blank in paper.blanks)


def test_a_report_that_is_not_made_leaves_its_reason_and_who_agreed(book: Rulebook) -> None:
    paper = book.forms["mandated_report"]

    assert paper.blank("not_reported_reason")
    assert paper.blank("not_reported_approver")


def test_a_disclosure_holds_what_the_regulation_names(book: Rulebook) -> None:
    needed = {blank.id for blank in book.forms["emergency_disclosure"].blanks if blank.needed}

    assert needed == {"medical_personnel", "medical_facility", "disclosed_by", "disclosed_at", "emergency_nature"}


def test_no_place_is_in_force_until_somebody_says_so(book: Rulebook, room: Path, edit: Edit) -> None:
    assert book.jurisdiction is None

    edit("jurisdictions/us-ca.yaml", "here: false", "here: true")
    place = RulesFolder(room).load().jurisdiction

    assert place is not None
    assert place.checked == "nobody yet"
    assert [(part.what, part.within_hours) for part in place.deadlines("child")] == [("oral", 0), ("written", 36)]
    assert place.deadlines("elder") == ()


def test_every_rule_says_where_it_comes_from_and_what_nobody_signed_yet(book: Rulebook) -> None:
    """What is not the plain words of a published source is marked as something that needs a signature."""
    published = (
        "NIMH ASQ, acute",
        "NIMH ASQ, a refusal",
        "988 Lifeline, policy",
        "C-SSRS screener",
        "Mental health triage",
    )
    for rule in book.rules:
        assert "needs sign-off" in rule.source or rule.source.startswith(published) or "checked" in rule.source, rule.id
        assert "!" not in rule.because, rule.id
        assert rule.because.endswith("."), rule.id


def test_every_rule_is_tried_with_an_answer_that_is_missing_or_refused(shipped: RulesFolder) -> None:
    """A rule about answers stays calm in one example because something was not said, was refused or is not known."""
    for rule in shipped.rules:
        names = {name for name in rule.reading.when.names() if not name.startswith(("case.", "known"))}
        if not names:
            continue
        given = [dict(example.answers) for example in rule.stays_calm]
        unsaid = [
            answers
            for answers in given
            if any(
                answers.get(name.partition(".")[0], {}).get(name.partition(".")[2]) in (None, "unknown", "refused")
                for name in names
            )
        ]
        assert unsaid, rule.reading.id


def test_every_file_of_rules_says_that_somebody_must_sign_it() -> None:
    for path in (RULES / "escalation").glob("*.yaml"):
        said = " ".join(line.lstrip("# ") for line in path.read_text("utf-8").splitlines() if line.startswith("#"))
        assert "sign it off" in said or "sign this off" in said, path.name
