package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/rule"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
	"gongkai/internal/statute"
)

// The faults of checking's flags.
var (
	errToday = &fault.Error{Kind: fault.Invalid, Code: "cli.error.today"}
	errKind  = &fault.Error{Kind: fault.Invalid, Code: "cli.error.kind"}
)

// checking is what the flags of check say.
type checking struct {
	json, verbose, strict bool
	previous              string
	neighbours            []string
	today, kind           string
}

// checkCommand prints what an auditor would write about each report.
func (s *session) checkCommand() *cobra.Command {
	var c checking
	cmd := &cobra.Command{Use: "check " + s.p.T("cli.arg.files"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		return s.check(c, args)
	}}
	f := cmd.Flags()
	f.BoolVar(&c.json, "json", false, s.p.T("cli.flag.json"))
	f.BoolVarP(&c.verbose, "verbose", "v", false, s.p.T("cli.flag.verbose"))
	f.BoolVar(&c.strict, "strict", false, s.p.T("cli.flag.strict"))
	f.StringVar(&c.previous, "previous", "", s.p.T("cli.flag.previous"))
	f.StringArrayVar(&c.neighbours, "neighbour", nil, s.p.T("cli.flag.neighbour"))
	f.StringVar(&c.today, "today", "", s.p.T("cli.flag.today"))
	f.StringVar(&c.kind, "kind", "", s.p.T("cli.flag.kind"))
	complete(cmd, "kind", kindWords()...)
	return s.command(cmd, "cli.check.short", "cli.check.long", "cli.check.example")
}

// check reads all files first, because one body's reports on consecutive years are checked
// against each other.
func (s *session) check(c checking, args []string) error {
	base, err := s.checkContext(c)
	if err != nil {
		return err
	}
	var outcomes []outcome
	if err := s.each(s.sources(args), func(o outcome) error {
		outcomes = append(outcomes, o)
		return nil
	}); err != nil {
		return err
	}
	earlier := byYear(outcomes)
	var tally tally
	for i, o := range outcomes {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if i > 0 && !c.json {
			s.out.line("")
		}
		if err := s.checkOne(c, o, base, earlier, &tally); err != nil {
			return err
		}
	}
	if len(outcomes) > 1 && !c.json {
		s.out.line("")
		s.out.line(s.p.T("cli.check.tally", "files", len(outcomes), "errors", tally.errors, "warnings", tally.warnings, "unread", tally.unread))
	}
	return nil
}

// tally counts over all files.
type tally struct{ errors, warnings, unread int }

func (s *session) checkOne(c checking, o outcome, base rule.Context, earlier map[yearKey]*annual.Report, t *tally) error {
	s.raise(exitOf(o))
	if exitOf(o) != ExitOK {
		t.unread++
	}
	if o.err != nil {
		if c.json {
			return s.emit(s.errorObject(o))
		}
		s.cannotRead(o)
		return nil
	}
	if base.Previous == nil {
		base.Previous = earlier[yearKey{form.Normalize(o.report.Agency.Text), o.report.Year - 1}]
	}
	audit := rule.Check(o.report, base)
	errors, warnings, _ := count(audit.Findings)
	t.errors, t.warnings = t.errors+errors, t.warnings+warnings
	if o.report.Refused == nil && (errors > 0 || c.strict && warnings > 0) {
		s.raise(ExitFound)
	}
	if c.json {
		obj := s.reportObject(o.report, false)
		obj.objectCheck = s.checkObject(audit)
		return s.emit(obj)
	}
	s.audit(o.report, audit, base.Previous, c.verbose)
	return s.out.flush()
}

