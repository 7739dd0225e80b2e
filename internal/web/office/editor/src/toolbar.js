// The bar of tools: one stop for the Tab key, arrows within (the toolbar pattern of ARIA). A
// second row appears in a table.
import { el, icon, pop, ask, close } from "./dom.js";
import { search, showHits } from "./mark.js";
import { allowedLink } from "./schema.js";

const signs = ["〔", "〕", "〇", "§", "№", "《", "》", "〈", "〉", "「", "」", "【", "】", "“", "”", "—", "……", "·", "、", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "±", "×", "÷", "≤", "≥", "≈", "℃", "㎡", "‰", "￥", "□", "☑", "☒", "→", "※", "★"];

export class Toolbar {
  constructor(field, box) {
    this.field = field;
    this.box = box;
    this.buttons = [];
    const { editor } = field, run = (f) => () => f(editor.chain().focus()).run();
    this.main = this.row([
      [this.styles()],
      [this.tool("bold", run((c) => c.toggleBold()), { text: "B", on: () => editor.isActive("bold"), keys: "Ctrl+B" }),
        this.tool("italic", run((c) => c.toggleItalic()), { text: "I", on: () => editor.isActive("italic"), keys: "Ctrl+I" }),
        this.tool("underline", run((c) => c.toggleUnderline()), { text: "U", on: () => editor.isActive("underline"), keys: "Ctrl+U" }),
        this.tool("strike", run((c) => c.toggleStrike()), { text: "S", on: () => editor.isActive("strike") }),
        this.tool("sub", run((c) => c.toggleSubscript()), { text: "x₂", on: () => editor.isActive("Subscript") }),
        this.tool("sup", run((c) => c.toggleSuperscript()), { text: "x²", on: () => editor.isActive("Superscript") })],
      [this.tool("indent", () => editor.chain().focus().setIndent(!this.indented()).run(), { icon: "indent", on: () => this.indented() }),
        ...["left", "center", "right", "justify"].map((a) => this.tool(a, run((c) => c.setAlign(a === "left" ? null : a)), { icon: a, on: () => (a === "left" ? !this.align() : this.align() === a) }))],
      [this.tool("bullets", run((c) => c.toggleBulletList()), { icon: "bullets", on: () => editor.isActive("bulletList") }),
        this.tool("numbers", run((c) => c.toggleOrderedList()), { icon: "numbers", on: () => editor.isActive("orderedList") }),
        this.tool("quote", run((c) => c.toggleBlockquote()), { icon: "quote", on: () => editor.isActive("blockquote") })],
      [this.tool("table", () => this.table(), { icon: "table", off: () => editor.isActive("table") }),
        this.tool("image", () => field.uploads.choose("image/*,video/*,audio/*,.pdf,.doc,.docx,.wps,.xls,.xlsx,.et,.ppt,.pptx,.ofd,.zip"), { icon: "image", off: () => !field.uploads.url }),
        this.tool("link", () => this.link(), { icon: "link", on: () => editor.isActive("link"), keys: "Ctrl+K" }),
        this.tool("footnote", () => this.note(), { icon: "note" }),
        this.tool("rule", run((c) => c.setHorizontalRule()), { icon: "rule" }),
        this.tool("symbol", () => this.symbols(), { icon: "symbol" })],
      [this.tool("undo", run((c) => c.undo()), { icon: "undo", off: () => !editor.can().undo(), keys: "Ctrl+Z" }),
        this.tool("redo", run((c) => c.redo()), { icon: "redo", off: () => !editor.can().redo(), keys: "Ctrl+Y" }),
        this.tool("clear", () => this.clear(), { icon: "clear" }),
        this.tool("find", () => this.find(), { icon: "find", keys: "Ctrl+F" }),
        this.tool("full", () => field.full(), { icon: "full", on: () => field.frame.classList.contains("ed-full") })],
    ], "ed-row");
    const cmd = (key, f, can) => this.tool(key, () => f(editor.chain().focus()).run(), { label: true, off: can && (() => !can(editor.can())) });
    this.inTable = this.row([
      [cmd("row_above", (c) => c.addRowBefore()), cmd("row_below", (c) => c.addRowAfter()), cmd("row_delete", (c) => c.deleteRow())],
      [cmd("col_left", (c) => c.addColumnBefore()), cmd("col_right", (c) => c.addColumnAfter()), cmd("col_delete", (c) => c.deleteColumn())],
      [cmd("merge", (c) => c.mergeCells(), (c) => c.mergeCells()), cmd("split", (c) => c.splitCell(), (c) => c.splitCell())],
      [cmd("header_row", (c) => c.toggleHeaderRow()), cmd("header_col", (c) => c.toggleHeaderColumn()), this.tool("col_width", () => this.width(), { label: true }), this.tool("table_caption", () => this.caption(), { label: true })],
      [cmd("table_delete", (c) => c.deleteTable())],
    ], "ed-row ed-table-row");
    this.inTable.hidden = true;
    box.addEventListener("keydown", (e) => this.key(e));
    this.buttons[0].tabIndex = 0;
    this.refresh();
  }

