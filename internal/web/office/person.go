package office

import (
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// showPerson shows a person: who they are, what they hold, and what may be done about it.
func (o *Office) showPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := o.personPage(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "record", p)
}

func (o *Office) personPage(r *http.Request) (*RecordPage, error) {
	by, id := o.Actor(r), r.PathValue("id")
	e, err := o.People.Get(r.Context(), by, id)
	if err != nil {
		return nil, err
	}
	grants, err := o.People.Grants(r.Context(), by, id)
	if err != nil {
		return nil, err
	}
	tree, err := o.tree(r)
	if err != nil {
		return nil, err
	}
	state := personState(printer(r), e)
	p := &RecordPage{Page: o.page(r, e.Name), State: &state}
	p.Crumb(p.T("people.title"), o.path(r, "/office/people"))
	if by.Can(actor.AccountChange, actor.In(e.Agency)) {
		p.Tools = []Tool{{Text: p.T("people.edit"), Href: o.path(r, "/office/people/%s/edit", id), Main: true}}
	}
	p.Cards = []Card{personCard(p.Printer, tree, e)}
	p.Lists = []*List{grantList(p.Page, tree, grants, o.today())}
	if id != by.ID {
		p.Forms = o.personActs(r, p.Page, tree, e, grants)
	}
	return p, nil
}

func personCard(p i18n.Printer, tree *agency.Tree, e *account.Entry) Card {
	c := Card{ID: "person", Title: p.T("people.about"), Facts: []Fact{
		{Label: p.T("signin.login"), Value: e.Login}, {Label: p.T("people.body"), Value: bodyName(tree, e.Agency), Lang: "zh-CN"}, {Label: p.T("people.department"), Value: e.Department, Lang: "zh-CN"},
		{Label: p.T("people.phone"), Value: e.PhoneMask}, {Label: p.T("people.email"), Value: e.EmailMask},
		{Label: p.T("people.factor"), Value: factorNames(p, e.Factors)}, {Label: p.T("people.last"), Value: When(e.LastAt)}, {Label: p.T("people.lock_reason"), Value: e.LockReason},
	}}
	return c
}

// grantList shows the roles on record, ended ones too.
func grantList(p Page, tree *agency.Tree, grants []*account.Grant, today date.Date) *List {
	l := NewList(p, p.T("people.roles"), []Column{
		{Key: "role", Text: p.T("people.role")}, {Key: "body", Text: p.T("people.for")}, {Key: "since", Text: p.T("people.since"), Slim: true},
		{Key: "until", Text: p.T("people.until"), Slim: true}, {Key: "state", Text: p.T("people.state"), Slim: true},
	}, ListQuery{})
	l.Export, l.Empty = false, p.T("people.no_roles")
	for _, g := range grants {
		state := Badge{p.T("people.grant_on"), Good}
		switch {
		case !g.RevokedAt.IsZero():
			state = Badge{p.T("people.grant_revoked"), Gone}
		case !g.Until.IsZero() && g.Until.Before(today):
			state = Badge{p.T("people.grant_over"), Gone}
		case g.Since.After(today):
			state = Badge{p.T("people.grant_later"), Wait}
		}
		l.Rows = append(l.Rows, Row{ID: g.ID, Name: p.Text(g.Role.Message()), Cells: []Cell{
			{Text: p.Text(g.Role.Message()), Sub: g.Reason}, {Text: scopeName(p.Printer, tree, g), Lang: "zh-CN"}, {Text: g.Since.String()}, {Text: g.Until.String()}, {Badge: &state},
		}})
	}
	return l
}

func scopeName(p i18n.Printer, tree *agency.Tree, g *account.Grant) string {
	if g.Agency == "" {
		return p.T("people.whole")
	}
	name := bodyName(tree, g.Agency)
	if g.Section != "" {
		name += p.T("people.part")
	}
	return name
}

// personActs are the forms of what the visitor may do about a person.
func (o *Office) personActs(r *http.Request, p Page, tree *agency.Tree, e *account.Entry, grants []*account.Grant) []Section {
	by, to := o.Actor(r), o.path(r, "/office/people/%s/act", e.ID)
	act := func(id, title string, danger bool, fields ...Field) Section {
		f := NewForm(p, to, Group{Fields: fields}).Apart(id)
		f.Version = e.Version
		f.Buttons = []Button{{Text: title, Name: "do", Value: id, Tone: "primary"}}
		if danger {
			f.Buttons[0].Tone = "danger"
		}
		return Section{ID: id, Title: title, Form: f, Folded: true}
	}
	reason := Field{Name: "reason", Label: p.T("office.reason"), Required: true, Most: 200}
	var all []Section
	if by.Somewhere(actor.AccountGrant) {
		all = append(all, act("grant", p.T("people.grant"), false, grantFields(p.Printer, tree)...))
	}
	if open := openGrants(p.Printer, tree, grants, o.today()); len(open) > 0 && by.Somewhere(actor.AccountRevoke) {
		all = append(all, act("revoke", p.T("people.revoke"), true, Field{Name: "grant_id", Label: p.T("people.roles"), Kind: RadioField, Required: true, Choices: open}, reason))
	}
	if by.Can(actor.AccountReset, actor.In(e.Agency)) {
		all = append(all, act("reset", p.T("people.reset"), true, reason))
	}
	if e.State == account.Active && by.Can(actor.AccountLock, actor.In(e.Agency)) {
		all = append(all, act("lock", p.T("people.lock"), true, reason))
	}
	if (e.State == account.Locked || !e.LockedOut.IsZero()) && by.Can(actor.AccountUnlock, actor.In(e.Agency)) {
		all = append(all, act("unlock", p.T("people.unlock"), false))
	}
	return all
}

