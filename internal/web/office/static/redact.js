// Marking what is withheld: areas drawn on the page with a pointer, words selected in a text.
// What is marked here goes with the form as places, as ticked proposals do; without script the
// same is done with figures and by looking words up.
for (const form of document.querySelectorAll("[data-redact]")) {
  const fresh = form.querySelector("[data-fresh]");
  const taken = [];

  const tell = () => {
    fresh.hidden = taken.length === 0;
    fresh.textContent = form.dataset.new.replace("0", String(taken.length));
    if (taken.length > 0) {
      const undo = document.createElement("button");
      undo.type = "button";
      undo.className = "quiet";
      undo.textContent = form.dataset.drop;
      undo.addEventListener("click", drop);
      fresh.append(" ", undo);
    }
  };

  const take = (place, shown) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "take";
    input.value = place;
    form.append(input);
    taken.push([input, shown]);
    tell();
  };

  const drop = () => {
    const last = taken.pop();
    if (!last) return;
    last[0].remove();
    last[1]();
    tell();
  };

  form.addEventListener("keydown", (e) => {
    if (e.key === "Escape") drop();
  });

  for (const all of form.querySelectorAll("[data-all]")) {
    all.addEventListener("click", () => {
      for (const box of all.closest("section").querySelectorAll("input[type=checkbox]")) box.checked = true;
    });
  }

  const sheet = form.querySelector(".redact-sheet");
  if (sheet) {
    const at = (e) => new DOMPoint(e.clientX, e.clientY).matrixTransform(sheet.getScreenCTM().inverse());
    let from = null;
    let rect = null;
    sheet.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || e.pointerType === "touch") return; // a finger scrolls
      e.preventDefault();
      from = at(e);
      rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.classList.add("fresh");
      sheet.append(rect);
      sheet.setPointerCapture(e.pointerId);
    });
    const box = (e) => {
      const to = at(e);
      const view = sheet.viewBox.baseVal;
      const clip = (v, most) => Math.min(Math.max(v, 0), most);
      const x = [clip(from.x, view.width), clip(to.x, view.width)].sort((a, b) => a - b);
      const y = [clip(from.y, view.height), clip(to.y, view.height)].sort((a, b) => a - b);
      return [x[0], y[0], x[1], y[1]];
    };
    sheet.addEventListener("pointermove", (e) => {
      if (!from) return;
      const [x0, y0, x1, y1] = box(e);
      rect.setAttribute("x", x0);
      rect.setAttribute("y", y0);
      rect.setAttribute("width", x1 - x0);
      rect.setAttribute("height", y1 - y0);
    });
    const end = (e) => {
      if (!from) return;
      const [x0, y0, x1, y1] = box(e);
      const drawn = rect;
      from = rect = null;
      if (e.type === "pointercancel" || x1 - x0 < 3 || y1 - y0 < 3) {
        drawn.remove();
        return;
      }
      const tenths = [x0, y0, x1, y1].map((v) => Math.round(v * 10)).join("-");
      take("a-" + sheet.dataset.page + "-" + tenths, () => drawn.remove());
    };
    sheet.addEventListener("pointerup", end);
    sheet.addEventListener("pointercancel", end);
  }

  const select = form.querySelector("[data-select]");
  if (select) {
    // The selection as runes of one passage; nothing if it is empty or runs over several.
    const chosen = () => {
      const s = document.getSelection();
      if (!s || s.rangeCount === 0 || s.isCollapsed) return null;
      const range = s.getRangeAt(0);
      const host = (n) => (n.nodeType === 1 ? n : n.parentElement).closest("[data-passage]");
      const passage = host(range.startContainer);
      if (!passage || passage !== host(range.endContainer)) return null;
      const before = document.createRange();
      before.selectNodeContents(passage);
      before.setEnd(range.startContainer, range.startOffset);
      const start = Array.from(before.toString()).length;
      return { passage, range, start, end: start + Array.from(range.toString()).length };
    };
    document.addEventListener("selectionchange", () => {
      select.disabled = !chosen();
    });
    select.addEventListener("mousedown", (e) => e.preventDefault()); // the selection stays
    select.addEventListener("click", () => {
      const c = chosen();
      if (!c) return;
      const mark = document.createElement("mark");
      mark.append(c.range.extractContents());
      c.range.insertNode(mark);
      take("t-" + [c.passage.dataset.passage, c.start, c.end].join("-"), () => mark.replaceWith(...mark.childNodes));
      document.getSelection().removeAllRanges();
      select.disabled = true;
    });
  }
}
