"""One person at a console: plain requests, one after the other."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any

from ops.bench.helper import Trouble
from ops.bench.scene import PASSWORD, SUPERVISOR
from ops.bench.texts import request

_PATIENCE = 300  # seconds: a run of a thousand pages is one answer, and it ends when the last has gone out
_IDLE_SECONDS = 3.0
"""Less than the five after which the servers hang up."""


class Line:
    """One connection to a server, made anew after a pause."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        self._used = 0.0

    def ask(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Ask for something that must be granted."""
        if time.perf_counter() - self._used > _IDLE_SECONDS:
            self._connection.close()
        self._connection.request(method, path, content, dict(headers or {}))
        answer = self._connection.getresponse()
        said = answer.read()
        self._used = time.perf_counter()
        if answer.status != 200:
            raise Trouble(f"{method} {path} was answered with {answer.status}: {said[:300]!r}")
        return said

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Asker:
    """Signed in as the supervisor, who may do everything that is measured."""

    def __init__(self, port: int) -> None:
        self._line = Line(port)
        self._headers = {"Content-Type": "application/json"}
        said = self.ask("POST", "/api/login", {"username": SUPERVISOR, "password": PASSWORD})
        self.token = str(said["token"])
        self._headers["Authorization"] = f"Bearer {self.token}"

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - whatever the hub says
        """Ask for something that must be granted."""
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self._line.ask(method, path, content, self._headers))

    def text(self, number: int, sender: str) -> None:
        """Let somebody write to the line."""
        head, _, body = request(number, sender).partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        self._line.ask("POST", line.split(" ")[1], body, dict(field.split(": ", 1) for field in fields))

    def newest(self) -> str:
        """Return the case that was opened last."""
        return str(self.ask("GET", "/api/cases")["cases"][0]["id"])

    def close(self) -> None:
        """Hang up."""
        self._line.close()
