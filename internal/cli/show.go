package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// showCommand prints what was read, readable or as one line of JSON a file.
func (s *session) showCommand() *cobra.Command {
	var asJSON, provenance, text bool
	cmd := &cobra.Command{Use: "show " + s.p.T("cli.arg.files"), Args: files, RunE: func(_ *cobra.Command, args []string) error {
		first := true
		return s.each(s.sources(args), func(o outcome) error {
			s.raise(exitOf(o))
			if asJSON {
				return s.emit(s.objectOf(o, provenance))
			}
			if o.err != nil {
				s.cannotRead(o)
				return nil
			}
			if !first {
				s.out.line("")
			}
			first = false
			s.show(o.report, provenance, text)
			return s.out.flush()
		})
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, s.p.T("cli.flag.json"))
	cmd.Flags().BoolVar(&provenance, "provenance", false, s.p.T("cli.flag.provenance"))
	cmd.Flags().BoolVar(&text, "text", false, s.p.T("cli.flag.text"))
	return s.command(cmd, "cli.show.short", "cli.show.long", "cli.show.example")
}

// exitOf returns the exit code one file earns by what it is.
func exitOf(o outcome) int {
	switch {
	case o.err != nil && faultless(o.err):
		return ExitInternal
	case o.err != nil, o.report.Refused != nil:
		return ExitInput
	}
	return ExitOK
}

// show prints a report for a person to read.
func (s *session) show(r *annual.Report, provenance, text bool) {
	s.facts(r)
	if r.Refused != nil {
		s.refused(r)
		s.notes(r)
		return
	}
	s.sections(r, text)
	for _, t := range r.Form.Tables {
		s.out.line("")
		s.table(r, t)
	}
	s.questions(r)
	s.missing(r)
	s.notes(r)
	if provenance {
		s.provenance(r)
	}
}

// title names a report: as it is printed, else by what is known of it.
func (s *session) title(r *annual.Report) string {
	switch {
	case r.Title.Text != "":
		return r.Title.Text
	case r.Agency.Text != "" && r.Year > 0:
		return s.p.T("cli.show.untitled_of", "agency", r.Agency.Text, "year", r.Year)
	}
	return s.p.T("cli.show.untitled")
}

// facts prints what the report says about itself.
func (s *session) facts(r *annual.Report) {
	s.out.line(s.out.bold(clean(s.title(r))))
	var rows [][2]string
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, [2]string{s.p.T(key), clean(value)})
		}
	}
	add("cli.show.file", r.File)
	add("cli.show.agency", r.Agency.Text)
	if r.Year > 0 {
		add("cli.show.year", strconv.Itoa(r.Year))
	}
	if r.Form != nil {
		add("cli.show.form", s.p.T("cli.show.form_value", "id", r.Form.ID, "no", r.Form.DocNo))
	}
	add("cli.show.index_no", r.IndexNo.Text)
	add("cli.show.doc_no", r.DocNo.Text)
	add("cli.show.publisher", r.Publisher.Text)
	add("cli.show.signature", r.Signature.Text)
	add("cli.show.signed", s.day(r.Signed.Date))
	add("cli.show.published", s.day(r.Published.Date))
	add("cli.show.period", r.Period.Text)
	s.pairs(rows)
}

func (s *session) day(d date.Date) string { return s.p.Text(i18n.M("cli.show.day", "day", d)) }

// where names a place in the reader's language.
func (s *session) where(at place.Place) string {
	if s.p.Lang() == i18n.English {
		return at.English()
	}
	return at.String()
}

func (s *session) refused(r *annual.Report) {
	s.out.line("")
	s.out.line(s.out.red(s.p.T("cli.show.refused")))
	for _, m := range r.Refused.Reasons {
		s.out.line("  - " + s.say(m))
	}
	if at := s.where(r.Refused.At); at != "" {
		s.out.line("  " + s.p.T("cli.show.at", "where", at))
	}
}

// say words a message for the terminal.
func (s *session) say(m i18n.Message) string { return clean(s.p.Text(m)) }

