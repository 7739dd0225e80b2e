package office

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// requestAct is something that can be done with a request on a page of its own.
type requestAct struct {
	name       string // in its address
	group      string // of the request's page
	text, note string // messages: what it is called, when it is done and what comes of it
	done       string // message after it
	cite       statute.Ref
	what       actor.Act
	when       func(v *foi.View) bool // whether the state and the record let it be done
	fields     func(o *Office, r *http.Request, p i18n.Printer, v *foi.View) []Field
	run        func(c *actCall) error
	danger     bool
	hidden     bool // reached from a place of its own, not from the list of acts
}

// open reports whether somebody may do the act now.
func (a *requestAct) open(by actor.Actor, v *foi.View) bool { return v.Can(by, a.what) && a.when(v) }

// actCall is an act being done.
type actCall struct {
	*Office
	w       http.ResponseWriter
	r       *http.Request
	f       *web.Form
	v       *foi.View
	by      actor.Actor
	id      string
	version int64
	item    int
	next    string // where it leads, "" for the request
	answer  func() error
}

// in returns a condition: the request stands where an act is known.
func in(a foi.Act) func(*foi.View) bool {
	return func(v *foi.View) bool { return foi.Flow.May(v.Request.State, a) }
}

var ogi = statute.OGI2019

// The groups of acts, in the order of the page.
var actGroupNames = []struct{ key, text string }{
	{"take", "requests.group.take"}, {"work", "requests.group.work"}, {"ask", "requests.group.ask"}, {"time", "requests.group.time"},
	{"decide", "requests.group.decide"}, {"papers", "requests.group.papers"}, {"publish", "requests.group.publish"}, {"end", "requests.group.end"},
}

