package gate

import (
	"sort"
	"strings"
)

// table is a run of lines that are rows: they hold tabs.
type table struct {
	first, last int      // lines
	header      []string // the words of its first row, white space dropped
}

// cell is one cell of a row.
type cell struct {
	start, end int // runes, white space at both ends left out
	column     int
}

// findTables notes the runs of rows among the part's lines.
func (p *Part) findTables() {
	p.tables = nil
	inside := false
	for n := range p.lines {
		from, to := p.bounds(n)
		row := false
		for i := from; i < to && !row; i++ {
			row = p.text[i] == '\t'
		}
		switch {
		case row && inside:
			p.tables[len(p.tables)-1].last = n
		case row:
			p.tables = append(p.tables, table{first: n, last: n})
		}
		inside = row
	}
	for i := range p.tables {
		for _, c := range p.row(p.tables[i].first) {
			if c.column >= mostColumns {
				break
			}
			p.tables[i].header = append(p.tables[i].header, squeeze(p.text[c.start:c.end]))
		}
	}
}

// mostColumns is how many heads of a table are looked at.
const mostColumns = 128

// bounds returns where line n begins and ends.
func (p *Part) bounds(n int) (from, to int) {
	if n+1 < len(p.lines) {
		return p.lines[n], p.lines[n+1] - 1
	}
	return p.lines[n], len(p.text)
}

// row returns the cells of line n.
func (p *Part) row(n int) []cell {
	from, to := p.bounds(n)
	var cells []cell
	for i := from; i <= to; i++ {
		if i < to && p.text[i] != '\t' {
			continue
		}
		c := cell{from, i, len(cells)}
		for c.start < c.end && space(p.text[c.start]) {
			c.start++
		}
		for c.end > c.start && space(p.text[c.end-1]) {
			c.end--
		}
		cells = append(cells, c)
		from = i + 1
	}
	return cells
}

// tableAt returns the table that holds rune i, nil if it stands in none.
func (p *Part) tableAt(i int) *table {
	line := sort.SearchInts(p.lines, i+1) - 1
	n := sort.Search(len(p.tables), func(n int) bool { return p.tables[n].last >= line })
	if n == len(p.tables) || p.tables[n].first > line {
		return nil
	}
	return &p.tables[n]
}

// column returns the first column whose head holds one of the words and none of the others,
// -1 if there is none.
func (t *table) column(words, but []string) int {
	for i, h := range t.header {
		if len([]rune(h)) <= longestHead && containsAny(h, words) && !containsAny(h, but) {
			return i
		}
	}
	return -1
}

// longestHead is how many characters a column's head has at most; what is longer is text.
const longestHead = 20

// heads reports whether the head of the column in which rune i stands holds one of the words.
func (p *Part) heads(i int, words []string) bool {
	t := p.tableAt(i)
	if t == nil {
		return false
	}
	from, _ := p.line(i)
	if i-from > widestRow {
		return false
	}
	column := 0
	for j := from; j < i; j++ {
		if p.text[j] == '\t' {
			column++
		}
	}
	return column < len(t.header) && containsAny(t.header[column], words)
}

// widestRow is how far from the beginning of its row, in runes, a cell's head is looked for.
const widestRow = 4096

// before returns up to n runes that stand before rune i on its line or in its cell.
func (p *Part) before(i, n int) string {
	from := i
	for from > 0 && i-from < n && p.text[from-1] != '\n' && p.text[from-1] != '\t' {
		from--
	}
	return string(p.text[from:i])
}

// called reports whether one of the words stands in the same clause before rune i, within n
// runes, heads its column or stands in the cell before it.
func (p *Part) called(i, n int, words []string) bool {
	clause := p.before(i, n)
	if at := strings.LastIndexAny(clause, "，。；！？"); at >= 0 {
		clause = clause[at:]
	}
	return containsAny(clause, words) || p.heads(i, words) || containsAny(p.left(i), words)
}

// after returns up to n runes from rune i on, on its line and in its cell.
func (p *Part) after(i, n int) string {
	to := i
	for to < len(p.text) && to-i < n && p.text[to] != '\n' && p.text[to] != '\t' {
		to++
	}
	return string(p.text[i:to])
}

// labelled reports whether one of the words stands before rune i, within n runes, or heads
// its column, or stands in the cell before it.
func (p *Part) labelled(i, n int, words []string) bool {
	return containsAny(p.before(i, n), words) || p.heads(i, words) || containsAny(p.left(i), words)
}

// left returns the words of the cell before that of rune i.
func (p *Part) left(i int) string {
	for n := 0; n < farthest && i > 0 && p.text[i-1] != '\n' && p.text[i-1] != '\t'; n++ {
		i--
	}
	if i == 0 || p.text[i-1] != '\t' {
		return ""
	}
	return p.before(i-1, longestHead)
}

// squeeze returns text without white space.
func squeeze(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		if !space(r) && !blind(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// space reports whether r is white space of any width.
func space(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00A0', '\u3000', inCell, '\u2029':
		return true
	}
	return r >= '\u2000' && r <= '\u200A' || r == '\u202F' || r == '\u205F'
}
