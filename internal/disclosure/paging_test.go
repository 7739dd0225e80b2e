package disclosure

import (
	"fmt"
	"testing"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// listed puts items into a section's list, each a minute after the one before, and tells the
// pages of each.
func listed(t *testing.T, d *db.DB, section string, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		relist(t, d, section, i, time.Time{}, dbtest.Noon.Add(time.Duration(i)*time.Minute))
	}
}

// relist moves one item in the list; a zero time is not in it.
func relist(t *testing.T, d *db.DB, section string, i int, was, is time.Time) {
	t.Helper()
	id := fmt.Sprintf("%05d", i)
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		if was.IsZero() {
			e := &Edition{ID: "e" + id, Item: id, No: 1, Head: true, State: Published, Content: Content{Title: "第" + id + "号"}, StepAt: is, CreatedAt: is, UpdatedAt: is}
			if err := (&Item{ID: id, Section: section, Status: Live, Head: e.ID, Shown: e.ID, ShownAt: is, CreatedAt: is}).insert(tx); err != nil {
				return err
			}
			if err := e.insert(tx); err != nil {
				return err
			}
			p := &placement{Home: true, ShownAt: is, Placement: Placement{ID: id, Item: id, Section: section, State: Placed, AskedAt: is, Version: 1}}
			if err := tx.Insert("item_place", p.columns()); err != nil {
				return err
			}
			return repage(tx, section, id, was, is)
		}
		p, err := loadPlace(tx, id, section)
		if err != nil {
			return err
		}
		p.ShownAt = is
		if err := p.save(tx); err != nil {
			return err
		}
		return repage(tx, section, id, was, is)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// page says which items a page holds: how many, the oldest and the newest.
func page(t *testing.T, d *db.DB, section string, no int64) string {
	t.Helper()
	r := &Reader{DB: d}
	read := func() (*Stretch, error) { return r.Stretch(t.Context(), section, no) }
	if no == 0 {
		read = func() (*Stretch, error) { return r.Newest(t.Context(), section) }
	}
	s, err := read()
	if err != nil {
		return err.Error()
	}
	if len(s.Rows) == 0 {
		return fmt.Sprintf("0 < %d > %d", s.Older, s.Newer)
	}
	return fmt.Sprintf("%d %s..%s < %d > %d", len(s.Rows), s.Rows[len(s.Rows)-1].Item, s.Rows[0].Item, s.Older, s.Newer)
}

func at(i int) time.Time { return dbtest.Noon.Add(time.Duration(i) * time.Minute) }

func wants(t *testing.T, d *db.DB, pages map[int64]string) {
	t.Helper()
	for no, want := range pages {
		if got := page(t, d, "s", no); got != want {
			t.Errorf("page %d: %s, want %s", no, got, want)
		}
	}
}

// Pages are numbered from the oldest, and what happens elsewhere in the list leaves them as they
// are.
func TestPagesOfASection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		wants(t, d, map[int64]string{0: "0 < 0 > 0", 1: ErrNone.Error()})
		listed(t, d, "s", 1, 20)
		wants(t, d, map[int64]string{0: "20 00001..00020 < 0 > 0", 1: "20 00001..00020 < 0 > 0", 2: ErrNone.Error()})
		listed(t, d, "s", 21, 24) // 44: two whole pages and four items
		wants(t, d, map[int64]string{0: "24 00021..00044 < 1 > 0", 1: "20 00001..00020 < 0 > 2", 2: "20 00021..00040 < 1 > 3", 3: "4 00041..00044 < 2 > 0", 4: ErrNone.Error(), -1: ErrNone.Error()})

		relist(t, d, "s", 5, at(5), time.Time{}) // taken down
		wants(t, d, map[int64]string{1: "19 00001..00020 < 0 > 2", 2: "20 00021..00040 < 1 > 3", 3: "4 00041..00044 < 2 > 0"})
		relist(t, d, "s", 30, at(30), at(100)) // corrected: published anew
		wants(t, d, map[int64]string{2: "19 00021..00040 < 1 > 3", 3: "5 00041..00030 < 2 > 0", 0: "24 00021..00030 < 1 > 0"})
		listed(t, d, "other", 200, 1)
		wants(t, d, map[int64]string{3: "5 00041..00030 < 2 > 0"})
	})
}

// The log of changes names the pages that changed and no other.
func TestPagesThatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		listed(t, d, "s", 1, 60)
		tags := func(do func()) (all []change.Tag) {
			t.Helper()
			var from int64
			look := func(fn func(tx *db.Tx) error) {
				if err := d.View(t.Context(), fn); err != nil {
					t.Fatal(err)
				}
			}
			look(func(tx *db.Tx) (err error) { from, err = change.Head(tx); return err })
			do()
			look(func(tx *db.Tx) error {
				entries, _, err := change.Since(tx, from, 100)
				for _, e := range entries {
					all = append(all, e.Tag)
				}
				return err
			})
			return all
		}
		for _, c := range []struct {
			name string
			do   func()
			want string
		}{
			{"the page is full", func() { listed(t, d, "s", 61, 1) }, "[section:s/3 section:s/4]"},
			{"another on the newest page", func() { listed(t, d, "s", 62, 1) }, "[section:s/4]"},
			{"taken down on page two", func() { relist(t, d, "s", 25, at(25), time.Time{}) }, "[section:s/2]"},
			{"from the first page to the newest", func() { relist(t, d, "s", 3, at(3), at(300)) }, "[section:s/1 section:s/4]"},
		} {
			if got := fmt.Sprint(tags(c.do)); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
}

// What is published before everything else belongs to the first page, and a page that grows
// past all measure has the list cut anew.
func TestPagesAreCutAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		listed(t, d, "s", 1000, 30)
		listed(t, d, "s", 1, 50)
		wants(t, d, map[int64]string{1: "70 00001..01019 < 0 > 2", 2: "10 01020..01029 < 1 > 0"})
		n := 0
		if err := d.View(t.Context(), func(tx *db.Tx) (err error) {
			n, err = tx.Count("SELECT count(*) FROM job WHERE kind = $1", PagesJob)
			return err
		}); err != nil || n != 1 {
			t.Fatalf("%d jobs wait, %v", n, err)
		}
		if err := (&Desk{DB: d}).cutPages(t.Context(), sectionArgs{"s"}); err != nil {
			t.Fatal(err)
		}
		wants(t, d, map[int64]string{1: "20 00001..00020 < 0 > 2", 3: "20 00041..01009 < 2 > 4", 4: "20 01010..01029 < 3 > 0", 5: ErrNone.Error()})
	})
}

// The neighbours of an item in its section.
func TestBeside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		listed(t, d, "s", 1, 22)
		for _, c := range []struct {
			item int
			want string
		}{{1, "- 00002 [1 2]"}, {20, "00019 00021 [1 2]"}, {21, "00020 00022 [2 1 3]"}, {22, "00021 - [2 1 3]"}} {
			b, err := (&Reader{DB: d}).Beside(t.Context(), "s", &Item{ID: fmt.Sprintf("%05d", c.item), Status: Live, ShownAt: at(c.item)})
			if err != nil {
				t.Fatal(err)
			}
			name := func(r *Row) string {
				if r == nil {
					return "-"
				}
				return r.Item
			}
			if got := fmt.Sprint(name(b.Older), " ", name(b.Newer), " ", b.Pages); got != c.want {
				t.Errorf("%d: %s, want %s", c.item, got, c.want)
			}
		}
	})
}
