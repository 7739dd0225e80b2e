package account

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
)

// plain records somebody who never signs in.
func (o *office) plain(login string) *Account {
	o.t.Helper()
	a := &Account{ID: db.ID()}
	if err := o.db.Update(o.t.Context(), func(tx *db.Tx) error {
		return o.create(tx, a, Person{Login: login, Name: login + "某", Agency: o.city}, "")
	}); err != nil {
		o.t.Fatal(err)
	}
	return a
}

// R-SEC-01.
func TestNobodyIsTwoAdministrators(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		admins := []actor.Role{actor.SysAdmin, actor.SecAdmin, actor.Auditor}
		for _, first := range admins {
			for _, second := range admins {
				a := o.plain(fmt.Sprintf("%s.%s", first, second))
				o.give(a.ID, first, "")
				later := Grant{Role: second, Since: today.Plus(400)}
				_, err := o.Grant(t.Context(), o.sec, a.ID, later)
				want := ErrTwoAdmins
				if first == second {
					want = ErrGranted
				}
				if !errors.Is(err, want) {
					t.Errorf("%s, in a year %s: %v", first, second, err)
				}
			}
		}
		// One after the other, when the first has ended.
		a := o.plain("changing")
		if _, err := o.Grant(t.Context(), o.sec, a.ID, Grant{Role: actor.SysAdmin, Until: today.Plus(1)}); err != nil {
			t.Fatal(err)
		}
		o.clock.put(2 * 24 * 3600e9)
		o.give(a.ID, actor.Auditor, "")
	})
}

// Two administrators' roles for one person at the same moment.
func TestNobodyIsTwoAdministratorsByHaste(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.plain("li.x")
		errs := make([]error, 2)
		var all sync.WaitGroup
		for i, role := range []actor.Role{actor.SysAdmin, actor.Auditor} {
			all.Go(func() { _, errs[i] = o.Grant(t.Context(), o.sec, a.ID, Grant{Role: role}) })
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), ErrTwoAdmins) {
			t.Errorf("got %v", errs)
		}
	})
}

func TestASecurityAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		first := o.grantOf(t, o.sec.ID)
		second := o.plain("second")
		g, err := o.Grant(t.Context(), o.sec, second.ID, Grant{Role: actor.SecAdmin, Until: today.Plus(30)})
		if err != nil {
			t.Fatal(err)
		}
		other := o.actor(second.ID)
		if err := o.Revoke(t.Context(), other, first.ID, first.Version, "x"); !errors.Is(err, ErrLastSec) {
			t.Errorf("the other's role will end: %v", err)
		}
		if _, err := o.Lock(t.Context(), other, o.sec.ID, 1, "x"); !errors.Is(err, ErrLastSec) {
			t.Errorf("locked: %v", err)
		}
		if err := o.Revoke(t.Context(), o.sec, g.ID, g.Version, "x"); err != nil {
			t.Fatal(err)
		}
		// Two without an end take each other's role at once: one stays.
		g = o.give(second.ID, actor.SecAdmin, "")
		errs := make([]error, 2)
		var all sync.WaitGroup
		all.Go(func() { errs[0] = o.Revoke(t.Context(), o.sec, g.ID, g.Version, "x") })
		all.Go(func() { errs[1] = o.Revoke(t.Context(), other, first.ID, first.Version, "x") })
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), ErrLastSec) {
			t.Errorf("got %v", errs)
		}
	})
}

func (o *office) grantOf(t *testing.T, id string) *Grant {
	t.Helper()
	all, err := o.Grants(t.Context(), o.aud, id)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d grants, %v", len(all), err)
	}
	return all[0]
}

