package office

import (
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/actor"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// requestTab is a view of the list.
type requestTab struct {
	key    string
	text   string
	states []foi.State
	byDue  bool // the most urgent first
	count  bool
}

var requestTabList = []requestTab{
	{"open", "requests.tab.open", []foi.State{foi.Handling, foi.Correcting, foi.Reasoning, foi.Paying, foi.Reviewing, foi.Approved}, true, true},
	{"submitted", "requests.tab.submitted", []foi.State{foi.Submitted}, false, true},
	{"handling", "requests.tab.handling", []foi.State{foi.Handling}, true, true},
	{"waiting", "requests.tab.waiting", []foi.State{foi.Correcting, foi.Reasoning, foi.Paying}, true, true},
	{"reviewing", "requests.tab.reviewing", []foi.State{foi.Reviewing}, true, true},
	{"approved", "requests.tab.approved", []foi.State{foi.Approved}, true, true},
	{"closed", "requests.tab.closed", []foi.State{foi.Closed}, false, false},
	{"off", "requests.tab.off", []foi.State{foi.Void, foi.Merged, foi.Split}, false, false},
	{"all", "requests.tab.all", nil, false, false},
}

func requestColumns(p i18n.Printer) []Column {
	return []Column{{Key: "title", Text: p.T("requests.column.title")}, {Key: "state", Text: p.T("requests.column.state"), Slim: true},
		{Key: "due", Text: p.T("requests.column.due"), Slim: true}, {Key: "received", Text: p.T("requests.column.received"), Slim: true},
		{Key: "applicant", Text: p.T("requests.column.applicant"), Slim: true}, {Key: "department", Text: p.T("requests.column.department"), Wide: true}}
}

// listRequests lists the requests of the body worked for; a supervisor's page is the board.
func (o *Office) listRequests(w http.ResponseWriter, r *http.Request) error {
	in := actor.In(o.Body(r))
	if by := o.Actor(r); !by.Can(actor.FoiView, in) && !by.Can(actor.FoiHandle, in) && by.Can(actor.FoiOversee, in) {
		return o.goTo(w, r, "/office/requests/clocks")
	}
	f, tab, err := o.requestFilter(r, ReadList(r, nil, ""))
	if err != nil {
		return err
	}
	p, err := o.requestList(r, f, tab)
	if err != nil {
		return err
	}
	return o.show(w, r, "list", p)
}

// requestFilter reads what the address asks for.
func (o *Office) requestFilter(r *http.Request, q ListQuery) (f foi.Filter, tab requestTab, err error) {
	v := web.ReadQuery(r)
	tab = requestTabList[0]
	if i := slices.IndexFunc(requestTabList, func(t requestTab) bool { return t.key == v.Text("view") }); i >= 0 {
		tab = requestTabList[i]
	}
	f = foi.Filter{
		Agency: o.Body(r), States: tab.states, ByDue: tab.byDue, Outcome: v.Text("outcome"), Kind: foi.Kind(v.Text("kind")), Channel: foi.Channel(v.Text("channel")),
		Department: v.Text("department"), No: v.Text("no"), Words: v.Text("q"), From: v.Date("from"), To: v.Date("to"), Late: v.Bool("late"),
		After: q.After, Before: q.Before, Limit: q.Size,
	}
	if f.No != "" && v.Text("view") == "" { // whoever types a number wants that request, wherever it stands
		f.States, f.ByDue, tab = nil, false, requestTabList[len(requestTabList)-1]
	}
	return f, tab, v.Err()
}

func (o *Office) requestList(r *http.Request, f foi.Filter, tab requestTab) (*ListPage, error) {
	q := ReadList(r, nil, "")
	found, err := o.Requests.List(r.Context(), o.Actor(r), f)
	if err != nil {
		return nil, err
	}
	p := &ListPage{Page: o.page(r, printer(r).T("requests.title")), Lead: printer(r).T("requests.lead")}
	if p.Tabs, err = o.requestTabs(r, p.Printer, tab); err != nil {
		return nil, err
	}
	p.Tools = o.requestTools(r, p.Printer)
	l := NewList(p.Page, p.Title, requestColumns(p.Printer), q)
	l.FilterBy(requestFields(p.Printer)...)
	l.Filter.Hidden = []Field{{Name: "view", Value: tab.key}}
	l.Query.Filter.Del("view")
	l.Export, l.Next, l.Prev = false, found.Next, found.Prev
	l.Total = p.T("requests.total", "n", found.Total)
	if found.Total >= foi.MostCounted {
		l.Total = p.T("requests.total_more", "n", grouped(foi.MostCounted))
	}
	if found.Partly {
		p.Lead = p.T("count.partly")
	}
	l.Empty = p.T("requests.empty")
	if o.Actor(r).Can(actor.FoiRegister, actor.In(f.Agency)) {
		l.Start = web.Link{Text: p.T("requests.new"), Href: o.path(r, "/office/requests/new")}
		p.Forms = []Section{o.applicantSearch(r, p.Page)}
	}
	for _, one := range found.Requests {
		l.Rows = append(l.Rows, o.requestRow(r, p.Printer, one))
	}
	filtered := l.Filtered()
	l.Query.Filter.Set("view", tab.key)
	if !filtered {
		l.Query.Filter.Del("view")
		l.Query.Filter["view"] = nil
	}
	p.List = l
	return p, nil
}

func (o *Office) requestRow(r *http.Request, p i18n.Printer, one *foi.Request) Row {
	no := one.No
	if no == "" {
		no = p.T("requests.no_number")
	}
	row := Row{ID: one.ID, Name: one.Title, Cells: []Cell{
		{Text: one.Title, Href: o.path(r, "/office/requests/%s", one.ID), Sub: no + " · " + p.Text(foi.Word(string(one.Channel))), Lang: "zh-CN"},
		{Badge: requestState(p, one.State)}, {}, {Text: one.Received.String()}, {Text: one.Masked, Sub: p.Text(foi.Word(string(one.Kind))), Lang: "zh-CN"}, {Text: one.Department, Lang: "zh-CN"}}}
	switch {
	case one.State == foi.Closed:
		row.Cells[2] = Cell{Text: one.ClosedOn.String(), Sub: p.Text(one.Outcome.Message())}
		if one.Late {
			row.Cells[2].Badge = &Badge{p.T("requests.late"), Bad}
		}
	case one.State == foi.Correcting || one.State == foi.Paying:
		row.Cells[2] = Cell{Text: p.T("requests.clock.waits")}
	case one.State.Open() && !one.Due.IsZero():
		left := o.requestLeft(p, one.Due, one.Sure)
		row.Cells[2] = Cell{Badge: &left, Sub: one.Due.String()}
		row.Tone = left.Tone
	}
	return row
}

func (o *Office) requestTabs(r *http.Request, p i18n.Printer, on requestTab) (*Tabs, error) {
	t := &Tabs{Label: p.T("requests.title")}
	for _, one := range requestTabList {
		tab := Tab{Text: p.T(one.text), Href: "?view=" + one.key, On: one.key == on.key}
		if one.count {
			found, err := o.Requests.List(r.Context(), o.Actor(r), foi.Filter{Agency: o.Body(r), States: one.states, Limit: 1})
			if err != nil {
				return nil, err
			}
			tab.Count = found.Total
		}
		t.Tabs = append(t.Tabs, tab)
	}
	return t, nil
}

func (o *Office) requestTools(r *http.Request, p i18n.Printer) (all []Tool) {
	by, in := o.Actor(r), actor.In(o.Body(r))
	if by.Can(actor.FoiSetting, in) {
		all = append(all, Tool{Text: p.T("requests.settings"), Href: o.path(r, "/office/requests/settings")})
	}
	if by.Can(actor.FoiImport, in) {
		all = append(all, Tool{Text: p.T("move.import.title"), Href: o.path(r, "/office/requests-import")})
	}
	if by.Can(actor.FoiView, in) || by.Can(actor.FoiOversee, in) {
		all = append(all, Tool{Text: p.T("requests.clocks"), Href: o.path(r, "/office/requests/clocks")})
	}
	if by.Can(actor.FoiRegister, in) {
		all = append(all, Tool{Text: p.T("requests.new"), Href: o.path(r, "/office/requests/new"), Main: true, New: true})
	}
	return all
}

func requestFields(p i18n.Printer) []Field {
	all := p.T("office.any")
	outcomes := []Choice{{Text: all}}
	for _, one := range outcome.All {
		outcomes = append(outcomes, Choice{Value: string(one.Code), Text: p.Text(one.Code.Message())})
	}
	return []Field{
		{Name: "no", Label: p.T("requests.filter.no")}, {Name: "q", Label: p.T("requests.filter.words")},
		{Name: "outcome", Label: p.T("requests.filter.outcome"), Kind: SelectField, Choices: outcomes},
		{Name: "kind", Label: p.T("requests.filter.kind"), Kind: SelectField, Choices: wordChoices(p, all, foi.Kinds)},
		{Name: "channel", Label: p.T("requests.filter.channel"), Kind: SelectField, Choices: wordChoices(p, all, foi.Channels)},
		{Name: "department", Label: p.T("requests.column.department")},
		{Name: "from", Label: p.T("requests.filter.from"), Kind: DateField}, {Name: "to", Label: p.T("requests.filter.to"), Kind: DateField},
		{Name: "late", Label: p.T("requests.filter.late"), Kind: TickField},
	}
}

// wordChoices offers values that package foi has words for; first is what choosing none means.
func wordChoices[T ~string](p i18n.Printer, first string, all []T) []Choice {
	var out []Choice
	if first != "" {
		out = append(out, Choice{Text: first})
	}
	for _, one := range all {
		out = append(out, Choice{Value: string(one), Text: p.Text(foi.Word(string(one)))})
	}
	return out
}

// applicantSearch finds an applicant's requests. It is posted, so that neither name nor number
// stands in an address.
func (o *Office) applicantSearch(r *http.Request, p Page) Section {
	f := NewForm(p, o.path(r, "/office/requests"), Group{Fields: []Field{
		{Name: "kind", Label: p.T("requests.filter.kind"), Kind: SelectField, Half: true, Choices: wordChoices(p.Printer, "", foi.Kinds)},
		{Name: "number", Label: p.T("requests.find.number"), Half: true, Hint: p.T("requests.find.number_hint")},
		{Name: "name", Label: p.T("requests.find.name"), Half: true},
		{Name: "contact", Label: p.T("requests.find.contact"), Half: true, Hint: p.T("requests.find.contact_hint")}}}).Apart("find")
	f.Buttons = []Button{{Text: p.T("requests.find.go"), Tone: "primary"}}
	return Section{ID: "find", Title: p.T("requests.find"), Note: p.T("requests.find_note"), Form: f, Folded: true}
}

// findRequests lists one applicant's requests.
func (o *Office) findRequests(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	a := foi.Applicant{Kind: foi.Kind(f.Choice("kind", asStrings(foi.Kinds)...)), Name: f.Text("name"), Phone: f.Text("contact")}
	if a.Kind == foi.Natural {
		a.IDNumber = f.Text("number")
	} else {
		a.Credit = f.Text("number")
	}
	err := f.Err()
	if err == nil && a.IDNumber+a.Credit == "" && (a.Name == "" || a.Phone == "") {
		err = web.ErrRequired.At("number")
	}
	if err == nil {
		err = o.Actor(r).May(actor.FoiRegister, actor.In(o.Body(r)))
	}
	filter := foi.Filter{Agency: o.Body(r), Limit: 100}
	if err == nil {
		filter.Applicant = &a
	} else if !mendable(err) {
		return err
	}
	p, broken := o.requestList(r, filter, requestTabList[len(requestTabList)-1])
	if broken != nil {
		return broken
	}
	status := http.StatusOK
	p.List.Next, p.List.Prev = "", ""
	p.Forms[0].Form.Keep(r.PostForm)
	if err != nil {
		status = p.Forms[0].Form.Tell(err)
	} else {
		p.Lead = p.T("requests.find.found", "n", p.List.Total)
	}
	return o.showAs(w, r, status, "list", p)
}

func asStrings[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = string(one)
	}
	return out
}

