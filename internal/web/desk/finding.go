package desk

import (
	"fmt"
	"time"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// findingGroup is the findings of one severity.
type findingGroup struct {
	Severity check.Severity
	Title    string
	Findings []findingView
}

// findingView is a finding as the page shows it.
type findingView struct {
	i18n.Printer
	No       int
	Severity check.Severity
	Badge    string
	Code     string
	Message  string
	Working  string
	Cite     string
	Advice   string
	Href     string // this page with the finding's places shown
	On       bool
	Places   []placeView
}

// placeView is one of the places a finding rests on.
type placeView struct {
	Label  string // what stands there
	Quote  string // the words or figures
	Where  string // in the source
	Source string // anchor in the source view, "" if it has none
	Cell   string // anchor in the form
}

// waiting is how a finding weighs here that asks a person for cells the source lost: the
// cells are asked for, which is no fault beside (R-AR-05).
const waiting check.Severity = "asked"

// gravityOf returns how f is shown and counted: by its severity, or as waiting.
func gravityOf(r *annual.Report, f check.Finding) check.Severity {
	if f.Code != "R-AR-05" || len(f.Places) == 0 {
		return f.Severity
	}
	asked := askedCells(r)
	for _, q := range f.Places {
		if !asked[form.Key(q.Key)] {
			return f.Severity
		}
	}
	return waiting
}

// badges names the severities.
var badges = map[check.Severity]i18n.Message{
	waiting:       i18n.M("desk.mark.asked"),
	check.Error:   i18n.M("desk.severity.error"),
	check.Warning: i18n.M("desk.severity.warning"),
	check.Info:    i18n.M("desk.severity.info"),
}

// groups sorts findings by severity; their numbers are their places in fs, from 1.
func (t *trace) groups(p i18n.Printer, f *form.Form, fs []check.Finding) []findingGroup {
	titles := map[check.Severity]i18n.Message{
		waiting:       i18n.M("desk.group.asked"),
		check.Error:   i18n.M("desk.group.error"),
		check.Warning: i18n.M("desk.group.warning"),
		check.Info:    i18n.M("desk.group.info"),
	}
	var out []findingGroup
	for _, s := range []check.Severity{check.Error, waiting, check.Warning, check.Info} {
		g := findingGroup{Severity: s, Title: p.Text(titles[s])}
		for i, one := range fs {
			if t.worst[i+1] == s {
				g.Findings = append(g.Findings, t.finding(p, f, i+1, one))
			}
		}
		if len(g.Findings) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (t *trace) finding(p i18n.Printer, f *form.Form, no int, x check.Finding) findingView {
	v := findingView{
		Printer: p, No: no, Severity: t.worst[no], Badge: p.Text(badges[t.worst[no]]), Code: x.Code,
		Message: p.Text(x.Message), Working: x.Working, Cite: cite(p, x.Cite), Advice: p.Text(x.Advice),
		Href: fmt.Sprintf("?finding=%d#f%d", no, no), On: t.selected == no,
	}
	for _, q := range x.Places {
		v.Places = append(v.Places, t.place(p, f, q))
	}
	return v
}

func (t *trace) place(p i18n.Printer, f *form.Form, q check.Quote) placeView {
	v := placeView{Label: p.Text(q.Label), Quote: q.Text}
	if whole(q) {
		return v
	}
	v.Source, v.Where = t.spot(q.At).anchor(), p.Text(i18n.M("desk.where", "place", q.At))
	if k := form.Key(q.Key); q.Key != "" && f != nil && f.Cell(k) != nil {
		v.Cell = cellAnchor(k)
		if v.Label == "" {
			v.Label = f.Label(k)
		}
	}
	if v.Label == "" {
		v.Label = p.T("desk.in_text")
	}
	return v
}

// cite writes a provision in the language of the page.
func cite(p i18n.Printer, r statute.Ref) string {
	if p.Lang() == i18n.English {
		return r.English()
	}
	return r.String()
}

// span writes a length of time as people say it: 2 小时, 45 分钟.
func span(p i18n.Printer, d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return p.T("desk.minutes", "m", m)
	case m == 0:
		return p.T("desk.hours", "h", h)
	default:
		return p.T("desk.hours_minutes", "h", h, "m", m)
	}
}
