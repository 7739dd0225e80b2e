package office

import (
	"errors"
	"net/http"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// showReportBoard is who has submitted the year's report to the body worked for.
func (o *Office) showReportBoard(w http.ResponseWriter, r *http.Request) error {
	p, err := o.boardPage(r, o.yearOf(r))
	if err != nil {
		return err
	}
	return o.show(w, r, "list", p)
}

func (o *Office) boardPage(r *http.Request, year int) (*ListPage, error) {
	b, err := o.Reports.Board(r.Context(), o.Actor(r), o.Body(r), year)
	if err != nil {
		return nil, err
	}
	p := &ListPage{Page: o.page(r, printer(r).T("office.report.board_of", "year", year)), Lead: printer(r).T("office.report.board_lead"), Tabs: o.reportTabs(r, printer(r), true)}
	p.Stats = boardStats(p.Printer, b)
	columns := []Column{{Key: "body", Text: p.T("annual.office.body")}, {Key: "state", Text: p.T("law.column.state"), Slim: true},
		{Key: "submitted", Text: p.T("office.report.submitted"), Slim: true}, {Key: "due", Text: p.T("office.report.due_day"), Slim: true},
		{Key: "note", Text: p.T("office.report.note"), Wide: true}}
	l := NewList(p.Page, p.Title, columns, ListQuery{Filter: r.URL.Query()})
	for _, one := range b.Places {
		l.Rows = append(l.Rows, o.boardRow(r, p.Printer, one))
	}
	l.Export, l.Empty, l.Total = false, p.T("office.report.no_bodies"), p.T("law.total", "n", len(b.Places))
	if o.Actor(r).Can(actor.ReportCollect, actor.In(b.Receiver.ID)) {
		l.BulkTo, l.Bulk = o.path(r, "/office/reports/board")+"?year="+strconv.Itoa(year), []Bulk{{Value: "remind", Text: p.T("office.report.remind")}}
	}
	p.List = l
	p.Forms, err = o.boardForms(r, p.Page, b)
	if b.Own != nil {
		p.Tools = append(p.Tools, Tool{Text: p.T("office.report.own_report"), Href: o.path(r, "/office/reports/%s", b.Own.ID) + "?view=" + viewMerged, Main: true})
	}
	return p, err
}

func boardStats(p i18n.Printer, b *cycle.Board) []Stat {
	tone := Plain
	if b.Late > 0 {
		tone = Bad
	}
	return []Stat{
		{Text: p.T("office.report.stat.expected"), Value: strconv.Itoa(b.Expected)},
		{Text: p.T("office.report.stat.submitted"), Value: strconv.Itoa(b.Submitted), Tone: Wait},
		{Text: p.T("office.report.stat.accepted"), Value: strconv.Itoa(b.Accepted), Tone: Good},
		{Text: p.T("office.report.stat.locked"), Value: strconv.Itoa(b.Locked), Tone: Good},
		{Text: p.T("office.report.stat.returned"), Value: strconv.Itoa(b.Returned)},
		{Text: p.T("office.report.stat.late"), Value: strconv.Itoa(b.Late), Tone: tone},
	}
}

func (o *Office) boardRow(r *http.Request, p i18n.Printer, one *cycle.Place) Row {
	row := Row{ID: one.Agency.ID, Name: one.Agency.Name, Cells: []Cell{{Text: one.Agency.Name, Lang: "zh-CN"}, {Badge: &Badge{p.T("office.report.unsent"), Wait}}, {}, {}, {}}}
	switch {
	case one.Version != nil:
		row.Cells[0].Href = o.path(r, "/office/reports/%s", one.Version.ID)
		row.Cells[1].Badge = reportState(p, one.Version.State)
		row.Cells[2].Text = When(one.Version.SubmittedAt)
	case !one.Expected:
		row.Cells[1].Badge = &Badge{p.T("office.report.gone"), Gone}
		if one.Into != "" {
			row.Cells[4].Text = p.T("office.report.into", "body", one.Into)
		}
	}
	if !one.Due.IsZero() {
		row.Cells[3].Text = one.Due.String()
	}
	switch {
	case one.Late > 0:
		row.Cells[3].Badge = &Badge{p.T("office.left.over", "n", one.Late), Bad}
		row.Tone = Bad
	case one.Version == nil && one.Expected && !one.Due.IsZero():
		left := Left(p, one.Due, o.today(), 20)
		row.Cells[3].Sub = left.Text
	}
	if !one.Reminded.IsZero() {
		row.Cells[4].Text = p.T("office.report.reminded", "when", When(one.Reminded))
	}
	if v := one.Version; v != nil && v.Offline {
		row.Cells[4].Text = p.T("office.report.offline")
	}
	return row
}

// boardForms are what is done to all, and the way of bodies without a connection.
func (o *Office) boardForms(r *http.Request, p Page, b *cycle.Board) ([]Section, error) {
	var none []Section
	keys, names, err := o.Reports.KeyRing(r.Context(), o.Actor(r), b.Receiver.ID)
	if errors.Is(err, actor.ErrForbidden) { // who only looks on from further up
		return none, nil
	}
	if err != nil {
		return nil, err
	}
	at := o.path(r, "/office/reports/board") + "?year=" + strconv.Itoa(b.Year)
	lock := NewForm(p, at).Apart("lock")
	lock.Hidden, lock.Buttons = []Field{{Name: "do", Value: "lock"}}, []Button{{Text: p.T("office.report.lock_all")}}
	file := NewForm(p, o.path(r, "/office/reports/board/file")+"?year="+strconv.Itoa(b.Year), Group{Fields: []Field{{Name: "file", Label: p.T("office.report.signed_file"), Kind: FileField, Required: true, Accept: ".json"}}}).Apart("file")
	file.Buttons = []Button{{Text: p.T("office.report.unpack"), Tone: "primary"}}
	whose := Field{Name: "agency", Label: p.T("annual.office.body"), Kind: SelectField, Required: true, Half: true}
	for _, one := range b.Places {
		whose.Choices = append(whose.Choices, Choice{Value: one.Agency.ID, Text: one.Agency.Name})
	}
	add := NewForm(p, at, Group{Note: knownKeys(p.Printer, keys, names), Fields: []Field{whose, {Name: "key", Label: p.T("office.report.public_key"), Kind: LongField, Rows: 4, Required: true, Most: 2000, Hint: p.T("office.report.key_hint")}}}).Apart("key")
	add.Hidden, add.Buttons = []Field{{Name: "do", Value: "key"}}, []Button{{Text: p.T("office.report.add_key")}}
	sections := []Section{
		{ID: "lock", Title: p.T("office.report.lock_all"), Note: p.T("office.report.lock_note"), Form: lock, Folded: true},
		{ID: "file", Title: p.T("office.report.unpack"), Note: p.T("office.report.unpack_note"), Form: file, Folded: true},
		{ID: "key", Title: p.T("office.report.keys"), Note: p.T("office.report.keys_note"), Form: add, Folded: true},
	}
	if f := revokeForm(p, at, keys, names, b.Receiver.ID); f != nil {
		sections = append(sections, Section{ID: "revoke", Title: p.T("office.report.revoke"), Form: f, Folded: true})
	}
	return sections, nil
}

// knownKeys lists the fingerprints that are registered.
func knownKeys(p i18n.Printer, keys []*cycle.Key, names map[string]string) string {
	var all []string
	for _, k := range keys {
		if k.RevokedAt.IsZero() {
			all = append(all, p.T("office.report.key_of", "body", names[k.Agency], "print", k.Fingerprint))
		}
	}
	return p.List(all)
}

func revokeForm(p Page, at string, keys []*cycle.Key, names map[string]string, receiver string) *Form {
	field := Field{Name: "id", Label: p.T("office.report.public_key"), Kind: SelectField, Required: true}
	for _, k := range keys {
		if k.RevokedAt.IsZero() && k.Agency != receiver {
			field.Choices = append(field.Choices, Choice{Value: k.ID + ":" + strconv.FormatInt(k.Version, 10), Text: names[k.Agency] + " " + k.Fingerprint})
		}
	}
	if len(field.Choices) == 0 {
		return nil
	}
	f := NewForm(p, at, Group{Fields: []Field{field}}).Apart("revoke")
	f.Hidden, f.Buttons = []Field{{Name: "do", Value: "revoke"}}, []Button{{Text: p.T("office.report.revoke"), Tone: "danger"}}
	return f
}

// actReportBoard reminds, locks, registers and revokes keys.
func (o *Office) actReportBoard(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	do, year := f.Text("do"), o.yearOf(r)
	told, err := o.doBoard(r, f, do, year)
	if err == nil {
		o.flash(w, r, Good, told)
		http.Redirect(w, r, o.path(r, "/office/reports/board")+"?year="+strconv.Itoa(year), http.StatusSeeOther)
		return nil
	}
	return o.boardAgain(w, r, do, year, err)
}

func (o *Office) doBoard(r *http.Request, f *web.Form, do string, year int) (i18n.Message, error) {
	ctx, by, body := r.Context(), o.Actor(r), o.Body(r)
	switch do {
	case "remind":
		n, err := o.Reports.Remind(ctx, by, body, year, r.PostForm["id"])
		return i18n.M("office.report.reminded_n", "n", n), err
	case "lock":
		n, err := o.Reports.LockAll(ctx, by, body, year)
		return i18n.M("office.report.locked_n", "n", n), err
	case "key":
		agency, key := f.Need("agency"), f.Need("key")
		if err := f.Err(); err != nil {
			return i18n.Message{}, err
		}
		k, err := o.Reports.AddKey(ctx, by, body, agency, key)
		if err != nil {
			return i18n.Message{}, err
		}
		return i18n.M("office.report.key_added", "print", k.Fingerprint), nil
	case "revoke":
		id, version := keyVersion(f.Need("id"))
		if err := f.Err(); err != nil {
			return i18n.Message{}, err
		}
		return i18n.M("office.report.saved"), o.Reports.RevokeKey(ctx, by, id, version)
	}
	return i18n.Message{}, web.ErrNoPage
}

// keyVersion parts what a choice of a key carries.
func keyVersion(s string) (id string, version int64) {
	for i := range s {
		if s[i] == ':' {
			version, _ = strconv.ParseInt(s[i+1:], 10, 64) // a broken one is version 0, which is stale
			return s[:i], version
		}
	}
	return s, 0
}

// unpackReport takes in the signed file of a body without a connection.
func (o *Office) unpackReport(w http.ResponseWriter, r *http.Request) error {
	data, err := uploaded(r, "file")
	if err == nil {
		v, wrong := o.Reports.Unpack(r.Context(), o.Actor(r), o.Body(r), data)
		if wrong == nil {
			return o.done(w, r, i18n.M("office.report.unpacked"), "/office/reports/%s", v.ID)
		}
		err = wrong
	}
	return o.boardAgain(w, r, "file", o.yearOf(r), err)
}

func (o *Office) boardAgain(w http.ResponseWriter, r *http.Request, do string, year int, err error) error {
	if !mendable(err) {
		return err
	}
	p, broken := o.boardPage(r, year)
	if broken != nil {
		return broken
	}
	status := http.StatusUnprocessableEntity
	for _, s := range p.Forms {
		if s.ID == do {
			s.Form.Keep(r.PostForm)
			status = s.Form.Tell(err)
		}
	}
	return o.showAs(w, r, status, "list", p)
}
