package office

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
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
	names, err := o.sectionNames(r, grants)
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
	p.Lists = []*List{grantList(p.Page, tree, names, grants, o.today())}
	if id == by.ID {
		return p, nil
	}
	p.Forms, err = o.personActs(r, p.Page, tree, names, e, grants)
	return p, err
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
func grantList(p Page, tree *agency.Tree, names map[string]string, grants []*account.Grant, today date.Date) *List {
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
			{Text: p.Text(g.Role.Message()), Sub: g.Reason}, {Text: scopeName(p.Printer, tree, names, g), Lang: "zh-CN"}, {Text: g.Since.String()}, {Text: g.Until.String()}, {Badge: &state},
		}})
	}
	return l
}

// scopeName says what a role is held for; names are the sections'.
func scopeName(p i18n.Printer, tree *agency.Tree, names map[string]string, g *account.Grant) string {
	switch {
	case g.Agency == "":
		return p.T("people.whole")
	case g.Section == "":
		return bodyName(tree, g.Agency)
	}
	return p.T("people.part", "body", bodyName(tree, g.Agency), "section", names[g.Section])
}

// sectionNames are the titles of the sections that roles are held for.
func (o *Office) sectionNames(r *http.Request, grants []*account.Grant) (map[string]string, error) {
	names := map[string]string{}
	if o.Sections == nil {
		return names, nil
	}
	err := o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		for _, g := range grants {
			if g.Section == "" {
				continue
			}
			path, err := section.Above(tx, g.Section)
			if err != nil {
				return err
			}
			names[g.Section] = section.Title(path)
		}
		return nil
	})
	return names, err
}

// sectionsIn are the sections of a body, to choose from after one that says all.
func (o *Office) sectionsIn(r *http.Request, body string) ([]Choice, error) {
	if o.Sections == nil || body == "" || !o.Actor(r).Can(actor.SectionView, actor.In(body)) {
		return nil, nil
	}
	var all []Choice
	err := o.Sections.DB.View(r.Context(), func(tx *db.Tx) error {
		found, err := section.All(tx, body)
		all = sectionChoices(section.NewTree(found), printer(r).T("people.all_sections"), "-")
		return err
	})
	return all, err
}

// ErrGrantSection says that a role is to be held for a section of another body.
var ErrGrantSection = &fault.Error{Kind: fault.Invalid, Code: "people.not_its_section", Field: "section"}

// grantOf reads the role to give. A section must be one of the body's.
func (o *Office) grantOf(r *http.Request, f *web.Form) (account.Grant, error) {
	g := account.Grant{
		Role: actor.Role(f.Text("role")), Agency: f.Text("body"), Section: f.Text("section"),
		Since: f.Date("since"), Until: f.Date("until"), Reason: f.AtMost("reason", 200),
	}
	if g.Section == "" {
		return g, f.Err()
	}
	all, err := o.sectionsIn(r, g.Agency)
	if err == nil && !slices.ContainsFunc(all, func(c Choice) bool { return c.Value == g.Section }) {
		f.Fail(ErrGrantSection)
	}
	return g, cmp.Or(err, f.Err())
}

// personActs are the forms of what the visitor may do about a person.
func (o *Office) personActs(r *http.Request, p Page, tree *agency.Tree, names map[string]string, e *account.Entry, grants []*account.Grant) ([]Section, error) {
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
		sections, err := o.sectionsIn(r, e.Agency)
		if err != nil {
			return nil, err
		}
		all = append(all, act("grant", p.T("people.grant"), false, grantFields(p.Printer, tree, e.Agency, sections)...))
	}
	if open := openGrants(p.Printer, tree, names, grants, o.today()); len(open) > 0 && by.Somewhere(actor.AccountRevoke) {
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
	if by.Can(actor.AccountReveal, actor.In(e.Agency)) && e.PhoneMask+e.EmailMask != "" {
		s := act("reveal", p.T("people.reveal"), false)
		s.Note = p.T("people.reveal_note")
		all = append(all, s)
	}
	return all, nil
}

// grantFields ask for a role: for a body, or for one of the sections of the person's own.
func grantFields(p i18n.Printer, tree *agency.Tree, home string, sections []Choice) []Field {
	all := []Field{
		{Name: "role", Label: p.T("people.role"), Kind: SelectField, Required: true, Half: true, Choices: choices(p, p.T("office.choose"), actor.Roles, actor.Role.Message)},
		{Name: "body", Label: p.T("people.for"), Kind: SelectField, Half: true, Value: home, Choices: bodyChoices(tree, p.T("people.whole")), Hint: p.T("people.for_hint")},
	}
	if len(sections) > 1 {
		all = append(all, Field{Name: "section", Label: p.T("people.section"), Kind: SelectField, Choices: sections, Hint: p.T("people.section_hint", "body", bodyName(tree, home))})
	}
	return append(all, []Field{
		{Name: "since", Label: p.T("people.since"), Kind: DateField, Half: true, Hint: p.T("people.since_hint")},
		{Name: "until", Label: p.T("people.until"), Kind: DateField, Half: true, Hint: p.T("people.until_hint")},
		{Name: "reason", Label: p.T("office.reason"), Most: 200},
	}...)
}

// openGrants are the roles that can be taken back, by key and version.
func openGrants(p i18n.Printer, tree *agency.Tree, names map[string]string, grants []*account.Grant, today date.Date) []Choice {
	var all []Choice
	for _, g := range grants {
		if g.RevokedAt.IsZero() && (g.Until.IsZero() || !g.Until.Before(today)) {
			all = append(all, Choice{Value: g.ID + ":" + strconv.FormatInt(g.Version, 10), Text: p.Text(g.Role.Message()), Note: scopeName(p, tree, names, g)})
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
	do := f.Choice("do", "grant", "revoke", "reset", "lock", "unlock", "reveal")
	err := f.Err()
	if err == nil {
		switch do {
		case "grant":
			var g account.Grant
			if g, err = o.grantOf(r, f); err == nil {
				_, err = o.People.Grant(ctx, by, id, g)
			}
		case "revoke":
			grant, at := versioned(f.Text("grant_id"))
			err = o.People.Revoke(ctx, by, grant, at, reason)
		case "lock":
			_, err = o.People.Lock(ctx, by, id, version, reason)
		case "reveal":
			return o.revealPerson(w, r)
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

// revealPerson shows a person's telephone and e-mail once. That somebody looked is recorded.
func (o *Office) revealPerson(w http.ResponseWriter, r *http.Request) error {
	d, err := o.People.Reveal(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := o.personPage(r)
	if err != nil {
		return err
	}
	p.Cards = append([]Card{{ID: "revealed", Title: p.T("people.reveal"), Note: p.T("people.revealed"), Facts: []Fact{
		{Label: p.T("people.phone"), Value: d.Phone}, {Label: p.T("people.email"), Value: d.Email},
	}}}, p.Cards...)
	return o.show(w, r, "record", p)
}