func TestGrantsAreChecked(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.plain("li.x")
		for _, test := range []struct {
			name string
			g    Grant
			want error
		}{
			{"no role there is", Grant{Role: "chief", Agency: o.city}, ErrRole},
			{"the program's", Grant{Role: actor.Program}, ErrRole},
			{"an editor of nowhere", Grant{Role: actor.Editor}, ErrRoleScope},
			{"an administrator of one body", Grant{Role: actor.SysAdmin, Agency: o.city}, ErrRoleScope},
			{"a section of nowhere", Grant{Role: actor.SysAdmin, Section: "news"}, ErrRoleScope},
			{"a supervisor of a section", Grant{Role: actor.Supervisor, Agency: o.city, Section: "news"}, ErrRoleScope},
			{"from yesterday", Grant{Role: actor.Editor, Agency: o.city, Since: today.Plus(-1)}, ErrPeriod},
			{"ends before it begins", Grant{Role: actor.Editor, Agency: o.city, Since: today.Plus(2), Until: today.Plus(1)}, ErrPeriod},
			{"for a day", Grant{Role: actor.Editor, Agency: o.city, Until: today}, nil},
			{"the same day again", Grant{Role: actor.Editor, Agency: o.city, Since: today, Until: today.Plus(9)}, ErrGranted},
			{"from the next", Grant{Role: actor.Editor, Agency: o.city, Since: today.Plus(1)}, nil},
			{"for a section besides", Grant{Role: actor.Editor, Agency: o.city, Section: "news"}, nil},
			{"at another body", Grant{Role: actor.Editor, Agency: o.county}, nil},
		} {
			_, err := o.Grant(t.Context(), o.sec, a.ID, test.g)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if _, err := o.Grant(t.Context(), o.sec, a.ID, Grant{Role: actor.Editor, Agency: "nowhere"}); !errors.Is(err, agency.ErrNone) {
			t.Errorf("a body that is none: %v", err)
		}
		if _, err := o.Grant(t.Context(), o.sec, o.sec.ID, Grant{Role: actor.Editor, Agency: o.city}); !errors.Is(err, ErrSelf) {
			t.Errorf("to oneself: %v", err)
		}
		if err := o.Revoke(t.Context(), o.sec, o.grantOf(t, a.ID).ID, 1, " "); !errors.Is(err, ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
	})
}

// 委托: the deputy holds what the holder does, as long as the holder does, and no more.
func TestDelegation(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		holder, deputy, third := o.plain("holder"), o.plain("deputy"), o.plain("third")
		g := o.give(holder.ID, actor.Reviewer1, o.city)
		admin := o.give(holder.ID, actor.SysAdmin, "")
		own := o.give(deputy.ID, actor.Editor, o.city)
		me := actor.Actor{ID: holder.ID, Name: holder.Name}
		for _, test := range []struct {
			name string
			l    Leave
			want error
		}{
			{"to oneself", Leave{Deputy: holder.ID, Until: today, Grants: []string{g.ID}, Reason: "休假"}, ErrDeputy},
			{"to nobody", Leave{Deputy: "x", Until: today, Grants: []string{g.ID}, Reason: "休假"}, ErrDeputy},
			{"without an end", Leave{Deputy: deputy.ID, Grants: []string{g.ID}, Reason: "休假"}, ErrPeriod},
			{"from yesterday", Leave{Deputy: deputy.ID, Since: today.Plus(-1), Until: today, Grants: []string{g.ID}, Reason: "休假"}, ErrPeriod},
			{"longer than 92 days", Leave{Deputy: deputy.ID, Until: today.Plus(93), Grants: []string{g.ID}, Reason: "休假"}, ErrPeriod},
			{"without a reason", Leave{Deputy: deputy.ID, Until: today, Grants: []string{g.ID}}, ErrReason},
			{"nothing", Leave{Deputy: deputy.ID, Until: today, Reason: "休假"}, ErrDelegated},
			{"somebody else's role", Leave{Deputy: third.ID, Until: today, Grants: []string{own.ID}, Reason: "休假"}, ErrDelegated},
			{"an administrator's role", Leave{Deputy: deputy.ID, Until: today, Grants: []string{admin.ID}, Reason: "休假"}, ErrDelegateAdm},
			{"92 days from tomorrow", Leave{Deputy: third.ID, Since: today.Plus(1), Until: today.Plus(93), Grants: []string{g.ID}, Reason: "休假"}, nil},
			{"two days", Leave{Deputy: deputy.ID, Until: today.Plus(1), Grants: []string{g.ID}, Reason: "休假"}, nil},
		} {
			_, err := o.Delegate(t.Context(), me, test.l)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		may := func(who *Account, want bool, when string) {
			t.Helper()
			a := o.actor(who.ID)
			if a.Can(actor.ItemReview1, actor.In(o.city)) != want {
				t.Errorf("%s, %s: %v", who.Login, when, a.Grants)
			}
			if want {
				if by, _ := a.By(actor.ItemReview1, actor.In(o.city)); by.Behalf != holder.Name {
					t.Errorf("on behalf of %q", by.Behalf)
				}
			}
		}
		may(deputy, true, "on the first day")
		may(third, false, "before the first day")
		// What was handed over is not the deputy's to hand on.
		if _, err := o.Delegate(t.Context(), actor.Actor{ID: deputy.ID}, Leave{Deputy: third.ID, Until: today, Grants: []string{g.ID}, Reason: "x"}); !errors.Is(err, ErrDelegated) {
			t.Errorf("handed on: %v", err)
		}
		if _, err := o.Lock(t.Context(), o.sec, holder.ID, o.account(holder.ID).Version, "停职"); err != nil {
			t.Fatal(err)
		}
		may(deputy, false, "while the holder is locked")
		if _, err := o.Unlock(t.Context(), o.sec, holder.ID, o.account(holder.ID).Version); err != nil {
			t.Fatal(err)
		}
		o.clock.put(24 * 3600e9)
		may(deputy, true, "on the last day")
		o.clock.put(24 * 3600e9)
		may(deputy, false, "after the last day")
		may(third, true, "in between")
		if err := o.Revoke(t.Context(), o.sec, g.ID, g.Version, "调岗"); err != nil {
			t.Fatal(err)
		}
		may(third, false, "when the holder's role is gone")
	})
}

