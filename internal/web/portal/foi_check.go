package portal

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// The faults of sending.
var (
	// ErrQuestion says that the question that keeps robots out was answered wrong.
	ErrQuestion = &fault.Error{Kind: fault.Invalid, Code: "portal.foi.question.wrong", Field: "answer"}
	// ErrTooFast says that a form was sent faster than anybody writes.
	ErrTooFast = &fault.Error{Kind: fault.Invalid, Code: "portal.foi.too_fast", Field: "answer"}
	// ErrTrap says that a field was filled that people do not see.
	ErrTrap = &fault.Error{Kind: fault.Invalid, Code: "portal.foi.trap", Field: "answer"}
)

// fastest is the shortest time in which somebody writes a request.
const fastest = 3 * time.Second

// checkPage shows a request before it is sent.
type checkPage struct {
	page
	troubled
	Names    []tab
	Body     string
	Self     string
	Parts    []summary
	Notice   []string
	Question string
	Answer   input
	Found    []alike
	Due      string
	Ready    bool
}

// summary is what one step holds, as a list to read.
type summary struct {
	Name, Href string
	Fields     []field
	Wrong      bool
}

// showCheck shows everything once more. Whoever has not gone through a step is led there.
func (p *portal) showCheck(w http.ResponseWriter, r *http.Request) error {
	f, err := p.draft(w, r)
	if f == nil || err != nil {
		return err
	}
	for _, s := range steps {
		if !slices.Contains(f.Done, s) {
			return p.onTo(w, r, "/apply/"+s+ending)
		}
	}
	if f, err = p.questioned(r, f); err != nil {
		return err
	}
	v, err := p.checkPage(r, f)
	if err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_check", v)
}

