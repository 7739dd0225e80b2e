package app

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/installation"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/ledger/verifier"
	"gongkai/internal/storage"
	"gongkai/internal/workday"
)

// town is an installation with four documents: one that went through its reviews, one with a file,
// one more, and one that was retracted.
type town struct {
	*installation.Installation
	t                          *testing.T
	body, section              string
	reviewed, filed, old, gone string // items
	file                       string // key of the file
	handler                    http.Handler
}

func openTown(t *testing.T) *town {
	t.Helper()
	c := config.Default()
	c.Data, c.URL = t.TempDir(), "https://gongkai.example.gov.cn"
	n, err := installation.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	w := &town{Installation: n, t: t}
	body, err := n.Agencies.Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{
		Name: "示例县人民政府", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N"}})
	w.must(err)
	s, err := n.Sections.Create(t.Context(), actor.System("test"), body.ID, "", section.Draft{Name: "通知公告", Kind: section.News})
	w.must(err)
	w.body, w.section = body.ID, s.ID
	w.reviewed = w.publish("关于养老服务的通知").Item
	w.filed, w.old = w.brought()
	last := w.publish("救助对象名单")
	w.gone = last.Item
	_, err = n.Items.Retract(t.Context(), w.by(actor.Publisher), last.ID, last.Version, "含有个人信息")
	w.must(err)
	a := App{Now: time.Now, Err: io.Discard}
	a.log = slog.New(slog.DiscardHandler)
	w.handler, err = a.handler(n, false, nil)
	w.must(err)
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) by(r actor.Role) actor.Actor {
	return actor.Actor{ID: string(r), Name: string(r), Grants: []actor.Grant{{Role: r, Agency: w.body}}}
}

func (w *town) publish(title string) *disclosure.Edition {
	w.t.Helper()
	ctx := w.t.Context()
	e, err := w.Items.Create(ctx, w.by(actor.Editor), disclosure.New{Agency: w.body, Section: w.section, Kind: disclosure.Information, Origin: disclosure.Made,
		Content: disclosure.Content{Title: title, Summary: "概述", Body: "<p>自2026年12月1日起执行。</p><p>补贴标准为每月100元。</p>", Author: "某", FormedOn: date.Of(w.DB.Clock()), Attribute: "proactive"}})
	w.must(err)
	e, err = w.Items.Submit(ctx, w.by(actor.Editor), e.ID, e.Version)
	w.must(err)
	roles := map[disclosure.Level]actor.Role{disclosure.First: actor.Reviewer1, disclosure.Second: actor.Reviewer2, disclosure.Third: actor.Reviewer3, disclosure.Clearer: actor.Secrecy}
	for _, level := range disclosure.Levels {
		e, err = w.Items.Review(ctx, w.by(roles[level]), e.ID, disclosure.Verdict{Level: level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: level.Ticks()})
		w.must(err)
	}
	e, err = w.Items.Publish(ctx, w.by(actor.Publisher), e.ID, disclosure.Release{Version: e.Version})
	w.must(err)
	return e
}

// brought takes two documents over from elsewhere, the first with a file.
func (w *town) brought() (filed, old string) {
	w.t.Helper()
	w.file = db.ID()
	b, err := w.Blobs.Receive(w.t.Context(), strings.NewReader("附件的内容"), 1<<20)
	w.must(err)
	w.must(w.DB.Update(w.t.Context(), func(tx *db.Tx) error {
		if err := w.Blobs.Keep(tx, b); err != nil {
			return err
		}
		m := disclosure.NewImporter(tx, workday.Embedded(), actor.System("test"))
		var items []string
		for _, one := range []disclosure.Import{
			{IndexNo: "示-1", Content: disclosure.Content{Title: "示例县年度计划", DocNo: "示政发〔2026〕1号", Body: `<p>见<a href="attachment:` + w.file + `">附表</a>和<a href="https://www.example.gov.cn/a">网站</a>。</p>`},
				Attachments: []disclosure.Attachment{{ID: w.file, Name: "附表.txt", Media: b.Media, Size: b.Size, Digest: b.Digest}}},
			{IndexNo: "示-2", Content: disclosure.Content{Title: "示例县旧闻", Body: "<p>旧闻。</p>"}},
		} {
			one.Agency, one.Section, one.Kind, one.Origin, one.PublishedAt, one.Content.Attribute = w.body, w.section, disclosure.Information, disclosure.Made, tx.Now.Add(-time.Hour), "proactive"
			ready, _ := one.Ready()
			i, err := m.Add(ready)
			if err != nil {
				return err
			}
			items = append(items, i.ID)
		}
		filed, old = items[0], items[1]
		if err := m.Close(); err != nil {
			return err
		}
		return w.Ledger.Changed(tx, items...)
	}))
	return filed, old
}

// get asks the portal for a path.
func (w *town) get(path string) (int, []byte) {
	r := httptest.NewRecorder()
	w.handler.ServeHTTP(r, httptest.NewRequest("GET", path, nil))
	return r.Code, r.Body.Bytes()
}

// served is the portal with some of its answers replaced; nil takes a page away.
func (w *town) served(replaced map[string][]byte) string {
	w.t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, there := replaced[r.URL.Path]
		switch {
		case !there:
			w.handler.ServeHTTP(out, r)
		case body == nil:
			http.NotFound(out, r)
		default:
			_, _ = out.Write(body)
		}
	}))
	w.t.Cleanup(s.Close)
	return s.URL
}