// checkContext reads what the flags name.
func (s *session) checkContext(c checking) (rule.Context, error) {
	ctx := rule.Context{Today: s.Today}
	if c.today != "" {
		d, err := date.Parse(c.today)
		if err != nil {
			return ctx, usage(errToday.With("value", c.today))
		}
		ctx.Today = d
	}
	if c.kind != "" {
		k, err := parseKind(c.kind)
		if err != nil {
			return ctx, err
		}
		ctx.Kind = k
	}
	if c.previous != "" {
		r, err := s.readOne(c.previous)
		if err != nil {
			return ctx, err
		}
		ctx.Previous = r
	}
	for _, name := range c.neighbours {
		for _, src := range s.sources([]string{name}) {
			r, err := s.read(s.ctx, src)
			if err != nil {
				return ctx, &fileError{src.name, err}
			}
			ctx.Neighbours = append(ctx.Neighbours, r)
		}
	}
	return ctx, nil
}

// kinds are the words --kind takes.
var kinds = []agency.Kind{agency.Government, agency.Department, agency.Township, agency.Zone}

func parseKind(v string) (agency.Kind, error) {
	if k := agency.Kind(v); slices.Contains(kinds, k) {
		return k, nil
	}
	return agency.Unknown, usage(errKind.With("value", v).With("kinds", kindWords()))
}

func kindWords() []string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return words
}

// yearKey finds a body's report on a year among those given.
type yearKey struct {
	agency string
	year   int
}

// byYear indexes reports so that each finds its own body's report on the year before.
func byYear(outcomes []outcome) map[yearKey]*annual.Report {
	m := map[yearKey]*annual.Report{}
	for _, o := range outcomes {
		if o.err == nil && o.report.Refused == nil && o.report.Agency.Text != "" && o.report.Year > 0 {
			m[yearKey{form.Normalize(o.report.Agency.Text), o.report.Year}] = o.report
		}
	}
	return m
}

func count(fs []check.Finding) (errors, warnings, infos int) {
	for _, f := range fs {
		switch f.Severity {
		case check.Error:
			errors++
		case check.Warning:
			warnings++
		default:
			infos++
		}
	}
	return errors, warnings, infos
}

// cannotRead says on standard error why a file gave nothing.
func (s *session) cannotRead(o outcome) {
	s.complain(s.p.T("cli.file.problem", "file", clean(o.name), "message", s.wordError(o.err)))
}

// audit prints one report's findings for a person to read.
func (s *session) audit(r *annual.Report, a rule.Audit, previous *annual.Report, verbose bool) {
	s.out.line(s.out.bold(clean(s.title(r))))
	s.out.line(s.out.dim(clean(r.File)))
	if previous != nil {
		s.out.line(s.out.dim(s.p.T("cli.check.against", "file", clean(previous.File), "year", previous.Year)))
	}
	if r.Refused != nil {
		s.refused(r)
		return
	}
	s.verdict(a)
	for i, f := range a.Findings {
		s.out.line("")
		s.finding(i+1, f)
	}
	s.verified(a, verbose)
}

// verdict is the line a busy reader reads.
func (s *session) verdict(a rule.Audit) {
	errors, warnings, infos := count(a.Findings)
	switch {
	case errors > 0:
		s.out.line(s.out.red(s.p.T("cli.check.verdict_errors", "errors", errors, "warnings", warnings, "infos", infos)))
	case warnings > 0:
		s.out.line(s.out.yellow(s.p.T("cli.check.verdict_warnings", "warnings", warnings, "infos", infos)))
	case infos > 0:
		s.out.line(s.out.green(s.p.T("cli.check.verdict_infos", "infos", infos)))
	default:
		s.out.line(s.out.green(s.p.T("cli.check.verdict_clean")))
	}
}

// finding prints one finding: what, on what ground, the arithmetic, where, what to do.
func (s *session) finding(n int, f check.Finding) {
	no, word := strconv.Itoa(n)+". ", s.severityWord(f.Severity)
	by := width(no + word + " " + f.Code + "  ")
	s.out.hang(no+s.severityPaint(f.Severity)(word)+" "+s.out.dim(f.Code)+"  ", by, s.say(f.Message))
	detail := func(key, text string) {
		if text != "" {
			prefix := "   " + s.p.T(key)
			s.out.hang(prefix, width(prefix), text)
		}
	}
	detail("cli.check.working", clean(f.Working))
	for _, q := range f.Places {
		detail("cli.check.place", s.place(q))
	}
	detail("cli.check.cite", s.cite(f.Cite))
	detail("cli.check.advice", s.say(f.Advice))
}

