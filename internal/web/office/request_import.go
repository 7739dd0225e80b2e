package office

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/register"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// importTime bounds the taking in of one register.
const importTime = 20 * time.Minute

// registers are the pages on which a register kept elsewhere is taken in. The files wait in memory
// while a person looks at what they would become.
type registers struct {
	*Office
	shelf *register.Shelf
}

func (o *Office) registerRoutes(rt *router) {
	s := registers{o, &register.Shelf{Clock: time.Now}}
	rt.Page("GET /office/requests-import", s.choose)
	rt.Upload("POST /office/requests-import", register.MostBytes+1<<20, s.take)
	rt.Page("GET /office/requests-import/template", s.template)
	rt.Page("GET /office/requests-import/file/{key}", s.look)
	rt.Page("POST /office/requests-import/file/{key}", s.act)
}

// may checks that the person may take registers in for the body.
func (s registers) may(r *http.Request) error {
	return s.Actor(r).May(actor.FoiImport, actor.In(s.Body(r)))
}

func (s registers) page(r *http.Request) *FormPage {
	p := &FormPage{Page: s.Office.page(r, printer(r).T("move.import.title")), Lead: printer(r).T("move.import.lead")}
	p.Crumb(p.T("requests.title"), s.path(r, "/office/requests"))
	return p
}

func (s registers) choosePage(r *http.Request) *FormPage {
	p := s.page(r)
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{{Name: "file", Label: p.T("move.import.file"), Kind: FileField, Required: true, Accept: ".xlsx,.csv", Hint: p.T("move.import.file_hint")}}})
	p.Form.Buttons = []Button{{Text: p.T("move.import.read"), Tone: "primary"}}
	p.Form.Back = p.back(s.path(r, "/office/requests"))
	p.Side = []Card{{ID: "template", Title: p.T("move.import.template"), Note: p.T("move.import.template_note"),
		Links: []web.Link{{Href: s.path(r, "/office/requests-import/template"), Text: p.T("move.import.template_link")}}}}
	return p
}

func (s registers) choose(w http.ResponseWriter, r *http.Request) error {
	if err := s.may(r); err != nil {
		return err
	}
	return s.show(w, r, "form", s.choosePage(r))
}

// take reads an uploaded register and puts it on the shelf.
func (s registers) take(w http.ResponseWriter, r *http.Request) error {
	if err := s.may(r); err != nil {
		return err
	}
	data, err := uploaded(r, "file")
	if err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	book, err := register.Read(r.Context(), data)
	if err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	k, err := s.shelf.Put(s.Actor(r).ID, s.Body(r), uploadedName(r, "file"), book)
	if err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	return s.goTo(w, r, "/office/requests-import/file/%s", k.ID)
}

func (s registers) template(w http.ResponseWriter, r *http.Request) error {
	if err := s.may(r); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := register.Template(&file, printer(r)); err != nil {
		return err
	}
	attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", printer(r).T("move.import.template_name")+".xlsx")
	_, err := w.Write(file.Bytes())
	return err
}

func (s registers) kept(r *http.Request) (*register.Kept, error) {
	if err := s.may(r); err != nil {
		return nil, err
	}
	return s.shelf.Get(s.Actor(r).ID, s.Body(r), r.PathValue("key"))
}

// look shows what would become of a file or, once its rows are taken in, what became of it.
func (s registers) look(w http.ResponseWriter, r *http.Request) error {
	k, err := s.kept(r)
	if err != nil {
		return err
	}
	p, err := k.Book.Plan(k.Options(), s.today())
	if err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	if _, _, tally, failed := k.Result(); k.Running() || tally != nil && failed == nil {
		return s.show(w, r, "record", s.resultPage(r, k, p))
	}
	return s.show(w, r, "form", s.planPage(r, k, p))
}

