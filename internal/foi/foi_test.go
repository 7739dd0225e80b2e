package foi

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
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

func day(s string) date.Date {
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// bureau is a body with the people its requests take, and a desk.
type bureau struct {
	*Desk
	t                                          *testing.T
	id                                         string
	officer, second, handler, legal, sec, head actor.Actor
	stranger                                   actor.Actor
}

func person(id, agency string, r actor.Role) actor.Actor {
	return actor.Actor{ID: id, Name: "职员" + id, Grants: []actor.Grant{{Role: r, Agency: agency}}}
}

func newBureau(t *testing.T, d *db.DB) *bureau {
	t.Helper()
	at(d, "2026-03-02")
	keys, err := secret.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open(d, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	program := actor.System("test")
	r := &agency.Registry{DB: d}
	a, err := r.Create(t.Context(), program, agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{Name: "虚构市民政局", ShortName: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
	if err != nil {
		t.Fatal(err)
	}
	officer := person("officer", a.ID, actor.Officer)
	if _, err := r.SetContact(t.Context(), officer, agency.Contact{Agency: a.ID, Office: "办公室", Address: "虚构市一号路1号", Hours: "工作日9时至17时", Phone: "0000-1234567", Postcode: "100000", Online: "https://mz.example.gov.cn", Email: "mz@example.gov.cn", Fax: "0000-7654321"}); err != nil {
		t.Fatal(err)
	}
	b := &bureau{
		Desk: &Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: files, Address: "https://www.example.gov.cn/request.html"},
		t:    t, id: a.ID, officer: officer, second: person("second", a.ID, actor.Officer), handler: person("handler", a.ID, actor.Handler),
		legal: person("legal", a.ID, actor.Legal), sec: person("sec", a.ID, actor.Secrecy), head: person("head", a.ID, actor.Head),
		stranger: person("stranger", "elsewhere", actor.Officer),
	}
	s := Usual()
	s.ReviewOnline = "https://fy.example.gov.cn"
	s.Authorities, s.Courts, s.Charges, s.HowToPay = []string{"虚构市人民政府"}, []string{"虚构市某区人民法院"}, true, "到虚构银行缴入市级国库"
	b.must(b.SaveSettings(t.Context(), officer, a.ID, s))
	return b
}

func at(d *db.DB, s string) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	d.Clock = func() time.Time { return t.Add(4 * time.Hour) }
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// do expects an act to succeed.
func (b *bureau) do(r *Request, err error) *Request {
	b.t.Helper()
	b.must(err)
	return r
}

func (b *bureau) refuses(want error, err error) {
	b.t.Helper()
	if !errors.Is(err, want) {
		b.t.Fatalf("%v, not %v", err, want)
	}
}

const (
	name    = "甲某某"
	card    = "110101199003070011"
	phone   = "13800000000"
	address = "虚构市二号路2号"
)

func asked() Application {
	return Application{
		Applicant: Applicant{Kind: Natural, Name: name, IDType: ChineseCard, IDNumber: card, Phone: phone, Address: address},
		Sought:    Sought{Name: "2025年度城市低保资金分配方案", Features: "虚构市民政局2025年度城市低保资金在各区的分配方案"},
		Form:      Electronic, Way: Online,
	}
}

func (b *bureau) register(on string) *Request {
	b.t.Helper()
	r, code, err := b.Register(b.t.Context(), b.officer, Registration{Agency: b.id, Channel: Counter, Received: day(on), Application: asked()})
	b.must(err)
	if len(plain(code)) != 16 {
		b.t.Fatalf("query code %q", code)
	}
	return r
}

// send finishes and sends the latest letter of a kind.
func (b *bureau) send(id string, code letter.Code, s Sending) *Request {
	b.t.Helper()
	r, err := b.trySend(id, code, s)
	return b.do(r, err)
}

func (b *bureau) trySend(id string, code letter.Code, s Sending) (*Request, error) {
	b.t.Helper()
	v, err := b.Load(b.t.Context(), b.officer, id, false)
	b.must(err)
	for i := len(v.Letters) - 1; i >= 0; i-- {
		l := v.Letters[i]
		if l.Code != code || l.State == Sent || l.State == Voided {
			continue
		}
		if l.State == Drafted {
			if _, err := b.FinishLetter(b.t.Context(), b.officer, id, l.ID, 0, ""); err != nil {
				return nil, err
			}
		}
		return b.SendLetter(b.t.Context(), b.officer, id, l.ID, 0, s)
	}
	b.t.Fatalf("there is no letter %s to send", code)
	return nil, nil
}

func (b *bureau) clock(id string) *View {
	b.t.Helper()
	v, err := b.Load(b.t.Context(), b.officer, id, false)
	b.must(err)
	return v
}

// The whole way of a hard request: correction, consultation, extension, partial disclosure with a
// redacted file, three reviews, delivery. Expected dates were counted by hand on the calendar of 2026.
func TestTheWholeWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		if r.No != "202600001" || r.State != Handling || r.Due != day("2026-03-30") {
			t.Fatalf("registered: %s %s %s", r.No, r.State, r.Due)
		}
		b.do(b.AskCorrection(ctx, b.officer, r.ID, r.Version, Correction{What: "没有写明需要哪一种分配方案", Guidance: "请写明是按区还是按项目的分配方案", Days: 10}))
		at(d, "2026-03-11") // the seventh working day: R-DL-07
		r = b.send(r.ID, "L02", Sending{Way: Online, On: day("2026-03-11")})
		if r.State != Correcting {
			t.Fatalf("after the notice: %s", r.State)
		}
		at(d, "2026-03-20")
		r = b.do(b.Correct(ctx, b.officer, r.ID, r.Version, day("2026-03-20"), "按区的分配方案", nil))
		if r.State != Handling || r.Due != day("2026-04-20") { // R-DL-08
			t.Fatalf("corrected: %s, due %s", r.State, r.Due)
		}
		r = b.do(b.Assign(ctx, b.officer, r.ID, r.Version, Assignment{Department: "社会救助科", Handlers: []string{"handler"}, Names: []string{"职员handler"}}))
		r = b.do(b.RecordSearch(ctx, b.handler, r.ID, r.Version, SearchRecord{Systems: "公文系统", Archives: "2025年文书档案", Words: "低保 分配", People: "职员handler", From: day("2026-03-20"), To: day("2026-03-20"), Result: "找到分配方案一份", Found: true}))
		file, err := b.AddFile(ctx, b.handler, r.ID, Upload{Kind: Redacted, Name: "分配方案（遮盖后）.pdf", Data: []byte("%PDF-1.7\nredacted")})
		b.must(err)
		r = b.do(b.Consult(ctx, b.officer, r.ID, 0, Consultation{Party: ThirdParty, Name: "虚构甲公司", Content: "方案附件中贵公司的报价", Concern: "商业秘密"}))
		at(d, "2026-04-10")
		r = b.send(r.ID, "L05", Sending{Way: ByEMS, On: day("2026-04-10"), Tracking: "EX000000001CN"})
		at(d, "2026-04-30")
		r = b.do(b.ConsultationAnswered(ctx, b.officer, r.ID, r.Version, 1, OpinionGiven{On: day("2026-04-30"), Text: "报价是商业秘密"}))
		// (04-10, 04-30] are 14 working days; 04-20 and 14 working days more, with the
		// make-up Saturday 05-09: 05-12.
		if r.Due != day("2026-05-12") {
			t.Fatalf("after the consultation due %s", r.Due)
		}
		r = b.do(b.ProposeExtension(ctx, b.officer, r.ID, r.Version, 10, "需要核对附件"))
		b.refuses(actor.ErrForbidden, second(b.ApproveExtension(ctx, b.officer, r.ID, r.Version, true, "")))
		r = b.do(b.ApproveExtension(ctx, b.head, r.ID, r.Version, true, ""))
		at(d, "2026-05-12")
		r = b.send(r.ID, "L04", Sending{Way: Online, On: day("2026-05-12")})
		if r.Due != day("2026-05-26") || !r.Extended {
			t.Fatalf("extended: due %s", r.Due)
		}
		original, err := b.AddFile(ctx, b.handler, r.ID, Upload{Kind: Found, Name: "分配方案.pdf", Data: []byte("%PDF-1.7\nwhole")})
		b.must(err)
		b.refuses(ErrUnredacted, second(b.Propose(ctx, b.officer, r.ID, 0, Decision{Outcome: outcome.Partial, Files: []string{file, original}, Answers: []letter.Answer{{
			Provided: []letter.Paper{{Title: "甲"}}, Withheld: []letter.Withheld{{What: "乙", Outcome: string(outcome.Third), Reason: "丙"}},
		}}})))
		r = b.do(b.Propose(ctx, b.officer, r.ID, 0, Decision{Outcome: outcome.Partial, Files: []string{file}, Answers: []letter.Answer{{
			Finding: "本机关制作有该方案", Provided: []letter.Paper{{Title: "2025年度城市低保资金分配方案", Pages: 3}},
			Obtain:   letter.Obtain{Way: "在政府信息公开系统下载", Time: "收到本答复书之日起"},
			Withheld: []letter.Withheld{{What: "附件第二栏", Outcome: string(outcome.Third), Class: "商业秘密", Reason: "涉及第三方商业秘密，第三方不同意公开"}},
		}}}))
		b.refuses(ErrOrder, second(b.Review(ctx, b.head, r.ID, r.Version, Leadership, true, "")))
		r = b.do(b.Review(ctx, b.sec, r.ID, r.Version, SecrecyReview, true, ""))
		r = b.do(b.Review(ctx, b.head, r.ID, r.Version, Leadership, true, ""))
		if r.State != Approved {
			t.Fatalf("reviewed: %s", r.State)
		}
		at(d, "2026-05-26")
		r = b.send(r.ID, "L12", Sending{Way: Online, On: day("2026-05-26")})
		if r.State != Closed || r.Outcome != outcome.Partial || r.Late || r.ClosedOn != day("2026-05-26") {
			t.Fatalf("delivered: %+v", r)
		}
		v := b.clock(r.ID)
		code, err := b.Load(ctx, b.officer, r.ID, true)
		b.must(err)
		p, err := b.Follow(ctx, code.Record.Code)
		b.must(err)
		if len(p.Letters) != 3 || len(p.Files) != 1 || v.Clock.Overdue {
			t.Fatalf("the applicant sees %d letters and %d files", len(p.Letters), len(p.Files))
		}
		if _, err := audit.Verify(ctx, d); err != nil {
			t.Fatal(err)
		}
	})
}

