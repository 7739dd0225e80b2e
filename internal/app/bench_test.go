package app

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/disclosure"
	"gongkai/internal/mirror"
)

// BenchmarkMirror writes a copy of two bodies with 5,000 documents, brings it up to date when
// nothing changed, and once more after one document was retracted. A page is one of HTML; a file
// is any, compressed forms included.
func BenchmarkMirror(b *testing.B) {
	n, h := shownOf(b, "", 2500)
	rows, err := n.Reader.Latest(b.Context(), disclosure.Page{Limit: disclosure.MaxPage})
	if err != nil {
		b.Fatal(err)
	}
	numbered := map[string]bool{}
	for _, row := range rows.Rows {
		if !numbered[row.Section] {
			numbered[row.Section] = true
			if err := n.Items.Jobs()[disclosure.PagesJob](b.Context(), []byte(`{"section":"`+row.Section+`"}`)); err != nil {
				b.Fatal(err)
			}
		}
	}
	m := copyOf(n, h.public, h.sites, filepath.Join(b.TempDir(), "copy"))
	run := func(b *testing.B) (r *mirror.Report, seconds float64) {
		b.ResetTimer()
		r = update(b, m, false)
		b.StopTimer()
		return r, b.Elapsed().Seconds()
	}
	b.Run("first", func(b *testing.B) {
		r, took := run(b)
		b.ReportMetric(float64(pagesIn(b, m.Dir))/took, "pages/s")
		b.ReportMetric(float64(r.Files)/took, "files/s")
	})
	b.Run("unchanged", func(b *testing.B) {
		r, _ := run(b)
		b.ReportMetric(float64(r.Asked), "asked")
		b.ReportMetric(float64(r.Written), "written")
	})
	retract(b, n)
	b.Run("changed", func(b *testing.B) {
		r, _ := run(b)
		b.ReportMetric(float64(r.Asked), "asked")
		b.ReportMetric(float64(r.Written), "written")
	})
}

// pagesIn counts the pages of HTML in a folder.
func pagesIn(b *testing.B, dir string) (pages int) {
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".html") {
			pages++
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return pages
}