// act keeps what a person says about a file, and takes its rows in when asked.
func (s registers) act(w http.ResponseWriter, r *http.Request) error {
	k, err := s.kept(r)
	if err != nil {
		return err
	}
	f, before := web.ReadForm(r), k.Options()
	p, err := k.Book.Plan(before, s.today())
	if err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	k.Say(optionsOf(f, p))
	do := f.Text("do")
	if p, err = k.Book.Plan(k.Options(), s.today()); err != nil {
		return s.answer(w, r, s.choosePage(r), err)
	}
	if do != "import" && do != "partly" || len(p.Missing) > 0 {
		return s.show(w, r, "form", s.planPage(r, k, p))
	}
	if len(p.Good()) == 0 || do == "import" && len(p.Good()) < len(p.Rows) {
		return s.answer(w, r, s.planPage(r, k, p), register.ErrFaulty.With("n", len(p.Rows)-len(p.Good())))
	}
	if err := k.Begin(); err != nil {
		return s.answer(w, r, s.planPage(r, k, p), err)
	}
	s.run(r, k, p, do == "partly")
	return s.goTo(w, r, "/office/requests-import/file/%s", k.ID)
}

// run takes the rows in behind the person's back: ten thousand take longer than a page may. Cut off,
// the same file is run again and doubles nothing.
func (s registers) run(r *http.Request, k *register.Kept, p *register.Plan, partly bool) {
	by, body := s.Actor(r), s.Body(r)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), importTime)
	go func() {
		defer cancel()
		t, err := register.Run(ctx, s.Requests, by, body, p, partly, k.Told)
		k.End(t, err)
	}()
}

func optionsOf(f *web.Form, p *register.Plan) register.Options {
	o := register.Options{Map: map[string]register.Field{}, Outcomes: map[string]outcome.Code{}, Same: map[register.Field]string{}, Year: f.Int("year")}
	for i, c := range p.Columns {
		if name := "column" + strconv.Itoa(i); f.Has(name) {
			field, _ := register.ParseField(f.Text(name))
			o.Map[c.Heading] = field
		}
	}
	for i, a := range p.Asked {
		if code := outcome.Code(f.Text("outcome" + strconv.Itoa(i))); code != "" {
			o.Outcomes[a.Text] = code
		}
	}
	for _, field := range []register.Field{register.Channel, register.Kind} {
		o.Same[field] = f.Text("same-" + string(field))
	}
	return o
}

// planPage shows how a file was understood, with everything a person may change.
func (s registers) planPage(r *http.Request, k *register.Kept, p *register.Plan) *FormPage {
	page := s.page(r)
	page.Lead = page.T("move.import.plan_lead", "name", k.Name)
	o := k.Options()
	var groups []Group
	if len(p.Asked) > 0 {
		groups = append(groups, askedGroup(page.Printer, p))
	}
	groups = append(groups, columnGroup(page.Printer, p), sameGroup(page.Printer, o))
	page.Form = NewForm(page.Page, "", groups...)
	page.Form.Buttons = []Button{{Text: page.T("move.import.check"), Name: "do", Value: "check"}}
	if good := len(p.Good()); len(p.Missing) == 0 && good == len(p.Rows) {
		page.Form.Buttons = append([]Button{{Text: page.T("move.import.do", "n", good), Name: "do", Value: "import", Tone: "primary"}}, page.Form.Buttons...)
	} else if good > 0 {
		page.Form.Buttons = append(page.Form.Buttons, Button{Text: page.T("move.import.partly", "n", good), Name: "do", Value: "partly"})
	}
	page.Form.Back = page.back(s.path(r, "/office/requests-import"))
	page.Side = planCards(page.Printer, p)
	return page
}

