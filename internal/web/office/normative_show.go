package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/check"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) showNormative(w http.ResponseWriter, r *http.Request) error {
	p, err := o.normativePage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// normativePage is a document's page: what it is, how it was made, what it owes, what can be done.
func (o *Office) normativePage(r *http.Request) (*RecordPage, error) {
	n, err := o.Normative.Load(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, n.Title), State: normativeState(printer(r), n.State)}
	p.Crumb(p.T("law.normative.title"), o.path(r, "/office/normative"))
	p.Cards = []Card{o.normativeFacts(r, p.Printer, n), normativeSteps(p.Printer, n)}
	if findings := o.Normative.Check(n, o.today()); len(findings) > 0 {
		p.Side = append(p.Side, findingCard(p.Printer, findings))
	}
	p.Timeline = normativeEvents(p.Printer, n)
	p.Forms = o.normativeActs(r, p.Page, n)
	return p, nil
}

func (o *Office) normativeFacts(r *http.Request, p i18n.Printer, n *normative.Record) Card {
	c := Card{ID: "facts", Title: p.T("law.card.facts")}
	add := func(key, value, href string) {
		if value != "" {
			c.Facts = append(c.Facts, Fact{Label: p.T(key), Value: value, Href: href})
		}
	}
	add("law.column.kind", p.Text(stateWord(n.Kind)), "")
	add("law.column.doc_no", n.DocNo, "")
	add("law.field.headnote", n.Headnote, "")
	add("law.column.issued", dayText(p, n.IssuedOn), "")
	add("law.field.published_on", dayText(p, n.PublishedOn), "")
	add("law.column.effective", dayText(p, n.EffectiveOn), "")
	add("law.column.expires", dayText(p, n.ExpiresOn), "")
	add("law.field.ended_on", dayText(p, n.EndedOn), "")
	add("law.field.ended_by", n.EndedBy, "")
	add("law.field.reason", n.Reason, "")
	if n.Successor != "" {
		add("law.field.successor", p.T("law.open"), o.path(r, "/office/normative/%s", n.Successor))
	}
	add("law.field.interpreted_on", dayText(p, n.InterpretedOn), "")
	add("law.field.filed_on", dayText(p, n.FiledOn), "")
	add("law.field.filed_no", n.FiledNo, "")
	for _, t := range []struct {
		is  bool
		key string
	}{{n.Trial, "law.field.trial"}, {n.Important, "law.field.important"}, {n.Market, "law.field.market"}} {
		if t.is {
			add(t.key, p.T("law.yes"), "")
		}
	}
	return c
}

// normativeSteps shows which parts of the procedure are on record.
func normativeSteps(p i18n.Printer, n *normative.Record) Card {
	c := Card{ID: "steps", Title: p.T("law.card.steps"), Empty: p.T("law.card.no_steps")}
	for _, s := range n.Steps {
		badge := &Badge{p.T("law.step.passed"), Good}
		if !s.Passed {
			badge = &Badge{p.T("law.step.failed"), Bad}
		}
		text := dayText(p, s.From)
		if !s.To.IsZero() && s.To != s.From {
			text = p.T("law.span", "from", s.From, "to", s.To)
		}
		for _, more := range []string{s.By, s.Note} {
			if more != "" {
				text += p.T("law.comma") + more
			}
		}
		c.Facts = append(c.Facts, Fact{Label: p.Text(s.Kind.Message()), Value: text, Badge: badge})
	}
	return c
}

// findingTones are the colours of severities.
var findingTones = map[check.Severity]Badge{
	check.Error: {"law.severity.error", Bad}, check.Warning: {"law.severity.warning", Warn}, check.Info: {"law.severity.info", Note},
}

func findingCard(p i18n.Printer, findings []check.Finding) Card {
	c := Card{ID: "findings", Title: p.T("law.card.findings")}
	for _, f := range findings {
		tone := findingTones[f.Severity]
		label := citeOf(p, f.Cite)
		if label == "" {
			label = f.Code
		}
		c.Facts = append(c.Facts, Fact{Label: label, Value: p.Text(f.Message), Badge: &Badge{p.T(tone.Text), tone.Tone}})
	}
	return c
}

func normativeEvents(p i18n.Printer, n *normative.Record) []Event {
	var all []Event
	for i := len(n.Changes) - 1; i >= 0; i-- {
		c := n.Changes[i]
		note := c.By
		if !c.Until.IsZero() {
			note += " " + p.T("law.until", "day", c.Until)
		}
		all = append(all, Event{When: c.On.String(), Title: p.Text(normative.Word(string(c.Act))), Note: note + " " + c.Note})
	}
	return all
}

