package office

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/web"
)

// auditRoutes are the record of what was done, and how the installation stands.
func (o *Office) auditRoutes(rt *router) {
	if o.Audit != nil {
		rt.Page("GET /office/audit", o.listAudit)
		rt.Page("GET /office/audit/{seq}", o.showAudit)
		rt.Page("POST /office/audit/verify", o.verifyAudit)
		rt.Nav(NavItem{Group: NavAdmin, Path: "/office/audit", Text: i18n.M("trail.title"), Icon: "audit", Acts: []actor.Act{actor.AuditRead}, Keys: "g a"})
	}
	if o.Jobs != nil {
		rt.Page("GET /office/system", o.showSystem)
		rt.Nav(NavItem{Group: NavAdmin, Path: "/office/system", Text: i18n.M("trail.system"), Icon: "system", Acts: []actor.Act{actor.SystemView}})
	}
}

func auditColumns(p i18n.Printer) []Column {
	return []Column{
		{Key: "seq", Text: p.T("audit.col.seq"), Num: true, Slim: true}, {Key: "at", Text: p.T("audit.col.at"), Slim: true}, {Key: "actor", Text: p.T("audit.col.actor"), Slim: true},
		{Key: "act", Text: p.T("audit.col.act"), Slim: true}, {Key: "title", Text: p.T("trail.what")}, {Key: "remote", Text: p.T("audit.col.remote"), Slim: true, Wide: true},
	}
}

func auditQuery(r *http.Request, q ListQuery) (audit.Query, error) {
	f := web.ReadQuery(r)
	a := audit.Query{Agency: f.Text("body"), Actor: f.Text("actor"), Act: actor.Act(f.Text("act")), Subject: f.Text("subject"), ID: f.Text("id"), Text: f.Text("q"),
		From: f.Date("from"), To: f.Date("to"), Limit: q.Size + 1}
	a.After, _ = strconv.ParseInt(q.After, 10, 64) // what is no number is no page
	a.Before, _ = strconv.ParseInt(q.Before, 10, 64)
	return a, f.Err()
}

// listAudit searches the record of acts, and exports what it finds.
func (o *Office) listAudit(w http.ResponseWriter, r *http.Request) error {
	q := ReadList(r, nil, "")
	find, err := auditQuery(r, q)
	if err != nil {
		return err
	}
	if q.Format != "" {
		return o.exportAudit(w, r, q, find)
	}
	found, err := o.Audit.List(r.Context(), o.Actor(r), find)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("trail.title")), Lead: printer(r).T("trail.lead")}
	l := NewList(p.Page, p.Title, auditColumns(p.Printer), q)
	if err := o.auditFilter(r, l); err != nil {
		return err
	}
	l.Empty = p.T("trail.empty")
	for _, e := range page(l, found, func(e *audit.Record) string { return strconv.FormatInt(e.Seq, 10) }) {
		l.Rows = append(l.Rows, Row{Cells: []Cell{
			{Text: strconv.FormatInt(e.Seq, 10), Href: o.path(r, "/office/audit/%d", e.Seq)}, {Text: When(e.At)}, {Text: e.ActorName, Sub: behalf(p.Printer, e.Behalf), Lang: "zh-CN"},
			{Text: p.Text(actor.Act(e.Act).Message())}, {Text: e.Title, Sub: e.Reason, Lang: "zh-CN"}, {Text: e.Remote},
		}})
	}
	return o.show(w, r, "list", &ListPage{Page: p.Page, Lead: p.Lead, List: l, Forms: []Section{o.verifySection(r, p.Page)}})
}

func behalf(p i18n.Printer, name string) string {
	if name == "" {
		return ""
	}
	return p.T("me.behalf", "name", name)
}

