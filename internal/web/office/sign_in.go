package office

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// attemptCookie holds the secret of a sign-in on its way, from one step to the next.
const attemptCookie = "gongkai-attempt"

// signInPage is one step of signing in.
type signInPage struct {
	Page
	Lead      string
	Form      *Form
	Passkey   bool   // a passkey can be shown instead
	PasskeyTo string // where the script of passkeys turns to
	Demo      []demoLine
	QR        markup // the picture an authenticator reads
	Key       string // what the picture says, to be typed
}

// DemoPerson is somebody a demonstration lets people be with one click. A real installation
// has none.
type DemoPerson struct {
	Login, Name, Password string
	Body                  string
	Roles                 []actor.Role
}

// demoLine is a person of the demonstration as the page offers them.
type demoLine struct{ Login, Password, Name, What string }

// demo lists the people of the demonstration.
func (o *Office) demo(p i18n.Printer) []demoLine {
	var all []demoLine
	for _, d := range o.Demo {
		var what []string
		for _, role := range d.Roles {
			what = append(what, p.Text(role.Message()))
		}
		all = append(all, demoLine{d.Login, d.Password, d.Name, strings.TrimSpace(d.Body + " " + p.List(what))})
	}
	return all
}

// next is where the person wanted to go, kept through the steps.
func (o *Office) next(r *http.Request) string {
	if r.Method == http.MethodPost {
		return o.safeNext(r, web.ReadForm(r).Text("next"))
	}
	return o.safeNext(r, r.URL.Query().Get("next"))
}

func (o *Office) signInForm(r *http.Request) *signInPage {
	p := &signInPage{Page: o.page(r, printer(r).T("signin.title")), Passkey: o.People.HasPasskeys(), PasskeyTo: o.path(r, "/office/sign-in/passkey")}
	p.Form = NewForm(p.Page, o.path(r, "/office/sign-in"), Group{Fields: []Field{
		{Name: "login", Label: p.T("signin.login"), Most: 60, Auto: "username webauthn", Focus: true},
		{Name: "password", Label: p.T("signin.password"), Kind: PasswordField, Auto: "current-password"},
	}})
	p.Form.Hidden = []Field{{Name: "next", Value: o.next(r)}}
	p.Form.Buttons = []Button{{Text: p.T("office.sign_in"), Tone: "primary"}}
	p.Demo = o.demo(p.Printer)
	return p
}

func (o *Office) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r).SignedIn() {
		http.Redirect(w, r, o.next(r), http.StatusSeeOther)
		return nil
	}
	first, err := o.People.FirstRun(r.Context())
	if err != nil {
		return err
	}
	if first {
		return o.goTo(w, r, "/office/setup")
	}
	return o.show(w, r, "sign_in", o.signInForm(r))
}

func (o *Office) signIn(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	login, password := f.Need("login"), f.Raw("password")
	if password == "" {
		f.Fail(web.ErrRequired.At("password"))
	}
	err := f.Err()
	var step account.Step
	if err == nil {
		step, err = o.People.SignIn(r.Context(), login, password, fromOf(r))
	}
	if err == nil {
		return o.advance(w, r, step)
	}
	return o.signInAgain(w, r, o.signInForm(r), err)
}

// signInAgain shows a step once more with what was wrong. A lock-out is said on the page,
// so that the person reads it where they are.
func (o *Office) signInAgain(w http.ResponseWriter, r *http.Request, p *signInPage, err error) error {
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Forbidden {
		return err
	}
	p.Form.Keep(r.PostForm)
	return o.showAs(w, r, p.Form.Tell(err), "sign_in", p)
}

