package normative

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/actor"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/extract"
	"gongkai/internal/flow"
	"gongkai/internal/i18n"
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

// officer works for agency a.
var officer = actor.Actor{ID: "p1", Name: "甲某", Grants: []actor.Grant{{Role: actor.Officer, Agency: "a"}}}

func newDesk(d *db.DB) *Desk {
	return &Desk{DB: d, Calendar: workday.Embedded, Policy: Usual}
}

// at sets the clock of a database to noon of a day in China.
func at(d *db.DB, s string) {
	t, _ := time.Parse(time.DateOnly, s)
	d.Clock = func() time.Time { return t.Add(4 * time.Hour) }
}

func TestFlowIsSound(t *testing.T) {
	if err := Flow.Check(Drafting); err != nil {
		t.Error(err)
	}
	for _, s := range []State{Repealed, Expired, Invalidated, Dropped} {
		if !Flow.Final(s) {
			t.Errorf("%s leads on", s)
		}
	}
	for _, m := range Flow {
		if words[string(m.From)] == "" || words[string(m.Act)] == "" || words[string(m.To)] == "" {
			t.Errorf("%v has no words", m)
		}
	}
}

// What must come before the collective decision: 国办发〔2018〕37号（三）（六）, 优化营商环境条例第六十二、
// 六十三条. R-NRM-10, R-NRM-11, R-NRM-14.
func TestWhatComesBeforeTheDecision(t *testing.T) {
	consulted := func(from, to, note string) Step { return Step{Consulting, day(from), day(to), true, "", note} }
	done := func(k StepKind) Step { return Step{k, day("2026-06-01"), day("2026-06-05"), true, "", ""} }
	failed := Step{Legal, day("2026-06-01"), day("2026-06-05"), false, "", ""}
	tests := []struct {
		name  string
		r     Record
		steps []Step
		want  error
	}{
		{"reviewed", Record{}, []Step{done(Legal)}, nil},
		{"not reviewed", Record{}, nil, ErrUnreviewed},
		{"review failed", Record{}, []Step{failed}, ErrUnreviewed},
		{"passed, then failed on the second draft", Record{}, []Step{done(Legal), failed}, ErrUnreviewed},
		{"important, not evaluated", Record{Important: true}, []Step{done(Legal)}, ErrUnevaluated},
		{"important, not consulted", Record{Important: true}, []Step{done(Evaluation), done(Legal)}, ErrUnconsulted},
		{"important", Record{Important: true}, []Step{done(Evaluation), consulted("2026-05-01", "2026-05-10", ""), done(Legal)}, nil},
		{"market, 30 days", Record{Market: true}, []Step{consulted("2026-04-01", "2026-05-01", ""), done(Feedback), done(FairCompetition), done(Legal)}, nil},
		{"market, 29 days", Record{Market: true}, []Step{consulted("2026-04-01", "2026-04-30", ""), done(Feedback), done(FairCompetition), done(Legal)}, ErrShort},
		{"market, 29 days with a reason", Record{Market: true}, []Step{consulted("2026-04-01", "2026-04-30", "应急需要"), done(Feedback), done(FairCompetition), done(Legal)}, nil},
		{"market, no feedback", Record{Market: true}, []Step{consulted("2026-04-01", "2026-05-01", ""), done(FairCompetition), done(Legal)}, ErrFeedback},
		{"market, no fair competition review", Record{Market: true}, []Step{consulted("2026-04-01", "2026-05-01", ""), done(Feedback), done(Legal)}, ErrUnfair},
	}
	for _, tt := range tests {
		r := tt.r
		r.State = Drafting
		for _, s := range tt.steps {
			if err := r.put(s); err != nil {
				t.Fatalf("%s: %s: %v", tt.name, s.Kind, err)
			}
		}
		before := len(r.Steps)
		err := r.put(done(Collective))
		if !errors.Is(err, tt.want) || (err == nil) != (r.State == Decided) || err != nil && len(r.Steps) != before {
			t.Errorf("%s: %v, state %s with %d steps; want %v", tt.name, err, r.State, len(r.Steps), tt.want)
		}
	}
}

