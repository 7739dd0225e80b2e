package read

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/extract"
)

// Bounds of what counts as a table set in lines: fewer columns or rows are left to be read
// line by line.
const (
	leastColumns = 4
	leastRows    = 3
)

// ruling are the characters of lines drawn between rows.
const ruling = "-=+|: ─━═┄┈┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝│┃║"

// cellMarks are the characters that may part cells on a line.
const cellMarks = "|│┃║｜\t,;"

// bars folds the upright lines of drawn tables.
var bars = strings.NewReplacer("│", "|", "┃", "|", "║", "|", "｜", "|")

// unbarred folds the upright lines in a text, if it has any.
func unbarred(s string) string {
	for _, bar := range []string{"│", "┃", "║", "｜"} {
		if strings.Contains(s, bar) {
			return bars.Replace(s)
		}
	}
	return s
}

// ruled reports a line drawn between the rows of a table.
func ruled(body string) bool {
	return strings.Trim(body, ruling) == "" && strings.ContainsAny(body, "-=─━═")
}

// field is one piece of a line between two separators.
type field struct {
	text  string
	start int // rune it begins at
}

// separators of cells in lines, the surest first.
var separators = []rune{'|', '\t', ',', ';'}

// fieldsOf splits a line at a separator, nil if it has none. Pipes at the line's edges
// stand around cells, not between them; commas inside quotation marks are part of a cell.
func fieldsOf(text string, sep rune) []field {
	if !strings.ContainsRune(text, sep) {
		return nil
	}
	var out []field
	var cell strings.Builder
	start, pos, quoted := 0, 0, false
	for _, r := range text {
		switch {
		case sep == ',' && r == '"':
			quoted = !quoted
		case r == sep && !quoted:
			out = append(out, field{cell.String(), start})
			cell.Reset()
			start = pos + 1
		default:
			cell.WriteRune(r)
		}
		pos++
	}
	out = append(out, field{cell.String(), start})
	if sep == '|' {
		if strings.TrimFunc(out[0].text, isSpace) == "" {
			out = out[1:]
		}
		if n := len(out); n > 0 && strings.TrimFunc(out[n-1].text, isSpace) == "" {
			out = out[:n-1]
		}
	}
	return out
}

// columns finds the stretches of lines that keep every cell of a table: all with the same
// number of cells. It returns the rows of those lines by block, in the manner of a true
// table. A source that closes its gaps up and pads its lines does not keep cells.
func columns(blocks []extract.Block, st style, skip map[int]bool) map[int]row {
	out := map[int]row{}
	for i := 0; i < len(blocks); {
		next := i + 1
		if blocks[i].Table != nil || !strings.ContainsAny(blocks[i].Text, cellMarks) {
			i = next
			continue
		}
		for _, sep := range separators {
			if lines, to := stretch(blocks, i, sep, st, skip); len(lines) >= leastRows {
				for _, at := range lines {
					out[at] = columnRow(blocks[at], sep, i)
				}
				next = to
				break
			}
		}
		i = next
	}
	return out
}

// stretch returns the lines from block i on that have one number of cells, and where they
// end. Rules between them and single empty lines belong to the table.
func stretch(blocks []extract.Block, i int, sep rune, st style, skip map[int]bool) (lines []int, to int) {
	n, empty := 0, 0
	for to = i; to < len(blocks) && blocks[to].Table == nil; to++ {
		body := strings.TrimFunc(blocks[to].Text, isSpace)
		if n > 0 && body == "" {
			empty++
		}
		if n > 0 && empty < 2 && (ruled(body) || body == "" || skip[to]) {
			continue
		}
		fields := fieldsOf(unbarred(blocks[to].Text), sep)
		if len(fields) < leastColumns || n > 0 && len(fields) != n || !cellular(fields, sep, st) {
			break
		}
		n, empty = len(fields), 0
		lines = append(lines, to)
	}
	return lines, to
}

// cellular reports whether every piece of a line can be a cell.
func cellular(fields []field, sep rune, st style) bool {
	filled := false
	for _, f := range fields {
		if sep == '|' && f.text == "" && !st.tight {
			return false // padding behind cells that moved together
		}
		if utf8.RuneCountInString(f.text) > longestLabel || strings.ContainsAny(f.text, "。；") {
			return false
		}
		filled = filled || strings.TrimFunc(f.text, isSpace) != ""
	}
	return filled
}

// columnRow reads a line as a row of a table.
func columnRow(b extract.Block, sep rune, block int) row {
	r := row{grid: true, set: true, block: block, at: b.At}
	for i, f := range fieldsOf(unbarred(b.Text), sep) {
		t := newToken(f.text, spanOf(b.At, f.text, f.start))
		t.col = i
		r.toks = append(r.toks, t)
	}
	return r
}

// commaTokens splits a line at its commas or semicolons, if figures stand behind them:
// 规章,0,0,0. Commas
// of Chinese text may also stand in labels, so only the figures are parted there.
func commaTokens(b extract.Block) []token {
	sep := '，'
	for _, r := range []rune{';', '；', ','} {
		if strings.ContainsRune(b.Text, r) {
			sep = r
		}
	}
	fields := fieldsOf(b.Text, sep)
	if len(fields) < 2 {
		return nil
	}
	var toks []token
	for _, f := range fields {
		toks = append(toks, newToken(f.text, spanOf(b.At, f.text, f.start)))
	}
	first := len(toks)
	for first > 0 && toks[first-1].kind != words {
		first--
	}
	if first < len(toks) && sep == '，' && first > 1 {
		end := fields[first].start - 1
		label := string([]rune(b.Text)[:end])
		toks = append([]token{newToken(label, spanOf(b.At, label, 0))}, toks[first:]...)
	}
	return toks
}

// commaLine reports a line of a table whose cells are parted by commas: a label and figures.
func commaLine(body string) bool {
	if strings.Contains(body, "。") || !strings.ContainsAny(body, ",，;；") || strings.ContainsAny(body, "|\t") ||
		utf8.RuneCountInString(body) > 2*longestLabel {
		return false
	}
	toks := commaTokens(extract.Block{Text: body})
	if len(toks) < 2 || toks[0].kind != words {
		return false
	}
	values := row{toks: toks}.values()
	return figures(values)*2 >= len(values) && len(values) > 0 || len(values) > 2
}
