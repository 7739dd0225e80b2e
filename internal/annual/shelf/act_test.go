package shelf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/sample"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
)

func (c *city) must(r *Reading, err error) *Reading {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func file(t *testing.T, r *annual.Report, f print.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := print.Write(&b, r, f, print.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const title2024 = "示范市民政局2024年政府信息公开工作年度报告"

// doubts are those of a reading, in order.
func doubts(r *Reading) string {
	var all []string
	for _, a := range r.Asks {
		all = append(all, string(a.Doubt))
	}
	return strings.Join(all, " ")
}

// What a reading leaves open is asked, and the public sees no figure of it until it is answered.
func TestWhatIsNotPlainIsAsked(t *testing.T) {
	rep := sample.Made("示范市民政局", 2024, 60)
	other := sample.Made("示范市民政局", 2024, 70)
	stranger := sample.Made("外地市民政局", 2024, 60)
	justice := sample.Made("示范市司法局", 2024, 60)
	for _, tt := range []struct {
		name, title, body string
		attached          *annual.Report
		doubts, years     string
	}{
		{"the report in the text", title2024, printed(t, rep), nil, "", "2024+"},
		{"the report in a file alone", title2024, "<p>全文见附件。</p>", rep, "", "2024+"},
		{"text and file alike", title2024, printed(t, rep), rep, "", "2024+"},
		{"text and file with other figures", title2024, printed(t, rep), other, "differ", "2024"},
		{"another year in the title", "示范市民政局2023年政府信息公开工作年度报告", printed(t, rep), nil, "year", "2024"},
		{"another body's report", title2024, printed(t, stranger), nil, "body", ""},
		{"a report of a body beside", title2024, printed(t, justice), nil, "body", ""},
		{"no report at all", title2024, "<p>见附件。</p>", nil, "refused", "2024"},
		{"something else in the column", "关于年报公布的说明", "<p>说明如下。</p>", nil, "refused", ""},
		{"a report from before the form", "示范市民政局2015年政府信息公开工作年度报告", "<p>一、概述。</p>", nil, "", "2015"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, dbtest.SQLite(t))
			var item string
			if tt.attached != nil {
				item = c.published(c.civil, c.column[c.civil], tt.title, tt.body, date.Must(2025, 1, 20), c.file("年报.docx", file(t, tt.attached, print.DOCX)))
			} else {
				item = c.published(c.civil, c.column[c.civil], tt.title, tt.body, date.Must(2025, 1, 20))
			}
			if got := doubts(c.reading(c.civil, item)); got != tt.doubts {
				t.Errorf("doubts %q, want %q", got, tt.doubts)
			}
			if got := c.years(c.civil); got != tt.years {
				t.Errorf("the public finds %q, want %q", got, tt.years)
			}
		})
	}
}

// A report is found by its title wherever it stands; what else stands elsewhere is never read.
func TestWhatIsRead(t *testing.T) {
	c := open(t, dbtest.SQLite(t))
	rep := printed(t, sample.Made("示范市民政局", 2024, 60))
	if c.reading(c.civil, c.published(c.civil, c.news[c.civil], title2024, rep, date.Must(2025, 1, 20))) == nil {
		t.Error("a report outside the column was not read")
	}
	for _, title := range []string{"关于2024年工作情况的通报", "示范市民政局2024年政府信息公开工作年度报告解读"} {
		if c.reading(c.civil, c.published(c.civil, c.news[c.civil], title, rep, date.Must(2025, 1, 21))) != nil {
			t.Errorf("%s was read", title)
		}
	}
}

// The government shows the reports of bodies that have no site of their own: R-PLT-05.
func TestAReportOfABodyBelow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		c.published(c.city, c.column[c.city], title2024, printed(t, sample.Made("示范市民政局", 2024, 60)), date.Must(2025, 1, 20))
		c.published(c.city, c.column[c.city], "样例区2024年政府信息公开工作年度报告", printed(t, sample.Made("样例区人民政府", 2024, 60)), date.Must(2025, 3, 1))
		if civil, district, city := c.years(c.civil), c.years(c.district), c.years(c.city); civil != "2024+" || district != "2024+" || city != "" {
			t.Errorf("civil %q, district %q, city %q", civil, district, city)
		}
	})
}

