package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/identity"
	"gongkai/internal/search"
	"gongkai/internal/web"
)

// applyPage helps before one asks: what is published already, how to ask well, what it costs, how
// long it takes, where else one may ask.
type applyPage struct {
	page
	troubled
	Body     string // whom one asks here; "" where the site is for several
	Agency   string
	Closed   bool // the body takes nothing online
	Bodies   []optionGroup
	Notice   []string // the body's own words
	Words    string   // that were looked for
	Found    []alike
	None     bool // nothing was found
	More     string
	Likely   []option // bodies that published the like
	Due      string   // if it were received today
	Contact  []field
	Channels []field
	Self     string
	Begin    string
	Resume   string
	Follow   string
	Guide    string
	Replies  string // what others asked; "" where nothing of it is published
	Live     string // of a copy: where the form is
	SignIn   string // where one signs in, or finds one's own requests; "" without a platform
}

// alike is a document that may be what somebody wants to ask for.
type alike struct {
	entry
	From    string
	Excerpt []search.Span
}

// helperHits is how many documents are shown before somebody asks.
const helperHits = 6

func (p *portal) showApply(w http.ResponseWriter, r *http.Request) error {
	v, err := p.applyPage(r)
	if err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_apply", v)
}

func (p *portal) applyPage(r *http.Request) (*applyPage, error) {
	v := &applyPage{page: p.foiFrame(r, "portal.foi.apply", false), Self: p.path(r, "/apply"+ending), Guide: p.path(r, "/guide"+ending),
		Begin: p.path(r, "/apply/begin"+ending), Resume: p.path(r, "/apply/resume"+ending), Follow: p.path(r, "/request"+ending)}
	v.Due = v.on(p.Requests.Calendar().Add(p.today(), reckon.ReplyDays).Date)
	h := hereOf(r.Context())
	if web.IsCopy(r.Context()) {
		v.Live = p.live(r, "/apply")
		depend(r, change.Areas("guide"))
	}
	if p.Identity != nil && p.Identity.On() && !web.IsCopy(r.Context()) {
		v.SignIn = p.path(r, "/my-requests"+ending)
	}
	if any, err := p.anyReplies(r); err != nil {
		return nil, err
	} else if any {
		v.Replies = p.path(r, "/replies"+ending)
	}
	if err := v.whom(p, r); err != nil {
		return nil, err
	}
	if h.Body != nil {
		if err := v.ways(p, r, h.Body.ID); err != nil {
			return nil, err
		}
	}
	return v, v.look(p, r)
}

// whom finds who can be asked in the site: its body, or at the main site all.
func (v *applyPage) whom(p *portal, r *http.Request) error {
	h := hereOf(r.Context())
	closed, err := p.Requests.NotOnline(r.Context())
	if err != nil {
		return err
	}
	if h.Body != nil && (h.Place != h.sites.Main || len(h.sites.Tree.All) == 1) {
		v.Body, v.Agency, v.Closed = h.Body.Name, h.Body.ID, closed[h.Body.ID]
		_, notice, err := p.Requests.PublicSettings(r.Context(), h.Body.ID)
		v.Notice = paragraphs(notice)
		return err
	}
	var open, shut []option
	for _, a := range h.sites.Tree.All {
		one := option{Value: a.ID, Text: a.Name, On: a.ID == r.URL.Query().Get("body")}
		if closed[a.ID] {
			shut = append(shut, one)
		} else {
			open = append(open, one)
		}
	}
	v.Bodies = append(v.Bodies, optionGroup{v.T("portal.foi.bodies_online"), open})
	if len(shut) > 0 {
		v.Bodies = append(v.Bodies, optionGroup{v.T("portal.foi.bodies_other"), shut})
	}
	return nil
}