// requestActs lists the acts. Deciding, reviewing and letters have pages of their own.
var requestActs = []requestAct{
	{name: "confirm", group: "take", text: "requests.act.confirm", note: "requests.note.confirm", done: "requests.done.confirm", cite: ogi.Art(31), what: actor.FoiRegister, when: in(foi.Confirm), fields: confirmFields,
		run: func(c *actCall) error {
			on, title := c.f.Date("on"), c.f.AtMost("title", 300)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.Confirm(c.r.Context(), c.by, c.id, c.version, on, title)
			})
		}},
	{name: "discard", group: "take", text: "requests.act.discard", note: "requests.note.discard", done: "requests.done.discard", what: actor.FoiRegister, when: in(foi.Discard), fields: whyField, danger: true,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) { return c.Requests.Discard(c.r.Context(), c.by, c.id, c.version, reason) })
		}},
	{name: "assign", group: "work", text: "requests.act.assign", note: "requests.note.assign", done: "requests.done.assign", cite: ogi.Art(45), what: actor.FoiAssign, when: in(foi.Assign), fields: assignFields, run: runAssign},
	{name: "cohandle", group: "work", text: "requests.act.cohandle", note: "requests.note.cohandle", done: "requests.done.cohandle", what: actor.FoiAssign, when: in(foi.Assign), fields: coHandleFields, run: runCoHandle},
	{name: "coanswer", hidden: true, text: "requests.act.coanswer", note: "requests.note.coanswer", done: "requests.done.coanswer", what: actor.FoiHandle, when: hasCoHandling,
		fields: longField("text", "requests.field.answer"),
		run: func(c *actCall) error {
			text := c.f.AtMost("text", 5000)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.AnswerCoHandling(c.r.Context(), c.by, c.id, c.version, c.item, text)
			})
		}},
	{name: "search", group: "work", text: "requests.act.search", note: "requests.note.search", done: "requests.done.search", cite: ogi.Art(36, 0, 4), what: actor.FoiHandle, when: in(foi.Search), fields: searchFields, run: runSearch},
	{name: "retitle", group: "work", text: "requests.act.retitle", note: "requests.note.retitle", done: "office.saved", what: actor.FoiRegister, when: func(v *foi.View) bool { return v.Request.State != foi.Void }, fields: titleField,
		run: func(c *actCall) error {
			title := c.f.Text("title")
			return c.call(func() (*foi.Request, error) { return c.Requests.Retitle(c.r.Context(), c.by, c.id, c.version, title) })
		}},
	{name: "correction", group: "ask", text: "requests.act.correction", note: "requests.note.correction", done: "requests.done.letter", cite: ogi.Art(30), what: actor.FoiProcess, when: mayCorrect, fields: correctionFields,
		run: func(c *actCall) error {
			n := foi.Correction{What: c.f.AtMost("what", 3000), Guidance: c.f.AtMost("guidance", 3000), Days: c.f.Int("days")}
			return c.draft("L02", func() (*foi.Request, error) { return c.Requests.AskCorrection(c.r.Context(), c.by, c.id, c.version, n) })
		}},
	{name: "corrected", group: "ask", text: "requests.act.corrected", note: "requests.note.corrected", done: "requests.done.corrected", cite: ogi.Art(30), what: actor.FoiProcess, when: in(foi.Correct), fields: correctedFields,
		run: func(c *actCall) error {
			on, text := c.f.Date("on"), c.f.AtMost("text", 5000)
			files, err := requestUploads(c.r, "file", foi.Attachment)
			if err != nil {
				return err
			}
			return c.call(func() (*foi.Request, error) {
				return c.Requests.Correct(c.r.Context(), c.by, c.id, c.version, on, text, files)
			})
		}},
	{name: "reasons", group: "ask", text: "requests.act.reasons", note: "requests.note.reasons", done: "requests.done.letter", cite: ogi.Art(35), what: actor.FoiProcess,
		when: func(v *foi.View) bool {
			return in(foi.AskReasons)(v) && (v.Record.Reasons == nil || v.Record.Reasons.Notified.IsZero())
		}, fields: reasonsFields,
		run: func(c *actCall) error {
			n := foi.Reasons{Facts: c.f.AtMost("facts", 1500), Days: c.f.Int("days")}
			return c.draft("L03", func() (*foi.Request, error) { return c.Requests.AskReasons(c.r.Context(), c.by, c.id, c.version, n) })
		}},
	{name: "given", group: "ask", text: "requests.act.given", note: "requests.note.given", done: "requests.done.given", cite: ogi.Art(35), what: actor.FoiProcess, when: in(foi.GiveReasons), fields: givenFields,
		run: func(c *actCall) error {
			on, text := c.f.Date("on"), c.f.AtMost("text", 5000)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.GiveReasons(c.r.Context(), c.by, c.id, c.version, on, text)
			})
		}},
	{name: "consult", group: "ask", text: "requests.act.consult", note: "requests.note.consult", done: "requests.done.letter", cite: ogi.Art(32), what: actor.FoiProcess, when: in(foi.Consult), fields: consultFields,
		run: func(c *actCall) error {
			n := foi.Consultation{Party: foi.Party(c.f.Text("party")), Name: c.f.AtMost("name", 200), Address: c.f.AtMost("address", 300), Content: c.f.AtMost("content", 3000), Concern: c.f.AtMost("concern", 1500)}
			code := letter.Code("L05")
			if n.Party == foi.Organ {
				code = "L07"
			}
			return c.draft(code, func() (*foi.Request, error) { return c.Requests.Consult(c.r.Context(), c.by, c.id, c.version, n) })
		}},
	{name: "received", hidden: true, text: "requests.act.received", note: "requests.note.received", done: "office.saved", cite: ogi.Art(32), what: actor.FoiProcess, when: hasConsultation, fields: dayField("requests.field.party_received"),
		run: func(c *actCall) error {
			on := c.f.Date("on")
			return c.call(func() (*foi.Request, error) {
				return c.Requests.ConsultationReceived(c.r.Context(), c.by, c.id, c.version, c.item, on)
			})
		}},
	{name: "opinion", hidden: true, text: "requests.act.opinion", note: "requests.note.opinion", done: "requests.done.opinion", cite: ogi.Art(33, 3), what: actor.FoiProcess, when: hasConsultation, fields: opinionFields, run: runOpinion},
	{name: "override", hidden: true, text: "requests.act.override", note: "requests.note.override", done: "requests.done.letter", cite: ogi.Art(32), what: actor.FoiProcess, when: hasConsultation, fields: whyField,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 1500)
			return c.draft("L08", func() (*foi.Request, error) {
				return c.Requests.Override(c.r.Context(), c.by, c.id, c.version, c.item, reason)
			})
		}},
	{name: "extend", group: "time", text: "requests.act.extend", note: "requests.note.extend", done: "requests.done.extend", cite: ogi.Art(33, 2), what: actor.FoiProcess,
		when: func(v *foi.View) bool {
			return in(foi.Extend)(v) && (v.Record.Extension == nil || v.Record.Extension.Approved.IsZero())
		}, fields: extendFields,
		run: func(c *actCall) error {
			days, reason := c.f.Int("days"), c.f.AtMost("reason", 1500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.ProposeExtension(c.r.Context(), c.by, c.id, c.version, days, reason)
			})
		}},
	{name: "extension", group: "time", text: "requests.act.extension", note: "requests.note.extension", done: "requests.done.extension", cite: ogi.Art(33, 2), what: actor.FoiApprove,
		when: func(v *foi.View) bool {
			return in(foi.Extend)(v) && v.Record.Extension != nil && v.Record.Extension.Approved.IsZero()
		}, fields: approveFields,
		run: func(c *actCall) error {
			ok, note := c.f.Text("ok") == "yes", c.f.AtMost("note", 500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.ApproveExtension(c.r.Context(), c.by, c.id, c.version, ok, note)
			})
		}},
	{name: "later", group: "time", text: "requests.act.later", note: "requests.note.later", done: "requests.done.letter", cite: ogi.Art(35), what: actor.FoiProcess,
		when: func(v *foi.View) bool {
			return in(foi.AgreeLater)(v) && v.Record.Reasons != nil && !v.Record.Reasons.Given.IsZero() && v.Record.Later.IsZero()
		}, fields: laterField,
		run: func(c *actCall) error {
			to := c.f.Date("later")
			return c.draft("L34", func() (*foi.Request, error) { return c.Requests.AgreeLater(c.r.Context(), c.by, c.id, c.version, to) })
		}},
	{name: "charge", group: "time", text: "requests.act.charge", note: "requests.note.charge", done: "requests.done.letter", cite: ogi.Art(42), what: actor.FoiProcess,
		when: func(v *foi.View) bool {
			return in(foi.Charge)(v) && v.Settings.Charges && (v.Record.Fee == nil || v.Record.Fee.Notified.IsZero())
		}, fields: chargeFields,
		run: func(c *actCall) error {
			mode, pages := foi.Mode(c.f.Text("mode")), c.f.Int("pages")
			return c.draft("L09", func() (*foi.Request, error) {
				return c.Requests.Charge(c.r.Context(), c.by, c.id, c.version, mode, pages)
			})
		}},
	{name: "pay", group: "time", text: "requests.act.pay", note: "requests.note.pay", done: "requests.done.pay", cite: ogi.Art(42), what: actor.FoiProcess, when: in(foi.Pay), fields: payFields,
		run: func(c *actCall) error {
			on, voucher := c.f.Date("on"), c.f.AtMost("voucher", 200)
			return c.call(func() (*foi.Request, error) { return c.Requests.Pay(c.r.Context(), c.by, c.id, c.version, on, voucher) })
		}},
	{name: "waive", group: "time", text: "requests.act.waive", note: "requests.note.waive", done: "requests.done.waive", cite: ogi.Art(42), what: actor.FoiApprove, when: in(foi.Waive), fields: whyField,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) { return c.Requests.Waive(c.r.Context(), c.by, c.id, c.version, reason) })
		}},
	{name: "takeback", group: "decide", text: "requests.act.takeback", note: "requests.note.takeback", done: "requests.done.takeback", what: actor.FoiPropose, when: func(v *foi.View) bool { return v.Request.State == foi.Approved || v.Request.State == foi.Reviewing }, fields: whyField, danger: true,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) { return c.Requests.TakeBack(c.r.Context(), c.by, c.id, c.version, reason) })
		}},
	{name: "file", group: "papers", text: "requests.act.file", note: "requests.note.file", done: "requests.done.file", what: actor.FoiHandle, when: func(v *foi.View) bool { return v.Request.State != foi.Void }, fields: fileFields, run: runFile},
	{name: "letter", group: "papers", text: "requests.act.letter", note: "requests.note.letter", done: "requests.done.letter", what: actor.FoiHandle, when: func(v *foi.View) bool { return v.Request.State != foi.Void && !v.Request.Received.IsZero() }, fields: letterFields,
		run: func(c *actCall) error {
			code := letter.Code(c.f.Text("code"))
			return c.draft(code, func() (*foi.Request, error) {
				return c.Requests.DraftLetter(c.r.Context(), c.by, c.id, c.version, code)
			})
		}},
	{name: "propose_log", group: "publish", text: "requests.act.propose_log", note: "requests.note.propose_log", done: "requests.done.propose_log", what: actor.FoiPublish, when: mayLog, fields: logFields,
		run: func(c *actCall) error {
			words := foi.LogWords{Title: c.f.Text("title"), Sought: c.f.AtMost("sought", 2000), Summary: c.f.AtMost("summary", 2000)}
			return c.call(func() (*foi.Request, error) {
				return c.Requests.ProposeLog(c.r.Context(), c.by, c.id, c.version, words)
			})
		}},
	{name: "agree_log", group: "publish", text: "requests.act.agree_log", note: "requests.note.agree_log", done: "requests.done.agree_log", what: actor.FoiApprove, when: logIs(foi.Proposed), fields: noFields,
		run: func(c *actCall) error {
			return c.call(func() (*foi.Request, error) { return c.Requests.AgreeLog(c.r.Context(), c.by, c.id, c.version) })
		}},
	{name: "refuse_log", group: "publish", text: "requests.act.refuse_log", note: "requests.note.refuse_log", done: "requests.done.refuse_log", what: actor.FoiApprove, when: logIs(foi.Proposed), fields: whyField,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.RefuseLog(c.r.Context(), c.by, c.id, c.version, reason)
			})
		}},
	{name: "take_down_log", group: "publish", text: "requests.act.take_down_log", note: "requests.note.take_down_log", done: "requests.done.take_down_log", what: actor.FoiPublish, when: logIs(foi.Logged), fields: whyField, danger: true,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.TakeDownLog(c.r.Context(), c.by, c.id, c.version, reason)
			})
		}},
	{name: "withdraw", group: "end", text: "requests.act.withdraw", note: "requests.note.withdraw", done: "requests.done.withdraw", what: actor.FoiClose, when: in(foi.Withdraw), fields: whyField, danger: true,
		run: func(c *actCall) error {
			reason := c.f.AtMost("reason", 1500)
			return c.draft("L32", func() (*foi.Request, error) { return c.Requests.Withdraw(c.r.Context(), c.by, c.id, c.version, reason) })
		}},
	{name: "transfer", group: "end", text: "requests.act.transfer", note: "requests.note.transfer", done: "requests.done.transfer", what: actor.FoiClose, when: in(foi.Transfer), fields: transferFields, danger: true,
		run: func(c *actCall) error {
			to, reason := c.f.Text("agency"), c.f.AtMost("reason", 1500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.Transfer(c.r.Context(), c.by, c.id, c.version, to, reason)
			})
		}},
	{name: "merge", group: "end", text: "requests.act.merge", note: "requests.note.merge", done: "requests.done.merge", what: actor.FoiClose, when: func(v *foi.View) bool { return in(foi.Merge)(v) && len(mergeable(v)) > 0 }, fields: mergeFields, danger: true,
		run: func(c *actCall) error {
			into, reason := c.f.Text("into"), c.f.AtMost("reason", 500)
			return c.call(func() (*foi.Request, error) {
				return c.Requests.Join(c.r.Context(), c.by, c.id, c.version, into, reason)
			})
		}},
	{name: "divide", group: "end", text: "requests.act.divide", note: "requests.note.divide", done: "requests.done.divide", what: actor.FoiClose, when: in(foi.Divide), fields: divideFields, danger: true, run: runDivide},
	{name: "reopen", group: "end", text: "requests.act.reopen", note: "requests.note.reopen", done: "requests.done.reopen", what: actor.FoiReopen, when: func(v *foi.View) bool { return v.Request.State == foi.Closed }, fields: reopenFields,
		run: func(c *actCall) error {
			on, basis := c.f.Date("on"), c.f.AtMost("basis", 500)
			return c.callTo(func() (*foi.Request, error) { return c.Requests.Reopen(c.r.Context(), c.by, c.id, on, basis) })
		}},
}

