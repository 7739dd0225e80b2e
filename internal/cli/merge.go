package cli

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/print"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// The faults of merging's flags.
var (
	errNoBody      = &fault.Error{Kind: fault.Invalid, Code: "cli.merge.no_body"}
	errNoYear      = &fault.Error{Kind: fault.Invalid, Code: "cli.merge.no_year"}
	errOwnRefused  = &fault.Error{Kind: fault.Invalid, Code: "cli.merge.own_refused"}
	errNothingRead = &fault.Error{Kind: fault.Invalid, Code: "cli.merge.nothing"}
)

// merging is what the flags of merge say.
type merging struct {
	out     output
	units   string
	own     string
	as      string
	year    int
	against string
	// workbook is where the workbook of the whole collection goes.
	workbook string
}

// mergeCommand adds reports up to the superior's and gives an account of each.
func (s *session) mergeCommand() *cobra.Command {
	var m merging
	cmd := &cobra.Command{Use: "merge " + s.p.T("cli.arg.files"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		return s.merge(m, args)
	}}
	f := cmd.Flags()
	f.StringVar(&m.units, "units", "", s.p.T("cli.flag.units"))
	f.StringVar(&m.own, "own", "", s.p.T("cli.flag.own"))
	f.StringVar(&m.as, "as", "", s.p.T("cli.flag.as"))
	f.IntVar(&m.year, "year", 0, s.p.T("cli.flag.year"))
	f.StringVar(&m.against, "against", "", s.p.T("cli.flag.against"))
	f.StringVar(&m.workbook, "workbook", "", s.p.T("cli.flag.workbook"))
	s.outputFlags(cmd, &m.out)
	return s.command(cmd, "cli.merge.short", "cli.merge.long", "cli.merge.example")
}

func (s *session) merge(m merging, args []string) error {
	format, err := m.format()
	if err != nil {
		return err
	}
	for _, path := range []string{m.out.path, m.workbook} {
		if err := m.out.free(path); path != "" && err != nil {
			return err
		}
	}
	spec, err := s.mergeSpec(m)
	if err != nil {
		return err
	}
	merged, reports, err := s.gather(m, spec, s.withoutFlagFiles(m, s.sources(args)))
	if err != nil {
		return err
	}
	s.account(merged, spec)
	if m.against != "" {
		if err := s.against(merged, m.against); err != nil {
			return err
		}
	}
	if err := s.out.flush(); err != nil {
		return err
	}
	if m.out.path != "" {
		err := s.write(m.out, m.out.path, func(w io.Writer) error { return print.Write(w, merged.Report, format, s.options()) })
		if err != nil {
			return err
		}
		s.remark(s.p.T("cli.out.written", "file", m.out.path))
	}
	if m.workbook != "" {
		return s.workbook(m, spec, reports)
	}
	return nil
}

// workbook writes the whole collection. Reports on the year before lie in the same folders
// and are set beside this year's.
func (s *session) workbook(m merging, spec annual.MergeSpec, reports []*annual.Report) error {
	var now, before []*annual.Report
	for _, r := range reports {
		if r.Refused == nil && r.Year == spec.Year-1 {
			before = append(before, r)
		} else {
			now = append(now, r)
		}
	}
	c, err := annual.NewCollection(spec, now, before)
	if err != nil {
		return err
	}
	if err := s.write(m.out, m.workbook, func(w io.Writer) error { return print.Workbook(w, c) }); err != nil {
		return err
	}
	s.remark(s.p.T("cli.out.written", "file", m.workbook))
	return nil
}

// format is that of the merged report; none is needed when only the account is wanted.
func (m merging) format() (print.Format, error) {
	if m.out.path == "" {
		return "", nil
	}
	return m.out.format()
}

// mergeSpec reads whose report is made, from the flags and the superior's own report.
func (s *session) mergeSpec(m merging) (annual.MergeSpec, error) {
	spec := annual.MergeSpec{Agency: m.as, Year: m.year}
	if m.own != "" {
		own, err := s.readOne(m.own)
		if err != nil {
			return spec, err
		}
		if own.Refused != nil {
			return spec, errOwnRefused.With("file", m.own).With("reasons", own.Refused.Reasons)
		}
		spec.Own = own
		if spec.Agency == "" {
			spec.Agency = own.Agency.Text
		}
		if spec.Year == 0 {
			spec.Year = own.Year
		}
	}
	switch {
	case spec.Agency == "":
		return spec, usage(errNoBody)
	case spec.Year == 0:
		return spec, usage(errNoYear)
	case m.units == "":
		return spec, nil
	}
	doc, err := extract.File(s.ctx, m.units)
	if err != nil {
		return spec, &fileError{m.units, err}
	}
	spec.Units, err = annual.ReadUnits(doc)
	return spec, err
}