func TestDaysOfAPublication(t *testing.T) {
	today := day("2026-11-23")
	tests := []struct {
		name string
		r    Record
		p    Publication
		want error
	}{
		{"a document in force at once, five years to the day", Record{Kind: Document}, Publication{On: day("2026-11-20"), Effective: day("2026-11-20"), Expires: day("2031-11-19")}, nil},
		{"a day more than five years", Record{Kind: Document}, Publication{On: day("2026-11-20"), Effective: day("2026-11-20"), Expires: day("2031-11-20")}, ErrTerm},
		{"the same with a reason", Record{Kind: Document}, Publication{On: day("2026-11-20"), Effective: day("2026-11-20"), Expires: day("2031-11-20"), Reason: "规划期"}, nil},
		{"two years on trial", Record{Kind: Document, Trial: true}, Publication{On: day("2026-11-20"), Effective: day("2026-12-01"), Expires: day("2028-11-30")}, nil},
		{"a day more on trial", Record{Kind: Document, Trial: true}, Publication{On: day("2026-11-20"), Effective: day("2026-12-01"), Expires: day("2028-12-01")}, ErrTerm},
		{"no term", Record{Kind: Document}, Publication{On: day("2026-11-20"), Effective: day("2026-11-20")}, nil},
		{"over before it began", Record{Kind: Document}, Publication{On: day("2026-11-20"), Effective: day("2026-12-01"), Expires: day("2026-11-30")}, ErrExpires},
		{"published before it was issued", Record{Kind: Document}, Publication{On: day("2026-11-17"), Effective: day("2026-11-20")}, ErrPublished},
		{"published tomorrow", Record{Kind: Document}, Publication{On: day("2026-11-24"), Effective: day("2026-11-24")}, ErrPublished},
		{"no day of taking effect", Record{Kind: Document}, Publication{On: day("2026-11-20")}, ErrEffective},
		{"R-NRM-03: a rule after 30 days", Record{Kind: RuleKind}, Publication{On: day("2026-11-20"), Effective: day("2026-12-20"), Headnote: "题注"}, nil},
		{"R-NRM-03: a rule after 29 days", Record{Kind: RuleKind}, Publication{On: day("2026-11-20"), Effective: day("2026-12-19"), Headnote: "题注"}, ErrTooSoon},
		{"R-NRM-03: at once, for a reason", Record{Kind: RuleKind}, Publication{On: day("2026-11-20"), Effective: day("2026-11-20"), Headnote: "题注", Reason: "不立即施行将有碍施行"}, nil},
		{"R-NRM-07: a rule without its headnote", Record{Kind: RuleKind}, Publication{On: day("2026-11-20"), Effective: day("2026-12-20"), Headnote: " "}, ErrHeadnote},
	}
	for _, tt := range tests {
		r := tt.r
		r.State, r.IssuedOn, r.DocNo = Numbered, day("2026-11-18"), "某政规〔2026〕1号"
		if err := r.publish(tt.p, Usual, today); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		} else if want := map[bool]State{true: Published, false: InForce}[tt.p.Effective.After(today)]; err == nil && r.State != want {
			t.Errorf("%s: %s, want %s", tt.name, r.State, want)
		}
	}
}

