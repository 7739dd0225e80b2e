package section

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/disclosure/class"
	"gongkai/internal/i18n"
)

// printed is a column of a sheet: its headings and what stands in a row.
type printed struct {
	over, under string // under is "" where the heading reaches down
	width       float64
	text        func(r Row) string
}

// has makes a column of ticks.
func has(over, under string, list func(Row) []string, key string) printed {
	return printed{over, under, 6, func(r Row) string {
		if slices.Contains(list(r), key) {
			return "√"
		}
		return ""
	}}
}

// sheetColumns are the columns of a layout, as spec §1.3 lists them.
func sheetColumns(l Layout) []printed {
	first := printed{"公开事项", "一级事项", 12, func(r Row) string { return r.First }}
	second := printed{"公开事项", "二级事项", 14, func(r Row) string { return r.Second }}
	content := printed{"公开内容（要素）", "", 36, func(r Row) string { return r.Content }}
	basis := printed{"公开依据", "", 28, func(r Row) string { return r.Basis }}
	limit := printed{"公开时限", "", 18, func(r Row) string { return r.Limit }}
	if l == CityLayout {
		return []printed{first, second, content, basis, limit,
			{"公开时长", "", 12, func(r Row) string { return r.Duration }},
			{"公开范围", "", 12, func(r Row) string { return r.Range }},
			{"公开渠道", "", 24, func(r Row) string { return channelNames(r.Channels) }},
			{"公开方式", "", 12, modeNames},
		}
	}
	all := []printed{{"序号", "", 6, func(r Row) string { return r.No }}, first, second, content, basis, limit,
		{"公开主体", "", 14, func(r Row) string { return r.Body }}}
	for _, c := range class.Channels() {
		all = append(all, has("公开渠道和载体", c.ZH, func(r Row) []string { return r.Channels }, c.Key))
	}
	audience := func(r Row) []string { return r.Audience }
	return append(all,
		has("公开对象", "全社会", audience, "all"),
		printed{"公开对象", "特定群众", 10, func(r Row) string {
			if slices.Contains(r.Audience, "group") && r.Group == "" {
				return "√"
			}
			return r.Group
		}},
		has("公开方式", "主动", func(r Row) []string { return r.Modes }, "proactive"),
		has("公开方式", "依申请", func(r Row) []string { return r.Modes }, "request"),
		has("公开层级", "县级", func(r Row) []string { return r.Levels }, "county"),
		has("公开层级", "乡、村级", func(r Row) []string { return r.Levels }, "township"))
}

func channelNames(keys []string) string {
	var names []string
	for _, k := range keys {
		if c, ok := class.Find(class.Channels(), k); ok {
			names = append(names, c.Name(i18n.Chinese))
		}
	}
	return strings.Join(names, "；")
}

func modeNames(r Row) string {
	var names []string
	for _, m := range r.Modes {
		names = append(names, map[string]string{"proactive": "主动公开", "request": "依申请公开"}[m])
	}
	return strings.Join(names, "、")
}

// headRow is where the columns are named: below the title.
const headRow = 2

// WriteCatalogue writes a catalogue as XLSX in its layout.
func WriteCatalogue(w io.Writer, c Catalogue) error {
	book := excelize.NewFile()
	defer book.Close()
	s := &sheet{book: book, name: book.GetSheetName(0), columns: sheetColumns(c.Layout)}
	s.style()
	s.set(1, 1, c.Title)
	s.merge(1, 1, len(s.columns), 1)
	s.heads()
	for i, r := range c.Rows {
		for x, col := range s.columns {
			s.set(x+1, headRow+2+i, col.text(r))
		}
	}
	s.join(c.Rows)
	if s.err != nil {
		return fmt.Errorf("write the catalogue: %w", s.err)
	}
	return book.Write(w)
}

// sheet gathers the first error of many small steps.
type sheet struct {
	book    *excelize.File
	name    string
	columns []printed
	body    int
	head    int
	err     error
}

func (s *sheet) try(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheet) cell(x, y int) string {
	name, err := excelize.CoordinatesToCellName(x, y)
	s.try(err)
	return name
}

func (s *sheet) set(x, y int, text string) {
	at := s.cell(x, y)
	s.try(s.book.SetCellStr(s.name, at, text))
	style := s.body
	if y < headRow+2 {
		style = s.head
	}
	s.try(s.book.SetCellStyle(s.name, at, at, style))
}

func (s *sheet) merge(x, y, x2, y2 int) {
	if x != x2 || y != y2 {
		s.try(s.book.MergeCell(s.name, s.cell(x, y), s.cell(x2, y2)))
	}
}

// style sets fonts, borders and widths.
func (s *sheet) style() {
	var border []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Style: 1, Color: "000000"})
	}
	var err error
	s.body, err = s.book.NewStyle(&excelize.Style{Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	s.try(err)
	s.head, err = s.book.NewStyle(&excelize.Style{
		Border: border, Font: &excelize.Font{Bold: true},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"},
	})
	s.try(err)
	for x, c := range s.columns {
		name, err := excelize.ColumnNumberToName(x + 1)
		s.try(err)
		s.try(s.book.SetColWidth(s.name, name, name, c.width))
	}
	s.try(s.book.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: headRow + 1, TopLeftCell: "A" + strconv.Itoa(headRow+2), ActivePane: "bottomLeft"}))
}

// heads writes the two rows of headings.
func (s *sheet) heads() {
	for x := 0; x < len(s.columns); {
		end := x
		for end+1 < len(s.columns) && s.columns[end+1].over == s.columns[x].over {
			end++
		}
		for i := x; i <= end; i++ {
			s.set(i+1, headRow, s.columns[x].over)
			s.set(i+1, headRow+1, s.columns[i].under)
		}
		if s.columns[x].under == "" {
			s.merge(x+1, headRow, x+1, headRow+1)
		} else {
			s.merge(x+1, headRow, end+1, headRow)
		}
		x = end + 1
	}
}

// join merges the cells of a first-level item over its rows.
func (s *sheet) join(rows []Row) {
	x := slices.IndexFunc(s.columns, func(c printed) bool { return c.under == "一级事项" }) + 1
	for i := 0; i < len(rows); {
		end := i
		for end+1 < len(rows) && rows[end+1].First == rows[i].First {
			end++
		}
		s.merge(x, headRow+2+i, x, headRow+2+end)
		i = end + 1
	}
}
