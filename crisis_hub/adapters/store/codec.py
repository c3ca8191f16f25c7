"""Facts as bytes and back: a type name, what anybody may see, and what is to be sealed.

How a class of facts is written is worked out once, from its type hints. Reading is lenient where history asks
for it: fields of newer versions are passed over, fields that older versions did not have take their defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from crisis_hub.application.ports import StoreError
from crisis_hub.domain.events import SEALED, Fact

_NATIVE = (str, int, float, bool)
_NEUTRAL: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False, tuple: ()}

_Text = TypeVar("_Text")

Value: TypeAlias = Any
"""What a field holds: of whatever type its class says."""

Turn = Callable[[Any], Any] | None
"""How one value is turned into what JSON holds, or back; None when it may stay as it is."""


class UnreadableFact(StoreError):
    """A recorded fact cannot be understood by this version; its message names the type and the field."""


class Encoded(NamedTuple):
    """A fact as it is stored; `private` is still in the clear, None when the type has no private field."""

    type: str
    payload: bytes
    private: bytes | None
    fact: Fact


def encode(fact: Fact) -> Encoded:
    """Write a fact as bytes; text that no database can hold is made harmless first, never refused."""
    form = _form(cast(Hashable, type(fact)))
    try:
        return form.encode(fact)
    except TypeError:  # a lone surrogate, which UTF-8 cannot hold
        return form.encode(washed(fact))


def decode(type_name: str, payload: bytes | str, private: bytes | None = None) -> Fact:
    """Read a fact; without `private` its private fields say `SEALED`. Raises `UnreadableFact`."""
    kind = fact_types().get(type_name)
    if kind is None:
        raise UnreadableFact(
            f"a fact of the type {type_name} is not known to this version: a newer one recorded it; run that"
        )
    return cast(Fact, _form(kind).decode(payload, private))


@cache
def fact_types() -> dict[str, type]:
    """Return every class of facts under the name it is stored with."""
    return {kind.__name__: kind for kind in get_args(Fact)}


def storable(text: str) -> str:
    """Return text that every database can hold: lone surrogates and NUL become the replacement character."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def washed(value: _Text) -> _Text:
    """Return the same value, a text or a record or a tuple of them, with all its text storable."""
    return cast(_Text, _washed(value))


