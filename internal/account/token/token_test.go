package token_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/account"
	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// bureau is a body with two sections, one below the other, and a clerk.
type bureau struct {
	t *testing.T
	*token.Desk
	people             *account.Registry
	body, above, below string
	now                time.Time
}

var program = actor.System("test")

func open(t *testing.T, d *db.DB) *bureau {
	t.Helper()
	x := &bureau{t: t, Desk: &token.Desk{DB: d}, now: dbtest.Noon}
	d.Clock = func() time.Time { return x.now }
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), program, agency.New{Since: date.Must(2020, 1, 1),
		Facts: agency.Facts{Name: "示例县民政局", Kind: agency.Government, Level: agency.County}})
	x.must(err)
	x.body = a.ID
	sections := &section.Desk{DB: d, Calendar: workday.Embedded}
	s, err := sections.Create(t.Context(), program, a.ID, "", section.Draft{Name: "通知公告", Kind: section.News})
	x.must(err)
	x.above = s.ID
	s, err = sections.Create(t.Context(), program, a.ID, s.ID, section.Draft{Name: "供水", Kind: section.News})
	x.must(err)
	x.below = s.ID
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	x.must(err)
	x.people, err = account.New(d, keys, account.Options{Name: "示例"})
	x.must(err)
	return x
}

func (x *bureau) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *bureau) clerk(login string, g account.Grant) actor.Actor {
	x.t.Helper()
	made, err := x.people.Create(x.t.Context(), program, account.Person{Login: login, Name: "示例经办人", Agency: x.body})
	x.must(err)
	if g.Role != "" {
		g.Agency, g.Since, g.Reason = x.body, date.Must(2026, 11, 23), "工作需要"
		_, err = x.people.Grant(x.t.Context(), program, made.Account.ID, g)
		x.must(err)
	}
	return actor.Actor{ID: made.Account.ID, Name: made.Account.Name}
}

func (x *bureau) made(by actor.Actor, n token.New) (*token.Token, string) {
	x.t.Helper()
	t, s, err := x.Create(x.t.Context(), by, n)
	x.must(err)
	return t, s
}

// A token is never more than its person: made for what they may draft alone, ended with the role,
// the person, its term, or by hand.
func TestATokenIsNeverMoreThanItsPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		whole, part, none := x.clerk("whole", account.Grant{Role: actor.Editor}), x.clerk("part", account.Grant{Role: actor.Editor, Section: x.below}), x.clerk("none", account.Grant{Role: actor.Publisher})
		ten := token.New{Name: "办公系统", Agency: x.body, Days: 10}
		for name, c := range map[string]struct {
			by   actor.Actor
			n    token.New
			want error
		}{
			"no drafting role":        {none, ten, token.ErrScope},
			"another body":            {whole, token.New{Name: "甲", Agency: "other", Days: 1}, token.ErrScope},
			"a section above the own": {part, token.New{Name: "甲", Agency: x.body, Section: x.above, Days: 1}, token.ErrScope},
			"no name":                 {whole, token.New{Agency: x.body, Days: 1}, token.ErrName},
			"too long":                {whole, token.New{Name: "甲", Agency: x.body, Days: 367}, token.ErrDays},
		} {
			if _, _, err := x.Create(t.Context(), c.by, c.n); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		tok, secret := x.made(whole, ten)
		if len(secret) < 40 || !strings.HasPrefix(secret, "gongkai_") {
			t.Errorf("the secret is %q", secret)
		}
		in := func(ids ...string) actor.Scope { return actor.In(x.body, ids...) }
		_, who, err := x.Open(t.Context(), secret, "192.0.2.1")
		if err != nil || !who.Can(actor.ItemCreate, in(x.above)) || who.Can(actor.ItemPublish, in(x.above)) || who.ID != whole.ID {
			t.Errorf("%+v, %v", who, err)
		}
		_, narrow := x.made(part, token.New{Name: "乙", Agency: x.body, Section: x.below, Days: 10})
		if _, who, err := x.Open(t.Context(), narrow, ""); err != nil || who.Can(actor.ItemCreate, in(x.above)) || !who.Can(actor.ItemCreate, in(x.below, x.above)) {
			t.Errorf("%+v, %v", who, err)
		}
		all, err := x.List(t.Context(), whole, whole.ID)
		if err != nil || len(all) != 1 || all[0].UsedFrom != "192.0.2.1" || !all[0].UsedAt.Equal(x.now) {
			t.Errorf("%+v, %v", all, err)
		}
		if _, err := x.List(t.Context(), part, whole.ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another's tokens: %v", err)
		}
		if err := x.Revoke(t.Context(), part, tok.ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("another's token revoked: %v", err)
		}
		x.now = time.Date(2026, 12, 2, 15, 59, 59, 0, time.UTC) // the tenth day's last second in China
		if _, _, err := x.Open(t.Context(), secret, ""); err != nil {
			t.Errorf("on its last day: %v", err)
		}
		x.now = x.now.Add(time.Second)
		if _, _, err := x.Open(t.Context(), secret, ""); !errors.Is(err, token.ErrUnknown) {
			t.Errorf("the day after: %v", err)
		}
		_, secret = x.made(whole, ten)
		x.must(d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE account SET state = 'locked' WHERE id = $1", whole.ID)
			return err
		}))
		if _, _, err := x.Open(t.Context(), secret, ""); !errors.Is(err, token.ErrUnknown) {
			t.Errorf("of somebody locked: %v", err)
		}
	})
}

