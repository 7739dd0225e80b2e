package compile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/rule"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

var (
	officer = actor.Actor{ID: "p1", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}, {Role: actor.Editor, Agency: "a"}}}
	other   = actor.Actor{ID: "p2", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}, {Role: actor.Editor, Agency: "b"}}}
)

func day(s string) date.Date {
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// doc is one line of the hand-made year: what a clerk would find in the register.
type doc struct {
	title                             string
	kind                              normative.Kind
	state                             normative.State
	issued, effective, expires, ended string
}

// documents are a body's register, seen at the end of 2025. What each line counts for is said
// behind it: the truth below was counted from these words.
var documents = []doc{
	{"令一", normative.RuleKind, normative.InForce, "2019-03-01", "2019-05-01", "", ""},               // in force
	{"令二", normative.RuleKind, normative.InForce, "2025-10-01", "2025-11-01", "", ""},               // issued, in force
	{"令三", normative.RuleKind, normative.Published, "2025-12-20", "2026-02-01", "", ""},             // issued
	{"令四", normative.RuleKind, normative.Repealed, "2001-03-01", "2001-05-01", "", "2025-11-01"},    // repealed
	{"文一", normative.Document, normative.InForce, "2024-12-31", "2025-01-01", "2029-12-31", ""},     // in force
	{"文二", normative.Document, normative.InForce, "2025-01-01", "2025-01-01", "2029-12-31", ""},     // issued, in force
	{"文三", normative.Document, normative.InForce, "2025-12-31", "2025-12-31", "2030-12-30", ""},     // issued, in force
	{"文四", normative.Document, normative.Amended, "2022-06-01", "2022-07-01", "2027-06-30", ""},     // in force
	{"文五", normative.Document, normative.Repealed, "2020-01-15", "2020-02-01", "", "2025-01-01"},    // repealed
	{"文六", normative.Document, normative.Repealed, "2020-01-16", "2020-02-01", "", "2026-01-01"},    // in force
	{"文七", normative.Document, normative.Expired, "2020-06-01", "2020-07-01", "2025-06-30", ""},     // nothing: expired
	{"文八", normative.Document, normative.Expired, "2021-01-01", "2021-01-01", "2025-12-31", ""},     // in force through its last day
	{"文九", normative.Document, normative.Invalidated, "2010-01-01", "2010-01-01", "", "2025-08-01"}, // nothing: declared invalid
	{"文十", normative.Document, normative.Repealed, "2025-02-01", "2025-03-01", "", "2025-09-01"},    // issued, repealed
	{"文十一", normative.Document, normative.InForce, "2026-01-01", "2026-01-01", "", ""},              // nothing: next year's
}

// truth was counted by hand.
var truth = map[form.Key]string{
	"T2.rules.issued": "2", "T2.rules.repealed": "1", "T2.rules.in_force": "2",
	"T2.normdocs.issued": "3", "T2.normdocs.repealed": "2", "T2.normdocs.in_force": "6",
	"T2.license.decisions": "4", "T2.penalty.decisions": "3", "T2.coercion.decisions": "0",
	"T2.fees.amount_wan": "12.345679",
}

// behind names the records of some cells.
var behind = map[form.Key][]string{
	"T2.rules.issued":      {"令二", "令三"},
	"T2.normdocs.repealed": {"文五", "文十"},
	"T2.normdocs.in_force": {"文六", "文八", "文四", "文一", "文二", "文三"},
}

func TestAYearEqualsTheHandMadeTruth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		titles := keepYear(t, d)
		got, err := Compile(t.Context(), d, officer, "a", 2025)
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range truth {
			f, ok := got.Figure(key)
			if !ok || f.Value.String() != want || f.Source != Fees && int64(len(f.Records)) != f.Value.Int64() {
				t.Errorf("%s: %s of %d records, want %s", key, f.Value, len(f.Records), want)
			}
		}
		for key, want := range behind {
			f, _ := got.Figure(key)
			var names []string
			for _, id := range f.Records {
				names = append(names, titles[id])
			}
			if !slices.Equal(names, want) {
				t.Errorf("%s rests on %v, want %v", key, names, want)
			}
		}
		// 规章: 2 in force before (令一, 令四), 2 issued, 1 repealed: 3, and 令三 waits: 2.
		// 文件: 6 in force before (文四 to 文九; 文一 not yet);
		// 6+3−2 = 7, less 文七 expired and 文九 invalid, more 文一 since 1 January: 6.
		want := []Balance{
			{normative.RuleKind, 2, 2, 1, 2, 0, 0, 1, 0},
			{normative.Document, 6, 3, 2, 6, 1, 1, 0, 1},
		}
		if !slices.Equal(got.Balances, want) {
			t.Errorf("balances %+v, want %+v", got.Balances, want)
		}
		r := got.Report("某市某局")
		if r.Form.ID != "2021" || r.Cells["T2.fees.amount_wan"].Raw != "12.345679" || len(r.Cells) != len(truth) {
			t.Errorf("report %+v", r.Cells)
		}
		for _, f := range rule.Check(r, rule.Context{}).Findings {
			if f.Code == "R-AR-05" || f.Code == "R-AR-08" {
				t.Errorf("the compiled table is found fault with: %s %v", f.Code, f.Message)
			}
		}
	})
}

func TestCompileRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keepYear(t, d)
		for _, tt := range []struct {
			name string
			who  actor.Actor
			year int
			want error
		}{{"another body's", other, 2025, actor.ErrForbidden}, {"the form before", officer, 2020, ErrYear}, {"the first year of the form", officer, 2021, nil}} {
			if _, err := Compile(t.Context(), d, tt.who, "a", tt.year); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		// Body b has a year of its own.
		got, err := Compile(t.Context(), d, other, "b", 2025)
		if f, _ := got.Figure("T2.penalty.decisions"); err != nil || f.Value != decimal.Int(1) {
			t.Errorf("%+v, %v", f, err)
		}
	})
}

// keepYear writes the year into a database and returns the titles by key.
func keepYear(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	titles := map[string]string{}
	n := &normative.Desk{DB: d, Calendar: workday.Embedded, Policy: normative.Usual}
	for i, one := range documents {
		no := fmt.Sprintf("某政规〔%s〕%d号", one.issued[:4], i+1)
		r := normative.Record{Agency: "a", Kind: one.kind, Title: one.title, DocNo: no, State: one.state, IssuedOn: day(one.issued),
			PublishedOn: day(one.issued), EffectiveOn: day(one.effective), ExpiresOn: day(one.expires), EndedOn: day(one.ended)}
		kept, err := n.Register(t.Context(), officer, r)
		if err != nil {
			t.Fatalf("%s: %v", one.title, err)
		}
		titles[kept.ID] = one.title
	}
	if _, err := n.Create(t.Context(), officer, normative.Draft{Agency: "a", Kind: normative.Document, Title: "草案"}); err != nil {
		t.Fatal(err)
	}
	keepDecisions(t, d)
	return titles
}

// keepDecisions brings in licences and penalties; the third penalty is not published, by law, and
// one was withdrawn: both are counted.
func keepDecisions(t *testing.T, d *db.DB) {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	c := &credit.Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Policy: credit.Usual}
	bring := func(who actor.Actor, agency string, kind credit.Kind, rows ...[]string) {
		t.Helper()
		var b bytes.Buffer
		csv.NewWriter(&b).WriteAll(rows)
		rep, err := c.Import(t.Context(), who, credit.Import{Agency: agency, Kind: kind, Name: "x.csv", Data: b.Bytes()})
		if err != nil || len(rep.Faults) > 0 {
			t.Fatal(rep, err)
		}
	}
	code := "11441700007280420Y"
	licence := func(no, on string) []string {
		return []string{"某公司", code, "准予许可决定书", no, "普通", "同意", on, "某局"}
	}
	bring(officer, "a", credit.Licence, []string{"XK_XDR_MC", "XK_XDR_SHXYM", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_NR", "XK_JDRQ", "XK_XKJG"},
		licence("许1", "2024-12-31"), licence("许2", "2025-01-01"), licence("许3", "2025-06-30"), licence("许4", "2025-06-30"), licence("许5", "2025-12-31"), licence("许6", "2026-01-01"))
	penalty := func(no, on, why string) []string {
		return []string{"某公司", code, no, "违法", "事实", "依据", "罚款", "罚款", on, "某局", why}
	}
	head := []string{"CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_CFJG", "GK_BYGK"}
	bring(officer, "a", credit.Penalty, head, penalty("罚1", "2025-01-01", ""), penalty("罚2", "2025-12-31", ""), penalty("罚3", "2025-05-05", "涉及商业秘密"), penalty("罚4", "2024-12-31", ""))
	bring(other, "b", credit.Penalty, head, penalty("罚1", "2025-03-01", ""))
	p, err := c.List(t.Context(), officer, credit.Filter{Agency: "a", Kind: credit.Penalty, Text: "罚2"})
	if err != nil || len(p.Decisions) != 1 {
		t.Fatal(p, err)
	}
	if _, err := c.Withdraw(t.Context(), officer, p.Decisions[0].ID, 1, "复议撤销"); err != nil {
		t.Fatal(err)
	}
	for _, f := range []credit.Fee{
		{Year: 2025, Name: "不动产登记费", Amount: decimal.MustParse("10.000001")}, {Year: 2025, Name: "特种设备检验费", Amount: decimal.MustParse("2.345678")},
		{Year: 2024, Name: "不动产登记费", Amount: decimal.MustParse("99")}, {Year: 2025, Name: "误录", Amount: decimal.MustParse("7"), Retracted: true},
	} {
		f.Agency = "a"
		if _, err := c.Collect(t.Context(), officer, f); err != nil {
			t.Fatal(err)
		}
	}
}
