package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// grouped writes a number as lists do: 1,203.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Column is one of a list.
type Column struct {
	Key  string // names it in addresses and exports
	Text string
	Sort bool // the list can be sorted by it
	Num  bool // figures, set to the right
	Slim bool // as narrow as its content
	Wide bool // left out on a narrow screen
}

// Cell is one value of a row.
type Cell struct {
	Text  string
	Href  string
	Sub   string // smaller, under the text
	Badge *Badge
	Deep  int    // how far it is set in, for trees
	Lang  string // of the text, where it is not the page's
}

// Row is one line of a list, its cells in the order of the columns.
type Row struct {
	ID    string // what a bulk act is given
	Name  string // what its tick box is called
	Cells []Cell
	Tone  Tone // marks the row
}

// Bulk is something that can be done to all ticked rows at once.
type Bulk struct {
	Value, Text string
	Tone        string // "" or "danger"
}

// sizes are the rows a page of a list may have, the first by default.
var sizes = []int{30, 100, 200}

// ListQuery is what the address of a list says: everything needed to show the same rows
// again, so that an address kept or passed on is a saved query.
type ListQuery struct {
	Sort   string // key of a column
	Down   bool   // from the last to the first
	After  string // key of the row the page begins after, opaque to the page
	Before string // key of the row the page ends before
	Size   int
	Format string // "csv" or "xlsx" for an export, else ""
	Filter url.Values
}

// ReadList reads a list's query from the address. sort is the default: a column's key,
// after a minus for downwards. Only columns that say so can be sorted by.
func ReadList(r *http.Request, columns []Column, sort string) ListQuery {
	values := r.URL.Query()
	q := ListQuery{Size: sizes[0], After: values.Get("after"), Before: values.Get("before"), Filter: url.Values{}}
	q.order(sort)
	chosen := values.Get("sort")
	if chosen != "" && slices.ContainsFunc(columns, func(c Column) bool { return c.Sort && c.Key == trimMinus(chosen) }) {
		q.order(chosen)
	}
	if n, err := strconv.Atoi(values.Get("size")); err == nil && slices.Contains(sizes, n) {
		q.Size = n
	}
	if f := values.Get("format"); f == "csv" || f == "xlsx" {
		q.Format, q.After, q.Before = f, "", ""
	}
	for name, v := range values {
		switch name {
		case "sort", "after", "before", "size", "format":
		default:
			q.Filter[name] = v
		}
	}
	return q
}

func trimMinus(s string) string {
	if s != "" && s[0] == '-' {
		return s[1:]
	}
	return s
}

func (q *ListQuery) order(s string) { q.Sort, q.Down = trimMinus(s), s != trimMinus(s) }

// Order is the sorting as the address says it.
func (q ListQuery) Order() string {
	if q.Down {
		return "-" + q.Sort
	}
	return q.Sort
}

// address returns the query of the same list with some of its values set anew; "" takes one out.
func (q ListQuery) address(set ...string) string {
	v := url.Values{}
	for name, values := range q.Filter {
		for _, one := range values {
			if one != "" {
				v.Add(name, one)
			}
		}
	}
	v.Set("sort", q.Order())
	if q.Size != sizes[0] {
		v.Set("size", strconv.Itoa(q.Size))
	}
	for i := 0; i+1 < len(set); i += 2 {
		v.Del(set[i])
		if set[i+1] != "" {
			v.Set(set[i], set[i+1])
		}
	}
	return "?" + v.Encode()
}

// List is a table of records that can be filtered, sorted, paged, exported and acted on.
type List struct {
	i18n.Printer
	Token   string
	Label   string // what the rows are, for the table's name
	Columns []Column
	Rows    []Row
	Filter  *Form // fields that narrow the list; nil for none
	Query   ListQuery
	Next    string // key of the last row, when more follow
	Prev    string // key of the first row, when others stand before
	Total   string // how many there are, in words; "" when not counted
	Empty   string // what to do when there is nothing
	Start   web.Link
	BulkTo  string // where ticked rows are posted, as id=…&do=…
	Bulk    []Bulk
	Export  bool // offer CSV and XLSX
}