// A document's way from draft to repeal, as clerks go it.
func TestLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		at(d, "2026-09-28")
		r, err := desk.Create(ctx, officer, Draft{Agency: "a", Kind: Document, Title: " 某市市场准入若干规定 ", Market: true, Interpret: true})
		if err != nil {
			t.Fatal(err)
		}
		steps := []Step{
			{Evaluation, day("2026-07-01"), day("2026-07-10"), true, "某研究院", ""},
			{Consulting, day("2026-07-15"), day("2026-08-20"), true, "门户网站", ""},
			{Feedback, day("2026-08-25"), day("2026-08-25"), true, "", ""},
			{FairCompetition, day("2026-08-26"), day("2026-08-28"), true, "", ""},
			{Legal, day("2026-09-01"), day("2026-09-10"), true, "某市司法局", ""},
			{Collective, day("2026-09-15"), day("2026-09-15"), true, "市政府第12次常务会议", ""},
		}
		for _, s := range steps {
			if r, err = desk.Put(ctx, officer, r.ID, r.Version, s); err != nil {
				t.Fatalf("%s: %v", s.Kind, err)
			}
		}
		if r, err = desk.Number(ctx, officer, r.ID, r.Version, "某政规[2026]003号", day("2026-09-20")); err != nil || r.DocNo != "某政规〔2026〕3号" {
			t.Fatalf("numbered %q: %v", r.DocNo, err)
		}
		p := Publication{On: day("2026-09-28"), Effective: day("2026-11-01"), Expires: day("2028-10-31"), Item: "item-1"}
		if r, err = desk.Publish(ctx, officer, r.ID, r.Version, p); err != nil || r.State != Published {
			t.Fatalf("%s: %v", r.State, err)
		}
		// R-NRM-30: published on 28 September, three working days over 国庆 end on 8 October.
		duties, err := desk.Watch(ctx, officer, "a")
		if err != nil || len(duties) != 2 || duties[0].Kind != OwesInterpretation || duties[0].Due != day("2026-10-08") || duties[0].Overdue ||
			duties[1].Kind != OwesFiling || duties[1].Due != day("2026-10-13") {
			t.Errorf("duties %+v, %v", duties, err)
		}
		at(d, "2026-10-09")
		if duties, _ = desk.Watch(ctx, officer, "a"); !duties[0].Overdue || duties[0].Left != -1 {
			t.Errorf("the day after, %+v", duties[0])
		}
		if r, err = desk.Interpret(ctx, officer, r.ID, r.Version, "item-2", day("2026-10-09")); err != nil {
			t.Fatal(err)
		}
		if r, err = desk.File(ctx, officer, r.ID, r.Version, "备〔2026〕8号", day("2026-10-09")); err != nil {
			t.Fatal(err)
		}
		at(d, "2026-11-01")
		if n, err := desk.Sweep(ctx, actor.System("normative.sweep")); n != 1 || err != nil {
			t.Fatalf("swept %d, %v", n, err)
		}
		if r, err = desk.Load(ctx, officer, r.ID); err != nil || r.State != InForce || r.Title != "某市市场准入若干规定" || len(r.Steps) != 6 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = desk.Change(ctx, officer, r.ID, r.Version, Change{On: day("2026-11-01"), Act: Extend, Until: day("2031-10-31")}); err != nil {
			t.Fatal(err)
		}
		at(d, "2026-12-30")
		if r, err = desk.End(ctx, officer, r.ID, r.Version, Ending{Act: Repeal, On: day("2026-12-30"), By: "某政发〔2026〕40号"}); err != nil || r.State != Repealed {
			t.Fatalf("%s, %v", r.State, err)
		}
		if _, err := desk.End(ctx, officer, r.ID, r.Version, Ending{Act: Repeal, On: day("2026-12-30"), By: "再废"}); !errors.Is(err, flow.ErrMove) {
			t.Errorf("repealed twice: %v", err)
		}
		entries := 0
		if err := d.View(ctx, func(tx *db.Tx) (err error) {
			entries, err = tx.Count("SELECT count(*) FROM audit_entry WHERE subject = 'normative' AND subject_id = $1", r.ID)
			return err
		}); err != nil || entries != 14 {
			t.Errorf("%d audit entries, want 14: one an act; %v", entries, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		stranger := actor.Actor{ID: "p2", Grants: []actor.Grant{{Role: actor.Officer, Agency: "b"}}}
		editor := actor.Actor{ID: "p3", Grants: []actor.Grant{{Role: actor.Editor, Agency: "a"}}}
		r, err := desk.Create(ctx, officer, Draft{Agency: "a", Kind: Document, Title: "某规定"})
		if err != nil {
			t.Fatal(err)
		}
		legal := Step{Legal, day("2026-09-01"), day("2026-09-10"), true, "", ""}
		decision := Step{Collective, day("2026-09-15"), day("2026-09-15"), true, "", ""}
		acts := []struct {
			name string
			do   func() error
			want error
		}{
			{"create for another body", func() error {
				_, err := desk.Create(ctx, stranger, Draft{Agency: "a", Kind: Document, Title: "x"})
				return err
			}, actor.ErrForbidden},
			{"see another body's", func() error { _, err := desk.Load(ctx, stranger, r.ID); return err }, actor.ErrForbidden},
			{"list another body's", func() error { _, err := desk.List(ctx, stranger, Filter{Agency: "a"}); return err }, actor.ErrForbidden},
			{"an editor decides", func() error { _, err := desk.Put(ctx, editor, r.ID, 1, decision); return err }, actor.ErrForbidden},
			{"a stale page", func() error { _, err := desk.Put(ctx, officer, r.ID, 7, legal); return err }, ErrStale},
			{"no such record", func() error { _, err := desk.Load(ctx, officer, "none"); return err }, ErrNone},
			{"no title", func() error {
				_, err := desk.Create(ctx, officer, Draft{Agency: "a", Kind: Document, Title: " "})
				return err
			}, ErrTitle},
			{"no kind", func() error { _, err := desk.Create(ctx, officer, Draft{Agency: "a", Title: "x"}); return err }, ErrKind},
			{"a review in the future", func() error {
				_, err := desk.Put(ctx, officer, r.ID, 1, Step{Kind: Legal, From: day("2026-12-01"), To: day("2026-12-02"), Passed: true})
				return err
			}, ErrStepDates},
			{"number before the decision", func() error {
				_, err := desk.Number(ctx, officer, r.ID, 1, "某政规〔2026〕1号", day("2026-09-20"))
				return err
			}, flow.ErrMove},
			{"publish before the number", func() error { _, err := desk.Publish(ctx, officer, r.ID, 1, Publication{}); return err }, flow.ErrMove},
			{"sweep by a person", func() error { _, err := desk.Sweep(ctx, officer); return err }, actor.ErrForbidden},
			{"drop without a reason", func() error { _, err := desk.Drop(ctx, officer, r.ID, 1, ""); return err }, ErrReason},
		}
		for _, a := range acts {
			if err := a.do(); !errors.Is(err, a.want) {
				t.Errorf("%s: %v, want %v", a.name, err, a.want)
			}
		}
		if again, _ := desk.Load(ctx, officer, r.ID); again.Version != 1 {
			t.Errorf("a refused act changed the record: version %d", again.Version)
		}
	})
}