func second(_ *Request, err error) error { return err }

// What the record seals stands nowhere in the tables in the open, not in the audit either.
func TestNothingPersonalInTheTables(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		a := asked()
		a.Sought.Features += "，本人" + name + "，电话" + phone
		r, code, err := b.Submit(ctx, Submission{Agency: b.id, Channel: Web, Application: a, Files: []Upload{{Kind: IdentityFile, Name: name + "身份证.jpg", Data: []byte("\xff\xd8\xff" + card)}}})
		b.must(err)
		b.do(b.Confirm(ctx, b.officer, r.ID, r.Version, day("2026-03-02"), ""))
		for _, l := range b.clock(r.ID).Letters {
			b.do(b.FinishLetter(ctx, b.officer, r.ID, l.ID, 0, ""))
		}
		must2(b.Load(ctx, b.officer, r.ID, true))
		b.must(d.View(ctx, func(tx *db.Tx) error {
			tables, err := tx.Tables()
			if err != nil {
				return err
			}
			for _, table := range tables {
				if err := tx.EachRow(table, func(row db.Row) error {
					text, err := row.MarshalJSON()
					for _, personal := range []string{name, card, phone, address, code, strings.ReplaceAll(code, "-", "")} {
						if strings.Contains(string(text), personal) {
							t.Errorf("%s holds %s in the open", table.Name, personal)
						}
					}
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		}))
		v := b.clock(r.ID)
		if v.Record.Application.Applicant.Name == name || v.Record.Code != "" {
			t.Error("who looks without asking to see in full sees the applicant")
		}
	})
}

func must2(_ *View, err error) {
	if err != nil {
		panic(err)
	}
}

// The limits of the statute, each on its last day and the day after.
func TestLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()

		// Art. 30: seven working days after 2026-03-02 is 2026-03-11.
		late := b.register("2026-03-02")
		b.do(b.AskCorrection(ctx, b.officer, late.ID, 0, Correction{What: "甲", Guidance: "乙", Days: 5}))
		at(d, "2026-03-12")
		b.refuses(ErrCorrectLate, second(b.trySend(late.ID, "L02", Sending{Way: Online, On: day("2026-03-12")})))
		b.refuses(ErrCorrectLate, second(b.AskCorrection(ctx, b.officer, late.ID, 0, Correction{What: "甲", Guidance: "乙", Days: 5})))

		// Art. 33: the period ends on 2026-03-30; an extension is approved and told by then.
		late = b.do(b.ProposeExtension(ctx, b.officer, late.ID, 0, 20, "材料多"))
		b.refuses(ErrExtendDays, second(b.ProposeExtension(ctx, b.officer, late.ID, 0, 21, "材料多")))
		b.refuses(ErrExtendDays, second(b.ProposeExtension(ctx, b.officer, late.ID, 0, 0, "材料多")))
		at(d, "2026-03-30")
		b.do(b.ApproveExtension(ctx, b.head, late.ID, 0, true, ""))
		for _, l := range b.clock(late.ID).Letters {
			if l.Code == "L04" {
				b.do(b.FinishLetter(ctx, b.officer, late.ID, l.ID, 0, ""))
			}
		}
		at(d, "2026-03-31")
		b.refuses(ErrExtendLate, second(b.trySend(late.ID, "L04", Sending{Way: Online, On: day("2026-03-31")})))
		if v := b.clock(late.ID); v.Clock.Due != day("2026-03-30") || !v.Clock.Overdue {
			t.Errorf("an extension nobody was told of moved the clock: %s", v.Clock.Due)
		}
		b.refuses(ErrFuture, second(b.trySend(late.ID, "L04", Sending{Way: Online, On: day("2026-04-01")})))
	})
}