func (o *Office) auditFilter(r *http.Request, l *List) error {
	acts := []Choice{}
	for _, a := range actor.Acts() {
		acts = append(acts, Choice{Value: string(a), Text: l.Text(a.Message())})
	}
	slices.SortFunc(acts, func(a, b Choice) int { return cmp.Compare(a.Text, b.Text) })
	fields := []Field{
		{Name: "q", Label: l.T("trail.find")}, {Name: "act", Label: l.T("audit.col.act"), Kind: SelectField, Choices: append([]Choice{{Text: l.T("office.any")}}, acts...)},
		{Name: "from", Label: l.T("trail.from"), Kind: DateField}, {Name: "to", Label: l.T("trail.to"), Kind: DateField},
	}
	if o.Agencies != nil {
		tree, err := o.tree(r)
		if err != nil {
			return err
		}
		fields = append(fields, Field{Name: "body", Label: l.T("audit.col.agency"), Kind: SelectField, Choices: bodyChoices(tree, l.T("office.any"))})
	}
	l.FilterBy(fields...)
	return nil
}

func (o *Office) exportAudit(w http.ResponseWriter, r *http.Request, q ListQuery, find audit.Query) error {
	p := printer(r)
	rows, err := o.Audit.Rows(r.Context(), o.Actor(r), find, audit.Format(q.Format))
	if err != nil {
		return err
	}
	var head []Column
	for _, text := range audit.Headings(p) {
		head = append(head, Column{Text: text})
	}
	return export(w, q, p.T("trail.title"), head, func(yield func([]string, error) bool) {
		rows(func(e *audit.Record, err error) bool {
			if err != nil {
				return yield(nil, err)
			}
			return yield(e.Cells(p), nil)
		})
	})
}

func (o *Office) showAudit(w http.ResponseWriter, r *http.Request) error {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil {
		return audit.ErrNotFound
	}
	e, err := o.Audit.Get(r.Context(), o.Actor(r), seq)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("trail.entry", "n", seq))}
	p.Crumb(p.T("trail.title"), o.path(r, "/office/audit"))
	card := Card{ID: "entry", Title: p.Text(actor.Act(e.Act).Message())}
	cells := e.Cells(p.Printer)
	for i, label := range audit.Headings(p.Printer) {
		card.Facts = append(card.Facts, Fact{Label: label, Value: cells[i], Lang: "zh-CN"})
	}
	if o.Agencies != nil && e.Agency != "" {
		tree, err := o.tree(r)
		if err != nil {
			return err
		}
		name := cmp.Or(bodyName(tree, e.Agency), e.Agency)
		card.Facts = slices.DeleteFunc(card.Facts, func(f Fact) bool { return f.Value == e.Agency })
		card.Facts = append(card.Facts, Fact{Label: p.T("audit.col.agency"), Value: name, Lang: "zh-CN"})
	}
	p.Cards = []Card{card}
	return o.show(w, r, "record", p)
}

// verifySection is the form that has the chain verified.
func (o *Office) verifySection(r *http.Request, p Page) Section {
	f := NewForm(p, o.path(r, "/office/audit/verify"), Group{Fields: []Field{{Name: "anchor", Label: p.T("trail.anchor"), Most: 100, Hint: p.T("trail.anchor_hint"), Auto: "off"}}}).Apart("verify")
	f.Buttons = []Button{{Text: p.T("trail.verify")}}
	return Section{ID: "verify", Title: p.T("trail.verify"), Note: p.T("trail.verify_note"), Form: f, Folded: true}
}

// verifyAudit walks the whole chain and tells what does not fit.
func (o *Office) verifyAudit(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.AuditRead, actor.Scope{}); err != nil {
		return err
	}
	var anchors []audit.Anchor
	text := web.ReadForm(r).Text("anchor")
	if text != "" {
		a, err := audit.ParseAnchor(text)
		if err != nil {
			return err
		}
		anchors = append(anchors, a)
	}
	verdict, err := audit.Verify(r.Context(), o.Audit.DB, anchors...)
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("trail.verify"))}
	p.Crumb(p.T("trail.title"), o.path(r, "/office/audit"))
	card := Card{ID: "verdict", Title: p.T("trail.verdict"), Facts: []Fact{{Label: p.T("trail.result"), Badge: &Badge{p.T("trail.sound"), Good}}, {Label: p.T("trail.checked"), Value: grouped(verdict.Entries)}, {Label: p.T("trail.anchor_now"), Value: verdict.Head.String()}}}
	if !verdict.Sound() {
		card.Facts[0].Badge = &Badge{p.T("trail.unsound", "n", verdict.Found), Bad}
	}
	for _, one := range verdict.Problems {
		card.Facts = append(card.Facts, Fact{Label: p.T("trail.entry", "n", one.Seq), Value: p.Text(one.Message)})
	}
	p.Cards = []Card{card}
	return o.show(w, r, "record", p)
}