func (p *portal) checkPage(r *http.Request, f *foi.Draft) (*checkPage, error) {
	v := &checkPage{page: p.foiFrame(r, "portal.foi.step.check", true), Self: p.path(r, "/apply/check"+ending), Body: p.bodyName(r, f.Agency)}
	v.Names = p.stepTabs(r, v.page, "check")
	_, notice, err := p.Requests.PublicSettings(r.Context(), f.Agency)
	if err != nil {
		return nil, err
	}
	v.Notice = paragraphs(notice)
	v.Due = v.on(p.Requests.Calendar().Add(p.today(), reckon.ReplyDays).Date)
	v.Troubles = blame(v.page, f.Check())
	v.Ready = len(v.Troubles) == 0
	for i := range v.Troubles {
		v.Troubles[i].Href = p.path(r, "/apply/"+stepOf(v.Troubles[i].Field)+ending) + v.Troubles[i].Href
	}
	v.Parts = v.parts(p, r, f)
	v.Question = question(v.Printer, f.Asked)
	v.Answer = input{Name: "answer", Label: v.Question, Help: v.T("portal.foi.question.help"), Auto: "off", Most: 20, Must: true}
	if words := f.Application.Sought.Name; words != "" {
		if v.Found, _, err = p.alreadyPublic(r, words, f.Agency, 3); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// parts lists what a request says, step by step, without what was left empty.
func (v *checkPage) parts(p *portal, r *http.Request, f *foi.Draft) (all []summary) {
	a, who := f.Application, f.Application.Applicant
	add := func(step string, fields ...field) {
		one := summary{Name: v.T(stepNames[step]), Href: p.path(r, "/apply/"+step+ending), Wrong: len(of(step, v.Troubles)) > 0}
		for _, x := range fields {
			if strings.TrimSpace(x.Value) != "" {
				one.Fields = append(one.Fields, x)
			}
		}
		all = append(all, one)
	}
	add("what", field{v.T("portal.foi.name_of"), a.Sought.Name}, field{v.T("portal.foi.number"), a.Sought.DocNo}, field{v.T("portal.foi.features"), a.Sought.Features},
		field{v.T("portal.foi.attachment"), names(v.page, f, foi.Attachment)})
	add("how", field{v.T("portal.foi.form"), v.Text(foi.Word(string(a.Form)))}, field{v.T("portal.foi.way"), v.Text(foi.WayWord(a.Way))}, field{v.T("portal.foi.help"), a.Help})
	idType := ""
	if who.Kind == foi.Natural && who.IDNumber != "" {
		idType = v.Text(foi.Word(who.IDType))
	}
	add("who", field{v.T("portal.foi.kind"), v.Text(foi.Word(string(who.Kind)))}, field{v.T("portal.foi.name"), who.Name},
		field{v.T("portal.foi.id_type"), idType}, field{v.T("portal.foi.id_number"), who.IDNumber}, field{v.T("portal.foi.work"), who.Work},
		field{v.T("portal.foi.credit"), who.Credit}, field{v.T("portal.foi.representative"), who.Representative}, field{v.T("portal.foi.contact_person"), who.Contact},
		field{v.T("portal.foi.identity"), names(v.page, f, foi.IdentityFile)},
		field{v.T("portal.foi.phone"), who.Phone}, field{v.T("portal.foi.email"), who.Email}, field{v.T("portal.foi.address"), who.Address},
		field{v.T("portal.foi.postcode"), who.Postcode}, field{v.T("portal.foi.fax"), who.Fax},
		field{v.T("portal.foi.agent_name"), a.Agent.Name}, field{v.T("portal.foi.agent_id"), a.Agent.IDNumber}, field{v.T("portal.foi.agent_phone"), a.Agent.Phone},
		field{v.T("portal.foi.authority"), names(v.page, f, foi.Authority)})
	return all
}

// names lists a draft's files of a kind.
func names(v page, f *foi.Draft, k foi.FileKind) string {
	var all []string
	for _, one := range keptOf(f, k) {
		all = append(all, one.Name)
	}
	return v.List(all)
}

// The question: which sum of two numbers it asks for, or the largest of three. It is asked in
// words, so that it can be heard and read in any size, and changes with each wrong answer.
const (
	plus = iota
	minus
	largest
)

// questioned gives a draft its question, if it has none.
func (p *portal) questioned(r *http.Request, f *foi.Draft) (*foi.Draft, error) {
	if len(f.Asked) == 4 {
		return f, nil
	}
	f, _, err := p.Requests.ChangeDraft(r.Context(), f.Code, foi.DraftChange{Write: func(d *foi.Draftable) { d.Asked = ask() }})
	return f, err
}

func ask() []int {
	a, b := 2+rand.IntN(8), 1+rand.IntN(9)
	switch kind := rand.IntN(3); kind {
	case minus:
		return []int{kind, max(a, b) + 1, min(a, b), 0}
	case largest:
		all := rand.Perm(9)
		return []int{kind, all[0] + 1, all[1] + 1, all[2] + 1}
	default:
		return []int{plus, a, b, 0}
	}
}

func solution(q []int) int {
	switch q[0] {
	case minus:
		return q[1] - q[2]
	case largest:
		return max(q[1], q[2], q[3])
	}
	return q[1] + q[2]
}

// question words what is asked.
func question(say i18n.Printer, q []int) string {
	n := func(i int) string { return numeral(say, q[i]) }
	switch q[0] {
	case minus:
		return say.T("portal.foi.question.minus", "a", n(1), "b", n(2))
	case largest:
		return say.T("portal.foi.question.largest", "a", n(1), "b", n(2), "c", n(3))
	}
	return say.T("portal.foi.question.plus", "a", n(1), "b", n(2))
}

// numeral is a number to twenty in words.
func numeral(say i18n.Printer, n int) string {
	all := strings.Split(say.T("portal.foi.numbers"), " ")
	return all[min(max(n, 0), len(all)-1)]
}

// right reports whether an answer in figures or in words of either language is right.
func right(q []int, s string) bool {
	s = strings.ToLower(strings.TrimSpace(wide.Replace(s)))
	if n, err := strconv.Atoi(s); err == nil {
		return n == solution(q)
	}
	for _, l := range i18n.Langs {
		if s == numeral(i18n.To(l), solution(q)) {
			return true
		}
	}
	return s == "两" && solution(q) == 2
}

var wide = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "。", "", " ", "")

// submit sends the request and shows its query code.
func (p *portal) submit(w http.ResponseWriter, r *http.Request) error {
	f, err := p.draft(w, r)
	if f == nil || err != nil {
		return err
	}
	form := web.ReadForm(r)
	if err := errors.Join(form.Err(), p.human(form, f)); err != nil {
		return p.checkAgain(w, r, f, err)
	}
	code, err := p.Requests.SubmitDraft(r.Context(), f.Code, remote(r))
	if err != nil {
		return p.checkAgain(w, r, f, err)
	}
	return p.sentAlready(w, r, code)
}

// human holds off programs that fill in forms. None of it is anything a person has to see, and who
// is taken for a program can send again at once.
func (p *portal) human(form *web.Form, f *foi.Draft) error {
	switch {
	case form.Text("website") != "":
		return ErrTrap
	case p.DB.Clock().Sub(f.BeganAt) < fastest:
		return ErrTooFast
	case len(f.Asked) != 4 || !right(f.Asked, form.Text("answer")):
		return ErrQuestion
	}
	return nil
}

// checkAgain shows the page with what is wrong, and with another question after a wrong answer.
func (p *portal) checkAgain(w http.ResponseWriter, r *http.Request, f *foi.Draft, err error) error {
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	if errors.Is(err, ErrQuestion) {
		f.Asked = nil
	}
	if f, err = p.questioned(r, f); err != nil {
		return err
	}
	v, err := p.checkPage(r, f)
	if err != nil {
		return err
	}
	if v.Ready {
		v.Troubles = blame(v.page, faults)
		v.Answer.Wrong = v.Wrong("answer")
	}
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_check", v)
}

// sentAlready lets the browser follow a request it sent, and shows the query code.
func (p *portal) sentAlready(w http.ResponseWriter, r *http.Request, code string) error {
	pass, err := p.Requests.Pass("request", code)
	if err != nil {
		return err
	}
	p.let(w, followCookie, pass)
	return p.onTo(w, r, "/apply/sent"+ending)
}

// confirmedPage shows the query code of a request that was sent, and what happens next.
type confirmedPage struct {
	page
	Body, Sought, On, Due string
	Code                  string
	Follow, PDF, DOCX     string
	Contact               []field
}

func (p *portal) showConfirmed(w http.ResponseWriter, r *http.Request) error {
	code := p.passed(r, followCookie, "request")
	one, err := p.Requests.Follow(r.Context(), code)
	if err != nil {
		return p.onTo(w, r, "/request"+ending)
	}
	v := &confirmedPage{page: p.foiFrame(r, "portal.foi.sent", true), Code: one.Code, Body: p.bodyName(r, one.Request.Agency)}
	v.On = v.on(one.Request.SubmittedOn)
	v.Sought = one.Application.Sought.Name
	v.Due = v.on(p.Requests.Calendar().Add(p.today(), reckon.ReplyDays).Date)
	v.Follow, v.PDF, v.DOCX = p.path(r, "/request"+ending), p.path(r, "/request/form/pdf"), p.path(r, "/request/form/docx")
	if v.Contact, err = p.contact(r, v.page, one.Request.Agency); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_sent", v)
}

// savedPage shows the code of a draft.
type savedPage struct {
	page
	Code, Until string
	Body        string
	Go, Drop    string
}

func (p *portal) showSaved(w http.ResponseWriter, r *http.Request) error {
	f, err := p.draft(w, r)
	if f == nil || err != nil {
		return err
	}
	v := &savedPage{page: p.foiFrame(r, "portal.foi.saved", true), Code: f.Code, Body: p.bodyName(r, f.Agency)}
	v.Until = v.on(date.Of(f.EndsAt.In(date.China)))
	v.Go, v.Drop = p.path(r, "/apply/"+steps[0]+ending), p.path(r, "/apply/drop"+ending)
	return p.pages.Write(w, r, http.StatusOK, "foi_saved", v)
}

// codePage asks for a code.
type codePage struct {
	page
	troubled
	Lead, Help, Self string
	Code             input
	Button           string
	Links            []web.Link
}

func (p *portal) resumePage(r *http.Request) *codePage {
	v := &codePage{page: p.foiFrame(r, "portal.foi.resume", true), Self: p.path(r, "/apply/resume"+ending)}
	v.Lead, v.Button = v.T("portal.foi.resume.lead", "days", foi.DraftDays), v.T("portal.foi.resume.button")
	v.Code = input{Name: "code", Label: v.T("portal.foi.draft_code"), Help: v.T("portal.foi.code.help"), Auto: "off", Most: 40, Must: true}
	v.Links = []web.Link{{Href: p.path(r, "/apply"+ending), Text: v.T("portal.foi.begin_new")}}
	return v
}

func (p *portal) showResume(w http.ResponseWriter, r *http.Request) error {
	return p.pages.Write(w, r, http.StatusOK, "foi_code", p.resumePage(r))
}

// resume goes on with a draft somebody has the code of.
func (p *portal) resume(w http.ResponseWriter, r *http.Request) error {
	form := web.ReadForm(r)
	pass, err := p.Requests.EnterDraft(r.Context(), remote(r), form.Text("code"))
	if err == nil {
		p.let(w, draftCookie, pass)
		return p.onTo(w, r, "/apply/"+steps[0]+ending)
	}
	return p.codeAgain(w, r, p.resumePage(r), form, err)
}

func (p *portal) codeAgain(w http.ResponseWriter, r *http.Request, v *codePage, form *web.Form, err error) error {
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	v.Troubles = blame(v.page, faults)
	v.Code.Value, v.Code.Wrong = form.Text("code"), v.Wrong("code")
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_code", v)
}

// dropDraft forgets a draft at once, on a computer others use.
func (p *portal) dropDraft(w http.ResponseWriter, r *http.Request) error {
	if code := p.passed(r, draftCookie, "draft"); code != "" {
		if err := p.Requests.DropDraft(r.Context(), code); err != nil && !errors.Is(err, foi.ErrNoDraft) {
			return err
		}
	}
	p.let(w, draftCookie, "")
	return p.onTo(w, r, "/apply"+ending)
}
