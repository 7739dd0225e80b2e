// One report: findings light up their places without reloading, decisions are saved and
// checked in place, arrow keys walk the tables. Everything works without it.
const bench = document.querySelector("[data-bench]");
const said = document.getElementById("said");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let chosen = "";

if (bench) {
  chosen = document.querySelector("[data-finding][aria-current]")?.dataset.finding ?? "";
  document.addEventListener("click", follow);
  document.addEventListener("pointerdown", point);
  document.addEventListener("pointercancel", () => { pointed = null; });
  document.addEventListener("click", pick);
  document.addEventListener("input", own);
  document.addEventListener("change", edit);
  document.addEventListener("submit", save);
  document.addEventListener("keydown", keys);
  walkable();
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
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

// begin puts a person who came to a rejected entry, or to edit, where that is.
function begin() {
  const field = document.querySelector("[aria-invalid]");
  if (field) return to(field);
  if (location.hash !== "#first-table") return;
  document.querySelector("[data-edit] td.value input")?.focus({ preventScroll: true });
  document.getElementById("first-table")?.scrollIntoView({ block: "start", behavior: "instant" });
}

// A reading is saved at once when a pointer picks it. The arrow keys, which choose radio
// buttons as they move, save nothing: Enter or the button does.
let pointed = null;

function point(e) {
  pointed = e.target.closest(".question .option");
}

function pick(e) {
  if (!e.target.matches?.(".question input[type=radio]")) return;
  const by = pointed;
  pointed = null;
  if (by === null || by !== e.target.closest(".option")) return;
  if (e.target.value === "free") e.target.closest(".question").querySelector(".free input[type=text]")?.focus();
  else one(e.target.closest(".question"));
}

// own chooses 自行填写 as soon as something is filled in there; it is saved with the button
// or Enter, when all of it is there.
function own(e) {
  const free = e.target.closest(".question .free");
  if (free) free.previousElementSibling.querySelector("input[type=radio]").checked = true;
}

// edit checks a value of the edited form when its field is left.
function edit(e) {
  const form = e.target.closest("form[data-edit]");
  if (form) send(form, new FormData(form), -1);
}

function save(e) {
  const form = e.target.closest("form[data-settle]");
  if (!form) return;
  e.preventDefault();
  if (e.submitter?.hasAttribute("data-one")) one(document.activeElement.closest(".question") ?? e.submitter.closest(".question"));
  else send(form, new FormData(form, e.submitter));
}

// one saves one question's answer and no other. Enter in any field presses the form's first
// button, so the field that has the focus says which question it is.
function one(question) {
  const form = question.closest("form");
  const all = [...form.querySelectorAll(".question")];
  const data = new FormData();
  for (const input of question.querySelectorAll("input")) {
    if (input.type === "text" || input.checked) data.append(input.name, input.value);
  }
  send(form, data, all.indexOf(question));
}

let running = Promise.resolve();

function send(form, data, at = 0) {
  const body = new URLSearchParams(data);
  running = running.then(() => exchange(form, body, at));
  return running;
}

async function exchange(form, body, at) {
  tell(bench.dataset.checking);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "Desk-Part": "live" } });
    if (!answer.ok) throw new Error(answer.status);
    swap(parse(await answer.text()), form, body);
    const { said: text, outcome } = document.getElementById("verdict").dataset;
    const field = [...document.querySelectorAll("[aria-invalid]")].find((x) => body.has(x.name));
    tell(text, field !== undefined);
    if (field && at >= 0) to(field);
    else if (outcome === "saved" && form.closest("#asked")) next(at);
  } catch {
    tell(bench.dataset.failed, true, true);
  }
}

// next goes on with the question that now stands where the answered one was, or when none
// is left with the findings.
function next(at) {
  const open = [...document.querySelectorAll("#asked .question")];
  const question = open[at] ?? open[0];
  if (!question) return to(document.getElementById("findings-h"));
  question.querySelector("input[type=radio]").focus({ preventScroll: true });
  show(question);
}

let quiet;

// tell says how it went, to eyes and to screen readers; that the server was not reached
// stays to be read.
function tell(text, bad = false, stays = false) {
  clearTimeout(quiet);
  said.textContent = text;
  said.classList.remove("sr");
  said.classList.toggle("bad", bad);
  if (!stays) quiet = setTimeout(hush, 4000);
}

function hush() {
  said.classList.add("sr");
}

// swap puts the parts that changed in place. The form that is being filled in keeps its
// fields; only its cells' marks are renewed. Questions that were not sent keep what is
// chosen and typed there.
function swap(fresh, form, body) {
  const focused = document.activeElement?.id || document.activeElement?.name;
  const editing = form.hasAttribute("data-edit");
  const kept = filled();
  for (const part of fresh.querySelectorAll("[data-live]")) {
    if (part.id === "cell-slot") {
      if (form.closest("#cell")) slot(part);
      continue;
    }
    const old = document.getElementById(part.id);
    if (editing && part.id === "form") remark(part);
    else old?.replaceWith(part);
  }
  fill(kept, body);
  mark(document.getElementById(`f${chosen}`) ? chosen : "", false);
  walkable();
  if (focused && document.activeElement === document.body) {
    (document.getElementById(focused) || document.getElementsByName(focused)[0] || document.getElementById("findings-h"))?.focus();
  }
}

// filled reads what stands in the questions.
function filled() {
  return [...document.querySelectorAll("#asked .question input")].map((x) => [x.name, x.value, x.checked, x.type]);
}

// fill writes it back, but for what was just sent.
function fill(kept, sent) {
  for (const [name, value, checked, type] of kept) {
    if (sent.has(name)) continue;
    for (const x of document.getElementsByName(name)) {
      if (type === "text") x.value = value;
      else if (x.value === value) x.checked = checked;
    }
  }
}

// slot renews the value whose origin is shown; a rejected entry stands there to be mended.
function slot(part) {
  if (part.querySelector("[aria-invalid]")) document.getElementById("cell-slot").replaceChildren(...part.childNodes);
  else refreshCell();
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
      if (next.hasAttribute("aria-describedby")) input.setAttribute("aria-describedby", next.getAttribute("aria-describedby"));
      else input.removeAttribute("aria-describedby");
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
