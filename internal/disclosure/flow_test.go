package disclosure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// reach brings a new edition into each state, by the acts that lead there.
func (o *office) reach(s State) *Edition {
	o.t.Helper()
	ctx := o.t.Context()
	reviewed := map[State]int{Review1: 0, Review2: 1, Review3: 2, Secrecy: 3}
	if n, ok := reviewed[s]; ok {
		e := o.submitted(string(s))
		for _, l := range Levels[:n] {
			e = o.review(e, l)
		}
		return e
	}
	switch s {
	case Draft:
		return o.draft("draft")
	case Discarded:
		e := o.draft("discarded")
		return o.must(o.Discard(ctx, o.editor, e.ID, e.Version, "不再需要"))
	case Approved:
		return o.approved("approved")
	case Scheduled:
		e := o.approved("scheduled")
		return o.must(o.Schedule(ctx, o.publisher, e.ID, dbtest.Noon.Add(time.Hour), Release{Version: e.Version}))
	case Urgent:
		e := o.review(o.submitted("urgent"), Clearer)
		return o.must(o.Order(ctx, o.third, e.ID, e.Version, "汛情"))
	case Published:
		return o.published("published")
	case Withheld:
		return o.withheld()
	case TakenDown:
		e := o.published("retracted")
		return o.must(o.Retract(ctx, o.publisher, e.ID, e.Version, "有误"))
	case Filed:
		e := o.published("archived")
		return o.must(o.Archive(ctx, o.publisher, e.ID, e.Version, "过时"))
	case Lapsed:
		return o.lapsed()
	case Corrected:
		return o.corrected()
	}
	o.t.Fatalf("no way to %s", s)
	return nil
}

func (o *office) withheld() *Edition {
	o.t.Helper()
	c := content("withheld")
	c.Attribute, c.Basis, c.Reason = "withheld", []string{"discussion"}, "尚在讨论"
	e := o.draft("withheld")
	e = o.must(o.Save(o.t.Context(), o.editor, e.ID, e.Version, c))
	e = o.must(o.Submit(o.t.Context(), o.editor, e.ID, e.Version))
	for _, l := range Levels {
		e = o.review(e, l)
	}
	return e
}

