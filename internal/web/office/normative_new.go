package office

import (
	"net/http"

	"gongkai/internal/disclosure/normative"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// natureFields ask what a document is.
func natureFields(p i18n.Printer) []Field {
	return []Field{
		{Name: "title", Label: p.T("law.column.title"), Required: true, Most: 300, Lang: "zh-CN"},
		{Name: "kind", Label: p.T("law.column.kind"), Kind: RadioField, Required: true, Value: string(normative.Document), Choices: choices(p, "", []normative.Kind{normative.Document, normative.RuleKind}, stateWord[normative.Kind])},
		{Name: "trial", Label: p.T("law.field.trial"), Kind: TickField, Value: ""},
		{Name: "important", Label: p.T("law.field.important"), Kind: TickField, Help: HelpOn(p, "law.help.important", statute.Normative2018.Whole("（三）"))},
		{Name: "market", Label: p.T("law.field.market"), Kind: TickField, Help: HelpOn(p, "law.help.market", statute.Business2019.Art(62, 2))},
		{Name: "interpret", Label: p.T("law.field.interpret"), Kind: TickField, Help: HelpOn(p, "law.help.interpret", statute.Interpretation2016.Whole(""))},
	}
}

func (o *Office) normativeForm(r *http.Request, title, lead string, groups ...Group) *FormPage {
	p := &FormPage{Page: o.page(r, title), Lead: lead}
	p.Crumb(p.T("law.normative.title"), o.path(r, "/office/normative"))
	p.Form = NewForm(p.Page, "", groups...)
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/normative"))
	return p
}

func (o *Office) newNormativeForm(r *http.Request) *FormPage {
	p := printer(r)
	return o.normativeForm(r, p.T("law.normative.new"), p.T("law.normative.new_lead"), Group{Fields: natureFields(p)})
}

func (o *Office) newNormative(w http.ResponseWriter, r *http.Request) error {
	return o.show(w, r, "form", o.newNormativeForm(r))
}

func (o *Office) createNormative(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	in := normative.Draft{Agency: o.Body(r), Kind: normative.Kind(f.Text("kind")), Title: f.Need("title"), Trial: f.Bool("trial"),
		Market: f.Bool("market"), Important: f.Bool("important"), Interpret: f.Bool("interpret")}
	err := f.Err()
	if err == nil {
		var n *normative.Record
		if n, err = o.Normative.Create(r.Context(), o.Actor(r), in); err == nil {
			return o.done(w, r, i18n.M("law.normative.created"), "/office/normative/%s", n.ID)
		}
	}
	return o.answer(w, r, o.newNormativeForm(r), err)
}

// registerForm asks for a document as it stands today.
func (o *Office) registerForm(r *http.Request) *FormPage {
	p := printer(r)
	states := []normative.State{normative.InForce, normative.Amended, normative.Published, normative.Repealed, normative.Expired, normative.Invalidated}
	days := []Field{
		{Name: "doc_no", Label: p.T("law.column.doc_no"), Half: true, Most: 60, Lang: "zh-CN"},
		{Name: "state", Label: p.T("law.column.state"), Kind: SelectField, Half: true, Required: true, Value: string(normative.InForce), Choices: choices(p, "", states, stateWord[normative.State])},
		{Name: "issued_on", Label: p.T("law.column.issued"), Kind: DateField, Half: true, Required: true},
		{Name: "published_on", Label: p.T("law.field.published_on"), Kind: DateField, Half: true, Required: true},
		{Name: "effective_on", Label: p.T("law.column.effective"), Kind: DateField, Half: true, Required: true},
		{Name: "expires_on", Label: p.T("law.column.expires"), Kind: DateField, Half: true, Hint: p.T("law.hint.expires")},
		{Name: "on", Label: p.T("law.field.ended_on"), Kind: DateField, Half: true, Hint: p.T("law.hint.ended")},
		{Name: "ended_by", Label: p.T("law.field.ended_by"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "headnote", Label: p.T("law.field.headnote"), Most: 300, Lang: "zh-CN", Hint: p.T("law.hint.headnote")},
	}
	return o.normativeForm(r, p.T("law.normative.register"), p.T("law.normative.register_lead"),
		Group{Legend: p.T("law.group.nature"), Fields: natureFields(p)}, Group{Legend: p.T("law.group.days"), Fields: days})
}

func (o *Office) enterNormative(w http.ResponseWriter, r *http.Request) error {
	return o.show(w, r, "form", o.registerForm(r))
}

func (o *Office) registerNormative(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	in := normative.Record{
		Agency: o.Body(r), Kind: normative.Kind(f.Text("kind")), Title: f.Need("title"), Trial: f.Bool("trial"),
		Market: f.Bool("market"), Important: f.Bool("important"), Interpret: f.Bool("interpret"),
		DocNo: f.Text("doc_no"), State: normative.State(f.Text("state")), IssuedOn: f.Date("issued_on"), PublishedOn: f.Date("published_on"),
		EffectiveOn: f.Date("effective_on"), ExpiresOn: f.Date("expires_on"), EndedOn: f.Date("on"), EndedBy: f.Text("ended_by"), Headnote: f.Text("headnote"),
	}
	err := f.Err()
	if err == nil {
		var n *normative.Record
		if n, err = o.Normative.Register(r.Context(), o.Actor(r), in); err == nil {
			return o.done(w, r, i18n.M("law.normative.registered"), "/office/normative/%s", n.ID)
		}
	}
	return o.answer(w, r, o.registerForm(r), err)
}
