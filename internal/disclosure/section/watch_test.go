package section

import (
	"errors"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/workday"
)

func on(t *testing.T, s string) date.Date {
	t.Helper()
	if s == "" {
		return date.Date{}
	}
	d, err := date.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Deadlines were counted by hand on the calendar of 2026: 1 to 7 October off, 20 September and
// 10 October made up. R-PUB-01, R-PUB-07, R-WEB-23.
func TestDue(t *testing.T) {
	twenty := Duty{Rhythm: Event, N: 20, Unit: Workdays}
	ten := Duty{Rhythm: Event, N: 10, Unit: Workdays}
	seven := Duty{Rhythm: Event, N: 7, Unit: Days}
	atOnce := Duty{Rhythm: Event, N: 0, Unit: Workdays}
	news := Duty{Rhythm: Every, N: 14, Unit: Days}
	notices := Duty{Rhythm: Every, N: 6, Unit: Months}
	monthly := Duty{Rhythm: Monthly, Day: 10}
	lastDay := Duty{Rhythm: Monthly, Day: 31}
	quarterly := Duty{Rhythm: Quarterly, Month: 1, Day: 15}
	report := Duty{Rhythm: Yearly, Month: 1, Day: 31}
	tests := []struct {
		name                   string
		duty                   Duty
		opened, last, reviewed string
		events                 []string
		today                  string
		state                  State
		due, since             string
	}{
		{"no event", twenty, "2026-01-01", "", "", nil, "2026-11-23", Unwatched, "", ""},
		{"art. 26 over National Day, a week before", twenty, "2026-01-01", "", "", []string{"2026-09-28"}, "2026-10-26", Current, "2026-10-30", ""},
		{"three days before", twenty, "2026-01-01", "", "", []string{"2026-09-28"}, "2026-10-27", Soon, "2026-10-30", ""},
		{"on the twentieth working day", twenty, "2026-01-01", "", "", []string{"2026-09-28"}, "2026-10-30", Soon, "2026-10-30", ""},
		{"the day after", twenty, "2026-01-01", "", "", []string{"2026-09-28"}, "2026-10-31", Overdue, "2026-10-30", "2026-10-31"},
		{"of two events the earlier counts", twenty, "2026-01-01", "", "", []string{"2026-10-30", "2026-09-28"}, "2026-10-31", Overdue, "2026-10-30", "2026-10-31"},
		{"social assistance, ten working days", ten, "2026-01-01", "", "", []string{"2026-03-02"}, "2026-03-16", Soon, "2026-03-16", ""},
		{"seven days are not working days", seven, "2026-01-01", "", "", []string{"2026-09-30"}, "2026-10-08", Overdue, "2026-10-07", "2026-10-08"},
		{"at once, on a holiday", atOnce, "2026-01-01", "", "", []string{"2026-10-02"}, "2026-10-08", Soon, "2026-10-08", ""},
		{"at once, missed", atOnce, "2026-01-01", "", "", []string{"2026-10-09"}, "2026-10-10", Overdue, "2026-10-09", "2026-10-10"},
		{"news, two weeks to the day", news, "2026-01-01", "2026-11-09", "", nil, "2026-11-23", Soon, "2026-11-23", ""},
		{"news, a day more", news, "2026-01-01", "2026-11-08", "", nil, "2026-11-23", Overdue, "2026-11-22", "2026-11-23"},
		{"news, four days before", news, "2026-01-01", "2026-11-13", "", nil, "2026-11-23", Soon, "2026-11-27", ""},
		{"news, five days before", news, "2026-01-01", "2026-11-14", "", nil, "2026-11-23", Current, "2026-11-28", ""},
		{"news never published are counted from the opening", news, "2026-11-08", "", "", nil, "2026-11-23", Overdue, "2026-11-22", "2026-11-23"},
		{"news brought along from before are counted from the opening", news, "2026-11-10", "2020-01-01", "", nil, "2026-11-23", Soon, "2026-11-24", ""},
		{"notices, six months over a shorter month", notices, "2026-01-01", "2026-08-31", "", nil, "2027-03-01", Overdue, "2027-02-28", "2027-03-01"},
		{"monthly, published early in the month", monthly, "2026-01-01", "2026-10-09", "", nil, "2026-11-10", Soon, "2026-11-10", ""},
		{"monthly, published late in the month", monthly, "2026-01-01", "2026-10-31", "", nil, "2026-11-11", Overdue, "2026-11-10", "2026-11-11"},
		{"monthly, this month is done", monthly, "2026-01-01", "2026-11-11", "", nil, "2026-11-23", Current, "2026-12-10", ""},
		{"monthly, two months missed: since the first", monthly, "2026-01-01", "2026-08-03", "", nil, "2026-11-23", Overdue, "2026-09-10", "2026-09-11"},
		{"monthly, opened after the day", monthly, "2026-11-11", "", "", nil, "2026-11-23", Current, "2026-12-10", ""},
		{"monthly, opened on the day", monthly, "2026-11-10", "", "", nil, "2026-11-11", Overdue, "2026-11-10", "2026-11-11"},
		{"monthly by the last day of February", lastDay, "2026-01-01", "2026-01-31", "", nil, "2026-02-23", Soon, "2026-02-28", ""},
		{"monthly, over the year's end", monthly, "2026-01-01", "2026-12-01", "", nil, "2027-01-04", Current, "2027-01-10", ""},
		{"quarterly", quarterly, "2026-01-01", "2026-09-30", "", nil, "2026-10-15", Soon, "2026-10-15", ""},
		{"quarterly, this quarter is done", quarterly, "2026-01-01", "2026-10-01", "", nil, "2026-10-16", Current, "2027-01-15", ""},
		{"annual report, art. 49", report, "2025-01-01", "2025-01-31", "", nil, "2026-02-01", Overdue, "2026-01-31", "2026-02-01"},
		{"annual report, a month before", report, "2025-01-01", "2025-01-31", "", nil, "2026-01-01", Soon, "2026-01-31", ""},
		{"permanent, a year after the review", Duty{Rhythm: Permanent}, "2020-01-01", "2021-05-01", "2025-11-22", nil, "2026-11-23", Overdue, "2026-11-22", "2026-11-23"},
		{"permanent, published after the review", Duty{Rhythm: Permanent}, "2020-01-01", "2026-01-01", "2025-11-22", nil, "2026-11-23", Current, "2027-01-01", ""},
		{"no duty", Duty{Rhythm: Never}, "2020-01-01", "2020-01-02", "", nil, "2026-11-23", Unwatched, "", ""},
	}
	for _, tt := range tests {
		var open []Happening
		for _, e := range tt.events {
			open = append(open, Happening{On: on(t, e)})
		}
		f := Facts{on(t, tt.opened), on(t, tt.last), on(t, tt.reviewed)}
		w := Due(tt.duty, f, open, on(t, tt.today), workday.Embedded())
		if w.State != tt.state || w.Due != on(t, tt.due) || w.Since != on(t, tt.since) {
			t.Errorf("%s: %s, due %v, since %v; want %s, %s, %s", tt.name, w.State, w.Due, w.Since, tt.state, tt.due, tt.since)
		}
	}
}

// A deadline counted into a year whose holidays are not announced may change.
func TestADeadlineInAnUnannouncedYearIsNotSure(t *testing.T) {
	w := Due(Duty{Rhythm: Event, N: 20, Unit: Workdays}, Facts{}, []Happening{{On: date.Must(2026, 12, 21)}},
		date.Must(2026, 12, 21), workday.Embedded())
	if w.Sure {
		t.Error("sure of January 2027")
	}
	done := Due(Duty{Rhythm: Event, N: 1, Unit: Workdays}, Facts{}, []Happening{{On: date.Must(2026, 11, 2), Done: true}},
		date.Must(2026, 12, 21), workday.Embedded())
	if done.State != Unwatched {
		t.Errorf("an event dealt with is %s", done.State)
	}
}

func TestPolicy(t *testing.T) {
	for kind, want := range map[Kind]Duty{
		Statutory: {Rhythm: Event, N: 20, Unit: Workdays}, Extra: {Rhythm: Event, N: 20, Unit: Workdays},
		News: {Rhythm: Every, N: 14, Unit: Days}, Notice: {Rhythm: Every, N: 6, Unit: Months},
		Reports: {Rhythm: Yearly, Month: 1, Day: 31}, Guide: {Rhythm: Permanent}, Topic: {Rhythm: Never}, Proactive: {Rhythm: Never},
	} {
		if got := Standard.Of(&Section{Kind: kind}); got != want {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
	own := Duty{Rhythm: Monthly, Day: 5}
	if got := Standard.Of(&Section{Kind: News, Duty: own}); got != own {
		t.Errorf("its own duty: got %+v", got)
	}
}

func TestADutyIsCountable(t *testing.T) {
	for _, d := range []Duty{
		{}, {Rhythm: Event, Unit: Workdays}, {Rhythm: Event, N: 20, Unit: Days}, {Rhythm: Every, N: 1, Unit: Days},
		{Rhythm: Monthly, Day: 31}, {Rhythm: Quarterly, Month: 3, Day: 1}, {Rhythm: Yearly, Month: 12, Day: 31}, {Rhythm: Never},
	} {
		if err := d.check(); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []Duty{
		{Rhythm: "often"}, {Rhythm: Event, N: -1, Unit: Days}, {Rhythm: Event, N: 2, Unit: Months}, {Rhythm: Every, N: 0, Unit: Days},
		{Rhythm: Every, N: 2, Unit: Workdays}, {Rhythm: Every, N: 1101, Unit: Days}, {Rhythm: Monthly}, {Rhythm: Monthly, Day: 32},
		{Rhythm: Quarterly, Month: 4, Day: 1}, {Rhythm: Quarterly, Day: 1}, {Rhythm: Yearly, Month: 13, Day: 1},
	} {
		if err := d.check(); !errors.Is(err, ErrDuty) && !errors.Is(err, ErrDutyDay) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}
