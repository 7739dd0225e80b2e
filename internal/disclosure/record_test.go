package disclosure

import (
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// A copy kept by another system follows publications, corrections and what was taken down; what
// the public sees nothing of does not reach it, and a record of what is gone says no more than that.
func TestRecordsForOtherSystems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, now := open(t, d), dbtest.Noon
		o.at(now)
		o.Changed = func(tx *db.Tx, i *Item) error { return Note(tx, i.ID) }
		r := &Reader{DB: d}
		seq, last := int64(0), ""
		news := func(want ...string) {
			t.Helper()
			all, err := r.Changes(t.Context(), seq, last, 10)
			if err != nil || len(all) != len(want) {
				t.Fatalf("%d changes, %v", len(all), err)
			}
			for n, one := range all {
				if seq, last = one.Seq, one.Item; one.Title != want[n] {
					t.Errorf("change %d says %q, want %q", n, one.Title, want[n])
				}
			}
		}
		o.draft("甲县草案")
		news()
		first, second := o.published("甲县养老服务办法"), o.published("甲县供水公告")
		news("甲县养老服务办法", "甲县供水公告")
		fix := o.must(o.Correct(t.Context(), o.publisher, first.ID, first.Version, "更正日期"))
		news() // the correction is only being drafted
		now = now.Add(time.Hour)
		o.at(now)
		gone := o.must(o.Retract(t.Context(), o.publisher, second.ID, second.Version, "内容有误"))
		news("")
		all, err := r.Records(t.Context(), []string{second.Item, first.Item, fix.ID})
		if err != nil || len(all) != 2 {
			t.Fatalf("%d records, %v", len(all), err)
		}
		if g := all[0]; !g.Gone() || g.Title+g.IndexNo+g.Summary != "" || len(g.Attachments) > 0 || g.Status != Retracted || !g.EndedAt.Equal(now) {
			t.Errorf("of what is gone: %+v, after %s", g, gone.State)
		}
		if a := all[1]; a.Gone() || a.Title != "甲县养老服务办法" || a.FormedOn != date.Must(2026, 11, 16) || a.EditionNo != 1 {
			t.Errorf("of what is public: %+v", a)
		}
	})
}

// Pages of the harvest follow one another without gap; days, bodies and sections narrow it.
func TestHarvestInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.Changed = func(tx *db.Tx, i *Item) error { return Note(tx, i.ID) }
		r, titles := &Reader{DB: d}, []string{"公告一", "公告二", "公告三", "公告四", "公告五"}
		for n, title := range titles {
			o.at(dbtest.Noon.Add(time.Duration(n) * time.Minute))
			o.published(title)
		}
		read := func(h Harvest) (got []string) {
			t.Helper()
			for {
				page, err := r.Harvest(t.Context(), h)
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range page.Records {
					got = append(got, one.Title)
				}
				if h.After = page.Next; h.After == "" {
					return got
				}
			}
		}
		same := func(name string, got []string, want ...string) {
			t.Helper()
			if len(got) != len(want) {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("%s: %v, want %v", name, got, want)
				}
			}
		}
		same("all", read(Harvest{Limit: 2}), titles...)
		same("from the third, before the fifth", read(Harvest{From: dbtest.Noon.Add(2 * time.Minute), Until: dbtest.Noon.Add(4 * time.Minute)}), titles[2:4]...)
		same("of the body", read(Harvest{Agency: o.A, Limit: 3}), titles...)
		same("of the other body", read(Harvest{Agency: o.B}))
		same("of a section", read(Harvest{Section: o.news, Limit: 4}), titles...)
		same("of another section", read(Harvest{Section: o.aid}))
		var every []string
		if err := r.Every(t.Context(), o.A, func(all []*Record) error {
			for _, one := range all {
				every = append(every, one.Title)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		same("every", every, titles...)
		seq, at, err := r.Head(t.Context())
		if err != nil || seq == 0 || !at.Equal(dbtest.Noon.Add(4*time.Minute)) {
			t.Errorf("the head is %d at %s, %v", seq, at, err)
		}
	})
}
