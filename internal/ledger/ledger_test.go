package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/job"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

const name = "gongkai.example.gov.cn/ledger"

// town is a body with a section and a desk whose acts the log follows.
type town struct {
	*disclosure.Desk
	*Log
	t       testing.TB
	reader  *disclosure.Reader
	agency  string
	section string
}

func open(t testing.TB, d *db.DB) *town {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "k"))
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, d, keys)
}

func openWith(t testing.TB, d *db.DB, keys *secret.Keyring) *town {
	t.Helper()
	l, err := Open(t.Context(), d, keys, name)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	calendar := workday.Embedded()
	w := &town{Log: l, t: t, reader: &disclosure.Reader{DB: d}}
	w.Desk = &disclosure.Desk{DB: d, Blobs: blobs, Calendar: func() *workday.Calendar { return calendar },
		Changed: func(tx *db.Tx, i *disclosure.Item) error { return l.Changed(tx, i.ID) }}
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{
		Name: "甲县民政局", Kind: agency.Government, Level: agency.County, CreditCode: "11370322004222241N", OrgCode: "004222241", Region: "420205",
	}, Since: date.Must(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := (&section.Desk{DB: d, Calendar: w.Calendar}).Create(t.Context(), actor.System("test"), a.ID, "", section.Draft{Name: "工作动态", Kind: section.News})
	if err != nil {
		t.Fatal(err)
	}
	w.agency, w.section = a.ID, s.ID
	return w
}

// by is a person of the body with one role.
func (w *town) by(r actor.Role) actor.Actor {
	return actor.Actor{ID: string(r), Name: string(r), Remote: "192.0.2.1", Grants: []actor.Grant{{Role: r, Agency: w.agency}}}
}

func (w *town) must(e *disclosure.Edition, err error) *disclosure.Edition {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *town) draft(title string) *disclosure.Edition {
	w.t.Helper()
	return w.must(w.Create(w.t.Context(), w.by(actor.Editor), disclosure.New{
		Agency: w.agency, Section: w.section, Kind: disclosure.Information, Origin: disclosure.Made,
		Content: disclosure.Content{Title: title, Summary: "概述", Body: "<p>正文。</p>", Author: "起草人", FormedOn: date.Must(2026, 11, 16), Attribute: "proactive"},
	}))
}

// approved takes a draft through its reviews.
func (w *town) approved(e *disclosure.Edition) *disclosure.Edition {
	w.t.Helper()
	ctx := w.t.Context()
	e = w.must(w.Submit(ctx, w.by(actor.Editor), e.ID, e.Version))
	roles := map[disclosure.Level]actor.Role{disclosure.First: actor.Reviewer1, disclosure.Second: actor.Reviewer2, disclosure.Third: actor.Reviewer3, disclosure.Clearer: actor.Secrecy}
	for _, level := range disclosure.Levels {
		e = w.must(w.Review(ctx, w.by(roles[level]), e.ID, disclosure.Verdict{Level: level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: level.Ticks()}))
	}
	return e
}

func (w *town) publish(e *disclosure.Edition) *disclosure.Edition {
	w.t.Helper()
	return w.must(w.Publish(w.t.Context(), w.by(actor.Publisher), e.ID, disclosure.Release{Version: e.Version}))
}

// acts lists what the log says of an item, the oldest first.
func (w *town) acts(item string) string {
	w.t.Helper()
	all, err := w.Of(w.t.Context(), item)
	if err != nil {
		w.t.Fatal(err)
	}
	var words []string
	for _, m := range all {
		words = append([]string{string(m.Act)}, words...)
	}
	return strings.Join(words, " ")
}

// sound reads the whole log back through what the public gets and holds it against the checkpoint.
func (w *town) sound() proof.Checkpoint {
	w.t.Helper()
	ctx := w.t.Context()
	s, err := w.Status(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	keys, err := proof.ParseKeys(strings.Join(s.Keys, "\n"))
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := proof.OpenCheckpoint([]byte(s.Checkpoint), keys)
	if err != nil {
		w.t.Fatal(err)
	}
	served := map[string][]byte{}
	e := &proof.Edge{Full: func(t proof.Tile, hashes []byte) error { served[t.Path()] = hashes; return nil }}
	for _, t := range proof.Tiles(c.Size) {
		data, err := w.Tile(ctx, t)
		if err != nil {
			w.t.Fatalf("%s: %v", t.Path(), err)
		}
		if t.Level != proof.Entries {
			if want := served[t.Path()]; t.W == proof.Width && !bytes.Equal(data, want) {
				w.t.Errorf("%s does not follow from the entries", t.Path())
			}
			continue
		}
		entries, err := proof.ReadBundle(data)
		if err != nil || len(entries) != t.W {
			w.t.Fatalf("%s: %d entries, %v", t.Path(), len(entries), err)
		}
		for _, text := range entries {
			if _, err := proof.ParseEntry(text); err != nil {
				w.t.Errorf("%q: %v", text, err)
			}
			if err := e.Add(tlog.RecordHash(text)); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if e.Size != c.Size || e.Root() != c.Root || s.Size != c.Size {
		w.t.Errorf("the entries lead to %d, %v; signed is %d, %v", e.Size, e.Root(), c.Size, c.Root)
	}
	return c
}

func TestEachActOnWhatIsPublicIsAnEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		ctx := t.Context()
		e := w.approved(w.draft("关于甲事项的通知"))
		if got := w.acts(e.Item); got != "" {
			t.Errorf("before publication the log says %s", got)
		}
		e = w.publish(e)
		if got := w.acts(e.Item); got != "published" {
			t.Errorf("published: %s", got)
		}
		first := w.sound()
		next := w.must(w.Correct(ctx, w.by(actor.Publisher), e.ID, e.Version, "更正附表"))
		if got := w.acts(e.Item); got != "published" {
			t.Errorf("while a correction is drafted: %s", got)
		}
		next = w.publish(w.approved(next))
		next = w.must(w.Archive(ctx, w.by(actor.Publisher), next.ID, next.Version, "已过时"))
		third := w.must(w.Correct(ctx, w.by(actor.Publisher), next.ID, next.Version, "再次更正"))
		third = w.publish(w.approved(third))
		w.must(w.Retract(ctx, w.by(actor.Publisher), third.ID, third.Version, "含有个人信息"))
		if got := w.acts(e.Item); got != "published corrected archived corrected retracted" {
			t.Errorf("at last: %s", got)
		}
		last := w.sound()
		p, err := w.Consistency(ctx, first.Size)
		if err != nil || !proof.Consistent(first, last, p) {
			t.Errorf("the log is not proved to have grown: %v", err)
		}
	})
}

// A retracted text vanishes with its salt; that and when it was retracted is proved for ever.
func TestWhatIsRetractedLeavesNothingToTry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		ctx := t.Context()
		e := w.publish(w.approved(w.draft("某某救助名单")))
		record, err := w.Log.Record(ctx, w.reader, e.Item)
		if err != nil {
			t.Fatal(err)
		}
		m, err := w.Mark(ctx, e.Item)
		if err != nil || proof.Digest(record) != m.Record {
			t.Errorf("the record is not the one in the log: %v", err)
		}
		r, err := proof.ParseRecord(record)
		if err != nil || r.Title != "某某救助名单" || r.Body != "<p>正文。</p>" || len(r.Salt) != 32 || r.Edition != 1 || r.Agency != w.agency {
			t.Errorf("%+v, %v", r, err)
		}
		if bytes.Contains(record, []byte("起草人")) {
			t.Error("the record names who drafted it, which the page does not")
		}
		w.must(w.Retract(ctx, w.by(actor.Publisher), e.ID, e.Version, "含有个人信息"))
		if _, err := w.Log.Record(ctx, w.reader, e.Item); !errors.Is(err, ErrNone) {
			t.Errorf("the record of what was retracted: %v", err)
		}
		all, err := w.Tile(ctx, proof.Tile{Level: proof.Entries, W: 2})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(all, []byte("名单")) || bytes.Contains(all, []byte(r.Salt)) {
			t.Errorf("the log gives the text away: %s", all)
		}
		doc, err := w.Proof(ctx, e.Item)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := proof.ParseKeys(strings.Join(doc.Keys, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := doc.Check(keys)
		if err != nil || got.Act != proof.Retracted || got.Item != e.Item || got.Record != m.Record || got.Agency != "11370322004222241N" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// One chain without gaps, however many publish at once.
func TestConcurrentPublicationsFormOneLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		var ready []*disclosure.Edition
		for i := range 12 {
			ready = append(ready, w.approved(w.draft(fmt.Sprint("文件", i))))
		}
		var all sync.WaitGroup
		for _, e := range ready {
			all.Go(func() {
				if _, err := w.Publish(t.Context(), w.by(actor.Publisher), e.ID, disclosure.Release{Version: e.Version}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if c := w.sound(); c.Size != 12 {
			t.Errorf("%d entries", c.Size)
		}
		for _, e := range ready {
			if got := w.acts(e.Item); got != "published" {
				t.Errorf("%s: %s", e.Item, got)
			}
		}
	})
}

// An act that fails after its entry leaves neither.
func TestAnActThatFailsLeavesNoEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		broken := errors.New("the program ends here")
		inner := w.Desk.Changed
		e := w.approved(w.draft("甲"))
		w.Desk.Changed = func(tx *db.Tx, i *disclosure.Item) error { return errors.Join(inner(tx, i), broken) }
		if _, err := w.Publish(t.Context(), w.by(actor.Publisher), e.ID, disclosure.Release{Version: e.Version}); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if c := w.sound(); c.Size != 0 {
			t.Errorf("%d entries of an act that was not done", c.Size)
		}
		w.Desk.Changed = inner
		w.publish(e)
		if c := w.sound(); c.Size != 1 {
			t.Errorf("%d entries", c.Size)
		}
	})
}

// What was retracted before there was a log is nothing it must know: a check passes in silence.
func TestWhatEndedBeforeTheLogIsNotCalledAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		told := w.Desk.Changed
		w.Desk.Changed = func(*db.Tx, *disclosure.Item) error { return nil }
		e := w.publish(w.approved(w.draft("早已撤下")))
		w.must(w.Retract(t.Context(), w.by(actor.Publisher), e.ID, e.Version, "含有个人信息"))
		w.Desk.Changed = told
		w.publish(w.approved(w.draft("后来公开")))
		if n, err := w.Adopt(t.Context()); n != 0 || err != nil {
			t.Errorf("%d taken in, %v", n, err)
		}
		check := Check{DB: d, Found: func(f proof.Finding) { t.Errorf("found %+v", f) }}
		if _, err := check.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// imported writes n items as published long ago, without telling the log.
func (w *town) imported(n int) (items []string) {
	w.t.Helper()
	err := w.Log.DB.Update(context.Background(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, w.Calendar(), actor.System("test"))
		items = nil
		for i := range n {
			r, _ := disclosure.Import{Agency: w.agency, Section: w.section, Kind: disclosure.Information, Origin: disclosure.Made,
				PublishedAt: time.Date(2020, 1, 1, 0, 0, i, 0, time.UTC), Content: disclosure.Content{Title: fmt.Sprint("旧文", i), Body: "<p>" + strings.Repeat("很早以前公开的内容。", 100) + "</p>", Attribute: "proactive"}}.Ready()
			one, err := m.Add(r)
			if err != nil {
				return err
			}
			items = append(items, one.ID)
		}
		return m.Close()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return items
}

func TestWhatWasPublicBeforeIsTakenIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		items := w.imported(600)
		if s, err := w.Status(t.Context()); err != nil || s.Waiting != 600 {
			t.Errorf("%d wait, %v", s.Waiting, err)
		}
		asked := func() int {
			t.Helper()
			all, err := job.Counts(t.Context(), w.Log.DB)
			if err := errors.Join(err, w.CatchUp(t.Context())); err != nil {
				t.Fatal(err)
			}
			now, err := job.Counts(t.Context(), w.Log.DB)
			if err != nil {
				t.Fatal(err)
			}
			return now[job.Ready] - all[job.Ready]
		}
		if n := asked(); n != 1 {
			t.Errorf("a start with articles the log does not know asks for %d jobs", n)
		}
		for want := 600; want >= 0; want -= 600 {
			if n, err := w.Adopt(t.Context()); err != nil || n != want {
				t.Errorf("%d taken in, %v", n, err)
			}
		}
		if err := d.View(t.Context(), func(tx *db.Tx) error { // pages and copies are made anew because of it
			all, _, err := change.Since(tx, 0, 1000)
			noted := map[change.Tag]bool{}
			for _, e := range all {
				noted[e.Tag] = true
			}
			for _, i := range items {
				if !noted[change.Item(i)] {
					t.Errorf("nobody is told that %s was taken in", i)
					break
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := asked(); n != 0 {
			t.Errorf("a start with nothing to take in asks for %d jobs", n)
		}
		c := w.sound()
		if c.Size != 600 {
			t.Errorf("%d entries", c.Size)
		}
		for _, i := range []int{0, 255, 256, 599} {
			if got := w.acts(items[i]); got != "taken" {
				t.Errorf("item %d: %s", i, got)
			}
			doc, err := w.Proof(t.Context(), items[i])
			if err != nil {
				t.Fatal(err)
			}
			keys, err := proof.ParseKeys(doc.Keys[0])
			if err != nil {
				t.Fatal(err)
			}
			if e, _, err := doc.Check(keys); err != nil || e.Item != items[i] {
				t.Errorf("item %d: %+v, %v", i, e, err)
			}
		}
	})
}

func TestKeysAreReplacedWithoutLosingWhoKnowsTheOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		ctx := t.Context()
		w.publish(w.approved(w.draft("甲")))
		known := func(public string) error {
			t.Helper()
			keys, err := proof.ParseKeys(public)
			if err != nil {
				t.Fatal(err)
			}
			signed, err := w.Checkpoint(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_, err = proof.OpenCheckpoint([]byte(signed), keys)
			return err
		}
		keys, err := w.PublicKeys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		old := keys[0]
		by := actor.System("test")
		if err := w.Retire(ctx, by, Number(old)); !errors.Is(err, ErrLastKey) {
			t.Errorf("the only key: %v", err)
		}
		if err := w.Rotate(ctx, w.by(actor.Publisher)); err == nil {
			t.Error("anybody changes keys")
		}
		if err := w.Rotate(ctx, by); err != nil {
			t.Fatal(err)
		}
		if keys, err = w.PublicKeys(ctx); err != nil || len(keys) != 2 || keys[1] != old {
			t.Fatalf("%v, %v", keys, err)
		}
		if err := errors.Join(known(old), known(keys[0])); err != nil {
			t.Errorf("while both sign: %v", err)
		}
		if err := w.Retire(ctx, by, "00000000"); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("a key that is not there: %v", err)
		}
		if err := w.Retire(ctx, by, Number(old)); err != nil {
			t.Fatal(err)
		}
		if err := known(old); !errors.Is(err, proof.ErrSignature) {
			t.Errorf("a retired key: %v", err)
		}
		retired, err := proof.ParseKeys(old)
		if err != nil {
			t.Fatal(err)
		}
		var found []proof.Finding // by who knows the old key alone: no entry was altered
		check := Check{DB: d, Keys: retired, Found: func(f proof.Finding) { found = append(found, f) }}
		if _, err := check.Run(ctx); err != nil || len(found) != 1 || found[0].Path != "ledger_head" {
			t.Errorf("checked with a retired key: %+v, %v", found, err)
		}
		w.publish(w.approved(w.draft("乙")))
		if c := w.sound(); c.Size != 2 {
			t.Errorf("%d entries", c.Size)
		}
	})
}

func TestTheNameStaysOnceThereAreEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys, err := secret.Create(filepath.Join(t.TempDir(), "k"))
		if err != nil {
			t.Fatal(err)
		}
		named := func(as string) string {
			t.Helper()
			l, err := Open(t.Context(), d, keys, as)
			if err != nil {
				t.Fatal(err)
			}
			s, err := l.Status(t.Context())
			if err != nil || len(s.Keys) != 1 || !strings.HasPrefix(s.Keys[0], s.Origin+"+") {
				t.Fatalf("%+v, %v", s, err)
			}
			return s.Origin
		}
		if got := named(""); got != "localhost/"+keys.Print() {
			t.Errorf("without a name: %s", got)
		}
		if got := named("a/ledger"); got != "a/ledger" {
			t.Errorf("named before the first entry: %s", got)
		}
		if got := named(""); got != "a/ledger" {
			t.Errorf("opened without its name: %s", got)
		}
		w := openWith(t, d, keys)
		w.publish(w.approved(w.draft("甲")))
		if got := named("b/ledger"); got != name {
			t.Errorf("with entries: %s", got)
		}
	})
}

// The signed list of a mirror's files names the state of the log.
func TestListsAreSigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		w.publish(w.approved(w.draft("甲")))
		var b bytes.Buffer
		list := proof.NewLister(&b)
		if err := list.Add(proof.File{Path: "index.html", Size: 3, SHA256: proof.Digest([]byte("abc"))}); err != nil {
			t.Fatal(err)
		}
		signed, err := w.SignManifest(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		keys, err := proof.ParseKeys(s.Keys[0])
		if err != nil {
			t.Fatal(err)
		}
		m, err := proof.OpenManifest(signed, keys)
		if err != nil || m.Files != 1 || m.Checkpoint.Size != 1 || m.List != proof.Digest(b.Bytes()) {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 500} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			w := open(b, dbtest.SQLite(b))
			n := 0
			for b.Loop() {
				b.StopTimer()
				items := w.imported(size)
				b.StartTimer()
				err := w.Log.DB.Update(b.Context(), func(tx *db.Tx) error { return w.Log.Changed(tx, items...) })
				if err != nil {
					b.Fatal(err)
				}
				n += size
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func BenchmarkProof(b *testing.B) {
	w := open(b, dbtest.SQLite(b))
	items := w.imported(5000)
	if _, err := w.Adopt(b.Context()); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		if _, err := w.Proof(b.Context(), items[n%len(items)]); err != nil {
			b.Fatal(err)
		}
		n += 977
	}
}

// A database is held against its own log; package app's tests tamper with one in every way.
func TestADatabaseIsHeldAgainstItsLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		e := w.publish(w.approved(w.draft("甲")))
		items := w.imported(300)
		if _, err := w.Adopt(t.Context()); err != nil {
			t.Fatal(err)
		}
		check := func() (done *Checked, found []string) {
			t.Helper()
			c := Check{DB: d, Files: w.Desk.Blobs, Found: func(f proof.Finding) {
				found = append(found, strings.TrimSpace(string(f.Kind)+" "+f.Item+" "+f.Field))
			}}
			done, err := c.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return done, found
		}
		if done, found := check(); len(found) > 0 || done.Items != 301 || done.Checkpoint.Size != 301 || done.Signed == "" {
			t.Errorf("%+v, %v", done, found)
		}
		for _, statement := range []string{
			"UPDATE item_edition SET title = '乙' WHERE id = '" + e.ID + "'",
			"UPDATE item SET status = 'retracted' WHERE id = '" + items[7] + "'",
			"UPDATE item SET shown = '' WHERE id = '" + items[299] + "'",
		} {
			if err := d.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(statement)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		_, found := check()
		slices.Sort(found)
		want := []string{"altered " + e.Item + " title", "altered " + items[7] + " status", "removed " + items[299]}
		slices.Sort(want)
		if !slices.Equal(found, want) {
			t.Errorf("found %v, want %v", found, want)
		}
	})
}
