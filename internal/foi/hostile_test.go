package foi

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// The time of a consultation is not counted (art. 33 (3)), so nobody stretches it after the fact: not
// by putting the party's receipt later, not by an answer before the receipt, not once the request is
// answered.
func TestConsultationIsNotStretched(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		b.do(b.Consult(ctx, b.officer, r.ID, 0, Consultation{Party: ThirdParty, Name: "虚构甲公司", Content: "报价", Concern: "商业秘密"}))
		b.send(r.ID, "L05", Sending{Way: ByEMS, On: day("2026-03-02"), Tracking: "EX000000001CN"})
		at(d, "2026-03-20")
		before := b.do(b.ConsultationReceived(ctx, b.officer, r.ID, 0, 1, day("2026-03-06"))).Due
		b.refuses(ErrReceived, second(b.ConsultationReceived(ctx, b.officer, r.ID, 0, 1, day("2026-03-20"))))
		b.refuses(ErrEarly, second(b.ConsultationAnswered(ctx, b.officer, r.ID, 0, 1, OpinionGiven{On: day("2026-03-05"), Consents: true})))
		var l05 *Letter
		for _, l := range b.clock(r.ID).Letters {
			if l.Code == "L05" {
				l05 = l
			}
		}
		b.do(b.LetterArrived(ctx, b.officer, r.ID, l05.ID, 0, day("2026-03-20"), ""))
		if due := b.clock(r.ID).Clock.Due; due != before {
			t.Errorf("the letter's arrival entered again moves the deadline from %s to %s", before, due)
		}
		b.do(b.ConsultationReceived(ctx, b.officer, r.ID, 0, 1, day("2026-03-04")))

		at(d, "2026-06-01") // long after the 15 days and the deadline
		closed := b.decide(r.ID, outcome.Open, "2026-06-01")
		if !closed.Late {
			t.Fatal("an answer months late is on time")
		}
		b.refuses(ErrOver, second(b.ConsultationAnswered(ctx, b.officer, r.ID, 0, 1, OpinionGiven{On: day("2026-06-01"), Text: "不同意"})))
		b.refuses(ErrOver, second(b.ConsultationReceived(ctx, b.officer, r.ID, 0, 1, day("2026-03-03"))))
		if v := b.clock(r.ID); !v.Request.Late || !v.Clock.Overdue {
			t.Error("what came after the answer made it timely")
		}
	})
}

// decide has a request decided by handing something over, reviewed and sent on a day.
func (b *bureau) decide(id string, code outcome.Code, on string) *Request {
	b.t.Helper()
	b.approve(id, code)
	return b.send(id, "L10", Sending{Way: ByHand, On: day(on), Signer: "甲"})
}

// approve has a request decided and reviewed.
func (b *bureau) approve(id string, code outcome.Code) {
	b.t.Helper()
	ctx := b.t.Context()
	b.do(b.Propose(ctx, b.officer, id, 0, Decision{Outcome: code, Answers: []letter.Answer{{
		Finding: "本机关制作有该方案", Provided: []letter.Paper{{Title: "方案", Pages: 1}}, Obtain: letter.Obtain{Way: "下载", Place: "网上", Time: "即日"},
	}}}))
	b.do(b.Review(ctx, b.sec, id, 0, SecrecyReview, true, ""))
	b.do(b.Review(ctx, b.head, id, 0, Leadership, true, ""))
}

// The later date of art. 35 is set once; one that could be set again and again is no time limit.
func TestLaterDateOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		if err := second(b.GiveReasons(ctx, b.officer, r.ID, 0, day("2026-03-02"), "")); err == nil {
			t.Fatal("reasons nobody asked for were noted")
		}
		b.do(b.AskReasons(ctx, b.officer, r.ID, 0, Reasons{Facts: "一个月内提出三百件", Days: 5}))
		b.send(r.ID, "L03", Sending{Way: ByHand, On: day("2026-03-02"), Signer: "甲"})
		b.do(b.GiveReasons(ctx, b.officer, r.ID, 0, day("2026-03-02"), "科研需要"))
		b.do(b.AgreeLater(ctx, b.officer, r.ID, 0, day("2026-05-29")))
		b.send(r.ID, "L34", Sending{Way: ByHand, On: day("2026-03-02"), Signer: "甲"})
		b.refuses(ErrLaterOnce, second(b.AgreeLater(ctx, b.officer, r.ID, 0, day("2026-12-31"))))
		if due := b.clock(r.ID).Clock.Due; due != day("2026-05-29") {
			t.Errorf("due %s", due)
		}
	})
}

