"""The sign of life over HTTP: a plain GET, as services that watch for silence expect it."""

from __future__ import annotations

import httpx

_PATIENCE = 10.0


class HttpPinger:
    """Asks an address outside; any answer below 400 counts."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def ping(self) -> None:
        """Give one sign of life; raises `httpx.HTTPError` when it did not arrive."""
        async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=True) as client:
            (await client.get(self._url)).raise_for_status()
