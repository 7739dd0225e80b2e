package section

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/job"
)

func supervisor(bodies ...string) actor.Actor {
	a := actor.Actor{ID: "v", Name: "示例员丁", Grants: []actor.Grant{{Role: actor.Supervisor, Agency: "city"}}, Supervises: map[string]bool{}}
	for _, b := range bodies {
		a.Supervises[b] = true
	}
	return a
}

// watched makes a section of news with an owner, opened and last published on days.
func watched(t testing.TB, d *Desk, agencyID, name, owner, opened, last string) *Section {
	t.Helper()
	at := func(s string) time.Time {
		day, err := date.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return noon(day.Year(), day.Month(), day.Day())
	}
	d.DB.Clock = func() time.Time { return at(opened) }
	defer func() { d.DB.Clock = func() time.Time { return dbtest.Noon } }()
	s, err := d.Create(context.Background(), officer(agencyID), agencyID, "", Draft{Name: name, Kind: News, Owner: owner, OwnerName: owner, Department: "科室" + owner})
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		update(t, d, func(tx *db.Tx) error { return Touched(tx, s.ID, "i", at(last)) })
	}
	return s
}

// Today is 2026-11-23: news of the 9th are due today, those of the 8th were yesterday.
func TestTheBoardCountsAndSortsBodies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d := desk(dbx)
		for i, last := range []string{"2026-11-08", "2026-11-09", "2026-11-22", ""} {
			watched(t, d, "a", fmt.Sprint("动态", i), "p", "2026-10-01", last)
		}
		for i := range 5 {
			watched(t, d, "b", fmt.Sprint("动态", i), "p", "2026-11-20", "")
		}
		watched(t, d, "c", "动态", "p", "2026-11-01", "2026-11-22")
		watched(t, d, "z", "动态", "p", "2026-01-01", "")
		all, today, err := d.Board(t.Context(), supervisor("a", "b", "c"))
		if err != nil || today != date.Must(2026, 11, 23) {
			t.Fatal(err)
		}
		var got []string
		for _, s := range all {
			got = append(got, fmt.Sprintf("%s %d/%d/%d/%d empty %d stale %d oldest %v fails %v", s.Agency, s.Sections, s.Overdue, s.Soon, s.Current, s.Empty, s.News, s.Oldest, s.Fails()))
		}
		want := []string{
			"b 5/0/0/5 empty 5 stale 0 oldest  fails true",
			"a 4/2/1/1 empty 1 stale 1 oldest 2026-10-15 fails false",
			"c 1/0/0/1 empty 0 stale 0 oldest  fails false",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		if _, _, err := d.Board(t.Context(), officer("a")); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("got %v", err)
		}
		if _, _, err := d.Lines(t.Context(), officer("a"), "z"); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("got %v", err)
		}
		lines, _, err := d.Lines(t.Context(), supervisor("a"), "a")
		if err != nil || len(lines) != 4 {
			t.Errorf("%d lines, %v", len(lines), err)
		}
		groups := GroupBy(lines, func(s *Section) string { return s.Department })
		if len(groups) != 1 || groups[0] != (Group{"科室p", 4, 2, 1, 0}) {
			t.Errorf("%+v", groups)
		}
	})
}

// post remembers what was sent to whom.
type post struct {
	sync.Mutex
	sent []string
}

func (p *post) Remind(_ context.Context, person string, day date.Date, lines []*Line) error {
	p.Lock()
	defer p.Unlock()
	var names []string
	for _, l := range lines {
		names = append(names, l.Section.Name)
	}
	p.sent = append(p.sent, person+" "+day.String()+" "+strings.Join(names, "、"))
	return nil
}

func TestNobodyIsRemindedTwiceADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, dbx *db.DB) {
		d, mail := desk(dbx), &post{}
		d.Mail = mail
		late := watched(t, d, "a", "逾期", "甲", "2026-10-01", "2026-11-08")
		watched(t, d, "a", "今天起提醒", "甲", "2026-10-01", "2026-11-13")
		watched(t, d, "a", "昨天已提醒", "甲", "2026-10-01", "2026-11-12")
		watched(t, d, "a", "正常", "甲", "2026-10-01", "2026-11-22")
		watched(t, d, "a", "没有责任人", "", "2026-10-01", "2026-11-01")
		other := watched(t, d, "a", "别人的", "乙", "2026-10-01", "2026-11-01")
		var wg sync.WaitGroup
		total := make([]int, 4)
		for i := range total {
			wg.Go(func() {
				n, err := d.RemindAll(context.Background())
				if err != nil {
					t.Error(err)
				}
				total[i] = n
			})
		}
		wg.Wait()
		if n := total[0] + total[1] + total[2] + total[3]; n != 3 {
			t.Errorf("%d reminders, want 3", n)
		}
		if _, err := d.Remind(t.Context(), officer("a"), "a", []string{late.ID, other.ID}); !errors.Is(err, ErrNobody) {
			t.Errorf("got %v", err)
		}
		r := &job.Runner{DB: dbx, Handlers: d.Handlers()}
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(mail.sent)
		if want := []string{"乙 2026-11-23 别人的", "甲 2026-11-23 逾期、今天起提醒"}; !slices.Equal(mail.sent, want) {
			t.Errorf("sent %q", mail.sent)
		}
		dbx.Clock = func() time.Time { return dbtest.Noon.AddDate(0, 0, 5) } // Saturday
		if n, err := d.RemindAll(t.Context()); err != nil || n != 0 {
			t.Errorf("%d on a Saturday, %v", n, err)
		}
		dbx.Clock = func() time.Time { return dbtest.Noon.AddDate(0, 0, 1) }
		if n, err := d.Remind(t.Context(), officer("a"), "a", []string{late.ID, other.ID}); err != nil || n != 2 {
			t.Errorf("%d by hand, %v", n, err)
		}
	})
}

// BenchmarkBoard is the supervisor's board over 500 bodies of 60 sections. How many items were
// published makes no difference: none is read.
func BenchmarkBoard(b *testing.B) {
	d := desk(dbtest.SQLite(b))
	bodies := make([]string, 500)
	for i := range bodies {
		bodies[i] = fmt.Sprintf("body%03d", i)
		update(b, d, func(tx *db.Tx) error {
			for n := range 60 {
				s := &Section{ID: db.ID(), Agency: bodies[i], Name: fmt.Sprint("栏目", n), Slug: fmt.Sprint("c", n), Kind: Kinds[4+n%6], Owner: fmt.Sprint(n % 7)}
				if err := s.insert(tx, d.Policy); err != nil {
					return err
				}
				if n%5 > 0 {
					if err := Touched(tx, s.ID, "i", dbtest.Noon.AddDate(0, 0, -n)); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	by := supervisor(bodies...)
	b.ResetTimer()
	for range b.N {
		all, _, err := d.Board(b.Context(), by)
		if err != nil || len(all) != 500 {
			b.Fatal(len(all), err)
		}
	}
}
