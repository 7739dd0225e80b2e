package register

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// workbook is a register as offices keep them: a title over all columns, headings in two rows, one
// half of the year on each sheet, days as dates, as texts and as a formula, a hidden column, blank
// rows, a line of totals and one of remarks.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) { t.Helper(); must(t, 0, err) }
	check(f.SetSheetName("Sheet1", "上半年"))
	set := func(sheet, cell string, v any) { t.Helper(); check(f.SetCellValue(sheet, cell, v)) }
	heads := func(sheet string) {
		set(sheet, "A1", "虚构市民政局依申请公开台账")
		check(f.MergeCell(sheet, "A1", "K1"))
		for cell, v := range map[string]string{"A2": "序号", "B2": "登记编号", "C2": "申请人信息", "F2": "申请内容", "G2": "申请渠道", "H2": "收到日期", "I2": "补正", "K2": "办理结果", "L2": "答复日期"} {
			set(sheet, cell, v)
		}
		for cell, v := range map[string]string{"C3": "姓名", "D3": "类型", "E3": "联系电话", "I3": "告知日期", "J3": "收到日期"} {
			set(sheet, cell, v)
		}
		for _, m := range [][2]string{{"A2", "A3"}, {"B2", "B3"}, {"C2", "E2"}, {"F2", "F3"}, {"G2", "G3"}, {"H2", "H3"}, {"I2", "J2"}, {"K2", "K3"}, {"L2", "L3"}} {
			check(f.MergeCell(sheet, m[0], m[1]))
		}
	}
	heads("上半年")
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	check(err)
	row := func(sheet string, n int, values ...any) {
		for i, v := range values {
			cell, err := excelize.CoordinatesToCellName(i+1, n)
			check(err)
			set(sheet, cell, v)
		}
	}
	row("上半年", 4, 1, "2025001", "甲某", "公民", "13800000000", "甲路改造方案", "网上", time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC), "", "", "予以公开", "2025年1月20日")
	row("上半年", 6, 2, "2025002", "虚构公司", "公司", "", "乙路征收补偿清单", "EMS", "2025.2.10", "2025/2/12", "2025-2-20", "部分公开", "")
	check(f.SetCellValue("上半年", "J6", 45708)) // 2025-02-20
	check(f.SetCellValue("上半年", "L6", 45718)) // 2025-03-02, as the formula was saved
	check(f.SetCellFormula("上半年", "L6", "J6+10"))
	check(f.SetCellStyle("上半年", "J6", "L6", style))
	row("上半年", 7, 3, "2025003", "乙某", "个人", "", "丙项目会议纪要", "现场", "20250303", "", "", "不予公开-属于四类过程性信息", "2025-03-18")
	row("上半年", 9, "合计", "", "", "", "", "3件")
	row("上半年", 10, "填表人：丙某")
	check(f.SetColVisible("上半年", "E", false))
	_, err = f.NewSheet("下半年")
	check(err)
	heads("下半年")
	row("下半年", 4, 1, "2025004", "丁某", "自然人", "", "丁河治理资金", "邮寄", "2025-09-01", "", "", "办理中", "")
	_, err = f.NewSheet("说明")
	check(err)
	set("说明", "A1", "本表由办公室填写")
	_, err = f.NewSheet("旧表")
	check(err)
	check(f.SetSheetVisible("旧表", false))
	var b bytes.Buffer
	_, err = f.WriteTo(&b)
	check(err)
	return b.Bytes()
}

func planned(t testing.TB, data []byte, o Options) *Plan {
	t.Helper()
	book, err := Read(context.Background(), data)
	must(t, book, err)
	p, err := book.Plan(o, date.Must(2026, 1, 15))
	return must(t, p, err)
}

