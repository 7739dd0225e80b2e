package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

func (o *Office) showDispute(w http.ResponseWriter, r *http.Request) error {
	p, err := o.disputePage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// disputePage is one dispute with its instances, days and papers.
func (o *Office) disputePage(r *http.Request) (*RecordPage, error) {
	v, err := o.Disputes.Load(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("disputes.of", "kind", dispute.Word(v.Kind), "authority", v.Last().Authority)), Lead: printer(r).T("disputes.one_lead")}
	p.Crumb(p.T("disputes.title"), o.path(r, "/office/disputes"))
	p.State = &Badge{p.Text(dispute.Pending.Message()), Wait}
	if !v.Open() {
		p.State = &Badge{p.Text(dispute.Word(v.Result())), resultTone(v.Dispute)}
	}
	p.Cards = append(o.alarmCards(p, v), o.disputeFacts(r, p, v))
	for i := range v.Course {
		p.Cards = append(p.Cards, instanceCard(p.Printer, &v.Course[i], i))
	}
	p.Side = append(p.Side, o.disputeFiles(r, p, v))
	p.Forms = o.disputeForms(r, p.Page, v)
	if v.Kind == dispute.Review {
		p.Tools = []Tool{{Text: p.T("disputes.suit_after"), Href: o.path(r, "/office/disputes/new") + "?kind=after&reviewed=" + escapeQuery(v.ID) + "&no=" + escapeQuery(v.RequestNo)}}
	}
	return p, nil
}

func (o *Office) alarmCards(p *RecordPage, v *dispute.View) (cards []Card) {
	if len(v.Alarms) == 0 {
		return nil
	}
	c := Card{ID: "alarms", Title: p.T("disputes.alarms")}
	for _, a := range v.Alarms {
		left := Left(p.Printer, a.Due, o.today(), 3)
		if !a.Own {
			left.Tone = Plain
		}
		value := a.Due.String()
		if !a.Cite.IsZero() {
			value += " · " + citeOf(p.Printer, a.Cite)
		}
		if !a.Sure {
			value += p.T("disputes.unsure")
		}
		c.Facts = append(c.Facts, Fact{Label: p.T(a.What), Value: value, Badge: &left})
	}
	return []Card{c}
}

func (o *Office) disputeFacts(r *http.Request, p *RecordPage, v *dispute.View) Card {
	c := Card{ID: "facts", Title: p.T("disputes.facts"), Facts: []Fact{
		{Label: p.T("disputes.kind"), Value: p.Text(dispute.Word(v.Kind))},
		{Label: p.T("disputes.party"), Value: v.Party, Lang: "zh-CN"},
	}}
	if v.RequestNo != "" {
		c.Facts = append(c.Facts, Fact{Label: p.T("disputes.request"), Value: v.RequestNo, Href: o.path(r, "/office/requests/%s", v.Request), Lang: "zh-CN"})
	}
	if v.Claim != "" {
		c.Facts = append(c.Facts, Fact{Label: p.T("disputes.claim"), Value: v.Claim, Lang: "zh-CN"})
	}
	if v.Note != "" {
		c.Facts = append(c.Facts, Fact{Label: p.T("disputes.note"), Value: v.Note, Lang: "zh-CN"})
	}
	counts := p.T("disputes.not_counted")
	switch {
	case v.CoDefendant:
		counts = p.T("disputes.co_hint")
	case v.Counts:
		counts = p.T("disputes.counted", "year", o.today().Year(), "kind", dispute.Word(v.Kind), "column", v.Column.Message())
	}
	c.Facts = append(c.Facts, Fact{Label: p.T("disputes.four"), Value: counts})
	if v.Reviewed != "" {
		c.Links = append(c.Links, web.Link{Text: p.T("disputes.reviewed"), Href: o.path(r, "/office/disputes/%s", v.Reviewed)})
	}
	for _, s := range v.Suits {
		c.Links = append(c.Links, web.Link{Text: p.T("disputes.suit_of", "authority", s.Last().Authority, "on", s.Filed), Href: o.path(r, "/office/disputes/%s", s.ID)})
	}
	return c
}

func instanceCard(p i18n.Printer, one *dispute.Instance, i int) Card {
	c := Card{ID: "instance-" + strconv.Itoa(i), Title: p.T("disputes.instance", "level", dispute.Word(one.Level), "authority", one.Authority)}
	add := func(key, value string) {
		if value != "" {
			c.Facts = append(c.Facts, Fact{Label: p.T(key), Value: value})
		}
	}
	add("disputes.no", one.No)
	add("disputes.filed", one.Filed.String())
	add("disputes.accepted", one.Accepted.String())
	add("disputes.papers", one.Papers.String())
	add("disputes.replied", one.Replied.String())
	if one.Simple {
		add("disputes.procedure", p.T("disputes.simple"))
	}
	if one.Extended {
		add("disputes.procedure", p.T("disputes.extended"))
	}
	add("disputes.decided", one.Decided.String())
	if one.Result != "" {
		add("disputes.result", p.Text(dispute.Word(one.Result)))
	}
	if one.Answer {
		add("disputes.answer", p.T("disputes.answer_until", "until", one.Until))
	}
	return c
}

