// What a page is asked when it is looked at. Put into the page by looking.py; nothing of the product knows of it.
globalThis.looking = {
  // Where the focus stands: whether a ring is around it, and whether a person would see it.
  focus() {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    // A field of date and time has several stops of its own: day, month, year, hour, minute, and its calendar.
    this.stops = at === this.last ? this.stops + 1 : 0;
    this.last = at;
    if (at.type === "datetime-local" && this.stops > 0 && this.stops < 10) return { inside: true };
    if (at.dataset.walked !== undefined) return { again: true };
    at.dataset.walked = "";
    const ringed = (one) => {
      const style = getComputedStyle(one);
      const pale = /^rgba\(.*, 0\)$|^transparent$/.test(style.outlineColor);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !pale;
    };
    // An answer is a radio in a row: the ring may stand around the row.
    const row = at.closest("label, li, summary, fieldset") ?? at;
    const ring = ringed(at) ? at : ringed(row) ? row : null;
    const box = (ring ?? at).getBoundingClientRect();
    const places = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]];
    const seen = places.some(([x, y]) => {
      const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return hit !== null && (at.contains(hit) || (ring ?? at).contains(hit) || hit === at.closest("label"));
    });
    return { what: at.outerHTML.slice(0, 120), ring: ring !== null, seen };
  },

  // The walk begins: what stands here now must be reached. What comes meanwhile, as an alarm may, need not be.
  beginTheWalk() {
    for (const one of document.querySelectorAll("[data-walked]")) delete one.dataset.walked;
    this.last = null;
    this.places = places();
  },

  // What Tab did not reach though it stood there from the beginning and still does.
  missed() {
    const still = new Set(places());
    return this.places.filter((one) => still.has(one) && one.dataset.walked === undefined).map((one) => one.outerHTML.slice(0, 120));
  },

  // Words that cannot be read: broken letter by letter for want of room, or with something lying on them.
  words() {
    const wrong = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const said = walker.currentNode.data.trim();
      if (said === "" || parent.closest(".sr, .skip, option, textarea")) continue;
      if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      if (isBroken(said, boxes)) wrong.add(`broken into letters: "${said.slice(0, 60)}"`);
      const on = covering(parent, boxes);
      if (on) wrong.add(`covered: "${said.slice(0, 60)}" by ${on.closest("svg") ? "a mark" : on.cloneNode().outerHTML}`);
    }
    return [...wrong];
  },
};

/** All that Tab must reach; of a group of radios it reaches one, which one it is is not asked. */
function places() {
  const all = document.querySelectorAll("a[href], button, input:not([type=radio]), select, textarea, summary");
  return [...all].filter((one) => one.checkVisibility({ visibilityProperty: true }));
}

/** More lines than words, though no word is long. */
function isBroken(said, boxes) {
  const words = said.split(/\s+/);
  const lines = new Set(boxes.map((box) => Math.round(box.top))).size;
  return lines > words.length && words.every((word) => word.length <= 20);
}

/** Who lies on these words, where they are not scrolled out of sight. */
function covering(parent, boxes) {
  const inside = shownPart(parent);
  for (const box of boxes) {
    for (const share of [0.1, 0.5, 0.9]) {
      const x = box.left + box.width * share;
      const y = box.top + box.height / 2;
      // A pixel at the edge belongs to whatever lies beside it.
      if (x <= inside.left + 1 || x >= inside.right - 1 || y <= inside.top + 1 || y >= inside.bottom - 1) continue;
      const hit = document.elementFromPoint(x, y);
      if (hit === null || hit.contains(parent) || parent.contains(hit)) continue;
      // A radio may lie over its whole row.
      if (hit.closest("label") !== null && hit.closest("label") === parent.closest("label")) continue;
      return hit;
    }
  }
  return null;
}

function shownPart(one) {
  const part = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (let at = one; at; at = at.parentElement) {
    if (getComputedStyle(at).overflow === "visible") continue;
    const box = at.getBoundingClientRect();
    part.left = Math.max(part.left, box.left);
    part.right = Math.min(part.right, box.right);
    part.top = Math.max(part.top, box.top);
    part.bottom = Math.min(part.bottom, box.bottom);
  }
  return part;
}
