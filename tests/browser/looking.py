"""How a screen is looked at: in both widths and both themes, with axe, for sideways scroll, and for where the focus is."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.browser.town import ROOT

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

# Everything that axe knows, its advice on good practice too; and 24 px for every target, which it leaves out by itself.
_RUN = "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"

_WIDE, _NARROW = (1280, 900), (320, 640)
_WALKED = ((1280, "light"), (320, "dark"))

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


_TEXT = """() => {
  const wrong = new Set();
  const shown = (one) => {
    const box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    for (let at = one; at; at = at.parentElement) {
      if (getComputedStyle(at).overflow === "visible") continue;
      const by = at.getBoundingClientRect();
      box.left = Math.max(box.left, by.left); box.right = Math.min(box.right, by.right);
      box.top = Math.max(box.top, by.top); box.bottom = Math.min(box.bottom, by.bottom);
    }
    return box;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const said = walker.currentNode.data.trim();
    const words = said.split(/\\s+/).filter(Boolean);
    if (words.length === 0 || parent.closest(".sr, .skip, option, textarea")) continue;
    if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    const lines = new Set(boxes.map((box) => Math.round(box.top))).size;
    if (lines > words.length && words.every((word) => word.length <= 20)) wrong.add(`broken into letters: "${said.slice(0, 60)}"`);
    const inside = shown(parent);
    for (const box of boxes) {
      for (const share of [0.1, 0.5, 0.9]) {
        const x = box.left + box.width * share, y = box.top + box.height / 2;
        if (x <= inside.left || x >= inside.right || y <= inside.top || y >= inside.bottom) continue;
        const hit = document.elementFromPoint(x, y);
        if (hit === null || hit.contains(parent) || parent.contains(hit)) continue;
        if (hit.closest("label") !== null && hit.closest("label") === parent.closest("label")) continue;
        wrong.add(`covered: "${said.slice(0, 60)}" by <${hit.tagName.toLowerCase()} class="${hit.className}">`);
      }
    }
  }
  return [...wrong];
}"""


async def whats_wrong(page: Page) -> str:
    """Look at a page in every way: sideways scroll, what axe says, broken or covered words, a focus that cannot be seen.

    Empty when all is well.
    """
    found: dict[str, list[str]] = {}
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
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
    looks += [*await _axe(page), *await page.evaluate(_TEXT)]
    if walk:
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        looks += await _focus(page)
    return looks


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
    wrong, stops, ends = [], 0, 0
    while ends < 2:
        await page.keyboard.press("Tab")
        at = await page.evaluate(_FOCUS)
        if at is None:  # past the end: the next one is the first, if there is any
            ends += 1
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
