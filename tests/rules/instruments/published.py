"""Made-up people with the results that the published tables give them; written from the tables, not from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crisis_hub.domain.answers import read_answer
from crisis_hub.domain.instrument import Score, score
from crisis_hub.domain.rules import Rulebook

NOTHING = "not_assessed"


@dataclass(frozen=True, slots=True)
class Vignette:
    """One set of answers and what it must mean; `flags` must be among those raised."""

    name: str
    instrument: str
    answers: Mapping[str, Any]
    band: str | None
    risk: str
    complete: bool = True
    total: float | None = None
    flags: tuple[str, ...] = ()
    over: bool = True


def result_of(book: Rulebook, one: Vignette) -> Score:
    """Score a vignette as the outside world gives it: answers in any form that is taken."""
    instrument = book.instruments[one.instrument]
    answers = {}
    for name, said in one.answers.items():
        item = instrument.item(name)
        assert item is not None, (one.name, name)
        answers[item.id], wrong = read_answer(item, said)
        assert not wrong, (one.name, wrong)
    return score(instrument, answers, over=one.over)


def wrong_ones(book: Rulebook, vignettes: list[Vignette]) -> Iterator[str]:
    """Name every vignette whose result is not the published one."""
    for one in vignettes:
        found = result_of(book, one)
        expected = (one.band, one.risk, one.complete, one.total)
        if (found.band, found.risk.value, found.complete, found.total) != expected or set(one.flags) - set(found.flags):
            yield one.name


def same(items: list[str], answer: str | float) -> dict[str, Any]:
    """Return the same answer to each of these items."""
    return dict.fromkeys(items, answer)


def spread(items: list[str], total: int, most: int) -> dict[str, int]:
    """Return answers of 0 to `most` points that add up to a total, the first items getting the most."""
    given = {}
    for item in items:
        given[item] = min(total, most)
        total -= given[item]
    assert total == 0
    return given


def qs(count: int, letter: str = "q") -> list[str]:
    """Return the ids q1, q2 … of that many items."""
    return [f"{letter}{n}" for n in range(1, count + 1)]


PHQ9, GAD7, DAST = qs(9), qs(7), qs(10)
BVC = ["confused", "irritable", "boisterous", "verbal_threats", "physical_threats", "attacking_objects"]
LAP = qs(11, "l")
INQUIRY = ["ideation", "plan", "behaviours", "intent"]

CSSRS_NONE = {"q1": "no", "q2": "no", "q6": "no"}
CSSRS_THOUGHTS = {"q1": "yes", "q2": "yes", "q3": "no", "q4": "no", "q5": "no", "q6": "no"}
PSS_NONE = {"q1": "no", "q2": "no", "q3": "no"}

DEFECTS = [
    # --- C-SSRS
    Vignette("q4 is high", "cssrs_screener_recent", {**CSSRS_THOUGHTS, "q4": "yes"}, "high", "high"),
    Vignette(
        "an act in the lifetime alone is moderate",
        "cssrs_screener_recent",
        {**CSSRS_NONE, "q6": "yes", "q6_recent": "no"},
        "moderate",
        "moderate",
    ),
    Vignette(
        "a recent act is high",
        "cssrs_screener_recent",
        {**CSSRS_NONE, "q6": "yes", "q6_recent": "yes"},
        "high",
        "high",
    ),
    Vignette("all no is none and not low", "cssrs_screener_recent", CSSRS_NONE, "none", "none"),
    Vignette("absent is not no", "cssrs_screener_recent", {"q1": "no", "q2": "no"}, None, NOTHING, complete=False),
    Vignette(
        "an act about which nobody says when is read as recent",
        "cssrs_screener_recent",
        {**CSSRS_NONE, "q6": "yes", "q6_recent": "refused"},
        "high",
        "high",
    ),
    # --- answers as programs write them
    Vignette(
        "true and false are answers",
        "asq",
        {"q1": True, "q2": False, "q3": False, "q4": False, "q5": True},
        "acute_positive",
        "high",
    ),
    Vignette(
        "true and false in quotes are answers",
        "asq",
        {"q1": "true", "q2": "false", "q3": "False", "q4": "false", "q5": "TRUE"},
        "acute_positive",
        "high",
    ),
    Vignette(
        "LOINC codes are answers",
        "asq",
        {"q1": "LA33-6", "q2": "LA32-8", "q3": "LA32-8", "q4": "LA32-8", "q5": "LA33-6"},
        "acute_positive",
        "high",
    ),
    Vignette(
        "LOINC codes of items and answers",
        "cssrs_screener_recent",
        {"93246-7": "LA33-6", "93247-5": "LA33-6", "93249-1": "LA33-6"},
        "high",
        "high",
        complete=False,
    ),
    # --- ASQ
    Vignette("half an ASQ is not negative", "asq", same(qs(3), "no"), None, NOTHING, complete=False),
    Vignette(
        "q5 yes with all others no is acute",
        "asq",
        {**same(qs(4), "no"), "q5": "yes"},
        "acute_positive",
        "high",
        flags=("contradictory",),
    ),
    Vignette(
        "an adult who refuses is incomplete",
        "asq",
        {**same(qs(4), "no"), "q2": "refused", "q5": "no", "age": 40},
        None,
        NOTHING,
        complete=False,
        flags=("refused_or_unknown",),
    ),
    Vignette(
        "a minor who refuses is positive",
        "asq",
        {**same(qs(4), "no"), "q2": "refused", "q5": "no", "age": 17},
        "non_acute_positive",
        "moderate",
    ),
    # --- scales of symptoms
    Vignette(
        "question 9 at a minimal total",
        "phq9",
        {**same(PHQ9, 0), "q1": 3, "q9": 1},
        "minimal",
        "low",
        total=4,
        flags=("suicide_item",),
    ),
    Vignette("question 9 alone, so far", "phq9", {"q9": 1}, None, "low", complete=False, flags=("suicide_item",)),
    Vignette("a high total without question 9", "phq9", {**same(PHQ9, 3), "q9": 0}, "severe", NOTHING, total=24),
    Vignette("a hole is no low total", "phq9", same(PHQ9[:8], 0), None, NOTHING, complete=False),
    Vignette("words of the options", "gad7", same(GAD7, "Nearly every day"), "severe", NOTHING, total=21),
    Vignette("LOINC codes of the options", "gad7", same(GAD7, "LA6568-5"), "minimal", NOTHING, total=0),
    Vignette("DAST: no to question 3 counts", "dast10", same(DAST, "no"), "low", NOTHING, total=1),
    Vignette("DAST: yes to question 3 does not", "dast10", {**same(DAST, "no"), "q3": "yes"}, "none", NOTHING, total=0),
    Vignette("DAST: all yes is nine", "dast10", same(DAST, "yes"), "severe", NOTHING, total=9),
    Vignette(
        "DAST: 4 and 5 are not reversed",
        "dast10",
        {**same(DAST, "no"), "q3": "yes", "q4": "yes", "q5": "yes"},
        "low",
        NOTHING,
        total=2,
    ),
]
"""One or more for each mistake that was published or shipped somewhere."""

OTHERS = [
    # --- PSS-3: thoughts, or an attempt within six months; low mood alone is not positive
    Vignette("PSS-3: nothing", "pss3", PSS_NONE, "negative", "none"),
    Vignette("PSS-3: low mood alone", "pss3", {**PSS_NONE, "q1": "yes"}, "negative", "none"),
    Vignette("PSS-3: thoughts", "pss3", {**PSS_NONE, "q2": "yes"}, "positive", "moderate"),
    *[
        Vignette(f"PSS-3: {when}", "pss3", {**PSS_NONE, "q3": "yes", "q3a": when}, band, risk)
        for when, band, risk in (
            ("within 24 h", "positive", "high"),
            ("within past month, not today", "positive", "moderate"),
            ("1-6 months", "positive", "moderate"),
            ("more than 6 months", "negative", "none"),
            ("within_24h", "positive", "high"),
            ("within_month", "positive", "moderate"),
            ("months_1_6", "positive", "moderate"),
            ("over_6_months", "negative", "none"),
            ("unable", "positive", "moderate"),
            ("refused", "positive", "moderate"),
        )
    ],
    Vignette("PSS-3: unable is not no", "pss3", {**PSS_NONE, "q2": "unable"}, None, NOTHING, complete=False),
    Vignette("PSS-3: absent is not no", "pss3", {"q1": "no", "q3": "no"}, None, NOTHING, complete=False),
    # --- LAP: any of the first three, or four of the others, or the worker's belief
    Vignette("LAP: nothing", "lap", same(LAP, "no"), "not_triggered", "low"),
    *[
        Vignette(f"LAP: {item} alone", "lap", {**same(LAP, "no"), item: "yes"}, "triggered", "high")
        for item in LAP[:3]
    ],
    Vignette("LAP: three others", "lap", {**same(LAP, "no"), **same(LAP[3:6], "yes")}, "not_triggered", "low"),
    Vignette("LAP: four others", "lap", {**same(LAP, "no"), **same(LAP[7:], "yes")}, "triggered", "high"),
    Vignette("LAP: four others, rest open", "lap", same(LAP[3:7], "yes"), "triggered", "high", complete=False),
    Vignette("LAP: belief", "lap", {**same(LAP, "no"), "worker_belief": "yes"}, "triggered", "high"),
    Vignette("LAP: a refusal is not no", "lap", {**same(LAP, "no"), "l1": "refused"}, None, NOTHING, complete=False),
    # --- HARK under both names
    Vignette("HARK: none", "hark", same(qs(4, "h"), "no"), "negative", "none", total=0),
    Vignette("HARK: one", "hark", {**same(qs(4), "no"), "q3": "yes"}, "positive", "moderate", total=1),
    # --- DA-5
    Vignette("DA-5: two", "da5", {**same(qs(5, "d"), "no"), "d1": "yes", "d2": "yes"}, "lower", "low", total=2),
    Vignette("DA-5: three", "da5", {**same(qs(5, "d"), "no"), **same(qs(3, "d"), "yes")}, "high", "high", total=3),
    Vignette(
        "DA-5: strangled",
        "da5",
        {**same(qs(5, "d"), "no"), "d4": "yes"},
        "lower",
        "moderate",
        total=1,
        flags=("strangulation",),
    ),
    # --- BVC
    Vignette("BVC: none", "bvc", same(BVC, "no"), "low", "low", total=0),
    Vignette("BVC: two", "bvc", {**same(BVC, "no"), **same(BVC[:2], "yes")}, "moderate", "moderate", total=2),
    Vignette("BVC: three", "bvc", {**same(BVC, "no"), **same(BVC[:3], "yes")}, "high", "high", total=3),
    Vignette("BVC: three, rest unknown", "bvc", {**same(BVC, "unknown"), **same(BVC[:3], "yes")}, "high", "high"),
    # --- CTRS: lower is worse
    Vignette("CTRS: worst", "ctrs", {"a": 1, "b": 1, "c": 1}, "positive", "high", total=3),
    Vignette("CTRS: nine", "ctrs", {"a": 3, "b": 3, "c": 3}, "positive", "high", total=9),
    Vignette("CTRS: ten", "ctrs", {"a": 3, "b": 3, "c": 4}, "negative", "low", total=10),
    Vignette("CTRS: at most nine already", "ctrs", {"a": 1, "b": 3}, "positive", "high", complete=False),
    Vignette("CTRS: not yet", "ctrs", {"a": 1, "b": 4}, None, NOTHING, complete=False),
    # --- AUDIT-C
    Vignette("AUDIT-C: men 3", "audit_c", {"q1": 1, "q2": 1, "q3": 1, "sex": "male"}, "negative", NOTHING, total=3),
    Vignette("AUDIT-C: men 4", "audit_c", {"q1": 2, "q2": 1, "q3": 1, "sex": "m"}, "positive", NOTHING, total=4),
    Vignette("AUDIT-C: women 2", "audit_c", {"q1": 1, "q2": 1, "q3": 0, "sex": "f"}, "negative", NOTHING, total=2),
    Vignette("AUDIT-C: women 3", "audit_c", {"q1": 1, "q2": 1, "q3": 1, "sex": "female"}, "positive", NOTHING, total=3),
    Vignette("AUDIT-C: nobody knows", "audit_c", {"q1": 1, "q2": 1, "q3": 1}, "positive", NOTHING, total=3),
    Vignette("AUDIT-C: refused", "audit_c", {**same(qs(3), 1), "sex": "refused"}, "positive", NOTHING, total=3),
    Vignette(
        "AUDIT-C: all from the first",
        "audit_c",
        {"q1": 4, "q2": 0, "q3": 0, "sex": "male"},
        "positive",
        NOTHING,
        total=4,
        flags=("review",),
    ),
    Vignette(
        "AUDIT-C: LOINC",
        "audit_c",
        {"68518-0": "LA18929-2", "68519-8": "LA18932-6", "68520-6": "LA18934-2"},
        "positive",
        NOTHING,
        total=12,
    ),
    # --- single questions
    *[
        Vignette(f"{name}: {said}", name, {"q1": said}, band, NOTHING)
        for name in ("single_alcohol", "single_drug")
        for said, band in ((0, "negative"), (1, "positive"), (30, "positive"), ("yes", "positive"), (False, "negative"))
    ],
    Vignette("single question: refused", "single_drug", {"q1": "refused"}, None, NOTHING, complete=False),
    # --- triage codes
    *[
        Vignette(f"code {code}", "mh_triage_scale", {"code": code}, code.upper(), risk)
        for code, risk in zip("AbCDEFG", ["imminent", "high", "high", "moderate", "low", "low", "none"], strict=True)
    ],
    # --- SAFE-T: as judged
    *[
        Vignette(f"SAFE-T: {level}", "safe_t", {**same(INQUIRY, "no"), "level": level}, level, level)
        for level in ("low", "moderate", "high")
    ],
    Vignette(
        "SAFE-T: lower than its answers",
        "safe_t",
        {"ideation": "yes", "plan": "yes", "behaviours": "no", "intent": "yes", "level": "low"},
        "low",
        "low",
        flags=("contradictory",),
    ),
]  # fmt: skip
