"""The samples that the browser's reducer is fed, here against the shapes that we really send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crisis_hub.web import schemas as s
from tests.web.reducer import Again, reduce
from tests.web.sockets import LIVE

FOLDER = Path(__file__).parent.parent / "samples" / "live"
KINDS = {"snapshot", "change", "service", "heartbeat"}
Sample = dict[str, Any]


def samples() -> list[Sample]:
    return [one for file in sorted(FOLDER.glob("*.json")) for one in json.loads(file.read_text("utf-8"))]


def board(told: Any) -> s.BoardOut | None:  # noqa: ANN401 - JSON
    return None if told is None else s.BoardOut.model_validate(told, extra="forbid")


def test_there_are_samples_of_every_kind() -> None:
    assert {one["message"]["kind"] for one in samples()} >= KINDS


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one["what"])
def test_a_sample_has_our_shapes_and_leads_to_its_picture(sample: Sample) -> None:
    before = board(sample["before"])
    if sample["message"]["kind"] not in KINDS:
        assert sample["after"] == "again"
        return
    message = LIVE.validate_python(sample["message"], extra="forbid")

    after = reduce(before, message)

    if sample["after"] == "again":
        assert isinstance(after, Again)
    else:
        assert after == board(sample["after"])
