package extract

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/place"
)

// reading is one file being read: its bounds, where the reader is, what it found so far.
// The first bound that is hit stays in err; adding to a reading that hit one does nothing,
// so that readers need to check only where they loop.
type reading struct {
	ctx   context.Context
	name  string
	data  []byte
	limit Limits
	doc   *Document
	err   error

	inspected bool // hidden things are collected, too
	nested    bool // the file stands in another

	page, lineNo, tables int
	sheet                string
	text, cells          int
}

func newReading(ctx context.Context, name string, data []byte, l Limits) *reading {
	return &reading{ctx: ctx, name: name, data: data, limit: l, doc: &Document{Name: name}}
}

// check returns the bound that was hit, or that the time is up.
func (r *reading) check() error {
	if r.err == nil {
		r.err = r.ctx.Err()
	}
	return r.err
}

// hit records the first bound that was hit.
func (r *reading) hit(err error) {
	if r.err == nil {
		r.err = err
	}
}

// note records once what a reader should know.
func (r *reading) note(key string) {
	if !slices.Contains(r.doc.Notes, key) {
		r.doc.Notes = append(r.doc.Notes, key)
	}
}

// hide records what is hidden in the file, if that was asked for.
func (r *reading) hide(kind HiddenKind, name string, blocks ...Block) {
	size := len(name)
	for _, b := range blocks {
		size += len(b.Text)
	}
	if !r.inspected || len(r.doc.Hidden) >= r.limit.Hidden || !r.spend(size) {
		return
	}
	r.doc.Hidden = append(r.doc.Hidden, Hidden{Kind: kind, Name: name, Blocks: blocks})
}

// hideText records a hidden text at the place the reader is at.
func (r *reading) hideText(kind HiddenKind, name, text string) {
	if text = strings.TrimSpace(clean(text)); text != "" {
		r.hide(kind, name, Block{Text: text, At: place.Place{Sheet: r.sheet, Page: r.page}})
	}
}

// meta records a property the file states about itself.
func (r *reading) meta(name, value string) {
	value = strings.Join(strings.Fields(value), " ")
	if value != "" && len(r.doc.Meta) < 1000 && r.spend(len(value)) {
		r.doc.Meta = append(r.doc.Meta, Meta{name, value})
	}
}

// spend counts text against its bound and reports whether there is room.
func (r *reading) spend(n int) bool {
	r.text += n
	if r.text > r.limit.Text {
		r.hit(ErrTooMuch)
	}
	return r.err == nil
}

// spendCells counts cells against their bound and reports whether there is room.
func (r *reading) spendCells(n int) bool {
	r.cells += n
	if r.cells > r.limit.Cells {
		r.hit(ErrTooMuch)
	}
	return r.err == nil
}

// line adds a line of text as the next line or paragraph.
func (r *reading) line(text string) {
	r.lineNo++
	r.lineAt(text, r.lineNo)
}

// lineAt adds a line of text with its number in the source.
func (r *reading) lineAt(text string, number int) {
	if !r.room(len(text)) {
		return
	}
	at := place.Place{Block: len(r.doc.Blocks) + 1, Sheet: r.sheet, Page: r.page, Line: number}
	r.doc.Blocks = append(r.doc.Blocks, Block{Text: text, At: at})
}

// table adds a table. Its cells get their places; a cell that already knows its page keeps
// it, as those of a table over several pages do.
func (r *reading) table(t *Table) {
	if !r.room(0) {
		return
	}
	r.tables++
	at := place.Place{Block: len(r.doc.Blocks) + 1, Sheet: r.sheet, Page: r.page, Table: r.tables}
	for i := range t.Rows {
		for j := range t.Rows[i] {
			c := &t.Rows[i][j]
			page := c.At.Page
			c.At = at
			if page > 0 {
				c.At.Page = page
			}
			c.At.Row, c.At.Col = c.Row+1, c.Col+1
			r.spend(len(c.Text))
		}
	}
	if first := t.first(); first != nil {
		at.Page = first.At.Page
	}
	r.doc.Blocks = append(r.doc.Blocks, Block{Table: t, At: at})
}

func (t *Table) first() *Cell {
	for _, row := range t.Rows {
		if len(row) > 0 {
			return &row[0]
		}
	}
	return nil
}

// room reports whether another block with that much text fits.
func (r *reading) room(text int) bool {
	if len(r.doc.Blocks) >= r.limit.Blocks {
		r.hit(ErrTooMuch)
	}
	return r.spend(text)
}

// turn goes to a page; a document without page breaks has none.
func (r *reading) turn(page int) {
	r.page = page
	r.doc.Pages = max(r.doc.Pages, page)
}
