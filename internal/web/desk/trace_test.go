package desk

import (
	"strings"
	"testing"
	"time"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/decimal"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// show writes segments with their findings in brackets.
func show(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Findings == "" {
			b.WriteString(s.Text)
			continue
		}
		b.WriteString("[" + s.Findings + ":" + s.Text + "]")
	}
	return b.String()
}

// A finding whose place is the whole report marks no paragraph; one that asks a person for
// lost cells weighs as waiting and is not counted as a fault beside the question (R-AR-05).
func TestWholeAndWaiting(t *testing.T) {
	f := form.ForYear(2024)
	r := &annual.Report{Form: f, Questions: []annual.Question{{Keys: []form.Key{"T3.new.total"}}}}
	findings := []check.Finding{
		{Code: "R-AR-23", Severity: check.Warning, Places: []check.Quote{{At: place.Place{Block: 1}, Label: i18n.M("rule.at.report")}}},
		{Code: "R-AR-05", Severity: check.Error, Places: []check.Quote{{Key: "T3.new.total"}}},
		{Code: "R-AR-05", Severity: check.Error, Places: []check.Quote{{Key: "T3.new.natural"}}},
	}
	doc := &extract.Document{Blocks: []extract.Block{{Text: "年度报告"}}}
	tr := newTrace(doc, r, findings, 1)
	if got := show(tr.paragraph(annual.Text{Text: "年度报告", At: place.Place{Block: 1}})); got != "年度报告" {
		t.Errorf("the whole report is marked in %s", got)
	}
	e := &entry{report: r}
	e.audit.Findings = findings
	if got, want := e.tally(), (tally{Errors: 1, Warnings: 1, Questions: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	h := head(i18n.To(i18n.Chinese), &entry{name: "甲.txt", report: &annual.Report{
		Form: f, Year: 2023, Agency: annual.Text{Text: "示范市民政局"},
	}})
	if h.Title != "示范市民政局2023年报告（没有读到标题）" {
		t.Errorf("a report without title is called %s", h.Title)
	}
}

// What is nothing but notes is not called free of findings.
func TestVerdictLine(t *testing.T) {
	tests := []struct {
		verdict verdictView
		want    string
	}{
		{verdictView{State: "ok"}, "未发现问题"},
		{verdictView{State: "ok", tally: tally{Infos: 2}}, "没有差错，提示 2 处"},
		{verdictView{State: "faults", tally: tally{Errors: 1, Questions: 2, Warnings: 3, Infos: 4}}, "1 处差错、2 项待确定、3 处需说明、提示 4 处"},
	}
	for _, tt := range tests {
		tt.verdict.Printer = i18n.To(i18n.Chinese)
		if got := tt.verdict.Line(); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// A text is cut where findings begin and end, counted in characters and not in bytes;
// what overlaps belongs to both.
func TestSegments(t *testing.T) {
	tests := []struct {
		name string
		hits []hit
		want string
	}{
		{"none", nil, "公开文件7件"},
		{"all of it", []hit{{1, 0, 0}}, "[1:公开文件7件]"},
		{"a part", []hit{{1, 4, 6}}, "公开文件[1:7件]"},
		{"two that overlap", []hit{{2, 0, 5}, {1, 4, 6}}, "[2:公开文件][1 2:7][1:件]"},
		{"past the end", []hit{{1, 4, 99}}, "公开文件[1:7件]"},
		{"before the beginning", []hit{{1, -3, 2}}, "[1:公开]文件7件"},
		{"beginning past the end", []hit{{1, 50, 99}}, "公开文件7件"},
	}
	for _, tt := range tests {
		if got := show((&trace{}).segments("公开文件7件", tt.hits)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A paragraph of the report may join lines of the source and leave out what stood before
// it in the first; a finding in the second line marks its words in the paragraph.
func TestParagraph(t *testing.T) {
	doc := &extract.Document{Blocks: []extract.Block{{Text: "　　今年共公开规范性"}, {Text: "文件7件，另有2件"}}}
	at := func(block, start, end int) check.Finding {
		return check.Finding{Severity: check.Error, Places: []check.Quote{{At: place.Place{Block: block, Start: start, End: end}}}}
	}
	x := annual.Text{
		Text: "今年共公开规范性文件7件，另有2件", At: place.Place{Block: 1, Start: 2},
		Lines: []annual.Line{{Start: 8, At: place.Place{Block: 2}}},
	}
	tr := newTrace(doc, &annual.Report{}, []check.Finding{at(2, 2, 4), at(1, 2, 4), at(1, 0, 0)}, 0)
	if got, want := show(tr.paragraph(x)), "[2 3:今年][3:共公开规范性]文件[1:7件]，另有2件"; got != want {
		t.Errorf("paragraph: %s, want %s", got, want)
	}
	if got, want := show(tr.segments(doc.Blocks[1].Text, tr.spots[spot{block: 2}])), "文件[1:7件]，另有2件"; got != want {
		t.Errorf("source: %s, want %s", got, want)
	}
}

// Places the source does not show lead to the nearest it does.
func TestSpot(t *testing.T) {
	doc := &extract.Document{Blocks: []extract.Block{
		{Text: "一"}, {Table: &extract.Table{Columns: 2, Rows: [][]extract.Cell{{{Row: 0, Col: 0}, {Row: 0, Col: 1}}}}},
	}}
	tr := newTrace(doc, &annual.Report{}, nil, 0)
	tests := []struct {
		at   place.Place
		want string
	}{
		{place.Place{Block: 1}, "s1"},
		{place.Place{Block: 2, Row: 1, Col: 2}, "s2-1-2"},
		{place.Place{Block: 2, Row: 9, Col: 9}, "s2"},
		{place.Place{Block: 3}, ""},
		{place.Place{}, ""},
	}
	for _, tt := range tests {
		if got := tr.spot(tt.at).anchor(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.at, got, tt.want)
		}
	}
}

func TestFileName(t *testing.T) {
	tests := []struct{ given, want string }{
		{"年报.docx", "年报.docx"},
		{`C:\文档\年报.docx`, "年报.docx"},
		{"../../etc/passwd", "passwd"},
		{"a\r\nSet-Cookie: x", "aSet-Cookie: x"},
		{"年报\u202excod.exe", "年报xcod.exe"},
		{"\xff年报", "�年报"},
		{"", ""}, {".", ""}, {"/", ""}, {"..", ""},
		{strings.Repeat("年", 200) + ".docx", strings.Repeat("年", 115) + ".docx"},
	}
	for _, tt := range tests {
		if got := fileName(tt.given); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.given, got, tt.want)
		}
	}
}

func TestSafeName(t *testing.T) {
	tests := []struct{ given, want string }{
		{"某市 2024年年报", "某市2024年年报"},
		{`a/b\c:d*e?f"g<h>i|j`, "a_b_c_d_e_f_g_h_i_j"},
		{"../..", "_"}, {"...", "_"}, {"", "_"}, {".htaccess", "htaccess"},
		{strings.Repeat("年", 100), strings.Repeat("年", 80)},
	}
	for _, tt := range tests {
		if got := safeName(tt.given); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.given, got, tt.want)
		}
	}
}

// What Chinese keyboards type is read as the number that was meant.
func TestTidy(t *testing.T) {
	tests := []struct{ typed, want string }{
		{" １２ ", "12"}, {"７７３０．２８", "7730.28"}, {"1，200", "1,200"}, {"－3", "-3"}, {"−3", "-3"}, {"3。5", "3.5"}, {"　", ""}, {"七", "七"},
	}
	for _, tt := range tests {
		if got := tidy(tt.typed); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.typed, got, tt.want)
		}
	}
}

