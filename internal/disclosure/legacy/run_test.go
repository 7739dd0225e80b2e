package legacy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/workday"
)

// town is a body with its prescribed sections and one called 通知公告.
type town struct {
	desk    *Desk
	agency  string
	notices string
	officer actor.Actor
}

func newTown(t testing.TB, d *db.DB) town {
	t.Helper()
	program := actor.System("test")
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), program, agency.New{
		Facts: agency.Facts{Name: "云岭市示例局", Kind: agency.Department, Level: agency.City}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := (&section.Desk{DB: d, Calendar: func() *workday.Calendar { return workday.New() }}).
		Create(t.Context(), program, a.ID, "", section.Draft{Name: "通知公告", Slug: "tzgg", Kind: section.Notice})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return town{
		desk:    &Desk{DB: d, Calendar: func() *workday.Calendar { return workday.New() }, Blobs: blobs},
		agency:  a.ID,
		notices: s.ID,
		officer: actor.Actor{ID: "o", Name: "公开办", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}},
	}
}

func list(rows ...Row) Rows {
	return func(yield func(Row) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

func article(n int, change ...func(*Record)) Row {
	r := Record{
		URL: fmt.Sprintf("http://old.example/%d.html", n), Title: fmt.Sprintf("关于第%d件事的通知", n), Section: "通知公告",
		Body: fmt.Sprintf("<p>第%d件事的正文。</p>", n), PublishedAt: moment("2020-05-06 09:30"),
	}
	for _, c := range change {
		c(&r)
	}
	return Row{Where: fmt.Sprintf("a.csv:%d", n+1), Record: r}
}

func moment(v string) Moment {
	m, _ := parseMoment(v)
	return m
}

func (w town) run(t testing.TB, rows Rows, change ...func(*Options)) (Tally, []Line) {
	t.Helper()
	var lines []Line
	o := Options{Source: "a.csv", Agency: w.agency, Batch: 3, Line: func(l Line) { lines = append(lines, l) }}
	for _, c := range change {
		c(&o)
	}
	tally, err := w.desk.Run(t.Context(), w.officer, rows, o)
	if err != nil {
		t.Fatal(err)
	}
	return tally, lines
}

func (w town) live(t testing.TB) []disclosure.Row {
	t.Helper()
	rows, err := (&disclosure.Reader{DB: w.desk.DB}).Agency(t.Context(), w.agency, disclosure.Page{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return rows.Rows
}

func TestEveryRowIsAccountedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		rows := list(
			article(1, func(r *Record) {
				r.IndexNo, r.Theme, r.Genre = "990000017/2020-00001", "综合政务\\政务公开", "通知"
			}),
			article(2),
			article(2, func(r *Record) { r.Title = "同一网址的另一个标题" }),
			article(3, func(r *Record) { *r = article(2).Record; r.URL = "http://old.example/copy.html" }),
			article(4, func(r *Record) { r.PublishedAt = Moment{} }),
			article(5, func(r *Record) { r.Section = "没有的栏目" }),
			article(6, func(r *Record) { r.IndexNo = "990000017/2020-00001" }),
			article(7, func(r *Record) { r.PublishedAt = moment("2027-01-01") }),
			article(8, func(r *Record) { r.Attribute = "依申请公开" }),
			Row{Where: "a.csv:10", Err: ErrNoTitle},
			article(10, func(r *Record) { r.Theme, r.Body = "天文地理", "" }),
		)
		want := []struct {
			outcome Outcome
			reason  string
			notes   int
		}{
			{Created, "", 0}, {Created, "", 0}, {Known, "", 0}, {Known, "", 0}, {Refused, "legacy.no_published", 0},
			{Refused, "legacy.no_section", 0}, {Refused, "legacy.index_taken", 0}, {Refused, "legacy.future", 0},
			{Refused, "legacy.not_public", 0}, {Refused, "legacy.no_title", 0}, {Created, "", 2},
		}
		for _, dry := range []bool{true, false} {
			tally, lines := w.run(t, rows, func(o *Options) { o.DryRun = dry })
			if tally != (Tally{Read: 11, Created: 3, Known: 2, Refused: 6}) {
				t.Errorf("dry %v: %+v", dry, tally)
			}
			for i, l := range lines {
				if l.Outcome != want[i].outcome || l.Reason.Key != want[i].reason || len(l.Notes) != want[i].notes {
					t.Errorf("dry %v, row %d: %+v", dry, i+1, l)
				}
			}
			if n := len(w.live(t)); dry && n != 0 || !dry && n != 3 {
				t.Errorf("dry %v: %d items", dry, n)
			}
		}
		for _, r := range w.live(t) {
			if !r.PublishedAt.Equal(time.Date(2020, 5, 6, 1, 30, 0, 0, time.UTC)) {
				t.Errorf("%s published at %s", r.Title, r.PublishedAt)
			}
		}
		if tally, _ := w.run(t, rows); tally.Created != 0 || tally.Known != 5 {
			t.Errorf("again: %+v", tally)
		}
	})
}

func TestAnImportThatWasStoppedGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		var all []Row
		for n := range 20 {
			all = append(all, article(n))
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		written := 0
		_, err := w.desk.Run(ctx, w.officer, list(all...), Options{Source: "a.csv", Agency: w.agency, Batch: 3,
			Line: func(Line) {
				if written++; written == 9 {
					stop()
				}
			}})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		before := len(w.live(t))
		if before < 9 || before == 20 {
			t.Fatalf("%d items after the stop", before)
		}
		tally, _ := w.run(t, list(all...))
		if tally.Skipped != int64(before) || tally.Created != int64(20-before) || tally.Known != 0 {
			t.Errorf("%d were there; got %+v", before, tally)
		}
		if n := len(w.live(t)); n != 20 {
			t.Errorf("%d items", n)
		}
	})
}

