package cli

import (
	"github.com/spf13/cobra"

	"gongkai/internal/fault"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/workday"
)

// errCase refuses what is no case, after its faults were told.
var errCase = &fault.Error{Kind: fault.Invalid, Code: "cli.reckon.case"}

// foiCommand groups what is done about disclosure on request.
func (s *session) foiCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "foi"}, "cli.foi.short", "cli.foi.long")
	cmd.AddCommand(s.reckonCommand(), s.foiImportCommand(), s.foiExportCommand())
	return cmd
}

// reckonCommand counts until when a request must be answered.
func (s *session) reckonCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "reckon " + s.p.T("cli.reckon.args"), Args: oneFile}
	calendar := s.calendarFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, s.p.T("cli.reckon.flag.json"))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		c, err := s.readCase(args[0])
		if err != nil {
			return err
		}
		cal, err := calendar()
		if err != nil {
			return err
		}
		n := reckon.Reckon(cal, c, reckon.Policy{})
		if asJSON {
			return s.emit(n.Print(s.p))
		}
		s.showCount(c, n)
		return nil
	}
	return s.command(cmd, "cli.reckon.short", "cli.reckon.long", "cli.reckon.example")
}

// readCase reads a case. One that does not say today's date is counted as of today.
func (s *session) readCase(name string) (reckon.Case, error) {
	text, err := s.readSmall(name)
	if err != nil {
		return reckon.Case{}, err
	}
	c, faults := reckon.Read(text)
	for _, f := range faults {
		s.complain(s.p.T("cli.file.problem", "file", clean(name), "message", clean(s.p.Text(f.Message()))))
	}
	if len(faults) > 0 {
		return c, errCase
	}
	if c.Today.IsZero() {
		c.Today = s.Today
	}
	return c, nil
}

// showCount prints the due date, where the case stands, and every step with its days.
func (s *session) showCount(c reckon.Case, n reckon.Count) {
	s.out.line(s.p.T("cli.reckon.due", "day", s.weekday(n.Due)))
	s.out.line(s.standing(c, n))
	if !n.Certain {
		s.out.line(s.out.yellow(s.p.T("cli.reckon.uncertain", "why", n.Why)))
	}
	for _, step := range n.Steps {
		s.out.line("")
		s.showStep(step)
	}
	if len(n.Limits) > 0 {
		s.out.line("")
	}
	for _, l := range n.Limits {
		s.out.line(s.p.T(limitKeys[l.Stage], "n", l.N+1, "day", s.weekday(l.Due), "cite", s.cite(l.Cite)))
	}
}

// limitKeys word the limits of the stages.
var limitKeys = map[reckon.Stage]string{
	reckon.CorrectionNotice: "cli.reckon.limit.notice", reckon.CorrectionReply: "cli.reckon.limit.correction",
	reckon.Opinion: "cli.reckon.limit.opinion", reckon.Payment: "cli.reckon.limit.payment",
}

// standing says how the case stands today.
func (s *session) standing(c reckon.Case, n reckon.Count) string {
	today := s.weekday(c.Today)
	switch {
	case n.State == reckon.AwaitCorrection:
		return s.out.yellow(s.p.T("cli.reckon.await_correction"))
	case n.State == reckon.AwaitPayment:
		return s.out.yellow(s.p.T("cli.reckon.await_payment"))
	case n.State == reckon.NotCorrected || n.State == reckon.NotPaid:
		return s.p.T("cli.reckon.lapsed")
	case n.State == reckon.Answered && n.Overdue:
		return s.out.red(s.p.T("cli.reckon.answered_late", "day", s.weekday(c.Done)))
	case n.State == reckon.Answered:
		return s.out.green(s.p.T("cli.reckon.answered", "day", s.weekday(c.Done)))
	case n.Overdue:
		return s.out.red(s.p.T("cli.reckon.overdue", "today", today, "n", -n.Left))
	}
	return s.out.green(s.p.T("cli.reckon.left", "today", today, "n", n.Left))
}

// showStep prints a step, and of a stretch every day.
func (s *session) showStep(step reckon.Step) {
	when := s.stretch(workday.Span{From: step.From, To: step.To})
	text := s.p.T("cli.reckon.step", "when", when, "text", step.Message, "cite", s.cite(step.Cite))
	switch step.Effect {
	case reckon.Refused:
		text = s.out.red(text)
	case reckon.Remark:
		text = s.out.yellow(text)
	}
	s.out.line(text)
	for _, d := range step.Days {
		s.out.line("  " + s.dayLine(d))
	}
}

// dayLine says of a day whether it was counted, and as which.
func (s *session) dayLine(d reckon.Day) string {
	day := s.weekday(d.Date)
	switch {
	case d.Counted && d.Kind == workday.MakeUp:
		return s.p.T("cli.reckon.day.makeup", "day", day, "name", d.Name, "n", d.N)
	case d.Counted:
		return s.p.T("cli.reckon.day.counted", "day", day, "n", d.N)
	case d.Kind == workday.Holiday:
		return s.p.T("cli.reckon.day.holiday", "day", day, "name", d.Name)
	case d.Kind == workday.Weekend:
		return s.p.T("cli.reckon.day.weekend", "day", day)
	}
	return s.p.T("cli.reckon.day.left", "day", day)
}