// A request whose period ran is not hidden in one that has just come, nor in one no table counts.
func TestMergingHidesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		old := b.register("2026-03-02")
		at(d, "2026-04-20")
		young := b.register("2026-04-20")
		b.refuses(ErrMergeEarlier, second(b.Join(ctx, b.officer, old.ID, 0, young.ID, "重复")))
		own, _, err := b.Register(ctx, b.officer, Registration{Agency: b.id, Channel: Counter, Nature: OwnRecord, Received: day("2026-03-02"), Application: asked()})
		b.must(err)
		b.refuses(ErrMergeInto, second(b.Join(ctx, b.officer, young.ID, 0, own.ID, "重复")))
		if r := b.do(b.Join(ctx, b.officer, young.ID, 0, old.ID, "重复")); r.State != Merged {
			t.Errorf("the later one merged: %s", r.State)
		}
	})
}

// A closed request is answered again once at a time: each new answer has a clock of its own.
func TestReopenedOnceAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.decide(b.register("2026-03-02").ID, outcome.Open, "2026-03-02")
		_, err := b.Reopen(ctx, b.officer, r.ID, day("2026-03-02"), "复议决定书")
		b.must(err)
		b.refuses(ErrReopening, second(b.Reopen(ctx, b.officer, r.ID, day("2026-03-02"), "复议决定书")))
	})
}

// What an applicant can only have from today did not leave last week; and what reviewers agreed to is
// what the applicant reads.
func TestReplyAsReviewedAndSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		b.approve(r.ID, outcome.Open)
		var l *Letter
		for _, one := range b.clock(r.ID).Letters {
			if one.Tells() {
				l = one
			}
		}
		words := map[string]string{}
		for _, s := range l.Text.Slots {
			if s.Editable {
				words[s.Name] = s.Text + "（改）"
			}
		}
		b.refuses(ErrOwn, b.clock(r.ID).MayEdit(b.officer, l))
		if err := second(b.EditLetter(ctx, b.second, r.ID, l.ID, 0, words)); err == nil {
			t.Error("an officer words a reviewed reply anew")
		}
		if v := b.clock(r.ID); v.MayEdit(b.second, l) == nil || v.MayEdit(b.head, l) != nil {
			t.Error("who may word the reply is not who decides")
		}
		b.do(b.EditLetter(ctx, b.head, r.ID, l.ID, 0, words))
		b.do(b.FinishLetter(ctx, b.officer, r.ID, l.ID, 0, ""))
		at(d, "2026-05-06")
		b.refuses(ErrOnlineToday, second(b.SendLetter(ctx, b.officer, r.ID, l.ID, 0, Sending{Way: Online, On: day("2026-03-02")})))
		if r := b.do(b.SendLetter(ctx, b.officer, r.ID, l.ID, 0, Sending{Way: Online, On: day("2026-05-06")})); !r.Late {
			t.Error("sent in May, counted as of March")
		}
	})
}

