package cycle

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
)

// submitted takes a body's report up to its acceptance.
func (w *world) submitted(v *Version) *Version {
	w.t.Helper()
	ok := must[*Version](w.t)
	return ok(w.HandUp(w.t.Context(), w.officer(v.Agency), v.ID, w.release(v).Version))
}

// R-AR-13, spec §2.8: own plus those below, each figure traced down to who gave it.
func TestTheGovernmentsReportIsMadeOfAllAndTracedDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx, ok := t.Context(), must[*Version](t)
		w.requests[w.civil], w.requests[w.science], w.requests[w.city] = requests(7, 2), requests(5, 0), requests(1, 1)
		civil := w.submitted(w.sign(w.civil))
		civil = ok(w.Take(ctx, w.supervisor(), civil.ID, civil.Version))
		science := w.submitted(w.sign(w.science))

		city := ok(w.Begin(ctx, w.officer(w.city), w.city, 2026))
		city = ok(w.MergeIn(ctx, w.officer(w.city), city.ID, city.Version))
		// 9 of the civil affairs bureau and 2 of the government itself; the other is not accepted.
		if n := city.Figures["T3.new.total"].Value; n != decimal.Int(11) || !city.Merged {
			t.Errorf("merged %s new requests, want 11", n)
		}
		if o := outcomeOf(city, w.science); o != annual.Missing {
			t.Errorf("a report not accepted is %s", o)
		}
		ok(w.Take(ctx, w.supervisor(), science.ID, science.Version))
		city = ok(w.MergeIn(ctx, w.officer(w.city), city.ID, city.Version))
		if n := city.Figures["T3.new.total"].Value; n != decimal.Int(16) {
			t.Errorf("merged %s new requests, want 16", n)
		}
		trace := must[*Trace](t)(w.Trace(ctx, both(w.officer(w.city), w.supervisor()), city.ID, "T3.new.total"))
		got := map[string]string{}
		for _, c := range trace.Parts {
			got[c.Name] = c.Value.String() + fmt.Sprint(c.May)
		}
		want := map[string]string{"示范市人民政府": "2false", "示范市民政局": "9true", "示范市科学技术局": "5true"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("traced to %v, want %v", got, want)
		}
		down := must[*Trace](t)(w.Trace(ctx, w.supervisor(), civil.ID, "T3.new.total"))
		if down.Figure.Value != decimal.Int(9) || down.Figure.Records != 9 || down.Own {
			t.Errorf("one step down: %+v", down.Figure)
		}
		// What is typed in is the government's own part.
		city = ok(w.Enter(ctx, w.officer(w.city), city.ID, city.Version, map[form.Key]Change{"T3.new.biz": {Value: decimal.Int(1)}, "T3.carry_out.biz": {Value: decimal.Int(1)}}, "登记簿"))
		if n := city.Figures["T3.new.total"].Value; n != decimal.Int(17) {
			t.Errorf("with one more of its own %s, want 17", n)
		}
		if city = ok(w.Part(ctx, w.officer(w.city), city.ID, city.Version)); city.Figures["T3.new.total"].Value != decimal.Int(3) || city.Merged {
			t.Errorf("its own alone: %s", city.Figures["T3.new.total"].Value)
		}
	})
}

func both(a, b actor.Actor) actor.Actor {
	a.Grants = append(append([]actor.Grant{}, a.Grants...), b.Grants...)
	a.Supervises = b.Supervises
	return a
}

func outcomeOf(v *Version, body string) annual.Outcome {
	for _, l := range v.Account {
		if l.Agency == body {
			return l.Outcome
		}
	}
	return ""
}

// A body merged into another in the year is reported by that one, records and all; and last year's
// carry-over of both is what the year begins with.
func TestAMergedBodyIsReportedByItsSuccessor(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, ok := t.Context(), must[*Version](t)
	w.at(2026, 7, 1)
	registry := &agency.Registry{DB: w.DB}
	if _, err := registry.Merge(ctx, actor.System("test"), []string{w.science}, w.civil, agency.Closing{On: date.Must(2026, 7, 1), Basis: "示编〔2026〕1号"}); err != nil {
		t.Fatal(err)
	}
	w.at(2027, 1, 11)
	w.requests[w.civil], w.requests[w.science] = requests(7, 2), requests(5, 0)
	civil := w.sign(w.civil)
	if n := civil.Figures["T3.new.total"].Value; n != decimal.Int(14) {
		t.Errorf("the successor reports %s, want 9 and 5", n)
	}
	civil = w.submitted(civil)
	ok(w.Take(ctx, w.supervisor(), civil.ID, civil.Version))
	b := must[*Board](t)(w.Board(ctx, w.supervisor(), w.city, 2026))
	if b.Expected != 1 || len(b.Places) != 2 {
		t.Errorf("%d expected of %d", b.Expected, len(b.Places))
	}
	city := ok(w.Begin(ctx, w.officer(w.city), w.city, 2026))
	city = ok(w.MergeIn(ctx, w.officer(w.city), city.ID, city.Version))
	if o := outcomeOf(city, w.science); o != annual.Gone || city.Figures["T3.new.total"].Value != decimal.Int(18) {
		t.Errorf("the merged body is %s, the sum %s", o, city.Figures["T3.new.total"].Value)
	}
}