func (o *office) lapsed() *Edition {
	o.t.Helper()
	c := content("list")
	c.DisplayUntil = date.Must(2026, 11, 23)
	e, err := o.Create(o.t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: List, Origin: Made, Content: c})
	o.must(e, err)
	e = o.must(o.Submit(o.t.Context(), o.editor, e.ID, e.Version))
	for _, l := range Levels {
		e = o.review(e, l)
	}
	e = o.must(o.Publish(o.t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
	o.at(dbtest.Noon.Add(24 * time.Hour))
	defer o.at(dbtest.Noon)
	if err := o.runner().Drain(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	return o.edition(e.ID)
}

func (o *office) corrected() *Edition {
	o.t.Helper()
	old := o.published("corrected")
	e := o.must(o.Correct(o.t.Context(), o.publisher, old.ID, old.Version, "更正"))
	e = o.must(o.Submit(o.t.Context(), o.editor, e.ID, e.Version))
	for _, l := range Levels {
		e = o.review(e, l)
	}
	o.must(o.Publish(o.t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
	return o.edition(old.ID)
}

func (o *office) edition(id string) (e *Edition) {
	o.t.Helper()
	o.view(func(tx *db.Tx) (err error) {
		e, err = loadEdition(tx, id)
		return err
	})
	return e
}

// attempt is one act, by who holds the role for it.
type attempt struct {
	name  string
	steps []Step // any of which the act takes
	do    func(o *office, e *Edition) error
}

func only(_ *Edition, err error) error { return err }

var everyAct = []attempt{
	{"save", []Step{Save}, func(o *office, e *Edition) error {
		c := e.Content
		c.Title += "改"
		return only(o.Save(o.t.Context(), o.editor, e.ID, e.Version, c))
	}},
	{"submit", []Step{Submit}, func(o *office, e *Edition) error { return only(o.Submit(o.t.Context(), o.editor, e.ID, e.Version)) }},
	{"recall", []Step{Recall}, func(o *office, e *Edition) error {
		return only(o.Recall(o.t.Context(), o.editor, e.ID, e.Version, "改"))
	}},
	{"discard", []Step{Discard}, func(o *office, e *Edition) error {
		return only(o.Discard(o.t.Context(), o.editor, e.ID, e.Version, "不用"))
	}},
	{"publish", []Step{Publish}, func(o *office, e *Edition) error {
		return only(o.Publish(o.t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
	}},
	{"schedule", []Step{Schedule}, func(o *office, e *Edition) error {
		return only(o.Schedule(o.t.Context(), o.publisher, e.ID, dbtest.Noon.Add(time.Hour), Release{Version: e.Version}))
	}},
	{"unschedule", []Step{Unschedule}, func(o *office, e *Edition) error {
		return only(o.Unschedule(o.t.Context(), o.publisher, e.ID, e.Version))
	}},
	{"retract", []Step{Retract}, func(o *office, e *Edition) error {
		return only(o.Retract(o.t.Context(), o.publisher, e.ID, e.Version, "有误"))
	}},
	{"archive", []Step{Archive}, func(o *office, e *Edition) error {
		return only(o.Archive(o.t.Context(), o.publisher, e.ID, e.Version, "过时"))
	}},
	{"reassess", []Step{Reassess}, func(o *office, e *Edition) error {
		return only(o.Reassess(o.t.Context(), o.officer, e.ID, e.Version, "仍不宜公开"))
	}},
	{"review1", []Step{Approve}, func(o *office, e *Edition) error {
		return only(o.Review(o.t.Context(), o.first, e.ID, approval(e, First)))
	}},
	{"secrecy", []Step{Clear}, func(o *office, e *Edition) error {
		return only(o.Review(o.t.Context(), o.secrecy, e.ID, approval(e, Clearer)))
	}},
}

// Every act in every state: what the flow's table knows is done, and nothing else. An order
// of the reviews and a secrecy review already held are refused though the table has the step.
func TestEveryActInEveryState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, s := range States {
			for _, a := range everyAct {
				e := o.reach(s)
				if e.State != s {
					t.Fatalf("reached %s instead of %s", e.State, s)
				}
				may := false
				for _, step := range a.steps {
					may = may || Flow.May(s, step)
				}
				if a.name == "review1" {
					may = s == Review1 || s == Urgent
				}
				err := a.do(o, e)
				if may != (err == nil) {
					t.Errorf("%s in %s: %v", a.name, s, err)
				}
				if err != nil && fault.KindOf(err) != fault.Conflict {
					t.Errorf("%s in %s is refused as %s: %v", a.name, s, fault.KindOf(err), err)
				}
				if after := o.edition(e.ID); err != nil && (after.Version != e.Version || after.State != s) {
					t.Errorf("%s in %s was refused and changed the record", a.name, s)
				}
			}
		}
	})
}

// R-FLW-01: the author, whoever edited, and the four reviewers are different people, also when
// one holds several roles or another's during leave.
func TestReviewersAreDifferentPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		all := actor.Actor{ID: "many", Name: "many"}
		for _, r := range []actor.Role{actor.Editor, actor.Reviewer1, actor.Reviewer2, actor.Reviewer3, actor.Secrecy} {
			all.Grants = append(all.Grants, actor.Grant{Role: r, Agency: o.A, Behalf: "某某"})
		}
		e := o.draft("编辑者不能审")
		c := e.Content
		c.Title = "编辑者不能审核"
		e = o.must(o.Save(t.Context(), all, e.ID, e.Version, c))
		e = o.must(o.Submit(t.Context(), o.editor, e.ID, e.Version))
		for _, l := range []Level{First, Clearer} {
			if _, err := o.Review(t.Context(), all, e.ID, approval(e, l)); !errors.Is(err, ErrPerson) {
				t.Errorf("who edited gave the review %s: %v", l, err)
			}
		}
		e = o.submitted("一人一审")
		e = o.must(o.Review(t.Context(), all, e.ID, approval(e, First)))
		for _, l := range []Level{Second, Clearer} {
			if _, err := o.Review(t.Context(), all, e.ID, approval(e, l)); !errors.Is(err, ErrPerson) {
				t.Errorf("one person gave two reviews, %s after the first: %v", l, err)
			}
		}
		if _, err := o.Review(t.Context(), o.third, e.ID, approval(e, Third)); !errors.Is(err, ErrLevel) {
			t.Errorf("the third review came before the second: %v", err)
		}
	})
}

