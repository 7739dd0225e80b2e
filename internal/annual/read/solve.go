package read

import (
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/i18n"
)

// Bounds of the search for readings. Beyond them a question lists what was found so far.
const (
	maxReadings  = 2000  // readings of one row
	maxTries     = 20000 // steps of the search over one row
	maxSteps     = 50000 // steps of the search over a table
	maxSolutions = 64    // solutions that are told apart
	maxOptions   = 36    // options shown to a person
)

// puzzle is a row whose figures do not fill its cells one to one.
type puzzle struct {
	rec      record
	cells    []*form.Cell
	tokens   []token // figures and kept blanks, in source order
	split    bool    // figures may have run together
	readings []annual.Assignment
	more     bool         // there are readings beyond those listed
	broken   bool         // no reading satisfies the sums
	why      i18n.Message // what went wrong with the row
}

// solver settles puzzles with the sums of the form.
type solver struct {
	form   *form.Form
	known  map[form.Key]annual.Maybe
	byKey  map[form.Key][]int // equations a cell stands in
	steps  int
	capped bool
}

func newSolver(f *form.Form, known map[form.Key]annual.Maybe) *solver {
	s := &solver{form: f, known: known, byKey: map[form.Key][]int{}}
	for i, e := range f.Equations() {
		for _, k := range e.Left {
			s.byKey[k] = append(s.byKey[k], i)
		}
		for _, k := range e.Right {
			s.byKey[k] = append(s.byKey[k], i)
		}
	}
	return s
}

// holds reports whether an equation is satisfied; an equation with an unknown cell is.
// Blanks count as nothing, but a blank total over figures does not hold.
func (s *solver) holds(e form.Equation) bool {
	left, lok := s.side(e.Left)
	right, rok := s.side(e.Right)
	return !lok || !rok || left == right
}

func (s *solver) side(keys []form.Key) (decimal.Decimal, bool) {
	var sum decimal.Decimal
	for _, k := range keys {
		m, ok := s.known[k]
		if !ok {
			return 0, false
		}
		var err error
		if sum, err = sum.Add(m.Value); err != nil {
			return 0, false
		}
	}
	return sum, true
}

// fits reports whether no equation of the cells just set is broken.
func (s *solver) fits(cells []*form.Cell) bool {
	seen := map[int]bool{}
	for _, c := range cells {
		for _, i := range s.byKey[c.Key] {
			if !seen[i] {
				seen[i] = true
				if !s.holds(s.form.Equations()[i]) {
					return false
				}
			}
		}
	}
	return true
}

func (s *solver) set(cells []*form.Cell, a annual.Assignment) {
	for i, c := range cells {
		s.known[c.Key] = a[i]
	}
}

func (s *solver) unset(cells []*form.Cell) {
	for _, c := range cells {
		delete(s.known, c.Key)
	}
}

// alone finds the readings of each puzzle that its own sums and the known cells allow. A
// row that no reading satisfies gets them all: the report itself may not add up.
func (s *solver) alone(ps []*puzzle) {
	for _, p := range ps {
		p.readings, p.more = readingsOf(p.tokens, p.cells, p.split, func(a annual.Assignment) bool {
			s.set(p.cells, a)
			defer s.unset(p.cells)
			return s.fits(p.cells)
		})
		if len(p.readings) == 0 {
			p.broken = true
			p.readings, p.more = readingsOf(p.tokens, p.cells, p.split, func(annual.Assignment) bool { return true })
		}
	}
}

// together searches for the combinations of readings that satisfy every sum, and returns
// for each solution the chosen reading of each puzzle.
func (s *solver) together(ps []*puzzle) [][]int {
	var solutions [][]int
	choice := make([]int, len(ps))
	s.steps, s.capped = 0, false
	var try func(i int)
	try = func(i int) {
		if len(solutions) >= maxSolutions || s.steps > maxSteps {
			s.capped = true
			return
		}
		if i == len(ps) {
			solutions = append(solutions, append([]int{}, choice...))
			return
		}
		for c, a := range ps[i].readings {
			s.steps++
			s.set(ps[i].cells, a)
			if s.fits(ps[i].cells) {
				choice[i] = c
				try(i + 1)
			}
			s.unset(ps[i].cells)
		}
	}
	try(0)
	return solutions
}

