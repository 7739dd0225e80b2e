package annual

import (
	"strings"

	"gongkai/internal/annual/form"
	"gongkai/internal/decimal"
)

// migration says from which cell of one form each cell of another takes its figure.
type migration struct {
	from    []int // position in the source form, -1 if it has no such figure
	changes bool  // the forms differ
}

// newMigration follows the correspondence of the forms (spec: migration_2019_to_2021). Tables
// three and four keep their keys; （六）其他处理 of 2019 is one row and goes to 3.其他 of 2021,
// because its parts are not known. Of table two only the decisions can be compared: the
// documents and the fees of the two forms count different things.
func newMigration(source, target *form.Form) *migration {
	m := &migration{changes: source != target}
	for _, c := range target.Cells() {
		at := -1
		if from := source.Cell(equivalent(c.Key, source)); from != nil && sameMeaning(c.Key, source, target) {
			at = from.Index
		}
		m.from = append(m.from, at)
	}
	return m
}

// equivalent returns the key under which source has the figure of a cell.
func equivalent(k form.Key, source *form.Form) form.Key {
	if source.Cell(k) != nil {
		return k
	}
	if column, ok := strings.CutPrefix(string(k), "T3.done.other.misc."); ok {
		return form.Key("T3.done.other." + column)
	}
	return k
}

// sameMeaning reports whether a cell means the same in both forms.
func sameMeaning(k form.Key, source, target *form.Form) bool {
	return source == target || k.Table() != "T2" || k.Column() == "decisions"
}

// units of money in ten-thousands of yuan: what one of the unit is in 万元.
var moneyUnits = []struct {
	name     string
	num, den int64
}{{"亿元", 10000, 1}, {"万元", 1, 1}, {"亿", 10000, 1}, {"万", 1, 1}, {"元", 1, 10000}}

// inForm returns a cell's figure in the form's unit. Amounts printed with a unit of their
// own (采购总金额 of 2019) are brought to 万元, exactly; adding 元 to 万元 would be wrong by
// four digits.
func inForm(c *form.Cell, cell Cell) decimal.Decimal {
	if c.Kind != form.Amount {
		return cell.Value
	}
	raw := form.Normalize(cell.Raw)
	for _, u := range moneyUnits {
		digits, ok := strings.CutSuffix(raw, u.name)
		if !ok {
			continue
		}
		printed, err := decimal.Parse(strings.ReplaceAll(digits, "，", ","))
		if err != nil || printed != cell.Value {
			return cell.Value // the reader has converted it already
		}
		return cell.Value * decimal.Decimal(u.num) / decimal.Decimal(u.den)
	}
	return cell.Value
}
