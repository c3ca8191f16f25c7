"""How a screen is looked at: in both widths and both themes, with axe, for sideways scroll, and for where the focus is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Page

from tests.browser.town import ROOT

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

# Everything that axe knows, its advice on good practice too; and 24 px for every target, which it leaves out by itself.
_RUN = "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"

_WIDE, _NARROW = (1280, 900), (320, 640)

_FOCUS = """() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return null;
  const ringed = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
      !/^rgba\\(.*, 0\\)$|^transparent$/.test(style.outlineColor);
  };
  // An answer is a radio in a row: the ring may stand around the row.
  const row = at.closest("label, li, summary, fieldset") ?? at;
  const ring = ringed(at) ? at : ringed(row) ? row : null;
  const box = (ring ?? at).getBoundingClientRect();
  const points = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]];
  const seen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return hit !== null && (at.contains(hit) || (ring ?? at).contains(hit) || hit === at.closest("label"));
  });
  if (at.dataset.walked !== undefined) return { again: true };
  at.dataset.walked = "";
  return { what: at.outerHTML.slice(0, 120), ring: ring !== null, seen };
}"""


async def each_way(page: Page) -> AsyncIterator[str]:
    """Show the page in each width and theme, one after the other; gives the way in words."""
    for width, height in (_WIDE, _NARROW):
        await page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            yield f"{width} px, {theme}"


async def whats_wrong(page: Page) -> str:
    """Look at a page in every way: sideways scroll, what axe says, a focus that cannot be seen. Empty when all is well."""
    found: dict[str, list[str]] = {}
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    async for way in each_way(page):
        for one in [*await _sideways(page), *await _axe(page), *await _focus(page)]:
            found.setdefault(one, []).append(way)
    return "\n".join(f"{what}  [{'; '.join(ways)}]" for what, ways in found.items())


async def _sideways(page: Page) -> list[str]:
    over = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [f"scrolls sideways by {over} px"] if over > 0 else []


async def _axe(page: Page) -> list[str]:
    said: dict[str, Any] = await page.evaluate(_RUN)
    return [f"{one['id']} ({one['help']}) at {_where(one['nodes'])}" for one in said["violations"]]


def _where(nodes: list[dict[str, Any]]) -> str:
    return "; ".join(f"{node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}" for node in nodes[:4])


async def _focus(page: Page) -> list[str]:
    """Walk once around with Tab: every stop has a ring and can be seen, and nothing holds the focus."""
    await page.evaluate("for (const one of document.querySelectorAll('[data-walked]')) delete one.dataset.walked")
    wrong, stops = [], 0
    for _ in range(200):
        await page.keyboard.press("Tab")
        at = await page.evaluate(_FOCUS)
        if at is None:  # past the end: the next one is the first
            continue
        if "again" in at:
            break
        stops += 1
        if not at["ring"]:
            wrong.append(f"no ring around the focus on {at['what']}")
        if not at["seen"]:
            wrong.append(f"the focus is hidden on {at['what']}")
    everything = await page.evaluate(
        """[...document.querySelectorAll("a[href], button, input:not([type=radio]), select, textarea, summary")]
           .filter((one) => one.checkVisibility({ visibilityProperty: true })).length"""
    )
    if stops < everything:
        wrong.append(f"Tab reached {stops} places of at least {everything}")
    return wrong