func hasCoHandling(v *foi.View) bool {
	return slices.ContainsFunc(v.Record.CoHandling, func(q foi.CoHandling) bool { return q.Answered.IsZero() })
}

func hasConsultation(v *foi.View) bool {
	return slices.ContainsFunc(v.Record.Consulted, func(n foi.Consultation) bool { return !n.Sent.IsZero() })
}

func mayCorrect(v *foi.View) bool {
	return in(foi.AskCorrection)(v) && (v.Record.Correction == nil || v.Record.Correction.Notified.IsZero())
}

// requestActNamed returns the act of a name, nil if there is none.
func requestActNamed(name string) *requestAct {
	i := slices.IndexFunc(requestActs, func(a requestAct) bool { return a.name == name })
	if i < 0 {
		return nil
	}
	return &requestActs[i]
}

// actGroups are the acts that state and person allow, in groups; only one group if it is named.
func (o *Office) actGroups(r *http.Request, p i18n.Printer, v *foi.View, only string) (all []actGroup) {
	at, by := o.path(r, "/office/requests/%s", v.Request.ID), o.Actor(r)
	for _, g := range actGroupNames {
		if only != "" && g.key != only {
			continue
		}
		group := actGroup{Title: p.T(g.text)}
		if g.key == "decide" {
			for _, t := range append(o.decideTool(r, p, v, false), o.reviewIfOpen(r, p, v)...) {
				group.Links = append(group.Links, actLink{Text: t.Text, Href: t.Href})
			}
		}
		for i := range requestActs {
			if a := &requestActs[i]; a.group == g.key && !a.hidden && a.open(by, v) {
				link := actLink{Text: p.T(a.text), Href: at + "/do/" + a.name}
				if !a.cite.IsZero() {
					link.Note = citeOf(p, a.cite)
				}
				group.Links = append(group.Links, link)
			}
		}
		if len(group.Links) > 0 {
			all = append(all, group)
		}
	}
	return all
}

