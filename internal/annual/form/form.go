// Package form describes the prescribed forms of the annual report (年度报告格式) as data:
// tables with their merged cells, row and column keys, and the sums printed in them.
// Reading, checking, printing and merging all work from this description; a new version
// of the form is a new entry in forms.json and its tests.
package form

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

//go:embed forms.json
var source []byte

// Key names one cell for all versions: "T3.done.open.natural" is table three, row
// （一）予以公开, column 自然人. The last part is the column, what stands between is the row.
type Key string

// Table returns "T2", "T3" or "T4".
func (k Key) Table() string {
	t, _, _ := strings.Cut(string(k), ".")
	return t
}

// Row returns the key of the row with its table: "T3.done.open".
func (k Key) Row() string { return string(k[:strings.LastIndexByte(string(k), '.')]) }

// Column returns the column's key: "natural".
func (k Key) Column() string { return string(k[strings.LastIndexByte(string(k), '.')+1:]) }

// Kind is what a cell may hold.
type Kind string

// The kinds of cells.
const (
	Count  Kind = "int"             // whole number, not negative
	Change Kind = "signed_int"      // whole number, may be negative: 本年增/减
	Money  Kind = "decimal"         // 万元, not negative
	Amount Kind = "money_with_unit" // amount printed with its unit; 万元 unless it says otherwise
)

// Cell is a place for a value.
type Cell struct {
	Key    Key
	Kind   Kind
	Index  int    // position among the form's cells, in reading order
	Row    *Row   //
	Column string // the column's label, with its group where it has one: 行政复议 · 结果维持
}

// Row is one line of values.
type Row struct {
	Key   string // "T3.done.open"
	Table string // "T3"
	Label string // as the form prints it; for table four the group, 行政复议
	Group string // the merged label left of it, if any: （三）不予公开
	Block string // in table two, the item of article 20 it stands under: 第二十条第（一）项
	Cells []*Cell
}

// Box is one printed cell of the grid; a covered position has no box.
type Box struct {
	Text             string // label, "" for a value
	Role             Role
	Key              Key // of a value
	RowSpan, ColSpan int // at least 1
	Row, Col         int // origin in the grid, from 0
}

// Role is what a box is for.
type Role string

// The roles of boxes.
const (
	RoleGroup    Role = "group"    // an item of article 20 over the whole width
	RoleHeader   Role = "header"   //
	RoleNote     Role = "note"     // the sum rule printed in the corner
	RoleRowLabel Role = "rowlabel" //
	RoleRowGroup Role = "rowgroup" // merged label over several rows
	RoleValue    Role = "value"    //
)

// Table is one of the report's three tables.
type Table struct {
	ID      string // "T2"
	Name    string // 表二
	Section string // key of the section it belongs to: "s2"
	Columns int    // physical columns
	Grid    [][]Box
	Rows    []*Row
}

// Section is one of the six parts.
type Section struct {
	Key      string   // "s1"
	No       string   // 一
	Heading  string   // 总体情况
	Full     string   // 一、总体情况
	Table    string   // id of its table, "" for text
	Mentions []string // aspects its text must cover
	// GovernmentMentions must be covered too when a government reports (art. 50(4)).
	GovernmentMentions []string
}

// Equation is a sum the form prescribes: the left side equals the right one.
type Equation struct {
	Rule  string // R-AR-01 …
	Left  []Key
	Right []Key
}

// Form is one version.
type Form struct {
	ID           string // "2021"
	DocNo        string // 国办公开办函〔2021〕30号
	Name         string
	Instrument   *statute.Instrument
	Issued       date.Date
	From, To     int // first and last report year; To is 0 while the form is in force
	TitlePattern string
	Sections     []Section
	Tables       []*Table

	cells     []*Cell
	byKey     map[Key]*Cell
	rows      map[string]*Row
	equations []Equation
	aliases   map[string]string
}

// All returns every version, oldest first.
func All() []*Form { return load().forms }

// ByID returns the version called id ("2019", "2021"), nil if there is none.
func ByID(id string) *Form {
	for _, f := range All() {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// ForYear returns the version prescribed for reports on a year, nil for years before the
// unified form (R-AR-18: 2018 and earlier have none).
func ForYear(year int) *Form {
	for _, f := range All() {
		if year >= f.From && (f.To == 0 || year <= f.To) {
			return f
		}
	}
	return nil
}

// Cells returns the places for values in reading order.
func (f *Form) Cells() []*Cell { return f.cells }

// Cell returns the place called k, nil if the form has none.
func (f *Form) Cell(k Key) *Cell { return f.byKey[k] }

// Row returns the row called key ("T3.new"), nil if the form has none.
func (f *Form) Row(key string) *Row { return f.rows[key] }

// Table returns the table called id ("T3"), nil if the form has none.
func (f *Form) Table(id string) *Table {
	for _, t := range f.Tables {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Equations returns the sums printed in the form: R-AR-01 to R-AR-04.
func (f *Form) Equations() []Equation { return f.equations }

// Section returns the section called key, nil if the form has none.
func (f *Form) Section(key string) *Section {
	for i := range f.Sections {
		if f.Sections[i].Key == key {
			return &f.Sections[i]
		}
	}
	return nil
}

// Title returns the title the form prescribes: 某市2024年政府信息公开工作年度报告.
func (f *Form) Title(body string, year int) string {
	return strings.NewReplacer("{body}", body, "{year}", fmt.Sprint(year)).Replace(f.TitlePattern)
}

// Canonical returns the normalised label that a printed label stands for: itself, or what
// it is an accepted variant of.
func (f *Form) Canonical(printed string) string { return f.CanonicalOf(Normalize(printed)) }

// CanonicalOf is Canonical for a label that is normalised already.
func (f *Form) CanonicalOf(n string) string {
	if c, ok := f.aliases[n]; ok {
		return c
	}
	return n
}

// Label returns how a cell is cited: 表三“（一）予以公开”自然人.
func (f *Form) Label(k Key) string {
	c := f.byKey[k]
	if c == nil {
		return string(k)
	}
	t := f.Table(k.Table())
	if k.Table() == "T4" {
		return t.Name + c.Column
	}
	return t.Name + i18n.Quoted(c.Row.Label) + c.Column
}

// loaded is what forms.json holds, decoded once.
type loaded struct {
	forms []*Form
}

var load = sync.OnceValue(func() loaded {
	var raw rawFile
	if err := json.Unmarshal(source, &raw); err != nil {
		panic(fmt.Sprintf("form: forms.json: %v", err))
	}
	var l loaded
	for _, t := range raw.Templates {
		f, err := t.build(raw.Normalisation.Aliases)
		if err != nil {
			panic(fmt.Sprintf("form: forms.json: %s: %v", t.ID, err))
		}
		l.forms = append(l.forms, f)
	}
	slices.SortFunc(l.forms, func(a, b *Form) int { return a.From - b.From })
	return l
})
