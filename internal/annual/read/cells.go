package read

import (
	"slices"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// filler turns records into the report's cells and questions.
type filler struct {
	report  *annual.Report
	form    *form.Form
	puzzles []*puzzle
	doubt   bool // the table's figures stand apart from their labels
	padded  bool // the source closes gaps up and fills its rows behind them
	surplus bool // some row of the table holds figures too many
}

// fill settles one table.
func (fl *filler) fill(t *form.Table, g gathered) {
	if !g.seen {
		return
	}
	if t.ID == "T4" && len(g.records) == 0 {
		switch {
		case g.mixed: // figures that could not be told apart
			fl.doubtful(t, record{}, cellsOf(t, record{}), nil)
		case !g.end:
			fl.blankTable(t)
		}
		return
	}
	recs := g.records
	var asked []*puzzle
	if t.ID != "T4" {
		recs, asked = fl.place(t, g.records, g.end)
	}
	fl.doubt, fl.surplus = g.disordered(t), g.surplus(t)
	done := map[*form.Row]bool{}
	for _, rec := range withFigures(recs) {
		if rec.row != nil && done[rec.row] {
			fl.again(rec)
			continue
		}
		done[rec.row] = true
		fl.record(t, rec)
	}
	if len(asked) == 0 {
		fl.empties(t, g, done)
	}
	fl.mergedOther(t, recs)
	if fl.doubt && !g.end {
		fl.unseen(t, g, done)
	}
	fl.solve(t)
	fl.strays(t, g.strays)
	fl.ask(asked)
	for _, r := range g.extras {
		fl.report.Extras = append(fl.report.Extras, annual.Text{Text: rowText(r), At: r.at})
	}
}

// empties leaves the rows blank of which the source prints but the label. Of a source that
// breaks off, the last label says nothing.
func (fl *filler) empties(t *form.Table, g gathered, done map[*form.Row]bool) {
	for _, rec := range g.alone {
		switch {
		case done[rec.row] || rec.last && g.end:
			continue
		case fl.doubt || fl.surplus:
			fl.doubtful(t, rec, rec.row.Cells, nil)
		default:
			fl.blanks(rec.row.Cells, nil, rec.at)
		}
		done[rec.row] = true
	}
}

// withFigures drops a row printed empty that stands again with figures: a page ended in
// the middle of it.
func withFigures(recs []record) []record {
	full := map[*form.Row]bool{}
	for _, rec := range recs {
		if rec.row != nil && figures(rec.values) > 0 {
			full[rec.row] = true
		}
	}
	var out []record
	for _, rec := range recs {
		if rec.row == nil || figures(rec.values) > 0 || !full[rec.row] {
			out = append(out, rec)
		}
	}
	return out
}

// cellsOf lists the cells a record fills: its row's, or all of table four's.
func cellsOf(t *form.Table, rec record) []*form.Cell {
	if rec.row != nil && len(rec.order) == len(rec.row.Cells) {
		cells := make([]*form.Cell, len(rec.order))
		for i, at := range rec.order {
			cells[i] = rec.row.Cells[at]
		}
		return cells
	}
	if rec.row != nil {
		return rec.row.Cells
	}
	var cells []*form.Cell
	for _, r := range t.Rows {
		cells = append(cells, r.Cells...)
	}
	return cells
}

// record fills the cells of a row that needs no thought, and keeps a puzzle of one that does.
func (fl *filler) record(t *form.Table, rec record) {
	cells := cellsOf(t, rec)
	tokens := make([]token, 0, len(rec.values))
	gaps := false
	for _, v := range rec.values {
		if v.kind == lost {
			gaps = true
		} else {
			tokens = append(tokens, v)
		}
	}
	tokens = within(tokens, len(cells))
	if n := len(cells); rec.row == nil && len(tokens) == 2*n && slices.EqualFunc(tokens[:n], tokens[n:], alike) {
		tokens = tokens[:n] // the page shows the table twice
	}
	if !rec.table && fl.padded && ends(cells, tokens) {
		for tokens[len(tokens)-1].kind == blank {
			tokens = tokens[:len(tokens)-1]
		}
		gaps = true
	}
	switch {
	case rec.partial, fl.doubt && !rec.sure, fl.surplus && !rec.sure && len(tokens) == 0:
		fl.doubtful(t, rec, cells, tokens)
	case figures(tokens) == 0 && len(tokens) < len(cells):
		if rec.last && len(tokens) == 0 && !gaps {
			return
		}
		fl.blanks(cells, tokens, rec.at)
	case len(tokens) == len(cells) && !rec.cut:
		fl.direct(cells, tokens)
	default:
		p := &puzzle{rec: rec, cells: cells, tokens: tokens, split: !gaps}
		p.why = i18n.M("annual.read.why.fewer", "row", rowName(t, rec), "cells", len(cells), "figures", len(tokens))
		if len(tokens) > len(cells) {
			p.why = i18n.M("annual.read.why.more", "row", rowName(t, rec), "cells", len(cells), "figures", len(tokens))
		}
		fl.puzzles = append(fl.puzzles, p)
	}
}

// unseen asks about the rows whose label was not recognised, though their figures may stand
// under another's.
func (fl *filler) unseen(t *form.Table, g gathered, done map[*form.Row]bool) {
	at := g.records[0].at
	for _, r := range t.Rows {
		if !done[r] && !fl.filled(r) {
			fl.doubtful(t, record{row: r, at: at}, r.Cells, nil)
		}
	}
}

// filled reports whether any cell of a row has its value.
func (fl *filler) filled(r *form.Row) bool {
	for _, c := range r.Cells {
		if _, ok := fl.report.Cells[c.Key]; ok {
			return true
		}
	}
	return false
}

// doubtful asks about a row whose figures, if it has any, may be another's.
func (fl *filler) doubtful(t *form.Table, rec record, cells []*form.Cell, tokens []token) {
	p := &puzzle{rec: rec, cells: cells, tokens: tokens, why: i18n.M("annual.read.why.apart", "row", rowName(t, rec))}
	if len(tokens) == len(cells) {
		p.readings, _ = readingsOf(tokens, cells, false, func(annual.Assignment) bool { return true })
	}
	fl.ask([]*puzzle{p})
}

// closedUp reports a row of a text whose figures may have moved together to its beginning,
// empty cells filled up behind them: figures stand before a total that is empty, and so is
// the cell before it.
func closedUp(cells []*form.Cell, tokens []token) bool {
	n := len(tokens)
	if n != len(cells) || n < 2 || figures(tokens) == 0 || tokens[n-1].text != "" || tokens[n-2].text != "" {
		return false
	}
	some := false
	for i, t := range tokens {
		some = some || t.kind == number
		if i+1 == len(cells) || cells[i].Row != cells[i+1].Row {
			if some && t.kind == blank && len(cells[i].Row.Cells) > 1 && cells[i].Key.Table() != "T2" {
				return true
			}
			some = false
		}
	}
	return false
}

// ends reports a row that has figures and ends in empty cells.
func ends(cells []*form.Cell, tokens []token) bool {
	return len(tokens) == len(cells) && figures(tokens) > 0 && tokens[len(tokens)-1].text == ""
}

// within leaves out the empty cells behind the last of n.
func within(tokens []token, n int) []token {
	for len(tokens) > n && tokens[len(tokens)-1].kind == blank {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// closes reports whether a source closes gaps up: several rows of tables three and four look
// it, and no row keeps an empty cell before a figure.
func closes(tables map[string]gathered, f *form.Form) bool {
	rows := 0
	for _, t := range f.Tables {
		for _, rec := range tables[t.ID].records {
			cells := cellsOf(t, rec)
			values := rec.values
			if rec.raw != nil {
				values = rec.raw
			}
			values = within(values, len(cells))
			for i := 1; i < len(values); i++ {
				if values[i].kind == number && values[i-1].kind == blank && values[i-1].text == "" {
					return false
				}
			}
			if t.ID != "T2" && !rec.table && (closedUp(cells, values) || rec.raw != nil && closedUp(cells, within(rec.values, len(cells)))) {
				rows++
			}
		}
	}
	return rows >= 3
}

// alike reports two cells that print the same.
func alike(a, b token) bool { return a.kind == b.kind && a.text == b.text }

func rowName(t *form.Table, rec record) string {
	if rec.row == nil {
		return t.Name
	}
	return t.Name + i18n.Quoted(rec.row.Label)
}

// direct fills cell by cell.
func (fl *filler) direct(cells []*form.Cell, tokens []token) {
	for i, c := range cells {
		t := tokens[i]
		switch t.kind {
		case number:
			fl.report.Cells[c.Key] = annual.Cell{State: annual.Printed, Value: t.num, Raw: t.text, At: t.at}
		case words, open:
			fl.report.Questions = append(fl.report.Questions, annual.Question{
				Keys: []form.Key{c.Key}, Raw: []string{t.text}, At: t.at,
				Why: i18n.M("annual.read.why.words", "cell", fl.form.Label(c.Key), "text", t.text),
			})
		default:
			fl.report.Cells[c.Key] = annual.Cell{State: annual.Blank, Raw: t.text, At: t.at}
		}
	}
}

// blanks marks a row that is printed without a figure.
func (fl *filler) blanks(cells []*form.Cell, tokens []token, at place.Place) {
	for i, c := range cells {
		cell := annual.Cell{State: annual.Blank, At: at}
		if i < len(tokens) {
			cell.Raw, cell.At = tokens[i].text, tokens[i].at
		}
		fl.report.Cells[c.Key] = cell
	}
}

func (fl *filler) blankTable(t *form.Table) {
	for _, r := range t.Rows {
		fl.blanks(r.Cells, nil, place.Place{})
	}
}

// again deals with a row that the source prints twice.
func (fl *filler) again(rec record) {
	same := len(rec.values) == len(rec.row.Cells)
	for i, v := range rec.values {
		if i >= len(rec.row.Cells) {
			break
		}
		c, ok := fl.report.Cells[rec.row.Cells[i].Key]
		if !ok || v.kind == number && (c.State == annual.Blank || c.Value != v.num) {
			same = false
		}
	}
	if same || figures(rec.values) == 0 {
		return
	}
	fl.note("annual.read.note.twice", rec.at, "row", rec.row.Label)
}

func (fl *filler) note(key string, at place.Place, args ...any) {
	fl.report.Notes = append(fl.report.Notes, annual.Note{Message: i18n.M(key, args...), At: at})
}

// mergedOther leaves the sub-rows blank that a report did not print because it gives
// （六）其他处理 as one row.
func (fl *filler) mergedOther(t *form.Table, recs []record) {
	for _, rec := range recs {
		if !rec.merged || figures(rec.values) == 0 {
			continue
		}
		filled := false
		for _, r := range t.Rows {
			if r.Group != rec.row.Group || r == rec.row {
				continue
			}
			for _, c := range r.Cells {
				if _, ok := fl.report.Cells[c.Key]; !ok {
					fl.report.Cells[c.Key] = annual.Cell{State: annual.Blank, At: rec.at}
					filled = true
				}
			}
		}
		if filled {
			fl.note("annual.read.note.merged_other", rec.at, "group", rec.row.Group, "row", rec.row.Label)
		}
	}
}

// known lists what the report's cells hold by now.
func (fl *filler) known() map[form.Key]annual.Maybe {
	m := make(map[form.Key]annual.Maybe, len(fl.report.Cells))
	for k, c := range fl.report.Cells {
		m[k] = annual.Maybe{Value: c.Value, Blank: c.State == annual.Blank}
	}
	return m
}

// solve settles the puzzles of a table: by the sums alone, and in table three, where the
// first figure stands right behind its label, by keeping it in the first column.
func (fl *filler) solve(t *form.Table) {
	ps := fl.puzzles
	fl.puzzles = nil
	if len(ps) == 0 {
		return
	}
	s := newSolver(fl.form, fl.known())
	s.alone(ps)
	fl.conclude(s, ps, "annual.read.why.sums")
	ps = pending(ps, fl.report)
	if t.ID == "T3" && len(ps) > 0 && lead(ps) {
		fl.conclude(newSolver(fl.form, fl.known()), ps, "annual.read.why.leading")
	}
	fl.ask(pending(ps, fl.report))
}

// lead keeps the readings with the first figure in the first column. It applies only when
// every open row of the table holds one figure and the same figure again as its total: a
// report with a single kind of applicant, of which the first column is by far the usual.
// The cells are marked as deduced, so that a person sees it. It reports whether it applied.
func lead(ps []*puzzle) bool {
	for _, p := range ps {
		if p.broken || len(p.tokens) != 2 || p.tokens[0].kind != number || p.tokens[0].num != p.tokens[1].num {
			return false
		}
	}
	for _, p := range ps {
		var kept []annual.Assignment
		for _, a := range p.readings {
			if !a[0].Blank {
				kept = append(kept, a)
			}
		}
		p.readings = kept
	}
	return true
}

// conclude fills the rows on which every solution agrees.
func (fl *filler) conclude(s *solver, ps []*puzzle, why string) {
	solutions := s.together(ps)
	if len(solutions) == 0 || s.capped {
		for _, p := range ps {
			if len(p.readings) == 1 && !p.more && !p.broken && satisfies(p) {
				fl.deduce(p, p.readings[0], why)
			}
		}
		return
	}
	for i, p := range ps {
		if p.more || p.broken {
			continue
		}
		p.readings = distinct(p.readings, solutions, i)
		if len(p.readings) == 1 && satisfies(p) {
			fl.deduce(p, p.readings[0], why)
		}
	}
}

// satisfies reports whether the row has sums at all: without them nothing was decided.
func satisfies(p *puzzle) bool {
	return p.cells[0].Key.Table() != "T2"
}

func distinct(readings []annual.Assignment, solutions [][]int, i int) []annual.Assignment {
	var out []annual.Assignment
	seen := map[int]bool{}
	for _, sol := range solutions {
		if !seen[sol[i]] {
			seen[sol[i]] = true
			out = append(out, readings[sol[i]])
		}
	}
	return out
}

// deduce fills a puzzle's cells.
func (fl *filler) deduce(p *puzzle, a annual.Assignment, why string) {
	tok := 0
	for i, c := range p.cells {
		cell := annual.Cell{
			State: annual.Deduced, Value: a[i].Value, At: p.rec.at,
			Why: i18n.M(why, "row", p.cells[0].Row.Label, "cell", fl.form.Label(c.Key)),
		}
		if a[i].Blank {
			cell.State, cell.Value, cell.Why = annual.Blank, 0, i18n.Message{}
		} else {
			for j := tok; j < len(p.tokens); j++ {
				if p.tokens[j].kind == number && p.tokens[j].num == a[i].Value {
					cell.Raw, cell.At, tok = p.tokens[j].text, p.tokens[j].at, j+1
					break
				}
			}
		}
		fl.report.Cells[c.Key] = cell
	}
}

// pending lists the puzzles that still have cells without a value.
func pending(ps []*puzzle, r *annual.Report) []*puzzle {
	var out []*puzzle
	for _, p := range ps {
		for _, c := range p.cells {
			if _, ok := r.Cells[c.Key]; !ok {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

// ask turns what is left of puzzles into questions.
func (fl *filler) ask(ps []*puzzle) {
	for _, p := range ps {
		q := annual.Question{Why: p.why, At: p.rec.at, More: p.more}
		var open []int
		for i, c := range p.cells {
			if _, ok := fl.report.Cells[c.Key]; !ok {
				q.Keys = append(q.Keys, c.Key)
				open = append(open, i)
			}
		}
		for _, t := range p.tokens {
			q.Raw = append(q.Raw, t.text)
		}
		seen := map[string]bool{}
		for _, a := range p.readings {
			o := make(annual.Assignment, len(open))
			for j, i := range open {
				o[j] = a[i]
			}
			if id := optionID(o); !seen[id] {
				seen[id] = true
				if len(q.Options) == maxOptions {
					q.More = true
					break
				}
				q.Options = append(q.Options, o)
			}
		}
		fl.report.Questions = append(fl.report.Questions, q)
	}
}

func optionID(a annual.Assignment) string {
	id := ""
	for _, m := range a {
		if m.Blank {
			id += "_|"
		} else {
			id += m.Value.String() + "|"
		}
	}
	return id
}

// strays gives figures that stand in no row to the blank cell they are missing from, where
// the sums say which and leave no other.
func (fl *filler) strays(t *form.Table, strays []token) {
	if len(strays) == 0 {
		return
	}
	s := newSolver(fl.form, fl.known())
	for _, st := range strays {
		if k, ok := fl.homeOf(s, t, st); ok {
			fl.report.Cells[k] = annual.Cell{
				State: annual.Deduced, Value: st.num, Raw: st.text, At: st.at,
				Why: i18n.M("annual.read.why.stray", "cell", fl.form.Label(k), "figure", st.num),
			}
			s.known[k] = annual.Maybe{Value: st.num}
			continue
		}
		fl.report.Extras = append(fl.report.Extras, annual.Text{Text: st.text, At: st.at})
	}
}

// homeOf finds the one blank cell of the table that breaks a sum unless it holds the figure.
func (fl *filler) homeOf(s *solver, t *form.Table, st token) (form.Key, bool) {
	var home form.Key
	found := 0
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			m, ok := s.known[c.Key]
			if !ok || !m.Blank || !admits(c.Kind, st.num) || s.fits([]*form.Cell{c}) {
				continue
			}
			s.known[c.Key] = annual.Maybe{Value: st.num}
			if s.fits([]*form.Cell{c}) {
				home = c.Key
				found++
			}
			s.known[c.Key] = m
		}
	}
	return home, found == 1
}