// told is what was found, as "kind code field".
func told(r *verifier.Report) []string {
	all := map[string]bool{}
	for _, f := range r.Found {
		all[strings.TrimSpace(string(f.Kind)+" "+strings.TrimPrefix(f.What.Key, "ledger.")+" "+f.Field)] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func (w *town) keys() proof.Keys {
	w.t.Helper()
	all, err := w.Ledger.PublicKeys(w.t.Context())
	w.must(err)
	keys, err := proof.ParseKeys(strings.Join(all, "\n"))
	w.must(err)
	return keys
}

// edit changes a text at the only place where it stands.
func edit(t *testing.T, body []byte, old, new string) []byte {
	t.Helper()
	if bytes.Count(body, []byte(old)) == 0 {
		t.Fatalf("%q does not stand in %s", old, body)
	}
	return bytes.Replace(body, []byte(old), []byte(new), 1)
}

func TestASiteAsItIsPasses(t *testing.T) {
	w := openTown(t)
	r, err := verifier.Site(t.Context(), w.served(nil), verifier.Options{Keys: w.keys()})
	w.must(err)
	if len(r.Found) > 0 {
		t.Errorf("found %+v", r.Found)
	}
	if r.Checkpoint.Size != 5 || r.Known != 4 || r.Items != 4 || r.Files != 1 || !r.Pinned || r.Checkpoint.Origin != "gongkai.example.gov.cn/ledger" {
		t.Errorf("%+v", r)
	}
}

// Each kind of tampering, by hand, is found and named.
func TestWhatWasTamperedWithOnASiteIsNamed(t *testing.T) {
	w := openTown(t)
	path := func(item string) string { return "/items/" + item + ".html" }
	record := func(item string) string { return "/items/" + item + "/record.json" }
	page := func(item string) []byte { _, b := w.get(path(item)); return b }
	_, reviewedRecord := w.get(record(w.reviewed))
	_, entries := w.get("/ledger/tile/entries/000.p/5")
	all, err := proof.ReadBundle(entries)
	w.must(err)
	swapped := slices.Clone(all)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	_, checkpoint := w.get("/ledger/checkpoint")
	key, otherPublic, err := note.GenerateKey(rand.Reader, "gongkai.example.gov.cn/ledger")
	w.must(err)
	other, err := note.NewSigner(key)
	w.must(err)
	forged, err := proof.Checkpoint{Origin: "gongkai.example.gov.cn/ledger", Size: 5}.Sign(other)
	w.must(err)
	goneRecord := edit(t, reviewedRecord, w.reviewed, w.gone)
	var attachment string
	for _, f := range []string{"/files/" + w.filed + "/" + w.file, "/files/" + w.filed + "/" + w.file + "/附表.txt"} {
		if bytes.Contains(page(w.filed), []byte(f)) {
			attachment = f
		}
	}
	for _, test := range []struct {
		name     string
		replaced map[string][]byte
		want     []string
		item     string
	}{
		{"a figure in the text", map[string][]byte{path(w.reviewed): edit(t, page(w.reviewed), "每月100元", "每月900元")}, []string{"altered find.page_field body"}, w.reviewed},
		{"a paragraph more", map[string][]byte{path(w.reviewed): edit(t, page(w.reviewed), "每月100元。</p>", "每月100元。</p><p>另行通知。</p>")}, []string{"altered find.page_field body"}, w.reviewed},
		{"the address of a link", map[string][]byte{path(w.filed): edit(t, page(w.filed), "https://www.example.gov.cn/a", "https://www.example.com/a")}, []string{"altered find.page_field links"}, w.filed},
		{"the title", map[string][]byte{path(w.reviewed): bytes.ReplaceAll(page(w.reviewed), []byte("关于养老服务的通知"), []byte("关于养老服务的通告"))}, []string{"altered find.page_field title"}, w.reviewed},
		{"the document number", map[string][]byte{path(w.filed): bytes.ReplaceAll(page(w.filed), []byte("〔2026〕1号"), []byte("〔2026〕7号"))}, []string{"altered find.page_lacks doc_no"}, w.filed},
		{"a byte of a file", map[string][]byte{attachment: []byte("附件的内客")}, []string{"altered find.file_bytes files"}, w.filed},
		{"no file", map[string][]byte{attachment: nil}, []string{"removed find.file_gone files"}, w.filed},
		{"no page", map[string][]byte{path(w.old): nil}, []string{"removed find.page_gone"}, w.old},
		{"no record", map[string][]byte{record(w.old): nil}, []string{"removed find.record_gone"}, w.old},
		{"another record", map[string][]byte{record(w.reviewed): edit(t, reviewedRecord, "每月100元", "每月900元")}, []string{"altered find.page_field body", "altered find.record"}, w.reviewed},
		{"page and record alike", map[string][]byte{record(w.reviewed): edit(t, reviewedRecord, "每月100元", "每月900元"), path(w.reviewed): edit(t, page(w.reviewed), "每月100元", "每月900元")}, []string{"altered find.record"}, w.reviewed},
		{"what was retracted", map[string][]byte{record(w.gone): goneRecord, path(w.gone): page(w.reviewed)}, []string{"added find.page_kept", "added find.record_kept"}, w.gone},
		{"a page more", map[string][]byte{"/sitemap.xml": []byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://gongkai.example.gov.cn/items/0000-fake.html</loc></url></urlset>`)}, []string{"added find.page_new"}, "0000-fake"},
		{"entries in another order", map[string][]byte{"/ledger/tile/entries/000.p/5": proof.Bundle(swapped)}, []string{"forged find.root", "forged find.tile"}, ""},
		{"an entry altered", map[string][]byte{"/ledger/tile/entries/000.p/5": edit(t, entries, "act retracted", "act published")}, []string{"forged find.root", "forged find.tile", "removed find.record_gone"}, ""},
		{"an entry left out", map[string][]byte{"/ledger/tile/entries/000.p/5": proof.Bundle(all[:4])}, []string{"forged find.bundle_form", "forged find.count", "removed find.page_gone", "removed find.record_gone"}, ""},
		{"no entries", map[string][]byte{"/ledger/tile/entries/000.p/5": nil}, []string{"forged find.count", "removed find.bundle"}, ""},
		{"a tile altered", map[string][]byte{"/ledger/tile/0/000.p/5": make([]byte, 5*32)}, []string{"forged find.tile"}, ""},
		{"a checkpoint nobody signed", map[string][]byte{"/ledger/checkpoint": edit(t, checkpoint, "\n5\n", "\n4\n")}, []string{"forged bad_signature", "forged find.root"}, ""},
		{"another's checkpoint and key", map[string][]byte{"/ledger/checkpoint": forged, "/ledger/key": []byte(otherPublic)}, []string{"forged bad_signature", "forged find.root"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := verifier.Site(t.Context(), w.served(test.replaced), verifier.Options{Keys: w.keys()})
			if err != nil {
				t.Fatal(err)
			}
			got := told(r)
			for _, want := range test.want {
				if !slices.Contains(got, want) {
					t.Errorf("found %v, not %s", got, want)
				}
			}
			if test.item != "" && (len(got) != len(test.want) || slices.ContainsFunc(r.Found, func(f proof.Finding) bool { return f.Item != test.item })) {
				t.Errorf("found %+v", r.Found)
			}
			if sound := test.item != ""; r.LogSound() != sound {
				t.Errorf("the log is sound: %v", r.LogSound())
			}
		})
	}
}

// Who kept a checkpoint finds a log that was rewritten or cut, though it is signed with the right key.
func TestForksAndRollbacksAreFoundByWhoKeptACheckpoint(t *testing.T) {
	w := openTown(t)
	first, err := verifier.Site(t.Context(), w.served(nil), verifier.Options{})
	w.must(err)
	if first.Pinned || !first.LogSound() {
		t.Errorf("%+v", first)
	}
	keys, kept, err := verifier.ReadState(first.State())
	if err != nil || kept != first.Checkpoint {
		t.Fatalf("%+v, %v", kept, err)
	}
	w.publish("后来的通知")
	r, err := verifier.Site(t.Context(), w.served(nil), verifier.Options{Keys: keys, Kept: kept})
	if err != nil || len(r.Found) > 0 || r.Checkpoint.Size != 6 {
		t.Errorf("a log that grew: %+v, %v", r, err)
	}
	// The very same operator with the very same key, and another history.
	w.must(w.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM ledger_entry")
		if err == nil {
			_, err = tx.Exec("DELETE FROM ledger_tile")
		}
		if err == nil {
			_, err = tx.Exec("UPDATE ledger_head SET size = 0")
		}
		return err
	}))
	_, err = w.Ledger.Adopt(t.Context())
	w.must(err)
	r, err = verifier.Site(t.Context(), w.served(nil), verifier.Options{Keys: keys, Kept: kept})
	w.must(err)
	if got := told(r); !slices.Contains(got, "cut find.cut") || r.LogSound() {
		t.Errorf("a shorter log: %v", got)
	}
	w.publish("又一件")
	r, err = verifier.Site(t.Context(), w.served(nil), verifier.Options{Keys: keys, Kept: kept})
	w.must(err)
	if got := told(r); !slices.Contains(got, "forked find.forked") || r.LogSound() {
		t.Errorf("another history: %v", got)
	}
	for _, bad := range []string{"", "x", strings.Replace(string(first.State()), "\n5\n", "\n6\n", 1)} {
		if _, _, err := verifier.ReadState([]byte(bad)); err == nil {
			t.Errorf("a state is taken: %q", bad)
		}
	}
}

func TestASampleLooksAtSomeDocuments(t *testing.T) {
	w := openTown(t)
	r, err := verifier.Site(t.Context(), w.served(nil), verifier.Options{Keys: w.keys(), Sample: 2, NoFiles: true})
	if err != nil || r.Items != 2 || r.Known != 4 || r.Files != 0 || len(r.Found) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := verifier.Site(t.Context(), w.served(map[string][]byte{"/ledger/checkpoint": nil}), verifier.Options{}); err == nil {
		t.Error("a site without a log passes")
	}
}

// mirrored writes the portal as files, with a signed list.
func (w *town) mirrored() string {
	w.t.Helper()
	dir := w.t.TempDir()
	paths := []string{"/ledger/checkpoint", "/ledger/key", "/ledger/tile/entries/000.p/5", "/ledger/tile/0/000.p/5"}
	for _, item := range []string{w.reviewed, w.filed, w.old, w.gone} {
		paths = append(paths, "/items/"+item+".html", "/en/items/"+item+".html", "/items/"+item+"/record.json", "/items/"+item+"/proof.json")
	}
	paths = append(paths, "/files/"+w.filed+"/"+w.file)
	var files []proof.File
	for _, path := range paths {
		code, body := w.get(path)
		if code != http.StatusOK {
			continue
		}
		name := strings.TrimPrefix(path, "/")
		if strings.HasPrefix(name, "files/") {
			name += "/附表.txt"
		}
		w.must(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		w.must(os.WriteFile(filepath.Join(dir, name), body, 0o644))
		files = append(files, proof.File{Path: name, Size: int64(len(body)), SHA256: proof.Digest(body)})
	}
	slices.SortFunc(files, func(a, b proof.File) int { return strings.Compare(a.Path, b.Path) })
	var b bytes.Buffer
	l := proof.NewLister(&b)
	for _, f := range files {
		w.must(l.Add(f))
	}
	signed, err := w.Ledger.SignManifest(w.t.Context(), l)
	w.must(err)
	w.must(os.WriteFile(filepath.Join(dir, proof.ListFile), b.Bytes(), 0o644))
	w.must(os.WriteFile(filepath.Join(dir, proof.ManifestFile), signed, 0o644))
	return dir
}

// One altered byte of a mirror is found and named, and so is all else.
func TestWhatWasTamperedWithInAMirrorIsNamed(t *testing.T) {
	w := openTown(t)
	page := "items/" + w.reviewed + ".html"
	alter := func(dir, name, old, new string) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, name))
		w.must(err)
		w.must(os.WriteFile(filepath.Join(dir, name), edit(t, b, old, new), 0o644))
	}
	for _, test := range []struct {
		name   string
		tamper func(dir string)
		want   []string
		path   string
	}{
		{"nothing", func(string) {}, nil, ""},
		{"a byte of a text", func(dir string) { alter(dir, page, "每月100元", "每月200元") }, []string{"altered find.listed", "altered find.page_field body"}, page},
		{"a byte of the frame", func(dir string) { alter(dir, page, "<main", "<Main") }, []string{"altered find.listed"}, page},
		{"a file less", func(dir string) { w.must(os.Remove(filepath.Join(dir, "items/"+w.old+"/proof.json"))) }, []string{"removed find.listed_gone"}, "items/" + w.old + "/proof.json"},
		{"a page less", func(dir string) { w.must(os.Remove(filepath.Join(dir, "items/"+w.old+".html"))) }, []string{"removed find.listed_gone"}, "items/" + w.old + ".html"},
		{"a file more", func(dir string) { w.must(os.WriteFile(filepath.Join(dir, "extra.html"), []byte("x"), 0o644)) }, []string{"added find.unlisted"}, "extra.html"},
		{"a document more", func(dir string) { w.must(os.WriteFile(filepath.Join(dir, "items/fake.html"), []byte("x"), 0o644)) }, []string{"added find.page_new", "added find.unlisted"}, "items/fake.html"},
		{"the list made to fit", func(dir string) { alter(dir, proof.ListFile, " items/", "0 items/") }, []string{"forged find.list", "altered find.listed"}, proof.ListFile},
		{"no list", func(dir string) { w.must(os.Remove(filepath.Join(dir, proof.ListFile))) }, []string{"removed find.list_gone"}, proof.ListFile},
		{"no manifest", func(dir string) { w.must(os.Remove(filepath.Join(dir, proof.ManifestFile))) }, []string{"removed find.manifest_gone"}, proof.ManifestFile},
		{"another manifest", func(dir string) { alter(dir, proof.ManifestFile, "\nbytes ", "\nbytes 1") }, []string{"forged bad_signature"}, proof.ManifestFile},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := w.mirrored()
			test.tamper(dir)
			r, err := verifier.Mirror(t.Context(), dir, verifier.Options{Keys: w.keys()})
			if err != nil {
				t.Fatal(err)
			}
			got := told(r)
			for _, want := range test.want {
				if !slices.Contains(got, want) {
					t.Errorf("found %v, not %s", got, want)
				}
			}
			if test.want == nil && (len(got) > 0 || r.Listed < 14 || r.Items != 4) {
				t.Errorf("%+v", r)
			}
			if test.path != "" && !slices.ContainsFunc(r.Found, func(f proof.Finding) bool { return f.Path == test.path }) {
				t.Errorf("%s is not named: %+v", test.path, r.Found)
			}
		})
	}
}