// existing is a record of agency a in force since 2024, for tests to change.
func existing(title, no string) Record {
	return Record{Agency: "a", Kind: Document, Title: title, DocNo: no, State: InForce,
		IssuedOn: day("2024-03-01"), PublishedOn: day("2024-03-05"), EffectiveOn: day("2024-04-01")}
}

func TestRegister(t *testing.T) {
	change := func(f func(*Record)) Record { r := existing("某办法", "某政规〔2024〕1号"); f(&r); return r }
	tests := []struct {
		name string
		r    Record
		want error
	}{
		{"in force", change(func(*Record) {}), nil},
		{"the same number again", change(func(*Record) {}), ErrTaken},
		{"another body's with that number", change(func(r *Record) { r.Agency = "b" }), actor.ErrForbidden},
		{"a draft", change(func(r *Record) { r.State = Drafting }), ErrState},
		{"repealed on no day", change(func(r *Record) { r.State = Repealed }), ErrEnd},
		{"in force and ended", change(func(r *Record) { r.EndedOn = day("2025-01-01") }), ErrEnd},
		{"expired with no term", change(func(r *Record) { r.State = Expired }), ErrExpires},
		{"expired tomorrow", change(func(r *Record) { r.State, r.ExpiresOn = Expired, day("2026-11-24") }), ErrExpires},
		{"issued after it was published", change(func(r *Record) { r.IssuedOn = day("2024-03-06") }), ErrPublished},
		{"no issue", change(func(r *Record) { r.IssuedOn = date.Date{} }), ErrIssued},
		{"never took effect", change(func(r *Record) { r.EffectiveOn = date.Date{} }), ErrEffective},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := newDesk(d)
		for _, tt := range tests {
			if _, err := desk.Register(t.Context(), officer, tt.r); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		over, err := desk.Register(t.Context(), officer, change(func(r *Record) { r.DocNo, r.ExpiresOn = "某政规〔2024〕2号", day("2026-11-22") }))
		if err != nil || over.State != Expired || over.EndedOn != day("2026-11-23") {
			t.Errorf("a term that ended yesterday: %+v, %v", over, err)
		}
	})
}

