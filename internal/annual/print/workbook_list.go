package print

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
)

func (l *streamed) head(s string) excelize.Cell {
	return excelize.Cell{StyleID: l.book.style.head, Value: s}
}

func rowHeight(points float64) excelize.RowOpts { return excelize.RowOpts{Height: points} }

// headings returns the wording of a list's columns, parted by | in the catalogue.
func headings(line string) []string { return strings.Split(line, "|") }

// ruleNames say in words what a sum of the form is.
func (b *book) ruleName(rule string) string {
	return b.p.Text(map[string]i18n.Message{
		"R-AR-01": i18n.M("merge.book.rule.balance"),
		"R-AR-02": i18n.M("merge.book.rule.outcomes"),
		"R-AR-03": i18n.M("merge.book.rule.applicants"),
		"R-AR-04": i18n.M("merge.book.rule.cases"),
	}[rule])
}

// writeFaults lists every sum that does not close, body by body and at last in the sum.
func (b *book) writeFaults() error {
	l, err := b.newStreamed(b.p.T("merge.book.faults"), headings(b.p.T("merge.book.faults_head")),
		[]float64{30, 10, 34, 34, 40, 10, 10, 10, 36}, 1)
	if err != nil {
		return err
	}
	add := func(unit string, r *annual.Report, f annual.Imbalance, note string) error {
		working := ""
		if r != nil {
			working = f.Working(r)
		}
		return l.add([]any{b.text(unit), b.text(f.Equation.Rule), b.text(b.ruleName(f.Equation.Rule)),
			b.text(b.place(f.Equation, r)), b.text(working), b.number(f.Left), b.number(f.Right),
			excelize.Cell{StyleID: b.style.bad, Value: (f.Left - f.Right).Float()}, b.text(note)})
	}
	for _, e := range b.c.Merged.Entries {
		for _, f := range e.Faults {
			if err := add(e.Unit, e.Report, f, ""); err != nil {
				return err
			}
		}
	}
	for _, f := range b.c.Merged.Faults {
		if err := add(b.p.T("merge.book.merged", "agency", b.c.Agency), b.c.Merged.Report, f, b.causes(f)); err != nil {
			return err
		}
	}
	if l.row == 1 {
		if err := l.add([]any{b.text(b.p.T("merge.book.no_faults"))}); err != nil {
			return err
		}
	}
	return l.sw.Flush()
}

// causes names the bodies in whose figures a sum of the whole does not close, and by how much.
func (b *book) causes(f annual.Imbalance) string {
	var parts []string
	for _, c := range b.c.Merged.Causes(f) {
		parts = append(parts, b.p.T("merge.book.cause", "unit", c.Unit, "n", c.Value))
	}
	return b.p.List(parts)
}

// place names the cell that holds the sum.
func (b *book) place(e form.Equation, r *annual.Report) string {
	f := b.c.Form
	if r != nil {
		f = r.Form
	}
	return f.Label(e.Right[0])
}

// outcome says in words what became of a report.
func (b *book) outcome(o annual.Outcome) string {
	return b.p.Text(map[annual.Outcome]i18n.Message{
		annual.Included:  i18n.M("merge.book.outcome.included"),
		annual.Covered:   i18n.M("merge.book.outcome.covered"),
		annual.Missing:   i18n.M("merge.book.outcome.missing"),
		annual.Refused:   i18n.M("merge.book.outcome.refused"),
		annual.WrongYear: i18n.M("merge.book.outcome.wrong_year"),
		annual.Undated:   i18n.M("merge.book.outcome.undated"),
		annual.Unlisted:  i18n.M("merge.book.outcome.unlisted"),
		annual.Duplicate: i18n.M("merge.book.outcome.duplicate"),
		annual.Conflict:  i18n.M("merge.book.outcome.conflict"),
		annual.Gone:      i18n.M("merge.book.outcome.gone"),
	}[o])
}

