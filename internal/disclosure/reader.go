package disclosure

import (
	"context"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Reader is what the public may read: published editions and nothing else. The portal, the
// guide and catalogue, and the exchange with other systems read through it.
type Reader struct{ DB *db.DB }

// Row is a line of a list of what is public, and of the catalogue.
//
// 条例第十二条: “政府信息公开目录包括政府信息的索引、名称、内容概述、生成日期等内容。” R-GDE-02.
type Row struct {
	Item        string
	Agency      string
	Section     string // its home
	Kind        Kind
	IndexNo     string
	Title       string
	Summary     string
	DocNo       string
	Issuer      string
	Genre       string
	Theme       string
	FormedOn    date.Date
	PublishedAt time.Time // of the shown edition
	Edition     string
}

// Page chooses a part of a list: the rows after the one a cursor names.
type Page struct {
	After string // cursor of the last row seen, "" for the first page
	Limit int    // 20 if 0, at most MaxPage
}

// MaxPage bounds a page of public lists.
const MaxPage = 500

// Sound reports whether After is of the form cursors have; a list begins anew with one that is not.
func (p Page) Sound() bool {
	_, id := readCursor(p.After)
	return p.After == "" || id != ""
}

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return 20
	case p.Limit > MaxPage:
		return MaxPage
	}
	return p.Limit
}

// Rows is a page of a list with the cursor of what follows, "" at its end.
type Rows struct {
	Rows []Row
	Next string
}

// Section lists what stands in a section, newest first.
func (r *Reader) Section(ctx context.Context, section string, p Page) (*Rows, error) {
	return r.list(ctx, p, func(tx *db.Tx, at time.Time, id string, n int) ([]*Row, error) {
		return rowsOfSection(tx, section, at, id, n)
	})
}

// Agency lists what an agency published, newest first.
func (r *Reader) Agency(ctx context.Context, agency string, p Page) (*Rows, error) {
	return r.list(ctx, p, func(tx *db.Tx, at time.Time, id string, n int) ([]*Row, error) {
		return rowsOfAgency(tx, agency, at, id, n)
	})
}

func (r *Reader) list(ctx context.Context, p Page, rows func(tx *db.Tx, at time.Time, id string, n int) ([]*Row, error)) (*Rows, error) {
	at, id := readCursor(p.After)
	out := &Rows{}
	err := r.DB.View(ctx, func(tx *db.Tx) error {
		n := p.limit()
		all, err := rows(tx, at, id, n+1)
		if err != nil {
			return err
		}
		if len(all) > n {
			all = all[:n]
			out.Next = cursor(all[n-1].PublishedAt, all[n-1].Item)
		}
		for _, one := range all {
			out.Rows = append(out.Rows, *one)
		}
		return nil
	})
	return out, err
}

// Leaf is an item's public page.
type Leaf struct {
	Item *Item
	// Edition is what it says; nil when it was retracted or its posting period is over, and the
	// page is a notice of that.
	Edition       *Edition
	Sections      []string // where it stands, its home first
	History       []Past   // earlier editions, newest first
	Interprets    []Row    // public items it interprets
	InterpretedBy []Row
}

// Past is an edition that another took the place of: that it was, not what it said.
type Past struct {
	No          int64
	PublishedAt time.Time
	Note        string // of the edition that came after, why it was corrected
}

// Item returns an item's public page, or ErrNone for what never was public.
func (r *Reader) Item(ctx context.Context, id string) (l *Leaf, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		i, err := loadItem(tx, id)
		if err != nil {
			return err
		}
		l, err = leafOf(tx, i)
		return err
	})
	return l, err
}

// Numbered returns the public page of the item with an index number.
func (r *Reader) Numbered(ctx context.Context, indexNo string) (l *Leaf, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		i, err := itemNumbered(tx, indexNo)
		if err != nil {
			return err
		}
		l, err = leafOf(tx, i)
		return err
	})
	return l, err
}

// leafOf gathers an item's public page.
func leafOf(tx *db.Tx, i *Item) (*Leaf, error) {
	if i.Status == Unseen {
		return nil, ErrNone
	}
	l := &Leaf{Item: i}
	var err error
	if l.History, err = pastOf(tx, i); err != nil {
		return nil, err
	}
	if !i.Public() {
		return l, nil
	}
	if l.Edition, err = loadEdition(tx, i.Shown); err != nil {
		return nil, err
	}
	if l.Sections, err = sectionsOf(tx, i.ID); err != nil {
		return nil, err
	}
	if l.Interprets, err = rowsInterpreted(tx, i.ID); err != nil {
		return nil, err
	}
	l.InterpretedBy, err = rowsInterpreting(tx, i.ID)
	return l, err
}

// pastOf lists the editions that were public before the one shown.
func pastOf(tx *db.Tx, i *Item) ([]Past, error) {
	all, err := editionsOf(tx, i.ID)
	if err != nil {
		return nil, err
	}
	var out []Past
	note := ""
	for _, e := range all { // newest first
		if e.PublishedAt.IsZero() {
			continue
		}
		if e.ID != i.Shown {
			out = append(out, Past{e.No, e.PublishedAt, note})
		}
		note = e.Note
	}
	return out, nil
}

// File returns an attachment of what is public.
func (r *Reader) File(ctx context.Context, item, file string) (a Attachment, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		i, err := loadItem(tx, item)
		if err != nil {
			return err
		}
		if !i.Public() {
			return ErrFile
		}
		e, err := loadEdition(tx, i.Shown)
		if err != nil {
			return err
		}
		n := e.file(file)
		if n < 0 {
			return ErrFile
		}
		a = e.Attachments[n]
		return nil
	})
	return a, err
}

// Count is how many items of an agency became public, were corrected and ended in a period.
type Count struct {
	Published int // for the first time
	Corrected int
	Retracted int
	Live      int // at this moment
}

// Count counts an agency's publications from one day to another, both included.
func (r *Reader) Count(ctx context.Context, agency string, from, to date.Date) (c Count, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		c, err = countOf(tx, agency, dayStart(from), dayStart(to.Plus(1)))
		return err
	})
	return c, err
}

// BySection counts the live items in each section of an agency.
func (r *Reader) BySection(ctx context.Context, agency string) (n map[string]int, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		n, err = countBySection(tx, agency)
		return err
	})
	return n, err
}
