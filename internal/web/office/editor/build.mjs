// Builds the editor into ../static/editor, or into the folder named as the only argument.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ? path.resolve(process.argv[2]) : path.join(here, "../static/editor");

await build({
  absWorkingDir: here,
  entryPoints: [{ in: "src/index.js", out: "editor" }, { in: "src/editor.css", out: "editor" }],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/*! The editor of gongkai. Holds TipTap (c) Tiptap GmbH, ProseMirror (c) Marijn Haverbeke and others, linkifyjs (c) Nick Frasser, rope-sequence, orderedmap and w3c-keyname (c) Marijn Haverbeke: all MIT, see NOTICE. */" },
  logLevel: "warning",
});
