"""The front, put together."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crisis_hub.web import (
    canary_webhooks,
    cases,
    duties,
    errors,
    openapi,
    papers,
    people,
    reach,
    reach_webhooks,
    reports,
    rotas,
    rulebook,
    sheets,
    trial_sheets,
    webhooks,
)
from crisis_hub.web.auth import parts_of
from crisis_hub.web.guard import Guard
from crisis_hub.web.live import Live, live
from crisis_hub.web.parts import Parts
from crisis_hub.web.refusals import Refusals
from crisis_hub.web.schemas import CanaryOut

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_DRAWN_BY_THE_SCREENS = (
    "/",
    "/board",
    "/case/{id}",
    "/rota",
    "/rota/{name}",
    "/my-shifts",
    "/reports",
    "/rules",
    "/sign-in",
)
_FOR_PROGRAMS = ("/api/", "/twilio/", "/assets/", "/static/", "/calendar/")
_SERVICE_WORKER = "service-worker.js"
"""Must lie at the top: a browser lets it show pages only for what lies below it."""


def create_app(parts: Parts, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the whole front over these parts."""
    app = FastAPI(
        title=openapi.TITLE,
        lifespan=lifespan or _nothing_to_do,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = parts
    app.state.live = Live(parts)
    app.state.refusals = Refusals(parts.clock)
    parts.service.doubt(app.state.refusals.trouble)
    errors.install(app)
    app.add_exception_handler(HTTPException, _elsewhere)
    # The carrier's doors come first: they are the hot path, and matched in order.
    app.router.routes[:0] = webhooks.routes({**reach_webhooks.HANDLERS, **canary_webhooks.HANDLERS})
    app.router.routes.append(WebSocketRoute("/api/live", live))
    app.router.routes.append(Route("/api/live", _not_a_page, methods=["GET"]))
    # As they are, and not included anew: so they are worked out once, and not at the first call of each.
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
    app.router.routes.extend(sheets.routes())
    app.router.routes.extend(trial_sheets.routes())
    app.router.routes.extend(reach.calendar_routes())
    app.router.routes.extend(_operations())
    app.router.routes.extend(_screens(parts.place.screens))
    app.add_middleware(Guard, secure=parts.place.secure)
    openapi.describe(app)
    return app


@asynccontextmanager
async def _nothing_to_do(app: FastAPI) -> AsyncIterator[None]:
    yield


def _operations() -> list[Route]:
    return [
        Route("/health", _health, methods=["GET"]),
        Route("/ready", _ready, methods=["GET"]),
        Route("/metrics", _metrics, methods=["GET"]),
    ]


async def _elsewhere(request: Request, error: Exception) -> Response:
    """Answer what no door answered: a person who looks for a page gets one in words, a program its document."""
    nowhere = isinstance(error, HTTPException) and error.status_code == 404
    return sheets.nowhere(request) if nowhere and _is_read(request) else await errors.http(request, error)


def _is_read(request: Request) -> bool:
    """Say whether a person reads the answer: a browser asks for a page, and not at a door for programs."""
    for_programs = request.url.path.startswith(_FOR_PROGRAMS)
    return request.method in ("GET", "HEAD") and not for_programs and "text/html" in request.headers.get("accept", "")


async def _not_a_page(request: Request) -> Response:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    return errors.problem(426, "The live board is a WebSocket; see /openapi.json.", upgrade)


async def _health(request: Request) -> Response:
    """Say that we are alive: that we answer, and that the night watch went its whole round not long ago."""
    alive = parts_of(request).watched()
    return JSONResponse({"alive": alive}, 200 if alive else 503)


async def _ready(request: Request) -> Response:
    parts = parts_of(request)
    ready = await parts.ready()
    body = {"ready": ready.ok, "troubles": ready.troubles}
    for name, canary in (("canary", parts.canary), ("canary_call", parts.canary_call)):
        flown = canary.standing()
        body[name] = CanaryOut(**asdict(flown)).model_dump(mode="json") if flown else None
    return JSONResponse(body, 200 if ready.ok else 503)


async def _metrics(request: Request) -> Response:
    return Response(parts_of(request).metrics(), media_type="text/plain; version=0.0.4")


class _NamedByContent(StaticFiles):
    """Files whose address changes with their content, so that nobody asks for the same one twice."""

    def file_response(
        self, full_path: os.PathLike[str] | str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file, to be kept."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def _screens(folder: Path | None) -> list[Route | Mount]:
    """Serve the built screens; every address that a screen draws itself gets the same page."""
    routes: list[Route | Mount] = [Mount("/static", _NamedByContent(directory=sheets.STATIC))]
    if folder is None or not (folder / "index.html").is_file():
        return [*routes, Route("/", _no_screens, methods=["GET"])]

    async def page(request: Request) -> Response:
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})

    async def worker(request: Request) -> Response:
        return FileResponse(folder / _SERVICE_WORKER, headers={"Cache-Control": "no-cache"})

    if (folder / _SERVICE_WORKER).is_file():
        routes.append(Route(f"/{_SERVICE_WORKER}", worker, methods=["GET"]))
    if (folder / "assets").is_dir():
        routes.append(Mount("/assets", _NamedByContent(directory=folder / "assets")))
    return [*routes, *(Route(path, page, methods=["GET"]) for path in _DRAWN_BY_THE_SCREENS)]


async def _no_screens(request: Request) -> Response:
    words = "The screens are not built here. Run `make demo`, or build the folder frontend/."
    return Response(words, 503, media_type="text/plain")
