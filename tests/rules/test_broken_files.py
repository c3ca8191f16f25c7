"""Each kind of mistake is refused with file, line, field and what to do; it never takes the others with it."""

# ruff: noqa: E501 (a mistake, its place and its sentence are read best on one line)

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]

SUICIDE, ASQ = "escalation/suicide.yaml", "instruments/asq.yaml"
PHQ9, LAP = "instruments/phq9.yaml", "instruments/lap.yaml"
LADDER, ROTA, SCRIPT = "ladders/clinical.yaml", "rotas/clinicians.yaml", "scripts/first.yaml"
LINE = "wording/en/line.yaml"

MISTAKES = [
    # file, what is replaced by what, and where and what is said
    # --- conditions
    (SUICIDE, "asq.band == \"acute", "asq.bnad == \"acute", "6: rules.asq-acute.when.all.1: There is no fact called “asq.bnad”."),
    (SUICIDE, "== \"acute_positive\"'", "= \"acute_positive\"'", "6: rules.asq-acute.when.all.1: Write == (two signs)"),
    (SUICIDE, "'asq.band == \"acute_positive\"'", "'asq.band'", "6: rules.asq-acute.when.all.1: The line does not say yes"),
    (SUICIDE, "acute_positive\"'", "acute_postive\"'", "6: rules.asq-acute.when.all.1: “asq.band” can never be “acute_postive”"),
    (SUICIDE, "{all: ['asq.band == \"acute_positive\"']}", "{all: []}", "6: rules.asq-acute.when.all: This is empty."),
    (SUICIDE, "{all: ['asq.band == \"acute_positive\"']}", "{}", "6: rules.asq-acute.when: This is empty."),
    (SUICIDE, "{all: [", "{al: [", "6: rules.asq-acute.when.al: There is no field called “al” here"),
    (SUICIDE, "{all: ['asq", "{any: ['asq.complete'], all: ['asq", "6: rules.asq-acute.when: Only one of all, any, not"),
    (SUICIDE, "{all: ['asq", "{not: ['asq.complete', 'asq", "6: rules.asq-acute.when.not: not takes exactly one line."),
    (SUICIDE, "{all: ['asq.band == \"acute_positive\"']}", "7", "6: rules.asq-acute.when: Here stands “7”, but it must be"),
    # --- rules
    (SUICIDE, "    because: Thoughts of killing oneself right now need", "    becuase: Thoughts of killing oneself need", "8: rules.asq-acute.becuase: There is no field called “becuase” here; there are id, when, then, because, source, examples. Did you mean “because”?"),
    (SUICIDE, "    because: Thoughts of killing oneself right now need a clinician at once.\n", "", "5: rules.asq-acute: “because” is missing. Add it. Say in one sentence why somebody must know."),
    (SUICIDE, "raise_risk: high", "raise_risk: hihg", "7: rules.asq-acute.then.1.raise_risk: “hihg” cannot stand here; it can be low, moderate, high, imminent. Did you mean “high”?"),
    (SUICIDE, "{raise_risk: high}, {page", "{raise_risk: high}, {raise_risk: low}, {page", "7: rules.asq-acute.then.2.raise_risk: A rule can raise the risk only once."),
    (SUICIDE, "{page: clinical}", "{pages: clinical}", "7: rules.asq-acute.then.2.pages: There is no field called “pages” here"),
    (SUICIDE, "{page: clinical}", "{page: clincal}", "7: rules.asq-acute.then.2.page: There is no ladder called “clincal”"),
    (SUICIDE, "asq-acute-means-within-reach", "asq-acute", "22: rules.asq-acute.id: “asq-acute” stands here twice."),
    (SUICIDE, "id: asq-acute\n", "id: asq acute#1\n", "5: rules.asq acute#1.id: “asq acute#1” does not fit here. A name is made of"),
    # --- examples
    (SUICIDE, 'q4: "no", q5: "yes"}', 'q4: "no", q5: "maybe"}', "12: rules.asq-acute.examples.fires.1.asq.q5: q5 can be answered with yes, no, unknown or refused"),
    (SUICIDE, 'q4: "no", q5: "yes"}', 'q4: "no", q6: "yes"}', "12: rules.asq-acute.examples.fires.1.asq.q6: asq has no item “q6”"),
    (SUICIDE, "- asq: {q1", "- asqq: {q1", "12: rules.asq-acute.examples.fires.1.asqq: There is no instrument called “asqq”"),
    (SUICIDE, 'q5: "yes"}', "q5: [yes]}", "12: rules.asq-acute.examples.fires.1.asq.q5: q5 needs a word or a number"),
    ("escalation/talk.yaml", "risk: high}", "risk: hihg}", "15: rules.texts-stopped-at-risk.examples.fires.1.case.risk: “risk” can be"),
    ("escalation/talk.yaml", "texting_stopped: true, risk: high", "texting_stoped: true", "15: rules.texts-stopped-at-risk.examples.fires.1.case.texting_stoped: A case has no “texting_stoped”"),
    # --- YAML
    (SUICIDE, "  - id: asq-acute\n", "\t- id: asq-acute\n", "5: There is a tab. Use spaces"),
    (SUICIDE, "    because: Thoughts", "    because: \"Thoughts", "12: This is not YAML: did not find expected key. Look here and above for a quote"),
    (SUICIDE, "    because: Thoughts", "    because: why: Thoughts", "8: A colon stands where none can be."),
    (SUICIDE, "    source: NIMH ASQ, acute positive screen", "    because: twice", "9: rules.1.because: “because” stands here twice, first on line 8."),
    (SUICIDE, "because: Thoughts", "because: !!python/object:os.system Thoughts", "8: rules.1.because: Tags such as “tag:yaml.org,2002:python/object:os.system” are not read"),
    (SUICIDE, "because: Thoughts", "because: &a Thoughts", "8: rules.1.because: “&” and “*” references are not read"),
    (SUICIDE, "rules:\n", "---\nrules: []\n---\nrules:\n", "6: A second document begins here."),
    (SUICIDE, "rules:\n", "rules: " + "[" * 40 + "]" * 40 + "\nother:\n", "More than 24 levels inside each other."),
    # --- instruments
    (ASQ, "kind: yes_no", "kind: yesno", "23: items.q1.kind: “yesno” cannot stand here; it can be yes_no, choice, number. Did you mean “yes_no”?"),
    (ASQ, "kind: yes_no", "kind: choice", "21: items.q1: A choice needs “options”"),
    (ASQ, "- id: q2", "- id: q1", "items.q1: “q1” stands here twice."),
    (ASQ, "- id: q2", "- id: total", "items.total.id: “total” has a meaning of its own."),
    (ASQ, "'q1 in [\"yes\"", "'q7 in [\"yes\"", "items.q5.asked_when.any.1: There is no fact called “q7”."),
    (ASQ, "'q1 in [\"yes\"", "'q5 in [\"yes\"", "items.q5.asked_when: q5 is asked depending on its own answer"),
    (ASQ, "risk: high", "risk: none", "levels.acute_positive: Levels stand from worst to best"),
    (ASQ, "risk: moderate", "risk: imminent", "levels.non_acute_positive.risk: Levels stand from worst to best"),
    (ASQ, "notice:", "source:", "stands here twice"),
    (ASQ, "instrument: asq", "instrument: case", "instrument: “case” has a meaning of its own."),
    (ASQ, "version: \"1\"\n", "", "“version” is missing."),
    (ASQ, "93374-7", "93374-8", "loinc.derived_level: “93374-8” cannot be a LOINC code"),
    (ASQ, "order: none", "order: [old, young]", "items.age.order: Numbers have no list of answers."),
    (ASQ, "    order: none\n", "", "items.age: Write “worse”: whether a higher or a lower number is worse"),
    (ASQ, "order: none", "worse: \"no\"", "items.age.worse: “no” cannot stand here; it can be higher, lower."),
    (ASQ, "- id: contradictory", "- id: acute_positive", "flags.acute_positive.id: “acute_positive” is the name of a level or has a meaning of its own. Choose another."),
    (ASQ, "- id: contradictory", "- id: refused_or_unknown", "flags.refused_or_unknown.id: “refused_or_unknown” is the name of a level or has a meaning of its own. Choose another."),
    (LADDER, "{page: {role: supervisor}, wait_seconds: 120}", "{page: {role: supervisor}, wait_seconds: 120, takers: 0}", "steps.2.takers: "),
    (LADDER, "contact_within_seconds: 600", "contact_within_seconds: soon", "contact_within_seconds: Here stands “soon”"),
    (LADDER, "ladder: clinical", "ladder: direct", "ladder: “direct” is built in and cannot be changed."),
    (ASQ, "- id: contradictory", "- id: contra dictory", "flags.contra dictory.id: “contra dictory” does not fit"),
    (ASQ, "{all: ['q5 ==", "{all: ['total > 3', 'q5 ==", "flags.contradictory.when.all.1: There is no fact called “total”."),
    (PHQ9, "loinc: 44250-9", "loinc: 44255-8", "items.q2.also.1: “44255-8” is an answer to another item already."),
    (PHQ9, "    order: [not_difficult, somewhat_difficult,", "    order: [not_difficult,", "items.difficulty.order: “order” must name each answer once"),
    (PHQ9, "  - id: difficulty\n", "  - id: difficulty\n    points: {\"yes\": 1}\n", "items.difficulty.points: Only a yes_no item has points"),
    (PHQ9, "  - id: difficulty\n", "  - id: difficulty\n    worse: higher\n", "items.difficulty.order: “order” and “worse” say the same."),
    (PHQ9, "  - id: q3\n", "  - id: q3\n    asked_when: 'total_at_least >= 2'\n", "items.q3.asked_when: q3 counts towards the total"),
    (PHQ9, "  - id: q3\n", "  - id: over\n", "items.over.id: “over” has a meaning of its own."),
    (LAP, "[l4, l5,", "[l4, l55,", "sums.other_signs.2: There is no item “l55”"),
    (LAP, "{other_signs:", "{known:", "sums.known: “known” has a meaning of its own."),
    (LAP, "other_signs >= 4", "other_sign >= 4", "levels.triggered.when.any.4: There is no fact called “other_sign”. Did you mean “other_signs”?"),
    (SUICIDE, "asq.band == \"acute_positive\"", "\"contradictry\" in asq.flags", "“asq.flags” can never hold “contradictry”; it can hold contradictory, refused_or_unknown. Did you mean “contradictory”?"),
    # --- ladders, rotas, scripts, wording
    (LADDER, "{rota: clinicians}", "{rota: clinician}", "5: steps.1.page.rota: There is no rota called “clinician”; there are clinicians. Did you mean “clinicians”?"),
    (LADDER, "{role: supervisor}", "{role: superviser}", "6: steps.2.page.role: “superviser” cannot stand here"),
    (LADDER, "{role: supervisor}", "{role: admin}", "6: steps.2.page.role: “admin” cannot stand here"),
    (LADDER, "{role: supervisor}", "anybody", "6: steps.2.page: “anybody” does not fit here."),
    (LADDER, "wait_seconds: 120", "wait_seconds: soon", "5: steps.1.wait_seconds: Here stands “soon”, but it must be a whole number."),
    (LADDER, "wait_seconds: 120", "wait_seconds: -1", "5: steps.1.wait_seconds: -1 is too small; the limit is 0."),
    (LADDER, "then: alarm", "then: nothing", "7: then: “nothing” cannot stand here; it can be alarm."),
    (LADDER, "ladder: clinical", "ladder: everyone", "3: ladder: “everyone” is built in"),
    (LADDER, "ladder: clinical", "ladder: imminent", "The ladder “imminent” stands in ladders/clinical.yaml already."),
    (ROTA, "America/Chicago", "America/Chicgo", "4: timezone: “America/Chicgo” is not a time zone. Write one such as America/Chicago. Did you mean “America/Chicago”?"),
    (ROTA, "America/Chicago", "../../etc/passwd", "4: timezone: “../../etc/passwd” is not a time zone."),
    (ROTA, "type: weekly", "type: weakly", "6: layers.1.type: “weakly” cannot stand here; it can be hourly, daily, weekly, monthly, calendar. Did you mean “weekly”?"),
    (ROTA, "2026-01-05T08:00", "2026-13-05T08:00", "6: layers.1.start: “2026-13-05T08:00” is not a date and time."),
    (ROTA, "people: [ana, ben]", "people: []", "6: layers.1.people: This is empty."),
    (SCRIPT, "asks: [asq.q1, ", "asks: [asq.q9, ", "sections.safety.asks.1: asq has no item “q9”"),
    (SCRIPT, "asks: [asq.q1, ", "asks: [asqq.q1, ", "sections.safety.asks.1: There is no instrument called “asqq”"),
    (SCRIPT, "'asq.q1 in", "'asq.q8 in", "sections.right_now.opens_when.any.1: There is no fact called “asq.q8”."),
    (SCRIPT, "- id: close", "- id: safety", "sections.safety.id: “safety” stands here twice."),
    (SCRIPT, "{lifeline} too", "{lifelin} too", "sections.close.say.3.en: A script cannot hold {lifelin}"),
    (LINE, "{link}\"", "{name}\"", "page_sms: page_sms cannot hold {name}; it can hold"),
    (LINE, " {link}\"", "\"", "page_sms: {link} is missing from page_sms"),
    (LINE, "hold: >-", "hlod: >-", "hlod: There is no field called “hlod” here"),
    ("wording/numbers.yaml", "emergency:", "emergancy:", "5: emergancy: There is no field called “emergancy” here; there are emergency, lifeline. Did you mean “emergency”?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> RulesFolder:
    """A copy of the rules that is loaded once; every test mends what it breaks."""
    folder = RulesFolder(Path(shutil.copytree(RULES, tmp_path_factory.mktemp("standing") / "rules")))
    folder.load()
    return folder


@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES, ids=[f"{r[0]}: {r[2][:30]}" for r in MISTAKES])
def test_a_mistake_is_pointed_at(standing: RulesFolder, file: str, old: str, new: str, said: str) -> None:
    path = standing.path / file
    good = path.read_text("utf-8")
    assert old in good
    path.write_text(good.replace(old, new, 1), "utf-8")
    try:
        problems = standing.load().problems
    finally:
        path.write_text(good, "utf-8")

    assert any(said in sentence for sentence in problems), problems
    assert all(":" in sentence and sentence.endswith((".", "?")) for sentence in problems)
    assert standing.load().problems == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "escalation/new.yaml:1: The file is empty."),
        (b"# only a comment\n", "escalation/new.yaml:1: The file is empty."),
        (b"~\n", "escalation/new.yaml:1: The file is empty."),
        (b"rules: []\n", "escalation/new.yaml:1: rules: This is empty."),
        (b"- a list\n", "escalation/new.yaml:1: Here stands a list, but it must be fields with names"),
        (b"rules:\n- id: \xff\n", "escalation/new.yaml:2: This is not UTF-8 text."),
        (b"rules:\n- id: a\x00b\n", "escalation/new.yaml:2: There is a character here that YAML cannot hold."),
        (b"rules: '" + b"x" * 300_000 + b"'", "escalation/new.yaml:1: The file has 300,009 bytes"),
        (b"rules: [*lots]\n", "escalation/new.yaml:1: rules.1: “&” and “*” references are not read here."),
        (b"? [a, b]\n: c\n", "escalation/new.yaml:1: The name of a field must be a word."),
        (b"rules: [" + b"[" * 5000, "escalation/new.yaml"),
        (b"rules: 'no end\n", "escalation/new.yaml:2: The file ends in the middle of something"),
        (b"@", "escalation/new.yaml:1: This is not YAML"),
    ],
)
def test_a_file_that_holds_no_rules_is_pointed_at(room: Path, content: bytes, said: str) -> None:
    (room / "escalation/new.yaml").write_bytes(content)

    problems = RulesFolder(room).load().problems

    assert len(problems) == 1
    assert problems[0].startswith(said)
    assert problems[0].endswith("Nothing of this file is in force.")


