"""How a screen is looked at: wide and narrow, light and dark, with axe, and by walking through it with Tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.browser.town import ROOT

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_LOOKING = Path(__file__).with_name("looking.js")

# Everything that axe knows, its advice on good practice too; and 24 px for every target, which it leaves out by itself.
_RUN = "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"

_WIDE, _NARROW = (1280, 900), (320, 640)
_WALKED = ((1280, "light"), (320, "dark"))


async def reads_well(page: Page) -> None:
    """Fail with everything that is wrong with the page, one line each."""
    found = await whats_wrong(page)
    assert not found, f"on {page.url}:\n{found}"


async def whats_wrong(page: Page) -> str:
    """Look at a page in every way and say what was found, or nothing.

    Sideways scroll, what axe says, broken or covered words, a focus that cannot be seen or cannot get on.
    """
    found: dict[str, list[str]] = {}
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    await page.evaluate(_LOOKING.read_text(encoding="utf-8"))
    for width, height in (_WIDE, _NARROW):
        for theme in ("light", "dark"):
            await page.set_viewport_size({"width": width, "height": height})
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            for one in await _look(page, (width, height), walk=(width, theme) in _WALKED):
                found.setdefault(one, []).append(f"{width} px, {theme}")
    return "\n".join(f"{what}  [{'; '.join(ways)}]" for what, ways in found.items())


async def _look(page: Page, size: tuple[int, int], *, walk: bool) -> list[str]:
    # Nobody stands anywhere yet: a link that shows itself only in focus lies over others.
    await page.evaluate("document.activeElement?.blur()")
    looks = await _sideways(page)
    if size == _NARROW:
        # All of it at once: what a bar at the edge covers now is elsewhere after a scroll.
        whole = await page.evaluate("document.scrollingElement.scrollHeight")
        await page.set_viewport_size({"width": size[0], "height": max(size[1], whole)})
    looks += [*await _axe(page), *await page.evaluate("looking.words()")]
    if walk:
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        looks += await _walk(page)
    return looks


async def _sideways(page: Page) -> list[str]:
    over = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [f"scrolls sideways by {over} px"] if over > 0 else []


async def _axe(page: Page) -> list[str]:
    said: dict[str, Any] = await page.evaluate(_RUN)
    return [f"{one['id']} ({one['help']}) at {_where(one['nodes'])}" for one in said["violations"]]


def _where(nodes: list[dict[str, Any]]) -> str:
    return "; ".join(f"{node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}" for node in nodes[:4])


async def _walk(page: Page) -> list[str]:
    """Walk once around with Tab: every stop has a ring and can be seen, and nothing holds the focus."""
    await page.evaluate("looking.beginTheWalk()")
    wrong, ends = [], 0
    while ends < 2:
        await page.keyboard.press("Tab")
        at = await page.evaluate("looking.focus()")
        if at is None:  # past the end: the next one is the first, if there is any
            ends += 1
            continue
        if "again" in at:
            break
        if "inside" in at:
            continue
        if not at["ring"]:
            wrong.append(f"no ring around the focus on {at['what']}")
        if not at["seen"]:
            wrong.append(f"the focus is hidden on {at['what']}")
    missed: list[str] = await page.evaluate("looking.missed()")
    return wrong + [f"Tab did not reach {one}" for one in missed]
