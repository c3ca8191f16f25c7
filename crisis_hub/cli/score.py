"""`crisis-hub score`: what answers to one instrument mean, for one set of answers or for a line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from crisis_hub.adapters.rules_folder.problems import did_you_mean, listed
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.domain.answers import read_answer
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.instrument import Instrument
from crisis_hub.domain.instrument import score as read_score
from crisis_hub.domain.rules import Rulebook

_OF_THE_PERSON = frozenset({"age", "sex"})
"""Facts of the person may stand among the answers to any instrument; those that do not need them leave them."""

app = typer.Typer(add_completion=False)


class CannotScore(Exception):
    """The answers cannot be scored; the message says why."""


def score_answers(rulebook: Rulebook, instrument: object, answers: object) -> dict[str, Any]:
    """Return the score as the outside sees it, nobody being there any more to be asked; raise `CannotScore`."""
    known = _instrument(rulebook, instrument)
    if not isinstance(answers, Mapping):
        raise CannotScore('answers must be an object with an answer for each item, such as {"q1": "yes"}.')
    if known.outside is not None:
        raise CannotScore(f"{known.id} is used elsewhere: its result is written down, nothing is asked or scored here.")
    result = read_score(known, _answers(known, answers), over=True)
    return {
        "instrument": result.instrument,
        "version": result.version,
        "complete": result.complete,
        "total": _whole(result.total),
        "band": result.band,
        "risk": result.risk.value,
        "flags": list(result.flags),
        "next": result.next,
    }


def _whole(total: float | None) -> float | None:
    """Return a total as people write it: 4 and not 4.0."""
    return int(total) if total is not None and total.is_integer() else total


def score_lines(rulebook: Rulebook, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Score a line each; a line that cannot be scored becomes an object with its `id` and an `error`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        asked: Any = None
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise CannotScore('a line must be an object with "id", "instrument" and "answers".')
            yield {"id": asked.get("id"), **score_answers(rulebook, asked.get("instrument"), asked.get("answers"))}
        except (CannotScore, ValueError, RecursionError) as problem:
            said = str(problem) if isinstance(problem, CannotScore) else f"this is not JSON ({problem})."
            yield {"id": asked.get("id") if isinstance(asked, dict) else None, "error": f"line {number}: {said}"}


def _instrument(rulebook: Rulebook, name: object) -> Instrument:
    found = rulebook.instrument(name) if isinstance(name, str) else None
    if found is None:
        known = list(dict.fromkeys([*rulebook.instruments, *BARE_INSTRUMENTS]))
        refused = " Some files of rules were refused; crisis-hub rules check says why." if rulebook.problems else ""
        said = f"“{name}”" if isinstance(name, str) else "that name"
        raise CannotScore(
            f"there is no instrument called {said}; there are {listed(known)}."
            f"{did_you_mean(name, known) if isinstance(name, str) else ''}{refused}"
        )
    return found


def _answers(instrument: Instrument, answers: Mapping[Any, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, said in answers.items():
        item = instrument.item(name)
        if said is None or (item is None and name in _OF_THE_PERSON):
            continue
        if item is None:
            known = [known.id for known in instrument.items]
            raise CannotScore(
                f"{instrument.id} has no item “{name}”; it has {listed(known, 30)}.{did_you_mean(name, known)}"
            )
        answer, wrong = read_answer(item, said)
        if wrong:
            raise CannotScore(wrong)
        if found.setdefault(item.id, answer) != answer:
            raise CannotScore(f"{item.id} is answered twice, with {found[item.id]} and {answer}. Leave one out.")
    return found


@app.command("score")
def score(
    instrument: Annotated[str | None, typer.Option("--instrument", help="The instrument's id, such as asq.")] = None,
    answers: Annotated[str | None, typer.Option("--answers", help='Such as \'{"q1": "yes"}\'.')] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read {id, instrument, answers} per line, write one object per line.")
    ] = False,
    folder: Annotated[Path | None, typer.Option("--rules", help="The folder of rules.", metavar="DIR")] = None,
) -> None:
    """Say what answers mean: band, risk, whether it is complete, and which item comes next."""
    if jsonl == (instrument is not None or answers is not None) or (not jsonl and not (instrument and answers)):
        _wrong_use("write either --instrument ID with --answers JSON, or --jsonl alone.")
    rulebook = open_rules(folder).rulebook
    if jsonl:
        raise typer.Exit(_print_lines(rulebook))
    assert instrument is not None
    assert answers is not None
    try:
        typer.echo(json.dumps(score_answers(rulebook, instrument, json.loads(answers))))
    except CannotScore as problem:
        _wrong_use(str(problem))
    except ValueError as problem:
        _wrong_use(f"--answers is not JSON ({problem}).")


def _print_lines(rulebook: Rulebook) -> int:
    failed = False
    for result in score_lines(rulebook, sys.stdin.buffer):
        failed = failed or "error" in result
        # plain ASCII: an id may hold half a character, which no terminal or pipe can carry
        sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    return 1 if failed else 0


def _wrong_use(sentence: str) -> None:
    typer.echo(f"crisis-hub score: {sentence}", err=True)
    raise typer.Exit(2)
