package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/mirror"
	"gongkai/internal/workday"
)

// settle makes a government and a body below it, each with a section and documents.
func settle(t testing.TB, n *installation.Installation, documents int) {
	t.Helper()
	program, parent := actor.System("test"), ""
	for _, one := range []struct{ name, credit string }{{"示范市人民政府", "119999019900000179"}, {"示范市甲局", "119999019900000254"}} {
		made := must[*agency.Agency](t)(n.Agencies.Create(t.Context(), program, agency.New{Facts: agency.Facts{Name: one.name, Kind: agency.Government,
			Level: agency.City, CreditCode: one.credit, Region: "999901", Parent: parent}}))
		parent = made.ID
		sec := must[*section.Section](t)(n.Sections.Create(t.Context(), program, made.ID, "", section.Draft{Name: "通知公告", Kind: section.News}))
		if err := n.DB.Update(t.Context(), func(tx *db.Tx) error {
			m := disclosure.NewImporter(tx, workday.Embedded(), program)
			for k := range documents {
				ready, _ := disclosure.Import{Agency: made.ID, Section: sec.ID, Kind: disclosure.Information, Origin: disclosure.Made, IndexNo: fmt.Sprint(made.ID[24:], "-", k),
					Content: disclosure.Content{Title: fmt.Sprintf("%s关于第%d号事项的通知", one.name, k), Summary: "概述", Body: "<p>" + strings.Repeat("正文。", 300) + "</p>",
						FormedOn: date.Must(2026, 11, 2), Attribute: "proactive", Validity: "valid"}, PublishedAt: dbtest.Noon.Add(-time.Hour)}.Ready()
				if _, err := m.Add(ready); err != nil {
					return err
				}
			}
			return m.Close()
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// shown is a city with its pages: a dozen documents of each body.
func shown(t testing.TB, database string) (*installation.Installation, *pages) {
	t.Helper()
	return shownOf(t, database, 12)
}

func shownOf(t testing.TB, database string, documents int) (*installation.Installation, *pages) {
	t.Helper()
	c := config.Default()
	c.Data, c.Database, c.URL = t.TempDir(), database, "https://shili.example.gov.cn"
	n, err := installation.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	n.DB.Clock = func() time.Time { return dbtest.Noon }
	settle(t, n, documents)
	if _, err := n.Ledger.Adopt(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := App{Now: n.DB.Clock, Err: io.Discard, log: slog.New(slog.DiscardHandler)}
	h, err := a.handler(n, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n, h
}

// everything reads all files of a copy.
func everything(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func update(t testing.TB, m *mirror.Mirror, fresh bool) *mirror.Report {
	t.Helper()
	r, err := m.Run(t.Context(), fresh)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Errorf("not copied: %s: %v", p.Path, p.Why)
	}
	return r
}

// verify holds a copy against its signed list.
func verify(t testing.TB, n *installation.Installation, dir string) {
	t.Helper()
	texts, err := n.Ledger.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := proof.ParseKeys(strings.Join(texts, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	all := everything(t, dir)
	m, err := proof.OpenManifest(all[proof.ManifestFile], keys)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(all[proof.ListFile]); hex.EncodeToString(sum[:]) != m.List {
		t.Error("the list is not the one that was signed")
	}
	files := 2
	if err := proof.ReadList(bytes.NewReader(all[proof.ListFile]), func(f proof.File) error {
		files++
		if sum := sha256.Sum256(all[f.Path]); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s is not as listed", f.Path)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if files != len(all) {
		t.Errorf("%d files, %d of them listed", len(all), files)
	}
}

func TestACopyOfThePortal(t *testing.T) {
	n, h := shown(t, "")
	m := copyOf(n, h.public, h.sites, filepath.Join(t.TempDir(), "copy"))
	first := update(t, m, false)
	verify(t, n, m.Dir)
	all := everything(t, m.Dir)
	for _, name := range []string{"index.html", "404.html", "sitemap.html", "ledger/checkpoint", "en/index.html", "_search/about.json", "index.html.gz"} {
		if _, ok := all[name]; !ok {
			t.Errorf("no %s", name)
		}
	}
	for name, b := range all {
		if bytes.Contains(b, []byte(`href="/office`)) {
			t.Errorf("%s leads to the office", name)
		}
		if bytes.Contains(b, []byte(`method="post"`)) {
			t.Errorf("%s has a form that nothing answers", name)
		}
	}
	again := update(t, m, false)
	if again.Written != 0 || again.Removed != 0 || again.Asked > first.Asked/5 {
		t.Errorf("nothing changed: asked for %d of %d, wrote %d, removed %d", again.Asked, first.Asked, again.Written, again.Removed)
	}

	item, title := retract(t, n)
	third := update(t, m, false)
	if third.Asked > first.Asked/2 {
		t.Errorf("one document was retracted: asked for %d of %d", third.Asked, first.Asked)
	}
	verify(t, n, m.Dir)
	kept := everything(t, m.Dir)
	for name, b := range kept {
		if !strings.HasSuffix(name, ".gz") && bytes.Contains(b, []byte(title)) {
			t.Errorf("%s still has the title of what was retracted", name)
		}
		if strings.Contains(name, "files/"+item+"/") {
			t.Errorf("%s is a file of what was retracted", name)
		}
	}

	// What was written bit by bit is what is written at once.
	other := copyOf(n, h.public, h.sites, filepath.Join(t.TempDir(), "other"))
	update(t, other, false)
	fresh := everything(t, other.Dir)
	for name, b := range fresh {
		proved := strings.HasPrefix(name, "ledger/") || strings.Contains(name, "proof.json") // older proofs stay valid
		if !bytes.Equal(b, kept[name]) && !proved {
			t.Errorf("%s differs from a copy made at once", name)
		}
	}
	for name := range kept {
		if _, ok := fresh[name]; !ok && !strings.HasPrefix(name, "ledger/tile/") {
			t.Errorf("%s is not in a copy made at once", name)
		}
	}
}

// retract takes down a document nothing else mentions and returns its number and title.
func retract(t testing.TB, n *installation.Installation) (item, title string) {
	t.Helper()
	rows, err := n.Reader.Latest(t.Context(), disclosure.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]int{}
	for _, r := range rows.Rows {
		titles[r.Title]++
	}
	for _, r := range rows.Rows {
		l, err := n.Reader.Item(t.Context(), r.Item)
		if err != nil {
			t.Fatal(err)
		}
		if titles[r.Title] > 1 || len(l.Interprets)+len(l.InterpretedBy) > 0 {
			continue
		}
		who := actor.Actor{ID: "p", Name: "示例", Grants: []actor.Grant{{Role: actor.Publisher, Agency: r.Agency}}}
		if _, err := n.Items.Retract(t.Context(), who, l.Edition.ID, l.Edition.Version, "数据有误"); err == nil {
			return r.Item, r.Title
		}
	}
	t.Fatal("nothing could be retracted")
	return "", ""
}

// A run that was interrupted is gone on with, and ends with the same copy.
func TestAnInterruptedCopyIsGoneOnWith(t *testing.T) {
	n, h := shown(t, "")
	m := copyOf(n, h.public, h.sites, filepath.Join(t.TempDir(), "copy"))
	ctx, stop := contextAfter(t, 60, h)
	m.Handler = ctx.handler
	if _, err := m.Run(ctx, false); err == nil {
		t.Fatal("the run was not interrupted")
	}
	stop()
	m.Handler = h.public
	r := update(t, m, false)
	verify(t, n, m.Dir)
	other := copyOf(n, h.public, h.sites, filepath.Join(t.TempDir(), "other"))
	whole := update(t, other, false)
	if r.Written > whole.Written-50 {
		t.Errorf("the second part wrote %d files of %d", r.Written, whole.Written)
	}
	if len(everything(t, m.Dir)) != len(everything(t, other.Dir)) {
		t.Error("the copies differ")
	}
}

// The copy says how a plain server would send it, and nothing outside its folder.
func TestPlainFilesAreSentSafely(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"index.html": "home", "404.html": "none", "files/a/b/x.html": "<script>", "_hosts/mz.example.gov.cn/index.html": "mz", "a.txt": "a"} {
		full := filepath.Join(dir, "copy", name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../secret.txt", filepath.Join(dir, "copy", "link.txt")); err != nil {
		t.Fatal(err)
	}
	f := mirror.Files{Dir: filepath.Join(dir, "copy")}
	for _, one := range []struct {
		host, path, text string
		code             int
	}{
		{"a.example", "/", "home", 200}, {"mz.example.gov.cn:80", "/", "mz", 200}, {"../../", "/", "home", 200}, {"a.example", "/a.txt", "a", 200},
		{"a.example", "/link.txt", "none", 404}, {"a.example", "/../secret.txt", "none", 404}, {"a.example", "/..%2fsecret.txt", "none", 404},
		{"a.example", "/_hosts/mz.example.gov.cn/index.html", "none", 404}, {"a.example", "/files", "none", 404}, {"a.example", "/.new-index.html", "none", 404},
	} {
		r := httptest.NewRequest("GET", one.path, nil)
		r.Host = one.host
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code != one.code || w.Body.String() != one.text {
			t.Errorf("%s%s: %d %q", one.host, one.path, w.Code, w.Body)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s lacks headers", one.path)
		}
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest("GET", "/files/a/b/x.html", nil))
	if w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("an attachment is sent as %s", w.Header().Get("Content-Type"))
	}
}

// interrupted is a context that ends when a handler was asked often enough.
type interrupted struct {
	context.Context
	handler http.Handler
}

func contextAfter(t testing.TB, most int64, h *pages) (interrupted, func()) {
	ctx, stop := context.WithCancel(t.Context())
	var asked atomic.Int64
	return interrupted{ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.public.ServeHTTP(w, r)
		if asked.Add(1) == most {
			stop()
		}
	})}, stop
}

// A copy holds nothing of what only the office may see, in no file and no file's name.
func TestNothingLeaksIntoACopy(t *testing.T) {
	w := newWorld(t, "")
	for _, key := range []string{"a", "b"} {
		w.ended(t, key)
	}
	a := App{Now: w.n.DB.Clock, Err: io.Discard, log: slog.New(slog.DiscardHandler)}
	h, err := a.handler(w.n, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := copyOf(w.n, h.public, h.sites, filepath.Join(t.TempDir(), "copy"))
	update(t, m, false)
	shown := 0
	for name, b := range everything(t, m.Dir) {
		got := answer{status: http.StatusOK, body: name + "\n" + unpacked(name, string(b))}
		w.clean(t, "a reader of the copy", name, got)
		if strings.Contains(got.body, "已公开的信息a") {
			shown++
		}
	}
	if shown < 8 {
		t.Errorf("only %d files show what is public: the copy has too little", shown)
	}
}
