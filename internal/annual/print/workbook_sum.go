package print

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
)

// sumColumns is the grid all tables are laid on: as wide as table four.
const sumColumns = 15

// sumSpans says over how many columns of the grid each column of a table stretches.
var sumSpans = map[string][]int{"T3": {1, 2, 5, 1, 1, 1, 1, 1, 1, 1}}

// spansOf returns a table's spans: as listed, or its columns spread evenly, the first
// taking what is left.
func spansOf(t *form.Table) []int {
	if s, ok := sumSpans[t.ID]; ok && len(s) == t.Columns {
		return s
	}
	s := make([]int, t.Columns)
	for i := range s {
		s[i] = sumColumns / t.Columns
	}
	s[0] += sumColumns % t.Columns
	return s
}

// sheetWriter writes cells of one sheet and remembers the first error.
type sheetWriter struct {
	*book
	name string
	err  error
}

func (s *sheetWriter) set(column, row int, v any, style int) {
	s.merge(column, row, column, row, v, style)
}

// merge writes v over a block of cells.
func (s *sheetWriter) merge(left, top, right, bottom int, v any, style int) {
	first, last := at(left, top), at(right, bottom)
	s.try(s.file.SetCellValue(s.name, first, v))
	s.try(s.file.SetCellStyle(s.name, first, last, style))
	if first != last {
		s.try(s.file.MergeCell(s.name, first, last))
	}
}

func (s *sheetWriter) try(err error) {
	if s.err == nil {
		s.err = err
	}
}

// writeSum writes the merged report as the form prints it.
func (b *book) writeSum() error {
	name := b.p.T("merge.book.sum")
	if err := b.addSheet(name, upright); err != nil {
		return err
	}
	s := &sheetWriter{book: b, name: name}
	for i := range sumColumns {
		column := strings.TrimRight(at(i+1, 1), "1")
		s.try(s.file.SetColWidth(name, column, column, 8.3))
	}
	r := b.c.Merged.Report
	s.merge(1, 1, sumColumns, 1, r.Title.Text, s.style.title)
	s.try(s.file.SetRowHeight(name, 1, 32))
	row := 2
	if n := len(b.c.Merged.Incomplete()); n > 0 {
		s.paragraph(row, s.p.T("merge.book.sum_note", "n", n))
		row++
	}
	for _, section := range r.Form.Sections {
		s.merge(1, row, sumColumns, row, section.Full, s.style.section)
		row++
		if text := r.Section(section.Key); text != nil {
			for _, p := range text.Paragraphs {
				s.paragraph(row, p.Text)
				row++
			}
		}
		if t := r.Form.Table(section.Table); t != nil {
			row = s.table(t, r, row)
		}
	}
	return s.err
}

// table writes one table of the form and returns the row after it.
func (s *sheetWriter) table(t *form.Table, r *annual.Report, top int) int {
	starts := []int{1}
	for _, w := range spansOf(t) {
		starts = append(starts, starts[len(starts)-1]+w)
	}
	heights := make([]float64, len(t.Grid))
	for y, boxes := range t.Grid {
		heights[y] = 18
		for _, box := range boxes {
			left, right := starts[box.Col], starts[box.Col+box.ColSpan]-1
			value, style := s.box(box, r, right-left+1)
			s.merge(left, top+y, right, top+y+box.RowSpan-1, value, style)
			if box.RowSpan == 1 {
				heights[y] = max(heights[y], height(box.Text, right-left+1))
			}
		}
	}
	for y, h := range heights {
		s.try(s.file.SetRowHeight(s.name, top+y, h))
	}
	return top + len(t.Grid)
}

// paragraph writes text over the whole width, in a row high enough for it.
func (s *sheetWriter) paragraph(row int, text string) {
	s.merge(1, row, sumColumns, row, text, s.style.note)
	s.try(s.file.SetRowHeight(s.name, row, min(height(text, sumColumns), 400)))
}

// box returns what a box shows, and how.
func (s *sheetWriter) box(b form.Box, r *annual.Report, columns int) (any, int) {
	switch b.Role {
	case form.RoleValue:
		return s.sumCell(b.Key, r)
	case form.RoleRowLabel, form.RoleNote:
		return b.Text, s.style.label
	case form.RoleRowGroup:
		if b.RowSpan > 10 && columns == 1 {
			return b.Text, s.style.vertical
		}
	}
	return b.Text, s.style.head
}

