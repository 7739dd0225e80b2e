package annual

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// reportOf makes a report with the figures given and zero everywhere else. "-" is a blank.
func reportOf(body string, year int, figures map[string]string) *Report {
	f := form.ForYear(year)
	r := &Report{
		File: body + ".txt", Form: f, Year: year, Agency: Text{Text: body},
		Cells: map[form.Key]Cell{},
	}
	for _, c := range f.Cells() {
		r.Cells[c.Key] = Cell{State: Printed, Raw: "0"}
	}
	for k, v := range figures {
		if f.Cell(form.Key(k)) == nil {
			panic("no cell " + k)
		}
		if v == "-" {
			r.Cells[form.Key(k)] = Cell{State: Blank}
			continue
		}
		r.Cells[form.Key(k)] = Cell{State: Printed, Value: decimal.MustParse(v), Raw: v}
	}
	return r
}

// cases returns the figures of a body that received n requests from natural persons and
// disclosed all of them.
func cases(n int) map[string]string {
	s := fmt.Sprint(n)
	return map[string]string{
		"T3.new.natural": s, "T3.new.total": s, "T3.done.open.natural": s, "T3.done.open.total": s,
		"T3.done.total.natural": s, "T3.done.total.total": s,
	}
}

func with(base map[string]string, more ...string) map[string]string {
	for i := 0; i < len(more); i += 2 {
		base[more[i]] = more[i+1]
	}
	return base
}

