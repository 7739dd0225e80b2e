// Where a character of the plain text stands in the document. The plain text is that of
// richtext.Text: a line for each block, cells of a row parted by tabs, footnotes at the end.

// textMap returns the text and, for each of its characters (code points), the position in
// the document; -1 where a character only parts two blocks.
export function textMap(doc) {
  const chars = [], at = [], notes = [];
  let any = false, before = "";
  const line = (write) => {
    if (any) { chars.push(before || "\n"); at.push(-1); }
    any = true;
    before = "";
    write();
  };
  const put = (text, position, step) => {
    let p = position;
    for (const c of text) { chars.push(c); at.push(p); if (step) p += c.length; }
  };
  const inline = (node, start) => node.forEach((child, offset) => {
    const p = start + offset;
    if (child.isText) put(child.text, p, true);
    else if (child.type.name === "hardBreak") put("\n", p, true);
    else if (child.type.name === "footnote") notes.push([child.attrs.text, p]);
  });
  const walk = (node, start) => {
    if (node.type.name === "figure") {
      if (node.content.size > 0) line(() => inline(node, start));
      return;
    }
    if (node.isTextblock) { line(() => inline(node, start)); return; }
    if (node.type.name === "table" && node.attrs.caption) line(() => put(node.attrs.caption, start, false));
    node.forEach((child, offset, index) => {
      if (node.type.name === "tableRow" && index > 0) before = "\t";
      walk(child, start + offset + 1);
      if (node.type.name === "tableRow") before = "";
    });
  };
  doc.forEach((child, offset) => walk(child, offset + 1));
  for (const [text, p] of notes) line(() => put(text, p, false));
  return { chars, at };
}

// locate returns the range in the document of what stands from `from` to `to` in the plain
// text and reads `quote`. Where it reads otherwise by now, the nearest place that reads so
// is taken; null if there is none.
export function locate(map, { from, to, quote }) {
  const want = [...(quote || "")];
  let start = from;
  if (want.length) {
    start = nearest(map.chars, want, from || 0);
    if (start < 0) return null;
    to = start + want.length;
  }
  while (start < to && map.at[start] < 0) start++;
  let end = to - 1;
  while (end > start && map.at[end] < 0) end--;
  if (start === undefined || start >= to || map.at[start] === undefined || map.at[end] === undefined) return null;
  return { from: map.at[start], to: map.at[end] + map.chars[end].length };
}

function nearest(chars, want, from) {
  const here = (i) => want.every((c, k) => chars[i + k] === c);
  if (here(from)) return from;
  for (let d = 1; d < chars.length + from; d++) {
    if (from - d >= 0 && here(from - d)) return from - d;
    if (from + d <= chars.length - want.length && here(from + d)) return from + d;
    if (from - d < 0 && from + d > chars.length) return -1;
  }
  return -1;
}

// offsets returns where a range of the document stands in the plain text, with its words.
export function offsets(doc, from, to) {
  const { chars, at } = textMap(doc);
  let a = -1, b = -1;
  at.forEach((p, i) => { if (p >= from && p < to) { if (a < 0) a = i; b = i + 1; } });
  return a < 0 ? null : { from: a, to: b, quote: chars.slice(a, b).join("") };
}

// count returns how many characters stand in the text, blanks not counted, as offices count.
export function count(doc) {
  let n = 0;
  for (const c of textMap(doc).chars) if (!/\s/.test(c)) n++;
  return n;
}
