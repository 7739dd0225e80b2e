// Turns every <textarea data-editor> into a rich-text field. Without script the textarea
// works as it is. All wording comes from the page (data-labels), all marks from data or from
// the object this leaves at textarea.editor. docs/editor.md says which attributes there are.
import { Editor } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { el, close, pop, ask } from "./dom.js";
import { Marks, at, place, placed } from "./mark.js";
import { count, offsets, textMap } from "./place.js";
import { cleanPaste } from "./paste.js";
import { Saver } from "./save.js";
import { extensions, pending } from "./schema.js";
import { Toolbar } from "./toolbar.js";
import { Uploads, views } from "./upload.js";

const json = (text, fallback) => { try { return (text && JSON.parse(text)) || fallback; } catch { return fallback; } };

class Field {
  constructor(textarea) {
    const d = textarea.dataset;
    this.textarea = textarea;
    this.form = textarea.form;
    this.labels = json(d.labels, {});
    this.t = (key, values = {}) => Object.entries(values).reduce((s, [k, v]) => s.replaceAll("{" + k + "}", v), this.labels[key] || key);
    this.address = (id) => (d.attachmentUrl || "").replace(/\{id\}|%7Bid%7D/i, encodeURIComponent(id)); // templates write braces of an address as %7B
    this.readonly = d.readonly !== undefined || textarea.readOnly || textarea.disabled;
    this.uploads = new Uploads(this, d.uploadUrl);
    this.build();
    this.editor = this.start();
    this.remember();
    if (!this.readonly) {
      this.toolbar = new Toolbar(this, this.tools);
      this.saver = new Saver({ url: d.autosaveUrl, form: this.form, textarea, sync: () => this.sync(), show: (s, x) => this.saved(s, x), t: this.t, compare: d.compareUrl });
      if (this.form) {
        this.form.addEventListener("submit", () => this.sync());
        this.form.addEventListener("formdata", (e) => { this.sync(); e.formData.set(textarea.name, textarea.value); });
      }
    }
    this.setFindings(json(d.findings, []));
    this.setRemarks(json(d.remarks, []));
    this.status();
  }

  // build puts the frame in the place of the textarea, which stays in the form, unseen.
  build() {
    const label = this.textarea.labels && this.textarea.labels[0];
    this.name = this.textarea.getAttribute("aria-label") || (label ? label.textContent.trim() : this.t("text"));
    this.tools = el("div", { class: "ed-tools", role: "toolbar", "aria-label": this.t("toolbar") });
    this.mount = el("div", { class: "ed-paper" });
    this.counted = el("span", { class: "ed-count" });
    this.found = el("button", { type: "button", class: "ed-found", hidden: true, title: this.t("next_finding") + " (F8)", onclick: () => this.next(1) });
    this.state = el("span", { class: "ed-state", role: "status", "aria-live": "polite" });
    this.frame = el("div", { class: "ed" + (this.readonly ? " ed-readonly" : "") }, this.readonly ? null : this.tools, this.mount, el("div", { class: "ed-status" }, this.counted, this.found, this.state));
    this.textarea.after(this.frame);
    this.textarea.hidden = true;
    this.textarea.required = false; // a field nobody sees cannot be asked for; the server asks
    if (label) label.addEventListener("click", (e) => { e.preventDefault(); this.editor.commands.focus(); });
    this.frame.addEventListener("keydown", (e) => this.key(e));
  }

