package search

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// Each index learns from the database that it is to be made anew, once.
func TestARebuildReachesEveryIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		docs := examples()
		one, two := open(t, d, docs), open(t, d, docs)
		change(t, d, "a", "b")
		catchUp(t, one)
		catchUp(t, two)
		doc := docs["a"]
		doc.Title = "没有记入变更的新标题"
		docs["a"] = doc
		if n := catchUp(t, one); n != 0 {
			t.Fatalf("%d changes that nobody noted", n)
		}
		if err := d.Update(t.Context(), AskRebuild); err != nil {
			t.Fatal(err)
		}
		for _, x := range []*Index{one, two} {
			if n := catchUp(t, x); n != len(docs) {
				t.Errorf("made anew from %d documents", n)
			}
			if got := find(t, x, Query{Text: "新标题"}); got != "a" {
				t.Errorf("found %q", got)
			}
			if n := catchUp(t, x); n != 0 {
				t.Errorf("made anew twice: %d", n)
			}
		}
		change(t, d, "b")
		if n := catchUp(t, two); n != 1 {
			t.Errorf("%d changes after it", n)
		}
	})
}

// Looking at an index that another program feeds changes nothing, and one that is not there
// stays so.
func TestPeek(t *testing.T) {
	d := dbtest.SQLite(t)
	path := filepath.Join(t.TempDir(), "text.db")
	if _, err := Peek(t.Context(), path, d, examples()); !errors.Is(err, ErrNoIndex) {
		t.Errorf("no file: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made")
	}
	x := open(t, d, examples())
	catchUp(t, x)
	other, err := Peek(t.Context(), x.path, d, examples())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got := find(t, other, Query{Text: "养老服务"}); got != "b a" {
		t.Errorf("found %q", got)
	}
	if s, err := other.Status(t.Context()); err != nil || s.Documents != 4 || s.Behind != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}
