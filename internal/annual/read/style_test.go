package read

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/extract"
)

// figuresOf makes a report's figures that satisfy every sum of the form.
func figuresOf(rng *rand.Rand, f *form.Form) map[form.Key]decimal.Decimal {
	v := map[form.Key]decimal.Decimal{}
	small := func() int64 {
		switch rng.IntN(4) {
		case 0, 1:
			return 0
		case 2:
			return rng.Int64N(10)
		}
		return rng.Int64N(3000)
	}
	for _, c := range f.Cells() {
		switch {
		case c.Kind == form.Money || c.Kind == form.Amount:
			v[c.Key] = decimal.MustParse(fmt.Sprintf("%d.%02d", rng.IntN(9000), rng.IntN(100)))
		case c.Kind == form.Change:
			v[c.Key] = decimal.Int(rng.Int64N(7) - 3)
		default:
			v[c.Key] = decimal.Int(small())
		}
	}
	for _, rule := range []string{"R-AR-02", "R-AR-01", "R-AR-03", "R-AR-04"} {
		for _, e := range f.Equations() {
			if e.Rule != rule {
				continue
			}
			var sum decimal.Decimal
			for _, k := range e.Left {
				sum += v[k]
			}
			if rule == "R-AR-01" { // new = done.total + carry_out - carry_in, made whole by carry_out
				out := e.Right[1]
				v[out] = sum - v[e.Right[0]]
				if v[out] < 0 {
					v[e.Left[0]] -= v[out]
					v[out] = 0
				}
				continue
			}
			v[e.Right[0]] = sum
		}
	}
	return v
}

// layout prints a table of cells the way some sources do.
type layout struct {
	name  string
	print func(rng *rand.Rand, rows [][]string) []string
	keeps bool // every cell can be recovered, so none may be asked about
}

func eachCell(sep []string, end []string) func(*rand.Rand, [][]string) []string {
	return func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			for _, c := range r {
				out = append(out, c)
				out = append(out, sep...)
			}
			out = append(out, end...)
		}
		return out
	}
}

func eachRow(cell func([]string) string) func(*rand.Rand, [][]string) []string {
	return func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			out = append(out, cell(r))
		}
		return out
	}
}

var layouts = []layout{
	{"pipe rows", eachRow(func(r []string) string { return strings.Join(r, " | ") + " |" }), true},
	{"pipes both ends", eachRow(func(r []string) string { return "| " + strings.Join(r, " | ") + " |" }), true},
	{"tight pipes", eachRow(func(r []string) string { return "|" + strings.Join(r, "|") + "|" }), true},
	{"tab rows", eachRow(func(r []string) string { return strings.Join(r, "\t") }), true},
	{"space rows", eachRow(func(r []string) string { return strings.Join(r, " ") }), true},
	{"comma rows", eachRow(func(r []string) string { return strings.Join(r, ",") }), true},
	{"Chinese comma rows", eachRow(func(r []string) string { return strings.Join(r, "，") }), true},
	{"one cell per line", eachCell(nil, nil), true},
	{"heads, feet and page numbers between cells", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		n := 0
		for _, r := range rows {
			for _, c := range r {
				if n++; n%40 == 0 {
					out = append(out, fmt.Sprintf("%d/6", n/40), "2024/1/25 上午10:12 示范市样例局政府信息公开", "示范市人民政府门户网站")
				}
				out = append(out, c)
			}
		}
		return out
	}, true},
	{"cells parted by empty lines", eachCell([]string{""}, nil), true},
	{"cells parted by pipes", eachCell([]string{"|"}, nil), true},
	{"cells indented by tabs", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			for _, c := range r {
				out = append(out, "\t"+c)
			}
			out = append(out, "")
		}
		return out
	}, true},
	{"cells ending in pipes", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			for _, c := range r {
				out = append(out, strings.TrimSpace(c+" |"))
			}
			out = append(out, "||||")
		}
		return out
	}, true},
	{"labels in pieces on lines of their own", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			for _, c := range r {
				for runes := []rune(c); len(runes) > 0; runes = runes[min(7, len(runes)):] {
					out = append(out, string(runes[:min(7, len(runes))]))
				}
			}
		}
		return out
	}, true},
	{"note marks behind labels", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for i, r := range rows {
			marks := []string{"①", "[2]", "（注1）", "*"}
			out = append(out, r[0]+marks[i%4])
			out = append(out, r[1:]...)
		}
		return out
	}, true},
	{"page breaks between rows", func(rng *rand.Rand, rows [][]string) []string {
		var out []string
		page := 1
		for _, r := range rows {
			out = append(out, strings.Join(r, "\t"))
			if rng.IntN(6) == 0 {
				out = append(out, fmt.Sprintf("- %d -", page), "", "")
				page++
			}
		}
		return out
	}, true},
	{"labels broken over lines", func(rng *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			label := []rune(r[0])
			if len(r) > 5 && len(label) > 12 && r[1] != "" {
				cut := 8 + rng.IntN(len(label)-10)
				out = append(out, string(label[:cut]), strings.Join(r[1:], "\t"), string(label[cut:]))
				continue
			}
			out = append(out, strings.Join(r, "\t"))
		}
		return out
	}, true},
	{"blanks closed up, zeros not printed", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			kept := r[:1:1]
			for _, c := range r[1:] {
				if c != "0" {
					kept = append(kept, c)
				}
			}
			out = append(out, strings.Join(kept, " | ")+" | "+strings.Repeat("|", len(r)-len(kept)+2))
		}
		return out
	}, false},
	{"figures run together", func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			if len(r) > 5 && strings.HasPrefix(r[0], "1.") {
				out = append(out, r[0], strings.Join(r[1:], ""))
				continue
			}
			out = append(out, r...)
		}
		return out
	}, false},
}