// R-FLW-02, R-FLW-03: any change voids what was approved, of the text as of the files.
func TestAnyChangeVoidsApprovals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for name, change := range map[string]func(e *Edition) (*Edition, error){
			"a word": func(e *Edition) (*Edition, error) {
				c := e.Content
				c.Body += "<p>又一段。</p>"
				return o.Save(t.Context(), o.editor, e.ID, e.Version, c)
			},
			"a file": func(e *Edition) (*Edition, error) {
				b, err := o.Blobs.Receive(t.Context(), file("表"), 100)
				if err != nil {
					return nil, err
				}
				return o.Attach(t.Context(), o.editor, e.ID, Attachment{Name: "表.txt"}, b)
			},
			"nothing": func(e *Edition) (*Edition, error) { return e, nil },
		} {
			e := o.submitted(name)
			e = o.review(o.review(e, First), Second)
			hash := e.Hash
			e = o.must(o.Recall(t.Context(), o.editor, e.ID, e.Version, "改"))
			e = o.must(change(e))
			if (e.Hash != hash) != (name != "nothing") {
				t.Errorf("%s: hash %v", name, e.Hash == hash)
			}
			e = o.must(o.Submit(t.Context(), o.editor, e.ID, e.Version))
			old := approval(e, First)
			old.Hash = hash
			if _, err := o.Review(t.Context(), o.first, e.ID, old); name != "nothing" && !errors.Is(err, ErrSeen) {
				t.Errorf("%s: an opinion on another text counted: %v", name, err)
			}
			if _, err := o.Review(t.Context(), o.third, e.ID, approval(o.edition(e.ID), Third)); !errors.Is(err, ErrLevel) {
				t.Errorf("%s: approvals of the earlier round count: %v", name, err)
			}
		}
	})
}

// R-EXM-05: also what is urgent passes the secrecy review first; the reviews follow, and one
// that refuses takes it down.
func TestUrgentPublication(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.submitted("汛情通告")
		if _, err := o.Order(t.Context(), o.third, e.ID, e.Version, "汛情"); !errors.Is(err, ErrUncleared) {
			t.Fatalf("got %v", err)
		}
		e = o.review(e, Clearer)
		e = o.must(o.Order(t.Context(), o.third, e.ID, e.Version, "汛情"))
		// five working days after Monday 2026-11-23
		if e.State != Urgent || e.ApproveBy != date.Must(2026, 11, 30) || o.item(e.Item).Status != Live {
			t.Fatalf("got %+v", e)
		}
		for _, l := range Levels[:3] {
			e = o.review(e, l)
		}
		if e.State != Published {
			t.Errorf("after the reviews it is %s", e.State)
		}
		e = o.reach(Urgent)
		e = o.must(o.Review(t.Context(), o.first, e.ID, Verdict{Level: First, Decision: Returning, Hash: e.Hash, Opinion: "不实"}))
		if i := o.item(e.Item); e.State != TakenDown || i.Status != Retracted || i.EndedReason != "不实" {
			t.Errorf("got %s, %+v", e.State, i)
		}
	})
}

