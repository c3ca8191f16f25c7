"""Finds the files of a rules folder, and what to read in its place where a whole room is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crisis_hub.adapters.rules_folder.problems import Problem, did_you_mean, listed

ROOMS = (
    "wording",
    "instruments",
    "packs",
    "scripts",
    "rotas/holidays",
    "rotas/calendars",
    "rotas",
    "ladders",
    "records",
    "jurisdictions",
    "triage",
    "escalation",
)
"""The folders that are read, each after those that it refers to."""

FILLED_IN = ("wording", "instruments", "scripts", "records", "triage")
"""Taken from the shipped rules where the folder has none; who is called, and when, is never filled in."""

HOLIDAYS, CALENDARS = "rotas/holidays", "rotas/calendars"
"""Where calendar files are read: besides YAML, and nothing else."""

NUMBERS_FILE = "wording/numbers.yaml"

_LEFT_ALONE = {"schemas"}
_NOT_RULES = {".md", ".json", ".bak", ".orig", ".swp", ".tmp", ".txt", ".pdf"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its room, its name below the folder, where it lies, and whether it is a shipped one."""

    room: str
    file: str
    path: Path
    shipped: bool = False

    def stamp(self) -> tuple[str, int, int, int]:
        """Return something that changes when the file is written."""
        try:
            state = self.path.stat()
        except OSError:
            return (str(self.path), 0, 0, 0)
        return (str(self.path), state.st_mtime_ns, state.st_ctime_ns, state.st_size)


@dataclass(slots=True)
class Listing:
    """What was found in a folder: files, notes about what was filled in, and what cannot be right."""

    files: list[Found]
    own: int
    notes: list[str]
    problems: list[Problem]


def list_folder(folder: Path, shipped: Path | None) -> Listing:
    """Return the files to read, room by room and by name."""
    listing = Listing([], 0, [], [])
    if not folder.is_dir():
        listing.problems.append(
            Problem("", 0, "", f"There is no folder {folder}. Only the built-in floor is in force. Set RULES_DIR.")
        )
    for room in ROOMS:
        place = folder / room
        if place.is_dir():
            listing.files += _room(listing, folder, room)
    listing.own = len(listing.files)
    listing.problems += _strangers(folder)
    if shipped is not None and shipped.resolve() != folder.resolve():
        _fill_in(listing, folder, shipped)
    return listing


def shipped_twin(found: Found, shipped: Path | None) -> Found | None:
    """Return the shipped file of the same name, for when a file of ours cannot be read and none was good before."""
    if found.shipped or shipped is None or found.room not in FILLED_IN:
        return None
    path = shipped / found.file
    return Found(found.room, found.file, path, shipped=True) if path.is_file() and path != found.path else None


def _fill_in(listing: Listing, folder: Path, shipped: Path) -> None:
    for room in FILLED_IN:
        if not (folder / room).is_dir() and (shipped / room).is_dir():
            listing.files += [Found(f.room, f.file, f.path, shipped=True) for f in _room(listing, shipped, room)]
            listing.notes.append(f"There is no folder {folder / room}, so the shipped one is used.")


def _room(listing: Listing, folder: Path, room: str) -> list[Found]:
    place = folder / room
    found: list[Found] = []
    for path in sorted(place.rglob("*") if room == "wording" else place.iterdir()):
        file = path.relative_to(folder).as_posix()
        if path.is_dir() or path.name.startswith(".") or path.name.endswith("~"):
            continue
        if (path.suffix in (".yaml", ".yml") and room != CALENDARS) or (
            room in (HOLIDAYS, CALENDARS) and path.suffix == ".ics"
        ):
            found.append(Found(room, file, path))
        elif path.suffix not in _NOT_RULES:
            listing.problems.append(Problem(file, 0, "", "This is not read: the name must end in .yaml. Rename it."))
    return found


def _strangers(folder: Path) -> Iterator[Problem]:
    """Tell of files and folders that somebody may believe to be in force."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path.name in ROOMS or path.name in _LEFT_ALONE:
            continue
        if path.is_dir():
            hint = did_you_mean(path.name, ROOMS)
            yield Problem(f"{path.name}/", 0, "", f"This folder is not read; those that are: {listed(ROOMS)}.{hint}")
        elif path.suffix in (".yaml", ".yml"):
            yield Problem(path.name, 0, "", f"This is not read here. Move it into one of {listed(ROOMS)}.")
