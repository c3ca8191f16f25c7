"""Real connections to a carrier: aiohttp underneath, since it needs a third of the time, spoken to as httpx is.

What matters is what an error means. Only what surely came before a word was sent may be called a failed connection;
everything else leaves open whether the carrier took it, and so would a connection lost on the way.
"""

from __future__ import annotations

import ssl

import aiohttp
import httpx

_KEPT_SECONDS = 30.0
"""Idle connections are kept for a while: a page should not begin with a handshake."""

_ASKED_BY_US = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class Sockets(httpx.AsyncBaseTransport):
    """One pool of connections, with room for so many requests at once."""

    def __init__(self, most_at_once: int, trusted: ssl.SSLContext) -> None:
        self._most = most_at_once
        self._trusted = trusted
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the whole answer, or raise what httpx would."""
        wait = request.extensions.get("timeout", {})
        try:
            async with self._open().request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(connect=wait.get("connect"), sock_read=wait.get("read")),
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ClientSSLError) as error:
            raise httpx.ConnectError(_words(error), request=request) from error
        except aiohttp.ConnectionTimeoutError as error:
            raise httpx.ConnectTimeout(_words(error), request=request) from error
        except aiohttp.InvalidURL as error:
            raise httpx.UnsupportedProtocol(_words(error), request=request) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise httpx.ReadError(_words(error), request=request) from error
        return httpx.Response(answer.status, headers=answer.raw_headers, content=body, request=request)

    async def aclose(self) -> None:
        """Give back every connection."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """Return the session, made at the first request: it belongs to the loop that runs then."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._most, keepalive_timeout=_KEPT_SECONDS, ssl=self._trusted),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_ASKED_BY_US,
                auto_decompress=False,
            )
        return self._session


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
