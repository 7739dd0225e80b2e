package shelf

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/sample"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/job"
	"gongkai/internal/workday"
)

// city is a government with two departments and a district, their columns for annual reports,
// and who works there.
type city struct {
	*Desk
	t        *testing.T
	items    *disclosure.Desk
	city     string
	civil    string
	justice  string
	district string
	column   map[string]string // 政府信息公开年报, by body
	news     map[string]string // another section
}

func (c *city) by(body string, r actor.Role) actor.Actor {
	return actor.Actor{ID: string(r), Name: string(r), Grants: []actor.Grant{{Role: r, Agency: body}}}
}

func open(t *testing.T, d *db.DB) *city {
	t.Helper()
	blobs, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	calendar := workday.Embedded()
	c := &city{t: t, column: map[string]string{}, news: map[string]string{},
		Desk: &Desk{DB: d, Reader: &disclosure.Reader{DB: d}, Blobs: blobs}}
	c.items = &disclosure.Desk{DB: d, Blobs: blobs, Calendar: func() *workday.Calendar { return calendar },
		Changed: func(tx *db.Tx, i *disclosure.Item) error { return c.Changed(tx, i.ID) }}
	c.city = c.body("示范市人民政府", agency.Government, agency.City, "", "119999019900000179")
	c.civil = c.body("示范市民政局", agency.Department, agency.City, c.city, "119999019900000254")
	c.justice = c.body("示范市司法局", agency.Department, agency.City, c.city, "11999901990000033Y")
	c.district = c.body("示范市样例区人民政府", agency.Government, agency.County, c.city, "1199990199000005XH")
	return c
}

func (c *city) body(name string, k agency.Kind, l agency.Level, parent, credit string) string {
	c.t.Helper()
	ctx, program := c.t.Context(), actor.System("test")
	a, err := (&agency.Registry{DB: c.DB}).Create(ctx, program, agency.New{
		Facts: agency.Facts{Name: name, Kind: k, Level: l, Parent: parent, CreditCode: credit, Region: "999901"}, Since: date.Must(2021, 6, 1)})
	if err != nil {
		c.t.Fatal(err)
	}
	s := &section.Desk{DB: c.DB, Calendar: c.items.Calendar, Policy: section.Standard}
	if _, err := s.Establish(ctx, program, a.ID); err != nil {
		c.t.Fatal(err)
	}
	news, err := s.Create(ctx, program, a.ID, "", section.Draft{Name: "工作动态", Kind: section.News})
	if err != nil {
		c.t.Fatal(err)
	}
	c.news[a.ID] = news.ID
	c.view(func(tx *db.Tx) error {
		one, err := section.OfKind(tx, a.ID, section.Reports)
		c.column[a.ID] = one.ID
		return err
	})
	return a.ID
}

func (c *city) view(do func(tx *db.Tx) error) {
	c.t.Helper()
	if err := c.DB.View(c.t.Context(), do); err != nil {
		c.t.Fatal(err)
	}
}

