package section

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/workday"
)

func desk(d *db.DB) *Desk { return &Desk{DB: d, Calendar: workday.Embedded, Policy: Standard} }

func officer(agencyID string) actor.Actor {
	return actor.Actor{ID: "officer", Name: "示例员甲", Grants: []actor.Grant{{Role: actor.Officer, Agency: agencyID}}}
}

// found establishes a body's tree and returns it.
func found(t testing.TB, d *Desk, id string, level agency.Level) *Tree {
	t.Helper()
	var all []*Section
	err := d.DB.Update(context.Background(), func(tx *db.Tx) (err error) {
		a := &agency.Agency{ID: id}
		a.Level = level
		if _, err = d.Found(tx, actor.System("test"), a); err != nil {
			return err
		}
		all, err = All(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return NewTree(all)
}

func create(t testing.TB, d *Desk, agencyID, parent, name string, kind Kind) *Section {
	t.Helper()
	s, err := d.Create(context.Background(), officer(agencyID), agencyID, parent, Draft{Name: name, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R-PLT-04, R-PUB-03: four columns under their names, fifteen items, the subjects of the level.
func TestEveryBodyHasThePrescribedColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d := desk(dbx)
		for level, want := range map[agency.Level]int{agency.County: 26, agency.City: 26, agency.TownshipLevel: 27, agency.Province: 19} {
			tree := found(t, d, string(level), level)
			if n := len(tree.All()); n != want {
				t.Errorf("%s: %d sections, want %d", level, n, want)
			}
			if rs := tree.Remarks(level); len(rs) != 0 {
				t.Errorf("%s: %v", level, rs)
			}
		}
		tree := found(t, d, "county", agency.County) // a second time nothing is made
		if n := len(tree.All()); n != 26 {
			t.Errorf("%d sections the second time", n)
		}
		var names []string
		for _, s := range tree.Under("") {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); got != "政府信息公开指南 政府信息公开制度 法定主动公开内容 政府信息公开年报" {
			t.Errorf("got %s", got)
		}
	})
}

// A body recorded by hand or by a table has its columns at once.
func TestANewBodyHasItsSectionsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d := desk(dbx)
		r := &agency.Registry{DB: dbx, Founded: func(tx *db.Tx, by actor.Actor, a *agency.Agency) error {
			_, err := d.Found(tx, by, a)
			return err
		}}
		by := actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}}
		a, err := r.Create(t.Context(), by, agency.New{Facts: agency.Facts{Name: "示范县示范镇人民政府", Kind: agency.Township, Level: agency.TownshipLevel}})
		if err != nil {
			t.Fatal(err)
		}
		var all []*Section
		update(t, d, func(tx *db.Tx) (err error) { all, err = All(tx, a.ID); return err })
		if len(all) != 27 {
			t.Errorf("%d sections, want 27", len(all))
		}
	})
}

func TestActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, ctx, by := desk(dbx), t.Context(), officer("a")
		tree := found(t, d, "a", agency.County)
		guide := tree.Under("")[0]
		news := create(t, d, "a", "", "工作动态", News)
		local := create(t, d, "a", news.ID, "镇街动态", News)
		other := create(t, d, "b", "", "工作动态", News)

		steps := []struct {
			name string
			do   func() error
			want error
		}{
			{"a name twice among siblings", func() error {
				_, err := d.Create(ctx, by, "a", "", Draft{Name: " 工作动态 ", Kind: Topic})
				return err
			}, ErrName},
			{"the same name below another", func() error {
				_, err := d.Create(ctx, by, "a", news.ID, Draft{Name: "工作动态", Kind: News})
				return err
			}, nil},
			{"an address twice", func() error {
				_, err := d.Create(ctx, by, "a", "", Draft{Name: "新栏目", Slug: "zfxxgkzn", Kind: Topic})
				return err
			}, ErrSlug},
			{"an address no server serves", func() error {
				_, err := d.Create(ctx, by, "a", "", Draft{Name: "新栏目", Slug: "../x", Kind: Topic})
				return err
			}, ErrSlugShape},
			{"no name", func() error { _, err := d.Create(ctx, by, "a", "", Draft{Name: "  ", Kind: Topic}); return err }, ErrNoName},
			{"a fifth prescribed column", func() error {
				_, err := d.Create(ctx, by, "a", "", Draft{Name: "政府信息公开指南", Kind: Guide})
				return err
			}, ErrPrescribed},
			{"statutory without its item", func() error {
				_, err := d.Create(ctx, by, "a", "", Draft{Name: "预算", Kind: Statutory})
				return err
			}, ErrItem20},
			{"below another body's section", func() error {
				_, err := d.Create(ctx, by, "a", other.ID, Draft{Name: "新栏目", Kind: Topic})
				return err
			}, ErrParent},
			{"in another body", func() error { _, err := d.Create(ctx, by, "b", "", Draft{Name: "新栏目", Kind: Topic}); return err }, actor.ErrForbidden},
			{"a prescribed column under another name", func() error {
				draft := guide.Draft()
				draft.Name = "公开指南"
				_, err := d.Change(ctx, by, guide.ID, guide.Version, draft)
				return err
			}, ErrPrescribed},
			{"a prescribed column's description", func() error {
				draft := guide.Draft()
				draft.Description = "如何获取本机关政府信息"
				_, err := d.Change(ctx, by, guide.ID, guide.Version, draft)
				return err
			}, nil},
			{"a version changed since", func() error {
				_, err := d.Change(ctx, by, guide.ID, guide.Version, guide.Draft())
				return err
			}, ErrStale},
			{"a prescribed column below another", func() error {
				_, err := d.Move(ctx, by, guide.ID, guide.Version+1, Place{Parent: news.ID})
				return err
			}, ErrPrescribed},
			{"a section below itself", func() error {
				_, err := d.Move(ctx, by, news.ID, news.Version, Place{Parent: local.ID})
				return err
			}, ErrCycle},
			{"into another body", func() error {
				_, err := d.Move(ctx, by, local.ID, local.Version, Place{Parent: other.ID})
				return err
			}, ErrParent},
			{"retired while one below is in use", func() error {
				_, err := d.Retire(ctx, by, news.ID, news.Version, Retirement{Reason: "合并"})
				return err
			}, ErrBelow},
			{"retired without a reason", func() error {
				_, err := d.Retire(ctx, by, local.ID, local.Version, Retirement{Reason: " "})
				return err
			}, ErrNoReason},
			{"a successor in another body", func() error {
				_, err := d.Retire(ctx, by, local.ID, local.Version, Retirement{Reason: "合并", Successor: other.ID})
				return err
			}, ErrSuccessor},
			{"a prescribed column retired", func() error {
				_, err := d.Retire(ctx, by, guide.ID, guide.Version+1, Retirement{Reason: "合并"})
				return err
			}, ErrPrescribed},
			{"no such section", func() error { _, err := d.Change(ctx, by, "none", 1, Draft{}); return err }, ErrNone},
		}
		for _, s := range steps {
			if err := s.do(); !errors.Is(err, s.want) {
				t.Errorf("%s: got %v, want %v", s.name, err, s.want)
			}
		}
	})
}

func TestARetiredSectionLeavesItsNameFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		old := create(t, d, "a", "", "专题", Topic)
		next := create(t, d, "a", "", "新专题", Topic)
		r, err := d.Retire(t.Context(), by, old.ID, old.Version, Retirement{Reason: "活动结束", Successor: next.ID})
		if err != nil || !r.Retired || r.RetiredOn != date.Must(2026, 11, 23) {
			t.Fatalf("%+v, %v", r, err)
		}
		again := create(t, d, "a", "", "专题", Topic)
		if again.Slug == old.Slug {
			t.Error("an address was used again")
		}
		if _, err := d.Retire(t.Context(), by, old.ID, r.Version, Retirement{Reason: "x"}); !errors.Is(err, ErrRetired) {
			t.Errorf("got %v", err)
		}
		if _, err := d.Create(t.Context(), by, "a", old.ID, Draft{Name: "下级", Kind: Topic}); !errors.Is(err, ErrParent) {
			t.Errorf("got %v", err)
		}
	})
}