// A reading travels through a form as cell and value; a blank stays a blank.
func TestEncode(t *testing.T) {
	keys := []form.Key{"T2.a.x", "T2.a.y"}
	o := annual.Assignment{{Value: decimal.MustParse("35.5")}, {Blank: true}}
	if got, want := encode(keys, o), "T2.a.x=35.5&T2.a.y="; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSpan(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{2 * time.Hour, "2 小时"}, {45 * time.Minute, "45 分钟"}, {119 * time.Minute, "1 小时 59 分钟"}, {29 * time.Second, "0 分钟"},
	}
	for _, tt := range tests {
		if got := span(i18n.To(i18n.Chinese), tt.d); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestMegabytes(t *testing.T) {
	tests := map[int64]string{64 << 20: "64 MB", 64<<20 + 1: "64.1 MB", 1: "0.1 MB", 3 << 19: "1.5 MB"}
	for n, want := range tests {
		if got := megabytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// What a batch is charged it gives back, file by file or all at once.
func TestShelfGivesMemoryBack(t *testing.T) {
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	s := newShelf(Limits{Memory: 100, Idle: time.Hour}.orDefault(), func() time.Time { return now })
	b, err := s.open("token")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		n    int64
		err  error
		used int64
	}{{60, nil, 60}, {41, ErrFull, 60}, {40, nil, 100}, {-100, nil, 0}, {50, nil, 50}} {
		if err := s.charge(b, step.n); err != step.err {
			t.Errorf("charge %d: %v, want %v", step.n, err, step.err)
		}
		if s.used != step.used {
			t.Errorf("after %d: %d used, want %d", step.n, s.used, step.used)
		}
	}
	s.clear(b)
	if s.used != 0 || s.charge(b, 1) != ErrGone {
		t.Errorf("after clearing: %d used", s.used)
	}
}