// showSystem tells how the installation stands.
func (o *Office) showSystem(w http.ResponseWriter, r *http.Request) error {
	if err := o.Actor(r).May(actor.SystemView, actor.Scope{}); err != nil {
		return err
	}
	counts, err := job.Counts(r.Context(), o.Jobs.DB)
	if err != nil {
		return err
	}
	pending, err := o.Jobs.DB.Pending(r.Context())
	if err != nil {
		return err
	}
	p := &RecordPage{Page: o.page(r, printer(r).T("trail.system"))}
	about := Card{ID: "about", Title: p.T("trail.running"), Facts: []Fact{
		{Label: p.T("trail.version"), Value: o.Version}, {Label: p.T("trail.now"), Value: When(o.Now())}, {Label: p.T("trail.engine"), Value: string(o.Jobs.DB.Engine)},
		{Label: p.T("trail.schema"), Badge: &Badge{p.T("trail.schema_good"), Good}},
	}}
	if len(pending) > 0 {
		about.Facts[3].Badge = &Badge{p.T("trail.schema_old", "n", len(pending)), Bad}
	}
	jobs := Card{ID: "jobs", Title: p.T("jobs.title"), More: web.Link{Text: p.T("trail.all_jobs"), Href: o.path(r, "/office/jobs")}}
	for _, s := range job.States {
		jobs.Facts = append(jobs.Facts, Fact{Label: p.Text(s.Message()), Value: grouped(int64(counts[s]))})
	}
	p.Cards = []Card{about, jobs}
	if o.Search != nil {
		index, err := o.indexCard(r)
		if err != nil {
			return err
		}
		p.Cards = append(p.Cards, index)
	}
	public, err := o.publicCards(r)
	if err != nil {
		return err
	}
	p.Cards = append(p.Cards, public...)
	return o.show(w, r, "record", p)
}

// indexCard tells how far this server's text index is and what was read of attachments.
func (o *Office) indexCard(r *http.Request) (Card, error) {
	p := printer(r)
	s, err := o.Search.Status(r.Context())
	if err != nil {
		return Card{}, err
	}
	files, err := disclosure.FileCounts(r.Context(), o.Jobs.DB)
	if err != nil {
		return Card{}, err
	}
	state := Badge{p.T("trail.index_current"), Good}
	switch {
	case s.Cursor < 0:
		state = Badge{p.T("trail.index_building"), Wait}
	case s.Behind > 0:
		state = Badge{p.T("trail.index_behind", "n", s.Behind), Wait}
	}
	card := Card{ID: "index", Title: p.T("trail.index"), Note: p.T("trail.index_note"), Facts: []Fact{
		{Label: p.T("trail.index_state"), Badge: &state}, {Label: p.T("trail.index_documents"), Value: grouped(int64(s.Documents))},
		{Label: p.T("trail.index_size"), Value: p.T("trail.index_mb", "mb", megabytes(s.Bytes))},
	}}
	var read []string
	for _, c := range files {
		if c.N > 0 || c.State == disclosure.FileRead {
			read = append(read, p.T("trail.index_file", "state", c.State.Message(), "n", c.N))
		}
	}
	card.Facts = append(card.Facts, Fact{Label: p.T("trail.index_files"), Value: p.List(read)})
	return card, nil
}
