"""A very small browser: opens a link out of a text, and presses the button that it finds there."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx


class LinkOpener:
    """Opens links as a phone's browser does, without any JavaScript."""

    def __init__(self, client: httpx.AsyncClient, reach: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._reach = dict(reach or {})
        self.opened: list[tuple[str, str, int]] = []
        """Method, address and answer of everything that was opened."""

    async def __call__(self, url: str, press: bool) -> None:
        """Open a link; press the first form's button if a person does it, and not if a preview looks."""
        # Every phone is a browser of its own: nothing that one page set is sent along for another.
        self._client.cookies.clear()
        try:
            page = await self._send("GET", url)
            form = _Form()
            form.feed(page.text)
            if press and form.found:
                await self._send("POST", urljoin(url, form.action or url), form.fields)
        except httpx.HTTPError:
            self.opened.append(("GET", url, 0))

    async def _send(self, method: str, url: str, data: dict[str, str] | None = None) -> httpx.Response:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        address = self._reach.get(origin, origin) + url[len(origin) :]
        # A phone's browser says where a form was posted from; a hub may insist on it against forged posts.
        headers = {"Host": parts.netloc} | ({"Origin": origin} if method == "POST" else {})
        answer = await self._client.request(method, address, data=data, headers=headers, follow_redirects=False)
        self.opened.append((method, url, answer.status_code))
        return answer


class _Form(HTMLParser):
    """The first form of a page, with what its first button would send."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.found = False
        self._inside = False
        self._pressed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form, its hidden fields and its first button."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.found:
            self.found = self._inside = True
            self.action = found.get("action", "")
        elif self._inside and tag == "input" and found.get("type", "text") != "submit":
            self._note(found)
        elif self._inside and tag in {"button", "input"} and not self._pressed:
            self._pressed = True
            self._note(found)

    def handle_endtag(self, tag: str) -> None:
        """Leave the form at its end."""
        if tag == "form":
            self._inside = False

    def _note(self, found: dict[str, str]) -> None:
        if found.get("name"):
            self.fields[found["name"]] = found.get("value", "")