// withoutFlagFiles leaves out the files that flags name: the superior's own report often
// lies in the folder that is merged, and would be counted twice.
func (s *session) withoutFlagFiles(m merging, srcs []source) []source {
	var rest []source
	for _, src := range srcs {
		if sameFile(src.name, m.own) || sameFile(src.name, m.against) || sameFile(src.name, m.units) {
			s.remark(s.p.T("cli.merge.not_twice", "file", clean(src.name)))
			continue
		}
		rest = append(rest, src)
	}
	return rest
}

// sameFile reports whether two paths name one file.
func sameFile(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// gather reads the files into a merger, which keeps of each only its figures. The reports
// themselves are kept only for a workbook.
func (s *session) gather(m merging, spec annual.MergeSpec, srcs []source) (*annual.Merged, []*annual.Report, error) {
	merger := annual.NewMerger(spec)
	var kept []*annual.Report
	read := 0
	err := s.each(srcs, func(o outcome) error {
		s.raise(exitOf(o))
		if o.err != nil {
			s.cannotRead(o)
			return nil
		}
		read++
		merger.Add(o.report)
		if m.workbook != "" {
			kept = append(kept, o.report)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if read == 0 && spec.Own == nil {
		return nil, nil, errNothingRead
	}
	merged, err := merger.Result()
	return merged, kept, err
}

// account says what became of every body and file, and what to look at.
func (s *session) account(m *annual.Merged, spec annual.MergeSpec) {
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
	s.lateness(m.Late())
	s.inconsistent(m)
	if len(m.Of(annual.Missing, annual.Conflict)) > 0 || len(m.Faults) > 0 || len(m.Inconsistent()) > 0 {
		s.raise(ExitFound)
	}
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

// against holds a printed report of the superior against the sum (R-AR-13).
func (s *session) against(m *annual.Merged, file string) error {
	printed, err := s.readOne(file)
	if err != nil {
		return err
	}
	a := m.Check(printed)
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.merge.against", "file", clean(file))))
	for _, n := range a.Notices {
		s.out.line("  - " + s.say(n))
	}
	if a.Compared > 0 && len(a.Differences) == 0 {
		s.out.line("  " + s.out.green(s.p.T("cli.merge.agrees", "n", a.Compared)))
		return nil
	}
	if len(a.Differences) == 0 {
		return nil
	}
	s.raise(ExitFound)
	s.out.line("  " + s.out.red(s.p.T("cli.merge.differs", "n", len(a.Differences), "of", a.Compared)))
	for _, x := range a.Suspects {
		if x.Twice {
			s.out.line("  " + s.p.T("cli.merge.suspect_twice", "unit", clean(x.Unit)))
		} else {
			s.out.line("  " + s.p.T("cli.merge.suspect_left_out", "unit", clean(x.Unit)))
		}
	}
	for _, d := range a.Differences {
		s.difference(m.Report.Form, d)
	}
	return nil
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

// errIndicator is a --rank that names no indicator.
var errIndicator = &fault.Error{Kind: fault.Invalid, Code: "cli.error.indicator"}

// errTwoFiles is a comparison of something else than two years.
var errTwoFiles = &fault.Error{Kind: fault.Invalid, Code: "cli.compare.two_files"}

// compareCommand sets two years, or many bodies, side by side.
func (s *session) compareCommand() *cobra.Command {
	var rank []string
	var all bool
	cmd := &cobra.Command{Use: "compare " + s.p.T("cli.arg.compare"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		if len(rank) > 0 {
			return s.rank(rank, args)
		}
		return s.compareYears(all, args)
	}}
	cmd.Flags().StringSliceVar(&rank, "rank", nil, s.p.T("cli.flag.rank"))
	cmd.Flags().BoolVar(&all, "all", false, s.p.T("cli.flag.all"))
	complete(cmd, "rank", indicatorKeys()...)
	return s.command(cmd, "cli.compare.short", "cli.compare.long", "cli.compare.example")
}

// readable reads sources and keeps the reports; what is none is said and left out.
func (s *session) readable(srcs []source) ([]*annual.Report, error) {
	var rs []*annual.Report
	err := s.each(srcs, func(o outcome) error {
		s.raise(exitOf(o))
		switch {
		case o.err != nil:
			s.cannotRead(o)
		case o.report.Refused != nil:
			s.complain(s.p.T("cli.file.problem", "file", clean(o.name), "message", s.p.T("cli.file.no_report", "reasons", s.reasons(o.report.Refused))))
		default:
			rs = append(rs, o.report)
		}
		return nil
	})
	return rs, err
}

func (s *session) compareYears(all bool, args []string) error {
	srcs := s.sources(args)
	if len(srcs) != 2 {
		return usage(errTwoFiles.With("n", len(srcs)))
	}
	rs, err := s.readable(srcs)
	if err != nil || len(rs) < 2 {
		return err
	}
	if rs[0].Year > rs[1].Year && rs[1].Year > 0 {
		rs[0], rs[1] = rs[1], rs[0]
	}
	s.comparison(annual.Compare(rs[0], rs[1]), all)
	return nil
}

// comparison prints two years cell by cell, those that changed or all of them.
func (s *session) comparison(c *annual.Comparison, all bool) {
	s.out.line(s.out.bold(s.p.T("cli.compare.title", "body", clean(c.Body), "before", c.Before.Year, "after", c.After.Year)))
	for _, n := range c.Notices {
		s.out.line("  - " + s.say(n))
	}
	lines := [][]string{{s.p.T("cli.compare.cell"), strconv.Itoa(c.Before.Year), strconv.Itoa(c.After.Year), s.p.T("cli.compare.delta"), s.p.T("cli.compare.growth")}}
	same := 0
	for _, ch := range c.Changes {
		if !all && ch.Growth.Kind == annual.GrowthNone {
			same++
			continue
		}
		delta := ""
		if ch.Before.Known() && ch.After.Known() {
			if delta = ch.Delta.String(); ch.Delta > 0 {
				delta = "+" + delta
			}
		}
		lines = append(lines, []string{c.After.Form.Label(ch.Key), s.figure(ch.Before), s.figure(ch.After), delta, s.say(ch.Growth.Message())})
	}
	if len(lines) > 1 {
		s.out.line("")
		s.grid(lines)
	}
	if same > 0 {
		s.out.line("  " + s.out.dim(s.p.T("cli.compare.same", "n", same)))
	}
	s.links(c)
}

func (s *session) figure(f annual.Figure) string {
	if f.Known() {
		return f.Value.String()
	}
	return markBlank
}

// links prints what one year hands to the next where the two do not agree.
func (s *session) links(c *annual.Comparison) {
	for _, l := range c.Links {
		if l.Expected.Known() && l.Stated.Known() && l.Expected.Value != l.Stated.Value {
			s.raise(ExitFound)
			s.out.line("  " + s.out.red(s.p.T("cli.compare.link", "rule", l.Rule, "cell", c.After.Form.Label(l.Key), "expected", l.Expected.Value, "stated", l.Stated.Value)))
		}
	}
}

// rank sets bodies side by side by indicators.
func (s *session) rank(keys []string, args []string) error {
	indicators, err := chooseIndicators(keys)
	if err != nil {
		return err
	}
	rs, err := s.readable(s.sources(args))
	if err != nil || len(rs) == 0 {
		return err
	}
	r := annual.Rank(rs, indicators)
	for i, c := range r.Columns {
		if i > 0 {
			s.out.line("")
		}
		s.column(r, c)
	}
	return nil
}

func chooseIndicators(keys []string) ([]annual.Indicator, error) {
	every, known := annual.Indicators(), indicatorKeys()
	if slices.Equal(keys, []string{"all"}) {
		return every, nil
	}
	var chosen []annual.Indicator
	for _, k := range keys {
		i := slices.Index(known, k)
		if i < 0 || i == len(every) {
			return nil, usage(errIndicator.With("value", k).With("known", known))
		}
		chosen = append(chosen, every[i])
	}
	return chosen, nil
}

// indicatorKeys are the words --rank takes.
func indicatorKeys() []string {
	var keys []string
	for _, ind := range annual.Indicators() {
		keys = append(keys, ind.Key)
	}
	return append(keys, "all")
}

// barWidth is the length of the longest bar of a ranking, in columns.
const barWidth = 30

// column prints one indicator: rank, body, value, and a bar in proportion to the greatest.
func (s *session) column(r *annual.Ranking, c annual.Column) {
	s.out.line(s.out.bold(s.say(c.Indicator.Name)) + "  " + s.out.dim(s.say(c.Indicator.Definition)))
	top, names, values := 0.0, 0, 0
	texts := make([]string, len(c.Scores))
	for i, sc := range c.Scores {
		texts[i] = s.score(c.Indicator, sc)
		top = max(top, sc.Value.Float())
		names, values = max(names, width(clean(r.Bodies[i]))), max(values, width(texts[i]))
	}
	for _, i := range c.Order() {
		sc := c.Scores[i]
		rank, bar := "-", ""
		if sc.Rank > 0 {
			rank = strconv.Itoa(sc.Rank)
		}
		if sc.Known && top > 0 {
			bar = strings.Repeat("#", int(sc.Value.Float()/top*barWidth+0.5))
		}
		line := "  " + padLeft(rank, 3) + "  " + pad(clean(r.Bodies[i]), names) + "  " + padLeft(texts[i], values) + "  " + s.out.blue(bar)
		if !sc.Why.IsZero() {
			line += "  " + s.out.dim(s.say(sc.Why))
		}
		s.out.line(strings.TrimRight(line, " "))
	}
}

func (s *session) score(ind annual.Indicator, sc annual.Score) string {
	switch {
	case !sc.Known:
		return markBlank
	case ind.Measure == annual.Share:
		return sc.Value.String() + "%"
	}
	return sc.Value.String()
}
