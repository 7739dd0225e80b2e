// Pictures and files: sending them, asking for the alternative text, showing them.
import { NodeSelection } from "@tiptap/pm/state";
import { el, ask } from "./dom.js";
import { pending } from "./schema.js";

export class Uploads {
  constructor(field, url) {
    this.field = field;
    this.url = url;
  }

  // choose opens the browser's dialog.
  choose(accept, then) {
    const input = el("input", { type: "file", accept, hidden: true, multiple: then ? false : true, onchange: () => { const files = [...input.files]; input.remove(); if (files.length) then ? then(files[0]) : this.offer(files); } });
    this.field.frame.append(input);
    input.click();
  }

  // offer asks for the words of each picture and inserts the files, one after another.
  async offer(files) {
    for (const file of files) {
      if (file.type.startsWith("image/")) await this.words(file.name);
      const words = this.answer || {};
      this.answer = null;
      if (words.cancelled) continue;
      const kept = await this.send(file);
      if (kept) this.insert(file, kept, words);
    }
  }

  // words asks what a picture shows.
  words(name, value = {}) {
    const { t, frame, tools } = this.field;
    return new Promise((done) => {
      let said = false;
      ask(frame, tools.querySelector("[data-tool=image]") || tools, {
        title: t("image_title", { name }),
        fields: [{ name: "alt", label: t("alt"), hint: t("alt_hint"), value: value.alt }, { name: "caption", label: t("caption"), value: value.caption }],
        submit: t("insert"), cancel: t("cancel"), back: () => this.field.focus(),
        gone: () => { if (!said) { this.answer = { cancelled: true }; done(); } },
        then: (v) => {
          if (!v.alt) return t("alt_missing");
          said = true;
          this.answer = v;
          done();
        },
      });
    });
  }