// A backup and the database it is of, against what was signed.
func TestWhatWasTamperedWithInTheDatabaseIsNamed(t *testing.T) {
	for _, test := range []struct {
		name, statement string
		want            []string
		item            func(*town) string
	}{
		{"nothing", "UPDATE item SET version = version", nil, nil},
		{"a text", "UPDATE item_edition SET body = replace(body, '100', '900') WHERE title = '关于养老服务的通知'", []string{"altered find.field body"}, func(w *town) string { return w.reviewed }},
		{"a title", "UPDATE item_edition SET title = '关于甲的通知' WHERE title = '关于养老服务的通知'", []string{"altered find.field title"}, func(w *town) string { return w.reviewed }},
		{"a text nothing else is kept of", "UPDATE item_edition SET body = '<p>新闻。</p>' WHERE title = '示例县旧闻'", []string{"altered find.record"}, func(w *town) string { return w.old }},
		{"an index number", "UPDATE item SET index_no = '示-9' WHERE index_no = '示-2'", []string{"altered find.record"}, func(w *town) string { return w.old }},
		{"a retracted text shown again", "UPDATE item SET status = 'live' WHERE status = 'retracted'", []string{"altered find.status status"}, func(w *town) string { return w.gone }},
		{"a document taken down in silence", "UPDATE item SET status = 'retracted' WHERE index_no = '示-2'", []string{"altered find.status status"}, func(w *town) string { return w.old }},
		{"a document gone", "UPDATE item SET shown = '' WHERE index_no = '示-2'", []string{"removed find.item_gone"}, func(w *town) string { return w.old }},
		{"a column of the log", "UPDATE ledger_entry SET act = 'archived' WHERE seq = 1", []string{"forged find.row"}, nil},
		{"an entry", "UPDATE ledger_entry SET text = replace(text, 'edition 1', 'edition 2') WHERE seq = 0", []string{"forged find.root"}, nil},
		{"the last entry", "DELETE FROM ledger_entry WHERE seq = 4", []string{"forged find.count"}, nil},
		{"a tile", "UPDATE ledger_tile SET hashes = x'00'", []string{"forged find.tile"}, nil},
		{"the checkpoint", "UPDATE ledger_head SET checkpoint = replace(checkpoint, 'ledger', 'ledgen')", []string{"forged bad_signature"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := openTown(t)
			keys := w.keys()
			w.must(w.DB.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(test.statement)
				return err
			}))
			kept := &storage.Storage{Dir: w.Config.Data, DB: w.DB, Keys: w.Keys, Files: w.Blobs}
			file := filepath.Join(t.TempDir(), "backup")
			_, err := kept.Backup(t.Context(), actor.System("test"), file, false, func(string, int64) {})
			w.must(err)
			for where, check := range map[string]func() (*verifier.Report, error){
				"database": func() (*verifier.Report, error) {
					return verifier.Storage(t.Context(), kept, verifier.Options{Keys: keys})
				},
				"backup": func() (*verifier.Report, error) {
					return verifier.Backup(t.Context(), file, verifier.Options{Keys: keys})
				},
			} {
				r, err := check()
				if err != nil {
					t.Fatal(err)
				}
				got := told(r)
				if test.want == nil && (len(got) > 0 || r.Items != 4 || r.Files != 1) {
					t.Errorf("%s: %+v", where, r)
				}
				for _, want := range test.want {
					if !slices.Contains(got, want) {
						t.Errorf("%s: found %v, not %s", where, got, want)
					}
				}
				if test.item != nil && slices.ContainsFunc(r.Found, func(f proof.Finding) bool { return f.Item != test.item(w) }) {
					t.Errorf("%s: %+v", where, r.Found)
				}
			}
		})
	}
}

