package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
	"gongkai/internal/fault"
)

// errIndicator is a --rank that names no indicator.
var errIndicator = &fault.Error{Kind: fault.Invalid, Code: "cli.error.indicator"}

// errTwoFiles is a comparison of something else than two years.
var errTwoFiles = &fault.Error{Kind: fault.Invalid, Code: "cli.compare.two_files"}

// The faults of --year: without --rank, and a year no report is on.
var (
	errYearAlone = &fault.Error{Kind: fault.Invalid, Code: "cli.compare.year_alone"}
	errYearNone  = &fault.Error{Kind: fault.NotFound, Code: "cli.compare.year_none"}
)

// compareCommand sets two years, or many bodies, side by side.
func (s *session) compareCommand() *cobra.Command {
	var rank []string
	var year int
	var all, asJSON bool
	cmd := &cobra.Command{Use: "compare " + s.p.T("cli.arg.compare"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		if len(rank) > 0 {
			return s.rank(rank, year, asJSON, args)
		}
		if year != 0 {
			return usage(errYearAlone)
		}
		return s.compareYears(all, asJSON, args)
	}}
	cmd.Flags().StringSliceVar(&rank, "rank", nil, s.p.T("cli.flag.rank"))
	cmd.Flags().IntVar(&year, "year", 0, s.p.T("cli.flag.rank_year"))
	cmd.Flags().BoolVar(&all, "all", false, s.p.T("cli.flag.all"))
	cmd.Flags().BoolVar(&asJSON, "json", false, s.p.T("cli.flag.json_compare"))
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

func (s *session) compareYears(all, asJSON bool, args []string) error {
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
	c := annual.Compare(rs[0], rs[1])
	if len(broken(c)) > 0 {
		s.raise(ExitFound)
	}
	if asJSON {
		return s.emit(s.comparisonObject(c))
	}
	s.comparison(c, all)
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
	for _, l := range broken(c) {
		s.out.line("  " + s.out.red(s.p.T("cli.compare.link", "rule", l.Rule, "cell", c.After.Form.Label(l.Key), "expected", l.Expected.Value, "stated", l.Stated.Value)))
	}
}

func (s *session) figure(f annual.Figure) string {
	if f.Known() {
		return f.Value.String()
	}
	return markBlank
}

// broken returns what one year hands to the next where the two do not agree.
func broken(c *annual.Comparison) []annual.Link {
	var ls []annual.Link
	for _, l := range c.Links {
		if l.Expected.Known() && l.Stated.Known() && l.Expected.Value != l.Stated.Value {
			ls = append(ls, l)
		}
	}
	return ls
}

// rank sets bodies side by side by indicators, one year at a time; year 0 means every one.
func (s *session) rank(keys []string, year int, asJSON bool, args []string) error {
	indicators, err := chooseIndicators(keys)
	if err != nil {
		return err
	}
	rs, err := s.readable(s.sources(args))
	if err != nil || len(rs) == 0 {
		return err
	}
	lineups := annual.Lineups(rs)
	if year != 0 {
		lineups = slices.DeleteFunc(lineups, func(l annual.Lineup) bool { return l.Year != year })
	}
	if len(lineups) == 0 {
		return errYearNone.With("year", year)
	}
	for i, l := range lineups {
		if len(l.Conflicts) > 0 {
			s.raise(ExitFound)
		}
		if asJSON {
			if err := s.emitRanking(l, indicators); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			s.out.line("")
		}
		s.ranking(l, indicators)
	}
	return nil
}

func (s *session) emitRanking(l annual.Lineup, indicators []annual.Indicator) error {
	r := l.Rank(indicators)
	for _, c := range r.Columns {
		if err := s.emit(s.rankObject(l, r, c)); err != nil {
			return err
		}
	}
	return nil
}

// ranking prints the bodies of one year by each indicator.
func (s *session) ranking(l annual.Lineup, indicators []annual.Indicator) {
	if l.Year == 0 {
		s.out.line(s.out.bold(s.p.T("cli.compare.no_year", "n", len(l.Reports))))
	} else {
		s.out.line(s.out.bold(s.p.T("cli.compare.year", "year", l.Year, "n", len(l.Reports))))
	}
	for _, n := range l.Notices() {
		s.out.line("  - " + s.say(n))
	}
	r := l.Rank(indicators)
	for _, c := range r.Columns {
		s.out.line("")
		s.column(r, c)
	}
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
