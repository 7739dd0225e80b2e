package docno

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/date"
)

func codes(r Reading) []string {
	var all []string
	for _, f := range r.Faults {
		all = append(all, f.Message.Key)
	}
	return all
}

// GB/T 9704-2012 7.2.5; R-DOC-01.
func TestParse(t *testing.T) {
	tests := []struct {
		text   string
		want   string
		form   Form
		faults []string
	}{
		{"黄政办发〔2026〕12号", "黄政办发〔2026〕12号", Letter, nil},
		{"国办公开办函〔2021〕30号", "国办公开办函〔2021〕30号", Letter, nil},
		{"黄政办发[2026]12号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets"}},
		{"黄政办发［2026］12号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets"}},
		{"黄政办发（2026）12号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets"}},
		{"黄政办发(2026)12号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets"}},
		{"黄政办发【2026】12号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets"}},
		{"黄政办发〔2026】012号", "黄政办发〔2026〕12号", Letter, []string{"docno.brackets", "docno.zeros"}},
		{"黄政办发〔2026〕第12号", "黄政办发〔2026〕12号", Letter, []string{"docno.ordinal"}},
		{"豫政办 〔 2021 〕68 号", "豫政办〔2021〕68号", Letter, []string{"docno.space"}},
		{"粤府办〔2002〕1２号", "粤府办〔2002〕12号", Letter, []string{"docno.wide"}},
		{"黄政办发〔二〇二六〕12号", "黄政办发〔2026〕12号", Letter, []string{"docno.han_year"}},
		{"黄政办发〔2026〕12", "黄政办发〔2026〕12号", Letter, []string{"docno.no_end"}},
		{"国令第711号", "国令第711号", Order, nil},
		{"省政府令 第5号", "省政府令第5号", Order, []string{"docno.space"}},
		{"省政府令第005号", "省政府令第5号", Order, []string{"docno.zeros"}},
		{"中华人民共和国主席令第八号", "中华人民共和国主席令第八号", Order, nil},
		{"中华人民共和国国务院令第711号", "中华人民共和国国务院令第711号", Order, nil},
		{"豫政第24号", "豫政第24号", Order, []string{"docno.no_year"}},
		{"公告2026年第3号", "公告2026年第3号", Notice, nil},
		{"税务总局公告2020年第25号", "税务总局公告2020年第25号", Notice, nil},
		{"控方案的通知粤府〔2010〕12号", "控方案的通知粤府〔2010〕12号", Letter, []string{"docno.clinging"}},
		{"ABC〔2010〕12号", "ABC〔2010〕12号", Letter, []string{"docno.code"}},
		{"", "", "", []string{"docno.empty"}},
		{"关于印发方案的通知", "", "", []string{"docno.no_serial"}},
		{"黄政办发2026-12号", "", "", []string{"docno.no_brackets"}},
		{"黄政办发12号", "", "", []string{"docno.no_brackets"}},
		{"黄政办发〔2026 12号", "", "", []string{"docno.space", "docno.half_bracket"}},
		{"黄政办发〔99〕12号", "", "", []string{"docno.year"}},
		{"黄政办发〔1926〕12号", "", "", []string{"docno.year"}},
		{"黄政办发〔2026〕0号", "", "", []string{"docno.serial"}},
		{"黄政办发〔2026〕1234567890号", "", "", []string{"docno.serial"}},
		{"〔2026〕12号", "", "", []string{"docno.no_code"}},
	}
	for _, tt := range tests {
		r := Parse(tt.text)
		if r.OK != (tt.want != "") || r.Number.String() != tt.want || r.Number.Form != tt.form || !slices.Equal(codes(r), tt.faults) {
			t.Errorf("%q: %v %q %s %v; want %q %s %v", tt.text, r.OK, r.Number, r.Number.Form, codes(r), tt.want, tt.form, tt.faults)
		}
		if r.OK {
			if again := Parse(r.Number.String()); again.Number != r.Number || again.Repairs() {
				t.Errorf("%q repaired to %q reads as %+v with %v", tt.text, r.Number, again.Number, codes(again))
			}
		}
	}
}

func TestCheck(t *testing.T) {
	c := Context{Codes: []string{"黄政", "黄民"}, Issued: date.Must(2026, 3, 2), Today: date.Must(2026, 11, 23)}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"the body's own code and year", "黄政办发〔2026〕12号", nil},
		{"the year before", "黄政办发〔2025〕12号", []string{"docno.other_year"}},
		{"next year", "黄政办发〔2027〕12号", []string{"docno.future"}},
		{"another body's code", "武政办发〔2026〕12号", []string{"docno.other_code"}},
		{"an order has no year to compare", "黄政府令第3号", nil},
	}
	for _, tt := range tests {
		if got := codes(Check(tt.text, c)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Of the real numbers of three provinces all but a few can be read. Spaces inside are most of
// what needs repair; words of a title that cling to a number are pointed out.
func TestRealNumbers(t *testing.T) {
	f, err := os.Open("../../../../shared/corpus/site/documents.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	given, read, repaired, unread := 0, 0, 0, []string{}
	kinds := map[string]int{}
	for _, row := range rows[1:] {
		if row[2] == "" {
			continue
		}
		given++
		r := Parse(row[2])
		if !r.OK {
			unread = append(unread, row[2])
		} else if read++; r.Repairs() {
			repaired++
		}
		for _, f := range r.Faults {
			kinds[f.Message.Key]++
		}
	}
	t.Logf("%d numbers, %d read, %d with repairs; faults %v; unread %q", given, read, repaired, kinds, unread)
	if given != 13870 || read != given {
		t.Errorf("%d of %d numbers read, want all of 13870; unread: %q", read, given, unread)
	}
	// Counted apart from this code, with a search for each shape.
	if kinds["docno.space"] != 3520 || kinds["docno.zeros"] != 8 || kinds["docno.wide"] != 1 {
		t.Errorf("faults %v", kinds)
	}
}

// Where a fault is repaired its severity is not mild: R-DOC-01 is an error.
func TestBracketsAreAnError(t *testing.T) {
	f := Parse("黄政办发[2026]12号").Faults[0]
	if f.Severity != check.Error || f.Rule != "R-DOC-01" || f.Cite.String() != "GB/T 9704第7.2.5条" {
		t.Errorf("%+v, cited as %s", f, f.Cite)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"黄政办发〔2026〕12号", "国令第711号", "公告2026年第3号", "主席令第八号", "〔〕〔〕1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Parse(s)
		if !r.OK {
			return
		}
		if again := Parse(r.Number.String()); !again.OK || again.Number != r.Number {
			t.Errorf("%q reads as %q, which reads as %+v", s, r.Number, again)
		}
	})
}
