package print

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/annual/narrative"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
	"gongkai/internal/statute"
)

// audited returns three checked reports: one with a finding of each severity and a cell that
// waits, one with a note only, and a file that is no report.
func audited(t testing.TB) []Checked {
	open := city(t)
	open.File = `D:\年报\青禾市.docx`
	unsettle(open, "T2.license.decisions")
	quiet := blank("2021")
	quiet.File = "年报/水利局.txt"
	finding := func(severity check.Severity, code string, m i18n.Message, places ...check.Quote) check.Finding {
		return check.Finding{Code: code, Severity: severity, Cite: statute.OGI2019.Art(33, 2), Message: m, Places: places}
	}
	words := i18n.M("print.refused")
	at := check.Quote{At: place.Place{Page: 3, Table: 2, Row: 5, Col: 3}, Text: "写明“7”\n件"}
	sum := finding(check.Error, "R-AR-01", words, at, check.Quote{At: place.Place{Line: 120}, Text: "=11"}, check.Quote{At: place.Place{Line: 121}})
	sum.Working, sum.Advice = "10+1+0+0=11≠0", words
	return []Checked{
		{Report: open, Audit: rule.Audit{
			Findings: []check.Finding{
				sum,
				finding(check.Error, "R-AR-05", words, check.Quote{Key: "T2.license.decisions", At: place.Place{Line: 9}}),
				finding(check.Warning, "R-AR-23", words, at),
				finding(check.Info, "R-AR-16", words, at),
			},
			Verified: make([]narrative.Judgement, 5),
		}},
		{Report: quiet, Audit: rule.Audit{Findings: []check.Finding{finding(check.Info, "R-AR-16", words, at)}}},
		{Report: &annual.Report{File: "通知.html", Refused: &annual.Refusal{Reasons: []i18n.Message{words, i18n.M("print.findings.unnamed")}}},
			Audit: rule.Audit{Findings: []check.Finding{finding(check.Error, "R-AR-00", words, at)}}},
	}
}

// found prints findings in a format.
func found(t testing.TB, checked []Checked, f Format, l i18n.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	o := Options{Lang: l, Notice: func(m i18n.Message) { t.Errorf("notice: %s", i18n.To(i18n.Chinese).Text(m)) }}
	if err := WriteFindings(&b, checked, f, o); err != nil {
		t.Fatalf("findings as %s: %v", f, err)
	}
	return b.Bytes()
}

