// Package count counts requests for information into tables three and four of the annual report
// (年报表三、表四), for any body and any period, from the records as they stand: every cell can be
// opened. It also counts what statistics and the report's text say beyond the tables.
//
// A request counts while table three has it (foi.Request.Counted) from the day it was received.
// New are those received in the period; carried in those received before it and without a final
// result when it begins; done those whose result was told in it; carried out those received by its
// end without a result on its last day. R-DL-16.
package count

import (
	"slices"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/statute"
)

var form = statute.AnnualForm2021

// The faults of counting.
var (
	ErrPeriod = &fault.Error{Kind: fault.Invalid, Code: "count.period", Field: "from"}
	ErrCell   = &fault.Error{Kind: fault.NotFound, Code: "count.cell", Field: "cell", Cite: form.Whole("表三")}
)

// Period is the days from From to To, both counted.
type Period struct{ From, To date.Date }

// Year is the period of the annual report on a year: R-DL-16, 1 January to 31 December.
func Year(y int) Period { return Period{date.Must(y, 1, 1), date.Must(y, 12, 31)} }

// mostYears bounds periods.
const mostYears = 50

// Check returns what is wrong with a period.
func (p Period) Check() error {
	if p.From.IsZero() || p.To.IsZero() || p.To.Before(p.From) || p.To.Year()-p.From.Year() > mostYears {
		return ErrPeriod
	}
	return nil
}

// The rows of table three that are no result.
const (
	New      = "new"        // 本年新收
	CarryIn  = "carry_in"   // 上年结转
	Done     = "done.total" // 总计
	CarryOut = "carry_out"  // 结转下年度继续办理
)

// Total is the last column: of persons and organisations together.
const Total = "total"

// Rows lists table three's rows from above.
func Rows() []string {
	rows := []string{New, CarryIn}
	for _, o := range outcome.All {
		if !slices.Contains(rows, o.Key) {
			rows = append(rows, o.Key)
		}
	}
	return append(rows, Done, CarryOut)
}

// Columns lists table three's columns from the left.
func Columns() []string {
	all := make([]string, 0, len(foi.Kinds)+1)
	for _, k := range foi.Kinds {
		all = append(all, string(k))
	}
	return append(all, Total)
}

// Key names a cell of table three as annual/form does.
func Key(row, column string) string { return "T3." + row + "." + column }

// Cell is a cell of table three.
type Cell struct {
	Row    string
	Column string // a kind of applicant, or Total
}

// Key names the cell.
func (c Cell) Key() string { return Key(c.Row, c.Column) }

// ParseCell reads a key of table three.
func ParseCell(key string) (c Cell, err error) {
	rest, three := strings.CutPrefix(key, "T3.")
	i := strings.LastIndexByte(rest, '.')
	if !three || i < 0 {
		return c, ErrCell
	}
	c = Cell{rest[:i], rest[i+1:]}
	if !slices.Contains(Rows(), c.Row) || !slices.Contains(Columns(), c.Column) {
		return c, ErrCell
	}
	return c, nil
}

// results are the results a row of table three counts, none for rows that are no result.
func results(row string) (all []outcome.Code) {
	for _, o := range outcome.All {
		if o.Key == row || row == Done {
			all = append(all, o.Code)
		}
	}
	return all
}

// RowsOf lists the rows of table three a request counts in, in a period: none, or one of the upper
// two and one of the lower. It is the definition that the counting in the database keeps to.
func RowsOf(r *foi.Request, p Period) (rows []string) {
	if r == nil || !r.Counted || !r.State.Counted() || r.Received.IsZero() || r.Received.After(p.To) {
		return nil
	}
	open := r.ClosedOn.IsZero()
	switch {
	case !r.Received.Before(p.From):
		rows = append(rows, New)
	case open || !r.ClosedOn.Before(p.From):
		rows = append(rows, CarryIn)
	default:
		return nil
	}
	if open || r.ClosedOn.After(p.To) {
		return append(rows, CarryOut)
	}
	o, _ := outcome.Of(r.Outcome)
	return append(rows, o.Key)
}

// Tables are tables three and four of a body and a period.
type Tables struct {
	Agency string
	Period
	Cells map[string]int64 // every cell by its key, zeros too
}

// Of counts a body's period in the transaction of who asked for the permission.
func Of(tx *db.Tx, agency string, p Period) (*Tables, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	t := &Tables{Agency: agency, Period: p, Cells: map[string]int64{}}
	for _, row := range Rows() {
		for _, col := range Columns() {
			t.Cells[Key(row, col)] = 0
		}
	}
	if err := t.requests(tx); err != nil {
		return nil, err
	}
	four, err := dispute.Tally(tx, agency, p.From, p.To)
	if err != nil {
		return nil, err
	}
	for key, n := range four {
		t.Cells[key] = n
	}
	return t, nil
}

// add counts n requests of a kind in a row and in the sums it belongs to.
func (t *Tables) add(row string, kind foi.Kind, n int64) {
	t.Cells[Key(row, string(kind))] += n
	t.Cells[Key(row, Total)] += n
	if strings.HasPrefix(row, "done.") {
		t.Cells[Key(Done, string(kind))] += n
		t.Cells[Key(Done, Total)] += n
	}
}

func (t *Tables) requests(tx *db.Tx) error {
	received, err := newByKind(tx, t.Agency, t.Period)
	if err != nil {
		return err
	}
	done, err := doneByKind(tx, t.Agency, t.Period)
	if err != nil {
		return err
	}
	in, err := openByKind(tx, t.Agency, t.From.Plus(-1))
	if err != nil {
		return err
	}
	out, err := openByKind(tx, t.Agency, t.To)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		row string
		all []tally
	}{{New, received}, {CarryIn, in}, {"", done}, {CarryOut, out}} {
		for _, one := range part.all {
			row := part.row
			if row == "" {
				o, known := outcome.Of(one.Outcome)
				if !known {
					return ErrResult.With("result", string(one.Outcome))
				}
				row = o.Key
			}
			t.add(row, one.Kind, one.N)
		}
	}
	return nil
}