  row(groups, cls) {
    const row = el("div", { class: cls }, ...groups.map((g) => el("div", { class: "ed-group" }, ...g)));
    this.box.append(row);
    return row;
  }

  tool(key, act, { icon: shape, text, label, on, off, keys } = {}) {
    const name = this.field.t(key), b = el("button", { type: "button", class: "ed-tool ed-tool-" + key, "data-tool": key, "data-keeps-pop": "", tabindex: "-1", title: keys ? name + " (" + keys + ")" : name, "aria-label": name, "aria-pressed": on ? "false" : null, onmousedown: (e) => e.preventDefault(), onclick: () => { if (b.getAttribute("aria-disabled") !== "true") act(); } }, shape ? icon(shape) : label ? el("span", {}, name) : el("span", { class: "ed-glyph", "data-glyph": text }));
    Object.assign(b, { on, off });
    this.buttons.push(b);
    return b;
  }

  // styles chooses between text and headings.
  styles() {
    const { editor, t } = this.field;
    const select = el("select", { class: "ed-style", "aria-label": t("style"), title: t("style"), tabindex: "-1", onchange: () => {
      const c = editor.chain().focus();
      (select.value === "p" ? c.setParagraph() : c.setHeading({ level: Number(select.value) })).run();
    } }, ...[["p", "style_p"], ["2", "style_2"], ["3", "style_3"], ["4", "style_4"]].map(([v, k]) => el("option", { value: v }, t(k))));
    select.sync = () => { select.value = [2, 3, 4].find((level) => editor.isActive("heading", { level })) || "p"; };
    this.buttons.push(select);
    return select;
  }

  indented() { const { editor } = this.field; return editor.isActive("paragraph", { indent: true }) || editor.isActive("heading", { indent: true }); }
  align() { const { editor } = this.field; return editor.getAttributes("paragraph").align || editor.getAttributes("heading").align; }

