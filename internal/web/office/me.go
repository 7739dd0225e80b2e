package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/account"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// mePage is a person's own page: how they sign in, where they are signed in, who stands in
// for them.
type mePage struct {
	RecordPage
	Passkeys  bool
	PasskeyTo string
}

func (o *Office) showMe(w http.ResponseWriter, r *http.Request) error {
	p, err := o.mePage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "me", p)
}

func (o *Office) mePage(r *http.Request) (*mePage, error) {
	by := o.Actor(r)
	e, err := o.People.Get(r.Context(), by, by.ID)
	if err != nil {
		return nil, err
	}
	p := &mePage{RecordPage: RecordPage{Page: o.page(r, printer(r).T("me.title"))}, Passkeys: o.People.HasPasskeys(), PasskeyTo: o.path(r, "/office/me/passkey")}
	p.Cards = []Card{{ID: "me", Title: e.Name, Facts: []Fact{
		{Label: p.T("signin.login"), Value: e.Login}, {Label: p.T("people.department"), Value: e.Department, Lang: "zh-CN"},
		{Label: p.T("people.phone"), Value: e.PhoneMask}, {Label: p.T("people.email"), Value: e.EmailMask},
		{Label: p.T("people.factor"), Value: factorNames(p.Printer, e.Factors)}, {Label: p.T("people.last"), Value: When(e.LastAt)},
	}}, o.meRoles(r, p.Page)}
	rules, err := o.People.Rules(r.Context())
	if err != nil {
		return nil, err
	}
	p.Forms = o.meFactors(r, p.Page, rules, e)
	for _, more := range []func(*http.Request, *mePage) error{o.mePasskeys, o.meSessions, o.meLeave, o.meTokens} {
		if err := more(r, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// meRoles shows what the person may do, and on whose behalf.
func (o *Office) meRoles(r *http.Request, p Page) Card {
	names := map[string]string{}
	for _, b := range visitOf(r).Bodies {
		names[b.ID] = b.Name
	}
	c := Card{ID: "roles", Title: p.T("people.roles"), Empty: p.T("people.no_roles")}
	for _, g := range o.Actor(r).Grants {
		value := p.T("people.whole")
		if g.Agency != "" {
			value = names[g.Agency]
		}
		if g.Behalf != "" {
			value += " " + p.T("me.behalf", "name", g.Behalf)
		}
		c.Facts = append(c.Facts, Fact{Label: p.Text(g.Role.Message()), Value: value, Lang: "zh-CN"})
	}
	return c
}

func (o *Office) meForm(r *http.Request, p Page, id, title, to string, fields ...Field) Section {
	f := NewForm(p, o.path(r, "/office/me/")+to, Group{Fields: fields}).Apart(id)
	f.Buttons = []Button{{Text: title, Tone: "primary"}}
	return Section{ID: id, Title: title, Form: f, Folded: true}
}

// oldPassword asks for the password once more.
func oldPassword(p i18n.Printer) Field {
	return Field{Name: "old", Label: p.T("me.old"), Kind: PasswordField, Required: true, Auto: "current-password"}
}

func (o *Office) meFactors(r *http.Request, p Page, rules account.Security, e *account.Entry) []Section {
	has := map[account.Way]bool{}
	for _, way := range e.Factors {
		has[way] = true
	}
	all := []Section{
		o.meForm(r, p, "password", p.T("me.password"), "password", append([]Field{oldPassword(p.Printer)}, newPasswordFields(p.Printer, rules)...)...),
		o.meForm(r, p, "totp", p.T("me.totp"), "totp", oldPassword(p.Printer)),
	}
	all[1].Note = p.T("me.totp_note")
	if has[account.WayTOTP] {
		remove := o.meForm(r, p, "totp-remove", p.T("me.totp_remove"), "totp/remove", oldPassword(p.Printer))
		remove.Form.Buttons[0].Tone = "danger"
		all = append(all, remove)
	}
	if len(e.Factors) > 0 {
		recovery := o.meForm(r, p, "recovery", p.T("me.recovery"), "recovery", oldPassword(p.Printer))
		recovery.Note = p.T("me.recovery_note")
		all = append(all, recovery)
	}
	return all
}

// mePasskeys lists the person's passkeys and lets them be removed.
func (o *Office) mePasskeys(r *http.Request, p *mePage) error {
	keys, err := o.People.Passkeys(r.Context(), o.Actor(r))
	if err != nil || len(keys) == 0 {
		return err
	}
	var choices []Choice
	for _, k := range keys {
		choices = append(choices, Choice{Value: k.ID, Text: k.Name, Note: When(k.CreatedAt)})
	}
	s := o.meForm(r, p.Page, "passkey-remove", p.T("me.passkey_remove"), "passkey/remove", Field{Name: "key", Label: p.T("me.passkeys"), Kind: RadioField, Required: true, Choices: choices}, oldPassword(p.Printer))
	s.Form.Buttons[0].Tone = "danger"
	p.Forms = append(p.Forms, s)
	return nil
}

// meSessions lists where the person is signed in.
func (o *Office) meSessions(r *http.Request, p *mePage) error {
	sessions, err := o.People.Sessions(r.Context(), o.Actor(r), o.Actor(r).ID)
	if err != nil {
		return err
	}
	var choices []Choice
	for _, s := range sessions {
		text := s.Agent
		if s.ID == visitOf(r).ID {
			text = p.T("me.here") + " " + text
		}
		choices = append(choices, Choice{Value: s.ID, Text: text, Note: p.T("me.seen", "remote", s.Remote, "since", When(s.Since), "seen", When(s.SeenAt))})
	}
	s := o.meForm(r, p.Page, "session", p.T("me.session_end"), "session", Field{Name: "session", Label: p.T("me.sessions"), Kind: RadioField, Required: true, Choices: choices})
	s.Title, s.Note = p.T("me.sessions"), p.T("me.sessions_note")
	p.Forms = append(p.Forms, s)
	return nil
}

// meLeave lets the person hand roles over while on leave.
func (o *Office) meLeave(r *http.Request, p *mePage) error {
	by, ctx := o.Actor(r), r.Context()
	grants, err := o.People.Grants(ctx, by, by.ID)
	if err != nil {
		return err
	}
	colleagues, err := o.People.Colleagues(ctx, by)
	if err != nil {
		return err
	}
	var roles []Choice
	for _, g := range grants {
		if g.On(o.today()) && !g.Role.Installation() {
			roles = append(roles, Choice{Value: g.ID, Text: p.Text(g.Role.Message())})
		}
	}
	deputies := []Choice{{Text: p.T("office.choose")}}
	for _, c := range colleagues {
		deputies = append(deputies, Choice{Value: c.ID, Text: c.Name + " " + c.Department})
	}
	if len(roles) > 0 && len(colleagues) > 0 {
		s := o.meForm(r, p.Page, "delegate", p.T("me.delegate"), "delegate",
			Field{Name: "deputy", Label: p.T("me.deputy"), Kind: SelectField, Required: true, Choices: deputies},
			Field{Name: "since", Label: p.T("people.since"), Kind: DateField, Half: true, Hint: p.T("people.since_hint")}, Field{Name: "until", Label: p.T("people.until"), Kind: DateField, Half: true, Required: true},
			Field{Name: "grants", Label: p.T("people.roles"), Kind: TicksField, Required: true, Choices: roles}, Field{Name: "reason", Label: p.T("office.reason"), Required: true, Most: 200})
		s.Note = p.T("me.delegate_note")
		p.Forms = append(p.Forms, s)
	}
	return o.meDelegations(r, p)
}

// meDelegations lists what was handed over, to end it early.
func (o *Office) meDelegations(r *http.Request, p *mePage) error {
	all, err := o.People.Delegations(r.Context(), o.Actor(r), o.Actor(r).ID)
	if err != nil {
		return err
	}
	var choices []Choice
	for _, d := range all {
		if !d.EndedAt.IsZero() || d.Until.Before(o.today()) {
			continue
		}
		text := p.T("me.handed")
		if d.Deputy == o.Actor(r).ID {
			text = p.T("me.taken")
		}
		choices = append(choices, Choice{Value: d.ID + ":" + strconv.FormatInt(d.Version, 10), Text: text, Note: p.T("me.period", "since", d.Since, "until", d.Until, "reason", d.Reason)})
	}
	if len(choices) > 0 {
		s := o.meForm(r, p.Page, "delegation", p.T("me.delegation_end"), "delegation", Field{Name: "delegation", Label: p.T("me.delegations"), Kind: RadioField, Required: true, Choices: choices})
		p.Forms = append(p.Forms, s)
	}
	return nil
}

// meAgain shows the page with what was wrong at the form it belongs to.
func (o *Office) meAgain(w http.ResponseWriter, r *http.Request, form string, err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
	default:
		return err
	}
	p, broken := o.mePage(r)
	if broken != nil {
		return broken
	}
	for _, s := range p.Forms {
		if s.ID == form {
			s.Form.Keep(r.PostForm)
			return o.showAs(w, r, s.Form.Tell(err), "me", p)
		}
	}
	return err
}

// meDone ends an act on one's own account.
func (o *Office) meDone(w http.ResponseWriter, r *http.Request, form string, err error) error {
	if err != nil {
		return o.meAgain(w, r, form, err)
	}
	return o.done(w, r, i18n.M("office.saved"), "/office/me")
}

// setPassword changes one's own password; the session goes on under a new secret.
func (o *Office) setPassword(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	password := newPassword(f)
	err := f.Err()
	var secret string
	if err == nil {
		secret, err = o.People.SetPassword(r.Context(), o.Actor(r), visitOf(r).secret, f.Raw("old"), password, fromOf(r))
	}
	if err == nil {
		o.SignIn(w, r, secret)
	}
	return o.meDone(w, r, "password", err)
}

// startTOTP shows the picture an authenticator reads.
func (o *Office) startTOTP(w http.ResponseWriter, r *http.Request) error {
	a, err := o.People.StartTOTP(r.Context(), o.Actor(r), web.ReadForm(r).Raw("old"))
	if err != nil {
		return o.meAgain(w, r, "totp", err)
	}
	p := o.totpPage(r)
	if p.QR, err = qr(a.PNG); err != nil {
		return err
	}
	p.Key = a.Secret
	return o.show(w, r, "sign_in", p)
}

func (o *Office) totpPage(r *http.Request) *signInPage {
	p := &signInPage{Page: o.page(r, printer(r).T("me.totp")), Lead: printer(r).T("signin.enrol_lead")}
	p.Crumb(p.T("me.title"), o.path(r, "/office/me"))
	p.Form = NewForm(p.Page, o.path(r, "/office/me/totp/confirm"), Group{Fields: []Field{
		{Name: "code", Label: p.T("signin.code"), Kind: CodeField, Required: true, Most: 6, Auto: "one-time-code", Hint: p.T("signin.enrol_hint")}}})
	p.Form.Buttons = []Button{{Text: p.T("signin.go_on"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/me"))
	return p
}

func (o *Office) confirmTOTP(w http.ResponseWriter, r *http.Request) error {
	codes, err := o.People.ConfirmTOTP(r.Context(), o.Actor(r), web.ReadForm(r).Text("code"))
	if err != nil {
		return o.signInAgain(w, r, o.totpPage(r), err)
	}
	return o.showCodes(w, r, codes)
}

func (o *Office) showCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	return o.show(w, r, "codes", &codesPage{Page: o.page(r, printer(r).T("signin.codes")), Codes: codes, Next: o.path(r, "/office/me")})
}

func (o *Office) removeTOTP(w http.ResponseWriter, r *http.Request) error {
	return o.meDone(w, r, "totp-remove", o.People.RemoveTOTP(r.Context(), o.Actor(r), web.ReadForm(r).Raw("old")))
}

func (o *Office) newRecovery(w http.ResponseWriter, r *http.Request) error {
	codes, err := o.People.NewRecovery(r.Context(), o.Actor(r), web.ReadForm(r).Raw("old"))
	if err != nil {
		return o.meAgain(w, r, "recovery", err)
	}
	return o.showCodes(w, r, codes)
}

func (o *Office) startPasskey(w http.ResponseWriter, r *http.Request) error {
	shown, err := readShown(r)
	if err != nil {
		return err
	}
	options, err := o.People.StartPasskey(r.Context(), o.Actor(r), shown.Password)
	if err != nil {
		return err
	}
	return sendJSON(w, passkeyAsked{options})
}

func (o *Office) addPasskey(w http.ResponseWriter, r *http.Request) error {
	shown, err := readShown(r)
	if err != nil {
		return err
	}
	codes, err := o.People.AddPasskey(r.Context(), o.Actor(r), shown.Name, shown.Credential)
	if err != nil {
		return err
	}
	o.flash(w, r, Good, i18n.M("me.passkey_added"))
	return sendJSON(w, passkeyDone{Next: o.path(r, "/office/me"), Codes: codes})
}

func (o *Office) removePasskey(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	return o.meDone(w, r, "passkey-remove", o.People.RemovePasskey(r.Context(), o.Actor(r), f.Text("key"), f.Raw("old")))
}

func (o *Office) endSession(w http.ResponseWriter, r *http.Request) error {
	return o.meDone(w, r, "session", o.People.EndSession(r.Context(), o.Actor(r), web.ReadForm(r).Text("session")))
}

func (o *Office) delegate(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	l := account.Leave{Deputy: f.Need("deputy"), Since: f.Date("since"), Until: f.Date("until"), Grants: f.List("grants"), Reason: f.Need("reason")}
	err := f.Err()
	if err == nil {
		_, err = o.People.Delegate(r.Context(), o.Actor(r), l)
	}
	return o.meDone(w, r, "delegate", err)
}

func (o *Office) endDelegation(w http.ResponseWriter, r *http.Request) error {
	id, version := versioned(web.ReadForm(r).Text("delegation"))
	return o.meDone(w, r, "delegation", o.People.EndDelegation(r.Context(), o.Actor(r), id, version))
}