// Who was asked to correct and let the period pass is answered no more; not a day before.
func TestLapse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		b.do(b.AskCorrection(ctx, b.officer, r.ID, 0, Correction{What: "甲", Guidance: "乙", Days: 5}))
		b.send(r.ID, "L02", Sending{Way: Online, On: day("2026-03-02")}) // five working days: 03-09
		at(d, "2026-03-09")
		program := actor.System(WatchJob)
		if n, err := b.Watch(ctx, program); n != 0 || err != nil {
			t.Fatalf("on the last day: %d, %v", n, err)
		}
		at(d, "2026-03-10")
		if n, err := b.Watch(ctx, program); n != 1 || err != nil {
			t.Fatalf("the day after: %d, %v", n, err)
		}
		v := b.clock(r.ID)
		if v.Request.State != Closed || v.Request.Outcome != outcome.NotCorrected {
			t.Errorf("lapsed: %s %s", v.Request.State, v.Request.Outcome)
		}
	})
}

// Hundreds of acts on one request at once: each is either done whole or refused, none is lost, and
// what may happen once happens once.
func TestManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
		defer stop()
		r := b.register("2026-03-02")
		b.do(b.ProposeExtension(ctx, b.officer, r.ID, 0, 5, "材料多"))
		var all sync.WaitGroup
		var lock sync.Mutex
		searches, approvals, withdrawals, proposals := 0, 0, 0, 0
		count := func(n *int, err error) {
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil:
				*n++
			case fault.KindOf(err) == fault.Internal:
				t.Error(err)
			}
		}
		for range 60 {
			all.Go(func() {
				count(&searches, second(b.RecordSearch(ctx, b.officer, r.ID, 0, SearchRecord{Systems: "公文系统", Words: "甲", People: "乙", From: day("2026-03-02"), Result: "无"})))
			})
			all.Go(func() { count(&approvals, second(b.ApproveExtension(ctx, b.head, r.ID, 0, true, ""))) })
			all.Go(func() {
				count(&proposals, second(b.Propose(ctx, b.officer, r.ID, 0, Decision{Outcome: outcome.Make, Answers: []letter.Answer{{Reason: "需要汇总", Existing: "无"}}})))
			})
			all.Go(func() { count(&withdrawals, second(b.Withdraw(ctx, b.officer, r.ID, 0, "申请人撤回"))) })
		}
		all.Wait()
		v := b.clock(r.ID)
		if approvals > 1 || withdrawals != 1 || proposals > 1 || len(v.Record.Searches) != searches || v.Request.State != Closed {
			t.Errorf("%d searches of %d recorded, %d approvals, %d proposals, %d withdrawals, %s", len(v.Record.Searches), searches, approvals, proposals, withdrawals, v.Request.State)
		}
		if verdict, err := audit.Verify(ctx, d); err != nil || len(verdict.Problems) > 0 {
			t.Errorf("audit: %v %v", verdict, err)
		}
	})
}

