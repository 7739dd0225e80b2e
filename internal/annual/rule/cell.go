package rule

import (
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// cells: every cell of the form asks for a number: counts are whole and not negative, 本年增/减
// may be negative, 万元 may have decimals (R-AR-05). What has not happened is a 0; a blank or a
// stroke leaves open whether nothing happened or nobody counted. That is our reading of the
// form, which prints no other mark.
var cells = check.Rule[*Subject]{
	Code: "R-AR-05", Severity: check.Error, Since: unified,
	Cite: statute.AnnualForm2021.Whole("表二至表四"), Title: i18n.M("rule.cells.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() {
			return nil
		}
		out := append(s.domain(), s.merged()...)
		for _, t := range s.Form.Tables {
			out = append(out, s.blanks(t)...)
			out = append(out, s.unprinted(t)...)
		}
		out = append(out, s.questions()...)
		return append(out, s.deduced()...)
	},
}

// domain reports figures the form does not admit.
func (s *Subject) domain() []check.Finding {
	var out []check.Finding
	for _, c := range s.Form.Cells() {
		v, ok := s.Value(c.Key)
		if !ok {
			continue
		}
		var m i18n.Message
		switch {
		case v < 0 && c.Kind != form.Change:
			m = i18n.M("rule.cells.negative", "cell", s.Form.Label(c.Key), "value", v)
		case !v.IsInt() && (c.Kind == form.Count || c.Kind == form.Change):
			m = i18n.M("rule.cells.fraction", "cell", s.Form.Label(c.Key), "value", v)
		default:
			continue
		}
		out = append(out, check.Finding{
			Message: m, Places: []check.Quote{s.cell(c.Key)}, Cite: s.formRef(s.Form.Table(c.Row.Table).Name),
		})
	}
	return out
}

// blanks reports the cells of a table that are printed without a number, once a table.
func (s *Subject) blanks(t *form.Table) []check.Finding {
	var empty []form.Key
	said := s.blankTotals()
	for _, k := range s.unsplit() {
		said[k] = true
	}
	marks := map[string]bool{}
	total := 0
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			total++
			if got, ok := s.Cells[c.Key]; ok && got.State == annual.Blank && !said[c.Key] {
				empty = append(empty, c.Key)
				if m := strings.TrimSpace(got.Raw); m != "" {
					marks[m] = true
				}
			}
		}
	}
	if len(empty) == 0 {
		return nil
	}
	f := check.Finding{
		Severity: check.Warning, Cite: s.formRef(t.Name),
		Places: []check.Quote{s.blank(t, empty)}, Advice: i18n.M("rule.cells.fill"),
	}
	args := []any{"table", t.Name, "n", len(empty), "all", total, "cells", s.compact(t, empty), "marks", s.marks(marks)}
	switch {
	case len(empty) == total:
		f.Severity = check.Error
		f.Message = i18n.M("rule.cells.all_blank", args...)
	case len(empty) > total/2:
		f.Message = i18n.M("rule.cells.mostly_blank", args...)
	default:
		f.Message = i18n.M("rule.cells.blank", args...)
	}
	return []check.Finding{f}
}

// merged reports （六）其他处理 printed as one row, as the form of 2019 has it, where that of
// 2021 has three.
func (s *Subject) merged() []check.Finding {
	keys := s.unsplit()
	if len(keys) == 0 {
		return nil
	}
	row := s.Form.Row(keys[0].Row())
	t := s.Form.Table(row.Table)
	var labels []string
	last := row
	for _, r := range t.Rows {
		if r.Group == row.Group {
			labels, last = append(labels, i18n.Quoted(clip(r.Label))), r
		}
	}
	at := s.cell(last.Cells[len(last.Cells)-1].Key)
	return []check.Finding{{
		Severity: check.Warning, Cite: s.formRef(t.Name), Places: []check.Quote{at},
		Message: i18n.M("rule.cells.merged", "table", t.Name, "group", row.Group, "n", len(labels)),
		Advice:  i18n.M("rule.cells.merged.advice", "rows", strings.Join(labels, "")),
	}}
}