func (o *Office) reviewIfOpen(r *http.Request, p i18n.Printer, v *foi.View) []Tool {
	if v.Request.State != foi.Reviewing {
		return nil
	}
	return o.reviewTool(r, p, v)
}

// showRequestAct shows the form of an act.
func (o *Office) showRequestAct(w http.ResponseWriter, r *http.Request) error {
	a, v, err := o.actAt(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.actPage(r, a, v))
}

// actAt loads the request and the act an address names. What the person may not do at all is
// refused; what the state does not know at the moment is shown as a fault when it is tried.
func (o *Office) actAt(r *http.Request) (*requestAct, *foi.View, error) {
	a := requestActNamed(r.PathValue("act"))
	if a == nil {
		return nil, nil, web.ErrNoPage
	}
	if err := o.Requests.May(r.Context(), o.Actor(r), a.what, r.PathValue("id")); err != nil {
		return nil, nil, err
	}
	v, err := o.Requests.Load(r.Context(), o.Actor(r), r.PathValue("id"), false)
	return a, v, err
}

func (o *Office) actPage(r *http.Request, a *requestAct, v *foi.View) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T(a.text)), Lead: printer(r).T(a.note)}
	at := o.path(r, "/office/requests/%s", v.Request.ID)
	p.Crumb(p.T("requests.title"), o.path(r, "/office/requests"))
	p.Crumb(v.Request.Title, at)
	var groups []Group
	if fields := a.fields(o, r, p.Printer, v); len(fields) > 0 {
		groups = []Group{{Fields: fields}}
	}
	p.Form = NewForm(p.Page, at+"/do/"+a.name, groups...)
	p.Form.Version = v.Request.Version
	p.Form.Hidden = []Field{{Name: "seen", Value: strconv.Itoa(len(v.Record.Steps))}}
	if item := r.FormValue("item"); item != "" {
		p.Form.Hidden = append(p.Form.Hidden, Field{Name: "item", Value: item})
	}
	tone := "primary"
	if a.danger {
		tone = "danger"
	}
	p.Form.Buttons = []Button{{Text: p.T(a.text), Tone: tone}}
	p.Form.Back = p.back(at)
	p.Side = o.actSide(p.Printer, a, v)
	if a.group == "publish" && v.Request.Log != foi.NotLogged && v.Log != nil {
		p.Side = append([]Card{logCard(p.Printer, v)}, p.Side...)
	}
	return p
}