// sections prints the six parts: heading, place and length, or their whole text.
func (s *session) sections(r *annual.Report, text bool) {
	s.out.line("")
	for _, sec := range r.Sections {
		n := 0
		for _, para := range sec.Paragraphs {
			n += len([]rune(para.Text))
		}
		if sec.Missing {
			s.out.line(s.out.yellow(s.p.T("cli.show.section_missing", "heading", r.Form.Section(sec.Key).Full)))
		} else {
			s.out.line(s.out.bold(clean(sec.Heading.Text)) + "  " + s.out.dim(s.p.T("cli.show.section_at", "n", n, "where", s.where(sec.Heading.At))))
		}
		if text {
			for _, para := range sec.Paragraphs {
				s.out.line(indent(strings.Join(wrap(clean(para.Text), textWidth), "\n"), "  "))
			}
		}
	}
}

// textWidth is how many columns running text takes: forty Chinese characters.
const textWidth = 80

// table prints one of the three tables, block by block: rows that share their columns.
func (s *session) table(r *annual.Report, t *form.Table) {
	s.out.line(s.out.bold(t.Name + " " + r.Form.Section(t.Section).Heading))
	marks := map[string]bool{}
	groups := groupsOf(t)
	for rest := t.Rows; len(rest) > 0; {
		n := 1
		for n < len(rest) && sameColumns(rest[0], rest[n]) {
			n++
		}
		s.block(r, rest[:n], groups, marks)
		rest = rest[n:]
	}
	s.legend(marks)
}

func sameColumns(a, b *form.Row) bool {
	return a.Block == b.Block && slices.EqualFunc(a.Cells, b.Cells, func(x, y *form.Cell) bool {
		return x.Key.Column() == y.Key.Column()
	})
}

// groupsOf returns the merged labels left of each row, outermost first: 三、本年度办理结果,
// （三）不予公开.
func groupsOf(t *form.Table) map[string][]string {
	var merged []form.Box
	for _, line := range t.Grid {
		for _, b := range line {
			if b.Role == form.RoleRowGroup {
				merged = append(merged, b)
			}
		}
	}
	groups := map[string][]string{}
	for _, line := range t.Grid {
		for _, b := range line {
			if b.Role != form.RoleValue || groups[b.Key.Row()] != nil {
				continue
			}
			over := []string{}
			for _, g := range merged {
				if g.Row <= b.Row && b.Row < g.Row+g.RowSpan {
					over = append(over, g.Text)
				}
			}
			groups[b.Key.Row()] = over
		}
	}
	return groups
}

// block prints rows with the same columns as one aligned table.
func (s *session) block(r *annual.Report, rows []*form.Row, groups map[string][]string, marks map[string]bool) {
	head := []string{rows[0].Block}
	for _, c := range rows[0].Cells {
		head = append(head, strings.TrimPrefix(c.Column, rows[0].Label))
	}
	lines := [][]string{head}
	var open []string
	for _, row := range rows {
		over := groups[row.Key]
		for i, g := range over {
			if i >= len(open) || open[i] != g {
				lines = append(lines, []string{strings.Repeat("  ", i) + g})
			}
		}
		open = over
		line := []string{strings.Repeat("  ", len(over)) + row.Label}
		for _, c := range row.Cells {
			line = append(line, s.cell(r, c.Key, marks))
		}
		lines = append(lines, line)
	}
	s.grid(lines)
}

// labelWidth is how many columns a row's label may take before it goes on in a further line.
const labelWidth = 44

// grid prints lines of a label and right-aligned values.
func (s *session) grid(lines [][]string) {
	var widths []int
	for _, line := range lines {
		for i, text := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if len(line) > 1 {
				widths[i] = max(widths[i], width(text))
			}
		}
	}
	widths[0] = min(widths[0], labelWidth)
	for n, line := range lines {
		label := wrapLabel(line[0], widths[0])
		text := label[len(label)-1]
		if len(line) > 1 {
			text = pad(text, widths[0])
		}
		for i, value := range line[1:] {
			text += "  " + padLeft(value, widths[i+1])
		}
		for _, above := range label[:len(label)-1] {
			s.out.line("  " + above)
		}
		if n == 0 {
			text = s.out.dim(text)
		}
		s.out.line("  " + text)
	}
}