// The supervising body's acts: with a reason, on what it was submitted, and nobody else's.
func TestTheSupervisingBodyActs(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, ok := t.Context(), must[*Version](t)
	signed := w.sign(w.civil)
	v := ok(w.HandUp(ctx, w.officer(w.civil), signed.ID, signed.Version))
	if v.State != Presented {
		t.Fatalf("submitted before it is public: %s", v.State)
	}
	above := actor.Actor{ID: "province", Grants: []actor.Grant{{Role: actor.Supervisor, Agency: "province"}}, Supervises: map[string]bool{w.city: true, w.civil: true}}
	for _, test := range []struct {
		name string
		do   func() error
		want error
	}{
		{"accepting what is not public", func() error { _, err := w.Take(ctx, w.supervisor(), v.ID, v.Version); return err }, nil},
		{"without a reason", func() error { _, err := w.GiveBack(ctx, w.supervisor(), v.ID, v.Version, ""); return err }, ErrReason},
		{"its own officer", func() error { _, err := w.GiveBack(ctx, w.officer(w.civil), v.ID, v.Version, "x"); return err }, actor.ErrForbidden},
		{"a supervisor further up", func() error { _, err := w.GiveBack(ctx, above, v.ID, v.Version, "x"); return err }, actor.ErrForbidden},
		{"as it was before", func() error { _, err := w.GiveBack(ctx, w.supervisor(), v.ID, v.Version-1, "x"); return err }, ErrStale},
	} {
		err := test.do()
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := w.Get(ctx, above, v.ID); err != nil {
		t.Errorf("further up one may look on: %v", err)
	}
	back := ok(w.GiveBack(ctx, w.supervisor(), v.ID, v.Version, "表三第五项与台账不符"))
	next := ok(w.Opened(ctx, w.officer(w.civil), w.civil, 2026))
	if back.State != Returned || next.No != 2 || next.State != Drafting || next.Reason != "表三第五项与台账不符" {
		t.Errorf("sent back: %s, then version %d %s", back.State, next.No, next.State)
	}
	if _, err := w.Get(ctx, w.supervisor(), next.ID); !errors.Is(err, actor.ErrForbidden) {
		t.Errorf("the supervisor saw the draft of the new version: %v", err)
	}
	if n := must[int](t)(w.Remind(ctx, w.supervisor(), w.city, 2026, []string{w.civil, w.science})); n != 2 {
		t.Errorf("%d reminded, want the one sent back and the one that sent nothing", n)
	}
	if n := must[int](t)(w.Remind(ctx, w.supervisor(), w.city, 2026, []string{w.civil, w.science})); n != 0 {
		t.Errorf("%d reminded twice in a day", n)
	}
	w.at(2027, 2, 3)
	b := must[*Board](t)(w.Board(ctx, w.supervisor(), w.city, 2026))
	late := map[string]int{}
	for _, p := range b.Places {
		late[p.Agency.ID] = p.Late
	}
	if late[w.civil] != 0 || late[w.science] != 3 {
		t.Errorf("late on 3 February: %v, want 0 and 3 days", late)
	}
}

// Hundreds at once: each act finds the version it saw, or is refused.
func TestManyAtOnceLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		v := must[*Version](t)(w.Begin(t.Context(), w.officer(w.civil), w.civil, 2026))
		var group sync.WaitGroup
		done := make([]error, 40)
		for i := range done {
			group.Go(func() {
				_, done[i] = w.Write(t.Context(), w.officer(w.civil), v.ID, v.Version, map[string]string{"s5": fmt.Sprint("第", i, "次")})
			})
		}
		group.Wait()
		won := 0
		for _, err := range done {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ErrStale):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d writers of one version won", won, len(done))
		}
	})
}

// BenchmarkMerge adds up a thousand bodies.
func BenchmarkMerge(b *testing.B) {
	d := dbtest.SQLite(b)
	registry := &agency.Registry{DB: d}
	d.Clock = func() time.Time { return time.Date(2027, 3, 1, 1, 0, 0, 0, time.UTC) }
	ctx, desk := b.Context(), &Desk{DB: d}
	body := func(name string, k agency.Kind, parent string) string {
		a, err := registry.Create(ctx, actor.System("test"), agency.New{Since: date.Must(2010, 1, 1), Facts: agency.Facts{Name: name, Kind: k, Level: agency.City, Parent: parent}})
		if err != nil {
			b.Fatal(err)
		}
		return a.ID
	}
	city := body("示范市人民政府", agency.Government, "")
	figures := Figures{}
	for _, c := range form.ForYear(2026).Cells() {
		figures[c.Key] = Figure{Value: decimal.Int(int64(c.Index % 3)), Origin: FromRecords}
	}
	for i := range 1000 {
		id := body(fmt.Sprintf("示范市第%d局", i), agency.Department, city)
		err := d.Update(ctx, func(tx *db.Tx) error {
			v := &Version{ID: db.ID(), Agency: id, Year: 2026, No: 1, Head: true, State: Accepted, Receiver: city, Figures: figures, SubmittedAt: tx.Now, StepAt: tx.Now, CreatedAt: tx.Now}
			return v.insert(tx)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	officer := actor.Actor{ID: "o", Grants: []actor.Grant{{Role: actor.Officer, Agency: city}}}
	v, err := desk.Begin(ctx, officer, city, 2026)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if v, err = desk.MergeIn(ctx, officer, v.ID, v.Version); err != nil {
			b.Fatal(err)
		}
	}
	if want := decimal.Int(1000); v.Figures["T2.rules.repealed"].Value != want {
		b.Errorf("%s, want %s", v.Figures["T2.rules.repealed"].Value, want)
	}
}
