// What Word and WPS put on the clipboard, brought to what the editor keeps. The same rules
// stand in internal/richtext/paste.go, and a test holds the two against each other.
import { pending } from "./schema.js";

const reference = /^attachment:[0-9A-Za-z_-]{1,64}$/;

function styles(e) {
  const all = {};
  for (const d of (e.dataset.style || "").split(";")) {
    const at = d.indexOf(":");
    if (at > 0) all[d.slice(0, at).trim().toLowerCase()] = d.slice(at + 1).trim().replace(/\s+/g, " ").toLowerCase();
  }
  return all;
}

// cleanPaste returns HTML without the traces of the program it comes from, and the pictures
// that came with it as data.
export function cleanPaste(html) {
  const doc = new DOMParser().parseFromString(unstyled(html), "text/html");
  doc.querySelectorAll("script, style, template, noscript, iframe, object, embed, svg, math, link, meta, title, form > input, button, select, textarea").forEach((e) => e.remove());
  const notes = new Map();
  doc.body.querySelectorAll("[data-style*='mso-element']").forEach((e) => {
    const kind = styles(e)["mso-element"];
    if (kind === "footnote" || kind === "endnote") { notes.set(e.id, e); e.remove(); }
  });
  doc.body.querySelectorAll("[data-style*='mso-element']").forEach((e) => { if (/^(foot|end)note-list$/.test(styles(e)["mso-element"])) e.remove(); });
  const data = [];
  clean(doc.body, notes, data);
  lists(doc.body);
  tidy(doc.body);
  return { html: doc.body.innerHTML, data };
}

// unstyled renames style attributes before the browser sees them: under our policy it would
// report each of them.
const unstyled = (html) => html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'])style(\s*=)/gi, "$1data-style$2"));

function clean(parent, notes, data) {
  for (const e of [...parent.children]) element(e, notes, data);
}

function element(e, notes, data) {
  const s = styles(e), tag = e.localName;
  if (s["mso-list"] === "ignore") { e.dataset.ignored = ""; return; }
  if (s.display === "none" || s["mso-hide"] === "all" || s.visibility === "hidden" || tag === "del" || e.classList.contains("msoDel")) return e.remove();
  if (tag === "a" && footnote(e, s, notes)) return;
  if (tag === "img") return picture(e, data);
  clean(e, notes, data);
  listMark(e, s);
  if (/^(p|h[1-6]|div|td|th)$/.test(tag)) paragraph(e, s);
  marks(e, s);
  if (tag === "ins" || tag.includes(":") || tag === "font") e.replaceWith(...e.childNodes);
}

