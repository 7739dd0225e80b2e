package count_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/actor"
	annual "gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/workday"
)

func day(s string) date.Date {
	if s == "" || s == "-" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func desk(d *db.DB) *count.Desk { return &count.Desk{DB: d, Calendar: workday.Embedded} }

// officer works in the body "a".
var officer = actor.Actor{ID: "p", Name: "某人", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}

// Every cell counted here is a cell of the form, and every cell of the form's tables is counted.
func TestCellsAreTheFormsCells(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got, err := desk(d).Tables(t.Context(), officer, "a", count.Year(2025))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, c := range annual.ForYear(2025).Cells() {
			if k := string(c.Key); !strings.HasPrefix(k, "T2.") {
				want = append(want, k)
			}
		}
		slices.Sort(want)
		if have := slices.Sorted(maps.Keys(got.Cells)); !slices.Equal(have, want) || len(have) != 190 {
			t.Errorf("%d cells, the form has %d", len(have), len(want))
		}
	})
}

// The limits of a year: the last day of the year before, the first and the last of the year, and the
// first of the next. R-DL-16.
func TestWhereARequestCounts(t *testing.T) {
	for _, c := range []struct {
		received, closed string
		want             string
	}{
		{"2024-12-31", "2024-12-31", ""},
		{"2024-12-31", "2025-01-01", "carry_in done.partial"},
		{"2024-12-31", "2025-12-31", "carry_in done.partial"},
		{"2024-12-31", "2026-01-01", "carry_in carry_out"},
		{"2024-12-31", "-", "carry_in carry_out"},
		{"2025-01-01", "2025-01-01", "new done.partial"},
		{"2025-01-01", "2025-12-31", "new done.partial"},
		{"2025-12-31", "2025-12-31", "new done.partial"},
		{"2025-12-31", "2026-01-01", "new carry_out"},
		{"2025-12-31", "-", "new carry_out"},
		{"2026-01-01", "2026-01-01", ""},
		{"2026-01-01", "-", ""},
	} {
		r := request(c.received, c.closed, foi.Natural, outcome.Partial)
		if got := strings.Join(count.RowsOf(r, count.Year(2025)), " "); got != c.want {
			t.Errorf("received %s, closed %s: %q, want %q", c.received, c.closed, got, c.want)
		}
	}
	for _, s := range []foi.State{foi.Submitted, foi.Void, foi.Merged, foi.Split} {
		r := request("2025-03-01", "-", foi.Natural, "")
		if r.State = s; count.RowsOf(r, count.Year(2025)) != nil {
			t.Errorf("a request that is %s counts", s)
		}
	}
}

var serial int

func request(received, closed string, k foi.Kind, code outcome.Code) *foi.Request {
	serial++
	r := &foi.Request{ID: fmt.Sprintf("q%06d", serial), Agency: "a", Kind: k, Received: day(received), ClosedOn: day(closed), Counted: true, State: foi.Handling, Channel: foi.Web}
	if !r.ClosedOn.IsZero() {
		r.State, r.Outcome = foi.Closed, code
	}
	return r
}

// truth is a body's year as a clerk keeps it in a register: received, closed, kind of applicant,
// result. The table below it was added up by hand.
const truth = `
2024-11-20 2025-01-03 natural open
2024-12-02 2025-01-02 natural deny.third
2024-12-27 2025-01-20 natural unable.nohold
2024-12-30 2025-01-24 biz partial
2024-12-31 2025-02-05 natural other.misc
2024-06-01 2024-06-20 natural open
2024-12-01 2024-12-31 biz open
2024-12-31 - other -
2025-01-01 2025-01-15 natural open
2025-01-02 2025-01-22 natural open.public
2025-01-06 2025-01-30 legal open
2025-01-20 2025-02-20 natural partial
2025-02-05 2025-03-04 natural deny.secret
2025-02-10 2025-03-10 natural deny.law
2025-02-17 2025-03-17 natural deny.safety
2025-03-03 2025-05-12 biz deny.third
2025-03-10 2025-04-08 natural deny.internal
2025-03-17 2025-04-15 natural deny.process
2025-03-24 2025-04-22 natural deny.casefile
2025-04-01 2025-04-29 legal deny.query
2025-04-07 2025-05-07 natural unable.nohold
2025-04-14 2025-05-14 sci unable.nohold
2025-04-21 2025-05-21 natural unable.make
2025-05-06 2025-06-05 natural unable.unclear
2025-05-12 2025-06-09 natural noproc.petition
2025-05-19 2025-06-16 natural noproc.petition
2025-06-03 2025-07-01 natural noproc.repeat
2025-06-09 2025-07-07 natural noproc.publication
2025-06-16 2025-07-14 natural noproc.excess
2025-06-23 2025-07-21 natural noproc.confirm
2025-07-01 2025-08-01 natural other.nocorrect
2025-07-07 2025-08-20 natural other.nopay
2025-07-14 2025-07-18 npo other.misc
2025-08-04 2025-09-01 natural open
2025-09-01 2025-09-28 natural open
2025-10-09 2025-11-06 npo open.public
2025-11-17 2025-12-31 natural partial
2025-12-01 2026-01-04 natural open
2025-12-15 2026-01-15 biz partial
2025-12-31 - natural -
2026-01-01 - natural -
2026-01-02 2026-01-20 legal open
`

