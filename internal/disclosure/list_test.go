package disclosure

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/workday"
)

// A list is walked to its end and back without a row lost or seen twice, also where rows have
// the same instant or day to sort by.
func TestPagesOfAList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for i := range 11 {
			o.at(dbtest.Noon.Add(time.Duration(i/3) * time.Minute))
			o.draft(fmt.Sprint("第", i))
		}
		for _, f := range []Filter{{Sort: "updated", Down: true}, {Sort: "updated"}, {Sort: "due"}, {Sort: "due", Down: true}} {
			f.Agency, f.Limit = o.A, 4
			var pages [][]string
			for {
				l, err := o.List(t.Context(), o.editor, f)
				if err != nil {
					t.Fatal(err)
				}
				if l.Total != 11 || (l.Prev == "") != (len(pages) == 0) {
					t.Fatalf("total %d, prev %q on page %d", l.Total, l.Prev, len(pages))
				}
				pages = append(pages, idsOf(l))
				if l.Next == "" {
					f.After, f.Before = "", l.Prev
					break
				}
				f.After = l.Next
			}
			all := slices.Sorted(slices.Values(slices.Concat(pages...)))
			if len(slices.Compact(all)) != 11 {
				t.Errorf("%s: walked over %d rows", f.Sort, len(all))
			}
			l, err := o.List(t.Context(), o.editor, f)
			if err != nil || !slices.Equal(idsOf(l), pages[len(pages)-2]) || l.Next == "" {
				t.Errorf("%s: the page before is %v, %v", f.Sort, idsOf(l), err)
			}
		}
	})
}

func idsOf(l *Listing) (ids []string) {
	for _, e := range l.Rows {
		ids = append(ids, e.ID)
	}
	return ids
}

// A role for one section shows what is in it and nothing else of the agency.
func TestAListOfOneSection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.draft("动态")
		aid, err := o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.aid, Kind: Information, Origin: Made, Content: content("100%_救助")})
		o.must(aid, err)
		only := actor.Actor{ID: "x", Grants: []actor.Grant{{Role: actor.Editor, Agency: o.A, Section: o.aid}}}
		for _, test := range []struct {
			words string
			n     int
		}{{"", 1}, {"动态", 0}, {"救助", 1}, {"0%_救", 1}, {"%救", 0}} {
			l, err := o.List(t.Context(), only, Filter{Agency: o.A, Words: test.words})
			if err != nil || len(l.Rows) != test.n {
				t.Errorf("%q: %d rows, %v", test.words, len(l.Rows), err)
			}
		}
	})
}