// normativeActs are the forms of what can be done next by the one who looks.
func (o *Office) normativeActs(r *http.Request, p Page, n *normative.Record) []Section {
	in, by := actor.In(n.Agency), o.Actor(r)
	edit, decide := by.Can(actor.NormativeEdit, in), by.Can(actor.NormativeDecide, in)
	over := n.State == normative.InForce || n.State == normative.Amended
	var all []Section
	add := func(may bool, do, title string, folded bool, fields ...Field) {
		if !may {
			return
		}
		f := NewForm(p, "", Group{Fields: fields})
		f.Version, f.Hidden = n.Version, []Field{{Name: "do", Value: do}}
		f.Buttons = []Button{{Text: p.T(title), Tone: "primary"}}
		all = append(all, Section{ID: do, Title: p.T(title), Form: f, Folded: folded})
	}
	add((edit || decide) && n.Open() && n.State != normative.Numbered && n.State != normative.Decided, "step", "law.do.step", false, stepFields(p.Printer)...)
	add(decide && n.State == normative.Decided, "number", "law.do.number", false, numberFields(p.Printer)...)
	add(decide && n.State == normative.Numbered, "publish", "law.do.publish", false, publishFields(p.Printer, n)...)
	add(edit && n.Interpret && n.InterpretedOn.IsZero() && !n.PublishedOn.IsZero(), "interpret", "law.do.interpret", true, onField(p.Printer, "law.field.interpreted_on"), itemField(p.Printer))
	add(edit && !n.PublishedOn.IsZero() && n.FiledOn.IsZero(), "file", "law.do.file", true, onField(p.Printer, "law.field.filed_on"), Field{Name: "no", Label: p.T("law.field.filed_no"), Half: true, Most: 60})
	add(decide && over, "change", "law.do.change", true, changeFields(p.Printer)...)
	add(decide && over, "end", "law.do.end", true, endFields(p.Printer)...)
	add(decide && n.Open(), "drop", "law.do.drop", true, Field{Name: "reason", Label: p.T("law.field.reason"), Required: true, Most: 300})
	return all
}

func onField(p i18n.Printer, key string) Field {
	return Field{Name: "on", Label: p.T(key), Kind: DateField, Required: true, Half: true}
}

func itemField(p i18n.Printer) Field {
	return Field{Name: "item", Label: p.T("law.field.item"), Half: true, Most: 300, Hint: p.T("law.hint.item")}
}

