package office

import (
	"net/http"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// reportAct is a step as a form offers it.
type reportAct struct {
	step               cycle.Step
	act                actor.Act
	do                 string
	title, note, words string // messages; words is the label of a field, "" for none
	needed             bool   // the words are
	main               bool
	back               bool // can be sent back with the same form
}

// ownActs are the steps of a body's own people, in their order.
var ownActs = []reportAct{
	{cycle.Check, actor.ReportCheck, "check", "office.report.do.check", "office.report.note.check", "", false, true, false},
	{cycle.Compile, actor.ReportCompile, "compile", "office.report.do.compile", "office.report.note.compile", "", false, false, false},
	{cycle.HandIn, actor.ReportCheck, "hand_in", "office.report.do.hand_in", "office.report.note.hand_in", "", false, true, false},
	{cycle.Approve, actor.ReportReview, "approve", "office.report.do.approve", "office.report.note.approve", "office.report.words.approve", false, true, true},
	{cycle.Sign, actor.ReportSign, "sign", "office.report.do.sign", "office.report.note.sign", "office.report.words.sign", false, true, true},
	{cycle.Publish, actor.ReportPublish, "publish", "office.report.do.publish", "office.report.note.publish", "", false, true, false},
	{cycle.Submit, actor.ReportSubmit, "submit", "office.report.do.submit", "office.report.note.submit", "", false, true, false},
	{cycle.Reopen, actor.ReportEdit, "reopen", "office.report.do.reopen", "office.report.note.reopen", "office.report.words.reopen", true, false, false},
	{cycle.Correct, actor.ReportCorrect, "correct", "office.report.do.correct", "office.report.note.correct", "office.report.words.correct", true, false, false},
}

// receiverActs are the steps of the supervising body, in their order.
var receiverActs = []reportAct{
	{cycle.Accept, actor.ReportCollect, "accept", "office.report.do.accept", "office.report.note.accept", "", false, true, false},
	{cycle.Lock, actor.ReportCollect, "lock", "office.report.do.lock", "office.report.note.lock", "", false, true, false},
	{cycle.Return, actor.ReportCollect, "return", "office.report.do.return", "office.report.note.return", "office.report.words.return", true, false, false},
}

// mergeActs add the reports of bodies below, and take them out again.
var mergeActs = []reportAct{
	{cycle.Merge, actor.ReportMerge, "merge", "office.report.do.merge", "office.report.note.merge", "", false, true, false},
	{cycle.Merge, actor.ReportMerge, "part", "office.report.do.part", "office.report.note.part", "", false, false, false},
}

// reportForms are the steps the person may take now.
func (o *Office) reportForms(r *http.Request, p Page, l *cycle.Look) []Section {
	var all []Section
	in := actor.In(l.Agency.ID)
	for _, s := range ownActs {
		if !l.Inside || !cycle.Flow.May(l.State, s.step) || !o.Actor(r).Can(s.act, in) {
			continue
		}
		switch {
		case s.step == cycle.Publish && l.Edition != "":
			all = append(all, draftedSection(p, o.path(r, "/office/items/%s", l.Item)))
			continue
		case s.step == cycle.Correct && !l.Head:
			continue
		}
		all = append(all, stepSection(p, l, s))
	}
	if l.Collector {
		for _, s := range receiverActs {
			if cycle.Flow.May(l.State, s.step) {
				all = append(all, stepSection(p, l, s))
			}
		}
	}
	if l.Inside && l.Digest != "" && !l.Offline && o.Actor(r).Can(actor.ReportSubmit, in) {
		all = append(all, o.carrySection(r, p, l))
	}
	if l.Offline && l.Collector {
		all = append(all, downloadSection(p, "receipt", p.T("office.report.take.receipt"), p.T("office.report.taking.receipt"), o.path(r, "/office/reports/%s/files/receipt", l.ID)))
	}
	return all
}

// stepSection is the form of a step.
func stepSection(p Page, l *cycle.Look, s reportAct) Section {
	var groups []Group
	if s.words != "" {
		groups = append(groups, Group{Fields: []Field{{Name: "text", Label: p.T(s.words), Required: s.needed, Kind: LongField, Rows: 2, Most: 500, Lang: "zh-CN"}}})
	}
	f := NewForm(p, "", groups...).Apart(s.do)
	f.Version, f.Hidden = l.Version.Version, []Field{{Name: "hash", Value: l.Hash}}
	b := Button{Text: p.T(s.title), Name: "do", Value: s.do}
	if s.main {
		b.Tone = "primary"
	}
	f.Buttons = []Button{b}
	if s.back {
		f.Buttons = append(f.Buttons, Button{Text: p.T("office.report.do.back"), Name: "do", Value: s.do + "_back", Tone: "danger"})
	}
	return Section{ID: s.do, Title: p.T(s.title), Note: p.T(s.note), Form: f, Folded: !s.main}
}

// draftedSection says that the publication goes on among the items.
func draftedSection(p Page, href string) Section {
	f := NewForm(p, href)
	f.Query, f.Buttons = true, []Button{{Text: p.T("office.report.drafted_go"), Tone: "primary"}}
	return Section{ID: "publish", Title: p.T("office.report.do.publish"), Note: p.T("office.report.drafted"), Form: f}
}

// downloadSection offers a file.
func downloadSection(p Page, id, title, note, href string) Section {
	f := NewForm(p, href)
	f.Query, f.Buttons = true, []Button{{Text: title}}
	return Section{ID: id, Title: title, Note: note, Form: f, Folded: true}
}

// carrySection is the way to a supervising body that is not connected.
func (o *Office) carrySection(r *http.Request, p Page, l *cycle.Look) Section {
	if !cycle.Flow.May(l.State, cycle.Submit) && l.State != cycle.Submitted {
		return downloadSection(p, "signed", p.T("office.report.take.signed"), p.T("office.report.taking.signed"), o.path(r, "/office/reports/%s/files/signed", l.ID))
	}
	f := NewForm(p, o.path(r, "/office/reports/%s/receipt", l.ID), Group{Fields: []Field{
		{Name: "file", Label: p.T("office.report.receipt"), Kind: FileField, Required: true, Accept: ".json"},
		{Name: "key", Label: p.T("office.report.receipt_key"), Kind: LongField, Rows: 4, Required: true, Most: 2000, Hint: p.T("office.report.receipt_hint")},
	}}).Apart("carry")
	f.Version = l.Version.Version
	f.Buttons = []Button{{Text: p.T("office.report.receipt_take")}}
	f.Back.Href, f.Back.Text = o.path(r, "/office/reports/%s/files/signed", l.ID), p.T("office.report.take.signed")
	return Section{ID: "carry", Title: p.T("office.report.carry"), Note: p.T("office.report.taking.signed"), Form: f, Folded: true}
}

// actReport takes a step.
func (o *Office) actReport(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	do := f.Text("do")
	v, err := o.doReport(r, f, do)
	view := map[string]string{"write": viewText, "enter": viewEnter, "merge": viewMerged, "part": viewMerged}[do]
	if err == nil {
		id := r.PathValue("id")
		if v != nil {
			id = v.ID
		}
		if view == viewEnter {
			view = viewTables
		}
		o.flash(w, r, Good, i18n.M("office.report.saved"))
		http.Redirect(w, r, o.path(r, "/office/reports/%s", id)+viewQuery(view), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return o.reportAgain(w, r, view, do, err)
}

func viewQuery(view string) string {
	if view == "" {
		return ""
	}
	return "?view=" + view
}

// reportAgain shows a view again with what was wrong and what was entered.
func (o *Office) reportAgain(w http.ResponseWriter, r *http.Request, view, do string, err error) error {
	p, _, broken := o.reportPage(r, view)
	if broken != nil {
		return broken
	}
	status := http.StatusUnprocessableEntity
	told := false
	tell := func(f *Form) {
		f.Keep(r.PostForm)
		status, told = f.Tell(err), true
	}
	if p.Entry != nil {
		tell(p.Entry)
		p.keepFigures(r, web.FaultsOf(err))
	}
	for _, s := range p.Forms {
		if s.ID == do || s.ID == strings.TrimSuffix(do, "_back") {
			tell(s.Form)
		}
	}
	for _, one := range p.Findings {
		if one.Form != nil && do == "explain" && one.ID == "finding-"+r.PostForm.Get("finding") {
			tell(one.Form)
		}
	}
	if !told {
		f := &Form{Printer: p.Printer}
		status = f.Tell(err)
		p.Notices = append([]Notice{{f.Problem, Bad}}, p.Notices...)
	}
	return o.showAs(w, r, status, "report", p)
}

// keepFigures puts back the figures a person typed, each with what is wrong with it.
func (p *ReportPage) keepFigures(r *http.Request, faults web.Faults) {
	for _, t := range p.Tables {
		for _, row := range t.Rows {
			for i := range row {
				b := &row[i]
				if !b.Figure {
					continue
				}
				if typed, given := r.PostForm[string(b.Key)]; given {
					b.Value = typed[0]
				}
				if e := faults.At(string(b.Key)); e != nil {
					b.Problem = p.Text(e.Message())
					p.Entry.Wrong = append(p.Entry.Wrong, web.Link{Href: "#c-" + string(b.Key), Text: b.Problem})
				}
			}
		}
	}
	if len(p.Entry.Wrong) > 0 {
		p.Entry.Problem = ""
	}
}

// doReport calls the act a form names. It returns the version to show next, nil for the same.
func (o *Office) doReport(r *http.Request, f *web.Form, do string) (*cycle.Version, error) {
	ctx, by, id, version := r.Context(), o.Actor(r), r.PathValue("id"), f.Int64("version")
	text := f.Text("text")
	if err := f.Err(); err != nil {
		return nil, err
	}
	d := o.Reports
	judgement := cycle.Judgement{Version: version, Hash: f.Text("hash"), Text: text, Back: strings.HasSuffix(do, "_back")}
	switch do {
	case "compile":
		return d.Recompile(ctx, by, id, version)
	case "check":
		return d.CheckIt(ctx, by, id, version)
	case "hand_in":
		return d.HandIn(ctx, by, id, version)
	case "approve", "approve_back":
		return d.Review(ctx, by, id, judgement)
	case "sign", "sign_back":
		return d.SignOff(ctx, by, id, judgement)
	case "reopen":
		return d.Reopen(ctx, by, id, version, text)
	case "publish":
		return d.Offer(ctx, by, id, version)
	case "submit":
		return d.HandUp(ctx, by, id, version)
	case "correct":
		return d.CorrectIt(ctx, by, id, version, text)
	case "accept":
		return d.Take(ctx, by, id, version)
	case "lock":
		return d.LockIt(ctx, by, id, version)
	case "return":
		return d.GiveBack(ctx, by, id, version, text)
	case "merge":
		return d.MergeIn(ctx, by, id, version)
	case "part":
		return d.Part(ctx, by, id, version)
	case "explain":
		return d.Explain(ctx, by, id, version, f.Text("finding"), text)
	case "write":
		return d.Write(ctx, by, id, version, readParts(r))
	case "enter":
		return o.enterReport(r, f, version)
	}
	return nil, web.ErrNoPage
}

// readParts reads the text of the parts that were sent.
func readParts(r *http.Request) map[string]string {
	texts := map[string]string{}
	for _, part := range cycle.Parts {
		if all, given := r.PostForm[part]; given {
			texts[part] = strings.ReplaceAll(all[0], "\r\n", "\n")
		}
	}
	return texts
}

// enterReport types the figures in that were changed. An emptied field takes back what was typed.
func (o *Office) enterReport(r *http.Request, f *web.Form, version int64) (*cycle.Version, error) {
	l, err := o.Reports.Get(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	cells, own := map[form.Key]cycle.Change{}, l.Own()
	for _, c := range l.Form().Cells() {
		all, given := r.PostForm[string(c.Key)]
		if !given {
			continue
		}
		text := strings.TrimSpace(all[0])
		shown := ""
		if now, ok := own[c.Key]; ok {
			shown = now.Value.String()
		}
		switch {
		case text == shown:
		case text == "":
			cells[c.Key] = cycle.Change{None: true}
		default:
			n, err := decimal.Parse(text)
			if err != nil {
				f.Fail(cycle.ErrCell.At(string(c.Key)).With("cell", l.Form().Label(c.Key)))
				continue
			}
			cells[c.Key] = cycle.Change{Value: n}
		}
	}
	reason := f.Need("reason")
	if err := f.Err(); err != nil {
		return nil, err
	}
	return o.Reports.Enter(r.Context(), o.Actor(r), r.PathValue("id"), version, cells, reason)
}

// answerReport takes in the receipt of a supervising body that is not connected.
func (o *Office) answerReport(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	version, key := f.Int64("version"), f.Need("key")
	data, err := uploaded(r, "file")
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		_, err = o.Reports.Answered(r.Context(), o.Actor(r), r.PathValue("id"), version, data, key)
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.report.saved"), "/office/reports/%s", r.PathValue("id"))
	}
	if !mendable(err) {
		return err
	}
	return o.reportAgain(w, r, viewState, "carry", err)
}
