package cycle

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/decimal"
)

func TestFlowIsSound(t *testing.T) {
	if err := Flow.Check(Start); err != nil {
		t.Error(err)
	}
	for _, s := range States {
		if Word(string(s)).Key == "" {
			t.Errorf("%s has no name", s)
		}
	}
	if len(States) != len(Flow.States()) {
		t.Errorf("%d states listed, %d in the table", len(States), len(Flow.States()))
	}
	if !Flow.Final(Superseded) || Flow.May(Locked, Edit) || Flow.May(Locked, Return) {
		t.Error("a locked report is corrected by a new version alone")
	}
}

// The whole path of articles 49 and 50, from the records to the lock, and a correction after it.
func TestAReportFromTheRecordsToTheLockAndItsCorrection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx, ok := t.Context(), must[*Version](t)
		w.requests[w.civil] = requests(7, 2)
		v := w.sign(w.civil)
		if v.State != Signed || v.SignedOn.String() != "2027-01-11" || v.Digest == "" {
			t.Fatalf("signed: %+v", v)
		}
		// The text says what the tables say: 9 new (7 and 2), 7 done, 2 carried over.
		for _, want := range []string{"全年新收到政府信息公开申请9件，上年结转0件；办结7件，结转下年度继续办理2件", "以网络方式提出的7件，以信函方式提出的2件", "2026年度没有收取政府信息公开信息处理费"} {
			if !strings.Contains(v.Body.Text("s1")+v.Body.Text("s6"), want) {
				t.Errorf("the text lacks %q:\n%s", want, v.Body.Text("s1"))
			}
		}
		// Before it is submitted the supervising body sees nothing of it, the public neither.
		if _, err := w.Get(ctx, w.supervisor(), v.ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("the supervisor saw a report not submitted: %v", err)
		}
		if _, _, err := (&shelf.Reader{DB: d}).Report(ctx, w.civil, 2026); !errors.Is(err, shelf.ErrNone) {
			t.Errorf("the public saw a report not published: %v", err)
		}
		var told []string
		w.Published = func(_ *db.Tx, v *Version) error {
			told = append(told, fmt.Sprintf("%d %d %s", v.Year, v.No, v.State))
			return nil
		}
		v = w.release(v)
		if v.State != Published || v.PublishedAt.IsZero() || len(told) != 1 || told[0] != "2026 1 published" {
			t.Fatalf("published: %s, told %q", v.State, told)
		}
		if _, err := w.shelf.Read(ctx, actor.System("annual.read"), v.Item); err != nil {
			t.Fatal(err)
		}
		_, public, err := (&shelf.Reader{DB: d}).Report(ctx, w.civil, 2026)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := public.Value("T3.new.natural"); n != decimal.Int(9) {
			t.Errorf("the public reads %s new requests, want 9", n)
		}
		v = ok(w.HandUp(ctx, w.officer(w.civil), v.ID, v.Version))
		if v.State != Submitted || v.Receiver != w.city {
			t.Fatalf("submitted: %s to %s", v.State, v.Receiver)
		}
		b := must[*Board](t)(w.Board(ctx, w.supervisor(), w.city, 2026))
		if b.Expected != 2 || b.Submitted != 1 || b.Late != 0 {
			t.Errorf("board: %d expected, %d submitted, %d late", b.Expected, b.Submitted, b.Late)
		}
		v = ok(w.Take(ctx, w.supervisor(), v.ID, v.Version))
		v = ok(w.LockIt(ctx, w.supervisor(), v.ID, v.Version))
		if _, err := w.Write(ctx, w.officer(w.civil), v.ID, v.Version, map[string]string{"s5": "改"}); err == nil {
			t.Error("a locked report was written in")
		}
		w.correct(v)
	})
}

// correct opens, signs, publishes and submits a second version; the first counts until then.
func (w *world) correct(v *Version) {
	t, ctx, ok := w.t, w.t.Context(), must[*Version](w.t)
	t.Helper()
	if _, err := w.CorrectIt(ctx, w.officer(w.civil), v.ID, v.Version, " "); !errors.Is(err, ErrReason) {
		t.Errorf("corrected without a reason: %v", err)
	}
	signed := v.Digest
	next := ok(w.CorrectIt(ctx, w.officer(w.civil), v.ID, v.Version, "漏报一件申请"))
	if next.No != 2 || next.State != Drafting || next.Reason != "漏报一件申请" {
		t.Fatalf("the new version: %+v", next)
	}
	w.requests[w.civil] = requests(8, 2)
	next = ok(w.Recompile(ctx, w.officer(w.civil), next.ID, next.Version))
	next = w.release(w.toSigned(next))
	next = ok(w.HandUp(ctx, w.officer(w.civil), next.ID, next.Version))
	l := must[*Look](t)(w.Get(ctx, w.supervisor(), v.ID))
	if l.State != Locked || l.Digest != signed || l.Figures["T3.new.total"].Value != decimal.Int(9) {
		t.Errorf("what was signed and locked has changed: %s %s", l.State, l.Figures["T3.new.total"].Value)
	}
	next = ok(w.Take(ctx, w.supervisor(), next.ID, next.Version))
	l = must[*Look](t)(w.Get(ctx, w.supervisor(), v.ID))
	if l.State != Superseded || next.Figures["T3.new.total"].Value != decimal.Int(10) {
		t.Errorf("after the correction: %s, %s", l.State, next.Figures["T3.new.total"].Value)
	}
}