// advance goes on to what the person has to do next.
func (o *Office) advance(w http.ResponseWriter, r *http.Request, step account.Step) error {
	next := o.next(r)
	if step.Stage == account.StageDone {
		o.setCookie(w, r, attemptCookie, "", -1)
		o.SignIn(w, r, step.Secret)
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	o.setCookie(w, r, attemptCookie, step.Secret, int(step.Lasts.Seconds()))
	http.Redirect(w, r, o.path(r, "/office/sign-in/step")+"?next="+escapeQuery(next), http.StatusSeeOther)
	return nil
}

func attemptOf(r *http.Request) string {
	c, err := r.Cookie(attemptCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// where finds the step a browser has got to. Who took too long begins anew.
func (o *Office) where(w http.ResponseWriter, r *http.Request) (*account.Step, error) {
	step, err := o.People.Where(r.Context(), attemptOf(r))
	if errors.Is(err, account.ErrTooLate) {
		o.setCookie(w, r, attemptCookie, "", -1)
		o.flash(w, r, Warn, account.ErrTooLate.Message())
		return nil, o.goTo(w, r, "/office/sign-in")
	}
	if err != nil {
		return nil, err
	}
	return &step, nil
}

func (o *Office) showStep(w http.ResponseWriter, r *http.Request) error {
	step, err := o.where(w, r)
	if step == nil {
		return err
	}
	p, err := o.stepPage(r, *step)
	if err != nil {
		return err
	}
	if step.Stage == account.StageEnrol {
		a, err := o.People.EnrolTOTP(r.Context(), step.Secret)
		if err != nil {
			return err
		}
		if p.QR, err = qr(a.PNG); err != nil {
			return err
		}
		p.Key = a.Secret
	}
	return o.show(w, r, "sign_in", p)
}

// stageNames are the headings of the stages.
var stageNames = map[account.Stage]string{
	account.StageFactor: "signin.factor", account.StageChange: "signin.change", account.StageEnrol: "signin.enrol",
}

// stepPage is the page of a stage.
func (o *Office) stepPage(r *http.Request, step account.Step) (*signInPage, error) {
	p := &signInPage{Page: o.page(r, printer(r).T(stageNames[step.Stage])), PasskeyTo: o.path(r, "/office/sign-in/passkey")}
	var fields []Field
	switch step.Stage {
	case account.StageFactor:
		p.Lead = p.T("signin.factor_lead", "name", step.Person.Name)
		p.Passkey = slices.Contains(step.Ways, account.WayPasskey)
		fields = []Field{{Name: "code", Label: p.T("signin.code"), Kind: CodeField, Required: true, Most: 20, Auto: "one-time-code", Focus: true, Hint: p.T("signin.code_hint")}}
	case account.StageChange:
		rules, err := o.People.Rules(r.Context())
		if err != nil {
			return nil, err
		}
		p.Lead = p.T("signin.change_lead", "name", step.Person.Name)
		fields = newPasswordFields(p.Printer, rules)
	case account.StageEnrol:
		p.Lead = p.T("signin.enrol_lead")
		fields = []Field{{Name: "code", Label: p.T("signin.code"), Kind: CodeField, Required: true, Most: 6, Auto: "one-time-code", Focus: true, Hint: p.T("signin.enrol_hint")}}
	}
	p.Form = NewForm(p.Page, o.path(r, "/office/sign-in/step"), Group{Fields: fields})
	p.Form.Hidden = []Field{{Name: "next", Value: o.next(r)}}
	p.Form.Buttons = []Button{{Text: p.T("signin.go_on"), Tone: "primary"}}
	p.Form.Back = web.Link{Text: p.T("signin.over"), Href: o.path(r, "/office/sign-in")}
	return p, nil
}

// newPasswordFields ask for a password twice and say the rules.
func newPasswordFields(p i18n.Printer, rules account.Security) []Field {
	return []Field{
		{Name: "password", Label: p.T("signin.new_password"), Kind: PasswordField, Required: true, Auto: "new-password", Hint: p.T("signin.rules", "length", rules.MinLength, "kinds", rules.Kinds)},
		{Name: "again", Label: p.T("signin.again"), Kind: PasswordField, Required: true, Auto: "new-password"},
	}
}

// ErrAgain says that a password was not typed alike twice.
var ErrAgain = &fault.Error{Kind: fault.Invalid, Code: "signin.not_alike", Field: "again"}

// newPassword reads what newPasswordFields asked for.
func newPassword(f *web.Form) string {
	password := f.Raw("password")
	switch {
	case password == "":
		f.Fail(web.ErrRequired.At("password"))
	case password != f.Raw("again"):
		f.Fail(ErrAgain)
	}
	return password
}

func (o *Office) takeStep(w http.ResponseWriter, r *http.Request) error {
	now, err := o.where(w, r)
	if now == nil {
		return err
	}
	step, codes, err := o.tryStep(r, *now)
	switch {
	case err == nil && codes != nil:
		return o.enrolled(w, r, step, codes)
	case err == nil:
		return o.advance(w, r, step)
	}
	p, broken := o.stepPage(r, *now)
	if broken != nil {
		return broken
	}
	return o.signInAgain(w, r, p, err)
}

// tryStep takes what a stage asked for. Setting up an authenticator brings recovery codes.
func (o *Office) tryStep(r *http.Request, now account.Step) (step account.Step, codes []string, err error) {
	f := web.ReadForm(r)
	if now.Stage == account.StageChange {
		password := newPassword(f)
		if err := f.Err(); err != nil {
			return step, nil, err
		}
		step, err = o.People.Choose(r.Context(), now.Secret, password, fromOf(r))
		return step, nil, err
	}
	code := f.Need("code")
	if err := f.Err(); err != nil {
		return step, nil, err
	}
	if now.Stage == account.StageEnrol {
		return o.People.EnrolTOTPDone(r.Context(), now.Secret, code, fromOf(r))
	}
	step, err = o.People.Code(r.Context(), now.Secret, code, fromOf(r))
	return step, nil, err
}

// codesPage shows recovery codes, this once.
type codesPage struct {
	Page
	Codes []string
	Next  string
}

// enrolled signs the person in and shows the recovery codes first.
func (o *Office) enrolled(w http.ResponseWriter, r *http.Request, step account.Step, codes []string) error {
	p := codesPage{Page: o.page(r, printer(r).T("signin.codes")), Codes: codes, Next: o.next(r)}
	if step.Stage == account.StageDone {
		o.setCookie(w, r, attemptCookie, "", -1)
		o.SignIn(w, r, step.Secret)
	} else {
		o.setCookie(w, r, attemptCookie, step.Secret, int(step.Lasts.Seconds()))
		p.Next = o.path(r, "/office/sign-in/step") + "?next=" + escapeQuery(o.next(r))
	}
	return o.show(w, r, "codes", &p)
}

// signOut ends the session here.
func (o *Office) signOut(w http.ResponseWriter, r *http.Request) error {
	if v := visitOf(r); v.SignedIn() {
		if err := o.People.SignOut(r.Context(), v.secret, remoteOf(r)); err != nil {
			return err
		}
	}
	o.SignOut(w, r)
	return o.done(w, r, i18n.M("signin.out"), "/office/sign-in")
}
