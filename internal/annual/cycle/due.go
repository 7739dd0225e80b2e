package cycle

import (
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Monthday is a day of the year after the one reported on.
type Monthday struct{ Month, Day int }

// Policy is what a locality arranges beyond the statute: earlier days for submitting. A later
// one than the statute's has no effect.
type Policy struct {
	Department, Government Monthday
}

// Due is a last day with what sets it.
type Due struct {
	Day  date.Date
	Cite statute.Ref  // zero for a local day
	What i18n.Message // what is due
}

// Local reads the days as settings have them, "01-20"; what is none is left out.
func Local(department, government string) Policy {
	return Policy{monthday(department), monthday(government)}
}

func monthday(s string) (d Monthday) {
	day, err := date.Parse("2027-" + s)
	if err != nil {
		return d
	}
	return Monthday{day.Month(), day.Day()}
}

// DueOf lists what a body owes and by when for a year: the statute's day, and an earlier local one.
func (p Policy) DueOf(a *agency.Agency, year int) []Due {
	u := unitOf(a, nil)
	day, set := u.Due(year)
	if !set {
		return nil
	}
	cite, local, key := ogi.Art(49, 1), p.Department, "cycle.due.department"
	if u.Kind == annual.Government {
		cite, local, key = ogi.Art(49, 2), p.Government, "cycle.due.government"
	}
	all := []Due{{day, cite, i18n.M(key)}}
	if local.Month > 0 {
		if on := date.Must(year+1, local.Month, local.Day); on.Before(day) {
			all = append([]Due{{on, statute.Ref{}, i18n.M("cycle.due.local")}}, all...)
		}
	}
	return all
}

// unitOf is a body as a list of those expected to report has it. names are those of bodies that
// others were merged into.
func unitOf(a *agency.Agency, names map[string]string) annual.Unit {
	u := annual.Unit{Name: a.Name, Code: a.CreditCode, Kind: annual.Other, Since: a.Since, Until: a.Until}
	switch a.Kind {
	case agency.Government:
		u.Kind = annual.Government
	case agency.Department:
		u.Kind = annual.Department
	}
	if a.Level == agency.TownshipLevel {
		u.Kind = annual.Other
	}
	if len(a.Successors) > 0 && names != nil {
		u.MergedInto = names[a.Successors[0]]
	}
	return u
}