// showClocks is the board of clocks: of the body worked for, and for who supervises it of those
// below. Numbers only.
func (o *Office) showClocks(w http.ResponseWriter, r *http.Request) error {
	p := &ListPage{Page: o.page(r, printer(r).T("requests.clocks")), Lead: printer(r).T("requests.clocks.lead")}
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	bodies, names, err := o.overseen(r)
	if err != nil {
		return err
	}
	boards, err := o.Requests.Boards(r.Context(), o.Actor(r), bodies)
	if err != nil {
		return err
	}
	columns := []Column{{Key: "body", Text: p.T("requests.clocks.body")}, {Key: "overdue", Text: p.T("requests.clocks.overdue"), Num: true}, {Key: "today", Text: p.T("requests.clocks.today"), Num: true},
		{Key: "one", Text: p.T("requests.clocks.within", "n", 1), Num: true}, {Key: "three", Text: p.T("requests.clocks.within", "n", 3), Num: true},
		{Key: "five", Text: p.T("requests.clocks.within", "n", 5), Num: true}, {Key: "later", Text: p.T("requests.clocks.later"), Num: true},
		{Key: "off", Text: p.T("requests.clocks.off"), Num: true}, {Key: "unconfirmed", Text: p.T("requests.clocks.unconfirmed"), Num: true}, {Key: "open", Text: p.T("requests.clocks.open"), Num: true}}
	l := NewList(p.Page, p.Title, columns, ListQuery{})
	l.Export = false
	var sum foi.Board
	slices.SortStableFunc(boards, func(a, b foi.Board) int { return b.Overdue*1000 + b.Today - a.Overdue*1000 - a.Today })
	for _, b := range boards {
		row := Row{ID: b.Agency, Name: names[b.Agency], Cells: []Cell{{Text: names[b.Agency], Lang: "zh-CN"}}}
		for _, n := range []int{b.Overdue, b.Today, b.One, b.Three, b.Five, b.Later, b.Off, b.Unconfirmed, b.Open} {
			row.Cells = append(row.Cells, Cell{Text: strconv.Itoa(n)})
		}
		if b.Overdue > 0 {
			row.Tone = Bad
			row.Cells[1] = Cell{Badge: &Badge{p.T("requests.clocks.overdue_n", "n", b.Overdue), Bad}}
		}
		sum.Overdue, sum.Today, sum.One, sum.Three = sum.Overdue+b.Overdue, sum.Today+b.Today, sum.One+b.One, sum.Three+b.Three
		sum.Five, sum.Off, sum.Unconfirmed, sum.Open = sum.Five+b.Five, sum.Off+b.Off, sum.Unconfirmed+b.Unconfirmed, sum.Open+b.Open
		l.Rows = append(l.Rows, row)
	}
	p.List, p.Stats = l, clockStats(p.Printer, sum)
	return o.show(w, r, "list", p)
}

