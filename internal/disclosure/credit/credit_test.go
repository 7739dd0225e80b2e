package credit

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
	"gongkai/internal/flow"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

func day(s string) date.Date {
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// The people of agency a: who brings in, who publishes, who answers for it.
var (
	editor    = actor.Actor{ID: "p1", Grants: []actor.Grant{{Role: actor.Editor, Agency: "a"}}}
	publisher = actor.Actor{ID: "p2", Grants: []actor.Grant{{Role: actor.Publisher, Agency: "a"}}}
	officer   = actor.Actor{ID: "p3", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}
	stranger  = actor.Actor{ID: "p4", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}}}
)

func newDesk(t *testing.T, d *db.DB) *Desk {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return &Desk{d, keys, workday.Embedded, Usual}
}

func at(d *db.DB, s string) {
	t, _ := time.Parse(time.DateOnly, s)
	d.Clock = func() time.Time { return t.Add(4 * time.Hour) }
}

// head and rows of a file of penalties, by label.
var head = []string{"行政相对人名称", "行政相对人类别", "统一社会信用代码", "证件号码", "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）", "处罚决定日期", "处罚机关", "不予公开的依据和理由"}

func penalty(name, category, code, no, fine, on, reason string) []string {
	card := ""
	if category == "自然人" {
		card = "110101199003070000"
	}
	return []string{name, category, code, card, no, "违法经营", name + "（电话13800000000）未按规定经营", "某条例第三条", "罚款", "罚款", fine, on, "某市某局", reason}
}

// company has a credit code whose check digit is right.
func company(no, on string) []string {
	return penalty("某市甲有限公司", "法人及非法人组织", "11441700007280420Y", no, "1.5", on, "")
}

func asCSV(rows ...[]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.WriteAll(append([][]string{head}, rows...))
	return b.Bytes()
}