// wrapLabel breaks a label into lines of n columns, each as far indented as the first and
// the further ones a little more.
func wrapLabel(label string, n int) []string {
	text := strings.TrimLeft(label, " ")
	by := len(label) - len(text)
	if n <= by || width(label) <= n {
		return []string{label}
	}
	lines := wrap(text, n-by-2)
	for i := range lines {
		lines[i] = strings.Repeat(" ", by) + lines[i]
		if i > 0 {
			lines[i] = "  " + lines[i]
		}
	}
	return lines
}

// The marks of cells that hold no plain printed figure.
const (
	markBlank   = "-"
	markMissing = "x"
	markAsked   = "?"
	markDeduced = "*"
	markSettled = "+"
)

// cell prints what a cell holds and notes the mark it needed.
func (s *session) cell(r *annual.Report, k form.Key, marks map[string]bool) string {
	for i, q := range r.Questions {
		if slices.Contains(q.Keys, k) {
			marks[markAsked] = true
			return markAsked + strconv.Itoa(i+1)
		}
	}
	c, ok := r.Cells[k]
	mark := ""
	switch {
	case !ok:
		marks[markMissing] = true
		return markMissing
	case c.State == annual.Blank:
		marks[markBlank] = true
		return markBlank
	case c.State == annual.Deduced:
		mark = markDeduced
	case c.State == annual.Settled:
		mark = markSettled
	}
	if mark != "" {
		marks[mark] = true
	}
	return c.Value.String() + mark
}

// legend explains the marks a table used.
func (s *session) legend(marks map[string]bool) {
	var texts []string
	for _, m := range []struct{ mark, text string }{
		{markBlank, s.p.T("cli.legend.blank")},
		{markMissing, s.p.T("cli.legend.missing")},
		{markAsked, s.p.T("cli.legend.asked")},
		{markDeduced, s.p.T("cli.legend.deduced")},
		{markSettled, s.p.T("cli.legend.settled")},
	} {
		if marks[m.mark] {
			texts = append(texts, m.mark+" "+m.text)
		}
	}
	if len(texts) > 0 {
		s.out.line("  " + s.out.dim(strings.Join(texts, "   ")))
	}
}

// shownOptions is how many readings of a question the terminal lists.
const shownOptions = 8

// questions lists what a person must settle, with the readings that are possible.
func (s *session) questions(r *annual.Report) {
	if len(r.Questions) == 0 {
		return
	}
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.show.questions", "n", len(r.Questions))))
	for i, q := range r.Questions {
		s.out.line(s.out.yellow(fmt.Sprintf("  ?%d ", i+1)) + s.say(q.Why) + s.out.dim(s.atEnd(q.At)))
		s.out.line("     " + s.p.T("cli.show.question_cells", "cells", s.labels(r, q.Keys)))
		if len(q.Raw) > 0 {
			s.out.line("     " + s.p.T("cli.show.question_raw", "raw", s.quoted(q.Raw)))
		}
		for n, o := range q.Options[:min(len(q.Options), shownOptions)] {
			s.out.line(fmt.Sprintf("     %d) ", n+1) + s.reading(r, q.Keys, o))
		}
		if left := len(q.Options) - shownOptions; left > 0 || q.More {
			s.out.line("     " + s.p.T("cli.show.question_more"))
		}
	}
}

// inner prepares words for standing in quotation marks: quotation marks within them become
// single ones, as both languages write them.
func (s *session) inner(text string) string {
	return i18n.Inner(clean(text))
}

func (s *session) quoted(raw []string) string {
	out := make([]string, len(raw))
	for i, one := range raw {
		out[i] = s.p.T("cli.quote", "text", s.inner(one))
	}
	return s.p.List(out)
}