// A number given by hand is passed over by the running numbers, once given is not given again however
// many try at once, and is one that can be printed.
func TestNumbersByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		draft := func(id string) *Letter {
			b.do(b.DraftLetter(ctx, b.officer, id, 0, "L01"))
			all := b.clock(id).Letters
			return all[len(all)-1]
		}
		b.do(b.FinishLetter(ctx, b.officer, r.ID, draft(r.ID).ID, 0, "依申请〔2026〕1号"))
		next := draft(r.ID)
		for _, no := range []string{"一\u202e二", "一\n二", strings.Repeat("号", 61)} {
			b.refuses(ErrNumber, second(b.FinishLetter(ctx, b.officer, r.ID, next.ID, 0, no)))
		}
		b.do(b.FinishLetter(ctx, b.officer, r.ID, next.ID, 0, ""))
		if l := b.clock(r.ID).Letters; l[len(l)-1].No != "依申请〔2026〕2号" {
			t.Errorf("the next number is %s", l[len(l)-1].No)
		}

		var ids, keys []string
		for range 8 {
			one := b.register("2026-03-02")
			ids, keys = append(ids, one.ID), append(keys, draft(one.ID).ID)
		}
		won, taken := b.race(8, ErrLetterNo, func(i int) error {
			return second(b.FinishLetter(ctx, b.officer, ids[i], keys[i], 0, "依申请〔2026〕特1号"))
		})
		if won != 1 || taken != 7 {
			t.Errorf("one letter's number was given %d times, refused %d", won, taken)
		}
		won, taken = b.race(8, ErrEntryTaken, func(i int) error {
			_, _, err := b.Register(ctx, b.officer, Registration{Agency: b.id, Channel: Counter, Received: day("2026-03-02"), Application: asked(), No: "特1"})
			return err
		})
		if won != 1 || taken != 7 {
			t.Errorf("one registration number was given %d times, refused %d", won, taken)
		}
	})
}

// race does something n times at once and counts who won and who was refused as expected.
func (b *bureau) race(n int, refusal error, do func(i int) error) (won, refused int) {
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case errors.Is(err, refusal):
			refused++
		default:
			b.t.Error(err)
		}
	}
	return won, refused
}

// A colleague's answer stays as the colleague gave it.
func TestColleaguesAnswerStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		_, link, err := b.CoHandle(ctx, b.officer, r.ID, 0, CoHandling{Department: "财务科", Question: "有没有？"})
		b.must(err)
		b.must(b.AnswerLink(ctx, link, "有，在三号柜", nil))
		b.refuses(ErrAnswered, second(b.AnswerCoHandling(ctx, b.officer, r.ID, 0, 1, "没有")))
		_, link, err = b.CoHandle(ctx, b.officer, r.ID, 0, CoHandling{Department: "档案科", Question: "有没有？"})
		b.must(err)
		b.do(b.AnswerCoHandling(ctx, b.officer, r.ID, 0, 2, "电话答复：有"))
		b.refuses(ErrLink, b.AnswerLink(ctx, link, "改", nil))
		if got := b.clock(r.ID).Record.CoHandling[0].Answer + "/" + b.clock(r.ID).Record.CoHandling[1].Answer; got != "有，在三号柜/电话答复：有" {
			t.Error(got)
		}
	})
}

// No field takes in more than it is for: what nobody reads fills no database.
func TestTextsAreBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	b := newBureau(t, d)
	long := strings.Repeat("长", 100000)
	for _, write := range []func(a *Application){
		func(a *Application) { a.Applicant.Fax = long }, func(a *Application) { a.Applicant.IDType = long },
		func(a *Application) { a.Applicant.Phone = "1" + strings.Repeat("0", 100000) }, func(a *Application) { a.Agent.IDNumber = long },
		func(a *Application) { a.Agent.Phone = long }, func(a *Application) { a.Applicant.Credit = long }, func(a *Application) { a.Applicant.Guardian = long },
		func(a *Application) { a.Applicant.Honorific = long }, func(a *Application) { a.Applicant.Postcode = long },
		func(a *Application) { a.Applicant.IDType = "closed" },
	} {
		a := asked()
		write(&a)
		if len(a.Check(true)) == 0 {
			t.Errorf("taken: %.60q", fmt.Sprint(a))
		}
	}
	f, err := b.BeginDraft(t.Context(), "", Draftable{Agency: b.id, Application: asked()})
	b.must(err)
	f, _, err = b.ChangeDraft(t.Context(), f.Code, DraftChange{Write: func(d *Draftable) { d.Application.Sought.Features, d.Text = long, long }})
	b.must(err)
	if n := len([]rune(f.Application.Sought.Features + f.Text)); n > 2*mostKept {
		t.Errorf("a draft keeps %d characters", n)
	}
	if _, err := b.OwnWithdrawal(t.Context(), "AAAA-BBBB-CCCC-DDDD", long); !errors.Is(err, ErrLong) {
		t.Error(err)
	}
}