// Neither the database nor the audit holds what a token can be used with.
func TestTheSecretIsKeptNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		by := x.clerk("clerk", account.Grant{Role: actor.Editor})
		tok, secret := x.made(by, token.New{Name: "办公系统", Agency: x.body, Days: 10})
		x.must(x.Revoke(t.Context(), by, tok.ID))
		x.must(d.View(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Count("SELECT count(*) FROM account_token WHERE digest = $1", secret)
			if n != 0 {
				t.Error("the secret stands in the table")
			}
			return err
		}))
		n := 0
		x.must(d.View(t.Context(), func(tx *db.Tx) (err error) {
			n, err = tx.Count("SELECT count(*) FROM audit_entry WHERE subject = 'token' AND subject_id = $1", tok.ID)
			return err
		}))
		if n != 2 {
			t.Errorf("%d entries of the audit, want those of making and revoking", n)
		}
	})
}

// A token has one purpose. One for requests shows no applicant in full and decides nothing unless it
// was made for that; one for intake only hands in; neither drafts, and none is for what its person may
// not do.
func TestATokenHasOnePurpose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := open(t, d)
		officer, head, editor := x.clerk("officer", account.Grant{Role: actor.Officer}), x.clerk("head", account.Grant{Role: actor.Head}), x.clerk("editor", account.Grant{Role: actor.Editor})
		for name, c := range map[string]struct {
			by   actor.Actor
			n    token.New
			want error
		}{
			"requests, of who only drafts":  {editor, token.New{Name: "甲", Agency: x.body, Scope: token.Requests, Days: 1}, token.ErrScope},
			"intake, of who takes in none":  {head, token.New{Name: "甲", Agency: x.body, Scope: token.Intake, Days: 1}, token.ErrScope},
			"drafts, of who drafts none":    {officer, token.New{Name: "甲", Agency: x.body, Days: 1}, token.ErrScope},
			"requests of another body":      {officer, token.New{Name: "甲", Agency: "other", Scope: token.Requests, Days: 1}, token.ErrScope},
			"a purpose nobody knows":        {officer, token.New{Name: "甲", Agency: x.body, Scope: "all", Days: 1}, token.ErrUse},
			"drafts that reveal":            {editor, token.New{Name: "甲", Agency: x.body, Reveal: true, Days: 1}, token.ErrUse},
			"intake that reviews":           {officer, token.New{Name: "甲", Agency: x.body, Scope: token.Intake, Review: true, Days: 1}, token.ErrUse},
			"requests for a single section": {officer, token.New{Name: "甲", Agency: x.body, Section: x.below, Scope: token.Requests, Days: 1}, token.ErrUse},
		} {
			if _, _, err := x.Create(t.Context(), c.by, c.n); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, c := range map[string]struct {
			by       actor.Actor
			n        token.New
			may, not []actor.Act
		}{
			"of an officer": {officer, token.New{Scope: token.Requests}, []actor.Act{actor.FoiView, actor.FoiRegister, actor.FoiSend, actor.FoiPropose},
				[]actor.Act{actor.FoiReveal, actor.FoiApprove, actor.FoiExport, actor.FoiSetting, actor.GuideEdit, actor.MailboxView, actor.ItemCreate}},
			"of an officer, to reveal": {officer, token.New{Scope: token.Requests, Reveal: true}, []actor.Act{actor.FoiReveal}, []actor.Act{actor.FoiApprove, actor.FoiExport}},
			"of a head":                {head, token.New{Scope: token.Requests}, []actor.Act{actor.FoiView, actor.FoiReopen}, []actor.Act{actor.FoiApprove, actor.FoiReveal, actor.FoiPropose}},
			"of a head, to approve":    {head, token.New{Scope: token.Requests, Review: true}, []actor.Act{actor.FoiApprove}, []actor.Act{actor.FoiReveal, actor.FoiLegal}},
			"for intake":               {officer, token.New{Scope: token.Intake}, []actor.Act{actor.FoiRegister}, []actor.Act{actor.FoiView, actor.FoiHandle, actor.FoiSend}},
		} {
			c.n.Name, c.n.Agency, c.n.Days = name, x.body, 10
			_, secret := x.made(c.by, c.n)
			_, who, err := x.Open(t.Context(), secret, "")
			x.must(err)
			for _, a := range c.may {
				if !who.Can(a, actor.In(x.body)) {
					t.Errorf("%s: may not %s", name, a)
				}
			}
			for _, a := range c.not {
				if who.Can(a, actor.In(x.body)) || who.Somewhere(a) {
					t.Errorf("%s: may %s", name, a)
				}
				if in, all := who.Agencies(a); len(in) > 0 || all {
					t.Errorf("%s: may %s in %v", name, a, in)
				}
			}
		}
	})
}
