package read

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/extract"
	"gongkai/internal/place"
)

// style is how a text source lays out the cells of its tables.
type style struct {
	trailing bool // one cell per line, each ending in a pipe; a lone pipe is an empty cell
	between  bool // one cell per line, a lone pipe between them
	tight    bool // pipes without spaces around them: "||" is an empty cell, not padding
	tabs     bool // one cell per line, each indented by a tab; a lone tab is an empty cell
	commas   bool // a row per line, commas between its cells
}

// detect looks at all lines of a source.
func detect(blocks []extract.Block) style {
	var trailing, lone, inner, tight, tabbed, plain, commas int
	for _, b := range blocks {
		if b.Table != nil {
			continue
		}
		body := strings.TrimFunc(unbarred(b.Text), isSpace)
		if commaLine(body) {
			commas++
		}
		switch n := strings.Count(body, "|"); {
		case body == "|":
			lone++
		case n == 1 && strings.HasSuffix(body, "|"):
			trailing++
		case n > 1 && strings.Trim(body, "|-: ") != "":
			inner++
			if !strings.Contains(body, " |") && !strings.Contains(body, "| ") {
				tight++
			}
		case body != "" && strings.HasPrefix(b.Text, "\t"):
			tabbed++
		case body != "" && utf8.RuneCountInString(body) < 20:
			plain++
		}
	}
	return style{
		trailing: trailing > 3 && trailing > inner,
		between:  lone > 3 && trailing <= 3 && inner <= 3,
		tight:    tight*2 > inner,
		tabs:     tabbed > 20 && tabbed > plain,
		commas:   commas > 3,
	}
}

// rows turns blocks into physical rows.
func rows(doc *extract.Document) []row {
	st := detect(doc.Blocks)
	skip := furnishings(doc.Blocks)
	set := columns(doc.Blocks, st, skip)
	var out []row
	for i, b := range doc.Blocks {
		if skip[i] {
			continue
		}
		if r, ok := set[i]; ok {
			out = append(out, r)
			continue
		}
		if b.Table != nil {
			out = append(out, tableRows(b.Table, i)...)
			continue
		}
		r := lineRow(extract.Block{Text: unbarred(b.Text), At: b.At}, st)
		r.block, r.text = i, b.Text
		r.whole = doc.Format == extract.DOCX || doc.Format == extract.XLSX || doc.Format == extract.HTML
		r.drawn = doc.Format == extract.PDF
		out = append(out, r)
	}
	return joined(out)
}

// mostPieces is in how many lines a label is broken at most.
const mostPieces = 9

// joined puts labels together that the source broke over lines, where the pieces make a
// label of the form to the letter.
func joined(rs []row) []row {
	out := rs[:0:0]
	for i := 0; i < len(rs); {
		if to, whole := pieces(rs, i); to > i {
			r := rs[i]
			r.toks = append([]token{whole}, rs[to].toks[1:]...)
			r.text = whole.text
			out = append(out, r)
			i = to + 1
			continue
		}
		out = append(out, rs[i])
		i++
	}
	return out
}

// pieces returns the last of the lines from i on that make one label, and the label; i if
// they make none. Figures may follow the last piece.
func pieces(rs []row, i int) (int, token) {
	whole := token{}
	text, to := "", i
	if r := rs[i]; r.grid || len(r.toks) == 0 || !begins(r.toks[0].norm) {
		return i, whole
	}
	for k := i; k < len(rs) && k < i+mostPieces; k++ {
		r := rs[k]
		if r.grid || r.pipes || len(r.toks) == 0 || r.toks[0].kind != words || len(r.toks) > 1 && r.toks[1].kind == words {
			break
		}
		text += r.toks[0].text
		if utf8.RuneCountInString(text) > longestLabel {
			break
		}
		if n := label(text); k > i && prints(n) {
			whole = r.toks[0]
			whole.text, whole.norm, whole.at = text, n, rs[i].toks[0].at
			to = k
		}
		if len(r.toks) > 1 {
			break
		}
	}
	if to > i && prints(rs[i].toks[0].norm) {
		return i, whole // a label by itself
	}
	return to, whole
}

// begins reports whether any label begins like n.
func begins(n string) bool {
	start := firstRunes(n, 2)
	for _, b := range books() {
		if b.starts[start] {
			return true
		}
	}
	return false
}

// prints reports whether any version prints a label to the letter.
func prints(n string) bool {
	for _, b := range books() {
		if b.printed[n] {
			return true
		}
	}
	return false
}

// tableRows reads a true table. Positions covered by a merged cell of a row above hold no
// token, as in the form.
func tableRows(t *extract.Table, block int) []row {
	var out []row
	for _, cells := range t.Rows {
		r := row{grid: true, block: block}
		for _, c := range cells {
			tok := newToken(c.Text, c.At)
			tok.col, tok.span = c.Col, max(1, c.ColSpan)
			r.toks = append(r.toks, tok)
		}
		if len(cells) > 0 {
			r.at = cells[0].At
		}
		out = append(out, r)
	}
	return out
}

