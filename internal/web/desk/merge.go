package desk

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/web"
)

// merging is what a person chose to merge. The sum itself is made anew whenever it is
// looked at, so that it always follows the decisions on the reports.
type merging struct {
	agency  string
	year    int
	own     int   // number of the superior's own report, 0 for none
	printed int   // number of the superior's printed report to be held against the sum
	parts   []int // numbers of the reports to add
	units   []annual.Unit
	given   map[int]string // the unit of the list a report was said to come from
}

// choosePage asks what to merge.
type choosePage struct {
	web.Page
	List    string
	Action  string
	Problem string
	Agency  string
	Year    int
	Choices []choiceView
	Units   int // bodies in the list given before
}

// choiceView is a file that may be merged.
type choiceView struct {
	No                     int
	Name, Title, Agency    string
	Year                   string
	Other                  bool // it is on another year than is being merged
	Part, Own, Printed, Ok bool
}

// showMerge asks what to merge, everything that was ticked in the list proposed, or what
// was chosen and could not be merged.
func (d *desk) showMerge(w http.ResponseWriter, r *http.Request, b *batch) error {
	if m := b.drafted(); m != nil && r.URL.Query().Has("problem") {
		return d.choose(w, r, b, *m, b.failure())
	}
	return d.choose(w, r, b, propose(b, numbers(r.URL.Query()["f"])), nil)
}

// chooseAgain leads to the choice as it was, which says what is wrong with it; it may be
// loaded anew.
func (d *desk) chooseAgain(w http.ResponseWriter, r *http.Request, b *batch, m merging, problem error) error {
	b.draftOf(&m)
	b.fail(problem)
	return d.goTo(w, r, "/desk/%s/merge?problem", b.id)
}

// propose takes the chosen reports of the year most of them are on. What is no report
// belongs to no body, and is counted only if a person ticks it.
func propose(b *batch, nos []int) merging {
	if before := b.merging(); before != nil && len(nos) == 0 {
		return *before
	}
	var m merging
	years := map[int]int{}
	for _, e := range b.list() {
		if e.usable() {
			years[e.report.Year]++
		}
	}
	for y, n := range years {
		if m.year == 0 || cmp.Or(cmp.Compare(n, years[m.year]), cmp.Compare(y, m.year)) > 0 {
			m.year = y
		}
	}
	for _, e := range b.list() {
		if e.usable() && (slices.Contains(nos, e.no) || len(nos) == 0 && e.report.Year == m.year) {
			m.parts = append(m.parts, e.no)
		}
	}
	return m
}

func (d *desk) choose(w http.ResponseWriter, r *http.Request, b *batch, m merging, problem error) error {
	p := choosePage{
		Page: d.page(r, printer(r).T("desk.merge.title")), List: d.path(r, "/desk/%s/", b.id),
		Action: d.path(r, "/desk/%s/merge", b.id), Agency: m.agency, Year: m.year, Units: len(m.units),
	}
	if problem != nil {
		p.Problem = p.Text(messageOf(problem))
	}
	for _, e := range sorted(b.list(), "agency") {
		h := head(p.Printer, e)
		p.Choices = append(p.Choices, choiceView{
			No: e.no, Name: e.name, Title: h.Title, Agency: h.Agency, Year: h.Year, Ok: e.usable(),
			Other: e.usable() && m.year > 0 && e.report.Year != m.year,
			Part:  slices.Contains(m.parts, e.no), Own: m.own == e.no, Printed: m.printed == e.no,
		})
	}
	return d.pages.Write(w, r, http.StatusOK, "choose", p)
}

// Faults of choosing what to merge.
var (
	ErrNoAgency = &fault.Error{Kind: fault.Invalid, Code: "desk.merge.no_agency", Field: "agency"}
	ErrNoYear   = &fault.Error{Kind: fault.Invalid, Code: "desk.merge.no_year", Field: "year"}
)

// merge remembers the choice and shows the sum.
func (d *desk) merge(w http.ResponseWriter, r *http.Request, b *batch) error {
	m, err := d.readMerging(w, r, b)
	if err == nil {
		_, _, err = d.sum(b, m)
	}
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return d.chooseAgain(w, r, b, m, err)
	case err != nil:
		return err
	}
	b.remember(&m)
	return d.goTo(w, r, "/desk/%s/merged/", b.id)
}

// unitsSize bounds a list of bodies.
const unitsSize = 8 << 20