// Expiry: valid on its last day, expired the day after. R-NRM-15, R-NRM-19.
func TestSweepExpires(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		at(d, "2026-11-23")
		r := existing("某试行办法", "某政规〔2024〕9号")
		r.ExpiresOn = day("2026-12-31")
		kept, err := desk.Register(ctx, officer, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			on    string
			moved int
			state State
		}{{"2026-12-31", 0, InForce}, {"2027-01-01", 1, Expired}, {"2027-01-02", 0, Expired}} {
			at(d, tt.on)
			n, err := desk.Sweep(ctx, actor.System("normative.sweep"))
			if err != nil || n != tt.moved {
				t.Errorf("%s: %d moved, %v; want %d", tt.on, n, err, tt.moved)
			}
			if r, _ := desk.Load(ctx, officer, kept.ID); r.State != tt.state {
				t.Errorf("%s: %s, want %s", tt.on, r.State, tt.state)
			}
		}
	})
}

// The counts of the annual report, the truth written by hand. R-NRM-19, R-AR-07.
func TestCount(t *testing.T) {
	rec := func(id string, state State, issued, effective, expires, ended string) *Record {
		return &Record{ID: id, Kind: Document, State: state, IssuedOn: day(issued), PublishedOn: day(issued), EffectiveOn: day(effective), ExpiresOn: day(expires), EndedOn: day(ended)}
	}
	records := []*Record{
		rec("before the year", InForce, "2024-12-31", "2025-01-01", "", ""),
		rec("first day", InForce, "2025-01-01", "2025-01-01", "", ""),
		rec("last day", InForce, "2025-12-31", "2025-12-31", "", ""),
		rec("issued in the year, in force in the next", Published, "2025-12-20", "2026-01-20", "", ""),
		rec("next year", InForce, "2026-01-01", "2026-01-01", "", ""),
		rec("repealed on the first day", Repealed, "2020-05-01", "2020-06-01", "", "2025-01-01"),
		rec("repealed on the last day", Repealed, "2020-05-02", "2020-06-01", "", "2025-12-31"),
		rec("repealed from the next year on", Repealed, "2020-05-03", "2020-06-01", "", "2026-01-01"),
		rec("repealed the year before", Repealed, "2020-05-04", "2020-06-01", "", "2024-12-31"),
		rec("expired on 30 December", Expired, "2020-12-31", "2020-12-31", "2025-12-30", "2025-12-31"),
		rec("valid through the last day", Expired, "2020-12-31", "2021-01-01", "2025-12-31", "2026-01-01"),
		rec("term over, job not run", InForce, "2020-03-01", "2020-03-01", "2025-02-28", ""),
		rec("declared invalid", Invalidated, "2015-03-01", "2015-03-01", "", "2025-06-30"),
		rec("amended", Amended, "2019-03-01", "2019-03-01", "", ""),
		rec("issued and repealed in the year", Repealed, "2025-02-01", "2025-02-01", "", "2025-11-01"),
		rec("repealed after its term had run out", Repealed, "2018-01-01", "2018-01-01", "2023-12-31", "2025-05-01"),
		rec("a draft", LegalReview, "", "", "", ""),
		{ID: "a rule", Kind: RuleKind, State: InForce, IssuedOn: day("2025-03-01"), EffectiveOn: day("2025-04-01")},
	}
	got := Count(records, Document, 2025)
	for name, pair := range map[string][2][]string{
		"issued":      {got.Issued, {"first day", "last day", "issued in the year, in force in the next", "issued and repealed in the year"}},
		"repealed":    {got.Repealed, {"repealed on the first day", "repealed on the last day", "issued and repealed in the year"}},
		"in force":    {got.InForce, {"before the year", "first day", "last day", "repealed from the next year on", "valid through the last day", "amended"}},
		"expired":     {got.Expired, {"expired on 30 December", "term over, job not run"}},
		"invalidated": {got.Invalidated, {"declared invalid"}},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestCleaning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		at(d, "2026-11-23")
		ids := map[string]string{}
		for i, name := range []string{"甲办法", "乙办法", "丙办法", "丁办法", "旧办法"} {
			r := existing(name, "某政规〔2024〕"+string(rune('1'+i))+"号")
			if name == "旧办法" {
				r.State, r.EndedOn = Repealed, day("2025-01-01")
			}
			kept, err := desk.Register(ctx, officer, r)
			if err != nil {
				t.Fatal(err)
			}
			ids[name] = kept.ID
		}
		c, err := desk.Clean(ctx, officer, "a", "2026年规范性文件清理目录", day("2026-11-01"))
		if err != nil || len(c.Lines) != 4 {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := desk.Settle(ctx, officer, c.ID, c.Version, day("2026-11-20"), "某政发〔2026〕50号"); !errors.Is(err, ErrUnjudged) {
			t.Errorf("settled with lines undecided: %v", err)
		}
		for name, v := range map[string]Verdict{"甲办法": Continue, "乙办法": Revise, "丙办法": Cancel, "丁办法": Lapse} {
			if c, err = desk.Judge(ctx, officer, c.ID, c.Version, []string{ids[name]}, v, name+"的理由"); err != nil {
				t.Fatal(err)
			}
		}
		if c, err = desk.Settle(ctx, officer, c.ID, c.Version, day("2026-11-20"), "某政发〔2026〕50号"); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]State{"甲办法": InForce, "乙办法": InForce, "丙办法": Repealed, "丁办法": Invalidated} {
			r, err := desk.Load(ctx, officer, ids[name])
			if err != nil || r.State != want || want != InForce && (r.EndedOn != day("2026-11-20") || r.EndedBy != "某政发〔2026〕50号") {
				t.Errorf("%s: %+v, %v; want %s", name, r, err, want)
			}
		}
		if _, err := desk.Judge(ctx, officer, c.ID, c.Version, nil, Continue, ""); !errors.Is(err, ErrCleanDone) {
			t.Errorf("judged after it was settled: %v", err)
		}
		holdsCleaning(t, c)
	})
}

