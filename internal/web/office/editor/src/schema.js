// The editor's model: exactly the shape that internal/richtext keeps. What stands in a class
// there is an attribute of a node here.
import { Extension, Mark, Node } from "@tiptap/core";
import Blockquote from "@tiptap/extension-blockquote";
import Bold from "@tiptap/extension-bold";
import Document from "@tiptap/extension-document";
import HardBreak from "@tiptap/extension-hard-break";
import Heading from "@tiptap/extension-heading";
import HorizontalRule from "@tiptap/extension-horizontal-rule";
import Italic from "@tiptap/extension-italic";
import Link from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import Paragraph from "@tiptap/extension-paragraph";
import Strike from "@tiptap/extension-strike";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import Text from "@tiptap/extension-text";
import Underline from "@tiptap/extension-underline";
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";

const aligns = ["center", "right", "justify"];
export const pending = "attachment:pending";
const reference = /^attachment:[0-9A-Za-z_-]{1,64}$/;

// allowedLink says whether an address may stand in a text; the server has the last word.
export function allowedLink(href) {
  href = (href || "").trim();
  if (!href || /[\u0000-\u001f\\\s]/.test(href) || href.startsWith("//")) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href);
  if (!scheme) return !/^[^/?#]*:/.test(href);
  const name = scheme[1].toLowerCase();
  if (name === "attachment") return reference.test(href);
  if (name === "mailto") return href.includes("@");
  return (name === "http" || name === "https") && /^https?:\/\/[^/@]+(?:[/?#]|$)/i.test(href);
}

// Setting is alignment and the indent of the first line (首行缩进).
const Setting = Extension.create({
  name: "setting",
  addGlobalAttributes() {
    return [{
      types: ["paragraph", "heading"],
      attributes: {
        align: {
          default: null,
          parseHTML: (e) => aligns.find((a) => e.classList.contains("align-" + a)) || (aligns.includes(e.getAttribute("align")) ? e.getAttribute("align") : null),
          renderHTML: (a) => (a.align ? { class: "align-" + a.align } : {}),
        },
        indent: {
          default: false,
          keepOnSplit: true,
          parseHTML: (e) => e.classList.contains("indent"),
          renderHTML: (a) => (a.indent ? { class: "indent" } : {}),
        },
      },
    }];
  },
  addCommands() {
    const both = (attrs) => ({ commands }) => [commands.updateAttributes("paragraph", attrs), commands.updateAttributes("heading", attrs)].some(Boolean);
    return {
      setAlign: (align) => both({ align }),
      setIndent: (indent) => both({ indent }),
    };
  },
});

// Sub- and superscript shut each other out.
const script = (name, tag, other) => Mark.create({
  name,
  excludes: other,
  parseHTML: () => [{ tag }],
  renderHTML: () => [tag, 0],
  addCommands() {
    return { ["toggle" + name]: () => ({ commands }) => commands.toggleMark(name) };
  },
});

// width in per cent of the table, as a class: style attributes are not allowed anywhere.
const width = {
  default: null,
  parseHTML: (e) => { const c = [...e.classList].find((c) => /^w-(?:5|[1-9][05]|100)$/.test(c)); return c ? Number(c.slice(2)) : null; },
  renderHTML: (a) => (a.width ? { class: "w-" + a.width } : {}),
};
const cellAttributes = {
  colspan: { default: 1, parseHTML: (e) => e.colSpan || 1, renderHTML: (a) => (a.colspan > 1 ? { colspan: a.colspan } : {}) },
  rowspan: { default: 1, parseHTML: (e) => e.rowSpan || 1, renderHTML: (a) => (a.rowspan > 1 ? { rowspan: a.rowspan } : {}) },
  colwidth: { default: null, rendered: false },
  width,
};
const Cell = TableCell.extend({
  addAttributes: () => cellAttributes,
  renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
});
const HeadCell = TableHeader.extend({
  addAttributes: () => ({ ...cellAttributes, scope: { default: null, parseHTML: (e) => e.getAttribute("scope"), renderHTML: (a) => (/^(row|col)group$/.test(a.scope || "") ? { scope: a.scope } : {}) } }),
  renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
});
const CaptionTable = Table.extend({
  addAttributes: () => ({
    caption: {
      default: "",
      parseHTML: (e) => (e.querySelector(":scope > caption")?.textContent || "").replace(/[ \t\r\n\f]+/g, " ").trim(),
      rendered: false,
    },
  }),
  parseHTML: () => [{ tag: "table", contentElement: (e) => { e.querySelectorAll(":scope > caption, :scope > colgroup").forEach((c) => c.remove()); return e; } }],
  renderHTML: ({ node }) => (node.attrs.caption ? ["table", {}, ["caption", {}, node.attrs.caption], ["tbody", 0]] : ["table", {}, ["tbody", 0]]),
  addNodeView: () => null,
});

const medium = (e) => (e && reference.test(e.getAttribute("src") || "") ? {
  tag: e.tagName.toLowerCase(),
  src: e.getAttribute("src"),
  alt: e.getAttribute(e.tagName === "IMG" ? "alt" : "title") || "",
  width: Number(e.getAttribute("width")) || null,
} : null);
const mediaAttributes = () => ({
  tag: { default: "img", rendered: false }, src: { default: null, rendered: false },
  alt: { default: "", rendered: false }, width: { default: null, rendered: false },
});
function mediaHTML({ tag, src, alt, width }) {
  if (tag !== "img") return [tag, { src, ...(alt ? { title: alt } : {}), controls: "" }];
  return ["img", { src, alt, ...(width ? { width } : {}) }];
}

// Figure is a picture, film or sound with its caption.
export const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "inline*",
  isolating: true,
  draggable: true,
  addOptions: () => ({ view: null }),
  addAttributes: mediaAttributes,
  parseHTML: () => [{
    tag: "figure",
    getAttrs: (e) => medium(e.querySelector("img, video, audio")) || false,
    contentElement: (e) => e.querySelector("figcaption") || e.ownerDocument.createElement("figcaption"),
  }, { tag: "video", getAttrs: (e) => medium(e) || false, contentElement: (e) => e.ownerDocument.createElement("i") },
  { tag: "audio", getAttrs: (e) => medium(e) || false, contentElement: (e) => e.ownerDocument.createElement("i") }],
  renderHTML: ({ node }) => ["figure", {}, mediaHTML(node.attrs), ["figcaption", {}, 0]],
  addNodeView() { return this.options.view; },
});