// 条例第二十六条, R-PUB-01: 2026-11-16 was a Monday; the twentieth working day is 2026-12-14.
func TestTheLastDayToPublish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.approved("按期")
		if e.DueOn != date.Must(2026, 12, 14) {
			t.Fatalf("due %s", e.DueOn)
		}
		o.at(time.Date(2026, 12, 14, 15, 59, 0, 0, time.UTC)) // 23:59 in China
		o.must(o.Publish(t.Context(), o.publisher, e.ID, Release{Version: e.Version}))
		o.at(dbtest.Noon)
		e = o.approved("超期")
		o.at(time.Date(2026, 12, 14, 16, 0, 0, 0, time.UTC)) // midnight
		if _, err := o.Publish(t.Context(), o.publisher, e.ID, Release{Version: e.Version}); !errors.Is(err, ErrLate) {
			t.Fatalf("got %v", err)
		}
		o.must(o.Publish(t.Context(), o.publisher, e.ID, Release{Version: e.Version, LateReason: "会签延误"}))
		o.at(dbtest.Noon)
		aid, err := o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.aid, Kind: Information, Origin: Made, Content: content("救助")})
		o.must(aid, err)
		if aid.DueOn != date.Must(2026, 11, 30) { // R-PUB-07: ten working days
			t.Errorf("social assistance is due %s", aid.DueOn)
		}
	})
}

func TestScheduledPublication(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.reach(Scheduled)
		if err := o.runner().Drain(t.Context()); err != nil || o.edition(e.ID).State != Scheduled {
			t.Fatalf("published before its time: %v", err)
		}
		o.at(dbtest.Noon.Add(time.Hour))
		if err := o.runner().Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.edition(e.ID); got.State != Published || !got.PublishedAt.Equal(dbtest.Noon.Add(time.Hour)) {
			t.Errorf("got %s at %s", got.State, got.PublishedAt)
		}
	})
}

// No account sees or changes another body's unpublished material, whatever its role there.
func TestAnotherBodysMaterial(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, s := range []State{Draft, Review1, Approved, Published} {
			e := o.reach(s)
			for _, r := range actor.Roles {
				stranger := person("stranger", o.B, r)
				if r.Installation() {
					stranger.Grants[0].Agency = ""
				}
				p := *o
				p.editor, p.publisher, p.first, p.second, p.third, p.secrecy, p.officer = stranger, stranger, stranger, stranger, stranger, stranger, stranger
				for _, a := range everyAct {
					if err := a.do(&p, e); !errors.Is(err, actor.ErrForbidden) {
						t.Errorf("%s of another body may %s in %s: %v", r, a.name, s, err)
					}
				}
				if _, err := o.Look(t.Context(), stranger, e.ID); !errors.Is(err, actor.ErrForbidden) {
					t.Errorf("%s of another body sees it in %s: %v", r, s, err)
				}
				if _, err := o.List(t.Context(), stranger, Filter{Agency: o.A}); !errors.Is(err, actor.ErrForbidden) {
					t.Errorf("%s of another body lists it: %v", r, err)
				}
			}
		}
	})
}

// Many save one draft at once from the same version: one is kept, the others are told, and
// index numbers of many submissions leave no gap.
func TestManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.draft("同时保存")
		const n = 100
		results := make([]error, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				c := e.Content
				c.Title = fmt.Sprint("第", i)
				results[i] = only(o.Save(context.Background(), o.editor, e.ID, e.Version, c))
			})
		}
		all.Wait()
		kept := 0
		for _, err := range results {
			switch {
			case err == nil:
				kept++
			case !errors.Is(err, ErrStale):
				t.Error(err)
			}
		}
		if got := o.edition(e.ID); kept != 1 || got.Version != 2 {
			t.Errorf("%d were kept, version %d", kept, got.Version)
		}
		o.approveTwice()
		o.numberMany()
	})
}

// approveTwice lets two reviewers of one level approve at the same time: one opinion counts.
func (o *office) approveTwice() {
	o.t.Helper()
	e := o.submitted("两人同审")
	var all sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		all.Go(func() {
			_, errs[i] = o.Review(context.Background(), person(fmt.Sprint("r", i), o.A, actor.Reviewer1), e.ID, approval(e, First))
		})
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || o.edition(e.ID).State != Review2 {
		o.t.Errorf("two approved at once: %v, %v", errs[0], errs[1])
	}
}