func asXLSX(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range append([][]string{{"某市某局行政处罚信息公示表"}, head}, rows...) {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellValue("Sheet1", "L3", time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImportReadsEveryForm(t *testing.T) {
	rows := [][]string{company("某市监罚[2026]012号", "2026-09-28"), penalty("欧阳某某", "自然人", "", "某市监罚〔2026〕13号", "", "2026年9月28日", "")}
	plain := asCSV(rows...)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(plain)
	if err != nil {
		t.Fatal(err)
	}
	codes := slices.Clone(head)
	for i, h := range head {
		c, _ := columnOf(Penalty, h)
		codes[i] = strings.ToLower(c.Code)
	}
	byCode := bytes.Replace(plain, []byte(strings.Join(head, ",")), []byte(strings.Join(codes, ",")), 1)
	forms := map[string][]byte{
		"UTF-8": plain, "UTF-8 with a mark": append([]byte("\xef\xbb\xbf"), plain...), "GB18030": gb, "by code": byCode,
		"tabs": bytes.ReplaceAll(plain, []byte(","), []byte("\t")), "a workbook with a title and a real date": asXLSX(t, rows...),
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for name, data := range forms {
			n++
			agency := fmt.Sprint("agency", n)
			who := actor.Actor{ID: "p", Grants: []actor.Grant{{Role: actor.Editor, Agency: agency}}}
			desk := newDesk(t, d)
			rep, err := desk.Import(t.Context(), who, Import{Agency: agency, Kind: Penalty, Name: name, Data: data})
			if err != nil || rep.New != 2 || rep.Persons != 1 || len(rep.Faults) > 0 {
				t.Errorf("%s: %+v, %v", name, rep, err)
				continue
			}
			p, err := desk.List(t.Context(), who, Filter{Agency: agency, Up: true})
			if err != nil || len(p.Decisions) != 2 {
				t.Fatalf("%s: %v, %v", name, p, err)
			}
			a, b := p.Decisions[0], p.Decisions[1]
			if a.Natural {
				a, b = b, a
			}
			if a.No != "某市监罚〔2026〕12号" || a.DecidedOn != day("2026-09-28") || a.Name != "某市甲有限公司" || a.Fine != decimal.MustParse("1.5") || a.Fields["CF_XDR_SHXYM"] != "11441700007280420Y" {
				t.Errorf("%s: %+v", name, a)
			}
			if b.Name != "欧阳**" || b.DecidedOn != day("2026-09-28") || b.Fields["CF_SY"] != "欧阳**（电话***********）未按规定经营" {
				t.Errorf("%s: %+v", name, b)
			}
		}
	})
}

// Each fault with its row; a single one and nothing is written.
func TestImportFaults(t *testing.T) {
	good := company("某市监罚〔2026〕1号", "2026-09-28")
	change := func(i int, text string) []string {
		r := slices.Clone(good)
		r[4] = "某市监罚〔2026〕2号"
		r[i] = text
		return r
	}
	tests := []struct {
		name string
		data []byte
		want []error // of the file, or of its rows
		row  int
		says string
	}{
		{"no table", []byte("今天天气好"), []error{ErrHead}, 0, "表头"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\xff\xff"), []error{ErrFile}, 0, "CSV"},
		{"a broken workbook", []byte("PK\x03\x04 and no more"), []error{ErrFile}, 0, "XLSX"},
		{"headings alone", asCSV(), []error{ErrEmpty}, 0, "没有数据"},
		{"a column lacking", bytes.Replace(asCSV(good), []byte("处罚内容"), []byte("随便"), 1), []error{ErrColumn}, 0, "处罚内容"},
		{"no name", asCSV(good, change(0, " ")), []error{ErrLacks}, 3, "第3行：“行政相对人名称”"},
		{"no day", asCSV(good, change(11, "去年")), []error{ErrRowDay}, 3, "去年"},
		{"31 February", asCSV(good, change(11, "2026-02-31")), []error{ErrRowDay}, 3, "2026-02-31"},
		{"tomorrow", asCSV(good, change(11, "2026-11-24")), []error{ErrRowFuture}, 3, "晚于今天"},
		{"a fine in words", asCSV(good, change(10, "一万")), []error{ErrRowAmount}, 3, "一万"},
		{"a negative fine", asCSV(good, change(10, "-1")), []error{ErrRowAmount}, 3, "-1"},
		{"a wrong check digit", asCSV(good, change(2, "11441700007280420X")), []error{ErrRowCode}, 3, "11441700007280420X"},
		{"an organisation without a code", asCSV(good, change(2, "")), []error{ErrRowNoCode}, 3, "统一社会信用代码"},
		{"a number twice, in other brackets", asCSV(good, change(4, "某市监罚[2026]1号")), []error{ErrRowTwice}, 3, "第2行"},
		{"a text without end", asCSV(good, change(6, strings.Repeat("长", 4001))), []error{ErrRowLong}, 3, "4000"},
		{"several at once", asCSV(change(0, ""), good, change(11, "x")), []error{ErrLacks, ErrRowDay}, 2, "第2行"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := newDesk(t, d)
		for _, tt := range tests {
			rep, err := desk.Import(t.Context(), editor, Import{Agency: "a", Kind: Penalty, Name: "x.csv", Data: tt.data})
			var got []error
			if err != nil {
				got = []error{err}
			} else {
				for _, f := range rep.Faults {
					got = append(got, f.Fault)
				}
				if rep.Faults[0].Row != tt.row {
					t.Errorf("%s: row %d, want %d", tt.name, rep.Faults[0].Row, tt.row)
				}
			}
			if !slices.EqualFunc(got, tt.want, errors.Is) || !strings.Contains(got[0].Error(), tt.says) {
				t.Errorf("%s: %v, want %v saying %s", tt.name, got, tt.want, tt.says)
			}
		}
		if p, err := desk.List(t.Context(), editor, Filter{Agency: "a"}); err != nil || p.Total != 0 {
			t.Errorf("files with faults left %d decisions, %v", p.Total, err)
		}
	})
}

func TestImportAgainAndDry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		first := asCSV(company("某市监罚〔2026〕1号", "2026-09-28"), penalty("张某", "自然人", "", "某市监罚〔2026〕2号", "", "2026-09-29", ""))
		more := asCSV(company("某市监罚〔2026〕1号", "2026-09-28"), penalty("张某", "自然人", "", "某市监罚〔2026〕2号", "", "2026-09-29", ""), company("某市监罚〔2026〕3号", "2026-09-30"))
		other := asCSV(company("某市监罚〔2026〕1号", "2026-09-29"))
		for _, tt := range []struct {
			name              string
			data              []byte
			dry               bool
			new, known, sum   int
			differs           bool
			unknown, withheld int
		}{
			{"tried", first, true, 2, 0, 0, false, 0, 0},
			{"brought in", first, false, 2, 0, 2, false, 0, 0},
			{"again", first, false, 0, 2, 2, false, 0, 0},
			{"with one more", more, false, 1, 2, 3, false, 0, 0},
			{"another day under the same number", other, false, 0, 0, 3, true, 0, 0},
			{"lawfully not published, with a column nobody knows", bytes.Replace(asCSV(penalty("某市乙公司", "法人", "11341702486344515H", "某市监罚〔2026〕4号", "2", "2026-10-01", "涉及商业秘密")), []byte("行政相对人类别"), []byte("行政相对人类别,经办人"), 1), true, 0, 0, 3, false, 1, 0},
		} {
			rep, err := desk.Import(ctx, editor, Import{Agency: "a", Kind: Penalty, Name: tt.name, Data: tt.data, Dry: tt.dry})
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			differs := len(rep.Faults) > 0 && errors.Is(rep.Faults[0].Fault, ErrRowDiffers)
			if tt.unknown > 0 {
				if !slices.Equal(rep.Unknown, []string{"经办人"}) {
					t.Errorf("%s: unknown %v", tt.name, rep.Unknown)
				}
				continue
			}
			p, err := desk.List(ctx, editor, Filter{Agency: "a"})
			if err != nil || rep.New != tt.new || rep.Known != tt.known || differs != tt.differs || p.Total != tt.sum {
				t.Errorf("%s: %+v, %d on record, %v", tt.name, rep, p.Total, err)
			}
		}
	})
}

