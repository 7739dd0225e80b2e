// One report: findings light up their places without reloading, decisions are saved and
// checked as they are made, arrow keys walk the tables. Everything works without it.
const bench = document.querySelector("[data-bench]");
const said = document.getElementById("said");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let chosen = "";

if (bench) {
  chosen = document.querySelector("[data-finding][aria-current]")?.dataset.finding ?? "";
  document.addEventListener("click", follow);
  document.addEventListener("change", decide);
  document.addEventListener("submit", save);
  document.addEventListener("keydown", keys);
  walkable();
}

// show brings an element to the middle of its column, or of the page where columns stack.
function show(el) {
  if (!el) return;
  const behavior = calm.matches ? "auto" : "smooth";
  const column = el.closest("[data-scroll]");
  if (!scrolls(column)) {
    el.scrollIntoView({ block: "center", inline: "nearest", behavior });
    return;
  }
  const at = el.getBoundingClientRect();
  const box = column.getBoundingClientRect();
  const slot = column.querySelector("#cell-slot");
  const covered = slot && !slot.contains(el) ? slot.offsetHeight : 0;
  column.scrollBy({ top: at.top + at.height / 2 - (box.top + box.bottom + covered) / 2, behavior });
}

function scrolls(column) {
  return column && column.scrollHeight > column.clientHeight + 1 && getComputedStyle(column).overflowY === "auto";
}

// mark lights up every place of a finding, in the form and in the source.
function mark(no, move) {
  chosen = no;
  for (const el of document.querySelectorAll("[data-f]")) {
    el.classList.toggle("on", no !== "" && el.dataset.f.split(" ").includes(no));
  }
  for (const el of document.querySelectorAll(".finding")) {
    const on = el.id === `f${no}`;
    el.classList.toggle("on", on);
    const link = el.querySelector("[data-finding]");
    if (on) link.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }
  if (no === "" || !move) return;
  for (const column of document.querySelectorAll(".middle, .right")) {
    if (scrolls(column)) show(column.querySelector("[data-f].on"));
  }
}

async function follow(e) {
  const link = e.target.closest("a");
  if (!link || e.metaKey || e.ctrlKey || e.shiftKey || e.button) return;
  if (link.dataset.finding) {
    e.preventDefault();
    mark(link.dataset.finding === chosen ? "" : link.dataset.finding, true);
    link.focus({ preventScroll: true });
    if (chosen !== "") show(document.getElementById(`f${chosen}`));
    history.replaceState(null, "", chosen ? `?finding=${chosen}` : location.pathname);
    return;
  }
  if (link.hasAttribute("data-close")) {
    e.preventDefault();
    close();
    return;
  }
  const key = link.closest("td[data-key]")?.dataset.key;
  if (key) {
    e.preventDefault();
    await open(link, key);
  }
}

// open shows where a value comes from, beside the source.
async function open(link, key) {
  const answer = await fetch(link.getAttribute("href").split("#")[0], { headers: { "Desk-Part": "cell" } });
  if (!answer.ok) {
    location.assign(link.href);
    return;
  }
  const slot = document.getElementById("cell-slot");
  slot.replaceChildren(...parse(await answer.text()).body.childNodes);
  for (const el of document.querySelectorAll("td.value.on, .line.on, .source td.on")) el.classList.remove("on");
  link.parentElement.classList.add("on");
  const at = slot.querySelector("dd a[href^='#s']")?.getAttribute("href").slice(1);
  const line = at && document.getElementById(at);
  line?.classList.add("on");
  const column = slot.closest("[data-scroll]");
  if (line && scrolls(column)) show(line);
  slot.querySelector("#cell-h").focus({ preventScroll: true });
}

// close puts the value's origin away and returns to the value.
function close() {
  const key = document.querySelector("#cell")?.dataset.key;
  document.getElementById("cell-slot").replaceChildren();
  for (const el of document.querySelectorAll("td.value.on, .line.on, .source td.on")) el.classList.remove("on");
  const link = document.getElementById(`c-${key}`)?.querySelector("a");
  link?.focus({ preventScroll: scrolls(link.closest("[data-scroll]")) });
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// decide saves a choice as soon as it is made. An own entry waits until it is complete.
function decide(e) {
  const form = e.target.closest("form[data-settle]");
  if (!form || e.target.value === "free") return;
  const field = e.target.closest(".free");
  if (field) {
    const own = field.previousElementSibling.querySelector("input[type=radio]");
    if (own) own.checked = true;
  }
  send(form);
}

function save(e) {
  const form = e.target.closest("form[data-settle]");
  if (!form) return;
  e.preventDefault();
  send(form, e.submitter);
}

let running = Promise.resolve();

function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  running = running.then(() => exchange(form, body));
  return running;
}