// paragraphs parts a text at its lines.
func paragraphs(s string) (all []string) {
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// ways are the counter, the address and the telephone of a body, from its guide or its card.
func (v *applyPage) ways(p *portal, r *http.Request, id string) (err error) {
	shown, err := p.Guides.Shown(r.Context(), id)
	switch {
	case err == nil:
		for _, c := range shown.Content.Channels {
			if c.Open {
				v.Channels = append(v.Channels, field{v.Text(c.Key.Message()), c.Note})
			}
		}
	case fault.KindOf(err) != fault.NotFound:
		return err
	}
	v.Contact, err = p.contact(r, v.page, id)
	return err
}

// look searches what is published for what somebody is about to ask.
func (v *applyPage) look(p *portal, r *http.Request) error {
	v.Words = strings.TrimSpace(r.URL.Query().Get(askText))
	if all := []rune(v.Words); len(all) > mostTyped {
		v.Words = string(all[:mostTyped])
	}
	if v.Words == "" || web.IsCopy(r.Context()) {
		return nil
	}
	found, likely, err := p.alreadyPublic(r, v.Words, v.Agency, helperHits)
	if err != nil {
		return err
	}
	v.Found, v.None = found, len(found) == 0
	v.More = p.path(r, "/search"+ending) + "?q=" + url.QueryEscape(v.Words)
	if v.Body == "" {
		v.Likely = p.likely(r, likely)
		for i := range v.Bodies {
			for j, one := range v.Bodies[i].Options {
				v.Bodies[i].Options[j].On = one.On || len(v.Likely) > 0 && one.Value == v.Likely[0].Value && r.URL.Query().Get("body") == ""
			}
		}
	}
	return nil
}

// alreadyPublic searches what is public, in a body's site first of all its own.
func (p *portal) alreadyPublic(r *http.Request, words, agency string, n int) (all []alike, bodies []search.Value, err error) {
	q := search.Query{Text: words, States: []string{disclosure.TextPublic}, Limit: n, Facets: []search.Facet{search.ByAgency}}
	found, err := p.Search.Search(r.Context(), q)
	if fault.KindOf(err) == fault.Invalid {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(found.Hits))
	for i, h := range found.Hits {
		ids[i] = h.ID
	}
	rows, err := p.Reader.Public(r.Context(), ids)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range found.Hits {
		i := slices.IndexFunc(rows, func(row disclosure.Row) bool { return row.Item == h.ID })
		if i < 0 {
			continue
		}
		one := alike{entry: p.entries(r, rows[i:i+1])[0], Excerpt: h.Excerpt}
		if a := hereOf(r.Context()).sites.Tree.Get(rows[i].Agency); a != nil && a.ID != agency {
			one.From = a.Name
		}
		all = append(all, one)
	}
	return all, found.Facets[search.ByAgency], nil
}

// mostLikely is how many bodies are proposed for what somebody looks for.
const mostLikely = 3

// likely are the bodies that published most of the like.
func (p *portal) likely(r *http.Request, all []search.Value) (out []option) {
	for _, one := range all[:min(len(all), mostLikely)] {
		if a := hereOf(r.Context()).sites.Tree.Get(one.Key); a != nil {
			out = append(out, option{Value: a.ID, Text: a.Name, Group: p.to(r, a.ID, "/institution"+ending)})
		}
	}
	return out
}

// beginRequest begins a draft to a body and goes to the first step.
func (p *portal) beginRequest(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	if err := f.Err(); err != nil {
		return err
	}
	id := f.Text("agency")
	a := hereOf(r.Context()).sites.Tree.Get(id)
	if a == nil {
		return p.applyAgain(w, r, foi.ErrAgency)
	}
	online, _, err := p.Requests.PublicSettings(r.Context(), a.ID)
	if err != nil {
		return err
	}
	if !online {
		return p.applyAgain(w, r, foi.ErrChannel.At("agency"))
	}
	begun, err := p.first(r, a, f)
	if err != nil {
		return err
	}
	draft, err := p.Requests.BeginDraft(r.Context(), remote(r), begun)
	if err != nil {
		return p.applyAgain(w, r, err)
	}
	pass, err := p.Requests.Pass("draft", draft.Code)
	if err != nil {
		return err
	}
	p.let(w, draftCookie, pass)
	return p.onTo(w, r, "/apply/"+steps[0]+ending)
}

// first is what a draft begins with: the words that were looked for, usual choices, and what the
// platform vouches for of who is signed in.
func (p *portal) first(r *http.Request, a *agency.Agency, f *web.Form) (foi.Draftable, error) {
	d := foi.Draftable{Agency: a.ID, Application: foi.Application{
		Applicant: foi.Applicant{Kind: foi.Natural, IDType: foi.ChineseCard},
		Sought:    foi.Sought{Name: f.Text(askText)}, Form: foi.Electronic, Way: foi.Online,
	}}
	if p.Identity == nil {
		return d, nil
	}
	who, err := p.person(r)
	if who == nil || err != nil {
		return d, err
	}
	one := &d.Application.Applicant
	d.Identified, d.Application.Subject = true, who.Mark
	one.Name, one.IDNumber, one.Phone, one.Email, one.Verified = who.Name, who.IDNumber, who.Phone, who.Email, "account"
	if who.Kind == identity.Legal {
		one.Kind, one.Name, one.Credit, one.Contact, one.IDNumber = foi.Business, who.Organisation, who.CreditCode, who.Name, ""
	}
	return d, nil
}

// applyAgain shows the first page with what went wrong.
func (p *portal) applyAgain(w http.ResponseWriter, r *http.Request, err error) error {
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	v, err := p.applyPage(r)
	if err != nil {
		return err
	}
	v.Troubles = blame(v.page, faults)
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_apply", v)
}