// R-AR-25: what only people know is marked, and nobody goes on over a mark.
func TestMarksInTheTextBlock(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	c := requests(7, 2)
	c.Facts.Overdue, c.Facts.Extended, c.Facts.Completed, c.Facts.Consulted, c.Facts.FeeNotices, c.Facts.Fees = 1, 2, 3, 4, 1, decimal.Int(500)
	for _, k := range []string{"T4.review.corrected", "T4.review.total"} {
		c.Cells[k] = 1
	}
	w.requests[w.civil] = c
	v := must[*Version](t)(w.Begin(t.Context(), w.officer(w.civil), w.civil, 2026))
	_, err := w.CheckIt(t.Context(), w.officer(w.civil), v.ID, v.Version)
	if !errors.Is(err, ErrFaults) {
		t.Fatalf("passed over the marks: %v", err)
	}
	l := must[*Look](t)(w.Get(t.Context(), w.officer(w.civil), v.ID))
	marks := 0
	for _, f := range l.Findings {
		switch {
		case f.Code == "R-AR-25" && f.Blocks:
			marks++
			if _, err := w.Explain(t.Context(), w.officer(w.civil), v.ID, v.Version, f.ID, "以后补"); !errors.Is(err, ErrFixed) {
				t.Errorf("a mark was explained away: %v", err)
			}
		case f.Open():
			t.Errorf("of its own the prefilled text has %s %v %s", f.Code, f.Message, f.Working)
		}
	}
	if marks == 0 {
		t.Error("no mark was found")
	}
}

// The numbers of untouched lines follow the records; what a person wrote stays and is checked.
func TestTheTextFollowsTheFigures(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, ok := t.Context(), must[*Version](t)
	v := ok(w.Begin(ctx, w.officer(w.civil), w.civil, 2026))
	lines := strings.Split(v.Body.Text("s1"), "\n")
	lines[0] = "（一）主动公开。本机关依法公开政府信息。"
	v = ok(w.Write(ctx, w.officer(w.civil), v.ID, v.Version, map[string]string{"s1": strings.Join(lines[:len(lines)-1], "\n") + "\n本机关全年新收到政府信息公开申请4件。"}))
	w.requests[w.civil] = requests(5, 1)
	v = ok(w.Recompile(ctx, w.officer(w.civil), v.ID, v.Version))
	text := v.Body.Text("s1")
	if !strings.Contains(text, "全年新收到政府信息公开申请6件") || !strings.HasPrefix(text, lines[0]) {
		t.Errorf("after the records changed:\n%s", text)
	}
	if !strings.Contains(text, "本机关全年新收到政府信息公开申请4件") || strings.Contains(text, "（五）监督保障。（待补充") {
		t.Errorf("what a person wrote or took out came back:\n%s", text)
	}
	l := must[*Look](t)(w.Get(ctx, w.officer(w.civil), v.ID))
	told := false
	for _, f := range l.Findings {
		told = told || f.Code == "R-AR-14" && f.Open()
	}
	if !told {
		t.Error("4件 in a text over a table of 6 was not found (R-AR-14)")
	}
}