// writeAccount lists who has handed in what and when, and who has not.
func (b *book) writeAccount() error {
	l, err := b.newStreamed(b.p.T("merge.book.account"), headings(b.p.T("merge.book.account_head")),
		[]float64{30, 34, 14, 13, 13, 9, 9, 9, 70}, 1)
	if err != nil {
		return err
	}
	for _, e := range b.c.Merged.Entries {
		var notes []string
		for _, n := range e.Notices {
			notes = append(notes, b.p.Text(n))
		}
		if err := l.add([]any{b.text(e.Unit), b.text(e.File), b.text(b.outcome(e.Outcome)),
			b.day(e.Handed), b.day(e.Due), b.count(e.Late), b.count(e.Gaps), b.count(len(e.Faults)),
			b.text(strings.Join(notes, "；"))}); err != nil {
			return err
		}
	}
	for _, n := range b.c.Merged.Notices {
		if err := l.add([]any{b.text(b.p.T("merge.book.notice")), b.text(""), b.text(""), b.text(""), b.text(""),
			b.text(""), b.text(""), b.text(""), b.text(b.p.Text(n))}); err != nil {
			return err
		}
	}
	return l.sw.Flush()
}

func (b *book) day(d date.Date) excelize.Cell { return b.text(d.String()) }

// count shows a number above zero and nothing else, so that what matters stands out.
func (b *book) count(n int) excelize.Cell {
	if n == 0 {
		return b.text("")
	}
	return excelize.Cell{StyleID: b.style.number, Value: n}
}

// writeYears lists, body by body, the cells that changed since the year before, then what
// one year hands to the next.
func (b *book) writeYears() error {
	l, err := b.newStreamed(b.p.T("merge.book.years"), headings(b.p.T("merge.book.years_head")),
		[]float64{30, 60, 12, 12, 12, 18, 36}, 1)
	if err != nil {
		return err
	}
	for _, c := range b.c.Comparisons {
		if err := b.yearRows(l, c); err != nil {
			return err
		}
	}
	if l.row == 1 {
		if err := l.add([]any{b.text(b.p.T("merge.book.no_years"))}); err != nil {
			return err
		}
	}
	return l.sw.Flush()
}

func (b *book) yearRows(l *streamed, c *annual.Comparison) error {
	for _, ch := range c.Changes {
		if ch.Growth.Kind == annual.GrowthNone || ch.Growth.Kind == annual.GrowthUnknown && ch.Before.Gap == ch.After.Gap {
			continue
		}
		delta := excelize.Cell{StyleID: b.style.gap}
		if ch.Before.Known() && ch.After.Known() {
			delta = b.number(ch.Delta)
		}
		if err := l.add([]any{b.text(c.Body), b.text(c.After.Form.Label(ch.Key)), b.figure(ch.Before), b.figure(ch.After),
			delta, b.text(b.p.Text(ch.Growth.Message())), b.text("")}); err != nil {
			return err
		}
	}
	for _, link := range c.Links {
		if same := link.Expected == link.Stated; same && link.Stated.Value == 0 {
			continue
		}
		note := b.p.T("merge.book.link_unknown")
		if link.Expected.Known() && link.Stated.Known() {
			note = b.p.T("merge.book.link_same")
			if link.Expected.Value != link.Stated.Value {
				note = b.p.T("merge.book.link_differs", "expected", link.Expected.Value, "stated", link.Stated.Value)
			}
		}
		if err := l.add([]any{b.text(c.Body), b.text(b.linkName(link, c)), b.figure(link.Expected), b.figure(link.Stated),
			b.text(""), b.text(link.Rule), b.text(note)}); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) linkName(l annual.Link, c *annual.Comparison) string {
	cell := c.After.Form.Label(l.Key)
	if l.Rule == "R-AR-07" {
		return b.p.T("merge.book.in_force", "cell", cell)
	}
	return b.p.T("merge.book.carried", "cell", cell)
}
