"""`crisis-hub rules install-pack`: puts the words of a questionnaire, with the permission to show them, in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.rules_folder.packs import Pack, examine_pack
from crisis_hub.cli.rulebooks import open_rules

Say = Callable[[str], None]


def put_in_place(rules: RulesFolder, file: Path, say: Say, warn: Say) -> int:
    """Check a pack whole, then write it into the folder; return 1 when it is refused, 2 when it cannot be read."""
    try:
        raw = file.read_bytes()
    except OSError as problem:
        warn(f"{file} cannot be read ({problem.strerror}).")
        return 2
    page, pack = examine_pack(str(file), raw, rules.rulebook.instruments)
    for wrong in page.problems:
        warn(wrong.sentence())
    if pack is None:
        warn("Nothing was installed.")
        return 1
    place = rules.path / "packs" / f"{pack.instrument}.{pack.language}.yaml"
    replaced = place.exists()
    try:
        _write(place, raw)
    except OSError as problem:
        warn(f"{place} cannot be written ({problem.strerror}). Nothing was installed.")
        return 1
    for line in _told(pack, place, replaced):
        say(line)
    return 0


def _write(place: Path, raw: bytes) -> None:
    """Write the file beside its place and move it there, so that nobody ever reads half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.tmp")
    beside.write_bytes(raw)
    beside.replace(place)


def _told(pack: Pack, place: Path, replaced: bool) -> list[str]:
    was = " It replaces the pack that was there." if replaced else ""
    return [
        f"The words of {pack.instrument} in “{pack.language}” are installed as {place}.{was}",
        pack.permission.sentence(),
    ]


def install_pack(
    file: Annotated[Path, typer.Argument(help="A wording pack; rules/README.md shows one.")],
    folder: Annotated[Path | None, typer.Option("--rules", help="The folder of rules.", metavar="DIR")] = None,
) -> None:
    """Install the words of a questionnaire that may be shown only with permission, and keep the record of it."""
    raise typer.Exit(put_in_place(open_rules(folder), file, typer.echo, lambda line: typer.echo(line, err=True)))
