package form

import (
	"fmt"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/statute"
)

// The shapes of forms.json.
type (
	rawFile struct {
		Normalisation struct {
			Aliases map[string][]string `json:"aliases"`
		} `json:"normalisation"`
		Templates []rawForm `json:"templates"`
	}
	rawForm struct {
		ID        string `json:"id"`
		DocNo     string `json:"doc_no"`
		Name      string `json:"name"`
		Issued    string `json:"issued"`
		Published string `json:"published"`
		Years     struct {
			From int  `json:"from"`
			To   *int `json:"to"`
		} `json:"report_years"`
		TitlePattern string       `json:"document_title_pattern"`
		Sections     []rawSection `json:"sections"`
		Tables       []rawTable   `json:"tables"`
	}
	rawSection struct {
		Key         string   `json:"key"`
		No          string   `json:"no"`
		Heading     string   `json:"heading"`
		FullHeading string   `json:"full_heading"`
		Kind        string   `json:"kind"`
		Mention     []string `json:"must_mention"`
		MentionGov  []string `json:"must_mention_if_government"`
	}
	rawLabel struct {
		Key, Label, Type, Top, Parent string
	}
	rawTable struct {
		ID          string     `json:"id"`
		Section     string     `json:"section"`
		Columns     []rawLabel `json:"columns"`
		Width       int        `json:"physical_columns"`
		ColumnTotal *rawSum    `json:"column_total"`
		GroupTotal  *rawSum    `json:"group_total"`
		Groups      []rawLabel `json:"groups"`
		Rows        []rawRow   `json:"rows"`
		Balance     *struct {
			Left  []string `json:"lhs"`
			Right []string `json:"rhs"`
		} `json:"balance"`
		Blocks []struct {
			Item    string     `json:"article_item"`
			Columns []rawLabel `json:"columns"`
			Rows    []rawLabel `json:"rows"`
		} `json:"blocks"`
		Grid [][]rawBox `json:"grid"`
	}
	rawRow struct {
		Key   string   `json:"key"`
		Label string   `json:"label"`
		Group string   `json:"group"`
		SumOf []string `json:"sum_of"`
	}
	rawSum struct {
		Target string   `json:"target"`
		SumOf  []string `json:"sum_of"`
	}
	rawBox struct {
		Text    *string `json:"text"`
		Role    Role    `json:"role"`
		Key     Key     `json:"key"`
		RowSpan int     `json:"rowspan"`
		ColSpan int     `json:"colspan"`
	}
)

// instruments ties document numbers to the instruments they cite.
var instruments = []*statute.Instrument{statute.AnnualForm2019, statute.AnnualForm2021}

func (raw rawForm) build(aliases map[string][]string) (*Form, error) {
	f := &Form{
		ID: raw.ID, DocNo: raw.DocNo, Name: raw.Name, From: raw.Years.From,
		TitlePattern: raw.TitlePattern,
		byKey:        map[Key]*Cell{}, rows: map[string]*Row{}, aliases: map[string]string{},
	}
	if raw.Years.To != nil {
		f.To = *raw.Years.To
	}
	for _, i := range instruments {
		if i.Number == raw.DocNo {
			f.Instrument = i
		}
	}
	if f.Instrument == nil {
		return nil, fmt.Errorf("no instrument numbered %s", raw.DocNo)
	}
	issued := raw.Issued
	if issued == "" {
		issued = raw.Published
	}
	var err error
	if f.Issued, err = date.Parse(issued); err != nil {
		return nil, err
	}
	for _, s := range raw.Sections {
		_, table, _ := strings.Cut(s.Kind, "table:")
		f.Sections = append(f.Sections, Section{
			Key: s.Key, No: s.No, Heading: s.Heading, Full: s.FullHeading, Table: table,
			Mentions: s.Mention, GovernmentMentions: s.MentionGov,
		})
	}
	for _, t := range raw.Tables {
		if err := f.addTable(t); err != nil {
			return nil, fmt.Errorf("%s: %w", t.ID, err)
		}
	}
	for label, variants := range aliases {
		for _, v := range variants {
			f.aliases[Normalize(v)] = Normalize(label)
		}
	}
	f.reconcileAliases()
	return f, nil
}

// reconcileAliases turns an alias round where this version prints the variant: 规范性文件 is
// the label of 2019 and a variant of 行政规范性文件 in 2021.
func (f *Form) reconcileAliases() {
	printed := map[string]bool{}
	for _, t := range f.Tables {
		for _, row := range t.Grid {
			for _, b := range row {
				printed[Normalize(b.Text)] = true
			}
		}
	}
	for variant, label := range f.aliases {
		if printed[variant] && !printed[label] {
			delete(f.aliases, variant)
			f.aliases[label] = variant
		}
	}
}

// tableNames are how officials call the tables of sections two to four.
var tableNames = map[string]string{"T2": "表二", "T3": "表三", "T4": "表四"}

