package dispute

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

func day(s string) date.Date {
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// bureau is a body, its officer, and a desk; its clock shows 23 November 2026.
type bureau struct {
	*Desk
	t       *testing.T
	id      string
	officer actor.Actor
}

func newBureau(t *testing.T, d *db.DB) *bureau {
	t.Helper()
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&agency.Registry{DB: d}).Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1),
		Facts: agency.Facts{Name: "虚构市民政局", ShortName: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
	if err != nil {
		t.Fatal(err)
	}
	return &bureau{Desk: &Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: files}, t: t, id: a.ID,
		officer: actor.Actor{ID: "o", Name: "经办", Grants: []actor.Grant{{Role: actor.Officer, Agency: a.ID}}}}
}

func (b *bureau) ctx() context.Context { return b.t.Context() }

func (b *bureau) enter(k Kind, authority, filed string) *Dispute {
	b.t.Helper()
	d, err := b.Enter(b.ctx(), b.officer, Entering{Agency: b.id, Kind: k, Authority: authority, Filed: day(filed), Details: Details{Party: "甲某某"}})
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *bureau) decide(d *Dispute, on string, r Result) {
	b.t.Helper()
	next, err := b.Decide(b.ctx(), b.officer, d.ID, 0, Decision{On: day(on), Result: r})
	if err != nil {
		b.t.Fatal(err)
	}
	*d = *next
}

func (b *bureau) appeal(d *Dispute, l Level, filed string) {
	b.t.Helper()
	next, err := b.Appeal(b.ctx(), b.officer, d.ID, 0, Instance{Level: l, Authority: "虚构市中级人民法院", Filed: day(filed)})
	if err != nil {
		b.t.Fatal(err)
	}
	*d = *next
}

func (b *bureau) tally(year int) map[string]int64 {
	b.t.Helper()
	var cells map[string]int64
	if err := b.DB.View(b.ctx(), func(tx *db.Tx) (err error) {
		cells, err = Tally(tx, b.id, date.Must(year, 1, 1), date.Must(year, 12, 31))
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	return cells
}

// want is the row of table four: review, direct suits, suits after review, each 维持, 纠正, 其他,
// 尚未审结, 总计.
func (b *bureau) want(year int, row [15]int64) {
	b.t.Helper()
	got, i := b.tally(year), 0
	for _, k := range Kinds {
		for _, c := range []string{"upheld", "corrected", "other", "pending", "total"} {
			if n := got[Key(k, c)]; n != row[i] {
				b.t.Errorf("%d %s.%s is %d, want %d", year, k, c, n, row[i])
			}
			i++
		}
	}
}

// Two years of disputes, whose two rows of table four were added up by hand.
func TestTwoYearsAddedUpByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		gov, court := "虚构市人民政府", "虚构区人民法院"
		// reviewed and upheld in 2025, then sued; the suit is lost at first instance in 2025, and
		// won on appeal in 2026
		r := b.enter(Review, gov, "2025-02-03")
		b.decide(r, "2025-04-01", Upheld)
		s, err := b.Enter(b.ctx(), b.officer, Entering{Agency: b.id, Kind: After, Reviewed: r.ID, Authority: court, Filed: day("2025-04-15"), Details: Details{Party: "甲某某"}})
		if err != nil {
			t.Fatal(err)
		}
		b.decide(s, "2025-10-10", Revoked)
		b.appeal(s, Second, "2025-10-20")
		b.decide(s, "2026-01-20", Dismissed)
		// pending over the turn of the year, then withdrawn
		w := b.enter(Review, gov, "2025-12-20")
		b.decide(w, "2026-01-08", Withdrawn)
		// a direct suit, appealed and affirmed within 2025
		a := b.enter(Direct, court, "2025-01-09")
		b.decide(a, "2025-05-06", Perform)
		b.appeal(a, Second, "2025-05-15")
		b.decide(a, "2025-08-01", Affirmed)
		// sent back to the first instance and pending there
		k := b.enter(Direct, court, "2025-03-01")
		b.decide(k, "2025-06-01", Dismissed)
		b.appeal(k, Second, "2025-06-10")
		b.decide(k, "2025-09-30", SentBack)
		b.appeal(k, First, "2025-10-08")
		// decided on 31 December and on 1 January
		e := b.enter(Review, gov, "2025-11-03")
		b.decide(e, "2025-12-31", Mediated)
		f := b.enter(Review, gov, "2025-11-04")
		b.decide(f, "2026-01-01", Unlawful)
		// the body decided on reconsideration and is co-defendant: not its own case
		if _, err := b.Enter(b.ctx(), b.officer, Entering{Agency: b.id, Kind: After, CoDefendant: true, Authority: court, Filed: day("2025-05-05"), Details: Details{Party: "乙某"}}); err != nil {
			t.Fatal(err)
		}
		//        review          direct          after review
		b.want(2025, [15]int64{1, 0, 1, 2, 4, 0, 1, 0, 1, 2, 0, 0, 0, 1, 1})
		b.want(2026, [15]int64{0, 1, 1, 0, 2, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1})
		b.want(2024, [15]int64{})
	})
}