// sourceOf prints a whole report in a layout.
func sourceOf(rng *rand.Rand, f *form.Form, year int, v map[form.Key]decimal.Decimal, l layout) string {
	var out []string
	out = append(out, fmt.Sprintf("示范市样例局%d年政府信息公开工作年度报告", year))
	for _, s := range f.Sections {
		out = append(out, s.Full)
		if s.Table == "" {
			out = append(out, "本年度按照规定做好政府信息公开工作，没有其他情况需要说明。")
			continue
		}
		var rows [][]string
		for _, line := range f.Table(s.Table).Grid {
			var cells []string
			for _, b := range line {
				if b.Role == form.RoleValue {
					cells = append(cells, v[b.Key].String())
				} else if b.Role != form.RoleRowGroup {
					cells = append(cells, b.Text)
				}
			}
			rows = append(rows, cells)
		}
		out = append(out, l.print(rng, rows)...)
	}
	out = append(out, "示范市样例局", fmt.Sprintf("%d年1月20日", year+1))
	return strings.Join(out, "\n")
}

// TestLayouts prints made-up reports in every layout seen in real sources and reads them
// back. No cell may come out wrong; where the layout loses nothing, none may be asked about.
func TestLayouts(t *testing.T) {
	const reports = 40
	t.Logf("%-40s %7s %6s %10s %8s", "layout", "right", "wrong", "unsettled", "missing")
	for _, l := range layouts {
		rng := rand.New(rand.NewPCG(1, uint64(len(l.name))))
		var s score
		missing := 0
		for i := range reports {
			f := form.All()[i%2]
			year := f.From
			v := figuresOf(rng, f)
			src := sourceOf(rng, f, year, v, l)
			r := Document(extract.Paste(src))
			if r.Refused != nil || r.Form != f || r.Year != year {
				t.Fatalf("%s: refused %v, form %v, year %d\n%s", l.name, r.Refused, r.Form, r.Year, src)
			}
			asked := r.Unsettled()
			for k, want := range v {
				c, ok := r.Cells[k]
				_, open := asked[k]
				switch {
				case open:
					s.unsettled++
				case !ok:
					missing++
				case c.State == annual.Blank && want == 0 && !l.keeps:
					s.right++
				case c.State == annual.Blank || c.Value != want:
					s.wrong++
					if s.wrong < 4 {
						t.Errorf("%s: %s is %s (%s), want %s", l.name, k, c.Value, c.State, want)
					}
				default:
					s.right++
				}
			}
		}
		if l.keeps && (s.unsettled > 0 || missing > 0) {
			t.Errorf("%s: %d cells unsettled, %d missing though the layout keeps them", l.name, s.unsettled, missing)
		}
		t.Logf("%-40s %7d %6d %10d %8d", l.name, s.right, s.wrong, s.unsettled, missing)
	}
}

// TestCoveredPositions reads tables in lines that keep a cell for each position of the
// grid, empty where a merged cell reaches. Every figure and every blank must come out.
func TestCoveredPositions(t *testing.T) {
	for name, line := range map[string]func([]string) string{
		"tabs":     func(r []string) string { return strings.Join(r, "\t") },
		"commas":   func(r []string) string { return strings.Join(r, ",") },
		"markdown": func(r []string) string { return "| " + strings.Join(r, " | ") + " |" },
		"drawn":    func(r []string) string { return "│" + strings.Join(r, "│") + "│" },
	} {
		for _, f := range form.All() {
			v := figuresOf(rand.New(rand.NewPCG(5, 6)), f)
			r := Document(extract.Paste(coveredSource(f, v, line)))
			for k, want := range v {
				c, ok := r.Cells[k]
				if !ok || (c.State == annual.Blank) != (want == 0) || c.Value != want {
					t.Fatalf("%s, form %s: %s is %v %v (%s), want %s", name, f.ID, k, ok, c.Value, c.State, want)
				}
			}
		}
	}
}