// What would break a sum is refused when it is entered.
func TestFiguresTypedInKeepTheSums(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, by := t.Context(), w.officer(w.civil)
	v := must[*Version](t)(w.Begin(ctx, by, w.civil, 2026))
	one := func(k form.Key, n int64) map[form.Key]Change { return map[form.Key]Change{k: {Value: decimal.Int(n)}} }
	for _, test := range []struct {
		name   string
		cells  map[form.Key]Change
		reason string
		want   error
	}{
		{"without a basis", one("T3.new.natural", 5), " ", ErrReason},
		{"a new request without what became of it", one("T3.new.natural", 5), "登记簿", ErrSums},
		{"less than nought", one("T3.new.natural", -1), "登记簿", ErrCell},
		{"a cell the form lacks", one("T3.new.nobody", 1), "登记簿", ErrCell},
		{"half a case", map[form.Key]Change{"T3.new.natural": {Value: decimal.Int(1) / 2}}, "登记簿", ErrCell},
		{"a total other than its parts", one("T4.review.total", 3), "登记簿", ErrSums},
		{"nothing", nil, "登记簿", ErrNothing},
	} {
		if _, err := w.Enter(ctx, by, v.ID, v.Version, test.cells, test.reason); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	v, err := w.Enter(ctx, by, v.ID, v.Version, map[form.Key]Change{"T3.new.biz": {Value: decimal.Int(3)}, "T3.carry_out.biz": {Value: decimal.Int(3)}}, "纸质登记簿3件")
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range map[form.Key]string{"T3.new.biz": "3 entered", "T3.new.total": "7 sum", "T3.carry_out.total": "3 sum", "T3.new.natural": "4 records", "T3.done.total.total": "4 records"} {
		f := v.Figures[k]
		if got := f.Value.String() + " " + string(f.Origin); got != want {
			t.Errorf("%s is %s, want %s", k, got, want)
		}
	}
	if !strings.Contains(v.Body.Text("s1"), "全年新收到政府信息公开申请7件") {
		t.Error("the text does not follow what was typed in")
	}
	v = must[*Version](t)(w.Recompile(ctx, by, v.ID, v.Version))
	if v.Figures["T3.new.total"].Value != decimal.Int(7) {
		t.Error("compiling anew lost what was typed in")
	}
	v = must[*Version](t)(w.Enter(ctx, by, v.ID, v.Version, map[form.Key]Change{"T3.new.biz": {None: true}, "T3.carry_out.biz": {None: true}}, "登记有误"))
	if f := v.Figures["T3.new.total"]; f.Value != decimal.Int(4) || f.Origin != FromRecords {
		t.Errorf("taken back: %+v", f)
	}
}

// Bodies that keep requests elsewhere type tables three and four in.
func TestWithoutRecordsFiguresAreTypedIn(t *testing.T) {
	for name, source := range map[string]Source{"nobody records requests": nil, "this body does not": func(*db.Tx, string, int) (Counted, error) { return Counted{}, nil }} {
		t.Run(name, func(t *testing.T) { typedIn(t, source) })
	}
}

func typedIn(t *testing.T, source Source) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Source = source
	ctx, by := t.Context(), w.officer(w.civil)
	v := must[*Version](t)(w.Begin(ctx, by, w.civil, 2026))
	if v.Facts.Kept || strings.Contains(v.Body.Text("s6"), "没有收取政府信息公开信息处理费") {
		t.Errorf("the text tells of requests nobody recorded: %s", v.Body.Text("s6"))
	}
	if n := len(v.Missing()); n != 190 { // 175 of table three, 15 of table four
		t.Errorf("%d cells lack a figure, want 190", n)
	}
	cells := map[form.Key]Change{}
	for _, k := range v.Missing() {
		cells[k] = Change{Value: 0}
	}
	for _, k := range []form.Key{"T3.new.natural", "T3.new.total", "T3.done.open.natural", "T3.done.open.total", "T3.done.total.natural", "T3.done.total.total"} {
		cells[k] = Change{Value: decimal.Int(2)}
	}
	v = must[*Version](t)(w.Enter(ctx, by, v.ID, v.Version, cells, "申请登记簿"))
	if len(v.Missing()) != 0 || !strings.Contains(v.Body.Text("s1"), "办结2件") {
		t.Errorf("%d cells lack a figure; %s", len(v.Missing()), v.Body.Text("s1"))
	}
}