func (o *office) numberMany() {
	o.t.Helper()
	var drafts []*Edition
	for i := range 20 {
		drafts = append(drafts, o.draft(fmt.Sprint("编号", i)))
	}
	var all sync.WaitGroup
	for _, e := range drafts {
		all.Go(func() {
			if _, err := o.Submit(context.Background(), o.editor, e.ID, e.Version); err != nil {
				o.t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, e := range drafts {
		no := o.item(e.Item).IndexNo
		if no == "" || seen[no] {
			o.t.Errorf("number %q", no)
		}
		seen[no] = true
	}
}

// A finding that blocks is let pass for one content only.
func TestOverrideHoldsForOneContent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.draft("放行")
		c := e.Content
		c.Body = "<p>联系人张某，身份证号11010519491231002X。</p>"
		e = o.must(o.Save(t.Context(), o.editor, e.ID, e.Version, c))
		if _, err := o.Submit(t.Context(), o.editor, e.ID, e.Version); !errors.Is(err, ErrBlocked) {
			t.Fatalf("got %v", err)
		}
		f, err := o.Look(t.Context(), o.secrecy, e.ID)
		if err != nil || len(f.Blocking) != 1 {
			t.Fatalf("%+v, %v", f, err)
		}
		if _, err := o.Override(t.Context(), o.editor, e.ID, e.Hash, f.Blocking[0].ID, "公告要求"); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("an editor let it pass: %v", err)
		}
		o.must(o.Override(t.Context(), o.secrecy, e.ID, e.Hash, f.Blocking[0].ID, "公告要求"))
		c.Summary = "另一概述"
		e = o.must(o.Save(t.Context(), o.editor, e.ID, e.Version, c))
		if _, err := o.Submit(t.Context(), o.editor, e.ID, e.Version); !errors.Is(err, ErrBlocked) {
			t.Errorf("the override outlived the content: %v", err)
		}
		f, _ = o.Look(t.Context(), o.secrecy, e.ID)
		o.must(o.Override(t.Context(), o.secrecy, e.ID, e.Hash, f.Blocking[0].ID, "公告要求"))
		o.must(o.Submit(t.Context(), o.editor, e.ID, e.Version))
	})
}

// Another agency's section shows an item only after that agency accepted it.
func TestPlacingInAnotherBodysSection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.published("跨单位")
		r := &Reader{DB: d}
		count := func() int {
			rows, err := r.Section(t.Context(), o.bNews, Page{})
			if err != nil {
				t.Fatal(err)
			}
			return len(rows.Rows)
		}
		p, err := o.Place(t.Context(), o.publisher, e.ID, o.bNews)
		if err != nil || p.State != Asked || count() != 0 {
			t.Fatalf("%+v, %v", p, err)
		}
		if err := o.Answer(t.Context(), o.publisher, e.Item, o.bNews, Placed, ""); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("who asked accepted it: %v", err)
		}
		if err := o.Answer(t.Context(), o.bPublisher, e.Item, o.bNews, Placed, ""); err != nil || count() != 1 {
			t.Fatalf("accepted and not shown: %v", err)
		}
		o.must(o.Retract(t.Context(), o.publisher, e.ID, e.Version, "有误"))
		if count() != 0 {
			t.Error("a retracted item is shown elsewhere")
		}
	})
}

func file(text string) io.Reader { return strings.NewReader(text) }

// What was kept of a finding reads as it did when it was found.
func TestFindingsReadAsTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.draft("检查")
		fresh, err := o.RunGate(t.Context(), o.editor, e.ID)
		if err != nil || len(fresh.Findings) == 0 {
			t.Fatalf("%+v, %v", fresh, err)
		}
		f, err := o.Look(t.Context(), o.editor, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		p := i18n.To(i18n.Chinese)
		for i, was := range fresh.Findings {
			if got := p.Text(f.Check.Findings[i].Message.Words()); got != p.Text(was.Message.Words()) {
				t.Errorf("%q was %q", got, p.Text(was.Message.Words()))
			}
		}
	})
}
