package api

import (
	"net/http"

	"gongkai/internal/account/token"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
)

// RequestSubmit is a request that an applicant makes at another system, such as a government
// service platform. identified says that the system made sure of who it is.
type RequestSubmit struct {
	Application foi.Application `json:"application"`
	Identified  bool            `json:"identified"`
	Files       []RequestUpload `json:"files,omitempty"`
}

// RequestCode opens a request to its applicant. It stands in the message, never in an address.
type RequestCode struct {
	Code string `json:"query_code"`
}

// RequestFollowed is a request as its applicant sees it.
type RequestFollowed struct {
	No         string          `json:"no,omitempty"`
	State      foi.State       `json:"state"`
	StateName  string          `json:"state_name"`
	Title      string          `json:"title"`
	Submitted  date.Date       `json:"submitted_on,omitzero"`
	Received   date.Date       `json:"received_on,omitzero"`
	Due        date.Date       `json:"due_on,omitzero"`
	Certain    bool            `json:"due_certain"`
	Overdue    bool            `json:"overdue"`
	Closed     date.Date       `json:"closed_on,omitzero"`
	Outcome    outcome.Code    `json:"outcome,omitempty"`
	May        []foi.Act       `json:"may"`
	Correction *foi.Correction `json:"correction,omitempty"`
	Reasons    *foi.Reasons    `json:"reasons,omitempty"`
	Fee        *foi.Fee        `json:"fee,omitempty"`
	HowToPay   string          `json:"how_to_pay,omitempty"`
	Steps      []RequestTaken  `json:"steps"`
	Letters    []RequestPosted `json:"letters"`
}

// RequestTaken is a step the applicant sees, without who took it.
type RequestTaken struct {
	On   date.Date `json:"on"`
	Act  string    `json:"act"`
	Name string    `json:"name"`
	Note string    `json:"note,omitempty"`
}

// RequestPosted is a letter that was sent to the applicant.
type RequestPosted struct {
	ID     string    `json:"id"`
	Title  string    `json:"title"`
	No     string    `json:"no"`
	SentOn date.Date `json:"sent_on"`
}

// RequestSubmitted is what is answered to who hands a request in: the code by which the applicant
// follows it, once.
type RequestSubmitted struct {
	Code    string           `json:"query_code"`
	Request *RequestFollowed `json:"request"`
}

// submitAct takes a request in, as the portal does: it is received on the day both sides confirm,
// art. 31 (3).
var submitAct = act[RequestSubmit]{token.Intake, http.StatusCreated, true, func(c *call, in *RequestSubmit) (made, error) {
	a := in.Application
	a.Subject = "" // of accounts of this installation alone
	r, code, err := c.Requests.Submit(c.ctx, foi.Submission{Agency: c.t.Agency, Channel: foi.Web, Application: a, Identified: in.Identified, Files: uploads(in.Files)})
	if err != nil {
		return made{}, err
	}
	return made{r.ID, code}, nil
}, func(c *call, m made) (any, error) {
	f, err := c.followed(m.said)
	if err != nil {
		return nil, err
	}
	return RequestSubmitted{m.said, f}, nil
}}

func (c *call) follow(in *RequestCode) (any, error) { return c.followed(in.Code) }

// followed shows a request of the token's body to who has its code.
func (c *call) followed(code string) (*RequestFollowed, error) {
	v, err := c.Requests.Follow(c.ctx, code)
	if err != nil {
		return nil, err
	}
	if v.Request.Agency != c.t.Agency {
		return nil, foi.ErrNoCode
	}
	return c.followedOf(v), nil
}

func (c *call) followedOf(v *foi.Progress) *RequestFollowed {
	r, p := v.Request, c.printer()
	out := &RequestFollowed{
		No: r.No, State: r.State, StateName: p.Text(foi.Word(string(r.State))), Title: r.Title, Submitted: r.SubmittedOn, Received: r.Received,
		Due: v.Clock.Due, Certain: v.Clock.Certain, Overdue: v.Clock.Overdue, Closed: r.ClosedOn, Outcome: r.Outcome, May: []foi.Act{},
		Correction: v.Correction, Reasons: v.Reasons, Fee: v.Fee, HowToPay: v.HowToPay, Steps: []RequestTaken{}, Letters: []RequestPosted{},
	}
	for _, a := range []foi.Act{foi.Correct, foi.GiveReasons, foi.Pay, foi.Withdraw} {
		if v.Can(a) {
			out.May = append(out.May, a)
		}
	}
	for _, s := range v.Steps {
		out.Steps = append(out.Steps, RequestTaken{s.On, s.Act, p.Text(foi.StepWord(s.Act)), s.Note})
	}
	for _, l := range v.Letters {
		out.Letters = append(out.Letters, RequestPosted{l.ID, l.Text.Title, l.No, l.SentOn})
	}
	return out
}

// RequestCodeLetter names a letter of a request to its applicant.
type RequestCodeLetter struct {
	RequestCode
	Letter string `json:"letter"`
}

// sendFollowed sends a letter as its applicant gets it.
func (a *api) sendFollowed(w http.ResponseWriter, r *http.Request) error {
	c, err := a.admit(w, r, token.Intake)
	if err != nil {
		return err
	}
	in := new(RequestCodeLetter)
	if _, err := c.read(in); err != nil {
		return err
	}
	if _, err := c.followed(in.Code); err != nil {
		return err
	}
	_, doc, err := c.Requests.FollowLetter(c.ctx, in.Code, in.Letter)
	if err != nil {
		return err
	}
	b, err := printedAs(doc, ".pdf")
	if err != nil {
		return err
	}
	return c.file(in.Letter+".pdf", "application/pdf", b)
}

// RequestOwn is what an applicant does by the code: corrects, gives reasons, pays, withdraws.
type RequestOwn struct {
	RequestCode
	Act   foi.Act         `json:"act"`
	Text  string          `json:"text,omitempty"`
	Files []RequestUpload `json:"files,omitempty"`
}

var ownAct = act[RequestOwn]{token.Intake, http.StatusOK, true, func(c *call, in *RequestOwn) (made, error) {
	if _, err := c.followed(in.Code); err != nil {
		return made{}, err
	}
	m := made{said: in.Code}
	r, err := c.own(in)
	if err != nil {
		return made{}, err
	}
	m.id = r.ID
	return m, nil
}, func(c *call, m made) (any, error) { return c.followed(m.said) }}

func (c *call) own(in *RequestOwn) (*foi.Request, error) {
	switch in.Act {
	case foi.Correct:
		return c.Requests.OwnCorrection(c.ctx, in.Code, in.Text, uploads(in.Files))
	case foi.GiveReasons:
		return c.Requests.OwnReasons(c.ctx, in.Code, in.Text)
	case foi.Pay:
		return c.Requests.OwnPayment(c.ctx, in.Code, in.Text, uploads(in.Files))
	case foi.Withdraw:
		return c.Requests.OwnWithdrawal(c.ctx, in.Code, in.Text)
	}
	return nil, ErrChoice.With("choices", "correct, give_reasons, pay, withdraw").At("act")
}