// counts are the rows of the year 2025 with its seven columns, every row not named being empty.
const counts = `
new                25 2 1 2 2 0 32
carry_in            4 1 0 0 0 1  6
done.open           5 0 0 1 1 0  7
done.partial        2 1 0 0 0 0  3
done.deny.secret    1 0 0 0 0 0  1
done.deny.law       1 0 0 0 0 0  1
done.deny.safety    1 0 0 0 0 0  1
done.deny.third     1 1 0 0 0 0  2
done.deny.internal  1 0 0 0 0 0  1
done.deny.process   1 0 0 0 0 0  1
done.deny.casefile  1 0 0 0 0 0  1
done.deny.query     0 0 0 0 1 0  1
done.unable.nohold  2 0 1 0 0 0  3
done.unable.make    1 0 0 0 0 0  1
done.unable.unclear 1 0 0 0 0 0  1
done.noproc.petition 2 0 0 0 0 0 2
done.noproc.repeat  1 0 0 0 0 0  1
done.noproc.publication 1 0 0 0 0 0 1
done.noproc.excess  1 0 0 0 0 0  1
done.noproc.confirm 1 0 0 0 0 0  1
done.other.nocorrect 1 0 0 0 0 0 1
done.other.nopay    1 0 0 0 0 0  1
done.other.misc     1 0 0 1 0 0  2
done.total         27 2 1 2 2 0 34
carry_out           2 1 0 0 0 1  4
`

// load reads a register.
func load(t *testing.T, d *db.DB, text string) {
	var all []*foi.Request
	for line := range strings.Lines(strings.TrimSpace(text)) {
		f := strings.Fields(line)
		all = append(all, request(f[0], f[1], foi.Kind(f[2]), outcome.Code(f[3])))
	}
	insert(t, d, len(all), func(i int) *foi.Request { return all[i] })
}

// table reads rows typed by hand into cells; cells of rows that are not there are 0.
func table(t *testing.T, text string) map[string]int64 {
	cells := map[string]int64{}
	for _, row := range count.Rows() {
		for _, col := range count.Columns() {
			cells[count.Key(row, col)] = 0
		}
	}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		f := strings.Fields(line)
		for i, col := range []string{"natural", "biz", "sci", "npo", "legal", "other", "total"} {
			var n int64
			if _, err := fmt.Sscan(f[i+1], &n); err != nil {
				t.Fatal(err)
			}
			if _, known := cells["T3."+f[0]+"."+col]; !known {
				t.Fatalf("the table has no row %s", f[0])
			}
			cells["T3."+f[0]+"."+col] = n
		}
	}
	return cells
}

func differ(t *testing.T, got, want map[string]int64) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] {
			t.Errorf("%s is %d, want %d", key, got[key], want[key])
		}
	}
}

func TestAYearAddedUpByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d, truth)
		noise := []*foi.Request{request("2025-05-05", "-", foi.Natural, ""), request("2025-05-05", "2025-05-20", foi.Natural, outcome.Open), request("2025-05-05", "2025-05-20", foi.Natural, "")}
		noise[0].Agency = "other"                            // another body's
		noise[1].Counted = false                             // a new answer after reconsideration
		noise[2].Counted, noise[2].State = false, foi.Merged // counted with the other
		insert(t, d, 3, func(i int) *foi.Request { return noise[i] })
		got, err := desk(d).Tables(t.Context(), officer, "a", count.Year(2025))
		if err != nil {
			t.Fatal(err)
		}
		differ(t, got.Cells, table(t, counts))
	})
}