func stepFields(p i18n.Printer) []Field {
	return []Field{
		{Name: "step", Label: p.T("law.field.step"), Kind: SelectField, Required: true, Choices: choices(p, p.T("office.choose"), normative.StepKinds, normative.StepKind.Message), Half: true},
		{Name: "by", Label: p.T("law.field.by"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "from", Label: p.T("law.field.from"), Kind: DateField, Required: true, Half: true},
		{Name: "to", Label: p.T("law.field.to"), Kind: DateField, Half: true},
		{Name: "passed", Label: p.T("law.field.passed"), Kind: TickField, Value: "1"},
		{Name: "note", Label: p.T("law.field.note"), Most: 500, Hint: p.T("law.hint.note"), Help: HelpOn(p, "law.help.note", statute.Business2019.Art(62, 2))},
	}
}

func numberFields(p i18n.Printer) []Field {
	return []Field{
		{Name: "doc_no", Label: p.T("law.column.doc_no"), Required: true, Half: true, Most: 60, Lang: "zh-CN", Help: HelpOn(p, "law.help.doc_no", statute.Layout.Whole("第7.2.5条"))},
		{Name: "issued_on", Label: p.T("law.column.issued"), Kind: DateField, Required: true, Half: true},
	}
}

func publishFields(p i18n.Printer, n *normative.Record) []Field {
	return []Field{
		{Name: "published_on", Label: p.T("law.field.published_on"), Kind: DateField, Required: true, Half: true},
		{Name: "effective_on", Label: p.T("law.column.effective"), Kind: DateField, Required: true, Half: true, Help: HelpOn(p, "law.help.effective", statute.RuleMaking2017.Art(32))},
		{Name: "expires_on", Label: p.T("law.column.expires"), Kind: DateField, Half: true, Hint: p.T("law.hint.expires")},
		itemField(p),
		{Name: "headnote", Label: p.T("law.field.headnote"), Most: 300, Required: n.Kind == normative.RuleKind, Lang: "zh-CN", Hint: p.T("law.hint.headnote")},
		{Name: "reason", Label: p.T("law.field.reason"), Most: 300, Hint: p.T("law.hint.reason")},
	}
}

func changeFields(p i18n.Printer) []Field {
	acts := []normative.Act{normative.Amend, normative.Extend}
	return []Field{
		{Name: "act", Label: p.T("law.field.change"), Kind: RadioField, Required: true, Value: string(normative.Amend), Choices: choices(p, "", acts, stateWord[normative.Act])},
		onField(p, "law.field.on"), {Name: "by", Label: p.T("law.field.ended_by"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "expires_on", Label: p.T("law.field.until"), Kind: DateField, Half: true},
		{Name: "note", Label: p.T("law.field.note"), Most: 300},
	}
}

func endFields(p i18n.Printer) []Field {
	acts := []normative.Act{normative.Repeal, normative.Invalidate}
	return []Field{
		{Name: "act", Label: p.T("law.field.end"), Kind: RadioField, Required: true, Value: string(normative.Repeal), Choices: choices(p, "", acts, stateWord[normative.Act]), Help: HelpOn(p, "law.help.end", statute.Ref{})},
		onField(p, "law.field.ended_on"), {Name: "by", Label: p.T("law.field.ended_by"), Half: true, Most: 100, Lang: "zh-CN"},
		{Name: "reason", Label: p.T("law.field.reason"), Most: 300},
		{Name: "successor", Label: p.T("law.field.successor"), Most: 300, Hint: p.T("law.hint.successor")},
	}
}

// actNormative does what one of the page's forms asks for.
func (o *Office) actNormative(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	err := o.doNormative(r, f)
	if err == nil {
		return o.done(w, r, i18n.M("law.saved"), "/office/normative/%s", r.PathValue("id"))
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	p, broken := o.normativePage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, f.Text("do"), err)
}

// answerRecord shows a record again with what is wrong in the form that was sent.
func (o *Office) answerRecord(w http.ResponseWriter, r *http.Request, p *RecordPage, id string, err error) error {
	status := web.Status(fault.KindOf(err))
	for i := range p.Forms {
		if p.Forms[i].ID == id {
			p.Forms[i].Form.Keep(r.PostForm)
			status = p.Forms[i].Form.Tell(err)
		}
	}
	return o.showAs(w, r, status, "record", p)
}

func (o *Office) doNormative(r *http.Request, f *web.Form) error {
	ctx, by, id, version := r.Context(), o.Actor(r), r.PathValue("id"), f.Int64("version")
	var act func() (*normative.Record, error)
	on := f.Date("on")
	item, err := o.itemNamed(r, f)
	if err != nil {
		return err
	}
	successor, err := o.successorNamed(r, f)
	if err != nil {
		return err
	}
	switch f.Text("do") {
	case "step":
		s := normative.Step{Kind: normative.StepKind(f.Text("step")), From: f.Date("from"), To: f.Date("to"), Passed: f.Bool("passed"), By: f.Text("by"), Note: f.Text("note")}
		act = func() (*normative.Record, error) { return o.Normative.Put(ctx, by, id, version, s) }
	case "number":
		no, issued := f.Need("doc_no"), f.Date("issued_on")
		act = func() (*normative.Record, error) { return o.Normative.Number(ctx, by, id, version, no, issued) }
	case "publish":
		p := normative.Publication{On: f.Date("published_on"), Effective: f.Date("effective_on"), Expires: f.Date("expires_on"), Item: item, Headnote: f.Text("headnote"), Reason: f.Text("reason")}
		act = func() (*normative.Record, error) { return o.Normative.Publish(ctx, by, id, version, p) }
	case "interpret":
		act = func() (*normative.Record, error) {
			return o.Normative.Interpret(ctx, by, id, version, item, on)
		}
	case "file":
		act = func() (*normative.Record, error) { return o.Normative.File(ctx, by, id, version, f.Text("no"), on) }
	case "change":
		c := normative.Change{On: on, Act: normative.Act(f.Text("act")), By: f.Text("by"), Note: f.Text("note"), Until: f.Date("expires_on")}
		act = func() (*normative.Record, error) { return o.Normative.Change(ctx, by, id, version, c) }
	case "end":
		e := normative.Ending{Act: normative.Act(f.Text("act")), On: on, By: f.Text("by"), Reason: f.Text("reason"), Successor: successor}
		act = func() (*normative.Record, error) { return o.Normative.End(ctx, by, id, version, e) }
	case "drop":
		act = func() (*normative.Record, error) { return o.Normative.Drop(ctx, by, id, version, f.Text("reason")) }
	default:
		return web.ErrChoice
	}
	if err := f.Err(); err != nil {
		return err
	}
	_, err = act()
	return err
}