// lineRow reads one line of text in the layout of its source.
func lineRow(b extract.Block, st style) row {
	r := row{at: b.At}
	body := strings.TrimFunc(b.Text, isSpace)
	switch {
	case body == "":
		if st.tabs && strings.Contains(b.Text, "\t") {
			r.toks = []token{newToken("", b.At)}
		} else {
			r.ends = true
		}
	case body == "|":
		if st.trailing {
			r.toks = []token{newToken("", b.At)}
		}
	case strings.Trim(body, "|-: ") == "" && strings.Contains(body, "|"):
		r.ends = strings.Contains(body, "-") // a rule of markdown, or padding
	case ruled(body):
		r.ends = true
	case strings.Contains(body, "|"):
		r.pipes = strings.Count(body, "|") > 1 || !strings.HasSuffix(body, "|")
		r.toks = pipeTokens(b, st)
	case strings.Contains(body, "\t"):
		r.toks = fieldTokens(b, func(c rune) bool { return c == '\t' })
	case st.commas && len([]rune(body)) < 2*longestLabel && !strings.Contains(body, "。") && strings.ContainsAny(body, ",，;；"):
		if r.toks = commaTokens(b); r.toks == nil {
			r.toks = spacedTokens(b)
		}
	default:
		r.toks = spacedTokens(b)
	}
	return r
}

// pipeTokens splits a line at its pipes. A gap of nothing at all between two pipes is
// padding, unless the whole source sets its pipes tight.
func pipeTokens(b extract.Block, st style) []token {
	parts := strings.Split(b.Text, "|")
	if strings.TrimFunc(parts[0], isSpace) == "" && len(parts) > 1 && parts[0] == strings.TrimRight(parts[0], "\t") {
		if strings.HasPrefix(strings.TrimLeftFunc(b.Text, isSpace), "|") {
			parts = append([]string{""}, parts[1:]...)
		}
	}
	var toks []token
	at := 0
	for i, p := range parts {
		start := at
		at += utf8.RuneCountInString(p) + 1
		edge := i == 0 || i == len(parts)-1
		empty := strings.TrimFunc(p, isSpace) == ""
		if edge && empty {
			continue
		}
		t := newToken(p, spanOf(b.At, p, start))
		if p == "" && !st.tight {
			t.kind = lost
		}
		toks = append(toks, t)
	}
	return closeGaps(toks)
}

// closeGaps marks the empty cells at the end of a padded row as lost: the source moved the
// figures together and filled the row up behind them.
func closeGaps(toks []token) []token {
	from := len(toks)
	padded := false
	for from > 0 && (toks[from-1].kind == lost || toks[from-1].kind == blank && toks[from-1].text == "") {
		from--
		padded = padded || toks[from].kind == lost
	}
	for i := from; padded && i < len(toks); i++ {
		toks[i].kind = lost
	}
	return toks
}

// fieldTokens splits a line at separators, keeping empty fields between two of them.
func fieldTokens(b extract.Block, sep func(rune) bool) []token {
	var toks []token
	at := 0
	lead := true
	for _, p := range splitKeep(b.Text, sep) {
		start := at
		at += utf8.RuneCountInString(p) + 1
		if strings.TrimFunc(p, isSpace) == "" && lead {
			continue
		}
		lead = false
		if sub := spacedFigures(p, b.At, start); len(sub) > 1 {
			toks = append(toks, sub...)
			continue
		}
		toks = append(toks, newToken(p, spanOf(b.At, p, start)))
	}
	return toks
}

func splitKeep(s string, sep func(rune) bool) []string {
	var parts []string
	from := 0
	for i, r := range s {
		if sep(r) {
			parts = append(parts, s[from:i])
			from = i + utf8.RuneLen(r)
		}
	}
	return append(parts, s[from:])
}

// spacedTokens reads a line without separators: one cell, figures parted by spaces, or a
// label followed by figures.
func spacedTokens(b extract.Block) []token {
	if toks := spacedFigures(b.Text, b.At, 0); len(toks) > 1 {
		return toks
	}
	return []token{newToken(b.Text, spanOf(b.At, b.Text, 0))}
}

// spacedFigures splits "行政许可 97" and "0 0 0 4"; it returns nothing when the text is not a
// label with figures behind it.
func spacedFigures(s string, at place.Place, offset int) []token {
	type piece struct {
		text  string
		start int
	}
	var pieces []piece
	from, pos := -1, 0
	for _, r := range s {
		if isSpace(r) {
			from = -1
		} else {
			if from < 0 {
				from = pos
				pieces = append(pieces, piece{start: pos})
			}
			pieces[len(pieces)-1].text += string(r)
		}
		pos++
	}
	first := len(pieces)
	for first > 0 {
		p := pieces[first-1].text
		if _, ok := figure(p); !ok && !strokes[p] || p == "一" {
			break
		}
		first--
	}
	if first == len(pieces) || (first > 0 && !strings.ContainsFunc(pieces[first-1].text, isHan)) {
		return nil
	}
	var toks []token
	if first > 0 {
		words := make([]string, first)
		for i, p := range pieces[:first] {
			words[i] = p.text
		}
		text := strings.Join(words, " ")
		toks = append(toks, newToken(text, at.Span(offset+pieces[0].start, offset+pieces[first].start)))
	}
	for _, p := range pieces[first:] {
		toks = append(toks, newToken(p.text, at.Span(offset+p.start, offset+p.start+utf8.RuneCountInString(p.text))))
	}
	return toks
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r == '）' || r == ')' || r == '”' }

// spanOf narrows at to the part of its text that starts at rune start and holds p, its
// outer white space left out.
func spanOf(at place.Place, p string, start int) place.Place {
	trimmed := strings.TrimLeftFunc(p, isSpace)
	lead := utf8.RuneCountInString(p) - utf8.RuneCountInString(trimmed)
	n := utf8.RuneCountInString(strings.TrimFunc(p, isSpace))
	return at.Span(start+lead, start+lead+n)
}