func grantFields(p i18n.Printer, tree *agency.Tree) []Field {
	return []Field{
		{Name: "role", Label: p.T("people.role"), Kind: SelectField, Required: true, Half: true, Choices: choices(p, p.T("office.choose"), actor.Roles, actor.Role.Message)},
		{Name: "body", Label: p.T("people.for"), Kind: SelectField, Half: true, Choices: bodyChoices(tree, p.T("people.whole")), Hint: p.T("people.for_hint")},
		{Name: "since", Label: p.T("people.since"), Kind: DateField, Half: true, Hint: p.T("people.since_hint")},
		{Name: "until", Label: p.T("people.until"), Kind: DateField, Half: true, Hint: p.T("people.until_hint")},
		{Name: "reason", Label: p.T("office.reason"), Most: 200},
	}
}

// openGrants are the roles that can be taken back, by key and version.
func openGrants(p i18n.Printer, tree *agency.Tree, grants []*account.Grant, today date.Date) []Choice {
	var all []Choice
	for _, g := range grants {
		if g.RevokedAt.IsZero() && (g.Until.IsZero() || !g.Until.Before(today)) {
			all = append(all, Choice{Value: g.ID + ":" + strconv.FormatInt(g.Version, 10), Text: p.Text(g.Role.Message()), Note: scopeName(p, tree, g)})
		}
	}
	return all
}

// versioned splits what a form says of a record and the version the person saw.
func versioned(s string) (id string, version int64) {
	id, n, _ := strings.Cut(s, ":")
	version, _ = strconv.ParseInt(n, 10, 64) // what is no number is no version, and so stale
	return id, version
}

// actOnPerson does one of personActs.
func (o *Office) actOnPerson(w http.ResponseWriter, r *http.Request) error {
	f, id, by, ctx := web.ReadForm(r), r.PathValue("id"), o.Actor(r), r.Context()
	version, reason := f.Int64("version"), f.AtMost("reason", 200)
	do := f.Choice("do", "grant", "revoke", "reset", "lock", "unlock")
	err := f.Err()
	if err == nil {
		switch do {
		case "grant":
			_, err = o.People.Grant(ctx, by, id, account.Grant{Role: actor.Role(f.Text("role")), Agency: f.Text("body"), Since: f.Date("since"), Until: f.Date("until"), Reason: reason})
		case "revoke":
			grant, at := versioned(f.Text("grant_id"))
			err = o.People.Revoke(ctx, by, grant, at, reason)
		case "lock":
			_, err = o.People.Lock(ctx, by, id, version, reason)
		case "unlock":
			_, err = o.People.Unlock(ctx, by, id, version)
		case "reset":
			var issued *account.Issued
			if issued, err = o.People.Reset(ctx, by, id, version, reason); err == nil {
				return o.showIssued(w, r, o.path(r, "/office/people/%s", id), issued)
			}
		}
	}
	if err == nil {
		return o.done(w, r, i18n.M("office.saved"), "/office/people/%s", id)
	}
	return o.personAgain(w, r, do, err)
}

// personAgain shows the page with what was wrong at the form it belongs to.
func (o *Office) personAgain(w http.ResponseWriter, r *http.Request, form string, err error) error {
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	p, broken := o.personPage(r)
	if broken != nil {
		return broken
	}
	return o.sectionAgain(w, r, p, form, err)
}

// sectionAgain shows a page of several forms with what was wrong at one of them.
func (o *Office) sectionAgain(w http.ResponseWriter, r *http.Request, p *RecordPage, form string, err error) error {
	for _, s := range p.Forms {
		if s.ID == form {
			s.Form.Keep(r.PostForm)
			return o.showAs(w, r, s.Form.Tell(err), "record", p)
		}
	}
	return err
}

func lines(words []string) string { return strings.Join(words, "\n") }

func splitLines(s string) []string {
	all := []string{}
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
