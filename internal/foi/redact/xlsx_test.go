package redact

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// book makes a workbook that holds the name in every corner the format has.
func book(t testing.TB) []byte {
	t.Helper()
	b := excelize.NewFile()
	defer b.Close()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(b.SetSheetName("Sheet1", "名单"))
	for at, v := range map[string]any{"A1": "姓名", "B1": "金额", "C1": "内部列", "A2": secret, "B2": 1234.5678, "C2": secret, "A3": "王公开", "B3": 20, "A4": secret + "的旧行", "A5": "合计"} {
		do(b.SetCellValue("名单", at, v))
	}
	do(b.SetCellFormula("名单", "B5", `IF(A2="`+secret+`",SUM(B2:B3),0)`))
	twoDigits := "0.00"
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &twoDigits})
	do(err)
	do(b.SetCellStyle("名单", "B2", "B2", style))
	do(b.SetColVisible("名单", "C", false))
	do(b.SetRowVisible("名单", 4, false))
	for _, s := range []struct {
		name string
		very bool
	}{{"隐藏", false}, {"深藏", true}} {
		_, err := b.NewSheet(s.name)
		do(err)
		do(b.SetCellValue(s.name, "A1", secret))
		do(b.SetSheetVisible(s.name, false, s.very))
	}
	_, err = b.NewSheet(secret)
	do(err)
	do(b.SetCellValue(secret, "B2", "别的话"))
	do(b.AddComment("名单", excelize.Comment{Cell: "A3", Author: secret, Text: "批注" + secret}))
	do(b.SetDefinedName(&excelize.DefinedName{Name: "某名", RefersTo: `"` + secret + `"`}))
	do(b.SetDocProps(&excelize.DocProperties{Creator: secret, Title: secret}))
	rule := excelize.NewDataValidation(true)
	rule.SetSqref("A3")
	do(rule.SetDropList([]string{secret, "王公开"}))
	do(b.AddDataValidation("名单", rule))
	var out bytes.Buffer
	_, err = b.WriteTo(&out)
	do(err)
	return out.Bytes()
}

// Art. 37: hidden sheets, rows and columns, formulas, comments, names, lists and properties of a
// workbook stay behind, and a number is no more exact than it was shown.
func TestNastyWorkbook(t *testing.T) {
	f := opened(t, "名单.xlsx", book(t))
	for _, p := range f.Passages {
		if strings.Contains(p.Where, "隐藏") || strings.Contains(p.Where, "深藏") || strings.Contains(p.Text, "旧行") {
			t.Errorf("%s shows, though it is hidden", p.Where)
		}
	}
	data := applied(t, f, every(t, f, secret))
	all := everything(t, data)
	lacks(t, "Python", all, secret, "1234.5678", "批注", "某名", "隐藏", "深藏", "旧行", "内部列", "SUM", "xuri")
	holds(t, "Python", all, "王公开", "■■■〔第十五条〕", "1234.57", "别的话")
	valid(t, "copy.xlsx", data)
	text := asText(t, "copy.xlsx", data)
	lacks(t, "LibreOffice", text, secret)
	holds(t, "LibreOffice", text, "王公开", "■■■", "1234.57") // the cell beside cuts the label off
}
