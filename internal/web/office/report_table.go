package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
)

// reportTables are the three tables as the form prints them: each figure leads to where it comes
// from, and those typed in are marked.
func (o *Office) reportTables(r *http.Request, p i18n.Printer, l *cycle.Look, input bool) []ReportTable {
	var all []ReportTable
	shown := l.Figures
	if input { // what is typed in is the body's own part
		shown = l.Own()
	}
	for _, t := range l.Form().Tables {
		table := ReportTable{Printer: p, ID: t.ID, Name: t.Name, Input: input}
		if s := l.Form().Section(t.Section); s != nil {
			table.Name = s.Full
		}
		for _, row := range t.Grid {
			var boxes []ReportBox
			for _, b := range row {
				boxes = append(boxes, o.reportBox(r, p, l, shown, b))
			}
			table.Rows = append(table.Rows, boxes)
		}
		all = append(all, table)
	}
	return all
}

func (o *Office) reportBox(r *http.Request, p i18n.Printer, l *cycle.Look, shown cycle.Figures, b form.Box) ReportBox {
	box := ReportBox{Box: b, Head: b.Role != form.RoleValue, Row1: b.Role == form.RoleRowLabel || b.Role == form.RoleRowGroup}
	if box.Head {
		return box
	}
	box.Figure, box.Name = true, l.Form().Label(b.Key)
	box.Href = o.path(r, "/office/reports/%s/cells/%s", l.ID, string(b.Key))
	f, ok := shown[b.Key]
	if !ok {
		box.Absent, box.Value = true, ""
		return box
	}
	box.Value = f.Value.String()
	if f.Origin == cycle.Entered || f.Origin == cycle.FollowsFrom {
		box.Tone, box.Note = string(f.Origin), p.Text(f.Origin.Message())
	}
	return box
}

// enterView has a field for each figure and one for the basis.
func (o *Office) enterView(r *http.Request, p *ReportPage, l *cycle.Look) {
	p.Tables = o.reportTables(r, p.Printer, l, true)
	f := NewForm(p.Page, "", Group{Fields: []Field{{Name: "reason", Label: p.T("office.report.basis"), Required: true, Most: 300, Lang: "zh-CN", Hint: p.T("office.report.basis_hint")}}})
	f.Version, f.Hidden = l.Version.Version, []Field{{Name: "do", Value: "enter"}}
	f.Buttons = []Button{{Text: p.T("office.report.save"), Tone: "primary"}}
	f.Back = p.back(o.path(r, "/office/reports/%s", l.ID) + "?view=" + viewTables)
	p.Entry = f
}

// mayEnter reports whether the person may type figures in now.
func (o *Office) mayEnter(r *http.Request, l *cycle.Look) bool {
	return l.Inside && cycle.Flow.May(l.State, cycle.Edit) && o.Actor(r).Can(actor.ReportEdit, actor.In(l.Agency.ID))
}