func TestWorkbook(t *testing.T) {
	p := planned(t, workbook(t), Options{})
	if len(p.Missing) > 0 || len(p.Rows) != 4 || p.Skipped != 2 {
		t.Fatalf("%d rows, %d skipped, missing %v", len(p.Rows), p.Skipped, p.Missing)
	}
	for _, r := range p.Rows {
		for _, f := range r.Faults {
			t.Errorf("row %d, %s: %q %v", r.N, f.Heading, f.Value, f.Err)
		}
	}
	first, second, third, last := p.Rows[0].Entry, p.Rows[1].Entry, p.Rows[2].Entry, p.Rows[3].Entry
	if first.No != "2025001" || first.Channel != foi.Web || first.Received != date.Must(2025, 1, 6) || first.ClosedOn != date.Must(2025, 1, 20) || first.Outcome != outcome.Open ||
		first.Application.Applicant.Kind != foi.Natural || first.Application.Applicant.Name != "甲某" || first.Application.Applicant.Phone != "13800000000" || first.Application.Sought.Name != "甲路改造方案" {
		t.Errorf("%+v", first)
	}
	if second.Notified != date.Must(2025, 2, 12) || second.Corrected != date.Must(2025, 2, 20) || second.ClosedOn != date.Must(2025, 3, 2) || second.Outcome != outcome.Partial || second.Application.Applicant.Kind != foi.Business {
		t.Errorf("%+v", second)
	}
	if third.Outcome != outcome.Process || third.Channel != foi.Counter || p.Rows[2].N != 7 {
		t.Errorf("%+v", third)
	}
	if last.Outcome != "" || !last.ClosedOn.IsZero() || p.Rows[3].Sheet != "下半年" {
		t.Errorf("%+v", last)
	}
	var notes []string
	for _, n := range p.Notes {
		notes = append(notes, n.Key)
	}
	if want := []string{"register.note.hidden", "register.note.hidden_sheet", "register.note.no_head"}; !reflect.DeepEqual(notes, want) {
		t.Errorf("notes %v", notes)
	}
	c := CountOf(p.Entries(), 2025)
	if c.New[6] != 4 || c.New[0] != 3 || c.Done["done.open"][6] != 1 || c.Done["done.partial"][1] != 1 || c.Done["done.deny.process"][0] != 1 || c.Sum[6] != 3 || c.Remaining[6] != 1 || c.Carried[6] != 0 {
		t.Errorf("%+v", c)
	}
	if next := CountOf(p.Entries(), 2026); next.Carried[6] != 1 || next.New[6] != 0 || next.Remaining[0] != 1 {
		t.Errorf("%+v", next)
	}
}

// A formula that was saved without its value is no blank.
func TestFormulaWithoutValue(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(workbook(t)))
	must(t, f, err)
	must(t, 0, f.SetCellValue("下半年", "H4", nil))
	must(t, 0, f.SetCellFormula("下半年", "H4", "TODAY()-3"))
	var b bytes.Buffer
	_, err = f.WriteTo(&b)
	must(t, 0, err)
	p := planned(t, b.Bytes(), Options{})
	if got := p.Rows[3].Faults; len(got) != 1 || got[0].Err.Code != ErrFormula.Code || got[0].Heading != "收到日期" {
		t.Errorf("%+v", got)
	}
}

const head = "登记编号,申请渠道,收到日期,申请人类型,申请人,申请内容,处理结果,答复日期\n"

func TestGBK(t *testing.T) {
	text, err := simplifiedchinese.GBK.NewEncoder().String(head + "1,网上,2025-03-03,自然人,甲某,\"甲路，\n改造方案\",予以公开,2025-03-10\n")
	p := planned(t, []byte(must(t, text, err)), Options{})
	if len(p.Good()) != 1 || p.Rows[0].Entry.Application.Sought.Name != "甲路，\n改造方案" {
		t.Errorf("%+v", p.Rows)
	}
}

