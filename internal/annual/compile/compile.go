// Package compile makes table two of the annual report (年报表二) from a year's records: rules and
// normative documents, licences, penalties, coercive measures, fees. Each figure carries the
// records behind it.
package compile

import (
	"context"
	"fmt"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// ErrYear refuses years whose form counts otherwise: that of 2019 and 2020 asks what was newly
// opened, which the records do not tell.
var ErrYear = &fault.Error{Kind: fault.Invalid, Code: "compile.year", Field: "year", Cite: statute.OGI2019.Art(50)}

// firstYear is the first the present form is for.
const firstYear = 2021

// Source says which records a figure was counted from.
type Source string

// The sources.
const (
	Normative Source = "normative"
	Credit    Source = "credit"
	Fees      Source = "fee"
)

// Figure is one cell with the records behind it.
type Figure struct {
	Key     form.Key
	Value   decimal.Decimal
	Source  Source
	Records []string // their keys, in the order of their days
}

// Balance explains the three figures of a kind of documents against the year before.
//
// R-AR-07: in_force[y] = in_force[y-1] + issued[y] − repealed[y], or the reason why not. What expired
// or was declared invalid is not repealed (R-NRM-19); what is issued may take effect later.
type Balance struct {
	Kind                              normative.Kind
	Before, Issued, Repealed, InForce int
	Expired, Invalidated              int
	Later                             int // issued in the year, in force after it
	Earlier                           int // issued before, in force since the year
}

// Even reports whether the equation holds without a reason.
func (b Balance) Even() bool { return b.InForce == b.Before+b.Issued-b.Repealed }

// Table is table two of one body and year.
type Table struct {
	Agency   string
	Year     int
	Figures  []Figure
	Balances []Balance
	Fees     []*credit.Fee
}

// Compile counts a body's year. Everything is read in one transaction, so that the figures fit
// together.
func Compile(ctx context.Context, d *db.DB, by actor.Actor, agency string, year int) (t *Table, err error) {
	if err := by.May(actor.ReportCompile, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.View(ctx, func(tx *db.Tx) error {
		t, err = Of(tx, agency, year)
		return err
	})
	return t, err
}

// Of counts a body's year in the transaction of an act that has asked for the permission.
func Of(tx *db.Tx, agency string, year int) (*Table, error) {
	if year < firstYear || year > 2099 {
		return nil, ErrYear.With("first", firstYear)
	}
	t := &Table{Agency: agency, Year: year}
	if err := t.documents(tx); err != nil {
		return nil, err
	}
	return t, t.decisions(tx)
}

// documents counts item (一): rules and normative documents.
func (t *Table) documents(tx *db.Tx) error {
	records, err := normative.Of(tx, t.Agency)
	if err != nil {
		return err
	}
	for _, row := range []struct {
		kind normative.Kind
		name string
	}{{normative.RuleKind, "rules"}, {normative.Document, "normdocs"}} {
		c := normative.Count(records, row.kind, t.Year)
		for _, col := range []struct {
			name string
			ids  []string
		}{{"issued", c.Issued}, {"repealed", c.Repealed}, {"in_force", c.InForce}} {
			t.add(form.Key("T2."+row.name+"."+col.name), Normative, col.ids)
		}
		t.Balances = append(t.Balances, balance(records, row.kind, t.Year, c))
	}
	return nil
}

// balance holds a year's counts against the year before.
func balance(records []*normative.Record, kind normative.Kind, year int, c normative.Tally) Balance {
	before := normative.Count(records, kind, year-1).InForce
	b := Balance{Kind: kind, Before: len(before), Issued: len(c.Issued), Repealed: len(c.Repealed), InForce: len(c.InForce),
		Expired: len(c.Expired), Invalidated: len(c.Invalidated)}
	for _, r := range records {
		issued := slices.Contains(c.Issued, r.ID)
		switch {
		case issued && r.EffectiveOn.Year() > year:
			b.Later++
		case !issued && r.EffectiveOn.Year() == year && slices.Contains(c.InForce, r.ID) && !slices.Contains(before, r.ID):
			b.Earlier++
		}
	}
	return b
}

// decisions counts items (五), (六) and (八).
func (t *Table) decisions(tx *db.Tx) error {
	for _, row := range []struct {
		kind credit.Kind
		name string
	}{{credit.Licence, "license"}, {credit.Penalty, "penalty"}, {credit.Measure, "coercion"}} {
		ids, err := credit.Decided(tx, t.Agency, row.kind, t.Year)
		if err != nil {
			return err
		}
		t.add(form.Key("T2."+row.name+".decisions"), Credit, ids)
	}
	fees, err := credit.FeesOf(tx, t.Agency, t.Year)
	if err != nil {
		return err
	}
	f := Figure{Key: "T2.fees.amount_wan", Source: Fees}
	for _, one := range fees {
		if f.Value, err = f.Value.Add(one.Amount); err != nil {
			return fmt.Errorf("add the fees of %d: %w", t.Year, err)
		}
		f.Records = append(f.Records, one.ID)
	}
	t.Fees, t.Figures = fees, append(t.Figures, f)
	return nil
}

func (t *Table) add(key form.Key, s Source, ids []string) {
	t.Figures = append(t.Figures, Figure{key, decimal.Int(int64(len(ids))), s, ids})
}

// Figure returns the figure of a cell.
func (t *Table) Figure(key form.Key) (Figure, bool) {
	i := slices.IndexFunc(t.Figures, func(f Figure) bool { return f.Key == key })
	if i < 0 {
		return Figure{}, false
	}
	return t.Figures[i], true
}

// Report returns the table as a report of the body with nothing but table two filled in, which
// the annual report's rules check and its printing prints.
func (t *Table) Report(name string) *annual.Report {
	r := &annual.Report{Form: form.ForYear(t.Year), Agency: annual.Text{Text: name}, Year: t.Year, Cells: map[form.Key]annual.Cell{}}
	for _, f := range t.Figures {
		r.Cells[f.Key] = annual.Cell{
			State: annual.Summed, Value: f.Value, Raw: f.Value.String(),
			Why: i18n.M("compile.why", "n", len(f.Records)),
		}
	}
	return r
}
