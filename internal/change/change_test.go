package change_test

import (
	"sync"
	"testing"

	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

func note(t *testing.T, d *db.DB, tags ...change.Tag) {
	t.Helper()
	if err := d.Update(t.Context(), func(tx *db.Tx) error { return change.Note(tx, tags...) }); err != nil {
		t.Error(err)
	}
}

func since(t *testing.T, d *db.DB, after int64) (tags []change.Tag, whole bool) {
	t.Helper()
	err := d.View(t.Context(), func(tx *db.Tx) error {
		all, ok, err := change.Since(tx, after, 100)
		for _, e := range all {
			tags = append(tags, e.Tag)
		}
		whole = ok
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags, whole
}

func TestTheLogTellsWhatChangedSince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if tags, whole := since(t, d, 0); len(tags) != 0 || !whole {
			t.Errorf("a new log has %v, whole %v", tags, whole)
		}
		note(t, d, change.Section("s"), change.Item("a"), change.Item("a"))
		note(t, d, change.Item("b"))
		tags, whole := since(t, d, 1)
		if len(tags) != 2 || tags[0] != "section:s" || tags[1] != "item:b" || !whole {
			t.Errorf("after the first line come %v, whole %v", tags, whole)
		}
		if _, whole := since(t, d, 4); whole {
			t.Error("a number the log has not reached is of another database")
		}
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return change.Trim(tx, 1) }); err != nil {
			t.Fatal(err)
		}
		if _, whole := since(t, d, 1); whole {
			t.Error("what was cut off is not told")
		}
		if tags, whole := since(t, d, 2); len(tags) != 1 || !whole {
			t.Errorf("the line that was kept: %v, whole %v", tags, whole)
		}
	})
}

// Who has read up to a number has missed nothing, however many write at once.
func TestNumbersHaveNoGaps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 10 {
					note(t, d, change.Item("x"), change.Agency("y"))
				}
			})
		}
		all.Wait()
		if tags, whole := since(t, d, 0); len(tags) != 80 || !whole {
			t.Errorf("%d lines, whole %v", len(tags), whole)
		}
	})
}