func names(t *testing.T, d *Desk, agencyID, parent string) string {
	t.Helper()
	var all []string
	if err := d.DB.View(t.Context(), func(tx *db.Tx) error {
		list, err := children(tx, agencyID, parent)
		for _, s := range list {
			all = append(all, s.Name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "")
}

func TestSectionsStandWhereTheyArePut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		ids := map[string]*Section{}
		for _, n := range []string{"甲", "乙", "丙", "丁"} {
			ids[n] = create(t, d, "a", "", n, Topic)
		}
		move := func(name, before string) {
			to := Place{}
			if before != "" {
				to.Before = ids[before].ID
			}
			s, err := d.Move(t.Context(), by, ids[name].ID, ids[name].Version, to)
			if err != nil {
				t.Fatal(err)
			}
			ids[name] = s
		}
		move("丁", "乙")
		if got := names(t, d, "a", ""); got != "甲丁乙丙" {
			t.Errorf("got %s", got)
		}
		for range 20 { // until they stand too close and are numbered anew
			move("丙", "丁")
			move("乙", "丙")
			move("丁", "乙")
		}
		if got := names(t, d, "a", ""); got != "甲丁乙丙" {
			t.Errorf("got %s", got)
		}
		move("甲", "")
		if got := names(t, d, "a", ""); got != "丁乙丙甲" {
			t.Errorf("got %s", got)
		}
		if _, err := d.Move(t.Context(), by, ids["甲"].ID, ids["甲"].Version, Place{Before: "none"}); !errors.Is(err, ErrParent) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheTreeHasABottom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		parent := ""
		for i := range mostDeep {
			parent = create(t, d, "a", parent, fmt.Sprint("第", i), Topic).ID
		}
		if _, err := d.Create(t.Context(), by, "a", parent, Draft{Name: "再深", Kind: Topic}); !errors.Is(err, ErrDeep) {
			t.Errorf("got %v", err)
		}
		top := create(t, d, "a", "", "树", Topic)
		create(t, d, "a", top.ID, "枝", Topic)
		if _, err := d.Move(t.Context(), by, top.ID, top.Version, Place{Parent: parent}); !errors.Is(err, ErrDeep) {
			t.Errorf("got %v", err)
		}
	})
}

