package foi

import (
	"slices"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/reckon"
)

// Settings are what the law leaves to a body, or what we have not seen in its text.
type Settings struct {
	Version int64 `json:"-"`
	// Online says that the portal takes requests for the body.
	Online bool `json:"online"`
	// RegisterPattern numbers requests, LetterPattern letters: {year}, {n}, and {n:4} for four digits.
	RegisterPattern string `json:"register_pattern"`
	LetterPattern   string `json:"letter_pattern"`
	// CorrectionDays is the reasonable period of art. 30, in working days; the statute gives none.
	CorrectionDays int `json:"correction_days"`
	ReasonDays     int `json:"reason_days"`
	// Reviews lists which reviews a decision of each class passes, in this order.
	ReviewsOpen  []ReviewKind `json:"reviews_open"`  // information is handed over
	ReviewsDeny  []ReviewKind `json:"reviews_deny"`  // information is refused
	ReviewsOther []ReviewKind `json:"reviews_other"` // everything else
	// Authorities and Courts are named by remedy paragraphs: R-RL-03.
	Authorities []string `json:"authorities"`
	Courts      []string `json:"courts"`
	// ReviewOnline is where reconsideration can be asked for online: who is served online is told.
	// 行政复议法第二十二条第二款.
	ReviewOnline string `json:"review_online"`
	// QueryFirst says that matters of art. 36 (7) go to reconsideration first: R-RL-02 leaves it open.
	QueryFirst bool `json:"query_first"`
	// Charges says that the body charges for excessive requests: art. 42 allows it.
	Charges  bool   `json:"charges"`
	HowToPay string `json:"how_to_pay"`
	Hours    string `json:"hours"`
	// CountAgain says that the new answer after reconsideration or judgment counts in table three
	// as a request of its own: §2.9 leaves it to local instruction.
	CountAgain bool `json:"count_again"`
	// PublicLog says that the body publishes requests and replies.
	PublicLog bool          `json:"public_log"`
	Clock     reckon.Policy `json:"clock"`
	// Alike is from how many requests for the same information on its publication is proposed: art. 44.
	Alike int `json:"alike"`
	// Notice is what the form says first, in the body's words.
	Notice string `json:"notice"`
}

// Usual are the settings of a body that has changed none.
func Usual() *Settings {
	return &Settings{
		Online: true, RegisterPattern: "{year}{n:5}", LetterPattern: "依申请〔{year}〕{n}号",
		CorrectionDays: 15, ReasonDays: 15,
		ReviewsOpen:  []ReviewKind{SecrecyReview, Leadership},
		ReviewsDeny:  []ReviewKind{LegalReview, SecrecyReview, Leadership},
		ReviewsOther: []ReviewKind{LegalReview, Leadership},
		Alike:        3,
	}
}

// check returns what is wrong with settings.
func (s *Settings) check() error {
	_, err1 := letter.Number(s.LetterPattern, 2026, 1)
	bad := ""
	switch {
	case !strings.Contains(s.RegisterPattern, "{n"):
		bad = "register_pattern"
	case err1 != nil:
		bad = "letter_pattern"
	case s.CorrectionDays < 1 || s.CorrectionDays > 60:
		bad = "correction_days"
	case s.ReasonDays < 1 || s.ReasonDays > 60:
		bad = "reason_days"
	case s.Alike < 2 || s.Alike > 100:
		bad = "alike"
	case s.Charges && strings.TrimSpace(s.HowToPay) == "":
		bad = "how_to_pay"
	case !ends(s.ReviewsOpen) || !ends(s.ReviewsDeny) || !ends(s.ReviewsOther):
		bad = "reviews"
	}
	if bad == "" {
		return nil
	}
	f := *ErrSettings
	f.Kind = fault.Invalid
	return f.At(bad)
}

// ends reports whether reviews end with the leadership's and have none twice.
func ends(all []ReviewKind) bool {
	if len(all) == 0 || all[len(all)-1] != Leadership {
		return false
	}
	for i, k := range all {
		if slices.Contains(all[:i], k) || k != LegalReview && k != SecrecyReview && k != Leadership {
			return false
		}
	}
	return true
}

// Reviews lists the reviews a decision passes. Who hands information over has its secrecy
// reviewed, whatever the settings say: art. 17.
func (s *Settings) Reviews(c outcome.Code) []ReviewKind {
	switch {
	case c == outcome.Open || c == outcome.Partial:
		if !slices.Contains(s.ReviewsOpen, SecrecyReview) {
			return append([]ReviewKind{SecrecyReview}, s.ReviewsOpen...)
		}
		return s.ReviewsOpen
	case c.Denial():
		return s.ReviewsDeny
	}
	return s.ReviewsOther
}