func (f *Form) addTable(raw rawTable) error {
	t := &Table{ID: raw.ID, Name: tableNames[raw.ID], Section: raw.Section, Columns: raw.Width}
	if t.Name == "" {
		return fmt.Errorf("no name for table %s", raw.ID)
	}
	for _, b := range raw.Blocks {
		for _, r := range b.Rows {
			f.addRow(t, &Row{Key: t.ID + "." + r.Key, Label: r.Label, Block: b.Item}, b.Columns)
		}
	}
	for _, r := range raw.Rows {
		f.addRow(t, &Row{Key: t.ID + "." + r.Key, Label: r.Label, Group: r.Group}, raw.Columns)
	}
	for _, g := range raw.Groups {
		label := g.Label
		if g.Top != "" && g.Top != g.Label {
			label = g.Top + "（" + g.Label + "）"
		}
		f.addRow(t, &Row{Key: t.ID + "." + g.Key, Label: label}, raw.Columns)
	}
	f.addEquations(t, raw)
	f.Tables = append(f.Tables, t)
	return f.addGrid(t, raw.Grid)
}

func (f *Form) addRow(t *Table, r *Row, columns []rawLabel) {
	r.Table = t.ID
	for _, c := range columns {
		kind := Kind(c.Type)
		if kind == "" {
			kind = Count
		}
		label := c.Label
		if t.ID == "T4" {
			label = r.Label + c.Label
		}
		cell := &Cell{Key: Key(r.Key + "." + c.Key), Kind: kind, Index: len(f.cells), Row: r, Column: label}
		r.Cells = append(r.Cells, cell)
		f.cells = append(f.cells, cell)
		f.byKey[cell.Key] = cell
	}
	t.Rows = append(t.Rows, r)
	f.rows[r.Key] = r
}

// addEquations writes the sums out cell by cell: balance and outcomes per column, totals
// per row and per group.
func (f *Form) addEquations(t *Table, raw rawTable) {
	cells := func(rows []string, column string) []Key {
		var ks []Key
		for _, r := range rows {
			ks = append(ks, Key(t.ID+"."+r+"."+column))
		}
		return ks
	}
	for _, c := range raw.Columns {
		if raw.Balance != nil {
			f.equations = append(f.equations, Equation{
				Rule: "R-AR-01", Left: cells(raw.Balance.Left, c.Key), Right: cells(raw.Balance.Right, c.Key),
			})
		}
		for _, r := range raw.Rows {
			if len(r.SumOf) > 0 {
				f.equations = append(f.equations, Equation{
					Rule: "R-AR-02", Left: cells(r.SumOf, c.Key), Right: cells([]string{r.Key}, c.Key),
				})
			}
		}
	}
	for _, r := range t.Rows {
		across := func(rule string, s *rawSum) {
			if s == nil {
				return
			}
			e := Equation{Rule: rule, Right: []Key{Key(r.Key + "." + s.Target)}}
			for _, c := range s.SumOf {
				e.Left = append(e.Left, Key(r.Key+"."+c))
			}
			f.equations = append(f.equations, e)
		}
		across("R-AR-03", raw.ColumnTotal)
		across("R-AR-04", raw.GroupTotal)
	}
}

// addGrid places the boxes as a browser places table cells, and checks that they fill the
// grid exactly and hold every value once.
func (f *Form) addGrid(t *Table, raw [][]rawBox) error {
	taken := map[[2]int]bool{}
	values := 0
	for r, boxes := range raw {
		col := 0
		var line []Box
		for _, rb := range boxes {
			for taken[[2]int{r, col}] {
				col++
			}
			b := Box{Role: rb.Role, Key: rb.Key, RowSpan: max(1, rb.RowSpan), ColSpan: max(1, rb.ColSpan), Row: r, Col: col}
			if rb.Text != nil {
				b.Text = *rb.Text
			}
			if b.Role == RoleValue {
				values++
				if f.byKey[b.Key] == nil {
					return fmt.Errorf("grid has an unknown cell %s", b.Key)
				}
			}
			for y := range b.RowSpan {
				for x := range b.ColSpan {
					at := [2]int{r + y, col + x}
					if taken[at] || at[1] >= t.Columns || at[0] >= len(raw) {
						return fmt.Errorf("row %d, column %d: boxes overlap or leave the grid", at[0]+1, at[1]+1)
					}
					taken[at] = true
				}
			}
			line = append(line, b)
		}
		t.Grid = append(t.Grid, line)
	}
	if len(taken) != len(raw)*t.Columns {
		return fmt.Errorf("grid has holes")
	}
	n := 0
	for _, r := range t.Rows {
		n += len(r.Cells)
	}
	if values != n {
		return fmt.Errorf("grid holds %d values, rows hold %d", values, n)
	}
	return nil
}
