package extract

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// makeXLSX makes a workbook with the library that offices' own programs resemble most.
func makeXLSX(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// set writes cells; a failure would make the test's file wrong.
func set(f *excelize.File, sheet string, cells map[string]any) {
	for at, v := range cells {
		if err := f.SetCellValue(sheet, at, v); err != nil {
			panic(err)
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func TestXLSXSheetIsATable(t *testing.T) {
	d := mustRead(t, "报告.xlsx", makeXLSX(t, func(f *excelize.File) {
		set(f, "Sheet1", map[string]any{"B2": "第二十条第（一）项", "B3": "信息内容", "C3": "本年制发件数", "D3": "现行有效件数", "B4": "规章", "C4": 3, "D4": 7730.28, "D5": "/"})
		must(f.MergeCell("Sheet1", "B2", "D2"))
		must(f.MergeCell("Sheet1", "B4", "B5"))
	}))
	want := `table 1 (p0), 3 columns
 |0,0(1x3) 第二十条第（一）项
 |1,0 信息内容 |1,1 本年制发件数 |1,2 现行有效件数
 |2,0(2x1) 规章 |2,1 3 |2,2 7730.28
 |3,1  |3,2 /
`
	if _, got, _ := strings.Cut(sketch(d), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	at := d.Blocks[0].Table.Rows[2][2].At
	if at.Sheet != "Sheet1" || at.Row != 4 || at.Col != 4 {
		t.Errorf("D4 stands at %+v", at)
	}
}

// A number is read as it was entered, whatever its format shows.
func TestXLSXFigures(t *testing.T) {
	w := &workbook{r: newReading(t.Context(), "", nil, limits), dates: []bool{false, true, false}, percents: []int{-1, -1, 1}}
	for _, c := range []struct {
		stored string
		style  int
		want   string
	}{
		{"7730.28", 0, "7730.28"}, {"7730.2799999999997", 0, "7730.28"}, {"0.10000000000000001", 0, "0.1"},
		{"1.1398889E7", 0, "11398889"}, {"11398889", -1, "11398889"}, {"123456789012345", 0, "123456789012345"},
		{"45322", 1, "2024年1月31日"}, {"59", 1, "1900年2月28日"}, {"61", 1, "1900年3月1日"}, {"0.155", 2, "15.5%"}, {"文", 0, "文"},
	} {
		if got := w.figure(c.stored, c.style); got != c.want {
			t.Errorf("%s in style %d: %s, want %s", c.stored, c.style, got, c.want)
		}
	}
}

func TestXLSXFormats(t *testing.T) {
	d := mustRead(t, "报告.xlsx", makeXLSX(t, func(f *excelize.File) {
		style := func(format string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(err)
			return id
		}
		set(f, "Sheet1", map[string]any{"A1": 7730.28, "B1": 12345, "A2": time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC), "B2": 0.155, "C1": 3.5})
		must(f.SetCellStyle("Sheet1", "A1", "A1", style("0")))
		must(f.SetCellStyle("Sheet1", "B1", "B1", style(`#,##0"件"`)))
		must(f.SetCellStyle("Sheet1", "C1", "C1", style(`[Red]0.00_);\(0.00\)`)))
		must(f.SetCellStyle("Sheet1", "A2", "A2", style(`yyyy"年"m"月"d"日"`)))
		must(f.SetCellStyle("Sheet1", "B2", "B2", style("0.0%")))
		must(f.SetCellFormula("Sheet1", "C2", "1+1"))
	}))
	want := "table 1 (p0), 3 columns\n |0,0 7730.28 |0,1 12345 |0,2 3.5\n |1,0 2025年1月20日 |1,1 15.5% |1,2 \n"
	if _, got, _ := strings.Cut(sketch(d), "\n"); !strings.HasPrefix(got, want[:len(want)-3]) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestXLSXOneColumnIsLines(t *testing.T) {
	d := mustRead(t, "报告.xlsx", makeXLSX(t, func(f *excelize.File) {
		set(f, "Sheet1", map[string]any{"A1": "一、总体情况", "A3": "依法公开。\n完。"})
	}))
	if _, got, _ := strings.Cut(sketch(d), "\n"); got != "[p0 l1] 一、总体情况\n[p0 l3] 依法公开。\n[p0 l3] 完。\n" {
		t.Errorf("got\n%s", got)
	}
	if d.Blocks[0].At.Sheet != "Sheet1" {
		t.Errorf("place %+v", d.Blocks[0].At)
	}
}

func TestXLSXHiddenAndFaulty(t *testing.T) {
	d := mustRead(t, "报告.xlsx", makeXLSX(t, func(f *excelize.File) {
		_, err := f.NewSheet("草稿")
		must(err)
		set(f, "草稿", map[string]any{"A1": "草稿", "B1": 1})
		must(f.SetSheetVisible("草稿", false))
		set(f, "Sheet1", map[string]any{"A1": "规章", "B1": 3, "A2": "许可", "B2": 5})
		must(f.SetRowVisible("Sheet1", 2, false))
	}))
	if len(d.Blocks) != 1 || len(d.Notes) != 2 || d.Notes[0] != NoteRows || d.Notes[1] != NoteSheets {
		t.Errorf("got %s", sketch(d))
	}
	sheet := `<worksheet ` + sheetSpace + `><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t><rPh><t>jia</t></rPh></is></c><c r="B1" t="e"><v>#REF!</v></c></row></sheetData></worksheet>`
	d = mustRead(t, "a.xlsx", rawXLSX(t, sheet))
	if got := sketch(d); !strings.Contains(got, "|0,0 甲 |0,1 #REF!") || len(d.Notes) != 1 || d.Notes[0] != NoteErrors {
		t.Errorf("got %s", got)
	}
}

func TestXLSXMacrosAreNoted(t *testing.T) {
	sheet := `<worksheet ` + sheetSpace + `><sheetData><row><c><v>3</v></c></row></sheetData></worksheet>`
	parts := append(xlsxParts(sheet), part{"xl/vbaProject.bin", "x"})
	d := mustRead(t, "a.xlsm", pack(t, parts...))
	if len(d.Notes) != 1 || d.Notes[0] != NoteMacros || d.Blocks[0].Text != "3" {
		t.Errorf("got %s", sketch(d))
	}
}

// rawXLSX makes a workbook of one sheet as given.
func rawXLSX(t testing.TB, sheet string) []byte {
	return pack(t, xlsxParts(sheet)...)
}

func xlsxParts(sheet string) []part {
	return []part{
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + sheetSpace + `><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/worksheets/sheet1.xml", sheet}}
}

// A range merged over the whole sheet costs nothing.
func TestXLSXHugeMerges(t *testing.T) {
	sheet := `<worksheet ` + sheetSpace + `><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData><mergeCells>` +
		strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 1000) + `</mergeCells></worksheet>`
	d := mustRead(t, "a.xlsx", rawXLSX(t, sheet))
	if got := sketch(d); !strings.Contains(got, "|0,0(1x2) 1\n") {
		t.Errorf("got %s", got)
	}
}

// A whole report on one sheet: its text becomes lines, a heading too, and a row of the table
// whose figures are blank stays in the table.
func TestXLSXReportOnOneSheet(t *testing.T) {
	long := strings.Repeat("本机关依法公开政府信息。", 6)
	d := mustRead(t, "报告.xlsx", makeXLSX(t, func(f *excelize.File) {
		set(f, "Sheet1", map[string]any{"A1": "某局年度报告", "A2": long, "A3": "三、收到申请情况", "A4": "申请人情况", "C4": "总计", "A5": "一、本年新收", "C5": 9, "A6": "四、结转下年度继续办理", "A8": long})
		for _, m := range [][2]string{{"A1", "C1"}, {"A2", "C2"}, {"A3", "C3"}, {"A4", "B4"}, {"A5", "B5"}, {"A6", "B6"}} {
			must(f.MergeCell("Sheet1", m[0], m[1]))
		}
	}))
	want := "[p0 l1] 某局年度报告\n[p0 l2] " + long + "\n[p0 l3] 三、收到申请情况\ntable 1 (p0), 3 columns\n" +
		" |0,0(1x2) 申请人情况 |0,2 总计\n |1,0(1x2) 一、本年新收 |1,2 9\n |2,0(1x2) 四、结转下年度继续办理 |2,2 \n[p0 l8] " + long + "\n"
	if got := body(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if at := d.Blocks[3].Table.Rows[1][1].At; at.Row != 5 || at.Col != 3 {
		t.Errorf("9 stands at %+v, want C5", at)
	}
}