func TestWhoEndsADelegation(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		holder, deputy, third := o.plain("holder"), o.plain("deputy"), o.plain("third")
		g := o.give(holder.ID, actor.Reviewer1, o.city)
		for _, test := range []struct {
			who  actor.Actor
			want error
		}{
			{actor.Actor{ID: holder.ID}, nil}, {actor.Actor{ID: deputy.ID}, nil}, {o.sec, nil},
			{o.sys, actor.ErrForbidden}, {actor.Actor{ID: third.ID}, actor.ErrForbidden},
		} {
			d, err := o.Delegate(t.Context(), actor.Actor{ID: holder.ID}, Leave{Deputy: deputy.ID, Until: today, Grants: []string{g.ID}, Reason: "休假"})
			if err != nil {
				t.Fatal(err)
			}
			if err := o.EndDelegation(t.Context(), test.who, d.ID, d.Version); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("%s: %v, want %v", test.who.ID, err, test.want)
			}
			if test.want == nil {
				if err := o.EndDelegation(t.Context(), o.sec, d.ID, d.Version+1); !errors.Is(err, ErrGrantOver) {
					t.Errorf("again: %v", err)
				}
			}
		}
	})
}

func TestASupervisorSeesWhatIsBelow(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.plain("li.x")
		o.give(a.ID, actor.Supervisor, o.city)
		who := o.actor(a.ID)
		if !maps.Equal(who.Supervises, map[string]bool{o.county: true}) || !who.Can(actor.BoardOversee, actor.In(o.county)) {
			t.Errorf("got %v", who.Supervises)
		}
		all, err := o.Colleagues(t.Context(), who)
		if err != nil || len(all) != 0 {
			t.Errorf("colleagues %v %v", all, err)
		}
		b := o.plain("zhang.x")
		if all, err = o.Colleagues(t.Context(), who); err != nil || len(all) != 1 || all[0].ID != b.ID {
			t.Errorf("colleagues %v %v", all, err)
		}
	})
}

