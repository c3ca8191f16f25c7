"""What a compiled CEL line looks at and compares, read from the checked tree that the library can serialise.

The tree is a published format (`cel.expr.CheckedExpr`, protocol buffers); of it we need names, constants and three
operators, so these few lines read the wire format themselves instead of bringing a library for it.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ANY_VALUE, _CHECKED_EXPR = 2, 4
_CONST, _IDENT, _SELECT, _CALL, _LIST, _STRUCT, _COMPREHENSION = 3, 4, 5, 6, 7, 8, 9
_BOOL, _WHOLE, _POINT, _STRING = 2, 3, 5, 6
_COMPARISONS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"})
_INNER = {_SELECT: (1,), _CALL: (1, 3), _LIST: (1,), _COMPREHENSION: (2, 4, 5, 6, 7)}
"""Which fields of each kind of node hold further nodes."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact that is compared with a fixed text, or a fixed text that is looked for in a list fact."""

    name: str
    literal: str
    inside: bool = False


Constant = str | float | bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The names a line looks at, and the texts that it compares them with.

    `looks` holds, for each name that the line does nothing with but compare it with constants (or look for constants
    in it), those constants: whoever tries a value at, between and beyond them has tried everything the line can tell.
    """

    names: frozenset[str]
    compared: tuple[Compared, ...]
    looks: Mapping[str, frozenset[Constant]] = field(default_factory=dict)


def read_tree(serialized: bytes) -> Tree:
    """Read the names and comparisons of a compiled line."""
    checked = _last(serialized, _ANY_VALUE)
    expression = _last(checked, _CHECKED_EXPR)
    nodes = list(_walk(expression))
    names = frozenset(name for node in nodes if (name := _ident(node)))
    return Tree(names, tuple(found for node in nodes for found in _comparisons(node)), _looks(nodes))


def _looks(nodes: list[bytes]) -> dict[str, frozenset[Constant]]:
    stands = Counter(name for node in nodes if (name := _ident(node)))
    looked: Counter[str] = Counter()
    found: dict[str, set[Constant]] = {}
    for node in nodes:
        for name, constants in _looked(node):
            looked[name] += 1
            found.setdefault(name, set()).update(constants)
    return {name: frozenset(found[name]) for name, times in looked.items() if times == stands[name]}


def _looked(node: bytes) -> Iterator[tuple[str, list[Constant]]]:
    """Return the name that a node compares with constants alone, and those constants."""
    call = _last(node, _CALL)
    function = _text(call, 2)
    args = [value for number, value in _fields(call) if number == 3 and isinstance(value, bytes)]
    if len(args) != 2 or (function not in _COMPARISONS and function != "@in"):
        return
    for one, other in (args, args[::-1]):
        name, held = _ident(one), _value(other)
        if name and held is not None:
            yield name, [held]
        elif name and one is args[0] and function == "@in":
            listed = [value for number, value in _fields(_last(other, _LIST)) if number == 1]
            constants = [_value(element) for element in listed if isinstance(element, bytes)]
            if listed and None not in constants:
                yield name, [constant for constant in constants if constant is not None]


def _walk(node: bytes) -> Iterator[bytes]:
    yield node
    for kind, value in _fields(node):
        if isinstance(value, bytes):
            for number, inner in _fields(value) if kind in _INNER else ():
                if number in _INNER[kind] and isinstance(inner, bytes):
                    yield from _walk(inner)


def _comparisons(node: bytes) -> Iterator[Compared]:
    call = _last(node, _CALL)
    function = _text(call, 2)
    args = [value for number, value in _fields(call) if number == 3 and isinstance(value, bytes)]
    if len(args) != 2:
        return
    if function in ("_==_", "_!=_"):
        for one, other in (args, args[::-1]):
            if (name := _ident(one)) and (literal := _constant(other)) is not None:
                yield Compared(name, literal)
    elif function == "@in":
        yield from _comparisons_in(*args)


def _comparisons_in(what: bytes, where: bytes) -> Iterator[Compared]:
    if name := _ident(what):
        elements = (value for number, value in _fields(_last(where, _LIST)) if number == 1)
        for element in elements:
            if isinstance(element, bytes) and (literal := _constant(element)) is not None:
                yield Compared(name, literal)
    elif (name := _ident(where)) and (literal := _constant(what)) is not None:
        yield Compared(name, literal, inside=True)


def _ident(node: bytes) -> str:
    return _text(_last(node, _IDENT), 1)


def _constant(node: bytes) -> str | None:
    constant = _last(node, _CONST)
    values = [value for number, value in _fields(constant) if number == _STRING]
    return values[-1].decode() if values and isinstance(values[-1], bytes) else None


def _value(node: bytes) -> Constant | None:
    """Return a constant of any kind that can be compared."""
    for number, value in _fields(_last(node, _CONST)):
        if number == _STRING and isinstance(value, bytes):
            return value.decode()
        if number == _POINT and isinstance(value, bytes):
            return float(struct.unpack("<d", value)[0])
        if number == _WHOLE and isinstance(value, int):
            return float(value - (1 << 64) if value >> 63 else value)
        if number == _BOOL:
            return bool(value)
    return None


def _text(message: bytes, number: int) -> str:
    return _last(message, number).decode()


def _last(message: bytes, number: int) -> bytes:
    found = [value for at, value in _fields(message) if at == number and isinstance(value, bytes)]
    return found[-1] if found else b""


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire = tag & 7
        if wire == 0:
            number, at = _varint(message, at)
            yield tag >> 3, number
        elif wire == 2:
            size, at = _varint(message, at)
            yield tag >> 3, message[at : at + size]
            at += size
        else:
            size = 8 if wire == 1 else 4
            yield tag >> 3, message[at : at + size]
            at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