// Picture stands within a line: a seal, a formula.
export const Picture = Node.create({
  name: "picture",
  group: "inline",
  inline: true,
  draggable: true,
  addOptions: () => ({ view: null }),
  addAttributes: mediaAttributes,
  parseHTML: () => [{ tag: "img[src]", getAttrs: (e) => medium(e) || false }],
  renderHTML: ({ node }) => mediaHTML(node.attrs),
  addNodeView() { return this.options.view; },
});

// Footnote stands where it is called and holds its words.
export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ text: { default: "", rendered: false } }),
  parseHTML: () => [{ tag: "span.footnote", priority: 60, getAttrs: (e) => { const text = e.textContent.replace(/[ \t\r\n\f]+/g, " ").trim(); return text ? { text } : false; } }],
  renderHTML: ({ node }) => ["span", { class: "footnote" }, node.attrs.text],
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("sup");
      dom.className = "ed-footnote";
      dom.title = node.attrs.text;
      dom.setAttribute("data-note", "");
      return { dom };
    };
  },
});

export function extensions({ placeholder, view, inline }) {
  return [
    Document, Text, Paragraph, HardBreak, HorizontalRule, Blockquote,
    Heading.configure({ levels: [2, 3, 4] }).extend({
      parseHTML: () => [{ tag: "h1", attrs: { level: 2 } }, { tag: "h2", attrs: { level: 2 } }, { tag: "h3", attrs: { level: 3 } }, { tag: "h4", attrs: { level: 4 } }, { tag: "h5", attrs: { level: 4 } }, { tag: "h6", attrs: { level: 4 } }],
    }),
    Bold, Italic, Underline, Strike, script("Subscript", "sub", "Superscript"), script("Superscript", "sup", "Subscript"),
    Link.configure({ openOnClick: false, autolink: false, linkOnPaste: false, HTMLAttributes: { target: null, rel: null, class: null }, isAllowedUri: allowedLink }),
    BulletList, OrderedList, ListItem, ListKeymap,
    CaptionTable.configure({ resizable: false }), TableRow, HeadCell, Cell,
    Figure.configure({ view }), Picture.configure({ view: inline }), Footnote, Setting,
    UndoRedo, Dropcursor, Gapcursor, Placeholder.configure({ placeholder, showOnlyCurrent: false }),
  ];
}
