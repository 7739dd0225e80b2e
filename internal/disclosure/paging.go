package disclosure

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/job"
)

// A section's list is cut into pages that are numbered from the oldest and begin at fixed places,
// so that what is published or taken down changes one page and leaves all others as they are.
const (
	pageItems = 20 // items of a new page
	pageMost  = 60 // more than these, published in the midst of a list, have the pages cut anew
)

// PagesJob cuts a section's pages anew.
const PagesJob = "paging.cut"

type sectionArgs struct {
	Section string `json:"section"`
}

// Stretch is a page of a section's list, newest first.
type Stretch struct {
	Rows  []Row
	No    int64 // of the page; 0 for the newest items
	Older int64 // number of the page with what is older, 0 for none
	Newer int64
	Last  int64 // the highest number
}

// Newest lists what was published last in a section, down to where a page begins.
func (r *Reader) Newest(ctx context.Context, section string) (s *Stretch, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) (err error) {
		s = &Stretch{}
		if s.Last, err = lastPage(tx, section); err != nil {
			return err
		}
		if s.Rows, err = plainRows(rowsOfSection(tx, section, latest, "", pageItems)); err != nil || len(s.Rows) < pageItems {
			return err
		}
		end := s.Rows[len(s.Rows)-1]
		from, err := pageOf(tx, section, end.PublishedAt, end.Item)
		if err != nil {
			return err
		}
		s.Older = max(from.no-1, 0)
		s.Rows, err = plainRows(rowsBetween(tx, section, from, edge{at: latest}, MaxPage))
		return err
	})
	return s, err
}

// Stretch returns a page of a section's list by its number, ErrNone for one that is not there.
func (r *Reader) Stretch(ctx context.Context, section string, no int64) (s *Stretch, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) (err error) {
		s = &Stretch{No: no, Older: max(no-1, 0)}
		if s.Last, err = lastPage(tx, section); err != nil {
			return err
		}
		if no < 1 || no > s.Last {
			return ErrNone
		}
		from, to, err := bounds(tx, section, no)
		if err != nil {
			return err
		}
		if no < s.Last {
			s.Newer = no + 1
		}
		s.Rows, err = plainRows(rowsBetween(tx, section, from, to, MaxPage))
		return err
	})
	return s, err
}

// Beside is what stands before and after an item in the list of its section.
type Beside struct {
	Older, Newer *Row
	// Pages are the numbers of the list's pages the item and these two stand on.
	Pages []int64
}

// Beside returns the neighbours of an item that is listed in a section.
func (r *Reader) Beside(ctx context.Context, section string, i *Item) (b *Beside, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) (err error) {
		b = &Beside{}
		if i.Status != Live {
			return nil
		}
		if b.Older, err = first(rowsOfSection(tx, section, i.ShownAt, i.ID, 1)); err != nil {
			return err
		}
		if b.Newer, err = first(rowsAfter(tx, section, i.ShownAt, i.ID, 1)); err != nil {
			return err
		}
		here, err := pageOf(tx, section, i.ShownAt, i.ID)
		if err != nil {
			return err
		}
		b.Pages = []int64{here.no}
		if b.Older != nil && here.no > 1 {
			b.Pages = append(b.Pages, here.no-1)
		}
		b.Pages = append(b.Pages, here.no+1)
		return nil
	})
	return b, err
}

func first(all []*Row, err error) (*Row, error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// repage brings a section's pages in line with an item that left its list, entered it, or moved in
// it.
func repage(tx *db.Tx, section, item string, was, is time.Time) error {
	if err := tx.Lock("section.pages/" + section); err != nil {
		return err
	}
	tags := []change.Tag{}
	if !was.IsZero() {
		old, err := pageOf(tx, section, was, item)
		if err != nil {
			return err
		}
		tags = append(tags, change.SectionPage(section, old.no))
	}
	if !is.IsZero() {
		grown, err := enter(tx, section, is, item)
		if err != nil {
			return err
		}
		tags = append(tags, grown...)
	}
	return change.Note(tx, tags...)
}

// enter makes room for an item in the pages of a list and says which pages changed.
func enter(tx *db.Tx, section string, at time.Time, item string) ([]change.Tag, error) {
	last, err := lastPage(tx, section)
	if err != nil {
		return nil, err
	}
	if last == 0 {
		return []change.Tag{change.SectionPage(section, 1)}, addPage(tx, section, edge{1, at, item})
	}
	here, err := pageOf(tx, section, at, item)
	if err != nil {
		return nil, err
	}
	tags := []change.Tag{change.SectionPage(section, here.no)}
	room := pageMost
	if here.no == last {
		room = pageItems
	}
	over, err := beyond(tx, section, here, room)
	if err != nil || over == nil {
		return tags, err
	}
	if here.no < last {
		_, to, err := bounds(tx, section, here.no)
		if err != nil || !before(over, to) {
			return tags, err
		}
		return tags, job.Enqueue(tx, PagesJob, sectionArgs{section}, job.Unique(section))
	}
	over.no = last + 1
	return append(tags, change.SectionPage(section, over.no)), addPage(tx, section, *over)
}

// before reports whether an edge stands before another of the same section. Edges of one instant
// are told apart by the database alone; to take them for one page is no harm here.
func before(a *edge, b edge) bool { return a.at.Before(b.at) }

// cutPages cuts a section's pages anew: after many items were brought in, or too many in the
// midst of a list.
func (d *Desk) cutPages(ctx context.Context, a sectionArgs) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("section.pages/" + a.Section); err != nil {
			return err
		}
		if err := cut(tx, a.Section, pageItems); err != nil {
			return err
		}
		return change.Note(tx, change.SectionPages(a.Section), change.Section(a.Section))
	})
}

// Public returns those of the items that are public, in the order asked for.
func (r *Reader) Public(ctx context.Context, items []string) (rows []Row, err error) {
	if len(items) == 0 {
		return nil, nil
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err := publicRows(tx, items)
		rows = rows[:0]
		for _, id := range items {
			if i := slices.IndexFunc(all, func(r *Row) bool { return r.Item == id }); i >= 0 {
				rows = append(rows, *all[i])
			}
		}
		return err
	})
	return rows, err
}

// Cited returns the public documents that bear one of the document numbers, newest first.
func (r *Reader) Cited(ctx context.Context, numbers []string) (rows []Row, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		rows = nil
		items, err := itemsNumbered(tx, numbers)
		if err != nil || len(items) == 0 {
			return err
		}
		all, err := publicRows(tx, items)
		for _, one := range all {
			if slices.Contains(numbers, one.DocNo) { // what it says now
				rows = append(rows, *one)
			}
		}
		slices.SortFunc(rows, func(a, b Row) int {
			return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), strings.Compare(b.Item, a.Item))
		})
		return err
	})
	return rows, err
}
