// What makes the office quicker for those who come often. Everything works without it.
document.documentElement.classList.add("scripted");

// A form that was not accepted: begin where it says why.
document.querySelector("[data-problem]")?.focus();

// Changing the body needs no button.
document.querySelector("[data-switch] select")?.addEventListener("change", (e) => e.target.form.requestSubmit());

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = false;
  form.addEventListener("submit", (e) => {
    if (sent) e.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 5000);
  });
}

// Typed text is not lost by a slip: leaving a changed form asks first.
const changed = new Set();
for (const form of document.querySelectorAll("form.form[method=post]")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", () => changed.clear());
}
document.addEventListener("editor:state", (e) => { if (e.detail.state === "saved") changed.delete(e.target.form); });
window.addEventListener("beforeunload", (e) => { if (changed.size) e.preventDefault(); });

// On a narrow screen the fields of a filter wait behind its button.
const filter = document.querySelector("[data-filter]");
if (filter && matchMedia("(max-width: 40rem)").matches && !filter.querySelector(".filter-actions a")) {
  const button = filter.querySelector("button");
  filter.classList.add("shut");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", (e) => {
    if (!filter.classList.contains("shut")) return;
    e.preventDefault();
    filter.classList.remove("shut");
    button.setAttribute("aria-expanded", "true");
    filter.querySelector("input, select")?.focus();
  });
}

// Ticking rows: one box for all of them, and how many are ticked.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...form.querySelectorAll("tbody .pick input")];
  const head = form.querySelector("thead .pick");
  const said = form.querySelector("[data-picked]");
  const buttons = [...form.querySelectorAll(".bulk-actions button")];
  const hint = said.textContent;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.textContent);
  head.append(all);
  let last = null;
  const tell = () => {
    const n = boxes.filter((b) => b.checked).length;
    said.textContent = n ? `✓ ${n}` : hint;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    for (const b of buttons) b.disabled = n === 0;
  };
  all.addEventListener("change", () => { for (const b of boxes) b.checked = all.checked; tell(); });
  for (const box of boxes) {
    box.addEventListener("click", (e) => {
      if (e.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const b of boxes.slice(from, to + 1)) b.checked = box.checked;
      }
      last = box;
      tell();
    });
  }
  tell();
}

// The keys. Single letters work only outside of fields (WCAG 2.1.4: they can be turned off
// by storing "off" under gongkai-keys, which the page of one's account does).
const keysOff = () => { try { return localStorage.getItem("gongkai-keys") === "off"; } catch { return false; } };
for (const box of document.querySelectorAll("[data-keys-off]")) {
  box.checked = keysOff();
  box.addEventListener("change", () => localStorage.setItem("gongkai-keys", box.checked ? "off" : "on"));
}
const rows = [...document.querySelectorAll("table[data-list] tbody tr")];
let at = -1;
let leader = 0;

function move(step) {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  rows[at].classList.add("at");
  rows[at].scrollIntoView({ block: "nearest" });
  rows[at].querySelector("a, input")?.focus({ preventScroll: true });
}

const acts = {
  "/": () => (document.querySelector("[data-search], [data-filter] input[type=text]") ?? document.querySelector("[data-filter] select"))?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  n: () => document.querySelector("[data-new]")?.click(),
  j: () => move(1),
  k: () => move(-1),
  x: () => rows[at]?.querySelector(".pick input")?.click(),
};

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || keysOff()) return;
  if (e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  if (Date.now() - leader < 1500) {
    leader = 0;
    const link = document.querySelector(`[data-keys="g ${CSS.escape(e.key)}"]`);
    if (link) { e.preventDefault(); link.click(); return; }
  }
  if (e.key === "g") { leader = Date.now(); return; }
  const act = acts[e.key];
  if (act) { e.preventDefault(); act(); }
});