func TestOnlyWhoMayImportImports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		for _, who := range []actor.Actor{
			{}, {ID: "e", Grants: []actor.Grant{{Role: actor.Editor, Agency: w.agency}}},
			{ID: "x", Grants: []actor.Grant{{Role: actor.Officer, Agency: "another"}}},
			{ID: "s", Grants: []actor.Grant{{Role: actor.SysAdmin}}},
		} {
			_, err := w.desk.Run(t.Context(), who, list(article(1)), Options{Source: "a", Agency: w.agency})
			if !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s: got %v", who.ID, err)
			}
		}
	})
}

func TestFilesOfAFolderComeAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		dir := t.TempDir()
		png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
		for name, text := range map[string]string{
			"secret.txt": "不在文件夹里", "site/img/a.png": png, "site/zw/list.xls": "表",
			"site/zw/a.html": `<title>关于附件的通知</title><meta name="PubDate" content="2021-01-04 10:00"><div id="zoom"><p>正文在这里，字数要多一些才像一篇文章。</p>
				<p><img src="../img/a.png" alt="图"></p><p><a href="list.xls">名单</a> <a href="../../secret.txt">外面</a> <a href="gone.doc">没有</a></p></div>`,
		} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := Folder(filepath.Join(dir, "site"))
		if err != nil {
			t.Fatal(err)
		}
		_, lines := w.run(t, rows, func(o *Options) { o.Section = w.notices })
		if len(lines) != 1 || lines[0].Outcome != Created || len(lines[0].Notes) != 2 {
			t.Fatalf("got %+v", lines)
		}
		leaf, err := (&disclosure.Reader{DB: d}).Item(t.Context(), lines[0].Item)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range leaf.Edition.Attachments {
			names = append(names, a.Name)
			if _, err := w.desk.Blobs.ReadAll(t.Context(), a.Digest); err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
		if strings.Join(names, " ") != "a.png 名单.xls" {
			t.Errorf("attachments %v", names)
		}
		if b := leaf.Edition.Body; !strings.Contains(b, "attachment:f1") || strings.Contains(b, "secret") || strings.Contains(b, "attachment:f4") {
			t.Errorf("body %s", b)
		}
	})
}

// A million documents are brought in at this pace; each has 3 KB of text.
func BenchmarkImport3KB(b *testing.B) {
	body := strings.Repeat("第一条 为规范本市政府信息公开工作，方便公众获取政府信息，根据国家有关规定，结合实际制定本办法。\n", 22)
	w := newTown(b, dbtest.SQLite(b))
	rows := func(yield func(Row) bool) {
		for n := range b.N {
			if !yield(article(n, func(r *Record) { r.Body = markup(body + r.Title) })) {
				return
			}
		}
	}
	b.SetBytes(int64(len(body)))
	b.ResetTimer()
	if _, err := w.desk.Run(b.Context(), w.officer, rows, Options{Source: "bench", Agency: w.agency}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}
