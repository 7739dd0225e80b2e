package foi

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
)

// Whatever people try in whatever order, a request keeps to the statute: one correction, one
// extension of at most twenty working days told in time, one result, no act on what is closed, and
// no error that nobody can act on.
func TestAnyOrderOfActs(t *testing.T) {
	d := dbtest.SQLite(t)
	b := newBureau(t, d)
	ends := map[State]int{}
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 1))
		x := &tries{bureau: b, r: r}
		at(d, "2026-03-02")
		x.id = b.register("2026-03-02").ID
		day := day("2026-03-02")
		for range 60 {
			day = day.Plus(r.IntN(5) / 3)
			at(d, day.String())
			x.step(day.String())
		}
		x.check(seed)
		ends[b.clock(x.id).Request.State]++
	}
	if ends[Closed] < 2 || len(ends) < 3 {
		t.Errorf("the orders tried lead nowhere: %v", ends)
	}
}

type tries struct {
	*bureau
	r  *rand.Rand
	id string
	// told is what succeeded, for a failure's message.
	told []string
}

// step tries one act as one of the people.
func (x *tries) step(today string) {
	x.t.Helper()
	ctx, on := x.t.Context(), day(today)
	people := []actor.Actor{x.officer, x.second, x.head, x.legal, x.sec, x.handler}
	by := x.officer
	if x.r.IntN(5) == 0 {
		by = people[x.r.IntN(len(people))]
	}
	v := x.clock(x.id)
	var letters []*Letter
	for _, l := range v.Letters {
		if l.State == Drafted || l.State == Finished {
			letters = append(letters, l)
		}
	}
	results := []outcome.Code{outcome.Open, outcome.Make, outcome.Process, outcome.NotHeld, outcome.Unclear}
	acts := map[string]func() (*Request, error){
		"ask": func() (*Request, error) {
			return x.AskCorrection(ctx, by, x.id, 0, Correction{What: "甲", Guidance: "乙", Days: 1 + x.r.IntN(10)})
		},
		"fix":     func() (*Request, error) { return x.Correct(ctx, by, x.id, 0, on, "丙", nil) },
		"reasons": func() (*Request, error) { return x.AskReasons(ctx, by, x.id, 0, Reasons{Facts: "甲", Days: 5}) },
		"given":   func() (*Request, error) { return x.GiveReasons(ctx, by, x.id, 0, on, "因为") },
		"later":   func() (*Request, error) { return x.AgreeLater(ctx, by, x.id, 0, v.Clock.Due.Plus(5+x.r.IntN(20))) },
		"third": func() (*Request, error) {
			return x.Consult(ctx, by, x.id, 0, Consultation{Party: ThirdParty, Name: "虚构甲公司", Content: "甲", Concern: "乙"})
		},
		"says": func() (*Request, error) {
			return x.ConsultationAnswered(ctx, by, x.id, 0, 1, OpinionGiven{On: on, Consents: true})
		},
		"more":    func() (*Request, error) { return x.ProposeExtension(ctx, by, x.id, 0, x.r.IntN(25), "多") },
		"granted": func() (*Request, error) { return x.ApproveExtension(ctx, x.head, x.id, 0, true, "") },
		"charge":  func() (*Request, error) { return x.Charge(ctx, by, x.id, 0, ByPage, 50+x.r.IntN(300)) },
		"pay":     func() (*Request, error) { return x.Pay(ctx, by, x.id, 0, on, "") },
		"lapse":   func() (*Request, error) { return x.LapseNow(ctx, by, x.id, 0) },
		"propose": func() (*Request, error) {
			return x.Propose(ctx, by, x.id, 0, Decision{Outcome: results[x.r.IntN(len(results))], Answers: []letter.Answer{{
				Finding: "甲", Reason: "乙", Class: "讨论记录", Existing: "丙", Provided: []letter.Paper{{Title: "丁", Pages: 1}},
				Obtain: letter.Obtain{Way: "下载", Place: "网上", Time: "即日"},
			}}})
		},
		"review": func() (*Request, error) {
			kinds := []ReviewKind{LegalReview, SecrecyReview, Leadership}
			n := x.r.IntN(3)
			return x.Review(ctx, []actor.Actor{x.legal, x.sec, x.head}[n], x.id, 0, kinds[n], x.r.IntN(9) > 0, "意见")
		},
		"back":     func() (*Request, error) { return x.TakeBack(ctx, by, x.id, 0, "有误") },
		"withdraw": func() (*Request, error) { return x.Withdraw(ctx, by, x.id, 0, "撤回") },
	}
	names := []string{"ask", "fix", "reasons", "given", "later", "third", "says", "more", "granted", "charge", "pay", "lapse", "propose", "propose", "review", "review", "review", "review", "review", "back", "letter", "letter", "letter", "letter"}
	if x.r.IntN(150) == 0 {
		names = []string{"withdraw"}
	}
	name := names[x.r.IntN(len(names))]
	act, known := acts[name]
	if !known {
		if len(letters) == 0 {
			return
		}
		l := letters[x.r.IntN(len(letters))]
		act = func() (*Request, error) { return x.FinishLetter(ctx, by, x.id, l.ID, 0, "") }
		if l.State == Finished {
			act = func() (*Request, error) {
				return x.SendLetter(ctx, by, x.id, l.ID, 0, Sending{Way: ByHand, On: on, Signer: "丁"})
			}
		}
		name += " " + string(l.Code)
	}
	after, err := act()
	switch {
	case err == nil:
		x.told = append(x.told, fmt.Sprintf("%s %s", today, name))
		if !v.Request.State.Open() && name[:3] != "let" {
			x.t.Errorf("%s succeeded on a %s request: %v", name, v.Request.State, x.told)
		}
		if after.State == Closed && after.Outcome == "" {
			x.t.Errorf("closed without a result: %v", x.told)
		}
	case fault.KindOf(err) == fault.Internal:
		x.t.Errorf("%s: %v, after %v", name, err, x.told)
	}
}

// check holds the request's record against the statute.
func (x *tries) check(seed uint64) {
	v := x.clock(x.id)
	c, r := v.Record, v.Request
	corrections, extensions := 0, 0
	for _, l := range v.Letters {
		if l.State == Sent {
			switch l.Code {
			case "L02":
				corrections++
			case "L04":
				extensions++
			}
		}
		if l.State == Sent && len(l.Text.Missing()) > 0 {
			x.t.Errorf("seed %d: %s was sent with a gap: %v", seed, l.Code, l.Text.Missing())
		}
	}
	if corrections > 1 || extensions > 1 {
		x.t.Errorf("seed %d: %d corrections, %d extensions: %v", seed, corrections, extensions, x.told)
	}
	if e := c.Extension; e != nil && (e.Days < 1 || e.Days > 20) {
		x.t.Errorf("seed %d: extended by %d", seed, e.Days)
	}
	if r.State == Closed && r.Outcome != outcome.NotCorrected && r.Outcome != outcome.NotPaid && r.Outcome != outcome.Misc {
		ok := 0
		for _, one := range c.Reviews {
			if one.OK && one.By != c.Decision.By && one.Hash == c.Decision.hash() {
				ok++
			}
		}
		if ok != len(v.Settings.Reviews(r.Outcome)) || c.Delivery == nil {
			x.t.Errorf("seed %d: closed as %s with %d reviews: %v", seed, r.Outcome, ok, x.told)
		}
	}
	if !r.ClosedOn.IsZero() && r.ClosedOn.Before(r.Received) {
		x.t.Errorf("seed %d: closed before it was received", seed)
	}
}
