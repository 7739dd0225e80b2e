package count

import (
	"cmp"
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/workday"
)

// Statistics are how a body's requests went in a period. They hold nothing of any request.
type Statistics struct {
	Agency string
	Period
	New, Done, Late, Open, Overdue int64
	Months                         []Month
	Results                        []ResultN
	Channels                       []Named
	Departments                    []Department
	Times                          Times
}

// Month is what came in and was answered in one.
type Month struct {
	Year, Month int
	New, Done   int64
}

// ResultN is how often a result was told, and how often late.
type ResultN struct {
	Code    outcome.Code
	N, Late int64
}

// Named is a number of something.
type Named struct {
	Name string
	N    int64
}

// Department is one unit's share.
type Department struct {
	Name            string
	New, Done, Late int64
	Times           Times
}

// Times are how many working days requests took, from the day after receipt to the reply. Time that
// the statute leaves out of the period is in it: it is how long applicants waited.
type Times struct {
	Of                      int64
	Median, Ninety, Longest int
}

// Statistics counts how a body's requests went.
func (d *Desk) Statistics(ctx context.Context, by actor.Actor, agency string, p Period) (s *Statistics, err error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if err := may(by, agency); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		s = &Statistics{Agency: agency, Period: p}
		return s.fill(tx, d.Calendar())
	})
	return s, err
}

func (s *Statistics) fill(tx *db.Tx, cal *workday.Calendar) error {
	for _, step := range []func(tx *db.Tx) error{s.received, s.results, s.standing} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return s.spans(tx, cal)
}

func (s *Statistics) received(tx *db.Tx) error {
	days, err := newByDay(tx, s.Agency, s.Period)
	if err != nil {
		return err
	}
	end := s.To
	if today := tx.Today(); today.Before(end) {
		end = today
	}
	for m := date.Must(s.From.Year(), s.From.Month(), 1); !m.After(end); m = m.PlusMonths(1) {
		s.Months = append(s.Months, Month{Year: m.Year(), Month: m.Month()})
	}
	for _, l := range days {
		s.New += l.N
		s.month(l.Day).New += l.N
	}
	channels, err := byChannel(tx, s.Agency, s.Period)
	if err != nil {
		return err
	}
	for _, c := range foi.Channels {
		for _, l := range channels {
			if l.Text == string(c) {
				s.Channels = append(s.Channels, Named{l.Text, l.N})
			}
		}
	}
	units, err := newByDepartment(tx, s.Agency, s.Period)
	for _, l := range units {
		s.department(l.Text).New += l.N
	}
	return err
}

func (s *Statistics) month(day date.Date) *Month {
	return &s.Months[(day.Year()-s.From.Year())*12+day.Month()-s.From.Month()]
}

// department returns a unit's line, a new one if there is none.
func (s *Statistics) department(name string) *Department {
	i := slices.IndexFunc(s.Departments, func(d Department) bool { return d.Name == name })
	if i < 0 {
		s.Departments = append(s.Departments, Department{Name: name})
		i = len(s.Departments) - 1
	}
	return &s.Departments[i]
}

func (s *Statistics) results(tx *db.Tx) error {
	rows, err := doneByResult(tx, s.Agency, s.Period)
	if err != nil {
		return err
	}
	for _, o := range outcome.All {
		r := ResultN{Code: o.Code}
		for _, l := range rows {
			if l.Text != string(o.Code) {
				continue
			}
			r.N += l.N
			if l.Flag {
				r.Late += l.N
			}
		}
		s.Done, s.Late = s.Done+r.N, s.Late+r.Late
		if r.N > 0 {
			s.Results = append(s.Results, r)
		}
	}
	return nil
}

func (s *Statistics) standing(tx *db.Tx) error {
	end := s.To
	if today := tx.Today(); today.Before(end) {
		end = today
	}
	open, err := openByKind(tx, s.Agency, end)
	if err != nil {
		return err
	}
	for _, t := range open {
		s.Open += t.N
	}
	s.Overdue, err = pastDue(tx, s.Agency, end)
	return err
}

// spans counts how long answered requests took, in all and by department.
func (s *Statistics) spans(tx *db.Tx, cal *workday.Calendar) error {
	rows, err := spans(tx, s.Agency, s.Period)
	if err != nil {
		return err
	}
	took := map[[2]date.Date]int{}
	whole, parts := &histogram{}, map[string]*histogram{}
	for _, l := range rows {
		s.month(l.Day).Done += l.N
		pair := [2]date.Date{l.Other, l.Day}
		n, known := took[pair]
		if !known {
			n = cal.Count(l.Other, l.Day).Days
			took[pair] = n
		}
		unit := s.department(l.Text)
		unit.Done += l.N
		if l.Flag {
			unit.Late += l.N
		}
		if parts[l.Text] == nil {
			parts[l.Text] = &histogram{}
		}
		whole.add(n, l.N)
		parts[l.Text].add(n, l.N)
	}
	s.Times = whole.times()
	for i := range s.Departments {
		if h := parts[s.Departments[i].Name]; h != nil {
			s.Departments[i].Times = h.times()
		}
	}
	slices.SortStableFunc(s.Departments, func(a, b Department) int { return cmp.Compare(b.New+b.Done, a.New+a.Done) })
	return nil
}

// histogram counts requests by how many days they took.
type histogram struct {
	n   []int64
	all int64
}

func (h *histogram) add(days int, n int64) {
	for len(h.n) <= days {
		h.n = append(h.n, 0)
	}
	h.n[days] += n
	h.all += n
}

func (h *histogram) times() Times {
	return Times{Of: h.all, Median: h.at(1, 2), Ninety: h.at(9, 10), Longest: max(len(h.n)-1, 0)}
}

// at is the least number of days within which a share of all was answered.
func (h *histogram) at(part, of int64) int {
	sum := int64(0)
	for days, n := range h.n {
		if sum += n; sum*of >= h.all*part && sum > 0 {
			return days
		}
	}
	return 0
}

// BodyN is one body's numbers in a comparison.
type BodyN struct {
	Agency                         string
	New, Done, Late, Open, Overdue int64
}

// Bodies compares bodies that a person works in or supervises.
func (d *Desk) Bodies(ctx context.Context, by actor.Actor, agencies []string, p Period) (all []BodyN, err error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	for _, a := range agencies {
		if err := may(by, a); err != nil {
			return nil, err
		}
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, err = bodies(tx, agencies, p)
		return err
	})
	return all, err
}

func bodies(tx *db.Tx, agencies []string, p Period) ([]BodyN, error) {
	all, at := make([]BodyN, len(agencies)), map[string]*BodyN{}
	for i, a := range agencies {
		all[i].Agency = a
		at[a] = &all[i]
	}
	if len(agencies) == 0 {
		return all, nil
	}
	received, done, err := ofBodies(tx, agencies, p)
	if err != nil {
		return nil, err
	}
	open, err := openOfBodies(tx, agencies, tx.Today())
	if err != nil {
		return nil, err
	}
	for _, l := range received {
		at[l.Text].New += l.N
	}
	for _, l := range done {
		at[l.Text].Done += l.N
		if l.Flag {
			at[l.Text].Late += l.N
		}
	}
	for _, l := range open {
		at[l.Text].Open += l.N
		if l.Flag {
			at[l.Text].Overdue += l.N
		}
	}
	return all, nil
}