// A natural person's name and numbers stand nowhere in the table in the clear. R-FLW-14.
func TestPersonsAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		data := asCSV(penalty("欧阳某某", "自然人", "", "某市监罚〔2026〕13号", "", "2026-09-28", ""))
		if _, err := desk.Import(ctx, editor, Import{Agency: "a", Kind: Penalty, Data: data}); err != nil {
			t.Fatal(err)
		}
		p, _ := desk.List(ctx, editor, Filter{Agency: "a"})
		id := p.Decisions[0].ID
		var all string
		err := d.View(ctx, func(tx *db.Tx) error {
			var name, sealed, masked, fields string
			err := tx.One([]any{&name, &sealed, &masked, &fields}, "SELECT name, sealed, masked, fields FROM credit_decision")
			all = name + sealed + masked + fields
			return err
		})
		for _, clear := range []string{"欧阳某某", "某某", "13800000000", "110101199003070000"} {
			if strings.Contains(all, clear) {
				t.Errorf("the table holds %s: %s", clear, all)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if name, err := desk.Reveal(ctx, officer, id); name != "欧阳某某" || err != nil {
			t.Errorf("revealed %q, %v", name, err)
		}
		for _, who := range []actor.Actor{editor, stranger} {
			if _, err := desk.Reveal(ctx, who, id); !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s: %v", who.ID, err)
			}
		}
	})
}