  start() {
    const { figure, inline } = views(this);
    return new Editor({
      element: this.mount,
      content: this.textarea.value,
      editable: !this.readonly,
      injectCSS: false,
      extensions: [...extensions({ placeholder: this.textarea.placeholder || "", view: figure, inline }), Marks],
      parseOptions: { preserveWhitespace: false },
      editorProps: {
        attributes: { class: "ed-text", role: "textbox", "aria-multiline": "true", "aria-label": this.name, spellcheck: "false", ...(this.readonly ? { tabindex: "0", "aria-readonly": "true" } : {}) },
        transformPastedHTML: (html) => this.pasted(html),
        clipboardTextParser: (text, context, plain, view) => plainParagraphs(text, view.state.schema),
        handlePaste: (view, e) => this.files(e.clipboardData, null, e),
        handleDrop: (view, e, slice, moved) => !moved && this.files(e.dataTransfer, view.posAtCoords({ left: e.clientX, top: e.clientY }), e),
        handleClick: (view, position, e) => this.clicked(position, e),
        handleDOMEvents: { click: (v, e) => { if (e.target.closest("a")) e.preventDefault(); return false; }, mouseup: () => { setTimeout(() => this.selected(), 0); return false; }, keyup: (v, e) => { if (e.shiftKey) this.selected(); return false; } },
      },
      onUpdate: ({ transaction }) => { if (transaction.docChanged && this.saver) { this.touched = true; this.saver.changed(); this.status(); } },
      onTransaction: () => this.toolbar && this.toolbar.refresh(),
    });
  }

  remember() { this.textarea.editor = this; }

  // html returns the text as it is stored.
  html() {
    const { doc } = this.editor.state;
    return doc.childCount === 1 && doc.firstChild.type.name === "paragraph" && doc.firstChild.childCount === 0 ? "" : this.editor.getHTML();
  }

  // sync writes the text back into the textarea, unless nothing was changed.
  sync() { if (this.touched) this.textarea.value = this.html(); }

  focus() { this.editor.commands.focus(); }

  pasted(html) {
    const { html: clean, data } = cleanPaste(html);
    if (data.length) setTimeout(() => this.uploads.data(data), 0);
    return clean;
  }

  // files takes files that were dropped or pasted. Word sends a picture of a text along with
  // it: where there is HTML that has words, files are not looked at.
  files(transfer, where, event) {
    const files = [...(transfer ? transfer.files : [])];
    if (!files.length || this.readonly) return false;
    const html = transfer.getData("text/html");
    if (html && !/^\s*(<meta[^>]*>)?\s*<img[^>]*>\s*$/i.test(html.replace(/<\/?(html|body)[^>]*>|<!--(Start|End)Fragment-->/gi, ""))) return false;
    event.preventDefault();
    if (where) this.editor.commands.setTextSelection(where.pos);
    this.uploads.offer(files);
    return true;
  }

  key(e) {
    const mod = e.ctrlKey || e.metaKey;
    if (e.key === "F8") { e.preventDefault(); this.next(e.shiftKey ? -1 : 1); }
    else if (this.readonly) return;
    else if (mod && !e.shiftKey && e.key.toLowerCase() === "f") { e.preventDefault(); this.toolbar.find(); }
    else if (mod && e.key.toLowerCase() === "k") { e.preventDefault(); this.toolbar.link(); }
    else if (mod && e.key.toLowerCase() === "s") { e.preventDefault(); this.saver.dirty = this.saver.dirty || this.touched; this.saver.save(); }
    else if (e.key === "Escape" && this.frame.classList.contains("ed-full")) { e.preventDefault(); this.full(false); }
    else if (e.key === "Escape" && this.mount.contains(e.target)) { e.preventDefault(); this.toolbar.focus(); }
  }

  full(on = !this.frame.classList.contains("ed-full")) {
    this.frame.classList.toggle("ed-full", on);
    document.documentElement.classList.toggle("ed-behind", on);
    this.toolbar.refresh();
    this.editor.commands.focus();
  }

  status() {
    clearTimeout(this.counting);
    this.counting = setTimeout(() => {
      this.counted.textContent = this.t("count", { n: count(this.editor.state.doc) });
      this.tally();
    }, this.counting ? 300 : 0);
  }

  tally() {
    const n = new Set(placed(this.editor, "findings").map((d) => d.spec.thing.id)).size + new Set(placed(this.editor, "remarks").filter((d) => !d.spec.thing.done).map((d) => d.spec.thing.id)).size;
    this.found.hidden = n === 0;
    this.found.textContent = this.t("findings", { n });
  }

