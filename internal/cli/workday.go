package cli

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/holiday"
	"gongkai/internal/i18n"
	"gongkai/internal/storage"
	"gongkai/internal/workday"
)

// The faults of counting working days.
var (
	errTwoArgs  = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.two_args"}
	errNotDate  = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.date"}
	errNotDays  = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.days"}
	errTooFar   = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.far"}
	errLineDate = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.line"}
	errReplaces = &fault.Error{Kind: fault.Conflict, Code: "cli.workday.replaces"}
	errNotice   = &fault.Error{Kind: fault.Invalid, Code: "cli.workday.notice"}
)

// mostDays bounds a count: more working days than four hundred years have are a slip.
const mostDays = 100_000

// workdayCommand groups what is counted in working days.
func (s *session) workdayCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "workday"}, "cli.workday.short", "cli.workday.long")
	cmd.AddCommand(s.workdayAddCommand(), s.workdayCountCommand(), s.workdayLoadCommand())
	return cmd
}

// negative is a number of days that looks like a flag.
var negative = regexp.MustCompile(`^-\d+$`)

// countBack lets "workday add 2026-10-30 -5" count back: what looks like a flag and is a
// number goes behind the two dashes that end the flags.
func countBack(args []string) []string {
	at := slices.Index(args, "workday")
	if at < 0 || at+1 >= len(args) || args[at+1] != "add" || slices.Contains(args, "--") {
		return args
	}
	var flags, numbers []string
	for _, a := range args {
		if negative.MatchString(a) {
			numbers = append(numbers, a)
		} else {
			flags = append(flags, a)
		}
	}
	if len(numbers) == 0 {
		return args
	}
	return append(append(flags, "--"), numbers...)
}

// calendarFlags gives cmd the flags that say which notices count, and returns what reads the
// calendar: the program's, those loaded into the installation if there is one, and a notice
// that only this call is to know.
func (s *session) calendarFlags(cmd *cobra.Command) func() (*workday.Calendar, error) {
	load := s.settings(cmd, "data", "database")
	var notices []string
	cmd.Flags().StringArrayVar(&notices, "notice", nil, s.p.T("cli.flag.notice"))
	return func() (*workday.Calendar, error) {
		cal, err := s.calendar(load)
		for _, name := range notices {
			if err != nil {
				return nil, err
			}
			var w workday.Wording
			if w, err = s.readNotice(name, 0, cal); err == nil {
				cal = cal.With(w.Notice)
			}
		}
		return cal, err
	}
}

// calendar returns the calendar of the installation the settings name, if it exists.
func (s *session) calendar(load func() (config.Config, error)) (*workday.Calendar, error) {
	c, err := load()
	if err != nil {
		return nil, err
	}
	if c.Database == "" && !storage.Exists(c) {
		return workday.Embedded(), nil
	}
	var cal *workday.Calendar
	err = s.withStorage(load, func(kept *storage.Storage) error {
		d := &holiday.Desk{DB: kept.DB}
		err := d.Refresh(s.ctx)
		cal = d.Calendar()
		return err
	})
	return cal, err
}

// workdayAddCommand counts working days on from a date, or from each line's.
func (s *session) workdayAddCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "add " + s.p.T("cli.workday.add.args"), Args: twoArgs}
	calendar := s.calendarFlags(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		n, err := strconv.Atoi(args[1])
		if err != nil || n < -mostDays || n > mostDays {
			return usage(errNotDays.With("value", args[1]).With("most", mostDays))
		}
		cal, err := calendar()
		if err != nil {
			return err
		}
		told := map[string]bool{}
		if args[0] == "-" {
			return s.addLines(cal, n, told)
		}
		if f := s.add(cal, args[0], n, told); f != nil {
			return usage(f)
		}
		return nil
	}
	return s.command(cmd, "cli.workday.add.short", "cli.workday.add.long", "cli.workday.add.example")
}

func twoArgs(_ *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usage(errTwoArgs)
	}
	return nil
}

// addLines counts from the date of each line. A line that holds none is named, and the others
// are counted.
func (s *session) addLines(cal *workday.Calendar, n int, told map[string]bool) error {
	lines := bufio.NewScanner(s.In)
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" {
			continue
		}
		if f := s.add(cal, text, n, told); f != nil {
			s.complain(s.p.Text(errLineDate.With("line", number).With("message", f.Message()).Message()))
			s.raise(ExitInput)
		}
	}
	if err := lines.Err(); err != nil {
		return errUnreadable.Because(err)
	}
	return nil
}

// add prints a date and the one that lies n working days on. What makes a result uncertain is
// told once.
func (s *session) add(cal *workday.Calendar, text string, n int, told map[string]bool) *fault.Error {
	d, err := date.Parse(text)
	if err != nil {
		return errNotDate.With("value", clean(text))
	}
	due := cal.Add(d, n)
	if due.Date.Year() < 1 || due.Date.Year() > 9999 {
		return errTooFar.With("value", text).With("n", n)
	}
	s.out.line(d.String() + " " + due.Date.String())
	s.uncertain(due.Why, told)
	return nil
}

// uncertain says on standard error why a result is not certain, each reason once.
func (s *session) uncertain(why i18n.Message, told map[string]bool) {
	if text := s.p.Text(why); text != "" && !told[text] {
		told[text] = true
		s.remark(text)
	}
}