func merge(t *testing.T, spec MergeSpec, reports ...*Report) *Merged {
	t.Helper()
	m, err := Merge(spec, reports...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func wantCell(t *testing.T, r *Report, k form.Key, want string) {
	t.Helper()
	v, ok := r.Value(k)
	got := v.String()
	if !ok {
		got = "-"
	}
	if got != want {
		t.Errorf("%s: %s, want %s", k, got, want)
	}
}

func outcomes(m *Merged) string {
	var out []string
	for _, e := range m.Entries {
		out = append(out, e.Unit+" "+string(e.Outcome))
	}
	return strings.Join(out, "\n")
}

func messages(ms []i18n.Message) string {
	var b strings.Builder
	for _, m := range ms {
		b.WriteString(m.Key + "\n")
	}
	return b.String()
}

// R-AR-13: the parent is own figures plus those of the children. 3 + 9 + 2 = 14 requests;
// fees 0.1 + 7730.28 + 0.02 = 7730.4 万元, exactly.
func TestMergeAdds(t *testing.T) {
	own := reportOf("示范市人民政府", 2023, with(cases(3), "T2.fees.amount_wan", "0.1"))
	a := reportOf("示范市甲局", 2023, with(cases(9), "T2.fees.amount_wan", "7730.28"))
	b := reportOf("示范市乙局", 2023, with(cases(2), "T2.fees.amount_wan", "0.02"))
	m := merge(t, MergeSpec{Agency: "示范市人民政府", Year: 2023, Own: own}, a, b)
	wantCell(t, m.Report, "T3.new.total", "14")
	wantCell(t, m.Report, "T3.done.total.natural", "14")
	wantCell(t, m.Report, "T2.fees.amount_wan", "7730.4")
	wantCell(t, m.Report, "T4.review.total", "0")
	if len(m.Faults) > 0 {
		t.Errorf("faults: %v", m.Faults)
	}
	if got := m.Report.Title.Text; got != "示范市人民政府2023年政府信息公开工作年度报告" {
		t.Errorf("title %q", got)
	}
	var who []string
	for _, c := range m.Contributions("T3.new.total") {
		who = append(who, c.Unit+" "+c.Value.String())
	}
	if got := strings.Join(who, ", "); got != "示范市人民政府 3, 示范市乙局 2, 示范市甲局 9" {
		t.Errorf("contributions: %s", got)
	}
}

// Spec §2.8: what each body's report comes to. The list decides who is expected; what is
// not certain is never counted in silence.
func TestOutcomes(t *testing.T) {
	units := []Unit{
		{Name: "示范市甲局", Kind: Department, Row: 2},
		{Name: "示范市乙局", Kind: Department, Row: 3},
		{Name: "示范市丙局", Aliases: []string{"示范市旧丙局"}, Renamed: date.Must(2023, 6, 1), Kind: Department, Row: 4},
		{Name: "示范市丁局", Until: date.Must(2023, 3, 1), MergedInto: "示范市丙局", Row: 5},
		{Name: "示范市戊局", Kind: Department, Row: 6},
		{Name: "示范市己局", Kind: Department, Row: 7},
		{Name: "示范市庚局", Kind: Department, Row: 8},
		{Name: "示范市辛局", Since: date.Must(2024, 1, 1), Row: 9},
	}
	signed := func(r *Report, d date.Date) *Report {
		r.Signed.Date = d
		return r
	}
	again := reportOf("示范市戊局", 2023, cases(4))
	again.File = "示范市戊局（第二次）.txt"
	other := reportOf("示范市己局", 2023, cases(6))
	other.File = "另一份.txt"
	old := signed(reportOf("示范市旧丙局", 2023, cases(1)), date.Must(2024, 1, 20))
	m := merge(t, MergeSpec{Agency: "示范市人民政府", Year: 2023, Units: units},
		signed(reportOf("示范市甲局", 2023, cases(1)), date.Must(2024, 1, 31)),
		signed(reportOf("乙局", 2023, cases(2)), date.Must(2024, 2, 1)),
		old,
		reportOf("示范市丁局", 2023, cases(8)),
		reportOf("示范市戊局", 2023, cases(4)), again,
		reportOf("示范市己局", 2023, cases(5)), other,
		reportOf("示范市癸局", 2023, cases(16)),
		reportOf("示范市庚局", 2022, cases(32)),
		&Report{File: "某文档站.txt", Refused: &Refusal{}},
	)
	want := `示范市甲局 included
示范市乙局 missing
示范市丙局 included
示范市丁局 gone
示范市戊局 included
示范市戊局 duplicate
示范市己局 conflict
示范市己局 conflict
示范市庚局 wrong_year
示范市辛局 gone
乙局 unlisted
某文档站.txt refused
示范市癸局 unlisted`
	if got := outcomes(m); got != want {
		t.Errorf("outcomes:\n%s\nwant:\n%s", got, want)
	}
	wantCell(t, m.Report, "T3.new.total", "6") // 甲 1 + 丙 1 + 戊 4
	if got := strings.Join(m.Lacking(), " "); got != "示范市乙局 示范市己局 示范市庚局" {
		t.Errorf("lacking: %s", got)
	}
	for _, e := range m.Entries {
		if e.Unit == "示范市丙局" && messages(e.Notices) != "merge.notice.old_name_used\n" {
			t.Errorf("renamed body: %v", e.Notices)
		}
	}
}

// 条例第四十九条: a department is late from 1 February, a government from 1 April.
func TestLate(t *testing.T) {
	tests := []struct {
		kind   UnitKind
		handed date.Date
		late   int
	}{
		{Department, date.Must(2024, 1, 31), 0},
		{Department, date.Must(2024, 2, 1), 1},
		{Government, date.Must(2024, 3, 31), 0},
		{Government, date.Must(2024, 4, 2), 2},
		{Other, date.Must(2024, 12, 1), 0},
		{"", date.Must(2024, 12, 1), 0},
		{Department, date.Date{}, 0},
	}
	for _, tt := range tests {
		r := reportOf("样例局", 2023, nil)
		r.Published.Date = tt.handed
		m := merge(t, MergeSpec{Agency: "示范市", Year: 2023, Units: []Unit{{Name: "样例局", Kind: tt.kind}}}, r)
		if got := m.Entries[0].Late; got != tt.late {
			t.Errorf("%s on %v: %d days late, want %d", tt.kind, tt.handed, got, tt.late)
		}
	}
}

// A printed blank is not a zero: the cell is marked. Where the sums of the form leave only
// zero, it is one: 9 of 9 requests came from natural persons, so none from companies.
func TestBlanks(t *testing.T) {
	tests := []struct {
		name       string
		blank      string
		incomplete string
	}{
		{"9 + ? + ? = 9", "T3.new.biz T3.new.sci", ""},
		{"0 + 0 + 0 + 0 = ?", "T4.review.total", ""},
		{"9 + ? = 9 + ?, and nothing else known of either",
			"T3.carry_in.natural T3.carry_in.total T3.carry_out.natural T3.carry_out.total",
			"T3.carry_in.natural T3.carry_in.total T3.carry_out.natural T3.carry_out.total"},
		{"the total's balance leaves 0, the row then natural, the column then the rest",
			"T3.carry_in.natural T3.carry_in.total T3.carry_out.natural", ""},
		{"no sum speaks of licences", "T2.license.decisions", "T2.license.decisions"},
		{"all of table four", "T4.review.upheld T4.review.corrected T4.review.other T4.review.pending T4.review.total",
			"T4.review.upheld T4.review.corrected T4.review.other T4.review.pending T4.review.total"},
	}
	for _, tt := range tests {
		r := reportOf("样例局", 2023, cases(9))
		for k := range strings.FieldsSeq(tt.blank) {
			r.Cells[form.Key(k)] = Cell{State: Blank}
		}
		m := merge(t, MergeSpec{Agency: "示范市", Year: 2023}, r, reportOf("又一局", 2023, cases(1)))
		var got []string
		for _, k := range m.Incomplete() {
			got = append(got, string(k))
			if g := m.Gaps(k); len(g) != 1 || g[0] != (Gap{"样例局", GapBlank}) {
				t.Errorf("%s: gaps of %s: %v", tt.name, k, g)
			}
			if m.Report.Cells[k].Why.IsZero() {
				t.Errorf("%s: %s is not marked", tt.name, k)
			}
		}
		if strings.Join(got, " ") != tt.incomplete {
			t.Errorf("%s: incomplete %s", tt.name, got)
		}
	}
}

// A cell the source lost is not counted, and neither is a guess at it.
func TestUnsettled(t *testing.T) {
	r := reportOf("样例局", 2023, with(cases(9), "T2.license.decisions", "5"))
	delete(r.Cells, "T2.license.decisions")
	r.Questions = []Question{{Keys: []form.Key{"T2.license.decisions", "T2.penalty.decisions"}}}
	m := merge(t, MergeSpec{Agency: "示范市", Year: 2023}, r)
	if got := m.Gaps("T2.license.decisions"); len(got) != 1 || got[0].Reason != GapUnsettled {
		t.Errorf("gaps: %v", got)
	}
	if m.Report.Cells["T2.license.decisions"].State != Blank {
		t.Error("a figure nobody gave is not blank")
	}
}

// A report whose own sums do not close is counted as printed, and named as the cause of the
// parent's sum that does not close: T4 10+1+0+0 = 11, printed 0 (R01 of the corpus).
func TestInconsistentChild(t *testing.T) {
	r := reportOf("样例区人民政府", 2023, with(cases(21), "T4.review.upheld", "10", "T4.review.corrected", "1"))
	m := merge(t, MergeSpec{Agency: "示范市", Year: 2023}, r, reportOf("又一区人民政府", 2023, cases(1)))
	if len(m.Faults) != 1 || m.Faults[0].Equation.Rule != "R-AR-04" {
		t.Fatalf("faults: %v", m.Faults)
	}
	if got := m.Faults[0].Working(m.Report); got != "10+1+0+0=11≠0" {
		t.Errorf("working: %s", got)
	}
	if c := m.Causes(m.Faults[0]); len(c) != 1 || c[0].Unit != "样例区人民政府" || c[0].Value.String() != "11" {
		t.Errorf("causes: %v", c)
	}
	if in := m.Inconsistent(); len(in) != 1 || in[0].Unit != "样例区人民政府" {
		t.Errorf("inconsistent: %v", in)
	}
}

// 国办公开办函〔2019〕60号 to 〔2021〕30号: tables three and four keep their meaning,
// （六）其他处理 becomes 3.其他, of table two only the decisions are the same.
func TestOtherForm(t *testing.T) {
	r := reportOf("样例局", 2020, map[string]string{
		"T3.new.natural": "2", "T3.new.total": "2", "T3.done.other.natural": "2", "T3.done.other.total": "2",
		"T3.done.total.natural": "2", "T3.done.total.total": "2",
		"T2.license.decisions": "26", "T2.license.prev_items": "6", "T2.normdocs.made": "3",
	})
	r.Year = 2021 // handed in on the form that was no longer in force
	m := merge(t, MergeSpec{Agency: "示范市", Year: 2021}, r)
	wantCell(t, m.Report, "T3.done.other.misc.natural", "2")
	wantCell(t, m.Report, "T2.license.decisions", "26")
	wantCell(t, m.Report, "T2.normdocs.issued", "-")
	if got := m.Gaps("T2.fees.amount_wan"); len(got) != 1 || got[0].Reason != GapOtherForm {
		t.Errorf("gaps: %v", got)
	}
	// 6 of documents, 1 of fees, 2 rows of seven under （六）
	if len(m.LeftOut) != 21 {
		t.Errorf("left out: %d cells %v", len(m.LeftOut), m.LeftOut)
	}
}

// The 2019 form: signed changes add with their sign, 5 + (-7) = -2; amounts with units of
// their own are brought to 万元, 12,000元 = 1.2万元 and 1.5亿元 = 15000万元.
func TestForm2019(t *testing.T) {
	a := reportOf("样例甲局", 2020, map[string]string{"T2.license.delta": "5", "T2.license.prev_items": "6"})
	b := reportOf("样例乙局", 2020, map[string]string{"T2.license.delta": "-7", "T2.license.prev_items": "8"})
	c := reportOf("样例丙局", 2020, map[string]string{"T2.procurement.amount": "0.8"})
	a.Cells["T2.procurement.amount"] = Cell{State: Printed, Value: decimal.Int(12000), Raw: "12,000元"}
	b.Cells["T2.procurement.amount"] = Cell{State: Printed, Value: decimal.MustParse("1.5"), Raw: "1.5亿元"}
	m := merge(t, MergeSpec{Agency: "示范市", Year: 2020}, a, b, c)
	wantCell(t, m.Report, "T2.license.delta", "-2")
	wantCell(t, m.Report, "T2.license.prev_items", "14")
	wantCell(t, m.Report, "T2.procurement.amount", "15002")
	if !strings.Contains(messages(m.Notices), "merge.notice.items") {
		t.Error("nothing said of items counted several times")
	}
}

// Spec §2.8: a county government's report covers its county, so its bureaux are not added
// again; where it is lacking they are.
func TestCovered(t *testing.T) {
	units := []Unit{
		{Name: "样例区人民政府", Kind: Government},
		{Name: "样例区甲局", Kind: Department, Parent: "样例区人民政府"},
		{Name: "示范市乙局", Kind: Department},
	}
	spec := MergeSpec{Agency: "示范市人民政府", Year: 2023, Units: units}
	county, bureau := reportOf("样例区人民政府", 2023, cases(10)), reportOf("样例区甲局", 2023, cases(4))
	city := reportOf("示范市乙局", 2023, cases(1))
	wantCell(t, merge(t, spec, county, bureau, city).Report, "T3.new.total", "11")
	m := merge(t, spec, bureau, city)
	wantCell(t, m.Report, "T3.new.total", "5")
	if got := strings.Join(m.Lacking(), " "); got != "样例区人民政府" {
		t.Errorf("lacking: %s", got)
	}
	m = merge(t, spec, reportOf("样例区人民政府", 2023, cases(3)), bureau, city)
	if !strings.Contains(messages(m.Notices), "merge.notice.short") {
		t.Error("nothing said of a sum of 3 that covers 4")
	}
	if m = merge(t, spec, county, city); len(m.Lacking()) != 0 || len(m.Of(Missing)) != 1 {
		t.Errorf("a bureau whose county has reported: lacking %v, missing %d", m.Lacking(), len(m.Of(Missing)))
	}
	units[0].Scope = OwnFigures
	m = merge(t, spec, county, bureau, city)
	wantCell(t, m.Report, "T3.new.total", "15")
	if !strings.Contains(messages(m.Notices), "merge.notice.holds") {
		t.Error("nothing said of a body whose figures hold those under it")
	}
}

// The superior's printed report among those of the bodies under it is not added to itself.
func TestSuperiorAmongTheRest(t *testing.T) {
	m := merge(t, MergeSpec{Agency: "示范市人民政府", Year: 2023},
		reportOf("示范市人民政府", 2023, cases(9)), reportOf("示范市甲局", 2023, cases(9)))
	wantCell(t, m.Report, "T3.new.total", "9")
	if e := m.Of(Unlisted); len(e) != 1 || messages(e[0].Notices) != "merge.notice.superior\n" {
		t.Errorf("%v", outcomes(m))
	}
}

// A printed parent: 甲 3, 乙 5, 丙 7 make 15.
func TestCheckPrinted(t *testing.T) {
	m := merge(t, MergeSpec{Agency: "示范市", Year: 2023},
		reportOf("样例甲局", 2023, cases(3)), reportOf("样例乙局", 2023, cases(5)), reportOf("样例丙局", 2023, cases(7)))
	if a := m.Check(reportOf("示范市", 2023, cases(15))); len(a.Differences) != 0 || a.Compared != 200 {
		t.Errorf("the right sum: %d differences in %d cells", len(a.Differences), a.Compared)
	}
	a := m.Check(reportOf("示范市", 2023, cases(10)))
	if len(a.Suspects) != 1 || a.Suspects[0] != (Suspect{Unit: "样例乙局", Cells: 6}) {
		t.Errorf("乙 left out: %v", a.Suspects)
	}
	a = m.Check(reportOf("示范市", 2023, cases(22)))
	if len(a.Suspects) != 1 || a.Suspects[0] != (Suspect{"样例丙局", true, 6}) {
		t.Errorf("丙 twice: %v", a.Suspects)
	}
	a = m.Check(reportOf("示范市", 2023, with(cases(15), "T3.new.total", "51")))
	if len(a.Differences) != 1 || len(a.Suspects) != 0 || messages(a.Differences[0].Hints) != "merge.audit.digits\n" {
		t.Errorf("51 for 15: %+v", a)
	}
	a = m.Check(reportOf("示范市", 2023, with(cases(15), "T2.penalty.decisions", "-")))
	if len(a.Differences) != 1 || a.Differences[0].HasPrinted {
		t.Errorf("a blank: %+v", a.Differences)
	}
}

func TestMergeRefusesBadSpec(t *testing.T) {
	_, err := Merge(MergeSpec{Agency: "示范市", Year: 2018})
	if !errors.Is(err, ErrNoForm) {
		t.Errorf("2018: %v", err)
	}
	_, err = Merge(MergeSpec{Agency: "示范市", Year: 2023, Units: []Unit{
		{Name: "甲局", Parent: "乙局", Row: 2}, {Name: "乙局", Parent: "甲局", Row: 3}, {Name: "丙局", Parent: "无此局", Row: 4},
		{Name: "丙局", Row: 5}, {Name: "丁局", MergedInto: "甲局", Row: 6},
	}})
	want := "报送单位名单有误，请先改正：第5行的“丙局”与第4行重复、第2行“甲局”的上级绕回了它自己、" +
		"第3行“乙局”的上级绕回了它自己、第4行“丙局”的上级“无此局”不在名单里、第6行“丁局”已并入“甲局”，但没有填写撤并日期"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
