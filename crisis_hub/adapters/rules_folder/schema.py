"""Checks a file against the JSON Schema of its kind, and says what is wrong in plain sentences.

The schemas lie in this package, so that a folder without them, or with changed ones, is checked all the same; the
copies in `rules/schemas/` are for editors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath

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


def check_shape(page: Page, kind: str) -> bool:
    """Note everything in which the file differs from its kind's schema; say whether it fits."""
    errors = sorted(_validator(kind).iter_errors(page.data), key=lambda e: [str(step) for step in e.absolute_path])
    for error in errors:
        for name, message in _sentences(error):
            path = tuple(error.absolute_path)
            page.wrong((*path, name) if name else path, message)
    return not errors


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8")))


def _sentences(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Give the field inside the place of the error (or none) and the sentence."""
    limit, found = error.validator_value, error.instance
    about = _about(error.schema)
    match error.validator:
        case "required":
            missing = [name for name in limit if name not in found]
            # jsonschema reports each missing field by itself; the message names it in quotes
            name = next((name for name in missing if f"'{name}'" in error.message), missing[0])
            yield "", f"“{name}” is missing. Add it.{_about_field(error.schema, name)}"
        case "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for name in found:
                if name not in known:
                    yield (
                        name,
                        f"There is no field called “{name}” here; there are {listed(known)}.{did_you_mean(name, known)}",
                    )
        case "type":
            wanted = limit if isinstance(limit, list) else [limit]
            yield "", f"Here stands {_shown(found)}, but it must be {' or '.join(_TYPES[w] for w in wanted)}.{about}"
        case "enum" | "const":
            allowed = [str(word) for word in (limit if isinstance(limit, list) else [limit])]
            yield (
                "",
                f"{_shown(found)} cannot stand here; it can be {listed(allowed)}.{did_you_mean(str(found), allowed)}",
            )
        case "minItems" | "minProperties" | "minLength":
            yield "", f"This is empty. Write something, or remove the field.{about}"
        case "maxProperties":
            yield "", f"Only one of {listed(error.schema.get('properties', found))} can stand here at a time."
        case "uniqueItems":
            yield "", "Something stands here twice. Keep one of them."
        case "minimum" | "maximum":
            yield (
                "",
                f"{found} is too {'small' if error.validator == 'minimum' else 'large'}; the limit is {limit}.{about}",
            )
        case "propertyNames":
            yield str(found), f"“{found}” cannot be a name here.{about}"
        case _:
            yield "", f"{_shown(found)} does not fit here.{about}"


def _about(schema: object) -> str:
    said = schema.get("description", "") if isinstance(schema, Mapping) else ""
    return f" {said}" if said else ""


def _about_field(schema: Mapping[str, object], name: str) -> str:
    fields = schema.get("properties", {})
    return _about(fields.get(name)) if isinstance(fields, Mapping) else ""


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