// NewList starts a list of p's page.
func NewList(p Page, label string, columns []Column, q ListQuery) *List {
	return &List{Printer: p.Printer, Token: p.Token, Label: label, Columns: columns, Query: q, Export: true}
}

// FilterBy gives the list a form of filter fields, filled with what the address says.
func (l *List) FilterBy(fields ...Field) {
	f := &Form{Printer: l.Printer, Query: true, Groups: []Group{{Fields: fields}}}
	f.prepare()
	f.Keep(l.Query.Filter)
	f.Hidden = []Field{{Name: "sort", Value: l.Query.Order()}}
	if l.Query.Size != sizes[0] {
		f.Hidden = append(f.Hidden, Field{Name: "size", Value: strconv.Itoa(l.Query.Size)})
	}
	l.Filter = f
}

// Filtered reports whether the address narrows the list.
func (l *List) Filtered() bool {
	for _, vs := range l.Query.Filter {
		if slices.ContainsFunc(vs, func(v string) bool { return v != "" }) {
			return true
		}
	}
	return false
}

// Paged reports whether the rows come in pages.
func (l *List) Paged() bool { return slices.Contains(sizes, l.Query.Size) }

// All is the address of the list without its filter.
func (l *List) All() string {
	q := l.Query
	q.Filter = nil
	return q.address()
}

// Heading is a column with the link that sorts by it.
type Heading struct {
	Column
	Href string
	Dir  string // "ascending", "descending" or ""
}

// Headings are the columns as the table's head shows them.
func (l *List) Headings() []Heading {
	out := make([]Heading, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = Heading{Column: c}
		if !c.Sort {
			continue
		}
		next := c.Key
		if l.Query.Sort == c.Key {
			out[i].Dir = "ascending"
			if l.Query.Down {
				out[i].Dir = "descending"
			} else {
				next = "-" + c.Key
			}
		}
		out[i].Href = l.Query.address("sort", next)
	}
	return out
}

// NextHref leads to the rows after these.
func (l *List) NextHref() string { return l.Query.address("after", l.Next, "before", "") }

// PrevHref leads to the rows before these.
func (l *List) PrevHref() string { return l.Query.address("before", l.Prev, "after", "") }

// FirstHref leads to the first rows, "" if these are.
func (l *List) FirstHref() string {
	if l.Query.After == "" && l.Query.Before == "" {
		return ""
	}
	return l.Query.address()
}

// ExportHref leads to all rows of the filtered list as a file.
func (l *List) ExportHref(format string) string { return l.Query.address("format", format) }

// Sizes are the links that show more or fewer rows a page.
func (l *List) Sizes() []Tab {
	out := make([]Tab, len(sizes))
	for i, n := range sizes {
		q := l.Query
		q.Size = n
		out[i] = Tab{Text: strconv.Itoa(n), Href: q.address(), On: n == l.Query.Size}
	}
	return out
}

// Shown are the rows with their cells joined to the columns they stand in.
func (l *List) Shown() []ShownRow {
	out := make([]ShownRow, len(l.Rows))
	for i, r := range l.Rows {
		out[i] = ShownRow{Row: r, Picked: len(l.Bulk) > 0, List: l}
		for n, c := range r.Cells {
			out[i].Cells = append(out[i].Cells, ShownCell{c, l.Columns[n], n == 0})
		}
	}
	return out
}

// ShownRow is a row as the table shows it.
type ShownRow struct {
	Row
	Picked bool // it has a tick box
	List   *List
	Cells  []ShownCell
}

// ShownCell is a cell with its column.
type ShownCell struct {
	Cell
	Column Column
	Head   bool // names the row
}
