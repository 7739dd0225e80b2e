package disclosure

import (
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// Two published in November, one of them after two days, one sent back once, one published in
// January of the next year by China's clock though December's by UTC, and a draft past its day.
func TestStatistics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.published("一")
		back := o.submitted("二")
		back = o.must(o.Review(t.Context(), o.first, back.ID, Verdict{Level: First, Decision: Returning, Hash: back.Hash, Opinion: "请核对"}))
		back = o.must(o.Submit(t.Context(), o.editor, back.ID, back.Version))
		for _, l := range Levels {
			back = o.review(back, l)
		}
		o.at(dbtest.Noon.Add(48 * time.Hour))
		o.must(o.Publish(t.Context(), o.publisher, back.ID, Release{Version: back.Version}))
		o.draft("三")
		o.at(time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC))
		e := o.approved("四")
		o.must(o.Publish(t.Context(), o.publisher, e.ID, Release{Version: e.Version, LateReason: "核对数据"}))

		s, err := o.Year(t.Context(), o.officer, o.A, 2026)
		if err != nil {
			t.Fatal(err)
		}
		if s.Months != [12]int{10: 2} || s.Late != 0 {
			t.Errorf("months %v, late %d", s.Months, s.Late)
		}
		if len(s.Sections) != 1 || s.Sections[0] != (SectionTally{o.news, "工作动态", 2}) {
			t.Errorf("sections %v", s.Sections)
		}
		if s.Reviews[0] != (ReviewTally{First, 2, 1}) || s.Reviews[3] != (ReviewTally{Clearer, 2, 0}) {
			t.Errorf("reviews %v", s.Reviews)
		}
		if s.Waits != (Waits{Of: 2, Median: 0, Ninety: 48 * time.Hour, Longest: 48 * time.Hour}) {
			t.Errorf("waits %v", s.Waits)
		}
		if len(s.States) != 2 || s.States[0] != (Tally[State]{Draft, 1}) || s.States[1] != (Tally[State]{Published, 3}) {
			t.Errorf("states %v", s.States)
		}
		next, err := o.Year(t.Context(), o.officer, o.A, 2027)
		if err != nil || next.Months != [12]int{0: 1} || next.Late != 1 {
			t.Errorf("2027: %+v, %v", next, err)
		}
		if _, err := o.Year(t.Context(), o.bEditor, o.A, 2026); err == nil {
			t.Error("another body's editor sees the statistics")
		}
		boss := actor.Actor{ID: "boss", Grants: []actor.Grant{{Role: actor.Supervisor, Agency: o.B}}, Supervises: map[string]bool{o.A: true}}
		all, err := o.Bodies(t.Context(), boss, 2026)
		if err != nil || len(all) != 2 || all[0] != (BodyTally{ID: o.A, Name: "甲县民政局", Published: 2, Public: 3, Drafts: 1, Late: 1}) {
			t.Errorf("bodies %+v, %v", all, err)
		}
	})
}

// Each figure by hand: of ten waits the fifth is the median, the ninth what nine of ten kept.
func TestWaits(t *testing.T) {
	var all []time.Duration
	for _, h := range []int{7, 1, 3, 10, 2, 9, 8, 4, 6, 5} {
		all = append(all, time.Duration(h)*time.Hour)
	}
	if got := waitsOf(all); got != (Waits{10, 5 * time.Hour, 9 * time.Hour, 10 * time.Hour}) {
		t.Errorf("got %v", got)
	}
	if got := start(2026, 13); !got.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, date.China)) {
		t.Errorf("a year ends at %v", got)
	}
}