@lru_cache(maxsize=256)  # one instant stands in many places of an entry
def stamp(at: datetime) -> str:
    """Write an instant as text that sorts in order of time: UTC, to the microsecond."""
    if at.tzinfo is None:
        raise ValueError("an instant must have a zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """Read an instant that `stamp` wrote."""
    return datetime.fromisoformat(text)


# ------------------------------------------------------------------------------------ how a class is written


@dataclass(frozen=True, slots=True)
class _Slot:
    """One field: how it is written and read, and what it is when it is missing or sealed."""

    name: str
    private: bool
    write: Turn
    read: Turn
    missing: Any
    sealed: Any


class _Form:
    """How one class of facts is written and read."""

    def __init__(self, kind: type) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.slots = tuple(_slot(kind, part, hints[part.name]) for part in fields(kind))
        self._public = _writer([slot for slot in self.slots if not slot.private])
        self._private = _writer([slot for slot in self.slots if slot.private])
        self._seals = any(slot.private for slot in self.slots)
        self._native = not self._seals and all(slot.write is None for slot in self.slots)
        self._turns = [(slot.name, slot.read) for slot in self.slots]
        self._sealed = {slot.name: slot.sealed for slot in self.slots if slot.private}

    def encode(self, fact: Fact) -> Encoded:
        if self._native:
            return Encoded(self.kind.__name__, orjson.dumps(fact), None, fact)
        private = orjson.dumps(self._private(fact)) if self._seals else None
        return Encoded(self.kind.__name__, orjson.dumps(self._public(fact)), private, fact)

    def decode(self, payload: bytes | str, private: bytes | None) -> Value:
        known = orjson.loads(payload)
        opened = orjson.loads(private) if private is not None else None
        try:  # as it is nearly always: everything is there
            found = {**known, **(self._sealed if opened is None else opened)}
            return self.kind(*[found[n] if read is None else read(found[n]) for n, read in self._turns])
        except (KeyError, TypeError, ValueError, AttributeError):
            return self._decode_leniently(known, opened)

    def _decode_leniently(self, known: dict[str, Any], opened: dict[str, Any] | None) -> Value:
        """Read a fact of another version, or say what of it cannot be read."""
        return self.kind(*[_read(self.kind, slot, opened if slot.private else known) for slot in self.slots])


@cache
def _form(kind: Hashable) -> _Form:
    return _Form(cast(type, kind))


def _writer(slots: list[_Slot]) -> Callable[[Any], dict[str, Any]]:
    """Return what takes these fields out of a fact; quick in the usual case, with nothing to turn."""
    names = tuple(slot.name for slot in slots)
    turns = [(slot.name, slot.write) for slot in slots if slot.write is not None]
    if len(names) < 2:
        return lambda fact: {slot.name: _turned(slot.write, getattr(fact, slot.name)) for slot in slots}
    get = attrgetter(*names)

    def write(fact: Value) -> dict[str, Any]:
        found = dict(zip(names, get(fact), strict=True))
        for name, turn in turns:
            found[name] = turn(found[name])
        return found

    return write


def _read(kind: type, slot: _Slot, known: dict[str, Any] | None) -> Value:
    if known is None:
        return slot.sealed
    value = known.get(slot.name, MISSING)
    if value is MISSING:
        if slot.missing is MISSING:
            raise UnreadableFact(f"a recorded {kind.__name__} has no {slot.name}, and there is no default for it")
        return slot.missing
    if slot.read is None:
        return value
    try:
        return slot.read(value)
    except UnreadableFact:
        raise
    except (KeyError, TypeError, ValueError, AttributeError):  # says nothing of the value: it may be private
        raise UnreadableFact(f"{slot.name} of a recorded {kind.__name__} has a value that is not known here") from None


def _slot(kind: type, part: Field[Any], hint: Value) -> _Slot:
    private = bool(part.metadata.get("private"))
    write, read = _turns(f"{kind.__name__}.{part.name}", hint)
    return _Slot(part.name, private, write, read, _missing(part, hint, private), _sealed(hint) if private else None)


def _missing(part: Field[Any], hint: Value, private: bool) -> Value:
    if part.default is not MISSING:
        return part.default
    if part.default_factory is not MISSING:
        return part.default_factory()
    return _NEUTRAL.get(_plain_type(hint)) if private else MISSING


def _sealed(hint: Value) -> Value:
    plain = _plain_type(hint)
    return SEALED if plain is str else _NEUTRAL.get(plain)


def _plain_type(hint: Value) -> Value:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    origin: object = get_origin(hint)
    return hint if origin is None else origin


# ------------------------------------------------------------------------------------ how a type is written


def _turns(where: str, hint: Value) -> tuple[Turn, Turn]:
    """Return how a value of this type is written and read."""
    plain = _plain_type(hint)
    if plain in _NATIVE:
        return None, None
    if plain is datetime:
        return stamp, instant
    if plain in {Union, UnionType}:
        return _optional_turns(where, get_args(hint))
    if plain is tuple:
        return _tuple_turns(where, get_args(hint))
    if isinstance(plain, type) and issubclass(plain, Enum):
        return None, {member.value: member for member in plain}.__getitem__
    if is_dataclass(plain):
        return _record_turns(where, cast(type, plain))
    raise TypeError(f"{where}: facts hold no {hint}; use text, numbers, enums, instants, tuples or records of these")


def _optional_turns(where: str, options: tuple[Any, ...]) -> tuple[Turn, Turn]:
    inner = [option for option in options if option is not NoneType]
    if len(inner) != 1 or len(options) != 2:
        raise TypeError(f"{where}: of several types only one or None can be told apart when read back")
    write, read = _turns(where, inner[0])
    return _unless_none(write), _unless_none(read)


def _unless_none(turn: Turn) -> Turn:
    return None if turn is None else lambda value: None if value is None else turn(value)


def _tuple_turns(where: str, items: tuple[Any, ...]) -> tuple[Turn, Turn]:
    if len(items) != 2 or items[1] is not Ellipsis:
        raise TypeError(f"{where}: only tuples of any length and one type can be kept")
    write, read = _turns(where, items[0])
    turned = None if write is None else lambda values: [write(value) for value in values]
    return turned, tuple if read is None else lambda values: tuple([read(value) for value in values])


def _record_turns(where: str, kind: type) -> tuple[Turn, Turn]:
    """Return how a record inside a fact is written: whole, so it may hold no private field of its own."""
    slots = _Form(kind).slots
    if any(slot.private for slot in slots):
        raise TypeError(
            f"{where}: a private field inside {kind.__name__} would not be sealed; make the outer one private"
        )

    def write(value: Value) -> dict[str, Any]:
        return {slot.name: _turned(slot.write, getattr(value, slot.name)) for slot in slots}

    def read(known: dict[str, Any]) -> Value:
        return kind(*[_read(kind, slot, known) for slot in slots])

    native = all(slot.write is None for slot in slots)
    return (None if native else write), read


def _turned(turn: Turn, value: Value) -> Value:
    return value if turn is None else turn(value)


def _washed(value: Value) -> Value:
    if type(value) is str:  # and not an enum, whose values are our own
        return storable(value)
    if isinstance(value, tuple):
        return tuple([_washed(item) for item in value])
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _washed(getattr(value, part.name)) for part in fields(value)})
    return value