// A byte altered within a backup's archive is named, though the archive's own sums give it away.
func TestABackupAlteredItself(t *testing.T) {
	w := openTown(t)
	kept := &storage.Storage{Dir: w.Config.Data, DB: w.DB, Keys: w.Keys, Files: w.Blobs}
	file := filepath.Join(t.TempDir(), "backup")
	_, err := kept.Backup(t.Context(), actor.System("test"), file, false, func(string, int64) {})
	w.must(err)
	for _, test := range []struct{ old, new, want string }{
		{"示例县旧闻", "示例县新闻", "altered find.record"},
		{"附件的内容", "附件的内客", "removed find.file_gone files"},
	} {
		in, err := os.Open(file)
		w.must(err)
		zip, err := gzip.NewReader(in)
		w.must(err)
		all, err := io.ReadAll(zip)
		w.must(err)
		w.must(in.Close())
		var b bytes.Buffer
		out := gzip.NewWriter(&b)
		_, err = out.Write(edit(t, all, test.old, test.new))
		w.must(err)
		w.must(out.Close())
		altered := filepath.Join(t.TempDir(), "altered")
		w.must(os.WriteFile(altered, b.Bytes(), 0o600))
		r, err := verifier.Backup(t.Context(), altered, verifier.Options{Keys: w.keys()})
		w.must(err)
		if got := told(r); !slices.Contains(got, test.want) || !slices.Contains(got, "altered find.archive") {
			t.Errorf("%s: %v", test.old, got)
		}
	}
}