// published brings an item in as published on a day, and reads what is asked for.
func (c *city) published(body, section, title, html string, on date.Date, files ...disclosure.Attachment) string {
	c.t.Helper()
	ready, _ := disclosure.Import{Agency: body, Section: section, Kind: disclosure.Information, Origin: disclosure.Made,
		Content: disclosure.Content{Title: title, Body: html, Attribute: class.Proactive}, Attachments: files,
		PublishedAt: time.Date(on.Year(), time.Month(on.Month()), on.Day(), 2, 0, 0, 0, time.UTC)}.Ready()
	var id string
	err := c.DB.Update(c.t.Context(), func(tx *db.Tx) error {
		m := disclosure.NewImporter(tx, c.items.Calendar(), actor.System("test"))
		i, err := m.Add(ready)
		if err != nil {
			return err
		}
		id = i.ID
		if err := m.Close(); err != nil {
			return err
		}
		return c.Changed(tx, id)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.work()
	return id
}

// work runs the jobs that wait.
func (c *city) work() {
	c.t.Helper()
	r := &job.Runner{DB: c.DB, Handlers: c.Handlers(), Queues: map[string]int{job.Common: 1, disclosure.ReadQueue: 1}}
	if err := r.Drain(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// printed is a report as the text of an item.
func printed(t *testing.T, r *annual.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := print.Write(&b, r, print.HTML, print.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (c *city) file(name string, data []byte) disclosure.Attachment {
	c.t.Helper()
	b, err := c.Blobs.Receive(c.t.Context(), bytes.NewReader(data), 1<<22)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.DB.Update(c.t.Context(), func(tx *db.Tx) error { return c.Blobs.Keep(tx, b) }); err != nil {
		c.t.Fatal(err)
	}
	return disclosure.Attachment{ID: db.ID(), Name: name, Media: b.Media, Size: b.Size, Digest: b.Digest}
}

// reading is the one of an item's shown edition.
func (c *city) reading(body, item string) *Reading {
	c.t.Helper()
	all, err := c.List(c.t.Context(), c.by(body, actor.Officer), body)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range all {
		if r.Item == item {
			return r
		}
	}
	return nil
}

// years are those of which a body's reports are public, with a + where the shelf has figures.
func (c *city) years(body string) string {
	c.t.Helper()
	all, err := (&Reader{c.DB}).Years(c.t.Context(), body)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, v := range all {
		one := date.Must(v.Year(), 1, 1).String()[:4]
		if v.Readable() {
			one += "+"
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

func TestTitlesOfAnnualReports(t *testing.T) {
	for title, want := range map[string]int{
		"示范市民政局2024年政府信息公开工作年度报告":   2024,
		"示范市民政局2023年度政府信息公开工作报告":    2023,
		"示范市民政局政府信息公开年报（2019年）":     2019,
		"示范市二〇一二年政府信息公开工作年度报告":      2012,
		"示范市民政局2024年政府信息公开工作年度报告解读": 0,
		"示范市2024年政府网站工作年度报表":        0,
		"关于编制2024年政府信息公开工作年度报告的通知":  0,
		"示范市民政局2024年工作报告":           0,
		"2023—2024年政府信息公开工作年度报告":    0,
		"政府信息公开年度报告":                0,
		"示范市2007年政府信息公开工作年度报告":      0,
	} {
		got, ok := YearOf(title)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%s: %d, %v", title, got, ok)
		}
	}
}

// R-PLT-09: what stands in the column is on the shelf the moment the job has read it, and what
// is no longer public is no longer there.
func TestAPublishedReportIsOnTheShelf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		rep := sample.Made("示范市民政局", 2024, 60)
		item := c.published(c.civil, c.column[c.civil], "示范市民政局2024年政府信息公开工作年度报告", printed(t, rep), date.Must(2025, 1, 20))
		c.published(c.civil, c.column[c.civil], "示范市民政局2016年政府信息公开工作年度报告", "<p>一、概述。二、主动公开情况。</p>", date.Must(2017, 3, 1))
		if got := c.years(c.civil); got != "2024+ 2016" {
			t.Fatalf("the shelf has %q", got)
		}
		v, read, err := (&Reader{d}).Report(t.Context(), c.civil, 2024)
		if err != nil {
			t.Fatal(err)
		}
		for k := range rep.Cells {
			want, _ := rep.Value(k)
			if got, ok := read.Value(k); !ok || got != want {
				t.Errorf("%s: %v, want %v", k, got, want)
			}
			if got, ok := v.Figures().Value(k); !ok || got != want {
				t.Errorf("figures %s: %v, want %v", k, got, want)
			}
		}
		r := c.reading(c.civil, item)
		if r.State != Shelved || r.Form != "2021" || r.Source != FromText || r.Errors != 0 || v.Item != item || v.Day().String() != "2025-01-20" {
			t.Errorf("%+v, %+v", r, v)
		}
		if _, _, err := (&Reader{d}).Report(t.Context(), c.civil, 2023); !errors.Is(err, ErrNone) {
			t.Errorf("a year without a report: %v", err)
		}
		c.retract(item)
		if got := c.years(c.civil); got != "2016" {
			t.Errorf("after the retraction the shelf has %q", got)
		}
		if _, _, err := (&Reader{d}).Report(t.Context(), c.civil, 2024); !errors.Is(err, ErrNone) {
			t.Errorf("a retracted report: %v", err)
		}
	})
}

func (c *city) retract(item string) {
	c.t.Helper()
	leaf, err := c.Reader.Item(c.t.Context(), item)
	if err == nil {
		_, err = c.items.Retract(c.t.Context(), c.by(leaf.Item.Agency, actor.Publisher), leaf.Edition.ID, leaf.Edition.Version, "数据有误")
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.work()
}

// correct publishes a new edition with another text.
func (c *city) correct(item, text string) {
	c.t.Helper()
	ctx := context.Background()
	leaf, err := c.Reader.Item(ctx, item)
	if err != nil {
		c.t.Fatal(err)
	}
	body := leaf.Item.Agency
	must := func(e *disclosure.Edition, err error) *disclosure.Edition {
		c.t.Helper()
		if err != nil {
			c.t.Fatal(err)
		}
		return e
	}
	e := must(c.items.Correct(ctx, c.by(body, actor.Publisher), leaf.Edition.ID, leaf.Edition.Version, "更正数字"))
	content := e.Content
	content.Body, content.Author, content.Summary = text, "起草人", "年度报告"
	content.FormedOn = date.Must(2026, 11, 16)
	e = must(c.items.Save(ctx, c.by(body, actor.Editor), e.ID, e.Version, content))
	e = must(c.items.Submit(ctx, c.by(body, actor.Editor), e.ID, e.Version))
	for _, r := range []struct {
		level disclosure.Level
		role  actor.Role
	}{{disclosure.First, actor.Reviewer1}, {disclosure.Second, actor.Reviewer2}, {disclosure.Third, actor.Reviewer3},
		{disclosure.Clearer, actor.Secrecy}} {
		e = must(c.items.Review(ctx, c.by(body, r.role), e.ID, disclosure.Verdict{Level: r.level, Decision: disclosure.Approving, Hash: e.Hash, Opinion: "同意", Ticks: r.level.Ticks()}))
	}
	must(c.items.Publish(ctx, c.by(body, actor.Publisher), e.ID, disclosure.Release{Version: e.Version}))
}

// A correction is read anew; until it is, nothing of the edition before it is shown.
func TestACorrectionIsReadAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		item := c.published(c.civil, c.column[c.civil], "示范市民政局2024年政府信息公开工作年度报告", printed(t, sample.Made("示范市民政局", 2024, 60)), date.Must(2025, 1, 20))
		next := sample.Made("示范市民政局", 2024, 90)
		c.correct(item, printed(t, next))
		if got := c.years(c.civil); got != "" {
			t.Errorf("before the correction is read the shelf has %q", got)
		}
		c.work()
		v, read, err := (&Reader{d}).Report(t.Context(), c.civil, 2024)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := next.Value("T3.new.total")
		if got, _ := read.Value("T3.new.total"); got != want || v.Day().String() != "2025-01-20" {
			t.Errorf("%v received, published on %v", got, v.Day())
		}
	})
}
