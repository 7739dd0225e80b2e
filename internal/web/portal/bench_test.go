package portal

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
)

// BenchmarkPages makes pages anew, among a few thousand documents of one section: what a visitor
// waits for when nothing keeps the page.
func BenchmarkPages(b *testing.B) {
	x := open(b, dbtest.SQLite(b))
	var all []disclosure.Import
	for i := range 4000 {
		one := notice()
		one.IndexNo, one.Content.DocNo = fmt.Sprintf("量-%d", i), fmt.Sprintf("示政发〔2025〕%d号", i+1)
		one.PublishedAt = dbtest.Noon.Add(-time.Duration(i) * time.Hour)
		all = append(all, one)
	}
	ids := x.publish(all...)
	l, err := x.Reader.Item(b.Context(), ids[0])
	if err != nil {
		b.Fatal(err)
	}
	desk := &disclosure.Desk{DB: x.DB}
	if err := desk.Jobs()[disclosure.PagesJob](b.Context(), []byte(`{"section":"`+l.Item.Section+`"}`)); err != nil {
		b.Fatal(err)
	}
	title := url.PathEscape(fileName(notice().Content.Title))
	for _, one := range []struct{ name, path string }{
		{"document", "/items/" + ids[2000] + ".html"}, {"list", "/sections/" + l.Item.Section + ".html"}, {"numbered", "/sections/" + l.Item.Section + "/100.html"},
		{"search", "/search.html?q=" + url.QueryEscape("高龄津贴")}, {"suggest", "/search/suggest?q=" + url.QueryEscape("养老")}, {"docx", "/items/" + ids[1] + "/" + title + ".docx"},
	} {
		b.Run(one.name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				if x.handler.ServeHTTP(w, httptest.NewRequest("GET", one.path, nil)); w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	b.Run("pdf", func(b *testing.B) {
		s := newPapers()
		leaf, err := x.Reader.Item(b.Context(), ids[1])
		if err != nil {
			b.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/", nil)
		d, err := (&portal{Options: x.Options}).paper(r, leaf)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for b.Loop() {
			n++
			d.Meta.Subject = fmt.Sprint(n) // so that none is kept
			if _, _, err := s.print(r, ".pdf", d, func() error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
