"""The front, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

import crisis_hub
from crisis_hub.web import cases, errors, people, sheets, webhooks
from crisis_hub.web.auth import parts_of
from crisis_hub.web.guard import Guard
from crisis_hub.web.live import Live, live
from crisis_hub.web.parts import Parts

_STATIC = Path(__file__).parent / "static"

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(parts: Parts, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the whole front over these parts."""
    app = FastAPI(
        title="crisis_hub",
        version=crisis_hub.__version__,
        lifespan=lifespan or _nothing_to_do,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = parts
    app.state.live = Live(parts)
    errors.install(app)
    # The carrier's doors come first: they are the hot path, and matched in order.
    app.router.routes[:0] = webhooks.routes()
    app.router.routes.append(WebSocketRoute("/api/live", live))
    app.include_router(people.router)
    app.include_router(cases.router)
    app.router.routes.extend(sheets.routes())
    app.router.routes.extend(_operations())
    app.router.routes.extend(_screens(parts.place.screens))
    app.add_middleware(Guard, secure=parts.place.secure)
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


async def _health(request: Request) -> Response:
    return JSONResponse({"alive": True})


async def _ready(request: Request) -> Response:
    ready = await parts_of(request).ready()
    return JSONResponse({"ready": ready.ok, "troubles": ready.troubles}, 200 if ready.ok else 503)


async def _metrics(request: Request) -> Response:
    return Response(parts_of(request).metrics(), media_type="text/plain; version=0.0.4")


def _screens(folder: Path | None) -> list[Route | Mount]:
    """Serve the built screens; every address that a screen draws itself gets the same page."""
    routes: list[Route | Mount] = [Mount("/static", StaticFiles(directory=_STATIC))]
    if folder is None or not (folder / "index.html").is_file():
        return [*routes, Route("/", _no_screens, methods=["GET"])]

    async def page(request: Request) -> Response:
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})

    if (folder / "assets").is_dir():
        routes.append(Mount("/assets", StaticFiles(directory=folder / "assets")))
    for path in ("/", "/board", "/case/{id}", "/rota", "/rules", "/sign-in"):
        routes.append(Route(path, page, methods=["GET"]))
    return routes


async def _no_screens(request: Request) -> Response:
    return Response("The screens are not built here. Run `make demo`, or build the folder frontend/.", 503)