func TestMask(t *testing.T) {
	for name, want := range map[string]string{"张三": "张*", "张三丰": "张**", "欧阳某某": "欧阳**", "欧阳": "欧*", "司马光": "司马*", "陈": "*", "": ""} {
		if got := Mask(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// R-FLW-10: decided 28 September 2026, seven working days end on 13 October. R-FLW-11: overturned
// 30 April 2026, three end on 8 May.
func TestWatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		at(d, "2026-10-13")
		bring := func(rows ...[]string) {
			t.Helper()
			if rep, err := desk.Import(ctx, editor, Import{Agency: "a", Kind: Penalty, Data: asCSV(rows...)}); err != nil || len(rep.Faults) > 0 {
				t.Fatal(rep, err)
			}
		}
		bring(company("某罚〔2026〕1号", "2026-09-28"), company("某罚〔2026〕2号", "2026-04-01"),
			penalty("某公司", "法人", "11441700007280420Y", "某罚〔2026〕3号", "", "2026-03-01", "涉及商业秘密"))
		for _, tt := range []struct {
			on      string
			overdue bool
		}{{"2026-10-13", false}, {"2026-10-14", true}} {
			at(d, tt.on)
			duties, err := desk.Watch(ctx, editor, "a")
			if err != nil || len(duties) != 2 || duties[1].Due != day("2026-10-13") || duties[1].Overdue != tt.overdue || !duties[1].Sure {
				t.Errorf("%s: %+v, %v", tt.on, duties, err)
			}
			if n, overdue, err := desk.Waiting(ctx, editor, "a"); n != len(duties) || !overdue || err != nil {
				t.Errorf("%s: %d waiting, overdue %v, %v", tt.on, n, overdue, err)
			}
		}
		p, _ := desk.List(ctx, editor, Filter{Agency: "a", Text: "〕2号"})
		one := p.Decisions[0]
		if n, err := desk.Publish(ctx, publisher, []string{one.ID}); n != 1 || err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Overturn(ctx, officer, one.ID, one.Version+1, day("2026-04-30"), "行政复议撤销"); err != nil {
			t.Fatal(err)
		}
		duties, _ := desk.Watch(ctx, editor, "a")
		if duties[0].Kind != OwesWithdrawal || duties[0].Due != day("2026-05-08") || !duties[0].Overdue {
			t.Errorf("%+v", duties[0])
		}
		if one, err := desk.Withdraw(ctx, officer, one.ID, one.Version+2, "行政复议决定撤销本处罚"); err != nil || one.State != Withdrawn || one.EndedOn != day("2026-10-14") {
			t.Errorf("%+v, %v", one, err)
		}
		if duties, _ = desk.Watch(ctx, editor, "a"); len(duties) != 1 {
			t.Errorf("after the withdrawal %+v", duties)
		}
		if n, _, err := desk.Waiting(ctx, editor, "none"); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another body's: %d, %v", n, err)
		}
	})
}

// R-FLW-13: shown for at least three months and at most three years from the decision; the day
// stated counts between them. The figures are local practice.
func TestTermOfDisplay(t *testing.T) {
	tests := []struct {
		name, fact, stated, want string
		kind                     Kind
	}{
		{"none stated", "", "", "2029-09-28", Penalty},
		{"stated", "", "2027-09-28", "2027-09-28", Penalty},
		{"on the least", "", "2026-12-28", "2026-12-28", Penalty},
		{"a day below the least", "", "2026-12-27", "2026-12-28", Penalty},
		{"a day beyond the most", "", "2029-09-29", "2029-09-28", Penalty},
		{"fire safety, below its year", "未配置消防设施", "2026-12-31", "2027-09-28", Penalty},
		{"a licence has none", "", "", "", Licence},
	}
	for _, tt := range tests {
		stated, _ := date.Parse(tt.stated)
		d := &Decision{Kind: tt.kind, DecidedOn: day("2026-09-28"), Fields: map[string]string{"CF_SY": tt.fact}}
		if got := Usual.until(d, stated); got.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSweepEndsDisplay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		at(d, "2026-09-29")
		if _, err := desk.Import(ctx, editor, Import{Agency: "a", Kind: Penalty, Data: asCSV(company("某罚〔2026〕1号", "2026-09-28"))}); err != nil {
			t.Fatal(err)
		}
		p, _ := desk.List(ctx, editor, Filter{Agency: "a"})
		id := p.Decisions[0].ID
		if _, err := desk.Publish(ctx, publisher, []string{id}); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			on    string
			ended int
			state State
		}{{"2029-09-28", 0, Shown}, {"2029-09-29", 1, Ended}, {"2029-09-30", 0, Ended}} {
			at(d, tt.on)
			n, err := desk.Sweep(ctx, actor.System("credit.sweep"))
			one, _ := desk.Load(ctx, editor, id)
			if err != nil || n != tt.ended || one.State != tt.state {
				t.Errorf("%s: %d ended, %s, %v", tt.on, n, one.State, err)
			}
		}
		if one, _ := desk.Load(ctx, editor, id); one.EndedOn != day("2029-09-29") {
			t.Errorf("ended on %s", one.EndedOn)
		}
	})
}