// Reviewers judge a decision without the applicant's papers: neither what he handed in nor the forms
// with all his data open to who may not see them in full.
func TestReviewersDoNotSeeTheApplicant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r, _, err := b.Register(ctx, b.officer, Registration{Agency: b.id, Channel: Counter, Received: day("2026-03-02"), Application: asked(),
			Files: []Upload{{Kind: IdentityFile, Name: name + "身份证.jpg", Data: []byte("\xff\xd8\xff" + card)}}})
		b.must(err)
		found, err := b.AddFile(ctx, b.officer, r.ID, Upload{Kind: Found, Name: "方案.pdf", Data: []byte("%PDF-1.7")})
		b.must(err)
		b.do(b.DraftLetter(ctx, b.officer, r.ID, 0, letter.Register))
		v := b.clock(r.ID)
		identity, sheet := v.Files[0], v.Letters[len(v.Letters)-1]
		if strings.Contains(identity.Name, name) {
			t.Errorf("the file %s names the applicant", identity.Name)
		}
		for _, by := range []actor.Actor{b.legal, b.sec} {
			if _, _, err := b.OpenFile(ctx, by, r.ID, identity.ID); !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s opens the identity paper: %v", by.ID, err)
			}
			if _, _, err := b.OpenFile(ctx, by, r.ID, found); err != nil {
				t.Errorf("%s opens what was found: %v", by.ID, err)
			}
			if _, _, err := b.Desk.Letter(ctx, by, r.ID, sheet.ID); !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s reads the register: %v", by.ID, err)
			}
			for _, code := range []letter.Code{letter.Application, letter.Register} {
				if _, err := b.Form(ctx, by, r.ID, code); !errors.Is(err, actor.ErrForbidden) {
					t.Errorf("%s reads form %s: %v", by.ID, code, err)
				}
			}
		}
		if _, _, err := b.OpenFile(ctx, b.head, r.ID, identity.ID); err != nil {
			t.Errorf("the head: %v", err)
		}
	})
}

// What turns the order of a line, or is not seen, gets neither into letters nor into names of files.
func TestHostileCharacters(t *testing.T) {
	d := dbtest.SQLite(t)
	b := newBureau(t, d)
	ctx := t.Context()
	a := asked()
	a.Applicant.Name, a.Sought.Name = "甲\u202e某\x00某\u2066", "方案\u200f\x1b[31m\xff全文"
	r, _, err := b.Register(ctx, b.officer, Registration{Agency: b.id, Channel: Counter, Received: day("2026-03-02"), Application: a,
		Files: []Upload{{Kind: Attachment, Name: `C:\x\` + "\u202egpj.exe.txt", Data: []byte("甲")}, {Kind: Attachment, Name: strings.Repeat("长", 300) + ".pdf", Data: []byte("甲")}}})
	b.must(err)
	v, err := b.Load(ctx, b.officer, r.ID, true)
	b.must(err)
	if p := v.Record.Application; p.Applicant.Name != "甲某某" || p.Sought.Name != "方案[31m全文" || v.Request.Title != "方案[31m全文" {
		t.Errorf("%q %q %q", p.Applicant.Name, p.Sought.Name, v.Request.Title)
	}
	if v.Files[0].Name != "gpj.exe.txt" || len([]rune(v.Files[1].Name)) != mostFileName || !strings.HasSuffix(v.Files[1].Name, "长.pdf") {
		t.Errorf("%q %q", v.Files[0].Name, v.Files[1].Name)
	}
}