// vector is the table of specification §2.7, as a city published it, for 2025.
const vector = `
new 13612 252 0 45 128 32 14069
carry_in 535 6 0 1 18 0 560
done.open 5345 129 0 41 19 14 5548
done.partial 2120 39 0 1 6 2 2168
done.deny.secret 13 0 0 0 0 0 13
done.deny.law 30 0 0 0 0 0 30
done.deny.safety 11 0 0 0 0 0 11
done.deny.third 49 2 0 0 0 0 51
done.deny.internal 103 1 0 0 0 0 104
done.deny.process 84 1 0 0 0 0 85
done.deny.casefile 282 4 0 0 0 0 286
done.deny.query 147 0 0 0 1 2 150
done.unable.nohold 3075 50 0 0 89 8 3222
done.unable.make 177 3 0 0 0 0 180
done.unable.unclear 19 0 0 0 0 0 19
done.noproc.petition 199 1 0 0 3 0 203
done.noproc.repeat 147 1 0 0 0 0 148
done.noproc.publication 0 0 0 0 0 0 0
done.noproc.excess 100 1 0 0 0 0 101
done.noproc.confirm 5 0 0 0 0 0 5
done.other.nocorrect 315 3 0 0 0 0 318
done.other.nopay 202 0 0 1 0 0 203
done.other.misc 941 17 0 1 3 3 965
done.total 13364 252 0 44 121 29 13810
carry_out 783 6 0 2 25 3 819
`

// A year of requests is made such that it must give the published table: for each kind of applicant
// the carried ones first, then the new ones, receive the results in the order of the rows.
func TestThePublishedTableOfTheSpecification(t *testing.T) {
	want := table(t, vector)
	r := rand.New(rand.NewPCG(5, 6))
	var all []*foi.Request
	for _, k := range foi.Kinds {
		var mine []*foi.Request
		for range want["T3.carry_in."+string(k)] {
			mine = append(mine, request("2024-12-01", "-", k, ""))
		}
		for range want["T3.new."+string(k)] {
			q := request("2025-01-01", "-", k, "")
			q.Received = q.Received.Plus(r.IntN(300))
			mine = append(mine, q)
		}
		n := 0
		for _, o := range outcome.All {
			if o.Code == outcome.Public {
				continue
			}
			for range want["T3."+o.Key+"."+string(k)] {
				q := mine[n]
				n++
				q.State, q.Outcome = foi.Closed, o.Code
				q.ClosedOn = date.Must(2025, 1, 1).Plus(max(0, q.Received.Days(date.Must(2025, 1, 1))) + r.IntN(60))
			}
		}
		all = append(all, mine...)
	}
	d := dbtest.SQLite(t) // the other tests count on both engines; this one writes 14,629 requests
	insert(t, d, len(all), func(i int) *foi.Request { return all[i] })
	got, err := desk(d).Tables(t.Context(), officer, "a", count.Year(2025))
	if err != nil {
		t.Fatal(err)
	}
	differ(t, got.Cells, want)
	next, err := desk(d).Tables(t.Context(), officer, "a", count.Year(2026))
	if err != nil {
		t.Fatal(err)
	}
	for _, col := range count.Columns() { // R-AR-06
		if next.Cells["T3.carry_in."+col] != want["T3.carry_out."+col] {
			t.Errorf("2026 begins with %d of %s", next.Cells["T3.carry_in."+col], col)
		}
	}
}

// Of whatever requests, over whatever period: the database counts what RowsOf says, the sums
// balance, what one period carries out the next carries in, and every cell opens what it counts.
func TestEveryLedgerBalances(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewPCG(7, 8))
		var all []*foi.Request
		for range 600 {
			q := request("2025-01-01", "-", foi.Kinds[r.IntN(6)], "")
			q.Received = q.Received.Plus(r.IntN(400))
			if r.IntN(4) > 0 {
				q.State, q.ClosedOn, q.Outcome = foi.Closed, q.Received.Plus(r.IntN(1+r.IntN(90))), outcome.All[r.IntN(22)].Code
			}
			if r.IntN(20) == 0 {
				q.Counted = false
			}
			all = append(all, q)
		}
		insert(t, d, len(all), func(i int) *foi.Request { return all[i] })
		for range 12 {
			p := count.Period{From: date.Must(2024, 12, 20).Plus(r.IntN(420))}
			p.To = p.From.Plus(r.IntN(120))
			balanced(t, d, all, p)
		}
	})
}

