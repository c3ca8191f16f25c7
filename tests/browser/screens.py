"""Browser windows with a conscience: whatever a screen may never do is noticed wherever it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, async_playwright

from tests.browser.town import PATIENCE, Town

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_POINTER = "A pointer was used"
_NO_POINTER = f"""
for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"])
  addEventListener(kind, () => console.error("{_POINTER}: " + kind), true);
"""


@asynccontextmanager
async def chromium(path: str) -> AsyncIterator[Browser]:
    """A real browser with a fresh profile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Screens:
    """Opens windows, each as if on a machine of its own, and keeps what went wrong in any of them."""

    town: Town
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def open(
        self,
        path: str = "/",
        who: str | None = None,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        scripts: bool = True,
        keyboard_only: bool = False,
    ) -> Page:
        """Open a window at an address of the hub, or at a whole address; with `who`, already signed in."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="en-US",
            timezone_id="America/Chicago",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        if who is not None:
            token = await self.town.token(who)
            await context.add_cookies([{"name": "session", "value": token, "url": self.town.hub.url}])
        if keyboard_only:
            await context.add_init_script(_NO_POINTER)
        page = await context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrong.append(f"an error that nobody caught: {error}"))
        page.on("request", self._asked)
        await page.goto(path if "://" in path else self.town.hub.url + path)
        return page

    async def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            await context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or _POINTER in message.text:
            self.wrong.append(message.text)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.town.hub.url).netloc:
            self.wrong.append(f"a stranger was asked: {request.method} {request.url}")


# ------------------------------------------------------------------------------------------- by keyboard


async def tab_to(page: Page, target: Locator, most: int = 60) -> int:
    """Press Tab until the focus is there, as a person would; returns how many it took."""
    await target.wait_for()
    for pressed in range(most + 1):
        if await target.evaluate("element => element === document.activeElement"):
            return pressed
        await page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab did not lead to {target}")


async def answer(page: Page, words: str) -> None:
    """Answer the question on the screen: the digit that stands beside the words, or the number itself, then Enter."""
    if words.isdigit():
        await page.keyboard.type(words)
        await page.keyboard.press("Enter")
        return
    row = page.locator(".answers li").filter(has_text=words).first
    await page.keyboard.press(await row.locator(".cap").inner_text())
    await page.keyboard.press("Enter")
