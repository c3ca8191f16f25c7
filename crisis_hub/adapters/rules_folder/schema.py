"""Checks a file against the JSON Schema of its kind, and says what is wrong in plain sentences.

The schemas lie in this package, so that a folder without them, or with changed ones, is checked all the same; the
copies in `rules/schemas/` are for editors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from crisis_hub.adapters.rules_folder.problems import Page, did_you_mean, listed

SCHEMAS = FilePath(__file__).with_name("schemas")

_TYPES = {
    "string": "a text",
    "array": "a list (lines that begin with “- ”)",
    "object": "fields with names (lines such as “name: value”)",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}


def check_shape(page: Page, kind: str) -> None:
    """Note everything in which the file differs from its kind's schema."""
    errors = sorted(_validator(kind).iter_errors(page.data), key=lambda e: [str(step) for step in e.absolute_path])
    for error in errors:
        for name, message in _sentences(error):
            path = tuple(error.absolute_path)
            page.wrong((*path, name) if name else path, message)


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8")))


def _sentences(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Give the field inside the place of the error (or none) and the sentence."""
    schema: Any = error.schema
    match error.validator:
        case "required":
            yield "", _missing(error)
        case "additionalProperties":
            yield from _strange(error.instance, list(_fields(schema)))
        case "propertyNames":
            yield str(error.instance), f"“{error.instance}” cannot be a name here.{_about(schema)}"
        case _:
            yield "", _sentence(error, str(error.validator))


def _sentence(error: ValidationError, broken: str) -> str:
    limit: Any = error.validator_value
    found, schema = error.instance, error.schema
    about = _about(schema)
    match broken:
        case "type":
            wanted = limit if isinstance(limit, list) else [limit]
            kinds = " or ".join(_TYPES[kind] for kind in wanted)
            return f"Here stands {_shown(found)}, but it must be {kinds}.{about}"
        case "enum":
            allowed = [str(word) for word in limit]
            hint = did_you_mean(str(found), allowed)
            return f"{_shown(found)} cannot stand here; it can be {listed(allowed)}.{hint}"
        case "minItems" | "minProperties" | "minLength":
            return f"This is empty. Write something, or remove the field.{about}"
        case "maxProperties":
            return f"Only one of {listed(_fields(schema))} can stand here at a time."
        case "uniqueItems":
            return "Something stands here twice. Keep one of them."
        case "minimum" | "maximum":
            size = "small" if broken == "minimum" else "large"
            return f"{found} is too {size}; the limit is {limit}.{about}"
        case _:
            return f"{_shown(found)} does not fit here.{about}"


def _missing(error: ValidationError) -> str:
    """Name the missing field; jsonschema reports each by itself and names it in quotes."""
    schema: Any = error.schema
    name = next(name for name in schema["required"] if error.message.startswith(f"'{name}'"))
    return f"“{name}” is missing. Add it.{_about(_fields(schema).get(name))}"


def _strange(found: object, known: list[str]) -> Iterator[tuple[str, str]]:
    for name in found if isinstance(found, dict) else ():
        if name not in known:
            hint = did_you_mean(name, known)
            yield name, f"There is no field called “{name}” here; there are {listed(known)}.{hint}"


def _fields(schema: object) -> Mapping[str, object]:
    fields = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    return fields if isinstance(fields, Mapping) else {}


def _about(schema: object) -> str:
    said = schema.get("description", "") if isinstance(schema, Mapping) else ""
    return f" {said}" if said else ""


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a set of fields"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return f"“{str(value)[:60]}”"