func askedGroup(p i18n.Printer, plan *register.Plan) Group {
	g := Group{Legend: p.T("move.import.asked"), Note: p.T("move.import.asked_note")}
	for i, a := range plan.Asked {
		all := []Choice{{Text: p.T("move.import.choose")}}
		for _, one := range outcome.All {
			if len(a.Candidates) == 0 || slices.Contains(a.Candidates, one.Code) {
				all = append(all, Choice{Value: string(one.Code), Text: p.Text(one.Code.Message())})
			}
		}
		g.Fields = append(g.Fields, Field{Name: "outcome" + strconv.Itoa(i), Label: p.T("move.import.asked_text", "text", a.Text, "n", a.Rows), Kind: SelectField, Value: string(a.Chosen), Choices: all})
	}
	return g
}

func columnGroup(p i18n.Printer, plan *register.Plan) Group {
	g := Group{Legend: p.T("move.import.columns"), Note: p.T("move.import.columns_note"), Folded: len(plan.Missing) == 0}
	for i, c := range plan.Columns {
		all := []Choice{{Text: p.T("move.import.unused")}}
		for _, f := range register.Fields {
			all = append(all, Choice{Value: string(f), Text: p.Text(f.Message())})
		}
		g.Fields = append(g.Fields, Field{Name: "column" + strconv.Itoa(i), Label: c.Heading, Kind: SelectField, Value: string(c.Field), Choices: all, Half: true, Lang: "zh-CN"})
	}
	return g
}

func sameGroup(p i18n.Printer, o register.Options) Group {
	none := p.T("move.import.no_same")
	year := ""
	if o.Year > 0 {
		year = strconv.Itoa(o.Year)
	}
	return Group{Legend: p.T("move.import.same"), Note: p.T("move.import.same_note"), Folded: true, Fields: []Field{
		{Name: "same-channel", Label: p.T("register.field.channel"), Kind: SelectField, Value: o.Same[register.Channel], Choices: choices(p, none, foi.Channels, func(c foi.Channel) i18n.Message { return foi.Word(string(c)) }), Half: true},
		{Name: "same-kind", Label: p.T("register.field.kind"), Kind: SelectField, Value: o.Same[register.Kind], Choices: choices(p, none, foi.Kinds, func(k foi.Kind) i18n.Message { return foi.Word(string(k)) }), Half: true},
		{Name: "year", Label: p.T("move.import.year"), Kind: NumberField, Value: year, Least: "2000", Top: "2099", Half: true},
	}}
}

// planCards tell what is wrong with which row.
func planCards(p i18n.Printer, plan *register.Plan) []Card {
	sum := Card{ID: "sum", Title: p.T("move.import.sum"), Facts: []Fact{
		{Label: p.T("move.import.rows"), Value: strconv.Itoa(len(plan.Rows))}, {Label: p.T("move.import.good"), Value: strconv.Itoa(len(plan.Good()))},
		{Label: p.T("move.import.skipped"), Value: strconv.Itoa(plan.Skipped)}}}
	for _, f := range plan.Missing {
		sum.Facts = append(sum.Facts, Fact{Label: p.T("move.import.missing"), Value: p.Text(f.Message()), Badge: &Badge{p.T("move.import.needed"), Bad}})
	}
	for _, n := range plan.Notes {
		sum.Facts = append(sum.Facts, Fact{Label: p.T("move.import.note"), Value: p.Text(n)})
	}
	wrong, n := Card{ID: "wrong", Title: p.T("move.import.wrong")}, 0
	for _, row := range plan.Rows {
		for _, f := range row.Faults {
			if n++; n <= shownFaults {
				wrong.Facts = append(wrong.Facts, Fact{Label: p.T("move.import.at", "sheet", row.Sheet, "row", row.N, "column", f.Heading), Value: p.Text(f.Err.Message())})
			}
		}
	}
	if n > shownFaults {
		wrong.Note = p.T("move.import.more", "n", n-shownFaults)
	}
	if n == 0 {
		return []Card{sum}
	}
	return []Card{sum, wrong}
}