// readMerging reads the form. A list of bodies given earlier stays unless another is given.
func (d *desk) readMerging(w http.ResponseWriter, r *http.Request, b *batch) (merging, error) {
	var m merging
	r.Body = http.MaxBytesReader(w, r.Body, unitsSize)
	parts, err := r.MultipartReader()
	if err != nil {
		return m, ErrUploadBroken.Because(err)
	}
	if before := b.merging(); before != nil {
		m.units, m.given = before.units, before.given
	}
	fields := url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return m, uploadFault(err)
		}
		if err := d.readField(r.Context(), part, fields, &m); err != nil {
			return m, err
		}
	}
	m.agency, m.parts = strings.TrimSpace(fields.Get("agency")), numbers(fields["f"])
	m.year, _ = strconv.Atoi(fields.Get("year")) // what is no year is asked for below
	m.own, _ = strconv.Atoi(fields.Get("own"))
	m.printed, _ = strconv.Atoi(fields.Get("printed"))
	m.parts = slices.DeleteFunc(m.parts, func(n int) bool { return n == m.own || n == m.printed })
	return m, m.check(b)
}

// readField takes one part of the form: the list of bodies or a plain field.
func (d *desk) readField(ctx context.Context, part *multipart.Part, fields url.Values, m *merging) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return uploadFault(err)
	}
	switch {
	case part.FormName() == "units" && part.FileName() != "":
		doc, err := extract.Bytes(ctx, fileName(part.FileName()), data)
		if err != nil {
			return err
		}
		m.units, err = annual.ReadUnits(doc)
		return err
	case part.FormName() == "no_units":
		m.units = nil
	case len(data) < 1000:
		fields.Add(part.FormName(), string(data))
	}
	return nil
}

// check asks for what is lacking, after taking it from the superior's own report.
func (m *merging) check(b *batch) error {
	for _, no := range []int{m.own, m.printed} {
		if no == 0 {
			continue
		}
		e, err := b.get(no)
		switch {
		case err != nil:
			return err
		case !e.usable():
			return ErrNoReport
		}
		m.agency = cmp.Or(m.agency, e.report.Agency.Text)
		m.year = cmp.Or(m.year, e.report.Year)
	}
	switch {
	case m.agency == "":
		return ErrNoAgency
	case m.year == 0:
		return ErrNoYear
	case len(m.parts) == 0 && m.own == 0:
		return ErrNothingChosen
	}
	return nil
}

// sum adds up what m chose from the reports as they are now, and says which files they are.
func (d *desk) sum(b *batch, m merging) (*annual.Merged, []counted, error) {
	spec, files := m.spec(b)
	var reports []*annual.Report
	for _, f := range files {
		reports = append(reports, f.report)
	}
	merged, err := annual.Merge(spec, reports...)
	return merged, files, err
}

// counted is a file to be added up, its report as the sum takes it.
type counted struct {
	no     int
	report *annual.Report
}

// spec returns what is merged and the reports to add, in the batch's order.
func (m merging) spec(b *batch) (annual.MergeSpec, []counted) {
	spec := annual.MergeSpec{Agency: m.agency, Year: m.year, Units: m.units}
	var files []counted
	for _, e := range b.list() {
		switch {
		case e.report == nil:
		case e.no == m.own:
			spec.Own = e.report
		case slices.Contains(m.parts, e.no):
			files = append(files, counted{e.no, m.named(e)})
		}
	}
	return spec, files
}

// named returns e's report, under the name of the unit a person said it comes from.
func (m merging) named(e *entry) *annual.Report {
	unit := m.given[e.no]
	if unit == "" {
		return e.report
	}
	r := *e.report
	r.Agency.Text, r.Signature.Text, r.Publisher.Text = unit, "", ""
	return &r
}

// assign takes a person's word for which unit of the list a report comes from, or takes it
// back where no unit is named.
func (d *desk) assign(w http.ResponseWriter, r *http.Request, b *batch) error {
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		return uploadFault(err)
	}
	before := b.merging()
	if before == nil {
		return ErrNothingChosen
	}
	m := *before
	m.given = maps.Clone(before.given)
	if m.given == nil {
		m.given = map[int]string{}
	}
	no, _ := strconv.Atoi(r.PostForm.Get("no")) // what is no number names no report
	unit := r.PostForm.Get("unit")
	delete(m.given, no)
	if slices.Contains(m.parts, no) && slices.ContainsFunc(m.units, func(u annual.Unit) bool { return u.Name == unit }) {
		m.given[no] = unit
	}
	b.remember(&m)
	return d.goTo(w, r, "/desk/%s/merged/#findings", b.id)
}

// merging returns what was last chosen to merge, nil if nothing was.
func (b *batch) merging() *merging {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.choice
}

// drafted returns the choice that could not be merged, nil for none.
func (b *batch) drafted() *merging {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.draft
}

func (b *batch) draftOf(m *merging) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.draft = m
}

func (b *batch) remember(m *merging) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.choice = m
}
