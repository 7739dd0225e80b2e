package cli

import (
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
)

// account says what became of every body and file, and what to look at.
func (s *session) account(m *annual.Merged) {
	s.out.line(s.out.bold(clean(m.Report.Title.Text)))
	s.out.line(s.p.T("cli.merge.counted", "n", len(m.Of(annual.Included)), "files", len(m.Entries)))
	groups := []struct {
		title    string
		outcomes []annual.Outcome
	}{
		{s.p.T("cli.merge.included"), []annual.Outcome{annual.Included}},
		{s.p.T("cli.merge.covered"), []annual.Outcome{annual.Covered}},
		{s.p.T("cli.merge.missing"), []annual.Outcome{annual.Missing}},
		{s.p.T("cli.merge.refused"), []annual.Outcome{annual.Refused}},
		{s.p.T("cli.merge.wrong_year"), []annual.Outcome{annual.WrongYear, annual.Undated}},
		{s.p.T("cli.merge.unlisted"), []annual.Outcome{annual.Unlisted}},
		{s.p.T("cli.merge.conflict"), []annual.Outcome{annual.Conflict}},
		{s.p.T("cli.merge.duplicate"), []annual.Outcome{annual.Duplicate}},
		{s.p.T("cli.merge.gone"), []annual.Outcome{annual.Gone}},
	}
	for _, g := range groups {
		s.entries(g.title, m.Of(g.outcomes...))
	}
	if len(m.Of(annual.Unlisted)) > 0 {
		s.out.line("")
		s.out.line("  " + s.p.T("cli.merge.assign_hint"))
	}
	s.lateness(m.Late())
	s.inconsistent(m)
	if len(m.Notices) > 0 {
		s.heading("cli.merge.notices")
		for _, n := range m.Notices {
			s.out.line("  - " + s.say(n))
		}
	}
}

// entries lists bodies with one fate and why.
func (s *session) entries(title string, es []annual.Entry) {
	if len(es) == 0 {
		return
	}
	s.out.line("")
	s.out.line(s.out.bold(title) + s.p.T("cli.merge.count", "n", len(es)))
	for _, e := range es {
		line := "  " + clean(e.Unit)
		if e.File != "" && e.File != e.Unit {
			line += s.out.dim("  " + clean(e.File))
		}
		if e.Gaps > 0 {
			line += "  " + s.p.T("cli.merge.gaps", "n", e.Gaps)
		}
		s.out.line(line)
		for _, n := range e.Notices {
			s.out.line("    " + s.say(n))
		}
	}
}

func (s *session) lateness(late []annual.Entry) {
	if len(late) == 0 {
		return
	}
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.merge.late")) + s.p.T("cli.merge.count", "n", len(late)))
	for _, e := range late {
		s.out.line("  " + s.p.T("cli.merge.late_line", "unit", clean(e.Unit), "handed", e.Handed, "due", e.Due, "days", e.Late))
	}
}

// inconsistent lists the bodies whose sums do not close, with the first few sums.
func (s *session) inconsistent(m *annual.Merged) {
	const shown = 3
	bad := m.Inconsistent()
	if len(bad) == 0 {
		return
	}
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.merge.inconsistent")) + s.p.T("cli.merge.count", "n", len(bad)))
	for _, e := range bad {
		s.out.line("  " + s.p.T("cli.merge.inconsistent_line", "unit", clean(e.Unit), "n", len(e.Faults)))
		for _, f := range e.Faults[:min(shown, len(e.Faults))] {
			s.out.line("    " + f.Equation.Rule + "  " + m.Report.Form.Label(f.Equation.Right[0]))
		}
	}
}

// audited prints where a printed report of the superior differs from the sum (R-AR-13).
func (s *session) audited(m *annual.Merged, file string, a annual.Audit) {
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.merge.against", "file", clean(file))))
	for _, n := range a.Notices {
		s.out.line("  - " + s.say(n))
	}
	switch {
	case a.Compared == 0:
		return
	case len(a.Differences) == 0:
		s.out.line("  " + s.out.green(s.p.T("cli.merge.agrees", "n", a.Compared)))
		return
	}
	s.out.line("  " + s.out.red(s.p.T("cli.merge.differs", "n", len(a.Differences), "of", a.Compared)))
	for _, x := range a.Suspects {
		s.out.line("  " + s.suspicion(x))
	}
	for _, d := range a.Differences {
		s.difference(m.Report.Form, d)
	}
}

func (s *session) suspicion(x annual.Suspect) string {
	if x.Twice {
		return s.p.T("cli.merge.suspect_twice", "unit", clean(x.Unit), "n", x.Cells)
	}
	return s.p.T("cli.merge.suspect_left_out", "unit", clean(x.Unit), "n", x.Cells)
}

func (s *session) difference(f *form.Form, d annual.Difference) {
	printed := s.p.T("cli.show.blank")
	if d.HasPrinted {
		printed = d.Printed.String()
	}
	s.out.line("  " + s.p.T("cli.merge.difference", "cell", f.Label(d.Key), "printed", printed, "summed", d.Summed))
	for _, h := range d.Hints {
		s.out.line("    " + s.say(h))
	}
}
