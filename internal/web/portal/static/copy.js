// What a copy of the portal does in the browser, because its server only sends files: large print
// and the search over titles, numbers, issuers and summaries.

const root = new URL("../", import.meta.url);

// Large print: kept in this browser, nowhere else.
const sizes = document.querySelector(".sizes");
function size(large) {
  if (large) document.documentElement.dataset.size = "large";
  else delete document.documentElement.dataset.size;
}
function remembered() {
  try { return localStorage.getItem("size") === "large"; } catch { return false; }
}
size(remembered());
if (sizes) {
  const button = document.createElement("button");
  button.type = "button";
  const show = () => { button.textContent = remembered() ? sizes.dataset.usual : sizes.dataset.large; };
  button.addEventListener("click", () => {
    const large = !remembered();
    try { localStorage.setItem("size", large ? "large" : ""); } catch { /* the choice holds for this page */ }
    size(large);
    show();
  });
  show();
  sizes.append(button);
}

// The same words as the program makes: pairs of Chinese characters, runs of letters and numbers.
function tokens(text) {
  const all = new Set();
  for (const run of text.toLowerCase().match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? []) {
    const chars = [...run];
    if (!/\p{Script=Han}/u.test(chars[0])) {
      all.add(run);
      continue;
    }
    for (let i = 0; i + 1 < chars.length; i++) all.add(chars[i] + chars[i + 1]);
  }
  return [...all];
}

function shard(word) {
  let h = 0;
  for (const c of word) h = (Math.imul(h, 31) + c.codePointAt(0)) >>> 0;
  return (h % 256).toString(16).padStart(2, "0");
}

async function load(name) {
  const answer = await fetch(new URL("_search/" + name, root));
  if (!answer.ok) throw new Error(name);
  return answer.json();
}

// numbersOf returns the documents that have a word, by number.
async function numbersOf(word) {
  const differences = (await load("t/" + shard(word) + ".json"))[word] ?? [];
  let at = 0;
  return differences.map((d) => (at += d));
}

async function search(text) {
  const lists = await Promise.all(tokens(text).map(numbersOf));
  if (lists.length === 0) return null;
  lists.sort((a, b) => a.length - b.length);
  const others = lists.slice(1).map((l) => new Set(l));
  const hits = lists[0].filter((n) => others.every((o) => o.has(n))).reverse();
  const { piece } = await load("about.json");
  const pieces = new Map();
  const shown = [];
  for (const n of hits.slice(0, 200)) {
    const p = Math.floor(n / piece);
    if (!pieces.has(p)) pieces.set(p, load("d/" + p + ".json"));
    shown.push((await pieces.get(p))[n % piece]);
  }
  const inTitle = (e) => e[1].includes(text);
  return { total: hits.length, shown: [...shown.filter(inTitle), ...shown.filter((e) => !inTitle(e))] };
}

function add(parent, tag, text, kind) {
  const e = parent.appendChild(document.createElement(tag));
  if (text) e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

const found = document.getElementById("found");
const asked = new URLSearchParams(location.search).get("q")?.trim();
if (found && asked) {
  document.getElementById("q").value = asked;
  try {
    const r = await search(asked);
    if (!r) add(found, "p", found.dataset.short);
    else if (r.total === 0) add(found, "h2", found.dataset.none);
    else {
      add(found, "h2", found.dataset.some.replace("#", String(r.total)), "total");
      const list = add(found, "ol", "", "hits");
      for (const [href, title, body, day, number, summary] of r.shown) {
        const item = add(list, "li");
        add(add(item, "h3"), "a", title).href = href;
        if (summary) add(item, "p", summary);
        const of = add(item, "p", "", "of");
        if (body) add(of, "span", body);
        if (number) add(of, "span", number);
        add(of, "time", day);
      }
    }
  } catch {
    add(found, "p", found.dataset.failed);
  }
}