function footnote(a, s, notes) {
  const id = s["mso-footnote-id"] || s["mso-endnote-id"] || (/^#_?((?:ftn|edn|footnote|endnote)\d+)$/.exec(a.getAttribute("href") || "") || [])[1];
  const note = notes.get(id);
  if (!note) return false;
  notes.delete(id);
  note.querySelectorAll("a").forEach((back) => { if (/^#_?(?:ftnref|ednref|footnoteref)\d+$/.test(back.getAttribute("href") || "")) back.remove(); });
  const span = a.ownerDocument.createElement("span");
  span.className = "footnote";
  span.textContent = note.textContent.replace(/[ \t\r\n\f]+/g, " ").trim();
  a.replaceWith(span);
  return true;
}

function picture(img, data) {
  const src = img.getAttribute("src") || "";
  if (reference.test(src)) return;
  const w = parseInt(img.getAttribute("width"), 10), h = parseInt(img.getAttribute("height"), 10);
  if (w <= 3 || h <= 3) return img.remove();
  const alt = img.getAttribute("alt") || "";
  [...img.attributes].forEach((a) => img.removeAttribute(a.name));
  img.setAttribute("src", pending);
  img.setAttribute("alt", alt);
  if (w > 0 && w <= 4000) img.setAttribute("width", w);
  if (/^data:image\/(png|jpeg|gif|webp|bmp);base64,/.test(src)) {
    img.setAttribute("src", "attachment:pasting-" + data.length);
    data.push(src);
  }
}

function indents(length) {
  const m = /^(-?[\d.]+)(pt|px|em|cm|mm|in)?$/.exec(length || "");
  if (!m) return false;
  const n = parseFloat(m[1]);
  if (!m[2] || m[2] === "em") return n >= 1;
  return n * ({ cm: 28, mm: 2.8, in: 72 }[m[2]] || 1) >= 8;
}

function paragraph(e, s) {
  const classes = [];
  const align = s["text-align"] || (e.getAttribute("align") || "").toLowerCase();
  if (align === "center" || align === "right") classes.push("align-" + align);
  const tag = e.localName;
  if (tag === "td" || tag === "th") {
    const w = /^(\d+)%$/.exec(s.width || e.getAttribute("width") || "");
    if (w && +w[1] <= 100) classes.push("w-" + Math.max(5, Math.floor((+w[1] + 2) / 5) * 5));
  } else if (tag !== "div" && (indents(s["text-indent"]) || indents(s["mso-char-indent-count"]) || e.classList.contains("indent") || dropLeading(e))) {
    classes.push("indent");
  }
  e.className = classes.join(" ");
  if (align !== "justify") e.removeAttribute("align");
}

// Two or more ideographic spaces at the beginning were typed for the indent.
function dropLeading(e) {
  const walker = e.ownerDocument.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  for (let t = walker.nextNode(); t; t = walker.nextNode()) {
    const text = t.data.replace(/^[ \t\r\n]+/, "");
    if (!text) continue;
    const rest = text.replace(/^[　\u00a0 ]+/, "");
    const blanks = text.slice(0, text.length - rest.length);
    if ((blanks.match(/　/g) || []).length < 2 && (blanks.match(/\u00a0/g) || []).length < 4) return false;
    if (!rest && e.textContent.trim() === "") return false;
    t.data = rest;
    return true;
  }
  return false;
}

function marks(e, s) {
  const tag = e.localName;
  if (/^(td|th|table|tr|tbody|thead|body)$/.test(tag)) return;
  const wrap = [];
  const w = s["font-weight"] || "", heading = /^h[1-6]$/.test(tag);
  if (!heading && (/^bold/.test(w) || parseInt(w, 10) >= 600)) wrap.push("strong");
  if (/^italic/.test(s["font-style"] || "")) wrap.push("em");
  const line = (s["text-decoration"] || "") + " " + (s["text-decoration-line"] || "");
  if (line.includes("underline") && tag !== "a") wrap.push("u");
  if (line.includes("line-through")) wrap.push("s");
  if (tag === "span" && (s["vertical-align"] === "sub" || s["vertical-align"] === "super")) wrap.push(s["vertical-align"] === "sub" ? "sub" : "sup");
  delete e.dataset.style;
  for (const t of wrap) {
    const inner = e.ownerDocument.createElement(t);
    inner.append(...e.childNodes);
    e.append(inner);
  }
  if ((tag === "b" || tag === "strong") && (w === "normal" || w === "400")) e.replaceWith(...e.childNodes);
}

function listMark(e, s) {
  const m = /\bl(\d+) level(\d+)/.exec(s["mso-list"] || "");
  if (!m) return;
  let label = "";
  e.querySelectorAll("[data-ignored]").forEach((x) => { label += x.textContent; x.remove(); });
  e.dataset.depth = m[2];
  e.dataset.label = label.replace(/\u00a0/g, " ").trim();
}

function numbered(label) {
  let m = /^[(（]?(\d{1,4})[.．、)）]?$/.exec(label);
  if (m) return { tag: "ol", start: +m[1] };
  m = /^[(（]?([A-Za-z])[.．、)）]$/.exec(label);
  if (m) return { tag: "ol", type: m[1] >= "a" ? "a" : "A", start: m[1].toLowerCase().charCodeAt(0) - 96 };
  if (/[0-9\u2460-\u24ff]/.test(label) || [...label].some((c) => c >= "\u3000" && !(c >= "\ue000" && c <= "\uf8ff"))) return { tag: "" };
  return { tag: "ul" };
}

function lists(parent) {
  for (let e = parent.firstElementChild; e; e = e.nextElementSibling) {
    if (e.dataset.depth === undefined) lists(e);
    else e = list(e);
  }
}

function list(first) {
  const open = [];
  let last = first;
  for (let e = first; e && e.dataset.depth !== undefined;) {
    const next = e.nextElementSibling;
    const { tag, type, start } = numbered(e.dataset.label);
    if (!tag || e.localName !== "p") {
      if (e !== first) break;
      const label = e.dataset.label;
      e.prepend(label && label.charCodeAt(label.length - 1) < 0x2e80 ? label + " " : label);
      delete e.dataset.depth;
      return e;
    }
    const depth = +e.dataset.depth;
    while (open.length && open[open.length - 1].depth > depth) open.pop();
    const top = open[open.length - 1];
    if (top && top.depth === depth && (top.list.localName !== tag || top.next !== start)) open.pop();
    if (!open.length || open[open.length - 1].depth < depth) {
      const l = e.ownerDocument.createElement(tag);
      if (type) l.setAttribute("type", type);
      if (start > 1) l.setAttribute("start", start);
      if (open.length) open[open.length - 1].list.lastElementChild.append(l);
      else { e.before(l); last = l; }
      open.push({ list: l, depth, next: start });
    }
    const item = e.ownerDocument.createElement("li");
    delete e.dataset.depth;
    delete e.dataset.label;
    e.className = "";
    open[open.length - 1].list.append(item);
    if (tag === "ol") open[open.length - 1].next = start + 1;
    item.append(e);
    e = next;
  }
  return last;
}

function tidy(body) {
  body.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach((h) => {
    const bold = [...h.querySelectorAll("b, strong")];
    if (bold.length && bold.reduce((n, b) => n + b.textContent.length, 0) >= h.textContent.trim().length) bold.forEach((b) => b.replaceWith(...b.childNodes));
  });
  body.querySelectorAll("div, section, article, center").forEach((d) => d.replaceWith(...d.childNodes));
  let before = true;
  for (const e of [...body.children]) {
    const empty = /^(p|h[1-6])$/.test(e.localName) && e.textContent.trim() === "" && !e.querySelector("img, .footnote");
    if (empty && before) e.remove();
    else if (empty) e.textContent = "";
    before = empty;
  }
  for (let e = body.lastElementChild; e && e.localName === "p" && e.textContent === "" && !e.firstElementChild; e = body.lastElementChild) e.remove();
}
