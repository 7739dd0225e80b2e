package portal

import (
	"errors"
	"net/http"

	"gongkai/internal/foi"
	"gongkai/internal/web"
)

// task is what the applicant is asked for: to correct, to give reasons, to pay.
type task struct {
	Name   string // of the form's address
	Title  string
	Says   []string // what the letter asks
	Until  string
	Self   string
	Text   input
	Papers papersIn
	Takes  bool // files, too
	Button string
}

// answers are what applicants can answer, with the act it is and the kind of file that goes with it.
var answers = map[string]struct {
	act  foi.Act
	file foi.FileKind
}{"correct": {foi.Correct, foi.Attachment}, "reasons": {foi.GiveReasons, ""}, "paid": {foi.Pay, foi.Receipt}}

// task fills what is asked, with what was written of the answer already.
func (v *requestPage) task(p *portal, r *http.Request, one *foi.Progress) error {
	t := &task{}
	switch {
	case one.Request.State == foi.Correcting && one.Correction != nil:
		c := one.Correction
		t.Name, t.Title, t.Says, t.Until = "correct", v.T("portal.foi.task.correct"), append(paragraphs(c.What), paragraphs(c.Guidance)...), v.on(c.Due)
		t.Text = input{Label: v.T("portal.foi.task.correct.text"), Help: v.T("portal.foi.task.correct.help"), Rows: 6}
		t.Button = v.T("portal.foi.task.correct.button")
	case one.Request.State == foi.Reasoning && one.Reasons != nil:
		t.Name, t.Title, t.Says, t.Until = "reasons", v.T("portal.foi.task.reasons"), paragraphs(one.Reasons.Facts), v.on(one.Reasons.Due)
		t.Text = input{Label: v.T("portal.foi.task.reasons.text"), Rows: 6}
		t.Button = v.T("portal.foi.task.reasons.button")
	case one.Request.State == foi.Paying && one.Fee != nil:
		t.Name, t.Title, t.Until = "paid", v.T("portal.foi.task.paid"), v.on(one.Fee.Due)
		t.Says = append([]string{v.T("portal.foi.task.paid.yuan", "yuan", one.Fee.Yuan)}, paragraphs(one.HowToPay)...)
		t.Text = input{Label: v.T("portal.foi.task.paid.text"), Help: v.T("portal.foi.task.paid.help")}
		t.Button = v.T("portal.foi.task.paid.button")
	default:
		return nil
	}
	return v.begun(p, r, one, t)
}

func (v *requestPage) begun(p *portal, r *http.Request, one *foi.Progress, t *task) error {
	kind := answers[t.Name]
	f, _, err := p.Requests.Answer(r.Context(), one.Code, kind.act, foi.DraftChange{})
	if err != nil {
		return err
	}
	t.Self, t.Takes = p.path(r, "/request/"+t.Name+ending), kind.file != ""
	t.Text.Name, t.Text.Value, t.Text.Most, t.Text.Auto = "text", f.Text, 5000, "off"
	t.Papers = papersIn{string(kind.file), v.T("portal.foi.task.files"), v.T("portal.foi.attachment.help"), "", keptOf(f, kind.file)}
	v.Task = t
	return nil
}

// answer keeps what was written of an answer, and hands it in when the button says so.
func (p *portal) answer(name string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		code := p.passed(r, followCookie, "request")
		form := web.ReadForm(r)
		if err := form.Err(); err != nil {
			return p.requestAgain(w, r, err)
		}
		files, err := brought(r)
		if err != nil {
			return err
		}
		act := answers[name].act
		_, faults, err := p.Requests.Answer(r.Context(), code, act, foi.DraftChange{
			Write: func(d *foi.Draftable) { d.Text = form.Text("text") }, Add: files, Drop: form.List("drop"), Address: remote(r)})
		if len(faults) > 0 {
			err = web.Faults(faults)
		}
		did := name
		if len(form.List("drop")) > 0 || form.Text("do") == "keep" {
			did = "kept"
		} else if err == nil {
			err = p.Requests.Answered(r.Context(), code, act)
		}
		if err != nil {
			return p.requestAgain(w, r, err)
		}
		return p.onTo(w, r, "/request"+ending+"?did="+did)
	}
}

// requestAgain shows the request with what is wrong in an answer.
func (p *portal) requestAgain(w http.ResponseWriter, r *http.Request, err error) error {
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	one, err := p.followed(r)
	if errors.Is(err, foi.ErrNoCode) {
		return p.onTo(w, r, "/request"+ending)
	}
	if err != nil {
		return err
	}
	v, err := p.requestPage(r, one)
	if err != nil {
		return err
	}
	v.Troubles = blame(v.page, faults)
	if v.Task != nil {
		v.Task.Text.Wrong, v.Task.Papers.Wrong = v.Wrong("text"), v.Wrong(v.Task.Papers.Name)
	}
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_request", v)
}

// withdrawPage asks whether a request is really to be taken back.
type withdrawPage struct {
	page
	troubled
	Sought, Body string
	Self, Return string
	Reason       input
}

// withdrawing is the page that asks; it is nil where the reader was sent on.
func (p *portal) withdrawing(w http.ResponseWriter, r *http.Request, reason string) (*withdrawPage, error) {
	one, err := p.followed(r)
	if errors.Is(err, foi.ErrNoCode) || err == nil && !one.Can(foi.Withdraw) {
		return nil, p.onTo(w, r, "/request"+ending)
	}
	if err != nil {
		return nil, err
	}
	v := &withdrawPage{page: p.foiFrame(r, "portal.foi.withdraw", true), Sought: one.Application.Sought.Name, Body: p.bodyName(r, one.Request.Agency)}
	v.Self, v.Return = p.path(r, "/request/withdraw"+ending), p.path(r, "/request"+ending)
	v.Reason = input{Name: "reason", Label: v.T("portal.foi.withdraw.reason"), Value: reason, Rows: 3, Most: 300, Auto: "off"}
	return v, nil
}

func (p *portal) showWithdraw(w http.ResponseWriter, r *http.Request) error {
	v, err := p.withdrawing(w, r, "")
	if v == nil || err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_withdraw", v)
}

// withdraw takes the request back.
func (p *portal) withdraw(w http.ResponseWriter, r *http.Request) error {
	form := web.ReadForm(r)
	reason := form.AtMost("reason", 300)
	err := form.Err()
	if err == nil {
		_, err = p.Requests.OwnWithdrawal(r.Context(), p.passed(r, followCookie, "request"), reason)
	}
	if err == nil {
		return p.onTo(w, r, "/request"+ending+"?did=withdraw")
	}
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	v, err := p.withdrawing(w, r, form.Text("reason"))
	if v == nil || err != nil {
		return err
	}
	v.Troubles = blame(v.page, faults)
	v.Reason.Wrong = v.Wrong("reason")
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_withdraw", v)
}