// unsplit returns the cells that stay blank because the source prints their group as one
// row; the reader notes that.
func (s *Subject) unsplit() []form.Key {
	var keys []form.Key
	for _, n := range s.Notes {
		if n.Message.Key != "annual.read.note.merged_other" {
			continue
		}
		for _, c := range s.Form.Cells() {
			got, ok := s.Cells[c.Key]
			if ok && got.State == annual.Blank && got.Raw == "" && got.At == n.At && c.Row.Group != "" {
				keys = append(keys, c.Key)
			}
		}
	}
	return keys
}

// blankTotals are the blank totals that R-AR-02 to R-AR-04 report with what they should be.
func (s *Subject) blankTotals() map[form.Key]bool {
	said := map[form.Key]bool{}
	for _, t := range s.sums {
		if t.totalBlank() {
			said[t.Right[0]] = true
		}
	}
	return said
}

// blank points at the first blank cell with a place, or at the table where blanks have none.
func (s *Subject) blank(t *form.Table, empty []form.Key) check.Quote {
	for _, k := range empty {
		if !s.Cells[k].At.IsZero() {
			return s.cell(k)
		}
	}
	q := s.tableQuote(t)
	if sec := s.Section(t.Section); q.At.IsZero() && sec != nil {
		q.At, q.Text = sec.Heading.At, sec.Heading.Text
	}
	return q
}

// marks names the strokes and dashes that stand for a number, or nothing.
func (s *Subject) marks(found map[string]bool) i18n.Message {
	var ms []string
	for _, m := range []string{"/", "\\", "—", "－", "-", "–", "——", "无"} {
		if found[m] {
			ms = append(ms, "“"+m+"”")
		}
	}
	if len(ms) == 0 {
		return i18n.Message{}
	}
	return i18n.M("rule.cells.marks", "marks", ms)
}

// listed is how many rows a finding names before it only counts the rest.
const listed = 6

// compact lists cells row by row: “规章”本年废止件数、现行有效件数；“（一）予以公开”整行.
func (s *Subject) compact(t *form.Table, keys []form.Key) i18n.Message {
	byRow := map[string][]form.Key{}
	var order []string
	for _, k := range keys {
		if len(byRow[k.Row()]) == 0 {
			order = append(order, k.Row())
		}
		byRow[k.Row()] = append(byRow[k.Row()], k)
	}
	var parts []string
	for _, row := range order[:min(len(order), listed)] {
		r := s.Form.Row(row)
		name := i18n.Quoted(clip(r.Label))
		if t.ID == "T4" {
			name = r.Label
		}
		if len(byRow[row]) < len(r.Cells) {
			var columns []string
			for _, k := range byRow[row] {
				columns = append(columns, strings.TrimPrefix(s.Form.Cell(k).Column, r.Label))
			}
			name += strings.Join(columns, "、")
		}
		parts = append(parts, name)
	}
	list := strings.Join(parts, "；")
	if len(order) > listed {
		return i18n.M("rule.cells.list_more", "list", list, "n", len(order))
	}
	return i18n.M("rule.cells.list", "list", list)
}

// clip shortens the long labels of table three.
func clip(label string) string {
	r := []rune(label)
	if len(r) <= 16 {
		return label
	}
	return string(r[:15]) + "…"
}

// unprinted reports cells that the source lacks although it prints others of the table. A
// table that is wholly missing, or the last one of a source that breaks off, is a matter of
// structure.
func (s *Subject) unprinted(t *form.Table) []check.Finding {
	var lost []form.Key
	for _, k := range s.Missing() {
		if k.Table() == t.ID {
			lost = append(lost, k)
		}
	}
	all := 0
	for _, r := range t.Rows {
		all += len(r.Cells)
	}
	if len(lost) == 0 || len(lost) == all || s.cutAfter() == t.Section {
		return nil
	}
	return []check.Finding{{
		Message: i18n.M("rule.cells.unprinted", "table", t.Name, "n", len(lost), "cells", s.compact(t, lost)),
		Places:  []check.Quote{s.tableQuote(t)}, Cite: s.formRef(t.Name), Advice: i18n.M("rule.cells.complete"),
	}}
}

