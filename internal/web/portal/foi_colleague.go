package portal

import (
	"net/http"

	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/web"
)

// colleaguePage is where a colleague without an account answers a question once. The secret of the
// link stands behind the # of its address, which browsers send to nobody: a script puts it into the
// form, and without script people paste it.
type colleaguePage struct {
	page
	troubled
	Self   string
	Secret string
	Code   input
	Asked  *foi.Asked
	Asks   []string
	Until  string
	Post   string
	Text   input
	Papers papersIn
	Done   bool
}

func (p *portal) colleaguePage(r *http.Request) *colleaguePage {
	v := &colleaguePage{page: p.foiFrame(r, "portal.foi.colleague", true), Self: p.path(r, "/colleague"+ending), Post: p.path(r, "/colleague/answer"+ending)}
	v.Scripts = append(v.Scripts, p.assets.Path("colleague.js"))
	v.Code = input{Name: "secret", Label: v.T("portal.foi.colleague.secret"), Help: v.T("portal.foi.colleague.secret.help"), Auto: "off", Most: 100, Must: true}
	v.Text = input{Name: "text", Label: v.T("portal.foi.colleague.text"), Rows: 8, Most: 5000, Auto: "off"}
	v.Papers = papersIn{Name: string(foi.Opinion), Label: v.T("portal.foi.colleague.files"), Help: v.T("portal.foi.attachment.help")}
	return v
}

func (p *portal) showColleague(w http.ResponseWriter, r *http.Request) error {
	return p.pages.Write(w, r, http.StatusOK, "foi_colleague", p.colleaguePage(r))
}

// openLink shows what a link asks.
func (p *portal) openLink(w http.ResponseWriter, r *http.Request) error {
	form := web.ReadForm(r)
	v := p.colleaguePage(r)
	if err := v.open(p, r, form.Text("secret")); err != nil {
		return p.colleagueAgain(w, r, v, err)
	}
	return p.pages.Write(w, r, http.StatusOK, "foi_colleague", v)
}

func (v *colleaguePage) open(p *portal, r *http.Request, secret string) error {
	a, err := p.Requests.EnterLink(r.Context(), remote(r), secret)
	if err != nil {
		return err
	}
	v.Secret, v.Asked, v.Asks, v.Until = secret, &a, paragraphs(a.Question), a.Until.String()
	return nil
}

func (p *portal) colleagueAgain(w http.ResponseWriter, r *http.Request, v *colleaguePage, err error) error {
	faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	v.Troubles = blame(v.page, faults)
	v.Code.Wrong, v.Text.Wrong, v.Papers.Wrong = v.Wrong("link"), v.Wrong("text"), v.Wrong("file")
	return p.pages.Write(w, r, web.Status(faults[0].Kind), "foi_colleague", v)
}

// answerLink takes the answer. The link is used up.
func (p *portal) answerLink(w http.ResponseWriter, r *http.Request) error {
	form := web.ReadForm(r)
	v := p.colleaguePage(r)
	secret := form.Text("secret")
	if err := form.Err(); err != nil {
		return p.colleagueAgain(w, r, v, err)
	}
	files, err := brought(r)
	if err != nil {
		return err
	}
	v.Text.Value = form.AtMost("text", 5000)
	if err = form.Err(); err == nil {
		err = p.Requests.AnswerLink(r.Context(), secret, v.Text.Value, files)
	}
	if err != nil {
		if broken := v.open(p, r, secret); broken != nil && fault.KindOf(broken) == "" {
			return broken
		}
		return p.colleagueAgain(w, r, v, err)
	}
	v.Done = true
	return p.pages.Write(w, r, http.StatusOK, "foi_colleague", v)
}
