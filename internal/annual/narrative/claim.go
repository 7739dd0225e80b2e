package narrative

import (
	"slices"
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
	"gongkai/internal/quantity"
)

// claim is a statement that a row or a sum of rows of the tables holds a number.
type claim struct {
	it    *item
	value decimal.Decimal
	sums  []sum // what it may mean, the likeliest first
	// loose is set where the words name the row only roughly, so that a difference asks
	// for an explanation.
	loose bool
	// silent is set where a difference tells nothing: published decisions are fewer than
	// those made, and both are right.
	silent bool
	// published is set where the text counts what was published and the row what was issued.
	published bool
	// fits, where set, decides on a difference instead of loose.
	fits func(told, cell decimal.Decimal) Verdict
}

// sum is cells to be added and, in minus, taken off.
type sum struct{ plus, minus []form.Key }

func only(keys ...form.Key) sum { return sum{plus: keys} }

// tables holds what the items say of the tables against them.
func (c *inquiry) tables() {
	for _, it := range c.items {
		if it.foreign || it.Kind == quantity.Percent {
			continue
		}
		c.claims = append(c.claims, c.claimsOf(it)...)
	}
	c.judge()
}

// claimsOf reads one item.
func (c *inquiry) claimsOf(it *item) []claim {
	if it.Kind == quantity.None {
		return c.denials(it)
	}
	if money(it.Unit) {
		return c.amount(it)
	}
	if !countsCases(it.Unit) {
		return nil
	}
	for _, read := range []func(*item) []claim{c.dispute, c.document, c.request, c.purchase, c.decision} {
		if cl := read(it); cl != nil {
			return cl
		}
	}
	return nil
}

func money(unit string) bool { return unit == "元" || unit == "万元" }

// countsCases reports whether a classifier may count requests, cases or documents.
func countsCases(unit string) bool {
	switch unit {
	case "件", "条", "份", "宗", "起", "个", "项", "次", "例", "件次", "部", "":
		return true
	}
	return false
}

// t3 returns the sum of a column over rows of table three, a group standing for every row
// under it.
func (c *inquiry) t3(column string, rows ...string) sum {
	if len(rows) > 1 {
		var all sum
		for _, r := range rows {
			all.plus = append(all.plus, c.t3(column, r).plus...)
		}
		slices.SortStableFunc(all.plus, func(a, b form.Key) int {
			return c.report.Form.Cell(a).Index - c.report.Form.Cell(b).Index
		})
		return all
	}
	named := column + " " + rows[0]
	if s, ok := c.rows[named]; ok {
		return s
	}
	var s sum
	if t := c.report.Form.Table("T3"); t != nil {
		for _, r := range t.Rows {
			if r.Key == "T3."+rows[0] || strings.HasPrefix(r.Key, "T3."+rows[0]+".") {
				s.plus = append(s.plus, form.Key(r.Key+"."+column))
			}
		}
	}
	c.rows[named] = s
	return s
}

// total is t3 of the column 总计.
func (c *inquiry) total(rows ...string) sum { return c.t3("total", rows...) }

// t2 returns the first of the columns that the form's table two has in a row.
func (c *inquiry) t2(row string, columns ...string) sum {
	for _, col := range columns {
		if k := form.Key("T2." + row + "." + col); c.report.Form.Cell(k) != nil {
			return only(k)
		}
	}
	return sum{}
}