// place writes a quote: where, what stands there, its words.
func (s *session) place(q check.Quote) string {
	parts := []string{}
	if w := s.where(q.At); w != "" {
		parts = append(parts, w)
	}
	if !q.Label.IsZero() {
		parts = append(parts, s.say(q.Label))
	}
	text := strings.Join(parts, s.p.T("cli.comma"))
	if q.Text == "" {
		return text
	}
	return s.p.T("cli.check.quoted", "place", text, "text", s.inner(q.Text))
}

// severity is a severity's mark in its colour.
func (s *session) severity(v check.Severity) string {
	return s.severityPaint(v)(s.severityWord(v))
}

func (s *session) severityWord(v check.Severity) string {
	switch v {
	case check.Error:
		return s.p.T("cli.severity.error")
	case check.Warning:
		return s.p.T("cli.severity.warning")
	}
	return s.p.T("cli.severity.info")
}

func (s *session) severityPaint(v check.Severity) func(string) string {
	switch v {
	case check.Error:
		return s.out.red
	case check.Warning:
		return s.out.yellow
	}
	return s.out.blue
}

func (s *session) cite(r statute.Ref) string {
	if s.p.Lang() == i18n.English {
		return r.English()
	}
	return r.String()
}

// verified counts the statements that were found to agree with the tables, or lists them.
func (s *session) verified(a rule.Audit, verbose bool) {
	if len(a.Verified) == 0 {
		return
	}
	s.out.line("")
	if !verbose {
		s.out.line(s.out.green(s.p.T("cli.check.verified", "n", len(a.Verified))))
		return
	}
	s.out.line(s.out.green(s.p.T("cli.check.verified_list", "n", len(a.Verified))))
	for _, j := range a.Verified {
		line := "  - " + s.say(j.Message)
		if j.Working != "" {
			line += "  " + clean(j.Working)
		}
		if len(j.Places) > 0 {
			line += s.out.dim(s.atEnd(j.Places[0].At))
		}
		s.out.line(line)
	}
}

// objectCheck is what check --json adds to a line.
type objectCheck struct {
	Findings []objectFinding  `json:"findings"`
	Verified []objectVerified `json:"verified"`
}

type (
	objectFinding struct {
		Code     string         `json:"code"`
		Severity check.Severity `json:"severity"`
		Message  string         `json:"message"`
		Places   []objectPlace  `json:"places"`
		Cite     string         `json:"cite"`
		Working  string         `json:"working"`
		Advice   string         `json:"advice"`
	}
	objectVerified struct {
		Code    string        `json:"code"`
		Message string        `json:"message"`
		Working string        `json:"working"`
		Places  []objectPlace `json:"places"`
	}
	objectPlace struct {
		At    place.Place `json:"at"`
		Where string      `json:"where"`
		Key   string      `json:"key,omitempty"`
		Label string      `json:"label,omitempty"`
		Quote string      `json:"quote,omitempty"`
	}
)

func (s *session) checkObject(a rule.Audit) *objectCheck {
	o := &objectCheck{Findings: make([]objectFinding, len(a.Findings)), Verified: make([]objectVerified, len(a.Verified))}
	for i, f := range a.Findings {
		o.Findings[i] = objectFinding{
			f.Code, f.Severity, s.p.Text(f.Message), s.placeObjects(f.Places), s.cite(f.Cite), f.Working, s.p.Text(f.Advice),
		}
	}
	for i, j := range a.Verified {
		o.Verified[i] = objectVerified{j.Code, s.p.Text(j.Message), j.Working, s.placeObjects(j.Places)}
	}
	return o
}

func (s *session) placeObjects(qs []check.Quote) []objectPlace {
	out := make([]objectPlace, len(qs))
	for i, q := range qs {
		out[i] = objectPlace{q.At, s.where(q.At), q.Key, s.p.Text(q.Label), q.Text}
	}
	return out
}
