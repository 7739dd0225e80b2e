package disclosure

import (
	"context"
	"slices"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Statistics is what an agency published in a year and how its work stands today (统计).
type Statistics struct {
	Agency   string
	Year     int
	Months   [12]int // what stands published today, by the month of its publication
	States   []Tally[State]
	Sections []SectionTally // what was published in the year and stands in a section today
	Reviews  []ReviewTally  // of what was published in the year
	Late     int            // published in the year after its last day, R-PUB-01
	Waits    Waits
}

// Tally is how many there are of a key.
type Tally[K any] struct {
	Key K
	N   int
}

// SectionTally is how many stand in a section.
type SectionTally struct {
	ID, Name string
	N        int
}

// ReviewTally is how often reviews of a level approved and sent back.
type ReviewTally struct {
	Level              Level
	Approved, Returned int
}

// Waits is how long submissions took until publication.
type Waits struct {
	Of      int // how many are known: at most the latest mostWaits of the year
	Median  time.Duration
	Ninety  time.Duration // nine of ten took no longer
	Longest time.Duration
}

// mostWaits bounds what waits are taken from: more tells nothing new.
const mostWaits = 2000

// Year returns an agency's statistics.
func (d *Desk) Year(ctx context.Context, by actor.Actor, agency string, year int) (s *Statistics, err error) {
	if err := by.May(actor.StatisticsView, actor.In(agency)); err != nil {
		return nil, err
	}
	s = &Statistics{Agency: agency, Year: year}
	err = d.DB.View(ctx, func(tx *db.Tx) error { return s.count(tx) })
	return s, err
}

// start is when a month of a year begins; the thirteenth is the next year's first.
func start(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, date.China).UTC()
}

// waitsOf sums up.
func waitsOf(all []time.Duration) Waits {
	if len(all) == 0 {
		return Waits{}
	}
	slices.Sort(all)
	return Waits{Of: len(all), Median: all[(len(all)-1)/2], Ninety: all[(len(all)*9+9)/10-1], Longest: all[len(all)-1]}
}

// BodyTally is how an agency stands beside others.
type BodyTally struct {
	ID, Name  string
	Published int // in the year, and public today
	Public    int // in all
	Drafts    int
	Reviewing int
	Late      int // not public, and past the last day
	Unsettled int // urgent publications whose reviews are overdue
}

// Bodies returns the statistics of every agency a person may see them of, those with most
// that is late first.
func (d *Desk) Bodies(ctx context.Context, by actor.Actor, year int) (all []BodyTally, err error) {
	ids, _ := by.Agencies(actor.StatisticsView)
	ids = slices.DeleteFunc(ids, func(id string) bool { return !by.Can(actor.StatisticsView, actor.In(id)) }) // a section's role is not the body's
	if len(ids) == 0 {
		return nil, by.May(actor.StatisticsView, actor.Scope{})
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		names, err := agency.Names(tx, ids)
		if err != nil {
			return err
		}
		all = all[:0]
		for _, id := range ids {
			b := BodyTally{ID: id, Name: names[id]}
			if err := b.count(tx, year); err != nil {
				return err
			}
			all = append(all, b)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b BodyTally) int {
		if a.Late != b.Late {
			return b.Late - a.Late
		}
		return b.Published - a.Published
	})
	return all, err
}
