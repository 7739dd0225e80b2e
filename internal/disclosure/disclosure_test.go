package disclosure

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/workday"
)

// office is a desk with two bodies, a section each and one of social assistance.
type office struct {
	*Desk
	t                 testing.TB
	A, B              string // the bodies
	news, aid, bNews  string // sections of A, A and B
	editor, publisher actor.Actor
	first, second     actor.Actor
	third, secrecy    actor.Actor
	officer, bEditor  actor.Actor
	bPublisher        actor.Actor
}

// noon moves the clock of a database.
func (o *office) at(t time.Time) { o.DB.Clock = func() time.Time { return t } }

func person(id, agency string, r actor.Role) actor.Actor {
	return actor.Actor{ID: id, Name: id, Remote: "192.0.2.1", Grants: []actor.Grant{{Role: r, Agency: agency}}}
}

func open(t *testing.T, d *db.DB) *office {
	t.Helper()
	return openFor(t, d)
}

func openFor(t testing.TB, d *db.DB) *office {
	t.Helper()
	calendar := workday.Embedded()
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, Desk: &Desk{DB: d, Blobs: blobs, Calendar: func() *workday.Calendar { return calendar }}}
	o.A = o.body("甲县民政局", "11370322004222241N", "004222241")
	o.B = o.body("乙县教育局", "11441700007280420Y", "007280420")
	o.news = o.section(o.A, section.Draft{Name: "工作动态", Kind: section.News})
	o.aid = o.section(o.A, section.Draft{Name: "社会救助", Kind: section.Extra, Item21: "assistance"})
	o.bNews = o.section(o.B, section.Draft{Name: "教育动态", Kind: section.News})
	o.editor, o.publisher = person("editor", o.A, actor.Editor), person("publisher", o.A, actor.Publisher)
	o.first, o.second = person("first", o.A, actor.Reviewer1), person("second", o.A, actor.Reviewer2)
	o.third, o.secrecy = person("third", o.A, actor.Reviewer3), person("secrecy", o.A, actor.Secrecy)
	o.officer = person("officer", o.A, actor.Officer)
	o.bEditor, o.bPublisher = person("b-editor", o.B, actor.Editor), person("b-publisher", o.B, actor.Publisher)
	return o
}

func (o *office) body(name, credit, org string) string {
	o.t.Helper()
	r := &agency.Registry{DB: o.DB}
	a, err := r.Create(o.t.Context(), actor.System("test"), agency.New{Facts: agency.Facts{
		Name: name, Kind: agency.Government, Level: agency.County, CreditCode: credit, OrgCode: org, Region: "420205",
	}, Since: date.Must(2020, 1, 1)})
	if err != nil {
		o.t.Fatal(err)
	}
	return a.ID
}

func (o *office) section(agency string, draft section.Draft) string {
	o.t.Helper()
	s := &section.Desk{DB: o.DB, Calendar: o.Calendar}
	one, err := s.Create(o.t.Context(), actor.System("test"), agency, "", draft)
	if err != nil {
		o.t.Fatal(err)
	}
	return one.ID
}

// content is what a draft needs to be submitted.
func content(title string) Content {
	return Content{
		Title: title, Summary: "概述", Body: "<p>正文第一段。</p><p>正文第二段。</p>", Author: "起草人",
		FormedOn: date.Must(2026, 11, 16), Attribute: "proactive",
	}
}