func (o *Office) disputeFiles(r *http.Request, p *RecordPage, v *dispute.View) Card {
	c := Card{ID: "files", Title: p.T("disputes.files"), Empty: p.T("disputes.no_files")}
	for _, f := range v.Files {
		c.Links = append(c.Links, web.Link{Text: f.Name, Href: o.path(r, "/office/disputes/%s/files/%s", v.ID, f.ID), Lang: "zh-CN"})
	}
	return c
}

// disputeForms are what can be done with a dispute as it stands.
func (o *Office) disputeForms(r *http.Request, p Page, v *dispute.View) (all []Section) {
	add := func(id, title string, folded bool, fields ...Field) *Form {
		f := NewForm(p, o.path(r, "/office/disputes/%s", v.ID), Group{Fields: fields}).Apart(id)
		f.Version, f.Hidden = v.Version, []Field{{Name: "do", Value: id}}
		f.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
		all = append(all, Section{ID: id, Title: p.T(title), Form: f, Folded: folded})
		return f
	}
	at, today := v.Last(), o.today().String()
	if at.Decided.IsZero() {
		add("advance", "disputes.advance", false, advanceFields(p.Printer, at, today)...)
		add("decide", "disputes.decide", true,
			Field{Name: "result", Label: p.T("disputes.result"), Kind: SelectField, Required: true, Half: true, Choices: rulingChoices(p.Printer, at.Level)},
			Field{Name: "on", Label: p.T("disputes.decided"), Kind: DateField, Required: true, Half: true, Top: today},
			Field{Name: "answer", Label: p.T("disputes.orders_answer"), Kind: TickField, Half: true},
			Field{Name: "until", Label: p.T("disputes.until"), Kind: DateField, Half: true})
	} else {
		if v.Last().Answer && v.Request != "" && !v.Answered && o.Requests != nil && o.Actor(r).Can(actor.FoiReopen, actor.In(v.Agency)) {
			f := add("reopen", "disputes.reopen", false, Field{Name: "on", Label: p.T("disputes.arrived"), Kind: DateField, Required: true, Top: today, Value: at.Decided.String(), Hint: p.T("disputes.reopen_hint")})
			f.Buttons = []Button{{Text: p.T("disputes.reopen"), Tone: "primary"}}
		}
		if levels := v.Next(); len(levels) > 0 {
			add("appeal", "disputes.appeal", true,
				Field{Name: "level", Label: p.T("disputes.level"), Kind: SelectField, Required: true, Half: true, Choices: choices(p.Printer, "", levels, dispute.Word[dispute.Level])},
				Field{Name: "authority", Label: p.T("disputes.court"), Required: true, Half: true, Most: 100, Lang: "zh-CN"},
				Field{Name: "no", Label: p.T("disputes.no"), Half: true, Most: 100, Lang: "zh-CN"},
				Field{Name: "filed", Label: p.T("disputes.filed"), Kind: DateField, Required: true, Half: true, Top: today})
		}
		add("undecide", "disputes.undecide", true, Field{Name: "reason", Label: p.T("law.field.reason"), Kind: LongField, Rows: 3, Required: true, Most: 300})
	}
	add("describe", "disputes.describe", true,
		Field{Name: "party", Label: p.T("disputes.party"), Required: true, Value: v.Party, Most: 100, Lang: "zh-CN"},
		Field{Name: "claim", Label: p.T("disputes.claim"), Kind: LongField, Rows: 3, Value: v.Claim, Most: 2000, Lang: "zh-CN"},
		Field{Name: "note", Label: p.T("disputes.note"), Kind: LongField, Rows: 3, Value: v.Note, Most: 2000, Lang: "zh-CN"},
		Field{Name: "co_defendant", Label: p.T("disputes.co_defendant"), Kind: TickField, Value: ticked(v.CoDefendant), Hint: p.T("disputes.co_hint")})
	f := NewForm(p, o.path(r, "/office/disputes/%s/file", v.ID), Group{Fields: []Field{{Name: "file", Label: p.T("disputes.file"), Kind: FileField, Required: true}}}).Apart("file")
	f.Buttons = []Button{{Text: p.T("disputes.add_file"), Tone: "primary"}}
	return append(all, Section{ID: "file", Title: p.T("disputes.add_file"), Form: f, Folded: true})
}

func ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func advanceFields(p i18n.Printer, at *dispute.Instance, today string) []Field {
	fields := []Field{
		{Name: "no", Label: p.T("disputes.no"), Half: true, Value: at.No, Most: 100, Lang: "zh-CN"},
		{Name: "accepted", Label: p.T("disputes.accepted"), Kind: DateField, Half: true, Value: at.Accepted.String(), Top: today},
		{Name: "papers", Label: p.T("disputes.papers"), Kind: DateField, Half: true, Value: at.Papers.String(), Top: today, Hint: p.T("disputes.papers_hint")},
		{Name: "replied", Label: p.T("disputes.replied"), Kind: DateField, Half: true, Value: at.Replied.String(), Top: today},
		{Name: "simple", Label: p.T("disputes.simple"), Kind: TickField, Half: true, Value: ticked(at.Simple)},
	}
	if at.Level == dispute.Reconsidering {
		fields = append(fields, Field{Name: "extended", Label: p.T("disputes.extended"), Kind: TickField, Half: true, Value: ticked(at.Extended)})
	}
	return fields
}

func rulingChoices(p i18n.Printer, l dispute.Level) (all []Choice) {
	for _, one := range dispute.Rulings(l) {
		text := p.Text(dispute.Word(one.Result))
		if !one.Cite.IsZero() {
			text += " · " + citeOf(p, one.Cite)
		}
		all = append(all, Choice{Value: string(one.Result), Text: text})
	}
	return all
}

func (o *Office) actDispute(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	return o.disputeDone(w, r, f.Text("do"), o.doDispute(r, f))
}

func (o *Office) doDispute(r *http.Request, f *web.Form) (err error) {
	ctx, by, id, version := r.Context(), o.Actor(r), r.PathValue("id"), f.Int64("version")
	var act func() error
	switch f.Text("do") {
	case "advance":
		in := dispute.Progress{No: f.Text("no"), Accepted: f.Date("accepted"), Papers: f.Date("papers"), Replied: f.Date("replied"), Simple: f.Bool("simple"), Extended: f.Bool("extended")}
		act = func() error { _, err := o.Disputes.Advance(ctx, by, id, version, in); return err }
	case "decide":
		in := dispute.Decision{On: f.Date("on"), Result: dispute.Result(f.Text("result")), Answer: f.Bool("answer"), Until: f.Date("until")}
		act = func() error { _, err := o.Disputes.Decide(ctx, by, id, version, in); return err }
	case "undecide":
		reason := f.Text("reason")
		act = func() error { _, err := o.Disputes.Undecide(ctx, by, id, version, reason); return err }
	case "appeal":
		in := dispute.Instance{Level: dispute.Level(f.Text("level")), Authority: f.Text("authority"), No: f.Text("no"), Filed: f.Date("filed")}
		act = func() error { _, err := o.Disputes.Appeal(ctx, by, id, version, in); return err }
	case "describe":
		in, co := dispute.Details{Party: f.Text("party"), Claim: f.AtMost("claim", 2000), Note: f.AtMost("note", 2000)}, f.Bool("co_defendant")
		act = func() error { _, err := o.Disputes.Describe(ctx, by, id, version, co, in); return err }
	case "reopen":
		act = func() error { return o.reopenAfter(r, f) }
	default:
		return web.ErrChoice
	}
	if err := f.Err(); err != nil {
		return err
	}
	return act()
}

// reopenAfter begins the new answer a result asks for.
func (o *Office) reopenAfter(r *http.Request, f *web.Form) error {
	v, err := o.Disputes.Load(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.Last().Answer || v.Request == "" || v.Answered {
		return dispute.ErrNoAnswer
	}
	basis := printer(r).T("disputes.basis", "authority", v.Last().Authority, "no", v.Last().No, "result", dispute.Word(v.Last().Result))
	_, err = o.Requests.Reopen(r.Context(), o.Actor(r), v.Request, f.Date("on"), basis)
	return err
}

func (o *Office) addDisputeFile(w http.ResponseWriter, r *http.Request) error {
	data, err := uploaded(r, "file")
	if err == nil {
		_, err = o.Disputes.AddFile(r.Context(), o.Actor(r), r.PathValue("id"), uploadedName(r, "file"), data)
	}
	return o.disputeDone(w, r, "file", err)
}

// disputeDone leads back to the dispute, or shows the form again with what was wrong.
func (o *Office) disputeDone(w http.ResponseWriter, r *http.Request, form string, err error) error {
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/disputes/%s", r.PathValue("id"))
	}
	if !mendable(err) {
		return err
	}
	p, broken := o.disputePage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, form, err)
}

func (o *Office) openDisputeFile(w http.ResponseWriter, r *http.Request) error {
	f, data, err := o.Disputes.OpenFile(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	attach(w, f.Media, f.Name)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // who left needs no answer
	return nil
}
