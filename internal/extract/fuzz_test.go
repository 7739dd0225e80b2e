package extract

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gongkai/internal/fault"
)

// sound fails where a file, whatever it holds, is neither read soundly nor refused in words.
func sound(t *testing.T, name string, data []byte) {
	t.Helper()
	tight := limits
	tight.Time = 20 * time.Second
	tight.Unpacked, tight.Markup = 16<<20, 16<<20
	d, err := extract(context.Background(), name, data, tight)
	if err != nil {
		var refusal *fault.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%v is no fault", err)
		}
		if refusal.Cause != nil && strings.Contains(refusal.Cause.Error(), "panic") {
			t.Fatal(refusal.Cause)
		}
		if errors.Is(err, ErrTime) {
			t.Fatalf("took too long: %v", refusal.Cause)
		}
		return
	}
	for i, b := range d.Blocks {
		if b.At.Block != i+1 {
			t.Fatalf("block %d says it is %d", i+1, b.At.Block)
		}
		if b.Table != nil {
			soundTable(t, b.Table)
		}
	}
}

// soundTable fails where a table's cells leave it or stand in the wrong row.
func soundTable(t *testing.T, table *Table) {
	t.Helper()
	for i, row := range table.Rows {
		for _, c := range row {
			if c.Row != i || c.RowSpan < 1 || c.ColSpan < 1 || c.Col < 0 || c.Col+c.ColSpan > table.Columns || c.Row+c.RowSpan > len(table.Rows) {
				t.Fatalf("cell %+v in row %d of %d rows and %d columns", c, i, len(table.Rows), table.Columns)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"某局2024年年报\n规章 | 3 |\n", "\xFF\xFE\x0F\x5F", "\xFE\xFF\x5F\x0F", "a\x00b\x00\n\x00", "\xC4\xEA\xB1\xA8\r\n", "一\f二\r三\v四"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a.txt", data) })
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		`<table><tr><td rowspan=2 colspan=3>甲<td>1<tr><td rowspan=0>2</table>`,
		`<table><tfoot><tr><th>总计<tbody><tr><td><table><tr><td>1</table></table>`,
		`<p>一<br>二<pre>三` + "\n" + `四</pre><div hidden>五</div><input value=6>`,
		`<meta charset=gbk><title>年报</title>` + "\xC4\xEA\xB1\xA8",
		"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>一\n--b--\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a.html", append([]byte("<html>"), data...)) })
}

// FuzzDOCX changes the document's XML, not its packing, which the zip reader's own makers fuzz.
func FuzzDOCX(f *testing.F) {
	for _, s := range []string{
		wp("一、总体情况"),
		`<w:tbl>` + wr(wc(`<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>`, "甲"), wc("", "1")) + wr(wc(`<w:gridSpan w:val="2"/><w:vMerge/>`, ""), wc(`<w:hMerge/>`, "2")) + `</w:tbl>`,
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>`,
		`<mc:AlternateContent><mc:Choice><w:txbxContent>` + wp("框") + `</w:txbxContent></mc:Choice><mc:Fallback/></mc:AlternateContent>`,
	} {
		f.Add(s, `<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	}
	f.Fuzz(func(t *testing.T, body, lists string) {
		sound(t, "a.docx", makeDOCX(t, body, part{"word/numbering.xml", `<w:numbering ` + wordSpace + `>` + lists + `</w:numbering>`}))
	})
}

func FuzzXLSX(f *testing.F) {
	for _, s := range []string{
		`<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>甲</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`,
		`<sheetData><row><c><v>7730.28</v></c><c t="s"><v>0</v></c></row><row r="9" hidden="1"><c r="C9" s="1" t="e"><v>#REF!</v></c></row></sheetData>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sheet string) {
		sound(t, "a.xlsx", rawXLSX(t, `<worksheet `+sheetSpace+`>`+sheet+`</worksheet>`))
	})
}

func FuzzOFD(f *testing.F) {
	f.Add(ofdText(20, 20, 4, "年报") + ofdRules([]float64{20, 70, 110}, []float64{40, 50, 60}) + ofdText(22, 47, 4, "规章") + ofdText(72, 47, 4, "3"))
	f.Add(`<ofd:TextObject Boundary="0 0 9 9" CTM="0 1 -1 0 0 0" Size="3"><ofd:TextCode DeltaX="g 9 1" DeltaY="1 2">甲</ofd:TextCode></ofd:TextObject>`)
	f.Add(`<ofd:PathObject Boundary="0 0 9 9"><ofd:StrokeColor Value="255 255 255"/><ofd:AbbreviatedData>S 0 0 M 1 1 L 9 1 Q 1 1 2 2 B 1 1 2 2 3 3 A 1 1 0 0 1 2 2 C</ofd:AbbreviatedData></ofd:PathObject>`)
	f.Add(ofdText(20, 20, 4, "信息内容") + ofdText(80, 20, 4, "件数") + ofdText(20, 30, 4, "规章") + ofdText(80, 30, 4, "3") + ofdText(20, 40, 4, "许可") + ofdText(80, 40, 4, "5"))
	f.Fuzz(func(t *testing.T, page string) { sound(t, "a.ofd", makeOFD(t, page, page)) })
}

// FuzzPDF changes what a page draws; the bytes around it are PDFium's, in its sandbox.
func FuzzPDF(f *testing.F) {
	f.Add("BT /F1 12 Tf 72 700 Td (9) Tj ET 70 690 100 0.5 re f 70 710 m 170 710 l S")
	f.Add("q 0 1 -1 0 300 0 cm BT /F1 9 Tf (3) Tj ET 0 0 50 50 re S Q")
	f.Add("70 690 m 170 690 l 70 710 m 170 710 l 70 690 m 70 710 l 120 690 m 120 710 l 170 690 m 170 710 l S BT /F1 9 Tf 80 700 Td (3) Tj 50 0 Td (5) Tj ET")
	f.Fuzz(func(t *testing.T, content string) {
		if len(content) < 10_000 {
			sound(t, "a.pdf", makePDF(content))
		}
	})
}
