package shelf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/form"
	"gongkai/internal/annual/rule"
	"gongkai/internal/decimal"
)

// candidate is a source that was tried.
type candidate struct {
	Source
	report *annual.Report // nil when the file could not be read at all
}

// usable reports whether a report in the unified form was found in it.
func (c candidate) usable() bool { return c.report != nil && c.report.Refused == nil }

func newCandidate(s Source, r *annual.Report) candidate {
	s.Refused, s.Questions = r.Refused != nil, len(r.Questions)
	for k := range r.Cells {
		if _, ok := r.Value(k); ok {
			s.Figures++
		}
	}
	return candidate{s, r}
}

// words counts the characters of a report's text.
func words(r *annual.Report) (n int) {
	for _, s := range r.Sections {
		for _, p := range s.Paragraphs {
			n += len(p.Text)
		}
	}
	return n
}

// best chooses the source that says most: the most figures, then the most text; the item's own
// text before its attachments. -1 when there is none.
func best(all []candidate) int {
	found := -1
	for i, c := range all {
		if !c.usable() {
			continue
		}
		if found < 0 || c.Figures > all[found].Figures ||
			c.Figures == all[found].Figures && words(c.report) > words(all[found].report) {
			found = i
		}
	}
	return found
}

// differing finds a cell for which two sources of one item give different figures.
func differing(all []candidate, chosen int) (cell string, n int) {
	r := all[chosen].report
	for i, c := range all {
		if i == chosen || !c.usable() || c.report.Form != r.Form {
			continue
		}
		for _, one := range r.Form.Cells() {
			a, known := r.Value(one.Key)
			b, also := c.report.Value(one.Key)
			if known && also && a != b {
				if n++; n == 1 {
					cell = r.Form.Label(one.Key)
				}
			}
		}
	}
	return cell, n
}

// bodies are who a report may be of: the publisher first, then those below it, with the names
// they bore.
type bodies struct {
	all  []*agency.Agency
	past map[string][]string
}

// called finds the body a report names. The publisher comes first; below it, only one may fit.
func (b bodies) called(name string) string {
	if name == "" || names(name, b.all[0], b.past[b.all[0].ID]) {
		return b.all[0].ID
	}
	found := ""
	for _, a := range b.all[1:] {
		if !names(name, a, b.past[a.ID]) {
			continue
		}
		if found != "" {
			return ""
		}
		found = a.ID
	}
	return found
}

func (b bodies) get(id string) *agency.Agency {
	for _, a := range b.all {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// judge fills the reading from what was read of its sources, and doubts what is not plain.
func (r *Reading) judge(all []candidate, b bodies) error {
	r.Sources = nil
	for _, c := range all {
		r.Sources = append(r.Sources, c.Source)
	}
	at := best(all)
	if at < 0 {
		return r.refuse(all, b)
	}
	if err := r.take(all[at], b); err != nil {
		return err
	}
	if cell, n := differing(all, at); n > 0 {
		r.doubt(Ask{Differ, cell, n})
	}
	r.stand()
	return nil
}

// refuse notes that no source holds a report in the unified form. Reports on years before that
// form are kept as the documents they are; what is not called a report is asked about.
func (r *Reading) refuse(all []candidate, b bodies) error {
	year, titled := YearOf(r.Title)
	r.Agency, r.Year, r.Form, r.Source, r.report, r.figures = b.all[0].ID, int64(year), "", "", "", nil
	for _, c := range all {
		if c.report == nil {
			continue
		}
		r.Source = c.ID
		if err := r.keep(c.report); err != nil {
			return err
		}
		break
	}
	r.Asks = []Ask{{Doubt: Refused}}
	if titled && form.ForYear(year) == nil {
		r.Asks = nil
		r.State, r.Listed = Plain, true
		return nil
	}
	r.stand()
	return nil
}

// take fills the reading from one source.
func (r *Reading) take(c candidate, b bodies) error {
	rep := c.report
	r.Source, r.Asks = c.ID, nil
	year, titled := YearOf(r.Title)
	switch {
	case rep.Year == 0 && titled:
		rep.Year = year
	case rep.Year == 0:
		r.doubt(Ask{Doubt: Year})
	case titled && rep.Year != year:
		r.doubt(Ask{Doubt: Year, Name: strconv.Itoa(rep.Year)})
	}
	r.Year = int64(rep.Year)
	if r.Agency = b.called(rep.Agency.Text); r.Agency == "" {
		r.doubt(Ask{Doubt: Body, Name: rep.Agency.Text})
	}
	if n := len(rep.Unsettled()); n > 0 {
		r.doubt(Ask{Doubt: Cells, N: n})
	}
	return r.keep(rep)
}

func (r *Reading) doubt(a Ask) { r.Asks = append(r.Asks, a) }

// dispel removes a doubt.
func (r *Reading) dispel(d Doubt) {
	r.Asks = slices.DeleteFunc(r.Asks, func(a Ask) bool { return a.Doubt == d })
}

// stand draws the state from what is doubted. A report that still waits is listed as a document
// if its title leaves no doubt that it is one.
func (r *Reading) stand() {
	r.State = Shelved
	if len(r.Asks) > 0 {
		r.State = Asked
	}
	_, titled := YearOf(r.Title)
	r.Listed = r.Agency != "" && r.Year >= firstYear && (r.State == Shelved || titled)
}

// keep stores the report, its figures apart.
func (r *Reading) keep(rep *annual.Report) error {
	var b bytes.Buffer
	if err := datafile.Write(&b, rep); err != nil {
		return fmt.Errorf("keep the report of %s: %w", r.Item, err)
	}
	r.report, r.Form, r.figures = b.String(), "", figures{}
	if rep.Form == nil {
		return nil
	}
	r.Form = rep.Form.ID
	for k, c := range rep.Cells {
		r.figures[k] = nil
		if c.State != annual.Blank {
			v := c.Value
			r.figures[k] = &v
		}
	}
	return nil
}

// Report returns the report as it was read, nil where no source could be.
func (r *Reading) Report() (*annual.Report, error) {
	if r.report == "" {
		return nil, nil // a picture of a report, or none at all
	}
	rep, err := datafile.Read(bytes.NewReader([]byte(r.report)))
	if err != nil {
		return nil, fmt.Errorf("read the report of %s: %w", r.Item, err)
	}
	return rep, nil
}

// check counts what the rules find.
func (r *Reading) check(rep *annual.Report, c rule.Context) {
	t := rule.Count(rep, rule.Check(rep, c).Findings)
	r.Errors, r.Warnings, r.Infos = int64(t.Errors+t.Unsettled), int64(t.Warnings), int64(t.Infos)
}

// light returns a report with figures alone, for charts, comparing and adding up.
func (f figures) light(version string, year int, body string) *annual.Report {
	rep := &annual.Report{Form: form.ByID(version), Year: year, Agency: annual.Text{Text: body}, Cells: map[form.Key]annual.Cell{}}
	for k, v := range f {
		c := annual.Cell{State: annual.Blank}
		if v != nil {
			c = annual.Cell{State: annual.Printed, Value: decimal.Decimal(*v), Raw: v.String()}
		}
		rep.Cells[k] = c
	}
	return rep
}
