package office

import (
	"net/http"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// levelOf is the level of government of a body, none where it is not on record.
func (o *Office) levelOf(r *http.Request, body string) agency.Level {
	var level agency.Level
	if err := o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		a, err := agency.Load(tx, body)
		if err == nil {
			level = a.Level
		}
		return err
	}); err != nil {
		return ""
	}
	return level
}

// sectionView is all a page about one section shows.
type sectionView struct {
	line   *section.Line
	events []*section.Happening
	sent   []*section.Reminder
	under  []*section.Section
	tree   *section.Tree
	today  date.Date
	scope  actor.Scope
}

// viewSection reads a section the person may see.
func (o *Office) viewSection(r *http.Request, id string) (v *sectionView, err error) {
	v = &sectionView{}
	err = o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		keys, s, err := section.Path(tx, id)
		if err != nil {
			return err
		}
		v.scope, v.today = actor.In(s.Agency, keys...), tx.Today()
		if err := o.Actor(r).May(actor.SectionView, v.scope); err != nil {
			return err
		}
		all, err := section.All(tx, s.Agency)
		if err != nil {
			return err
		}
		v.tree = section.NewTree(all)
		f, err := section.LoadFresh(tx, id)
		if err != nil {
			return err
		}
		v.line = f.Line(s, section.Title(v.tree.Above(id)), v.today)
		if v.events, err = section.Events(tx, id, 50); err != nil {
			return err
		}
		v.sent, err = section.Reminders(tx, id, 10)
		v.under = v.tree.Under(id)
		return err
	})
	return v, err
}

// showSection shows what is on record of a section and what can be done with it.
func (o *Office) showSection(w http.ResponseWriter, r *http.Request) error {
	return o.showSectionWith(w, r, "", nil)
}

