package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

type state string

type thing struct {
	ID      string
	State   state
	Due     date.Date
	Seen    time.Time
	Sure    bool
	Size    int64
	Words   []string
	Raw     []byte
	Version int64
}

func (x *thing) columns() db.Columns {
	return db.Columns{
		db.Col("id", &x.ID), db.Col("state", &x.State), db.Col("due", &x.Due), db.Col("seen", &x.Seen),
		db.Col("sure", &x.Sure), db.Col("size", &x.Size), db.Col("words", db.JSON(&x.Words)),
		db.Col("raw", &x.Raw), db.Col("version", &x.Version),
	}
}

func things(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Command(t.Context(), `CREATE TABLE thing (id TEXT PRIMARY KEY, state TEXT, due DATE, seen TIMESTAMPTZ,
		sure BOOLEAN NOT NULL, size BIGINT NOT NULL, words TEXT NOT NULL, raw `+
		map[db.Engine]string{db.SQLite: "BLOB", db.PostgreSQL: "BYTEA"}[d.Engine]+`, version BIGINT NOT NULL)`)
	if err != nil {
		t.Fatal(err)
	}
}

func TestARecordComesBackAsItWentIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		for _, want := range []thing{
			{ID: "full", State: "open", Due: date.Must(2026, 2, 28), Seen: time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC),
				Sure: true, Size: -7, Words: []string{"公开", "a\"b"}, Raw: []byte{0, 255}, Version: 1},
			{ID: "empty", Words: []string{}, Raw: []byte{}, Version: 1},
		} {
			var got *thing
			err := d.Update(t.Context(), func(tx *db.Tx) (err error) {
				if err = tx.Insert("thing", want.columns()); err != nil {
					return err
				}
				got, err = db.Get(tx, (*thing).columns, "thing WHERE id = $1", want.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if got.State != want.State || got.Due != want.Due || !got.Seen.Equal(want.Seen) || got.Sure != want.Sure ||
				got.Size != want.Size || len(got.Words) != len(want.Words) || string(got.Raw) != string(want.Raw) {
				t.Errorf("got %+v, want %+v", *got, want)
			}
		}
	})
}

// A placeholder is bound by its number. A driver that binds by position answers 1, 2.
func TestPlaceholdersBindByNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.View(t.Context(), func(tx *db.Tx) error {
			var a, b, c string
			if err := tx.One([]any{&a, &b, &c}, "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)", "1", "2"); err != nil {
				return err
			}
			if a+b+c != "212" {
				t.Errorf("got %s", a+b+c)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAViewCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		err := d.View(t.Context(), func(tx *db.Tx) error { return tx.Insert("thing", (&thing{ID: "x"}).columns()) })
		if err == nil {
			t.Error("a view wrote")
		}
	})
}

func TestAnErrorUndoesTheWholeAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		stop := errors.New("stop")
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := tx.Insert("thing", (&thing{ID: "x"}).columns()); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows stayed", n)
		}
	})
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.View(t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Count("SELECT count(*) FROM thing")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Forty people change one record at once: each change is seen by the next.
func TestNoUpdateIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		first := thing{ID: "x", Version: 1}
		if err := d.Update(t.Context(), func(tx *db.Tx) error { return tx.Insert("thing", first.columns()) }); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				for {
					var saved bool
					err := d.Update(context.Background(), func(tx *db.Tx) error {
						x, err := db.Get(tx, (*thing).columns, "thing WHERE id = $1", "x")
						if err != nil {
							return err
						}
						x.Size++
						x.Version++
						saved, err = tx.Save("thing", "x", x.Version-1, x.columns())
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					if saved {
						return
					}
				}
			})
		}
		all.Wait()
		if err := d.View(t.Context(), func(tx *db.Tx) error {
			x, err := db.Get(tx, (*thing).columns, "thing WHERE id = $1", "x")
			if err == nil && (x.Size != 40 || x.Version != 41) {
				t.Errorf("size %d, version %d", x.Size, x.Version)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestASecondRowIsKnownByItsColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		if err := d.Command(t.Context(), "CREATE UNIQUE INDEX one_size ON thing (state, size)"); err != nil {
			t.Fatal(err)
		}
		add := func(id string, size int64) error {
			return d.Update(t.Context(), func(tx *db.Tx) error {
				return tx.Insert("thing", (&thing{ID: id, State: "s", Size: size}).columns())
			})
		}
		if err := add("a", 3); err != nil {
			t.Fatal(err)
		}
		err := add("b", 3)
		if !db.IsUnique(err, "thing", "state", "size") || db.IsUnique(err, "thing", "id") {
			t.Errorf("got %v", err)
		}
		if err := add("a", 4); !db.IsUnique(err, "thing", "id") {
			t.Errorf("got %v", err)
		}
	})
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAddressOfNoKnownFormIsRefused(t *testing.T) {
	for _, url := range []string{"", "sqlite:", "mysql://x", "/tmp/x.db"} {
		if _, err := db.Open(t.Context(), url); !errors.Is(err, db.ErrURL) {
			t.Errorf("%q: got %v", url, err)
		}
	}
}