  saved(state, { message, compare, at: when }) {
    this.state.className = "ed-state ed-is-" + state;
    this.state.replaceChildren(message || this.t("state_" + state, { at: when || "" }));
    if (state === "conflict" && compare) this.state.append(" ", el("a", { href: compare, target: "_blank", rel: "noopener" }, this.t("compare")));
    this.tell("state", { state });
  }

  tell(name, detail) { this.textarea.dispatchEvent(new CustomEvent("editor:" + name, { bubbles: true, detail })); }

  // setFindings marks findings: {from, to, quote, message, fix, level}, with places in the
  // plain text. Those whose words are gone are returned.
  setFindings(list) { return this.set("findings", list); }

  // setRemarks marks reviewers' remarks: {id, from, to, quote, text, by, at, done}.
  setRemarks(list) { return this.set("remarks", list); }

  set(kind, list) {
    this[kind] = list.map((thing, i) => ({ id: String(i), ...thing, key: i }));
    const lost = place(this.editor, kind, this[kind]);
    this.tally();
    return lost;
  }

  clicked(position, event) {
    const node = this.editor.state.doc.nodeAt(position);
    const note = event.target.closest && event.target.closest("[data-note]");
    if (note && !this.readonly) { this.toolbar.note(this.editor.view.posAtDOM(note, 0), note); return true; }
    const d = at(this.editor, position);
    if (d) { this.show(d); return false; }
    if (node && event.target.closest("a") && (this.readonly || event.ctrlKey || event.metaKey)) {
      const href = event.target.closest("a").getAttribute("href");
      window.open(href.startsWith("attachment:") ? this.address(href.slice(11)) : href, "_blank", "noopener");
    }
    return false;
  }

  // next goes to the next finding or remark and shows it.
  next(step) {
    const all = [...placed(this.editor, "findings"), ...placed(this.editor, "remarks")].sort((a, b) => a.from - b.from);
    if (!all.length) return;
    const here = this.last ?? (step > 0 ? -1 : Infinity);
    const d = step > 0 ? all.find((x) => x.from > here) || all[0] : [...all].reverse().find((x) => x.from < here) || all[all.length - 1];
    this.last = d.from;
    const dom = this.editor.view.domAtPos(d.from + 1).node;
    (dom.nodeType === 1 ? dom : dom.parentElement).scrollIntoView({ block: "center" });
    this.show(d);
  }

  show(d) {
    const { thing, kind } = d.spec;
    const back = () => this.editor.commands.focus();
    const a = this.editor.view.coordsAtPos(d.from), b = this.editor.view.coordsAtPos(d.to);
    const rect = { left: a.left, top: a.top, bottom: b.bottom };
    const body = kind === "remarks"
      ? el("div", { class: "ed-card" }, el("p", { class: "ed-by" }, [thing.by, thing.at].filter(Boolean).join(" · ")), el("p", {}, thing.text))
      : el("div", { class: "ed-card" }, el("p", {}, thing.message), thing.cite ? el("p", { class: "ed-by" }, thing.cite) : null);
    const actions = el("div", { class: "ed-actions" });
    if (kind === "findings" && typeof thing.fix === "string" && !this.readonly) {
      actions.append(el("button", { type: "button", class: "ed-primary", onclick: () => this.fix(d) }, thing.fix === "" ? this.t("fix_delete") : this.t("fix", { text: thing.fix })));
    }
    actions.append(el("button", { type: "button", onclick: () => { close(); this.next(1); } }, this.t("next")), el("button", { type: "button", onclick: () => close(true) }, this.t("close")));
    body.append(actions);
    pop(this.frame, rect, kind === "remarks" ? this.t("remark") : this.t("finding"), body, { back });
  }