// holdsCleaning reads what the list prints back.
func holdsCleaning(t *testing.T, c *Cleaning) {
	t.Helper()
	var sheet, doc bytes.Buffer
	p := i18n.To(i18n.Chinese)
	if err := c.WriteXLSX(&sheet, p); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	if got := book.GetSheetList(); !slices.Equal(got, []string{"继续有效", "修改", "废止", "失效"}) {
		t.Errorf("sheets %v", got)
	}
	if rows, _ := book.GetRows("废止"); len(rows) != 2 || rows[1][1] != "丙办法" || rows[1][5] != "丙办法的理由" || rows[1][3] != "2024年3月1日" {
		t.Errorf("rows %v", rows)
	}
	if err := c.WriteDOCX(&doc, p, "某市人民政府"); err != nil {
		t.Fatal(err)
	}
	read, err := extract.Bytes(t.Context(), "清理目录.docx", doc.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, b := range read.Blocks {
		text += b.Text + "\n"
		if b.Table == nil {
			continue
		}
		for _, c := range slices.Concat(b.Table.Rows...) {
			text += c.Text + "\n"
		}
	}
	for _, want := range []string{"2026年规范性文件清理目录", "三、废止的文件（1件）", "丁办法", "2026年11月20日"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s:\n%s", want, text)
		}
	}
}

func TestListPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		for i := range 7 {
			r := existing("文件"+string(rune('A'+i)), "某政规〔2024〕"+string(rune('1'+i))+"号")
			r.IssuedOn = day("2024-02-01").Plus(i)
			if _, err := desk.Register(ctx, officer, r); err != nil {
				t.Fatal(err)
			}
		}
		titles := func(p Page) (s string) {
			for _, r := range p.Records {
				s += strings.TrimPrefix(r.Title, "文件")
			}
			return s
		}
		get := func(f Filter) Page {
			t.Helper()
			f.Agency, f.Limit = "a", 3
			p, err := desk.List(ctx, officer, f)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first := get(Filter{})
		second := get(Filter{After: first.Next})
		third := get(Filter{After: second.Next})
		back := get(Filter{Before: third.Prev})
		up := get(Filter{Up: true})
		upNext := get(Filter{Up: true, After: up.Next})
		upBack := get(Filter{Up: true, Before: upNext.Prev})
		for name, pair := range map[string][2]string{
			"first": {titles(first), "GFE"}, "second": {titles(second), "DCB"}, "third": {titles(third), "A"}, "back": {titles(back), "DCB"},
			"up": {titles(up), "ABC"}, "up next": {titles(upNext), "DEF"}, "up back": {titles(upBack), "ABC"},
			"text": {titles(get(Filter{Text: "件f"})), "F"}, "number": {titles(get(Filter{Text: "〕2号"})), "B"},
			"year": {titles(get(Filter{Year: 2023})), ""}, "state": {titles(get(Filter{States: []State{Repealed}})), ""}, "kind": {titles(get(Filter{Kind: RuleKind})), ""},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s, want %s", name, pair[0], pair[1])
			}
		}
		if first.Total != 7 || first.Prev != "" || third.Next != "" || up.Prev != "" || upBack.Prev != "" || back.Prev == "" {
			t.Errorf("total %d, borders %q %q %q %q", first.Total, first.Prev, third.Next, up.Prev, back.Prev)
		}
	})
}