// actSide is what to have before one's eyes while doing an act: whose it is, until when.
func (o *Office) actSide(p i18n.Printer, a *requestAct, v *foi.View) []Card {
	c := Card{ID: "about", Title: p.T("requests.side.about"), Facts: []Fact{{Label: p.T("requests.filter.no"), Value: v.Request.No}, {Label: p.T("requests.column.title"), Value: v.Request.Title, Lang: "zh-CN"},
		{Label: p.T("requests.column.applicant"), Value: v.Request.Masked, Lang: "zh-CN"}, {Label: p.T("requests.field.features"), Value: v.Record.Application.Sought.Features, Lang: "zh-CN"}}}
	if !v.Clock.Due.IsZero() {
		left := o.clockLeft(p, v)
		c.Facts = append(c.Facts, Fact{Label: p.T("requests.column.due"), Value: v.Clock.Due.String(), Badge: &left})
	}
	if a != nil && !a.cite.IsZero() {
		c.Facts = append(c.Facts, Fact{Label: p.T("requests.side.cite"), Value: citeOf(p, a.cite)})
	}
	return []Card{c}
}

// actRequest does an act, or shows its form again with what was typed and what was wrong.
func (o *Office) actRequest(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	a, v, err := o.actAt(r)
	if err != nil {
		return err
	}
	c := &actCall{Office: o, w: w, r: r, f: f, v: v, by: o.Actor(r), id: v.Request.ID, version: f.Int64("version"), item: f.Int("item")}
	if err = a.run(c); err == nil {
		if c.answer != nil {
			return c.answer()
		}
		if c.next == "" {
			c.next = "/office/requests/" + c.id
		}
		return o.done(w, r, i18n.M(a.done), "%s", steps(c.next))
	}
	if !mendable(err) {
		return err
	}
	if v, err2 := o.Requests.Load(r.Context(), o.Actor(r), c.id, false); err2 == nil {
		c.v = v
	}
	p := o.actPage(r, a, c.v)
	p.Form.Keep(r.PostForm)
	status := p.Form.Tell(err)
	p.Form.Problem = changedSince(p.Printer, c.v, f, err, p.Form.Problem)
	return o.showAs(w, r, status, "form", p)
}