// The truth about every act on people and bodies, by hand: which roles may do it for the
// body they hold the role in (own), for another (other), and for the installation.
func TestWhoMayDoWhatToPeopleAndBodies(t *testing.T) {
	type where struct{ own, other, installation bool }
	everywhere, ownOnly := where{true, true, true}, where{own: true}
	sys, sec, aud := actor.SysAdmin, actor.SecAdmin, actor.Auditor
	clerks := []actor.Role{actor.Editor, actor.Reviewer1, actor.Reviewer2, actor.Reviewer3, actor.Secrecy, actor.Publisher, actor.Officer,
		actor.Handler, actor.Legal, actor.Head, actor.Supervisor}
	of := func(w where, roles ...actor.Role) map[actor.Role]where {
		m := map[actor.Role]where{}
		for _, r := range roles {
			m[r] = w
		}
		return m
	}
	join := func(a, b map[actor.Role]where) map[actor.Role]where {
		maps.Copy(a, b)
		return a
	}
	truth := map[actor.Act]map[actor.Role]where{
		actor.AgencyCreate:    of(everywhere, sys),
		actor.AgencyChange:    of(everywhere, sys),
		actor.AgencyContact:   join(of(everywhere, sys), of(ownOnly, actor.Officer)),
		actor.AgencyView:      join(of(everywhere, sys, sec, aud), of(ownOnly, clerks...)),
		actor.AccountView:     of(everywhere, sys, sec, aud),
		actor.AccountCreate:   of(everywhere, sys),
		actor.AccountChange:   of(everywhere, sys),
		actor.AccountReveal:   of(everywhere, sys),
		actor.AccountReset:    of(everywhere, sec),
		actor.AccountLock:     of(everywhere, sec),
		actor.AccountUnlock:   of(everywhere, sec),
		actor.AccountGrant:    of(everywhere, sec),
		actor.AccountRevoke:   of(everywhere, sec),
		actor.AccountSecurity: of(everywhere, sec),
	}
	// A supervisor looks at the bodies below, too: the county is below the city.
	truth[actor.AgencyView][actor.Supervisor] = where{own: true, other: true}
	each(t, func(t *testing.T, o *office) {
		for _, role := range actor.Roles {
			body := o.city
			if role.Installation() {
				body = ""
			}
			a := o.plain("a." + string(role))
			o.give(a.ID, role, body)
			who := o.actor(a.ID)
			for act, roles := range truth {
				want := roles[role]
				for _, c := range []struct {
					scope actor.Scope
					want  bool
				}{{actor.In(o.city), want.own}, {actor.In(o.county), want.other}, {actor.Scope{}, want.installation}} {
					if got := who.Can(act, c.scope); got != c.want {
						t.Errorf("%s: %s in %q: %v, want %v", role, act, c.scope.Agency, got, c.want)
					}
				}
				for name, do := range o.acts(t, act) {
					for _, place := range []struct {
						body string
						want bool
					}{{o.city, want.own}, {o.county, want.other}} {
						err := do(who, place.body)
						if forbidden := errors.Is(err, actor.ErrForbidden); forbidden == place.want || fault.KindOf(err) == fault.Internal {
							t.Errorf("%s: %s at %q: %v, allowed %v", role, name, place.body, err, place.want)
						}
					}
				}
			}
		}
	})
}

