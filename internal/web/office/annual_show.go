package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

func (o *Office) showReading(w http.ResponseWriter, r *http.Request) error {
	p, _, err := o.readingPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// readingPage is how one published report was read, with the forms for what is open.
func (o *Office) readingPage(r *http.Request) (*RecordPage, *shelf.Look, error) {
	l, err := o.Shelf.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	p := &RecordPage{Page: o.page(r, l.Title), Lead: printer(r).T("annual.office.one"), State: readingState(printer(r), l.State)}
	p.Crumb(p.T("annual.office.title"), o.path(r, "/office/annual"))
	p.Tools = []Tool{{Text: p.T("annual.office.item"), Href: o.path(r, "/office/items/%s", l.Item)}}
	p.Cards = []Card{o.readingFacts(p.Printer, l)}
	if len(l.Asks) > 0 {
		p.Cards = append([]Card{doubtCard(p.Printer, l)}, p.Cards...)
	}
	if len(l.Audit.Findings) > 0 {
		p.Side = append(p.Side, findingCard(p.Printer, l.Audit.Findings))
	}
	if l.Current {
		p.Forms = o.readingForms(r, p.Page, l)
	}
	return p, l, nil
}

func doubtCard(p i18n.Printer, l *shelf.Look) Card {
	c := Card{ID: "asks", Title: p.T("annual.office.asks")}
	for _, a := range l.Asks {
		c.Facts = append(c.Facts, Fact{Label: p.T("annual.office.ask"), Value: p.Text(a.Message()), Badge: readingState(p, shelf.Asked)})
	}
	if l.Report != nil && l.Report.Refused != nil {
		for _, why := range l.Report.Refused.Reasons {
			c.Facts = append(c.Facts, Fact{Label: p.T("annual.office.why"), Value: p.Text(why)})
		}
	}
	return c
}

func (o *Office) readingFacts(p i18n.Printer, l *shelf.Look) Card {
	c := Card{ID: "facts", Title: p.T("law.card.facts")}
	add := func(key, value string) {
		if value != "" {
			c.Facts = append(c.Facts, Fact{Label: p.T(key), Value: value})
		}
	}
	add("annual.office.body", l.Name)
	if l.Year > 0 {
		add("annual.office.year", strconv.FormatInt(l.Year, 10))
	}
	add("annual.office.form", l.Form)
	add("annual.office.source", sourceName(p, l.Source, l.Sources))
	for _, s := range l.Sources {
		add("annual.office.tried", p.T("annual.office.gave", "source", sourceName(p, s.ID, l.Sources), "what", sourceFate(p, s)))
	}
	add("annual.office.read_at", When(l.ReadAt))
	if !l.DecidedAt.IsZero() {
		add("annual.office.decided", p.T("annual.office.decided_by", "who", l.DecidedBy, "when", When(l.DecidedAt)))
	}
	add("annual.office.reason", l.Reason)
	return c
}

func sourceName(p i18n.Printer, id string, all []shelf.Source) string {
	for _, s := range all {
		switch {
		case s.ID != id:
		case id == shelf.FromText:
			return p.T("annual.office.text")
		case id == shelf.FromUpload:
			return p.T("annual.office.upload", "name", s.Name)
		default:
			return s.Name
		}
	}
	return ""
}

func sourceFate(p i18n.Printer, s shelf.Source) string {
	switch {
	case s.Fault != "":
		return p.T("annual.office.unreadable")
	case s.Refused:
		return p.T("annual.office.no_report")
	}
	return p.T("annual.office.figures", "n", s.Figures, "questions", s.Questions)
}

// readingForms are what the person may do with the reading.
func (o *Office) readingForms(r *http.Request, p Page, l *shelf.Look) []Section {
	var all []Section
	in := actor.In(l.Publisher)
	by := o.Actor(r)
	if by.Can(actor.AnnualSettle, in) {
		if groups := answerGroups(p.Printer, l); len(groups) > 0 {
			f := readingForm(p, l, "settle", groups...)
			f.Buttons = []Button{{Text: p.T("annual.office.settle"), Tone: "primary"}}
			all = append(all, Section{ID: "settle", Title: p.T("annual.office.settle"), Note: p.T("annual.office.settle_note"), Form: f})
		}
		if f := chooseForm(p, l); f != nil {
			all = append(all, Section{ID: "choose", Title: p.T("annual.office.choose"), Form: f, Folded: l.State != shelf.Asked})
		}
	}
	if by.Can(actor.AnnualSupply, in) {
		f := NewForm(p, o.path(r, "/office/annual/%s/file", l.ID), Group{Fields: []Field{{Name: "file", Label: p.T("annual.office.file"), Kind: FileField, Required: true,
			Accept: ".json,.docx,.xlsx,.pdf,.html,.txt", Help: HelpOn(p.Printer, "annual.office.file_help", statute.OGI2019.Art(50))}}})
		f.Version, f.Buttons = l.Version, []Button{{Text: p.T("annual.office.supply"), Tone: "primary"}}
		all = append(all, Section{ID: "supply", Title: p.T("annual.office.supply"), Form: f, Folded: true})
	}
	if by.Can(actor.AnnualClose, in) {
		f := readingForm(p, l, "close", Group{Fields: []Field{
			{Name: "as", Label: p.T("annual.office.as"), Kind: RadioField, Required: true, Choices: choices(p.Printer, "", []shelf.State{shelf.Plain, shelf.Foreign}, shelf.State.Message)},
			{Name: "reason", Label: p.T("annual.office.reason"), Required: true, Most: 200, Lang: "zh-CN"}}})
		f.Buttons = []Button{{Text: p.T("annual.office.close")}}
		all = append(all, Section{ID: "close", Title: p.T("annual.office.close"), Form: f, Folded: true})
	}
	if by.Can(actor.AnnualRead, in) {
		f := readingForm(p, l, "again")
		f.Buttons = []Button{{Text: p.T("annual.office.again")}}
		all = append(all, Section{ID: "again", Title: p.T("annual.office.again"), Note: p.T("annual.office.again_note"), Form: f, Folded: true})
	}
	return all
}

func readingForm(p Page, l *shelf.Look, do string, groups ...Group) *Form {
	f := NewForm(p, "", groups...)
	f.Version, f.Hidden = l.Version, []Field{{Name: "do", Value: do}}
	return f
}

// answerGroups are the fields for what is doubted, and for the cells the source lost.
func answerGroups(p i18n.Printer, l *shelf.Look) []Group {
	if l.Report == nil || l.Report.Form == nil {
		return nil
	}
	var first Group
	for _, a := range l.Asks {
		switch a.Doubt {
		case shelf.Body:
			f := Field{Name: "agency", Label: p.T("annual.office.whose"), Hint: p.Text(a.Message()), Kind: SelectField, Choices: []Choice{{Text: p.T("annual.office.undecided")}}}
			for _, b := range l.Bodies {
				f.Choices = append(f.Choices, Choice{Value: b.ID, Text: b.Name})
			}
			first.Fields = append(first.Fields, f)
		case shelf.Year:
			first.Fields = append(first.Fields, Field{Name: "year", Label: p.T("annual.office.which_year"), Hint: p.Text(a.Message()), Kind: NumberField, Least: "2019", Half: true})
		case shelf.Differ:
			first.Fields = append(first.Fields, Field{Name: "same", Label: p.T("annual.office.same", "source", sourceName(p, l.Source, l.Sources)), Hint: p.Text(a.Message()), Kind: TickField})
		}
	}
	var all []Group
	if len(first.Fields) > 0 {
		all = append(all, first)
	}
	for i, q := range l.Report.Questions {
		all = append(all, questionGroup(p, l.Report.Form, i, q))
	}
	return all
}

// questionGroup offers the readings of some cells, and fields for another.
func questionGroup(p i18n.Printer, f *form.Form, n int, q annual.Question) Group {
	prefix := "q" + strconv.Itoa(n)
	g := Group{Legend: p.T("annual.office.question", "n", n+1), Note: p.Text(q.Why) + p.T("annual.office.raw", "raw", p.List(q.Raw))}
	choice := Field{Name: prefix, Label: p.T("annual.office.readings"), Kind: RadioField}
	for i, option := range q.Options {
		choice.Choices = append(choice.Choices, Choice{Value: strconv.Itoa(i), Text: readingOf(p, f, q, option)})
	}
	if len(choice.Choices) > 0 {
		g.Fields = append(g.Fields, choice)
	}
	for i, k := range q.Keys {
		g.Fields = append(g.Fields, Field{Name: prefix + "_" + strconv.Itoa(i), Label: f.Label(k), Half: true, Most: 20, Hint: p.T("annual.office.own_hint")})
	}
	return g
}

func readingOf(p i18n.Printer, f *form.Form, q annual.Question, option annual.Assignment) string {
	var parts []string
	for i, k := range q.Keys {
		value := p.T("annual.office.blank")
		if !option[i].Blank {
			value = option[i].Value.String()
		}
		parts = append(parts, p.T("annual.office.part", "cell", cellName(f, k, q.Keys), "value", value))
	}
	return p.List(parts)
}

// cellName names a cell among others: by its column where all stand in one row.
func cellName(f *form.Form, k form.Key, among []form.Key) string {
	for _, o := range among {
		if o.Row() != k.Row() {
			return f.Label(k)
		}
	}
	return f.Cell(k).Column
}

// chooseForm offers the other sources that hold a report, nil where there is none.
func chooseForm(p Page, l *shelf.Look) *Form {
	field := Field{Name: "source", Label: p.T("annual.office.source"), Kind: RadioField, Required: true, Value: l.Source}
	for _, s := range l.Sources {
		if s.Fault == "" && !s.Refused && s.ID != shelf.FromUpload {
			field.Choices = append(field.Choices, Choice{Value: s.ID, Text: sourceName(p.Printer, s.ID, l.Sources), Note: sourceFate(p.Printer, s)})
		}
	}
	if len(field.Choices) < 2 {
		return nil
	}
	f := readingForm(p, l, "choose", Group{Fields: []Field{field}})
	f.Buttons = []Button{{Text: p.T("annual.office.choose")}}
	return f
}

// actReading does what one of the page's forms asks for.
func (o *Office) actReading(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	do := f.Choice("do", "settle", "choose", "close", "again")
	return o.readingDone(w, r, do, o.doReading(r, f, do))
}

func (o *Office) doReading(r *http.Request, f *web.Form, do string) (err error) {
	ctx, by, id, version := r.Context(), o.Actor(r), r.PathValue("id"), f.Int64("version")
	switch do {
	case "settle":
		l, err := o.Shelf.Get(ctx, by, id)
		if err != nil {
			return err
		}
		answer := readAnswer(f, l)
		if err := f.Err(); err != nil && l.Version == version {
			return err
		}
		_, err = o.Shelf.Settle(ctx, by, id, version, answer)
		return err
	case "choose":
		source := f.Need("source")
		if err := f.Err(); err != nil {
			return err
		}
		_, err = o.Shelf.Choose(ctx, by, id, version, source)
	case "close":
		as, reason := shelf.State(f.Need("as")), f.Need("reason")
		if err := f.Err(); err != nil {
			return err
		}
		_, err = o.Shelf.Close(ctx, by, id, version, as, reason)
	case "again":
		_, err = o.Shelf.Again(ctx, by, id, version)
	default:
		return f.Err()
	}
	return err
}

// supplyReading takes a file in which the report can be read.
func (o *Office) supplyReading(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	version := f.Int64("version")
	data, err := uploaded(r, "file")
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		_, err = o.Shelf.Supply(r.Context(), o.Actor(r), r.PathValue("id"), version, uploadedName(r, "file"), data)
	}
	return o.readingDone(w, r, "supply", err)
}

// readingDone leads back to the reading, or shows the form again with what was wrong.
func (o *Office) readingDone(w http.ResponseWriter, r *http.Request, form string, err error) error {
	if err == nil {
		return o.done(w, r, i18n.M("annual.office.done"), "/office/annual/%s", r.PathValue("id"))
	}
	if !mendable(err) {
		return err
	}
	p, _, broken := o.readingPage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, form, err)
}