// resultPage tells what became of a file, with table three counted from its rows beside what the
// person has counted.
func (s registers) resultPage(r *http.Request, k *register.Kept, p *register.Plan) *RecordPage {
	page := &RecordPage{Page: s.Office.page(r, printer(r).T("move.import.title"))}
	page.Crumb(page.T("requests.title"), s.path(r, "/office/requests"))
	done, all, tally, _ := k.Result()
	if tally == nil {
		page.Lead = page.T("move.import.running", "done", done, "all", all)
		page.Cards = []Card{{ID: "again", Title: page.T("move.import.wait"), Links: []web.Link{{Href: here(r), Text: page.T("move.import.again")}}}}
		return page
	}
	page.Lead = page.T("move.import.done", "created", tally.Created, "known", tally.Known, "left", tally.Left)
	if len(tally.Refused) > 0 {
		page.Cards = planCards(page.Printer, &register.Plan{Rows: tally.Refused})[1:]
	}
	entries, f := p.Entries(), web.ReadQuery(r)
	year := f.Int("year")
	if f.Text("year") == "" {
		year = entries[len(entries)/2].Received.Year()
	}
	c := register.CountOf(entries, min(max(year, 2000), 2099))
	page.Lists = []*List{tableList(page.Page, c, f)}
	page.Forms = []Section{{ID: "own", Title: page.T("move.import.own"), Note: page.T("move.import.own_note"), Form: ownForm(page.Page, c, f), Folded: true}}
	return page
}

// countRow is one line of table three.
type countRow struct {
	key, label string
	values     [7]int
}

func countRows(p i18n.Printer, c register.Count) []countRow {
	rows := []countRow{{"new", p.T("move.import.new"), c.New}, {"carried", p.T("move.import.carried"), c.Carried}}
	seen := map[string]bool{}
	for _, o := range outcome.All {
		if !seen[o.Key] {
			seen[o.Key] = true
			rows = append(rows, countRow{o.Key, p.Text(o.Code.Message()), c.Done[o.Key]})
		}
	}
	return append(rows, countRow{"sum", p.T("move.import.total"), c.Sum}, countRow{"remaining", p.T("move.import.remaining"), c.Remaining})
}

func tableList(page Page, c register.Count, f *web.Form) *List {
	p := page.Printer
	columns := []Column{{Key: "row", Text: p.T("move.import.row")}}
	for _, k := range foi.Kinds {
		columns = append(columns, Column{Key: string(k), Text: p.Text(foi.Word(string(k))), Num: true, Wide: true})
	}
	columns = append(columns, Column{Key: "all", Text: p.T("move.import.all"), Num: true}, Column{Key: "own", Text: p.T("move.import.yours"), Num: true})
	l := NewList(page, p.T("move.import.table", "year", c.Year), columns, ListQuery{})
	l.Export = false
	for _, row := range countRows(p, c) {
		cells := []Cell{{Text: row.label}}
		for _, n := range row.values {
			cells = append(cells, Cell{Text: strconv.Itoa(n)})
		}
		own := Cell{Text: f.Text(row.key)}
		if n, err := strconv.Atoi(own.Text); err == nil && n != row.values[6] {
			own.Badge = &Badge{p.T("move.import.differs", "n", row.values[6]-n), Bad}
		}
		l.Rows = append(l.Rows, Row{ID: row.key, Name: row.label, Cells: append(cells, own)})
	}
	return l
}

func ownForm(page Page, c register.Count, f *web.Form) *Form {
	g := Group{Fields: []Field{{Name: "year", Label: page.T("move.import.year"), Kind: NumberField, Value: strconv.Itoa(c.Year), Least: "2000", Top: "2099"}}}
	for _, row := range countRows(page.Printer, c) {
		g.Fields = append(g.Fields, Field{Name: row.key, Label: row.label, Kind: NumberField, Least: "0", Value: f.Text(row.key), Half: true})
	}
	form := NewForm(page, "", g)
	form.Query = true
	form.Buttons = []Button{{Text: page.T("move.import.compare"), Tone: "primary"}}
	return form
}
