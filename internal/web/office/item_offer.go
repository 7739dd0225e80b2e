package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// offer adds the tools and forms of what the person can do now.
func (o *Office) offer(r *http.Request, p *itemShowPage) error {
	e, base := p.File.Edition, p.Act
	if len(p.File.Levels) > 0 {
		p.Tools = append(p.Tools, Tool{Text: p.T("item.review"), Href: base + "/review", Main: true})
	}
	if hasStep(p.File, disclosure.Save) {
		p.Tools = append(p.Tools, Tool{Text: p.T("item.edit"), Href: base + "/edit", Main: len(p.Tools) == 0})
	}
	if len(p.File.Editions) > 1 || e.Version > 1 {
		p.Tools = append(p.Tools, Tool{Text: p.T("item.compare"), Href: base + "/compare"})
	}
	p.Tools = append(p.Tools, Tool{Text: p.T("item.sheet.title"), Href: base + "/sheet"})
	if i := p.File.Item; i.Public() {
		if i.Shown != e.ID {
			p.Tools = append(p.Tools, Tool{Text: p.T("item.to_shown"), Href: o.path(r, "/office/editions/%s", i.Shown)})
		}
		p.Tools = append(p.Tools, Tool{Text: p.T("item.to_public"), Href: o.path(r, "/items/%s", i.ID)})
	}
	for _, s := range p.File.Steps {
		if form, ok := o.stepForm(r, p, s); ok {
			p.Forms = append(p.Forms, form)
		}
	}
	if e.State == disclosure.Withheld && hasStep(p.File, disclosure.Reassess) {
		p.Forms = append(p.Forms, o.actForm(p, "disclose", "", reasonField(p.Printer, true)))
	}
	form, ok, err := o.placeForm(r, p)
	if ok {
		p.Forms = append(p.Forms, form)
	}
	return err
}

func reasonField(p i18n.Printer, must bool) Field {
	return Field{Name: "reason", Label: p.T("office.reason"), Kind: LongField, Rows: 2, Required: must, Most: 500, Lang: "zh-CN"}
}

// stepForm is the form of one step, with what the step asks for.
func (o *Office) stepForm(r *http.Request, p *itemShowPage, s disclosure.Step) (Section, bool) {
	reason := reasonField(p.Printer, true)
	switch s {
	case disclosure.Submit, disclosure.Unschedule:
		return o.actForm(p, s, "primary"), true
	case disclosure.Publish:
		return o.actForm(p, s, "primary", o.lateFields(p)...), true
	case disclosure.Schedule:
		at := Field{Name: "publish_at", Label: p.T("item.field.publish_at"), Kind: TimeField, Required: true, Hint: p.T("item.hint.publish_at")}
		return o.actForm(p, s, "primary", append([]Field{at}, o.lateFields(p)...)...), true
	case disclosure.Supersede:
		note := Field{Name: "note", Label: p.T("item.field.note"), Kind: LongField, Rows: 2, Required: true, Most: 300, Lang: "zh-CN", Help: HelpOn(p.Printer, "item.help.note", statute.OGI2019.Art(6))}
		return o.actForm(p, s, "", note), true
	case disclosure.Retract, disclosure.Discard, disclosure.Order:
		return o.actForm(p, s, "danger", reason), true
	case disclosure.Recall, disclosure.Archive, disclosure.Reassess:
		return o.actForm(p, s, "", reason), true
	}
	return Section{}, false
}

// lateFields asks for a reason where the last day to publish has passed.
func (o *Office) lateFields(p *itemShowPage) []Field {
	e := p.File.Edition
	if !e.Late(o.today()) {
		return nil
	}
	return []Field{{Name: "late_reason", Label: p.T("item.field.late_reason"), Kind: LongField, Rows: 2, Required: true, Value: e.LateReason,
		Most: 500, Lang: "zh-CN", Hint: p.T("item.hint.late", "due", e.DueOn.String()), Help: HelpOn(p.Printer, "item.help.formed_on", statute.OGI2019.Art(26))}}
}

// actForm is a form that does one thing. What needs no more than a click is not folded.
func (o *Office) actForm(p *itemShowPage, do disclosure.Step, tone string, fields ...Field) Section {
	text := p.T(itemSteps[string(do)])
	var groups []Group
	if len(fields) > 0 {
		groups = []Group{{Fields: fields}}
	}
	f := NewForm(p.Page, p.Act, groups...)
	f.Version = p.File.Edition.Version
	f.Hidden = []Field{{Name: "do", Value: string(do)}}
	f.Buttons = []Button{{Text: text, Tone: tone}}
	return Section{ID: string(do), Title: text, Note: p.T(itemNotes[string(do)]), Form: f, Folded: len(fields) > 0}
}

// placeForm offers further sections to show the item in.
func (o *Office) placeForm(r *http.Request, p *itemShowPage) (Section, bool, error) {
	i := p.File.Item
	path := make([]string, len(p.File.Path))
	for n, s := range p.File.Path {
		path[n] = s.ID
	}
	if p.File.Edition.State == disclosure.Discarded || !o.Actor(r).Can(actor.ItemPlace, actor.In(i.Agency, path...)) {
		return Section{}, false, nil
	}
	homes, err := o.Items.Homes(r.Context(), o.Actor(r), actor.ItemPlace, i.Agency)
	if err != nil {
		return Section{}, false, err
	}
	all := []Choice{{Text: p.T("office.choose")}}
	for _, h := range homes {
		if h.ID != i.Section {
			all = append(all, Choice{Value: h.ID, Text: h.Title})
		}
	}
	names := map[string]string{}
	for _, h := range homes {
		names[h.ID] = h.Title
	}
	for _, one := range p.File.Places {
		p.Places = append(p.Places, placeView{Section: names[one.Section], State: p.T(itemPlaces[string(one.State)])})
	}
	field := Field{Name: "section", Label: p.T("item.column.section"), Kind: SelectField, Required: true, Choices: all}
	return o.actForm(p, "place", "", field), len(all) > 1, nil
}

// mayOverride reports whether the person may let findings of this draft pass.
func (o *Office) mayOverride(r *http.Request, file *disclosure.File) bool {
	path := make([]string, len(file.Path))
	for n, s := range file.Path {
		path[n] = s.ID
	}
	return file.Edition.State == disclosure.Draft && o.Actor(r).Can(actor.ItemOverride, actor.In(file.Item.Agency, path...)) &&
		!contains(file.Edition.Editors, o.Actor(r).ID)
}
