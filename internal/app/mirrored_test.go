package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/app"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/ledger/verifier"
	"gongkai/internal/workday"
)

// smallTown writes a government with a few documents into a data folder and returns the
// installation's public keys.
func smallTown(t *testing.T, c config.Config) proof.Keys {
	t.Helper()
	n, err := installation.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	program := actor.System("test")
	made, err := n.Agencies.Create(t.Context(), program, agency.New{Facts: agency.Facts{Name: "示范市人民政府", Kind: agency.Government,
		Level: agency.City, CreditCode: "119999019900000179", Region: "999901"}})
	if err != nil {
		t.Fatal(err)
	}
	sec, err := n.Sections.Create(t.Context(), program, made.ID, "", section.Draft{Name: "通知公告", Kind: section.News})
	if err != nil {
		t.Fatal(err)
	}
	err = n.DB.Update(t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, workday.Embedded(), program)
		for k, title := range []string{"示范市养老服务管理办法", "示范市年度计划", "示范市道路命名公告"} {
			ready, _ := disclosure.Import{Agency: made.ID, Section: sec.ID, Kind: disclosure.Information, Origin: disclosure.Made, IndexNo: fmt.Sprint("示-", k),
				Content: disclosure.Content{Title: title, Summary: "概述", Body: "<p>" + strings.Repeat("正文。", 400) + "</p>",
					FormedOn: date.Must(2026, 11, 2), Attribute: "proactive", Validity: "valid"}, PublishedAt: time.Now().Add(-time.Hour)}.Ready()
			if _, err := m.Add(ready); err != nil {
				return err
			}
		}
		return m.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Ledger.Adopt(t.Context()); err != nil {
		t.Fatal(err)
	}
	texts, err := n.Ledger.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := proof.ParseKeys(strings.Join(texts, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	return keys
}

// A reader's way on a copy that a server of plain files sends, in a browser; one byte altered in
// it is found, and the document named.
func TestAReadersWayOnACopy(t *testing.T) {
	c := config.Default()
	c.Data, c.URL, c.MirrorDir = t.TempDir(), "https://shili.example.gov.cn", filepath.Join(t.TempDir(), "copy")
	keys := smallTown(t, c)
	r, err := app.App{Now: time.Now, Err: io.Discard}.Mirror(t.Context(), c, false)
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(r, err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(c.MirrorDir)))
	defer server.Close()
	s := site{url: server.URL}
	s.citizens(t, false)
	t.Run("large print", func(t *testing.T) {
		v := s.visitor(t)
		v.goTo("/")
		v.do(chromedp.Click(chromedp.CSS(".sizes button")))
		v.goTo("/sitemap.html")
		v.truth(`document.documentElement.dataset.size === "large"`)
	})
	t.Run("what is not there", func(t *testing.T) {
		v := s.visitor(t)
		v.goTo("/search.html?q=qzxqzx")
		v.truth(`document.querySelector("#found h2") && !document.querySelector("ol.hits")`)
		v.goTo("/en/search.html?q=" + "%E5%85%BB%E8%80%81")
		v.truth(`document.querySelector("ol.hits h3 a").textContent.includes("养老服务")`)
	})
	altered(t, c.MirrorDir, keys)
}

// altered holds a copy against its log, whole and with one byte of a document's page altered.
func altered(t *testing.T, dir string, keys proof.Keys) {
	t.Helper()
	check := func() *verifier.Report {
		t.Helper()
		r, err := verifier.Mirror(context.WithoutCancel(t.Context()), dir, verifier.Options{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := check(); len(r.Found) != 0 || r.Items != 3 {
		t.Fatalf("the copy as written: %d documents, %v", r.Items, r.Found)
	}
	all, err := filepath.Glob(filepath.Join(dir, "items", "*.html"))
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	page, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	page[strings.Index(string(page), "正文。")+1]++
	if err := os.WriteFile(all[0], page, 0o600); err != nil {
		t.Fatal(err)
	}
	name := "items/" + filepath.Base(all[0])
	found := check().Found
	if !slices.ContainsFunc(found, func(f proof.Finding) bool { return f.Kind == proof.Altered && f.Path == name }) {
		t.Errorf("the altered file %s is not named: %v", name, found)
	}
}
