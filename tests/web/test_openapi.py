"""The API's own description: whole, true, and the one from which the frontend's types are made."""

from __future__ import annotations

import json
import re

from fastapi.routing import APIRoute

from crisis_hub.web import cases, people
from crisis_hub.web.openapi import Document, document
from ops import openapi as exporter
from tests.web.kit import house

PROMISED = {
    "GET /api/board", "GET /api/live", "GET /api/cases", "GET /api/cases/{id}", "GET /api/cases/{id}/facts",
    "GET /api/cases/{id}/script", "POST /api/cases/{id}/claim", "POST /api/cases/{id}/release",
    "POST /api/cases/{id}/answers", "POST /api/cases/{id}/messages", "POST /api/cases/{id}/notes",
    "POST /api/cases/{id}/risk", "POST /api/cases/{id}/assist", "POST /api/cases/{id}/escalate",
    "POST /api/cases/{id}/stand-down", "POST /api/cases/{id}/close", "GET /api/on-call", "POST /api/pages/{id}/take",
    "POST /api/pages/{id}/pass", "POST /api/login", "GET /health", "GET /ready", "GET /metrics",
}  # fmt: skip


def operations(described: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


async def test_it_names_everything_that_was_promised_and_everything_there_is() -> None:
    async with house() as tonight:
        described = (await tonight.browser.get("/openapi.json")).json()
        found = operations(described)
        assert set(found) >= PROMISED
        for router in (people.router, cases.router):
            for route in router.routes:
                assert isinstance(route, APIRoute)
                assert {f"{method} {route.path}" for method in route.methods or ()} <= set(found)


async def test_the_exported_document_is_the_served_one() -> None:
    async with house() as tonight:
        assert (await tonight.browser.get("/openapi.json")).json() == json.loads(json.dumps(document()))


def test_the_frontends_copy_is_current() -> None:
    assert exporter.main(["--check"]) == 0, "run .venv/bin/python ops/openapi.py"


def test_every_call_says_how_it_can_be_refused() -> None:
    for name, operation in operations(document()).items():
        if not name.partition(" ")[2].startswith("/api") or name == "GET /api/live":
            continue
        codes = set(operation["responses"])
        assert codes >= {"401", "403", "422", "503"}, name
        if "{id}" in name:
            assert "404" in codes, name
        if name.startswith("POST /api/cases/"):
            assert "409" in codes, name
            assert any(one["name"] == "Idempotency-Key" for one in operation["parameters"]), name
        if name.endswith("/login"):
            assert "429" in codes
        for code in codes - {"200", "204"}:
            assert set(operation["responses"][code]["content"]) == {"application/problem+json"}, (name, code)


def test_every_reference_leads_somewhere() -> None:
    described = document()
    shapes = described["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(described)))
    assert named <= set(shapes)


def test_the_live_socket_and_the_webhooks_are_told_in_words() -> None:
    told = document()["info"]["description"]
    for word in (
        "/api/live",
        "snapshot",
        "change",
        "heartbeat",
        "4401",
        "4408",
        "X-Twilio-Signature",
        "Idempotency-Key",
    ):
        assert word in told


def test_names_of_operations_are_the_names_of_functions() -> None:
    names = [operation["operationId"] for operation in operations(document()).values()]
    assert len(names) == len(set(names))
    assert {"claim", "write_note", "take_page", "live"} <= set(names)
