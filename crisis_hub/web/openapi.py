"""The API as a document for other programs: what FastAPI cannot see by itself is added here."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, TypeAdapter

import crisis_hub
from crisis_hub.web import cases, duties, papers, people, reach, reports, rotas, rulebook
from crisis_hub.web import schemas as s

Document = dict[str, Any]

TITLE = "crisis_hub"

ABOUT = """\
The open system for crisis lines, as other programs see it.

**Signing in.** `POST /api/login` gives a token; send it as `Authorization: Bearer TOKEN`. Browsers get a cookie with
it, and their changes must carry the session's CSRF word in `X-CSRF`. Roles: responder, clinician, supervisor,
clinical_lead, admin (no clinical data), auditor (histories without their words).

**Changes** answer with what became true (`facts`) and the case after it. With an `Idempotency-Key` a change may be sent
again until an answer comes: it is done once, and the answer is the same. Errors are problem documents (RFC 9457) with
one sentence in `detail`; `field` names the field that is wrong, `who` the person who was first.

**The live board.** Open a WebSocket at `/api/live`. The first message is a `snapshot`, or, with `?after=N`, the changes
after sequence N when they can still be continued; then every `change` without gaps, `service` when the figures or the
people on call are different, and a `heartbeat` at least every 10 seconds. A change without a case counts on; it is not
for this person's eyes. A gap in the numbers, or silence, means: not live; connect again. Close codes: 4401 the session
is over, 4408 come again without `after` (too slow, or other rights), 1013 nothing can be read now, try later.

**The carrier's webhooks** (`POST /twilio/voice`, `/twilio/voice/status`, `/twilio/text`, `/twilio/text/status`, and
`/twilio/page/…` for pages of ours) are form posts signed with `X-Twilio-Signature`; everything else gets 403. They
answer TwiML or 204 after the fact is durable, and 503 when nothing can be written.

**Pages for people**: `/` (console), `/p/{token}` (a clinician's page; looking changes nothing, POST takes it),
`/t/{token}` (a test page, likewise), `/calendar/{token}.ics` (a calendar to subscribe to; the link is its key).
"""


class WrongField(BaseModel):
    """One field that is wrong, and why."""

    field: str
    why: str


class Problem(BaseModel):
    """A problem document (RFC 9457): one sentence that says what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The field that is wrong (422).")
    who: str | None = Field(None, description="Who was first (409).")
    errors: list[WrongField] | None = Field(None, description="Every field that is wrong (422).")


class Alive(BaseModel):
    """The process answers."""

    alive: bool


class Readiness(BaseModel):
    """Whether we can record and page, a sentence for each thing that is wrong, and how text and call canaries are."""

    ready: bool
    troubles: list[str]
    canary: s.CanaryOut | None
    canary_call: s.CanaryOut | None


_WORDS = {
    "401": "Sign in first, or the name or password is wrong.",
    "403": "This person may not do this.",
    "404": "There is no such thing.",
    "409": "Somebody was first (`who`), or the case has moved on.",
    "413": "The body is too long.",
    "422": "A field is wrong: `field` says which, `detail` why.",
    "426": "This is a WebSocket.",
    "429": "Too many wrong passwords; `Retry-After` says how long to wait.",
    "503": "Nothing can be recorded just now; nothing was written.",
}


def document() -> Document:
    """Return the document without a house behind it."""
    app = FastAPI()
    app.router.routes.extend(
        (
            *people.router.routes,
            *cases.router.routes,
            *papers.router.routes,
            *duties.router.routes,
            *rulebook.router.routes,
            *rotas.router.routes,
            *reports.router.routes,
            *reach.router.routes,
        )
    )
    return _complete(app)


def describe(app: FastAPI) -> None:
    """Let the app answer `/openapi.json` with the whole document."""
    whole: Document = {}

    def openapi() -> Document:
        if not whole:
            whole.update(_complete(app))
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(app: FastAPI) -> Document:
    found = get_openapi(title=TITLE, version=crisis_hub.__version__, description=ABOUT, routes=app.routes)
    parts = found["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _refusals(path, method, operation)
    found["paths"] |= _more_paths()
    parts["schemas"] |= _more_shapes() | {"LiveMessage": _live_messages(parts["schemas"])}
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "browser": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "`session` without TLS.",
        },
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF"},
    }
    found["security"] = [{"token": []}, {"browser": [], "csrf": []}]
    found["paths"]["/api/login"]["post"]["security"] = []
    return found


def _refusals(path: str, method: str, operation: Document) -> None:
    """Say which problems an operation may answer with."""
    codes = ["401", "403", "422", "503"]
    codes += ["404"] if "{" in path or path.endswith("/on-call") else []
    codes += ["409", "413"] if method == "post" and "{" in path else []
    codes += ["413", "429"] if path.endswith("/login") else []
    for code in sorted(codes):
        operation["responses"][code] = _problem(code)


def _problem(code: str) -> Document:
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": _WORDS[code], "content": {"application/problem+json": {"schema": shape}}}


def _live_messages(known: Document) -> Document:
    """Return the shapes of the live messages, and add to the known ones what only they use."""
    shapes = TypeAdapter(s.LiveMessage).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    for name, shape in shapes.pop("$defs").items():
        known.setdefault(name, shape)
    return shapes | {"description": "Everything that comes over the live socket, told apart by `kind`."}


def _more_shapes() -> Document:
    shapes: Document = {}
    for model in (Problem, Alive, Readiness):
        shape = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        shapes |= shape.pop("$defs", {})
        shapes[model.__name__] = shape
    return shapes


def _more_paths() -> Document:
    after = {
        "name": "after",
        "in": "query",
        "description": "The last sequence that was received.",
        "schema": {"type": "integer", "minimum": 0},
    }
    live = {
        "tags": ["board"],
        "summary": "The live board, over a WebSocket",
        "operationId": "live",
        "parameters": [after],
        "responses": {
            "101": {
                "description": "The socket is open; each message is one of these.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LiveMessage"}}},
            },
            "426": _problem("426"),
        },
    }
    return {
        "/api/live": {"get": live},
        "/health": _look("health", "Say that the process answers", {"200": "Alive"}),
        "/ready": _look("ready", "Say whether we can record and page", {"200": "Readiness", "503": "Readiness"}),
        "/metrics": {
            "get": {
                "tags": ["operations"],
                "summary": "Figures for Prometheus",
                "operationId": "metrics",
                "security": [],
                "responses": {
                    "200": {"description": "Figures", "content": {"text/plain": {"schema": {"type": "string"}}}}
                },
            }
        },
    }


def _look(name: str, summary: str, answers: dict[str, str]) -> Document:
    responses = {
        code: {
            "description": shape,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}},
        }
        for code, shape in answers.items()
    }
    return {
        "get": {
            "tags": ["operations"],
            "summary": summary,
            "operationId": name,
            "security": [],
            "responses": responses,
        }
    }
