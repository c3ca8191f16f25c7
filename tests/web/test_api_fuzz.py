"""Every call of the API, with whatever its own description allows and much that it does not: never a 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok

from crisis_hub.domain.case import Case
from crisis_hub.web.openapi import document
from tests.web.kit import paged
from tests.web.nights import LongNight, long_night

SCHEMA = schemathesis.openapi.from_dict(document())
FOUND = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
OPERATIONS = {
    one.label: one for one in FOUND if one.path.startswith("/api") and one.path not in ("/api/live", "/api/logout")
}
SHARED = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def long() -> Iterator[LongNight]:
    with long_night() as opened:
        opened.run(opened.tonight.sign_in("sam"))  # before the guesses of `login` close the door
        yield opened


@pytest.fixture(scope="module")
def case(long: LongNight) -> Case:
    return long.run(paged(long.tonight))


def ask(long: LongNight, case: Case, made: Any, own: bool) -> httpx.Response:  # noqa: ANN401 - schemathesis' own
    """Send a made-up call, by a supervisor; half of them about a case and a page that are there."""
    values = {name: str(value) for name, value in (made.path_parameters or {}).items()}
    if own:
        values["id"] = case.escalations[0].pages[0].id if "/pages/" in made.path else case.id
    path = made.path.format(**{name: quote(value, safe="") for name, value in values.items()})
    headers = {name: _header(value) for name, value in dict(made.headers or {}).items()}
    headers |= {name: value.encode() for name, value in long.run(long.tonight.sign_in("sam")).items()}
    body = _body(made.body)
    headers["Content-Type"] = b"application/json"
    return long.run(long.tonight.browser.request(made.method, path, params=made.query, headers=headers, content=body))


def _body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if body is NOT_SET else json.dumps(body).encode()


def _header(value: object) -> bytes:
    return str(value).encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_no_call_ever_breaks_the_house(long: LongNight, case: Case, label: str) -> None:
    @SHARED
    @given(data=st.data(), own=st.booleans(), kind=st.sampled_from(list(schemathesis.GenerationMode)))
    def every_example(data: st.DataObject, own: bool, kind: schemathesis.GenerationMode) -> None:
        try:
            made = data.draw(OPERATIONS[label].as_strategy(generation_mode=kind))
        except schemathesis.errors.SchemathesisError:
            return  # nothing that is wrong can be made for this call
        answer = ask(long, case, made, own)
        assert answer.status_code < 500, (label, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    every_example()