// lost is a report two of whose cells a source ran together.
func lost(t *testing.T) (*annual.Report, form.Key, form.Key) {
	t.Helper()
	rep := sample.Made("示范市民政局", 2024, 60)
	a, b := form.Key("T2.license.decisions"), form.Key("T2.penalty.decisions")
	delete(rep.Cells, a)
	delete(rep.Cells, b)
	rep.Questions = []annual.Question{{Keys: []form.Key{a, b}, Raw: []string{"3512"}, Options: []annual.Assignment{
		{{Value: decimal.Int(35)}, {Value: decimal.Int(12)}}, {{Value: decimal.Int(351)}, {Value: decimal.Int(2)}}}}}
	return rep, a, b
}

// R-AR-05: cells a source lost are settled by a person; then the figures are public.
func TestSettling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		rep, a, b := lost(t)
		item := c.published(c.civil, c.column[c.civil], title2024, "<p>见附件。</p>", date.Must(2025, 1, 20), c.file("年报.json", file(t, rep, print.JSON)))
		r := c.reading(c.civil, item)
		if doubts(r) != "cells" || r.Asks[0].N != 2 {
			t.Fatalf("%+v", r.Asks)
		}
		officer, reader := c.by(c.civil, actor.Officer), &Reader{d}
		if v, rep, err := reader.Report(t.Context(), c.civil, 2024); err != nil || rep != nil || v.Figures() != nil {
			t.Errorf("figures of what waits: %v, %v", rep, err)
		}
		r = c.must(c.Settle(t.Context(), officer, r.ID, r.Version, Answer{Cells: map[form.Key]annual.Maybe{a: {Value: decimal.Int(35)}}}))
		if r.State != Asked || r.Asks[0].N != 1 {
			t.Errorf("half an answer: %s %+v", r.State, r.Asks)
		}
		if _, err := c.Settle(t.Context(), officer, r.ID, r.Version-1, Answer{}); !errors.Is(err, ErrStale) {
			t.Errorf("an answer to what changed since: %v", err)
		}
		r = c.must(c.Settle(t.Context(), officer, r.ID, r.Version, Answer{Cells: map[form.Key]annual.Maybe{b: {Blank: true}}}))
		if r.State != Shelved || r.DecidedBy != officer.Name {
			t.Errorf("%+v", r)
		}
		_, read, err := reader.Report(t.Context(), c.civil, 2024)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := read.Value(a); !ok || got != decimal.Int(35) {
			t.Errorf("%s is %v", a, got)
		}
		if read.Cells[b].State != annual.Blank {
			t.Errorf("%s is %+v", b, read.Cells[b])
		}
		c.audited(actor.AnnualRead, actor.AnnualSettle, actor.AnnualSettle)
	})
}

