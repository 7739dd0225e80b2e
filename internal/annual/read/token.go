package read

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/annual"
	"gongkai/internal/decimal"
	"gongkai/internal/place"
)

// kind is what one cell of the source holds.
type kind int

const (
	words  kind = iota // text: a label, a header, or words where a figure belongs
	number             // a figure
	blank              // an empty cell whose position is kept, or a stroke in place of a figure
	lost               // an empty cell left over after the source closed its gaps
	open               // a mark that the value waits for a decision
)

// token is one cell as the source prints it.
type token struct {
	kind kind
	text string // trimmed
	norm string // normalised label, of words
	num  decimal.Decimal
	at   place.Place
	col  int // first grid column, from 0; -1 where the source has no grid
	span int // grid columns covered
}

// row is one physical line or table row of the source.
type row struct {
	toks  []token
	at    place.Place
	grid  bool   // from a true table: every position is kept
	set   bool   // from lines that keep every position, as a true table does
	pipes bool   // from a line with pipes between cells
	text  string // of a line: the whole of it
	block int    // index of the block it comes from
	ends  bool   // an empty line: whatever record was open is closed
	whole bool   // a paragraph: the source says where one ends
	drawn bool   // a line of a drawn page, indented where a paragraph begins
}

// values returns the row's figures and blanks, without its labels.
func (r row) values() []token {
	last := -1
	for i, t := range r.toks {
		if t.kind == words {
			last = i
		}
	}
	return r.toks[last+1:]
}

// figures counts the numbers among toks.
func figures(toks []token) int {
	n := 0
	for _, t := range toks {
		if t.kind == number {
			n++
		}
	}
	return n
}

// strokes are marks that stand for "nothing to report". They are blanks, not zeros.
var strokes = map[string]bool{
	"/": true, "\\": true, "-": true, "--": true, "—": true, "——": true, "–": true, "―": true, "－": true, "一": true,
	"无": true, "*": true, "／": true, "...": true, "…": true, "N/A": true,
}

// unsettled are the marks of a cell nobody has settled, in prints of ours and in older ones.
var unsettled = map[string]bool{annual.Pending: true, "（待核）": true}

// newToken reads one cell's text.
func newToken(raw string, at place.Place) token {
	t := token{text: strings.TrimFunc(raw, isSpace), at: at, col: -1, span: 1}
	if t.text == "" || strokes[t.text] || strokes[compact(t.text)] {
		t.kind = blank
		return t
	}
	if unsettled[compact(t.text)] {
		t.kind = open
		return t
	}
	if n, ok := figure(t.text); ok {
		t.kind, t.num = number, n
		return t
	}
	if onlyDigits(compact(t.text)) {
		t.kind, t.num = number, glued
		return t
	}
	t.kind = words
	if len(t.text) <= 4*longestLabel {
		t.norm = label(t.text)
	} else {
		t.norm = t.text
	}
	return t
}

// longestLabel is more than any label of the form has, in runes; longer words are text.
const longestLabel = 80

// glued is the value of digits that are no number because several ran together. No cell
// admits it, so it must be split.
const glued decimal.Decimal = -500_000 // minus one half

// figure reads a cell that holds a number and nothing else but white space, a unit and a
// note mark: "9", "１２", "11398\n889", "7,730.28万元", "3（注1）".
func figure(s string) (decimal.Decimal, bool) {
	if len(s) > 200 || !strings.ContainsAny(s, "0123456789０１２３４５６７８９零〇①②③④⑤") {
		return 0, false
	}
	s = compact(norm.NFKC.String(s))
	s = strings.ReplaceAll(s, "，", ",")
	s = strings.TrimRight(s, "*※。.;；")
	for _, open := range []string{"(注", "（注", "[注", "["} {
		if i := strings.Index(s, open); i > 0 {
			s = s[:i]
		}
	}
	for _, unit := range units {
		if n, cut := strings.CutSuffix(s, unit); cut {
			s = n
			break
		}
	}
	switch s {
	case "零", "〇":
		return 0, true
	case "":
		return 0, false
	}
	s = signs.Replace(s)
	n, err := decimal.Parse(s)
	return n, err == nil
}

// signs folds the dashes and pluses that stand for signs.
var signs = strings.NewReplacer("－", "-", "﹣", "-", "−", "-", "—", "-", "＋", "+")

// units that a clerk may write behind a figure. Amounts in 亿元 or 元 are left as words: the
// reader must not convert in silence.
var units = []string{"万元", "件次", "件", "项", "个", "宗", "次", "条", "部", "份", "起"}

func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u3000' || r == '\u00a0'
}

// compact removes all white space.
func compact(s string) string {
	if strings.IndexFunc(s, isSpace) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, s)
}
