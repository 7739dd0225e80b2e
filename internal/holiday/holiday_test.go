package holiday

import (
	"errors"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// A made-up notice of 2027: New Year's Day, a Friday, and the week of 17 February off, with
// Saturday the 27th as make-up day.
const notice = `{"year": 2027, "papers": ["http://www.example.gov.cn/2027"], "days": [
	{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
	{"name": "春节", "date": "2027-02-17", "isOffDay": true}, {"name": "春节", "date": "2027-02-18", "isOffDay": true},
	{"name": "春节", "date": "2027-02-19", "isOffDay": true}, {"name": "春节", "date": "2027-02-22", "isOffDay": true},
	{"name": "春节", "date": "2027-02-23", "isOffDay": true}, {"name": "春节", "date": "2027-02-24", "isOffDay": true},
	{"name": "清明节", "date": "2027-04-05", "isOffDay": true},
	{"name": "春节", "date": "2027-02-27", "isOffDay": false}]}`

var sysadmin = actor.Actor{ID: "y", Grants: []actor.Grant{{Role: actor.SysAdmin}}}

func TestALoadedNoticeMakesCountsSure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk, other := &Desk{DB: d}, &Desk{DB: d}
		day := date.Must(2027, 2, 16)
		if before := desk.Calendar().Add(day, 3); before.Sure {
			t.Errorf("sure before any notice of the year: %+v", before)
		}
		if _, faults, err := desk.Load(t.Context(), sysadmin, []byte(notice)); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, one := range map[string]*Desk{"the same process": desk, "another process": other} {
			// Tuesday the 16th; off to Wednesday the 24th; then 25th, 26th and the make-up day.
			if due := one.Calendar().Add(day, 3); !due.Sure || due.Date != date.Must(2027, 2, 27) {
				t.Errorf("%s: got %+v", name, due)
			}
		}
		if _, faults, err := desk.Load(t.Context(), sysadmin, []byte(strings.Replace(notice, "2027-02-24", "2027-02-25", 1))); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		if due := desk.Calendar().Add(day, 1); due.Date != date.Must(2027, 2, 24) {
			t.Errorf("a later loading: got %+v", due)
		}
	})
}

func TestAFaultyNoticeIsNotKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := &Desk{DB: d}
		_, faults, err := desk.Load(t.Context(), sysadmin, []byte(strings.Replace(notice, "2027-02-18", "2027-02-30", 1)))
		if err != nil || len(faults) == 0 {
			t.Fatalf("got %v, %v", faults, err)
		}
		if desk.Calendar().Add(date.Must(2027, 2, 16), 1).Sure {
			t.Error("kept")
		}
	})
}

func TestOnlyTheSystemAdministratorLoads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, r := range actor.Roles {
			if r == actor.SysAdmin {
				continue
			}
			_, _, err := (&Desk{DB: d}).Load(t.Context(), actor.Actor{Grants: []actor.Grant{{Role: r}}}, []byte(notice))
			if !errors.Is(err, actor.ErrForbidden) {
				t.Errorf("%s: got %v", r, err)
			}
		}
	})
}