// showSectionWith shows the page again with what was wrong with one of its forms.
func (o *Office) showSectionWith(w http.ResponseWriter, r *http.Request, form string, problem error) error {
	v, err := o.viewSection(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	p, status := o.sectionPage(r, v), http.StatusOK
	for i := range p.Forms {
		if problem != nil && p.Forms[i].ID == form {
			p.Forms[i].Form.Keep(r.PostForm)
			status = p.Forms[i].Form.Tell(problem)
		}
	}
	return o.showAs(w, r, status, "record", p)
}

func (o *Office) sectionPage(r *http.Request, v *sectionView) *RecordPage {
	s := v.line.Section
	state := sectionBadge(printer(r), v.line, v.today)
	if s.Retired {
		state = Badge{printer(r).T("sections.retired", "on", s.RetiredOn), Gone}
	}
	p := &RecordPage{Page: o.page(r, s.Name), State: &state, Lead: s.Description}
	p.Crumb(p.T("sections.title"), o.path(r, "/office/sections"))
	path := v.tree.Above(s.ID)
	for i := len(path) - 1; i > 0; i-- {
		p.Crumb(path[i].Name, o.path(r, "/office/sections/%s", path[i].ID))
	}
	p.Cards = []Card{o.freshCard(r, v), o.factsCard(r, v)}
	if len(v.under) > 0 {
		c := Card{ID: "under", Title: p.T("sections.under")}
		for _, u := range v.under {
			c.Links = append(c.Links, web.Link{Text: u.Name, Href: o.path(r, "/office/sections/%s", u.ID), Lang: "zh-CN"})
		}
		p.Cards = append(p.Cards, c)
	}
	if s.CatalogueID != "" {
		p.Cards = append(p.Cards, catalogueCard(p.Printer, s.Catalogue))
	}
	for _, sent := range v.sent {
		p.Timeline = append(p.Timeline, Event{When: sent.Day.String(), Who: sent.By, Title: p.T("sections.reminded"), Tone: Note})
	}
	if !s.Retired {
		o.sectionActs(r, p, v)
	}
	return p
}

// sectionActs are the tools and forms of what the person may do with the section.
func (o *Office) sectionActs(r *http.Request, p *RecordPage, v *sectionView) {
	by, s := o.Actor(r), v.line.Section
	if by.Can(actor.SectionCreate, v.scope) {
		p.Tools = append(p.Tools, Tool{Text: p.T("sections.new_below"), Href: o.path(r, "/office/sections/new?parent=%s", s.ID), New: true})
	}
	if by.Can(actor.SectionChange, v.scope) {
		p.Tools = append(p.Tools, Tool{Text: p.T("sections.edit"), Href: o.path(r, "/office/sections/%s/edit", s.ID), Main: true})
	}
	if by.Can(actor.SectionEvent, v.scope) && v.line.Fresh.Duty.Rhythm == section.Event {
		p.Lists = append(p.Lists, o.eventList(r, p, v))
		p.Forms = append(p.Forms, o.eventForm(r, p.Page, v))
	}
	if by.Can(actor.SectionReview, v.scope) && v.line.Fresh.Duty.Rhythm == section.Permanent {
		p.Forms = append(p.Forms, o.reviewForm(r, p.Page, s))
	}
	if s.Kind.Prescribed() {
		return
	}
	if by.Can(actor.SectionMove, v.scope) {
		p.Forms = append(p.Forms, o.moveForm(r, p.Page, v))
	}
	if by.Can(actor.SectionRetire, v.scope) {
		p.Forms = append(p.Forms, o.retireForm(r, p.Page, v))
	}
}

func (o *Office) freshCard(r *http.Request, v *sectionView) Card {
	p, f := printer(r), v.line.Fresh
	facts := []Fact{{Label: p.T("sections.duty"), Value: p.Text(f.Duty.Message())}}
	if ref := section.CiteOf(f.Kind); v.line.Section.Duty.Rhythm == section.Usual && !ref.IsZero() {
		facts = append(facts, Fact{Label: p.T("sections.ground"), Value: citeOf(p, ref)})
	}
	facts = append(facts, Fact{Label: p.T("sections.last"), Value: orNone(p, f.Last.String())})
	if f.LastItem != "" && o.Items != nil {
		facts[len(facts)-1].Href = o.path(r, "/office/items/%s", f.LastItem)
	}
	if !f.Reviewed.IsZero() {
		facts = append(facts, Fact{Label: p.T("sections.reviewed"), Value: f.Reviewed.String()})
	}
	if !f.Due.IsZero() {
		state := sectionBadge(p, v.line, v.today)
		facts = append(facts, Fact{Label: p.T("sections.due"), Value: f.Due.String(), Badge: &state})
	}
	c := Card{ID: "fresh", Title: p.T("sections.fresh"), Facts: facts}
	if !f.Sure {
		c.Note = p.T("sections.unsure")
	}
	return c
}

func orNone(p i18n.Printer, s string) string {
	if s == "" {
		return p.T("sections.none_yet")
	}
	return s
}

func (o *Office) factsCard(r *http.Request, v *sectionView) Card {
	p, s := printer(r), v.line.Section
	facts := []Fact{
		{Label: p.T("sections.kind"), Value: p.Text(s.Kind.Message())},
		{Label: p.T("sections.department"), Value: orNone(p, s.Department), Lang: "zh-CN"},
		{Label: p.T("sections.owner"), Value: orNone(p, s.OwnerName), Lang: "zh-CN"},
		{Label: p.T("sections.slug"), Value: s.Slug},
	}
	if i, ok := class.ItemOf(s.Item20); ok {
		facts = append(facts, Fact{Label: p.T("sections.item20"), Value: citeOf(p, i.Cite()) + p.T("office.colon") + i.Name(p.Lang())})
	}
	if s.Keywords != "" {
		facts = append(facts, Fact{Label: p.T("sections.keywords"), Value: s.Keywords, Lang: "zh-CN"})
	}
	if s.Retired {
		facts = append(facts, Fact{Label: p.T("office.reason"), Value: s.RetiredReason, Lang: "zh-CN"})
		if next := v.tree.Get(s.Successor); next != nil {
			facts = append(facts, Fact{Label: p.T("sections.successor"), Value: next.Name, Href: o.path(r, "/office/sections/%s", next.ID)})
		}
	}
	return Card{ID: "facts", Title: p.T("sections.about"), Facts: facts}
}

func catalogueCard(p i18n.Printer, e section.Entry) Card {
	c := Card{ID: "catalogue", Title: p.T("sections.catalogue")}
	for _, f := range []Fact{
		{Label: p.T("sections.entry.no"), Value: e.No}, {Label: p.T("sections.entry.content"), Value: e.Content},
		{Label: p.T("sections.entry.basis"), Value: e.Basis}, {Label: p.T("sections.entry.limit"), Value: e.Limit},
		{Label: p.T("sections.entry.body"), Value: e.Body}, {Label: p.T("sections.entry.duration"), Value: e.Duration},
		{Label: p.T("sections.entry.range"), Value: e.Range}, {Label: p.T("sections.entry.channels"), Value: channelWords(p, e.Channels)},
	} {
		if f.Value != "" {
			f.Lang = "zh-CN"
			c.Facts = append(c.Facts, f)
		}
	}
	return c
}

func channelWords(p i18n.Printer, keys []string) string {
	var all []string
	for _, k := range keys {
		if e, ok := class.Find(class.Channels(), k); ok {
			all = append(all, e.Name(p.Lang()))
		}
	}
	return p.List(all)
}

// eventList shows what must be published, the open ones first.
func (o *Office) eventList(r *http.Request, page *RecordPage, v *sectionView) *List {
	p := page.Printer
	l := NewList(page.Page, p.T("sections.events"), []Column{
		{Key: "what", Text: p.T("sections.event.what")}, {Key: "on", Text: p.T("sections.event.on"), Slim: true},
		{Key: "state", Text: p.T("sections.state"), Slim: true},
	}, ReadList(r, nil, ""))
	l.Export, l.Empty = false, p.T("sections.event.none")
	for _, h := range v.events {
		state := Badge{p.T("sections.event.done", "on", h.DoneOn), Good}
		if !h.Done {
			state = Left(p, h.Due, v.today, soon)
		}
		if !h.Done {
			l.BulkTo, l.Bulk = o.path(r, "/office/sections/%s/close", h.Section), []Bulk{{Value: "close", Text: p.T("sections.event.close")}}
		}
		l.Rows = append(l.Rows, Row{ID: h.ID, Name: h.What, Cells: []Cell{
			{Text: h.What, Sub: h.By, Lang: "zh-CN"}, {Text: h.On.String()}, {Badge: &state}}})
	}
	return l
}

func (o *Office) eventForm(r *http.Request, p Page, v *sectionView) Section {
	f := NewForm(p, o.path(r, "/office/sections/%s/events", v.line.Section.ID), Group{Fields: []Field{
		{Name: "what", Label: p.T("sections.event.what"), Required: true, Most: 200, Lang: "zh-CN"},
		{Name: "on", Label: p.T("sections.event.on"), Kind: DateField, Required: true, Top: v.today.String(), Half: true,
			Help: HelpOn(p.Printer, "sections.event.help", section.CiteOf(section.Statutory))},
	}})
	f.Buttons = []Button{{Text: p.T("sections.event.record"), Tone: "primary"}}
	return Section{ID: "event", Title: p.T("sections.event.record"), Form: f, Folded: true}
}

func (o *Office) reviewForm(r *http.Request, p Page, s *section.Section) Section {
	f := NewForm(p, o.path(r, "/office/sections/%s/review", s.ID))
	f.Buttons = []Button{{Text: p.T("sections.review"), Tone: "primary"}}
	return Section{ID: "review", Title: p.T("sections.review"), Note: p.T("sections.review_note"), Form: f}
}

func (o *Office) moveForm(r *http.Request, p Page, v *sectionView) Section {
	s := v.line.Section
	f := NewForm(p, o.path(r, "/office/sections/%s/move", s.ID), Group{Fields: []Field{
		{Name: "parent", Label: p.T("sections.parent"), Kind: SelectField, Value: s.Parent, Choices: sectionChoices(v.tree, p.T("sections.top"), s.ID), Half: true},
		{Name: "before", Label: p.T("sections.before"), Kind: SelectField, Choices: siblingChoices(v.tree, s, p.T("sections.last_place")), Half: true, Hint: p.T("sections.before_hint")},
	}})
	f.Version, f.Buttons = s.Version, []Button{{Text: p.T("sections.move")}}
	return Section{ID: "move", Title: p.T("sections.move"), Form: f, Folded: true}
}

func (o *Office) retireForm(r *http.Request, p Page, v *sectionView) Section {
	s := v.line.Section
	f := NewForm(p, o.path(r, "/office/sections/%s/retire", s.ID), Group{Fields: []Field{
		{Name: "reason", Label: p.T("office.reason"), Kind: LongField, Rows: 2, Required: true, Most: 500, Lang: "zh-CN"},
		{Name: "successor", Label: p.T("sections.successor"), Kind: SelectField, Choices: sectionChoices(v.tree, p.T("office.none"), s.ID), Hint: p.T("sections.successor_hint")},
	}})
	f.Version, f.Buttons = s.Version, []Button{{Text: p.T("sections.retire"), Tone: "danger"}}
	return Section{ID: "retire", Title: p.T("sections.retire"), Note: p.T("sections.retire_note"), Form: f, Folded: true}
}

// sectionChoices are the sections in use as options, each as deep as it stands; but and what
// is below it are left out.
func sectionChoices(t *section.Tree, none, but string) []Choice {
	all := []Choice{{Text: none}}
	for _, s := range t.All() {
		out := s.Retired
		for _, above := range t.Above(s.ID) {
			out = out || above.ID == but
		}
		if out {
			continue
		}
		text := s.Name
		for range t.Depth(s.ID) {
			text = "　" + text
		}
		all = append(all, Choice{Value: s.ID, Text: text})
	}
	return all
}

func siblingChoices(t *section.Tree, s *section.Section, last string) []Choice {
	all := []Choice{{Text: last}}
	for _, b := range t.Under(s.Parent) {
		if b.ID != s.ID && !b.Retired {
			all = append(all, Choice{Value: b.ID, Text: b.Name})
		}
	}
	return all
}

// afterAct leads back to the section's page, or shows it with what was wrong with the form.
func (o *Office) afterAct(w http.ResponseWriter, r *http.Request, form string, err error, done i18n.Message) error {
	switch fault.KindOf(err) {
	case "":
		return o.done(w, r, done, "/office/sections/%s", r.PathValue("id"))
	case fault.Invalid, fault.Conflict:
		return o.showSectionWith(w, r, form, err)
	}
	return err
}

func (o *Office) moveSection(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	to := section.Place{Parent: f.Text("parent"), Before: f.Text("before")}
	version, err := f.Int64("version"), f.Err()
	if err == nil {
		_, err = o.Sections.Move(r.Context(), o.Actor(r), r.PathValue("id"), version, to)
	}
	return o.afterAct(w, r, "move", err, i18n.M("sections.moved"))
}

func (o *Office) retireSection(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	end := section.Retirement{Reason: f.Need("reason"), Successor: f.Text("successor")}
	version, err := f.Int64("version"), f.Err()
	if err == nil {
		_, err = o.Sections.Retire(r.Context(), o.Actor(r), r.PathValue("id"), version, end)
	}
	return o.afterAct(w, r, "retire", err, i18n.M("sections.retired_done"))
}

func (o *Office) reviewSection(w http.ResponseWriter, r *http.Request) error {
	err := o.Sections.Review(r.Context(), o.Actor(r), r.PathValue("id"))
	return o.afterAct(w, r, "review", err, i18n.M("sections.review_done"))
}

func (o *Office) recordEvent(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	what, on := f.Need("what"), f.Date("on")
	err := f.Err()
	if err == nil {
		err = o.Sections.Record(r.Context(), o.Actor(r), r.PathValue("id"), on, what)
	}
	return o.afterAct(w, r, "event", err, i18n.M("office.saved"))
}

// closeEvents ends the ticked events, which need no publication, with the reason.
func (o *Office) closeEvents(w http.ResponseWriter, r *http.Request) error {
	f, p, id := web.ReadForm(r), printer(r), r.PathValue("id")
	sure, err := o.sure(w, r, Confirm{
		Title: p.T("sections.event.close"), Text: p.T("sections.event.close_text", "n", len(f.List("id"))), Yes: p.T("sections.event.close"),
		Reason: &Field{Name: "reason", Label: p.T("office.reason"), Required: true, Most: 200, Lang: "zh-CN"},
		Back:   web.Link{Href: o.path(r, "/office/sections/%s", id), Text: p.T("office.form.back")},
	})
	if !sure {
		return err
	}
	for _, event := range f.List("id") {
		if err := o.Sections.Close(r.Context(), o.Actor(r), event, f.Text("reason")); err != nil {
			return err
		}
	}
	return o.done(w, r, i18n.M("office.saved"), "/office/sections/%s", id)
}
