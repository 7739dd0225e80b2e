package disclosure

import (
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// Level is one of the reviews an edition goes through.
type Level string

// The levels: the three reviews, in their order, and the secrecy review.
const (
	First   Level = "review1"
	Second  Level = "review2"
	Third   Level = "review3"
	Clearer Level = "secrecy"
)

// Levels lists the three reviews in the order that is fixed, R-FLW-01, then the secrecy review.
var Levels = []Level{First, Second, Third, Clearer}

// Act returns the act that gives an opinion at the level.
func (l Level) Act() actor.Act {
	switch l {
	case First:
		return actor.ItemReview1
	case Second:
		return actor.ItemReview2
	case Third:
		return actor.ItemReview3
	}
	return actor.ItemSecrecy
}

// Message returns what people call the level.
func (l Level) Message() i18n.Message { return i18n.M(string(l.Act())) }

// Decision is how a review ends.
type Decision string

// The decisions.
const (
	Approving Decision = "approve"
	Returning Decision = "return"
)

// Tick is something a reviewer confirms to have looked at.
type Tick string

// The ticks of the three reviews, R-FLW-04, and of the secrecy review: that none of it is
// concerned (审查呈批单).
const (
	Political Tick = "political" // 政治
	Secret    Tick = "secret"    // 保密
	Legal     Tick = "legal"     // 合法
	Wording   Tick = "wording"   // 文字

	NoStateSecret Tick = "state_secret" // 不涉及国家秘密
	NoWorkSecret  Tick = "work_secret"  // 不涉及工作秘密
	NoTradeSecret Tick = "trade_secret" // 不涉及商业秘密
	NoPrivacy     Tick = "privacy"      // 不涉及个人隐私
	NoDanger      Tick = "danger"       // 不危及国家安全、公共安全、经济安全、社会稳定
)

// Ticks returns what is confirmed at a level to approve.
func (l Level) Ticks() []Tick {
	if l == Clearer {
		return []Tick{NoStateSecret, NoWorkSecret, NoTradeSecret, NoPrivacy, NoDanger}
	}
	return []Tick{Political, Secret, Legal, Wording}
}

// Remark is a reviewer's note on a place in the text: block is its number, start and end
// count characters within it, and quote is what stood there, so that the place is found
// again after the text has changed.
type Remark struct {
	Block int    `json:"block"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
	Text  string `json:"text"`
}

// Verdict is what a reviewer hands in.
type Verdict struct {
	Level    Level
	Decision Decision
	Hash     string // of the content the reviewer saw, R-FLW-01
	Opinion  string
	Ticks    []Tick
	Remarks  []Remark
}

// Opinion is a verdict on record.
type Opinion struct {
	ID       string
	Item     string
	Edition  string
	Round    int64
	Level    Level
	Decision Decision
	Hash     string
	Text     string
	Ticks    []Tick
	Remarks  []Remark
	Actor    string
	Name     string
	Behalf   string // whose role it was, when held during leave
	At       time.Time
}

// check holds the verdict against what a reviewer has to give.
func (v *Verdict) check() error {
	switch {
	case !slices.Contains(Levels, v.Level):
		return ErrLevel
	case v.Decision != Approving && v.Decision != Returning:
		return ErrDecision
	case v.Decision == Returning && strings.TrimSpace(v.Opinion) == "" && len(v.Remarks) == 0:
		return ErrOpinion
	case v.Decision == Approving:
		for _, t := range v.Level.Ticks() {
			if !slices.Contains(v.Ticks, t) {
				return ErrTicks
			}
		}
	}
	return nil
}

// valid returns the approvals that count: those of this round for the content as it is.
// R-FLW-02: “any edit after an approval voids that approval and later ones”.
func (e *Edition) valid(all []*Opinion) []*Opinion {
	var out []*Opinion
	for _, o := range all {
		if o.Round == e.Round && o.Hash == e.Hash && o.Decision == Approving {
			out = append(out, o)
		}
	}
	return out
}

// next returns the review the edition waits for, "" when the three are done.
func (e *Edition) next(all []*Opinion) Level {
	for _, l := range Levels[:3] {
		if !e.has(all, l) {
			return l
		}
	}
	return ""
}

func (e *Edition) has(all []*Opinion, l Level) bool {
	return slices.ContainsFunc(e.valid(all), func(o *Opinion) bool { return o.Level == l })
}

// complete reports whether all four reviews were given for the content as it is: R-FLW-03.
func (e *Edition) complete(all []*Opinion) bool {
	return e.next(all) == "" && e.has(all, Clearer)
}

// mayReview holds the reviewer against the author, whoever changed the text, and the other
// reviewers: R-FLW-01, all are different people. Who reviews during another's leave is the
// person who does it, not the one on leave.
func (e *Edition) mayReview(person string, all []*Opinion) error {
	if person == e.CreatedBy || slices.Contains(e.Editors, person) {
		return ErrPerson
	}
	for _, o := range e.valid(all) {
		if o.Actor == person {
			return ErrPerson
		}
	}
	return nil
}

// receive decides what a verdict makes of the edition: the step taken. It changes nothing.
func (e *Edition) receive(v *Verdict, all []*Opinion) (Step, error) {
	switch {
	case v.Hash != e.Hash:
		return "", ErrSeen
	case v.Level == Clearer && e.has(all, Clearer):
		return "", ErrTwice
	case v.Level != Clearer && v.Level != e.next(all):
		return "", ErrLevel
	}
	switch {
	case v.Decision == Returning && e.State == Urgent:
		return Reject, nil
	case v.Decision == Returning:
		return Return, nil
	case v.Level == Clearer:
		return Clear, nil
	}
	return Approve, nil
}