func balanced(t *testing.T, d *db.DB, all []*foi.Request, p count.Period) {
	t.Helper()
	got, err := desk(d).Tables(t.Context(), officer, "a", p)
	if err != nil {
		t.Fatal(err)
	}
	naive := map[string][]string{}
	for _, q := range all {
		for _, row := range count.RowsOf(q, p) {
			naive[row+"."+string(q.Kind)] = append(naive[row+"."+string(q.Kind)], q.ID)
		}
	}
	for _, col := range count.Columns() {
		v := func(row string) int64 { return got.Cells[count.Key(row, col)] }
		if v("new")+v("carry_in") != v("done.total")+v("carry_out") {
			t.Errorf("%v: %s does not balance", p, col)
		}
	}
	rows := count.Rows()
	for _, row := range []string{rows[0], rows[1], rows[len(rows)-1], rows[2], rows[20]} {
		for _, k := range foi.Kinds {
			want := naive[row+"."+string(k)]
			if n := got.Cells[count.Key(row, string(k))]; n != int64(len(want)) {
				t.Errorf("%v: %s of %s is %d, want %d", p, row, k, n, len(want))
			}
			if have := opened(t, d, p, count.Key(row, string(k))); !slices.Equal(have, slices.Sorted(slices.Values(want))) {
				t.Errorf("%v: %s of %s opens %v, want %v", p, row, k, have, want)
			}
		}
	}
}

