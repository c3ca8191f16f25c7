"""Reads a YAML file and keeps the line of every field.

Plain YAML only: no tags, no anchors, no doubled keys. `yes`, `no` and dates stay the words that they are (YAML 1.2),
since `q1: no` must be the answer "no" and never the computer's false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from crisis_hub.adapters.rules_folder.problems import Page, Path

MOST_BYTES = 256 * 1024
"""A file of rules is written by hand; anything larger is a mistake or an attack."""

_MOST_DEEP = 24
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C reads the shipped rules ten times as fast; the hub stands still while they are read."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_NOTHING = ("", "~", "null")
_TRUE, _FALSE = ("true", "True"), ("false", "False")


class Unreadable(Exception):
    """The file is not YAML that we read; the message says why and what to do."""

    def __init__(self, line: int, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.path = path


def read_yaml(file: str, raw: bytes) -> Page:
    """Return what the file says and where; raise `Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(1, f"The file has {len(raw):,} bytes; at most {MOST_BYTES:,} are read. Split it into several.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise Unreadable(line, "This is not UTF-8 text. Save the file as UTF-8.") from None
    try:
        return _Reader(text).page(file)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, _yaml_words(problem, text.splitlines()[line - 1 : line])) from None
    except yaml.reader.ReaderError as problem:
        line = text[: problem.position].count("\n") + 1
        raise Unreadable(line, "There is a character here that YAML cannot hold. Delete it.") from None


class _Reader:
    """Builds the data from YAML's events, so that nothing is ever made that the file did not spell out."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self._lines: dict[Path, int] = {}

    def page(self, file: str) -> Page:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise Unreadable(1, "The file is empty. Write something in it, or delete it.")
        data = self._node(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise Unreadable(_line(after), "A second document begins here. Keep one per file and remove “---”.")
        if data is None:
            raise Unreadable(1, "The file is empty. Write something in it, or delete it.")
        return Page(file, data, self._lines)

    def _node(self, event: yaml.Event, path: Path) -> object:
        self._plain(event, path)
        self._lines.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        assert isinstance(event, yaml.ScalarEvent)
        return event.value if event.style else _scalar(event.value)

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable(_line(event), "The name of a field must be a word.", path)
            self._plain(event, path)
            key = event.value
            if key in found:
                first = self._lines[(*path, key)]
                raise Unreadable(
                    _line(event), f"“{key}” stands here twice, first on line {first}. Keep one of them.", (*path, key)
                )
            self._lines[(*path, key)] = _line(event)
            found[key] = self._node(next(self._events), (*path, key))
        return found

    def _sequence(self, path: Path) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._node(event, (*path, len(found))))
        return found

    def _plain(self, event: yaml.Event, path: Path) -> None:
        """Refuse what plain data does not need, and nesting so deep that it can only be an attack."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(_line(event), "“&” and “*” references are not read here. Write the text out.", path)
        if tag := getattr(event, "tag", None):
            raise Unreadable(_line(event), f"Tags such as “{tag}” are not read here. Remove it.", path)
        if len(path) > _MOST_DEEP:
            raise Unreadable(_line(event), f"More than {_MOST_DEEP} levels inside each other. Make it simpler.", path)


def _scalar(text: str) -> object:
    if text in _NOTHING:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text) and len(text) < 16:
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


def _yaml_words(problem: yaml.MarkedYAMLError, line: list[str]) -> str:
    said = str(problem.problem or problem.context or "it cannot be read")
    if "\t" in "".join(line):
        return "There is a tab. Use spaces to move a line to the right."
    if "mapping values are not allowed" in said:
        return "A colon stands where none can be. Put the text in quotes, or check how far the line is moved in."
    if "could not find expected ':'" in said:
        return "A colon is missing after the name of a field, or the line is not moved in as far as its neighbours."
    if "end of stream" in said:
        return "The file ends in the middle of something, perhaps a quote or bracket that is not closed."
    return (
        f"This is not YAML: {said}. Look here and above for a quote or bracket that is not closed, "
        "and at how far the lines are moved in."
    )