// An appeal filed after the year leaves what the year counted: it had been decided. The next year
// counts it as it then stands.
func TestAppealInTheNextYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		s := b.enter(Direct, "虚构区人民法院", "2025-03-03")
		b.decide(s, "2025-12-25", Dismissed)
		b.want(2025, [15]int64{5: 1, 9: 1})
		b.want(2026, [15]int64{})
		b.appeal(s, Second, "2026-01-05")
		b.want(2025, [15]int64{5: 1, 9: 1})
		b.want(2026, [15]int64{8: 1, 9: 1})
		b.decide(s, "2026-04-01", Changed)
		b.want(2026, [15]int64{6: 1, 9: 1})
	})
}

// What no official note fixes may be put into another column; what is fixed may not.
func TestColumnsOfUnverifiedResults(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		r := b.enter(Review, "虚构市人民政府", "2026-02-03")
		b.decide(r, "2026-04-01", Dismissed)
		b.want(2026, [15]int64{0: 1, 4: 1})
		if err := b.SetColumns(b.ctx(), b.officer, b.id, 0, Buckets{"review.dismissed": Otherwise}); err != nil {
			t.Fatal(err)
		}
		b.want(2026, [15]int64{2: 1, 4: 1})
		for _, wrong := range []Buckets{{"review.upheld": Otherwise}, {"review.dismissed": Pending}, {"suit.dismissed": InFavour}} {
			if err := b.SetColumns(b.ctx(), b.officer, b.id, 1, wrong); !errors.Is(err, ErrSettings) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		if err := b.SetColumns(b.ctx(), b.officer, b.id, 0, Buckets{}); !errors.Is(err, ErrStale) {
			t.Errorf("an old version: %v", err)
		}
	})
}

// The days of R-RL-04, against holidays: 2026-09-25 to 27 Mid-Autumn, 2026-10-01 to 07 National Day,
// both as the notice for 2026 has them.
func TestAlarms(t *testing.T) {
	cal := workday.Embedded()
	for _, c := range []struct {
		name string
		one  Instance
		want string
	}{
		{"ten working days of the ordinary procedure", Instance{Level: Reconsidering, Papers: day("2026-03-02")}, "2026-03-16"},
		{"five of the simple one", Instance{Level: Reconsidering, Simple: true, Papers: day("2026-03-02")}, "2026-03-09"},
		{"fifteen days of a suit", Instance{Level: First, Papers: day("2026-03-02")}, "2026-03-17"},
		{"fifteen days that end on a Saturday", Instance{Level: First, Papers: day("2026-03-06")}, "2026-03-23"},
		{"a decision in sixty days", Instance{Level: Reconsidering, Accepted: day("2026-03-02")}, "2026-05-06"},
		{"a decision in thirty days", Instance{Level: Reconsidering, Simple: true, Accepted: day("2026-03-02")}, "2026-04-01"},
		{"a decision in ninety days", Instance{Level: Reconsidering, Extended: true, Accepted: day("2026-03-02")}, "2026-06-01"},
		{"no papers yet", Instance{Level: First}, ""},
		{"replied", Instance{Level: First, Papers: day("2026-03-02"), Replied: day("2026-03-10")}, ""},
		{"decided", Instance{Level: First, Papers: day("2026-03-02"), Decided: day("2026-03-10"), Result: Refused}, ""},
		{"decided, to be answered again", Instance{Level: First, Papers: day("2026-03-02"), Decided: day("2026-03-10"), Result: Revoked, Answer: true, Until: day("2026-03-30")}, "2026-03-30"},
	} {
		got := ""
		if all := c.one.Alarms(cal); len(all) > 0 {
			got = all[0].Due.String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What cannot be is refused.
func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ok := Entering{Agency: b.id, Kind: Direct, Authority: "虚构区人民法院", Filed: day("2026-03-03"), Details: Details{Party: "甲"}}
		for _, c := range []struct {
			name   string
			change func(*Entering)
			want   error
		}{
			{"no kind", func(e *Entering) { e.Kind = "" }, ErrKind},
			{"no court", func(e *Entering) { e.Authority = " " }, ErrAuthority},
			{"nobody", func(e *Entering) { e.Party = "" }, ErrParty},
			{"no day", func(e *Entering) { e.Filed = date.Date{} }, ErrDay},
			{"tomorrow", func(e *Entering) { e.Filed = day("2026-11-24") }, ErrFuture},
			{"no such request", func(e *Entering) { e.RequestNo = "无" }, ErrRequest},
			{"no such reconsideration", func(e *Entering) { e.Kind, e.Reviewed = After, "none" }, ErrReviewed},
		} {
			in := ok
			c.change(&in)
			if _, err := b.Enter(b.ctx(), b.officer, in); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		s := b.enter(Direct, "虚构区人民法院", "2026-03-03")
		decide := func(on string, r Result) error {
			_, err := b.Decide(b.ctx(), b.officer, s.ID, 0, Decision{On: day(on), Result: r})
			return err
		}
		if err := decide("2026-03-02", Revoked); !errors.Is(err, ErrDay) {
			t.Errorf("decided before it was filed: %v", err)
		}
		if err := decide("2026-03-20", Upheld); !errors.Is(err, ErrResult) {
			t.Errorf("a court upholds as an authority does: %v", err)
		}
		if err := decide("2026-03-20", Affirmed); !errors.Is(err, ErrResult) {
			t.Errorf("a first instance affirms: %v", err)
		}
		if _, err := b.Appeal(b.ctx(), b.officer, s.ID, 0, Instance{Level: Second, Authority: "法院", Filed: day("2026-03-20")}); !errors.Is(err, ErrUndecided) {
			t.Errorf("an appeal before the judgment: %v", err)
		}
		b.decide(s, "2026-06-01", Dismissed)
		if err := decide("2026-06-02", Revoked); !errors.Is(err, ErrDecided) {
			t.Errorf("decided twice: %v", err)
		}
		if _, err := b.Appeal(b.ctx(), b.officer, s.ID, 0, Instance{Level: First, Authority: "法院", Filed: day("2026-06-20")}); !errors.Is(err, ErrLevel) {
			t.Errorf("a first instance after the first: %v", err)
		}
		if _, err := b.Advance(b.ctx(), b.officer, s.ID, 0, Progress{}); !errors.Is(err, ErrDecided) {
			t.Errorf("papers after the judgment: %v", err)
		}
		r := b.enter(Review, "虚构市人民政府", "2026-03-03")
		if _, err := b.Advance(b.ctx(), b.officer, r.ID, 0, Progress{Simple: true, Extended: true}); !errors.Is(err, ErrExtend) {
			t.Errorf("the simple procedure extended: %v", err)
		}
		other := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: actor.Officer, Agency: "elsewhere"}}}
		if _, err := b.Load(b.ctx(), other, r.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another body's officer reads it: %v", err)
		}
	})
}