// tableQuote points at a table by its first printed cell, or at the section it belongs to.
func (s *Subject) tableQuote(t *form.Table) check.Quote {
	q := check.Quote{Label: i18n.M("rule.at.table", "table", t.Name)}
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if got, ok := s.Cells[c.Key]; ok {
				q.At = got.At
				return q
			}
		}
	}
	if sec := s.Section(t.Section); sec != nil {
		q.At, q.Text = sec.Heading.At, sec.Heading.Text
	}
	return q
}

// questions reports what a person has to settle.
func (s *Subject) questions() []check.Finding {
	var out []check.Finding
	for _, q := range s.Questions {
		if len(q.Keys) == 0 {
			continue
		}
		t := s.Form.Table(q.Keys[0].Table())
		f := check.Finding{Message: s.doubt(t, q), Cite: s.formRef(t.Name), Advice: s.options(q)}
		f.Places = append(f.Places, check.Quote{
			At: q.At, Key: string(q.Keys[0]), Text: strings.Join(q.Raw, " "),
			Label: i18n.M("rule.at.cell", "cell", s.Form.Label(q.Keys[0])),
		})
		for _, k := range q.Keys[1:] {
			f.Places = append(f.Places, check.Quote{At: q.At, Key: string(k), Label: i18n.M("rule.at.cell", "cell", s.Form.Label(k))})
		}
		out = append(out, f)
	}
	return out
}

// doubt says what is not known about a question's cells.
func (s *Subject) doubt(t *form.Table, q annual.Question) i18n.Message {
	pieces := strings.Join(q.Raw, "、")
	if q.Why.IsZero() {
		return i18n.M("rule.cells.question", "table", t.Name, "cells", s.compact(t, q.Keys), "n", len(q.Keys), "pieces", pieces)
	}
	return i18n.M("rule.cells.question_why", "why", q.Why, "pieces", pieces)
}

// shown is how many possible readings a finding spells out.
const shown = 3

// options spells out the most plausible readings of a question.
func (s *Subject) options(q annual.Question) i18n.Message {
	var readings []string
	for _, o := range q.Options[:min(shown, len(q.Options))] {
		var vs []string
		for _, m := range o {
			if m.Blank {
				vs = append(vs, "□")
			} else {
				vs = append(vs, m.Value.String())
			}
		}
		readings = append(readings, strings.Join(vs, "｜"))
	}
	if len(readings) == 0 {
		return i18n.M("rule.cells.ask")
	}
	return i18n.M("rule.cells.options", "options", strings.Join(readings, "；"), "n", optionCount(q))
}

func optionCount(q annual.Question) string {
	n := strconv.Itoa(len(q.Options))
	if q.More {
		return n + "+"
	}
	return n
}

// deduced tells which cells were worked out from the sums, once per table and reason.
func (s *Subject) deduced() []check.Finding {
	var out []check.Finding
	for _, t := range s.Form.Tables {
		byReason := map[string][]form.Key{}
		var reasons []string
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				got := s.Cells[c.Key]
				if got.State != annual.Deduced {
					continue
				}
				if len(byReason[got.Why.Key]) == 0 {
					reasons = append(reasons, got.Why.Key)
				}
				byReason[got.Why.Key] = append(byReason[got.Why.Key], c.Key)
			}
		}
		for _, reason := range reasons {
			keys := byReason[reason]
			f := check.Finding{
				Severity: check.Info, Cite: s.formRef(t.Name),
				Message: i18n.M("rule.cells.deduced", "table", t.Name, "n", len(keys), "cells", s.compact(t, keys)),
				Advice:  i18n.M("rule.cells.confirm"),
			}
			for _, k := range keys[:min(len(keys), listed)] {
				f.Places = append(f.Places, s.cell(k))
			}
			out = append(out, f)
		}
	}
	return out
}
