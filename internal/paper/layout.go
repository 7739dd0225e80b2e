package paper

import (
	"math"
	"strings"
	"unicode"
)

// The measures of GB/T 9704-2012. 5.1: “公文用纸采用A4型纸，其成品幅面尺寸为：210 mm×297 mm。”
// 5.2.1: “公文用纸天头（上白边）为37 mm±1 mm，公文用纸订口（左白边）为28 mm±1 mm，
// 版心尺寸为156 mm×225 mm。” 5.2.3: “一般每面排22行，每行排28个字。”
const (
	pageWidth    = 210.0 // mm
	pageHeight   = 297.0
	marginTop    = 37.0
	marginBottom = 35.0
	marginLeft   = 28.0
	marginRight  = 26.0
	textWidth    = pageWidth - marginLeft - marginRight
	textHeight   = pageHeight - marginTop - marginBottom
	pageLines    = 22
	lineChars    = 28
	dashGap      = 7.0 // 7.5: “一字线上距版心下边缘7 mm”
)

// Sizes of letters in points: 2号 for the title, 3号 for the text, 4号 for page numbers.
const (
	titleSize  = 22.0
	bodySize   = 16.0
	footerSize = 14.0
)

const (
	twip    = 20.0 // of a point
	mmPoint = 72 / 25.4
)

// linePitch is the height of a line in twips: 225 mm over 22 lines are 28.99 pt; 28.95 pt
// is what word processors store for it and leaves them no rounding to push a line out.
const linePitch = 579

// tightening is what each letter of text gives up, in twips: 28 letters of 16 pt are 6 pt
// wider than 156 mm. Word processors could do it by the page's character grid, but they
// read that grid differently; all of them understand letters set closer. At -5 LibreOffice
// puts 27 letters on a line that should hold 28.
const tightening = -6

// textRoom is how much of a line letters may fill, in points: LibreOffice rounds 156 mm down
// to whole squares of the page's grid.
const textRoom = lineChars * 15.75

// charPitch is the width of a character of text in points; 28 of them fit a line.
const charPitch = bodySize + tightening/twip

// dateIndent is what stays free to the right of the date, in characters: 成文日期右空四字.
const dateIndent = 4

// cell margins and line height of tables, in points.
const (
	cellTop   = 2.0
	lineShare = 1.3 // line height of table text as a share of the letters
	smallest  = 5.0 // size below which a long number breaks instead of shrinking
	legible   = 6.5 // size below which a mark breaks instead of shrinking
)

// wide reports whether r takes a full square: Han, full-width forms, and the punctuation
// that Chinese text sets full-width.
func wide(r rune) bool {
	switch {
	case r < 0x2E80:
		return strings.ContainsRune("·×—…‘’“”①②③④⑤⑥⑦⑧⑨⑩℃→←↑↓■□●○★☆※°±÷≤≥≠", r)
	case r >= 0xFF61 && r <= 0xFFDC:
		return false
	}
	return true
}

// ems returns the width of text in squares as word processors count them: one for a wide
// character, half for others.
func ems(text string) float64 {
	w := 0.0
	for _, r := range text {
		if wide(r) {
			w++
		} else {
			w += 0.5
		}
	}
	return w
}

// fit returns the size at which a cell's longest unbreakable word fits its width: tables of
// a province hold numbers that a county's columns have no room for, and a number broken
// over two lines is misread.
func (t *Table) fit(c Cell, width float64) float64 {
	longest := 0.0
	for _, word := range strings.FieldsFunc(c.Text, unicode.IsSpace) {
		if c.Role == Value && !strings.ContainsFunc(word, han) || c.Mark {
			longest = max(longest, ems(word))
		}
	}
	room := width - 2*t.side() - 1
	if c.Mark && longest*legible > room { // words, which may stand on two lines
		longest = math.Ceil(longest / 2)
	}
	if longest*t.Size > room {
		return max(smallest, float64(int(2*room/longest))/2)
	}
	return t.Size
}

// side is the margin at the sides of a cell in points: less where columns are many.
func (t *Table) side() float64 {
	if len(t.Widths) > 5 {
		return 1.2
	}
	return 3
}

// indents are what a cell's text keeps free of its margins, in points: a label at the left a
// little at the left, a label in the middle so much on both sides that its lines are of one
// length, 结果 over 维持 and not 结果维 over 持.
func (t *Table) indents(c Cell, width float64) (left, right float64) {
	if c.Role.left() {
		return 1.5, 0
	}
	if !c.Role.head() {
		return 0, 0
	}
	room := width - 2*t.side()
	perLine := float64(int(room / t.Size))
	n := ems(c.Text)
	if perLine < 1 || n <= perLine {
		return 0, 0
	}
	lines := math.Ceil(n / perLine)
	free := max(0, (room-math.Ceil(n/lines)*t.Size)/2-0.5)
	return free, free
}

// columns returns the widths of the table's columns in twips; together they are as wide as
// the text.
func (t *Table) columns() []int {
	whole := 0.0
	for _, w := range t.Widths {
		whole += w
	}
	left := twips(textWidth * mmPoint)
	out := make([]int, len(t.Widths))
	for i, w := range t.Widths {
		out[i] = min(left, int(w*float64(left)/whole+0.5))
		left -= out[i]
		whole -= w
	}
	return out
}

// span returns the width of a cell in points.
func (t *Table) span(columns []int, c Cell) float64 {
	w := 0
	for _, n := range columns[c.Col : c.Col+c.ColSpan] {
		w += n
	}
	return float64(w) / twip
}

// twips returns points in twips.
func twips(points float64) int { return int(points*twip + 0.5) }
