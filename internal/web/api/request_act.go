package api

import (
	"errors"
	"net/http"
	"strconv"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// RequestUpload is a file as it is handed in, its content as base64.
type RequestUpload struct {
	Kind foi.FileKind `json:"kind"`
	Name string       `json:"name"`
	Data []byte       `json:"data"`
}

func uploads(all []RequestUpload) (out []foi.Upload) {
	for _, u := range all {
		out = append(out, foi.Upload{Kind: u.Kind, Name: u.Name, Data: u.Data})
	}
	return out
}

// RequestRegister is a request that came on paper, by post, fax, at the counter or by mail.
type RequestRegister struct {
	Channel     foi.Channel     `json:"channel"`
	Nature      foi.Nature      `json:"nature,omitempty"`
	Received    day             `json:"received_on"`
	Application foi.Application `json:"application"`
	Title       string          `json:"title,omitempty"`
	No          string          `json:"no,omitempty"`
	Files       []RequestUpload `json:"files,omitempty"`
}

var registerAct = act[RequestRegister]{token.Requests, http.StatusCreated, true, func(c *call, in *RequestRegister) (made, error) {
	r, code, err := c.Requests.Register(c.ctx, c.by, foi.Registration{Agency: c.t.Agency, Channel: in.Channel, Nature: in.Nature, Received: in.Received.Date,
		Application: in.Application, Title: in.Title, Files: uploads(in.Files), No: in.No})
	if err != nil {
		return made{}, err
	}
	return made{r.ID, code}, nil
}, func(c *call, m made) (any, error) {
	w, err := c.whole(m.id, false)
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("Location", c.Base+Root+"/requests/"+m.id)
	c.tag(w.Version)
	return RequestDone{Request: w, Code: m.said}, nil
}}

// RequestConfirm is the day both sides confirmed, and how lists word what is asked.
type RequestConfirm struct {
	seen
	On    day    `json:"on"`
	Title string `json:"title,omitempty"`
}

// RequestReason is an act that takes a reason alone.
type RequestReason struct {
	seen
	Reason string `json:"reason"`
}

// RequestTitle is how lists word what is asked.
type RequestTitle struct {
	seen
	Title string `json:"title"`
}

// RequestAssign says who handles the request: names by which they sign in.
type RequestAssign struct {
	seen
	Department string   `json:"department,omitempty"`
	Handlers   []string `json:"handlers,omitempty"`
	Until      day      `json:"until,omitzero"`
	Note       string   `json:"note,omitempty"`
}

// assign finds the handlers by their names. One that cannot handle the body's requests is left without a
// name, which the act refuses after it asked for the permission.
func (c *call) assign(in *RequestAssign) (*foi.Request, error) {
	a := foi.Assignment{Department: in.Department, Until: in.Until.Date, Note: in.Note}
	err := c.DB.View(c.ctx, func(tx *db.Tx) error {
		for _, login := range in.Handlers {
			a.Handlers = append(a.Handlers, login)
			one, err := account.ByLogin(tx, login)
			if errors.Is(err, account.ErrNone) {
				continue
			}
			if err != nil {
				return err
			}
			who, err := account.LoadActor(tx, one.ID)
			if err != nil {
				return err
			}
			if who.Can(actor.FoiHandle, actor.In(c.t.Agency)) {
				a.Handlers[len(a.Handlers)-1], a.Names = one.ID, append(a.Names, one.Name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.Requests.Assign(c.ctx, c.by, c.id, c.version, a)
}

// RequestAsk asks another department.
type RequestAsk struct {
	seen
	Department string `json:"department"`
	Person     string `json:"person,omitempty"`
	Question   string `json:"question"`
	Until      day    `json:"until,omitzero"`
}

var askAct = act[RequestAsk]{token.Requests, http.StatusOK, false, func(c *call, in *RequestAsk) (made, error) {
	r, link, err := c.Requests.CoHandle(c.ctx, c.by, c.id, c.version, foi.CoHandling{Department: in.Department, Person: in.Person, Question: in.Question, Until: in.Until.Date})
	if err != nil {
		return made{}, err
	}
	return made{r.ID, link}, nil
}, func(c *call, m made) (any, error) {
	w, err := c.whole(m.id, false)
	if err != nil {
		return nil, err
	}
	c.tag(w.Version)
	return RequestDone{Request: w, Link: m.said}, nil
}}

// RequestText is an act that takes a text alone.
type RequestText struct {
	seen
	Text string `json:"text"`
}

// RequestSearch is a search made for the information.
type RequestSearch struct {
	seen
	foi.SearchRecord
}

// RequestCorrection asks the applicant to correct.
type RequestCorrection struct {
	seen
	What     string `json:"what"`
	Guidance string `json:"guidance"`
	Days     int    `json:"days"`
}

// RequestCorrected is the corrected request as it came.
type RequestCorrected struct {
	seen
	On    day             `json:"on"`
	Text  string          `json:"text,omitempty"`
	Files []RequestUpload `json:"files,omitempty"`
}

// RequestWhy asks why somebody asks so much or so often.
type RequestWhy struct {
	seen
	Facts string `json:"facts"`
	Days  int    `json:"days"`
}

// RequestAnswered is what came on a day.
type RequestAnswered struct {
	seen
	On   day    `json:"on"`
	Text string `json:"text,omitempty"`
}

// RequestLater is a reasonable later date.
type RequestLater struct {
	seen
	To day `json:"to"`
}

// RequestConsult asks a third party or another organ.
type RequestConsult struct {
	seen
	Party   foi.Party `json:"party"`
	Name    string    `json:"name"`
	Person  bool      `json:"person,omitempty"`
	Address string    `json:"address,omitempty"`
	Content string    `json:"content"`
	Concern string    `json:"concern,omitempty"`
}

// RequestOn is the day on which something happened.
type RequestOn struct {
	seen
	On day `json:"on"`
}

// RequestOpinion is the answer of somebody consulted.
type RequestOpinion struct {
	seen
	On       day             `json:"on"`
	Consents bool            `json:"consents"`
	Text     string          `json:"text,omitempty"`
	Files    []RequestUpload `json:"files,omitempty"`
}

// item is the number of a consultation or a question to a department, 0 for none.
func (c *call) item() int {
	n, err := strconv.Atoi(c.r.PathValue("item"))
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// RequestExtend asks the head for more time.
type RequestExtend struct {
	seen
	Days   int    `json:"days"`
	Reason string `json:"reason"`
}

// RequestVerdict is the head's or a reviewer's word.
type RequestVerdict struct {
	seen
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"`
}

// RequestReview is a reviewer's word on a proposed decision.
type RequestReview struct {
	RequestVerdict
	Kind foi.ReviewKind `json:"kind"`
}

// RequestCharge drafts a notice of a fee.
type RequestCharge struct {
	seen
	Mode  foi.Mode `json:"mode"`
	Pages int      `json:"pages,omitempty"`
}

// RequestPaid is a payment.
type RequestPaid struct {
	seen
	On      day    `json:"on"`
	Voucher string `json:"voucher,omitempty"`
}

// RequestTransfer passes a request on to another body.
type RequestTransfer struct {
	seen
	To     string `json:"to"`
	Reason string `json:"reason"`
}

// RequestMerge merges a request with another.
type RequestMerge struct {
	seen
	Into   string `json:"into"`
	Reason string `json:"reason"`
}

// RequestDivide registers a request anew as several.
type RequestDivide struct {
	seen
	Parts  []RequestPart `json:"parts"`
	Reason string        `json:"reason"`
}

// RequestPart is one of them.
type RequestPart struct {
	Title  string `json:"title"`
	Sought string `json:"sought"`
}

func (c *call) divide(in *RequestDivide) (*foi.Request, error) {
	var parts []foi.Part
	for _, p := range in.Parts {
		parts = append(parts, foi.Part(p))
	}
	return c.Requests.Divide(c.ctx, c.by, c.id, c.version, parts, in.Reason)
}

// RequestReopen begins the new answer that reconsideration or a judgment asks for.
type RequestReopen struct {
	On    day    `json:"on"`
	Basis string `json:"basis"`
}

var reopenAct = act[RequestReopen]{token.Requests, http.StatusCreated, true, func(c *call, in *RequestReopen) (made, error) {
	return done(c.Requests.Reopen(c.ctx, c.by, c.id, in.On.Date, in.Basis))
}, standing}

// RequestDecision is the decision on a request. A result has one answer, or one for each part.
type RequestDecision struct {
	Outcome outcome.Code    `json:"outcome"`
	Variant string          `json:"variant,omitempty"`
	Answers []RequestAnswer `json:"answers"`
	Files   []string        `json:"files,omitempty"`
	Opinion string          `json:"opinion,omitempty"`
}

// RequestPropose hands a decision in for review.
type RequestPropose struct {
	seen
	RequestDecision
}

// RequestAnswer is the answer to the request or to a part of it. What its result needs is refused
// when it lacks.
type RequestAnswer struct {
	About     string            `json:"about,omitempty"`
	Outcome   outcome.Code      `json:"outcome,omitempty"`
	Variant   string            `json:"variant,omitempty"`
	Finding   string            `json:"finding,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Provided  []RequestPaper    `json:"provided,omitempty"`
	Form      string            `json:"form,omitempty"`
	FormWhy   string            `json:"form_why,omitempty"`
	Obtain    RequestObtain     `json:"obtain,omitzero"`
	Published RequestPublished  `json:"published,omitzero"`
	Withheld  []RequestWithheld `json:"withheld,omitempty"`
	Law       string            `json:"law,omitempty"`
	Class     string            `json:"class,omitempty"`
	Third     RequestThird      `json:"third,omitzero"`
	Organ     RequestOrgan      `json:"organ,omitzero"`
	Earlier   RequestEarlier    `json:"earlier,omitzero"`
	Channel   string            `json:"channel,omitempty"`
	Existing  string            `json:"existing,omitempty"`
	On        day               `json:"on,omitzero"`
	CaseWay   string            `json:"case_way,omitempty"`
}

// RequestPaper is a piece of information that is handed over.
type RequestPaper struct {
	Title string `json:"title"`
	DocNo string `json:"doc_no,omitempty"`
	Pages int    `json:"pages,omitempty"`
}

// RequestObtain is how, where and when it is to be had.
type RequestObtain struct {
	Way   string `json:"way,omitempty"`
	Place string `json:"place,omitempty"`
	Time  string `json:"time,omitempty"`
}

// RequestPublished is where it already stands.
type RequestPublished struct {
	Title string `json:"title,omitempty"`
	Where string `json:"where,omitempty"`
	URL   string `json:"url,omitempty"`
	On    day    `json:"on,omitzero"`
}

// RequestWithheld is a part that is not given, and why.
type RequestWithheld struct {
	What    string       `json:"what"`
	Outcome string       `json:"outcome"`
	Class   string       `json:"class,omitempty"`
	Law     string       `json:"law,omitempty"`
	Reason  string       `json:"reason"`
	Third   RequestThird `json:"third,omitzero"`
}

// RequestThird is what came of asking a third party.
type RequestThird struct {
	Consulted bool   `json:"consulted,omitempty"`
	Objected  bool   `json:"objected,omitempty"`
	Reasons   string `json:"reasons,omitempty"`
	WhyNot    string `json:"why_not,omitempty"`
}

// RequestOrgan is another organ with its contact.
type RequestOrgan struct {
	Name    string `json:"name,omitempty"`
	Contact string `json:"contact,omitempty"`
	Unknown bool   `json:"unknown,omitempty"`
	Why     string `json:"why,omitempty"`
}

// RequestEarlier is the reply that was given before.
type RequestEarlier struct {
	On     day    `json:"on,omitzero"`
	Number string `json:"number,omitempty"`
	About  string `json:"about,omitempty"`
}

func (a RequestAnswer) letter() letter.Answer {
	out := letter.Answer{
		About: a.About, Outcome: string(a.Outcome), Variant: a.Variant, Finding: a.Finding, Reason: a.Reason, Form: a.Form, FormWhy: a.FormWhy,
		Obtain: letter.Obtain(a.Obtain), Published: letter.Published{Title: a.Published.Title, Where: a.Published.Where, URL: a.Published.URL, On: a.Published.On.Date},
		Law: a.Law, Class: a.Class, Third: letter.Third(a.Third), Organ: letter.Organ(a.Organ),
		Earlier: letter.Earlier{On: a.Earlier.On.Date, Number: a.Earlier.Number, About: a.Earlier.About}, Channel: a.Channel, Existing: a.Existing, On: a.On.Date, CaseWay: a.CaseWay,
	}
	for _, p := range a.Provided {
		out.Provided = append(out.Provided, letter.Paper(p))
	}
	for _, w := range a.Withheld {
		out.Withheld = append(out.Withheld, letter.Withheld{What: w.What, Outcome: w.Outcome, Class: w.Class, Law: w.Law, Reason: w.Reason, Third: letter.Third(w.Third)})
	}
	return out
}

func answerOf(a letter.Answer) RequestAnswer {
	out := RequestAnswer{
		About: a.About, Outcome: outcome.Code(a.Outcome), Variant: a.Variant, Finding: a.Finding, Reason: a.Reason, Form: a.Form, FormWhy: a.FormWhy,
		Obtain: RequestObtain(a.Obtain), Published: RequestPublished{a.Published.Title, a.Published.Where, a.Published.URL, day{a.Published.On}},
		Law: a.Law, Class: a.Class, Third: RequestThird(a.Third), Organ: RequestOrgan(a.Organ),
		Earlier: RequestEarlier{day{a.Earlier.On}, a.Earlier.Number, a.Earlier.About}, Channel: a.Channel, Existing: a.Existing, On: day{a.On}, CaseWay: a.CaseWay,
	}
	for _, p := range a.Provided {
		out.Provided = append(out.Provided, RequestPaper(p))
	}
	for _, w := range a.Withheld {
		out.Withheld = append(out.Withheld, RequestWithheld{w.What, w.Outcome, w.Class, w.Law, w.Reason, RequestThird(w.Third)})
	}
	return out
}

func decisionOf(d *foi.Decision) *RequestDecision {
	if d == nil {
		return nil
	}
	out := &RequestDecision{Outcome: d.Outcome, Variant: d.Variant, Answers: []RequestAnswer{}, Files: d.Files, Opinion: d.Opinion}
	for _, a := range d.Answers {
		out.Answers = append(out.Answers, answerOf(a))
	}
	return out
}

func (c *call) propose(in *RequestPropose) (*foi.Request, error) {
	n := foi.Decision{Outcome: in.Outcome, Variant: in.Variant, Files: in.Files, Opinion: in.Opinion}
	for _, a := range in.Answers {
		n.Answers = append(n.Answers, a.letter())
	}
	return c.Requests.Propose(c.ctx, c.by, c.id, c.version, n)
}