def test_every_mistake_of_a_file_is_told_at_once(room: Path, edit: Edit) -> None:
    edit(SUICIDE, "asq.band", "asq.bnad")
    edit(SUICIDE, "{page: clinical}", "{page: clincal}")

    assert len(RulesFolder(room).load().problems) == 2


@pytest.mark.parametrize("name", ["suicide.ymal", "suicide"])
def test_a_file_with_a_wrong_ending_is_not_passed_over_in_silence(room: Path, name: str) -> None:
    (room / "escalation/suicide.yaml").rename(room / "escalation" / name)

    assert RulesFolder(room).load().problems == (
        f"escalation/{name}: This is not read: the name must end in .yaml. Rename it.",
    )


def test_a_folder_or_file_in_the_wrong_place_is_not_passed_over_in_silence(room: Path) -> None:
    (room / "escalations").mkdir()
    (room / "mine.yaml").write_text("rules: []")

    problems = RulesFolder(room).load().problems

    assert [p.partition(":")[0] for p in problems] == ["escalations/", "mine.yaml"]
    assert "Did you mean “escalation”?" in problems[0]


def test_the_same_rule_in_two_files_is_refused_once(room: Path) -> None:
    (room / "escalation/again.yaml").write_text((room / SUICIDE).read_text("utf-8"), "utf-8")

    book = RulesFolder(room).load()

    assert book.problems[0].startswith(
        f"{SUICIDE}:5: rules.asq-acute: The rule “asq-acute” stands in escalation/again.yaml already."
    )
    assert len([rule for rule in book.rules if rule.id == "asq-acute"]) == 1
