package cli

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
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
	errAssignForm  = &fault.Error{Kind: fault.Invalid, Code: "cli.merge.assign_form"}
	errAssignFile  = &fault.Error{Kind: fault.NotFound, Code: "cli.merge.assign_file"}
	errAssignUnit  = &fault.Error{Kind: fault.NotFound, Code: "cli.merge.assign_unit"}
)

// merging is what the flags of merge say.
type merging struct {
	out     output
	units   string
	own     string
	as      string
	year    int
	against string
	assign  []string // FILE=UNIT
	// workbook is where the workbook of the whole collection goes.
	workbook string
	json     bool
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
	f.StringArrayVar(&m.assign, "assign", nil, s.p.T("cli.flag.assign"))
	f.StringVar(&m.workbook, "workbook", "", s.p.T("cli.flag.workbook"))
	f.BoolVar(&m.json, "json", false, s.p.T("cli.flag.json_one"))
	s.outputFlags(cmd, &m.out, s.p.T("cli.flag.to"), words(print.Formats))
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
	var audit *annual.Audit
	if m.against != "" {
		if audit, err = s.against(merged, m.against); err != nil {
			return err
		}
	}
	if err := s.tellMerged(m, merged, audit); err != nil {
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

// tellMerged gives the account, and what a printed report of the superior shows against it.
func (s *session) tellMerged(m merging, merged *annual.Merged, audit *annual.Audit) error {
	if needsCare(merged) || audit != nil && len(audit.Differences) > 0 {
		s.raise(ExitFound)
	}
	if m.json {
		return s.emit(s.mergeObject(merged, m.against, audit))
	}
	s.account(merged)
	if audit != nil {
		s.audited(merged, m.against, *audit)
	}
	return s.out.flush()
}

// needsCare reports whether someone must see to the merged report before it is published.
func needsCare(m *annual.Merged) bool {
	return len(m.Of(annual.Missing, annual.Conflict)) > 0 || len(m.Faults) > 0 || len(m.Inconsistent()) > 0
}

// against holds a printed report of the superior against the sum (R-AR-13).
func (s *session) against(m *annual.Merged, file string) (*annual.Audit, error) {
	printed, err := s.readOne(file)
	if err != nil {
		return nil, err
	}
	a := m.Check(printed)
	return &a, nil
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

// assignments returns the units that --assign names for the sources, by the sources' names.
func assignments(words []string, srcs []source, merger *annual.Merger) (map[string]string, error) {
	unitOf := map[string]string{}
	for _, word := range words {
		at := strings.LastIndex(word, "=")
		if at < 1 || at == len(word)-1 {
			return nil, usage(errAssignForm.With("value", word))
		}
		file, unit := word[:at], word[at+1:]
		i := slices.IndexFunc(srcs, func(src source) bool { return src.name == file || sameFile(src.name, file) })
		switch {
		case i < 0:
			return nil, usage(errAssignFile.With("file", file))
		case !merger.Knows(unit):
			return nil, usage(errAssignUnit.With("unit", unit))
		}
		unitOf[srcs[i].name] = unit
	}
	return unitOf, nil
}

// gather reads the files into a merger, which keeps of each only its figures. The reports
// themselves are kept only for a workbook.
func (s *session) gather(m merging, spec annual.MergeSpec, srcs []source) (*annual.Merged, []*annual.Report, error) {
	merger := annual.NewMerger(spec)
	unitOf, err := assignments(m.assign, srcs, merger)
	if err != nil {
		return nil, nil, err
	}
	var kept []*annual.Report
	read := 0
	err = s.each(srcs, func(o outcome) error {
		s.raise(exitOf(o))
		if o.err != nil {
			s.cannotRead(o)
			return nil
		}
		read++
		if unit, assigned := unitOf[o.name]; assigned {
			merger.AddFor(unit, o.report)
		} else {
			merger.Add(o.report)
		}
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