// Each fault names its row, its column and what is there, but nothing personal.
func TestFaultsOfRows(t *testing.T) {
	p := planned(t, []byte(head+
		"1,飞鸽,2025-03-03,自然人,甲某,甲,予以公开,2025-03-10\n"+
		"2,网上,三月初,自然人,甲某,甲,予以公开,2025-03-10\n"+
		"\n"+
		"3,网上,2025-03-03,外星人,甲某,甲,不予公开,2025-03-10\n"+
		"3,网上,2025-03-03,自然人,,甲,予以公开,2025-03-01\n"+
		"5,网上,2027-03-03,自然人,甲某,甲,,\n"), Options{})
	var got []string
	for _, r := range p.Rows {
		for _, f := range r.Faults {
			got = append(got, fmt.Sprintf("%d %s %s %s", r.N, f.Heading, f.Value, f.Err.Code))
		}
	}
	want := []string{
		"2 申请渠道 飞鸽 register.channel", "3 收到日期 三月初 register.date", "5 申请人类型 外星人 register.kind", "5 处理结果 不予公开 register.ask",
		"6 申请人  foi.apply.name", "6 答复日期 2025-03-01 foi.entry.closed", "6 登记编号 3 register.twice", "7 收到日期 2027-03-03 foi.future",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if len(p.Asked) != 1 || p.Asked[0].Text != "不予公开" || len(p.Asked[0].Candidates) != 8 {
		t.Errorf("asked %+v", p.Asked)
	}
}

// What a person says goes before what the headings say.
func TestOptions(t *testing.T) {
	data := []byte("编码,途径,收到日期,申请人,申请内容,结论,答复日期,登记编号\nA1,网上,3月3日,甲某,甲,不予公开,3月10日,77\n")
	o := Options{Map: map[string]Field{"编码": No, "结论": Outcome, "途径": Channel}, Outcomes: map[string]outcome.Code{"不予公开": outcome.Third}, Same: map[Field]string{Kind: "自然人"}, Year: 2025}
	p := planned(t, data, o)
	if len(p.Good()) != 1 || p.Rows[0].Entry.No != "A1" || p.Rows[0].Entry.Outcome != outcome.Third || p.Rows[0].Entry.Received != date.Must(2025, 3, 3) {
		t.Errorf("%+v", p.Rows)
	}
	if p := planned(t, data, Options{}); !reflect.DeepEqual(p.Missing, []Field{Channel, Kind, Outcome}) {
		t.Errorf("missing %v", p.Missing)
	}
	book, err := Read(t.Context(), data)
	must(t, book, err)
	if _, err := book.Plan(Options{Map: map[string]Field{"没有": No}}, date.Must(2026, 1, 1)); !errors.Is(err, ErrColumn) {
		t.Errorf("got %v", err)
	}
}

func TestFilesThatAreNoRegister(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want *fault.Error
	}{
		"text": {"没有表头的一段话", ErrHead}, "torn": {"PK\x03\x04torn", ErrFile}, "binary": {"\x00\x01\x02登记编号", ErrFile},
		"empty": {"", ErrHead}, "large": {strings.Repeat("x", MostBytes+1), ErrLarge}, "long": {head + strings.Repeat("1,2\n", MostRows+1), ErrRows},
	} {
		if _, err := Read(t.Context(), []byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	book, err := Read(t.Context(), []byte(head))
	must(t, book, err)
	if _, err := book.Plan(Options{}, date.Must(2026, 1, 1)); !errors.Is(err, ErrNone) {
		t.Errorf("headings alone: %v", err)
	}
}

// The template is a register that is understood once it is filled in.
func TestTemplate(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.Chinese} {
		var b bytes.Buffer
		must(t, 0, Template(&b, i18n.To(lang)))
		f, err := excelize.OpenReader(&b)
		must(t, f, err)
		for i, v := range []any{"1", "互联网", "2025-03-03", "自然人", "甲某"} {
			cell, _ := excelize.CoordinatesToCellName(i+1, 2)
			must(t, 0, f.SetCellValue("依申请公开台账", cell, v))
		}
		must(t, 0, f.SetCellValue("依申请公开台账", "L2", "甲"))
		var out bytes.Buffer
		_, err = f.WriteTo(&out)
		must(t, 0, err)
		if p := planned(t, out.Bytes(), Options{}); len(p.Good()) != 1 || len(p.Columns) != len(Fields) {
			t.Errorf("%+v", p.Rows)
		}
	}
}

func newDesk(t testing.TB, d *db.DB) (desk *foi.Desk, agencyID string, officer actor.Actor) {
	t.Helper()
	d.Clock = func() time.Time { return time.Date(2026, 1, 15, 4, 0, 0, 0, time.UTC) }
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	must(t, keys, err)
	files, err := blob.Open(d, t.TempDir())
	must(t, files, err)
	a, err := (&agency.Registry{DB: d}).Create(context.Background(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{Name: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
	must(t, a, err)
	return &foi.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: files}, a.ID, actor.Actor{ID: "officer", Name: "职员", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}}
}

// A file is taken in whole or, if the person says so, as far as it is good; run again it doubles
// nothing.
func TestRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, id, officer := newDesk(t, d)
		ctx := t.Context()
		text := head + "1,网上,2025-03-03,自然人,甲某,甲,予以公开,2025-03-10\n2,网上,坏,自然人,甲某,乙,予以公开,2025-03-10\n3,邮寄,2025-03-03,公司,虚构公司,丙,办理中,\n"
		p := planned(t, []byte(text), Options{})
		if _, err := Run(ctx, desk, officer, id, p, false, nil); !errors.Is(err, ErrFaulty) {
			t.Fatalf("with a fault: %v", err)
		}
		list := func() int {
			page, err := desk.List(ctx, officer, foi.Filter{Agency: id, Limit: 50})
			return must(t, page, err).Total
		}
		if list() != 0 {
			t.Error("rows were taken in all the same")
		}
		if _, err := Run(ctx, desk, actor.Actor{ID: "x"}, id, p, true, nil); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("without the permission: %v", err)
		}
		heard := 0
		got, err := Run(ctx, desk, officer, id, p, true, func(done, all int) { heard = done * 10 / all })
		if must(t, got, err); got.Created != 2 || got.Left != 1 || heard != 10 || list() != 2 {
			t.Errorf("%+v, %d on record", got, list())
		}
		p = planned(t, []byte(strings.ReplaceAll(text, "坏", "2025-03-04")), Options{})
		got, err = Run(ctx, desk, officer, id, p, false, nil)
		if must(t, got, err); got.Created != 1 || got.Known != 2 || list() != 3 {
			t.Errorf("%+v, %d on record", got, list())
		}
	})
}