// reading spells one possible reading of a question.
func (s *session) reading(r *annual.Report, keys []form.Key, a annual.Assignment) string {
	parts := make([]string, len(a))
	for i, v := range a {
		text := v.Value.String()
		if v.Blank {
			text = s.p.T("cli.show.blank")
		}
		parts[i] = r.Form.Cell(keys[i]).Column + " " + text
	}
	return s.p.List(parts)
}

// labels cites cells; those of one row are cited together.
func (s *session) labels(r *annual.Report, keys []form.Key) string {
	var parts []string
	for i := 0; i < len(keys); {
		row := keys[i].Row()
		var columns []string
		for i < len(keys) && keys[i].Row() == row {
			columns = append(columns, strings.TrimPrefix(r.Form.Cell(keys[i]).Column, r.Form.Row(row).Label))
			i++
		}
		parts = append(parts, s.p.T("cli.show.row_cells",
			"table", r.Form.Table(form.Key(row).Table()).Name, "row", s.inner(r.Form.Row(row).Label), "columns", strings.Join(columns, "/")))
	}
	return strings.Join(parts, s.p.T("cli.separator"))
}

// missing lists the cells the source does not print at all.
func (s *session) missing(r *annual.Report) {
	if ks := r.Missing(); len(ks) > 0 {
		s.out.line("")
		s.out.line(s.out.yellow(s.p.T("cli.show.missing", "n", len(ks))))
		s.out.line(indent(strings.Join(wrap(s.labels(r, ks), textWidth), "\n"), "  "))
	}
}

// notes lists what the reader noticed.
func (s *session) notes(r *annual.Report) {
	if len(r.Notes) == 0 && len(r.Extras) == 0 {
		return
	}
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.show.notes")))
	s.remarks(r)
	for _, x := range r.Extras {
		s.out.line("  - " + s.p.T("cli.show.extra", "text", s.inner(x.Text)) + s.out.dim(s.atEnd(x.At)))
	}
}

// remarks lists what the reader noticed and decided.
func (s *session) remarks(r *annual.Report) {
	for _, n := range r.Notes {
		line := s.say(n.Message)
		if n.Text != "" {
			line += " " + s.p.T("cli.quote", "text", s.inner(n.Text))
		}
		s.out.line("  - " + line + s.out.dim(s.atEnd(n.At)))
	}
}

// atEnd writes a place in brackets behind a sentence.
func (s *session) atEnd(at place.Place) string {
	if w := s.where(at); w != "" {
		return s.p.T("cli.show.at_end", "where", w)
	}
	return ""
}

// provenance lists where each value stood.
func (s *session) provenance(r *annual.Report) {
	s.out.line("")
	s.out.line(s.out.bold(s.p.T("cli.show.provenance")))
	fact := func(key string, text string, at place.Place) {
		if text != "" {
			s.out.line("  " + s.p.T(key) + "  " + clean(text) + s.out.dim(s.atEnd(at)))
		}
	}
	fact("cli.show.title", r.Title.Text, r.Title.At)
	fact("cli.show.agency", r.Agency.Text, r.Agency.At)
	if r.Year > 0 {
		fact("cli.show.year", strconv.Itoa(r.Year), r.YearAt)
	}
	fact("cli.show.index_no", r.IndexNo.Text, r.IndexNo.At)
	fact("cli.show.signed", s.day(r.Signed.Date), r.Signed.At)
	fact("cli.show.published", s.day(r.Published.Date), r.Published.At)
	for _, c := range r.Form.Cells() {
		v, ok := r.Cells[c.Key]
		if !ok {
			continue
		}
		value := v.Value.String()
		if v.State == annual.Blank {
			value = s.p.T("cli.show.blank")
		}
		line := r.Form.Label(c.Key) + " = " + value
		if v.Raw != "" && v.Raw != value {
			line += " " + s.p.T("cli.show.raw", "raw", clean(v.Raw))
		}
		line += s.out.dim(s.atEnd(v.At))
		if !v.Why.IsZero() {
			line += " " + s.say(v.Why)
		}
		s.out.line("  " + line)
	}
}
