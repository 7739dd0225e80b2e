package office

import (
	"bytes"
	"net/http"

	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

func (o *Office) listCleanings(w http.ResponseWriter, r *http.Request) error {
	p, err := o.cleaningsPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

// cleaningsPage lists a body's cleaning lists, with the form that opens another.
func (o *Office) cleaningsPage(r *http.Request) (*RecordPage, error) {
	all, err := o.Normative.Cleanings(r.Context(), o.Actor(r), o.Body(r))
	if err != nil {
		return nil, err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("law.clean.title")), Lead: printer(r).T("law.clean.lead")}
	p.Crumb(p.T("law.normative.title"), o.path(r, "/office/normative"))
	columns := []Column{{Key: "title", Text: p.T("law.clean.name")}, {Key: "as_of", Text: p.T("law.clean.as_of"), Slim: true}, {Key: "n", Text: p.T("law.clean.lines"), Num: true, Slim: true}, {Key: "state", Text: p.T("law.column.state"), Slim: true}}
	l := NewList(p.Page, p.T("law.clean.all"), columns, ListQuery{})
	for _, c := range all {
		l.Rows = append(l.Rows, Row{ID: c.ID, Cells: []Cell{{Text: c.Title, Href: o.path(r, "/office/normative/clean/%s", c.ID), Lang: "zh-CN"},
			{Text: c.AsOf.String()}, {Text: p.T("law.number", "n", len(c.Lines))}, {Badge: cleaningState(p.Printer, c)}}})
	}
	l.Export, l.Empty = false, p.T("law.clean.none")
	p.Lists = []*List{l}
	f := NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "title", Label: p.T("law.clean.name"), Required: true, Most: 100, Lang: "zh-CN"},
		{Name: "as_of", Label: p.T("law.clean.as_of"), Kind: DateField, Required: true, Hint: p.T("law.clean.as_of_hint")},
	}})
	f.Buttons = []Button{{Text: p.T("law.clean.open"), Tone: "primary"}}
	p.Forms = []Section{{ID: "open", Title: p.T("law.clean.open"), Form: f}}
	return p, nil
}

func cleaningState(p i18n.Printer, c *normative.Cleaning) *Badge {
	if c.DecidedOn.IsZero() {
		return &Badge{p.T("law.clean.working"), Wait}
	}
	return &Badge{p.T("law.clean.settled"), Good}
}

func (o *Office) openCleaning(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	title, day := f.Need("title"), f.Date("as_of")
	err := f.Err()
	if err == nil {
		var c *normative.Cleaning
		if c, err = o.Normative.Clean(r.Context(), o.Actor(r), o.Body(r), title, day); err == nil {
			return o.goTo(w, r, "/office/normative/clean/%s", c.ID)
		}
	}
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	p, broken := o.cleaningsPage(r)
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, p, "open", err)
}