func TestShelf(t *testing.T) {
	now := time.Date(2026, 1, 15, 4, 0, 0, 0, time.UTC)
	s := &Shelf{Clock: func() time.Time { return now }}
	put := func(owner string) *Kept { k, err := s.Put(owner, "a", "台账.xlsx", &Book{}); return must(t, k, err) }
	one := put("officer")
	if _, err := s.Get("other", "a", one.ID); !errors.Is(err, ErrGone) {
		t.Errorf("another person's: %v", err)
	}
	must(t, 0, one.Begin())
	if err := one.Begin(); !errors.Is(err, ErrBusy) {
		t.Errorf("twice: %v", err)
	}
	one.End(Tally{Created: 2}, nil)
	now = now.Add(time.Minute)
	put("officer")
	put("officer")
	put("officer")
	if _, err := s.Get("officer", "a", one.ID); !errors.Is(err, ErrGone) {
		t.Errorf("the earliest of four: %v", err)
	}
	last := put("second")
	now = now.Add(shelfTime + time.Second)
	if _, err := s.Get("second", "a", last.ID); !errors.Is(err, ErrGone) {
		t.Errorf("after an hour: %v", err)
	}
}

// registers of n rows, half of them with everything a year's register may hold.
func long(n int) []byte {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "2025%06d,网上申请,2025年%d月%d日,自然人,甲某%d,第%d号项目的资金分配方案,予以公开,2025-12-%02d\n", i, i%11+1, i%28+1, i, i, i%28+1)
	}
	return []byte(b.String())
}

func BenchmarkPlan(b *testing.B) {
	data := long(10_000)
	for b.Loop() {
		if p := planned(b, data, Options{}); len(p.Good()) != 10_000 {
			b.Fatal("rows were lost")
		}
	}
}

func BenchmarkRun(b *testing.B) {
	desk, id, officer := newDesk(b, dbtest.SQLite(b))
	p := planned(b, long(10_000), Options{})
	for i := range p.Rows {
		p.Rows[i].Entry.No += "x"
	}
	b.ResetTimer()
	for range b.N {
		for i := range p.Rows {
			p.Rows[i].Entry.No += "y"
		}
		if _, err := Run(context.Background(), desk, officer, id, p, false, nil); err != nil {
			b.Fatal(err)
		}
	}
}
