// Package editor says what the rich-text editor of drafts needs to be told by a page (编辑器).
// Its script and style, built of src with "make assets", stand in ../static/editor and are
// served with the office's other files; docs/editor.md lists its attributes.
package editor

import (
	"encoding/json"
	"strings"

	"gongkai/internal/i18n"
)

// prefix is what the editor's messages have in common; its script knows them without it.
const prefix = "drafting."

// messages are those the script shows.
var messages = []string{
	"drafting.toolbar", "drafting.text", "drafting.style", "drafting.style_p", "drafting.style_2", "drafting.style_3",
	"drafting.style_4", "drafting.bold", "drafting.italic", "drafting.underline", "drafting.strike", "drafting.sub", "drafting.sup",
	"drafting.indent", "drafting.left", "drafting.center", "drafting.right", "drafting.justify", "drafting.bullets",
	"drafting.numbers", "drafting.quote", "drafting.table", "drafting.image", "drafting.link", "drafting.footnote", "drafting.rule",
	"drafting.symbol", "drafting.undo", "drafting.redo", "drafting.clear", "drafting.find", "drafting.full", "drafting.row_above",
	"drafting.row_below", "drafting.row_delete", "drafting.col_left", "drafting.col_right", "drafting.col_delete", "drafting.merge",
	"drafting.split", "drafting.header_row", "drafting.header_col", "drafting.col_width", "drafting.table_caption",
	"drafting.table_delete", "drafting.rows", "drafting.cols", "drafting.table_size", "drafting.width_percent",
	"drafting.width_auto", "drafting.insert", "drafting.apply", "drafting.cancel", "drafting.close", "drafting.delete",
	"drafting.href", "drafting.href_hint", "drafting.href_wrong", "drafting.link_text", "drafting.unlink", "drafting.footnote_text",
	"drafting.footnote_empty", "drafting.find_what", "drafting.replace_with", "drafting.next", "drafting.previous",
	"drafting.replace", "drafting.replace_all", "drafting.found", "drafting.image_title", "drafting.image_words", "drafting.alt",
	"drafting.alt_hint", "drafting.alt_missing", "drafting.caption", "drafting.width_px", "drafting.uploading", "drafting.uploaded",
	"drafting.upload_failed", "drafting.pending", "drafting.pending_of", "drafting.video", "drafting.audio", "drafting.count",
	"drafting.findings", "drafting.next_finding", "drafting.finding", "drafting.fix", "drafting.fix_delete", "drafting.remark",
	"drafting.remark_here", "drafting.remark_on", "drafting.remark_add", "drafting.remark_empty", "drafting.compare",
	"drafting.state_saved", "drafting.state_unsaved", "drafting.state_saving", "drafting.state_conflict", "drafting.state_offline",
	"drafting.state_ended", "drafting.state_refused",
}

// Labels returns the editor's wording in the printer's language, for the attribute
// data-labels. Values stay as {name}, for the script to fill in.
func Labels(p i18n.Printer) string {
	all := make(map[string]string, len(messages))
	for _, key := range messages {
		all[strings.TrimPrefix(key, prefix)] = p.T(key, "n", "{n}", "i", "{i}", "name", "{name}", "at", "{at}", "text", "{text}", "alt", "{alt}", "quote", "{quote}")
	}
	out, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts always have a JSON form
	}
	return string(out)
}
