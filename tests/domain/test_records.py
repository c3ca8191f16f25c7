"""Changing some fields of a record."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from crisis_hub.domain.case import evolve
from crisis_hub.domain.records import replace
from tests.domain.full_night import a_full_night


def test_it_gives_what_the_standard_library_gives() -> None:
    case = None
    for fact, at in a_full_night().history:
        case = evolve(case, fact, at)
        records: list[Any] = [fact, case, case.conversation]
        for record in records:
            for field in dataclasses.fields(record):
                changed = replace(record, **{field.name: "changed"})
                assert changed == dataclasses.replace(record, **{field.name: "changed"})
                assert changed is not record


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        replace(a_full_night().case, name="nobody")  # type: ignore[call-arg]