// Who sued is nowhere in the tables in the clear; the papers come back as they were given.
func TestSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		s := b.enter(Review, "虚构市人民政府", "2026-03-03")
		id, err := b.AddFile(b.ctx(), b.officer, s.ID, "甲某某的申请书.pdf", []byte("%PDF-1.4 甲某某"))
		if err != nil {
			t.Fatal(err)
		}
		f, data, err := b.OpenFile(b.ctx(), b.officer, s.ID, id)
		if err != nil || f.Name != "甲某某的申请书.pdf" || string(data) != "%PDF-1.4 甲某某" {
			t.Errorf("%v %q %v", f, data, err)
		}
		v, err := b.Load(b.ctx(), b.officer, s.ID)
		if err != nil || v.Party != "甲某某" || len(v.Files) != 1 {
			t.Errorf("%+v %v", v, err)
		}
		if _, err := b.AddFile(b.ctx(), b.officer, s.ID, "a.exe", []byte("x")); !errors.Is(err, ErrFile) {
			t.Errorf("a program: %v", err)
		}
		if err := d.View(b.ctx(), func(tx *db.Tx) error {
			all, err := tx.Tables()
			if err != nil {
				return err
			}
			for _, one := range all {
				err = errors.Join(err, tx.EachRow(one, func(r db.Row) error {
					if text := fmt.Sprint(r...); strings.Contains(text, "甲某某") {
						t.Errorf("%s holds who applied: %s", one.Name, text)
					}
					return nil
				}))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever works on the same case at once: of several decisions one stands.
func TestManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		s := b.enter(Direct, "虚构区人民法院", "2026-03-03")
		done := make(chan error, 20)
		for range 20 {
			go func() {
				_, err := b.Decide(context.Background(), b.officer, s.ID, 0, Decision{On: day("2026-05-05"), Result: Revoked})
				done <- err
			}()
		}
		won := 0
		for range 20 {
			err := <-done
			if err == nil {
				won++
			} else if !errors.Is(err, ErrDecided) && !errors.Is(err, ErrStale) {
				t.Errorf("%v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d decisions stand", won)
		}
	})
}

func TestWatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		d.Clock = func() time.Time { return time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC) }
		s := b.enter(Direct, "虚构区人民法院", "2026-03-03")
		if _, err := b.Advance(b.ctx(), b.officer, s.ID, 0, Progress{Papers: day("2026-03-04")}); err != nil {
			t.Fatal(err)
		}
		all, err := b.Watch(b.ctx(), b.officer, b.id)
		if err != nil || len(all) != 1 || all[0].Due != day("2026-03-19") || all[0].What != "dispute.alarm.reply" {
			t.Fatalf("%+v %v", all, err)
		}
		if _, err := b.Advance(b.ctx(), b.officer, s.ID, 0, Progress{Papers: day("2026-03-04"), Replied: day("2026-03-05")}); err != nil {
			t.Fatal(err)
		}
		if all, err := b.Watch(b.ctx(), b.officer, b.id); err != nil || len(all) != 0 {
			t.Errorf("%+v %v", all, err)
		}
		p, err := b.List(b.ctx(), b.officer, Filter{Agency: b.id, Open: true})
		if err != nil || p.Total != 1 || p.Disputes[0].Party != "" {
			t.Errorf("%+v %v", p, err)
		}
	})
}