func clockStats(p i18n.Printer, b foi.Board) []Stat {
	tone := func(n int, t Tone) Tone {
		if n == 0 {
			return Good
		}
		return t
	}
	near := b.One + b.Three + b.Five
	return []Stat{
		{Text: p.T("requests.clocks.overdue"), Value: strconv.Itoa(b.Overdue), Tone: tone(b.Overdue, Bad)},
		{Text: p.T("requests.clocks.today"), Value: strconv.Itoa(b.Today), Tone: tone(b.Today, Bad)},
		{Text: p.T("requests.clocks.soon"), Value: strconv.Itoa(near), Tone: tone(near, Warn)},
		{Text: p.T("requests.clocks.unconfirmed"), Value: strconv.Itoa(b.Unconfirmed), Tone: tone(b.Unconfirmed, Wait)},
		{Text: p.T("requests.clocks.open"), Value: strconv.Itoa(b.Open)},
	}
}

// overseen are the bodies whose clocks a person sees: the one worked for, and those below it for
// who supervises them.
func (o *Office) overseen(r *http.Request) (ids []string, names map[string]string, err error) {
	by, own := o.Actor(r), o.Body(r)
	tree, err := o.tree(r)
	if err != nil {
		return nil, nil, err
	}
	names = map[string]string{}
	in := actor.In(own)
	below, every := by.Agencies(actor.FoiOversee)
	for _, a := range tree.All {
		mine := a.ID == own && by.Can(actor.FoiView, in)
		if mine || a.Active() && (every || slices.Contains(below, a.ID)) {
			ids, names[a.ID] = append(ids, a.ID), a.Name
		}
	}
	if len(ids) == 0 {
		return nil, nil, by.May(actor.FoiOversee, in)
	}
	return ids, names, nil
}