// One report's findings: an unsettled cell is counted once, as 待确定 and not as 差错 too.
func TestFindingsOfOneReport(t *testing.T) {
	text := string(found(t, audited(t)[:1], TXT, ""))
	words := i18n.To(i18n.Chinese).T("print.refused")
	want := `《青禾市人民政府2025年政府信息公开工作年度报告》核查结果

　　公开主体：青禾市人民政府；年度：2025年；文件：青禾市.docx
　　结论：差错1处，待确定1处，需说明1处，提示1处。
　　1. 【差错】R-AR-01 ` + words + `
　　算式：10+1+0+0=11≠0
　　位置1：第3页 表2 第5行 第3列：“写明‘7’ 件”
　　位置2：第120行：“=11”
　　位置3：第121行
　　依据：条例第三十三条第二款
　　处理：` + words + `
　　2. 【待确定】R-AR-05 ` + words + `
　　位置：第9行
　　依据：条例第三十三条第二款
　　3. 【说明】R-AR-23 `
	if !strings.HasPrefix(text, want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if !strings.HasSuffix(text, "　　核对一致：文字与表格、文字前后核对一致的有5处。\n") {
		t.Errorf("the end: %s", text)
	}
}

// Many reports: counts of the whole, a heading for each, the reasons of the refused one.
func TestFindingsOfManyReports(t *testing.T) {
	checked := audited(t)
	checked[0].Previous = checked[1].Report
	text := string(found(t, checked, TXT, i18n.Chinese))
	for _, want := range []string{
		"3份年度报告核查结果\n\n　　共核查2份年度报告：差错1处，待确定1处，需说明1处，提示2处。另有1份文件不是统一格式的年度报告，没有核查。\n",
		"\n一、青禾市人民政府（2025年）\n", "；文件：青禾市.docx；对照的上年报告：青禾市水利局2021年（水利局.txt）\n",
		"\n二、青禾市水利局（2021年）\n", "文件：水利局.txt\n　　结论：没有差错，提示1处。\n",
		"\n三、通知.html\n", "没有核查。理由：这份文件不是统一格式的年度报告", "；没有读到标题的报告。\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "未发现问题") {
		t.Error("a note is something found")
	}
}

func TestFindingsInEnglish(t *testing.T) {
	text := string(found(t, audited(t), TXT, i18n.English))
	for _, want := range []string{
		"Findings on 3 annual reports\n", "2 reports checked: 1 error, 1 unsettled, 1 warning, 2 notes. 1 file not checked",
		"\n1. 青禾市人民政府 (2025)\n", "1. [Error] R-AR-01 ", "2. [Unsettled] R-AR-05 ", "Working: 10+1+0+0=11≠0", "Place 2: line 120: “=11”",
		"Ground: Regulations on Open Government Information (2019), art. 33(2)", "Verdict: no errors, 1 note.",
		"Agrees: 5 statements",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if page := string(found(t, audited(t), HTML, i18n.English)); !strings.Contains(page, `<html lang="en">`) {
		t.Error("the page does not say it is English")
	}
}

// A row for each finding, to be filtered; words of a source are never taken for a formula.
func TestFindingsAsSheet(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(found(t, audited(t), XLSX, "")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("核查结果")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], " "); got != "报告 公开主体 年度 严重程度 规则 问题 算式 位置一 引文一 位置二 引文二 依据 处理" {
		t.Errorf("head: %s", got)
	}
	words := i18n.To(i18n.Chinese).T("print.refused")
	want := []string{"青禾市人民政府2025年政府信息公开工作年度报告", "青禾市人民政府", "2025", "差错", "R-AR-01", words, "10+1+0+0=11≠0",
		"第3页 表2 第5行 第3列", "写明“7” 件", "第120行\n第121行", "=11", "条例第三十三条第二款", words}
	if got := strings.Join(rows[1], "|"); got != strings.Join(want, "|") {
		t.Errorf("got %s\nwant %s", got, strings.Join(want, "|"))
	}
	if kind, err := f.GetCellType("核查结果", "K2"); err != nil || kind == excelize.CellTypeFormula {
		t.Errorf("words taken for a formula: %v %v", kind, err)
	}
	if len(rows) != 7 || rows[2][3] != "待确定" || rows[6][3] != "没有核查" || !strings.HasPrefix(rows[6][5], "不是统一格式的年度报告：") {
		t.Errorf("%d rows: %v", len(rows), rows[1:])
	}
	panes, err := f.GetPanes("核查结果")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the head does not stay in view: %+v %v", panes, err)
	}
	sums, err := f.GetRows("汇总")
	if err != nil || len(sums) != 4 || strings.Join(sums[1][3:9], " ") != "青禾市.docx 1 1 1 1 5" || strings.Join(sums[3][4:9], "") != "" {
		t.Errorf("sums: %v %v", sums, err)
	}
	filters := 0
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm._FilterDatabase" {
			filters++
		}
	}
	if filters != 2 {
		t.Errorf("%d sheets can be filtered, want 2", filters)
	}
}

// JSON is what check prints, not a document.
func TestFindingFormats(t *testing.T) {
	for _, f := range []Format{JSON, "doc"} {
		if err := WriteFindings(&bytes.Buffer{}, nil, f, Options{}); !errors.Is(err, ErrFindingFormat) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// Each file of findings is a valid one of its kind, for one, many and no reports.
func TestFindingsAreValid(t *testing.T) {
	dir := t.TempDir()
	rules := `{"root": true, "extends": ["html-validate:standard", "html-validate:a11y"]}`
	if err := os.WriteFile(filepath.Join(dir, ".htmlvalidate.json"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	all := audited(t)
	for name, checked := range map[string][]Checked{"none": nil, "one": all[:1], "refused": all[2:], "many": all} {
		for _, l := range i18n.Langs {
			for _, f := range []Format{DOCX, XLSX, PDF, HTML} {
				t.Run(strings.Join([]string{name, string(l), string(f)}, " "), func(t *testing.T) {
					path := filepath.Join(dir, name+"-"+string(l)+"."+string(f))
					if err := os.WriteFile(path, found(t, checked, f, l), 0o600); err != nil {
						t.Fatal(err)
					}
					switch f {
					case PDF:
						if out := tool(t, "qpdf", "--check", path); bytes.Contains(out, []byte("WARNING")) {
							t.Errorf("qpdf: %s", out)
						}
					case HTML:
						tool(t, "node", module(t, "html-validate/bin/html-validate.mjs"), path)
					default:
						validOpenXML(t, path)
					}
				})
			}
		}
	}
}