async function exchange(form, body) {
  tell(bench.dataset.checking);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "Desk-Part": "live" } });
    if (!answer.ok) throw new Error(answer.status);
    swap(parse(await answer.text()), form);
    if (document.querySelector("#verdict [role=alert]")) hush();
    else tell(bench.dataset.saved);
  } catch {
    tell(bench.dataset.failed, true);
  }
}

let quiet;

// tell says how it went, to eyes and to screen readers; a failure stays to be read.
function tell(text, failed = false) {
  clearTimeout(quiet);
  said.textContent = text;
  said.classList.remove("sr");
  said.classList.toggle("bad", failed);
  if (!failed) quiet = setTimeout(hush, 4000);
}

function hush() {
  said.classList.add("sr");
}

// swap puts the parts that changed in place. The form that is being filled in keeps its
// fields; only its cells' marks are renewed.
function swap(fresh, form) {
  const focused = document.activeElement?.id || document.activeElement?.name;
  const editing = form.hasAttribute("data-edit");
  for (const part of fresh.querySelectorAll("[data-live]")) {
    if (part.id === "cell-slot") {
      if (form.classList.contains("one")) refreshCell(fresh);
      continue;
    }
    const old = document.getElementById(part.id);
    if (editing && part.id === "form") remark(part);
    else old?.replaceWith(part);
  }
  mark(document.getElementById(`f${chosen}`) ? chosen : "", false);
  walkable();
  if (focused && document.activeElement === document.body) {
    (document.getElementById(focused) || document.getElementsByName(focused)[0] || document.getElementById("findings-h"))?.focus();
  }
}

function refreshCell() {
  const key = document.querySelector("#cell input[name^='c:']")?.name.slice(2);
  const link = key && document.getElementById(`c-${key}`)?.querySelector("a");
  if (link) open(link, key);
}

// remark renews the marks of cells whose inputs stay.
function remark(part) {
  for (const cell of part.querySelectorAll("td.value")) {
    const old = document.getElementById(cell.id);
    if (!old) continue;
    old.className = cell.className;
    if (cell.dataset.f) old.dataset.f = cell.dataset.f;
    else delete old.dataset.f;
    const input = old.querySelector("input");
    const next = cell.querySelector("input");
    if (input && next) {
      input.setAttribute("aria-label", next.getAttribute("aria-label"));
      input.toggleAttribute("aria-invalid", next.hasAttribute("aria-invalid"));
    }
    for (const m of old.querySelectorAll(".mark")) m.remove();
    old.append(...cell.querySelectorAll(".mark"));
  }
}

// walkable makes each table one stop of the Tab key; arrows move within it.
function walkable() {
  for (const table of document.querySelectorAll("table[data-grid]")) {
    const links = [...table.querySelectorAll("td.value a")];
    links.forEach((a, i) => { a.tabIndex = i ? -1 : 0; });
  }
}

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function keys(e) {
  if (e.altKey && !e.ctrlKey && !e.metaKey) {
    const jump = { 1: "asked-h", 2: "findings-h", 3: "sheet-h", 4: "source-h" }[e.code.replace("Digit", "")];
    if (jump) return act(e, () => to(document.getElementById(jump)));
    if (e.code === "KeyJ") return act(e, () => turn(1));
    if (e.code === "KeyK") return act(e, () => turn(-1));
    return;
  }
  if (e.key === "Escape" && document.activeElement?.closest("#cell")) return act(e, close);
  if (e.key === "Escape" && chosen !== "") return act(e, () => mark("", false));
  const cell = document.activeElement?.closest?.("table[data-grid] td.value");
  if (cell && steps[e.key] && document.activeElement.tagName === "A") act(e, () => step(cell, steps[e.key]));
}

function act(e, f) {
  e.preventDefault();
  f();
}

function to(el) {
  if (!el) return;
  if (!el.hasAttribute("tabindex")) el.tabIndex = -1;
  el.focus();
  show(el);
}

function turn(by) {
  const all = [...document.querySelectorAll(".finding [data-finding]")];
  if (!all.length) return;
  const at = all.findIndex((a) => a.dataset.finding === chosen);
  const next = all[(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length];
  mark(next.dataset.finding, true);
  next.focus({ preventScroll: true });
  show(next);
}

// step goes to the nearest value in a direction, merged cells taken as they look.
function step(from, [dx, dy]) {
  const a = from.getBoundingClientRect();
  let best = null;
  let least = Infinity;
  for (const td of from.closest("table").querySelectorAll("td.value")) {
    if (td === from) continue;
    const b = td.getBoundingClientRect();
    const x = b.left + b.width / 2 - a.left - a.width / 2;
    const y = b.top + b.height / 2 - a.top - a.height / 2;
    const along = x * dx + y * dy;
    if (along < 4) continue;
    const distance = along + 8 * Math.abs(x * dy + y * dx);
    if (distance < least) [best, least] = [td, distance];
  }
  const link = best?.querySelector("a");
  if (!link) return;
  for (const a of from.closest("table").querySelectorAll("td.value a")) a.tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
}
