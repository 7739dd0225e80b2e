// Small helpers for elements, icons and pop-ups.
export function el(tag, attrs = {}, ...kids) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) {
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (k === "class") e.className = v;
    else if (v === true) e.setAttribute(k, "");
    else if (v !== false && v !== null && v !== undefined) e.setAttribute(k, v);
  }
  e.append(...kids.filter((k) => k !== null && k !== undefined));
  return e;
}

const svg = "http://www.w3.org/2000/svg";
const shapes = {
  undo: "M7 5 3.5 8.5 7 12M4 8.5h7a4.5 4.5 0 0 1 0 9H8",
  redo: "M13 5l3.5 3.5L13 12M16 8.5H9a4.5 4.5 0 0 0 0 9h3",
  bullets: "M8 5h9M8 10h9M8 15h9M3.6 5h.01M3.6 10h.01M3.6 15h.01",
  numbers: "M8.5 5H17M8.5 10H17M8.5 15H17M3 3.5l1.2-.5v4M2.6 12.2c.2-1 2.2-1 2.2.2 0 .9-2.2 1.6-2.2 2.6H5",
  quote: "M3 4v12M7 6h10M7 10h10M7 14h7",
  indent: "M9 5h8M3 10h14M3 15h14M3 3l3 2-3 2",
  left: "M3 5h14M3 8.5h9M3 12h14M3 15.5h9",
  center: "M3 5h14M5.5 8.5h9M3 12h14M5.5 15.5h9",
  right: "M3 5h14M8 8.5h9M3 12h14M8 15.5h9",
  justify: "M3 5h14M3 8.5h14M3 12h14M3 15.5h14",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 8v8M12.5 8v8",
  image: "M3 4h14v12H3zM3 13l4-4 4 4 2.5-2.5L17 13M13 7.5h.01",
  link: "M8 12l4-4M9 6l1.6-1.6a3.2 3.2 0 0 1 4.5 4.5L13.5 10.5M11 14l-1.6 1.6a3.2 3.2 0 0 1-4.5-4.5L6.5 9.5",
  note: "M3 15V6.5M3 8.2C4.5 6 8 6 8 9v6M12 5.2l1.6-.9V10M11.7 10h3.8",
  symbol: "M5 16h3.2v-1.6A5.2 5.2 0 1 1 11.8 14.4V16H15",
  find: "M9 14.5A5.5 5.5 0 1 0 9 3.5a5.5 5.5 0 0 0 0 11zM13 13l4 4",
  clear: "M4 16h13M6.5 16 3.3 12.8a1 1 0 0 1 0-1.4l7-7a1 1 0 0 1 1.4 0l4.6 4.6a1 1 0 0 1 0 1.4L11 16M7 8l5.5 5.5",
  full: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  flag: "M5 17V3.5M5 4h9.5l-2 3.2 2 3.3H5",
  rule: "M3 10h14",
};
export function icon(name) {
  const s = document.createElementNS(svg, "svg"), p = document.createElementNS(svg, "path");
  s.setAttribute("viewBox", "0 0 20 20");
  s.setAttribute("class", "ed-icon");
  s.setAttribute("aria-hidden", "true");
  p.setAttribute("d", shapes[name]);
  s.append(p);
  return s;
}

let shown = null;

// pop shows a small dialog under an element or a rectangle, moves the focus into it and puts
// it back when it closes. Only one is open at a time.
export function pop(host, anchor, label, body, { focus = true, back, gone } = {}) {
  close();
  const box = el("div", { class: "ed-pop", role: "dialog", "aria-label": label, tabindex: "-1" }, body);
  host.append(box);
  const r = anchor.getBoundingClientRect ? anchor.getBoundingClientRect() : anchor;
  const h = host.getBoundingClientRect();
  const width = box.offsetWidth;
  const x = Math.max(8 - h.left, Math.min(r.left - h.left, h.width - width - 8, window.innerWidth - h.left - width - 8));
  let y = r.bottom - h.top + 6;
  if (r.bottom + box.offsetHeight + 12 > window.innerHeight && r.top - box.offsetHeight - 6 > 0) y = r.top - h.top - box.offsetHeight - 6;
  box.style.left = x + "px";
  box.style.top = y + "px";
  shown = { box, gone, back: back || (() => anchor.focus && anchor.focus()) };
  box.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.stopPropagation(); e.preventDefault(); close(true); } });
  if (focus) (box.querySelector("input, textarea, select, button") || box).focus();
  return box;
}

// close closes the dialog that is open.
export function close(toBack) {
  if (!shown) return;
  const { box, back, gone } = shown;
  shown = null;
  box.remove();
  if (gone) gone();
  if (toBack) back();
}
document.addEventListener("pointerdown", (e) => { if (shown && !shown.box.contains(e.target) && !e.target.closest("[data-keeps-pop]")) close(); });

// ask shows a form of a few fields in a pop-up and hands over what was entered.
export function ask(host, anchor, { title, fields, submit, cancel, extra, then, back, gone }) {
  const error = el("p", { class: "ed-problem", role: "alert", hidden: true });
  const inputs = {};
  const rows = fields.map((f) => {
    const input = f.kind === "long" ? el("textarea", { rows: "3" }) : f.kind === "choice" ? el("select", {}, ...f.options.map(([v, t]) => el("option", { value: v }, t))) : el("input", { type: f.kind || "text", min: f.min, max: f.max, inputmode: f.mode, placeholder: f.placeholder });
    if (f.kind === "checkbox") input.checked = Boolean(f.value);
    else if (f.value !== undefined && f.value !== null) input.value = f.value;
    inputs[f.name] = input;
    return el("label", { class: f.kind === "checkbox" ? "ed-check" : "ed-field" }, ...(f.kind === "checkbox" ? [input, f.label] : [el("span", {}, f.label), input]), f.hint ? el("small", {}, f.hint) : null);
  });
  const form = el("form", { class: "ed-form", novalidate: true, onsubmit: (e) => {
    e.preventDefault();
    e.stopPropagation();
    const values = {};
    for (const [k, i] of Object.entries(inputs)) values[k] = i.type === "checkbox" ? i.checked : i.value.trim();
    const problem = then(values);
    if (typeof problem === "string") { error.textContent = problem; error.hidden = false; return; }
    close(true);
  } }, el("strong", {}, title), ...rows, error, el("div", { class: "ed-actions" }, el("button", { type: "submit", class: "ed-primary" }, submit), ...(extra || []), el("button", { type: "button", onclick: () => close(true) }, cancel)));
  return pop(host, anchor, title, form, { back, gone });
}
