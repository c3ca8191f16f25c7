"""One line of CEL as a condition of the heart: checked when the file is loaded, judged in three values, never raising.

Refused at load: what cannot be read, names that no fact has, types that do not fit, lines that do not say yes or no,
texts that a fact can never be. At a case, a fact that is missing makes it unknown; everything else that goes wrong
makes it broken, which calls a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from crisis_hub.adapters.rules_folder.cel_tree import Compared, Constant, Tree, read_tree
from crisis_hub.adapters.rules_folder.problems import did_you_mean, listed
from crisis_hub.domain.truth import Judged, Truth, Value

MOST_CHARACTERS = 500
"""A line that a person can read aloud is far shorter; the library itself would take any length."""

_MOST_REMEMBERED = 256
_MOST_VOCABULARIES, _MOST_LINES = 256, 4096

_MISSING = re.compile(r'No value with name "([^"]+)" found')
_COLUMN = re.compile(r"<input>:(\d+):(\d+)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"no matching overload for '([^']*)' applied to '\(([^)]*)\)'")
_QUOTED = r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'"


class Kind(Enum):
    """What values a fact can have."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    YES_OR_NO = "true or false"
    LIST = "list of texts"


_CEL: dict[Kind, Any] = {
    Kind.TEXT: cel.Type.STRING,
    Kind.NUMBER: cel.Type.DOUBLE,
    Kind.WHOLE: cel.Type.INT,
    Kind.YES_OR_NO: cel.Type.BOOL,
    Kind.LIST: cel.Type.List(cel.Type.STRING),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact that conditions may look at; `allowed` are the only texts that it can be (none: any)."""

    kind: Kind
    allowed: frozenset[str] = frozenset()


class ConditionRefused(Exception):
    """The line cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class CelCondition:
    """A compiled line of CEL; implements `domain.truth.Condition`.

    `looks` says, for the proof over all answers, with which constants each name is compared; see `cel_tree.Tree`.
    """

    text: str
    names: frozenset[str]
    _program: Any = field(repr=False, compare=False)
    _order: tuple[str, ...] = field(repr=False, compare=False)
    looks: Mapping[str, frozenset[Constant]] = field(default_factory=dict, repr=False, compare=False)
    _memory: dict[Hashable, Judged] = field(default_factory=dict, repr=False, compare=False)

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        """Judge the facts; a missing one makes it unknown, any other trouble broken."""
        saw = tuple([(name, self._part(name, facts[name])) for name in self._order if name in facts])
        # A line says the same of the same values for ever, and answers are few words; types stand in the key since
        # 1, 1.0 and true are equal for Python and not for a rule.
        key = (saw, *[type(value) for _, value in saw])
        try:
            known = self._memory.get(key)
        except TypeError:  # a list, which cannot be a key
            return self._judge(saw)
        if known is None:
            if len(self._memory) >= _MOST_REMEMBERED:
                self._memory.clear()
            known = self._memory[key] = self._judge(saw)
        return known

    def _part(self, name: str, value: Value) -> Value:
        """Return of a list only what the line looks for in it: the rest can change, and nothing is judged anew."""
        if isinstance(value, str) or not isinstance(value, Sequence) or name not in self.looks:
            return value
        return tuple(sorted([str(word) for word in self.looks[name] if word in value]))

    def _judge(self, saw: tuple[tuple[str, Value], ...]) -> Judged:
        seen = {name: [*value] if isinstance(value, tuple) else value for name, value in saw}
        try:
            result = self._program.eval(data=seen).value()
        except Exception as problem:  # noqa: BLE001 - the library raises at its limits; a rule must never stop others
            return Judged(Truth.BROKEN, saw, str(problem))
        if isinstance(result, bool):
            return Judged(Truth.YES if result else Truth.NO, saw)
        missing = _MISSING.search(str(result))
        if missing and missing[1] in self.names and missing[1] not in seen:
            return Judged(Truth.UNKNOWN, saw)
        return Judged(Truth.BROKEN, saw, str(result))


@lru_cache(maxsize=_MOST_VOCABULARIES)
def _compiler(facts: frozenset[tuple[str, Kind]]) -> Callable[[str], tuple[Any, str, Tree]]:
    """Return what compiles a line against these facts, and remembers the lines that it compiled.

    A changed file is read while the hub stands still, and most of its lines, and all of the others', are the same.
    """
    environment = cel.NewEnv(variables={name: _CEL[kind] for name, kind in facts})

    @lru_cache(maxsize=_MOST_LINES)
    def compiled(text: str) -> tuple[Any, str, Tree]:
        program = environment.compile(text)
        return program, program.return_type().name(), read_tree(program.serialize())

    return compiled


class Vocabulary:
    """The facts that lines may look at; compiles lines against them."""

    def __init__(self, facts: Mapping[str, Declared]) -> None:
        self.facts = dict(facts)
        self._compiled = _compiler(frozenset((name, fact.kind) for name, fact in self.facts.items()))
        numbers = "|".join(re.escape(name) for name, fact in self.facts.items() if fact.kind is Kind.NUMBER)
        self._whole = re.compile(
            rf"{_QUOTED}|\b(?:{numbers})\s*(?:[<>]=?|[!=]=)\s*-?\d+\b(?![.\d])" if numbers else _QUOTED
        )

    def compile(self, text: str) -> CelCondition:
        """Return the line as a condition; raise `ConditionRefused`."""
        if len(text) > MOST_CHARACTERS:
            raise ConditionRefused(
                f"The line has {len(text)} characters, at most {MOST_CHARACTERS} are read. Split it into several."
            )
        try:
            program, returns, tree = self._compiled(self._with_points(text))
        except Exception as problem:  # noqa: BLE001 - the library has one class for everything that is wrong in a line
            raise ConditionRefused(self._explain(text, str(problem))) from None
        if returns != "BOOL":
            raise ConditionRefused('The line does not say yes or no. Compare something, such as asq.q1 == "yes".')
        for compared in tree.compared:
            self._check_text(compared)
        names = tree.names.intersection(self.facts)
        return CelCondition(text, names, program, tuple(sorted(names)), tree.looks)

    def _with_points(self, text: str) -> str:
        """Write `age < 18` as `age < 18.0`: the library compares numbers only with numbers that have a point."""
        return self._whole.sub(lambda m: m[0] if m[0][0] in "\"'" else f"{m[0]}.0", text)

    def _check_text(self, compared: Compared) -> None:
        """Refuse a comparison that can never hold, since it would be a rule that never fires."""
        fact = self.facts.get(compared.name)
        if fact is None:
            return
        if compared.inside:
            if compared.name in ("known", "asked") and compared.literal not in self.facts:
                raise ConditionRefused(self._not_a_fact(compared.literal))
            if fact.allowed and compared.literal not in fact.allowed:
                raise ConditionRefused(_never_holds(compared, fact.allowed))
        elif fact.allowed and compared.literal not in fact.allowed:
            raise ConditionRefused(_never(compared, fact.allowed))

    def _not_a_fact(self, name: str) -> str:
        hint = did_you_mean(name, self.facts)
        if not hint:
            prefix = name.split(".", maxsplit=1)[0] + "."
            near = [fact for fact in self.facts if fact.startswith(prefix)]
            hint = f" There are {listed(near)}." if near else f" There are {listed(_tops(self.facts))}."
        return f"There is no fact called “{name}”.{hint}"

    def _explain(self, text: str, said: str) -> str:
        if undeclared := _UNDECLARED.search(said):
            return self._explain_name(text, undeclared[1])
        if overload := _OVERLOAD.search(said):
            return _explain_types(overload[1], overload[2])
        column = int(found[2]) if (found := _COLUMN.search(said)) else 1
        return _explain_syntax(text, column, said)

    def _explain_name(self, text: str, name: str) -> str:
        if re.search(rf"\b{re.escape(name)}\s*\(", text):
            return f"There is no function called “{name}”. Compare facts with ==, !=, <, >, in."
        if "." not in name and any(name in fact.allowed for fact in self.facts.values()):
            return f'“{name}” is an answer, so it must stand in quotes: "{name}".'
        return self._not_a_fact(name)


def _tops(names: Mapping[str, Declared]) -> list[str]:
    return sorted({name.split(".", maxsplit=1)[0] for name in names})


def _never(compared: Compared, allowed: frozenset[str]) -> str:
    if compared.literal == "unknown":
        return (
            f"“{compared.name}” is never “unknown” to a condition: what nobody knows counts as not answered. "
            f'To ask for that, write !("{compared.name}" in known).'
        )
    hint = did_you_mean(compared.literal, allowed)
    return f"“{compared.name}” can never be “{compared.literal}”; it can be {listed(sorted(allowed))}.{hint}"


def _never_holds(compared: Compared, allowed: frozenset[str]) -> str:
    hint = did_you_mean(compared.literal, allowed)
    return f"“{compared.name}” can never hold “{compared.literal}”; it can hold {listed(sorted(allowed))}.{hint}"


def _explain_types(operator: str, types: str) -> str:
    words = {"string": "a text", "double": "a number", "int": "a whole number", "bool": "true or false"}
    shown = " and ".join(words.get(t.strip(), t.strip()) for t in types.split(","))
    sign = operator.strip("_@").replace("_", " ")
    if "double" in types and "int" in types:
        return f"“{sign}” stands between {shown}. Write the number with a point, such as 18.0."
    if "string" in types:
        return f'“{sign}” cannot stand between {shown}. An answer is a text and stands in quotes, such as "yes".'
    return f"“{sign}” cannot stand between {shown}."


def _explain_syntax(text: str, column: int, said: str) -> str:
    bare = re.sub(_QUOTED, "", text)
    if not text.strip():
        return 'The line is empty. Write a condition, such as asq.q1 == "yes".'
    if re.search(r"(?<![=!<>])=(?!=)", bare):
        return "Write == (two signs) to ask whether something is equal."
    if word := re.search(r"\b(and|or|not)\b", bare, re.IGNORECASE):
        sign = {"and": "&&", "or": "||", "not": "!"}[word[1].lower()]
        return f"Write {sign} instead of “{word[1]}”, or put the parts on lines of their own under all or any."
    if "token recognition" in said and text.count('"') % 2:
        return 'A quote is not closed. Put " before and after the answer.'
    return f"The line cannot be read from character {column} on: “{text[max(0, column - 1) :][:30] or text[-30:]}”."