// readingsOf lists every way in which tokens can fill n cells: blanks that were lost
// between them, figures that ran together, figures too many. Only those that fit passes
// are kept.
func readingsOf(tokens []token, cells []*form.Cell, split bool, fit func(annual.Assignment) bool) (out []annual.Assignment, more bool) {
	n := len(cells)
	g := &generator{cells: cells, fit: fit}
	switch {
	case len(tokens) < n:
		g.spread(tokens, n)
		if split {
			g.split(tokens, n)
		}
	case len(tokens) > n:
		g.drop(tokens, n)
	default:
		g.add(tokens)
	}
	return g.out, g.more
}

type generator struct {
	cells []*form.Cell
	fit   func(annual.Assignment) bool
	out   []annual.Assignment
	tries int
	more  bool
}

// add keeps a reading if each figure is of its cell's kind.
func (g *generator) add(tokens []token) {
	if g.tries++; len(g.out) >= maxReadings || g.tries > maxTries {
		g.more = true
		return
	}
	a := make(annual.Assignment, len(tokens))
	for i, t := range tokens {
		if t.kind != number {
			a[i] = annual.Maybe{Blank: true}
			continue
		}
		if !admits(g.cells[i].Kind, t.num) {
			return
		}
		a[i] = annual.Maybe{Value: t.num}
	}
	if g.fit(a) {
		g.out = append(g.out, a)
	}
}

// admits reports whether a cell of that kind can hold n (R-AR-05).
func admits(k form.Kind, n decimal.Decimal) bool {
	switch k {
	case form.Count:
		return n >= 0 && n.IsInt()
	case form.Change:
		return n.IsInt()
	}
	return n >= 0
}

// spread puts the tokens into n cells in order, blanks between them.
func (g *generator) spread(tokens []token, n int) {
	cur := make([]token, n)
	var place func(cell, tok int)
	place = func(cell, tok int) {
		if g.tries++; g.tries > maxTries {
			g.more = true
		}
		if g.more || n-cell < len(tokens)-tok {
			return
		}
		if cell == n {
			g.add(cur)
			return
		}
		if tok < len(tokens) {
			cur[cell] = tokens[tok]
			place(cell+1, tok+1)
		}
		cur[cell] = token{kind: blank}
		place(cell+1, tok)
	}
	place(0, 0)
}

// split cuts figures that ran together so that all n cells are filled. No part has a
// leading zero but zero itself.
func (g *generator) split(tokens []token, n int) {
	cur := make([]token, 0, n)
	var cut func(tok int)
	cut = func(tok int) {
		if g.more {
			return
		}
		if tok == len(tokens) {
			if len(cur) == n {
				g.add(cur)
			}
			return
		}
		t := tokens[tok]
		base := len(cur)
		if t.kind != number {
			cur = append(cur, t)
			cut(tok + 1)
			cur = cur[:base]
			return
		}
		var parts func(digits string)
		parts = func(digits string) {
			if g.tries++; g.tries > maxTries {
				g.more = true
			}
			if g.more || len(cur)+len(tokens)-tok-1 > n {
				return
			}
			if digits == "" {
				cut(tok + 1)
				return
			}
			for end := 1; end <= len(digits); end++ {
				part := digits[:end]
				if len(part) > 1 && part[0] == '0' {
					return
				}
				num, err := decimal.Parse(part)
				if err != nil {
					return
				}
				cur = append(cur, token{kind: number, num: num, at: t.at})
				parts(digits[end:])
				cur = cur[:len(cur)-1]
			}
		}
		if digits := compact(t.text); onlyDigits(digits) {
			parts(digits)
		} else {
			cur = append(cur, t)
			cut(tok + 1)
		}
		cur = cur[:base]
	}
	cut(0)
}

func onlyDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 48
}

// drop leaves out tokens that do not belong to the row, such as a page number.
func (g *generator) drop(tokens []token, n int) {
	if len(tokens) > n+3 {
		g.more = true
		return
	}
	cur := make([]token, 0, n)
	var pick func(i int)
	pick = func(i int) {
		if len(cur) == n {
			g.add(cur)
			return
		}
		if g.more || len(tokens)-i < n-len(cur) {
			return
		}
		cur = append(cur, tokens[i])
		pick(i + 1)
		cur = cur[:len(cur)-1]
		pick(i + 1)
	}
	pick(0)
}
