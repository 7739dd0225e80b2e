package portal

import (
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/change"
	"gongkai/internal/foi"
	"gongkai/internal/web"
)

// repliesArea is what others asked for and were answered (申请与答复), where a body publishes it.
func (p *portal) repliesArea() area {
	if p.Requests == nil {
		return area{}
	}
	return area{pages: map[string]web.Handler{"GET /replies": p.listReplies, "GET /replies/{no}": p.listReplies}}
}

// reply is a request that was answered, as its body words it.
type reply struct {
	Title, Body     string
	Sought, Summary []string
	Outcome, Day    string
}

type repliesPage struct {
	page
	Words   string
	Self    string
	Apply   string
	Total   string
	Replies []reply
	Numbers *numbers
}

// listReplies lists what the site's body, or at the main site any, published of requests.
func (p *portal) listReplies(w http.ResponseWriter, r *http.Request) error {
	no, err := pageNumber(r)
	if err != nil {
		return err
	}
	v := &repliesPage{page: p.page(r, ""), Self: p.path(r, "/replies"+ending), Apply: p.path(r, "/apply"+ending), Words: lookedFor(r)}
	found, err := p.Requests.PublicLog(r.Context(), p.repliesOf(r), v.Words, no)
	if err != nil {
		return err
	}
	if beyond(found.Total, foi.LogRows, no) {
		return web.ErrNoPage
	}
	v.Title = v.T("portal.replies.title")
	v.Trail = append(p.trail(r, v.page, nil, nil), web.Link{Href: v.Apply, Text: v.T("portal.foi.apply")})
	v.Styles = append(v.Styles, p.assets.Path("foi.css"))
	v.Total = v.T("portal.replies.total", "n", found.Total)
	v.Numbers = v.number(found.Total, foi.LogRows, no, v.Self, p.path(r, "/replies/"))
	v.Numbers.carry(v.Words)
	for _, e := range found.Entries {
		v.Replies = append(v.Replies, v.reply(r, e))
	}
	return p.pages.Write(w, r, http.StatusOK, "replies", v)
}

// repliesOf is the body whose log a site shows, "" where it shows all. The page is made anew with
// it.
func (p *portal) repliesOf(r *http.Request) string {
	h := hereOf(r.Context())
	if h.Body != nil && (h.Place != h.sites.Main || len(h.sites.Tree.All) == 1) {
		depend(r, change.Area("foi", h.Body.ID))
		return h.Body.ID
	}
	depend(r, change.Areas("foi"))
	return ""
}

// anyReplies reports whether the site has a log to lead to.
func (p *portal) anyReplies(r *http.Request) (bool, error) {
	if p.Requests == nil {
		return false, nil
	}
	found, err := p.Requests.PublicLog(r.Context(), p.repliesOf(r), "", 1)
	return found.Total > 0, err
}

func (v *repliesPage) reply(r *http.Request, e *foi.LogEntry) reply {
	one := reply{Title: e.Title, Sought: paragraphs(e.Sought), Summary: paragraphs(e.Summary), Outcome: v.Text(e.Outcome.Message()), Day: e.RepliedOn.String()}
	h := hereOf(r.Context())
	if a := h.sites.Tree.Get(e.Agency); a != nil && (h.Place == h.sites.Main && len(h.sites.Tree.All) > 1) {
		one.Body = a.Name
	}
	return one
}

// lookedFor are the words somebody looks for, cut to what a box takes.
func lookedFor(r *http.Request) string {
	words := strings.TrimSpace(r.URL.Query().Get(askText))
	if all := []rune(words); len(all) > mostTyped {
		words = string(all[:mostTyped])
	}
	return words
}

// carry adds what was looked for to the addresses of other pages.
func (n *numbers) carry(words string) {
	if n == nil || words == "" {
		return
	}
	query := "?" + askText + "=" + url.QueryEscape(words)
	for i := range n.Links {
		if n.Links[i].Href != "" {
			n.Links[i].Href += query
		}
	}
	for _, l := range []*web.Link{n.Prev, n.Next} {
		if l != nil {
			l.Href += query
		}
	}
}