// Another body's officer, a handler of other requests and a supervisor see nothing of a request.
func TestOnlyItsHandlers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		other := person("other", b.id, actor.Handler)
		above := actor.Actor{ID: "above", Grants: []actor.Grant{{Role: actor.Supervisor, Agency: "gov"}}, Supervises: map[string]bool{b.id: true}}
		for _, who := range []actor.Actor{b.stranger, other, above, {ID: "nobody"}} {
			if _, err := b.Load(ctx, who, r.ID, false); !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s: %v", who.ID, err)
			}
			if p, err := b.List(ctx, who, Filter{Agency: b.id}); err == nil && len(p.Requests) > 0 {
				t.Errorf("%s lists it", who.ID)
			}
		}
		b.do(b.Assign(ctx, b.officer, r.ID, 0, Assignment{Department: "一科", Handlers: []string{"handler"}, Names: []string{"甲"}}))
		if _, err := b.Load(ctx, b.handler, r.ID, false); err != nil {
			t.Error(err)
		}
		if _, err := b.Load(ctx, b.legal, r.ID, true); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("a legal reviewer sees the applicant in full: %v", err)
		}
		if p, err := b.List(ctx, b.handler, Filter{Agency: b.id}); err != nil || len(p.Requests) != 1 {
			t.Errorf("the handler's list: %v %v", p, err)
		}
		if boards, err := b.Boards(ctx, above, []string{b.id}); err != nil || boards[0].Open != 1 {
			t.Errorf("the supervisor's board: %v %v", boards, err)
		}
	})
}

// An extension whose letter was voided can be told of by another while the period runs.
func TestAVoidedLetterIsDraftedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		b.do(b.ProposeExtension(ctx, b.officer, r.ID, 0, 5, "材料多"))
		b.do(b.ApproveExtension(ctx, b.head, r.ID, 0, true, ""))
		for _, l := range b.clock(r.ID).Letters {
			if l.Code == "L04" {
				b.do(b.VoidLetter(ctx, b.officer, r.ID, l.ID, 0, "措辞有误"))
			}
		}
		b.do(b.DraftLetter(ctx, b.officer, r.ID, 0, "L04"))
		r = b.send(r.ID, "L04", Sending{Way: Online, On: day("2026-03-02")})
		if r.Due != day("2026-04-07") { // 03-30 and five working days, over 清明
			t.Errorf("due %s", r.Due)
		}
		b.refuses(ErrLetterKind, second(b.DraftLetter(ctx, b.officer, r.ID, 0, "L04")))
	})
}