// What was taken over keeps its time and number, and its number is never given again.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		at := time.Date(2020, 3, 4, 5, 6, 7, 0, time.UTC)
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			m := NewImporter(tx, o.Calendar(), actor.System("test"))
			for i := range 3 {
				c := content(fmt.Sprint("旧文", i))
				c.FormedOn = date.Must(2026, 1, 5)
				ready, _ := Import{Agency: o.A, Section: o.news, Kind: Document, Origin: Made, Content: c, PublishedAt: at.Add(time.Duration(i) * time.Hour),
					IndexNo: fmt.Sprintf("11370322004222241N/2026-%05d", i+1), Address: fmt.Sprintf("https://example.cn/%d", i)}.Ready()
				if _, err := m.Add(ready); err != nil {
					return err
				}
			}
			return m.Close()
		})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := (&Reader{DB: d}).Section(t.Context(), o.news, Page{Limit: 2})
		if err != nil || len(rows.Rows) != 2 || rows.Rows[0].Title != "旧文2" || rows.Next == "" || !rows.Rows[0].PublishedAt.Equal(at.Add(2*time.Hour)) {
			t.Fatalf("%+v, %v", rows, err)
		}
		rows, err = (&Reader{DB: d}).Section(t.Context(), o.news, Page{Limit: 2, After: rows.Next})
		if err != nil || len(rows.Rows) != 1 || rows.Rows[0].Title != "旧文0" || rows.Next != "" {
			t.Fatalf("%+v, %v", rows, err)
		}
		c, err := (&Reader{DB: d}).Count(t.Context(), o.A, date.Must(2020, 3, 4), date.Must(2020, 3, 4))
		if err != nil || c.Published != 3 || c.Live != 3 {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// What nobody did in time is found by who has to see to it: a publication whose time passed,
// reviews overdue after an urgent publication, withheld information to be looked at again
// (art. 18). Each is found from its day on and not the day before.
func TestWatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		late := o.approved("定时发布的")
		o.must(o.Schedule(t.Context(), o.publisher, late.ID, dbtest.Noon.Add(time.Hour), Release{Version: late.Version}))
		urgent := o.review(o.submitted("紧急发布的"), Clearer)
		o.must(o.Order(t.Context(), o.third, urgent.ID, urgent.Version, "暴雨预警"))
		c := content("不予公开的")
		c.Attribute, c.Basis, c.Reason = "withheld", []string{"discussion"}, "尚在讨论"
		kept := o.must(o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: Information, Origin: Made, Content: c}))
		kept = o.must(o.Submit(t.Context(), o.editor, kept.ID, kept.Version))
		for _, l := range Levels {
			kept = o.review(kept, l)
		}
		// Noon is Monday 2026-11-23: five working days later is the 30th, 365 days later 2027-11-23.
		for _, tt := range []struct {
			watch Watch
			after time.Duration
			found int
		}{
			{Missed, time.Hour + 10*time.Minute, 0}, {Missed, time.Hour + 11*time.Minute, 1},
			{Unsettled, 7 * 24 * time.Hour, 0}, {Unsettled, 8 * 24 * time.Hour, 1},
			{Reassessed, 364 * 24 * time.Hour, 0}, {Reassessed, 365 * 24 * time.Hour, 1},
		} {
			o.at(dbtest.Noon.Add(tt.after))
			l, err := o.List(t.Context(), o.officer, Filter{Agency: o.A, Watch: tt.watch})
			if err != nil || len(l.Rows) != tt.found {
				t.Errorf("%s after %v: %d rows, %v", tt.watch, tt.after, len(l.Rows), err)
			}
		}
	})
}

// R-FLW-05: five working days unless the place says otherwise. The draft comes to its first
// review on Monday 2026-11-23.
func TestReviewBy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		e := o.submitted("甲")
		if got := o.ReviewBy(e); got != date.Must(2026, 11, 30) {
			t.Errorf("five days: %s", got)
		}
		o.ReviewDays = 7
		if got := o.ReviewBy(e); got != date.Must(2026, 12, 2) {
			t.Errorf("seven days: %s", got)
		}
		if got := o.ReviewBy(o.draft("乙")); !got.IsZero() {
			t.Errorf("a draft: %s", got)
		}
	})
}

// A last day counted without its year's calendar is counted anew when the notice is there,
// and who has the draft open saves as before. Formed on Friday 2027-01-08: twenty days that
// all are weekdays end on 5 February; a week off from Monday 1 February puts that to the 12th.
func TestRecount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.at(time.Date(2027, 1, 8, 4, 0, 0, 0, time.UTC))
		c := content("跨年的")
		c.FormedOn = date.Must(2027, 1, 8)
		e := o.must(o.Create(t.Context(), o.editor, New{Agency: o.A, Section: o.news, Kind: Information, Origin: Made, Content: c}))
		if e.DueSure || e.DueOn != date.Must(2027, 2, 5) {
			t.Fatalf("before: %s, sure %v", e.DueOn, e.DueSure)
		}
		var days []workday.Day
		for n := range 7 {
			days = append(days, workday.Day{Date: date.Must(2027, 2, 1+n), Name: "春节", Off: true})
		}
		calendar := workday.Embedded().With(workday.Notice{Year: 2027, Days: days})
		o.Calendar = func() *workday.Calendar { return calendar }
		if err := o.Recount(t.Context()); err != nil {
			t.Fatal(err)
		}
		l, err := o.List(t.Context(), o.editor, Filter{Agency: o.A})
		if err != nil || len(l.Rows) != 1 || l.Rows[0].DueOn != date.Must(2027, 2, 12) || !l.Rows[0].DueSure {
			t.Fatalf("after: %+v, %v", l.Rows, err)
		}
		o.must(o.Save(t.Context(), o.editor, e.ID, e.Version, e.Content))
	})
}