// Moves that are each fine alone and make a ring together: exactly one of a pair succeeds.
func TestSimultaneousMovesMakeNoRing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		const n = 8
		all := make([]*Section, n)
		for i := range all {
			all[i] = create(t, d, "a", "", fmt.Sprint("栏目", i), Topic)
		}
		var wg sync.WaitGroup
		for i := range all {
			wg.Go(func() {
				s := all[i]
				_, err := d.Move(context.Background(), by, s.ID, s.Version, Place{Parent: all[(i+1)%n].ID})
				if err != nil && !errors.Is(err, ErrCycle) && !errors.Is(err, ErrDeep) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := d.DB.View(t.Context(), func(tx *db.Tx) error {
			for _, s := range all {
				if _, err := Above(tx, s.ID); err != nil {
					t.Errorf("%s: %v", s.Name, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Every role tries every act, in its own body, in another and, held for one section, outside
// of it. What the table of roles does not allow is refused.
func TestWhoMayDoWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d := desk(dbx)
		n := 0
		acts := map[actor.Act]func(by actor.Actor, s *Section) error{
			actor.SectionCreate: func(by actor.Actor, s *Section) error {
				n++
				_, err := d.Create(t.Context(), by, s.Agency, s.ID, Draft{Name: fmt.Sprint("新", n), Kind: Topic})
				return err
			},
			actor.SectionChange: func(by actor.Actor, s *Section) error {
				_, err := d.Change(t.Context(), by, s.ID, s.Version, s.Draft())
				return err
			},
			actor.SectionMove: func(by actor.Actor, s *Section) error {
				_, err := d.Move(t.Context(), by, s.ID, s.Version, Place{Parent: s.Parent})
				return err
			},
			actor.SectionRetire: func(by actor.Actor, s *Section) error {
				_, err := d.Retire(t.Context(), by, s.ID, s.Version, Retirement{})
				return err
			},
			actor.SectionReview: func(by actor.Actor, s *Section) error { return d.Review(t.Context(), by, s.ID) },
			actor.SectionEvent: func(by actor.Actor, s *Section) error {
				return d.Record(t.Context(), by, s.ID, date.Must(2026, 11, 1), "")
			},
			actor.BoardRemind: func(by actor.Actor, s *Section) error {
				_, err := d.Remind(t.Context(), by, s.Agency, []string{s.ID})
				return err
			},
			actor.SectionImport: func(by actor.Actor, s *Section) error {
				_, err := d.Import(t.Context(), by, s.Agency, s.ID, Catalogue{}, nil)
				return err
			},
		}
		top := create(t, d, "a", "", "在授权内", Topic)
		inside := create(t, d, "a", top.ID, "其下", Topic)
		outside := create(t, d, "a", "", "在授权外", Topic)
		foreign := create(t, d, "b", "", "别家", Topic)
		for _, role := range append(slices.Clone(actor.Roles), actor.Program) {
			for act, do := range acts {
				for _, c := range []struct {
					name  string
					grant actor.Grant
					on    *Section
					may   bool
				}{
					{"own body", actor.Grant{Role: role, Agency: "a"}, inside, true},
					{"another body", actor.Grant{Role: role, Agency: "a"}, foreign, false},
					{"own section", actor.Grant{Role: role, Agency: "a", Section: top.ID}, inside, true},
					{"another section", actor.Grant{Role: role, Agency: "a", Section: top.ID}, outside, false},
				} {
					if err := d.DB.View(t.Context(), func(tx *db.Tx) (err error) { c.on, err = Load(tx, c.on.ID); return err }); err != nil {
						t.Fatal(err)
					}
					err := do(actor.Actor{ID: "x", Name: "示例员", Grants: []actor.Grant{c.grant}}, c.on)
					allowed := !errors.Is(err, actor.ErrForbidden)
					if want := c.may && actor.Allows(role, act); allowed != want {
						t.Errorf("%s, %s, %s: allowed %v: %v", role, act, c.name, allowed, err)
					}
				}
			}
		}
	})
}

func noon(y, m, day int) time.Time { return time.Date(y, time.Month(m), day, 4, 0, 0, 0, time.UTC) }

func fresh(t testing.TB, d *Desk, id string) *Fresh {
	t.Helper()
	var f *Fresh
	if err := d.DB.View(context.Background(), func(tx *db.Tx) (err error) { f, err = LoadFresh(tx, id); return err }); err != nil {
		t.Fatal(err)
	}
	return f
}

func update(t testing.TB, d *Desk, do func(tx *db.Tx) error) {
	t.Helper()
	if err := d.DB.Update(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

func TestThePublicationsOfASectionAreFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d := desk(dbx)
		dbx.Clock = func() time.Time { return noon(2026, 11, 2) }
		s := create(t, d, "a", "", "要闻", News)
		today := date.Must(2026, 11, 23)
		check := func(name, last, due string, state State) {
			t.Helper()
			if f := fresh(t, d, s.ID); f.Last.String() != last || f.Due.String() != due || f.State(today) != state {
				t.Errorf("%s: last %v, due %v, %s", name, f.Last, f.Due, f.State(today))
			}
		}
		check("opened", "", "2026-11-16", Overdue)
		update(t, d, func(tx *db.Tx) error { return Touched(tx, s.ID, "1", noon(2026, 11, 12)) })
		check("published", "2026-11-12", "2026-11-26", Soon)
		update(t, d, func(tx *db.Tx) error { return Touched(tx, s.ID, "2", noon(2026, 11, 20)) })
		check("again", "2026-11-20", "2026-12-04", Current)
		update(t, d, func(tx *db.Tx) error { return Touched(tx, s.ID, "0", noon(2026, 11, 5)) })
		check("one of an earlier day", "2026-11-20", "2026-12-04", Current)
		update(t, d, func(tx *db.Tx) error { return Withdrawn(tx, s.ID, Publication{"1", noon(2026, 11, 12)}) })
		check("the last retracted", "2026-11-12", "2026-11-26", Soon)
		update(t, d, func(tx *db.Tx) error { return Withdrawn(tx, s.ID, Publication{}) })
		check("all retracted", "", "2026-11-16", Overdue)
		// Published at 23:30 in China, which is still the day before in UTC's zone of the server.
		update(t, d, func(tx *db.Tx) error {
			return Touched(tx, s.ID, "3", time.Date(2026, 11, 21, 16, 30, 0, 0, time.UTC))
		})
		check("after midnight in China", "2026-11-22", "2026-12-06", Current)
	})
}

// R-PUB-01: 20 working days from 2026-09-28 end on 2026-10-30.
func TestWhatHappenedMustBePublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		tree := found(t, d, "a", agency.County)
		var budget *Section
		for _, s := range tree.All() {
			if s.Item20 == "budget" {
				budget = s
			}
		}
		if f := fresh(t, d, budget.ID); !f.Due.IsZero() {
			t.Errorf("due %v without an event", f.Due)
		}
		due := func(want string) {
			t.Helper()
			if f := fresh(t, d, budget.ID); f.Due.String() != want {
				t.Errorf("due %v, want %s", f.Due, want)
			}
		}
		if err := d.Record(t.Context(), by, budget.ID, date.Must(2026, 9, 28), "部门预算调整"); err != nil {
			t.Fatal(err)
		}
		due("2026-10-30")
		update(t, d, func(tx *db.Tx) error {
			return Happened(tx, d.Calendar(), Happening{Section: budget.ID, On: date.Must(2026, 9, 22), What: "决算", Item: "i1"})
		})
		due("2026-10-27")                    // the Mid-Autumn Festival from 25 to 27 September lies between
		update(t, d, func(tx *db.Tx) error { // the item's day is corrected: no second event
			return Happened(tx, d.Calendar(), Happening{Section: budget.ID, On: date.Must(2026, 9, 29), What: "决算", Item: "i1"})
		})
		due("2026-10-30")
		update(t, d, func(tx *db.Tx) error { return Touched(tx, budget.ID, "i1", noon(2026, 10, 9)) })
		due("2026-10-30") // the budget is still lacking
		update(t, d, func(tx *db.Tx) error { return Touched(tx, budget.ID, "i2", noon(2026, 9, 27)) })
		due("2026-10-30") // published before it happened
		update(t, d, func(tx *db.Tx) error { return Touched(tx, budget.ID, "i3", noon(2026, 10, 12)) })
		due("")
		for name, err := range map[string]error{
			"tomorrow":    d.Record(t.Context(), by, budget.ID, date.Must(2026, 11, 24), "x"),
			"no word":     d.Record(t.Context(), by, budget.ID, date.Must(2026, 11, 1), " "),
			"no such one": d.Record(t.Context(), by, tree.Under("")[0].ID, date.Must(2026, 11, 1), "x"),
		} {
			if err == nil {
				t.Errorf("%s was accepted", name)
			}
		}
		update(t, d, func(tx *db.Tx) error {
			return Happened(tx, d.Calendar(), Happening{Section: budget.ID, On: date.Must(2026, 11, 2), What: "稿", Item: "i4"})
		})
		due("2026-11-30")
		update(t, d, func(tx *db.Tx) error { return Dropped(tx, "i4") })
		due("")
	})
}

func TestAnEventMayNeedNoPublication(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, by := desk(dbx), officer("a")
		s, err := d.Create(t.Context(), by, "a", "", Draft{Name: "招考", Kind: Topic, Duty: Duty{Rhythm: Event, N: 5, Unit: Workdays}})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Record(t.Context(), by, s.ID, date.Must(2026, 11, 2), "公示"); err != nil {
			t.Fatal(err)
		}
		var events []*Happening
		update(t, d, func(tx *db.Tx) (err error) { events, err = Events(tx, s.ID, 10); return err })
		if len(events) != 1 || events[0].Due != date.Must(2026, 11, 9) {
			t.Fatalf("%+v", events)
		}
		if err := d.Close(t.Context(), by, events[0].ID, ""); !errors.Is(err, ErrNoReason) {
			t.Errorf("got %v", err)
		}
		if err := d.Close(t.Context(), by, events[0].ID, "登记有误"); err != nil {
			t.Error(err)
		}
		if err := d.Close(t.Context(), by, events[0].ID, "登记有误"); !errors.Is(err, ErrEventClosed) {
			t.Errorf("got %v", err)
		}
		if f := fresh(t, d, s.ID); !f.Due.IsZero() {
			t.Errorf("due %v", f.Due)
		}
		draft := s.Draft()
		draft.Duty.N = 10 // a longer period counts for what is open
		if err := d.Record(t.Context(), by, s.ID, date.Must(2026, 11, 2), "公示"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Change(t.Context(), by, s.ID, s.Version, draft); err != nil {
			t.Fatal(err)
		}
		if f := fresh(t, d, s.ID); f.Due != date.Must(2026, 11, 16) {
			t.Errorf("due %v", f.Due)
		}
	})
}

func TestOnAPlatformOnlyWhatTheLawAsksFor(t *testing.T) {
	root := &Section{ID: "r", Name: "法定主动公开内容", Kind: Proactive}
	tree := NewTree([]*Section{
		root,
		{ID: "1", Parent: "r", Name: "工作部署", Kind: News},
		{ID: "2", Parent: "r", Name: "民政工作动态", Kind: Statutory, Item20: "welfare"},
		{ID: "3", Parent: "r", Name: "旧专题", Kind: Topic, Retired: true},
		{ID: "4", Name: "预算", Kind: Statutory, Item20: "budget"},
		{ID: "5", Name: "首页要闻", Kind: News},
		{ID: "6", Parent: "5", Name: "政府信息公开年报", Kind: Reports},
	})
	var got []string
	for _, r := range tree.Remarks(agency.Province) {
		if r.Section != nil {
			got = append(got, r.Code+" "+r.Section.ID)
		}
	}
	if want := "R-PLT-02 1, R-PLT-10 2, R-PLT-04 4, R-PLT-04 6"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
