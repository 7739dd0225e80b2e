package print

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// charted is how many bodies a chart shows: more cannot be read.
const charted = 20

// writeRanking writes the bodies side by side, most requests first, each indicator with
// its rank, the definitions under them, and charts beside.
func (b *book) writeRanking() error {
	name := b.p.T("merge.book.ranking")
	if err := b.addSheet(name, across); err != nil {
		return err
	}
	s := &sheetWriter{book: b, name: name}
	r := b.c.Ranking
	s.set(1, 1, s.p.T("merge.book.unit"), s.style.head)
	s.try(s.file.SetColWidth(name, "A", "A", 30))
	for i, c := range r.Columns {
		left := 2 + 2*i
		s.set(left, 1, s.p.Text(c.Indicator.Name), s.style.head)
		s.set(left+1, 1, s.p.T("merge.book.rank"), s.style.head)
	}
	s.try(s.file.SetColWidth(name, "B", strings.TrimRight(at(1+2*len(r.Columns), 1), "1"), 8.5))
	s.try(s.file.SetRowHeight(name, 1, 30))
	for n, body := range r.Columns[0].Order() {
		s.scores(r, body, n+2)
	}
	end := s.definitions(r, len(r.Bodies)+3)
	s.try(s.file.SetPanes(name, freeze(1, 1)))
	s.try(b.repeat(name, "$1:$1"))
	if len(r.Bodies) > 0 && s.err == nil {
		s.charts(r, end+2)
	}
	return s.err
}

// scores writes one body's row.
func (s *sheetWriter) scores(r *annual.Ranking, body, row int) {
	s.set(1, row, r.Bodies[body], s.style.text)
	for i, c := range r.Columns {
		left, score := 2+2*i, c.Scores[body]
		if !score.Known {
			s.set(left, row, "—", s.style.gap)
			s.set(left+1, row, "", s.style.gap)
			continue
		}
		style := s.numberStyle(score.Value)
		if c.Indicator.Measure == annual.Share {
			style = s.style.percent
		}
		s.set(left, row, score.Value.Float(), style)
		s.set(left+1, row, s.rank(score), s.style.rank)
	}
}

// rank is a rank as shown; one got with few cases is marked.
func (s *sheetWriter) rank(score annual.Score) any {
	if score.Small {
		return s.p.T("merge.book.small", "rank", score.Rank)
	}
	return score.Rank
}

// definitions writes what each indicator is, and returns the last row.
func (s *sheetWriter) definitions(r *annual.Ranking, row int) int {
	for _, c := range r.Columns {
		s.set(1, row, s.p.Text(c.Indicator.Name), s.style.label)
		order := s.p.T("merge.book.highest")
		if c.Indicator.Lowest {
			order = s.p.T("merge.book.lowest")
		}
		s.merge(2, row, 13, row, s.p.Text(c.Indicator.Definition)+order, s.style.text)
		row++
	}
	s.merge(1, row, 13, row, s.p.T("merge.book.rank_note"), s.style.note)
	return row
}

// charts draws the bodies by requests, the outcomes of all, and the years side by side.
func (s *sheetWriter) charts(r *annual.Ranking, row int) {
	last := 1 + min(charted, len(r.Bodies))
	s.chart(at(1, row), &excelize.Chart{
		Type: excelize.Bar, Title: s.chartTitle("merge.book.chart.new"), Legend: excelize.ChartLegend{Position: "none"},
		Series: []excelize.ChartSeries{{
			Name: s.ref("B", 1, 1), Categories: s.ref("A", 2, last), Values: s.ref("B", 2, last),
			Fill: solid("1D6A96"),
		}},
		XAxis: excelize.ChartAxis{ReverseOrder: true},
	})
	data := row + 20
	end := s.outcomes(data)
	s.chart(at(9, row), &excelize.Chart{
		Type: excelize.Col, Title: s.chartTitle("merge.book.chart.outcomes"), Legend: excelize.ChartLegend{Position: "none"},
		Series: []excelize.ChartSeries{{
			Name: s.ref("B", data, data), Categories: s.ref("A", data+1, end), Values: s.ref("B", data+1, end),
			Fill: solid("12355B"),
		}},
	})
	if len(s.c.Comparisons) > 0 {
		s.yearChart(end + 2)
	}
}

// outcomes writes how all requests were concluded, for the chart, and returns the last row.
func (s *sheetWriter) outcomes(row int) int {
	s.set(1, row, s.p.T("merge.book.outcomes"), s.style.head)
	s.set(2, row, s.p.T("merge.book.pieces"), s.style.head)
	sums := map[string]decimal.Decimal{}
	var order []string
	for _, line := range s.c.Form.Table("T3").Rows {
		if !strings.HasPrefix(line.Key, "T3.done.") || line.Key == "T3.done.total" {
			continue
		}
		name := line.Group
		if name == "" {
			name, _, _ = strings.Cut(line.Label, "（区分")
		}
		if _, seen := sums[name]; !seen {
			order = append(order, name)
		}
		v, _ := s.c.Merged.Report.Value(form.Key(line.Key + ".total"))
		sums[name] += v
	}
	for _, name := range order {
		row++
		s.set(1, row, name, s.style.text)
		s.set(2, row, sums[name].Float(), s.numberStyle(sums[name]))
	}
	return row
}

// yearChart writes the requests of two years for the bodies with both, and draws them.
func (s *sheetWriter) yearChart(row int) {
	top := row
	s.set(1, row, s.p.T("merge.book.unit"), s.style.head)
	s.set(2, row, s.p.T("merge.book.year", "year", s.c.Year-1), s.style.head)
	s.set(3, row, s.p.T("merge.book.year", "year", s.c.Year), s.style.head)
	for _, c := range s.c.Comparisons[:min(charted, len(s.c.Comparisons))] {
		ch, ok := c.Change("T3.new.total")
		if !ok || !ch.Before.Known() || !ch.After.Known() {
			continue
		}
		row++
		s.set(1, row, c.Body, s.style.text)
		s.set(2, row, ch.Before.Value.Float(), s.style.number)
		s.set(3, row, ch.After.Value.Float(), s.style.number)
	}
	if row == top {
		return
	}
	s.chart(at(9, top-11), &excelize.Chart{
		Type: excelize.Bar, Title: s.chartTitle("merge.book.chart.years"), Legend: excelize.ChartLegend{Position: "bottom"},
		XAxis: excelize.ChartAxis{ReverseOrder: true},
		Series: []excelize.ChartSeries{
			{Name: s.ref("B", top, top), Categories: s.ref("A", top+1, row), Values: s.ref("B", top+1, row), Fill: solid("E6C65A")},
			{Name: s.ref("C", top, top), Categories: s.ref("A", top+1, row), Values: s.ref("C", top+1, row), Fill: solid("1D6A96")},
		},
	})
}

func (s *sheetWriter) chart(cell string, c *excelize.Chart) {
	black := excelize.Font{Family: song, Size: 9, Color: "000000"}
	c.XAxis.Font, c.YAxis.Font = black, black
	c.YAxis.MajorGridLines, c.PlotArea.ShowVal = true, true
	c.Dimension = excelize.ChartDimension{Width: 560, Height: 360}
	s.try(s.file.AddChart(s.name, cell, c))
}

func (s *sheetWriter) chartTitle(key string) excelize.ChartTitle {
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{
		Text: s.p.T(key), Font: &excelize.Font{Family: song, Size: 12, Bold: true},
	}}}
}

func solid(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

// ref names cells of a column for a chart.
func (s *sheetWriter) ref(column string, from, to int) string {
	return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", s.name, column, from, column, to)
}