func (o *office) draft(title string) *Edition {
	o.t.Helper()
	e, err := o.Create(o.t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: Information, Origin: Made, Content: content(title)})
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) must(e *Edition, err error) *Edition {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// approval is a verdict with everything ticked.
func approval(e *Edition, l Level) Verdict {
	return Verdict{Level: l, Decision: Approving, Hash: e.Hash, Opinion: "同意", Ticks: l.Ticks()}
}

// reviewer is who holds the role of a level.
func (o *office) reviewer(l Level) actor.Actor {
	return map[Level]actor.Actor{First: o.first, Second: o.second, Third: o.third, Clearer: o.secrecy}[l]
}

func (o *office) review(e *Edition, l Level) *Edition {
	o.t.Helper()
	return o.must(o.Review(o.t.Context(), o.reviewer(l), e.ID, approval(e, l)))
}

func (o *office) submitted(title string) *Edition {
	o.t.Helper()
	e := o.draft(title)
	return o.must(o.Submit(o.t.Context(), o.editor, e.ID, e.Version))
}

func (o *office) approved(title string) *Edition {
	o.t.Helper()
	e := o.submitted(title)
	for _, l := range Levels {
		e = o.review(e, l)
	}
	return e
}

func (o *office) published(title string) *Edition {
	o.t.Helper()
	e := o.approved(title)
	return o.must(o.Publish(o.t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
}

func (o *office) runner() *job.Runner { return &job.Runner{DB: o.DB, Handlers: o.Jobs()} }

// item reads a record as it stands.
func (o *office) item(id string) (i *Item) {
	o.t.Helper()
	o.view(func(tx *db.Tx) (err error) {
		i, err = loadItem(tx, id)
		return err
	})
	return i
}

func (o *office) view(do func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.DB.View(context.Background(), do); err != nil {
		o.t.Fatal(err)
	}
}

func TestFlowIsSound(t *testing.T) {
	if err := Flow.Check(Draft); err != nil {
		t.Error(err)
	}
	if got := Flow.States(); len(got) != len(States) {
		t.Errorf("the flow has %d states, the list %d", len(got), len(States))
	}
}

func TestFlowPageIsFresh(t *testing.T) {
	p := i18n.To(i18n.Chinese)
	want := Flow.Draw("信息的流转 An edition's life", Draft, func(s string) string {
		if m := State(s).Message(); isState(s) {
			return p.Text(m)
		}
		return p.Text(Step(s).Message())
	})
	path := filepath.Join("..", "..", "docs", "flow", "item.md")
	if os.Getenv("GONGKAI_TEST_WRITE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/flow/item.md is out of date: run make docs")
	}
}

func isState(s string) bool {
	for _, one := range States {
		if string(one) == s {
			return true
		}
	}
	return false
}

// A clerk's path: draft, reviews, publication, correction, retraction, on both engines.
func TestAClerksPath(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.published("关于调整供暖时间的通知")
		i := o.item(e.Item)
		if i.Status != Live || i.IndexNo != "11370322004222241N/2026-00001" || !i.FirstAt.Equal(dbtest.Noon) {
			t.Fatalf("got %+v", i)
		}
		r := &Reader{DB: d}
		rows, err := r.Section(t.Context(), o.news, Page{})
		if err != nil || len(rows.Rows) != 1 || rows.Rows[0].Title != "关于调整供暖时间的通知" {
			t.Fatalf("%+v, %v", rows, err)
		}
		next := o.must(o.Correct(t.Context(), o.publisher, e.ID, e.Version, "更正开始日期"))
		c := next.Content
		c.Title = "关于调整供暖时间的通知（更正）"
		next = o.must(o.Save(t.Context(), o.editor, next.ID, next.Version, c))
		next = o.must(o.Submit(t.Context(), o.editor, next.ID, next.Version))
		for _, l := range Levels {
			next = o.review(next, l)
		}
		l, err := r.Item(t.Context(), e.Item)
		if err != nil || l.Edition.ID != e.ID {
			t.Fatalf("the public sees a correction that is not published: %+v, %v", l, err)
		}
		next = o.must(o.Publish(t.Context(), o.publisher, next.ID, Release{Version: next.Version}))
		l, err = r.Item(t.Context(), e.Item)
		if err != nil || l.Edition.No != 2 || l.Edition.Note != "更正开始日期" || len(l.History) != 1 ||
			l.History[0].No != 1 || l.History[0].Note != "更正开始日期" || l.Item.IndexNo != i.IndexNo {
			t.Fatalf("got %+v, %v", l, err)
		}
		o.must(o.Retract(t.Context(), o.publisher, next.ID, next.Version, "内容有误，待核实"))
		l, err = r.Item(t.Context(), e.Item)
		if err != nil || l.Edition != nil || l.Item.Status != Retracted || l.Item.EndedReason != "内容有误，待核实" {
			t.Fatalf("got %+v, %v", l, err)
		}
		if rows, err = r.Section(t.Context(), o.news, Page{}); err != nil || len(rows.Rows) != 0 {
			t.Fatalf("a retracted item is listed: %+v, %v", rows, err)
		}
	})
}