  // send posts a file and returns {id, url, name}, or nothing and says why.
  async send(file) {
    const { t, form, state } = this.field;
    state.className = "ed-state ed-is-saving";
    state.textContent = t("uploading", { name: file.name || "" });
    const body = new FormData(), token = form && form.elements.namedItem("token");
    if (token) body.append("token", token.value);
    body.append("file", file, file.name || "image.png");
    try {
      const r = await fetch(this.url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", ...(token ? { "X-Form-Token": token.value } : {}) } });
      const answer = await r.json().catch(() => ({}));
      if (!r.ok || !answer.id) throw new Error(answer.message || "");
      state.textContent = t("uploaded", { name: answer.name || file.name });
      return answer;
    } catch (e) {
      state.className = "ed-state ed-is-offline";
      state.textContent = e.message || t("upload_failed", { name: file.name || "" });
    }
  }

  insert(file, kept, { alt = "", caption = "" }) {
    const { editor } = this.field, name = kept.name || file.name, src = "attachment:" + kept.id;
    const tag = /^(video|audio)\//.test(file.type) ? file.type.slice(0, 5) : file.type.startsWith("image/") ? "img" : "";
    if (!tag) {
      editor.chain().focus().insertContent([{ type: "text", text: name, marks: [{ type: "link", attrs: { href: src } }] }, { type: "text", text: " " }]).run();
      return;
    }
    editor.chain().focus().insertContent({ type: "figure", attrs: { tag, src, alt: alt || name }, content: caption ? [{ type: "text", text: caption }] : [] }).run();
  }

  // data sends the pictures that were pasted as data and puts them in their places.
  async data(all) {
    for (let i = 0; i < all.length; i++) {
      const [head, bytes] = all[i].split(",");
      const raw = atob(bytes), buffer = new Uint8Array(raw.length);
      for (let k = 0; k < raw.length; k++) buffer[k] = raw.charCodeAt(k);
      const type = /^data:([^;]+)/.exec(head)[1];
      const kept = this.url && await this.send(new File([buffer], "image-" + (i + 1) + "." + type.slice(6), { type }));
      this.swap("attachment:pasting-" + i, kept ? "attachment:" + kept.id : pending);
    }
  }

  // swap puts another attachment where one is shown.
  swap(from, to, more = {}) {
    const { editor } = this.field, tr = editor.state.tr;
    editor.state.doc.descendants((node, position) => { if (node.attrs.src === from) tr.setNodeMarkup(position, null, { ...node.attrs, src: to, ...more }); });
    editor.view.dispatch(tr);
  }

  // fill uploads a picture into a place that was kept for it.
  fill(position) {
    this.choose("image/*", async (file) => {
      const { editor } = this.field, node = editor.state.doc.nodeAt(position);
      await this.words(file.name, { alt: node.attrs.alt });
      const words = this.answer || {};
      this.answer = null;
      const kept = words.cancelled ? null : await this.send(file);
      const now = editor.state.doc.nodeAt(position);
      if (kept && now && now.attrs.src === pending) editor.view.dispatch(editor.state.tr.setNodeMarkup(position, null, { ...now.attrs, src: "attachment:" + kept.id, alt: words.alt }));
    });
  }

  // describe changes the words of a picture.
  describe(position, anchor) {
    const { editor, t, frame } = this.field, node = editor.state.doc.nodeAt(position);
    ask(frame, anchor, {
      title: t("image_words"),
      fields: [{ name: "alt", label: t("alt"), hint: t("alt_hint"), value: node.attrs.alt }, { name: "width", label: t("width_px"), kind: "number", min: 20, max: 4000, value: node.attrs.width }],
      submit: t("apply"), cancel: t("cancel"),
      then: ({ alt, width }) => {
        if (!alt && node.attrs.tag === "img") return t("alt_missing");
        editor.view.dispatch(editor.state.tr.setNodeMarkup(position, null, { ...node.attrs, alt, width: Number(width) || null }));
      },
    });
  }
}

// views shows pictures, films and sounds: none of them is ever loaded by the address that is
// stored.
export function views(field) {
  const medium = (node, getPos) => {
    const { t } = field, { tag, src, alt, width } = node.attrs;
    const describe = (e) => { if (!field.readonly) field.uploads.describe(getPos(), e.currentTarget); };
    if (src === pending) return el("button", { type: "button", class: "ed-pending", contenteditable: "false", disabled: field.readonly, onclick: () => field.uploads.fill(getPos()) }, alt ? t("pending_of", { alt }) : t("pending"));
    if (tag !== "img") return el("button", { type: "button", class: "ed-medium", contenteditable: "false", onclick: describe }, (tag === "video" ? "▶ " : "♪ ") + (alt || t(tag)));
    const img = el("img", { src: field.address(src.slice(11)), alt, width, title: alt || t("alt_missing"), draggable: "false" });
    if (!alt) img.className = "ed-wordless";
    if (!field.readonly) img.addEventListener("dblclick", describe);
    return img;
  };
  const select = (getPos) => { const { editor } = field; if (!field.readonly) editor.view.dispatch(editor.state.tr.setSelection(NodeSelection.create(editor.state.doc, getPos()))); };
  return {
    figure: ({ node, getPos }) => {
      const caption = el("figcaption", { "data-placeholder": field.t("caption") }), box = el("div", { contenteditable: "false", class: "ed-media", onclick: (e) => { if (e.target.localName === "img") select(getPos); } }, medium(node, getPos));
      const words = field.readonly ? null : el("button", { type: "button", class: "ed-words", contenteditable: "false", onclick: (e) => field.uploads.describe(getPos(), e.currentTarget) }, field.t("image_words"));
      if (words && node.attrs.src !== pending) box.append(words);
      caption.classList.toggle("ed-empty", node.content.size === 0);
      return {
        dom: el("figure", {}, box, caption), contentDOM: caption,
        update: (next) => {
          if (next.type !== node.type) return false;
          caption.classList.toggle("ed-empty", next.content.size === 0);
          if (["src", "alt", "width", "tag"].some((k) => next.attrs[k] !== node.attrs[k])) return false;
          node = next;
          return true;
        },
        stopEvent: (e) => box.contains(e.target) && e.type !== "dragstart",
        ignoreMutation: (m) => m.type !== "selection" && !caption.contains(m.target),
      };
    },
    inline: ({ node, getPos }) => ({ dom: el("span", { class: "ed-picture" }, medium(node, getPos)), stopEvent: (e) => e.type === "click" && e.target.localName === "button" }),
  };
}