func TestRules(t *testing.T) {
	change := func(f func(*Record)) *Record {
		r := existing("某办法", "某政规〔2024〕1号")
		r.ExpiresOn, r.FiledOn = day("2029-03-31"), day("2024-03-10")
		f(&r)
		return &r
	}
	tests := []struct {
		name string
		r    *Record
		want []string
	}{
		{"nothing to say", change(func(*Record) {}), nil},
		{"R-NRM-15: no term", change(func(r *Record) { r.ExpiresOn = date.Date{} }), []string{"normative.check.no_term"}},
		{"R-NRM-15: a day too long", change(func(r *Record) { r.ExpiresOn = day("2029-04-01") }), []string{"normative.check.long_term"}},
		{"R-NRM-15: six months before the end", change(func(r *Record) { r.ExpiresOn = day("2027-05-23") }), []string{"normative.check.evaluation"}},
		{"R-NRM-15: a day more than six months", change(func(r *Record) { r.ExpiresOn = day("2027-05-24") }), nil},
		{"R-NRM-14a: in force on the day of publication", change(func(r *Record) { r.Market, r.EffectiveOn, r.ExpiresOn = true, r.PublishedOn, day("2029-03-04") }), []string{"normative.check.transition"}},
		{"R-NRM-16: never filed", change(func(r *Record) { r.FiledOn, r.Steps = date.Date{}, []Step{{Kind: Legal}} }), []string{"normative.check.filing"}},
		{"R-NRM-16: entered as it stands", change(func(r *Record) { r.FiledOn = date.Date{} }), nil},
		{"R-NRM-30: not interpreted", change(func(r *Record) { r.Interpret = true }), []string{"normative.check.uninterpreted"}},
		{"R-NRM-30: on the third working day", change(func(r *Record) { r.Interpret, r.InterpretedOn = true, day("2024-03-08") }), nil},
		{"R-NRM-30: a working day late", change(func(r *Record) { r.Interpret, r.InterpretedOn = true, day("2024-03-11") }), []string{"normative.check.interpreted_late"}},
		{"R-NRM-07: a whole headnote", change(func(r *Record) {
			r.Kind, r.DocNo, r.Headnote = RuleKind, "某市人民政府令第5号", "（2024年3月1日某市人民政府令第5号公布 自2024年4月1日起施行）"
		}), nil},
		{"R-NRM-07: without the day of taking effect", change(func(r *Record) {
			r.Kind, r.DocNo, r.Headnote = RuleKind, "某市人民政府令第5号", "（2024年3月1日某市人民政府令第5号公布）"
		}), []string{"normative.check.headnote"}},
		{"a draft owes nothing", change(func(r *Record) { r.State, r.Interpret = Drafting, true }), nil},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range check.Run(Rules, Subject{tt.r, workday.Embedded(), Usual, day("2026-11-23")}) {
			got = append(got, f.Message.Key)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Of many who end the same document at once, one does.
func TestConcurrentEndings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, ctx := newDesk(d), t.Context()
		r, err := desk.Register(ctx, officer, existing("某办法", "某政规〔2024〕1号"))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		errs := make([]error, 40)
		for i := range errs {
			all.Go(func() {
				act := Repeal
				if i%2 == 0 {
					act = Invalidate
				}
				_, errs[i] = desk.End(ctx, officer, r.ID, r.Version, Ending{Act: act, On: day("2026-11-23"), Reason: "清理"})
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, ErrStale) {
				t.Errorf("refused with %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d ended it, want 1", won)
		}
	})
}
