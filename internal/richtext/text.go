package richtext

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Block is a line of a text: a paragraph, a heading, a paragraph of a list item or cell, a
// caption, a footnote. Footnotes follow after all else.
type Block struct {
	Kind   string // p h2 h3 h4 caption figcaption note; img video audio with the alternative text
	Where  string // "" or what it stands in: li, td, th, blockquote
	Text   string
	Start  int    // where it begins in Text(html), in characters
	Row    int    // of a cell, from 1
	Col    int    // of a cell, from 1: its first column in the grid
	Table  int    // of a cell or caption, from 1
	Cols   int    // of a cell: how many columns it covers
	Rows   int    // of a cell: how many rows it covers
	Align  string // of a paragraph or heading: "", center, right, justify
	Mark   string // of the first line of a list item: what stands before it, "1." or "•"
	Ref    string // of img, video, audio: attachment:ID
	before string // what parts it from the line above
}

// Blocks returns the lines of a text in order, each with its place in Text. Pictures, films
// and sounds are among them, with their alternative text; they take no room in Text.
func Blocks(source string) []Block {
	d, _ := parse(source, nil)
	return d.blocks()
}

// Text returns the words alone: a line for each Block, cells of a row parted by tabs, the
// footnotes at the end. It is what is searched, checked and counted.
func Text(source string) string {
	d, _ := parse(source, nil)
	return d.text()
}

// Excerpt returns the beginning of a text in one line, n characters at most, ended with …
// where more follows.
func Excerpt(source string, n int) string {
	d, _ := parse(source, nil)
	line := strings.Join(strings.Fields(d.text()), " ")
	if utf8.RuneCountInString(line) <= n {
		return line
	}
	all := []rune(line)
	return strings.TrimSpace(string(all[:max(0, n-1)])) + "…"
}

func (d document) text() string {
	var b strings.Builder
	for _, l := range d.blocks() {
		if l.Ref == "" {
			b.WriteString(l.before + l.Text)
		}
	}
	return b.String()
}

func (d document) blocks() []Block {
	var l lines
	for _, e := range d {
		l.element(e, Block{})
	}
	for _, n := range l.footnotes {
		l.add(Block{Kind: "note", Text: runsText(n)})
	}
	return l.all
}

// lines collects blocks.
type lines struct {
	all       []Block
	footnotes [][]run
	at        int    // characters so far
	any       bool   // a line stands already
	before    string // what parts the next line from it; "" is a line end
	tables    int
}

func (l *lines) add(b Block) {
	if b.Ref != "" {
		b.Start = l.at
		l.all = append(l.all, b)
		return
	}
	if l.any {
		b.before = "\n"
		if l.before != "" {
			b.before = l.before
		}
		l.at++
	}
	l.any, l.before = true, ""
	b.Start = l.at
	l.at += utf8.RuneCountInString(b.Text)
	l.all = append(l.all, b)
}

// runs adds a line of words, then the pictures in it.
func (l *lines) runs(runs []run, b Block) {
	b.Text = runsText(runs)
	l.add(b)
	for _, r := range runs {
		if r.media != nil {
			l.media(r.media, b)
		}
		if r.note != nil {
			l.footnotes = append(l.footnotes, r.note)
		}
	}
}

func (l *lines) media(m *media, b Block) {
	b.Kind, b.Text, b.Ref = m.tag, m.alt, m.ref
	l.add(b)
}

func (l *lines) element(e *element, b Block) {
	switch e.kind {
	case paragraph, heading2, heading3, heading4:
		b.Kind, b.Align = string(e.kind), e.align
		l.runs(e.runs, b)
	case figure:
		l.media(e.media, b)
		if len(e.runs) > 0 {
			b.Kind = "figcaption"
			l.runs(e.runs, b)
		}
	case table:
		l.table(e, b)
	case bullets, numbers:
		l.list(e, b)
	case listItem, quote:
		b.Where = string(e.kind)
		fallthrough
	default:
		for _, k := range e.kids {
			l.element(k, b)
			b.Mark = ""
		}
	}
}

// list adds the items of a list, each with what stands before it.
func (l *lines) list(e *element, b Block) {
	no := max(e.start, 1)
	for _, k := range e.kids {
		b.Mark = "•"
		if e.kind == numbers {
			b.Mark = ordinal(e.style, no)
			no++
		}
		l.element(k, b)
	}
}

// ordinal is the number before an item as a browser writes it; Roman numerals are left to it.
func ordinal(style string, no int) string {
	if (style == "a" || style == "A") && no <= 26 {
		return string(rune(style[0])+rune(no-1)) + "."
	}
	return strconv.Itoa(no) + "."
}

func (l *lines) table(t *element, b Block) {
	l.tables++
	b.Table = l.tables
	if len(t.runs) > 0 {
		b.Kind = "caption"
		l.runs(t.runs, b)
	}
	columns := t.columns()
	for i, r := range t.kids {
		for j, c := range r.kids {
			b.Where, b.Row, b.Col = string(c.kind), i+1, columns[i][j]+1
			b.Cols, b.Rows = max(c.colspan, 1), max(c.rowspan, 1)
			if j > 0 {
				l.before = "\t"
			}
			for _, k := range c.kids {
				l.element(k, b)
			}
			l.before = ""
		}
	}
}

// columns returns for each cell of a table the grid column in which it begins.
func (t *element) columns() [][]int {
	taken := make([]int, maxColumns+maxSpan)
	var all [][]int
	for _, r := range t.kids {
		col, at := 0, make([]int, len(r.kids))
		for j, c := range r.kids {
			for col < maxColumns && taken[col] > 0 {
				col++
			}
			at[j] = col
			for range c.colspan {
				taken[min(col, maxColumns)] = c.rowspan
				col++
			}
		}
		for x := range taken {
			taken[x] = max(0, taken[x]-1)
		}
		all = append(all, at)
	}
	return all
}

// runsText returns the words of runs without pictures and notes.
func runsText(runs []run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.text)
	}
	return b.String()
}