// steps is several steps of an address, which are not escaped again.
type steps string

// changedSince adds to a refusal because somebody was faster what he did.
func changedSince(p i18n.Printer, v *foi.View, f *web.Form, err error, problem string) string {
	if fault.KindOf(err) != fault.Conflict {
		return problem
	}
	var what []string
	for _, s := range v.Record.Steps[min(f.Int("seen"), len(v.Record.Steps)):] {
		what = append(what, p.T("requests.stale.step", "who", s.By, "what", p.Text(foi.StepWord(s.Act)), "at", When(s.At)))
	}
	if len(what) == 0 {
		return problem
	}
	return problem + " " + p.T("requests.stale.changed", "what", strings.Join(what, "；"))
}

// call does an act after everything the form says was read.
func (c *actCall) call(do func() (*foi.Request, error)) error {
	if err := c.f.Err(); err != nil {
		return err
	}
	_, err := do()
	return err
}

// callTo is call for acts that lead to the request they make.
func (c *actCall) callTo(do func() (*foi.Request, error)) error {
	if err := c.f.Err(); err != nil {
		return err
	}
	q, err := do()
	if err == nil {
		c.next = "/office/requests/" + q.ID
	}
	return err
}

// draft is call for acts that draft a letter: they lead to it.
func (c *actCall) draft(code letter.Code, do func() (*foi.Request, error)) error {
	if err := c.call(do); err != nil {
		return err
	}
	v, err := c.Requests.Load(c.r.Context(), c.by, c.id, false)
	if err != nil {
		return err
	}
	for _, l := range slices.Backward(v.Letters) {
		if l.Code == code && l.State == foi.Drafted {
			c.next = "/office/requests/" + c.id + "/letters/" + l.ID
			break
		}
	}
	return nil
}