func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		if _, err := desk.Import(ctx, editor, Import{Agency: "a", Kind: Penalty, Data: asCSV(company("某罚〔2026〕1号", "2026-09-28"), company("某罚〔2026〕2号", "2026-09-28"))}); err != nil {
			t.Fatal(err)
		}
		p, _ := desk.List(ctx, editor, Filter{Agency: "a"})
		id, two := p.Decisions[0].ID, p.Decisions[1].ID
		for _, tt := range []struct {
			name string
			do   func() error
			want error
		}{
			{"import for another body", func() error { _, err := desk.Import(ctx, stranger, Import{Agency: "a", Kind: Penalty}); return err }, actor.ErrForbidden},
			{"import no kind", func() error { _, err := desk.Import(ctx, editor, Import{Agency: "a"}); return err }, ErrKind},
			{"an editor publishes", func() error { _, err := desk.Publish(ctx, editor, []string{id}); return err }, actor.ErrForbidden},
			{"see another body's", func() error { _, err := desk.Load(ctx, stranger, id); return err }, actor.ErrForbidden},
			{"withhold without a reason", func() error { _, err := desk.Withhold(ctx, publisher, []string{id}, " "); return err }, ErrReason},
			{"withhold", func() error { _, err := desk.Withhold(ctx, publisher, []string{id}, "涉及商业秘密"); return err }, nil},
			{"one of two cannot: none is", func() error { _, err := desk.Withhold(ctx, publisher, []string{two, id}, "涉密"); return err }, flow.ErrMove},
			{"overturned before it was decided", func() error { _, err := desk.Overturn(ctx, officer, two, 1, day("2026-09-27"), "x"); return err }, ErrDay},
			{"withdraw without a reason", func() error { _, err := desk.Withdraw(ctx, officer, two, 1, ""); return err }, ErrReason},
			{"a stale page", func() error { _, err := desk.Withdraw(ctx, officer, two, 9, "x"); return err }, ErrStale},
			{"none", func() error { _, err := desk.Load(ctx, editor, "none"); return err }, ErrNone},
			{"sweep by a person", func() error { _, err := desk.Sweep(ctx, officer); return err }, actor.ErrForbidden},
		} {
			if err := tt.do(); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		if one, _ := desk.Load(ctx, editor, two); one.State != Recorded || one.Version != 1 {
			t.Errorf("a refused bulk act changed %+v", one)
		}
	})
}

func TestFees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(t, d), t.Context()
		collect := func(f Fee) (*Fee, error) { f.Agency = "a"; return desk.Collect(ctx, officer, f) }
		f, err := collect(Fee{Year: 2025, Name: "不动产登记费", Amount: decimal.MustParse("12.345678")})
		if err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			f    Fee
			want error
		}{
			"no name": {Fee{Year: 2025}, ErrFeeName}, "negative": {Fee{Year: 2025, Name: "x", Amount: -1}, ErrFeeAmount},
			"next year": {Fee{Year: 2027, Name: "x"}, ErrFeeYear}, "no such": {Fee{ID: "none", Year: 2025, Name: "x"}, ErrNone},
			"stale": {Fee{ID: f.ID, Year: 2025, Name: "x", Version: 7}, ErrStale},
		} {
			if _, err := collect(tt.f); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if _, err := collect(Fee{Year: 2025, Name: "诉讼费", Amount: decimal.MustParse("0.1")}); err != nil {
			t.Fatal(err)
		}
		f.Retracted = true
		if _, err := collect(*f); err != nil {
			t.Fatal(err)
		}
		all, err := desk.Fees(ctx, officer, "a", 2025)
		if err != nil || len(all) != 1 || all[0].Amount.String() != "0.1" {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestFlowIsSound(t *testing.T) {
	if err := Flow.Check(Recorded); err != nil {
		t.Error(err)
	}
}

func TestColumnsOfTheStandard(t *testing.T) {
	for kind, want := range map[Kind]int{Penalty: 31, Licence: 29, Measure: 13} {
		if n := len(Columns(kind)); n != want {
			t.Errorf("%s has %d fields, want %d", kind, n, want)
		}
		m := meanings[kind]
		for _, code := range []string{m.name, m.category, m.code, m.no, m.day, m.reason} {
			if c, ok := columnOf(kind, code); !ok || c.Code != code {
				t.Errorf("%s: %s is no field", kind, code)
			}
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(asCSV(company("某罚〔2026〕1号", "2026-09-28")))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := readRows(data)
		if err != nil {
			return
		}
		if tab, err := understand(Penalty, rows); err == nil {
			tab.readAll(Penalty, date.Must(2026, 11, 23))
		}
	})
}