  // fix puts what a finding proposes in the place of what it found.
  fix(d) {
    const now = placed(this.editor, "findings").filter((x) => x.spec.thing.key === d.spec.thing.key);
    close();
    if (!now.length) return;
    const { state } = this.editor;
    const from = now[0].from, to = now[now.length - 1].to;
    const tr = state.tr;
    if (d.spec.thing.fix) tr.replaceWith(from, to, state.schema.text(d.spec.thing.fix, state.doc.resolve(from).marksAcross(state.doc.resolve(to)) || []));
    else tr.delete(from, to);
    this.editor.view.dispatch(tr.scrollIntoView());
    const rest = placed(this.editor, "findings").filter((x) => x.spec.thing.key !== d.spec.thing.key);
    this.findings = this.findings.filter((f) => f.key !== d.spec.thing.key);
    const keep = new Set(rest.map((x) => x.spec.thing.key));
    place(this.editor, "findings", this.findings.filter((f) => keep.has(f.key)).map((f) => {
      const x = rest.find((r) => r.spec.thing.key === f.key);
      return { ...f, ...(offsets(this.editor.state.doc, x.from, x.to) || {}) };
    }));
    this.tally();
    this.tell("fixed", { finding: d.spec.thing });
    this.editor.commands.focus();
  }

  // selected offers a remark on what a reviewer selected.
  selected() {
    if (!this.readonly || this.textarea.dataset.remark === undefined) return;
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !this.mount.contains(selection.anchorNode) || !this.mount.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0), view = this.editor.view;
    const where = offsets(this.editor.state.doc, view.posAtDOM(range.startContainer, range.startOffset), view.posAtDOM(range.endContainer, range.endOffset));
    if (!where || !where.quote.trim()) return;
    const rect = range.getBoundingClientRect();
    const back = () => this.editor.view.dom.focus();
    pop(this.frame, rect, this.t("remark_here"), el("button", { type: "button", class: "ed-primary", onclick: () => this.remark(where, rect, back) }, this.t("remark_here")), { focus: false, back });
  }

  remark(where, rect, back) {
    ask(this.frame, rect, {
      title: this.t("remark_on", { quote: where.quote.length > 24 ? where.quote.slice(0, 23) + "…" : where.quote }),
      fields: [{ name: "text", label: this.t("remark"), kind: "long" }],
      submit: this.t("remark_add"), cancel: this.t("cancel"), back,
      then: ({ text }) => {
        if (!text) return this.t("remark_empty");
        this.keep({ ...where, text });
      },
    });
  }

  // keep posts a remark, where the page says to, and marks it.
  async keep(remark) {
    const url = this.textarea.dataset.remarkUrl;
    let kept = { id: "new-" + this.remarks.length, ...remark };
    if (url) {
      try {
        const token = this.form && this.form.elements.namedItem("token");
        const r = await fetch(url, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json", ...(token ? { "X-Form-Token": token.value } : {}) }, body: new URLSearchParams({ ...remark, ...(token ? { token: token.value } : {}) }) });
        const answer = await r.json();
        if (!r.ok) throw new Error(answer.message);
        kept = { ...kept, ...answer };
      } catch (e) {
        this.state.textContent = e.message || this.t("state_offline");
        return;
      }
    }
    this.setRemarks([...this.remarks, kept]);
    this.tell("remark", kept);
  }
}

// plainParagraphs makes a paragraph of each line of plain text; two ideographic spaces are
// an indent.
function plainParagraphs(text, schema) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").filter((l, i, all) => l.trim() || (all[i - 1] || "").trim());
  const nodes = lines.map((line) => {
    const rest = line.replace(/^[　\u00a0 ]+/, "");
    const indent = (line.slice(0, line.length - rest.length).match(/　/g) || []).length >= 2;
    return schema.nodes.paragraph.create({ indent }, rest.trim() ? schema.text(rest.trimEnd()) : null);
  });
  return new Slice(Fragment.from(nodes), 1, 1);
}

function mountAll(root = document) {
  for (const textarea of root.querySelectorAll("textarea[data-editor]")) if (!textarea.editor) new Field(textarea);
}
window.gongkaiEditor = { mount: mountAll, pending, textMap };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => mountAll());
else mountAll();
