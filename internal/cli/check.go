package cli

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
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
	errToday    = &fault.Error{Kind: fault.Invalid, Code: "cli.error.today"}
	errJSONInto = &fault.Error{Kind: fault.Invalid, Code: "cli.check.json_into"}
	errKind     = &fault.Error{Kind: fault.Invalid, Code: "cli.error.kind"}
)

// checking is what the flags of check say.
type checking struct {
	out                   output
	json, verbose, strict bool
	previous              string
	neighbours            []string
	today, kind           string
}

// checkCommand prints what an auditor would write about each report.
func (s *session) checkCommand() *cobra.Command {
	var c checking
	cmd := &cobra.Command{Use: "check " + s.p.T("cli.arg.files"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		if c.out.path != "" || c.out.to != "" {
			return s.checkInto(c, args)
		}
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
	s.outputFlags(cmd, &c.out, s.p.T("cli.flag.to_findings"), words(print.FindingFormats))
	return s.command(cmd, "cli.check.short", "cli.check.long", "cli.check.example")
}

// checked is a file after its check.
type checked struct {
	outcome
	audit   rule.Audit
	pairing annual.Pairing // with last year's report
}

// checkAll reads all files first, because one body's reports on consecutive years are
// checked against each other.
func (s *session) checkAll(c checking, args []string) ([]checked, error) {
	base, err := s.checkContext(c)
	if err != nil {
		return nil, err
	}
	var all []checked
	var reports []*annual.Report
	if err := s.each(s.sources(args), func(o outcome) error {
		all = append(all, checked{outcome: o})
		if o.err == nil {
			reports = append(reports, o.report)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for i := range all {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		s.checkOne(c, base, reports, &all[i])
	}
	return all, nil
}

// checkOne checks a file and raises the exit code it earns.
func (s *session) checkOne(c checking, base rule.Context, reports []*annual.Report, k *checked) {
	s.raise(exitOf(k.outcome))
	if k.err != nil {
		return
	}
	k.pairing = annual.Pairing{Report: base.Previous}
	if base.Previous == nil {
		k.pairing = annual.Previous(k.report, reports)
		base.Previous = k.pairing.Report
	}
	k.audit = rule.Check(k.report, base)
	t := rule.Count(k.report, k.audit.Findings)
	if k.report.Refused == nil && (t.Errors+t.Unsettled > 0 || c.strict && t.Warnings > 0) {
		s.raise(ExitFound)
	}
}

// check prints what was found in each file, then the sum over all.
func (s *session) check(c checking, args []string) error {
	all, err := s.checkAll(c, args)
	if err != nil {
		return err
	}
	for i, k := range all {
		switch {
		case c.json:
			err = s.emitChecked(k)
		case k.err != nil:
			s.cannotRead(k.outcome)
		default:
			if i > 0 {
				s.out.line("")
			}
			s.audit(k, c.verbose)
			err = s.out.flush()
		}
		if err != nil {
			return err
		}
	}
	if len(all) > 1 && !c.json {
		s.out.line("")
		s.tally(all)
	}
	return nil
}

// checkInto writes what was found in all files as one document.
func (s *session) checkInto(c checking, args []string) error {
	switch {
	case c.json:
		return usage(errJSONInto)
	case c.out.path == "":
		return usage(errFlagMissing.With("flag", "--output"))
	}
	format, err := c.out.formatOf(print.FindingFormats)
	if err != nil {
		return err
	}
	if err := c.out.free(c.out.path); err != nil {
		return err
	}
	all, err := s.checkAll(c, args)
	if err != nil {
		return err
	}
	var found []print.Checked
	for _, k := range all {
		if k.err != nil {
			s.cannotRead(k.outcome)
			continue
		}
		found = append(found, print.Checked{Report: k.report, Audit: k.audit, Previous: k.pairing.Report})
		if len(k.pairing.Rivals) > 0 {
			s.remark(s.p.T("cli.file.problem", "file", clean(k.report.File), "message", s.doubt(k.report, k.pairing)))
		}
	}
	if len(found) == 0 {
		return nil
	}
	o := s.options()
	o.Lang = s.p.Lang()
	if err := s.write(c.out, c.out.path, func(w io.Writer) error { return print.WriteFindings(w, found, format, o) }); err != nil {
		return err
	}
	if c.out.path == "-" {
		return nil
	}
	s.tally(all)
	if err := s.out.flush(); err != nil {
		return err
	}
	s.remark(s.p.T("cli.out.written", "file", c.out.path))
	return nil
}

// tally sums up over all files.
func (s *session) tally(all []checked) {
	var sum rule.Tally
	unread := 0
	for _, k := range all {
		if exitOf(k.outcome) != ExitOK {
			unread++
			continue
		}
		sum = sum.Add(rule.Count(k.report, k.audit.Findings))
	}
	text := s.p.T("cli.check.tally", "files", len(all), "counts", s.counts(sum))
	if unread > 0 {
		text += s.p.T("cli.separator") + s.p.T("cli.check.tally_unread", "n", unread)
	}
	s.out.line(text)
}

// counts says a tally in words.
func (s *session) counts(t rule.Tally) string {
	var parts []string
	for _, m := range t.Counts() {
		parts = append(parts, s.p.Text(m))
	}
	return strings.Join(parts, s.p.T("cli.comma"))
}

func (s *session) emitChecked(k checked) error {
	if k.err != nil {
		return s.emit(s.errorObject(k.outcome))
	}
	obj := s.reportObject(k.report, false)
	obj.objectCheck = s.checkObject(k)
	return s.emit(obj)
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

// cannotRead says on standard error why a file gave nothing.
func (s *session) cannotRead(o outcome) {
	s.complain(s.p.T("cli.file.problem", "file", clean(o.name), "message", s.wordError(o.err)))
}

// audit prints one report's findings for a person to read.
func (s *session) audit(k checked, verbose bool) {
	r := k.report
	s.out.line(s.out.bold(clean(s.title(r))))
	s.out.line(s.out.dim(clean(r.File)))
	s.paired(r, k.pairing)
	if r.Refused != nil {
		s.refused(r)
		return
	}
	s.verdict(rule.Count(r, k.audit.Findings))
	for i, f := range k.audit.Findings {
		s.out.line("")
		s.finding(i+1, f, rule.Waits(r, f))
	}
	if len(r.Notes) > 0 { // lines the form does not know are findings already
		s.out.line("")
		s.out.line(s.out.bold(s.p.T("cli.show.notes")))
		s.remarks(r)
	}
	s.verified(k.audit, verbose)
}

// paired says with which report on the year before r was compared, or that several fit.
func (s *session) paired(r *annual.Report, p annual.Pairing) {
	switch {
	case p.Report != nil && p.Renamed:
		s.out.line(s.out.dim(s.p.T("cli.check.against_as", "file", clean(p.Report.File), "year", p.Report.Year, "name", clean(p.Report.Agency.Text))))
	case p.Report != nil:
		s.out.line(s.out.dim(s.p.T("cli.check.against", "file", clean(p.Report.File), "year", p.Report.Year)))
	case len(p.Rivals) > 0:
		s.out.line(s.out.yellow(s.doubt(r, p)))
	}
}

// doubt names the reports that may each be the one on the year before r.
func (s *session) doubt(r *annual.Report, p annual.Pairing) string {
	return s.p.T("cli.check.against_doubt", "files", filesOf(p.Rivals), "year", r.Year-1)
}

func filesOf(rs []*annual.Report) []string {
	files := make([]string, len(rs))
	for i, r := range rs {
		files[i] = clean(r.File)
	}
	return files
}

// verdict is the line a busy reader reads.
func (s *session) verdict(t rule.Tally) {
	paint, text := s.out.green, s.counts(t)
	switch {
	case t.Errors+t.Unsettled > 0:
		paint = s.out.red
	case t.Warnings > 0:
		paint = s.out.yellow
	case t.Infos == 0:
		text = s.p.T("cli.check.clean")
	}
	s.out.line(paint(s.p.T("cli.check.verdict", "counts", text)))
}

// finding prints one finding: what, on what ground, the arithmetic, where, what to do. One
// that waits for a person is marked so, and not as an error.
func (s *session) finding(n int, f check.Finding, waits bool) {
	no, word := strconv.Itoa(n)+". ", s.severityWord(f.Severity)
	if waits {
		word = s.p.T("cli.severity.unsettled")
	}
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
	Previous *objectPrevious  `json:"previous"`
	Rivals   []string         `json:"rivals"`
	Findings []objectFinding  `json:"findings"`
	Verified []objectVerified `json:"verified"`
}

type (
	objectPrevious struct {
		File   string `json:"file"`
		Agency string `json:"agency"`
	}
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

func (s *session) checkObject(k checked) *objectCheck {
	a := k.audit
	o := &objectCheck{Rivals: filesOf(k.pairing.Rivals), Findings: make([]objectFinding, len(a.Findings)), Verified: make([]objectVerified, len(a.Verified))}
	if p := k.pairing.Report; p != nil {
		o.Previous = &objectPrevious{p.File, p.Agency.Text}
	}
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
