package account

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/secret"
)

// office is an installation with its three administrators and two bodies, one above the
// other.
type office struct {
	*Registry
	t             testing.TB
	clock         *clock
	sys, sec, aud actor.Actor
	city, county  string
}

// clock stands still until it is put on.
type clock struct {
	sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.at
}

func (c *clock) put(on time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.at = c.at.Add(on)
}

var here = From{Remote: "192.0.2.1", Agent: "Browser"}

// cheap is the cost of passwords where a test is not about it.
var cheap = cost{64, 1}

// today is the day the clock shows at first.
var today = date.Must(2026, 11, 23)

func each(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newOffice(t, d)) })
}

func newOffice(t testing.TB, d *db.DB) *office {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(d, keys, Options{Name: "虚构市", Site: "example.com", Origins: []string{"https://example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	r.hasher = newHasher(cheap)
	c := &clock{at: dbtest.Noon}
	d.Clock = c.now
	o := &office{Registry: r, t: t, clock: c}
	code, err := r.SetupCode(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	issued, err := r.SetUp(context.Background(), code, First{
		SysAdmin: Person{Login: "sys", Name: "甲某"}, SecAdmin: Person{Login: "sec", Name: "乙某"}, Auditor: Person{Login: "aud", Name: "丙某"},
	}, here)
	if err != nil {
		t.Fatal(err)
	}
	o.sys, o.sec, o.aud = o.actor(issued[0].Account.ID), o.actor(issued[1].Account.ID), o.actor(issued[2].Account.ID)
	bodies := &agency.Registry{DB: d}
	city, err := bodies.Create(context.Background(), o.sys, agency.New{Facts: agency.Facts{Name: "虚构市人民政府", Kind: agency.Government, Level: agency.City}})
	if err != nil {
		t.Fatal(err)
	}
	county, err := bodies.Create(context.Background(), o.sys, agency.New{Facts: agency.Facts{Name: "虚构县人民政府", Kind: agency.Government,
		Level: agency.County, Parent: city.ID}})
	if err != nil {
		t.Fatal(err)
	}
	o.city, o.county = city.ID, county.ID
	return o
}

func (o *office) actor(id string) (a actor.Actor) {
	o.t.Helper()
	if err := o.db.View(context.Background(), func(tx *db.Tx) (err error) {
		a, err = LoadActor(tx, id)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) account(id string) (a *Account) {
	o.t.Helper()
	if err := o.db.View(context.Background(), func(tx *db.Tx) (err error) {
		a, err = Load(tx, id)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return a
}

// person records somebody with a one-time password.
func (o *office) person(login string) *Issued {
	o.t.Helper()
	i, err := o.Create(context.Background(), o.sys, Person{Login: login, Name: login + " 某", Agency: o.city})
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

// settled records somebody who has chosen a password and needs no second factor.
func (o *office) settled(login, password string) *Account {
	o.t.Helper()
	i := o.person(login)
	step, err := o.SignIn(context.Background(), login, i.Password, here)
	if err != nil {
		o.t.Fatal(err)
	}
	if step, err = o.Choose(context.Background(), step.Secret, password, here); err != nil || step.Stage != StageDone {
		o.t.Fatalf("%s: %v %v", login, step.Stage, err)
	}
	return i.Account
}

func (o *office) give(id string, role actor.Role, body string) *Grant {
	o.t.Helper()
	g, err := o.Grant(context.Background(), o.sec, id, Grant{Role: role, Agency: body})
	if err != nil {
		o.t.Fatalf("%s: %v", role, err)
	}
	return g
}

// good is a password the rules have nothing against, apart from those of other tests.
const good = "Kupferdach 77 Wolke"

func (o *office) count(query string, args ...any) (n int) {
	o.t.Helper()
	if err := o.db.View(context.Background(), func(tx *db.Tx) (err error) {
		n, err = tx.Count(query, args...)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestTheInstallationIsSetUpOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		if open, err := o.FirstRun(t.Context()); err != nil || open {
			t.Errorf("still open: %v %v", open, err)
		}
		if code, err := o.SetupCode(t.Context()); err != nil || code != "" {
			t.Errorf("a code after the set-up: %q %v", code, err)
		}
		_, err := o.SetUp(t.Context(), "", First{}, here)
		if !errors.Is(err, ErrSetUp) {
			t.Errorf("set up again: %v", err)
		}
		for _, test := range []struct {
			who  actor.Actor
			role actor.Role
		}{{o.sys, actor.SysAdmin}, {o.sec, actor.SecAdmin}, {o.aud, actor.Auditor}} {
			if len(test.who.Grants) != 1 || test.who.Grants[0].Role != test.role {
				t.Errorf("%s holds %v", test.role, test.who.Grants)
			}
		}
	})
}

func TestTheSetUpNeedsTheCodeAndThreePeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys, err := secret.Create(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(d, keys, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.hasher = newHasher(cheap)
		three := First{SysAdmin: Person{Login: "sys", Name: "甲某"}, SecAdmin: Person{Login: "sec", Name: "乙某"}, Auditor: Person{Login: "aud", Name: "丙某"}}
		if _, err := r.SetUp(t.Context(), "", three, here); !errors.Is(err, ErrSetupCode) {
			t.Errorf("before there was a code: %v", err)
		}
		old, err := r.SetupCode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		code, err := r.SetupCode(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SetUp(t.Context(), old, three, here); !errors.Is(err, ErrSetupCode) {
			t.Errorf("with the code of the start before: %v", err)
		}
		two := three
		two.Auditor.Login = "SYS"
		if _, err := r.SetUp(t.Context(), code, two, here); !errors.Is(err, ErrDistinct) {
			t.Errorf("one person twice: %v", err)
		}
		two = three
		two.Auditor.Name = "甲某"
		if _, err := r.SetUp(t.Context(), code, two, here); !errors.Is(err, ErrDistinct) {
			t.Errorf("one name twice: %v", err)
		}
		// Ten set it up at once: one does.
		var all sync.WaitGroup
		errs := make([]error, 10)
		for i := range errs {
			all.Go(func() { _, errs[i] = r.SetUp(t.Context(), strings.ToUpper(code), three, here) })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, ErrSetUp):
				t.Errorf("got %v", err)
			}
		}
		if done != 1 {
			t.Errorf("set up %d times", done)
		}
	})
}

func TestWhatIsPersonalIsSealedAndMasked(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		p := Person{Login: "zhang.x", Name: "张某", Agency: o.city, Phone: "13800000000", Email: "zhang@example.com"}
		i, err := o.Create(t.Context(), o.sys, p)
		if err != nil {
			t.Fatal(err)
		}
		a := o.account(i.Account.ID)
		if a.PhoneMask != "138****0000" || a.EmailMask != "z***@example.com" {
			t.Errorf("masks %q %q", a.PhoneMask, a.EmailMask)
		}
		for _, table := range []string{"account WHERE phone LIKE $1 OR email LIKE $1 OR phone_mask LIKE $1", "audit_entry WHERE detail LIKE $1 OR title LIKE $1"} {
			for _, word := range []string{"%13800000000%", "%zhang@%"} {
				if n := o.count("SELECT count(*) FROM "+table, word); n != 0 {
					t.Errorf("%s is readable in %s", word, table)
				}
			}
		}
		if _, err := o.Reveal(t.Context(), o.sec, a.ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("shown to the security administrator: %v", err)
		}
		before := o.count("SELECT count(*) FROM audit_entry WHERE act = 'account.reveal'")
		d, err := o.Reveal(t.Context(), o.sys, a.ID)
		if err != nil || d.Phone != p.Phone || d.Email != p.Email {
			t.Errorf("got %+v %v", d, err)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE act = 'account.reveal'"); n != before+1 {
			t.Error("nobody will know who looked")
		}
		// The form sends the masks back: the values stay.
		p.Phone, p.Email, p.Department = a.PhoneMask, a.EmailMask, "政务公开科"
		if _, err := o.Change(t.Context(), o.sys, a.ID, a.Version, p); err != nil {
			t.Fatal(err)
		}
		if d, err := o.Reveal(t.Context(), o.sys, a.ID); err != nil || d.Phone != "13800000000" {
			t.Errorf("got %+v %v", d, err)
		}
		if _, err := o.Change(t.Context(), o.sys, a.ID, a.Version, p); !errors.Is(err, ErrStale) {
			t.Errorf("over somebody else's change: %v", err)
		}
	})
}

func TestNoPasswordOrSecretIsWrittenDown(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		i := o.person("li.x")
		step, err := o.SignIn(t.Context(), "li.x", i.Password, here)
		if err != nil {
			t.Fatal(err)
		}
		first := step.Secret
		if step, err = o.Choose(t.Context(), step.Secret, good, here); err != nil {
			t.Fatal(err)
		}
		// A person types the password where the login name goes.
		if _, err := o.SignIn(t.Context(), good, "x", here); !errors.Is(err, ErrSignIn) {
			t.Fatal(err)
		}
		for _, secret := range []string{i.Password, good, loginOf(good), first, step.Secret} {
			for _, column := range []string{"audit_entry WHERE detail LIKE $1 OR title LIKE $1 OR subject_id LIKE $1 OR actor LIKE $1",
				"account_session WHERE secret LIKE $1", "account_attempt WHERE secret LIKE $1 OR challenge LIKE $1",
				"account_credential WHERE password LIKE $1", "account_throttle WHERE id LIKE $1"} {
				if o.count("SELECT count(*) FROM "+column, "%"+secret+"%") != 0 {
					t.Errorf("a secret stands in %s", column)
				}
			}
		}
	})
}