// opened reads a cell's requests page by page.
func opened(t *testing.T, d *db.DB, p count.Period, key string) (all []string) {
	t.Helper()
	for after := ""; ; {
		b, err := desk(d).Cell(t.Context(), officer, "a", p, key, after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range b.Requests {
			all = append(all, r.ID)
		}
		if after = b.Next; after == "" {
			if int(b.N) != len(all) {
				t.Errorf("%s says %d and opens %d", key, b.N, len(all))
			}
			slices.Sort(all)
			return all
		}
	}
}

func TestCompileNamesTheRecordsBehindEveryCell(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d, truth)
		if err := d.View(t.Context(), func(tx *db.Tx) error {
			w, err := count.Compile(tx, "a", 2025)
			if err != nil {
				return err
			}
			for key, n := range w.Cells {
				if int(n) != len(w.Records[key]) {
					t.Errorf("%s is %d with %d records", key, n, len(w.Records[key]))
				}
			}
			if w.Facts.Channels[count.ByNet] != 32 {
				t.Errorf("%d new requests by internet, want 32", w.Facts.Channels[count.ByNet])
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestGuard(t *testing.T) {
	g := count.Guard{Settled: func(*db.Tx, string) ([]int, error) { return []int{2025}, nil }}
	at := func(received, closed string) *foi.Request {
		return request(received, closed, foi.Natural, outcome.Open)
	}
	merged, kind := at("2025-12-20", "-"), at("2025-12-20", "-")
	merged.Counted, merged.State, merged.ClosedOn = false, foi.Merged, day("2026-01-05")
	kind.Kind = foi.Business
	lost := at("2026-02-01", "2026-02-05")
	lost.Outcome = ""
	for _, c := range []struct {
		what          string
		before, after *foi.Request
		want          *fault.Error
	}{
		{"a request of this year", nil, at("2026-01-05", "-"), nil},
		{"a request of the year that is signed", nil, at("2025-12-31", "-"), count.ErrSettled},
		{"one of long ago and long closed", nil, at("2024-03-01", "2024-03-20"), nil},
		{"one of long ago, closed in the signed year", nil, at("2024-03-01", "2025-01-01"), count.ErrSettled},
		{"a carried one answered now", at("2025-12-20", "-"), at("2025-12-20", "2026-01-09"), nil},
		{"a carried one whose reply is dated back", at("2025-12-20", "-"), at("2025-12-20", "2025-12-31"), count.ErrSettled},
		{"a carried one merged now", at("2025-12-20", "-"), merged, count.ErrSettled},
		{"a carried one of another kind", at("2025-12-20", "-"), kind, count.ErrSettled},
		{"answered before it came", nil, at("2026-02-02", "2026-02-01"), count.ErrBackwards},
		{"closed without a result", nil, lost, count.ErrResult},
	} {
		err := g.Request(nil, c.before, c.after)
		if c.want == nil && err != nil || c.want != nil && !is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
	suit := func(filed, decided string) *dispute.Dispute {
		d := &dispute.Dispute{Kind: dispute.Review, Filed: day(filed), Course: []dispute.Instance{{Level: dispute.Reconsidering, Filed: day(filed), Decided: day(decided), Result: dispute.Revoked}}}
		return d
	}
	if err := g.Dispute(nil, suit("2025-12-01", "-"), suit("2025-12-01", "2026-01-10")); err != nil {
		t.Errorf("a pending reconsideration decided after the year: %v", err)
	}
	if err := g.Dispute(nil, suit("2025-12-01", "-"), suit("2025-12-01", "2025-12-30")); !is(err, count.ErrSettled) {
		t.Errorf("a decision dated back into the signed year: %v", err)
	}
}

func is(err error, want *fault.Error) bool {
	got, ok := err.(*fault.Error)
	return ok && got.Code == want.Code
}

func TestCarryOverAgainstWhatWasPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d, truth)
		published := map[string]int64{"natural": 2, "biz": 1, "sci": 0, "npo": 0, "legal": 0, "other": 1, "total": 4}
		c, err := desk(d).Carry(t.Context(), officer, "a", 2026, published, d.Clock())
		if err != nil || !c.Even {
			t.Fatalf("%+v %v, want even", c, err)
		}
		late := request("2025-12-30", "-", foi.Natural, "")
		insert(t, d, 1, func(int) *foi.Request { return late })
		c, err = desk(d).Carry(t.Context(), officer, "a", 2026, published, time.Date(2025, 12, 29, 0, 0, 0, 0, time.UTC))
		if err != nil || c.Even || c.Columns[0] != (count.CarriedColumn{Column: "natural", Published: 2, Now: 3}) {
			t.Fatalf("%+v %v", c, err)
		}
		if !slices.ContainsFunc(c.Late, func(r *foi.Request) bool { return r.ID == late.ID }) {
			t.Errorf("what was registered late is not named: %v", c.Late)
		}
	})
}

// Of ten answered requests that took 1 to 10 working days the median is 5 and nine tenths took 9.
func TestTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ends := []string{"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16"}
		insert(t, d, len(ends), func(i int) *foi.Request { return request("2026-03-02", ends[i], foi.Natural, outcome.Open) })
		s, err := desk(d).Statistics(t.Context(), officer, "a", count.Year(2026))
		if err != nil {
			t.Fatal(err)
		}
		if s.Times != (count.Times{Of: 10, Median: 5, Ninety: 9, Longest: 10}) || s.New != 10 || s.Done != 10 || s.Months[2].Done != 10 {
			t.Errorf("%+v", s)
		}
		b, err := desk(d).Bodies(t.Context(), officer, []string{"a"}, count.Year(2026))
		if err != nil || len(b) != 1 || b[0].New != 10 || b[0].Done != 10 {
			t.Errorf("%+v %v", b, err)
		}
	})
}

// Numbers are for those who work with them; requests behind them for who may see requests.
func TestWhoMayCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		above := actor.Actor{ID: "s", Grants: []actor.Grant{{Role: actor.Supervisor, Agency: "city"}}, Supervises: map[string]bool{"a": true}}
		stranger := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}}}
		c := desk(d)
		if _, err := c.Tables(t.Context(), above, "a", count.Year(2026)); err != nil {
			t.Errorf("the supervising body's numbers: %v", err)
		}
		if _, err := c.Cell(t.Context(), above, "a", count.Year(2026), "T3.new.total", "", 10); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the supervising body opens a cell: %v", err)
		}
		if _, err := c.Tables(t.Context(), stranger, "a", count.Year(2026)); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another body's officer counts: %v", err)
		}
	})
}