// sumCell returns a merged figure; one that some body did not fill is marked.
func (s *sheetWriter) sumCell(k form.Key, r *annual.Report) (any, int) {
	v, ok := r.Value(k)
	switch {
	case !ok:
		return nil, s.style.gap
	case len(s.c.Merged.Gaps(k)) > 0 && v.IsInt():
		return v.Float(), s.style.gapNumber
	case len(s.c.Merged.Gaps(k)) > 0:
		return v.Float(), s.style.gapFraction
	}
	return v.Float(), s.numberStyle(v)
}

// height returns the height a text needs in so many columns of the grid, four characters
// to a column.
func height(text string, columns int) float64 {
	lines := (utf8.RuneCountInString(text) + 4*columns - 1) / (4 * columns)
	return 4 + 14*float64(lines)
}

// writeDetail writes a row for each body that counts, with every cell of the form as a
// column under two headings, and the sums as formulas under them.
func (b *book) writeDetail() error {
	name := b.p.T("merge.book.detail")
	if err := b.addWideSheet(name, across); err != nil {
		return err
	}
	if err := b.repeat(name, "$A:$A", "$1:$2"); err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	l := &streamed{book: b, sw: sw}
	cells := b.c.Form.Cells()
	if err := sw.SetColWidth(1, 1, 30); err != nil {
		return err
	}
	if err := sw.SetColWidth(2, len(cells)+1, 9); err != nil {
		return err
	}
	if err := sw.SetPanes(freeze(1, 2)); err != nil {
		return err
	}
	if err := l.detailHead(cells); err != nil {
		return err
	}
	values := make([]any, len(cells)+1)
	for e, figures := range b.c.Merged.Bodies() {
		values[0] = b.text(e.Unit)
		for i, f := range figures {
			values[i+1] = b.figure(f)
		}
		if err := l.add(values); err != nil {
			return err
		}
	}
	if err := l.detailSums(cells); err != nil {
		return err
	}
	return sw.Flush()
}

// detailHead writes the row labels of the form and, under them, its column labels.
func (l *streamed) detailHead(cells []*form.Cell) error {
	upper, lower := []any{l.head(l.book.p.T("merge.book.unit"))}, []any{l.head("")}
	start := 0
	var spans [][2]int
	for i, c := range cells {
		label := c.Row.Label
		if c.Row.Group != "" {
			label = c.Row.Group + label
		}
		if i > 0 && cells[i-1].Row != c.Row {
			spans = append(spans, [2]int{start, i - 1})
			start = i
		}
		upper = append(upper, l.head(label))
		lower = append(lower, l.head(strings.TrimPrefix(c.Column, c.Row.Label)))
	}
	spans = append(spans, [2]int{start, len(cells) - 1})
	if err := l.add(upper, rowHeight(44)); err != nil {
		return err
	}
	if err := l.add(lower, rowHeight(44)); err != nil {
		return err
	}
	if err := l.sw.MergeCell("A1", "A2"); err != nil {
		return err
	}
	for _, s := range spans {
		if s[0] == s[1] {
			continue
		}
		if err := l.sw.MergeCell(at(s[0]+2, 1), at(s[1]+2, 1)); err != nil {
			return err
		}
	}
	return nil
}

// detailSums writes the last row: each column's sum as a formula, with its value.
func (l *streamed) detailSums(cells []*form.Cell) error {
	first, last := 3, l.row
	values := []any{l.head(l.book.p.T("merge.book.total"))}
	for i, c := range cells {
		column := strings.TrimRight(at(i+2, 1), "1")
		v, ok := l.book.c.Merged.Report.Value(c.Key)
		cell := l.book.number(v)
		if !ok {
			cell = l.book.figure(annual.Figure{Gap: annual.GapBlank})
		} else if last >= first {
			cell.Formula = "SUM(" + column + strconv.Itoa(first) + ":" + column + strconv.Itoa(last) + ")"
		}
		values = append(values, cell)
	}
	return l.add(values)
}
