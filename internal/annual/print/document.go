package print

import (
	"fmt"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/paper"
)

// Document returns the report as an official document. r must follow a form.
func Document(r *annual.Report) *paper.Document {
	d := &paper.Document{
		Facts:     facts(r),
		Title:     title(r),
		Signature: r.Signature.Text,
		Date:      r.Signed.Date.Chinese(),
	}
	d.Meta = paper.Meta{Title: d.Title, Author: publisher(r), Subject: r.Form.Name, Created: r.Signed.Date}
	for _, t := range r.Preface {
		d.Body = append(d.Body, paper.Block{Text: t.Text})
	}
	if p := r.Period.Text; p != "" && !stated(r, p) {
		d.Body = append(d.Body, paper.Block{Text: p})
	}
	for _, s := range r.Form.Sections {
		d.Body = append(d.Body, section(r, s)...)
	}
	return d
}

// title returns the report's title as printed, or the one the form prescribes.
func title(r *annual.Report) string {
	if r.Title.Text == "" && r.Agency.Text != "" && r.Year > 0 {
		return r.Form.Title(r.Agency.Text, r.Year)
	}
	return r.Title.Text
}

// publisher returns the body that answers for the report.
func publisher(r *annual.Report) string {
	for _, t := range []string{r.Publisher.Text, r.Signature.Text, r.Agency.Text} {
		if t != "" {
			return t
		}
	}
	return ""
}

// facts returns what the head of a published report states.
func facts(r *annual.Report) []paper.Fact {
	var out []paper.Fact
	for _, f := range []paper.Fact{
		{Name: "索引号", Value: r.IndexNo.Text},
		{Name: "发布机构", Value: r.Publisher.Text},
		{Name: "文号", Value: r.DocNo.Text},
		{Name: "发布日期", Value: r.Published.Date.Chinese()},
	} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// stated reports whether the report's text says sentence.
func stated(r *annual.Report, sentence string) bool {
	texts := r.Preface
	for _, s := range r.Sections {
		texts = append(texts[:len(texts):len(texts)], s.Paragraphs...)
	}
	for _, t := range texts {
		if strings.Contains(t.Text, sentence) {
			return true
		}
	}
	return false
}

// section returns heading, text and table of one of the six parts.
func section(r *annual.Report, s form.Section) []paper.Block {
	heading := s.Full
	var blocks []paper.Block
	if own := r.Section(s.Key); own != nil {
		if own.Heading.Text != "" {
			heading = own.Heading.Text
		}
		for _, p := range own.Paragraphs {
			blocks = append(blocks, paper.Paragraph(p.Text))
		}
	}
	blocks = append([]paper.Block{{Style: paper.Heading, Text: heading}}, blocks...)
	if t := r.Form.Table(s.Table); t != nil {
		blocks = append(blocks, paper.Block{Table: table(r, t)})
	}
	for _, x := range r.Extras {
		if home(r, x) == s.Key {
			blocks = append(blocks, paper.Block{Text: x.Text})
		}
	}
	return blocks
}

// home returns the section in which a line the form does not know stood: the last one with
// a table whose heading comes before it.
func home(r *annual.Report, x annual.Text) string {
	key := ""
	for _, s := range r.Form.Sections {
		if s.Table == "" {
			continue
		}
		own := r.Section(s.Key)
		if key == "" || own != nil && own.Heading.At.Block > 0 && own.Heading.At.Block <= x.At.Block {
			key = s.Key
		}
	}
	return key
}

// roles are what the form's boxes are in print.
var roles = map[form.Role]paper.Role{
	form.RoleGroup:    paper.GroupHead,
	form.RoleHeader:   paper.ColumnHead,
	form.RoleNote:     paper.Note,
	form.RoleRowLabel: paper.RowHead,
	form.RoleRowGroup: paper.SideHead,
	form.RoleValue:    paper.Value,
}

// table returns a table of the form with the report's figures in it.
func table(r *annual.Report, t *form.Table) *paper.Table {
	out := &paper.Table{Name: t.Name, Widths: widths(t), Head: head(t), Size: 12}
	if t.Columns > 5 {
		out.Size = 9
	}
	for _, row := range t.Grid {
		var cells []paper.Cell
		for _, b := range row {
			c := paper.Cell{
				Text: b.Text, Role: roles[b.Role],
				Row: b.Row, Col: b.Col, RowSpan: b.RowSpan, ColSpan: b.ColSpan,
			}
			if b.Role == form.RoleValue {
				c.Text, c.Mark = figure(r, b.Key)
			}
			cells = append(cells, c)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// figure returns what is printed in the cell called k, and whether it waits for a decision.
func figure(r *annual.Report, k form.Key) (text string, pending bool) {
	c, ok := r.Cells[k]
	switch {
	case !ok:
		return annual.Pending, true
	case c.State == annual.Blank:
		return "", false
	case r.Form.Cell(k).Kind == form.Amount:
		return fmt.Sprint(c.Value) + "万元", false
	}
	return c.Value.String(), false
}

// head returns how many rows of a table name its columns, 0 if it names them several times.
func head(t *form.Table) int {
	rows, values := 0, false
	for _, row := range t.Grid {
		has := false
		for _, b := range row {
			has = has || b.Role == form.RoleValue
		}
		switch {
		case has:
			values = true
		case values:
			return 0
		default:
			rows++
		}
	}
	return rows
}

// widths shares the page among a table's columns: labels get what they need to be read,
// figures share the rest evenly.
func widths(t *form.Table) []float64 {
	labels := t.Columns
	for _, row := range t.Grid {
		for _, b := range row {
			if b.Role == form.RoleValue {
				labels = min(labels, b.Col)
			}
		}
	}
	shares := map[int][]float64{
		0: {},
		1: {0.30},
		3: {0.05, 0.087, 0.25}, // 三、本年度办理结果 | （三）不予公开 | 1.属于国家秘密
	}[labels]
	rest := 1.0
	out := make([]float64, t.Columns)
	for i, s := range shares {
		out[i] = s
		rest -= s
	}
	for i := len(shares); i < t.Columns; i++ {
		out[i] = rest / float64(t.Columns-len(shares))
	}
	return out
}
