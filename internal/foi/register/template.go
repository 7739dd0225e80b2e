package register

import (
	"fmt"
	"io"
	"slices"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
)

// templateRows is how far down the choices of the template reach.
const templateRows = 5_000

// Template writes an empty register with every heading, choices for what has them, and a sheet that
// says how to fill it in.
func Template(w io.Writer, p i18n.Printer) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := p.T("register.template.sheet")
	if err := f.SetSheetName(f.GetSheetName(0), sheet); err != nil {
		return err
	}
	must, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF2CC"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	may, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // a number of a paper stays as it was typed
	if err != nil {
		return err
	}
	for i, field := range Fields {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style := may
		if slices.Contains(Required, field) {
			style = must
		}
		if err := f.SetColStyle(sheet, col, text); err != nil {
			return err
		}
		if err := f.SetColWidth(sheet, col, col, 16); err != nil {
			return err
		}
		if err := f.SetCellStr(sheet, col+"1", p.Text(field.Message())); err != nil {
			return err
		}
		if err := f.SetCellStyle(sheet, col+"1", col+"1", style); err != nil {
			return err
		}
		if err := choices(f, sheet, col, choicesOf(field, p)); err != nil {
			return err
		}
	}
	if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := help(f, p); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

func choicesOf(f Field, p i18n.Printer) (all []string) {
	switch f {
	case Kind:
		for _, k := range foi.Kinds {
			all = append(all, p.Text(foi.Word(string(k))))
		}
	case Channel:
		for _, c := range foi.Channels {
			all = append(all, p.Text(foi.Word(string(c))))
		}
	}
	return all
}

func choices(f *excelize.File, sheet, col string, all []string) error {
	if len(all) == 0 {
		return nil
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%s%d", col, col, templateRows)
	if err := v.SetDropList(all); err != nil {
		return err
	}
	return f.AddDataValidation(sheet, v)
}

// help says how to fill the template in, and lists the results as table three names them.
func help(f *excelize.File, p i18n.Printer) error {
	sheet := p.T("register.template.help")
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	lines := []string{p.T("register.template.required"), p.T("register.template.days"), p.T("register.template.open"), p.T("register.template.outcomes")}
	for _, o := range outcome.All {
		lines = append(lines, p.Text(o.Code.Message()))
	}
	for i, line := range lines {
		if err := f.SetCellStr(sheet, fmt.Sprintf("A%d", i+1), line); err != nil {
			return err
		}
	}
	return f.SetColWidth(sheet, "A", "A", 80)
}
