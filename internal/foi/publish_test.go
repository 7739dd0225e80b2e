package foi

import (
	"strings"
	"testing"

	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi/outcome"
)

var clean = LogWords{Title: "2025年度城市低保资金分配方案", Sought: "2025年度城市低保资金在各区的分配方案", Summary: "已在本机关网站公开，告知了查阅的地方。"}

// closed is a request that is over, at a body that publishes its log.
func (b *bureau) closed() *Request {
	b.t.Helper()
	s, err := b.Settings(b.t.Context(), b.officer, b.id)
	b.must(err)
	if !s.PublicLog {
		s.PublicLog = true
		b.must(b.SaveSettings(b.t.Context(), b.officer, b.id, s))
	}
	return b.do(b.Withdraw(b.t.Context(), b.officer, b.register("2026-03-02").ID, 0, "申请人撤回"))
}

// shown is how many entries the public sees of a body, and of all.
func (b *bureau) shown(words string) [2]int {
	b.t.Helper()
	one, err := b.PublicLog(b.t.Context(), b.id, words, 1)
	b.must(err)
	all, err := b.PublicLog(b.t.Context(), "", words, 1)
	b.must(err)
	if one.Total != len(one.Entries) || all.Total != len(all.Entries) {
		b.t.Errorf("%d of %d, %d of %d", len(one.Entries), one.Total, len(all.Entries), all.Total)
	}
	return [2]int{one.Total, all.Total}
}

// Only what somebody else agreed to is public, until it is taken down or the body ends its log.
func TestThePublicLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		open := b.register("2026-03-02")
		b.refuses(ErrLogOff, second(b.ProposeLog(ctx, b.officer, open.ID, 0, clean)))
		r := b.closed()
		b.refuses(ErrLogOpen, second(b.ProposeLog(ctx, b.officer, open.ID, 0, clean)))
		b.refuses(ErrLogState, second(b.AgreeLog(ctx, b.head, r.ID, 0)))
		if r = b.do(b.ProposeLog(ctx, b.head, r.ID, r.Version, clean)); r.Log != Proposed || b.shown("") != [2]int{} {
			t.Fatalf("proposed: %q, shown %v", r.Log, b.shown(""))
		}
		b.refuses(ErrLogState, second(b.ProposeLog(ctx, b.officer, r.ID, 0, clean)))
		b.refuses(ErrOwn, second(b.AgreeLog(ctx, b.head, r.ID, 0)))
		if _, err := b.AgreeLog(ctx, b.officer, r.ID, 0); err == nil {
			t.Fatal("an officer agreed")
		}
		deputy := b.head
		deputy.ID = "deputy"
		b.refuses(ErrReason, second(b.RefuseLog(ctx, deputy, r.ID, 0, " ")))
		b.do(b.RefuseLog(ctx, deputy, r.ID, 0, "写得不清楚"))
		b.do(b.ProposeLog(ctx, b.officer, r.ID, 0, clean))
		if r = b.do(b.AgreeLog(ctx, b.head, r.ID, 0)); r.Log != Logged || b.shown("") != [2]int{1, 1} {
			t.Fatalf("agreed: %q, shown %v", r.Log, b.shown(""))
		}
		p, err := b.PublicLog(ctx, b.id, "", 1)
		b.must(err)
		if e := p.Entries[0]; e.Title != clean.Title || e.Sought != clean.Sought || e.Summary != clean.Summary || e.Outcome != outcome.Misc || e.RepliedOn != day("2026-03-02") {
			t.Errorf("the public reads %+v", e)
		}
		for words, n := range map[string]int{"低保": 1, "各区 低保": 1, "教育": 0, "低保 教育": 0, "%": 0, "2025_度": 0} {
			if got := b.shown(words); got != [2]int{n, n} {
				t.Errorf("%q finds %v, not %d", words, got, n)
			}
		}
		s, err := b.Settings(ctx, b.officer, b.id)
		b.must(err)
		s.PublicLog = false
		b.must(b.SaveSettings(ctx, b.officer, b.id, s))
		if b.shown("") != [2]int{} {
			t.Error("the log of a body that has none is shown")
		}
		s, err = b.Settings(ctx, b.officer, b.id)
		b.must(err)
		s.PublicLog = true
		b.must(b.SaveSettings(ctx, b.officer, b.id, s))
		b.refuses(ErrReason, second(b.TakeDownLog(ctx, b.officer, r.ID, 0, "")))
		r = b.do(b.TakeDownLog(ctx, b.officer, r.ID, 0, "写错了"))
		if r.Log != NotLogged || b.shown("") != [2]int{} {
			t.Errorf("taken down: %q, shown %v", r.Log, b.shown(""))
		}
		b.refuses(ErrLogState, second(b.TakeDownLog(ctx, b.officer, r.ID, 0, "写错了")))
		if _, err := audit.Verify(ctx, d); err != nil {
			t.Error(err)
		}
	})
}

// Nothing of who asked is proposed, nor what looks like anybody's data; the fault says what it is.
func TestTheLogTellsNothingOfTheApplicant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		r := b.closed()
		for text, say := range map[string]string{
			name + "申请公开的方案": "姓名", "甲 某某要的方案": "姓名", "证件" + card: "证件号码", "请打138-0000-0000": "电话", "寄到虚构市二号路2号": "地址",
			"身份证号为11010119900307889X的人": "", "手机13912345678": "",
		} {
			for _, words := range []LogWords{{text, clean.Sought, clean.Summary}, {clean.Title, text, clean.Summary}, {clean.Title, clean.Sought, text}} {
				want := ErrLogApplicant
				if say == "" {
					want = ErrLogPersonal
				}
				_, err := b.ProposeLog(t.Context(), b.officer, r.ID, 0, words)
				if b.refuses(want, err); !strings.Contains(err.Error(), say) {
					t.Errorf("%q: %v", text, err)
				}
			}
		}
		b.do(b.ProposeLog(t.Context(), b.officer, r.ID, 0, clean))
	})
}

// Pages of twenty, the latest first.
func TestPagesOfTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		for range LogRows + 1 {
			r := b.closed()
			b.do(b.ProposeLog(t.Context(), b.officer, r.ID, 0, clean))
			b.do(b.AgreeLog(t.Context(), b.head, r.ID, 0))
		}
		for page, n := range map[int]int{1: LogRows, 2: 1, 3: 0} {
			p, err := b.PublicLog(t.Context(), b.id, "", page)
			if b.must(err); len(p.Entries) != n || p.Total != LogRows+1 {
				t.Errorf("page %d has %d of %d", page, len(p.Entries), p.Total)
			}
			for i := 1; i < len(p.Entries); i++ {
				if p.Entries[i-1].ID < p.Entries[i].ID {
					t.Errorf("page %d is not the latest first", page)
				}
			}
		}
	})
}
