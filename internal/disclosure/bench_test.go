package disclosure

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/search"
)

// BenchmarkLists asks for the first page of the office's and the public's lists among many
// items: 20,000, or as many as GONGKAI_BENCH_ITEMS says.
func BenchmarkLists(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("GONGKAI_BENCH_ITEMS"))
	if err != nil {
		n = 20_000
	}
	o := openFor(b, dbtest.SQLite(b))
	fill(b, o, n)
	reader := &Reader{DB: o.DB}
	x, err := search.Open(b.Context(), filepath.Join(b.TempDir(), "index.db"), o.DB, Texts{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	if _, err := x.Rebuild(b.Context()); err != nil {
		b.Fatal(err)
	}
	asking := *o.Desk
	asking.Having = having(x)
	words := func(d *Desk, text string) func() error {
		return func() error { _, err := d.List(b.Context(), o.editor, Filter{Agency: o.A, Words: text}); return err }
	}
	for name, ask := range map[string]func() error{
		"all": func() error { _, err := o.List(b.Context(), o.editor, Filter{Agency: o.A}); return err },
		"mine": func() error {
			_, err := o.List(b.Context(), o.editor, Filter{Agency: o.A, Creator: o.editor.ID})
			return err
		},
		"section": func() error {
			_, err := o.List(b.Context(), o.editor, Filter{Agency: o.A, Section: o.news})
			return err
		},
		"late": func() error {
			_, err := o.List(b.Context(), o.editor, Filter{Agency: o.A, Late: true, Sort: "due"})
			return err
		},
		"none, titles": words(o.Desk, "无此标题"), "none, index": words(&asking, "无此标题"),
		"one, titles": words(o.Desk, "示例777"), "one, index": words(&asking, "示例777"),
		"many, titles": words(o.Desk, "示例"), "many, index": words(&asking, "示例"),
		"waiting":  func() error { _, err := o.Waiting(b.Context(), o.first, o.A); return err },
		"readers'": func() error { _, err := reader.Section(b.Context(), o.news, Page{}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func fill(b *testing.B, o *office, n int) {
	b.Helper()
	for from := 0; from < n; from += 1000 {
		err := o.DB.Update(b.Context(), func(tx *db.Tx) error {
			m := NewImporter(tx, o.Calendar(), actor.System("bench"))
			for i := from; i < min(from+1000, n); i++ {
				ready, _ := Import{Agency: o.A, Section: o.news, Kind: Document, Origin: Made, Content: content(fmt.Sprint("示例", i)),
					PublishedAt: dbtest.Noon.Add(-time.Duration(i) * time.Minute)}.Ready()
				if _, err := m.Add(ready); err != nil {
					return err
				}
			}
			return m.Close()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
