"""What is wrong in a file that a person wrote: where it stands, and what to do, as one plain sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where something stands in a file: names of fields and positions in lists, from the top."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `soft` problems leave the file in force when there is no better version of it."""

    file: str
    line: int
    field: str
    message: str
    soft: bool = False

    def sentence(self, folder: str = "") -> str:
        """Return file, line, field and what to do; `folder` is put before the file."""
        where = f"{folder}{self.file}" + (f":{self.line}" if self.line else "")
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


@dataclass(slots=True)
class Page:
    """One file being read: what it says, on which line each field stands, and what is wrong with it."""

    file: str
    data: object
    lines: Mapping[Path, int]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, message: str, *, soft: bool = False) -> None:
        """Note a problem at that place."""
        self.problems.append(Problem(self.file, self.line(path), spoken_path(self.data, path), message, soft))

    def line(self, path: Path) -> int:
        """Return the line of a field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    @property
    def refused(self) -> bool:
        """Say whether the file cannot be used as it is written."""
        return any(not problem.soft for problem in self.problems)


def spoken_path(data: object, path: Path) -> str:
    """Return a path with dots; an entry of a list is called by its id, or by its number counted from 1."""
    words: list[str] = []
    for step in path:
        inner: object = None
        if isinstance(data, dict):
            inner = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            inner = data[step]
        words.append(_entry_name(inner, step) if isinstance(step, int) else step)
        data = inner
    return ".".join(words)


def _entry_name(entry: object, position: int) -> str:
    if isinstance(entry, dict):
        for key in ("id", "band"):
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return str(position + 1)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return “ Did you mean …?” when a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    """Return words as a list for a sentence, cut after `most`."""
    words = list(words)
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")