// audited wants the shelf's acts in the record, in their order.
func (c *city) audited(want ...actor.Act) {
	c.t.Helper()
	all, err := (&audit.Desk{DB: c.DB}).List(c.t.Context(), actor.Actor{Grants: []actor.Grant{{Role: actor.Auditor}}}, audit.Query{Subject: "annual", Limit: 100})
	if err != nil {
		c.t.Fatal(err)
	}
	var got []actor.Act
	for _, r := range all {
		got = append([]actor.Act{actor.Act(r.Act)}, got...)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Errorf("recorded %v, want %v", got, want)
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	c := open(t, dbtest.SQLite(t))
	officer := c.by(c.civil, actor.Officer)
	stranger := c.reading(c.civil, c.published(c.civil, c.column[c.civil], title2024, printed(t, sample.Made("外地市民政局", 2024, 60)), date.Must(2025, 1, 20)))
	settle := func(by actor.Actor, a Answer) error {
		_, err := c.Settle(t.Context(), by, stranger.ID, stranger.Version, a)
		return err
	}
	for name, tt := range map[string]struct{ err, want error }{
		"a body elsewhere":       {settle(officer, Answer{Agency: c.justice}), ErrBody},
		"a year before the form": {settle(officer, Answer{Year: 2018}), ErrYear},
		"the year that runs":     {settle(officer, Answer{Year: 2026}), ErrYear},
		"a cell the form lacks":  {settle(officer, Answer{Cells: map[form.Key]annual.Maybe{"T9.x.y": {}}}), ErrNothing},
		"an editor":              {settle(c.by(c.civil, actor.Editor), Answer{Agency: c.civil}), actor.ErrForbidden},
		"another body's officer": {settle(c.by(c.justice, actor.Officer), Answer{Agency: c.civil}), actor.ErrForbidden},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
		}
	}
	r := c.must(c.Settle(t.Context(), officer, stranger.ID, stranger.Version, Answer{Agency: c.civil}))
	if r.State != Shelved || c.years(c.civil) != "2024+" {
		t.Errorf("%s, %q", r.State, c.years(c.civil))
	}
}

// Another source, a file handed in, and the word that it is no report.
func TestSourcesAndClosing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		ctx, officer := t.Context(), c.by(c.civil, actor.Officer)
		text, attached := sample.Made("示范市民政局", 2024, 60), sample.Made("示范市民政局", 2024, 80)
		item := c.published(c.civil, c.column[c.civil], title2024, printed(t, text), date.Must(2025, 1, 20), c.file("年报.docx", file(t, attached, print.DOCX)))
		r := c.reading(c.civil, item)
		if _, err := c.Choose(ctx, officer, r.ID, r.Version, "no such file"); !errors.Is(err, ErrSource) {
			t.Errorf("a source that is not there: %v", err)
		}
		r = c.must(c.Choose(ctx, officer, r.ID, r.Version, r.Sources[1].ID))
		c.received(attached)
		if _, err := c.Supply(ctx, officer, r.ID, r.Version, "x.txt", []byte("工作总结")); !errors.Is(err, ErrFile) {
			t.Errorf("a file that is no report: %v", err)
		}
		var b bytes.Buffer
		if err := datafile.Write(&b, text); err != nil {
			t.Fatal(err)
		}
		r = c.must(c.Supply(ctx, officer, r.ID, r.Version, "年报.json", b.Bytes()))
		c.received(text)
		if all, err := (&Reader{d}).Years(ctx, c.civil); err != nil || !all[0].Supplied() {
			t.Errorf("that the figures were handed in is not said: %v", err)
		}
		if _, err := c.Close(ctx, officer, r.ID, r.Version, Foreign, " "); !errors.Is(err, ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		r = c.must(c.Close(ctx, officer, r.ID, r.Version, Foreign, "是解读稿"))
		if got := c.years(c.civil); got != "" {
			t.Errorf("what is no report is listed: %q", got)
		}
		r = c.must(c.Again(ctx, officer, r.ID, r.Version))
		if doubts(r) != "differ" {
			t.Errorf("read again: %+v", r.Asks)
		}
		r = c.must(c.Settle(ctx, officer, r.ID, r.Version, Answer{Same: true}))
		r = c.must(c.Close(ctx, officer, r.ID, r.Version, Plain, "表格是图片"))
		if got := c.years(c.civil); got != "2024" {
			t.Errorf("a report in plain text: %q", got)
		}
		c.retract(item)
		if _, err := c.Again(ctx, officer, r.ID, r.Version); !errors.Is(err, ErrNone) {
			t.Errorf("what is no longer public is read: %v", err)
		}
	})
}