  refresh() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const { editor } = this.field;
      if (editor.isDestroyed) return;
      this.inTable.hidden = !editor.isActive("table");
      for (const b of this.buttons) {
        if (b.sync) b.sync();
        if (b.on) b.setAttribute("aria-pressed", String(Boolean(b.on())));
        if (b.off) b.setAttribute("aria-disabled", String(Boolean(b.off())));
      }
    });
  }

  // key moves within the bar.
  key(e) {
    const all = this.buttons.filter((b) => b.offsetParent);
    const i = all.indexOf(document.activeElement);
    if (e.key === "Escape") { this.field.focus(); return; }
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: all.length - 1 }[e.key];
    if (i < 0 || to === undefined || (document.activeElement.localName === "select" && (e.key === "Home" || e.key === "End"))) return;
    e.preventDefault();
    const next = all[(to + all.length) % all.length];
    this.buttons.forEach((b) => { b.tabIndex = b === next ? 0 : -1; });
    next.focus();
  }

  focus() { (this.buttons.find((b) => b.tabIndex === 0 && b.offsetParent) || this.buttons[0]).focus(); }
  button(key) { return this.box.querySelector(`[data-tool=${key}]`); }
  ask(key, options) { ask(this.field.frame, this.button(key), { cancel: this.field.t("cancel"), submit: this.field.t("apply"), back: () => this.field.focus(), ...options }); }

  table() {
    const { editor, t } = this.field;
    this.ask("table", {
      title: t("table"), submit: t("insert"),
      fields: [{ name: "rows", label: t("rows"), kind: "number", min: 1, max: 100, value: 3 }, { name: "cols", label: t("cols"), kind: "number", min: 1, max: 20, value: 3 }, { name: "head", label: t("header_row"), kind: "checkbox", value: true }],
      then: ({ rows, cols, head }) => {
        const r = Number(rows), c = Number(cols);
        if (!(r >= 1 && r <= 100 && c >= 1 && c <= 20)) return t("table_size");
        editor.chain().focus().insertTable({ rows: r, cols: c, withHeaderRow: head }).run();
      },
    });
  }

  width() {
    const { editor, t } = this.field, now = editor.getAttributes(editor.isActive("tableHeader") ? "tableHeader" : "tableCell").width;
    this.ask("col_width", {
      title: t("col_width"),
      fields: [{ name: "width", label: t("width_percent"), kind: "choice", value: now || "", options: [["", t("width_auto")], ...Array.from({ length: 16 }, (_, i) => [String(5 * (i + 1)), 5 * (i + 1) + "%"])] }],
      then: ({ width }) => { this.column(Number(width) || null); },
    });
  }

  // column gives every cell of the column at hand a width.
  column(width) {
    const { editor } = this.field, { $from } = editor.state.selection;
    let depth = $from.depth;
    while (depth > 0 && $from.node(depth).type.spec.tableRole !== "table") depth--;
    const start = $from.start(depth), node = $from.node(depth), here = $from.index(depth + 1), tr = editor.state.tr;
    node.forEach((row, offset) => row.forEach((cell, inRow, i) => { if (i === here && cell.attrs.colspan === 1) tr.setNodeMarkup(start + offset + 1 + inRow, null, { ...cell.attrs, width }); }));
    editor.view.dispatch(tr);
  }

  caption() {
    const { editor, t } = this.field;
    this.ask("table_caption", { title: t("table_caption"), fields: [{ name: "caption", label: t("table_caption"), value: editor.getAttributes("table").caption }], then: ({ caption }) => { editor.chain().focus().updateAttributes("table", { caption }).run(); } });
  }

  link() {
    const { editor, t } = this.field, href = editor.getAttributes("link").href || "";
    const { from, to, empty } = editor.state.selection;
    const remove = href ? [el("button", { type: "button", onclick: () => { close(); editor.chain().focus().extendMarkRange("link").unsetLink().run(); } }, t("unlink"))] : [];
    this.ask("link", {
      title: t("link"), extra: remove,
      fields: [{ name: "href", label: t("href"), value: href, hint: t("href_hint"), mode: "url" }, ...(empty && !href ? [{ name: "text", label: t("link_text") }] : [])],
      then: ({ href, text }) => {
        if (/^(www\.|[a-z0-9-]+(\.[a-z0-9-]+)+(\/|$))/i.test(href)) href = "https://" + href;
        if (!allowedLink(href)) return t("href_wrong");
        const c = editor.chain().focus();
        if (empty && !editor.isActive("link")) c.insertContent({ type: "text", text: text || href, marks: [{ type: "link", attrs: { href } }] }).unsetMark("link").run();
        else c.setTextSelection({ from, to }).extendMarkRange("link").setLink({ href }).run();
      },
    });
  }

  // note adds a footnote, or changes the one at a position.
  note(position, anchor) {
    const { editor, t, frame } = this.field, node = position === undefined ? null : editor.state.doc.nodeAt(position);
    const remove = node ? [el("button", { type: "button", onclick: () => { close(); editor.chain().focus().deleteRange({ from: position, to: position + 1 }).run(); } }, t("delete"))] : [];
    ask(frame, anchor || this.button("footnote"), {
      title: t("footnote"), submit: t("apply"), cancel: t("cancel"), extra: remove, back: () => this.field.focus(),
      fields: [{ name: "text", label: t("footnote_text"), kind: "long", value: node ? node.attrs.text : "" }],
      then: ({ text }) => {
        text = text.replace(/[ \t\r\n\f]+/g, " ").trim();
        if (!text) return t("footnote_empty");
        if (node) editor.view.dispatch(editor.state.tr.setNodeMarkup(position, null, { text }));
        else editor.chain().focus().insertContent({ type: "footnote", attrs: { text } }).run();
      },
    });
  }

  symbols() {
    const { editor, t, frame } = this.field;
    pop(frame, this.button("symbol"), t("symbol"), el("div", { class: "ed-signs" }, ...signs.map((s) => el("button", { type: "button", onclick: () => { close(); editor.chain().focus().insertContent({ type: "text", text: s }).run(); } }, s))), { back: () => this.field.focus() });
  }

  clear() {
    this.field.editor.chain().focus().unsetAllMarks().setAlign(null).run();
  }

  // find searches and replaces.
  find() {
    const { editor, t, frame } = this.field;
    let ranges = [], current = -1;
    const tally = el("span", { class: "ed-by", role: "status" });
    const wanted = el("input", { type: "text" }), instead = el("input", { type: "text" });
    const { from, to } = editor.state.selection;
    if (to > from && to - from < 60) wanted.value = editor.state.doc.textBetween(from, to, " ");
    const look = (step) => {
      ranges = search(editor.state.doc, wanted.value);
      current = ranges.length ? (current + step + ranges.length) % ranges.length : -1;
      showHits(editor, ranges, current);
      tally.textContent = wanted.value ? t("found", { n: ranges.length, i: current + 1 }) : "";
      const hit = frame.querySelector(".ed-hit.ed-current");
      if (hit) hit.scrollIntoView({ block: "center" });
    };
    const swap = (all) => {
      if (!ranges.length) return;
      const tr = editor.state.tr;
      for (const r of all ? [...ranges].reverse() : [ranges[current]]) {
        if (instead.value) tr.replaceWith(r.from, r.to, editor.schema.text(instead.value, editor.state.doc.resolve(r.from + 1).marks()));
        else tr.delete(r.from, r.to);
      }
      editor.view.dispatch(tr);
      look(0);
    };
    const button = (key, act, cls) => el("button", { type: "button", class: cls, onclick: act }, t(key));
    wanted.addEventListener("input", () => { current = 0; look(0); });
    wanted.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); look(e.shiftKey ? -1 : 1); } });
    const body = el("div", { class: "ed-form" }, el("label", { class: "ed-field" }, el("span", {}, t("find_what")), wanted), el("label", { class: "ed-field" }, el("span", {}, t("replace_with")), instead), tally,
      el("div", { class: "ed-actions" }, button("next", () => look(1), "ed-primary"), button("previous", () => look(-1)), button("replace", () => swap(false)), button("replace_all", () => swap(true)), button("close", () => close(true))));
    const box = pop(frame, this.button("find"), t("find"), body, { back: () => this.field.focus() });
    new MutationObserver((_, o) => { if (!box.isConnected) { o.disconnect(); showHits(editor, [], -1); } }).observe(frame, { childList: true });
    if (wanted.value) { current = 0; look(0); }
  }
}