// coveredSource prints a report with a cell for each position of its tables, zeros empty.
func coveredSource(f *form.Form, v map[form.Key]decimal.Decimal, line func([]string) string) string {
	out := []string{fmt.Sprintf("示范市样例局%d年政府信息公开工作年度报告", f.From)}
	for _, s := range f.Sections {
		out = append(out, s.Full)
		if s.Table == "" {
			out = append(out, "本年度没有其他情况需要说明。")
			continue
		}
		t := f.Table(s.Table)
		for _, boxes := range t.Grid {
			cells := make([]string, t.Columns)
			for _, b := range boxes {
				cells[b.Col] = b.Text
				if b.Role == form.RoleValue && v[b.Key] != 0 {
					cells[b.Col] = v[b.Key].String()
				}
			}
			out = append(out, line(cells))
		}
	}
	return strings.Join(append(out, "示范市样例局", fmt.Sprintf("%d年1月20日", f.From+1)), "\n")
}

// TestColumnOrder reads tables whose columns stand in another order than the form's: the
// headers decide.
func TestColumnOrder(t *testing.T) {
	for name, print := range map[string]func([]string) string{
		"tabs":  func(r []string) string { return strings.Join(r, "\t") },
		"cells": func(r []string) string { return strings.Join(r, "\n") },
		"pipes": func(r []string) string { return strings.Join(r, " | ") + " |" },
	} {
		f := form.ByID("2021")
		v := figuresOf(rand.New(rand.NewPCG(7, 8)), f)
		l := layout{print: func(_ *rand.Rand, rows [][]string) []string {
			var out []string
			for _, r := range rows {
				swap := func(a, b int) { r[a], r[b] = r[b], r[a] }
				switch n := len(r); {
				case n == 3 && r[0] == "自然人": // 自然人 法人或其他组织 总计
					swap(0, 2)
				case n == 5 && r[0] == "商业企业":
					swap(0, 1)
				case n == 8:
					swap(1, 7)
					swap(2, 3)
				}
				out = append(out, print(r))
			}
			return out
		}}
		r := Document(extract.Paste(sourceOf(rand.New(rand.NewPCG(1, 1)), f, 2023, v, l)))
		for k, want := range v {
			if c := r.Cells[k]; c.Value != want {
				t.Errorf("%s: %s is %s, want %s", name, k, c.Value, want)
				break
			}
		}
	}
}

// TestEmptyLinesAsCells reads one cell per line where an empty line is an empty cell.
func TestEmptyLinesAsCells(t *testing.T) {
	f := form.ByID("2021")
	v := figuresOf(rand.New(rand.NewPCG(9, 9)), f)
	l := layout{print: func(_ *rand.Rand, rows [][]string) []string {
		var out []string
		for _, r := range rows {
			for _, c := range r {
				if c == "0" {
					c = ""
				}
				out = append(out, c)
			}
		}
		return out
	}}
	r := Document(extract.Paste(sourceOf(rand.New(rand.NewPCG(1, 1)), f, 2023, v, l)))
	for k, want := range v {
		c, ok := r.Cells[k]
		if !ok || (c.State == annual.Blank) != (want == 0) || c.Value != want {
			t.Fatalf("%s is %v %s (%s), want %s", k, ok, c.Value, c.State, want)
		}
	}
}

// TestClosedUp reads lines whose figures moved together, empty cells filled up behind them:
// no figure may be taken for that of the column it stands in now.
func TestClosedUp(t *testing.T) {
	f := form.ByID("2021")
	v := figuresOf(rand.New(rand.NewPCG(11, 12)), f)
	for name, sep := range map[string]string{"tabs": "\t", "commas": ","} {
		src := coveredSource(f, v, func(cells []string) string {
			var labels, figures []string
			for _, c := range cells {
				if tok := newToken(c, extract.Block{}.At); tok.kind == number {
					figures = append(figures, c)
				} else if tok.kind == words {
					labels = append(labels, c)
				}
			}
			row := append(append(labels, figures...), make([]string, len(cells))...)
			return strings.Join(row[:len(cells)], sep)
		})
		r := Document(extract.Paste(src))
		for k, want := range v {
			if c, ok := r.Cells[k]; ok && c.Value != want {
				t.Errorf("%s: %s is %s, want %s or a question", name, k, c.Value, want)
			}
		}
	}
}