// received wants the public figures to be those of a report.
func (c *city) received(want *annual.Report) {
	c.t.Helper()
	_, got, err := (&Reader{c.DB}).Report(c.t.Context(), c.civil, want.Year)
	if err != nil {
		c.t.Fatal(err)
	}
	a, _ := got.Value("T3.new.total")
	if b, _ := want.Value("T3.new.total"); a != b {
		c.t.Errorf("%v received, want %v", a, b)
	}
}

// Art. 49 and R-PLT-09: who has published which year's report in time, after the day, and not.
func TestHoldings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		day := func(y, m, dd int) date.Date { return date.Must(y, m, dd) }
		for _, one := range []struct {
			body, name string
			year       int
			on         date.Date
		}{
			{c.city, "示范市人民政府", 2024, day(2025, 3, 31)}, {c.civil, "示范市民政局", 2024, day(2025, 1, 31)},
			{c.justice, "示范市司法局", 2024, day(2025, 2, 1)}, {c.district, "示范市样例区人民政府", 2024, day(2025, 4, 1)},
			{c.civil, "示范市民政局", 2023, day(2024, 1, 20)}, {c.civil, "示范市民政局", 2020, day(2021, 1, 20)},
		} {
			c.published(one.body, c.column[one.body], one.name+fmt.Sprint(one.year)+"年政府信息公开工作年度报告", printed(t, sample.Made(one.name, one.year, 60)), one.on)
		}
		d.Clock = func() time.Time { return time.Date(2026, 1, 31, 4, 0, 0, 0, time.UTC) }
		want := []string{ // 2025, 2024, 2023, 2022, 2021, 2020
			"示范市人民政府: ahead in_time absent absent absent none", "示范市民政局: ahead in_time in_time absent absent in_time",
			"示范市司法局: ahead after absent absent absent none", "示范市样例区人民政府: ahead after absent absent absent none",
		}
		if got := c.holdings(c.city); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		d.Clock = func() time.Time { return time.Date(2026, 2, 1, 4, 0, 0, 0, time.UTC) }
		if got := c.holdings(c.city); !strings.HasPrefix(got[1], "示范市民政局: absent") || !strings.HasPrefix(got[0], "示范市人民政府: ahead") {
			t.Errorf("on 1 February: %v", got)
		}
		if got := c.holdings(""); len(got) != 1 { // the other bodies are found on the government's own page
			t.Errorf("at the top: %v", got)
		}
	})
}

func (c *city) holdings(of string) (lines []string) {
	c.t.Helper()
	h, err := (&Reader{c.DB}).Holdings(c.t.Context(), of)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, row := range h.Rows {
		line := row.Body.Name + ":"
		for _, one := range row.Cells {
			line += " " + string(one.Standing)
		}
		lines = append(lines, line)
	}
	return lines
}

// Spec §2.8: the sum of a year is that of the bodies below, and the government's own printed
// report is not counted with them.
func TestTheSumOfAYear(t *testing.T) {
	c := open(t, dbtest.SQLite(t))
	sum := decimal.Decimal(0)
	for body, name := range map[string]string{c.city: "示范市人民政府", c.civil: "示范市民政局", c.district: "示范市样例区人民政府"} {
		rep := sample.Made(name, 2024, 60)
		if n, _ := rep.Value("T3.new.total"); body != c.city {
			sum += n
		}
		c.published(body, c.column[body], rep.Title.Text, printed(t, rep), date.Must(2025, 1, 20))
	}
	h, err := (&Reader{c.DB}).Holdings(t.Context(), c.city)
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.Collection(2024)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := all.Merged.Report.Value("T3.new.total"); got != sum || len(all.Reports) != 2 {
		t.Errorf("%v of %d bodies, want %v", got, len(all.Reports), sum)
	}
	if lacking := all.Merged.Lacking(); len(lacking) != 1 || lacking[0] != "示范市司法局" {
		t.Errorf("lacking %v", lacking)
	}
}
