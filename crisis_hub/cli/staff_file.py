"""A staff file: read, checked to the last field, and only then believed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from crisis_hub.adapters.addresses import mailbox, telephone_number
from crisis_hub.application.staff_list import Listed
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import Method, PersonId, Role

_ID = r"^[a-z0-9][a-z0-9_.-]{0,39}$"


class StaffFileError(Exception):
    """The file cannot be used; the message says where in it, what is wrong and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SignIn(_Strict):
    username: Annotated[str, Field(min_length=1, max_length=100)]
    password: str = ""


_Seconds = Annotated[int, Field(ge=0, le=3600)]


class _Delays(_Strict):
    """Seconds by how urgent a page is."""

    imminent: _Seconds = 0
    high: _Seconds | None = None
    other: _Seconds = 0


class _Reach(_Strict):
    method: Method
    address: str
    after_seconds: _Seconds | _Delays = 0
    for_: Annotated[list[Literal["imminent", "high", "other"]], Field(alias="for")] = []
    repeat: Annotated[int, Field(ge=1, le=5)] = 1

    @field_validator("address")
    @classmethod
    def _an_address(cls, value: str, so_far: ValidationInfo) -> str:
        method = so_far.data.get("method")
        if method is Method.PUSH:
            raise ValueError("push cannot stand in a file; whoever wants it allows it in their own browser")
        return mailbox(value) if method is Method.EMAIL else telephone_number(value)

    def as_reach(self) -> Reach:
        """Return the way as a fact holds it."""
        delays = self.after_seconds
        if isinstance(delays, int):
            return Reach(self.method, self.address, delays, self.repeat, None, None, tuple(self.for_))
        only = tuple(self.for_)
        return Reach(self.method, self.address, delays.other, self.repeat, delays.imminent, delays.high, only)


class _Person(_Strict):
    id: Annotated[str, Field(pattern=_ID)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    roles: Annotated[list[Role], Field(min_length=1)]
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]] = ["en"]
    sign_in: _SignIn | None = None
    reach: list[_Reach] = []


class _File(_Strict):
    people: list[_Person]


def read_staff(path: Path) -> list[Listed]:
    """Read a staff file whole, or raise `StaffFileError` with line, field and what to do."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except OSError as problem:
        raise StaffFileError(f"{path}: cannot be read ({problem.strerror}).") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else f"{path}"
        what = getattr(problem, "problem", None) or "this is not UTF-8 text"
        raise StaffFileError(f"{where}: this is not YAML: {what}.") from problem
    try:
        people = _File.model_validate(data).people
    except ValidationError as problem:
        raise StaffFileError(
            "\n".join(_sentence(path, node, error["loc"], error["msg"]) for error in problem.errors())
        ) from None
    _refuse_doubles(path, people)
    return [_listed(person) for person in people]


def _listed(person: _Person) -> Listed:
    sign_in = person.sign_in or _SignIn(username=person.id)
    return Listed(
        PersonId(person.id),
        person.name,
        tuple(person.roles),
        tuple(person.languages),
        sign_in.username if person.sign_in else "",
        sign_in.password,
        tuple(reach.as_reach() for reach in person.reach),
    )


def _refuse_doubles(path: Path, people: list[_Person]) -> None:
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for person in people:
        if person.id in ids:
            raise StaffFileError(f"{path}: the id {person.id} stands there twice; each person needs one of their own.")
        ids.add(person.id)
        for reach in person.reach:
            other = owners.setdefault(reach.address, person.id)
            if other != person.id:
                # A reply from a number that two people share could be taken for the wrong one's.
                raise StaffFileError(
                    f"{path}: {reach.address} belongs to {other} and to {person.id}; a number is one person's."
                )


def _sentence(path: Path, node: yaml.Node | None, loc: tuple[int | str, ...], message: str) -> str:
    line = _line(node, loc)
    field = ".".join(str(part) for part in loc) or "the whole file"
    return f"{path}:{line}: {field}: {message.removeprefix('Value error, ')}."


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    line = 1
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        else:
            break
        if node is None:
            break
        line = node.start_mark.line + 1
    return line
