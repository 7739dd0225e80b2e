package portal

import (
	"net/http"
	"regexp"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// foiArea is disclosure on request (依申请公开): asking, and following what one asked for. Nothing
// of it but the first pages is kept by caches, and no code stands in an address.
func (p *portal) foiArea() area {
	if p.Requests == nil {
		return area{}
	}
	a := area{pages: map[string]web.Handler{
		"GET /apply":             p.showApply,
		"POST /apply/begin":      p.beginRequest,
		"GET /apply/resume":      p.showResume,
		"POST /apply/resume":     p.resume,
		"GET /apply/saved":       p.showSaved,
		"POST /apply/drop":       p.dropDraft,
		"GET /apply/check":       p.showCheck,
		"POST /apply/check":      p.submit,
		"GET /apply/sent":        p.showConfirmed,
		"GET /request":           p.showRequest,
		"POST /request":          p.enterCode,
		"POST /request/leave":    p.leaveRequest,
		"GET /request/withdraw":  p.showWithdraw,
		"POST /request/withdraw": p.withdraw,
		"GET /my-requests":       p.showMine,
		"GET /colleague":         p.showColleague,
		"POST /colleague":        p.openLink,
		"POST /colleague/answer": p.answerLink,
	}, raw: map[string]web.Handler{
		"GET /request/letters/{id}/{kind}": p.sendOwnLetter,
		"GET /request/files/{id}":          p.sendOwnFile,
		"GET /request/form/{kind}":         p.sendOwnForm,
	}}
	for _, s := range steps {
		a.pages["GET /apply/"+s], a.pages["POST /apply/"+s] = p.showStep(s), p.saveStep(s)
	}
	for name := range answers {
		a.pages["POST /request/"+name] = p.answer(name)
	}
	return a
}

var personal = regexp.MustCompile(`/(apply/[a-z]+|request(/[a-z]+)?|my-requests|colleague(/[a-z]+)?)\.html$`)

// Personal reports whether the page at an address is for whoever asks alone, and shows what a cookie
// lets in: no cache may answer it, or keep the cookie from the portal.
func Personal(path string) bool { return personal.MatchString(path) }

// mostUploaded bounds what one form brings with its files.
const mostUploaded = 64 << 20

// bounded is the most a form may bring to a page.
func bounded(rest string) int64 {
	if Personal(rest) {
		return mostUploaded
	}
	return mostPosted
}

// The passes that stand in cookies: to the draft one writes, and to the request one follows.
const (
	draftCookie  = "draft"
	followCookie = "follow"
)

// let gives the browser a pass until it is closed; "" takes it back.
func (p *portal) let(w http.ResponseWriter, name, pass string) {
	c := &http.Cookie{Name: name, Value: pass, Path: p.Base + "/", HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode}
	if pass == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// passed is the code a cookie's pass stands for, "" for none.
func (p *portal) passed(r *http.Request, name, purpose string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return p.Requests.Passed(purpose, c.Value)
}

// today is the civil day.
func (p *portal) today() date.Date { return date.Of(p.DB.Clock().In(date.China)) }

// on is a day as sentences of the page's language have it.
func (v page) on(d date.Date) string {
	if v.Lang() == i18n.Chinese {
		return d.Chinese()
	}
	return d.String()
}

// foiFrame begins a page of requests. Pages that show what is somebody's alone have no address for
// others and are for no robot.
func (p *portal) foiFrame(r *http.Request, title string, own bool) page {
	web.Once(r.Context())
	v := p.page(r, "")
	v.Title = v.T(title)
	v.Trail = p.trail(r, v, nil, nil)
	if title != "portal.foi.apply" {
		v.Trail = append(v.Trail, web.Link{Href: p.path(r, "/apply"+ending), Text: v.T("portal.foi.apply")})
	}
	v.Styles = append(v.Styles, p.assets.Path("foi.css"))
	if own {
		v.Canonical = ""
		v.Feeds = nil
		v.Marks = append(v.Marks, tag{"robots", "noindex, nofollow"})
	}
	return v
}

// onTo sends the browser on after a form.
func (p *portal) onTo(w http.ResponseWriter, r *http.Request, rest string) error {
	http.Redirect(w, r, p.path(r, rest), http.StatusSeeOther)
	return nil
}

// trouble is what is wrong with a field; Href leads there.
type trouble struct{ Field, Text, Href string }

// troubled is a page with a form some of whose fields are wrong.
type troubled struct{ Troubles []trouble }

// Wrong is what is wrong with a field, "" for nothing.
func (t troubled) Wrong(field string) string {
	for _, one := range t.Troubles {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// blame words faults for their fields.
func blame(v page, faults []*fault.Error) (all []trouble) {
	for _, f := range faults {
		all = append(all, trouble{f.Field, v.Text(f.Message()), "#f-" + f.Field})
	}
	return all
}

// faultsOf are the faults a person can mend; ok is false for errors that are none of theirs.
func faultsOf(err error) (all []*fault.Error, ok bool) {
	for _, f := range web.FaultsOf(err) {
		if f.Kind == fault.Internal {
			return nil, false
		}
		all = append(all, f)
	}
	return all, len(all) > 0
}

// input is a field to write in.
type input struct {
	Name, Label, Help, Value, Wrong string
	Type, Auto, Mode                string // as HTML has them; Type "" is text
	Rows                            int    // of a text of several lines
	Most                            int
	Must                            bool
}

// radios are a group of which one is chosen.
type radios struct {
	Name, Legend, Help, Wrong string
	Picks                     []pick
}

// pick is one of a choice.
type pick struct {
	Name, Value, Text, Help string
	On                      bool
}

// papersIn is a field for files, with those that are kept already.
type papersIn struct {
	Name, Label, Help, Wrong string
	Kept                     []keptFile
}

// keptFile is a file of a draft.
type keptFile struct{ ID, Name, Size string }

// choose makes a choice's picks of words.
func choose[T ~string](v page, name, value string, all []T, word func(T) string, help map[T]string) (out []pick) {
	for _, one := range all {
		k := pick{Name: name, Value: string(one), Text: word(one), On: string(one) == value}
		if key := help[one]; key != "" {
			k.Help = v.T(key)
		}
		out = append(out, k)
	}
	return out
}

// keptOf are the files of a kind in a draft.
func keptOf(f *foi.Draft, k foi.FileKind) (all []keptFile) {
	for _, one := range f.Files {
		if one.Kind == k {
			all = append(all, keptFile{one.ID, one.Name, bytes(one.Size)})
		}
	}
	return all
}