// workdayCountCommand counts the working days between two dates.
func (s *session) workdayCountCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "count " + s.p.T("cli.workday.count.args"), Args: twoArgs}
	calendar := s.calendarFlags(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		var ends [2]date.Date
		for i, a := range args {
			d, err := date.Parse(a)
			if err != nil {
				return usage(errNotDate.With("value", clean(a)))
			}
			ends[i] = d
		}
		cal, err := calendar()
		if err != nil {
			return err
		}
		tally := cal.Count(ends[0], ends[1])
		s.out.line(strconv.Itoa(tally.Days))
		s.uncertain(tally.Why, map[string]bool{})
		return nil
	}
	return s.command(cmd, "cli.workday.count.short", "cli.workday.count.long", "cli.workday.count.example")
}

// readNotice reads a notice from a file, or from standard input with "-", and tells everything
// that is wrong with it.
func (s *session) readNotice(name string, year int, known *workday.Calendar) (workday.Wording, error) {
	text, err := s.readSmall(name)
	if err != nil {
		return workday.Wording{}, err
	}
	w, faults := workday.ReadAny(text, year, known)
	if len(faults) == 0 {
		return w, nil
	}
	for _, f := range faults {
		s.complain(s.p.T("cli.file.problem", "file", clean(name), "message", f.Message()))
	}
	return w, errNotice
}

// smallest bounds files that hold a page at most.
const smallest = 1 << 20

// readSmall reads a file of at most a page, or standard input with "-".
func (s *session) readSmall(name string) ([]byte, error) {
	in := s.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &fileError{name, fileFault(err)}
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, smallest+1))
	switch {
	case err != nil:
		return nil, &fileError{name, fileFault(err)}
	case len(text) > smallest:
		return nil, &fileError{name, errTooLong.With("most", smallest>>10)}
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

// errTooLong refuses what can be no notice and no case.
var errTooLong = &fault.Error{Kind: fault.TooLarge, Code: "cli.file.too_long"}

// workdayLoadCommand reads a notice, shows it and keeps it in the installation.
func (s *session) workdayLoadCommand() *cobra.Command {
	var year int
	var source string
	var dry, replace bool
	cmd := &cobra.Command{Use: "load " + s.p.T("cli.arg.file"), Args: oneFile}
	load := s.settings(cmd, "data", "database")
	cmd.Flags().IntVar(&year, "year", 0, s.p.T("cli.flag.notice_year"))
	cmd.Flags().StringVar(&source, "source", "", s.p.T("cli.flag.notice_source"))
	cmd.Flags().BoolVar(&dry, "dry-run", false, s.p.T("cli.flag.notice_dry"))
	cmd.Flags().BoolVar(&replace, "replace", false, s.p.T("cli.flag.notice_replace"))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		cal, err := s.calendar(load)
		if err != nil {
			return err
		}
		w, err := s.readNotice(args[0], year, cal)
		if err != nil {
			return err
		}
		if source != "" {
			w.Notice.Sources = append(w.Notice.Sources, source)
		}
		differs := cal.Differs(w.Notice)
		s.preview(w, cal, differs)
		_, known := cal.Notice(w.Notice.Year)
		switch {
		case dry:
			s.out.line(s.p.T("cli.workday.load.dry"))
			return nil
		case known && len(differs) == 0:
			s.out.line(s.p.T("cli.workday.load.same", "year", w.Notice.Year))
			return nil
		case known && !w.Change && !replace:
			return errReplaces.With("year", w.Notice.Year)
		}
		return s.keepNotice(load, w.Notice)
	}
	return s.command(cmd, "cli.workday.load.short", "cli.workday.load.long", "cli.workday.load.example")
}

// preview shows what a notice was read as, and what it would change.
func (s *session) preview(w workday.Wording, cal *workday.Calendar, differs []date.Date) {
	s.out.line(s.p.T("cli.workday.load.title", "year", w.Notice.Year))
	for _, span := range w.Notice.Off() {
		s.out.line("  " + s.p.T("cli.workday.load.off", "days", s.stretch(span), "name", span.Name, "n", span.Days()))
	}
	for _, span := range w.Notice.Work() {
		s.out.line("  " + s.p.T("cli.workday.load.work", "days", s.stretch(span), "name", span.Name))
	}
	if _, known := cal.Notice(w.Notice.Year); known {
		for _, d := range differs {
			key := "cli.workday.load.becomes_off"
			if !cal.IsWorkday(d) {
				key = "cli.workday.load.becomes_work"
			}
			s.out.line("  " + s.p.T(key, "day", s.weekday(d)))
		}
	}
	for _, q := range w.Skipped {
		s.remark(s.p.T("cli.workday.load.skipped", "line", q.Line, "text", clean(q.Text)))
	}
}

// stretch writes a run of days with their weekdays.
func (s *session) stretch(span workday.Span) string {
	if span.From == span.To {
		return s.weekday(span.From)
	}
	return s.p.T("cli.workday.span", "from", s.weekday(span.From), "to", s.weekday(span.To))
}

// weekday writes a day with its weekday.
func (s *session) weekday(d date.Date) string {
	return s.p.T("cli.workday.day", "day", d.String(), "weekday", workday.Weekday(d))
}

// keepNotice keeps a notice in the installation.
func (s *session) keepNotice(load func() (config.Config, error), n workday.Notice) error {
	text, err := n.JSON()
	if err != nil {
		return err
	}
	return s.withStorage(load, func(kept *storage.Storage) error {
		_, faults, err := (&holiday.Desk{DB: kept.DB}).Load(s.ctx, actor.System("gongkai workday load"), text)
		for _, f := range faults {
			s.complain(s.p.Text(f.Message()))
		}
		switch {
		case err != nil:
			return err
		case len(faults) > 0:
			return errNotice
		}
		s.out.line(s.p.T("cli.workday.load.kept", "year", n.Year, "folder", clean(kept.Dir)))
		return nil
	})
}
