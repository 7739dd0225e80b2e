// Marks that are not part of the text: findings of the gate, remarks of reviewers, hits of a
// search. They are decorations, so that they change neither the text nor its hash.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { locate, textMap } from "./place.js";

export const marks = new PluginKey("marks");

export const Marks = Extension.create({
  name: "marks",
  addProseMirrorPlugins() {
    return [new Plugin({
      key: marks,
      state: {
        init: () => ({ findings: DecorationSet.empty, remarks: DecorationSet.empty, hits: DecorationSet.empty }),
        apply(tr, old) {
          const set = tr.getMeta(marks);
          const next = {};
          for (const kind of Object.keys(old)) {
            next[kind] = set && set[kind] ? DecorationSet.create(tr.doc, set[kind]) : old[kind].map(tr.mapping, tr.doc);
          }
          return next;
        },
      },
      props: {
        decorations(state) {
          const s = marks.getState(state);
          return s.findings.add(state.doc, [...s.remarks.find(), ...s.hits.find()]);
        },
      },
    })];
  },
});

// place puts things with a place in the plain text on the document and returns those that
// have none any longer.
export function place(editor, kind, list) {
  const map = textMap(editor.state.doc);
  const lost = [];
  const all = [];
  for (const thing of list) {
    const range = locate(map, thing);
    if (!range) { lost.push(thing); continue; }
    const cls = kind === "findings" ? "ed-finding ed-" + (thing.level || "warning") : "ed-remark" + (thing.done ? " ed-done" : "");
    all.push(Decoration.inline(range.from, range.to, { class: cls, "data-mark": kind + ":" + thing.id }, { thing, kind }));
  }
  editor.view.dispatch(editor.state.tr.setMeta(marks, { [kind]: all }).setMeta("addToHistory", false));
  return lost;
}

// at returns the finding or remark at a position.
export function at(editor, position) {
  const s = marks.getState(editor.state);
  const found = [...s.findings.find(position, position), ...s.remarks.find(position, position)].filter((d) => d.from <= position && d.to >= position);
  return found.length ? found[0] : null;
}

// placed returns the decorations of a kind in order.
export const placed = (editor, kind) => marks.getState(editor.state)[kind].find().sort((a, b) => a.from - b.from);

// hits marks what a search found.
export function showHits(editor, ranges, current) {
  const all = ranges.map((r, i) => Decoration.inline(r.from, r.to, { class: i === current ? "ed-hit ed-current" : "ed-hit" }));
  editor.view.dispatch(editor.state.tr.setMeta(marks, { hits: all }).setMeta("addToHistory", false));
}

// search returns the ranges that read as wanted, within one block each.
export function search(doc, wanted) {
  const ranges = [], low = wanted.toLowerCase();
  if (!low) return ranges;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, "\ufffc", "\ufffc").toLowerCase();
    for (let i = text.indexOf(low); i >= 0; i = text.indexOf(low, i + low.length)) ranges.push({ from: position + 1 + i, to: position + 1 + i + low.length });
    return false;
  });
  return ranges;
}