// acts are the ways to do an act to a body, or to somebody who works for it. They are given
// too little to succeed: what counts is whether they are refused as forbidden.
func (o *office) acts(t *testing.T, act actor.Act) map[string]func(who actor.Actor, body string) error {
	bodies := &agency.Registry{DB: o.db}
	worker := func(body string) string {
		var id string
		if err := o.db.Update(t.Context(), func(tx *db.Tx) error {
			a, err := ByLogin(tx, "worker."+body)
			if errors.Is(err, ErrNone) {
				a = &Account{ID: db.ID()}
				err = o.create(tx, a, Person{Login: "worker." + body, Name: "某", Agency: body}, "")
			}
			id = a.ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return id
	}
	type do = func(who actor.Actor, body string) error
	none := int64(-1)
	all := map[actor.Act]map[string]do{
		actor.AgencyCreate: {"import": func(who actor.Actor, _ string) error {
			_, err := bodies.Import(t.Context(), who, nil, agency.Try)
			return err
		}},
		actor.AgencyChange: {
			"change": func(who actor.Actor, body string) error {
				_, err := bodies.Change(t.Context(), who, body, agency.Change{Version: none})
				return err
			},
			"end": func(who actor.Actor, body string) error {
				_, err := bodies.End(t.Context(), who, body, agency.Closing{Version: none})
				return err
			},
		},
		actor.AgencyContact: {"contact": func(who actor.Actor, body string) error {
			_, err := bodies.SetContact(t.Context(), who, agency.Contact{Agency: body, Version: none})
			return err
		}},
		actor.AccountCreate: {"create": func(who actor.Actor, body string) error {
			_, err := o.Create(t.Context(), who, Person{Agency: body})
			return err
		}},
		actor.AccountView: {
			"people": func(who actor.Actor, body string) error {
				_, err := o.People(t.Context(), who, Filter{Agency: body})
				return err
			},
			"get": func(who actor.Actor, body string) error { _, err := o.Get(t.Context(), who, worker(body)); return err },
			"grants": func(who actor.Actor, body string) error {
				_, err := o.Grants(t.Context(), who, worker(body))
				return err
			},
			"delegations": func(who actor.Actor, body string) error {
				_, err := o.Delegations(t.Context(), who, worker(body))
				return err
			},
		},
		actor.AccountChange: {"change": func(who actor.Actor, body string) error {
			_, err := o.Change(t.Context(), who, worker(body), none, Person{})
			return err
		}},
		actor.AccountReveal: {"reveal": func(who actor.Actor, body string) error {
			_, err := o.Reveal(t.Context(), who, worker(body))
			return err
		}},
		actor.AccountReset: {"reset": func(who actor.Actor, body string) error {
			_, err := o.Reset(t.Context(), who, worker(body), none, "x")
			return err
		}},
		actor.AccountLock: {
			"lock": func(who actor.Actor, body string) error {
				_, err := o.Lock(t.Context(), who, worker(body), none, "x")
				return err
			},
			"sessions": func(who actor.Actor, body string) error {
				_, err := o.Sessions(t.Context(), who, worker(body))
				return err
			},
		},
		actor.AccountUnlock: {"unlock": func(who actor.Actor, body string) error {
			_, err := o.Unlock(t.Context(), who, worker(body), none)
			return err
		}},
		actor.AccountGrant: {"grant": func(who actor.Actor, body string) error {
			_, err := o.Grant(t.Context(), who, worker(body), Grant{Role: "none", Agency: body})
			return err
		}},
	}
	return all[act]
}

// Days pass, roles are given, taken and handed over in any order: nobody ever acts without
// a role that somebody gave, that holds on that day, and that its holder still has.
func TestNobodyActsWithoutARole(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	round, day := 0, today
	rapid.Check(t, func(rt *rapid.T) {
		round++
		var people []*Account
		for _, name := range []string{"a", "b", "c"} {
			people = append(people, o.plain(fmt.Sprintf("%s.%d", name, round)))
		}
		grants, leaves := map[string]*Grant{}, map[string]*Delegation{}
		anybody := func() *Account { return people[rapid.IntRange(0, 2).Draw(rt, "person")] }
		for range rapid.IntRange(1, 14).Draw(rt, "acts") {
			switch rapid.SampledFrom([]string{"give", "take", "leave", "back", "wait"}).Draw(rt, "act") {
			case "give":
				since := day.Plus(rapid.IntRange(0, 2).Draw(rt, "since"))
				g, err := o.Grant(t.Context(), o.sec, anybody().ID, Grant{Role: actor.Reviewer1, Agency: o.city, Since: since,
					Until: since.Plus(rapid.IntRange(0, 4).Draw(rt, "until"))})
				if err == nil {
					grants[g.ID] = g
				}
			case "take":
				for _, id := range slices.Sorted(maps.Keys(grants)) {
					if rapid.Bool().Draw(rt, "this") && o.Revoke(t.Context(), o.sec, id, 1, "x") == nil {
						grants[id].RevokedAt = o.clock.now()
					}
				}
			case "leave":
				holder := anybody()
				var theirs []string
				for id, g := range grants {
					if g.Account == holder.ID {
						theirs = append(theirs, id)
					}
				}
				d, err := o.Delegate(t.Context(), actor.Actor{ID: holder.ID}, Leave{Deputy: anybody().ID, Grants: theirs, Reason: "x",
					Until: day.Plus(rapid.IntRange(0, 3).Draw(rt, "leave"))})
				if err == nil {
					leaves[d.ID] = d
				}
			case "back":
				for _, id := range slices.Sorted(maps.Keys(leaves)) {
					if rapid.Bool().Draw(rt, "this") && o.EndDelegation(t.Context(), o.sec, id, 1) == nil {
						leaves[id].EndedAt = o.clock.now()
					}
				}
			case "wait":
				o.clock.put(24 * 3600e9)
				day = day.Plus(1)
			}
			for _, p := range people {
				want := entitled(p.ID, day, grants, leaves)
				if got := o.actor(p.ID).Can(actor.ItemReview1, actor.In(o.city)); got != want {
					rt.Fatalf("on %v %s may: %v, should: %v", day, p.Login, got, want)
				}
			}
		}
	})
}

// entitled says the same in the plainest way.
func entitled(id string, day date.Date, grants map[string]*Grant, leaves map[string]*Delegation) bool {
	holds := func(g *Grant) bool {
		return g.RevokedAt.IsZero() && g.Since.Compare(day) <= 0 && day.Compare(g.Until) <= 0
	}
	for _, g := range grants {
		if g.Account == id && holds(g) {
			return true
		}
	}
	for _, d := range leaves {
		if d.Deputy != id || !d.EndedAt.IsZero() || day.Before(d.Since) || day.After(d.Until) {
			continue
		}
		for _, gid := range d.Grants {
			if holds(grants[gid]) {
				return true
			}
		}
	}
	return false
}
