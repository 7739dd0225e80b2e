package desk

import (
	"gongkai/internal/annual/form"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// sourceView is what the file says, line by line and table by table.
type sourceView struct {
	i18n.Printer
	Lines []sourceLine
	More  int // lines beyond what is shown
}

// sourceLine is a line of text or a table.
type sourceLine struct {
	ID       string
	Label    string // its number, or for a table its name
	Page     string // set where a page begins
	Segments []segment
	Empty    bool
	Table    [][]sourceCell
	Cells    string
}

// sourceCell is a cell of a table in the source.
type sourceCell struct {
	ID               string
	Segments         []segment
	RowSpan, ColSpan int
	Findings         string
	On               bool
}

// shownBlocks bounds the source view: ten times the longest report seen.
const shownBlocks = 5000

// source shows doc with the findings' and the selected cell's places marked.
func (t *trace) source(p i18n.Printer, doc *extract.Document, selected spot) sourceView {
	v := sourceView{Printer: p}
	page, sheet := 0, ""
	for i, b := range doc.Blocks {
		if i >= shownBlocks {
			v.More = len(doc.Blocks) - i
			break
		}
		l := t.line(p, i+1, b, selected)
		if b.At.Page != page || b.At.Sheet != sheet {
			page, sheet = b.At.Page, b.At.Sheet
			l.Page = pageName(p, page, sheet)
		}
		v.Lines = append(v.Lines, l)
	}
	return v
}

func pageName(p i18n.Printer, page int, sheet string) string {
	if sheet != "" {
		return p.T("desk.source.sheet", "name", sheet)
	}
	return p.T("desk.source.page", "n", page)
}

func (t *trace) line(p i18n.Printer, no int, b extract.Block, selected spot) sourceLine {
	at := spot{block: no}
	l := sourceLine{ID: at.anchor()}
	if b.Table == nil {
		n := b.At.Line
		if n == 0 {
			n = no
		}
		l.Label, l.Empty = p.T("desk.source.line", "n", n), b.Text == ""
		l.Segments = t.segments(b.Text, t.spots[at])
		if selected == at {
			for i := range l.Segments {
				l.Segments[i].On = true
			}
		}
		return l
	}
	l.Label = p.T("desk.source.table", "n", b.At.Table)
	for _, row := range b.Table.Rows {
		var cells []sourceCell
		for _, c := range row {
			cells = append(cells, t.sourceCell(spot{no, c.Row + 1, c.Col + 1}, c, selected))
		}
		l.Table = append(l.Table, cells)
	}
	return l
}

func (t *trace) sourceCell(at spot, c extract.Cell, selected spot) sourceCell {
	hits := t.spots[at]
	var nos []int
	for _, h := range hits {
		nos = append(nos, h.finding)
	}
	return sourceCell{
		ID: at.anchor(), Segments: t.segments(c.Text, hits), RowSpan: c.RowSpan, ColSpan: c.ColSpan,
		Findings: join(nos), On: t.on(nos) || at == selected,
	}
}

// spotOfCell returns where in the source a cell of the form stands.
func (t *trace) spotOfCell(e *entry, k form.Key) spot {
	if c, ok := e.report.Cells[k]; ok {
		return t.spot(c.At)
	}
	for _, q := range e.report.Questions {
		for _, key := range q.Keys {
			if key == k {
				return t.spot(q.At)
			}
		}
	}
	return spot{}
}