// Compiling, reviewing and signing are three people's; what was changed meanwhile is not signed.
func TestPeopleAndContentOfTheSteps(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, ok := t.Context(), must[*Version](t)
	v := w.explain(w.fill(ok(w.Begin(ctx, w.officer(w.civil), w.civil, 2026))))
	v = ok(w.CheckIt(ctx, w.officer(w.civil), v.ID, v.Version))
	v = ok(w.HandIn(ctx, w.officer(w.civil), v.ID, v.Version))
	author := w.officer(w.civil)
	author.Grants = append(author.Grants, actor.Grant{Role: actor.Reviewer2, Agency: w.civil})
	both := w.who("both", actor.Reviewer2, w.civil)
	both.Grants = append(both.Grants, actor.Grant{Role: actor.Reviewer3, Agency: w.civil})
	for _, test := range []struct {
		name string
		do   func() error
		want error
	}{
		{"the author reviews", func() error {
			_, err := w.Review(ctx, author, v.ID, Judgement{Version: v.Version, Hash: v.Hash})
			return err
		}, ErrPerson},
		{"an editor reviews", func() error {
			_, err := w.Review(ctx, w.who("e", actor.Editor, w.civil), v.ID, Judgement{Version: v.Version, Hash: v.Hash})
			return err
		}, actor.ErrForbidden},
		{"another body's reviewer", func() error {
			_, err := w.Review(ctx, w.who("r", actor.Reviewer2, w.science), v.ID, Judgement{Version: v.Version, Hash: v.Hash})
			return err
		}, actor.ErrForbidden},
		{"other content than was seen", func() error {
			_, err := w.Review(ctx, both, v.ID, Judgement{Version: v.Version, Hash: "x"})
			return err
		}, ErrChanged},
		{"an older version of the record", func() error {
			_, err := w.Review(ctx, both, v.ID, Judgement{Version: v.Version - 1, Hash: v.Hash})
			return err
		}, ErrStale},
		{"sent back without words", func() error {
			_, err := w.Review(ctx, both, v.ID, Judgement{Version: v.Version, Hash: v.Hash, Back: true})
			return err
		}, ErrReason},
	} {
		if err := test.do(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	v = ok(w.Review(ctx, both, v.ID, Judgement{Version: v.Version, Hash: v.Hash}))
	if _, err := w.SignOff(ctx, both, v.ID, Judgement{Version: v.Version, Hash: v.Hash}); !errors.Is(err, ErrPerson) {
		t.Errorf("the reviewer signed: %v", err)
	}
}

// Article 49: by 31 January. Who signs later, or before the year is over, says why.
func TestTheDayOfSigning(t *testing.T) {
	for _, test := range []struct {
		name    string
		m, d, y int
		words   string
		want    error
	}{
		{"before the year is over", 12, 30, 2026, "", ErrDay},
		{"before the year is over, with the reason", 12, 30, 2026, "机构撤销", nil},
		{"on the last day", 1, 31, 2027, "", nil},
		{"the day after", 2, 1, 2027, "", ErrDay},
		{"the day after, with the reason", 2, 1, 2027, "系统故障", nil},
	} {
		w := newWorld(t, dbtest.SQLite(t))
		w.at(test.y, test.m, test.d)
		ctx, ok := t.Context(), must[*Version](t)
		v := w.explain(w.fill(ok(w.Begin(ctx, w.officer(w.civil), w.civil, 2026))))
		v = ok(w.CheckIt(ctx, w.officer(w.civil), v.ID, v.Version))
		v = ok(w.HandIn(ctx, w.officer(w.civil), v.ID, v.Version))
		v = ok(w.Review(ctx, w.who("reviewer", actor.Reviewer2, w.civil), v.ID, Judgement{Version: v.Version, Hash: v.Hash}))
		_, err := w.SignOff(ctx, w.who("head", actor.Reviewer3, w.civil), v.ID, Judgement{Version: v.Version, Hash: v.Hash, Text: test.words})
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// What goes public is what was signed: a draft of it that somebody changed is refused, and so is
// one whose signature was taken back.
func TestOnlyWhatWasSignedGoesPublic(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, ok := t.Context(), must[*Version](t)
	editor := w.who("editor", actor.Editor, w.civil)
	v := ok(w.Offer(ctx, editor, w.sign(w.civil).ID, latest(w, w.civil)))
	f, err := w.Items.Look(ctx, editor, v.Edition)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Edition.Attachments); n != 2 {
		t.Errorf("%d files are attached, want DOCX and PDF", n)
	}
	c := f.Edition.Content
	c.Body = strings.Replace(c.Body, "全年新收到政府信息公开申请4件", "全年新收到政府信息公开申请3件", 1)
	if _, err := w.Items.Save(ctx, editor, v.Edition, f.Edition.Version, c); err != nil {
		t.Fatal(err)
	}
	if err := w.tryPublish(w.civil, v.Edition); !errors.Is(err, ErrAltered) {
		t.Fatalf("an altered report went public: %v", err)
	}
	if _, err := w.Offer(ctx, editor, v.ID, v.Version); !errors.Is(err, ErrDrafted) {
		t.Errorf("drafted twice: %v", err)
	}
	v = ok(w.Reopen(ctx, w.officer(w.civil), v.ID, v.Version, "文字有误"))
	if v.State != Drafting || v.Digest != "" {
		t.Errorf("taken back: %s %s", v.State, v.Digest)
	}
	if n := signatures(t, w.DB, v.ID); n != 1 {
		t.Errorf("%d signed files are kept, want the one taken back", n)
	}
}

// latest is the version of a body's newest record.
func latest(w *world, body string) int64 {
	v := must[*Version](w.t)(w.Opened(w.t.Context(), w.officer(body), body, 2026))
	return v.Version
}

func signatures(t *testing.T, d *db.DB, report string) (n int) {
	t.Helper()
	err := d.View(t.Context(), func(tx *db.Tx) (err error) {
		n, err = tx.Count("SELECT count(*) FROM report_signed WHERE report = $1", report)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