func (o *Office) showCleaning(w http.ResponseWriter, r *http.Request) error {
	c, err := o.Normative.Cleaning(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if format := r.URL.Query().Get("file"); format != "" {
		return o.printCleaning(w, r, c, format)
	}
	return o.show(w, r, "record", o.cleaningPage(r, c))
}

// cleaningPage shows a list's lines; while it is worked on, verdicts can be set on many at once.
func (o *Office) cleaningPage(r *http.Request, c *normative.Cleaning) *RecordPage {
	p := &RecordPage{Page: o.page(r, c.Title), State: cleaningState(printer(r), c)}
	p.Crumb(p.T("law.normative.title"), o.path(r, "/office/normative"))
	p.Crumb(p.T("law.clean.title"), o.path(r, "/office/normative/clean"))
	at := o.path(r, "/office/normative/clean/%s", c.ID)
	p.Tools = []Tool{{Text: p.T("law.clean.xlsx"), Href: at + "?file=xlsx"}, {Text: p.T("law.clean.docx"), Href: at + "?file=docx"}}
	card := Card{ID: "counts", Title: p.T("law.clean.counts")}
	for _, v := range append([]normative.Verdict{normative.Undecided}, normative.Verdicts...) {
		card.Facts = append(card.Facts, Fact{Label: p.Text(v.Message()), Value: p.T("law.number", "n", len(c.Of(v)))})
	}
	if !c.DecidedOn.IsZero() {
		card.Facts = append(card.Facts, Fact{Label: p.T("law.clean.decision"), Value: c.DecidedBy}, Fact{Label: p.T("law.clean.decided_on"), Value: dayText(p.Printer, c.DecidedOn)})
	}
	p.Cards = []Card{card}
	p.Forms = cleaningForms(p.Page, c, at)
	p.Lists = []*List{o.cleaningLines(r, p.Page, c)}
	return p
}

func (o *Office) cleaningLines(r *http.Request, p Page, c *normative.Cleaning) *List {
	columns := []Column{{Key: "title", Text: p.T("law.column.title")}, {Key: "doc_no", Text: p.T("law.column.doc_no"), Slim: true}, {Key: "issued", Text: p.T("law.column.issued"), Slim: true, Wide: true}, {Key: "verdict", Text: p.T("law.clean.verdict"), Slim: true}, {Key: "reason", Text: p.T("law.field.reason"), Wide: true}}
	l := NewList(p, p.T("law.clean.lines"), columns, ListQuery{})
	tones := map[normative.Verdict]Tone{normative.Undecided: Wait, normative.Continue: Good, normative.Revise: Warn, normative.Cancel: Gone, normative.Lapse: Gone}
	for _, line := range c.Lines {
		l.Rows = append(l.Rows, Row{ID: line.Record, Name: line.Title, Cells: []Cell{
			{Text: line.Title, Href: o.path(r, "/office/normative/%s", line.Record), Lang: "zh-CN"}, {Text: line.DocNo, Lang: "zh-CN"},
			{Text: line.IssuedOn.String()}, {Badge: &Badge{p.Text(line.Verdict.Message()), tones[line.Verdict]}}, {Text: line.Reason, Lang: "zh-CN"},
		}})
	}
	l.Export, l.Empty, l.Total = false, p.T("law.clean.nothing"), p.T("law.total", "n", len(c.Lines))
	if c.DecidedOn.IsZero() {
		l.BulkTo = o.path(r, "/office/normative/clean/%s", c.ID)
		for _, v := range normative.Verdicts {
			l.Bulk = append(l.Bulk, Bulk{Value: string(v), Text: p.Text(v.Message())})
		}
	}
	return l
}

func cleaningForms(p Page, c *normative.Cleaning, at string) []Section {
	if !c.DecidedOn.IsZero() {
		return nil
	}
	f := NewForm(p, at+"/settle", Group{Fields: []Field{
		onField(p.Printer, "law.clean.decided_on"), {Name: "decision", Label: p.T("law.clean.decision"), Required: true, Half: true, Most: 100, Lang: "zh-CN"},
	}})
	f.Version, f.Buttons = c.Version, []Button{{Text: p.T("law.clean.settle"), Tone: "primary"}}
	return []Section{{ID: "settle", Title: p.T("law.clean.settle"), Note: p.T("law.clean.settle_note"), Form: f, Folded: len(c.Of(normative.Undecided)) > 0}}
}

// judgeCleaning sets the verdict of the ticked lines, asking for the reason first.
func (o *Office) judgeCleaning(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	v, ids := normative.Verdict(f.Text("do")), f.List("id")
	c, err := o.Normative.Cleaning(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	back := web.Link{Text: printer(r).T("office.form.back"), Href: o.path(r, "/office/normative/clean/%s", c.ID)}
	if sure, err := o.sure(w, r, Confirm{
		Title: printer(r).T("law.clean.judge", "verdict", v.Message(), "n", len(ids)), Yes: printer(r).Text(v.Message()), Back: back,
		Reason: &Field{Name: "reason", Label: printer(r).T("law.field.reason"), Kind: LongField, Rows: 3, Most: 300},
	}); !sure {
		return err
	}
	if _, err := o.Normative.Judge(r.Context(), o.Actor(r), c.ID, c.Version, ids, v, f.Text("reason")); err != nil {
		return err
	}
	return o.done(w, r, i18n.M("law.saved"), "/office/normative/clean/%s", c.ID)
}

func (o *Office) settleCleaning(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	on, decision, version := f.Date("on"), f.Need("decision"), f.Int64("version")
	err := f.Err()
	if err == nil {
		_, err = o.Normative.Settle(r.Context(), o.Actor(r), r.PathValue("id"), version, on, decision)
	}
	if err == nil {
		return o.done(w, r, i18n.M("law.clean.done"), "/office/normative/clean/%s", r.PathValue("id"))
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	c, broken := o.Normative.Cleaning(r.Context(), o.Actor(r), r.PathValue("id"))
	if broken != nil {
		return broken
	}
	return o.answerRecord(w, r, o.cleaningPage(r, c), "settle", err)
}

// printCleaning sends the list as a file.
func (o *Office) printCleaning(w http.ResponseWriter, r *http.Request, c *normative.Cleaning, format string) error {
	var b bytes.Buffer
	p := i18n.To(i18n.Chinese) // an official document, in the language of the body
	kind := "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	var err error
	if format == "xlsx" {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = c.WriteXLSX(&b, p)
	} else {
		format = "docx"
		err = c.WriteDOCX(&b, p, o.bodyWorkedFor(r))
	}
	if err != nil {
		return err
	}
	attach(w, kind, c.Title+"."+format)
	_, _ = w.Write(b.Bytes()) // a browser that has gone needs no answer
	return nil
}

// bodyWorkedFor is the name of the body worked for.
func (o *Office) bodyWorkedFor(r *http.Request) string {
	for _, b := range visitOf(r).Bodies {
		if b.ID == o.Body(r) {
			return b.Name
		}
	}
	return ""
}
